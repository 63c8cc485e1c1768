/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_args.h - the command line of zsim-replay.
 */
#ifndef ZSIM_SIM_REPLAY_ARGS_H
#define ZSIM_SIM_REPLAY_ARGS_H

#include "cli_parse.h"
#include "session.h"

/**
 * struct zsim_replay_args - the command line of zsim-replay
 * @jobs: files that are replayed at once, 1..ZSIM_REPLAY_MAX_JOBS
 * @json, @events: NULL = not asked for
 */
struct zsim_replay_args {
	struct zsim_usual usual;
	struct zsim_session_options session;
	bool stat;
	bool allow_racy;
	unsigned int jobs;
	const char *json;
	const char *events;
};
enum zsim_action zsim_args_replay(struct zsim_replay_args *args, int argc, char **argv);

#endif
