/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - a scenario under way: one simulator, its actors, and what the
 * properties remember. It is moved by one action of one actor at a time, and
 * frozen into a block of bytes and thawed again.
 */
#ifndef ZSIM_CHECK_WORLD_H
#define ZSIM_CHECK_WORLD_H

#include "check/monitor.h"
#include "check/scenario.h"

/** Parts of a world's code: the lists, the groups, then an actor each */
#define ZSIM_PART_LISTS 0u
#define ZSIM_PART_GROUPS 1u
#define ZSIM_PART_PLAYER 2u
#define ZSIM_MAX_PARTS (ZSIM_PART_PLAYER + ZSIM_MAX_PLAYERS)

/** An action: whose, and its event, or ZSIM_STEP for the next stretch of the call under way */
#define ZSIM_STEP 255u
#define ZSIM_ACTION(player, op) ((uint16_t)((player) << 8 | (op)))
#define ZSIM_ACTION_PLAYER(a) ((uint32_t)((a) >> 8))
#define ZSIM_ACTION_OP(a) ((uint32_t)((a)&255u))
#define ZSIM_MAX_ACTIONS (ZSIM_MAX_PLAYERS * ZSIM_MAX_OPS)

/**
 * struct zsim_player - one actor
 * @active: a call is under way; @signal: pending for it, or for its next one
 * @op: the event of that call
 * @left: events left (ZSIM_MODE_ORDER, ZSIM_MODE_ANY)
 */
struct zsim_player {
	bool active;
	bool signal;
	uint8_t op;
	uint32_t left;
	struct zsim_call call;
};

/** struct zsim_stretch - memory that is copied as it is */
struct zsim_stretch {
	void *at;
	size_t size;
};

/** struct zsim_home - a container's pointer, and what it pointed to */
struct zsim_home {
	void **at;
	void *own;
};
#define ZSIM_MAX_HOMES 8u

/**
 * struct zsim_world - @audit_room: scratch of zsim_audit(); @stretch: all that an action can
 * change; @frozen_size: bytes of a frozen world, the same for a whole exploration;
 * @changed: parts of its code (encode.h) that the last action may have changed;
 * @slots_changed: entries may have come or gone; @groups_leave: some actor makes them;
 * @settings_vary: parameters or pending failures change;
 * @gathered: what the containers hold, side by side
 */
struct zsim_world {
	const struct zsim_scenario *sc;
	struct zsim *zs;
	struct zsim_monitor monitor;
	struct zsim_observer observer;
	struct zsim_player player[ZSIM_MAX_PLAYERS];
	void *audit_room;
	struct zsim_stretch *stretch;
	uint32_t nr_stretches;
	size_t frozen_size;
	uint32_t changed;
	bool slots_changed;
	bool groups_leave;
	bool settings_vary;
	char *gathered;
	size_t gathered_size;
	struct zsim_home home[ZSIM_MAX_HOMES];
	uint32_t nr_homes;
};

/**
 * zsim_world_init() - after the set-up, with the slots of @choice cold. -ENOMEM, -EOPNOTSUPP;
 * destroy it either way
 */
int zsim_world_init(struct zsim_world *w, const struct zsim_scenario *sc,
		    const struct zsim_algo *algo, uint8_t defect, uint64_t properties,
		    uint32_t choice);
void zsim_world_destroy(struct zsim_world *w);

/**
 * zsim_world_ops() - of actor @p at most @nr things can happen next: its events from @first on, or
 * ZSIM_STEP
 */
void zsim_world_ops(const struct zsim_world *w, uint32_t p, uint8_t *first, uint8_t *nr);
/** zsim_world_can() - can this one of them happen? */
bool zsim_world_can(const struct zsim_world *w, uint16_t action);
/** zsim_world_actions() - what can happen next, in the order of the actors; @out has room for
 * ZSIM_MAX_ACTIONS */
uint32_t zsim_world_actions(const struct zsim_world *w, uint16_t *out);
/**
 * zsim_world_act() - let it happen; @action is one of zsim_world_actions()
 *
 * What breaks is in the monitor, what may have changed in @w->changed.
 * Return: 0, -ENOMEM; -EPROTO: it cannot happen in this world.
 */
int zsim_world_act(struct zsim_world *w, uint16_t action);
/**
 * zsim_world_audit() - zsim_verify()'s rules
 *
 * Sums that should follow from the lists are part of a world's code, so that it is
 * enough to audit worlds whose code is new.
 */
void zsim_world_audit(struct zsim_world *w);
/** zsim_world_move() - the same without a look at the state that results */
int zsim_world_move(struct zsim_world *w, uint16_t action);
/** zsim_world_takes_steps() - an event that is a call with interleaving points */
bool zsim_world_takes_steps(const struct zsim_event *ev);
/** zsim_world_rest() - nothing can happen any more: what must hold now */
void zsim_world_rest(struct zsim_world *w);

/** zsim_world_settle() - from now on it can be frozen, and no container may grow; -ENOMEM */
int zsim_world_settle(struct zsim_world *w);
/** zsim_world_unsettle() - before it is destroyed, settled or not */
void zsim_world_unsettle(struct zsim_world *w);
void zsim_world_freeze(const struct zsim_world *w, void *frozen);
void zsim_world_thaw(struct zsim_world *w, const void *frozen);

#endif
