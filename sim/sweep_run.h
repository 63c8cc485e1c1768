/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_run.h - one run of a sweep, and what was measured.
 */
#ifndef ZSIM_SIM_SWEEP_RUN_H
#define ZSIM_SIM_SWEEP_RUN_H

#include <stdatomic.h>

#include "sweep_plan.h"

#define ZSIM_SWEEP_VALUES 40 /* room for what is measured */
#define ZSIM_SWEEP_ERROR 512

/**
 * struct zsim_sweep_result - plain numbers, which travel from process to process
 * @failed: the run could not be made, for the reason in @error; else @values are its
 * @violations: of invariants
 */
struct zsim_sweep_result {
	uint64_t run;
	uint32_t failed;
	uint32_t violations;
	int64_t values[ZSIM_SWEEP_VALUES];
	char error[ZSIM_SWEEP_ERROR];
};

/** struct zsim_sweep_keys - names of the @nr values; @share: the value is in hundredths */
struct zsim_sweep_keys {
	const char *key[ZSIM_SWEEP_VALUES];
	bool share[ZSIM_SWEEP_VALUES];
	size_t nr;
};
/** zsim_sweep_keys_init() - 0 or -ENOMEM; the names are static */
int zsim_sweep_keys_init(struct zsim_sweep_keys *keys);

/**
 * zsim_sweep_run() - make a run
 * @stop: soon after it becomes true the run is given up
 *
 * Return: 0 with @result filled, or -EINTR. Several threads may each make one.
 */
int zsim_sweep_run(const struct zsim_sweep_config *config, const atomic_bool *stop,
		   struct zsim_sweep_result *result);

#endif
