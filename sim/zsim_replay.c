/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-replay - traces and kernel captures through the model, and what came of it.
 */
#include <stdlib.h>
#include <string.h>

#include "cli_out.h"
#include "replay_args.h"
#include "replay_team.h"
#include "report_json.h"
#include "report_text.h"
#include "session.h"

/**
 * struct replay - a run of the program
 * @json_stdout: standard output belongs to the JSON alone
 * @array: one element a file, NULL without --json
 * @worst: status of the files so far, with several at once
 */
struct replay {
	struct zsim_replay_args args;
	struct zsim_progress progress;
	struct zsim_outfile events;
	struct zsim_outfile json;
	bool json_stdout;
	json_t *array;
	int worst;
};

static int open_outputs(struct replay *r)
{
	const struct zsim_replay_args *args = &r->args;
	int status = ZSIM_EXIT_OK;

	if (args->json) {
		r->array = json_array();
		r->json_stdout = !strcmp(args->json, "-");
		if (!r->array)
			return zsim_complain("out of memory");
	}
	if (args->json && !r->json_stdout)
		status = zsim_outfile_open(&r->json, args->json);
	if (!status && args->events)
		status = zsim_outfile_open(&r->events, args->events);
	if (status || !args->events)
		return status;
	r->args.session.events = r->events.file;
	fputs("# line call cause decision ...\n", r->events.file);
	return ZSIM_EXIT_OK;
}

static bool session_is_wrong(const struct replay *r, const struct zsim_session *s)
{
	bool violated = false;

	for (unsigned int i = 0; i < s->nr_runs; i++)
		violated |= s->runs[i].nr_violations > 0;
	return violated || zsim_session_wrong(s, r->args.allow_racy);
}

static int report(struct replay *r, const struct zsim_session *s)
{
	const struct zsim_report_options options = {
		.stat = r->args.stat,
		.allow_racy = r->args.allow_racy,
	};

	if (r->array && json_array_append_new(r->array, zsim_report_json(s)))
		return zsim_complain("out of memory");
	if (!r->json_stdout)
		zsim_report_text(stdout, s, &options);
	return session_is_wrong(r, s) ? ZSIM_EXIT_WRONG : ZSIM_EXIT_OK;
}

/* a session at its end; the run ends with the first one that is unusable */
static int report_session(struct replay *r, const struct zsim_session *s, int err)
{
	if (!s)
		return zsim_complain("out of memory");
	return err ? zsim_complain("%s", s->error) : report(r, s);
}

static int replay_file(struct replay *r, const char *file)
{
	struct zsim_session *s = malloc(sizeof(*s));
	int status;
	int err;

	if (!s)
		return zsim_complain("out of memory");
	if (r->events.file) {
		fputs("# ", r->events.file);
		zsim_out_text(r->events.file, file);
		putc('\n', r->events.file);
	}
	err = zsim_session_run(s, file, &r->args.session);
	zsim_progress_clear(&r->progress);
	status = report_session(r, s, err);
	zsim_session_free(s);
	free(s);
	return status;
}

static bool on_report(void *ctx, const struct zsim_session *s, int err)
{
	struct replay *r = ctx;
	int status = report_session(r, s, err);

	if (status > r->worst)
		r->worst = status;
	return r->worst < ZSIM_EXIT_UNUSABLE;
}

static int replay_together(struct replay *r)
{
	const struct zsim_replay_work work = {
		.files = r->args.usual.files,
		.nr_files = r->args.usual.nr_files,
		.options = &r->args.session,
		.jobs = r->args.jobs,
		.report = on_report,
		.ctx = r,
	};
	int err = zsim_replay_team(&work, &r->progress);

	return err ? zsim_complain("%s: no thread: %s", zsim_self(), strerror(-err)) : r->worst;
}

static int replay_files(struct replay *r)
{
	int worst = ZSIM_EXIT_OK;

	if (r->args.jobs > 1 && r->args.usual.nr_files > 1)
		return replay_together(r);
	for (int i = 0; i < r->args.usual.nr_files && worst < ZSIM_EXIT_UNUSABLE; i++) {
		int status = replay_file(r, r->args.usual.files[i]);

		if (status > worst)
			worst = status;
	}
	return worst;
}

static int write_json(struct replay *r)
{
	const json_t *json = r->args.usual.nr_files == 1 ? json_array_get(r->array, 0) : r->array;

	return zsim_report_json_write(&r->json, json);
}

/* The log first gets all its bytes down, so that a full disk leaves neither file. */
static int close_outputs(struct replay *r)
{
	int status = zsim_outfile_flush(&r->events);

	if (!status && r->array)
		status = write_json(r);
	if (!status)
		status = zsim_outfile_commit(&r->json);
	if (!status)
		status = zsim_outfile_commit(&r->events);
	return status ? status : zsim_out_finish();
}

static int replay(struct replay *r)
{
	int status = open_outputs(r);
	int closing;

	if (status)
		return status;
	r->progress.on = r->args.usual.progress;
	r->args.session.progress = &r->progress;
	status = replay_files(r);
	if (status == ZSIM_EXIT_UNUSABLE)
		return status;
	closing = close_outputs(r);
	return closing > status ? closing : status;
}

int main(int argc, char **argv)
{
	struct replay r = { 0 };
	enum zsim_action action = zsim_args_replay(&r.args, argc, argv);
	int status;

	if (action != ZSIM_ACTION_RUN)
		return (int)action;
	status = replay(&r);
	zsim_outfile_discard(&r.json);
	zsim_outfile_discard(&r.events);
	json_decref(r.array);
	return status;
}
