/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reclaim/call.h"

#include "model/entry.h"
#include "model/limit.h"
#include "model/memcg_iter.h"
#include "reclaim/steps.h"

#define STEP(name)                                       \
	{                                                \
		zsim_##name##_peek, zsim_##name##_commit \
	}

static const struct {
	bool (*peek)(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);
	int (*commit)(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d);
} steps[ZSIM_NR_DECISIONS] = {
	[ZSIM_D_TOTAL] = STEP(total),
	[ZSIM_D_MAY] = STEP(may),
	[ZSIM_D_NEXT_GROUP] = STEP(next_group),
	[ZSIM_D_SHRINK] = STEP(shrink),
	[ZSIM_D_WALK] = STEP(walk),
	[ZSIM_D_SCAN] = STEP(scan),
	[ZSIM_D_CACHE_ADD] = STEP(cache_add),
	[ZSIM_D_REMOVE] = STEP(remove),
	[ZSIM_D_WRITEBACK] = STEP(writeback),
	[ZSIM_D_SCAN_RET] = STEP(scan_ret),
	[ZSIM_D_SHRINK_RET] = STEP(shrink_ret),
	[ZSIM_D_STEP_RET] = STEP(step_ret),
	[ZSIM_D_STORE_ALLOC] = STEP(store_alloc),
	[ZSIM_D_STORE_INSERT] = STEP(store_insert),
	[ZSIM_D_SLAB_COUNT] = STEP(slab_count),
	[ZSIM_D_SLAB_BATCH] = STEP(slab_batch),
	[ZSIM_D_SLAB_END] = STEP(slab_end),
	[ZSIM_D_STORE] = STEP(store),
	[ZSIM_D_CALL_END] = STEP(call_end),
	[ZSIM_D_OFFLINE] = STEP(offline),
	[ZSIM_D_REPARENT] = STEP(reparent),
	[ZSIM_D_OFFLINE_END] = STEP(offline_end),
};

void zsim_call_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	do {
		*d = (struct zsim_decision){
			.kind = call->pc,
			.cause = call->cause,
			.call = call->id,
		};
	} while (!steps[call->pc].peek(st, call, d));
}

int zsim_call_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	/* the one decision that leads up to a step, and not on from it */
	if (d->kind != ZSIM_D_NEXT_GROUP)
		call->stepping = false;
	return steps[d->kind].commit(st, call, d);
}

void zsim_call_end(struct zsim_call *call, int64_t rc)
{
	call->rc = rc;
	call->pc = ZSIM_D_CALL_END;
}

bool zsim_call_end_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	d->memcg = call->top;
	d->scans = call->scans;
	d->failures = call->failures;
	d->rc = call->rc;
	return true;
}

int zsim_call_end_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_call_hold(st, call, ZSIM_MEMCG_NONE);
	zsim_iter_move(st, &call->top, ZSIM_MEMCG_NONE);
	call->rc = d->rc;
	call->pc = ZSIM_D_NONE;
	return 0;
}

void zsim_call_release(struct zsim_state *st, const struct zsim_call *call)
{
	if (call->kind == ZSIM_CALL_WORKER)
		st->worker_running = false;
	if (call->pool_ref)
		zsim_worker_ended(st);
}

enum zsim_point zsim_call_point(const struct zsim_call *call)
{
	switch (call->pc) {
	case ZSIM_D_SHRINK:
	case ZSIM_D_STEP_RET:
		return call->stepping || call->kind == ZSIM_CALL_ORDINARY ? ZSIM_POINT_STEP :
									    ZSIM_POINT_NONE;
	case ZSIM_D_SCAN:
		return call->walk.at_point ? ZSIM_POINT_WALK : ZSIM_POINT_NONE;
	case ZSIM_D_CACHE_ADD:
		return ZSIM_POINT_UNLOCKED;
	case ZSIM_D_REMOVE:
		return ZSIM_POINT_CACHED;
	case ZSIM_D_REPARENT:
	case ZSIM_D_OFFLINE_END:
		return ZSIM_POINT_REPARENT;
	default:
		return ZSIM_POINT_NONE;
	}
}

static void visit_cancel(struct zsim_state *st, struct zsim_call *call)
{
	if (call->turn.visit == ZSIM_NIL)
		return;
	zsim_writeback_page_drop(st, call);
	zsim_visit_end(st, call->turn.visit);
	call->turn.visit = ZSIM_NIL;
}

void zsim_call_cancel(struct zsim_state *st, struct zsim_call *call)
{
	struct zsim_decision d = { .kind = ZSIM_D_STORE };

	if (zsim_call_ended(call))
		return;
	visit_cancel(st, call);
	if (call->kind == ZSIM_CALL_STORE)
		zsim_store_commit(st, call, &d);
	else if (call->kind == ZSIM_CALL_OFFLINE)
		zsim_offline_cancel(st, call);
	else
		zsim_call_end_commit(st, call, &d);
}
