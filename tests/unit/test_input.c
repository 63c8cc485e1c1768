/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "support/blob.h"
#include "support/fail_alloc.h"
#include "support/suite.h"
#include "trace/input.h"

static void *must(void *ptr)
{
	if (!ptr)
		abort();
	return ptr;
}

/* append @data as one frame with a checksum */
static void blob_add_frame(struct blob *b, const void *data, size_t size)
{
	size_t room = ZSTD_compressBound(size);
	char *out = must(malloc(room));
	ZSTD_CCtx *cctx = must(ZSTD_createCCtx());
	size_t n;

	ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(cctx, out, room, data, size);
	CU_ASSERT_FATAL(!ZSTD_isError(n));
	blob_add(b, out, n);
	ZSTD_freeCCtx(cctx);
	free(out);
}

/* @nr lines "line N", which zstd does not make so small that one block holds all */
static struct blob lines_make(unsigned int nr)
{
	struct blob b = { NULL, 0, 0 };
	char line[64];

	for (unsigned int i = 0; i < nr; i++) {
		int n = snprintf(line, sizeof(line), "line %u %08x\n", i, i * 2654435761u);

		blob_add(&b, line, (size_t)n);
	}
	return b;
}

static struct zsim_input *open_memory(const void *data, size_t size)
{
	struct zsim_input *in = NULL;
	const char *why = "";

	CU_ASSERT_EQUAL_FATAL(zsim_input_open_memory(&in, data, size, zsim_allocator_libc(), &why),
			      0);
	return in;
}

static void expect_line(struct zsim_input *in, const char *expected)
{
	char *line = NULL;
	size_t n = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_input_line(in, &line, &n), 1);
	CU_ASSERT_EQUAL(n, strlen(expected));
	CU_ASSERT_STRING_EQUAL(line, expected);
	CU_ASSERT_STRING_EQUAL(zsim_input_why(in), "");
}

static void expect_end(struct zsim_input *in)
{
	char *line;
	size_t n;

	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), 0);
	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), 0);
}

static void expect_failure(struct zsim_input *in, int err, const char *why)
{
	char *line;
	size_t n;

	/* sticky: the second time as the first */
	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), err);
	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), err);
	CU_ASSERT_STRING_EQUAL(zsim_input_why(in), why);
}

/* read to the end; the lines read, the last return in @ret */
static uint64_t read_all(struct zsim_input *in, int *ret)
{
	uint64_t nr = 0;
	char *line;
	size_t n;

	while ((*ret = zsim_input_line(in, &line, &n)) == 1)
		nr++;
	return nr;
}

static void lines_of_memory(void)
{
	static const char text[] = "one\n\n  two \nlast without newline";
	struct zsim_input *in = open_memory(text, sizeof(text) - 1);
	uint64_t done, size;

	expect_line(in, "one");
	CU_ASSERT_EQUAL(zsim_input_number(in), 1);
	expect_line(in, "");
	expect_line(in, "  two ");
	expect_line(in, "last without newline");
	CU_ASSERT_EQUAL(zsim_input_number(in), 4);
	expect_end(in);
	CU_ASSERT_EQUAL(zsim_input_number(in), 4);
	zsim_input_progress(in, &done, &size);
	CU_ASSERT_EQUAL(done, sizeof(text) - 1);
	CU_ASSERT_EQUAL(size, sizeof(text) - 1);
	zsim_input_close(in);
	zsim_input_close(NULL);
}

static void empty(void)
{
	struct zsim_input *in = open_memory("", 0);
	struct blob b = { NULL, 0, 0 };
	const char *data;

	CU_ASSERT_EQUAL(zsim_input_peek(in, 1, &data), 0);
	expect_end(in);
	CU_ASSERT_EQUAL(zsim_input_number(in), 0);
	zsim_input_close(in);

	blob_add_frame(&b, "", 0);
	in = open_memory(b.data, b.size);
	expect_end(in);
	zsim_input_close(in);
	blob_free(&b);
}

static void short_inputs(void)
{
	struct zsim_input *in = open_memory("\n", 1);

	expect_line(in, "");
	expect_end(in);
	zsim_input_close(in);

	/* what begins like zstd's magic number, but is none */
	in = open_memory("\x28\xb5\x2f", 3);
	expect_line(in, "\x28\xb5\x2f");
	expect_end(in);
	zsim_input_close(in);
	in = open_memory("(abc\nP*Mx", 9);
	expect_line(in, "(abc");
	expect_line(in, "P*Mx");
	zsim_input_close(in);
}

/* more than a block, so that lines cross its end */
static void many_lines(void)
{
	struct blob b = lines_make(800000);
	struct zsim_input *in = open_memory(b.data, b.size);
	char expected[64];
	char *line;
	size_t n;

	CU_ASSERT(b.size > 2 * ZSIM_INPUT_PEEK);
	for (unsigned int i = 0; i < 800000; i++) {
		snprintf(expected, sizeof(expected), "line %u %08x", i, i * 2654435761u);
		if (zsim_input_line(in, &line, &n) != 1 || strcmp(line, expected)) {
			CU_FAIL("line differs");
			break;
		}
	}
	expect_end(in);
	zsim_input_close(in);
	blob_free(&b);
}

static void long_lines(void)
{
	size_t size = ZSIM_INPUT_LINE_MAX + 2;
	char *text = must(malloc(size));
	struct zsim_input *in;
	char *line;
	size_t n;

	memset(text, 'x', size);
	/* a megabyte, behind a short one */
	text[5] = '\n';
	text[(1 << 20) + 6] = '\n';
	in = open_memory(text, (1 << 20) + 10);
	expect_line(in, "xxxxx");
	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), 1);
	CU_ASSERT_EQUAL(n, 1 << 20);
	CU_ASSERT_EQUAL(strlen(line), 1 << 20);
	expect_line(in, "xxx");
	expect_end(in);
	zsim_input_close(in);

	/* exactly the longest */
	memset(text, 'x', size);
	text[ZSIM_INPUT_LINE_MAX] = '\n';
	in = open_memory(text, size);
	CU_ASSERT_EQUAL(zsim_input_line(in, &line, &n), 1);
	CU_ASSERT_EQUAL(n, ZSIM_INPUT_LINE_MAX);
	expect_line(in, "x");
	zsim_input_close(in);

	/* one byte more, with and without its newline */
	text[ZSIM_INPUT_LINE_MAX] = 'x';
	in = open_memory(text, size - 1);
	expect_failure(in, -EBADMSG, "line too long");
	zsim_input_close(in);
	text[ZSIM_INPUT_LINE_MAX + 1] = '\n';
	in = open_memory(text, size);
	expect_failure(in, -EBADMSG, "line too long");
	CU_ASSERT_EQUAL(zsim_input_number(in), 1);
	zsim_input_close(in);
	free(text);
}

static void binary_data(void)
{
	struct zsim_input *in = open_memory("good\nba\0d\nrest\n", 15);

	expect_line(in, "good");
	expect_failure(in, -EBADMSG, "binary data");
	CU_ASSERT_EQUAL(zsim_input_number(in), 2);
	zsim_input_close(in);

	/* without any newline it is not read to its end first */
	in = open_memory("\x7f"
			 "ELF\0\1\2",
			 7);
	expect_failure(in, -EBADMSG, "binary data");
	zsim_input_close(in);
}

/* a NUL far behind is found although blocks before it were moved away */
static void binary_far_away(void)
{
	struct blob b = lines_make(100000);
	struct zsim_input *in;
	int ret;

	blob_add(&b, "x\0y\n", 4);
	in = open_memory(b.data, b.size);
	CU_ASSERT_EQUAL(read_all(in, &ret), 100000);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	expect_failure(in, -EBADMSG, "binary data");
	zsim_input_close(in);
	/* in the part of a line that is moved to the block's begin */
	b.size = 0;
	for (int i = 0; i < (1 << 20) - 8; i++)
		blob_add(&b, i % 16 == 15 ? "\n" : "x", 1);
	blob_add(&b, "xx\0xxxxxxxxxxxx\n", 16);
	in = open_memory(b.data, b.size);
	CU_ASSERT_EQUAL(read_all(in, &ret), (1 << 16) - 1);
	CU_ASSERT_EQUAL(ret, -EBADMSG);
	zsim_input_close(in);
	blob_free(&b);
}

static void peek(void)
{
	struct blob b = lines_make(600000);
	struct zsim_input *in = open_memory(b.data, b.size);
	const char *data;
	size_t n = zsim_input_peek(in, 16, &data);

	CU_ASSERT(n >= 16 && !memcmp(data, b.data, 16));
	n = zsim_input_peek(in, ZSIM_INPUT_PEEK, &data);
	CU_ASSERT(n >= ZSIM_INPUT_PEEK && !memcmp(data, b.data, n));
	expect_line(in, "line 0 00000000");
	n = zsim_input_peek(in, ZSIM_INPUT_PEEK, &data);
	CU_ASSERT(n >= ZSIM_INPUT_PEEK && !memcmp(data, b.data + 16, n));
	expect_line(in, "line 1 9e3779b1");
	zsim_input_close(in);
	blob_free(&b);
}

static void zstd_frames(void)
{
	static const char skippable[] = "\x50\x2a\x4d\x18\x03\0\0\0abc";
	struct blob text = lines_make(300000);
	struct blob b = { NULL, 0, 0 };
	struct zsim_input *in;
	uint64_t done, size;
	int ret;

	/* three frames, one of them empty; lines go over their borders */
	blob_add(&b, skippable, sizeof(skippable) - 1);
	blob_add_frame(&b, text.data, text.size / 2 + 3);
	blob_add_frame(&b, "", 0);
	blob_add_frame(&b, text.data + text.size / 2 + 3, text.size - text.size / 2 - 3);
	CU_ASSERT(b.size > 256 << 10);
	in = open_memory(b.data, b.size);
	zsim_input_progress(in, &done, &size);
	CU_ASSERT(done < b.size && size == b.size);
	expect_line(in, "line 0 00000000");
	CU_ASSERT_EQUAL(read_all(in, &ret), 299999);
	CU_ASSERT_EQUAL(ret, 0);
	expect_end(in);
	zsim_input_progress(in, &done, &size);
	CU_ASSERT_EQUAL(done, size);
	zsim_input_close(in);
	blob_free(&text);
	blob_free(&b);
}

/* a frame much larger than the block comes out whole, although its input is tiny */
static void zstd_dense(void)
{
	struct blob text = { NULL, 0, 0 };
	struct blob b = { NULL, 0, 0 };
	struct zsim_input *in;
	int ret;

	for (int i = 0; i < 500000; i++)
		blob_add(&text, "same line\n", 10);
	blob_add_frame(&b, text.data, text.size);
	in = open_memory(b.data, b.size);
	CU_ASSERT_EQUAL(read_all(in, &ret), 500000);
	CU_ASSERT_EQUAL(ret, 0);
	zsim_input_close(in);
	blob_free(&text);
	blob_free(&b);
}

/* whatever is cut off is noticed, also when only the checksum is missing */
static void zstd_truncated(void)
{
	struct blob b = { NULL, 0, 0 };
	struct zsim_input *in;
	int ret;

	blob_add_frame(&b, "one\ntwo\nthree\n", 14);
	for (size_t n = 4; n < b.size; n++) {
		in = open_memory(b.data, n);
		CU_ASSERT(read_all(in, &ret) <= 3);
		CU_ASSERT_EQUAL(ret, -EBADMSG);
		expect_failure(in, -EBADMSG, "truncated zstd data");
		zsim_input_close(in);
	}
	in = open_memory(b.data, b.size);
	CU_ASSERT_EQUAL(read_all(in, &ret), 3);
	CU_ASSERT_EQUAL(ret, 0);
	zsim_input_close(in);
	blob_free(&b);
}

/* of a large frame, all but the last lines come before its end turns out to be damaged */
static void zstd_damaged_late(void)
{
	struct blob text = lines_make(300000);
	struct blob b = { NULL, 0, 0 };
	struct zsim_input *in;
	uint64_t nr;
	int ret;

	blob_add_frame(&b, text.data, text.size);
	b.data[b.size - 1] ^= 1;
	in = open_memory(b.data, b.size);
	nr = read_all(in, &ret);
	CU_ASSERT(nr > 100000 && nr <= 300000);
	CU_ASSERT_EQUAL(zsim_input_number(in), nr + 1);
	expect_failure(in, -EBADMSG, "damaged zstd data: wrong checksum");
	zsim_input_close(in);
	blob_free(&text);
	blob_free(&b);
}

static void zstd_damaged(void)
{
	struct blob text = lines_make(1000);
	struct blob b = { NULL, 0, 0 };
	struct zsim_input *in;
	int ret;

	blob_add_frame(&b, text.data, text.size);
	/* the checksum is the last four bytes */
	b.data[b.size - 1] ^= 1;
	in = open_memory(b.data, b.size);
	/* zstd may decompress a small frame at once, and then gives nothing of it */
	CU_ASSERT(read_all(in, &ret) <= 1000);
	CU_ASSERT(zsim_input_number(in) <= 1001);
	expect_failure(in, -EBADMSG, "damaged zstd data: wrong checksum");
	zsim_input_close(in);
	b.data[b.size - 1] ^= 1;

	/* something else behind the frame */
	blob_add(&b, "garbage", 7);
	in = open_memory(b.data, b.size);
	CU_ASSERT_EQUAL(read_all(in, &ret), 1000);
	expect_failure(in, -EBADMSG, "damaged zstd data");
	zsim_input_close(in);

	/* a window of 2^41 bytes, and a reserved bit */
	in = open_memory("\x28\xb5\x2f\xfd\x00\xf8\0\0\0\0", 10);
	expect_failure(in, -EBADMSG, "zstd window too large (written with --long)");
	zsim_input_close(in);
	in = open_memory("\x28\xb5\x2f\xfd\x08\x00\0\0\0\0", 10);
	expect_failure(in, -EBADMSG, "damaged zstd data");
	zsim_input_close(in);
	blob_free(&text);
	blob_free(&b);
}

/* a file with these bytes, whose name is to be freed and unlinked */
static char *file_make(const void *data, size_t size)
{
	char *name = must(strdup("/tmp/zsim-input-XXXXXX"));
	int fd = mkstemp(name);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(write(fd, data, size), (ssize_t)size);
	close(fd);
	return name;
}

static void file_drop(char *name)
{
	unlink(name);
	free(name);
}

static void files(void)
{
	char *name = file_make("one\ntwo\n", 8);
	struct zsim_input *in = NULL;
	const char *why = "";
	uint64_t done, size;

	CU_ASSERT_EQUAL_FATAL(zsim_input_open(&in, name, zsim_allocator_libc(), &why), 0);
	expect_line(in, "one");
	expect_line(in, "two");
	expect_end(in);
	zsim_input_progress(in, &done, &size);
	CU_ASSERT_EQUAL(done, 8);
	CU_ASSERT_EQUAL(size, 8);
	zsim_input_close(in);
	file_drop(name);
}

static void files_that_fail(void)
{
	struct zsim_input *in = NULL;
	const char *why = "";

	CU_ASSERT_EQUAL(zsim_input_open(&in, "/nowhere/at/all", zsim_allocator_libc(), &why),
			-ENOENT);
	CU_ASSERT_STRING_EQUAL(why, strerror(ENOENT));
	CU_ASSERT_EQUAL(zsim_input_open(&in, "/tmp", zsim_allocator_libc(), &why), -EISDIR);
	CU_ASSERT_STRING_EQUAL(why, strerror(EISDIR));
	CU_ASSERT_PTR_NULL(in);
}

/* run @test with standard input replaced by @fd (-1: closed) */
static void with_stdin(int fd, void (*test)(void))
{
	int saved = dup(STDIN_FILENO);

	if (fd >= 0) {
		CU_ASSERT_FATAL(dup2(fd, STDIN_FILENO) >= 0);
		close(fd);
	} else {
		close(STDIN_FILENO);
	}
	test();
	if (saved >= 0) {
		dup2(saved, STDIN_FILENO);
		close(saved);
	}
}

static void stdin_lines(void)
{
	struct zsim_input *in = NULL;
	const char *why = "";
	uint64_t done, size;

	CU_ASSERT_EQUAL_FATAL(zsim_input_open(&in, "-", zsim_allocator_libc(), &why), 0);
	expect_line(in, "from");
	expect_line(in, "a pipe");
	expect_end(in);
	zsim_input_progress(in, &done, &size);
	CU_ASSERT_EQUAL(done, 12);
	CU_ASSERT_EQUAL(size, 0);
	zsim_input_close(in);
	/* it was not closed */
	CU_ASSERT(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

static void stdin_fails(void)
{
	struct zsim_input *in = NULL;
	const char *why = "";

	CU_ASSERT_EQUAL(zsim_input_open(&in, "-", zsim_allocator_libc(), &why), -EBADF);
	CU_ASSERT_STRING_EQUAL(why, strerror(EBADF));
}

/* open for writing only: it is there, but cannot be read */
static void stdin_unreadable(void)
{
	struct zsim_input *in = NULL;
	const char *why = "";

	CU_ASSERT_EQUAL(zsim_input_open(&in, "-", zsim_allocator_libc(), &why), -EIO);
	CU_ASSERT_STRING_EQUAL(why, strerror(EBADF));
}

static void standard_input(void)
{
	int fd[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fd), 0);
	CU_ASSERT_EQUAL(write(fd[1], "from\na pipe\n", 12), 12);
	close(fd[1]);
	with_stdin(fd[0], stdin_lines);
	with_stdin(-1, stdin_fails);
	with_stdin(open("/dev/null", O_WRONLY), stdin_unreadable);
}

/* the first block is read at opening; then standard input becomes unreadable */
static void stdin_torn(void)
{
	struct zsim_input *in = NULL;
	const char *why = "";
	int fd = open("/dev/null", O_WRONLY);

	CU_ASSERT_EQUAL_FATAL(zsim_input_open(&in, "-", zsim_allocator_libc(), &why), 0);
	CU_ASSERT_FATAL(dup2(fd, STDIN_FILENO) >= 0);
	close(fd);
	expect_line(in, "first");
	expect_line(in, "second");
	expect_failure(in, -EIO, strerror(EBADF));
	CU_ASSERT_EQUAL(zsim_input_number(in), 3);
	zsim_input_close(in);
}

/* the lines before the failure are not lost, what may be half a line is not taken for one */
static void read_fails_later(void)
{
	struct blob b = { NULL, 0, 0 };
	char *name = file_make("first\nsecond\nthi", 16);

	with_stdin(open(name, O_RDONLY), stdin_torn);
	file_drop(name);
	blob_add_frame(&b, "first\nsecond\nthi", 16);
	b.size--;
	name = file_make(b.data, b.size);
	with_stdin(open(name, O_RDONLY), stdin_torn);
	file_drop(name);
	blob_free(&b);
}

/* open @b with allocations failing at one point after the other */
static void walk_failures(const struct blob *b)
{
	struct fail_alloc fa;
	struct zsim_input *in;
	const char *why;
	int ret;

	for (uint64_t at = 1;; at++) {
		fail_alloc_init(&fa, at);
		in = NULL;
		why = "";
		ret = zsim_input_open_memory(&in, b->data, b->size, fail_alloc_get(&fa), &why);
		if (!ret) {
			read_all(in, &ret);
			why = zsim_input_why(in);
		}
		if (ret) {
			CU_ASSERT_EQUAL(ret, -ENOMEM);
			CU_ASSERT_STRING_EQUAL(why, "out of memory");
		}
		zsim_input_close(in);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		CU_ASSERT_EQUAL(ret != 0, fa.failed != 0);
		if (!fa.failed)
			break;
	}
}

static void no_memory(void)
{
	struct blob text = lines_make(1000);
	struct blob line = { NULL, 0, 0 };
	struct blob b = { NULL, 0, 0 };
	struct fail_alloc fa;
	struct zsim_input *in = NULL;
	const char *why;

	/* a line that makes the block grow */
	line.data = must(malloc(3 << 20));
	line.size = 3 << 20;
	memset(line.data, 'x', line.size);
	walk_failures(&text);
	walk_failures(&line);
	blob_add_frame(&b, text.data, text.size);
	blob_add_frame(&b, line.data, line.size);
	walk_failures(&b);
	fail_alloc_init(&fa, 1);
	CU_ASSERT_EQUAL(zsim_input_open(&in, "-", fail_alloc_get(&fa), &why), -ENOMEM);
	CU_ASSERT_STRING_EQUAL(why, "out of memory");
	blob_free(&text);
	blob_free(&line);
	blob_free(&b);
}

/* whole lines may be looked at and read away, any number of them; the rest comes one by one */
static void lines_in_bulk(void)
{
	static const char text[] = "one\ntwo\nthree\nlast";
	struct zsim_input *in = open_memory(text, sizeof(text) - 1);
	const char *data = NULL;

	CU_ASSERT_EQUAL(zsim_input_lines(in, &data), 14);
	CU_ASSERT_EQUAL(memcmp(data, text, 14), 0);
	zsim_input_take(in, 4, 1);
	CU_ASSERT_EQUAL(zsim_input_number(in), 1);
	CU_ASSERT_EQUAL(zsim_input_lines(in, &data), 10);
	expect_line(in, "two");
	CU_ASSERT_EQUAL(zsim_input_number(in), 2);
	CU_ASSERT_EQUAL(zsim_input_lines(in, &data), 6);
	zsim_input_take(in, 6, 1);
	/* no newline, no line in bulk */
	CU_ASSERT_EQUAL(zsim_input_lines(in, &data), 0);
	CU_ASSERT_EQUAL(zsim_input_number(in), 3);
	expect_line(in, "last");
	expect_end(in);
	CU_ASSERT_EQUAL(zsim_input_lines(in, &data), 0);
	CU_ASSERT_EQUAL(zsim_input_failed(in), 0);
	zsim_input_close(in);
}

/* a long text, in bulk and one by one in turns, is the same lines */
static void lines_in_turns(void)
{
	struct blob text = lines_make(200000);
	struct zsim_input *in = open_memory(text.data, text.size);
	size_t at = 0;
	const char *data;
	char *line;
	size_t size;
	size_t n;

	while ((size = zsim_input_lines(in, &data))) {
		/* all but the last lines of what is there, so that the rest is moved */
		if (size > 500)
			for (size -= 400; data[size - 1] != '\n'; size--)
				;
		CU_ASSERT_FATAL(at + size <= text.size && !memcmp(data, text.data + at, size));
		zsim_input_take(in, size, 0);
		at += size;
		if (zsim_input_line(in, &line, &n) != 1)
			break;
		CU_ASSERT_FATAL(!memcmp(line, text.data + at, n) && text.data[at + n] == '\n');
		at += n + 1;
	}
	CU_ASSERT_EQUAL(at, text.size);
	expect_end(in);
	zsim_input_close(in);
	blob_free(&text);
}

/* a line that takes several readings begins where lines were read away before */
static void a_long_line_behind_lines(void)
{
	struct blob text = lines_make(20000);
	struct zsim_input *in;
	const char *data;
	size_t before = text.size;
	size_t size;
	size_t at = 0;

	for (int i = 0; i < 1000000; i++)
		blob_add(&text, "x", 1);
	blob_add(&text, "\nend\n", 5);
	in = open_memory(text.data, text.size);
	while ((size = zsim_input_lines(in, &data))) {
		CU_ASSERT_FATAL(at + size <= text.size && !memcmp(data, text.data + at, size));
		CU_ASSERT_EQUAL_FATAL(data[size - 1], '\n');
		CU_ASSERT(at + size <= before || at + size > before + 1000000);
		zsim_input_take(in, size, 0);
		at += size;
	}
	CU_ASSERT_EQUAL(at, text.size);
	zsim_input_close(in);
	blob_free(&text);
}

/* as many bytes as one asks for, though they are more than the block has room for */
static void a_long_look(void)
{
	struct blob text = lines_make(600000);
	struct zsim_input *in = open_memory(text.data, text.size);
	const char *data;

	CU_ASSERT_FATAL(text.size > 2 * ZSIM_INPUT_PEEK);
	CU_ASSERT(zsim_input_peek(in, text.size, &data) == text.size);
	CU_ASSERT_EQUAL(memcmp(data, text.data, text.size), 0);
	zsim_input_take(in, 2 * ZSIM_INPUT_PEEK, 0);
	CU_ASSERT_EQUAL(zsim_input_peek(in, text.size, &data), text.size - 2 * ZSIM_INPUT_PEEK);
	CU_ASSERT_EQUAL(data[0], text.data[2 * ZSIM_INPUT_PEEK]);
	CU_ASSERT_EQUAL(zsim_input_failed(in), 0);
	zsim_input_close(in);
	blob_free(&text);
}

/* less than was wanted, because the input is damaged: the error, and it stays */
static void a_look_that_fails(void)
{
	struct blob text = lines_make(1000);
	struct blob packed = { NULL, 0, 0 };
	struct zsim_input *in;
	const char *data;

	blob_add_frame(&packed, text.data, text.size);
	packed.size -= 3;
	in = open_memory(packed.data, packed.size);
	CU_ASSERT(zsim_input_peek(in, text.size + 1, &data) <= text.size);
	CU_ASSERT_EQUAL(zsim_input_failed(in), -EBADMSG);
	CU_ASSERT_STRING_EQUAL(zsim_input_why(in), "truncated zstd data");
	expect_failure(in, -EBADMSG, "truncated zstd data");
	zsim_input_close(in);
	blob_free(&packed);
	blob_free(&text);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(lines_of_memory),
	ZSIM_CASE(empty),
	ZSIM_CASE(short_inputs),
	ZSIM_CASE(many_lines),
	ZSIM_CASE(long_lines),
	ZSIM_CASE(binary_data),
	ZSIM_CASE(binary_far_away),
	ZSIM_CASE(peek),
	ZSIM_CASE(zstd_frames),
	ZSIM_CASE(zstd_dense),
	ZSIM_CASE(zstd_truncated),
	ZSIM_CASE(zstd_damaged),
	ZSIM_CASE(zstd_damaged_late),
	ZSIM_CASE(files),
	ZSIM_CASE(files_that_fail),
	ZSIM_CASE(standard_input),
	ZSIM_CASE(read_fails_later),
	ZSIM_CASE(no_memory),
	ZSIM_CASE(lines_in_bulk),
	ZSIM_CASE(lines_in_turns),
	ZSIM_CASE(a_long_line_behind_lines),
	ZSIM_CASE(a_long_look),
	ZSIM_CASE(a_look_that_fails),
};

ZSIM_SUITE_MAIN("input", cases)
