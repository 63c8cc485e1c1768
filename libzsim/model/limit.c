/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/limit.h"

uint64_t zsim_limit_max(const struct zsim_state *st)
{
	return st->ram_pages * st->params[ZSIM_PARAM_MAX_POOL_PERCENT] / 100;
}

uint64_t zsim_limit_accept(const struct zsim_state *st)
{
	return zsim_limit_max(st) * st->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] / 100;
}

bool zsim_limit_check(struct zsim_state *st, uint64_t pages)
{
	if (pages >= zsim_limit_max(st)) {
		st->counters[ZSIM_COUNTER_POOL_LIMIT_HIT]++;
		st->reached_full = true;
	} else if (st->reached_full && pages <= zsim_limit_accept(st)) {
		st->reached_full = false;
	}
	return st->reached_full;
}
