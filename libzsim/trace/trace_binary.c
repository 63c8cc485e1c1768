/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_binary.c - the reader of binary traces, docs/binary-trace.md.
 *
 * A block stays where the input has it until it is used up. Page events are decoded
 * there by a table that tells for each control byte what to load and what of it to
 * keep, without a branch on what the bytes are; other events are lines of a text trace
 * and go to its parser.
 */
#include <errno.h>
#include <string.h>

#include "trace/binary_format.h"
#include "trace/reader.h"
#include "trace/text_line.h"

#define SLOT_OFFSET_MASK ((UINT64_C(1) << ZSIM_SLOT_TYPE_SHIFT) - 1)
/* bits that no slot has; the offset UINT32_MAX alone is wrong without one of them */
#define SLOT_NEVER (UINT64_C(1) << 63 | (SLOT_OFFSET_MASK & ~(uint64_t)UINT32_MAX))

/**
 * struct shape - what a control byte says about the bytes behind it
 * @slot_mask: bits of the slot that are given; the others are those of the slot before
 * @group_mask, @group_keep: the same for the number of the path, all or nothing
 * @store: all ones for a store: what is no store has neither path nor node
 * @bytes: of the record; 0 = this is no page event
 * @rest: where the length stands
 */
struct shape {
	uint64_t slot_mask;
	uint32_t group_mask;
	uint32_t group_keep;
	uint32_t store;
	uint16_t length_mask;
	uint8_t node_mask;
	uint8_t node_keep;
	uint8_t group_shift;
	uint8_t bytes;
	uint8_t rest;
	uint8_t type;
};

/**
 * struct binary - the parser's state
 * @text: state of the parser of lines
 * @p, @end: records of the block that are still to come, where the input has them
 * @held: bytes of that block, which the input still has
 * @due: events of it that are still to come
 * @slot, @group, @node: of the page event before, 0 where a block begins
 * @block: blocks read; @total: events of those and of this one
 * @ended: the end block was read
 * @error, @why: sticky
 * @line: the line of the event given last, @room bytes
 */
struct binary {
	const struct zsim_allocator *alloc;
	struct zsim_text text;
	struct shape shapes[256];
	const unsigned char *p;
	const unsigned char *end;
	size_t held;
	uint32_t due;
	uint32_t group;
	uint64_t slot;
	uint8_t node;
	uint64_t block;
	uint64_t total;
	bool ended;
	int error;
	const char *why;
	char *line;
	size_t room;
};

static struct shape shape_of(unsigned int control)
{
	unsigned int type = control & 3;
	unsigned int slot = control >> 2 & 7;
	unsigned char record[ZSIM_BINARY_OP_MAX] = { (unsigned char)control };
	struct shape s = { .type = ZSIM_EV_LOAD, .group_keep = UINT32_MAX, .node_keep = 0xff };

	s.bytes = (uint8_t)zsim_binary_record_bytes(record, record + sizeof(record));
	if (type == ZSIM_BINARY_OTHER || !s.bytes)
		return (struct shape){ .bytes = 0 };
	s.slot_mask = zsim_binary_mask(zsim_binary_slot_bytes[slot]);
	s.rest = (uint8_t)(1 + zsim_binary_slot_bytes[slot]);
	if (type == ZSIM_BINARY_INVALIDATE)
		s.type = ZSIM_EV_INVALIDATE;
	if (type != ZSIM_BINARY_STORE)
		return s;
	s.type = ZSIM_EV_STORE;
	s.store = UINT32_MAX;
	s.length_mask = UINT16_MAX;
	s.node_mask = control >> 7 ? 0xff : 0;
	s.node_keep = (uint8_t)~s.node_mask;
	s.group_shift = control >> 7 ? 24 : 16;
	s.group_mask = (uint32_t)zsim_binary_mask(zsim_binary_group_bytes[control >> 5 & 3]);
	s.group_keep = s.group_mask ? 0 : UINT32_MAX;
	return s;
}

static void *binary_create(const struct zsim_allocator *a)
{
	struct binary *b = zsim_zalloc(a, sizeof(*b));

	if (!b)
		return NULL;
	b->alloc = a;
	b->text.header = true;
	for (unsigned int i = 0; i < 256; i++)
		b->shapes[i] = shape_of(i);
	return b;
}

static void binary_free(const struct zsim_allocator *a, void *state)
{
	struct binary *b = state;

	if (b)
		zsim_dealloc(a, b->line);
	zsim_dealloc(a, b);
}

static int binary_fail(struct binary *b, int err, const char *why)
{
	b->error = err;
	b->why = why;
	return err;
}

/* bytes are missing: the input failed, or it is cut */
static int input_fail(struct binary *b, struct zsim_input *in)
{
	int err = zsim_input_failed(in);

	if (err)
		return binary_fail(b, err, zsim_input_why(in));
	return binary_fail(b, -EBADMSG, "the trace is cut off: its end is missing");
}

/* ---- header and blocks ----------------------------------------------------------------- */

static int binary_header(void *state, struct zsim_input *in, const char **why)
{
	struct binary *b = state;
	const unsigned char *p;
	const char *data;
	size_t n = zsim_input_peek(in, ZSIM_BINARY_HEADER, &data);

	p = (const unsigned char *)data;
	*why = "damaged header of a binary trace";
	if (n < ZSIM_BINARY_HEADER) {
		int err = input_fail(b, in);

		*why = b->why;
		return err;
	}
	if (zsim_binary_load(p + 12, 4) != (uint32_t)zsim_binary_checksum(p, 12, 0))
		return -EBADMSG;
	*why = "binary trace of another version than 1, which alone is known here";
	if (zsim_binary_load(p + 8, 2) != ZSIM_BINARY_VERSION || zsim_binary_load(p + 10, 2))
		return -EBADMSG;
	zsim_input_take(in, ZSIM_BINARY_HEADER, 0);
	return 0;
}

static int end_reach(struct binary *b, struct zsim_input *in, const struct zsim_binary_block *block)
{
	const char *data;

	if (block->events || block->total != b->total)
		return binary_fail(b, -EBADMSG,
				   "the number of events is not the one that the end tells");
	if (zsim_input_peek(in, block->size + 1, &data) > block->size)
		return binary_fail(b, -EBADMSG, "bytes behind the end of the trace");
	if (zsim_input_failed(in))
		return input_fail(b, in);
	zsim_input_take(in, block->size, 0);
	b->ended = true;
	return 0;
}

/* 1 the next block is there, 0 the end, or an error */
static int block_open(struct binary *b, struct zsim_input *in)
{
	struct zsim_binary_block block;
	size_t want = ZSIM_BINARY_BLOCK;
	const char *data;
	size_t have;
	int ret;

	zsim_input_take(in, b->held, 0);
	b->held = 0;
	for (;;) {
		have = zsim_input_peek(in, want, &data);
		ret = zsim_binary_block_check(data, have, b->block, &block, &b->why);
		if (ret <= 0)
			break;
		if ((size_t)ret <= want)
			return input_fail(b, in);
		want = (size_t)ret;
	}
	if (ret < 0)
		return binary_fail(b, ret, b->why);
	if (block.end)
		return end_reach(b, in, &block);
	b->block++;
	b->held = block.size;
	b->p = block.payload;
	b->end = block.payload + block.bytes;
	b->due = block.events;
	b->total += block.events;
	b->slot = 0;
	b->group = 0;
	b->node = 0;
	return 1;
}

/* the record at @p gives a path the next number */
static int path_define(struct binary *b, struct zsim_path_table *paths)
{
	size_t bytes = zsim_binary_record_bytes(b->p, b->end);
	const char *path = (const char *)b->p + ZSIM_BINARY_PATH_HEAD;
	uint32_t known = paths->list.size;
	uint32_t number;
	size_t n;

	if (!bytes)
		return binary_fail(b, -EBADMSG, "a path goes beyond its block");
	n = bytes - ZSIM_BINARY_PATH_HEAD;
	for (size_t i = 0; i < n; i++)
		if (path[i] == ' ' || path[i] == '\t' || path[i] == '\n' || !path[i])
			return binary_fail(b, -EBADMSG, "a path has a blank");
	if (zsim_path_fault(path, n))
		return binary_fail(b, -EBADMSG, "a path is none");
	if (zsim_path_table_add(paths, path, n, &number))
		return binary_fail(b, -ENOMEM, "out of memory");
	if (number != known)
		return binary_fail(b, -EBADMSG, "a path is given a second number");
	b->p += bytes;
	return 0;
}

/* go to the next record that is an event: 1, 0 = there is none, or an error */
static int event_reach(struct binary *b, struct zsim_input *in, struct zsim_path_table *paths)
{
	int ret = 1;

	if (b->error)
		return b->error;
	while (!b->ended) {
		if (b->p == b->end) {
			if (b->due)
				return binary_fail(b, -EBADMSG, "the block has too few events");
			ret = block_open(b, in);
		} else if (*b->p == ZSIM_BINARY_PATH) {
			ret = path_define(b, paths);
		} else if (b->due) {
			return 1;
		} else {
			return binary_fail(b, -EBADMSG, "the block has too many events");
		}
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* ---- events ------------------------------------------------------------------------------ */

/* as many page events as follow each other; at most @max */
static uint32_t ops_decode(struct binary *b, uint32_t groups, struct zsim_op *ops, uint32_t max)
{
	const unsigned char *p = b->p;
	const unsigned char *end = b->end;
	uint64_t slot = b->slot;
	uint32_t group = b->group;
	uint8_t node = b->node;
	uint32_t n;

	for (n = 0; n < max && p < end; n++) {
		const struct shape *s = &b->shapes[*p];
		uint64_t rest = zsim_binary_load64(p + s->rest);
		uint64_t new_slot = (slot & ~s->slot_mask) |
				    (zsim_binary_load64(p + 1) & s->slot_mask);
		uint32_t new_group = (group & s->group_keep) |
				     ((uint32_t)(rest >> s->group_shift) & s->group_mask);
		uint8_t new_node =
			(uint8_t)((node & s->node_keep) | ((uint8_t)(rest >> 16) & s->node_mask));
		uint16_t length = (uint16_t)rest & s->length_mask;

		if (!s->bytes || s->bytes > end - p)
			break;
		/* one branch that is never taken, instead of one for each field */
		if (((new_slot & SLOT_NEVER) != 0) | ((uint32_t)new_slot == UINT32_MAX) |
		    (s->store & ((new_group >= groups) | (new_node >= ZSIM_MAX_NODES) |
				 ((uint16_t)(length - 1) >= ZSIM_PAGE_SIZE))))
			break;
		slot = new_slot;
		group = new_group;
		node = new_node;
		ops[n] = (struct zsim_op){
			.slot = slot,
			.group = group & s->store,
			.length = length,
			.node = node & (uint8_t)s->store,
			.type = s->type,
		};
		p += s->bytes;
	}
	b->p = p;
	b->slot = slot;
	b->group = group;
	b->node = node;
	b->due -= n;
	return n;
}

static uint32_t binary_ops(void *state, struct zsim_input *in, struct zsim_path_table *paths,
			   struct zsim_op *ops, uint32_t max)
{
	struct binary *b = state;
	uint32_t got = 0;
	uint32_t n;

	while (got < max && event_reach(b, in, paths) == 1) {
		n = max - got < b->due ? max - got : b->due;
		n = ops_decode(b, paths->list.size, ops + got, n);
		if (!n)
			break;
		got += n;
	}
	if (got)
		b->text.events = true;
	zsim_input_take(in, 0, got);
	return got;
}

/* a copy of the line at @p, which the parser may cut up */
static int line_copy(struct binary *b, const char *p, size_t n)
{
	char *line = b->line;

	if (memchr(p, '\0', n) || memchr(p, '\n', n))
		return binary_fail(b, -EBADMSG, "a line has a newline or a zero byte");
	if (n >= b->room) {
		line = zsim_realloc(b->alloc, line, 2 * n + 64);
		if (!line)
			return binary_fail(b, -ENOMEM, "out of memory");
		b->line = line;
		b->room = 2 * n + 64;
	}
	memcpy(line, p, n);
	line[n] = '\0';
	return 0;
}

/* what ops_decode() and path_define() leave is a line, or it is wrong */
static int binary_next(void *state, struct zsim_input *in, struct zsim_path_table *paths,
		       struct zsim_event *ev, const char **why)
{
	struct binary *b = state;
	int ret = event_reach(b, in, paths);
	size_t bytes;
	size_t n;

	*why = b->why;
	if (ret <= 0)
		return ret;
	bytes = zsim_binary_record_bytes(b->p, b->end);
	*why = "unknown record, or one that goes beyond its block";
	if (!bytes)
		return -EBADMSG;
	*why = "slot beyond the device, or a path, node or length that is none";
	if (*b->p != ZSIM_BINARY_TEXT)
		return -EBADMSG;
	n = bytes - ZSIM_BINARY_TEXT_HEAD;
	ret = line_copy(b, (const char *)b->p + ZSIM_BINARY_TEXT_HEAD, n);
	*why = b->why;
	if (ret)
		return ret;
	ret = zsim_format_text.line(&b->text, b->line, n, zsim_input_number(in) + 1, ev, why);
	if (!ret)
		*why = "a line without an event";
	if (ret <= 0)
		return ret ? ret : -EBADMSG;
	b->p += bytes;
	b->due--;
	zsim_input_take(in, 0, 1);
	return 1;
}

const struct zsim_format zsim_format_binary = {
	.format = ZSIM_FORMAT_BINARY,
	.create = binary_create,
	.free = binary_free,
	.open = binary_header,
	.next = binary_next,
	.ops = binary_ops,
};
