/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/counterexample.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/script.h"

/* rounds of cutting down: each one tries every line once */
#define CUT_ROUNDS 8

static struct zsim_event call_line(const struct zsim_role *role, const struct zsim_event *ev)
{
	struct zsim_event line = *ev;

	line.actor = zsim_world_takes_steps(ev) ? role->name : NULL;
	return line;
}

static struct zsim_event moving(enum zsim_event_type type, const char *actor)
{
	return (struct zsim_event){ .type = type, .actor = actor, .value = 1 };
}

/* ---- the path as events ---------------------------------------------------------------- */

/* what the trace must say of the machine, since there the defaults are others */
static int machine_add(struct zsim_script *s, const struct zsim_scenario *sc)
{
	struct zsim_event machine = {
		.type = ZSIM_EV_MACHINE, .nodes = 1, .ram_pages = 262144, .pool_bytes = true
	};
	const struct zsim_event manual = { .type = ZSIM_EV_PARAM,
					   .param = ZSIM_PARAM_WORKER_MANUAL,
					   .value = 1 };
	int rc;

	for (uint32_t i = 0; i < sc->nr_setup; i++)
		if (sc->setup[i].type == ZSIM_EV_MACHINE)
			machine = sc->setup[i];
	machine.pool_bytes = true;
	rc = zsim_script_add(s, &machine, 0);
	return rc ? rc : zsim_script_add(s, &manual, 0);
}

static int setup_add(struct zsim_script *s, const struct zsim_scenario *sc, uint32_t choice)
{
	struct zsim_event cold = { .type = ZSIM_EV_COLD };
	int rc = machine_add(s, sc);

	for (uint32_t i = 0; !rc && i < sc->nr_setup; i++)
		if (sc->setup[i].type != ZSIM_EV_MACHINE)
			rc = zsim_script_add(s, &sc->setup[i], 0);
	for (uint32_t i = 0; !rc && i < sc->nr_either; i++) {
		cold.slot = sc->slots[sc->either[i]];
		if (choice >> i & 1)
			rc = zsim_script_add(s, &cold, 0);
	}
	return rc;
}

static int path_add(struct zsim_script *s, const struct zsim_scenario *sc,
		    const struct zsim_finding *f)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < f->nr; i++) {
		uint32_t p = ZSIM_ACTION_PLAYER(f->action[i]);
		const struct zsim_role *role = &sc->role[p];
		uint32_t op = ZSIM_ACTION_OP(f->action[i]);
		struct zsim_event ev = op == ZSIM_STEP ? moving(ZSIM_EV_STEP, role->name) :
							 call_line(role, &role->op[op].ev);

		rc = zsim_script_add(s, &ev, p + 1);
	}
	return rc;
}

/* a trace may not end within a call: whoever began one goes to its end */
static int ends_add(struct zsim_script *s, const struct zsim_scenario *sc,
		    const struct zsim_finding *f)
{
	bool called[ZSIM_MAX_PLAYERS] = { false };
	int rc = 0;

	for (uint32_t i = 0; i < f->nr; i++) {
		uint32_t p = ZSIM_ACTION_PLAYER(f->action[i]);
		uint32_t op = ZSIM_ACTION_OP(f->action[i]);

		called[p] |= op == ZSIM_STEP || zsim_world_takes_steps(&sc->role[p].op[op].ev);
	}
	for (uint32_t p = 0; !rc && p < sc->nr_roles; p++) {
		struct zsim_event finish = moving(ZSIM_EV_FINISH, sc->role[p].name);

		if (called[p])
			rc = zsim_script_add(s, &finish, p + 1);
	}
	return rc;
}

/* ---- cutting it down ----------------------------------------------------------------------- */

/** struct cutter - @judge: does this script still show it? */
struct cutter {
	const struct zsim_scenario *sc;
	const struct zsim_check_options *options;
	enum zsim_property property;
};

static bool shows(const struct cutter *c, const struct zsim_script *s, int *rc)
{
	uint64_t broken, bit = ZSIM_P_BIT(c->property);
	const struct zsim_algo *algo = c->options->algo ? c->options->algo : &c->sc->algo;
	int err = zsim_script_run(s, algo, c->options->defect, bit, &broken);

	if (!err && broken & bit && c->options->defect) {
		err = zsim_script_run(s, algo, 0, bit, &broken);
		broken = err || broken & bit ? 0 : bit;
	}
	if (err == -ENOMEM)
		*rc = err;
	return !err && broken & bit;
}

/* a call with all steps that follow it at once as the plain event */
static bool plain_call(struct zsim_script *s, uint32_t i)
{
	const char *actor = s->line[i].ev.actor;
	uint32_t n = i + 1;

	if (!actor || s->line[i].ev.type == ZSIM_EV_STEP || s->line[i].ev.type == ZSIM_EV_FINISH)
		return false;
	while (n < s->nr && s->line[n].ev.actor && !strcmp(s->line[n].ev.actor, actor) &&
	       (s->line[n].ev.type == ZSIM_EV_STEP || s->line[n].ev.type == ZSIM_EV_FINISH))
		n++;
	s->line[i].ev.actor = NULL;
	zsim_script_cut(s, i + 1, n - i - 1);
	return true;
}

/* from here on the actor's steps are left to its `finish` */
static bool steps_to_finish(struct zsim_script *s, uint32_t i)
{
	const char *actor = s->line[i].ev.actor;
	bool cut = false;

	if (s->line[i].ev.type != ZSIM_EV_STEP)
		return false;
	for (uint32_t n = s->nr; n-- > i;)
		if (s->line[n].ev.type == ZSIM_EV_STEP && !strcmp(s->line[n].ev.actor, actor)) {
			zsim_script_cut(s, n, 1);
			cut = true;
		}
	return cut;
}

/* a call with all its steps */
static bool whole_call(struct zsim_script *s, uint32_t i)
{
	const char *actor = s->line[i].ev.actor;

	if (!actor || s->line[i].ev.type == ZSIM_EV_STEP || s->line[i].ev.type == ZSIM_EV_FINISH)
		return false;
	for (uint32_t n = s->nr; n-- > i + 1;)
		if (s->line[n].ev.actor && !strcmp(s->line[n].ev.actor, actor))
			zsim_script_cut(s, n, 1);
	zsim_script_cut(s, i, 1);
	return true;
}

/* the pool as it is, where it need not be a simple one */
static bool real_pool(struct zsim_script *s, uint32_t i)
{
	if (s->line[i].ev.type != ZSIM_EV_MACHINE || !s->line[i].ev.pool_bytes)
		return false;
	s->line[i].ev.pool_bytes = false;
	return true;
}

static bool one_line(struct zsim_script *s, uint32_t i)
{
	if (s->line[i].ev.type == ZSIM_EV_MACHINE)
		return false;
	zsim_script_cut(s, i, 1);
	return true;
}

/* try one way of cutting at each line, from the end on; keep what still shows it */
static int cut_all(const struct cutter *c, struct zsim_script *s,
		   bool (*cut)(struct zsim_script *s, uint32_t i), bool *changed)
{
	struct zsim_script trial;
	int rc = 0;

	for (uint32_t i = s->nr; !rc && i--;) {
		if (i >= s->nr)
			continue;
		rc = zsim_script_copy(&trial, s);
		if (!rc && cut(&trial, i) && shows(c, &trial, &rc)) {
			zsim_script_swap(&trial, s);
			*changed = true;
		}
		zsim_script_destroy(&trial);
	}
	return rc;
}

static int cut_down(const struct cutter *c, struct zsim_script *s)
{
	bool (*const ways[])(struct zsim_script *, uint32_t) = { plain_call, steps_to_finish,
								 whole_call, one_line, real_pool };
	bool changed = true;
	int rc = 0;

	for (int round = 0; !rc && changed && round < CUT_ROUNDS; round++) {
		changed = false;
		for (size_t i = 0; !rc && i < sizeof(ways) / sizeof(ways[0]); i++)
			rc = cut_all(c, s, ways[i], &changed);
	}
	return rc;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool can_be_run(enum zsim_property property)
{
	return property != ZSIM_P_TERMINATION && property != ZSIM_P_WORKER_TERMINATION;
}

static int script_make(const struct zsim_scenario *sc, const struct zsim_check_options *options,
		       const struct zsim_finding *f, struct zsim_script *s)
{
	const struct cutter cutter = { .sc = sc, .options = options, .property = f->property };
	int rc = setup_add(s, sc, f->choice);

	if (!rc)
		rc = path_add(s, sc, f);
	if (!rc)
		rc = ends_add(s, sc, f);
	return rc || !can_be_run(f->property) ? rc : cut_down(&cutter, s);
}

int zsim_counterexample_make(const struct zsim_scenario *sc,
			     const struct zsim_check_options *options, const struct zsim_finding *f,
			     struct zsim_counterexample *cx)
{
	const struct zsim_algo *algo = options->algo ? options->algo : &sc->algo;
	struct zsim_script s;
	int rc;

	*cx = (struct zsim_counterexample){ .property = f->property, .steps = f->nr };
	zsim_script_init(&s, sc->alloc);
	rc = script_make(sc, options, f, &s);
	if (!rc)
		rc = zsim_script_note(&s, algo, options->defect, ZSIM_P_BIT(f->property));
	if (!rc) {
		const char *why = zsim_script_why(&s);

		cx->why = zsim_strdup(sc->alloc, *why ? why : f->why);
		cx->trace = cx->why ? zsim_script_trace(&s, sc, algo, options->defect, cx) : NULL;
		cx->columns = zsim_script_columns(&s, sc);
		if (!cx->why || !cx->trace || !cx->columns)
			rc = -ENOMEM;
	}
	zsim_script_destroy(&s);
	return rc;
}

void zsim_counterexample_free(const struct zsim_allocator *alloc, struct zsim_counterexample *cx)
{
	zsim_dealloc(alloc, (void *)cx->why);
	zsim_dealloc(alloc, (void *)cx->trace);
	zsim_dealloc(alloc, (void *)cx->columns);
	*cx = (struct zsim_counterexample){ .property = cx->property };
}
