/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gen_args.h"

#include <stdio.h>
#include <string.h>

#define MAX_FIELDS 32

#define GROUP_SIZE 1
#define GROUP_EVENTS 2
#define GROUP_OUTPUT 3

enum option_key {
	OPT_OUTPUT = 'o',
	OPT_BINARY = 0x100,
	OPT_ZSTD,
	OPT_FIELD, /* this and MAX_FIELDS - 1 above: a field of the workload */
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
	ZSIM_PARSE_PROGRESS("it", GROUP_OUTPUT),
	ZSIM_PARSE_COMMON,
	{ 0 },
};

/** struct parsing - a command line under way; @fields: values, by key minus OPT_FIELD */
struct parsing {
	struct zsim_gen_args *args;
	const char *fields[MAX_FIELDS];
};

static int output_option(int key, char *value, void *ctx, char *why)
{
	const struct parsing *c = ctx;
	struct zsim_gen_args *args = c->args;

	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_BINARY:
		args->binary = true;
		return 0;
	case OPT_ZSTD:
		return zsim_value_zstd(value, &args->zstd_level, why);
	case ARGP_KEY_ARG:
		return zsim_value_wrong(why, "no file is read: '%s'", value);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_field(int key)
{
	return key >= OPT_FIELD && key < OPT_FIELD + MAX_FIELDS;
}

static int field_option(int key, char *value, void *ctx, char *why)
{
	struct parsing *c = ctx;

	(void)why; /* a field is looked at when all are there */
	if (!is_field(key))
		return ARGP_ERR_UNKNOWN;
	c->fields[key - OPT_FIELD] = value;
	return 0;
}

/* an option's name is the field's, but for the dash */
static int set_field(struct zsim_workload *w, const char *name, const char *value, char *why)
{
	char key[32];

	snprintf(key, sizeof(key), "%s", name);
	for (char *p = key; *p; p++)
		if (*p == '-')
			*p = '_';
	if (!zsim_workload_set(w, key, value))
		return 0;
	return zsim_value_wrong(why, "--%s cannot be '%s'; --help shows what can", name, value);
}

/* the preset first, wherever it stood */
static int set_fields(const struct parsing *c, bool preset, char *why)
{
	int err = 0;

	for (const struct argp_option *o = options; (o->name || o->doc) && !err; o++) {
		const char *value = is_field(o->key) ? c->fields[o->key - OPT_FIELD] : NULL;

		if (value && !strcmp(o->name, "preset") == preset)
			err = set_field(&c->args->workload, o->name, value, why);
	}
	return err;
}

static enum zsim_action fields(const struct parsing *c)
{
	char why[ZSIM_WHY];

	if (set_fields(c, true, why) || set_fields(c, false, why) ||
	    zsim_value_workload(&c->args->workload, why))
		return zsim_parse_refuse(why);
	return ZSIM_ACTION_RUN;
}

enum zsim_action zsim_args_gen(struct zsim_gen_args *args, int argc, char **argv)
{
	static const struct zsim_command command = {
		.name = "zsim-gen",
		.doc = "Make up a trace of any size.\v"
		       "The same options give the same trace on every machine.\n\n"
		       "Exit status: 0, or 2 for unusable arguments or output.",
		.options = options,
		.parts = { field_option, output_option },
	};
	struct parsing c = { .args = args };
	enum zsim_action action;

	*args = (struct zsim_gen_args){ 0 };
	zsim_workload_init(&args->workload);
	action = zsim_parse(&command, &c, &args->usual, argc, argv);
	return action == ZSIM_ACTION_RUN ? fields(&c) : action;
}
