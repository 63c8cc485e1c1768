/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binary traces: layout, both ways without a loss, and damage of every kind.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <zsim/trace.h>

#include "support/blob.h"
#include "support/fail_alloc.h"
#include "support/suite.h"
#include "trace/binary_format.h"

#define DOC ZSIM_TESTS "/../docs/binary-trace.md"

/* the example of the documentation */
static const char example[] = "zsim-trace 1\n"
			      "machine nodes=2 ram=1000\n"
			      "mkdir /a\n"
			      "store 1 /a 0 1000\n"
			      "store 2 /a 1 300\n"
			      "load 1 = 0\n"
			      "load 2\n"
			      "invalidate 2\n";
#define EXAMPLE_EVENTS 7

static struct blob example_binary(void)
{
	return blob_convert(example, strlen(example), ZSIM_FORMAT_BINARY, 0);
}

/* ---- blocks that a test writes itself ------------------------------------------------------ */

static void add_header(struct blob *b, unsigned int version, unsigned int flags)
{
	unsigned char h[ZSIM_BINARY_HEADER] = ZSIM_BINARY_MAGIC;

	zsim_binary_store(h + 8, version, 2);
	zsim_binary_store(h + 10, flags, 2);
	zsim_binary_store(h + 12, zsim_binary_checksum(h, 12, 0), 4);
	blob_add(b, h, sizeof(h));
}

static void add_block(struct blob *b, uint64_t number, const void *payload, size_t n,
		      uint32_t events)
{
	unsigned char head[ZSIM_BINARY_BLOCK];
	size_t start = b->size;

	zsim_binary_store(head + 8, n, 4);
	zsim_binary_store(head + 12, events, 4);
	blob_add(b, head, sizeof(head));
	blob_add(b, payload, n);
	zsim_binary_store((unsigned char *)b->data + start,
			  zsim_binary_checksum(b->data + start + 8, b->size - start - 8, number),
			  8);
}

static void add_end(struct blob *b, uint64_t number, uint64_t total)
{
	unsigned char end[ZSIM_BINARY_END] = { 0 };

	zsim_binary_store(end + 16, total, 8);
	zsim_binary_store(end, zsim_binary_checksum(end + 8, 16, number), 8);
	blob_add(b, end, sizeof(end));
}

/* read to the end; events before it, and the last return in @ret */
static uint64_t read_events(struct zsim_reader *rd, int *ret)
{
	struct zsim_event ev;
	uint64_t n = 0;

	while ((*ret = zsim_reader_next(rd, &ev)) == 1)
		CU_ASSERT_EQUAL(ev.line, ++n);
	return n;
}

/* the trace @b gives @events events and then @error, however it is read; frees @b */
static void refused(struct blob b, uint64_t events, const char *error)
{
	struct zsim_op ops[64];
	struct zsim_event ev;
	struct zsim_reader *rd;
	uint64_t n = 0;
	int ret;

	rd = blob_open(&b, "t");
	CU_ASSERT_EQUAL(read_events(rd, &ret), events);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	if (strcmp(zsim_reader_error(rd), error))
		printf("\n  got      %s\n  expected %s\n", zsim_reader_error(rd), error);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), error);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	zsim_reader_close(rd);

	rd = blob_open(&b, "t");
	do {
		n += zsim_reader_ops(rd, ops, 64);
		ret = zsim_reader_next(rd, &ev);
		n += ret == 1;
	} while (ret == 1);
	CU_ASSERT_EQUAL(n, events);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 64), 0);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), error);
	zsim_reader_close(rd);
	blob_free(&b);
}

/* a trace of one block with a right checksum and these records */
static struct blob one_block(const void *payload, size_t n, uint32_t events)
{
	struct blob b = { 0 };

	add_header(&b, 1, 0);
	add_block(&b, 0, payload, n, events);
	add_end(&b, 1, events);
	return b;
}

#define RECORDS(bytes, events) one_block(bytes, sizeof(bytes) - 1, events)
#define PATH_A "\x08\x02\x00/a"

/* ---- the documentation ---------------------------------------------------------------------- */

/* what stands between the two fences behind "## Example": hex digits at the start of lines */
static struct blob doc_hex(const char *doc)
{
	const char *p = strstr(doc, "```\n");
	struct blob b = { 0 };
	unsigned int byte;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	for (p += 4; strncmp(p, "```", 3); p++) {
		while (isxdigit((unsigned char)*p) && sscanf(p, "%2x", &byte) == 1) {
			unsigned char c = (unsigned char)byte;

			blob_add(&b, &c, 1);
			p += p[2] == ' ' ? 3 : 2;
		}
		p = strchr(p, '\n');
		CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	}
	return b;
}

static void the_documents_example(void)
{
	struct blob doc = blob_file(DOC);
	struct blob written = example_binary();
	struct blob hex;
	char line[128];
	const char *p;

	blob_add(&doc, "", 1);
	p = strstr(doc.data, "## Example");
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	hex = doc_hex(p);
	CU_ASSERT_EQUAL(hex.size, written.size);
	CU_ASSERT(hex.size == written.size && !memcmp(hex.data, written.data, hex.size));
	/* and the text is the one that is shown there */
	for (const char *s = example; *s; s = strchr(s, '\n') + 1) {
		snprintf(line, sizeof(line), "\t%.*s\n", (int)strcspn(s, "\n"), s);
		p = strstr(p, line);
		CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	}
	blob_free(&hex);
	blob_free(&written);
	blob_free(&doc);
}

/* ---- both ways ------------------------------------------------------------------------------- */

/* @text in its usual form, as binary and back, plain and compressed */
static void goes_round(const char *name, const struct blob *text)
{
	struct blob usual = blob_convert(text->data, text->size, ZSIM_FORMAT_TEXT, 0);
	struct blob binary = blob_convert(text->data, text->size, ZSIM_FORMAT_BINARY, 0);
	struct blob packed = blob_convert(usual.data, usual.size, ZSIM_FORMAT_BINARY, 3);
	struct blob back = blob_convert(binary.data, binary.size, ZSIM_FORMAT_TEXT, 0);
	struct blob unpacked = blob_convert(packed.data, packed.size, ZSIM_FORMAT_TEXT, 1);
	struct blob again = blob_convert(unpacked.data, unpacked.size, ZSIM_FORMAT_BINARY, 0);

	if (!blob_equal(&usual, &back) || !blob_equal(&binary, &again))
		printf("\n%s does not come back as it was\n", name);
	CU_ASSERT(blob_equal(&usual, &back));
	CU_ASSERT(blob_equal(&binary, &again));
	CU_ASSERT(usual.size > 13);
	blob_free(&usual);
	blob_free(&binary);
	blob_free(&packed);
	blob_free(&back);
	blob_free(&unpacked);
	blob_free(&again);
}

static void traces_go_round(void)
{
	static const char *const patterns[] = {
		ZSIM_TRACES "/*.trace",
		ZSIM_TRACES "/museum/*.trace",
		ZSIM_TRACES "/captured/*/short.ftrace.zst",
		ZSIM_TRACES "/captured/patched-7.2/tree.ftrace.zst",
		ZSIM_TESTS "/fuzz/corpus/*.trace",
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct blob_files files = blob_files(patterns[i]);

		CU_ASSERT(files.nr > 0);
		for (size_t k = 0; k < files.nr; k++) {
			struct blob text = blob_file(files.path[k]);

			goes_round(files.path[k], &text);
			blob_free(&text);
		}
		blob_files_free(&files);
	}
}

/* a line that no block of the usual size holds, between others */
static void a_long_line(void)
{
	struct blob text = { 0 };

	blob_add(&text, example, strlen(example));
	blob_add(&text, "write /a memory.max ", 20);
	for (int i = 0; i < 200000; i++)
		blob_add(&text, &"0123456789"[i % 10], 1);
	blob_add(&text, "\nload 7\n", 8);
	goes_round("a long line", &text);
	blob_free(&text);
}

/* no event at all, and none but paths */
static void nothing(void)
{
	struct blob b = blob_convert("zsim-trace 1\n", 13, ZSIM_FORMAT_BINARY, 0);
	struct zsim_reader *rd = blob_open(&b, "t");
	struct zsim_event ev;
	struct zsim_op op;

	CU_ASSERT_EQUAL(b.size, ZSIM_BINARY_HEADER + ZSIM_BINARY_END);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, &op, 1), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, &op, 1), 0);
	CU_ASSERT_EQUAL(zsim_reader_format(rd), ZSIM_FORMAT_BINARY);
	zsim_reader_close(rd);
	blob_free(&b);

	b = RECORDS(PATH_A, 0);
	rd = blob_open(&b, "t");
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_groups(rd), 1);
	CU_ASSERT_STRING_EQUAL(zsim_reader_group(rd, 0), "/a");
	zsim_reader_close(rd);
	blob_free(&b);
}

/* ---- page events --------------------------------------------------------------------------- */

#define OPS 40000
#define PATHS 70000

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* slots near and far, of several devices; groups and nodes that stay and that change */
static struct zsim_op random_op(uint64_t *seed, const struct zsim_op *before)
{
	static const unsigned int bits[] = { 1, 4, 8, 12, 16, 20, 24, 28, 32 };
	uint64_t offset = next_random(seed) & ((UINT64_C(1) << bits[next_random(seed) % 9]) - 1);
	struct zsim_op op = { .type = ZSIM_EV_STORE };

	if (offset > ZSIM_SLOT_OFFSET_MAX)
		offset = ZSIM_SLOT_OFFSET_MAX;
	op.slot = offset;
	if (!(next_random(seed) % 8))
		op.slot |= next_random(seed) % ZSIM_MAX_SWAP_DEVICES << ZSIM_SLOT_TYPE_SHIFT;
	if (!(next_random(seed) % 8))
		op.slot = before->slot;
	if (next_random(seed) % 2) {
		op.type = next_random(seed) % 2 ? ZSIM_EV_LOAD : ZSIM_EV_INVALIDATE;
		return op;
	}
	op.group = (uint32_t)(next_random(seed) % (next_random(seed) % 2 ? 3 : PATHS));
	op.node = (uint8_t)(next_random(seed) % (next_random(seed) % 2 ? 1 : ZSIM_MAX_NODES));
	op.length = (uint16_t)(1 + next_random(seed) % ZSIM_PAGE_SIZE);
	return op;
}

static struct zsim_op *random_ops(void)
{
	static const struct zsim_op edges[] = {
		{ .type = ZSIM_EV_LOAD, .slot = ZSIM_SLOT_OFFSET_MAX },
		{ .type = ZSIM_EV_STORE, .length = 1 },
		{ .type = ZSIM_EV_STORE, .length = 4096, .node = 63, .group = PATHS - 1 },
		{ .type = ZSIM_EV_INVALIDATE,
		  .slot = UINT64_C(31) << ZSIM_SLOT_TYPE_SHIFT | ZSIM_SLOT_OFFSET_MAX },
	};
	struct zsim_op *ops = calloc(OPS, sizeof(*ops));
	uint64_t seed = 20260131;

	if (!ops)
		abort();
	memcpy(ops, edges, sizeof(edges));
	for (int i = 4; i < OPS; i++)
		ops[i] = random_op(&seed, &ops[i - 1]);
	return ops;
}

static struct blob ops_written(const struct zsim_op *ops, enum zsim_trace_format format)
{
	struct blob_writer bw = blob_writer_open(format, 0);
	uint32_t group;
	char path[32];

	for (uint32_t i = 0; i < PATHS; i++) {
		snprintf(path, sizeof(path), "/p/%" PRIu32, i);
		CU_ASSERT_EQUAL(zsim_writer_group(bw.w, path, &group), 0);
		CU_ASSERT_EQUAL_FATAL(group, i);
	}
	for (int i = 0; i < OPS; i++)
		CU_ASSERT_EQUAL_FATAL(zsim_writer_op(bw.w, &ops[i]), 0);
	return blob_writer_close(&bw);
}

static bool op_is(struct zsim_reader *rd, const struct zsim_op *got, const struct zsim_op *op)
{
	char path[32];

	snprintf(path, sizeof(path), "/p/%" PRIu32, op->group);
	if (got->type != op->type || got->slot != op->slot)
		return false;
	if (op->type != ZSIM_EV_STORE)
		return !got->group && !got->length && !got->node;
	return got->length == op->length && got->node == op->node &&
	       got->group < zsim_reader_groups(rd) &&
	       !strcmp(zsim_reader_group(rd, got->group), path);
}

static bool event_is(const struct zsim_event *ev, const struct zsim_op *op)
{
	char path[32];

	snprintf(path, sizeof(path), "/p/%" PRIu32, op->group);
	if ((int)ev->type != op->type || ev->slot != op->slot || ev->actor ||
	    ev->expect.kind != ZSIM_RESULT_NONE)
		return false;
	if (op->type != ZSIM_EV_STORE)
		return !ev->path && !ev->nr;
	return ev->nr == 1 && ev->length[0] == op->length && ev->node == op->node &&
	       !strcmp(ev->path, path);
}

/* batches of @max, and every so often one event alone */
static void ops_come_back(const struct blob *b, const struct zsim_op *ops, uint32_t max,
			  uint64_t line)
{
	struct zsim_reader *rd = blob_open(b, "t");
	struct zsim_op got[256];
	struct zsim_event ev;
	uint32_t at = 0;
	uint32_t n;

	while ((n = zsim_reader_ops(rd, got, max))) {
		CU_ASSERT_FATAL(n <= max && at + n <= OPS);
		for (uint32_t i = 0; i < n; i++)
			CU_ASSERT_FATAL(op_is(rd, &got[i], &ops[at + i]));
		at += n;
		CU_ASSERT_EQUAL(zsim_reader_line(rd), at + line);
		if (at % 5 || at == OPS)
			continue;
		CU_ASSERT_EQUAL_FATAL(zsim_reader_next(rd, &ev), 1);
		CU_ASSERT_FATAL(event_is(&ev, &ops[at]));
		CU_ASSERT_EQUAL(ev.line, ++at + line);
	}
	CU_ASSERT_EQUAL(at, OPS);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, got, max), 0);
	zsim_reader_close(rd);
}

static void page_events_of_every_size(void)
{
	static const uint32_t batches[] = { 1, 2, 7, 256 };
	struct zsim_op *ops = random_ops();
	struct blob binary = ops_written(ops, ZSIM_FORMAT_BINARY);
	struct blob text = ops_written(ops, ZSIM_FORMAT_TEXT);
	struct blob once = blob_convert(binary.data, binary.size, ZSIM_FORMAT_TEXT, 0);

	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		ops_come_back(&binary, ops, batches[i], 0);
		ops_come_back(&text, ops, batches[i], 1);
	}
	CU_ASSERT(blob_equal(&text, &once));
	blob_free(&once);
	blob_free(&text);
	blob_free(&binary);
	free(ops);
}

/* bytes that a page event takes, alone and behind its like */
static void how_small_they_are(void)
{
	static const struct zsim_op ops[] = {
		{ .type = ZSIM_EV_LOAD, .slot = 0 },					     /* 1 */
		{ .type = ZSIM_EV_LOAD, .slot = 255 },					     /* 2 */
		{ .type = ZSIM_EV_LOAD, .slot = 256 },					     /* 3 */
		{ .type = ZSIM_EV_LOAD, .slot = 65536 },				     /* 4 */
		{ .type = ZSIM_EV_LOAD, .slot = 1 << 24 },				     /* 5 */
		{ .type = ZSIM_EV_LOAD, .slot = UINT64_C(1) << ZSIM_SLOT_TYPE_SHIFT },	     /* 9 */
		{ .type = ZSIM_EV_INVALIDATE, .slot = UINT64_C(1) << ZSIM_SLOT_TYPE_SHIFT }, /* 1 */
	};
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct blob b;

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &ops[i]), 0);
	b = blob_writer_close(&bw);
	CU_ASSERT_EQUAL(b.size, ZSIM_BINARY_HEADER + ZSIM_BINARY_BLOCK +
					(1 + 2 + 3 + 4 + 5 + 9 + 1) + ZSIM_BINARY_END);
	blob_free(&b);
}

/* "before" begins anew in each block: in none is the node or group of the one before it missed */
static void blocks_stand_alone(void)
{
	struct zsim_op op = { .type = ZSIM_EV_STORE, .node = 5, .length = 9 };
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct zsim_op got;
	struct zsim_reader *rd;
	struct blob b;

	CU_ASSERT_EQUAL(zsim_writer_group(bw.w, "/other", &op.group), 0);
	CU_ASSERT_EQUAL(zsim_writer_group(bw.w, "/this", &op.group), 0);
	op.slot = 77;
	for (int i = 0; i < 60000; i++)
		CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &op), 0);
	b = blob_writer_close(&bw);
	CU_ASSERT(b.size > 2 * ZSIM_BINARY_PAYLOAD);
	rd = blob_open(&b, "t");
	for (int i = 0; i < 60000; i++) {
		CU_ASSERT_EQUAL_FATAL(zsim_reader_ops(rd, &got, 1), 1);
		CU_ASSERT_FATAL(got.slot == 77 && got.node == 5 && got.group == op.group);
	}
	zsim_reader_close(rd);
	blob_free(&b);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* whatever @b is: no more events than the example has, and a reason in one line */
static void ends_in_an_error(const struct blob *b)
{
	struct zsim_reader *rd = NULL;
	int ret = zsim_reader_open_memory("t", b->data, b->size, NULL, &rd);

	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	if (!ret)
		CU_ASSERT(read_events(rd, &ret) <= EXAMPLE_EVENTS);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	CU_ASSERT_EQUAL(strncmp(zsim_reader_error(rd), "t:", 2), 0);
	CU_ASSERT(strlen(zsim_reader_error(rd)) > 10);
	zsim_reader_close(rd);
}

static void every_byte_changed(void)
{
	struct blob b = example_binary();

	for (size_t i = 0; i < b.size; i++) {
		char was = b.data[i];

		for (int bit = 0; bit < 8; bit++) {
			b.data[i] = (char)(was ^ 1 << bit);
			ends_in_an_error(&b);
		}
		b.data[i] = (char)~was;
		ends_in_an_error(&b);
		b.data[i] = was;
	}
	blob_free(&b);
}

static void cut_everywhere(void)
{
	struct blob b = example_binary();
	size_t size = b.size;

	for (b.size = 0; b.size < size; b.size++)
		ends_in_an_error(&b);
	blob_add(&b, "x", 1);
	refused(b, EXAMPLE_EVENTS, "t: event 8: bytes behind the end of the trace");
}

static void cut_with_a_reason(void)
{
	struct blob b = example_binary();

	b.size -= ZSIM_BINARY_END;
	refused(b, EXAMPLE_EVENTS, "t: event 8: the trace is cut off: its end is missing");
	b = example_binary();
	b.size -= ZSIM_BINARY_END + 1;
	refused(b, 0, "t: event 1: the trace is cut off: its end is missing");
	b = example_binary();
	b.data[ZSIM_BINARY_HEADER + 40] ^= 1;
	refused(b, 0, "t: event 1: damaged block: wrong checksum");
	b = example_binary();
	b.data[ZSIM_BINARY_HEADER + 11] = 1; /* its length, far too large */
	refused(b, 0, "t: event 1: damaged block: its length is wrong");
}

/* the compression is cut, and says so; what came before it is whole */
static void cut_while_compressed(void)
{
	struct blob b = blob_convert(example, strlen(example), ZSIM_FORMAT_BINARY, 1);
	struct zsim_reader *rd;
	int ret;

	b.size--; /* of the frame's checksum */
	rd = blob_open(&b, "t");
	CU_ASSERT_EQUAL(read_events(rd, &ret), EXAMPLE_EVENTS);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t: event 8: truncated zstd data");
	zsim_reader_close(rd);
	blob_free(&b);
}

/* so is a block whose bytes end with the compression */
static void cut_in_a_compressed_block(void)
{
	struct zsim_op op = { .type = ZSIM_EV_LOAD };
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 1);
	uint64_t seed = 7;
	struct blob b;
	struct zsim_reader *rd;
	uint64_t n;
	int ret;

	for (int i = 0; i < 100000; i++) {
		op.slot = next_random(&seed) & UINT16_MAX;
		CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &op), 0);
	}
	b = blob_writer_close(&bw);
	b.size = b.size * 3 / 4;
	rd = blob_open(&b, "t");
	n = read_events(rd, &ret);
	CU_ASSERT(n > 0 && n < 100000);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL(strstr(zsim_reader_error(rd), ": truncated zstd data"));
	zsim_reader_close(rd);
	blob_free(&b);
}

static void not_opened(struct blob b, const char *error)
{
	struct zsim_reader *rd = NULL;

	CU_ASSERT_EQUAL(zsim_reader_open_memory("t", b.data, b.size, NULL, &rd), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), error);
	zsim_reader_close(rd);
	blob_free(&b);
}

static void headers(void)
{
	static const char other[] =
		"t: binary trace of another version than 1, which alone is known here";
	struct blob b = { 0 };

	add_header(&b, 2, 0);
	add_end(&b, 0, 0);
	not_opened(b, other);
	b = (struct blob){ 0 };
	add_header(&b, 1, 1);
	not_opened(b, other);
	b = example_binary();
	b.data[14] ^= 1;
	not_opened(b, "t: damaged header of a binary trace");
	b = example_binary();
	b.size = ZSIM_BINARY_MAGIC_BYTES;
	not_opened(b, "t: the trace is cut off: its end is missing");
}

/* blocks that are each whole, and make no trace together */
static void blocks_in_disorder(void)
{
	struct blob b = { 0 };

	add_header(&b, 1, 0);
	add_block(&b, 0, "\x06\x01", 2, 1);
	add_block(&b, 0, "\x06\x02", 2, 1); /* the first once more, as it were */
	add_end(&b, 2, 2);
	refused(b, 1, "t: event 2: damaged block: wrong checksum");
	b = (struct blob){ 0 };
	add_header(&b, 1, 0);
	add_block(&b, 0, "\x06\x01", 2, 1);
	add_end(&b, 1, 2);
	refused(b, 1, "t: event 2: the number of events is not the one that the end tells");
	refused(RECORDS("\x06\x01", 2), 1, "t: event 2: the block has too few events");
	refused(RECORDS("\x06\x01\x06\x02", 1), 1, "t: event 2: the block has too many events");
}

/* ---- records that are wrong though the checksum is right ------------------------------------ */

#define UNKNOWN "t: event 1: unknown record, or one that goes beyond its block"
#define WRONG "t: event 1: slot beyond the device, or a path, node or length that is none"

static void unknown_records(void)
{
	refused(RECORDS("\x00", 1), 0, UNKNOWN);
	refused(RECORDS("\x0c\x00\x00", 1), 0, UNKNOWN);
	refused(RECORDS("\x1a\x01\x02\x03\x04\x05\x06\x07\x08", 1), 0, UNKNOWN); /* slot 6 */
	refused(RECORDS("\x1e\x01\x02\x03\x04\x05\x06\x07\x08", 1), 0, UNKNOWN); /* slot 7 */
	refused(RECORDS("\x22", 1), 0, UNKNOWN); /* a load with a group */
	refused(RECORDS("\x83", 1), 0, UNKNOWN); /* an invalidate with a node */
	refused(RECORDS("\x06", 1), 0, UNKNOWN); /* cut off */
	refused(RECORDS("\x04\x01", 1), 0, UNKNOWN);
	refused(RECORDS("\x04\x05\x00\x00load", 1), 0, UNKNOWN);
	refused(RECORDS(PATH_A "\x05\x01\x02", 1), 0, UNKNOWN);
	refused(RECORDS("\x06\x01\x06", 2), 1,
		"t: event 2: unknown record, or one that goes beyond its block");
}

static void wrong_page_events(void)
{
	refused(RECORDS("\x05\x01\x02\x00", 1), 0, WRONG);	      /* no path yet */
	refused(RECORDS(PATH_A "\x25\x01\x01\x02\x00", 1), 0, WRONG); /* path 1 */
	refused(RECORDS(PATH_A "\x05\x01\x00\x00", 1), 0, WRONG);     /* length 0 */
	refused(RECORDS(PATH_A "\x05\x01\x01\x10", 1), 0, WRONG);     /* length 4097 */
	refused(RECORDS(PATH_A "\x85\x01\x01\x00\x40", 1), 0, WRONG); /* node 64 */
	refused(RECORDS(PATH_A "\x85\x01\x00\x00\x01", 1), 0, WRONG);
	refused(RECORDS("\x12\xff\xff\xff\xff", 1), 0, WRONG); /* beyond the device */
	refused(RECORDS("\x16\x00\x00\x00\x00\x01\x00\x00\x00", 1), 0, WRONG);
	refused(RECORDS("\x16\x00\x00\x00\x00\x00\x00\x00\x80", 1), 0, WRONG);
}

static void wrong_paths(void)
{
	struct blob path = { 0 };

	refused(RECORDS("\x08\x01", 0), 0, "t: event 1: a path goes beyond its block");
	refused(RECORDS("\x08\x03\x00/a", 0), 0, "t: event 1: a path goes beyond its block");
	refused(RECORDS("\x08\x00\x00", 0), 0, "t: event 1: a path is none");
	refused(RECORDS("\x08\x01\x00"
			"a",
			0),
		0, "t: event 1: a path is none");
	refused(RECORDS("\x08\x02\x00//", 0), 0, "t: event 1: a path is none");
	refused(RECORDS("\x08\x05\x00/a//b", 0), 0, "t: event 1: a path is none");
	refused(RECORDS("\x08\x03\x00/ b", 0), 0, "t: event 1: a path has a blank");
	refused(RECORDS("\x08\x03\x00/\0b", 0), 0, "t: event 1: a path has a blank");
	refused(RECORDS(PATH_A PATH_A, 0), 0, "t: event 1: a path is given a second number");
	blob_add(&path, "\x08\x01\x10/", 4);
	for (int i = 0; i < 4096; i++)
		blob_add(&path, "x", 1);
	refused(one_block(path.data, path.size, 0), 0, "t: event 1: a path is none");
	blob_free(&path);
}

static void wrong_lines(void)
{
	refused(RECORDS("\x04\x06\x00\x00nosuch", 1), 0, "t: event 1: unknown event: nosuch");
	refused(RECORDS("\x04\x06\x00\x00load x", 1), 0,
		"t: event 1: load: SLOT is not a number: x");
	refused(RECORDS("\x04\x00\x00\x00", 1), 0, "t: event 1: a line without an event");
	refused(RECORDS("\x04\x03\x00\x00# x", 1), 0, "t: event 1: a line without an event");
	refused(RECORDS("\x04\x07\x00\x00load 1\n", 1), 0,
		"t: event 1: a line has a newline or a zero byte");
	refused(RECORDS("\x04\x07\x00\x00load 1\0", 1), 0,
		"t: event 1: a line has a newline or a zero byte");
	/* page events are events: a machine may not come behind them */
	refused(RECORDS("\x06\x01\x04\x0f\x00\x00machine nodes=1", 2), 1,
		"t: event 2: machine: must come before any event");
}

/* ---- the algorithm --------------------------------------------------------------------------- */

static void the_recorded_kernel(void)
{
	static const char *const kernels[][2] = {
		{ "saw kernel text=\"7.3.4\"\n", "linux-7.3" },
		{ "saw kernel text=\"7.2.1\"\nload 1\n@1 saw one cg=1\n", "proactive-v5" },
		{ "load 1\nsaw algo text=\"linux-7.2\"\n", "linux-7.2" },
	};
	struct zsim_event ev;
	char text[128];

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		int n = snprintf(text, sizeof(text), "zsim-trace 1\n%s", kernels[i][0]);
		struct blob b = blob_convert(text, (size_t)n, ZSIM_FORMAT_BINARY, (int)i % 2);
		struct zsim_reader *rd = blob_open(&b, "t");

		CU_ASSERT_STRING_EQUAL(zsim_reader_algo(rd), kernels[i][1]);
		CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
		CU_ASSERT_STRING_EQUAL(zsim_reader_algo(rd), kernels[i][1]);
		zsim_reader_close(rd);
		/* asked too late: no answer, and no harm */
		rd = blob_open(&b, "t");
		CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
		CU_ASSERT_PTR_NULL(zsim_reader_algo(rd));
		zsim_reader_close(rd);
		blob_free(&b);
	}
}

/* what a later block says counts too */
static void a_kernel_far_behind(void)
{
	struct zsim_event algo = { .type = ZSIM_EV_SAW,
				   .record = { .saw = ZSIM_SAW_ALGO, .text = "linux-7.3" } };
	struct zsim_op op = { .type = ZSIM_EV_LOAD };
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct zsim_reader *rd;
	struct blob b;

	for (op.slot = 0; op.slot < 100000; op.slot++)
		CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &op), 0);
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &algo), 0);
	b = blob_writer_close(&bw);
	rd = blob_open(&b, "t");
	CU_ASSERT_STRING_EQUAL(zsim_reader_algo(rd), "linux-7.3");
	zsim_reader_close(rd);
	blob_free(&b);
}

/* ---- running out of memory ------------------------------------------------------------------- */

static int read_with(const struct blob *b, const struct zsim_allocator *a)
{
	struct zsim_reader *rd = NULL;
	struct zsim_op ops[3];
	struct zsim_event ev;
	int ret = zsim_reader_open_memory("t", b->data, b->size, a, &rd);

	while (!ret) {
		while (zsim_reader_ops(rd, ops, 3))
			;
		ret = zsim_reader_next(rd, &ev);
		if (ret <= 0)
			break;
		ret = 0;
	}
	zsim_reader_close(rd);
	return ret;
}

static void reading_without_memory(void)
{
	for (int form = 0; form < 4; form++) {
		struct blob b = blob_convert(example, strlen(example),
					     form & 1 ? ZSIM_FORMAT_TEXT : ZSIM_FORMAT_BINARY,
					     form & 2);

		for (uint64_t n = 1;; n++) {
			struct fail_alloc fa;

			fail_alloc_init(&fa, n);
			CU_ASSERT_EQUAL(read_with(&b, fail_alloc_get(&fa)),
					fa.failed ? -ENOMEM : 0);
			CU_ASSERT_EQUAL(fa.live_blocks, 0);
			if (!fa.failed)
				break;
			CU_ASSERT_FATAL(n < 1000);
		}
		blob_free(&b);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(the_documents_example),
	ZSIM_CASE(traces_go_round),
	ZSIM_CASE(a_long_line),
	ZSIM_CASE(nothing),
	ZSIM_CASE(page_events_of_every_size),
	ZSIM_CASE(how_small_they_are),
	ZSIM_CASE(blocks_stand_alone),
	ZSIM_CASE(every_byte_changed),
	ZSIM_CASE(cut_everywhere),
	ZSIM_CASE(cut_with_a_reason),
	ZSIM_CASE(cut_while_compressed),
	ZSIM_CASE(cut_in_a_compressed_block),
	ZSIM_CASE(headers),
	ZSIM_CASE(blocks_in_disorder),
	ZSIM_CASE(unknown_records),
	ZSIM_CASE(wrong_page_events),
	ZSIM_CASE(wrong_paths),
	ZSIM_CASE(wrong_lines),
	ZSIM_CASE(the_recorded_kernel),
	ZSIM_CASE(a_kernel_far_behind),
	ZSIM_CASE(reading_without_memory),
};
ZSIM_SUITE_MAIN("trace_binary", cases)
