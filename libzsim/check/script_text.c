/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_text.c - a counterexample for zsim-replay, and for people.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check/script.h"
#include <zsim/trace.h>

/* a column for each actor, and what a line of the table may take in all */
#define COLUMN 26
#define EVENT_TEXT 200
/* columns of a comment */
#define WIDTH 96u

/* what was written to a file of its own, as a string */
static char *text_take(const struct zsim_allocator *alloc, FILE *out)
{
	long size = ftell(out);
	char *text = size >= 0 && !ferror(out) ? zsim_alloc(alloc, (size_t)size + 1) : NULL;

	rewind(out);
	if (text && fread(text, 1, (size_t)size, out) != (size_t)size) {
		zsim_dealloc(alloc, text);
		text = NULL;
	}
	if (text)
		text[size] = '\0';
	fclose(out);
	return text;
}

/* ---- the trace --------------------------------------------------------------------------- */

/* comment lines of so many columns at most; @hang: what the lines behind the first begin with */
static void comment_write(FILE *out, const char *head, const char *hang, const char *text)
{
	size_t column = (size_t)fprintf(out, "%s", head);

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column + 1 + n > WIDTH) {
			fputc('\n', out);
			column = (size_t)fprintf(out, "%s", hang);
		}
		column += (size_t)fprintf(out, " %.*s", (int)n, text);
		text += n + strspn(text + n, " ");
	}
	fputc('\n', out);
}

/* the constants that are not the algorithm's own */
static void constants_write(FILE *out, const struct zsim_algo *algo)
{
	const struct zsim_algo *own = zsim_algo_find(algo->name);
	const struct {
		const char *name;
		uint32_t value, own;
	} constants[] = {
		{ "batch", algo->batch, own->batch },
		{ "walk", algo->walk_nr, own->walk_nr },
		{ "retries", algo->max_retries, own->max_retries },
		{ "shrinker_batch", algo->shrinker_batch, own->shrinker_batch },
	};
	const char *before = " --set ";

	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		if (constants[i].value == constants[i].own)
			continue;
		fprintf(out, "%s%s=%u", before, constants[i].name, constants[i].value);
		before = ",";
	}
}

static void head_write(FILE *out, const struct zsim_scenario *sc, const struct zsim_algo *algo,
		       uint8_t defect, const struct zsim_counterexample *cx)
{
	const char *name = strrchr(sc->name, '/');
	const char *property = zsim_property_name(cx->property);

	fprintf(out, "zsim-trace 1\n# %s: %s\n", name ? name + 1 : sc->name, property);
	if (sc->about)
		comment_write(out, "#", "#", sc->about);
	comment_write(out, "# must hold:", "#   ", zsim_property_statement(cx->property));
	comment_write(out, "# does not:", "#   ", cx->why);
	fprintf(out, "# zsim-replay --algo %s", algo->name);
	constants_write(out, algo);
	if (defect)
		fprintf(out, " --defect %u", defect);
	fprintf(out, " --prove=%s FILE\n", property);
}

static void line_write(FILE *out, const struct zsim_script_line *line, bool expect)
{
	struct zsim_event ev = line->ev;

	if (expect && !line->setup)
		ev.expect = line->answer;
	zsim_event_write(out, &ev);
	if (line->note[0])
		comment_write(out, "#  ", "#  ", line->note);
	if (line->broken)
		comment_write(out, "# DOES NOT HOLD:", "#   ", line->why);
}

char *zsim_script_trace(const struct zsim_script *s, const struct zsim_scenario *sc,
			const struct zsim_algo *algo, uint8_t defect,
			const struct zsim_counterexample *cx)
{
	FILE *out = tmpfile();

	if (!out)
		return NULL;
	head_write(out, sc, algo, defect, cx);
	for (uint32_t i = 0; i < s->nr; i++) {
		if (i && s->line[i - 1].setup && !s->line[i].setup)
			fputc('\n', out);
		line_write(out, &s->line[i], !defect);
	}
	return text_take(s->alloc, out);
}

/* ---- the table ------------------------------------------------------------------------------ */

/* the event as a trace spells it, without its actor */
static void event_text(const struct zsim_event *ev, char *text)
{
	struct zsim_event bare = *ev;
	FILE *out = tmpfile();

	text[0] = '\0';
	if (!out)
		return;
	bare.actor = ev->type == ZSIM_EV_STEP || ev->type == ZSIM_EV_FINISH ? "." : NULL;
	zsim_event_write(out, &bare);
	rewind(out);
	if (!fgets(text, EVENT_TEXT, out))
		text[0] = '\0';
	fclose(out);
	text[strcspn(text, "\n")] = '\0';
	if (bare.actor)
		memmove(text, text + 3, strlen(text + 3) + 1);
}

static uint32_t column_of(const struct zsim_scenario *sc, const struct zsim_event *ev)
{
	for (uint32_t p = 0; ev->actor && p < sc->nr_roles; p++)
		if (!strcmp(sc->role[p].name, ev->actor))
			return p + 1;
	return 0;
}

/* a plain event stands in the first column, that of the machine */
static void row_write(FILE *out, const struct zsim_scenario *sc,
		      const struct zsim_script_line *line, uint32_t number,
		      const char *state_before)
{
	char text[EVENT_TEXT];
	uint32_t column = column_of(sc, &line->ev);

	event_text(&line->ev, text);
	fprintf(out, "%3u %*s%-*s", number, (int)(column * COLUMN), "", COLUMN, text);
	if (line->result[0])
		fprintf(out, " -> %s", line->result);
	fputc('\n', out);
	if (line->note[0])
		fprintf(out, "    %*s  %s\n", (int)(column * COLUMN), "", line->note);
	if (strcmp(line->state, state_before))
		fprintf(out, "    %*s  [%s]\n", (int)(column * COLUMN), "", line->state);
}

char *zsim_script_columns(const struct zsim_script *s, const struct zsim_scenario *sc)
{
	FILE *out = tmpfile();
	const char *state = "";

	if (!out)
		return NULL;
	fprintf(out, "    %-*s", COLUMN, "(machine)");
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		fprintf(out, "%-*s", COLUMN, sc->role[p].name);
	fputc('\n', out);
	for (uint32_t i = 0; i < s->nr; i++) {
		row_write(out, sc, &s->line[i], i + 1, state);
		state = s->line[i].state;
	}
	return text_take(s->alloc, out);
}
