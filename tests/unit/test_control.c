/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of control files: what a kernel answered, and what its parsers imply. */
#include <errno.h>

#include "model/control.h"
#include "support/suite.h"

struct reclaim_row {
	const char *text;
	int rc;
	uint64_t bytes;
	int swappiness; /* -1: none given */
	bool source;
};

/* clang-format off */
#define REFUSED(text) { text, -EINVAL, 0, -1, false }
#define PLAIN(text, bytes) { text, 0, bytes, -1, false }
#define SOURCE(text, bytes) { text, 0, bytes, -1, true }
#define SWAPPY(text, bytes, swappiness) { text, 0, bytes, swappiness, false }

#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)

/*
 * The inputs of the capture bad.log and what a patched 7.2 kernel made of them.
 * EAGAIN and 0 there say that the text was accepted. A write of no bytes, which
 * is among them, never reaches the parser; here it stands for the empty text.
 */
static const struct reclaim_row kernel_rows[] = {
	REFUSED("source=zswap"),
	REFUSED("1M source=zswap swappiness=60"),
	REFUSED("1M swappiness=60 source=zswap"),
	REFUSED("1M source=zswap swappiness=max"),
	REFUSED("1M source=foo"),
	REFUSED("1M source="),
	REFUSED("1M source"),
	SOURCE("0 source=zswap", 0),
	SOURCE("1 source=zswap", 1),
	SOURCE("0x10 source=zswap", 16),
	SOURCE("1Msource=zswap", MIB),
	SOURCE(" 1M   source=zswap  ", MIB),
	REFUSED("-1 source=zswap"),
	SOURCE("1M source=zswap source=zswap", MIB),
	REFUSED("1M source=zswapzswapzswapzswap"),
	SOURCE("99999999999999999999 source=zswap", UINT64_MAX),
	REFUSED("1M swappiness=201"),
	REFUSED("1M swappiness=-1"),
	REFUSED("1M Source=zswap"),
	SOURCE("1M\tsource=zswap", MIB),
	REFUSED(""),
	SOURCE("18446744073709551615 source=zswap", UINT64_MAX),
	SOURCE("16E source=zswap", UINT64_MAX),
	REFUSED("1.5M source=zswap"),
	REFUSED("1MB source=zswap"),
	SOURCE("010 source=zswap", 8),
	REFUSED("1M source=zswap,foo"),
	SWAPPY("4096 swappiness=max", 4096, ZSIM_SWAPPINESS_MAX),
};

static const struct reclaim_row size_rows[] = {
	/* plain sizes in each base */
	PLAIN("0", 0),
	PLAIN("4096", 4096),
	PLAIN("0x1000", 4096),
	PLAIN("0X1F", 31),
	PLAIN("0xabcDEF", 0xabcdef),
	PLAIN("00", 0),			/* octal zero */
	PLAIN("0777", 511),
	/* every suffix, either case */
	PLAIN("1k", KIB),
	PLAIN("1K", KIB),
	PLAIN("3m", 3 * MIB),
	PLAIN("2G", 2 * KIB * MIB),
	PLAIN("2g", 2 * KIB * MIB),
	PLAIN("1T", MIB * MIB),
	PLAIN("1t", MIB * MIB),
	PLAIN("1P", MIB * MIB * KIB),
	PLAIN("1p", MIB * MIB * KIB),
	PLAIN("15E", 15 * MIB * MIB * MIB),
	PLAIN("1e", MIB * MIB * MIB),
	PLAIN("0x10K", 16 * KIB),	/* a suffix behind hex */
	PLAIN("010K", 8 * KIB),		/* and behind octal */
	PLAIN("0K", 0),
	PLAIN("0E", 0),
	PLAIN("0xEE", 0xee),		/* E is a digit before it is a suffix */
	/* saturation, by digits and by suffix */
	PLAIN("18446744073709551615", UINT64_MAX),
	PLAIN("18446744073709551616", UINT64_MAX),
	PLAIN("0xffffffffffffffff", UINT64_MAX),
	PLAIN("0x10000000000000000", UINT64_MAX),
	PLAIN("02000000000000000000000", UINT64_MAX),	/* octal 2^64 */
	PLAIN("01777777777777777777777", UINT64_MAX),	/* octal 2^64 - 1 */
	PLAIN("99999999999999999999999999999", UINT64_MAX),
	PLAIN("99999999999999999999K", UINT64_MAX),	/* the suffix is taken all the same */
	PLAIN("16777216T", UINT64_MAX),			/* exactly 2^64 */
	PLAIN("16777215T", UINT64_MAX - MIB * MIB + 1),	/* the last that fits */
	PLAIN("18446744073709551615K", UINT64_MAX),
	/* no size */
	REFUSED(" "),
	REFUSED("\n"),
	REFUSED("+1"),			/* the size has no sign */
	REFUSED("-1"),
	REFUSED("K"),			/* a suffix counts only behind a number */
	REFUSED("M source=zswap"),
	REFUSED("max"),
	REFUSED("x10"),
	REFUSED("swappiness=60"),
	/* rest of a number becomes a key, and no key is called that */
	REFUSED("0x"),			/* 0, then x */
	REFUSED("0x source=zswap"),
	REFUSED("0xg"),
	REFUSED("0xK"),
	REFUSED("08"),			/* octal stops in front of the 8 */
	REFUSED("1 8"),
	REFUSED("12a"),
	REFUSED("1MM"),
	REFUSED("1KiB"),
	REFUSED("1,5"),
	REFUSED("1Z"),			/* suffixes end with E */
	REFUSED("1 M"),			/* a suffix does not stand alone */
	/* white space around: the kernel's isspace() */
	PLAIN("\t\n\v\f\r 1M \t\n\v\f\r", MIB),
	PLAIN("\xa0" "1M" "\xa0", MIB),	/* Latin-1's no-break space */
	PLAIN("1M\n", MIB),
	REFUSED("\x85" "1M"),		/* but not its next line */
	REFUSED("1M\x85"),
	REFUSED("\b1M"),
	REFUSED("1M\x0e"),		/* one above the white space of ASCII */
};

static const struct reclaim_row key_rows[] = {
	/* spaces: skipped after the size, single ones separate, empty tokens are no keys */
	SOURCE("1M\n\n source=zswap", MIB),
	SOURCE("1M \t\v source=zswap", MIB),
	SOURCE("1M\xa0source=zswap", MIB),
	SOURCE("1M    source=zswap    source=zswap", MIB),
	REFUSED("1M source=zswap\tswappiness=60"),	/* a tab belongs to the token */
	REFUSED("1M source=zswap\tsource=zswap"),
	REFUSED("1M source=zswap \tsource=zswap"),
	REFUSED("1M source=zswap\n source=zswap"),
	REFUSED("1M swappiness=60\tswappiness=60"),
	SWAPPY("1Mswappiness=60", MIB, 60),
	/* swappiness=N: a C integer from 0 to 200 */
	SWAPPY("1M swappiness=0", MIB, 0),
	SWAPPY("1M swappiness=200", MIB, 200),
	SWAPPY("1M swappiness=0x10", MIB, 16),
	SWAPPY("1M swappiness=0XC8", MIB, 200),
	SWAPPY("1M swappiness=010", MIB, 8),
	SWAPPY("1M swappiness=0310", MIB, 200),
	REFUSED("1M swappiness=0311"),			/* 201 */
	REFUSED("1M swappiness=0xc9"),			/* 201 */
	SWAPPY("1M swappiness=-0", MIB, 0),
	SWAPPY("1M swappiness=-", MIB, 0),		/* a digit is not required there */
	REFUSED("1M swappiness=--1"),
	REFUSED("1M swappiness=-200"),
	REFUSED("1M swappiness=-0x1"),
	REFUSED("1M swappiness=+5"),			/* no plus */
	REFUSED("1M swappiness="),
	REFUSED("1M swappiness"),
	REFUSED("1M swappiness= 60"),			/* an empty value, then a token 60 */
	REFUSED("1M swappiness=60x"),
	REFUSED("1M swappiness=60K"),
	REFUSED("1M swappiness=6.0"),
	REFUSED("1M swappiness=0x"),			/* 0, then x behind it */
	REFUSED("1M swappiness=08"),
	REFUSED("1M swappiness=2147483648"),		/* beyond an int */
	REFUSED("1M swappiness=4294967356"),		/* 60 in the low 32 bits */
	REFUSED("1M swappiness=18446744073709551676"),	/* 2^64 + 60 saturates */
	SWAPPY("1M swappiness=-18446744073709551556", MIB, 60),	/* negated modulo 2^64 */
	SWAPPY("1M swappiness=-99999999999999999999", MIB, 1),	/* saturated, then negated */
	SWAPPY("1M swappiness=00000000000000000000074", MIB, 60),	/* 23 characters fit */
	REFUSED("1M swappiness=000000000000000000000074"),	/* the 24th does not */
	/* swappiness=max, exactly */
	SWAPPY("1M swappiness=max", MIB, ZSIM_SWAPPINESS_MAX),
	REFUSED("1M swappiness=Max"),
	REFUSED("1M swappiness=maxx"),
	REFUSED("1M swappiness=ma"),
	REFUSED("1M Swappiness=60"),
	REFUSED("1M xswappiness=60"),
	/* the last one of several counts */
	SWAPPY("1M swappiness=60 swappiness=70", MIB, 70),
	SWAPPY("1M swappiness=max swappiness=1", MIB, 1),
	SWAPPY("1M swappiness=1 swappiness=max", MIB, ZSIM_SWAPPINESS_MAX),
	REFUSED("1M swappiness=60 swappiness=201"),
	REFUSED("1M swappiness=201 swappiness=60"),
	/* source=NAME: one name is known */
	REFUSED("1M source=zswa"),
	REFUSED("1M source=zswapp"),
	REFUSED("1M source=ZSWAP"),
	REFUSED("1M source=zswap1234567890"),		/* 15 characters */
	REFUSED("1M source=zswap12345678901"),		/* 16 characters */
	REFUSED("1M source==zswap"),
	REFUSED("1M source= zswap"),
	REFUSED("1M source =zswap"),
	REFUSED("1M SOURCE=zswap"),
	REFUSED("1M source=zswap source=foo"),
	REFUSED("1M source=foo source=zswap"),
	REFUSED("1M =zswap"),
	REFUSED("1M zswap"),
	/* source and swappiness exclude each other, wherever they stand */
	REFUSED("1M swappiness=max source=zswap"),
	REFUSED("1M source=zswap swappiness=0 source=zswap"),
	REFUSED("1M swappiness=0 source=zswap swappiness=0"),
	REFUSED("0 source=zswap swappiness=60"),	/* although nothing is asked for */
	/* keys of nobody */
	REFUSED("1M foo"),
	REFUSED("1M foo=bar"),
	REFUSED("1M source=zswap foo"),
	REFUSED("1M 1M"),
};
/* clang-format on */

static void check_row(const struct reclaim_row *row)
{
	struct zsim_reclaim_args args = { 77, true, true, 77 };
	int rc = zsim_control_reclaim(row->text, true, &args);

	if (rc != row->rc)
		fprintf(stderr, "\"%s\": %d, not %d\n", row->text, rc, row->rc);
	CU_ASSERT_EQUAL(rc, row->rc);
	if (rc) { /* nothing half-written */
		CU_ASSERT(args.bytes == 77 && args.source_zswap && args.swappiness_given &&
			  args.swappiness == 77);
		return;
	}
	CU_ASSERT_EQUAL(args.bytes, row->bytes);
	CU_ASSERT_EQUAL(args.source_zswap, row->source);
	CU_ASSERT_EQUAL(args.swappiness_given, row->swappiness >= 0);
	CU_ASSERT_EQUAL(args.swappiness, row->swappiness >= 0 ? row->swappiness : 0);
}

static void reclaim_kernel_answers(void)
{
	CU_ASSERT_EQUAL(sizeof(kernel_rows) / sizeof(kernel_rows[0]), 28);
	for (size_t i = 0; i < sizeof(kernel_rows) / sizeof(kernel_rows[0]); i++)
		check_row(&kernel_rows[i]);
}

static void reclaim_sizes(void)
{
	for (size_t i = 0; i < sizeof(size_rows) / sizeof(size_rows[0]); i++)
		check_row(&size_rows[i]);
}

static void reclaim_keys(void)
{
	for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++)
		check_row(&key_rows[i]);
}

/* A released kernel knows the same texts but for the source= key. */
static void reclaim_without_source_key(void)
{
	struct zsim_reclaim_args args;

	for (size_t i = 0; i < sizeof(key_rows) / sizeof(key_rows[0]); i++) {
		const struct reclaim_row *row = &key_rows[i];
		int rc = zsim_control_reclaim(row->text, false, &args);

		CU_ASSERT_EQUAL(rc, row->source ? -EINVAL : row->rc);
	}
	CU_ASSERT_EQUAL(zsim_control_reclaim("1M source=zswap", false, &args), -EINVAL);
	CU_ASSERT_EQUAL(zsim_control_reclaim("1M swappiness=60", false, &args), 0);
	CU_ASSERT_EQUAL(args.swappiness, 60);
}

/* Every byte that can stand in front of, behind, or for the whole of a text. */
static void reclaim_every_byte(void)
{
	for (int c = 1; c < 256; c++) {
		bool space = c == ' ' || (c >= 9 && c <= 13) || c == 0xa0;
		bool digit = c >= '0' && c <= '9';
		bool suffix = strchr("KkMmGgTtPpEe", c) != NULL;
		char before[] = { (char)c, '1', '\0' }, after[] = { '1', (char)c, '\0' };
		char alone[] = { (char)c, '\0' };
		struct zsim_reclaim_args args;

		CU_ASSERT_EQUAL(zsim_control_reclaim(before, true, &args),
				space || digit ? 0 : -EINVAL);
		CU_ASSERT_EQUAL(zsim_control_reclaim(after, true, &args),
				space || digit || suffix ? 0 : -EINVAL);
		CU_ASSERT_EQUAL(zsim_control_reclaim(alone, true, &args), digit ? 0 : -EINVAL);
	}
}

static void page_limit(void)
{
	/* clang-format off */
	static const struct {
		const char *text;
		int rc;
		uint64_t pages;
	} rows[] = {
		{ "max", 0, UINT64_MAX },
		{ " max\n", 0, UINT64_MAX },
		{ "0", 0, 0 },
		{ "4095", 0, 0 },			/* whole pages only */
		{ "4096", 0, 1 },
		{ "8191", 0, 1 },
		{ "40K", 0, 10 },
		{ "\t0x10k ", 0, 4 },
		{ "010K", 0, 2 },
		{ "1G", 0, 262144 },
		{ "9223372036854775807", 0, UINT64_MAX },	/* the cap is the page below 2^63 */
		{ "9223372036854771712", 0, UINT64_MAX },	/* the first byte of that page */
		{ "9223372036854771711", 0, 2251799813685246 },
		{ "8E", 0, UINT64_MAX },
		{ "16E", 0, UINT64_MAX },
		{ "99999999999999999999", 0, UINT64_MAX },
		{ "", 0, 0 },				/* memparse finds no number: 0 */
		{ " \n", 0, 0 },
		{ "Max", -EINVAL, 0 },
		{ "MAX", -EINVAL, 0 },
		{ "max max", -EINVAL, 0 },
		{ "maxx", -EINVAL, 0 },
		{ "ma", -EINVAL, 0 },
		{ "m", -EINVAL, 0 },			/* no number in front of the suffix */
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1M source=zswap", -EINVAL, 0 },
		{ "1 M", -EINVAL, 0 },
		{ "1MB", -EINVAL, 0 },
		{ "1.5M", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "08", -EINVAL, 0 },
		{ "unlimited", -EINVAL, 0 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t pages = 4711;
		int rc = zsim_control_page_limit(rows[i].text, &pages);

		if (rc != rows[i].rc)
			fprintf(stderr, "\"%s\": %d, not %d\n", rows[i].text, rc, rows[i].rc);
		CU_ASSERT_EQUAL(rc, rows[i].rc);
		CU_ASSERT_EQUAL(pages, rc ? 4711 : rows[i].pages);
	}
}

static void writeback_bool(void)
{
	/* clang-format off */
	static const struct {
		const char *text;
		int rc;
		bool value;
	} rows[] = {
		{ "0", 0, false },
		{ "1", 0, true },
		{ " 1\n", 0, true },
		{ "+1", 0, true },
		{ "+0", 0, false },
		{ "-0", 0, false },
		{ "0x1", 0, true },
		{ "0X0", 0, false },
		{ "01", 0, true },
		{ "+0x01", 0, true },
		{ "0000000000000000000000000000000000001", 0, true },	/* no buffer to overrun */
		{ "", -EINVAL, false },
		{ "\n", -EINVAL, false },
		{ "2", -EINVAL, false },
		{ "-1", -EINVAL, false },
		{ "2147483647", -EINVAL, false },	/* an int, but not 0 or 1 */
		{ "-2147483648", -EINVAL, false },
		{ "2147483648", -ERANGE, false },
		{ "-2147483649", -ERANGE, false },
		{ "4294967297", -ERANGE, false },	/* 1 in the low 32 bits */
		{ "9223372036854775808", -ERANGE, false },
		{ "-9223372036854775809", -ERANGE, false },
		{ "18446744073709551617", -ERANGE, false },
		{ "-18446744073709551615", -ERANGE, false },	/* 1 modulo 2^64: kstrto* looks */
		{ "18446744073709551617x", -ERANGE, false },	/* 64 bits are checked first */
		{ "99999999999x", -EINVAL, false },	/* an int is checked last */
		{ "1x", -EINVAL, false },
		{ "1 1", -EINVAL, false },
		{ "1\n1", -EINVAL, false },
		{ "0x", -EINVAL, false },
		{ "08", -EINVAL, false },
		{ "1K", -EINVAL, false },
		{ "--1", -EINVAL, false },
		{ "+-1", -EINVAL, false },
		{ "-+1", -EINVAL, false },
		{ "++1", -EINVAL, false },
		{ "+", -EINVAL, false },
		{ "-", -EINVAL, false },
		{ "+ 1", -EINVAL, false },
		{ "Y", -EINVAL, false },		/* not one of the kernel's boolean words */
		{ "on", -EINVAL, false },
		{ "true", -EINVAL, false },
		{ "max", -EINVAL, false },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int before = 0; before < 2; before++) {
			bool value = before;
			int rc = zsim_control_bool(rows[i].text, &value);

			if (rc != rows[i].rc)
				fprintf(stderr, "\"%s\": %d, not %d\n", rows[i].text, rc,
					rows[i].rc);
			CU_ASSERT_EQUAL(rc, rows[i].rc);
			CU_ASSERT_EQUAL(value, rc ? before : rows[i].value);
		}
	}
}

/* clang-format off */
static const struct zsim_case cases[] = {
	ZSIM_CASE(reclaim_kernel_answers),
	ZSIM_CASE(reclaim_sizes),
	ZSIM_CASE(reclaim_keys),
	ZSIM_CASE(reclaim_without_source_key),
	ZSIM_CASE(reclaim_every_byte),
	ZSIM_CASE(page_limit),
	ZSIM_CASE(writeback_bool),
};
/* clang-format on */

ZSIM_SUITE_MAIN("control", cases)
