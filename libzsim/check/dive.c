/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dive.c - depth first: the path from the start is a stack of frozen worlds.
 *
 * Actions of which the memo knows what they lead to are not done again, so a state on
 * the path need not have had a world. One is made, from the last world below it,
 * when something is to be done there after all.
 */
#include <errno.h>
#include <string.h>

#include "check/diver.h"

/* transitions between two looks at limits and hungry threads */
#define LOOK_EVERY 1024u

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

int zsim_diver_path_with(struct zsim_diver *d, uint16_t last, uint32_t *nr)
{
	int rc = zsim_diver_path(d, nr);

	if (!rc && last != ZSIM_NO_ACTION)
		d->path[(*nr)++] = last;
	return rc;
}

static int broken(struct zsim_diver *d, uint16_t last)
{
	uint32_t nr;
	int rc;

	if (!d->world.monitor.broken)
		return 0;
	rc = zsim_diver_path_with(d, last, &nr);
	return rc ? rc : zsim_hunt_broken(d->hunt, &d->world, d->choice, d->path, nr);
}

/* ---- frames --------------------------------------------------------------------------- */

static void frame_freeze(struct zsim_diver *d, struct zsim_frame *f)
{
	zsim_world_freeze(&d->world, f->frozen);
	f->is_frozen = true;
}

/* the world becomes that of the frame, from the last one below that is there still */
int zsim_diver_world(struct zsim_diver *d, uint32_t depth)
{
	uint32_t at = depth;
	int rc = 0;

	if (d->world_at == depth)
		return 0;
	while (at != d->world_at && !d->frame[at - 1]->is_frozen)
		at--;
	if (at != d->world_at)
		zsim_world_thaw(&d->world, d->frame[at - 1]->frozen);
	uint32_t moves = depth - at;
	d->world_at = 0;
	for (; !rc && at < depth; at++)
		rc = zsim_world_move(&d->world, d->frame[at]->action);
	d->world.monitor.broken = 0; /* it was told when this was done for the first time */
	if (rc)
		return rc;
	d->world_at = depth;
	if (moves > 1)
		frame_freeze(d, d->frame[depth - 1]);
	return 0;
}

static int try_add(struct zsim_diver *d, const struct zsim_try *try)
{
	int rc = zsim_diver_room(d, (void **)&d->tries, &d->tries_room, d->nr_tries + 1,
				 sizeof(*d->tries));

	if (!rc)
		d->tries[d->nr_tries++] = *try;
	return rc;
}

/* whether it can happen is to be seen in the world */
static int action_look(struct zsim_diver *d, const struct zsim_frame *f, const struct zsim_try *try)
{
	int rc = ZSIM_ACTION_OP(try->action) == ZSIM_STEP ? 0 : zsim_diver_world(d, d->depth);

	if (rc)
		return rc;
	if (ZSIM_ACTION_OP(try->action) == ZSIM_STEP || zsim_world_can(&d->world, try->action))
		return try_add(d, try);
	if (zsim_memo_alone(&d->memo, &d->world, &f->row, try->action))
		zsim_memo_keep(&d->memo, &d->world, &f->row, try->action, NULL, d->index);
	return 0;
}

static int action_find(struct zsim_diver *d, const struct zsim_frame *f, uint16_t action)
{
	struct zsim_try try = { .row = f->row, .action = action };

	switch (zsim_memo_ask(&d->memo, &try.row, action)) {
	case ZSIM_MEMO_UNKNOWN:
		return action_look(d, f, &try);
	case ZSIM_MEMO_IDLE:
		return 0;
	case ZSIM_MEMO_KNOWN:
		break;
	}
	zsim_visited_prefetch(&d->hunt->visited, &try.row);
	try.known = true;
	return try_add(d, &try);
}

/*
 * Those that are known to lead to a state that was seen are done with at once: that the
 * path goes on from here first changes nothing about where such a state lies.
 */
static int known_look(struct zsim_diver *d, const struct zsim_frame *f)
{
	uint32_t last = d->nr_tries;
	uint32_t index = 0;
	int rc = 0;

	d->nr_tries = f->first;
	for (uint32_t i = f->first; !rc && i < last; i++) {
		const struct zsim_try *try = &d->tries[i];

		if (try->known && zsim_visited_has(&d->hunt->visited, &try->row, &index)) {
			d->transitions++;
			rc = zsim_cycle_back(d, &try->row, try->action, index);
			continue;
		}
		if (try->known)
			zsim_memo_prefetch(&d->memo, &try->row);
		d->tries[d->nr_tries++] = *try;
	}
	return rc;
}

static int actions_find(struct zsim_diver *d, struct zsim_frame *f)
{
	struct zsim_next next;
	int rc = 0;

	f->first = d->nr_tries;
	zsim_memo_prefetch(&d->memo, &f->row);
	for (uint32_t p = 0; p < d->hunt->sc->nr_roles; p++) {
		if (d->memo.on)
			next = *zsim_memo_next(&d->memo, &f->row, p);
		else
			zsim_world_ops(&d->world, p, &next.first, &next.nr);
		for (uint32_t i = 0; !rc && i < next.nr; i++)
			rc = action_find(d, f, ZSIM_ACTION(p, next.first + i));
	}
	f->many = d->nr_tries - f->first;
	/* a team asks once only: each time costs a lock */
	if (!rc && d->memo.on && !d->team)
		rc = known_look(d, f);
	f->nr = d->nr_tries - f->first;
	return rc;
}

/* nothing can go on */
static int rest(struct zsim_diver *d)
{
	int rc = zsim_diver_world(d, d->depth);

	if (rc)
		return rc;
	zsim_encode(&d->encoder, &d->world, ZSIM_ALL_PARTS);
	d->rests++;
	d->rests_digest += zsim_encoder_hash(&d->encoder);
	zsim_world_rest(&d->world);
	return broken(d, ZSIM_NO_ACTION);
}

/* the state becomes the top frame, and if the step to it @was_done, the world is its own */
static int push(struct zsim_diver *d, const struct zsim_try *step, uint8_t sleep, uint8_t skip,
		bool fresh)
{
	struct zsim_frame *f;
	int rc = zsim_diver_frame(d);

	if (rc)
		return rc;
	f = d->frame[d->depth++];
	*f = (struct zsim_frame){ .row = step->row,
				  .frozen = f->frozen,
				  .action = step->action,
				  .sleep = sleep,
				  .skip = skip,
				  .fresh = fresh };
	if (d->depth > d->deepest)
		d->deepest = d->depth;
	if (!step->known)
		d->world_at = d->depth;
	rc = actions_find(d, f);
	if (!rc && zsim_component_looks(d))
		rc = zsim_component_enter(d, f);
	if (rc)
		return rc;
	zsim_cycle_enter(d, f);
	if (d->depth == 1)
		frame_freeze(d, f);
	if (d->hunt->options.reduce)
		zsim_footprint_players(&d->world, f->foot);
	return f->many || !fresh ? 0 : rest(d);
}

static int pop(struct zsim_diver *d)
{
	struct zsim_frame *f = top(d);
	int rc = zsim_component_looks(d) ? zsim_component_leave(d, f) : 0;

	zsim_cycle_leave(d, f);
	d->nr_tries = f->first;
	if (d->world_at == d->depth)
		d->world_at = 0;
	d->depth--;
	return rc;
}

/* ---- one step ------------------------------------------------------------------------- */

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
static int waken(struct zsim_diver *d, const struct zsim_try *step, uint8_t sleep, uint8_t slept)
{
	uint8_t wake = (uint8_t)(slept & ~sleep);

	return wake ? push(d, step, slept & sleep, (uint8_t)~wake, false) : 0;
}

/* 1 the state is new, 0 it was there; @index, @slept: what was known of it then */
static int meet(struct zsim_diver *d, const struct zsim_row *row, uint32_t *index, uint8_t *slept)
{
	if (zsim_component_looks(d))
		return zsim_visited_add(&d->hunt->visited, row, index);
	if (d->hunt->options.reduce)
		return zsim_visited_meet(&d->hunt->visited, row, slept);
	return zsim_visited_add(&d->hunt->visited, row, NULL);
}

static int arrived(struct zsim_diver *d, const struct zsim_try *step, uint8_t sleep)
{
	uint32_t index = d->index + 1;
	uint8_t slept = sleep;
	int rc = meet(d, &step->row, &index, &slept);

	if (rc < 0)
		return rc;
	if (rc) {
		d->index++;
		d->states++;
		/* what is known was audited when it was done */
		if (!step->known)
			zsim_world_audit(&d->world);
		rc = broken(d, step->action);
		return rc ? rc : push(d, step, sleep, sleep, true);
	}
	rc = zsim_cycle_back(d, &step->row, step->action, index);
	return rc || !d->hunt->options.reduce ? rc : waken(d, step, sleep, slept);
}

/* @row is that of a state before, which differs in these parts at most */
static int row_make(struct zsim_diver *d, uint32_t changed, struct zsim_row *row)
{
	int rc;

	changed = zsim_encode(&d->encoder, &d->world, changed);
	rc = zsim_visited_row(&d->hunt->visited, &d->encoder, changed, row);
	zsim_visited_prefetch(&d->hunt->visited, row);
	return rc ? rc : zsim_memo_note(&d->memo, &d->world, row, changed >> ZSIM_PART_PLAYER);
}

/* an actor is done with once it is the next one's turn */
static struct zsim_try try_next(struct zsim_diver *d, struct zsim_frame *f)
{
	const struct zsim_try *try = d->tries + f->first + f->next;

	if (f->next && ZSIM_ACTION_PLAYER(try[-1].action) != ZSIM_ACTION_PLAYER(try->action))
		f->done |= (uint8_t)(1u << ZSIM_ACTION_PLAYER(try[-1].action)) & (uint8_t)~f->skip;
	f->next++;
	return *try;
}

static int step_do(struct zsim_diver *d, const struct zsim_frame *f, struct zsim_try *step)
{
	bool alone = zsim_memo_alone(&d->memo, &d->world, &f->row, step->action);
	int rc;

	d->world_at = 0;
	rc = zsim_world_act(&d->world, step->action);
	d->transitions++;
	alone &= !d->world.monitor.broken;
	if (!rc)
		rc = broken(d, step->action);
	if (!rc)
		rc = row_make(d, d->world.changed, &step->row);
	if (!rc && alone)
		zsim_memo_keep(&d->memo, &d->world, &f->row, step->action, &step->row, d->index);
	return rc;
}

static int step(struct zsim_diver *d, struct zsim_frame *f)
{
	struct zsim_try step = try_next(d, f);
	uint8_t sleep;
	int rc;

	if (f->skip >> ZSIM_ACTION_PLAYER(step.action) & 1)
		return 0;
	if (step.known) {
		d->transitions++;
		return arrived(d, &step, 0);
	}
	rc = zsim_diver_world(d, d->depth);
	if (rc)
		return rc;
	if (!f->is_frozen && f->next < f->nr)
		frame_freeze(d, f);
	sleep = sleep_after(d, f, step.action);
	rc = step_do(d, f, &step);
	return rc ? rc : arrived(d, &step, sleep);
}

/* ---- a diver -------------------------------------------------------------------------------- */

static void look(struct zsim_diver *d)
{
	atomic_fetch_add(&d->hunt->transitions, d->transitions);
	atomic_fetch_add(&d->hunt->states, d->states);
	zsim_hunt_look(d->hunt, d->nr_prefix + d->deepest, d->depth,
		       d->bytes + zsim_memo_bytes(&d->memo));
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

int zsim_diver_open(struct zsim_diver *d, uint32_t choice)
{
	int rc;

	zsim_encoder_destroy(&d->encoder);
	zsim_world_destroy(&d->world);
	rc = zsim_hunt_world(d->hunt, &d->world, choice);
	if (!rc)
		rc = zsim_encoder_init(&d->encoder, &d->world, d->hunt->options.symmetry);
	if (rc)
		return rc;
	if (!d->memo.sc)
		zsim_memo_init(&d->memo, d->hunt->sc,
			       !d->hunt->options.reduce && zsim_memo_fits(&d->world, &d->encoder));
	d->choice = choice;
	d->world_at = d->nr_prefix = d->depth = d->nr_tries = 0;
	return 0;
}

int zsim_diver_begin(struct zsim_diver *d, uint32_t choice)
{
	struct zsim_try start = { .action = ZSIM_NO_ACTION };
	int rc = zsim_diver_open(d, choice);

	if (!rc)
		rc = row_make(d, ZSIM_ALL_PARTS, &start.row);
	return rc ? rc : arrived(d, &start, 0);
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
	zsim_dealloc(alloc, d->tries);
	zsim_dealloc(alloc, d->path);
	zsim_dealloc(alloc, d->member);
	zsim_memo_destroy(&d->memo);
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
