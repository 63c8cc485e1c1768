/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memcg.h - the tree of groups: life cycle, references, settings and charges.
 *
 * A group is online, dying (rmdir), offline (its lists and charges belong to
 * its parent) and freed (no reference left). Offline groups stay in the tree,
 * to be passed over by whoever iterates, until they are freed.
 *
 * Source: mm/memcontrol.c and kernel/cgroup/cgroup.c, Linux 7.2 (simplified:
 * one reference count a group; css, objcg and id references are not told apart).
 */
#ifndef ZSIM_MODEL_MEMCG_H
#define ZSIM_MODEL_MEMCG_H

#include "model/state.h"

/**
 * zsim_memcg_create() - a group below @parent (ZSIM_MEMCG_NONE: the root)
 *
 * Return: 0; -ENOMEM, -ENOSPC with nothing changed.
 */
int zsim_memcg_create(struct zsim_state *st, zsim_memcg parent, zsim_memcg *memcg);
/** zsim_memcg_kill() - rmdir: -EBUSY for the root and for a group with online children */
int zsim_memcg_kill(struct zsim_state *st, zsim_memcg memcg);
/**
 * zsim_memcg_reparent() - a dying group goes offline: lists and charges move up
 *
 * The cursor must have left it (zsim_cursor_leave()).
 */
void zsim_memcg_reparent(struct zsim_state *st, zsim_memcg memcg);
/** zsim_memcg_reparent_list() - the first part of that, node by node: a list moves up */
void zsim_memcg_reparent_list(struct zsim_state *st, zsim_memcg memcg, uint32_t node);
/** zsim_memcg_reparent_end() - the last part: the charges leave, the group is offline */
void zsim_memcg_reparent_end(struct zsim_state *st, zsim_memcg memcg);

/** zsim_memcg_get(), zsim_memcg_put() - a reference; nothing for ZSIM_MEMCG_NONE */
void zsim_memcg_get(struct zsim_state *st, zsim_memcg memcg);
void zsim_memcg_put(struct zsim_state *st, zsim_memcg memcg);
/** zsim_memcg_reap_if_unnamed() - a freed record that nothing names is for zsim_memcg_reap() */
void zsim_memcg_reap_if_unnamed(struct zsim_state *st, zsim_memcg memcg);
/** zsim_memcg_keep(), zsim_memcg_unkeep() - something still names the record */
static inline void zsim_memcg_keep(struct zsim_state *st, zsim_memcg memcg)
{
	zsim_memcg_at(st, memcg)->keeps++;
}

/* the same of a record that is at hand */
static inline void zsim_memcg_unkeep_rec(struct zsim_state *st, struct zsim_memcg_rec *m,
					 zsim_memcg memcg)
{
	if (!--m->keeps && m->state == ZSIM_MEMCG_FREED)
		zsim_memcg_reap_if_unnamed(st, memcg);
}

static inline void zsim_memcg_unkeep(struct zsim_state *st, zsim_memcg memcg)
{
	zsim_memcg_unkeep_rec(st, zsim_memcg_at(st, memcg), memcg);
}
/**
 * zsim_memcg_reap() - take one freed record that nothing names any more
 *
 * The handle may be given to a new group after this; whoever keeps names for
 * handles forgets it now. Return: the handle or ZSIM_MEMCG_NONE.
 */
zsim_memcg zsim_memcg_reap(struct zsim_state *st);

/** zsim_memcg_online() - may a walker take it (css_tryget_online)? */
bool zsim_memcg_online(const struct zsim_state *st, zsim_memcg memcg);
/** zsim_memcg_living() - the group itself, or its nearest ancestor that is not offline */
static inline zsim_memcg zsim_memcg_living(const struct zsim_state *st, zsim_memcg memcg)
{
	while (zsim_memcg_at(st, memcg)->state >= ZSIM_MEMCG_OFFLINE)
		memcg = zsim_memcg_at(st, memcg)->parent;
	return memcg;
}
/** zsim_memcg_within() - is it @top or below it? */
bool zsim_memcg_within(const struct zsim_state *st, zsim_memcg memcg, zsim_memcg top);
/** zsim_memcg_writeback() - is writeback enabled (mem_cgroup_zswap_writeback_enabled)? */
bool zsim_memcg_writeback(const struct zsim_state *st, zsim_memcg memcg);
/** zsim_memcg_limit() - memory.zswap.max, in pages; UINT64_MAX = max */
static inline void zsim_memcg_limit(struct zsim_state *st, zsim_memcg memcg, uint64_t pages)
{
	zsim_memcg_at(st, memcg)->zswap_max = pages;
	zsim_memcg_at(st, memcg)->limited = pages != UINT64_MAX;
}

/* zsim_memcg_may_zswap() of a record that is at hand; the root has no limit */
static inline bool zsim_memcg_rec_may_zswap(const struct zsim_state *st,
					    const struct zsim_memcg_rec *m)
{
	if (m->parent == ZSIM_MEMCG_NONE)
		return true;
	for (;; m = zsim_memcg_at(st, m->parent)) {
		if (m->limited && m->zswap / ZSIM_PAGE_SIZE >= m->zswap_max)
			return false;
		if (m->parent == ZSIM_MEMCG_ROOT)
			return true;
	}
}

/** zsim_memcg_may_zswap() - is room left below all limits (obj_cgroup_may_zswap)? */
static inline bool zsim_memcg_may_zswap(const struct zsim_state *st, zsim_memcg memcg)
{
	return zsim_memcg_rec_may_zswap(st, zsim_memcg_at(st, memcg));
}

/** zsim_memcg_prefetch() - a page of the group will come or go soon */
ZSIM_PREFETCHES void zsim_memcg_prefetch(const struct zsim_state *st, zsim_memcg memcg,
					 uint32_t node)
{
	const struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);

	zsim_prefetch(m);
	if (node || (uintptr_t)m % 64) /* else the list lies in the same line */
		zsim_prefetch(zsim_lru_at(st, memcg, node));
}

/** zsim_memcg_count() - add to a counter of the nearest living group and its ancestors */
static inline void zsim_memcg_count(struct zsim_state *st, zsim_memcg memcg,
				    enum zsim_stat_item item, uint64_t amount)
{
	struct zsim_memcg_rec *m;

	for (memcg = zsim_memcg_living(st, memcg); memcg != ZSIM_MEMCG_NONE; memcg = m->parent) {
		m = zsim_memcg_at(st, memcg);
		*zsim_memcg_events(m, item) += amount;
	}
}

/**
 * struct zsim_root_charge - what the root is still to be charged: zsim_memcg_charge_root()
 *
 * All groups are below the root: who moves many entries adds up, and charges it once.
 */
struct zsim_root_charge {
	uint64_t bytes;
	int32_t pages;
};

/**
 * zsim_memcg_account() - entries of @length bytes come (@sign 1) or go (-1), with @events of @item
 * @m: the group that they belong to; it may be offline, then an ancestor has its charges
 * @root: added to; the root's events are left to the caller
 *
 * The root's own entries are not charged, but their events count (model.md 7).
 */
static inline void zsim_memcg_account(struct zsim_state *st, struct zsim_memcg_rec *m,
				      uint32_t length, int32_t sign, enum zsim_stat_item item,
				      uint64_t events, struct zsim_root_charge *root)
{
	zsim_memcg parent = m->parent;

	if (parent == ZSIM_MEMCG_NONE)
		return;
	while (__builtin_expect(m->state >= ZSIM_MEMCG_OFFLINE, 0)) {
		m = zsim_memcg_at(st, parent);
		parent = m->parent;
	}
	root->bytes += (uint64_t)((int64_t)sign * length);
	root->pages += sign;
	if (parent == ZSIM_MEMCG_NONE)
		return;
	for (;;) {
		m->zswap += (uint64_t)((int64_t)sign * length);
		m->zswapped += sign;
		*zsim_memcg_events(m, item) += events;
		if (parent == ZSIM_MEMCG_ROOT)
			return;
		m = zsim_memcg_at(st, parent);
		parent = m->parent;
	}
}

/** zsim_memcg_charge_root() - the root's share of what zsim_memcg_account() was called for */
static inline void zsim_memcg_charge_root(struct zsim_state *st, struct zsim_root_charge charge)
{
	struct zsim_memcg_rec *root = zsim_memcg_at(st, ZSIM_MEMCG_ROOT);

	root->zswap += charge.bytes;
	root->zswapped += charge.pages;
}

/** zsim_memcg_account_incomp() - what incompressible entries add to that, which are few */
void zsim_memcg_account_incomp(struct zsim_state *st, struct zsim_memcg_rec *m, int32_t sign);

/** zsim_memcg_charge() - all of it for entries that come (@sign 1) or go (-1), without events */
void zsim_memcg_charge(struct zsim_state *st, zsim_memcg memcg, uint32_t length, int32_t sign);

#endif
