/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LRU lists: order, lengths, node counts, and what happens to them when a
 * group goes. Lists are drawn head left, a star says referenced.
 */
#include "model/list_lru.h"

#include <stdio.h>

#include "engine/run.h"
#include "model/entry.h"
#include "model/memcg.h"
#include "support/suite.h"
#include "support/world.h"

static struct zsim_state *state(const struct world *w)
{
	return &w->zs->st;
}

static uint32_t at(const struct world *w, uint64_t slot)
{
	uint32_t entry = zsim_entry_find(state(w), slot);

	CU_ASSERT_NOT_EQUAL_FATAL(entry, ZSIM_NIL);
	return entry;
}

/* before: -   after: 1* 2* 3* */
static void added_at_the_tail_and_referenced(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	WORLD_LIST(&w, "/", 0, "");
	world_fill(&w, "/a", 0, 3, 100);
	WORLD_LIST(&w, "/a", 0, "1* 2* 3*");
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, world_group(&w, "/a"), 0), 3);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), 3);
	CU_ASSERT_EQUAL(zsim_node_true(w.zs, 0), 3);
	world_free(&w);
}

/* each group and node has a list of its own */
static void one_list_for_each_group_and_node(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 2);
	world_fill(&w, "/a", 0, 1, 100);
	world_fill(&w, "/a", 1, 2, 100);
	world_fill(&w, "/b", 1, 1, 100);
	WORLD_LIST(&w, "/a", 0, "1*");
	WORLD_LIST(&w, "/a", 1, "2* 3*");
	WORLD_LIST(&w, "/b", 0, "");
	WORLD_LIST(&w, "/b", 1, "4*");
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), 1);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 1), 3);
	world_free(&w);
}

/* 1* 2* 3*: head, middle and tail go to the tail */
static void rotated_from_anywhere(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 3, 100);
	zsim_lru_rotate(state(&w), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "2* 3* 1*");
	zsim_lru_rotate(state(&w), at(&w, 3));
	WORLD_LIST(&w, "/a", 0, "2* 1* 3*");
	zsim_lru_rotate(state(&w), at(&w, 3));
	WORLD_LIST(&w, "/a", 0, "2* 1* 3*");
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, world_group(&w, "/a"), 0), 3);
	world_free(&w);
}

/* 1* 2* 3* 4*: some that follow each other go to the tail, in turn */
static void rotated_together(void)
{
	struct zsim_state *st;
	struct zsim_lru *lru;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 4, 100);
	st = state(&w);
	lru = zsim_lru_at(st, zsim_lookup(w.zs, "/a"), 0);
	zsim_lru_rotate_on(st, lru, at(&w, 1), at(&w, 2));
	WORLD_LIST(&w, "/a", 0, "3* 4* 1* 2*");
	zsim_lru_rotate_on(st, lru, at(&w, 4), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "3* 2* 4* 1*");
	zsim_lru_rotate_on(st, lru, at(&w, 2), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "3* 2* 4* 1*");
	zsim_lru_rotate_on(st, lru, at(&w, 3), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "3* 2* 4* 1*");
	WORLD_SOUND(&w);
	world_free(&w);
}

static void rotated_alone(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 1, 100);
	zsim_lru_rotate(state(&w), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "1*");
	zsim_lru_to_head(state(&w), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "1*");
	world_free(&w);
}

/* a capture may show an older entry than the model knew: it belongs at the head */
static void put_at_the_head(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 3, 100);
	zsim_lru_to_head(state(&w), at(&w, 3));
	WORLD_LIST(&w, "/a", 0, "3* 1* 2*");
	zsim_lru_to_head(state(&w), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "1* 3* 2*");
	zsim_lru_to_head(state(&w), at(&w, 1));
	WORLD_LIST(&w, "/a", 0, "1* 3* 2*");
	world_free(&w);
}

/* 1* 2* 3* 4* loses its middle, its head, its tail and its last */
static void removed_from_anywhere(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 4, 100);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 2), 0);
	WORLD_LIST(&w, "/a", 0, "1* 3* 4*");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), 0);
	WORLD_LIST(&w, "/a", 0, "3* 4*");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 4), 0);
	WORLD_LIST(&w, "/a", 0, "3*");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 3), 0);
	WORLD_LIST(&w, "/a", 0, "");
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), 0);
	WORLD_SOUND(&w);
	world_fill(&w, "/a", 0, 1, 100);
	WORLD_LIST(&w, "/a", 0, "5*");
	world_free(&w);
}

/*
 * /t   : 3* 4*           /t : 1 2* 3* 4*
 * /t/a : 1  2*    ->     the dead group's entries come first, bits and order kept
 */
static void a_dead_list_goes_to_the_head_of_its_parent(void)
{
	struct world w;
	zsim_memcg a;

	world_create(&w, "proactive-v5", 2);
	world_fill(&w, "/t/a", 0, 1, 100);
	world_age(&w, "/t/a", 0);
	world_fill(&w, "/t/a", 0, 1, 100);
	world_fill(&w, "/t", 0, 2, 100);
	world_fill(&w, "/t/a", 1, 1, 100);
	WORLD_LIST(&w, "/t/a", 0, "1 2*");
	a = world_group(&w, "/t/a");
	world_remove(&w, "/t/a");
	WORLD_LIST(&w, "/t", 0, "1 2* 3* 4*");
	WORLD_LIST(&w, "/t", 1, "5*");
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, a, 0), 0);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), 4);
	world_free(&w);
}

static void an_empty_list_changes_nothing_when_it_dies(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_group(&w, "/t/a");
	world_fill(&w, "/t", 0, 2, 100);
	world_remove(&w, "/t/a");
	WORLD_LIST(&w, "/t", 0, "1* 2*");
	world_free(&w);
}

/*
 * Later adds and removals for a dead group go to its nearest living ancestor:
 * both levels are dead here, so that is the root.
 */
static void late_adds_and_removals_go_up(void)
{
	const uint16_t length = 100;
	struct world w;
	zsim_memcg b;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a/b", 0, 2, 100);
	b = world_group(&w, "/a/b");
	world_remove(&w, "/a/b");
	world_remove(&w, "/a");
	WORLD_LIST(&w, "/", 0, "1* 2*");
	CU_ASSERT_EQUAL(zsim_store(w.zs, 3, b, 0, &length, 1), 1);
	WORLD_LIST(&w, "/", 0, "1* 2* 3*");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), 0);
	WORLD_LIST(&w, "/", 0, "2* 3*");
	world_free(&w);
}

/* do_shrink_slab's leftovers are the parent's when a group dies; swap-ins are forgotten */
static void deferred_work_is_inherited(void)
{
	struct world w;
	zsim_memcg a, t;

	world_create(&w, "proactive-v5", 1);
	a = world_group(&w, "/t/a");
	t = world_group(&w, "/t");
	zsim_lru_at(state(&w), a, 0)->deferred = 5;
	zsim_lru_at(state(&w), t, 0)->deferred = 3;
	CU_ASSERT_EQUAL(zsim_swapin(w.zs, a, 0), 0);
	world_remove(&w, "/t/a");
	CU_ASSERT_EQUAL(zsim_lru_at(state(&w), t, 0)->deferred, 8);
	CU_ASSERT_EQUAL(zsim_lru_at(state(&w), t, 0)->swapins, 0);
	world_free(&w);
}

/*
 * a list that gets its first entry asks for the shrinker; count() takes that back when it is empty
 */
static void shrinker_bits(void)
{
	struct world w;
	zsim_memcg a, t;

	world_create(&w, "proactive-v5", 2);
	a = world_group(&w, "/t/a");
	t = world_group(&w, "/t");
	CU_ASSERT(!zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	world_fill(&w, "/t/a", 1, 2, 4096);
	CU_ASSERT(zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	CU_ASSERT(!zsim_lru_at(state(&w), a, 0)->shrinker_bit);
	CU_ASSERT(!zsim_lru_at(state(&w), t, 1)->shrinker_bit);
	CU_ASSERT_EQUAL(zsim_slab(w.zs, a, 1, 12, false), 0);
	CU_ASSERT(zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), 0);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 2), 0);
	CU_ASSERT(zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	CU_ASSERT_EQUAL(zsim_slab(w.zs, a, 1, 12, false), 0);
	CU_ASSERT(!zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	/* it goes up with the entries */
	CU_ASSERT_EQUAL(world_store(&w, 1, "/t/a", 1, 100), 1);
	world_remove(&w, "/t/a");
	CU_ASSERT(zsim_lru_at(state(&w), t, 1)->shrinker_bit);
	CU_ASSERT(!zsim_lru_at(state(&w), t, 0)->shrinker_bit);
	CU_ASSERT(!zsim_lru_at(state(&w), a, 1)->shrinker_bit);
	world_free(&w);
}

/* of a group that is gone: a late entry sets the bit of the list that takes it */
static void shrinker_bit_of_a_late_entry(void)
{
	struct world w;
	zsim_memcg t;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/t/a", 0, 1, 100);
	t = world_group(&w, "/t");
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, zsim_lookup(w.zs, "/t/a")), 0);
	zsim_memcg_reparent_list(state(&w), zsim_lookup(w.zs, "/t/a"), 0);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), 0);
	CU_ASSERT_EQUAL(zsim_slab(w.zs, t, 0, 12, false), 0);
	CU_ASSERT(!zsim_lru_at(state(&w), t, 0)->shrinker_bit);
	zsim_store(w.zs, 2, zsim_lookup(w.zs, "/t/a"), 0, &(uint16_t){ 100 }, 1);
	CU_ASSERT(zsim_lru_at(state(&w), t, 0)->shrinker_bit);
	WORLD_LIST(&w, "/t", 0, "2*");
	world_free(&w);
}

/* a dead list counts nothing, and its group's record, used again, has a living one */
static void dead_lists(void)
{
	struct world w;
	zsim_memcg a;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 3, 100);
	a = world_group(&w, "/a");
	CU_ASSERT_EQUAL(zsim_lru_count(state(&w), a, 0), 3);
	world_remove(&w, "/a");
	CU_ASSERT(zsim_lru_at(state(&w), a, 0)->dead);
	CU_ASSERT_EQUAL(zsim_lru_count(state(&w), a, 0), 0);
	CU_ASSERT_EQUAL(zsim_lru_count(state(&w), ZSIM_MEMCG_ROOT, 0), 3);
	for (uint64_t slot = 1; slot <= 3; slot++)
		CU_ASSERT_EQUAL(zsim_load(w.zs, slot), 0);
	CU_ASSERT_EQUAL(world_group(&w, "/b"), a);
	CU_ASSERT(!zsim_lru_at(state(&w), a, 0)->dead);
	world_free(&w);
}

/*
 * A stock 7.3 kernel with 191 entries on a node read -302 there: the walker
 * takes every written entry off the node's count a second time.
 */
static void a_written_entry_is_counted_off_twice(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 5, 100);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.reclaim", "1 source=zswap"), 0);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), -5);
	CU_ASSERT_EQUAL(zsim_node_true(w.zs, 0), 0);
	world_free(&w);
}

static void a_fixed_kernel_counts_once(void)
{
	struct zsim_config config;
	struct world w;

	zsim_config_init(&config);
	config.node_count_fixed = true;
	world_create_with(&w, config);
	world_fill(&w, "/a", 0, 5, 100);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.reclaim", "1 source=zswap"), 0);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 0), 0);
	CU_ASSERT_EQUAL(zsim_node_true(w.zs, 0), 0);
	world_free(&w);
}

/* what can be read of lists that are not there, and into little room */
static void reading_lists(void)
{
	uint64_t slots[2] = { 77, 77 };
	bool referenced[2] = { false, false };
	struct world w;
	zsim_memcg a;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 3, 100);
	a = world_group(&w, "/a");
	CU_ASSERT_EQUAL(zsim_list(w.zs, a, 0, slots, NULL, 1), 1);
	CU_ASSERT_EQUAL(slots[0], 1);
	CU_ASSERT_EQUAL(slots[1], 77);
	CU_ASSERT_EQUAL(zsim_list(w.zs, a, 0, NULL, referenced, 2), 2);
	CU_ASSERT_TRUE(referenced[1]);
	CU_ASSERT_EQUAL(zsim_list(w.zs, a, 1, slots, NULL, 2), 0);
	CU_ASSERT_EQUAL(zsim_list(w.zs, 99, 0, slots, NULL, 2), 0);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, a, 1), 0);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, 99, 0), 0);
	CU_ASSERT_EQUAL(zsim_node_items(w.zs, 1), 0);
	CU_ASSERT_EQUAL(zsim_node_true(w.zs, 1), 0);
	CU_ASSERT_EQUAL(zsim_nodes(w.zs), 1);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(added_at_the_tail_and_referenced),
	ZSIM_CASE(one_list_for_each_group_and_node),
	ZSIM_CASE(rotated_from_anywhere),
	ZSIM_CASE(rotated_together),
	ZSIM_CASE(rotated_alone),
	ZSIM_CASE(put_at_the_head),
	ZSIM_CASE(removed_from_anywhere),
	ZSIM_CASE(a_dead_list_goes_to_the_head_of_its_parent),
	ZSIM_CASE(an_empty_list_changes_nothing_when_it_dies),
	ZSIM_CASE(late_adds_and_removals_go_up),
	ZSIM_CASE(deferred_work_is_inherited),
	ZSIM_CASE(shrinker_bits),
	ZSIM_CASE(shrinker_bit_of_a_late_entry),
	ZSIM_CASE(dead_lists),
	ZSIM_CASE(a_written_entry_is_counted_off_twice),
	ZSIM_CASE(a_fixed_kernel_counts_once),
	ZSIM_CASE(reading_lists),
};
ZSIM_SUITE_MAIN("list_lru", cases)
