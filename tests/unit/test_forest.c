/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree of groups by arithmetic: every path once, parents first, as deep as wanted. */
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "workload/forest.h"

static void path_is(const struct zsim_forest *f, uint32_t group, const char *expected)
{
	char path[ZSIM_FOREST_PATH];

	zsim_forest_path(f, group, path);
	CU_ASSERT_STRING_EQUAL(path, expected);
}

/* seven groups, two levels: two children each; the third top has room for one more
 *
 *	g0 (0 1)	g1 (0 1)	g2
 */
static void a_small_forest(void)
{
	struct zsim_forest f;

	zsim_forest_init(&f, 6, 2);
	path_is(&f, 0, "/g0");
	path_is(&f, 1, "/g0/g0");
	path_is(&f, 2, "/g0/g1");
	path_is(&f, 3, "/g1");
	path_is(&f, 4, "/g1/g0");
	path_is(&f, 5, "/g1/g1");
	zsim_forest_init(&f, 7, 2);
	path_is(&f, 3, "/g0/g2");
	path_is(&f, 4, "/g1");
}

static void one_level_is_flat_and_one_child_a_chain(void)
{
	struct zsim_forest f;

	zsim_forest_init(&f, 1000000, 1);
	path_is(&f, 999999, "/g999999");
	CU_ASSERT_EQUAL(zsim_forest_leaf(&f, 12), 12);
	zsim_forest_init(&f, 3, 16);
	path_is(&f, 2, "/g0/g0/g0");
	CU_ASSERT_EQUAL(zsim_forest_leaf(&f, 0), 2);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned int levels(const char *path)
{
	unsigned int n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

static bool has_parent(char (*paths)[ZSIM_FOREST_PATH], uint32_t group)
{
	size_t n = (size_t)(strrchr(paths[group], '/') - paths[group]);

	for (uint32_t i = 0; i < group; i++)
		if (strlen(paths[i]) == n && !memcmp(paths[i], paths[group], n))
			return true;
	return !n;
}

static void all_of(uint32_t groups, uint32_t depth)
{
	char(*paths)[ZSIM_FOREST_PATH] = calloc(groups, sizeof(*paths));
	unsigned int deepest = 0;
	struct zsim_forest f;

	CU_ASSERT_PTR_NOT_NULL_FATAL(paths);
	zsim_forest_init(&f, groups, depth);
	for (uint32_t i = 0; i < groups; i++) {
		zsim_forest_path(&f, i, paths[i]);
		deepest = levels(paths[i]) > deepest ? levels(paths[i]) : deepest;
		CU_ASSERT_TRUE(has_parent(paths, i));
	}
	CU_ASSERT_EQUAL(deepest, depth < groups ? depth : groups);
	qsort(paths, groups, sizeof(*paths), by_text);
	for (uint32_t i = 1; i < groups; i++)
		CU_ASSERT_NOT_EQUAL(strcmp(paths[i - 1], paths[i]), 0);
	free(paths);
}

static void every_path_once_and_parents_first(void)
{
	static const uint32_t groups[] = { 1, 2, 17, 100, 341, 1000 };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (uint32_t depth = 1; depth <= ZSIM_FOREST_LEVELS; depth++)
			all_of(groups[i], depth);
}

/* a leaf's path is the beginning of no other */
static void leaves_have_no_children(void)
{
	char leaf[ZSIM_FOREST_PATH], other[ZSIM_FOREST_PATH];
	struct zsim_forest f;

	zsim_forest_init(&f, 50, 4);
	for (uint32_t i = 0; i < 50; i++) {
		uint32_t k = zsim_forest_leaf(&f, i);

		CU_ASSERT_TRUE(k >= i && k < 50);
		zsim_forest_path(&f, k, leaf);
		strcat(leaf, "/");
		for (uint32_t j = 0; j < 50; j++) {
			zsim_forest_path(&f, j, other);
			CU_ASSERT_NOT_EQUAL(strncmp(other, leaf, strlen(leaf)), 0);
		}
	}
}

static void a_million_deep_down(void)
{
	char path[ZSIM_FOREST_PATH];
	struct zsim_forest f;

	zsim_forest_init(&f, 1000000, 16);
	for (uint32_t i = 0; i < 1000000; i += 997) {
		zsim_forest_path(&f, i, path);
		CU_ASSERT_TRUE(levels(path) >= 1 && levels(path) <= 16);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(a_small_forest),
	ZSIM_CASE(one_level_is_flat_and_one_child_a_chain),
	ZSIM_CASE(every_path_once_and_parents_first),
	ZSIM_CASE(leaves_have_no_children),
	ZSIM_CASE(a_million_deep_down),
};
ZSIM_SUITE_MAIN("forest", cases)
