/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool worker and the global cursor: model.md 5.3 and 1.3.
 *
 * With 100 pages of RAM the pool's maximum is 20 pages and its accept threshold 18; a
 * page of 4096 bytes takes one page of the pool.
 */
#include "support/scene.h"
#include "support/suite.h"

#define WORLD "machine nodes=1 ram=100\nmkdir /g\n"

/* ---- until the pool fits again ------------------------------------------------------- */

/* 20 fresh entries, and the store that finds the pool full */
static void full_pool(struct scene *sc, const char *algo)
{
	scene_open(sc, algo);
	scene_play(sc, WORLD);
	scene_stores(sc, 1, 20, "/g", 0, 4096);
	scene_number(zsim_pool_pages(sc->zs), 20);
	scene_play(sc, "store 100 /g 0 100 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, 1);
}

/* one bit a step: 16 failures. Then four bits, and two pages until 18 are left */
static void linux_7_2_writes_one_a_step(void)
{
	struct scene sc;

	full_pool(&sc, "linux-7.2");
	scene_list(&sc, "/g", 0, "17* 18* 19* 20* 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
	scene_log(&sc, groups,
		  "/ /g none / /g none / /g none / /g none / /g none / /g none "
		  "/ /g none / /g none / /g none / /g none / /g none / /g none "
		  "/ /g none / /g none / /g none / /g");
	scene_forget(&sc);
	scene_play(&sc, "store 100 /g 0 100 = rejected\n");
	scene_log(&sc, visits, "17r 18r 19r 20r 1w 2w");
	scene_log(&sc, groups, "none / /g none / /g none / /g none / /g none / /g none / /g");
	scene_number(zsim_pool_pages(sc.zs), 18);
	scene_number(zsim_written_by(sc.zs, ZSIM_CAUSE_WORKER), 2);
	scene_play(&sc, "store 100 /g 0 100 = ok\n");
	scene_close(&sc);
}

/* one walk: 20 bits, then 12 pages with the visits that are left */
static void linux_7_3_writes_twelve(void)
{
	struct scene sc;

	full_pool(&sc, "linux-7.3");
	scene_number(zsim_written_by(sc.zs, ZSIM_CAUSE_WORKER), 12);
	scene_log(&sc, groups, "/ /g");
	scene_number(zsim_pool_pages(sc.zs), 8);
	scene_close(&sc);
}

/* a walk for the bits, one for all 20 pages: the batch does not look at the pool */
static void patch_writes_a_batch(void)
{
	struct scene sc;

	full_pool(&sc, "proactive-v5");
	scene_number(zsim_written_by(sc.zs, ZSIM_CAUSE_WORKER), 20);
	scene_log(&sc, groups, "/ /g none / /g");
	scene_log(&sc, walks, "/g.0(20) /g.0(20)");
	scene_number(zsim_pool_pages(sc.zs), 0);
	scene_close(&sc);
}

/* a step that wrote is no failure: 20 cold pages go in one run, one or many a step */
static void steps_that_wrote_in(struct scene *sc)
{
	scene_play(sc, WORLD "param shrinker_enabled 1\n"
			     "param accept_threshold_percent 0\n");
	scene_stores(sc, 1, 20, "/g", 0, 4096);
	scene_play(sc, "shrinker /g 0 20 = stop\n"
		       "worker = 0\n");
	scene_list(sc, "/g", 0, "");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), 20);
}

static void steps_that_wrote(void)
{
	scene_every(steps_that_wrote_in);
}

/* the released kernels' body runs once even below the threshold, the patch looks first */
static void worker_below_the_threshold_in(struct scene *sc)
{
	scene_play(sc, WORLD "store 1 /g 0 4096 = ok\n"
			     "worker = 0\n"
			     "worker = 0\n");
	scene_log(sc, groups, zsim_algo(sc->zs)->worker_checks_first ? "" : "/ /g");
	scene_list(sc, "/g", 0, zsim_algo(sc->zs)->worker_checks_first ? "1*" : "1");
}

static void worker_below_the_threshold(void)
{
	scene_every(worker_below_the_threshold_in);
}

/* exactly the threshold is low enough; one page more is not */
static void worker_at_the_threshold_in(struct scene *sc)
{
	bool patch = zsim_algo(sc->zs)->worker_checks_first;

	scene_play(sc, WORLD);
	scene_stores(sc, 1, 18, "/g", 0, 4096);
	scene_play(sc, "worker = 0\n");
	scene_log(sc, groups, patch ? "" : "/");
	scene_forget(sc);
	scene_play(sc, "store 19 /g 0 4096 = ok\n"
		       "write / memory.zswap.writeback 0 = 0\n"
		       "worker = 0\n");
	/* no group is a candidate: 16 passes, of which the first began before */
	scene_log(sc, groups,
		  patch ? "/ /g none / /g none / /g none / /g none / /g none / /g none "
			  "/ /g none / /g none / /g none / /g none / /g none / /g none "
			  "/ /g none / /g none / /g none / /g none" :
			  "/g none / /g none / /g none / /g none / /g none / /g none "
			  "/ /g none / /g none / /g none / /g none / /g none / /g none "
			  "/ /g none / /g none / /g none / /g none");
	scene_list(sc, "/g", 0,
		   "1* 2* 3* 4* 5* 6* 7* 8* 9* 10* 11* 12* 13* 14* 15* 16* 17* 18* "
		   "19*");
	scene_play(sc, "write / memory.zswap.writeback 1 = 0\n");
}

static void worker_at_the_threshold(void)
{
	scene_every(worker_at_the_threshold_in);
}

/* all in the swap cache: each call of the worker is given up */
static void collisions_in_the_worker_in(struct scene *sc)
{
	const struct zsim_algo *algo = zsim_algo(sc->zs);

	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param accept_threshold_percent 0\n"
		       "mkdir /g\n"
		       "store 1 /g 0 4096 = ok\n"
		       "cache 1 = 0\n"
		       "worker = 0\n");
	/* one call rotates, 15 meet it: once, or 32 times where the walk goes on */
	scene_counter(sc, REJECT_RECLAIM_FAIL, 15 * (algo->batched ? 1 : algo->walk_nr));
	scene_list(sc, "/g", 0, "1");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), 0);
}

static void collisions_in_the_worker(void)
{
	scene_every(collisions_in_the_worker_in);
}

/* with zswap disabled the worker still empties the pool, whatever the flags say */
static void worker_with_zswap_disabled_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param accept_threshold_percent 0\n"
		       "mkdir /g\n"
		       "store 1 /g 0 4096 = ok\n"
		       "write /g memory.zswap.writeback 0 = 0\n"
		       "worker = 0\n");
	scene_list(sc, "/g", 0, "1*");
	scene_play(sc, "param enabled 0\n"
		       "worker = 0\n");
	scene_list(sc, "/g", 0, "");
}

static void worker_with_zswap_disabled(void)
{
	scene_every(worker_with_zswap_disabled_in);
}

/* ---- who runs it and when -------------------------------------------------------------- */

/* queued by the reject, it waits for the `worker` line; once, however often it was queued */
static void worker_manual_in(struct scene *sc)
{
	scene_play(sc, WORLD "param worker manual\n");
	scene_stores(sc, 1, 20, "/g", 0, 4096);
	scene_play(sc, "store 100 /g 0 100 = rejected\n"
		       "store 101 /g 0 100 = rejected\n");
	scene_log(sc, groups, "");
	scene_counter(sc, POOL_LIMIT_HIT, 2);
	scene_play(sc, "worker = 0\n");
	CU_ASSERT_NOT_EQUAL(sc->groups[0], '\0');
	scene_forget(sc);
	scene_play(sc, "param worker auto\n"); /* nothing is queued any more */
	scene_log(sc, groups, "");
}

static void worker_manual(void)
{
	scene_every(worker_manual_in);
}

/* what was queued under manual runs when that ends */
static void worker_auto_again_in(struct scene *sc)
{
	scene_play(sc, WORLD "param worker manual\n");
	scene_stores(sc, 1, 20, "/g", 0, 4096);
	scene_play(sc, "store 100 /g 0 100 = rejected\n");
	scene_log(sc, groups, "");
	scene_play(sc, "param worker auto\n");
	CU_ASSERT_NOT_EQUAL(sc->groups[0], '\0');
}

static void worker_auto_again(void)
{
	scene_every(worker_auto_again_in);
}

/* queued while it runs: once more afterwards, not twice, and not at the same time */
static void queued_while_it_runs(void)
{
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	scene_play(&sc, WORLD);
	scene_stores(&sc, 1, 20, "/g", 0, 4096);
	scene_play(&sc, "@W worker = step\n"
			"store 100 /g 0 100 = rejected\n"
			"store 101 /g 0 100 = rejected\n"
			"worker = 0\n");
	scene_log(&sc, groups, "/"); /* where the first one stands */
	/* the first clears 16 bits; the second 4, and writes 2 pages: 18 are left */
	scene_play(&sc, "@W finish = 0\n");
	scene_number(zsim_written_by(sc.zs, ZSIM_CAUSE_WORKER), 2);
	scene_list(&sc, "/g", 0, "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
	scene_close(&sc);
}

/* a worker by hand does not run beside the one that is suspended */
static void worker_beside_a_worker_in(struct scene *sc)
{
	scene_play(sc, WORLD "param accept_threshold_percent 0\n"
			     "param worker manual\n"
			     "store 1 /g 0 4096 = ok\n"
			     "@W worker = step\n"
			     "@V worker = 0\n"
			     "load 1 = 0\n"
			     "@W finish = 0\n");
	/* once more for @V; the patch's looks at the pool first, which is empty now */
	scene_log(sc, groups, zsim_algo(sc->zs)->worker_checks_first ? "/" : "/ /g");
	scene_forget(sc);
	scene_play(sc, "param worker auto\n");
	scene_log(sc, groups, "");
}

static void worker_beside_a_worker(void)
{
	scene_every(worker_beside_a_worker_in);
}

/* nobody signals a kernel's worker */
static void worker_takes_no_signal_in(struct scene *sc)
{
	scene_play(sc, WORLD "param accept_threshold_percent 0\n"
			     "store 1 /g 0 4096 = ok\n"
			     "@W worker = step\n"
			     "signal W\n"
			     "@W finish = 0\n");
	scene_list(sc, "/g", 0, "");
}

static void worker_takes_no_signal(void)
{
	scene_every(worker_takes_no_signal_in);
}

/* ---- the global cursor ------------------------------------------------------------------ */

/*
 * The released kernels' worker takes one step a run here, as the pool is small: each
 * `worker` line shows one advance of the cursor.
 */
static void three_groups(struct scene *sc, const char *algo)
{
	scene_open(sc, algo);
	scene_play(sc, "mkdir /a\nmkdir /b\nmkdir /c\n"
		       "worker = 0\n"
		       "worker = 0\n");
	scene_log(sc, groups, "/ /a");
	scene_forget(sc);
}

static void cursor_is_kept_between_runs(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "worker = 0\nworker = 0\nworker = 0\nworker = 0\n");
	scene_log(&sc, groups, "/b /c none /");
	scene_close(&sc);
}

/* a leaves: the cursor goes to b, and the next advance passes b over */
static void cursor_passes_one_over(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.3");
	scene_play(&sc, "rmdir /a = 0\n"
			"worker = 0\nworker = 0\n");
	scene_log(&sc, groups, "/c none");
	scene_close(&sc);
}

/* the cursor is elsewhere: nothing is passed over */
static void other_group_leaves(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "rmdir /c = 0\n"
			"worker = 0\nworker = 0\n");
	scene_log(&sc, groups, "/b none");
	scene_close(&sc);
}

/* a dying group: walkers skip it, but the cursor may come to stand on it */
static void cursor_on_a_dying_group(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "rmdir /b deferred = 0\n"
			"rmdir /a = 0\n" /* to b, which is not offline */
			"worker = 0\n");
	scene_log(&sc, groups, "/c");
	scene_close(&sc);

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "rmdir /b deferred = 0\n"
			"rmdir /a = 0\n"
			"offline /b = 0\n" /* from b to c */
			"worker = 0\n");
	scene_log(&sc, groups, "none");
	scene_close(&sc);
}

/* it dies without leaving: the cursor stays where it is */
static void cursor_stays_while_it_dies(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "rmdir /a deferred = 0\n"
			"worker = 0\n");
	scene_log(&sc, groups, "/b");
	scene_play(&sc, "offline /a = 0\n"
			"worker = 0\n");
	scene_log(&sc, groups, "/b /c");
	scene_close(&sc);
}

/* the last group leaves: none, and the next advance is the root without the end of a pass */
static void last_group_leaves(void)
{
	struct scene sc;

	three_groups(&sc, "linux-7.2");
	scene_play(&sc, "worker = 0\nworker = 0\n");
	scene_log(&sc, groups, "/b /c");
	scene_forget(&sc);
	scene_play(&sc, "rmdir /c = 0\n"
			"worker = 0\n");
	scene_log(&sc, groups, "/");
	scene_close(&sc);
}

/* a subtree leaves from below: from the child to its uncle */
static void cursor_leaves_a_subtree(void)
{
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	scene_play(&sc, "mkdir /a\nmkdir /a/x\nmkdir /b\nmkdir /c\n"
			"worker = 0\nworker = 0\nworker = 0\n");
	scene_log(&sc, groups, "/ /a /a/x");
	scene_forget(&sc);
	scene_play(&sc, "rmdir /a/x = 0\n"
			"rmdir /a = 0\n"
			"worker = 0\n");
	scene_log(&sc, groups, "/c");
	scene_close(&sc);
}

/*
 * b is offline, but a request still holds it, so it is linked: the cursor passes it
 * and stands on c. The worker steps as long as slot 1 is in the pool.
 */
static void cursor_passes_offline_groups(void)
{
	struct scene sc;
	zsim_memcg b;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param accept_threshold_percent 0\n"
			"param worker manual\n"
			"mkdir /a\nmkdir /b\nmkdir /c\nmkdir /d\n"
			"store 1 /d 0 4096 = ok\n"
			"@R write /b memory.reclaim 1M source=zswap = step\n"
			"@W worker = step\n"
			"@W step = step\n");
	b = scene_group(&sc, "/b");
	scene_play(&sc, "rmdir /b = 0\n");
	scene_log(&sc, groups, "/b / /a");
	scene_number(zsim_state(sc.zs, b), ZSIM_MEMCG_OFFLINE);
	scene_forget(&sc);
	scene_play(&sc, "rmdir /a = 0\n"
			"@W step = step\n"); /* from c to d */
	scene_log(&sc, groups, "/d");
	scene_play(&sc, "load 1 = 0\n"
			"@W finish = 0\n"
			"signal R\n"
			"@R finish = -EINTR\n");
	scene_close(&sc);
}

/* while a worker runs it holds its group itself: the cursor leaves, the worker does not */
static void worker_meets_a_zombie(void)
{
	struct scene sc;
	zsim_memcg a;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param accept_threshold_percent 0\n"
			"mkdir /a\nmkdir /b\nmkdir /c\n"
			"store 1 /a 0 4096 = ok\n"
			"@W worker = step\n"
			"@W step = step\n"
			"@W step = walk\n");
	a = scene_group(&sc, "/a");
	scene_play(&sc, "rmdir /a = 0\n");
	scene_number(zsim_state(sc.zs, a), ZSIM_MEMCG_OFFLINE);
	scene_list(&sc, "/", 0, "1*");
	scene_forget(&sc);
	scene_play(&sc, "@W step = step\n"); /* an empty list, ENOENT */
	scene_number(zsim_state(sc.zs, a), ZSIM_MEMCG_FREED);
	scene_play(&sc, "@W finish = 0\n");
	/* b was passed over; then the root, which took over the entry: its bit, and the page */
	scene_log(&sc, groups, "/c none / /b /c none /");
	scene_close(&sc);
}

/* offline between the iterator and the step: ENOENT without a walk (5.1) */
static void zombie_is_not_walked_in(struct scene *sc)
{
	scene_play(sc, "param accept_threshold_percent 0\n"
		       "mkdir /a\n"
		       "store 1 /a 0 4096 = ok\n"
		       "@W worker = step\n"
		       "@W step = step\n"
		       "rmdir /a = 0\n"
		       "load 1 = 0\n");
	scene_log(sc, groups, "/ /a");
	scene_forget(sc);
	scene_play(sc, "@W finish = 0\n");
	scene_log(sc, walks, "");
	scene_log(sc, steps, "0");
}

static void zombie_is_not_walked(void)
{
	scene_every(zombie_is_not_walked_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(linux_7_2_writes_one_a_step),
	ZSIM_CASE(linux_7_3_writes_twelve),
	ZSIM_CASE(patch_writes_a_batch),
	ZSIM_CASE(steps_that_wrote),
	ZSIM_CASE(worker_below_the_threshold),
	ZSIM_CASE(worker_at_the_threshold),
	ZSIM_CASE(collisions_in_the_worker),
	ZSIM_CASE(worker_with_zswap_disabled),
	ZSIM_CASE(worker_manual),
	ZSIM_CASE(worker_auto_again),
	ZSIM_CASE(queued_while_it_runs),
	ZSIM_CASE(worker_beside_a_worker),
	ZSIM_CASE(worker_takes_no_signal),
	ZSIM_CASE(cursor_is_kept_between_runs),
	ZSIM_CASE(cursor_passes_one_over),
	ZSIM_CASE(other_group_leaves),
	ZSIM_CASE(cursor_on_a_dying_group),
	ZSIM_CASE(cursor_stays_while_it_dies),
	ZSIM_CASE(last_group_leaves),
	ZSIM_CASE(cursor_leaves_a_subtree),
	ZSIM_CASE(cursor_passes_offline_groups),
	ZSIM_CASE(worker_meets_a_zombie),
	ZSIM_CASE(zombie_is_not_walked),
};
ZSIM_SUITE_MAIN("worker", cases)
