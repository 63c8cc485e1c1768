/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_json.h - what other programs read: a session as JSON, decisions as a log.
 *
 * docs/replay.schema.json describes the JSON. Next to report_text.h, which says
 * the same to people.
 */
#ifndef ZSIM_SIM_REPORT_JSON_H
#define ZSIM_SIM_REPORT_JSON_H

#include <jansson.h>

#include "session.h"

/** zsim_report_json() - a session that ended well, or NULL without memory */
json_t *zsim_report_json(const struct zsim_session *s);
/** zsim_report_json_string() - any bytes: those that are no UTF-8 are read as Latin-1 */
json_t *zsim_report_json_string(const char *text);
/**
 * zsim_report_json_write() - @json as text, to standard output if @out is not open; as in cli_out.h
 */
int zsim_report_json_write(const struct zsim_outfile *out, const json_t *json);

/**
 * zsim_report_decision() - one line of the log of decisions
 *
 * LINE CALL CAUSE KIND NAME=VALUE... where LINE is the event's and CALL the
 * number of the call it belongs to; `group=`, whose value may hold blanks, is last.
 */
void zsim_report_decision(FILE *out, uint64_t line, const struct zsim *zs,
			  const struct zsim_decision *d);

#endif
