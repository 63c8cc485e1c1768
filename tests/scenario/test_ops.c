/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ops.c - page events in batches do what they do one by one.
 *
 * Two machines get the same made-up events: one by zsim_apply() alone, the other in
 * batches as far as zsim_apply_ops() takes them. Their states must be the same all the way.
 */
#include <errno.h>
#include <stdlib.h>

#include <zsim/tally.h>
#include <zsim/workload.h>

#include "support/suite.h"
#include "support/world.h"

#define OPS 300u

/** struct pair - @all: ops; @slow: those that did not go in batches */
struct pair {
	struct world one, batch;
	struct zsim_tally *one_tally, *batch_tally;
	struct zsim_generator *g;
	uint32_t bound;
	uint64_t all, slow;
	uint64_t wrong;
};

static void pair_make(struct pair *p, const struct zsim_workload *w, const char *algo)
{
	*p = (struct pair){ .bound = 0 };
	p->g = zsim_generator_create(w, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->g);
	world_create(&p->one, algo, 1);
	world_create(&p->batch, algo, 1);
	p->one_tally = zsim_tally_create(p->one.zs, NULL);
	p->batch_tally = zsim_tally_create(p->batch.zs, NULL);
}

static void pair_free(struct pair *p)
{
	world_free(&p->one);
	world_free(&p->batch);
	zsim_tally_free(p->one_tally);
	zsim_tally_free(p->batch_tally);
	zsim_generator_free(p->g);
}

static void both_apply(struct pair *p, const struct zsim_event *ev)
{
	struct zsim_result a, b;

	CU_ASSERT_EQUAL_FATAL(zsim_apply(p->one.zs, ev, &a), 0);
	CU_ASSERT_EQUAL_FATAL(zsim_apply(p->batch.zs, ev, &b), 0);
	p->wrong += !zsim_result_equal(&a, &b);
	/* a group that is made again has its number already */
	if (ev->type == ZSIM_EV_MKDIR && p->bound < zsim_generator_groups(p->g))
		CU_ASSERT_EQUAL_FATAL(zsim_bind(p->batch.zs, p->bound++, ev->path), 0);
}

static void op_apply(struct pair *p, struct zsim *zs, const struct zsim_op *op)
{
	const char *path = op->type == ZSIM_EV_STORE ? zsim_generator_group(p->g, op->group) : NULL;
	struct zsim_result res;
	struct zsim_event ev;

	zsim_op_event(op, path, 0, &ev);
	CU_ASSERT_EQUAL_FATAL(zsim_apply(zs, &ev, &res), 0);
}

static int left(void *ctx, const struct zsim_op *op)
{
	struct pair *p = ctx;

	op_apply(p, p->batch.zs, op);
	p->slow++;
	return 0;
}

static void ops_apply(struct pair *p, const struct zsim_op *ops, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++)
		op_apply(p, p->one.zs, &ops[i]);
	CU_ASSERT_EQUAL(zsim_each_op(p->batch.zs, ops, nr, left, p), 0);
	p->all += nr;
}

static void counts_agree(struct pair *p)
{
	const struct zsim_tally_counts *a = zsim_tally_counts(p->one_tally);
	const struct zsim_tally_counts *b = zsim_tally_counts(p->batch_tally);

	CU_ASSERT_EQUAL(a->stores_accepted, b->stores_accepted);
	CU_ASSERT_EQUAL(a->stores_rejected, b->stores_rejected);
	CU_ASSERT_EQUAL(a->loads_hit, b->loads_hit);
	CU_ASSERT_EQUAL(a->loads_missed, b->loads_missed);
	CU_ASSERT_EQUAL(a->worker_runs, b->worker_runs);
}

/* the ops of a workload that are not quick, at most; the digest is compared now and then */
static void lives_agree(const struct zsim_workload *w, const char *algo, uint64_t slow_max)
{
	struct zsim_op ops[OPS];
	struct zsim_event ev;
	struct pair p;
	uint32_t nr, rounds = 0;

	pair_make(&p, w, algo);
	do {
		nr = zsim_generator_ops(p.g, ops, rounds % OPS + 1);
		ops_apply(&p, ops, nr);
		if (++rounds % 32 == 0)
			p.wrong += zsim_digest(p.one.zs) != zsim_digest(p.batch.zs);
		if (!nr && zsim_generator_next(p.g, &ev))
			both_apply(&p, &ev);
		else if (!nr)
			break;
	} while (!p.wrong);
	CU_ASSERT_EQUAL(p.wrong, 0);
	CU_ASSERT_EQUAL(zsim_digest(p.one.zs), zsim_digest(p.batch.zs));
	CU_ASSERT_EQUAL(zsim_verify(p.batch.zs), 0);
	counts_agree(&p);
	CU_ASSERT(p.slow <= slow_max);
	CU_ASSERT(p.all > 4 * p.slow);
	pair_free(&p);
}

static struct zsim_workload workload(enum zsim_preset preset, uint64_t entries)
{
	struct zsim_workload w;

	zsim_workload_init(&w);
	zsim_workload_preset(&w, preset);
	w.entries = entries;
	w.events = 20000;
	w.groups = 9;
	w.nodes = 3;
	return w;
}

/*
 * nothing stands in the way of anything: the first op alone, before which there is no map, may be
 * slow
 */
static void a_quiet_life(void)
{
	struct zsim_workload w = workload(ZSIM_PRESET_STEADY, 1000);

	lives_agree(&w, "patch", 1);
	w.layout = ZSIM_LAYOUT_SPARSE;
	w.invalidates = w.loads;
	lives_agree(&w, "patch", 1);
}

/* limits, requests, groups that come and go: now the one way, now the other */
static void busy_lives(void)
{
	static const char *const algos[] = { "linux-7.2", "linux-7.3", "patch" };

	for (size_t i = 0; i < 3; i++) {
		struct zsim_workload w = workload(ZSIM_PRESET_WRITEBACK, 1500);

		lives_agree(&w, algos[i], UINT64_MAX);
		w = workload(ZSIM_PRESET_CHURN, 1500);
		lives_agree(&w, algos[i], UINT64_MAX);
		w = workload(ZSIM_PRESET_LOADS, 1500);
		lives_agree(&w, algos[i], UINT64_MAX);
	}
}

/* through the sizes at which the map splits, and its segments grow */
static void many_entries(void)
{
	struct zsim_workload w = workload(ZSIM_PRESET_STEADY, 150000);

	w.groups = 9000; /* more than a cache holds: they are looked at ahead of time */
	lives_agree(&w, "patch", 1);
}

/* ---- what is left to zsim_apply() --------------------------------------------------- */

static const struct zsim_op store_op = { .slot = 5,
					 .group = 0,
					 .length = 100,
					 .type = ZSIM_EV_STORE };
static const struct zsim_op load_op = { .slot = 5, .type = ZSIM_EV_LOAD };

static void machine(struct world *w)
{
	world_create(w, "patch", 2);
	world_group(w, "/a");
	CU_ASSERT_EQUAL_FATAL(zsim_bind(w->zs, 0, "/a"), 0);
}

static void ops_that_are_wrong(void)
{
	struct zsim_op wrong[] = {
		store_op, store_op, store_op, store_op, store_op, load_op, load_op,
	};
	struct world w;

	machine(&w);
	wrong[0].length = 0;
	wrong[1].length = 4097;
	wrong[2].node = 2;
	wrong[3].group = 1; /* not bound */
	wrong[4].slot = 0xffffffff;
	wrong[5].slot = 1ull << 63;
	wrong[6].type = ZSIM_EV_CACHE;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &wrong[i], 1), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &store_op, 1), 1);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &wrong[6], 1), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, NULL, 0), 0);
	WORLD_LIST(&w, "/a", 0, "5*");
	world_free(&w);
}

static uint32_t both_ops(struct world *w)
{
	const struct zsim_op ops[] = { store_op, load_op };

	return zsim_apply_ops(w->zs, ops, 2);
}

/* each makes the next op one for zsim_apply(), and is undone again */
static void what_stands_in_the_way(void)
{
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	zsim_set_param(w.zs, ZSIM_PARAM_ENABLED, 0);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	zsim_set_param(w.zs, ZSIM_PARAM_ENABLED, 1);
	zsim_fail(w.zs, ZSIM_FAIL_ENTRY_ALLOC, 1);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	CU_ASSERT_EQUAL(world_store(&w, 9, "/a", 0, 100), 0);
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.zswap.max", "0"), 0);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.zswap.max", "max"), 0);
	zsim_set_param(w.zs, ZSIM_PARAM_MAX_POOL_PERCENT, 0);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	zsim_set_param(w.zs, ZSIM_PARAM_MAX_POOL_PERCENT, 20);
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	CU_ASSERT_EQUAL(zsim_swapoff(w.zs, 3), 0);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	world_free(&w);
}

/* machines on which no page goes the usual way */
static void other_machines(void)
{
	for (int absent = 0; absent < 2; absent++) {
		struct zsim_config config;
		struct world w;

		zsim_config_init(&config);
		config.zswap_absent = absent;
		config.memcg_disabled = !absent;
		world_create_with(&w, config);
		world_group(&w, "/a");
		CU_ASSERT_EQUAL_FATAL(zsim_bind(w.zs, 0, "/a"), 0);
		CU_ASSERT_EQUAL(world_store(&w, 9, "/a", 0, 100), !absent);
		CU_ASSERT_EQUAL(both_ops(&w), 0);
		world_free(&w);
	}
}

/* a page that does not compress, where it could never be written back */
static void incompressible_without_writeback(void)
{
	struct zsim_op op = store_op;
	struct world w;

	machine(&w);
	op.length = 4096;
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 1);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.zswap.writeback", "0"), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &store_op, 1), 1);
	world_free(&w);
}

static void suspended_calls(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_WORKER, .actor = "w" };
	struct zsim_result res;
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 1);
	zsim_set_param(w.zs, ZSIM_PARAM_MAX_POOL_PERCENT, 0);
	CU_ASSERT_EQUAL(zsim_apply(w.zs, &ev, &res), 0);
	CU_ASSERT_EQUAL(res.kind, ZSIM_RESULT_POINT);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &load_op, 1), 0);
	ev.type = ZSIM_EV_FINISH;
	CU_ASSERT_EQUAL(zsim_apply(w.zs, &ev, &res), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &load_op, 1), 1);
	world_free(&w);
}

/* ---- who listens ---------------------------------------------------------------------- */

static void count_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	(void)zs;
	(void)d;
	++*(uint64_t *)ctx;
}

static void count_ops(void *ctx, const struct zsim *zs, const struct zsim_ops_done *done)
{
	(void)zs;
	*(uint64_t *)ctx +=
		1000 * (done->stores + done->loads_hit) + done->loads_missed + done->invalidates;
}

static void no_visits(void *ctx, const struct zsim *zs, const struct zsim_visits *v)
{
	(void)ctx;
	(void)zs;
	(void)v;
}

static void whoever_hears_of_decisions_hears_of_all(void)
{
	uint64_t heard = 0;
	struct zsim_observer ob = { .decision = count_decision, .ops = count_ops, .ctx = &heard };
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(zsim_observe(w.zs, &ob), 0);
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	ob.visits = no_visits;
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	ob.ops = NULL;
	CU_ASSERT_EQUAL(both_ops(&w), 0);
	world_free(&w);
}

static void batches_are_told(void)
{
	struct zsim_op ops[] = { store_op, load_op, load_op, load_op };
	uint64_t heard = 0;
	struct zsim_observer ob = {
		.decision = count_decision,
		.ops = count_ops,
		.visits = no_visits,
		.ctx = &heard,
	};
	struct world w;

	machine(&w);
	ops[3].type = ZSIM_EV_INVALIDATE;
	CU_ASSERT_EQUAL(zsim_observe(w.zs, &ob), 0);
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, ops, 4), 4);
	CU_ASSERT_EQUAL(heard, 2002);
	world_free(&w);
}

/* ---- numbers of groups ------------------------------------------------------------------ */

static int refuse(void *ctx, const struct zsim_op *op)
{
	(void)ctx;
	return (int)op->slot;
}

/* what is left is refused: nothing behind it is done */
static void who_stops_stops_all(void)
{
	struct zsim_op ops[] = { store_op, load_op, store_op, load_op };
	struct world w;

	machine(&w);
	ops[2].length = 0;
	CU_ASSERT_EQUAL(zsim_each_op(w.zs, ops, 4, refuse, NULL), 5);
	CU_ASSERT_EQUAL(zsim_stat(w.zs, ZSIM_MEMCG_ROOT, ZSIM_STAT_ZSWPIN), 1);
	world_free(&w);
}

static void count_calls(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	(void)zs;
	*(uint32_t *)ctx = d->call;
}

/* a store in a batch takes a number like any other */
static void numbers_of_calls(void)
{
	uint32_t call = 0;
	struct zsim_observer ob = { .decision = count_calls, .ops = count_ops, .ctx = &call };
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	CU_ASSERT_EQUAL(both_ops(&w), 2);
	ob.ops = NULL;
	CU_ASSERT_EQUAL(zsim_observe(w.zs, &ob), 0);
	CU_ASSERT_EQUAL(zsim_worker(w.zs), 0);
	CU_ASSERT_EQUAL(call, 3);
	world_free(&w);
}

static void numbers(void)
{
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(zsim_bind(w.zs, 1, "/a"), -EEXIST);
	CU_ASSERT_EQUAL(zsim_bind(w.zs, 2, "/b"), -ERANGE);
	CU_ASSERT_EQUAL(zsim_bind(w.zs, 1, "/b"), 0);
	world_free(&w);
}

/*
 * a number leads to the newest group at its path: before it is made, while it is there, and after
 */
static void a_number_outlives_its_group(void)
{
	struct zsim_op op = store_op;
	struct world w;

	machine(&w);
	CU_ASSERT_EQUAL(zsim_bind(w.zs, 1, "/b"), 0);
	op.group = 1;
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 0);
	world_group(&w, "/b");
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 1);
	WORLD_LIST(&w, "/b", 0, "5*");
	world_remove(&w, "/b");
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 0);
	world_group(&w, "/b");
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &op, 1), 1);
	WORLD_LIST(&w, "/b", 0, "5*");
	/* the last page of a group that has left takes its record along */
	world_remove(&w, "/b");
	CU_ASSERT_EQUAL(zsim_apply_ops(w.zs, &load_op, 1), 1);
	CU_ASSERT_EQUAL(zsim_lookup(w.zs, "/b"), ZSIM_MEMCG_NONE);
	world_free(&w);
}

/* ---- out of memory ------------------------------------------------------------------------ */

/* what a batch could not do for want of memory is not done, and zsim_apply() says why */
static void without_memory(void)
{
	for (uint64_t n = 1;; n++) {
		struct zsim_op op = store_op;
		uint32_t done = 0;
		struct world w;

		machine(&w);
		w.fa.fail_at = w.fa.calls + n;
		for (op.slot = 0; op.slot < 40; op.slot++)
			done += zsim_apply_ops(w.zs, &op, 1);
		w.fa.fail_at = 0;
		CU_ASSERT_EQUAL(zsim_verify(w.zs), 0);
		CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/a"), 0), done);
		world_free(&w);
		if (done == 40)
			break;
		CU_ASSERT_FATAL(n < 100);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(a_quiet_life),
	ZSIM_CASE(busy_lives),
	ZSIM_CASE(many_entries),
	ZSIM_CASE(ops_that_are_wrong),
	ZSIM_CASE(what_stands_in_the_way),
	ZSIM_CASE(other_machines),
	ZSIM_CASE(incompressible_without_writeback),
	ZSIM_CASE(suspended_calls),
	ZSIM_CASE(whoever_hears_of_decisions_hears_of_all),
	ZSIM_CASE(batches_are_told),
	ZSIM_CASE(who_stops_stops_all),
	ZSIM_CASE(numbers_of_calls),
	ZSIM_CASE(numbers),
	ZSIM_CASE(a_number_outlives_its_group),
	ZSIM_CASE(without_memory),
};
ZSIM_SUITE_MAIN("ops", cases)
