/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_table.h - some columns of a file of results, read back.
 */
#ifndef ZSIM_SIM_SWEEP_TABLE_H
#define ZSIM_SIM_SWEEP_TABLE_H

#include <stddef.h>

#define ZSIM_SWEEP_COLUMNS 3

/** struct zsim_sweep_cells - a row: the text in each wanted column, "" for nothing */
struct zsim_sweep_cells {
	char *text[ZSIM_SWEEP_COLUMNS];
};

/** struct zsim_sweep_table - @nr rows, each with @columns cells */
struct zsim_sweep_table {
	struct zsim_sweep_cells *rows;
	size_t nr;
	size_t columns;
};

/**
 * zsim_sweep_table_read() - CSV with a header, or a JSON object a line
 * @columns: @nr names, 1..ZSIM_SWEEP_COLUMNS
 * @why: ZSIM_WHY characters: what is wrong
 *
 * Return: 0 or -EINVAL. It is freed in any case.
 */
int zsim_sweep_table_read(struct zsim_sweep_table *table, const char *file,
			  const char *const *columns, size_t nr, char *why);
void zsim_sweep_table_free(struct zsim_sweep_table *table);

#endif
