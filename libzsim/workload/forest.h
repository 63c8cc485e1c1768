/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forest.h - a tree of groups that is computed, not kept.
 *
 * Groups are numbered in the order in which a walk from the top meets them, so that a
 * parent comes before its children. Each has the same number of children, the smallest
 * with which the wanted number of groups has room in the wanted number of levels; the
 * tree is filled from the left, so that it is as deep as wanted.
 */
#ifndef ZSIM_WORKLOAD_FOREST_H
#define ZSIM_WORKLOAD_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZSIM_FOREST_LEVELS 16u
#define ZSIM_FOREST_PATH (ZSIM_FOREST_LEVELS * 12 + 1) /* "/g" and a number, at each level */

/**
 * struct zsim_forest - @below: groups of a full subtree whose top stands at a level, 0 the highest
 */
struct zsim_forest {
	uint32_t groups;
	uint32_t depth;
	uint64_t below[ZSIM_FOREST_LEVELS];
};

/** zsim_forest_init() - @groups: at least 1; @depth: 1..ZSIM_FOREST_LEVELS */
void zsim_forest_init(struct zsim_forest *f, uint32_t groups, uint32_t depth);
/** zsim_forest_path() - where a group is; @path has room for ZSIM_FOREST_PATH */
void zsim_forest_path(const struct zsim_forest *f, uint32_t group, char *path);
/** zsim_forest_leaf() - the first group from @group on that has no children */
uint32_t zsim_forest_leaf(const struct zsim_forest *f, uint32_t group);

#endif
