/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_row.h - a run as a line of text, CSV or JSON.
 *
 * What the run is comes first and what was measured after it, so that the beginning of
 * a line says which run it is of, in a file that is gone on with too.
 */
#ifndef ZSIM_SIM_SWEEP_ROW_H
#define ZSIM_SIM_SWEEP_ROW_H

#include "sweep_run.h"

enum zsim_sweep_format {
	ZSIM_SWEEP_CSV,
	ZSIM_SWEEP_JSONL,
};

/** struct zsim_sweep_rows - how lines are made */
struct zsim_sweep_rows {
	enum zsim_sweep_format format;
	const struct zsim_sweep_plan *plan;
	struct zsim_sweep_keys keys;
};

/** zsim_sweep_rows_init() - 0 or -ENOMEM */
int zsim_sweep_rows_init(struct zsim_sweep_rows *rows, enum zsim_sweep_format format,
			 const struct zsim_sweep_plan *plan);
/*
 * Each of these returns a string to be freed, or NULL without memory.
 */
/** zsim_sweep_rows_header() - what stands above all lines: "" for JSON */
char *zsim_sweep_rows_header(const struct zsim_sweep_rows *rows);
/** zsim_sweep_rows_key() - with what the line of a run begins */
char *zsim_sweep_rows_key(const struct zsim_sweep_rows *rows, uint64_t run);
/** zsim_sweep_rows_line() - the whole line, its line feed included */
char *zsim_sweep_rows_line(const struct zsim_sweep_rows *rows,
			   const struct zsim_sweep_result *result);

#endif
