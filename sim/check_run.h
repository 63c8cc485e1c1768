/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_run.h - one scenario from its file to its verdicts.
 *
 * It prints nothing but progress; what it found is for check_text.h and check_json.h.
 */
#ifndef ZSIM_SIM_CHECK_RUN_H
#define ZSIM_SIM_CHECK_RUN_H

#include "check_args.h"
#include "cli_out.h"
#include "meter.h"

/** enum zsim_opinion - what is known of a property after a search */
enum zsim_opinion {
	ZSIM_OPINION_PROVED,
	ZSIM_OPINION_EXPECTED, /* refuted, as the scenario says */
	ZSIM_OPINION_REFUTED,
	ZSIM_OPINION_MISSED, /* proved, and the scenario says it does not hold */
	ZSIM_OPINION_OPEN,   /* not refuted by what was looked at */
	ZSIM_OPINION_UNSEEN, /* this kind of search cannot tell */
	ZSIM_OPINION_NONE,   /* nobody asked */
};

/**
 * struct zsim_check_run - one scenario
 * @algo: that runs, its constants as asked for; @own_algo: it is the scenario's
 * @wanted: properties that were asked for
 * @tried: it was explored, and @result is filled; the others behind it were not
 * @error: "FILE:LINE: what" if it cannot be used
 */
struct zsim_check_run {
	const char *file;
	const struct zsim_check_args *args;
	struct zsim_progress *progress;
	struct zsim_scenario *sc;
	struct zsim_algo algo;
	bool own_algo;
	uint64_t wanted;
	bool tried;
	double seconds;
	struct zsim_check_result result;
	char error[512];
};

/** zsim_check_run_load() - read and parse; 0, or -EBADMSG with @error set. Free it either way */
int zsim_check_run_load(struct zsim_check_run *run, const char *file,
			const struct zsim_check_args *args);
/** zsim_check_run_explore() - 0, or -EBADMSG with @error set */
int zsim_check_run_explore(struct zsim_check_run *run, struct zsim_progress *progress);
void zsim_check_run_free(struct zsim_check_run *run);

/** zsim_check_run_file() - as people read it: "-" is "(standard input)" */
const char *zsim_check_run_file(const struct zsim_check_run *run);
/** zsim_check_run_opinion() - on one property */
enum zsim_opinion zsim_check_run_opinion(const struct zsim_check_run *run,
					 enum zsim_property property);
/** zsim_check_run_count() - properties on which this is the opinion */
unsigned int zsim_check_run_count(const struct zsim_check_run *run, enum zsim_opinion opinion);
/** zsim_check_run_status() - OK, WRONG or PARTIAL */
enum zsim_exit zsim_check_run_status(const struct zsim_check_run *run);
/** zsim_check_run_end() - half a sentence: why the search ended before its end, or NULL */
const char *zsim_check_run_end(const struct zsim_check_run *run);
/** zsim_check_run_example() - the counterexample that matters most, or NULL */
const struct zsim_counterexample *zsim_check_run_example(const struct zsim_check_run *run);

#endif
