/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include <zstd.h>

#include <zsim/trace.h>

#include "support/fail_alloc.h"
#include "trace/saw_key.h"
#include "support/suite.h"

#define HEADER "zsim-trace 1\n"

static struct zsim_reader *open_text(const char *text)
{
	struct zsim_reader *rd = NULL;

	CU_ASSERT_EQUAL(zsim_reader_open_memory("t", text, strlen(text), NULL, &rd), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "");
	return rd;
}

/* a reader behind the header, on @line; its event is in @ev */
static struct zsim_reader *parse(const char *line, struct zsim_event *ev)
{
	char text[16384];
	struct zsim_reader *rd;
	int n = snprintf(text, sizeof(text), HEADER "%s", line);

	CU_ASSERT_FATAL(n > 0 && (size_t)n < sizeof(text));
	rd = open_text(text);
	/* what the caller had in it must not shine through */
	memset(ev, 0x5a, sizeof(*ev));
	if (zsim_reader_next(rd, ev) != 1) {
		printf("\n%s: %s\n", line, zsim_reader_error(rd));
		CU_FAIL("a good line was refused");
		memset(ev, 0, sizeof(*ev));
	}
	return rd;
}

/* @line is refused, for @why */
static void refuse(const char *line, const char *why)
{
	char text[16384];
	char expected[512];
	struct zsim_reader *rd;
	struct zsim_event ev;

	snprintf(text, sizeof(text), HEADER "%s\nworker\n", line);
	snprintf(expected, sizeof(expected), "t:2: %s", why);
	rd = open_text(text);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	if (strcmp(zsim_reader_error(rd), expected))
		printf("\n  got      %s\n  expected %s\n", zsim_reader_error(rd), expected);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), expected);
	/* sticky: the good line behind it is not reached */
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), expected);
	zsim_reader_close(rd);
}

/* @ev as text, without its newline, in a static buffer; "" and @ret if it is refused */
static const char *written(const struct zsim_event *ev, int *ret)
{
	static char buf[16384];
	FILE *out = tmpfile();
	size_t n;

	if (!out)
		abort();
	*ret = zsim_event_write(out, ev);
	rewind(out);
	n = fread(buf, 1, sizeof(buf) - 1, out);
	buf[n] = '\0';
	if (n && buf[n - 1] == '\n')
		buf[n - 1] = '\0';
	fclose(out);
	return buf;
}

/* @line means an event that is written as @canonical, which means the same event */
static void spelled(const char *line, const char *canonical)
{
	struct zsim_reader *rd;
	struct zsim_event ev;
	int ret;

	rd = parse(line, &ev);
	CU_ASSERT_EQUAL(ev.line, 2);
	if (strcmp(written(&ev, &ret), canonical))
		printf("\n  got      %s\n  expected %s\n", written(&ev, &ret), canonical);
	CU_ASSERT_STRING_EQUAL(written(&ev, &ret), canonical);
	CU_ASSERT_EQUAL(ret, 0);
	zsim_reader_close(rd);
	if (strcmp(line, canonical))
		spelled(canonical, canonical);
}

static void same(const char *line)
{
	spelled(line, line);
}

/* ---- lines ------------------------------------------------------------------------ */

static void machine(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("machine nodes=2 ram=125045", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_MACHINE);
	CU_ASSERT_EQUAL(ev.nodes, 2);
	CU_ASSERT_EQUAL(ev.ram_pages, 125045);
	CU_ASSERT_EQUAL(ev.swap_pages, 0);
	CU_ASSERT(!ev.memcg_disabled && !ev.zswap_absent && !ev.actor && !ev.path);
	CU_ASSERT_EQUAL(ev.expect.kind, ZSIM_RESULT_NONE);
	zsim_reader_close(rd);

	same("machine nodes=64 ram=1 swap=4294967295 memcg=off zswap=off");
	spelled("machine memcg=off", "machine nodes=1 ram=262144 memcg=off");
	same("machine nodes=1 ram=100 zswap=off pool=bytes");
	spelled("machine pool=bytes pool=zsmalloc", "machine nodes=1 ram=262144");
	spelled("machine zswap=on memcg=on ram=1M swap=0x10 nodes=0x2 # comment",
		"machine nodes=2 ram=1048576 swap=16");
}

static void machine_refused(void)
{
	refuse("machine", "machine: nodes=N missing");
	refuse("machine nodes", "machine: extra field: nodes");
	refuse("machine cpus=2", "machine: unknown field: cpus");
	refuse("machine nodes=0", "machine: nodes out of range 1..64: 0");
	refuse("machine nodes=65", "machine: nodes out of range 1..64: 65");
	refuse("machine nodes=", "machine: nodes is not a number: ");
	refuse("machine nodes=2 ram=0", "machine: ram out of range 1..4503599627370495: 0");
	refuse("machine nodes=2 ram=x", "machine: ram is not a number: x");
	refuse("machine swap=4294967296", "machine: swap out of range 0..4294967295: 4294967296");
	refuse("machine memcg=no", "machine: memcg is neither on nor off: no");
	refuse("machine pool=pages", "machine: pool is neither zsmalloc nor bytes: pages");
	refuse("machine zswap=0", "machine: zswap is neither on nor off: 0");
	refuse("@A machine nodes=1", "machine: cannot be suspended, so it takes no @ACTOR");
}

/* only facts may stand before the machine */
static void machine_first(void)
{
	struct zsim_reader *rd;
	struct zsim_event ev;

	rd = open_text(HEADER "saw kernel text=\"7.2.13\"\nmachine nodes=2\nmachine nodes=2\n");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_MACHINE);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t:4: machine: must come before any event");
	zsim_reader_close(rd);
	rd = open_text(HEADER "@5 saw worker\nmachine nodes=2\n");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	zsim_reader_close(rd);
}

static void param(void)
{
	same("param max_pool_percent 20");
	same("param accept_threshold_percent 100");
	same("param enabled 0");
	spelled("param enabled N", "param enabled 0");
	spelled("param enabled n", "param enabled 0");
	spelled("param shrinker_enabled Y = 0", "param shrinker_enabled 1 = 0");
	spelled("param shrinker_enabled y", "param shrinker_enabled 1");
	same("param worker auto");
	same("param worker manual");
	same("param address_reuse 1");
	refuse("param address_reuse 2", "param: VALUE is none of 0 1 N Y: 2");
	refuse("param", "param: NAME missing");
	refuse("param compressor lzo", "param: NAME is not known: compressor");
	refuse("param max_pool_percent", "param: VALUE missing");
	refuse("param max_pool_percent 101", "param: VALUE out of range 0..100: 101");
	refuse("param max_pool_percent twenty", "param: VALUE is not a number: twenty");
	refuse("param enabled", "param: VALUE missing");
	refuse("param enabled 2", "param: VALUE is none of 0 1 N Y: 2");
	refuse("param enabled on", "param: VALUE is none of 0 1 N Y: on");
	refuse("param worker 1", "param: VALUE is neither auto nor manual: 1");
	refuse("param worker auto x", "param: extra field: x");
}

static void groups(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("rmdir /a/b deferred", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_RMDIR);
	CU_ASSERT_STRING_EQUAL(ev.path, "/a/b");
	CU_ASSERT(ev.deferred);
	zsim_reader_close(rd);

	spelled(" \t mkdir\t/a \t ", "mkdir /a");
	same("mkdir /");
	same("mkdir /a#b = -17");
	spelled("mkdir /a = -EEXIST # there already", "mkdir /a = -17");
	same("rmdir /a");
	same("rmdir /a deferred = 0");
	same("offline /a/b/c");
	same("@O offline /a/b/c = reparent");
	refuse("mkdir", "mkdir: PATH missing");
	refuse("mkdir # /a", "mkdir: PATH missing");
	refuse("mkdir = 0", "mkdir: PATH missing");
	refuse("mkdir a", "mkdir: PATH is not absolute: a");
	refuse("mkdir /a/", "mkdir: PATH ends in a slash: /a/");
	refuse("mkdir //", "mkdir: PATH ends in a slash: //");
	refuse("mkdir /a//b", "mkdir: PATH has an empty component: /a//b");
	refuse("mkdir /a /b", "mkdir: extra field: /b");
	refuse("rmdir /a later", "rmdir: extra field: later");
	refuse("rmdir /a deferred deferred", "rmdir: extra field: deferred");
	refuse("@A mkdir /a", "mkdir: cannot be suspended, so it takes no @ACTOR");
}

static void path_length(void)
{
	char line[8192] = "mkdir /";

	memset(line + 7, 'x', 4095);
	same(line);
	line[7 + 4095] = 'x';
	refuse(line, "mkdir: PATH longer than 4096 bytes");
}

/* @line is a write of @text that expects @rc (1: nothing) */
static void check_write(const char *line, const char *text, int64_t rc)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse(line, &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_WRITE);
	CU_ASSERT_STRING_EQUAL(ev.text, text);
	if (strcmp(ev.text, text))
		printf("\n  got '%s' expected '%s'\n", ev.text, text);
	CU_ASSERT_EQUAL(ev.expect.kind, rc == 1 ? ZSIM_RESULT_NONE : ZSIM_RESULT_RC);
	if (rc != 1)
		CU_ASSERT_EQUAL(ev.expect.value, rc);
	zsim_reader_close(rd);
}

/* a text begins one blank behind FILE and ends at the last " = " */
static void write_text(void)
{
	check_write("write /a memory.reclaim 4M source=zswap = -11", "4M source=zswap", -11);
	check_write("write /a memory.reclaim 4M", "4M", 1);
	check_write("write /a memory.reclaim  4M ", " 4M ", 1);
	check_write("write /a memory.reclaim 4M  = 0", "4M ", 0);
	check_write("write  /a\tmemory.reclaim\t4M = 0", "4M", 0);
	check_write("write /a memory.reclaim 4M # all", "4M # all", 1);
	check_write("write /a memory.reclaim 4M # all = 0 # done", "4M # all", 0);
	check_write("write /a memory.reclaim a = b = -EINVAL", "a = b", -EINVAL);
	check_write("write /a memory.reclaim a = = 0", "a =", 0);
	check_write("write /a memory.reclaim a =", "a =", 1);
	check_write("write /a memory.reclaim a=b", "a=b", 1);
	check_write("write /a memory.reclaim a= b", "a= b", 1);
	check_write("write /a memory.reclaim", "", 1);
	check_write("write /a memory.reclaim ", "", 1);
	check_write("write /a memory.reclaim = -22", "", -22);
	check_write("write /a memory.reclaim  = -22", "", -22);
	check_write("write /a memory.reclaim   = -22", " ", -22);
	check_write("write /a f =", "=", 1);
	check_write("write /a f x", "x", 1);
}

static void write_lines(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("@A write /a memory.reclaim 4M = step", &ev);

	CU_ASSERT_STRING_EQUAL(ev.actor, "A");
	CU_ASSERT_STRING_EQUAL(ev.path, "/a");
	CU_ASSERT_STRING_EQUAL(ev.file, "memory.reclaim");
	CU_ASSERT_EQUAL(ev.expect.kind, ZSIM_RESULT_POINT);
	CU_ASSERT_EQUAL(ev.expect.value, ZSIM_POINT_STEP);
	zsim_reader_close(rd);
	rd = parse("write node3 reclaim 4M", &ev);
	CU_ASSERT_PTR_NULL(ev.path);
	CU_ASSERT_EQUAL(ev.node, 3);
	CU_ASSERT_STRING_EQUAL(ev.file, "reclaim");
	zsim_reader_close(rd);

	same("@A write node0 reclaim 4M source=zswap = walk");
	same("write / memory.zswap.max 1G = 0");
	same("write /a memory.zswap.max");
	same("write /a memory.zswap.max = -22");
	same("write /a memory.reclaim  two blanks  = -22");
	same("write /a memory.reclaim a = b = -22");
	refuse("write", "write: PATH missing");
	refuse("write a memory.max 0", "write: PATH is not absolute: a");
	refuse("write node64 reclaim 4M", "write: NODE out of range 0..63: node64");
	refuse("write node reclaim 4M", "write: NODE is not a number: node");
	refuse("write /a", "write: FILE missing");
	refuse("write /a = 0", "write: FILE missing");
	refuse("write /a memory.max 0 = done", "write: RESULT is not known: done");
	refuse("write /a memory.max 0 = ", "write: RESULT missing");
	refuse("write /a memory.max 0 = 0 0", "write: extra field: 0");
	refuse("@A write /a memory.max 0",
	       "write: cannot be suspended, unlike memory.reclaim: memory.max");
}

static void store(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("store 0x400000000000002a /a/b 1 0x10 4K 3 = ok", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_STORE);
	CU_ASSERT_EQUAL(ev.slot, 0x400000000000002a);
	CU_ASSERT_STRING_EQUAL(ev.path, "/a/b");
	CU_ASSERT_EQUAL(ev.node, 1);
	CU_ASSERT_EQUAL_FATAL(ev.nr, 3);
	CU_ASSERT(ev.length[0] == 16 && ev.length[1] == 4096 && ev.length[2] == 3);
	CU_ASSERT_EQUAL(ev.expect.kind, ZSIM_RESULT_STORE);
	CU_ASSERT_EQUAL(ev.expect.value, 1);
	zsim_reader_close(rd);

	same("store 5 /a 0 1");
	same("@S store 0x400000000000002a /a/b 1 4096 1 2 = rejected");
	same("store 4294967294 /a 63 1 = -16");
	same("store 0x7c000000fffffffd /a 0 1 1");
	refuse("store", "store: SLOT missing");
	refuse("store five /a 0 1", "store: SLOT is not a number: five");
	refuse("store 18446744073709551616 /a 0 1",
	       "store: SLOT out of range 0..18446744073709551615: 18446744073709551616");
	refuse("store 4294967295 /a 0 1", "store: slot beyond the device: 0xffffffff");
	refuse("store 0x8000000000000000 /a 0 1",
	       "store: slot beyond the device: 0x8000000000000000");
	refuse("store 4294967294 /a 0 1 1", "store: slot beyond the device: 0xfffffffe");
	refuse("store 5", "store: PATH missing");
	refuse("store 5 /a", "store: NODE missing");
	refuse("store 5 /a 64 1", "store: NODE out of range 0..63: 64");
	refuse("store 5 /a 0", "store: LENGTH missing");
	refuse("store 5 /a 0 = ok", "store: LENGTH missing");
	refuse("store 5 /a 0 0", "store: LENGTH out of range 1..4096: 0");
	refuse("store 5 /a 0 5000", "store: LENGTH out of range 1..4096: 5000");
	refuse("store 5 /a 0 1 4097 1", "store: LENGTH out of range 1..4096: 4097");
	refuse("store 5 /a 0 1 noio", "store: LENGTH is not a number: noio");
	refuse("store 5 /a 0 -1", "store: LENGTH is not a number: -1");
}

static void folio(void)
{
	char line[8192];
	struct zsim_reader *rd;
	struct zsim_event ev;
	size_t n = (size_t)sprintf(line, "store 7 /a 0");

	for (int i = 0; i < 512; i++)
		n += (size_t)sprintf(line + n, " %d", i + 1);
	same(line);
	rd = parse(line, &ev);
	CU_ASSERT_EQUAL(ev.nr, ZSIM_MAX_FOLIO_PAGES);
	CU_ASSERT_EQUAL(ev.length[511], 512);
	zsim_reader_close(rd);
	sprintf(line + n, " 1");
	refuse(line, "store: more than 512 LENGTHs");
}

static void slots(void)
{
	same("load 5");
	same("load 0x400000000000002a = -2");
	same("invalidate 5 = 0");
	same("cache 5 = -16");
	same("cold 5");
	same("cold 0x400000000000002a = -2");
	refuse("cold", "cold: SLOT missing");
	refuse("@A cold 5", "cold: cannot be suspended, so it takes no @ACTOR");
	spelled("uncache 0x5 = -EBUSY", "uncache 5 = -16");
	refuse("load", "load: SLOT missing");
	refuse("load 5 6", "load: extra field: 6");
	refuse("invalidate -5", "invalidate: SLOT is not a number: -5");
	refuse("@A load 5", "load: cannot be suspended, so it takes no @ACTOR");
}

static void reclaim_calls(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("@S slab /a 1 12 noio = 7", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_SLAB);
	CU_ASSERT_EQUAL(ev.value, 12);
	CU_ASSERT(ev.noio);
	CU_ASSERT_EQUAL(ev.expect.value, 7);
	zsim_reader_close(rd);

	same("swapin /a 1");
	same("swapin /a 1 8");
	spelled("swapin /a 1 1", "swapin /a 1");
	same("swapin /a 0 4294967295");
	refuse("swapin /a 0 0", "swapin: PAGES out of range 1..4294967295: 0");
	refuse("swapin /a 0 4294967296", "swapin: PAGES out of range 1..4294967295: 4294967296");
	refuse("swapin /a 0 8 8", "swapin: extra field: 8");
	same("swapoff 0 = -16");
	same("swapoff 31");
	refuse("swapoff", "swapoff: DEVICE missing");
	refuse("swapoff 32", "swapoff: DEVICE out of range 0..31: 32");
	refuse("swapoff /dev/sda", "swapoff: DEVICE is not a number: /dev/sda");
	same("shrinker /a 0 128 = stop");
	same("@S shrinker /a 0 0 = cached");
	same("slab /a 0 0 = 128");
	same("slab /a 0 3 noio");
	same("worker");
	same("@W worker = unlocked");
	refuse("swapin /a", "swapin: NODE missing");
	refuse("shrinker /a 0", "shrinker: NR missing");
	refuse("shrinker /a 0 -1", "shrinker: NR is not a number: -1");
	refuse("shrinker a 0 1", "shrinker: PATH is not absolute: a");
	refuse("slab /a 0", "slab: PRIORITY missing");
	refuse("slab a 0 0", "slab: PATH is not absolute: a");
	refuse("slab /a 0 13", "slab: PRIORITY out of range 0..12: 13");
	refuse("slab /a 0 12 nofs", "slab: extra field: nofs");
	refuse("worker now", "worker: extra field: now");
}

static void actors(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("@writer-1 step 3 = walk", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_STEP);
	CU_ASSERT_STRING_EQUAL(ev.actor, "writer-1");
	CU_ASSERT_EQUAL(ev.value, 3);
	zsim_reader_close(rd);
	rd = parse("@A step", &ev);
	CU_ASSERT_EQUAL(ev.value, 1);
	zsim_reader_close(rd);

	spelled("@A step = -EAGAIN", "@A step = -11");
	same("@A finish = 0");
	same("signal A");
	spelled("@A  step 0x2", "@A step 2");
	spelled("@A step 1", "@A step");
	same("@#= worker");
}

static void actors_refused(void)
{
	refuse("step", "step: needs an actor: @ACTOR step");
	refuse("finish", "finish: needs an actor: @ACTOR finish");
	refuse("@A step 0", "step: N out of range 1..18446744073709551615: 0");
	refuse("@A step x", "step: N is not a number: x");
	refuse("@A finish 2", "finish: extra field: 2");
	refuse("@", "name missing behind @");
	refuse("@ step", "name missing behind @");
	refuse("@A", "event missing behind @A");
	refuse("@A # step", "event missing behind @A");
	refuse("signal", "signal: ACTOR missing");
	refuse("@A signal A", "signal: cannot be suspended, so it takes no @ACTOR");
}

static void fail_lines(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("fail swapcache_alloc 3", &ev);

	CU_ASSERT_EQUAL(ev.fail, ZSIM_FAIL_SWAPCACHE_ALLOC);
	CU_ASSERT_EQUAL(ev.value, 3);
	zsim_reader_close(rd);
	for (int i = 0; i < ZSIM_NR_FAILS; i++) {
		char line[64];

		snprintf(line, sizeof(line), "fail %s %d", zsim_fail_name((enum zsim_fail)i), i);
		same(line);
	}
	refuse("fail", "fail: KIND missing");
	refuse("fail disk 1", "fail: KIND is not known: disk");
	refuse("fail compress", "fail: COUNT missing");
	refuse("fail compress 1K", "fail: COUNT is not a number: 1K");
}

static void check_result(const char *word, enum zsim_result_kind kind, int64_t value)
{
	char line[128];
	struct zsim_event ev;
	struct zsim_reader *rd;

	snprintf(line, sizeof(line), "@A step = %s", word);
	rd = parse(line, &ev);
	CU_ASSERT_EQUAL(ev.expect.kind, kind);
	CU_ASSERT_EQUAL(ev.expect.value, value);
	zsim_reader_close(rd);
}

static void results(void)
{
	check_result("ok", ZSIM_RESULT_STORE, 1);
	check_result("rejected", ZSIM_RESULT_STORE, 0);
	check_result("stop", ZSIM_RESULT_STOP, 0);
	check_result("0", ZSIM_RESULT_RC, 0);
	check_result("-11", ZSIM_RESULT_RC, -11);
	check_result("0x10", ZSIM_RESULT_RC, 16);
	check_result("-0xb", ZSIM_RESULT_RC, -11);
	check_result("-EAGAIN", ZSIM_RESULT_RC, -EAGAIN);
	check_result("-EOPNOTSUPP", ZSIM_RESULT_RC, -EOPNOTSUPP);
	check_result("-9223372036854775808", ZSIM_RESULT_RC, INT64_MIN);
	check_result("step", ZSIM_RESULT_POINT, ZSIM_POINT_STEP);
	check_result("walk", ZSIM_RESULT_POINT, ZSIM_POINT_WALK);
	check_result("unlocked", ZSIM_RESULT_POINT, ZSIM_POINT_UNLOCKED);
	check_result("cached", ZSIM_RESULT_POINT, ZSIM_POINT_CACHED);
	check_result("reparent", ZSIM_RESULT_POINT, ZSIM_POINT_REPARENT);
	refuse("worker =", "worker: RESULT missing");
	refuse("worker = # 0", "worker: RESULT missing");
	refuse("worker = EAGAIN", "worker: RESULT is not known: EAGAIN");
	refuse("worker = -ENOTHING", "worker: RESULT is not known: -ENOTHING");
	refuse("worker = none", "worker: RESULT is not known: none");
	refuse("worker = 0 = 0", "worker: extra field: =");
	refuse("worker =0", "worker: extra field: =0");
	refuse("worker = 99999999999999999999",
	       "worker: RESULT is not known: 99999999999999999999");
}

static void unknown_events(void)
{
	char line[4096];
	char why[128];

	refuse("x", "unknown event: x");
	refuse("go", "unknown event: go");
	refuse("stores 5 /a 0 1", "unknown event: stores");
	refuse("STORE 5 /a 0 1", "unknown event: STORE");
	refuse("zsim-trace 1", "unknown event: zsim-trace");
	refuse("= 0", "unknown event: =");
	refuse("@A @B step", "unknown event: @B");
	/* a reason is one short line, whatever the trace holds */
	refuse("\x1b[31m\x7f", "unknown event: ?[31m?");
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	snprintf(why, sizeof(why), "unknown event: %.64s", line);
	refuse(line, why);
}

/* each three-letter word and neighbours of the keywords: only the keywords are known */
static void keywords(void)
{
	char text[64];
	struct zsim_reader *rd;
	struct zsim_event ev;

	for (int a = 'a'; a <= 'z'; a++)
		for (int c = 'a'; c <= 'z'; c++) {
			snprintf(text, sizeof(text), HEADER "%ct%cre 1", a, c);
			rd = open_text(text);
			CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
			zsim_reader_close(rd);
		}
}

/* ---- saw -------------------------------------------------------------------------- */

static void saw(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd = parse("@97 saw scan swp=0x2a len=150 ref=1 nid=1 cg=15", &ev);

	CU_ASSERT_EQUAL(ev.type, ZSIM_EV_SAW);
	CU_ASSERT_PTR_NULL(ev.actor);
	CU_ASSERT_EQUAL(ev.record.saw, ZSIM_SAW_SCAN);
	CU_ASSERT_EQUAL(ev.record.pid, 97);
	CU_ASSERT_EQUAL(ev.record.slot, 42);
	CU_ASSERT_EQUAL(ev.record.length, 150);
	CU_ASSERT_EQUAL(ev.record.node, 1);
	CU_ASSERT_EQUAL(ev.record.cg, 15);
	CU_ASSERT(ev.record.referenced && !ev.record.noio && !ev.record.null_memcg);
	CU_ASSERT_PTR_NULL(ev.record.path);
	CU_ASSERT_PTR_NULL(ev.record.text);
	zsim_reader_close(rd);

	same("saw worker");
	same("@97 saw scan cg=15 swp=0x2a nid=1 len=150 ref=1");
	same("@4294967295 saw one cg=18446744073709551615 null=1 scans=4294967295 fails=16");
	same("@5 saw mm_shrink_slab_start cg=1 nid=1 noio=1 prio=12 value=-1 items=2 deferred=3 "
	     "delta=4 total=5");
	same("@5 saw reparent cg=20 parent=15");
	same("@5 saw shrink cg=20 nr=32");
	same("@5 saw one_ret = -9223372036854775808");
	same("@5 saw store_ret = ok");
	same("@5 saw store_ret = rejected");
	same("@5 saw total = 0");
	spelled("@5 saw shrink_ret = -EAGAIN # comment", "@5 saw shrink_ret = -11");
	spelled("@5 saw wb_ret value=-17", "@5 saw wb_ret = -17");
	spelled("@0x61 saw sc_add swp=1 # comment", "@97 saw sc_add swp=0x1");
	spelled("@0 saw load swp=0 value=0 ref=0", "saw load");
	for (int i = 0; i < ZSIM_NR_SAWS; i++) {
		char line[64];

		snprintf(line, sizeof(line), "saw %s", zsim_saw_name((enum zsim_saw)i));
		if (!zsim_saw_answers((enum zsim_saw)i))
			same(line);
	}
}

static void saw_strings(void)
{
	struct zsim_event ev;
	struct zsim_reader *rd;

	rd = parse("@9 saw reclaim text=\"a\\n\\t\\\"\\\\\\x01\\xFf #=\" path=\"/a b\"", &ev);
	CU_ASSERT_STRING_EQUAL(ev.record.text, "a\n\t\"\\\x01\xff #=");
	CU_ASSERT_STRING_EQUAL(ev.record.path, "/a b");
	zsim_reader_close(rd);

	same("saw algo text=\"proactive-v5\"");
	same("saw cgroup cg=1 value=1 path=\"/\" text=\"\"");
	same("saw reclaim path=\"/\\x7f\" text=\"300K source=zswap\\n\\t\\\\\\\"\\x01\xc3\xa9\"");
}

static void saw_refused(void)
{
	refuse("saw", "saw: NAME missing");
	refuse("saw nothing", "saw: NAME is not known: nothing");
	refuse("@A saw scan", "saw: @PID is not a thread: A");
	refuse("@4294967296 saw scan", "saw: @PID is not a thread: 4294967296");
	refuse("saw scan swp", "saw: no key=value: swp");
	refuse("saw scan swp 5", "saw: no key=value: swp 5");
	refuse("saw scan slot=5", "saw: unknown key: slot");
	refuse("saw scan = 0", "saw: takes no = RESULT");
	refuse("saw total =", "saw: RESULT missing");
	refuse("saw total = 1 2", "saw: extra field: 2");
	refuse("saw scan cg=1 cg=1", "saw: cg given twice");
	refuse("saw scan cg=", "saw: cg is not a number: ");
	refuse("saw scan cg=x", "saw: cg is not a number: x");
	refuse("saw scan nid=4294967296", "saw: nid out of range 0..4294967295: 4294967296");
	refuse("saw scan ref=2", "saw: ref out of range 0..1: 2");
	refuse("saw scan ref=yes", "saw: ref is not a number: yes");
	refuse("saw scan value=x", "saw: value is not a number: x");
	refuse("saw scan value=9223372036854775808",
	       "saw: value beyond 64 bits: 9223372036854775808");
	refuse("saw algo text=x", "saw: text is not quoted: x");
	refuse("saw algo text=\"x", "saw: text has no closing quote");
	refuse("saw algo text=\"x\\", "saw: text has a wrong escape: \\");
	refuse("saw algo text=\"\\q\"", "saw: text has a wrong escape: \\q\"");
	refuse("saw algo text=\"\\x1\"", "saw: text has a wrong escape: \\x1\"");
	refuse("saw algo text=\"\\xg1\"", "saw: text has a wrong escape: \\xg1");
	refuse("saw algo text=\"\\x00\"", "saw: text has a wrong escape: \\x00");
	refuse("saw algo text=\"x\"y", "saw: text has no blank after its closing quote");
}

/* ---- the writer ------------------------------------------------------------------- */

static void refuse_write(const struct zsim_event *ev)
{
	int ret;

	CU_ASSERT_STRING_EQUAL(written(ev, &ret), "");
	CU_ASSERT_EQUAL(ret, -EINVAL);
}

/* what has no spelling is not written, rather than written as something else */
static void unwritable(void)
{
	static const char *const words[] = { NULL, "", "/a b", "/a\n", "/a\tb", "#a", "a", "=" };
	struct zsim_event ev = { .type = ZSIM_EV_MKDIR };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ev.path = words[i];
		refuse_write(&ev);
	}
	ev = (struct zsim_event){ .type = ZSIM_EV_STORE, .path = "/a" };
	refuse_write(&ev);
	ev.length = (const uint16_t[]){ 1 };
	refuse_write(&ev);
	refuse_write(&(struct zsim_event){ .type = ZSIM_EV_SIGNAL, .target = "a b" });
	refuse_write(&(struct zsim_event){ .type = ZSIM_EV_SIGNAL, .target = "#a" });
	refuse_write(&(struct zsim_event){ .type = ZSIM_EV_SIGNAL, .target = "=" });
	refuse_write(&(struct zsim_event){ .type = ZSIM_EV_STEP, .value = 1 });
	refuse_write(&(struct zsim_event){ .type = ZSIM_EV_WORKER, .actor = "" });
	refuse_write(&(struct zsim_event){ .type = ZSIM_NR_EVENTS });
	refuse_write(&(struct zsim_event){ .type = (enum zsim_event_type)77 });
}

static void unwritable_text(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_WRITE, .path = "/a", .file = "f" };
	int ret;

	refuse_write(&ev);
	ev.text = "a\nb";
	refuse_write(&ev);
	ev.text = "a = 0";
	refuse_write(&ev);
	ev.text = "= 0";
	refuse_write(&ev);
	ev.expect.kind = ZSIM_RESULT_RC;
	CU_ASSERT_STRING_EQUAL(written(&ev, &ret), "write /a f = 0 = 0");
	ev.text = "4M\n";
	CU_ASSERT_STRING_EQUAL(written(&ev, &ret), "write /a f 4M = 0");
	ev.file = "a b";
	refuse_write(&ev);
	ev.path = "a";
	refuse_write(&ev);
}

static void write_fails(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_WORKER };
	FILE *out = fopen("/dev/null", "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(zsim_event_write(out, &ev), -EIO);
	fclose(out);
}

/* ---- the reader ------------------------------------------------------------------- */

/* opening fails with @error; the reader is there to tell, and does no more than that */
static void refuse_open(const void *data, size_t size, const char *error)
{
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;
	int ret = zsim_reader_open_memory("t", data, size, NULL, &rd);

	CU_ASSERT_EQUAL(ret, -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	if (strcmp(zsim_reader_error(rd), error))
		printf("\n  got      %s\n  expected %s\n", zsim_reader_error(rd), error);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), error);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	zsim_reader_close(rd);
}

static void refuse_open_text(const char *text, const char *error)
{
	refuse_open(text, strlen(text), error);
}

#define NOT_A_TRACE                                                                   \
	"t: not a trace: neither begins with `zsim-trace 1` nor is it the text of a " \
	"kernel's trace buffer"

static void formats_refused(void)
{
	refuse_open_text("", "t: empty file");
	refuse_open_text("\n \n\t", "t: empty file");
	refuse_open_text("zsim-trace 2\n", "t:1: zsim-trace: unsupported version: 2");
	refuse_open_text("\nzsim-trace 1.0\n", "t:2: zsim-trace: unsupported version: 1.0");
	refuse_open_text("zsim-trace", "t:1: zsim-trace: version missing");
	refuse_open_text("zsim-trace 1 2\n", "t:1: zsim-trace: extra field: 2");
	refuse_open_text("zsim-trace 1\r\n", "t:1: line ends in CR LF, it must end in LF");
	refuse_open_text("# mine\n# own\nzsim-trace 1\n",
			 "t: not a trace: a comment stands before "
			 "`zsim-trace 1`, which must be the first line");
	refuse_open_text("hello\n", NOT_A_TRACE);
	refuse_open_text("zsim-tracer 1\n", NOT_A_TRACE);
	refuse_open_text("zsim", NOT_A_TRACE);
	refuse_open_text("store 1 /a 0 1\n", NOT_A_TRACE);
	refuse_open("\x7f"
		    "ELF\0\0",
		    6, "t:1: binary data");
	refuse_open("\x28\xb5\x2f\xfd\x00", 5, "t:1: truncated zstd data");
	refuse_open("zsim-trace 1\0\n", 14, "t:1: binary data");
}

static void check_format(const char *text, bool ftrace)
{
	struct zsim_reader *rd = NULL;
	int ret = zsim_reader_open_memory("t", text, strlen(text), NULL, &rd);

	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	CU_ASSERT_EQUAL(ret, ftrace ? 0 : -EBADMSG);
	if (ftrace)
		CU_ASSERT_EQUAL(zsim_reader_format(rd), ZSIM_FORMAT_FTRACE);
	zsim_reader_close(rd);
}

static void formats(void)
{
	struct zsim_reader *rd = open_text(" \n\n zsim-trace\t1 # comment\n\n# another\nworker\n");
	struct zsim_event ev;

	CU_ASSERT_EQUAL(zsim_reader_format(rd), ZSIM_FORMAT_TEXT);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.line, 6);
	CU_ASSERT_EQUAL(zsim_reader_line(rd), 6);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "");
	zsim_reader_close(rd);

	check_format("# tracer: nop\n", true);
	check_format("#\n", true);
	check_format("  wl-97      [000] ...4.     5.443013: sc_add: (f+0x0/0xa0) swp=0x1\n", true);
	check_format("a [0] b-1-97 [000] ...4. 5.44: sc_add: (f+0x0/0xa0) swp=0x1\n", true);
	check_format("a-97   (     97) [000] ...4. 5.44: x: (f)\n", true);
	check_format("a-97 (-------) [001] 5.44: x: (f)\n", true);
	check_format("a-97 [000", false);
	check_format("a-97 [000] ...4. 5.44:", false);
	check_format("a-97 [000] ...4. when: x: (f)\n", false);
	check_format("a-97 [000] ...4. 5.44 x: (f)\n", false);
	check_format("a-97 [0x0] ...4. 5.44: x: (f)\n", false);
	check_format("a-97 [000) ...4. 5.44: x: (f)\n", false);
	check_format("a-97 [] ...4. 5.44: x: (f)\n", false);
	check_format("a97 [000] ...4. 5.44: x: (f)\n", false);
	check_format("97 [000] ...4. 5.44: x: (f)\n", false);
	check_format("97) [000] ...4. 5.44: x: (f)\n", false);
	check_format("a- [000] ...4. 5.44: x: (f)\n", false);
	check_format("[000] ...4. 5.44: x: (f)\n", false);
	check_format("a-97 [000] : x: (f)\n", false);
	check_format("a-97 [000]", false);
}

static void check_algo(const char *text, const char *algo)
{
	struct zsim_reader *rd = open_text(text);
	struct zsim_event ev;

	if (algo) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(zsim_reader_algo(rd));
		CU_ASSERT_STRING_EQUAL(zsim_reader_algo(rd), algo);
	} else {
		CU_ASSERT_PTR_NULL(zsim_reader_algo(rd));
		CU_ASSERT_PTR_NULL(zsim_reader_algo(rd));
	}
	/* nothing was read away */
	if (zsim_reader_format(rd) == ZSIM_FORMAT_TEXT && strlen(text) > strlen(HEADER)) {
		CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
		CU_ASSERT_EQUAL(ev.line, 2);
	}
	zsim_reader_close(rd);
}

static void algo_of_text(void)
{
	check_algo(HEADER, NULL);
	check_algo(HEADER "worker\n", NULL);
	check_algo(HEADER "saw kernel text=\"6.1.0\"\n", NULL);
	check_algo(HEADER "saw kernel text=\"7.2.13\"\n", "linux-7.2");
	check_algo(HEADER "saw kernel text=\"7.2\"\n", "linux-7.2");
	check_algo(HEADER "saw kernel text=\"7.3.4-cloud-amd64\"\n", "linux-7.3");
	check_algo(HEADER "saw kernel text=\"7.30\"\n", NULL);
	check_algo(HEADER "saw kernel text=\"7.2.13\"\n@5 saw one cg=1\n", "proactive-v5");
	check_algo(HEADER "@5 saw wb swp=0x1\n", "proactive-v5");
	check_algo(HEADER "@5 saw lru_ins swp=0x1", "proactive-v5");
	check_algo(HEADER "saw kernel text=\"7.3.4\"\n@5 saw one\n", "linux-7.3");
	check_algo(HEADER "saw algo text=\"linux-7.2\"\n@5 saw one\n", "linux-7.2");
	check_algo(HEADER "saw kernel\nsaw algo cg=0", NULL);
	check_algo(HEADER "write / memory.reclaim saw one \n", NULL);
	check_algo(HEADER "saw algo text=\"0123456789012345678901234567890123456789012345678901234"
			  "56789abcdef\"\n",
		   "012345678901234567890123456789012345678901234567890123456789abc");
}

static void algo_of_ftrace(void)
{
	check_algo("# tracer: nop\n", NULL);
	check_algo("# zsim: algo linux-7.3\n# zsim: kernel 7.2.13\n", "linux-7.3");
	check_algo("# zsim: kernel 7.2.12-cloud\n# zsim: nodes 0-1\n", "linux-7.2");
	check_algo("# zsim: kernel 7.3.4\n", "linux-7.3");
	check_algo("# zsim: kernel 7.2.13\n a-1 [000] .. 1.1: wb: (f) swp=0x1\n", "proactive-v5");
	check_algo("# x\n a-1 [000] .. 1.1: one: (f)\n a-1 [000] .. 1.1: wb: (f)\n",
		   "proactive-v5");
	check_algo("# x\n a-1 [000] .. 1.1: lru_ins: (f)\n", "proactive-v5");
	check_algo("# x\n a-1 [000] .. 1.1: one_ret: (f)\n", NULL);
}

/* several events of one line, and of the end: each comes out once, in order */
static void more_of_a_line(void)
{
	static const char facts[] = "# zsim: kernel 7.2.13\n# zsim: totalram_pages 1000\n"
				    "# zsim: nodes 0-1\n# zsim: param enabled Y\n";
	static const char record[] = " a-1 [000] .. 1.1: sc_add: (f+0x0/0x1) swp=0x1\n";
	const enum zsim_event_type expected[] = { ZSIM_EV_SAW, ZSIM_EV_MACHINE, ZSIM_EV_PARAM,
						  ZSIM_EV_SAW };
	char text[512];
	struct zsim_reader *rd;
	struct zsim_event ev;

	/* with a record behind the facts, and with nothing */
	for (size_t nr = 4; nr >= 3; nr--) {
		snprintf(text, sizeof(text), "%s%s", facts, nr == 4 ? record : "");
		rd = open_text(text);
		for (size_t i = 0; i < nr; i++) {
			CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
			CU_ASSERT_EQUAL(ev.type, expected[i]);
		}
		CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
		CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
		zsim_reader_close(rd);
	}
}

/* a capture may begin and end in the middle of a line, or of a record */
static void ends_inside(void)
{
	struct zsim_reader *rd;
	struct zsim_event ev;

	rd = open_text("# x\n a-1 [000] .. 1.1: reclaim: (f+0x0/0x1) buf=\"4M\n");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	zsim_reader_close(rd);
	rd = open_text("swp=0x1\n a-1 [000] .. 1.1: inval: (f+0x0/0x1) swp=0x2\n"
		       " a-1 [000] .. 1.1: inval: (f+0x0/0x1) swp=0x3");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.record.slot, 2);
	CU_ASSERT_EQUAL(ev.line, 2);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	zsim_reader_close(rd);
	rd = open_text(HEADER "mkdir /a\r\n");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t:2: line ends in CR LF, it must end in LF");
	zsim_reader_close(rd);
}

static void open_fails(void)
{
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;
	uint64_t done = 1, size = 1;
	char expected[128];

	CU_ASSERT_EQUAL(zsim_reader_open("/nowhere/at/all", NULL, &rd), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	snprintf(expected, sizeof(expected), "/nowhere/at/all: %s", strerror(ENOENT));
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), expected);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -ENOENT);
	CU_ASSERT_PTR_NULL(zsim_reader_algo(rd));
	CU_ASSERT_EQUAL(zsim_reader_line(rd), 0);
	zsim_reader_progress(rd, &done, &size);
	CU_ASSERT(done == 0 && size == 0);
	zsim_reader_close(rd);
	CU_ASSERT_EQUAL(zsim_reader_open("/tmp", NULL, &rd), -EISDIR);
	zsim_reader_close(rd);
	zsim_reader_close(NULL);
}

static void standard_input(void)
{
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;
	int saved = dup(STDIN_FILENO);
	int fd[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fd), 0);
	CU_ASSERT_EQUAL(write(fd[1], HEADER "worker x\n", 22), 22);
	close(fd[1]);
	CU_ASSERT_FATAL(dup2(fd[0], STDIN_FILENO) >= 0);
	CU_ASSERT_EQUAL_FATAL(zsim_reader_open("-", NULL, &rd), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "(standard input):2: worker: extra field: x");
	zsim_reader_close(rd);
	close(fd[0]);
	if (saved >= 0) {
		dup2(saved, STDIN_FILENO);
		close(saved);
	}
}

/* a compressed trace; cut short, its good lines come first */
static void compressed(void)
{
	static const char text[] = HEADER "worker\nworker\n";
	char frame[256];
	size_t n = ZSTD_compress(frame, sizeof(frame), text, sizeof(text) - 1, 3);
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;
	uint64_t done, size;

	CU_ASSERT_EQUAL_FATAL(zsim_reader_open_memory("t", frame, n, NULL, &rd), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.line, 3);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	zsim_reader_progress(rd, &done, &size);
	CU_ASSERT(done == n && size == n);
	zsim_reader_close(rd);
	/* a second frame that has only begun */
	memcpy(frame + n, frame, 6);
	CU_ASSERT_EQUAL_FATAL(zsim_reader_open_memory("t", frame, n + 6, NULL, &rd), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t:4: truncated zstd data");
	zsim_reader_close(rd);
}

/* lengths, strings and all of a trace, with allocations failing one after the other */
static void no_memory(void)
{
	size_t room = 4 << 20;
	char *text = malloc(room);
	struct zsim_reader *rd;
	struct zsim_event ev;
	struct fail_alloc fa;
	int ret;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	/* a comment that makes the block grow */
	memset(text, '#', room);
	memcpy(text, HEADER "worker\n", sizeof(HEADER) + 6);
	text[room - 1] = '\n';
	for (uint64_t at = 1;; at++) {
		fail_alloc_init(&fa, at);
		ret = zsim_reader_open_memory("t", text, room, fail_alloc_get(&fa), &rd);
		if (ret)
			CU_ASSERT_PTR_NULL(rd);
		while (!ret && (ret = zsim_reader_next(rd, &ev)) == 1)
			ret = 0;
		if (rd && ret)
			CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t:3: out of memory");
		CU_ASSERT_EQUAL(ret, fa.failed ? -ENOMEM : 0);
		zsim_reader_close(rd);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
	fail_alloc_init(&fa, 1);
	CU_ASSERT_EQUAL(zsim_reader_open("/tmp", fail_alloc_get(&fa), &rd), -ENOMEM);
	CU_ASSERT_PTR_NULL(rd);
	free(text);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(machine),
	ZSIM_CASE(machine_refused),
	ZSIM_CASE(machine_first),
	ZSIM_CASE(param),
	ZSIM_CASE(groups),
	ZSIM_CASE(path_length),
	ZSIM_CASE(write_text),
	ZSIM_CASE(write_lines),
	ZSIM_CASE(store),
	ZSIM_CASE(folio),
	ZSIM_CASE(slots),
	ZSIM_CASE(reclaim_calls),
	ZSIM_CASE(actors),
	ZSIM_CASE(actors_refused),
	ZSIM_CASE(fail_lines),
	ZSIM_CASE(results),
	ZSIM_CASE(unknown_events),
	ZSIM_CASE(keywords),
	ZSIM_CASE(saw),
	ZSIM_CASE(saw_strings),
	ZSIM_CASE(saw_refused),
	ZSIM_CASE(unwritable),
	ZSIM_CASE(unwritable_text),
	ZSIM_CASE(write_fails),
	ZSIM_CASE(formats_refused),
	ZSIM_CASE(formats),
	ZSIM_CASE(algo_of_text),
	ZSIM_CASE(algo_of_ftrace),
	ZSIM_CASE(more_of_a_line),
	ZSIM_CASE(ends_inside),
	ZSIM_CASE(open_fails),
	ZSIM_CASE(standard_input),
	ZSIM_CASE(compressed),
	ZSIM_CASE(no_memory),
};

ZSIM_SUITE_MAIN("trace_text", cases)
