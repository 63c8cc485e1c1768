/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "oracle/witness.h"

#include <errno.h>
#include <stdio.h>

#include "model/list_lru.h"

void zsim_oracle_check(struct zsim_oracle *o, enum zsim_check kind, bool known, bool ok,
		       const char *saw, const char *model)
{
	const struct zsim_mismatch m = { kind, o->line, saw, model };
	struct zsim_check_count *c = &o->count[kind];

	if (!known) {
		c->unknown++;
		return;
	}
	c->checked++;
	if (ok)
		return;
	c->wrong++;
	if (o->mismatch)
		o->mismatch(o->ctx, &m);
}

void zsim_oracle_check_number(struct zsim_oracle *o, enum zsim_check kind, bool known,
			      const char *what, int64_t saw, int64_t model)
{
	char saw_text[96], model_text[96];

	if (!known || saw == model) {
		zsim_oracle_check(o, kind, known, true, "", "");
		return;
	}
	snprintf(saw_text, sizeof(saw_text), "%s %lld", what, (long long)saw);
	snprintf(model_text, sizeof(model_text), "%s %lld", what, (long long)model);
	zsim_oracle_check(o, kind, true, false, saw_text, model_text);
}

static bool in_shrink(const struct zsim_call *call)
{
	switch (call->pc) {
	case ZSIM_D_SHRINK:
	case ZSIM_D_WALK:
	case ZSIM_D_SCAN:
	case ZSIM_D_CACHE_ADD:
	case ZSIM_D_REMOVE:
	case ZSIM_D_WRITEBACK:
	case ZSIM_D_SCAN_RET:
	case ZSIM_D_SHRINK_RET:
		return true;
	default:
		return false;
	}
}

struct zsim_run *zsim_thread_run(struct zsim_thread *t)
{
	if (t->store.active && in_shrink(&t->store.call))
		return &t->store;
	return &t->reclaim;
}

bool zsim_thread_partial(const struct zsim_thread *t, const struct zsim_run *run)
{
	return run == &t->reclaim && t->partial;
}

bool zsim_list_known(const struct zsim_oracle *o, zsim_memcg memcg, uint32_t node)
{
	return !(zsim_known_at(o, memcg)->unseen >> node & 1);
}

bool zsim_lists_known(const struct zsim_oracle *o, zsim_memcg memcg)
{
	uint64_t nodes = o->zs->st.nodes == ZSIM_MAX_NODES ? UINT64_MAX :
							     (1ull << o->zs->st.nodes) - 1;

	return !(zsim_known_at(o, memcg)->unseen & nodes) && !zsim_known_at(o, memcg)->learnt;
}

bool zsim_limits_known(const struct zsim_oracle *o)
{
	return o->zs->machine_given;
}

int zsim_drive_commit(struct zsim_oracle *o, struct zsim_run *run, struct zsim_decision *d)
{
	int rc = zsim_run_commit(o->zs, run, d);

	zsim_reap(o->zs);
	return rc;
}

/* does the capture have records of this decision, which would have come first? */
static bool recorded(const struct zsim_oracle *o, const struct zsim_run *run,
		     enum zsim_decision_kind kind)
{
	switch (kind) {
	case ZSIM_D_NEXT_GROUP:
	case ZSIM_D_STEP_RET:
		return o->has_steps;
	case ZSIM_D_CACHE_ADD:
	case ZSIM_D_REMOVE:
	case ZSIM_D_WRITEBACK:
	case ZSIM_D_SLAB_BATCH:
		return false;
	case ZSIM_D_MAY:
		return run->call.pages.memcg != ZSIM_MEMCG_ROOT;
	default:
		return true;
	}
}

/* the kernel did not do what the model would have done before @kind */
static void missed(struct zsim_oracle *o, struct zsim_run *run, bool known,
		   const struct zsim_decision *d, enum zsim_decision_kind kind)
{
	char model[96];

	snprintf(model, sizeof(model), "%s slot 0x%llx node %u first", zsim_decision_name(d->kind),
		 (unsigned long long)d->slot, d->node);
	switch (d->kind) {
	case ZSIM_D_SCAN:
		zsim_oracle_check(o, ZSIM_CHECK_SCAN_ENTRY,
				  known && zsim_list_known(o, run->call.walk.memcg, d->node), false,
				  "the walk ended", model);
		run->call.walk.stopped = true;
		break;
	case ZSIM_D_WALK:
		zsim_oracle_check(o, ZSIM_CHECK_WALK_BUDGET,
				  known && zsim_list_known(o, d->memcg, d->node), false, "no walk",
				  model);
		run->call.pc = kind;
		break;
	default:
		zsim_oracle_check(o, ZSIM_CHECK_STATE, known, false, zsim_decision_name(kind),
				  model);
		run->call.pc = kind;
		break;
	}
}

/* the kernel visits or walks where the model had finished */
static bool is_extra(enum zsim_decision_kind kind, enum zsim_decision_kind model)
{
	bool shrunk = model == ZSIM_D_SHRINK_RET || model == ZSIM_D_SLAB_END;
	bool walked = shrunk || model == ZSIM_D_WALK || model == ZSIM_D_SLAB_BATCH;

	return (kind == ZSIM_D_SCAN && walked) || (kind == ZSIM_D_WALK && shrunk);
}

static void extra(struct zsim_run *run, struct zsim_decision *d, enum zsim_decision_kind kind)
{
	struct zsim_call *call = &run->call;

	*d = (struct zsim_decision){ .kind = kind,
				     .cause = call->cause,
				     .call = call->id,
				     .node = UINT32_MAX,
				     .memcg = call->walk.memcg };
	call->pc = kind;
	if (kind == ZSIM_D_SCAN) {
		call->walk.nr = 1;
		call->walk.restart = false;
		call->walk.stopped = false;
		call->walk.next = ZSIM_NIL;
		call->turn.entry = ZSIM_NIL;
	}
}

int zsim_drive(struct zsim_oracle *o, struct zsim_thread *t, struct zsim_run *run,
	       enum zsim_decision_kind kind, struct zsim_decision *d)
{
	bool partial = zsim_thread_partial(t, run);
	int rc;

	for (;;) {
		if (partial && run->call.pc != kind && kind != ZSIM_D_SCAN_RET &&
		    kind != ZSIM_D_WRITEBACK)
			run->call.pc = kind;
		if (partial && kind == ZSIM_D_SCAN) {
			extra(run, d, kind);
			return 0;
		}
		zsim_call_peek(&o->zs->st, &run->call, d);
		if (d->kind == kind)
			return 0;
		if (is_extra(kind, d->kind)) {
			extra(run, d, kind);
			return 0;
		}
		if (recorded(o, run, d->kind)) {
			missed(o, run, !partial, d, kind);
			continue;
		}
		rc = zsim_drive_commit(o, run, d);
		if (rc)
			return rc;
	}
}

void zsim_drive_unended(struct zsim_oracle *o, struct zsim_thread *t)
{
	bool under_way = t->requesting || (t->reclaim.active && !t->partial);

	if (under_way)
		zsim_oracle_check(o, ZSIM_CHECK_STATE, true, false, "something else",
				  "the end of the call first");
	zsim_run_cancel(o->zs, &t->reclaim);
	t->partial = false;
	t->request_known = false;
	t->requesting = false;
	t->stepping = false;
}

int zsim_drive_end(struct zsim_oracle *o, struct zsim_thread *t, struct zsim_run *run, int64_t *rc)
{
	struct zsim_decision d;
	int err = 0;

	while (!err && run->active) {
		zsim_call_peek(&o->zs->st, &run->call, &d);
		if (d.kind == ZSIM_D_CALL_END) {
			*rc = d.rc;
			err = zsim_drive_commit(o, run, &d);
			return err ? err : 1;
		}
		if (zsim_thread_partial(t, run) || recorded(o, run, d.kind))
			break;
		/* a stock kernel's last step: none was left, and the retries ran out */
		if (d.kind == ZSIM_D_NEXT_GROUP && d.memcg != ZSIM_MEMCG_NONE)
			break;
		err = zsim_drive_commit(o, run, &d);
	}
	return err;
}
