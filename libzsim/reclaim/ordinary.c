/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ordinary.c - memory.reclaim without a source: tries until enough pages came.
 *
 * Pages are not modelled here: a hook reclaims them, and without one there are
 * none. Source: user_proactive_reclaim() in mm/vmscan.c, Linux 7.2.
 */
#include <errno.h>

#include "reclaim/steps.h"

/* pages of one try: SWAP_CLUSTER_MAX */
#define TRY_MIN_PAGES 32u

static uint64_t try_pages(const struct zsim_call *call)
{
	uint64_t pages = (call->wanted - call->done) / 4;

	return pages > TRY_MIN_PAGES ? pages : TRY_MIN_PAGES;
}

bool zsim_ordinary_peek(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	(void)st;
	if (call->signal) {
		zsim_call_end(call, -EINTR);
		return false;
	}
	d->memcg = call->top;
	d->failures = call->failures;
	return true;
}

int zsim_ordinary_commit(struct zsim_state *st, struct zsim_call *call, struct zsim_decision *d)
{
	uint64_t got = 0;

	call->steps++;
	if (call->reclaim)
		got = call->reclaim(call->reclaim_ctx, call->top, try_pages(call));
	d->rc = (int64_t)got;
	call->done += got;
	if (call->done >= call->wanted)
		zsim_call_end(call, 0);
	else if (!got && call->failures++ == st->algo.max_retries)
		zsim_call_end(call, -EAGAIN);
	return 0;
}
