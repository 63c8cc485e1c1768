/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - the pool's size limit with its hysteresis.
 *
 * Source: zswap_check_limits(), zswap_max_pages() and
 * zswap_accept_thr_pages() in mm/zswap.c, Linux 7.2.
 */
#ifndef ZSIM_MODEL_LIMIT_H
#define ZSIM_MODEL_LIMIT_H

#include "model/state.h"

/** zsim_limit_max() - pages at which stores are refused */
uint64_t zsim_limit_max(const struct zsim_state *st);
/** zsim_limit_accept() - pages to which the pool must shrink before stores are taken again */
uint64_t zsim_limit_accept(const struct zsim_state *st);
/** zsim_limit_check() - a store finds @pages in the pool: refuse it? Counts pool_limit_hit */
bool zsim_limit_check(struct zsim_state *st, uint64_t pages);

#endif
