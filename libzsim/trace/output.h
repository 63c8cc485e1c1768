/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - bytes into a stream, perhaps compressed on the way: input.h's counterpart.
 */
#ifndef ZSIM_TRACE_OUTPUT_H
#define ZSIM_TRACE_OUTPUT_H

#include <stdio.h>

#include "base/alloc.h"

struct zsim_output;

#define ZSIM_OUTPUT_LEVEL_MAX 19

/**
 * zsim_output_open() - @file: borrowed; @zstd_level: 1..19, 0 = as they are. 0, -ENOMEM, -EINVAL
 */
int zsim_output_open(struct zsim_output **out, FILE *file, int zstd_level,
		     const struct zsim_allocator *a);
/** zsim_output_add() - 0, -EIO, -ENOMEM; errors are sticky */
int zsim_output_add(struct zsim_output *out, const void *data, size_t n);
/** zsim_output_close() - the last bytes; takes NULL. 0, or the error: not all was written */
int zsim_output_close(struct zsim_output *out);

#endif
