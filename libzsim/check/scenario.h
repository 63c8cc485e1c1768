/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - a scenario as data: events of the set-up, and what each actor may do.
 *
 * Set-up and actors are events of traces; only who may do what, how often, and
 * what is to be proved is said by lines of the scenario's own.
 */
#ifndef ZSIM_CHECK_SCENARIO_H
#define ZSIM_CHECK_SCENARIO_H

#include "engine/run.h"
#include <zsim/check.h>

#define ZSIM_MAX_PLAYERS 7u
#define ZSIM_MAX_OPS 200u
/** Slots of a scenario; enough for the real constants, 16 x 64 entries */
#define ZSIM_MAX_SCENARIO_SLOTS 2048u
/** Slots that `either cold` may name: 2^n initial states */
#define ZSIM_MAX_EITHER 12u

/** enum zsim_mode - how an actor goes through its events */
enum zsim_mode {
	ZSIM_MODE_ORDER,   /* each once, in order */
	ZSIM_MODE_ANY,	   /* any of them, so many times in all */
	ZSIM_MODE_FOREVER, /* any of them, without end */
	ZSIM_MODE_QUEUED,  /* the pool worker: whenever it is queued */
};

/** struct zsim_role_op - one event; its strings and lengths are the scenario's */
struct zsim_role_op {
	struct zsim_event ev;
};

/** struct zsim_role - one actor; @budget: of ZSIM_MODE_ANY */
struct zsim_role {
	char *name;
	enum zsim_mode mode;
	uint32_t budget;
	uint32_t nr;
	struct zsim_role_op *op;
	uint64_t line;
};

/**
 * struct zsim_scenario - @setup: @nr_setup events without an actor; @slots: every slot that an
 * event names, ascending; @either: indices into @slots; @class_of: for each slot, the
 * first slot that is like it for every actor; @catches: for each defect, the properties that it
 * breaks here
 */
struct zsim_scenario {
	const struct zsim_allocator *alloc;
	char *name;
	char *about;
	char *error;
	struct zsim_algo algo;
	uint32_t nr_setup;
	uint32_t room_setup;
	struct zsim_event *setup;
	uint32_t nr_roles;
	struct zsim_role role[ZSIM_MAX_PLAYERS];
	uint32_t nr_slots;
	uint64_t *slots;
	uint32_t *class_of;
	uint32_t nr_either;
	uint32_t either[ZSIM_MAX_EITHER];
	uint64_t proves;
	uint64_t refutes;
	uint64_t catches[ZSIM_NR_DEFECTS];
};

/** zsim_scenario_slot() - the index of a slot in @slots, or ZSIM_NIL */
uint32_t zsim_scenario_slot(const struct zsim_scenario *sc, uint64_t slot);
/**
 * zsim_scenario_start() - a simulator after the set-up
 * @algo: NULL = the scenario's
 * @choice: bit i: the i-th slot of @either is cold
 * @line, @why: on failure the line that was refused, and why (@why_size bytes)
 *
 * Return: 0, -EBADMSG, -ENOMEM, -EOPNOTSUPP.
 */
int zsim_scenario_start(const struct zsim_scenario *sc, const struct zsim_algo *algo,
			uint8_t defect, uint32_t choice, struct zsim **zs, uint64_t *line,
			char *why, size_t why_size);

#endif
