/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/path_table.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

/** struct zsim_path - one path, its bytes behind the struct */
struct zsim_path {
	uint32_t number;
	UT_hash_handle hh;
	char path[];
};

void zsim_path_table_init(struct zsim_path_table *t, const struct zsim_allocator *alloc)
{
	t->alloc = alloc;
	t->by_path = NULL;
	zsim_array_init(&t->list, alloc, sizeof(struct zsim_path *));
}

void zsim_path_table_destroy(struct zsim_path_table *t)
{
	const struct zsim_allocator *hash_alloc = t->alloc;

	HASH_CLEAR(hh, t->by_path);
	for (uint32_t i = 0; i < t->list.size; i++)
		zsim_dealloc(t->alloc, *(struct zsim_path **)zsim_array_at(&t->list, i));
	zsim_array_destroy(&t->list);
}

static struct zsim_path *path_create(const struct zsim_path_table *t, const char *path, size_t n)
{
	struct zsim_path *p = zsim_zalloc(t->alloc, sizeof(*p) + n + 1);

	if (p)
		memcpy(p->path, path, n);
	return p;
}

/* into the list and the table, or into neither */
static int path_insert(struct zsim_path_table *t, struct zsim_path *p, size_t n)
{
	const struct zsim_allocator *hash_alloc = t->alloc;
	bool hash_oom = false;

	if (zsim_array_push(&t->list, &p->number))
		return -ENOMEM;
	HASH_ADD_KEYPTR(hh, t->by_path, p->path, n, p);
	if (hash_oom) {
		t->list.size--;
		return -ENOMEM;
	}
	*(struct zsim_path **)zsim_array_at(&t->list, p->number) = p;
	return 0;
}

int zsim_path_table_add(struct zsim_path_table *t, const char *path, size_t n, uint32_t *number)
{
	struct zsim_path *p;
	int ret = 0;

	HASH_FIND(hh, t->by_path, path, n, p);
	if (!p) {
		p = path_create(t, path, n);
		ret = p ? path_insert(t, p, n) : -ENOMEM;
	}
	if (ret)
		zsim_dealloc(t->alloc, p);
	else
		*number = p->number;
	return ret;
}

const char *zsim_path_table_at(const struct zsim_path_table *t, uint32_t number)
{
	return (*(struct zsim_path **)zsim_array_at(&t->list, number))->path;
}

const char *zsim_path_fault(const char *path, size_t n)
{
	if (!n || *path != '/')
		return "is not absolute";
	if (n > ZSIM_PATH_BYTES_MAX)
		return "longer than 4096 bytes";
	if (n > 1 && path[n - 1] == '/')
		return "ends in a slash";
	for (size_t i = 1; i < n; i++)
		if (path[i] == '/' && path[i - 1] == '/')
			return "has an empty component";
	return NULL;
}
