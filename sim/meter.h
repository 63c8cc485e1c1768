/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meter.h - an allocator that knows how much it has handed out.
 *
 * A simulator that gets its memory here is measured alone, to the byte and with
 * what the allocator of the program adds, whatever else the program holds.
 */
#ifndef ZSIM_SIM_METER_H
#define ZSIM_SIM_METER_H

#include <malloc.h>
#include <stdlib.h>

#include <zsim/types.h>

/** struct zsim_meter - bytes in use, and the most there were; it must not move */
struct zsim_meter {
	struct zsim_allocator allocator;
	size_t now;
	size_t peak;
};

static inline void zsim_meter_add(struct zsim_meter *meter, void *ptr)
{
	meter->now += malloc_usable_size(ptr);
	if (meter->now > meter->peak)
		meter->peak = meter->now;
}

static inline void *zsim_meter_alloc(void *ctx, size_t size)
{
	void *ptr = malloc(size);

	zsim_meter_add(ctx, ptr);
	return ptr;
}

static inline void *zsim_meter_realloc(void *ctx, void *ptr, size_t size)
{
	struct zsim_meter *meter = ctx;
	size_t before = malloc_usable_size(ptr);
	void *moved = realloc(ptr, size);

	if (moved) {
		meter->now -= before;
		zsim_meter_add(meter, moved);
	}
	return moved;
}

static inline void zsim_meter_free(void *ctx, void *ptr)
{
	struct zsim_meter *meter = ctx;

	meter->now -= malloc_usable_size(ptr);
	free(ptr);
}

static inline void zsim_meter_init(struct zsim_meter *meter)
{
	*meter = (struct zsim_meter){
		.allocator = { zsim_meter_alloc, zsim_meter_realloc, zsim_meter_free, meter },
	};
}

#endif
