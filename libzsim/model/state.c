/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/state.h"

#include "model/memcg.h"

static void params_init(struct zsim_state *st)
{
	st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 20;
	st->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 90;
	st->params[ZSIM_PARAM_ENABLED] = 1;
}

int zsim_state_init(struct zsim_state *st, const struct zsim_config *config)
{
	const struct zsim_allocator *alloc = config->allocator;
	zsim_memcg root;
	int rc;

	*st = (struct zsim_state){
		.alloc = alloc,
		.algo = config->algo,
		.nodes = config->nodes,
		.ram_pages = config->ram_pages,
		.swap_pages = config->swap_pages,
		.memcg_disabled = config->memcg_disabled,
		.zswap_absent = config->zswap_absent,
		.node_count_fixed = config->node_count_fixed,
		.defect = config->defect,
		.free_memcg = ZSIM_MEMCG_NONE,
		.reaped_memcg = ZSIM_MEMCG_NONE,
		.cursor = ZSIM_MEMCG_NONE,
		.free_entry = ZSIM_NIL,
		.pool_refs = 1,
		.offlining = ZSIM_MEMCG_NONE,
	};
	params_init(st);
	zsim_array_init(&st->memcgs, alloc, sizeof(struct zsim_memcg_rec));
	zsim_array_init(&st->lists, alloc, sizeof(struct zsim_lru));
	zsim_array_init(&st->entries, alloc, sizeof(struct zsim_entry));
	zsim_slot_map_init(&st->map, alloc);
	zsim_array_init(&st->visits, alloc, sizeof(struct zsim_visit));
	zsim_slot_set_init(&st->cache, alloc);
	rc = zsim_zsmalloc_init(&st->pool, alloc);
	st->pool.bytes_only = config->pool_bytes;
	return rc ? rc : zsim_memcg_create(st, ZSIM_MEMCG_NONE, &root);
}

int zsim_state_copy(struct zsim_state *copy, const struct zsim_state *st)
{
	struct zsim_array *const to[] = { &copy->memcgs, &copy->lists, &copy->entries,
					  &copy->visits, &copy->pool.zspages };
	const struct zsim_array *const from[] = { &st->memcgs, &st->lists, &st->entries,
						  &st->visits, &st->pool.zspages };
	size_t n = sizeof(to) / sizeof(to[0]);
	int rc = 0;

	*copy = *st;
	zsim_slot_set_init(&copy->cache, st->alloc);
	zsim_slot_map_init(&copy->map, st->alloc);
	for (size_t i = 0; i < n; i++)
		zsim_array_init(to[i], st->alloc, from[i]->elem_size);
	for (size_t i = 0; !rc && i < n; i++)
		rc = zsim_array_copy(to[i], from[i]);
	if (!rc)
		rc = zsim_slot_map_copy(&copy->map, &st->map);
	return rc ? rc : zsim_slot_set_copy(&copy->cache, &st->cache);
}

void zsim_state_destroy(struct zsim_state *st)
{
	zsim_zsmalloc_destroy(&st->pool);
	zsim_slot_set_destroy(&st->cache);
	zsim_array_destroy(&st->visits);
	zsim_slot_map_destroy(&st->map);
	zsim_array_destroy(&st->entries);
	zsim_array_destroy(&st->lists);
	zsim_array_destroy(&st->memcgs);
}

bool zsim_state_fails(struct zsim_state *st, enum zsim_fail kind)
{
	if (!st->fail[kind])
		return false;
	st->fail[kind]--;
	return true;
}

bool zsim_state_fails_soon(const struct zsim_state *st)
{
	uint64_t pending = 0;

	for (int i = 0; i < ZSIM_NR_FAILS; i++)
		pending |= st->fail[i];
	return pending;
}

uint64_t zsim_state_bytes(const struct zsim_state *st)
{
	return zsim_array_bytes(&st->memcgs) + zsim_array_bytes(&st->lists) +
	       zsim_array_bytes(&st->entries) + zsim_slot_map_bytes(&st->map) +
	       zsim_array_bytes(&st->visits) + zsim_slot_set_bytes(&st->cache) +
	       zsim_zsmalloc_bytes(&st->pool);
}
