/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paths.h - names of groups: path to handle and back.
 *
 * The model knows handles only. A path leads to the newest group made there;
 * an older one that still lives keeps its name for reports.
 */
#ifndef ZSIM_ENGINE_PATHS_H
#define ZSIM_ENGINE_PATHS_H

#include "base/array.h"
#include "base/hash.h"

/** enum zsim_limit_file - control files that are kept and have no effect here */
enum zsim_limit_file {
	ZSIM_LIMIT_MIN,
	ZSIM_LIMIT_LOW,
	ZSIM_LIMIT_HIGH,
	ZSIM_LIMIT_MAX,
	ZSIM_LIMIT_SWAP_HIGH,
	ZSIM_LIMIT_SWAP_MAX,
	ZSIM_NR_LIMITS,
};

/**
 * struct zsim_name - a group's name
 * @made: grows with each group that is made
 * @removed: the group is offline: its path may be used again
 * @late: the record is kept, until the path is used again, for stores and swap-ins
 *	of pages that the group left behind
 * @leaving: to go offline as soon as no child is attached any more
 * @pinned: the record is kept for late records of a capture
 * @bound: the number of its path (zsim_paths_bind()), or ZSIM_UNBOUND
 * @limits: pages, UINT64_MAX = max
 */
struct zsim_name {
	char *path;
	zsim_memcg memcg;
	uint64_t made;
	bool removed;
	bool late;
	bool leaving;
	bool pinned;
	uint32_t bound;
	uint64_t limits[ZSIM_NR_LIMITS];
	UT_hash_handle hh;
};

#define ZSIM_UNBOUND UINT32_MAX

struct zsim_bound;

/**
 * struct zsim_paths - @by_memcg: of struct zsim_name *
 * @bound: of zsim_memcg: the newest group at the path of each number, or ZSIM_MEMCG_NONE
 * @bound_by_path: numbers of paths
 */
struct zsim_paths {
	const struct zsim_allocator *alloc;
	struct zsim_name *by_path;
	uint64_t made;
	struct zsim_array by_memcg;
	struct zsim_array bound;
	struct zsim_bound *bound_by_path;
};

void zsim_paths_init(struct zsim_paths *paths, const struct zsim_allocator *alloc);
void zsim_paths_destroy(struct zsim_paths *paths);
/** zsim_paths_add() - name a new group; -ENOMEM with nothing changed */
int zsim_paths_add(struct zsim_paths *paths, const char *path, zsim_memcg memcg);
/** zsim_paths_bind() - a number for a path, from 0 on; -EEXIST, -ERANGE, -ENOMEM */
int zsim_paths_bind(struct zsim_paths *paths, uint32_t number, const char *path);
/** zsim_paths_bound() - the newest group at the path of a number, or ZSIM_MEMCG_NONE */
static inline zsim_memcg zsim_paths_bound(const struct zsim_paths *paths, uint32_t number)
{
	if (number >= paths->bound.size)
		return ZSIM_MEMCG_NONE;
	return *ZSIM_ARRAY_AT(&paths->bound, zsim_memcg, number);
}
/**
 * zsim_paths_copy() - the same names, without numbers; @copy is initialised and empty. -ENOMEM:
 * destroy it
 */
int zsim_paths_copy(struct zsim_paths *copy, const struct zsim_paths *paths);
/** zsim_paths_remove() - the group is freed */
void zsim_paths_remove(struct zsim_paths *paths, zsim_memcg memcg);
/** zsim_paths_find() - the newest group at a path, or NULL */
struct zsim_name *zsim_paths_find(const struct zsim_paths *paths, const char *path);
/** zsim_paths_parent() - the newest group at the directory of a path; -ENOENT, -ENOMEM */
int zsim_paths_parent(const struct zsim_paths *paths, const char *path, struct zsim_name **parent);
/** zsim_paths_name() - of a handle, or NULL */
struct zsim_name *zsim_paths_name(const struct zsim_paths *paths, zsim_memcg memcg);

#endif
