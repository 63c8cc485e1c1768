/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - a search, and for what it refutes the shortest way there.
 */
#include <errno.h>
#include <string.h>

#include "check/counterexample.h"
#include "check/search.h"

/* states that the search for a shorter way may look at */
#define SHORTEN_STATES 2000000u
#define BITSTATE_MIN 20u
#define BITSTATE_MAX 40u
#define THREADS_MAX 64u

void zsim_check_options_init(struct zsim_check_options *options)
{
	*options = (struct zsim_check_options){
		.size = sizeof(*options),
		.threads = 1,
		.walks = 10000,
		.walk_steps = 10000,
		.seed = 1,
	};
}

static int options_take(struct zsim_check_options *o, const struct zsim_check_options *given)
{
	zsim_check_options_init(o);
	if (given) {
		if (given->size < sizeof(size_t) || given->size > sizeof(*o))
			return -EINVAL;
		memcpy(o, given, given->size);
	}
	if (!o->threads || o->threads > THREADS_MAX || o->search > ZSIM_SEARCH_RANDOM)
		return -EINVAL;
	if (o->bitstate && (o->bitstate < BITSTATE_MIN || o->bitstate > BITSTATE_MAX))
		return -EINVAL;
	return o->defect && !zsim_has_defects() ? -EOPNOTSUPP : 0;
}

static bool has_mode(const struct zsim_scenario *sc, enum zsim_mode mode)
{
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		if (sc->role[p].mode == mode)
			return true;
	return false;
}

static bool has_endless(const struct zsim_scenario *sc)
{
	return has_mode(sc, ZSIM_MODE_FOREVER);
}

/*
 * Cycles of an endless actor are looked for in all orders of steps; and what steps of a
 * model with a defect touch is not known (footprint.c).
 */
static void options_settle(const struct zsim_scenario *sc, struct zsim_check_options *o)
{
	if (o->search != ZSIM_SEARCH_DEPTH)
		o->threads = 1;
	if (o->search != ZSIM_SEARCH_DEPTH || o->bitstate || o->defect ||
	    (has_endless(sc) && o->threads == 1))
		o->reduce = false;
}

/* bytes that a search keeps with each state: Tarjan's index, or the actors that slept */
static uint32_t payload_of(const struct zsim_scenario *sc, const struct zsim_check_options *o)
{
	if (o->search != ZSIM_SEARCH_DEPTH || o->bitstate)
		return 0;
	return has_endless(sc) && o->threads == 1 ? sizeof(uint32_t) : o->reduce;
}

static int search(struct zsim_hunt *h)
{
	switch (h->options.search) {
	case ZSIM_SEARCH_DEPTH:
		return zsim_dive(h);
	case ZSIM_SEARCH_BREADTH:
		return zsim_spread(h);
	case ZSIM_SEARCH_RANDOM:
		return zsim_wander(h);
	}
	return -EINVAL;
}

/* ---- what it found ------------------------------------------------------------------ */

static bool is_ending(enum zsim_property property)
{
	return property == ZSIM_P_TERMINATION || property == ZSIM_P_WORKER_TERMINATION;
}

/*
 * breadth first for this property alone; what it finds replaces @f in the counterexample.
 * Whoever was told to stop looks no further.
 */
static int shortest(const struct zsim_hunt *h, const struct zsim_finding *f,
		    struct zsim_counterexample *cx)
{
	struct zsim_check_options o = h->options;
	const struct zsim_finding *best = f;
	struct zsim_hunt shorter;
	int rc;

	o.search = ZSIM_SEARCH_BREADTH;
	o.threads = 1;
	o.bitstate = 0;
	o.reduce = false;
	o.states_max = SHORTEN_STATES;
	rc = zsim_hunt_init(&shorter, h->sc, &o, ZSIM_P_BIT(f->property), 0, 0);
	if (!rc && !is_ending(f->property) && h->options.search != ZSIM_SEARCH_BREADTH &&
	    !(h->stop && h->end == ZSIM_END_STOPPED))
		rc = zsim_spread(&shorter);
	if (!rc && shorter.nr_findings)
		best = &shorter.finding[0];
	if (!rc)
		rc = zsim_counterexample_make(h->sc, &h->options, best, cx);
	zsim_hunt_destroy(&shorter);
	return rc;
}

static int counterexamples_make(const struct zsim_hunt *h, struct zsim_check_result *r)
{
	int rc = 0;

	if (!h->nr_findings)
		return 0;
	r->counterexamples = zsim_zalloc(r->alloc, h->nr_findings * sizeof(*r->counterexamples));
	if (!r->counterexamples)
		return -ENOMEM;
	for (uint32_t i = 0; !rc && i < h->nr_findings; i++) {
		r->refuted |= ZSIM_P_BIT(h->finding[i].property);
		rc = shortest(h, &h->finding[i], &r->counterexamples[r->nr++]);
	}
	return rc;
}

static uint64_t checkable(const struct zsim_hunt *h, uint64_t properties)
{
	uint64_t endings = ZSIM_P_BIT(ZSIM_P_TERMINATION) | ZSIM_P_BIT(ZSIM_P_WORKER_TERMINATION);
	/* a frame that sleep sets push again may close a cycle whose other states are done with */
	bool cycles = h->options.search == ZSIM_SEARCH_DEPTH && h->options.threads == 1 &&
		      !h->options.bitstate && !h->options.reduce;

	if (has_endless(h->sc) && has_mode(h->sc, ZSIM_MODE_QUEUED))
		properties &= ~ZSIM_P_BIT(ZSIM_P_WORKER_TERMINATION);
	return cycles ? properties : properties & ~endings;
}

static void result_fill(const struct zsim_hunt *h, struct zsim_check_result *r, uint64_t properties)
{
	uint64_t states = h->states;

	r->end = h->stop ? h->end : h->options.bitstate ? ZSIM_END_INEXACT : ZSIM_END_EXHAUSTED;
	r->checked = checkable(h, properties);
	r->states = states;
	r->transitions = h->transitions;
	r->depth = h->depth;
	r->rests = h->rests;
	r->rests_digest = h->rests_digest;
	r->bytes = h->bytes;
	r->state_bytes = states ? (double)h->bytes / (double)states : 0;
}

int zsim_check(const struct zsim_scenario *sc, const struct zsim_check_options *options,
	       struct zsim_check_result *result)
{
	struct zsim_check_options o;
	struct zsim_hunt h;
	uint64_t properties;
	int rc = options_take(&o, options);

	*result = (struct zsim_check_result){ .alloc = sc->alloc };
	if (rc)
		return rc;
	options_settle(sc, &o);
	properties = o.properties ? o.properties : sc->proves | sc->refutes;
	rc = zsim_hunt_init(&h, sc, &o, properties, sc->refutes & properties, payload_of(sc, &o));
	if (!rc)
		rc = search(&h);
	if (!rc)
		result_fill(&h, result, properties);
	if (!rc)
		rc = counterexamples_make(&h, result);
	zsim_hunt_destroy(&h);
	if (rc)
		zsim_check_result_free(result);
	return rc;
}

void zsim_check_result_free(struct zsim_check_result *result)
{
	for (uint32_t i = 0; i < result->nr; i++)
		zsim_counterexample_free(result->alloc, &result->counterexamples[i]);
	zsim_dealloc(result->alloc, result->counterexamples);
	result->counterexamples = NULL;
	result->nr = 0;
}
