/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stores of single pages, loads and invalidations: model.md 6, the limits of section 1.
 */
#include "support/scene.h"
#include "support/suite.h"

/* ---- what is counted ------------------------------------------------------------------ */

static void store_load_invalidate_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p/g 0 1000 = ok\n"
		       "store 2 /p/g 0 4096 = ok\n"
		       "store 3 / 0 500 = ok\n" /* the root's own is not charged */
		       "store 4 /p 0 1 = ok\n");
	scene_stat(sc, "/p/g", ZSWAP, 5096);
	scene_stat(sc, "/p", ZSWAP, 5097);
	scene_stat(sc, "/", ZSWAP, 5097);
	scene_stat(sc, "/", ZSWAPPED, 3 * 4096);
	scene_stat(sc, "/p", ZSWAP_INCOMP, 4096);
	scene_stat(sc, "/", ZSWPOUT, 4); /* but its events are */
	scene_counter(sc, STORED_PAGES, 4);
	scene_counter(sc, STORED_INCOMPRESSIBLE_PAGES, 1);
	scene_play(sc, "load 2 = 0\n"
		       "load 2 = -ENOENT\n" /* loads are exclusive */
		       "load 3 = 0\n"
		       "invalidate 1 = 0\n"
		       "invalidate 1 = 0\n"
		       "load 1 = -2\n");
	scene_stat(sc, "/p/g", ZSWPIN, 1);
	scene_stat(sc, "/", ZSWPIN, 2);
	scene_stat(sc, "/p", ZSWAP, 1);
	scene_stat(sc, "/p", ZSWAP_INCOMP, 0);
	scene_counter(sc, STORED_PAGES, 1);
	scene_list(sc, "/p/g", 0, "");
}

static void store_load_invalidate(void)
{
	scene_every(store_load_invalidate_in);
}

/* the new entry takes the old one's place, in another group and on another node too */
static void stored_again_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=2\nmkdir /a\nmkdir /b\n"
		       "store 1 /a 0 1000 = ok\n"
		       "store 2 /a 0 1000 = ok\n"
		       "store 1 /a 0 2000 = ok\n");
	scene_list(sc, "/a", 0, "2* 1*");
	scene_stat(sc, "/a", ZSWAP, 3000);
	scene_play(sc, "store 1 /b 1 4096 = ok\n");
	scene_list(sc, "/a", 0, "2*");
	scene_list(sc, "/b", 1, "1*");
	scene_stat(sc, "/a", ZSWAP, 1000);
	scene_counter(sc, STORED_PAGES, 2);
	scene_number(zsim_node_true(sc->zs, 1), 1);
}

static void stored_again(void)
{
	scene_every(stored_again_in);
}

static void decompression_of_a_load_fails_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "fail decompress 1\n"
		       "load 2 = -ENOENT\n" /* nothing to decompress: not used up */
		       "load 1 = -EIO\n");
	scene_counter(sc, DECOMPRESS_FAIL, 1);
	scene_stat(sc, "/g", ZSWPIN, 0);
	scene_list(sc, "/g", 0, "1*");
	scene_play(sc, "load 1 = 0\n");
}

static void decompression_of_a_load_fails(void)
{
	scene_every(decompression_of_a_load_fails_in);
}

/* ---- rejects ------------------------------------------------------------------------------ */

/* any reject drops the old entry; each has its counter, and only that */
static void rejects_and_counters_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "fail compress 1\n"
		       "store 1 /g 0 100 = rejected\n"
		       "load 1 = -ENOENT\n");
	scene_counter(sc, REJECT_COMPRESS_FAIL, 1);
	scene_play(sc, "fail compress_poor 1\n"
		       "store 1 /g 0 100 = rejected\n");
	scene_counter(sc, REJECT_COMPRESS_POOR, 1);
	scene_play(sc, "fail zs_malloc 1\n"
		       "store 1 /g 0 100 = rejected\n");
	scene_counter(sc, REJECT_ALLOC_FAIL, 1);
	scene_play(sc, "fail entry_alloc 1\n"
		       "fail entry_alloc 1\n" /* adds to what is pending */
		       "store 1 /g 0 100 = rejected\n"
		       "store 1 /g 0 100 = rejected\n"
		       "store 1 /g 0 100 = ok\n");
	scene_counter(sc, REJECT_KMEMCACHE_FAIL, 2);
	scene_counter(sc, REJECT_COMPRESS_FAIL, 1);
	scene_counter(sc, REJECT_COMPRESS_POOR, 1);
	scene_counter(sc, REJECT_ALLOC_FAIL, 1);
	scene_counter(sc, POOL_LIMIT_HIT, 0);
	scene_stat(sc, "/g", ZSWPOUT, 2);
}

static void rejects_and_counters(void)
{
	scene_every(rejects_and_counters_in);
}

/* several pending: the entry comes first, then compression, then room in the pool */
static void failures_come_in_order_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "fail zs_malloc 1\nfail compress 1\nfail entry_alloc 1\n"
		       "store 1 /g 0 100 = rejected\n");
	scene_counter(sc, REJECT_KMEMCACHE_FAIL, 1);
	scene_counter(sc, REJECT_COMPRESS_FAIL, 0);
	scene_play(sc, "store 1 /g 0 100 = rejected\n");
	scene_counter(sc, REJECT_COMPRESS_FAIL, 1);
	scene_counter(sc, REJECT_ALLOC_FAIL, 0);
	/* an incompressible page that may not stay never asks for room */
	scene_play(sc, "write /g memory.zswap.writeback 0 = 0\n"
		       "store 1 /g 0 4096 = rejected\n");
	scene_counter(sc, REJECT_COMPRESS_FAIL, 2);
	scene_counter(sc, REJECT_ALLOC_FAIL, 0);
	scene_play(sc, "store 1 /g 0 100 = rejected\n"
		       "store 1 /g 0 100 = ok\n");
	scene_counter(sc, REJECT_ALLOC_FAIL, 1);
}

static void failures_come_in_order(void)
{
	scene_every(failures_come_in_order_in);
}

/* 4096 bytes: kept as it is, but only where it could be written back later */
static void incompressible_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p/g 0 4096 = ok\n"
		       "write /p memory.zswap.writeback 0 = 0\n"
		       "store 1 /p/g 0 4096 = rejected\n"
		       "load 1 = -ENOENT\n"
		       "store 1 /p/g 0 4095 = ok\n"
		       "write /p memory.zswap.writeback 1 = 0\n"
		       "write /p/g memory.zswap.writeback 0 = 0\n"
		       "store 2 /p/g 0 4096 = rejected\n"
		       "store 2 /p 0 4096 = ok\n");
	scene_counter(sc, REJECT_COMPRESS_FAIL, 2);
}

static void incompressible(void)
{
	scene_every(incompressible_in);
}

/* disabled: no limit is looked at, nothing is counted, the old entry goes */
static void zswap_disabled_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "store 2 /g 0 100 = ok\n"
		       "write /g memory.zswap.max 0 = 0\n"
		       "param enabled N\n"
		       "store 1 /g 0 100 = rejected\n"
		       "load 1 = -ENOENT\n"
		       "load 2 = 0\n");
	scene_log(sc, visits, "");
	scene_counter(sc, POOL_LIMIT_HIT, 0);
	scene_play(sc, "write /g memory.zswap.max max = 0\n"
		       "param enabled Y\n"
		       "store 1 /g 0 100 = ok\n");
}

static void zswap_disabled(void)
{
	scene_every(zswap_disabled_in);
}

/* a kernel built without zswap stores nothing */
static void zswap_absent_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 zswap=off\nmkdir /g\n"
		       "store 1 /g 0 100 = rejected\n"
		       "load 1 = -ENOENT\n");
	scene_counter(sc, STORED_PAGES, 0);
}

static void zswap_absent(void)
{
	scene_every(zswap_absent_in);
}

/* ---- zswap.max ------------------------------------------------------------------------------ */

/* whole pages: 8191 bytes are one page, under a limit of two; 8192 are not */
static void limit_in_whole_pages_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "write /g memory.zswap.max 8K = 0\n"
		       "store 1 /g 0 4096 = ok\n"
		       "store 2 /g 0 4095 = ok\n"
		       "store 3 /g 0 1 = ok\n");
	scene_stat(sc, "/g", ZSWAP, 8192);
	scene_log(sc, visits, "");
	/* two, or three, or 32 visits: only linux-7.3 makes room */
	scene_play(sc, zsim_algo(sc->zs)->walk_nr == 32 ? "store 4 /g 0 1 = ok\n" :
							  "store 4 /g 0 1 = rejected\n");
	CU_ASSERT_NOT_EQUAL(sc->visits[0], '\0');
}

static void limit_in_whole_pages(void)
{
	scene_every(limit_in_whole_pages_in);
}

/* below one page the limit is 0: refused whatever is in it; max lifts it */
static void limit_of_nothing_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "write /g memory.zswap.max 4095 = 0\n"
		       "store 1 /g 0 1 = rejected\n"
		       "write /g memory.zswap.max max = 0\n"
		       "store 1 /g 0 1 = ok\n");
}

static void limit_of_nothing(void)
{
	scene_every(limit_of_nothing_in);
}

/* the parent is full: the group that stores is shrunk, not the one whose limit it is */
static void limit_of_an_ancestor_in(struct scene *sc)
{
	bool big = zsim_algo(sc->zs)->walk_nr == 32;

	scene_play(sc, "mkdir /p\nmkdir /p/a\nmkdir /p/b\n"
		       "store 1 /p/a 0 4096 = ok\n"
		       "store 2 /p/b 0 100 = ok\n"
		       "store 3 /p/b 0 100 = ok\n"
		       "write /p memory.zswap.max 4K = 0\n");
	scene_play(sc, big ? "store 4 /p/b 0 100 = ok\n" : "store 4 /p/b 0 100 = rejected\n");
	scene_log(sc, visits, big ? "2r 3r 2w 3w" : "2r");
	scene_list(sc, "/p/a", 0, "1*");
	/* a group of its own beside is under no limit */
	scene_play(sc, "mkdir /q\nstore 5 /q 0 4096 = ok\n");
}

static void limit_of_an_ancestor(void)
{
	scene_every(limit_of_an_ancestor_in);
}

/* the root is never checked: it has no such file, and its own entries are not charged */
static void root_has_no_limit_in(struct scene *sc)
{
	scene_stores(sc, 1, 3, "/", 0, 4096);
	scene_refused(sc, "write / memory.zswap.max 0\n", -2, "unknown file: memory.zswap.max");
	scene_stat(sc, "/", ZSWAP, 0);
}

static void root_has_no_limit(void)
{
	scene_every(root_has_no_limit_in);
}

/* written pages make room, but the store is not looked at again: it may go over */
static void limit_is_looked_at_once(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\nmkdir /g\n");
	scene_stores(&sc, 1, 2, "/g", 0, 4096);
	scene_play(&sc, "shrinker /g 0 2 = stop\n"
			"write /g memory.zswap.max 4K = 0\n"
			"store 3 /g 0 4096 = ok\n"); /* 1 goes, 2 is one page already */
	scene_list(&sc, "/g", 0, "2 3*");
	scene_stat(&sc, "/g", ZSWAP, 8192);
	scene_close(&sc);
}

/* ---- the pool's limit: maximum 20 pages, accept threshold 18 --------------------------------- */

static void hysteresis_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param worker manual\n"
		       "mkdir /g\n");
	scene_stores(sc, 1, 20, "/g", 0, 4096); /* the last one finds 19: one below */
	scene_counter(sc, POOL_LIMIT_HIT, 0);
	scene_counter(sc, POOL_TOTAL_SIZE, 20 * 4096);
	scene_play(sc, "store 21 /g 0 4096 = rejected\n"); /* exactly the maximum */
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_play(sc, "load 1 = 0\n"
		       "store 21 /g 0 4096 = rejected\n"); /* 19: still full, no hit */
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_play(sc, "load 2 = 0\n"
		       "store 21 /g 0 4096 = ok\n"); /* exactly the threshold */
	scene_play(sc, "store 22 /g 0 4096 = ok\n"   /* 19 and not full: up to the top */
		       "store 23 /g 0 4096 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, 2);
	scene_stat(sc, "/g", ZSWPOUT, 22);
}

static void hysteresis(void)
{
	scene_every(hysteresis_in);
}

/* one above the maximum, by a percentage that was lowered; and a maximum of nothing */
static void limit_is_lowered_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param worker manual\n"
		       "mkdir /g\n");
	scene_stores(sc, 1, 11, "/g", 0, 4096);
	scene_play(sc, "param max_pool_percent 10\n"
		       "store 12 /g 0 4096 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_play(sc, "param max_pool_percent 100\n"
		       "param accept_threshold_percent 10\n"
		       "store 12 /g 0 4096 = rejected\n" /* 11 > 100 x 10 % */
		       "load 1 = 0\n"
		       "store 12 /g 0 4096 = ok\n" /* 10 */
		       "param max_pool_percent 0\n"
		       "store 13 /g 0 4096 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, 2);
}

static void limit_is_lowered(void)
{
	scene_every(limit_is_lowered_in);
}

/* a reject for another reason queues the worker as long as the pool counts as full */
static void any_reject_queues_the_worker_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param worker manual\n"
		       "mkdir /g\nmkdir /none\n"
		       "write /none memory.zswap.max 0 = 0\n"
		       "store 50 /none 0 100 = rejected\n"
		       "param worker auto\n");
	scene_log(sc, groups, ""); /* not full: not queued */
	scene_stores(sc, 1, 20, "/g", 0, 4096);
	scene_play(sc, "param worker manual\n"
		       "store 21 /g 0 4096 = rejected\n"
		       "write / memory.zswap.writeback 0 = 0\n"
		       "worker = 0\n" /* finds no candidate: the pool stays full */
		       "write / memory.zswap.writeback 1 = 0\n");
	scene_forget(sc);
	scene_play(sc, "param worker auto\nparam worker manual\n");
	scene_log(sc, groups, "");
	scene_play(sc, "store 50 /none 0 100 = rejected\n"
		       "param worker auto\n");
	CU_ASSERT_NOT_EQUAL(sc->groups[0], '\0');
}

static void any_reject_queues_the_worker(void)
{
	scene_every(any_reject_queues_the_worker_in);
}

/* ---- groups that leave ---------------------------------------------------------------------- */

/* dying: still charged by itself; offline: by the nearest living ancestor */
static void store_to_a_leaving_group_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\nmkdir /p/g\n"
		       "rmdir /p/g deferred = 0\n"
		       "store 1 /p/g 0 100 = ok\n");
	scene_list(sc, "/p/g", 0, "1*");
	scene_stat(sc, "/p/g", ZSWAP, 100);
	scene_play(sc, "offline /p/g = 0\n"
		       "store 2 /p/g 0 200 = ok\n");
	scene_list(sc, "/p", 0, "1* 2*");
	scene_stat(sc, "/p", ZSWAP, 300);
	scene_stat(sc, "/p", ZSWPOUT, 2);
	scene_play(sc, "write /p memory.zswap.max 0 = 0\n"
		       "store 3 /p/g 0 100\n"); /* by the parent's limit */
	CU_ASSERT_NOT_EQUAL(sc->visits[0], '\0');
	scene_play(sc, "load 1\nload 2\nload 3\n");
	scene_stat(sc, "/p", ZSWAP, 0);
}

static void store_to_a_leaving_group(void)
{
	scene_every(store_to_a_leaving_group_in);
}

/* pool=bytes: 20 pages are the limit, and they are full when 20 pages of bytes are in */
static void pool_of_bytes_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100 pool=bytes\n"
		       "param worker manual\n"
		       "mkdir /g\n");
	scene_stores(sc, 1, 38, "/g", 0, 2048);
	scene_number((int64_t)zsim_pool_pages(sc->zs), 19);
	scene_play(sc, "store 39 /g 0 1 = ok\n"
		       "store 40 /g 0 1 = rejected\n"
		       "load 39 = 0\n"
		       "store 40 /g 0 1 = rejected\n"); /* above 18, and it was full */
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_play(sc, "load 1 = 0\ninvalidate 2 = 0\n"
		       "write /g memory.zswap.writeback 0 = 0\n"
		       "store 50 /g 0 3 7 4096 = rejected\n"
		       "store 50 /g 0 3 7 = ok\n");
	scene_number((int64_t)zsim_pool_pages(sc->zs), 19);
	scene_stat(sc, "/g", ZSWAP, 36 * 2048 + 10);
}

static void pool_of_bytes(void)
{
	scene_every(pool_of_bytes_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(pool_of_bytes),
	ZSIM_CASE(store_load_invalidate),
	ZSIM_CASE(stored_again),
	ZSIM_CASE(decompression_of_a_load_fails),
	ZSIM_CASE(rejects_and_counters),
	ZSIM_CASE(failures_come_in_order),
	ZSIM_CASE(incompressible),
	ZSIM_CASE(zswap_disabled),
	ZSIM_CASE(zswap_absent),
	ZSIM_CASE(limit_in_whole_pages),
	ZSIM_CASE(limit_of_nothing),
	ZSIM_CASE(limit_of_an_ancestor),
	ZSIM_CASE(root_has_no_limit),
	ZSIM_CASE(limit_is_looked_at_once),
	ZSIM_CASE(hysteresis),
	ZSIM_CASE(limit_is_lowered),
	ZSIM_CASE(any_reject_queues_the_worker),
	ZSIM_CASE(store_to_a_leaving_group),
};
ZSIM_SUITE_MAIN("store", cases)
