/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_row.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report_json.h"

/** struct line - a line in the making; @fields: so far */
struct line {
	const struct zsim_sweep_rows *rows;
	FILE *out;
	unsigned int fields;
};

static bool csv(const struct line *l)
{
	return l->rows->format == ZSIM_SWEEP_CSV;
}

/* the name of a field, where a line has them */
static void field(struct line *l, const char *key)
{
	if (l->fields++)
		fputs(csv(l) ? "," : ", ", l->out);
	if (!csv(l))
		fprintf(l->out, "\"%s\": ", key);
}

static void csv_quoted(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void json_quoted(FILE *out, const char *text)
{
	json_t *string = zsim_report_json_string(text);

	json_dumpf(string, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	json_decref(string);
}

static void field_text(struct line *l, const char *key, const char *text)
{
	field(l, key);
	if (!csv(l))
		json_quoted(l->out, text);
	else if (strpbrk(text, ",\"\r\n"))
		csv_quoted(l->out, text);
	else
		fputs(text, l->out);
}

/* nothing in CSV */
static void field_null(struct line *l, const char *key)
{
	field(l, key);
	if (!csv(l))
		fputs("null", l->out);
}

static void field_number(struct line *l, const char *key, int64_t value)
{
	field(l, key);
	fprintf(l->out, "%" PRId64, value);
}

static void field_share(struct line *l, const char *key, int64_t hundredths)
{
	field(l, key);
	fprintf(l->out, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
}

/* ---- what a run is ------------------------------------------------------------------ */

static void algo_fields(struct line *l, const struct zsim_algo *a)
{
	field_text(l, "algo", a->name);
	field_number(l, "batch", a->batch);
	field_number(l, "walk", a->walk_nr);
	field_number(l, "retries", a->max_retries);
	field_number(l, "shrinker_batch", a->shrinker_batch);
	field_number(l, "empty_failures", a->empty_failures);
}

static void param_fields(struct line *l, const struct zsim_sweep_config *c)
{
	for (int i = 0; i < ZSIM_NR_PARAMS; i++) {
		const char *name = zsim_param_name((enum zsim_param)i);

		if (c->params.given[i])
			field_number(l, name, (int64_t)c->params.value[i]);
		else
			field_null(l, name);
	}
}

/* JSON takes numbers as they are; words and ranges are strings */
static bool is_number(const char *text)
{
	return text[strspn(text, "0123456789.")] == '\0';
}

static void workload_fields(struct line *l, const struct zsim_sweep_config *c)
{
	const char *key;
	char text[32];

	for (size_t i = 0; (key = zsim_workload_key(i)); i++) {
		zsim_workload_get(&c->workload, i, text, sizeof(text));
		if (c->file) {
			field_null(l, key);
		} else if (is_number(text)) {
			field(l, key);
			fputs(text, l->out);
		} else {
			field_text(l, key, text);
		}
	}
}

static void key_fields(struct line *l, uint64_t run)
{
	struct zsim_sweep_config c;

	zsim_sweep_plan_config(l->rows->plan, run, &c);
	if (!csv(l))
		putc('{', l->out);
	field_number(l, "run", (int64_t)run);
	if (c.file)
		field_text(l, "trace", c.file);
	else
		field_null(l, "trace");
	algo_fields(l, &c.algo);
	param_fields(l, &c);
	workload_fields(l, &c);
}

/* ---- what was measured ---------------------------------------------------------------- */

static void value_field(struct line *l, size_t i, const struct zsim_sweep_result *result)
{
	const struct zsim_sweep_keys *keys = &l->rows->keys;

	if (result->failed)
		field_null(l, keys->key[i]);
	else if (keys->share[i])
		field_share(l, keys->key[i], result->values[i]);
	else
		field_number(l, keys->key[i], result->values[i]);
}

static void value_fields(struct line *l, const struct zsim_sweep_result *result)
{
	for (size_t i = 0; i < l->rows->keys.nr; i++)
		value_field(l, i, result);
	if (result->failed)
		field_text(l, "error", result->error);
	else
		field_null(l, "error");
	fputs(csv(l) ? "\n" : "}\n", l->out);
}

/* ---- lines ------------------------------------------------------------------------------- */

/* an error's line breaks would make two lines of one */
static struct zsim_sweep_result one_line(const struct zsim_sweep_result *result)
{
	struct zsim_sweep_result copy = *result;

	for (char *p = copy.error; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	return copy;
}

static char *line_make(const struct zsim_sweep_rows *rows, uint64_t run,
		       const struct zsim_sweep_result *result)
{
	struct line l = { .rows = rows };
	char *text = NULL;
	size_t size;

	l.out = open_memstream(&text, &size);
	if (!l.out)
		return NULL;
	key_fields(&l, run);
	if (result) {
		struct zsim_sweep_result copy = one_line(result);

		value_fields(&l, &copy);
	} else {
		fputs(csv(&l) ? "," : ", ", l.out);
	}
	if (!fclose(l.out))
		return text;
	free(text);
	return NULL;
}

char *zsim_sweep_rows_key(const struct zsim_sweep_rows *rows, uint64_t run)
{
	return line_make(rows, run, NULL);
}

char *zsim_sweep_rows_line(const struct zsim_sweep_rows *rows,
			   const struct zsim_sweep_result *result)
{
	return line_make(rows, result->run, result);
}

static void header_keys(const struct zsim_sweep_rows *rows, FILE *out)
{
	const char *key;

	fputs("run,trace,algo,batch,walk,retries,shrinker_batch,empty_failures", out);
	for (int i = 0; i < ZSIM_NR_PARAMS; i++)
		fprintf(out, ",%s", zsim_param_name((enum zsim_param)i));
	for (size_t i = 0; (key = zsim_workload_key(i)); i++)
		fprintf(out, ",%s", key);
	for (size_t i = 0; i < rows->keys.nr; i++)
		fprintf(out, ",%s", rows->keys.key[i]);
	fputs(",error\n", out);
}

char *zsim_sweep_rows_header(const struct zsim_sweep_rows *rows)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (rows->format == ZSIM_SWEEP_JSONL)
		return strdup("");
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	header_keys(rows, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

int zsim_sweep_rows_init(struct zsim_sweep_rows *rows, enum zsim_sweep_format format,
			 const struct zsim_sweep_plan *plan)
{
	*rows = (struct zsim_sweep_rows){ .format = format, .plan = plan };
	return zsim_sweep_keys_init(&rows->keys);
}
