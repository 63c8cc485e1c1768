/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * visited.h - states that were seen, in little room.
 *
 * Two layers. Each part of a state's code (encode.h) is kept once, in a table of
 * its own, and known by a number; a state is the row of its parts' numbers, three
 * bytes each. Rows lie in an open hash that is cut into segments, which grow one
 * by one and by a quarter: no spikes of time or memory, and never much empty room.
 * Both can be used by several threads at once.
 */
#ifndef ZSIM_CHECK_VISITED_H
#define ZSIM_CHECK_VISITED_H

#include <stdatomic.h>

#include "check/encode.h"

#define ZSIM_ROW_MAX (3u * ZSIM_MAX_PARTS)
#define ZSIM_VISITED_SEGMENTS 256u

/** struct zsim_row - a state: numbers of its parts, and their hash */
struct zsim_row {
	uint64_t hash;
	uint8_t bytes[ZSIM_ROW_MAX + 2];
};

/* ---- parts to numbers ---------------------------------------------------------- */

struct zsim_intern_table;

/** struct zsim_intern_chunk - room for strings */
struct zsim_intern_chunk {
	struct zsim_intern_chunk *next;
	uint32_t used;
	uint32_t room;
	uint8_t bytes[];
};

/**
 * struct zsim_intern - byte strings, each once; fields are private
 * @table: string and number at the hash; @chunk: the strings
 * @nr: strings; @lock: of whoever adds one
 */
struct zsim_intern {
	const struct zsim_allocator *alloc;
	_Atomic(struct zsim_intern_table *) table;
	struct zsim_intern_chunk *chunk;
	uint32_t nr;
	_Atomic uint64_t bytes;
	atomic_flag lock;
};

int zsim_intern_init(struct zsim_intern *in, const struct zsim_allocator *alloc);
void zsim_intern_destroy(struct zsim_intern *in);
/** zsim_intern() - the number of its bytes, 1..2^24-1; 0: out of memory or of numbers */
uint32_t zsim_intern(struct zsim_intern *in, struct zsim_part *part);

/* ---- rows ------------------------------------------------------------------------ */

/**
 * struct zsim_segment - changed under its @lock; where its slots are is looked at without it,
 * to fetch them. A line of a processor's cache each: two threads at two of them do not meet
 */
struct zsim_segment {
	_Atomic(uint8_t *) slots;
	_Atomic uint32_t nr_slots;
	uint32_t used;
	atomic_flag lock;
	uint8_t apart[40];
};

/**
 * struct zsim_visited - @row_size: bytes of a row; @slot_size: of a row and @payload bytes
 * behind it, which belong to the search; @bits: bitstate instead of rows, and
 * @inexact: states that it took for new
 */
struct zsim_visited {
	const struct zsim_allocator *alloc;
	uint32_t row_size;
	uint32_t payload;
	uint32_t slot_size;
	bool shared;
	struct zsim_segment *segment;
	_Atomic uint64_t *bits;
	uint32_t log2_bits;
	_Atomic uint64_t inexact;
	struct zsim_intern part[ZSIM_MAX_PARTS];
	uint32_t nr_parts;
};

/**
 * zsim_visited_init()
 * @parts: of a state; @payload: 0..8 bytes; @shared: by several threads
 * @bitstate: log2 of the bits, or 0 for an exact set
 *
 * Return: 0 or -ENOMEM; destroy it either way.
 */
int zsim_visited_init(struct zsim_visited *v, const struct zsim_allocator *alloc, uint32_t parts,
		      uint32_t payload, bool shared, uint32_t bitstate);
void zsim_visited_destroy(struct zsim_visited *v);
/** zsim_row_set() - part @i has this number from now on; @row was filled before */
void zsim_row_set(struct zsim_row *row, uint32_t i, uint32_t number);
/**
 * zsim_visited_row() - the row of an encoded state
 * @e: of this set alone
 * @changed: parts that were filled; the numbers of the others stand in @row already
 *
 * Return: 0; -ENOMEM, also beyond 2^24 values of one part.
 */
int zsim_visited_row(struct zsim_visited *v, struct zsim_encoder *e, uint32_t changed,
		     struct zsim_row *row);
/**
 * zsim_visited_add() - the state was seen
 * @payload: of a new state, set; of one that is there, read. May be NULL without payload
 *
 * Return: 1 it is new, 0 it was there, -ENOMEM.
 */
int zsim_visited_add(struct zsim_visited *v, const struct zsim_row *row, void *payload);
/**
 * zsim_visited_meet() - the same where the payload is a set, one byte
 * @set: of a state that is there, what it had; it keeps what both have
 */
int zsim_visited_meet(struct zsim_visited *v, const struct zsim_row *row, uint8_t *set);
/** zsim_visited_has() - is it there? If so, @payload is read; a bitstate set always says no */
bool zsim_visited_has(const struct zsim_visited *v, const struct zsim_row *row, void *payload);
/** zsim_visited_set() - a new payload of a state that is there */
void zsim_visited_set(struct zsim_visited *v, const struct zsim_row *row, const void *payload);
/** zsim_visited_prefetch() - it will be asked for soon */
void zsim_visited_prefetch(const struct zsim_visited *v, const struct zsim_row *row);
/** zsim_visited_states() - rows held; zsim_visited_bytes() - memory held, parts included */
uint64_t zsim_visited_states(const struct zsim_visited *v);
uint64_t zsim_visited_bytes(const struct zsim_visited *v);

#endif
