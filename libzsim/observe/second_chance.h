/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * second_chance.h - entries that lost their reference bit and their place in zswap at once.
 *
 * Part of findings.c, kept apart because it alone follows single visits: per
 * call of shrink_memcg() under way it remembers the entries that were rotated.
 */
#ifndef ZSIM_OBSERVE_SECOND_CHANCE_H
#define ZSIM_OBSERVE_SECOND_CHANCE_H

#include "base/array.h"
#include <zsim/observer.h>

/**
 * struct zsim_second_chance - the watcher; read the counts, leave the rest
 * @entries: entries written back in the call that cleared their reference bit
 * @calls: calls of shrink_memcg() in which that happened
 * @written: entries written back by shrink_memcg() in all, in @shrinks_seen calls
 * @out_of_memory: a rotated entry could not be remembered
 */
struct zsim_second_chance {
	const struct zsim_allocator *alloc;
	struct zsim_array shrinks;
	uint64_t entries;
	uint64_t calls;
	uint64_t written;
	uint64_t shrinks_seen;
	bool out_of_memory;
};

void zsim_second_chance_init(struct zsim_second_chance *sc, const struct zsim_allocator *alloc);
void zsim_second_chance_destroy(struct zsim_second_chance *sc);
/** zsim_second_chance_decision() - true if @d is one more such entry */
bool zsim_second_chance_decision(struct zsim_second_chance *sc, const struct zsim_decision *d);
/** zsim_second_chance_visits() - how many of @v are such entries */
uint32_t zsim_second_chance_visits(struct zsim_second_chance *sc, const struct zsim *zs,
				   const struct zsim_visits *v);

#endif
