/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-import - a kernel capture, or a trace, as the trace that says the same.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/trace.h>

#include "cli_out.h"
#include "import_args.h"

#define OPS 256

/** struct groups - numbers of paths: the writer's by the reader's */
struct groups {
	uint32_t *number;
	uint32_t nr;
	uint32_t max;
};

static const char *shown_name(const char *file)
{
	return strcmp(file, "-") ? file : "(standard input)";
}

/* where the trace comes from, as a line for people; 0 or -errno */
static int write_origin(struct zsim_writer *w, const char *file, const struct zsim_reader *rd)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (!out)
		return -errno;
	fputs("from ", out);
	zsim_out_text(out, shown_name(file));
	fprintf(out, " (%s)", zsim_trace_format_name(zsim_reader_format(rd)));
	if (!fclose(out))
		err = zsim_writer_comment(w, text);
	free(text);
	return err;
}

/* a failed write is told by whoever closes the file, who knows why */
static int import_status(int err, const char *file, uint64_t line)
{
	if (err == -EINVAL)
		return zsim_complain("%s:%" PRIu64 ": a trace has no words for this",
				     shown_name(file), line);
	if (err == -ENOMEM)
		return zsim_complain("out of memory");
	return ZSIM_EXIT_OK;
}

/* the paths that the reader has met since: 0 or -errno */
static int groups_follow(struct groups *groups, struct zsim_writer *w, struct zsim_reader *rd)
{
	uint32_t nr = zsim_reader_groups(rd);
	uint32_t *number = groups->number;
	int err = 0;

	if (nr > groups->max) {
		number = realloc(number, 2 * (size_t)nr * sizeof(*number));
		if (!number)
			return -ENOMEM;
		groups->number = number;
		groups->max = 2 * nr;
	}
	for (; groups->nr < nr && !err; groups->nr++)
		err = zsim_writer_group(w, zsim_reader_group(rd, groups->nr), &number[groups->nr]);
	return err;
}

/* page events that come next, each by the number of its path: a path is looked up once */
static int import_ops(struct zsim_writer *w, struct zsim_reader *rd, struct groups *groups)
{
	struct zsim_op ops[OPS];
	uint32_t n;
	int err = 0;

	while (!err && (n = zsim_reader_ops(rd, ops, OPS))) {
		err = groups_follow(groups, w, rd);
		for (uint32_t i = 0; i < n && !err; i++) {
			if (ops[i].type == ZSIM_EV_STORE)
				ops[i].group = groups->number[ops[i].group];
			err = zsim_writer_op(w, &ops[i]);
		}
	}
	return err;
}

static int import_events(struct zsim_writer *w, const char *file, struct zsim_reader *rd)
{
	struct groups groups = { 0 };
	struct zsim_event ev = { 0 };
	int err;
	int ret;

	do {
		err = import_ops(w, rd, &groups);
		ret = err ? 0 : zsim_reader_next(rd, &ev);
		if (ret == 1)
			err = zsim_writer_event(w, &ev);
	} while (ret == 1 && !err);
	free(groups.number);
	if (ret < 0)
		return zsim_complain("%s", zsim_reader_error(rd));
	return import_status(err, file, ev.line);
}

static int import_trace(FILE *out, const struct zsim_import_args *args, struct zsim_reader *rd)
{
	enum zsim_trace_format format = args->binary ? ZSIM_FORMAT_BINARY : ZSIM_FORMAT_TEXT;
	struct zsim_writer *w = NULL;
	int status;
	int err;

	if (zsim_writer_open(out, format, args->zstd_level, NULL, &w))
		return zsim_complain("out of memory");
	err = write_origin(w, args->file, rd);
	status = err ? import_status(err, args->file, 1) : import_events(w, args->file, rd);
	err = zsim_writer_close(w);
	return status ? status : import_status(err, args->file, 0);
}

static int import(FILE *out, const struct zsim_import_args *args)
{
	struct zsim_reader *rd = NULL;
	int err = zsim_reader_open(args->file, NULL, &rd);
	int status;

	if (err == -ENOMEM)
		return zsim_complain("out of memory");
	if (err)
		status = zsim_complain("%s", zsim_reader_error(rd));
	else
		status = import_trace(out, args, rd);
	zsim_reader_close(rd);
	return status;
}

static int import_to_file(const struct zsim_import_args *args)
{
	struct zsim_outfile out = { 0 };
	int status = zsim_outfile_open(&out, args->output);

	if (!status)
		status = import(out.file, args);
	if (!status)
		status = zsim_outfile_commit(&out);
	zsim_outfile_discard(&out);
	return status;
}

static int copy_to_stdout(FILE *from)
{
	char buf[1 << 16];
	size_t n;

	errno = 0;
	if (fflush(from) || ferror(from))
		return zsim_complain_file("temporary file", errno ? -errno : -EIO);
	rewind(from);
	while ((n = fread(buf, 1, sizeof(buf), from)))
		fwrite(buf, 1, n, stdout);
	if (ferror(from))
		return zsim_complain_file("temporary file", -EIO);
	return zsim_out_finish();
}

/* Whoever reads our output shall not get half a trace and take it for one. */
static int import_to_stdout(const struct zsim_import_args *args)
{
	FILE *spool = tmpfile();
	int status;

	if (!spool)
		return zsim_complain_file("temporary file", -errno);
	status = import(spool, args);
	if (!status)
		status = copy_to_stdout(spool);
	fclose(spool);
	return status;
}

int main(int argc, char **argv)
{
	struct zsim_import_args args;
	enum zsim_action action = zsim_args_import(&args, argc, argv);

	if (action != ZSIM_ACTION_RUN)
		return (int)action;
	return args.output ? import_to_file(&args) : import_to_stdout(&args);
}
