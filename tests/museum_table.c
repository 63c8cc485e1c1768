/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * museum_table.c - the tables of docs/museum.md, and the traces of traces/museum.
 *
 *	museum-table bugs | memcg-off | findings	a table on standard output
 *	museum-table traces FOLDER			a trace for each row of `bugs`
 *
 * tests/museum_table.sh puts them where they belong.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/museum.h"

/* searches of which the fastest counts */
#define TIMES 5

/**
 * struct job - @row: what is done for each bug and property that a scenario catches
 * @folder: where traces go; @failed: something could not be done
 */
struct job {
	void (*row)(struct job *job, const char *name, const char *text,
		    const struct zsim_scenario *sc, uint8_t bug, enum zsim_property property);
	const char *folder;
	bool failed;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* the words between "# Bug N, " and ".", or nothing */
static void when_of(const char *text, uint8_t bug, char *when, size_t size)
{
	char head[24];
	const char *at;

	snprintf(head, sizeof(head), "\n# Bug %u, ", bug);
	at = strstr(text, head);
	at = at ? at + strlen(head) : "";
	snprintf(when, size, "%.*s", (int)strcspn(at, ".\n"), at);
}

/* "museum-09-swapoff-race": its number and the words behind it */
static uint8_t number_of(const char *name, char *words, size_t size)
{
	const char *dash = strchr(name, '-');
	char *end = NULL;
	unsigned long number = dash ? strtoul(dash + 1, &end, 10) : 0;

	snprintf(words, size, "%s", end && *end ? end + 1 : name);
	for (char *p = words; *p; p++)
		if (*p == '-')
			*p = ' ';
	return (uint8_t)number;
}

static void time_print(double ms)
{
	if (ms < 0.1)
		printf(" < 0.1 ms |");
	else if (ms < 10)
		printf(" %.1f ms |", ms);
	else
		printf(" %.0f ms |", ms);
}

static bool look(struct job *job, const char *name, const struct zsim_scenario *sc, uint8_t defect,
		 uint64_t properties, struct zsim_check_result *r)
{
	int rc = museum_check(sc, defect, properties, r);

	if (!rc && (r->nr || !defect))
		return true;
	fprintf(stderr, "%s: bug %u: %s\n", name, defect, rc ? "the search fails" : "not caught");
	if (!rc)
		zsim_check_result_free(r);
	job->failed = true;
	return false;
}

/* the least time that a search takes of several, with all that it says of what it found */
static double time_of(struct job *job, const char *name, const struct zsim_scenario *sc,
		      uint8_t defect, uint64_t properties)
{
	struct zsim_check_result r;
	double least = 0;

	for (int i = 0; i < TIMES; i++) {
		double start = now(), took;

		if (!look(job, name, sc, defect, properties, &r))
			break;
		took = now() - start;
		zsim_check_result_free(&r);
		if (!i || took < least)
			least = took;
	}
	return least;
}

static void catches_each(void *ctx, const char *name, const char *text,
			 const struct zsim_scenario *sc)
{
	struct job *job = ctx;

	for (uint8_t bug = 1; bug <= MUSEUM_DEFECTS; bug++)
		for (int p = 0; p < ZSIM_NR_PROPERTIES; p++)
			if (zsim_scenario_catches(sc, bug) >> p & 1)
				job->row(job, name, text, sc, bug, (enum zsim_property)p);
}

/* ---- bugs -------------------------------------------------------------------------- */

static void bug_row(struct job *job, const char *name, const char *text,
		    const struct zsim_scenario *sc, uint8_t bug, enum zsim_property property)
{
	const char *broken = zsim_property_name(property);
	uint64_t bit = ZSIM_P_BIT(property);
	struct zsim_check_result right, wrong;
	char words[64], when[64];

	if (!look(job, name, sc, 0, 0, &right))
		return;
	if (look(job, name, sc, bug, bit, &wrong)) {
		number_of(name, words, sizeof(words));
		when_of(text, bug, when, sizeof(when));
		printf("| %u | %s | %s | %s | [%s](../traces/museum/%02u-%s.trace) | %u |", bug,
		       words, when, zsim_scenario_about(sc), broken, bug, broken,
		       wrong.counterexamples[0].steps);
		printf(" %llu | %llu |", (unsigned long long)wrong.states,
		       (unsigned long long)right.states);
		time_print(time_of(job, name, sc, 0, 0) + time_of(job, name, sc, bug, bit));
		putchar('\n');
		zsim_check_result_free(&wrong);
	}
	zsim_check_result_free(&right);
}

static void bugs(struct job *job)
{
	puts("| # | bug | when | what went wrong | does not hold | steps | found after | of | time "
	     "|\n|---|---|---|---|---|---|---|---|---|");
	job->row = bug_row;
	museum_each("museum-*", catches_each, job);
}

static void memcg_off_row(struct job *job, const char *name, const char *text,
			  const struct zsim_scenario *sc, uint8_t bug, enum zsim_property property)
{
	struct zsim_check_result r;

	(void)text;
	if (!look(job, name, sc, bug, ZSIM_P_BIT(property), &r))
		return;
	printf("| %u | %s | %s | %u | %llu |\n", bug, name, zsim_property_name(property),
	       r.counterexamples[0].steps, (unsigned long long)r.states);
	zsim_check_result_free(&r);
}

static void memcg_off(struct job *job)
{
	puts("| # | scenario | does not hold | steps | found after |\n|---|---|---|---|---|");
	job->row = memcg_off_row;
	museum_each("memcg-off-*", catches_each, job);
}

/* ---- findings ---------------------------------------------------------------------- */

static void finding_row(void *ctx, const char *name, const char *text,
			const struct zsim_scenario *sc)
{
	struct zsim_check_result r;
	char words[64];

	(void)text;
	if (!look(ctx, name, sc, 0, 0, &r))
		return;
	printf("| %u | %s | %s |", number_of(name, words, sizeof(words)),
	       strchr(strchr(name, '-') + 1, '-') + 1, zsim_scenario_about(sc));
	for (uint32_t i = 0; i < r.nr; i++)
		printf("%s %s", i ? "," : "", zsim_property_name(r.counterexamples[i].property));
	printf("%s |", r.nr ? "" : " (all hold)");
	for (uint32_t i = 0; i < r.nr; i++)
		printf("%s %u", i ? "," : "", r.counterexamples[i].steps);
	printf(" | %llu |", (unsigned long long)r.states);
	time_print(time_of(ctx, name, sc, 0, 0));
	putchar('\n');
	zsim_check_result_free(&r);
}

static void findings(struct job *job)
{
	puts("| # | scenario | what happens in it | does not hold | steps | states | time |\n"
	     "|---|---|---|---|---|---|---|");
	museum_each("finding-*", finding_row, job);
}

/* ---- traces ------------------------------------------------------------------------ */

static void trace_write(struct job *job, const char *name, const char *text,
			const struct zsim_scenario *sc, uint8_t bug, enum zsim_property property)
{
	struct zsim_check_result r;
	char path[1024];
	FILE *out;

	(void)text;
	if (!look(job, name, sc, bug, ZSIM_P_BIT(property), &r))
		return;
	snprintf(path, sizeof(path), "%s/%02u-%s.trace", job->folder, bug,
		 zsim_property_name(property));
	out = fopen(path, "w");
	if (out)
		fputs(r.counterexamples[0].trace, out);
	if (!out || fclose(out)) {
		perror(path);
		job->failed = true;
	}
	zsim_check_result_free(&r);
}

static void traces(struct job *job)
{
	job->row = trace_write;
	museum_each("museum-*", catches_each, job);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct job job = { .folder = argc > 2 ? argv[2] : NULL };

	if (!strcmp(what, "bugs")) {
		bugs(&job);
	} else if (!strcmp(what, "memcg-off")) {
		memcg_off(&job);
	} else if (!strcmp(what, "findings")) {
		findings(&job);
	} else if (!strcmp(what, "traces") && job.folder) {
		traces(&job);
	} else {
		fprintf(stderr, "usage: %s bugs | memcg-off | findings | traces FOLDER\n", argv[0]);
		return 2;
	}
	return job.failed;
}
