/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_board.h - who makes which run, and what became of it.
 *
 * Threads of this process and other processes take runs from the board and give results
 * back. What a lost process had taken is given out again; a result that comes twice counts once.
 */
#ifndef ZSIM_SIM_SWEEP_BOARD_H
#define ZSIM_SIM_SWEEP_BOARD_H

#include <pthread.h>

#include "sweep_file.h"

#define ZSIM_SWEEP_NO_RUN UINT64_MAX

/**
 * struct zsim_sweep_board - all runs; its lock protects everything but @plan and @stop
 * @changed: a run came back, all are done, or @stop was set
 * @owner: by run: 0 = nobody, DONE, or the number of the process that makes it, plus 1
 * @first: no run before it waits to be made
 * @done: runs finished, those found in the file included
 * @err: the file could not be written: a negative errno
 */
struct zsim_sweep_board {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	const struct zsim_sweep_plan *plan;
	struct zsim_sweep_file *file;
	uint32_t *owner;
	uint64_t first;
	uint64_t done;
	int err;
	bool verbose;
	atomic_bool stop;
};

/**
 * zsim_sweep_board_init() - 0 or -ENOMEM; @file: open, closed by the caller after the board's end
 */
int zsim_sweep_board_init(struct zsim_sweep_board *b, const struct zsim_sweep_plan *plan,
			  struct zsim_sweep_file *file, bool verbose);
void zsim_sweep_board_destroy(struct zsim_sweep_board *b);
/**
 * zsim_sweep_board_take() - a run for process @rank
 * @wait: until there is one, as long as others may come back
 *
 * Return: ZSIM_SWEEP_NO_RUN if there is none (any more), or all shall stop.
 */
uint64_t zsim_sweep_board_take(struct zsim_sweep_board *b, uint32_t rank, bool wait);
/** zsim_sweep_board_give() - a run is finished */
void zsim_sweep_board_give(struct zsim_sweep_board *b, uint32_t rank,
			   const struct zsim_sweep_result *result);
/** zsim_sweep_board_lost() - a process is lost; how many runs go to others */
uint64_t zsim_sweep_board_lost(struct zsim_sweep_board *b, uint32_t rank);
/** zsim_sweep_board_stop() - no further run; those under way are given up */
void zsim_sweep_board_stop(struct zsim_sweep_board *b);
/** zsim_sweep_board_over() - all is done, or stopped; waits up to @milliseconds for that */
bool zsim_sweep_board_over(struct zsim_sweep_board *b, long milliseconds);
/** zsim_sweep_board_done() - how many are */
uint64_t zsim_sweep_board_done(struct zsim_sweep_board *b, uint64_t *wrong);

#endif
