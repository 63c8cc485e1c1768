/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story.c - what one write to memory.reclaim did, and why it fell short.
 *
 * -EAGAIN says three things (model.md 10): ask again, ask later, never. What is
 * left in the subtree tells which.
 */
#include <errno.h>

#include "engine/run.h"
#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"

void zsim_story_begin(struct zsim_run *run)
{
	const char *text = run->rq.text;

	run->rq = (struct zsim_request){
		.memcg = run->call.top,
		.text = text,
		.source_zswap = run->call.kind == ZSIM_CALL_REQUEST,
		.wanted = run->call.wanted,
	};
	if (run->call.kind == ZSIM_CALL_ORDINARY)
		run->rq.wanted *= ZSIM_PAGE_SIZE;
}

static void count_visit(struct zsim_run *run, const struct zsim_decision *d)
{
	struct zsim_request *rq = &run->rq;

	rq->scanned++;
	switch ((enum zsim_verdict)d->rc) {
	case ZSIM_LRU_ROTATE:
		rq->rotated++;
		break;
	case ZSIM_LRU_REMOVED_RETRY:
		rq->written++;
		rq->written_node[d->node]++;
		break;
	case ZSIM_LRU_SKIP:
	case ZSIM_LRU_RETRY:
	case ZSIM_LRU_STOP:
		if (run->call.turn.rc == -EEXIST)
			rq->busy++;
		else
			rq->failed++;
		break;
	}
}

/* a writeback failed on an entry that stays (a lost race leaves none behind) */
static bool entry_failed(const struct zsim_decision *d)
{
	return (d->kind == ZSIM_D_CACHE_ADD && d->rc == -ENOMEM) ||
	       (d->kind == ZSIM_D_REMOVE && d->rc == -EIO);
}

int zsim_story_decision(struct zsim *zs, struct zsim_run *run, const struct zsim_decision *d)
{
	(void)zs;
	if (entry_failed(d))
		return zsim_slot_set_add(&run->stuck, d->slot);
	if (d->kind == ZSIM_D_SCAN_RET)
		count_visit(run, d);
	if (d->kind == ZSIM_D_WALK)
		return zsim_slot_set_add(&run->seen, d->memcg);
	return 0;
}

void zsim_story_visits(struct zsim_run *run, const struct zsim_visits *visits)
{
	run->rq.scanned += visits->nr;
	run->rq.rotated += visits->nr - visits->written;
	run->rq.written += visits->written;
	run->rq.written_node[visits->node] += visits->written;
}

/**
 * struct left - what the subtree still holds
 * @free: an entry that is not in the swap cache and did not fail
 */
struct left {
	bool any;
	bool free;
};

static bool list_has_free(const struct zsim *zs, const struct zsim_run *run,
			  const struct zsim_lru *lru)
{
	const struct zsim_entry *e;
	uint64_t slot;

	for (uint32_t i = lru->head; i != ZSIM_NIL; i = e->next) {
		e = zsim_entry_at(&zs->st, i);
		slot = zsim_entry_slot(e);
		if (!zsim_slot_set_has(&zs->st.cache, slot) &&
		    !zsim_slot_set_has(&run->stuck, slot))
			return true;
	}
	return false;
}

static bool group_left(const struct zsim *zs, struct zsim_run *run, zsim_memcg memcg,
		       struct left *left)
{
	bool any = false;

	for (uint32_t node = 0; node < zs->st.nodes; node++) {
		const struct zsim_lru *lru = zsim_lru_at(&zs->st, memcg, node);

		run->rq.left_node[node] += lru->length;
		any |= lru->length > 0;
		left->free = left->free || list_has_free(zs, run, lru);
	}
	left->any |= any;
	return any;
}

static struct left subtree_left(const struct zsim *zs, struct zsim_run *run)
{
	struct left left = { .any = false };
	zsim_memcg top = run->call.top;
	zsim_memcg m = ZSIM_MEMCG_NONE;

	while ((m = zsim_iter_next(&zs->st, top, m)) != ZSIM_MEMCG_NONE) {
		if (!zsim_memcg_writeback(&zs->st, m) || !group_left(zs, run, m, &left))
			continue;
		run->rq.children++;
		run->rq.children_missed += !zsim_slot_set_has(&run->seen, m);
	}
	return left;
}

static enum zsim_why why_short(const struct zsim_request *rq, const struct left *left)
{
	if (rq->rc == -EINTR)
		return ZSIM_WHY_SIGNAL;
	if (rq->rc != -EAGAIN)
		return rq->rc ? ZSIM_WHY_INVALID : ZSIM_WHY_NONE;
	if (!left->any)
		return ZSIM_WHY_NOTHING;
	if (!left->free)
		return ZSIM_WHY_BLOCKED;
	if (rq->written)
		return ZSIM_WHY_RETRIES;
	return rq->rotated ? ZSIM_WHY_REFERENCED_ONLY : ZSIM_WHY_BLOCKED;
}

static void tell(const struct zsim *zs, const struct zsim_request *rq)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->request)
			zs->observers[i]->request(zs->observers[i]->ctx, zs, rq);
}

/* model.md 5.4: they hold for a recorded kernel too, so a driven call is not let off */
static void assert_bounds(const struct zsim *zs, const struct zsim_run *run)
{
	const struct zsim_call *call = &run->call;
	uint64_t batch = zs->st.algo.batch;

	if (call->steps > run->rq.bound)
		zsim_observe_violation(zs, "step-bound", "request %u took %llu steps, bound %llu",
				       call->id, (unsigned long long)call->steps,
				       (unsigned long long)run->rq.bound);
	if (call->done >= call->wanted && call->done - call->wanted >= batch * ZSIM_PAGE_SIZE)
		zsim_observe_violation(zs, "overshoot", "request %u wrote %llu bytes of %llu",
				       call->id, (unsigned long long)call->done,
				       (unsigned long long)call->wanted);
	if (call->visits > batch * call->steps)
		zsim_observe_violation(zs, "visit-bound",
				       "request %u made %llu visits in %llu steps", call->id,
				       (unsigned long long)call->visits,
				       (unsigned long long)call->steps);
}

/* the per-node file has one error for all */
static int answer_of(zsim_memcg memcg, int rc)
{
	return rc && memcg == ZSIM_MEMCG_NONE ? -EAGAIN : rc;
}

void zsim_story_end(struct zsim *zs, struct zsim_run *run)
{
	struct zsim_request *rq = &run->rq;
	struct zsim_call *call = &run->call;
	struct left left;

	call->top = rq->memcg;
	rq->rc = (int)call->rc;
	rq->steps = call->steps;
	rq->failures = call->failures;
	if (call->kind == ZSIM_CALL_ORDINARY) {
		rq->bytes = call->done * ZSIM_PAGE_SIZE;
		rq->bound = call->wanted + zs->st.algo.max_retries + 1;
		rq->why = rq->rc == -EINTR ? ZSIM_WHY_SIGNAL :
			  rq->rc	   ? ZSIM_WHY_NOTHING :
					     ZSIM_WHY_NONE;
	} else {
		rq->bytes = call->done;
		rq->bound = zsim_call_step_bound(&zs->st, call);
		left = subtree_left(zs, run);
		rq->why = why_short(rq, &left);
		assert_bounds(zs, run);
	}
	rq->rc = answer_of(rq->memcg, rq->rc);
	call->top = ZSIM_MEMCG_NONE;
	tell(zs, rq);
}

void zsim_story_refused(struct zsim *zs, zsim_memcg memcg, const char *text, bool source_zswap,
			uint64_t wanted, int rc)
{
	const struct zsim_request rq = {
		.memcg = memcg,
		.text = text,
		.rc = answer_of(memcg, rc),
		.source_zswap = source_zswap,
		.wanted = wanted,
		.why = rc ? ZSIM_WHY_INVALID : ZSIM_WHY_NONE,
	};

	tell(zs, &rq);
}
