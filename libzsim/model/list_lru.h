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
/** zsim_lru_of() - the list that an entry is on: of the nearest group whose list lives */
static inline struct zsim_lru *zsim_lru_of(const struct zsim_state *st, const struct zsim_entry *e)
{
	zsim_memcg m = e->memcg;
	struct zsim_lru *lru = zsim_lru_at(st, m, e->node);

	while (lru->dead) {
		m = zsim_memcg_at(st, m)->parent;
		lru = zsim_lru_at(st, m, e->node);
	}
	return lru;
}
/** zsim_lru_under() - the list that an entry really hangs on, found by its head (defect 24) */
struct zsim_lru *zsim_lru_under(const struct zsim_state *st, const struct zsim_entry *e);
/** zsim_lru_lock() - whose lock is taken to move an entry or take it off: the list's that a look-up finds */
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
/** zsim_lru_link_tail(), zsim_lru_unlink() - the links alone */
static inline void zsim_lru_link_tail(struct zsim_state *st, struct zsim_lru *lru,
				      struct zsim_entry *e, uint32_t entry)
{
	e->prev = lru->tail & ZSIM_NIL;
	e->next = ZSIM_NIL;
	if (lru->tail != ZSIM_NIL)
		zsim_entry_at(st, lru->tail)->next = entry & ZSIM_NIL;
	else
		lru->head = entry;
	lru->tail = entry;
}

static inline void zsim_lru_unlink(struct zsim_state *st, struct zsim_lru *lru,
				   const struct zsim_entry *e)
{
	if (e->prev != ZSIM_NIL)
		zsim_entry_at(st, e->prev)->next = e->next;
	else
		lru->head = e->next;
	if (e->next != ZSIM_NIL)
		zsim_entry_at(st, e->next)->prev = e->prev;
	else
		lru->tail = e->prev;
}

/** zsim_lru_add() - at the tail, referenced; reclaim asks the shrinker only for lists whose bit is set */
static inline void zsim_lru_add(struct zsim_state *st, struct zsim_entry *e, uint32_t entry)
{
	struct zsim_lru *lru = zsim_lru_of(st, e);

	e->referenced = 1;
	zsim_lru_link_tail(st, lru, e, entry);
	if (!lru->length++) {
		if (ZSIM_DEFECT(st, BIT_ON_DEAD))
			lru = zsim_lru_at(st, e->memcg, e->node);
		lru->shrinker_bit = true;
	}
	st->node_items[e->node]++;
	st->node_true[e->node]++;
}

/** zsim_lru_del() - off its list */
static inline void zsim_lru_del(struct zsim_state *st, const struct zsim_entry *e)
{
	struct zsim_lru *lru = zsim_lru_lock(st, e);

	zsim_lru_unlink(st, lru, e);
	lru->length--;
	st->node_items[e->node]--;
	st->node_true[e->node]--;
}
/** zsim_lru_rotate() - to the tail of its list */
void zsim_lru_rotate(struct zsim_state *st, uint32_t entry);
/** zsim_lru_to_head() - to the head: where a capture shows an older entry than the model knew */
void zsim_lru_to_head(struct zsim_state *st, uint32_t entry);
/** zsim_lru_walker_removed() - the walker's own, second count off the node */
void zsim_lru_walker_removed(struct zsim_state *st, uint32_t node);
/** zsim_lru_splice() - @from's list of @node goes to the head of @to's, with what was
 * deferred, and is dead */
void zsim_lru_splice(struct zsim_state *st, zsim_memcg from, zsim_memcg to, uint32_t node);

#endif
