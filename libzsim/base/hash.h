/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash.h - uthash behind our allocator, and without its exit() on a failed one.
 *
 * Whoever uses a HASH_ADD or HASH_DEL macro has a local variable
 * `const struct zsim_allocator *hash_alloc` in scope. After HASH_ADD_* look at
 * hash_oom (a local bool, set when the table could not grow: nothing was added).
 */
#ifndef ZSIM_BASE_HASH_H
#define ZSIM_BASE_HASH_H

#include "base/alloc.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) zsim_alloc(hash_alloc, size)
#define uthash_free(ptr, size) zsim_dealloc(hash_alloc, ptr)
#define uthash_nonfatal_oom(elt) (hash_oom = true)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>
#pragma GCC diagnostic pop

#endif
