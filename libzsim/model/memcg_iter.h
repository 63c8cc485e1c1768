/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memcg_iter.h - walking the tree, and the pool worker's global cursor.
 *
 * Pre-order, with *none* as the mark of a finished pass. Whoever keeps the
 * iterator's place between two steps holds a reference on that group.
 *
 * Source: mem_cgroup_iter() in mm/memcontrol.c; zswap_next_shrink and
 * zswap_memcg_offline_cleanup() in mm/zswap.c, Linux 7.2.
 */
#ifndef ZSIM_MODEL_MEMCG_ITER_H
#define ZSIM_MODEL_MEMCG_ITER_H

#include "model/memcg.h"

/**
 * zsim_iter_next() - the group after @prev in the subtree of @top
 * @prev: ZSIM_MEMCG_NONE starts at @top
 *
 * Dying and offline groups are given too. Takes no reference.
 * Return: a group, or ZSIM_MEMCG_NONE after the last.
 */
zsim_memcg zsim_iter_next(const struct zsim_state *st, zsim_memcg top, zsim_memcg prev);
/** zsim_iter_next_online() - the same, passing over groups that a walker may not take */
zsim_memcg zsim_iter_next_online(const struct zsim_state *st, zsim_memcg top, zsim_memcg prev);
/** zsim_iter_move() - move a held place: reference @to, drop the one on *@place */
void zsim_iter_move(struct zsim_state *st, zsim_memcg *place, zsim_memcg to);
/** zsim_cursor_leave() - @memcg goes offline: a cursor that stands on it moves on (model.md 1.3) */
void zsim_cursor_leave(struct zsim_state *st, zsim_memcg memcg);

#endif
