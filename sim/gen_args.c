/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gen_args.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli_args.h"

#define ZSTD_LEVEL 3
#define ZSTD_LEVEL_MAX 19
#define MAX_FIELDS 32

#define GROUP_SIZE 1
#define GROUP_EVENTS 2
#define GROUP_OUTPUT 3

enum option_key {
	OPT_OUTPUT = 'o',
	OPT_BINARY = 0x100,
	OPT_ZSTD,
	OPT_PROGRESS,
	OPT_NO_PROGRESS,
	OPT_FIELD, /* this and all above: a field of the workload */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "How large it is (k, M and G are thousands):", GROUP_SIZE },
	{ "entries", OPT_FIELD, "N", 0, "live entries, 1 to 100M; default 100k", GROUP_SIZE },
	{ "events", OPT_FIELD + 1, "N", 0,
	  "page events behind the fill that brings them in; default 1M", GROUP_SIZE },
	{ "groups", OPT_FIELD + 2, "N", 0, "1 to 1M; default 100", GROUP_SIZE },
	{ "depth", OPT_FIELD + 3, "N", 0, "levels of their tree, 1 to 16; default 3", GROUP_SIZE },
	{ "nodes", OPT_FIELD + 4, "N", 0, "memory nodes, 1 to 64; default 1", GROUP_SIZE },
	{ "seed", OPT_FIELD + 5, "N", 0, "other events of the same kind; default 1", GROUP_SIZE },
	{ NULL, 0, NULL, 0, "What happens in it:", GROUP_EVENTS },
	{ "preset", OPT_FIELD + 6, "NAME", 0,
	  "a mix of events, which other options may change: steady (the default), writeback, "
	  "requests, loads or churn",
	  GROUP_EVENTS },
	{ "stores", OPT_FIELD + 7, "N", 0,
	  "share of stores among page events, beside those of loads and invalidates",
	  GROUP_EVENTS },
	{ "loads", OPT_FIELD + 8, "N", 0, "share of loads", GROUP_EVENTS },
	{ "invalidates", OPT_FIELD + 9, "N", 0, "share of invalidates", GROUP_EVENTS },
	{ "zipf", OPT_FIELD + 10, "S", 0,
	  "popularity: the k-th page in proportion to 1/k^S, 0 to 2; default 0.9", GROUP_EVENTS },
	{ "layout", OPT_FIELD + 11, "NAME", 0, "of slots: dense (the default) or sparse",
	  GROUP_EVENTS },
	{ "lengths", OPT_FIELD + 12, "LENGTHS", 0,
	  "compressed bytes: N, MIN-MAX or mix, the default", GROUP_EVENTS },
	{ "incompressible", OPT_FIELD + 13, "N", 0,
	  "how many of 1000 pages of a mix do not compress; default 50", GROUP_EVENTS },
	{ "pool-percent", OPT_FIELD + 14, "N", 0,
	  "room of the pool in percent of what the entries need; 0: enough", GROUP_EVENTS },
	{ "reclaim-every", OPT_FIELD + 15, "N", 0,
	  "after so many page events a group is asked for writeback; 0: never", GROUP_EVENTS },
	{ "reclaim-bytes", OPT_FIELD + 16, "BYTES", 0, "how much it is asked for; default 256K",
	  GROUP_EVENTS },
	{ "churn-every", OPT_FIELD + 17, "N", 0,
	  "after so many page events a group is removed, and made again; 0: never", GROUP_EVENTS },
	{ NULL, 0, NULL, 0, "Where it goes:", GROUP_OUTPUT },
	{ "output", OPT_OUTPUT, "FILE", 0, "instead of standard output", GROUP_OUTPUT },
	{ "binary", OPT_BINARY, NULL, 0, "a binary trace: smaller, and faster to read",
	  GROUP_OUTPUT },
	{ "zstd", OPT_ZSTD, "LEVEL", OPTION_ARG_OPTIONAL, "compressed; LEVEL is 1 to 19, 3 without",
	  GROUP_OUTPUT },
	{ "progress", OPT_PROGRESS, NULL, 0, "show how far it is: the default on a terminal",
	  GROUP_OUTPUT },
	{ "no-progress", OPT_NO_PROGRESS, NULL, 0, "do not show it", GROUP_OUTPUT },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

/** struct parsing - a command line under way; @fields: values, by key minus OPT_FIELD */
struct parsing {
	struct zsim_parse p;
	struct zsim_gen_args *args;
	const char *fields[MAX_FIELDS];
};

static int level(struct zsim_gen_args *args, const char *value)
{
	uint64_t number = ZSTD_LEVEL;

	if (value && (zsim_args_number(value, &number) || !number || number > ZSTD_LEVEL_MAX)) {
		zsim_complain("%s: --zstd wants a level from 1 to %d, not '%s'", zsim_self(),
			      ZSTD_LEVEL_MAX, value);
		return EINVAL;
	}
	args->zstd_level = (int)number;
	return 0;
}

static error_t output_option(int key, char *value, struct zsim_gen_args *args)
{
	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_BINARY:
		args->binary = true;
		return 0;
	case OPT_ZSTD:
		return level(args, value);
	case OPT_PROGRESS:
	case OPT_NO_PROGRESS:
		args->progress = key == OPT_PROGRESS;
		return 0;
	case ARGP_KEY_ARG:
		zsim_complain("%s: no file is read: '%s'", zsim_self(), value);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t option(int key, char *value, struct argp_state *state)
{
	struct parsing *c = state->input;
	error_t err;

	if (key >= OPT_FIELD && key < OPT_FIELD + MAX_FIELDS) {
		c->fields[key - OPT_FIELD] = value;
		return 0;
	}
	err = zsim_parse_common(key, &c->p, state);
	if (err == ARGP_ERR_UNKNOWN)
		err = output_option(key, value, c->args);
	return err == EINVAL ? zsim_parse_refuse(&c->p) : err;
}

/* an option's name is the field's, but for the dash */
static int set_field(struct zsim_workload *w, const char *name, const char *value)
{
	char key[32];

	snprintf(key, sizeof(key), "%s", name);
	for (char *p = key; *p; p++)
		if (*p == '-')
			*p = '_';
	if (!zsim_workload_set(w, key, value))
		return 0;
	zsim_complain("%s: --%s cannot be '%s'; --help shows what can", zsim_self(), name, value);
	return -EINVAL;
}

/* the preset first, wherever it stood */
static int set_fields(struct parsing *c, bool preset)
{
	int err = 0;

	for (const struct argp_option *o = options; (o->name || o->doc) && !err; o++) {
		bool field = o->name && o->key >= OPT_FIELD && c->fields[o->key - OPT_FIELD];

		if (field && !strcmp(o->name, "preset") == preset)
			err = set_field(&c->args->workload, o->name, c->fields[o->key - OPT_FIELD]);
	}
	return err;
}

static enum zsim_action fields(struct parsing *c)
{
	const struct zsim_workload *w = &c->args->workload;

	if (set_fields(c, true) || set_fields(c, false))
		return ZSIM_ACTION_REFUSE;
	if (w->stores || w->loads || w->invalidates)
		return ZSIM_ACTION_RUN;
	zsim_complain("%s: a workload of no stores, loads or invalidates", zsim_self());
	return ZSIM_ACTION_REFUSE;
}

enum zsim_action zsim_args_gen(struct zsim_gen_args *args, int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = option,
		.doc = "Make up a trace of any size.\v"
		       "The same options give the same trace on every machine.\n\n"
		       "Exit status: 0, or 2 for unusable arguments or output.",
	};
	struct parsing c = {
		.p = { .argp = &argp, .name = "zsim-gen", .args = args },
		.args = args,
	};
	enum zsim_action action;

	*args = (struct zsim_gen_args){ .progress = isatty(STDERR_FILENO) };
	zsim_workload_init(&args->workload);
	action = zsim_parse_all(&c.p, argc, argv);
	return action == ZSIM_ACTION_RUN ? fields(&c) : action;
}
