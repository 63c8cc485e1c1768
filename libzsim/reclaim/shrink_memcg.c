/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink_memcg.c - how many visits which node's list of one group gets.
 *
 * Source: shrink_memcg() in mm/zswap.c of Linux 7.2, 7.3 and of the series
 * "mm/zswap: implement per-cgroup proactive writeback", version 5.
 */
#include <errno.h>

#include "model/list_lru.h"
#include "model/memcg.h"
#include "reclaim/steps.h"

void zsim_shrink_begin(struct zsim_call *call, zsim_memcg memcg, uint32_t nr)
{
	call->shrink = (struct zsim_shrink){
		.memcg = memcg,
		.nr_to_scan = nr,
		.remaining = nr,
	};
	call->pc = ZSIM_D_SHRINK;
}

bool zsim_shrink_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	d->memcg = call->shrink.memcg;
	d->nr = call->shrink.nr_to_scan;
	return true;
}

int zsim_shrink_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_walker_uses(st, call, d->memcg);
	call->shrink.memcg = d->memcg;
	call->shrink.nr_to_scan = d->nr;
	call->shrink.remaining = d->nr;
	call->shrink.refused = !zsim_memcg_writeback(st, d->memcg) ||
			       zsim_memcg_at(st, d->memcg)->state >= ZSIM_MEMCG_OFFLINE;
	call->pc = call->shrink.refused ? ZSIM_D_SHRINK_RET : ZSIM_D_WALK;
	return 0;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

bool zsim_shrink_walk_next(const struct zsim_state *st, struct zsim_call *call,
			   struct zsim_decision *d)
{
	struct zsim_shrink *s = &call->shrink;

	if (ZSIM_DEFECT(st, WORKER_ONE_PAGE) && call->kind == ZSIM_CALL_WORKER && s->written)
		return false;
	for (; s->node < st->nodes; s->node++) {
		d->nr = st->algo.walk_nr;
		if (st->algo.batched)
			d->nr = min_u32(s->remaining, zsim_lru_count(st, s->memcg, s->node));
		d->memcg = s->memcg;
		d->node = s->node;
		if (d->nr)
			return true;
	}
	return false;
}

void zsim_shrink_walk_begun(const struct zsim_state *st, struct zsim_call *call, uint32_t node,
			    uint32_t nr)
{
	call->shrink.node = node + 1;
	if (st->algo.batched)
		call->shrink.remaining -= min_u32(nr, call->shrink.remaining);
}

void zsim_shrink_walk_ended(struct zsim_call *call)
{
	call->shrink.remaining += call->walk.nr;
}

static int64_t shrink_result(const struct zsim_state *st, const struct zsim_shrink *s)
{
	if (s->refused)
		return -ENOENT;
	if (st->algo.batched)
		return s->remaining == s->nr_to_scan ? -ENOENT : (int64_t)s->bytes;
	if (!s->visits)
		return -ENOENT;
	return s->written ? 0 : -EAGAIN;
}

bool zsim_shrink_ret_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	d->memcg = call->shrink.memcg;
	d->rc = shrink_result(st, &call->shrink);
	return true;
}

int zsim_shrink_ret_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	call->shrink_rc = d->rc;
	if (call->kind == ZSIM_CALL_STORE)
		zsim_store_shrunk(st, call);
	else
		zsim_retry_shrunk(st, call);
	return 0;
}
