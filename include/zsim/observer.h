/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observer.h - what the engine tells about its decisions.
 *
 * The engine prints nothing and keeps no logs: it hands each decision, with
 * the call that made it, to the observers registered with zsim_observe().
 * Logs, attribution, requests' stories and findings are made from that.
 */
#ifndef ZSIM_OBSERVER_H
#define ZSIM_OBSERVER_H

#include <zsim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct zsim;

/** enum zsim_decision_kind - one place where the algorithm decides something */
enum zsim_decision_kind {
	ZSIM_D_NONE,
	ZSIM_D_TOTAL,	   /* the pool's pages are read: @pages */
	ZSIM_D_MAY,	   /* may a group store: @memcg, @rc 1 or 0 */
	ZSIM_D_NEXT_GROUP, /* the iterator gives @memcg or none; @scans, @failures before the step */
	ZSIM_D_SHRINK,	   /* shrink_memcg(@memcg, @nr) begins */
	ZSIM_D_WALK,	   /* a list is walked: @memcg, @node, at most @nr visits */
	ZSIM_D_SCAN,	   /* an entry is visited: @slot, @length, @referenced */
	ZSIM_D_CACHE_ADD,  /* the swap cache page of a writeback: @rc 0, -EEXIST, -ENOMEM */
	ZSIM_D_REMOVE,	   /* the entry leaves, or @rc -ENOMEM, -EIO */
	ZSIM_D_WRITEBACK,  /* the writeback ends: @rc */
	ZSIM_D_SCAN_RET,   /* the visit's verdict: @rc is an enum zsim_verdict */
	ZSIM_D_SHRINK_RET,   /* shrink_memcg returns @rc */
	ZSIM_D_STEP_RET,     /* the retry machine's step yields @rc; @scans, @failures after it */
	ZSIM_D_STORE_ALLOC,  /* a page gets @length bytes in the pool: @rc 0 or the error */
	ZSIM_D_STORE_INSERT, /* its entry goes on @memcg's list of @node */
	ZSIM_D_SLAB_COUNT,   /* do_shrink_slab: @nr freeable, @deferred, @delta, @total */
	ZSIM_D_SLAB_BATCH,   /* one scan call: @nr; @rc written or -1 (SHRINK_STOP) */
	ZSIM_D_SLAB_END,     /* do_shrink_slab ends: @rc written, @deferred new, @total left */
	ZSIM_D_STORE,	     /* a store ends: @rc 1 accepted, 0 rejected */
	ZSIM_D_LOAD,	     /* a load ends: @rc 0, -ENOENT, -EIO */
	ZSIM_D_CALL_END,     /* a request, the worker or a shrinker call ends: @rc */
	/* of a group's offline that is suspended between its steps; else it is no decision */
	ZSIM_D_OFFLINE,	    /* it begins: the worker's cursor leaves @memcg */
	ZSIM_D_REPARENT,    /* @memcg's list of @node moves to the nearest ancestor's */
	ZSIM_D_OFFLINE_END, /* its charges move up, and it is offline */
	ZSIM_NR_DECISIONS,
};

/**
 * struct zsim_decision - one decision
 *
 * Between SCAN and SCAN_RET, and in a store, @slot, @length, @node and @memcg say of
 * which page; other fields that a kind does not name are 0.
 *
 * Lives only during the observer's call.
 */
struct zsim_decision {
	enum zsim_decision_kind kind;
	enum zsim_cause cause;
	uint32_t call; /* number of the call since creation, 1.. (0: no call) */
	zsim_memcg memcg;
	uint32_t node;
	uint32_t nr;
	uint32_t scans;
	uint32_t failures;
	uint32_t length; /* bytes */
	bool referenced;
	uint64_t slot;
	uint64_t pages;
	uint64_t deferred;
	uint64_t delta;
	uint64_t total;
	int64_t rc;
};

/** zsim_decision_name() - "scan", "walk", ... */
ZSIM_API const char *zsim_decision_name(enum zsim_decision_kind kind);

/** enum zsim_why - why a request fell short of what was asked (model.md 10) */
enum zsim_why {
	ZSIM_WHY_NONE,		  /* it did not */
	ZSIM_WHY_NOTHING,	  /* no entry in any enabled group */
	ZSIM_WHY_BLOCKED,	  /* what is left was in the swap cache, or failed */
	ZSIM_WHY_REFERENCED_ONLY, /* only reference bits were cleared: repeat it */
	ZSIM_WHY_RETRIES,	  /* some was written, then the retries ran out */
	ZSIM_WHY_SIGNAL,
	ZSIM_WHY_INVALID,
};
ZSIM_API const char *zsim_why_name(enum zsim_why why);

/**
 * struct zsim_request - the story of one write to memory.reclaim
 * @memcg: its group; ZSIM_MEMCG_NONE for the per-node file
 * @rc: what the write returned
 * @wanted: bytes asked for (0 if the text was refused)
 * @bytes: compressed bytes written
 * @steps: steps of the retry machine; @bound: the most there may be (model.md 5.4)
 * @scanned: visits, of which @rotated lost their reference bit, @written were
 *	written back, @busy met the swap cache and @failed failed otherwise
 * @written_node: pages written, by node; @left_node: entries left in the subtree, by node
 * @children: enabled groups of the subtree with entries at the end;
 *	@children_missed: those of them that the request never scanned
 */
struct zsim_request {
	zsim_memcg memcg;
	const char *text;
	int rc;
	bool source_zswap;
	uint64_t wanted;
	uint64_t bytes;
	uint64_t steps;
	uint64_t bound;
	uint64_t scanned;
	uint64_t rotated;
	uint64_t written;
	uint64_t busy;
	uint64_t failed;
	uint32_t failures;
	enum zsim_why why;
	uint64_t written_node[ZSIM_MAX_NODES];
	uint64_t left_node[ZSIM_MAX_NODES];
	uint32_t children;
	uint32_t children_missed;
};

/**
 * struct zsim_visit_done - a visit, with all that it decided
 * @length: bytes
 * @written: it was written back; else its reference bit was cleared
 */
struct zsim_visit_done {
	uint64_t slot;
	uint32_t length;
	bool written;
};

/**
 * struct zsim_visits - visits of one walk in a row: SCAN to SCAN_RET of each, and nothing else
 * between them
 * @cause, @call: whose
 * @memcg, @node: the list that is walked, as in ZSIM_D_WALK; an entry may be charged to a group
 *	below that has left
 * @at: @nr of them, in order; @written, @bytes: their sums
 * @left: how many more the walk may make
 *
 * How many are told of at once means nothing: the same walk may come in other portions.
 * Lives only during the observer's call.
 */
struct zsim_visits {
	enum zsim_cause cause;
	uint32_t call;
	zsim_memcg memcg;
	uint32_t node;
	uint32_t nr;
	uint32_t written;
	uint32_t left;
	uint64_t bytes;
	const struct zsim_visit_done *at;
};

/** struct zsim_ops_done - what zsim_apply_ops() did, in one call */
struct zsim_ops_done {
	uint64_t stores;
	uint64_t loads_hit;
	uint64_t loads_missed;
	uint64_t invalidates;
};

/**
 * struct zsim_observer - callbacks, each may be NULL
 * @decision: called after each decision took effect
 * @request: called once at the end of each write to memory.reclaim
 * @violation: an invariant does not hold; @name is static, @text is one line
 * @ops: page events were done by zsim_apply_ops(), whose decisions @decision does not
 *	hear of
 * @visits: visits were made in a row, whose decisions @decision does not hear of
 *
 * Without both of them an observer with @decision hears of each, and nothing is quick.
 *
 * The callbacks may read the simulator, never change it.
 */
struct zsim_observer {
	void (*decision)(void *ctx, const struct zsim *zs, const struct zsim_decision *d);
	void (*request)(void *ctx, const struct zsim *zs, const struct zsim_request *rq);
	void (*violation)(void *ctx, const struct zsim *zs, const char *name, const char *text);
	void (*ops)(void *ctx, const struct zsim *zs, const struct zsim_ops_done *done);
	void (*visits)(void *ctx, const struct zsim *zs, const struct zsim_visits *visits);
	void *ctx;
};

/**
 * zsim_observe() - add an observer
 * @ob: borrowed until zsim_free()
 *
 * Return: 0, or -ENOSPC beyond eight observers.
 */
ZSIM_API int zsim_observe(struct zsim *zs, const struct zsim_observer *ob);

#ifdef __cplusplus
}
#endif
#endif
