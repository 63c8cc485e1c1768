/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedules.h - every order of a tiny scenario's steps, each played from the beginning.
 *
 * A schedule says who goes next, time and again. It is played on a simulator of its own
 * through the functions that traces use, with the guard watching. Nothing is copied,
 * compared or remembered but the ends: what is found here the checker must find.
 */
#ifndef ZSIM_TESTS_SCHEDULES_H
#define ZSIM_TESTS_SCHEDULES_H

#include "support/ends.h"

#define SCHEDULE_STEPS 128u

/**
 * struct schedules - @ends: where schedules ended; @broken: properties that did not hold in
 * one; @nr: schedules; @max: it gives up behind so many, and @whole is false
 */
struct schedules {
	const struct zsim_scenario *sc;
	uint64_t properties;
	uint32_t choice;
	uint16_t step[SCHEDULE_STEPS];
	uint32_t length;
	struct ends ends;
	uint64_t broken;
	uint32_t nr, max;
	bool whole;
};

/**
 * schedules_play() - all of them
 *
 * An actor that may do any of its events may only have such as change something, or a
 * load. Free it with ends_free(&s->ends).
 */
void schedules_play(struct schedules *s, const struct zsim_scenario *sc, uint32_t max);

#endif
