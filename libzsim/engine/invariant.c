/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * invariant.c - the whole state against what must always hold.
 *
 * Everything that is counted while the model runs is counted again here from
 * the entries and the tree. Each rule has a name; what breaks it is told to
 * the observers.
 */
#include <errno.h>
#include <string.h>

#include "engine/run.h"
#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"

/**
 * struct tally - what one group must show: charges of its own entries and of its
 * descendants', references and keeps, counted anew
 */
struct tally {
	uint64_t bytes, sum_bytes;
	uint64_t pages, sum_pages;
	uint64_t incompressible, sum_incompressible;
	uint32_t refs;
	uint32_t keeps;
};

struct audit {
	const struct zsim *zs;
	const struct zsim_state *st;
	const struct zsim_call *const *calls;
	uint32_t nr_calls;
	struct tally *tally;
	bool slots;
	uint64_t entries;
	uint64_t incompressible;
	uint64_t bytes;
	int violations;
};

#define VIOLATED(a, name, ...)                                      \
	do {                                                        \
		zsim_observe_violation((a)->zs, name, __VA_ARGS__); \
		(a)->violations++;                                  \
	} while (0)

typedef unsigned long long ull;

static void check_entry(struct audit *a, zsim_memcg memcg, uint32_t node, uint32_t i)
{
	const struct zsim_entry *e = zsim_entry_at(a->st, i);
	struct tally *t = &a->tally[e->memcg];

	a->entries++;
	a->incompressible += zsim_entry_length(e) == ZSIM_PAGE_SIZE;
	a->bytes += zsim_entry_length(e);
	t->keeps++;
	if (!e->live)
		VIOLATED(a, "entry", "entry %u on a list is not live", i);
	if (e->node != node || zsim_lru_of(a->st, e) != zsim_lru_at(a->st, memcg, node))
		VIOLATED(a, "list", "slot 0x%llx is on the list of group %u, node %u",
			 (ull)zsim_entry_slot(e), memcg, node);
	if (a->slots && zsim_entry_find(a->st, zsim_entry_slot(e)) != i)
		VIOLATED(a, "slot", "slot 0x%llx does not lead to its entry",
			 (ull)zsim_entry_slot(e));
	if (e->memcg == ZSIM_MEMCG_ROOT)
		return;
	/* of a group that leaves, the lists go first and the charges last */
	t = &a->tally[zsim_memcg_living(a->st, e->memcg)];
	t->bytes += zsim_entry_length(e);
	t->pages++;
	t->incompressible += zsim_entry_length(e) == ZSIM_PAGE_SIZE;
}

/* what a group's own entries charge shows in every ancestor */
static void charges_sum(struct audit *a)
{
	for (zsim_memcg memcg = 0; memcg < a->st->memcgs.size; memcg++) {
		const struct tally *own = &a->tally[memcg];
		zsim_memcg m = zsim_memcg_at(a->st, memcg)->parent;

		for (; own->pages && m != ZSIM_MEMCG_NONE; m = zsim_memcg_at(a->st, m)->parent) {
			a->tally[m].sum_bytes += own->bytes;
			a->tally[m].sum_pages += own->pages;
			a->tally[m].sum_incompressible += own->incompressible;
		}
	}
}

/* a list dies between the group's rmdir and its end as an offline one, with nothing on it */
static void check_death(struct audit *a, zsim_memcg memcg, uint32_t node)
{
	const struct zsim_lru *lru = zsim_lru_at(a->st, memcg, node);
	uint8_t state = zsim_memcg_at(a->st, memcg)->state;

	if (lru->dead && lru->head != ZSIM_NIL)
		VIOLATED(a, "dead-list", "group %u, node %u: dead, with %u entries", memcg, node,
			 lru->length);
	if (lru->dead ? state == ZSIM_MEMCG_ONLINE : state >= ZSIM_MEMCG_OFFLINE)
		VIOLATED(a, "dead-list", "group %u is in state %u, its list of node %u is %s",
			 memcg, state, node, lru->dead ? "dead" : "alive");
}

static void check_list(struct audit *a, zsim_memcg memcg, uint32_t node, uint64_t *on_node)
{
	const struct zsim_lru *lru = zsim_lru_at(a->st, memcg, node);
	uint32_t prev = ZSIM_NIL;
	uint32_t n = 0;

	for (uint32_t i = lru->head; i != ZSIM_NIL; i = zsim_entry_at(a->st, i)->next) {
		if (zsim_entry_at(a->st, i)->prev != prev || ++n > lru->length) {
			VIOLATED(a, "list", "group %u, node %u: broken links", memcg, node);
			return;
		}
		check_entry(a, memcg, node, i);
		prev = i;
	}
	if (n != lru->length || lru->tail != prev)
		VIOLATED(a, "list", "group %u, node %u: %u entries, counted %u", memcg, node, n,
			 lru->length);
	check_death(a, memcg, node);
	*on_node += n;
}

static bool in_use(const struct audit *a, zsim_memcg memcg)
{
	return zsim_paths_name(&a->zs->paths, memcg) != NULL;
}

static void check_lists(struct audit *a)
{
	for (uint32_t node = 0; node < a->st->nodes; node++) {
		uint64_t on_node = 0;

		for (zsim_memcg m = 0; m < a->st->memcgs.size; m++)
			if (in_use(a, m))
				check_list(a, m, node, &on_node);
		if ((int64_t)on_node != a->st->node_true[node])
			VIOLATED(a, "node-count", "node %u: %llu entries, counted %lld", node,
				 (ull)on_node, (long long)a->st->node_true[node]);
	}
}

static void check_charges(struct audit *a, zsim_memcg memcg)
{
	const struct zsim_memcg_rec *m = zsim_memcg_at(a->st, memcg);
	const struct tally *t = &a->tally[memcg];

	uint64_t bytes = t->bytes + t->sum_bytes;
	uint64_t pages = t->pages + t->sum_pages;
	uint64_t incompressible = t->incompressible + t->sum_incompressible;

	if (m->zswap != bytes || m->zswapped != (int64_t)pages ||
	    m->zswap_incomp != (int64_t)incompressible)
		VIOLATED(a, "charge", "%s: zswap %llu, its entries hold %llu",
			 zsim_path(a->zs, memcg), (ull)m->zswap, (ull)bytes);
}

/* who holds groups besides the tree: the cursor and the calls under way */
static void count_holders(struct audit *a)
{
	if (a->st->cursor != ZSIM_MEMCG_NONE)
		a->tally[a->st->cursor].refs++;
	for (uint32_t i = 0; i < a->nr_calls; i++) {
		const struct zsim_call *call = a->calls[i];

		if (call->at != ZSIM_MEMCG_NONE && zsim_call_holds_record(a->st, call))
			a->tally[call->at].keeps++;
		else if (call->at != ZSIM_MEMCG_NONE)
			a->tally[call->at].refs++;
		if (call->top != ZSIM_MEMCG_NONE)
			a->tally[call->top].refs++;
		if (call->kind == ZSIM_CALL_STORE)
			a->tally[call->pages.memcg].keeps++;
	}
}

static void count_tree(struct audit *a)
{
	for (zsim_memcg memcg = 0; memcg < a->st->memcgs.size; memcg++) {
		const struct zsim_memcg_rec *m = zsim_memcg_at(a->st, memcg);

		if (!in_use(a, memcg))
			continue;
		a->tally[memcg].refs += m->state < ZSIM_MEMCG_OFFLINE;
		a->tally[memcg].keeps += zsim_paths_name(&a->zs->paths, memcg)->pinned +
					 zsim_paths_name(&a->zs->paths, memcg)->late;
		if (m->parent == ZSIM_MEMCG_NONE)
			continue;
		a->tally[m->parent].refs += m->state != ZSIM_MEMCG_FREED;
		a->tally[m->parent].keeps++;
	}
}

static void check_groups(struct audit *a)
{
	for (zsim_memcg memcg = 0; memcg < a->st->memcgs.size; memcg++) {
		const struct zsim_memcg_rec *m = zsim_memcg_at(a->st, memcg);

		if (!in_use(a, memcg))
			continue;
		check_charges(a, memcg);
		if (m->refs != a->tally[memcg].refs)
			VIOLATED(a, "reference", "%s: %u references, %u holders",
				 zsim_path(a->zs, memcg), m->refs, a->tally[memcg].refs);
		if (m->keeps != a->tally[memcg].keeps)
			VIOLATED(a, "reference", "%s: named %u times, counted %u",
				 zsim_path(a->zs, memcg), a->tally[memcg].keeps, m->keeps);
		if ((m->state == ZSIM_MEMCG_FREED) != !m->refs)
			VIOLATED(a, "freed", "%s: state %u with %u references",
				 zsim_path(a->zs, memcg), m->state, m->refs);
	}
}

static void check_cursor(struct audit *a)
{
	zsim_memcg cursor = a->st->cursor;

	if (cursor != ZSIM_MEMCG_NONE && zsim_memcg_at(a->st, cursor)->state >= ZSIM_MEMCG_OFFLINE)
		VIOLATED(a, "cursor", "the cursor stands on an offline group");
}

/* a page that is being stored has room in the pool, and no entry yet */
static uint64_t objects_in_hand(const struct audit *a, uint64_t *bytes)
{
	uint64_t objects = 0;

	*bytes = 0;
	for (uint32_t i = 0; i < a->nr_calls; i++) {
		if (a->calls[i]->kind != ZSIM_CALL_STORE || !a->calls[i]->pages.allocated)
			continue;
		objects++;
		*bytes += a->calls[i]->pages.room;
	}
	return objects;
}

static void check_pool(struct audit *a)
{
	const struct zsim_zsmalloc *pool = &a->st->pool;
	uint64_t bytes, in_hand = objects_in_hand(a, &bytes);
	const char *what;

	if (zsim_zsmalloc_check(pool, &what))
		VIOLATED(a, "pool", "%s", what);
	else if (zsim_zsmalloc_objects(pool) != a->entries + in_hand)
		VIOLATED(a, "pool", "%llu objects for %llu entries",
			 (ull)zsim_zsmalloc_objects(pool), (ull)a->entries);
	if (pool->bytes_only && pool->bytes != a->bytes + bytes)
		VIOLATED(a, "pool", "%llu bytes for entries of %llu", (ull)pool->bytes,
			 (ull)a->bytes);
}

static void check_totals(struct audit *a)
{
	if (a->entries != a->st->nr_entries ||
	    a->entries != a->st->counters[ZSIM_COUNTER_STORED_PAGES])
		VIOLATED(a, "stored", "%llu entries on lists, %u in the map, %llu counted",
			 (ull)a->entries, a->st->nr_entries,
			 (ull)a->st->counters[ZSIM_COUNTER_STORED_PAGES]);
	if (a->incompressible != a->st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES])
		VIOLATED(a, "stored", "%llu incompressible entries, %llu counted",
			 (ull)a->incompressible,
			 (ull)a->st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES]);
	check_pool(a);
}

/* a slot whose page a writeback holds locked is in the swap cache, and at rest there is none */
static void check_visits(struct audit *a)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < a->st->visits.size; i++) {
		const struct zsim_visit *v = zsim_visit_at(a->st, i);

		used += v->in_use;
		if (v->in_use && v->cached && !zsim_slot_set_has(&a->st->cache, v->slot))
			VIOLATED(a, "locked", "slot 0x%llx is locked and not in the swap cache",
				 (ull)v->slot);
	}
	if (used != a->st->nr_visits || (used && !a->nr_calls))
		VIOLATED(a, "locked", "%u visits in progress, %u counted", used, a->st->nr_visits);
}

size_t zsim_audit_size(const struct zsim *zs)
{
	return sizeof(struct tally) * zs->st.memcgs.size;
}

int zsim_audit(struct zsim *zs, const struct zsim_call *const *calls, uint32_t nr_calls, bool slots,
	       void *room)
{
	struct audit a = {
		.zs = zs,
		.st = &zs->st,
		.calls = calls,
		.nr_calls = nr_calls,
		.tally = room,
		.slots = slots,
	};

	memset(room, 0, zsim_audit_size(zs));
	check_lists(&a);
	charges_sum(&a);
	count_holders(&a);
	count_tree(&a);
	check_groups(&a);
	check_cursor(&a);
	check_totals(&a);
	check_visits(&a);
	return a.violations;
}

int zsim_verify(struct zsim *zs)
{
	const struct zsim_call **calls;
	uint32_t n = 0;
	void *room;
	int rc = -ENOMEM;

	for (const struct zsim_run *run = zs->runs; run; run = run->older)
		n++;
	calls = zsim_alloc(zs->alloc, sizeof(*calls) * (n + 1));
	room = zsim_alloc(zs->alloc, zsim_audit_size(zs));
	n = 0;
	for (const struct zsim_run *run = zs->runs; calls && run; run = run->older)
		calls[n++] = &run->call;
	if (calls && room)
		rc = zsim_audit(zs, calls, n, true, room);
	zsim_dealloc(zs->alloc, room);
	zsim_dealloc(zs->alloc, calls);
	return rc;
}
