/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The defects of docs/museum.md that free, lock, reference or count something
 * wrongly: the list of a group that leaves, a device that is swapped off, the
 * pages of writebacks. Built twice, like test_defect.c: without the defects every
 * story comes out right, with them it is told a second time, by the wrong model.
 */
#include "model/entry.h"
#include "model/limit.h"
#include "model/list_lru.h"
#include "support/samples.h"
#include "support/story.h"
#include "support/suite.h"

static const struct zsim_lru *list_of(struct scene *sc, const char *path)
{
	return zsim_lru_at(&sc->zs->st, scene_group(sc, path), 0);
}

static void tell_every(uint8_t defect, story_fn *story)
{
	story_every(defect, true, story);
}

/* ---- 4: an entry that is freed twice ------------------------------------------------- */

static void loaded_and_freed(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "load 1 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_FREED_TWICE), 0);
	story_sound(sc);
	scene_play(sc, "invalidate 1 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_FREED_TWICE), wrong);
	scene_play(sc, "load 1 = -2\n"
		       "store 1 /a 0 500 = ok\n");
	scene_stat(sc, "/a", ZSWAP, 500);
}

/* the record and the slot are used again before anybody frees it the second time */
static void loaded_and_stored_again(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "load 1 = 0\n"
				   "store 1 /a 0 500 = ok\n");
	scene_number(story_fault(sc, ZSIM_FAULT_FREED_TWICE), wrong);
	scene_stat(sc, "/a", ZSWAP, 500);
	for (int round = 0; round < 3; round++) {
		for (uint64_t slot = 100; slot < 400; slot++) {
			scene_stores(sc, slot, 1, "/a", 0, 10);
			scene_number(zsim_load(sc->zs, slot), 0);
		}
	}
	scene_stores(sc, 100, 300, "/a", 0, 10);
	story_sound(sc);
	scene_stat(sc, "/a", ZSWAP, 500 + 3000);
	for (uint64_t slot = 100; slot < 400; slot++)
		scene_number(zsim_invalidate(sc->zs, slot), 0);
	scene_stat(sc, "/a", ZSWAP, 500);
}

/*
 * Story: what such entries leave in the map was not counted when the map was cut into
 * segments, which then had no room for it: an endless search for some.
 */
static void loaded_many_times(struct scene *sc, bool wrong)
{
	const uint64_t slots = samples(ZSIM_SLOT_MAP_SPLIT + 1000, 1000);
	const uint16_t length = 1000;
	uint64_t missed = 0;
	zsim_memcg a;

	scene_play(sc, STORY_WORLD);
	a = scene_group(sc, "/a");
	for (uint64_t slot = 0; slot < slots; slot++) {
		zsim_store(sc->zs, slot, a, 0, &length, 1);
		missed += zsim_load(sc->zs, slot) != 0;
	}
	CU_ASSERT_EQUAL(missed, 0);
	scene_number(sc->zs->st.nr_entries, 0);
	CU_ASSERT(sc->zs->st.map.nr_segments == 1 || wrong);
}

static void double_free_many_times(void)
{
	story_both("proactive-v5", ZSIM_DEFECT_DOUBLE_FREE, true, loaded_many_times);
}

static void double_free(void)
{
	tell_every(ZSIM_DEFECT_DOUBLE_FREE, loaded_and_freed);
	tell_every(ZSIM_DEFECT_DOUBLE_FREE, loaded_and_stored_again);
}

/* ---- 6: references to the pool --------------------------------------------------------- */

static void queued_twice(struct scene *sc, bool wrong)
{
	const struct zsim_state *st = &sc->zs->st;

	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 20, "/a", 0, 4096);
	scene_play(sc, "store 100 /a 0 100 = rejected\n");
	scene_number(st->pool_refs, 2);
	CU_ASSERT(zsim_pool_refs_hold(st));
	scene_play(sc, "store 101 /a 0 100 = rejected\n");
	CU_ASSERT_EQUAL(zsim_pool_refs_hold(st), !wrong);
	scene_number(st->pool_refs, wrong ? 1 : 2);
	for (int i = 0; i < 3; i++) /* there is no less than none */
		scene_play(sc, "store 101 /a 0 100 = rejected\n");
	scene_play(sc, "worker = 0\n");
	scene_number(st->pool_refs, wrong ? 0 : 1);
}

static void pool_put_early(void)
{
	tell_every(ZSIM_DEFECT_POOL_PUT_EARLY, queued_twice);
}

/* ---- 7, 10: the page that a writeback puts in the swap cache ----------------------------- */

static void written(struct scene *sc, bool wrong)
{
	const struct zsim_state *st = &sc->zs->st;

	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "cold 1 = 0\n"
				   "shrinker /a 0 1 = 1\n");
	scene_number(st->wb_locked, 0);
	scene_number(st->wb_unlisted, wrong);
	scene_number(zsim_slot_set_has(&st->cache, 1), wrong);
	/* one that cannot be written is freed in either */
	scene_play(sc, "store 2 /a 0 1000 = ok\n"
		       "cold 2 = 0\n"
		       "fail decompress 1\n"
		       "shrinker /a 0 1 = stop\n");
	scene_number(st->wb_unlisted, wrong);
}

static void page_off_list(void)
{
	tell_every(ZSIM_DEFECT_PAGE_OFF_LIST, written);
}

static void recycled_slot(struct scene *sc, bool wrong)
{
	const struct zsim_state *st = &sc->zs->st;

	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "cold 1 = 0\n"
				   "@S shrinker /a 0 1 = walk\n"
				   "@S step = unlocked\n"
				   "load 1 = 0\n"
				   "@S finish = stop\n");
	scene_number(st->wb_locked, wrong);
	scene_number(st->wb_unlisted, wrong);
	scene_number(zsim_slot_set_has(&st->cache, 1), wrong);
	scene_play(sc, "store 2 /a 0 1000 = ok\n"
		       "cold 2 = 0\n"
		       "shrinker /a 0 1 = 1\n");
	scene_number(st->wb_locked, wrong);
}

static void page_left_locked(void)
{
	tell_every(ZSIM_DEFECT_PAGE_LEFT_LOCKED, recycled_slot);
}

/* ---- 9: swapoff ------------------------------------------------------------------------ */

static void device_goes(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "store 2 /a 0 1000 = ok\n"
				   "cold 1 = 0\n"
				   "@S shrinker /a 0 1 = walk\n"
				   "@S step 2 = cached\n");
	scene_play(sc, wrong ? "swapoff 0 = 0\n" : "swapoff 0 = -EBUSY\n");
	story_sound(sc);
	scene_number(story_fault(sc, ZSIM_FAULT_TREE_DEAD), 0);
	scene_play(sc, wrong ? "@S finish = stop\n" : "@S finish = 1\n");
	scene_number(story_fault(sc, ZSIM_FAULT_TREE_DEAD), wrong);
	scene_number(sc->zs->st.wb_locked, 0);
	scene_number(sc->zs->st.cache.used, 0);
}

static void swapoff_race(void)
{
	tell_every(ZSIM_DEFECT_SWAPOFF_RACE, device_goes);
}

/* ---- 18, 19 ---------------------------------------------------------------------------- */

static void burst_of_stores(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "mkdir /b\n");
	scene_stores(sc, 1, 1, "/b", 0, 100);
	scene_stores(sc, 2, 3, "/a", 0, 100);
	scene_list(sc, "/a", 0, wrong ? "2 3 4*" : "2* 3* 4*");
	scene_list(sc, "/b", 0, "1*");
	scene_forget(sc);
	scene_play(sc, "shrinker /a 0 2\n");
	scene_log(sc, visits, wrong ? "2w 3w" : "2r 3r");
}

static void decay(void)
{
	tell_every(ZSIM_DEFECT_DECAY, burst_of_stores);
}

static void readahead_of_eight(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "swapin /a 0 8\n");
	scene_number((int64_t)list_of(sc, "/a")->swapins, wrong ? 1 : 8);
	scene_play(sc, "swapin /a 0\n");
	scene_number((int64_t)list_of(sc, "/a")->swapins, wrong ? 2 : 9);
}

static void readahead_one(void)
{
	tell_every(ZSIM_DEFECT_READAHEAD_ONE, readahead_of_eight);
}

/* ---- 20, 22, 24, 25: lists of groups that leave -------------------------------------------- */

static void walker_goes_on(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 2, "/a", 0, 1000);
	scene_play(sc, "cold 1 = 0\ncold 2 = 0\n"
		       "rmdir /a deferred = 0\n"
		       "@S shrinker /a 0 2 = walk\n"
		       "@S step = unlocked\n"
		       "@O offline /a = reparent\n"
		       "@O step = reparent\n"
		       "@S step 2 = walk\n");
	scene_number(story_fault(sc, ZSIM_FAULT_LIST_DEAD), 0);
	scene_play(sc, "@S finish = 1\n"
		       "@O finish = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_LIST_DEAD), wrong);
	scene_list(sc, "/", 0, "2");
}

static void list_after_free(void)
{
	tell_every(ZSIM_DEFECT_LIST_AFTER_FREE, walker_goes_on);
}

#define DEAD_LIST                                \
	STORY_WORLD "store 1 /a 0 4096 = ok\n"   \
		    "rmdir /a deferred = 0\n"    \
		    "@O offline /a = reparent\n" \
		    "@O step = reparent\n"

static void budget_of_a_dead_list(struct scene *sc, bool wrong)
{
	bool batched = zsim_algo(sc->zs)->batched;

	scene_play(sc, DEAD_LIST "write /a memory.zswap.max 0 = 0\n"
				 "store 9 /a 0 100 = rejected\n");
	scene_number(story_fault(sc, ZSIM_FAULT_DEAD_SUMMED), wrong && batched);
	if (batched)
		scene_log(sc, walks, wrong ? "/a.0(1)" : "");
	scene_play(sc, "@O finish = 0\n");
}

static void count_of_a_dead_list(struct scene *sc, bool wrong)
{
	scene_play(sc, DEAD_LIST "slab /a 0 0 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_DEAD_SUMMED), wrong);
	if (!wrong)
		scene_log(sc, slab, "count(0,0,0,0)");
	scene_play(sc, "@O finish = 0\n");
}

static void dead_list_summed(void)
{
	tell_every(ZSIM_DEFECT_DEAD_LIST_SUMMED, budget_of_a_dead_list);
	tell_every(ZSIM_DEFECT_DEAD_LIST_SUMMED, count_of_a_dead_list);
}

static void removed_meanwhile(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 4, "/a", 0, 1000);
	scene_play(sc, "rmdir /a deferred = 0\n"
		       "@O offline /a = reparent\n"
		       "store 9 /a 0 100 = ok\n"
		       "load 9 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_WRONG_LOCK), 0);
	scene_play(sc, "load 2 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_WRONG_LOCK), wrong);
	scene_play(sc, "load 1 = 0\nload 4 = 0\n"
		       "store 10 /a 0 100 = ok\n"
		       "@O finish = 0\n");
	scene_list(sc, "/", 0, "3* 10*");
	story_sound(sc);
	scene_play(sc, "load 3 = 0\nload 10 = 0\n");
}

/* the same by a walker that was in a writeback when the offline began */
static void written_meanwhile(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 2, "/a", 0, 1000);
	scene_play(sc, "cold 1 = 0\n"
		       "rmdir /a deferred = 0\n"
		       "@S shrinker /a 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "@O offline /a = reparent\n"
		       "@S finish = 1\n");
	scene_number(story_fault(sc, ZSIM_FAULT_WRONG_LOCK), wrong);
	scene_play(sc, "@O finish = 0\n");
	scene_list(sc, "/", 0, "2*");
}

static void cleared_before_drain(void)
{
	tell_every(ZSIM_DEFECT_CLEARED_BEFORE_DRAIN, removed_meanwhile);
	tell_every(ZSIM_DEFECT_CLEARED_BEFORE_DRAIN, written_meanwhile);
}

static void late_entry(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "mkdir /a/b\n"
				   "rmdir /a/b deferred = 0\n"
				   "offline /a/b = 0\n"
				   "store 1 /a/b 0 1000 = ok\n");
	scene_list(sc, "/a", 0, "1*");
	CU_ASSERT_EQUAL(list_of(sc, "/a")->shrinker_bit, !wrong);
	scene_play(sc, "load 1 = 0\n"
		       "store 1 /a 0 1000 = ok\n");
	CU_ASSERT(list_of(sc, "/a")->shrinker_bit);
}

static void bit_on_dead(void)
{
	tell_every(ZSIM_DEFECT_BIT_ON_DEAD, late_entry);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(double_free),	     ZSIM_CASE(pool_put_early),
	ZSIM_CASE(page_off_list),    ZSIM_CASE(page_left_locked),
	ZSIM_CASE(swapoff_race),     ZSIM_CASE(decay),
	ZSIM_CASE(readahead_one),    ZSIM_CASE(list_after_free),
	ZSIM_CASE(dead_list_summed), ZSIM_CASE(cleared_before_drain),
	ZSIM_CASE(bit_on_dead),	     ZSIM_CASE(double_free_many_times),
};
ZSIM_SUITE_MAIN("defect_memory", cases)
