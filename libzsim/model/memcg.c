/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/memcg.h"

#include <errno.h>

#include "model/list_lru.h"

/* a record and its lists, used again or new; nothing changes on -ENOMEM */
static int record_new(struct zsim_state *st, zsim_memcg *memcg)
{
	uint32_t i;

	if (st->free_memcg != ZSIM_MEMCG_NONE) {
		*memcg = st->free_memcg;
		st->free_memcg = zsim_memcg_at(st, *memcg)->next;
		return 0;
	}
	if (st->memcgs.size >= ZSIM_MAX_MEMCGS)
		return -ENOSPC;
	while (st->lists.size < (st->memcgs.size + 1) * (st->nodes - 1))
		if (zsim_array_push(&st->lists, &i))
			return -ENOMEM;
	return zsim_array_push(&st->memcgs, memcg);
}

static void child_link(struct zsim_state *st, zsim_memcg parent, zsim_memcg memcg)
{
	struct zsim_memcg_rec *p = zsim_memcg_at(st, parent);

	zsim_memcg_at(st, memcg)->prev = p->last_child;
	if (p->last_child != ZSIM_MEMCG_NONE)
		zsim_memcg_at(st, p->last_child)->next = memcg;
	else
		p->first_child = memcg;
	p->last_child = memcg;
	zsim_memcg_get(st, parent);
	zsim_memcg_keep(st, parent);
}

static void child_unlink(struct zsim_state *st, zsim_memcg memcg)
{
	struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);
	struct zsim_memcg_rec *p = zsim_memcg_at(st, m->parent);

	if (m->prev != ZSIM_MEMCG_NONE)
		zsim_memcg_at(st, m->prev)->next = m->next;
	else
		p->first_child = m->next;
	if (m->next != ZSIM_MEMCG_NONE)
		zsim_memcg_at(st, m->next)->prev = m->prev;
	else
		p->last_child = m->prev;
}

int zsim_memcg_create(struct zsim_state *st, zsim_memcg parent, zsim_memcg *memcg)
{
	struct zsim_memcg_rec *m;
	int rc = record_new(st, memcg);

	if (rc)
		return rc;
	m = zsim_memcg_at(st, *memcg);
	*m = (struct zsim_memcg_rec){
		.parent = parent,
		.first_child = ZSIM_MEMCG_NONE,
		.last_child = ZSIM_MEMCG_NONE,
		.next = ZSIM_MEMCG_NONE,
		.prev = ZSIM_MEMCG_NONE,
		.refs = 1,
		.state = ZSIM_MEMCG_ONLINE,
		.writeback = true,
		.zswap_max = UINT64_MAX,
	};
	for (uint32_t node = 0; node < st->nodes; node++)
		zsim_lru_reset(zsim_lru_at(st, *memcg, node));
	if (parent != ZSIM_MEMCG_NONE)
		child_link(st, parent, *memcg);
	return 0;
}

void zsim_memcg_account_incomp(struct zsim_state *st, struct zsim_memcg_rec *m, int32_t sign)
{
	if (m->parent == ZSIM_MEMCG_NONE)
		return;
	while (m->state >= ZSIM_MEMCG_OFFLINE)
		m = zsim_memcg_at(st, m->parent);
	for (; m->parent != ZSIM_MEMCG_NONE; m = zsim_memcg_at(st, m->parent))
		m->zswap_incomp += sign;
	m->zswap_incomp += sign;
}

void zsim_memcg_charge(struct zsim_state *st, zsim_memcg memcg, uint32_t length, int32_t sign)
{
	struct zsim_root_charge root = { 0 };

	zsim_memcg_account(st, zsim_memcg_at(st, memcg), length, sign, ZSIM_STAT_ZSWPIN, 0, &root);
	if (length == ZSIM_PAGE_SIZE)
		zsim_memcg_account_incomp(st, zsim_memcg_at(st, memcg), sign);
	zsim_memcg_charge_root(st, root);
}

static bool has_online_child(const struct zsim_state *st, zsim_memcg memcg)
{
	zsim_memcg c = zsim_memcg_at(st, memcg)->first_child;

	for (; c != ZSIM_MEMCG_NONE; c = zsim_memcg_at(st, c)->next)
		if (zsim_memcg_online(st, c))
			return true;
	return false;
}

int zsim_memcg_kill(struct zsim_state *st, zsim_memcg memcg)
{
	if (memcg == ZSIM_MEMCG_ROOT || has_online_child(st, memcg))
		return -EBUSY;
	zsim_memcg_at(st, memcg)->state = ZSIM_MEMCG_DYING;
	return 0;
}

/* the ancestors include these charges already, so only the group's own are cleared */
static void charges_leave(struct zsim_memcg_rec *m)
{
	m->zswap = 0;
	m->zswapped = 0;
	m->zswap_incomp = 0;
}

void zsim_memcg_reparent_list(struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	zsim_memcg heir = zsim_memcg_at(st, memcg)->parent;

	while (zsim_lru_at(st, heir, node)->dead)
		heir = zsim_memcg_at(st, heir)->parent;
	zsim_lru_splice(st, memcg, heir, node);
}

void zsim_memcg_reparent_end(struct zsim_state *st, zsim_memcg memcg)
{
	struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);

	charges_leave(m);
	m->state = ZSIM_MEMCG_OFFLINE;
	zsim_memcg_put(st, memcg);
}

void zsim_memcg_reparent(struct zsim_state *st, zsim_memcg memcg)
{
	for (uint32_t node = 0; node < st->nodes; node++)
		zsim_memcg_reparent_list(st, memcg, node);
	zsim_memcg_reparent_end(st, memcg);
}

void zsim_memcg_get(struct zsim_state *st, zsim_memcg memcg)
{
	if (memcg != ZSIM_MEMCG_NONE)
		zsim_memcg_at(st, memcg)->refs++;
}

void zsim_memcg_reap_if_unnamed(struct zsim_state *st, zsim_memcg memcg)
{
	struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);

	if (m->state != ZSIM_MEMCG_FREED || m->keeps)
		return;
	m->next = st->reaped_memcg;
	st->reaped_memcg = memcg;
}

void zsim_memcg_put(struct zsim_state *st, zsim_memcg memcg)
{
	struct zsim_memcg_rec *m;

	/* the last reference to a child takes its reference to the parent along */
	while (memcg != ZSIM_MEMCG_NONE) {
		m = zsim_memcg_at(st, memcg);
		if (--m->refs)
			return;
		m->state = ZSIM_MEMCG_FREED;
		child_unlink(st, memcg);
		zsim_memcg_reap_if_unnamed(st, memcg);
		memcg = m->parent;
	}
}

zsim_memcg zsim_memcg_reap(struct zsim_state *st)
{
	zsim_memcg memcg = st->reaped_memcg;
	struct zsim_memcg_rec *m;

	if (memcg == ZSIM_MEMCG_NONE)
		return memcg;
	m = zsim_memcg_at(st, memcg);
	st->reaped_memcg = m->next;
	zsim_memcg_unkeep(st, m->parent);
	m->next = st->free_memcg;
	st->free_memcg = memcg;
	return memcg;
}

bool zsim_memcg_online(const struct zsim_state *st, zsim_memcg memcg)
{
	return zsim_memcg_at(st, memcg)->state == ZSIM_MEMCG_ONLINE;
}

bool zsim_memcg_within(const struct zsim_state *st, zsim_memcg memcg, zsim_memcg top)
{
	while (memcg != top && memcg != ZSIM_MEMCG_NONE)
		memcg = zsim_memcg_at(st, memcg)->parent;
	return memcg == top;
}

bool zsim_memcg_writeback(const struct zsim_state *st, zsim_memcg memcg)
{
	if (!st->params[ZSIM_PARAM_ENABLED] || st->memcg_disabled)
		return true;
	for (; memcg != ZSIM_MEMCG_NONE; memcg = zsim_memcg_at(st, memcg)->parent) {
		if (!zsim_memcg_at(st, memcg)->writeback)
			return false;
		if (ZSIM_DEFECT(st, PARENT_IGNORED))
			break;
	}
	return true;
}
