/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * defect.h - bugs that this code has had, as switches, and what each would do
 * to a kernel, as a flag.
 *
 * Compiled in only with ZSIM_WITH_DEFECTS (zsim-check and the tests). Without
 * it ZSIM_DEFECT() is false and ZSIM_EXPECT() nothing, so the library that
 * users link holds the right model alone. docs/museum.md tells each story.
 */
#ifndef ZSIM_MODEL_DEFECT_H
#define ZSIM_MODEL_DEFECT_H

/** enum zsim_defect - numbered as in docs/museum.md; 0 is the right model */
enum zsim_defect {
	ZSIM_DEFECT_NONE,
	ZSIM_DEFECT_WORKER_ONE_PAGE,	  /* 1 */
	ZSIM_DEFECT_WRONG_TARGET,	  /* 2 */
	ZSIM_DEFECT_STALE_WRITEBACK,	  /* 3 */
	ZSIM_DEFECT_DOUBLE_FREE,	  /* 4 */
	ZSIM_DEFECT_FAILED_STORE_KEEPS,	  /* 5 */
	ZSIM_DEFECT_POOL_PUT_EARLY,	  /* 6 */
	ZSIM_DEFECT_PAGE_OFF_LIST,	  /* 7 */
	ZSIM_DEFECT_SKIP_AFTER_UNLOCK,	  /* 8 */
	ZSIM_DEFECT_SWAPOFF_RACE,	  /* 9 */
	ZSIM_DEFECT_PAGE_LEFT_LOCKED,	  /* 10 */
	ZSIM_DEFECT_DISABLED_STORE_KEEPS, /* 11 */
	ZSIM_DEFECT_PUT_BEFORE_DELETE,	  /* 12 */
	ZSIM_DEFECT_IO_CONTEXT,		  /* 13 */
	ZSIM_DEFECT_NULL_GROUP,		  /* 14 */
	ZSIM_DEFECT_DYING_COUNTS,	  /* 15 */
	ZSIM_DEFECT_CURSOR_LEFT,	  /* 16 */
	ZSIM_DEFECT_EMPTY_COUNTS,	  /* 17 */
	ZSIM_DEFECT_DECAY,		  /* 18 */
	ZSIM_DEFECT_READAHEAD_ONE,	  /* 19 */
	ZSIM_DEFECT_LIST_AFTER_FREE,	  /* 20 */
	ZSIM_DEFECT_PARENT_IGNORED,	  /* 21 */
	ZSIM_DEFECT_DEAD_LIST_SUMMED,	  /* 22 */
	ZSIM_DEFECT_HALF_FOLIO,		  /* 23 */
	ZSIM_DEFECT_CLEARED_BEFORE_DRAIN, /* 24 */
	ZSIM_DEFECT_BIT_ON_DEAD,	  /* 25 */
	ZSIM_DEFECT_DISABLED_GIVES_UP,	  /* 26 */
	ZSIM_DEFECT_ONE_VISIT,		  /* 27 */
	ZSIM_DEFECT_LOCKLESS_CURSOR,	  /* 28 */
	ZSIM_DEFECT_NO_OWN_REFERENCE,	  /* 29 */
	ZSIM_NR_DEFECTS,
};

/**
 * enum zsim_fault - what a kernel would do wrong in its own memory: the model
 * notes it in struct zsim_state's @faults and goes on without harm to itself
 */
enum zsim_fault {
	ZSIM_FAULT_FREED_TWICE,	  /* an entry is freed that is not live */
	ZSIM_FAULT_TREE_DEAD,	  /* the tree of a swap device that is gone is looked at */
	ZSIM_FAULT_PUT_TOO_EARLY, /* a group is used after the reference that kept it was dropped */
	ZSIM_FAULT_NULL_GROUP,	  /* a group is looked at that the disabled controller never made */
	ZSIM_FAULT_LIST_DEAD,	  /* a list is walked after it was freed */
	ZSIM_FAULT_DEAD_SUMMED,	  /* the marker of a dead list is taken for a count */
	ZSIM_FAULT_WRONG_LOCK,	  /* an entry leaves a list under the lock of another */
	ZSIM_FAULT_GROUP_FREED,	  /* a walker works on a group that was freed */
	ZSIM_FAULT_UNLOCKED_WALK, /* a walk goes on from where it was before it dropped the lock */
	ZSIM_NR_FAULTS,
};

#ifdef ZSIM_WITH_DEFECTS
#define ZSIM_DEFECT(st, which) ((st)->defect == ZSIM_DEFECT_##which)
#define ZSIM_EXPECT(st, condition, fault)                                     \
	do {                                                                  \
		if (!(condition))                                             \
			(st)->faults |= (uint16_t)(1u << ZSIM_FAULT_##fault); \
	} while (0)
#else
#define ZSIM_DEFECT(st, which) ((void)(st), false)
#define ZSIM_EXPECT(st, condition, fault) ((void)(false && (condition)))
#endif

#endif
