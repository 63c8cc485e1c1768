/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/paths.h"

#include <errno.h>

void zsim_paths_init(struct zsim_paths *paths, const struct zsim_allocator *alloc)
{
	*paths = (struct zsim_paths){ .alloc = alloc };
	zsim_array_init(&paths->by_memcg, alloc, sizeof(struct zsim_name *));
	zsim_array_init(&paths->bound, alloc, sizeof(zsim_memcg));
}

static void name_free(const struct zsim_allocator *alloc, struct zsim_name *name)
{
	if (!name)
		return;
	zsim_dealloc(alloc, name->path);
	zsim_dealloc(alloc, name);
}

/* ---- numbers ------------------------------------------------------------------ */

/** struct zsim_bound - a path and its number */
struct zsim_bound {
	uint32_t number;
	UT_hash_handle hh;
	char path[];
};

static uint32_t number_of(const struct zsim_paths *paths, const char *path)
{
	const struct zsim_bound *b;

	if (!paths->bound_by_path)
		return ZSIM_UNBOUND;
	HASH_FIND_STR(paths->bound_by_path, path, b);
	return b ? b->number : ZSIM_UNBOUND;
}

static void bound_lead(const struct zsim_paths *paths, uint32_t number, zsim_memcg memcg)
{
	if (number != ZSIM_UNBOUND)
		*ZSIM_ARRAY_AT(&paths->bound, zsim_memcg, number) = memcg;
}

static int bound_new(struct zsim_paths *paths, uint32_t number, const char *path)
{
	const struct zsim_allocator *hash_alloc = paths->alloc;
	size_t size = strlen(path) + 1;
	struct zsim_bound *b = zsim_zalloc(paths->alloc, sizeof(*b) + size);
	bool hash_oom = false;

	if (!b)
		return -ENOMEM;
	b->number = number;
	memcpy(b->path, path, size);
	HASH_ADD_STR(paths->bound_by_path, path, b);
	if (!hash_oom)
		return 0;
	zsim_dealloc(paths->alloc, b);
	return -ENOMEM;
}

int zsim_paths_bind(struct zsim_paths *paths, uint32_t number, const char *path)
{
	struct zsim_name *name = zsim_paths_find(paths, path);
	uint32_t i;

	if (number_of(paths, path) != ZSIM_UNBOUND)
		return -EEXIST;
	if (number != paths->bound.size)
		return -ERANGE;
	if (zsim_array_push(&paths->bound, &i))
		return -ENOMEM;
	if (bound_new(paths, number, path)) {
		paths->bound.size--;
		return -ENOMEM;
	}
	bound_lead(paths, number, name ? name->memcg : ZSIM_MEMCG_NONE);
	if (name)
		name->bound = number;
	return 0;
}

static void bounds_free(struct zsim_paths *paths)
{
	const struct zsim_allocator *hash_alloc = paths->alloc;
	struct zsim_bound *b, *next;

	HASH_ITER(hh, paths->bound_by_path, b, next) {
		HASH_DEL(paths->bound_by_path, b);
		zsim_dealloc(paths->alloc, b);
	}
	zsim_array_destroy(&paths->bound);
}

/* ---- names -------------------------------------------------------------------- */

void zsim_paths_destroy(struct zsim_paths *paths)
{
	const struct zsim_allocator *hash_alloc = paths->alloc;

	HASH_CLEAR(hh, paths->by_path);
	for (uint32_t i = 0; i < paths->by_memcg.size; i++)
		name_free(paths->alloc, zsim_paths_name(paths, i));
	zsim_array_destroy(&paths->by_memcg);
	bounds_free(paths);
}

static struct zsim_name **slot_of(const struct zsim_paths *paths, zsim_memcg memcg)
{
	return zsim_array_at(&paths->by_memcg, memcg);
}

static struct zsim_name *name_new(const struct zsim_allocator *alloc, const char *path,
				  zsim_memcg memcg)
{
	struct zsim_name *name = zsim_zalloc(alloc, sizeof(*name));

	if (!name)
		return NULL;
	name->memcg = memcg;
	for (int i = ZSIM_LIMIT_HIGH; i < ZSIM_NR_LIMITS; i++)
		name->limits[i] = UINT64_MAX;
	name->path = zsim_strdup(alloc, path);
	if (name->path)
		return name;
	zsim_dealloc(alloc, name);
	return NULL;
}

int zsim_paths_add(struct zsim_paths *paths, const char *path, zsim_memcg memcg)
{
	const struct zsim_allocator *hash_alloc = paths->alloc;
	struct zsim_name *older = zsim_paths_find(paths, path);
	struct zsim_name *name;
	bool hash_oom = false;
	uint32_t i;

	while (paths->by_memcg.size <= memcg)
		if (zsim_array_push(&paths->by_memcg, &i))
			return -ENOMEM;
	name = name_new(paths->alloc, path, memcg);
	if (!name)
		return -ENOMEM;
	HASH_ADD_KEYPTR(hh, paths->by_path, name->path, strlen(name->path), name);
	if (hash_oom) {
		name_free(paths->alloc, name);
		return -ENOMEM;
	}
	if (older)
		HASH_DELETE(hh, paths->by_path, older);
	name->made = ++paths->made;
	name->bound = number_of(paths, path);
	bound_lead(paths, name->bound, memcg);
	*slot_of(paths, memcg) = name;
	return 0;
}

static int name_copy(struct zsim_paths *copy, const struct zsim_name *name, bool newest)
{
	const struct zsim_allocator *hash_alloc = copy->alloc;
	struct zsim_name *same;
	int rc = zsim_paths_add(copy, name->path, name->memcg);

	if (rc)
		return rc;
	same = zsim_paths_name(copy, name->memcg);
	same->removed = name->removed;
	same->late = name->late;
	same->leaving = name->leaving;
	same->pinned = name->pinned;
	memcpy(same->limits, name->limits, sizeof(same->limits));
	if (!newest)
		HASH_DELETE(hh, copy->by_path, same);
	return 0;
}

/*
 * Twice, so that of several groups made at one path the newest is found by it;
 * and none is where the newest is freed and an older one lingers.
 */
int zsim_paths_copy(struct zsim_paths *copy, const struct zsim_paths *paths)
{
	const struct zsim_name *name;
	int rc = 0;

	for (int newest = 0; newest < 2; newest++) {
		for (uint32_t i = 0; !rc && i < paths->by_memcg.size; i++) {
			name = zsim_paths_name(paths, i);
			if (name && newest == (zsim_paths_find(paths, name->path) == name))
				rc = name_copy(copy, name, newest);
		}
	}
	return rc;
}

void zsim_paths_remove(struct zsim_paths *paths, zsim_memcg memcg)
{
	const struct zsim_allocator *hash_alloc = paths->alloc;
	struct zsim_name *name = zsim_paths_name(paths, memcg);

	if (!name)
		return;
	if (zsim_paths_find(paths, name->path) == name) {
		HASH_DELETE(hh, paths->by_path, name);
		bound_lead(paths, name->bound, ZSIM_MEMCG_NONE);
	}
	name_free(paths->alloc, name);
	*slot_of(paths, memcg) = NULL;
}

struct zsim_name *zsim_paths_find(const struct zsim_paths *paths, const char *path)
{
	struct zsim_name *name;

	HASH_FIND_STR(paths->by_path, path, name);
	return name;
}

int zsim_paths_parent(const struct zsim_paths *paths, const char *path, struct zsim_name **parent)
{
	size_t length = (size_t)(strrchr(path, '/') - path);
	char *dir = zsim_strdup(paths->alloc, path);

	if (!dir)
		return -ENOMEM;
	dir[length ? length : 1] = '\0'; /* the parent of /a is / */
	*parent = zsim_paths_find(paths, dir);
	zsim_dealloc(paths->alloc, dir);
	return *parent ? 0 : -ENOENT;
}

struct zsim_name *zsim_paths_name(const struct zsim_paths *paths, zsim_memcg memcg)
{
	return memcg < paths->by_memcg.size ? *slot_of(paths, memcg) : NULL;
}
