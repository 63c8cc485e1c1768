/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_plan.h - which runs a sweep consists of.
 *
 * A plan is a list of grids, a grid the product of inputs (workloads and trace files)
 * and dimensions (algorithms, constants, parameters, fields of workloads). A run is a
 * number; what it is to do is worked out from that, so that a plan of a million runs
 * takes no more memory than the command line.
 */
#ifndef ZSIM_SIM_SWEEP_PLAN_H
#define ZSIM_SIM_SWEEP_PLAN_H

#include "cli_value.h"
#include "sweep_list.h"

#define ZSIM_SWEEP_MAX_RUNS 1000000u

/** enum zsim_sweep_kind - what a dimension changes */
enum zsim_sweep_kind {
	ZSIM_SWEEP_ALGO,
	ZSIM_SWEEP_SET,	  /* a constant of the algorithm */
	ZSIM_SWEEP_PARAM, /* a module parameter */
	ZSIM_SWEEP_VARY,  /* a field of the workload; trace files have none */
};

/** struct zsim_sweep_dimension - @name: of the constant, parameter or field */
struct zsim_sweep_dimension {
	enum zsim_sweep_kind kind;
	char *name;
	struct zsim_sweep_list list;
};

/**
 * struct zsim_sweep_grid - inputs times dimensions
 * @workloads: each as "KEY=VALUE,..."; @files: traces
 */
struct zsim_sweep_grid {
	struct zsim_sweep_list workloads;
	struct zsim_sweep_list files;
	struct zsim_sweep_dimension *dimensions;
	size_t nr_dimensions;
	uint64_t runs;
};

/** struct zsim_sweep_plan - @runs: of all its grids */
struct zsim_sweep_plan {
	struct zsim_sweep_grid *grids;
	size_t nr_grids;
	uint64_t runs;
};

/** struct zsim_sweep_config - one run; @file NULL: the workload */
struct zsim_sweep_config {
	uint64_t run;
	const char *file;
	struct zsim_workload workload;
	struct zsim_algo algo;
	struct zsim_params params;
};

/** zsim_sweep_plan_grid() - a further, empty grid; NULL without memory */
struct zsim_sweep_grid *zsim_sweep_plan_grid(struct zsim_sweep_plan *plan);
/*
 * What follows adds to a grid; 0, or -EINVAL with @why saying what is wrong with the text
 * (-ENOMEM and -ERANGE too).
 */
int zsim_sweep_grid_workload(struct zsim_sweep_grid *grid, const char *text, char *why);
int zsim_sweep_grid_file(struct zsim_sweep_grid *grid, const char *file, char *why);
/** @text: "NAME=LIST", or a list alone for ZSIM_SWEEP_ALGO */
int zsim_sweep_grid_dimension(struct zsim_sweep_grid *grid, enum zsim_sweep_kind kind,
			      const char *text, char *why);
/** zsim_sweep_plan_close() - all is there: count the runs; errors as above */
int zsim_sweep_plan_close(struct zsim_sweep_plan *plan, char *why);
/** zsim_sweep_plan_config() - what run @run (below plan->runs) is; strings belong to the plan */
void zsim_sweep_plan_config(const struct zsim_sweep_plan *plan, uint64_t run,
			    struct zsim_sweep_config *config);
/** zsim_sweep_plan_hash() - the same for the same plan and the same version of zsim */
uint64_t zsim_sweep_plan_hash(const struct zsim_sweep_plan *plan);
void zsim_sweep_plan_free(struct zsim_sweep_plan *plan);

#endif
