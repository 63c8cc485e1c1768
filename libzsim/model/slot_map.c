/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/slot_map.h"

#include <errno.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "model/entry.h"

/* items at which the one segment of a small map becomes many */
#define SPLIT_ITEMS 65536u
#define PASSED_MAX UINT16_MAX
#define FIRST_CHUNKS 2u

void zsim_slot_map_init(struct zsim_slot_map *map, const struct zsim_allocator *alloc)
{
	*map = (struct zsim_slot_map){ .alloc = alloc };
}

void zsim_slot_map_destroy(struct zsim_slot_map *map)
{
	for (uint32_t i = 0; i < map->nr_segments; i++)
		zsim_dealloc(map->alloc, map->segments[i].chunks);
	zsim_dealloc(map->alloc, map->segments);
	zsim_slot_map_init(map, map->alloc);
}

/* segment, chunk and tag come from different bits of the hash */
static uint64_t hash_of(uint64_t slot)
{
	slot = (slot ^ slot >> 32) * 0x9e3779b97f4a7c15ull;
	return slot ^ slot >> 29;
}

static struct zsim_slot_segment *segment_of(const struct zsim_slot_map *map, uint64_t hash)
{
	return &map->segments[map->nr_segments > 1 ? hash >> 56 : 0];
}

static uint32_t home_of(const struct zsim_slot_segment *seg, uint64_t hash)
{
	return (uint32_t)((hash >> 24 & UINT32_MAX) * seg->nr_chunks >> 32);
}

static uint32_t next_chunk(const struct zsim_slot_segment *seg, uint32_t chunk)
{
	return chunk + 1 == seg->nr_chunks ? 0 : chunk + 1;
}

static uint32_t item_of(const struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry)
{
	return (uint32_t)((hash & 0xffffff) << seg->index_bits) | entry;
}

static uint32_t index_of(const struct zsim_slot_segment *seg, uint32_t item)
{
	return item & (uint32_t)((1ull << seg->index_bits) - 1);
}

/* the bits of an item that are its tag */
static uint32_t tag_mask(const struct zsim_slot_segment *seg)
{
	return (uint32_t) ~((1ull << seg->index_bits) - 1);
}

/* is it this slot's entry? Reading the entry costs, so the tag is asked first */
static bool is_slot(const struct zsim_state *st, uint32_t entry, uint64_t slot)
{
	return zsim_entry_slot(zsim_entry_at(st, entry)) == slot;
}

/* the items that are @want in the bits of @mask: one bit each */
static uint32_t chunk_match(const struct zsim_slot_chunk *chunk, uint32_t mask, uint32_t want)
{
#ifdef __SSE2__
	const __m128i *row = (const __m128i *)(const void *)chunk;
	const __m128i masks = _mm_set1_epi32((int)mask);
	const __m128i wants = _mm_set1_epi32((int)want);
	__m128i hit[4];

	/* the counters in front of the items make a word too, whose bit falls out */
	for (int i = 0; i < 4; i++)
		hit[i] = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128(row + i), masks), wants);
	hit[0] = _mm_packs_epi16(_mm_packs_epi32(hit[0], hit[1]), _mm_packs_epi32(hit[2], hit[3]));
	return (uint32_t)_mm_movemask_epi8(hit[0]) >> 1 & chunk->used;
#else
	uint32_t match = 0;

	for (uint32_t i = 0; i < ZSIM_SLOT_CHUNK_ROOM; i++)
		match |= (uint32_t)((chunk->item[i] & mask) == want) << i;
	return match & chunk->used;
#endif
}

static uint32_t chunk_find(const struct zsim_state *st, const struct zsim_slot_segment *seg,
			   const struct zsim_slot_chunk *chunk, uint32_t want, uint64_t slot)
{
	uint32_t match = chunk_match(chunk, tag_mask(seg), want);
	uint32_t entry;

	for (; match; match &= match - 1) {
		entry = index_of(seg, chunk->item[__builtin_ctz(match)]);
		if (is_slot(st, entry, slot))
			return entry;
	}
	return ZSIM_NIL;
}

uint32_t zsim_slot_map_find(const struct zsim_state *st, uint64_t slot)
{
	const struct zsim_slot_segment *seg;
	uint64_t hash = hash_of(slot);
	uint32_t c, want, entry;

	if (!st->map.nr_segments)
		return ZSIM_NIL;
	seg = segment_of(&st->map, hash);
	want = item_of(seg, hash, 0);
	c = home_of(seg, hash);
	for (uint32_t n = 0; n < seg->nr_chunks; n++) {
		entry = chunk_find(st, seg, &seg->chunks[c], want, slot);
		if (entry != ZSIM_NIL)
			return entry;
		if (!seg->chunks[c].passed)
			break;
		c = next_chunk(seg, c);
	}
	return ZSIM_NIL;
}

static void chunk_pass(struct zsim_slot_chunk *chunk)
{
	if (chunk->passed < PASSED_MAX)
		chunk->passed++;
}

static void chunk_unpass(struct zsim_slot_chunk *chunk)
{
	if (chunk->passed < PASSED_MAX)
		chunk->passed--;
}

static void segment_put(struct zsim_slot_segment *seg, uint64_t hash, uint32_t entry)
{
	const uint32_t full = (1u << ZSIM_SLOT_CHUNK_ROOM) - 1;
	uint32_t c = home_of(seg, hash);
	uint32_t i;

	while (seg->chunks[c].used == full) {
		chunk_pass(&seg->chunks[c]);
		c = next_chunk(seg, c);
	}
	i = (uint32_t)__builtin_ctz(~(uint32_t)seg->chunks[c].used);
	seg->chunks[c].used |= (uint16_t)(1u << i);
	seg->chunks[c].item[i] = item_of(seg, hash, entry);
	seg->items++;
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
		.index_bits = bits_for(st),
	};
	return seg->chunks ? 0 : -ENOMEM;
}

/* the items of a segment, each to where its hash says */
static void segment_move(const struct zsim_state *st, const struct zsim_slot_segment *from,
			 struct zsim_slot_map *to)
{
	for (uint32_t c = 0; c < from->nr_chunks; c++) {
		for (uint32_t mask = from->chunks[c].used; mask; mask &= mask - 1) {
			uint32_t entry = index_of(from, from->chunks[c].item[__builtin_ctz(mask)]);
			uint64_t hash = hash_of(zsim_entry_slot(zsim_entry_at(st, entry)));

			segment_put(segment_of(to, hash), hash, entry);
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
		zsim_slot_map_destroy(map);
		return -ENOMEM;
	}
	return 0;
}

static void items_count(const struct zsim_state *st, uint32_t items[ZSIM_SLOT_MAP_SEGMENTS])
{
	for (uint32_t i = 0; i < st->entries.size; i++)
		if (zsim_entry_at(st, i)->live)
			items[hash_of(zsim_entry_slot(zsim_entry_at(st, i))) >> 56]++;
}

static int map_split(struct zsim_state *st)
{
	uint32_t items[ZSIM_SLOT_MAP_SEGMENTS] = { 0 };
	struct zsim_slot_map many;
	int rc;

	zsim_slot_map_init(&many, st->map.alloc);
	items_count(st, items);
	rc = map_make(st, &many, ZSIM_SLOT_MAP_SEGMENTS, items);
	if (rc)
		return rc;
	segment_move(st, &st->map.segments[0], &many);
	zsim_slot_map_destroy(&st->map);
	st->map = many;
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

int zsim_slot_map_reserve(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	const uint32_t none = 0;
	struct zsim_slot_segment *seg;
	int rc = 0;

	if (!st->map.nr_segments)
		rc = map_make(st, &st->map, 1, &none);
	else if (st->map.nr_segments == 1 && st->map.segments[0].items >= SPLIT_ITEMS)
		rc = map_split(st);
	if (rc)
		return rc;
	seg = segment_of(&st->map, hash_of(slot));
	/* seven eighths full */
	if (seg->items >= seg->nr_chunks * ZSIM_SLOT_CHUNK_ROOM / 8 * 7)
		return segment_grow(st, seg, seg->nr_chunks + seg->nr_chunks / 4 + 1);
	if ((uint64_t)entry >> seg->index_bits)
		return segment_grow(st, seg, seg->nr_chunks);
	return 0;
}

void zsim_slot_map_add(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	uint64_t hash = hash_of(slot);

	segment_put(segment_of(&st->map, hash), hash, entry);
}

void zsim_slot_map_remove(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	uint64_t hash = hash_of(slot);
	struct zsim_slot_segment *seg = segment_of(&st->map, hash);
	uint32_t item = item_of(seg, hash, entry);
	uint32_t c = home_of(seg, hash);
	uint32_t match;

	while (!(match = chunk_match(&seg->chunks[c], UINT32_MAX, item))) {
		chunk_unpass(&seg->chunks[c]);
		c = next_chunk(seg, c);
	}
	seg->chunks[c].used &= (uint16_t)~match;
	seg->items--;
}

int zsim_slot_map_copy(struct zsim_slot_map *copy, const struct zsim_slot_map *map)
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

uint64_t zsim_slot_map_bytes(const struct zsim_slot_map *map)
{
	uint64_t bytes = sizeof(*map->segments) * (uint64_t)map->nr_segments;

	for (uint32_t i = 0; i < map->nr_segments; i++)
		bytes += sizeof(*map->segments[i].chunks) * (uint64_t)map->segments[i].nr_chunks;
	return bytes;
}
