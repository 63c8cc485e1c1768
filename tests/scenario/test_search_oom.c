/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No memory, at every single allocation of a search: it says so and leaves nothing
 * behind, or does without and finds the same.
 */
#include <errno.h>
#include <pthread.h>

#include "support/fail_alloc.h"
#include "support/scenarios.h"
#include "support/suite.h"
#include <zsim/check.h>

static const char lines[] = "set batch=2,retries=2\n"
			    "mkdir /a\n"
			    "mkdir /a/b\n"
			    "store 1 /a 0 1000\n"
			    "store 2 /a/b 0 2000\n"
			    "cold 1\n"
			    "actor R in order\n"
			    "@R write /a memory.reclaim 3000 source=zswap\n"
			    "actor A any 2\n"
			    "@A load 1\n"
			    "@A store 2 /a 0 1000\n"
			    "actor L in order\n"
			    "@L rmdir /a/b deferred\n"
			    "@L offline /a/b\n"
			    "refute node-count bytes-claimed\n";

/* ---- an allocator that two threads can use -------------------------------------------- */

struct shared_alloc {
	struct zsim_allocator allocator;
	struct fail_alloc fa;
	pthread_mutex_t lock;
};

static void *shared_get(void *ctx, size_t size)
{
	struct shared_alloc *s = ctx;
	void *block;

	pthread_mutex_lock(&s->lock);
	block = s->fa.allocator.alloc(s->fa.allocator.ctx, size);
	pthread_mutex_unlock(&s->lock);
	return block;
}

static void *shared_resize(void *ctx, void *block, size_t size)
{
	struct shared_alloc *s = ctx;

	pthread_mutex_lock(&s->lock);
	block = s->fa.allocator.realloc(s->fa.allocator.ctx, block, size);
	pthread_mutex_unlock(&s->lock);
	return block;
}

static void shared_give_back(void *ctx, void *block)
{
	struct shared_alloc *s = ctx;

	pthread_mutex_lock(&s->lock);
	s->fa.allocator.free(s->fa.allocator.ctx, block);
	pthread_mutex_unlock(&s->lock);
}

static void shared_init(struct shared_alloc *s)
{
	s->allocator = (struct zsim_allocator){
		.alloc = shared_get, .realloc = shared_resize, .free = shared_give_back, .ctx = s
	};
	fail_alloc_init(&s->fa, 0);
	pthread_mutex_init(&s->lock, NULL);
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void is_the_same(const struct zsim_check_result *r, const struct zsim_check_result *whole)
{
	CU_ASSERT_EQUAL(r->states, whole->states);
	CU_ASSERT_EQUAL(r->rests, whole->rests);
	CU_ASSERT_EQUAL(r->rests_digest, whole->rests_digest);
	CU_ASSERT_EQUAL(r->refuted, whole->refuted);
	CU_ASSERT_EQUAL(r->nr, whole->nr);
}

/* the search with its @n-th allocation failing, 0 = none; did any fail? */
static bool search_at(uint64_t n, const struct zsim_check_options *o,
		      const struct zsim_check_result *whole)
{
	struct zsim_check_result r;
	struct zsim_scenario *sc;
	struct shared_alloc s;
	int rc;

	shared_init(&s);
	sc = scenario_of(lines, &s.allocator);
	s.fa.fail_at = s.fa.calls + n;
	rc = zsim_check(sc, o, &r);
	if (rc)
		CU_ASSERT_EQUAL(rc, -ENOMEM);
	if (!rc)
		is_the_same(&r, whole);
	zsim_check_result_free(&r);
	zsim_scenario_free(sc);
	CU_ASSERT_EQUAL(s.fa.live_blocks, 0);
	pthread_mutex_destroy(&s.lock);
	return s.fa.failed;
}

/* each allocation, or with what is refuted, for which more searches are made, each 37th */
static void walk(uint32_t threads, bool reduce, uint64_t properties)
{
	struct zsim_check_result whole;
	struct zsim_scenario *sc = scenario_of(lines, NULL);
	struct zsim_check_options o;
	uint64_t n = 1;

	zsim_check_options_init(&o);
	o.threads = threads;
	o.reduce = reduce;
	o.properties = properties;
	CU_ASSERT_EQUAL_FATAL(zsim_check(sc, &o, &whole), 0);
	CU_ASSERT_EQUAL(whole.end, ZSIM_END_EXHAUSTED);
	CU_ASSERT_EQUAL(whole.nr > 0, !properties);
	while (search_at(n, &o, &whole))
		n += properties ? 1 : 37;
	CU_ASSERT(n > 50);
	zsim_check_result_free(&whole);
	zsim_scenario_free(sc);
}

#define PROVED (ZSIM_P_BIT(ZSIM_P_INVARIANT) | ZSIM_P_BIT(ZSIM_P_CONTENT))

static void depth_first(void)
{
	walk(1, false, PROVED);
}

static void depth_first_by_two(void)
{
	walk(2, false, PROVED);
}

static void reduced(void)
{
	walk(1, true, PROVED);
}

static void counterexamples_too(void)
{
	walk(1, false, 0);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(depth_first),
	ZSIM_CASE(depth_first_by_two),
	ZSIM_CASE(reduced),
	ZSIM_CASE(counterexamples_too),
};
ZSIM_SUITE_MAIN("search_oom", cases)
