/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_tree.c - see whatif_tree.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trace/whatif_tree.h"

#define LENGTH_ASSUMED 2048

static struct zsim_whatif_group *path_find(const struct zsim_whatif_tree *tree, const char *path,
					   size_t length)
{
	struct zsim_whatif_group *g;

	HASH_FIND(by_path, tree->paths, path, length, g);
	return g;
}

static bool id_add(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g)
{
	const struct zsim_allocator *hash_alloc = tree->alloc;
	bool hash_oom = false;

	if (g->id)
		HASH_ADD(by_id, tree->ids, id, sizeof(g->id), g);
	return !hash_oom;
}

static void id_delete(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g)
{
	const struct zsim_allocator *hash_alloc = tree->alloc;

	if (g->id)
		HASH_DELETE(by_id, tree->ids, g);
}

static bool path_add(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g)
{
	const struct zsim_allocator *hash_alloc = tree->alloc;
	bool hash_oom = false;

	HASH_ADD_KEYPTR(by_path, tree->paths, g->path, strlen(g->path), g);
	return !hash_oom;
}

static void path_delete(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g)
{
	const struct zsim_allocator *hash_alloc = tree->alloc;

	HASH_DELETE(by_path, tree->paths, g);
}

static void group_free(const struct zsim_whatif_tree *tree, struct zsim_whatif_group *g)
{
	zsim_dealloc(tree->alloc, g->path);
	zsim_dealloc(tree->alloc, g);
}

static struct zsim_whatif_group *group_alloc(const struct zsim_whatif_tree *tree, uint64_t id,
					     const char *path, size_t length)
{
	struct zsim_whatif_group *g = zsim_zalloc(tree->alloc, sizeof(*g));

	if (!g)
		return NULL;
	g->id = id;
	g->path = zsim_alloc(tree->alloc, length + 1);
	if (!g->path) {
		group_free(tree, g);
		return NULL;
	}
	memcpy(g->path, path, length);
	g->path[length] = '\0';
	return g;
}

/* A new group into both tables and the list of all. */
static struct zsim_whatif_group *group_add(struct zsim_whatif_tree *tree, uint64_t id,
					   const char *path, size_t length)
{
	struct zsim_whatif_group *g = group_alloc(tree, id, path, length);

	if (!g)
		return NULL;
	if (!id_add(tree, g))
		goto err_free;
	if (!path_add(tree, g))
		goto err_id;
	g->older = tree->newest;
	tree->newest = g;
	return g;
err_id:
	id_delete(tree, g);
err_free:
	group_free(tree, g);
	return NULL;
}

int zsim_whatif_tree_init(struct zsim_whatif_tree *tree, const struct zsim_allocator *alloc,
			  struct zsim_whatif_queue *queue)
{
	*tree = (struct zsim_whatif_tree){ .alloc = alloc, .queue = queue };
	tree->root = group_add(tree, ZSIM_WHATIF_ROOT_ID, "/", 1);
	return tree->root ? 0 : -ENOMEM;
}

void zsim_whatif_tree_destroy(struct zsim_whatif_tree *tree)
{
	const struct zsim_allocator *hash_alloc = tree->alloc;
	struct zsim_whatif_group *g;

	HASH_CLEAR(by_id, tree->ids);
	HASH_CLEAR(by_path, tree->paths);
	while (tree->newest) {
		g = tree->newest;
		tree->newest = g->older;
		group_free(tree, g);
	}
}

const char *zsim_whatif_group_name(const struct zsim_whatif_group *g)
{
	/* the model may have freed already what was offline in the recording */
	while (g->replaced || g->offline)
		g = g->parent;
	return g->path;
}

struct zsim_whatif_group *zsim_whatif_group_find(const struct zsim_whatif_tree *tree, uint64_t id)
{
	struct zsim_whatif_group *g;

	HASH_FIND(by_id, tree->ids, &id, sizeof(id), g);
	return g;
}

static void event_push(struct zsim_whatif_tree *tree, enum zsim_event_type type, uint64_t line,
		       const struct zsim_whatif_group *g, bool deferred)
{
	struct zsim_whatif_item *item = zsim_whatif_queue_push(tree->queue, type, line);

	item->ev.path = g->path;
	item->ev.deferred = deferred;
}

/*
 * Sends @g offline; room for one event is reserved. A group of which no rmdir
 * was seen (the capture began later, or lost it) leaves in one step.
 */
static void group_leave(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g, uint64_t line)
{
	if (g->offline)
		return;
	event_push(tree, g->dying ? ZSIM_EV_OFFLINE : ZSIM_EV_RMDIR, line, g, false);
	g->dying = true;
	g->offline = true;
}

/* A group at @path, where @old is or was. */
static int group_create(struct zsim_whatif_tree *tree, uint64_t id, const char *path, size_t length,
			uint64_t line, struct zsim_whatif_group *parent,
			struct zsim_whatif_group *old, struct zsim_whatif_group **out)
{
	struct zsim_whatif_group *g;

	if (zsim_whatif_queue_reserve(tree->queue, 2))
		return -ENOMEM;
	g = group_add(tree, id, path, length);
	if (!g)
		return -ENOMEM;
	if (old) {
		group_leave(tree, old, line);
		old->replaced = true;
		path_delete(tree, old);
	}
	g->parent = parent;
	event_push(tree, ZSIM_EV_MKDIR, line, g, false);
	*out = g;
	return 0;
}

/* The live group at @path if it can be the one with that id; @id 0 takes any. */
static int group_ensure(struct zsim_whatif_tree *tree, uint64_t id, const char *path, size_t length,
			uint64_t line, struct zsim_whatif_group *parent,
			struct zsim_whatif_group **out)
{
	struct zsim_whatif_group *g = path_find(tree, path, length);

	if (!g || g->dying || (id && g->id && g->id != id))
		return group_create(tree, id, path, length, line, parent, g, out);
	if (id && !g->id) {
		g->id = id;
		if (!id_add(tree, g)) {
			g->id = 0;
			return -ENOMEM;
		}
	}
	*out = g;
	return 0;
}

int zsim_whatif_group_make(struct zsim_whatif_tree *tree, uint64_t id, const char *path,
			   uint64_t line, struct zsim_whatif_group **out)
{
	struct zsim_whatif_group *g = zsim_whatif_group_find(tree, id);
	size_t length = 0;
	bool last;
	int ret;

	if (path[0] != '/')
		return -EBADMSG;
	if (!path[1])
		g = tree->root;
	if (g) {
		*out = g;
		return 0;
	}
	g = tree->root;
	do {
		length++;
		length += strcspn(path + length, "/");
		last = !path[length];
		ret = group_ensure(tree, last ? id : 0, path, length, line, g, &g);
	} while (!ret && !last);
	*out = g;
	return ret;
}

int zsim_whatif_group_get(struct zsim_whatif_tree *tree, uint64_t id, uint64_t line,
			  struct zsim_whatif_group **out)
{
	char path[32];

	if (!id)
		id = ZSIM_WHATIF_ROOT_ID;
	*out = zsim_whatif_group_find(tree, id);
	if (*out)
		return 0;
	snprintf(path, sizeof(path), "/unknown-%" PRIu64, id);
	return zsim_whatif_group_make(tree, id, path, line, out);
}

int zsim_whatif_group_remove(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g,
			     uint64_t line)
{
	if (g->dying || g == tree->root)
		return 0;
	if (zsim_whatif_queue_reserve(tree->queue, 1))
		return -ENOMEM;
	event_push(tree, ZSIM_EV_RMDIR, line, g, true);
	g->dying = true;
	return 0;
}

int zsim_whatif_group_leave(struct zsim_whatif_tree *tree, struct zsim_whatif_group *g,
			    uint64_t line)
{
	if (g == tree->root)
		return 0;
	if (zsim_whatif_queue_reserve(tree->queue, 1))
		return -ENOMEM;
	group_leave(tree, g, line);
	return 0;
}

void zsim_whatif_group_count(struct zsim_whatif_group *g, uint16_t length, uint32_t node)
{
	g->stores++;
	g->bytes += length;
	g->node_stores[node]++;
}

uint16_t zsim_whatif_group_mean(const struct zsim_whatif_group *g)
{
	return g->stores ? (uint16_t)((g->bytes + g->stores / 2) / g->stores) : LENGTH_ASSUMED;
}

uint32_t zsim_whatif_group_node(const struct zsim_whatif_group *g)
{
	uint32_t node, best = 0;

	for (node = 1; node < ZSIM_MAX_NODES; node++) {
		if (g->node_stores[node] > g->node_stores[best])
			best = node;
	}
	return best;
}
