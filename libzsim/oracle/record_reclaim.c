/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_reclaim.c - records of requests, of the worker, and of shrink_memcg.
 */
#include <errno.h>
#include <stdio.h>

#include "model/control.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"
#include "oracle/witness.h"

static const char *name_of(const struct zsim_oracle *o, zsim_memcg memcg)
{
	const char *path = zsim_path(o->zs, memcg);

	return path ? path : "none";
}

/*
 * A procedure that was under way when the capture began, unless the thread was
 * seen elsewhere before. A walk may also be the dynamic shrinker's.
 */
static void begin_partial(struct zsim_oracle *o, struct zsim_thread *t, enum zsim_saw saw)
{
	bool opens = saw == ZSIM_SAW_ONE || saw == ZSIM_SAW_SHRINK;

	if (t->reclaim.active || (t->store.active && zsim_thread_run(t) == &t->store))
		return;
	if (saw != ZSIM_SAW_WALK && (t->outside || (opens && t->stored)))
		zsim_oracle_check(o, ZSIM_CHECK_STATE, true, false, zsim_saw_name(saw),
				  "no call that has begun");
	zsim_call_request(&o->zs->st, &t->reclaim.call, ZSIM_MEMCG_ROOT, UINT64_MAX);
	t->reclaim.call.kind = ZSIM_CALL_WORKER;
	t->reclaim.call.cause = ZSIM_CAUSE_WORKER;
	t->reclaim.call.driven = true;
	t->partial = true;
	zsim_run_begin(o->zs, &t->reclaim);
}

/* a place in the tree that a call can go on from: not freed, and below where it began */
static bool placeable(const struct zsim_oracle *o, zsim_memcg top, zsim_memcg memcg)
{
	return memcg == ZSIM_MEMCG_NONE ||
	       (zsim_memcg_at(&o->zs->st, memcg)->state < ZSIM_MEMCG_OFFLINE &&
		zsim_memcg_within(&o->zs->st, memcg, top));
}

static int request(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_reclaim_args args = { .bytes = 0 };
	bool refused = zsim_control_reclaim(r->text, o->zs->st.algo.source_key, &args);
	zsim_memcg memcg;
	int rc = zsim_cgroup_get(o, r->cg, &memcg);

	t->requesting = true;
	if (rc || (!refused && !args.source_zswap) || !placeable(o, ZSIM_MEMCG_ROOT, memcg))
		return rc;
	t->request_known = !zsim_known_at(o, memcg)->learnt;
	t->reclaim = (struct zsim_run){ .text = zsim_strdup(o->zs->alloc, r->text) };
	if (!t->reclaim.text)
		return -ENOMEM;
	zsim_file_write(o->zs, &t->reclaim, memcg, "memory.reclaim", t->reclaim.text,
			&t->request_rc);
	if (t->reclaim.active) {
		t->reclaim.call.driven = true;
		t->reclaim.rq.text = t->reclaim.text;
		if (o->tree_learnt)
			zsim_tree_open(o, &t->reclaim);
		return 0;
	}
	zsim_dealloc(o->zs->alloc, t->reclaim.text);
	t->reclaim.text = NULL;
	return 0;
}

/* the end of a call that never began, in a thread that was seen outside any */
static void end_alone(struct zsim_oracle *o, struct zsim_thread *t, const char *name, int64_t rc)
{
	/* what is refused stores nothing */
	if (t->outside || (t->stored && rc == -EINVAL))
		zsim_oracle_check(o, ZSIM_CHECK_STATE, true, false, name, "no call that has begun");
	t->outside = true;
}

static int request_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	int64_t model = t->request_rc;
	int ended = 1;

	if (!t->requesting)
		end_alone(o, t, "reclaim_ret", r->value);
	t->requesting = false;
	if (t->reclaim.active) {
		t->reclaim.call.signal |= r->value == -EINTR;
		ended = zsim_drive_end(o, t, &t->reclaim, &model);
	}
	if (ended < 0)
		return ended;
	if (!ended) {
		zsim_oracle_check(o, ZSIM_CHECK_REQUEST_RC, t->request_known && !t->partial, false,
				  "the request ended", "another step");
		zsim_run_cancel(o->zs, &t->reclaim);
	} else if (t->request_known && !t->partial) {
		zsim_oracle_check_number(o, ZSIM_CHECK_REQUEST_RC, true, "rc", r->value, model);
	} else {
		zsim_oracle_check(o, ZSIM_CHECK_REQUEST_RC, false, true, "", "");
	}
	t->request_known = false;
	t->partial = false;
	t->outside = true;
	return 0;
}

static int worker(struct zsim_oracle *o, struct zsim_thread *t)
{
	zsim_call_worker(&o->zs->st, &t->reclaim.call);
	t->reclaim.call.driven = true;
	zsim_run_begin(o->zs, &t->reclaim);
	return 0;
}

static int worker_ret(struct zsim_oracle *o, struct zsim_thread *t)
{
	bool partial = t->partial, known;
	int64_t rc;
	int ended;

	if (!t->reclaim.active) {
		end_alone(o, t, "worker_ret", 0);
		return 0;
	}
	ended = zsim_drive_end(o, t, &t->reclaim, &rc);
	if (ended < 0)
		return ended;
	known = !partial &&
		(ended || zsim_limits_known(o) || t->reclaim.call.pc != ZSIM_D_NEXT_GROUP);
	zsim_oracle_check(o, ZSIM_CHECK_STATE, known, ended, "the worker ended", "another step");
	if (!ended)
		zsim_run_cancel(o->zs, &t->reclaim);
	t->partial = false;
	t->outside = true;
	return 0;
}

bool zsim_next_known(struct zsim_oracle *o, const struct zsim_thread *t, bool same)
{
	bool by_cursor = t->reclaim.call.kind == ZSIM_CALL_WORKER;
	bool known = !t->partial && !o->tree_learnt && (!by_cursor || o->cursor_known || same);

	o->cursor_known |= by_cursor && !t->partial;
	return known;
}

static void check_group(struct zsim_oracle *o, enum zsim_check kind, bool known, zsim_memcg saw,
			zsim_memcg model)
{
	zsim_oracle_check(o, kind, known, saw == model, name_of(o, saw), name_of(o, model));
}

/* the call goes on from the recorded group, unless there is no way on from it */
static void group_take(const struct zsim_oracle *o, const struct zsim_thread *t,
		       struct zsim_decision *d, zsim_memcg saw)
{
	const struct zsim_call *call = &t->reclaim.call;
	zsim_memcg top = call->kind == ZSIM_CALL_REQUEST ? call->top : ZSIM_MEMCG_ROOT;

	if (placeable(o, top, saw))
		d->memcg = saw;
}

/* the cursor stays where it is if this may be no worker */
static int group_commit(struct zsim_oracle *o, struct zsim_thread *t, struct zsim_decision *d)
{
	struct zsim_state *st = &o->zs->st;
	zsim_memcg cursor = ZSIM_MEMCG_NONE;
	int rc;

	zsim_iter_move(st, &cursor, st->cursor);
	rc = zsim_drive_commit(o, &t->reclaim, d);
	if (t->partial)
		zsim_iter_move(st, &st->cursor, cursor);
	zsim_iter_move(st, &cursor, ZSIM_MEMCG_NONE);
	return rc;
}

static int one(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	zsim_memcg memcg = ZSIM_MEMCG_NONE;
	struct zsim_decision d;
	char saw[64], model[64];
	int rc = 0;

	o->has_steps = true;
	begin_partial(o, t, r->saw);
	t->stepping = true;
	if (!r->null_memcg)
		rc = zsim_cgroup_get(o, r->cg, &memcg);
	if (!rc)
		rc = zsim_drive(o, t, &t->reclaim, ZSIM_D_NEXT_GROUP, &d);
	if (rc)
		return rc;
	check_group(o, ZSIM_CHECK_NEXT_GROUP, zsim_next_known(o, t, memcg == d.memcg), memcg,
		    d.memcg);
	snprintf(saw, sizeof(saw), "scans %u failures %u", r->scans, r->failures);
	snprintf(model, sizeof(model), "scans %u failures %u", d.scans, d.failures);
	zsim_oracle_check(o, ZSIM_CHECK_STATE, !t->partial,
			  r->scans == d.scans && r->failures == d.failures, saw, model);
	group_take(o, t, &d, memcg);
	d.scans = r->scans;
	d.failures = r->failures;
	return group_commit(o, t, &d);
}

static int one_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_decision d;
	int rc;

	begin_partial(o, t, r->saw);
	if (!t->stepping)
		zsim_oracle_check(o, ZSIM_CHECK_STATE, !t->partial, false, "one_ret", "one first");
	t->stepping = false;
	o->has_steps = true;
	rc = zsim_drive(o, t, &t->reclaim, ZSIM_D_STEP_RET, &d);
	if (rc)
		return rc;
	zsim_oracle_check_number(o, ZSIM_CHECK_STEP_RC, !t->partial, "rc", r->value, d.rc);
	d.rc = r->value;
	return zsim_drive_commit(o, &t->reclaim, &d);
}

/* a stock kernel shows the worker's next group by the shrink_memcg that it calls */
static int next_by_shrink(struct zsim_oracle *o, struct zsim_thread *t, zsim_memcg memcg)
{
	struct zsim_decision d;
	int rc = zsim_drive(o, t, &t->reclaim, ZSIM_D_NEXT_GROUP, &d);

	if (rc)
		return rc;
	check_group(o, ZSIM_CHECK_NEXT_GROUP, zsim_next_known(o, t, memcg == d.memcg), memcg,
		    d.memcg);
	group_take(o, t, &d, memcg);
	return group_commit(o, t, &d);
}

/* a store's budget is the number of nodes, of which one may be all that was told */
static bool nodes_known(const struct zsim_oracle *o, uint64_t budget)
{
	return zsim_limits_known(o) && (o->zs->st.nodes > 1 || budget <= 1);
}

static int shrink(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	bool batched = o->zs->st.algo.batched, known;
	struct zsim_decision d;
	struct zsim_run *run;
	zsim_memcg memcg;
	char saw[160], model[160];
	int rc = zsim_cgroup_get(o, r->null_memcg ? 0 : r->cg, &memcg);

	if (rc)
		return rc;
	begin_partial(o, t, r->saw);
	run = zsim_thread_run(t);
	if (!o->has_steps && run == &t->reclaim)
		rc = next_by_shrink(o, t, memcg);
	if (!rc)
		rc = zsim_drive(o, t, run, ZSIM_D_SHRINK, &d);
	if (rc)
		return rc;
	snprintf(saw, sizeof(saw), "%.100s nr %llu", name_of(o, memcg),
		 batched ? (unsigned long long)r->nr : 0);
	snprintf(model, sizeof(model), "%.100s nr %u", name_of(o, d.memcg), batched ? d.nr : 0);
	known = !zsim_thread_partial(t, run) && (run != &t->store || nodes_known(o, r->nr));
	zsim_oracle_check(o, ZSIM_CHECK_WALK_BUDGET, known,
			  memcg == d.memcg && (!batched || r->nr == d.nr), saw, model);
	d.memcg = memcg;
	if (batched)
		d.nr = (uint32_t)r->nr;
	return zsim_drive_commit(o, run, &d);
}

/* nothing was scanned although it might have been: the lists are empty, and seen so */
static void lists_seen_empty(struct zsim_oracle *o, zsim_memcg memcg, int64_t rc)
{
	if (rc == -ENOENT && zsim_memcg_writeback(&o->zs->st, memcg) &&
	    zsim_memcg_online(&o->zs->st, memcg) && !zsim_known_at(o, memcg)->learnt)
		zsim_known_at(o, memcg)->unseen = 0;
}

static int shrink_ret(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run;
	struct zsim_decision d;
	bool known;
	int rc;

	begin_partial(o, t, r->saw);
	run = zsim_thread_run(t);
	rc = zsim_drive(o, t, run, ZSIM_D_SHRINK_RET, &d);
	if (rc)
		return rc;
	known = !zsim_thread_partial(t, run) && zsim_lists_known(o, run->call.shrink.memcg);
	zsim_oracle_check_number(o, ZSIM_CHECK_SHRINK_RC, known, "rc", r->value, d.rc);
	lists_seen_empty(o, run->call.shrink.memcg, r->value);
	d.rc = r->value;
	return zsim_drive_commit(o, run, &d);
}

/* a budget below what was left is the list's length: the model's own must be whole */
static void list_learn(struct zsim_oracle *o, const struct zsim_run *run, zsim_memcg memcg,
		       const struct zsim_record *r)
{
	if (o->zs->st.algo.batched && r->nr < run->call.shrink.remaining &&
	    r->nr == zsim_lru_at(&o->zs->st, memcg, r->node)->length)
		zsim_known_at(o, memcg)->unseen &= ~(1ull << r->node);
}

static int walk(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	struct zsim_run *run;
	struct zsim_decision d;
	zsim_memcg memcg;
	char saw[160], model[160];
	int rc = zsim_cgroup_get(o, r->null_memcg ? 0 : r->cg, &memcg);

	if (rc)
		return rc;
	begin_partial(o, t, r->saw);
	run = zsim_thread_run(t);
	rc = zsim_drive(o, t, run, ZSIM_D_WALK, &d);
	if (rc)
		return rc;
	if (!zsim_thread_partial(t, run))
		list_learn(o, run, memcg, r);
	snprintf(saw, sizeof(saw), "%.100s node %u nr %llu", name_of(o, memcg), r->node,
		 (unsigned long long)r->nr);
	snprintf(model, sizeof(model), "%.100s node %u nr %u", name_of(o, d.memcg), d.node, d.nr);
	zsim_oracle_check(o, ZSIM_CHECK_WALK_BUDGET,
			  !zsim_thread_partial(t, run) && zsim_lists_known(o, memcg),
			  memcg == d.memcg && r->node == d.node && r->nr == d.nr, saw, model);
	d.memcg = memcg;
	d.node = r->node;
	d.nr = (uint32_t)r->nr;
	return zsim_drive_commit(o, run, &d);
}

int zsim_record_reclaim(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	switch (r->saw) {
	case ZSIM_SAW_RECLAIM:
		return request(o, t, r);
	case ZSIM_SAW_RECLAIM_RET:
		return request_ret(o, t, r);
	case ZSIM_SAW_WORKER:
		return worker(o, t);
	case ZSIM_SAW_WORKER_RET:
		return worker_ret(o, t);
	case ZSIM_SAW_ONE:
		return one(o, t, r);
	case ZSIM_SAW_ONE_RET:
		return one_ret(o, t, r);
	case ZSIM_SAW_SHRINK:
		return shrink(o, t, r);
	case ZSIM_SAW_SHRINK_RET:
		return shrink_ret(o, t, r);
	default: /* ZSIM_SAW_WALK */
		return walk(o, t, r);
	}
}
