/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what a kernel did to what was done to it. Each case feeds records and
 * compares all that comes out, one event a line, with what is expected.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/fail_alloc.h"
#include "support/suite.h"
#include <zsim/whatif.h>

/* a what-if, and the text of what it gave */
struct world {
	struct fail_alloc fa;
	struct zsim_whatif *wi;
	uint64_t line;
	bool missing; /* every load is answered with -ENOENT */
	size_t used;
	char out[4096];
};

static bool world_open(struct world *w, uint64_t fail_at)
{
	memset(w, 0, sizeof(*w));
	fail_alloc_init(&w->fa, fail_at);
	w->wi = zsim_whatif_create(fail_alloc_get(&w->fa));
	return w->wi;
}

static void world_close(struct world *w)
{
	zsim_whatif_free(w->wi);
	CU_ASSERT_EQUAL(w->fa.live_blocks, 0);
}

static void print(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void print(struct world *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->used += (size_t)vsnprintf(w->out + w->used, sizeof(w->out) - w->used, format, args);
	va_end(args);
	if (w->used >= sizeof(w->out))
		w->used = sizeof(w->out) - 1;
}

static void print_event(struct world *w, const struct zsim_event *ev)
{
	uint32_t i;

	print(w, "%s", zsim_event_name(ev->type));
	switch (ev->type) {
	case ZSIM_EV_STORE:
		print(w, " %" PRIx64 " %s %u", ev->slot, ev->path, ev->node);
		for (i = 0; i < ev->nr; i++)
			print(w, " %u", ev->length[i]);
		break;
	case ZSIM_EV_WRITE:
		print(w, " %s %s [%s]", ev->path, ev->file, ev->text);
		break;
	case ZSIM_EV_RMDIR:
		print(w, " %s%s", ev->path, ev->deferred ? " deferred" : "");
		break;
	case ZSIM_EV_SWAPIN:
		print(w, " %s %u", ev->path, ev->node);
		break;
	case ZSIM_EV_SLAB:
		print(w, " %s %u %u%s", ev->path, ev->node, (unsigned int)ev->value,
		      ev->noio ? " noio" : "");
		break;
	case ZSIM_EV_MKDIR:
	case ZSIM_EV_OFFLINE:
		print(w, " %s", ev->path);
		break;
	default:
		print(w, " %" PRIx64, ev->slot);
		break;
	}
	print(w, "\n");
}

static void drain(struct world *w)
{
	struct zsim_result res = { .kind = ZSIM_RESULT_RC, .value = -ENOENT };
	struct zsim_event ev;

	while (zsim_whatif_next(w->wi, &ev) == 1) {
		print_event(w, &ev);
		if (w->missing)
			zsim_whatif_result(w->wi, &res);
	}
}

static int feed(struct world *w, const struct zsim_record *rec)
{
	struct zsim_event ev = { .type = ZSIM_EV_SAW, .line = ++w->line, .record = *rec };

	return zsim_whatif_feed(w->wi, &ev);
}

static void see(struct world *w, struct zsim_record rec)
{
	CU_ASSERT_EQUAL(feed(w, &rec), 0);
}

#define SEE(w, ...) see(w, (struct zsim_record){ .pid = 7, __VA_ARGS__ })
#define SEE_OF(w, thread, ...) see(w, (struct zsim_record){ .pid = (thread), __VA_ARGS__ })

/* compares what was given since the last time */
static void check_out(struct world *w, const char *expected)
{
	drain(w);
	CU_ASSERT_STRING_EQUAL(w->out, expected);
	if (strcmp(w->out, expected))
		printf("\nexpected:\n%sgot:\n%s", expected, w->out);
	w->used = 0;
	w->out[0] = '\0';
}

static void world_groups(struct world *w)
{
	world_open(w, 0);
	SEE(w, .saw = ZSIM_SAW_CGROUP, .cg = 1, .path = "/", .value = 1, .text = "");
	SEE(w, .saw = ZSIM_SAW_CGROUP, .cg = 10, .path = "/a", .value = 1, .text = "max");
	SEE(w, .saw = ZSIM_SAW_CGROUP, .cg = 11, .path = "/b", .value = 1, .text = "max");
	check_out(w, "mkdir /a\nmkdir /b\n");
}

static void store_begin(struct world *w, uint32_t pid, uint64_t slot, uint64_t cg)
{
	SEE_OF(w, pid, .saw = ZSIM_SAW_STORE, .slot = slot);
	SEE_OF(w, pid, .saw = ZSIM_SAW_MAY, .cg = cg);
	SEE_OF(w, pid, .saw = ZSIM_SAW_MAY_RET, .value = 1);
	SEE_OF(w, pid, .saw = ZSIM_SAW_TOTAL, .value = 3);
}

static void store_page(struct world *w, uint32_t pid, uint64_t slot, uint64_t cg, int64_t length,
		       uint32_t node, bool stock)
{
	SEE_OF(w, pid, .saw = ZSIM_SAW_ZS_MALLOC, .value = length, .node = node);
	SEE_OF(w, pid, .saw = ZSIM_SAW_LRU_ADD, .cg = cg, .node = node);
	if (!stock)
		SEE_OF(w, pid, .saw = ZSIM_SAW_LRU_INS, .slot = slot, .node = node);
}

static void store(struct world *w, uint64_t slot, uint64_t cg, int64_t length, uint32_t node)
{
	store_begin(w, 7, slot, cg);
	store_page(w, 7, slot, cg, length, node, false);
	SEE(w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
}

static void groups_facts(void)
{
	struct world w;

	world_open(&w, 0);
	SEE(&w, .saw = ZSIM_SAW_KERNEL, .text = "7.2");
	SEE(&w, .saw = ZSIM_SAW_CGROUP, .cg = 1, .path = "/", .value = 0, .text = "");
	SEE(&w, .saw = ZSIM_SAW_CGROUP, .cg = 10, .path = "/a/b/c", .value = 0, .text = "40960");
	SEE(&w, .saw = ZSIM_SAW_CGROUP, .cg = 11, .path = "/a", .value = 1, .text = "max");
	SEE(&w, .saw = ZSIM_SAW_CGROUP, .cg = 12, .path = "/d", .value = 1, .text = "0");
	SEE(&w, .saw = ZSIM_SAW_RECLAIM, .cg = 11, .text = "1M\n");
	check_out(&w, "write / memory.zswap.writeback [0]\n"
		      "mkdir /a\nmkdir /a/b\nmkdir /a/b/c\n"
		      "write /a/b/c memory.zswap.writeback [0]\n"
		      "write /a/b/c memory.zswap.max [40960]\n"
		      "mkdir /d\nwrite /d memory.zswap.max [0]\n"
		      "write /a memory.reclaim [1M]\n");
	CU_ASSERT_EQUAL(feed(&w, &(struct zsim_record){ .saw = ZSIM_SAW_CGROUP,
							.cg = 99,
							.path = "x",
							.value = 1,
							.text = "" }),
			-EBADMSG);
	CU_ASSERT_EQUAL(
		feed(&w,
		     &(struct zsim_record){ .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 99, .path = "" }),
		-EBADMSG);
	world_close(&w);
}

static void groups_events(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 20, .path = "/a/k");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 20, .path = "/a/k");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 20, .path = "/a/k");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 20, .path = "/a/k");
	check_out(&w, "mkdir /a/k\nrmdir /a/k deferred\n");
	/* the lists move when its reparenting is seen */
	SEE_OF(&w, 9, .saw = ZSIM_SAW_OFFLINE, .cg = 20);
	SEE_OF(&w, 8, .saw = ZSIM_SAW_INVAL, .slot = 1);
	check_out(&w, "invalidate 1\n");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_REPARENT, .cg = 20, .parent = 10);
	check_out(&w, "offline /a/k\n");
	/* without reparent events, when the thread goes on */
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 10, .path = "/a");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_OFFLINE, .cg = 10);
	check_out(&w, "rmdir /a deferred\n");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_SWAPIN, .slot = 1);
	check_out(&w, "offline /a\n");
	/* or when the capture ends */
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 11, .path = "/b");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_OFFLINE, .cg = 11);
	SEE_OF(&w, 0, .saw = ZSIM_SAW_STAT, .path = "/", .text = "zswap 0");
	check_out(&w, "rmdir /b deferred\noffline /b\n");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_REPARENT, .cg = 11, .parent = 1);
	check_out(&w, "");
	world_close(&w);
}

/* captures that begin late, or lost something */
static void groups_unknown(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_OFFLINE, .cg = 77);
	SEE(&w, .saw = ZSIM_SAW_REPARENT, .cg = 77, .parent = 1);
	SEE(&w, .saw = ZSIM_SAW_OFFLINE, .cg = 1);
	SEE(&w, .saw = ZSIM_SAW_REPARENT, .cg = 1);
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 1, .path = "/");
	check_out(&w, "");
	SEE(&w, .saw = ZSIM_SAW_RECLAIM, .cg = 78, .text = "1M");
	SEE(&w, .saw = ZSIM_SAW_RECLAIM, .cg = 78, .text = "2M");
	check_out(&w, "mkdir /unknown-78\nwrite /unknown-78 memory.reclaim [1M]\n"
		      "write /unknown-78 memory.reclaim [2M]\n");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 79, .path = "/x/y");
	check_out(&w, "mkdir /x\nmkdir /x/y\nrmdir /x/y deferred\n");
	/* a parent of which only the path was known gets its id */
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 80, .path = "/x");
	SEE(&w, .saw = ZSIM_SAW_SET_WB, .cg = 80, .text = "0\n");
	check_out(&w, "write /x memory.zswap.writeback [0]\n");
	/* gone without its rmdir being seen */
	SEE(&w, .saw = ZSIM_SAW_REPARENT, .cg = 80, .parent = 1);
	check_out(&w, "rmdir /x\n");
	/* a path that is taken by a group whose end was not seen */
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 81, .path = "/a");
	SEE(&w, .saw = ZSIM_SAW_SET_MAX, .cg = 81, .text = "1M\n\n");
	check_out(&w, "rmdir /a\nmkdir /a\nwrite /a memory.zswap.max [1M]\n");
	world_close(&w);
}

/*
 * /a (10) is dying when /a (90) is made: it is sent offline first, and what it
 * does later is its parent's.
 */
static void groups_path_reused(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 20, .path = "/a/k");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 20, .path = "/a/k");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 10, .path = "/a");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 90, .path = "/a");
	SEE(&w, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 91, .path = "/a/k");
	check_out(&w, "mkdir /a/k\nrmdir /a/k deferred\nrmdir /a deferred\n"
		      "offline /a\nmkdir /a\noffline /a/k\nmkdir /a/k\n");
	SEE_OF(&w, 9, .saw = ZSIM_SAW_OFFLINE, .cg = 20);
	SEE_OF(&w, 9, .saw = ZSIM_SAW_REPARENT, .cg = 20, .parent = 10);
	store(&w, 5, 20, 100, 0);
	store(&w, 6, 91, 100, 0);
	check_out(&w, "store 5 / 0 100\nstore 6 /a/k 0 100\n");
	world_close(&w);
}

static void stores(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 1);
	store(&w, 1, 10, 150, 1);
	SEE(&w, .saw = ZSIM_SAW_SC_DEL, .slot = 1);
	check_out(&w, "cache 1\nstore 1 /a 1 150\nuncache 1\n");
	/* nothing is given before all is known */
	store_begin(&w, 7, 2, 10);
	store_page(&w, 7, 2, 10, 4096, 0, false);
	check_out(&w, "");
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "store 2 /a 0 4096\n");
	/* no may: the list tells the group; neither: the root */
	SEE(&w, .saw = ZSIM_SAW_STORE, .slot = 3);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1, .node = 0);
	SEE(&w, .saw = ZSIM_SAW_LRU_ADD, .cg = 11);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	SEE(&w, .saw = ZSIM_SAW_STORE, .slot = 4);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1, .node = 0);
	SEE(&w, .saw = ZSIM_SAW_LRU_ADD, .null_memcg = true);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	SEE(&w, .saw = ZSIM_SAW_STORE, .slot = 5);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1, .node = 0);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "store 3 /b 0 1\nstore 4 / 0 1\nstore 5 / 0 1\n");
	/* a group that nobody introduced, and an entry that went on the parent's list */
	store(&w, 6, 66, 9, 0);
	store_begin(&w, 7, 7, 10);
	store_page(&w, 7, 7, 1, 8, 0, false);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "mkdir /unknown-66\nstore 6 /unknown-66 0 9\nstore 7 /a 0 8\n");
	CU_ASSERT_EQUAL(zsim_whatif_assumed(w.wi), 0);
	world_close(&w);
}

/* two CPUs: the order is that of the list */
static void stores_order(void)
{
	struct world w;

	world_groups(&w);
	store_begin(&w, 1, 1, 10);
	store_begin(&w, 2, 2, 11);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_ZS_MALLOC, .value = 100);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_LRU_ADD, .cg = 10);
	SEE_OF(&w, 2, .saw = ZSIM_SAW_ZS_MALLOC, .value = 200);
	SEE_OF(&w, 2, .saw = ZSIM_SAW_LRU_ADD, .cg = 11);
	SEE_OF(&w, 2, .saw = ZSIM_SAW_LRU_INS, .slot = 2);
	SEE_OF(&w, 3, .saw = ZSIM_SAW_LOAD, .slot = 9);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_LRU_INS, .slot = 1);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "");
	SEE_OF(&w, 2, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "store 2 /b 0 200\nload 9\nstore 1 /a 0 100\n");
	/* a released kernel: lru_add fixes it */
	store_begin(&w, 1, 1, 10);
	store_begin(&w, 2, 2, 11);
	store_page(&w, 1, 1, 10, 100, 0, true);
	store_page(&w, 2, 2, 11, 200, 0, true);
	SEE_OF(&w, 2, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "store 1 /a 0 100\nstore 2 /b 0 200\n");
	world_close(&w);
}

static void stores_folio(void)
{
	struct world w;
	uint64_t i;

	world_groups(&w);
	store_begin(&w, 7, 0x10, 10);
	for (i = 0; i < 6; i++)
		store_page(&w, 7, 0x10 + i, 10, 100 + (int64_t)i, 1, false);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	w.missing = true;
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 0x15);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 0x16);
	check_out(&w, "store 10 /a 1 100 101 102 103 104 105\nload 15\nswapin /a 1\nload 16\n");
	/* beyond the largest folio something is wrong */
	store_begin(&w, 7, 0x1000, 10);
	for (i = 0; i < ZSIM_MAX_FOLIO_PAGES; i++)
		SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1);
	CU_ASSERT_EQUAL(
		feed(&w, &(struct zsim_record){ .pid = 7, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1 }),
		-EBADMSG);
	world_close(&w);
}

static void stores_malformed(void)
{
	static const struct zsim_record cases[] = {
		{ .pid = 7, .saw = ZSIM_SAW_ZS_MALLOC, .value = 0 },
		{ .pid = 7, .saw = ZSIM_SAW_ZS_MALLOC, .value = 4097 },
		{ .pid = 7, .saw = ZSIM_SAW_ZS_MALLOC, .value = 1, .node = ZSIM_MAX_NODES },
	};
	struct world w;
	size_t i;

	world_groups(&w);
	store_begin(&w, 7, 1, 10);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(feed(&w, &cases[i]), -EBADMSG);
	world_close(&w);
}

static void reject(struct world *w, uint64_t slot, uint64_t cg)
{
	SEE(w, .saw = ZSIM_SAW_STORE, .slot = slot);
	SEE(w, .saw = ZSIM_SAW_MAY, .cg = cg);
	SEE(w, .saw = ZSIM_SAW_MAY_RET, .value = 0);
	SEE(w, .saw = ZSIM_SAW_STORE_RET, .value = 0);
}

static void stores_assumed(void)
{
	struct world w;

	world_groups(&w);
	reject(&w, 1, 10);
	check_out(&w, "store 1 /a 0 2048\n");
	store(&w, 2, 10, 100, 3);
	store(&w, 3, 10, 200, 1);
	store(&w, 4, 10, 201, 3);
	check_out(&w, "store 2 /a 3 100\nstore 3 /a 1 200\nstore 4 /a 3 201\n");
	reject(&w, 5, 10);
	reject(&w, 6, 11);
	store(&w, 7, 11, 7, 2);
	reject(&w, 8, 11);
	store(&w, 9, 11, 7, 1);
	reject(&w, 10, 11);
	check_out(&w, "store 5 /a 3 167\nstore 6 /b 0 2048\nstore 7 /b 2 7\nstore 8 /b 2 7\n"
		      "store 9 /b 1 7\nstore a /b 1 7\n");
	CU_ASSERT_EQUAL(zsim_whatif_assumed(w.wi), 5);
	/* an allocation failed: the length is known all the same */
	store_begin(&w, 7, 11, 10);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 33, .node = 1);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 0);
	check_out(&w, "store b /a 1 33\n");
	CU_ASSERT_EQUAL(zsim_whatif_assumed(w.wi), 5);
	world_close(&w);
}

/* the capture begins or ends in the middle of a store, or lost its return */
static void stores_cut(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_MAY, .cg = 10);
	store_page(&w, 7, 1, 10, 100, 0, false);
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "");
	store_begin(&w, 7, 2, 10);
	store_begin(&w, 7, 3, 10);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 50);
	store_begin(&w, 7, 4, 10);
	store_page(&w, 7, 4, 10, 60, 0, false);
	SEE_OF(&w, 8, .saw = ZSIM_SAW_INVAL, .slot = 9);
	check_out(&w, "store 3 /a 0 50\n");
	store_begin(&w, 8, 5, 10);
	CU_ASSERT_EQUAL(zsim_whatif_feed(w.wi, NULL), 0);
	check_out(&w, "store 4 /a 0 60\ninvalidate 9\n");
	SEE(&w, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	SEE_OF(&w, 8, .saw = ZSIM_SAW_STORE_RET, .value = 1);
	check_out(&w, "");
	/* facts behind the events end a capture as well */
	store_begin(&w, 7, 6, 10);
	store_page(&w, 7, 6, 10, 70, 0, false);
	SEE_OF(&w, 0, .saw = ZSIM_SAW_DEBUGFS, .text = "stored_pages");
	check_out(&w, "store 6 /a 0 70\n");
	world_close(&w);
}

/* a store that never returns does not hold the rest for ever */
static void stores_hold(void)
{
	struct zsim_event ev;
	struct world w;
	int i;

	world_groups(&w);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_STORE, .slot = 1);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_LRU_ADD, .cg = 10);
	for (i = 0; i < 65535; i++)
		SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 9);
	check_out(&w, "");
	SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 9);
	SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 9);
	SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 9);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 1);
	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_STORE);
	CU_ASSERT_STRING_EQUAL(ev.path, "/a");
	CU_ASSERT_EQUAL(ev.length[0], 2048);
	for (i = 0; i < 65535 + 3; i++)
		CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 1);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 0);
	/* nobody waits: a caller may feed as much as it likes before it takes anything */
	for (i = 0; i < 65536 + 2; i++)
		SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 9);
	world_close(&w);
}

/* what the walker takes into the swap cache is its own affair */
static void caches(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_SC_DEL, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 1);
	check_out(&w, "cache 1\n");
	SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_SC_DEL, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_SC_DEL, .slot = 1);
	check_out(&w, "invalidate 1\nuncache 1\n");
	SEE(&w, .saw = ZSIM_SAW_WB, .slot = 2);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 2);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 3);
	SEE_OF(&w, 8, .saw = ZSIM_SAW_SC_ADD, .slot = 4);
	SEE(&w, .saw = ZSIM_SAW_WB_RET, .value = 0);
	SEE(&w, .saw = ZSIM_SAW_SC_DEL, .slot = 2);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 2);
	check_out(&w, "cache 3\ncache 4\ncache 2\n");
	/* a released kernel has only the visit */
	SEE(&w, .saw = ZSIM_SAW_SCAN, .slot = 5, .referenced = true);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 5);
	SEE(&w, .saw = ZSIM_SAW_SCAN_RET, .value = 2);
	SEE(&w, .saw = ZSIM_SAW_SCAN, .slot = 6);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 6);
	SEE(&w, .saw = ZSIM_SAW_SCAN_RET, .value = 1);
	check_out(&w, "cache 5\n");
	world_close(&w);
}

static void answer(struct world *w, enum zsim_result_kind kind, int64_t value)
{
	struct zsim_result res = { .kind = kind, .value = value };

	zsim_whatif_result(w->wi, &res);
}

static void loads(void)
{
	struct zsim_event ev;
	struct world w;

	world_groups(&w);
	store(&w, 1, 10, 100, 1);
	check_out(&w, "store 1 /a 1 100\n");
	answer(&w, ZSIM_RESULT_RC, -ENOENT);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_LOAD_RET, .value = 0);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_SWAPIN, .slot = 1);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 1);
	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_LOAD);
	answer(&w, ZSIM_RESULT_RC, 0);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 1);
	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_LOAD);
	answer(&w, ZSIM_RESULT_RC, -ENOENT);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 1);
	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_SWAPIN);
	CU_ASSERT_STRING_EQUAL(ev.path, "/a");
	CU_ASSERT_EQUAL(ev.node, 1);
	CU_ASSERT_NOT_EQUAL(ev.line, 0);
	answer(&w, ZSIM_RESULT_RC, -ENOENT);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &ev), 0);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 1);
	check_out(&w, "load 1\n");
	answer(&w, ZSIM_RESULT_STORE, -ENOENT);
	/* freed, or only cached: nobody knows whose page it is */
	w.missing = true;
	SEE(&w, .saw = ZSIM_SAW_INVAL, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_SC_ADD, .slot = 2);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 1);
	SEE(&w, .saw = ZSIM_SAW_LOAD, .slot = 2);
	check_out(&w, "invalidate 1\ncache 2\nload 1\nload 2\n");
	world_close(&w);
}

static void slabs(void)
{
	struct world w;

	world_groups(&w);
	SEE(&w, .saw = ZSIM_SAW_SLAB_START, .cg = 10, .node = 1, .priority = 12, .value = 99);
	SEE(&w, .saw = ZSIM_SAW_SLAB_END, .cg = 10, .node = 1);
	SEE(&w, .saw = ZSIM_SAW_SLAB_START, .cg = 0, .priority = 3, .noio = true);
	check_out(&w, "slab /a 1 12\nslab / 0 3 noio\n");
	world_close(&w);
}

static void decisions_left_out(void)
{
	static const enum zsim_saw kinds[] = {
		ZSIM_SAW_ALGO,	      ZSIM_SAW_KERNEL,	ZSIM_SAW_MAY_RET,    ZSIM_SAW_TOTAL,
		ZSIM_SAW_LRU_DEL,     ZSIM_SAW_LRU_REM, ZSIM_SAW_LOAD_RET,   ZSIM_SAW_SWAPIN,
		ZSIM_SAW_RECLAIM_RET, ZSIM_SAW_WORKER,	ZSIM_SAW_WORKER_RET, ZSIM_SAW_ONE,
		ZSIM_SAW_ONE_RET,     ZSIM_SAW_SHRINK,	ZSIM_SAW_SHRINK_RET, ZSIM_SAW_WALK,
		ZSIM_SAW_SLAB_END,    ZSIM_NR_SAWS,
	};
	struct world w;
	size_t i;

	world_groups(&w);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		SEE(&w, .saw = kinds[i], .cg = 999, .slot = 1);
	check_out(&w, "");
	world_close(&w);
}

/* events that are no records come back as they were, in their own memory */
static void passed_on(void)
{
	char actor[] = "A", path[] = "/a", file[] = "memory.max", text[] = "1M", target[] = "B";
	uint16_t length[] = { 1, 2, 3 };
	struct zsim_event ev = {
		.type = ZSIM_EV_STORE,
		.line = 5,
		.actor = actor,
		.path = path,
		.file = file,
		.text = text,
		.target = target,
		.length = length,
		.nr = 3,
		.slot = 9,
	};
	struct zsim_event out;
	struct world w;

	world_open(&w, 0);
	CU_ASSERT_EQUAL(zsim_whatif_feed(w.wi, &ev), 0);
	actor[0] = path[1] = file[0] = text[0] = target[0] = '?';
	length[2] = 0;
	CU_ASSERT_EQUAL(
		zsim_whatif_feed(w.wi, &(struct zsim_event){ .type = ZSIM_EV_MACHINE, .nodes = 2 }),
		0);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &out), 1);
	CU_ASSERT_EQUAL(out.type, ZSIM_EV_STORE);
	CU_ASSERT_EQUAL(out.line, 5);
	CU_ASSERT_EQUAL(out.slot, 9);
	CU_ASSERT_STRING_EQUAL(out.actor, "A");
	CU_ASSERT_STRING_EQUAL(out.path, "/a");
	CU_ASSERT_STRING_EQUAL(out.file, "memory.max");
	CU_ASSERT_STRING_EQUAL(out.text, "1M");
	CU_ASSERT_STRING_EQUAL(out.target, "B");
	CU_ASSERT_EQUAL(out.nr, 3);
	CU_ASSERT_EQUAL(out.length[2], 3);
	CU_ASSERT_EQUAL(zsim_whatif_next(w.wi, &out), 1);
	CU_ASSERT_EQUAL(out.type, ZSIM_EV_MACHINE);
	CU_ASSERT_EQUAL(out.nodes, 2);
	CU_ASSERT_PTR_NULL(out.path);
	/* what was not taken is freed with the rest */
	CU_ASSERT_EQUAL(zsim_whatif_feed(w.wi, &ev), 0);
	world_close(&w);
	zsim_whatif_free(zsim_whatif_create(NULL));
	zsim_whatif_free(NULL);
}

/* a bit of everything; each record is fed again until it is taken */
static const struct zsim_record oom_records[] = {
	{ .saw = ZSIM_SAW_CGROUP, .cg = 10, .path = "/a/b", .value = 0, .text = "4096" },
	{ .saw = ZSIM_SAW_CGROUP, .cg = 11, .path = "/a", .value = 1, .text = "max" },
	{ .pid = 1, .saw = ZSIM_SAW_SC_ADD, .slot = 1 },
	{ .pid = 2, .saw = ZSIM_SAW_STORE, .slot = 1 },
	{ .pid = 2, .saw = ZSIM_SAW_MAY, .cg = 77 },
	{ .pid = 2, .saw = ZSIM_SAW_STORE_RET },
	{ .pid = 3, .saw = ZSIM_SAW_STORE, .slot = 2 },
	{ .pid = 3, .saw = ZSIM_SAW_ZS_MALLOC, .value = 9 },
	{ .pid = 3, .saw = ZSIM_SAW_LRU_ADD, .cg = 78 },
	{ .pid = 3, .saw = ZSIM_SAW_LRU_INS, .slot = 2 },
	{ .pid = 3, .saw = ZSIM_SAW_STORE_RET },
	{ .pid = 3, .saw = ZSIM_SAW_LOAD, .slot = 2 },
	{ .pid = 3, .saw = ZSIM_SAW_INVAL, .slot = 2 },
	{ .pid = 1, .saw = ZSIM_SAW_SC_DEL, .slot = 1 },
	{ .pid = 1, .saw = ZSIM_SAW_RECLAIM, .cg = 79, .text = "1M\n" },
	{ .pid = 1, .saw = ZSIM_SAW_RECLAIM, .cg = 79, .text = "\n" },
	{ .pid = 1, .saw = ZSIM_SAW_SLAB_START, .cg = 80 },
	{ .pid = 1, .saw = ZSIM_SAW_SLAB_START, .cg = 80 },
	{ .pid = 1, .saw = ZSIM_SAW_CGROUP_MKDIR, .cg = 12, .path = "/c" },
	{ .pid = 1, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 12, .path = "/c" },
	{ .pid = 4, .saw = ZSIM_SAW_OFFLINE, .cg = 12 },
	{ .pid = 5, .saw = ZSIM_SAW_TOTAL },
	{ .pid = 4, .saw = ZSIM_SAW_REPARENT, .cg = 12 },
	{ .pid = 1, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 10, .path = "/a/b" },
	{ .pid = 1, .saw = ZSIM_SAW_CGROUP_RMDIR, .cg = 13, .path = "/x" },
	{ .pid = 6, .saw = ZSIM_SAW_STORE, .slot = 6 },
	{ .pid = 6, .saw = ZSIM_SAW_ZS_MALLOC, .value = 9 },
	{ .pid = 6, .saw = ZSIM_SAW_STORE, .slot = 7 },
	{ .pid = 6, .saw = ZSIM_SAW_ZS_MALLOC, .value = 9 },
	{ .pid = 4, .saw = ZSIM_SAW_OFFLINE, .cg = 13 },
	{ .pid = 0, .saw = ZSIM_SAW_STAT },
};

#define NR_OOM_RECORDS (sizeof(oom_records) / sizeof(oom_records[0]))

static bool oom_run(uint64_t fail_at, bool take)
{
	struct zsim_event pass = { .type = ZSIM_EV_WRITE, .path = "/a", .text = "x" };
	struct zsim_event ev;
	struct world w;
	size_t i;
	int ret;

	if (!world_open(&w, fail_at)) {
		CU_ASSERT_EQUAL(w.fa.live_blocks, 0);
		return true;
	}
	ret = zsim_whatif_feed(w.wi, &pass);
	CU_ASSERT(!ret || ret == -ENOMEM);
	for (i = 0; i < NR_OOM_RECORDS; i++) {
		ret = feed(&w, &oom_records[i]);
		CU_ASSERT(!ret || ret == -ENOMEM);
		if (ret)
			CU_ASSERT_EQUAL(feed(&w, &oom_records[i]), 0);
		while (take && zsim_whatif_next(w.wi, &ev) == 1)
			;
	}
	world_close(&w);
	return w.fa.failed;
}

static void out_of_memory(void)
{
	uint64_t n = 0;

	while (oom_run(++n, true))
		;
	CU_ASSERT(n > 40);
	n = 0;
	while (oom_run(++n, false))
		;
}

/* feeds @rec until each allocation that it makes has failed once */
static void feed_stubborn(struct world *w, const struct zsim_record *rec)
{
	uint64_t n = 0;
	int ret;

	do {
		w->fa.fail_at = w->fa.calls + ++n;
		ret = feed(w, rec);
		CU_ASSERT(!ret || ret == -ENOMEM);
	} while (ret);
	w->fa.fail_at = 0;
}

/* events that need no memory of their own, until the queue would have to grow */
static void queue_fill(struct world *w)
{
	const struct zsim_event ev = { .type = ZSIM_EV_WORKER };

	w->fa.fail_at = w->fa.calls + 1;
	w->fa.fail_after = true;
	while (!zsim_whatif_feed(w->wi, &ev))
		;
	w->fa.fail_after = false;
}

/* the queue grows at each of the records in turn, and fails to at first */
static void out_of_memory_queue(void)
{
	struct world w;
	size_t i, j;

	for (i = 0; i < NR_OOM_RECORDS; i++) {
		world_open(&w, 0);
		for (j = 0; j < i; j++)
			CU_ASSERT_EQUAL(feed(&w, &oom_records[j]), 0);
		queue_fill(&w);
		feed_stubborn(&w, &oom_records[i]);
		world_close(&w);
	}
	world_open(&w, 0);
	SEE(&w, .saw = ZSIM_SAW_STORE, .slot = 6);
	SEE(&w, .saw = ZSIM_SAW_ZS_MALLOC, .value = 9);
	queue_fill(&w);
	w.fa.fail_at = w.fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_whatif_feed(w.wi, NULL), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_whatif_feed(w.wi, NULL), 0);
	world_close(&w);
}

/* the tables grow, and fail to at first */
static void out_of_memory_tables(void)
{
	char path[32];
	struct world w;
	uint32_t i;

	world_open(&w, 0);
	for (i = 1; i <= 1500; i++) {
		snprintf(path, sizeof(path), "/g%u/child", i);
		feed_stubborn(&w, &(struct zsim_record){ .pid = i,
							 .saw = ZSIM_SAW_CGROUP_MKDIR,
							 .cg = 2 * i,
							 .path = path });
		*strchr(path + 1, '/') = '\0';
		feed_stubborn(&w, &(struct zsim_record){ .pid = i,
							 .saw = ZSIM_SAW_CGROUP_MKDIR,
							 .cg = 2 * i + 1,
							 .path = path });
		feed_stubborn(&w,
			      &(struct zsim_record){ .pid = i, .saw = ZSIM_SAW_SC_ADD, .slot = i });
	}
	drain(&w);
	world_close(&w);
}

/* a store that holds the rest is broken off when there is memory for it */
static void out_of_memory_hold(void)
{
	const struct zsim_record inval = { .pid = 2, .saw = ZSIM_SAW_INVAL, .slot = 9 };
	struct world w;
	int i;

	world_open(&w, 0);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_STORE, .slot = 1);
	SEE_OF(&w, 1, .saw = ZSIM_SAW_LRU_ADD, .cg = 1);
	for (i = 0; i < 65536; i++)
		feed(&w, &inval);
	w.fa.fail_at = w.fa.calls + 1;
	CU_ASSERT_EQUAL(feed(&w, &inval), -ENOMEM);
	CU_ASSERT_EQUAL(feed(&w, &inval), 0);
	drain(&w);
	CU_ASSERT_EQUAL(strncmp(w.out, "store 1 / 0 2048\n", 17), 0);
	world_close(&w);
}

/* the same events as without a failure, but for a mkdir that is given earlier */
static void out_of_memory_same(void)
{
	static const struct zsim_record records[] = {
		{ .pid = 1, .saw = ZSIM_SAW_STORE, .slot = 1 },
		{ .pid = 1, .saw = ZSIM_SAW_MAY, .cg = 10 },
		{ .pid = 1, .saw = ZSIM_SAW_STORE_RET },
		{ .pid = 1, .saw = ZSIM_SAW_STORE, .slot = 2 },
		{ .pid = 1, .saw = ZSIM_SAW_MAY, .cg = 10 },
		{ .pid = 1, .saw = ZSIM_SAW_STORE_RET },
		{ .pid = 1, .saw = ZSIM_SAW_SC_ADD, .slot = 3 },
		{ .pid = 1, .saw = ZSIM_SAW_SC_DEL, .slot = 3 },
		{ .pid = 1, .saw = ZSIM_SAW_INVAL, .slot = 1 },
	};
	struct world w;
	uint64_t n;
	size_t i;

	for (n = 1;; n++) {
		if (!world_open(&w, n))
			continue;
		for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
			if (feed(&w, &records[i]))
				CU_ASSERT_EQUAL(feed(&w, &records[i]), 0);
		}
		check_out(&w, "mkdir /unknown-10\nstore 1 /unknown-10 0 2048\n"
			      "store 2 /unknown-10 0 2048\ncache 3\nuncache 3\ninvalidate 1\n");
		CU_ASSERT_EQUAL(zsim_whatif_assumed(w.wi), 2);
		world_close(&w);
		if (!w.fa.failed)
			break;
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(groups_facts),
	ZSIM_CASE(groups_events),
	ZSIM_CASE(groups_unknown),
	ZSIM_CASE(groups_path_reused),
	ZSIM_CASE(stores),
	ZSIM_CASE(stores_order),
	ZSIM_CASE(stores_folio),
	ZSIM_CASE(stores_malformed),
	ZSIM_CASE(stores_assumed),
	ZSIM_CASE(stores_cut),
	ZSIM_CASE(stores_hold),
	ZSIM_CASE(caches),
	ZSIM_CASE(loads),
	ZSIM_CASE(slabs),
	ZSIM_CASE(decisions_left_out),
	ZSIM_CASE(passed_on),
	ZSIM_CASE(out_of_memory),
	ZSIM_CASE(out_of_memory_queue),
	ZSIM_CASE(out_of_memory_tables),
	ZSIM_CASE(out_of_memory_hold),
	ZSIM_CASE(out_of_memory_same),
};

ZSIM_SUITE_MAIN("whatif", cases)
