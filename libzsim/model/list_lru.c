/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/list_lru.h"

#include "model/memcg.h"

void zsim_lru_reset(struct zsim_lru *lru)
{
	*lru = (struct zsim_lru){ .head = ZSIM_NIL, .tail = ZSIM_NIL };
}

uint32_t zsim_lru_count(const struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	if (!lru->dead)
		return lru->length;
	return ZSIM_DEFECT(st, DEAD_LIST_SUMMED) ? ZSIM_LRU_COUNT_DEAD : 0;
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

struct zsim_lru *zsim_lru_under(const struct zsim_state *st, const struct zsim_entry *e)
{
	const struct zsim_entry *first = e;
	zsim_memcg m = e->memcg;

	while (first->prev != ZSIM_NIL)
		first = zsim_entry_at(st, first->prev);
	while (zsim_lru_at(st, m, e->node)->head == ZSIM_NIL ||
	       zsim_entry_at(st, zsim_lru_at(st, m, e->node)->head) != first)
		m = zsim_memcg_at(st, m)->parent;
	return zsim_lru_at(st, m, e->node);
}

void zsim_lru_rotate(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);

	e->marked = 0;
	zsim_lru_rotate_on(st, zsim_lru_lock(st, e), entry, entry);
}

void zsim_lru_to_head(struct zsim_state *st, uint32_t entry)
{
	struct zsim_entry *e = zsim_entry_at(st, entry);
	struct zsim_lru *lru = zsim_lru_lock(st, e);

	zsim_lru_unlink(st, lru, e);
	link_head(st, lru, entry);
}

void zsim_lru_walker_removed(struct zsim_state *st, uint32_t node, uint32_t entries)
{
	if (!st->node_count_fixed)
		st->node_twice[node] += entries;
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
