/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rng.h - random numbers that are the same everywhere.
 *
 * xoshiro256** by Blackman and Vigna (2018), its state filled by splitmix64
 * (Steele, Lea and Flood, 2014), as its authors advise.
 */
#ifndef ZSIM_WORKLOAD_RNG_H
#define ZSIM_WORKLOAD_RNG_H

#include <stdint.h>

/** struct zsim_rng - the state; one a generator */
struct zsim_rng {
	uint64_t s[4];
};

/** zsim_rng_mix() - the output function of splitmix64: a bijection that scatters its argument */
static inline uint64_t zsim_rng_mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline void zsim_rng_init(struct zsim_rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		seed += 0x9e3779b97f4a7c15u;
		rng->s[i] = zsim_rng_mix(seed);
	}
}

static inline uint64_t zsim_rng_rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

/** zsim_rng_next() - 64 random bits */
static inline uint64_t zsim_rng_next(struct zsim_rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = zsim_rng_rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = zsim_rng_rotate(s[3], 45);
	return result;
}

/** zsim_rng_scale() - 32 random bits to 0..@n-1, without a division; for @n far below 2^32 */
static inline uint32_t zsim_rng_scale(uint32_t bits, uint32_t n)
{
	return (uint32_t)((uint64_t)bits * n >> 32);
}

#endif
