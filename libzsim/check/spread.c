/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spread.c - breadth first, for shortest counterexamples.
 *
 * A state that waits is not kept: it is its parent and the action that led to
 * it, six bytes, and its world is made again from the start. That costs as many
 * steps as it is deep, and needs next to no memory.
 */
#include <errno.h>

#include "check/search.h"

#define LOOK_EVERY 1024u
#define NO_PARENT UINT32_MAX

/**
 * struct node - one state, in the order in which it was met; without a parent @action is the choice
 */
struct node {
	uint32_t parent;
	uint16_t action;
	uint16_t depth;
};

struct spreader {
	struct zsim_hunt *hunt;
	struct zsim_world world;
	struct zsim_encoder encoder;
	struct zsim_array nodes;
	void *start; /* the world at the start */
	uint32_t choice;
	uint16_t path[UINT16_MAX];
	uint32_t nr_path;
};

static struct node *node_at(const struct spreader *s, uint32_t i)
{
	return zsim_array_at(&s->nodes, i);
}

static int broken(struct spreader *s)
{
	if (!s->world.monitor.broken)
		return 0;
	return zsim_hunt_broken(s->hunt, &s->world, s->choice, s->path, s->nr_path);
}

/* the state that the world is in was seen, or waits for its turn from now on */
static int meet(struct spreader *s, uint32_t parent, uint16_t action)
{
	uint8_t payload[8] = { 0 };
	struct zsim_row row;
	uint32_t i;
	int rc;

	zsim_encode(&s->encoder, &s->world, ZSIM_ALL_PARTS);
	rc = zsim_visited_row(&s->hunt->visited, &s->encoder, ZSIM_ALL_PARTS, &row);
	if (!rc)
		rc = zsim_visited_add(&s->hunt->visited, &row, payload);
	if (rc <= 0)
		return rc;
	zsim_world_audit(&s->world);
	rc = broken(s);
	if (rc)
		return rc;
	if (zsim_array_push(&s->nodes, &i))
		return -ENOMEM;
	*node_at(s, i) = (struct node){ .parent = parent, .action = action };
	if (parent != NO_PARENT)
		node_at(s, i)->depth = (uint16_t)(node_at(s, parent)->depth + 1);
	atomic_fetch_add_explicit(&s->hunt->states, 1, memory_order_relaxed);
	return node_at(s, i)->depth == UINT16_MAX - 1 ? -ENOSPC : 0;
}

/* the world of a choice, at its start */
static int world_make(struct spreader *s, uint32_t choice)
{
	int rc;

	zsim_encoder_destroy(&s->encoder);
	zsim_world_destroy(&s->world);
	zsim_dealloc(s->hunt->alloc, s->start);
	s->start = NULL;
	rc = zsim_hunt_world(s->hunt, &s->world, choice);
	if (!rc)
		rc = zsim_encoder_init(&s->encoder, &s->world, s->hunt->options.symmetry);
	if (rc)
		return rc;
	s->choice = choice;
	s->nr_path = 0;
	s->start = zsim_alloc(s->hunt->alloc, s->world.frozen_size);
	if (!s->start)
		return -ENOMEM;
	zsim_world_freeze(&s->world, s->start);
	return 0;
}

/* the way to a state, from its parents, and the choice that it begins with */
static uint32_t path_find(struct spreader *s, uint32_t i)
{
	uint32_t n = node_at(s, i)->depth;

	s->nr_path = n;
	for (; n; i = node_at(s, i)->parent)
		s->path[--n] = node_at(s, i)->action;
	return node_at(s, i)->action;
}

/* what broke on the way was found when the way was gone for the first time */
static int go_there(struct spreader *s)
{
	int rc = 0;

	zsim_world_thaw(&s->world, s->start);
	for (uint32_t k = 0; !rc && k < s->nr_path; k++)
		rc = zsim_world_move(&s->world, s->path[k]);
	s->world.monitor.broken = 0;
	return rc;
}

static int rest(struct spreader *s)
{
	zsim_encode(&s->encoder, &s->world, ZSIM_ALL_PARTS);
	zsim_hunt_rests(s->hunt, 1, zsim_encoder_hash(&s->encoder));
	zsim_world_rest(&s->world);
	return broken(s);
}

static int follow(struct spreader *s, uint32_t i, uint16_t action)
{
	int rc = go_there(s);

	if (rc)
		return rc;
	rc = zsim_world_act(&s->world, action);
	atomic_fetch_add_explicit(&s->hunt->transitions, 1, memory_order_relaxed);
	s->path[s->nr_path++] = action;
	if (!rc)
		rc = broken(s);
	if (!rc)
		rc = meet(s, i, action);
	s->nr_path--;
	return rc;
}

static int expand(struct spreader *s, uint32_t i)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t choice = path_find(s, i);
	uint32_t n;
	int rc;

	if (choice != s->choice) {
		rc = world_make(s, choice);
		if (rc)
			return rc;
		path_find(s, i);
	}
	rc = go_there(s);
	if (rc)
		return rc;
	n = zsim_world_actions(&s->world, action);
	if (!n)
		return rest(s);
	for (uint32_t k = 0; !rc && k < n && !s->hunt->stop; k++)
		rc = follow(s, i, action[k]);
	return rc;
}

static void look(struct spreader *s, uint32_t i)
{
	uint32_t depth = i < s->nodes.size ? node_at(s, i)->depth : 0;

	zsim_hunt_look(s->hunt, depth, s->nodes.size - i, zsim_array_bytes(&s->nodes));
}

/* all starts first: what is then met is met by a way that is shortest from any of them */
static int starts_meet(struct spreader *s)
{
	int rc = 0;

	for (uint32_t c = 0; !rc && c < zsim_hunt_choices(s->hunt) && !s->hunt->stop; c++) {
		rc = world_make(s, c);
		if (!rc)
			rc = meet(s, NO_PARENT, (uint16_t)c);
	}
	return rc;
}

static int spread(struct spreader *s)
{
	int rc = starts_meet(s);

	for (uint32_t i = 0; !rc && i < s->nodes.size && !s->hunt->stop; i++) {
		rc = expand(s, i);
		if (i % LOOK_EVERY == 0)
			look(s, i);
	}
	if (s->nodes.size)
		look(s, s->nodes.size - 1);
	return rc;
}

int zsim_spread(struct zsim_hunt *h)
{
	struct spreader *s = zsim_zalloc(h->alloc, sizeof(*s));
	int rc;

	if (!s)
		return -ENOMEM;
	s->hunt = h;
	zsim_array_init(&s->nodes, h->alloc, sizeof(struct node));
	rc = spread(s);
	if (rc == -ENOSPC) {
		zsim_hunt_stop(h, ZSIM_END_MEMORY, 0);
		rc = 0;
	}
	zsim_encoder_destroy(&s->encoder);
	zsim_world_destroy(&s->world);
	zsim_array_destroy(&s->nodes);
	zsim_dealloc(h->alloc, s->start);
	zsim_dealloc(h->alloc, s);
	return rc;
}
