/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <zsim/tally.h>

#include <errno.h>

#include "base/alloc.h"
#include "base/array.h"

/* A visit that a call has begun; a call makes one at a time, calls overlap. */
struct visit {
	bool open;
	uint32_t call;
	uint32_t length;
};

struct zsim_tally {
	struct zsim_tally_counts counts;
	const struct zsim_allocator *alloc;
	struct zsim_observer observer;
	struct zsim_array visits;
};

static struct visit *visit_at(const struct zsim_tally *t, uint32_t i)
{
	return zsim_array_at(&t->visits, i);
}

static struct visit *visit_find(const struct zsim_tally *t, uint32_t call)
{
	for (uint32_t i = 0; i < t->visits.size; i++) {
		struct visit *v = visit_at(t, i);

		if (v->open && v->call == call)
			return v;
	}
	return NULL;
}

static struct visit *visit_unused(struct zsim_tally *t)
{
	uint32_t index;

	for (uint32_t i = 0; i < t->visits.size; i++) {
		if (!visit_at(t, i)->open)
			return visit_at(t, i);
	}
	return zsim_array_push(&t->visits, &index) ? NULL : visit_at(t, index);
}

static void visit_begin(struct zsim_tally *t, const struct zsim_decision *d)
{
	struct visit *v = visit_find(t, d->call);

	if (!v)
		v = visit_unused(t);
	if (v)
		*v = (struct visit){ .open = true, .call = d->call, .length = d->length };
}

static void visit_written(struct zsim_tally *t, const struct zsim_decision *d,
			  struct zsim_tally_cause *cause)
{
	const struct visit *v = visit_find(t, d->call);

	cause->written++;
	if (v)
		cause->bytes += v->length;
	else
		t->counts.unmeasured++;
}

static void visit_end(struct zsim_tally *t, const struct zsim_decision *d,
		      struct zsim_tally_cause *cause)
{
	struct visit *v = visit_find(t, d->call);

	if (d->rc == ZSIM_LRU_ROTATE)
		cause->rotated++;
	if (v)
		v->open = false;
}

static void writeback_end(struct zsim_tally *t, const struct zsim_decision *d,
			  struct zsim_tally_cause *cause)
{
	if (d->rc == 0)
		visit_written(t, d, cause);
	else if (d->rc == -EEXIST)
		cause->busy++;
	else
		cause->failed++;
}

static void load_end(struct zsim_tally_counts *counts, int64_t rc)
{
	if (rc == 0)
		counts->loads_hit++;
	else if (rc == -ENOENT)
		counts->loads_missed++;
	else
		counts->loads_failed++;
}

static void count_visit(struct zsim_tally *t, const struct zsim_decision *d,
			struct zsim_tally_cause *cause)
{
	switch (d->kind) {
	case ZSIM_D_SCAN:
		cause->visits++;
		visit_begin(t, d);
		break;
	case ZSIM_D_WRITEBACK:
		writeback_end(t, d, cause);
		break;
	case ZSIM_D_SCAN_RET:
		visit_end(t, d, cause);
		break;
	default:
		break;
	}
}

static void count_call(struct zsim_tally_counts *counts, const struct zsim_decision *d,
		       struct zsim_tally_cause *cause)
{
	switch (d->kind) {
	case ZSIM_D_STEP_RET:
		cause->steps++;
		break;
	case ZSIM_D_SHRINK:
		cause->shrinks++;
		break;
	case ZSIM_D_WALK:
		cause->walks++;
		break;
	case ZSIM_D_STORE:
		if (d->rc)
			counts->stores_accepted++;
		else
			counts->stores_rejected++;
		break;
	case ZSIM_D_LOAD:
		load_end(counts, d->rc);
		break;
	case ZSIM_D_CALL_END:
		counts->worker_runs += d->cause == ZSIM_CAUSE_WORKER;
		break;
	default:
		break;
	}
}

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct zsim_tally *t = ctx;
	struct zsim_tally_cause *cause;

	(void)zs;
	if (d->cause >= ZSIM_NR_CAUSES)
		return;
	cause = &t->counts.cause[d->cause];
	count_visit(t, d, cause);
	count_call(&t->counts, d, cause);
}

static void on_visits(void *ctx, const struct zsim *zs, const struct zsim_visits *v)
{
	struct zsim_tally *t = ctx;
	struct zsim_tally_cause *cause = &t->counts.cause[v->cause];

	(void)zs;
	cause->visits += v->nr;
	cause->rotated += v->nr - v->written;
	cause->written += v->written;
	cause->bytes += v->bytes;
}

static void on_ops(void *ctx, const struct zsim *zs, const struct zsim_ops_done *done)
{
	struct zsim_tally *t = ctx;

	(void)zs;
	t->counts.stores_accepted += done->stores;
	t->counts.loads_hit += done->loads_hit;
	t->counts.loads_missed += done->loads_missed;
}

struct zsim_tally *zsim_tally_create(struct zsim *zs, const struct zsim_allocator *allocator)
{
	const struct zsim_allocator *a = allocator ? allocator : zsim_allocator_libc();
	struct zsim_tally *t = zsim_zalloc(a, sizeof(*t));

	if (!t)
		return NULL;
	t->alloc = a;
	t->observer = (struct zsim_observer){
		.decision = on_decision,
		.visits = on_visits,
		.ops = on_ops,
		.ctx = t,
	};
	zsim_array_init(&t->visits, a, sizeof(struct visit));
	if (zsim_observe(zs, &t->observer)) {
		zsim_tally_free(t);
		return NULL;
	}
	return t;
}

void zsim_tally_free(struct zsim_tally *t)
{
	if (!t)
		return;
	zsim_array_destroy(&t->visits);
	zsim_dealloc(t->alloc, t);
}

const struct zsim_tally_counts *zsim_tally_counts(const struct zsim_tally *t)
{
	return &t->counts;
}

struct zsim_tally_cause zsim_tally_sum(const struct zsim_tally_counts *counts)
{
	struct zsim_tally_cause sum = { 0 };

	for (int i = 0; i < ZSIM_NR_CAUSES; i++) {
		const struct zsim_tally_cause *c = &counts->cause[i];

		sum.steps += c->steps;
		sum.shrinks += c->shrinks;
		sum.walks += c->walks;
		sum.visits += c->visits;
		sum.rotated += c->rotated;
		sum.written += c->written;
		sum.busy += c->busy;
		sum.failed += c->failed;
		sum.bytes += c->bytes;
	}
	return sum;
}
