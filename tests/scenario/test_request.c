/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.reclaim with source=zswap: model.md 5.4 and the predictions of section 10.
 */
#include <stdio.h>

#include "support/scene.h"
#include "support/suite.h"

#define AGAIN "write /g memory.reclaim 1M source=zswap = -EAGAIN\n"
#define WROTE "write /g memory.reclaim 1M source=zswap = 0\n"

static void group_of(struct scene *sc, uint32_t entries, uint16_t length)
{
	scene_open(sc, "proactive-v5");
	scene_play(sc, "mkdir /g\n");
	scene_stores(sc, 1, entries, "/g", 0, length);
}

/* ---- cold-start cliff: 16 failures x 64 bits --------------------------------------- */

/*
 * 1023: 15 steps of 64 and one of 63 visits and one more: the 16th step clears the
 * last 63 bits and meets entry 1 again within its budget of 64, min(64, 1023), and
 * writes it. Then 64 a step: 1M is 1 + 512 entries of 2048 bytes at least: 1 + 8 x 64 =
 * 513 entries, 1050624 bytes. Passes of two steps: 24 x 2 - 1.
 */
static void cliff_of_1023(void)
{
	struct scene sc;

	group_of(&sc, 1023, 2048);
	scene_play(&sc, WROTE);
	scene_request(&sc, 0, NONE, 513 * 2048, 47);
	scene_number(sc.rq.rotated, 1023);
	scene_number(sc.rq.written, 513);
	scene_number(sc.rq.failures, 15);
	scene_close(&sc);
}

/* 16 x 64 bits and nothing written; the second request begins where that ended */
static void cliff_of_1024(void)
{
	struct scene sc;

	group_of(&sc, 1024, 2048);
	scene_play(&sc, AGAIN);
	scene_request(&sc, -11, REFERENCED_ONLY, 0, 31);
	scene_number(sc.rq.rotated, 1024);
	scene_number(sc.rq.failures, 16);
	scene_play(&sc, WROTE);
	scene_request(&sc, 0, NONE, 512 * 2048, 15);
	scene_close(&sc);
}

/* 3 x 1024 cleared, then 928 more in 14 steps and a half: 15 failures are not reached */
static void cliff_of_4000(void)
{
	struct scene sc;

	group_of(&sc, 4000, 2048);
	scene_play(&sc, AGAIN AGAIN AGAIN);
	scene_number(sc.rq.rotated, 1024);
	scene_counter(&sc, WRITTEN_BACK_PAGES, 0);
	scene_play(&sc, WROTE);
	scene_number(sc.rq.rotated, 4000 - 3 * 1024);
	/* 928 = 14 x 64 + 32: the 15th step writes 32, then 8 of 64: 544, as in edge.log */
	scene_number(sc.rq.written, 544);
	scene_number(sc.rq.failures, 14);
	scene_close(&sc);
}

/* ---- the other predictions ---------------------------------------------------------- */

/* one child after the other, in the order of the tree: the later ones never get a turn */
static void starvation(void)
{
	struct scene sc;
	char lines[128];

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /p\n");
	for (unsigned int i = 1; i <= 40; i++) {
		snprintf(lines, sizeof(lines), "mkdir /p/%u\n", i);
		scene_play(&sc, lines);
		snprintf(lines, sizeof(lines), "/p/%u", i);
		scene_stores(&sc, i * 1000, 300, lines, 0, 1024);
	}
	/* each child is a failure, whatever it has: 16 of them, 64 visits each */
	for (unsigned int i = 1; i <= 4; i++) {
		scene_play(&sc, "write /p memory.reclaim 100M source=zswap = -EAGAIN\n");
		scene_request(&sc, -11, REFERENCED_ONLY, 0, 17);
		scene_number(sc.rq.children, 40);
		scene_number(sc.rq.children_missed, 24);
	}
	/* 4 x 64 bits of 300 are cleared; the 5th clears 44 and writes 20 of each child */
	scene_play(&sc, "write /p memory.reclaim 1 source=zswap = 0\n");
	scene_stat(&sc, "/p/1", ZSWPWB, 20);
	scene_stat(&sc, "/p/16", ZSWPWB, 0);
	scene_number(zsim_list_length(sc.zs, scene_group(&sc, "/p/17"), 0), 300);
	scene_stat(&sc, "/p/17", ZSWPWB, 0);
	scene_close(&sc);
}

/* one byte asked, one batch written: 10 fresh entries, the second visit of each */
static void overshoot(void)
{
	struct scene sc;

	group_of(&sc, 10, 320);
	scene_play(&sc, "write /g memory.reclaim 1 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 3200, 3);
	scene_number(sc.rq.written, 10);
	scene_close(&sc);
}

/* the most that may be written beyond: 64 x 4096 - 1 */
static void overshoot_bound(void)
{
	struct scene sc;

	group_of(&sc, 64, 4096);
	scene_play(&sc, "write /g memory.reclaim 1 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 64 * 4096, 3);
	scene_number(sc.rq.bound, (1 + 17) * (1 + 1));
	scene_close(&sc);
}

/* a request that fits in node 0 never touches node 1 */
static void node_order(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "machine nodes=2\nmkdir /g\n");
	scene_stores(&sc, 1, 64, "/g", 0, 1024);
	scene_stores(&sc, 101, 64, "/g", 1, 1024);
	scene_play(&sc, "write /g memory.reclaim 64K source=zswap = 0\n");
	scene_log(&sc, walks, "/g.0(64) /g.0(64)");
	scene_number(sc.rq.written_node[0], 64);
	scene_number(sc.rq.written_node[1], 0);
	scene_number(sc.rq.left_node[1], 64);
	scene_number(zsim_list_length(sc.zs, scene_group(&sc, "/g"), 1), 64);
	scene_close(&sc);
}

/*
 * 300 entries, the first 40 in the swap cache (busy.log). Request 1: 4 x 64 + 44 bits,
 * and in that fifth step slot 1 stops the walk; steps 6 to 16 meet one each: 12 met. Request
 * 2: 13 to 28. Request 3: 29 to 40 are 12 failures, then 64 are written.
 */
static void collisions_at_the_head(void)
{
	struct scene sc;
	char line[32];

	group_of(&sc, 300, 1024);
	for (unsigned int i = 1; i <= 40; i++) {
		snprintf(line, sizeof(line), "cache %u = 0\n", i);
		scene_play(&sc, line);
	}
	scene_play(&sc, "write /g memory.reclaim 64K source=zswap = -EAGAIN\n");
	scene_number(sc.rq.why, ZSIM_WHY_REFERENCED_ONLY);
	scene_number(sc.rq.rotated, 300);
	scene_number(sc.rq.busy, 12);
	scene_play(&sc, "write /g memory.reclaim 64K source=zswap = -EAGAIN\n");
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_number(sc.rq.scanned, 16);
	scene_number(sc.rq.busy, 16);
	scene_play(&sc, "write /g memory.reclaim 64K source=zswap = 0\n");
	scene_number(sc.rq.busy, 12);
	scene_number(sc.rq.written, 64);
	scene_number(sc.rq.failures, 12);
	scene_close(&sc);
}

/* ---- why it fell short ---------------------------------------------------------------- */

/* all that is left is in the swap cache: ask later. The bits were cleared all the same */
static void blocked_by_the_swap_cache(void)
{
	struct scene sc;

	group_of(&sc, 2, 100);
	scene_play(&sc, "cache 1 = 0\ncache 2 = 0\n" AGAIN);
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_number(sc.rq.rotated, 2);
	scene_number(sc.rq.busy, 15);
	scene_play(&sc, "uncache 1 = 0\n" AGAIN); /* one is written, the other is still there */
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_number(sc.rq.written, 1);
	scene_close(&sc);
}

/* all that is left failed: decompression, or no page for the swap cache */
static void blocked_by_failures(void)
{
	struct scene sc;

	group_of(&sc, 1, 100);
	scene_play(&sc, "fail decompress 100\n" AGAIN);
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_number(sc.rq.failed, 15);
	scene_number(sc.rq.busy, 0);
	scene_close(&sc);

	group_of(&sc, 1, 100);
	scene_play(&sc, "fail swapcache_alloc 100\n" AGAIN);
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_number(sc.rq.failed, 15);
	scene_close(&sc);
}

/* batch 1, 2 retries: 1 is written, the bits of 2 and 3 are two failures */
static void retries_ran_out(void)
{
	struct zsim_config config = scene_config("proactive-v5");
	struct scene sc;

	config.algo.batch = 1;
	config.algo.max_retries = 2;
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	scene_play(&sc, "param shrinker_enabled 1\n"
			"mkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"shrinker /g 0 1 = stop\n");
	scene_stores(&sc, 2, 3, "/g", 0, 100);
	scene_play(&sc, AGAIN);
	scene_request(&sc, -11, RETRIES, 100, 5);
	scene_list(&sc, "/g", 0, "4* 2 3");
	scene_close(&sc);
}

/* nothing in any enabled group, whatever the others hold */
static void nothing_to_write(void)
{
	struct scene sc;

	group_of(&sc, 1, 100);
	scene_play(&sc, "mkdir /g/off\n"
			"write /g/off memory.zswap.writeback 0 = 0\n"
			"store 2 /g/off 0 100 = ok\n"
			"load 1 = 0\n" AGAIN);
	scene_number(sc.rq.why, ZSIM_WHY_NOTHING);
	scene_number(sc.rq.children, 0);
	scene_close(&sc);
}

/* ---- refusals and edges ----------------------------------------------------------------- */

static void refusals(void)
{
	struct scene sc;

	group_of(&sc, 1, 100);
	scene_play(&sc, "mkdir /g/c\n"
			"write /g memory.reclaim 0 source=zswap = 0\n"
			"write node0 reclaim 1M source=zswap = -EAGAIN\n"); /* no group: EINVAL */
	scene_number(sc.rq.why, ZSIM_WHY_INVALID);
	scene_number(sc.rq.rc, -11);
	scene_number(sc.rq.memcg == ZSIM_MEMCG_NONE, 1);
	scene_play(&sc, "write /g memory.zswap.writeback 0 = 0\n"
			"write /g memory.reclaim 1M source=zswap = -EINVAL\n"
			"write /g/c memory.reclaim 1M source=zswap = -EINVAL\n"
			"write /g memory.reclaim 0 source=zswap = -EINVAL\n"
			"write / memory.reclaim 1 source=zswap = -EAGAIN\n"
			"param enabled N\n" /* then no flag is looked at */
			"write /g memory.reclaim 1 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 100, 4); /* /g, /g/c, none, /g */
	scene_close(&sc);
}

/* the released kernels have no such key, a kernel without zswap has nothing behind it */
static void kernels_without_it(void)
{
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	scene_play(&sc, "mkdir /g\nwrite /g memory.reclaim 1M source=zswap = -EINVAL\n");
	scene_number(sc.rq.why, ZSIM_WHY_INVALID);
	scene_close(&sc);
	scene_open(&sc, "linux-7.3");
	scene_play(&sc, "mkdir /g\nwrite /g memory.reclaim 1M source=zswap = -EINVAL\n");
	scene_close(&sc);
	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "machine nodes=1 zswap=off\nmkdir /g\n"
			"write /g memory.reclaim 1M source=zswap = -EOPNOTSUPP\n"
			"write /g memory.reclaim 0 source=zswap = -95\n"
			"write node0 reclaim 1M source=zswap = -EAGAIN\n"
			"write /g memory.reclaim 1M source=zswap swappiness=1 = -EINVAL\n"
			"store 1 /g 0 100 = rejected\n");
	scene_close(&sc);
}

/* a size that saturates is only a large one */
static void everything_is_asked_for(void)
{
	struct scene sc;

	group_of(&sc, 3, 100);
	scene_play(&sc, "write /g memory.reclaim 16E source=zswap = -EAGAIN\n");
	/* rotated, written, empty: passes 1 and 2, then 15 more failures */
	scene_request(&sc, -11, NOTHING, 300, 4 + 30);
	scene_close(&sc);
}

/* exactly what was asked is enough */
static void enough_is_enough(void)
{
	struct scene sc;

	group_of(&sc, 64, 64);
	scene_stores(&sc, 65, 64, "/g", 0, 64);
	scene_play(&sc, "write /g memory.reclaim 4096 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 4096, 5);
	scene_play(&sc, "write /g memory.reclaim 4096 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 4096, 1);
	scene_list(&sc, "/g", 0, "");
	scene_close(&sc);
}

/* ---- signals and the subtree -------------------------------------------------------------- */

/* looked at before each group is taken: the step that it stands before is done to its end */
static void signal_ends_a_request(void)
{
	struct scene sc;

	group_of(&sc, 2, 100);
	scene_play(&sc, "@A write /g memory.reclaim 1M source=zswap = step\n"
			"@A step = walk\n"
			"signal A\n"
			"@A step = -EINTR\n");
	scene_request(&sc, -4, SIGNAL, 0, 1);
	scene_log(&sc, visits, "1r 2r");
	/* it was for that call only */
	scene_play(&sc, "@A write /g memory.reclaim 1 source=zswap = step\n"
			"@A finish = 0\n");
	/* what was asked is written before the next look: no EINTR */
	scene_stores(&sc, 1, 1, "/g", 0, 100);
	scene_play(&sc, "@A write /g memory.reclaim 1 source=zswap = step\n"
			"@A step 5 = unlocked\n"
			"signal A\n"
			"@A finish = 0\n");
	scene_close(&sc);
}

static void signal_before_a_request(void)
{
	struct scene sc;

	group_of(&sc, 2, 100);
	scene_play(&sc, "signal A\n"
			"@A write /g memory.reclaim 1M source=zswap = -4\n");
	scene_request(&sc, -4, SIGNAL, 0, 0);
	scene_play(&sc, "signal A\n"
			"@A write /g memory.reclaim 0 source=zswap = 0\n"
			"@A write /g memory.reclaim 1 source=zswap = step\n"
			"@A finish = 0\n");
	scene_close(&sc);
}

/* the request's group goes offline under it: a zombie, then nothing but empty passes */
static void group_leaves_under_a_request(void)
{
	struct scene sc;
	zsim_memcg g;

	group_of(&sc, 2, 100);
	g = scene_group(&sc, "/g");
	scene_play(&sc, "@A write /g memory.reclaim 1M source=zswap = step\n"
			"@A step = walk\n"
			"@A step = step\n"
			"rmdir /g = 0\n");
	scene_list(&sc, "/", 0, "1 2");
	scene_forget(&sc);
	scene_play(&sc, "@A finish = -EAGAIN\n");
	/* 1 failure; the none before which it stood; then 15 passes without a scan */
	scene_log(&sc, groups,
		  "none none none none none none none none none none none none none "
		  "none none");
	scene_number(sc.rq.why, ZSIM_WHY_NOTHING);
	scene_list(&sc, "/", 0, "1 2");
	/* its entries still name it, nobody holds it */
	scene_number(zsim_state(sc.zs, g), ZSIM_MEMCG_FREED);
	scene_close(&sc);
}

/* offline between the iterator and the walk: what it wrote before counts for the parent */
static void bytes_count_for_the_living(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\n"
			"mkdir /p\nmkdir /p/g\n");
	scene_stores(&sc, 1, 2, "/p/g", 0, 100);
	scene_play(&sc, "shrinker /p/g 0 2 = stop\n"
			"@A write /p/g memory.reclaim 1M source=zswap = step\n"
			"@A step = walk\n"
			"@A step 3 = walk\n" /* 1 is written */
			"rmdir /p/g = 0\n"
			"@A step = step\n"); /* its list is empty now: the step ends */
	scene_stat(&sc, "/p", ZSWPWB_PROACTIVE_B, 100);
	scene_stat(&sc, "/p", ZSWPWB, 1);
	scene_list(&sc, "/p", 0, "2");
	scene_play(&sc, "@A finish = -EAGAIN\n");
	scene_close(&sc);
}

/* the bound counts the most groups that the subtree had */
static void bound_counts_new_groups(void)
{
	struct scene sc;

	group_of(&sc, 1, 100);
	scene_play(&sc, "@A write /g memory.reclaim 1 source=zswap = step\n"
			"mkdir /other\nmkdir /g/a\nmkdir /g/b\n"
			"rmdir /g/b = 0\n"
			"@A finish = 0\n");
	scene_number(sc.rq.bound, (1 + 17) * (3 + 1));
	scene_close(&sc);
}

/* a child on which the iterator stands is held until the next step, then it is freed */
static void iterator_holds_its_group(void)
{
	struct scene sc;
	zsim_memcg a;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /p\nmkdir /p/a\nmkdir /p/b\n"
			"store 1 /p/a 0 100 = ok\n"
			"@A write /p memory.reclaim 1 source=zswap = step\n"
			"@A step = step\n"
			"@A step = walk\n");
	a = scene_group(&sc, "/p/a");
	scene_play(&sc, "rmdir /p/a = 0\n");
	scene_number(zsim_state(sc.zs, a), ZSIM_MEMCG_OFFLINE);
	scene_forget(&sc);
	scene_play(&sc, "@A step = step\n"); /* the zombie's list is empty: ENOENT */
	scene_log(&sc, groups, "/p/b");
	scene_number(zsim_state(sc.zs, a), ZSIM_MEMCG_FREED);
	scene_play(&sc, "@A finish = 0\n");
	scene_log(&sc, visits, "1r 1w");
	scene_close(&sc);
}

/* 5.1: offline between the iterator and the step: a zombie, ENOENT without a walk */
static void request_meets_a_zombie(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /p\nmkdir /p/a\nmkdir /p/b\n"
			"store 1 /p/a 0 100 = ok\n"
			"@A write /p memory.reclaim 1 source=zswap = step\n"
			"@A step = step\n"
			"rmdir /p/a = 0\n");
	scene_list(&sc, "/p", 0, "1*");
	scene_log(&sc, groups, "/p /p/a");
	scene_play(&sc, "@A step = step\n");
	scene_log(&sc, groups, "/p /p/a /p/b");
	scene_log(&sc, walks, "");
	scene_log(&sc, steps, "0 0");
	scene_play(&sc, "@A finish = 0\n");
	/* it counts for nothing: this pass had no scan, the next two rotate and write */
	scene_log(&sc, groups, "/p /p/a /p/b none /p /p/b none /p");
	scene_number(sc.rq.failures, 2);
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(cliff_of_1023),
	ZSIM_CASE(cliff_of_1024),
	ZSIM_CASE(cliff_of_4000),
	ZSIM_CASE(starvation),
	ZSIM_CASE(overshoot),
	ZSIM_CASE(overshoot_bound),
	ZSIM_CASE(node_order),
	ZSIM_CASE(collisions_at_the_head),
	ZSIM_CASE(blocked_by_the_swap_cache),
	ZSIM_CASE(blocked_by_failures),
	ZSIM_CASE(retries_ran_out),
	ZSIM_CASE(nothing_to_write),
	ZSIM_CASE(refusals),
	ZSIM_CASE(kernels_without_it),
	ZSIM_CASE(everything_is_asked_for),
	ZSIM_CASE(enough_is_enough),
	ZSIM_CASE(signal_ends_a_request),
	ZSIM_CASE(signal_before_a_request),
	ZSIM_CASE(group_leaves_under_a_request),
	ZSIM_CASE(bytes_count_for_the_living),
	ZSIM_CASE(bound_counts_new_groups),
	ZSIM_CASE(iterator_holds_its_group),
	ZSIM_CASE(request_meets_a_zombie),
};
ZSIM_SUITE_MAIN("request", cases)
