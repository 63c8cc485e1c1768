/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * array.h - a growing array of fixed-size elements, found by a 32-bit index.
 *
 * The modules keep their records in such arrays and link them by index, which
 * takes half the room of pointers. One block that doubles would need three
 * times its size, and a long copy, at the moment it grows; here only the first
 * page of 65536 elements doubles, from 16 on, and every later page is allocated
 * whole and never moves. Elements are not given back one by one: a module that
 * frees records keeps its own list of them.
 */
#ifndef ZSIM_BASE_ARRAY_H
#define ZSIM_BASE_ARRAY_H

#include <stdint.h>

#include "base/alloc.h"

#define ZSIM_ARRAY_PAGE_SHIFT 16
#define ZSIM_ARRAY_PAGE_ELEMS (1u << ZSIM_ARRAY_PAGE_SHIFT)

/**
 * struct zsim_array - the array; fields are private but for @size
 * @alloc: where pages come from; must outlive the array
 * @pages: table of @nr_pages pages, with room for the next power of two: of each the place where
 *	element 0 would be, were the pages before it of one piece with it, so that the whole index
 *	leads to an element; who looks for lost memory does not find pages by it
 * @nr_pages: pages allocated
 * @size: elements in use, at most UINT32_MAX (so that UINT32_MAX can say "none")
 * @elem_size: bytes of an element
 * @first_cap: elements for which the first page has room
 */
struct zsim_array {
	const struct zsim_allocator *alloc;
	void **pages;
	uint32_t nr_pages;
	uint32_t size;
	uint32_t elem_size;
	uint32_t first_cap;
};

/** zsim_array_init() - an empty array, which holds no memory yet; @elem_size is 1..65535 */
void zsim_array_init(struct zsim_array *array, const struct zsim_allocator *alloc,
		     uint32_t elem_size);
/** zsim_array_destroy() - give all memory back; the array is empty and usable again */
void zsim_array_destroy(struct zsim_array *array);
/**
 * zsim_array_push() - append a zeroed element
 * @index: set to its index on success
 *
 * Addresses of elements below ZSIM_ARRAY_PAGE_ELEMS may change while the size
 * is below it too.
 *
 * Return: 0, or -ENOMEM with the array unchanged.
 */
int zsim_array_push(struct zsim_array *array, uint32_t *index);
/** zsim_array_full() - would zsim_array_push() need memory, and perhaps move elements? */
bool zsim_array_full(const struct zsim_array *array);
/** zsim_array_reserve() - room for one element more; -ENOMEM with the array unchanged */
int zsim_array_reserve(struct zsim_array *array);
/**
 * zsim_array_copy() - the same elements, in memory of their own
 * @copy: an array initialised with the same element size, which is empty
 *
 * Return: 0, or -ENOMEM with @copy still empty.
 */
int zsim_array_copy(struct zsim_array *copy, const struct zsim_array *array);
/** zsim_array_bytes() - memory held, the table of pages included */
uint64_t zsim_array_bytes(const struct zsim_array *array);

/** zsim_array_used() - bytes of the elements in use */
static inline uint64_t zsim_array_used(const struct zsim_array *array)
{
	return (uint64_t)array->size * array->elem_size;
}

/** zsim_array_at() - the element at @index, which must be below the size */
static inline void *zsim_array_at(const struct zsim_array *array, uint32_t index)
{
	uintptr_t page = (uintptr_t)array->pages[index >> ZSIM_ARRAY_PAGE_SHIFT];

	return (void *)(page + (size_t)index * array->elem_size);
}

/** ZSIM_ARRAY_AT() - the same where the type is known, which is quicker */
#define ZSIM_ARRAY_AT(array, type, index)                                       \
	((type *)((uintptr_t)(array)->pages[(index) >> ZSIM_ARRAY_PAGE_SHIFT] + \
		  (size_t)(index) * sizeof(type)))

#endif
