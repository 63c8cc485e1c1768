/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read.c - what can be read of a simulator.
 */
#include "engine/run.h"
#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"

static bool exists(const struct zsim *zs, zsim_memcg memcg)
{
	return zsim_paths_name(&zs->paths, memcg) != NULL;
}

/* freed, and only kept in case that a late store of a trace names it */
static bool is_shadow(const struct zsim *zs, const struct zsim_name *name)
{
	const struct zsim_memcg_rec *m = zsim_memcg_at(&zs->st, name->memcg);

	return m->state == ZSIM_MEMCG_FREED && name->late && m->keeps == 1;
}

zsim_memcg zsim_lookup(const struct zsim *zs, const char *path)
{
	const struct zsim_name *name = zsim_paths_find(&zs->paths, path);

	return name && !is_shadow(zs, name) ? name->memcg : ZSIM_MEMCG_NONE;
}

/* freed groups are in no list of children any more: they follow the tree, by handle */
static zsim_memcg next_freed(const struct zsim *zs, zsim_memcg from)
{
	for (zsim_memcg m = from; m < zs->paths.by_memcg.size; m++)
		if (exists(zs, m) && zsim_memcg_at(&zs->st, m)->state == ZSIM_MEMCG_FREED &&
		    !is_shadow(zs, zsim_paths_name(&zs->paths, m)))
			return m;
	return ZSIM_MEMCG_NONE;
}

zsim_memcg zsim_next(const struct zsim *zs, zsim_memcg prev)
{
	zsim_memcg next;

	if (prev != ZSIM_MEMCG_NONE && zsim_memcg_at(&zs->st, prev)->state == ZSIM_MEMCG_FREED)
		return next_freed(zs, prev + 1);
	next = zsim_iter_next(&zs->st, ZSIM_MEMCG_ROOT, prev);
	return next == ZSIM_MEMCG_NONE ? next_freed(zs, 0) : next;
}

const char *zsim_path(const struct zsim *zs, zsim_memcg memcg)
{
	const struct zsim_name *name = zsim_paths_name(&zs->paths, memcg);

	return name ? name->path : NULL;
}

enum zsim_memcg_state zsim_state(const struct zsim *zs, zsim_memcg memcg)
{
	return exists(zs, memcg) ? (enum zsim_memcg_state)zsim_memcg_at(&zs->st, memcg)->state :
				   ZSIM_MEMCG_FREED;
}

zsim_memcg zsim_parent(const struct zsim *zs, zsim_memcg memcg)
{
	return exists(zs, memcg) ? zsim_memcg_at(&zs->st, memcg)->parent : ZSIM_MEMCG_NONE;
}

bool zsim_writeback_enabled(const struct zsim *zs, zsim_memcg memcg)
{
	return exists(zs, memcg) && zsim_memcg_writeback(&zs->st, memcg);
}

uint64_t zsim_stat(const struct zsim *zs, zsim_memcg memcg, enum zsim_stat_item item)
{
	return exists(zs, memcg) ? zsim_memcg_stat(&zs->st, memcg, item) : 0;
}

uint64_t zsim_counter(const struct zsim *zs, enum zsim_counter counter)
{
	if (counter == ZSIM_COUNTER_POOL_TOTAL_SIZE)
		return zsim_pool_pages(zs) * ZSIM_PAGE_SIZE;
	return zs->st.counters[counter];
}

uint64_t zsim_written_by(const struct zsim *zs, enum zsim_cause cause)
{
	return zs->st.written_by[cause];
}

uint32_t zsim_list_length(const struct zsim *zs, zsim_memcg memcg, uint32_t node)
{
	if (!exists(zs, memcg) || node >= zs->st.nodes)
		return 0;
	return zsim_lru_at(&zs->st, memcg, node)->length;
}

uint32_t zsim_list(const struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t *slots,
		   bool *referenced, uint32_t max)
{
	uint32_t i, n;

	if (!zsim_list_length(zs, memcg, node))
		return 0;
	i = zsim_lru_at(&zs->st, memcg, node)->head;
	for (n = 0; n < max && i != ZSIM_NIL; n++) {
		const struct zsim_entry *e = zsim_entry_at(&zs->st, i);

		if (slots)
			slots[n] = zsim_entry_slot(e);
		if (referenced)
			referenced[n] = e->referenced;
		i = e->next;
	}
	return n;
}

int64_t zsim_node_items(const struct zsim *zs, uint32_t node)
{
	return node < zs->st.nodes ? zsim_lru_node_items(&zs->st, node) : 0;
}

int64_t zsim_node_true(const struct zsim *zs, uint32_t node)
{
	return node < zs->st.nodes ? zs->st.node_true[node] : 0;
}

uint32_t zsim_nodes(const struct zsim *zs)
{
	return zs->st.nodes;
}

uint64_t zsim_param(const struct zsim *zs, enum zsim_param param)
{
	return zs->st.params[param];
}

uint64_t zsim_pool_pages(const struct zsim *zs)
{
	return zsim_zsmalloc_pages(&zs->st.pool);
}

uint64_t zsim_entries_peak(const struct zsim *zs)
{
	return zs->st.peak_entries;
}

uint64_t zsim_memory(const struct zsim *zs)
{
	return sizeof(*zs) + zsim_state_bytes(&zs->st) + zsim_array_bytes(&zs->paths.by_memcg) +
	       zsim_array_bytes(&zs->trail.marks);
}
