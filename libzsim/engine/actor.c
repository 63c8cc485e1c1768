/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * actor.c - calls suspended at an interleaving point, by the name of their actor.
 */
#include <errno.h>
#include <string.h>

#include "engine/run.h"

/**
 * struct zsim_actor - @begun: it has made a call; until then there is no such actor,
 * but a signal may wait for it
 * @result: how its last call ended; @signal: pending for its next look
 */
struct zsim_actor {
	char *name;
	bool begun;
	struct zsim_run run;
	struct zsim_result result;
	bool signal;
	UT_hash_handle hh;
};

static struct zsim_actor *actor_find(const struct zsim *zs, const char *name)
{
	struct zsim_actor *actor;

	HASH_FIND_STR(zs->actors, name, actor);
	return actor;
}

static void actor_free(struct zsim *zs, struct zsim_actor *actor)
{
	zsim_run_cancel(zs, &actor->run);
	zsim_dealloc(zs->alloc, actor->name);
	zsim_dealloc(zs->alloc, actor);
}

static struct zsim_actor *actor_get(struct zsim *zs, const char *name)
{
	const struct zsim_allocator *hash_alloc = zs->alloc;
	struct zsim_actor *actor = actor_find(zs, name);
	bool hash_oom = false;

	if (actor)
		return actor;
	actor = zsim_zalloc(zs->alloc, sizeof(*actor));
	if (!actor)
		return NULL;
	actor->name = zsim_strdup(zs->alloc, name);
	if (actor->name)
		HASH_ADD_KEYPTR(hh, zs->actors, actor->name, strlen(actor->name), actor);
	if (actor->name && !hash_oom)
		return actor;
	actor_free(zs, actor);
	return NULL;
}

void zsim_actors_free(struct zsim *zs)
{
	const struct zsim_allocator *hash_alloc = zs->alloc;
	struct zsim_actor *actor, *next;

	HASH_ITER(hh, zs->actors, actor, next) {
		HASH_DELETE(hh, zs->actors, actor);
		actor_free(zs, actor);
	}
}

/* the copy owns its strings, its lengths and the sets of what it scanned and failed on */
static int run_copy(struct zsim *copy, struct zsim_run *to, const struct zsim_run *from)
{
	size_t size = sizeof(*from->length) * from->call.pages.nr;
	int rc;

	*to = *from;
	to->active = false;
	to->text = from->text ? zsim_strdup(copy->alloc, from->text) : NULL;
	to->length = from->length ? zsim_alloc(copy->alloc, size) : NULL;
	zsim_slot_set_init(&to->seen, copy->alloc);
	zsim_slot_set_init(&to->stuck, copy->alloc);
	rc = zsim_slot_set_copy(&to->seen, &from->seen);
	if (!rc)
		rc = zsim_slot_set_copy(&to->stuck, &from->stuck);
	if (to->length)
		memcpy(to->length, from->length, size);
	if (!rc && ((from->text && !to->text) || (from->length && !to->length)))
		rc = -ENOMEM;
	to->rq.text = to->text;
	to->call.pages.length = to->length;
	zsim_run_adopt(copy, to);
	return rc;
}

int zsim_actors_copy(struct zsim *copy, const struct zsim *zs)
{
	const struct zsim_actor *from;
	struct zsim_actor *to;
	int rc = 0;

	for (from = zs->actors; !rc && from; from = from->hh.next) {
		to = actor_get(copy, from->name);
		if (!to)
			return -ENOMEM;
		to->result = from->result;
		to->signal = from->signal;
		to->begun = from->begun;
		if (from->run.active)
			rc = run_copy(copy, &to->run, &from->run);
	}
	return rc;
}

int zsim_actor_signal(struct zsim *zs, const char *name)
{
	struct zsim_actor *actor = actor_get(zs, name);

	if (!actor)
		return -ENOMEM;
	actor->signal = true;
	actor->run.call.signal = true;
	return 0;
}

const char *zsim_actor_suspended(const struct zsim *zs)
{
	const struct zsim_actor *actor;

	for (actor = zs->actors; actor; actor = actor->hh.next)
		if (actor->run.active)
			return actor->name;
	return NULL;
}

const char *zsim_actor_missing(const struct zsim *zs)
{
	const struct zsim_actor *actor;

	for (actor = zs->actors; actor; actor = actor->hh.next)
		if (!actor->begun && actor->signal)
			return actor->name;
	return NULL;
}

/* to its next point, or to its end; what the call answers then */
static int actor_go(struct zsim *zs, struct zsim_actor *actor, bool to_point,
		    struct zsim_result *res)
{
	int rc = zsim_run_go(zs, &actor->run, to_point);

	if (rc)
		return rc;
	if (actor->run.active) {
		res->kind = ZSIM_RESULT_POINT;
		res->value = zsim_call_point(&actor->run.call);
		return 0;
	}
	actor->signal = false;
	*res = zsim_result_of(&actor->run);
	actor->result = *res;
	return 0;
}

/* a suspended call outlives the event's strings */
static int borrowed_copy(struct zsim *zs, struct zsim_actor *actor, const struct zsim_event *ev)
{
	struct zsim_run *run = &actor->run;

	if (ev->type == ZSIM_EV_STORE) {
		run->length = zsim_alloc(zs->alloc, sizeof(*ev->length) * ev->nr);
		if (!run->length)
			return -ENOMEM;
		memcpy(run->length, ev->length, sizeof(*ev->length) * ev->nr);
		run->call.pages.length = run->length;
	} else if (ev->type == ZSIM_EV_WRITE) {
		run->text = zsim_strdup(zs->alloc, ev->text);
		if (!run->text)
			return -ENOMEM;
		run->rq.text = run->text;
	}
	return 0;
}

static int actor_begin(struct zsim *zs, struct zsim_actor *actor, const struct zsim_event *ev,
		       struct zsim_result *res)
{
	int rc;

	if (actor->run.active)
		return zsim_refuse(zs, res, -EINVAL, "%s is suspended in a call already",
				   ev->actor);
	actor->run = (struct zsim_run){ .active = false };
	rc = zsim_begin(zs, &actor->run, ev, res);
	if (rc)
		return rc;
	actor->begun = true;
	if (!actor->run.active) {
		actor->signal = false;
		actor->result = *res;
		return 0;
	}
	rc = borrowed_copy(zs, actor, ev);
	if (rc) {
		zsim_run_cancel(zs, &actor->run);
		return rc;
	}
	actor->run.call.signal = actor->signal;
	if (zsim_call_point(&actor->run.call) == ZSIM_POINT_NONE)
		return actor_go(zs, actor, true, res);
	res->kind = ZSIM_RESULT_POINT;
	res->value = zsim_call_point(&actor->run.call);
	return 0;
}

static int actor_step(struct zsim *zs, struct zsim_actor *actor, uint64_t times,
		      struct zsim_result *res)
{
	int rc = 0;

	while (!rc && times--) {
		if (!actor->run.active)
			return zsim_refuse(zs, res, -EINVAL, "%s is in no call: nothing to step",
					   actor->name);
		rc = actor_go(zs, actor, true, res);
	}
	return rc;
}

int zsim_actor_apply(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	bool moves = ev->type == ZSIM_EV_STEP || ev->type == ZSIM_EV_FINISH;
	struct zsim_actor *actor = moves ? actor_find(zs, ev->actor) : actor_get(zs, ev->actor);

	if (moves && (!actor || !actor->begun))
		return zsim_refuse(zs, res, -ENOENT, "no such actor: %s", ev->actor);
	if (!actor)
		return -ENOMEM;
	if (ev->type == ZSIM_EV_STEP)
		return actor_step(zs, actor, ev->value, res);
	if (ev->type != ZSIM_EV_FINISH)
		return actor_begin(zs, actor, ev, res);
	if (actor->run.active)
		return actor_go(zs, actor, false, res);
	*res = actor->result;
	return 0;
}
