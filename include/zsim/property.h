/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * property.h - what must hold of zswap's writeback, by name, and a guard that
 * checks it while a simulator runs.
 *
 * An invariant (zsim_verify()) speaks of one state; a property also of what a
 * step did, or of a whole call. zsim-check proves properties over all
 * interleavings, zsim-replay checks them along one trace: both use this guard.
 */
#ifndef ZSIM_PROPERTY_H
#define ZSIM_PROPERTY_H

#include <zsim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct zsim;

/**
 * enum zsim_property - the numbers behind are rows of docs/museum.md: bugs that
 * a property catches (1..29), findings that refute it (30..37)
 */
enum zsim_property {
	/* held by the right model in every scenario */
	ZSIM_P_INVARIANT,	    /* zsim_verify(): lists, sums, charges, references; 16 23 */
	ZSIM_P_WORKER_QUEUED,	    /* 1 */
	ZSIM_P_WORKER_LEAVES,	    /* the worker ends below the threshold or out of retries; 1 */
	ZSIM_P_OWN_SUBTREE,	    /* 2 */
	ZSIM_P_CONTENT,		    /* 3 11 */
	ZSIM_P_FREED_ONCE,	    /* 4 */
	ZSIM_P_STORE_EMPTY,	    /* 5 11 */
	ZSIM_P_POOL_REFERENCE,	    /* 6 */
	ZSIM_P_ON_A_LIST,	    /* 7 */
	ZSIM_P_UNLOCK_VERDICT,	    /* 8 */
	ZSIM_P_TREE_ALIVE,	    /* 9 */
	ZSIM_P_LOCKED_AT_REST,	    /* 10 */
	ZSIM_P_PUT_ORDER,	    /* 12 */
	ZSIM_P_IO_CONTEXT,	    /* 13 */
	ZSIM_P_NULL_GROUP,	    /* 14 */
	ZSIM_P_ONLY_CANDIDATES,	    /* failures: empty passes and candidates alone; 15 17 */
	ZSIM_P_SECOND_CHANCE,	    /* 18 */
	ZSIM_P_SWAPINS,		    /* 19 */
	ZSIM_P_LIST_ALIVE,	    /* 20 */
	ZSIM_P_WRITEBACK_ANCESTORS, /* 21 */
	ZSIM_P_DEAD_NEVER_SUMMED,   /* 22 */
	ZSIM_P_LIST_LOCK,	    /* 24 */
	ZSIM_P_SHRINKER_BIT,	    /* 25 */
	ZSIM_P_WORKER_PROGRESS,	    /* 26 */
	ZSIM_P_CONTAINMENT,	    /* 28 */
	ZSIM_P_PINNED,		    /* 29 */
	ZSIM_P_OVERSHOOT,	    /* a request writes less than one batch too much */
	ZSIM_P_STEP_BOUND,	    /* model.md 5.4 */
	ZSIM_P_ACCOUNTING,  /* zswpwb, written_back_pages, zswpwb_proactive_b count what left */
	ZSIM_P_TERMINATION, /* every call ends (zsim-check alone can tell) */
	/* held in some scenarios only: those say `prove NAME` */
	ZSIM_P_WORKER_BOUND,	   /* 27 */
	ZSIM_P_NODE_COUNT,	   /* 30 */
	ZSIM_P_PROGRESS,	   /* 31 */
	ZSIM_P_PROGRESS_CHILD,	   /* 32 */
	ZSIM_P_BYTES_CLAIMED,	   /* 33 */
	ZSIM_P_PROGRESS_COLD,	   /* 34 */
	ZSIM_P_VISIT_ONCE,	   /* 35 */
	ZSIM_P_BYTES_OWN,	   /* 36 */
	ZSIM_P_WORKER_TERMINATION, /* 37 (zsim-check alone) */
	ZSIM_NR_PROPERTIES,
};

#define ZSIM_P_BIT(p) (UINT64_C(1) << (p))
/** ZSIM_P_ALWAYS - the properties of the first group */
#define ZSIM_P_ALWAYS (ZSIM_P_BIT(ZSIM_P_WORKER_BOUND) - 1)

/** zsim_property_name() - "own-subtree", ...; zsim_property_parse() - back, or -EINVAL */
ZSIM_API const char *zsim_property_name(enum zsim_property property);
ZSIM_API int zsim_property_parse(const char *name);
/** zsim_property_statement() - one line that says what must hold */
ZSIM_API const char *zsim_property_statement(enum zsim_property property);

/**
 * zsim_guard_attach() - check properties from now on
 * @properties: set of ZSIM_P_BIT()
 *
 * What does not hold goes to the simulator's observers as a violation, with the
 * property's name; a state that stays broken is told once. zsim_free() ends the guard; a
 * clone has none. What an oracle replays of a capture is not judged.
 *
 * Return: 0, -EINVAL for an unknown property, -EBUSY while calls are suspended or with a
 * guard already, -ENOMEM.
 */
ZSIM_API int zsim_guard_attach(struct zsim *zs, uint64_t properties);
/**
 * zsim_guard_rest() - the trace is over and nothing runs: what must hold at rest
 *
 * With ZSIM_P_INVARIANT this is zsim_verify() too. Return: the number of violations,
 * -ENOENT without a guard, -EBUSY while calls are suspended, -ENOMEM.
 */
ZSIM_API int zsim_guard_rest(struct zsim *zs);

#ifdef __cplusplus
}
#endif
#endif
