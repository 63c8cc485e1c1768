/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pool's limit: at max stores stop, and they go on at the accept threshold only. */
#include <errno.h>

#include "engine/run.h"
#include "model/limit.h"
#include "support/suite.h"
#include "support/world.h"

static void state_init(struct zsim_state *st, uint64_t ram_pages)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.ram_pages = ram_pages;
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(st, &config), 0);
}

/* whole pages, rounded down at each step: 20 % of 1003 is 200, 90 % of that 180 */
static void thresholds_round_down_twice(void)
{
	struct zsim_state st;

	state_init(&st, 1003);
	CU_ASSERT_EQUAL(zsim_limit_max(&st), 200);
	CU_ASSERT_EQUAL(zsim_limit_accept(&st), 180);
	st.params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	CU_ASSERT_EQUAL(zsim_limit_max(&st), 0);
	CU_ASSERT_EQUAL(zsim_limit_accept(&st), 0);
	st.params[ZSIM_PARAM_MAX_POOL_PERCENT] = 100;
	st.params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 100;
	CU_ASSERT_EQUAL(zsim_limit_max(&st), 1003);
	CU_ASSERT_EQUAL(zsim_limit_accept(&st), 1003);
	zsim_state_destroy(&st);
}

/*
 *  pages   199   200   199   181   180   199   200
 *  full     no   yes   yes   yes    no    no   yes
 *  hits      0     1     1     1     1     1     2
 */
static void refuses_from_max_down_to_accept(void)
{
	struct zsim_state st;

	state_init(&st, 1000);
	CU_ASSERT_FALSE(zsim_limit_check(&st, 199));
	CU_ASSERT_EQUAL(st.counters[ZSIM_COUNTER_POOL_LIMIT_HIT], 0);
	CU_ASSERT_TRUE(zsim_limit_check(&st, 200));
	CU_ASSERT_EQUAL(st.counters[ZSIM_COUNTER_POOL_LIMIT_HIT], 1);
	CU_ASSERT_TRUE(zsim_limit_check(&st, 199));
	CU_ASSERT_TRUE(zsim_limit_check(&st, 181));
	CU_ASSERT_EQUAL(st.counters[ZSIM_COUNTER_POOL_LIMIT_HIT], 1);
	CU_ASSERT_FALSE(zsim_limit_check(&st, 180));
	CU_ASSERT_FALSE(zsim_limit_check(&st, 199));
	CU_ASSERT_TRUE(zsim_limit_check(&st, 200));
	CU_ASSERT_EQUAL(st.counters[ZSIM_COUNTER_POOL_LIMIT_HIT], 2);
	zsim_state_destroy(&st);
}

/* an accept threshold of 100 %: one page below max is enough */
static void no_hysteresis_at_100_percent(void)
{
	struct zsim_state st;

	state_init(&st, 1000);
	st.params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 100;
	CU_ASSERT_TRUE(zsim_limit_check(&st, 200));
	CU_ASSERT_FALSE(zsim_limit_check(&st, 199));
	zsim_state_destroy(&st);
}

/* max_pool_percent 0 refuses even with an empty pool */
static void no_pool_at_0_percent(void)
{
	struct zsim_state st;

	state_init(&st, 1000);
	st.params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	CU_ASSERT_TRUE(zsim_limit_check(&st, 0));
	zsim_state_destroy(&st);
}

/* the largest machine that is taken does not overflow 64 bits */
static void largest_machine(void)
{
	struct zsim_state st;

	state_init(&st, UINT64_MAX / 100);
	st.params[ZSIM_PARAM_MAX_POOL_PERCENT] = 100;
	st.params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 100;
	CU_ASSERT_EQUAL(zsim_limit_max(&st), UINT64_MAX / 100);
	CU_ASSERT_EQUAL(zsim_limit_accept(&st), UINT64_MAX / 100);
	zsim_state_destroy(&st);
}

/*
 * 50 pages of RAM make a pool of 10: ten incompressible pages fill it, the next
 * store is refused, and the page that it would have replaced is dropped too.
 */
static void a_full_pool_refuses_stores(void)
{
	struct zsim_config config;
	struct world w;

	zsim_config_init(&config);
	config.ram_pages = 50;
	world_create_with(&w, config);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 1), 0);
	world_fill(&w, "/a", 0, 10, 4096);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 10);
	WORLD_COUNTER(&w, POOL_TOTAL_SIZE, 40960);
	CU_ASSERT_EQUAL(world_store(&w, 3, "/a", 0, 100), 0);
	WORLD_LIST(&w, "/a", 0, "1* 2* 4* 5* 6* 7* 8* 9* 10*");
	WORLD_COUNTER(&w, POOL_LIMIT_HIT, 1);
	WORLD_STAT(&w, "/a", ZSWPOUT, 10);
	/* nine pages are the accept threshold: full no more */
	CU_ASSERT_EQUAL(world_store(&w, 3, "/a", 0, 100), 1);
	WORLD_COUNTER(&w, POOL_LIMIT_HIT, 1);
	world_free(&w);
}

static void actor(struct world *w, enum zsim_event_type type, int64_t result)
{
	const struct zsim_event ev = { .type = type, .actor = "A", .value = 1 };
	struct zsim_result res;

	CU_ASSERT_EQUAL(zsim_apply(w->zs, &ev, &res), 0);
	CU_ASSERT_EQUAL(res.value, result);
}

static void worker_ended(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	uint32_t *runs = ctx;

	(void)zs;
	*runs += d->kind == ZSIM_D_CALL_END && d->cause == ZSIM_CAUSE_WORKER;
}

/*
 * One run of the pool worker at a time: what queues it while it is suspended
 * makes it run once more when it has ended, however often that was. The pool
 * holds ten pages of ten, all old, and nine are the threshold: the suspended run
 * writes one of them, the next run finds nothing to do.
 */
static void the_worker_runs_once_more(void)
{
	struct zsim_config config;
	struct zsim_observer ob;
	uint32_t runs = 0;
	struct world w;

	zsim_config_init(&config);
	config.ram_pages = 50;
	config.algo.batch = 1;
	world_create_with(&w, config);
	ob = (struct zsim_observer){ .decision = worker_ended, .ctx = &runs };
	CU_ASSERT_EQUAL(zsim_observe(w.zs, &ob), 0);
	world_fill(&w, "/a", 0, 10, 4096);
	world_age(&w, "/a", 0);
	actor(&w, ZSIM_EV_WORKER, ZSIM_POINT_STEP);
	CU_ASSERT_EQUAL(world_store(&w, 11, "/a", 0, 100), 0);
	CU_ASSERT_EQUAL(zsim_worker(w.zs), 0);
	CU_ASSERT_EQUAL(world_store(&w, 11, "/a", 0, 100), 0);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 0), 0);
	WORLD_COUNTER(&w, WRITTEN_BACK_PAGES, 0);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 10);
	actor(&w, ZSIM_EV_STEP, ZSIM_POINT_STEP); /* the root has nothing */
	CU_ASSERT_EQUAL(runs, 0);
	actor(&w, ZSIM_EV_FINISH, 0);
	CU_ASSERT_EQUAL(runs, 2);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 9);
	WORLD_COUNTER(&w, WRITTEN_BACK_PAGES, 1);
	CU_ASSERT_EQUAL(world_store(&w, 11, "/a", 0, 100), 1);
	CU_ASSERT_EQUAL(runs, 2);
	world_free(&w);
}

/* one reference of the pool's user, one of the place in the queue, one of the run from it */
static void references_to_the_pool(void)
{
	struct zsim_config config;
	struct zsim_state *st;
	struct world w;

	zsim_config_init(&config);
	config.ram_pages = 50;
	config.algo.batch = 1;
	world_create_with(&w, config);
	st = &w.zs->st;
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 1), 0);
	CU_ASSERT_EQUAL(st->pool_refs, 1);
	world_fill(&w, "/a", 0, 10, 4096);
	for (int i = 0; i < 3; i++) /* queued once, however many refused */
		CU_ASSERT_EQUAL(world_store(&w, 11, "/", 0, 100), 0);
	CU_ASSERT_EQUAL(st->pool_refs, 2);
	CU_ASSERT(zsim_pool_refs_hold(st));
	actor(&w, ZSIM_EV_WORKER, ZSIM_POINT_STEP);
	CU_ASSERT_EQUAL(st->pool_refs, 2);
	CU_ASSERT(!st->worker_queued);
	CU_ASSERT_EQUAL(world_store(&w, 11, "/", 0, 100), 0);
	CU_ASSERT_EQUAL(st->pool_refs, 3);
	CU_ASSERT(zsim_pool_refs_hold(st));
	actor(&w, ZSIM_EV_FINISH, 0);
	CU_ASSERT_EQUAL(st->pool_refs, 2);
	CU_ASSERT(zsim_pool_refs_hold(st));
	CU_ASSERT_EQUAL(zsim_worker(w.zs), 0);
	CU_ASSERT_EQUAL(st->pool_refs, 1);
	/* by name, and not queued before: none */
	actor(&w, ZSIM_EV_WORKER, zsim_pool_pages(w.zs) > 9 ? ZSIM_POINT_STEP : 0);
	CU_ASSERT_EQUAL(st->pool_refs, 1);
	actor(&w, ZSIM_EV_FINISH, 0);
	CU_ASSERT(zsim_pool_refs_hold(st));
	st->pool_refs++;
	CU_ASSERT(!zsim_pool_refs_hold(st));
	world_free(&w);
}

/* a worker queued under `param worker manual` waits until somebody runs it */
static void a_manual_worker_waits(void)
{
	struct zsim_config config;
	struct world w;

	zsim_config_init(&config);
	config.ram_pages = 50;
	world_create_with(&w, config);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 1), 0);
	world_fill(&w, "/a", 0, 10, 4096);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(world_store(&w, 11, "/", 0, 100), 0);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 10);
	CU_ASSERT_EQUAL(zsim_worker(w.zs), 0);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 0); /* one batch */
	CU_ASSERT_EQUAL(zsim_written_by(w.zs, ZSIM_CAUSE_WORKER), 10);
	/* that was the queued run: none is left for the parameter to set loose */
	world_fill(&w, "/a", 0, 10, 4096);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 0), 0);
	CU_ASSERT_EQUAL(zsim_pool_pages(w.zs), 10);
	world_free(&w);
}

/* failures that are asked for add up, and refuse to wrap around */
static void pending_failures_add_up(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_fail(w.zs, ZSIM_FAIL_ZS_MALLOC, 1), 0);
	CU_ASSERT_EQUAL(zsim_fail(w.zs, ZSIM_FAIL_ZS_MALLOC, 1), 0);
	CU_ASSERT_EQUAL(zsim_fail(w.zs, ZSIM_FAIL_ZS_MALLOC, UINT64_MAX - 1), -ERANGE);
	CU_ASSERT_EQUAL(zsim_fail(w.zs, ZSIM_NR_FAILS, 1), -ERANGE);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 0);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 0);
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 1);
	WORLD_COUNTER(&w, REJECT_ALLOC_FAIL, 2);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(thresholds_round_down_twice),
	ZSIM_CASE(refuses_from_max_down_to_accept),
	ZSIM_CASE(no_hysteresis_at_100_percent),
	ZSIM_CASE(no_pool_at_0_percent),
	ZSIM_CASE(largest_machine),
	ZSIM_CASE(a_full_pool_refuses_stores),
	ZSIM_CASE(the_worker_runs_once_more),
	ZSIM_CASE(references_to_the_pool),
	ZSIM_CASE(a_manual_worker_waits),
	ZSIM_CASE(pending_failures_add_up),
};
ZSIM_SUITE_MAIN("limit", cases)
