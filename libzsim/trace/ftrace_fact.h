/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_fact.h - the `# zsim: ` lines of a capture, and those that wait.
 *
 * The facts before the events describe one moment but come in any order. They
 * are held back until the caller meets something that is no fact, and then come
 * out in an order in which they can be applied: machine, params, groups by
 * ascending ID (parents are older than their children).
 */
#ifndef ZSIM_TRACE_FTRACE_FACT_H
#define ZSIM_TRACE_FTRACE_FACT_H

#include "base/alloc.h"
#include "trace/ftrace_record.h"
#include <zsim/event.h>

#define ZSIM_FTRACE_NR_PARAMS 4

struct zsim_ftrace_cgroup;

/**
 * struct zsim_ftrace_facts - facts that wait; zeroed but for @alloc is empty
 * @machine_due: facts for a machine event were given
 * @begun: the facts before the events are over
 * @next_cgroup: of @cgroups, the one to give next; they are sorted once it moves
 */
struct zsim_ftrace_facts {
	const struct zsim_allocator *alloc;
	bool machine_due;
	bool memcg_disabled;
	bool begun;
	uint32_t nodes;
	uint64_t ram_pages;
	uint64_t machine_line;
	struct {
		bool due;
		uint64_t value;
		uint64_t line;
	} params[ZSIM_FTRACE_NR_PARAMS];
	struct zsim_ftrace_cgroup *cgroups;
	size_t nr_cgroups;
	size_t cap_cgroups;
	size_t next_cgroup;
};

void zsim_ftrace_facts_destroy(struct zsim_ftrace_facts *facts);

/**
 * zsim_ftrace_facts_next() - the next event that was held back
 *
 * Its strings live until the call after the one that gave it.
 * Return: 1 = @ev is filled, 0 = nothing waits.
 */
int zsim_ftrace_facts_next(struct zsim_ftrace_facts *facts, struct zsim_event *ev);

/**
 * struct zsim_ftrace_fact - a fact's line
 * @text: what stands behind its name; is cut up
 * @spec: which fact it is; private
 */
struct zsim_ftrace_fact {
	char *text;
	uint64_t line;
	size_t spec;
};

/** enum zsim_ftrace_place - where a fact stands */
enum zsim_ftrace_place {
	ZSIM_FTRACE_NOWHERE, /* this version does not know it: to be passed over */
	ZSIM_FTRACE_BEFORE,
	ZSIM_FTRACE_BEHIND, /* behind the events: what waits is to be taken out first */
};

/** zsim_ftrace_fact_split() - which fact it is; changes nothing in @text */
enum zsim_ftrace_place zsim_ftrace_fact_split(char *text, struct zsim_ftrace_fact *fact);

/**
 * zsim_ftrace_facts_add() - one fact
 *
 * Return: 1 = it is @ev, 0 = it waits, -EBADMSG with @why, -ENOMEM.
 */
int zsim_ftrace_facts_add(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *fact,
			  struct zsim_event *ev, struct zsim_ftrace_reason *reason,
			  const char **why);

#endif
