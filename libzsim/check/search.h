/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * search.h - what the searches share: the set of seen states, what was found,
 * and when to stop. dive.c goes depth first (and with several threads),
 * spread.c breadth first, wander.c at random.
 */
#ifndef ZSIM_CHECK_SEARCH_H
#define ZSIM_CHECK_SEARCH_H

#include <pthread.h>

#include "check/visited.h"

/** A property that is refuted: the actions from the start that lead there */
struct zsim_finding {
	enum zsim_property property;
	uint32_t choice;
	uint32_t nr;
	uint16_t *action;
	char why[160];
};

/**
 * struct zsim_hunt - one search
 * @properties: still looked at; a refuted one is taken out
 * @watched: all that worlds look at, so that codes say the same from beginning to end
 * @bounded: actors whose calls must end, by ZSIM_P_TERMINATION and ZSIM_P_WORKER_TERMINATION
 * @endless: some actor goes on for ever, so that cycles alone prove nothing
 * @end: why it ended, once @stop is set
 * @deadline: asked for progress every so many states
 */
struct zsim_hunt {
	const struct zsim_scenario *sc;
	const struct zsim_allocator *alloc;
	struct zsim_check_options options;
	const struct zsim_algo *algo;
	_Atomic uint64_t properties;
	uint64_t watched;
	uint64_t expected;
	bool endless;
	struct zsim_visited visited;
	pthread_mutex_t lock;
	pthread_mutex_t telling;
	atomic_bool stop;
	atomic_int rc;
	enum zsim_check_end end;
	_Atomic uint64_t transitions;
	_Atomic uint64_t states;
	_Atomic uint64_t bytes;
	uint64_t depth;
	uint64_t queue;
	uint64_t rests;
	uint64_t rests_digest;
	uint32_t nr_findings;
	struct zsim_finding finding[ZSIM_NR_PROPERTIES];
};

/**
 * zsim_hunt_init()
 * @properties: to look at; @expected: those of them whose refutation does not end the search
 * @payload: of the visited set
 *
 * Return: 0 or -ENOMEM; destroy it either way.
 */
int zsim_hunt_init(struct zsim_hunt *h, const struct zsim_scenario *sc,
		   const struct zsim_check_options *options, uint64_t properties, uint64_t expected,
		   uint32_t payload);
void zsim_hunt_destroy(struct zsim_hunt *h);
/** zsim_hunt_choices() - initial states */
uint32_t zsim_hunt_choices(const struct zsim_hunt *h);
/** zsim_hunt_world() - a world at its start; -ENOMEM, -EOPNOTSUPP; destroy it either way */
int zsim_hunt_world(const struct zsim_hunt *h, struct zsim_world *w, uint32_t choice);
/**
 * zsim_hunt_found() - @property does not hold after these actions
 *
 * Kept if it is the first for that property. Return: 0, -ENOMEM.
 */
int zsim_hunt_found(struct zsim_hunt *h, enum zsim_property property, const char *why,
		    uint32_t choice, const uint16_t *action, uint32_t nr);
/** zsim_hunt_broken() - the same for all that the world's monitor found, which is cleared */
int zsim_hunt_broken(struct zsim_hunt *h, struct zsim_world *w, uint32_t choice,
		     const uint16_t *action, uint32_t nr);
/**
 * zsim_hunt_rests() - @nr states were met in which nothing can go on; @digest: sum of their hashes
 */
void zsim_hunt_rests(struct zsim_hunt *h, uint64_t nr, uint64_t digest);
/** zsim_hunt_look() - progress and limits; @bytes: of this search besides the visited set */
void zsim_hunt_look(struct zsim_hunt *h, uint64_t depth, uint64_t queue, uint64_t bytes);
/** zsim_hunt_stop() - for this reason, unless it was stopped before */
void zsim_hunt_stop(struct zsim_hunt *h, enum zsim_check_end end, int rc);

/** zsim_dive(), zsim_spread(), zsim_wander() - the searches; 0 or -ENOMEM */
int zsim_dive(struct zsim_hunt *h);
int zsim_spread(struct zsim_hunt *h);
int zsim_wander(struct zsim_hunt *h);

/* ---- which steps do not touch each other (footprint.c) ----------------------------- */

/** struct zsim_footprint - what a step looks at, changes, and adds to in any order */
struct zsim_footprint {
	uint64_t reads;
	uint64_t writes;
	uint64_t adds;
};
/** zsim_footprint_players() - of all that each actor may do next; @foot has room for every actor */
void zsim_footprint_players(const struct zsim_world *w, struct zsim_footprint *foot);
/** zsim_footprint_action() - of one action */
struct zsim_footprint zsim_footprint_action(const struct zsim_world *w, uint16_t action);
/** zsim_group_has_left() - a group whose last reference frees it */
static inline bool zsim_group_has_left(const struct zsim_state *st, zsim_memcg memcg)
{
	return memcg != ZSIM_MEMCG_NONE && zsim_memcg_at(st, memcg)->state >= ZSIM_MEMCG_OFFLINE;
}
/** zsim_footprint_clash() - does the order of two such steps matter? */
static inline bool zsim_footprint_clash(const struct zsim_footprint *a,
					const struct zsim_footprint *b)
{
	return (a->writes & (b->reads | b->writes | b->adds)) | (b->writes & (a->reads | a->adds)) |
	       (a->adds & b->reads) | (b->adds & a->reads);
}

#endif
