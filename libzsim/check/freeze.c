/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * freeze.c - a world as a block of bytes, and back: a few copies of memory.
 *
 * That needs every container of the state to stay where it is and to keep its
 * size, which world.c has seen to before a world settles.
 */
#include <errno.h>
#include <string.h>

#include "check/world.h"

#define FIXED_STRETCHES 16u

_Static_assert(ZSIM_MAX_SCENARIO_SLOTS < ZSIM_SLOT_DENSE_MIN, "a frozen world has no leaves");
_Static_assert(ZSIM_MAX_SCENARIO_SLOTS < ZSIM_CACHED / 2, "and no marks");

static void stretch_add(struct zsim_world *w, void *at, size_t size)
{
	if (!size)
		return;
	w->stretch[w->nr_stretches++] = (struct zsim_stretch){ at, size };
	w->frozen_size += size;
}

/*
 * No container grows any more, so what they hold can lie side by side: a world
 * is then frozen by a few copies. The containers get their own memory back before
 * they are destroyed.
 */
static void gather(struct zsim_world *w, void **at, size_t size)
{
	struct zsim_home *home = &w->home[w->nr_homes++];

	*home = (struct zsim_home){ .at = at, .own = *at };
	if (size)
		memcpy(w->gathered + w->gathered_size, *at, size);
	*at = w->gathered + w->gathered_size;
	w->gathered_size += (size + 15) & ~(size_t)15;
}

static void homes_give_back(struct zsim_world *w)
{
	for (; w->nr_homes; w->nr_homes--)
		*w->home[w->nr_homes - 1].at = w->home[w->nr_homes - 1].own;
}

static int containers_gather(struct zsim_world *w)
{
	struct zsim_state *st = &w->zs->st;
	struct zsim_array *const arrays[] = { &st->memcgs, &st->lists, &st->entries, &st->visits };
	struct zsim_slot_segment *seg = st->map.segments;
	size_t chunks = seg ? seg->nr_chunks * sizeof(*seg->chunks) : 0;
	size_t keys = st->cache.cap * sizeof(*st->cache.keys);
	size_t size = chunks + keys + 16 * 8;

	for (size_t i = 0; i < 4; i++)
		size += (size_t)zsim_array_used(arrays[i]);
	w->gathered = zsim_zalloc(w->zs->alloc, size); /* gaps too are compared */
	if (!w->gathered)
		return -ENOMEM;
	for (size_t i = 0; i < 4; i++)
		if (arrays[i]->size)
			gather(w, &arrays[i]->pages[0], (size_t)zsim_array_used(arrays[i]));
	if (seg)
		gather(w, (void **)&seg->chunks, chunks);
	gather(w, (void **)&st->cache.keys, keys);
	return 0;
}

/* flags that stand beside the names of groups that can leave */
static void names_add(struct zsim_world *w)
{
	for (zsim_memcg m = 0; m < w->zs->st.memcgs.size; m++) {
		struct zsim_name *name = zsim_paths_name(&w->zs->paths, m);

		stretch_add(w, &name->removed,
			    offsetof(struct zsim_name, pinned) -
				    offsetof(struct zsim_name, removed));
	}
}

/* everything that an action can change */
static int stretches_find(struct zsim_world *w)
{
	struct zsim_state *st = &w->zs->st;
	struct zsim_slot_segment *seg = st->map.segments;

	w->stretch =
		zsim_alloc(w->zs->alloc, sizeof(*w->stretch) * (FIXED_STRETCHES + st->memcgs.size));
	if (!w->stretch)
		return -ENOMEM;
	stretch_add(w, w->gathered, w->gathered_size);
	stretch_add(w, &st->faults, (size_t)((char *)st->node_true - (char *)&st->faults));
	stretch_add(w, st->node_true, st->nodes * sizeof(*st->node_true));
	stretch_add(w, st->node_twice, st->nodes * sizeof(*st->node_twice));
	stretch_add(w, &st->pool.pages, sizeof(st->pool) - offsetof(struct zsim_zsmalloc, pages));
	if (seg)
		stretch_add(w, &seg->items, sizeof(seg->items));
	stretch_add(w, &st->cache.used, sizeof(st->cache.used));
	stretch_add(w, w->monitor.block, w->monitor.block_size);
	stretch_add(w, w->player, w->sc->nr_roles * sizeof(*w->player));
	if (w->groups_leave)
		names_add(w);
	return 0;
}

int zsim_world_settle(struct zsim_world *w)
{
	int rc = containers_gather(w);

	return rc ? rc : stretches_find(w);
}

void zsim_world_unsettle(struct zsim_world *w)
{
	homes_give_back(w);
	zsim_dealloc(w->zs->alloc, w->gathered);
	zsim_dealloc(w->zs->alloc, w->stretch);
}

void zsim_world_freeze(const struct zsim_world *w, void *frozen)
{
	char *to = frozen;

	for (uint32_t i = 0; i < w->nr_stretches; i++) {
		memcpy(to, w->stretch[i].at, w->stretch[i].size);
		to += w->stretch[i].size;
	}
}

void zsim_world_thaw(struct zsim_world *w, const void *frozen)
{
	const char *from = frozen;

	for (uint32_t i = 0; i < w->nr_stretches; i++) {
		memcpy(w->stretch[i].at, from, w->stretch[i].size);
		from += w->stretch[i].size;
	}
}
