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

/* 28: requests and the worker shared one cursor, over the whole tree */
static bool on_cursor(const struct zsim_state *st, const struct zsim_call *call)
{
	return call->kind == ZSIM_CALL_WORKER || ZSIM_DEFECT(st, LOCKLESS_CURSOR);
}

static zsim_memcg *place_of(struct zsim_state *st, struct zsim_call *call)
{
	return on_cursor(st, call) ? &st->cursor : &call->at;
}

static zsim_memcg top_of(const struct zsim_state *st, const struct zsim_call *call)
{
	return on_cursor(st, call) ? ZSIM_MEMCG_ROOT : call->top;
}

void zsim_call_hold(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg)
{
	zsim_memcg from = call->at;

	if (!zsim_call_holds_record(st, call)) {
		zsim_iter_move(st, &call->at, memcg);
		return;
	}
	/* 29: the group may be freed; only its record stays, so that no other takes its place */
	if (memcg != ZSIM_MEMCG_NONE)
		zsim_memcg_keep(st, memcg);
	call->at = memcg;
	if (from != ZSIM_MEMCG_NONE)
		zsim_memcg_unkeep(st, from);
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
	call->pool_ref = zsim_worker_dequeue(st);
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
		d->memcg = zsim_iter_next_online(st, top_of(st, call), *place_of(st, call));
	d->scans = call->scans;
	d->failures = call->failures;
	return true;
}

static bool gives_up(const struct zsim_state *st, struct zsim_call *call, uint32_t failures)
{
	call->failures += failures;
	return call->failures >= st->algo.max_retries;
}

/* a full pass without a candidate is a failure; by another rule it is several */
static void pass_ended(const struct zsim_state *st, struct zsim_call *call)
{
	bool over = !call->scans && gives_up(st, call, st->algo.empty_failures);

	call->step_rc = over ? -EBUSY : 0;
	call->scans = 0;
	call->pc = ZSIM_D_STEP_RET;
}

/* groups that the iterator passed on its way to @memcg because they are not online */
static uint32_t passed(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg)
{
	zsim_memcg m = *place_of(st, call);
	uint32_t n = 0;

	while ((m = zsim_iter_next(st, top_of(st, call), m)) != memcg && m != ZSIM_MEMCG_NONE)
		n += !zsim_memcg_online(st, m);
	return n;
}

/* 15: each of them was a failure */
static void passed_count(const struct zsim_state *st, struct zsim_call *call, uint32_t n)
{
	call->failures += n;
	if (call->failures < st->algo.max_retries)
		return;
	call->step_rc = -EBUSY;
	call->pc = ZSIM_D_STEP_RET;
}

/* 27: one visit a call, whatever the batch */
static uint32_t batch_of(const struct zsim_state *st)
{
	return ZSIM_DEFECT(st, ONE_VISIT) ? 1 : st->algo.batch;
}

int zsim_next_group_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	uint32_t n = ZSIM_DEFECT(st, DYING_COUNTS) ? passed(st, call, d->memcg) : 0;

	zsim_iter_move(st, place_of(st, call), d->memcg);
	call->scans = d->scans;
	call->failures = d->failures;
	call->steps++;
	call->stepping = true;
	if (d->memcg != ZSIM_MEMCG_NONE)
		zsim_shrink_begin(call, d->memcg, batch_of(st));
	else if (st->memcg_disabled && !ZSIM_DEFECT(st, DISABLED_GIVES_UP))
		zsim_shrink_begin(call, ZSIM_MEMCG_ROOT, batch_of(st));
	else
		pass_ended(st, call);
	/* its own reference, besides the cursor's */
	if (on_cursor(st, call))
		zsim_call_hold(st, call, d->memcg);
	if (n)
		passed_count(st, call, n);
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
		if (ZSIM_DEFECT(st, EMPTY_COUNTS) && gives_up(st, call, 1))
			call->step_rc = -EBUSY;
		return;
	}
	call->scans++;
	call->step_rc = failed && gives_up(st, call, 1) ? -EBUSY : rc;
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
	bool one_page = ZSIM_DEFECT(st, WORKER_ONE_PAGE) && call->shrink.written;

	zsim_call_hold(st, call, ZSIM_MEMCG_NONE);
	if (rc == -EBUSY || one_page)
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
