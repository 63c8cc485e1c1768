/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cycle.c - calls that do not end, seen on the way of a depth-first search.
 *
 * Without an endless actor no step may lead back to a state of the path. With one,
 * some may: then those of a call must not lie within a strongly connected component
 * (Tarjan 1972).
 */
#include <stdio.h>
#include <string.h>

#include "check/diver.h"

static enum zsim_property ending_of(const struct zsim_role *role)
{
	return role->op[0].ev.type == ZSIM_EV_WORKER ? ZSIM_P_WORKER_TERMINATION :
						       ZSIM_P_TERMINATION;
}

bool zsim_cycle_looks(const struct zsim_diver *d)
{
	return !d->team && !d->hunt->visited.bits;
}

bool zsim_component_looks(const struct zsim_diver *d)
{
	return zsim_cycle_looks(d) && d->hunt->endless;
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
	rc = zsim_diver_path_with(d, last, &nr);
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

void zsim_cycle_enter(struct zsim_diver *d, struct zsim_frame *f)
{
	uint32_t *bucket = &d->bucket[f->row.hash % ZSIM_PATH_BUCKETS];

	f->under = *bucket;
	*bucket = d->depth;
}

void zsim_cycle_leave(struct zsim_diver *d, const struct zsim_frame *f)
{
	d->bucket[f->row.hash % ZSIM_PATH_BUCKETS] = f->under;
}

int zsim_component_enter(struct zsim_diver *d, struct zsim_frame *f)
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

int zsim_component_leave(struct zsim_diver *d, const struct zsim_frame *f)
{
	struct zsim_frame *below;

	if (f->low == f->index) {
		component_done(d, f);
		return 0;
	}
	below = d->frame[d->depth - 2];
	if (f->low < below->low)
		below->low = f->low;
	return loops(d, ZSIM_ACTION_PLAYER(f->action), ZSIM_NO_ACTION, NULL);
}

int zsim_cycle_back(struct zsim_diver *d, const struct zsim_row *row, uint16_t action,
		    uint32_t index)
{
	if (!zsim_cycle_looks(d))
		return 0;
	if (!zsim_component_looks(d))
		return on_path(d, row) ? loops(d, ZSIM_ACTION_PLAYER(action), action, row) : 0;
	if (!index)
		return 0;
	if (index < d->frame[d->depth - 1]->low)
		d->frame[d->depth - 1]->low = index;
	return loops(d, ZSIM_ACTION_PLAYER(action), action, row);
}
