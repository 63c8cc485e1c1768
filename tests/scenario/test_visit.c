/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One visit and the walk around it: model.md 3.2 and 4.
 *
 * The scan call of the dynamic shrinker is used as the walker, since it is the same
 * in every algorithm: `shrinker /g 0 NR` walks the list of /g with NR visits.
 */
#include <errno.h>

#include "engine/run.h"
#include "support/scene.h"
#include "support/suite.h"

#define WORLD "param shrinker_enabled 1\nmkdir /g\n"

/* before: 1* 2* 3*   after three visits: 1 2 3, nothing written */
static void first_visit_rotates_in(struct scene *sc)
{
	scene_play(sc, WORLD);
	scene_stores(sc, 1, 3, "/g", 0, 100);
	scene_play(sc, "shrinker /g 0 3 = stop\n");
	scene_log(sc, visits, "1r 2r 3r");
	scene_list(sc, "/g", 0, "1 2 3");
	scene_counter(sc, WRITTEN_BACK_PAGES, 0);
	scene_counter(sc, REJECT_RECLAIM_FAIL, 0);
	scene_stat(sc, "/g", ZSWAP, 300);
}

static void first_visit_rotates(void)
{
	scene_every(first_visit_rotates_in);
}

/* behind the only entry stands the end of the list, read before the visit */
static void single_entry_is_visited_once_in(struct scene *sc)
{
	scene_play(sc, WORLD "store 1 /g 0 100 = ok\n"
			     "shrinker /g 0 10 = stop\n");
	scene_log(sc, visits, "1r");
	scene_list(sc, "/g", 0, "1");
	scene_play(sc, "shrinker /g 0 10 = 1\n");
	scene_log(sc, visits, "1r 1w");
	scene_list(sc, "/g", 0, "");
}

static void single_entry_is_visited_once(void)
{
	scene_every(single_entry_is_visited_once_in);
}

/*
 * 1* 2*: at 1 the next one is 2, at 2 it is 1, which was rotated behind it. So 1 is
 * met again, without its bit. With 3 visits 2 stays, with 4 both go.
 */
static void rotated_entries_are_met_again_in(struct scene *sc)
{
	scene_play(sc, WORLD);
	scene_stores(sc, 1, 2, "/g", 0, 100);
	scene_play(sc, "shrinker /g 0 3 = 1\n");
	scene_log(sc, visits, "1r 2r 1w");
	scene_list(sc, "/g", 0, "2");
	scene_forget(sc);
	scene_play(sc, "invalidate 2 = 0\n");
	scene_stores(sc, 1, 2, "/g", 0, 100);
	scene_play(sc, "shrinker /g 0 4 = 2\n");
	scene_log(sc, visits, "1r 2r 1w 2w");
	scene_list(sc, "/g", 0, "");
}

static void rotated_entries_are_met_again(void)
{
	scene_every(rotated_entries_are_met_again_in);
}

/*
 * before: 1* 2 3*. 1 is rotated; 2 is written and the walk begins at the head again:
 * 3 is rotated, its next one is 1; 1 is written; from the head again, 3 is written.
 */
static void writeback_restarts_at_the_head_in(struct scene *sc)
{
	scene_play(sc, WORLD "store 2 /g 0 100 = ok\n"
			     "shrinker /g 0 1 = stop\n"
			     "mkdir /g/c\n"
			     "store 1 /g/c 0 100 = ok\n"
			     "rmdir /g/c = 0\n"
			     "store 3 /g 0 100 = ok\n");
	scene_list(sc, "/g", 0, "1* 2 3*");
	scene_forget(sc);
	scene_play(sc, "shrinker /g 0 10 = 3\n");
	scene_log(sc, visits, "1r 2w 3r 1w 3w");
}

static void writeback_restarts_at_the_head(void)
{
	scene_every(writeback_restarts_at_the_head_in);
}

/* before: 1 2*. After 1 went, the walk arrives at 2, behind which the list ends */
static void walk_ends_with_the_list_in(struct scene *sc)
{
	scene_play(sc, WORLD "store 1 /g 0 100 = ok\n"
			     "shrinker /g 0 1 = stop\n"
			     "store 2 /g 0 100 = ok\n");
	scene_forget(sc);
	scene_play(sc, "shrinker /g 0 10 = 1\n");
	scene_log(sc, visits, "1w 2r");
	scene_list(sc, "/g", 0, "2");
	scene_forget(sc);
	scene_play(sc, "shrinker /g 0 0 = stop\n"); /* no visit at all */
	scene_log(sc, visits, "");
}

static void walk_ends_with_the_list(void)
{
	scene_every(walk_ends_with_the_list_in);
}

/* three entries without their bits; slots 1 2 3 */
static void three_cold(struct scene *sc)
{
	scene_play(sc, WORLD);
	scene_stores(sc, 1, 3, "/g", 0, 100);
	scene_play(sc, "shrinker /g 0 3 = stop\n");
	scene_list(sc, "/g", 0, "1 2 3");
	scene_forget(sc);
}

/* 4 e: charges, list, pool and node count drop, zswpwb counts */
static void writeback_takes_all_away_in(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "store 4 /g 0 4096 = ok\n"
		       "shrinker /g 0 2 = 2\n");
	scene_list(sc, "/g", 0, "3 4*");
	scene_stat(sc, "/g", ZSWAP, 4196);
	scene_stat(sc, "/g", ZSWAPPED, 2 * 4096);
	scene_stat(sc, "/g", ZSWAP_INCOMP, 4096);
	scene_stat(sc, "/g", ZSWPWB, 2);
	scene_stat(sc, "/", ZSWPWB, 2);
	scene_stat(sc, "/g", ZSWPWB_PROACTIVE_B, 0);
	scene_counter(sc, STORED_PAGES, 2);
	scene_counter(sc, STORED_INCOMPRESSIBLE_PAGES, 1);
	scene_counter(sc, WRITTEN_BACK_PAGES, 2);
	scene_play(sc, "load 1 = -ENOENT\n"
		       "load 3 = 0\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_SHRINKER), 2);
}

static void writeback_takes_all_away(void)
{
	scene_every(writeback_takes_all_away_in);
}

/* 3.2: 3 entries added, 2 written: the kernel counts 3 - 2 x 2, one is left */
static void node_count_drifts_in(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "shrinker /g 0 2 = 2\n");
	scene_number(zsim_node_items(sc->zs, 0), -1);
	scene_number(zsim_node_true(sc->zs, 0), 1);
	scene_play(sc, "load 3 = 0\n"); /* no walker: counted once */
	scene_number(zsim_node_items(sc->zs, 0), -2);
	scene_number(zsim_node_true(sc->zs, 0), 0);
}

static void node_count_drifts(void)
{
	struct zsim_config config = scene_config("linux-7.2");
	struct scene sc;

	scene_every(node_count_drifts_in);
	config.node_count_fixed = true;
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	three_cold(&sc);
	scene_play(&sc, "shrinker /g 0 2 = 2\n");
	scene_number(zsim_node_items(sc.zs, 0), 1);
	scene_close(&sc);
}

/* 4 a: the entry was moved to the tail before; the shrinker stops in every algorithm */
static void cached_slot_stops_the_shrinker_in(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "cache 1 = 0\n"
		       "shrinker /g 0 3 = stop\n");
	scene_log(sc, visits, "1s");
	scene_list(sc, "/g", 0, "2 3 1");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
	/* it stops although two pages were written on the way */
	scene_play(sc, "shrinker /g 0 3 = stop\n");
	scene_log(sc, visits, "1s 2w 3w 1s");
	scene_counter(sc, WRITTEN_BACK_PAGES, 2);
	scene_counter(sc, REJECT_RECLAIM_FAIL, 2);
	scene_play(sc, "uncache 1 = 0\n"
		       "shrinker /g 0 3 = 1\n");
}

static void cached_slot_stops_the_shrinker(void)
{
	scene_every(cached_slot_stops_the_shrinker_in);
}

/* interface.md: store, load and invalidate leave the swap cache alone */
static void swap_cache_is_left_alone_in(struct scene *sc)
{
	scene_play(sc, WORLD "cache 1 = 0\n"
			     "store 1 /g 0 100 = ok\n"
			     "load 1 = 0\n"
			     "store 1 /g 0 100 = ok\n"
			     "invalidate 1 = 0\n"
			     "store 1 /g 0 100 = ok\n"
			     "shrinker /g 0 1 = stop\n"
			     "shrinker /g 0 1 = stop\n");
	scene_log(sc, visits, "1r 1s");
	scene_play(sc, "uncache 1 = 0\n"
		       "shrinker /g 0 1 = 1\n");
}

static void swap_cache_is_left_alone(void)
{
	scene_every(swap_cache_is_left_alone_in);
}

/* 4 b: no page for the swap cache; the walk goes on from the head */
static void swapcache_alloc_fails_in(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "fail swapcache_alloc 1\n"
		       "shrinker /g 0 2 = 1\n");
	scene_log(sc, visits, "1x 2w");
	scene_list(sc, "/g", 0, "3 1");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
	scene_counter(sc, DECOMPRESS_FAIL, 0);
	scene_play(sc, "shrinker /g 0 2 = 2\n");
}

static void swapcache_alloc_fails(void)
{
	scene_every(swapcache_alloc_fails_in);
}

/* 4 d: the page leaves the swap cache again, the entry stays */
static void decompression_fails_in(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "fail decompress 2\n"
		       "shrinker /g 0 3 = 1\n");
	scene_log(sc, visits, "1x 2x 3w");
	scene_list(sc, "/g", 0, "1 2");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 2);
	scene_counter(sc, DECOMPRESS_FAIL, 2);
	scene_counter(sc, WRITTEN_BACK_PAGES, 1);
	scene_play(sc, "shrinker /g 0 3 = 2\n");
}

static void decompression_fails(void)
{
	scene_every(decompression_fails_in);
}

/* @S stands at `unlocked`, having taken 1 of 1 2 3: the list is 2 3 1 */
static void unlocked_at_one(struct scene *sc)
{
	three_cold(sc);
	scene_play(sc, "@S shrinker /g 0 1 = walk\n"
		       "@S step = unlocked\n");
	scene_list(sc, "/g", 0, "2 3 1");
}

/* 4 c: gone when the swap cache page is there; that page is taken out again */
static void loaded_while_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "load 1 = 0\n"
		       "@S step = cached\n"
		       "@S step = walk\n"
		       "@S step = stop\n");
	scene_log(sc, visits, "1x");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
	scene_counter(sc, WRITTEN_BACK_PAGES, 0);
	scene_stat(sc, "/g", ZSWPWB, 0);
	scene_stat(sc, "/g", ZSWPIN, 1);
	scene_play(sc, "store 1 /g 0 100 = ok\n"); /* nobody holds the slot */
	scene_list(sc, "/g", 0, "2 3 1*");
}

static void loaded_while_unlocked(void)
{
	scene_every(loaded_while_unlocked_in);
}

/* 4 a: a freed slot gives EEXIST, at which the shrinker stops */
static void freed_while_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "invalidate 1 = 0\n"
		       "@S step = walk\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1s");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
}

static void freed_while_unlocked(void)
{
	scene_every(freed_while_unlocked_in);
}

/* freed, then somebody else's page in the swap cache and out: the entry is gone, 4 c */
static void freed_and_used_again_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "invalidate 1 = 0\n"
		       "cache 1 = 0\n"
		       "uncache 1 = 0\n"
		       "@S step = cached\n"
		       "@S step = walk\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1x");
}

static void freed_and_used_again(void)
{
	scene_every(freed_and_used_again_in);
}

/* another entry at the slot is not the one that was noted: it stays, with its bit */
static void replaced_while_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "store 1 /g 0 200 = ok\n"
		       "@S step = cached\n"
		       "@S step = walk\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1x");
	scene_list(sc, "/g", 0, "2 3 1*");
	scene_stat(sc, "/g", ZSWAP, 400);
	scene_play(sc, "invalidate 1 = 0\n"
		       "store 1 /g 0 300 = ok\n");
	scene_list(sc, "/g", 0, "2 3 1*");
	scene_stat(sc, "/g", ZSWAP, 500);
}

static void replaced_while_unlocked(void)
{
	scene_every(replaced_while_unlocked_in);
}

/* freed and stored again: the mark of the free slot is gone, 4 c */
static void freed_and_stored_while_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "invalidate 1 = 0\n"
		       "store 1 /g 0 200 = ok\n"
		       "@S step = cached\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1x");
	scene_list(sc, "/g", 0, "2 3 1*");
}

static void freed_and_stored_while_unlocked(void)
{
	scene_every(freed_and_stored_while_unlocked_in);
}

/* a store that is rejected drops the old entry all the same */
static void rejected_store_while_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "fail compress 1\n"
		       "store 1 /g 0 200 = rejected\n"
		       "@S step = cached\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1x");
	scene_list(sc, "/g", 0, "2 3");
}

static void rejected_store_while_unlocked(void)
{
	scene_every(rejected_store_while_unlocked_in);
}

/* the other walker's page is in the swap cache: EEXIST for the second */
static void two_walkers_one_cached_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "@S step = cached\n"
		       "shrinker /g 0 2 = 2\n"
		       "@T shrinker /g 0 1 = walk\n"
		       "@T step = unlocked\n"
		       "@T step = walk\n"
		       "@T step = stop\n"
		       "@S step = walk\n"
		       "@S step = 1\n");
	scene_log(sc, visits, "2w 3w 1s 1w");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
}

static void two_walkers_one_cached(void)
{
	scene_every(two_walkers_one_cached_in);
}

/* both at `unlocked`: one writes the entry, the other finds it gone, 4 c */
static void two_walkers_both_unlocked_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "load 2 = 0\n"
		       "load 3 = 0\n"
		       "@T shrinker /g 0 1 = walk\n"
		       "@T step = unlocked\n"
		       "@T step = cached\n"
		       "@T step = walk\n"
		       "@T step = 1\n"
		       "@S step = cached\n"
		       "@S step = walk\n"
		       "@S step = stop\n");
	scene_log(sc, visits, "1w 1x");
	scene_counter(sc, WRITTEN_BACK_PAGES, 1);
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
	scene_stat(sc, "/g", ZSWPWB, 1);
}

static void two_walkers_both_unlocked(void)
{
	scene_every(two_walkers_both_unlocked_in);
}

/* interface.md: at `cached` the slot's page is locked; the kernel would wait */
static void cached_locks_the_slot_in(struct scene *sc)
{
	unlocked_at_one(sc);
	scene_play(sc, "@S step = cached\n"
		       "cache 1 = -16\n"
		       "store 1 /g 0 100 = -16\n"
		       "store 0 /g 0 100 100 = -16\n"
		       "load 1 = -EBUSY\n"
		       "invalidate 1 = -16\n"
		       "load 2 = 0\n"
		       "@S finish = 1\n"
		       "store 1 /g 0 100 = ok\n"
		       "load 1 = 0\n");
	scene_log(sc, visits, "1w");
}

static void cached_locks_the_slot(void)
{
	scene_every(cached_locks_the_slot_in);
}

/* offline while unlocked: the entry counts for the parent, the walked list is empty */
static void group_leaves_while_unlocked_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /p\nmkdir /p/g\n"
		       "store 1 /p/g 0 100 = ok\n"
		       "store 2 /p/g 0 100 = ok\n"
		       "shrinker /p/g 0 2 = stop\n"
		       "@S shrinker /p/g 0 2 = walk\n"
		       "@S step = unlocked\n"
		       "rmdir /p/g = 0\n");
	scene_list(sc, "/p", 0, "2 1");
	scene_forget(sc);
	scene_play(sc, "@S step = cached\n"
		       "@S step = walk\n"
		       "@S step = 1\n");
	scene_log(sc, visits, "1w");
	scene_list(sc, "/p", 0, "2");
	scene_stat(sc, "/p", ZSWPWB, 1);
	scene_stat(sc, "/p", ZSWAP, 100);
}

static void group_leaves_while_unlocked(void)
{
	scene_every(group_leaves_while_unlocked_in);
}

/* a fixture: what a walk that passed earlier left behind */
static void cold_entries_in(struct scene *sc)
{
	scene_play(sc, WORLD);
	scene_stores(sc, 1, 3, "/g", 0, 100);
	scene_play(sc, "cold 2 = 0\ncold 2 = 0\ncold 9 = -ENOENT\n");
	scene_list(sc, "/g", 0, "1* 2 3*");
	scene_play(sc, "shrinker /g 0 2 = 1\n");
	scene_log(sc, visits, "1r 2w");
	scene_number(zsim_cold(sc->zs, UINT64_MAX), -ERANGE);
}

static void cold_entries(void)
{
	scene_every(cold_entries_in);
}

/*
 * The slot's entry is loaded and stored again, with another length, while the first is
 * about to be written. By default it has another address: a lost race. Where it has the
 * same one, it is taken for the first, and the length noted of that is counted.
 */
static void stored_again_at(struct scene *sc, const char *reuse, const char *result)
{
	char lines[512];

	snprintf(lines, sizeof(lines),
		 WORLD "store 1 /g 0 3000 = ok\n"
		       "cold 1\n"
		       "param address_reuse %s\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "load 1 = 0\n"
		       "store 1 /g 0 100 = ok\n"
		       "@S finish = %s\n",
		 reuse, result);
	scene_play(sc, lines);
}

static void another_address_in(struct scene *sc)
{
	stored_again_at(sc, "0", "stop");
	scene_log(sc, visits, "1x");
	scene_list(sc, "/g", 0, "1*");
	scene_counter(sc, REJECT_RECLAIM_FAIL, 1);
}

static void another_address(void)
{
	scene_every(another_address_in);
}

static void same_address_in(struct scene *sc)
{
	stored_again_at(sc, "1", "1");
	scene_log(sc, visits, "1w");
	scene_list(sc, "/g", 0, "");
	scene_stat(sc, "/g", ZSWPWB, 1);
	scene_stat(sc, "/g", ZSWAP, 0);
}

static void same_address(void)
{
	scene_every(same_address_in);
}

/* the request says 3000 bytes where 100 left the pool */
static void length_of_the_first_is_counted(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, WORLD "store 1 /g 0 3000 = ok\n"
			      "cold 1\n"
			      "param address_reuse 1\n"
			      "@R write /g memory.reclaim 1 source=zswap = step\n"
			      "@R step 2 = unlocked\n"
			      "invalidate 1 = 0\n"
			      "store 1 /g 0 100 = ok\n"
			      "@R finish = 0\n");
	scene_request(&sc, 0, NONE, 3000, 1);
	scene_stat(&sc, "/g", ZSWPWB_PROACTIVE_B, 3000);
	scene_close(&sc);
}

/* one that replaces another is made while that is still there: it has no address to inherit */
static void replaced_in_place_in(struct scene *sc)
{
	scene_play(sc, WORLD "store 1 /g 0 3000 = ok\n"
			     "cold 1\n"
			     "param address_reuse 1\n"
			     "@S shrinker /g 0 1 = walk\n"
			     "@S step = unlocked\n"
			     "store 1 /g 0 100 = ok\n"
			     "@S finish = stop\n");
	scene_list(sc, "/g", 0, "1*");
	/* other slots have nothing to do with it */
	scene_play(sc, "cold 1\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "load 1 = 0\n"
		       "store 2 /g 0 100 = ok\n"
		       "@S finish = stop\n");
	scene_list(sc, "/g", 0, "2*");
}

static void replaced_in_place(void)
{
	scene_every(replaced_in_place_in);
}

/* the page of a writeback is locked and on no list from `cached` on, whatever becomes of it */
static void pages_of_writebacks_in(struct scene *sc)
{
	const struct zsim_state *st = &sc->zs->st;

	scene_play(sc, WORLD);
	scene_stores(sc, 1, 4, "/g", 0, 100);
	scene_play(sc, "cold 1\ncold 2\ncold 3\ncold 4\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "@T shrinker /g 0 1 = walk\n"
		       "@T step 2 = cached\n");
	scene_number(st->wb_locked, 1);
	scene_play(sc, "@S step = cached\n");
	scene_number(st->wb_locked, 2);
	scene_number(st->wb_unlisted, 2);
	scene_play(sc, "@S finish = 1\n");
	scene_number(st->wb_locked, 1);
	scene_play(sc, "fail decompress 1\n"
		       "@T finish = stop\n");
	scene_number(st->wb_locked, 0);
	scene_play(sc, "@S shrinker /g 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "load 3 = 0\n"
		       "@S step = cached\n"
		       "@S finish = stop\n");
	scene_number(st->wb_locked, 0);
	scene_number(st->wb_unlisted, 0);
	scene_number(st->cache.used, 0);
}

static void pages_of_writebacks(void)
{
	scene_every(pages_of_writebacks_in);
}

/* a call that is given up takes its page along */
static void page_of_a_cancelled_call(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, WORLD "store 1 /g 0 100 = ok\n"
			      "cold 1\n"
			      "@S shrinker /g 0 1 = walk\n"
			      "@S step 2 = cached\n");
	zsim_run_cancel(sc.zs, sc.zs->runs);
	scene_number(sc.zs->st.wb_locked, 0);
	scene_number(sc.zs->st.wb_unlisted, 0);
	scene_close(&sc);
}

/*
 * What a capture moves: the record says that the page was written where the model saw a
 * collision. The entry goes, as it did in the kernel; the swap cache is left to its records.
 */
static void recorded_writeback_wins(void)
{
	struct zsim_call call = { .id = 1 };
	struct zsim_decision d;
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	three_cold(&sc);
	scene_play(&sc, "cache 1 = 0\n");
	zsim_call_shrinker(&sc.zs->st, &call, scene_group(&sc, "/g"), 0, 1);
	call.driven = true;
	while (!zsim_call_ended(&call)) {
		zsim_call_peek(&sc.zs->st, &call, &d);
		if (d.kind == ZSIM_D_WRITEBACK) {
			scene_number(d.rc, -EEXIST);
			d.rc = 0;
		}
		scene_number(zsim_call_commit(&sc.zs->st, &call, &d), 0);
	}
	scene_number(call.rc, 1);
	zsim_call_cancel(&sc.zs->st, &call); /* it has ended: nothing to give up */
	scene_list(&sc, "/g", 0, "2 3");
	scene_stat(&sc, "/g", ZSWPWB, 1);
	scene_number(zsim_slot_set_has(&sc.zs->st.cache, 1), 1);
	scene_close(&sc);
}

/* the second kind of such a call: its own page stays in the swap cache until the record */
static void recorded_page_stays_cached(void)
{
	struct zsim_call call = { .id = 1 };
	struct zsim_decision d;
	struct scene sc;

	scene_open(&sc, "linux-7.2");
	three_cold(&sc);
	zsim_call_shrinker(&sc.zs->st, &call, scene_group(&sc, "/g"), 0, 1);
	call.driven = true;
	while (!zsim_call_ended(&call)) {
		zsim_call_peek(&sc.zs->st, &call, &d);
		scene_number(zsim_call_commit(&sc.zs->st, &call, &d), 0);
	}
	scene_list(&sc, "/g", 0, "2 3");
	scene_number(zsim_slot_set_has(&sc.zs->st.cache, 1), 1);
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(cold_entries),
	ZSIM_CASE(another_address),
	ZSIM_CASE(same_address),
	ZSIM_CASE(length_of_the_first_is_counted),
	ZSIM_CASE(replaced_in_place),
	ZSIM_CASE(pages_of_writebacks),
	ZSIM_CASE(page_of_a_cancelled_call),
	ZSIM_CASE(first_visit_rotates),
	ZSIM_CASE(single_entry_is_visited_once),
	ZSIM_CASE(rotated_entries_are_met_again),
	ZSIM_CASE(writeback_restarts_at_the_head),
	ZSIM_CASE(walk_ends_with_the_list),
	ZSIM_CASE(writeback_takes_all_away),
	ZSIM_CASE(node_count_drifts),
	ZSIM_CASE(cached_slot_stops_the_shrinker),
	ZSIM_CASE(swap_cache_is_left_alone),
	ZSIM_CASE(swapcache_alloc_fails),
	ZSIM_CASE(decompression_fails),
	ZSIM_CASE(loaded_while_unlocked),
	ZSIM_CASE(freed_while_unlocked),
	ZSIM_CASE(freed_and_used_again),
	ZSIM_CASE(replaced_while_unlocked),
	ZSIM_CASE(freed_and_stored_while_unlocked),
	ZSIM_CASE(rejected_store_while_unlocked),
	ZSIM_CASE(two_walkers_one_cached),
	ZSIM_CASE(two_walkers_both_unlocked),
	ZSIM_CASE(cached_locks_the_slot),
	ZSIM_CASE(group_leaves_while_unlocked),
	ZSIM_CASE(recorded_writeback_wins),
	ZSIM_CASE(recorded_page_stays_cached),
};
ZSIM_SUITE_MAIN("visit", cases)
