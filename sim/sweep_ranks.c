/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_ranks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli_out.h"
#include "interrupt.h"
#include "sweep_client.h"

#define PATIENCE_NS 1000000000u /* with one process that does not listen, as long as others wait */

/* ---- start and end ---------------------------------------------------------------- */

/* mpirun's of Open MPI, and of MPICH and its kin, leave these in the environment; MPI_Init()
 * without one of them starts daemons */
static bool by_mpirun(void)
{
	return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE") || getenv("PMIX_RANK");
}

static uint32_t count_neighbours(void)
{
	MPI_Comm machine;
	int nr = 1;

	if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine))
		return 1;
	MPI_Comm_size(machine, &nr);
	MPI_Comm_free(&machine);
	return (uint32_t)nr;
}

int zsim_sweep_ranks_start(struct zsim_sweep_ranks *r, int *argc, char ***argv, char *why)
{
	int thread, rank, nr;

	*r = (struct zsim_sweep_ranks){ .nr = 1, .neighbours = 1 };
	if (!by_mpirun())
		return 0;
	if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &thread)) {
		return zsim_value_wrong(why, "MPI cannot be started");
	}
	/* the death of another process shall not be ours */
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &nr);
	r->rank = (uint32_t)rank;
	r->nr = (uint32_t)nr;
	r->neighbours = count_neighbours();
	r->heard_ns = calloc(r->nr, sizeof(*r->heard_ns));
	r->alive = calloc(r->nr, sizeof(*r->alive));
	r->started = true;
	if (r->heard_ns && r->alive)
		return 0;
	return zsim_value_wrong(why, "out of memory");
}

void zsim_sweep_ranks_plan(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int lost_after)
{
	if (!r->started)
		return;
	r->hash = zsim_sweep_plan_hash(plan);
	r->lost_after_ns = (uint64_t)lost_after * 1000000000u;
	for (uint32_t i = 0; i < r->nr; i++) {
		r->heard_ns[i] = zsim_now_ns();
		r->alive[i] = true;
	}
}

/* MPI's own end waits for everybody, so it is for those who are complete */
static void leave(struct zsim_sweep_ranks *r, bool complete, int status)
{
	free(r->heard_ns);
	free(r->alive);
	r->started = false;
	if (complete) {
		MPI_Finalize();
		return;
	}
	fflush(NULL);
	_exit(status);
}

void zsim_sweep_ranks_end(struct zsim_sweep_ranks *r, int status)
{
	int complete = r->nr_lost == 0;

	if (!r->started)
		return;
	for (uint32_t i = 1; i < r->nr && !r->rank; i++)
		if (r->alive[i])
			zsim_sweep_send(&complete, 1, MPI_INT, i, ZSIM_SWEEP_QUIT, PATIENCE_NS);
	leave(r, complete, status);
}

/* ---- process 0 --------------------------------------------------------------------- */

static void give_work(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b, uint32_t rank,
		      uint64_t want)
{
	uint64_t runs[ZSIM_SWEEP_QUEUE];
	int nr = 0;

	while (want-- && nr < ZSIM_SWEEP_QUEUE) {
		runs[nr] = zsim_sweep_board_take(b, rank, false);
		if (runs[nr] == ZSIM_SWEEP_NO_RUN)
			break;
		nr++;
	}
	if (!zsim_sweep_send(runs, nr, MPI_UINT64_T, rank, ZSIM_SWEEP_WORK, PATIENCE_NS))
		r->heard_ns[rank] = 0; /* it asked, and does not listen: lost */
}

static void hear_ask(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b, uint32_t rank)
{
	uint64_t ask[2] = { 0, 0 };

	MPI_Recv(ask, 2, MPI_UINT64_T, (int)rank, ZSIM_SWEEP_ASK, MPI_COMM_WORLD,
		 MPI_STATUS_IGNORE);
	if (ask[0] == r->hash) {
		give_work(r, b, rank, ask[1]);
		return;
	}
	zsim_complain("%s: process %" PRIu32 " has another plan, or is another version of zsim",
		      "zsim-sweep", rank);
	b->err = -EPROTO;
	zsim_sweep_board_stop(b);
}

static void hear_result(struct zsim_sweep_board *b, uint32_t rank)
{
	struct zsim_sweep_result result;

	if (!MPI_Recv(&result, (int)sizeof(result), MPI_BYTE, (int)rank, ZSIM_SWEEP_RESULT,
		      MPI_COMM_WORLD, MPI_STATUS_IGNORE))
		zsim_sweep_board_give(b, rank, &result);
}

/* one that was given up may have been asleep: what it sends counts as far as it is news */
static void hear(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b, const MPI_Status *status)
{
	uint32_t rank = (uint32_t)status->MPI_SOURCE;

	r->heard_ns[rank] = zsim_now_ns();
	if (!r->alive[rank]) {
		r->alive[rank] = true;
		r->nr_lost--;
	}
	if (status->MPI_TAG == ZSIM_SWEEP_ASK)
		hear_ask(r, b, rank);
	else
		hear_result(b, rank);
}

static void look_for_lost(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b)
{
	uint64_t now = zsim_now_ns();

	for (uint32_t i = 1; i < r->nr; i++) {
		if (!r->alive[i] || now - r->heard_ns[i] < r->lost_after_ns)
			continue;
		r->alive[i] = false;
		r->nr_lost++;
		zsim_complain("zsim-sweep: process %" PRIu32 " is lost; others make its %" PRIu64
			      " runs",
			      i, zsim_sweep_board_lost(b, i));
	}
}

bool zsim_sweep_ranks_poll(struct zsim_sweep_ranks *r, struct zsim_sweep_board *b)
{
	MPI_Status status;
	bool any = false;
	int there = 1;

	if (!r->started)
		return false;
	while (!MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) && there) {
		hear(r, b, &status);
		any = true;
	}
	look_for_lost(r, b);
	return any;
}

/* ---- the others ------------------------------------------------------------------------ */

int zsim_sweep_ranks_serve(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
			   unsigned int jobs)
{
	bool complete = false;
	int err = zsim_sweep_client(r, plan, jobs, &complete);

	if (err == -ECONNRESET && !zsim_interrupted())
		zsim_complain("zsim-sweep: process %" PRIu32 " hears nothing of process 0",
			      r->rank);
	leave(r, complete, err ? ZSIM_EXIT_UNUSABLE : ZSIM_EXIT_OK);
	return err;
}
