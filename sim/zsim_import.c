/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-import - a kernel capture as the text trace that says the same.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <zsim/trace.h>

#include "cli_args.h"
#include "cli_out.h"

static int complain_output(const char *name, int err)
{
	return zsim_complain("%s: %s", name, strerror(-err));
}

static const char *shown_name(const char *file)
{
	return strcmp(file, "-") ? file : "(standard input)";
}

static void write_head(FILE *out, const char *file, const struct zsim_reader *rd)
{
	fputs("zsim-trace 1\n# from ", out);
	zsim_out_text(out, shown_name(file));
	fprintf(out, " (%s)\n", zsim_trace_format_name(zsim_reader_format(rd)));
}

static int write_event(FILE *out, const char *file, const struct zsim_event *ev)
{
	int err = zsim_event_write(out, ev);

	if (err == -EINVAL)
		return zsim_complain("%s:%" PRIu64 ": a text trace has no words for this",
				     shown_name(file), ev->line);
	return ZSIM_EXIT_OK; /* @out remembers a failed write until it is closed */
}

static int import_events(FILE *out, const char *file, struct zsim_reader *rd)
{
	int status = ZSIM_EXIT_OK;
	struct zsim_event ev;
	int ret;

	while ((ret = zsim_reader_next(rd, &ev)) == 1 && !ferror(out)) {
		status = write_event(out, file, &ev);
		if (status)
			return status;
	}
	return ret < 0 ? zsim_complain("%s", zsim_reader_error(rd)) : ZSIM_EXIT_OK;
}

static int import(FILE *out, const char *file)
{
	struct zsim_reader *rd = NULL;
	int err = zsim_reader_open(file, NULL, &rd);
	int status;

	if (err == -ENOMEM)
		return zsim_complain("out of memory");
	if (err) {
		status = zsim_complain("%s", zsim_reader_error(rd));
	} else {
		write_head(out, file, rd);
		status = import_events(out, file, rd);
	}
	zsim_reader_close(rd);
	return status;
}

static int import_to_file(const struct zsim_import_args *args)
{
	struct zsim_outfile out = { 0 };
	int err = zsim_outfile_open(&out, args->output);
	int status;

	if (err)
		return complain_output(args->output, err);
	status = import(out.file, args->file);
	if (status) {
		zsim_outfile_discard(&out);
		return status;
	}
	err = zsim_outfile_commit(&out);
	return err ? complain_output(args->output, err) : ZSIM_EXIT_OK;
}

static int copy_to_stdout(FILE *from)
{
	char buf[1 << 16];
	size_t n;
	int err;

	errno = 0;
	if (fflush(from) || ferror(from))
		return complain_output("temporary file", errno ? -errno : -EIO);
	rewind(from);
	while ((n = fread(buf, 1, sizeof(buf), from)))
		fwrite(buf, 1, n, stdout);
	if (ferror(from))
		return complain_output("temporary file", -EIO);
	err = zsim_out_finish();
	return err ? complain_output("standard output", err) : ZSIM_EXIT_OK;
}

/* Whoever reads our output shall not get half a trace and take it for one. */
static int import_to_stdout(const char *file)
{
	FILE *spool = tmpfile();
	int status;

	if (!spool)
		return complain_output("temporary file", -errno);
	status = import(spool, file);
	if (!status)
		status = copy_to_stdout(spool);
	fclose(spool);
	return status;
}

int main(int argc, char **argv)
{
	struct zsim_import_args args;
	int err;

	switch (zsim_args_import(&args, argc, argv)) {
	case ZSIM_ACTION_REFUSE:
		return ZSIM_EXIT_UNUSABLE;
	case ZSIM_ACTION_DONE:
		err = zsim_out_finish();
		return err ? complain_output("standard output", err) : ZSIM_EXIT_OK;
	case ZSIM_ACTION_RUN:
		break;
	}
	return args.output ? import_to_file(&args) : import_to_stdout(args.file);
}
