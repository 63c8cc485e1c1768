/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-check - scenarios through all their interleavings, and what was proved.
 */
#include <stdlib.h>
#include <string.h>

#include "check_json.h"
#include "check_text.h"
#include "interrupt.h"
#include "report_json.h"

/**
 * struct check - a run of the program
 * @runs: one a file, parsed all before the first is explored
 * @stdout_taken: by --json - or --trace -
 */
struct check {
	struct zsim_check_args args;
	struct zsim_progress progress;
	struct zsim_check_run *runs;
	bool stdout_taken;
	struct zsim_outfile trace;
	struct zsim_outfile json;
};

static bool is_stdout(const char *name)
{
	return name && !strcmp(name, "-");
}

/* ---- input ------------------------------------------------------------------- */

static int load(struct check *c)
{
	c->runs = calloc((size_t)c->args.usual.nr_files, sizeof(*c->runs));
	if (!c->runs)
		return zsim_complain("out of memory");
	for (int i = 0; i < c->args.usual.nr_files; i++)
		if (zsim_check_run_load(&c->runs[i], c->args.usual.files[i], &c->args))
			return zsim_complain("%s", c->runs[i].error);
	return ZSIM_EXIT_OK;
}

static int name_width(const struct check *c)
{
	int width = 0;

	for (int i = 0; i < c->args.usual.nr_files; i++) {
		int n = zsim_out_text(NULL, zsim_check_run_file(&c->runs[i]));

		width = n > width ? n : width;
	}
	return width;
}

/* ---- exploring ------------------------------------------------------------------ */

static void report(const struct check *c, const struct zsim_check_run *run)
{
	if (c->args.quiet || c->stdout_taken)
		return;
	if (c->args.usual.nr_files == 1 || c->args.verbose)
		zsim_check_text_whole(stdout, run);
	else
		zsim_check_text_line(stdout, run, name_width(c));
}

/* what is wrong stands above what is not known */
static int worse(int a, int b)
{
	static const int rank[] = {
		[ZSIM_EXIT_OK] = 0,
		[ZSIM_EXIT_PARTIAL] = 1,
		[ZSIM_EXIT_WRONG] = 2,
		[ZSIM_EXIT_UNUSABLE] = 3,
	};

	return rank[a] > rank[b] ? a : b;
}

static int explore(struct check *c)
{
	int status = ZSIM_EXIT_OK;

	for (int i = 0; i < c->args.usual.nr_files; i++) {
		struct zsim_check_run *run = &c->runs[i];

		if (zsim_interrupted())
			return worse(status, ZSIM_EXIT_PARTIAL);
		if (zsim_check_run_explore(run, &c->progress))
			return zsim_complain("%s", run->error);
		report(c, run);
		status = worse(status, (int)zsim_check_run_status(run));
	}
	return status;
}

/* ---- output ---------------------------------------------------------------------- */

static int open_output(struct zsim_outfile *out, const char *name)
{
	return name && !is_stdout(name) ? zsim_outfile_open(out, name) : ZSIM_EXIT_OK;
}

/* no counterexample: no file */
static int write_trace(struct check *c)
{
	const struct zsim_counterexample *cx = zsim_check_run_example(&c->runs[0]);

	if (!c->args.trace || !cx)
		return ZSIM_EXIT_OK;
	fputs(cx->trace, is_stdout(c->args.trace) ? stdout : c->trace.file);
	return zsim_outfile_commit(&c->trace);
}

static json_t *json_of(const struct check *c)
{
	json_t *array = json_array();

	if (c->args.usual.nr_files == 1) {
		json_decref(array);
		return zsim_check_json(&c->runs[0]);
	}
	for (int i = 0; i < c->args.usual.nr_files && c->runs[i].tried; i++) {
		if (json_array_append_new(array, zsim_check_json(&c->runs[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static int write_json(struct check *c)
{
	json_t *json = c->args.json && c->runs[0].tried ? json_of(c) : NULL;
	int status;

	if (!c->args.json)
		return ZSIM_EXIT_OK;
	if (!json)
		return c->runs[0].tried ? zsim_complain("out of memory") : ZSIM_EXIT_OK;
	status = zsim_report_json_write(&c->json, json);
	json_decref(json);
	return status ? status : zsim_outfile_commit(&c->json);
}

static int finish(struct check *c)
{
	int status;

	if (c->args.usual.nr_files > 1 && !c->args.quiet && !c->stdout_taken)
		zsim_check_text_total(stdout, c->runs, c->args.usual.nr_files);
	status = write_json(c);
	if (!status)
		status = write_trace(c);
	return status ? status : zsim_out_finish();
}

static int check(struct check *c)
{
	int status = load(c);

	if (!status)
		status = open_output(&c->json, c->args.json);
	if (!status)
		status = open_output(&c->trace, c->args.trace);
	if (status)
		return status;
	c->progress.on = c->args.usual.progress;
	c->stdout_taken = is_stdout(c->args.json) || is_stdout(c->args.trace);
	zsim_interrupts();
	status = explore(c);
	return status == ZSIM_EXIT_UNUSABLE ? status : worse(status, finish(c));
}

static int list(void)
{
	zsim_check_text_list(stdout);
	return zsim_out_finish();
}

static void destroy(struct check *c)
{
	for (int i = 0; c->runs && i < c->args.usual.nr_files; i++)
		zsim_check_run_free(&c->runs[i]);
	free(c->runs);
	zsim_outfile_discard(&c->json);
	zsim_outfile_discard(&c->trace);
}

int main(int argc, char **argv)
{
	struct check c = { 0 };
	enum zsim_action action = zsim_args_check(&c.args, argc, argv);
	int status;

	if (action != ZSIM_ACTION_RUN)
		return (int)action;
	status = c.args.list ? list() : check(&c);
	destroy(&c);
	return status;
}
