/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wander.c - seeded random walks, for scopes that no search gets through.
 *
 * Nothing is remembered, so a walk costs its steps and no memory; the same seed
 * gives the same walks.
 */
#include <errno.h>

#include "check/search.h"

#define DEFAULT_STEPS 10000u
#define LOOK_EVERY 256u

struct wanderer {
	struct zsim_hunt *hunt;
	struct zsim_world world;
	void *start;
	uint32_t choice;
	uint64_t random;
	uint16_t *path;
	uint32_t room;
};

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t random_next(struct wanderer *a)
{
	uint64_t z = a->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static int broken(struct wanderer *a, uint32_t nr)
{
	if (!a->world.monitor.broken)
		return 0;
	return zsim_hunt_broken(a->hunt, &a->world, a->choice, a->path, nr);
}

static int walk(struct wanderer *a, uint64_t *steps)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t i, n;
	int rc = 0;

	zsim_world_thaw(&a->world, a->start);
	for (i = 0; !rc && i < a->room && !a->hunt->stop; i++) {
		n = zsim_world_actions(&a->world, action);
		if (!n)
			break;
		a->path[i] = action[random_next(a) % n];
		rc = zsim_world_act(&a->world, a->path[i]);
		zsim_world_audit(&a->world);
		if (!rc)
			rc = broken(a, i + 1);
	}
	*steps += i;
	if (rc || i == a->room)
		return rc;
	zsim_world_rest(&a->world);
	return broken(a, i);
}

static void look(struct wanderer *a, uint64_t walks, uint64_t steps)
{
	atomic_store(&a->hunt->transitions, steps);
	zsim_hunt_look(a->hunt, a->room, walks, a->room * sizeof(*a->path));
}

static int begin(struct wanderer *a, uint32_t choice)
{
	int rc;

	zsim_world_destroy(&a->world);
	rc = zsim_hunt_world(a->hunt, &a->world, choice);
	if (rc)
		return rc;
	a->choice = choice;
	zsim_dealloc(a->hunt->alloc, a->start);
	a->start = zsim_alloc(a->hunt->alloc, a->world.frozen_size);
	if (!a->start)
		return -ENOMEM;
	zsim_world_freeze(&a->world, a->start);
	return 0;
}

/* the walks are shared out among the initial states */
static int walks_make(struct wanderer *a)
{
	uint32_t choices = zsim_hunt_choices(a->hunt);
	uint64_t each = a->hunt->options.walks / choices + 1;
	uint64_t steps = 0, walks = 0;
	int rc = 0;

	for (uint32_t c = 0; !rc && c < choices && !a->hunt->stop; c++) {
		rc = begin(a, c);
		for (uint64_t i = 0; !rc && i < each && !a->hunt->stop; i++) {
			rc = walk(a, &steps);
			if (++walks % LOOK_EVERY == 0)
				look(a, walks, steps);
		}
	}
	look(a, walks, steps);
	return rc;
}

int zsim_wander(struct zsim_hunt *h)
{
	struct wanderer a = { .hunt = h, .random = h->options.seed };
	int rc = -ENOMEM;

	a.room = DEFAULT_STEPS;
	if (h->options.walk_steps)
		a.room = (uint32_t)h->options.walk_steps;
	a.path = zsim_alloc(h->alloc, a.room * sizeof(*a.path));
	if (a.path)
		rc = walks_make(&a);
	zsim_world_destroy(&a.world);
	zsim_dealloc(h->alloc, a.start);
	zsim_dealloc(h->alloc, a.path);
	if (!rc)
		zsim_hunt_stop(h, ZSIM_END_WALKS, 0);
	return rc;
}
