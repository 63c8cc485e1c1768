/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's trace buffer, line by line: what becomes an event, what is passed
 * over, and what is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/fail_alloc.h"
#include "support/suite.h"
#include "trace/ftrace_line.h"
#include "trace/reader.h"

#define HEAD "            init-72      [001] ...2.     5.422674: "
#define FORMAT (&zsim_format_ftrace)

/* a parser, and the line that its last event may point into */
struct feed {
	struct fail_alloc fa;
	void *state;
	char *line;
	uint64_t number;
	struct zsim_event ev;
	const char *why;
};

static bool feed_open(struct feed *f, uint64_t fail_at)
{
	memset(f, 0, sizeof(*f));
	fail_alloc_init(&f->fa, fail_at);
	f->state = FORMAT->create(fail_alloc_get(&f->fa));
	return f->state;
}

static void feed_close(struct feed *f)
{
	FORMAT->free(fail_alloc_get(&f->fa), f->state);
	free(f->line);
	CU_ASSERT_EQUAL(f->fa.live_blocks, 0);
}

static int feed_again(struct feed *f)
{
	f->why = NULL;
	return FORMAT->line(f->state, f->line, strlen(f->line), f->number, &f->ev, &f->why);
}

static int feed_line(struct feed *f, const char *line)
{
	free(f->line);
	f->line = strdup(line);
	f->number++;
	return feed_again(f);
}

static int feed_end(struct feed *f)
{
	f->why = NULL;
	return FORMAT->end(f->state, &f->ev, &f->why);
}

static struct zsim_record *feed_record(struct feed *f, const char *line)
{
	CU_ASSERT_EQUAL(feed_line(f, line), 1);
	CU_ASSERT_EQUAL(f->ev.type, ZSIM_EV_SAW);
	CU_ASSERT_EQUAL(f->ev.line, f->number);
	return &f->ev.record;
}

static void check_why(struct feed *f, const char *line, const char *why)
{
	CU_ASSERT_EQUAL(feed_line(f, line), -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->why);
	CU_ASSERT_STRING_EQUAL(f->why, why);
}

/* one line through a parser of its own */
static void check_alone(const char *line, int ret, const char *why)
{
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# behind the first line, which may be cut"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, line), ret);
	if (why) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(f.why);
		CU_ASSERT_STRING_EQUAL(f.why, why);
	}
	feed_close(&f);
}

static void split_one(const char *text, enum zsim_ftrace_kind kind, const char *comm, uint32_t pid,
		      uint32_t cpu, const char *name)
{
	char line[256];
	struct zsim_ftrace_line l;

	strcpy(line, text);
	CU_ASSERT_EQUAL_FATAL(zsim_ftrace_line_split(line, &l), kind);
	if (kind != ZSIM_FTRACE_RECORD)
		return;
	CU_ASSERT_EQUAL(l.comm_length, strlen(comm));
	CU_ASSERT_EQUAL(strncmp(l.comm, comm, l.comm_length), 0);
	CU_ASSERT_EQUAL(l.pid, pid);
	CU_ASSERT_EQUAL(l.cpu, cpu);
	CU_ASSERT_EQUAL(l.name_length, strlen(name));
	CU_ASSERT_EQUAL(strncmp(l.name, name, l.name_length), 0);
}

static void line_heads(void)
{
	const enum zsim_ftrace_kind rec = ZSIM_FTRACE_RECORD;

	split_one(" wl-105     [000] ...4.     4.365645: sc_add: (f+0x0/0xa0) swp=0x1", rec, "wl",
		  105, 0, "sc_add");
	split_one("kworker/u10:1-42      [001] ...2.     6.078372: worker: (w+0x4/0x1c0)", rec,
		  "kworker/u10:1", 42, 1, "worker");
	split_one("<...>-123 [012] d..1. 1.000001: one_ret: rc=0", rec, "<...>", 123, 12,
		  "one_ret");
	split_one("Web Content - 7-9 [000] ..... 1.5: x: y", rec, "Web Content - 7", 9, 0, "x");
	split_one("a [0] b-7   [003] ..... 1.5: x: y", rec, "a [0] b", 7, 3, "x");
	split_one("x-1 [000] .-77  [001] ..... 1.5: x: y", rec, "x-1 [000] .", 77, 1, "x");
	split_one("[ksoft]-7   [003] ..... 1.5: x: y", rec, "[ksoft]", 7, 3, "x");
	split_one("-- -7   [003] ..... 1.5: x: y", rec, "-- ", 7, 3, "x");
	split_one("\tt-8\t[003]\t.....\t1.5: x:", rec, "t", 8, 3, "x");
	split_one("no-flags-7 [003] 1.5: x: y", rec, "no-flags", 7, 3, "x");
	split_one("counter-7 [003] ..... 1234: x: y", rec, "counter", 7, 3, "x");
	split_one("tgid-7   (  3) [003] ..... 1.5: x: y", rec, "tgid", 7, 3, "x");
	split_one("tgid-7   (-----) [003] ..... 1.5: x: y", rec, "tgid", 7, 3, "x");
}

static void line_others(void)
{
	static const char *const garbage[] = {
		"garbage",
		"[000]",
		" [000] ... 1.5: x:",
		"-7 [000] ... 1.5: x:",
		"a7 [000] ... 1.5: x:",
		"a- [000] ... 1.5: x:",
		"a-7[000] ... 1.5: x:",
		"a-7 [] ... 1.5: x:",
		"a-7 [00x] ... 1.5: x:",
		"a-7 [000]... 1.5: x:",
		"a-7 [000] ... 1.5 x:",
		"a-7 [000] ... 1.5:x:",
		"a-7 [000] ... x: y:",
		"a-7 [000] ... 1.5: x",
		"a-7 [000] ... 1.5: x y:",
		"a-7 [000] ... 1.5: : y",
		"a-7 [000] ...",
		"a-7 [000] ",
		"a-99999999999 [000] ... 1.5: x:",
		") [000] ... 1.5: x:",
		"a-7 [99999999999] ... 1.5: x:",
		"a-7 ) [000] ... 1.5: x:",
		"CPU:x [LOST 3 EVENTS]",
		"CPU:1 [HELD 3 EVENTS]",
		"   [000] ... 1.5: x:",
	};
	size_t i;

	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		split_one(garbage[i], ZSIM_FTRACE_GARBAGE, NULL, 0, 0, NULL);
	split_one("# tracer: nop", ZSIM_FTRACE_COMMENT, NULL, 0, 0, NULL);
	split_one("##### CPU 1 buffer started ####", ZSIM_FTRACE_COMMENT, NULL, 0, 0, NULL);
	split_one("", ZSIM_FTRACE_COMMENT, NULL, 0, 0, NULL);
	split_one("  \t", ZSIM_FTRACE_COMMENT, NULL, 0, 0, NULL);
	split_one("# zsim: kernel 7.2", ZSIM_FTRACE_FACT, NULL, 0, 0, NULL);
	split_one("CPU:1 [LOST 3 EVENTS]", ZSIM_FTRACE_LOST, NULL, 0, 0, NULL);
	split_one(" CPU:12 [LOST EVENTS]", ZSIM_FTRACE_LOST, NULL, 0, 0, NULL);
}

static void line_fields(void)
{
	char text[] = "remark a=1 =x b-c=2 d=\"x \"y\" z\" e=\"\" f= g=\"open";
	struct zsim_ftrace_field f;
	char *pos = text;

	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_FIELD);
	CU_ASSERT(f.key_length == 1 && f.key[0] == 'a' && f.value_length == 1 && !f.quoted);
	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_FIELD);
	CU_ASSERT(f.key[0] == 'd' && f.quoted && f.value_length == 7);
	CU_ASSERT_EQUAL(strncmp(f.value, "x \"y\" z", 7), 0);
	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_FIELD);
	CU_ASSERT(f.key[0] == 'e' && f.quoted && f.value_length == 0);
	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_FIELD);
	CU_ASSERT(f.key[0] == 'f' && !f.quoted && f.value_length == 0);
	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_OPEN);
	pos = text + strlen(text);
	CU_ASSERT_EQUAL(zsim_ftrace_field_next(&pos, &f), ZSIM_FTRACE_END);
}

/* every event with just a number or two: fields by name */
static void records_plain(void)
{
	static const struct {
		const char *line;
		enum zsim_saw saw;
		struct zsim_record rec;
	} cases[] = {
		{ HEAD "offline: (f+0x4/0x70) id=50", ZSIM_SAW_OFFLINE, { .cg = 50 } },
		{ HEAD "reparent: (f+0x4/0x2) cg=50 parent=1",
		  ZSIM_SAW_REPARENT,
		  { .cg = 50, .parent = 1 } },
		{ HEAD "sc_add: (f) swp=0xc", ZSIM_SAW_SC_ADD, { .slot = 12 } },
		{ HEAD "sc_del: (f) swp=0x400000000000000c",
		  ZSIM_SAW_SC_DEL,
		  { .slot = 0x400000000000000c } },
		{ HEAD "store: (f) swp=0xd", ZSIM_SAW_STORE, { .slot = 13 } },
		{ HEAD "store_ret: (g+0x1/0x2 <- f) ok=1", ZSIM_SAW_STORE_RET, { .value = 1 } },
		{ HEAD "may: (f) cg=435", ZSIM_SAW_MAY, { .cg = 435 } },
		{ HEAD "may_ret: (f) ok=0", ZSIM_SAW_MAY_RET, { .value = 0 } },
		{ HEAD "total: (f) pages=99", ZSIM_SAW_TOTAL, { .value = 99 } },
		{ HEAD "zs_malloc: (f) size=150 nid=1",
		  ZSIM_SAW_ZS_MALLOC,
		  { .value = 150, .node = 1 } },
		{ HEAD "lru_add: (f) lru=0xf1 item=0xf2 nid=1 memcg=0xf3 cg=7",
		  ZSIM_SAW_LRU_ADD,
		  { .cg = 7, .node = 1 } },
		{ HEAD "lru_ins: (f) lru=0xf1 swp=0xc nid=1",
		  ZSIM_SAW_LRU_INS,
		  { .slot = 12, .node = 1 } },
		{ HEAD "lru_del: (f) lru=0xf1 swp=0xc nid=1",
		  ZSIM_SAW_LRU_DEL,
		  { .slot = 12, .node = 1 } },
		{ HEAD "lru_rem: (f) lru=0xf1 swp=0xc nid=1",
		  ZSIM_SAW_LRU_REM,
		  { .slot = 12, .node = 1 } },
		{ HEAD "load: (f) swp=0x1", ZSIM_SAW_LOAD, { .slot = 1 } },
		{ HEAD "load_ret: (f) rc=-2", ZSIM_SAW_LOAD_RET, { .value = -2 } },
		{ HEAD "swapin: (f) swp=0x1", ZSIM_SAW_SWAPIN, { .slot = 1 } },
		{ HEAD "inval: (f) swp=0x1", ZSIM_SAW_INVAL, { .slot = 1 } },
		{ HEAD "reclaim_ret: (f) rc=-11", ZSIM_SAW_RECLAIM_RET, { .value = -11 } },
		{ HEAD "worker: (shrink_worker+0x4/0x1c0)", ZSIM_SAW_WORKER, { .value = 0 } },
		{ HEAD "worker_ret: (f)", ZSIM_SAW_WORKER_RET, { .value = 0 } },
		{ HEAD "one: (f) memcg=0xff id=15 scans=2 fails=3",
		  ZSIM_SAW_ONE,
		  { .cg = 15, .scans = 2, .failures = 3 } },
		{ HEAD "one_ret: (f) rc=15000", ZSIM_SAW_ONE_RET, { .value = 15000 } },
		{ HEAD "shrink: (f) cg=0xff id=15 nr=64", ZSIM_SAW_SHRINK, { .cg = 15, .nr = 64 } },
		{ HEAD "shrink: (f) cg=0xff id=1 nr=18393325871103958656",
		  ZSIM_SAW_SHRINK,
		  { .cg = 1, .nr = 18393325871103958656u } },
		{ HEAD "shrink_ret: (f) rc=4294967285", ZSIM_SAW_SHRINK_RET, { .value = -11 } },
		{ HEAD "walk: (f) lru=0xf nid=1 memcg=0xff cg=50 nr=64",
		  ZSIM_SAW_WALK,
		  { .cg = 50, .node = 1, .nr = 64 } },
		{ HEAD "scan: (f) item=0xf swp=0x1 len=150 ref=1",
		  ZSIM_SAW_SCAN,
		  { .slot = 1, .length = 150, .referenced = true } },
		{ HEAD "scan: (f) item=0xf swp=0x1 len=150 ref=0",
		  ZSIM_SAW_SCAN,
		  { .slot = 1, .length = 150 } },
		{ HEAD "scan_ret: (f) st=2", ZSIM_SAW_SCAN_RET, { .value = ZSIM_LRU_ROTATE } },
		{ HEAD "wb: (f) swp=0x1", ZSIM_SAW_WB, { .slot = 1 } },
		{ HEAD "wb_ret: (f) rc=-17", ZSIM_SAW_WB_RET, { .value = -17 } },
	};
	struct feed f;
	size_t i;

	feed_open(&f, 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct zsim_record *rec = feed_record(&f, cases[i].line);
		const struct zsim_record *want = &cases[i].rec;

		CU_ASSERT_EQUAL(rec->saw, cases[i].saw);
		CU_ASSERT_EQUAL(rec->pid, 72);
		CU_ASSERT_EQUAL(rec->cg, want->cg);
		CU_ASSERT_EQUAL(rec->parent, want->parent);
		CU_ASSERT_EQUAL(rec->slot, want->slot);
		CU_ASSERT_EQUAL(rec->node, want->node);
		CU_ASSERT_EQUAL(rec->nr, want->nr);
		CU_ASSERT_EQUAL(rec->value, want->value);
		CU_ASSERT_EQUAL(rec->scans, want->scans);
		CU_ASSERT_EQUAL(rec->failures, want->failures);
		CU_ASSERT_EQUAL(rec->length, want->length);
		CU_ASSERT_EQUAL(rec->referenced, want->referenced);
		CU_ASSERT_FALSE(rec->null_memcg);
	}
	CU_ASSERT_EQUAL(feed_end(&f), 0);
	feed_close(&f);
}

/* an int in the low half of a register, and a whole one printed without its sign */
static void records_rc(void)
{
	static const char *const names[] = { "one_ret", "shrink_ret", "wb_ret", "load_ret",
					     "reclaim_ret" };
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = {
		{ "0", 0 },
		{ "-11", -11 },
		{ "4294967285", -11 },
		{ "18446744073709551605", -11 },
		{ "0xfffffff5", -11 },
		{ "2147483647", INT32_MAX },
		{ "2147483648", INT32_MIN },
		{ "4294967296", (int64_t)1 << 32 },
		{ "-9223372036854775808", INT64_MIN },
	};
	char line[256];
	struct feed f;
	size_t i, j;

	feed_open(&f, 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			snprintf(line, sizeof(line), HEAD "%s: (g <- f) rc=%s", names[i],
				 cases[j].text);
			CU_ASSERT_EQUAL(feed_record(&f, line)->value, cases[j].value);
		}
	}
	feed_close(&f);
}

/* a pointer of 0: the other fields are what memory happened to hold */
static void records_null_memcg(void)
{
	static const char *const lines[] = {
		HEAD "one: (f) memcg=0x0 id=77 scans=1 fails=2",
		HEAD "one: (f) memcg=0x0 id=(fault) scans=1 fails=2",
		HEAD "walk: (f) lru=0xf nid=1 memcg=0x0 cg=77 nr=64",
		HEAD "lru_add: (f) lru=0xf item=0xf nid=1 memcg=0x0 cg=77",
		HEAD "shrink: (f) cg=0x0 id=77 nr=64",
	};
	struct feed f;
	size_t i;

	feed_open(&f, 0);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct zsim_record *rec = feed_record(&f, lines[i]);

		CU_ASSERT_TRUE(rec->null_memcg);
		CU_ASSERT_EQUAL(rec->cg, 0);
	}
	feed_close(&f);
}

static void records_cgroup(void)
{
	struct zsim_record *rec;
	struct feed f;

	feed_open(&f, 0);
	rec = feed_record(&f, HEAD "cgroup_mkdir: root=0 id=67 level=2 path=/o/k1 = \"x");
	CU_ASSERT_EQUAL(rec->saw, ZSIM_SAW_CGROUP_MKDIR);
	CU_ASSERT_EQUAL(rec->cg, 67);
	CU_ASSERT_STRING_EQUAL(rec->path, "/o/k1 = \"x");
	rec = feed_record(&f, HEAD "cgroup_rmdir: id=67 path=/o/k1");
	CU_ASSERT_EQUAL(rec->saw, ZSIM_SAW_CGROUP_RMDIR);
	CU_ASSERT_STRING_EQUAL(rec->path, "/o/k1");
	/* another hierarchy is none of ours */
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "cgroup_mkdir: root=3 id=67 level=2 path=/o/k1"), 0);
	check_why(&f, HEAD "cgroup_mkdir: root=0 id=67 level=2 path=o",
		  "cgroup_mkdir: path is malformed");
	check_why(&f, HEAD "cgroup_mkdir: root=x id=67 path=/o", "cgroup_mkdir: root is malformed");
	check_why(&f, HEAD "cgroup_mkdir: root=0 id=67 level=2", "cgroup_mkdir: path is missing");
	feed_close(&f);
}

#define SLAB_HEAD HEAD "mm_shrink_slab_start: zswap_shrinker_scan+0x0/0x80 000000000414e208: "
#define SLAB_END HEAD "mm_shrink_slab_end: zswap_shrinker_scan+0x0/0x80 000000000414e208: "

static void records_slab(void)
{
	struct zsim_record *rec;
	struct feed f;

	feed_open(&f, 0);
	rec = feed_record(&f,
			  SLAB_HEAD "nid: 1 pid: 96 memcg_id: 15 objects to shrink 3 gfp_flags "
				    "GFP_HIGHUSER_MOVABLE cache items 20 delta 40 total_scan 41 "
				    "priority 12 ");
	CU_ASSERT_EQUAL(rec->saw, ZSIM_SAW_SLAB_START);
	CU_ASSERT_EQUAL(rec->pid, 72);
	CU_ASSERT_EQUAL(rec->cg, 15);
	CU_ASSERT_EQUAL(rec->node, 1);
	CU_ASSERT_EQUAL(rec->value, 3);
	CU_ASSERT_EQUAL(rec->items, 20);
	CU_ASSERT_EQUAL(rec->delta, 40);
	CU_ASSERT_EQUAL(rec->total, 41);
	CU_ASSERT_EQUAL(rec->priority, 12);
	CU_ASSERT_FALSE(rec->noio);
	rec = feed_record(&f, SLAB_END
			  "nid: 1 pid: 96 memcg_id: 15 unused scan count 5 new scan count 42 "
			  "total_scan -1 last shrinker return val -1 ");
	CU_ASSERT_EQUAL(rec->saw, ZSIM_SAW_SLAB_END);
	CU_ASSERT_EQUAL(rec->cg, 15);
	CU_ASSERT_EQUAL(rec->node, 1);
	CU_ASSERT_EQUAL(rec->deferred, 5);
	CU_ASSERT_EQUAL(rec->items, 42);
	CU_ASSERT_EQUAL(rec->total, UINT64_MAX);
	CU_ASSERT_EQUAL(rec->value, -1);
	/* another shrinker, and one whose name only begins alike */
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "mm_shrink_slab_start: super_cache_scan+0x0 0: x"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "mm_shrink_slab_end: zswap_shrinker_scan2+0x0 0: x"), 0);
	check_why(&f, SLAB_HEAD "nid: 1 pid: 96", "mm_shrink_slab_start: memcg_id: is missing");
	check_why(&f, SLAB_HEAD "nid: 64 memcg_id: 1", "mm_shrink_slab_start: nid: is malformed");
	check_why(&f, SLAB_HEAD "nid: 1 memcg_id: 15 objects to shrink 0 gfp_flags ",
		  "mm_shrink_slab_start: gfp_flags is malformed");
	feed_close(&f);
}

static bool flags_noio(const char *flags)
{
	char line[512];
	struct feed f;
	bool noio;

	feed_open(&f, 0);
	snprintf(line, sizeof(line),
		 SLAB_HEAD "nid: 1 pid: 96 memcg_id: 15 objects to shrink 0 gfp_flags %s "
			   "cache items 20 delta 40 total_scan 40 priority 0 ",
		 flags);
	noio = feed_record(&f, line)->noio;
	feed_close(&f);
	return noio;
}

static void records_flags(void)
{
	CU_ASSERT_TRUE(flags_noio("GFP_NOIO"));
	CU_ASSERT_TRUE(flags_noio("GFP_NOIO|__GFP_NOWARN"));
	CU_ASSERT_TRUE(flags_noio("__GFP_NOWARN|GFP_NOWAIT"));
	CU_ASSERT_TRUE(flags_noio("GFP_ATOMIC"));
	CU_ASSERT_FALSE(flags_noio("GFP_NOWAIT|__GFP_IO"));
	CU_ASSERT_FALSE(flags_noio("GFP_NOFS"));
	CU_ASSERT_FALSE(flags_noio("GFP_KERNEL|__GFP_NOIOSOMETHING"));
}

/* what `echo` writes has a newline inside the quotes */
static void quoted_newline(void)
{
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f+0x4/0x330) buf=\"300K source=zswap"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "\" id=7"), 1);
	CU_ASSERT_EQUAL(f.ev.line, 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_RECLAIM);
	CU_ASSERT_EQUAL(f.ev.record.pid, 72);
	CU_ASSERT_EQUAL(f.ev.record.cg, 7);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "300K source=zswap\n");
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "set_wb: (f) cg=365 val=\"0"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "\""), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_SET_WB);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "0\n");
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "set_max: (f) cg=5 val=\"1"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: kernel 9"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, ""), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "2\" "), 1);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "1\n# zsim: kernel 9\n\n2");
	/* and without one it is a line like any other */
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f) buf=\"4M \"x\" y\" id=7"), 1);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "4M \"x\" y");
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f) buf=\"\" id=7"), 1);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "");
	feed_close(&f);
}

static void quoted_endless(void)
{
	static char longer[9000];
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f) buf=\"300K"), 0);
	CU_ASSERT_EQUAL(feed_end(&f), 0); /* the record whose end was cut off is left out */
	feed_close(&f);
	memset(longer, 'x', sizeof(longer) - 1);
	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f) buf=\"300K"), 0);
	check_why(&f, longer, "reclaim: a quoted value does not end");
	feed_close(&f);
	memcpy(longer, HEAD "reclaim: (f) buf=\"", sizeof(HEAD "reclaim: (f) buf=\"") - 1);
	check_alone(longer, -EBADMSG, "reclaim: a quoted value does not end");
	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "reclaim: (f) buf=\"300K"), 0);
	check_why(&f, "\" id=x", "reclaim: id is malformed");
	feed_close(&f);
	/* a record of several lines that turns out to be another hierarchy's */
	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "cgroup_mkdir: root=1 id=4 x=\"a"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "\" path=/a"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "load: (f) swp=0x1"), 1);
	feed_close(&f);
}

static void errors_records(void)
{
	check_alone(HEAD "store: (f)", -EBADMSG, "store: swp is missing");
	check_alone(HEAD "store:", -EBADMSG, "store: swp is missing");
	check_alone(HEAD "store: (f) sw", -EBADMSG, "store: swp is missing");
	check_alone(HEAD "store: (f+0x4/0", -EBADMSG, "store: the line is cut");
	check_alone(HEAD "worker: (shri", -EBADMSG, "worker: the line is cut");
	check_alone(HEAD "store: (f) swp=0xg", -EBADMSG, "store: swp is malformed");
	check_alone(HEAD "store: (f) swp=", -EBADMSG, "store: swp is malformed");
	check_alone(HEAD "store: (f) swp=-1", -EBADMSG, "store: swp is malformed");
	check_alone(HEAD "zs_malloc: (f) size=1 nid=64", -EBADMSG, "zs_malloc: nid is malformed");
	check_alone(HEAD "zs_malloc: (f) size=1", -EBADMSG, "zs_malloc: nid is missing");
	check_alone(HEAD "one: (f) memcg=0xf id=1 scans=4294967296 fails=0", -EBADMSG,
		    "one: scans is malformed");
	check_alone(HEAD "one: (f) memcg=(null) id=1 scans=1 fails=0", -EBADMSG,
		    "one: memcg is malformed");
	check_alone(HEAD "walk: (f) nid=0 memcg=0xf cg=1", -EBADMSG, "walk: nr is missing");
	check_alone(HEAD "wb_ret: (f) rc=x", -EBADMSG, "wb_ret: rc is malformed");
	check_alone(HEAD "wb_ret: (f) rc=-", -EBADMSG, "wb_ret: rc is malformed");
	check_alone(HEAD "total: (f) pages=x", -EBADMSG, "total: pages is malformed");
	check_alone(HEAD "set_wb: (f) cg=1 val=(fault)", -EBADMSG, "set_wb: val is malformed");
	check_alone(HEAD "scan: (f) swp=0x1 len=1 ref=x", -EBADMSG, "scan: ref is malformed");
	check_alone("garbage", -EBADMSG, "not a trace line");
	check_alone("init-72 [001] ...2. 5.422674: st", -EBADMSG, "not a trace line");
}

/* other tracepoints are passed over, with whatever lines they go on in */
static void skipped(void)
{
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "sched_switch: prev_comm=a b prev_pid=1"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "stores: (f) swp=0x1"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "stor: (f) swp=0x1"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "tracing_mark_write: first"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "second"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "load: (f) swp=0x1"), 1);
	CU_ASSERT_EQUAL(feed_line(&f, "# a comment"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "CPU:1 [LOST 17 EVENTS]"), 1);
	CU_ASSERT_EQUAL(f.ev.type, ZSIM_EV_SAW);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_LOST);
	CU_ASSERT_EQUAL(feed_line(&f, HEAD "load: (f) swp=0x2\r"), 1); /* from another system */
	CU_ASSERT_EQUAL(f.ev.record.slot, 2);
	CU_ASSERT_EQUAL(feed_line(&f, ""), 0);
	check_why(&f, "second", "not a trace line");
	feed_close(&f);
}

static void held_event(struct feed *f, enum zsim_event_type type, uint64_t line)
{
	CU_ASSERT_EQUAL(f->ev.type, type);
	CU_ASSERT_EQUAL(f->ev.line, line);
}

static void held_cgroup(struct feed *f, uint64_t cg, const char *path, int64_t writeback,
			const char *max)
{
	CU_ASSERT_EQUAL(f->ev.type, ZSIM_EV_SAW);
	CU_ASSERT_EQUAL(f->ev.record.saw, ZSIM_SAW_CGROUP);
	CU_ASSERT_EQUAL(f->ev.record.pid, 0);
	CU_ASSERT_EQUAL(f->ev.record.cg, cg);
	CU_ASSERT_STRING_EQUAL(f->ev.record.path, path);
	CU_ASSERT_EQUAL(f->ev.record.value, writeback);
	CU_ASSERT_STRING_EQUAL(f->ev.record.text, max);
}

/* the order of the file is not the order in which the facts come out */
static void facts_held(void)
{
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 330 /t/a b writeback=0 zswap.max=40960"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param shrinker_enabled Y"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param compressor lzo"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: kernel 7.2.13"), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_KERNEL);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "7.2.13");
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: totalram_pages 125045"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: nodes 0,2-3"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: algo linux-7.2 "), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_ALGO);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "linux-7.2");
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 1 / writeback= zswap.max="), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 260 /t writeback=1 zswap.max=max"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 260 /u writeback=1 zswap.max=max"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param max_pool_percent 20"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param accept_threshold_percent 90"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param enabled N"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: something new"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# tracer: nop"), 0);

	CU_ASSERT_EQUAL(feed_line(&f, HEAD "load: (f) swp=0x1"), 2);
	held_event(&f, ZSIM_EV_MACHINE, 5);
	CU_ASSERT_EQUAL(f.ev.nodes, 4);
	CU_ASSERT_EQUAL(f.ev.ram_pages, 125045);
	CU_ASSERT_FALSE(f.ev.memcg_disabled);
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	held_event(&f, ZSIM_EV_PARAM, 11);
	CU_ASSERT_EQUAL(f.ev.param, ZSIM_PARAM_MAX_POOL_PERCENT);
	CU_ASSERT_EQUAL(f.ev.value, 20);
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	CU_ASSERT_EQUAL(f.ev.param, ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT);
	CU_ASSERT_EQUAL(f.ev.value, 90);
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	CU_ASSERT_EQUAL(f.ev.param, ZSIM_PARAM_ENABLED);
	CU_ASSERT_EQUAL(f.ev.value, 0);
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	CU_ASSERT_EQUAL(f.ev.param, ZSIM_PARAM_SHRINKER_ENABLED);
	CU_ASSERT_EQUAL(f.ev.value, 1);
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	held_cgroup(&f, 1, "/", 1, "");
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	held_cgroup(&f, 260, "/t", 1, "max");
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	held_cgroup(&f, 260, "/u", 1, "max");
	CU_ASSERT_EQUAL(feed_again(&f), 2);
	held_cgroup(&f, 330, "/t/a b", 0, "40960");
	CU_ASSERT_EQUAL(f.ev.line, 1);
	CU_ASSERT_EQUAL(feed_again(&f), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_LOAD);
	CU_ASSERT_EQUAL(f.ev.line, 16);
	feed_close(&f);
}

/* facts behind the events, and a capture that is nothing but facts */
static void facts_behind(void)
{
	struct feed f;

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: memcg disabled"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: stat /t/a b zswap 0 zswapped 4096 "), 2);
	held_event(&f, ZSIM_EV_MACHINE, 1);
	CU_ASSERT_TRUE(f.ev.memcg_disabled);
	CU_ASSERT_EQUAL(f.ev.nodes, 1);
	CU_ASSERT_EQUAL(f.ev.ram_pages, 262144);
	CU_ASSERT_EQUAL(feed_again(&f), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_STAT);
	CU_ASSERT_STRING_EQUAL(f.ev.record.path, "/t/a b");
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "zswap 0 zswapped 4096");
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: stat / zswpin 3"), 1);
	CU_ASSERT_STRING_EQUAL(f.ev.record.path, "/");
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "zswpin 3");
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: debugfs pool_limit_hit 17"), 1);
	CU_ASSERT_EQUAL(f.ev.record.saw, ZSIM_SAW_DEBUGFS);
	CU_ASSERT_STRING_EQUAL(f.ev.record.text, "pool_limit_hit");
	CU_ASSERT_EQUAL(f.ev.record.value, 17);
	/* params and groups can still come, the machine is settled */
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: param enabled 1"), 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 5 /x writeback=1 zswap.max=max"), 0);
	check_why(&f, "# zsim: nodes 0", "nodes: the fact must stand before the events");
	CU_ASSERT_EQUAL(feed_end(&f), 2);
	CU_ASSERT_EQUAL(f.ev.param, ZSIM_PARAM_ENABLED);
	CU_ASSERT_EQUAL(f.ev.value, 1);
	CU_ASSERT_EQUAL(feed_end(&f), 2);
	held_cgroup(&f, 5, "/x", 1, "max");
	CU_ASSERT_EQUAL(feed_end(&f), 0);
	feed_close(&f);

	feed_open(&f, 0);
	CU_ASSERT_EQUAL(feed_line(&f, "# zsim: cgroup 5 /x writeback=1 zswap.max=max"), 0);
	feed_close(&f);
}

static void errors_facts(void)
{
	static const char *const facts[] = {
		"kernel",
		"algo ",
		"totalram_pages",
		"totalram_pages 0",
		"totalram_pages 1x",
		"nodes",
		"nodes 0-64",
		"nodes 0-",
		"memcg",
		"memcg enabled",
		"param max_pool_percent",
		"param max_pool_percent Y",
		"param enabled x",
		"cgroup",
		"cgroup 5",
		"cgroup 5 /x writeback=1",
		"cgroup 5 /x zswap.max=max writeback=1",
		"cgroup x /x writeback=1 zswap.max=max",
		"cgroup 5 x writeback=1 zswap.max=max",
		"cgroup 5 /x writeback=y zswap.max=max",
		"cgroup writeback=1 zswap.max=max",
		"cgroup  writeback=1 zswap.max=max",
		"stat",
		"stat /",
		"stat x zswap 0",
		"debugfs",
		"debugfs x",
		"debugfs x y",
		"debugfs  1",
	};
	char line[128], why[64];
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		snprintf(line, sizeof(line), "# zsim: %s", facts[i]);
		snprintf(why, sizeof(why), "%.*s: the fact is malformed",
			 (int)strcspn(facts[i], " "), facts[i]);
		check_alone(line, -EBADMSG, why);
	}
}

static int oom_drain(struct feed *f, int ret)
{
	while (ret == 2)
		ret = feed_again(f);
	return ret < 0 ? ret : 0;
}

static int oom_script(struct feed *f)
{
	char line[80];
	int i, ret;

	for (i = 0; i < 20; i++) {
		snprintf(line, sizeof(line),
			 "# zsim: cgroup %d /g%d writeback=1 zswap.max=", 40 - i, i);
		ret = feed_line(f, line);
		if (ret)
			return ret;
	}
	ret = oom_drain(f, feed_line(f, HEAD "set_wb: (f) cg=365 val=\"0"));
	if (!ret)
		ret = oom_drain(f, feed_line(f, "\""));
	if (!ret)
		ret = oom_drain(f, feed_line(f, HEAD "set_wb: (f) cg=365 val=\"1"));
	return ret;
}

static void out_of_memory(void)
{
	struct feed f;
	uint64_t n;
	int ret;

	for (n = 1;; n++) {
		if (!feed_open(&f, n)) {
			CU_ASSERT_EQUAL(f.fa.live_blocks, 0);
			continue;
		}
		ret = oom_script(&f);
		CU_ASSERT_EQUAL(ret, f.fa.failed ? -ENOMEM : 0);
		feed_close(&f);
		if (!f.fa.failed)
			break;
	}
	CU_ASSERT(n > 20);
	FORMAT->free(zsim_allocator_libc(), NULL);
	CU_ASSERT_EQUAL(FORMAT->format, ZSIM_FORMAT_FTRACE);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(line_heads),	   ZSIM_CASE(line_others),    ZSIM_CASE(line_fields),
	ZSIM_CASE(records_plain),  ZSIM_CASE(records_rc),     ZSIM_CASE(records_null_memcg),
	ZSIM_CASE(records_cgroup), ZSIM_CASE(records_slab),   ZSIM_CASE(records_flags),
	ZSIM_CASE(quoted_newline), ZSIM_CASE(quoted_endless), ZSIM_CASE(errors_records),
	ZSIM_CASE(skipped),	   ZSIM_CASE(facts_held),     ZSIM_CASE(facts_behind),
	ZSIM_CASE(errors_facts),   ZSIM_CASE(out_of_memory),
};

ZSIM_SUITE_MAIN("ftrace", cases)
