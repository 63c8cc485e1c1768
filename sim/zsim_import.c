/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-import - a kernel capture as the text trace that says the same.
 */
#include <errno.h>
#include <string.h>

#include <zsim/trace.h>

#include "cli_args.h"
#include "cli_out.h"

static int complain_output(const char *name, int err)
{
	return zsim_complain("%s: %s", name, strerror(-err));
}

static void write_head(FILE *out, const char *file, struct zsim_reader *rd)
{
	fputs("zsim-trace 1\n# from ", out);
	zsim_out_text(out, strcmp(file, "-") ? file : "standard input");
	fprintf(out, " (%s)\n", zsim_trace_format_name(zsim_reader_format(rd)));
}

static int import_events(FILE *out, struct zsim_reader *rd)
{
	struct zsim_event ev;
	int ret;

	while ((ret = zsim_reader_next(rd, &ev)) == 1) {
		ret = zsim_event_write(out, &ev);
		if (ret)
			return complain_output("cannot write", errno ? -errno : ret);
	}
	return ret ? zsim_complain("%s", zsim_reader_error(rd)) : ZSIM_EXIT_OK;
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
		status = import_events(out, rd);
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

static int import_to_stdout(const struct zsim_import_args *args)
{
	int status = import(stdout, args->file);
	int err = zsim_out_finish();

	if (!status && err)
		return complain_output("standard output", err);
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
	return args.output ? import_to_file(&args) : import_to_stdout(&args);
}
