/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writer.c - traces out: events as lines or as records of a binary trace.
 */
#include <errno.h>
#include <string.h>

#include "trace/binary_writer.h"
#include "trace/output.h"
#include "trace/path_table.h"
#include "trace/slot.h"
#include "trace/trace_writer.h"

/**
 * struct zsim_writer - a trace that is being written
 * @binary: unused for text
 * @line: the line that is being made
 * @error: sticky
 */
struct zsim_writer {
	const struct zsim_allocator *alloc;
	enum zsim_trace_format format;
	struct zsim_output *out;
	struct zsim_binary_writer binary;
	struct zsim_path_table paths;
	struct zsim_bytes line;
	int error;
};

static bool is_binary(const struct zsim_writer *w)
{
	return w->format == ZSIM_FORMAT_BINARY;
}

/* of bytes on their way out, an error is the end of the trace */
static int sticky(struct zsim_writer *w, int ret)
{
	if (ret == -EIO || ret == -ENOMEM)
		w->error = ret;
	return ret;
}

/* ---- opening and closing ---------------------------------------------------------------- */

static void writer_free(struct zsim_writer *w)
{
	zsim_binary_writer_destroy(&w->binary);
	zsim_path_table_destroy(&w->paths);
	zsim_bytes_destroy(&w->line);
	zsim_dealloc(w->alloc, w);
}

static int head_write(struct zsim_writer *w)
{
	static const char head[] = "zsim-trace 1\n";

	if (is_binary(w))
		return zsim_binary_writer_init(&w->binary, w->out, w->alloc);
	return zsim_output_add(w->out, head, sizeof(head) - 1);
}

int zsim_writer_open(FILE *out, enum zsim_trace_format format, int zstd_level,
		     const struct zsim_allocator *allocator, struct zsim_writer **writer)
{
	const struct zsim_allocator *a = allocator ? allocator : zsim_allocator_libc();
	struct zsim_writer *w;
	int ret;

	if (format != ZSIM_FORMAT_TEXT && format != ZSIM_FORMAT_BINARY)
		return -EINVAL;
	w = zsim_zalloc(a, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->alloc = a;
	w->format = format;
	zsim_path_table_init(&w->paths, a);
	zsim_bytes_init(&w->line, a, NULL, 0);
	zsim_bytes_init(&w->binary.block, a, NULL, 0);
	ret = zsim_output_open(&w->out, out, zstd_level, a);
	if (!ret)
		/* a stream that cannot be written is told by the calls that write */
		ret = sticky(w, head_write(w)) == -ENOMEM ? -ENOMEM : 0;
	if (ret) {
		zsim_output_close(w->out);
		writer_free(w);
		return ret;
	}
	*writer = w;
	return 0;
}

int zsim_writer_close(struct zsim_writer *w)
{
	int closed;
	int ret;

	if (!w)
		return 0;
	ret = w->error;
	if (!ret && is_binary(w))
		ret = zsim_binary_write_end(&w->binary);
	closed = zsim_output_close(w->out);
	writer_free(w);
	return ret ? ret : closed;
}

/* ---- page events -------------------------------------------------------------------------- */

/* what a record can hold, and a reader takes */
static bool op_fits(const struct zsim_writer *w, const struct zsim_op *op)
{
	if (!zsim_slot_fits(op->slot))
		return false;
	if (op->type != ZSIM_EV_STORE)
		return op->type == ZSIM_EV_LOAD || op->type == ZSIM_EV_INVALIDATE;
	return op->group < w->paths.list.size && op->node < ZSIM_MAX_NODES && op->length &&
	       op->length <= ZSIM_PAGE_SIZE;
}

int zsim_writer_group(struct zsim_writer *w, const char *path, uint32_t *group)
{
	size_t n = strlen(path);
	uint32_t known = w->paths.list.size;
	int ret;

	if (w->error)
		return w->error;
	if (zsim_path_fault(path, n) || path[strcspn(path, " \t\n")])
		return -EINVAL;
	ret = sticky(w, zsim_path_table_add(&w->paths, path, n, group));
	if (!ret && *group == known && is_binary(w))
		ret = sticky(w, zsim_binary_write_path(&w->binary, path, n));
	return ret;
}

static int line_write(struct zsim_writer *w, const struct zsim_event *ev)
{
	int ret;

	w->line.n = 0;
	ret = zsim_event_line(&w->line, ev);
	if (ret)
		return sticky(w, ret);
	if (is_binary(w))
		return sticky(w, zsim_binary_write_line(&w->binary, w->line.data, w->line.n - 1));
	return sticky(w, zsim_output_add(w->out, w->line.data, w->line.n));
}

int zsim_writer_op(struct zsim_writer *w, const struct zsim_op *op)
{
	struct zsim_event ev = {
		.type = (enum zsim_event_type)op->type,
		.slot = op->slot,
		.node = op->node,
		.nr = 1,
		.length = &op->length,
	};

	if (w->error)
		return w->error;
	if (!op_fits(w, op))
		return -EINVAL;
	if (is_binary(w))
		return sticky(w, zsim_binary_write_op(&w->binary, op));
	if (op->type == ZSIM_EV_STORE)
		ev.path = zsim_path_table_at(&w->paths, op->group);
	return line_write(w, &ev);
}

/* ---- events -------------------------------------------------------------------------------- */

/* whether it is a page event, and @op that */
static bool op_of_event(struct zsim_writer *w, const struct zsim_event *ev, struct zsim_op *op)
{
	if (ev->type != ZSIM_EV_STORE && ev->type != ZSIM_EV_LOAD && ev->type != ZSIM_EV_INVALIDATE)
		return false;
	if (ev->actor || ev->expect.kind != ZSIM_RESULT_NONE)
		return false;
	*op = (struct zsim_op){ .slot = ev->slot, .type = (uint8_t)ev->type };
	if (ev->type != ZSIM_EV_STORE)
		return op_fits(w, op);
	if (!ev->path || ev->nr != 1 || !ev->length || ev->node >= ZSIM_MAX_NODES ||
	    zsim_writer_group(w, ev->path, &op->group))
		return false;
	op->node = (uint8_t)ev->node;
	op->length = ev->length[0];
	return op_fits(w, op);
}

int zsim_writer_event(struct zsim_writer *w, const struct zsim_event *ev)
{
	struct zsim_op op;

	if (w->error)
		return w->error;
	if (is_binary(w) && op_of_event(w, ev, &op))
		return sticky(w, zsim_binary_write_op(&w->binary, &op));
	return w->error ? w->error : line_write(w, ev);
}

int zsim_writer_comment(struct zsim_writer *w, const char *text)
{
	if (w->error)
		return w->error;
	if (is_binary(w))
		return 0;
	w->line.n = 0;
	zsim_bytes_add_string(&w->line, "# ");
	for (; *text; text++)
		zsim_bytes_add_char(&w->line, (unsigned char)*text < ' ' ? '?' : *text);
	zsim_bytes_add_char(&w->line, '\n');
	if (w->line.failed)
		return sticky(w, -ENOMEM);
	return sticky(w, zsim_output_add(w->out, w->line.data, w->line.n));
}
