/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* strerrorname_np() */
#include "report_text.h"

#include <inttypes.h>
#include <string.h>

#define MAX_ROWS 20
#define MAX_GROUP_COLUMNS 32
#define MAX_TEXT_COLUMNS 28

/* Good to the end of the full expression it stands in. */
#define DIGITS(n) (zsim_digits(n).text)

/* ---- cells ------------------------------------------------------------------ */

static void pad(FILE *out, int columns)
{
	for (int i = 0; i < columns; i++)
		putc(' ', out);
}

static void cell(FILE *out, const char *text, int width)
{
	pad(out, width - zsim_out_text(out, text));
}

static int widen(int width, const char *text, int most)
{
	int columns = zsim_out_text(NULL, text);

	if (columns > most)
		columns = most;
	return columns > width ? columns : width;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void rc_name(int rc, char *buf, size_t size)
{
	const char *name = rc < 0 ? strerrorname_np(-rc) : NULL;

	if (name)
		snprintf(buf, size, "-%s", name);
	else
		snprintf(buf, size, "%d", rc);
}

/* ---- what was compared ------------------------------------------------------ */

static struct zsim_check_count count_all(const struct zsim_session *s)
{
	struct zsim_check_count all = { 0 };

	for (int i = 0; i < ZSIM_NR_CHECKS; i++) {
		struct zsim_check_count c =
			zsim_oracle_count(s->runs[0].oracle, (enum zsim_check)i);

		all.checked += c.checked;
		all.wrong += c.wrong;
		all.unknown += c.unknown;
	}
	return all;
}

static void check_row(FILE *out, const char *name, const struct zsim_check_count *c, bool unknown)
{
	struct zsim_style style = zsim_style_of(out);
	const char *paint = c->wrong ? style.bad : "";

	fprintf(out, "  %-16s %13s %s%10s%s", name, DIGITS(c->checked), paint, DIGITS(c->wrong),
		*paint ? style.plain : "");
	if (unknown)
		fprintf(out, " %10s", DIGITS(c->unknown));
	putc('\n', out);
}

static void check_table(FILE *out, const struct zsim_session *s)
{
	struct zsim_check_count all = count_all(s);

	fprintf(out, "  %-16s %13s %10s%s\n", "decision", "checked", "wrong",
		all.unknown ? "    unknown" : "");
	for (int i = 0; i < ZSIM_NR_CHECKS; i++) {
		enum zsim_check kind = (enum zsim_check)i;
		struct zsim_check_count c = zsim_oracle_count(s->runs[0].oracle, kind);

		if (c.checked || c.unknown)
			check_row(out, zsim_check_name(kind), &c, all.unknown);
	}
	check_row(out, "all", &all, all.unknown);
}

static void differences(FILE *out, const struct zsim_run *run)
{
	const char *who = run->session->records ? "kernel" : "trace";

	for (size_t i = 0; i < run->kept_differences; i++) {
		const struct zsim_difference *d = &run->differences[i];

		fprintf(out, "  line %" PRIu64 ", %s: the %s says ", d->line,
			zsim_check_name(d->kind), who);
		zsim_out_text(out, d->saw);
		fputs(", the model ", out);
		zsim_out_text(out, d->model);
		putc('\n', out);
	}
	if (run->nr_differences > run->kept_differences)
		fprintf(out, "  ... and %s more\n",
			DIGITS(run->nr_differences - run->kept_differences));
}

static void verdict_wrong(FILE *out, const struct zsim_session *s,
			  const struct zsim_check_count *all, uint64_t sure)
{
	struct zsim_style style = zsim_style_of(out);
	const char *racy = "";

	if (!sure)
		racy = ", all of them of racy kinds (--allow-racy)";
	else if (all->wrong > sure)
		racy = ", some of them of racy kinds";
	fprintf(out, "%s%s of %s %s are wrong%s%s\n", style.bad, DIGITS(all->wrong),
		DIGITS(all->checked), s->records ? "decisions" : "results", style.plain, racy);
	differences(out, &s->runs[0]);
}

static void verdict(FILE *out, const struct zsim_session *s,
		    const struct zsim_report_options *options)
{
	struct zsim_style style = zsim_style_of(out);
	struct zsim_check_count all = count_all(s);
	uint64_t sure = zsim_session_wrong(s, true);
	const char *good = s->records ? "every decision agrees with the kernel" :
					"every result is as expected";

	if (!all.checked)
		fprintf(out, "nothing was compared\n");
	else if (!all.wrong)
		fprintf(out, "%s%s%s\n", style.good, good, style.plain);
	else if (!sure && options->allow_racy)
		fprintf(out, "%s%s, but for %s of %s that are racy and forgiven%s\n", style.good,
			good, DIGITS(all.wrong), DIGITS(all.checked), style.plain);
	else
		verdict_wrong(out, s, &all, sure);
}

static void check_part(FILE *out, const struct zsim_session *s,
		       const struct zsim_report_options *options)
{
	if (s->options->check) {
		check_table(out, s);
		putc('\n', out);
	} else if (!count_all(s).checked) {
		return;
	}
	verdict(out, s, options);
}

static void violations(FILE *out, const struct zsim_run *run)
{
	struct zsim_style style = zsim_style_of(out);
	uint64_t nr = run->nr_violations;
	uint64_t kept = nr < ZSIM_SESSION_VIOLATIONS ? nr : ZSIM_SESSION_VIOLATIONS;
	uint64_t shown = kept < MAX_ROWS ? kept : MAX_ROWS;
	bool proves = run->session->options->prove;
	const char *one = proves ? "invariant or property is" : "invariant is";
	const char *many = proves ? "invariants or properties are" : "invariants are";

	if (!nr) {
		fprintf(out, "every invariant%s holds\n", proves ? " and property" : "");
		return;
	}
	fprintf(out, "%s%s %s violated%s\n", style.bad, DIGITS(nr), nr == 1 ? one : many,
		style.plain);
	for (uint64_t i = 0; i < shown; i++) {
		fprintf(out, "  line %" PRIu64 ", %s: ", run->violations[i].line,
			run->violations[i].name);
		zsim_out_text(out, run->violations[i].text);
		putc('\n', out);
	}
	if (nr > shown)
		fprintf(out, "  ... and %s more\n", DIGITS(nr - shown));
}

/* ---- counters --------------------------------------------------------------- */

static void written_line(FILE *out, const struct zsim_run *run)
{
	struct zsim_tally_cause sum = zsim_tally_sum(zsim_tally_counts(run->tally));
	const char *separator = ": ";

	fprintf(out, "  written back  %s page%s, %s bytes", DIGITS(sum.written),
		plural(sum.written), DIGITS(sum.bytes));
	for (int i = 0; i < ZSIM_NR_CAUSES; i++) {
		enum zsim_cause cause = (enum zsim_cause)i;
		uint64_t pages = zsim_written_by(run->zs, cause);

		if (!pages)
			continue;
		fprintf(out, "%s%s %s", separator, zsim_cause_name(cause), DIGITS(pages));
		separator = ", ";
	}
	putc('\n', out);
}

static void visits_line(FILE *out, const struct zsim_run *run)
{
	struct zsim_tally_cause sum = zsim_tally_sum(zsim_tally_counts(run->tally));

	if (!sum.visits)
		return;
	fprintf(out, "  visits        %s: %s rotated, %s written", DIGITS(sum.visits),
		DIGITS(sum.rotated), DIGITS(sum.written));
	if (sum.busy)
		fprintf(out, ", %s met the swap cache", DIGITS(sum.busy));
	if (sum.failed)
		fprintf(out, ", %s failed", DIGITS(sum.failed));
	fprintf(out, "; %s call%s of shrink_memcg\n", DIGITS(sum.shrinks), plural(sum.shrinks));
}

static void pool_line(FILE *out, const struct zsim *zs)
{
	uint64_t hit = zsim_counter(zs, ZSIM_COUNTER_POOL_LIMIT_HIT);
	uint64_t stored = zsim_counter(zs, ZSIM_COUNTER_STORED_PAGES);

	fprintf(out, "  left in pool  %s page%s stored in %s pool page%s", DIGITS(stored),
		plural(stored), DIGITS(zsim_pool_pages(zs)), plural(zsim_pool_pages(zs)));
	if (hit)
		fprintf(out, "; limit hit %s time%s", DIGITS(hit), plural(hit));
	putc('\n', out);
}

static void summary(FILE *out, const struct zsim_run *run)
{
	const struct zsim_tally_counts *c = zsim_tally_counts(run->tally);
	uint64_t adopted = run->oracle ? zsim_oracle_adopted(run->oracle) : 0;
	uint64_t assumed = zsim_run_assumed(run);

	fprintf(out, "  stores        %s accepted, %s rejected\n", DIGITS(c->stores_accepted),
		DIGITS(c->stores_rejected));
	if (c->loads_hit || c->loads_missed || c->loads_failed)
		fprintf(out, "  loads         %s from zswap, %s from the swap device, %s failed\n",
			DIGITS(c->loads_hit), DIGITS(c->loads_missed), DIGITS(c->loads_failed));
	written_line(out, run);
	visits_line(out, run);
	if (c->worker_runs)
		fprintf(out, "  pool worker   %s run%s, %s step%s\n", DIGITS(c->worker_runs),
			plural(c->worker_runs), DIGITS(c->cause[ZSIM_CAUSE_WORKER].steps),
			plural(c->cause[ZSIM_CAUSE_WORKER].steps));
	pool_line(out, run->zs);
	if (adopted)
		fprintf(out, "  unseen        %s entr%s there before the capture began\n",
			DIGITS(adopted), adopted == 1 ? "y was" : "ies were");
	if (assumed)
		fprintf(out, "  assumed       the length of %s store%s\n", DIGITS(assumed),
			plural(assumed));
}

/* ---- requests --------------------------------------------------------------- */

static const char *story_group(const struct zsim_story *story)
{
	return story->group ? story->group : "(a node)";
}

static void request_row(FILE *out, const struct zsim_story *story, int group, int text)
{
	char rc[24];

	rc_name(story->rc, rc, sizeof(rc));
	fputs("  ", out);
	cell(out, story_group(story), group + 2);
	cell(out, story->text, text);
	fprintf(out, " %8s %13s %7s %9s %9s %9s %9s", rc, DIGITS(story->bytes),
		DIGITS(story->steps), DIGITS(story->bound), DIGITS(story->scanned),
		DIGITS(story->rotated), DIGITS(story->written));
	if (story->why != ZSIM_WHY_NONE)
		fprintf(out, "  %s", zsim_why_name(story->why));
	putc('\n', out);
}

static void requests(FILE *out, const struct zsim_run *run)
{
	size_t shown = run->nr_requests < MAX_ROWS ? run->nr_requests : MAX_ROWS;
	int group = 8;
	int text = 8;

	if (!shown)
		return;
	for (size_t i = 0; i < shown; i++) {
		group = widen(group, story_group(&run->requests[i]), MAX_GROUP_COLUMNS);
		text = widen(text, run->requests[i].text, MAX_TEXT_COLUMNS);
	}
	fputs("\n  ", out);
	cell(out, "requests", group + 2);
	cell(out, "text", text);
	fprintf(out, " %8s %13s %7s %9s %9s %9s %9s  %s\n", "rc", "bytes", "steps", "bound",
		"scanned", "rotated", "written", "why");
	for (size_t i = 0; i < shown; i++)
		request_row(out, &run->requests[i], group, text);
	if (run->nr_requests > shown)
		fprintf(out, "  ... and %s more\n", DIGITS(run->nr_requests - shown));
}

/* ---- findings, memory.stat, comparison --------------------------------------- */

static void findings(FILE *out, const struct zsim_findings *f)
{
	struct zsim_style style = zsim_style_of(out);
	const struct zsim_finding *finding;

	if (zsim_findings_count(f))
		fprintf(out, "\n  findings\n");
	for (size_t i = 0; (finding = zsim_findings_get(f, i)); i++) {
		fprintf(out, "  %s%s%s", style.bold, finding->name, style.plain);
		if (finding->line)
			fprintf(out, " (first at line %" PRIu64 ")", finding->line);
		fprintf(out, ": %s\n", finding->text);
	}
}

static int groups_width(const struct zsim *zs)
{
	zsim_memcg g = ZSIM_MEMCG_NONE;
	int width = 5;

	while ((g = zsim_next(zs, g)) != ZSIM_MEMCG_NONE) {
		int columns = zsim_out_text(NULL, zsim_path(zs, g)) +
			      (int)strlen(zsim_group_suffix(zs, g));

		if (columns > width && columns <= 2 * MAX_GROUP_COLUMNS && zsim_group_shown(zs, g))
			width = columns;
	}
	return width;
}

static int stat_width(int item)
{
	int name = (int)strlen(zsim_stat_name((enum zsim_stat_item)item));

	return name > 12 ? name + 2 : 14;
}

/* Released kernels have no line zswpwb_proactive_b. */
static bool stat_shown(const struct zsim *zs, int item)
{
	return item != ZSIM_STAT_ZSWPWB_PROACTIVE_B || zsim_algo(zs)->source_key;
}

static void stat_row(FILE *out, const struct zsim *zs, zsim_memcg group, int width)
{
	const char *suffix = zsim_group_suffix(zs, group);

	fputs("  ", out);
	width -= zsim_out_text(out, zsim_path(zs, group));
	fputs(suffix, out);
	pad(out, width - (int)strlen(suffix));
	for (int i = 0; i < ZSIM_NR_STATS; i++) {
		if (stat_shown(zs, i))
			fprintf(out, "%*" PRIu64, stat_width(i),
				zsim_stat(zs, group, (enum zsim_stat_item)i));
	}
	putc('\n', out);
}

static void stat_table(FILE *out, const struct zsim *zs)
{
	zsim_memcg group = ZSIM_MEMCG_NONE;
	int width = groups_width(zs);

	fputs("\n  ", out);
	cell(out, "group", width);
	for (int i = 0; i < ZSIM_NR_STATS; i++) {
		if (stat_shown(zs, i))
			fprintf(out, "%*s", stat_width(i), zsim_stat_name((enum zsim_stat_item)i));
	}
	putc('\n', out);
	while ((group = zsim_next(zs, group)) != ZSIM_MEMCG_NONE) {
		if (zsim_group_shown(zs, group))
			stat_row(out, zs, group, width);
	}
}

/* @sign goes before a number that is not negative. */
static void measure_text(const struct zsim_measure *m, int64_t value, const char *sign, char *buf,
			 size_t size)
{
	if (value < 0)
		sign = "";
	if (m->share)
		snprintf(buf, size, "%s%.2f", sign, (double)value / 100.0);
	else
		snprintf(buf, size, "%s%s", sign, zsim_digits_signed(value).text);
}

static void measure_row(FILE *out, const struct zsim_measure *a, const struct zsim_measure *b)
{
	int64_t difference = b->value - a->value;
	char text[3][40];

	measure_text(a, a->value, "", text[0], sizeof(text[0]));
	measure_text(b, b->value, "", text[1], sizeof(text[1]));
	measure_text(a, difference, difference ? "+" : "", text[2], sizeof(text[2]));
	fprintf(out, "  %-28s %16s %16s %16s\n", a->label, text[0], text[1], text[2]);
}

static void comparison(FILE *out, const struct zsim_session *s)
{
	struct zsim_measure a[ZSIM_NR_MEASURES];
	struct zsim_measure b[ZSIM_NR_MEASURES];

	zsim_run_measure(&s->runs[0], a);
	zsim_run_measure(&s->runs[1], b);
	fprintf(out, "\n  %-28s %16s %16s %16s\n", "compared", zsim_algo(s->runs[0].zs)->name,
		zsim_algo(s->runs[1].zs)->name, "difference");
	for (int i = 0; i < ZSIM_NR_MEASURES; i++)
		measure_row(out, &a[i], &b[i]);
	if (s->runs[1].skipped)
		fprintf(out, "  %s step%s of calls that had ended already under %s\n",
			DIGITS(s->runs[1].skipped), plural(s->runs[1].skipped),
			zsim_algo(s->runs[1].zs)->name);
}

void zsim_report_text(FILE *out, const struct zsim_session *s,
		      const struct zsim_report_options *options)
{
	struct zsim_style style = zsim_style_of(out);
	const struct zsim_run *run = &s->runs[0];

	fputs(style.bold, out);
	zsim_out_text(out, strcmp(s->file, "-") ? s->file : "(standard input)");
	fprintf(out, "%s: %s, %s, %s event%s\n", style.plain, zsim_algo(run->zs)->name,
		zsim_trace_format_name(s->format), DIGITS(s->events), plural(s->events));
	check_part(out, s, options);
	violations(out, run);
	putc('\n', out);
	summary(out, run);
	requests(out, run);
	findings(out, run->findings);
	if (options->stat)
		stat_table(out, run->zs);
	if (s->nr_runs > 1)
		comparison(out, s);
	putc('\n', out);
}
