/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - a stream of lines from a file, standard input or memory.
 *
 * zstd-compressed input is recognised by its first bytes and decompressed on
 * the way. What is held is one block of text, and for a compressed input one
 * of raw bytes and zstd's window; a line longer than the block makes it grow.
 * The formats above know nothing of files, this knows nothing of formats.
 */
#ifndef ZSIM_TRACE_INPUT_H
#define ZSIM_TRACE_INPUT_H

#include "base/alloc.h"

/** Bytes that can be looked at before they are read, and the block's first size. */
#define ZSIM_INPUT_PEEK (4u << 20)
#define ZSIM_INPUT_LINE_MAX (16u << 20)
/** Bytes behind the last one that may be loaded with it; what they hold is not said. */
#define ZSIM_INPUT_SLACK 32

struct zsim_input;

/**
 * zsim_input_open() - open a file, or standard input for "-"
 * @in: set on success
 * @why: a static text on failure
 *
 * Return: 0, -errno of open(2), -EISDIR, -EIO, -ENOMEM.
 */
int zsim_input_open(struct zsim_input **in, const char *path, const struct zsim_allocator *a,
		    const char **why);
/** zsim_input_open_memory() - @data is borrowed until zsim_input_close(). 0 or -ENOMEM */
int zsim_input_open_memory(struct zsim_input **in, const void *data, size_t size,
			   const struct zsim_allocator *a, const char **why);
/** zsim_input_close() - takes NULL; standard input stays open */
void zsim_input_close(struct zsim_input *in);

/**
 * zsim_input_line() - the next line
 * @line: NUL-terminated, without its newline, writable; lives until the next call
 * @length: its bytes
 *
 * Lines before a damaged place are handed out before the error is, as far as
 * zstd gives them.
 * Return: 1, 0 at the end, -EBADMSG (damaged compression, NUL byte, line too
 * long), -EIO, -ENOMEM. Errors are sticky.
 */
int zsim_input_line(struct zsim_input *in, char **line, size_t *length);
/**
 * zsim_input_lines() - whole lines that come next, without reading them away
 * @data: lives until the next call
 *
 * Return: their bytes, the last newline included; 0 if what comes is a line without
 * one, too long a line, the end or an error, which zsim_input_line() tells.
 */
size_t zsim_input_lines(struct zsim_input *in, const char **data);
/**
 * zsim_input_peek() - the bytes that come next, without reading them away
 * @want: more than ZSIM_INPUT_PEEK makes the block grow
 * @data: lives until the next call
 *
 * Return: how many there are: at least @want, unless the input ends or fails before.
 */
size_t zsim_input_peek(struct zsim_input *in, size_t want, const char **data);
/**
 * zsim_input_take() - read away bytes that were looked at
 * @bytes: at most what zsim_input_lines() or zsim_input_peek() gave last
 * @lines: so many more have been given (zsim_input_number())
 */
void zsim_input_take(struct zsim_input *in, size_t bytes, uint64_t lines);
/** zsim_input_failed() - why peek gave less than was wanted: 0 the end, or the error, sticky now */
int zsim_input_failed(struct zsim_input *in);
/** zsim_input_why() - static text of the error, "" without one */
const char *zsim_input_why(const struct zsim_input *in);
/** zsim_input_cut() - the line given last has no newline: it may be the beginning of one */
bool zsim_input_cut(const struct zsim_input *in);
/** zsim_input_number() - of the line given last, or of the one that could not be; from 1 */
uint64_t zsim_input_number(const struct zsim_input *in);
/** zsim_input_progress() - bytes read of the file as it is stored, and its size (0: unknown) */
void zsim_input_progress(const struct zsim_input *in, uint64_t *done, uint64_t *size);

#endif
