/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/array.h"

#include <errno.h>
#include <string.h>

#define FIRST_ELEMS 16u

void zsim_array_init(struct zsim_array *array, const struct zsim_allocator *alloc,
		     uint32_t elem_size)
{
	*array = (struct zsim_array){ .alloc = alloc, .elem_size = elem_size };
}

/* its own first element */
static void *page_at(const struct zsim_array *array, uint32_t page)
{
	return zsim_array_at(array, page << ZSIM_ARRAY_PAGE_SHIFT);
}

void zsim_array_destroy(struct zsim_array *array)
{
	for (uint32_t i = 0; i < array->nr_pages; i++)
		zsim_dealloc(array->alloc, page_at(array, i));
	zsim_dealloc(array->alloc, array->pages);
	zsim_array_init(array, array->alloc, array->elem_size);
}

static uint32_t room(const struct zsim_array *array)
{
	if (array->nr_pages <= 1)
		return array->first_cap;
	/* 65536 pages hold one element more than an index can name */
	if (array->nr_pages > UINT32_MAX >> ZSIM_ARRAY_PAGE_SHIFT)
		return UINT32_MAX;
	return array->nr_pages << ZSIM_ARRAY_PAGE_SHIFT;
}

static bool power_of_two(uint32_t n)
{
	return (n & (n - 1)) == 0;
}

/* The table is full whenever the number of pages is a power of two, or 0. */
static int reserve_table(struct zsim_array *array)
{
	size_t slots = array->nr_pages ? (size_t)array->nr_pages * 2 : 1;
	void **pages;

	if (!power_of_two(array->nr_pages))
		return 0;
	pages = zsim_realloc(array->alloc, array->pages, slots * sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	array->pages = pages;
	return 0;
}

static int add_page(struct zsim_array *array, uint32_t elems)
{
	int err = reserve_table(array);
	size_t before;
	void *page;

	if (err)
		return err;
	page = zsim_alloc(array->alloc, (size_t)elems * array->elem_size);
	if (!page)
		return -ENOMEM;
	before = ((size_t)array->nr_pages << ZSIM_ARRAY_PAGE_SHIFT) * array->elem_size;
	array->pages[array->nr_pages++] = (void *)((uintptr_t)page - before);
	return 0;
}

static int grow_first_page(struct zsim_array *array)
{
	uint32_t cap = array->first_cap * 2;
	void *page = zsim_realloc(array->alloc, array->pages[0], (size_t)cap * array->elem_size);

	if (!page)
		return -ENOMEM;
	array->pages[0] = page;
	array->first_cap = cap;
	return 0;
}

static int grow(struct zsim_array *array)
{
	int err;

	if (array->nr_pages == 0) {
		err = add_page(array, FIRST_ELEMS);
		if (!err)
			array->first_cap = FIRST_ELEMS;
		return err;
	}
	if (array->first_cap < ZSIM_ARRAY_PAGE_ELEMS)
		return grow_first_page(array);
	return add_page(array, ZSIM_ARRAY_PAGE_ELEMS);
}

bool zsim_array_full(const struct zsim_array *array)
{
	return array->size == room(array);
}

int zsim_array_reserve(struct zsim_array *array)
{
	if (array->size == UINT32_MAX)
		return -ENOMEM;
	return zsim_array_full(array) ? grow(array) : 0;
}

int zsim_array_push(struct zsim_array *array, uint32_t *index)
{
	int err = zsim_array_reserve(array);

	if (err)
		return err;
	*index = array->size++;
	memset(zsim_array_at(array, *index), 0, array->elem_size);
	return 0;
}

static uint32_t page_elems(const struct zsim_array *array, uint32_t page)
{
	return page ? ZSIM_ARRAY_PAGE_ELEMS : array->first_cap;
}

int zsim_array_copy(struct zsim_array *copy, const struct zsim_array *array)
{
	for (uint32_t i = 0; i < array->nr_pages; i++) {
		if (add_page(copy, page_elems(array, i))) {
			zsim_array_destroy(copy);
			return -ENOMEM;
		}
		memcpy(page_at(copy, i), page_at(array, i),
		       (size_t)page_elems(array, i) * array->elem_size);
	}
	copy->first_cap = array->first_cap;
	copy->size = array->size;
	return 0;
}

uint64_t zsim_array_bytes(const struct zsim_array *array)
{
	uint64_t elems = array->first_cap;
	uint64_t slots = array->nr_pages ? 1 : 0;

	if (array->nr_pages > 1)
		elems += (uint64_t)(array->nr_pages - 1) << ZSIM_ARRAY_PAGE_SHIFT;
	while (slots < array->nr_pages)
		slots *= 2;
	return elems * array->elem_size + slots * sizeof(*array->pages);
}
