/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fail_alloc.h - an allocator that fails when told to and knows what is live.
 *
 * Out-of-memory tests run a piece of work with fail_at = 1, 2, 3, ... until
 * the run succeeds, and look after each run that nothing leaked:
 *
 *	for (uint64_t n = 1;; n++) {
 *		struct fail_alloc fa;
 *
 *		fail_alloc_init(&fa, n);
 *		... work with fail_alloc_get(&fa), free everything ...
 *		CU_ASSERT_EQUAL(fa.live_blocks, 0);
 *		if (!fa.failed)
 *			break;
 *	}
 */
#ifndef ZSIM_TESTS_FAIL_ALLOC_H
#define ZSIM_TESTS_FAIL_ALLOC_H

#include <stdbool.h>
#include <stdint.h>

#include <zsim/types.h>

/**
 * struct fail_alloc - one allocator; must not move while it is in use
 * @allocator: what fail_alloc_get() gives
 * @fail_at: number of the call that fails, 1..; 0 = none
 * @fail_after: calls behind @fail_at fail too; may be set at any time
 * @calls: calls of alloc and realloc so far, the failed ones included
 * @failed: calls that failed
 * @live_blocks: blocks handed out and not yet freed
 * @live_bytes: their bytes as asked for
 * @peak_bytes: most live bytes at once
 */
struct fail_alloc {
	struct zsim_allocator allocator;
	uint64_t fail_at;
	bool fail_after;
	uint64_t calls;
	uint64_t failed;
	uint64_t live_blocks;
	uint64_t live_bytes;
	uint64_t peak_bytes;
};

/** fail_alloc_init() - counters at 0; @fail_at 0 = never */
void fail_alloc_init(struct fail_alloc *fa, uint64_t fail_at);
/** fail_alloc_get() - the allocator to hand to the code under test */
const struct zsim_allocator *fail_alloc_get(struct fail_alloc *fa);

#endif
