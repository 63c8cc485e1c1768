/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_map.h - from a swap slot to its entry, in about five bytes an entry.
 *
 * A hash of 32-bit entry numbers, in chunks of one cache line. Slots are not
 * kept here but read from the entries; what an entry's number leaves free of its
 * 32 bits holds a tag of the slot's hash, so that a look-up reads hardly any
 * entry but the right one. The table is cut into segments that grow one by one
 * and by a quarter, so that neither time nor memory has spikes; slots far apart
 * cost no more than neighbours.
 */
#ifndef ZSIM_MODEL_SLOT_MAP_H
#define ZSIM_MODEL_SLOT_MAP_H

#include "base/alloc.h"

#define ZSIM_SLOT_MAP_SEGMENTS 256u
#define ZSIM_SLOT_CHUNK_ROOM 15u

/**
 * struct zsim_slot_chunk - one cache line
 * @used: bit i: @item[i] is one
 * @passed: entries that belong here and found no room; at 65535 it stays
 */
struct zsim_slot_chunk {
	uint16_t used;
	uint16_t passed;
	uint32_t item[ZSIM_SLOT_CHUNK_ROOM];
};

/**
 * struct zsim_slot_segment - a table of its own size
 * @index_bits: bits of an item that are the entry's number; the tag is above them
 */
struct zsim_slot_segment {
	struct zsim_slot_chunk *chunks;
	uint32_t nr_chunks;
	uint32_t items;
	uint32_t index_bits;
};

/** struct zsim_slot_map - fields are private; one segment while it is small */
struct zsim_slot_map {
	const struct zsim_allocator *alloc;
	struct zsim_slot_segment *segments;
	uint32_t nr_segments;
};

struct zsim_state;

void zsim_slot_map_init(struct zsim_slot_map *map, const struct zsim_allocator *alloc);
void zsim_slot_map_destroy(struct zsim_slot_map *map);
/** zsim_slot_map_find() - the entry at a slot, or ZSIM_NIL */
uint32_t zsim_slot_map_find(const struct zsim_state *st, uint64_t slot);
/** zsim_slot_map_reserve() - room for one more, whose number is at most @entry; -ENOMEM */
int zsim_slot_map_reserve(struct zsim_state *st, uint64_t slot, uint32_t entry);
/** zsim_slot_map_add() - after zsim_slot_map_reserve(); the slot must not be there */
void zsim_slot_map_add(struct zsim_state *st, uint64_t slot, uint32_t entry);
/** zsim_slot_map_remove() - the slot must be there, as @entry */
void zsim_slot_map_remove(struct zsim_state *st, uint64_t slot, uint32_t entry);
/** zsim_slot_map_copy() - @copy is initialised and empty. -ENOMEM: destroy it */
int zsim_slot_map_copy(struct zsim_slot_map *copy, const struct zsim_slot_map *map);
uint64_t zsim_slot_map_bytes(const struct zsim_slot_map *map);

#endif
