/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workload/forest.h"

#include <inttypes.h>
#include <stdio.h>

/* sizes of full subtrees with @fan children a group; the whole forest's */
static uint64_t sizes(struct zsim_forest *f, uint64_t fan)
{
	uint64_t size = 0;

	for (uint32_t level = f->depth; level-- > 0;) {
		size = 1 + fan * size;
		if (size > f->groups) /* no more are needed, and nothing shall wrap */
			size = f->groups;
		f->below[level] = size;
	}
	return fan * size;
}

void zsim_forest_init(struct zsim_forest *f, uint32_t groups, uint32_t depth)
{
	uint64_t fan = 1;

	*f = (struct zsim_forest){ .groups = groups, .depth = depth };
	while (sizes(f, fan) < groups)
		fan++;
}

/* the level on which a group stands; *@rest: how far it is behind the tops of @child[] */
static uint32_t descend(const struct zsim_forest *f, uint64_t group, uint64_t *child)
{
	for (uint32_t level = 0;; level++) {
		child[level] = group / f->below[level];
		group %= f->below[level];
		if (!group)
			return level;
		group--;
	}
}

void zsim_forest_path(const struct zsim_forest *f, uint32_t group, char *path)
{
	uint64_t child[ZSIM_FOREST_LEVELS];
	uint32_t level = descend(f, group, child);

	for (uint32_t i = 0; i <= level; i++)
		path += snprintf(path, 13, "/g%" PRIu64, child[i]);
}

/* the next in the order is a group's first child, unless the group is on the lowest level */
uint32_t zsim_forest_leaf(const struct zsim_forest *f, uint32_t group)
{
	uint64_t child[ZSIM_FOREST_LEVELS];

	while (group + 1 < f->groups && descend(f, group, child) + 1 < f->depth)
		group++;
	return group;
}
