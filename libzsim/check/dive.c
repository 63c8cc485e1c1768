/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dive.c - depth first: the path from the start is a stack of frozen worlds.
 *
 * Whether calls end is seen on the way. Without an endless actor no step may
 * lead back to a state of the path. With one, some may: then those of a call
 * must not lie within a strongly connected component (Tarjan 1972).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check/diver.h"

/* transitions between two looks at limits and hungry threads */
#define LOOK_EVERY 1024u
#define NO_ACTION UINT16_MAX

/* ---- room ------------------------------------------------------------------------------ */

int zsim_diver_room(struct zsim_diver *d, void **at, uint32_t *room, uint32_t need, size_t size)
{
	uint32_t more = *room ? *room : 64;
	void *bigger;

	if (need <= *room)
		return 0;
	while (more < need)
		more *= 2;
	bigger = zsim_realloc(d->hunt->alloc, *at, more * size);
	if (!bigger)
		return -ENOMEM;
	d->bytes += (more - *room) * size;
	*at = bigger;
	*room = more;
	return 0;
}

int zsim_diver_frame(struct zsim_diver *d)
{
	size_t size = sizeof(struct zsim_frame) + d->world.frozen_size;
	struct zsim_frame *f;
	int rc = zsim_diver_room(d, (void **)&d->frame, &d->frame_room, d->depth + 1,
				 sizeof(*d->frame));

	if (rc || d->depth < d->frames_made)
		return rc;
	f = zsim_alloc(d->hunt->alloc, size);
	if (!f)
		return -ENOMEM;
	f->frozen = f + 1;
	d->frame[d->frames_made++] = f;
	d->bytes += size;
	return 0;
}

static struct zsim_frame *top(const struct zsim_diver *d)
{
	return d->frame[d->depth - 1];
}

/* ---- the path ---------------------------------------------------------------------------- */

int zsim_diver_path(struct zsim_diver *d, uint32_t *nr)
{
	uint32_t n = d->nr_prefix;
	int rc = zsim_diver_room(d, (void **)&d->path, &d->path_room, n + d->depth + 1,
				 sizeof(*d->path));

	for (uint32_t i = 1; !rc && i < d->depth; i++)
		d->path[n++] = d->frame[i]->action;
	*nr = n;
	return rc;
}

/* the path to the top frame, and @last unless it is NO_ACTION */
static int path_with(struct zsim_diver *d, uint16_t last, uint32_t *nr)
{
	int rc = zsim_diver_path(d, nr);

	if (!rc && last != NO_ACTION)
		d->path[(*nr)++] = last;
	return rc;
}

static int broken(struct zsim_diver *d, uint16_t last)
{
	uint32_t nr;
	int rc;

	if (!d->world.monitor.broken)
		return 0;
	rc = path_with(d, last, &nr);
	return rc ? rc : zsim_hunt_broken(d->hunt, &d->world, d->choice, d->path, nr);
}

/* ---- calls that do not end -------------------------------------------------------------------- */

static enum zsim_property ending_of(const struct zsim_role *role)
{
	return role->op[0].ev.type == ZSIM_EV_WORKER ? ZSIM_P_WORKER_TERMINATION :
						       ZSIM_P_TERMINATION;
}

static bool looks_for_cycles(const struct zsim_diver *d)
{
	return !d->team && !d->hunt->visited.bits;
}

static bool looks_for_components(const struct zsim_diver *d)
{
	return looks_for_cycles(d) && d->hunt->endless;
}

/* with endless stores the worker is queued for ever, which says nothing of any one run */
static bool runs_again(const struct zsim_hunt *h, const struct zsim_role *role)
{
	return h->endless && role->mode == ZSIM_MODE_QUEUED;
}

static bool same_row(const struct zsim_diver *d, const struct zsim_row *a, const struct zsim_row *b)
{
	return a->hash == b->hash && !memcmp(a->bytes, b->bytes, d->hunt->visited.row_size);
}

/* the frame of a state, counted from 1; 0 = it is not on the path */
static uint32_t on_path(const struct zsim_diver *d, const struct zsim_row *row)
{
	uint32_t i = d->bucket[row->hash % ZSIM_PATH_BUCKETS];

	while (i && !same_row(d, &d->frame[i - 1]->row, row))
		i = d->frame[i - 1]->under;
	return i;
}

/*
 * A step of this actor can be made again and again. @row: the state that it leads
 * back to, if that is known, of which only some lie on the path
 */
static int loops(struct zsim_diver *d, uint32_t p, uint16_t last, const struct zsim_row *row)
{
	const struct zsim_role *role = &d->world.sc->role[p];
	uint32_t back = row ? on_path(d, row) : 0;
	char why[160];
	uint32_t nr;
	int n, rc;

	if (role->mode == ZSIM_MODE_FOREVER || runs_again(d->hunt, role) ||
	    !(d->hunt->properties & ZSIM_P_BIT(ending_of(role))))
		return 0;
	rc = path_with(d, last, &nr);
	if (rc)
		return rc;
	n = snprintf(why, sizeof(why), "%s can go on for ever: ", role->name);
	if (back)
		snprintf(why + n, sizeof(why) - (size_t)n,
			 "after these %u steps everything is as it was after %u of them", nr,
			 back - 1);
	else
		snprintf(why + n, sizeof(why) - (size_t)n,
			 "from here some state of before can be reached again");
	return zsim_hunt_found(d->hunt, ending_of(role), why, d->choice, d->path, nr);
}

static void path_enter(struct zsim_diver *d, struct zsim_frame *f)
{
	uint32_t *bucket = &d->bucket[f->row.hash % ZSIM_PATH_BUCKETS];

	f->under = *bucket;
	*bucket = d->depth;
}

static void path_leave(struct zsim_diver *d, const struct zsim_frame *f)
{
	d->bucket[f->row.hash % ZSIM_PATH_BUCKETS] = f->under;
}

static int component_enter(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc = zsim_diver_room(d, (void **)&d->member, &d->member_room, d->nr_members + 1,
				 sizeof(*d->member));

	f->index = f->low = d->index;
	if (!rc)
		d->member[d->nr_members++] = f->row;
	return rc;
}

/* its states are marked: who comes to them later is not among them */
static void component_done(struct zsim_diver *d, const struct zsim_frame *f)
{
	const uint32_t done = 0;
	struct zsim_row *row;

	do {
		row = &d->member[--d->nr_members];
		zsim_visited_set(&d->hunt->visited, row, &done);
	} while (!same_row(d, row, &f->row));
}

/* the top frame is finished: what its component says of the step that led to it */
static int component_leave(struct zsim_diver *d, const struct zsim_frame *f)
{
	struct zsim_frame *below;

	if (f->low == f->index) {
		component_done(d, f);
		return 0;
	}
	below = d->frame[d->depth - 2];
	if (f->low < below->low)
		below->low = f->low;
	return loops(d, ZSIM_ACTION_PLAYER(f->action), NO_ACTION, NULL);
}

/* to a state that was seen; @index: of its component, 0 = done */
static int came_back(struct zsim_diver *d, const struct zsim_row *row, uint16_t action,
		     uint32_t index)
{
	if (!looks_for_cycles(d))
		return 0;
	if (!looks_for_components(d))
		return on_path(d, row) ? loops(d, ZSIM_ACTION_PLAYER(action), action, row) : 0;
	if (!index)
		return 0;
	if (index < top(d)->low)
		top(d)->low = index;
	return loops(d, ZSIM_ACTION_PLAYER(action), action, row);
}

/* ---- frames ------------------------------------------------------------------------------------ */

static int actions_find(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc = zsim_diver_room(d, (void **)&d->actions, &d->action_room,
				 d->nr_actions + ZSIM_MAX_ACTIONS, sizeof(*d->actions));

	if (rc)
		return rc;
	f->first = d->nr_actions;
	f->nr = zsim_world_actions(&d->world, d->actions + f->first);
	d->nr_actions += f->nr;
	return 0;
}

/* nothing can go on */
static int rest(struct zsim_diver *d)
{
	zsim_encode(&d->encoder, &d->world, ZSIM_ALL_PARTS);
	d->rests++;
	d->rests_digest += zsim_encoder_hash(&d->encoder);
	zsim_world_rest(&d->world);
	return broken(d, NO_ACTION);
}

/* the world as it is becomes the top frame */
static int push(struct zsim_diver *d, const struct zsim_row *row, uint16_t action, uint8_t sleep,
		uint8_t skip, bool fresh)
{
	struct zsim_frame *f;
	int rc = zsim_diver_frame(d);

	if (rc)
		return rc;
	f = d->frame[d->depth++];
	*f = (struct zsim_frame){ .row = *row,
				  .frozen = f->frozen,
				  .action = action,
				  .sleep = sleep,
				  .skip = skip,
				  .fresh = fresh };
	if (d->depth > d->deepest)
		d->deepest = d->depth;
	rc = actions_find(d, f);
	if (!rc && looks_for_components(d))
		rc = component_enter(d, f);
	if (rc)
		return rc;
	path_enter(d, f);
	if (f->nr > 1)
		zsim_world_freeze(&d->world, f->frozen);
	if (d->hunt->options.reduce)
		zsim_footprint_players(&d->world, f->foot);
	d->at_top = true;
	return f->nr || !fresh ? 0 : rest(d);
}

static int pop(struct zsim_diver *d)
{
	struct zsim_frame *f = top(d);
	int rc = looks_for_components(d) ? component_leave(d, f) : 0;

	path_leave(d, f);
	d->nr_actions = f->first;
	d->depth--;
	d->at_top = false;
	return rc;
}

/* ---- one step ---------------------------------------------------------------------------------- */

/* actors whose next step need not be tried after this one */
static uint8_t sleep_after(const struct zsim_diver *d, const struct zsim_frame *f, uint16_t action)
{
	uint8_t asleep = f->sleep | f->done;
	struct zsim_footprint foot;
	uint8_t sleep = 0;

	if (!d->hunt->options.reduce || !asleep)
		return 0;
	foot = zsim_footprint_action(&d->world, action);
	for (uint32_t p = 0; p < d->world.sc->nr_roles; p++)
		if (asleep >> p & 1 && p != ZSIM_ACTION_PLAYER(action) &&
		    !zsim_footprint_clash(&foot, &f->foot[p]))
			sleep |= (uint8_t)(1u << p);
	return sleep;
}

/*
 * seen before; some actors slept then that are awake now: they are tried from here. The
 * others were tried, but sleep on only if they slept then and would now: behind one that
 * is tried late, what was tried early was left out.
 */
static int waken(struct zsim_diver *d, const struct zsim_row *row, uint16_t action, uint8_t sleep,
		 uint8_t slept)
{
	uint8_t wake = (uint8_t)(slept & ~sleep);

	return wake ? push(d, row, action, slept & sleep, (uint8_t)~wake, false) : 0;
}

/* 1 the state is new, 0 it was there; @index, @slept: what was known of it then */
static int meet(struct zsim_diver *d, const struct zsim_row *row, uint32_t *index, uint8_t *slept)
{
	if (looks_for_components(d))
		return zsim_visited_add(&d->hunt->visited, row, index);
	if (d->hunt->options.reduce)
		return zsim_visited_meet(&d->hunt->visited, row, slept);
	return zsim_visited_add(&d->hunt->visited, row, NULL);
}

static int arrived(struct zsim_diver *d, const struct zsim_row *row, uint16_t action, uint8_t sleep)
{
	uint32_t index = d->index + 1;
	uint8_t slept = sleep;
	int rc = meet(d, row, &index, &slept);

	if (rc < 0)
		return rc;
	if (rc) {
		d->index++;
		d->states++;
		zsim_world_audit(&d->world);
		rc = broken(d, action);
		return rc ? rc : push(d, row, action, sleep, sleep, true);
	}
	rc = came_back(d, row, action, index);
	return rc || !d->hunt->options.reduce ? rc : waken(d, row, action, sleep, slept);
}

/* @row is that of a state before, which differs in these parts at most */
static int row_make(struct zsim_diver *d, uint32_t changed, struct zsim_row *row)
{
	changed = zsim_encode(&d->encoder, &d->world, changed);
	return zsim_visited_row(&d->hunt->visited, &d->encoder, changed, row);
}

/* an actor is done with once it is the next one's turn */
static uint16_t action_next(struct zsim_diver *d, struct zsim_frame *f)
{
	const uint16_t *action = d->actions + f->first + f->next;

	if (f->next && ZSIM_ACTION_PLAYER(action[-1]) != ZSIM_ACTION_PLAYER(action[0]))
		f->done |= (uint8_t)(1u << ZSIM_ACTION_PLAYER(action[-1])) & (uint8_t)~f->skip;
	f->next++;
	return *action;
}

static int step(struct zsim_diver *d, struct zsim_frame *f)
{
	uint16_t action = action_next(d, f);
	struct zsim_row row;
	uint8_t sleep;
	int rc;

	if (f->skip >> ZSIM_ACTION_PLAYER(action) & 1)
		return 0;
	if (!d->at_top)
		zsim_world_thaw(&d->world, f->frozen);
	d->at_top = false;
	sleep = sleep_after(d, f, action);
	rc = zsim_world_act(&d->world, action);
	d->transitions++;
	if (!rc)
		rc = broken(d, action);
	if (rc)
		return rc;
	row = f->row;
	rc = row_make(d, d->world.changed, &row);
	return rc ? rc : arrived(d, &row, action, sleep);
}

/* ---- a diver -------------------------------------------------------------------------------- */

static void look(struct zsim_diver *d)
{
	atomic_fetch_add(&d->hunt->transitions, d->transitions);
	atomic_fetch_add(&d->hunt->states, d->states);
	zsim_hunt_look(d->hunt, d->nr_prefix + d->deepest, d->depth, d->bytes);
	d->transitions = 0;
	d->states = 0;
}

int zsim_diver_run(struct zsim_diver *d)
{
	uint32_t until_look = LOOK_EVERY;
	int rc = 0;

	while (!rc && d->depth && !atomic_load_explicit(&d->hunt->stop, memory_order_relaxed)) {
		struct zsim_frame *f = top(d);

		rc = f->next < f->nr ? step(d, f) : pop(d);
		if (!rc && d->team && zsim_team_hungry(d->team))
			rc = zsim_team_give(d);
		if (--until_look)
			continue;
		until_look = LOOK_EVERY;
		look(d);
	}
	look(d);
	zsim_hunt_rests(d->hunt, d->rests, d->rests_digest);
	d->rests = d->rests_digest = 0;
	return rc;
}

int zsim_diver_begin(struct zsim_diver *d, uint32_t choice)
{
	struct zsim_row row;
	int rc;

	zsim_encoder_destroy(&d->encoder);
	zsim_world_destroy(&d->world);
	rc = zsim_hunt_world(d->hunt, &d->world, choice);
	if (!rc)
		rc = zsim_encoder_init(&d->encoder, &d->world, d->hunt->options.symmetry);
	if (rc)
		return rc;
	d->choice = choice;
	d->nr_prefix = d->depth = d->nr_actions = 0;
	rc = row_make(d, ZSIM_ALL_PARTS, &row);
	return rc ? rc : arrived(d, &row, NO_ACTION, 0);
}

int zsim_diver_init(struct zsim_diver *d, struct zsim_hunt *h)
{
	memset(d, 0, sizeof(*d));
	d->hunt = h;
	return 0;
}

void zsim_diver_destroy(struct zsim_diver *d)
{
	const struct zsim_allocator *alloc = d->hunt->alloc;

	for (uint32_t i = 0; i < d->frames_made; i++)
		zsim_dealloc(alloc, d->frame[i]);
	zsim_dealloc(alloc, (void *)d->frame);
	zsim_dealloc(alloc, d->actions);
	zsim_dealloc(alloc, d->path);
	zsim_dealloc(alloc, d->member);
	zsim_encoder_destroy(&d->encoder);
	zsim_world_destroy(&d->world);
}

int zsim_dive(struct zsim_hunt *h)
{
	struct zsim_diver *d;
	int rc = 0;

	if (h->options.threads > 1)
		return zsim_team_dive(h, h->options.threads);
	d = zsim_alloc(h->alloc, sizeof(*d));
	if (!d)
		return -ENOMEM;
	zsim_diver_init(d, h);
	for (uint32_t c = 0; !rc && c < zsim_hunt_choices(h) && !h->stop; c++) {
		rc = zsim_diver_begin(d, c);
		if (!rc)
			rc = zsim_diver_run(d);
	}
	zsim_diver_destroy(d);
	zsim_dealloc(h->alloc, d);
	return rc;
}
