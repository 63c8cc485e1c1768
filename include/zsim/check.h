/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - all interleavings of a small scenario, explored.
 *
 * A scenario (docs/scenario-format.md) says what machine, groups and entries
 * there are and which actors do what at the same time. The checker runs the
 * engine's own steps in every order and looks at each state once; a property
 * is proved over all of them, or refuted by a counterexample, which is a trace
 * that zsim-replay runs.
 */
#ifndef ZSIM_CHECK_H
#define ZSIM_CHECK_H

#include <zsim/config.h>
#include <zsim/property.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- scenarios ------------------------------------------------------------- */

struct zsim_scenario;

/**
 * zsim_scenario_parse() - read a scenario
 * @name: what messages call it
 * @text: @size bytes, borrowed for the call
 * @allocator: NULL = libc; must outlive the scenario
 * @sc: set also on failure (but not on -ENOMEM), for zsim_scenario_error()
 *
 * Its set-up is run once, so that what the simulator refuses is told here.
 * Return: 0, -EBADMSG, -ENOMEM. To be freed with zsim_scenario_free().
 */
ZSIM_API int zsim_scenario_parse(const char *name, const char *text, size_t size,
				 const struct zsim_allocator *allocator, struct zsim_scenario **sc);
/** zsim_scenario_free() - takes NULL */
ZSIM_API void zsim_scenario_free(struct zsim_scenario *sc);
/** zsim_scenario_error() - "NAME:LINE: what"; "" without an error */
ZSIM_API const char *zsim_scenario_error(const struct zsim_scenario *sc);
/** zsim_scenario_about() - its `about` line, "" without one */
ZSIM_API const char *zsim_scenario_about(const struct zsim_scenario *sc);
/** zsim_scenario_proves() - properties that are to hold; zsim_scenario_refutes() - that are not */
ZSIM_API uint64_t zsim_scenario_proves(const struct zsim_scenario *sc);
ZSIM_API uint64_t zsim_scenario_refutes(const struct zsim_scenario *sc);
/** zsim_scenario_catches() - properties that do not hold with a defect; 0 = it says nothing */
ZSIM_API uint64_t zsim_scenario_catches(const struct zsim_scenario *sc, uint8_t defect);
/** zsim_scenario_algo() - the algorithm that it names, with its constants */
ZSIM_API const struct zsim_algo *zsim_scenario_algo(const struct zsim_scenario *sc);

/* ---- exploring ------------------------------------------------------------- */

/** enum zsim_search - in which order states are looked at */
enum zsim_search {
	ZSIM_SEARCH_DEPTH,   /* least memory; finds cycles */
	ZSIM_SEARCH_BREADTH, /* shortest counterexamples */
	ZSIM_SEARCH_RANDOM,  /* seeded walks, for scopes too large */
};

/** struct zsim_check_progress - how far it is; @queue: states that wait (breadth) or lie on the
 * path (depth) */
struct zsim_check_progress {
	uint64_t states;
	uint64_t transitions;
	uint64_t depth;
	uint64_t queue;
	uint64_t bytes;
};

/**
 * struct zsim_check_options - fill with zsim_check_options_init()
 * @size: sizeof(struct zsim_check_options)
 * @search: see above
 * @defect: a row of docs/museum.md, in a library built with defects; 0 = the right model
 * @algo: run this algorithm instead of the scenario's; NULL = the scenario's
 * @properties: look at these alone; 0 = what the scenario proves and refutes
 * @reduce: leave out orders of steps that do not touch each other (sleep sets); termination
 *	is not looked at then, unless an actor goes on for ever: that takes all orders
 * @symmetry: take states for equal that differ in the names of like slots only
 * @threads: 1..64; more than one: depth first, and termination is not looked at
 * @bitstate: log2 of the bits of an inexact visited set (20..40); 0 = exact
 * @states_max, @memory_max: end there; 0 = no limit. @memory_max in bytes
 * @walks, @walk_steps, @seed: of random walks
 * @progress: called every thousand transitions or so, by one thread at a time; false ends
 *	the search. May be NULL
 */
struct zsim_check_options {
	size_t size;
	enum zsim_search search;
	uint8_t defect;
	const struct zsim_algo *algo;
	uint64_t properties;
	bool reduce;
	bool symmetry;
	uint32_t threads;
	uint32_t bitstate;
	uint64_t states_max;
	uint64_t memory_max;
	uint64_t walks;
	uint64_t walk_steps;
	uint64_t seed;
	bool (*progress)(void *ctx, const struct zsim_check_progress *progress);
	void *ctx;
};

/** zsim_check_options_init() - depth first, exact, all orders of steps, one thread, no limits */
ZSIM_API void zsim_check_options_init(struct zsim_check_options *options);

/** enum zsim_check_end - why the search ended */
enum zsim_check_end {
	ZSIM_END_EXHAUSTED, /* every state was looked at */
	ZSIM_END_REFUTED,   /* a property that should hold does not */
	ZSIM_END_STATES,    /* a limit */
	ZSIM_END_MEMORY,
	ZSIM_END_STOPPED, /* progress() said so */
	ZSIM_END_WALKS,	  /* all random walks made: never exhaustive */
	ZSIM_END_INEXACT, /* every state that the bitstate set let through */
};

/**
 * struct zsim_counterexample - how a property is refuted
 * @why: one sentence
 * @steps: transitions of the explorer to it
 * @trace: a text trace that shows it under zsim-replay, with a comment on each step
 * @columns: the same as a table for people: a column for each actor
 */
struct zsim_counterexample {
	enum zsim_property property;
	const char *why;
	uint32_t steps;
	const char *trace;
	const char *columns;
};

/**
 * struct zsim_check_result - what was found
 * @checked: properties that were looked at; @refuted: those of them that do not hold.
 *	The others are proved if @end is ZSIM_END_EXHAUSTED
 * @rests: states in which nothing can go on; @rests_digest: of their set
 * @depth: longest path; @state_bytes: of a stored state, all included
 * @bytes: peak memory of the search
 * @counterexamples: @nr of them, one for each refuted property
 */
struct zsim_check_result {
	enum zsim_check_end end;
	uint64_t checked;
	uint64_t refuted;
	uint64_t states;
	uint64_t transitions;
	uint64_t depth;
	uint64_t rests;
	uint64_t rests_digest;
	uint64_t bytes;
	double state_bytes;
	uint32_t nr;
	struct zsim_counterexample *counterexamples;
	const struct zsim_allocator *alloc;
};

/**
 * zsim_check() - explore a scenario
 * @result: filled on success; free it with zsim_check_result_free()
 *
 * Return: 0, -EINVAL (options), -EOPNOTSUPP (a defect, and none are built in), -ENOMEM.
 */
ZSIM_API int zsim_check(const struct zsim_scenario *sc, const struct zsim_check_options *options,
			struct zsim_check_result *result);
ZSIM_API void zsim_check_result_free(struct zsim_check_result *result);

#ifdef __cplusplus
}
#endif
#endif
