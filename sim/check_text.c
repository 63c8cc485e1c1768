/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_text.h"

#include <inttypes.h>
#include <string.h>

/* Good to the end of the full expression it stands in. */
#define DIGITS(n) (zsim_digits(n).text)

/* ---- cells ------------------------------------------------------------------- */

static void cell(FILE *out, const char *text, int width)
{
	for (int n = zsim_out_text(out, text); n < width; n++)
		putc(' ', out);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* lines of a text, each behind some blanks and harmless to a terminal */
static void indented(FILE *out, const char *text, int blanks)
{
	char line[1024];

	while (*text) {
		size_t n = strcspn(text, "\n");
		size_t shown = n < sizeof(line) ? n : sizeof(line) - 1;

		memcpy(line, text, shown);
		line[shown] = '\0';
		fprintf(out, "%*s", blanks, "");
		zsim_out_text(out, line);
		putc('\n', out);
		text += n + (text[n] == '\n');
	}
}

/* ---- what was searched ---------------------------------------------------------- */

static void constant(FILE *out, const char *name, uint32_t value, uint32_t usual)
{
	if (value != usual)
		fprintf(out, ", %s %" PRIu32, name, value);
}

static void algorithm(FILE *out, const struct zsim_algo *algo)
{
	const struct zsim_algo *usual = zsim_algo_find(algo->name);

	fputs(algo->name, out);
	constant(out, "batch", algo->batch, usual->batch);
	constant(out, "walk", algo->walk_nr, usual->walk_nr);
	constant(out, "retries", algo->max_retries, usual->max_retries);
	constant(out, "shrinker_batch", algo->shrinker_batch, usual->shrinker_batch);
	constant(out, "empty_failures", algo->empty_failures, usual->empty_failures);
}

static const char *search_name(const struct zsim_check_options *o)
{
	switch (o->search) {
	case ZSIM_SEARCH_DEPTH:
		return "depth first";
	case ZSIM_SEARCH_BREADTH:
		return "breadth first";
	case ZSIM_SEARCH_RANDOM:
		return "random walks";
	}
	return "?";
}

static void search_line(FILE *out, const struct zsim_check_run *run)
{
	const struct zsim_check_options *o = &run->args->options;

	fputs("  model       ", out);
	algorithm(out, &run->algo);
	if (o->defect)
		fprintf(out, ", with defect %u", o->defect);
	fprintf(out, "\n  search      %s", search_name(o));
	if (o->search == ZSIM_SEARCH_RANDOM)
		fprintf(out, ": %s of %s steps, seed %" PRIu64, DIGITS(o->walks),
			DIGITS(o->walk_steps), o->seed);
	if (o->threads > 1)
		fprintf(out, ", %" PRIu32 " threads", o->threads);
	if (o->bitstate)
		fprintf(out, ", in 2^%" PRIu32 " bits", o->bitstate);
	if (o->reduce)
		fputs(", not all orders", out);
	if (o->symmetry)
		fputs(", like slots alike", out);
	putc('\n', out);
}

static void memory_text(FILE *out, uint64_t bytes)
{
	if (bytes < 1u << 20)
		fprintf(out, "%s KiB", DIGITS((bytes + 1023) >> 10));
	else
		fprintf(out, "%s MiB", DIGITS((bytes + (1u << 20) - 1) >> 20));
}

static void size_lines(FILE *out, const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;
	double seconds = run->seconds > 0 ? run->seconds : 1e-9;

	fprintf(out,
		"  states      %s, in %s of which nothing can go on; %s transitions, depth %s\n",
		DIGITS(r->states), DIGITS(r->rests), DIGITS(r->transitions), DIGITS(r->depth));
	fprintf(out, "  time        %.3f s, %s states/s\n", run->seconds,
		DIGITS((uint64_t)((double)r->states / seconds)));
	fputs("  memory      ", out);
	memory_text(out, r->bytes);
	fprintf(out, ", %.1f bytes a state\n", r->state_bytes);
}

/* walks remember no state */
static void walk_lines(FILE *out, const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;

	fprintf(out, "  steps       %s, at most %s in a walk\n", DIGITS(r->transitions),
		DIGITS(r->depth));
	fprintf(out, "  time        %.3f s\n", run->seconds);
}

static void end_line(FILE *out, const struct zsim_check_run *run)
{
	struct zsim_style style = zsim_style_of(out);
	const char *end = zsim_check_run_end(run);

	switch (run->result.end) {
	case ZSIM_END_EXHAUSTED:
		fprintf(out, "  %severy state was looked at%s%s\n", style.good, style.plain,
			run->result.transitions ? "" :
						  ": the set-up's, since no actor does anything");
		break;
	case ZSIM_END_REFUTED:
	case ZSIM_END_WALKS:
	case ZSIM_END_INEXACT:
		fprintf(out, "  %snot exhaustive: %s%s\n", style.bold, end, style.plain);
		break;
	default:
		fprintf(out, "  %snot exhaustive: stopped after %s states (%s)%s\n", style.bold,
			DIGITS(run->result.states), end, style.plain);
		break;
	}
}

/* ---- properties ------------------------------------------------------------------ */

static const char *opinion_text(enum zsim_opinion opinion)
{
	switch (opinion) {
	case ZSIM_OPINION_PROVED:
		return "proved";
	case ZSIM_OPINION_EXPECTED:
		return "refuted, as expected";
	case ZSIM_OPINION_REFUTED:
		return "REFUTED";
	case ZSIM_OPINION_MISSED:
		return "NOT REFUTED";
	case ZSIM_OPINION_UNSEEN:
		return "not looked at";
	case ZSIM_OPINION_OPEN:
	case ZSIM_OPINION_NONE:
		break;
	}
	return "?";
}

static const char *opinion_paint(const struct zsim_style *style, enum zsim_opinion opinion)
{
	if (opinion == ZSIM_OPINION_PROVED || opinion == ZSIM_OPINION_EXPECTED)
		return style->good;
	if (opinion == ZSIM_OPINION_REFUTED || opinion == ZSIM_OPINION_MISSED)
		return style->bad;
	return "";
}

static void property_row(FILE *out, enum zsim_property property, enum zsim_opinion opinion)
{
	struct zsim_style style = zsim_style_of(out);

	fprintf(out, "  %-19s %s%-20s%s  %s\n", zsim_property_name(property),
		opinion_paint(&style, opinion), opinion_text(opinion), style.plain,
		zsim_property_statement(property));
}

static void property_table(FILE *out, const struct zsim_check_run *run)
{
	unsigned int open = zsim_check_run_count(run, ZSIM_OPINION_OPEN);

	putc('\n', out);
	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++) {
		enum zsim_property property = (enum zsim_property)i;
		enum zsim_opinion opinion = zsim_check_run_opinion(run, property);

		if (opinion != ZSIM_OPINION_NONE && opinion != ZSIM_OPINION_OPEN)
			property_row(out, property, opinion);
	}
	if (open)
		fprintf(out, "  %u %s not refuted so far\n", open,
			open == 1 ? "property was" : "properties were");
}

static void counterexample(FILE *out, const struct zsim_counterexample *cx)
{
	struct zsim_style style = zsim_style_of(out);

	fprintf(out, "\n  %s%s%s does not hold after %s step%s: ", style.bold,
		zsim_property_name(cx->property), style.plain, DIGITS(cx->steps),
		plural(cx->steps));
	zsim_out_text(out, cx->why);
	fputs("\n\n", out);
	indented(out, cx->columns, 2);
}

/* ---- one scenario ------------------------------------------------------------------ */

void zsim_check_text_whole(FILE *out, const struct zsim_check_run *run)
{
	struct zsim_style style = zsim_style_of(out);
	const char *about = zsim_scenario_about(run->sc);

	fputs(style.bold, out);
	zsim_out_text(out, zsim_check_run_file(run));
	fputs(style.plain, out);
	if (*about)
		fputs(": ", out);
	zsim_out_text(out, about);
	putc('\n', out);
	search_line(out, run);
	if (run->args->options.search == ZSIM_SEARCH_RANDOM)
		walk_lines(out, run);
	else
		size_lines(out, run);
	end_line(out, run);
	property_table(out, run);
	for (uint32_t i = 0; i < run->result.nr; i++)
		counterexample(out, &run->result.counterexamples[i]);
	putc('\n', out);
}

/* ---- one of several ------------------------------------------------------------------ */

static void wrong_lines(FILE *out, const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;

	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++) {
		enum zsim_property property = (enum zsim_property)i;

		if (zsim_check_run_opinion(run, property) == ZSIM_OPINION_MISSED)
			fprintf(out, "      %s should be refuted and holds\n",
				zsim_property_name(property));
	}
	for (uint32_t i = 0; i < r->nr; i++)
		if (zsim_check_run_opinion(run, r->counterexamples[i].property) ==
		    ZSIM_OPINION_REFUTED)
			counterexample(out, &r->counterexamples[i]);
}

static void counts(FILE *out, const struct zsim_check_run *run)
{
	unsigned int expected = zsim_check_run_count(run, ZSIM_OPINION_EXPECTED);
	unsigned int unseen = zsim_check_run_count(run, ZSIM_OPINION_UNSEEN);
	const char *end = zsim_check_run_end(run);

	fprintf(out, "%2u proved", zsim_check_run_count(run, ZSIM_OPINION_PROVED));
	if (expected)
		fprintf(out, ", %u refuted as expected", expected);
	if (unseen)
		fprintf(out, ", %u not looked at", unseen);
	if (end)
		fprintf(out, ", not exhaustive: %s", end);
}

void zsim_check_text_line(FILE *out, const struct zsim_check_run *run, int width)
{
	static const char *const words[] = {
		[ZSIM_EXIT_OK] = "ok",
		[ZSIM_EXIT_WRONG] = "WRONG",
		[ZSIM_EXIT_UNUSABLE] = "?",
		[ZSIM_EXIT_PARTIAL] = "part",
	};
	struct zsim_style style = zsim_style_of(out);
	enum zsim_exit status = zsim_check_run_status(run);
	const char *paint = status == ZSIM_EXIT_OK ? style.good : style.bad;

	fprintf(out, "%s%-5s%s ", status == ZSIM_EXIT_PARTIAL ? style.bold : paint, words[status],
		style.plain);
	cell(out, zsim_check_run_file(run), width);
	fprintf(out, " %13s states %9.3f s  ", DIGITS(run->result.states), run->seconds);
	counts(out, run);
	putc('\n', out);
	wrong_lines(out, run);
}

void zsim_check_text_total(FILE *out, const struct zsim_check_run *runs, int nr)
{
	unsigned int tried = 0, by_status[ZSIM_EXIT_PARTIAL + 1] = { 0 };
	uint64_t states = 0;
	double seconds = 0;

	for (int i = 0; i < nr; i++) {
		if (!runs[i].tried)
			continue;
		tried++;
		by_status[zsim_check_run_status(&runs[i])]++;
		states += runs[i].result.states;
		seconds += runs[i].seconds;
	}
	fprintf(out, "%u of %d scenarios are as they say", by_status[ZSIM_EXIT_OK], nr);
	if (by_status[ZSIM_EXIT_WRONG])
		fprintf(out, ", %u not", by_status[ZSIM_EXIT_WRONG]);
	if (by_status[ZSIM_EXIT_PARTIAL])
		fprintf(out, ", %u not exhaustive", by_status[ZSIM_EXIT_PARTIAL]);
	if (tried < (unsigned int)nr)
		fprintf(out, ", %u not begun", (unsigned int)nr - tried);
	fprintf(out, "; %s states in %.3f s\n", DIGITS(states), seconds);
}

/* ---- --list ---------------------------------------------------------------------------- */

void zsim_check_text_list(FILE *out)
{
	fputs("held in every scenario:\n", out);
	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++) {
		if (i == ZSIM_P_WORKER_BOUND)
			fputs("looked at where a scenario says so:\n", out);
		fprintf(out, "  %-19s %s\n", zsim_property_name((enum zsim_property)i),
			zsim_property_statement((enum zsim_property)i));
	}
}
