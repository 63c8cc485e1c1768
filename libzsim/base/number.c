/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/number.h"

#include <errno.h>

static unsigned int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 16;
}

static int hex_parse(const char *s, size_t n, uint64_t *value)
{
	uint64_t sum = 0;
	int ret = n ? 0 : -EINVAL;

	for (size_t i = 0; i < n; i++) {
		unsigned int digit = hex_digit(s[i]);

		if (digit > 15)
			return -EINVAL;
		if (sum >> 60)
			ret = -ERANGE;
		sum = sum << 4 | digit;
	}
	if (!ret)
		*value = sum;
	return ret;
}

static int decimal_parse(const char *s, size_t n, uint64_t *value)
{
	uint64_t sum = 0;
	int ret = n ? 0 : -EINVAL;

	for (size_t i = 0; i < n; i++) {
		unsigned int digit = (unsigned int)(unsigned char)s[i] - '0';

		if (digit > 9)
			return -EINVAL;
		if (sum > (UINT64_MAX - digit) / 10)
			ret = -ERANGE;
		sum = sum * 10 + digit;
	}
	if (!ret)
		*value = sum;
	return ret;
}

int zsim_number_parse(const char *s, size_t n, uint64_t *value)
{
	if (n >= 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return hex_parse(s + 2, n - 2, value);
	return decimal_parse(s, n, value);
}

static unsigned int suffix_shift(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	}
	return 0;
}

int zsim_number_parse_size(const char *s, size_t n, uint64_t *value)
{
	unsigned int shift = n ? suffix_shift(s[n - 1]) : 0;
	uint64_t base;
	int ret = zsim_number_parse(s, n - (shift ? 1 : 0), &base);

	if (ret)
		return ret;
	if (base > UINT64_MAX >> shift)
		return -ERANGE;
	*value = base << shift;
	return 0;
}

int zsim_number_parse_signed(const char *s, size_t n, int64_t *value)
{
	const uint64_t limit = (uint64_t)INT64_MAX;
	int negative = n && s[0] == '-';
	uint64_t base;
	int ret = zsim_number_parse(s + negative, n - (size_t)negative, &base);

	if (ret)
		return ret;
	if (base > limit + (uint64_t)negative)
		return -ERANGE;
	/* the other order would overflow at INT64_MIN */
	*value = negative && base ? -(int64_t)(base - 1) - 1 : (int64_t)base;
	return 0;
}
