/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of kernel versions and the constants that can be changed in a copy. */
#include <errno.h>

#include "support/suite.h"
#include <zsim/zsim.h>

static void the_table(void)
{
	CU_ASSERT_STRING_EQUAL(zsim_algo_at(0)->name, "linux-7.2");
	CU_ASSERT_STRING_EQUAL(zsim_algo_at(1)->name, "linux-7.3");
	CU_ASSERT_STRING_EQUAL(zsim_algo_at(2)->name, "proactive-v5");
	CU_ASSERT_PTR_NULL(zsim_algo_at(3));
	CU_ASSERT_PTR_NULL(zsim_algo_at(SIZE_MAX));
	for (size_t i = 0; zsim_algo_at(i); i++)
		CU_ASSERT(strlen(zsim_algo_at(i)->summary) > 10);
}

static void names_and_aliases(void)
{
	CU_ASSERT_PTR_EQUAL(zsim_algo_find("linux-7.2"), zsim_algo_at(0));
	CU_ASSERT_PTR_EQUAL(zsim_algo_find("base"), zsim_algo_at(0));
	CU_ASSERT_PTR_EQUAL(zsim_algo_find("linux-7.3"), zsim_algo_at(1));
	CU_ASSERT_PTR_EQUAL(zsim_algo_find("proactive-v5"), zsim_algo_at(2));
	CU_ASSERT_PTR_EQUAL(zsim_algo_find("patch"), zsim_algo_at(2));
	CU_ASSERT_PTR_NULL(zsim_algo_find(""));
	CU_ASSERT_PTR_NULL(zsim_algo_find("linux-7"));
	CU_ASSERT_PTR_NULL(zsim_algo_find("Patch"));
}

/* what tells the versions apart (model.md 5): 7.3 differs from 7.2 in one number */
static void the_versions(void)
{
	const struct zsim_algo *base = zsim_algo_find("base");
	const struct zsim_algo *linux73 = zsim_algo_find("linux-7.3");
	const struct zsim_algo *patch = zsim_algo_find("patch");

	CU_ASSERT_EQUAL(base->walk_nr, 1);
	CU_ASSERT_EQUAL(linux73->walk_nr, 32);
	CU_ASSERT_FALSE(base->batched || base->source_key || base->worker_checks_first);
	CU_ASSERT_FALSE(linux73->batched || linux73->source_key || linux73->worker_checks_first);
	CU_ASSERT_TRUE(patch->batched && patch->source_key && patch->worker_checks_first);
	CU_ASSERT_EQUAL(patch->batch, 64);
	for (size_t i = 0; zsim_algo_at(i); i++) {
		CU_ASSERT_EQUAL(zsim_algo_at(i)->max_retries, 16);
		CU_ASSERT_EQUAL(zsim_algo_at(i)->shrinker_batch, 128);
		CU_ASSERT_EQUAL(zsim_algo_at(i)->empty_failures, 1);
	}
}

static void constants_are_set_by_name(void)
{
	struct zsim_algo algo = *zsim_algo_find("patch");

	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "batch", 1), 0);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "walk", 2), 0);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "retries", 3), 0);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "shrinker_batch", 65536), 0);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "empty_failures", 16), 0);
	CU_ASSERT_EQUAL(algo.batch, 1);
	CU_ASSERT_EQUAL(algo.walk_nr, 2);
	CU_ASSERT_EQUAL(algo.max_retries, 3);
	CU_ASSERT_EQUAL(algo.shrinker_batch, 65536);
	CU_ASSERT_EQUAL(algo.empty_failures, 16);
	/* the table itself is untouched */
	CU_ASSERT_EQUAL(zsim_algo_find("patch")->batch, 64);
}

static void bad_constants_change_nothing(void)
{
	struct zsim_algo algo = *zsim_algo_find("patch");

	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "batch", 0), -ERANGE);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "batch", 65537), -ERANGE);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "retries", UINT64_MAX), -ERANGE);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "speed", 1), -ENOENT);
	CU_ASSERT_EQUAL(zsim_algo_set(&algo, "", 1), -ENOENT);
	CU_ASSERT_EQUAL(algo.batch, 64);
	CU_ASSERT_EQUAL(algo.max_retries, 16);
}

static void defaults(void)
{
	struct zsim_config config;

	memset(&config, 0xff, sizeof(config));
	zsim_config_init(&config);
	CU_ASSERT_EQUAL(config.size, sizeof(config));
	CU_ASSERT_STRING_EQUAL(config.algo.name, "proactive-v5");
	CU_ASSERT_EQUAL(config.nodes, 1);
	CU_ASSERT_EQUAL(config.ram_pages, 262144);
	CU_ASSERT_EQUAL(config.swap_pages, 0);
	CU_ASSERT_FALSE(config.memcg_disabled || config.zswap_absent || config.node_count_fixed);
	CU_ASSERT_PTR_EQUAL(config.allocator, zsim_allocator_libc());
	CU_ASSERT_PTR_NULL((void *)(uintptr_t)config.reclaim);
}

static void refused(struct zsim_config config, int expected)
{
	int err = 0;

	CU_ASSERT_PTR_NULL(zsim_create(&config, &err));
	CU_ASSERT_EQUAL(err, expected);
	CU_ASSERT_PTR_NULL(zsim_create(&config, NULL));
}

static void machines_that_cannot_be(void)
{
	struct zsim_config good, config;

	zsim_config_init(&good);
	config = good;
	config.nodes = 0;
	refused(config, -ERANGE);
	config.nodes = 65;
	refused(config, -ERANGE);
	config = good;
	config.ram_pages = 0;
	refused(config, -ERANGE);
	config.ram_pages = UINT64_MAX / 100 + 1;
	refused(config, -ERANGE);
	config = good;
	config.algo.name = NULL;
	refused(config, -EINVAL);
	config = good;
	config.size = sizeof(config) + 1;
	refused(config, -EINVAL);
	config.size = sizeof(size_t) - 1;
	refused(config, -EINVAL);
}

/* a caller that was built against an older header: what it does not know has its default */
static void an_older_caller(void)
{
	struct zsim_config config;
	struct zsim *zs;
	int err = 1;

	zsim_config_init(&config);
	config.nodes = 3;
	config.ram_pages = 0; /* refused if it were looked at */
	config.allocator = NULL;
	config.size = offsetof(struct zsim_config, ram_pages);
	zs = zsim_create(&config, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	CU_ASSERT_EQUAL(err, 0);
	CU_ASSERT_EQUAL(zsim_nodes(zs), 3);
	CU_ASSERT_STRING_EQUAL(zsim_algo(zs)->name, "proactive-v5");
	zsim_free(zs);
	config.ram_pages = 1;
	config.size = sizeof(config); /* the whole of it, without an allocator */
	zs = zsim_create(&config, NULL);
	CU_ASSERT_PTR_NOT_NULL(zs);
	zsim_free(zs);
	zsim_free(NULL);
	zs = zsim_create(NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL(zs);
	zsim_free(zs);
}

/* an observer beyond the eighth is refused, the eight go on */
static void eight_observers(void)
{
	const struct zsim_observer deaf = { .ctx = NULL };
	const uint16_t length = 100;
	struct zsim *zs = zsim_create(NULL, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	for (int i = 0; i < 8; i++)
		CU_ASSERT_EQUAL(zsim_observe(zs, &deaf), 0);
	CU_ASSERT_EQUAL(zsim_observe(zs, &deaf), -ENOSPC);
	CU_ASSERT_EQUAL(zsim_store(zs, 1, ZSIM_MEMCG_ROOT, 0, &length, 1), 1);
	zsim_free(zs);
}

static void the_version(void)
{
	char version[64];

	snprintf(version, sizeof(version), "%d.%d.%d", ZSIM_VERSION_MAJOR, ZSIM_VERSION_MINOR,
		 ZSIM_VERSION_PATCH);
	CU_ASSERT_STRING_EQUAL(zsim_version(), version);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(the_table),
	ZSIM_CASE(names_and_aliases),
	ZSIM_CASE(the_versions),
	ZSIM_CASE(constants_are_set_by_name),
	ZSIM_CASE(bad_constants_change_nothing),
	ZSIM_CASE(defaults),
	ZSIM_CASE(machines_that_cannot_be),
	ZSIM_CASE(an_older_caller),
	ZSIM_CASE(eight_observers),
	ZSIM_CASE(the_version),
};
ZSIM_SUITE_MAIN("algo", cases)
