/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_run.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"

#define FILE_BYTES_MAX (16u << 20)

/* ---- loading ---------------------------------------------------------------- */

const char *zsim_check_run_file(const struct zsim_check_run *run)
{
	return strcmp(run->file, "-") ? run->file : "(standard input)";
}

static int fail(struct zsim_check_run *run, const char *why)
{
	snprintf(run->error, sizeof(run->error), "%s: %s", zsim_check_run_file(run), why);
	return -EBADMSG;
}

static int stream_read(FILE *in, char **text, size_t *size)
{
	size_t room = 0, n = 0;
	char *more;

	do {
		room = room ? 2 * room : 65536;
		more = room <= FILE_BYTES_MAX ? realloc(*text, room) : NULL;
		if (!more)
			return room <= FILE_BYTES_MAX ? -ENOMEM : -EFBIG;
		*text = more;
		errno = 0;
		n += fread(*text + n, 1, room - n, in);
	} while (n == room);
	*size = n;
	return ferror(in) ? (errno ? -errno : -EIO) : 0;
}

static int file_read(const char *file, char **text, size_t *size)
{
	FILE *in = strcmp(file, "-") ? fopen(file, "r") : stdin;
	int err;

	if (!in)
		return -errno;
	err = stream_read(in, text, size);
	if (in != stdin)
		fclose(in);
	return err;
}

static int scenario_load(struct zsim_check_run *run)
{
	char *text = NULL;
	size_t size = 0;
	int err = file_read(run->file, &text, &size);

	if (err) {
		free(text);
		return fail(run, strerror(-err));
	}
	err = zsim_scenario_parse(zsim_check_run_file(run), text, size, NULL, &run->sc);
	free(text);
	if (err == -ENOMEM)
		return fail(run, "out of memory");
	if (err)
		snprintf(run->error, sizeof(run->error), "%s", zsim_scenario_error(run->sc));
	return err ? -EBADMSG : 0;
}

int zsim_check_run_load(struct zsim_check_run *run, const char *file,
			const struct zsim_check_args *args)
{
	int err;

	*run = (struct zsim_check_run){ .file = file, .args = args };
	err = scenario_load(run);
	if (err)
		return err;
	run->algo = args->algo ? *args->algo : *zsim_scenario_algo(run->sc);
	run->own_algo = !zsim_set_apply(&run->algo, &args->set) && !args->algo;
	run->wanted = args->options.properties;
	if (!run->wanted)
		run->wanted = zsim_scenario_proves(run->sc) | zsim_scenario_refutes(run->sc);
	return 0;
}

void zsim_check_run_free(struct zsim_check_run *run)
{
	if (run->tried)
		zsim_check_result_free(&run->result);
	zsim_scenario_free(run->sc);
}

/* ---- exploring --------------------------------------------------------------- */

/**
 * struct watch - a search under way, which may ask from several threads; @drawing: one of them
 * draws
 */
struct watch {
	struct zsim_check_run *run;
	uint64_t start;
	atomic_flag drawing;
};

static void progress_draw(const struct watch *w, const struct zsim_check_progress *p)
{
	double seconds = (double)(zsim_now_ns() - w->start) / 1e9;

	zsim_out_text(stderr, zsim_check_run_file(w->run));
	fprintf(stderr, "  %s states, %s/s, depth %s, %s waiting, %s MiB",
		zsim_digits(p->states).text,
		zsim_digits(seconds > 0 ? (uint64_t)((double)p->states / seconds) : 0).text,
		zsim_digits(p->depth).text, zsim_digits(p->queue).text,
		zsim_digits(p->bytes >> 20).text);
	fflush(stderr);
}

static bool on_progress(void *ctx, const struct zsim_check_progress *p)
{
	struct watch *w = ctx;
	uint64_t most = w->run->args->seconds_max * 1000000000u;

	if (zsim_interrupted() || (most && zsim_now_ns() - w->start >= most))
		return false;
	if (atomic_flag_test_and_set(&w->drawing))
		return true;
	if (zsim_progress_begin(w->run->progress))
		progress_draw(w, p);
	atomic_flag_clear(&w->drawing);
	return true;
}

int zsim_check_run_explore(struct zsim_check_run *run, struct zsim_progress *progress)
{
	struct watch w = { .run = run, .start = zsim_now_ns(), .drawing = ATOMIC_FLAG_INIT };
	struct zsim_check_options options = run->args->options;
	int err;

	run->progress = progress;
	options.algo = run->own_algo ? NULL : &run->algo;
	options.progress = on_progress;
	options.ctx = &w;
	err = zsim_check(run->sc, &options, &run->result);
	zsim_progress_clear(progress);
	run->seconds = (double)(zsim_now_ns() - w.start) / 1e9;
	run->tried = !err;
	if (err == -ENOMEM)
		return fail(run, "out of memory");
	return err ? fail(run, strerror(-err)) : 0;
}

/* ---- what came of it ---------------------------------------------------------- */

enum zsim_opinion zsim_check_run_opinion(const struct zsim_check_run *run,
					 enum zsim_property property)
{
	uint64_t bit = ZSIM_P_BIT(property);
	bool expected = zsim_scenario_refutes(run->sc) & bit;

	if (!(run->wanted & bit))
		return ZSIM_OPINION_NONE;
	if (run->result.refuted & bit)
		return expected ? ZSIM_OPINION_EXPECTED : ZSIM_OPINION_REFUTED;
	if (!(run->result.checked & bit))
		return ZSIM_OPINION_UNSEEN;
	if (run->result.end != ZSIM_END_EXHAUSTED)
		return ZSIM_OPINION_OPEN;
	return expected ? ZSIM_OPINION_MISSED : ZSIM_OPINION_PROVED;
}

unsigned int zsim_check_run_count(const struct zsim_check_run *run, enum zsim_opinion opinion)
{
	unsigned int n = 0;

	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++)
		n += zsim_check_run_opinion(run, (enum zsim_property)i) == opinion;
	return n;
}

enum zsim_exit zsim_check_run_status(const struct zsim_check_run *run)
{
	if (zsim_check_run_count(run, ZSIM_OPINION_REFUTED) ||
	    zsim_check_run_count(run, ZSIM_OPINION_MISSED))
		return ZSIM_EXIT_WRONG;
	return run->result.end == ZSIM_END_EXHAUSTED ? ZSIM_EXIT_OK : ZSIM_EXIT_PARTIAL;
}

const char *zsim_check_run_end(const struct zsim_check_run *run)
{
	switch (run->result.end) {
	case ZSIM_END_EXHAUSTED:
		return NULL;
	case ZSIM_END_REFUTED:
		return "it ended at the first property that is refuted";
	case ZSIM_END_STATES:
		return "the limit of --max-states";
	case ZSIM_END_MEMORY:
		return "the limit of --max-memory";
	case ZSIM_END_STOPPED:
		return zsim_interrupted() ? "interrupted" : "the limit of --max-time";
	case ZSIM_END_WALKS:
		return "random walks see a part";
	case ZSIM_END_INEXACT:
		return "--bitstate misses states";
	}
	return "?";
}

/* one that should not be there before one that should */
const struct zsim_counterexample *zsim_check_run_example(const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;

	for (uint32_t i = 0; i < r->nr; i++)
		if (zsim_check_run_opinion(run, r->counterexamples[i].property) ==
		    ZSIM_OPINION_REFUTED)
			return &r->counterexamples[i];
	return r->nr ? &r->counterexamples[0] : NULL;
}
