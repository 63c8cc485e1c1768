/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.h - all states of a scenario, found in the plainest way.
 *
 * A queue of whole worlds: the next one is taken, each of its actions is tried on a
 * copy, and what was not met yet joins the queue. Nothing is left out or packed, so
 * that there is something to hold the checker's searches against.
 */
#ifndef ZSIM_TESTS_SPACE_H
#define ZSIM_TESTS_SPACE_H

#include "check/search.h"

/**
 * struct space_options - @bytes: worlds are told apart byte by byte, not by their codes;
 * @properties: 0 = those of the scenario; @max: states that it may have. With a defect no
 * state is looked at to which a step led that broke a property: the checker stops there
 */
struct space_options {
	bool symmetry;
	bool bytes;
	uint8_t defect;
	const struct zsim_algo *algo;
	uint64_t properties;
	uint32_t max;
};

/** struct space_state - @key: its code, or its world */
struct space_state {
	uint32_t number;
	size_t size;
	void *frozen;
	uint8_t key[];
};

/**
 * struct space - @world, @encoder: of the state looked at last; @rests: states in which
 * nothing can happen; @digest: of their set; @broken: properties that do not hold somewhere;
 * @whole: there are not more than @max
 */
struct space {
	struct space_options options;
	const struct zsim_scenario *sc;
	struct zsim_world world;
	struct zsim_encoder encoder;
	void *tree;
	struct space_state **state;
	uint32_t nr, room;
	uint64_t transitions;
	uint64_t rests;
	uint64_t digest;
	uint64_t broken;
	bool whole;
};

/** space_explore() - exits without memory; free it with space_free() */
void space_explore(struct space *s, const struct zsim_scenario *sc, struct space_options options);
void space_free(struct space *s);
/** space_thaw() - the world becomes state @i */
void space_thaw(struct space *s, uint32_t i);
/** space_encode() - the code of the world as it is, all of it */
void space_encode(struct space *s);
/** space_act() - let it happen, with every check; the properties that did not hold */
uint64_t space_act(struct space *s, uint16_t action);
/** space_hash() - of the code of the world as it is: equal for equal codes */
uint64_t space_hash(struct space *s);
/** space_find() - the number of the state in which the world is; ZSIM_NIL = it was not met */
uint32_t space_find(struct space *s);
/** space_alloc() - exits without memory */
void *space_alloc(size_t size);

#endif
