/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_map.h - from a swap slot to its entry, in about five bytes an entry.
 *
 * Slots that lie close together are looked up in a plain table (slot_dense.h), the
 * others in a hash of 32-bit entry numbers, in chunks of one cache line. Slots are not
 * kept there but read from the entries; what an entry's number leaves free of its
 * 32 bits holds a tag of the slot's hash, so that a look-up reads hardly any
 * entry but the right one. The hash is cut into segments that grow one by one
 * and by an eighth, so that neither time nor memory has spikes; slots far apart
 * cost no more than neighbours.
 */
#ifndef ZSIM_MODEL_SLOT_MAP_H
#define ZSIM_MODEL_SLOT_MAP_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "model/slot_dense.h"

#define ZSIM_SLOT_MAP_SEGMENTS 256u
/** A leaf is thought of at each 64th slot */
#define ZSIM_SLOT_LEAF_ASK 63u
#define ZSIM_SLOT_CHUNK_ROOM 15u
#define ZSIM_SLOT_CHUNK_FULL ((1u << ZSIM_SLOT_CHUNK_ROOM) - 1)
/** items at which the one segment of a small map becomes many */
#define ZSIM_SLOT_MAP_SPLIT 65536u

/**
 * struct zsim_slot_chunk - one cache line, where the allocator aligns large blocks to one
 * @used: bit i: @item[i] is one
 * @passed: entries that belong here or before, and went on for want of room; at 255 it stays
 * @filter: one bit of eight for each of them, by its hash; none is taken back before the last
 */
struct zsim_slot_chunk {
	uint16_t used;
	uint8_t passed;
	uint8_t filter;
	uint32_t item[ZSIM_SLOT_CHUNK_ROOM];
};
_Static_assert(sizeof(struct zsim_slot_chunk) == 64, "a chunk is a cache line");

/**
 * struct zsim_slot_segment - a table of its own size
 * @room: items at which it grows
 * @index_bits: bits of an item that are the entry's number; the tag is above them
 */
struct zsim_slot_segment {
	struct zsim_slot_chunk *chunks;
	uint32_t nr_chunks;
	uint32_t items;
	uint32_t room;
	uint32_t index_bits;
};

/**
 * struct zsim_slot_map - fields are private
 * @nr_segments: of the hash: one while it is small, none before anything was there
 */
struct zsim_slot_map {
	const struct zsim_allocator *alloc;
	struct zsim_slot_dense dense;
	struct zsim_slot_segment *segments;
	uint32_t nr_segments;
};

/**
 * struct zsim_slot_place - where a slot belongs; good until zsim_slot_map_reserve()
 * @item: in a leaf; NULL = in the hash, and the others say where
 * @tag: its item without the entry's number; @mask: the bits of an item that are the tag
 * @pass: its bit in the filter of each chunk that it has passed
 * @found: the bit in its home that was the slot's when it was looked for; 0 = none was
 */
struct zsim_slot_place {
	uint32_t *item;
	struct zsim_slot_segment *seg;
	struct zsim_slot_chunk *home;
	uint64_t hash;
	uint32_t tag;
	uint32_t mask;
	uint8_t pass;
	uint32_t found;
};

struct zsim_state;

void zsim_slot_map_init(struct zsim_slot_map *map, const struct zsim_allocator *alloc);
void zsim_slot_map_destroy(struct zsim_slot_map *map);
/**
 * zsim_slot_map_reserve() - room for one more at the slot, whose number is at most @entry; -ENOMEM
 */
int zsim_slot_map_reserve(struct zsim_state *st, uint64_t slot, uint32_t entry);
/** zsim_slot_map_find_on() - a look-up goes on behind the slot's home */
uint32_t zsim_slot_map_find_on(const struct zsim_state *st, const struct zsim_slot_place *at,
			       uint64_t slot);
/** zsim_slot_map_add_on(), zsim_slot_map_remove_on() - where the home is full, or holds it not */
void zsim_slot_map_add_on(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry);
void zsim_slot_map_remove_on(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry);
/** zsim_slot_map_copy() - @copy is initialised and empty. -ENOMEM: destroy it */
int zsim_slot_map_copy(struct zsim_slot_map *copy, const struct zsim_slot_map *map);
uint64_t zsim_slot_map_bytes(const struct zsim_slot_map *map);

/* ---- where a slot is: segment, chunk and tag come from different bits of its hash ---- */

static inline uint64_t zsim_slot_map_hash(uint64_t slot)
{
	slot = (slot ^ slot >> 32) * 0x9e3779b97f4a7c15ull;
	return slot ^ slot >> 29;
}

static inline struct zsim_slot_segment *zsim_slot_map_segment(const struct zsim_slot_map *map,
							      uint64_t hash)
{
	return &map->segments[map->nr_segments > 1 ? hash >> 56 : 0];
}

static inline uint32_t zsim_slot_map_home(const struct zsim_slot_segment *seg, uint64_t hash)
{
	return (uint32_t)((hash >> 24 & UINT32_MAX) * seg->nr_chunks >> 32);
}

static inline uint32_t zsim_slot_map_item(const struct zsim_slot_segment *seg, uint64_t hash,
					  uint32_t entry)
{
	return (uint32_t)((hash & 0xffffff) << seg->index_bits) | entry;
}

/** zsim_slot_map_pass() - the bit of a filter; the tag hardly knows of these bits */
static inline uint8_t zsim_slot_map_pass(uint64_t hash)
{
	return (uint8_t)(1u << (hash >> 21 & 7));
}

/** zsim_slot_chunk_match() - the items that are @want in the bits of @mask: one bit each */
static inline uint32_t zsim_slot_chunk_match(const struct zsim_slot_chunk *chunk, uint32_t mask,
					     uint32_t want)
{
#ifdef __SSE2__
	const __m128i *row = (const __m128i *)(const void *)chunk;
	const __m128i masks = _mm_set1_epi32((int)mask);
	const __m128i wants = _mm_set1_epi32((int)(want & mask));
	__m128i hit[4];

	/* the counters in front of the items make a word too, whose bit falls out */
	hit[0] = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128(row), masks), wants);
	hit[1] = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128(row + 1), masks), wants);
	hit[2] = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128(row + 2), masks), wants);
	hit[3] = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128(row + 3), masks), wants);
	hit[0] = _mm_packs_epi16(_mm_packs_epi32(hit[0], hit[1]), _mm_packs_epi32(hit[2], hit[3]));
	return (uint32_t)_mm_movemask_epi8(hit[0]) >> 1 & chunk->used;
#else
	uint32_t match = 0;

	for (uint32_t i = 0; i < ZSIM_SLOT_CHUNK_ROOM; i++)
		match |= (uint32_t)(!((chunk->item[i] ^ want) & mask)) << i;
	return match & chunk->used;
#endif
}

/** zsim_slot_chunk_put() - @chunk has room */
static inline void zsim_slot_chunk_put(struct zsim_slot_segment *seg, struct zsim_slot_chunk *chunk,
				       uint32_t item)
{
	uint32_t i = (uint32_t)__builtin_ctz(~(uint32_t)chunk->used);

	chunk->used |= (uint16_t)(1u << i);
	chunk->item[i] = item;
	seg->items++;
}

/* Field by field: a struct that is put together elsewhere and then copied is waited for */
static inline void zsim_slot_map_place_hash(const struct zsim_slot_map *map, uint64_t hash,
					    struct zsim_slot_place *at)
{
	struct zsim_slot_segment *seg = zsim_slot_map_segment(map, hash);

	at->item = NULL;
	at->seg = seg;
	at->home = &seg->chunks[zsim_slot_map_home(seg, hash)];
	at->hash = hash;
	at->tag = zsim_slot_map_item(seg, hash, 0);
	at->mask = (uint32_t)(~0ull << seg->index_bits);
	at->pass = zsim_slot_map_pass(hash);
	at->found = 0;
}

/** zsim_slot_map_place() - of a slot, in a map that holds something or did */
static inline void zsim_slot_map_place(const struct zsim_slot_map *map, uint64_t slot,
				       struct zsim_slot_place *at)
{
	at->item = zsim_slot_dense_item(&map->dense, slot);
	if (!at->item)
		zsim_slot_map_place_hash(map, zsim_slot_map_hash(slot), at);
}

/** zsim_slot_place_prefetch() - the slot will be asked for */
ZSIM_PREFETCHES void zsim_slot_place_prefetch(const struct zsim_slot_place *at)
{
	if (at->item)
		zsim_prefetch(at->item);
	else
		zsim_prefetch(at->home);
}

/** zsim_slot_place_guess() - the entry at the slot, or very likely so, or ZSIM_NIL */
ZSIM_PREFETCHES uint32_t zsim_slot_place_guess(struct zsim_slot_place *at)
{
	uint32_t match, item;

	if (at->item)
		return *at->item;
	match = zsim_slot_chunk_match(at->home, at->mask, at->tag);
	at->found = match & -match;
	item = at->home->item[__builtin_ctz(match | 1u << (ZSIM_SLOT_CHUNK_ROOM - 1))] & ~at->mask;
	if (__builtin_expect(!match & !!(at->home->filter & at->pass), 0))
		zsim_prefetch(at->home + 1);
	return match ? item : ZSIM_NIL;
}

/** zsim_slot_map_prefetch() - a slot will be asked for */
ZSIM_PREFETCHES void zsim_slot_map_prefetch(const struct zsim_slot_map *map, uint64_t slot)
{
	struct zsim_slot_place at;

	zsim_slot_map_place(map, slot, &at);
	zsim_slot_place_prefetch(&at);
}

/* room in the hash for one more item at this place, whose number is at most @entry? */
static inline bool zsim_slot_map_hash_room(const struct zsim_slot_map *map,
					   const struct zsim_slot_place *at, uint32_t entry)
{
	return at->seg->items < at->seg->room && !((uint64_t)entry >> at->seg->index_bits) &&
	       (map->nr_segments > 1 || at->seg->items < ZSIM_SLOT_MAP_SPLIT);
}

/** zsim_slot_map_leaf_due() - should the slot, which has no leaf, get one? Asked at each 64th */
bool zsim_slot_map_leaf_due(const struct zsim_state *st, uint64_t slot);

/** zsim_slot_map_add() - there is room; the slot must not be there */
static inline void zsim_slot_map_add(struct zsim_slot_map *map, const struct zsim_slot_place *at,
				     uint32_t entry)
{
	if (at->item) {
		*at->item = entry;
		map->dense.entries++;
	} else if (at->home->used != ZSIM_SLOT_CHUNK_FULL) {
		zsim_slot_chunk_put(at->seg, at->home, at->tag | entry);
	} else {
		zsim_slot_map_add_on(at->seg, at->hash, entry);
	}
}

/* the slot must be there, as @entry, and not in a leaf */
static inline void zsim_slot_map_remove_hash(const struct zsim_slot_place *at, uint32_t entry)
{
	uint32_t bit = at->found;

	if (!(bit & at->home->used) || at->home->item[__builtin_ctz(bit)] != (at->tag | entry))
		bit = zsim_slot_chunk_match(at->home, UINT32_MAX, at->tag | entry);
	if (!bit) {
		zsim_slot_map_remove_on(at->seg, at->hash, entry);
		return;
	}
	at->home->used &= (uint16_t)~bit;
	at->seg->items--;
}

/** zsim_slot_map_remove() - the slot must be there, as @entry */
static inline void zsim_slot_map_remove(struct zsim_slot_map *map, const struct zsim_slot_place *at,
					uint32_t entry)
{
	if (!at->item) {
		zsim_slot_map_remove_hash(at, entry);
		return;
	}
	*at->item = ZSIM_NIL;
	map->dense.entries--;
}

#endif
