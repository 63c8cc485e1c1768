/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * retry.c - the retry state machine of the pool worker and of requests: which
 * group comes next, when a walk of the tree goes on, and when it gives up.
 *
 * Source: shrink_worker(), zswap_shrink_one_memcg() and
 * zswap_proactive_writeback() in mm/zswap.c: Linux 7.2, 7.3, proactive-v5.
 */
#include <errno.h>

#include "model/limit.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"
#include "reclaim/steps.h"

static zsim_memcg *place_of(struct zsim_state *st, struct zsim_call *call)
{
	return call->kind == ZSIM_CALL_WORKER ? &st->cursor : &call->at;
}

static uint32_t groups_in(const struct zsim_state *st, zsim_memcg top)
{
	zsim_memcg m = ZSIM_MEMCG_NONE;
	uint32_t n = 0;

	while ((m = zsim_iter_next(st, top, m)) != ZSIM_MEMCG_NONE)
		n++;
	return n;
}

static void call_begin(struct zsim_call *call, enum zsim_call_kind kind, enum zsim_cause cause,
		       enum zsim_decision_kind pc)
{
	*call = (struct zsim_call){
		.id = call->id,
		.kind = kind,
		.cause = cause,
		.pc = pc,
		.top = ZSIM_MEMCG_NONE,
		.at = ZSIM_MEMCG_NONE,
		.turn.visit = ZSIM_NIL,
	};
}

void zsim_call_request(struct zsim_state *st, struct zsim_call *call, zsim_memcg top,
		       uint64_t bytes)
{
	call_begin(call, ZSIM_CALL_REQUEST, ZSIM_CAUSE_REQUEST, ZSIM_D_NEXT_GROUP);
	zsim_iter_move(st, &call->top, top);
	call->wanted = bytes;
	call->groups = groups_in(st, top);
	call->groups_max = call->groups;
}

void zsim_call_worker(struct zsim_state *st, struct zsim_call *call)
{
	call_begin(call, ZSIM_CALL_WORKER, ZSIM_CAUSE_WORKER,
		   st->algo.worker_checks_first ? ZSIM_D_TOTAL : ZSIM_D_NEXT_GROUP);
}

void zsim_call_ordinary(struct zsim_state *st, struct zsim_call *call, zsim_memcg top,
			uint64_t bytes)
{
	call_begin(call, ZSIM_CALL_ORDINARY, ZSIM_CAUSE_NONE, ZSIM_D_STEP_RET);
	zsim_iter_move(st, &call->top, top);
	call->wanted = bytes / ZSIM_PAGE_SIZE;
	if (!call->wanted)
		zsim_call_end(call, 0);
}

bool zsim_total_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	d->pages = zsim_zsmalloc_pages(&st->pool);
	return true;
}

int zsim_total_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	if (call->kind == ZSIM_CALL_STORE)
		zsim_store_total(st, call, d->pages);
	else if (d->pages > zsim_limit_accept(st))
		call->pc = ZSIM_D_NEXT_GROUP;
	else
		zsim_call_end(call, 0);
	return 0;
}

bool zsim_next_group_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	if (call->signal && call->kind == ZSIM_CALL_REQUEST) { /* a worker takes none */
		zsim_call_end(call, -EINTR);
		return false;
	}
	d->memcg = ZSIM_MEMCG_NONE;
	if (!st->memcg_disabled)
		d->memcg = zsim_iter_next_online(
			st, call->kind == ZSIM_CALL_WORKER ? ZSIM_MEMCG_ROOT : call->top,
			*place_of(st, call));
	d->scans = call->scans;
	d->failures = call->failures;
	return true;
}

static bool gives_up(const struct zsim_state *st, struct zsim_call *call)
{
	return ++call->failures >= st->algo.max_retries;
}

/* a full pass without a candidate is a failure */
static void pass_ended(const struct zsim_state *st, struct zsim_call *call)
{
	call->step_rc = !call->scans && gives_up(st, call) ? -EBUSY : 0;
	call->scans = 0;
	call->pc = ZSIM_D_STEP_RET;
}

int zsim_next_group_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_iter_move(st, place_of(st, call), d->memcg);
	call->scans = d->scans;
	call->failures = d->failures;
	call->steps++;
	call->stepping = true;
	if (d->memcg != ZSIM_MEMCG_NONE)
		zsim_shrink_begin(call, d->memcg, st->algo.batch);
	else if (st->memcg_disabled)
		zsim_shrink_begin(call, ZSIM_MEMCG_ROOT, st->algo.batch);
	else
		pass_ended(st, call);
	/* the worker's own reference, besides the cursor's */
	if (call->kind == ZSIM_CALL_WORKER)
		zsim_iter_move(st, &call->at, d->memcg);
	return 0;
}

/* nothing to scan: with the controller disabled there is no other group to try */
static int64_t no_candidate(const struct zsim_state *st)
{
	return st->memcg_disabled && st->algo.batched ? -EBUSY : 0;
}

void zsim_retry_shrunk(const struct zsim_state *st, struct zsim_call *call)
{
	int64_t rc = call->shrink_rc;
	bool failed = st->algo.batched ? rc <= 0 : rc == -EAGAIN;

	call->pc = ZSIM_D_STEP_RET;
	if (rc == -ENOENT) {
		call->step_rc = no_candidate(st);
		return;
	}
	call->scans++;
	call->step_rc = failed && gives_up(st, call) ? -EBUSY : rc;
}

bool zsim_step_ret_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	if (call->kind == ZSIM_CALL_ORDINARY)
		return zsim_ordinary_peek(st, call, d);
	d->memcg = call->at;
	d->rc = call->step_rc;
	d->scans = call->scans;
	d->failures = call->failures;
	return true;
}

static void request_stepped(struct zsim_state *st, struct zsim_call *call, int64_t rc)
{
	zsim_memcg memcg = call->at == ZSIM_MEMCG_NONE ? ZSIM_MEMCG_ROOT : call->at;

	call->pc = ZSIM_D_NEXT_GROUP;
	if (rc == -EBUSY) {
		zsim_call_end(call, -EAGAIN);
		return;
	}
	if (rc > 0) {
		call->steps_wrote++;
		call->done += (uint64_t)rc;
		zsim_memcg_count(st, memcg, ZSIM_STAT_ZSWPWB_PROACTIVE_B, (uint64_t)rc);
	}
	if (call->done >= call->wanted)
		zsim_call_end(call, 0);
}

static void worker_stepped(struct zsim_state *st, struct zsim_call *call, int64_t rc)
{
	zsim_iter_move(st, &call->at, ZSIM_MEMCG_NONE);
	if (rc == -EBUSY)
		zsim_call_end(call, 0);
	else
		call->pc = ZSIM_D_TOTAL;
}

int zsim_step_ret_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	if (call->kind == ZSIM_CALL_ORDINARY)
		return zsim_ordinary_commit(st, call, d);
	if (call->kind == ZSIM_CALL_WORKER)
		worker_stepped(st, call, d->rc);
	else
		request_stepped(st, call, d->rc);
	return 0;
}

uint64_t zsim_call_step_bound(const struct zsim_state *st, const struct zsim_call *call)
{
	return (call->steps_wrote + st->algo.max_retries + 1) * ((uint64_t)call->groups_max + 1);
}
