/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/entry.h"

#include <errno.h>

#include "model/list_lru.h"
#include "model/memcg.h"

static uint32_t device_of(uint64_t slot)
{
	return (uint32_t)(slot >> ZSIM_SLOT_TYPE_SHIFT);
}

bool zsim_slot_gone(const struct zsim_state *st, uint64_t slot)
{
	return st->devices_gone >> device_of(slot) & 1;
}

int zsim_entry_record_new(struct zsim_state *st)
{
	uint32_t entry;
	int rc;

	if (st->entries.size >= ZSIM_MAX_ENTRIES)
		return -ENOSPC;
	rc = zsim_array_push(&st->entries, &entry);
	if (rc)
		return rc;
	/* it leads nowhere, also for whoever looks at it ahead of time */
	*zsim_entry_at(st, entry) = (struct zsim_entry){
		.prev = ZSIM_NIL,
		.next = ZSIM_NIL,
		.zspage = ZSIM_ZSPAGE_NONE,
	};
	st->free_entry = entry;
	return 0;
}

int zsim_entry_reserve(struct zsim_state *st, uint64_t slot)
{
	int rc = zsim_entry_record_find(st);

	return rc ? rc : zsim_slot_map_reserve(st, slot, st->free_entry);
}

void zsim_entry_incompressible(struct zsim_state *st, struct zsim_memcg_rec *m, int32_t sign)
{
	zsim_memcg_account_incomp(st, m, sign);
	st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] += (uint64_t)(int64_t)sign;
}

int zsim_entry_insert(struct zsim_state *st, const struct zsim_page *page)
{
	struct zsim_root_charge root = { 0 };
	struct zsim_slot_place at = { 0 };
	int rc = zsim_entry_reserve(st, page->slot);

	if (rc)
		return rc;
	zsim_slot_map_place(&st->map, page->slot, &at);
	zsim_entry_put(st, &at, page, zsim_memcg_at(st, page->memcg), 0, &root);
	zsim_memcg_charge_root(st, root);
	st->counters[ZSIM_COUNTER_STORED_PAGES]++;
	return 0;
}

void zsim_visits_lose(struct zsim_state *st, uint32_t entry)
{
	for (uint32_t i = 0; i < st->visits.size; i++)
		if (zsim_visit_at(st, i)->in_use && zsim_visit_at(st, i)->entry == entry)
			zsim_visit_at(st, i)->gone = true;
}

/* a group that has left lives on by the entries that are charged to it */
bool zsim_entry_keeps_group(const struct zsim_state *st, uint32_t entry)
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

static void one_leaves(struct zsim_state *st, uint32_t entry, enum zsim_stat_item item,
		       uint64_t events, struct zsim_root_charge *root)
{
	struct zsim_slot_place at = { 0 };
	struct zsim_entry_hint itself = {
		.entry = entry,
		.e = zsim_entry_at(st, entry),
		.handle = ZSIM_ZSPAGE_NONE,
	};

	zsim_slot_map_place(&st->map, zsim_entry_slot(itself.e), &at);
	zsim_entry_leave(st, &at, entry, &itself, item, events, root);
}

void zsim_entry_drop_among(struct zsim_state *st, uint32_t entry, struct zsim_root_charge *root)
{
	one_leaves(st, entry, ZSIM_STAT_ZSWPIN, 0, root);
}

static void entry_leave(struct zsim_state *st, uint32_t entry, enum zsim_stat_item item,
			uint64_t events)
{
	struct zsim_root_charge root = { 0 };
	uint32_t gone = st->nr_entries;

	one_leaves(st, entry, item, events, &root);
	gone -= st->nr_entries; /* 4: it may have been gone before */
	zsim_memcg_charge_root(st, root);
	*zsim_memcg_events(zsim_memcg_at(st, ZSIM_MEMCG_ROOT), item) += gone * events;
	st->counters[ZSIM_COUNTER_STORED_PAGES] -= gone;
}

void zsim_entry_drop(struct zsim_state *st, uint32_t entry)
{
	entry_leave(st, entry, ZSIM_STAT_ZSWPIN, 0);
}

void zsim_entry_drop_for(struct zsim_state *st, uint32_t entry, enum zsim_stat_item item)
{
	entry_leave(st, entry, item, 1);
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
