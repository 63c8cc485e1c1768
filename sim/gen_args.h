/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen_args.h - the command line of zsim-gen.
 */
#ifndef ZSIM_SIM_GEN_ARGS_H
#define ZSIM_SIM_GEN_ARGS_H

#include <zsim/workload.h>

#include "cli_parse.h"

/** struct zsim_gen_args - the command line of zsim-gen; @output NULL = standard output */
struct zsim_gen_args {
	struct zsim_usual usual;
	struct zsim_workload workload;
	const char *output;
	bool binary;
	int zstd_level;
};
enum zsim_action zsim_args_gen(struct zsim_gen_args *args, int argc, char **argv);

#endif
