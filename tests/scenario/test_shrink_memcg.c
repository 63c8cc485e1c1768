/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink_memcg() of the three algorithms: model.md 5.1, 5.2 and 5.6.
 *
 * A store over memory.zswap.max calls it: with one visit a node in linux-7.2, 32 in
 * linux-7.3, and a budget of as many visits as there are nodes in proactive-v5.
 */
#include <stdio.h>

#include "support/scene.h"
#include "support/suite.h"

/* node 0: 1* 2*   node 1: 11*   and no room left */
static void two_nodes(struct scene *sc, const char *algo)
{
	scene_open(sc, algo);
	scene_play(sc, "machine nodes=2\n"
		       "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "store 2 /g 0 100 = ok\n"
		       "store 11 /g 1 100 = ok\n"
		       "write /g memory.zswap.max 0 = 0\n");
}

/* one visit a node: only bits are cleared, EAGAIN; then 11 has none left, 0 */
static void linux_7_2_visits_one_a_node(void)
{
	struct scene sc;

	two_nodes(&sc, "linux-7.2");
	scene_play(&sc, "store 3 /g 0 100 = rejected\n");
	scene_log(&sc, walks, "/g.0(1) /g.1(1)");
	scene_log(&sc, visits, "1r 11r");
	scene_play(&sc, "store 3 /g 0 100 = ok\n");
	scene_log(&sc, visits, "1r 11r 2r 11w");
	scene_list(&sc, "/g", 0, "1 2 3*");
	scene_list(&sc, "/g", 1, "");
	scene_number(zsim_written_by(sc.zs, ZSIM_CAUSE_STORE), 1);
	scene_close(&sc);
}

/* 32 visits a node: 1 and 2 are met again; 11 is alone, so once */
static void linux_7_3_visits_32_a_node(void)
{
	struct scene sc;

	two_nodes(&sc, "linux-7.3");
	scene_play(&sc, "store 3 /g 0 100 = ok\n");
	scene_log(&sc, walks, "/g.0(32) /g.1(32)");
	scene_log(&sc, visits, "1r 2r 1w 2w 11r");
	scene_list(&sc, "/g", 0, "3*");
	scene_list(&sc, "/g", 1, "11");
	scene_close(&sc);
}

/* a budget of 2, which node 0 uses up: 0 bytes, then 200 */
static void patch_has_one_budget(void)
{
	struct scene sc;

	two_nodes(&sc, "proactive-v5");
	scene_play(&sc, "store 3 /g 0 100 = rejected\n"
			"store 3 /g 0 100 = ok\n");
	scene_log(&sc, walks, "/g.0(2) /g.0(2)");
	scene_log(&sc, visits, "1r 2r 1w 2w");
	scene_list(&sc, "/g", 1, "11*");
	scene_close(&sc);
}

/* nothing to scan is ENOENT: no store is taken for that, in any algorithm */
static void empty_group_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "write /g memory.zswap.max 0 = 0\n"
		       "store 1 /g 0 100 = rejected\n");
	scene_log(sc, visits, "");
	scene_counter(sc, POOL_LIMIT_HIT, 0);
	scene_counter(sc, REJECT_RECLAIM_FAIL, 0);
}

static void empty_group(void)
{
	scene_every(empty_group_in);
}

/* writeback not enabled, by the group or by an ancestor, root included: no visit */
static void writeback_not_enabled_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p/g 0 100 = ok\n"
		       "write /p/g memory.zswap.max 0 = 0\n"
		       "write /p/g memory.zswap.writeback 0 = 0\n"
		       "store 2 /p/g 0 100 = rejected\n"
		       "write /p/g memory.zswap.writeback 1 = 0\n"
		       "write /p memory.zswap.writeback 0 = 0\n"
		       "store 2 /p/g 0 100 = rejected\n"
		       "write /p memory.zswap.writeback 1 = 0\n"
		       "write / memory.zswap.writeback 0 = 0\n"
		       "store 2 /p/g 0 100 = rejected\n");
	scene_log(sc, visits, "");
	scene_play(sc, "write / memory.zswap.writeback 1 = 0\n"
		       "store 2 /p/g 0 100 = rejected\n");
	scene_log(sc, visits, "1r");
}

static void writeback_not_enabled(void)
{
	scene_every(writeback_not_enabled_in);
}

/* node 0: 1 2 3 without bits, 1 in the swap cache, and no room left */
static void cached_head(struct scene *sc, const char *algo)
{
	scene_open(sc, algo);
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /g\n");
	scene_stores(sc, 1, 3, "/g", 0, 100);
	scene_play(sc, "shrinker /g 0 3 = stop\n"
		       "cache 1 = 0\n"
		       "write /g memory.zswap.max 0 = 0\n");
	scene_forget(sc);
}

/* the released kernels go on at a page in the swap cache (4, 3) */
static void collision_in_linux_7_2(void)
{
	struct scene sc;

	cached_head(&sc, "linux-7.2");
	scene_play(&sc, "store 4 /g 0 100 = rejected\n");
	scene_log(&sc, visits, "1x");
	scene_list(&sc, "/g", 0, "2 3 1");
	scene_play(&sc, "store 4 /g 0 100 = ok\n");
	scene_log(&sc, visits, "1x 2w");
	scene_counter(&sc, REJECT_RECLAIM_FAIL, 1);
	scene_close(&sc);
}

/* 1, then 2 and 3 are written, then 1 again until the 32 visits are used up: 30 of 32 fail */
static void collision_in_linux_7_3(void)
{
	struct scene sc;

	cached_head(&sc, "linux-7.3");
	scene_play(&sc, "store 4 /g 0 100 = ok\n");
	scene_log(&sc, visits,
		  "1x 2w 3w"
		  " 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x"
		  " 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x 1x");
	scene_counter(&sc, REJECT_RECLAIM_FAIL, 30);
	scene_counter(&sc, WRITTEN_BACK_PAGES, 2);
	scene_close(&sc);
}

/* the patch stops there */
static void collision_in_the_patch(void)
{
	struct scene sc;

	cached_head(&sc, "proactive-v5");
	scene_play(&sc, "store 4 /g 0 100 = rejected\n");
	scene_log(&sc, visits, "1s");
	scene_play(&sc, "store 4 /g 0 100 = ok\n");
	scene_log(&sc, visits, "1s 2w");
	scene_close(&sc);
}

/*
 * 5.2: node 0 gets min(3, 3) visits and stops after one; the two left go to node 1,
 * min(2, 2). Without that it would get none.
 */
static void patch_gives_back_what_is_unused(void)
{
	struct zsim_config config = scene_config("proactive-v5");
	struct scene sc;

	CU_ASSERT_EQUAL_FATAL(zsim_algo_set(&config.algo, "batch", 3), 0);
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	scene_play(&sc, "machine nodes=2\n"
			"param shrinker_enabled 1\n"
			"mkdir /g\n");
	scene_stores(&sc, 1, 3, "/g", 0, 100);
	scene_stores(&sc, 11, 2, "/g", 1, 100);
	scene_play(&sc, "shrinker /g 0 3 = stop\n"
			"shrinker /g 1 2 = stop\n"
			"cache 1 = 0\n");
	scene_forget(&sc);
	scene_play(&sc, "write /g memory.reclaim 200 source=zswap = 0\n");
	scene_log(&sc, walks, "/g.0(3) /g.1(2)");
	scene_log(&sc, visits, "1s 11w 12w");
	scene_request(&sc, 0, NONE, 200, 1);
	scene_close(&sc);
}

/* the walk's list is emptied before its first visit: no budget is used, ENOENT */
static void patch_finds_the_list_emptied(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"@R write /g memory.reclaim 1M source=zswap = step\n"
			"@R step = walk\n"
			"load 1 = 0\n"
			"@R step = step\n");
	scene_log(&sc, walks, "/g.0(1)");
	scene_log(&sc, steps, "0");
	scene_play(&sc, "@R finish = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 0, 32);
	scene_close(&sc);
}

/* entries on node 1 only: node 0 is skipped, not walked */
static void patch_skips_empty_nodes(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "machine nodes=3\n"
			"mkdir /g\n"
			"store 1 /g 1 100 = ok\n"
			"write /g memory.reclaim 1 source=zswap = 0\n");
	scene_log(&sc, walks, "/g.1(1) /g.1(1)");
	scene_close(&sc);
}

/* the released kernels walk every node, whatever the list's length */
static void linux_7_2_walks_empty_nodes(void)
{
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	scene_play(&sc, "machine nodes=3\n"
			"mkdir /g\n"
			"store 1 /g 1 100 = ok\n"
			"write /g memory.zswap.max 0 = 0\n"
			"store 2 /g 1 100 = rejected\n");
	scene_log(&sc, walks, "/g.0(1) /g.1(1) /g.2(1)");
	scene_log(&sc, visits, "1r");
	scene_close(&sc);
}

/*
 * Fresh entries n and 32 visits: n are rotated (one alone ends the walk), then the
 * visits that are left meet the first ones again: min(n, 32 - n) are written.
 */
static uint32_t lost_in_linux_7_3(uint32_t n)
{
	if (n == 1 || n >= 32)
		return 0;
	return n < 32 - n ? n : 32 - n;
}

static uint64_t written_of(const char *algo, uint32_t n)
{
	struct scene sc;
	uint64_t written;

	scene_open(&sc, algo);
	scene_play(&sc, "mkdir /g\n");
	scene_stores(&sc, 1, n, "/g", 0, 100);
	scene_play(&sc, "write /g memory.zswap.max 0 = 0\n");
	scene_play(&sc, !strcmp(algo, "linux-7.3") && lost_in_linux_7_3(n) ?
				"store 1000 /g 0 100 = ok\n" :
				"store 1000 /g 0 100 = rejected\n");
	written = zsim_counter(sc.zs, ZSIM_COUNTER_WRITTEN_BACK_PAGES);
	scene_close(&sc);
	return written;
}

static void second_chance_is_lost_in_linux_7_3(void)
{
	for (uint32_t n = 1; n <= 33; n++) {
		scene_number(written_of("linux-7.3", n), lost_in_linux_7_3(n));
		scene_number(written_of("linux-7.2", n), 0);
		scene_number(written_of("proactive-v5", n), 0);
	}
	scene_number(lost_in_linux_7_3(16), 16);
	scene_number(lost_in_linux_7_3(31), 1);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(linux_7_2_visits_one_a_node),
	ZSIM_CASE(linux_7_3_visits_32_a_node),
	ZSIM_CASE(patch_has_one_budget),
	ZSIM_CASE(empty_group),
	ZSIM_CASE(writeback_not_enabled),
	ZSIM_CASE(collision_in_linux_7_2),
	ZSIM_CASE(collision_in_linux_7_3),
	ZSIM_CASE(collision_in_the_patch),
	ZSIM_CASE(patch_gives_back_what_is_unused),
	ZSIM_CASE(patch_finds_the_list_emptied),
	ZSIM_CASE(patch_skips_empty_nodes),
	ZSIM_CASE(linux_7_2_walks_empty_nodes),
	ZSIM_CASE(second_chance_is_lost_in_linux_7_3),
};
ZSIM_SUITE_MAIN("shrink_memcg", cases)
