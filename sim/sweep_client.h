/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_client.h - a process that makes runs for process 0, and what the two say.
 */
#ifndef ZSIM_SIM_SWEEP_CLIENT_H
#define ZSIM_SIM_SWEEP_CLIENT_H

#include <mpi.h>

#include "sweep_ranks.h"

#define ZSIM_SWEEP_QUEUE 1024 /* runs that a process may have before it */

/** enum zsim_sweep_message - tags of messages */
enum zsim_sweep_message {
	ZSIM_SWEEP_ASK =
		1, /* to 0: the plan's hash, and how many runs are wanted: also a sign of life */
	ZSIM_SWEEP_RESULT, /* to 0: a struct zsim_sweep_result */
	ZSIM_SWEEP_WORK,   /* from 0, the answer to ASK: numbers of runs, perhaps none */
	ZSIM_SWEEP_QUIT,   /* from 0: no more; an int, 0 if somebody is lost */
};

/**
 * zsim_sweep_send() - a message to a process that may be dead, for which MPI_Send() may wait for
 * ever
 *
 * Return: it is on its way; false: not within @patience_ns.
 */
bool zsim_sweep_send(const void *data, int count, MPI_Datatype type, uint32_t rank,
		     enum zsim_sweep_message tag, uint64_t patience_ns);

/**
 * zsim_sweep_client() - until process 0 says quit (0), or nothing (-ECONNRESET); @complete: nobody
 * is lost
 */
int zsim_sweep_client(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
		      unsigned int jobs, bool *complete);

#endif
