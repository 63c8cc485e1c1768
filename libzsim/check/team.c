/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * team.c - several divers: they share the set of seen states, and whoever has
 * nothing to do gets the untried actions of the lowest frame of one that has.
 */
#include <errno.h>
#include <string.h>

#include "check/diver.h"

/** struct job - work to hand on: a start, or a frame with its world and how it was reached */
struct job {
	struct job *next;
	bool is_start;
	uint32_t choice;
	struct zsim_frame frame;
	uint32_t nr_path;
	uint16_t *path;
	uint16_t *actions;
};

/** struct zsim_team - @busy: divers at work; when none is and no job is left, all is done */
struct zsim_team {
	struct zsim_hunt *hunt;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job *jobs;
	uint32_t busy;
	atomic_uint hungry;
};

bool zsim_team_hungry(const struct zsim_team *team)
{
	return atomic_load_explicit(&team->hungry, memory_order_relaxed);
}

static void job_free(struct zsim_hunt *h, struct job *job)
{
	if (!job)
		return;
	zsim_dealloc(h->alloc, job->actions);
	zsim_dealloc(h->alloc, job->path);
	zsim_dealloc(h->alloc, job);
}

static void job_add(struct zsim_team *team, struct job *job)
{
	pthread_mutex_lock(&team->lock);
	job->next = team->jobs;
	team->jobs = job;
	pthread_cond_signal(&team->wake);
	pthread_mutex_unlock(&team->lock);
}

static int start_add(struct zsim_team *team, uint32_t choice)
{
	struct job *job = zsim_zalloc(team->hunt->alloc, sizeof(*job));

	if (!job)
		return -ENOMEM;
	job->is_start = true;
	job->choice = choice;
	job_add(team, job);
	return 0;
}

/* ---- giving -------------------------------------------------------------------------- */

static struct job *job_new(const struct zsim_diver *d, const struct zsim_frame *f, uint32_t nr_path)
{
	const struct zsim_allocator *alloc = d->hunt->alloc;
	struct job *job = zsim_zalloc(alloc, sizeof(*job) + d->world.frozen_size);
	uint32_t left = f->nr - f->next;

	if (!job)
		return NULL;
	job->choice = d->choice;
	job->frame = *f;
	job->frame.frozen = job + 1;
	job->frame.is_frozen = true;
	job->nr_path = nr_path;
	job->actions = zsim_alloc(alloc, left * sizeof(*job->actions));
	job->path = zsim_alloc(alloc, (nr_path + 1) * sizeof(*job->path));
	if (!job->actions || !job->path) {
		job_free(d->hunt, job);
		return NULL;
	}
	zsim_world_freeze(&d->world, job + 1);
	for (uint32_t i = 0; i < left; i++)
		job->actions[i] = d->tries[f->first + f->next + i].action;
	memcpy(job->path, d->path, nr_path * sizeof(*job->path));
	return job;
}

/* an actor whose last action was tried here is done with, which the next one's turn would show */
static uint8_t done_of(const struct zsim_diver *d, const struct zsim_frame *f)
{
	const struct zsim_try *try = d->tries + f->first + f->next;
	uint32_t before = f->next ? ZSIM_ACTION_PLAYER(try[-1].action) : 0;

	if (!f->next || before == ZSIM_ACTION_PLAYER(try->action))
		return f->done;
	return (uint8_t)(f->done | (1u << before & ~f->skip));
}

int zsim_team_give(struct zsim_diver *d)
{
	struct zsim_frame *f;
	struct job *job;
	uint32_t nr, at = 0;
	int rc;

	while (at + 1 < d->depth && d->frame[at]->next == d->frame[at]->nr)
		at++;
	if (at + 1 >= d->depth)
		return 0;
	f = d->frame[at];
	rc = zsim_diver_path(d, &nr);
	if (!rc)
		rc = zsim_diver_world(d, at + 1);
	job = rc ? NULL : job_new(d, f, d->nr_prefix + at);
	if (!job)
		return -ENOMEM;
	job->frame.done = done_of(d, f);
	job->frame.first = 0;
	job->frame.next = 0;
	job->frame.nr = f->nr - f->next;
	f->nr = f->next;
	job_add(d->team, job);
	return 0;
}

/* ---- taking ----------------------------------------------------------------------------- */

static int frame_take(struct zsim_diver *d, const struct job *job)
{
	struct zsim_frame *f;
	void *frozen;
	int rc;

	d->depth = 0;
	rc = zsim_diver_frame(d);
	if (!rc)
		rc = zsim_diver_room(d, (void **)&d->path, &d->path_room, job->nr_path + 1,
				     sizeof(*d->path));
	if (!rc)
		rc = zsim_diver_room(d, (void **)&d->tries, &d->tries_room, job->frame.nr,
				     sizeof(*d->tries));
	if (rc)
		return rc;
	f = d->frame[0];
	frozen = f->frozen;
	*f = job->frame;
	f->frozen = frozen;
	memcpy(frozen, job->frame.frozen, d->world.frozen_size);
	memcpy(d->path, job->path, job->nr_path * sizeof(*d->path));
	for (uint32_t i = 0; i < f->nr; i++)
		d->tries[i] = (struct zsim_try){ .row = f->row, .action = job->actions[i] };
	d->nr_prefix = job->nr_path;
	d->nr_tries = f->nr;
	d->choice = job->choice;
	d->depth = 1;
	d->world_at = 0;
	rc = zsim_diver_world(d, 1);
	return rc ? rc : zsim_memo_note(&d->memo, &d->world, &f->row, UINT32_MAX);
}

static int job_take(struct zsim_diver *d, const struct job *job)
{
	memset(d->bucket, 0, sizeof(d->bucket));
	if (job->is_start)
		return zsim_diver_begin(d, job->choice);
	return frame_take(d, job);
}

/* the next job; NULL when none is left and nobody can give one any more */
static struct job *job_wait(struct zsim_team *team)
{
	struct job *job;

	pthread_mutex_lock(&team->lock);
	team->busy--;
	atomic_fetch_add(&team->hungry, 1);
	while (!team->jobs && team->busy && !team->hunt->stop)
		pthread_cond_wait(&team->wake, &team->lock);
	atomic_fetch_sub(&team->hungry, 1);
	job = team->hunt->stop ? NULL : team->jobs;
	if (job) {
		team->jobs = job->next;
		team->busy++;
	} else {
		pthread_cond_broadcast(&team->wake);
	}
	pthread_mutex_unlock(&team->lock);
	return job;
}

static void jobs_do(struct zsim_diver *d)
{
	struct job *job;
	int rc;

	while ((job = job_wait(d->team))) {
		rc = job_take(d, job);
		job_free(d->hunt, job);
		if (!rc)
			rc = zsim_diver_run(d);
		if (rc)
			zsim_hunt_stop(d->hunt, ZSIM_END_MEMORY, rc);
	}
}

/* one that never got to work: the others must not wait for it */
static void member_lost(struct zsim_team *team)
{
	zsim_hunt_stop(team->hunt, ZSIM_END_MEMORY, -ENOMEM);
	pthread_mutex_lock(&team->lock);
	team->busy--;
	pthread_cond_broadcast(&team->wake);
	pthread_mutex_unlock(&team->lock);
}

static void *member(void *arg)
{
	struct zsim_team *team = arg;
	struct zsim_diver *d = zsim_alloc(team->hunt->alloc, sizeof(*d));

	if (!d) {
		member_lost(team);
		return NULL;
	}
	zsim_diver_init(d, team->hunt);
	d->team = team;
	if (zsim_diver_open(d, 0))
		member_lost(team);
	else
		jobs_do(d);
	zsim_diver_destroy(d);
	zsim_dealloc(team->hunt->alloc, d);
	return NULL;
}

int zsim_team_dive(struct zsim_hunt *h, uint32_t threads)
{
	struct zsim_team team = { .hunt = h, .busy = threads };
	pthread_t thread[64];
	uint32_t n = 0;
	int rc = 0;

	if (pthread_mutex_init(&team.lock, NULL) || pthread_cond_init(&team.wake, NULL))
		return -ENOMEM;
	for (uint32_t c = 0; !rc && c < zsim_hunt_choices(h); c++)
		rc = start_add(&team, c);
	while (!rc && n < threads) {
		if (!pthread_create(&thread[n], NULL, member, &team))
			n++;
		else
			rc = -ENOMEM;
	}
	if (rc) /* those that run stop; those that were not made count as out of work */
		zsim_hunt_stop(h, ZSIM_END_MEMORY, rc);
	pthread_mutex_lock(&team.lock);
	pthread_cond_broadcast(&team.wake);
	pthread_mutex_unlock(&team.lock);
	for (uint32_t i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	while (team.jobs) {
		struct job *next = team.jobs->next;

		job_free(h, team.jobs);
		team.jobs = next;
	}
	pthread_cond_destroy(&team.wake);
	pthread_mutex_destroy(&team.lock);
	return rc ? rc : atomic_load(&h->rc);
}
