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

/**
 * struct row - visits under way
 * @lru: the list; @entry: comes next, or ZSIM_NIL
 * @at: filled with those that were made, @nr of up to @max
 * @asked: as in zsim_call_visits()
 */
struct row {
	struct zsim_lru *lru;
	uint32_t entry;
	struct zsim_visit_done *at;
	uint32_t nr;
	uint32_t max;
	bool asked;
};

static struct zsim_visit_done *visit_done(struct row *r, const struct zsim_entry *e, bool written)
{
	struct zsim_visit_done *done = &r->at[r->nr++];

	*done = (struct zsim_visit_done){
		.slot = zsim_entry_slot(e),
		.length = zsim_entry_length(e),
		.written = written,
	};
	return done;
}

/*
 * Entries that are referenced, one after the other. They stay in order when they move to the
 * tail in turn, so their links to each other stay too; at the end of the list a walker comes
 * round to the first that it moved.
 */
static void visits_rotate(struct zsim_state *st, struct row *r)
{
	uint32_t first = r->entry, last;
	struct zsim_entry *e;

	do {
		last = r->entry;
		e = zsim_entry_at(st, last);
		if (!r->asked)
			zsim_entry_prefetch_visit(st, e);
		e->referenced = 0;
		e->marked = 0;
		visit_done(r, e, false);
		r->entry = e->next;
	} while (r->nr < r->max && r->entry != ZSIM_NIL && zsim_entry_at(st, r->entry)->referenced);
	if (last == r->lru->tail && first != last)
		r->entry = first;
	zsim_lru_rotate_on(st, r->lru, first, last);
}

/* one that is written: the walk dropped the lock, and begins at the head again */
static uint32_t visit_write(struct zsim_state *st, struct row *r)
{
	const struct zsim_entry *e = zsim_entry_at(st, r->entry);
	uint32_t length = visit_done(r, e, true)->length;

	if (!r->asked)
		zsim_entry_prefetch_visit(st, e);
	zsim_entry_drop_for(st, r->entry, ZSIM_STAT_ZSWPWB);
	r->entry = r->lru->head;
	return length;
}

static void visits_make(struct zsim_state *st, struct row *r, struct zsim_visits *v)
{
	const struct zsim_entry *e;

	while (r->nr < r->max && r->entry != ZSIM_NIL) {
		e = zsim_entry_at(st, r->entry);
		if (e->referenced) {
			visits_rotate(st, r);
			continue;
		}
		if (zsim_slot_set_has(&st->cache, zsim_entry_slot(e)))
			break;
		v->bytes += visit_write(st, r);
		v->written++;
	}
	v->nr = r->nr;
}

void zsim_call_visits(struct zsim_state *st, struct zsim_call *call, struct zsim_visits *visits,
		      struct zsim_visit_done *at, uint32_t max, bool asked)
{
	struct zsim_walk *w = &call->walk;
	struct row r = { .at = at, .asked = asked };

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
	r.lru = zsim_lru_at(st, w->memcg, w->node);
	r.entry = w->next;
	r.max = w->nr < max ? w->nr : max;
	visits_make(st, &r, visits);
	if (r.nr)
		w->restart = at[r.nr - 1].written;
	w->next = r.entry;
	w->nr -= visits->nr;
	visits->left = w->nr;
	call->visits += visits->nr;
	call->shrink.visits += visits->nr;
	zsim_lru_walker_removed(st, w->node, visits->written);
	zsim_writeback_done(st, call, visits->written, visits->bytes);
}
