/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.h - compressed pages: made, found by their slot, and dropped.
 *
 * Source: zswap_entry_cache_alloc(), zswap_entry_free() and the per-device
 * trees of mm/zswap.c, Linux 7.2 (simplified: one map over all devices).
 */
#ifndef ZSIM_MODEL_ENTRY_H
#define ZSIM_MODEL_ENTRY_H

#include "model/state.h"

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
bool zsim_slot_valid(const struct zsim_state *st, uint64_t slot);

/** zsim_slot_gone() - was the slot's device swapped off? */
bool zsim_slot_gone(const struct zsim_state *st, uint64_t slot);

/** zsim_entry_find() - the entry at a slot, or ZSIM_NIL */
uint32_t zsim_entry_find(const struct zsim_state *st, uint64_t slot);

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

/**
 * zsim_entry_insert() - an entry at a slot where there is none: in the map,
 * charged, on its list
 *
 * Return: 0; -ENOMEM, -ENOSPC with nothing changed.
 */
int zsim_entry_insert(struct zsim_state *st, const struct zsim_page *page);
/** zsim_entry_drop() - out of map, list and pool, uncharged. Visits in progress learn that it is gone */
void zsim_entry_drop(struct zsim_state *st, uint32_t entry);
/** zsim_entry_drop_slot() - the same for a slot; false if there was none */
bool zsim_entry_drop_slot(struct zsim_state *st, uint64_t slot);

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
