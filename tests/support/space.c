/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "support/space.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *space_alloc(size_t size)
{
	void *at = calloc(1, size ? size : 1);

	if (at)
		return at;
	fputs("space: no memory\n", stderr);
	exit(1);
}

/* ---- one world ---------------------------------------------------------------------- */

static void check(int rc)
{
	if (!rc)
		return;
	fprintf(stderr, "space: %s\n", strerror(-rc));
	exit(1);
}

static void world_end(struct space *s)
{
	if (!s->world.sc)
		return;
	zsim_encoder_destroy(&s->encoder);
	zsim_world_destroy(&s->world);
}

static void world_begin(struct space *s, uint32_t choice)
{
	const struct space_options *o = &s->options;

	world_end(s);
	check(zsim_world_init(&s->world, s->sc, o->algo, o->defect, o->properties, choice));
	check(zsim_encoder_init(&s->encoder, &s->world, o->symmetry));
}

void space_encode(struct space *s)
{
	zsim_encode(&s->encoder, &s->world, ZSIM_ALL_PARTS);
}

uint64_t space_act(struct space *s, uint16_t action)
{
	uint64_t broken;

	s->world.monitor.broken = 0;
	check(zsim_world_act(&s->world, action));
	zsim_world_audit(&s->world);
	broken = s->world.monitor.broken;
	s->world.monitor.broken = 0;
	return broken;
}

uint64_t space_hash(struct space *s)
{
	const struct zsim_encoder *e = &s->encoder;
	uint64_t hash = 0xcbf29ce484222325ull;

	space_encode(s);
	for (uint32_t i = 0; i < e->nr_parts; i++) {
		hash = (hash ^ e->part[i].size) * 0x100000001b3ull;
		for (uint32_t k = 0; k < e->part[i].size; k++)
			hash = (hash ^ e->part[i].bytes[k]) * 0x100000001b3ull;
	}
	return hash ^ hash >> 32;
}

void space_thaw(struct space *s, uint32_t i)
{
	zsim_world_thaw(&s->world, s->state[i]->frozen);
}

/* ---- those that were met ------------------------------------------------------------- */

static int state_compare(const void *a, const void *b)
{
	const struct space_state *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return memcmp(x->key, y->key, x->size);
}

/* each part with its length, so that no two codes look the same in one row */
static struct space_state *by_code(struct space *s)
{
	const struct zsim_encoder *e = &s->encoder;
	struct space_state *state;
	size_t size = 0;
	uint8_t *to;

	space_encode(s);
	for (uint32_t i = 0; i < e->nr_parts; i++)
		size += sizeof(e->part[i].size) + e->part[i].size;
	state = space_alloc(sizeof(*state) + size);
	state->size = size;
	to = state->key;
	for (uint32_t i = 0; i < e->nr_parts; i++) {
		memcpy(to, &e->part[i].size, sizeof(e->part[i].size));
		to += sizeof(e->part[i].size);
		memcpy(to, e->part[i].bytes, e->part[i].size);
		to += e->part[i].size;
	}
	return state;
}

static struct space_state *by_bytes(struct space *s)
{
	struct space_state *state = space_alloc(sizeof(*state) + s->world.frozen_size);

	state->size = s->world.frozen_size;
	zsim_world_freeze(&s->world, state->key);
	return state;
}

static void join(struct space *s, struct space_state *state)
{
	if (s->nr == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->state = realloc(s->state, s->room * sizeof(struct space_state *));
		if (!s->state)
			check(-ENOMEM);
	}
	state->number = s->nr;
	state->frozen = space_alloc(s->world.frozen_size);
	zsim_world_freeze(&s->world, state->frozen);
	s->state[s->nr++] = state;
}

static void meet(struct space *s)
{
	struct space_state *state = s->options.bytes ? by_bytes(s) : by_code(s);
	struct space_state **place = tsearch(state, &s->tree, state_compare);

	if (!place)
		check(-ENOMEM);
	if (*place == state)
		join(s, state);
	else
		free(state);
}

uint32_t space_find(struct space *s)
{
	struct space_state *state = s->options.bytes ? by_bytes(s) : by_code(s);
	struct space_state **place = tfind(state, &s->tree, state_compare);

	free(state);
	return place ? (*place)->number : ZSIM_NIL;
}

/* ---- the search ------------------------------------------------------------------------ */

static void rest(struct space *s)
{
	space_encode(s);
	s->rests++;
	s->digest += zsim_encoder_hash(&s->encoder);
	s->world.monitor.broken = 0;
	zsim_world_rest(&s->world);
	s->broken |= s->world.monitor.broken;
}

static void expand(struct space *s, uint32_t i)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n;

	space_thaw(s, i);
	n = zsim_world_actions(&s->world, action);
	if (!n)
		rest(s);
	for (uint32_t k = 0; k < n; k++) {
		uint64_t broken;

		space_thaw(s, i);
		broken = space_act(s, action[k]);
		s->broken |= broken;
		s->transitions++;
		if (!broken || !s->options.defect)
			meet(s);
	}
}

void space_explore(struct space *s, const struct zsim_scenario *sc, struct space_options options)
{
	uint32_t i = 0;

	*s = (struct space){ .options = options, .sc = sc };
	if (!s->options.properties)
		s->options.properties = sc->proves | sc->refutes;
	for (uint32_t choice = 0; choice < 1u << sc->nr_either; choice++) {
		world_begin(s, choice);
		meet(s);
		for (; i < s->nr && s->nr <= options.max; i++)
			expand(s, i);
	}
	s->whole = s->nr <= options.max;
}

static void nothing(void *state)
{
	(void)state;
}

void space_free(struct space *s)
{
	world_end(s);
	tdestroy(s->tree, nothing);
	for (uint32_t i = 0; i < s->nr; i++) {
		free(s->state[i]->frozen);
		free(s->state[i]);
	}
	free(s->state);
}
