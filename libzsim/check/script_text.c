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
		{ "empty_failures", algo->empty_failures, own->empty_failures },
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

/* what happened, and where a call stands now unless the line itself demands that */
static void note_write(FILE *out, const struct zsim_script_line *line, bool expect)
{
	bool stands = !expect && line->answer.kind == ZSIM_RESULT_POINT;
	char text[sizeof(line->note) + sizeof(line->result) + 8];

	if (stands && !line->broken)
		snprintf(text, sizeof(text), "%s%s-> %s", line->note, line->note[0] ? " " : "",
			 line->result);
	else
		snprintf(text, sizeof(text), "%s", line->note);
	if (text[0])
		comment_write(out, "#  ", "#  ", text);
}

static void line_write(FILE *out, const struct zsim_script_line *line, bool expect)
{
	struct zsim_event ev = line->ev;

	if (expect && line->player)
		ev.expect = line->answer;
	zsim_event_write(out, &ev);
	if (line->player)
		note_write(out, line, expect);
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
		if (i && !s->line[i - 1].player && s->line[i].player)
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

/* columns are those of the actors that have something to do, behind the machine's */
struct table {
	FILE *out;
	const struct zsim_scenario *sc;
	uint32_t column[1 + ZSIM_MAX_PLAYERS];
};

static bool appears(const struct zsim_script *s, uint32_t player)
{
	for (uint32_t i = 0; i < s->nr; i++)
		if (s->line[i].player == player)
			return true;
	return false;
}

static void head_row_write(struct table *t, const struct zsim_script *s)
{
	uint32_t n = 0;
	int width = fprintf(t->out, "%s", "    (machine)") - 4;

	for (uint32_t p = 0; p < t->sc->nr_roles; p++) {
		if (!appears(s, p + 1))
			continue;
		t->column[p + 1] = ++n;
		width = fprintf(t->out, "%*s%s", width < COLUMN ? COLUMN - width : 1, "",
				t->sc->role[p].name) -
			(width < COLUMN ? COLUMN - width : 1);
	}
	fputc('\n', t->out);
}

static void cell_write(const struct table *t, uint32_t player, const char *before, const char *text,
		       const char *behind)
{
	fprintf(t->out, "    %*s  %s%s%s\n", (int)(t->column[player] * COLUMN), "", before, text,
		behind);
}

static void row_write(const struct table *t, const struct zsim_script_line *line, uint32_t number,
		      const char *state_before)
{
	char text[EVENT_TEXT];

	event_text(&line->ev, text);
	fprintf(t->out, "%3u %*s%s", number, (int)(t->column[line->player] * COLUMN), "", text);
	if (line->result[0] && line->player)
		fprintf(t->out, " -> %s", line->result);
	fputc('\n', t->out);
	if (line->note[0] && line->player)
		cell_write(t, line->player, "", line->note, "");
	if (line->broken)
		cell_write(t, line->player, "DOES NOT HOLD: ", line->why, "");
	if (strcmp(line->state, state_before))
		cell_write(t, line->player, "[", line->state, "]");
}

char *zsim_script_columns(const struct zsim_script *s, const struct zsim_scenario *sc)
{
	struct table t = { .out = tmpfile(), .sc = sc };
	const char *state = "";

	if (!t.out)
		return NULL;
	head_row_write(&t, s);
	for (uint32_t i = 0; i < s->nr; i++) {
		row_write(&t, &s->line[i], i + 1, state);
		state = s->line[i].state;
	}
	return text_take(s->alloc, t.out);
}
