/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor_visit.c - one entry in a walker's hand: taken by right, once, after its
 * second chance, and written only as what its slot holds.
 */
#include "check/watch.h"

#include "model/entry.h"
#include "model/memcg.h"

typedef unsigned long long ull;

const char *zsim_watch_who(const struct zsim_call *call)
{
	switch (call->kind) {
	case ZSIM_CALL_REQUEST:
		return "a request";
	case ZSIM_CALL_WORKER:
		return "the worker";
	case ZSIM_CALL_STORE:
		return "a store";
	default:
		return "the shrinker";
	}
}

zsim_memcg zsim_watch_list_group(const struct zsim_state *st, const struct zsim_entry *e)
{
	zsim_memcg m = e->memcg;

	while (zsim_lru_at(st, m, e->node)->dead)
		m = zsim_memcg_at(st, m)->parent;
	return m;
}

static bool by_shrink_memcg(const struct zsim_call *call)
{
	return zsim_watch_retries(call) || call->kind == ZSIM_CALL_STORE;
}

/* whether a walker may have an entry shows where it takes it: reparenting moves it later */
static uint32_t taking(const struct zsim_monitor *m, const struct zsim_state *st,
		       const struct zsim_watch *w, uint32_t entry)
{
	const struct zsim_entry *e = zsim_entry_at(st, entry);
	uint32_t flags = 0;

	if (w->target != ZSIM_MEMCG_NONE && zsim_monitor_checks(m, ZSIM_P_OWN_SUBTREE) &&
	    !zsim_memcg_within(st, zsim_watch_list_group(st, e), w->target))
		flags |= ZSIM_WATCH_FOREIGN;
	if (zsim_set_has(m->young, m->words, entry))
		flags |= ZSIM_WATCH_YOUNG;
	return flags;
}

static void visit_note(struct zsim_monitor *m, const struct zsim_watch *w,
		       const struct zsim_call *call, const struct zsim_decision *d)
{
	uint64_t *visited = zsim_watch_set(m, w, m->visited);
	uint32_t entry = call->turn.entry;

	if (visited && by_shrink_memcg(call)) {
		if (zsim_set_has(visited, m->words, entry))
			zsim_monitor_break(m, ZSIM_P_VISIT_ONCE,
					   "%s visited slot 0x%llx twice in one shrink_memcg() of "
					   "group %u",
					   zsim_watch_who(call), (ull)d->slot, call->shrink.memcg);
		zsim_set_add(visited, m->words, entry);
	}
	if (call->kind == ZSIM_CALL_REQUEST)
		zsim_set_add(m->served, m->group_words, call->walk.memcg);
}

void zsim_watch_scan(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		     const struct zsim_call *call, const struct zsim_decision *d)
{
	if (call->kind == ZSIM_CALL_SLAB && call->slab.noio)
		zsim_monitor_break(m, ZSIM_P_IO_CONTEXT,
				   "the shrinker visited slot 0x%llx of group %u where no I/O is "
				   "allowed",
				   (ull)d->slot, call->walk.memcg);
	visit_note(m, w, call, d);
	w->flags &= ~ZSIM_WATCH_VISIT;
	if (!d->referenced)
		w->flags |= taking(m, st, w, call->turn.entry);
}

static void content_check(struct zsim_monitor *m, const struct zsim_visit *v, bool there)
{
	if (!there)
		zsim_monitor_break(m, ZSIM_P_CONTENT,
				   "slot 0x%llx was written from entry %u, which is no longer the "
				   "entry of that slot",
				   (ull)v->slot, v->entry);
	else if (zsim_set_has(m->outdated, m->words, v->entry))
		zsim_monitor_break(m, ZSIM_P_CONTENT,
				   "slot 0x%llx was written with content older than its last "
				   "store, which was rejected",
				   (ull)v->slot);
}

static void taking_check(struct zsim_monitor *m, const struct zsim_watch *w,
			 const struct zsim_call *call, const struct zsim_visit *v)
{
	if (w->flags & ZSIM_WATCH_FOREIGN)
		zsim_monitor_break(m, ZSIM_P_OWN_SUBTREE,
				   "%s for group %u wrote slot 0x%llx from the list of group %u",
				   zsim_watch_who(call), w->target, (ull)v->slot, call->walk.memcg);
	if (w->flags & ZSIM_WATCH_YOUNG)
		zsim_monitor_break(m, ZSIM_P_SECOND_CHANCE,
				   "%s wrote slot 0x%llx, which no visit had rotated since it was "
				   "stored",
				   zsim_watch_who(call), (ull)v->slot);
}

static void own_check(struct zsim_monitor *m, const struct zsim_state *st,
		      const struct zsim_call *call, const struct zsim_visit *v)
{
	zsim_memcg group = zsim_watch_list_group(st, zsim_entry_at(st, v->entry));

	if (call->kind == ZSIM_CALL_REQUEST && group != call->shrink.memcg)
		zsim_monitor_break(m, ZSIM_P_BYTES_OWN,
				   "slot 0x%llx was written for group %u and was on the list of "
				   "group %u by then",
				   (ull)v->slot, call->shrink.memcg, group);
}

/* the entry is about to leave: what it holds, and whom it counts for, can still be read */
void zsim_watch_remove(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		       const struct zsim_call *call)
{
	const struct zsim_visit *v = zsim_visit_at(st, call->turn.visit);
	bool there = !v->gone && zsim_entry_find(st, v->slot) == v->entry;
	const struct zsim_entry *e = zsim_entry_at(st, v->entry);

	m->was_of = ZSIM_MEMCG_NONE;
	content_check(m, v, there);
	taking_check(m, w, call, v);
	if (call->kind == ZSIM_CALL_WORKER && zsim_monitor_checks(m, ZSIM_P_WORKER_BOUND))
		w->written++;
	if (!there)
		return;
	if (zsim_monitor_checks(m, ZSIM_P_BYTES_OWN))
		own_check(m, st, call, v);
	if (zsim_monitor_checks(m, ZSIM_P_BYTES_CLAIMED) && by_shrink_memcg(call))
		w->removed += zsim_entry_length(e);
	zsim_set_drop(m->young, m->words, v->entry);
	zsim_set_drop(m->outdated, m->words, v->entry);
	m->was_of = zsim_memcg_living(st, e->memcg);
	m->was = zsim_memcg_at(st, m->was_of)->zswpwb;
}

void zsim_watch_removed(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call)
{
	uint64_t now;

	if (m->was_of == ZSIM_MEMCG_NONE)
		return;
	now = zsim_memcg_at(st, m->was_of)->zswpwb;
	if (now != m->was + 1)
		zsim_monitor_break(m, ZSIM_P_ACCOUNTING,
				   "slot 0x%llx was written and zswpwb of group %u went from %llu "
				   "to %llu",
				   (ull)call->turn.slot, m->was_of, (ull)m->was, (ull)now);
}

void zsim_watch_written(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			const struct zsim_decision *d)
{
	uint64_t now = st->counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES];

	w->flags |= ZSIM_WATCH_UNLOCKED;
	if (now != m->was + !d->rc)
		zsim_monitor_break(m, ZSIM_P_ACCOUNTING,
				   "the writeback of slot 0x%llx gave %lld and written_back_pages "
				   "went from %llu to %llu",
				   (ull)d->slot, (long long)d->rc, (ull)m->was, (ull)now);
}

void zsim_watch_verdict(struct zsim_monitor *m, const struct zsim_watch *w,
			const struct zsim_decision *d)
{
	if (!(w->flags & ZSIM_WATCH_UNLOCKED) || d->rc == ZSIM_LRU_REMOVED_RETRY ||
	    d->rc == ZSIM_LRU_RETRY || d->rc == ZSIM_LRU_STOP)
		return;
	zsim_monitor_break(m, ZSIM_P_UNLOCK_VERDICT,
			   "the visit of slot 0x%llx dropped the lock, and its verdict %lld lets "
			   "the walk go on",
			   (ull)d->slot, (long long)d->rc);
}

void zsim_watch_visited(struct zsim_monitor *m, struct zsim_watch *w, const struct zsim_call *call,
			const struct zsim_decision *d)
{
	w->flags &= ~ZSIM_WATCH_VISIT;
	if (d->rc == ZSIM_LRU_ROTATE)
		zsim_set_drop(m->young, m->words, call->turn.entry);
}
