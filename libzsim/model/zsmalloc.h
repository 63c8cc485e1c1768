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
#define ZSIM_ZSMALLOC_MIN 32u
#define ZSIM_ZSMALLOC_STEP 16u
#define ZSIM_ZSMALLOC_CLASSES 119u
/** Fullness groups with a list: 1..10; neither empty nor full zspages are listed */
#define ZSIM_ZSMALLOC_GROUPS 10u
/** Every object carries its handle in front */
#define ZSIM_ZSMALLOC_HANDLE 8u

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
	uint16_t used : 9;
	uint16_t class_index : 7;
} __attribute__((packed, aligned(2)));

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
 * @class_of: class of each length, by steps of 16 bytes
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
	uint8_t class_of[ZSIM_PAGE_SIZE / ZSIM_ZSMALLOC_STEP + 1];
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
/** zsim_zsmalloc_class_of() - the index of the class of objects of @length, 1..4096 bytes */
static inline uint8_t zsim_zsmalloc_class_of(const struct zsim_zsmalloc *pool, uint32_t length)
{
	return pool->class_of[(length + ZSIM_ZSMALLOC_HANDLE - 1) / ZSIM_ZSMALLOC_STEP];
}

/** zsim_zsmalloc_class() - that class */
static inline const struct zsim_size_class *zsim_zsmalloc_class(const struct zsim_zsmalloc *pool,
								uint32_t length)
{
	return &pool->classes[zsim_zsmalloc_class_of(pool, length)];
}

/* ---- zspages ---------------------------------------------------------------------- */

static inline struct zsim_zspage *zsim_zspage_at(const struct zsim_zsmalloc *pool, uint32_t index)
{
	return ZSIM_ARRAY_AT(&pool->zspages, struct zsim_zspage, index);
}

/** zsim_zspage_new() - an empty one; -ENOMEM, -ENOSPC */
int zsim_zspage_new(struct zsim_zsmalloc *pool, uint8_t class_index, uint32_t *index);
/** zsim_zspage_free() - its last object is gone */
void zsim_zspage_free(struct zsim_zsmalloc *pool, uint32_t index);

/** zsim_zspage_group() - fullness with so many objects used: 1..10 have a list, 0 (empty) and 11 (full) none */
static inline uint32_t zsim_zspage_group(const struct zsim_size_class *class, uint32_t used)
{
	if (used == 0)
		return 0;
	/* 100 x used / objects / 10, exact for all that fits in a zspage; 10 only if it is full */
	return (used * class->tenth >> 16) + 1;
}

static inline void zsim_zspage_list_add(struct zsim_zsmalloc *pool, struct zsim_size_class *class,
					uint32_t group, uint32_t index)
{
	struct zsim_zspage *zspage = zsim_zspage_at(pool, index);
	uint32_t *head = &class->head[group - 1];

	zspage->prev = ZSIM_ZSPAGE_NONE;
	zspage->next = *head;
	if (*head != ZSIM_ZSPAGE_NONE)
		zsim_zspage_at(pool, *head)->prev = index;
	*head = index;
	class->listed |= (uint16_t)(1u << (group - 1));
}

static inline void zsim_zspage_list_del(struct zsim_zsmalloc *pool, struct zsim_size_class *class,
					uint32_t group, uint32_t index)
{
	const struct zsim_zspage *zspage = zsim_zspage_at(pool, index);

	if (zspage->prev == ZSIM_ZSPAGE_NONE)
		class->head[group - 1] = zspage->next;
	else
		zsim_zspage_at(pool, zspage->prev)->next = zspage->next;
	if (zspage->next != ZSIM_ZSPAGE_NONE)
		zsim_zspage_at(pool, zspage->next)->prev = zspage->prev;
	else if (zspage->prev == ZSIM_ZSPAGE_NONE)
		class->listed &= (uint16_t) ~(1u << (group - 1));
}

/*
 * A zspage that stays in its group keeps its place; else it goes to the head of the new
 * list. Full zspages need no list: nothing is taken from them, and their order is forgotten.
 */
static inline void zsim_zspage_set_used(struct zsim_zsmalloc *pool, uint32_t index, uint32_t used)
{
	struct zsim_zspage *zspage = zsim_zspage_at(pool, index);
	struct zsim_size_class *class = &pool->classes[zspage->class_index];
	uint32_t old = zsim_zspage_group(class, zspage->used);
	uint32_t new = zsim_zspage_group(class, used);

	zspage->used = used & 0x1ff;
	if (new == old)
		return;
	if (old - 1 < ZSIM_ZSMALLOC_GROUPS)
		zsim_zspage_list_del(pool, class, old, index);
	if (new - 1 < ZSIM_ZSMALLOC_GROUPS)
		zsim_zspage_list_add(pool, class, new, index);
}

/* ---- objects ------------------------------------------------------------------------ */

/** zsim_zsmalloc_single() - an object without a zspage comes (@sign 1) or goes (-1) */
void zsim_zsmalloc_single(struct zsim_zsmalloc *pool, uint32_t length, int64_t sign);

/* one object more in the first zspage of the fullest list */
static inline uint32_t zsim_zspage_take(struct zsim_zsmalloc *pool, struct zsim_size_class *class)
{
	uint32_t old = 32 - (uint32_t)__builtin_clz(class->listed);
	uint32_t index = class->head[old - 1];
	struct zsim_zspage *zspage = zsim_zspage_at(pool, index);
	uint32_t new = zsim_zspage_group(class, ++zspage->used);

	if (new != old) {
		zsim_zspage_list_del(pool, class, old, index);
		if (new <= ZSIM_ZSMALLOC_GROUPS)
			zsim_zspage_list_add(pool, class, new, index);
	}
	return index;
}

/**
 * zsim_zsmalloc_alloc() - room for an object
 * @length: 1..4096 bytes
 * @handle: set on success; to be handed back with the same length
 *
 * Mirrors zs_malloc().
 *
 * Return: 0, or -ENOMEM, -ENOSPC (67 million zspages) with the pool unchanged.
 */
static inline int zsim_zsmalloc_alloc(struct zsim_zsmalloc *pool, uint32_t length, uint32_t *handle)
{
	uint8_t class_index = zsim_zsmalloc_class_of(pool, length);
	struct zsim_size_class *class = &pool->classes[class_index];
	uint32_t fresh;
	int err;

	if (pool->bytes_only || class->objects == 1) {
		zsim_zsmalloc_single(pool, length, 1);
		*handle = ZSIM_ZSPAGE_NONE;
		return 0;
	}
	if (class->listed) {
		*handle = zsim_zspage_take(pool, class);
	} else {
		err = zsim_zspage_new(pool, class_index, &fresh);
		if (err)
			return err;
		zsim_zspage_set_used(pool, fresh, 1);
		*handle = fresh;
	}
	pool->objects++;
	return 0;
}

/**
 * zsim_zsmalloc_free() - the object is gone, and its zspage if it was the last one
 *
 * Mirrors zs_free().
 */
static inline void zsim_zsmalloc_free(struct zsim_zsmalloc *pool, uint32_t length, uint32_t handle)
{
	uint32_t used;

	if (handle == ZSIM_ZSPAGE_NONE) {
		zsim_zsmalloc_single(pool, length, -1);
		return;
	}
	used = zsim_zspage_at(pool, handle)->used - 1u;
	zsim_zspage_set_used(pool, handle, used);
	pool->objects--;
	if (used == 0)
		zsim_zspage_free(pool, handle);
}

/**
 * zsim_zsmalloc_check() - recompute everything
 * @what: set to a static text on failure
 *
 * Return: 0, or -EINVAL if lists, records and totals disagree.
 */
int zsim_zsmalloc_check(const struct zsim_zsmalloc *pool, const char **what);
/** zsim_zsmalloc_bytes() - memory held beyond the struct itself */
uint64_t zsim_zsmalloc_bytes(const struct zsim_zsmalloc *pool);

/** zsim_zsmalloc_prefetch() - an object of this handle will be freed soon */
ZSIM_PREFETCHES void zsim_zsmalloc_prefetch(const struct zsim_zsmalloc *pool, uint32_t handle)
{
	if (handle != ZSIM_ZSPAGE_NONE)
		zsim_prefetch_all(zsim_zspage_at(pool, handle));
}

/** zsim_zsmalloc_pages() - what zs_get_total_pages() gives */
static inline uint64_t zsim_zsmalloc_pages(const struct zsim_zsmalloc *pool)
{
	return pool->pages;
}

#endif
