/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay_team.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define AHEAD \
	2 /* files that a thread may be in front of the report, since a session holds memory */
#define PROGRESS_MS 100

/** struct job - a file; @session is there from when it is @finished until it was reported */
struct job {
	struct zsim_session *session;
	int err;
	bool finished;
};

/**
 * struct team - threads at work
 * @lock: of all that follows; @changed: a job finished, or was reported
 * @next: the file that is replayed next; @reported: so many are
 * @stop: no more files
 */
struct team {
	const struct zsim_replay_work *work;
	struct zsim_session_options options;
	struct zsim_progress off;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job *jobs;
	int next;
	int reported;
	bool stop;
	pthread_t threads[ZSIM_REPLAY_MAX_JOBS];
	unsigned int nr_threads;
};

static int take(struct team *t)
{
	int ahead = (int)t->work->jobs * AHEAD;
	int file = -1;

	pthread_mutex_lock(&t->lock);
	while (!t->stop && t->next < t->work->nr_files && t->next >= t->reported + ahead)
		pthread_cond_wait(&t->changed, &t->lock);
	if (!t->stop && t->next < t->work->nr_files)
		file = t->next++;
	pthread_mutex_unlock(&t->lock);
	return file;
}

static void finish(struct team *t, int file, struct zsim_session *s, int err)
{
	pthread_mutex_lock(&t->lock);
	t->jobs[file] = (struct job){ .session = s, .err = err, .finished = true };
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void *member(void *arg)
{
	struct team *t = arg;
	int file;

	while ((file = take(t)) >= 0) {
		struct zsim_session *s = malloc(sizeof(*s));
		int err = s ? zsim_session_run(s, t->work->files[file], &t->options) : -ENOMEM;

		finish(t, file, s, err);
	}
	return NULL;
}

/* ---- the thread that reports ---------------------------------------------------------- */

static void show(const struct team *t, struct zsim_progress *progress)
{
	if (!zsim_progress_begin(progress))
		return;
	fprintf(stderr, "%d of %d files", t->reported, t->work->nr_files);
	fflush(stderr);
}

static void wait_for(struct team *t, int file, struct zsim_progress *progress)
{
	struct timespec until;

	pthread_mutex_lock(&t->lock);
	while (!t->jobs[file].finished) {
		show(t, progress);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += PROGRESS_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&t->changed, &t->lock, &until);
	}
	pthread_mutex_unlock(&t->lock);
	zsim_progress_clear(progress);
}

static void job_free(struct job *job)
{
	if (job->session)
		zsim_session_free(job->session);
	free(job->session);
	job->session = NULL;
}

static void reported(struct team *t, bool more)
{
	pthread_mutex_lock(&t->lock);
	t->reported++;
	t->stop |= !more;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void report_all(struct team *t, struct zsim_progress *progress)
{
	bool more = true;

	for (int i = 0; i < t->work->nr_files && more; i++) {
		struct job *job = &t->jobs[i];

		wait_for(t, i, progress);
		more = t->work->report(t->work->ctx, job->session, job->err);
		job_free(job);
		reported(t, more);
	}
}

static int start(struct team *t)
{
	unsigned int most = t->work->jobs;
	int err = 0;

	if (most > (unsigned int)t->work->nr_files)
		most = (unsigned int)t->work->nr_files;
	while (t->nr_threads < most && !err) {
		err = pthread_create(&t->threads[t->nr_threads], NULL, member, t);
		t->nr_threads += !err;
	}
	return t->nr_threads ? 0 : -err;
}

static void end(struct team *t)
{
	for (unsigned int i = 0; i < t->nr_threads; i++)
		pthread_join(t->threads[i], NULL);
	for (int i = 0; i < t->work->nr_files; i++) /* those behind an unusable one */
		job_free(&t->jobs[i]);
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	free(t->jobs);
	free(t);
}

int zsim_replay_team(const struct zsim_replay_work *work, struct zsim_progress *progress)
{
	struct team *t = calloc(1, sizeof(*t));
	int err;

	if (t)
		t->jobs = calloc((size_t)work->nr_files, sizeof(*t->jobs));
	if (!t || !t->jobs) {
		free(t);
		return -ENOMEM;
	}
	t->work = work;
	t->options = *work->options;
	t->options.progress = &t->off;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	err = start(t);
	if (!err)
		report_all(t, progress);
	end(t);
	return err;
}
