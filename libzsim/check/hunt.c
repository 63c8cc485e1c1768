/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/search.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool is_endless(const struct zsim_scenario *sc)
{
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		if (sc->role[p].mode == ZSIM_MODE_FOREVER)
			return true;
	return false;
}

int zsim_hunt_init(struct zsim_hunt *h, const struct zsim_scenario *sc,
		   const struct zsim_check_options *options, uint64_t properties, uint64_t expected,
		   uint32_t payload)
{
	*h = (struct zsim_hunt){
		.sc = sc,
		.alloc = sc->alloc,
		.options = *options,
		.watched = properties,
		.expected = expected,
		.endless = is_endless(sc),
	};
	atomic_init(&h->properties, properties);
	if (pthread_mutex_init(&h->lock, NULL) || pthread_mutex_init(&h->telling, NULL))
		return -ENOMEM;
	return zsim_visited_init(&h->visited, sc->alloc, ZSIM_PART_PLAYER + sc->nr_roles, payload,
				 options->threads > 1, options->bitstate);
}

void zsim_hunt_destroy(struct zsim_hunt *h)
{
	for (uint32_t i = 0; i < h->nr_findings; i++)
		zsim_dealloc(h->alloc, h->finding[i].action);
	zsim_visited_destroy(&h->visited);
	pthread_mutex_destroy(&h->telling);
	pthread_mutex_destroy(&h->lock);
}

uint32_t zsim_hunt_choices(const struct zsim_hunt *h)
{
	return 1u << h->sc->nr_either;
}

int zsim_hunt_world(const struct zsim_hunt *h, struct zsim_world *w, uint32_t choice)
{
	int rc = zsim_world_init(w, h->sc, h->options.algo, h->options.defect, h->watched, choice);

	w->monitor.known = h->watched & ~h->properties;
	return rc;
}

void zsim_hunt_stop(struct zsim_hunt *h, enum zsim_check_end end, int rc)
{
	pthread_mutex_lock(&h->lock);
	if (!atomic_load(&h->stop)) {
		h->end = end;
		atomic_store(&h->rc, rc);
		atomic_store(&h->stop, true);
	}
	pthread_mutex_unlock(&h->lock);
}

/* ---- what was found ----------------------------------------------------------------- */

static int finding_keep(struct zsim_hunt *h, enum zsim_property property, const char *why,
			uint32_t choice, const uint16_t *action, uint32_t nr)
{
	struct zsim_finding *f = &h->finding[h->nr_findings];

	f->action = zsim_alloc(h->alloc, sizeof(*action) * (nr + 1));
	if (!f->action)
		return -ENOMEM;
	f->property = property;
	f->choice = choice;
	f->nr = nr;
	memcpy(f->action, action, sizeof(*action) * nr);
	snprintf(f->why, sizeof(f->why), "%s", why);
	h->nr_findings++;
	return 0;
}

int zsim_hunt_found(struct zsim_hunt *h, enum zsim_property property, const char *why,
		    uint32_t choice, const uint16_t *action, uint32_t nr)
{
	bool first;
	int rc = 0;

	pthread_mutex_lock(&h->lock);
	first = h->properties & ZSIM_P_BIT(property);
	if (first) {
		rc = finding_keep(h, property, why, choice, action, nr);
		h->properties &= ~ZSIM_P_BIT(property);
	}
	pthread_mutex_unlock(&h->lock);
	if (first && !rc && !(h->expected & ZSIM_P_BIT(property)))
		zsim_hunt_stop(h, ZSIM_END_REFUTED, 0);
	return rc;
}

int zsim_hunt_broken(struct zsim_hunt *h, struct zsim_world *w, uint32_t choice,
		     const uint16_t *action, uint32_t nr)
{
	struct zsim_monitor *m = &w->monitor;
	int rc = 0;

	for (uint32_t p = 0; !rc && p < ZSIM_NR_PROPERTIES; p++)
		if (m->broken >> p & 1)
			rc = zsim_hunt_found(h, (enum zsim_property)p, m->why, choice, action, nr);
	m->known |= m->broken;
	m->broken = 0;
	return rc;
}

void zsim_hunt_rests(struct zsim_hunt *h, uint64_t nr, uint64_t digest)
{
	pthread_mutex_lock(&h->lock);
	h->rests += nr;
	h->rests_digest += digest;
	pthread_mutex_unlock(&h->lock);
}

/* ---- how far it is --------------------------------------------------------------------- */

/* whoever watches need not be ready for two threads at once */
static bool progress_told(struct zsim_hunt *h, const struct zsim_check_progress *progress)
{
	bool on;

	pthread_mutex_lock(&h->telling);
	on = h->options.progress(h->options.ctx, progress);
	pthread_mutex_unlock(&h->telling);
	return on;
}

static void limits_look(struct zsim_hunt *h, const struct zsim_check_progress *progress)
{
	const struct zsim_check_options *o = &h->options;

	if (atomic_load(&h->stop)) /* whoever said so is not asked again */
		return;
	if (o->states_max && progress->states >= o->states_max)
		zsim_hunt_stop(h, ZSIM_END_STATES, 0);
	else if (o->memory_max && progress->bytes >= o->memory_max)
		zsim_hunt_stop(h, ZSIM_END_MEMORY, 0);
	else if (o->progress && !progress_told(h, progress))
		zsim_hunt_stop(h, ZSIM_END_STOPPED, 0);
}

void zsim_hunt_look(struct zsim_hunt *h, uint64_t depth, uint64_t queue, uint64_t bytes)
{
	struct zsim_check_progress progress = { .queue = queue };

	pthread_mutex_lock(&h->lock);
	if (depth > h->depth)
		h->depth = depth;
	progress.depth = h->depth;
	progress.states = h->states;
	progress.transitions = h->transitions;
	progress.bytes = zsim_visited_bytes(&h->visited) + bytes;
	if (progress.bytes > h->bytes)
		h->bytes = progress.bytes;
	pthread_mutex_unlock(&h->lock);
	limits_look(h, &progress);
}
