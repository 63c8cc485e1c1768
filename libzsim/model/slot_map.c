/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/slot_map.h"

#include <errno.h>
#include <string.h>

#include "model/entry.h"

#define PASSED_MAX UINT8_MAX
#define FIRST_CHUNKS 2u

void zsim_slot_map_init(struct zsim_slot_map *map, const struct zsim_allocator *alloc)
{
	*map = (struct zsim_slot_map){ .alloc = alloc };
}

static void hash_destroy(struct zsim_slot_map *map)
{
	for (uint32_t i = 0; i < map->nr_segments; i++)
		zsim_dealloc(map->alloc, map->segments[i].chunks);
	zsim_dealloc(map->alloc, map->segments);
	map->segments = NULL;
	map->nr_segments = 0;
}

void zsim_slot_map_destroy(struct zsim_slot_map *map)
{
	zsim_slot_dense_destroy(&map->dense, map->alloc);
	hash_destroy(map);
}

static uint32_t next_chunk(const struct zsim_slot_segment *seg, uint32_t chunk)
{
	return chunk + 1 == seg->nr_chunks ? 0 : chunk + 1;
}

uint32_t zsim_slot_map_find_on(const struct zsim_state *st, const struct zsim_slot_place *at,
			       uint64_t slot)
{
	const struct zsim_slot_segment *seg = at->seg;
	uint32_t c = (uint32_t)(at->home - seg->chunks);
	uint32_t entry = ZSIM_NIL;
	uint32_t bit;

	for (uint32_t n = 1; n < seg->nr_chunks && entry == ZSIM_NIL; n++) {
		if (!(seg->chunks[c].filter & at->pass))
			break;
		c = next_chunk(seg, c);
		entry = zsim_slot_chunk_find(st, &seg->chunks[c], at, slot, &bit);
	}
	return entry;
}

static void chunk_pass(struct zsim_slot_chunk *chunk, uint64_t hash)
{
	if (chunk->passed < PASSED_MAX)
		chunk->passed++;
	chunk->filter |= zsim_slot_map_pass(hash);
}

static void chunk_unpass(struct zsim_slot_chunk *chunk)
{
	if (chunk->passed < PASSED_MAX && !--chunk->passed)
		chunk->filter = 0;
}

static void segment_put(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry)
{
	uint32_t c = zsim_slot_map_home(seg, hash);

	while (seg->chunks[c].used == ZSIM_SLOT_CHUNK_FULL) {
		chunk_pass(&seg->chunks[c], hash);
		c = next_chunk(seg, c);
	}
	zsim_slot_chunk_put(seg, &seg->chunks[c], zsim_slot_map_item(seg, hash, entry));
}

/* for every number that there is, and twice as many, so that this is seldom done */
static uint32_t bits_for(const struct zsim_state *st)
{
	uint32_t bits = 8;

	while (bits < 32 && st->entries.size >> (bits - 1))
		bits++;
	return bits;
}

static int segment_init(const struct zsim_state *st, struct zsim_slot_segment *seg,
			uint32_t nr_chunks)
{
	*seg = (struct zsim_slot_segment){
		.chunks = zsim_zalloc(st->alloc, sizeof(*seg->chunks) * nr_chunks),
		.nr_chunks = nr_chunks,
		/* fuller, and many pass their home */
		.room = nr_chunks * ZSIM_SLOT_CHUNK_ROOM / 16 * 13,
		.index_bits = bits_for(st),
	};
	return seg->chunks ? 0 : -ENOMEM;
}

static uint32_t item_entry(const struct zsim_slot_segment *seg, const struct zsim_slot_chunk *chunk,
			   uint32_t mask)
{
	return chunk->item[__builtin_ctz(mask)] & (uint32_t)((1ull << seg->index_bits) - 1);
}

/* of the first item in @mask: its slot stands in its entry */
static uint64_t item_hash(const struct zsim_state *st, const struct zsim_slot_segment *seg,
			  const struct zsim_slot_chunk *chunk, uint32_t mask)
{
	return zsim_slot_map_hash(zsim_entry_slot(zsim_entry_at(st, item_entry(seg, chunk, mask))));
}

ZSIM_PREFETCHES void chunk_prefetch(const struct zsim_state *st,
				    const struct zsim_slot_segment *seg,
				    const struct zsim_slot_chunk *chunk)
{
	for (uint32_t mask = chunk->used; mask; mask &= mask - 1)
		zsim_prefetch(zsim_entry_at(st, item_entry(seg, chunk, mask)));
}

/* the items of a segment, each to where its hash says */
static void segment_move(const struct zsim_state *st, const struct zsim_slot_segment *from,
			 struct zsim_slot_map *to)
{
	const struct zsim_slot_chunk *chunk = from->chunks;

	for (uint32_t c = 0; c < from->nr_chunks; c++, chunk++) {
		if (c + 1 < from->nr_chunks)
			chunk_prefetch(st, from, chunk + 1);
		for (uint32_t mask = chunk->used; mask; mask &= mask - 1) {
			uint64_t hash = item_hash(st, from, chunk, mask);

			segment_put(zsim_slot_map_segment(to, hash), hash,
				    item_entry(from, chunk, mask));
		}
	}
}

/* room for so many items, and some more */
static uint32_t chunks_for(uint32_t items)
{
	return items / ZSIM_SLOT_CHUNK_ROOM * 3 / 2 + FIRST_CHUNKS;
}

/* @items: how many each segment must take at once */
static int map_make(const struct zsim_state *st, struct zsim_slot_map *map, uint32_t nr_segments,
		    const uint32_t *items)
{
	map->segments = zsim_zalloc(map->alloc, sizeof(*map->segments) * nr_segments);
	if (!map->segments)
		return -ENOMEM;
	map->nr_segments = nr_segments;
	for (uint32_t i = 0; i < nr_segments; i++) {
		if (!segment_init(st, &map->segments[i], chunks_for(items[i])))
			continue;
		hash_destroy(map);
		return -ENOMEM;
	}
	return 0;
}

static void items_count(const struct zsim_state *st, const struct zsim_slot_segment *from,
			uint32_t items[ZSIM_SLOT_MAP_SEGMENTS])
{
	for (uint32_t c = 0; c < from->nr_chunks; c++)
		for (uint32_t mask = from->chunks[c].used; mask; mask &= mask - 1)
			items[item_hash(st, from, &from->chunks[c], mask) >> 56]++;
}

static int map_split(struct zsim_state *st)
{
	uint32_t items[ZSIM_SLOT_MAP_SEGMENTS] = { 0 };
	struct zsim_slot_map many;
	int rc;

	zsim_slot_map_init(&many, st->map.alloc);
	items_count(st, &st->map.segments[0], items);
	rc = map_make(st, &many, ZSIM_SLOT_MAP_SEGMENTS, items);
	if (rc)
		return rc;
	segment_move(st, &st->map.segments[0], &many);
	hash_destroy(&st->map);
	st->map.segments = many.segments;
	st->map.nr_segments = many.nr_segments;
	return 0;
}

/* a larger table for the same items, or the same one with room for larger numbers */
static int segment_grow(struct zsim_state *st, struct zsim_slot_segment *seg, uint32_t nr_chunks)
{
	struct zsim_slot_segment bigger;
	struct zsim_slot_map alone = { .alloc = st->map.alloc,
				       .segments = &bigger,
				       .nr_segments = 1 };
	int rc = segment_init(st, &bigger, nr_chunks);

	if (rc)
		return rc;
	segment_move(st, seg, &alone);
	zsim_dealloc(st->map.alloc, seg->chunks);
	*seg = bigger;
	return 0;
}

static int hash_reserve(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	struct zsim_slot_segment *seg;
	int rc = 0;

	if (st->map.nr_segments == 1 && st->map.segments[0].items >= ZSIM_SLOT_MAP_SPLIT)
		rc = map_split(st);
	if (rc)
		return rc;
	seg = zsim_slot_map_segment(&st->map, zsim_slot_map_hash(slot));
	if (seg->items >= seg->room && seg == st->map.segments) /* one of many, so not too often */
		zsim_slot_dense_give_back(&st->map.dense, st->map.alloc, st->nr_entries);
	if (seg->items >= seg->room)
		return segment_grow(st, seg, seg->nr_chunks + seg->nr_chunks / 8 + 1);
	if ((uint64_t)entry >> seg->index_bits)
		return segment_grow(st, seg, seg->nr_chunks);
	return 0;
}

/*
 * Only where slots before it are in use too: few slots far apart would take what is there to
 * find out with, time and again.
 */
bool zsim_slot_map_leaf_due(const struct zsim_state *st, uint64_t slot)
{
	static const uint8_t before[] = { 1, 2, 30, 61 };

	if (~slot & ZSIM_SLOT_LEAF_ASK ||
	    !zsim_slot_dense_pays(&st->map.dense, slot, st->nr_entries))
		return false;
	for (size_t i = 0; i < sizeof(before); i++)
		if (zsim_entry_find(st, slot - before[i]) == ZSIM_NIL)
			return false;
	return true;
}

static bool hash_empty(const struct zsim_slot_map *map)
{
	uint32_t items = 0;

	for (uint32_t i = 0; i < map->nr_segments; i++)
		items |= map->segments[i].items;
	return !items;
}

/* what has moved to a leaf leaves room behind; without memory it stays */
static void hash_shrink(struct zsim_state *st)
{
	for (uint32_t i = 0; i < st->map.nr_segments; i++) {
		struct zsim_slot_segment *seg = &st->map.segments[i];
		uint32_t enough = chunks_for(seg->items);

		if (enough + enough / 4 < seg->nr_chunks)
			segment_grow(st, seg, enough);
	}
}

/* from the hash to the slot's new leaf, if it is there */
static void move_to_leaf(struct zsim_state *st, uint64_t slot)
{
	struct zsim_slot_place at = { 0 };
	uint32_t entry;

	zsim_slot_map_place_hash(&st->map, zsim_slot_map_hash(slot), &at);
	entry = zsim_entry_find_at(st, &at, slot);
	if (entry == ZSIM_NIL)
		return;
	zsim_slot_map_remove_hash(&at, entry);
	at.item = zsim_slot_dense_item(&st->map.dense, slot);
	zsim_slot_map_add(&st->map, &at, entry);
}

static int leaf_make(struct zsim_state *st, uint64_t slot)
{
	uint64_t first = slot & ~(uint64_t)(ZSIM_SLOT_LEAF_SLOTS - 1);
	int rc = zsim_slot_dense_grow(&st->map.dense, st->map.alloc, slot);

	if (rc || hash_empty(&st->map))
		return rc;
	for (uint64_t i = first; i < first + ZSIM_SLOT_LEAF_SLOTS; i++)
		move_to_leaf(st, i);
	hash_shrink(st);
	return 0;
}

int zsim_slot_map_reserve(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	const uint32_t none = 0;
	int rc = 0;

	if (!st->map.nr_segments)
		rc = map_make(st, &st->map, 1, &none);
	if (rc || zsim_slot_dense_item(&st->map.dense, slot))
		return rc;
	/* without memory for a leaf the hash takes the slot */
	if (zsim_slot_map_leaf_due(st, slot) && !leaf_make(st, slot))
		return 0;
	return hash_reserve(st, slot, entry);
}

void zsim_slot_map_add_on(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry)
{
	segment_put(seg, hash, entry);
}

void zsim_slot_map_remove_on(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry)
{
	uint32_t item = zsim_slot_map_item(seg, hash, entry);
	uint32_t c = zsim_slot_map_home(seg, hash);
	uint32_t match;

	while (!(match = zsim_slot_chunk_match(&seg->chunks[c], UINT32_MAX, item))) {
		chunk_unpass(&seg->chunks[c]);
		c = next_chunk(seg, c);
	}
	seg->chunks[c].used &= (uint16_t)~match;
	seg->items--;
}

static int hash_copy(struct zsim_slot_map *copy, const struct zsim_slot_map *map)
{
	size_t size;

	if (!map->nr_segments)
		return 0;
	copy->segments = zsim_zalloc(copy->alloc, sizeof(*copy->segments) * map->nr_segments);
	if (!copy->segments)
		return -ENOMEM;
	copy->nr_segments = map->nr_segments;
	for (uint32_t i = 0; i < map->nr_segments; i++) {
		size = sizeof(*map->segments[i].chunks) * map->segments[i].nr_chunks;
		copy->segments[i] = map->segments[i];
		copy->segments[i].chunks = zsim_alloc(copy->alloc, size);
		if (!copy->segments[i].chunks)
			return -ENOMEM;
		memcpy(copy->segments[i].chunks, map->segments[i].chunks, size);
	}
	return 0;
}

int zsim_slot_map_copy(struct zsim_slot_map *copy, const struct zsim_slot_map *map)
{
	int rc = zsim_slot_dense_copy(&copy->dense, &map->dense, copy->alloc);

	return rc ? rc : hash_copy(copy, map);
}

uint64_t zsim_slot_map_bytes(const struct zsim_slot_map *map)
{
	uint64_t bytes = map->dense.bytes + sizeof(*map->segments) * (uint64_t)map->nr_segments;

	for (uint32_t i = 0; i < map->nr_segments; i++)
		bytes += sizeof(*map->segments[i].chunks) * (uint64_t)map->segments[i].nr_chunks;
	return bytes;
}
