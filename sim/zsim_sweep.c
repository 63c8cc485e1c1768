/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-sweep - many configurations, all cores, one table.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_out.h"
#include "interrupt.h"
#include "sweep_args.h"
#include "sweep_plot.h"
#include "sweep_ranks.h"
#include "sweep_team.h"

#define WAIT_MS 100	/* between looks at signals and progress */
#define WAIT_RANKS_MS 1 /* and at messages */

/** struct sweep - a run of the program; @start_ns: when the first run of this program began */
struct sweep {
	struct zsim_sweep_args args;
	struct zsim_sweep_ranks ranks;
	struct zsim_sweep_rows rows;
	struct zsim_sweep_file file;
	struct zsim_sweep_board board;
	struct zsim_progress progress;
	uint64_t start_ns;
};

static unsigned int jobs(const struct sweep *s)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	long each = cores / (long)s->ranks.neighbours;

	if (s->args.jobs)
		return s->args.jobs;
	if (each < 1)
		return 1;
	return each < (long)ZSIM_SWEEP_MAX_JOBS ? (unsigned int)each : ZSIM_SWEEP_MAX_JOBS;
}

static void tell_process(const struct sweep *s)
{
	if (s->args.verbose)
		fprintf(stderr, "process %" PRIu32 ": pid %ld, %u threads\n", s->ranks.rank,
			(long)getpid(), jobs(s));
}

/* ---- progress ------------------------------------------------------------------------- */

static void show_left(const struct sweep *s, uint64_t done)
{
	uint64_t made = done - s->file.found;
	uint64_t seconds = (zsim_now_ns() - s->start_ns) / 1000000000u;
	uint64_t left;

	if (!made)
		return;
	left = seconds * (s->args.plan.runs - done) / made;
	fprintf(stderr, ", %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", left / 3600,
		left / 60 % 60, left % 60);
}

static void show_progress(struct sweep *s)
{
	uint64_t wrong;
	uint64_t done = zsim_sweep_board_done(&s->board, &wrong);

	if (!zsim_progress_begin(&s->progress))
		return;
	fprintf(stderr, "%s of %s runs", zsim_digits(done).text,
		zsim_digits(s->args.plan.runs).text);
	if (wrong)
		fprintf(stderr, ", %s failed", zsim_digits(wrong).text);
	show_left(s, done);
	fflush(stderr);
}

/* ---- process 0 -------------------------------------------------------------------------- */

static uint64_t take(void *ctx)
{
	return zsim_sweep_board_take(ctx, 0, true);
}

static void give(void *ctx, const struct zsim_sweep_result *result)
{
	zsim_sweep_board_give(ctx, 0, result);
}

static void wait_for_all(struct sweep *s)
{
	long wait = s->ranks.nr > 1 ? WAIT_RANKS_MS : WAIT_MS;

	while (!zsim_sweep_board_over(&s->board, wait)) {
		zsim_sweep_ranks_poll(&s->ranks, &s->board);
		if (zsim_interrupted())
			zsim_sweep_board_stop(&s->board);
		show_progress(s);
	}
	zsim_progress_clear(&s->progress);
}

static int summary(struct sweep *s)
{
	uint64_t wrong;
	uint64_t done = zsim_sweep_board_done(&s->board, &wrong);

	if (s->board.err == -EPROTO)
		return ZSIM_EXIT_UNUSABLE; /* complained of already */
	if (s->board.err)
		return zsim_complain_file(s->args.output, s->board.err);
	if (done < s->args.plan.runs) {
		zsim_complain("zsim-sweep: interrupted after %s of %s runs%s",
			      zsim_digits(done).text, zsim_digits(s->args.plan.runs).text,
			      s->args.output ? "; --resume goes on" : "");
		return ZSIM_EXIT_PARTIAL;
	}
	if (!wrong)
		return ZSIM_EXIT_OK;
	zsim_complain("zsim-sweep: %s of %s runs failed, or violate an invariant",
		      zsim_digits(wrong).text, zsim_digits(done).text);
	return ZSIM_EXIT_WRONG;
}

static int make_runs(struct sweep *s)
{
	struct zsim_sweep_source source = { take, give, &s->board, &s->board.stop };
	struct zsim_sweep_team team;
	int err;

	s->start_ns = zsim_now_ns();
	s->progress.on = s->args.usual.progress;
	zsim_interrupts();
	tell_process(s);
	err = zsim_sweep_team_start(&team, &s->args.plan, &source, jobs(s));
	if (err)
		return zsim_complain("zsim-sweep: no thread: %s", strerror(-err));
	wait_for_all(s);
	zsim_sweep_team_join(&team);
	return summary(s);
}

static int sweep(struct sweep *s)
{
	char why[ZSIM_WHY];
	int status;

	if (zsim_sweep_rows_init(&s->rows, s->args.format, &s->args.plan))
		return zsim_complain("out of memory");
	if (zsim_sweep_file_open(&s->file, s->args.output, s->args.mode, &s->rows, why))
		status = zsim_complain("%s", why);
	else if (zsim_sweep_board_init(&s->board, &s->args.plan, &s->file, s->args.verbose))
		status = zsim_complain("out of memory");
	else
		status = make_runs(s);
	zsim_sweep_board_destroy(&s->board);
	zsim_sweep_file_close(&s->file);
	return status;
}

/* every run by its key alone */
static int list(struct sweep *s)
{
	if (zsim_sweep_rows_init(&s->rows, s->args.format, &s->args.plan))
		return zsim_complain("out of memory");
	for (uint64_t run = 0; run < s->args.plan.runs; run++) {
		char *key = zsim_sweep_rows_key(&s->rows, run);

		if (!key)
			return zsim_complain("out of memory");
		key[strlen(key) - 1] = '\0';
		puts(key);
		free(key);
	}
	return zsim_out_finish();
}

/* ---- all processes ----------------------------------------------------------------------- */

/* what is wrong with the arguments is said once; -1 or the descriptor that was standard error */
static int mute(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int old = dup(STDERR_FILENO);

	if (null >= 0) {
		dup2(null, STDERR_FILENO);
		dup2(null, STDOUT_FILENO);
		close(null);
	}
	return old;
}

static void unmute(int old)
{
	if (old < 0)
		return;
	dup2(old, STDERR_FILENO);
	close(old);
}

static enum zsim_action parse(struct sweep *s, int argc, char **argv)
{
	int old = s->ranks.rank ? mute() : -1;
	enum zsim_action action = zsim_args_sweep(&s->args, argc, argv);

	unmute(old);
	return action;
}

static int serve(struct sweep *s)
{
	zsim_interrupts();
	tell_process(s);
	return zsim_sweep_ranks_serve(&s->ranks, &s->args.plan, jobs(s)) ? ZSIM_EXIT_UNUSABLE :
									   ZSIM_EXIT_OK;
}

static int run(struct sweep *s)
{
	if (s->args.plot_x || s->args.list) {
		if (s->ranks.rank)
			return ZSIM_EXIT_OK;
		return s->args.plot_x ? zsim_sweep_plot(&s->args) : list(s);
	}
	zsim_sweep_ranks_plan(&s->ranks, &s->args.plan, s->args.lost_after);
	return s->ranks.rank ? serve(s) : sweep(s);
}

int main(int argc, char **argv)
{
	struct sweep s = { 0 };
	char why[ZSIM_WHY];
	enum zsim_action action;
	int status;

	if (zsim_sweep_ranks_start(&s.ranks, &argc, &argv, why))
		return zsim_complain("zsim-sweep: %s", why);
	action = parse(&s, argc, argv);
	status = action == ZSIM_ACTION_RUN ? run(&s) : (int)action;
	zsim_args_sweep_free(&s.args);
	zsim_sweep_ranks_end(&s.ranks, status);
	return status;
}
