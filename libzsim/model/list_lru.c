/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/list_lru.h"

#include "model/memcg.h"

void zsim_lru_reset(struct zsim_lru *lru)
{
	*lru = (struct zsim_lru){ .head = ZSIM_NIL, .tail = ZSIM_NIL };
}

struct zsim_lru *zsim_lru_of(const struct zsim_state *st, const struct zsim_entry *e)
{
	zsim_memcg m = e->memcg;

	while (zsim_lru_at(st, m, e->node)->dead)
		m = zsim_memcg_at(st, m)->parent;
	return zsim_lru_at(st, m, e->node);
}

uint32_t zsim_lru_count(const struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	if (!lru->dead)
		return lru->length;
	return ZSIM_DEFECT(st, DEAD_LIST_SUMMED) ? ZSIM_LRU_COUNT_DEAD : 0;
}

static void link_tail(struct zsim_state *st, struct zsim_lru *lru, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);

	e->prev = lru->tail & ZSIM_NIL;
	e->next = ZSIM_NIL;
	if (lru->tail != ZSIM_NIL)
		zsim_entry_at(st, lru->tail)->next = entry & ZSIM_NIL;
	else
		lru->head = entry;
	lru->tail = entry;
}

static void link_head(struct zsim_state *st, struct zsim_lru *lru, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);

	e->prev = ZSIM_NIL;
	e->next = lru->head & ZSIM_NIL;
	if (lru->head != ZSIM_NIL)
		zsim_entry_at(st, lru->head)->prev = entry & ZSIM_NIL;
	else
		lru->tail = entry;
	lru->head = entry;
}

static void unlink_entry(struct zsim_state *st, struct zsim_lru *lru, const struct zsim_entry *e)
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

/* the list that an entry really hangs on, found by its head */
static struct zsim_lru *list_under(const struct zsim_state *st, uint32_t entry)
{
	const struct zsim_entry *e = zsim_entry_at(st, entry);
	zsim_memcg m = e->memcg;

	while (zsim_entry_at(st, entry)->prev != ZSIM_NIL)
		entry = zsim_entry_at(st, entry)->prev;
	while (zsim_lru_at(st, m, e->node)->head != entry)
		m = zsim_memcg_at(st, m)->parent;
	return zsim_lru_at(st, m, e->node);
}

/* whose lock is taken to move an entry or take it off: the list's that a look-up finds */
static struct zsim_lru *list_lock(struct zsim_state *st, uint32_t entry)
{
	struct zsim_lru *lru = zsim_lru_of(st, zsim_entry_at(st, entry));

	if (!ZSIM_DEFECT(st, CLEARED_BEFORE_DRAIN))
		return lru;
	ZSIM_EXPECT(st, lru == list_under(st, entry), WRONG_LOCK);
	return list_under(st, entry);
}

/* reclaim asks the shrinker only for those whose bit is set */
static void bit_set(struct zsim_state *st, const struct zsim_entry *e, struct zsim_lru *lru)
{
	if (ZSIM_DEFECT(st, BIT_ON_DEAD))
		lru = zsim_lru_at(st, e->memcg, e->node);
	lru->shrinker_bit = true;
}

void zsim_lru_add(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_lru *lru = zsim_lru_of(st, e);

	e->referenced = 1;
	link_tail(st, lru, entry);
	if (!lru->length++)
		bit_set(st, e, lru);
	st->node_items[e->node]++;
	st->node_true[e->node]++;
}

void zsim_lru_del(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_lru *lru = list_lock(st, entry);

	unlink_entry(st, lru, e);
	lru->length--;
	st->node_items[e->node]--;
	st->node_true[e->node]--;
}

void zsim_lru_rotate(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_lru *lru = list_lock(st, entry);

	unlink_entry(st, lru, e);
	link_tail(st, lru, entry);
}

void zsim_lru_to_head(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_lru *lru = list_lock(st, entry);

	unlink_entry(st, lru, e);
	link_head(st, lru, entry);
}

void zsim_lru_walker_removed(struct zsim_state *st, uint32_t node)
{
	if (!st->node_count_fixed)
		st->node_items[node]--;
}

void zsim_lru_splice(struct zsim_state *st, zsim_memcg from, zsim_memcg to, uint32_t node)
{
	struct zsim_lru *src = zsim_lru_at(st, from, node);
	struct zsim_lru *dst = zsim_lru_at(st, to, node);

	if (src->head != ZSIM_NIL) {
		if (dst->head != ZSIM_NIL)
			zsim_entry_at(st, dst->head)->prev = src->tail & ZSIM_NIL;
		else
			dst->tail = src->tail;
		zsim_entry_at(st, src->tail)->next = dst->head & ZSIM_NIL;
		dst->head = src->head;
		dst->length += src->length;
		dst->shrinker_bit = true;
	}
	dst->deferred += src->deferred;
	zsim_lru_reset(src);
	src->dead = true;
}
