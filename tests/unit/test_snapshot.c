/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_snapshot.c - a simulator copied in the middle of things goes on alike.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/oracle.h>
#include <zsim/trace.h>
#include <zsim/zsim.h>

#include "support/fail_alloc.h"
#include "support/suite.h"

/* suspended: a request in a writeback, a store over its limit, a worker */
static const char first_half[] = "zsim-trace 1\n"
				 "machine nodes=2 ram=200\n"
				 "param accept_threshold_percent 10\n"
				 "mkdir /a\n"
				 "mkdir /a/b\n"
				 "mkdir /old\n"
				 "store 1 /a 0 1000\n"
				 "store 2 /a 0 2000\n"
				 "store 3 /a/b 1 4096\n"
				 "store 4 /old 1 3000\n"
				 "rmdir /old deferred\n"
				 "mkdir /old\n"
				 "store 5 /old 0 70\n"
				 "cache 9\n"
				 "write /a memory.reclaim 1 source=zswap\n"
				 "write /a memory.high 1M\n"
				 "swapin /a 1\n"
				 "fail zs_malloc 1\n"
				 "store 6 /a 1 5\n"
				 "store 6 /a/b 0 2345\n"
				 "@A write / memory.reclaim 10M source=zswap\n"
				 "@A step 2\n"
				 "write /a memory.zswap.max 4K\n"
				 "store 7 /a 0 4000\n"
				 "@S store 8 /a 0 200 300\n"
				 "@W worker\n";

static const char second_half[] = "zsim-trace 1\n"
				  "load 5\n"
				  "@A step\n"
				  "store 11 /old 1 900\n"
				  "@S step\n"
				  "signal A\n"
				  "@A finish\n"
				  "@S finish\n"
				  "@W finish\n"
				  "offline /old\n"
				  "invalidate 5\n"
				  "worker\n";

/* the answers of all events, hashed */
static uint64_t feed(struct zsim *zs, const char *text)
{
	struct zsim_reader *rd;
	struct zsim_event ev;
	struct zsim_result res;
	uint64_t hash = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_reader_open_memory("test", text, strlen(text), NULL, &rd), 0);
	while (zsim_reader_next(rd, &ev) == 1) {
		(void)zsim_apply(zs, &ev, &res);
		hash = hash * 31 + (uint64_t)res.kind * 1000 + (uint64_t)res.value;
	}
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "");
	zsim_reader_close(rd);
	return hash;
}

static struct zsim *half_way(const struct zsim_allocator *alloc)
{
	struct zsim_config config;
	struct zsim *zs;

	zsim_config_init(&config);
	config.allocator = alloc;
	zs = zsim_create(&config, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	feed(zs, first_half);
	return zs;
}

static void goes_on_alike(void)
{
	struct zsim *zs = half_way(NULL);
	int err = 1;
	struct zsim *copy = zsim_clone(zs, &err);
	uint64_t before = zsim_digest(zs);
	uint64_t limit;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	CU_ASSERT_EQUAL(err, 0);
	CU_ASSERT_EQUAL(zsim_digest(copy), before);
	CU_ASSERT_EQUAL(zsim_verify(copy), 0);
	CU_ASSERT_EQUAL(zsim_read(copy, zsim_lookup(copy, "/a"), "memory.high", &limit), 0);
	CU_ASSERT_EQUAL(limit, 256);
	CU_ASSERT_EQUAL(zsim_lookup(copy, "/old"), zsim_lookup(zs, "/old"));

	CU_ASSERT_EQUAL(feed(zs, second_half), feed(copy, second_half));
	CU_ASSERT_EQUAL(zsim_digest(zs), zsim_digest(copy));
	CU_ASSERT_NOT_EQUAL(zsim_digest(zs), before);
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	CU_ASSERT_EQUAL(zsim_verify(copy), 0);
	zsim_free(zs);
	zsim_free(copy);
}

/* what happens to one does not reach the other */
static void stands_alone(void)
{
	struct zsim *zs = half_way(NULL);
	struct zsim *copy = zsim_clone(zs, NULL);
	uint64_t before = zsim_digest(zs);

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	feed(copy, second_half);
	CU_ASSERT_EQUAL(zsim_digest(zs), before);
	zsim_free(copy);
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	zsim_free(zs);
}

/* each of these changes something that can be read, so it must change the digest */
static void sees_changes(void)
{
	static const char *const changes[] = {
		"cache 77\n",
		"load 5\n",
		"store 5 /old 0 71\n",
		"mkdir /c\n",
		"swapin / 0\n",
		"param accept_threshold_percent 80\n",
		"fail decompress 1\n",
		"@A step\n",
		"write /a memory.zswap.writeback 0\n",
		"write /a memory.zswap.max 8K\n",
		"rmdir /a/b deferred\n",
		"signal A\n",
		"uncache 9\n",
	};
	char text[128];

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct zsim *zs = half_way(NULL);
		uint64_t before = zsim_digest(zs);

		snprintf(text, sizeof(text), "zsim-trace 1\n%s", changes[i]);
		feed(zs, text);
		if (zsim_digest(zs) == before)
			printf("not seen: %s", changes[i]);
		CU_ASSERT_NOT_EQUAL(zsim_digest(zs), before);
		zsim_free(zs);
	}
}

static void without_memory(void)
{
	struct fail_alloc alloc;
	struct zsim *zs, *copy = NULL;
	int err = -ENOMEM;

	fail_alloc_init(&alloc, 0);
	zs = half_way(fail_alloc_get(&alloc));
	for (uint64_t n = 1; !copy && n < 1000; n++) {
		uint64_t blocks = alloc.live_blocks;

		alloc.fail_at = alloc.calls + n;
		copy = zsim_clone(zs, &err);
		if (!copy) {
			CU_ASSERT_EQUAL(err, -ENOMEM);
			CU_ASSERT_EQUAL(alloc.live_blocks, blocks);
		}
	}
	CU_ASSERT_PTR_NOT_NULL(copy);
	zsim_free(copy);
	zsim_free(zs);
	CU_ASSERT_EQUAL(alloc.live_blocks, 0);
}

/* an oracle's call is moved by records that the copy would never get */
static void not_under_an_oracle(void)
{
	struct zsim *zs = zsim_create(NULL, NULL);
	struct zsim_oracle *oracle = zsim_oracle_create(zs, NULL, NULL);
	struct zsim_event ev = { .type = ZSIM_EV_SAW };
	int err = 0;

	ev.record = (struct zsim_record){ .saw = ZSIM_SAW_WORKER, .pid = 5 };
	CU_ASSERT_EQUAL(zsim_oracle_saw(oracle, &ev, NULL), 0);
	CU_ASSERT_PTR_NULL(zsim_clone(zs, &err));
	CU_ASSERT_EQUAL(err, -EBUSY);
	zsim_oracle_free(oracle);
	zsim_free(zs);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(goes_on_alike),  ZSIM_CASE(stands_alone),	   ZSIM_CASE(sees_changes),
	ZSIM_CASE(without_memory), ZSIM_CASE(not_under_an_oracle),
};
ZSIM_SUITE_MAIN("snapshot", cases)
