/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor_state.c - stores, swap-ins, and what must hold of a state whatever led to it.
 */
#include "check/watch.h"

#include "model/entry.h"
#include "model/limit.h"
#include "model/memcg_iter.h"

typedef unsigned long long ull;

/* ---- stores ----------------------------------------------------------------------- */

void zsim_watch_total(struct zsim_monitor *m, const struct zsim_state *st,
		      const struct zsim_decision *d)
{
	uint64_t now = st->counters[ZSIM_COUNTER_POOL_LIMIT_HIT];

	if (d->pages >= zsim_limit_max(st) && now != m->was + 1)
		zsim_monitor_break(m, ZSIM_P_WORKER_QUEUED,
				   "a store met %llu pages, the limit is %llu, and pool_limit_hit "
				   "went from %llu to %llu",
				   (ull)d->pages, (ull)zsim_limit_max(st), (ull)m->was, (ull)now);
}

void zsim_watch_inserted(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_decision *d)
{
	zsim_monitor_stored(m, zsim_entry_find(st, d->slot));
	if (!st->memcg_disabled || !zsim_monitor_checks(m, ZSIM_P_WORKER_PROGRESS))
		return;
	/* what came meanwhile a worker need not have seen */
	for (uint32_t i = 0; i < m->watches; i++)
		if (m->watch[i].flags & ZSIM_WATCH_WORKER)
			m->watch[i].flags |= ZSIM_WATCH_DISTURBED;
}

void zsim_watch_rejected(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_call *call)
{
	if (st->reached_full && !st->worker_queued)
		zsim_monitor_break(
			m, ZSIM_P_WORKER_QUEUED,
			"a store of slot 0x%llx was rejected, the pool of %llu pages was "
			"full, and the worker is not queued",
			(ull)call->pages.slot, (ull)zsim_zsmalloc_pages(&st->pool));
	for (uint32_t i = 0; i < call->pages.nr; i++) {
		uint32_t entry = zsim_entry_find(st, call->pages.slot + i);

		if (entry == ZSIM_NIL)
			continue;
		zsim_set_add(m->outdated, m->words, entry);
		zsim_monitor_break(m, ZSIM_P_STORE_EMPTY,
				   "a store of slot 0x%llx was rejected and left entry %u there",
				   (ull)call->pages.slot + i, entry);
	}
}

void zsim_monitor_swapin(struct zsim_monitor *m, const struct zsim_state *st, zsim_memcg memcg,
			 uint32_t node, uint64_t pages, uint64_t before)
{
	uint64_t now = zsim_lru_at(st, zsim_memcg_living(st, memcg), node)->swapins;

	if (now != before + pages)
		zsim_monitor_break(m, ZSIM_P_SWAPINS,
				   "%llu pages of group %u were read on node %u and its swap-ins "
				   "went from %llu to %llu",
				   (ull)pages, memcg, node, (ull)before, (ull)now);
}

/* ---- between two steps --------------------------------------------------------------- */

static const struct {
	enum zsim_fault fault;
	enum zsim_property property;
	const char *what;
} faults[ZSIM_NR_FAULTS] = {
	{ ZSIM_FAULT_FREED_TWICE, ZSIM_P_FREED_ONCE, "an entry that is not live was freed" },
	{ ZSIM_FAULT_TREE_DEAD, ZSIM_P_TREE_ALIVE,
	  "the tree of a swap device that is gone was looked at" },
	{ ZSIM_FAULT_PUT_TOO_EARLY, ZSIM_P_PUT_ORDER,
	  "a group was used after the reference that kept it was dropped" },
	{ ZSIM_FAULT_NULL_GROUP, ZSIM_P_NULL_GROUP,
	  "a group was looked at with the memory controller disabled" },
	{ ZSIM_FAULT_LIST_DEAD, ZSIM_P_LIST_ALIVE, "a list was walked after it was freed" },
	{ ZSIM_FAULT_DEAD_SUMMED, ZSIM_P_DEAD_NEVER_SUMMED,
	  "the marker of a dead list was taken for a count" },
	{ ZSIM_FAULT_WRONG_LOCK, ZSIM_P_LIST_LOCK,
	  "an entry left its list under the lock of another" },
	{ ZSIM_FAULT_GROUP_FREED, ZSIM_P_PINNED, "a walker worked on a group that was freed" },
	{ ZSIM_FAULT_UNLOCKED_WALK, ZSIM_P_UNLOCK_VERDICT,
	  "a walk went on from where it was before it dropped the lock" },
};

static void faults_check(struct zsim_monitor *m, const struct zsim_state *st)
{
	for (uint32_t i = 0; i < ZSIM_NR_FAULTS; i++)
		if (st->faults >> faults[i].fault & 1)
			zsim_monitor_break(m, faults[i].property, "%s", faults[i].what);
}

static uint32_t visits_cached(const struct zsim_state *st)
{
	uint32_t cached = 0;

	for (uint32_t i = 0; st->nr_visits && i < st->visits.size; i++)
		cached += zsim_visit_at(st, i)->in_use && zsim_visit_at(st, i)->cached;
	return cached;
}

static void pages_check(struct zsim_monitor *m, const struct zsim_state *st)
{
	uint32_t cached = visits_cached(st);

	if (st->wb_unlisted != cached)
		zsim_monitor_break(m, ZSIM_P_ON_A_LIST,
				   "%u pages of writebacks are on no reclaim list, and %u "
				   "writebacks hold one",
				   st->wb_unlisted, cached);
	if (st->wb_locked != cached)
		zsim_monitor_break(m, ZSIM_P_LOCKED_AT_REST,
				   "%u pages are locked, and %u writebacks hold one", st->wb_locked,
				   cached);
}

static void bit_check(struct zsim_monitor *m, const struct zsim_state *st, zsim_memcg memcg,
		      uint32_t node)
{
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	if (lru->length && !lru->shrinker_bit && !lru->dead)
		zsim_monitor_break(m, ZSIM_P_SHRINKER_BIT,
				   "group %u has %u entries on node %u and no shrinker bit", memcg,
				   lru->length, node);
}

static void bits_check(struct zsim_monitor *m, const struct zsim_state *st)
{
	for (zsim_memcg memcg = 0; memcg < st->memcgs.size; memcg++)
		for (uint32_t node = 0; node < st->nodes; node++)
			bit_check(m, st, memcg, node);
}

static void counts_check(struct zsim_monitor *m, const struct zsim_state *st)
{
	for (uint32_t node = 0; node < st->nodes; node++)
		if (st->node_twice[node])
			zsim_monitor_break(m, ZSIM_P_NODE_COUNT,
					   "node %u has %lld entries and counts %lld", node,
					   (long long)st->node_true[node],
					   (long long)zsim_lru_node_items(st, node));
}

void zsim_monitor_state(struct zsim_monitor *m, const struct zsim_state *st)
{
	if (st->faults)
		faults_check(m, st);
	pages_check(m, st);
	if (zsim_monitor_checks(m, ZSIM_P_SHRINKER_BIT))
		bits_check(m, st);
	if (zsim_monitor_checks(m, ZSIM_P_NODE_COUNT))
		counts_check(m, st);
	if (!zsim_pool_refs_hold(st))
		zsim_monitor_break(
			m, ZSIM_P_POOL_REFERENCE,
			"the pool has %u references; its user holds one, and each queued "
			"or running worker",
			st->pool_refs);
}

/* ---- at rest -------------------------------------------------------------------------- */

static bool has_entries(const struct zsim_state *st, zsim_memcg memcg)
{
	for (uint32_t node = 0; node < st->nodes; node++)
		if (zsim_lru_at(st, memcg, node)->length)
			return true;
	return false;
}

static bool was_requested(const struct zsim_monitor *m, const struct zsim_state *st,
			  zsim_memcg memcg)
{
	for (; memcg != ZSIM_MEMCG_NONE; memcg = zsim_memcg_at(st, memcg)->parent)
		if (zsim_set_has(m->requested, m->group_words, memcg))
			return true;
	return false;
}

static void children_check(struct zsim_monitor *m, const struct zsim_state *st)
{
	zsim_memcg memcg = ZSIM_MEMCG_ROOT;

	while ((memcg = zsim_iter_next_online(st, ZSIM_MEMCG_ROOT, memcg)) != ZSIM_MEMCG_NONE)
		if (has_entries(st, memcg) && zsim_memcg_writeback(st, memcg) &&
		    !zsim_set_has(m->served, m->group_words, memcg) && was_requested(m, st, memcg))
			zsim_monitor_break(m, ZSIM_P_PROGRESS_CHILD,
					   "no request visited an entry of group %u, and one was "
					   "made above it",
					   memcg);
}

void zsim_monitor_rest(struct zsim_monitor *m, const struct zsim_state *st)
{
	zsim_monitor_state(m, st);
	if (st->wb_locked || st->nr_visits)
		zsim_monitor_break(m, ZSIM_P_LOCKED_AT_REST,
				   "at rest %u pages are locked and %u writebacks go on",
				   st->wb_locked, st->nr_visits);
	if (zsim_monitor_checks(m, ZSIM_P_PROGRESS_CHILD))
		children_check(m, st);
}
