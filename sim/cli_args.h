/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_args.h - command lines to plain data, and what all tools say alike.
 *
 * Wrong arguments give one line on standard error. Nothing here exits, so that
 * --help and --version notice when standard output cannot be written.
 */
#ifndef ZSIM_SIM_CLI_ARGS_H
#define ZSIM_SIM_CLI_ARGS_H

#include "cli_parse.h"
#include "session.h"

/**
 * struct zsim_replay_args - the command line of zsim-replay
 * @jobs: files that are replayed at once, 1..ZSIM_REPLAY_MAX_JOBS
 * @json, @events: NULL = not asked for
 * @files: @nr_files of them, pointing into argv
 */
struct zsim_replay_args {
	struct zsim_session_options session;
	bool stat;
	bool allow_racy;
	bool progress;
	unsigned int jobs;
	const char *json;
	const char *events;
	char **files;
	int nr_files;
};
enum zsim_action zsim_args_replay(struct zsim_replay_args *args, int argc, char **argv);

/**
 * struct zsim_import_args - the command line of zsim-import
 * @output: NULL = standard output
 * @zstd_level: 0 = not compressed
 */
struct zsim_import_args {
	const char *file;
	const char *output;
	bool binary;
	int zstd_level;
};
enum zsim_action zsim_args_import(struct zsim_import_args *args, int argc, char **argv);

/** zsim_args_number() - decimal or 0x hex and nothing else: 0 or -EINVAL */
int zsim_args_number(const char *text, uint64_t *value);
/** zsim_args_set() - "batch=N,retries=N" into @set; 0, or -EINVAL after a complaint */
int zsim_args_set(struct zsim_algo *set, const char *text);
/** zsim_args_param_value() - a number, Y, N, manual or auto, whichever fits @param: 0 or -EINVAL */
int zsim_args_param_value(enum zsim_param param, const char *text, uint64_t *value);
/** zsim_args_param() - "NAME=VALUE" into @options; 0, or -EINVAL after a complaint */
int zsim_args_param(struct zsim_session_options *options, const char *text);
/** zsim_args_prove() - "NAME,always,..." into a set of ZSIM_P_BIT(); 0, or -EINVAL after a complaint */
int zsim_args_prove(uint64_t *properties, const char *text);
/** zsim_args_defect() - a row of docs/museum.md that is a bug; 0, or -EINVAL after a complaint */
int zsim_args_defect(uint8_t *defect, const char *text);
/** zsim_args_algo() - an algorithm by name; NULL after a complaint */
const struct zsim_algo *zsim_args_algo(const char *name);

#endif
