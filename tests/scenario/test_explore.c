/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every search of the checker against the plainest one (support/space.h), on all
 * scenarios that are small enough, and what a search says when it does not come to an end.
 *
 * Where the library can model the museum's bugs, each is looked for in every way instead.
 */
#include <stdlib.h>

#include "support/agree.h"
#include "support/made_up.h"
#include "support/samples.h"
#include "support/scenarios.h"
#include "support/suite.h"

/*
 * scenarios with more states take too long; with ZSIM_EXPLORE=all in the environment, much too long
 */
#define STATES_MAX 12000u
#define STATES_MAX_ALL 130000u
#define MADE_UP 200u
#define MADE_UP_MAX 3000u

typedef unsigned long long ull;

static void check_at(bool holds, const char *what, unsigned int line)
{
	CU_assertImplementation(holds ? CU_TRUE : CU_FALSE, line, what, __FILE__, "", CU_FALSE);
}

/* the message names the scenario and the way to search */
static void equal_at(ull found, ull expected, const char *what, const char *file, const char *way,
		     unsigned int line)
{
	char text[256];

	snprintf(text, sizeof(text), "%s, %s: %s 0x%llx, expected 0x%llx", file, way, what, found,
		 expected);
	check_at(found == expected, text, line);
}

#define EQUAL(found, expected, what, file, way) equal_at(found, expected, what, file, way, __LINE__)

static struct zsim_check_result run(const struct zsim_scenario *sc,
				    const struct zsim_check_options *o)
{
	struct zsim_check_result r;

	CU_ASSERT_EQUAL_FATAL(zsim_check(sc, o, &r), 0);
	return r;
}

/* ---- against the plain search ------------------------------------------------------------- */

static void ways_agree(const struct zsim_scenario *sc, const char *file, bool symmetry,
		       uint32_t max)
{
	struct finding f = { .looked = 0 };
	struct space plain;

	space_explore(&plain, sc, (struct space_options){ .symmetry = symmetry, .max = max });
	if (plain.whole)
		agree_with(&plain, &f);
	FINDING_NONE(&f, file);
	space_free(&plain);
}

static uint32_t scenarios_met;

static void scenario_agrees(struct zsim_scenario *sc, const char *file)
{
	const char *all = getenv("ZSIM_EXPLORE");
	uint32_t max = samples(STATES_MAX, 3000);

	if (all && !strcmp(all, "all"))
		max = STATES_MAX_ALL;

	ways_agree(sc, file, false, max);
	ways_agree(sc, file, true, max);
	scenarios_met++;
}

static void all_searches_find_the_same(void)
{
	if (zsim_has_defects())
		return;
	scenarios_met = 0;
	scenario_each(scenario_agrees);
	CU_ASSERT(scenarios_met > 30);
}

/* one that the reader refuses says nothing */
static void made_up_agrees(uint64_t seed)
{
	struct dice dice = { seed * 0x9e3779b97f4a7c15ull + 1 };
	struct zsim_scenario *sc = made_up(&dice);
	char name[32];

	snprintf(name, sizeof(name), "seed %llu", (ull)seed);
	if (sc) {
		ways_agree(sc, name, false, MADE_UP_MAX);
		ways_agree(sc, name, true, MADE_UP_MAX);
	}
	zsim_scenario_free(sc);
}

static void scenarios_that_nobody_thought_of(void)
{
	struct dice dice = dice_seed("explore", 1);

	for (uint64_t i = 0; !zsim_has_defects() && i < samples(MADE_UP, 50); i++)
		made_up_agrees(dice.state * 1000 + i);
}

/* ---- defects -------------------------------------------------------------------------------- */

static void caught(const struct zsim_scenario *sc, const char *file, uint8_t defect,
		   uint64_t property)
{
	for (size_t i = 0; i < NR_WAYS; i++) {
		struct zsim_check_options o = way_options(&ways[i]);
		struct zsim_check_result r;

		o.defect = defect;
		o.properties = property;
		if (property & AGREE_ENDINGS && !ways[i].cycles)
			continue;
		r = run(sc, &o);
		EQUAL(r.refuted, property, "caught", file, ways[i].name);
		EQUAL(r.nr, 1, "counterexamples", file, ways[i].name);
		zsim_check_result_free(&r);
	}
}

static void defects_of(struct zsim_scenario *sc, const char *file)
{
	for (uint32_t d = 1; d < ZSIM_NR_DEFECTS; d++)
		for (uint32_t p = 0; p < ZSIM_NR_PROPERTIES; p++)
			if (zsim_scenario_catches(sc, (uint8_t)d) & ZSIM_P_BIT(p))
				caught(sc, file, (uint8_t)d, ZSIM_P_BIT(p));
}

static void each_defect_is_caught_in_every_way(void)
{
	if (zsim_has_defects())
		scenario_each(defects_of);
}

/* ---- fewer bits, random walks ------------------------------------------------------------- */

static const char *const some[] = {
	"finding-33-old-length.scenario",
	"finding-35-twice-two-requests.scenario",
	"finding-36-claimed-for-child.scenario",
	"request-and-app.scenario",
	"folio.scenario",
};
#define NR_SOME (sizeof(some) / sizeof(some[0]))

static void bitstate_finds_no_more(void)
{
	for (size_t i = 0; i < NR_SOME; i++) {
		struct zsim_scenario *sc = scenario_read(some[i]);
		struct zsim_check_options o = way_options(&ways[0]);
		struct zsim_check_result exact = run(sc, &o), r;

		for (o.search = ZSIM_SEARCH_DEPTH; o.search <= ZSIM_SEARCH_BREADTH; o.search++) {
			o.bitstate = 20;
			r = run(sc, &o);
			EQUAL(r.end, ZSIM_END_INEXACT, "end", some[i], "bitstate");
			check_at(r.states <= exact.states, some[i], __LINE__);
			/* a million bits are many for so few states */
			check_at(r.states > exact.states / 100 * 99, some[i], __LINE__);
			check_at(!(r.refuted & ~exact.refuted), some[i], __LINE__);
			EQUAL(r.checked & AGREE_ENDINGS, 0, "endings", some[i], "bitstate");
			zsim_check_result_free(&r);
		}
		zsim_check_result_free(&exact);
		zsim_scenario_free(sc);
	}
}

static void same_result(const struct zsim_check_result *a, const struct zsim_check_result *b,
			const char *file)
{
	EQUAL(b->transitions, a->transitions, "steps", file, "random");
	EQUAL(b->refuted, a->refuted, "refuted", file, "random");
	EQUAL(b->nr, a->nr, "counterexamples", file, "random");
	for (uint32_t i = 0; i < a->nr && i < b->nr; i++)
		check_at(!strcmp(a->counterexamples[i].trace, b->counterexamples[i].trace), file,
			 __LINE__);
}

static void random_walks_repeat_and_find(void)
{
	for (size_t i = 0; i < NR_SOME; i++) {
		struct zsim_scenario *sc = scenario_read(some[i]);
		struct zsim_check_options o = way_options(&ways[0]);
		struct zsim_check_result exact = run(sc, &o), first, again, other;

		o.search = ZSIM_SEARCH_RANDOM;
		o.walks = 5000;
		first = run(sc, &o);
		again = run(sc, &o);
		o.seed = 2;
		other = run(sc, &o);
		EQUAL(first.end, ZSIM_END_WALKS, "end", some[i], "random");
		EQUAL(first.refuted, exact.refuted, "refuted", some[i], "random");
		same_result(&first, &again, some[i]);
		check_at(first.transitions != other.transitions, some[i], __LINE__);
		zsim_check_result_free(&exact);
		zsim_check_result_free(&first);
		zsim_check_result_free(&again);
		zsim_check_result_free(&other);
		zsim_scenario_free(sc);
	}
}

/* ---- ends before the end --------------------------------------------------------------------- */

/* the request's first write refutes its property; what the application does makes many states */
static struct zsim_scenario *large(void)
{
	return scenario_of("mkdir /a\n"
			   "mkdir /b\n"
			   "store 1 /a 0 100\n"
			   "cold 1\n"
			   "actor R in order\n"
			   "@R write /a memory.reclaim 1 source=zswap\n"
			   "actor A any 60\n"
			   "@A store 2 /b 0 200\n"
			   "@A store 3 /b 0 300\n"
			   "@A store 4 /b 0 400\n"
			   "@A load 2\n"
			   "@A load 3\n"
			   "@A load 4\n"
			   "refute node-count\n",
			   NULL);
}

#define LARGE_STATES 6594u

static void kept(const struct zsim_check_result *r, enum zsim_check_end end, const struct way *way)
{
	EQUAL(r->end, end, "end", "large", way->name);
	EQUAL(r->refuted, ZSIM_P_BIT(ZSIM_P_NODE_COUNT), "refuted", "large", way->name);
	EQUAL(r->nr, 1, "counterexamples", "large", way->name);
}

static void a_limit_of_states_ends_it(void)
{
	struct zsim_scenario *sc = large();

	for (size_t i = 0; i < NR_WAYS; i++) {
		struct zsim_check_options o = way_options(&ways[i]);
		struct zsim_check_result r;

		o.states_max = 4000;
		r = run(sc, &o);
		kept(&r, ZSIM_END_STATES, &ways[i]);
		check_at(r.states >= 4000 && r.states < LARGE_STATES, ways[i].name, __LINE__);
		zsim_check_result_free(&r);
	}
	zsim_scenario_free(sc);
}

static void a_limit_of_memory_ends_it(void)
{
	struct zsim_scenario *sc = large();

	for (size_t i = 0; i < NR_WAYS; i++) {
		struct zsim_check_options o = way_options(&ways[i]);
		struct zsim_check_result r;

		o.memory_max = 1;
		r = run(sc, &o);
		EQUAL(r.end, ZSIM_END_MEMORY, "end", "large", ways[i].name);
		check_at(r.states < LARGE_STATES && r.bytes > 1, ways[i].name, __LINE__);
		zsim_check_result_free(&r);
	}
	zsim_scenario_free(sc);
}

/** struct patience - @left: calls until it says stop; @last: what it heard last */
struct patience {
	uint32_t calls, left;
	struct zsim_check_progress last;
};

static bool wait(void *ctx, const struct zsim_check_progress *progress)
{
	struct patience *p = ctx;

	p->calls++;
	check_at(progress->states >= p->last.states, "states go back", __LINE__);
	check_at(progress->transitions >= p->last.transitions, "steps go back", __LINE__);
	p->last = *progress;
	return p->left-- > 1;
}

static void progress_is_told_and_may_stop_it(void)
{
	struct zsim_scenario *sc = large();

	for (size_t i = 0; i < NR_WAYS; i++) {
		struct zsim_check_options o = way_options(&ways[i]);
		struct patience patience = { .left = 3 };
		struct zsim_check_result r;

		if (ways[i].threads > 1)
			continue;
		o.progress = wait;
		o.ctx = &patience;
		r = run(sc, &o);
		kept(&r, ZSIM_END_STOPPED, &ways[i]);
		EQUAL(patience.calls, 3, "calls", "large", ways[i].name);
		check_at(r.states < LARGE_STATES && patience.last.bytes, ways[i].name, __LINE__);
		zsim_check_result_free(&r);
		patience = (struct patience){ .left = UINT32_MAX };
		o.properties = ZSIM_P_BIT(ZSIM_P_CONTENT);
		r = run(sc, &o);
		EQUAL(r.end, ZSIM_END_EXHAUSTED, "end", "large", ways[i].name);
		EQUAL(patience.last.states, r.states, "states told", "large", ways[i].name);
		EQUAL(patience.last.transitions, r.transitions, "steps told", "large",
		      ways[i].name);
		EQUAL(patience.last.depth, r.depth, "depth told", "large", ways[i].name);
		zsim_check_result_free(&r);
	}
	zsim_scenario_free(sc);
}

static void walks_can_be_stopped(void)
{
	struct zsim_scenario *sc = large();
	struct zsim_check_options o = way_options(&ways[0]);
	struct patience patience = { .left = 1 };
	struct zsim_check_result r;

	o.search = ZSIM_SEARCH_RANDOM;
	o.walks = 1000000;
	o.properties = ZSIM_P_BIT(ZSIM_P_CONTENT);
	o.progress = wait;
	o.ctx = &patience;
	r = run(sc, &o);
	CU_ASSERT_EQUAL(r.end, ZSIM_END_STOPPED);
	CU_ASSERT_EQUAL(patience.calls, 1);
	zsim_check_result_free(&r);
	zsim_scenario_free(sc);
}

/* ---- what is looked at ----------------------------------------------------------------------- */

/* a property that the scenario says nothing of ends the search where it does not hold */
static void an_unexpected_refutation_ends_it(void)
{
	struct zsim_scenario *sc = scenario_of("mkdir /a\n"
					       "store 1 /a 0 100\n"
					       "cold 1\n"
					       "actor R in order\n"
					       "@R write /a memory.reclaim 1 source=zswap\n"
					       "prove node-count\n",
					       NULL);

	for (size_t i = 0; i < NR_WAYS; i++) {
		struct zsim_check_options o = way_options(&ways[i]);
		struct zsim_check_result r = run(sc, &o);

		EQUAL(r.end, ZSIM_END_REFUTED, "end", "node-count", ways[i].name);
		EQUAL(r.refuted, ZSIM_P_BIT(ZSIM_P_NODE_COUNT), "refuted", "node-count",
		      ways[i].name);
		zsim_check_result_free(&r);
	}
	zsim_scenario_free(sc);
}

static void only_the_properties_asked_for(void)
{
	struct zsim_scenario *sc = scenario_read("finding-30-node-count.scenario");
	struct zsim_check_options o = way_options(&ways[0]);
	struct zsim_check_result r;

	o.properties = ZSIM_P_BIT(ZSIM_P_CONTENT);
	r = run(sc, &o);
	CU_ASSERT_EQUAL(r.checked, ZSIM_P_BIT(ZSIM_P_CONTENT));
	CU_ASSERT_EQUAL(r.refuted, 0);
	CU_ASSERT_EQUAL(r.end, ZSIM_END_EXHAUSTED);
	zsim_check_result_free(&r);
	o.properties = ZSIM_P_BIT(ZSIM_P_NODE_COUNT);
	r = run(sc, &o);
	CU_ASSERT_EQUAL(r.refuted, ZSIM_P_BIT(ZSIM_P_NODE_COUNT));
	zsim_check_result_free(&r);
	zsim_scenario_free(sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(all_searches_find_the_same),
	ZSIM_CASE(scenarios_that_nobody_thought_of),
	ZSIM_CASE(each_defect_is_caught_in_every_way),
	ZSIM_CASE(bitstate_finds_no_more),
	ZSIM_CASE(random_walks_repeat_and_find),
	ZSIM_CASE(a_limit_of_states_ends_it),
	ZSIM_CASE(a_limit_of_memory_ends_it),
	ZSIM_CASE(progress_is_told_and_may_stop_it),
	ZSIM_CASE(walks_can_be_stopped),
	ZSIM_CASE(an_unexpected_refutation_ends_it),
	ZSIM_CASE(only_the_properties_asked_for),
};
ZSIM_SUITE_MAIN("explore", cases)
