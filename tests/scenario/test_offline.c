/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A group's offline met half-way: model.md 3.3 in steps. The lists go node by node,
 * the charges last; whatever happens between two steps finds a sound state.
 */
#include "engine/run.h"
#include "support/scene.h"
#include "support/suite.h"

/* before: /p  0: 1*     /p/g  0: 3* 4*  1: 5* */
#define GROUND                          \
	"machine nodes=2\n"             \
	"param shrinker_enabled 1\n"    \
	"mkdir /p\nmkdir /p/g\n"        \
	"store 1 /p 0 100 = ok\n"       \
	"store 3 /p/g 0 100 200 = ok\n" \
	"store 5 /p/g 1 400 = ok\n"     \
	"rmdir /p/g deferred = 0\n"

static void sound(struct scene *sc)
{
	scene_number(zsim_verify(sc->zs), 0);
}

static void lists_go_first_in(struct scene *sc)
{
	zsim_memcg g;

	scene_play(sc, GROUND);
	g = scene_group(sc, "/p/g");
	scene_play(sc, "@O offline /p/g = reparent\n");
	sound(sc);
	scene_list(sc, "/p/g", 0, "3* 4*");
	scene_play(sc, "@O step = reparent\n");
	sound(sc);
	scene_list(sc, "/p", 0, "3* 4* 1*");
	scene_list(sc, "/p/g", 0, "");
	scene_list(sc, "/p/g", 1, "5*");
	scene_stat(sc, "/p/g", ZSWAP, 700);
	scene_number(zsim_state(sc->zs, g), ZSIM_MEMCG_DYING);
	scene_play(sc, "@O step = reparent\n");
	sound(sc);
	scene_list(sc, "/p", 1, "5*");
	scene_stat(sc, "/p/g", ZSWAP, 700);
	scene_play(sc, "@O step = 0\n");
	sound(sc);
	scene_number((int64_t)zsim_stat(sc->zs, g, ZSIM_STAT_ZSWAP), 0);
	scene_stat(sc, "/p", ZSWAP, 800);
	scene_number(zsim_state(sc->zs, g), ZSIM_MEMCG_FREED);
	scene_play(sc, "@O finish = 0\n"
		       "load 3 = 0\ninvalidate 4 = 0\nload 5 = 0\n");
	scene_stat(sc, "/p", ZSWAP, 100);
}

static void lists_go_first(void)
{
	scene_every(lists_go_first_in);
}

/* pages come and go between the steps: the list is the heir's by then, the charge is not */
static void pages_between_the_steps_in(struct scene *sc)
{
	scene_play(sc, GROUND "@O offline /p/g = reparent\n"
			      "@O step = reparent\n"
			      "load 3 = 0\n"
			      "store 6 /p/g 0 1000 = ok\n"
			      "store 7 /p/g 1 2000 = ok\n"
			      "swapin /p/g 0\nswapin /p/g 1 3\n");
	sound(sc);
	scene_list(sc, "/p", 0, "4* 1* 6*");
	scene_list(sc, "/p/g", 1, "5* 7*");
	scene_stat(sc, "/p/g", ZSWAP, 3600);
	scene_stat(sc, "/p/g", ZSWPIN, 1);
	scene_play(sc, "@O step = reparent\n"
		       "store 7 /p/g 1 4096 = ok\n");
	sound(sc);
	scene_list(sc, "/p", 1, "5* 7*");
	scene_stat(sc, "/p/g", ZSWAP_INCOMP, 4096);
	scene_play(sc, "@O finish = 0\n"
		       "store 8 /p/g 1 50 = ok\n"); /* a late one */
	scene_list(sc, "/p", 1, "5* 7* 8*");
	scene_stat(sc, "/p", ZSWAP, 100 + 200 + 400 + 1000 + 4096 + 50);
	scene_stat(sc, "/p", ZSWPIN, 1);
}

static void pages_between_the_steps(void)
{
	scene_every(pages_between_the_steps_in);
}

static uint64_t digest_after(const char *algo, const char *lines)
{
	struct scene sc;
	uint64_t digest;

	scene_open(&sc, algo);
	scene_play(&sc, lines);
	digest = zsim_digest(sc.zs);
	scene_close(&sc);
	return digest;
}

#define UNHURRIED(path) "@O offline " path " = reparent\n@O finish = 0\n"

/* step by step or at once: the same in the end */
static void ends_alike(void)
{
	const struct zsim_algo *algo;

	for (size_t i = 0; (algo = zsim_algo_at(i)); i++) {
		CU_ASSERT_EQUAL(digest_after(algo->name, GROUND "offline /p/g = 0\n"),
				digest_after(algo->name, GROUND UNHURRIED("/p/g")));
		CU_ASSERT_EQUAL(digest_after(algo->name, GROUND "rmdir /p\noffline /p/g = 0\n"),
				digest_after(algo->name, GROUND "rmdir /p\n" UNHURRIED("/p/g")));
	}
}

/* a walker in the list that moves: it writes what it has, and finds the list dead */
static void walker_loses_its_list_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /p\nmkdir /p/g\n");
	scene_stores(sc, 1, 3, "/p/g", 0, 100);
	scene_play(sc, "shrinker /p/g 0 3 = stop\n"
		       "rmdir /p/g deferred = 0\n"
		       "@S shrinker /p/g 0 3 = walk\n"
		       "@S step = unlocked\n"
		       "@O offline /p/g = reparent\n"
		       "@O step = reparent\n"
		       "@T shrinker /p/g 0 3 = stop\n"); /* there is no visit to make */
	sound(sc);
	scene_list(sc, "/p", 0, "2 3 1");
	scene_play(sc, "@S step = cached\n"
		       "@O finish = 0\n"
		       "@S step = walk\n");
	scene_list(sc, "/p", 0, "2 3");
	scene_stat(sc, "/p", ZSWPWB, 1);
	scene_play(sc, "@S step = 1\n");
	scene_log(sc, visits, "1r 2r 3r 1w");
}

static void walker_loses_its_list(void)
{
	scene_every(walker_loses_its_list_in);
}

/* the same before its first visit: it makes none */
static void list_dies_before_the_walk_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "rmdir /g deferred = 0\n"
		       "@S shrinker /g 0 3 = walk\n"
		       "@O offline /g = reparent\n"
		       "@O step = reparent\n"
		       "@S finish = stop\n"
		       "@O step = 0\n");
	scene_log(sc, visits, "");
	scene_list(sc, "/", 0, "1*");
}

static void list_dies_before_the_walk(void)
{
	scene_every(list_dies_before_the_walk_in);
}

/* a dead list has no entries to plan for, though the group is not offline yet */
static void budgets_of_a_dead_list(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, GROUND "@O offline /p/g = reparent\n"
			       "@O step = reparent\n"
			       "write /p/g memory.zswap.max 0 = 0\n"
			       "store 9 /p/g 0 100 = rejected\n");
	scene_log(&sc, walks, "/p/g.1(1)");
	scene_play(&sc, "slab /p/g 0 0 = 0\n");
	scene_log(&sc, slab, "count(0,0,0,0)");
	scene_forget(&sc);
	scene_play(&sc, "@O step = reparent\n"
			"store 9 /p/g 0 100 = rejected\n"
			"slab /p/g 1 0 = 0\n");
	scene_log(&sc, walks, "");
	scene_log(&sc, slab, "count(0,0,0,0)");
	scene_play(&sc, "@O finish = 0\n");
	scene_close(&sc);
}

/* the kernel holds a mutex over each: another group waits until this one is through */
static void one_at_a_time_in(struct scene *sc)
{
	zsim_memcg b, c, e;

	scene_play(sc, "mkdir /a\nmkdir /b\nmkdir /c\nmkdir /d\nmkdir /d/e\n"
		       "store 1 /c 0 100 = ok\n"
		       "rmdir /a deferred = 0\n"
		       "rmdir /b deferred = 0\n");
	b = scene_group(sc, "/b");
	c = scene_group(sc, "/c");
	e = scene_group(sc, "/d/e");
	scene_play(sc, "@O offline /a = reparent\n"
		       "offline /a = -EBUSY\n"
		       "offline /b = -EBUSY\n"
		       "@P offline /b = -EBUSY\n"
		       "rmdir /c = 0\n"
		       "rmdir /d/e = 0\n"
		       "rmdir /d = 0\n");
	scene_number(zsim_offline(sc->zs, b), -16);
	scene_number(zsim_state(sc->zs, c), ZSIM_MEMCG_DYING);
	sound(sc);
	/* those of a plain rmdir follow at once, children first */
	scene_play(sc, "@O finish = 0\n");
	sound(sc);
	scene_number(zsim_state(sc->zs, c), ZSIM_MEMCG_FREED);
	scene_number(zsim_state(sc->zs, e), ZSIM_MEMCG_FREED);
	scene_number(zsim_lookup(sc->zs, "/d"), ZSIM_MEMCG_NONE);
	scene_number(zsim_state(sc->zs, b), ZSIM_MEMCG_DYING);
	scene_list(sc, "/", 0, "1*");
	scene_play(sc, "@P offline /b = reparent\n"
		       "@P finish = 0\n"
		       "@P finish = 0\n");
	scene_number(zsim_state(sc->zs, b), ZSIM_MEMCG_FREED);
}

static void one_at_a_time(void)
{
	scene_every(one_at_a_time_in);
}

/* a parent that only waited for its last child is taken along when that child is through */
static void parent_follows_in(struct scene *sc)
{
	zsim_memcg p;

	scene_play(sc, GROUND "rmdir /p = 0\n");
	p = scene_group(sc, "/p");
	scene_play(sc, "offline /p = -16\n"
		       "@O offline /p/g = reparent\n"
		       "@O step 2 = reparent\n"
		       "offline /p = -16\n");
	scene_number(zsim_state(sc->zs, p), ZSIM_MEMCG_DYING);
	scene_play(sc, "@O step = 0\n");
	scene_number(zsim_state(sc->zs, p), ZSIM_MEMCG_FREED);
	scene_list(sc, "/", 0, "3* 4* 1*");
	scene_list(sc, "/", 1, "5*");
}

static void parent_follows(void)
{
	scene_every(parent_follows_in);
}

/* the cursor is away at once, and does not come back to a dying group */
static void cursor_leaves_first(void)
{
	struct scene sc;
	zsim_memcg a;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param accept_threshold_percent 0\n"
			"param shrinker_enabled 1\n"
			"mkdir /a\nmkdir /b\n"
			"store 1 /a 0 100 = ok\n"
			"shrinker /a 0 1 = stop\n"
			"worker = 0\n");
	a = scene_group(&sc, "/a");
	scene_number(sc.zs->st.cursor, a);
	scene_play(&sc, "rmdir /a deferred = 0\n"
			"@O offline /a = reparent\n");
	scene_number(sc.zs->st.cursor, scene_group(&sc, "/b"));
	scene_play(&sc, "store 1 /a 0 100 = ok\n"
			"worker = 0\n");
	CU_ASSERT_NOT_EQUAL(sc.zs->st.cursor, a);
	scene_play(&sc, "@O finish = 0\n");
	scene_close(&sc);
}

/* the new group at the path is none of its business */
static void path_is_used_meanwhile_in(struct scene *sc)
{
	zsim_memcg old;

	scene_play(sc, GROUND);
	old = scene_group(sc, "/p/g");
	scene_play(sc, "@O offline /p/g = reparent\n"
		       "mkdir /p/g = 0\n"
		       "store 20 /p/g 0 100 = ok\n"
		       "rmdir /p/g deferred = 0\n"
		       "offline /p/g = -EBUSY\n"
		       "@O finish = 0\n");
	scene_number(zsim_state(sc->zs, old), ZSIM_MEMCG_FREED);
	scene_list(sc, "/p/g", 0, "20*");
	scene_play(sc, "offline /p/g = 0\n");
	scene_list(sc, "/p", 0, "20* 3* 4* 1*");
}

static void path_is_used_meanwhile(void)
{
	scene_every(path_is_used_meanwhile_in);
}

/* copied and hashed in the middle of it */
static void copies_go_on_alone(void)
{
	struct scene sc;
	struct zsim *first;
	uint64_t digest;

	scene_open(&sc, "linux-7.3");
	scene_play(&sc, GROUND "@O offline /p/g = reparent\n");
	digest = zsim_digest(sc.zs);
	scene_play(&sc, "@O step = reparent\n");
	CU_ASSERT_NOT_EQUAL(zsim_digest(sc.zs), digest);
	first = sc.zs;
	sc.zs = zsim_clone(first, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc.zs);
	scene_number(zsim_digest(sc.zs) == zsim_digest(first), 1);
	scene_play(&sc, "rmdir /p = 0\n@O finish = 0\n");
	scene_list(&sc, "/", 0, "3* 4* 1*");
	scene_close(&sc);
	sc.zs = first;
	scene_play(&sc, "@O finish = 0\n");
	scene_list(&sc, "/p", 0, "3* 4* 1*");
	scene_close(&sc);
}

/* a simulator that is freed half-way, or told to give the call up, leaves a group offline */
static void given_up_half_way(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, GROUND "@O offline /p/g = reparent\n"
			       "@O step = reparent\n");
	zsim_call_cancel(&sc.zs->st, &sc.zs->runs->call);
	scene_number(sc.zs->st.offlining, ZSIM_MEMCG_NONE);
	scene_list(&sc, "/p", 1, "5*");
	scene_quit(&sc);
	scene_open(&sc, "proactive-v5");
	scene_play(&sc, GROUND "@O offline /p/g = reparent\n");
	scene_quit(&sc);
}

static void what_is_refused(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /a\nmkdir /a/b\n");
	scene_refused(&sc, "@O offline /none\n", -2, "unknown group: /none");
	scene_refused(&sc, "@O offline /a\n", -22, "not dying: /a");
	scene_play(&sc, "rmdir /a/b deferred = 0\nrmdir /a deferred = 0\n"
			"@O offline /a = -16\n"
			"@O offline /a/b = reparent\n");
	scene_refused(&sc, "@O offline /a\n", -22, "suspended in a call already");
	scene_refused(&sc, "", -22, "while O is suspended");
	scene_play(&sc, "@O finish = 0\n");
	scene_refused(&sc, "@O offline /a/b\n", -2, "group was removed: /a/b");
	scene_play(&sc, "offline /a = 0\n");
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(lists_go_first),
	ZSIM_CASE(pages_between_the_steps),
	ZSIM_CASE(ends_alike),
	ZSIM_CASE(walker_loses_its_list),
	ZSIM_CASE(list_dies_before_the_walk),
	ZSIM_CASE(budgets_of_a_dead_list),
	ZSIM_CASE(one_at_a_time),
	ZSIM_CASE(parent_follows),
	ZSIM_CASE(cursor_leaves_first),
	ZSIM_CASE(path_is_used_meanwhile),
	ZSIM_CASE(copies_go_on_alone),
	ZSIM_CASE(given_up_half_way),
	ZSIM_CASE(what_is_refused),
};
ZSIM_SUITE_MAIN("offline", cases)
