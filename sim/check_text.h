/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_text.h - explored scenarios as tables and sentences.
 *
 * Next to check_json.h, which says the same to programs.
 */
#ifndef ZSIM_SIM_CHECK_TEXT_H
#define ZSIM_SIM_CHECK_TEXT_H

#include "check_run.h"

/** zsim_check_text_whole() - everything about one scenario */
void zsim_check_text_whole(FILE *out, const struct zsim_check_run *run);
/** zsim_check_text_line() - one line, and what is wrong; @width: of the column of names */
void zsim_check_text_line(FILE *out, const struct zsim_check_run *run, int width);
/** zsim_check_text_total() - of @nr scenarios */
void zsim_check_text_total(FILE *out, const struct zsim_check_run *runs, int nr);
/** zsim_check_text_list() - all properties, and what they say */
void zsim_check_text_list(FILE *out);

#endif
