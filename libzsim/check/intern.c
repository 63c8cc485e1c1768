/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * intern.c - parts of states to numbers: each byte string is kept once.
 *
 * A search asks some million times a second and adds some thousand strings, so
 * asking takes no lock: a string is complete before its number stands in the
 * table, and a table that became too small stays readable until the end.
 */
#include <errno.h>
#include <string.h>

#include "check/visited.h"

#define FIRST_SLOTS 256u
#define CHUNK_SIZE (1u << 16)
#define NUMBERS_MAX ((1u << 24) - 1)

/** struct slot - @number: 0 = empty, and set last; @string: its length, then its bytes */
struct slot {
	_Atomic uint32_t number;
	uint32_t hash;
	const uint8_t *string;
};

/** struct zsim_intern_table - strings at their hash; @older: a table that was too small */
struct zsim_intern_table {
	struct zsim_intern_table *older;
	uint32_t nr_slots;
	struct slot slot[];
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* in two lanes: one waits for its multiplication while the other goes on */
static uint32_t hash_of(const uint8_t *bytes, uint32_t size)
{
	uint64_t a = size, b = 0x243f6a8885a308d3ull, word = 0;

	for (; size >= 16; size -= 16, bytes += 16) {
		a = mix(a, word_at(bytes));
		b = mix(b, word_at(bytes + 8));
	}
	if (size >= 8) {
		a = mix(a, word_at(bytes));
		bytes += 8;
		size -= 8;
	}
	memcpy(&word, bytes, size);
	return (uint32_t)(mix(mix(b, word), a) >> 16);
}

static void lock(atomic_flag *flag)
{
	while (atomic_flag_test_and_set_explicit(flag, memory_order_acquire))
		;
}

static void unlock(atomic_flag *flag)
{
	atomic_flag_clear_explicit(flag, memory_order_release);
}

static struct zsim_intern_table *table_new(struct zsim_intern *in, uint32_t nr_slots,
					   struct zsim_intern_table *older)
{
	size_t size = sizeof(struct zsim_intern_table) + nr_slots * sizeof(struct slot);
	struct zsim_intern_table *table = zsim_zalloc(in->alloc, size);

	if (!table)
		return NULL;
	in->bytes += size;
	table->nr_slots = nr_slots;
	table->older = older;
	return table;
}

int zsim_intern_init(struct zsim_intern *in, const struct zsim_allocator *alloc)
{
	struct zsim_intern_table *table;

	*in = (struct zsim_intern){ .alloc = alloc, .lock = ATOMIC_FLAG_INIT };
	table = table_new(in, FIRST_SLOTS, NULL);
	atomic_init(&in->table, table);
	return table ? 0 : -ENOMEM;
}

void zsim_intern_destroy(struct zsim_intern *in)
{
	struct zsim_intern_table *table = atomic_load(&in->table);

	while (table) {
		struct zsim_intern_table *older = table->older;

		zsim_dealloc(in->alloc, table);
		table = older;
	}
	while (in->chunk) {
		struct zsim_intern_chunk *next = in->chunk->next;

		zsim_dealloc(in->alloc, in->chunk);
		in->chunk = next;
	}
	atomic_init(&in->table, NULL);
}

/* by words; what is left of them overlaps the last one */
static bool same_bytes(const uint8_t *a, const uint8_t *b, uint32_t size)
{
	uint32_t i = 0;

	if (size < 8)
		return !memcmp(a, b, size);
	for (; i + 8 < size; i += 8)
		if (word_at(a + i) != word_at(b + i))
			return false;
	return word_at(a + size - 8) == word_at(b + size - 8);
}

static bool same_string(const uint8_t *string, const uint8_t *bytes, uint32_t size)
{
	uint32_t length;

	memcpy(&length, string, sizeof(length));
	return length == size && same_bytes(string + sizeof(length), bytes, size);
}

static bool same(const struct slot *slot, uint32_t hash, const uint8_t *bytes, uint32_t size)
{
	return slot->hash == hash && same_string(slot->string, bytes, size);
}

/* where it is, or where it would go */
static struct slot *find(struct zsim_intern_table *table, uint32_t hash, const uint8_t *bytes,
			 uint32_t size, uint32_t *number)
{
	uint32_t i = hash & (table->nr_slots - 1);

	for (;; i = (i + 1) & (table->nr_slots - 1)) {
		*number = atomic_load_explicit(&table->slot[i].number, memory_order_acquire);
		if (!*number || same(&table->slot[i], hash, bytes, size))
			return &table->slot[i];
	}
}

static void slot_fill(struct slot *slot, uint32_t number, uint32_t hash, const uint8_t *string)
{
	slot->hash = hash;
	slot->string = string;
	atomic_store_explicit(&slot->number, number, memory_order_release);
}

static int grow(struct zsim_intern *in)
{
	struct zsim_intern_table *old = atomic_load(&in->table);
	struct zsim_intern_table *table = table_new(in, 2 * old->nr_slots, old);

	if (!table)
		return -ENOMEM;
	for (uint32_t k = 0; k < old->nr_slots; k++) {
		const struct slot *slot = &old->slot[k];
		uint32_t i = slot->hash & (table->nr_slots - 1);

		if (!slot->number)
			continue;
		while (table->slot[i].number)
			i = (i + 1) & (table->nr_slots - 1);
		slot_fill(&table->slot[i], slot->number, slot->hash, slot->string);
	}
	atomic_store_explicit(&in->table, table, memory_order_release);
	return 0;
}

static uint8_t *chunk_take(struct zsim_intern *in, uint32_t size)
{
	struct zsim_intern_chunk *chunk = in->chunk;
	uint8_t *at;

	if (!chunk || chunk->room - chunk->used < size) {
		uint32_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = zsim_alloc(in->alloc, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		*chunk = (struct zsim_intern_chunk){ .next = in->chunk, .room = room };
		in->chunk = chunk;
		in->bytes += sizeof(*chunk) + room;
	}
	at = chunk->bytes + chunk->used;
	chunk->used += size;
	return at;
}

static uint8_t *string_keep(struct zsim_intern *in, const uint8_t *bytes, uint32_t size)
{
	uint8_t *string = chunk_take(in, size + (uint32_t)sizeof(size));

	if (!string)
		return NULL;
	memcpy(string, &size, sizeof(size));
	memcpy(string + sizeof(size), bytes, size);
	return string;
}

/* under the lock: it may have come meanwhile */
static uint32_t add(struct zsim_intern *in, uint32_t hash, const uint8_t *bytes, uint32_t size)
{
	struct zsim_intern_table *table = atomic_load(&in->table);
	uint32_t number;
	struct slot *slot = find(table, hash, bytes, size, &number);
	uint8_t *string;

	if (number || in->nr == NUMBERS_MAX)
		return number;
	string = string_keep(in, bytes, size);
	if (!string)
		return 0;
	number = ++in->nr;
	slot_fill(slot, number, hash, string);
	if (in->nr > table->nr_slots / 4 * 3)
		return grow(in) ? 0 : number;
	return number;
}

/* a part that may have changed is most often what it was the last time */
uint32_t zsim_intern(struct zsim_intern *in, struct zsim_part *part)
{
	struct zsim_intern_table *table;
	const struct slot *slot;
	uint32_t hash, number;

	if (part->known && same_string(part->known, part->bytes, part->size))
		return part->number;
	hash = hash_of(part->bytes, part->size);
	table = atomic_load_explicit(&in->table, memory_order_acquire);
	slot = find(table, hash, part->bytes, part->size, &number);
	if (number) {
		part->known = slot->string;
		part->number = number;
		return number;
	}
	lock(&in->lock);
	number = add(in, hash, part->bytes, part->size);
	unlock(&in->lock);
	return number;
}
