/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_args.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_parse.h"
#include "replay_team.h"

#define DEFECTS 29 /* rows of docs/museum.md that are bugs */

#define GROUP_REPLAY 1
#define GROUP_OUTPUT 2

enum option_key {
	OPT_JOBS = 'j',
	OPT_OUTPUT = 'o',
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
	OPT_BINARY,
	OPT_TEXT,
	OPT_ZSTD,
	OPT_ALLOW_RACY,
	OPT_STAT,
	OPT_EVENTS,
	OPT_JSON,
	OPT_PROGRESS,
	OPT_NO_PROGRESS,
};

/* ---- values ---------------------------------------------------------------- */

int zsim_args_number(const char *text, uint64_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	const char *allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
	char *end;

	if (!*digits || strspn(digits, allowed) != strlen(digits))
		return -EINVAL; /* strtoull() would take blanks and signs */
	errno = 0;
	*value = strtoull(digits, &end, hex ? 16 : 10);
	return errno ? -EINVAL : 0;
}

const struct zsim_algo *zsim_args_algo(const char *name)
{
	const struct zsim_algo *algo = zsim_algo_find(name);

	if (!algo)
		zsim_complain("%s: no algorithm '%s'; there are linux-7.2 (base), linux-7.3 and "
			      "proactive-v5 (patch)",
			      zsim_self(), name);
	return algo;
}

static int set_one(struct zsim_algo *set, char *pair)
{
	char *equals = strchr(pair, '=');
	uint64_t value;
	int err;

	if (!equals) {
		zsim_complain("%s: --set wants NAME=NUMBER, not '%s'", zsim_self(), pair);
		return -EINVAL;
	}
	*equals = '\0';
	err = zsim_args_number(equals + 1, &value) ? -ERANGE : zsim_algo_set(set, pair, value);
	if (err == -ENOENT)
		zsim_complain("%s: no constant '%s'; there are batch, walk, retries, "
			      "shrinker_batch and empty_failures",
			      zsim_self(), pair);
	else if (err)
		zsim_complain("%s: %s must be a number from 1 to 65536, not '%s'", zsim_self(),
			      pair, equals + 1);
	return err ? -EINVAL : 0;
}

int zsim_args_set(struct zsim_algo *set, const char *text)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *pair;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (pair = strsep(&rest, ",")))
		err = set_one(set, pair);
	free(copy);
	return err;
}

int zsim_args_param_value(enum zsim_param param, const char *text, uint64_t *value)
{
	bool percent = param == ZSIM_PARAM_MAX_POOL_PERCENT ||
		       param == ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT;

	if (!percent && (!strcmp(text, "Y") || !strcmp(text, "N"))) {
		*value = *text == 'Y';
		return 0;
	}
	if (param == ZSIM_PARAM_WORKER_MANUAL &&
	    (!strcmp(text, "manual") || !strcmp(text, "auto"))) {
		*value = *text == 'm';
		return 0;
	}
	if (zsim_args_number(text, value) || *value > (percent ? 100u : 1u))
		return -EINVAL;
	return 0;
}

int zsim_args_param(struct zsim_session_options *options, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[64] = "";
	int param;

	if (!equals) {
		zsim_complain("%s: --param wants NAME=VALUE, not '%s'", zsim_self(), text);
		return -EINVAL;
	}
	if ((size_t)(equals - text) < sizeof(name))
		memcpy(name, text, (size_t)(equals - text));
	param = zsim_param_parse(name);
	if (param < 0) {
		zsim_complain("%s: no parameter '%.*s'; there are max_pool_percent, "
			      "accept_threshold_percent, enabled, shrinker_enabled, worker and "
			      "address_reuse",
			      zsim_self(), (int)(equals - text), text);
		return -EINVAL;
	}
	if (zsim_args_param_value((enum zsim_param)param, equals + 1, &options->param[param])) {
		zsim_complain("%s: %s cannot be '%s'", zsim_self(), name, equals + 1);
		return -EINVAL;
	}
	options->param_given[param] = true;
	return 0;
}

static int prove_one(uint64_t *properties, const char *name)
{
	int property = zsim_property_parse(name);

	if (!strcmp(name, "always")) {
		*properties |= ZSIM_P_ALWAYS;
		return 0;
	}
	if (property < 0) {
		zsim_complain("%s: no property '%s'; zsim-check --list shows them", zsim_self(),
			      name);
		return -EINVAL;
	}
	*properties |= ZSIM_P_BIT(property);
	return 0;
}

int zsim_args_prove(uint64_t *properties, const char *text)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *name;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (name = strsep(&rest, ",")))
		err = prove_one(properties, name);
	free(copy);
	return err;
}

int zsim_args_defect(uint8_t *defect, const char *text)
{
	uint64_t value;

	if (zsim_args_number(text, &value) || !value || value > DEFECTS) {
		zsim_complain("%s: --defect wants a number from 1 to %d, not '%s'", zsim_self(),
			      DEFECTS, text);
		return -EINVAL;
	}
	if (!zsim_has_defects()) {
		zsim_complain("%s: --defect needs a build with defects: museum/zsim-replay",
			      zsim_self());
		return -EINVAL;
	}
	*defect = (uint8_t)value;
	return 0;
}

/* ---- zsim-replay ----------------------------------------------------------- */

static const struct argp_option replay_options[] = {
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
	{ "progress", OPT_PROGRESS, NULL, 0,
	  "show how far the replay is: the default on a terminal", GROUP_OUTPUT },
	{ "no-progress", OPT_NO_PROGRESS, NULL, 0, "do not show it", GROUP_OUTPUT },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

static error_t replay_model_option(int key, char *value, struct zsim_session_options *o)
{
	switch (key) {
	case OPT_ALGO:
		o->algo = zsim_args_algo(value);
		return o->algo ? 0 : EINVAL;
	case OPT_SET:
		return zsim_args_set(&o->set, value) ? EINVAL : 0;
	case OPT_PARAM:
		return zsim_args_param(o, value) ? EINVAL : 0;
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
		o->compare = zsim_args_algo(value);
		return o->compare ? 0 : EINVAL;
	case OPT_PROVE:
		return zsim_args_prove(&o->prove, value ? value : "always") ? EINVAL : 0;
	case OPT_DEFECT:
		return zsim_args_defect(&o->defect, value) ? EINVAL : 0;
	case OPT_VERIFY:
		if (!zsim_args_number(value, &o->verify_every) && o->verify_every)
			return 0;
		zsim_complain("%s: --verify wants a number of events, not '%s'", zsim_self(),
			      value);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int replay_jobs(struct zsim_replay_args *args, const char *value)
{
	uint64_t jobs;

	if (!zsim_args_number(value, &jobs) && jobs && jobs <= ZSIM_REPLAY_MAX_JOBS) {
		args->jobs = (unsigned int)jobs;
		return 0;
	}
	zsim_complain("%s: --jobs wants a number from 1 to %u, not '%s'", zsim_self(),
		      ZSIM_REPLAY_MAX_JOBS, value);
	return EINVAL;
}

static error_t replay_output_option(int key, char *value, struct zsim_replay_args *args)
{
	switch (key) {
	case OPT_JOBS:
		return replay_jobs(args, value);
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
	case OPT_PROGRESS:
	case OPT_NO_PROGRESS:
		args->progress = key == OPT_PROGRESS;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t replay_option(int key, char *value, struct argp_state *state)
{
	struct zsim_parse *p = state->input;
	struct zsim_replay_args *args = p->args;
	error_t err;

	if (key == ARGP_KEY_ARGS) {
		args->files = state->argv + state->next;
		args->nr_files = state->argc - state->next;
		return 0;
	}
	err = zsim_parse_common(key, p, state);
	if (err == ARGP_ERR_UNKNOWN)
		err = replay_model_option(key, value, &args->session);
	if (err == ARGP_ERR_UNKNOWN)
		err = replay_output_option(key, value, args);
	return err == EINVAL ? zsim_parse_refuse(p) : err;
}

/* Options that are each fine and make no sense together. */
static const char *replay_conflict(const struct zsim_replay_args *args)
{
	const struct zsim_session_options *o = &args->session;
	int standard_input = 0;

	if (!args->nr_files)
		return "no file given; --help shows how to use it";
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
	for (int i = 0; i < args->nr_files; i++)
		standard_input += !strcmp(args->files[i], "-");
	if (standard_input > 1)
		return "standard input can be read only once";
	return NULL;
}

enum zsim_action zsim_args_replay(struct zsim_replay_args *args, int argc, char **argv)
{
	static const struct argp argp = {
		.options = replay_options,
		.parser = replay_option,
		.args_doc = "FILE...",
		.doc = "Replay traces and kernel captures on a model of zswap writeback.\v"
		       "FILE is a trace, text or binary, or the text of a kernel's trace buffer, perhaps "
		       "compressed with zstd; - is standard input.\n\n"
		       "Exit status: 0 all is well; 1 a decision, an expected result, an "
		       "invariant or a property is violated; 2 unusable arguments, input or "
		       "output.",
	};
	struct zsim_parse p = { .argp = &argp, .name = "zsim-replay", .args = args };
	enum zsim_action action;
	const char *conflict;

	*args = (struct zsim_replay_args){ .progress = isatty(STDERR_FILENO), .jobs = 1 };
	action = zsim_parse_all(&p, argc, argv);
	if (args->session.defect && !args->session.prove)
		args->session.prove = ZSIM_P_ALWAYS;
	conflict = action == ZSIM_ACTION_RUN ? replay_conflict(args) : NULL;
	if (conflict) {
		zsim_complain("%s: %s", zsim_self(), conflict);
		return ZSIM_ACTION_REFUSE;
	}
	return action;
}

/* ---- zsim-import ----------------------------------------------------------- */

#define ZSTD_LEVEL 3
#define ZSTD_LEVEL_MAX 19

static const struct argp_option import_options[] = {
	{ "output", OPT_OUTPUT, "FILE", 0, "write to FILE instead of standard output", 0 },
	{ "binary", OPT_BINARY, NULL, 0, "write a binary trace: smaller, and faster to read", 0 },
	{ "text", OPT_TEXT, NULL, 0, "write a text trace: the default", 0 },
	{ "zstd", OPT_ZSTD, "LEVEL", OPTION_ARG_OPTIONAL,
	  "compress what is written; LEVEL is 1 to 19, 3 without", 0 },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

static int import_level(struct zsim_import_args *args, const char *value)
{
	uint64_t level = ZSTD_LEVEL;

	if (value && (zsim_args_number(value, &level) || !level || level > ZSTD_LEVEL_MAX)) {
		zsim_complain("%s: --zstd wants a level from 1 to %d, not '%s'", zsim_self(),
			      ZSTD_LEVEL_MAX, value);
		return -EINVAL;
	}
	args->zstd_level = (int)level;
	return 0;
}

static error_t import_option(int key, char *value, struct argp_state *state)
{
	struct zsim_parse *p = state->input;
	struct zsim_import_args *args = p->args;

	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_BINARY:
	case OPT_TEXT:
		args->binary = key == OPT_BINARY;
		return 0;
	case OPT_ZSTD:
		return import_level(args, value) ? zsim_parse_refuse(p) : 0;
	case ARGP_KEY_ARG:
		if (!args->file) {
			args->file = value;
			return 0;
		}
		zsim_complain("%s: one file at a time", zsim_self());
		return zsim_parse_refuse(p);
	default:
		return zsim_parse_common(key, p, state);
	}
}

enum zsim_action zsim_args_import(struct zsim_import_args *args, int argc, char **argv)
{
	static const struct argp argp = {
		.options = import_options,
		.parser = import_option,
		.args_doc = "FILE",
		.doc = "Write a kernel capture, or a trace, as an equivalent trace.\v"
		       "FILE may be compressed with zstd; - is standard input. A text trace is "
		       "written anew, each line in its usual form; --binary turns text into "
		       "a binary trace, and without it a binary trace becomes text.\n\n"
		       "Exit status: 0, or 2 for unusable arguments, input or output.",
	};
	struct zsim_parse p = { .argp = &argp, .name = "zsim-import", .args = args };
	enum zsim_action action;

	*args = (struct zsim_import_args){ 0 };
	action = zsim_parse_all(&p, argc, argv);
	if (action == ZSIM_ACTION_RUN && !args->file) {
		zsim_complain("%s: no file given; --help shows how to use it", zsim_self());
		return ZSIM_ACTION_REFUSE;
	}
	return action;
}
