/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - the pool's size limit with its hysteresis, and the worker's place in
 * the queue, which holds a reference to the pool.
 *
 * Source: zswap_check_limits(), zswap_max_pages(), zswap_accept_thr_pages() and
 * the end of zswap_store() in mm/zswap.c, Linux 7.2.
 */
#ifndef ZSIM_MODEL_LIMIT_H
#define ZSIM_MODEL_LIMIT_H

#include "model/state.h"

/** zsim_limit_max() - pages at which stores are refused */
static inline uint64_t zsim_limit_max(const struct zsim_state *st)
{
	return st->ram_pages * st->params[ZSIM_PARAM_MAX_POOL_PERCENT] / 100;
}
/** zsim_limit_accept() - pages to which the pool must shrink before stores are taken again */
uint64_t zsim_limit_accept(const struct zsim_state *st);
/** zsim_limit_far() - would zsim_limit_check() take a store now, and change nothing? */
static inline bool zsim_limit_far(const struct zsim_state *st)
{
	return !st->reached_full && zsim_zsmalloc_pages(&st->pool) < zsim_limit_max(st);
}
/** zsim_limit_check() - a store finds @pages in the pool: refuse it? Counts pool_limit_hit */
bool zsim_limit_check(struct zsim_state *st, uint64_t pages);

/** zsim_worker_queue() - the worker is to run; a reference goes with its place in the queue */
void zsim_worker_queue(struct zsim_state *st);
/** zsim_worker_dequeue() - it runs now; true if the run has taken that reference over */
bool zsim_worker_dequeue(struct zsim_state *st);
/** zsim_worker_ended() - a run that took the reference over drops it */
void zsim_worker_ended(struct zsim_state *st);
/**
 * zsim_pool_refs_hold() - one reference of the pool's user, one of the place in the
 * queue if the worker is queued, and one of each run that came from the queue?
 */
bool zsim_pool_refs_hold(const struct zsim_state *st);

#endif
