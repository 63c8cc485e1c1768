/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_line.h - the lines of a scenario that are its own, and its mistakes.
 *
 * Between scenario_text.c, which goes from line to line, and scenario_line.c,
 * which knows what they mean.
 */
#ifndef ZSIM_CHECK_SCENARIO_LINE_H
#define ZSIM_CHECK_SCENARIO_LINE_H

#include "check/scenario_build.h"

/**
 * struct zsim_scenario_text - a scenario being read
 * @copy: the text, terminated, which becomes a trace
 * @owner: of each line from 1: whose event it is, as 1 + the actor's index; 0 = the set-up's
 * @line: being read; @p: what is left of it
 * @proved, @refuted, @ignored: as the lines say
 * @either, @either_line: slots of `either cold`, and where they were named
 */
struct zsim_scenario_text {
	struct zsim_scenario *sc;
	char *copy;
	size_t size;
	uint8_t *owner;
	uint64_t line;
	char *p;
	bool header;
	bool algo_given;
	bool set_given;
	uint64_t proved;
	uint64_t refuted;
	uint64_t ignored;
	uint64_t either[ZSIM_MAX_EITHER];
	uint64_t either_line[ZSIM_MAX_EITHER];
};

/** zsim_scenario_bad() - "NAME:LINE: what", printf-like, made one line; -EBADMSG */
int zsim_scenario_bad(struct zsim_scenario_text *t, uint64_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/**
 * zsim_scenario_line() - @t->p is a line without its newline
 * @own: is it the scenario's own, the first one included? Else it is a trace's
 *
 * The actor's name is taken out of an event of an actor. Return: 0, -EBADMSG, -ENOMEM.
 */
int zsim_scenario_line(struct zsim_scenario_text *t, bool *own);
/** zsim_scenario_role() - the index of an actor, @nr_roles if there is none; @n bytes of @name */
uint32_t zsim_scenario_role(const struct zsim_scenario *sc, const char *name, size_t n);

#endif
