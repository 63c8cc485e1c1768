/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include <zsim/config.h>

#define ALGO_MAX_CONSTANT 65536u

static const struct zsim_algo algos[] = {
	{
		.name = "linux-7.2",
		.alias = "base",
		.summary = "zswap as released in Linux 7.2: one entry a node and call",
		.batch = 64,
		.walk_nr = 1,
		.max_retries = 16,
		.shrinker_batch = 128,
		.empty_failures = 1,
	},
	{
		.name = "linux-7.3",
		.summary = "as released in Linux 7.3: up to 32 entries a node and call",
		.batch = 64,
		.walk_nr = 32,
		.max_retries = 16,
		.shrinker_batch = 128,
		.empty_failures = 1,
	},
	{
		.name = "proactive-v5",
		.alias = "patch",
		.summary = "Linux 7.2 with per-cgroup proactive writeback, version 5",
		.batch = 64,
		.walk_nr = 1,
		.max_retries = 16,
		.shrinker_batch = 128,
		.empty_failures = 1,
		.batched = true,
		.source_key = true,
		.worker_checks_first = true,
	},
};

#define NR_ALGOS (sizeof(algos) / sizeof(algos[0]))

const struct zsim_algo *zsim_algo_at(size_t i)
{
	return i < NR_ALGOS ? &algos[i] : NULL;
}

const struct zsim_algo *zsim_algo_find(const char *name)
{
	for (size_t i = 0; i < NR_ALGOS; i++)
		if (!strcmp(algos[i].name, name) ||
		    (algos[i].alias && !strcmp(algos[i].alias, name)))
			return &algos[i];
	return NULL;
}

int zsim_algo_set(struct zsim_algo *algo, const char *name, uint64_t value)
{
	const struct {
		const char *name;
		uint32_t *constant;
	} constants[] = {
		{ "batch", &algo->batch },
		{ "walk", &algo->walk_nr },
		{ "retries", &algo->max_retries },
		{ "shrinker_batch", &algo->shrinker_batch },
		{ "empty_failures", &algo->empty_failures },
	};

	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		if (strcmp(constants[i].name, name))
			continue;
		if (!value || value > ALGO_MAX_CONSTANT)
			return -ERANGE;
		*constants[i].constant = (uint32_t)value;
		return 0;
	}
	return -ENOENT;
}

void zsim_config_init(struct zsim_config *config)
{
	*config = (struct zsim_config){
		.size = sizeof(*config),
		.algo = *zsim_algo_find("proactive-v5"),
		.nodes = 1,
		.ram_pages = 262144,
		.allocator = zsim_allocator_libc(),
	};
}
