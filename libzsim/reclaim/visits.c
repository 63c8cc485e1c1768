/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * visits.c - visits in a row, where walk.c and writeback.c would decide the same one by one.
 *
 * A visit under the list's lock, and a writeback that neither fails nor meets anybody, have
 * one outcome each. It is all that is here of their steps: the rest is left to those.
 */
#include "model/entry.h"
#include "model/list_lru.h"
#include "reclaim/steps.h"

static bool is_plain(const struct zsim_state *st, const struct zsim_call *call)
{
	return !call->walk.stopped && !st->defect && !st->fail[ZSIM_FAIL_SWAPCACHE_ALLOC] &&
	       !st->fail[ZSIM_FAIL_DECOMPRESS];
}

static bool meets_cached(const struct zsim_state *st, const struct zsim_entry *e)
{
	return !e->referenced && zsim_slot_set_has(&st->cache, zsim_entry_slot(e));
}

/* one visit of @entry, which is on @lru: rotated or written */
static struct zsim_visit_done visit(struct zsim_state *st, struct zsim_lru *lru, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_visit_done done = {
		.slot = zsim_entry_slot(e),
		.length = zsim_entry_length(e),
		.written = !e->referenced,
	};

	if (done.written) {
		zsim_entry_drop_for(st, entry, ZSIM_STAT_ZSWPWB);
		return done;
	}
	e->referenced = 0;
	zsim_lru_rotate_on(st, lru, entry);
	return done;
}

/* a write drops the lock, and the walk begins at the head again */
static void visits_make(struct zsim_state *st, struct zsim_walk *w, uint32_t max, bool asked,
			struct zsim_visits *v, struct zsim_visit_done *at)
{
	struct zsim_lru *lru = zsim_lru_at(st, w->memcg, w->node);
	uint32_t entry = w->next, next, nr = 0, written = 0;
	const struct zsim_entry *e;
	uint64_t bytes = 0;

	for (; nr < max && entry != ZSIM_NIL; nr++) {
		e = zsim_entry_at(st, entry);
		if (!asked)
			zsim_entry_prefetch_visit(st, e);
		if (meets_cached(st, e))
			break;
		next = e->next;
		at[nr] = visit(st, lru, entry);
		written += at[nr].written;
		bytes += at[nr].written ? at[nr].length : 0;
		entry = at[nr].written ? lru->head : next;
	}
	w->next = entry;
	w->restart = nr ? at[nr - 1].written : w->restart;
	v->nr = nr;
	v->written = written;
	v->bytes = bytes;
}

void zsim_call_visits(struct zsim_state *st, struct zsim_call *call, struct zsim_visits *visits,
		      struct zsim_visit_done *at, uint32_t max, bool asked)
{
	struct zsim_walk *w = &call->walk;

	*visits = (struct zsim_visits){
		.cause = call->cause,
		.call = call->id,
		.memcg = w->memcg,
		.node = w->node,
		.at = at,
	};
	if (!is_plain(st, call))
		return;
	if (w->restart)
		w->next = zsim_walk_head(st, w);
	visits_make(st, w, w->nr < max ? w->nr : max, asked, visits, at);
	w->nr -= visits->nr;
	visits->left = w->nr;
	call->visits += visits->nr;
	call->shrink.visits += visits->nr;
	zsim_lru_walker_removed(st, w->node, visits->written);
	zsim_writeback_done(st, call, visits->written, visits->bytes);
}
