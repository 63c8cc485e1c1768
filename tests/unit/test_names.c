/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include <zsim/oracle.h>
#include <zsim/trace.h>

#include "support/suite.h"

/* every value has a name of its own that leads back to it; outside there is none */
#define CHECK_NAMES(what, type, nr)                                                           \
	do {                                                                                  \
		for (int i = 0; i < (int)(nr); i++) {                                         \
			CU_ASSERT_STRING_NOT_EQUAL(zsim_##what##_name((type)i), "?");         \
			CU_ASSERT_EQUAL(zsim_##what##_parse(zsim_##what##_name((type)i)), i); \
		}                                                                             \
		CU_ASSERT_STRING_EQUAL(zsim_##what##_name((type)(nr)), "?");                  \
		CU_ASSERT_STRING_EQUAL(zsim_##what##_name((type)-1), "?");                    \
		CU_ASSERT_EQUAL(zsim_##what##_parse("?"), -EINVAL);                           \
		CU_ASSERT_EQUAL(zsim_##what##_parse(""), -EINVAL);                            \
	} while (0)

#define CHECK_NAMES_ONE_WAY(what, type, nr)                                           \
	do {                                                                          \
		for (int i = 0; i < (int)(nr); i++)                                   \
			CU_ASSERT_STRING_NOT_EQUAL(zsim_##what##_name((type)i), "?"); \
		CU_ASSERT_STRING_EQUAL(zsim_##what##_name((type)(nr)), "?");          \
	} while (0)

static void names_round_trip(void)
{
	CHECK_NAMES(point, enum zsim_point, ZSIM_NR_POINTS);
	CHECK_NAMES(fail, enum zsim_fail, ZSIM_NR_FAILS);
	CHECK_NAMES(param, enum zsim_param, ZSIM_NR_PARAMS);
	CHECK_NAMES(stat, enum zsim_stat_item, ZSIM_NR_STATS);
	CHECK_NAMES(counter, enum zsim_counter, ZSIM_NR_COUNTERS);
	CHECK_NAMES(event, enum zsim_event_type, ZSIM_NR_EVENTS);
	CHECK_NAMES(saw, enum zsim_saw, ZSIM_NR_SAWS);
}

static void names_one_way(void)
{
	CHECK_NAMES_ONE_WAY(cause, enum zsim_cause, ZSIM_NR_CAUSES);
	CHECK_NAMES_ONE_WAY(decision, enum zsim_decision_kind, ZSIM_NR_DECISIONS);
	CHECK_NAMES_ONE_WAY(why, enum zsim_why, ZSIM_WHY_INVALID + 1);
	CHECK_NAMES_ONE_WAY(check, enum zsim_check, ZSIM_NR_CHECKS);
	CHECK_NAMES_ONE_WAY(trace_format, enum zsim_trace_format, ZSIM_FORMAT_BINARY + 1);
}

/* one from each end of each table: a word left out would shift the rest */
static void names_spelled(void)
{
	CU_ASSERT_STRING_EQUAL(zsim_point_name(ZSIM_POINT_UNLOCKED), "unlocked");
	CU_ASSERT_STRING_EQUAL(zsim_cause_name(ZSIM_CAUSE_REQUEST), "request");
	CU_ASSERT_STRING_EQUAL(zsim_fail_name(ZSIM_FAIL_DECOMPRESS), "decompress");
	CU_ASSERT_STRING_EQUAL(zsim_param_name(ZSIM_PARAM_WORKER_MANUAL), "worker");
	CU_ASSERT_STRING_EQUAL(zsim_stat_name(ZSIM_STAT_ZSWPWB_PROACTIVE_B), "zswpwb_proactive_b");
	CU_ASSERT_STRING_EQUAL(zsim_stat_name(ZSIM_STAT_ZSWPWB), "zswpwb");
	CU_ASSERT_STRING_EQUAL(zsim_counter_name(ZSIM_COUNTER_REJECT_ALLOC_FAIL),
			       "reject_alloc_fail");
	CU_ASSERT_STRING_EQUAL(zsim_counter_name(ZSIM_COUNTER_DECOMPRESS_FAIL), "decompress_fail");
	CU_ASSERT_STRING_EQUAL(zsim_event_name(ZSIM_EV_SLAB), "slab");
	CU_ASSERT_STRING_EQUAL(zsim_event_name(ZSIM_EV_SAW), "saw");
	CU_ASSERT_STRING_EQUAL(zsim_saw_name(ZSIM_SAW_DEBUGFS), "debugfs");
	CU_ASSERT_STRING_EQUAL(zsim_saw_name(ZSIM_SAW_LRU_INS), "lru_ins");
	CU_ASSERT_STRING_EQUAL(zsim_saw_name(ZSIM_SAW_WB_RET), "wb_ret");
	CU_ASSERT_STRING_EQUAL(zsim_saw_name(ZSIM_SAW_SLAB_END), "mm_shrink_slab_end");
	CU_ASSERT_STRING_EQUAL(zsim_decision_name(ZSIM_D_STEP_RET), "step_ret");
	CU_ASSERT_STRING_EQUAL(zsim_decision_name(ZSIM_D_CALL_END), "call_end");
	CU_ASSERT_STRING_EQUAL(zsim_why_name(ZSIM_WHY_NONE), "");
	CU_ASSERT_STRING_EQUAL(zsim_why_name(ZSIM_WHY_REFERENCED_ONLY), "referenced-only");
	CU_ASSERT_STRING_EQUAL(zsim_check_name(ZSIM_CHECK_STAT), "stat");
	CU_ASSERT_STRING_EQUAL(zsim_check_name(ZSIM_CHECK_EXPECTED), "expected");
	CU_ASSERT_STRING_EQUAL(zsim_trace_format_name(ZSIM_FORMAT_TEXT), "trace");
	CU_ASSERT_STRING_EQUAL(zsim_trace_format_name(ZSIM_FORMAT_BINARY), "binary");
}

static void errno_names(void)
{
	CU_ASSERT_EQUAL(zsim_errno_parse("EAGAIN"), EAGAIN);
	CU_ASSERT_EQUAL(zsim_errno_parse("EOPNOTSUPP"), EOPNOTSUPP);
	CU_ASSERT_EQUAL(zsim_errno_parse("EPERM"), EPERM);
	CU_ASSERT_EQUAL(zsim_errno_parse("ECANCELED"), ECANCELED);
	CU_ASSERT_EQUAL(zsim_errno_parse("eagain"), -EINVAL);
	CU_ASSERT_EQUAL(zsim_errno_parse("-EAGAIN"), -EINVAL);
	CU_ASSERT_EQUAL(zsim_errno_parse(""), -EINVAL);
}

static void result_equal(void)
{
	struct zsim_result none = { .kind = ZSIM_RESULT_NONE, .value = 7 };
	struct zsim_result other_none = { .kind = ZSIM_RESULT_NONE };
	struct zsim_result rc = { .kind = ZSIM_RESULT_RC, .value = 1, .text = "ignored" };
	struct zsim_result other_rc = { .kind = ZSIM_RESULT_RC, .value = 1 };
	struct zsim_result ok = { .kind = ZSIM_RESULT_STORE, .value = 1 };
	struct zsim_result stop = { .kind = ZSIM_RESULT_STOP, .value = 1 };
	struct zsim_result other_stop = { .kind = ZSIM_RESULT_STOP };

	CU_ASSERT(zsim_result_equal(&none, &other_none));
	CU_ASSERT(zsim_result_equal(&rc, &other_rc));
	CU_ASSERT(zsim_result_equal(&stop, &other_stop));
	CU_ASSERT(!zsim_result_equal(&rc, &ok));
	other_rc.value = -1;
	CU_ASSERT(!zsim_result_equal(&rc, &other_rc));
}

static void check_format(enum zsim_result_kind kind, int64_t value, const char *expected)
{
	struct zsim_result r = { .kind = kind, .value = value };
	char buf[32] = "garbage";

	CU_ASSERT_EQUAL(zsim_result_format(&r, buf, sizeof(buf)), (int)strlen(expected));
	CU_ASSERT_STRING_EQUAL(buf, expected);
}

static void result_format(void)
{
	struct zsim_result r = { .kind = ZSIM_RESULT_STORE };
	char small[4];

	check_format(ZSIM_RESULT_NONE, 3, "");
	check_format(ZSIM_RESULT_RC, -11, "-11");
	check_format(ZSIM_RESULT_RC, INT64_MIN, "-9223372036854775808");
	check_format(ZSIM_RESULT_STORE, 1, "ok");
	check_format(ZSIM_RESULT_STORE, 0, "rejected");
	check_format(ZSIM_RESULT_POINT, ZSIM_POINT_WALK, "walk");
	check_format(ZSIM_RESULT_STOP, 0, "stop");
	check_format((enum zsim_result_kind)99, 0, "");
	CU_ASSERT_EQUAL(zsim_result_format(&r, small, sizeof(small)), 8);
	CU_ASSERT_STRING_EQUAL(small, "rej");
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(names_round_trip), ZSIM_CASE(names_one_way), ZSIM_CASE(names_spelled),
	ZSIM_CASE(errno_names),	     ZSIM_CASE(result_equal),  ZSIM_CASE(result_format),
};

ZSIM_SUITE_MAIN("names", cases)
