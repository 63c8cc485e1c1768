/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsmalloc.h - how many pages the compressed objects take.
 *
 * zswap's limits compare pages of the pool, not bytes of its objects, and the
 * two differ by what zsmalloc wastes: an object takes a size class, classes
 * are cut out of zspages of 1 to 8 pages, and a zspage is freed only with its
 * last object. So the model keeps one small record per zspage (how many of its
 * objects are in use) in the kernel's lists by fullness, and no contents.
 *
 * Mirrors mm/zsmalloc.c of Linux 7.2 with 4 KiB pages and zspages of up to 8
 * pages; compaction and migration are left out (model.md 8).
 */
#ifndef ZSIM_MODEL_ZSMALLOC_H
#define ZSIM_MODEL_ZSMALLOC_H

#include "base/array.h"

/** Object sizes 32, 48, ... 4096, and what merging leaves of them */
#define ZSIM_ZSMALLOC_SIZES 255u
#define ZSIM_ZSMALLOC_CLASSES 119u
/** Fullness groups with a list: 1..10; neither empty nor full zspages are listed */
#define ZSIM_ZSMALLOC_GROUPS 10u

/** The handle of an object that has a zspage for itself, and the end of a list */
#define ZSIM_ZSPAGE_NONE ((1u << 26) - 1)

/**
 * struct zsim_zspage - a zspage with room for several objects
 * @next, @prev: neighbours in its fullness list, or ZSIM_ZSPAGE_NONE; of a
 *	free record only @next, the next free one, means something
 * @used: objects in use; 0 for a free record
 * @class_index: its size class
 */
struct zsim_zspage {
	uint32_t next;
	uint32_t prev;
	uint16_t used;
	uint8_t class_index;
};

/**
 * struct zsim_size_class - a size class and its partly used zspages
 * @size: bytes of an object, the handle included
 * @objects: objects that fit in a zspage
 * @pages: pages of a zspage
 * @listed: bit i: @head[i] has zspages
 * @tenth: 10 / objects in 16 binary places, rounded up: fullness without a division
 * @head: head of the list of each fullness group, from group 1 on
 */
struct zsim_size_class {
	uint16_t size;
	uint16_t objects;
	uint16_t pages;
	uint16_t listed;
	uint32_t tenth;
	uint32_t head[ZSIM_ZSMALLOC_GROUPS];
};

/**
 * struct zsim_zsmalloc - one pool; fields are private, and plain data but for @zspages
 * @class_of: class of each object size; index 0 is 32 bytes
 * @classes: from the largest size down
 * @zspages: records of struct zsim_zspage, free ones among them
 * @bytes_only: an abstraction: @pages is @bytes in whole pages, and there are no
 *	zspages. To be set before the first object
 * @first_free: list of free records
 * @pages: pages of all zspages
 * @objects: objects in use
 * @singles: those of them that have a zspage for themselves, and no record
 * @bytes: their lengths, with @bytes_only
 */
struct zsim_zsmalloc {
	uint8_t class_of[ZSIM_ZSMALLOC_SIZES];
	struct zsim_size_class classes[ZSIM_ZSMALLOC_CLASSES];
	struct zsim_array zspages;
	bool bytes_only;
	uint32_t first_free;
	uint64_t pages;
	uint64_t objects;
	uint64_t singles;
	uint64_t bytes;
};

/**
 * zsim_zsmalloc_init() - an empty pool
 * @alloc: must outlive the pool
 *
 * Return: 0; no memory is taken before the first object, so it cannot fail yet.
 */
int zsim_zsmalloc_init(struct zsim_zsmalloc *pool, const struct zsim_allocator *alloc);
/** zsim_zsmalloc_destroy() - give all memory back, objects in use or not */
void zsim_zsmalloc_destroy(struct zsim_zsmalloc *pool);
/**
 * zsim_zsmalloc_alloc() - room for an object
 * @length: 1..4096 bytes
 * @handle: set on success; to be handed back with the same length
 *
 * Mirrors zs_malloc().
 *
 * Return: 0, or -ENOMEM, -ENOSPC (67 million zspages) with the pool unchanged.
 */
int zsim_zsmalloc_alloc(struct zsim_zsmalloc *pool, uint32_t length, uint32_t *handle);
/**
 * zsim_zsmalloc_free() - the object is gone, and its zspage if it was the last one
 *
 * Mirrors zs_free().
 */
void zsim_zsmalloc_free(struct zsim_zsmalloc *pool, uint32_t length, uint32_t handle);
/** zsim_zsmalloc_class() - the size class of objects of @length, 1..4096 bytes */
const struct zsim_size_class *zsim_zsmalloc_class(const struct zsim_zsmalloc *pool,
						  uint32_t length);
/**
 * zsim_zsmalloc_check() - recompute everything
 * @what: set to a static text on failure
 *
 * Return: 0, or -EINVAL if lists, records and totals disagree.
 */
int zsim_zsmalloc_check(const struct zsim_zsmalloc *pool, const char **what);
/** zsim_zsmalloc_bytes() - memory held beyond the struct itself */
uint64_t zsim_zsmalloc_bytes(const struct zsim_zsmalloc *pool);

/** zsim_zsmalloc_pages() - what zs_get_total_pages() gives */
static inline uint64_t zsim_zsmalloc_pages(const struct zsim_zsmalloc *pool)
{
	return pool->pages;
}

#endif
