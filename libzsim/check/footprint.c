/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * footprint.c - what a stretch from one interleaving point to the next touches.
 *
 * Rather too much than too little: a stretch counts for all that it may run into,
 * whatever it meets. Two stretches that do not clash give the same state in either
 * order, so that one order is enough (sleep sets).
 */
#include <string.h>

#include "check/search.h"
#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg.h"

#define TREE (UINT64_C(1) << 0)	    /* states of groups, and who follows whom */
#define SETTINGS (UINT64_C(1) << 1) /* control files and parameters */
#define POOL (UINT64_C(1) << 2)	    /* pages of the pool */
#define WORKER (UINT64_C(1) << 3)   /* the worker's cursor, whether it is queued or runs */
#define CHARGES (UINT64_C(1) << 4)
#define FAILS (UINT64_C(1) << 5)
#define FULL (UINT64_C(1) << 6) /* the pool reached its limit */
#define LIST_SHIFT 8
#define LISTS 24u
#define SLOT_SHIFT 32
#define SLOTS 32u
#define ALL_LISTS (((UINT64_C(1) << LISTS) - 1) << LIST_SHIFT)
#define ALL UINT64_MAX

/* properties whose check looks at every list when a request, or the worker, has its answer */
#define REQUEST_LOOKS                                                     \
	(ZSIM_P_BIT(ZSIM_P_PROGRESS) | ZSIM_P_BIT(ZSIM_P_PROGRESS_COLD) | \
	 ZSIM_P_BIT(ZSIM_P_PROGRESS_CHILD))
#define WORKER_LOOKS (ZSIM_P_BIT(ZSIM_P_WORKER_BOUND) | ZSIM_P_BIT(ZSIM_P_WORKER_PROGRESS))

static uint64_t list_bit(const struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	return UINT64_C(1) << (LIST_SHIFT + (memcg * st->nodes + node) % LISTS);
}

static uint64_t lists_of(const struct zsim_state *st, zsim_memcg memcg)
{
	uint64_t bits = 0;

	for (uint32_t node = 0; node < st->nodes; node++)
		bits |= list_bit(st, memcg, node);
	return bits;
}

/* its own and those of all ancestors, to which its entries may have moved or will move */
static uint64_t lists_above(const struct zsim_state *st, zsim_memcg memcg)
{
	uint64_t bits = 0;

	for (; memcg != ZSIM_MEMCG_NONE; memcg = zsim_memcg_at(st, memcg)->parent)
		bits |= lists_of(st, memcg);
	return bits;
}

static uint64_t slot_bit(const struct zsim_world *w, uint64_t slot)
{
	return UINT64_C(1) << (SLOT_SHIFT + zsim_scenario_slot(w->sc, slot) % SLOTS);
}

static uint64_t slots_of(const struct zsim_world *w, uint64_t slot, uint32_t nr)
{
	uint64_t bits = 0;

	while (nr--)
		bits |= slot_bit(w, slot + nr);
	return bits;
}

/* the list on which an entry is */
static uint64_t list_of(const struct zsim_state *st, const struct zsim_entry *entry)
{
	zsim_memcg memcg = entry->memcg;

	while (zsim_lru_at(st, memcg, entry->node)->dead)
		memcg = zsim_memcg_at(st, memcg)->parent;
	return list_bit(st, memcg, entry->node);
}

/* an entry leaves: its slot, its list, its bytes */
static struct zsim_footprint leaving(const struct zsim_world *w, uint64_t slot)
{
	const struct zsim_state *st = &w->zs->st;
	uint32_t i = zsim_entry_find(st, slot);
	struct zsim_footprint foot = { .reads = TREE, .adds = POOL | CHARGES };

	foot.writes = slot_bit(w, slot) | FAILS;
	if (i != ZSIM_NIL)
		foot.writes |= list_of(st, zsim_entry_at(st, i));
	return foot;
}

static void add(struct zsim_footprint *to, struct zsim_footprint foot)
{
	to->reads |= foot.reads;
	to->writes |= foot.writes;
	to->adds |= foot.adds;
}

static bool has_limit(const struct zsim_state *st, zsim_memcg memcg)
{
	for (; memcg != ZSIM_MEMCG_NONE; memcg = zsim_memcg_at(st, memcg)->parent)
		if (zsim_memcg_at(st, memcg)->zswap_max != UINT64_MAX)
			return true;
	return false;
}

static struct zsim_footprint storing(const struct zsim_world *w, uint64_t slot, zsim_memcg memcg,
				     uint32_t nr)
{
	const struct zsim_state *st = &w->zs->st;
	struct zsim_footprint foot = {
		.reads = TREE | SETTINGS | POOL | (has_limit(st, memcg) ? CHARGES : 0),
		.writes = FULL | WORKER | FAILS | slots_of(w, slot, nr) | lists_above(st, memcg),
	};

	for (uint32_t i = 0; i < nr; i++)
		add(&foot, leaving(w, slot + i));
	return foot;
}

static uint64_t looks_of(const struct zsim_state *st, const struct zsim_call *call)
{
	if (call->kind == ZSIM_CALL_REQUEST)
		return REQUEST_LOOKS;
	if (call->kind != ZSIM_CALL_WORKER)
		return 0;
	return st->memcg_disabled ? WORKER_LOOKS : ZSIM_P_BIT(ZSIM_P_WORKER_BOUND);
}

/* a walk from here on, up to the next point or the end of the call */
static struct zsim_footprint walking(const struct zsim_world *w, const struct zsim_call *call)
{
	const struct zsim_state *st = &w->zs->st;
	struct zsim_footprint foot = { .reads = TREE | SETTINGS };

	if (call->shrink.memcg != ZSIM_MEMCG_NONE)
		foot.reads |= lists_of(st, call->shrink.memcg);
	if (zsim_group_has_left(st, call->at) || zsim_group_has_left(st, call->top))
		foot.writes |= TREE;
	if (call->pc == ZSIM_D_SCAN)
		foot.writes |= list_bit(st, call->walk.memcg, call->walk.node);
	if (call->kind == ZSIM_CALL_WORKER) {
		foot.reads |= POOL;
		foot.writes |= WORKER;
	}
	if (w->monitor.properties & looks_of(st, call))
		foot.reads |= ALL;
	return foot;
}

static struct zsim_footprint visiting(const struct zsim_world *w, const struct zsim_call *call)
{
	struct zsim_footprint foot = { .writes = slot_bit(w, call->turn.slot) | FAILS };

	if (call->pc == ZSIM_D_REMOVE)
		add(&foot, leaving(w, call->turn.slot));
	return foot;
}

static struct zsim_footprint stretch(const struct zsim_world *w, const struct zsim_call *call)
{
	const struct zsim_footprint all = { .reads = ALL, .writes = ALL };
	struct zsim_footprint foot;

	/* after these a walk stops at its next point whatever it met */
	if (call->pc == ZSIM_D_CACHE_ADD || call->pc == ZSIM_D_REMOVE)
		return visiting(w, call);
	switch (call->kind) {
	case ZSIM_CALL_REQUEST:
	case ZSIM_CALL_WORKER:
		return walking(w, call);
	case ZSIM_CALL_STORE:
		foot = walking(w, call);
		add(&foot, storing(w, call->pages.slot, call->pages.memcg, call->pages.nr));
		return foot;
	default:
		return all;
	}
}

static struct zsim_footprint beginning(const struct zsim_world *w, const struct zsim_event *ev)
{
	const struct zsim_footprint all = { .reads = ALL, .writes = ALL };
	struct zsim_footprint foot = { .reads = TREE | SETTINGS };

	switch (ev->type) {
	case ZSIM_EV_WRITE:
		/* what is cold when a request begins is noted */
		if (w->monitor.cold)
			foot.reads |= ALL_LISTS;
		return ev->path && !strcmp(ev->file, "memory.reclaim") ? foot : all;
	case ZSIM_EV_WORKER:
		foot.reads |= POOL;
		foot.writes |= WORKER;
		return foot;
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
		return leaving(w, ev->slot);
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
		return (struct zsim_footprint){ .writes = slot_bit(w, ev->slot) };
	case ZSIM_EV_STORE:
		return storing(w, ev->slot, zsim_lookup(w->zs, ev->path), ev->nr);
	default:
		return all;
	}
}

struct zsim_footprint zsim_footprint_action(const struct zsim_world *w, uint16_t action)
{
	const struct zsim_role *role = &w->sc->role[ZSIM_ACTION_PLAYER(action)];
	uint32_t op = ZSIM_ACTION_OP(action);

	if (op == ZSIM_STEP)
		return stretch(w, &w->player[ZSIM_ACTION_PLAYER(action)].call);
	return beginning(w, &role->op[op].ev);
}

static struct zsim_footprint player_next(const struct zsim_world *w, uint32_t p)
{
	const struct zsim_role *role = &w->sc->role[p];
	const struct zsim_player *player = &w->player[p];
	struct zsim_footprint foot = { .reads = 0 };

	if (player->active)
		return stretch(w, &player->call);
	if (role->mode == ZSIM_MODE_QUEUED)
		return beginning(w, &role->op[0].ev);
	if (!player->left && role->mode != ZSIM_MODE_FOREVER)
		return foot;
	if (role->mode == ZSIM_MODE_ORDER)
		return beginning(w, &role->op[role->nr - player->left].ev);
	/* those too count that cannot happen now: what another does may let them */
	foot.reads = foot.writes = ALL;
	return foot;
}

void zsim_footprint_players(const struct zsim_world *w, struct zsim_footprint *foot)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		foot[p] = player_next(w, p);
}
