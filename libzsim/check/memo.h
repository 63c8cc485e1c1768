/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memo.h - what an action did before, so that it need not be done again.
 *
 * Most actions look at the lists, the groups and their own actor alone, and change
 * nothing else (memo.c says which, and why). Those parts of a state are numbers
 * (visited.h), and so is what the action made of them: where all three are the same
 * again, so is the outcome, whatever the other actors stand at. The table is small
 * and forgets; what it does not know is done.
 */
#ifndef ZSIM_CHECK_MEMO_H
#define ZSIM_CHECK_MEMO_H

#include "check/visited.h"

/** A slot is 1 + its index; these are none, and all of them */
#define ZSIM_TOUCH_NONE 0u
#define ZSIM_TOUCH_ANY 255u

/**
 * struct zsim_next - what follows from one value of an actor's part
 * @first, @nr: actions that may be possible
 * @holds: the slot whose page the actor has in hand, so that others at this slot see it;
 * @locks: they wait for it
 * @touch: the slot at which its call under way looks for others; ZSIM_TOUCH_ANY: at more
 */
struct zsim_next {
	uint8_t first;
	uint8_t nr;
	uint8_t holds;
	bool locks;
	uint8_t touch;
};

/** struct zsim_known - an action and what came of it: @to[0] is 0 if it cannot happen */
struct zsim_known {
	uint32_t word[5];
};

/**
 * struct zsim_memo - fields are private
 * @on: the search can use it
 * @buckets: of three, the one met last first; @nr_buckets: a power of two, or 0 without memory
 * @kept: since it grew last
 * @next: of each actor, by the number of its part; @touch: of the actor's events
 */
struct zsim_memo {
	const struct zsim_allocator *alloc;
	const struct zsim_scenario *sc;
	bool on;
	struct zsim_memo_bucket *buckets;
	uint32_t nr_buckets;
	uint64_t kept;
	struct zsim_next *next[ZSIM_MAX_PLAYERS];
	uint32_t next_room[ZSIM_MAX_PLAYERS];
	uint8_t touch[ZSIM_MAX_PLAYERS][ZSIM_MAX_OPS];
};

enum zsim_memo_answer {
	ZSIM_MEMO_UNKNOWN, /* do it */
	ZSIM_MEMO_IDLE,	   /* it cannot happen */
	ZSIM_MEMO_KNOWN,   /* the row is that of the state that it leads to */
};

/** zsim_memo_fits() - do actions of such a world depend on three parts at most? */
bool zsim_memo_fits(const struct zsim_world *w, const struct zsim_encoder *e);
/** zsim_memo_init() - @on: may it be used? Needs no memory yet */
void zsim_memo_init(struct zsim_memo *m, const struct zsim_scenario *sc, bool on);
/** zsim_memo_destroy() - also one that is all zeros */
void zsim_memo_destroy(struct zsim_memo *m);
/**
 * zsim_memo_note() - what can be told by the parts of these actors
 * @actors: bit i: actor i, whose part in @row is that of @w
 *
 * It must be told of every value of a part before that value is asked about. -ENOMEM.
 */
int zsim_memo_note(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_row *row,
		   uint32_t actors);
/** zsim_memo_next() - the actions that actor @p may be able to do in @row */
const struct zsim_next *zsim_memo_next(const struct zsim_memo *m, const struct zsim_row *row,
				       uint32_t p);
/** zsim_memo_prefetch() - it will be asked what follows from @row, whose values it was told of */
void zsim_memo_prefetch(const struct zsim_memo *m, const struct zsim_row *row);
/** zsim_memo_ask() - @row: of the state from which the action would start; becomes the next one */
enum zsim_memo_answer zsim_memo_ask(struct zsim_memo *m, struct zsim_row *row, uint16_t action);
/**
 * zsim_memo_alone() - does the action look at, and change, nothing of other actors?
 * @w: the world of @row, before the action
 */
bool zsim_memo_alone(const struct zsim_memo *m, const struct zsim_world *w,
		     const struct zsim_row *row, uint16_t action);
/**
 * zsim_memo_keep() - it was alone and led from @from to @to; @to is NULL if it cannot happen
 * @w: the world after it; @states: met by this search so far: it may take as much memory as becomes
 *	them
 */
void zsim_memo_keep(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_row *from,
		    uint16_t action, const struct zsim_row *to, uint64_t states);
/** zsim_memo_bytes() - memory held */
uint64_t zsim_memo_bytes(const struct zsim_memo *m);

#endif
