/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growing array: what it promises about addresses, memory and failures. */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define PAGE ZSIM_ARRAY_PAGE_ELEMS

struct item {
	uint64_t key;
	uint32_t extra;
};

static uint64_t key_of(uint32_t i)
{
	return (uint64_t)i * 2654435761u + 1;
}

static int push_items(struct zsim_array *array, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++) {
		uint32_t index = UINT32_MAX;
		struct item *item;

		if (zsim_array_push(array, &index))
			return -ENOMEM;
		item = zsim_array_at(array, index);
		if (index != array->size - 1 || item->key || item->extra)
			return -EINVAL;
		item->key = key_of(index);
		item->extra = ~index;
	}
	return 0;
}

static uint32_t wrong_items(const struct zsim_array *array)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < array->size; i++) {
		const struct item *item = zsim_array_at(array, i);

		wrong += item->key != key_of(i) || item->extra != ~i;
	}
	return wrong;
}

static void array_empty(void)
{
	struct fail_alloc fa;
	struct zsim_array array;

	fail_alloc_init(&fa, 0);
	zsim_array_init(&array, fail_alloc_get(&fa), sizeof(struct item));
	CU_ASSERT_EQUAL(array.size, 0);
	CU_ASSERT_EQUAL(zsim_array_bytes(&array), 0);
	CU_ASSERT_EQUAL(fa.calls, 0);
	zsim_array_destroy(&array);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

/* every size at which the array grows, one before and one behind */
static void array_grows(void)
{
	/* clang-format off */
	static const uint32_t sizes[] = {
		1, 15, 16, 17, 32, 33, 1024, 1025, PAGE - 1, PAGE, PAGE + 1,
		2 * PAGE, 2 * PAGE + 1, 3 * PAGE + 1, 4 * PAGE + 1, 5 * PAGE + 1,
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fail_alloc fa;
		struct zsim_array array;

		fail_alloc_init(&fa, 0);
		zsim_array_init(&array, fail_alloc_get(&fa), sizeof(struct item));
		CU_ASSERT_EQUAL(push_items(&array, sizes[i]), 0);
		CU_ASSERT_EQUAL(array.size, sizes[i]);
		CU_ASSERT_EQUAL(wrong_items(&array), 0);
		CU_ASSERT_EQUAL(zsim_array_bytes(&array), fa.live_bytes);
		zsim_array_destroy(&array);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		CU_ASSERT_EQUAL(zsim_array_bytes(&array), 0);
		CU_ASSERT_EQUAL(push_items(&array, 1), 0);
		zsim_array_destroy(&array);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
	}
}

/* behind the first page nothing moves, and memory is never much more than what is used */
static void array_no_spikes(void)
{
	struct fail_alloc fa;
	struct zsim_array array;
	const void *first, *late;

	fail_alloc_init(&fa, 0);
	zsim_array_init(&array, fail_alloc_get(&fa), sizeof(struct item));
	CU_ASSERT_EQUAL(push_items(&array, PAGE + 1), 0);
	first = zsim_array_at(&array, 7);
	late = zsim_array_at(&array, PAGE);
	CU_ASSERT_EQUAL(push_items(&array, 19 * PAGE - 1), 0);
	CU_ASSERT_PTR_EQUAL(zsim_array_at(&array, 7), first);
	CU_ASSERT_PTR_EQUAL(zsim_array_at(&array, PAGE), late);
	CU_ASSERT_EQUAL(array.nr_pages, 20);
	CU_ASSERT(fa.peak_bytes <= 20u * PAGE * sizeof(struct item) + 64 * sizeof(void *));
	zsim_array_destroy(&array);
}

/* an element is as wide as asked for, also where that is no power of two */
static void array_element_sizes(void)
{
	for (uint32_t size = 1; size <= 40; size++) {
		struct zsim_array array;
		uint32_t index = 0, wrong = 0;

		zsim_array_init(&array, zsim_allocator_libc(), size);
		for (uint32_t i = 0; i < 100; i++) {
			CU_ASSERT_EQUAL_FATAL(zsim_array_push(&array, &index), 0);
			memset(zsim_array_at(&array, index), (int)(index + 1), size);
		}
		for (uint32_t i = 0; i < 100; i++) {
			const unsigned char *bytes = zsim_array_at(&array, i);

			wrong += bytes[0] != i + 1 || bytes[size - 1] != i + 1;
		}
		CU_ASSERT_EQUAL(wrong, 0);
		zsim_array_destroy(&array);
	}
}

/* who has reserved room gets the next element without memory, and none moves */
static void array_reserves(void)
{
	struct fail_alloc fa;
	struct zsim_array array;
	uint32_t index = 0;
	uint64_t calls;
	void *first;

	fail_alloc_init(&fa, 0);
	zsim_array_init(&array, fail_alloc_get(&fa), sizeof(struct item));
	CU_ASSERT(zsim_array_full(&array));
	for (uint32_t i = 0; i < 2 * PAGE + 2; i++) {
		bool full = zsim_array_full(&array);

		calls = fa.calls;
		CU_ASSERT_EQUAL_FATAL(zsim_array_reserve(&array), 0);
		CU_ASSERT_EQUAL(fa.calls > calls, full);
		CU_ASSERT_FALSE(zsim_array_full(&array));
		CU_ASSERT_EQUAL(array.size, i);
		calls = fa.calls;
		first = zsim_array_at(&array, 0);
		CU_ASSERT_EQUAL_FATAL(zsim_array_push(&array, &index), 0);
		CU_ASSERT_EQUAL(fa.calls, calls);
		CU_ASSERT_PTR_EQUAL(zsim_array_at(&array, 0), first);
	}
	while (!zsim_array_full(&array))
		CU_ASSERT_EQUAL_FATAL(zsim_array_push(&array, &index), 0);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_array_reserve(&array), -ENOMEM);
	CU_ASSERT(zsim_array_full(&array));
	zsim_array_destroy(&array);
}

/*
 * Each allocation fails once: the push says so, changes nothing and can be
 * repeated. 2 * PAGE + 1 elements need all three ways to grow.
 */
static void array_out_of_memory(void)
{
	for (uint64_t n = 1;; n++) {
		struct fail_alloc fa;
		struct zsim_array array;
		uint32_t index = 12345;

		fail_alloc_init(&fa, n);
		zsim_array_init(&array, fail_alloc_get(&fa), sizeof(struct item));
		if (push_items(&array, 2 * PAGE + 1) == -ENOMEM) {
			uint32_t size = array.size;

			fa.fail_at = fa.calls + 1;
			CU_ASSERT_EQUAL(zsim_array_push(&array, &index), -ENOMEM);
			CU_ASSERT_EQUAL(index, 12345);
			CU_ASSERT_EQUAL(array.size, size);
			CU_ASSERT_EQUAL(wrong_items(&array), 0);
			CU_ASSERT_EQUAL(push_items(&array, 2 * PAGE + 1 - size), 0);
		}
		CU_ASSERT_EQUAL(array.size, 2 * PAGE + 1);
		CU_ASSERT_EQUAL(wrong_items(&array), 0);
		zsim_array_destroy(&array);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed) {
			CU_ASSERT(n > 10);
			break;
		}
	}
}

#define LAST (UINT32_MAX / PAGE)

/* what the table says of a page of bytes at @start */
static void *page_told(const char *start, uint32_t page)
{
	return (void *)((uintptr_t)start - (uintptr_t)page * PAGE);
}

/*
 * UINT32_MAX stays free for "none": the array ends one element earlier, both
 * by its size and by the room of its last page. Pages are pretended here.
 */
static void array_full(void)
{
	struct zsim_array array;
	void **pages = calloc(LAST + 1, sizeof(*pages));
	uint32_t index = 1;
	char *page = malloc(PAGE);

	CU_ASSERT_PTR_NOT_NULL_FATAL(pages);
	CU_ASSERT_PTR_NOT_NULL_FATAL(page);
	zsim_array_init(&array, zsim_allocator_libc(), 1);
	for (uint32_t i = 0; i < LAST; i++)
		pages[i] = page_told(NULL, i);
	pages[LAST] = page_told(page, LAST);
	array.pages = pages;
	array.nr_pages = LAST + 1;
	array.first_cap = PAGE;
	array.size = UINT32_MAX - 1;
	CU_ASSERT_EQUAL(zsim_array_push(&array, &index), 0);
	CU_ASSERT_EQUAL(index, UINT32_MAX - 1);
	CU_ASSERT_EQUAL(zsim_array_push(&array, &index), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_array_reserve(&array), -ENOMEM);
	CU_ASSERT_EQUAL(array.size, UINT32_MAX);
	CU_ASSERT_EQUAL(zsim_array_bytes(&array),
			((uint64_t)1 << 32) + ((uint64_t)1 << 16) * sizeof(*pages));
	zsim_array_destroy(&array);
}

/* clang-format off */
static const struct zsim_case cases[] = {
	ZSIM_CASE(array_empty),
	ZSIM_CASE(array_grows),
	ZSIM_CASE(array_no_spikes),
	ZSIM_CASE(array_element_sizes),
	ZSIM_CASE(array_reserves),
	ZSIM_CASE(array_out_of_memory),
	ZSIM_CASE(array_full),
};
/* clang-format on */

ZSIM_SUITE_MAIN("array", cases)
