/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
/* the only way to give zstd an allocator */
#define ZSTD_STATIC_LINKING_ONLY
#include "trace/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>
#include <zstd_errors.h>

#define RAW_BLOCK (128u << 10)
/* read at once: what is parsed while it is in the processor's cache need not leave it */
#define FILL_BLOCK (256u << 10)
#define NO_OFFSET SIZE_MAX

/**
 * struct zsim_input - a source (@fd or @mem), perhaps zstd above it, and the text
 * @fd: -1 for memory
 * @done: bytes taken from the source; @size: of the source, 0 if unknown
 * @zstd: NULL for plain text
 * @raw: compressed bytes, from @raw_pos to @raw_end not yet decompressed
 * @in_frame: a zstd frame has begun and not ended
 * @pending: zstd may hold more output than there was room for
 * @text: block of @cap bytes, and ZSIM_INPUT_SLACK; from @start to @end unread
 * @scanned: no newline in text[start..scanned)
 * @whole: behind the last newline of the unread text; at or before @start without one
 * @nul: offset of the first NUL byte in the unread text, or NO_OFFSET
 * @ended: nothing comes behind @end
 * @failed: why nothing comes behind @end, told when all lines before it are read
 * @sticky: the error that zsim_input_line() gave
 */
struct zsim_input {
	const struct zsim_allocator *alloc;
	int fd;
	bool close_fd;
	const char *mem;
	uint64_t done;
	uint64_t size;
	ZSTD_DStream *zstd;
	char *raw;
	size_t raw_pos;
	size_t raw_end;
	bool in_frame;
	bool pending;
	char *text;
	size_t cap;
	size_t start;
	size_t end;
	size_t scanned;
	size_t whole;
	size_t nul;
	bool ended;
	int failed;
	const char *why;
	int sticky;
	uint64_t number;
	bool cut; /* the line given last had no newline */
};

static int input_fail(struct zsim_input *in, int err, const char *why)
{
	in->failed = err;
	in->why = why;
	in->ended = true;
	return err;
}

/* ---- source: bytes as they are stored --------------------------------------- */

static size_t memory_read(struct zsim_input *in, char *buf, size_t room)
{
	uint64_t left = in->size - in->done;
	size_t n = left < room ? (size_t)left : room;

	if (n)
		memcpy(buf, in->mem + in->done, n);
	return n;
}

/* sets *@got to 0 at the end */
static int source_read(struct zsim_input *in, char *buf, size_t room, size_t *got)
{
	ssize_t n;

	if (in->fd < 0) {
		*got = memory_read(in, buf, room);
	} else {
		do {
			n = read(in->fd, buf, room);
		} while (n < 0 && errno == EINTR);
		if (n < 0)
			return input_fail(in, -EIO, strerror(errno));
		*got = (size_t)n;
	}
	in->done += *got;
	return 0;
}

/* ---- zstd -------------------------------------------------------------------- */

/* a frame, or a skippable frame, which some writers put first */
static bool magic_is_zstd(const char *data, size_t size)
{
	const unsigned char *b = (const unsigned char *)data;

	if (size < 4)
		return false;
	if (b[0] == 0x28)
		return b[1] == 0xb5 && b[2] == 0x2f && b[3] == 0xfd;
	return (b[0] & 0xf0) == 0x50 && b[1] == 0x2a && b[2] == 0x4d && b[3] == 0x18;
}

static int raw_fill(struct zsim_input *in)
{
	size_t got;
	int ret = source_read(in, in->raw, RAW_BLOCK, &got);

	if (ret)
		return ret;
	in->raw_pos = 0;
	in->raw_end = got;
	if (got)
		return 0;
	if (in->in_frame)
		return input_fail(in, -EBADMSG, "truncated zstd data");
	in->ended = true;
	return 0;
}

static int zstd_fail(struct zsim_input *in, size_t code)
{
	switch (ZSTD_getErrorCode(code)) {
	case ZSTD_error_memory_allocation:
		return input_fail(in, -ENOMEM, "out of memory");
	case ZSTD_error_frameParameter_windowTooLarge:
		return input_fail(in, -EBADMSG, "zstd window too large (written with --long)");
	case ZSTD_error_checksum_wrong:
		return input_fail(in, -EBADMSG, "damaged zstd data: wrong checksum");
	default:
		return input_fail(in, -EBADMSG, "damaged zstd data");
	}
}

/* one call of the decompressor; *@got may be 0 although more comes */
static int zstd_read(struct zsim_input *in, char *buf, size_t room, size_t *got)
{
	ZSTD_outBuffer out = { buf, room, 0 };
	ZSTD_inBuffer raw;
	size_t ret;

	*got = 0;
	/* between two frames zstd must not be called without bytes: it would begin one */
	if (in->raw_pos == in->raw_end && !in->pending) {
		int err = raw_fill(in);

		if (err || in->ended)
			return err;
	}
	raw = (ZSTD_inBuffer){ in->raw, in->raw_end, in->raw_pos };
	ret = ZSTD_decompressStream(in->zstd, &out, &raw);
	*got = out.pos;
	in->raw_pos = raw.pos;
	if (ZSTD_isError(ret))
		return zstd_fail(in, ret);
	in->in_frame = ret != 0;
	in->pending = in->in_frame && out.pos == out.size;
	return 0;
}

static int zstd_open(struct zsim_input *in)
{
	const struct zsim_allocator *a = in->alloc;
	ZSTD_customMem mem = { a->alloc, a->free, a->ctx };

	in->raw = zsim_alloc(a, RAW_BLOCK);
	in->zstd = ZSTD_createDStream_advanced(mem);
	return in->raw && in->zstd ? 0 : -ENOMEM;
}

/* ---- the block of text --------------------------------------------------------- */

/* drop what was read */
static void text_compact(struct zsim_input *in)
{
	size_t used = in->end - in->start;

	memmove(in->text, in->text + in->start, used);
	in->scanned -= in->start;
	in->whole = in->whole > in->start ? in->whole - in->start : 0;
	if (in->nul != NO_OFFSET)
		in->nul = in->nul > in->start ? in->nul - in->start : 0;
	in->start = 0;
	in->end = used;
}

/* make room behind @end; what fills the block without being read doubles it */
static int text_room(struct zsim_input *in)
{
	size_t cap = in->cap * 2;
	char *text;

	if (in->start >= FILL_BLOCK || (in->start && in->end == in->cap))
		text_compact(in);
	if (in->end < in->cap)
		return 0;
	text = zsim_realloc(in->alloc, in->text, cap + ZSIM_INPUT_SLACK);
	if (!text)
		return input_fail(in, -ENOMEM, "out of memory");
	in->text = text;
	in->cap = cap;
	return 0;
}

/*
 * @got bytes arrived behind @end. NULs are looked for here, a block at a time,
 * since the terminators of lines make more of them.
 */
static void text_add(struct zsim_input *in, size_t got)
{
	const char *from = in->text + in->end;
	const char *nul = in->nul == NO_OFFSET ? memchr(from, '\0', got) : NULL;
	size_t n = got;

	if (nul)
		in->nul = (size_t)(nul - in->text);
	while (n && from[n - 1] != '\n')
		n--;
	if (n)
		in->whole = in->end + n;
	in->end += got;
}

/* get some more text; sets @ended or @failed instead when there is none */
static void text_fill(struct zsim_input *in)
{
	size_t got = 0;
	size_t room;

	if (text_room(in))
		return;
	room = in->cap - in->end < FILL_BLOCK ? in->cap - in->end : FILL_BLOCK;
	if (in->zstd)
		zstd_read(in, in->text + in->end, room, &got);
	else if (!source_read(in, in->text + in->end, room, &got) && !got)
		in->ended = true;
	text_add(in, got);
}

/* ---- opening --------------------------------------------------------------------- */

/* the first bytes decide about zstd; plain ones stay where the text begins */
static int input_start(struct zsim_input *in)
{
	size_t have = 0;
	size_t got;
	int ret;

	do {
		ret = source_read(in, in->text + have, RAW_BLOCK - have, &got);
		if (ret)
			return ret;
		have += got;
	} while (have < 4 && got);
	if (!magic_is_zstd(in->text, have)) {
		in->ended = !got;
		text_add(in, have);
		return 0;
	}
	ret = zstd_open(in);
	if (ret)
		return input_fail(in, ret, "out of memory");
	memcpy(in->raw, in->text, have);
	in->raw_end = have;
	return 0;
}

static struct zsim_input *input_create(const struct zsim_allocator *a)
{
	struct zsim_input *in = zsim_zalloc(a, sizeof(*in));

	if (!in)
		return NULL;
	in->alloc = a;
	in->fd = -1;
	in->nul = NO_OFFSET;
	in->why = "";
	in->cap = ZSIM_INPUT_PEEK;
	in->text = zsim_alloc(a, in->cap + ZSIM_INPUT_SLACK);
	if (in->text)
		return in;
	zsim_dealloc(a, in);
	return NULL;
}

/* find out what @fd is; a directory opens for reading, but cannot be read */
static int source_check(struct zsim_input *in, const char **why)
{
	struct stat st;

	if (fstat(in->fd, &st)) {
		int err = -errno;

		*why = strerror(errno);
		return err;
	}
	if (S_ISDIR(st.st_mode)) {
		*why = strerror(EISDIR);
		return -EISDIR;
	}
	if (S_ISREG(st.st_mode))
		in->size = (uint64_t)st.st_size;
	return 0;
}

static int source_open(struct zsim_input *in, const char *path, const char **why)
{
	if (!strcmp(path, "-")) {
		in->fd = STDIN_FILENO;
		return source_check(in, why);
	}
	do {
		in->fd = open(path, O_RDONLY | O_CLOEXEC);
	} while (in->fd < 0 && errno == EINTR);
	if (in->fd < 0) {
		int err = -errno;

		*why = strerror(errno);
		return err;
	}
	in->close_fd = true;
	return source_check(in, why);
}

/* the input is handed out, or freed after the failure @ret */
static int input_finish(struct zsim_input *in, int ret, struct zsim_input **out, const char **why)
{
	if (!ret) {
		ret = input_start(in);
		if (ret)
			*why = in->why;
	}
	if (!ret)
		*out = in;
	else
		zsim_input_close(in);
	return ret;
}

int zsim_input_open(struct zsim_input **in, const char *path, const struct zsim_allocator *a,
		    const char **why)
{
	struct zsim_input *new = input_create(a);

	if (!new) {
		*why = "out of memory";
		return -ENOMEM;
	}
	return input_finish(new, source_open(new, path, why), in, why);
}

int zsim_input_open_memory(struct zsim_input **in, const void *data, size_t size,
			   const struct zsim_allocator *a, const char **why)
{
	struct zsim_input *new = input_create(a);

	if (!new) {
		*why = "out of memory";
		return -ENOMEM;
	}
	new->mem = data;
	new->size = size;
	return input_finish(new, 0, in, why);
}

void zsim_input_close(struct zsim_input *in)
{
	if (!in)
		return;
	if (in->close_fd)
		close(in->fd);
	ZSTD_freeDStream(in->zstd);
	zsim_dealloc(in->alloc, in->raw);
	zsim_dealloc(in->alloc, in->text);
	zsim_dealloc(in->alloc, in);
}

/* ---- reading --------------------------------------------------------------------- */

/* end of the line that begins at @start, reading on as needed; NO_OFFSET: there is none */
static size_t line_end(struct zsim_input *in)
{
	for (;;) {
		char *from = in->text + in->scanned;
		char *nl = memchr(from, '\n', in->end - in->scanned);

		if (nl)
			return (size_t)(nl - in->text);
		in->scanned = in->end;
		if (in->nul != NO_OFFSET || in->end - in->start > ZSIM_INPUT_LINE_MAX)
			return in->end;
		if (in->ended)
			return in->failed || in->end == in->start ? NO_OFFSET : in->end;
		text_fill(in);
	}
}

static int line_fail(struct zsim_input *in, int err, const char *why)
{
	in->why = why;
	in->sticky = err;
	return err;
}

int zsim_input_line(struct zsim_input *in, char **line, size_t *length)
{
	size_t end;

	if (in->sticky)
		return in->sticky;
	end = line_end(in);
	if (end == NO_OFFSET && !in->failed)
		return 0;
	in->number++;
	if (end == NO_OFFSET)
		return line_fail(in, in->failed, in->why);
	if (end - in->start > ZSIM_INPUT_LINE_MAX)
		return line_fail(in, -EBADMSG, "line too long");
	if (in->nul < end)
		return line_fail(in, -EBADMSG, "binary data");
	*line = in->text + in->start;
	*length = end - in->start;
	in->text[end] = '\0';
	/* at the very end there is no newline to skip */
	in->cut = end == in->end;
	in->start = end < in->end ? end + 1 : end;
	in->scanned = in->start;
	return 1;
}

size_t zsim_input_lines(struct zsim_input *in, const char **data)
{
	while (in->whole <= in->start) {
		if (in->ended || in->end - in->start > ZSIM_INPUT_LINE_MAX)
			return 0;
		text_fill(in);
	}
	*data = in->text + in->start;
	return in->whole - in->start;
}

void zsim_input_take(struct zsim_input *in, size_t bytes, uint64_t lines)
{
	in->start += bytes;
	if (in->scanned < in->start)
		in->scanned = in->start;
	in->number += lines;
}

int zsim_input_failed(struct zsim_input *in)
{
	in->sticky = in->failed;
	return in->failed;
}

size_t zsim_input_peek(struct zsim_input *in, size_t want, const char **data)
{
	while (in->end - in->start < want && !in->ended)
		text_fill(in);
	*data = in->text + in->start;
	return in->end - in->start;
}

const char *zsim_input_why(const struct zsim_input *in)
{
	return in->sticky ? in->why : "";
}

bool zsim_input_cut(const struct zsim_input *in)
{
	return in->cut;
}

uint64_t zsim_input_number(const struct zsim_input *in)
{
	return in->number;
}

void zsim_input_progress(const struct zsim_input *in, uint64_t *done, uint64_t *size)
{
	*done = in->done;
	*size = in->size;
}
