/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sniff.h - what the first bytes of a trace tell about it.
 */
#ifndef ZSIM_TRACE_SNIFF_H
#define ZSIM_TRACE_SNIFF_H

#include <zsim/trace.h>

/**
 * zsim_sniff_format() - the format of a trace that begins with these bytes
 *
 * Return: enum zsim_trace_format; -ENOENT none of them; -EINVAL a text trace
 * with comments before its header.
 */
int zsim_sniff_format(const char *data, size_t n);

/**
 * zsim_sniff_algo() - which algorithm the recorded kernel ran (zsim_reader_algo())
 * @data: of a binary trace, what stands behind its header
 * @name: @size bytes; empty when the bytes do not say
 */
void zsim_sniff_algo(enum zsim_trace_format format, const char *data, size_t n, char *name,
		     size_t size);

#endif
