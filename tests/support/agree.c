/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/agree.h"

typedef unsigned long long ull;

const struct way ways[NR_WAYS] = {
	{ "depth", ZSIM_SEARCH_DEPTH, false, false, 1, true },
	{ "reduced", ZSIM_SEARCH_DEPTH, true, false, 1, true },
	{ "breadth", ZSIM_SEARCH_BREADTH, false, false, 1, false },
	{ "2 threads", ZSIM_SEARCH_DEPTH, false, false, 2, false },
	{ "3 threads, reduced", ZSIM_SEARCH_DEPTH, true, false, 3, false },
	{ "symmetry", ZSIM_SEARCH_DEPTH, false, true, 1, true },
	{ "symmetry, reduced", ZSIM_SEARCH_DEPTH, true, true, 1, true },
	{ "symmetry, breadth", ZSIM_SEARCH_BREADTH, false, true, 1, false },
	{ "symmetry, 3 threads", ZSIM_SEARCH_DEPTH, false, true, 3, false },
	{ "symmetry, 2 threads, reduced", ZSIM_SEARCH_DEPTH, true, true, 2, false },
};

struct zsim_check_options way_options(const struct way *way)
{
	struct zsim_check_options o;

	zsim_check_options_init(&o);
	o.search = way->search;
	o.reduce = way->reduce;
	o.symmetry = way->symmetry;
	o.threads = way->threads;
	return o;
}

static void same(struct finding *f, const struct way *way, const char *what, ull found,
		 ull expected)
{
	f->looked++;
	if (found != expected)
		finding_add(f, "%s: %s 0x%llx, not 0x%llx", way->name, what, found, expected);
}

/* a refutation that nobody expected ends a search: then it is one of those that there are */
static void same_refuted(const struct space *plain, const struct way *way,
			 const struct zsim_check_result *r, struct finding *f)
{
	f->looked++;
	if (r->end != ZSIM_END_REFUTED || !r->refuted || r->refuted & ~plain->broken)
		finding_add(f, "%s: end %d, refuted 0x%llx of 0x%llx", way->name, r->end,
			    (ull)r->refuted, (ull)plain->broken);
}

/* @endings: calls that do not end, as the first way found that looked for them */
static void same_states(const struct space *plain, const struct way *way,
			const struct zsim_check_result *r, uint64_t endings, struct finding *f)
{
	uint64_t refuted = plain->broken | (way->cycles ? endings : 0);

	same(f, way, "end", r->end, ZSIM_END_EXHAUSTED);
	same(f, way, "states", r->states, plain->nr);
	same(f, way, "end states", r->rests, plain->rests);
	same(f, way, "set of end states", r->rests_digest, plain->digest);
	same(f, way, "refuted", r->refuted, refuted);
	if (!way->reduce)
		same(f, way, "steps", r->transitions, plain->transitions);
	else if (r->transitions > plain->transitions)
		finding_add(f, "%s: %llu steps, more than %llu", way->name, (ull)r->transitions,
			    (ull)plain->transitions);
}

static void way_agrees(const struct space *plain, const struct way *way, uint64_t *endings,
		       struct finding *f)
{
	struct zsim_check_options o = way_options(way);
	struct zsim_check_result r;

	o.defect = plain->options.defect;
	o.algo = plain->options.algo;
	o.properties = plain->options.properties;
	if (zsim_check(plain->sc, &o, &r)) {
		finding_add(f, "%s: an error", way->name);
		return;
	}
	if (way->cycles && *endings == UINT64_MAX)
		*endings = r.refuted & AGREE_ENDINGS;
	if (plain->broken & ~plain->sc->refutes)
		same_refuted(plain, way, &r, f);
	else
		same_states(plain, way, &r, *endings, f);
	zsim_check_result_free(&r);
}

void agree_with(const struct space *plain, struct finding *f)
{
	uint64_t endings = UINT64_MAX;

	*f = (struct finding){ .looked = 0 };
	for (uint32_t i = 0; i < NR_WAYS; i++)
		if (ways[i].symmetry == plain->options.symmetry)
			way_agrees(plain, &ways[i], &endings, f);
}
