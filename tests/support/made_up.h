/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * made_up.h - scenarios that nobody thought of.
 */
#ifndef ZSIM_TESTS_MADE_UP_H
#define ZSIM_TESTS_MADE_UP_H

#include <stdio.h>

#include "check/scenario.h"
#include "support/replay.h"

/**
 * made_up() - a small scenario at random; NULL if it is none
 *
 * Two to four actors on at most three groups and five slots; the same dice give the same
 * scenario. What need not hold everywhere is to be refuted: it ends no search.
 */
struct zsim_scenario *made_up(struct dice *d);
/** made_up_write() - its lines, without the first one */
void made_up_write(FILE *out, struct dice *d);

#endif
