/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agree.h - every search of the checker held against the plain one (space.h).
 */
#ifndef ZSIM_TESTS_AGREE_H
#define ZSIM_TESTS_AGREE_H

#include "support/finding.h"
#include "support/space.h"

/** AGREE_ENDINGS - properties that only a search for cycles can refute */
#define AGREE_ENDINGS (ZSIM_P_BIT(ZSIM_P_TERMINATION) | ZSIM_P_BIT(ZSIM_P_WORKER_TERMINATION))

/** struct way - one way to search; @cycles: it sees whether calls end */
struct way {
	const char *name;
	enum zsim_search search;
	bool reduce, symmetry;
	uint32_t threads;
	bool cycles;
};

#define NR_WAYS 10u
extern const struct way ways[NR_WAYS];

/** way_options() - its options */
struct zsim_check_options way_options(const struct way *way);
/**
 * agree_with() - all ways that treat like slots as the plain search did come to the same
 *
 * The same states and end states, the same properties refuted, by as many steps or, with
 * reduction, by fewer. The plain search must be whole.
 */
void agree_with(const struct space *plain, struct finding *f);

#endif
