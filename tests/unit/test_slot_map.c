/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_slot_map.c - slots to entries, against a plain array, through all the
 * sizes at which the map changes its shape, by hash and by table.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/entry.h"
#include "model/memcg.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define DEVICE(n) ((uint64_t)(n) << ZSIM_SLOT_TYPE_SHIFT)
#define LEAF(n) ((uint64_t)(n)*ZSIM_SLOT_LEAF_SLOTS)

static uint64_t seed;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* ---- slot number i of a pattern: no two alike, none at DEVICE(30) ----------------------- */

typedef uint64_t (*pattern)(uint64_t i);

static uint64_t dense(uint64_t i)
{
	return i;
}

static uint64_t four_of_five(uint64_t i)
{
	return i * 5 / 4;
}

static uint64_t three_of_five(uint64_t i)
{
	return i * 5 / 3;
}

static uint64_t every_other(uint64_t i)
{
	return i * 2;
}

static uint64_t every_tenth(uint64_t i)
{
	return i * 10;
}

static uint64_t strided(uint64_t i)
{
	return i * 4096 & 0xffffffffull;
}

static uint64_t devices(uint64_t i)
{
	return DEVICE(i % 30) | i / 30;
}

static uint64_t scattered(uint64_t i)
{
	return i * 0x9e3779b1ull & 0xffffffffull; /* odd: no two alike below 2^32 */
}

static uint64_t half_dense(uint64_t i)
{
	return i % 2 ? i / 2 : DEVICE(1) | i / 2 * 1000;
}

static uint64_t dense_and_far(uint64_t i)
{
	return i % 16 ? i : ZSIM_SLOT_OFFSET_MAX - i;
}

/* the same slots in another order, each 200,000 of them */
static uint64_t shuffle(uint64_t i)
{
	return i / 200000 * 200000 + i % 200000 * 123457 % 200000;
}

static uint64_t dense_shuffled(uint64_t i)
{
	return dense(shuffle(i));
}

static uint64_t four_of_five_shuffled(uint64_t i)
{
	return four_of_five(shuffle(i));
}

static uint64_t three_of_five_shuffled(uint64_t i)
{
	return three_of_five(shuffle(i));
}

/* ---- a map, and what it should hold ------------------------------------------------------- */

/**
 * struct twin - a state whose map is compared with a plain array
 * @entry: by the number of the slot; ZSIM_NIL = none
 * @nr: numbers below this one were used
 */
struct twin {
	struct zsim_state st;
	struct fail_alloc fa;
	pattern slot;
	uint32_t *entry;
	uint64_t nr;
	uint64_t wrong;
};

static void twin_make(struct twin *t, pattern slot, uint64_t max)
{
	struct zsim_config config;

	*t = (struct twin){ .slot = slot };
	t->entry = malloc(max * sizeof(*t->entry));
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->entry);
	fail_alloc_init(&t->fa, 0);
	zsim_config_init(&config);
	config.allocator = fail_alloc_get(&t->fa);
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(&t->st, &config), 0);
}

/* what the two ways hold, counted anew */
static uint64_t items_count(const struct zsim_slot_map *map)
{
	uint64_t items = 0;

	for (uint32_t i = 0; i < map->nr_segments; i++)
		for (uint32_t c = 0; c < map->segments[i].nr_chunks; c++)
			items += (uint32_t)__builtin_popcount(map->segments[i].chunks[c].used);
	return items;
}

static uint64_t leaves_count(const struct zsim_slot_map *map, uint64_t *leaves)
{
	uint64_t items = 0;

	*leaves = 0;
	for (uint32_t d = 0; d < ZSIM_MAX_SWAP_DEVICES; d++) {
		for (uint32_t i = 0; i < map->dense.device[d].nr; i++) {
			const uint32_t *leaf = map->dense.device[d].leaf[i];

			*leaves += leaf != NULL;
			for (uint32_t k = 0; leaf && k < ZSIM_SLOT_LEAF_SLOTS; k++)
				items += leaf[k] != ZSIM_NIL;
		}
	}
	return items;
}

/* each slot leads to its entry, or to none, and nothing else is there */
static uint64_t wrong_in(const struct twin *t, const struct zsim_state *st)
{
	const struct zsim_slot_map *map = &st->map;
	uint64_t leaves, in_leaves = leaves_count(map, &leaves);
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < t->nr; i++)
		wrong += zsim_entry_find(st, t->slot(i)) != t->entry[i];
	wrong += in_leaves != map->dense.entries;
	wrong += in_leaves + items_count(map) != st->nr_entries;
	wrong += leaves * ZSIM_SLOT_LEAF_BYTES > map->dense.bytes;
	return wrong;
}

/* and all memory is known of, but for what an array had made ready when a page failed */
static void twin_compare(struct twin *t)
{
	t->wrong += wrong_in(t, &t->st);
	t->wrong += !t->fa.failed && zsim_state_bytes(&t->st) != t->fa.live_bytes;
	CU_ASSERT_EQUAL(t->wrong, 0);
}

static void twin_free(struct twin *t)
{
	twin_compare(t);
	zsim_state_destroy(&t->st);
	CU_ASSERT_EQUAL(t->fa.live_blocks, 0);
	free(t->entry);
}

static int put(struct zsim_state *st, uint64_t slot)
{
	struct zsim_page page = { .slot = slot, .length = 4096 };
	int rc;

	CU_ASSERT_EQUAL_FATAL(zsim_zsmalloc_alloc(&st->pool, 4096, &page.zspage), 0);
	rc = zsim_entry_insert(st, &page);
	if (rc)
		zsim_zsmalloc_free(&st->pool, 4096, page.zspage);
	return rc;
}

/* the newest entry is the last one of its list: the map is not asked */
static int twin_put(struct twin *t, uint64_t i)
{
	int rc = put(&t->st, t->slot(i));

	for (; t->nr <= i; t->nr++)
		t->entry[t->nr] = ZSIM_NIL;
	if (!rc)
		t->entry[i] = zsim_lru_at(&t->st, ZSIM_MEMCG_ROOT, 0)->tail;
	return rc;
}

static void twin_drop(struct twin *t, uint64_t i)
{
	t->wrong += !zsim_entry_drop_slot(&t->st, t->slot(i));
	t->entry[i] = ZSIM_NIL;
}

static void twin_fill(struct twin *t, uint64_t to)
{
	for (uint64_t i = t->nr; i < to; i++)
		t->wrong += twin_put(t, i) != 0;
}

static double bytes_each(const struct twin *t)
{
	return (double)zsim_slot_map_bytes(&t->st.map) / t->st.nr_entries;
}

/* ---- how it grows ------------------------------------------------------------------------- */

/* at most so many bytes an entry, once there are 200,000 */
static const struct shape {
	pattern slot;
	double bytes;
} shapes[] = {
	{ dense, 4.2 },
	{ four_of_five, 5.3 },
	{ three_of_five, 5.7 },
	{ every_other, 5.7 },
	{ every_tenth, 5.7 },
	{ strided, 5.7 },
	{ scattered, 5.7 },
	{ devices, 5.2 },
	{ half_dense, 5.2 },
	{ dense_and_far, 4.6 },
	{ dense_shuffled, 4.4 },
	{ four_of_five_shuffled, 5.4 },
	{ three_of_five_shuffled, 5.8 },
};

/*
 * up over the first leaves, the split into segments and the changes of the tag's width, and down
 * again
 */
static void up_and_down(void)
{
	static const uint64_t sizes[] = { 3072, 3073, 10000, 65537, 200000 };
	struct twin t;

	for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
		twin_make(&t, shapes[s].slot, 200000);
		for (size_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
			twin_fill(&t, sizes[n]);
			twin_compare(&t);
		}
		CU_ASSERT_EQUAL(zsim_entry_find(&t.st, DEVICE(30) | 5), ZSIM_NIL);
		CU_ASSERT(bytes_each(&t) < shapes[s].bytes);
		for (uint64_t i = 0; i < t.nr; i++)
			twin_drop(&t, i);
		CU_ASSERT_EQUAL(t.st.map.dense.entries, 0);
		twin_free(&t);
	}
}

/* ---- from the hash to a leaf ---------------------------------------------------------------- */

/*
 * the first leaf is thought of when there are 3072, at a 64th slot, and takes along what it finds
 */
static void entries_move_to_their_leaf(void)
{
	struct twin t;

	twin_make(&t, dense, 5000);
	twin_fill(&t, 3072 + 63);
	CU_ASSERT_EQUAL(t.st.map.dense.bytes, 0);
	CU_ASSERT_EQUAL(twin_put(&t, 3072 + 63), 0);
	CU_ASSERT_EQUAL(t.st.map.dense.entries, 3072 + 64);
	CU_ASSERT_EQUAL(items_count(&t.st.map), 0);
	twin_fill(&t, 4096 + 63);
	CU_ASSERT_EQUAL(t.st.map.dense.entries, 4096);
	twin_compare(&t);
	for (uint64_t i = 4090; i < 4100; i++) { /* on both sides */
		twin_drop(&t, i);
		CU_ASSERT_EQUAL(twin_put(&t, i), 0);
	}
	CU_ASSERT_EQUAL(t.st.map.dense.entries, 4096);
	twin_fill(&t, 5000);
	CU_ASSERT_EQUAL(t.st.map.dense.entries, 5000);
	twin_free(&t);
}

/* one of the slots before it is missing: nothing is known of the others */
static void gaps_make_no_leaf(void)
{
	static const uint64_t before[] = { 1, 2, 30, 61 };
	struct twin t;

	for (size_t g = 0; g < sizeof(before) / sizeof(before[0]); g++) {
		twin_make(&t, dense, 5000);
		twin_fill(&t, 3072 + 63);
		twin_drop(&t, 3072 + 63 - before[g]);
		CU_ASSERT_EQUAL(twin_put(&t, 3072 + 63), 0);
		CU_ASSERT_EQUAL(t.st.map.dense.bytes, 0);
		twin_free(&t);
	}
}

/*
 * without memory for a leaf, or for the way to it, the hash takes the slot; the next one asks again
 */
static void no_memory_for_a_leaf(void)
{
	struct twin t;

	twin_make(&t, dense, 5000);
	twin_fill(&t, 3072 + 63);
	for (uint64_t n = 1; n <= 2; n++) {
		t.fa.fail_at = t.fa.calls + n;
		CU_ASSERT_EQUAL(twin_put(&t, 3072 + 63), 0);
		CU_ASSERT_EQUAL(t.st.map.dense.entries, 0);
		twin_compare(&t);
		twin_drop(&t, 3072 + 63);
	}
	t.fa.fail_at = 0;
	CU_ASSERT_EQUAL(twin_put(&t, 3072 + 63), 0);
	CU_ASSERT_EQUAL(t.st.map.dense.entries, 3072 + 64);
	twin_free(&t);
}

/* the room of what has moved to leaves is given back */
static void the_hash_shrinks(void)
{
	struct twin t;

	twin_make(&t, dense_shuffled, 200000);
	twin_fill(&t, 130000);
	CU_ASSERT(items_count(&t.st.map) > 100000);
	twin_fill(&t, 200000);
	CU_ASSERT(zsim_slot_map_bytes(&t.st.map) - t.st.map.dense.bytes < 60000);
	twin_free(&t);
}

/* leaves in which nothing is any more are given back when others want room */
static void leaves_are_given_back(void)
{
	uint64_t leaves;
	struct twin t;

	twin_make(&t, dense, 400000);
	twin_fill(&t, 100000);
	for (uint64_t i = 0; i < 100000; i++)
		twin_drop(&t, i);
	twin_fill(&t, 200000);
	leaves_count(&t.st.map, &leaves);
	CU_ASSERT(leaves < 2 * 25);
	CU_ASSERT(t.st.map.dense.entries > 90000);
	twin_free(&t);
}

static uint64_t even_then_odd(uint64_t i)
{
	return i < 20000 ? i * 2 : (i - 20000) * 2 + 1;
}

/* until the second half comes, no leaf would pay; then all move, one leaf after the other */
static void the_hash_empties_into_leaves(void)
{
	uint64_t before;
	struct twin t;

	twin_make(&t, even_then_odd, 40000);
	twin_fill(&t, 20000);
	before = t.st.map.dense.entries;
	CU_ASSERT(before < 5000);
	for (uint64_t n = 21000; n <= 40000; n += 1000) {
		twin_fill(&t, n);
		twin_compare(&t);
	}
	CU_ASSERT(t.st.map.dense.entries > 32000); /* but of a leaf to which none came later */
	twin_free(&t);
}

/* ---- slots that come and go ------------------------------------------------------------------ */

/* 20,000 of each: side by side, on several devices, all over one, with gaps */
static uint64_t all_kinds(uint64_t i)
{
	uint64_t k = i % 20000;

	switch (i / 20000) {
	case 0:
		return k;
	case 1:
		return DEVICE(1 + k % 4) | k / 4;
	case 2:
		return DEVICE(5) | scattered(k);
	default:
		return DEVICE(6) | four_of_five(k);
	}
}

/* of 80,000 slots none is in use at first, and nearly all at last */
static void random_life(void)
{
	struct twin t;

	seed = 42;
	twin_make(&t, all_kinds, 80000);
	for (; t.nr < 80000; t.nr++)
		t.entry[t.nr] = ZSIM_NIL;
	for (uint64_t round = 0; round < 40; round++) {
		for (int n = 0; n < 10000; n++) {
			uint64_t i = rnd() % t.nr;
			bool want = rnd() % 40 < (round < 20 ? 2 * round : 38);

			if (want && t.entry[i] == ZSIM_NIL)
				t.wrong += twin_put(&t, i) != 0;
			else if (!want && t.entry[i] != ZSIM_NIL)
				twin_drop(&t, i);
		}
		twin_compare(&t);
	}
	CU_ASSERT(t.st.map.dense.entries > 10000);
	CU_ASSERT(items_count(&t.st.map) > 10000);
	twin_free(&t);
}

/* at most so many bytes an entry all the way; behind @last the first slot comes again */
static const struct window {
	pattern slot;
	uint64_t last;
	double bytes;
} windows[] = {
	{ dense, 300000, 7.5 },	    { four_of_five, 300000, 7.5 }, { every_other, 300000, 5.7 },
	{ scattered, 300000, 5.7 }, { dense, 80000, 7 },	   { dense, 160000, 7.5 },
};

/* 50,000 live entries: each that comes is followed by the oldest one's leaving */
static void windows_that_move_on(void)
{
	const uint64_t live = 50000;
	double most;
	struct twin t;

	for (size_t s = 0; s < sizeof(windows) / sizeof(windows[0]); s++) {
		const struct window *w = &windows[s];

		twin_make(&t, w->slot, w->last);
		twin_fill(&t, live);
		most = bytes_each(&t);
		for (uint64_t n = live; n < 6 * live; n++) {
			twin_drop(&t, (n - live) % w->last);
			t.wrong += twin_put(&t, n % w->last) != 0;
			if (bytes_each(&t) > most)
				most = bytes_each(&t);
			if (n % live == 0)
				twin_compare(&t);
		}
		CU_ASSERT(most < w->bytes);
		twin_free(&t);
	}
}
/* ---- out of memory --------------------------------------------------------------------------- */

/* whichever of the calls that a store makes fails, nothing has changed; how many of them failed */
static uint64_t put_without_memory(struct twin *t)
{
	uint64_t i = t->nr;
	uint64_t failed = 0;

	t->fa.fail_at = t->fa.calls + 1;
	while (twin_put(t, i)) {
		failed++;
		t->wrong += zsim_entry_find(&t->st, t->slot(i)) != ZSIM_NIL;
		if (i < 8000 || failed == 7)
			twin_compare(t);
		t->fa.fail_at = t->fa.calls + 1 + failed + failed / 4 * 16;
	}
	t->fa.fail_at = 0;
	return failed;
}

/* up over the first leaves, and over the split */
static void without_memory(void)
{
	static const pattern slots[] = { dense, half_dense, dense_shuffled, strided };
	uint64_t failed;
	struct twin t;

	for (size_t s = 0; s < sizeof(slots) / sizeof(slots[0]); s++) {
		twin_make(&t, slots[s], 70000);
		for (failed = 0; t.nr < 70000;)
			failed += put_without_memory(&t);
		CU_ASSERT(failed > 20);
		CU_ASSERT_EQUAL(t.st.map.dense.entries, 0); /* there was never memory for a leaf */
		twin_free(&t);
	}
}

/* ---- copies ---------------------------------------------------------------------------------- */

static void copied(void)
{
	static const uint64_t sizes[] = { 0, 1, 1000, 10000, 200000 };
	struct zsim_state copy;
	struct twin t;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		twin_make(&t, half_dense, 200000);
		twin_fill(&t, sizes[s]);
		CU_ASSERT_EQUAL_FATAL(zsim_state_copy(&copy, &t.st), 0);
		CU_ASSERT_EQUAL(wrong_in(&t, &copy), 0);
		CU_ASSERT_EQUAL(zsim_slot_map_bytes(&copy.map), zsim_slot_map_bytes(&t.st.map));
		for (uint64_t i = 0; i < t.nr; i++)
			t.wrong += !zsim_entry_drop_slot(&copy, t.slot(i));
		CU_ASSERT_EQUAL(copy.nr_entries, 0);
		CU_ASSERT_EQUAL(put(&copy, DEVICE(3)), 0);
		CU_ASSERT(zsim_entry_find(&copy, DEVICE(3)) != ZSIM_NIL);
		zsim_state_destroy(&copy);
		twin_free(&t);
	}
}

/* whichever call fails, what there is of the copy can be destroyed, and nothing leaks */
static void copied_without_memory(void)
{
	uint64_t failed = 0;
	struct twin t;
	int rc;

	twin_make(&t, half_dense, 20000);
	twin_fill(&t, 20000);
	do {
		struct zsim_state copy;
		uint64_t bytes = t.fa.live_bytes;

		t.fa.fail_at = t.fa.calls + failed + 1;
		rc = zsim_state_copy(&copy, &t.st);
		failed += rc == -ENOMEM;
		CU_ASSERT(rc || !wrong_in(&t, &copy));
		zsim_state_destroy(&copy);
		CU_ASSERT_EQUAL(t.fa.live_bytes, bytes);
	} while (rc == -ENOMEM);
	CU_ASSERT_EQUAL(rc, 0);
	CU_ASSERT_EQUAL(t.fa.failed, failed); /* no copy is whole where a call failed */
	twin_free(&t);
}

/* clang-format off */
static const struct zsim_case cases[] = {
	ZSIM_CASE(up_and_down),
	ZSIM_CASE(entries_move_to_their_leaf),
	ZSIM_CASE(gaps_make_no_leaf),
	ZSIM_CASE(no_memory_for_a_leaf),
	ZSIM_CASE(the_hash_shrinks),
	ZSIM_CASE(leaves_are_given_back),
	ZSIM_CASE(the_hash_empties_into_leaves),
	ZSIM_CASE(random_life),
	ZSIM_CASE(windows_that_move_on),
	ZSIM_CASE(without_memory),
	ZSIM_CASE(copied),
	ZSIM_CASE(copied_without_memory),
};
/* clang-format on */
ZSIM_SUITE_MAIN("slot_map", cases)
