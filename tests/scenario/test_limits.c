/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_limits.c - what is beyond a simulator is refused in words, and what can be counted
 * is counted on beyond 32 bits. Fixtures make a small machine look large; tests/run_scale.sh
 * makes machines that are.
 */
#include <errno.h>

#include "engine/run.h"
#include "support/suite.h"
#include "support/world.h"

static int apply(struct world *w, const struct zsim_event *ev, struct zsim_result *res)
{
	return zsim_apply(w->zs, ev, res);
}

static struct zsim_event store_event(uint64_t slot, const uint16_t *length)
{
	return (struct zsim_event){
		.type = ZSIM_EV_STORE, .slot = slot, .path = "/a", .length = length, .nr = 1
	};
}

static void one_entry_too_many(void)
{
	const uint16_t length = 100;
	struct zsim_event ev = store_event(7, &length);
	struct zsim_result res;
	struct world w;
	uint32_t size;

	world_create(&w, "patch", 1);
	world_group(&w, "/a");
	CU_ASSERT_EQUAL(world_store(&w, 1, "/a", 0, 100), 1);
	size = w.zs->st.entries.size;
	w.zs->st.entries.size = ZSIM_MAX_ENTRIES;
	CU_ASSERT_EQUAL(apply(&w, &ev, &res), -ENOSPC);
	CU_ASSERT_PTR_NOT_NULL_FATAL(res.text);
	CU_ASSERT_PTR_NOT_NULL(strstr(res.text, "more than 134217726 entries"));
	w.zs->st.entries.size = size;
	WORLD_SOUND(&w);
	CU_ASSERT_EQUAL(apply(&w, &ev, &res), 0);
	WORLD_LIST(&w, "/a", 0, "1* 7*");
	world_free(&w);
}

static void one_group_too_many(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_MKDIR, .path = "/b" };
	struct zsim_result res;
	struct world w;
	uint32_t size;

	world_create(&w, "patch", 1);
	size = w.zs->st.memcgs.size;
	w.zs->st.memcgs.size = ZSIM_MAX_MEMCGS;
	CU_ASSERT_EQUAL(apply(&w, &ev, &res), -ENOSPC);
	CU_ASSERT_PTR_NOT_NULL(strstr(res.text, "1048575 groups"));
	w.zs->st.memcgs.size = size;
	CU_ASSERT_EQUAL(apply(&w, &ev, &res), 0);
	CU_ASSERT_NOT_EQUAL(zsim_lookup(w.zs, "/b"), ZSIM_MEMCG_NONE);
	world_free(&w);
}

static void one_zspage_too_many(void)
{
	const uint16_t length = 100;
	struct zsim_event ev = store_event(7, &length);
	struct zsim_result res;
	struct world w;

	world_create(&w, "patch", 1);
	world_group(&w, "/a");
	w.zs->st.pool.zspages.size = ZSIM_ZSPAGE_NONE;
	CU_ASSERT_EQUAL(apply(&w, &ev, &res), -ENOSPC);
	CU_ASSERT_PTR_NOT_NULL(strstr(res.text, "67108863 zspages"));
	w.zs->st.pool.zspages.size = 0;
	WORLD_SOUND(&w);
	world_free(&w);
}

/* a machine that has seen four billion of everything goes on counting */
static void counters_do_not_wrap(void)
{
	const uint64_t many = UINT32_MAX;
	struct zsim_memcg_rec *root;
	struct world w;

	world_create(&w, "patch", 1);
	world_group(&w, "/a");
	root = zsim_memcg_at(&w.zs->st, ZSIM_MEMCG_ROOT);
	root->zswpout = root->zswpin = many;
	root->zswpwb = many;
	w.zs->st.counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES] = many;
	w.zs->st.counters[ZSIM_COUNTER_REJECT_COMPRESS_FAIL] = many;
	w.zs->calls = UINT32_MAX - 1;
	world_fill(&w, "/a", 0, 3, 100);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.reclaim", "100 source=zswap"), 0);
	zsim_fail(w.zs, ZSIM_FAIL_COMPRESS, 1);
	CU_ASSERT_EQUAL(world_store(&w, 9, "/a", 0, 100), 0);
	world_fill(&w, "/a", 0, 1, 100);
	CU_ASSERT_EQUAL(zsim_load(w.zs, w.next_slot - 1), 0);
	WORLD_STAT(&w, "/", ZSWPOUT, many + 4);
	WORLD_STAT(&w, "/", ZSWPIN, many + 1);
	WORLD_STAT(&w, "/", ZSWPWB, many + 3);
	WORLD_COUNTER(&w, WRITTEN_BACK_PAGES, many + 3);
	WORLD_COUNTER(&w, REJECT_COMPRESS_FAIL, many + 1);
	/* numbers of calls begin again, and never are 0 */
	CU_ASSERT(w.zs->calls > 0 && w.zs->calls < 10);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(one_entry_too_many),
	ZSIM_CASE(one_group_too_many),
	ZSIM_CASE(one_zspage_too_many),
	ZSIM_CASE(counters_do_not_wrap),
};
ZSIM_SUITE_MAIN("limits", cases)
