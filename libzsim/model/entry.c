/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/entry.h"

#include <errno.h>

#include "model/list_lru.h"
#include "model/memcg.h"

/* entries to a bucket, on average: more save memory, fewer save time */
#define SLOT_MAP_LOAD 2u

bool zsim_slot_valid(const struct zsim_state *st, uint64_t slot)
{
	uint64_t offset = slot & ((1ull << ZSIM_SLOT_TYPE_SHIFT) - 1);

	return slot >> ZSIM_SLOT_TYPE_SHIFT < ZSIM_MAX_SWAP_DEVICES &&
	       offset <= ZSIM_SLOT_OFFSET_MAX && (!st->swap_pages || offset < st->swap_pages);
}

/* buckets below the split were halved already: those need one more bit of the hash */
static uint32_t bucket_of(const struct zsim_state *st, uint64_t slot)
{
	uint32_t hash = (uint32_t)zsim_slot_hash(slot);
	uint32_t b = hash & (st->level - 1);

	return b < st->split ? hash & (2 * st->level - 1) : b;
}

static uint32_t *bucket_at(const struct zsim_state *st, uint32_t b)
{
	return zsim_array_at(&st->buckets, b);
}

uint32_t zsim_entry_find(const struct zsim_state *st, uint64_t slot)
{
	uint32_t i;

	if (!st->nr_entries)
		return ZSIM_NIL;
	i = *bucket_at(st, bucket_of(st, slot)) - 1;
	while (i != ZSIM_NIL && zsim_entry_slot(zsim_entry_at(st, i)) != slot)
		i = zsim_entry_at(st, i)->chain;
	return i;
}

static void chain_push(struct zsim_state *st, uint32_t b, uint32_t entry)
{
	uint32_t *head = bucket_at(st, b);

	zsim_entry_at(st, entry)->chain = *head - 1;
	*head = entry + 1;
}

/* one more bucket: it takes its share of the chain that is split */
static int bucket_add(struct zsim_state *st)
{
	uint32_t b, i, next;
	int rc = zsim_array_push(&st->buckets, &b);

	if (rc)
		return rc;
	if (!st->level) {
		st->level = 1;
		return 0;
	}
	i = *bucket_at(st, st->split) - 1;
	*bucket_at(st, st->split++) = 0;
	for (; i != ZSIM_NIL; i = next) {
		next = zsim_entry_at(st, i)->chain;
		chain_push(st, bucket_of(st, zsim_entry_slot(zsim_entry_at(st, i))), i);
	}
	if (st->split == st->level) {
		st->level *= 2;
		st->split = 0;
	}
	return 0;
}

static void chain_remove(struct zsim_state *st, uint32_t entry)
{
	uint32_t *head = bucket_at(st, bucket_of(st, zsim_entry_slot(zsim_entry_at(st, entry))));
	uint32_t i = *head - 1;

	if (i == entry) {
		*head = zsim_entry_at(st, entry)->chain + 1;
		return;
	}
	while (zsim_entry_at(st, i)->chain != entry)
		i = zsim_entry_at(st, i)->chain;
	zsim_entry_at(st, i)->chain = zsim_entry_at(st, entry)->chain;
}

static int record_new(struct zsim_state *st, uint32_t *entry)
{
	if (st->free_entry == ZSIM_NIL)
		return st->entries.size >= ZSIM_MAX_ENTRIES ? -ENOSPC :
			zsim_array_push(&st->entries, entry);
	*entry = st->free_entry;
	st->free_entry = zsim_entry_at(st, *entry)->next;
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
	int rc = 0;

	if (st->buckets.size <= st->nr_entries / SLOT_MAP_LOAD)
		rc = bucket_add(st);
	if (!rc)
		rc = record_new(st, &entry);
	if (rc)
		return rc;
	*zsim_entry_at(st, entry) = (struct zsim_entry){
		.offset = (uint32_t)page->slot,
		.zspage = page->zspage,
		.memcg = page->memcg,
		.length = page->length & 0x1fff,
		.node = page->node & 0x3f,
		.device = page->slot >> ZSIM_SLOT_TYPE_SHIFT & 0x1f,
		.live = 1,
	};
	chain_push(st, bucket_of(st, page->slot), entry);
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

void zsim_entry_drop(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);

	if (st->nr_visits)
		visits_lose(st, entry);
	chain_remove(st, entry);
	zsim_lru_del(st, entry);
	zsim_zsmalloc_free(&st->pool, e->length, e->zspage);
	zsim_memcg_uncharge(st, e->memcg, e->length);
	zsim_memcg_unkeep(st, e->memcg);
	st->counters[ZSIM_COUNTER_STORED_PAGES]--;
	st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] -= e->length == ZSIM_PAGE_SIZE;
	st->nr_entries--;
	e->live = 0;
	e->next = st->free_entry;
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
		.length = (uint16_t)e->length,
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
