/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offline.c - a dying group goes offline, one list after the other.
 *
 * The whole of it is zsim_memcg_reparent(); as a call it can be met half-way,
 * with the lists of some nodes at the heir already and the charges still here.
 * Source: mem_cgroup_css_offline() in mm/memcontrol.c and
 * memcg_reparent_list_lrus() in mm/list_lru.c, Linux 7.2 (simplified: the
 * charges move in one step, after the lists).
 */
#include "model/memcg_iter.h"
#include "reclaim/steps.h"

void zsim_call_offline(struct zsim_state *st, struct zsim_call *call, zsim_memcg memcg)
{
	*call = (struct zsim_call){
		.id = call->id,
		.kind = ZSIM_CALL_OFFLINE,
		.pc = ZSIM_D_OFFLINE,
		.top = ZSIM_MEMCG_NONE,
		.at = ZSIM_MEMCG_NONE,
		.turn.visit = ZSIM_NIL,
		.slab.memcg = memcg,
	};
	zsim_iter_move(st, &call->top, memcg);
	st->offlining = memcg;
}

static void list_of(const struct zsim_call *call, struct zsim_decision *d)
{
	d->memcg = call->slab.memcg;
	d->node = call->slab.node;
}

bool zsim_offline_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	list_of(call, d);
	return true;
}

int zsim_offline_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_cursor_leave(st, d->memcg);
	/* 24: look-ups find the heir's lists while the entries are still on these */
	for (uint32_t n = 0; ZSIM_DEFECT(st, CLEARED_BEFORE_DRAIN) && n < st->nodes; n++)
		zsim_lru_at(st, d->memcg, n)->dead = true;
	call->pc = ZSIM_D_REPARENT;
	return 0;
}

bool zsim_reparent_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	list_of(call, d);
	return true;
}

int zsim_reparent_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_memcg_reparent_list(st, d->memcg, d->node);
	if (++call->slab.node == st->nodes)
		call->pc = ZSIM_D_OFFLINE_END;
	return 0;
}

bool zsim_offline_end_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	d->memcg = call->slab.memcg;
	return true;
}

int zsim_offline_end_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	st->offlining = ZSIM_MEMCG_NONE;
	if (zsim_memcg_at(st, d->memcg)->state == ZSIM_MEMCG_DYING)
		zsim_memcg_reparent_end(st, d->memcg);
	zsim_iter_move(st, &call->top, ZSIM_MEMCG_NONE);
	call->rc = d->rc;
	call->pc = ZSIM_D_NONE;
	return 0;
}

void zsim_offline_cancel(struct zsim_state *st, struct zsim_call *call)
{
	struct zsim_decision d = { .memcg = call->slab.memcg };

	/* there is no way back */
	if (zsim_memcg_at(st, d.memcg)->state == ZSIM_MEMCG_DYING)
		zsim_cursor_leave(st, d.memcg);
	for (; call->slab.node < st->nodes; call->slab.node++)
		zsim_memcg_reparent_list(st, d.memcg, call->slab.node);
	zsim_offline_end_commit(st, call, &d);
}
