/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "support/fail_alloc.h"

#define FAIL_ALLOC_MAGIC UINT64_C(0x7a73696d616c6c6f)
#define FAIL_ALLOC_FREED UINT64_C(0x6465616462656566)

/* stands before each block, as wide as the strictest alignment */
union block_head {
	struct {
		uint64_t magic;
		size_t size;
	} h;
	max_align_t align;
};

static bool call_fails(struct fail_alloc *fa)
{
	bool fails;

	fa->calls++;
	fails = fa->fail_at &&
		(fa->calls == fa->fail_at || (fa->fail_after && fa->calls > fa->fail_at));
	if (fails)
		fa->failed++;
	return fails;
}

static void block_count(struct fail_alloc *fa, size_t size)
{
	fa->live_blocks++;
	fa->live_bytes += size;
	if (fa->live_bytes > fa->peak_bytes)
		fa->peak_bytes = fa->live_bytes;
}

/* a block that is not ours or was freed before is a bug in the code under test */
static union block_head *block_of(void *ptr)
{
	union block_head *b = (union block_head *)ptr - 1;

	if (b->h.magic != FAIL_ALLOC_MAGIC)
		abort();
	return b;
}

static void *fail_alloc_alloc(void *ctx, size_t size)
{
	struct fail_alloc *fa = ctx;
	union block_head *b;

	if (call_fails(fa) || size > SIZE_MAX - sizeof(*b))
		return NULL;
	b = malloc(sizeof(*b) + size);
	if (!b)
		return NULL;
	b->h.magic = FAIL_ALLOC_MAGIC;
	b->h.size = size;
	/* nobody may rely on zeroed memory */
	memset(b + 1, 0xa5, size);
	block_count(fa, size);
	return b + 1;
}

static void block_drop(struct fail_alloc *fa, union block_head *b)
{
	fa->live_blocks--;
	fa->live_bytes -= b->h.size;
	b->h.magic = FAIL_ALLOC_FREED;
	free(b);
}

static void fail_alloc_free(void *ctx, void *ptr)
{
	if (ptr)
		block_drop(ctx, block_of(ptr));
}

/* always moves, so that pointers kept into the old block show up */
static void *fail_alloc_realloc(void *ctx, void *ptr, size_t size)
{
	union block_head *old;
	void *moved;

	moved = fail_alloc_alloc(ctx, size);
	if (!moved || !ptr)
		return moved;
	old = block_of(ptr);
	memcpy(moved, ptr, old->h.size < size ? old->h.size : size);
	block_drop(ctx, old);
	return moved;
}

void fail_alloc_init(struct fail_alloc *fa, uint64_t fail_at)
{
	*fa = (struct fail_alloc){
		.allocator = {
			.alloc = fail_alloc_alloc,
			.realloc = fail_alloc_realloc,
			.free = fail_alloc_free,
			.ctx = fa,
		},
		.fail_at = fail_at,
	};
}

const struct zsim_allocator *fail_alloc_get(struct fail_alloc *fa)
{
	return &fa->allocator;
}
