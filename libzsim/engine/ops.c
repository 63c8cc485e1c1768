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

/*
 * An op is looked at three times before it is done, each time with a block of others: what
 * one look asks for is there at the next, and the processor waits for all of it at once.
 */
#define BLOCK 16u
#define RING (4 * BLOCK)
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
	       zsim_slot_map_has_room(&st->map, at, op->slot, st->free_entry, st->nr_entries) &&
	       !zsim_zsmalloc_alloc(&st->pool, page->length, &page->zspage);
}

/* ---- looking ahead -------------------------------------------------------------------- */

/**
 * struct ahead - an op that comes: its place, and an entry that may be the slot's
 * @memcg: of a store, where there are many groups
 */
struct ahead {
	struct zsim_slot_place at;
	uint32_t entry;
	zsim_memcg memcg;
} __attribute__((aligned(64)));

/**
 * struct batch - ops under way
 * @first, @nr: those that are looked ahead of
 * @groups: there are many groups
 */
struct batch {
	struct zsim *zs;
	const struct zsim_op *ops;
	uint32_t first;
	uint32_t nr;
	bool groups;
	struct ahead ahead[RING];
	struct zsim_ops_done done;
};

/** struct span - ops from @from to before @to */
struct span {
	uint32_t from;
	uint32_t to;
};

/* what there is of the block at @at */
static struct span block(const struct batch *b, int64_t at)
{
	struct span s = { at < b->first ? b->first : (uint32_t)at,
			  at + BLOCK > b->nr ? b->nr : (uint32_t)(at + BLOCK) };

	return at + BLOCK <= b->first || at >= b->nr ? (struct span){ 0, 0 } : s;
}

ZSIM_PREFETCHES void look_far(struct batch *b, struct span s)
{
	const struct zsim *zs = b->zs;

	for (uint32_t k = s.from; k < s.to; k++) {
		struct ahead *a = &b->ahead[k % RING];

		zsim_slot_map_place(&zs->st.map, b->ops[k].slot, &a->at);
		zsim_slot_place_prefetch(&a->at);
	}
	if (!b->groups)
		return;
	for (uint32_t k = s.from; k < s.to; k++)
		if (b->ops[k].group < zs->paths.bound.size)
			zsim_prefetch(ZSIM_ARRAY_AT(&zs->paths.bound, zsim_memcg, b->ops[k].group));
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

ZSIM_PREFETCHES void look_near(struct batch *b, struct span s)
{
	for (uint32_t k = s.from; k < s.to; k++) {
		struct ahead *a = &b->ahead[k % RING];

		a->entry = zsim_slot_place_guess(&a->at);
		zsim_prefetch_all(zsim_entry_at(&b->zs->st, a->entry));
	}
	for (uint32_t k = s.from; b->groups && k < s.to; k++)
		look_near_group(b->zs, &b->ahead[k % RING], &b->ops[k]);
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

static inline uint32_t either(uint32_t link, uint32_t entry)
{
	return link == ZSIM_NIL ? entry : link;
}

/* what hangs on an entry that leaves: its neighbours, its zspage */
ZSIM_PREFETCHES void look_next(const struct batch *b, struct span s)
{
	const struct zsim_state *st = &b->zs->st;

	for (uint32_t k = s.from; k < s.to; k++) {
		uint32_t entry = b->ahead[k % RING].entry;
		const struct zsim_entry *e = zsim_entry_at(st, entry);

		zsim_prefetch_all(zsim_entry_at(st, either(e->prev, entry)));
		zsim_prefetch(zsim_entry_at(st, either(e->next, entry))); /* its first word */
		zsim_zsmalloc_prefetch(&st->pool, e->zspage);
	}
	for (uint32_t k = s.from; b->groups && k < s.to; k++)
		look_next_group(b->zs, &b->ahead[k % RING], &b->ops[k]);
}

/* ---- doing ------------------------------------------------------------------------------ */

/* the guess, if it is right still; a live entry is found by its slot */
static inline uint32_t find_guessed(const struct zsim_state *st, struct ahead *a, uint64_t slot)
{
	const struct zsim_entry *e = zsim_entry_at(st, a->entry);

	if (a->at.item)
		return *a->at.item;
	if (zsim_entry_slot(e) == slot && e->live)
		return a->entry;
	return zsim_entry_find_at(st, &a->at, slot);
}

static inline bool op_store(struct zsim *zs, const struct zsim_op *op, struct zsim_slot_place *at)
{
	struct zsim_page page;
	uint32_t old;

	if (!store_begin(zs, op, at, &page))
		return false;
	old = zsim_entry_find_at(&zs->st, at, op->slot);
	if (__builtin_expect(old != ZSIM_NIL, 0))
		zsim_entry_drop(&zs->st, old); /* a page that was not loaded before */
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

/* how far it came: all of @s, or up to an op that is not for here or needs room */
static inline uint32_t ops_try(struct batch *b, struct span s)
{
	uint32_t k = s.from;

	while (k < s.to && op_try(b->zs, &b->ops[k], &b->ahead[k % RING], &b->done))
		k++;
	return k;
}

/*
 * The ops from @i on, until one is not for here or needs room; how far it came. Looking
 * ahead begins behind the first: where none are for here, it would be in vain each time.
 */
static uint32_t ops_do(struct batch *b, uint32_t i)
{
	struct span now = { i, i + 1 };

	b->first = i;
	look_far(b, now);
	look_near(b, now);
	i = ops_try(b, now);
	b->first = i;
	for (int64_t at = i; i == now.to && i < b->nr; at += BLOCK) {
		look_far(b, block(b, at));
		look_near(b, block(b, at - BLOCK));
		look_next(b, block(b, at - 2 * (int64_t)BLOCK));
		now = block(b, at - 3 * (int64_t)BLOCK);
		if (now.from == now.to)
			now.to = i; /* none yet */
		else
			i = ops_try(b, now);
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
		zsim_slot_map_place(&st->map, op->slot, &at);
		if (zsim_slot_map_has_room(&st->map, &at, op->slot, st->free_entry, st->nr_entries))
			return false;
	}
	return !zsim_entry_reserve(st, op->slot);
}

uint32_t zsim_apply_ops(struct zsim *zs, const struct zsim_op *ops, uint32_t nr)
{
	struct batch b; /* the ring in it is long: it is not cleared */
	struct zsim_ops_done *done = &b.done;
	uint32_t i = 0;

	if (!is_plain(zs))
		return 0;
	b.zs = zs;
	b.ops = ops;
	b.nr = nr;
	b.groups = zs->st.memcgs.size > FEW_GROUPS;
	*done = (struct zsim_ops_done){ 0 };
	do {
		if (i < nr && zs->st.entries.size && zs->st.map.nr_segments)
			i = ops_do(&b, i);
	} while (i < nr && made_room(&zs->st, &ops[i]));
	if (!i)
		return 0;
	done->invalidates = i - done->stores - done->loads_hit - done->loads_missed;
	zs->started = true;
	zs->calls += (uint32_t)done->stores; /* each would have been a call */
	ops_tell(zs, done);
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
