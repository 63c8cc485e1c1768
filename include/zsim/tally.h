/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - how often a simulator decided what, and on whose behalf.
 *
 * An observer that adds up decisions. Next to the counters of zsim.h, which are
 * the kernel's own, it counts what no kernel counts: visits by their outcome,
 * steps of the retry machine, calls of shrink_memcg().
 */
#ifndef ZSIM_TALLY_H
#define ZSIM_TALLY_H

#include <zsim/zsim.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct zsim_tally_cause - what was done on behalf of one cause
 * @steps: steps of the retry machine
 * @shrinks: calls of shrink_memcg()
 * @walks: walks of a list
 * @visits: visits of an entry; each is one of the next four
 * @rotated: its reference bit was cleared
 * @written: it was written back
 * @busy: it was found in the swap cache, or its slot was free
 * @failed: it could not be written for another reason
 * @bytes: compressed bytes of those written
 */
struct zsim_tally_cause {
	uint64_t steps;
	uint64_t shrinks;
	uint64_t walks;
	uint64_t visits;
	uint64_t rotated;
	uint64_t written;
	uint64_t busy;
	uint64_t failed;
	uint64_t bytes;
};

/**
 * struct zsim_tally_counts - everything that was counted
 * @worker_runs: runs of the pool worker that ended
 * @unmeasured: written entries whose bytes are missing above, since there was no
 *	memory to note their length
 */
struct zsim_tally_counts {
	struct zsim_tally_cause cause[ZSIM_NR_CAUSES];
	uint64_t worker_runs;
	uint64_t stores_accepted;
	uint64_t stores_rejected;
	uint64_t loads_hit;
	uint64_t loads_missed;
	uint64_t loads_failed;
	uint64_t unmeasured;
};

struct zsim_tally;

/**
 * zsim_tally_create() - count what @zs decides from now on
 * @allocator: NULL = libc; must outlive the tally
 *
 * Takes one of the places of zsim_observe(). Free it after @zs, which goes on
 * telling it of its decisions until then.
 *
 * Return: the tally, or NULL without memory or without a place.
 */
ZSIM_API struct zsim_tally *zsim_tally_create(struct zsim *zs,
					      const struct zsim_allocator *allocator);
/** zsim_tally_free() - takes NULL */
ZSIM_API void zsim_tally_free(struct zsim_tally *tally);
/** zsim_tally_counts() - as they stand; good until zsim_tally_free() */
ZSIM_API const struct zsim_tally_counts *zsim_tally_counts(const struct zsim_tally *tally);
/** zsim_tally_sum() - all causes added up */
ZSIM_API struct zsim_tally_cause zsim_tally_sum(const struct zsim_tally_counts *counts);

#ifdef __cplusplus
}
#endif
#endif
