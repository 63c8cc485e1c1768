/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_team.h - threads that make runs, wherever these come from.
 */
#ifndef ZSIM_SIM_SWEEP_TEAM_H
#define ZSIM_SIM_SWEEP_TEAM_H

#include <pthread.h>

#include "sweep_board.h"

#define ZSIM_SWEEP_MAX_JOBS 256u

/**
 * struct zsim_sweep_source - where runs come from and results go
 * @take: waits for a run; ZSIM_SWEEP_NO_RUN: there will be none
 * @give: takes a result; both are called from several threads
 * @stop: runs are given up when it is set
 */
struct zsim_sweep_source {
	uint64_t (*take)(void *ctx);
	void (*give)(void *ctx, const struct zsim_sweep_result *result);
	void *ctx;
	const atomic_bool *stop;
};

/** struct zsim_sweep_team - @nr threads at work */
struct zsim_sweep_team {
	const struct zsim_sweep_plan *plan;
	struct zsim_sweep_source source;
	pthread_t threads[ZSIM_SWEEP_MAX_JOBS];
	unsigned int nr;
};

/**
 * zsim_sweep_team_start() - up to @jobs threads (1..ZSIM_SWEEP_MAX_JOBS); 0, or -errno if there is
 * none
 */
int zsim_sweep_team_start(struct zsim_sweep_team *team, const struct zsim_sweep_plan *plan,
			  const struct zsim_sweep_source *source, unsigned int jobs);
/** zsim_sweep_team_join() - wait until there are no runs left */
void zsim_sweep_team_join(struct zsim_sweep_team *team);

#endif
