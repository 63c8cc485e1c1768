/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups from mkdir to freed: model.md 1, 3.3 and 7.
 */
#include "support/scene.h"
#include "support/suite.h"

static void made_and_removed_in(struct scene *sc)
{
	scene_play(sc, "mkdir / = -17\n"
		       "mkdir /a = 0\n"
		       "mkdir /a = -EEXIST\n"
		       "mkdir /x/y = -ENOENT\n"
		       "mkdir /a/b = 0\n"
		       "rmdir /a = -16\n" /* a live child */
		       "rmdir / = -EBUSY\n"
		       "rmdir /a/b = 0\n"
		       "rmdir /a = 0\n"
		       "mkdir /a/b = -2\n"
		       "mkdir /a = 0\n");
	scene_refused(sc, "rmdir /none\n", -2, "unknown group: /none");
	scene_refused(sc, "store 1 /none 0 100\n", -2, "unknown group: /none");
	scene_refused(sc, "offline /none\n", -2, "unknown group: /none");
	scene_refused(sc, "offline /a\n", -22, "not dying: /a");
	scene_refused(sc, "offline /\n", -22, "not dying: /");
	scene_refused(sc, "swapin /none 0\n", -2, "unknown group");
	scene_refused(sc, "slab /none 0 0\n", -2, "unknown group");
	scene_refused(sc, "shrinker /none 0 1\n", -2, "unknown group");
	scene_refused(sc, "store 1 /a 1 100\n", -34, "no such node: 1");
	scene_refused(sc, "swapin /a 1\n", -34, "no such node: 1");
	scene_refused(sc, "shrinker /a 1 1\n", -34, "no such node: 1");
}

static void made_and_removed(void)
{
	scene_every(made_and_removed_in);
}

/* before: /p 1* 2*   /p/g 3* 4*   after: /p 3* 4* 1* 2*, in order at the head, by node */
static void lists_move_to_the_head_in(struct scene *sc)
{
	zsim_memcg g;

	scene_play(sc, "machine nodes=2\n"
		       "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p 0 100 = ok\n"
		       "store 3 /p/g 0 100 = ok\n"
		       "store 2 /p 0 100 = ok\n"
		       "store 4 /p/g 0 100 = ok\n"
		       "store 5 /p/g 1 100 = ok\n");
	g = scene_group(sc, "/p/g");
	scene_play(sc, "rmdir /p/g = 0\n");
	scene_list(sc, "/p", 0, "3* 4* 1* 2*");
	scene_list(sc, "/p", 1, "5*");
	scene_stat(sc, "/p", ZSWAP, 500);
	/* freed, still named by its entries */
	scene_number(zsim_state(sc->zs, g), ZSIM_MEMCG_FREED);
	scene_number((int64_t)zsim_stat(sc->zs, g, ZSIM_STAT_ZSWAP), 0);
	scene_number((int64_t)zsim_stat(sc->zs, g, ZSIM_STAT_ZSWPOUT), 3);
	scene_play(sc, "rmdir /p = 0\n");
	scene_list(sc, "/", 0, "3* 4* 1* 2*");
	scene_stat(sc, "/", ZSWAP, 500);
}

static void lists_move_to_the_head(void)
{
	scene_every(lists_move_to_the_head_in);
}

/* an offline group's entries count for the nearest living ancestor, and leave its charges */
static void events_of_the_dead_in(struct scene *sc)
{
	zsim_memcg g, c;

	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /p\nmkdir /p/g\nmkdir /p/g/c\n"
		       "store 1 /p/g/c 0 4096 = ok\n"
		       "store 2 /p/g/c 0 1000 = ok\n"
		       "store 3 /p/g/c 0 1000 = ok\n");
	g = scene_group(sc, "/p/g");
	c = scene_group(sc, "/p/g/c");
	scene_play(sc, "rmdir /p/g/c = 0\n");
	scene_stat(sc, "/p/g", ZSWAP, 6096);
	scene_play(sc, "rmdir /p/g = 0\n");
	scene_list(sc, "/p", 0, "1* 2* 3*");
	scene_play(sc, "load 1 = 0\n"
		       "shrinker /p 0 3 = 1\n"
		       "invalidate 3 = 0\n");
	scene_stat(sc, "/p", ZSWAP, 0);
	scene_stat(sc, "/p", ZSWAP_INCOMP, 0);
	scene_stat(sc, "/p", ZSWPIN, 1);
	scene_stat(sc, "/p", ZSWPWB, 1);
	scene_stat(sc, "/p", ZSWPOUT, 3);
	scene_number(zsim_state(sc->zs, g), ZSIM_MEMCG_FREED);
	scene_number(zsim_state(sc->zs, c), ZSIM_MEMCG_FREED);
}

static void events_of_the_dead(void)
{
	scene_every(events_of_the_dead_in);
}

/* the path may be used again at once: the new group begins at 0, the old one keeps its own */
static void path_is_used_again_in(struct scene *sc)
{
	zsim_memcg old, new;

	scene_play(sc, "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "write /g memory.zswap.max 1M = 0\n"
		       "rmdir /g deferred = 0\n");
	old = scene_group(sc, "/g");
	scene_play(sc, "rmdir /g = -ENOENT\n"
		       "write /g memory.zswap.max 2M = 0\n" /* PATH also while it is dying */
		       "mkdir /g = 0\n");
	new = scene_group(sc, "/g");
	CU_ASSERT_NOT_EQUAL(old, new);
	scene_stat(sc, "/g", ZSWAP, 0);
	scene_play(sc, "store 2 /g 0 200 = ok\n");
	scene_stat(sc, "/g", ZSWAP, 200);
	scene_number(zsim_stat(sc->zs, old, ZSIM_STAT_ZSWAP), 100);
	scene_play(sc, "offline /g = 0\n"); /* the one that is dying */
	scene_number(zsim_state(sc->zs, old), ZSIM_MEMCG_FREED);
	scene_refused(sc, "offline /g\n", -22, "not dying: /g");
	scene_list(sc, "/", 0, "1*");
	scene_list(sc, "/g", 0, "2*");
}

static void path_is_used_again(void)
{
	scene_every(path_is_used_again_in);
}

/* two of them are dying, a third is there: `offline` ends the one that was made last */
static void two_are_dying_in(struct scene *sc)
{
	zsim_memcg first, second;

	scene_play(sc, "mkdir /g\nstore 1 /g 0 100 = ok\n");
	first = scene_group(sc, "/g");
	scene_play(sc, "rmdir /g deferred = 0\nmkdir /g\nstore 2 /g 0 100 = ok\n");
	second = scene_group(sc, "/g");
	scene_play(sc, "rmdir /g deferred = 0\nmkdir /g\n"
		       "offline /g = 0\n");
	scene_list(sc, "/", 0, "2*");
	scene_number(zsim_state(sc->zs, first), ZSIM_MEMCG_DYING);
	scene_number(zsim_state(sc->zs, second), ZSIM_MEMCG_FREED);
	scene_play(sc, "offline /g = 0\n");
	scene_list(sc, "/", 0, "1* 2*");
}

static void two_are_dying(void)
{
	scene_every(two_are_dying_in);
}

/* once offline, the path is good for late stores and swap-ins only, until it is used again */
static void late_pages_in(struct scene *sc)
{
	scene_play(sc, "mkdir /a\nmkdir /b\n"
		       "store 1 /a 0 100 = ok\n"
		       "store 2 /b 0 100 = ok\n"
		       "rmdir /a = 0\n"
		       "rmdir /b deferred = 0\n"
		       "offline /b = 0\n"
		       "store 3 /b 0 100 = ok\n"
		       "swapin /b 0\n");
	scene_refused(sc, "shrinker /a 0 1\n", -2, "group was removed: /a");
	scene_refused(sc, "write /b memory.reclaim 1M\n", -2, "group was removed: /b");
	scene_refused(sc, "slab /b 0 0\n", -2, "group was removed: /b");
	scene_refused(sc, "rmdir /b\n", -2, "group was removed: /b");
	scene_refused(sc, "offline /b\n", -2, "group was removed: /b");
	/* the offline groups' lists are at the head of the root's, the last one first */
	scene_play(sc, "store 4 /a 0 100 = ok\n");
	scene_list(sc, "/", 0, "2* 1* 3* 4*");
	scene_stat(sc, "/", ZSWAP, 400);
	scene_play(sc, "mkdir /a = 0\n"
		       "store 5 /a 0 100 = ok\n");
	scene_list(sc, "/a", 0, "5*");
	/* nothing left behind: a plain rmdir frees it, a spelled-out life leaves its name */
	scene_play(sc, "mkdir /empty\nrmdir /empty = 0\n");
	scene_refused(sc, "store 6 /empty 0 100\n", -2, "unknown group: /empty");
	scene_play(sc, "mkdir /empty\nrmdir /empty deferred = 0\noffline /empty = 0\n"
		       "swapin /empty 0\n"
		       "store 6 /empty 0 100 = ok\n");
	scene_list(sc, "/", 0, "2* 1* 3* 4* 6*");
}

static void late_pages(void)
{
	scene_every(late_pages_in);
}

/* a child that is dying is no live child; its parent waits for it */
static void child_is_dying_in(struct scene *sc)
{
	zsim_memcg p;

	scene_play(sc, "mkdir /p\nmkdir /p/c\n"
		       "store 1 /p/c 0 100 = ok\n"
		       "rmdir /p/c deferred = 0\n"
		       "rmdir /p = 0\n");
	p = scene_group(sc, "/p");
	scene_number(zsim_state(sc->zs, p), ZSIM_MEMCG_DYING);
	scene_play(sc, "offline /p = -16\n"
		       "offline /p/c = 0\n"); /* and its parent with it */
	scene_list(sc, "/", 0, "1*");
	scene_refused(sc, "offline /p\n", -2, "group was removed: /p");
	scene_play(sc, "load 1 = 0\n");
	scene_number(zsim_state(sc->zs, p), ZSIM_MEMCG_FREED);
}

static void child_is_dying(void)
{
	scene_every(child_is_dying_in);
}

/* removed from the middle: the others keep their order */
static void siblings_keep_their_order_in(struct scene *sc)
{
	zsim_memcg m = ZSIM_MEMCG_NONE;
	char order[64] = "";

	scene_play(sc, "mkdir /a\nmkdir /b\nmkdir /b/x\nmkdir /c\nmkdir /a/y\n"
		       "rmdir /b/x = 0\nrmdir /b = 0\nmkdir /b\n");
	while ((m = zsim_next(sc->zs, m)) != ZSIM_MEMCG_NONE) {
		if (zsim_state(sc->zs, m) != ZSIM_MEMCG_ONLINE)
			continue;
		strcat(order, zsim_path(sc->zs, m));
		strcat(order, " ");
	}
	scene_text_at("order", order, "/ /a /a/y /c /b ", SCENE_HERE);
	scene_number(zsim_parent(sc->zs, scene_group(sc, "/a/y")), scene_group(sc, "/a"));
}

static void siblings_keep_their_order(void)
{
	scene_every(siblings_keep_their_order_in);
}

/* groups come and go by the hundred, with entries left behind: handles are used again */
static void many_generations_in(struct scene *sc)
{
	unsigned int groups = 0;

	for (uint64_t i = 0; i < 300; i++) {
		scene_play(sc, "mkdir /g = 0\nmkdir /g/c = 0\n");
		scene_stores(sc, 2 * i, 1, "/g", 0, 100);
		scene_stores(sc, 2 * i + 1, 1, "/g/c", 0, 100);
		scene_play(sc, "rmdir /g/c = 0\nrmdir /g = 0\n");
		if (i % 3 == 0)
			scene_number(zsim_invalidate(sc->zs, 2 * i), 0);
	}
	scene_stat(sc, "/", ZSWAP, 500 * 100);
	for (uint64_t i = 0; i < 600; i++)
		zsim_load(sc->zs, i);
	scene_stat(sc, "/", ZSWAP, 0);
	scene_stat(sc, "/", ZSWPIN, 500);
	/* no more names are left than the last ones at the two paths */
	for (zsim_memcg m = ZSIM_MEMCG_NONE; (m = zsim_next(sc->zs, m)) != ZSIM_MEMCG_NONE;)
		groups++;
	CU_ASSERT(groups <= 3);
}

static void many_generations(void)
{
	scene_every(many_generations_in);
}

/* several groups leave at once while a store is between its walk and its entry */
static void group_leaves_under_a_store_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p/g 0 100 = ok\n"
		       "store 2 /p/g 0 100 = ok\n"
		       "write /p/g memory.zswap.max 0 = 0\n"
		       "@S store 3 /p/g 0 100 = walk\n"
		       "rmdir /p/g = 0\n"
		       "mkdir /p/g = 0\n"
		       "@S finish = rejected\n"); /* nothing is left to scan: ENOENT */
	scene_list(sc, "/p", 0, "1* 2*");
	scene_list(sc, "/p/g", 0, "");
	scene_stat(sc, "/p", ZSWPOUT, 2);
}

static void group_leaves_under_a_store(void)
{
	scene_every(group_leaves_under_a_store_in);
}

/* the same, after its walk wrote a page: the entry goes to the parent's list */
static void store_ends_in_the_parent(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\n"
			"mkdir /p\nmkdir /p/g\n"
			"store 1 /p/g 0 100 = ok\n"
			"shrinker /p/g 0 1 = stop\n"
			"write /p/g memory.zswap.max 0 = 0\n"
			"@S store 3 /p/g 0 100 = walk\n"
			"@S step 2 = cached\n"
			"rmdir /p/g = 0\n"
			"@S finish = ok\n");
	scene_list(&sc, "/p", 0, "3*");
	scene_stat(&sc, "/p", ZSWAP, 100);
	scene_stat(&sc, "/p", ZSWPWB, 1);
	scene_stat(&sc, "/p", ZSWPOUT, 2);
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(made_and_removed),
	ZSIM_CASE(lists_move_to_the_head),
	ZSIM_CASE(events_of_the_dead),
	ZSIM_CASE(path_is_used_again),
	ZSIM_CASE(two_are_dying),
	ZSIM_CASE(late_pages),
	ZSIM_CASE(child_is_dying),
	ZSIM_CASE(siblings_keep_their_order),
	ZSIM_CASE(many_generations),
	ZSIM_CASE(group_leaves_under_a_store),
	ZSIM_CASE(store_ends_in_the_parent),
};
ZSIM_SUITE_MAIN("life_cycle", cases)
