/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * number.h - numbers as traces and command lines spell them, read strictly.
 *
 * Unlike strtoull(): the whole slice must be the number, no blank or sign is
 * skipped, nothing wraps, no leading 0 makes it octal, and no locale matters.
 */
#ifndef ZSIM_BASE_NUMBER_H
#define ZSIM_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/**
 * zsim_number_parse() - decimal, or hex after 0x
 * @s: slice of @n bytes
 * @value: set on success only
 *
 * Return: 0, -EINVAL no number, -ERANGE beyond 64 bits.
 */
int zsim_number_parse(const char *s, size_t n, uint64_t *value);
/** zsim_number_parse_size() - the same, and one of K M G (either case) may follow */
int zsim_number_parse_size(const char *s, size_t n, uint64_t *value);
/** zsim_number_parse_signed() - the same without suffix, and one - may precede */
int zsim_number_parse_signed(const char *s, size_t n, int64_t *value);

#endif
