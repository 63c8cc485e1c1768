/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_args.h - the command line of zsim-check.
 */
#ifndef ZSIM_SIM_CHECK_ARGS_H
#define ZSIM_SIM_CHECK_ARGS_H

#include <zsim/check.h>

#include "cli_parse.h"

/**
 * struct zsim_check_args - the command line of zsim-check
 * @options: but for its algorithm and its progress
 * @algo: NULL = each scenario's own; @set: constants to change; those that are 0 stay
 * @seconds_max: 0 = no limit
 * @list: no file is looked at, properties are listed
 * @trace, @json: NULL = not asked for
 */
struct zsim_check_args {
	struct zsim_usual usual;
	struct zsim_check_options options;
	const struct zsim_algo *algo;
	struct zsim_algo set;
	uint64_t seconds_max;
	bool list;
	bool quiet;
	bool verbose;
	const char *trace;
	const char *json;
};
enum zsim_action zsim_args_check(struct zsim_check_args *args, int argc, char **argv);

#endif
