/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/sound.h"

#include <stdlib.h>
#include <string.h>

static void *frozen_room(struct space *s)
{
	return space_alloc(s->world.frozen_size);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static uint64_t act(struct space *s, uint16_t action)
{
	return space_act(s, action) & ~SOUND_TOLD_BEFORE;
}

static uint64_t at_rest(struct space *s)
{
	s->world.monitor.broken = 0;
	zsim_world_rest(&s->world);
	return s->world.monitor.broken & ~SOUND_TOLD_BEFORE;
}

/* ---- codes --------------------------------------------------------------------------- */

/* like slots may have changed their names: then one actor's events come in another order */
static uint64_t edge(const struct space *s, uint16_t action, uint64_t broken, uint64_t code)
{
	uint64_t who = s->encoder.symmetry ? ZSIM_ACTION_PLAYER(action) : action;

	if (broken && s->options.defect)
		code = 0;

	return mix(mix(mix(0, who), broken), code);
}

static int edge_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* of a set: what can happen in two ways counts once */
static uint64_t edges_hash(uint64_t *edges, uint32_t n)
{
	uint64_t hash = 0;

	qsort(edges, n, sizeof(*edges), edge_compare);
	for (uint32_t i = 0; i < n; i++)
		if (!i || edges[i] != edges[i - 1])
			hash = mix(hash, edges[i]);
	return hash;
}

/* all that can happen next, as a number */
static uint64_t future(struct space *s, const void *frozen)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint64_t edges[ZSIM_MAX_ACTIONS];
	uint64_t broken;
	uint32_t n;

	zsim_world_thaw(&s->world, frozen);
	n = zsim_world_actions(&s->world, action);
	if (!n)
		return mix(1, at_rest(s));
	for (uint32_t i = 0; i < n; i++) {
		zsim_world_thaw(&s->world, frozen);
		broken = act(s, action[i]);
		edges[i] = edge(s, action[i], broken, space_hash(s));
	}
	return edges_hash(edges, n);
}

/* numbers of states by the hash of their code; two of one hash would show as a difference */
struct codes {
	uint64_t *hash;
	uint32_t *number;
	uint64_t *future;
	uint32_t room;
};

static uint32_t *place_of(struct codes *c, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (c->room - 1);

	while (c->number[i] && c->hash[i] != hash)
		i = (i + 1) & (c->room - 1);
	c->hash[i] = hash;
	return &c->number[i];
}

static void codes_make(struct codes *c, struct space *s)
{
	c->room = 64;
	while (c->room < 2 * s->nr)
		c->room *= 2;
	c->hash = space_alloc(c->room * sizeof(*c->hash));
	c->number = space_alloc(c->room * sizeof(*c->number));
	c->future = space_alloc(s->nr * sizeof(*c->future));
	for (uint32_t i = 0; i < s->nr; i++) {
		space_thaw(s, i);
		*place_of(c, space_hash(s)) = i + 1;
		c->future[i] = future(s, s->state[i]->frozen);
	}
}

static void codes_free(struct codes *c)
{
	free(c->hash);
	free(c->number);
	free(c->future);
}

/* the world has the code of state @j */
static void same_future(struct space *s, struct codes *c, uint32_t i, uint16_t action, uint32_t j,
			void *room, struct finding *f)
{
	zsim_world_freeze(&s->world, room);
	if (!memcmp(room, s->state[j]->frozen, s->world.frozen_size))
		return;
	f->looked++;
	if (future(s, room) != c->future[j])
		finding_add(
			f,
			"action %x of state %u leads to the code of state %u, and to another future",
			action, i, j);
}

static void codes_from(struct space *s, struct codes *c, uint32_t i, void *room, struct finding *f)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n, j;

	space_thaw(s, i);
	n = zsim_world_actions(&s->world, action);
	for (uint32_t k = 0; k < n; k++) {
		space_thaw(s, i);
		if (act(s, action[k]) && s->options.defect)
			continue;
		j = *place_of(c, space_hash(s));
		if (j)
			same_future(s, c, i, action[k], j - 1, room, f);
		else if (s->whole)
			finding_add(f, "action %x of state %u leads to a state that was not met",
				    action[k], i);
	}
}

void sound_codes(struct space *s, struct finding *f)
{
	void *room = frozen_room(s);
	struct codes codes;

	*f = (struct finding){ .looked = 0 };
	codes_make(&codes, s);
	for (uint32_t i = 0; i < s->nr; i++)
		codes_from(s, &codes, i, room, f);
	codes_free(&codes);
	free(room);
}

/* ---- parts ------------------------------------------------------------------------------ */

static bool same_part(const struct zsim_part *a, const struct zsim_part *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}

/* as a search does it: the encoder was last used for a state that has nothing to do with it */
static void parts_after(struct space *s, struct zsim_encoder *before, struct zsim_encoder *after,
			uint32_t i, uint16_t action, struct finding *f)
{
	uint32_t changed;

	space_thaw(s, (uint32_t)((i + 1) * UINT64_C(7919) % s->nr));
	space_encode(s);
	space_thaw(s, i);
	zsim_encode(before, &s->world, ZSIM_ALL_PARTS);
	act(s, action);
	changed = zsim_encode(&s->encoder, &s->world, s->world.changed);
	zsim_encode(after, &s->world, ZSIM_ALL_PARTS);
	for (uint32_t p = 0; p < after->nr_parts; p++) {
		const struct zsim_encoder *from = changed >> p & 1 ? &s->encoder : before;

		f->looked++;
		if (!same_part(&from->part[p], &after->part[p]))
			finding_add(f, "action %x of state %u changed part %u, which was %sencoded",
				    action, i, p, changed >> p & 1 ? "wrongly " : "not ");
	}
}

void sound_parts(struct space *s, struct finding *f)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	struct zsim_encoder before, after;
	uint32_t n;

	*f = (struct finding){ .looked = 0 };
	if (zsim_encoder_init(&before, &s->world, s->options.symmetry) ||
	    zsim_encoder_init(&after, &s->world, s->options.symmetry))
		exit(1);
	for (uint32_t i = 0; i < s->nr; i++) {
		space_thaw(s, i);
		n = zsim_world_actions(&s->world, action);
		for (uint32_t k = 0; k < n; k++)
			parts_after(s, &before, &after, i, action[k], f);
	}
	zsim_encoder_destroy(&before);
	zsim_encoder_destroy(&after);
}

/* ---- footprints -------------------------------------------------------------------------- */

/** struct pair - two steps from state @i: what each broke, first and second, and where both led */
struct pair {
	uint32_t i;
	uint16_t action[2];
	uint64_t first[2];
	uint64_t second[2];
	uint64_t code[2];
};

static bool can(const struct space *s, uint16_t action)
{
	uint16_t actions[ZSIM_MAX_ACTIONS];
	uint32_t n = zsim_world_actions(&s->world, actions);

	while (n--)
		if (actions[n] == action)
			return true;
	return false;
}

/* @order: 0 = the first before the second */
static bool both(struct space *s, struct pair *p, int order)
{
	space_thaw(s, p->i);
	p->first[order] = act(s, p->action[order]);
	if (!can(s, p->action[!order]))
		return false;
	p->second[!order] = act(s, p->action[!order]);
	p->code[order] = space_hash(s);
	return true;
}

static void swap_try(struct space *s, struct pair *p, struct finding *f)
{
	f->looked++;
	if (!both(s, p, 0) || !both(s, p, 1))
		finding_add(f, "state %u: of the actions %x and %x one takes away the other", p->i,
			    p->action[0], p->action[1]);
	else if (p->code[0] != p->code[1])
		finding_add(f, "state %u: the order of %x and %x makes a difference", p->i,
			    p->action[0], p->action[1]);
	else if (p->first[0] != p->second[0] || p->first[1] != p->second[1])
		finding_add(f, "state %u: the order of %x and %x makes a difference to a property",
			    p->i, p->action[0], p->action[1]);
}

/* actions that one actor has now, and after another's */
static bool same_actions(struct space *s, uint32_t player, const uint16_t *action, uint32_t n)
{
	uint16_t now[ZSIM_MAX_ACTIONS];
	uint32_t nr = zsim_world_actions(&s->world, now);
	uint32_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < n && ZSIM_ACTION_PLAYER(action[i]) != player)
			i++;
		while (k < nr && ZSIM_ACTION_PLAYER(now[k]) != player)
			k++;
		if (i == n || k == nr)
			return i == n && k == nr;
		if (action[i] != now[k])
			return false;
	}
}

/* the actor may sleep while this happens: all that it can do now can wait */
static void sleeper_look(struct space *s, uint32_t i, uint16_t by, uint32_t player,
			 const uint16_t *action, uint32_t n, struct finding *f)
{
	space_thaw(s, i);
	act(s, by);
	if (!same_actions(s, player, action, n))
		finding_add(f, "state %u: %x changes what actor %u can do", i, by, player);
	for (uint32_t k = 0; k < n; k++) {
		struct pair pair = { .i = i, .action = { by, action[k] } };

		if (ZSIM_ACTION_PLAYER(action[k]) == player)
			swap_try(s, &pair, f);
	}
}

static void footprints_of(struct space *s, uint32_t i, struct finding *f)
{
	struct zsim_footprint foot[ZSIM_MAX_PLAYERS], by;
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n;

	space_thaw(s, i);
	n = zsim_world_actions(&s->world, action);
	zsim_footprint_players(&s->world, foot);
	for (uint32_t k = 0; k < n; k++) {
		space_thaw(s, i);
		by = zsim_footprint_action(&s->world, action[k]);
		for (uint32_t p = 0; p < s->sc->nr_roles; p++)
			if (p != ZSIM_ACTION_PLAYER(action[k]) &&
			    !zsim_footprint_clash(&by, &foot[p]))
				sleeper_look(s, i, action[k], p, action, n, f);
	}
}

void sound_footprints(struct space *s, struct finding *f)
{
	*f = (struct finding){ .looked = 0 };
	for (uint32_t i = 0; i < s->nr; i++)
		footprints_of(s, i, f);
}

/* ---- sleep sets ------------------------------------------------------------------------------ */

/** struct sleeper - the textbook's search: @kept: for each state met, who slept in all visits */
struct sleeper {
	struct space *s;
	bool *met;
	uint8_t *kept;
	uint64_t steps;
	uint32_t states;
};

static void sleeper_visit(struct sleeper *l, uint32_t i, uint8_t sleep);

/* one action of @player; actors in @others whom it does not touch sleep behind it */
static void sleeper_step(struct sleeper *l, uint32_t i, uint16_t action, uint8_t others)
{
	struct zsim_footprint foot[ZSIM_MAX_PLAYERS], by;
	uint8_t sleep = 0;

	space_thaw(l->s, i);
	zsim_footprint_players(&l->s->world, foot);
	by = zsim_footprint_action(&l->s->world, action);
	for (uint32_t p = 0; p < l->s->sc->nr_roles; p++)
		if (others >> p & 1 && p != ZSIM_ACTION_PLAYER(action) &&
		    !zsim_footprint_clash(&by, &foot[p]))
			sleep |= (uint8_t)(1u << p);
	act(l->s, action);
	l->steps++;
	sleeper_visit(l, space_find(l->s), sleep);
}

/* actors in @turn go from here; those in @sleep need not, now or behind another's step */
static void sleeper_go(struct sleeper *l, uint32_t i, uint8_t turn, uint8_t sleep)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint8_t done = 0;
	uint32_t n;

	space_thaw(l->s, i);
	n = zsim_world_actions(&l->s->world, action);
	for (uint32_t p = 0; p < l->s->sc->nr_roles; p++) {
		if (!(turn >> p & 1))
			continue;
		for (uint32_t k = 0; k < n; k++)
			if (ZSIM_ACTION_PLAYER(action[k]) == p)
				sleeper_step(l, i, action[k], sleep | done);
		done |= (uint8_t)(1u << p);
	}
}

static void sleeper_visit(struct sleeper *l, uint32_t i, uint8_t sleep)
{
	uint8_t turn = (uint8_t)~sleep;

	if (l->met[i]) {
		turn = l->kept[i] & (uint8_t)~sleep;
		sleep &= l->kept[i];
	}
	l->states += !l->met[i];
	l->met[i] = true;
	l->kept[i] = sleep;
	sleeper_go(l, i, turn, sleep);
}

static bool is_endless(const struct zsim_scenario *sc)
{
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		if (sc->role[p].mode == ZSIM_MODE_FOREVER)
			return true;
	return false;
}

static void sleeper_compare(const struct sleeper *l, struct finding *f)
{
	const struct space *s = l->s;
	struct zsim_check_options o;
	struct zsim_check_result r;

	zsim_check_options_init(&o);
	o.reduce = true;
	o.symmetry = s->options.symmetry;
	o.properties = s->options.properties;
	f->looked++;
	if (zsim_check(s->sc, &o, &r))
		exit(1);
	if (r.end == ZSIM_END_EXHAUSTED && (r.transitions != l->steps || l->states != s->nr))
		finding_add(f, "%llu steps, the textbook's search makes %llu and meets %u of %u",
			    (unsigned long long)r.transitions, (unsigned long long)l->steps,
			    l->states, s->nr);
	zsim_check_result_free(&r);
}

void sound_sleep(struct space *s, struct finding *f)
{
	struct sleeper l = { .s = s };

	*f = (struct finding){ .looked = 0 };
	if (!s->whole || s->sc->nr_either || is_endless(s->sc))
		return;
	l.met = space_alloc(s->nr * sizeof(*l.met));
	l.kept = space_alloc(s->nr);
	sleeper_visit(&l, 0, 0);
	sleeper_compare(&l, f);
	free(l.met);
	free(l.kept);
}

/* ---- frozen worlds ------------------------------------------------------------------------- */

static void frozen_look(struct space *s, uint32_t i, void *room, struct finding *f)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint64_t digest;
	uint32_t n;

	space_thaw(s, i);
	digest = zsim_digest(s->world.zs);
	n = zsim_world_actions(&s->world, action);
	for (uint32_t k = 0; k < n; k++) {
		f->looked++;
		act(s, action[k]);
		space_thaw(s, i);
		zsim_world_freeze(&s->world, room);
		if (zsim_digest(s->world.zs) != digest ||
		    memcmp(room, s->state[i]->frozen, s->world.frozen_size))
			finding_add(f, "state %u is another after action %x and a thaw", i,
				    action[k]);
	}
}

void sound_frozen(struct space *s, struct finding *f)
{
	void *room = frozen_room(s);

	*f = (struct finding){ .looked = 0 };
	for (uint32_t i = 0; i < s->nr; i++)
		frozen_look(s, i, room, f);
	free(room);
}
