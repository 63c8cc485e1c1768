/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_store.c - records of stores, loads and frees.
 */
#include <errno.h>

#include "model/entry.h"
#include "model/limit.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "oracle/witness.h"

static int store_begin(struct zsim_oracle *o, struct zsim_thread *t, uint64_t slot)
{
	const struct zsim_pages pages = {
		.slot = slot,
		.memcg = ZSIM_MEMCG_ROOT,
		.length = t->length,
		.nr = ZSIM_MAX_FOLIO_PAGES,
	};

	zsim_run_cancel(o->zs, &t->store); /* a store whose end was not recorded */
	zsim_call_store(&o->zs->st, &t->store.call, &pages);
	t->store.call.driven = true;
	t->has_memcg = false;
	t->store_refused = false;
	zsim_run_begin(o->zs, &t->store);
	return 0;
}

static void store_set_memcg(struct zsim_oracle *o, struct zsim_thread *t, zsim_memcg memcg)
{
	struct zsim_pages *p = &t->store.call.pages;

	zsim_memcg_keep(&o->zs->st, memcg);
	zsim_memcg_unkeep(&o->zs->st, p->memcg);
	p->memcg = memcg;
	t->has_memcg = true;
}

static int may(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	zsim_memcg memcg;
	int rc = zsim_cgroup_get(o, r->cg, &memcg);

	if (!rc && t->store.active)
		store_set_memcg(o, t, memcg);
	return rc;
}

static int may_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_decision d;
	bool known;

	if (!t->store.active || t->store.call.pc != ZSIM_D_MAY)
		return 0;
	zsim_call_peek(&o->zs->st, &t->store.call, &d);
	known = !o->unseen && !zsim_known_at(o, d.memcg)->learnt;
	if (!o->total_seen && !o->first_may.line) {
		o->first_may.line = o->line;
		o->first_may.saw = r->value;
		o->first_may.model = d.rc;
	} else {
		zsim_oracle_check_number(o, ZSIM_CHECK_MAY_ZSWAP, known, "may_zswap", r->value,
					 d.rc);
	}
	d.rc = r->value;
	return zsim_drive_commit(o, &t->store, &d);
}

static void first_may_check(struct zsim_oracle *o)
{
	uint64_t line = o->line;

	if (!o->first_may.line)
		return;
	o->line = o->first_may.line;
	zsim_oracle_check_number(o, ZSIM_CHECK_MAY_ZSWAP, !o->unseen && !o->tree_learnt,
				 "may_zswap", o->first_may.saw, o->first_may.model);
	o->line = line;
}

/* the first total tells whether the capture saw every entry being stored */
static void total_first(struct zsim_oracle *o, int64_t pages)
{
	if (o->total_seen)
		return;
	o->total_seen = true;
	if (!pages && !o->adopted)
		zsim_known_all(o);
	first_may_check(o);
}

static void full_learn(struct zsim_oracle *o, uint64_t pages)
{
	if (pages >= zsim_limit_max(&o->zs->st) || pages <= zsim_limit_accept(&o->zs->st))
		o->full_known = true;
}

static int total_of_store(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_decision d;
	int rc = zsim_drive(o, t, &t->store, ZSIM_D_TOTAL, &d);

	if (rc)
		return rc;
	zsim_oracle_check_number(o, ZSIM_CHECK_POOL_PAGES, !o->unseen, "pool pages", r->value,
				 (int64_t)d.pages);
	d.pages = (uint64_t)r->value;
	full_learn(o, d.pages);
	return zsim_drive_commit(o, &t->store, &d);
}

/* a stock kernel's worker reads the pool twice in a row where no group was left */
static int pass_end_unseen(struct zsim_oracle *o, struct zsim_thread *t)
{
	struct zsim_decision d;
	int rc = zsim_drive(o, t, &t->reclaim, ZSIM_D_NEXT_GROUP, &d);

	if (rc)
		return rc;
	zsim_oracle_check(o, ZSIM_CHECK_NEXT_GROUP,
			  zsim_next_known(o, t, d.memcg == ZSIM_MEMCG_NONE),
			  d.memcg == ZSIM_MEMCG_NONE, "none", "a group");
	d.memcg = ZSIM_MEMCG_NONE;
	return zsim_drive_commit(o, &t->reclaim, &d);
}

static int total_of_worker(struct zsim_oracle *o, struct zsim_thread *t,
			   const struct zsim_record *r)
{
	struct zsim_decision d;
	int rc = 0;

	if (!o->has_steps && !t->partial && t->reclaim.call.pc == ZSIM_D_NEXT_GROUP)
		rc = pass_end_unseen(o, t);
	if (!rc)
		rc = zsim_drive(o, t, &t->reclaim, ZSIM_D_TOTAL, &d);
	if (rc)
		return rc;
	zsim_oracle_check_number(o, ZSIM_CHECK_POOL_PAGES, !o->unseen && !t->partial, "pool pages",
				 r->value, (int64_t)d.pages);
	d.pages = (uint64_t)r->value;
	rc = zsim_drive_commit(o, &t->reclaim, &d);
	if (!rc && !zsim_limits_known(o)) /* whether it goes on must be seen */
		t->reclaim.call.pc = ZSIM_D_NEXT_GROUP;
	return rc;
}

static int total(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	total_first(o, r->value);
	if (t->store.active)
		return total_of_store(o, t, r);
	if (t->reclaim.active && t->reclaim.call.kind == ZSIM_CALL_WORKER)
		return total_of_worker(o, t, r);
	return 0;
}

static int zs_malloc(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_pages *p = &t->store.call.pages;
	struct zsim_decision d;
	int rc;

	if (r->value < 1 || r->value > ZSIM_PAGE_SIZE) {
		o->why = "zs_malloc: size is no length of a compressed page";
		return -EBADMSG;
	}
	if (!t->store.active || p->done >= ZSIM_MAX_FOLIO_PAGES)
		return 0;
	if (!zsim_slot_valid(&o->zs->st, p->slot + p->done)) {
		o->why = "a folio's page has a slot beyond the device";
		return -EBADMSG;
	}
	p->node = r->node;
	t->length[p->done] = (uint16_t)r->value;
	if (t->store.call.pc == ZSIM_D_STORE) { /* the model refused, the kernel did not */
		t->store_refused = true;
		t->store.call.pc = ZSIM_D_STORE_ALLOC;
	}
	rc = zsim_drive(o, t, &t->store, ZSIM_D_STORE_ALLOC, &d);
	if (rc)
		return rc;
	t->store_refused |= d.rc != 0;
	d.rc = 0;
	return zsim_drive_commit(o, &t->store, &d);
}

static int insert(struct zsim_oracle *o, struct zsim_thread *t)
{
	struct zsim_decision d;

	if (!t->store.active || t->store.call.pc != ZSIM_D_STORE_INSERT)
		return 0;
	zsim_call_peek(&o->zs->st, &t->store.call, &d);
	return zsim_drive_commit(o, &t->store, &d);
}

/* a store that began before the capture leaves an entry: the pool was not as it seemed */
static void entry_unseen(struct zsim_oracle *o, const struct zsim_thread *t, zsim_memcg memcg,
			 uint32_t node)
{
	if (t->outside || t->stored)
		return;
	o->unseen = true;
	for (uint32_t i = 0; i < o->known.size; i++)
		if (memcg == ZSIM_MEMCG_NONE || memcg == i)
			zsim_known_at(o, i)->unseen |= 1ull << node;
}

static int lru_add(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	zsim_memcg memcg;
	int rc = zsim_cgroup_get(o, r->null_memcg ? 0 : r->cg, &memcg);

	if (rc)
		return rc;
	if (!t->store.active) {
		entry_unseen(o, t, memcg, r->node);
		return 0;
	}
	if (!t->has_memcg)
		store_set_memcg(o, t, memcg);
	if (o->lru_records == ZSIM_LRU_RECORDS_PLAIN)
		return insert(o, t);
	t->add_due = true;
	return 0;
}

/* the entry of a slot leaves: by a walker, a load, a free or a store that replaces it */
static int leave(struct zsim_oracle *o, struct zsim_thread *t, uint64_t slot)
{
	struct zsim_run *run = zsim_thread_run(t);
	uint32_t entry = zsim_entry_find(&o->zs->st, slot);
	struct zsim_decision d;

	if (run->active && run->call.pc == ZSIM_D_REMOVE && run->call.turn.slot == slot) {
		zsim_call_peek(&o->zs->st, &run->call, &d);
		d.rc = 0;
		return zsim_drive_commit(o, run, &d);
	}
	if (t->loading && t->load_slot == slot)
		t->loaded = entry != ZSIM_NIL || o->unseen;
	if (entry == ZSIM_NIL) {
		o->adopted += o->unseen;
		return 0;
	}
	if (t->loading && t->load_slot == slot)
		zsim_memcg_count(&o->zs->st, zsim_entry_at(&o->zs->st, entry)->memcg,
				 ZSIM_STAT_ZSWPIN, 1);
	zsim_entry_drop(&o->zs->st, entry);
	zsim_reap(o->zs);
	return 0;
}

static int lru_del(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	if (o->lru_records == ZSIM_LRU_RECORDS_PLAIN)
		return leave(o, t, r->slot);
	t->del_due = true;
	t->del_slot = r->slot;
	return 0;
}

static int lru_ins(struct zsim_oracle *o, struct zsim_thread *t, uint32_t node)
{
	if (!t->store.active)
		entry_unseen(o, t, ZSIM_MEMCG_NONE, node);
	t->add_due = false;
	return insert(o, t);
}

static int lru_rem(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	t->del_due = false;
	return leave(o, t, r->slot);
}

int zsim_record_flush(struct zsim_oracle *o, struct zsim_thread *t)
{
	bool add = t->add_due, del = t->del_due;
	int rc = 0;

	t->add_due = false;
	t->del_due = false;
	if ((add || del) && o->lru_records == ZSIM_LRU_RECORDS_UNKNOWN)
		o->lru_records = ZSIM_LRU_RECORDS_PLAIN;
	if (add)
		rc = insert(o, t);
	if (!rc && del)
		rc = leave(o, t, t->del_slot);
	return rc;
}

/* what the model expects of the store as it stands: 1 accepted, 0 refused */
static int store_expected(struct zsim_thread *t)
{
	struct zsim_call *call = &t->store.call;

	if (call->pc == ZSIM_D_STORE)
		return call->pages.accepted;
	return !t->store_refused;
}

/* refusals of a partly unknown pool tell whether it had reached its limit */
static bool store_known(const struct zsim_oracle *o, const struct zsim_thread *t)
{
	const struct zsim_call *call = &t->store.call;

	if (call->pc == ZSIM_D_STORE_INSERT) /* an allocation failed: input */
		return false;
	return o->zs->machine_given && o->full_known &&
	       !zsim_known_at(o, call->pages.memcg)->learnt;
}

static int store_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_call *call = &t->store.call;
	struct zsim_decision d;

	if (!t->store.active)
		return 0;
	zsim_oracle_check_number(o, ZSIM_CHECK_STORE_ACCEPT, store_known(o, t), "accepted",
				 r->value, store_expected(t));
	if (!o->full_known && call->pages.done == 0)
		o->zs->st.reached_full = !r->value;
	if (r->value)
		call->pages.nr = call->pages.done;
	else if (call->pages.nr == ZSIM_MAX_FOLIO_PAGES)
		call->pages.nr = call->pages.done + 1;
	call->pages.accepted = r->value;
	call->pc = ZSIM_D_STORE;
	zsim_call_peek(&o->zs->st, call, &d);
	return zsim_drive_commit(o, &t->store, &d);
}

static int load_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	uint32_t entry = zsim_entry_find(&o->zs->st, t->load_slot);
	struct zsim_decision d = { .kind = ZSIM_D_LOAD, .slot = t->load_slot, .rc = r->value };
	bool hit = t->loaded || entry != ZSIM_NIL;

	if (!t->loading)
		return 0;
	t->loading = false;
	/* what cannot be decompressed was there: input */
	if (r->value == -EIO)
		o->zs->st.counters[ZSIM_COUNTER_DECOMPRESS_FAIL]++;
	zsim_oracle_check_number(o, ZSIM_CHECK_LOAD_RC, hit || !o->unseen, "load",
				 r->value == -EIO ? 0 : r->value, hit ? 0 : -ENOENT);
	if (!t->loaded && entry != ZSIM_NIL && r->value != -EIO)
		zsim_entry_drop(&o->zs->st, entry);
	zsim_reap(o->zs);
	zsim_observe_decision(o->zs, &d);
	return 0;
}

static int sc_add(struct zsim_oracle *o, struct zsim_thread *t, uint64_t slot)
{
	struct zsim_run *run = zsim_thread_run(t);
	struct zsim_decision d;

	if (run->active && run->call.pc == ZSIM_D_CACHE_ADD && run->call.turn.slot == slot) {
		zsim_call_peek(&o->zs->st, &run->call, &d);
		d.rc = 0;
		return zsim_drive_commit(o, run, &d);
	}
	zsim_visit_slot_freed(&o->zs->st, slot, false);
	return zsim_slot_set_add(&o->zs->st.cache, slot);
}

static void invalidated(struct zsim_oracle *o, uint64_t slot)
{
	zsim_visit_slot_freed(&o->zs->st, slot, true);
}

/* a slot that is read or freed and was never seen in use has a page of before the capture */
static int slot_note(struct zsim_oracle *o, const struct zsim_record *r)
{
	switch (r->saw) {
	case ZSIM_SAW_SC_ADD:
	case ZSIM_SAW_STORE:
		return zsim_slot_set_add(&o->slots, r->slot);
	case ZSIM_SAW_LOAD:
	case ZSIM_SAW_INVAL:
	case ZSIM_SAW_SC_DEL:
		o->older = !zsim_slot_set_has(&o->slots, r->slot);
		return 0;
	default:
		return 0;
	}
}

int zsim_record_store(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	int rc = o->older ? 0 : slot_note(o, r);

	if (rc)
		return rc;
	switch (r->saw) {
	case ZSIM_SAW_SC_ADD:
		return sc_add(o, t, r->slot);
	case ZSIM_SAW_SC_DEL:
		zsim_slot_set_remove(&o->zs->st.cache, r->slot);
		return 0;
	case ZSIM_SAW_STORE:
		return store_begin(o, t, r->slot);
	case ZSIM_SAW_STORE_RET:
		return store_ret(o, t, r);
	case ZSIM_SAW_MAY:
		return may(o, t, r);
	case ZSIM_SAW_MAY_RET:
		return may_ret(o, t, r);
	case ZSIM_SAW_TOTAL:
		return total(o, t, r);
	case ZSIM_SAW_ZS_MALLOC:
		return zs_malloc(o, t, r);
	case ZSIM_SAW_LRU_ADD:
		return lru_add(o, t, r);
	case ZSIM_SAW_LRU_INS:
		return lru_ins(o, t, r->node);
	case ZSIM_SAW_LRU_DEL:
		return lru_del(o, t, r);
	case ZSIM_SAW_LRU_REM:
		return lru_rem(o, t, r);
	case ZSIM_SAW_LOAD:
		t->loading = true;
		t->loaded = false;
		t->load_slot = r->slot;
		return 0;
	case ZSIM_SAW_LOAD_RET:
		return load_ret(o, t, r);
	case ZSIM_SAW_INVAL:
		invalidated(o, r->slot);
		return 0;
	default:
		return 0;
	}
}
