/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif.h - a capture's inputs as events that a model can decide about.
 *
 * Takes the records of a kernel and gives back what was done to it: stores,
 * loads, frees, requests, groups made and removed. What the kernel decided
 * (walks, writebacks, the worker's runs) is left out: the model decides anew.
 */
#ifndef ZSIM_WHATIF_H
#define ZSIM_WHATIF_H

#include <zsim/event.h>

#ifdef __cplusplus
extern "C" {
#endif

struct zsim_whatif;

/** zsim_whatif_create() - NULL without memory; @allocator NULL = libc */
ZSIM_API struct zsim_whatif *zsim_whatif_create(const struct zsim_allocator *allocator);
ZSIM_API void zsim_whatif_free(struct zsim_whatif *wi);

/**
 * zsim_whatif_feed() - one event of a capture
 *
 * @ev: NULL = the capture ended, perhaps in the middle of a store: what waits is due
 *
 * Events that are no records come back unchanged.
 * Return: 0, -ENOMEM, -EBADMSG.
 */
ZSIM_API int zsim_whatif_feed(struct zsim_whatif *wi, const struct zsim_event *ev);

/** zsim_whatif_next() - an event that is due; 1 = filled, 0 = feed more, -ENOMEM.
 * Its strings belong to @wi until the next call. */
ZSIM_API int zsim_whatif_next(struct zsim_whatif *wi, struct zsim_event *ev);

/**
 * zsim_whatif_result() - what the model answered to the event given last
 *
 * A load that missed was read from the swap device: a swapin event follows.
 */
ZSIM_API void zsim_whatif_result(struct zsim_whatif *wi, const struct zsim_result *res);

/** zsim_whatif_assumed() - stores whose length had to be assumed */
ZSIM_API uint64_t zsim_whatif_assumed(const struct zsim_whatif *wi);

#ifdef __cplusplus
}
#endif
#endif
