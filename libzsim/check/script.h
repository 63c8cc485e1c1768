/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.h - a trace in memory: run with properties watched, cut, and written out.
 */
#ifndef ZSIM_CHECK_SCRIPT_H
#define ZSIM_CHECK_SCRIPT_H

#include "check/search.h"

/**
 * struct zsim_script_line - one event
 * @player: whose it is, from 1; 0 = it makes the world in which the others happen
 * @result, @note, @state: what came of it, in words
 * @broken, @why: the property that did not hold from here on, of those that were watched
 */
struct zsim_script_line {
	struct zsim_event ev;
	uint32_t player;
	struct zsim_result answer;
	uint64_t broken;
	char result[32];
	char note[480];
	char why[240];
	char state[240];
};

/** struct zsim_script - strings of the events are borrowed from the scenario */
struct zsim_script {
	const struct zsim_allocator *alloc;
	uint32_t nr, room;
	struct zsim_script_line *line;
};

void zsim_script_init(struct zsim_script *s, const struct zsim_allocator *alloc);
void zsim_script_destroy(struct zsim_script *s);
/** zsim_script_add() - -ENOMEM */
int zsim_script_add(struct zsim_script *s, const struct zsim_event *ev, uint32_t player);
/** zsim_script_copy() - -ENOMEM; destroy @copy either way */
int zsim_script_copy(struct zsim_script *copy, const struct zsim_script *s);
void zsim_script_swap(struct zsim_script *a, struct zsim_script *b);
/** zsim_script_cut() - lines @i to @i + @nr - 1 */
void zsim_script_cut(struct zsim_script *s, uint32_t i, uint32_t nr);

/**
 * zsim_script_run() - from a machine of its own
 * @properties: watched; @broken: those that did not hold
 *
 * Return: 0, -ENOMEM, or what a line was refused with.
 */
int zsim_script_run(const struct zsim_script *s, const struct zsim_algo *algo, uint8_t defect,
		    uint64_t properties, uint64_t *broken);
/** zsim_script_note() - run it and fill in what each line says of itself; as above */
int zsim_script_note(struct zsim_script *s, const struct zsim_algo *algo, uint8_t defect,
		     uint64_t properties);
/** zsim_script_why() - why the property does not hold, if it was noted; else "" */
const char *zsim_script_why(const struct zsim_script *s);
/**
 * zsim_script_trace() - as a text trace with comments; NULL without memory
 *
 * Its lines demand the results that they gave, but not with a defect: the right model,
 * which answers otherwise, is to pass it.
 */
char *zsim_script_trace(const struct zsim_script *s, const struct zsim_scenario *sc,
			const struct zsim_algo *algo, uint8_t defect,
			const struct zsim_counterexample *cx);
/** zsim_script_columns() - as a table, a column for each actor; NULL without memory */
char *zsim_script_columns(const struct zsim_script *s, const struct zsim_scenario *sc);

#endif
