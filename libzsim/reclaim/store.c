/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - a folio is swapped out: limits, room in the pool, entries.
 *
 * Source: zswap_store() and zswap_store_page() in mm/zswap.c, Linux 7.2. The
 * pages of a folio succeed or fail together.
 */
#include <errno.h>

#include "model/entry.h"
#include "model/limit.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "reclaim/steps.h"

static void store_reject(struct zsim_call *call)
{
	call->pages.accepted = false;
	call->pc = ZSIM_D_STORE;
}

void zsim_call_store(struct zsim_state *st, struct zsim_call *call, const struct zsim_pages *pages)
{
	*call = (struct zsim_call){
		.id = call->id,
		.kind = ZSIM_CALL_STORE,
		.cause = ZSIM_CAUSE_STORE,
		.pc = ZSIM_D_MAY,
		.top = ZSIM_MEMCG_NONE,
		.at = ZSIM_MEMCG_NONE,
		.turn.visit = ZSIM_NIL,
		.pages = *pages,
	};
	zsim_memcg_keep(st, pages->memcg);
	if (!st->params[ZSIM_PARAM_ENABLED] || st->zswap_absent)
		store_reject(call);
}

/* the group that pays: of a leaving group, the ancestor that took its place */
static zsim_memcg payer(const struct zsim_state *st, const struct zsim_call *call)
{
	return st->memcg_disabled ? ZSIM_MEMCG_ROOT : zsim_memcg_living(st, call->pages.memcg);
}

bool zsim_may_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	d->memcg = payer(st, call);
	d->rc = zsim_memcg_may_zswap(st, d->memcg);
	return true;
}

int zsim_may_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	zsim_memcg target = ZSIM_DEFECT(st, WRONG_TARGET) ? ZSIM_MEMCG_ROOT : d->memcg;

	if (d->rc)
		call->pc = ZSIM_D_TOTAL;
	else
		zsim_shrink_begin(call, target, st->nodes);
	return 0;
}

void zsim_store_shrunk(const struct zsim_state *st, struct zsim_call *call)
{
	bool room = st->algo.batched ? call->shrink_rc > 0 : !call->shrink_rc;

	call->pc = ZSIM_D_TOTAL;
	if (!room)
		store_reject(call);
}

void zsim_store_total(struct zsim_state *st, struct zsim_call *call, uint64_t pages)
{
	call->pc = ZSIM_D_STORE_ALLOC;
	if (zsim_limit_check(st, pages))
		store_reject(call);
}

/* no kind of failure: the page does not compress, and could never be written back */
#define INCOMPRESSIBLE ZSIM_NR_FAILS

/* how a page's store fails, and which counter tells; in the order of the kernel */
static const struct failure {
	enum zsim_fail kind;
	int rc;
	enum zsim_counter counter;
} failures[] = {
	{ ZSIM_FAIL_ENTRY_ALLOC, -ENOMEM, ZSIM_COUNTER_REJECT_KMEMCACHE_FAIL },
	{ ZSIM_FAIL_COMPRESS, -EIO, ZSIM_COUNTER_REJECT_COMPRESS_FAIL },
	{ INCOMPRESSIBLE, -EINVAL, ZSIM_COUNTER_REJECT_COMPRESS_FAIL },
	{ ZSIM_FAIL_COMPRESS_POOR, -ENOSPC, ZSIM_COUNTER_REJECT_COMPRESS_POOR },
	{ ZSIM_FAIL_ZS_MALLOC, -ENOMEM, ZSIM_COUNTER_REJECT_ALLOC_FAIL },
};

static bool fails(const struct zsim_state *st, const struct zsim_call *call, enum zsim_fail kind)
{
	const struct zsim_pages *p = &call->pages;

	if (kind != INCOMPRESSIBLE)
		return st->fail[kind] > 0;
	return p->length[p->done] == ZSIM_PAGE_SIZE && !zsim_memcg_writeback(st, payer(st, call));
}

/* the first that the page in hand meets, or NULL */
static const struct failure *failure_of(const struct zsim_state *st, const struct zsim_call *call)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (fails(st, call, failures[i].kind))
			return &failures[i];
	return NULL;
}

bool zsim_store_alloc_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_pages *p = &call->pages;
	const struct failure *f = failure_of(st, call);

	d->slot = p->slot + p->done;
	d->memcg = p->memcg;
	d->node = p->node;
	d->length = p->length[p->done];
	d->rc = f ? f->rc : 0;
	return true;
}

static void failure_count(struct zsim_state *st, const struct failure *f)
{
	st->counters[f->counter]++;
	if (f->kind != INCOMPRESSIBLE)
		zsim_state_fails(st, f->kind);
}

/* the page in hand comes to nothing: a capture may miss the record of its entry */
static void object_drop(struct zsim_state *st, struct zsim_pages *p)
{
	if (p->allocated)
		zsim_zsmalloc_free(&st->pool, p->room, p->zspage);
	p->allocated = false;
}

int zsim_store_alloc_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_pages *p = &call->pages;
	int rc;

	if (d->rc) {
		failure_count(st, failure_of(st, call));
		store_reject(call);
		return 0;
	}
	object_drop(st, p);
	rc = zsim_zsmalloc_alloc(&st->pool, d->length, &p->zspage);
	p->allocated = !rc;
	p->room = d->length;
	call->pc = ZSIM_D_STORE_INSERT;
	return rc;
}

bool zsim_store_insert_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	const struct zsim_pages *p = &call->pages;

	(void)st;
	d->slot = p->slot + p->done;
	d->memcg = p->memcg;
	d->node = p->node;
	d->length = p->length[p->done];
	return true;
}

/* 18: protection that went down with each store */
static void others_age(struct zsim_state *st, uint32_t entry)
{
	uint32_t i = zsim_lru_of(st, zsim_entry_at(st, entry))->head;

	for (; i != ZSIM_NIL; i = zsim_entry_at(st, i)->next)
		if (i != entry)
			zsim_entry_at(st, i)->referenced = 0;
}

int zsim_store_insert_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_pages *p = &call->pages;
	const struct zsim_page page = {
		.slot = d->slot,
		.memcg = st->memcg_disabled ? ZSIM_MEMCG_ROOT : d->memcg,
		.node = d->node,
		.length = d->length,
		.zspage = p->zspage,
	};
	bool replaced = zsim_entry_drop_slot(st, d->slot);
	int rc;

	zsim_visit_slot_freed(st, d->slot, false);
	rc = zsim_entry_insert(st, &page);
	if (rc)
		return rc;
	/* one that is replaced is freed after the new one was made: no address for that */
	if (st->nr_visits && st->params[ZSIM_PARAM_ADDRESS_REUSE] && !replaced)
		zsim_visit_reuse(st, d->slot);
	if (ZSIM_DEFECT(st, DECAY))
		others_age(st, zsim_entry_find(st, d->slot));
	p->allocated = false;
	p->accepted = ++p->done == p->nr;
	call->pc = p->accepted ? ZSIM_D_STORE : ZSIM_D_STORE_ALLOC;
	return 0;
}

bool zsim_store_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	d->slot = call->pages.slot;
	d->memcg = call->pages.memcg;
	d->node = call->pages.node;
	d->nr = call->pages.nr;
	d->rc = call->pages.accepted;
	return true;
}

/* 23: charged at the end for the whole folio, uncharged page by page: here once too often */
static void uncharge_again(struct zsim_state *st, uint64_t slot)
{
	uint32_t entry = zsim_entry_find(st, slot);

	if (entry == ZSIM_NIL)
		return;
	zsim_memcg_charge(st, zsim_entry_at(st, entry)->memcg,
			  zsim_entry_length(zsim_entry_at(st, entry)), -1);
	st->counters[ZSIM_COUNTER_STORED_PAGES]--;
}

/* 5, 11: the entries that the store would have replaced were left */
static bool old_entries_stay(const struct zsim_state *st)
{
	if (st->params[ZSIM_PARAM_ENABLED])
		return ZSIM_DEFECT(st, FAILED_STORE_KEEPS);
	return ZSIM_DEFECT(st, DISABLED_STORE_KEEPS);
}

/* a failed store leaves no entry behind, not even the one that it would have replaced */
static void store_undo(struct zsim_state *st, struct zsim_pages *p)
{
	for (uint32_t i = 0; i < p->nr; i++) {
		if (ZSIM_DEFECT(st, HALF_FOLIO) && i < p->done)
			uncharge_again(st, p->slot + i);
		if (i < p->done || !old_entries_stay(st))
			zsim_entry_drop_slot(st, p->slot + i);
		zsim_visit_slot_freed(st, p->slot + i, false);
	}
}

int zsim_store_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_pages *p = &call->pages;

	object_drop(st, p);
	if (d->rc) {
		zsim_memcg_count(st, payer(st, call), ZSIM_STAT_ZSWPOUT, p->nr);
	} else {
		store_undo(st, p);
		if (st->reached_full && !ZSIM_DEFECT(st, WORKER_ONE_PAGE))
			zsim_worker_queue(st);
	}
	zsim_memcg_unkeep(st, p->memcg);
	call->rc = d->rc;
	call->pc = ZSIM_D_NONE;
	return 0;
}
