/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memo.h - steps that were made once are looked up.
 *
 * What an actor does next depends on its own call, on the groups, on a list or
 * two, and on one slot with whoever visits it; the rest of the state stays as it is. So the engine makes a step, and the properties are checked, once for
 * each combination of those parts, and all states that share it take the result
 * as numbers of parts. The same holds for what can happen next. (Local transition
 * caching: Blom, van de Pol, Weber, "LTSmin: distributed and symbolic
 * reachability", 2010.)
 */
#ifndef ZSIM_CHECK_MEMO_H
#define ZSIM_CHECK_MEMO_H

#include "check/search.h"

/** What a step depends on besides its own call and the groups: bit i = lot i of lists, ... */
#define ZSIM_NEEDS_POOL (1u << ZSIM_LIST_PARTS)	 /* how full the pool is */
#define ZSIM_NEEDS_LOT_OF_SLOT (1u << 4)	 /* the lot in which its slot's entry is */
#define ZSIM_NEEDS_VISIT (1u << 5)		 /* it can happen only if its slot has an entry or is visited */
#define ZSIM_NEEDS_MORE (1u << 6)		 /* more than is told here: it is never looked up */

/** struct zsim_choice - something that can happen; @slot: that it is about, counted from 1 */
struct zsim_choice {
	uint16_t action;
	uint8_t needs;
	uint8_t slot;
};

/**
 * struct zsim_move - a step: numbers of the parts, and what is known of its slot, before
 * and after
 * @key: of the choice, 0 = empty; @pool: bytes of the pool before; @more: how many more after
 * @other: part of another actor that visits the slot
 */
struct zsim_move {
	uint32_t key, slot, pool;
	uint32_t own, groups, other, list[ZSIM_LIST_PARTS];
	uint32_t own_after, groups_after, other_after, list_after[ZSIM_LIST_PARTS];
	uint8_t slot_after;
	int32_t more;
};

/** struct zsim_menu - what an actor can do; @player: counted from 1, 0 = empty; @slots: 0 within a call */
struct zsim_menu {
	uint64_t slots;
	uint32_t player;
	uint32_t own, groups;
	uint32_t first, nr;
};

/**
 * struct zsim_memo - of one thread; open hashes, and the choices of all menus
 * @visits: for each actor and number of its part, the slot that it visits, counted from 1,
 *	and ZSIM_IN_CALL
 */
struct zsim_memo {
	const struct zsim_allocator *alloc;
	uint32_t players;
	struct zsim_move *move;
	uint32_t moves, move_room;
	struct zsim_menu *menu;
	uint32_t menus, menu_room;
	struct zsim_choice *choice;
	uint32_t choices, choice_room;
	uint8_t *visits[ZSIM_MAX_PLAYERS];
	uint32_t visits_room[ZSIM_MAX_PLAYERS];
	uint64_t bytes;
};
#define ZSIM_IN_CALL 128u

/** struct zsim_key - of a step; @other: the actor besides its own, counted from 1 */
struct zsim_key {
	struct zsim_move move;
	uint64_t hash;
	uint32_t other;
};

/** struct zsim_place - a state: numbers of its parts, what is known of the slots, bytes of the pool */
struct zsim_place {
	uint32_t id[ZSIM_MAX_PARTS];
	uint32_t pool;
	uint64_t slots;
};

/** zsim_memo_fits() - is the scenario small enough, and does no event reach into another's call? */
bool zsim_memo_fits(const struct zsim_scenario *sc, uint64_t properties);
/** zsim_memo_note() - @w stands at @at: what its actors visit; -ENOMEM */
int zsim_memo_note(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_place *at);
/** zsim_memo_can() - can this choice of a menu happen at @at? */
bool zsim_memo_can(const struct zsim_memo *m, const struct zsim_place *at,
		   struct zsim_choice choice);
void zsim_memo_init(struct zsim_memo *m, const struct zsim_allocator *alloc, uint32_t players);
void zsim_memo_destroy(struct zsim_memo *m);

/** zsim_memo_menu() - what @player can do at @at; NULL if that is not known yet */
const struct zsim_menu *zsim_memo_menu(const struct zsim_memo *m, const struct zsim_place *at,
				       uint32_t player);
/** zsim_memo_menus_add() - what @w's actors can do, which stands at @at; -ENOMEM */
int zsim_memo_menus_add(struct zsim_memo *m, const struct zsim_world *w,
			const struct zsim_place *at);
/**
 * zsim_memo_key() - what a step depends on; false if it cannot be looked up
 *
 * Where it would stand is fetched into the cache.
 */
bool zsim_memo_key(const struct zsim_memo *m, const struct zsim_place *at,
		   struct zsim_choice choice, struct zsim_key *key);
/**
 * zsim_memo_move() - @to is where @choice leads from @at; false if that is not known yet
 *
 * The number of what is known of the slots is left for the caller to find (ZSIM_PART_SLOTS).
 */
bool zsim_memo_move(const struct zsim_memo *m, const struct zsim_place *at,
		    struct zsim_choice choice, const struct zsim_key *key, struct zsim_place *to);
/**
 * zsim_memo_move_add() - @choice was seen to lead from @at to @to
 *
 * Nothing is kept if it changed what it should not depend on. Return: 0, -ENOMEM.
 */
int zsim_memo_move_add(struct zsim_memo *m, const struct zsim_place *at, struct zsim_choice choice,
		       const struct zsim_place *to);

#endif
