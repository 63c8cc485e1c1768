/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.c - what a trace is, and its events one after the other.
 *
 * Between the lines of an input and the parser of a format: finds the format
 * out, keeps the first error for good, and knows where it was.
 */
#include <errno.h>
#include <string.h>

#include "trace/input.h"
#include "trace/reader.h"
#include "trace/sniff.h"

/** Enough for the first line of any trace; more would only keep a slow pipe waiting. */
#define SNIFF_BYTES 4096
#define WHY_BYTES 320
/* of a parser: @ev is filled, and it wants the same call again (reader.h) */
#define MORE 2

/**
 * struct zsim_reader - an open trace, or one that could not be opened
 * @error: "FILE:LINE: what", @error_size bytes; made room for at the start, since
 *	running out of memory is told there too
 * @sticky: the error that @error tells
 * @line, @length: the line that the parser has
 * @more: the parser has more events of @line, or of the end
 * @ended: the format's end() was called
 * @algo: the algorithm that was found; @algo_known: it was looked for
 * @paths: of page events; @op: the one given as an event
 */
struct zsim_reader {
	const struct zsim_allocator *alloc;
	const struct zsim_format *format;
	void *state;
	struct zsim_input *in;
	char *name;
	char *error;
	size_t error_size;
	int sticky;
	char *line;
	size_t length;
	bool more;
	bool ended;
	bool algo_known;
	char algo[64];
	struct zsim_path_table paths;
	struct zsim_op op;
};

static const struct zsim_format *const formats[] = {
	[ZSIM_FORMAT_TEXT] = &zsim_format_text,
	[ZSIM_FORMAT_FTRACE] = &zsim_format_ftrace,
	[ZSIM_FORMAT_BINARY] = &zsim_format_binary,
};

static int reader_fail(struct zsim_reader *rd, int err, const char *why)
{
	rd->sticky = err;
	snprintf(rd->error, rd->error_size, "%s: %s", rd->name, why);
	return err;
}

static int line_fail(struct zsim_reader *rd, int err, const char *why)
{
	bool binary = rd->format == &zsim_format_binary;

	rd->sticky = err;
	snprintf(rd->error, rd->error_size, "%s:%s%llu: %s", rd->name, binary ? " event " : "",
		 (unsigned long long)zsim_input_number(rd->in) + binary, why);
	return err;
}

/* none of the formats: there is nothing, it is damaged, or it is something else */
static int format_fail(struct zsim_reader *rd, int sniffed)
{
	char *line;
	size_t n;
	int ret;

	if (sniffed == -EINVAL)
		return reader_fail(rd, -EBADMSG,
				   "not a trace: a comment stands before "
				   "`zsim-trace 1`, which must be the first line");
	do {
		ret = zsim_input_line(rd->in, &line, &n);
		if (ret < 0)
			return line_fail(rd, ret, zsim_input_why(rd->in));
		if (!ret)
			return reader_fail(rd, -EBADMSG, "empty file");
	} while (strspn(line, " \t\r") == n);
	return reader_fail(rd, -EBADMSG,
			   "not a trace: neither begins with `zsim-trace 1` nor is "
			   "it the text of a kernel's trace buffer");
}

static int format_find(struct zsim_reader *rd)
{
	const char *data;
	size_t n = zsim_input_peek(rd->in, SNIFF_BYTES, &data);
	int format = zsim_sniff_format(data, n);

	if (format < 0)
		return format_fail(rd, format);
	rd->format = formats[format];
	return 0;
}

/* ---- opening -------------------------------------------------------------------------- */

static struct zsim_reader *reader_create(const char *name, const struct zsim_allocator *a)
{
	struct zsim_reader *rd;

	if (!a)
		a = zsim_allocator_libc();
	rd = zsim_zalloc(a, sizeof(*rd));
	if (!rd)
		return NULL;
	rd->alloc = a;
	rd->format = formats[ZSIM_FORMAT_TEXT];
	zsim_path_table_init(&rd->paths, a);
	rd->name = zsim_strdup(a, name);
	rd->error_size = strlen(name) + WHY_BYTES;
	rd->error = zsim_zalloc(a, rd->error_size);
	if (rd->name && rd->error)
		return rd;
	zsim_reader_close(rd);
	return NULL;
}

/* sniffed to be there; read at once, so that a wrong version is an error of opening */
static int header_read(struct zsim_reader *rd)
{
	struct zsim_event ev;
	const char *why = "";
	bool blank;
	char *line;
	size_t n;
	int ret;

	do {
		ret = zsim_input_line(rd->in, &line, &n);
		if (ret < 0)
			return line_fail(rd, ret, zsim_input_why(rd->in));
		blank = strspn(line, " \t") == n;
		ret = rd->format->line(rd->state, line, n, zsim_input_number(rd->in), &ev, &why);
		if (ret < 0)
			return line_fail(rd, ret, why);
	} while (blank);
	return 0;
}

static int format_start(struct zsim_reader *rd)
{
	const char *why = "";
	int ret = format_find(rd);

	if (ret)
		return ret;
	rd->state = rd->format->create(rd->alloc);
	if (!rd->state)
		return -ENOMEM;
	if (rd->format == &zsim_format_text)
		return header_read(rd);
	ret = rd->format->open ? rd->format->open(rd->state, rd->in, &why) : 0;
	return ret ? reader_fail(rd, ret, why) : 0;
}

/* a reader is handed out with its error, except for want of memory */
static int reader_finish(struct zsim_reader *reader, int ret, const char *why,
			 struct zsim_reader **rd)
{
	if (ret && ret != -ENOMEM)
		reader_fail(reader, ret, why);
	if (!ret)
		ret = format_start(reader);
	if (ret == -ENOMEM) {
		zsim_reader_close(reader);
		reader = NULL;
	}
	*rd = reader;
	return ret;
}

int zsim_reader_open(const char *path, const struct zsim_allocator *allocator,
		     struct zsim_reader **rd)
{
	struct zsim_reader *new =
		reader_create(strcmp(path, "-") ? path : "(standard input)", allocator);
	const char *why = "";
	int ret;

	*rd = NULL;
	if (!new)
		return -ENOMEM;
	ret = zsim_input_open(&new->in, path, new->alloc, &why);
	return reader_finish(new, ret, why, rd);
}

int zsim_reader_open_memory(const char *name, const void *data, size_t size,
			    const struct zsim_allocator *allocator, struct zsim_reader **rd)
{
	struct zsim_reader *new = reader_create(name, allocator);
	const char *why = "";
	int ret;

	*rd = NULL;
	if (!new)
		return -ENOMEM;
	ret = zsim_input_open_memory(&new->in, data, size, new->alloc, &why);
	return reader_finish(new, ret, why, rd);
}

void zsim_reader_close(struct zsim_reader *rd)
{
	if (!rd)
		return;
	rd->format->free(rd->alloc, rd->state);
	zsim_path_table_destroy(&rd->paths);
	zsim_input_close(rd->in);
	zsim_dealloc(rd->alloc, rd->error);
	zsim_dealloc(rd->alloc, rd->name);
	zsim_dealloc(rd->alloc, rd);
}

/* ---- events --------------------------------------------------------------------------- */

/* what a parser returned: MORE of the same line or end is as good as one event */
static int event_result(struct zsim_reader *rd, int ret, const char *why)
{
	if (ret < 0)
		return line_fail(rd, ret, why);
	rd->more = ret == MORE;
	return ret ? 1 : 0;
}

static int end_read(struct zsim_reader *rd, struct zsim_event *ev)
{
	const char *why = "out of memory";

	if (rd->ended && !rd->more)
		return 0;
	rd->ended = true;
	return event_result(rd, rd->format->end(rd->state, ev, &why), why);
}

/* a capture may end in the middle of a line, whose numbers may be cut as well */
static bool is_cut(const struct zsim_reader *rd)
{
	return rd->format == formats[ZSIM_FORMAT_FTRACE] && !rd->more && zsim_input_cut(rd->in);
}

uint32_t zsim_reader_ops(struct zsim_reader *rd, struct zsim_op *ops, uint32_t max)
{
	if (rd->sticky || rd->ended || !rd->format->ops)
		return 0;
	return rd->format->ops(rd->state, rd->in, &rd->paths, ops, max);
}

uint32_t zsim_reader_groups(const struct zsim_reader *rd)
{
	return rd->paths.list.size;
}

const char *zsim_reader_group(const struct zsim_reader *rd, uint32_t group)
{
	return zsim_path_table_at(&rd->paths, group);
}

/* the next event, if it is a page event, at full length */
static bool op_next(struct zsim_reader *rd, struct zsim_event *ev)
{
	const char *path;

	if (!zsim_reader_ops(rd, &rd->op, 1))
		return false;
	path = rd->op.type == ZSIM_EV_STORE ? zsim_path_table_at(&rd->paths, rd->op.group) : NULL;
	zsim_op_event(&rd->op, path, zsim_input_number(rd->in), ev);
	return true;
}

/* of a format that is not made of lines */
static int event_next(struct zsim_reader *rd, struct zsim_event *ev)
{
	const char *why = "";
	int ret = rd->format->next(rd->state, rd->in, &rd->paths, ev, &why);

	return ret < 0 ? line_fail(rd, ret, why) : ret;
}

int zsim_reader_next(struct zsim_reader *rd, struct zsim_event *ev)
{
	const char *why = "out of memory";
	int ret;

	if (rd->sticky)
		return rd->sticky;
	if (op_next(rd, ev))
		return 1;
	if (rd->format->next)
		return event_next(rd, ev);
	if (rd->ended)
		return end_read(rd, ev);
	do {
		ret = rd->more ? 1 : zsim_input_line(rd->in, &rd->line, &rd->length);
		if (ret < 0)
			return line_fail(rd, ret, zsim_input_why(rd->in));
		if (!ret || is_cut(rd))
			return end_read(rd, ev);
		ret = rd->format->line(rd->state, rd->line, rd->length, zsim_input_number(rd->in),
				       ev, &why);
		ret = event_result(rd, ret, why);
	} while (!ret);
	return ret;
}

const char *zsim_reader_error(const struct zsim_reader *rd)
{
	return rd->error;
}

enum zsim_trace_format zsim_reader_format(const struct zsim_reader *rd)
{
	return rd->format->format;
}

uint64_t zsim_reader_line(const struct zsim_reader *rd)
{
	return rd->in ? zsim_input_number(rd->in) : 0;
}

void zsim_reader_progress(const struct zsim_reader *rd, uint64_t *done, uint64_t *size)
{
	*done = 0;
	*size = 0;
	if (rd->in)
		zsim_input_progress(rd->in, done, size);
}

/* a block of a binary trace, once begun, is where looking ahead would move it */
static bool may_look_ahead(const struct zsim_reader *rd)
{
	return rd->in && !rd->sticky && (!rd->format->next || !zsim_input_number(rd->in));
}

const char *zsim_reader_algo(struct zsim_reader *rd)
{
	const char *data;
	size_t n;

	/* facts come first in a trace: this must be asked before the events are read */
	if (!rd->algo_known && may_look_ahead(rd)) {
		n = zsim_input_peek(rd->in, ZSIM_INPUT_PEEK, &data);
		zsim_sniff_algo(rd->format->format, data, n, rd->algo, sizeof(rd->algo));
	}
	rd->algo_known = true;
	return *rd->algo ? rd->algo : NULL;
}
