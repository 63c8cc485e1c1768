/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The retry state machine: model.md 5.3, mostly seen through requests (5.4), whose
 * iterator starts at their own group every time.
 */
#include "support/scene.h"
#include "support/suite.h"

/* proactive-v5 with other constants; 0 leaves one as it is */
static void open_patch(struct scene *sc, uint32_t batch, uint32_t retries)
{
	struct zsim_config config = scene_config("proactive-v5");

	if (batch)
		config.algo.batch = batch;
	if (retries)
		config.algo.max_retries = retries;
	CU_ASSERT_FATAL(scene_open_config(sc, &config));
}

/* each pass is one ENOENT and one failure at its end: 16 passes of 2 steps */
static void empty_passes_are_failures(void)
{
	struct scene sc;

	open_patch(&sc, 0, 0);
	scene_play(&sc, "mkdir /g\n"
			"write /g memory.reclaim 1M source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 0, 32);
	scene_number(sc.rq.failures, 16);
	scene_number(sc.rq.scanned, 0);
	scene_log(&sc, groups,
		  "/g none /g none /g none /g none /g none /g none /g none /g none "
		  "/g none /g none /g none /g none /g none /g none /g none /g none");
	scene_close(&sc);
}

/* ENOENT of /p counts nothing; a pass with a scan in it is no failure */
static void pass_with_a_scan_is_no_failure(void)
{
	struct scene sc;

	open_patch(&sc, 0, 0);
	scene_play(&sc, "mkdir /p\nmkdir /p/a\n"
			"store 1 /p/a 0 100 = ok\n"
			"write /p memory.reclaim 1 source=zswap = 0\n");
	scene_log(&sc, groups, "/p /p/a none /p /p/a");
	scene_log(&sc, steps, "0 0 0 0 100");
	scene_number(sc.rq.failures, 1);
	scene_request(&sc, 0, NONE, 100, 5);
	scene_close(&sc);
}

/*
 * One visit a step, 15 fresh entries: 15 rotations are 15 failures, 15 writes count
 * none and take none back, and the first pass without a scan is the 16th.
 * 30 passes of 2 steps, then one more: 62 steps.
 */
static void failures_are_never_reset(void)
{
	struct scene sc;

	open_patch(&sc, 1, 0);
	scene_play(&sc, "mkdir /g\n");
	scene_stores(&sc, 1, 15, "/g", 0, 100);
	scene_play(&sc, "write /g memory.reclaim 1M source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 1500, 62);
	scene_number(sc.rq.failures, 16);
	scene_number(sc.rq.rotated, 15);
	scene_number(sc.rq.written, 15);
	scene_close(&sc);
}

/* /p and children with one fresh entry each: every child is a failure of the first pass */
static void fresh_children(struct scene *sc, uint32_t nr)
{
	char lines[256];

	open_patch(sc, 0, 0);
	scene_play(sc, "mkdir /p\n");
	for (uint32_t i = 1; i <= nr; i++) {
		snprintf(lines, sizeof(lines), "mkdir /p/%u\nstore %u /p/%u 0 100 = ok\n", i, i, i);
		scene_play(sc, lines);
	}
}

/* 15 failures in the pass, the 16th would have ended it; the second pass writes */
static void fifteen_fresh_children(void)
{
	struct scene sc;

	fresh_children(&sc, 15);
	scene_play(&sc, "write /p memory.reclaim 1 source=zswap = 0\n");
	scene_request(&sc, 0, NONE, 100, 19); /* 16 groups, none, /p, /p/1 */
	scene_number(sc.rq.failures, 15);
	scene_stat(&sc, "/p/1", ZSWPWB_PROACTIVE_B, 100);
	scene_stat(&sc, "/p/2", ZSWPWB_PROACTIVE_B, 0);
	scene_stat(&sc, "/p", ZSWPWB_PROACTIVE_B, 100);
	scene_close(&sc);
}

static void sixteen_fresh_children(void)
{
	struct scene sc;

	fresh_children(&sc, 16);
	scene_play(&sc, "write /p memory.reclaim 1 source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, REFERENCED_ONLY, 0, 17);
	scene_number(sc.rq.failures, 16);
	scene_play(&sc, "write /p memory.reclaim 1 source=zswap = 0\n"); /* again */
	scene_request(&sc, 0, NONE, 100, 2);
	scene_close(&sc);
}

/* the reclaimer's constant: with 2 retries the second failure ends it */
static void retries_are_a_constant(void)
{
	struct scene sc;

	open_patch(&sc, 0, 2);
	scene_play(&sc, "mkdir /g\n"
			"write /g memory.reclaim 1 source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 0, 4);
	scene_close(&sc);
}

/* the other rule of the reviewers: one empty pass is enough; failed candidates count 1 as before */
static void at_the_first_empty_pass(void)
{
	struct zsim_config config = scene_config("patch");
	struct scene sc;

	scene_number(zsim_algo_set(&config.algo, "empty_failures", 16), 0);
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	scene_play(&sc, "mkdir /g\n"
			"write /g memory.reclaim 1 source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 0, 2);
	scene_play(&sc, "store 1 /g 0 100 = ok\n"
			"write /g memory.reclaim 1 source=zswap = 0\n");
	scene_list(&sc, "/g", 0, "");
	scene_close(&sc);
}

static void constants_by_name(void)
{
	struct zsim_algo algo = *zsim_algo_find("patch");

	scene_number(zsim_algo_set(&algo, "retries", 2), 0);
	scene_number(zsim_algo_set(&algo, "walk", 65536), 0);
	scene_number(zsim_algo_set(&algo, "shrinker_batch", 1), 0);
	scene_number(zsim_algo_set(&algo, "batch", 0), -34);
	scene_number(zsim_algo_set(&algo, "batch", 65537), -34);
	scene_number(zsim_algo_set(&algo, "nothing", 1), -2);
	scene_number(algo.max_retries, 2);
	scene_number(algo.walk_nr, 65536);
	scene_number(algo.shrinker_batch, 1);
	scene_number(algo.batch, 64);
	scene_number(zsim_algo_find("linux-7.4") == NULL, 1);
	scene_number(zsim_algo_find("base") == zsim_algo_at(0), 1);
}

/* a group with writeback off is no candidate, nor is a dying one, which is not even given */
static void only_candidates_count(void)
{
	struct scene sc;

	open_patch(&sc, 0, 0);
	scene_play(&sc, "mkdir /p\nmkdir /p/off\nmkdir /p/dying\nmkdir /p/on\n"
			"store 1 /p/off 0 100 = ok\n"
			"store 2 /p/dying 0 100 = ok\n"
			"store 3 /p/on 0 100 = ok\n"
			"write /p/off memory.zswap.writeback 0 = 0\n"
			"rmdir /p/dying deferred = 0\n"
			"write /p memory.reclaim 1 source=zswap = 0\n");
	scene_log(&sc, groups, "/p /p/off /p/on none /p /p/off /p/on");
	scene_number(sc.rq.failures, 1);
	scene_list(&sc, "/p/off", 0, "1*");
	scene_list(&sc, "/p/dying", 0, "2*");
	scene_play(&sc, "offline /p/dying = 0\n");
	scene_close(&sc);
}

/* ---- the controller is off: the iterator gives none, the root's lists are shrunk ---- */

/* the patch aborts at once where nothing is left; it counts the rest as for a group */
static void memcg_off_in_the_patch(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "machine nodes=1 memcg=off\n"
			"write / memory.reclaim 1 source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, NOTHING, 0, 1);
	scene_number(sc.rq.failures, 0);
	scene_stores(&sc, 1, 2, "/", 0, 100);
	scene_play(&sc, "write / memory.reclaim 1 source=zswap = 0\n");
	scene_log(&sc, groups, "none none none");
	scene_log(&sc, visits, "1r 2r 1w 2w");
	scene_request(&sc, 0, NONE, 200, 2);
	scene_number(sc.rq.failures, 1);
	scene_stat(&sc, "/", ZSWPWB_PROACTIVE_B, 200);
	scene_close(&sc);
}

/* all of its entries in the swap cache: 16 failures */
static void memcg_off_gives_up(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "machine nodes=1 memcg=off\n"
			"store 1 / 0 100 = ok\n"
			"cache 1 = 0\n"
			"write / memory.reclaim 1 source=zswap = -EAGAIN\n");
	scene_request(&sc, -11, BLOCKED, 0, 16);
	scene_number(sc.rq.busy, 15); /* and one rotation */
	scene_close(&sc);
}

/*
 * 100 pages of RAM, accept threshold 0: the worker runs while the pool has a page. Three
 * entries of 4096 bytes, one page each. do-while and one visit: 3 failures, 3 writes;
 * linux-7.3 rotates and writes all in one walk, the patch in two.
 */
static void memcg_off_worker_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100 memcg=off\n"
		       "param accept_threshold_percent 0\n"
		       "worker = 0\n"); /* do-while: one ENOENT, which counts nothing */
	scene_log(sc, steps, zsim_algo(sc->zs)->worker_checks_first ? "" : "0");
	scene_stores(sc, 1, 3, "/", 0, 4096);
	scene_play(sc, "worker = 0\n");
	scene_list(sc, "/", 0, "");
	scene_log(sc, visits, "1r 2r 3r 1w 2w 3w");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), 3);
	scene_number(zsim_pool_pages(sc->zs), 0);
}

static void memcg_off_worker(void)
{
	scene_every(memcg_off_worker_in);
}

/* nobody's entries can be reached: a page in the swap cache. Each algorithm gives up after 16 */
static void memcg_off_worker_gives_up_in(struct scene *sc)
{
	bool patch = zsim_algo(sc->zs)->batched;
	bool one = zsim_algo(sc->zs)->walk_nr == 1;

	scene_play(sc, "machine nodes=1 ram=100 memcg=off\n"
		       "param accept_threshold_percent 0\n"
		       "store 1 / 0 4096 = ok\n"
		       "cache 1 = 0\n"
		       "worker = 0\n");
	scene_list(sc, "/", 0, "1");
	/* the first call rotates; each of the other 15 fails once, or 32 times in linux-7.3 */
	scene_counter(sc, REJECT_RECLAIM_FAIL, patch || one ? 15 : 15 * 32);
}

static void memcg_off_worker_gives_up(void)
{
	scene_every(memcg_off_worker_gives_up_in);
}

/* no flag of a group is read then: the worker comes to its end */
static void memcg_off_has_no_flags_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100 memcg=off\n"
		       "param accept_threshold_percent 0\n"
		       "store 1 / 0 4096 = ok\n"
		       "write / memory.zswap.writeback 0 = 0\n"
		       "worker = 0\n");
	scene_list(sc, "/", 0, "");
}

static void memcg_off_has_no_flags(void)
{
	scene_every(memcg_off_has_no_flags_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(empty_passes_are_failures), ZSIM_CASE(pass_with_a_scan_is_no_failure),
	ZSIM_CASE(failures_are_never_reset),  ZSIM_CASE(fifteen_fresh_children),
	ZSIM_CASE(sixteen_fresh_children),    ZSIM_CASE(retries_are_a_constant),
	ZSIM_CASE(at_the_first_empty_pass),   ZSIM_CASE(constants_by_name),
	ZSIM_CASE(only_candidates_count),     ZSIM_CASE(memcg_off_in_the_patch),
	ZSIM_CASE(memcg_off_gives_up),	      ZSIM_CASE(memcg_off_worker),
	ZSIM_CASE(memcg_off_worker_gives_up), ZSIM_CASE(memcg_off_has_no_flags),
};
ZSIM_SUITE_MAIN("retry", cases)
