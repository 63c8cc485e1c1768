/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The failing allocator itself: the other tests trust its counters. */
#include <string.h>

#include "base/alloc.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

static void blocks_are_counted(void)
{
	struct fail_alloc fa;
	const struct zsim_allocator *a;
	char *p, *q;

	fail_alloc_init(&fa, 0);
	a = fail_alloc_get(&fa);
	p = zsim_alloc(a, 10);
	q = zsim_alloc(a, 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_PTR_NOT_NULL_FATAL(q);
	CU_ASSERT_EQUAL(fa.live_blocks, 2);
	CU_ASSERT_EQUAL(fa.live_bytes, 30);
	zsim_dealloc(a, p);
	zsim_dealloc(a, q);
	zsim_dealloc(a, NULL);
	CU_ASSERT_EQUAL(fa.calls, 2);
	CU_ASSERT_EQUAL(fa.failed, 0);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
	CU_ASSERT_EQUAL(fa.live_bytes, 0);
	CU_ASSERT_EQUAL(fa.peak_bytes, 30);
}

static void realloc_keeps_the_bytes(void)
{
	struct fail_alloc fa;
	const struct zsim_allocator *a;
	char *p;

	fail_alloc_init(&fa, 0);
	a = fail_alloc_get(&fa);
	p = zsim_realloc(a, NULL, 4);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	memcpy(p, "abc", 4);
	p = zsim_realloc(a, p, 100);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_STRING_EQUAL(p, "abc");
	CU_ASSERT_EQUAL(fa.live_blocks, 1);
	CU_ASSERT_EQUAL(fa.live_bytes, 100);
	zsim_dealloc(a, p);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

static void one_call_fails(void)
{
	struct fail_alloc fa;
	const struct zsim_allocator *a;
	void *p, *r;

	fail_alloc_init(&fa, 2);
	a = fail_alloc_get(&fa);
	p = zsim_alloc(a, 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_PTR_NULL(zsim_realloc(a, p, 2));
	CU_ASSERT_EQUAL(fa.live_blocks, 1);
	r = zsim_realloc(a, p, 3);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(fa.failed, 1);
	CU_ASSERT_EQUAL(fa.calls, 3);
	zsim_dealloc(a, r);
	CU_ASSERT_EQUAL(fa.live_bytes, 0);
}

static void all_later_calls_fail(void)
{
	struct fail_alloc fa;
	const struct zsim_allocator *a;

	fail_alloc_init(&fa, 1);
	fa.fail_after = true;
	a = fail_alloc_get(&fa);
	CU_ASSERT_PTR_NULL(zsim_alloc(a, 1));
	CU_ASSERT_PTR_NULL(zsim_zalloc(a, 1));
	CU_ASSERT_PTR_NULL(zsim_strdup(a, "x"));
	CU_ASSERT_EQUAL(fa.failed, 3);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(blocks_are_counted),
	ZSIM_CASE(realloc_keeps_the_bytes),
	ZSIM_CASE(one_call_fails),
	ZSIM_CASE(all_later_calls_fail),
};
ZSIM_SUITE_MAIN("fail_alloc", cases)
