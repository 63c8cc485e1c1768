/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The museum: every bug of docs/museum.md, planted, is found by the explorer, and the right
 * model has none of them. `catches` lines of traces/scenarios say where which is found.
 */
#include <stdarg.h>

#include "support/museum.h"
#include "support/suite.h"

/* as many as the explorer looks at in far less than a second */
#define STATES_MAX 100000u

__attribute__((format(printf, 3, 4))) static void demand(bool holds, const char *name,
							 const char *format, ...)
{
	va_list args;

	if (holds)
		return;
	fprintf(stderr, "%s: ", name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	CU_FAIL("a scenario");
}

/* ---- the right model -------------------------------------------------------------- */

static void proved(void *ctx, const char *name, const char *text, const struct zsim_scenario *sc)
{
	struct zsim_check_result r;
	int rc = museum_check(sc, 0, 0, &r);

	(void)ctx;
	(void)text;
	demand(!rc, name, "the search fails with %d", rc);
	if (rc)
		return;
	demand(r.end == ZSIM_END_EXHAUSTED, name, "the search is not exhaustive: %d", r.end);
	demand(!r.refuted, name, "the right model breaks %s: %s",
	       r.nr ? zsim_property_name(r.counterexamples[0].property) : "",
	       r.nr ? r.counterexamples[0].why : "");
	demand(r.checked == zsim_scenario_proves(sc), name, "some properties were not looked at");
	demand(r.states <= STATES_MAX, name, "%llu states", (unsigned long long)r.states);
	zsim_check_result_free(&r);
}

static void the_right_model_holds(void)
{
	CU_ASSERT(museum_each("museum-*", proved, NULL) >= (int)MUSEUM_DEFECTS);
	CU_ASSERT(museum_each("memcg-off-*", proved, NULL) >= 3);
}

/* ---- with a bug ------------------------------------------------------------------- */

/* the trace shows the bug, and without the bug it shows nothing */
static void trace_checked(const char *name, const struct zsim_scenario *sc, uint8_t defect,
			  const struct zsim_counterexample *cx)
{
	uint64_t bit = ZSIM_P_BIT(cx->property);
	struct museum_replay r;

	museum_replay(sc, cx->trace, defect, bit, &r);
	demand(!r.rc, name, "line %llu of the counterexample of bug %u gives %d:\n%s",
	       (unsigned long long)r.line, defect, r.rc, cx->trace);
	demand(r.broken == bit, name, "the trace of bug %u does not break %s:\n%s", defect,
	       zsim_property_name(cx->property), cx->trace);
	museum_replay(sc, cx->trace, 0, bit, &r);
	demand(!r.rc && !r.broken, name, "the trace of bug %u breaks %s without it too:\n%s",
	       defect, zsim_property_name(cx->property), cx->trace);
}

static void caught(const char *name, const struct zsim_scenario *sc, uint8_t defect,
		   enum zsim_property property)
{
	struct zsim_check_result r;
	int rc = museum_check(sc, defect, ZSIM_P_BIT(property), &r);

	demand(!rc, name, "the search with bug %u fails with %d", defect, rc);
	if (rc)
		return;
	demand(r.refuted == ZSIM_P_BIT(property) && r.nr == 1, name, "bug %u does not break %s",
	       defect, zsim_property_name(property));
	demand(r.states <= STATES_MAX, name, "bug %u shows after %llu states only", defect,
	       (unsigned long long)r.states);
	if (r.nr)
		trace_checked(name, sc, defect, &r.counterexamples[0]);
	zsim_check_result_free(&r);
}

/* whoever looks at everything notices too */
static void noticed(const char *name, const struct zsim_scenario *sc, uint8_t defect)
{
	struct zsim_check_result r;
	int rc = museum_check(sc, defect, 0, &r);

	demand(!rc, name, "the search with bug %u fails with %d", defect, rc);
	if (rc)
		return;
	demand(r.refuted & ~zsim_scenario_refutes(sc), name, "bug %u breaks nothing", defect);
	zsim_check_result_free(&r);
}

static void catches_checked(void *ctx, const char *name, const char *text,
			    const struct zsim_scenario *sc)
{
	bool *seen = ctx;

	(void)text;
	for (uint8_t defect = 1; defect <= MUSEUM_DEFECTS; defect++) {
		uint64_t properties = zsim_scenario_catches(sc, defect);

		for (int p = 0; p < ZSIM_NR_PROPERTIES; p++)
			if (properties >> p & 1)
				caught(name, sc, defect, (enum zsim_property)p);
		if (properties)
			noticed(name, sc, defect);
		seen[defect] |= properties != 0;
	}
}

static void every_bug_is_caught(void)
{
	bool seen[MUSEUM_DEFECTS + 1] = { false };

	CU_ASSERT(museum_each("museum-*", catches_checked, seen) >= (int)MUSEUM_DEFECTS);
	for (unsigned int defect = 1; defect <= MUSEUM_DEFECTS; defect++)
		demand(seen[defect], "museum-*", "no scenario catches bug %u", defect);
}

/* of those that do not need a group, all but 23: only a group's settings let half a folio fail */
static void bugs_without_a_controller(void)
{
	static const uint8_t possible[] = { 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 18, 19, 26, 27 };
	bool seen[MUSEUM_DEFECTS + 1] = { false };

	CU_ASSERT(museum_each("memcg-off-*", catches_checked, seen) >= 3);
	for (size_t i = 0; i < sizeof(possible); i++)
		demand(seen[possible[i]], "memcg-off-*", "no scenario catches bug %u", possible[i]);
}

/* ---- findings ---------------------------------------------------------------------- */

static bool is_shown_by_a_trace(enum zsim_property property)
{
	return property != ZSIM_P_TERMINATION && property != ZSIM_P_WORKER_TERMINATION;
}

/* the faithful model gives the results that the trace demands, and breaks the property */
static void finding_checked(const char *name, const struct zsim_scenario *sc,
			    const struct zsim_counterexample *cx)
{
	uint64_t bit = ZSIM_P_BIT(cx->property);
	struct museum_replay r;

	museum_replay(sc, cx->trace, 0, bit, &r);
	demand(!r.rc, name, "line %llu of the counterexample gives %d:\n%s",
	       (unsigned long long)r.line, r.rc, cx->trace);
	demand(r.expected && !r.wrong, name, "of %llu results of the trace %llu are wrong:\n%s",
	       (unsigned long long)r.expected, (unsigned long long)r.wrong, cx->trace);
	demand(r.broken == bit || !is_shown_by_a_trace(cx->property), name,
	       "the trace does not break %s:\n%s", zsim_property_name(cx->property), cx->trace);
}

static void findings_checked(void *ctx, const char *name, const char *text,
			     const struct zsim_scenario *sc)
{
	uint64_t *found = ctx;
	struct zsim_check_result r;
	int rc;

	(void)text;
	if (!zsim_scenario_refutes(sc))
		return;
	rc = museum_check(sc, 0, 0, &r);
	demand(!rc, name, "the search fails with %d", rc);
	if (rc)
		return;
	demand(r.refuted == zsim_scenario_refutes(sc), name, "not what was to be refuted");
	for (uint32_t i = 0; i < r.nr; i++)
		finding_checked(name, sc, &r.counterexamples[i]);
	*found |= r.refuted;
	zsim_check_result_free(&r);
}

static void every_finding_is_shown(void)
{
	const uint64_t wanted = ((ZSIM_P_BIT(ZSIM_NR_PROPERTIES) - 1) & ~ZSIM_P_ALWAYS) &
				~ZSIM_P_BIT(ZSIM_P_WORKER_BOUND);
	uint64_t found = 0;

	CU_ASSERT(museum_each("finding-*", findings_checked, &found) >= 8);
	for (int p = 0; p < ZSIM_NR_PROPERTIES; p++)
		demand(!(wanted & ~found & ZSIM_P_BIT(p)), "finding-*", "no scenario refutes %s",
		       zsim_property_name((enum zsim_property)p));
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(the_right_model_holds),
	ZSIM_CASE(every_bug_is_caught),
	ZSIM_CASE(bugs_without_a_controller),
	ZSIM_CASE(every_finding_is_shown),
};
ZSIM_SUITE_MAIN("museum", cases)
