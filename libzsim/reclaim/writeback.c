/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writeback.c - one entry to the swap device, with every way that it can fail.
 *
 * Source: zswap_writeback_entry() in mm/zswap.c, Linux 7.2. Between the
 * decisions here the list's lock is not held: anything may happen. Where nothing
 * can, visits.c does all of it at once.
 */
#include <errno.h>

#include "model/entry.h"
#include "model/memcg.h"
#include "reclaim/steps.h"

static void decision_of_turn(const struct zsim_call *call, struct zsim_decision *d)
{
	d->slot = call->turn.slot;
	d->length = call->turn.length;
	d->node = call->turn.node;
	d->memcg = call->walk.memcg;
}

/* peeking must not use up a pending failure, so it looks only */
static int failing(const struct zsim_state *st, enum zsim_fail kind, int error)
{
	return st->fail[kind] ? error : 0;
}

bool zsim_cache_add_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);

	decision_of_turn(call, d);
	if (v->freed || zsim_slot_set_has(&st->cache, v->slot))
		d->rc = -EEXIST;
	else
		d->rc = failing(st, ZSIM_FAIL_SWAPCACHE_ALLOC, -ENOMEM);
	return true;
}

/* the walker's own page: it is locked and on no list until the write, or its failure, is over */
static void page_enter_cache(struct zsim_state *st, const struct zsim_call *call)
{
	zsim_visit_at(st, call->turn.visit)->cached = true;
	if (call->driven)
		return;
	st->wb_locked++;
	st->wb_unlisted++;
}

int zsim_cache_add_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);

	if (d->rc) {
		if (d->rc == -ENOMEM)
			zsim_state_fails(st, ZSIM_FAIL_SWAPCACHE_ALLOC);
		call->turn.rc = (int)d->rc;
		call->pc = ZSIM_D_WRITEBACK;
		return 0;
	}
	if (zsim_slot_set_add(&st->cache, v->slot))
		return -ENOMEM;
	page_enter_cache(st, call);
	call->pc = ZSIM_D_REMOVE;
	return 0;
}

bool zsim_remove_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	decision_of_turn(call, d);
	if (zsim_visit_at(st, call->turn.visit)->gone && !ZSIM_DEFECT(st, STALE_WRITEBACK))
		d->rc = -ENOMEM;
	else
		d->rc = failing(st, ZSIM_FAIL_DECOMPRESS, -EIO);
	return true;
}

void zsim_writeback_page_drop(struct zsim_state *st, const struct zsim_call *call)
{
	struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);

	if (v->cached && !call->driven) {
		st->wb_locked--;
		st->wb_unlisted--;
	}
	if (v->cached)
		zsim_slot_set_remove(&st->cache, v->slot);
	v->cached = false;
}

/* 7: written and unlocked, and on no list; 10: the entry was gone, and the page stays as it is */
static bool page_stays(const struct zsim_state *st, int64_t rc)
{
	return (ZSIM_DEFECT(st, PAGE_OFF_LIST) && !rc) ||
	       (ZSIM_DEFECT(st, PAGE_LEFT_LOCKED) && rc == -ENOMEM);
}

/* a driven walker's page stays in the swap cache until the kernel's own record of it */
static void page_leave_cache(struct zsim_state *st, const struct zsim_call *call, int64_t rc)
{
	struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);

	if (v->cached && !call->driven && page_stays(st, rc))
		st->wb_locked -= !rc;
	else if (v->cached && !call->driven)
		zsim_writeback_page_drop(st, call);
	v->cached = false;
}

static void entry_written(struct zsim_state *st, struct zsim_call *call)
{
	const struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);

	if (!v->gone)
		zsim_entry_drop_for(st, v->entry, ZSIM_STAT_ZSWPWB);
	call->turn.removed = true;
}

int zsim_remove_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	ZSIM_EXPECT(st, !zsim_slot_gone(st, call->turn.slot), TREE_DEAD);
	if (!d->rc)
		entry_written(st, call);
	else if (d->rc == -EIO && zsim_state_fails(st, ZSIM_FAIL_DECOMPRESS))
		st->counters[ZSIM_COUNTER_DECOMPRESS_FAIL]++;
	page_leave_cache(st, call, d->rc);
	call->turn.rc = (int)d->rc;
	call->pc = ZSIM_D_WRITEBACK;
	return 0;
}

bool zsim_writeback_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	decision_of_turn(call, d);
	d->rc = call->turn.rc;
	return true;
}

static enum zsim_verdict verdict_of(const struct zsim_state *st, const struct zsim_call *call,
				    int64_t rc)
{
	if (!rc)
		return ZSIM_LRU_REMOVED_RETRY;
	if (ZSIM_DEFECT(st, SKIP_AFTER_UNLOCK))
		return ZSIM_LRU_SKIP;
	if (rc == -EEXIST && (st->algo.batched || call->cause == ZSIM_CAUSE_SHRINKER))
		return ZSIM_LRU_STOP;
	return ZSIM_LRU_RETRY;
}

void zsim_writeback_done(struct zsim_state *st, struct zsim_call *call, uint32_t pages,
			 uint64_t bytes)
{
	st->counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES] += pages;
	st->written_by[call->cause] += pages;
	call->shrink.written += pages;
	call->shrink.bytes += bytes;
	call->slab.written += pages;
}

int zsim_writeback_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_turn *t = &call->turn;

	if (!d->rc && !t->removed) /* recorded as written where the model saw a failure */
		entry_written(st, call);
	page_leave_cache(st, call, d->rc);
	t->rc = (int)d->rc;
	t->verdict = verdict_of(st, call, d->rc);
	zsim_visit_end(st, t->visit);
	t->visit = ZSIM_NIL;
	if (d->rc) {
		st->counters[ZSIM_COUNTER_REJECT_RECLAIM_FAIL]++;
		call->walk.met_cached |= d->rc == -EEXIST;
	} else {
		zsim_writeback_done(st, call, 1, t->length);
	}
	call->pc = ZSIM_D_SCAN_RET;
	return 0;
}
