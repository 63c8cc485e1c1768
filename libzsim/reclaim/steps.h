/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - the two halves of each decision, one pair a kind.
 *
 * x_peek() fills @d; it returns false if the decision does not come up, having
 * moved call->pc to the one that does. x_commit() takes the effect and moves
 * call->pc on. call.c has the table.
 */
#ifndef ZSIM_RECLAIM_STEPS_H
#define ZSIM_RECLAIM_STEPS_H

#include "reclaim/call.h"

#define ZSIM_STEP(name)                                                         \
	bool zsim_##name##_peek(struct zsim_state *st, struct zsim_call *call,  \
				struct zsim_decision *d);                       \
	int zsim_##name##_commit(struct zsim_state *st, struct zsim_call *call, \
				 struct zsim_decision *d)

ZSIM_STEP(total);	 /* retry.c, store.c for stores */
ZSIM_STEP(next_group);	 /* retry.c */
ZSIM_STEP(step_ret);	 /* retry.c */
ZSIM_STEP(shrink);	 /* shrink_memcg.c */
ZSIM_STEP(shrink_ret);	 /* shrink_memcg.c */
ZSIM_STEP(walk);	 /* walk.c */
ZSIM_STEP(scan);	 /* walk.c */
ZSIM_STEP(scan_ret);	 /* walk.c */
ZSIM_STEP(cache_add);	 /* writeback.c */
ZSIM_STEP(remove);	 /* writeback.c */
ZSIM_STEP(writeback);	 /* writeback.c */
ZSIM_STEP(may);		 /* store.c */
ZSIM_STEP(store_alloc);	 /* store.c */
ZSIM_STEP(store_insert); /* store.c */
ZSIM_STEP(store);	 /* store.c */
ZSIM_STEP(slab_count);	 /* shrinker.c */
ZSIM_STEP(slab_batch);	 /* shrinker.c */
ZSIM_STEP(slab_end);	 /* shrinker.c */
ZSIM_STEP(call_end);	 /* call.c */
ZSIM_STEP(offline);	 /* offline.c */
ZSIM_STEP(reparent);	 /* offline.c */
ZSIM_STEP(offline_end);	 /* offline.c */

#undef ZSIM_STEP

/**
 * zsim_walker_uses() - a walker must hold its group, but for a store, which holds the page's own
 */
static inline void zsim_walker_uses(struct zsim_state *st, const struct zsim_call *call,
				    zsim_memcg memcg)
{
	ZSIM_EXPECT(st,
		    call->kind == ZSIM_CALL_STORE ||
			    zsim_memcg_at(st, memcg)->state != ZSIM_MEMCG_FREED,
		    GROUP_FREED);
}
/** zsim_call_hold() - the call's own reference moves to @memcg, which may be none */
void zsim_call_hold(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg);
/** zsim_shrink_begin() - the call goes on with shrink_memcg(@memcg, @nr) */
void zsim_shrink_begin(struct zsim_call *call, zsim_memcg memcg, uint32_t nr);
/** zsim_shrink_walk_next() - the next node's walk and its budget; false if none is left */
bool zsim_shrink_walk_next(const struct zsim_state *st, struct zsim_call *call,
			   struct zsim_decision *d);
/** zsim_shrink_walk_begun() - a walk of @nr visits on @node takes them off the budget */
void zsim_shrink_walk_begun(const struct zsim_state *st, struct zsim_call *call, uint32_t node,
			    uint32_t nr);
/** zsim_shrink_walk_ended() - what the walk did not use is given back */
void zsim_shrink_walk_ended(struct zsim_call *call);
/** zsim_retry_shrunk(), zsim_store_shrunk() - shrink_memcg returned call->shrink_rc */
void zsim_retry_shrunk(const struct zsim_state *st, struct zsim_call *call);
void zsim_store_shrunk(const struct zsim_state *st, struct zsim_call *call);
/** zsim_store_total() - the pool holds @pages: is the store taken? */
void zsim_store_total(struct zsim_state *st, struct zsim_call *call, uint64_t pages);
/** zsim_call_end() - the call has its answer */
void zsim_call_end(struct zsim_call *call, int64_t rc);
/** zsim_walk_head() - where a walk begins, and begins again: ZSIM_NIL if the list died meanwhile */
uint32_t zsim_walk_head(struct zsim_state *st, const struct zsim_walk *walk);
/** zsim_writeback_done() - @pages of @bytes in all were written: counted */
void zsim_writeback_done(struct zsim_state *st, struct zsim_call *call, uint32_t pages,
			 uint64_t bytes);
/** zsim_writeback_page_drop() - the page that a walker put in the swap cache leaves it again */
void zsim_writeback_page_drop(struct zsim_state *st, const struct zsim_call *call);
/** zsim_offline_cancel() - what is left of a group's leaving, at once */
void zsim_offline_cancel(struct zsim_state *st, struct zsim_call *call);
/** zsim_slab_walk_ended() - the batch's walk is over */
void zsim_slab_walk_ended(struct zsim_call *call);
/** zsim_ordinary_peek(), zsim_ordinary_commit() - one try of ordinary reclaim (ordinary.c) */
bool zsim_ordinary_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);
int zsim_ordinary_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);

#endif
