/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.h - the kernel's procedures as resumable steps over plain data.
 *
 * A call (request, pool worker, store, shrinker) stands before its next
 * decision. peek() says what the model would decide now; commit() makes it
 * happen, with the values that it is handed: the model's own when the engine
 * runs the call, the recorded ones when a capture moves it. Running to the end
 * is a loop over both, in which visits may be made in a row (visits.c); the model
 * checker interleaves calls between them.
 *
 *	NEXT_GROUP -> SHRINK -> { WALK -> { SCAN -> CACHE_ADD -> REMOVE ->
 *	    ^                               WRITEBACK -> SCAN_RET }* }* -> SHRINK_RET
 *	    +---------------- [TOTAL] <- STEP_RET <-----------------------+
 *
 * A store does MAY [SHRINK ... SHRINK_RET] TOTAL { STORE_ALLOC STORE_INSERT }*
 * STORE; do_shrink_slab SLAB_COUNT { WALK ... SLAB_BATCH }* SLAB_END. Requests,
 * the worker and shrinker calls end with CALL_END. A group that leaves does
 * OFFLINE, REPARENT for each node, OFFLINE_END.
 */
#ifndef ZSIM_RECLAIM_CALL_H
#define ZSIM_RECLAIM_CALL_H

#include "model/state.h"
#include <zsim/observer.h>

enum zsim_call_kind {
	ZSIM_CALL_REQUEST,  /* memory.reclaim with source=zswap */
	ZSIM_CALL_ORDINARY, /* memory.reclaim without */
	ZSIM_CALL_WORKER,
	ZSIM_CALL_STORE,
	ZSIM_CALL_SHRINKER, /* one scan call */
	ZSIM_CALL_SLAB,	    /* do_shrink_slab */
	ZSIM_CALL_OFFLINE,  /* a dying group goes offline */
};

/** struct zsim_shrink - one shrink_memcg(); @refused: writeback is off, or a zombie */
struct zsim_shrink {
	zsim_memcg memcg;
	uint32_t nr_to_scan;
	uint32_t remaining;
	uint32_t node; /* the next one to look at */
	uint32_t visits;
	uint32_t written;
	uint64_t bytes;
	bool refused;
};

/**
 * struct zsim_walk - one list_lru_walk_one()
 * @restart: the lock is not held: begin at the head
 * @at_point: another actor may act: before the first visit, if there is one to
 *	make, and after the lock was dropped
 */
struct zsim_walk {
	zsim_memcg memcg;
	uint32_t node;
	uint32_t nr;   /* visits left */
	uint32_t next; /* entry, or ZSIM_NIL at the end of the list */
	bool restart;
	bool at_point;
	bool stopped;
	bool met_cached;
};

/** struct zsim_turn - the visit in hand; @visit: index of its struct zsim_visit, or ZSIM_NIL */
struct zsim_turn {
	uint64_t slot;
	uint32_t entry;
	uint32_t visit;
	uint32_t length;
	uint32_t node;
	int rc;
	bool removed;
	enum zsim_verdict verdict;
};

/** struct zsim_pages - a folio being stored; @length is borrowed, @nr pages, @done of them in */
struct zsim_pages {
	uint64_t slot;
	zsim_memcg memcg;
	uint32_t node;
	const uint16_t *length;
	uint32_t nr;
	uint32_t done;
	uint32_t zspage; /* object of the page in hand, if @allocated */
	uint32_t room;	 /* bytes that were asked for it */
	bool allocated;
	bool accepted;
};

/** struct zsim_slab - do_shrink_slab's arithmetic (mm/shrinker.c, Linux 7.2) */
struct zsim_slab {
	zsim_memcg memcg;
	uint32_t node;
	uint32_t priority;
	bool noio;
	uint64_t freeable;
	uint64_t deferred;
	uint64_t delta;
	uint64_t total;
	uint64_t scanned;
	uint64_t freed;
	uint64_t batch;
	uint64_t written; /* in this batch */
	bool refused;
};

/**
 * struct zsim_call - one procedure under way
 * @pc: the decision that it stands before; ZSIM_D_NONE when it has ended
 * @rc: the answer, once it has ended
 * @driven: moved by a capture: the walker's swap cache page leaves by its own record
 * @pool_ref: of the worker: it was queued, and holds the queue's reference to the pool
 * @stepping: the iterator gave a group or none, and the step with it has not begun
 * @at: the iterator's place, referenced; @top: where its subtree begins, referenced
 * @groups, @groups_max: groups of the subtree now, and the most seen
 * @slab: of an offline only @memcg and @node: the list that moves up next
 */
struct zsim_call {
	uint32_t id;
	enum zsim_call_kind kind;
	enum zsim_cause cause;
	enum zsim_decision_kind pc;
	int64_t rc;
	bool driven;
	bool signal;
	bool pool_ref;
	bool stepping;

	zsim_memcg top;
	zsim_memcg at;
	uint32_t scans;
	uint32_t failures;
	uint64_t wanted; /* bytes; pages for ordinary reclaim */
	uint64_t done;
	uint64_t steps;
	uint64_t steps_wrote;
	uint64_t visits;
	uint32_t groups;
	uint32_t groups_max;

	int64_t shrink_rc;
	int64_t step_rc;
	struct zsim_shrink shrink;
	struct zsim_walk walk;
	struct zsim_turn turn;
	struct zsim_pages pages;
	struct zsim_slab slab;

	uint64_t (*reclaim)(void *ctx, zsim_memcg memcg, uint64_t pages);
	void *reclaim_ctx;
};

/* ---- beginning a call: @call is filled; nothing is decided yet -------------- */

/** zsim_call_request() - proactive writeback of @bytes from @top; referenced until the end */
void zsim_call_request(struct zsim_state *st, struct zsim_call *call, zsim_memcg top,
		       uint64_t bytes);
/** zsim_call_ordinary() - reclaim of @bytes from @top (NONE: the per-node file) */
void zsim_call_ordinary(struct zsim_state *st, struct zsim_call *call, zsim_memcg top,
			uint64_t bytes);
/** zsim_call_worker() - a run of the pool worker; it is queued no more */
void zsim_call_worker(struct zsim_state *st, struct zsim_call *call);
/** zsim_call_store() - @pages says what; its @length is borrowed until the end */
void zsim_call_store(struct zsim_state *st, struct zsim_call *call, const struct zsim_pages *pages);
void zsim_call_shrinker(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg,
			uint32_t node, uint64_t nr);
void zsim_call_slab(struct zsim_state *st, struct zsim_call *call, const struct zsim_slab *slab);
/**
 * zsim_call_offline() - a dying group, whose children are all offline, goes offline
 *
 * The kernel does one group at a time: @st->offlining must be ZSIM_MEMCG_NONE.
 */
void zsim_call_offline(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg);

/* ---- moving it ------------------------------------------------------------- */

/** zsim_call_ended() - no decision is left, rc is the answer */
static inline bool zsim_call_ended(const struct zsim_call *call)
{
	return call->pc == ZSIM_D_NONE;
}

/** zsim_call_point() - the interleaving point at which the call stands, or NONE */
enum zsim_point zsim_call_point(const struct zsim_call *call);

/**
 * zsim_call_peek() - what the model would decide next
 *
 * Changes nothing but the call's own place: a walk that is over, for instance,
 * is left here. The call must not have ended.
 */
void zsim_call_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);

/**
 * zsim_call_commit() - do it
 * @d: from zsim_call_peek(), perhaps with recorded values in place of its own
 *
 * Return: 0, or -ENOMEM: cancel the call.
 */
int zsim_call_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);

/**
 * zsim_call_visits() - visits in a row that can have one outcome only: nothing fails, and nobody
 * else has a hand in them
 * @call: before ZSIM_D_SCAN; not one that a capture moves
 * @visits: filled; @at: room for @max visits
 * @asked: the memory that they look at is on its way; each asks for that of the next if not
 *
 * They come to the same as peek() and commit() of each, but take no memory, and cannot fail. The
 * end of the walk is left to zsim_call_peek().
 */
void zsim_call_visits(struct zsim_state *st, struct zsim_call *call, struct zsim_visits *visits,
		      struct zsim_visit_done *at, uint32_t max, bool asked);

/** zsim_call_holds_record() - is @at not referenced, and only its record kept (defect 29)? */
static inline bool zsim_call_holds_record(const struct zsim_state *st, const struct zsim_call *call)
{
	return ZSIM_DEFECT(st, NO_OWN_REFERENCE) && call->kind == ZSIM_CALL_WORKER;
}

/** zsim_call_release() - it has ended or was cancelled: what it held of the machine is free */
void zsim_call_release(struct zsim_state *st, const struct zsim_call *call);
/** zsim_call_cancel() - give up: references, visit and half-stored pages are dropped */
void zsim_call_cancel(struct zsim_state *st, struct zsim_call *call);

/** zsim_call_step_bound() - the most steps that a request may take (model.md 5.4) */
uint64_t zsim_call_step_bound(const struct zsim_state *st, const struct zsim_call *call);

#endif
