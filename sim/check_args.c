/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_args.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli_args.h"

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
	OPT_PROGRESS,
	OPT_NO_PROGRESS,
};

static const struct argp_option check_options[] = {
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
	{ "progress", OPT_PROGRESS, NULL, 0,
	  "show how far the search is: the default on a terminal", GROUP_OUTPUT },
	{ "no-progress", OPT_NO_PROGRESS, NULL, 0, "do not show it", GROUP_OUTPUT },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

/* ---- values ----------------------------------------------------------------- */

static int number_take(const char *option, const char *text, uint64_t min, uint64_t max,
		       uint64_t *value)
{
	if (!zsim_args_number(text, value) && *value >= min && *value <= max)
		return 0;
	if (max == UINT64_MAX)
		zsim_complain("%s: --%s wants a number from %llu up, not '%s'", zsim_self(), option,
			      (unsigned long long)min, text);
	else
		zsim_complain("%s: --%s wants a number from %llu to %llu, not '%s'", zsim_self(),
			      option, (unsigned long long)min, (unsigned long long)max, text);
	return EINVAL;
}

static int number32_take(const char *option, const char *text, uint32_t min, uint32_t max,
			 uint32_t *value)
{
	uint64_t wide;
	int err = number_take(option, text, min, max, &wide);

	if (!err)
		*value = (uint32_t)wide;
	return err;
}

static int suffix_shift(char c)
{
	switch (c) {
	case 'K':
	case 'k':
		return 10;
	case 'M':
	case 'm':
		return 20;
	case 'G':
	case 'g':
		return 30;
	default:
		return 0;
	}
}

static int memory_take(const char *text, uint64_t *value)
{
	size_t n = strlen(text);
	int shift = n ? suffix_shift(text[n - 1]) : 0;
	char digits[32] = "";

	if (n < sizeof(digits))
		memcpy(digits, text, n - (shift ? 1 : 0));
	if (!zsim_args_number(digits, value) && *value && *value <= UINT64_MAX >> shift) {
		*value <<= shift;
		return 0;
	}
	zsim_complain("%s: --max-memory wants a size such as 500M, not '%s'", zsim_self(), text);
	return EINVAL;
}

static int search_take(const char *text, enum zsim_search *search)
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
	zsim_complain("%s: --search is depth, breadth or random, not '%s'", zsim_self(), text);
	return EINVAL;
}

/* ---- options ---------------------------------------------------------------- */

static error_t model_option(int key, char *value, struct zsim_check_args *args)
{
	switch (key) {
	case OPT_ALGO:
		args->algo = zsim_args_algo(value);
		return args->algo ? 0 : EINVAL;
	case OPT_SET:
		return zsim_args_set(&args->set, value) ? EINVAL : 0;
	case OPT_PROPERTY:
		return zsim_args_prove(&args->options.properties, value) ? EINVAL : 0;
	case OPT_DEFECT:
		return zsim_args_defect(&args->options.defect, value) ? EINVAL : 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t search_option(int key, char *value, struct zsim_check_options *o)
{
	switch (key) {
	case OPT_SEARCH:
		return search_take(value, &o->search);
	case OPT_JOBS:
		return number32_take("jobs", value, 1, 64, &o->threads);
	case OPT_REDUCE:
		o->reduce = true;
		return 0;
	case OPT_SYMMETRY:
		o->symmetry = true;
		return 0;
	case OPT_BITSTATE:
		return number32_take("bitstate", value, 20, 40, &o->bitstate);
	case OPT_WALKS:
		return number_take("walks", value, 1, UINT64_MAX, &o->walks);
	case OPT_WALK_STEPS:
		return number_take("walk-steps", value, 1, UINT64_MAX, &o->walk_steps);
	case OPT_SEED:
		return number_take("seed", value, 0, UINT64_MAX, &o->seed);
	case OPT_MAX_STATES:
		return number_take("max-states", value, 1, UINT64_MAX, &o->states_max);
	case OPT_MAX_MEMORY:
		return memory_take(value, &o->memory_max);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t output_option(int key, char *value, struct zsim_check_args *args)
{
	switch (key) {
	case OPT_MAX_TIME:
		return number_take("max-time", value, 1, UINT32_MAX, &args->seconds_max);
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
	case OPT_PROGRESS:
	case OPT_NO_PROGRESS:
		args->progress = key == OPT_PROGRESS;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t check_option(int key, char *value, struct argp_state *state)
{
	struct zsim_parse *p = state->input;
	struct zsim_check_args *args = p->args;
	error_t err;

	if (key == ARGP_KEY_ARGS) {
		args->files = state->argv + state->next;
		args->nr_files = state->argc - state->next;
		return 0;
	}
	err = zsim_parse_common(key, p, state);
	if (err == ARGP_ERR_UNKNOWN)
		err = model_option(key, value, args);
	if (err == ARGP_ERR_UNKNOWN)
		err = search_option(key, value, &args->options);
	if (err == ARGP_ERR_UNKNOWN)
		err = output_option(key, value, args);
	return err == EINVAL ? zsim_parse_refuse(p) : err;
}

/* ---- the whole -------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static const char *files_conflict(const struct zsim_check_args *args)
{
	int standard_input = 0;

	if (!args->nr_files)
		return "no file given; --help shows how to use it";
	if (args->trace && args->nr_files > 1)
		return "--trace is for one file";
	if (same(args->trace, args->json))
		return "--trace and --json name the same file";
	for (int i = 0; i < args->nr_files; i++)
		standard_input += !strcmp(args->files[i], "-");
	return standard_input > 1 ? "standard input can be read only once" : NULL;
}

/* Options that are each fine and make no sense together. */
static const char *check_conflict(const struct zsim_check_args *args)
{
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
	static const struct argp argp = {
		.options = check_options,
		.parser = check_option,
		.args_doc = "FILE...",
		.doc = "Look at all interleavings of small scenarios of zswap writeback, and prove "
		       "or refute properties of it.\v"
		       "FILE is a scenario; - is standard input.\n\n"
		       "Exit status: 0 all is as the scenarios say; 1 a property that should hold "
		       "is refuted, or one that should be refuted is not; 2 unusable arguments, "
		       "input or output; 3 nothing wrong was found, but not everything was looked "
		       "at.",
	};
	struct zsim_parse p = { .argp = &argp, .name = "zsim-check", .args = args };
	enum zsim_action action;
	const char *conflict;

	*args = (struct zsim_check_args){ .progress = isatty(STDERR_FILENO) };
	zsim_check_options_init(&args->options);
	action = zsim_parse_all(&p, argc, argv);
	conflict = action == ZSIM_ACTION_RUN ? check_conflict(args) : NULL;
	if (conflict) {
		zsim_complain("%s: %s", zsim_self(), conflict);
		return ZSIM_ACTION_REFUSE;
	}
	return action;
}
