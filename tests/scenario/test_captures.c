/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every capture of traces/captured against the model: how many decisions of
 * each kind are compared, and that none differs.
 *
 * The numbers are literals, so that a capture which suddenly checks less shows
 * up. Pool pages depend on which CPU came first where two store at once: so
 * many readings differ there, and no other decision does.
 */
#include <inttypes.h>

#include "support/replay.h"
#include "support/suite.h"

/**
 * struct expected - what one capture gives
 * @checked: by kind, in the order of enum zsim_check; nothing is demanded
 * @stored, @written: pages that entered zswap, and that were written back
 */
struct expected {
	const char *name;
	uint64_t checked[ZSIM_CHECK_EXPECTED];
	uint64_t pool_wrong;
	uint64_t unknown;
	uint64_t events;
	uint64_t stored;
	uint64_t written;
	uint64_t requests;
};

static const struct expected captures[] = {
	{ .name = "patched-7.2/busy",
	  .checked = { 11, 461, 461, 461, 353, 455, 945, 945, 945, 945, 445, 500, 500, 0, 500, 27 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 11850,
	  .stored = 500,
	  .written = 356,
	  .requests = 11 },
	{ .name = "patched-7.2/edge",
	  .checked = { 25, 824, 824, 824, 418, 628, 13350, 13350, 13350, 13350, 5203, 8147, 8147, 0,
		       8147, 6 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 156204,
	  .stored = 8147,
	  .written = 5203,
	  .requests = 25 },
	{ .name = "patched-7.2/limits",
	  .checked = { 0, 518, 524, 518, 756, 1159, 8528, 8528, 8528, 8528, 3904, 10399, 10400, 0,
		       10766, 34 },
	  .pool_wrong = 208,
	  .unknown = 1,
	  .events = 167191,
	  .stored = 9647,
	  .written = 3904,
	  .requests = 0 },
	{ .name = "patched-7.2/offline",
	  .checked = { 3, 82, 82, 82, 42, 68, 1644, 1644, 1644, 1644, 744, 900, 900, 156, 900, 13 },
	  .pool_wrong = 0,
	  .unknown = 3,
	  .events = 18307,
	  .stored = 900,
	  .written = 744,
	  .requests = 3 },
	{ .name = "patched-7.2/pool",
	  .checked = { 0, 138, 142, 138, 111, 195, 5312, 5312, 5312, 5312, 1137, 7000, 7000, 0,
		       7138, 27 },
	  .pool_wrong = 97,
	  .unknown = 0,
	  .events = 94560,
	  .stored = 4527,
	  .written = 1137,
	  .requests = 0 },
	{ .name = "patched-7.2/pwb1",
	  .checked = { 3, 130, 130, 130, 65, 97, 2000, 2000, 2000, 2000, 1000, 1000, 1000, 0, 1000,
		       13 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 21449,
	  .stored = 1000,
	  .written = 1000,
	  .requests = 3 },
	{ .name = "patched-7.2/race",
	  .checked = { 8, 137, 137, 137, 72, 139, 3622, 3622, 3622, 3622, 1460, 2205, 2205, 1218,
		       2205, 13 },
	  .pool_wrong = 7,
	  .unknown = 0,
	  .events = 45517,
	  .stored = 2205,
	  .written = 1460,
	  .requests = 8 },
	{ .name = "patched-7.2/short",
	  .checked = { 1, 3, 3, 3, 19, 38, 103, 103, 103, 103, 40, 80, 80, 23, 63, 13 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 1422,
	  .stored = 63,
	  .written = 40,
	  .requests = 1 },
	{ .name = "patched-7.2/shrinker",
	  .checked = { 0, 0, 0, 0, 3398, 3576, 22634, 22634, 22634, 22634, 10855, 15913, 15913,
		       12002, 15913, 13 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 338829,
	  .stored = 15913,
	  .written = 10855,
	  .requests = 0 },
	{ .name = "patched-7.2/tree",
	  .checked = { 7, 408, 408, 408, 343, 376, 2000, 2000, 2000, 2000, 1000, 1250, 1250, 0,
		       1250, 48 },
	  .pool_wrong = 5,
	  .unknown = 0,
	  .events = 25832,
	  .stored = 1250,
	  .written = 1000,
	  .requests = 7 },
	{ .name = "patched-7.2/wbtoggle",
	  .checked = { 6, 203, 203, 203, 159, 173, 800, 800, 800, 800, 400, 550, 550, 0, 550, 34 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 11130,
	  .stored = 550,
	  .written = 400,
	  .requests = 6 },
	{ .name = "patched-7.2/zmax",
	  .checked = { 0, 0, 0, 0, 293, 586, 586, 586, 586, 586, 273, 700, 700, 0, 544, 13 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 11028,
	  .stored = 544,
	  .written = 273,
	  .requests = 0 },
	{ .name = "stock-7.2/offline",
	  .checked = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 900, 900, 303, 900, 12 },
	  .pool_wrong = 0,
	  .unknown = 3,
	  .events = 10557,
	  .stored = 900,
	  .written = 0,
	  .requests = 0 },
	{ .name = "stock-7.2/pool",
	  .checked = { 0, 1942, 74, 0, 1554, 4662, 1553, 1553, 1553, 1553, 0, 7000, 7000, 0, 8868,
		       24 },
	  .pool_wrong = 5664,
	  .unknown = 0,
	  .events = 80240,
	  .stored = 4261,
	  .written = 47,
	  .requests = 0 },
	{ .name = "stock-7.2/short",
	  .checked = { 1, 0, 0, 0, 17, 51, 17, 17, 17, 17, 0, 80, 80, 23, 63, 12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 969,
	  .stored = 63,
	  .written = 0,
	  .requests = 0 },
	{ .name = "stock-7.2/zmax",
	  .checked = { 0, 0, 0, 0, 369, 1107, 369, 369, 369, 369, 0, 700, 700, 49, 427, 12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 8931,
	  .stored = 427,
	  .written = 96,
	  .requests = 0 },
	{ .name = "stock-7.3/offline",
	  .checked = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 900, 900, 303, 900, 12 },
	  .pool_wrong = 0,
	  .unknown = 3,
	  .events = 10557,
	  .stored = 900,
	  .written = 0,
	  .requests = 0 },
	{ .name = "stock-7.3/pool",
	  .checked = { 0, 197, 5, 0, 158, 474, 4628, 4628, 4628, 4628, 0, 7000, 7000, 0, 7192, 24 },
	  .pool_wrong = 98,
	  .unknown = 0,
	  .events = 81406,
	  .stored = 4259,
	  .written = 1257,
	  .requests = 0 },
	{ .name = "stock-7.3/race",
	  .checked = { 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1501, 1501, 29, 1501, 12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 16661,
	  .stored = 1501,
	  .written = 0,
	  .requests = 0 },
	{ .name = "stock-7.3/short",
	  .checked = { 1, 0, 0, 0, 3, 9, 96, 96, 96, 96, 0, 80, 80, 0, 79, 12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 1137,
	  .stored = 79,
	  .written = 47,
	  .requests = 0 },
	{ .name = "stock-7.3/shrinker",
	  .checked = { 0, 0, 0, 0, 764, 783, 2432, 2432, 2432, 2432, 0, 17761, 17761, 12002, 17761,
		       12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 223534,
	  .stored = 17761,
	  .written = 0,
	  .requests = 0 },
	{ .name = "stock-7.3/zmax",
	  .checked = { 0, 0, 0, 0, 31, 93, 992, 992, 992, 992, 0, 700, 700, 0, 685, 12 },
	  .pool_wrong = 0,
	  .unknown = 0,
	  .events = 10367,
	  .stored = 685,
	  .written = 449,
	  .requests = 0 },
};

static void kinds_compare(const struct expected *e, const struct replay *r)
{
	for (int k = 0; k < ZSIM_NR_CHECKS; k++) {
		uint64_t wrong = k == ZSIM_CHECK_POOL_PAGES ? e->pool_wrong : 0;
		uint64_t checked = k == ZSIM_CHECK_EXPECTED ? 0 : e->checked[k];

		if (r->count[k].checked != checked || r->count[k].wrong != wrong)
			printf("%s: %s: %" PRIu64 " checked, %" PRIu64 " wrong, not %" PRIu64
			       " and %" PRIu64 "\n",
			       e->name, zsim_check_name((enum zsim_check)k), r->count[k].checked,
			       r->count[k].wrong, checked, wrong);
		CU_ASSERT_EQUAL(r->count[k].checked, checked);
		CU_ASSERT_EQUAL(r->count[k].wrong, wrong);
	}
}

static void capture_compare(const struct expected *e)
{
	struct capture c;
	struct replay r;

	capture_load(&c, e->name);
	replay_text(&c.text, NULL, NULL, &r);
	if (r.rc || r.first[0])
		printf("%s: rc %d %s%s\n", e->name, r.rc, r.error, r.first);
	CU_ASSERT_EQUAL(r.rc, 0);
	CU_ASSERT_EQUAL(r.violations, 0);
	CU_ASSERT_EQUAL(r.adopted, 0);
	CU_ASSERT_EQUAL(r.unknown, e->unknown);
	CU_ASSERT_EQUAL(r.events, e->events);
	CU_ASSERT_EQUAL(r.stored, e->stored);
	CU_ASSERT_EQUAL(r.written, e->written);
	CU_ASSERT_EQUAL(r.requests, e->requests);
	kinds_compare(e, &r);
	capture_free(&c);
}

static void captures_of(const char *kernel)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); i++) {
		if (strncmp(captures[i].name, kernel, strlen(kernel)) != 0)
			continue;
		capture_compare(&captures[i]);
		nr++;
	}
	CU_ASSERT(nr > 0);
}

static void a_patched_kernel_decides_alike(void)
{
	captures_of("patched-7.2/");
}

static void a_stock_7_2_decides_alike(void)
{
	captures_of("stock-7.2/");
}

static void a_stock_7_3_decides_alike(void)
{
	captures_of("stock-7.3/");
}

/* the same file under another algorithm must not agree, or the comparison is none */
static void another_algorithm_does_not_agree(void)
{
	static const struct {
		const char *name;
		const char *algo;
	} pairs[] = {
		{ "patched-7.2/short", "linux-7.2" }, { "patched-7.2/edge", "linux-7.3" },
		{ "stock-7.2/short", "linux-7.3" },   { "stock-7.2/zmax", "proactive-v5" },
		{ "stock-7.3/zmax", "linux-7.2" },    { "stock-7.3/short", "proactive-v5" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct capture c;
		struct replay r;

		capture_load(&c, pairs[i].name);
		replay_text(&c.text, pairs[i].algo, NULL, &r);
		CU_ASSERT_EQUAL(r.rc, 0);
		CU_ASSERT(r.wrong > r.racy);
		CU_ASSERT_EQUAL(r.violations, 0);
		capture_free(&c);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(a_patched_kernel_decides_alike),
	ZSIM_CASE(a_stock_7_2_decides_alike),
	ZSIM_CASE(a_stock_7_3_decides_alike),
	ZSIM_CASE(another_algorithm_does_not_agree),
};
ZSIM_SUITE_MAIN("captures", cases)
