/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diver.h - one thread of a depth-first search (dive.c), and how several share
 * the work (team.c).
 */
#ifndef ZSIM_CHECK_DIVER_H
#define ZSIM_CHECK_DIVER_H

#include "check/search.h"

#define ZSIM_PATH_BUCKETS 4096u

/**
 * struct zsim_frame - a state on the path
 * @row: the state; @frozen: its world; @action: that led here
 * @first, @nr, @next: its untried actions, in the diver's @actions
 * @sleep: actors whose next step was tried before, in an order that comes to the same
 * @skip: actors that are not tried from here: they sleep, or were tried when the state
 *	was met before
 * @done: actors all of whose actions were tried from here, this time
 * @fresh: the state was not seen before
 * @under: frame below with the same bucket, counted from 1
 * @index, @low: Tarjan's
 * @foot: what each actor may touch next
 */
struct zsim_frame {
	struct zsim_row row;
	void *frozen;
	uint32_t first, nr, next;
	uint16_t action;
	uint8_t sleep;
	uint8_t skip;
	uint8_t done;
	bool fresh;
	uint32_t under;
	uint32_t index;
	uint32_t low;
	struct zsim_footprint foot[ZSIM_MAX_PLAYERS];
};

struct zsim_team;

/**
 * struct zsim_diver - one thread
 * @path: room for a path; its first @nr_prefix actions led to the lowest frame
 * @bucket: frames of the path by the hash of their state, counted from 1
 * @member: states of components that are not done yet (with an endless actor)
 * @at_top: the world is that of the top frame
 */
struct zsim_diver {
	struct zsim_hunt *hunt;
	struct zsim_team *team;
	struct zsim_world world;
	struct zsim_encoder encoder;
	uint32_t choice;
	struct zsim_frame **frame;
	uint32_t depth, frame_room, frames_made;
	uint16_t *actions;
	uint32_t nr_actions, action_room;
	uint16_t *path;
	uint32_t nr_prefix, path_room;
	uint32_t bucket[ZSIM_PATH_BUCKETS];
	struct zsim_row *member;
	uint32_t nr_members, member_room;
	uint32_t index;
	uint64_t bytes;
	uint64_t transitions, states, rests, rests_digest;
	uint32_t deepest;
	bool at_top;
};

int zsim_diver_init(struct zsim_diver *d, struct zsim_hunt *h);
void zsim_diver_destroy(struct zsim_diver *d);
/** zsim_diver_begin() - at the start, with the slots of @choice cold; -ENOMEM */
int zsim_diver_begin(struct zsim_diver *d, uint32_t choice);
/** zsim_diver_run() - until nothing is left of its path, or the hunt is stopped; -ENOMEM */
int zsim_diver_run(struct zsim_diver *d);
/** zsim_diver_frame() - room for one more frame; -ENOMEM */
int zsim_diver_frame(struct zsim_diver *d);
/** zsim_diver_room() - of @size bytes an element; doubles; -ENOMEM */
int zsim_diver_room(struct zsim_diver *d, void **at, uint32_t *room, uint32_t need, size_t size);
/** zsim_diver_path() - the actions from the start to the top frame; -ENOMEM */
int zsim_diver_path(struct zsim_diver *d, uint32_t *nr);

/* ---- several ------------------------------------------------------------------ */

/** zsim_team_dive() - by @threads divers; 0 or -ENOMEM */
int zsim_team_dive(struct zsim_hunt *h, uint32_t threads);
/** zsim_team_hungry() - somebody has nothing to do */
bool zsim_team_hungry(const struct zsim_team *team);
/** zsim_team_give() - away the untried actions of the lowest frame, if it is not the top; -ENOMEM */
int zsim_team_give(struct zsim_diver *d);

#endif
