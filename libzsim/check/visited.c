/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/visited.h"

#include <errno.h>
#include <string.h>

#define FIRST_SLOTS 16u
/* bits that one state sets in a bitstate set */
#define BITSTATE_PROBES 3u

int zsim_visited_init(struct zsim_visited *v, const struct zsim_allocator *alloc, uint32_t parts,
		      uint32_t payload, bool shared, uint32_t bitstate)
{
	int rc = 0;

	*v = (struct zsim_visited){
		.alloc = alloc,
		.row_size = 3 * parts,
		.payload = payload,
		.slot_size = 3 * parts + payload,
		.shared = shared,
		.log2_bits = bitstate,
	};
	for (; !rc && v->nr_parts < parts; v->nr_parts++)
		rc = zsim_intern_init(&v->part[v->nr_parts], alloc);
	v->segment = zsim_zalloc(alloc, ZSIM_VISITED_SEGMENTS * sizeof(*v->segment));
	if (bitstate)
		v->bits = zsim_zalloc(alloc, (size_t)1 << (bitstate - 3));
	return rc || !v->segment || (bitstate && !v->bits) ? -ENOMEM : 0;
}

void zsim_visited_destroy(struct zsim_visited *v)
{
	for (uint32_t i = 0; i < v->nr_parts; i++)
		zsim_intern_destroy(&v->part[i]);
	for (uint32_t i = 0; v->segment && i < ZSIM_VISITED_SEGMENTS; i++)
		zsim_dealloc(v->alloc, v->segment[i].slots);
	zsim_dealloc(v->alloc, v->segment);
	zsim_dealloc(v->alloc, (void *)v->bits);
	v->segment = NULL;
	v->bits = NULL;
	v->nr_parts = 0;
}

/* ---- rows ---------------------------------------------------------------------------- */

static uint32_t number_at(const uint8_t *row, uint32_t i)
{
	return row[3 * i] | (uint32_t)row[3 * i + 1] << 8 | (uint32_t)row[3 * i + 2] << 16;
}

static uint64_t number_hash(uint32_t i, uint32_t number)
{
	uint64_t hash = ((uint64_t)(i + 1) << 24 | number) * 0x9e3779b97f4a7c15ull;

	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
	return hash ^ hash >> 32;
}

/* a sum over the parts: what one of them adds can be taken out again */
static uint64_t row_hash(const uint8_t *bytes, uint32_t size)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; 3 * i < size; i++)
		hash += number_hash(i, number_at(bytes, i));
	return hash;
}

void zsim_row_set(struct zsim_row *row, uint32_t i, uint32_t number)
{
	uint32_t old = number_at(row->bytes, i);

	if (old == number)
		return;
	row->hash += number_hash(i, number) - number_hash(i, old);
	row->bytes[3 * i] = (uint8_t)number;
	row->bytes[3 * i + 1] = (uint8_t)(number >> 8);
	row->bytes[3 * i + 2] = (uint8_t)(number >> 16);
}

static int part_number(struct zsim_visited *v, struct zsim_part *part, uint32_t i,
		       struct zsim_row *row)
{
	uint32_t number = zsim_intern(&v->part[i], part);

	zsim_row_set(row, i, number);
	return number ? 0 : -ENOMEM;
}

int zsim_visited_row(struct zsim_visited *v, struct zsim_encoder *e, uint32_t changed,
		     struct zsim_row *row)
{
	const uint32_t all = (1u << v->nr_parts) - 1;
	int rc = 0;

	if ((changed & all) == all) {
		memset(row->bytes, 0, sizeof(row->bytes));
		row->hash = row_hash(row->bytes, v->row_size);
	}
	for (uint32_t i = 0; !rc && i < v->nr_parts; i++)
		if (changed >> i & 1)
			rc = part_number(v, &e->part[i], i, row);
	return rc;
}

/* ---- the exact set ---------------------------------------------------------------------- */

static struct zsim_segment *segment_of(const struct zsim_visited *v, const struct zsim_row *row)
{
	return &v->segment[row->hash >> 56];
}

static void lock(const struct zsim_visited *v, struct zsim_segment *seg)
{
	while (v->shared && atomic_flag_test_and_set_explicit(&seg->lock, memory_order_acquire))
		;
}

static void unlock(const struct zsim_visited *v, struct zsim_segment *seg)
{
	if (v->shared)
		atomic_flag_clear_explicit(&seg->lock, memory_order_release);
}

static uint32_t home_of(const struct zsim_segment *seg, uint64_t hash)
{
	uint32_t nr = atomic_load_explicit(&seg->nr_slots, memory_order_relaxed);

	return (uint32_t)(((hash >> 24 & UINT32_MAX) * nr) >> 32);
}

/* the first bytes of a row, which nearly always tell two rows apart */
static uint64_t head_of(const uint8_t *row)
{
	uint64_t head;

	memcpy(&head, row, sizeof(head));
	return head;
}

/* numbers of parts begin at 1, so a row never begins with three zeros */
static bool is_empty(const uint8_t *slot)
{
	return !(slot[0] | slot[1] | slot[2]);
}

/* where the row is, or the empty slot where it would go */
static uint8_t *slot_find(const struct zsim_visited *v, const struct zsim_segment *seg,
			  const uint8_t *row, uint64_t hash)
{
	const uint64_t head = head_of(row);
	uint8_t *slots = atomic_load_explicit(&seg->slots, memory_order_relaxed);
	const uint8_t *end =
		slots +
		(size_t)atomic_load_explicit(&seg->nr_slots, memory_order_relaxed) * v->slot_size;
	uint8_t *slot = slots + (size_t)home_of(seg, hash) * v->slot_size;

	while (!is_empty(slot) && (head_of(slot) != head || memcmp(slot, row, v->row_size))) {
		slot += v->slot_size;
		if (slot == end)
			slot = slots;
	}
	return slot;
}

/* by two fifths: what a larger step saves in copying it wastes in empty room */
static int segment_grow(const struct zsim_visited *v, struct zsim_segment *seg)
{
	struct zsim_segment bigger = { .nr_slots = seg->nr_slots + seg->nr_slots / 5 * 2 + 1 };

	if (!seg->nr_slots)
		bigger.nr_slots = FIRST_SLOTS;
	bigger.slots = zsim_zalloc(v->alloc, (size_t)bigger.nr_slots * v->slot_size);
	if (!bigger.slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < seg->nr_slots; i++) {
		const uint8_t *slot = seg->slots + (size_t)i * v->slot_size;

		if (!is_empty(slot))
			memcpy(slot_find(v, &bigger, slot, row_hash(slot, v->row_size)), slot,
			       v->slot_size);
	}
	zsim_dealloc(v->alloc, seg->slots);
	seg->slots = bigger.slots;
	seg->nr_slots = bigger.nr_slots;
	return 0;
}

static bool is_crowded(const struct zsim_segment *seg)
{
	return seg->used >= seg->nr_slots - seg->nr_slots / 5;
}

static int segment_add(const struct zsim_visited *v, struct zsim_segment *seg,
		       const struct zsim_row *row, void *payload)
{
	uint8_t *slot;

	if (is_crowded(seg) && segment_grow(v, seg))
		return -ENOMEM;
	slot = slot_find(v, seg, row->bytes, row->hash);
	if (!is_empty(slot)) {
		if (v->payload)
			memcpy(payload, slot + v->row_size, v->payload);
		return 0;
	}
	memcpy(slot, row->bytes, v->row_size);
	if (v->payload)
		memcpy(slot + v->row_size, payload, v->payload);
	seg->used++;
	return 1;
}

/* ---- bitstate ----------------------------------------------------------------------------- */

/* a state whose bits are all set counts as seen: perhaps wrongly */
static int bits_add(struct zsim_visited *v, uint64_t hash)
{
	uint64_t mask = ((uint64_t)1 << v->log2_bits) - 1;
	uint64_t step = hash >> 17 | 1;
	int new = 0;

	for (uint32_t i = 0; i < BITSTATE_PROBES; i++, hash += step) {
		uint64_t bit = (uint64_t)1 << (hash & 63);
		uint64_t old = atomic_fetch_or_explicit(&v->bits[(hash & mask) >> 6], bit,
							memory_order_relaxed);

		new |= !(old & bit);
		hash *= 0xd6e8feb86659fd93ull;
		hash ^= hash >> 32;
	}
	return new;
}

int zsim_visited_add(struct zsim_visited *v, const struct zsim_row *row, void *payload)
{
	struct zsim_segment *seg = segment_of(v, row);
	int rc;

	if (v->bits) {
		rc = bits_add(v, row->hash);
		if (rc)
			atomic_fetch_add_explicit(&v->inexact, 1, memory_order_relaxed);
		return rc;
	}
	lock(v, seg);
	rc = segment_add(v, seg, row, payload);
	unlock(v, seg);
	return rc;
}

int zsim_visited_meet(struct zsim_visited *v, const struct zsim_row *row, uint8_t *set)
{
	struct zsim_segment *seg = segment_of(v, row);
	uint8_t mine = *set;
	int rc;

	lock(v, seg);
	rc = segment_add(v, seg, row, set);
	if (!rc && *set & ~mine)
		slot_find(v, seg, row->bytes, row->hash)[v->row_size] &= mine;
	unlock(v, seg);
	return rc;
}

bool zsim_visited_has(const struct zsim_visited *v, const struct zsim_row *row, void *payload)
{
	struct zsim_segment *seg = segment_of(v, row);
	const uint8_t *slot;
	bool there = false;

	if (v->bits)
		return false;
	lock(v, seg);
	if (seg->nr_slots) {
		slot = slot_find(v, seg, row->bytes, row->hash);
		there = !is_empty(slot);
		if (there && v->payload)
			memcpy(payload, slot + v->row_size, v->payload);
	}
	unlock(v, seg);
	return there;
}

void zsim_visited_set(struct zsim_visited *v, const struct zsim_row *row, const void *payload)
{
	struct zsim_segment *seg = segment_of(v, row);

	if (v->bits)
		return;
	lock(v, seg);
	memcpy(slot_find(v, seg, row->bytes, row->hash) + v->row_size, payload, v->payload);
	unlock(v, seg);
}

void zsim_visited_prefetch(const struct zsim_visited *v, const struct zsim_row *row)
{
	const struct zsim_segment *seg = segment_of(v, row);
	const uint8_t *slots;

	if (v->bits)
		return;
	/* if it grows meanwhile, something else is fetched */
	slots = atomic_load_explicit(&seg->slots, memory_order_relaxed);
	if (slots)
		__builtin_prefetch(slots + (size_t)home_of(seg, row->hash) * v->slot_size);
}

uint64_t zsim_visited_states(const struct zsim_visited *v)
{
	uint64_t n = v->inexact;

	for (uint32_t i = 0; i < ZSIM_VISITED_SEGMENTS; i++) {
		lock(v, &v->segment[i]);
		n += v->segment[i].used;
		unlock(v, &v->segment[i]);
	}
	return n;
}

uint64_t zsim_visited_bytes(const struct zsim_visited *v)
{
	uint64_t bytes = v->bits ? (uint64_t)1 << (v->log2_bits - 3) : 0;

	for (uint32_t i = 0; i < ZSIM_VISITED_SEGMENTS; i++) {
		lock(v, &v->segment[i]);
		bytes += (uint64_t)v->segment[i].nr_slots * v->slot_size;
		unlock(v, &v->segment[i]);
	}
	for (uint32_t i = 0; i < v->nr_parts; i++)
		bytes += v->part[i].bytes;
	return bytes;
}
