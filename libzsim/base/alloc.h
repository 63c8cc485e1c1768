/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc.h - the one seam through which the library gets memory.
 *
 * Every module takes a const struct zsim_allocator *; tests hand in one that
 * fails at the n-th call.
 */
#ifndef ZSIM_BASE_ALLOC_H
#define ZSIM_BASE_ALLOC_H

#include <zsim/types.h>

/**
 * ZSIM_PREFETCHES - of a function that does nothing but ask for memory ahead of time
 *
 * gcc takes such a function for one without any effect, and drops its calls unless they
 * are gone before it looks.
 */
#define ZSIM_PREFETCHES static inline __attribute__((always_inline))
/*
 * zsim_prefetch() - to the second cache: the first one can wait for some twenty lines at once,
 * and forgets what it is asked for beyond that
 */
#define zsim_prefetch(p) __builtin_prefetch(p, 0, 2)
/** zsim_prefetch_all() - both lines of something small that may lie across two */
#define zsim_prefetch_all(p)                                \
	do {                                                \
		zsim_prefetch(p);                           \
		zsim_prefetch((const char *)((p) + 1) - 1); \
	} while (0)

static inline void *zsim_alloc(const struct zsim_allocator *a, size_t size)
{
	return a->alloc(a->ctx, size);
}

static inline void *zsim_realloc(const struct zsim_allocator *a, void *ptr, size_t size)
{
	return a->realloc(a->ctx, ptr, size);
}

static inline void zsim_dealloc(const struct zsim_allocator *a, void *ptr)
{
	a->free(a->ctx, ptr);
}

/** zsim_zalloc() - zeroed memory or NULL */
void *zsim_zalloc(const struct zsim_allocator *a, size_t size);
/** zsim_strdup() - a copy of a string or NULL */
char *zsim_strdup(const struct zsim_allocator *a, const char *s);

#endif
