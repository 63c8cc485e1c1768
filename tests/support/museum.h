/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * museum.h - the scenarios of traces/scenarios, and their counterexamples run again.
 *
 * Needs the library with the defects for every @defect but 0.
 */
#ifndef ZSIM_TESTS_MUSEUM_H
#define ZSIM_TESTS_MUSEUM_H

#include <zsim/check.h>

#define MUSEUM_DEFECTS 29u

/**
 * museum_each() - @run for every scenario whose file name matches a shell pattern, by name
 * @run: @name is the file's without folder and ending, @text what the file holds
 *
 * Return: how many there were, or -1 if one cannot be read (said on standard error).
 */
int museum_each(const char *pattern,
		void (*run)(void *ctx, const char *name, const char *text,
			    const struct zsim_scenario *sc),
		void *ctx);

/** museum_check() - the whole search; @properties: 0 = what the scenario proves and refutes */
int museum_check(const struct zsim_scenario *sc, uint8_t defect, uint64_t properties,
		 struct zsim_check_result *r);

/**
 * struct museum_replay - what a trace does without the explorer, as in zsim-replay
 * @rc: 0, or what a line was refused with; @line: which
 * @broken: properties that did not hold
 * @expected: results that were demanded, of which @wrong came out otherwise
 */
struct museum_replay {
	int rc;
	uint64_t line;
	uint64_t broken;
	uint64_t expected;
	uint64_t wrong;
};

/** museum_replay() - a text trace under the scenario's algorithm, with these properties watched */
void museum_replay(const struct zsim_scenario *sc, const char *trace, uint8_t defect,
		   uint64_t properties, struct museum_replay *r);

#endif
