/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - algorithms as data, and the options of a simulator.
 *
 * A kernel version is a row of a table chosen at run time, its constants are
 * plain fields: nothing here is decided by the preprocessor.
 */
#ifndef ZSIM_CONFIG_H
#define ZSIM_CONFIG_H

#include <zsim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct zsim_algo - one version of zswap's writeback
 * @name: "linux-7.2", "linux-7.3" or "proactive-v5"
 * @alias: second name or NULL
 * @summary: one line for people
 * @batch: NR_ZSWAP_WB_BATCH, entries a step may scan (proactive-v5); 1..65536
 * @walk_nr: entries visited on each node by shrink_memcg (released kernels); 1..65536
 * @max_retries: MAX_RECLAIM_RETRIES; 1..65536
 * @shrinker_batch: SHRINK_BATCH of do_shrink_slab; 1..65536
 * @empty_failures: failures that a pass of the tree without a candidate counts. The kernel
 *	counts 1 and gives up after @max_retries of them; with @max_retries it gives up at the
 *	first (docs/empty-passes.md); 1..65536
 * @batched: shrink_memcg takes a budget and returns bytes; zero bytes from a
 *	candidate is a failure; a page met in the swap cache ends the walk
 * @source_key: memory.reclaim knows source=zswap
 * @worker_checks_first: the worker tests the pool before its first step (while,
 *	not do-while)
 *
 * Source: mm/zswap.c of Linux 7.2 and 7.3; the patch series "mm/zswap:
 * implement per-cgroup proactive writeback", version 5.
 */
struct zsim_algo {
	const char *name;
	const char *alias;
	const char *summary;
	uint32_t batch;
	uint32_t walk_nr;
	uint32_t max_retries;
	uint32_t shrinker_batch;
	uint32_t empty_failures;
	bool batched;
	bool source_key;
	bool worker_checks_first;
};

/** zsim_algo_find() - by name or alias; NULL if there is none */
ZSIM_API const struct zsim_algo *zsim_algo_find(const char *name);
/** zsim_algo_at() - the @i-th algorithm of the table, NULL behind the last */
ZSIM_API const struct zsim_algo *zsim_algo_at(size_t i);
/**
 * zsim_algo_set() - change one constant by name
 * @algo: a copy, changed on success
 * @name: batch, walk, retries, shrinker_batch or empty_failures
 *
 * Return: 0, -ENOENT for an unknown name, -ERANGE for a value outside 1..65536.
 */
ZSIM_API int zsim_algo_set(struct zsim_algo *algo, const char *name, uint64_t value);

/**
 * struct zsim_config - options of zsim_create(); fill it with zsim_config_init()
 * @size: sizeof(struct zsim_config); fields beyond it take their defaults
 * @algo: copied
 * @nodes: memory nodes, 1..ZSIM_MAX_NODES
 * @ram_pages: totalram_pages, base of max_pool_percent; at least 1
 * @swap_pages: size of each swap device in pages; 0 = as large as a slot number can say
 * @memcg_disabled: the memory controller is off (boot option cgroup_disable=memory)
 * @zswap_absent: a kernel built without zswap: source=zswap gives -EOPNOTSUPP
 * @node_count_fixed: count a written-back entry once, not twice, off its node (model.md 3.2)
 * @allocator: NULL = libc; must outlive the simulator
 * @reclaim: ordinary reclaim (memory.reclaim without a source) asks it for @pages of
 *	@memcg's subtree (ZSIM_MEMCG_NONE: a node's); it returns how many came. NULL:
 *	there are none
 * @reclaim_ctx: handed to @reclaim
 * @defect: number of a row of docs/museum.md, 1..29: a bug that this code has had is
 *	modelled too; 0 = the right model. Only in a library that was built with the
 *	defects (zsim_has_defects())
 * @pool_bytes: the pool takes its bytes in whole pages, and has no zspages: fewer states
 *	to explore, and no kernel's page count
 */
struct zsim_config {
	size_t size;
	struct zsim_algo algo;
	uint32_t nodes;
	uint64_t ram_pages;
	uint64_t swap_pages;
	bool memcg_disabled;
	bool zswap_absent;
	bool node_count_fixed;
	const struct zsim_allocator *allocator;
	uint64_t (*reclaim)(void *ctx, zsim_memcg memcg, uint64_t pages);
	void *reclaim_ctx;
	uint8_t defect;
	bool pool_bytes;
};

/** zsim_config_init() - defaults: proactive-v5, 1 node, 262144 pages, libc */
ZSIM_API void zsim_config_init(struct zsim_config *config);
/** zsim_has_defects() - can this library model the defects of docs/museum.md? */
ZSIM_API bool zsim_has_defects(void);

#ifdef __cplusplus
}
#endif
#endif
