/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tiny scenarios: every order of their steps is played from the beginning
 * (support/schedules.h), and the checker's searches must meet the same ends and refute
 * the same properties.
 */
#include "support/scenarios.h"
#include "support/suite.h"
#include "support/tiny.h"

static void tiny_is_searched(const struct tiny *t)
{
	struct zsim_scenario *sc = scenario_of(t->lines, NULL);
	struct schedules s;
	struct finding f;

	tiny_play(&s, sc);
	tiny_agrees(&s, &f);
	FINDING_NONE(&f, t->about);
	CU_ASSERT_TRUE(s.whole);
	CU_ASSERT(s.nr > 1);
	printf("%s: %u schedules, %u ends\n", t->about, s.nr, s.ends.nr);
	ends_free(&s.ends);
	zsim_scenario_free(sc);
}

static void every_order_is_searched(void)
{
	for (uint32_t i = 0; i < NR_TINY; i++)
		tiny_is_searched(&tiny[i]);
}

/* the loser of a race between two stores: two ends */
static void schedules_play_every_order(void)
{
	struct zsim_scenario *sc = scenario_of("mkdir /a\n"
					       "actor A in order\n"
					       "@A store 1 /a 0 100\n"
					       "actor B in order\n"
					       "@B store 1 /a 0 200\n"
					       "@B store 2 /a 0 300\n",
					       NULL);
	struct schedules s;

	schedules_play(&s, sc, 100);
	CU_ASSERT_EQUAL(s.nr, 3);
	CU_ASSERT_EQUAL(s.ends.nr, 3);
	CU_ASSERT_EQUAL(s.broken, 0);
	ends_free(&s.ends);
	schedules_play(&s, sc, 2);
	CU_ASSERT_FALSE(s.whole);
	ends_free(&s.ends);
	zsim_scenario_free(sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(schedules_play_every_order),
	ZSIM_CASE(every_order_is_searched),
};
ZSIM_SUITE_MAIN("schedules", cases)
