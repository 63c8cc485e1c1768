/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/slot_set.h"

#include <errno.h>
#include <string.h>

#define SLOT_SET_MIN_CAP 16u

void zsim_slot_set_init(struct zsim_slot_set *set, const struct zsim_allocator *alloc)
{
	*set = (struct zsim_slot_set){ .alloc = alloc };
}

void zsim_slot_set_destroy(struct zsim_slot_set *set)
{
	zsim_dealloc(set->alloc, set->keys);
	zsim_slot_set_init(set, set->alloc);
}

static uint32_t home(const struct zsim_slot_set *set, uint64_t key)
{
	return (uint32_t)zsim_slot_hash(key) & (set->cap - 1);
}

static uint32_t next(const struct zsim_slot_set *set, uint32_t i)
{
	return (i + 1) & (set->cap - 1);
}

/* where the key is, or where it would go */
static uint32_t find(const struct zsim_slot_set *set, uint64_t key)
{
	uint32_t i = home(set, key);

	while (set->keys[i] && set->keys[i] != key)
		i = next(set, i);
	return i;
}

bool zsim_slot_set_has(const struct zsim_slot_set *set, uint64_t slot)
{
	return set->used && set->keys[find(set, slot + 1)];
}

static int grow(struct zsim_slot_set *set)
{
	struct zsim_slot_set bigger = *set;

	bigger.cap = set->cap ? 2 * set->cap : SLOT_SET_MIN_CAP;
	bigger.keys = zsim_zalloc(set->alloc, sizeof(*bigger.keys) * bigger.cap);
	if (!bigger.keys)
		return -ENOMEM;
	for (uint32_t i = 0; i < set->cap; i++)
		if (set->keys[i])
			bigger.keys[find(&bigger, set->keys[i])] = set->keys[i];
	zsim_dealloc(set->alloc, set->keys);
	*set = bigger;
	return 0;
}

int zsim_slot_set_add(struct zsim_slot_set *set, uint64_t slot)
{
	uint32_t i;

	if (zsim_slot_set_has(set, slot))
		return 0;
	if (set->used >= set->cap / 2 && grow(set))
		return -ENOMEM;
	i = find(set, slot + 1);
	set->keys[i] = slot + 1;
	set->used++;
	return 0;
}

/* is @at within the cyclic range (@gap, @end], so that its key may not move to @gap? */
static bool stays(uint32_t gap, uint32_t at, uint32_t end)
{
	return gap <= end ? gap < at && at <= end : gap < at || at <= end;
}

void zsim_slot_set_remove(struct zsim_slot_set *set, uint64_t slot)
{
	uint32_t gap, i;

	if (!zsim_slot_set_has(set, slot))
		return;
	gap = find(set, slot + 1);
	for (i = next(set, gap); set->keys[i]; i = next(set, i)) {
		if (stays(gap, home(set, set->keys[i]), i))
			continue;
		set->keys[gap] = set->keys[i];
		gap = i;
	}
	set->keys[gap] = 0;
	set->used--;
}

void zsim_slot_set_remove_range(struct zsim_slot_set *set, uint64_t first, uint64_t last)
{
	uint32_t i = 0;

	while (i < set->cap) {
		uint64_t slot = set->keys[i] - 1;

		/* one that closes the gap is looked at next */
		if (set->keys[i] && slot >= first && slot <= last)
			zsim_slot_set_remove(set, slot);
		else
			i++;
	}
}

int zsim_slot_set_copy(struct zsim_slot_set *copy, const struct zsim_slot_set *set)
{
	if (!set->cap)
		return 0;
	copy->keys = zsim_alloc(copy->alloc, sizeof(*copy->keys) * set->cap);
	if (!copy->keys)
		return -ENOMEM;
	memcpy(copy->keys, set->keys, sizeof(*copy->keys) * set->cap);
	copy->cap = set->cap;
	copy->used = set->used;
	return 0;
}

uint64_t zsim_slot_set_bytes(const struct zsim_slot_set *set)
{
	return sizeof(*set->keys) * (uint64_t)set->cap;
}
