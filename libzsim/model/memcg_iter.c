/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/memcg_iter.h"

zsim_memcg zsim_iter_next(const struct zsim_state *st, zsim_memcg top, zsim_memcg prev)
{
	const struct zsim_memcg_rec *m;

	if (prev == ZSIM_MEMCG_NONE)
		return top;
	m = zsim_memcg_at(st, prev);
	if (m->first_child != ZSIM_MEMCG_NONE)
		return m->first_child;
	while (prev != top && m->next == ZSIM_MEMCG_NONE) {
		prev = m->parent;
		m = zsim_memcg_at(st, prev);
	}
	return prev == top ? ZSIM_MEMCG_NONE : m->next;
}

zsim_memcg zsim_iter_next_online(const struct zsim_state *st, zsim_memcg top, zsim_memcg prev)
{
	do {
		prev = zsim_iter_next(st, top, prev);
	} while (prev != ZSIM_MEMCG_NONE && !zsim_memcg_online(st, prev));
	return prev;
}

void zsim_iter_move(struct zsim_state *st, zsim_memcg *place, zsim_memcg to)
{
	zsim_memcg from = *place;

	zsim_memcg_get(st, to);
	*place = to;
	zsim_memcg_put(st, from);
}

void zsim_cursor_leave(struct zsim_state *st, zsim_memcg memcg)
{
	zsim_memcg next = memcg;

	if (st->cursor != memcg || ZSIM_DEFECT(st, CURSOR_LEFT))
		return;
	do {
		next = zsim_iter_next(st, ZSIM_MEMCG_ROOT, next);
	} while (next != ZSIM_MEMCG_NONE && zsim_memcg_at(st, next)->state >= ZSIM_MEMCG_OFFLINE);
	zsim_iter_move(st, &st->cursor, next);
}
