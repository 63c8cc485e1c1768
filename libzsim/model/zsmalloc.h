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

#include <errno.h>

#include "base/array.h"

/** Object sizes 32, 48, ... 4096, and what merging leaves of them */
#define ZSIM_ZSMALLOC_MIN 32u
#define ZSIM_ZSMALLOC_STEP 16u
#define ZSIM_ZSMALLOC_CLASSES 119u
/** Fullness groups with a list: 1..10; neither empty (0) nor full (11) zspages are listed */
#define ZSIM_ZSMALLOC_GROUPS 10u
#define ZSIM_ZSMALLOC_FULL (ZSIM_ZSMALLOC_GROUPS + 1)
/** Every object carries its handle in front */
#define ZSIM_ZSMALLOC_HANDLE 8u

#define ZSIM_ZSPAGE_USED_BITS 9
#define ZSIM_ZSPAGE_USED ((1u << ZSIM_ZSPAGE_USED_BITS) - 1)

/** The handle of an object that has a zspage for itself, and the end of a list */
#define ZSIM_ZSPAGE_NONE ((1u << 26) - 1)

/**
 * struct zsim_zspage - a zspage with room for several objects
 * @next: neighbour in its fullness list, or ZSIM_ZSPAGE_NONE, as it is while it is full; of a free
 *	record the next free one
 * @prev: the other neighbour; of the first in a list, of full and of free ones it means nothing
 * @state: its class, and in the lower ZSIM_ZSPAGE_USED_BITS how many of its objects are in use: one
 *	more is one object more; of a free record, none in use
 */
struct zsim_zspage {
	uint32_t next;
	uint32_t prev;
	uint16_t state;
} __attribute__((packed, aligned(2)));

/**
 * struct zsim_size_class - a size class and its partly used zspages
 * @size: bytes of an object, the handle included
 * @objects: objects that fit in a zspage
 * @pages: pages of a zspage
 * @listed: bit i: @head[i] has zspages
 * @tenth: tenths of a zspage that an object is, in 65536ths
 * @head: head of the list of each fullness group; of those without a list always ZSIM_ZSPAGE_NONE
 */
struct zsim_size_class {
	uint16_t size;
	uint16_t objects;
	uint32_t pages;
	uint32_t listed;
	uint32_t tenth;
	uint32_t head[ZSIM_ZSMALLOC_FULL + 1];
};
_Static_assert(sizeof(struct zsim_size_class) == 64, "an index into the classes is a shift");

/**
 * struct zsim_zsmalloc - one pool; fields are private, and plain data but for @zspages
 * @class_of: class of each length, by steps of 16 bytes
 * @classes: from the largest size down
 * @zspages: records of struct zsim_zspage, free ones among them
 * @bytes_only: an abstraction: @pages is @bytes in whole pages, and there are no
 *	zspages. To be set before the first object
 * @first_free: list of free records
 * @pages: pages of all zspages
 * @singles: objects that have no record: those with a zspage for themselves; all with @bytes_only
 * @bytes: their lengths, with @bytes_only
 */
struct zsim_zsmalloc {
	uint8_t class_of[ZSIM_PAGE_SIZE / ZSIM_ZSMALLOC_STEP + 1];
	struct zsim_size_class classes[ZSIM_ZSMALLOC_CLASSES];
	struct zsim_array zspages;
	bool bytes_only;
	uint32_t first_free;
	uint64_t pages;
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

/**
 * struct zsim_zspage_step - an object goes: what that means for its zspage
 * @index: the zspage; ZSIM_ZSPAGE_NONE = the object has no record
 * @class: its size class
 * @old, @new: its fullness before and after
 *
 * Whether a zspage changes its list is as good as random, and a processor that guesses
 * wrong loses what it has begun since. Who has more to do begins with the object, and
 * settles it when all else is done.
 */
struct zsim_zspage_step {
	uint32_t index;
	struct zsim_size_class *class;
	uint32_t old;
	uint32_t new;
};

/**
 * struct zsim_zspage_hint - a zspage that was looked up before it is asked for
 * @handle: of an object; with ZSIM_ZSPAGE_NONE it is a hint of nothing
 * @zspage: its zspage, as long as no record moves (zsim_zsmalloc_stays())
 */
struct zsim_zspage_hint {
	struct zsim_zspage *zspage;
	uint32_t handle;
};

static inline struct zsim_zspage *zsim_zspage_at(const struct zsim_zsmalloc *pool, uint32_t index)
{
	return ZSIM_ARRAY_AT(&pool->zspages, struct zsim_zspage, index);
}

/**
 * zsim_zspage_group() - fullness: the kernel's tenths, and ZSIM_ZSMALLOC_FULL if there is no room
 * @used: objects in it, one at least
 */
static inline uint32_t zsim_zspage_group(const struct zsim_size_class *class, uint32_t used)
{
	return (used * class->tenth >> 16) + 1;
}

/** zsim_zspage_list() - to the head of a list */
static inline void zsim_zspage_list(struct zsim_zsmalloc *pool, struct zsim_size_class *class,
				    uint32_t index, uint32_t group)
{
	uint32_t head = class->head[group];

	zsim_zspage_at(pool, index)->next = head;
	/* without another one this link means nothing, and is set all the same */
	zsim_zspage_at(pool, head == ZSIM_ZSPAGE_NONE ? index : head)->prev = index;
	class->head[group] = index;
	class->listed |= 1u << group;
}

/** zsim_zspage_move() - from its list to the head of another one, or freed with its last object */
void zsim_zspage_move(struct zsim_zsmalloc *pool, struct zsim_size_class *class, uint32_t index,
		      uint32_t old, uint32_t new);

/** zsim_zspage_settle() - what zsim_zsmalloc_free_begin() left; before the pool's next object */
static inline void zsim_zspage_settle(struct zsim_zsmalloc *pool, struct zsim_zspage_step step)
{
	if (step.new == step.old)
		return;
	if (step.old == ZSIM_ZSMALLOC_FULL) /* which is on no list: most are */
		zsim_zspage_list(pool, step.class, step.index, step.new);
	else
		zsim_zspage_move(pool, step.class, step.index, step.old, step.new);
}

/* ---- objects ------------------------------------------------------------------------ */

/** zsim_zsmalloc_single() - an object without a record comes (@sign 1) or goes (-1) */
void zsim_zsmalloc_single(struct zsim_zsmalloc *pool, uint32_t length, int64_t sign);
/** zsim_zsmalloc_alloc_slow() - zsim_zsmalloc_alloc() where no zspage has room */
int zsim_zsmalloc_alloc_slow(struct zsim_zsmalloc *pool, uint32_t length, uint32_t *handle);

/**
 * zsim_zsmalloc_alloc_listed() - an object more in the first zspage of the fullest list
 *
 * No list is fuller, so the zspage is alone on its new list, or keeps its place. Both are done by
 * the same steps: which it is is as good as random, and a processor would guess wrong.
 *
 * Return: the zspage.
 */
static inline uint32_t zsim_zsmalloc_alloc_listed(struct zsim_zsmalloc *pool,
						  struct zsim_size_class *class)
{
	uint32_t old = 31 ^ (uint32_t)__builtin_clz(class->listed);
	uint32_t index = class->head[old];
	struct zsim_zspage *zspage = zsim_zspage_at(pool, index);
	uint32_t new = zsim_zspage_group(class, ++zspage->state & ZSIM_ZSPAGE_USED);
	uint32_t next = zspage->next;

	class->head[old] = next;
	zspage->next = class->head[new];
	class->head[new] = new == ZSIM_ZSMALLOC_FULL ? ZSIM_ZSPAGE_NONE : index;
	class->listed ^= (uint32_t)(next == ZSIM_ZSPAGE_NONE) << old;
	class->listed |= 1u << new & ~(1u << ZSIM_ZSMALLOC_FULL);
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
	struct zsim_size_class *class = &pool->classes[zsim_zsmalloc_class_of(pool, length)];

	if (!class->listed)
		return zsim_zsmalloc_alloc_slow(pool, length, handle);
	*handle = zsim_zsmalloc_alloc_listed(pool, class);
	return 0;
}

/** zsim_zsmalloc_has_record() - one for a new zspage, for which no other one moves? */
bool zsim_zsmalloc_has_record(const struct zsim_zsmalloc *pool);
/** zsim_zsmalloc_stays() - will an object of @length surely leave all records where they are? */
static inline bool zsim_zsmalloc_stays(const struct zsim_zsmalloc *pool, uint32_t length)
{
	const struct zsim_size_class *class = zsim_zsmalloc_class(pool, length);

	return class->listed || class->objects == 1 || zsim_zsmalloc_has_record(pool);
}
/** zsim_zsmalloc_reserve() - see to it that it will; -ENOMEM, -ENOSPC with nothing changed */
int zsim_zsmalloc_reserve(struct zsim_zsmalloc *pool, uint32_t length);
/** zsim_zsmalloc_alloc_staying() - zsim_zsmalloc_alloc(), but -EAGAIN if a record might move */
static inline int zsim_zsmalloc_alloc_staying(struct zsim_zsmalloc *pool, uint32_t length,
					      uint32_t *handle)
{
	if (!zsim_zsmalloc_stays(pool, length))
		return -EAGAIN;
	return zsim_zsmalloc_alloc(pool, length, handle);
}

/**
 * zsim_zsmalloc_free_begin() - zsim_zsmalloc_free(), but for zsim_zspage_settle()
 * @hint: perhaps of this object's zspage
 */
static inline struct zsim_zspage_step zsim_zsmalloc_free_begin(struct zsim_zsmalloc *pool,
							       uint32_t length, uint32_t handle,
							       struct zsim_zspage_hint hint)
{
	struct zsim_zspage_step step = { .index = handle };
	struct zsim_zspage *zspage;
	uint32_t state, used;

	if (handle == ZSIM_ZSPAGE_NONE) {
		zsim_zsmalloc_single(pool, length, -1);
		return step;
	}
	zspage = __builtin_expect(handle == hint.handle, 1) ? hint.zspage :
							      zsim_zspage_at(pool, handle);
	state = zspage->state--;
	used = state & ZSIM_ZSPAGE_USED;
	step.class = &pool->classes[state >> ZSIM_ZSPAGE_USED_BITS];
	step.old = zsim_zspage_group(step.class, used);
	step.new = used > 1 ? zsim_zspage_group(step.class, used - 1) : 0;
	return step;
}

/**
 * zsim_zsmalloc_free() - the object is gone, and its zspage if it was the last one
 *
 * Mirrors zs_free().
 */
static inline void zsim_zsmalloc_free(struct zsim_zsmalloc *pool, uint32_t length, uint32_t handle)
{
	struct zsim_zspage_hint none = { .handle = ZSIM_ZSPAGE_NONE };

	zsim_zspage_settle(pool, zsim_zsmalloc_free_begin(pool, length, handle, none));
}

/**
 * zsim_zsmalloc_check() - recompute everything
 * @what: set to a static text on failure
 *
 * Return: 0, or -EINVAL if lists, records and totals disagree.
 */
int zsim_zsmalloc_check(const struct zsim_zsmalloc *pool, const char **what);
/** zsim_zsmalloc_objects() - objects in use, counted */
uint64_t zsim_zsmalloc_objects(const struct zsim_zsmalloc *pool);
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
