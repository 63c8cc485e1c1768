/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries: the slot map that finds them, what a store and a drop account, visits under way. */
#include <errno.h>

#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "support/suite.h"
#include "support/world.h"

struct machine {
	struct zsim_state st;
	struct fail_alloc fa;
	zsim_memcg group;
};

static void machine_init(struct machine *m)
{
	struct zsim_config config;

	fail_alloc_init(&m->fa, 0);
	zsim_config_init(&config);
	config.allocator = fail_alloc_get(&m->fa);
	config.nodes = 2;
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(&m->st, &config), 0);
	CU_ASSERT_EQUAL_FATAL(zsim_memcg_create(&m->st, ZSIM_MEMCG_ROOT, &m->group), 0);
}

static void machine_destroy(struct machine *m)
{
	zsim_state_destroy(&m->st);
	CU_ASSERT_EQUAL(m->fa.live_blocks, 0);
}

static int insert(struct machine *m, uint64_t slot, uint32_t length)
{
	struct zsim_page page = { .slot = slot, .memcg = m->group, .node = 1, .length = length };
	int rc = zsim_zsmalloc_alloc(&m->st.pool, length, &page.zspage);

	if (rc)
		return rc;
	rc = zsim_entry_insert(&m->st, &page);
	if (rc)
		zsim_zsmalloc_free(&m->st.pool, length, page.zspage);
	return rc;
}

static uint64_t slot_of(const struct machine *m, uint32_t entry)
{
	return zsim_entry_slot(zsim_entry_at(&m->st, entry));
}

/* 32 devices; offsets up to 2^32 - 2, or below the device's size where one is given */
static void valid_slots(void)
{
	const uint64_t device_31 = (uint64_t)31 << ZSIM_SLOT_TYPE_SHIFT;
	struct machine m;

	machine_init(&m);
	CU_ASSERT_TRUE(zsim_slot_valid(&m.st, 0));
	CU_ASSERT_TRUE(zsim_slot_valid(&m.st, 0xfffffffe));
	CU_ASSERT_FALSE(zsim_slot_valid(&m.st, 0xffffffff));
	CU_ASSERT_TRUE(zsim_slot_valid(&m.st, device_31 | 1));
	CU_ASSERT_FALSE(zsim_slot_valid(&m.st, (uint64_t)32 << ZSIM_SLOT_TYPE_SHIFT));
	CU_ASSERT_FALSE(zsim_slot_valid(&m.st, UINT64_MAX));
	m.st.swap_pages = 100;
	CU_ASSERT_TRUE(zsim_slot_valid(&m.st, 99));
	CU_ASSERT_FALSE(zsim_slot_valid(&m.st, 100));
	CU_ASSERT_TRUE(zsim_slot_valid(&m.st, device_31 | 99));
	machine_destroy(&m);
}

static void nothing_is_found_in_an_empty_map(void)
{
	struct machine m;

	machine_init(&m);
	CU_ASSERT_EQUAL(zsim_entry_find(&m.st, 0), ZSIM_NIL);
	CU_ASSERT_FALSE(zsim_entry_drop_slot(&m.st, 0));
	CU_ASSERT_EQUAL(insert(&m, 5, 100), 0);
	CU_ASSERT_EQUAL(zsim_entry_find(&m.st, 6), ZSIM_NIL);
	CU_ASSERT_TRUE(zsim_entry_drop_slot(&m.st, 5));
	CU_ASSERT_EQUAL(zsim_entry_find(&m.st, 5), ZSIM_NIL);
	machine_destroy(&m);
}

/* the same offset on two devices is two slots */
static void devices_are_apart(void)
{
	const uint64_t far = (uint64_t)31 << ZSIM_SLOT_TYPE_SHIFT | 0xfffffffe;
	struct machine m;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 0xfffffffe, 10), 0);
	CU_ASSERT_EQUAL(insert(&m, far, 20), 0);
	CU_ASSERT_EQUAL(slot_of(&m, zsim_entry_find(&m.st, far)), far);
	CU_ASSERT_EQUAL(zsim_entry_length(zsim_entry_at(&m.st, zsim_entry_find(&m.st, far))), 20);
	CU_ASSERT_EQUAL(zsim_entry_length(zsim_entry_at(&m.st, zsim_entry_find(&m.st, 0xfffffffe))),
			10);
	machine_destroy(&m);
}

#define MANY 5000

static uint64_t nth_slot(uint32_t i)
{
	/* neighbours, strides and devices mixed */
	return (uint64_t)(i % 3) << ZSIM_SLOT_TYPE_SHIFT | (i % 2 ? i : i * 4096u);
}

/* after every step of the map's growth all that went in is still found */
static void found_at_every_size_of_the_map(void)
{
	struct machine m;
	uint32_t lost = 0;

	machine_init(&m);
	for (uint32_t i = 0; i < MANY; i++) {
		CU_ASSERT_EQUAL_FATAL(insert(&m, nth_slot(i), 1 + i % 4096), 0);
		if (i < 200 || i % 97 == 0)
			for (uint32_t k = 0; k <= i; k++)
				lost += zsim_entry_find(&m.st, nth_slot(k)) != k;
	}
	CU_ASSERT_EQUAL(lost, 0);
	/* every third leaves */
	for (uint32_t i = 0; i < MANY; i += 3)
		CU_ASSERT_TRUE(zsim_entry_drop_slot(&m.st, nth_slot(i)));
	for (uint32_t k = 0; k < MANY; k++)
		lost += zsim_entry_find(&m.st, nth_slot(k)) != (k % 3 ? k : ZSIM_NIL);
	CU_ASSERT_EQUAL(lost, 0);
	machine_destroy(&m);
}

/* a machine that stores and loads for days holds no more records than it had entries at once */
static void records_are_used_again(void)
{
	struct machine m;

	machine_init(&m);
	for (uint64_t slot = 0; slot < 1000; slot++) {
		CU_ASSERT_EQUAL(insert(&m, slot, 100), 0);
		if (slot >= 3)
			CU_ASSERT_TRUE(zsim_entry_drop_slot(&m.st, slot - 3));
	}
	CU_ASSERT_EQUAL(m.st.entries.size, 4);
	CU_ASSERT_EQUAL(m.st.nr_entries, 3);
	CU_ASSERT_EQUAL(m.st.peak_entries, 4);
	machine_destroy(&m);
}

/* before: nothing   after a store and a drop: nothing, but for the peak */
static void a_store_is_accounted_and_undone(void)
{
	struct machine m;
	const struct zsim_entry *e;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 9, 4096), 0);
	CU_ASSERT_EQUAL(insert(&m, 8, 100), 0);
	e = zsim_entry_at(&m.st, 0);
	CU_ASSERT_EQUAL(zsim_entry_length(e), 4096); /* 12 bits: it must not become 0 */
	CU_ASSERT_EQUAL(e->node, 1);
	CU_ASSERT_EQUAL(e->live, 1);
	CU_ASSERT_EQUAL(e->referenced, 1);
	CU_ASSERT_EQUAL(m.st.counters[ZSIM_COUNTER_STORED_PAGES], 2);
	CU_ASSERT_EQUAL(m.st.counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES], 1);
	CU_ASSERT_EQUAL(zsim_memcg_at(&m.st, m.group)->zswap, 4196);
	CU_ASSERT_EQUAL(zsim_memcg_at(&m.st, m.group)->keeps, 2);
	CU_ASSERT_EQUAL(zsim_lru_node_items(&m.st, 1), 2);
	zsim_entry_drop(&m.st, 0);
	CU_ASSERT_EQUAL(m.st.counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES], 0);
	zsim_entry_drop(&m.st, 1);
	CU_ASSERT_EQUAL(e->live, 0);
	CU_ASSERT_EQUAL(m.st.counters[ZSIM_COUNTER_STORED_PAGES], 0);
	CU_ASSERT_EQUAL(zsim_memcg_at(&m.st, m.group)->zswap, 0);
	CU_ASSERT_EQUAL(zsim_memcg_at(&m.st, m.group)->zswapped, 0);
	CU_ASSERT_EQUAL(zsim_memcg_at(&m.st, m.group)->keeps, 0);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&m.st.pool), 0);
	CU_ASSERT_EQUAL(zsim_lru_node_items(&m.st, 1), 0);
	CU_ASSERT_EQUAL(m.st.peak_entries, 2);
	machine_destroy(&m);
}

static void no_memory_for_an_entry(void)
{
	struct machine m;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 1, 4096), 0);
	for (uint32_t i = 2; m.st.entries.size < 16; i++)
		CU_ASSERT_EQUAL(insert(&m, i, 4096), 0);
	/* 16 records: the next one makes the array grow */
	m.fa.fail_after = true;
	m.fa.fail_at = m.fa.calls + 1;
	CU_ASSERT_EQUAL(insert(&m, 100, 4096), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_entry_find(&m.st, 100), ZSIM_NIL);
	CU_ASSERT_EQUAL(m.st.nr_entries, 16);
	m.fa.fail_at = 0;
	CU_ASSERT_EQUAL(insert(&m, 100, 4096), 0);
	for (uint32_t i = 1; i <= 16; i++)
		CU_ASSERT_EQUAL(zsim_entry_find(&m.st, i), i - 1);
	machine_destroy(&m);
}

/* 2^27 - 2 entries are the limit; the array is made to look that full here */
static void no_number_left_for_an_entry(void)
{
	struct machine m;
	uint32_t size;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 1, 100), 0);
	size = m.st.entries.size;
	m.st.entries.size = ZSIM_MAX_ENTRIES;
	CU_ASSERT_EQUAL(insert(&m, 2, 100), -ENOSPC);
	m.st.entries.size = size;
	CU_ASSERT_EQUAL(m.st.nr_entries, 1);
	CU_ASSERT_EQUAL(insert(&m, 2, 100), 0);
	machine_destroy(&m);
}

static const struct zsim_visit *visit(const struct machine *m, uint32_t i)
{
	return zsim_visit_at(&m->st, i);
}

/*
 * Between dropping the lock and the end of a writeback anything may happen to
 * the entry: whoever drops it tells every visit of it, and no other.
 */
static void visits_learn_that_their_entry_is_gone(void)
{
	uint32_t a = 9, b = 9, other = 9;
	struct machine m;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 1, 100), 0);
	CU_ASSERT_EQUAL(insert(&m, 2, 200), 0);
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 0, &a), 0);
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 0, &b), 0);
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 1, &other), 0);
	CU_ASSERT_EQUAL(m.st.nr_visits, 3);
	CU_ASSERT_EQUAL(visit(&m, other)->slot, 2);
	CU_ASSERT_EQUAL(visit(&m, other)->length, 200);
	zsim_entry_drop(&m.st, 0);
	CU_ASSERT_TRUE(visit(&m, a)->gone);
	CU_ASSERT_TRUE(visit(&m, b)->gone);
	CU_ASSERT_FALSE(visit(&m, other)->gone);
	zsim_visit_end(&m.st, a);
	/* its record is the next visit's, which begins with a clean sheet */
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 1, &b), 0);
	CU_ASSERT_EQUAL(b, a);
	CU_ASSERT_FALSE(visit(&m, b)->gone);
	CU_ASSERT_EQUAL(m.st.nr_visits, 3);
	machine_destroy(&m);
}

/* only a visit whose page is in the swap cache holds a lock that others wait for */
static void visits_lock_their_slot(void)
{
	struct machine m;
	uint32_t v = 9;

	machine_init(&m);
	CU_ASSERT_FALSE(zsim_visit_locks(&m.st, 1));
	CU_ASSERT_EQUAL(insert(&m, 1, 100), 0);
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 0, &v), 0);
	CU_ASSERT_FALSE(zsim_visit_locks(&m.st, 1));
	zsim_visit_at(&m.st, v)->cached = true;
	CU_ASSERT_TRUE(zsim_visit_locks(&m.st, 1));
	CU_ASSERT_FALSE(zsim_visit_locks(&m.st, 2));
	zsim_visit_end(&m.st, v);
	CU_ASSERT_FALSE(zsim_visit_locks(&m.st, 1));
	machine_destroy(&m);
}

/* a freed slot makes the visit fail with EEXIST, until somebody uses the slot again */
static void visits_learn_that_their_slot_is_free(void)
{
	struct machine m;
	uint32_t v = 9;

	machine_init(&m);
	zsim_visit_slot_freed(&m.st, 1, true);
	CU_ASSERT_EQUAL(insert(&m, 1, 100), 0);
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 0, &v), 0);
	CU_ASSERT_FALSE(visit(&m, v)->freed);
	zsim_visit_slot_freed(&m.st, 2, true);
	CU_ASSERT_FALSE(visit(&m, v)->freed);
	zsim_visit_slot_freed(&m.st, 1, true);
	CU_ASSERT_TRUE(visit(&m, v)->freed);
	zsim_visit_slot_freed(&m.st, 1, false);
	CU_ASSERT_FALSE(visit(&m, v)->freed);
	zsim_visit_end(&m.st, v);
	zsim_visit_slot_freed(&m.st, 1, true);
	CU_ASSERT_FALSE(visit(&m, v)->freed);
	machine_destroy(&m);
}

static void no_memory_for_a_visit(void)
{
	struct machine m;
	uint32_t v = 9;

	machine_init(&m);
	CU_ASSERT_EQUAL(insert(&m, 1, 100), 0);
	m.fa.fail_at = m.fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_visit_begin(&m.st, 0, &v), -ENOMEM);
	CU_ASSERT_EQUAL(v, 9);
	CU_ASSERT_EQUAL(m.st.nr_visits, 0);
	machine_destroy(&m);
}

static int64_t actor(struct world *w, struct zsim_event ev)
{
	struct zsim_result res;

	ev.actor = "A";
	CU_ASSERT_EQUAL(zsim_apply(w->zs, &ev, &res), 0);
	return res.value;
}

/*
 * In the kernel others would wait for the page that a writeback holds locked in
 * the swap cache; here they are told so. Slot 1 is locked, slot 2 is not.
 */
static void a_locked_page_is_nobody_elses(void)
{
	const uint16_t lengths[2] = { 10, 20 };
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 2, 100);
	world_age(&w, "/a", 0);
	actor(&w, (struct zsim_event){ .type = ZSIM_EV_WRITE,
				       .path = "/a",
				       .file = "memory.reclaim",
				       .text = "1 source=zswap" });
	CU_ASSERT_EQUAL(actor(&w, (struct zsim_event){ .type = ZSIM_EV_STEP, .value = 3 }),
			ZSIM_POINT_CACHED);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), -EBUSY);
	CU_ASSERT_EQUAL(zsim_invalidate(w.zs, 1), -EBUSY);
	CU_ASSERT_EQUAL(zsim_cache(w.zs, 1), -EBUSY);
	CU_ASSERT_EQUAL(zsim_uncache(w.zs, 1), -EBUSY);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), -EBUSY);
	CU_ASSERT_EQUAL(zsim_store(w.zs, 0, world_group(&w, "/a"), 0, lengths, 2), -EBUSY);
	WORLD_LIST(&w, "/a", 0, "2 1");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 2), 0);
	WORLD_SOUND(&w);
	CU_ASSERT_EQUAL(actor(&w, (struct zsim_event){ .type = ZSIM_EV_FINISH }), 0);
	WORLD_LIST(&w, "/a", 0, "");
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), -ENOENT);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 1);
	world_free(&w);
}

/* an event that no trace text can say: numbers out of range are refused, not believed */
static void events_out_of_range(void)
{
	static const uint16_t good[1] = { 100 };
	static const uint16_t nothing[1] = { 0 };
	static const uint16_t too_long[1] = { 4097 };
	const struct zsim_event bad[] = {
		{ .length = good, .nr = 0 },
		{ .length = good, .nr = 513 },
		{ .length = nothing, .nr = 1 },
		{ .length = too_long, .nr = 1 },
		{ .length = good, .nr = 1, .node = 1 },
		{ .length = good, .nr = 1, .slot = 0xffffffff },
	};
	struct zsim_result res;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct zsim_event ev = bad[i];

		ev.type = ZSIM_EV_STORE;
		ev.path = "/";
		CU_ASSERT_EQUAL(zsim_apply(w.zs, &ev, &res), -ERANGE);
		CU_ASSERT_EQUAL(res.kind, ZSIM_RESULT_NONE);
		CU_ASSERT_PTR_NOT_NULL(res.text);
	}
	WORLD_COUNTER(&w, STORED_PAGES, 0);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(valid_slots),
	ZSIM_CASE(nothing_is_found_in_an_empty_map),
	ZSIM_CASE(devices_are_apart),
	ZSIM_CASE(found_at_every_size_of_the_map),
	ZSIM_CASE(records_are_used_again),
	ZSIM_CASE(a_store_is_accounted_and_undone),
	ZSIM_CASE(no_memory_for_an_entry),
	ZSIM_CASE(no_number_left_for_an_entry),
	ZSIM_CASE(visits_learn_that_their_entry_is_gone),
	ZSIM_CASE(visits_lock_their_slot),
	ZSIM_CASE(visits_learn_that_their_slot_is_free),
	ZSIM_CASE(no_memory_for_a_visit),
	ZSIM_CASE(a_locked_page_is_nobody_elses),
	ZSIM_CASE(events_out_of_range),
};
ZSIM_SUITE_MAIN("entry", cases)
