/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No memory, at every single allocation: the simulator stays usable, its state
 * stays sound, and nothing leaks.
 *
 * One script has every event and every call, suspended ones too. It runs with
 * the n-th allocation failing, for n = 1, 2, ... until a run meets no failure.
 * The failed event is repeated, and the script goes on; after a longer outage
 * later lines may miss a group, a node or an actor, which is an input error and
 * changes nothing either.
 */
#include <errno.h>

#include "support/fail_alloc.h"
#include "support/suite.h"
#include <zsim/trace.h>
#include <zsim/zsim.h>

static const char script[] =
	"zsim-trace 1\n"
	"machine nodes=2 ram=400\n"
	"param shrinker_enabled 1\n"
	"mkdir /t\n"
	"mkdir /t/a\n"
	"mkdir /t/b\n"
	"mkdir /t/c\n"
	"mkdir /u\n"
	/* 16 records fit before the arrays of groups, lists and names grow */
	"mkdir /u/1\nmkdir /u/2\nmkdir /u/3\nmkdir /u/4\nmkdir /u/5\nmkdir /u/6\n"
	"mkdir /u/7\nmkdir /u/8\nmkdir /u/9\nmkdir /u/10\nmkdir /u/11\nmkdir /u/12\n"
	"store 1 /t/a 0 100\n"
	"store 2 /t/a 0 200\n"
	"store 3 /t/a 1 300\n"
	"store 4 /t/a 1 4096\n"
	"store 10 /t/b 0 1000 2000 3000 4000 1100 2100 3100 4096\n"
	"store 20 /t/b 1 50 60 70 80 90 100 110 120 130 140 150 160\n"
	"store 40 /t/c 0 500 500 500 500 500 500 500 500 500 500 500 500\n"
	"store 60 /u 0 900\n"
	"store 61 / 0 900\n"
	"store 2 /t/b 1 222\n"
	"load 1\n"
	"invalidate 3\n"
	/* the swap cache grows from 16 to 32 places at its ninth slot */
	"cache 20\ncache 21\ncache 22\ncache 23\ncache 24\n"
	"cache 25\ncache 26\ncache 27\ncache 28\nuncache 28\n"
	"swapin /t/c 0\n"
	"write /t memory.reclaim 1 source=zswap\n"
	"write /t memory.reclaim 8K source=zswap\n"
	"write /t/c memory.reclaim 64K\n"
	"write /t/c memory.max 64M\n"
	"write node0 reclaim 64K\n"
	"shrinker /t/c 0 20\n"
	"slab /t/c 0 0\n"
	"write /t/b memory.zswap.max 4K\n"
	"store 70 /t/b 0 100\n"
	"fail decompress 1\n"
	"load 4\n"
	/* calls that are suspended, two of them at once, and what they may meet */
	"store 80 /t/a 0 100 100 100 100\n"
	"write /t/a memory.reclaim 1 source=zswap\n"
	"@A write /t memory.reclaim 64K source=zswap\n"
	"@A step 3\n"
	"@B write /t/a memory.reclaim 4K source=zswap\n"
	"@B step 4\n"
	"mkdir /t/d\n"
	"store 90 /t/d 0 640\n"
	"rmdir /t/d\n"
	"@A step 2\n"
	"@B finish\n"
	"signal A\n"
	"@A finish\n"
	"store 50 /t/c 1 500 500 500\n"
	"write /t/c memory.zswap.max 1\n"
	"@C store 91 /t/c 0 77 88\n"
	"@C step\n"
	"@C finish\n"
	"@D shrinker /t/b 1 30\n"
	"@D finish\n"
	"@E slab /t/b 0 0\n"
	"@E finish\n"
	"@F worker\n"
	"@F finish\n"
	/* a pool that is full: the worker runs behind the rejected store */
	"param max_pool_percent 1\n"
	"store 95 /u 0 4096\n"
	"store 96 /u 0 4096\n"
	"worker\n"
	/* groups that go while their entries stay, and handles that are used again */
	"rmdir /t/b deferred\n"
	"offline /t/b\n"
	"mkdir /t/b\n"
	"rmdir /t/a\n"
	"load 80\nload 81\nload 82\nload 83\nload 2\n"
	"mkdir /t/e\n"
	"@G write /t memory.reclaim 1M source=zswap\n";

/* a call that was given up is over: the same event goes through now */
static void again(struct zsim *zs, const struct zsim_event *ev)
{
	struct zsim_result res;

	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	if (ev->type != ZSIM_EV_STEP && ev->type != ZSIM_EV_FINISH)
		CU_ASSERT_EQUAL(zsim_apply(zs, ev, &res), 0);
}

/* what a longer outage leaves undone makes later events input errors */
static void apply(struct zsim *zs, struct fail_alloc *fa, const struct zsim_event *ev)
{
	uint64_t failed = fa->failed;
	struct zsim_result res;
	int rc = zsim_apply(zs, ev, &res);

	if (fa->failed > failed) {
		CU_ASSERT_EQUAL(rc, -ENOMEM);
		if (!fa->fail_after)
			again(zs, ev);
	} else if (fa->failed) {
		CU_ASSERT(!rc || rc == -ENOENT || rc == -EINVAL || rc == -ERANGE);
	} else {
		CU_ASSERT_EQUAL(rc, 0);
		if (rc)
			printf("line %u: %s\n", (unsigned int)ev->line, res.text);
	}
}

/* zsim_verify() allocates too: it says so when it cannot, and is healthy here */
static void verify(struct zsim *zs, struct fail_alloc *fa)
{
	uint64_t fail_at = fa->fail_at;
	uint64_t calls = fa->calls;

	fa->fail_at = 0;
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	fa->fail_at = fail_at;
	fa->calls = calls;
}

/* a group, two pages and a request, as if nothing had happened */
static void probe(struct zsim *zs, struct fail_alloc *fa)
{
	const uint16_t length[2] = { 300, 301 };
	zsim_memcg m = ZSIM_MEMCG_NONE;

	fa->fail_at = 0;
	CU_ASSERT_EQUAL(zsim_set_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT, 50), 0);
	CU_ASSERT_EQUAL(zsim_mkdir(zs, "/probe", &m), 0);
	CU_ASSERT_EQUAL(zsim_store(zs, 1000, m, 0, length, 2), 1);
	CU_ASSERT_EQUAL(zsim_write(zs, m, "memory.reclaim", "601 source=zswap"), 0);
	CU_ASSERT_EQUAL(zsim_stat(zs, m, ZSIM_STAT_ZSWPWB), 2);
	CU_ASSERT_EQUAL(zsim_load(zs, 1000), -ENOENT);
	CU_ASSERT_EQUAL(zsim_rmdir(zs, m), 0);
	CU_ASSERT_EQUAL(zsim_offline(zs, m), 0);
	verify(zs, fa);
}

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	(void)ctx;
	(void)zs;
	(void)d;
}

/* @steps: visits are made in steps, which take memory; else in a row, where they take none */
static struct zsim *machine(struct fail_alloc *fa, bool steps)
{
	static const struct zsim_observer listens = { .decision = on_decision };
	struct zsim_config config;
	struct zsim *zs;
	int err = 1;

	zsim_config_init(&config);
	config.allocator = fail_alloc_get(fa);
	zs = zsim_create(&config, &err);
	CU_ASSERT_EQUAL(err, zs ? 0 : -ENOMEM);
	if (zs && steps)
		CU_ASSERT_EQUAL(zsim_observe(zs, &listens), 0);
	return zs;
}

/* one run; @outage: that many events in a row have no memory at all */
static void run(struct fail_alloc *fa, bool steps, uint32_t outage)
{
	struct zsim *zs = machine(fa, steps);
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;

	if (!zs)
		return;
	fa->fail_after = outage > 0;
	CU_ASSERT_EQUAL_FATAL(
		zsim_reader_open_memory("script", script, sizeof(script) - 1, NULL, &rd), 0);
	while (zsim_reader_next(rd, &ev) == 1) {
		apply(zs, fa, &ev);
		if (fa->fail_after && fa->failed && !--outage) {
			fa->fail_after = false;
			fa->fail_at = 0;
		}
		verify(zs, fa);
	}
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "");
	zsim_reader_close(rd);
	probe(zs, fa);
	zsim_free(zs); /* with G suspended still, if it got that far */
}

static void walk(bool steps, uint32_t outage)
{
	struct fail_alloc fa;
	uint64_t n = 0;

	do {
		fail_alloc_init(&fa, ++n);
		run(&fa, steps, outage);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		CU_ASSERT_EQUAL(fa.live_bytes, 0);
	} while (fa.failed);
	CU_ASSERT(n > 100);
}

static void each_allocation_fails_once(void)
{
	walk(true, 0);
	walk(false, 0);
}

/* an outage that lasts for several events: failures in places that a first one led to */
static void memory_stays_away_for_a_while(void)
{
	walk(true, 4);
	walk(true, 40);
	walk(false, 4);
	walk(false, 40);
}

/* a check of the state that has no memory says so, and does not call the state sound */
static void verify_without_memory(void)
{
	struct fail_alloc fa;
	struct zsim *zs;

	fail_alloc_init(&fa, 0);
	zs = machine(&fa, true);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_verify(zs), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	zsim_free(zs);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

/* the functions beside zsim_apply() answer -ENOMEM themselves, and a second try goes through */
static void functions_without_memory(void)
{
	const uint16_t length = 4096;
	zsim_memcg m = ZSIM_MEMCG_NONE;
	struct fail_alloc fa;
	struct zsim *zs;

	fail_alloc_init(&fa, 0);
	zs = machine(&fa, true);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	fa.fail_after = true;
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_mkdir(zs, "/a", &m), -ENOMEM);
	fa.fail_at = 0;
	CU_ASSERT_EQUAL(zsim_mkdir(zs, "/a", &m), 0);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_store(zs, 1, m, 0, &length, 1), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_cache(zs, 7), -ENOMEM);
	fa.fail_at = 0;
	CU_ASSERT_EQUAL(zsim_store(zs, 1, m, 0, &length, 1), 1);
	CU_ASSERT_EQUAL(zsim_set_param(zs, ZSIM_PARAM_SHRINKER_ENABLED, 1), 0);
	CU_ASSERT_EQUAL(zsim_shrinker(zs, m, 0, 1), -1);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_write(zs, m, "memory.reclaim", "1 source=zswap"), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_shrinker(zs, m, 0, 1), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_slab(zs, m, 0, 0, false), -ENOMEM);
	fa.fail_at = 0;
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	CU_ASSERT_EQUAL(zsim_list_length(zs, m, 0), 1);
	CU_ASSERT_EQUAL(zsim_write(zs, m, "memory.reclaim", "1 source=zswap"), 0);
	CU_ASSERT_EQUAL(zsim_list_length(zs, m, 0), 0);
	zsim_free(zs);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(each_allocation_fails_once),
	ZSIM_CASE(memory_stays_away_for_a_while),
	ZSIM_CASE(verify_without_memory),
	ZSIM_CASE(functions_without_memory),
};
ZSIM_SUITE_MAIN("oom", cases)
