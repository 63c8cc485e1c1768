/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/control.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* PAGE_COUNTER_MAX of a 64-bit kernel: LONG_MAX / PAGE_SIZE */
#define LIMIT_MAX_PAGES ((uint64_t)INT64_MAX / ZSIM_PAGE_SIZE)
/* match_int() reads through a buffer for the longest octal number and its NUL */
#define KEY_NUMBER_MAX 23
#define SWAPPINESS_LARGEST 200

/* A piece of the text; the parsers take from its front. */
struct span {
	const char *at;
	const char *end;
};

static size_t span_len(struct span span)
{
	return (size_t)(span.end - span.at);
}

static char span_peek(struct span span, size_t i)
{
	return i < span_len(span) ? span.at[i] : '\0';
}

static bool span_is(struct span span, const char *text)
{
	return span_len(span) == strlen(text) && memcmp(span.at, text, span_len(span)) == 0;
}

static bool span_take_prefix(struct span *span, const char *prefix)
{
	size_t len = strlen(prefix);

	if (span_len(*span) < len || memcmp(span->at, prefix, len) != 0)
		return false;
	span->at += len;
	return true;
}

/* The kernel's ctype is Latin-1: the no-break space counts too. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

static void span_skip_space(struct span *span)
{
	while (span->at < span->end && is_space(*span->at))
		span->at++;
}

static struct span stripped(const char *text)
{
	struct span span = { text, text + strlen(text) };

	span_skip_space(&span);
	while (span.at < span.end && is_space(span.end[-1]))
		span.end--;
	return span;
}

/* Value of a digit, or a number that no base reaches. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return UINT_MAX;
}

/* Base 0: 0x counts only in front of a digit, otherwise its 0 is octal and x stays. */
static unsigned int take_base(struct span *span)
{
	if (span_peek(*span, 0) != '0')
		return 10;
	if ((span_peek(*span, 1) == 'x' || span_peek(*span, 1) == 'X') &&
	    digit_value(span_peek(*span, 2)) < 16) {
		span->at += 2;
		return 16;
	}
	return 8;
}

/*
 * Digits of an unsigned number. A value beyond 64 bits saturates, its digits
 * are taken all the same. Nothing is taken if there is no digit.
 *
 * Return: false if the value saturated.
 */
static bool take_number(struct span *span, uint64_t *value)
{
	unsigned int base = take_base(span);
	unsigned int digit;
	bool fits = true;

	*value = 0;
	while ((digit = digit_value(span_peek(*span, 0))) < base) {
		if (*value > (UINT64_MAX - digit) / base)
			fits = false;
		*value = fits ? *value * base + digit : UINT64_MAX;
		span->at++;
	}
	return fits;
}

static unsigned int suffix_shift(char c)
{
	static const char suffixes[] = "KkMmGgTtPpEe";
	const char *found = c ? strchr(suffixes, c) : NULL;

	return found ? 10 * ((unsigned int)(found - suffixes) / 2 + 1) : 0;
}

/* memparse(): a suffix counts only behind a number; no number takes nothing. */
static uint64_t take_size(struct span *span)
{
	const char *start = span->at;
	unsigned int shift;
	uint64_t value;

	take_number(span, &value);
	shift = span->at > start ? suffix_shift(span_peek(*span, 0)) : 0;
	if (!shift)
		return value;
	span->at++;
	return value > UINT64_MAX >> shift ? UINT64_MAX : value << shift;
}

/*
 * swappiness=N. The kernel reads N as a long, so that a minus sign negates
 * modulo 2^64 and needs no digit behind it: "-" is 0. It refuses what is longer
 * than its buffer, however many of the digits are zeros.
 */
static int swappiness_number(struct span value, int *swappiness)
{
	struct span rest = value;
	bool negative = span_take_prefix(&rest, "-");
	uint64_t number;

	take_number(&rest, &number);
	if (rest.at == value.at || rest.at < rest.end || span_len(value) > KEY_NUMBER_MAX)
		return -EINVAL;
	if (negative)
		number = 0 - number;
	if (number > SWAPPINESS_LARGEST)
		return -EINVAL;
	*swappiness = (int)number;
	return 0;
}

static int swappiness_parse(struct span value, struct zsim_reclaim_args *args)
{
	args->swappiness_given = true;
	if (!span_is(value, "max"))
		return swappiness_number(value, &args->swappiness);
	args->swappiness = ZSIM_SWAPPINESS_MAX;
	return 0;
}

static int source_parse(struct span value, struct zsim_reclaim_args *args)
{
	if (!span_is(value, "zswap"))
		return -EINVAL;
	args->source_zswap = true;
	return 0;
}

static const struct key {
	const char *prefix;
	int (*parse)(struct span value, struct zsim_reclaim_args *args);
	bool is_source;
} keys[] = {
	{ "swappiness=", swappiness_parse, false },
	{ "source=", source_parse, true },
};

static int key_parse(struct span token, bool source_key_known, struct zsim_reclaim_args *args)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct span value = token;

		if (keys[i].is_source && !source_key_known)
			continue;
		if (span_take_prefix(&value, keys[i].prefix))
			return keys[i].parse(value, args);
	}
	return -EINVAL;
}

/* Only a space separates; two of them have an empty token between, which is no key. */
static struct span take_token(struct span *span)
{
	const char *space = memchr(span->at, ' ', span_len(*span));
	struct span token = { span->at, space ? space : span->end };

	span->at = space ? space + 1 : span->end;
	return token;
}

static int keys_parse(struct span span, bool source_key_known, struct zsim_reclaim_args *args)
{
	while (span.at < span.end) {
		struct span token = take_token(&span);
		int err = 0;

		if (span_len(token))
			err = key_parse(token, source_key_known, args);
		if (err)
			return err;
	}
	return args->source_zswap && args->swappiness_given ? -EINVAL : 0;
}

int zsim_control_reclaim(const char *text, bool source_key_known, struct zsim_reclaim_args *args)
{
	struct span span = stripped(text);
	const char *start = span.at;
	struct zsim_reclaim_args parsed = { .bytes = take_size(&span) };
	int err;

	if (span.at == start)
		return -EINVAL;
	span_skip_space(&span);
	err = keys_parse(span, source_key_known, &parsed);
	if (!err)
		*args = parsed;
	return err;
}

int zsim_control_page_limit(const char *text, uint64_t *pages)
{
	struct span span = stripped(text);
	uint64_t count = UINT64_MAX;

	if (!span_is(span, "max")) {
		count = take_size(&span) / ZSIM_PAGE_SIZE;
		if (span.at < span.end)
			return -EINVAL;
	}
	*pages = count < LIMIT_MAX_PAGES ? count : UINT64_MAX;
	return 0;
}

/* A sign may stand before the base; the kernel looks at 64 bits before what follows. */
static int take_int(struct span span, int64_t *value)
{
	bool negative = span_take_prefix(&span, "-");
	const char *start;
	uint64_t number;
	bool fits;

	if (!negative)
		span_take_prefix(&span, "+");
	start = span.at;
	fits = take_number(&span, &number);
	if (!fits)
		return -ERANGE;
	if (span.at == start || span.at < span.end)
		return -EINVAL;
	if (number > (uint64_t)INT_MAX + negative)
		return -ERANGE;
	*value = negative ? -(int64_t)number : (int64_t)number;
	return 0;
}

int zsim_control_bool(const char *text, bool *value)
{
	int64_t number;
	int err = take_int(stripped(text), &number);

	if (err)
		return err;
	if (number != 0 && number != 1)
		return -EINVAL;
	*value = number == 1;
	return 0;
}
