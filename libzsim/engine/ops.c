/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops.c - page events one after the other, as quickly as they can be done.
 *
 * A store that meets no limit, a load and an invalidate decide nothing that another
 * actor or an observer could see in between, so their steps (reclaim/store.c, zsim.c)
 * are made at once here, on the same parts of the model. Whatever is not so plain is
 * left to zsim_apply(). While one op is done, memory that later ones need is on its way.
 */
#include "engine/run.h"
#include "model/entry.h"
#include "model/limit.h"
#include "model/memcg.h"

/* an op is looked at three times before it is done: so many ops ahead */
#define FAR 16u
#define NEAR 10u
#define NEXT 5u
#define RING 32u
/* groups that stay in a cache by themselves */
#define FEW_GROUPS 128u

/* ---- whether ------------------------------------------------------------------------ */

static bool listens(const struct zsim *zs)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->decision && !zs->observers[i]->ops)
			return true;
	return zs->guard_ops != NULL;
}

static bool fails_soon(const struct zsim_state *st)
{
	uint64_t pending = 0;

	for (int i = 0; i < ZSIM_NR_FAILS; i++)
		pending |= st->fail[i];
	return pending;
}

/* nothing that an op of this kind changes makes a difference to this */
static bool is_plain(const struct zsim *zs)
{
	const struct zsim_state *st = &zs->st;

	return !st->defect && !st->memcg_disabled && !st->zswap_absent && !st->nr_visits &&
	       !st->devices_gone && st->params[ZSIM_PARAM_ENABLED] && !zs->runs &&
	       !st->worker_queued && !fails_soon(st) && !listens(zs);
}

/* ---- each ---------------------------------------------------------------------------- */

static inline bool may_store(const struct zsim_state *st, const struct zsim_op *op,
			     zsim_memcg memcg)
{
	return memcg != ZSIM_MEMCG_NONE && zsim_memcg_at(st, memcg)->state < ZSIM_MEMCG_OFFLINE &&
	       zsim_memcg_may_zswap(st, memcg) && zsim_limit_far(st) &&
	       (op->length < ZSIM_PAGE_SIZE || zsim_memcg_writeback(st, memcg));
}

/* all that can stand in a store's way is asked before anything changes */
static inline bool store_begin(struct zsim *zs, const struct zsim_op *op,
			       const struct zsim_slot_place *at, struct zsim_page *page)
{
	struct zsim_state *st = &zs->st;

	page->slot = op->slot;
	page->memcg = zsim_paths_bound(&zs->paths, op->group);
	page->node = op->node;
	page->length = op->length;
	return may_store(st, op, page->memcg) && !zsim_entry_record_find(st) &&
	       zsim_slot_map_has_room(&st->map, at, st->free_entry) &&
	       !zsim_zsmalloc_alloc(&st->pool, page->length, &page->zspage);
}

/* ---- looking ahead -------------------------------------------------------------------- */

/**
 * struct ahead - an op that comes: its place, an entry that may be the slot's, and its bit there
 * @memcg: of a store, where there are many groups
 */
struct ahead {
	struct zsim_slot_place at;
	uint32_t entry;
	uint32_t bit;
	zsim_memcg memcg;
};

static inline bool many_groups(const struct zsim *zs)
{
	return zs->st.memcgs.size > FEW_GROUPS;
}

ZSIM_PREFETCHES void look_far(const struct zsim *zs, struct ahead *a, const struct zsim_op *op)
{
	zsim_slot_map_place(&zs->st.map, zsim_slot_map_hash(op->slot), &a->at);
	zsim_prefetch(a->at.home);
	if (many_groups(zs) && op->group < zs->paths.bound.size)
		zsim_prefetch(ZSIM_ARRAY_AT(&zs->paths.bound, zsim_memcg, op->group));
}

/* the group of a store: its record, and the list that the page goes on */
ZSIM_PREFETCHES void look_near_group(const struct zsim *zs, struct ahead *a,
				     const struct zsim_op *op)
{
	a->memcg = op->type == ZSIM_EV_STORE && op->node < zs->st.nodes ?
			   zsim_paths_bound(&zs->paths, op->group) :
			   ZSIM_MEMCG_NONE;
	if (a->memcg != ZSIM_MEMCG_NONE)
		zsim_memcg_prefetch(&zs->st, a->memcg, op->node);
}

/* the end of that list; or what is known of the group of an entry that leaves */
ZSIM_PREFETCHES void look_next_group(const struct zsim *zs, const struct ahead *a,
				     const struct zsim_op *op)
{
	const struct zsim_entry *e = zsim_entry_at(&zs->st, a->entry);
	uint32_t tail;

	if (a->memcg == ZSIM_MEMCG_NONE) {
		zsim_memcg_prefetch(&zs->st, e->memcg, e->node);
		return;
	}
	tail = zsim_lru_at(&zs->st, a->memcg, op->node)->tail;
	if (tail != ZSIM_NIL)
		zsim_prefetch(zsim_entry_at(&zs->st, tail));
}

/*
 * An entry that may well be the slot's; or some entry, which does no harm: whether a slot
 * has one is as good as random, and a wrong guess of the processor costs more than a look.
 */
ZSIM_PREFETCHES void look_near(const struct zsim *zs, struct ahead *a, const struct zsim_op *op)
{
	const struct zsim_state *st = &zs->st;
	const struct zsim_slot_place *at = &a->at;
	uint32_t match = zsim_slot_chunk_match(at->home, at->mask, at->tag);
	uint32_t item = at->home->item[__builtin_ctz(match | 1u << (ZSIM_SLOT_CHUNK_ROOM - 1))];

	a->bit = match & -match;
	a->entry = item & ~at->mask & -(uint32_t)(match != 0);
	zsim_prefetch_all(zsim_entry_at(st, a->entry));
	if (__builtin_expect(!match & !!(at->home->filter & at->pass), 0))
		zsim_prefetch(at->home + 1);
	if (many_groups(zs))
		look_near_group(zs, a, op);
}

static inline uint32_t either(uint32_t link, uint32_t entry)
{
	return link == ZSIM_NIL ? entry : link;
}

/* what hangs on an entry that leaves: its neighbours, its zspage */
ZSIM_PREFETCHES void look_next(const struct zsim *zs, const struct ahead *a,
			       const struct zsim_op *op)
{
	const struct zsim_state *st = &zs->st;
	const struct zsim_entry *e = zsim_entry_at(st, a->entry);

	zsim_prefetch_all(zsim_entry_at(st, either(e->prev, a->entry)));
	zsim_prefetch(zsim_entry_at(st, either(e->next, a->entry))); /* its first word */
	zsim_zsmalloc_prefetch(&st->pool, e->zspage);
	if (many_groups(zs))
		look_next_group(zs, a, op);
}

/* the guess, if it is right still; a live entry is found by its slot */
static inline uint32_t find_guessed(const struct zsim_state *st, struct ahead *a, uint64_t slot)
{
	const struct zsim_entry *e = zsim_entry_at(st, a->entry);
	const struct zsim_slot_chunk *home = a->at.home;

	if (zsim_entry_slot(e) != slot || !e->live)
		return zsim_entry_find_at(st, &a->at, slot);
	if (a->bit & home->used && home->item[__builtin_ctz(a->bit)] == (a->at.tag | a->entry))
		a->at.found = a->bit;
	return a->entry;
}

/* seldom: a page that is stored again without having been loaded */
static __attribute__((noinline)) void replaced(struct zsim_state *st,
					       const struct zsim_slot_place *at, uint32_t entry)
{
	zsim_entry_leave(st, at, entry, ZSIM_STAT_ZSWPIN, 0);
}

static inline bool op_store(struct zsim *zs, const struct zsim_op *op, struct zsim_slot_place *at)
{
	struct zsim_page page;
	uint32_t old;

	if (!store_begin(zs, op, at, &page))
		return false;
	old = zsim_entry_find_at(&zs->st, at, op->slot);
	if (__builtin_expect(old != ZSIM_NIL, 0))
		replaced(&zs->st, at, old);
	zsim_entry_put(&zs->st, at, &page, 1);
	return true;
}

/*
 * What kind of op comes is as good as random, and the first thing that is asked: a wrong
 * guess of the processor is noticed at once, and what follows from the kind is no guess.
 */
static inline bool op_do(struct zsim *zs, const struct zsim_op *op, struct ahead *a,
			 struct zsim_ops_done *done)
{
	bool load = op->type == ZSIM_EV_LOAD;
	uint32_t entry;

	if (op->type == ZSIM_EV_STORE) {
		if (!op_store(zs, op, &a->at))
			return false;
		done->stores++;
		return true;
	}
	entry = find_guessed(&zs->st, a, op->slot);
	if (__builtin_expect(entry != ZSIM_NIL, 1))
		zsim_entry_leave(&zs->st, &a->at, entry, ZSIM_STAT_ZSWPIN, load);
	done->loads_hit += load & (entry != ZSIM_NIL);
	done->loads_missed += load & (entry == ZSIM_NIL);
	return true;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* the op at @i is next; the last one is looked at again while there are none behind it */
static inline void look_ahead(const struct zsim *zs, struct ahead *a, const struct zsim_op *ops,
			      uint32_t i, uint32_t last)
{
	uint32_t far = least(i + FAR, last);
	uint32_t near = least(i + NEAR, last);
	uint32_t next = least(i + NEXT, last);

	look_far(zs, &a[far % RING], &ops[far]);
	look_near(zs, &a[near % RING], &ops[near]);
	look_next(zs, &a[next % RING], &ops[next]);
}

/* the first ops, of which nobody thought yet, or all of them after the map has grown */
static void look_first(const struct zsim *zs, struct ahead *a, const struct zsim_op *ops,
		       uint32_t i, uint32_t last)
{
	for (uint32_t k = i; k <= least(i + FAR, last); k++)
		look_far(zs, &a[k % RING], &ops[k]);
	for (uint32_t k = i; k <= least(i + NEAR, last); k++)
		look_near(zs, &a[k % RING], &ops[k]);
}

/* ---- all ------------------------------------------------------------------------------- */

static void ops_tell(struct zsim *zs, const struct zsim_ops_done *done)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->ops)
			zs->observers[i]->ops(zs->observers[i]->ctx, zs, done);
}

/* a page event, and right in itself */
static inline bool is_right(const struct zsim_state *st, const struct zsim_op *op)
{
	if (!zsim_slot_valid(st, op->slot))
		return false;
	if (op->type == ZSIM_EV_STORE)
		return (uint32_t)op->length - 1 < ZSIM_PAGE_SIZE && op->node < st->nodes;
	return op->type == ZSIM_EV_LOAD || op->type == ZSIM_EV_INVALIDATE;
}

static inline bool op_try(struct zsim *zs, const struct zsim_op *op, struct ahead *a,
			  struct zsim_ops_done *done)
{
	if (!is_right(&zs->st, op) || !op_do(zs, op, a, done))
		return false;
	if (zs->st.reaped_memcg != ZSIM_MEMCG_NONE)
		zsim_reap(zs);
	return true;
}

/*
 * The ops from @i on, until one is not for here or needs room; how far it came. Looking
 * ahead begins behind the first: where none are for here, it would be in vain each time.
 */
static uint32_t ops_do(struct zsim *zs, const struct zsim_op *ops, uint32_t i, uint32_t nr,
		       struct zsim_ops_done *done)
{
	struct ahead ahead[RING];
	struct ahead *first = &ahead[i % RING];

	look_far(zs, first, &ops[i]);
	look_near(zs, first, &ops[i]);
	if (!op_try(zs, &ops[i], first, done) || ++i == nr)
		return i;
	look_first(zs, ahead, ops, i, nr - 1);
	for (; i < nr; i++) {
		look_ahead(zs, ahead, ops, i, nr - 1);
		if (!op_try(zs, &ops[i], &ahead[i % RING], done))
			break;
	}
	return i;
}

/* was it for want of room that no op was done? Then there may be some now */
static bool made_room(struct zsim_state *st, const struct zsim_op *op)
{
	struct zsim_slot_place at;

	if (op->type != ZSIM_EV_STORE || !is_right(st, op))
		return false;
	if (st->map.nr_segments) {
		zsim_slot_map_place(&st->map, zsim_slot_map_hash(op->slot), &at);
		if (zsim_slot_map_has_room(&st->map, &at, st->free_entry))
			return false;
	}
	return !zsim_entry_reserve(st, op->slot);
}

uint32_t zsim_apply_ops(struct zsim *zs, const struct zsim_op *ops, uint32_t nr)
{
	struct zsim_ops_done done = { 0 };
	uint32_t i = 0;

	if (!is_plain(zs))
		return 0;
	do {
		if (i < nr && zs->st.entries.size && zs->st.map.nr_segments)
			i = ops_do(zs, ops, i, nr, &done);
	} while (i < nr && made_room(&zs->st, &ops[i]));
	if (!i)
		return 0;
	done.invalidates = i - done.stores - done.loads_hit - done.loads_missed;
	zs->started = true;
	zs->calls += (uint32_t)done.stores; /* each would have been a call */
	ops_tell(zs, &done);
	return i;
}

int zsim_each_op(struct zsim *zs, const struct zsim_op *ops, uint32_t nr,
		 int (*one)(void *ctx, const struct zsim_op *op), void *ctx)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < nr; i++) {
		i += zsim_apply_ops(zs, ops + i, nr - i);
		if (i < nr)
			rc = one(ctx, &ops[i]);
	}
	return rc;
}
