/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot.c - a simulator copied and hashed: its state is plain data.
 */
#include <errno.h>
#include <string.h>

#include "engine/run.h"
#include "model/entry.h"
#include "model/list_lru.h"

static bool only_actors(const struct zsim *zs)
{
	const struct zsim_run *run;

	for (run = zs->runs; run; run = run->older)
		if (run->call.driven)
			return false;
	return true;
}

static int fill(struct zsim *copy, const struct zsim *zs)
{
	int rc;

	copy->alloc = zs->alloc;
	copy->calls = zs->calls;
	copy->reclaim = zs->reclaim;
	copy->reclaim_ctx = zs->reclaim_ctx;
	copy->started = zs->started;
	copy->machine_given = zs->machine_given;
	zsim_paths_init(&copy->paths, zs->alloc);
	zsim_trail_init(&copy->trail, zs->alloc);
	rc = zsim_state_copy(&copy->st, &zs->st);
	if (!rc)
		rc = zsim_paths_copy(&copy->paths, &zs->paths);
	return rc ? rc : zsim_actors_copy(copy, zs);
}

struct zsim *zsim_clone(const struct zsim *zs, int *err)
{
	struct zsim *copy = NULL;
	int rc = only_actors(zs) ? 0 : -EBUSY;

	if (!rc) {
		copy = zsim_zalloc(zs->alloc, sizeof(*copy));
		rc = copy ? fill(copy, zs) : -ENOMEM;
	}
	if (rc) {
		zsim_free(copy);
		copy = NULL;
	}
	if (err)
		*err = rc;
	return copy;
}

/* ---- hashing ---------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = mix(hash, (unsigned char)*text);
	return mix(hash, 0);
}

static uint64_t mix_list(uint64_t hash, const struct zsim *zs, const struct zsim_lru *lru)
{
	for (uint32_t i = lru->head; i != ZSIM_NIL; i = zsim_entry_at(&zs->st, i)->next) {
		const struct zsim_entry *e = zsim_entry_at(&zs->st, i);

		hash = mix(hash, zsim_entry_slot(e));
		hash = mix(hash, (uint64_t)zsim_entry_length(e) << 1 | e->referenced);
		hash = mix_text(hash, zsim_paths_name(&zs->paths, e->memcg)->path);
	}
	hash = mix(hash, (uint64_t)lru->dead << 1 | lru->shrinker_bit);
	return mix(mix(mix(hash, lru->length), lru->deferred), lru->swapins);
}

static uint64_t mix_group(uint64_t hash, const struct zsim *zs, const struct zsim_name *name)
{
	const struct zsim_memcg_rec *m = zsim_memcg_at(&zs->st, name->memcg);

	hash = mix_text(hash, name->path);
	hash = mix(hash, (uint64_t)m->state << 1 | m->writeback);
	hash = mix(mix(hash, m->zswap_max), m->refs);
	for (int i = 0; i < ZSIM_NR_STATS; i++)
		hash = mix(hash, zsim_memcg_stat(&zs->st, name->memcg, (enum zsim_stat_item)i));
	for (uint32_t node = 0; node < zs->st.nodes; node++)
		hash = mix_list(hash, zs, zsim_lru_at(&zs->st, name->memcg, node));
	return hash;
}

static uint64_t mix_numbers(uint64_t hash, const uint64_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = mix(hash, numbers[i]);
	return hash;
}

/* sets have no order: their members' hashes are added up */
static uint64_t cache_sum(const struct zsim_slot_set *cache)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < cache->cap; i++)
		if (cache->keys[i])
			sum += mix(0, cache->keys[i]);
	return sum;
}

static uint64_t mix_call(uint64_t hash, const struct zsim_call *call)
{
	hash = mix(mix(hash, (uint64_t)call->kind << 8 | call->pc), call->signal);
	hash = mix(mix(hash, (uint64_t)call->scans << 32 | call->failures), call->wanted);
	hash = mix(mix(hash, call->done), call->steps);
	hash = mix(mix(hash, call->shrink.remaining), call->shrink.node);
	hash = mix(mix(hash, call->shrink.bytes), call->walk.nr);
	hash = mix(hash, call->slab.node);
	return mix(mix(hash, call->turn.slot), (uint64_t)call->turn.length);
}

uint64_t zsim_digest(const struct zsim *zs)
{
	const struct zsim_state *st = &zs->st;
	zsim_memcg m = ZSIM_MEMCG_NONE;
	uint64_t hash = 0, calls = 0;

	while ((m = zsim_next(zs, m)) != ZSIM_MEMCG_NONE)
		hash = mix_group(hash, zs, zsim_paths_name(&zs->paths, m));
	if (st->cursor != ZSIM_MEMCG_NONE)
		hash = mix_text(hash, zsim_paths_name(&zs->paths, st->cursor)->path);
	hash = mix_numbers(hash, st->counters, ZSIM_NR_COUNTERS);
	hash = mix_numbers(hash, st->params, ZSIM_NR_PARAMS);
	hash = mix_numbers(hash, st->fail, ZSIM_NR_FAILS);
	for (uint32_t node = 0; node < st->nodes; node++)
		hash = mix(hash, (uint64_t)zsim_lru_node_items(st, node));
	hash = mix(hash, (uint64_t)st->reached_full << 2 | (uint64_t)st->worker_queued << 1 |
				 st->worker_running);
	hash = mix(mix(hash, zsim_pool_pages(zs)), cache_sum(&st->cache));
	hash = mix(mix(hash, (uint64_t)st->pool_refs << 32 | st->devices_gone), st->faults);
	hash = mix(hash, (uint64_t)st->wb_locked << 32 | st->wb_unlisted);
	for (const struct zsim_run *run = zs->runs; run; run = run->older)
		calls += mix_call(0, &run->call);
	return mix(hash, calls);
}
