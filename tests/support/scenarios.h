/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenarios.h - scenarios for tests: those of traces/scenarios, and some as text.
 */
#ifndef ZSIM_TESTS_SCENARIOS_H
#define ZSIM_TESTS_SCENARIOS_H

#include "check/scenario.h"

/** scenario_read() - traces/scenarios/@file; exits if it cannot be read */
struct zsim_scenario *scenario_read(const char *file);
/** scenario_of() - from lines, without the first one; exits if they are wrong */
struct zsim_scenario *scenario_of(const char *lines, const struct zsim_allocator *allocator);
/** scenario_each() - every file of traces/scenarios in the order of their names; how many */
uint32_t scenario_each(void (*run)(struct zsim_scenario *sc, const char *file));

#endif
