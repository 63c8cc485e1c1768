/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_out.h"
#include "interrupt.h"
#include "sweep_team.h"

#define BEAT_NS 200000000u
#define NAP_US 500u
#define AHEAD 3u /* runs that a thread has before it, so that it need not wait for an answer */

/** struct answer - a result that waits to be sent */
struct answer {
	struct answer *next;
	struct zsim_sweep_result result;
};

/**
 * struct client - runs that came in, results that go out, and threads between them
 * @queue: a ring; @head: the oldest of @nr
 * @last: where the next answer is linked
 * @busy: runs that a thread has
 * @asked: there is no answer yet
 */
struct client {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t queue[ZSIM_SWEEP_QUEUE];
	unsigned int head;
	unsigned int nr;
	unsigned int most;
	struct answer *answers;
	struct answer **last;
	atomic_bool stop;
	bool asked;
	uint64_t asked_ns;
	uint64_t heard_ns;
};

/* NOLINTBEGIN: a message that nobody takes is given up, and its bytes stay MPI's */
/* the bytes belong to MPI until it is done with them, which may be never */
bool zsim_sweep_send(const void *data, int count, MPI_Datatype type, uint32_t rank,
		     enum zsim_sweep_message tag, uint64_t patience_ns)
{
	uint64_t start = zsim_now_ns();
	MPI_Request request;
	int size = 0, done = 0;
	void *copy;

	MPI_Type_size(type, &size);
	copy = malloc((size_t)count * (size_t)size + 1);
	if (!copy)
		return false;
	memcpy(copy, data, (size_t)count * (size_t)size);
	if (MPI_Isend(copy, count, type, (int)rank, (int)tag, MPI_COMM_WORLD, &request)) {
		free(copy);
		return false;
	}
	while (!MPI_Test(&request, &done, MPI_STATUS_IGNORE) && !done &&
	       zsim_now_ns() - start < patience_ns)
		usleep(NAP_US);
	if (done)
		free(copy);
	return done;
}
/* NOLINTEND */

static uint64_t take(void *ctx)
{
	struct client *c = ctx;
	uint64_t run = ZSIM_SWEEP_NO_RUN;

	pthread_mutex_lock(&c->lock);
	while (!c->nr && !c->stop)
		pthread_cond_wait(&c->changed, &c->lock);
	if (!c->stop) {
		run = c->queue[c->head];
		c->head = (c->head + 1) % ZSIM_SWEEP_QUEUE;
		c->nr--;
	}
	pthread_mutex_unlock(&c->lock);
	return run;
}

/* without memory the run is as good as lost: this process says no more, and others make it */
static void give(void *ctx, const struct zsim_sweep_result *result)
{
	struct client *c = ctx;
	struct answer *answer = malloc(sizeof(*answer));

	pthread_mutex_lock(&c->lock);
	if (answer) {
		answer->next = NULL;
		answer->result = *result;
		*c->last = answer;
		c->last = &answer->next;
	} else {
		c->stop = true;
	}
	pthread_mutex_unlock(&c->lock);
}

static void stop(struct client *c)
{
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

static struct answer *take_answer(struct client *c)
{
	struct answer *answer;

	pthread_mutex_lock(&c->lock);
	answer = c->answers;
	if (answer)
		c->answers = answer->next;
	if (!c->answers)
		c->last = &c->answers;
	pthread_mutex_unlock(&c->lock);
	return answer;
}

/* whether there was anything; *@lost: process 0 does not take it */
static bool send_answers(const struct zsim_sweep_ranks *r, struct client *c, bool *lost)
{
	struct answer *answer;
	bool any = false;

	while (!*lost && (answer = take_answer(c))) {
		*lost = !zsim_sweep_send(&answer->result, (int)sizeof(answer->result), MPI_BYTE, 0,
					 ZSIM_SWEEP_RESULT, r->lost_after_ns);
		free(answer);
		any = true;
	}
	return any;
}

static void ask(const struct zsim_sweep_ranks *r, struct client *c, bool *lost)
{
	uint64_t now = zsim_now_ns();
	uint64_t message[2] = { r->hash, 0 };

	pthread_mutex_lock(&c->lock);
	if (c->nr < c->most && !c->stop)
		message[1] = c->most - c->nr;
	pthread_mutex_unlock(&c->lock);
	if (c->stop)
		return; /* nothing to say any more: process 0 takes this one for lost */
	/* an answer of no runs is asked again after a while, as is none */
	if (now - c->asked_ns < BEAT_NS && (c->asked || !message[1]))
		return;
	*lost = !zsim_sweep_send(message, 2, MPI_UINT64_T, 0, ZSIM_SWEEP_ASK, r->lost_after_ns);
	c->asked = true;
	c->asked_ns = now;
}

static void hear_work(struct client *c)
{
	uint64_t runs[ZSIM_SWEEP_QUEUE];
	MPI_Status status;
	int nr = 0;

	MPI_Recv(runs, ZSIM_SWEEP_QUEUE, MPI_UINT64_T, 0, ZSIM_SWEEP_WORK, MPI_COMM_WORLD, &status);
	MPI_Get_count(&status, MPI_UINT64_T, &nr);
	c->asked = nr == 0;
	pthread_mutex_lock(&c->lock);
	for (int i = 0; i < nr && c->nr < ZSIM_SWEEP_QUEUE; i++)
		c->queue[(c->head + c->nr++) % ZSIM_SWEEP_QUEUE] = runs[i];
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

/* 1 something, 0 nothing, -1 quit */
static int hear(struct client *c, bool *complete)
{
	MPI_Status status;
	int there = 0, all = 0;

	if (MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) || !there)
		return 0;
	c->heard_ns = zsim_now_ns();
	if (status.MPI_TAG == ZSIM_SWEEP_WORK) {
		hear_work(c);
		return 1;
	}
	MPI_Recv(&all, 1, MPI_INT, 0, ZSIM_SWEEP_QUIT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	*complete = all;
	return -1;
}

/* 0 when it is sent home, -ECONNRESET when process 0 is lost */
static int talk(const struct zsim_sweep_ranks *r, struct client *c, bool *complete)
{
	uint64_t patience = r->lost_after_ns;
	bool lost = false;
	int heard = 0;

	while (!lost && heard >= 0 && zsim_now_ns() - c->heard_ns < patience) {
		bool sent = send_answers(r, c, &lost);

		if (zsim_interrupted() && !c->stop) {
			stop(c); /* process 0 is too, or will find out */
			patience = 2000000000u;
		}
		if (!lost)
			ask(r, c, &lost);
		heard = hear(c, complete);
		if (!sent && !heard)
			usleep(NAP_US);
	}
	return heard < 0 ? 0 : -ECONNRESET;
}

static void drop_answers(struct client *c)
{
	struct answer *answer;

	while ((answer = take_answer(c)))
		free(answer);
}

int zsim_sweep_client(struct zsim_sweep_ranks *r, const struct zsim_sweep_plan *plan,
		      unsigned int jobs, bool *complete)
{
	struct client c = { .most = AHEAD * jobs, .heard_ns = zsim_now_ns() };
	struct zsim_sweep_source source = { take, give, &c, &c.stop };
	struct zsim_sweep_team team;
	int err;

	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.changed, NULL);
	c.last = &c.answers;
	err = zsim_sweep_team_start(&team, plan, &source, jobs);
	if (!err) {
		err = talk(r, &c, complete);
		stop(&c);
		zsim_sweep_team_join(&team);
	}
	drop_answers(&c);
	pthread_cond_destroy(&c.changed);
	pthread_mutex_destroy(&c.lock);
	return err;
}
