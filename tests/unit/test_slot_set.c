/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The swap cache as a set: what goes in comes out, however full and however often. */
#include <errno.h>

#include "base/slot_set.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

static void empty_set_has_nothing(void)
{
	struct zsim_slot_set set;
	struct fail_alloc fa;

	fail_alloc_init(&fa, 0);
	zsim_slot_set_init(&set, fail_alloc_get(&fa));
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 0));
	zsim_slot_set_remove(&set, 0);
	CU_ASSERT_EQUAL(set.used, 0);
	CU_ASSERT_EQUAL(zsim_slot_set_bytes(&set), 0);
	CU_ASSERT_EQUAL(fa.calls, 0);
	zsim_slot_set_destroy(&set);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

/* slot 0 is a slot: an empty place must not look like it */
static void slot_zero_and_the_largest(void)
{
	struct zsim_slot_set set;

	zsim_slot_set_init(&set, zsim_allocator_libc());
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 7), 0);
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 0));
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 0), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, UINT64_MAX - 1), 0);
	CU_ASSERT_TRUE(zsim_slot_set_has(&set, 0));
	CU_ASSERT_TRUE(zsim_slot_set_has(&set, UINT64_MAX - 1));
	CU_ASSERT_EQUAL(set.used, 3);
	zsim_slot_set_remove(&set, 0);
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 0));
	CU_ASSERT_TRUE(zsim_slot_set_has(&set, 7));
	zsim_slot_set_destroy(&set);
}

static void adding_twice_counts_once(void)
{
	struct zsim_slot_set set;

	zsim_slot_set_init(&set, zsim_allocator_libc());
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 5), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 5), 0);
	CU_ASSERT_EQUAL(set.used, 1);
	zsim_slot_set_remove(&set, 5);
	zsim_slot_set_remove(&set, 5);
	CU_ASSERT_EQUAL(set.used, 0);
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 5));
	zsim_slot_set_destroy(&set);
}

/* 16 places from the first slot on, twice as many whenever half of them are taken */
static void grows_by_half_full(void)
{
	struct zsim_slot_set set;

	zsim_slot_set_init(&set, zsim_allocator_libc());
	for (uint64_t slot = 1; slot <= 8; slot++)
		CU_ASSERT_EQUAL(zsim_slot_set_add(&set, slot), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_bytes(&set), 16 * 8);
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 9), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_bytes(&set), 32 * 8);
	for (uint64_t slot = 1; slot <= 9; slot++)
		CU_ASSERT_TRUE(zsim_slot_set_has(&set, slot));
	zsim_slot_set_destroy(&set);
}

#define UNIVERSE 64

/* slots that all want the last two of 16 places: their row wraps around to the first ones */
static uint32_t wrapping_slots(uint64_t *slots, uint32_t nr)
{
	uint32_t found = 0;

	for (uint64_t slot = 0; found < nr; slot++)
		if (((uint32_t)zsim_slot_hash(slot + 1) & 15) >= 14)
			slots[found++] = slot;
	return found;
}

/*
 * Open addressing's classic bug: a removal cuts the row behind it, and slots
 * there are lost though they are in. Every subset order of six slots that
 * collide across the end of the table; one is taken out, the rest must be found.
 */
static void a_gap_loses_nobody(void)
{
	uint64_t slots[6];

	CU_ASSERT_EQUAL(wrapping_slots(slots, 6), 6);
	for (uint32_t first = 0; first < 6; first++) {
		for (uint32_t gone = 0; gone < 6; gone++) {
			struct zsim_slot_set set;
			uint32_t lost = 0;

			zsim_slot_set_init(&set, zsim_allocator_libc());
			for (uint32_t i = 0; i < 6; i++)
				CU_ASSERT_EQUAL(zsim_slot_set_add(&set, slots[(first + i) % 6]), 0);
			CU_ASSERT_EQUAL(set.cap, 16);
			zsim_slot_set_remove(&set, slots[gone]);
			for (uint32_t i = 0; i < 6; i++)
				lost += zsim_slot_set_has(&set, slots[i]) != (i != gone);
			CU_ASSERT_EQUAL(lost, 0);
			CU_ASSERT_EQUAL(set.used, 5);
			zsim_slot_set_destroy(&set);
		}
	}
}

/* against an array of flags; a machine swaps the same slots in and out for days */
static void same_as_flags(void)
{
	bool in[UNIVERSE] = { false };
	struct zsim_slot_set set;
	uint64_t random = 1;
	uint32_t wrong = 0, used = 0;

	zsim_slot_set_init(&set, zsim_allocator_libc());
	for (uint32_t step = 0; step < 20000; step++) {
		uint32_t i;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		i = (uint32_t)(random >> 40) % UNIVERSE;
		if (random >> 63) {
			CU_ASSERT_EQUAL_FATAL(zsim_slot_set_add(&set, i), 0);
			used += !in[i];
			in[i] = true;
		} else {
			zsim_slot_set_remove(&set, i);
			used -= in[i];
			in[i] = false;
		}
		for (uint32_t k = 0; k < UNIVERSE; k++)
			wrong += zsim_slot_set_has(&set, k) != in[k];
		wrong += set.used != used;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(set.cap, 128); /* full of 64 at most: it never degraded */
	zsim_slot_set_destroy(&set);
}

/* a copy stands alone: neither sees what happens to the other */
static void copied(void)
{
	struct zsim_slot_set set, copy;
	struct fail_alloc fa;

	fail_alloc_init(&fa, 0);
	zsim_slot_set_init(&set, fail_alloc_get(&fa));
	zsim_slot_set_init(&copy, fail_alloc_get(&fa));
	CU_ASSERT_EQUAL(zsim_slot_set_copy(&copy, &set), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_bytes(&copy), 0);
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 1), 0);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_slot_set_copy(&copy, &set), -ENOMEM);
	CU_ASSERT_FALSE(zsim_slot_set_has(&copy, 1));
	CU_ASSERT_EQUAL(zsim_slot_set_copy(&copy, &set), 0);
	zsim_slot_set_remove(&set, 1);
	CU_ASSERT_EQUAL(zsim_slot_set_add(&copy, 2), 0);
	CU_ASSERT_TRUE(zsim_slot_set_has(&copy, 1));
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 2));
	zsim_slot_set_destroy(&set);
	zsim_slot_set_destroy(&copy);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

static void out_of_memory_changes_nothing(void)
{
	struct zsim_slot_set set;
	struct fail_alloc fa;

	fail_alloc_init(&fa, 1);
	zsim_slot_set_init(&set, fail_alloc_get(&fa));
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 1), -ENOMEM);
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 1));
	for (uint64_t slot = 1; slot <= 8; slot++)
		CU_ASSERT_EQUAL(zsim_slot_set_add(&set, slot), 0);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 9), -ENOMEM);
	CU_ASSERT_EQUAL(set.used, 8);
	for (uint64_t slot = 1; slot <= 8; slot++)
		CU_ASSERT_TRUE(zsim_slot_set_has(&set, slot));
	CU_ASSERT_FALSE(zsim_slot_set_has(&set, 9));
	CU_ASSERT_EQUAL(zsim_slot_set_add(&set, 9), 0);
	zsim_slot_set_destroy(&set);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(empty_set_has_nothing),
	ZSIM_CASE(slot_zero_and_the_largest),
	ZSIM_CASE(adding_twice_counts_once),
	ZSIM_CASE(grows_by_half_full),
	ZSIM_CASE(a_gap_loses_nobody),
	ZSIM_CASE(same_as_flags),
	ZSIM_CASE(copied),
	ZSIM_CASE(out_of_memory_changes_nothing),
};
ZSIM_SUITE_MAIN("slot_set", cases)
