/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zipf's law: every rank comes as often as it should, and the table stays small. */
#include <errno.h>
#include <math.h>

#include "support/fail_alloc.h"
#include "support/suite.h"
#include "workload/zipf.h"

#define DRAWS 4000000u

/* k^-s, against what integers make of it */
static void shares_are_powers(void)
{
	static const uint32_t ranks[] = { 0, 1, 2, 6, 99, 12345, 99999999, (1u << 31) - 1 };
	static const uint32_t exponents[] = { 0, 1, 500, 990, 1000, 1500, 2000 };

	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		for (size_t j = 0; j < sizeof(exponents) / sizeof(exponents[0]); j++) {
			double real = pow(ranks[i] + 1.0, -(double)exponents[j] / 1000.0);
			double share = (double)zsim_zipf_share(ranks[i], exponents[j]) / 0x1p62;

			CU_ASSERT_DOUBLE_EQUAL(share / real, 1.0, 1e-6 + 2 * 0x1p-62 / real);
		}
	}
}

/* what the table gives a rank: as its own cell, and as the alias of others */
static double table_share(const struct zsim_zipf *z, uint32_t rank)
{
	double sum = 0;

	for (uint32_t i = 0; i < z->nr_cells; i++) {
		const struct zsim_zipf_cell *own = &z->cells[i];
		const struct zsim_zipf_cell *other = &z->cells[own->alias];
		double keep = own->keep * 0x1p-32;

		if (rank - own->first < own->width)
			sum += keep / own->width;
		if (rank - other->first < other->width)
			sum += (1 - keep) / other->width;
	}
	return sum / z->nr_cells;
}

static void every_rank_has_its_share(void)
{
	static const uint32_t exponents[] = { 1, 600, 990, 1500, 2000 };
	const uint32_t ranks = 5000;

	for (size_t i = 0; i < sizeof(exponents) / sizeof(exponents[0]); i++) {
		double s = exponents[i] / 1000.0;
		struct zsim_zipf z;
		double norm = 0;

		CU_ASSERT_EQUAL_FATAL(
			zsim_zipf_init(&z, zsim_allocator_libc(), ranks, exponents[i]), 0);
		for (uint32_t k = 0; k < ranks; k++)
			norm += pow(k + 1.0, -s);
		for (uint32_t k = 0; k < 128; k++)
			CU_ASSERT_DOUBLE_EQUAL(table_share(&z, k) * norm * pow(k + 1.0, s), 1.0,
					       1e-4);
		for (uint32_t k = 128; k < ranks; k += 7)
			CU_ASSERT_DOUBLE_EQUAL(table_share(&z, k) * norm * pow(k + 1.0, s), 1.0,
					       0.009 * s + 1e-4);
		zsim_zipf_destroy(&z);
	}
}

/* draws follow the table, and no rank is out of range */
static void draws_follow_the_table(void)
{
	struct zsim_rng rng;
	struct zsim_zipf z;
	uint32_t count[4] = { 0 };
	uint32_t beyond = 0;

	zsim_rng_init(&rng, 1);
	CU_ASSERT_EQUAL_FATAL(zsim_zipf_init(&z, zsim_allocator_libc(), 1000000, 990), 0);
	for (uint32_t i = 0; i < DRAWS; i++) {
		uint32_t rank = zsim_zipf_draw(&z, zsim_rng_next(&rng));

		if (rank < 4)
			count[rank]++;
		beyond += rank >= 1000000;
	}
	CU_ASSERT_EQUAL(beyond, 0);
	for (uint32_t k = 0; k < 4; k++) {
		double expected = table_share(&z, k) * DRAWS;

		CU_ASSERT_DOUBLE_EQUAL(count[k], expected, 5 * sqrt(expected));
	}
	zsim_zipf_destroy(&z);
}

static void exponent_zero_is_uniform(void)
{
	struct zsim_rng rng;
	struct zsim_zipf z;
	uint32_t count[10] = { 0 };

	zsim_rng_init(&rng, 2);
	CU_ASSERT_EQUAL_FATAL(zsim_zipf_init(&z, zsim_allocator_libc(), 10, 0), 0);
	for (uint32_t i = 0; i < DRAWS; i++)
		count[zsim_zipf_draw(&z, zsim_rng_next(&rng))]++;
	for (uint32_t k = 0; k < 10; k++)
		CU_ASSERT_DOUBLE_EQUAL(count[k], DRAWS / 10.0, 5 * sqrt(DRAWS / 10.0));
	zsim_zipf_destroy(&z);
}

static void one_rank_and_the_most(void)
{
	struct zsim_rng rng;
	struct zsim_zipf z;
	uint32_t most = 0;

	zsim_rng_init(&rng, 3);
	CU_ASSERT_EQUAL_FATAL(zsim_zipf_init(&z, zsim_allocator_libc(), 1, 1000), 0);
	CU_ASSERT_EQUAL(zsim_zipf_draw(&z, UINT64_MAX), 0);
	zsim_zipf_destroy(&z);
	CU_ASSERT_EQUAL_FATAL(zsim_zipf_init(&z, zsim_allocator_libc(), 1u << 31, 1), 0);
	CU_ASSERT_EQUAL(z.cells[z.nr_cells - 1].first + z.cells[z.nr_cells - 1].width, 1u << 31);
	for (int i = 0; i < 1000; i++) {
		uint32_t rank = zsim_zipf_draw(&z, zsim_rng_next(&rng));

		most = rank > most ? rank : most;
	}
	CU_ASSERT_TRUE(most > (1u << 31) - (1u << 25) && most < 1u << 31);
	zsim_zipf_destroy(&z);
}

static void survives_failed_allocations(void)
{
	for (uint64_t n = 1;; n++) {
		struct fail_alloc fa;
		struct zsim_zipf z;
		int err;

		fail_alloc_init(&fa, n);
		err = zsim_zipf_init(&z, fail_alloc_get(&fa), 100000, 800);
		CU_ASSERT_EQUAL(err, fa.failed ? -ENOMEM : 0);
		zsim_zipf_destroy(&z);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(shares_are_powers),	   ZSIM_CASE(every_rank_has_its_share),
	ZSIM_CASE(draws_follow_the_table), ZSIM_CASE(exponent_zero_is_uniform),
	ZSIM_CASE(one_rank_and_the_most),  ZSIM_CASE(survives_failed_allocations),
};
ZSIM_SUITE_MAIN("zipf", cases)
