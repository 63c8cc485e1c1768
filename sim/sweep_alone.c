/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sweep_alone.c - the one process of a program that was built without MPI */
#include <stdlib.h>

#include "sweep_ranks.h"

/* as a member of a crowd it would do all the work once more */
int zsim_sweep_ranks_start(struct zsim_sweep_ranks *r, int *argc, char ***argv, char *why)
{
	(void)argc;
	(void)argv;
	*r = (struct zsim_sweep_ranks){ .nr = 1, .neighbours = 1 };
	if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMI_SIZE"))
		return 0;
	return zsim_value_wrong(why, "started by mpirun, but built without MPI");
}

void zsim_sweep_ranks_plan(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int lost_after)
{
	(void)r;
	(void)plan;
	(void)lost_after;
}

bool zsim_sweep_ranks_poll(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b)
{
	(void)r;
	(void)b;
	return false;
}

int zsim_sweep_ranks_serve(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int jobs)
{
	(void)r;
	(void)plan;
	(void)jobs;
	return -EINVAL;
}

void zsim_sweep_ranks_end(struct zsim_sweep_ranks *r, int status)
{
	(void)r;
	(void)status;
}
