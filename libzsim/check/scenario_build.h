/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_build.h - a scenario while its text is read.
 *
 * scenario_text.c knows the lines, scenario.c what they add up to.
 */
#ifndef ZSIM_CHECK_SCENARIO_BUILD_H
#define ZSIM_CHECK_SCENARIO_BUILD_H

#include "check/scenario.h"

#define ZSIM_SCENARIO_WHY 256

/** zsim_scenario_create() - an empty one; NULL without memory */
struct zsim_scenario *zsim_scenario_create(const char *name, const struct zsim_allocator *alloc);
/** zsim_scenario_add_setup() - a copy of @ev joins the set-up; -ENOMEM */
int zsim_scenario_add_setup(struct zsim_scenario *sc, const struct zsim_event *ev);
/** zsim_scenario_add_op() - a copy of @ev joins the actor's events; -ENOMEM */
int zsim_scenario_add_op(struct zsim_scenario *sc, struct zsim_role *role,
			 const struct zsim_event *ev);
/** zsim_scenario_slots_of() - how many slots an event names, from @ev->slot on */
uint32_t zsim_scenario_slots_of(const struct zsim_event *ev);
/** zsim_scenario_add_slots() - those that @ev names; -ENOSPC, -ENOMEM */
int zsim_scenario_add_slots(struct zsim_scenario *sc, const struct zsim_event *ev);
/** zsim_scenario_classify() - fills @class_of once all slots are there; -ENOMEM */
int zsim_scenario_classify(struct zsim_scenario *sc);

#endif
