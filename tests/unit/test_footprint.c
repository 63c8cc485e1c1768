/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_footprint.c - which steps touch each other. That those which do not can be
 * swapped is tried in test_sound.c; here it is that those which must not be swapped
 * clash, and that the ones which reduction lives from do not.
 */
#include "check/search.h"
#include "support/scenarios.h"
#include "support/suite.h"

/** struct stage - a world of a scenario given as lines */
struct stage {
	struct zsim_scenario *sc;
	struct zsim_world w;
};

static void stage_open(struct stage *s, const char *lines)
{
	s->sc = scenario_of(lines, NULL);
	CU_ASSERT_EQUAL_FATAL(
		zsim_world_init(&s->w, s->sc, NULL, 0, s->sc->proves | s->sc->refutes, 0), 0);
}

static void stage_close(struct stage *s)
{
	zsim_world_destroy(&s->w);
	zsim_scenario_free(s->sc);
}

/* the first event of an actor, or the next step of its call */
static uint16_t next_of(const struct stage *s, char who)
{
	uint32_t p = (uint32_t)(who - 'A');

	return ZSIM_ACTION(p, s->w.player[p].active ? ZSIM_STEP : 0);
}

static void go_to(struct stage *s, char who, enum zsim_point point)
{
	uint32_t p = (uint32_t)(who - 'A');

	do {
		CU_ASSERT_EQUAL_FATAL(zsim_world_act(&s->w, next_of(s, who)), 0);
	} while (s->w.player[p].active && zsim_call_point(&s->w.player[p].call) != point);
	CU_ASSERT_TRUE_FATAL(s->w.player[p].active);
}

static bool clash(const struct stage *s, char a, char b)
{
	struct zsim_footprint foot[ZSIM_MAX_PLAYERS];
	struct zsim_footprint x = zsim_footprint_action(&s->w, next_of(s, a));
	struct zsim_footprint y = zsim_footprint_action(&s->w, next_of(s, b));

	zsim_footprint_players(&s->w, foot);
	/* it makes no difference who is asked, nor by whom */
	CU_ASSERT_EQUAL(zsim_footprint_clash(&x, &y), zsim_footprint_clash(&y, &x));
	CU_ASSERT_EQUAL(zsim_footprint_clash(&x, &y), zsim_footprint_clash(&x, &foot[b - 'A']));
	return zsim_footprint_clash(&x, &y);
}

#define MACHINE              \
	"mkdir /a\n"         \
	"mkdir /b\n"         \
	"store 1 /a 0 100\n" \
	"store 2 /a 0 100\n" \
	"store 3 /b 0 100\n" \
	"cold 1\n"           \
	"cold 3\n"

/* ---- events ------------------------------------------------------------------------- */

static void events_clash(const char *a, const char *b, bool expected)
{
	char lines[512], what[300];
	struct stage s;

	snprintf(lines, sizeof(lines), MACHINE "actor A in order\n@A %s\nactor B in order\n@B %s\n",
		 a, b);
	stage_open(&s, lines);
	snprintf(what, sizeof(what), "%s and %s", a, b);
	CU_assertImplementation(clash(&s, 'A', 'B') == expected ? CU_TRUE : CU_FALSE, __LINE__,
				what, __FILE__, "", CU_FALSE);
	stage_close(&s);
}

static void events_on_one_slot_clash(void)
{
	static const char *const events[] = { "load 1",		  "invalidate 1",
					      "cache 1",	  "uncache 1",
					      "store 1 /a 0 100", "store 0 /b 0 100 100" };

	for (size_t i = 0; i < 6; i++)
		for (size_t k = i; k < 6; k++)
			events_clash(events[i], events[k], true);
}

static void events_on_one_list_clash(void)
{
	events_clash("load 1", "load 2", true);
	events_clash("load 1", "store 5 /a 0 100", true);
	events_clash("store 5 /a 0 100", "store 6 /a 0 100", true);
	/* a replaced entry leaves the list of its own group */
	events_clash("store 1 /b 0 100", "load 2", true);
}

/* a store looks at how full the pool is, which whatever leaves it changes */
static void stores_and_the_pool_clash(void)
{
	events_clash("store 5 /a 0 100", "load 3", true);
	events_clash("store 5 /a 0 100", "store 6 /b 0 100", true);
	events_clash("store 5 /a 0 100", "worker", true);
	events_clash("load 1", "worker", true);
}

static void what_touches_everything_clashes(void)
{
	static const char *const events[] = {
		"rmdir /b deferred", "offline /b",
		"param enabled 0",   "swapoff 0",
		"swapin /a 0",	     "cold 2",
		"shrinker /a 0 1",   "slab /a 0 0",
		"signal A",	     "write node0 reclaim 4096",
		"fail compress 1",   "write /a memory.zswap.max 0",
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		events_clash("load 1", events[i], true);
		events_clash("cache 9", events[i], true);
		events_clash("write /a memory.reclaim 1 source=zswap", events[i], true);
	}
}

static void events_that_have_nothing_in_common(void)
{
	events_clash("cache 1", "load 2", false);
	events_clash("cache 1", "uncache 2", false);
	events_clash("cache 1", "store 2 /a 0 100", false);
	events_clash("cache 1", "write /a memory.reclaim 1 source=zswap", false);
	events_clash("write /a memory.reclaim 1 source=zswap",
		     "write /a memory.reclaim 1 source=zswap", false);
	events_clash("write /a memory.reclaim 1 source=zswap", "worker", false);
	events_clash("load 1", "write /a memory.reclaim 1 source=zswap", false);
}

/* in room that failing operations share, order decides whose fails */
static void failures_clash(void)
{
	events_clash("load 1", "load 3", true);
}

/* ---- steps ----------------------------------------------------------------------------- */

#define REQUEST_A                                              \
	"set batch=2,retries=3\n" MACHINE "actor A in order\n" \
	"@A write /a memory.reclaim 3000 source=zswap\n"

static void a_walk_touches_its_own_list(void)
{
	struct stage s;

	stage_open(&s, REQUEST_A "actor B in order\n"
				 "@B load 2\n"
				 "actor C in order\n"
				 "@C load 3\n"
				 "actor D in order\n"
				 "@D cache 1\n"
				 "actor E in order\n"
				 "@E write /b memory.reclaim 1 source=zswap\n");
	go_to(&s, 'A', ZSIM_POINT_WALK);
	CU_ASSERT_TRUE(clash(&s, 'A', 'B'));
	CU_ASSERT_FALSE(clash(&s, 'A', 'C'));
	CU_ASSERT_FALSE(clash(&s, 'A', 'D'));
	go_to(&s, 'E', ZSIM_POINT_WALK);
	CU_ASSERT_FALSE(clash(&s, 'A', 'E'));
	stage_close(&s);
}

static void a_writeback_touches_its_slot(void)
{
	struct stage s;

	stage_open(&s, REQUEST_A "actor B in order\n"
				 "@B cache 1\n"
				 "actor C in order\n"
				 "@C cache 2\n"
				 "actor D in order\n"
				 "@D store 1 /b 0 100\n");
	go_to(&s, 'A', ZSIM_POINT_UNLOCKED);
	CU_ASSERT_TRUE(clash(&s, 'A', 'B'));
	CU_ASSERT_FALSE(clash(&s, 'A', 'C'));
	CU_ASSERT_TRUE(clash(&s, 'A', 'D'));
	go_to(&s, 'A', ZSIM_POINT_CACHED);
	CU_ASSERT_TRUE(clash(&s, 'A', 'B'));
	CU_ASSERT_FALSE(clash(&s, 'A', 'C'));
	CU_ASSERT_TRUE(clash(&s, 'A', 'D'));
	stage_close(&s);
}

/* where a store stands within its group's limit it may yet do all that a store does */
static void a_store_under_way_clashes_with_stores(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "mkdir /b\n"
		       "write /a memory.zswap.max 4096\n"
		       "store 1 /a 0 4096\n"
		       "cold 1\n"
		       "actor A in order\n"
		       "@A store 2 /a 0 100\n"
		       "actor B in order\n"
		       "@B store 3 /b 0 100\n"
		       "actor C in order\n"
		       "@C cache 9\n");
	go_to(&s, 'A', ZSIM_POINT_WALK);
	CU_ASSERT_TRUE(clash(&s, 'A', 'B'));
	CU_ASSERT_FALSE(clash(&s, 'A', 'C'));
	stage_close(&s);
}

/* a walker's reference may be the last of a group that left, and others count groups */
static void who_holds_a_group_that_left_clashes(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "mkdir /a/x\n"
		       "actor A in order\n"
		       "@A write /a memory.reclaim 1 source=zswap\n"
		       "actor B in order\n"
		       "@B write /a memory.reclaim 1 source=zswap\n"
		       "actor C in order\n"
		       "@C rmdir /a/x deferred\n"
		       "@C offline /a/x\n");
	go_to(&s, 'A', ZSIM_POINT_STEP);
	go_to(&s, 'A', ZSIM_POINT_STEP);
	CU_ASSERT_FALSE(clash(&s, 'A', 'B'));
	CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(2, 0)), 0);
	CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(2, 1)), 0);
	while (s.w.player[2].active)
		CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(2, ZSIM_STEP)), 0);
	CU_ASSERT_TRUE(clash(&s, 'A', 'B'));
	stage_close(&s);
}

/* ---- properties --------------------------------------------------------------------------- */

/* what is checked when a request leaves is part of what it looks at */
static void properties_look_around(void)
{
	const char *others = "actor B in order\n"
			     "@B load 3\n";
	char lines[700];
	struct stage s;

	for (int looks = 0; looks < 2; looks++) {
		snprintf(lines, sizeof(lines), REQUEST_A "%s%s", others,
			 looks ? "refute progress\n" : "");
		stage_open(&s, lines);
		go_to(&s, 'A', ZSIM_POINT_WALK);
		CU_ASSERT_EQUAL(clash(&s, 'A', 'B'), looks);
		stage_close(&s);
	}
}

/* what is cold when a request begins is noted */
static void a_beginning_that_notes_looks_around(void)
{
	char lines[700];
	struct stage s;

	for (int notes = 0; notes < 2; notes++) {
		snprintf(lines, sizeof(lines),
			 REQUEST_A "actor B in order\n"
				   "@B load 1\n"
				   "%s",
			 notes ? "refute progress-cold\n" : "");
		stage_open(&s, lines);
		CU_ASSERT_EQUAL(clash(&s, 'A', 'B'), notes);
		stage_close(&s);
	}
}

/* ---- actors -------------------------------------------------------------------------------- */

/* one that is through touches nothing; one that may do anything, everything */
static void actors_that_do_not_go_in_order(void)
{
	struct zsim_footprint foot[ZSIM_MAX_PLAYERS];
	struct stage s;

	stage_open(&s, MACHINE "actor A in order\n"
			       "@A load 1\n"
			       "actor B any 1\n"
			       "@B load 3\n"
			       "actor C when queued\n"
			       "@C worker\n");
	zsim_footprint_players(&s.w, foot);
	CU_ASSERT_TRUE(zsim_footprint_clash(&foot[0], &foot[1]));
	CU_ASSERT_TRUE(zsim_footprint_clash(&foot[0], &foot[2]));
	CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(0, 0)), 0);
	CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(1, 0)), 0);
	zsim_footprint_players(&s.w, foot);
	for (int p = 0; p < 2; p++)
		CU_ASSERT_EQUAL(foot[p].reads | foot[p].writes | foot[p].adds, 0);
	stage_close(&s);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(events_on_one_slot_clash),
	ZSIM_CASE(events_on_one_list_clash),
	ZSIM_CASE(stores_and_the_pool_clash),
	ZSIM_CASE(what_touches_everything_clashes),
	ZSIM_CASE(events_that_have_nothing_in_common),
	ZSIM_CASE(failures_clash),
	ZSIM_CASE(a_walk_touches_its_own_list),
	ZSIM_CASE(a_writeback_touches_its_slot),
	ZSIM_CASE(a_store_under_way_clashes_with_stores),
	ZSIM_CASE(who_holds_a_group_that_left_clashes),
	ZSIM_CASE(properties_look_around),
	ZSIM_CASE(a_beginning_that_notes_looks_around),
	ZSIM_CASE(actors_that_do_not_go_in_order),
};
ZSIM_SUITE_MAIN("footprint", cases)
