/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diver.h - one thread of a depth-first search (dive.c), and how several share
 * the work (team.c).
 */
#ifndef ZSIM_CHECK_DIVER_H
#define ZSIM_CHECK_DIVER_H

#include "check/memo.h"
#include "check/search.h"

#define ZSIM_PATH_BUCKETS 4096u
#define ZSIM_NO_ACTION UINT16_MAX

/** struct zsim_try - an action to try; @known: without doing it, that it leads to @row */
struct zsim_try {
	struct zsim_row row;
	uint16_t action;
	bool known;
};

/**
 * struct zsim_frame - a state on the path
 * @row: the state; @frozen: its world, if it @is_frozen; @action: that led here
 * @many: its actions; @first, @nr, @next: those that are not done with, in the diver's @tries
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
	uint32_t many;
	uint32_t first, nr, next;
	uint16_t action;
	uint8_t sleep;
	uint8_t skip;
	uint8_t done;
	bool fresh;
	bool is_frozen;
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
 * @world_at: the world is that of this frame, counted from 1; 0 = of none
 */
struct zsim_diver {
	struct zsim_hunt *hunt;
	struct zsim_team *team;
	struct zsim_world world;
	struct zsim_encoder encoder;
	struct zsim_memo memo;
	uint32_t choice;
	struct zsim_frame **frame;
	uint32_t depth, frame_room, frames_made;
	struct zsim_try *tries;
	uint32_t nr_tries, tries_room;
	uint16_t *path;
	uint32_t nr_prefix, path_room;
	uint32_t bucket[ZSIM_PATH_BUCKETS];
	struct zsim_row *member;
	uint32_t nr_members, member_room;
	uint32_t index;
	uint64_t bytes;
	uint64_t transitions, states, rests, rests_digest;
	uint32_t deepest;
	uint32_t world_at;
};

int zsim_diver_init(struct zsim_diver *d, struct zsim_hunt *h);
void zsim_diver_destroy(struct zsim_diver *d);
/** zsim_diver_open() - a world and what it is read with; nothing of the path is left; -ENOMEM */
int zsim_diver_open(struct zsim_diver *d, uint32_t choice);
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
/** zsim_diver_path_with() - the same and @last, unless it is ZSIM_NO_ACTION; -ENOMEM */
int zsim_diver_path_with(struct zsim_diver *d, uint16_t last, uint32_t *nr);
/**
 * zsim_diver_world() - the world becomes that of the frame at @depth, counted from 1; -ENOMEM,
 * -EPROTO
 */
int zsim_diver_world(struct zsim_diver *d, uint32_t depth);

/* ---- calls that do not end (cycle.c) -------------------------------------------- */

/** zsim_cycle_looks() - for cycles at all? zsim_component_looks() - for components? */
bool zsim_cycle_looks(const struct zsim_diver *d);
bool zsim_component_looks(const struct zsim_diver *d);
/** zsim_cycle_enter() - @f is the top of the path from now on; zsim_cycle_leave() - no more */
void zsim_cycle_enter(struct zsim_diver *d, struct zsim_frame *f);
void zsim_cycle_leave(struct zsim_diver *d, const struct zsim_frame *f);
/** zsim_component_enter() - the same for its component; -ENOMEM */
int zsim_component_enter(struct zsim_diver *d, struct zsim_frame *f);
/** zsim_component_leave() - @f is finished: what its component says of the step that led to it */
int zsim_component_leave(struct zsim_diver *d, const struct zsim_frame *f);
/** zsim_cycle_back() - to a state that was seen; @index: of its component, 0 = done; -ENOMEM */
int zsim_cycle_back(struct zsim_diver *d, const struct zsim_row *row, uint16_t action,
		    uint32_t index);

/* ---- several ------------------------------------------------------------------ */

/** zsim_team_dive() - by @threads divers; 0 or -ENOMEM */
int zsim_team_dive(struct zsim_hunt *h, uint32_t threads);
/** zsim_team_hungry() - somebody has nothing to do */
bool zsim_team_hungry(const struct zsim_team *team);
/**
 * zsim_team_give() - away the untried actions of the lowest frame, if it is not the top; -ENOMEM
 */
int zsim_team_give(struct zsim_diver *d);

#endif
