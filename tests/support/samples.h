/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * samples.h - how many of one kind a test looks at.
 *
 * Sanitizers, gcov and valgrind make tests many times slower, and what they look for is in
 * the code that runs, not in how often. With ZSIM_SAMPLES=few in the environment, as in
 * such builds, a test that takes many samples takes few.
 */
#ifndef ZSIM_TESTS_SUPPORT_SAMPLES_H
#define ZSIM_TESTS_SUPPORT_SAMPLES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/** samples() - @usual, or @few where that is asked for */
static inline uint32_t samples(uint32_t usual, uint32_t few)
{
	const char *wanted = getenv("ZSIM_SAMPLES");

	return wanted && !strcmp(wanted, "few") ? few : usual;
}

#endif
