/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dynamic shrinker and do_shrink_slab around it: model.md 5.5. It is the same in
 * all algorithms.
 *
 * delta = (freeable >> priority) x 4 / 2; total = min((deferred >> priority) + delta,
 * 2 x freeable). Pages of 4096 bytes make freeable the length of the list.
 */
#include <errno.h>

#include "support/scene.h"
#include "support/suite.h"

static void pages(struct scene *sc, uint32_t nr, uint16_t length)
{
	scene_play(sc, "param shrinker_enabled 1\nmkdir /g\n");
	scene_stores(sc, 1, nr, "/g", 0, length);
}

/* ---- count ---------------------------------------------------------------------------- */

/* off, no writeback, no I/O, nothing stored: 0, and the swap-ins are not used up */
static void count_is_zero_in(struct scene *sc)
{
	pages(sc, 10, 4096);
	scene_play(sc, "swapin /g 0\nswapin /g 0\nswapin /g 0\n"
		       "param shrinker_enabled 0\n"
		       "slab /g 0 0 = 0\n"
		       "param shrinker_enabled 1\n"
		       "write /g memory.zswap.writeback 0 = 0\n"
		       "slab /g 0 0 = 0\n"
		       "write /g memory.zswap.writeback 1 = 0\n"
		       "slab /g 0 0 noio = 0\n"
		       "mkdir /empty\n"
		       "slab /empty 0 0 = 0\n");
	scene_log(sc, slab, "count(0,0,0,0) count(0,0,0,0) count(0,0,0,0) count(0,0,0,0)");
	scene_log(sc, visits, "");
	scene_forget(sc);
	scene_play(sc, "slab /g 0 12 = 0\nslab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(7,0,0,0) end(0)=0 count(10,0,0,0) end(0)=0");
}

static void count_is_zero(void)
{
	scene_every(count_is_zero_in);
}

/* more swap-ins than entries: they are used up by and by; also by a count of 0 */
static void swapins_are_consumed_in(struct scene *sc)
{
	pages(sc, 4, 4096);
	for (unsigned int i = 0; i < 7; i++)
		scene_play(sc, "swapin /g 0\n");
	scene_play(sc, "slab /g 0 12 = 0\nslab /g 0 12 = 0\nslab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(0,0,0,0) count(1,0,0,0) end(0)=0 count(4,0,0,0) end(0)=0");
}

static void swapins_are_consumed(void)
{
	scene_every(swapins_are_consumed_in);
}

/* a readahead counts each of its pages */
static void readahead_in(struct scene *sc)
{
	pages(sc, 8, 4096);
	scene_play(sc, "swapin /g 0 4\nswapin /g 0\n"
		       "slab /g 0 12 = 0\nslab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(3,0,0,0) end(0)=0 count(8,0,0,0) end(0)=0");
	scene_number(zsim_swapin_pages(sc->zs, scene_group(sc, "/g"), 0, 0), -ERANGE);
	scene_number(zsim_swapin_pages(sc->zs, scene_group(sc, "/g"), 0, UINT64_C(1) << 32),
		     -ERANGE);
	scene_number(zsim_swapin_pages(sc->zs, scene_group(sc, "/g"), 1, 1), -ERANGE);
	scene_number(zsim_swapin_pages(sc->zs, 99, 0, 1), -ENOENT);
}

static void readahead(void)
{
	scene_every(readahead_in);
}

/* swap-ins belong to a group and node; load never counts one */
static void swapins_of_the_list_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=2\nparam shrinker_enabled 1\n"
		       "mkdir /g\nmkdir /h\n");
	scene_stores(sc, 1, 4, "/g", 0, 4096);
	scene_stores(sc, 11, 4, "/g", 1, 4096);
	scene_play(sc, "swapin /g 1\nswapin /h 0\nload 99 = -ENOENT\n"
		       "slab /g 0 12 = 0\nslab /g 1 12 = 0\n");
	scene_log(sc, slab, "count(4,0,0,0) end(0)=0 count(3,0,0,0) end(0)=0");
}

static void swapins_of_the_list(void)
{
	scene_every(swapins_of_the_list_in);
}

/* scaled down by the compression: 10 pages in 20480 bytes: 10 x 5 / 10 */
static void count_is_scaled_in(struct scene *sc)
{
	pages(sc, 10, 2048);
	scene_play(sc, "slab /g 0 12 = 0\n"
		       "load 10 = 0\n" /* 18432 bytes are 4 pages: 9 x 4 / 9 */
		       "slab /g 0 12 = 0\n"
		       "swapin /g 0\n" /* 8 x 4 / 9 = 3 */
		       "slab /g 0 12 = 0\n");
	scene_log(sc, slab,
		  "count(5,0,0,0) end(0)=0 count(4,0,0,0) end(0)=0 "
		  "count(3,0,0,0) end(0)=0");
	/* less than a page in all: 0 */
	scene_forget(sc);
	scene_play(sc, "mkdir /h\nstore 20 /h 0 4095 = ok\nslab /h 0 0 = 0\n");
	scene_log(sc, slab, "count(0,0,0,0)");
}

static void count_is_scaled(void)
{
	scene_every(count_is_scaled_in);
}

/* the counters are hierarchical: /p has 2 of the 4 pages, 8192 + 2048 bytes, 2 x 2 / 4 */
static void count_is_hierarchical_in(struct scene *sc)
{
	pages(sc, 2, 4096);
	scene_play(sc, "mkdir /g/c\n");
	scene_stores(sc, 11, 2, "/g/c", 0, 1024);
	scene_play(sc, "slab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(1,0,0,0) end(0)=0");
	/* the root's own entries are in no counter: 3 x 2 / 4, and with nothing below 0 */
	scene_forget(sc);
	scene_stores(sc, 21, 3, "/", 0, 4096);
	scene_play(sc, "slab / 0 12 = 0\n"
		       "load 1\nload 2\nload 11\nload 12\n"
		       "slab / 0 0 = 0\n");
	scene_log(sc, slab, "count(1,0,0,0) end(0)=0 count(0,0,0,0)");
}

static void count_is_hierarchical(void)
{
	scene_every(count_is_hierarchical_in);
}

/* without the controller the pool's own numbers are used: 4 entries, 2 pages of the pool */
static void count_without_memcg_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 memcg=off\nparam shrinker_enabled 1\n");
	scene_stores(sc, 1, 4, "/", 0, 4096);
	scene_play(sc, "slab / 0 12 = 0\n"
		       "slab / 0 0 = 4\n");
	scene_log(sc, slab, "count(4,0,0,0) end(0)=0 count(4,0,8,8) batch(8)=4 end(0)=4");
}

static void count_without_memcg(void)
{
	scene_every(count_without_memcg_in);
}

/* ---- scan ----------------------------------------------------------------------------- */

static void scan_refuses_in(struct scene *sc)
{
	pages(sc, 2, 100);
	scene_play(sc, "param shrinker_enabled N\n"
		       "shrinker /g 0 10 = stop\n"
		       "param shrinker_enabled Y\n"
		       "write / memory.zswap.writeback 0 = 0\n"
		       "shrinker /g 0 10 = stop\n");
	scene_log(sc, walks, "");
	scene_log(sc, slab, "batch(10)=-1 batch(10)=-1");
	scene_play(sc, "write / memory.zswap.writeback 1 = 0\n"
		       "shrinker /g 0 10 = 2\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_SHRINKER), 2);
}

static void scan_refuses(void)
{
	scene_every(scan_refuses_in);
}

/* one list only: another node, a child and a parent are not touched */
static void scan_walks_one_list_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=2\nparam shrinker_enabled 1\nmkdir /g\nmkdir /g/c\n"
		       "store 1 /g 0 100 = ok\nstore 2 /g 1 100 = ok\nstore 3 /g/c 1 100 = ok\n"
		       "shrinker /g 1 5 = stop\n");
	scene_log(sc, walks, "/g.1(5)");
	scene_log(sc, visits, "2r");
}

static void scan_walks_one_list(void)
{
	scene_every(scan_walks_one_list_in);
}

/* ---- do_shrink_slab ------------------------------------------------------------------- */

/* 10 at priority 0: delta 20, total 20, one batch: 10 bits, 10 pages */
static void priority_0_in(struct scene *sc)
{
	pages(sc, 10, 4096);
	scene_play(sc, "slab /g 0 0 = 10\n");
	scene_log(sc, slab, "count(10,0,20,20) batch(20)=10 end(0)=10");
	scene_list(sc, "/g", 0, "");
}

static void priority_0(void)
{
	scene_every(priority_0_in);
}

/* 4095 >> 12 is nothing to do, 4096 >> 12 is one: 2 of 4096 are too few for a batch */
static void priority_12_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=1048576\n");
	pages(sc, 4095, 4096);
	scene_play(sc, "slab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(4095,0,0,0) end(0)=0");
	scene_forget(sc);
	scene_stores(sc, 5000, 1, "/g", 0, 4096);
	scene_play(sc, "slab /g 0 12 = 0\n"
		       "slab /g 0 12 = 0\n"); /* 2 >> 12 is 0 again; 2 + 2 are deferred */
	scene_log(sc, slab, "count(4096,0,2,2) end(2)=0 count(4096,2,2,2) end(4)=0");
	scene_refused(sc, "slab /g 9 0\n", -34, "no such node");
}

static void priority_12(void)
{
	scene_every(priority_12_in);
}

/* 64: delta and total 128, exactly one batch; 63: 126, a smaller one, since 126 >= 63 */
static void batch_of_128_in(struct scene *sc)
{
	pages(sc, 64, 4096);
	scene_play(sc, "slab /g 0 0 = 64\n");
	scene_log(sc, slab, "count(64,0,128,128) batch(128)=64 end(0)=64");
	scene_forget(sc);
	scene_stores(sc, 1, 63, "/g", 0, 4096);
	scene_play(sc, "slab /g 0 0 = 63\n");
	scene_log(sc, slab, "count(63,0,126,126) batch(126)=63 end(0)=63");
}

static void batch_of_128(void)
{
	scene_every(batch_of_128_in);
}

/* 129 at priority 1: 64 x 2 are fewer than all of them, but a batch exactly */
static void batch_of_128_of_129_in(struct scene *sc)
{
	pages(sc, 129, 4096);
	scene_play(sc, "slab /g 0 1 = 0\n"
		       "load 1 = 0\n"
		       "slab /g 0 2 = 0\n");
	/* then 128 >> 2 x 2 = 64, and 128 >> 2 deferred: too few */
	scene_log(sc, slab,
		  "count(129,0,128,128) batch(128)=-1 end(128)=0 "
		  "count(128,128,64,96) end(192)=0");
}

static void batch_of_128_of_129(void)
{
	scene_every(batch_of_128_of_129_in);
}

/*
 * 127 at priority 1: delta (127 >> 1) x 2 = 126: neither a batch nor all of them, so
 * all is deferred. Next 126 / 2 + 126 = 189: one batch of 128 clears 127 bits and writes
 * one; 61 are left, fewer than 128 and than 127. Deferred 126 + 126 - 128.
 */
static void too_few_are_deferred_in(struct scene *sc)
{
	pages(sc, 127, 4096);
	scene_play(sc, "slab /g 0 1 = 0\n"
		       "slab /g 0 1 = 1\n");
	scene_log(sc, slab,
		  "count(127,0,126,126) end(126)=0 "
		  "count(127,126,126,189) batch(128)=1 end(124)=1");
}

static void too_few_are_deferred(void)
{
	scene_every(too_few_are_deferred_in);
}

/*
 * 100 at priority 1: total 100 >= freeable: a batch of 100, which only clears bits:
 * SHRINK_STOP, not counted as scanned, 100 deferred. Next 50 + 100: a batch of 128
 * writes all 100; 22 are left, 100 + 100 - 128 deferred.
 */
static void stop_counts_as_not_scanned_in(struct scene *sc)
{
	pages(sc, 100, 4096);
	scene_play(sc, "slab /g 0 1 = 0\n"
		       "slab /g 0 1 = 100\n"
		       "slab /g 0 1 = 0\n"); /* nothing is stored: what is deferred stays */
	scene_log(sc, slab,
		  "count(100,0,100,100) batch(100)=-1 end(100)=0 "
		  "count(100,100,100,150) batch(128)=100 end(72)=100 count(0,72,0,0)");
	scene_forget(sc);
	scene_stores(sc, 1, 100, "/g", 0, 4096);
	scene_play(sc, "slab /g 0 12 = 0\n");
	scene_log(sc, slab, "count(100,72,0,0) end(72)=0");
}

static void stop_counts_as_not_scanned(void)
{
	scene_every(stop_counts_as_not_scanned_in);
}

/* total and what is deferred are both held to 2 x freeable */
static void deferred_is_capped_in(struct scene *sc)
{
	pages(sc, 10, 4096);
	scene_play(sc, "shrinker /g 0 10 = stop\n"
		       "cache 1 = 0\ncache 2 = 0\ncache 3 = 0\n");
	scene_forget(sc);
	scene_play(sc, "slab /g 0 0 = 0\n" /* 1 is met */
		       "slab /g 0 0 = 0\n" /* 20 + 20, but 20 */
		       "swapin /g 0\n"
		       "slab /g 0 0 = 0\n"); /* freeable 9: 20 + 18 is held to 18 */
	scene_log(sc, slab,
		  "count(10,0,20,20) batch(20)=-1 end(20)=0 "
		  "count(10,20,20,20) batch(20)=-1 end(20)=0 "
		  "count(9,20,18,18) batch(18)=-1 end(18)=0");
}

static void deferred_is_capped(void)
{
	scene_every(deferred_is_capped_in);
}

/*
 * 200 without bits at priority 0: 400 in batches of 128: 128, then the 72 that are left,
 * then none: SHRINK_STOP with 144 to go, 400 - 256 deferred.
 */
static void several_batches_in(struct scene *sc)
{
	pages(sc, 200, 4096);
	scene_play(sc, "shrinker /g 0 200 = stop\n");
	scene_forget(sc);
	scene_play(sc, "slab /g 0 0 = 200\n");
	scene_log(sc, slab,
		  "count(200,0,400,400) batch(128)=128 batch(128)=72 batch(128)=-1 "
		  "end(144)=200");
	scene_log(sc, walks, "/g.0(128) /g.0(128) /g.0(128)");
}

static void several_batches(void)
{
	scene_every(several_batches_in);
}

/* a batch whose walk met the swap cache stops it all, although it wrote */
static void batch_meets_the_swap_cache_in(struct scene *sc)
{
	pages(sc, 10, 4096);
	scene_play(sc, "shrinker /g 0 10 = stop\n"
		       "cache 4 = 0\n");
	scene_forget(sc);
	scene_play(sc, "slab /g 0 0 = 0\n");
	scene_log(sc, visits, "1w 2w 3w 4s");
	scene_log(sc, slab, "count(10,0,20,20) batch(20)=-1 end(20)=0");
	scene_list(sc, "/g", 0, "5 6 7 8 9 10 4");
}

static void batch_meets_the_swap_cache(void)
{
	scene_every(batch_meets_the_swap_cache_in);
}

/* turned off between two batches (each visit has three points): 128 stay written */
static void turned_off_between_batches_in(struct scene *sc)
{
	pages(sc, 200, 4096);
	scene_play(sc, "shrinker /g 0 200 = stop\n");
	scene_forget(sc);
	scene_play(sc, "@S slab /g 0 0 = walk\n"
		       "@S step 384 = walk\n"
		       "param shrinker_enabled 0\n"
		       "@S finish = 128\n");
	scene_log(sc, slab, "count(200,0,400,400) batch(128)=128 batch(128)=-1 end(272)=128");
}

static void turned_off_between_batches(void)
{
	scene_every(turned_off_between_batches_in);
}

/* two at a time: the second finds nothing deferred, at the end both add theirs */
static void two_at_a_time_in(struct scene *sc)
{
	pages(sc, 100, 4096);
	scene_play(sc, "slab /g 0 1 = 0\n"); /* 100 deferred, 100 bits cleared */
	scene_forget(sc);
	scene_play(sc, "cache 1 = 0\n"
		       "@S slab /g 0 1 = walk\n"
		       "slab /g 0 1 = 0\n"
		       "@S finish = 0\n"
		       "slab /g 0 12 = 0\n");
	/*
	 * S: 50 + 100 = 150. The other meets 1, stops and defers 100. S writes 99, meets 1:
	 * SHRINK_STOP, none count; it adds min(100 + 100, 200). One is left: 300 >> 12 is 0,
	 * and 2 x 1 stay deferred.
	 */
	scene_log(sc, slab,
		  "count(100,100,100,150) count(100,0,100,100) batch(100)=-1 end(100)=0 "
		  "batch(128)=-1 end(300)=0 count(1,300,0,0) end(2)=0");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_SHRINKER), 99);
}

static void two_at_a_time(void)
{
	scene_every(two_at_a_time_in);
}

/* offline: what was deferred goes to the parent, the swap-ins do not */
static void deferred_moves_up_in(struct scene *sc)
{
	scene_play(sc, "mkdir /p\n");
	scene_play(sc, "param shrinker_enabled 1\nmkdir /p/g\n");
	scene_stores(sc, 1, 100, "/p/g", 0, 4096);
	scene_play(sc, "slab /p/g 0 1 = 0\n"
		       "swapin /p/g 0\n"
		       "rmdir /p/g = 0\n");
	scene_forget(sc);
	scene_play(sc, "slab /p 0 12 = 0\n");
	scene_log(sc, slab, "count(100,100,0,0) end(100)=0");
}

static void deferred_moves_up(void)
{
	scene_every(deferred_moves_up_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(count_is_zero),
	ZSIM_CASE(swapins_are_consumed),
	ZSIM_CASE(readahead),
	ZSIM_CASE(swapins_of_the_list),
	ZSIM_CASE(count_is_scaled),
	ZSIM_CASE(count_is_hierarchical),
	ZSIM_CASE(count_without_memcg),
	ZSIM_CASE(scan_refuses),
	ZSIM_CASE(scan_walks_one_list),
	ZSIM_CASE(priority_0),
	ZSIM_CASE(priority_12),
	ZSIM_CASE(batch_of_128),
	ZSIM_CASE(batch_of_128_of_129),
	ZSIM_CASE(too_few_are_deferred),
	ZSIM_CASE(stop_counts_as_not_scanned),
	ZSIM_CASE(deferred_is_capped),
	ZSIM_CASE(several_batches),
	ZSIM_CASE(batch_meets_the_swap_cache),
	ZSIM_CASE(turned_off_between_batches),
	ZSIM_CASE(two_at_a_time),
	ZSIM_CASE(deferred_moves_up),
};
ZSIM_SUITE_MAIN("shrinker", cases)
