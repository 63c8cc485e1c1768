/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrinker.c - the dynamic shrinker, and do_shrink_slab around it.
 *
 * Source: zswap_shrinker_count() and zswap_shrinker_scan() in mm/zswap.c,
 * do_shrink_slab() in mm/shrinker.c, Linux 7.2.
 */
#include "model/list_lru.h"
#include "model/memcg_iter.h"
#include "reclaim/steps.h"

/* DEFAULT_SEEKS: zswap's shrinker sets none of its own */
#define SHRINKER_SEEKS 2u
#define SHRINK_STOP (-1)

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool shrinker_on(const struct zsim_state *st, zsim_memcg memcg)
{
	return st->params[ZSIM_PARAM_SHRINKER_ENABLED] && zsim_memcg_writeback(st, memcg);
}

/* 13: whether I/O is allowed was not asked */
static bool may_count(const struct zsim_state *st, const struct zsim_slab *s)
{
	return shrinker_on(st, s->memcg) && (!s->noio || ZSIM_DEFECT(st, IO_CONTEXT));
}

/* 14: the disabled controller makes no group whose counters there were */
static bool group_counts(const struct zsim_state *st)
{
	return !st->memcg_disabled || ZSIM_DEFECT(st, NULL_GROUP);
}

/* x * num / den without overflow: mult_frac() */
static uint64_t mult_frac(uint64_t x, uint64_t num, uint64_t den)
{
	return x / den * num + x % den * num / den;
}

/* bytes and pages that the group stores, the root's by the pool's own counters */
static void backing_of(const struct zsim_state *st, zsim_memcg memcg, uint64_t *bytes,
		       uint64_t *pages)
{
	if (!group_counts(st)) {
		*bytes = zsim_zsmalloc_pages(&st->pool) * ZSIM_PAGE_SIZE;
		*pages = st->counters[ZSIM_COUNTER_STORED_PAGES];
		return;
	}
	*bytes = zsim_memcg_stat(st, memcg, ZSIM_STAT_ZSWAP);
	*pages = zsim_memcg_stat(st, memcg, ZSIM_STAT_ZSWAPPED) / ZSIM_PAGE_SIZE;
}

/* what count() answers, and how many swap-ins it uses up */
static uint64_t count(const struct zsim_state *st, const struct zsim_slab *s, uint64_t *used)
{
	uint64_t length = zsim_lru_count(st, s->memcg, s->node);
	uint64_t bytes, pages;

	*used = 0;
	if (!may_count(st, s))
		return 0;
	backing_of(st, s->memcg, &bytes, &pages);
	if (!pages)
		return 0;
	*used = min_u64(length, zsim_lru_at(st, s->memcg, s->node)->swapins);
	return mult_frac(length - *used, bytes / ZSIM_PAGE_SIZE, pages);
}

static void slab_plan(struct zsim_slab *s)
{
	s->delta = (s->freeable >> s->priority) * 4 / SHRINKER_SEEKS;
	s->total = min_u64((s->deferred >> s->priority) + s->delta, 2 * s->freeable);
}

void zsim_call_slab(struct zsim_state *st, struct zsim_call *call, const struct zsim_slab *slab)
{
	*call = (struct zsim_call){
		.id = call->id,
		.kind = ZSIM_CALL_SLAB,
		.cause = ZSIM_CAUSE_SHRINKER,
		.pc = ZSIM_D_SLAB_COUNT,
		.top = ZSIM_MEMCG_NONE,
		.at = ZSIM_MEMCG_NONE,
		.turn.visit = ZSIM_NIL,
		.slab = *slab,
	};
	zsim_iter_move(st, &call->top, slab->memcg);
}

static void scan_begin(const struct zsim_state *st, struct zsim_call *call, uint64_t nr)
{
	struct zsim_slab *s = &call->slab;

	s->batch = min_u64(nr, UINT32_MAX);
	s->written = 0;
	call->walk.met_cached = false;
	s->refused = !shrinker_on(st, s->memcg);
	call->pc = s->refused ? ZSIM_D_SLAB_BATCH : ZSIM_D_WALK;
}

void zsim_call_shrinker(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg,
			uint32_t node, uint64_t nr)
{
	const struct zsim_slab slab = { .memcg = memcg, .node = node };

	zsim_call_slab(st, call, &slab);
	call->kind = ZSIM_CALL_SHRINKER;
	scan_begin(st, call, nr);
}

bool zsim_slab_count_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_slab *s = &call->slab;
	uint64_t used;

	if (!call->driven) /* a kernel's own count is an input: its statistics lag */
		s->freeable = count(st, s, &used);
	s->deferred = zsim_lru_at(st, s->memcg, s->node)->deferred;
	slab_plan(s);
	d->memcg = s->memcg;
	d->node = s->node;
	d->nr = (uint32_t)s->freeable;
	d->deferred = s->deferred;
	d->delta = s->delta;
	d->total = s->total;
	return true;
}

static void batch_begin(const struct zsim_state *st, struct zsim_call *call)
{
	const struct zsim_slab *s = &call->slab;

	if (s->total >= st->algo.shrinker_batch || s->total >= s->freeable)
		scan_begin(st, call, min_u64(st->algo.shrinker_batch, s->total));
	else
		call->pc = ZSIM_D_SLAB_END;
}

int zsim_slab_count_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_slab *s = &call->slab;
	struct zsim_lru *lru = zsim_lru_at(st, s->memcg, s->node);
	uint64_t used;

	ZSIM_EXPECT(st, !may_count(st, s) || !group_counts(st) || !st->memcg_disabled, NULL_GROUP);
	ZSIM_EXPECT(st, !lru->dead || !count(st, s, &used), DEAD_SUMMED);
	count(st, s, &used);
	lru->swapins -= used;
	lru->shrinker_bit &= lru->length > 0;
	if (!s->freeable) {
		zsim_call_end(call, 0);
		return 0;
	}
	s->deferred = d->deferred;
	s->delta = d->delta;
	s->total = d->total;
	lru->deferred = 0;
	batch_begin(st, call);
	return 0;
}

void zsim_slab_walk_ended(struct zsim_call *call)
{
	call->pc = ZSIM_D_SLAB_BATCH;
}

bool zsim_slab_batch_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_slab *s = &call->slab;
	bool stop = s->refused || call->walk.met_cached || !s->written;

	(void)st;
	d->memcg = s->memcg;
	d->node = s->node;
	d->nr = (uint32_t)s->batch;
	d->rc = stop ? SHRINK_STOP : (int64_t)s->written;
	return true;
}

int zsim_slab_batch_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_slab *s = &call->slab;

	if (call->kind == ZSIM_CALL_SHRINKER) {
		zsim_call_end(call, d->rc);
		return 0;
	}
	if (d->rc == SHRINK_STOP) {
		call->pc = ZSIM_D_SLAB_END;
		return 0;
	}
	s->freed += (uint64_t)d->rc;
	s->total -= s->batch;
	s->scanned += s->batch;
	batch_begin(st, call);
	return 0;
}

bool zsim_slab_end_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_slab *s = &call->slab;
	uint64_t left = s->deferred + s->delta;

	left = left > s->scanned ? left - s->scanned : 0;
	d->memcg = s->memcg;
	d->node = s->node;
	d->deferred = zsim_lru_at(st, s->memcg, s->node)->deferred + min_u64(left, 2 * s->freeable);
	d->total = s->total;
	d->rc = (int64_t)s->freed;
	return true;
}

int zsim_slab_end_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_lru_at(st, call->slab.memcg, call->slab.node)->deferred = d->deferred;
	zsim_call_end(call, d->rc);
	return 0;
}
