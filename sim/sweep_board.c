/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_board.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DONE UINT32_MAX

int zsim_sweep_board_init(struct zsim_sweep_board *b, const struct zsim_sweep_plan *plan,
			  struct zsim_sweep_file *file, bool verbose)
{
	*b = (struct zsim_sweep_board){ .plan = plan, .file = file, .verbose = verbose };
	b->owner = calloc(plan->runs, sizeof(*b->owner));
	if (!b->owner)
		return -ENOMEM;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	for (uint64_t run = 0; run < plan->runs; run++) {
		if (!zsim_sweep_file_has(file, run))
			continue;
		b->owner[run] = DONE;
		b->done++;
		if (verbose)
			fprintf(stderr, "run %" PRIu64 ": found\n", run);
	}
	return 0;
}

void zsim_sweep_board_destroy(struct zsim_sweep_board *b)
{
	if (!b->owner)
		return;
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->changed);
	free(b->owner);
}

static bool over(const struct zsim_sweep_board *b)
{
	return b->stop || b->done == b->plan->runs;
}

static uint64_t find(struct zsim_sweep_board *b)
{
	while (b->first < b->plan->runs && b->owner[b->first])
		b->first++;
	return b->first < b->plan->runs ? b->first : ZSIM_SWEEP_NO_RUN;
}

uint64_t zsim_sweep_board_take(struct zsim_sweep_board *b, uint32_t rank, bool wait)
{
	uint64_t run = ZSIM_SWEEP_NO_RUN;

	pthread_mutex_lock(&b->lock);
	while (!over(b)) {
		run = find(b);
		if (run != ZSIM_SWEEP_NO_RUN || !wait)
			break;
		pthread_cond_wait(&b->changed, &b->lock);
	}
	if (run != ZSIM_SWEEP_NO_RUN)
		b->owner[run] = rank + 1;
	pthread_mutex_unlock(&b->lock);
	return run;
}

static void stop(struct zsim_sweep_board *b)
{
	b->stop = true;
	pthread_cond_broadcast(&b->changed);
}

static void record(struct zsim_sweep_board *b, uint32_t rank,
		   const struct zsim_sweep_result *result)
{
	b->err = zsim_sweep_file_put(b->file, result);
	if (b->err) {
		stop(b);
		return;
	}
	b->owner[result->run] = DONE;
	b->done++;
	if (b->verbose)
		fprintf(stderr, "run %" PRIu64 ": recorded, made by process %" PRIu32 "\n",
			result->run, rank);
	if (over(b))
		pthread_cond_broadcast(&b->changed);
}

void zsim_sweep_board_give(struct zsim_sweep_board *b, uint32_t rank,
			   const struct zsim_sweep_result *result)
{
	pthread_mutex_lock(&b->lock);
	if (result->run < b->plan->runs && b->owner[result->run] != DONE && !b->err)
		record(b, rank, result);
	pthread_mutex_unlock(&b->lock);
}

uint64_t zsim_sweep_board_lost(struct zsim_sweep_board *b, uint32_t rank)
{
	uint64_t nr = 0;

	pthread_mutex_lock(&b->lock);
	for (uint64_t run = b->plan->runs; run-- > 0;) {
		if (b->owner[run] != rank + 1)
			continue;
		b->owner[run] = 0;
		if (run < b->first)
			b->first = run;
		nr++;
	}
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
	return nr;
}

void zsim_sweep_board_stop(struct zsim_sweep_board *b)
{
	pthread_mutex_lock(&b->lock);
	stop(b);
	pthread_mutex_unlock(&b->lock);
}

static struct timespec later(long milliseconds)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += milliseconds * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

bool zsim_sweep_board_over(struct zsim_sweep_board *b, long milliseconds)
{
	struct timespec until = later(milliseconds);
	bool result;

	pthread_mutex_lock(&b->lock);
	if (!over(b) && milliseconds)
		pthread_cond_timedwait(&b->changed, &b->lock, &until);
	result = over(b);
	pthread_mutex_unlock(&b->lock);
	return result;
}

uint64_t zsim_sweep_board_done(struct zsim_sweep_board *b, uint64_t *wrong)
{
	uint64_t done;

	pthread_mutex_lock(&b->lock);
	done = b->done;
	*wrong = b->file->wrong;
	pthread_mutex_unlock(&b->lock);
	return done;
}
