/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/entry.h"

#include <errno.h>

#include "model/list_lru.h"
#include "model/memcg.h"

bool zsim_slot_valid(const struct zsim_state *st, uint64_t slot)
{
	uint64_t offset = slot & ((1ull << ZSIM_SLOT_TYPE_SHIFT) - 1);

	return slot >> ZSIM_SLOT_TYPE_SHIFT < ZSIM_MAX_SWAP_DEVICES &&
	       offset <= ZSIM_SLOT_OFFSET_MAX && (!st->swap_pages || offset < st->swap_pages);
}

static uint32_t device_of(uint64_t slot)
{
	return (uint32_t)(slot >> ZSIM_SLOT_TYPE_SHIFT);
}

bool zsim_slot_gone(const struct zsim_state *st, uint64_t slot)
{
	return st->devices_gone >> device_of(slot) & 1;
}

uint32_t zsim_entry_find(const struct zsim_state *st, uint64_t slot)
{
	return zsim_slot_map_find(st, slot);
}

/* a record to use, not taken yet */
static int record_find(struct zsim_state *st, uint32_t *entry)
{
	int rc;

	if (st->free_entry == ZSIM_NIL) {
		if (st->entries.size >= ZSIM_MAX_ENTRIES)
			return -ENOSPC;
		rc = zsim_array_push(&st->entries, entry);
		if (rc)
			return rc;
		zsim_entry_at(st, *entry)->next = ZSIM_NIL;
		st->free_entry = *entry;
	}
	*entry = st->free_entry;
	return 0;
}

static void entry_account(struct zsim_state *st, const struct zsim_page *page)
{
	zsim_memcg_keep(st, page->memcg);
	zsim_memcg_charge(st, page->memcg, page->length);
	st->counters[ZSIM_COUNTER_STORED_PAGES]++;
	st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] += page->length == ZSIM_PAGE_SIZE;
	if (++st->nr_entries > st->peak_entries)
		st->peak_entries = st->nr_entries;
}

int zsim_entry_insert(struct zsim_state *st, const struct zsim_page *page)
{
	uint32_t entry;
	int rc = record_find(st, &entry);

	if (!rc)
		rc = zsim_slot_map_reserve(st, page->slot, entry);
	if (rc)
		return rc;
	st->free_entry = zsim_entry_at(st, entry)->next;
	*zsim_entry_at(st, entry) = (struct zsim_entry){
		.offset = (uint32_t)page->slot,
		.zspage = page->zspage & 0x3ffffff,
		.memcg = page->memcg & 0xfffff,
		.length_less_1 = (page->length - 1) & 0xfff,
		.node = page->node & 0x3f,
		.device = page->slot >> ZSIM_SLOT_TYPE_SHIFT & 0x1f,
		.live = 1,
	};
	zsim_slot_map_add(st, page->slot, entry);
	entry_account(st, page);
	zsim_lru_add(st, entry);
	return 0;
}

static void visits_lose(struct zsim_state *st, uint32_t entry)
{
	for (uint32_t i = 0; i < st->visits.size; i++)
		if (zsim_visit_at(st, i)->in_use && zsim_visit_at(st, i)->entry == entry)
			zsim_visit_at(st, i)->gone = true;
}

/* a group that has left lives on by the entries that are charged to it */
static bool keeps_its_group(const struct zsim_state *st, uint32_t entry)
{
	zsim_memcg memcg = zsim_entry_at(st, entry)->memcg;

	if (zsim_memcg_at(st, memcg)->state < ZSIM_MEMCG_OFFLINE)
		return false;
	for (uint32_t i = 0; i < st->entries.size; i++)
		if (i != entry && zsim_entry_at(st, i)->live &&
		    zsim_entry_at(st, i)->memcg == memcg)
			return false;
	return true;
}

void zsim_entry_drop(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);

	ZSIM_EXPECT(st, e->live, FREED_TWICE);
	if (ZSIM_DEFECT(st, DOUBLE_FREE) && !e->live) {
		zsim_slot_map_remove(st, zsim_entry_slot(e), entry);
		return;
	}
	if (st->nr_visits)
		visits_lose(st, entry);
	zsim_slot_map_remove(st, zsim_entry_slot(e), entry);
	/* 12: its reference to the group went first, though the list is found by the group */
	ZSIM_EXPECT(st, !ZSIM_DEFECT(st, PUT_BEFORE_DELETE) || !keeps_its_group(st, entry),
		    PUT_TOO_EARLY);
	zsim_lru_del(st, entry);
	zsim_zsmalloc_free(&st->pool, zsim_entry_length(e), e->zspage);
	zsim_memcg_uncharge(st, e->memcg, zsim_entry_length(e));
	zsim_memcg_unkeep(st, e->memcg);
	st->counters[ZSIM_COUNTER_STORED_PAGES]--;
	st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] -= zsim_entry_length(e) ==
								  ZSIM_PAGE_SIZE;
	st->nr_entries--;
	e->live = 0;
	e->next = st->free_entry & ZSIM_NIL;
	st->free_entry = entry;
}

bool zsim_entry_drop_slot(struct zsim_state *st, uint64_t slot)
{
	uint32_t entry = zsim_entry_find(st, slot);

	if (entry == ZSIM_NIL)
		return false;
	zsim_entry_drop(st, entry);
	return true;
}

int zsim_visit_begin(struct zsim_state *st, uint32_t entry, uint32_t *visit)
{
	const struct zsim_entry *e;
	uint32_t i = 0;
	int rc = 0;

	while (i < st->visits.size && zsim_visit_at(st, i)->in_use)
		i++;
	if (i == st->visits.size)
		rc = zsim_array_push(&st->visits, &i);
	if (rc)
		return rc;
	e = zsim_entry_at(st, entry);
	*zsim_visit_at(st, i) = (struct zsim_visit){
		.slot = zsim_entry_slot(e),
		.entry = entry,
		.length = (uint16_t)zsim_entry_length(e),
		.in_use = true,
	};
	st->nr_visits++;
	*visit = i;
	return 0;
}

void zsim_visit_end(struct zsim_state *st, uint32_t visit)
{
	zsim_visit_at(st, visit)->in_use = false;
	st->nr_visits--;
}

void zsim_visit_reuse(struct zsim_state *st, uint64_t slot)
{
	uint32_t entry = zsim_entry_find(st, slot);

	for (uint32_t i = 0; i < st->visits.size; i++) {
		struct zsim_visit *v = zsim_visit_at(st, i);

		if (!v->in_use || !v->gone || v->slot != slot)
			continue;
		v->gone = false;
		v->entry = entry;
	}
}

bool zsim_visit_locks(const struct zsim_state *st, uint64_t slot)
{
	const struct zsim_visit *v;

	if (!st->nr_visits)
		return false;
	for (uint32_t i = 0; i < st->visits.size; i++) {
		v = zsim_visit_at(st, i);
		if (v->in_use && v->cached && v->slot == slot)
			return true;
	}
	return false;
}

void zsim_visit_slot_freed(struct zsim_state *st, uint64_t slot, bool freed)
{
	if (!st->nr_visits)
		return;
	for (uint32_t i = 0; i < st->visits.size; i++)
		if (zsim_visit_at(st, i)->in_use && zsim_visit_at(st, i)->slot == slot)
			zsim_visit_at(st, i)->freed = freed;
}

bool zsim_device_locks(const struct zsim_state *st, uint32_t device)
{
	const struct zsim_visit *v;

	for (uint32_t i = 0; i < st->visits.size; i++) {
		v = zsim_visit_at(st, i);
		if (v->in_use && v->cached && device_of(v->slot) == device)
			return true;
	}
	return false;
}

/* 9: a page that a writeback holds is not waited for, and stays in the swap cache meanwhile */
static void locked_pages_return(struct zsim_state *st, uint32_t device)
{
	const struct zsim_visit *v;

	for (uint32_t i = 0; i < st->visits.size; i++) {
		v = zsim_visit_at(st, i);
		if (v->in_use && v->cached && device_of(v->slot) == device)
			zsim_slot_set_add(&st->cache, v->slot); /* it has the room */
	}
}

void zsim_device_drop(struct zsim_state *st, uint32_t device)
{
	uint64_t first = (uint64_t)device << ZSIM_SLOT_TYPE_SHIFT;

	for (uint32_t i = 0; i < st->entries.size; i++)
		if (zsim_entry_at(st, i)->live && zsim_entry_at(st, i)->device == device)
			zsim_entry_drop(st, i);
	for (uint32_t i = 0; i < st->visits.size; i++)
		if (zsim_visit_at(st, i)->in_use && device_of(zsim_visit_at(st, i)->slot) == device)
			zsim_visit_at(st, i)->freed = true;
	zsim_slot_set_remove_range(&st->cache, first, first + ZSIM_SLOT_OFFSET_MAX);
	if (ZSIM_DEFECT(st, SWAPOFF_RACE))
		locked_pages_return(st, device);
	st->devices_gone |= 1u << device;
}
