/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fast way through text traces: which lines it takes, and that it says the same as the
 * parser that knows the whole format.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <zsim/trace.h>

#include "support/blob.h"
#include "support/suite.h"

#define HEADER "zsim-trace 1\n"

static struct zsim_reader *open_lines(const char *lines, struct blob *b)
{
	*b = (struct blob){ NULL, 0, 0 };
	blob_add(b, HEADER, strlen(HEADER));
	blob_add(b, lines, strlen(lines));
	return blob_open(b, "t");
}

/* how many of the lines come in the first batch */
static uint32_t taken(const char *lines)
{
	struct zsim_op ops[16];
	struct blob b;
	struct zsim_reader *rd = open_lines(lines, &b);
	uint32_t n = zsim_reader_ops(rd, ops, 16);

	CU_ASSERT_EQUAL(zsim_reader_line(rd), 1 + n);
	zsim_reader_close(rd);
	blob_free(&b);
	return n;
}

static void plain_lines_are_taken(void)
{
	CU_ASSERT_EQUAL(taken("store 1 / 0 1\n"), 1);
	CU_ASSERT_EQUAL(taken("store 0x1f /a/b-c.slice 63 4096\n"), 1);
	CU_ASSERT_EQUAL(taken("load 4294967294\nload 0\n"), 2);
	CU_ASSERT_EQUAL(taken("invalidate 0x7c000000fffffffe\n"), 1);
	CU_ASSERT_EQUAL(taken("store 1 /a 0 1\nload 1\nstore 2 /a 0 1\ninvalidate 1\n"), 4);
}

static void other_lines_are_left(void)
{
	static const char *const lines[] = {
		"store 1 /a 0 1 2\n",
		"store 1 /a 0 1 = ok\n",
		"@A store 1 /a 0 1\n",
		"store 1 /a 0 1 # x\n",
		" load 1\n",
		"load 1 \n",
		"load  1\n",
		"load\t1\n",
		"load 1 = 0\n",
		"# load 1\n",
		"\n",
		"load\n",
		"load \n",
		"store 1 /a 0 4K\n",
		"store 1 /a 0 0\n",
		"store 1 /a 0 4097\n",
		"store 1 /a 64 1\n",
		"store 1 /a/ 0 1\n",
		"store 1 a 0 1\n",
		"store 1 /a//b 0 1\n",
		"store 1  0 1\n",
		"load 4294967295\n",
		"load 0x8000000000000000\n",
		"load 0x\n",
		"load 0x00000000000000001\n",
		"load 0X1\n",
		"load 0xA\n",
		"load 99999999999999999999\n",
		"load 1\r\n",
		"loads 1\n",
		"cache 1\n",
		"worker\n",
		"store 1 /a 0 1",
		"store x /a 0 1\n",
		"store 1 /a x 1\n",
		"store 1 /a 0\n",
		"store 1 /a\n",
		"store 1\n",
		"store 1 /a 0 x\n",
		"invalidate\n",
		"invalidate -1\n",
		"load 1",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (taken(lines[i]))
			printf("\n%s\n", lines[i]);
		CU_ASSERT_EQUAL(taken(lines[i]), 0);
	}
}

/* a batch ends before what is no page event, and goes on behind it */
static void batches_end_where_they_must(void)
{
	static const char lines[] = "load 1\nload 2\n# three\nload 4\nload 5 = 0\nload 6\nload 7";
	struct zsim_op ops[16];
	struct zsim_event ev;
	struct blob b;
	struct zsim_reader *rd = open_lines(lines, &b);

	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 16), 2);
	CU_ASSERT_EQUAL(zsim_reader_line(rd), 3);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 16), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.line, 5);
	CU_ASSERT_EQUAL(ev.slot, 4);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 16), 0);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.expect.kind, ZSIM_RESULT_RC);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 16), 1);
	CU_ASSERT_EQUAL(ops[0].slot, 6);
	CU_ASSERT_EQUAL(zsim_reader_line(rd), 7);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(ev.slot, 7);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 0);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 16), 0);
	zsim_reader_close(rd);
	blob_free(&b);
}

/* captures have no page events: all of theirs are records */
static void captures_have_none(void)
{
	static const char text[] = "# zsim: kernel 7.3.4\n";
	const struct blob b = { (char *)(uintptr_t)text, sizeof(text) - 1, 0 };
	struct zsim_reader *rd = blob_open(&b, "t");
	struct zsim_op op;

	CU_ASSERT_EQUAL(zsim_reader_ops(rd, &op, 1), 0);
	CU_ASSERT_EQUAL(zsim_reader_groups(rd), 0);
	zsim_reader_close(rd);
}

static void paths_have_numbers(void)
{
	static const char lines[] = "store 1 /b 0 1\nstore 2 /b/c 0 1\nstore 3 /b 0 1\n"
				    "store 4 /b 0 1 = ok\nstore 5 / 0 1\nstore 6 /bb 0 1\n";
	struct zsim_op ops[8];
	struct zsim_event ev;
	struct blob b;
	struct zsim_reader *rd = open_lines(lines, &b);

	CU_ASSERT_EQUAL(zsim_reader_groups(rd), 0);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 8), 3);
	CU_ASSERT_EQUAL(zsim_reader_groups(rd), 2);
	CU_ASSERT_STRING_EQUAL(zsim_reader_group(rd, ops[0].group), "/b");
	CU_ASSERT_STRING_EQUAL(zsim_reader_group(rd, ops[1].group), "/b/c");
	CU_ASSERT_EQUAL(ops[2].group, ops[0].group);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), 1);
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, ops, 8), 2);
	CU_ASSERT_STRING_EQUAL(zsim_reader_group(rd, ops[0].group), "/");
	CU_ASSERT_STRING_EQUAL(zsim_reader_group(rd, ops[1].group), "/bb");
	CU_ASSERT_EQUAL(zsim_reader_groups(rd), 4);
	zsim_reader_close(rd);
	blob_free(&b);
}

/* a page event tells that the machine is settled */
static void no_machine_behind_page_events(void)
{
	struct zsim_op op;
	struct zsim_event ev;
	struct blob b;
	struct zsim_reader *rd = open_lines("load 1\nmachine nodes=1\n", &b);

	CU_ASSERT_EQUAL(zsim_reader_ops(rd, &op, 1), 1);
	CU_ASSERT_EQUAL(zsim_reader_next(rd, &ev), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_reader_error(rd), "t:3: machine: must come before any event");
	CU_ASSERT_EQUAL(zsim_reader_ops(rd, &op, 1), 0);
	zsim_reader_close(rd);
	blob_free(&b);
}

/* ---- the same as the whole parser ------------------------------------------------------------ */

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* a page event, of which a byte or two may be wrong */
static void line_make(char *line, size_t size, uint64_t *seed)
{
	static const char *const lines[] = {
		"store 17 /a/b 1 2048", "store 0x40000000000000ff / 0 4096",
		"load 4294967294",	"load 0x7c00000012345678",
		"invalidate 123",	"store 99 /a 0 100 200",
	};
	static const char bytes[] = "0123456789abcdefx /#=@K-";
	size_t n;

	snprintf(line, size, "%s", lines[next_random(seed) % 6]);
	n = strlen(line);
	for (uint64_t k = next_random(seed) % 3; k; k--)
		line[next_random(seed) % n] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
}

/* what comes of a line, as text: the event in its usual form, or the error */
static void outcome(const char *line, const char *behind, struct blob *said)
{
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_TEXT, 0);
	struct zsim_event ev;
	struct blob b;
	char text[80];
	struct zsim_reader *rd;
	int ret;

	snprintf(text, sizeof(text), "%s%s\n", line, behind);
	rd = open_lines(text, &b);
	ret = zsim_reader_next(rd, &ev);
	if (ret == 1)
		CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &ev), 0);
	*said = blob_writer_close(&bw);
	blob_add(said, zsim_reader_error(rd), strlen(zsim_reader_error(rd)));
	zsim_reader_close(rd);
	blob_free(&b);
}

static void both_parsers_agree(void)
{
	uint64_t seed = 4096;
	struct blob fast;
	struct blob slow;
	char line[64];

	for (int i = 0; i < 6000; i++) {
		line_make(line, sizeof(line), &seed);
		/* the blank at its end sends the line the long way, and means nothing */
		outcome(line, "", &fast);
		outcome(line, " ", &slow);
		if (!blob_equal(&fast, &slow))
			printf("\n%s\n", line);
		CU_ASSERT_FATAL(blob_equal(&fast, &slow));
		blob_free(&fast);
		blob_free(&slow);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(plain_lines_are_taken),	ZSIM_CASE(other_lines_are_left),
	ZSIM_CASE(batches_end_where_they_must), ZSIM_CASE(captures_have_none),
	ZSIM_CASE(paths_have_numbers),		ZSIM_CASE(no_machine_behind_page_events),
	ZSIM_CASE(both_parsers_agree),
};
ZSIM_SUITE_MAIN("text_ops", cases)
