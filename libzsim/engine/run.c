/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/run.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine/group.h"
#include "model/memcg_iter.h"

/* visits that are told of together, and those between two steps of scouts */
#define VISITS 64u
#define SCOUTED 16u

void zsim_observe_decision(struct zsim *zs, const struct zsim_decision *d)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->decision)
			zs->observers[i]->decision(zs->observers[i]->ctx, zs, d);
}

void zsim_observe_violation(const struct zsim *zs, const char *name, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->violation)
			zs->observers[i]->violation(zs->observers[i]->ctx, zs, name, text);
}

void zsim_run_adopt(struct zsim *zs, struct zsim_run *run)
{
	run->older = zs->runs;
	run->newer = NULL;
	if (zs->runs)
		zs->runs->newer = run;
	zs->runs = run;
	run->active = true;
}

static void run_unlink(struct zsim *zs, struct zsim_run *run)
{
	if (run->older)
		run->older->newer = run->newer;
	if (run->newer)
		run->newer->older = run->older;
	else
		zs->runs = run->older;
	run->active = false;
}

static bool has_story(const struct zsim_run *run)
{
	return run->call.kind == ZSIM_CALL_REQUEST || run->call.kind == ZSIM_CALL_ORDINARY;
}

void zsim_run_begin(struct zsim *zs, struct zsim_run *run)
{
	/* after four billion calls the numbers begin again; 0 is none */
	if (!++zs->calls)
		zs->calls = 1;
	run->call.id = zs->calls;
	zsim_slot_set_init(&run->seen, zs->alloc);
	zsim_slot_set_init(&run->stuck, zs->alloc);
	zsim_run_adopt(zs, run);
	if (run->call.kind == ZSIM_CALL_WORKER)
		zs->st.worker_running = true;
	if (has_story(run))
		zsim_story_begin(run);
}

static void run_release(struct zsim *zs, struct zsim_run *run)
{
	run_unlink(zs, run);
	zsim_call_release(&zs->st, &run->call);
	zsim_slot_set_destroy(&run->seen);
	zsim_slot_set_destroy(&run->stuck);
	zsim_dealloc(zs->alloc, run->length);
	zsim_dealloc(zs->alloc, run->text);
	run->length = NULL;
	run->text = NULL;
}

void zsim_run_detach(struct zsim *zs, struct zsim_run *run)
{
	run_unlink(zs, run);
	zsim_slot_set_destroy(&run->seen);
	zsim_slot_set_destroy(&run->stuck);
}

/* a recorded kernel's decisions are compared with the model (oracle/), not judged */
static bool is_guarded(const struct zsim *zs, const struct zsim_run *run)
{
	return zs->guard_ops && !run->call.driven;
}

static int decision_commit(struct zsim *zs, struct zsim_run *run, struct zsim_decision *d)
{
	bool guarded = is_guarded(zs, run);
	int rc = guarded ? zs->guard_ops->before(zs->guard, &run->call, d) : 0;

	if (!rc)
		rc = zsim_call_commit(&zs->st, &run->call, d);
	if (!rc && guarded)
		zs->guard_ops->after(zs->guard, &run->call, d);
	return rc;
}

static void run_ended(struct zsim *zs, struct zsim_run *run, const struct zsim_decision *d)
{
	if (has_story(run))
		zsim_story_end(zs, run);
	run_release(zs, run);
	if (run->call.kind == ZSIM_CALL_OFFLINE)
		zsim_group_left(zs, d->memcg);
}

int zsim_run_commit(struct zsim *zs, struct zsim_run *run, struct zsim_decision *d)
{
	int rc = decision_commit(zs, run, d);

	if (!rc && has_story(run))
		rc = zsim_story_decision(zs, run, d);
	if (rc)
		return rc;
	zsim_observe_decision(zs, d);
	if (zsim_call_ended(&run->call))
		run_ended(zs, run, d);
	if (is_guarded(zs, run))
		zs->guard_ops->look(zs->guard);
	return 0;
}

bool zsim_listens(const struct zsim *zs)
{
	for (uint32_t i = 0; i < zs->nr_observers; i++) {
		const struct zsim_observer *o = zs->observers[i];

		if (o->decision && !(o->ops && o->visits))
			return true;
	}
	return zs->guard_ops != NULL;
}

static void visits_tell(struct zsim *zs, struct zsim_run *run, const struct zsim_visits *v)
{
	if (has_story(run))
		zsim_story_visits(run, v);
	for (uint32_t i = 0; i < zs->nr_observers; i++)
		if (zs->observers[i]->visits)
			zs->observers[i]->visits(zs->observers[i]->ctx, zs, v);
}

/* those that can be made without asking anybody, until one is not such */
static void run_visits(struct zsim *zs, struct zsim_run *run)
{
	const struct zsim_walk *w = &run->call.walk;
	struct zsim_visit_done at[VISITS];
	struct zsim_visits v;
	uint32_t max;
	bool asked;

	do {
		asked = zsim_trail_ahead(&zs->trail, &zs->st, w->memcg, w->node);
		max = asked ? SCOUTED : VISITS;
		zsim_call_visits(&zs->st, &run->call, &v, at, max, asked);
		zsim_trail_behind(&zs->trail, &zs->st, &v);
		if (v.nr)
			visits_tell(zs, run, &v);
	} while (v.nr == max);
}

int zsim_run_go(struct zsim *zs, struct zsim_run *run, bool to_point)
{
	bool in_a_row = !to_point && !zsim_listens(zs);
	struct zsim_decision d;
	int rc;

	while (run->active) {
		if (in_a_row && run->call.pc == ZSIM_D_SCAN)
			run_visits(zs, run);
		zsim_call_peek(&zs->st, &run->call, &d);
		rc = zsim_run_commit(zs, run, &d);
		if (rc) {
			zsim_run_cancel(zs, run);
			return rc;
		}
		if (to_point && zsim_call_point(&run->call) != ZSIM_POINT_NONE)
			return 0;
	}
	return 0;
}

void zsim_run_cancel(struct zsim *zs, struct zsim_run *run)
{
	if (!run->active)
		return;
	zsim_call_cancel(&zs->st, &run->call);
	if (zs->guard_ops)
		zs->guard_ops->cancelled(zs->guard, run->call.id);
	run_release(zs, run);
}

int zsim_run_queued(struct zsim *zs)
{
	struct zsim_run run;
	int rc = 0;

	while (!rc && zs->st.worker_queued && !zs->st.worker_running &&
	       (zs->st.worker_again || !zs->st.params[ZSIM_PARAM_WORKER_MANUAL])) {
		zs->st.worker_again = false;
		zsim_run_init(&run);
		zsim_call_worker(&zs->st, &run.call);
		zsim_run_begin(zs, &run);
		rc = zsim_run_go(zs, &run, false);
	}
	return rc;
}

void zsim_run_group_made(struct zsim *zs, zsim_memcg memcg)
{
	if (zs->guard_ops)
		zs->guard_ops->group_made(zs->guard, memcg);
	for (struct zsim_run *run = zs->runs; run; run = run->older) {
		struct zsim_call *call = &run->call;
		zsim_memcg m = ZSIM_MEMCG_NONE;
		uint32_t groups = 0;

		if (call->kind != ZSIM_CALL_REQUEST ||
		    !zsim_memcg_within(&zs->st, memcg, call->top))
			continue;
		while ((m = zsim_iter_next(&zs->st, call->top, m)) != ZSIM_MEMCG_NONE)
			groups++;
		if (groups > call->groups_max)
			call->groups_max = groups;
	}
}

void zsim_reap(struct zsim *zs)
{
	zsim_memcg memcg;

	while ((memcg = zsim_memcg_reap(&zs->st)) != ZSIM_MEMCG_NONE)
		zsim_paths_remove(&zs->paths, memcg);
}
