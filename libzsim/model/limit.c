/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/limit.h"

uint64_t zsim_limit_accept(const struct zsim_state *st)
{
	return zsim_limit_max(st) * st->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] / 100;
}

bool zsim_limit_check(struct zsim_state *st, uint64_t pages)
{
	bool first = !st->reached_full;

	if (pages >= zsim_limit_max(st)) {
		st->counters[ZSIM_COUNTER_POOL_LIMIT_HIT] += first ||
							     !ZSIM_DEFECT(st, WORKER_ONE_PAGE);
		if (first && ZSIM_DEFECT(st, WORKER_ONE_PAGE))
			zsim_worker_queue(st);
		st->reached_full = true;
	} else if (st->reached_full && pages <= zsim_limit_accept(st)) {
		st->reached_full = false;
	}
	return st->reached_full;
}

static void pool_put(struct zsim_state *st)
{
	if (st->pool_refs)
		st->pool_refs--;
}

void zsim_worker_queue(struct zsim_state *st)
{
	if (!st->worker_queued)
		st->pool_refs++;
	else if (ZSIM_DEFECT(st, POOL_PUT_EARLY))
		pool_put(st);
	st->worker_queued = true;
}

bool zsim_worker_dequeue(struct zsim_state *st)
{
	bool queued = st->worker_queued;

	st->worker_queued = false;
	st->pool_runs += queued;
	return queued;
}

void zsim_worker_ended(struct zsim_state *st)
{
	st->pool_runs--;
	pool_put(st);
}

bool zsim_pool_refs_hold(const struct zsim_state *st)
{
	return st->pool_refs == 1 + st->worker_queued + st->pool_runs;
}
