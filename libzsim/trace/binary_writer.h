/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binary_writer.h - records into the blocks of a binary trace (binary_format.h).
 */
#ifndef ZSIM_TRACE_BINARY_WRITER_H
#define ZSIM_TRACE_BINARY_WRITER_H

#include <zsim/event.h>

#include "trace/bytes.h"
#include "trace/output.h"

/**
 * struct zsim_binary_writer - a trace that is being written
 * @block: header and payload of the block that is being filled
 * @events: in it; @total: in the blocks before
 * @number: of the block
 * @slot, @group, @node: of the page event before, 0 where a block begins
 */
struct zsim_binary_writer {
	struct zsim_output *out;
	struct zsim_bytes block;
	uint32_t events;
	uint32_t group;
	uint64_t number;
	uint64_t total;
	uint64_t slot;
	uint8_t node;
};

/** zsim_binary_writer_init() - and write the header. All of these: 0, -EIO, -ENOMEM */
int zsim_binary_writer_init(struct zsim_binary_writer *w, struct zsim_output *out,
			    const struct zsim_allocator *a);
/** zsim_binary_writer_destroy() - writes nothing */
void zsim_binary_writer_destroy(struct zsim_binary_writer *w);
/** zsim_binary_write_op() - a page event; what a reader refuses is the caller's business */
int zsim_binary_write_op(struct zsim_binary_writer *w, const struct zsim_op *op);
/** zsim_binary_write_line() - an event as a line without its newline; -EINVAL: it is too long */
int zsim_binary_write_line(struct zsim_binary_writer *w, const char *line, size_t n);
/** zsim_binary_write_path() - give a path the next number */
int zsim_binary_write_path(struct zsim_binary_writer *w, const char *path, size_t n);
/** zsim_binary_write_end() - the last block, and the end block */
int zsim_binary_write_end(struct zsim_binary_writer *w);

#endif
