/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_slot_map.c - slots to entries, against a plain array, through all the
 * sizes at which the map changes its shape.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/entry.h"
#include "model/memcg.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define DEVICE(n) ((uint64_t)(n) << ZSIM_SLOT_TYPE_SHIFT)

static uint64_t seed;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void state_make(struct zsim_state *st, const struct zsim_allocator *alloc)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.allocator = alloc;
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(st, &config), 0);
}

static int put(struct zsim_state *st, uint64_t slot)
{
	const struct zsim_page page = { .slot = slot, .length = 4096, .zspage = ZSIM_ZSPAGE_NONE };
	uint32_t handle;

	CU_ASSERT_EQUAL_FATAL(zsim_zsmalloc_alloc(&st->pool, 4096, &handle), 0);
	return zsim_entry_insert(st, &page);
}

static bool leads_to_itself(const struct zsim_state *st, uint64_t slot)
{
	uint32_t entry = zsim_entry_find(st, slot);

	return entry != ZSIM_NIL && zsim_entry_slot(zsim_entry_at(st, entry)) == slot;
}

/* slot number i of a pattern */
typedef uint64_t (*pattern)(uint64_t i);

static uint64_t dense(uint64_t i)
{
	return i;
}

static uint64_t strided(uint64_t i)
{
	return i * 4096 & 0xffffffffull;
}

static uint64_t devices(uint64_t i)
{
	return DEVICE(i % 32) | i / 32;
}

static uint64_t scattered(uint64_t i)
{
	return i * 0x9e3779b1ull & 0xffffffffull; /* odd: no two alike below 2^32 */
}

static const pattern patterns[] = { dense, strided, devices, scattered };

/* up over the split into segments and the changes of the tag's width, and down again */
static void up_and_down(void)
{
	const uint64_t n = 200000;

	for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
		struct zsim_state st;
		uint64_t missing = 0, left = 0;

		state_make(&st, zsim_allocator_libc());
		for (uint64_t i = 0; i < n; i++)
			CU_ASSERT_EQUAL_FATAL(put(&st, patterns[p](i)), 0);
		for (uint64_t i = 0; i < n; i++)
			missing += !leads_to_itself(&st, patterns[p](i));
		CU_ASSERT_EQUAL(missing, 0);
		CU_ASSERT_EQUAL(zsim_entry_find(&st, DEVICE(31) | 0xfffffff0), ZSIM_NIL);
		CU_ASSERT(zsim_slot_map_bytes(&st.map) < 7 * n);
		for (uint64_t i = 0; i < n; i++)
			CU_ASSERT_FATAL(zsim_entry_drop_slot(&st, patterns[p](i)));
		for (uint64_t i = 0; i < n; i++)
			left += zsim_entry_find(&st, patterns[p](i)) != ZSIM_NIL;
		CU_ASSERT_EQUAL(left, 0);
		zsim_state_destroy(&st);
	}
}

/* Story: the tag's width once followed the number of the entry being added, which
 * may be smaller than those of entries that are there already. */
static void random_life(void)
{
	enum {
		SLOTS = 150000
	};
	static bool live[SLOTS];
	struct zsim_state st;
	uint64_t wrong = 0;

	seed = 42;
	state_make(&st, zsim_allocator_libc());
	for (int i = 0; i < 1000000; i++) {
		uint64_t slot = rnd() % SLOTS;

		wrong += live[slot] != leads_to_itself(&st, slot);
		if (live[slot])
			zsim_entry_drop_slot(&st, slot);
		else
			CU_ASSERT_EQUAL_FATAL(put(&st, slot), 0);
		live[slot] = !live[slot];
	}
	for (uint64_t slot = 0; slot < SLOTS; slot++)
		wrong += live[slot] != leads_to_itself(&st, slot);
	CU_ASSERT_EQUAL(wrong, 0);
	zsim_state_destroy(&st);
}

/* every allocation that a growing map makes may fail, and changes nothing then */
static void without_memory(void)
{
	struct fail_alloc alloc;
	struct zsim_state st;
	uint64_t failed = 0, wrong = 0;

	fail_alloc_init(&alloc, 0);
	state_make(&st, fail_alloc_get(&alloc));
	for (uint64_t i = 0; i < 70000; i++) {
		alloc.fail_at = alloc.calls + 1;
		while (put(&st, strided(i))) {
			zsim_zsmalloc_free(&st.pool, 4096, ZSIM_ZSPAGE_NONE);
			failed++;
			wrong += zsim_entry_find(&st, strided(i)) != ZSIM_NIL;
			alloc.fail_at = failed % 3 ? alloc.calls + 2 : 0;
		}
	}
	for (uint64_t i = 0; i < 70000; i++)
		wrong += !leads_to_itself(&st, strided(i));
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(failed > 20);
	zsim_state_destroy(&st);
	CU_ASSERT_EQUAL(alloc.live_blocks, 0);
}

static void copied(void)
{
	static const uint64_t sizes[] = { 0, 1, 1000, 100000 };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct zsim_state st, copy;
		uint64_t missing = 0;

		state_make(&st, zsim_allocator_libc());
		for (uint64_t i = 0; i < sizes[s]; i++)
			CU_ASSERT_EQUAL_FATAL(put(&st, scattered(i)), 0);
		CU_ASSERT_EQUAL_FATAL(zsim_state_copy(&copy, &st), 0);
		zsim_state_destroy(&st);
		for (uint64_t i = 0; i < sizes[s]; i++)
			missing += !leads_to_itself(&copy, scattered(i));
		CU_ASSERT_EQUAL(missing, 0);
		CU_ASSERT_EQUAL(put(&copy, DEVICE(3)), 0);
		CU_ASSERT(leads_to_itself(&copy, DEVICE(3)));
		zsim_state_destroy(&copy);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(up_and_down),
	ZSIM_CASE(random_life),
	ZSIM_CASE(without_memory),
	ZSIM_CASE(copied),
};
ZSIM_SUITE_MAIN("slot_map", cases)
