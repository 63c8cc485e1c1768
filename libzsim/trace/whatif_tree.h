/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_tree.h - the groups of a capture: from the kernel's ids to paths.
 *
 * Captures speak of ids, events of paths, and a path is the newest group made
 * there. So that no event can mean the wrong group, a group that is still
 * leaving when its path is used again is sent offline just before (a little
 * earlier than the kernel did), and is from then on named by its parent, to
 * which all that it had belongs by then.
 *
 * Groups are kept until the end, since events point to their paths.
 */
#ifndef ZSIM_TRACE_WHATIF_TREE_H
#define ZSIM_TRACE_WHATIF_TREE_H

#include "base/hash.h"
#include "trace/whatif_queue.h"

#define ZSIM_WHATIF_ROOT_ID 1

/**
 * struct zsim_whatif_group - a group
 * @id: the kernel's; 0 = not seen yet, only a descendant's path told of it
 * @dying: its rmdir was given
 * @offline: its offline was given
 * @replaced: a newer group has its path
 * @stores: pages of it whose length and node are known
 * @bytes: their compressed lengths
 * @node_stores: and how many there are of each node
 */
struct zsim_whatif_group {
	uint64_t id;
	struct zsim_whatif_group *parent;
	struct zsim_whatif_group *older;
	char *path;
	bool dying;
	bool offline;
	bool replaced;
	uint64_t stores;
	uint64_t bytes;
	uint64_t node_stores[ZSIM_MAX_NODES];
	UT_hash_handle by_id;
	UT_hash_handle by_path;
};

/**
 * struct zsim_whatif_tree - all groups
 * @queue: where the events go that make and remove them
 * @newest: of all groups, linked by @older
 */
struct zsim_whatif_tree {
	const struct zsim_allocator *alloc;
	struct zsim_whatif_queue *queue;
	struct zsim_whatif_group *root;
	struct zsim_whatif_group *newest;
	struct zsim_whatif_group *ids;
	struct zsim_whatif_group *paths;
};

/** zsim_whatif_tree_init() - with its root; 0 or -ENOMEM */
int zsim_whatif_tree_init(struct zsim_whatif_tree *tree, const struct zsim_allocator *alloc,
			  struct zsim_whatif_queue *queue);
void zsim_whatif_tree_destroy(struct zsim_whatif_tree *tree);

/** zsim_whatif_group_name() - the path by which events reach the group */
const char *zsim_whatif_group_name(const struct zsim_whatif_group *g);
struct zsim_whatif_group *zsim_whatif_group_find(const struct zsim_whatif_tree *tree, uint64_t id);

/**
 * zsim_whatif_group_make() - the group @id at @path, with all parents that are missing
 *
 * Made only if it is not there yet. Return: 0, -ENOMEM, -EBADMSG (no path).
 */
int zsim_whatif_group_make(struct zsim_whatif_tree *tree, uint64_t id, const char *path,
			   uint64_t line, struct zsim_whatif_group **out);
/** zsim_whatif_group_get() - by its id (0 is the root); `/unknown-ID` if it was never
 * introduced; 0 or -ENOMEM */
int zsim_whatif_group_get(struct zsim_whatif_tree *tree, uint64_t id, uint64_t line,
			  struct zsim_whatif_group **out);
/** zsim_whatif_group_remove() - rmdir; 0 or -ENOMEM */
int zsim_whatif_group_remove(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g,
			     uint64_t line);
/** zsim_whatif_group_leave() - offline; 0 or -ENOMEM */
int zsim_whatif_group_leave(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g,
			    uint64_t line);

/** zsim_whatif_group_count() - a page whose length and node are known */
void zsim_whatif_group_count(struct zsim_whatif_group *g, uint16_t length, uint32_t node);
/** zsim_whatif_group_mean() - mean length so far, 2048 at first */
uint16_t zsim_whatif_group_mean(const struct zsim_whatif_group *g);
/** zsim_whatif_group_node() - the most frequent node so far, the lowest of equals */
uint32_t zsim_whatif_group_node(const struct zsim_whatif_group *g);

#endif
