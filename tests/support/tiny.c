/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/tiny.h"

#include "support/agree.h"
#include "support/plant.h"

#define SCHEDULES_MAX 60000u

/* clang-format off */
const struct tiny tiny[NR_TINY] = {
	{
		"a page is loaded while a request writes it back",
		"set batch=2,retries=2\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 2 /a 0 2000\n"
		"cold 1\n"
		"cold 2\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 3000 source=zswap\n"
		"actor A in order\n"
		"@A load 1\n"
		"refute node-count bytes-claimed\n",
	},
	{
		"its slot is freed and used again, at the old address",
		"set batch=1,retries=2\n"
		"param address_reuse 1\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 2 /a 0 1000\n"
		"cold 1\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor A in order\n"
		"@A invalidate 1\n"
		"@A store 1 /a 0 2000\n"
		"refute bytes-claimed node-count\n",
	},
	{
		"two requests on the same entries",
		"set batch=2,retries=2\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 2 /a 0 1000\n"
		"cold 2\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor S in order\n"
		"@S write /a memory.reclaim 1 source=zswap\n"
		"refute node-count progress progress-cold\n",
	},
	{
		"a store finds the pool full and queues the worker",
		"set batch=1,retries=2\n"
		"machine nodes=1 ram=100\n"
		"param max_pool_percent 2\n"
		"param accept_threshold_percent 50\n"
		"mkdir /a\n"
		"store 1 /a 0 4096\n"
		"store 2 /a 0 4096\n"
		"cold 1\n"
		"actor A in order\n"
		"@A store 3 /a 0 4096\n"
		"@A store 4 /a 0 4096\n"
		"@A load 2\n"
		"actor W when queued\n"
		"@W worker\n"
		"refute node-count\n",
	},
	{
		"a group leaves under a request",
		"set batch=1,retries=2\n"
		"mkdir /a\n"
		"mkdir /a/x\n"
		"store 1 /a/x 0 1000\n"
		"store 2 /a 0 1000\n"
		"cold 1\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor L in order\n"
		"@L rmdir /a/x deferred\n"
		"@L offline /a/x\n"
		"refute node-count bytes-own progress progress-cold\n",
	},
	{
		"anything is stored or loaded, and some was passed before",
		"set batch=1,retries=1\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 2 /a 0 1000\n"
		"either cold 1 2\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor A any 2\n"
		"@A load 1\n"
		"@A load 2\n"
		"@A store 1 /a 0 2000\n"
		"refute node-count progress\n",
	},
	{
		"the shrinker scans while a page is loaded",
		"param shrinker_enabled 1\n"
		"set shrinker_batch=2\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 2 /a 0 1000\n"
		"store 4 /a 0 1000\n"
		"store 3 /a 0 1000\n"
		"cold 1\n"
		"cold 2\n"
		"actor S in order\n"
		"@S slab /a 0 0\n"
		"actor A in order\n"
		"@A load 2\n"
		"@A store 2 /a 0 2000\n",
	},
	{
		"children of which one is never reached",
		"set batch=1,retries=1\n"
		"mkdir /a\n"
		"mkdir /b\n"
		"store 1 /a 0 1000\n"
		"store 2 /b 0 1000\n"
		"actor R in order\n"
		"@R write / memory.reclaim 1 source=zswap\n"
		"actor A in order\n"
		"@A load 1\n"
		"refute progress-child progress node-count\n",
	},
	{
		"memory fails once",
		"set batch=1,retries=2\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"store 3 /a 0 1000\n"
		"cold 1\n"
		"fail swapcache_alloc 1\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor A in order\n"
		"@A store 2 /a 0 1000\n"
		"refute node-count progress progress-cold\n",
	},
	{
		"writeback is switched off under a request",
		"set batch=1,retries=2\n"
		"mkdir /a\n"
		"store 1 /a 0 1000\n"
		"cold 1\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"actor A any 2\n"
		"@A write /a memory.zswap.writeback 0\n"
		"@A write /a memory.zswap.writeback 1\n"
		"refute node-count progress progress-cold\n",
	},
	{
		"a worker of a released kernel, and a request's page comes back",
		"algo linux-7.2\n"
		"set retries=2\n"
		"machine nodes=1 ram=100\n"
		"param max_pool_percent 2\n"
		"param accept_threshold_percent 50\n"
		"mkdir /a\n"
		"store 1 /a 0 4096\n"
		"store 2 /a 0 4096\n"
		"cold 1\n"
		"actor W in order\n"
		"@W worker\n"
		"actor A in order\n"
		"@A load 1\n"
		"@A store 1 /a 0 4096\n"
		"refute node-count\n",
	},
	{
		"a folio over a group's limit",
		"set batch=2,retries=2\n"
		"mkdir /a\n"
		"write /a memory.zswap.max 4096\n"
		"store 1 /a 0 4096\n"
		"cold 1\n"
		"actor A in order\n"
		"@A store 2 /a 0 1000 1000\n"
		"actor R in order\n"
		"@R write /a memory.reclaim 1 source=zswap\n"
		"refute node-count progress progress-cold\n",
	},
};
/* clang-format on */

void tiny_play(struct schedules *s, const struct zsim_scenario *sc)
{
	schedules_play(s, sc, SCHEDULES_MAX);
}

static void ends_compare(const struct schedules *s, const struct ends *met, const struct way *way,
			 struct finding *f)
{
	const char *missed = ends_missing(&s->ends, met);
	const char *more = ends_missing(met, &s->ends);

	f->looked++;
	if (missed)
		finding_add(f, "%s: an end was not met: %s", way->name, missed);
	if (more)
		finding_add(f, "%s: an end that there is not: %s", way->name, more);
}

static void way_agrees(const struct schedules *s, const struct way *way, struct finding *f)
{
	struct zsim_check_options o = way_options(way);
	struct ends met = { .nr = 0 };
	struct zsim_check_result r;

	plant_ends = &met;
	if (zsim_check(s->sc, &o, &r)) {
		finding_add(f, "%s: an error", way->name);
		plant_ends = NULL;
		return;
	}
	plant_ends = NULL;
	ends_compare(s, &met, way, f);
	if ((r.refuted & ~AGREE_ENDINGS) != s->broken)
		finding_add(f, "%s: refuted 0x%llx, not 0x%llx", way->name,
			    (unsigned long long)r.refuted, (unsigned long long)s->broken);
	ends_free(&met);
	zsim_check_result_free(&r);
}

/* with like slots taken for one, ends stand for others: nothing can be said of those */
void tiny_agrees(const struct schedules *s, struct finding *f)
{
	*f = (struct finding){ .looked = 0 };
	for (uint32_t i = 0; i < NR_WAYS; i++)
		if (!ways[i].symmetry)
			way_agrees(s, &ways[i], f);
}
