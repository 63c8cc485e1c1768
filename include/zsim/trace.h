/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - traces in and out: one event at a time, whatever the format.
 *
 * A reader recognises text traces (`zsim-trace 1`), the text of a kernel's trace buffer
 * (both docs/trace-format.md) and binary traces (docs/binary-trace.md), each also
 * zstd-compressed, by their content. It holds one line, one block of input and the paths
 * of groups that page events name, however long the trace is. The lines of a binary trace
 * are its events, counted from 1.
 */
#ifndef ZSIM_TRACE_H
#define ZSIM_TRACE_H

#include <stdio.h>

#include <zsim/event.h>

#ifdef __cplusplus
extern "C" {
#endif

struct zsim_reader;

enum zsim_trace_format {
	ZSIM_FORMAT_TEXT,   /* *.trace */
	ZSIM_FORMAT_FTRACE, /* a kernel's trace buffer */
	ZSIM_FORMAT_BINARY, /* what docs/binary-trace.md describes */
};
ZSIM_API const char *zsim_trace_format_name(enum zsim_trace_format format);

/**
 * zsim_reader_open() - open a trace and find out its format
 * @path: a file, or "-" for standard input
 * @allocator: NULL = libc; must outlive the reader
 * @rd: set also on failure (but not on -ENOMEM), for zsim_reader_error()
 *
 * Return: 0, or -errno of opening, -EISDIR, -EBADMSG (empty, no known format,
 * damaged compression), -ENOMEM. The reader is closed with zsim_reader_close().
 */
ZSIM_API int zsim_reader_open(const char *path, const struct zsim_allocator *allocator,
			      struct zsim_reader **rd);

/**
 * zsim_reader_open_memory() - the same over bytes in memory
 * @name: what messages call it
 * @data: borrowed until zsim_reader_close()
 */
ZSIM_API int zsim_reader_open_memory(const char *name, const void *data, size_t size,
				     const struct zsim_allocator *allocator,
				     struct zsim_reader **rd);
/** zsim_reader_close() - takes NULL */
ZSIM_API void zsim_reader_close(struct zsim_reader *rd);

/**
 * zsim_reader_next() - the next event
 * @ev: filled on success; its strings belong to @rd until the next call
 *
 * Return: 1 = filled, 0 = clean end, -EBADMSG malformed input, -EIO the stream
 * failed, -ENOMEM. Errors are sticky; zsim_reader_error() tells the line.
 */
ZSIM_API int zsim_reader_next(struct zsim_reader *rd, struct zsim_event *ev);

/**
 * zsim_reader_ops() - the next events at once, as long as they are page events
 * @ops: room for @max
 *
 * They stand on lines that follow each other: the last one's is zsim_reader_line().
 * Return: how many were filled; 0: what comes next is another event, the end or an
 * error, which zsim_reader_next() tells. The two may be mixed as one likes.
 */
ZSIM_API uint32_t zsim_reader_ops(struct zsim_reader *rd, struct zsim_op *ops, uint32_t max);
/** zsim_reader_groups() - paths that ops have named so far; they are numbered from 0 on */
ZSIM_API uint32_t zsim_reader_groups(const struct zsim_reader *rd);
/** zsim_reader_group() - the path of a number below that; it lives as long as the reader */
ZSIM_API const char *zsim_reader_group(const struct zsim_reader *rd, uint32_t group);

/**
 * zsim_reader_error() - "FILE:LINE: what", or "FILE: event N: what", of the sticky error; ""
 * without one
 */
ZSIM_API const char *zsim_reader_error(const struct zsim_reader *rd);
ZSIM_API enum zsim_trace_format zsim_reader_format(const struct zsim_reader *rd);
/** zsim_reader_line() - number of the line read last */
ZSIM_API uint64_t zsim_reader_line(const struct zsim_reader *rd);
/** zsim_reader_progress() - bytes read of the file and its size (0 if unknown) */
ZSIM_API void zsim_reader_progress(const struct zsim_reader *rd, uint64_t *done, uint64_t *size);

/**
 * zsim_reader_algo() - the algorithm that the recorded kernel ran
 *
 * From the `algo` fact; else linux-7.3 for a 7.3 kernel, proactive-v5 for one
 * whose first four megabytes have events of the patch (one, wb, lru_ins), linux-7.2
 * for another 7.2; NULL when the trace does not say. Looks ahead and reads nothing away; to be
 * asked before the first zsim_reader_next().
 */
ZSIM_API const char *zsim_reader_algo(struct zsim_reader *rd);

/**
 * zsim_event_write() - an event as a line of a text trace, newline included
 *
 * Return: 0; -EIO; -ENOMEM for a line that is very long; or -EINVAL, with nothing written,
 * for what the format cannot spell (a blank in a path, a newline in a text, a group given
 * by its handle alone).
 */
ZSIM_API int zsim_event_write(FILE *out, const struct zsim_event *ev);

/* ---- traces out --------------------------------------------------------------- */

struct zsim_writer;

/**
 * zsim_writer_open() - a trace to be written
 * @out: borrowed until zsim_writer_close(), which neither flushes nor closes it: a full disk
 *	may show only then
 * @format: ZSIM_FORMAT_TEXT or ZSIM_FORMAT_BINARY
 * @zstd_level: 1..19 compresses; 0 does not
 * @allocator: NULL = libc; must outlive the writer
 * @w: set on success
 *
 * Return: 0, -ENOMEM, -EINVAL. Of the errors of the calls below, -EIO and -ENOMEM are
 * sticky; after -EINVAL, with nothing written, one may go on.
 */
ZSIM_API int zsim_writer_open(FILE *out, enum zsim_trace_format format, int zstd_level,
			      const struct zsim_allocator *allocator, struct zsim_writer **w);
/** zsim_writer_event() - any event; 0, -EIO, -ENOMEM, -EINVAL as zsim_event_write() */
ZSIM_API int zsim_writer_event(struct zsim_writer *w, const struct zsim_event *ev);
/** zsim_writer_comment() - a line for people, which only text has room for; 0, -EIO, -ENOMEM */
ZSIM_API int zsim_writer_comment(struct zsim_writer *w, const char *text);
/** zsim_writer_group() - the number by which ops name a path; 0, -EIO, -ENOMEM, -EINVAL */
ZSIM_API int zsim_writer_group(struct zsim_writer *w, const char *path, uint32_t *group);
/**
 * zsim_writer_op() - a page event, the short way
 * @op: its group is a number of zsim_writer_group()
 *
 * Return: 0, -EIO, -ENOMEM, -EINVAL for a field out of the range that struct zsim_op gives.
 */
ZSIM_API int zsim_writer_op(struct zsim_writer *w, const struct zsim_op *op);
/** zsim_writer_close() - the last bytes; takes NULL. 0, -EIO, -ENOMEM: the trace is not whole */
ZSIM_API int zsim_writer_close(struct zsim_writer *w);

#ifdef __cplusplus
}
#endif
#endif
