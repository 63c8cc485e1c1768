/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_dense.h - from a swap slot to its entry where slots lie close together: a plain table.
 *
 * It is cut into leaves of 4096 slots, as the kernel's tree is cut into nodes, and a leaf is
 * made only as long as the entries that stand in leaves pay for them all, or nearly so. The
 * slots without a leaf are slot_map.h's. A leaf stays while one entry stands in it: of a
 * machine that keeps one of each hundred, new slots go to the hash.
 */
#ifndef ZSIM_MODEL_SLOT_DENSE_H
#define ZSIM_MODEL_SLOT_DENSE_H

#include "base/alloc.h"

/** No entry, here and in all modules above: the largest number that an entry's links can say */
#define ZSIM_NIL ((1u << 27) - 1)

#define ZSIM_SLOT_LEAF_SHIFT 12
#define ZSIM_SLOT_LEAF_SLOTS (1u << ZSIM_SLOT_LEAF_SHIFT)
#define ZSIM_SLOT_LEAF_BYTES (ZSIM_SLOT_LEAF_SLOTS * sizeof(uint32_t))
/** entries in all below which no leaf is made: a frozen world (check/freeze.c) keeps none */
#define ZSIM_SLOT_DENSE_MIN 3072u

/**
 * struct zsim_slot_leaves - of one swap device: @leaf[i] is 4096 items, each an entry or ZSIM_NIL;
 * or NULL
 */
struct zsim_slot_leaves {
	uint32_t **leaf;
	uint32_t nr;
};

/**
 * struct zsim_slot_dense - fields are private; all 0 at first
 * @entries: that stand in leaves
 * @bytes: of all leaves, and of the tables that lead to them
 */
struct zsim_slot_dense {
	struct zsim_slot_leaves device[ZSIM_MAX_SWAP_DEVICES];
	uint64_t entries;
	uint64_t bytes;
};

/**
 * zsim_slot_dense_grow() - a leaf for the slot, which has none, and nothing in it
 *
 * Return: 0; -ENOMEM without a leaf, though the table may be longer now.
 */
int zsim_slot_dense_grow(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
			 uint64_t slot);
/**
 * zsim_slot_dense_give_back() - leaves in which nothing stands, if all of them are no longer paid
 * for
 */
void zsim_slot_dense_give_back(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
			       uint64_t entries);
void zsim_slot_dense_destroy(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc);
/** zsim_slot_dense_copy() - @copy is all 0. -ENOMEM: destroy it */
int zsim_slot_dense_copy(struct zsim_slot_dense *copy, const struct zsim_slot_dense *dense,
			 const struct zsim_allocator *alloc);

/* a wrong slot is taken for another one: callers look at it before they use the answer */
static inline uint32_t zsim_slot_device(uint64_t slot)
{
	return slot >> ZSIM_SLOT_TYPE_SHIFT & (ZSIM_MAX_SWAP_DEVICES - 1);
}

static inline const struct zsim_slot_leaves *zsim_slot_leaves(const struct zsim_slot_dense *dense,
							      uint64_t slot)
{
	return &dense->device[zsim_slot_device(slot)];
}

static inline uint32_t zsim_slot_leaf_number(uint64_t slot)
{
	return (uint32_t)slot >> ZSIM_SLOT_LEAF_SHIFT;
}

/** zsim_slot_dense_item() - where the slot's entry stands, or ZSIM_NIL; NULL without a leaf */
static inline uint32_t *zsim_slot_dense_item(const struct zsim_slot_dense *dense, uint64_t slot)
{
	const struct zsim_slot_leaves *leaves = zsim_slot_leaves(dense, slot);
	uint32_t i = zsim_slot_leaf_number(slot);
	uint32_t *leaf = i < leaves->nr ? leaves->leaf[i] : NULL;

	return leaf ? &leaf[slot & (ZSIM_SLOT_LEAF_SLOTS - 1)] : NULL;
}

/* leaves that a device's table has room for, once it leads to this one */
static inline uint32_t zsim_slot_leaves_for(uint32_t number)
{
	return number + number / 4 + 16;
}

/**
 * zsim_slot_dense_worth() - bytes that leaves may take
 * @entries: in all
 *
 * Six and a half for each entry that has its place in one: with five of eight slots in use.
 * Besides those there are some to find out with whether they will.
 */
static inline uint64_t zsim_slot_dense_worth(const struct zsim_slot_dense *dense, uint64_t entries)
{
	return dense->entries * 13 / 2 + entries / 8;
}

/** zsim_slot_dense_pays() - is a leaf for the slot, which has none, worth its room? */
static inline bool zsim_slot_dense_pays(const struct zsim_slot_dense *dense, uint64_t slot,
					uint64_t entries)
{
	const struct zsim_slot_leaves *leaves = zsim_slot_leaves(dense, slot);
	uint32_t i = zsim_slot_leaf_number(slot);
	uint64_t more = i < leaves->nr ? 0 : zsim_slot_leaves_for(i) - leaves->nr;

	return entries >= ZSIM_SLOT_DENSE_MIN &&
	       dense->bytes + more * sizeof(*leaves->leaf) <= zsim_slot_dense_worth(dense, entries);
}

#endif
