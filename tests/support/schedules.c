/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/schedules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <zsim/property.h>

/* an actor goes on with its call */
#define GOES_ON 255u
#define WHO(step) ((uint32_t)(step) >> 8)
#define WHAT(step) ((uint32_t)(step)&255u)

/** struct stage - one schedule being played; @left: events that an actor may still begin */
struct stage {
	struct schedules *s;
	struct zsim *zs;
	struct zsim_observer observer;
	bool in_call[ZSIM_MAX_PLAYERS];
	uint32_t left[ZSIM_MAX_PLAYERS];
};

static void give_up(const char *why)
{
	fprintf(stderr, "schedules: %s\n", why);
	exit(1);
}

/* ---- one schedule ------------------------------------------------------------------------ */

static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct stage *stage = ctx;
	int property = zsim_property_parse(name);

	(void)zs;
	(void)text;
	stage->s->broken |= ZSIM_P_BIT(property < 0 ? ZSIM_P_INVARIANT : property);
}

static void stage_open(struct stage *stage, struct schedules *s)
{
	const struct zsim_scenario *sc = s->sc;
	char why[256];
	uint64_t line;

	*stage = (struct stage){ .s = s };
	if (zsim_scenario_start(sc, NULL, 0, s->choice, &stage->zs, &line, why, sizeof(why)))
		give_up(why);
	stage->observer = (struct zsim_observer){ .violation = violation, .ctx = stage };
	if (zsim_observe(stage->zs, &stage->observer) ||
	    zsim_guard_attach(stage->zs, s->properties))
		give_up("no memory");
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		stage->left[p] = sc->role[p].mode == ZSIM_MODE_ANY ? sc->role[p].budget :
								     sc->role[p].nr;
}

static bool is_call(const struct zsim_event *ev)
{
	return ev->type == ZSIM_EV_WRITE || ev->type == ZSIM_EV_STORE ||
	       ev->type == ZSIM_EV_WORKER || ev->type == ZSIM_EV_OFFLINE ||
	       ev->type == ZSIM_EV_SLAB || ev->type == ZSIM_EV_SHRINKER;
}

/* false: the machine makes it wait, or there is nothing to do, and nothing has changed */
static bool begin(struct stage *stage, uint32_t p, uint32_t op)
{
	const struct zsim_role *role = &stage->s->sc->role[p];
	struct zsim_event ev = role->op[op].ev;
	struct zsim_result res = { .value = 0 };

	ev.actor = is_call(&ev) ? role->name : NULL;
	if (zsim_apply(stage->zs, &ev, &res))
		give_up(res.text ? res.text : "an event was refused");
	if (res.kind == ZSIM_RESULT_RC && res.value == -EBUSY)
		return false;
	if (role->mode == ZSIM_MODE_ANY && ev.type == ZSIM_EV_LOAD && res.value == -ENOENT)
		return false;
	stage->in_call[p] = res.kind == ZSIM_RESULT_POINT;
	if (role->mode != ZSIM_MODE_QUEUED)
		stage->left[p]--;
	return true;
}

static void go_on(struct stage *stage, uint32_t p)
{
	struct zsim_event ev = { .type = ZSIM_EV_STEP,
				 .actor = stage->s->sc->role[p].name,
				 .value = 1 };
	struct zsim_result res = { .value = 0 };

	if (zsim_apply(stage->zs, &ev, &res))
		give_up(res.text ? res.text : "a step was refused");
	stage->in_call[p] = res.kind == ZSIM_RESULT_POINT;
}

/* could it be this actor's turn, with this event? */
static bool is_offered(const struct stage *stage, uint32_t p, uint32_t op)
{
	const struct zsim_role *role = &stage->s->sc->role[p];

	if (stage->in_call[p])
		return op == GOES_ON;
	if (op >= role->nr)
		return false;
	if (role->mode == ZSIM_MODE_QUEUED)
		return stage->zs->st.worker_queued && !stage->zs->st.worker_running;
	if (role->mode == ZSIM_MODE_ORDER)
		return stage->left[p] && op == role->nr - stage->left[p];
	return stage->left[p] > 0;
}

static bool take(struct stage *stage, uint16_t step)
{
	if (!is_offered(stage, WHO(step), WHAT(step)))
		return false;
	if (WHAT(step) != GOES_ON)
		return begin(stage, WHO(step), WHAT(step));
	go_on(stage, WHO(step));
	return true;
}

static void invariants(struct stage *stage)
{
	if (stage->s->properties & ZSIM_P_BIT(ZSIM_P_INVARIANT) && zsim_verify(stage->zs) < 0)
		give_up("no memory");
}

/* the whole prefix; false if its last step cannot be taken */
static bool play(struct stage *stage, struct schedules *s)
{
	bool taken = true;

	stage_open(stage, s);
	for (uint32_t i = 0; taken && i < s->length; i++)
		taken = take(stage, s->step[i]);
	if (taken)
		invariants(stage);
	return taken;
}

/* ---- all of them --------------------------------------------------------------------------- */

static void end_note(struct stage *stage)
{
	struct schedules *s = stage->s;

	if (zsim_guard_rest(stage->zs) < 0)
		give_up("somebody waits for ever");
	ends_add(&s->ends, s->sc, stage->zs);
	s->nr++;
	s->whole &= s->nr < s->max;
}

static void go_everywhere(struct schedules *s);

/* one more step; was it possible? */
static bool go_there(struct schedules *s, uint32_t p, uint32_t op)
{
	struct stage stage;
	bool taken;

	if (s->length == SCHEDULE_STEPS)
		give_up("a schedule is too long");
	s->step[s->length++] = (uint16_t)(p << 8 | op);
	taken = play(&stage, s);
	zsim_free(stage.zs);
	if (taken)
		go_everywhere(s);
	s->length--;
	return taken;
}

static void go_everywhere(struct schedules *s)
{
	struct stage stage;
	bool taken = false;

	for (uint32_t p = 0; s->whole && p < s->sc->nr_roles; p++) {
		for (uint32_t op = 0; op < s->sc->role[p].nr; op++)
			taken |= go_there(s, p, op);
		taken |= go_there(s, p, GOES_ON);
	}
	if (taken || !s->whole)
		return;
	play(&stage, s);
	end_note(&stage);
	zsim_free(stage.zs);
}

void schedules_play(struct schedules *s, const struct zsim_scenario *sc, uint32_t max)
{
	*s = (struct schedules){
		.sc = sc, .properties = sc->proves | sc->refutes, .max = max, .whole = true
	};
	for (s->choice = 0; s->choice < 1u << sc->nr_either; s->choice++)
		go_everywhere(s);
}
