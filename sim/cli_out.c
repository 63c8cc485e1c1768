/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* O_TMPFILE */
#include "cli_out.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_NS 100000000u

/* ---- text ------------------------------------------------------------------ */

static bool utf8_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* The spelling of one byte; it may be the byte itself. */
static int escape(unsigned char c, char buf[8])
{
	if (c == '\n')
		return snprintf(buf, 8, "\\n");
	if (c == '\t')
		return snprintf(buf, 8, "\\t");
	if (c < 0x20 || c == 0x7f)
		return snprintf(buf, 8, "\\x%02x", c);
	buf[0] = (char)c;
	buf[1] = '\0';
	return utf8_tail(c) ? 0 : 1;
}

int zsim_out_text(FILE *out, const char *text)
{
	int columns = 0;
	char buf[8];

	for (const char *p = text; *p; p++) {
		columns += escape((unsigned char)*p, buf);
		if (out)
			fputs(buf, out);
	}
	return columns;
}

int zsim_complain(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	zsim_out_text(stderr, text);
	putc('\n', stderr);
	return ZSIM_EXIT_UNUSABLE;
}

int zsim_complain_file(const char *name, int err)
{
	if (err == -ENOMEM)
		return zsim_complain("out of memory");
	return zsim_complain("%s: %s", name ? name : "standard output", strerror(-err));
}

struct zsim_digits zsim_digits(uint64_t n)
{
	struct zsim_digits d;
	char plain[24];
	int len = snprintf(plain, sizeof(plain), "%" PRIu64, n);
	char *p = d.text;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = plain[i];
	}
	*p = '\0';
	return d;
}

struct zsim_digits zsim_digits_signed(int64_t n)
{
	struct zsim_digits d = zsim_digits(n < 0 ? -(uint64_t)n : (uint64_t)n);

	if (n < 0) {
		memmove(d.text + 1, d.text, strlen(d.text) + 1);
		d.text[0] = '-';
	}
	return d;
}

struct zsim_style zsim_style_of(FILE *out)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if ((no_color && *no_color) || (term && !strcmp(term, "dumb")) || !isatty(fileno(out)))
		return (struct zsim_style){ "", "", "", "", "" };
	return (struct zsim_style){ "\033[1m", "\033[32m", "\033[1;31m", "\033[2m", "\033[0m" };
}

static int errno_or_eio(void)
{
	return errno ? -errno : -EIO;
}

/* a write that failed before this flush has said why: the flush may have nothing left to do */
static int stream_flush(FILE *out)
{
	if (!ferror(out))
		errno = 0;
	return fflush(out) || ferror(out) ? errno_or_eio() : 0;
}

int zsim_out_finish(void)
{
	int err = stream_flush(stdout);

	return err ? zsim_complain_file(NULL, err) : ZSIM_EXIT_OK;
}

/* ---- files that appear whole ----------------------------------------------- */

static void outfile_reset(struct zsim_outfile *out)
{
	free(out->target);
	free(out->part);
	*out = (struct zsim_outfile){ 0 };
}

/* "dir/name" to "dir/.name.PID.part", which the directory's listings hide. */
static char *part_name(const char *target)
{
	const char *slash = strrchr(target, '/');
	const char *name = slash ? slash + 1 : target;
	char *part;

	if (asprintf(&part, "%.*s.%s.%ld.part", (int)(name - target), target, name,
		     (long)getpid()) < 0)
		return NULL;
	return part;
}

static char *directory_of(const char *target)
{
	const char *slash = strrchr(target, '/');

	if (!slash)
		return strdup(".");
	if (slash == target)
		return strdup("/");
	return strndup(target, (size_t)(slash - target));
}

static int open_unnamed(const char *target)
{
	char *directory = directory_of(target);
	int fd;

	if (!directory)
		return -ENOMEM;
	if (access("/proc/self/fd", X_OK)) { /* without it no name could be given later */
		free(directory);
		return -EOPNOTSUPP;
	}
	fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		fd = -errno;
	free(directory);
	return fd;
}

/* A file without a name where the file system has that, else one with a hidden name. */
static int open_part(struct zsim_outfile *out)
{
	int fd;

	out->part = part_name(out->target);
	if (!out->part)
		return -ENOMEM;
	fd = open_unnamed(out->target);
	out->unnamed = fd >= 0;
	if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL) {
		fd = open(out->part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
		if (fd < 0)
			fd = -errno;
	}
	return fd;
}

/* Sets the target and whether it takes bytes directly; a descriptor or -errno. */
static int open_target(struct zsim_outfile *out, const char *path)
{
	struct stat st;
	int fd;

	if (!*path)
		return -ENOENT;
	if (stat(path, &st)) {
		out->target = strdup(path);
		return out->target ? open_part(out) : -ENOMEM;
	}
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	out->direct = !S_ISREG(st.st_mode);
	out->target = realpath(path, NULL); /* a link stays a link */
	if (out->direct) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	if (!out->target || access(path, W_OK))
		return errno_or_eio();
	fd = open_part(out);
	if (fd >= 0)
		(void)fchmod(fd, st.st_mode & 07777); /* a courtesy: no fault if it fails */
	return fd;
}

int zsim_outfile_open(struct zsim_outfile *out, const char *path)
{
	int fd = open_target(out, path);

	if (fd >= 0) {
		out->name = path;
		out->file = fdopen(fd, "w");
		if (out->file)
			return ZSIM_EXIT_OK;
		close(fd);
		fd = -ENOMEM;
		if (out->part && !out->unnamed)
			unlink(out->part);
	}
	outfile_reset(out);
	return zsim_complain_file(path, fd);
}

int zsim_outfile_flush(const struct zsim_outfile *out)
{
	int err = out->file ? stream_flush(out->file) : 0;

	return err ? zsim_complain_file(out->name, err) : ZSIM_EXIT_OK;
}

static int give_name(struct zsim_outfile *out)
{
	char self[32];

	if (!out->unnamed)
		return 0;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fileno(out->file));
	if (linkat(AT_FDCWD, self, AT_FDCWD, out->part, AT_SYMLINK_FOLLOW))
		return errno_or_eio();
	out->unnamed = false;
	return 0;
}

static int commit(struct zsim_outfile *out)
{
	int err = stream_flush(out->file);

	if (!err && !out->direct)
		err = give_name(out);
	if (!err && !out->direct && rename(out->part, out->target))
		err = errno_or_eio();
	if (err) {
		zsim_outfile_discard(out);
		return err;
	}
	if (fclose(out->file))
		err = errno_or_eio();
	outfile_reset(out);
	return err;
}

int zsim_outfile_commit(struct zsim_outfile *out)
{
	const char *name = out->name;
	int err = out->file ? commit(out) : 0;

	return err ? zsim_complain_file(name, err) : ZSIM_EXIT_OK;
}

void zsim_outfile_discard(struct zsim_outfile *out)
{
	if (!out->file)
		return;
	fclose(out->file);
	if (!out->direct && !out->unnamed)
		unlink(out->part);
	outfile_reset(out);
}

/* ---- progress -------------------------------------------------------------- */

uint64_t zsim_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

bool zsim_progress_begin(struct zsim_progress *p)
{
	uint64_t now;

	if (!p->on)
		return false;
	now = zsim_now_ns();
	if (!p->last_ns) /* a short run shows nothing */
		p->last_ns = now;
	if (now - p->last_ns < PROGRESS_NS)
		return false;
	p->last_ns = now;
	p->shown = true;
	fputs("\r\033[K", stderr);
	return true;
}

void zsim_progress_update(struct zsim_progress *p, const char *what, uint64_t done, uint64_t size,
			  uint64_t events)
{
	if (!zsim_progress_begin(p))
		return;
	zsim_out_text(stderr, what);
	if (size)
		fprintf(stderr, "  %3d %%", (int)(100.0 * (double)done / (double)size));
	fprintf(stderr, "  %s events", zsim_digits(events).text);
	fflush(stderr);
}

void zsim_progress_clear(struct zsim_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
