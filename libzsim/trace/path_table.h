/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path_table.h - paths of groups and the numbers by which page events name them.
 */
#ifndef ZSIM_TRACE_PATH_TABLE_H
#define ZSIM_TRACE_PATH_TABLE_H

#include "base/array.h"

#define ZSIM_PATH_BYTES_MAX 4096

struct zsim_path;

/** struct zsim_path_table - @list: struct zsim_path *, by number */
struct zsim_path_table {
	const struct zsim_allocator *alloc;
	struct zsim_path *by_path;
	struct zsim_array list;
};

void zsim_path_table_init(struct zsim_path_table *t, const struct zsim_allocator *alloc);
void zsim_path_table_destroy(struct zsim_path_table *t);
/**
 * zsim_path_table_add() - the number of a path, a new one if it has none
 * @path: @n bytes, not terminated; zsim_path_fits()
 *
 * Return: 0, -ENOMEM with nothing changed.
 */
int zsim_path_table_add(struct zsim_path_table *t, const char *path, size_t n, uint32_t *number);
/** zsim_path_table_at() - the path of a number below t->list.size; lives as long as the table */
const char *zsim_path_table_at(const struct zsim_path_table *t, uint32_t number);

/**
 * zsim_path_fault() - what keeps bytes from being the path of a group
 *
 * Return: "is not absolute", ..., to stand behind the word for it; NULL if nothing does.
 * Blanks are the caller's business.
 */
const char *zsim_path_fault(const char *path, size_t n);

#endif
