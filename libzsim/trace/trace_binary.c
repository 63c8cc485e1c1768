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
#include "trace/slot.h"
#include "trace/text_line.h"

/*
 * What a store has besides its slot, as one number: the group in bits 0 to 31, the length
 * in 32 to 47, the node in 48 to 55. That is also the second half of a struct zsim_op.
 */
#define REST_LENGTH 32
#define REST_NODE 48
#define REST_TYPE 56
/* at the beginning of a block; the length only keeps a load from being taken for wrong */
#define REST_START (UINT64_C(1) << REST_LENGTH)
/*
 * bits that are set in (rest - REST_START) if the length is not in 1..4096, or the node not below
 * 64
 */
#define REST_WRONG (UINT64_C(0xc0f000) << REST_LENGTH)
/* bits that are set in (slot + 1) if zsim_slot_fits() not */
#define SLOT_WRONG (UINT64_C(1) << 63 | (ZSIM_SLOT_OFFSET_MASK & ~(uint64_t)UINT32_MAX))

/**
 * struct shape - what a control byte says about the bytes behind it
 * @slot: bits of the slot that are given; the others are those of the slot before
 * @keep: bits of the rest that are those of the store before
 * @shown: bits of the rest that the event has: all of a store, none of others
 * @type: of the event, where the rest has it
 * @group: bits of the group that are given
 * @tail: bits of length and node that are given, behind the group's @shift bits
 * @at: where the rest stands
 */
struct shape {
	uint64_t slot;
	uint64_t keep;
	uint64_t shown;
	uint64_t type;
	uint32_t group;
	uint32_t tail;
	uint8_t shift;
	uint8_t at;
};

/**
 * struct binary - the parser's state
 * @text: state of the parser of lines
 * @bytes: of a page event's record, by its control byte; 0 = it is none. Apart from the
 *	shapes, since where the next record begins is what the one after it waits for
 * @p, @end: records of the block that are still to come, where the input has them
 * @held: bytes of that block, which the input still has
 * @due: events of it that are still to come
 * @slot: of the page event before, @rest: of the store before, in this block
 * @block: blocks read; @total: events of those and of this one
 * @ended: the end block was read
 * @error, @why: sticky
 * @line: the line of the event given last, @room bytes
 */
struct binary {
	const struct zsim_allocator *alloc;
	struct zsim_text text;
	struct shape shapes[256];
	uint8_t bytes[256];
	const unsigned char *p;
	const unsigned char *end;
	size_t held;
	uint32_t due;
	uint64_t slot;
	uint64_t rest;
	uint64_t block;
	uint64_t total;
	bool ended;
	int error;
	const char *why;
	char *line;
	size_t room;
};

static void shape_store(struct shape *s, unsigned int control)
{
	unsigned int group = zsim_binary_group_bytes[control >> 5 & 3];
	unsigned int node = control >> 7;

	s->group = (uint32_t)zsim_binary_mask(group);
	s->shift = (uint8_t)(8 * group);
	s->tail = (uint32_t)zsim_binary_mask(2 + node);
	s->keep = (group ? 0 : UINT32_MAX) | (node ? 0 : UINT64_C(0xff) << REST_NODE);
	s->shown = UINT64_MAX;
	s->type = (uint64_t)ZSIM_EV_STORE << REST_TYPE;
}

static struct shape shape_of(unsigned int control)
{
	unsigned int slot = zsim_binary_slot_bytes[control >> 2 & 7];
	struct shape s = {
		.slot = zsim_binary_mask(slot),
		.keep = UINT64_MAX,
		.at = (uint8_t)(1 + slot),
	};

	if ((control & 3) == ZSIM_BINARY_STORE)
		shape_store(&s, control);
	else if ((control & 3) == ZSIM_BINARY_LOAD)
		s.type = (uint64_t)ZSIM_EV_LOAD << REST_TYPE;
	else
		s.type = (uint64_t)ZSIM_EV_INVALIDATE << REST_TYPE;
	return s;
}

static void *binary_create(const struct zsim_allocator *a)
{
	struct binary *b = zsim_zalloc(a, sizeof(*b));

	if (!b)
		return NULL;
	b->alloc = a;
	b->text.header = true;
	zsim_text_init(&b->text);
	for (unsigned int i = 0; i < 256; i++) {
		b->bytes[i] = zsim_binary_op_bytes((uint8_t)i);
		if (b->bytes[i])
			b->shapes[i] = shape_of(i);
	}
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
	b->rest = REST_START;
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

/* as many page events as follow each other; at most @max. There are @groups paths, at least one */
static uint32_t ops_decode(struct binary *b, uint32_t groups, struct zsim_op *ops, uint32_t max)
{
	const unsigned char *p = b->p;
	const unsigned char *end = b->end;
	const struct zsim_op *full = ops + max;
	struct zsim_op *op;
	uint64_t old_slot = b->slot;
	uint64_t old_rest = b->rest;

	for (op = ops; op < full; op++) {
		const struct shape *s = &b->shapes[*p];
		unsigned int bytes = b->bytes[*p];
		uint64_t slot = (old_slot & ~s->slot) | (zsim_binary_load64(p + 1) & s->slot);
		uint64_t rest = zsim_binary_load64(p + s->at);
		uint64_t shown;

		rest = (old_rest & s->keep) | (rest & s->group) |
		       (rest >> s->shift & s->tail) << REST_LENGTH;
		if (bytes - 1u >= (size_t)(end - p))
			break;
		/* never so, hence without a price */
		if (((slot + 1) & SLOT_WRONG) | ((rest - REST_START) & REST_WRONG))
			break;
		if ((uint32_t)rest >= groups)
			break;
		old_slot = slot;
		old_rest = rest;
		shown = (rest & s->shown) | s->type;
		op->slot = slot;
		op->group = (uint32_t)shown;
		op->length = (uint16_t)(shown >> REST_LENGTH);
		op->node = (uint8_t)(shown >> REST_NODE);
		op->type = (uint8_t)(shown >> REST_TYPE);
		p += bytes;
	}
	b->p = p;
	b->slot = old_slot;
	b->rest = old_rest;
	b->due -= (uint32_t)(op - ops);
	return (uint32_t)(op - ops);
}

static uint32_t binary_ops(void *state, struct zsim_input *in, struct zsim_path_table *paths,
			   struct zsim_op *ops, uint32_t max)
{
	struct binary *b = state;
	uint32_t got = 0;
	uint32_t n;

	while (got < max && event_reach(b, in, paths) == 1) {
		/* a store before the first path would name none */
		if (!paths->list.size && (*b->p & 3) == ZSIM_BINARY_STORE)
			break;
		n = max - got < b->due ? max - got : b->due;
		if (paths->list.size)
			n = ops_decode(b, paths->list.size, ops + got, n);
		else
			n = ops_decode(b, 1, ops + got, 1);
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
