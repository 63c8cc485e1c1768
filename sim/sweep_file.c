/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "sweep_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int wrong_file(char *why, const char *name, int err)
{
	return zsim_value_wrong(why, "%.150s: %s", name, strerror(-err));
}

/* ---- writing ---------------------------------------------------------------------- */

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

/* the number in front of @end, where a line says how often invariants were violated */
static bool line_wrong(const struct zsim_sweep_rows *rows, const char *line)
{
	const char *fine = rows->format == ZSIM_SWEEP_CSV ? ",\n" : ", \"error\": null}\n";
	size_t size = strlen(line), tail = strlen(fine);

	if (size <= tail || strcmp(line + size - tail, fine) != 0)
		return true;
	return line[size - tail - 1] != '0' ||
	       (line[size - tail - 2] >= '0' && line[size - tail - 2] <= '9');
}

static int journal_open(struct zsim_sweep_file *f)
{
	f->journal_fd = open(f->journal, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
	return f->journal_fd < 0 ? -errno : 0;
}

static int line_keep(struct zsim_sweep_file *f, const char *line)
{
	int err = f->journal && f->journal_fd < 0 ? journal_open(f) : 0;

	if (err || !f->journal)
		return err;
	return write_all(f->journal_fd, line);
}

/* the next line, and those that waited for it */
static int lines_write(struct zsim_sweep_file *f, const char *line)
{
	int err = write_all(f->fd, line);

	while (!err && ++f->next < f->rows->plan->runs && f->held[f->next]) {
		err = write_all(f->fd, f->held[f->next]);
		free(f->held[f->next]);
		f->held[f->next] = NULL;
	}
	return err;
}

bool zsim_sweep_file_has(const struct zsim_sweep_file *f, uint64_t run)
{
	return run < f->next || f->held[run];
}

int zsim_sweep_file_put(struct zsim_sweep_file *f, const struct zsim_sweep_result *result)
{
	char *line = zsim_sweep_rows_line(f->rows, result);
	int err = line ? 0 : -ENOMEM;

	if (err)
		return err;
	f->wrong += line_wrong(f->rows, line);
	if (result->run == f->next) {
		err = lines_write(f, line);
		free(line);
		return err;
	}
	f->held[result->run] = line;
	return line_keep(f, line);
}

/* ---- what is there already ---------------------------------------------------------- */

/** struct reading - a file's lines; @size: bytes of the whole lines so far */
struct reading {
	FILE *in;
	const char *name;
	char *line;
	size_t room;
	uint64_t number;
	off_t size;
	char *why;
};

static int reading_open(struct reading *r, const char *name, char *why)
{
	*r = (struct reading){ .name = name, .why = why, .in = fopen(name, "re") };
	return r->in ? 0 : -errno;
}

static void reading_close(struct reading *r)
{
	free(r->line);
	if (r->in)
		fclose(r->in);
}

/* 1 and a line, whose end may be missing; 0 at the end */
static int reading_next(struct reading *r)
{
	ssize_t n = getline(&r->line, &r->room, r->in);

	r->number++;
	if (n < 0)
		return 0;
	return strlen(r->line) == (size_t)n ? 1 :
					      zsim_value_wrong(r->why, "%.150s: no text", r->name);
}

static int reading_foreign(struct reading *r)
{
	return zsim_value_wrong(r->why, "%.150s:%" PRIu64 ": of another sweep; --force begins anew",
				r->name, r->number);
}

/* 1 if the line, if it is whole, is what it should be; 0 if it is the beginning of that */
static int reading_expect(struct reading *r, const char *start)
{
	size_t size = strlen(r->line), length = strlen(start);
	bool whole = size && r->line[size - 1] == '\n';

	if (strncmp(r->line, start, whole || size > length ? length : size) != 0)
		return reading_foreign(r);
	if (whole)
		r->size += (off_t)size;
	return whole;
}

static int read_header(struct zsim_sweep_file *f, struct reading *r)
{
	char *header = zsim_sweep_rows_header(f->rows);
	int ret = 1;

	if (!header)
		return zsim_value_wrong(r->why, "out of memory");
	if (*header)
		ret = reading_next(r);
	if (*header && ret > 0)
		ret = reading_expect(r, header);
	free(header);
	return ret;
}

static int read_line(struct zsim_sweep_file *f, struct reading *r, uint64_t run)
{
	char *key = run < f->rows->plan->runs ? zsim_sweep_rows_key(f->rows, run) : NULL;
	int ret;

	if (!key)
		return run < f->rows->plan->runs ? zsim_value_wrong(r->why, "out of memory") :
						   reading_foreign(r);
	ret = reading_expect(r, key);
	free(key);
	return ret;
}

static int read_lines(struct zsim_sweep_file *f, struct reading *r)
{
	int ret = read_header(f, r);

	while (ret > 0) {
		ret = reading_next(r);
		if (ret > 0)
			ret = read_line(f, r, f->next);
		if (ret > 0) {
			f->wrong += line_wrong(f->rows, r->line);
			f->next++;
		}
	}
	return ret;
}

/* lines of the journal say themselves which run they are of */
static uint64_t line_run(const struct zsim_sweep_rows *rows, const char *line)
{
	static const char before[] = "{\"run\": ";

	if (rows->format == ZSIM_SWEEP_JSONL && !strncmp(line, before, strlen(before)))
		line += strlen(before);
	return *line >= '0' && *line <= '9' ? strtoull(line, NULL, 10) : UINT64_MAX;
}

static bool has_end(const char *line)
{
	return strchr(line, '\n') != NULL;
}

static int read_journal(struct zsim_sweep_file *f, struct reading *r)
{
	int ret;

	while ((ret = reading_next(r)) > 0 && has_end(r->line)) {
		uint64_t run = line_run(f->rows, r->line);

		ret = read_line(f, r, run);
		if (ret < 0)
			return ret;
		if (zsim_sweep_file_has(f, run))
			continue;
		f->held[run] = strdup(r->line);
		if (!f->held[run])
			return zsim_value_wrong(r->why, "out of memory");
		f->wrong += line_wrong(f->rows, r->line);
		f->found++;
	}
	return ret < 0 ? ret : 0;
}

/* ---- opening --------------------------------------------------------------------------- */

static int output_resume(struct zsim_sweep_file *f, char *why)
{
	struct reading r;
	int err = reading_open(&r, f->name, why);

	if (err)
		return wrong_file(why, f->name, err);
	err = read_lines(f, &r);
	if (!err && ftruncate(f->fd, r.size))
		err = wrong_file(why, f->name, -errno);
	reading_close(&r);
	f->found += f->next;
	return err;
}

static int journal_resume(struct zsim_sweep_file *f, char *why)
{
	struct reading r;
	int err = reading_open(&r, f->journal, why);

	if (err)
		return err == -ENOENT ? 0 : wrong_file(why, f->journal, err);
	err = read_journal(f, &r);
	if (!err && truncate(f->journal, r.size))
		err = wrong_file(why, f->journal, -errno);
	reading_close(&r);
	return err;
}

/* what waits may be due, if the program was killed between two lines */
static int begin(struct zsim_sweep_file *f, char *why)
{
	char *header = zsim_sweep_rows_header(f->rows);
	char *line = f->next < f->rows->plan->runs ? f->held[f->next] : NULL;
	int err = header ? 0 : -ENOMEM;

	if (!err && (!f->journal || !lseek(f->fd, 0, SEEK_END)))
		err = write_all(f->fd, header);
	if (!err && line) {
		f->held[f->next] = NULL;
		err = lines_write(f, line);
		free(line);
	}
	free(header);
	return err ? wrong_file(why, f->name ? f->name : "standard output", err) : 0;
}

static int output_lock(struct zsim_sweep_file *f, char *why)
{
	if (!flock(f->fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return zsim_value_wrong(why, "%.150s: another sweep is writing it", f->name);
	return wrong_file(why, f->name, -errno);
}

static int output_open(struct zsim_sweep_file *f, enum zsim_sweep_mode mode, char *why)
{
	int flags = O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC;

	f->fd = open(f->name, mode == ZSIM_SWEEP_NEW ? flags | O_EXCL : flags, 0666);
	if (f->fd < 0 && errno == EEXIST)
		return zsim_value_wrong(
			why, "%.150s: exists; --resume goes on with it, --force begins anew",
			f->name);
	return f->fd < 0 ? wrong_file(why, f->name, -errno) : output_lock(f, why);
}

static int output_clear(struct zsim_sweep_file *f, char *why)
{
	if (ftruncate(f->fd, 0))
		return wrong_file(why, f->name, -errno);
	if (unlink(f->journal) && errno != ENOENT)
		return wrong_file(why, f->journal, -errno);
	return 0;
}

/* a pipe or a device can neither be gone on with nor cleared */
static int open_device(struct zsim_sweep_file *f, char *why)
{
	f->fd = open(f->name, O_WRONLY | O_CLOEXEC);
	return f->fd < 0 ? wrong_file(why, f->name, -errno) : 0;
}

static int open_named(struct zsim_sweep_file *f, enum zsim_sweep_mode mode, char *why)
{
	struct stat st;
	int err;

	if (!stat(f->name, &st) && !S_ISREG(st.st_mode))
		return open_device(f, why);
	if (asprintf(&f->journal, "%s.journal", f->name) < 0) {
		f->journal = NULL;
		return zsim_value_wrong(why, "out of memory");
	}
	err = output_open(f, mode, why);
	if (err)
		return err;
	if (mode != ZSIM_SWEEP_RESUME)
		return output_clear(f, why);
	err = output_resume(f, why);
	return err ? err : journal_resume(f, why);
}

int zsim_sweep_file_open(struct zsim_sweep_file *f, const char *name, enum zsim_sweep_mode mode,
			 const struct zsim_sweep_rows *rows, char *why)
{
	int err = 0;

	*f = (struct zsim_sweep_file){
		.rows = rows, .name = name, .fd = STDOUT_FILENO, .journal_fd = -1
	};
	f->held = calloc(rows->plan->runs, sizeof(*f->held));
	if (!f->held)
		return zsim_value_wrong(why, "out of memory");
	if (name)
		err = open_named(f, mode, why);
	if (!err)
		err = begin(f, why);
	f->ours = !err;
	return err;
}

void zsim_sweep_file_close(struct zsim_sweep_file *f)
{
	bool complete = f->ours && f->next == f->rows->plan->runs;

	for (uint64_t i = f->next; f->held && i < f->rows->plan->runs; i++)
		free(f->held[i]);
	free(f->held);
	if (f->journal_fd >= 0)
		close(f->journal_fd);
	if (f->journal && complete)
		unlink(f->journal);
	if (f->name && f->fd >= 0)
		close(f->fd);
	free(f->journal);
	*f = (struct zsim_sweep_file){ .fd = -1, .journal_fd = -1 };
}
