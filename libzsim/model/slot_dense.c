/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/slot_dense.h"

#include <errno.h>
#include <string.h>

static int leaves_grow(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
		       struct zsim_slot_leaves *leaves, uint32_t number)
{
	uint32_t nr = zsim_slot_leaves_for(number);
	uint32_t **leaf = zsim_realloc(alloc, leaves->leaf, nr * sizeof(*leaf));

	if (!leaf)
		return -ENOMEM;
	memset(&leaf[leaves->nr], 0, (nr - leaves->nr) * sizeof(*leaf));
	dense->bytes += (nr - leaves->nr) * sizeof(*leaf);
	leaves->leaf = leaf;
	leaves->nr = nr;
	return 0;
}

int zsim_slot_dense_grow(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
			 uint64_t slot)
{
	struct zsim_slot_leaves *leaves = &dense->device[zsim_slot_device(slot)];
	uint32_t number = zsim_slot_leaf_number(slot);
	uint32_t *leaf;

	if (number >= leaves->nr && leaves_grow(dense, alloc, leaves, number))
		return -ENOMEM;
	leaf = zsim_alloc(alloc, ZSIM_SLOT_LEAF_BYTES);
	if (!leaf)
		return -ENOMEM;
	for (uint32_t i = 0; i < ZSIM_SLOT_LEAF_SLOTS; i++)
		leaf[i] = ZSIM_NIL;
	leaves->leaf[number] = leaf;
	dense->bytes += ZSIM_SLOT_LEAF_BYTES;
	return 0;
}

static bool leaf_empty(const uint32_t *leaf)
{
	for (uint32_t i = 0; i < ZSIM_SLOT_LEAF_SLOTS; i++)
		if (leaf[i] != ZSIM_NIL)
			return false;
	return true;
}

static void leaves_give_back(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
			     struct zsim_slot_leaves *leaves)
{
	for (uint32_t i = 0; i < leaves->nr; i++) {
		if (!leaves->leaf[i] || !leaf_empty(leaves->leaf[i]))
			continue;
		zsim_dealloc(alloc, leaves->leaf[i]);
		leaves->leaf[i] = NULL;
		dense->bytes -= ZSIM_SLOT_LEAF_BYTES;
	}
}

void zsim_slot_dense_give_back(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc,
			       uint64_t entries)
{
	/* the leaf that is being filled is not paid for yet */
	if (dense->bytes <= zsim_slot_dense_worth(dense, entries) + 2 * ZSIM_SLOT_LEAF_BYTES)
		return;
	for (uint32_t i = 0; i < ZSIM_MAX_SWAP_DEVICES; i++)
		leaves_give_back(dense, alloc, &dense->device[i]);
}

void zsim_slot_dense_destroy(struct zsim_slot_dense *dense, const struct zsim_allocator *alloc)
{
	struct zsim_slot_leaves *leaves = dense->device;

	for (; leaves < dense->device + ZSIM_MAX_SWAP_DEVICES; leaves++) {
		for (uint32_t i = 0; i < leaves->nr; i++)
			zsim_dealloc(alloc, leaves->leaf[i]);
		zsim_dealloc(alloc, leaves->leaf);
	}
	memset(dense, 0, sizeof(*dense));
}

static int leaves_copy(struct zsim_slot_leaves *copy, const struct zsim_slot_leaves *leaves,
		       const struct zsim_allocator *alloc)
{
	if (!leaves->nr)
		return 0;
	copy->leaf = zsim_zalloc(alloc, leaves->nr * sizeof(*copy->leaf));
	if (!copy->leaf)
		return -ENOMEM;
	copy->nr = leaves->nr;
	for (uint32_t i = 0; i < leaves->nr; i++) {
		if (!leaves->leaf[i])
			continue;
		copy->leaf[i] = zsim_alloc(alloc, ZSIM_SLOT_LEAF_BYTES);
		if (!copy->leaf[i])
			return -ENOMEM;
		memcpy(copy->leaf[i], leaves->leaf[i], ZSIM_SLOT_LEAF_BYTES);
	}
	return 0;
}

int zsim_slot_dense_copy(struct zsim_slot_dense *copy, const struct zsim_slot_dense *dense,
			 const struct zsim_allocator *alloc)
{
	int rc = 0;

	copy->entries = dense->entries;
	copy->bytes = dense->bytes;
	for (uint32_t i = 0; !rc && i < ZSIM_MAX_SWAP_DEVICES; i++)
		rc = leaves_copy(&copy->device[i], &dense->device[i], alloc);
	return rc;
}
