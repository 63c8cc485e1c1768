/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workload/zipf.h"

#include <errno.h>

#define SINGLE 128u /* ranks below it have a cell each */
#define OCTAVE_CELLS 64u
#define CELLS_MAX (SINGLE + 24 * OCTAVE_CELLS) /* octaves from 2^7 to 2^31 */
#define FRACTION 32			       /* bits behind the point of a logarithm */

/* ---- k^-s on integers ---------------------------------------------------------- */

/* log2 of @x > 0, in units of 2^-32: one more bit by each squaring of the mantissa */
static uint64_t log2_fixed(uint64_t x)
{
	unsigned int whole = 0;
	uint64_t result;
	uint64_t m;

	while (x >> whole > 1)
		whole++;
	m = x << (63 - whole) >> 32; /* 1 <= m / 2^31 < 2 */
	result = whole;
	for (int i = 0; i < FRACTION; i++) {
		m = m * m >> 31;
		result <<= 1;
		if (m >> 32) {
			m >>= 1;
			result |= 1;
		}
	}
	return result;
}

static uint64_t square_root(uint64_t x)
{
	uint64_t root = 0;

	for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= x)
			root += bit;
	return root;
}

/* 2^62 * 2^-@y, @y in units of 2^-32: a factor 2^-(1/2), 2^-(1/4), ... for each bit that is set */
static uint64_t exp2_negative(uint64_t y)
{
	uint64_t factor = (uint64_t)1 << 30; /* 1/2, in units of 2^-31 */
	uint64_t result = (uint64_t)1 << 31;

	for (int bit = FRACTION - 1; bit >= 0; bit--) {
		factor = square_root(factor << 31);
		if (y >> bit & 1)
			result = result * factor >> 31;
	}
	return result << 31 >> (y >> FRACTION);
}

/* a logarithm is below 32, an exponent at most 2: no shift reaches 64 */
uint64_t zsim_zipf_share(uint32_t rank, uint32_t exponent)
{
	return exp2_negative(log2_fixed((uint64_t)rank + 1) * exponent / 1000);
}

/* ---- cells --------------------------------------------------------------------- */

/* the cell that begins at @first: alone, or one of 64 of its octave */
static uint32_t cell_width(uint32_t first, uint32_t ranks)
{
	uint32_t width = 1;

	for (uint32_t octave = SINGLE; first >= octave; octave <<= 1)
		width = octave / OCTAVE_CELLS;
	return width < ranks - first ? width : ranks - first;
}

static void cells_lay(struct zsim_zipf *z)
{
	for (uint32_t first = 0; first < z->ranks; z->nr_cells++) {
		struct zsim_zipf_cell *cell = &z->cells[z->nr_cells];

		*cell = (struct zsim_zipf_cell){ .first = first,
						 .width = cell_width(first, z->ranks) };
		first += cell->width;
	}
}

/* @a * @b >> @shift, which must fit; @a < 2^63, @shift <= 63 */
static uint64_t multiply_shift(uint64_t a, uint32_t b, unsigned int shift)
{
	uint64_t high = (a >> 32) * b;
	uint64_t low = (a & UINT32_MAX) * b;

	if (shift > 32)
		return (high + (low >> 32)) >> (shift - 32);
	return (high << (32 - shift)) + (low >> shift);
}

/* of a rank in the middle, which may lie between two */
static uint64_t cell_share(const struct zsim_zipf_cell *cell, uint32_t exponent)
{
	return zsim_zipf_share(cell->first + (cell->width - 1) / 2, exponent) / 2 +
	       zsim_zipf_share(cell->first + cell->width / 2, exponent) / 2;
}

/* how far shares go down so that the sum of all weights stays below 2^52 */
static unsigned int weight_shift(const struct zsim_zipf *z, uint32_t exponent)
{
	unsigned int bits = 0;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < z->nr_cells; i++)
		sum += (cell_share(&z->cells[i], exponent) >> 32) * z->cells[i].width;
	while (sum >> bits)
		bits++;
	return bits + 32 - 51;
}

/* weights such that a cell of just its fair part of the whole weighs *@fair */
static void cells_weigh(const struct zsim_zipf *z, uint32_t exponent, uint64_t *weight,
			uint64_t *fair)
{
	unsigned int shift = weight_shift(z, exponent);

	*fair = 0;
	for (uint32_t i = 0; i < z->nr_cells; i++) {
		const struct zsim_zipf_cell *cell = &z->cells[i];

		weight[i] = multiply_shift(cell_share(cell, exponent), cell->width, shift);
		*fair += weight[i];
		weight[i] *= z->nr_cells;
	}
}

static uint32_t part_of(uint64_t weight, uint64_t fair)
{
	uint64_t part = (weight << 11) / ((fair >> 21) + 1); /* weight < fair < 2^52 */

	return part < UINT32_MAX ? (uint32_t)part : UINT32_MAX;
}

/*
 * Each cell below the fair weight is filled up by one above it. @order holds the small
 * ones from the front and the large ones from the back.
 */
static void cells_alias(struct zsim_zipf *z, uint64_t *weight, uint64_t fair, uint32_t *order)
{
	uint32_t small = 0, large = z->nr_cells;

	for (uint32_t i = 0; i < z->nr_cells; i++)
		order[weight[i] < fair ? small++ : --large] = i;
	for (uint32_t at = 0; at < small && large < z->nr_cells; at++) {
		uint32_t low = order[at], high = order[large];

		z->cells[low].keep = part_of(weight[low], fair);
		z->cells[low].alias = high;
		weight[high] -= fair - weight[low];
		if (weight[high] < fair) { /* it is a small one now; its place is free */
			large++;
			order[small++] = high;
		}
	}
}

static int cells_fill(struct zsim_zipf *z, uint32_t exponent)
{
	uint64_t *weight = zsim_alloc(z->alloc, z->nr_cells * sizeof(*weight));
	uint32_t *order = zsim_alloc(z->alloc, z->nr_cells * sizeof(*order));
	uint64_t fair;

	if (weight && order) {
		cells_weigh(z, exponent, weight, &fair);
		for (uint32_t i = 0; i < z->nr_cells; i++) {
			z->cells[i].keep = UINT32_MAX;
			z->cells[i].alias = i;
		}
		cells_alias(z, weight, fair, order);
	}
	zsim_dealloc(z->alloc, weight);
	zsim_dealloc(z->alloc, order);
	return weight && order ? 0 : -ENOMEM;
}

int zsim_zipf_init(struct zsim_zipf *z, const struct zsim_allocator *alloc, uint32_t ranks,
		   uint32_t exponent)
{
	*z = (struct zsim_zipf){ .alloc = alloc, .ranks = ranks };
	if (!exponent)
		return 0;
	z->cells = zsim_alloc(alloc, CELLS_MAX * sizeof(*z->cells));
	if (!z->cells)
		return -ENOMEM;
	cells_lay(z);
	return cells_fill(z, exponent);
}

void zsim_zipf_destroy(struct zsim_zipf *z)
{
	zsim_dealloc(z->alloc, z->cells);
}
