/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.h - compressed pages: made, found by their slot, and dropped.
 *
 * Source: zswap_entry_cache_alloc(), zswap_entry_free() and the per-device
 * trees of mm/zswap.c, Linux 7.2 (simplified: one map over all devices).
 */
#ifndef ZSIM_MODEL_ENTRY_H
#define ZSIM_MODEL_ENTRY_H

#include "model/list_lru.h"
#include "model/memcg.h"

static inline uint64_t zsim_entry_slot(const struct zsim_entry *e)
{
	return (uint64_t)e->device << ZSIM_SLOT_TYPE_SHIFT | e->offset;
}

/** zsim_entry_length() - compressed bytes, 1..4096 */
static inline uint32_t zsim_entry_length(const struct zsim_entry *e)
{
	return e->length_less_1 + 1u;
}

/** zsim_slot_valid() - can the slot be one of this machine's devices? */
static inline bool zsim_slot_valid(const struct zsim_state *st, uint64_t slot)
{
	uint64_t offset = slot & ((1ull << ZSIM_SLOT_TYPE_SHIFT) - 1);

	return slot >> ZSIM_SLOT_TYPE_SHIFT < ZSIM_MAX_SWAP_DEVICES &&
	       offset <= ZSIM_SLOT_OFFSET_MAX && (!st->swap_pages || offset < st->swap_pages);
}

/** zsim_slot_gone() - was the slot's device swapped off? */
bool zsim_slot_gone(const struct zsim_state *st, uint64_t slot);

/**
 * zsim_slot_chunk_find() - among the items of a chunk; reading an entry costs, so the tag is asked
 * first
 * @bit: set to the item's, or 0
 */
static inline uint32_t zsim_slot_chunk_find(const struct zsim_state *st,
					    const struct zsim_slot_chunk *chunk,
					    const struct zsim_slot_place *at, uint64_t slot,
					    uint32_t *bit)
{
	uint32_t match = zsim_slot_chunk_match(chunk, at->mask, at->tag);
	uint32_t entry;

	for (; match; match &= match - 1) {
		entry = chunk->item[__builtin_ctz(match)] & ~at->mask;
		if (zsim_entry_slot(zsim_entry_at(st, entry)) == slot) {
			*bit = match & -match;
			return entry;
		}
	}
	*bit = 0;
	return ZSIM_NIL;
}

/** zsim_entry_find_at() - the entry at a slot whose place is known, or ZSIM_NIL */
static inline uint32_t zsim_entry_find_at(const struct zsim_state *st, struct zsim_slot_place *at,
					  uint64_t slot)
{
	uint32_t entry;

	if (at->item)
		return *at->item;
	entry = zsim_slot_chunk_find(st, at->home, at, slot, &at->found);
	return entry == ZSIM_NIL && at->home->filter & at->pass ?
		       zsim_slot_map_find_on(st, at, slot) :
		       entry;
}

/** zsim_entry_find() - the entry at a slot, or ZSIM_NIL */
static inline uint32_t zsim_entry_find(const struct zsim_state *st, uint64_t slot)
{
	struct zsim_slot_place at = { 0 };

	if (!st->map.nr_segments)
		return ZSIM_NIL;
	zsim_slot_map_place(&st->map, slot, &at);
	return zsim_entry_find_at(st, &at, slot);
}

/**
 * struct zsim_page - what a store puts in
 * @zspage: handle of the pool object that holds the @length bytes
 */
struct zsim_page {
	uint64_t slot;
	zsim_memcg memcg;
	uint32_t node;
	uint32_t length;
	uint32_t zspage;
};

/** zsim_slot_map_has_room() - can the first free record be added at this place at once? */
static inline bool zsim_slot_map_has_room(const struct zsim_state *st,
					  const struct zsim_slot_place *at, uint64_t slot)
{
	return at->item || (zsim_slot_map_hash_room(&st->map, at, st->free_entry) &&
			    (~slot & ZSIM_SLOT_LEAF_ASK || !zsim_slot_map_leaf_due(st, slot)));
}

/**
 * zsim_entry_reserve() - a free record, and room in the map, which may move; -ENOMEM, -ENOSPC with
 * nothing changed
 */
int zsim_entry_reserve(struct zsim_state *st, uint64_t slot);
/** zsim_entry_record_new() - one more free record; -ENOMEM, -ENOSPC */
int zsim_entry_record_new(struct zsim_state *st);
/** zsim_entry_record_find() - see to it that there is a free record; -ENOMEM, -ENOSPC */
static inline int zsim_entry_record_find(struct zsim_state *st)
{
	return st->free_entry == ZSIM_NIL ? zsim_entry_record_new(st) : 0;
}

/** zsim_entry_incompressible() - an entry of a page stored as it is comes (@sign 1) or goes (-1) */
void zsim_entry_incompressible(struct zsim_state *st, struct zsim_memcg_rec *m, int32_t sign);
/**
 * zsim_entry_put() - the entry that there is room for: what zsim_entry_insert() says
 * @m: of the page's group
 * @events: of ZSIM_STAT_ZSWPOUT that count with it
 * @root: added to; who moves many entries leaves what they add to the root's charges and
 *	events, and to ZSIM_COUNTER_STORED_PAGES, for the end
 */
static inline void zsim_entry_put(struct zsim_state *st, const struct zsim_slot_place *at,
				  const struct zsim_page *page, struct zsim_memcg_rec *m,
				  uint64_t events, struct zsim_root_charge *root)
{
	struct zsim_lru *lru = zsim_lru_living(st, m, page->memcg, page->node);
	uint32_t entry = st->free_entry;
	struct zsim_entry *e = zsim_entry_at(st, entry);

	st->free_entry = e->next;
	/* all at once: what is written in parts and read as a whole is waited for */
	*e = (struct zsim_entry){
		.prev = lru->tail & ZSIM_NIL,
		.device = page->slot >> ZSIM_SLOT_TYPE_SHIFT & (ZSIM_MAX_SWAP_DEVICES - 1),
		.next = ZSIM_NIL,
		.live = 1,
		.referenced = 1,
		.zspage = page->zspage & ZSIM_ZSPAGE_NONE,
		.node = page->node & (ZSIM_MAX_NODES - 1),
		.memcg = page->memcg & ZSIM_MAX_MEMCGS,
		.length_less_1 = (page->length - 1) & (ZSIM_PAGE_SIZE - 1),
		.offset = (uint32_t)page->slot,
	};
	zsim_lru_add(st, lru, e, entry);
	zsim_slot_map_add(&st->map, at, entry);
	m->keeps++;
	zsim_memcg_account(st, m, page->length, 1, ZSIM_STAT_ZSWPOUT, events, root);
	if (++st->nr_entries > st->peak_entries)
		st->peak_entries = st->nr_entries;
	if (__builtin_expect(page->length == ZSIM_PAGE_SIZE, 0))
		zsim_entry_incompressible(st, m, 1);
}

/**
 * zsim_entry_insert() - an entry at a slot where there is none: in the map,
 * charged, on its list
 *
 * Return: 0; -ENOMEM, -ENOSPC with nothing changed.
 */
int zsim_entry_insert(struct zsim_state *st, const struct zsim_page *page);
/** zsim_visits_lose() - visits in progress learn that the entry is gone */
void zsim_visits_lose(struct zsim_state *st, uint32_t entry);
/** zsim_entry_keeps_group() - a group that has left lives on by this entry alone */
bool zsim_entry_keeps_group(const struct zsim_state *st, uint32_t entry);
/**
 * struct zsim_entry_hint - an entry that was looked up before it is asked for
 * @entry: its number; @e: its record, as long as none moves
 * @handle, @zspage: as in struct zsim_zspage_hint, of its object or of none
 */
struct zsim_entry_hint {
	struct zsim_entry *e;
	struct zsim_zspage *zspage;
	uint32_t entry;
	uint32_t handle;
};

/**
 * zsim_entry_leave() - out of map, list and pool, uncharged. Visits in progress learn that it is
 * gone
 * @hint: perhaps of this entry
 * @item, @events: that count with it
 * @root: as in zsim_entry_put()
 */
static inline void zsim_entry_leave(struct zsim_state *st, const struct zsim_slot_place *at,
				    uint32_t entry, const struct zsim_entry_hint *hint,
				    enum zsim_stat_item item, uint64_t events,
				    struct zsim_root_charge *root)
{
	struct zsim_entry *e = __builtin_expect(entry == hint->entry, 1) ? hint->e :
									   zsim_entry_at(st, entry);
	uint32_t length = zsim_entry_length(e);
	zsim_memcg memcg = e->memcg;
	struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);
	struct zsim_zspage_step step;
	struct zsim_lru *lru;

	ZSIM_EXPECT(st, e->live, FREED_TWICE);
	if (ZSIM_DEFECT(st, DOUBLE_FREE) && !e->live) {
		zsim_slot_map_remove(&st->map, at, entry);
		return;
	}
	lru = zsim_lru_lock(st, e);
	step = zsim_zsmalloc_free_begin(&st->pool, length, e->zspage,
					(struct zsim_zspage_hint){ hint->zspage, hint->handle });
	if (st->nr_visits)
		zsim_visits_lose(st, entry);
	zsim_slot_map_remove(&st->map, at, entry);
	/* 12: its reference to the group went first, though the list is found by the group */
	ZSIM_EXPECT(st, !ZSIM_DEFECT(st, PUT_BEFORE_DELETE) || !zsim_entry_keeps_group(st, entry),
		    PUT_TOO_EARLY);
	zsim_lru_del(st, lru, e);
	zsim_memcg_account(st, m, length, -1, item, events, root);
	if (__builtin_expect(length == ZSIM_PAGE_SIZE, 0))
		zsim_entry_incompressible(st, m, -1);
	zsim_memcg_unkeep_rec(st, m, memcg);
	st->nr_entries--;
	e->live = 0;
	e->next = st->free_entry & ZSIM_NIL;
	st->free_entry = entry;
	zsim_zspage_settle(&st->pool, step); /* the last thing: see there */
}

/** zsim_entry_drop_among() - the same, wherever it is, without events */
void zsim_entry_drop_among(struct zsim_state *st, uint32_t entry, struct zsim_root_charge *root);
/** zsim_entry_drop() - all of it, for one */
void zsim_entry_drop(struct zsim_state *st, uint32_t entry);
/** zsim_entry_drop_for() - and with one */
void zsim_entry_drop_for(struct zsim_state *st, uint32_t entry, enum zsim_stat_item item);
/** zsim_entry_drop_slot() - the same for a slot; false if there was none */
bool zsim_entry_drop_slot(struct zsim_state *st, uint64_t slot);

/** zsim_entry_prefetch_written() - a walker comes soon: what it looks at if it writes the entry */
ZSIM_PREFETCHES void zsim_entry_prefetch_written(const struct zsim_state *st,
						 const struct zsim_entry *e)
{
	if (e->referenced)
		return;
	zsim_slot_map_prefetch(&st->map, zsim_entry_slot(e));
	zsim_zsmalloc_prefetch(&st->pool, e->zspage);
}

/**
 * zsim_entry_prefetch_visit() - a walker is at @e: the next entry may leave soon, and then it is
 * the turn of the one behind it; the next one itself was asked for at the visit before
 */
ZSIM_PREFETCHES void zsim_entry_prefetch_visit(const struct zsim_state *st,
					       const struct zsim_entry *e)
{
	if (e->next == ZSIM_NIL)
		return;
	e = zsim_entry_at(st, e->next);
	if (e->next != ZSIM_NIL)
		zsim_prefetch_all(zsim_entry_at(st, e->next));
	zsim_entry_prefetch_written(st, e);
}

/** zsim_visit_begin() - note an entry for a writeback; -ENOMEM */
int zsim_visit_begin(struct zsim_state *st, uint32_t entry, uint32_t *visit);
void zsim_visit_end(struct zsim_state *st, uint32_t visit);
/**
 * zsim_visit_reuse() - the entry at @slot, just stored, has the address of the one that
 * visits of the slot have lost: they take it for theirs, and keep the length they noted
 */
void zsim_visit_reuse(struct zsim_state *st, uint64_t slot);
/** zsim_visit_locks() - does a writeback hold the slot's page locked (point `cached`)? */
bool zsim_visit_locks(const struct zsim_state *st, uint64_t slot);
/** zsim_device_locks() - does a writeback hold a page of the swap device locked? */
bool zsim_device_locks(const struct zsim_state *st, uint32_t device);
/** zsim_device_drop() - swapoff: all slots of the device are freed, and it is gone */
void zsim_device_drop(struct zsim_state *st, uint32_t device);
/** zsim_visit_slot_freed() - tell visits that their slot was freed, or is in use again */
void zsim_visit_slot_freed(struct zsim_state *st, uint64_t slot, bool freed);

#endif
