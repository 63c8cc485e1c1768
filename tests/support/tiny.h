/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tiny.h - scenarios so small that every order of their steps can be played, and the
 * checker held against that.
 */
#ifndef ZSIM_TESTS_TINY_H
#define ZSIM_TESTS_TINY_H

#include "support/finding.h"
#include "support/schedules.h"

/** struct tiny - @lines: of the scenario, without its first one */
struct tiny {
	const char *about;
	const char *lines;
};

#define NR_TINY 12u
extern const struct tiny tiny[NR_TINY];

/** tiny_play() - its schedules; the scenario is @sc */
void tiny_play(struct schedules *s, const struct zsim_scenario *sc);
/**
 * tiny_agrees() - searches meet the same ends as the schedules, and refute the same; needs plant.c
 */
void tiny_agrees(const struct schedules *s, struct finding *f);

#endif
