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

static void head_write(FILE *out, const struct zsim_scenario *sc, const struct zsim_algo *algo,
		       uint8_t defect, const struct zsim_finding *f)
{
	const char *name = strrchr(sc->name, '/');

	fprintf(out, "zsim-trace 1\n# %s: %s\n", name ? name + 1 : sc->name,
		zsim_property_name(f->property));
	fprintf(out, "# must hold: %s\n", zsim_property_statement(f->property));
	fprintf(out, "# does not:  %s\n", f->why);
	fprintf(out, "# zsim-replay --algo %s --set batch=%u,walk=%u,retries=%u,shrinker_batch=%u",
		algo->name, algo->batch, algo->walk_nr, algo->max_retries, algo->shrinker_batch);
	if (defect)
		fprintf(out, " --defect %u", defect);
	fprintf(out, " --prove=%s FILE\n", zsim_property_name(f->property));
}

/* only of the faithful model is it known what it answers: with a defect the right one must pass too */
static void line_write(FILE *out, const struct zsim_script_line *line, bool expect)
{
	struct zsim_event ev = line->ev;

	if (expect)
		ev.expect = line->answer;
	zsim_event_write(out, &ev);
	if (line->note[0])
		fprintf(out, "#   %s\n", line->note);
}

char *zsim_script_trace(const struct zsim_script *s, const struct zsim_scenario *sc,
			const struct zsim_algo *algo, uint8_t defect, const struct zsim_finding *f)
{
	FILE *out = tmpfile();

	if (!out)
		return NULL;
	head_write(out, sc, algo, defect, f);
	for (uint32_t i = 0; i < s->nr; i++)
		line_write(out, &s->line[i], !defect);
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
static void row_write(FILE *out, const struct zsim_scenario *sc, const struct zsim_script_line *line,
		      uint32_t number, const char *state_before)
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
