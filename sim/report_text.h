/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_text.h - a finished session as tables and sentences.
 *
 * Next to report_json.h, which says the same to programs.
 */
#ifndef ZSIM_SIM_REPORT_TEXT_H
#define ZSIM_SIM_REPORT_TEXT_H

#include "session.h"

/** struct zsim_report_options - @stat: with memory.stat of every group */
struct zsim_report_options {
	bool stat;
	bool allow_racy;
};

/** zsim_report_text() - everything about a session that ended well */
void zsim_report_text(FILE *out, const struct zsim_session *s,
		      const struct zsim_report_options *options);

#endif
