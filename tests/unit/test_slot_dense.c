/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_slot_dense.c - the plain table alone: when a leaf pays, and what it is made of. */
#include <errno.h>

#include "model/slot_dense.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define DEVICE(n) ((uint64_t)(n) << ZSIM_SLOT_TYPE_SHIFT)
#define LEAF(n) ((uint64_t)(n)*ZSIM_SLOT_LEAF_SLOTS)
#define FAR (DEVICE(31) | ZSIM_SLOT_OFFSET_MAX)

/* struct ground - a table whose memory is all that its allocator has given */
struct ground {
	struct zsim_slot_dense dense;
	struct fail_alloc fa;
};

static void ground_make(struct ground *g)
{
	memset(&g->dense, 0, sizeof(g->dense));
	fail_alloc_init(&g->fa, 0);
}

/* all memory is given back, and nothing of it is remembered */
static void ground_free(struct ground *g)
{
	static const struct zsim_slot_dense empty;

	CU_ASSERT_EQUAL(g->dense.bytes, g->fa.live_bytes);
	zsim_slot_dense_destroy(&g->dense, fail_alloc_get(&g->fa));
	CU_ASSERT_EQUAL(g->fa.live_blocks, 0);
	CU_ASSERT_EQUAL(memcmp(&g->dense, &empty, sizeof(empty)), 0);
}

static int grow(struct ground *g, uint64_t slot)
{
	return zsim_slot_dense_grow(&g->dense, fail_alloc_get(&g->fa), slot);
}

static uint32_t *item(const struct ground *g, uint64_t slot)
{
	return zsim_slot_dense_item(&g->dense, slot);
}

/* an entry of this number at the slot, which has a leaf */
static void put(struct ground *g, uint64_t slot, uint32_t entry)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(item(g, slot));
	*item(g, slot) = entry;
	g->dense.entries++;
}

static bool pays(const struct ground *g, uint64_t slot, uint64_t entries)
{
	return zsim_slot_dense_pays(&g->dense, slot, entries);
}

/* ---- when a leaf pays ------------------------------------------------------------- */

static void few_entries_have_no_leaf(void)
{
	struct ground g;

	ground_make(&g);
	CU_ASSERT_FALSE(pays(&g, 0, 0));
	CU_ASSERT_FALSE(pays(&g, 0, ZSIM_SLOT_DENSE_MIN - 1));
	CU_ASSERT_TRUE(pays(&g, 0, ZSIM_SLOT_DENSE_MIN));
	CU_ASSERT_TRUE(pays(&g, DEVICE(31), ZSIM_SLOT_DENSE_MIN));
	ground_free(&g);
}

/* how many of @max leaves with @used entries each are made one behind the other */
static uint32_t leaves_made(uint32_t used, uint32_t max)
{
	uint64_t entries = ZSIM_SLOT_DENSE_MIN;
	uint32_t made = 0;
	struct ground g;

	ground_make(&g);
	for (uint32_t i = 0; i < max; i++, entries += used) {
		if (!pays(&g, LEAF(i), entries))
			continue;
		CU_ASSERT_EQUAL_FATAL(grow(&g, LEAF(i)), 0);
		g.dense.entries += used;
		made++;
	}
	ground_free(&g);
	return made;
}

/*
 * all leaves where two of three slots are in use, some where fewer are, hardly any where half are
 */
static void a_leaf_wants_two_of_three_slots(void)
{
	const uint32_t slots = ZSIM_SLOT_LEAF_SLOTS;

	CU_ASSERT_EQUAL(leaves_made(slots, 200), 200);
	CU_ASSERT_EQUAL(leaves_made(slots * 2 / 3, 200), 200);
	CU_ASSERT(leaves_made(slots * 3 / 5, 200) < 180);
	CU_ASSERT(leaves_made(slots / 2, 200) < 30);
	CU_ASSERT(leaves_made(slots / 10, 200) < 5);
	CU_ASSERT_EQUAL(leaves_made(0, 200), 1);
}

/* the bytes of one leaf and its way there: as many as are allowed, and one more */
static void what_is_allowed_is_exact(void)
{
	const uint64_t bytes = ZSIM_SLOT_LEAF_BYTES + 16 * sizeof(uint32_t *);
	struct ground g;

	ground_make(&g);
	CU_ASSERT_EQUAL_FATAL(grow(&g, 0), 0);
	CU_ASSERT_EQUAL(g.dense.bytes, bytes);
	CU_ASSERT_TRUE(pays(&g, LEAF(1), bytes * 8));
	CU_ASSERT_FALSE(pays(&g, LEAF(1), bytes * 8 - 1));
	g.dense.entries = 2; /* 13 bytes */
	CU_ASSERT_TRUE(pays(&g, LEAF(1), (bytes - 13) * 8));
	CU_ASSERT_FALSE(pays(&g, LEAF(1), (bytes - 13) * 8 - 1));
	g.dense.entries = 0;
	ground_free(&g);
}

/* the tables that lead to a leaf are part of its price, where they are not there already */
static void the_way_to_a_far_leaf_costs(void)
{
	const uint64_t way = zsim_slot_leaves_for(zsim_slot_leaf_number(FAR));
	const uint64_t enough = way * sizeof(uint32_t *) * 8;
	struct ground g;

	ground_make(&g);
	CU_ASSERT_EQUAL(zsim_slot_leaf_number(FAR), (1u << 20) - 1);
	CU_ASSERT_FALSE(pays(&g, FAR, enough - 1));
	CU_ASSERT_TRUE(pays(&g, FAR, enough));
	CU_ASSERT_EQUAL_FATAL(grow(&g, FAR), 0);
	CU_ASSERT_EQUAL(g.dense.bytes, way * sizeof(uint32_t *) + ZSIM_SLOT_LEAF_BYTES);
	/* what is on the way is there now; another device has a way of its own */
	CU_ASSERT_TRUE(pays(&g, DEVICE(31), g.dense.bytes * 8));
	CU_ASSERT_FALSE(pays(&g, DEVICE(30), g.dense.bytes * 8));
	CU_ASSERT_FALSE(pays(&g, LEAF(17), (g.dense.bytes + 16 * sizeof(uint32_t *)) * 8));
	ground_free(&g);
}

/* ---- what it is made of ------------------------------------------------------------- */

static uint32_t not_nil(const struct ground *g, uint64_t first)
{
	uint32_t nr = 0;

	for (uint64_t i = 0; i < ZSIM_SLOT_LEAF_SLOTS; i++)
		nr += !item(g, first + i) || *item(g, first + i) != ZSIM_NIL;
	return nr;
}

static void a_leaf_is_for_its_slots_alone(void)
{
	struct ground g;

	ground_make(&g);
	CU_ASSERT_PTR_NULL(item(&g, 0));
	CU_ASSERT_PTR_NULL(item(&g, FAR));
	CU_ASSERT_EQUAL_FATAL(grow(&g, DEVICE(3) | (LEAF(2) + 77)), 0);
	CU_ASSERT_EQUAL(not_nil(&g, DEVICE(3) | LEAF(2)), 0);
	CU_ASSERT_PTR_NULL(item(&g, DEVICE(3) | (LEAF(2) - 1)));
	CU_ASSERT_PTR_NULL(item(&g, DEVICE(3) | LEAF(3)));
	CU_ASSERT_PTR_NULL(item(&g, DEVICE(3) | LEAF(1000)));
	for (uint64_t i = 0; i < ZSIM_MAX_SWAP_DEVICES; i++)
		CU_ASSERT_EQUAL(!item(&g, DEVICE(i) | LEAF(2)), i != 3);
	CU_ASSERT_EQUAL(g.dense.entries, 0);
	ground_free(&g);
}

/* in the order of the slots or not; what is there stays where it is */
static void leaves_do_not_move(void)
{
	static const uint64_t slots[] = {
		LEAF(5),   LEAF(0), LEAF(15),	LEAF(16),	 LEAF(300),
		LEAF(299), FAR,	    DEVICE(31), DEVICE(7) | 123, DEVICE(7) | LEAF(20)
	};
	enum {
		NR = sizeof(slots) / sizeof(slots[0])
	};
	uint32_t *at[NR];
	struct ground g;

	ground_make(&g);
	for (uint32_t i = 0; i < NR; i++) {
		CU_ASSERT_PTR_NULL(item(&g, slots[i]));
		CU_ASSERT_EQUAL_FATAL(grow(&g, slots[i]), 0);
		CU_ASSERT_EQUAL(g.dense.bytes, g.fa.live_bytes);
		put(&g, slots[i], i);
		at[i] = item(&g, slots[i]);
	}
	for (uint32_t i = 0; i < NR; i++) {
		CU_ASSERT_PTR_EQUAL(item(&g, slots[i]), at[i]);
		CU_ASSERT_EQUAL(*at[i], i);
		CU_ASSERT_EQUAL(not_nil(&g, slots[i] & ~(LEAF(1) - 1)), 1);
	}
	CU_ASSERT_EQUAL(g.dense.entries, NR);
	ground_free(&g);
}

/* ---- out of memory -------------------------------------------------------------------- */

/* the first call that fails is for the table that leads there, the second for the leaf */
static void grow_fails(uint64_t slot, uint32_t nth, bool way)
{
	struct zsim_slot_dense before;
	struct ground g;

	ground_make(&g);
	CU_ASSERT_EQUAL_FATAL(grow(&g, 9), 0);
	put(&g, 9, 1234);
	before = g.dense;
	g.fa.fail_at = g.fa.calls + nth;
	CU_ASSERT_EQUAL(grow(&g, slot), -ENOMEM);
	CU_ASSERT_EQUAL(g.fa.failed, 1);
	CU_ASSERT_EQUAL(!memcmp(&before, &g.dense, sizeof(before)), !way);
	CU_ASSERT_EQUAL(g.dense.bytes, g.fa.live_bytes);
	CU_ASSERT_EQUAL(g.dense.entries, 1);
	CU_ASSERT_PTR_NULL(item(&g, slot));
	CU_ASSERT_EQUAL(*item(&g, 9), 1234);
	CU_ASSERT_EQUAL(grow(&g, slot), 0);
	CU_ASSERT_EQUAL(*item(&g, slot), ZSIM_NIL);
	CU_ASSERT_EQUAL(*item(&g, 9), 1234);
	CU_ASSERT_EQUAL(not_nil(&g, 0), 1);
	ground_free(&g);
}

static void without_memory_there_is_no_leaf(void)
{
	grow_fails(LEAF(100), 1, false);
	grow_fails(LEAF(100), 2, true); /* the way stays, and is counted */
	grow_fails(LEAF(15), 1, false); /* there is a way: this is the leaf */
	grow_fails(DEVICE(4), 1, false);
	grow_fails(DEVICE(4), 2, true);
}

/* ---- copies ------------------------------------------------------------------------------- */

static const uint64_t copied[] = { 0, LEAF(1) - 1, LEAF(40) + 5, DEVICE(1), FAR };
#define COPIED (sizeof(copied) / sizeof(copied[0]))

static void ground_fill(struct ground *g)
{
	ground_make(g);
	for (uint32_t i = 0; i < COPIED; i++) {
		if (!item(g, copied[i]))
			CU_ASSERT_EQUAL_FATAL(grow(g, copied[i]), 0);
		put(g, copied[i], i);
	}
}

static uint32_t found(const struct zsim_slot_dense *dense)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < COPIED; i++) {
		const uint32_t *at = zsim_slot_dense_item(dense, copied[i]);

		nr += at && *at == i;
	}
	return nr;
}

static void a_copy_is_of_its_own(void)
{
	struct zsim_slot_dense copy = { .entries = 0 };
	uint64_t bytes;
	struct ground g;

	ground_fill(&g);
	bytes = g.fa.live_bytes;
	CU_ASSERT_EQUAL(zsim_slot_dense_copy(&copy, &g.dense, fail_alloc_get(&g.fa)), 0);
	CU_ASSERT_EQUAL(copy.bytes, bytes);
	CU_ASSERT_EQUAL(g.fa.live_bytes, 2 * bytes);
	CU_ASSERT_EQUAL(copy.entries, COPIED);
	CU_ASSERT_EQUAL(found(&copy), COPIED);
	CU_ASSERT_PTR_NULL(zsim_slot_dense_item(&copy, LEAF(39)));
	for (uint32_t i = 0; i < COPIED; i++)
		*item(&g, copied[i]) = ZSIM_NIL;
	CU_ASSERT_EQUAL(found(&g.dense), 0);
	CU_ASSERT_EQUAL(found(&copy), COPIED);
	CU_ASSERT_EQUAL(zsim_slot_dense_grow(&copy, fail_alloc_get(&g.fa), LEAF(41)), 0);
	CU_ASSERT_PTR_NULL(item(&g, LEAF(41)));
	zsim_slot_dense_destroy(&copy, fail_alloc_get(&g.fa));
	ground_free(&g);
}

static void a_copy_of_nothing_takes_nothing(void)
{
	struct zsim_slot_dense copy = { .entries = 0 };
	struct ground g;

	ground_make(&g);
	CU_ASSERT_EQUAL(zsim_slot_dense_copy(&copy, &g.dense, fail_alloc_get(&g.fa)), 0);
	CU_ASSERT_EQUAL(g.fa.calls, 0);
	CU_ASSERT_EQUAL(memcmp(&copy, &g.dense, sizeof(copy)), 0);
	ground_free(&g);
}

/* whichever call fails, what there is of the copy can be destroyed */
static void a_copy_without_memory(void)
{
	uint32_t failed = 0;
	struct ground g;
	int rc;

	ground_fill(&g);
	do {
		struct zsim_slot_dense copy = { .entries = 0 };
		uint64_t bytes = g.fa.live_bytes;

		g.fa.fail_at = g.fa.calls + failed + 1;
		rc = zsim_slot_dense_copy(&copy, &g.dense, fail_alloc_get(&g.fa));
		CU_ASSERT(rc == 0 || rc == -ENOMEM);
		failed += rc == -ENOMEM;
		zsim_slot_dense_destroy(&copy, fail_alloc_get(&g.fa));
		CU_ASSERT_EQUAL(g.fa.live_bytes, bytes);
		CU_ASSERT_EQUAL(found(&g.dense), COPIED);
	} while (rc);
	CU_ASSERT_EQUAL(failed, 3 + 4); /* devices, leaves */
	ground_free(&g);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(few_entries_have_no_leaf),	    ZSIM_CASE(a_leaf_wants_two_of_three_slots),
	ZSIM_CASE(what_is_allowed_is_exact),	    ZSIM_CASE(the_way_to_a_far_leaf_costs),
	ZSIM_CASE(a_leaf_is_for_its_slots_alone),   ZSIM_CASE(leaves_do_not_move),
	ZSIM_CASE(without_memory_there_is_no_leaf), ZSIM_CASE(a_copy_is_of_its_own),
	ZSIM_CASE(a_copy_of_nothing_takes_nothing), ZSIM_CASE(a_copy_without_memory),
};
ZSIM_SUITE_MAIN("slot_dense", cases)
