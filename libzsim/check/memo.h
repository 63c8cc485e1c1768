/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memo.h - steps that were made once are looked up.
 *
 * What an actor does next depends on its own call, on what is known of the
 * slots and the groups, and on one or two lists; the rest of the state stays as
 * it is. So the engine makes a step, and the properties are checked, once for
 * each combination of those parts, and all states that share it take the result
 * as numbers of parts. The same holds for what can happen next. (Local transition
 * caching: Blom, van de Pol, Weber, "LTSmin: distributed and symbolic
 * reachability", 2010.)
 */
#ifndef ZSIM_CHECK_MEMO_H
#define ZSIM_CHECK_MEMO_H

#include "check/search.h"

/** What a step depends on besides its actor, slots and groups: bit i = lot i of lists */
#define ZSIM_NEEDS_POOL (1u << ZSIM_LIST_PARTS) /* how full the pool is */

/** struct zsim_choice - something that can happen, and what it depends on */
struct zsim_choice {
	uint16_t action;
	uint8_t needs;
};

/**
 * struct zsim_move - a step: numbers of the parts before and after
 * @action: and @needs, 0 = empty; @pool: bytes of the pool before; @more: and how many
 *	more after
 */
struct zsim_move {
	uint32_t action;
	uint32_t pool;
	uint32_t own, slots, groups, list[ZSIM_LIST_PARTS];
	uint32_t own_after, slots_after, groups_after, list_after[ZSIM_LIST_PARTS];
	int32_t more;
	uint32_t unused;
};

/** struct zsim_menu - what an actor can do; @player: counted from 1, 0 = empty */
struct zsim_menu {
	uint32_t player;
	uint32_t own, slots, groups;
	uint32_t first, nr;
};

/** struct zsim_memo - of one thread; open hashes and the choices of all menus */
struct zsim_memo {
	const struct zsim_allocator *alloc;
	struct zsim_move *move;
	uint32_t moves, move_room;
	struct zsim_menu *menu;
	uint32_t menus, menu_room;
	struct zsim_choice *choice;
	uint32_t choices, choice_room;
	uint64_t bytes;
};

/** struct zsim_place - a state by the numbers of its parts; @pool: bytes of its entries */
struct zsim_place {
	uint32_t id[ZSIM_MAX_PARTS];
	uint32_t pool;
};

/** zsim_memo_fits() - no actor's event reaches into another's call, as signals do */
bool zsim_memo_fits(const struct zsim_scenario *sc);
void zsim_memo_init(struct zsim_memo *m, const struct zsim_allocator *alloc);
void zsim_memo_destroy(struct zsim_memo *m);

/** zsim_memo_menu() - what @player can do at @at; NULL if that is not known yet */
const struct zsim_menu *zsim_memo_menu(const struct zsim_memo *m, const struct zsim_place *at,
				       uint32_t player);
/** zsim_memo_menus_add() - what @w's actors can do, which stands at @at; -ENOMEM */
int zsim_memo_menus_add(struct zsim_memo *m, const struct zsim_world *w,
			const struct zsim_place *at);
/** zsim_memo_move() - @to is where @choice leads from @at; false if that is not known yet */
bool zsim_memo_move(const struct zsim_memo *m, const struct zsim_place *at,
		    struct zsim_choice choice, struct zsim_place *to);
/**
 * zsim_memo_move_add() - @choice was seen to lead from @at to @to
 *
 * Nothing is kept if it changed what it should not depend on. Return: 0, -ENOMEM.
 */
int zsim_memo_move_add(struct zsim_memo *m, const struct zsim_place *at, struct zsim_choice choice,
		       const struct zsim_place *to, uint32_t parts);

#endif
