/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zipf.h - ranks by Zipf's law, at a constant price and from a small table.
 *
 * The k-th of n ranks comes in proportion to k^-s. Ranks from 128 on are dealt with
 * by the cell: 64 cells to the octave, in which all ranks come alike, so that a rank's
 * share is off by about s * 0.8 % at most. A cell is drawn by Walker's alias method, in the form
 * that Vose gave it. All arithmetic is on integers: no library's pow() decides what a
 * seed gives.
 */
#ifndef ZSIM_WORKLOAD_ZIPF_H
#define ZSIM_WORKLOAD_ZIPF_H

#include "base/alloc.h"
#include "workload/rng.h"

/**
 * struct zsim_zipf_cell - neighbouring ranks, and what is drawn instead of them
 * @first, @width: the ranks
 * @keep: in units of 2^-32: how likely the cell itself is taken, not @alias
 */
struct zsim_zipf_cell {
	uint32_t first;
	uint32_t width;
	uint32_t keep;
	uint32_t alias;
};

/** struct zsim_zipf - a law; @nr_cells 0: all ranks come alike */
struct zsim_zipf {
	const struct zsim_allocator *alloc;
	struct zsim_zipf_cell *cells;
	uint32_t nr_cells;
	uint32_t ranks;
};

/**
 * zsim_zipf_init() - a law
 * @ranks: 1..2^31
 * @exponent: s in thousandths, 0..2000
 *
 * Return: 0 or -ENOMEM. It is destroyed in any case.
 */
int zsim_zipf_init(struct zsim_zipf *z, const struct zsim_allocator *alloc, uint32_t ranks,
		   uint32_t exponent);
void zsim_zipf_destroy(struct zsim_zipf *z);
/** zsim_zipf_share() - how often @rank (0..) comes, where 2^62 is how often rank 0 does */
uint64_t zsim_zipf_share(uint32_t rank, uint32_t exponent);

/** zsim_zipf_draw() - a rank, 0 the most popular, from 64 random bits */
static inline uint32_t zsim_zipf_draw(const struct zsim_zipf *z, uint64_t bits)
{
	const struct zsim_zipf_cell *cell;
	uint64_t high = (bits >> 32) * z->nr_cells;

	if (!z->nr_cells)
		return zsim_rng_scale((uint32_t)(bits >> 32), z->ranks);
	cell = &z->cells[high >> 32];
	if ((uint32_t)high >= cell->keep)
		cell = &z->cells[cell->alias];
	return cell->first + zsim_rng_scale((uint32_t)bits, cell->width);
}

#endif
