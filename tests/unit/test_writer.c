/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writers of traces: what they refuse, and what they say when a stream or memory fails.
 */
#include <errno.h>
#include <stdlib.h>

#include <zsim/trace.h>

#include "support/blob.h"
#include "support/fail_alloc.h"
#include "support/suite.h"
#include "trace/path_table.h"
#include "trace/word_table.h"

static const enum zsim_trace_format formats[] = { ZSIM_FORMAT_TEXT, ZSIM_FORMAT_BINARY };

static const struct zsim_event load = { .type = ZSIM_EV_LOAD, .slot = 7 };

static void text_is_written(void)
{
	static const uint16_t lengths[] = { 10, 20 };
	struct zsim_event store = {
		.type = ZSIM_EV_STORE,
		.slot = (UINT64_C(1) << ZSIM_SLOT_TYPE_SHIFT) + 5,
		.path = "/a",
		.nr = 2,
		.length = lengths,
	};
	struct zsim_op op = { .slot = 3, .length = 4096, .node = 1, .type = ZSIM_EV_STORE };
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_TEXT, 0);
	struct blob b;

	CU_ASSERT_EQUAL(zsim_writer_comment(bw.w, "by hand\nor not"), 0);
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &load), 0);
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &store), 0);
	CU_ASSERT_EQUAL(zsim_writer_group(bw.w, "/b", &op.group), 0);
	CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &op), 0);
	op.type = ZSIM_EV_INVALIDATE;
	CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &op), 0);
	b = blob_writer_close(&bw);
	blob_add(&b, "", 1);
	CU_ASSERT_STRING_EQUAL(b.data, "zsim-trace 1\n# by hand?or not\nload 7\n"
				       "store 0x400000000000005 /a 0 10 20\n"
				       "store 3 /b 1 4096\ninvalidate 3\n");
	blob_free(&b);
}

/* -EINVAL leaves the trace as it was, and one may go on */
static void refused_and_went_on(enum zsim_trace_format format)
{
	static const struct zsim_op wrong[] = {
		{ .type = ZSIM_EV_CACHE },
		{ .type = ZSIM_EV_LOAD, .slot = ZSIM_SLOT_OFFSET_MAX + UINT64_C(1) },
		{ .type = ZSIM_EV_LOAD, .slot = UINT64_C(1) << 63 },
		{ .type = ZSIM_EV_STORE },
		{ .type = ZSIM_EV_STORE, .length = 4097 },
		{ .type = ZSIM_EV_STORE, .length = 1, .node = 64 },
		{ .type = ZSIM_EV_STORE, .length = 1, .group = 1 },
	};
	static const char *const paths[] = { "", "a", "/a/", "/a b", "/a\tb", "/a\nb", "//" };
	struct zsim_event ev = { .type = ZSIM_EV_MKDIR };
	struct blob_writer bw = blob_writer_open(format, 0);
	uint32_t group = 99;
	struct blob b;
	struct blob expected;

	CU_ASSERT_EQUAL(zsim_writer_group(bw.w, "/a", &group), 0);
	CU_ASSERT_EQUAL(group, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_EQUAL(zsim_writer_op(bw.w, &wrong[i]), -EINVAL);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		CU_ASSERT_EQUAL(zsim_writer_group(bw.w, paths[i], &group), -EINVAL);
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &ev), -EINVAL);
	ev = (struct zsim_event){ .type = ZSIM_EV_STORE, .nr = 1 };
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &ev), -EINVAL);
	CU_ASSERT_EQUAL(zsim_writer_group(bw.w, "/a", &group), 0);
	CU_ASSERT_EQUAL(group, 0);
	CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &load), 0);
	b = blob_writer_close(&bw);

	expected = blob_convert(b.data, b.size, ZSIM_FORMAT_TEXT, 0);
	blob_add(&expected, "", 1);
	CU_ASSERT_STRING_EQUAL(expected.data, "zsim-trace 1\nload 7\n");
	blob_free(&expected);
	blob_free(&b);
}

static void what_is_refused(void)
{
	struct zsim_writer *w = NULL;

	for (int i = 0; i < 2; i++)
		refused_and_went_on(formats[i]);
	CU_ASSERT_EQUAL(zsim_writer_open(stdout, ZSIM_FORMAT_FTRACE, 0, NULL, &w), -EINVAL);
	CU_ASSERT_EQUAL(zsim_writer_open(stdout, ZSIM_FORMAT_TEXT, 20, NULL, &w), -EINVAL);
	CU_ASSERT_EQUAL(zsim_writer_open(stdout, ZSIM_FORMAT_BINARY, -1, NULL, &w), -EINVAL);
	CU_ASSERT_PTR_NULL(w);
	CU_ASSERT_EQUAL(zsim_writer_close(NULL), 0);
}

/* comments are for people: a binary trace is the same without */
static void no_comments_in_binary(void)
{
	struct blob_writer one = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct blob_writer two = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct blob a;
	struct blob b;

	CU_ASSERT_EQUAL(zsim_writer_comment(one.w, "nobody sees this"), 0);
	a = blob_writer_close(&one);
	b = blob_writer_close(&two);
	CU_ASSERT(blob_equal(&a, &b));
	blob_free(&a);
	blob_free(&b);
}

/* events of a page whose fields no record can hold go the way of text, as a text trace has them */
static void odd_page_events(void)
{
	static const uint16_t lengths[] = { 5, 6 };
	static const struct zsim_event odd[] = {
		{ .type = ZSIM_EV_LOAD, .slot = 1, .actor = "A" },
		{ .type = ZSIM_EV_LOAD, .slot = 1, .expect = { ZSIM_RESULT_RC, 0, NULL } },
		{ .type = ZSIM_EV_STORE, .path = "/a", .nr = 2, .length = lengths },
		{ .type = ZSIM_EV_STORE, .path = "/a", .nr = 1, .length = lengths, .node = 64 },
	};
	static const char *const lines[] = { "@A load 1", "load 1 = 0", "store 0 /a 0 5 6",
					     "store 0 /a 64 5" };

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
		struct blob b;

		CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &odd[i]), 0);
		b = blob_writer_close(&bw);
		CU_ASSERT(b.size > 36 + strlen(lines[i]));
		CU_ASSERT_EQUAL(memcmp(b.data + 36, lines[i], strlen(lines[i])), 0);
		blob_free(&b);
	}
}

/* a compressed trace has a checksum of what it was: the frame's header says so */
static void compressed_with_a_checksum(void)
{
	for (int i = 0; i < 2; i++) {
		struct blob_writer bw = blob_writer_open(formats[i], 1);
		struct blob b = blob_writer_close(&bw);

		CU_ASSERT_FATAL(b.size > 5);
		CU_ASSERT_EQUAL(memcmp(b.data, "\x28\xb5\x2f\xfd", 4), 0);
		CU_ASSERT(b.data[4] & 4);
		blob_free(&b);
	}
}

/* ---- failures -------------------------------------------------------------------------------- */

/* a line of @n bytes and some more */
static int write_long(struct zsim_writer *w, size_t n)
{
	struct zsim_event ev = { .type = ZSIM_EV_WRITE, .path = "/a", .file = "memory.max" };
	char *text = malloc(n + 1);
	int ret;

	if (!text)
		abort();
	memset(text, 'x', n);
	text[n] = '\0';
	ev.text = text;
	ret = zsim_writer_event(w, &ev);
	free(text);
	return ret;
}

/* enough that buffers run over; the last error */
static int write_much(struct zsim_writer *w)
{
	struct zsim_op op = { .type = ZSIM_EV_STORE, .length = 1 };
	int ret = zsim_writer_group(w, "/a", &op.group);

	if (!ret)
		ret = zsim_writer_comment(w, "much");
	for (int i = 0; i < 50 && !ret; i++)
		ret = write_long(w, 3000);
	if (!ret)
		ret = write_long(w, 200000);
	for (uint64_t i = 0; i < 40000 && !ret; i++) {
		op.slot = i * 2654435761u % 1000000007;
		ret = zsim_writer_op(w, &op);
	}
	return ret;
}

static void a_full_disk(void)
{
	for (int form = 0; form < 4; form++) {
		FILE *full = fopen("/dev/full", "w");
		struct zsim_writer *w = NULL;
		uint32_t group;

		CU_ASSERT_PTR_NOT_NULL_FATAL(full);
		setvbuf(full, NULL, _IONBF, 0);
		CU_ASSERT_EQUAL_FATAL(
			zsim_writer_open(full, formats[form & 1], form & 2 ? 1 : 0, NULL, &w), 0);
		CU_ASSERT_EQUAL(write_much(w), -EIO);
		/* and it stays */
		CU_ASSERT_EQUAL(zsim_writer_event(w, &load), -EIO);
		CU_ASSERT_EQUAL(zsim_writer_comment(w, "x"), -EIO);
		CU_ASSERT_EQUAL(zsim_writer_group(w, "/x", &group), -EIO);
		CU_ASSERT_EQUAL(zsim_writer_op(w, &(struct zsim_op){ .type = ZSIM_EV_LOAD }), -EIO);
		CU_ASSERT_EQUAL(zsim_writer_close(w), -EIO);
		fclose(full);
	}
}

/* what fits into the buffers fails at the end */
static void a_full_disk_at_the_end(void)
{
	for (int form = 0; form < 4; form++) {
		FILE *full = fopen("/dev/full", "w");
		struct zsim_writer *w = NULL;

		CU_ASSERT_PTR_NOT_NULL_FATAL(full);
		setvbuf(full, NULL, _IONBF, 0);
		CU_ASSERT_EQUAL_FATAL(
			zsim_writer_open(full, formats[form & 1], form & 2 ? 1 : 0, NULL, &w), 0);
		CU_ASSERT_EQUAL(zsim_writer_close(w), -EIO);
		fclose(full);
	}
}

static void without_memory(enum zsim_trace_format format, int level)
{
	for (uint64_t n = 1;; n++) {
		FILE *out = tmpfile();
		struct zsim_writer *w = NULL;
		struct fail_alloc fa;
		int ret;

		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		fail_alloc_init(&fa, n);
		ret = zsim_writer_open(out, format, level, fail_alloc_get(&fa), &w);
		if (!ret) {
			ret = write_much(w);
			CU_ASSERT_EQUAL(ret, fa.failed ? -ENOMEM : 0);
			ret = zsim_writer_close(w);
		}
		CU_ASSERT_EQUAL(ret, fa.failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		fclose(out);
		if (!fa.failed)
			return;
		CU_ASSERT_FATAL(n < 1000);
	}
}

static void writing_without_memory(void)
{
	for (int i = 0; i < 2; i++) {
		without_memory(formats[i], 0);
		without_memory(formats[i], 1);
	}
}

/* a path for which there is no memory has no number, and the next one gets it */
static void paths_without_memory(void)
{
	static const char *const paths[] = { "/a", "/b", "/c" };
	struct zsim_path_table t;
	struct fail_alloc fa;
	uint32_t number;

	for (uint64_t n = 1;; n++) {
		const char *last = "";
		uint32_t known = 0;

		fail_alloc_init(&fa, n);
		zsim_path_table_init(&t, fail_alloc_get(&fa));
		for (int i = 0; i < 3; i++) {
			if (!zsim_path_table_add(&t, paths[i], 2, &number)) {
				CU_ASSERT_EQUAL(number, known++);
				last = paths[i];
			}
			CU_ASSERT_EQUAL(t.list.size, known);
		}
		CU_ASSERT_EQUAL(known, fa.failed ? 2 : 3);
		CU_ASSERT_STRING_EQUAL(zsim_path_table_at(&t, known - 1), last);
		zsim_path_table_destroy(&t);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
}

/* a record has three bytes for the length of a line */
static void a_line_too_long_for_a_record(void)
{
	struct blob_writer bw = blob_writer_open(ZSIM_FORMAT_BINARY, 0);
	struct blob b;

	CU_ASSERT_EQUAL(write_long(bw.w, 1 << 24), -EINVAL);
	CU_ASSERT_EQUAL(write_long(bw.w, (1 << 24) - 100), 0);
	b = blob_writer_close(&bw);
	CU_ASSERT(b.size > (1 << 24) - 100 && b.size < 1 << 24);
	blob_free(&b);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* words that fall into one slot are told apart, and what is none is not found */
static void words_are_found(void)
{
	static char words[64][4];
	struct zsim_word_table t = { { NULL }, { 0 }, { 0 } };

	for (unsigned int i = 0; i < 64; i++) {
		snprintf(words[i], sizeof(words[i]), "w%02u", i);
		zsim_word_add(&t, words[i], (uint8_t)i);
	}
	for (unsigned int i = 0; i < 64; i++) {
		CU_ASSERT_EQUAL(zsim_word_find(&t, words[i], 3), (int)i);
		CU_ASSERT_EQUAL(zsim_word_find(&t, words[i], 2), -ENOENT);
	}
	CU_ASSERT_EQUAL(zsim_word_find(&t, "w99", 3), -ENOENT);
	CU_ASSERT_EQUAL(zsim_word_find(&t, "w", 1), -ENOENT);
	CU_ASSERT_EQUAL(zsim_word_find(&t, "", 0), -ENOENT);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(text_is_written),
	ZSIM_CASE(what_is_refused),
	ZSIM_CASE(no_comments_in_binary),
	ZSIM_CASE(odd_page_events),
	ZSIM_CASE(a_full_disk),
	ZSIM_CASE(a_full_disk_at_the_end),
	ZSIM_CASE(writing_without_memory),
	ZSIM_CASE(words_are_found),
	ZSIM_CASE(compressed_with_a_checksum),
	ZSIM_CASE(paths_without_memory),
	ZSIM_CASE(a_line_too_long_for_a_record),
};
ZSIM_SUITE_MAIN("writer", cases)
