/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.c - what two runs over one trace are compared by.
 */
#include <errno.h>

#include "session.h"

static uint64_t requests_with(const struct zsim_run *run, int rc)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < run->nr_requests; i++)
		nr += run->requests[i].rc == rc;
	return nr;
}

static uint64_t in_hundredths(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * 100.0 / (double)whole + 0.5) : 0;
}

void zsim_run_measure(const struct zsim_run *run, struct zsim_measure out[ZSIM_NR_MEASURES])
{
	const struct zsim *zs = run->zs;
	const struct zsim_tally_counts *c = zsim_tally_counts(run->tally);
	struct zsim_tally_cause sum = zsim_tally_sum(c);
	uint64_t ok = requests_with(run, 0);
	uint64_t again = requests_with(run, -EAGAIN);
	const struct {
		const char *key;
		const char *label;
		uint64_t value;
		bool share;
	} rows[ZSIM_NR_MEASURES] = {
		{ "requests", "requests", run->nr_requests, false },
		{ "requests_ok", "  that returned 0", ok, false },
		{ "requests_eagain", "  that returned -EAGAIN", again, false },
		{ "requests_refused", "  other", run->nr_requests - ok - again, false },
		{ "steps", "steps", sum.steps, false },
		{ "shrink_memcg_calls", "shrink_memcg calls", sum.shrinks, false },
		{ "visits", "visits", sum.visits, false },
		{ "rotated", "  rotated", sum.rotated, false },
		{ "written", "  written back", sum.written, false },
		{ "busy", "  met the swap cache", sum.busy, false },
		{ "failed", "  failed", sum.failed, false },
		{ "visits_per_page_written", "visits per page written",
		  in_hundredths(sum.visits, sum.written), true },
		{ "bytes_written", "bytes written back", sum.bytes, false },
		{ "written_by_store", "pages written by store",
		  zsim_written_by(zs, ZSIM_CAUSE_STORE), false },
		{ "written_by_worker", "  by worker", zsim_written_by(zs, ZSIM_CAUSE_WORKER),
		  false },
		{ "written_by_shrinker", "  by shrinker", zsim_written_by(zs, ZSIM_CAUSE_SHRINKER),
		  false },
		{ "written_by_request", "  by request", zsim_written_by(zs, ZSIM_CAUSE_REQUEST),
		  false },
		{ "worker_runs", "worker runs", c->worker_runs, false },
		{ "stores_accepted", "stores accepted", c->stores_accepted, false },
		{ "stores_rejected", "stores rejected", c->stores_rejected, false },
		{ "pool_limit_hit", "pool_limit_hit", zsim_counter(zs, ZSIM_COUNTER_POOL_LIMIT_HIT),
		  false },
		{ "reject_reclaim_fail", "reject_reclaim_fail",
		  zsim_counter(zs, ZSIM_COUNTER_REJECT_RECLAIM_FAIL), false },
		{ "loads_hit", "loads from zswap", c->loads_hit, false },
		{ "loads_missed", "loads from the swap device", c->loads_missed, false },
		{ "pool_pages", "pool pages at the end", zsim_pool_pages(zs), false },
	};

	for (int i = 0; i < ZSIM_NR_MEASURES; i++)
		out[i] = (struct zsim_measure){ rows[i].key, rows[i].label, rows[i].share,
						(int64_t)rows[i].value };
}
