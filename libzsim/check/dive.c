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
/* choices that are looked up together */
#define LOOK_AHEAD 16u

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
		d->path[n++] = d->frame[i]->choice.action;
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

/* a step of this actor can be made again and again */
static int loops(struct zsim_diver *d, uint32_t p, uint16_t last)
{
	const struct zsim_role *role = &d->world.sc->role[p];
	char why[160];
	uint32_t nr;
	int rc;

	if (role->mode == ZSIM_MODE_FOREVER ||
	    !(d->hunt->properties & ZSIM_P_BIT(ending_of(role))))
		return 0;
	snprintf(why, sizeof(why), "%s can go on for ever: these steps lead back to a state of before",
		 role->name);
	rc = path_with(d, last, &nr);
	return rc ? rc :
		    zsim_hunt_found(d->hunt, ending_of(role), why, d->choice, d->path, nr);
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

static bool same_row(const struct zsim_diver *d, const struct zsim_row *a, const struct zsim_row *b)
{
	return a->hash == b->hash && !memcmp(a->bytes, b->bytes, d->hunt->visited.row_size);
}

static bool on_path(const struct zsim_diver *d, const struct zsim_row *row)
{
	uint32_t i = d->bucket[row->hash % ZSIM_PATH_BUCKETS];

	while (i && !same_row(d, &d->frame[i - 1]->row, row))
		i = d->frame[i - 1]->under;
	return i;
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
	return loops(d, ZSIM_ACTION_PLAYER(f->choice.action), NO_ACTION);
}

/* to a state that was seen; @index: of its component, 0 = done */
static int came_back(struct zsim_diver *d, const struct zsim_row *row, uint16_t action,
		     uint32_t index)
{
	if (!looks_for_cycles(d))
		return 0;
	if (!looks_for_components(d))
		return on_path(d, row) ? loops(d, ZSIM_ACTION_PLAYER(action), action) : 0;
	if (!index)
		return 0;
	if (index < top(d)->low)
		top(d)->low = index;
	return loops(d, ZSIM_ACTION_PLAYER(action), action);
}

/* ---- worlds ------------------------------------------------------------------------------------ */

static bool is_local(const struct zsim_diver *d)
{
	return d->hunt->local;
}

/* from the next frame below whose world was kept, by the steps in between */
int zsim_diver_world(struct zsim_diver *d, uint32_t i)
{
	uint64_t broken_before = d->world.monitor.known;
	uint32_t from = i;
	int rc = 0;

	if (d->frame[i]->has_world)
		return 0;
	while (!d->frame[from]->has_world)
		from--;
	zsim_world_thaw(&d->world, d->frame[from]->frozen);
	d->world.monitor.known = UINT64_MAX;
	for (; !rc && from < i; from++)
		rc = zsim_world_move(&d->world, d->frame[from + 1]->choice.action);
	d->world.monitor.known = broken_before;
	zsim_world_freeze(&d->world, d->frame[i]->frozen);
	d->frame[i]->has_world = true;
	d->at_top = i + 1 == d->depth;
	return rc;
}

/* the world becomes that of the top frame */
static int world_take(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc;

	if (d->at_top)
		return 0;
	if (f->has_world) {
		zsim_world_thaw(&d->world, f->frozen);
		return 0;
	}
	rc = zsim_diver_world(d, d->depth - 1);
	d->at_top = true;
	return rc;
}

/* ---- frames ------------------------------------------------------------------------------------ */

static int choice_room(struct zsim_diver *d)
{
	return zsim_diver_room(d, (void **)&d->choice_list, &d->choice_room,
			       d->nr_choices + ZSIM_MAX_ACTIONS, sizeof(*d->choice_list));
}

static int choices_find(struct zsim_diver *d)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n = zsim_world_actions(&d->world, action);

	for (uint32_t i = 0; i < n; i++)
		d->choice_list[d->nr_choices++] = (struct zsim_choice){ .action = action[i] };
	return 0;
}

static int menu_take(struct zsim_diver *d, struct zsim_frame *f, uint32_t player)
{
	const struct zsim_menu *menu = zsim_memo_menu(&d->memo, &f->place, player);
	int rc = 0;

	if (!menu) {
		rc = world_take(d, f);
		if (!rc)
			rc = zsim_memo_menus_add(&d->memo, &d->world, &f->place);
		menu = zsim_memo_menu(&d->memo, &f->place, player);
	}
	if (rc)
		return rc;
	for (uint32_t i = 0; i < menu->nr; i++)
		if (zsim_memo_can(&d->memo, &f->place, d->memo.choice[menu->first + i]))
			d->choice_list[d->nr_choices++] = d->memo.choice[menu->first + i];
	return 0;
}

static int choices_look_up(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc = 0;

	for (uint32_t p = 0; !rc && p < d->world.sc->nr_roles; p++)
		rc = menu_take(d, f, p);
	return rc;
}

static int next_look_up(struct zsim_diver *d, const struct zsim_frame *f, uint32_t i,
			const struct zsim_key *key)
{
	struct zsim_next *next = &d->next_list[f->first + i];
	int rc;

	next->known = zsim_memo_move(&d->memo, &f->place, d->choice_list[f->first + i], key,
				     &next->place);
	if (!next->known)
		return 0;
	rc = zsim_visited_row_of(&d->hunt->visited, &next->place.slots, next->place.id,
				 &next->row);
	zsim_visited_prefetch(&d->hunt->visited, &next->row);
	return rc;
}

/* all at once, so that what one has to be fetched for comes while another is worked on */
static int nexts_look_up(struct zsim_diver *d, const struct zsim_frame *f)
{
	struct zsim_key key[LOOK_AHEAD];
	bool can[LOOK_AHEAD];
	uint32_t n;
	int rc = zsim_diver_room(d, (void **)&d->next_list, &d->next_room, f->first + f->nr,
				 sizeof(*d->next_list));

	for (uint32_t from = 0; !rc && from < f->nr; from += n) {
		n = f->nr - from < LOOK_AHEAD ? f->nr - from : LOOK_AHEAD;
		for (uint32_t i = 0; i < n; i++)
			can[i] = zsim_memo_key(&d->memo, &f->place,
					       d->choice_list[f->first + from + i], &key[i]);
		for (uint32_t i = 0; !rc && i < n; i++) {
			d->next_list[f->first + from + i].known = false;
			if (can[i])
				rc = next_look_up(d, f, from + i, &key[i]);
		}
	}
	return rc;
}

static int choices_take(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc = choice_room(d);

	if (rc)
		return rc;
	f->first = d->nr_choices;
	rc = is_local(d) ? choices_look_up(d, f) : choices_find(d);
	f->nr = d->nr_choices - f->first;
	return rc || !is_local(d) ? rc : nexts_look_up(d, f);
}

/* nothing can go on */
static int rest(struct zsim_diver *d, struct zsim_frame *f)
{
	int rc = world_take(d, f);

	if (rc)
		return rc;
	/* its hash is the same in every search */
	d->encoder.local = false;
	zsim_encode(&d->encoder, &d->world, ZSIM_ALL_PARTS);
	d->encoder.local = is_local(d);
	d->rests++;
	d->rests_digest += zsim_encoder_hash(&d->encoder);
	zsim_world_rest(&d->world);
	return broken(d, NO_ACTION);
}

static void frame_keep_world(struct zsim_diver *d, struct zsim_frame *f)
{
	zsim_world_freeze(&d->world, f->frozen);
	f->has_world = true;
}

/* @at becomes the top frame; @d->at_top says whether the world is there */
static int push(struct zsim_diver *d, const struct zsim_row *row, const struct zsim_place *at,
		struct zsim_choice choice, uint8_t sleep, bool fresh)
{
	struct zsim_frame *f;
	int rc = zsim_diver_frame(d);

	if (rc)
		return rc;
	f = d->frame[d->depth++];
	f->row = *row;
	f->place = *at;
	f->has_world = false;
	f->next = 0;
	f->choice = choice;
	f->sleep = sleep;
	f->done = 0;
	f->fresh = fresh;
	if (d->depth > d->deepest)
		d->deepest = d->depth;
	if (looks_for_components(d))
		rc = component_enter(d, f);
	if (rc)
		return rc;
	path_enter(d, f);
	rc = choices_take(d, f);
	if (rc)
		return rc;
	if (d->at_top && !f->has_world && (f->nr > 1 || is_local(d)))
		frame_keep_world(d, f);
	if (d->hunt->options.reduce)
		zsim_footprint_players(&d->world, f->foot);
	return f->nr || !fresh ? 0 : rest(d, f);
}

static int pop(struct zsim_diver *d)
{
	struct zsim_frame *f = top(d);
	int rc = looks_for_components(d) ? component_leave(d, f) : 0;

	path_leave(d, f);
	d->nr_choices = f->first;
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

/* seen before; some actors slept then that are awake now: they are tried from here */
static int waken(struct zsim_diver *d, const struct zsim_row *row, const struct zsim_place *at,
		 struct zsim_choice choice, uint8_t sleep, uint8_t slept)
{
	uint8_t wake = (uint8_t)(slept & ~sleep);
	uint8_t both = slept & sleep;

	if (!wake)
		return 0;
	zsim_visited_set(&d->hunt->visited, row, &both);
	return push(d, row, at, choice, (uint8_t)~wake, false);
}

static int arrived(struct zsim_diver *d, const struct zsim_row *row, const struct zsim_place *at,
		   struct zsim_choice choice, uint8_t sleep)
{
	uint32_t index = d->index + 1;
	bool components = looks_for_components(d);
	uint8_t slept = sleep;
	int rc = zsim_visited_add(&d->hunt->visited, row,
				  components ? (void *)&index : (void *)&slept);

	if (rc < 0)
		return rc;
	if (rc) {
		d->index++;
		d->states++;
		if (d->at_top)
			zsim_world_audit(&d->world);
		rc = broken(d, choice.action);
		return rc ? rc : push(d, row, at, choice, sleep, true);
	}
	rc = came_back(d, row, choice.action, index);
	return rc || !d->hunt->options.reduce ? rc : waken(d, row, at, choice, sleep, slept);
}

/* an actor is done with once it is the next one's turn */
static struct zsim_choice choice_next(struct zsim_diver *d, struct zsim_frame *f)
{
	const struct zsim_choice *c = d->choice_list + f->first + f->next;

	if (f->next && ZSIM_ACTION_PLAYER(c[-1].action) != ZSIM_ACTION_PLAYER(c[0].action))
		f->done |= (uint8_t)(1u << ZSIM_ACTION_PLAYER(c[-1].action));
	f->next++;
	return *c;
}

/* where the world is, as numbers; @changed: parts that may differ from @row's */
static int place_find(struct zsim_diver *d, uint32_t changed, struct zsim_row *row,
		      struct zsim_place *at)
{
	int rc;

	changed = zsim_encode(&d->encoder, &d->world, changed);
	rc = zsim_visited_row(&d->hunt->visited, &d->encoder, changed, row);
	if (is_local(d)) {
		zsim_visited_ids(&d->hunt->visited, row, at->id);
		at->pool = (uint32_t)d->world.zs->st.pool.bytes;
		at->slots = zsim_world_slots(&d->world);
		if (!rc)
			rc = zsim_memo_note(&d->memo, &d->world, at);
	}
	return rc;
}

static int step_make(struct zsim_diver *d, struct zsim_frame *f, struct zsim_choice choice)
{
	struct zsim_row row = f->row;
	struct zsim_place to = f->place;
	uint8_t sleep;
	int rc = world_take(d, f);

	if (rc)
		return rc;
	d->at_top = false;
	sleep = sleep_after(d, f, choice.action);
	rc = zsim_world_act(&d->world, choice.action);
	if (!rc && is_local(d))
		zsim_world_audit(&d->world);
	if (!rc)
		rc = broken(d, choice.action);
	if (!rc)
		rc = place_find(d, d->world.changed, &row, &to);
	if (!rc && is_local(d))
		rc = zsim_memo_move_add(&d->memo, &f->place, choice, &to);
	d->at_top = true;
	if (!rc)
		rc = arrived(d, &row, &to, choice, sleep);
	if (top(d) == f)
		d->at_top = false;
	return rc;
}

static int step(struct zsim_diver *d, struct zsim_frame *f)
{
	uint32_t i = f->first + f->next;
	struct zsim_choice choice = choice_next(d, f);
	struct zsim_next next;

	if (f->sleep >> ZSIM_ACTION_PLAYER(choice.action) & 1)
		return 0;
	d->transitions++;
	if (!is_local(d) || !d->next_list[i].known)
		return step_make(d, f, choice);
	next = d->next_list[i];
	d->at_top = false;
	return arrived(d, &next.row, &next.place, choice, 0);
}

/* ---- a diver -------------------------------------------------------------------------------- */

static void look(struct zsim_diver *d)
{
	atomic_fetch_add(&d->hunt->transitions, d->transitions);
	atomic_fetch_add(&d->hunt->states, d->states);
	zsim_hunt_look(d->hunt, d->nr_prefix + d->deepest, d->depth,
		       d->bytes + d->memo.bytes);
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
		if (--until_look)
			continue;
		until_look = LOOK_EVERY;
		if (!rc && d->team && zsim_team_hungry(d->team))
			rc = zsim_team_give(d);
		look(d);
	}
	look(d);
	zsim_hunt_rests(d->hunt, d->rests, d->rests_digest);
	d->rests = d->rests_digest = 0;
	return rc;
}

int zsim_diver_begin(struct zsim_diver *d, uint32_t choice)
{
	const struct zsim_choice none = { .action = NO_ACTION };
	struct zsim_place at = { .pool = 0 };
	struct zsim_row row;
	int rc;

	zsim_encoder_destroy(&d->encoder);
	zsim_world_destroy(&d->world);
	rc = zsim_hunt_world(d->hunt, &d->world, choice);
	if (!rc)
		rc = zsim_encoder_init(&d->encoder, &d->world, d->hunt->options.symmetry,
				       d->hunt->local);
	if (rc)
		return rc;
	d->choice = choice;
	d->nr_prefix = d->depth = d->nr_choices = 0;
	d->at_top = true;
	rc = place_find(d, ZSIM_ALL_PARTS, &row, &at);
	return rc ? rc : arrived(d, &row, &at, none, 0);
}

/* what the other looked up stayed with it, but numbers of parts mean the same */
int zsim_diver_resume(struct zsim_diver *d)
{
	struct zsim_frame *f = top(d);
	int rc;

	if (!is_local(d))
		return 0;
	rc = world_take(d, f);
	if (!rc)
		rc = zsim_memo_note(&d->memo, &d->world, &f->place);
	if (!rc)
		rc = zsim_diver_room(d, (void **)&d->next_list, &d->next_room, f->nr,
				     sizeof(*d->next_list));
	for (uint32_t i = 0; !rc && i < f->nr; i++)
		d->next_list[i].known = false;
	d->at_top = true;
	return rc;
}

int zsim_diver_init(struct zsim_diver *d, struct zsim_hunt *h)
{
	memset(d, 0, sizeof(*d));
	d->hunt = h;
	zsim_memo_init(&d->memo, h->alloc, h->sc->nr_roles);
	return 0;
}

void zsim_diver_destroy(struct zsim_diver *d)
{
	const struct zsim_allocator *alloc = d->hunt->alloc;

	for (uint32_t i = 0; i < d->frames_made; i++)
		zsim_dealloc(alloc, d->frame[i]);
	zsim_dealloc(alloc, (void *)d->frame);
	zsim_dealloc(alloc, d->choice_list);
	zsim_dealloc(alloc, d->next_list);
	zsim_memo_destroy(&d->memo);
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
