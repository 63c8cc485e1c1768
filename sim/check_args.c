/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_args.h"

#include <string.h>

#define GROUP_MODEL 1
#define GROUP_SEARCH 2
#define GROUP_LIMITS 3
#define GROUP_OUTPUT 4

enum option_key {
	OPT_VERBOSE = 'v',
	OPT_QUIET = 'q',
	OPT_JOBS = 'j',
	OPT_ALGO = 0x200,
	OPT_SET,
	OPT_PROPERTY,
	OPT_DEFECT,
	OPT_SEARCH,
	OPT_REDUCE,
	OPT_SYMMETRY,
	OPT_BITSTATE,
	OPT_WALKS,
	OPT_WALK_STEPS,
	OPT_SEED,
	OPT_MAX_STATES,
	OPT_MAX_MEMORY,
	OPT_MAX_TIME,
	OPT_TRACE,
	OPT_JSON,
	OPT_LIST,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What is looked at:", GROUP_MODEL },
	{ "algo", OPT_ALGO, "NAME", 0,
	  "run linux-7.2 (base), linux-7.3 or proactive-v5 (patch), whatever the scenario says",
	  GROUP_MODEL },
	{ "set", OPT_SET, "NAME=N,...", 0,
	  "change constants of the algorithm: batch, walk, retries, shrinker_batch, empty_failures",
	  GROUP_MODEL },
	{ "property", OPT_PROPERTY, "NAME,...", 0,
	  "look at these alone; always: those that hold in every scenario", GROUP_MODEL },
	{ "defect", OPT_DEFECT, "N", 0, "model a bug too, row N of docs/museum.md", GROUP_MODEL },
	{ NULL, 0, NULL, 0, "How it is searched:", GROUP_SEARCH },
	{ "search", OPT_SEARCH, "ORDER", 0, "depth (default), breadth or random", GROUP_SEARCH },
	{ "jobs", OPT_JOBS, "N", 0, "search with N threads; termination is not looked at then",
	  GROUP_SEARCH },
	{ "reduce", OPT_REDUCE, NULL, 0, "leave out orders of steps that do not touch each other",
	  GROUP_SEARCH },
	{ "symmetry", OPT_SYMMETRY, NULL, 0,
	  "take states for one that differ in the names of like slots only", GROUP_SEARCH },
	{ "bitstate", OPT_BITSTATE, "BITS", 0,
	  "remember states in 2^BITS bits (20 to 40): little memory, some states are missed",
	  GROUP_SEARCH },
	{ "walks", OPT_WALKS, "N", 0, "random walks, 10000 by default", GROUP_SEARCH },
	{ "walk-steps", OPT_WALK_STEPS, "N", 0, "length of a random walk, 10000 by default",
	  GROUP_SEARCH },
	{ "seed", OPT_SEED, "N", 0, "of random walks, 1 by default", GROUP_SEARCH },
	{ NULL, 0, NULL, 0, "When to end, with what was found until then:", GROUP_LIMITS },
	{ "max-states", OPT_MAX_STATES, "N", 0, "after N states", GROUP_LIMITS },
	{ "max-memory", OPT_MAX_MEMORY, "SIZE", 0, "with SIZE bytes in use (K, M, G)",
	  GROUP_LIMITS },
	{ "max-time", OPT_MAX_TIME, "SECONDS", 0, "after so long, for each scenario",
	  GROUP_LIMITS },
	{ NULL, 0, NULL, 0, "What is shown:", GROUP_OUTPUT },
	{ "trace", OPT_TRACE, "FILE", 0,
	  "write a counterexample as a trace for zsim-replay; - is standard output, and nothing "
	  "else goes there then",
	  GROUP_OUTPUT },
	{ "json", OPT_JSON, "FILE", 0,
	  "write everything as JSON; - is standard output, and nothing else goes there then",
	  GROUP_OUTPUT },
	{ "list", OPT_LIST, NULL, 0, "print all properties, with what they say", GROUP_OUTPUT },
	{ "verbose", OPT_VERBOSE, NULL, 0, "the whole report also for one of several files",
	  GROUP_OUTPUT },
	{ "quiet", OPT_QUIET, NULL, 0, "no report: the exit status tells", GROUP_OUTPUT },
	ZSIM_PARSE_PROGRESS("the search", GROUP_OUTPUT),
	ZSIM_PARSE_COMMON,
	{ 0 },
};

static int search_take(enum zsim_search *search, const char *text, char *why)
{
	static const char *const names[] = {
		[ZSIM_SEARCH_DEPTH] = "depth",
		[ZSIM_SEARCH_BREADTH] = "breadth",
		[ZSIM_SEARCH_RANDOM] = "random",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]))
			continue;
		*search = (enum zsim_search)i;
		return 0;
	}
	return zsim_value_wrong(why, "--search is depth, breadth or random, not '%s'", text);
}

static int model_option(int key, char *value, void *ctx, char *why)
{
	struct zsim_check_args *args = ctx;

	switch (key) {
	case OPT_ALGO:
		return zsim_value_algo(value, &args->algo, why);
	case OPT_SET:
		return zsim_value_set(&args->set, value, why);
	case OPT_PROPERTY:
		return zsim_value_properties(&args->options.properties, value, why);
	case OPT_DEFECT:
		return zsim_value_defect(&args->options.defect, value, why);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int search_option(int key, char *value, void *ctx, char *why)
{
	struct zsim_check_args *args = ctx;
	struct zsim_check_options *o = &args->options;

	switch (key) {
	case OPT_SEARCH:
		return search_take(&o->search, value, why);
	case OPT_JOBS:
		return zsim_value_range32("jobs", value, 1, 64, &o->threads, why);
	case OPT_REDUCE:
		o->reduce = true;
		return 0;
	case OPT_SYMMETRY:
		o->symmetry = true;
		return 0;
	case OPT_BITSTATE:
		return zsim_value_range32("bitstate", value, 20, 40, &o->bitstate, why);
	case OPT_WALKS:
		return zsim_value_range("walks", value, 1, UINT64_MAX, &o->walks, why);
	case OPT_WALK_STEPS:
		return zsim_value_range("walk-steps", value, 1, UINT64_MAX, &o->walk_steps, why);
	case OPT_SEED:
		return zsim_value_range("seed", value, 0, UINT64_MAX, &o->seed, why);
	case OPT_MAX_STATES:
		return zsim_value_range("max-states", value, 1, UINT64_MAX, &o->states_max, why);
	case OPT_MAX_MEMORY:
		return zsim_value_bytes("max-memory", value, &o->memory_max, why);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int output_option(int key, char *value, void *ctx, char *why)
{
	struct zsim_check_args *args = ctx;

	switch (key) {
	case OPT_MAX_TIME:
		return zsim_value_range("max-time", value, 1, UINT32_MAX, &args->seconds_max, why);
	case OPT_TRACE:
		args->trace = value;
		return 0;
	case OPT_JSON:
		args->json = value;
		return 0;
	case OPT_LIST:
		args->list = true;
		return 0;
	case OPT_VERBOSE:
		args->verbose = true;
		return 0;
	case OPT_QUIET:
		args->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- the whole -------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static const char *files_conflict(const struct zsim_check_args *args)
{
	if (!args->usual.nr_files)
		return ZSIM_NO_FILE;
	if (args->trace && args->usual.nr_files > 1)
		return "--trace is for one file";
	if (same(args->trace, args->json))
		return "--trace and --json name the same file";
	return zsim_files_conflict(&args->usual);
}

/* Options that are each fine and make no sense together. */
static const char *conflict(const void *ctx)
{
	const struct zsim_check_args *args = ctx;
	const struct zsim_check_options *o = &args->options;
	struct zsim_check_options usual;

	zsim_check_options_init(&usual);
	if (args->quiet && args->verbose)
		return "--quiet and --verbose exclude each other";
	if (o->reduce && o->search != ZSIM_SEARCH_DEPTH)
		return "--reduce is for --search depth";
	if (o->threads > 1 && o->search != ZSIM_SEARCH_DEPTH)
		return "--jobs is for --search depth";
	if (o->bitstate && o->search == ZSIM_SEARCH_RANDOM)
		return "--bitstate and --search random exclude each other: walks remember nothing";
	if (o->search != ZSIM_SEARCH_RANDOM &&
	    (o->walks != usual.walks || o->seed != usual.seed || o->walk_steps != usual.walk_steps))
		return "--walks, --walk-steps and --seed are for --search random";
	return args->list ? NULL : files_conflict(args);
}

enum zsim_action zsim_args_check(struct zsim_check_args *args, int argc, char **argv)
{
	static const struct zsim_command command = {
		.name = "zsim-check",
		.args_doc = "FILE...",
		.doc = "Look at all interleavings of small scenarios of zswap writeback, and prove "
		       "or refute properties of it.\v"
		       "FILE is a scenario; - is standard input.\n\n"
		       "Exit status: 0 all is as the scenarios say; 1 a property that should hold "
		       "is refuted, or one that should be refuted is not; 2 unusable arguments, "
		       "input or output; 3 nothing wrong was found, but not everything was looked "
		       "at.",
		.options = options,
		.parts = { model_option, search_option, output_option },
		.conflict = conflict,
	};

	*args = (struct zsim_check_args){ 0 };
	zsim_check_options_init(&args->options);
	return zsim_parse(&command, args, &args->usual, argc, argv);
}
