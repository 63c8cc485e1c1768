/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay_args.h"

#include <stdlib.h>
#include <string.h>

#include "replay_team.h"

#define GROUP_REPLAY 1
#define GROUP_OUTPUT 2

enum option_key {
	OPT_JOBS = 'j',
	OPT_ALGO = 0x100,
	OPT_SET,
	OPT_PARAM,
	OPT_CHECK,
	OPT_WHAT_IF,
	OPT_COMPARE,
	OPT_VERIFY,
	OPT_PROVE,
	OPT_DEFECT,
	OPT_FIXED_NODE_COUNT,
	OPT_ALLOW_RACY,
	OPT_STAT,
	OPT_EVENTS,
	OPT_JSON,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What is modelled:", GROUP_REPLAY },
	{ "algo", OPT_ALGO, "NAME", 0,
	  "linux-7.2 (base), linux-7.3 or proactive-v5 (patch). Default: the algorithm of the "
	  "recorded kernel where it is checked, else proactive-v5",
	  GROUP_REPLAY },
	{ "set", OPT_SET, "NAME=N,...", 0,
	  "change constants of the algorithm: batch, walk, retries, shrinker_batch, empty_failures",
	  GROUP_REPLAY },
	{ "param", OPT_PARAM, "NAME=VALUE", 0, "a module parameter, whatever the trace says",
	  GROUP_REPLAY },
	{ "check", OPT_CHECK, NULL, 0, "compare what a capture's kernel decided with the model",
	  GROUP_REPLAY },
	{ "what-if", OPT_WHAT_IF, NULL, 0,
	  "take recorded inputs and let the model decide; the default for captures", GROUP_REPLAY },
	{ "compare", OPT_COMPARE, "NAME", 0, "replay under this algorithm too, and show both",
	  GROUP_REPLAY },
	{ "verify", OPT_VERIFY, "N", 0,
	  "check the model's whole state every N events, not only at the end", GROUP_REPLAY },
	{ "prove", OPT_PROVE, "NAME,...", OPTION_ARG_OPTIONAL,
	  "check these properties along the way; without NAME, or for always, all that hold "
	  "in every trace",
	  GROUP_REPLAY },
	{ "defect", OPT_DEFECT, "N", 0,
	  "model a bug too, row N of docs/museum.md, and --prove: for builds with defects",
	  GROUP_REPLAY },
	{ "fixed-node-count", OPT_FIXED_NODE_COUNT, NULL, 0,
	  "count a written-back entry once, not twice, off its node, unlike today's kernels",
	  GROUP_REPLAY },
	{ "allow-racy", OPT_ALLOW_RACY, NULL, 0,
	  "forgive differences in pool_pages and may_zswap, which depend on the order of CPUs",
	  GROUP_REPLAY },
	{ "jobs", OPT_JOBS, "N", 0, "replay up to N files at once; reports stay in their order",
	  GROUP_REPLAY },
	{ NULL, 0, NULL, 0, "What is shown:", GROUP_OUTPUT },
	{ "stat", OPT_STAT, NULL, 0, "memory.stat of every group", GROUP_OUTPUT },
	{ "events", OPT_EVENTS, "FILE", 0, "write every decision to FILE", GROUP_OUTPUT },
	{ "json", OPT_JSON, "FILE", 0,
	  "write everything as JSON; - is standard output, and nothing else goes there then",
	  GROUP_OUTPUT },
	ZSIM_PARSE_PROGRESS("the replay", GROUP_OUTPUT),
	ZSIM_PARSE_COMMON,
	{ 0 },
};

static int param_take(struct zsim_params *params, const char *text, char *why)
{
	const char *equals = strchr(text, '=');
	char *name;
	int err;

	if (!equals)
		return zsim_value_wrong(why, "--param wants NAME=VALUE, not '%s'", text);
	name = strndup(text, (size_t)(equals - text));
	if (!name)
		return zsim_value_wrong(why, "out of memory");
	err = zsim_value_param(params, name, equals + 1, why);
	free(name);
	return err;
}

static int verify_take(uint64_t *every, const char *text, char *why)
{
	if (!zsim_value_number(text, every) && *every)
		return 0;
	return zsim_value_wrong(why, "--verify wants a number of events, not '%s'", text);
}

static int model_option(int key, char *value, void *ctx, char *why)
{
	struct zsim_replay_args *args = ctx;
	struct zsim_session_options *o = &args->session;

	switch (key) {
	case OPT_ALGO:
		return zsim_value_algo(value, &o->algo, why);
	case OPT_SET:
		return zsim_value_set(&o->set, value, why);
	case OPT_PARAM:
		return param_take(&o->params, value, why);
	case OPT_CHECK:
		o->check = true;
		return 0;
	case OPT_WHAT_IF:
		o->what_if = true;
		return 0;
	case OPT_FIXED_NODE_COUNT:
		o->node_count_fixed = true;
		return 0;
	case OPT_COMPARE:
		return zsim_value_algo(value, &o->compare, why);
	case OPT_PROVE:
		return zsim_value_properties(&o->prove, value ? value : "always", why);
	case OPT_DEFECT:
		return zsim_value_defect(&o->defect, value, why);
	case OPT_VERIFY:
		return verify_take(&o->verify_every, value, why);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int output_option(int key, char *value, void *ctx, char *why)
{
	struct zsim_replay_args *args = ctx;

	switch (key) {
	case OPT_JOBS:
		return zsim_value_range32("jobs", value, 1, ZSIM_REPLAY_MAX_JOBS, &args->jobs, why);
	case OPT_ALLOW_RACY:
		args->allow_racy = true;
		return 0;
	case OPT_STAT:
		args->stat = true;
		return 0;
	case OPT_EVENTS:
		args->events = value;
		return 0;
	case OPT_JSON:
		args->json = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *conflict(const void *ctx)
{
	const struct zsim_replay_args *args = ctx;
	const struct zsim_session_options *o = &args->session;

	if (!args->usual.nr_files)
		return ZSIM_NO_FILE;
	if (o->check && o->what_if)
		return "--check and --what-if exclude each other";
	if (o->check && o->defect)
		return "--check and --defect exclude each other: the right model is compared";
	if (o->check && o->prove)
		return "--check and --prove exclude each other: what a kernel decided is compared";
	if (o->check && o->compare)
		return "--check and --compare exclude each other: a comparison is a what-if";
	if (args->events && !strcmp(args->events, "-"))
		return "--events needs a file of its own";
	if (args->events && args->jobs > 1)
		return "--events and --jobs exclude each other: the log has the files in turn";
	if (args->events && args->json && !strcmp(args->events, args->json))
		return "--events and --json name the same file";
	return zsim_files_conflict(&args->usual);
}

enum zsim_action zsim_args_replay(struct zsim_replay_args *args, int argc, char **argv)
{
	static const struct zsim_command command = {
		.name = "zsim-replay",
		.args_doc = "FILE...",
		.doc = "Replay traces and kernel captures on a model of zswap writeback.\v"
		       "FILE is a trace, text or binary, or the text of a kernel's trace buffer, perhaps "
		       "compressed with zstd; - is standard input.\n\n"
		       "Exit status: 0 all is well; 1 a decision, an expected result, an "
		       "invariant or a property is violated; 2 unusable arguments, input or "
		       "output.",
		.options = options,
		.parts = { model_option, output_option },
		.conflict = conflict,
	};
	enum zsim_action action;

	*args = (struct zsim_replay_args){ .jobs = 1 };
	action = zsim_parse(&command, args, &args->usual, argc, argv);
	if (args->session.defect && !args->session.prove)
		args->session.prove = ZSIM_P_ALWAYS;
	return action;
}
