/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "import_args.h"

enum option_key {
	OPT_OUTPUT = 'o',
	OPT_BINARY = 0x100,
	OPT_TEXT,
	OPT_ZSTD,
};

static const struct argp_option options[] = {
	{ "output", OPT_OUTPUT, "FILE", 0, "write to FILE instead of standard output", 0 },
	{ "binary", OPT_BINARY, NULL, 0, "write a binary trace: smaller, and faster to read", 0 },
	{ "text", OPT_TEXT, NULL, 0, "write a text trace: the default", 0 },
	{ "zstd", OPT_ZSTD, "LEVEL", OPTION_ARG_OPTIONAL,
	  "compress what is written; LEVEL is 1 to 19, 3 without", 0 },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

static int option(int key, char *value, void *ctx, char *why)
{
	struct zsim_import_args *args = ctx;

	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_BINARY:
	case OPT_TEXT:
		args->binary = key == OPT_BINARY;
		return 0;
	case OPT_ZSTD:
		return zsim_value_zstd(value, &args->zstd_level, why);
	case ARGP_KEY_ARG:
		if (args->file)
			return zsim_value_wrong(why, "one file at a time");
		args->file = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *conflict(const void *ctx)
{
	const struct zsim_import_args *args = ctx;

	return args->file ? NULL : ZSIM_NO_FILE;
}

enum zsim_action zsim_args_import(struct zsim_import_args *args, int argc, char **argv)
{
	static const struct zsim_command command = {
		.name = "zsim-import",
		.args_doc = "FILE",
		.doc = "Write a kernel capture, or a trace, as an equivalent trace.\v"
		       "FILE may be compressed with zstd; - is standard input. A text trace is "
		       "written anew, each line in its usual form; --binary turns text into "
		       "a binary trace, and without it a binary trace becomes text.\n\n"
		       "Exit status: 0, or 2 for unusable arguments, input or output.",
		.options = options,
		.parts = { option },
		.conflict = conflict,
	};

	*args = (struct zsim_import_args){ 0 };
	return zsim_parse(&command, args, &args->usual, argc, argv);
}
