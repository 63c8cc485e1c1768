/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plant.h - faults of the explorer, planted between its files by the linker.
 *
 * A test that is linked with plant.c and PLANT_LINK_OPTIONS (tests/CMakeLists.txt) gets
 * its own zsim_world_actions(), zsim_encode() and so on, which pass everything on, and
 * make the mistake that is planted.
 */
#ifndef ZSIM_TESTS_PLANT_H
#define ZSIM_TESTS_PLANT_H

#include <stdatomic.h>

#include "support/ends.h"

/** enum plant - one mistake */
enum plant {
	PLANT_NOTHING,
	PLANT_ACTION_OF_STATE, /* in some states something that can happen is left out */
	PLANT_ACTION_AT_TIMES, /* now and then it is */
	PLANT_CODE_REFERENCED, /* the code says nothing of reference bits */
	PLANT_CODE_FAILURES,   /* of the failures of a call */
	PLANT_CODE_LEFT,       /* of the events that an actor has left */
	PLANT_CODE_CACHE,      /* of the swap cache */
	PLANT_CODE_ORDER,      /* of which of two entries is the head */
	PLANT_CODE_WRITEBACK,  /* of groups whose writeback is off */
	PLANT_PARTS,	       /* lists that an action changed are not encoded anew */
	PLANT_FORGETS,	       /* a state that was met counts as new at times */
	PLANT_CONFUSES,	       /* a new state counts as met at times */
	PLANT_FOOT_LISTS,      /* footprints do without lists */
	PLANT_FOOT_SLOTS,      /* and without slots */
	PLANT_FOOT_TREE,       /* and without the tree of groups */
	PLANT_NOT_WOKEN,       /* an actor that slept when a state was met sleeps for ever */
	PLANT_THAW_REFERENCED, /* a thawed world keeps its reference bits */
	PLANT_THAW_PLAYER,     /* and how many events its first actor has left */
	PLANT_MEMO_ALONE,      /* an action at a slot that another holds is kept in the memo */
	PLANT_NO_REST,	       /* nobody looks at end states */
	NR_PLANTS,
};

/** planted - what is; @planted_times counts how often it came to bear */
extern enum plant planted;
extern _Atomic uint64_t planted_times;
/** plant_ends - where end states that a search meets are noted; NULL = nowhere */
extern struct ends *plant_ends;

#endif
