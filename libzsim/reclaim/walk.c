/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.c - walking a list, and the verdict on each entry.
 *
 * Where a visit can have one outcome only, visits.c makes it at once: who changes the one
 * changes the other.
 *
 * Source: __list_lru_walk_one() in mm/list_lru.c and shrink_memcg_cb() in
 * mm/zswap.c, Linux 7.2.
 */
#include <errno.h>

#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "reclaim/steps.h"

static bool by_shrinker(const struct zsim_call *call)
{
	return call->cause == ZSIM_CAUSE_SHRINKER;
}

bool zsim_walk_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	if (!by_shrinker(call)) {
		if (zsim_shrink_walk_next(st, call, d))
			return true;
		call->pc = ZSIM_D_SHRINK_RET;
		return false;
	}
	d->memcg = call->slab.memcg;
	d->node = call->slab.node;
	d->nr = (uint32_t)call->slab.batch;
	return true;
}

int zsim_walk_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_lru *lru = zsim_lru_at(st, d->memcg, d->node);

	zsim_walker_uses(st, call, d->memcg);
	if (!by_shrinker(call)) {
		ZSIM_EXPECT(st, !st->algo.batched || !lru->dead, DEAD_SUMMED);
		zsim_shrink_walk_begun(st, call, d->node, d->nr);
	}
	call->walk = (struct zsim_walk){
		.memcg = d->memcg,
		.node = d->node,
		.nr = d->nr,
		.restart = true,
		.at_point = d->nr && lru->length && !lru->dead,
	};
	call->pc = ZSIM_D_SCAN;
	return 0;
}

static void walk_end(struct zsim_call *call)
{
	if (by_shrinker(call)) {
		zsim_slab_walk_ended(call);
		return;
	}
	zsim_shrink_walk_ended(call);
	call->pc = ZSIM_D_WALK;
}

uint32_t zsim_walk_head(struct zsim_state *st, const struct zsim_walk *w)
{
	const struct zsim_lru *lru = zsim_lru_at(st, w->memcg, w->node);

	if (ZSIM_DEFECT(st, LIST_AFTER_FREE))
		ZSIM_EXPECT(st, !lru->dead, LIST_DEAD);
	else if (lru->dead)
		return ZSIM_NIL;
	return lru->head;
}

/* 8: what was next before the lock was dropped may be free by now, or elsewhere */
static bool walk_lost(const struct zsim_state *st, const struct zsim_walk *w)
{
	const struct zsim_entry *e;

	if (w->next == ZSIM_NIL)
		return false;
	e = zsim_entry_at(st, w->next);
	return !e->live || zsim_lru_of(st, e) != zsim_lru_at(st, w->memcg, w->node);
}

bool zsim_scan_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_walk *w = &call->walk;
	const struct zsim_entry *e;

	w->at_point = false;
	if (w->restart) {
		w->next = zsim_walk_head(st, w);
		w->restart = false;
	}
	if (ZSIM_DEFECT(st, SKIP_AFTER_UNLOCK) && walk_lost(st, w))
		w->next = ZSIM_NIL;
	if (!w->nr || w->stopped || w->next == ZSIM_NIL) {
		walk_end(call);
		return false;
	}
	e = zsim_entry_at(st, w->next);
	zsim_entry_prefetch_visit(st, e);
	call->turn.entry = w->next;
	d->memcg = e->memcg;
	d->node = e->node;
	d->slot = zsim_entry_slot(e);
	d->length = zsim_entry_length(e);
	d->referenced = e->referenced;
	return true;
}

/* the next entry is read on arrival, before the visit: a rotation does not change it */
int zsim_scan_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_walk *w = &call->walk;
	struct zsim_turn *t = &call->turn;
	int rc;

	*t = (struct zsim_turn){
		.slot = d->slot,
		.entry = t->entry,
		.visit = ZSIM_NIL,
		.length = d->length,
		.node = d->node,
	};
	w->nr--;
	w->next = zsim_entry_at(st, t->entry)->next;
	call->visits++;
	call->shrink.visits++;
	if (d->referenced) {
		t->verdict = ZSIM_LRU_ROTATE;
		call->pc = ZSIM_D_SCAN_RET;
		return 0;
	}
	rc = zsim_visit_begin(st, t->entry, &t->visit);
	if (rc)
		return rc;
	zsim_lru_rotate(st, t->entry);
	call->pc = ZSIM_D_CACHE_ADD;
	return 0;
}

bool zsim_scan_ret_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	d->slot = call->turn.slot;
	d->length = call->turn.length;
	d->node = call->turn.node;
	d->rc = call->turn.verdict;
	return true;
}

static void rotate(struct zsim_state *st, uint32_t entry)
{
	zsim_entry_at(st, entry)->referenced = 0;
	zsim_lru_rotate(st, entry);
}

int zsim_scan_ret_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_walk *w = &call->walk;
	bool skips = ZSIM_DEFECT(st, SKIP_AFTER_UNLOCK) && d->rc == ZSIM_LRU_SKIP;

	zsim_walker_uses(st, call, w->memcg);
	switch ((enum zsim_verdict)d->rc) {
	case ZSIM_LRU_ROTATE:
		rotate(st, call->turn.entry);
		break;
	case ZSIM_LRU_REMOVED_RETRY:
		zsim_lru_walker_removed(st, call->turn.node, 1);
		w->stopped |= ZSIM_DEFECT(st, WORKER_ONE_PAGE) && call->kind == ZSIM_CALL_WORKER;
		break;
	case ZSIM_LRU_SKIP:
		ZSIM_EXPECT(st, !w->nr || w->next == ZSIM_NIL, UNLOCKED_WALK);
		break;
	case ZSIM_LRU_RETRY:
		break;
	case ZSIM_LRU_STOP:
		w->stopped = true;
		break;
	}
	w->restart = w->at_point = d->rc != ZSIM_LRU_ROTATE && !skips;
	call->pc = ZSIM_D_SCAN;
	return 0;
}
