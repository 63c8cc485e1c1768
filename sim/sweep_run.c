/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

#define OPS 512

static int fail(struct zsim_sweep_result *result, const char *why)
{
	result->failed = 1;
	snprintf(result->error, sizeof(result->error), "%s", why);
	return -EBADMSG;
}

static int fail_errno(struct zsim_sweep_result *result, int err)
{
	return fail(result, err == -ENOMEM ? "out of memory" : strerror(-err));
}

/* ---- what is measured ------------------------------------------------------------ */

/* what a session measures leaves out */
static const enum zsim_counter counters[] = {
	ZSIM_COUNTER_REJECT_COMPRESS_FAIL,
	ZSIM_COUNTER_REJECT_COMPRESS_POOR,
	ZSIM_COUNTER_REJECT_ALLOC_FAIL,
	ZSIM_COUNTER_REJECT_KMEMCACHE_FAIL,
	ZSIM_COUNTER_DECOMPRESS_FAIL,
	ZSIM_COUNTER_STORED_PAGES,
	ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES,
};
#define NR_COUNTERS (sizeof(counters) / sizeof(counters[0]))
#define AT_COUNTERS (1 + ZSIM_NR_MEASURES)
#define AT_PEAK (AT_COUNTERS + NR_COUNTERS)
#define AT_VIOLATIONS (AT_PEAK + 1)
#define NR_VALUES (AT_VIOLATIONS + 1)
_Static_assert(NR_VALUES <= ZSIM_SWEEP_VALUES, "a result has room for all values");

static void measure(const struct zsim_run *run, uint64_t events, struct zsim_sweep_result *result)
{
	struct zsim_measure measures[ZSIM_NR_MEASURES];
	int64_t *v = result->values;

	zsim_run_measure(run, measures);
	v[0] = (int64_t)events;
	for (size_t i = 0; i < ZSIM_NR_MEASURES; i++)
		v[1 + i] = measures[i].value;
	for (size_t i = 0; i < NR_COUNTERS; i++)
		v[AT_COUNTERS + i] = (int64_t)zsim_counter(run->zs, counters[i]);
	v[AT_PEAK] = (int64_t)zsim_entries_peak(run->zs);
	v[AT_VIOLATIONS] = (int64_t)run->nr_violations;
	result->violations = run->nr_violations > 0;
}

/* ---- a workload ------------------------------------------------------------------ */

/**
 * struct work - a workload's run under way
 * @run: its simulator, tally and requests, as a session keeps them
 */
struct work {
	const struct zsim_sweep_config *config;
	const atomic_bool *stop;
	struct zsim_sweep_result *result;
	struct zsim_generator *g;
	struct zsim_run run;
	uint64_t events;
	bool out_of_memory;
};

/* only how it ended is measured */
static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	struct work *w = ctx;
	struct zsim_run *run = &w->run;
	struct zsim_story *requests;
	size_t max = run->max_requests ? 2 * run->max_requests : 64;

	(void)zs;
	if (run->nr_requests == run->max_requests) {
		requests = realloc(run->requests, max * sizeof(*requests));
		if (!requests) {
			w->out_of_memory = true;
			return;
		}
		run->requests = requests;
		run->max_requests = max;
	}
	run->requests[run->nr_requests++] = (struct zsim_story){ .rc = rq->rc };
}

static void on_violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct work *w = ctx;

	(void)zs;
	(void)name;
	(void)text;
	w->run.nr_violations++;
}

static int work_start(struct work *w)
{
	const struct zsim_sweep_config *c = w->config;
	struct zsim_config config;
	int err = 0;

	zsim_config_init(&config);
	config.algo = c->algo;
	w->g = zsim_generator_create(&c->workload, NULL, &err);
	if (!err)
		w->run.zs = zsim_create(&config, &err);
	if (err)
		return fail_errno(w->result, err);
	w->run.tally = zsim_tally_create(w->run.zs, NULL);
	w->run.observer = (struct zsim_observer){
		.request = on_request,
		.violation = on_violation,
		.ctx = w,
	};
	if (!w->run.tally || zsim_observe(w->run.zs, &w->run.observer))
		return fail_errno(w->result, -ENOMEM);
	for (uint32_t i = 0; !err && i < zsim_generator_groups(w->g); i++)
		err = zsim_bind(w->run.zs, i, zsim_generator_group(w->g, i));
	return err ? fail_errno(w->result, err) : 0;
}

static void work_end(struct work *w)
{
	zsim_generator_free(w->g);
	zsim_free(w->run.zs);
	zsim_tally_free(w->run.tally);
	free(w->run.requests);
}

static int work_apply(struct work *w, const struct zsim_event *ev)
{
	struct zsim_result res;
	int err = zsim_apply(w->run.zs, ev, &res);

	if (w->out_of_memory)
		err = -ENOMEM;
	if (err)
		return res.text && err != -ENOMEM ? fail(w->result, res.text) :
						    fail_errno(w->result, err);
	return 0;
}

/* the parameters of the sweep, as soon as the machine is there */
static int work_params(struct work *w)
{
	int err = zsim_params_apply(&w->config->params, w->run.zs);

	return err ? fail_errno(w->result, err) : 0;
}

static int work_event(struct work *w, const struct zsim_event *ev)
{
	int err = work_apply(w, ev);

	w->events++;
	return !err && ev->type == ZSIM_EV_MACHINE ? work_params(w) : err;
}

static int work_op(void *ctx, const struct zsim_op *op)
{
	struct work *w = ctx;
	bool store = op->type == ZSIM_EV_STORE;
	struct zsim_event ev;

	zsim_op_event(op, store ? zsim_generator_group(w->g, op->group) : NULL, 0, &ev);
	return work_apply(w, &ev);
}

static int work_ops(struct work *w, const struct zsim_op *ops, uint32_t nr)
{
	w->events += nr;
	return zsim_each_op(w->run.zs, ops, nr, work_op, w);
}

static int work_go(struct work *w)
{
	struct zsim_op ops[OPS];
	struct zsim_event ev;
	uint32_t nr;
	int err = 0;

	while (!err && !atomic_load_explicit(w->stop, memory_order_relaxed)) {
		nr = zsim_generator_ops(w->g, ops, OPS);
		if (nr)
			err = work_ops(w, ops, nr);
		else if (zsim_generator_next(w->g, &ev))
			err = work_event(w, &ev);
		else
			return zsim_verify(w->run.zs) < 0 ? fail_errno(w->result, -ENOMEM) : 0;
	}
	return err ? err : -EINTR;
}

static int run_workload(const struct zsim_sweep_config *config, const atomic_bool *stop,
			struct zsim_sweep_result *result)
{
	struct work w = { .config = config, .stop = stop, .result = result };
	int err = work_start(&w);

	if (!err)
		err = work_go(&w);
	if (!err)
		measure(&w.run, w.events, result);
	work_end(&w);
	return err;
}

/* ---- a trace file ------------------------------------------------------------------ */

static int run_file(const struct zsim_sweep_config *config, struct zsim_sweep_result *result)
{
	struct zsim_progress off = { 0 };
	struct zsim_session_options options = {
		.algo = &config->algo,
		.params = config->params,
		.what_if = true,
		.progress = &off,
	};
	struct zsim_session *s = malloc(sizeof(*s));
	int err;

	if (!s)
		return fail_errno(result, -ENOMEM);
	err = zsim_session_run(s, config->file, &options);
	if (err)
		fail(result, s->error);
	else
		measure(&s->runs[0], s->events, result);
	zsim_session_free(s);
	free(s);
	return err;
}

int zsim_sweep_run(const struct zsim_sweep_config *config, const atomic_bool *stop,
		   struct zsim_sweep_result *result)
{
	int err;

	*result = (struct zsim_sweep_result){ .run = config->run };
	err = config->file ? run_file(config, result) : run_workload(config, stop, result);
	return err == -EINTR ? err : 0;
}

static void keys_of_measures(struct zsim_sweep_keys *keys, const struct zsim_run *run)
{
	struct zsim_measure measures[ZSIM_NR_MEASURES];

	zsim_run_measure(run, measures);
	for (size_t i = 0; i < ZSIM_NR_MEASURES; i++) {
		keys->key[1 + i] = measures[i].key;
		keys->share[1 + i] = measures[i].share;
	}
}

/* the keys of what a session measures come with a measurement: of a machine that did nothing */
int zsim_sweep_keys_init(struct zsim_sweep_keys *keys)
{
	struct zsim_run run = { .zs = zsim_create(NULL, NULL) };

	*keys = (struct zsim_sweep_keys){ .nr = NR_VALUES };
	run.tally = run.zs ? zsim_tally_create(run.zs, NULL) : NULL;
	if (run.tally)
		keys_of_measures(keys, &run);
	keys->key[0] = "events_applied";
	for (size_t i = 0; i < NR_COUNTERS; i++)
		keys->key[AT_COUNTERS + i] = zsim_counter_name(counters[i]);
	keys->key[AT_PEAK] = "entries_peak";
	keys->key[AT_VIOLATIONS] = "violations";
	zsim_free(run.zs);
	zsim_tally_free(run.tally);
	return run.tally ? 0 : -ENOMEM;
}
