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
#define BLOCKS 4u
#define FIRST 4u
#define RING (BLOCKS * BLOCK)
/* of so many blocks walkers hear once */
#define NOTE 8
/* bytes of groups and their lists that stay in a cache by themselves */
#define FEW_GROUPS (3u << 19)

/* ---- whether ------------------------------------------------------------------------ */

/* nothing that an op of this kind changes makes a difference to this */
static bool is_plain(const struct zsim *zs)
{
	const struct zsim_state *st = &zs->st;

	return !st->defect && !st->memcg_disabled && !st->zswap_absent && !st->nr_visits &&
	       !st->devices_gone && st->params[ZSIM_PARAM_ENABLED] && !zs->runs &&
	       !st->worker_queued && !zsim_state_fails_soon(st) && !zsim_listens(zs);
}

/* ---- looking ahead -------------------------------------------------------------------- */

/**
 * struct ahead - an op that comes
 * @at: its place
 * @hint: of the entry that may be the slot's, or of ZSIM_NIL. What was looked up in time need not
 *	be waited for: it is compared, and a processor guesses rightly that it is the same
 */
struct ahead {
	struct zsim_slot_place at;
	struct zsim_entry_hint hint;
};

/**
 * struct seen - what was seen of a block of ops, without gaps: what kinds come is as good as random
 * @entries, @entry: those whose entries may be found
 * @stores, @store, @memcg: with many groups, ops whose slots are free, which are stores mostly,
 *	and the groups that they name, or ZSIM_MEMCG_NONE
 */
struct seen {
	uint32_t entries;
	uint32_t stores;
	struct ahead *entry[BLOCK];
	uint32_t store[BLOCK];
	zsim_memcg memcg[BLOCK];
};

/**
 * struct batch - ops under way
 * @first, @nr: those that are looked ahead of
 * @slots: slots below this are right
 * @pages: at which the pool's limit is near
 * @groups: there are many groups, or lists of them
 * @before: entries before the first op
 */
struct batch {
	struct zsim *zs;
	const struct zsim_op *ops;
	uint32_t first;
	uint32_t nr;
	uint64_t slots;
	uint64_t pages;
	uint32_t before;
	bool groups;
	struct zsim_ops_done done;
	struct zsim_root_charge root;
	struct ahead ahead[RING];
	struct seen seen[BLOCKS];
};

static void batch_init(struct batch *b, struct zsim *zs, const struct zsim_op *ops, uint32_t nr)
{
	const struct zsim_state *st = &zs->st;

	b->zs = zs;
	b->ops = ops;
	b->nr = nr;
	b->slots = ZSIM_SLOT_OFFSET_MAX + UINT64_C(1);
	if (st->swap_pages && st->swap_pages < b->slots)
		b->slots = st->swap_pages;
	b->before = st->nr_entries;
	b->pages = st->reached_full ? 0 : zsim_limit_max(st);
	b->groups = zsim_array_used(&st->memcgs) + zsim_array_used(&st->lists) > FEW_GROUPS;
	b->done = (struct zsim_ops_done){ 0 };
	b->root = (struct zsim_root_charge){ 0 };
	/* not the ring, which is long: an op is looked at before it is done */
}

/** struct span - ops from @from to before @to, in one block */
struct span {
	uint32_t from;
	uint32_t to;
};

/* what there is of the block that begins at @at */
static struct span block(const struct batch *b, int64_t at)
{
	if (at < b->first || at >= b->nr)
		return (struct span){ 0, 0 };
	return (struct span){ (uint32_t)at, at + BLOCK < b->nr ? (uint32_t)at + BLOCK : b->nr };
}

/* the blocks of a ring begin with the first op */
static inline struct ahead *ahead_of(struct batch *b, struct span s)
{
	return &b->ahead[(s.from - b->first) % RING];
}

static inline struct seen *seen_of(struct batch *b, struct span s)
{
	return &b->seen[(s.from - b->first) / BLOCK % BLOCKS];
}

/* a neighbour's links are its first two words: mostly in one line */
#define prefetch_links(e) zsim_prefetch((const char *)(e) + 4)

ZSIM_PREFETCHES void look_far(struct batch *b, struct span s)
{
	const struct zsim_slot_map *map = &b->zs->st.map;
	const struct zsim_array *bound = &b->zs->paths.bound;
	struct ahead *a = ahead_of(b, s);

	for (uint32_t k = s.from; k < s.to; k++, a++) {
		zsim_slot_map_place(map, b->ops[k].slot, &a->at);
		zsim_slot_place_prefetch(&a->at);
	}
	for (uint32_t k = s.from; b->groups && k < s.to; k++)
		if (b->ops[k].group < bound->size)
			zsim_prefetch(ZSIM_ARRAY_AT(bound, zsim_memcg, b->ops[k].group));
}

/* the groups of stores: their records, and the lists that the pages go on */
ZSIM_PREFETCHES void look_near_groups(const struct batch *b, struct span s,
				      const struct ahead *ahead, struct seen *seen)
{
	const struct zsim *zs = b->zs;
	uint32_t nr = 0;

	for (uint32_t k = s.from; k < s.to; k++, ahead++) {
		seen->store[nr] = k;
		nr += ahead->hint.entry == ZSIM_NIL;
	}
	seen->stores = nr;
	for (uint32_t i = 0; i < nr; i++) {
		const struct zsim_op *op = &b->ops[seen->store[i]];
		zsim_memcg memcg = zsim_paths_bound(&zs->paths, op->group);

		if (op->node >= zs->st.nodes)
			memcg = ZSIM_MEMCG_NONE;
		seen->memcg[i] = memcg;
		if (memcg != ZSIM_MEMCG_NONE)
			zsim_memcg_prefetch(&zs->st, memcg, op->node);
	}
}

ZSIM_PREFETCHES void look_near(struct batch *b, struct span s)
{
	struct seen *seen = seen_of(b, s);
	struct ahead *a = ahead_of(b, s);
	struct ahead *end = a + (s.to - s.from);
	uint32_t nr = 0;

	for (; a < end; a++) {
		uint32_t entry = zsim_slot_place_guess(&a->at);
		uint32_t found = entry != ZSIM_NIL;

		a->hint.entry = entry;
		/* without one the first entry's: a branch here would be guessed wrong */
		a->hint.e = zsim_entry_at(&b->zs->st, entry & -found);
		a->hint.handle = ZSIM_ZSPAGE_NONE;
		zsim_prefetch_all(a->hint.e);
		seen->entry[nr] = a;
		nr += found;
	}
	seen->entries = nr;
	if (b->groups)
		look_near_groups(b, s, ahead_of(b, s), seen);
}

/* the ends of those lists; and what is known of the groups of entries that leave */
ZSIM_PREFETCHES void look_next_groups(const struct batch *b, const struct seen *seen)
{
	const struct zsim_state *st = &b->zs->st;

	for (uint32_t i = 0; i < seen->stores; i++) {
		zsim_memcg memcg = seen->memcg[i];
		uint32_t tail = ZSIM_NIL;

		if (memcg != ZSIM_MEMCG_NONE)
			tail = zsim_lru_at(st, memcg, b->ops[seen->store[i]].node)->tail;
		if (tail != ZSIM_NIL)
			prefetch_links(zsim_entry_at(st, tail));
	}
	for (uint32_t i = 0; i < seen->entries; i++) {
		const struct zsim_entry *e = seen->entry[i]->hint.e;

		zsim_memcg_prefetch(st, e->memcg, e->node);
	}
}

/* the zspage of an entry that leaves */
ZSIM_PREFETCHES void look_next_zspage(const struct zsim_zsmalloc *pool,
				      struct zsim_entry_hint *hint)
{
	hint->handle = hint->e->zspage;
	if (hint->handle == ZSIM_ZSPAGE_NONE)
		return;
	hint->zspage = zsim_zspage_at(pool, hint->handle);
	zsim_prefetch_all(hint->zspage);
}

static inline const struct zsim_entry *either(const struct zsim_state *st, uint32_t link,
					      const struct zsim_entry *e)
{
	return link == ZSIM_NIL ? e : zsim_entry_at(st, link);
}

/* what hangs on an entry that leaves: its neighbours, its zspage */
ZSIM_PREFETCHES void look_next(struct batch *b, struct span s)
{
	const struct zsim_state *st = &b->zs->st;
	const struct seen *seen = seen_of(b, s);

	for (uint32_t i = 0; i < seen->entries; i++) {
		struct zsim_entry_hint *hint = &seen->entry[i]->hint;

		prefetch_links(either(st, hint->e->prev, hint->e));
		prefetch_links(either(st, hint->e->next, hint->e));
		look_next_zspage(&st->pool, hint);
	}
	if (b->groups)
		look_next_groups(b, seen);
}

/* of the next store: one that a walker freed long ago is in no cache any more */
ZSIM_PREFETCHES void look_next_record(const struct zsim_state *st)
{
	if (st->free_entry != ZSIM_NIL)
		zsim_prefetch(zsim_entry_at(st, st->free_entry));
}

/* ---- doing ------------------------------------------------------------------------------ */

/* is the slot one of this machine's? */
static inline bool slot_right(const struct batch *b, uint64_t slot)
{
	return slot < b->slots || zsim_slot_valid(&b->zs->st, slot);
}

/* of a store that is right in itself, and nothing stands in its way: its group, or NULL */
static inline struct zsim_memcg_rec *may_store(const struct batch *b, const struct zsim_op *op,
					       zsim_memcg memcg)
{
	const struct zsim_state *st = &b->zs->st;
	struct zsim_memcg_rec *m;

	if (!slot_right(b, op->slot) || op->length - 1u >= ZSIM_PAGE_SIZE ||
	    op->node >= st->nodes || memcg == ZSIM_MEMCG_NONE)
		return NULL;
	m = zsim_memcg_at(st, memcg);
	if (m->state < ZSIM_MEMCG_OFFLINE && zsim_memcg_rec_may_zswap(st, m) &&
	    zsim_zsmalloc_pages(&st->pool) < b->pages &&
	    (op->length < ZSIM_PAGE_SIZE || zsim_memcg_writeback(st, memcg)))
		return m;
	return NULL;
}

/* groups that an entry was the last of: at once, since new ones get their records in this order */
static inline void reap(struct batch *b)
{
	if (b->zs->st.reaped_memcg != ZSIM_MEMCG_NONE)
		zsim_reap(b->zs);
}

/* a free one, or one more where the others stay: what was looked up for later ops is there */
static inline bool has_record(const struct zsim_state *st)
{
	return st->free_entry != ZSIM_NIL || !zsim_array_full(&st->entries);
}

/* all that can stand in its way is asked before anything changes */
static inline bool op_store(struct batch *b, const struct zsim_op *op, struct zsim_slot_place *at)
{
	struct zsim_state *st = &b->zs->st;
	zsim_memcg memcg = zsim_paths_bound(&b->zs->paths, op->group);
	struct zsim_memcg_rec *m = may_store(b, op, memcg);
	struct zsim_page page;
	uint32_t zspage, old;

	if (!m || !has_record(st) || zsim_entry_record_find(st) ||
	    !zsim_slot_map_has_room(st, at, op->slot) ||
	    zsim_zsmalloc_alloc_staying(&st->pool, op->length, &zspage))
		return false;
	page = (struct zsim_page){
		.slot = op->slot,
		.memcg = memcg,
		.node = op->node,
		.length = op->length,
		.zspage = zspage,
	};
	old = zsim_entry_find_at(st, at, op->slot);
	if (__builtin_expect(old != ZSIM_NIL, 0)) { /* a page that was not loaded before */
		zsim_entry_drop_among(st, old, &b->root);
		reap(b);
	}
	zsim_entry_put(st, at, &page, m, 1, &b->root);
	look_next_record(st);
	b->done.stores++;
	return true;
}

/* the guess, if it is right still; a live entry is found by its slot */
static inline uint32_t find_guessed(const struct zsim_state *st, struct ahead *a, uint64_t slot)
{
	const struct zsim_entry *e = a->hint.e;

	if (a->at.item)
		return *a->at.item;
	if (a->hint.entry != ZSIM_NIL && zsim_entry_slot(e) == slot && e->live)
		return a->hint.entry;
	return zsim_entry_find_at(st, &a->at, slot);
}

static inline bool op_leave(struct batch *b, const struct zsim_op *op, struct ahead *a)
{
	struct zsim_state *st = &b->zs->st;
	bool load = op->type == ZSIM_EV_LOAD;
	uint32_t entry;

	if (!slot_right(b, op->slot) || (!load && op->type != ZSIM_EV_INVALIDATE))
		return false;
	entry = find_guessed(st, a, op->slot);
	if (__builtin_expect(entry == ZSIM_NIL, 0)) {
		b->done.loads_missed += load;
		return true;
	}
	zsim_entry_leave(st, &a->at, entry, &a->hint, ZSIM_STAT_ZSWPIN, load, &b->root);
	b->done.loads_hit += load;
	reap(b);
	return true;
}

/*
 * What kind of op comes is as good as random, and the first thing that is asked: a wrong
 * guess of the processor is noticed at once, and what follows from the kind is no guess.
 */
static inline bool op_try(struct batch *b, const struct zsim_op *op, struct ahead *a)
{
	return op->type == ZSIM_EV_STORE ? op_store(b, op, &a->at) : op_leave(b, op, a);
}

/* how far it came: all of @s, or up to an op that is not for here or needs room */
static inline uint32_t ops_try(struct batch *b, struct span s)
{
	struct ahead *a = ahead_of(b, s);
	const struct zsim_op *op = b->ops + s.from;
	const struct zsim_op *end = b->ops + s.to;

	while (op < end && op_try(b, op, a)) {
		op++;
		a++;
	}
	return (uint32_t)(op - b->ops);
}

/* ---- all ------------------------------------------------------------------------------- */

static void ops_tell(struct zsim *zs, const struct zsim_ops_done *done)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->ops)
			zs->observers[i]->ops(zs->observers[i]->ctx, zs, done);
}

/* walkers hear of a list whose tail one of these ops moved */
static void ops_note(const struct batch *b, struct span s)
{
	struct zsim *zs = b->zs;
	zsim_memcg memcg;

	if (!zsim_trail_wanted(&zs->st))
		return;
	while (s.from < s.to && b->ops[s.from].type != ZSIM_EV_STORE)
		s.from++;
	if (s.from == s.to)
		return;
	memcg = zsim_paths_bound(&zs->paths, b->ops[s.from].group);
	if (memcg != ZSIM_MEMCG_NONE && b->ops[s.from].node < zs->st.nodes)
		zsim_trail_stored(&zs->trail, &zs->st, memcg, b->ops[s.from].node);
}

/*
 * The ops from @i on, until one is not for here or needs room; how far it came. Looking far
 * ahead begins behind the first few: where many are not for here, it would be in vain each time.
 */
static uint32_t ops_do(struct batch *b, uint32_t i)
{
	struct span now = { i, b->nr - i < FIRST ? b->nr : i + FIRST };
	bool all;

	b->first = i;
	look_far(b, now);
	look_near(b, now);
	i = ops_try(b, now);
	all = i == now.to;
	b->first = i;
	for (int64_t at = i; all && i < b->nr; at += BLOCK) {
		look_far(b, block(b, at));
		look_near(b, block(b, at - BLOCK));
		look_next(b, block(b, at - 2 * (int64_t)BLOCK));
		now = block(b, at - 3 * (int64_t)BLOCK);
		if (now.from == now.to)
			continue; /* none is far enough yet */
		i = ops_try(b, now);
		all = i == now.to;
		if (++b->zs->trail.blocks % NOTE == 0)
			ops_note(b, now);
	}
	return i;
}

static bool has_room(const struct zsim_state *st, const struct zsim_op *op)
{
	struct zsim_slot_place at = { 0 };

	if (!st->map.nr_segments || !has_record(st) || !zsim_zsmalloc_stays(&st->pool, op->length))
		return false;
	zsim_slot_map_place(&st->map, op->slot, &at);
	return zsim_slot_map_has_room(st, &at, op->slot);
}

/*
 * Was it for want of room that this op was not done? Then there may be some now; but not if
 * a leaf was due, and there was no memory for one.
 */
static bool made_room(struct batch *b, const struct zsim_op *op)
{
	struct zsim_state *st = &b->zs->st;

	return op->type == ZSIM_EV_STORE &&
	       may_store(b, op, zsim_paths_bound(&b->zs->paths, op->group)) && !has_room(st, op) &&
	       !zsim_entry_reserve(st, op->slot) && !zsim_zsmalloc_reserve(&st->pool, op->length) &&
	       has_room(st, op);
}

/* what all of them together add to the numbers of the whole machine */
static void ops_sum_up(struct batch *b)
{
	struct zsim_state *st = &b->zs->st;
	struct zsim_memcg_rec *root = zsim_memcg_at(st, ZSIM_MEMCG_ROOT);

	zsim_memcg_charge_root(st, b->root);
	root->zswpout += b->done.stores;
	root->zswpin += b->done.loads_hit;
	st->counters[ZSIM_COUNTER_STORED_PAGES] += (uint64_t)st->nr_entries - b->before;
}

uint32_t zsim_apply_ops(struct zsim *zs, const struct zsim_op *ops, uint32_t nr)
{
	struct zsim_ops_done *done;
	struct batch b;
	uint32_t i = 0;

	if (!is_plain(zs))
		return 0;
	batch_init(&b, zs, ops, nr);
	do {
		if (i < nr && zs->st.entries.size && zs->st.map.nr_segments)
			i = ops_do(&b, i);
	} while (i < nr && made_room(&b, &ops[i]));
	if (!i)
		return 0;
	done = &b.done;
	ops_sum_up(&b);
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
