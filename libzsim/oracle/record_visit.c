/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_visit.c - records of visits and of do_shrink_slab around them.
 */
#include <errno.h>
#include <stdio.h>

#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "oracle/witness.h"

/* an entry from before the capture: it goes where the walker meets it, at the head */
static int adopt(struct zsim_oracle *o, const struct zsim_run *run, const struct zsim_record *r,
		 uint32_t *entry)
{
	struct zsim_page page = {
		.slot = r->slot,
		.memcg = run->call.walk.memcg,
		.node = run->call.walk.node,
		.length = r->length,
	};
	int rc = zsim_zsmalloc_alloc(&o->zs->st.pool, page.length, &page.zspage);

	if (rc)
		return rc;
	rc = zsim_entry_insert(&o->zs->st, &page);
	if (rc) {
		zsim_zsmalloc_free(&o->zs->st.pool, page.length, page.zspage);
		return rc;
	}
	*entry = zsim_entry_find(&o->zs->st, r->slot);
	zsim_entry_at(&o->zs->st, *entry)->referenced = r->referenced;
	zsim_lru_to_head(&o->zs->st, *entry);
	o->adopted++;
	return 0;
}

static void check_entry(struct zsim_oracle *o, const struct zsim_thread *t, struct zsim_run *run,
			const struct zsim_record *r, const struct zsim_decision *d)
{
	bool known = !zsim_thread_partial(t, run) &&
		     zsim_list_known(o, run->call.walk.memcg, run->call.walk.node);
	bool extra = d->node == UINT32_MAX;
	char saw[48], model[48];

	snprintf(saw, sizeof(saw), "slot 0x%llx", (unsigned long long)r->slot);
	snprintf(model, sizeof(model), "slot 0x%llx", (unsigned long long)d->slot);
	zsim_oracle_check(o, ZSIM_CHECK_SCAN_ENTRY, known, !extra && r->slot == d->slot, saw,
			  extra ? "no visit" : model);
}

static int scan(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run = zsim_thread_run(t);
	struct zsim_decision d;
	uint32_t entry;
	bool adopted;
	int rc = 0;

	if (!run->active)
		return 0; /* the walk began before the capture: nothing tells its list */
	if (r->length < 1 || r->length > ZSIM_PAGE_SIZE) {
		o->why = "scan: len is no length of a compressed page";
		return -EBADMSG;
	}
	rc = zsim_drive(o, t, run, ZSIM_D_SCAN, &d);
	if (rc)
		return rc;
	check_entry(o, t, run, r, &d);
	entry = zsim_entry_find(&o->zs->st, r->slot);
	adopted = entry == ZSIM_NIL;
	if (adopted)
		rc = adopt(o, run, r, &entry);
	if (rc)
		return rc;
	d.length = zsim_entry_length(zsim_entry_at(&o->zs->st, entry));
	d.referenced = zsim_entry_at(&o->zs->st, entry)->referenced;
	zsim_oracle_check_number(o, ZSIM_CHECK_SCAN_LENGTH, !adopted, "length", r->length,
				 d.length);
	zsim_oracle_check_number(o, ZSIM_CHECK_SCAN_REFERENCED, !adopted, "referenced",
				 r->referenced, d.referenced);
	run->call.turn.entry = entry;
	d.slot = r->slot;
	d.length = r->length;
	d.referenced = r->referenced;
	d.node = zsim_entry_at(&o->zs->st, entry)->node;
	return zsim_drive_commit(o, run, &d);
}

/* what the writeback in hand would come to, were it left to the model */
static int64_t writeback_expected(struct zsim_oracle *o, struct zsim_run *run)
{
	struct zsim_decision d;

	zsim_call_peek(&o->zs->st, &run->call, &d);
	return d.rc;
}

static bool in_writeback(const struct zsim_run *run)
{
	enum zsim_decision_kind pc = run->call.pc;

	return run->active &&
	       (pc == ZSIM_D_CACHE_ADD || pc == ZSIM_D_REMOVE || pc == ZSIM_D_WRITEBACK);
}

static int writeback_end(struct zsim_oracle *o, struct zsim_run *run, int64_t rc)
{
	struct zsim_decision d;

	run->call.pc = ZSIM_D_WRITEBACK;
	zsim_call_peek(&o->zs->st, &run->call, &d);
	d.rc = rc;
	return zsim_drive_commit(o, run, &d);
}

/* no memory for the swap cache page, or a page that cannot be decompressed: input */
static bool may_fail(const struct zsim_run *run, int64_t expected, int64_t rc)
{
	return !expected && ((run->call.pc == ZSIM_D_CACHE_ADD && rc == -ENOMEM) ||
			     (run->call.pc == ZSIM_D_REMOVE && rc == -EIO));
}

static int wb_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run = zsim_thread_run(t);
	int64_t expected;
	bool known;

	if (!in_writeback(run))
		return 0;
	expected = writeback_expected(o, run);
	known = (!o->unseen || !r->value) && !may_fail(run, expected, r->value);
	zsim_oracle_check_number(o, ZSIM_CHECK_WRITEBACK_RC, known, "rc", r->value, expected);
	return writeback_end(o, run, r->value);
}

static enum zsim_verdict failure_verdict(const struct zsim_oracle *o, const struct zsim_run *run,
					 int64_t rc)
{
	bool stops = o->zs->st.algo.batched || run->call.cause == ZSIM_CAUSE_SHRINKER;

	return rc == -EEXIST && stops ? ZSIM_LRU_STOP : ZSIM_LRU_RETRY;
}

/* a kernel without records of the writeback: its end shows in the visit's verdict */
static int writeback_unseen(struct zsim_oracle *o, struct zsim_run *run, int64_t st,
			    enum zsim_verdict *model, bool *known)
{
	int64_t rc = writeback_expected(o, run);
	bool ok;

	*known = !o->unseen &&
		 !(st == ZSIM_LRU_RETRY && (may_fail(run, rc, -ENOMEM) || may_fail(run, rc, -EIO)));
	*model = rc ? failure_verdict(o, run, rc) : ZSIM_LRU_REMOVED_RETRY;
	ok = *model == (enum zsim_verdict)st;
	if (!ok) /* follow the kernel; which failure it was does not show */
		rc = st == ZSIM_LRU_REMOVED_RETRY ? 0 : st == ZSIM_LRU_STOP ? -EEXIST : -ENOMEM;
	return writeback_end(o, run, rc);
}

static int scan_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run = zsim_thread_run(t);
	bool unseen_wb = in_writeback(run), known = true;
	enum zsim_verdict model = run->call.turn.verdict;
	struct zsim_decision d;
	int rc = 0;

	if (r->value != ZSIM_LRU_REMOVED_RETRY && r->value != ZSIM_LRU_ROTATE &&
	    r->value != ZSIM_LRU_RETRY && r->value != ZSIM_LRU_STOP) {
		o->why = "scan_ret: st is no verdict of a visit";
		return -EBADMSG;
	}
	if (unseen_wb && o->has_writebacks)
		zsim_oracle_check(o, ZSIM_CHECK_WRITEBACK_RC, true, false, "scan_ret",
				  "wb_ret first");
	if (unseen_wb)
		rc = writeback_unseen(o, run, r->value, &model, &known);
	if (rc || !run->active || run->call.pc != ZSIM_D_SCAN_RET)
		return rc;
	zsim_oracle_check_number(o, ZSIM_CHECK_SCAN_RESULT, known, "verdict", r->value, model);
	zsim_call_peek(&o->zs->st, &run->call, &d);
	if (r->value != ZSIM_LRU_ROTATE || model == ZSIM_LRU_ROTATE)
		d.rc = r->value;
	return zsim_drive_commit(o, run, &d);
}

int zsim_record_visit(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	switch (r->saw) {
	case ZSIM_SAW_SCAN:
		return scan(o, t, r);
	case ZSIM_SAW_SCAN_RET:
		return scan_ret(o, t, r);
	case ZSIM_SAW_WB:
		o->has_writebacks = true;
		return 0;
	default: /* ZSIM_SAW_WB_RET */
		return wb_ret(o, t, r);
	}
}

/* what was deferred before the capture is learnt at the group's first round */
static void deferred_learn(struct zsim_oracle *o, zsim_memcg memcg, const struct zsim_record *r)
{
	if (!zsim_list_known(o, memcg, r->node) || zsim_known_at(o, memcg)->learnt)
		zsim_lru_at(&o->zs->st, memcg, r->node)->deferred = (uint64_t)r->value;
}

static int slab_start(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_slab slab = { .node = r->node, .noio = r->noio, .freeable = r->items };
	struct zsim_decision d;
	char saw[96], model[96];
	int rc = zsim_cgroup_get(o, r->cg, &slab.memcg);

	if (rc)
		return rc;
	if (r->priority > ZSIM_MAX_PRIORITY) {
		o->why = "mm_shrink_slab_start: priority out of range";
		return -EBADMSG;
	}
	/* in a step of another call, for memory: what follows of that is not known */
	zsim_run_cancel(o->zs, &t->reclaim);
	t->partial = false;
	t->outside = false;
	t->stored = false;
	if (zsim_memcg_at(&o->zs->st, slab.memcg)->state >= ZSIM_MEMCG_OFFLINE)
		return 0; /* its lists are its parent's now: nothing to tell */
	slab.priority = r->priority;
	deferred_learn(o, slab.memcg, r);
	if (!zsim_limits_known(o)) /* else count() would have found nothing */
		o->zs->st.params[ZSIM_PARAM_SHRINKER_ENABLED] = 1;
	zsim_call_slab(&o->zs->st, &t->reclaim.call, &slab);
	t->reclaim.call.driven = true;
	zsim_run_begin(o->zs, &t->reclaim);
	zsim_call_peek(&o->zs->st, &t->reclaim.call, &d);
	snprintf(saw, sizeof(saw), "deferred %lld delta %llu total %llu", (long long)r->value,
		 (unsigned long long)r->delta, (unsigned long long)r->total);
	snprintf(model, sizeof(model), "deferred %llu delta %llu total %llu",
		 (unsigned long long)d.deferred, (unsigned long long)d.delta,
		 (unsigned long long)d.total);
	zsim_oracle_check(o, ZSIM_CHECK_WALK_BUDGET, true,
			  (uint64_t)r->value == d.deferred && r->delta == d.delta &&
				  r->total == d.total,
			  saw, model);
	d.deferred = (uint64_t)r->value;
	d.delta = r->delta;
	d.total = r->total;
	return zsim_drive_commit(o, &t->reclaim, &d);
}

static int slab_end(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run = &t->reclaim;
	struct zsim_decision d;
	char saw[96], model[96];
	uint64_t unused;
	int64_t answer;
	int rc;

	if (!run->active || run->call.kind != ZSIM_CALL_SLAB)
		return 0;
	rc = zsim_drive(o, t, run, ZSIM_D_SLAB_END, &d);
	if (rc)
		return rc;
	unused = run->call.slab.deferred;
	snprintf(saw, sizeof(saw), "unused %llu new %llu total %llu returned %lld",
		 (unsigned long long)r->deferred, (unsigned long long)r->items,
		 (unsigned long long)r->total, (long long)r->value);
	snprintf(model, sizeof(model), "unused %llu new %llu total %llu returned %lld",
		 (unsigned long long)unused, (unsigned long long)d.deferred,
		 (unsigned long long)d.total, (long long)d.rc);
	zsim_oracle_check(o, ZSIM_CHECK_SHRINK_RC, true,
			  r->deferred == unused && r->items == d.deferred && r->total == d.total &&
				  r->value == d.rc,
			  saw, model);
	d.deferred = r->items;
	rc = zsim_drive_commit(o, run, &d);
	if (!rc)
		rc = zsim_drive_end(o, t, run, &answer);
	return rc < 0 ? rc : 0;
}

int zsim_record_slab(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	return r->saw == ZSIM_SAW_SLAB_START ? slab_start(o, t, r) : slab_end(o, t, r);
}
