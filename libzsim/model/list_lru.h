/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list_lru.h - zswap's LRU: one list of entries for each group and node.
 *
 * An entry is on the list of the group that it is charged to, or of the nearest
 * ancestor whose list is not dead. The node counts are kept twice: as the kernel does, which takes
 * two off for each entry written back, and as they should be (model.md 3.2).
 *
 * Source: mm/list_lru.c, Linux 7.2 (mirrored; the walk itself is reclaim/walk.c).
 */
#ifndef ZSIM_MODEL_LIST_LRU_H
#define ZSIM_MODEL_LIST_LRU_H

#include "model/state.h"

/** zsim_lru_reset() - an empty list that nothing was deferred for */
void zsim_lru_reset(struct zsim_lru *lru);
/**
 * zsim_lru_living() - the list of pages of the group: its own, or of the nearest group whose list
 * lives
 * @m: the group's record
 */
static inline struct zsim_lru *zsim_lru_living(const struct zsim_state *st,
					       struct zsim_memcg_rec *m, zsim_memcg memcg,
					       uint32_t node)
{
	struct zsim_lru *lru = zsim_lru_of_rec(st, m, memcg, node);

	while (__builtin_expect(lru->dead, 0)) {
		memcg = m->parent;
		m = zsim_memcg_at(st, memcg);
		lru = zsim_lru_of_rec(st, m, memcg, node);
	}
	return lru;
}
/** zsim_lru_of() - the list that an entry is on */
static inline struct zsim_lru *zsim_lru_of(const struct zsim_state *st, const struct zsim_entry *e)
{
	return zsim_lru_living(st, zsim_memcg_at(st, e->memcg), e->memcg, e->node);
}
/** zsim_lru_under() - the list that an entry really hangs on, found by its head (defect 24) */
struct zsim_lru *zsim_lru_under(const struct zsim_state *st, const struct zsim_entry *e);
/**
 * zsim_lru_lock() - whose lock is taken to move an entry or take it off: the list's that a look-up
 * finds
 */
static inline struct zsim_lru *zsim_lru_lock(struct zsim_state *st, const struct zsim_entry *e)
{
	struct zsim_lru *lru = zsim_lru_of(st, e);

	if (!ZSIM_DEFECT(st, CLEARED_BEFORE_DRAIN))
		return lru;
	ZSIM_EXPECT(st, lru == zsim_lru_under(st, e), WRONG_LOCK);
	return zsim_lru_under(st, e);
}
/** ZSIM_LRU_COUNT_DEAD - a dead list's length as the kernel notes it: no number to add up */
#define ZSIM_LRU_COUNT_DEAD UINT32_MAX
/** zsim_lru_count() - entries on a list; none on a dead one */
uint32_t zsim_lru_count(const struct zsim_state *st, zsim_memcg memcg, uint32_t node);
/** zsim_lru_append() - @entry, whose own links say so already, is the last one */
static inline void zsim_lru_append(struct zsim_state *st, struct zsim_lru *lru, uint32_t entry)
{
	if (lru->tail != ZSIM_NIL)
		zsim_entry_at(st, lru->tail)->next = entry & ZSIM_NIL;
	else
		lru->head = entry;
	lru->tail = entry;
}

/** zsim_lru_unlink() - the links of others alone */
static inline void zsim_lru_unlink(struct zsim_state *st, struct zsim_lru *lru,
				   const struct zsim_entry *e)
{
	uint32_t prev = e->prev;
	uint32_t next = e->next;

	if (prev != ZSIM_NIL)
		zsim_entry_at(st, prev)->next = next & ZSIM_NIL;
	else
		lru->head = next;
	if (next != ZSIM_NIL)
		zsim_entry_at(st, next)->prev = prev & ZSIM_NIL;
	else
		lru->tail = prev;
}

/**
 * zsim_lru_add() - at the tail, where @e says that it is; reclaim asks the shrinker only for
 * lists whose bit is set
 * @lru: zsim_lru_of() it
 */
static inline void zsim_lru_add(struct zsim_state *st, struct zsim_lru *lru,
				const struct zsim_entry *e, uint32_t entry)
{
	uint32_t node = e->node;

	zsim_lru_append(st, lru, entry);
	if (!lru->length++) {
		if (ZSIM_DEFECT(st, BIT_ON_DEAD))
			lru = zsim_lru_at(st, e->memcg, node);
		lru->shrinker_bit = true;
	}
	st->node_true[node]++;
}

/**
 * zsim_lru_del() - off its list
 * @lru: zsim_lru_lock() it
 */
static inline void zsim_lru_del(struct zsim_state *st, struct zsim_lru *lru,
				const struct zsim_entry *e)
{
	zsim_lru_unlink(st, lru, e);
	lru->length--;
	st->node_true[e->node]--;
}

/**
 * zsim_lru_rotate_on() - @first to @last, which follow each other on @lru, to its tail in turn
 * @lru: zsim_lru_lock() them; the caller clears @marked
 */
static inline void zsim_lru_rotate_on(struct zsim_state *st, struct zsim_lru *lru, uint32_t first,
				      uint32_t last)
{
	struct zsim_entry *f = zsim_entry_at(st, first);
	struct zsim_entry *l = zsim_entry_at(st, last);

	if (last == lru->tail) /* each has come behind the others, and they stand as before */
		return;
	if (f->prev != ZSIM_NIL)
		zsim_entry_at(st, f->prev)->next = l->next;
	else
		lru->head = l->next;
	zsim_entry_at(st, l->next)->prev = f->prev;
	f->prev = lru->tail & ZSIM_NIL;
	l->next = ZSIM_NIL;
	zsim_entry_at(st, lru->tail)->next = first & ZSIM_NIL;
	lru->tail = last;
}

/** zsim_lru_rotate() - to the tail of its list */
void zsim_lru_rotate(struct zsim_state *st, uint32_t entry);
/** zsim_lru_to_head() - to the head: where a capture shows an older entry than the model knew */
void zsim_lru_to_head(struct zsim_state *st, uint32_t entry);
/** zsim_lru_node_items() - entries of a node, as the kernel counts them */
static inline int64_t zsim_lru_node_items(const struct zsim_state *st, uint32_t node)
{
	return st->node_true[node] - st->node_twice[node];
}
/** zsim_lru_walker_removed() - the walker's own, second count of @entries off the node */
void zsim_lru_walker_removed(struct zsim_state *st, uint32_t node, uint32_t entries);
/** zsim_lru_splice() - @from's list of @node goes to the head of @to's, with what was
 * deferred, and is dead */
void zsim_lru_splice(struct zsim_state *st, zsim_memcg from, zsim_memcg to, uint32_t node);

#endif
