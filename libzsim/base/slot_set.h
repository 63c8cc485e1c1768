/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_set.h - a set of swap slots: the swap cache.
 *
 * Open addressing over the slot numbers themselves. A slot that leaves closes
 * its gap, so the set never degrades however many pages pass through it.
 */
#ifndef ZSIM_BASE_SLOT_SET_H
#define ZSIM_BASE_SLOT_SET_H

#include "base/alloc.h"

/**
 * struct zsim_slot_set - fields are private but for @used
 * @keys: @cap slots plus one each, 0 = empty; @cap is 0 or a power of two
 */
struct zsim_slot_set {
	const struct zsim_allocator *alloc;
	uint64_t *keys;
	uint32_t cap;
	uint32_t used;
};

void zsim_slot_set_init(struct zsim_slot_set *set, const struct zsim_allocator *alloc);
void zsim_slot_set_destroy(struct zsim_slot_set *set);
bool zsim_slot_set_has(const struct zsim_slot_set *set, uint64_t slot);
/** zsim_slot_set_add() - 0, also if it is there already; -ENOMEM */
int zsim_slot_set_add(struct zsim_slot_set *set, uint64_t slot);
/** zsim_slot_set_remove() - nothing happens if it is not there */
void zsim_slot_set_remove(struct zsim_slot_set *set, uint64_t slot);
/** zsim_slot_set_remove_range() - every slot from @first to @last */
void zsim_slot_set_remove_range(struct zsim_slot_set *set, uint64_t first, uint64_t last);
/**
 * zsim_slot_set_copy() - the same slots in memory of their own; @copy is initialised and empty;
 * -ENOMEM
 */
int zsim_slot_set_copy(struct zsim_slot_set *copy, const struct zsim_slot_set *set);
uint64_t zsim_slot_set_bytes(const struct zsim_slot_set *set);

/** zsim_slot_hash() - slots that follow each other land far apart */
static inline uint64_t zsim_slot_hash(uint64_t slot)
{
	slot *= 0x9e3779b97f4a7c15ull;
	return slot ^ slot >> 32;
}

#endif
