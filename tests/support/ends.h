/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ends.h - end states in words, so that searches that have nothing in common can be
 * compared by them.
 */
#ifndef ZSIM_TESTS_ENDS_H
#define ZSIM_TESTS_ENDS_H

#include "check/scenario.h"

/** struct ends - a set of texts, sorted; zeroed is empty */
struct ends {
	char **text;
	uint32_t nr, room;
};

/** ends_add() - what is left of a machine: lists, groups, swap cache, the worker's flags */
void ends_add(struct ends *e, const struct zsim_scenario *sc, const struct zsim *zs);
bool ends_equal(const struct ends *a, const struct ends *b);
/** ends_missing() - the first of @a that is not in @b, or NULL */
const char *ends_missing(const struct ends *a, const struct ends *b);
void ends_free(struct ends *e);

#endif
