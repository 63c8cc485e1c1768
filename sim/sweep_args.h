/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_args.h - the command line of zsim-sweep.
 */
#ifndef ZSIM_SIM_SWEEP_ARGS_H
#define ZSIM_SIM_SWEEP_ARGS_H

#include "cli_parse.h"
#include "sweep_file.h"

/**
 * struct zsim_sweep_args - the command line of zsim-sweep
 * @plan: closed, to be freed
 * @output: NULL = standard output
 * @jobs: threads of each process; 0 = as many as it has cores
 * @lost_after: seconds after which a silent process is taken for lost
 * @list: show the runs, make none
 * @plot_x, @plot_y: columns to plot of @results, which is no sweep then; @plot_by: NULL = one line
 */
struct zsim_sweep_args {
	struct zsim_usual usual;
	struct zsim_sweep_plan plan;
	const char *output;
	enum zsim_sweep_format format;
	enum zsim_sweep_mode mode;
	unsigned int jobs;
	unsigned int lost_after;
	bool list;
	bool verbose;
	char *plot_x;
	const char *plot_y;
	const char *plot_by;
	const char *results;
};
enum zsim_action zsim_args_sweep(struct zsim_sweep_args *args, int argc, char **argv);
/** zsim_args_sweep_free() - what was allocated for them */
void zsim_args_sweep_free(struct zsim_sweep_args *args);

#endif
