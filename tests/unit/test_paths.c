/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of groups: by path, by handle, and the control files that only keep a value. */
#include <errno.h>

#include "engine/paths.h"
#include "support/suite.h"
#include "support/world.h"

static void found_both_ways(void)
{
	struct zsim_paths paths;

	zsim_paths_init(&paths, zsim_allocator_libc());
	CU_ASSERT_PTR_NULL(zsim_paths_find(&paths, "/"));
	CU_ASSERT_PTR_NULL(zsim_paths_name(&paths, 0));
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/", 0), 0);
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", 5), 0);
	CU_ASSERT_EQUAL(zsim_paths_find(&paths, "/a")->memcg, 5);
	CU_ASSERT_PTR_EQUAL(zsim_paths_name(&paths, 5), zsim_paths_find(&paths, "/a"));
	CU_ASSERT_STRING_EQUAL(zsim_paths_name(&paths, 5)->path, "/a");
	/* handles between the two have no name */
	CU_ASSERT_PTR_NULL(zsim_paths_name(&paths, 3));
	CU_ASSERT_PTR_NULL(zsim_paths_name(&paths, 6));
	CU_ASSERT_PTR_NULL(zsim_paths_name(&paths, ZSIM_MEMCG_NONE));
	CU_ASSERT_PTR_NULL(zsim_paths_find(&paths, "/a/"));
	zsim_paths_destroy(&paths);
}

static void parents(void)
{
	struct zsim_name *parent = NULL;
	struct zsim_paths paths;

	zsim_paths_init(&paths, zsim_allocator_libc());
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/", 0), 0);
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", 1), 0);
	CU_ASSERT_EQUAL(zsim_paths_parent(&paths, "/a/b", &parent), 0);
	CU_ASSERT_EQUAL(parent->memcg, 1);
	CU_ASSERT_EQUAL(zsim_paths_parent(&paths, "/x", &parent), 0);
	CU_ASSERT_EQUAL(parent->memcg, 0);
	CU_ASSERT_EQUAL(zsim_paths_parent(&paths, "/a/b/c", &parent), -ENOENT);
	zsim_paths_destroy(&paths);
}

/* the newest of three groups at one path is found, also when an older one goes first */
static void the_newest_is_found(void)
{
	struct zsim_paths paths;

	zsim_paths_init(&paths, zsim_allocator_libc());
	for (zsim_memcg m = 1; m <= 3; m++) {
		CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", m), 0);
		CU_ASSERT_EQUAL(zsim_paths_find(&paths, "/a")->memcg, m);
	}
	zsim_paths_remove(&paths, 1);
	CU_ASSERT_EQUAL(zsim_paths_find(&paths, "/a")->memcg, 3);
	CU_ASSERT_STRING_EQUAL(zsim_paths_name(&paths, 2)->path, "/a");
	zsim_paths_remove(&paths, 3);
	/* an older one is not brought back: its directory is gone */
	CU_ASSERT_PTR_NULL(zsim_paths_find(&paths, "/a"));
	zsim_paths_remove(&paths, 2);
	zsim_paths_remove(&paths, 2);
	zsim_paths_remove(&paths, 99);
	zsim_paths_destroy(&paths);
}

/* 200 names make the hash grow too; what fails leaves nothing behind and can be repeated */
static uint32_t add_many(struct zsim_paths *paths)
{
	char path[32];
	uint32_t failed = 0;

	for (zsim_memcg m = 0; m < 200; m++) {
		snprintf(path, sizeof(path), "/group%u", m);
		if (!zsim_paths_add(paths, path, m))
			continue;
		failed++;
		CU_ASSERT_PTR_NULL(zsim_paths_find(paths, path));
		CU_ASSERT_PTR_NULL(zsim_paths_name(paths, m));
		CU_ASSERT_EQUAL(zsim_paths_add(paths, path, m), 0);
	}
	return failed;
}

static void no_memory_for_a_name(void)
{
	struct zsim_name *parent = NULL;
	struct zsim_paths paths;
	struct fail_alloc fa;
	uint64_t n = 0;

	do {
		fail_alloc_init(&fa, ++n);
		zsim_paths_init(&paths, fail_alloc_get(&fa));
		CU_ASSERT_EQUAL(add_many(&paths), fa.failed);
		for (zsim_memcg m = 0; m < 200; m++)
			CU_ASSERT_EQUAL(
				zsim_paths_find(&paths, zsim_paths_name(&paths, m)->path)->memcg,
				m);
		fa.fail_at = fa.calls + 1;
		CU_ASSERT_EQUAL(zsim_paths_parent(&paths, "/group1/a", &parent), -ENOMEM);
		CU_ASSERT_EQUAL(zsim_paths_parent(&paths, "/group1/a", &parent), 0);
		zsim_paths_destroy(&paths);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
	} while (fa.failed > 1);
	CU_ASSERT(n > 400);
}

/* deeper and deeper: every length of a path is hashed, found, replaced and taken away */
static void paths_of_every_length(void)
{
	struct zsim_paths paths;
	char path[64] = "";
	uint32_t wrong = 0;

	zsim_paths_init(&paths, zsim_allocator_libc());
	for (zsim_memcg m = 0; m < 60; m++) {
		strcat(path, m % 2 ? "x" : "/");
		CU_ASSERT_EQUAL(zsim_paths_add(&paths, path, m), 0);
		CU_ASSERT_EQUAL(zsim_paths_add(&paths, path, 60 + m), 0);
	}
	for (size_t length = 60; length >= 1; length--) {
		path[length] = '\0';
		wrong += zsim_paths_find(&paths, path)->memcg != 59 + length;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	/* newest first from one end, oldest first from the other */
	for (zsim_memcg m = 0; m < 60; m++) {
		zsim_paths_remove(&paths, m % 2 ? m : 60 + m);
		zsim_paths_remove(&paths, m % 2 ? 60 + m : m);
	}
	CU_ASSERT_PTR_NULL(paths.by_path);
	zsim_paths_destroy(&paths);
}

static void copies_stand_alone(void)
{
	struct zsim_paths paths, copy;

	zsim_paths_init(&paths, zsim_allocator_libc());
	zsim_paths_init(&copy, zsim_allocator_libc());
	for (zsim_memcg m = 0; m < 3; m++)
		CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", m), 0);
	/* the newest has the lowest handle: handles are used again */
	zsim_paths_remove(&paths, 0);
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", 0), 0);
	zsim_paths_name(&paths, 1)->limits[ZSIM_LIMIT_MAX] = 7;
	zsim_paths_name(&paths, 1)->removed = true;
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/b", 9), 0); /* none between 2 and 9 */
	CU_ASSERT_EQUAL(zsim_paths_copy(&copy, &paths), 0);
	CU_ASSERT_PTR_NULL(zsim_paths_name(&copy, 5));
	CU_ASSERT_EQUAL(zsim_paths_find(&copy, "/b")->memcg, 9);
	CU_ASSERT_EQUAL(zsim_paths_find(&copy, "/a")->memcg, 0);
	CU_ASSERT_EQUAL(zsim_paths_name(&copy, 1)->limits[ZSIM_LIMIT_MAX], 7);
	CU_ASSERT_TRUE(zsim_paths_name(&copy, 1)->removed);
	CU_ASSERT_FALSE(zsim_paths_name(&copy, 2)->removed);
	zsim_paths_destroy(&paths);
	CU_ASSERT_STRING_EQUAL(zsim_paths_name(&copy, 2)->path, "/a");
	zsim_paths_destroy(&copy);
}

/*
 * The newest group at a path is freed while an older one lingers: nothing is
 * found there, and nothing may be found there in a copy either. A clone once
 * brought the older one back.
 */
static void copies_bring_nobody_back(void)
{
	struct zsim_paths paths, copy;

	zsim_paths_init(&paths, zsim_allocator_libc());
	zsim_paths_init(&copy, zsim_allocator_libc());
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", 1), 0);
	CU_ASSERT_EQUAL(zsim_paths_add(&paths, "/a", 2), 0);
	zsim_paths_remove(&paths, 2);
	CU_ASSERT_EQUAL(zsim_paths_copy(&copy, &paths), 0);
	CU_ASSERT_PTR_NULL(zsim_paths_find(&copy, "/a"));
	CU_ASSERT_STRING_EQUAL(zsim_paths_name(&copy, 1)->path, "/a");
	zsim_paths_remove(&copy, 1);
	CU_ASSERT_PTR_NULL(zsim_paths_name(&copy, 1));
	zsim_paths_destroy(&paths);
	zsim_paths_destroy(&copy);
}

/* 60 groups at 20 paths, the newest of every other path gone: copied, and then taken apart */
static void copies_without_memory(void)
{
	struct zsim_paths paths, copy;
	struct fail_alloc fa;
	char path[32];
	uint64_t n = 0;
	int rc;

	zsim_paths_init(&paths, zsim_allocator_libc());
	for (zsim_memcg m = 0; m < 60; m++) {
		snprintf(path, sizeof(path), "/group%u", m % 20);
		CU_ASSERT_EQUAL(zsim_paths_add(&paths, path, m), 0);
	}
	for (zsim_memcg m = 40; m < 60; m += 2)
		zsim_paths_remove(&paths, m);
	do {
		fail_alloc_init(&fa, ++n);
		zsim_paths_init(&copy, fail_alloc_get(&fa));
		rc = zsim_paths_copy(&copy, &paths);
		CU_ASSERT_EQUAL(rc, fa.failed ? -ENOMEM : 0);
		if (rc) {
			zsim_paths_destroy(&copy);
			CU_ASSERT_EQUAL(fa.live_blocks, 0);
		}
	} while (rc);
	CU_ASSERT(n > 100);
	CU_ASSERT_PTR_NULL(zsim_paths_find(&copy, "/group0"));
	CU_ASSERT_EQUAL(zsim_paths_find(&copy, "/group1")->memcg, 41);
	for (zsim_memcg m = 60; m-- > 0;)
		zsim_paths_remove(&copy, m);
	CU_ASSERT_PTR_NULL(copy.by_path);
	zsim_paths_destroy(&copy);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
	zsim_paths_destroy(&paths);
}

static uint64_t file_value(struct world *w, const char *file)
{
	uint64_t value = 0;

	CU_ASSERT_EQUAL(zsim_read(w->zs, world_group(w, "/a"), file, &value), 0);
	return value;
}

/* protections begin at 0, limits at max; both are whole pages */
static void files_that_keep_a_value(void)
{
	static const char *const limits[] = { "memory.high", "memory.max", "memory.swap.high",
					      "memory.swap.max", "memory.zswap.max" };
	static const char *const protections[] = { "memory.min", "memory.low" };
	struct world w;

	world_create(&w, "proactive-v5", 1);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		CU_ASSERT_EQUAL(file_value(&w, limits[i]), UINT64_MAX);
		CU_ASSERT_EQUAL(world_write(&w, "/a", limits[i], "1M"), 0);
		CU_ASSERT_EQUAL(file_value(&w, limits[i]), 256);
		CU_ASSERT_EQUAL(world_write(&w, "/a", limits[i], "1M 2M"), -EINVAL);
		CU_ASSERT_EQUAL(file_value(&w, limits[i]), 256);
		CU_ASSERT_EQUAL(world_write(&w, "/a", limits[i], "max"), 0);
		CU_ASSERT_EQUAL(file_value(&w, limits[i]), UINT64_MAX);
		CU_ASSERT_EQUAL(world_write(&w, "/", limits[i], "1M"), -ENOENT);
	}
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(file_value(&w, protections[i]), 0);
		CU_ASSERT_EQUAL(world_write(&w, "/a", protections[i], "8191"), 0);
		CU_ASSERT_EQUAL(file_value(&w, protections[i]), 1);
	}
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.zswap.maximum", "1"), -ENOENT);
	CU_ASSERT_EQUAL(zsim_read(w.zs, world_group(&w, "/a"), "memory.stat", NULL), -ENOENT);
	world_free(&w);
}

/* the root has memory.zswap.writeback, and no limits */
static void the_root_has_few_files(void)
{
	uint64_t value = 77;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(world_write(&w, "/", "memory.zswap.writeback", "0"), 0);
	CU_ASSERT_EQUAL(zsim_read(w.zs, 0, "memory.zswap.writeback", &value), 0);
	CU_ASSERT_EQUAL(value, 0);
	CU_ASSERT_EQUAL(world_write(&w, "/", "memory.zswap.writeback", "2"), -EINVAL);
	CU_ASSERT_EQUAL(world_write(&w, "/", "memory.zswap.max", "0"), -ENOENT);
	CU_ASSERT_EQUAL(zsim_read(w.zs, 0, "memory.zswap.max", &value), -ENOENT);
	CU_ASSERT_EQUAL(world_write(&w, "/", "memory.reclaim", "1 source=zswap"), -EINVAL);
	world_free(&w);
}

static uint64_t give(void *ctx, zsim_memcg memcg, uint64_t pages)
{
	uint64_t *asked = ctx;

	CU_ASSERT_EQUAL(memcg, ZSIM_MEMCG_NONE);
	*asked += pages;
	return pages;
}

/* the per-node file: the same text, no group, and one error for everything */
static void the_file_of_a_node(void)
{
	struct zsim_config config;
	struct fail_alloc *fa;
	uint64_t asked = 0;
	struct world w;

	zsim_config_init(&config);
	world_create_with(&w, config);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "64K"), -EAGAIN);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "4095"), 0);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "0"), 0);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "all"), -EAGAIN);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "1M source=zswap"), -EAGAIN);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 1, "64K"), -ERANGE);
	/* ordinary reclaim needs no memory at all */
	fa = &w.fa;
	fa->fail_at = fa->calls + 1;
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "64K"), -EAGAIN);
	fa->fail_at = 0;
	world_free(&w);
	/* 40 pages: a try asks for a quarter, but at least 32 */
	config.reclaim = give;
	config.reclaim_ctx = &asked;
	world_create_with(&w, config);
	CU_ASSERT_EQUAL(zsim_write_node(w.zs, 0, "160K"), 0);
	CU_ASSERT_EQUAL(asked, 64);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(found_both_ways),	     ZSIM_CASE(parents),
	ZSIM_CASE(the_newest_is_found),	     ZSIM_CASE(no_memory_for_a_name),
	ZSIM_CASE(paths_of_every_length),    ZSIM_CASE(copies_stand_alone),
	ZSIM_CASE(copies_bring_nobody_back), ZSIM_CASE(copies_without_memory),
	ZSIM_CASE(files_that_keep_a_value),  ZSIM_CASE(the_root_has_few_files),
	ZSIM_CASE(the_file_of_a_node),
};
ZSIM_SUITE_MAIN("paths", cases)
