/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor_call.c - requests and the worker: where they go, what they count, and
 * whether they may leave.
 */
#include "check/watch.h"

#include <errno.h>
#include <string.h>

#include "model/entry.h"
#include "model/limit.h"
#include "model/memcg_iter.h"

typedef unsigned long long ull;

/* ---- beginning ------------------------------------------------------------------ */

static void cold_note(struct zsim_monitor *m, const struct zsim_state *st,
		      const struct zsim_watch *w, zsim_memcg memcg)
{
	uint64_t *cold = zsim_watch_set(m, w, m->cold);

	for (uint32_t node = 0; node < st->nodes; node++)
		for (uint32_t i = zsim_lru_at(st, memcg, node)->head; i != ZSIM_NIL;
		     i = zsim_entry_at(st, i)->next)
			if (!zsim_entry_at(st, i)->referenced)
				zsim_set_add(cold, m->words, i);
}

void zsim_watch_begin(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call)
{
	zsim_memcg memcg = ZSIM_MEMCG_NONE;

	if (call->kind == ZSIM_CALL_SHRINKER || call->kind == ZSIM_CALL_SLAB)
		w->target = call->slab.memcg;
	if (call->kind == ZSIM_CALL_WORKER)
		w->flags |= ZSIM_WATCH_WORKER;
	if (call->kind != ZSIM_CALL_REQUEST)
		return;
	w->target = call->top;
	zsim_set_add(m->requested, m->group_words, call->top);
	while (m->cold && (memcg = zsim_iter_next(st, call->top, memcg)) != ZSIM_MEMCG_NONE)
		cold_note(m, st, w, memcg);
}

/* ---- steps ---------------------------------------------------------------------- */

void zsim_watch_group(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call, const struct zsim_decision *d)
{
	w->flags &= ~(ZSIM_WATCH_FAILED | ZSIM_WATCH_DISTURBED);
	if (call->kind != ZSIM_CALL_REQUEST || d->memcg == ZSIM_MEMCG_NONE ||
	    !zsim_monitor_checks(m, ZSIM_P_CONTAINMENT) ||
	    zsim_memcg_within(st, d->memcg, w->target))
		return;
	zsim_monitor_break(m, ZSIM_P_CONTAINMENT,
			   "a request of group %u went to group %u, which is not below it",
			   w->target, d->memcg);
}

/* the model's answer found anew, from the settings themselves */
static bool is_off(const struct zsim_state *st, zsim_memcg memcg)
{
	if (st->memcg_disabled || !st->params[ZSIM_PARAM_ENABLED])
		return false;
	for (; memcg != ZSIM_MEMCG_NONE; memcg = zsim_memcg_at(st, memcg)->parent)
		if (!zsim_memcg_at(st, memcg)->writeback)
			return true;
	return false;
}

static bool refuses(const struct zsim_state *st, zsim_memcg memcg)
{
	return is_off(st, memcg) || zsim_memcg_at(st, memcg)->state >= ZSIM_MEMCG_OFFLINE;
}

void zsim_watch_shrink(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		       const struct zsim_call *call)
{
	uint64_t *visited = zsim_watch_set(m, w, m->visited);
	zsim_memcg memcg = call->shrink.memcg;

	w->removed = 0;
	if (visited)
		memset(visited, 0, sizeof(*visited) * m->words);
	if (call->shrink.refused != refuses(st, memcg))
		zsim_monitor_break(m, ZSIM_P_WRITEBACK_ANCESTORS,
				   "writeback of group %u or an ancestor is %s, and shrink_memcg() "
				   "%s",
				   memcg, call->shrink.refused ? "on" : "off",
				   call->shrink.refused ? "refuses" : "goes on");
}

/* a scan call asks for itself, right before its walk */
void zsim_watch_walk(struct zsim_monitor *m, const struct zsim_state *st,
		     const struct zsim_call *call, const struct zsim_decision *d)
{
	if ((call->kind == ZSIM_CALL_SHRINKER || call->kind == ZSIM_CALL_SLAB) &&
	    is_off(st, d->memcg))
		zsim_monitor_break(m, ZSIM_P_WRITEBACK_ANCESTORS,
				   "writeback of group %u or an ancestor is off, and the shrinker "
				   "walks its list of node %u",
				   d->memcg, d->node);
}

void zsim_watch_shrunk(struct zsim_monitor *m, struct zsim_watch *w, const struct zsim_call *call)
{
	if (zsim_monitor_checks(m, ZSIM_P_BYTES_CLAIMED) && w->removed != call->shrink.bytes)
		zsim_monitor_break(m, ZSIM_P_BYTES_CLAIMED,
				   "%s claims %llu bytes of group %u, and %llu left",
				   zsim_watch_who(call), (ull)call->shrink.bytes,
				   call->shrink.memcg, (ull)w->removed);
	w->removed = 0;
}

static zsim_memcg iterated(const struct zsim_state *st, const struct zsim_call *call)
{
	return call->at == ZSIM_MEMCG_NONE ? ZSIM_MEMCG_ROOT : zsim_memcg_living(st, call->at);
}

void zsim_watch_step(struct zsim_monitor *m, const struct zsim_state *st,
		     const struct zsim_call *call, const struct zsim_decision *d)
{
	if (call->kind != ZSIM_CALL_REQUEST || d->rc <= 0)
		return;
	m->was_of = iterated(st, call);
	m->was = zsim_memcg_at(st, m->was_of)->zswpwb_proactive_b;
}

static void bound_check(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call)
{
	uint64_t bound = zsim_call_step_bound(st, call);

	if (call->steps > bound)
		zsim_monitor_break(m, ZSIM_P_STEP_BOUND,
				   "a request of group %u took %llu steps, %llu of which wrote, "
				   "and the bound is %llu",
				   call->top, (ull)call->steps, (ull)call->steps_wrote, (ull)bound);
}

void zsim_watch_stepped(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			const struct zsim_call *call, const struct zsim_decision *d)
{
	uint64_t now;

	w->flags &= ~ZSIM_WATCH_FAILED;
	if (call->kind != ZSIM_CALL_REQUEST)
		return;
	bound_check(m, st, call);
	if (d->rc <= 0)
		return;
	now = zsim_memcg_at(st, m->was_of)->zswpwb_proactive_b;
	if (now != m->was + (uint64_t)d->rc)
		zsim_monitor_break(m, ZSIM_P_ACCOUNTING,
				   "a step wrote %lld bytes and zswpwb_proactive_b of group %u "
				   "went from %llu to %llu",
				   (long long)d->rc, m->was_of, (ull)m->was, (ull)now);
}

/* an empty pass, or a candidate that yielded nothing */
static bool may_fail(const struct zsim_state *st, const struct zsim_call *call,
		     const struct zsim_decision *d)
{
	if (d->kind == ZSIM_D_NEXT_GROUP)
		return d->memcg == ZSIM_MEMCG_NONE && !d->scans;
	if (d->kind != ZSIM_D_SHRINK_RET || !call->shrink.visits)
		return false;
	return st->algo.batched ? d->rc <= 0 && d->rc != -ENOENT : d->rc == -EAGAIN;
}

void zsim_watch_failures(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			 const struct zsim_call *call, const struct zsim_decision *d)
{
	uint32_t more = d->kind == ZSIM_D_NEXT_GROUP ? st->algo.empty_failures : 1;
	bool once = call->failures == w->failures + more && !(w->flags & ZSIM_WATCH_FAILED);

	if (call->failures == w->failures || !zsim_monitor_checks(m, ZSIM_P_ONLY_CANDIDATES))
		return;
	if (!once || !may_fail(st, call, d))
		zsim_monitor_break(m, ZSIM_P_ONLY_CANDIDATES,
				   "failures of %s went from %u to %u at group %u, with %u visits",
				   zsim_watch_who(call), w->failures, call->failures,
				   call->shrink.memcg, call->shrink.visits);
	w->failures = call->failures;
	w->flags |= ZSIM_WATCH_FAILED;
}

/* ---- leaving -------------------------------------------------------------------- */

/* the released kernels count nothing when the root has no entry; v5 gives up */
static bool worker_may_leave(const struct zsim_state *st, const struct zsim_call *call)
{
	return call->failures >= st->algo.max_retries ||
	       (st->memcg_disabled && st->algo.batched && call->shrink_rc == -ENOENT);
}

static uint64_t entries_of(const struct zsim_state *st, zsim_memcg memcg)
{
	uint64_t entries = 0;

	for (uint32_t node = 0; node < st->nodes; node++)
		entries += zsim_lru_at(st, memcg, node)->length;
	return entries;
}

/* entries that a walker could be sent to */
static uint64_t entries_enabled(const struct zsim_state *st)
{
	zsim_memcg memcg = ZSIM_MEMCG_NONE;
	uint64_t entries = 0;

	while ((memcg = zsim_iter_next_online(st, ZSIM_MEMCG_ROOT, memcg)) != ZSIM_MEMCG_NONE)
		if (zsim_memcg_writeback(st, memcg))
			entries += entries_of(st, memcg);
	return entries;
}

static void worker_bound_check(struct zsim_monitor *m, const struct zsim_state *st,
			       const struct zsim_watch *w, const struct zsim_call *call)
{
	uint64_t most = (uint64_t)st->algo.batch * st->algo.max_retries;
	uint64_t entries = entries_enabled(st) + w->written;

	if (call->visits < (entries < most ? entries : most))
		zsim_monitor_break(m, ZSIM_P_WORKER_BOUND,
				   "the worker left %llu pages, above the threshold of %llu, after "
				   "%llu visits to %llu entries",
				   (ull)zsim_zsmalloc_pages(&st->pool), (ull)zsim_limit_accept(st),
				   (ull)call->visits, (ull)entries);
}

static void worker_leaves(struct zsim_monitor *m, const struct zsim_state *st,
			  const struct zsim_watch *w, const struct zsim_call *call)
{
	uint64_t pages = zsim_zsmalloc_pages(&st->pool);
	uint64_t accept = zsim_limit_accept(st);

	if (pages <= accept)
		return;
	if (!worker_may_leave(st, call))
		zsim_monitor_break(m, ZSIM_P_WORKER_LEAVES,
				   "the worker left %llu pages, above the threshold of %llu, after "
				   "%u failures of %u",
				   (ull)pages, (ull)accept, call->failures, st->algo.max_retries);
	if (st->memcg_disabled && !call->visits && !(w->flags & ZSIM_WATCH_DISTURBED) &&
	    entries_of(st, ZSIM_MEMCG_ROOT))
		zsim_monitor_break(m, ZSIM_P_WORKER_PROGRESS,
				   "the worker left %llu pages, above the threshold of %llu, and "
				   "visited none of the root's %llu entries",
				   (ull)pages, (ull)accept, (ull)entries_of(st, ZSIM_MEMCG_ROOT));
	if (zsim_monitor_checks(m, ZSIM_P_WORKER_BOUND))
		worker_bound_check(m, st, w, call);
}

/* an entry of the group's lists that a writeback could write; of @cold ones only, if given */
static uint32_t writable_in(const struct zsim_monitor *m, const struct zsim_state *st,
			    zsim_memcg memcg, const uint64_t *cold)
{
	for (uint32_t node = 0; node < st->nodes; node++)
		for (uint32_t i = zsim_lru_at(st, memcg, node)->head; i != ZSIM_NIL;
		     i = zsim_entry_at(st, i)->next) {
			const struct zsim_entry *e = zsim_entry_at(st, i);

			if (cold && (e->referenced || !zsim_set_has(cold, m->words, i)))
				continue;
			if (!zsim_slot_set_has(&st->cache, zsim_entry_slot(e)))
				return i;
		}
	return ZSIM_NIL;
}

static void progress_check(struct zsim_monitor *m, const struct zsim_state *st,
			   const struct zsim_call *call, enum zsim_property property,
			   const uint64_t *cold)
{
	zsim_memcg memcg = ZSIM_MEMCG_NONE;
	uint32_t entry = ZSIM_NIL;

	if (!zsim_monitor_checks(m, property))
		return;
	while (entry == ZSIM_NIL &&
	       (memcg = zsim_iter_next_online(st, call->top, memcg)) != ZSIM_MEMCG_NONE)
		if (zsim_memcg_writeback(st, memcg))
			entry = writable_in(m, st, memcg, cold);
	if (entry != ZSIM_NIL)
		zsim_monitor_break(m, property,
				   "a request of group %u wrote nothing in %llu visits, and slot "
				   "0x%llx of group %u%s could be written",
				   call->top, (ull)call->visits,
				   (ull)zsim_entry_slot(zsim_entry_at(st, entry)), memcg,
				   cold ? ", cold all along," : "");
}

static void request_leaves(struct zsim_monitor *m, const struct zsim_state *st,
			   const struct zsim_watch *w, const struct zsim_call *call)
{
	uint64_t batch = st->algo.batch;

	bound_check(m, st, call);
	if (call->done >= call->wanted && call->done - call->wanted >= batch * ZSIM_PAGE_SIZE)
		zsim_monitor_break(m, ZSIM_P_OVERSHOOT,
				   "a request of group %u for %llu bytes wrote %llu", call->top,
				   (ull)call->wanted, (ull)call->done);
	if (call->visits > batch * call->steps)
		zsim_monitor_break(m, ZSIM_P_OVERSHOOT,
				   "a request of group %u made %llu visits in %llu steps of %llu",
				   call->top, (ull)call->visits, (ull)call->steps, (ull)batch);
	if (call->rc != -EAGAIN || call->done)
		return;
	progress_check(m, st, call, ZSIM_P_PROGRESS, NULL);
	progress_check(m, st, call, ZSIM_P_PROGRESS_COLD, zsim_watch_set(m, w, m->cold));
}

void zsim_watch_leave(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call)
{
	if (w->flags & ZSIM_WATCH_LEAVING)
		return;
	w->flags |= ZSIM_WATCH_LEAVING;
	if (call->kind == ZSIM_CALL_WORKER)
		worker_leaves(m, st, w, call);
	else if (call->kind == ZSIM_CALL_REQUEST)
		request_leaves(m, st, w, call);
}
