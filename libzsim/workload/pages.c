/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workload/pages.h"

#include <errno.h>

#define TRIES 4
#define SPARSE_BITS 5u /* a sparse device is 32 to 64 times as large as what lies on it */

static unsigned int bits_for(uint32_t nr)
{
	unsigned int bits = 1;

	while ((uint64_t)1 << bits < nr)
		bits++;
	return bits;
}

/* a bijection on the numbers up to a mask of all ones: each line can be undone */
static inline uint32_t scatter(uint32_t x, uint32_t mask, unsigned int shift)
{
	x = x * 0x9e3779b1u & mask;
	x ^= x >> shift;
	x = (x * 0x85ebca77u + 0x27d4eb2fu) & mask;
	x ^= x >> shift;
	x = x * 0xc2b2ae3du & mask;
	return x ^ x >> shift;
}

/* On a mask wider than @nr it is walked until it is back inside, which keeps it one. */
static inline uint32_t page_of_rank(const struct zsim_pages *p, uint32_t rank)
{
	do
		rank = scatter(rank, p->mask, p->shift);
	while (rank >= p->nr);
	return rank;
}

uint64_t zsim_pages_slot(const struct zsim_pages *p, uint32_t page)
{
	return p->slot_mask ? scatter(page, p->slot_mask, p->slot_shift) : page;
}

static void layout(struct zsim_pages *p, enum zsim_layout layout)
{
	unsigned int bits = bits_for(p->nr);

	p->shift = (bits + 1) / 2;
	p->mask = ((uint32_t)1 << bits) - 1;
	if (layout == ZSIM_LAYOUT_DENSE)
		return;
	bits = bits + SPARSE_BITS < 31 ? bits + SPARSE_BITS : 31;
	p->slot_shift = (bits + 1) / 2;
	p->slot_mask = ((uint32_t)1 << bits) - 1;
}

static uint32_t ring_room(uint64_t entries)
{
	uint64_t room = entries / 8;

	if (room < 2)
		return 2;
	return room < ZSIM_PAGES_RING ? (uint32_t)room : ZSIM_PAGES_RING;
}

/* evenly over all pages; the fill passes over them */
static void ring_begin(struct zsim_pages *p)
{
	uint32_t half = p->room / 2;

	for (uint32_t i = 0; i < half; i++)
		p->ring[i] = (uint32_t)((uint64_t)p->nr * i / half);
	p->used = half;
}

int zsim_pages_init(struct zsim_pages *p, const struct zsim_workload *w,
		    const struct zsim_allocator *alloc)
{
	uint32_t room = ring_room(w->entries);
	uint32_t nr = (uint32_t)w->entries + room / 2;
	int err;

	*p = (struct zsim_pages){ .alloc = alloc, .nr = nr, .room = room };
	err = zsim_zipf_init(&p->zipf, alloc, nr, w->zipf);
	if (err)
		return err;
	layout(p, w->layout);
	p->live = zsim_zalloc(alloc, ((size_t)nr / 64 + 1) * sizeof(*p->live));
	p->ring = zsim_alloc(alloc, room * sizeof(*p->ring));
	if (!p->live || !p->ring)
		return -ENOMEM;
	ring_begin(p);
	return 0;
}

void zsim_pages_destroy(struct zsim_pages *p)
{
	zsim_zipf_destroy(&p->zipf);
	zsim_dealloc(p->alloc, p->live);
	zsim_dealloc(p->alloc, p->ring);
}

static inline bool is_live(const struct zsim_pages *p, uint32_t page)
{
	return p->live[page / 64] >> page % 64 & 1;
}

/* the pages of the ring are passed in their order, each moved to its end */
uint32_t zsim_pages_fill(struct zsim_pages *p, uint32_t page)
{
	while (p->ring[p->head] == page) {
		p->head = (p->head + 1) % (p->room / 2);
		page++;
	}
	p->live[page / 64] |= (uint64_t)1 << page % 64;
	return page;
}

/* the next live page, the first again behind the last: pages in memory are few */
static uint32_t live_from(const struct zsim_pages *p, uint32_t page)
{
	uint32_t word = page / 64, words = p->nr / 64 + 1;
	uint64_t bits = p->live[word] & UINT64_MAX << page % 64;
	uint32_t bit = 0;

	while (!bits) {
		word = word + 1 == words ? 0 : word + 1;
		bits = p->live[word];
	}
	while (!(bits >> bit & 1))
		bit++;
	return word * 64 + bit;
}

uint32_t zsim_pages_draw(const struct zsim_pages *p, struct zsim_rng *rng)
{
	uint32_t page = 0;

	for (int i = 0; i < TRIES; i++) {
		page = page_of_rank(p, zsim_zipf_draw(&p->zipf, zsim_rng_next(rng)));
		if (is_live(p, page))
			return page;
	}
	return live_from(p, page);
}

uint32_t zsim_pages_any(const struct zsim_pages *p, struct zsim_rng *rng)
{
	uint32_t page = zsim_rng_scale((uint32_t)(zsim_rng_next(rng) >> 32), p->nr);

	return is_live(p, page) ? page : live_from(p, page);
}
