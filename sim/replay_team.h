/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_team.h - several files replayed at once, reported one after the other.
 */
#ifndef ZSIM_SIM_REPLAY_TEAM_H
#define ZSIM_SIM_REPLAY_TEAM_H

#include "session.h"

#define ZSIM_REPLAY_MAX_JOBS 256u

/**
 * struct zsim_replay_work - what a team is to do
 * @options: without a log of decisions; the progress of each file is not shown
 * @report: called for each file, in their order, by the thread that calls
 *	zsim_replay_team(); @err: of zsim_session_run(). False: no file behind this one is
 *	wanted any more
 */
struct zsim_replay_work {
	char **files;
	int nr_files;
	const struct zsim_session_options *options;
	unsigned int jobs;
	bool (*report)(void *ctx, const struct zsim_session *s, int err);
	void *ctx;
};

/**
 * zsim_replay_team() - all files, up to @jobs (2..ZSIM_REPLAY_MAX_JOBS) at once; 0, or -errno: no
 * report was made
 */
int zsim_replay_team(const struct zsim_replay_work *work, struct zsim_progress *progress);

#endif
