/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * naive.h - zswap's writeback once more, in the plainest way.
 *
 * A twin of libzsim for differential tests, written from model.md with none of
 * libzsim's code. All entries stand in one array, in the order of their lists:
 * the list of a group and node is what is left of it without the others. Lookup
 * is a search from the beginning, charges are added up when they are asked for.
 *
 * It knows no zsmalloc: the pool's page counts, wherever the algorithm reads
 * them, are fed from outside. Calls run to their end: nothing is interleaved,
 * so a group that is offline is freed at once.
 */
#ifndef ZSIM_TESTS_NAIVE_H
#define ZSIM_TESTS_NAIVE_H

#include <zsim/config.h>

#define NAIVE_MAX_GROUPS 2048
#define NAIVE_MAX_ENTRIES 4096
#define NAIVE_MAX_SLOTS 4096
#define NAIVE_MAX_NODES 4
#define NAIVE_NONE (-1)

/** struct naive_group - number 0 is the root; @path: of length 1.. */
struct naive_group {
	int parent;
	char path[64];
	enum zsim_memcg_state state;
	bool writeback;
	uint64_t zswap_max;
	uint64_t events[ZSIM_NR_STATS];
	uint64_t swapins[NAIVE_MAX_NODES];
	uint64_t deferred[NAIVE_MAX_NODES];
};

struct naive_entry {
	uint64_t slot;
	int owner; /* the group that stored it */
	int list;  /* the group whose list it is on */
	uint32_t node;
	uint32_t length;
	bool referenced;
};

/**
 * struct naive - the twin
 * @config: what the machine is; algorithm included
 * @totals: pool pages at each reading, @next_total of @nr_totals are used
 * @starved: a reading was missing
 * @pool_pages: as it stands before an event
 */
struct naive {
	struct zsim_config config;
	struct naive_group group[NAIVE_MAX_GROUPS];
	int nr_groups;
	struct naive_entry entry[NAIVE_MAX_ENTRIES];
	int nr_entries;
	int peak;
	uint64_t cached[NAIVE_MAX_SLOTS];
	int nr_cached;
	int cursor;
	bool reached_full;
	bool worker_queued;
	int64_t node_items[NAIVE_MAX_NODES];
	uint64_t params[ZSIM_NR_PARAMS];
	uint64_t fail[ZSIM_NR_FAILS];
	uint64_t counters[ZSIM_NR_COUNTERS];
	uint64_t written_by[ZSIM_NR_CAUSES];
	const uint64_t *totals;
	size_t nr_totals;
	size_t next_total;
	bool starved;
	uint64_t pool_pages;
};

void naive_init(struct naive *n, const struct zsim_config *config);
/** naive_mkdir() - 0 with the new group's number, -EEXIST, -ENOENT */
int naive_mkdir(struct naive *n, const char *path, int *g);
int naive_rmdir(struct naive *n, int g);
int naive_offline(struct naive *n, int g);
int naive_store(struct naive *n, uint64_t slot, int g, uint32_t node, const uint16_t *length,
		uint32_t nr);
int naive_load(struct naive *n, uint64_t slot);
void naive_invalidate(struct naive *n, uint64_t slot);
void naive_cache(struct naive *n, uint64_t slot);
void naive_uncache(struct naive *n, uint64_t slot);
void naive_swapin(struct naive *n, int g, uint32_t node);
/** naive_request() - "BYTES source=zswap" written to memory.reclaim */
int naive_request(struct naive *n, int g, uint64_t bytes);
int64_t naive_shrinker(struct naive *n, int g, uint32_t node, uint64_t nr);
int64_t naive_slab(struct naive *n, int g, uint32_t node, uint32_t priority, bool noio);
void naive_worker(struct naive *n);
void naive_set_param(struct naive *n, enum zsim_param param, uint64_t value);

/** naive_find() - the newest group at a path, or NAIVE_NONE */
int naive_find(const struct naive *n, const char *path);
/** naive_gone() - nothing names the group any more: no entry, and no child that is not gone */
bool naive_gone(const struct naive *n, int g);
/** naive_order() - the living groups in the order of the tree; how many */
int naive_order(const struct naive *n, int top, int *order);
bool naive_writeback(const struct naive *n, int g);
uint64_t naive_stat(const struct naive *n, int g, enum zsim_stat_item item);
uint64_t naive_counter(const struct naive *n, enum zsim_counter counter);
/** naive_list() - how many entries; @slots and @referenced have room for all */
uint32_t naive_list(const struct naive *n, int g, uint32_t node, uint64_t *slots, bool *referenced);
int64_t naive_node_true(const struct naive *n, uint32_t node);

#endif
