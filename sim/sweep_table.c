/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_table.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_plan.h"

#define NOWHERE SIZE_MAX

/** struct table_reader - a file being read; @at: where each wanted column stands in CSV */
struct table_reader {
	struct zsim_sweep_table *table;
	const char *file;
	const char *const *columns;
	size_t at[ZSIM_SWEEP_COLUMNS];
	unsigned int line;
	char *why;
};

__attribute__((format(printf, 2, 3))) static int wrong(const struct table_reader *r,
						       const char *format, ...)
{
	int n = snprintf(r->why, ZSIM_WHY, r->line ? "%.120s:%u: " : "%.120s: ", r->file, r->line);
	va_list args;

	va_start(args, format);
	vsnprintf(r->why + n, ZSIM_WHY - (size_t)n, format, args);
	va_end(args);
	return -EINVAL;
}

static struct zsim_sweep_cells *row_add(struct table_reader *r)
{
	struct zsim_sweep_table *t = r->table;
	struct zsim_sweep_cells *rows = t->rows;

	if (!(t->nr & (t->nr + 1))) { /* room for a power of two, less one */
		rows = realloc(rows, 2 * (t->nr + 1) * sizeof(*rows));
		if (!rows)
			return NULL;
		t->rows = rows;
	}
	rows[t->nr] = (struct zsim_sweep_cells){ 0 };
	return &rows[t->nr++];
}

static int cell_put(struct table_reader *r, struct zsim_sweep_cells *row, size_t column,
		    const char *text)
{
	row->text[column] = strdup(text);
	return row->text[column] ? 0 : wrong(r, "out of memory");
}

/* ---- CSV ------------------------------------------------------------------------------ */

/* the next field, in place; *@rest is NULL behind the last */
static char *csv_field(char **rest)
{
	char *field = *rest, *to = field;
	char *from = field;

	if (*field != '"') {
		from += strcspn(from, ",\r\n");
	} else {
		for (from++; *from && (*from != '"' || from[1] == '"'); *to++ = *from++)
			from += *from == '"';
		from += *from == '"';
	}
	*rest = *from == ',' ? from + 1 : NULL;
	if (to == field && *field != '"')
		to = from;
	*to = '\0';
	return field;
}

static int csv_header(struct table_reader *r, char *line)
{
	char *rest = line;

	for (size_t i = 0; i < r->table->columns; i++)
		r->at[i] = NOWHERE;
	for (size_t column = 0; rest; column++) {
		const char *name = csv_field(&rest);

		for (size_t i = 0; i < r->table->columns; i++)
			if (!strcmp(name, r->columns[i]))
				r->at[i] = column;
	}
	for (size_t i = 0; i < r->table->columns; i++)
		if (r->at[i] == NOWHERE)
			return wrong(r, "no column '%s'", r->columns[i]);
	return 0;
}

static int csv_row(struct table_reader *r, char *line)
{
	struct zsim_sweep_cells *row = row_add(r);
	char *rest = line;
	int err = row ? 0 : wrong(r, "out of memory");

	for (size_t column = 0; rest && !err; column++) {
		const char *text = csv_field(&rest);

		for (size_t i = 0; i < r->table->columns && !err; i++)
			if (r->at[i] == column)
				err = cell_put(r, row, i, text);
	}
	for (size_t i = 0; i < r->table->columns && !err; i++)
		if (!row->text[i])
			err = wrong(r, "too few fields");
	return err;
}

/* ---- JSON ----------------------------------------------------------------------------- */

static int json_cell(struct table_reader *r, struct zsim_sweep_cells *row, size_t i,
		     const json_t *value)
{
	char number[64] = "";

	if (!value)
		return wrong(r, "no column '%s'", r->columns[i]);
	if (json_is_string(value))
		return cell_put(r, row, i, json_string_value(value));
	if (json_is_integer(value))
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
	else if (json_is_real(value))
		snprintf(number, sizeof(number), "%.10g", json_real_value(value));
	return cell_put(r, row, i, number);
}

static int json_row(struct table_reader *r, const char *line)
{
	json_t *object = json_loads(line, 0, NULL);
	struct zsim_sweep_cells *row = row_add(r);
	int err = row ? 0 : wrong(r, "out of memory");

	if (!json_is_object(object))
		err = wrong(r, "no JSON object");
	for (size_t i = 0; i < r->table->columns && !err; i++)
		err = json_cell(r, row, i, json_object_get(object, r->columns[i]));
	json_decref(object);
	return err;
}

/* ---- a file --------------------------------------------------------------------------- */

static int read_line(struct table_reader *r, char *line, bool *json)
{
	if (++r->line == 1)
		*json = *line == '{';
	if (*json)
		return json_row(r, line);
	return r->line == 1 ? csv_header(r, line) : csv_row(r, line);
}

int zsim_sweep_table_read(struct zsim_sweep_table *table, const char *file,
			  const char *const *columns, size_t nr, char *why)
{
	struct table_reader r = { .table = table, .file = file, .columns = columns, .why = why };
	FILE *in = fopen(file, "re");
	char *line = NULL;
	size_t room = 0;
	bool json = false;
	int err = 0;

	*table = (struct zsim_sweep_table){ .columns = nr };
	if (!in)
		return wrong(&r, "%s", strerror(errno));
	while (!err && getline(&line, &room, in) >= 0)
		err = read_line(&r, line, &json);
	if (!err && ferror(in))
		err = wrong(&r, "cannot be read");
	free(line);
	fclose(in);
	r.line = 0;
	return err || table->nr ? err : wrong(&r, "no results");
}

void zsim_sweep_table_free(struct zsim_sweep_table *table)
{
	for (size_t i = 0; i < table->nr; i++)
		for (size_t j = 0; j < ZSIM_SWEEP_COLUMNS; j++)
			free(table->rows[i].text[j]);
	free(table->rows);
	*table = (struct zsim_sweep_table){ 0 };
}
