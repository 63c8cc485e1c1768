/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/made_up.h"

#include <stdlib.h>

#define SLOTS 5u

/** struct maker - @groups: of @paths that there are; @queued: an actor is when queued */
struct maker {
	FILE *out;
	struct dice *d;
	uint32_t groups;
	uint32_t nodes;
	uint32_t stored;
	bool queued;
};

static const char *const paths[] = { "/", "/a", "/b", "/a/x" };

static uint32_t roll(struct maker *m, uint32_t below)
{
	return (uint32_t)dice_roll(m->d, below);
}

static bool chance(struct maker *m, uint32_t percent)
{
	return roll(m, 100) < percent;
}

static const char *group(struct maker *m)
{
	return paths[roll(m, m->groups)];
}

/* not the root */
static const char *child(struct maker *m)
{
	return paths[1 + roll(m, m->groups - 1)];
}

static uint32_t length(struct maker *m)
{
	static const uint32_t lengths[] = { 1000, 1000, 2000, 4096 };

	return lengths[roll(m, 4)];
}

/* ---- the machine ------------------------------------------------------------------------- */

static void constants(struct maker *m)
{
	static const char *const algos[] = { "proactive-v5", "proactive-v5", "linux-7.2",
					     "linux-7.3" };

	fprintf(m->out, "algo %s\n", algos[roll(m, 4)]);
	fprintf(m->out, "set batch=%u,retries=%u,walk=%u,empty_failures=%u,shrinker_batch=2\n",
		1 + roll(m, 3), 1 + roll(m, 4), 1 + roll(m, 2), chance(m, 20) ? 4u : 1u);
}

static void machine(struct maker *m)
{
	bool memcg = !chance(m, 15);

	m->nodes = 1 + chance(m, 20);
	m->groups = memcg ? 1 + roll(m, 4) : 1;
	fprintf(m->out, "machine nodes=%u ram=100 memcg=%s\n", m->nodes, memcg ? "on" : "off");
	if (chance(m, 50))
		fprintf(m->out, "param max_pool_percent %u\nparam accept_threshold_percent %u\n",
			1 + roll(m, 4), 30 + roll(m, 60));
	if (chance(m, 30))
		fprintf(m->out, "param shrinker_enabled 1\n");
	if (chance(m, 25))
		fprintf(m->out, "param address_reuse 1\n");
	for (uint32_t g = 1; g < m->groups; g++)
		fprintf(m->out, "mkdir %s\n", paths[g]);
}

static void entries(struct maker *m)
{
	m->stored = 1 + roll(m, SLOTS - 1);
	for (uint32_t slot = 1; slot <= m->stored; slot++)
		fprintf(m->out, "store %u %s %u %u\n", slot, group(m), roll(m, m->nodes),
			length(m));
}

static void settings(struct maker *m)
{
	static const char *const fails[] = { "swapcache_alloc", "decompress", "zs_malloc",
					     "entry_alloc" };

	if (m->groups > 1 && chance(m, 20))
		fprintf(m->out, "write %s memory.zswap.max %u\n", child(m), 4096 * roll(m, 3));
	if (m->groups > 1 && chance(m, 10))
		fprintf(m->out, "write %s memory.zswap.writeback 0\n", child(m));
	for (uint32_t slot = 1; slot <= m->stored; slot++)
		if (chance(m, 10))
			fprintf(m->out, "cache %u\n", slot);
	if (chance(m, 15))
		fprintf(m->out, "fail %s %u\n", fails[roll(m, 4)], 1 + roll(m, 2));
}

/* what a full pool rejected in the set-up is not there */
static void colds(struct maker *m)
{
	if (chance(m, 20))
		fprintf(m->out, "either cold 1\n");
	for (uint32_t slot = 2; slot <= m->stored; slot++)
		if (chance(m, 50))
			fprintf(m->out, "cold %u\n", slot);
}

/* ---- actors -------------------------------------------------------------------------------- */

static void event(struct maker *m, const char *actor)
{
	uint32_t slot = 1 + roll(m, SLOTS);

	fprintf(m->out, "@%s ", actor);
	switch (roll(m, 9)) {
	case 0:
	case 1:
	case 2:
		fprintf(m->out, "store %u %s %u %u\n", slot, group(m), roll(m, m->nodes),
			length(m));
		break;
	case 3:
	case 4:
		fprintf(m->out, "load %u\n", slot);
		break;
	case 5:
		fprintf(m->out, "invalidate %u\n", slot);
		break;
	case 6:
		fprintf(m->out, "cache %u\n", slot);
		break;
	case 7:
		fprintf(m->out, "uncache %u\n", slot);
		break;
	default:
		fprintf(m->out, "store 4 %s 0 %u %u\n", group(m), length(m), length(m));
		break;
	}
}

static void in_order(struct maker *m, const char *name)
{
	fprintf(m->out, "actor %s in order\n", name);
	for (uint32_t n = 1 + roll(m, 3); n--;)
		event(m, name);
}

static void any(struct maker *m, const char *name)
{
	if (chance(m, 6))
		fprintf(m->out, "actor %s any forever\n", name);
	else
		fprintf(m->out, "actor %s any %u\n", name, 1 + roll(m, 2));
	for (uint32_t n = 2 + roll(m, 3); n--;)
		event(m, name);
}

static void request(struct maker *m, const char *name)
{
	fprintf(m->out, "actor %s in order\n@%s write %s memory.reclaim %u source=zswap\n", name,
		name, group(m), chance(m, 50) ? 1 : 3000);
}

static void worker(struct maker *m, const char *name)
{
	bool queued = !m->queued && chance(m, 50);

	fprintf(m->out, "actor %s %s\n@%s worker\n", name, queued ? "when queued" : "in order",
		name);
	m->queued |= queued;
}

static void leave(struct maker *m, const char *name)
{
	const char *path = m->groups > 1 ? paths[m->groups - 1] : NULL;

	if (!path) {
		request(m, name);
		return;
	}
	fprintf(m->out, "actor %s in order\n@%s rmdir %s deferred\n@%s offline %s\n", name, name,
		path, name, path);
}

static void admin(struct maker *m, const char *name)
{
	fprintf(m->out, "actor %s in order\n", name);
	switch (roll(m, 4)) {
	case 0:
		fprintf(m->out, "@%s param enabled 0\n@%s param enabled 1\n", name, name);
		break;
	case 1:
		fprintf(m->out, "@%s swapoff 0\n", name);
		break;
	case 2:
		fprintf(m->out, "@%s slab %s 0 0\n", name, group(m));
		break;
	default:
		fprintf(m->out, "@%s write %s memory.zswap.writeback 0\n", name,
			m->groups > 1 ? child(m) : "/");
		break;
	}
}

static void actor(struct maker *m, const char *name)
{
	static void (*const kinds[])(struct maker *, const char *) = {
		request, request, worker, in_order, in_order, any, any, leave, admin,
	};
	uint32_t kind = roll(m, (uint32_t)(sizeof(kinds) / sizeof(kinds[0])));

	kinds[kind](m, name);
}

/* ---- properties ------------------------------------------------------------------------------ */

static void properties(struct maker *m)
{
	static const char *const names[] = {
		"worker-bound",	 "node-count", "progress",  "progress-child",	  "bytes-claimed",
		"progress-cold", "visit-once", "bytes-own", "worker-termination",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (chance(m, 25))
			fprintf(m->out, "refute %s\n", names[i]);
}

void made_up_write(FILE *out, struct dice *d)
{
	struct maker m = { .out = out, .d = d };
	uint32_t actors;

	constants(&m);
	machine(&m);
	entries(&m);
	colds(&m);
	settings(&m);
	actors = 2 + roll(&m, 3);
	for (uint32_t i = 0; i < actors; i++) {
		const char name[] = { (char)('A' + i), '\0' };

		actor(&m, name);
	}
	properties(&m);
}

struct zsim_scenario *made_up(struct dice *d)
{
	struct zsim_scenario *sc = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int rc = -1;

	if (!out)
		exit(1);
	fputs("zsim-scenario 1\n", out);
	made_up_write(out, d);
	if (!fclose(out))
		rc = zsim_scenario_parse("made up", text, size, NULL, &sc);
	free(text);
	if (!rc)
		return sc;
	zsim_scenario_free(sc);
	return NULL;
}
