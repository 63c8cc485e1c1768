/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_ranks.h - a sweep in several processes, by MPI.
 *
 * Process 0 has the board and the file; the others ask it for runs and send results.
 * All of them say now and then that they live: what a silent one had is given to others
 * (if mpirun lets the others live on: --enable-recovery), and whoever does not hear of
 * process 0 ends. Without MPI at build time, or not started by mpirun, a program is
 * process 0 of 1.
 */
#ifndef ZSIM_SIM_SWEEP_RANKS_H
#define ZSIM_SIM_SWEEP_RANKS_H

#include "sweep_board.h"

/**
 * struct zsim_sweep_ranks - the processes
 * @rank: this one; @nr: all
 * @neighbours: of @nr, those on this machine, this one included
 * @lost_after_ns: silence that means death
 * @heard_ns: by process: when it was heard of last
 * @alive: by process: @nr_lost are not
 * @hash: of the plan, which must be the same for all
 * @started: MPI is in use
 */
struct zsim_sweep_ranks {
	uint32_t rank;
	uint32_t nr;
	uint32_t neighbours;
	uint64_t lost_after_ns;
	uint64_t *heard_ns;
	bool *alive;
	uint32_t nr_lost;
	uint64_t hash;
	bool started;
};

/** zsim_sweep_ranks_start() - before anything else; 0, or -EINVAL with @why */
int zsim_sweep_ranks_start(struct zsim_sweep_ranks *r, int *argc, char ***argv, char *why);
/** zsim_sweep_ranks_plan() - all processes know their plan now */
void zsim_sweep_ranks_plan(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int lost_after);
/** zsim_sweep_ranks_poll() - process 0: hear the others, and answer; true if there was anything */
bool zsim_sweep_ranks_poll(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b);
/** zsim_sweep_ranks_serve() - another process: make runs until process 0 has no more; 0, or
 * -errno. Does not return if a process is lost */
int zsim_sweep_ranks_serve(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int jobs);
/** zsim_sweep_ranks_end() - process 0 sends the others home; does not return if one is lost */
void zsim_sweep_ranks_end(struct zsim_sweep_ranks *r, int status);

#endif
