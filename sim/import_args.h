/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import_args.h - the command line of zsim-import.
 */
#ifndef ZSIM_SIM_IMPORT_ARGS_H
#define ZSIM_SIM_IMPORT_ARGS_H

#include "cli_parse.h"

/**
 * struct zsim_import_args - the command line of zsim-import
 * @output: NULL = standard output
 * @zstd_level: 0 = not compressed
 */
struct zsim_import_args {
	struct zsim_usual usual;
	const char *file;
	const char *output;
	bool binary;
	int zstd_level;
};
enum zsim_action zsim_args_import(struct zsim_import_args *args, int argc, char **argv);

#endif
