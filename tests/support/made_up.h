/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * made_up.h - scenarios that nobody thought of.
 */
#ifndef ZSIM_TESTS_MADE_UP_H
#define ZSIM_TESTS_MADE_UP_H

#include <stdio.h>

#include "support/replay.h"

/**
 * made_up_write() - the lines of a small scenario at random, without the first one
 *
 * Two to four actors on at most three groups and five slots; the same dice give the same
 * scenario. What need not hold everywhere is to be refuted: it ends no search.
 */
void made_up_write(FILE *out, struct dice *d);

#endif
