/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.h - the pages of a workload: which are in zswap, which in memory.
 *
 * A page in zswap is a bit; those in memory, few, stand in a ring in the order in
 * which they came, and the oldest is the next to go. What a page is like (its slot,
 * group, node, popularity) is computed from its number.
 */
#ifndef ZSIM_WORKLOAD_PAGES_H
#define ZSIM_WORKLOAD_PAGES_H

#include <zsim/workload.h>

#include "workload/zipf.h"

#define ZSIM_PAGES_RING 4096u

/**
 * struct zsim_pages - all pages
 * @nr: of them; half of the ring's room more than the workload wants in zswap
 * @bits, @shift, @mask: of the bijection that says which page is the k-th most popular
 * @slot_shift, @slot_mask: of the one that scatters slots; 0 = a page's slot is its number
 * @live: a bit a page: in zswap, as far as stores, loads and frees go
 * @ring: of @room pages, @used of them from @head on are not live
 */
struct zsim_pages {
	const struct zsim_allocator *alloc;
	uint32_t nr;
	unsigned int shift;
	uint32_t mask;
	unsigned int slot_shift;
	uint32_t slot_mask;
	struct zsim_zipf zipf;
	uint64_t *live;
	uint32_t *ring;
	uint32_t room;
	uint32_t head;
	uint32_t used;
};

/**
 * zsim_pages_init() - none is live, half of the ring is used; 0 or -ENOMEM. It is destroyed in any
 * case
 */
int zsim_pages_init(struct zsim_pages *p, const struct zsim_workload *w,
		    const struct zsim_allocator *alloc);
void zsim_pages_destroy(struct zsim_pages *p);

/**
 * zsim_pages_fill() - the next page from @page on that is not in the ring at first; it is live now
 */
uint32_t zsim_pages_fill(struct zsim_pages *p, uint32_t page);
/** zsim_pages_draw() - a live page, by popularity */
uint32_t zsim_pages_draw(const struct zsim_pages *p, struct zsim_rng *rng);
/** zsim_pages_any() - a live page, all alike */
uint32_t zsim_pages_any(const struct zsim_pages *p, struct zsim_rng *rng);
/** zsim_pages_slot() - where a page lies on the swap device */
uint64_t zsim_pages_slot(const struct zsim_pages *p, uint32_t page);

/**
 * zsim_pages_out() - the page that is longest in memory becomes live; the ring must not be empty
 */
static inline uint32_t zsim_pages_out(struct zsim_pages *p)
{
	uint32_t page = p->ring[p->head];

	p->head = p->head + 1 == p->room ? 0 : p->head + 1;
	p->used--;
	p->live[page / 64] |= (uint64_t)1 << page % 64;
	return page;
}

/** zsim_pages_in() - a live page comes into memory; the ring must not be full */
static inline void zsim_pages_in(struct zsim_pages *p, uint32_t page)
{
	uint32_t at = p->head + p->used;

	p->ring[at < p->room ? at : at - p->room] = page;
	p->used++;
	p->live[page / 64] &= ~((uint64_t)1 << page % 64);
}

/** zsim_pages_absent() - one of the pages in memory; the ring must not be empty */
static inline uint32_t zsim_pages_absent(const struct zsim_pages *p, struct zsim_rng *rng)
{
	uint32_t at = p->head + zsim_rng_scale((uint32_t)(zsim_rng_next(rng) >> 32), p->used);

	return p->ring[at < p->room ? at : at - p->room];
}

#endif
