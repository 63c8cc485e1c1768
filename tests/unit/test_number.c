/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/number.h"
#include "support/suite.h"

#define UNSET UINT64_C(0x5a5a)

static void good(const char *s, uint64_t expected)
{
	uint64_t value = UNSET;

	CU_ASSERT_EQUAL(zsim_number_parse(s, strlen(s), &value), 0);
	CU_ASSERT_EQUAL(value, expected);
}

static void wrong(const char *s, int expected)
{
	uint64_t value = UNSET;

	CU_ASSERT_EQUAL(zsim_number_parse(s, strlen(s), &value), expected);
	CU_ASSERT_EQUAL(value, UNSET);
}

static void number_plain(void)
{
	good("0", 0);
	good("7", 7);
	good("010", 10);
	good("18446744073709551615", UINT64_MAX);
	good("00000000000000000000000000001", 1);
	good("0x0", 0);
	good("0xdeadBEEF", 0xdeadbeef);
	good("0XfFfFfFfFfFfFfFfF", UINT64_MAX);
	good("0x00000000000000000000001", 1);
}

static void number_wrong(void)
{
	wrong("", -EINVAL);
	wrong("0x", -EINVAL);
	wrong("0xg", -EINVAL);
	wrong("0x/", -EINVAL);
	wrong("0x@", -EINVAL);
	wrong("x1", -EINVAL);
	wrong("1x", -EINVAL);
	wrong("-1", -EINVAL);
	wrong("+1", -EINVAL);
	wrong(" 1", -EINVAL);
	wrong("1 ", -EINVAL);
	wrong("1K", -EINVAL);
	wrong("1.5", -EINVAL);
	wrong("\xff", -EINVAL);
	wrong("18446744073709551616", -ERANGE);
	wrong("99999999999999999999999", -ERANGE);
	wrong("0x10000000000000000", -ERANGE);
	/* not a number at all beats too large */
	wrong("99999999999999999999999z", -EINVAL);
	wrong("0x10000000000000000z", -EINVAL);
}

/* only the slice counts */
static void number_slice(void)
{
	uint64_t value;

	CU_ASSERT_EQUAL(zsim_number_parse("12345", 3, &value), 0);
	CU_ASSERT_EQUAL(value, 123);
	CU_ASSERT_EQUAL(zsim_number_parse("0x12", 1, &value), 0);
	CU_ASSERT_EQUAL(value, 0);
	CU_ASSERT_EQUAL(zsim_number_parse_size("4K", 1, &value), 0);
	CU_ASSERT_EQUAL(value, 4);
}

static void check_size(const char *s, int expected, uint64_t value)
{
	uint64_t got = UNSET;

	CU_ASSERT_EQUAL(zsim_number_parse_size(s, strlen(s), &got), expected);
	CU_ASSERT_EQUAL(got, expected ? UNSET : value);
}

static void number_size(void)
{
	check_size("0", 0, 0);
	check_size("4096", 0, 4096);
	check_size("1k", 0, 1 << 10);
	check_size("4K", 0, 4096);
	check_size("3m", 0, 3 << 20);
	check_size("3M", 0, 3 << 20);
	check_size("1g", 0, 1 << 30);
	check_size("0x10G", 0, UINT64_C(16) << 30);
	check_size("17179869183G", 0, UINT64_C(17179869183) << 30);
	check_size("17179869184G", -ERANGE, 0);
	check_size("18446744073709551616", -ERANGE, 0);
	check_size("", -EINVAL, 0);
	check_size("K", -EINVAL, 0);
	check_size("4KK", -EINVAL, 0);
	check_size("4T", -EINVAL, 0);
	check_size("-4K", -EINVAL, 0);
}

static void check_signed(const char *s, int expected, int64_t value)
{
	int64_t got = 77;

	CU_ASSERT_EQUAL(zsim_number_parse_signed(s, strlen(s), &got), expected);
	CU_ASSERT_EQUAL(got, expected ? 77 : value);
}

static void number_signed(void)
{
	check_signed("0", 0, 0);
	check_signed("-0", 0, 0);
	check_signed("-11", 0, -11);
	check_signed("-0x10", 0, -16);
	check_signed("9223372036854775807", 0, INT64_MAX);
	check_signed("9223372036854775808", -ERANGE, 0);
	check_signed("-9223372036854775808", 0, INT64_MIN);
	check_signed("-9223372036854775809", -ERANGE, 0);
	check_signed("18446744073709551616", -ERANGE, 0);
	check_signed("", -EINVAL, 0);
	check_signed("-", -EINVAL, 0);
	check_signed("--1", -EINVAL, 0);
	check_signed("- 1", -EINVAL, 0);
	check_signed("1K", -EINVAL, 0);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(number_plain), ZSIM_CASE(number_wrong),  ZSIM_CASE(number_slice),
	ZSIM_CASE(number_size),	 ZSIM_CASE(number_signed),
};

ZSIM_SUITE_MAIN("number", cases)
