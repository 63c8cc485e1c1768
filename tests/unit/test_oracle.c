/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records one by one, for what captures at hand do not contain.
 */
#include <errno.h>
#include <inttypes.h>

#include <zsim/oracle.h>

#include "support/fail_alloc.h"
#include "support/replay.h"
#include "support/suite.h"

#define GB_PAGES 262144

/** struct witness - simulator and oracle; @rc: the first error, after which nothing is fed */
struct witness {
	struct fail_alloc fa;
	struct zsim *zs;
	struct zsim_oracle *o;
	uint64_t line;
	unsigned int violations;
	int rc;
	const char *why;
	char saw[128];
	char model[128];
};

static void on_mismatch(void *ctx, const struct zsim_mismatch *m)
{
	struct witness *w = ctx;

	snprintf(w->saw, sizeof(w->saw), "%s", m->saw);
	snprintf(w->model, sizeof(w->model), "%s", m->model);
}

static void on_violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct witness *w = ctx;

	(void)zs;
	w->violations++;
	printf("%s: %s\n", name, text);
}

static struct zsim_observer observer;

static void witness_open(struct witness *w, const char *algo, uint64_t fail_at)
{
	struct zsim_config config;

	*w = (struct witness){ .rc = 0 };
	fail_alloc_init(&w->fa, fail_at);
	zsim_config_init(&config);
	config.algo = *zsim_algo_find(algo);
	config.allocator = fail_alloc_get(&w->fa);
	w->zs = zsim_create(&config, &w->rc);
	if (!w->zs)
		return;
	observer = (struct zsim_observer){ .violation = on_violation, .ctx = w };
	zsim_observe(w->zs, &observer);
	w->o = zsim_oracle_create(w->zs, on_mismatch, w);
	if (!w->o)
		w->rc = -ENOMEM;
}

static void witness_close(struct witness *w)
{
	if (w->o && !w->rc)
		w->rc = zsim_oracle_finish(w->o);
	if (w->zs)
		zsim_verify(w->zs);
	CU_ASSERT_EQUAL(w->violations, 0);
	zsim_oracle_free(w->o);
	zsim_free(w->zs);
	CU_ASSERT_EQUAL(w->fa.live_blocks, 0);
}

static void machine(struct witness *w, uint32_t nodes)
{
	const struct zsim_event ev = { .type = ZSIM_EV_MACHINE,
				       .nodes = nodes,
				       .ram_pages = GB_PAGES };
	struct zsim_result res;

	if (!w->rc)
		w->rc = zsim_apply(w->zs, &ev, &res);
}

static void param(struct witness *w, enum zsim_param p, uint64_t value)
{
	if (!w->rc)
		w->rc = zsim_set_param(w->zs, p, value);
}

static void feed(struct witness *w, struct zsim_record r)
{
	const struct zsim_event ev = { .type = ZSIM_EV_SAW, .line = ++w->line, .record = r };

	if (!w->rc)
		w->rc = zsim_oracle_saw(w->o, &ev, &w->why);
}

#define SAW(w, event, ...) feed(w, (struct zsim_record){ .saw = ZSIM_SAW_##event, __VA_ARGS__ })

static uint64_t wrong_of(const struct witness *w)
{
	uint64_t wrong = 0;

	for (int i = 0; w->o && i < ZSIM_NR_CHECKS; i++)
		wrong += zsim_oracle_count(w->o, (enum zsim_check)i).wrong;
	return wrong;
}

static uint64_t unknown_of(const struct witness *w)
{
	uint64_t unknown = 0;

	for (int i = 0; w->o && i < ZSIM_NR_CHECKS; i++)
		unknown += zsim_oracle_count(w->o, (enum zsim_check)i).unknown;
	return unknown;
}

/* nothing failed, nothing differs; shows what does */
static void assert_alike(const struct witness *w)
{
	if (w->rc || wrong_of(w))
		printf("rc %d %s, line %" PRIu64 ": saw %s, model %s\n", w->rc,
		       w->why ? w->why : "", w->line, w->saw, w->model);
	CU_ASSERT_EQUAL(w->rc, 0);
	CU_ASSERT_EQUAL(wrong_of(w), 0);
}

static struct zsim_check_count count_of(const struct witness *w, enum zsim_check kind)
{
	return zsim_oracle_count(w->o, kind);
}

/* ---- what threads do ------------------------------------------------------- */

#define WL 7 /* a thread of the workload */
#define RQ 8 /* one that asks for reclaim */
#define KW 9 /* the pool worker's */

static void groups(struct witness *w)
{
	SAW(w, CGROUP, .cg = 1, .path = "/", .value = 1, .text = "");
	SAW(w, CGROUP, .cg = 20, .path = "/a", .value = 1, .text = "max");
	SAW(w, CGROUP, .cg = 30, .path = "/b", .value = 1);
}

static void pages_seen(struct witness *w, uint32_t pid)
{
	if (!w->rc)
		SAW(w, TOTAL, .pid = pid, .value = (int64_t)zsim_pool_pages(w->zs));
}

static void page_stored(struct witness *w, uint64_t cg, uint64_t slot, uint32_t node,
			int64_t length)
{
	SAW(w, ZS_MALLOC, .pid = WL, .value = length, .node = node);
	SAW(w, LRU_ADD, .pid = WL, .cg = cg, .node = node);
	SAW(w, LRU_INS, .pid = WL, .slot = slot, .node = node);
}

static void store_begun(struct witness *w, uint64_t cg, uint64_t slot)
{
	SAW(w, SC_ADD, .pid = WL, .slot = slot);
	SAW(w, STORE, .pid = WL, .slot = slot);
	SAW(w, MAY, .pid = WL, .cg = cg);
	SAW(w, MAY_RET, .pid = WL, .value = 1);
	pages_seen(w, WL);
}

static void store(struct witness *w, uint64_t cg, uint64_t slot, uint32_t node)
{
	store_begun(w, cg, slot);
	page_stored(w, cg, slot, node, 1000);
	SAW(w, STORE_RET, .pid = WL, .value = 1);
	SAW(w, SC_DEL, .pid = WL, .slot = slot);
}

static void slot_leaves(struct witness *w, uint32_t pid, uint64_t slot, uint32_t node)
{
	SAW(w, LRU_DEL, .pid = pid, .slot = slot, .node = node);
	SAW(w, LRU_REM, .pid = pid, .slot = slot, .node = node);
}

static void rotated(struct witness *w, uint32_t pid, uint64_t slot)
{
	SAW(w, SCAN, .pid = pid, .slot = slot, .length = 1000, .referenced = true);
	SAW(w, SCAN_RET, .pid = pid, .value = ZSIM_LRU_ROTATE);
}

static void written(struct witness *w, uint32_t pid, uint64_t slot, uint32_t node)
{
	SAW(w, SCAN, .pid = pid, .slot = slot, .length = 1000);
	SAW(w, WB, .pid = pid, .slot = slot);
	SAW(w, SC_ADD, .pid = pid, .slot = slot);
	slot_leaves(w, pid, slot, node);
	SAW(w, WB_RET, .pid = pid, .value = 0);
	SAW(w, SCAN_RET, .pid = pid, .value = ZSIM_LRU_REMOVED_RETRY);
	SAW(w, SC_DEL, .pid = pid, .slot = slot);
}

static void request_begun(struct witness *w, uint64_t cg)
{
	SAW(w, RECLAIM, .pid = RQ, .cg = cg, .text = "100 source=zswap");
	SAW(w, ONE, .pid = RQ, .cg = cg);
	SAW(w, SHRINK, .pid = RQ, .cg = cg, .nr = 64);
}

/* one page stored, its reference bit taken by a first request */
static void one_cold_page(struct witness *w)
{
	machine(w, 2);
	groups(w);
	store(w, 20, 5, 0);
	request_begun(w, 20);
	SAW(w, WALK, .pid = RQ, .cg = 20, .nr = 1);
	rotated(w, RQ, 5);
	SAW(w, SHRINK_RET, .pid = RQ, .value = 0);
	SAW(w, ONE_RET, .pid = RQ, .value = 0);
	SAW(w, ONE, .pid = RQ, .null_memcg = true, .scans = 1, .failures = 1);
	SAW(w, ONE_RET, .pid = RQ, .value = 0);
	SAW(w, ONE, .pid = RQ, .cg = 20, .failures = 1);
	SAW(w, SHRINK, .pid = RQ, .cg = 20, .nr = 64);
	SAW(w, WALK, .pid = RQ, .cg = 20, .nr = 1);
}

static void request_ended(struct witness *w, int64_t bytes)
{
	SAW(w, SHRINK_RET, .pid = RQ, .value = bytes);
	SAW(w, ONE_RET, .pid = RQ, .value = bytes);
}

/* ---- a whole request ------------------------------------------------------- */

static void whole_request(struct witness *w)
{
	one_cold_page(w);
	written(w, RQ, 5, 0);
	request_ended(w, 1000);
	SAW(w, RECLAIM_RET, .pid = RQ, .value = 0);
	SAW(w, STAT, .path = "/a", .text = "zswap 0 zswpout 1 zswpwb 1 zswpwb_proactive_b 1000");
	SAW(w, DEBUGFS, .text = "stored_pages", .value = 0);
}

static void a_request_agrees(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	whole_request(&w);
	assert_alike(&w);
	CU_ASSERT_EQUAL(unknown_of(&w), 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_REQUEST_RC).checked, 1);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STAT).checked, 5);
	witness_close(&w);
}

/* text that the kernel refuses, a request that a signal ends, an ordinary one */
static void answers_of_requests(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "1Mx");
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = -EINVAL);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "1M source=zswap");
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = -EINTR);
	assert_alike(&w);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_REQUEST_RC).checked, 2);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "4M");
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = -EAGAIN);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_REQUEST_RC).unknown, 1);
	assert_alike(&w);
	witness_close(&w);
}

/* ---- ids, the tree, nodes -------------------------------------------------- */

/* without facts: the group, the nodes and the pool are learnt, and nothing is wrong */
static void groups_and_nodes_are_learnt(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	store(&w, 77, 5, 0);
	store(&w, 78, 6, 3);
	store(&w, 77, 7, 1);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_nodes(w.zs), 4);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/cgroup-77"), 0), 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/cgroup-77"), 1), 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/cgroup-78"), 3), 1);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STORE_ACCEPT).unknown, 3);
	witness_close(&w);
}

/* a request over a tree that is not known may go anywhere; here to a second group */
static void a_learnt_tree_is_open(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	store(&w, 77, 5, 0);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 77, .text = "100 source=zswap");
	for (int i = 0; i < 2; i++) {
		uint64_t cg = i ? 78 : 77;

		SAW(&w, ONE, .pid = RQ, .cg = cg, .scans = (uint32_t)i, .failures = (uint32_t)i);
		SAW(&w, SHRINK, .pid = RQ, .cg = cg, .nr = 64);
		SAW(&w, WALK, .pid = RQ, .cg = cg, .nr = 1);
		if (!i)
			rotated(&w, RQ, 5);
		else
			written(&w, RQ, 90, 0);
		request_ended(&w, i * 1000);
	}
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_oracle_adopted(w.o), 1);
	witness_close(&w);
}

/* where the tree was told and the pool was empty, a group that nobody made cannot be */
static void a_group_that_nobody_made_is_wrong(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "100 source=zswap");
	SAW(&w, ONE, .pid = RQ, .cg = 99);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_NEXT_GROUP).wrong, 1);
	CU_ASSERT_STRING_EQUAL(w.saw, "/cgroup-99");
	CU_ASSERT_STRING_EQUAL(w.model, "/a");
	witness_close(&w);
}

/* a group outside the request's subtree, or one that is gone, is no place to go on from */
static void no_way_on_from_another_subtree(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "100 source=zswap");
	SAW(&w, ONE, .pid = RQ, .cg = 30);
	SAW(&w, ONE_RET, .pid = RQ, .value = 0);
	SAW(&w, ONE, .pid = RQ, .null_memcg = true);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT(wrong_of(&w) >= 2);
	witness_close(&w);
}

/* /a goes offline without its rmdir, and its child before it without any record */
static void missing_ends_of_groups(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	SAW(&w, CGROUP_MKDIR, .cg = 40, .path = "/a/c");
	SAW(&w, CGROUP_MKDIR, .cg = 50, .path = "/a/c/d");
	SAW(&w, CGROUP_MKDIR, .cg = 60, .path = "/nowhere/e");
	store(&w, 40, 5, 0);
	store(&w, 50, 6, 0);
	SAW(&w, CGROUP_RMDIR, .cg = 1);
	SAW(&w, OFFLINE, .cg = 20);
	SAW(&w, REPARENT, .cg = 20, .parent = 1);
	SAW(&w, REPARENT, .cg = 20, .parent = 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, ZSIM_MEMCG_ROOT, 0), 2);
	/* the kernel speaks of it still: a late store is charged to who is left */
	store(&w, 40, 7, 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, ZSIM_MEMCG_ROOT, 0), 3);
	/* what is gone takes no request and no shrinker call */
	SAW(&w, RECLAIM, .pid = RQ, .cg = 40, .text = "1M source=zswap");
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = -ENODEV);
	SAW(&w, SLAB_START, .pid = RQ, .cg = 40, .items = 1);
	SAW(&w, SLAB_END, .pid = RQ, .cg = 40);
	CU_ASSERT_EQUAL(w.rc, 0);
	witness_close(&w);
}

/* the id and the path of a group that left, used again by another */
static void paths_and_ids_are_used_again(void)
{
	struct witness w;
	zsim_memcg first;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	first = zsim_lookup(w.zs, "/a");
	store(&w, 20, 5, 0);
	SAW(&w, CGROUP_RMDIR, .pid = RQ, .cg = 20, .path = "/a");
	SAW(&w, CGROUP_MKDIR, .pid = RQ, .cg = 21, .path = "/a");
	SAW(&w, OFFLINE, .pid = KW, .cg = 20);
	SAW(&w, REPARENT, .pid = KW, .cg = 20, .parent = 1);
	SAW(&w, CGROUP_MKDIR, .pid = RQ, .cg = 20, .path = "/c");
	store(&w, 21, 6, 0);
	store(&w, 20, 7, 0);
	assert_alike(&w);
	CU_ASSERT_NOT_EQUAL(zsim_lookup(w.zs, "/a"), first);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/a"), 0), 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/c"), 0), 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, ZSIM_MEMCG_ROOT, 0), 1);
	witness_close(&w);
}

/* ---- stores and loads ------------------------------------------------------ */

/* the root is not asked: no may, and its list goes by a pointer of 0 */
static void a_store_of_the_root(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	SAW(&w, STORE, .pid = WL, .slot = 5);
	pages_seen(&w, WL);
	SAW(&w, ZS_MALLOC, .pid = WL, .value = 1000);
	SAW(&w, LRU_ADD, .pid = WL, .null_memcg = true);
	SAW(&w, LRU_INS, .pid = WL, .slot = 5);
	SAW(&w, STORE_RET, .pid = WL, .value = 1);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, ZSIM_MEMCG_ROOT, 0), 1);
	CU_ASSERT_EQUAL(zsim_stat(w.zs, ZSIM_MEMCG_ROOT, ZSIM_STAT_ZSWAP), 0);
	witness_close(&w);
}

/* two pages in one store; then two of which the second finds no room */
static void a_large_folio(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 2);
	groups(&w);
	store_begun(&w, 20, 5);
	page_stored(&w, 20, 5, 1, 900);
	page_stored(&w, 20, 6, 1, 700);
	SAW(&w, STORE_RET, .pid = WL, .value = 1);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/a"), 1), 2);
	CU_ASSERT_EQUAL(zsim_stat(w.zs, zsim_lookup(w.zs, "/a"), ZSIM_STAT_ZSWPOUT), 2);
	store_begun(&w, 20, 8);
	page_stored(&w, 20, 8, 1, 900);
	SAW(&w, ZS_MALLOC, .pid = WL, .value = 700, .node = 1);
	slot_leaves(&w, WL, 8, 1);
	SAW(&w, STORE_RET, .pid = WL, .value = 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STORE_ACCEPT).unknown, 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/a"), 1), 2);
	witness_close(&w);
}

/* the old entry of the slot leaves within the store that replaces it */
static void a_replaced_entry(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 2);
	groups(&w);
	store(&w, 20, 5, 0);
	store_begun(&w, 30, 5);
	SAW(&w, ZS_MALLOC, .pid = WL, .value = 700, .node = 1);
	slot_leaves(&w, WL, 5, 0);
	SAW(&w, LRU_ADD, .pid = WL, .cg = 30, .node = 1);
	SAW(&w, LRU_INS, .pid = WL, .slot = 5, .node = 1);
	SAW(&w, STORE_RET, .pid = WL, .value = 1);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/a"), 0), 0);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, zsim_lookup(w.zs, "/b"), 1), 1);
	witness_close(&w);
}

/* a kernel's limit: what it refuses without a reason, and takes against one */
static void a_store_over_the_limit(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	SAW(&w, SET_MAX, .cg = 20, .text = "0");
	store_begun(&w, 20, 5);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_MAY_ZSWAP).wrong, 1);
	page_stored(&w, 20, 5, 0, 1000);
	SAW(&w, STORE_RET, .pid = WL, .value = 0);
	SAW(&w, SET_MAX, .cg = 20, .text = "max");
	store_begun(&w, 20, 6);
	SAW(&w, STORE_RET, .pid = WL, .value = 0);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STORE_ACCEPT).wrong, 2);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 0);
	/* incompressible, and nowhere to write it back: the model would refuse */
	SAW(&w, SET_WB, .cg = 20, .text = "0");
	store_begun(&w, 20, 7);
	page_stored(&w, 20, 7, 0, 4096);
	SAW(&w, STORE_RET, .pid = WL, .value = 1);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STORE_ACCEPT).wrong, 3);
	witness_close(&w);
}

/* the pool is full by the kernel's own reading, and it stores all the same */
static void a_store_into_a_full_pool(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	param(&w, ZSIM_PARAM_MAX_POOL_PERCENT, 0);
	groups(&w);
	store(&w, 20, 5, 0);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT_EQUAL(wrong_of(&w), 1);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STORE_ACCEPT).wrong, 1);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 1);
	/* an entry without its store, in a thread that has been seen */
	SAW(&w, LRU_ADD, .pid = WL, .cg = 20);
	SAW(&w, LRU_INS, .pid = WL, .slot = 9);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 1);
	witness_close(&w);
}

/* zswap is off, and the kernel stores all the same */
static void a_store_while_disabled(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	param(&w, ZSIM_PARAM_ENABLED, 0);
	groups(&w);
	store(&w, 20, 5, 0);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT_EQUAL(wrong_of(&w), 1);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 1);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 1);
	witness_close(&w);
}

/* zswap_load: a hit, a miss, a page that does not decompress and stays */
static void loads(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	store(&w, 20, 6, 0);
	SAW(&w, LOAD, .pid = WL, .slot = 5);
	slot_leaves(&w, WL, 5, 0);
	SAW(&w, LOAD_RET, .pid = WL, .value = 0);
	SAW(&w, LOAD, .pid = WL, .slot = 5);
	SAW(&w, LOAD_RET, .pid = WL, .value = -ENOENT);
	SAW(&w, SWAPIN, .pid = WL, .slot = 5);
	SAW(&w, LOAD, .pid = WL, .slot = 6);
	SAW(&w, LOAD_RET, .pid = WL, .value = -EIO);
	assert_alike(&w);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_LOAD_RC).checked, 3);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 1);
	CU_ASSERT_EQUAL(zsim_stat(w.zs, zsim_lookup(w.zs, "/a"), ZSIM_STAT_ZSWPIN), 1);
	/* a hit whose removal has no record */
	SAW(&w, LOAD, .pid = WL, .slot = 6);
	SAW(&w, LOAD_RET, .pid = WL, .value = 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 0);
	SAW(&w, LOAD, .pid = WL, .slot = 6);
	SAW(&w, LOAD_RET, .pid = WL, .value = 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_LOAD_RC).wrong, 1);
	SAW(&w, INVAL, .pid = WL, .slot = 6);
	witness_close(&w);
}

/* ---- visits that go wrong -------------------------------------------------- */

/* between wb and wb_ret another thread loads the page: the entry is gone */
static void the_entry_is_loaded_meanwhile(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	one_cold_page(&w);
	SAW(&w, SCAN, .pid = RQ, .slot = 5, .length = 1000);
	SAW(&w, WB, .pid = RQ, .slot = 5);
	SAW(&w, LOAD, .pid = WL, .slot = 5);
	slot_leaves(&w, WL, 5, 0);
	SAW(&w, LOAD_RET, .pid = WL, .value = 0);
	SAW(&w, SC_ADD, .pid = RQ, .slot = 5);
	SAW(&w, WB_RET, .pid = RQ, .value = -ENOMEM);
	SAW(&w, SCAN_RET, .pid = RQ, .value = ZSIM_LRU_RETRY);
	SAW(&w, SC_DEL, .pid = RQ, .slot = 5);
	request_ended(&w, 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_WRITEBACK_RC).checked, 1);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_REJECT_RECLAIM_FAIL), 1);
	witness_close(&w);
}

/* failures that nothing foretells are input: no memory, a page that does not decompress */
static void failures_that_are_input(void)
{
	static const struct {
		int64_t rc;
		bool cached;
		bool known;
	} cases[] = {
		{ -ENOMEM, false, false }, { -EIO, true, false },    { -ENOMEM, true, true },
		{ -EIO, false, true },	   { -EEXIST, false, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct witness w;

		witness_open(&w, "proactive-v5", 0);
		one_cold_page(&w);
		SAW(&w, SCAN, .pid = RQ, .slot = 5, .length = 1000);
		SAW(&w, WB, .pid = RQ, .slot = 5);
		if (cases[i].cached)
			SAW(&w, SC_ADD, .pid = RQ, .slot = 5);
		SAW(&w, WB_RET, .pid = RQ, .value = cases[i].rc);
		SAW(&w, SCAN_RET, .pid = RQ,
		    .value = cases[i].rc == -EEXIST ? ZSIM_LRU_STOP : ZSIM_LRU_RETRY);
		CU_ASSERT_EQUAL(w.rc, 0);
		CU_ASSERT_EQUAL(wrong_of(&w), cases[i].known);
		CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_WRITEBACK_RC).unknown, !cases[i].known);
		if (cases[i].cached)
			SAW(&w, SC_DEL, .pid = RQ, .slot = 5);
		witness_close(&w);
	}
}

/* the patched kernel stops at a page in the swap cache, and is shown to */
static void a_collision_with_records(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	one_cold_page(&w);
	SAW(&w, SC_ADD, .pid = WL, .slot = 5);
	SAW(&w, SCAN, .pid = RQ, .slot = 5, .length = 1000);
	SAW(&w, WB, .pid = RQ, .slot = 5);
	SAW(&w, WB_RET, .pid = RQ, .value = -EEXIST);
	SAW(&w, SCAN_RET, .pid = RQ, .value = ZSIM_LRU_STOP);
	request_ended(&w, 0);
	assert_alike(&w);
	witness_close(&w);
}

static void stock_worker_begun(struct witness *w)
{
	machine(w, 1);
	groups(w);
	store(w, 20, 5, 0);
	SAW(w, WORKER, .pid = KW);
	SAW(w, SHRINK, .pid = KW, .cg = 1);
	SAW(w, WALK, .pid = KW, .cg = 1, .nr = 1);
	SAW(w, SHRINK_RET, .pid = KW, .value = -ENOENT);
}

/* a released kernel has no wb records: the verdict tells, and it goes on */
static void a_collision_without_records(void)
{
	struct witness w;

	witness_open(&w, "linux-7.2", 0);
	stock_worker_begun(&w);
	CU_ASSERT_EQUAL(w.rc, 0);
	assert_alike(&w);
	/* the pool is below its threshold, so the run ends here */
	pages_seen(&w, KW);
	SAW(&w, WORKER_RET, .pid = KW);
	assert_alike(&w);
	for (int i = 0; i < 2; i++) {
		SAW(&w, WORKER, .pid = KW);
		SAW(&w, SHRINK, .pid = KW, .cg = i ? 30 : 20);
		SAW(&w, WALK, .pid = KW, .cg = i ? 30 : 20, .nr = 1);
		if (!i)
			rotated(&w, KW, 5);
		SAW(&w, SHRINK_RET, .pid = KW, .value = i ? -ENOENT : -EAGAIN);
		pages_seen(&w, KW);
		SAW(&w, WORKER_RET, .pid = KW);
	}
	SAW(&w, SET_MAX, .cg = 20, .text = "0");
	SAW(&w, SC_ADD, .pid = 3, .slot = 5);
	SAW(&w, STORE, .pid = WL, .slot = 6);
	SAW(&w, MAY, .pid = WL, .cg = 20);
	SAW(&w, MAY_RET, .pid = WL, .value = 0);
	SAW(&w, SHRINK, .pid = WL, .cg = 20);
	SAW(&w, WALK, .pid = WL, .cg = 20, .nr = 1);
	SAW(&w, SCAN, .pid = WL, .slot = 5, .length = 1000);
	SAW(&w, SCAN_RET, .pid = WL, .value = ZSIM_LRU_RETRY);
	SAW(&w, SHRINK_RET, .pid = WL, .value = -EAGAIN);
	SAW(&w, STORE_RET, .pid = WL, .value = 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_REJECT_RECLAIM_FAIL), 1);
	witness_close(&w);
}

static void slab_begun(struct witness *w, const char *algo)
{
	witness_open(w, algo, 0);
	machine(w, 1);
	param(w, ZSIM_PARAM_SHRINKER_ENABLED, 1);
	groups(w);
	store(w, 20, 5, 0);
	SAW(w, SLAB_START, .pid = KW, .cg = 20, .items = 1, .delta = 2, .total = 2, .priority = 0);
	SAW(w, WALK, .pid = KW, .cg = 20, .nr = 2);
	rotated(w, KW, 5);
	SAW(w, SLAB_END, .pid = KW, .cg = 20, .deferred = 0, .items = 2, .total = 2, .value = 0);
	assert_alike(w);
	SAW(w, SLAB_START, .pid = KW, .cg = 20, .value = 2, .items = 1, .delta = 2, .total = 2);
	SAW(w, WALK, .pid = KW, .cg = 20, .nr = 2);
	SAW(w, SC_ADD, .pid = WL, .slot = 5);
	SAW(w, SCAN, .pid = KW, .slot = 5, .length = 1000);
}

/* in the dynamic shrinker every kernel stops there */
static void a_collision_in_the_shrinker(void)
{
	static const char *const algos[] = { "linux-7.2", "linux-7.3", "proactive-v5" };

	for (size_t i = 0; i < 3; i++) {
		struct witness w;

		slab_begun(&w, algos[i]);
		SAW(&w, SCAN_RET, .pid = KW, .value = ZSIM_LRU_STOP);
		SAW(&w, SLAB_END, .pid = KW, .cg = 20, .deferred = 2, .items = 2, .total = 2);
		assert_alike(&w);
		CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SHRINK_RC).checked, 2);
		witness_close(&w);
		slab_begun(&w, algos[i]);
		SAW(&w, SCAN_RET, .pid = KW, .value = ZSIM_LRU_RETRY);
		CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SCAN_RESULT).wrong, 1);
		witness_close(&w);
		slab_begun(&w, algos[i]);
		SAW(&w, SCAN_RET, .pid = KW, .value = ZSIM_LRU_REMOVED_RETRY);
		CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SCAN_RESULT).wrong, 1);
		CU_ASSERT_EQUAL(zsim_counter(w.zs, ZSIM_COUNTER_STORED_PAGES), 0);
		witness_close(&w);
	}
}

/* the group goes offline after the worker took it: shrink_memcg finds a zombie */
static void a_zombie(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "100 source=zswap");
	SAW(&w, ONE, .pid = RQ, .cg = 20);
	SAW(&w, CGROUP_RMDIR, .pid = WL, .cg = 20);
	SAW(&w, OFFLINE, .pid = WL, .cg = 20);
	SAW(&w, REPARENT, .pid = WL, .cg = 20, .parent = 1);
	SAW(&w, SHRINK, .pid = RQ, .cg = 20, .nr = 64);
	request_ended(&w, -ENOENT);
	CU_ASSERT_EQUAL(w.rc, 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SHRINK_RC).wrong, 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SHRINK_RC).checked, 1);
	CU_ASSERT_EQUAL(zsim_list_length(w.zs, ZSIM_MEMCG_ROOT, 0), 1);
	witness_close(&w);
}

/* ---- calls whose ends or beginnings are missing ---------------------------- */

/* from the middle of a request: not one of its decisions can be judged */
static void a_call_from_before(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	SAW(&w, WALK, .pid = RQ, .cg = 20, .nr = 3);
	SAW(&w, SCAN, .pid = RQ, .slot = 9, .length = 500);
	SAW(&w, WB, .pid = RQ, .slot = 9);
	SAW(&w, SC_ADD, .pid = RQ, .slot = 9);
	slot_leaves(&w, RQ, 9, 0);
	SAW(&w, WB_RET, .pid = RQ, .value = 0);
	SAW(&w, SCAN_RET, .pid = RQ, .value = ZSIM_LRU_REMOVED_RETRY);
	SAW(&w, SC_DEL, .pid = RQ, .slot = 9);
	request_ended(&w, 500);
	SAW(&w, ONE, .pid = RQ, .cg = 30, .scans = 3, .failures = 2);
	SAW(&w, SHRINK, .pid = RQ, .cg = 30, .nr = 64);
	request_ended(&w, -ENOENT);
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = 0);
	assert_alike(&w);
	CU_ASSERT_EQUAL(zsim_oracle_adopted(w.o), 1);
	CU_ASSERT(unknown_of(&w) > 5);
	SAW(&w, WORKER_RET, .pid = KW);
	assert_alike(&w);
	/* this thread was seen outside: it cannot be in the middle of anything */
	SAW(&w, ONE, .pid = RQ, .cg = 30);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 1);
	SAW(&w, WORKER_RET, .pid = KW);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 2);
	witness_close(&w);
}

/* a thread that does something else has ended its call */
static void an_end_is_missing(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	whole_request(&w);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "1M source=zswap");
	SAW(&w, LOAD, .pid = RQ, .slot = 5);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 1);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "1M source=nothing");
	SAW(&w, STORE, .pid = RQ, .slot = 6);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 2);
	SAW(&w, RECLAIM, .pid = RQ, .cg = 20, .text = "4M");
	SAW(&w, STORE, .pid = RQ, .slot = 7);
	SAW(&w, WORKER, .pid = RQ);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 3);
	SAW(&w, WORKER_RET, .pid = RQ);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 4);
	witness_close(&w);
}

/* the end of a refused request, by a thread that had stored before */
static void a_beginning_is_missing(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	store(&w, 20, 5, 0);
	SAW(&w, RECLAIM_RET, .pid = RQ, .value = -EINVAL);
	assert_alike(&w);
	SAW(&w, RECLAIM_RET, .pid = WL, .value = -EINVAL);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 1);
	witness_close(&w);
}

/* a store from before the capture comes to its end in an empty pool */
static void a_store_from_before(void)
{
	struct witness w;

	for (int locked = 0; locked < 2; locked++) {
		witness_open(&w, "proactive-v5", 0);
		machine(&w, 1);
		groups(&w);
		SAW(&w, MAY_RET, .pid = WL, .value = 1);
		SAW(&w, TOTAL, .pid = WL, .value = 0);
		SAW(&w, ZS_MALLOC, .pid = WL, .value = 100);
		if (!locked)
			SAW(&w, LRU_ADD, .pid = WL, .cg = 20);
		SAW(&w, LRU_INS, .pid = WL, .slot = 5);
		SAW(&w, STORE_RET, .pid = WL, .value = 1);
		SAW(&w, LOAD_RET, .pid = WL, .value = 0);
		SAW(&w, STAT, .path = "/a", .text = "zswap 100");
		SAW(&w, STAT, .path = "/unknown", .text = "zswap 100");
		assert_alike(&w);
		CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STAT).unknown, 1);
		witness_close(&w);
	}
}

/* a page that was read and never seen stored: groups counted events before */
static void events_from_before(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	machine(&w, 1);
	groups(&w);
	SAW(&w, CGROUP_MKDIR, .cg = 40, .path = "/c");
	SAW(&w, LOAD, .pid = WL, .slot = 99);
	SAW(&w, LOAD_RET, .pid = WL, .value = -ENOENT);
	store(&w, 20, 5, 0);
	SAW(&w, STAT, .path = "/a", .text = "zswap 1000 zswpin 12");
	SAW(&w, STAT, .path = "/c", .text = "zswpin 0");
	assert_alike(&w);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STAT).checked, 2);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STAT).unknown, 1);
	witness_close(&w);
}

/* without the machine the worker's threshold is not known: it is seen */
static void a_worker_without_a_machine(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	store(&w, 77, 5, 0);
	SAW(&w, WORKER, .pid = KW);
	SAW(&w, TOTAL, .pid = KW, .value = 1);
	SAW(&w, ONE, .pid = KW, .cg = 1);
	SAW(&w, SHRINK, .pid = KW, .cg = 1, .nr = 64);
	SAW(&w, SHRINK_RET, .pid = KW, .value = -ENOENT);
	SAW(&w, ONE_RET, .pid = KW, .value = 0);
	SAW(&w, TOTAL, .pid = KW, .value = 1);
	SAW(&w, WORKER_RET, .pid = KW);
	assert_alike(&w);
	/* the shrinker must be on, or it would not count anything */
	SAW(&w, SLAB_START, .pid = RQ, .cg = 77, .value = 5, .items = 1, .delta = 2, .total = 2);
	SAW(&w, WALK, .pid = RQ, .cg = 77, .nr = 2);
	rotated(&w, RQ, 5);
	SAW(&w, SLAB_END, .pid = RQ, .cg = 77, .deferred = 5, .items = 2, .total = 2);
	CU_ASSERT_EQUAL(w.rc, 0);
	witness_close(&w);
}

/* visits and walks beyond those that the model makes, and fewer */
static void too_many_and_too_few(void)
{
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	one_cold_page(&w);
	written(&w, RQ, 5, 0);
	SAW(&w, SCAN, .pid = RQ, .slot = 5, .length = 1000);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SCAN_ENTRY).wrong, 1);
	CU_ASSERT_STRING_EQUAL(w.model, "no visit");
	SAW(&w, SCAN_RET, .pid = RQ, .value = ZSIM_LRU_REMOVED_RETRY);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_WRITEBACK_RC).wrong, 1);
	SAW(&w, WALK, .pid = RQ, .cg = 20, .node = 1, .nr = 1);
	SAW(&w, SHRINK_RET, .pid = RQ, .value = 1000);
	CU_ASSERT(count_of(&w, ZSIM_CHECK_WALK_BUDGET).wrong >= 1);
	CU_ASSERT_EQUAL(w.rc, 0);
	witness_close(&w);

	witness_open(&w, "proactive-v5", 0);
	one_cold_page(&w);
	SAW(&w, SHRINK_RET, .pid = RQ, .value = -ENOENT);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_SCAN_ENTRY).wrong, 1);
	CU_ASSERT_STRING_EQUAL(w.saw, "the walk ended");
	SAW(&w, ONE_RET, .pid = RQ, .value = 0);
	SAW(&w, ONE_RET, .pid = RQ, .value = 0);
	CU_ASSERT_EQUAL(count_of(&w, ZSIM_CHECK_STATE).wrong, 2);
	witness_close(&w);
}

/* ---- records that cannot be ------------------------------------------------ */

static void bad_numbers(void)
{
	static const struct {
		struct zsim_record record;
		const char *why;
	} bad[] = {
		{ { .saw = ZSIM_SAW_LRU_INS, .node = 2 }, "no such node" },
		{ { .saw = ZSIM_SAW_LRU_INS, .node = ZSIM_MAX_NODES }, "no such node" },
		{ { .saw = ZSIM_SAW_LOAD, .slot = UINT64_MAX }, "slot beyond the device" },
		{ { .saw = ZSIM_SAW_ZS_MALLOC, .pid = RQ, .value = 0 },
		  "zs_malloc: size is no length of a compressed page" },
		{ { .saw = ZSIM_SAW_ZS_MALLOC, .pid = RQ, .value = 4097 },
		  "zs_malloc: size is no length of a compressed page" },
		{ { .saw = ZSIM_SAW_SCAN, .pid = RQ, .slot = 5, .length = 0 },
		  "scan: len is no length of a compressed page" },
		{ { .saw = ZSIM_SAW_SCAN, .pid = RQ, .slot = 5, .length = 4097 },
		  "scan: len is no length of a compressed page" },
		{ { .saw = ZSIM_SAW_SCAN_RET, .pid = RQ, .value = 3 },
		  "scan_ret: st is no verdict of a visit" },
		{ { .saw = ZSIM_SAW_SLAB_START, .cg = 20, .priority = 13 },
		  "mm_shrink_slab_start: priority out of range" },
		{ { .saw = ZSIM_SAW_CGROUP, .cg = 5, .path = "a" }, "path is not absolute" },
		{ { .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 5 }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_CGROUP, .cg = 5 }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_STAT, .text = "zswap 0" }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_STAT, .path = "/a" }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_DEBUGFS, .value = 1 }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_RECLAIM, .cg = 20 }, "a text or path is missing" },
		{ { .saw = ZSIM_SAW_STAT, .path = "/a", .text = "zswap" },
		  "stat: expected KEY VALUE pairs" },
		{ { .saw = ZSIM_SAW_STAT, .path = "/a", .text = "zswap x" },
		  "stat: value is no number" },
		{ { .saw = ZSIM_SAW_STAT, .path = "/a", .text = "zswap 1x" },
		  "stat: value is no number" },
		{ { .saw = ZSIM_SAW_STAT,
		    .path = "/a",
		    .text = "a-key-that-is-longer-than-any-that-memory.stat-has-had-until-today 0" },
		  "stat: expected KEY VALUE pairs" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct witness w;

		witness_open(&w, "proactive-v5", 0);
		one_cold_page(&w);
		assert_alike(&w);
		feed(&w, bad[i].record);
		CU_ASSERT_EQUAL(w.rc, -EBADMSG);
		CU_ASSERT_STRING_EQUAL(w.why, bad[i].why);
		witness_close(&w);
	}
}

/* what nobody compares is passed over; `why` may be left out */
static void what_says_nothing(void)
{
	const struct zsim_event ev = { .type = ZSIM_EV_SAW, .record = { .saw = ZSIM_SAW_KERNEL } };
	struct witness w;

	witness_open(&w, "proactive-v5", 0);
	CU_ASSERT_EQUAL(zsim_oracle_saw(w.o, &ev, NULL), 0);
	SAW(&w, ALGO, .text = "proactive-v5");
	machine(&w, 1);
	groups(&w);
	SAW(&w, MAY, .pid = WL, .cg = 20);
	SAW(&w, STORE_RET, .pid = WL, .value = 1);
	SAW(&w, SCAN, .pid = WL, .slot = 5, .length = 1);
	SAW(&w, SCAN_RET, .pid = WL, .value = ZSIM_LRU_ROTATE);
	SAW(&w, WB_RET, .pid = WL);
	SAW(&w, SLAB_END, .pid = WL, .cg = 20);
	SAW(&w, SET_WB, .cg = 20);
	SAW(&w, DEBUGFS, .text = "pool_limit_hit", .value = 3);
	SAW(&w, DEBUGFS, .text = "unheard_of", .value = 3);
	SAW(&w, STAT, .path = "/a", .text = "anon 5");
	assert_alike(&w);
	CU_ASSERT_EQUAL(unknown_of(&w), 0);
	zsim_oracle_free(NULL);
	witness_close(&w);
}

/* ---- results that a text trace demands ------------------------------------- */

static void expected_results(void)
{
	static const struct {
		struct zsim_event ev;
		enum zsim_check kind;
	} lines[] = {
		{ { .type = ZSIM_EV_WRITE, .path = "/a", .file = "memory.reclaim" },
		  ZSIM_CHECK_REQUEST_RC },
		{ { .type = ZSIM_EV_WRITE }, ZSIM_CHECK_REQUEST_RC },
		{ { .type = ZSIM_EV_WRITE, .path = "/a", .file = "memory.reclaim", .actor = "A" },
		  ZSIM_CHECK_EXPECTED },
		{ { .type = ZSIM_EV_WRITE, .path = "/a", .file = "memory.zswap.max" },
		  ZSIM_CHECK_EXPECTED },
		{ { .type = ZSIM_EV_STORE }, ZSIM_CHECK_STORE_ACCEPT },
		{ { .type = ZSIM_EV_LOAD }, ZSIM_CHECK_LOAD_RC },
		{ { .type = ZSIM_EV_RMDIR }, ZSIM_CHECK_EXPECTED },
	};
	const struct zsim_result zero = { .kind = ZSIM_RESULT_RC };
	const struct zsim_result again = { .kind = ZSIM_RESULT_RC, .value = -EAGAIN };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct zsim_event ev = lines[i].ev;
		struct witness w;

		witness_open(&w, "proactive-v5", 0);
		zsim_oracle_expect(w.o, &ev, &zero);
		ev.expect = zero;
		zsim_oracle_expect(w.o, &ev, &zero);
		CU_ASSERT_EQUAL(count_of(&w, lines[i].kind).checked, 1);
		assert_alike(&w);
		zsim_oracle_expect(w.o, &ev, &again);
		CU_ASSERT_EQUAL(count_of(&w, lines[i].kind).wrong, 1);
		CU_ASSERT_STRING_EQUAL(w.saw, "0");
		CU_ASSERT_STRING_EQUAL(w.model, "-11");
		witness_close(&w);
	}
}

/* ---- running out of memory ------------------------------------------------- */

static void much(struct witness *w)
{
	whole_request(w);
	store(w, 99, 50, 1);
	for (uint64_t i = 0; i < 40; i++)
		store(w, 30, 100 + i, i & 1);
	SAW(w, CGROUP_MKDIR, .pid = 4, .cg = 41, .path = "/b/c");
	SAW(w, CGROUP_MKDIR, .pid = 4, .cg = 42, .path = "/b/d");
	store(w, 41, 60, 0);
	SAW(w, REPARENT, .pid = 4, .cg = 41, .parent = 30);
	SAW(w, WALK, .pid = 5, .cg = 42, .nr = 3);
	SAW(w, SCAN, .pid = 5, .slot = 900, .length = 500);
	SAW(w, SC_ADD, .pid = 5, .slot = 900);
	SAW(w, LRU_DEL, .pid = 6, .slot = 100);
}

static void memory_runs_out(void)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct witness w;

		witness_open(&w, "proactive-v5", n);
		much(&w);
		failed = w.fa.failed;
		CU_ASSERT_EQUAL(w.rc, failed ? -ENOMEM : 0);
		witness_close(&w);
	}
}

/* without facts and in the middle, so that ids, nodes and entries are learnt */
static void memory_runs_out_while_learning(void)
{
	bool failed = true;

	for (uint64_t n = 1; failed; n++) {
		struct witness w;

		witness_open(&w, "linux-7.3", n);
		for (uint32_t i = 0; i < 20; i++)
			store(&w, 70 + i, 5 + i, i);
		SAW(&w, RECLAIM, .pid = RQ, .cg = 200, .text = "1M source=zswap");
		SAW(&w, SHRINK, .pid = KW, .cg = 201);
		SAW(&w, WALK, .pid = KW, .cg = 201, .nr = 32);
		SAW(&w, SCAN, .pid = KW, .slot = 600, .length = 500);
		SAW(&w, SLAB_START, .pid = 3, .cg = 202, .items = 4, .delta = 8, .total = 8);
		SAW(&w, CGROUP, .cg = 300, .path = "/x", .value = 0, .text = "4096");
		failed = w.fa.failed;
		CU_ASSERT_EQUAL(w.rc, failed ? -ENOMEM : 0);
		witness_close(&w);
	}
}

/*
 * What comes after a visit whose end has no record: the model's own writeback
 * needs room in the swap cache on the way there.
 */
static void memory_runs_out_on_the_way(void)
{
	static const struct zsim_record next[] = {
		{ .saw = ZSIM_SAW_SHRINK_RET, .pid = KW, .value = 0 },
		{ .saw = ZSIM_SAW_ONE_RET, .pid = KW },
		{ .saw = ZSIM_SAW_ONE, .pid = KW, .cg = 30 },
		{ .saw = ZSIM_SAW_SHRINK, .pid = KW, .cg = 30, .nr = 64 },
		{ .saw = ZSIM_SAW_WALK, .pid = KW, .cg = 20, .node = 1, .nr = 1 },
		{ .saw = ZSIM_SAW_SCAN, .pid = KW, .slot = 5, .length = 1000 },
		{ .saw = ZSIM_SAW_TOTAL, .pid = KW, .value = 9 },
		{ .saw = ZSIM_SAW_WORKER_RET, .pid = KW },
		{ .saw = ZSIM_SAW_RECLAIM_RET, .pid = KW },
		{ .saw = ZSIM_SAW_SLAB_END, .pid = KW, .cg = 20 },
	};

	for (size_t i = 0; i < 2 * sizeof(next) / sizeof(next[0]); i++) {
		struct zsim_record last = next[i / 2];
		bool stock = i & 1, failed = true;

		for (uint64_t n = 1; failed; n++) {
			struct witness w;

			witness_open(&w, stock ? "linux-7.3" : "proactive-v5", n);
			machine(&w, 2);
			groups(&w);
			SAW(&w, TOTAL, .pid = WL, .value = 0);
			if (last.saw == ZSIM_SAW_RECLAIM_RET)
				SAW(&w, RECLAIM, .pid = KW, .cg = 20, .text = "1M source=zswap");
			else if (last.saw == ZSIM_SAW_SLAB_END)
				SAW(&w, SLAB_START, .pid = KW, .cg = 20, .items = 1, .delta = 2,
				    .total = 2);
			else
				SAW(&w, WORKER, .pid = KW);
			if (last.saw != ZSIM_SAW_SLAB_END)
				SAW(&w, SHRINK, .pid = KW, .cg = 20, .nr = 64);
			SAW(&w, WALK, .pid = KW, .cg = 20, .nr = 2);
			SAW(&w, SCAN, .pid = KW, .slot = 5, .length = 1000);
			feed(&w, last);
			failed = w.fa.failed;
			CU_ASSERT_EQUAL(w.rc, failed ? -ENOMEM : 0);
			witness_close(&w);
		}
	}
}

/* the same in a store that writes back for its limit; then ids that come up first here */
static void memory_runs_out_in_a_store(void)
{
	static const struct zsim_record next[] = {
		{ .saw = ZSIM_SAW_TOTAL, .pid = WL, .value = 9 },
		{ .saw = ZSIM_SAW_ZS_MALLOC, .pid = WL, .value = 100 },
		{ .saw = ZSIM_SAW_LRU_ADD, .pid = WL, .cg = 204 },
		{ .saw = ZSIM_SAW_MAY, .pid = WL, .cg = 205 },
		{ .saw = ZSIM_SAW_OFFLINE, .pid = 3, .cg = 206 },
		{ .saw = ZSIM_SAW_SET_WB, .pid = 3, .cg = 207, .text = "0" },
		{ .saw = ZSIM_SAW_ONE, .pid = 3, .cg = 208 },
		{ .saw = ZSIM_SAW_WALK, .pid = 3, .cg = 209, .nr = 1 },
		{ .saw = ZSIM_SAW_SHRINK, .pid = 3, .cg = 210, .nr = 1 },
	};

	for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++) {
		bool failed = true;

		for (uint64_t n = 1; failed; n++) {
			struct witness w;

			witness_open(&w, "proactive-v5", n);
			SAW(&w, STORE, .pid = WL, .slot = 6);
			SAW(&w, MAY, .pid = WL, .cg = 20);
			SAW(&w, MAY_RET, .pid = WL, .value = 0);
			SAW(&w, SHRINK, .pid = WL, .cg = 20, .nr = 2);
			SAW(&w, WALK, .pid = WL, .cg = 20, .nr = 2);
			SAW(&w, SCAN, .pid = WL, .slot = 5, .length = 1000);
			feed(&w, next[i]);
			failed = w.fa.failed;
			CU_ASSERT_EQUAL(w.rc, failed ? -ENOMEM : 0);
			witness_close(&w);
		}
	}
}

/* as many threads and groups as make their tables grow */
static void many_threads_and_groups(void)
{
	bool failed = true;

	for (uint64_t n = 0; failed; n += 97) {
		struct witness w;

		witness_open(&w, "proactive-v5", n);
		for (uint32_t i = 0; i < 700; i++)
			SAW(&w, MAY, .pid = 100 + i, .cg = 1000 + i);
		failed = w.fa.failed || !n;
		CU_ASSERT_EQUAL(w.rc, w.fa.failed ? -ENOMEM : 0);
		witness_close(&w);
	}
}

static void memory_runs_out_in_a_capture(void)
{
	static const char *const names[] = { "patched-7.2/short", "stock-7.3/short" };

	for (size_t i = 0; i < 2; i++) {
		struct capture c;
		bool failed = true;

		capture_load(&c, names[i]);
		for (uint64_t n = 1; failed; n++) {
			struct fail_alloc fa;
			struct replay r;

			fail_alloc_init(&fa, n);
			replay_text(&c.text, NULL, fail_alloc_get(&fa), &r);
			failed = fa.failed;
			CU_ASSERT_EQUAL(r.rc, failed ? -ENOMEM : 0);
			CU_ASSERT_EQUAL(r.violations, 0);
			CU_ASSERT_EQUAL(fa.live_blocks, 0);
		}
		capture_free(&c);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(a_request_agrees),
	ZSIM_CASE(answers_of_requests),
	ZSIM_CASE(groups_and_nodes_are_learnt),
	ZSIM_CASE(a_learnt_tree_is_open),
	ZSIM_CASE(a_group_that_nobody_made_is_wrong),
	ZSIM_CASE(no_way_on_from_another_subtree),
	ZSIM_CASE(missing_ends_of_groups),
	ZSIM_CASE(paths_and_ids_are_used_again),
	ZSIM_CASE(a_store_of_the_root),
	ZSIM_CASE(a_large_folio),
	ZSIM_CASE(a_replaced_entry),
	ZSIM_CASE(a_store_over_the_limit),
	ZSIM_CASE(a_store_into_a_full_pool),
	ZSIM_CASE(a_store_while_disabled),
	ZSIM_CASE(loads),
	ZSIM_CASE(the_entry_is_loaded_meanwhile),
	ZSIM_CASE(failures_that_are_input),
	ZSIM_CASE(a_collision_with_records),
	ZSIM_CASE(a_collision_without_records),
	ZSIM_CASE(a_collision_in_the_shrinker),
	ZSIM_CASE(a_zombie),
	ZSIM_CASE(a_call_from_before),
	ZSIM_CASE(an_end_is_missing),
	ZSIM_CASE(a_beginning_is_missing),
	ZSIM_CASE(a_store_from_before),
	ZSIM_CASE(events_from_before),
	ZSIM_CASE(a_worker_without_a_machine),
	ZSIM_CASE(too_many_and_too_few),
	ZSIM_CASE(bad_numbers),
	ZSIM_CASE(what_says_nothing),
	ZSIM_CASE(expected_results),
	ZSIM_CASE(memory_runs_out),
	ZSIM_CASE(memory_runs_out_while_learning),
	ZSIM_CASE(memory_runs_out_on_the_way),
	ZSIM_CASE(memory_runs_out_in_a_store),
	ZSIM_CASE(many_threads_and_groups),
	ZSIM_CASE(memory_runs_out_in_a_capture),
};
ZSIM_SUITE_MAIN("oracle", cases)
