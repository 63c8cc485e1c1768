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
#define BLOCK_SHIFT 12
#define BLOCK_STRINGS (1u << BLOCK_SHIFT)
#define BLOCKS_MAX ((NUMBERS_MAX >> BLOCK_SHIFT) + 1)

/** struct zsim_intern_table - numbers at their hash, 0 = empty; @older: one that was too small */
struct zsim_intern_table {
	struct zsim_intern_table *older;
	uint32_t nr_slots;
	_Atomic uint32_t slot[];
};

static uint64_t hash_of(const uint8_t *bytes, uint32_t size)
{
	uint64_t hash = size, word;

	for (; size >= 8; size -= 8, bytes += 8) {
		memcpy(&word, bytes, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, bytes, size);
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
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
	size_t size = sizeof(struct zsim_intern_table) + nr_slots * sizeof(uint32_t);
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
	in->block = zsim_zalloc(alloc, BLOCKS_MAX * sizeof(*in->block));
	table = in->block ? table_new(in, FIRST_SLOTS, NULL) : NULL;
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
	for (uint32_t i = 0; in->block && i < BLOCKS_MAX && in->block[i]; i++)
		zsim_dealloc(in->alloc, in->block[i]);
	while (in->chunk) {
		struct zsim_intern_chunk *next = in->chunk->next;

		zsim_dealloc(in->alloc, in->chunk);
		in->chunk = next;
	}
	zsim_dealloc(in->alloc, in->block);
	in->block = NULL;
	atomic_init(&in->table, NULL);
}

/* a string: its length, then its bytes */
static const uint8_t *string_of(const struct zsim_intern *in, uint32_t number)
{
	return in->block[number >> BLOCK_SHIFT][number & (BLOCK_STRINGS - 1)];
}

static bool same(const struct zsim_intern *in, uint32_t number, const uint8_t *bytes, uint32_t size)
{
	const uint8_t *string = string_of(in, number);
	uint32_t length;

	memcpy(&length, string, sizeof(length));
	return length == size && !memcmp(string + sizeof(length), bytes, size);
}

/* where it is, or where it would go */
static uint32_t find(const struct zsim_intern *in, struct zsim_intern_table *table, uint64_t hash,
		     const uint8_t *bytes, uint32_t size, uint32_t *number)
{
	uint32_t i = (uint32_t)hash & (table->nr_slots - 1);

	for (;; i = (i + 1) & (table->nr_slots - 1)) {
		*number = atomic_load_explicit(&table->slot[i], memory_order_acquire);
		if (!*number || same(in, *number, bytes, size))
			return i;
	}
}

static int grow(struct zsim_intern *in)
{
	struct zsim_intern_table *old = atomic_load(&in->table);
	struct zsim_intern_table *table = table_new(in, 2 * old->nr_slots, old);

	if (!table)
		return -ENOMEM;
	for (uint32_t number = 1; number <= in->nr; number++) {
		const uint8_t *string = string_of(in, number);
		uint32_t length, none;
		uint32_t i;

		memcpy(&length, string, sizeof(length));
		string += sizeof(length);
		i = find(in, table, hash_of(string, length), string, length, &none);
		atomic_store_explicit(&table->slot[i], number, memory_order_relaxed);
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
static uint32_t add(struct zsim_intern *in, uint64_t hash, const uint8_t *bytes, uint32_t size)
{
	struct zsim_intern_table *table = atomic_load(&in->table);
	uint32_t number, i = find(in, table, hash, bytes, size, &number);
	uint8_t ***block;
	uint8_t *string;

	if (number || in->nr == NUMBERS_MAX)
		return number;
	block = &in->block[(in->nr + 1) >> BLOCK_SHIFT];
	if (!*block) {
		*block = zsim_zalloc(in->alloc, BLOCK_STRINGS * sizeof(**block));
		in->bytes += BLOCK_STRINGS * sizeof(**block);
	}
	string = *block ? string_keep(in, bytes, size) : NULL;
	if (!string)
		return 0;
	number = ++in->nr;
	(*block)[number & (BLOCK_STRINGS - 1)] = string;
	atomic_store_explicit(&table->slot[i], number, memory_order_release);
	if (in->nr > table->nr_slots / 2)
		return grow(in) ? 0 : number;
	return number;
}

uint32_t zsim_intern(struct zsim_intern *in, const uint8_t *bytes, uint32_t size)
{
	uint64_t hash = hash_of(bytes, size);
	struct zsim_intern_table *table = atomic_load_explicit(&in->table, memory_order_acquire);
	uint32_t number;

	find(in, table, hash, bytes, size, &number);
	if (number)
		return number;
	lock(&in->lock);
	number = add(in, hash, bytes, size);
	unlock(&in->lock);
	return number;
}
