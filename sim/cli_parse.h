/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_parse.h - argp, tamed: a mistake is one line, and nothing exits.
 *
 * A tool gives its table of options and functions that take them; what all tools
 * have in common is here.
 */
#ifndef ZSIM_SIM_CLI_PARSE_H
#define ZSIM_SIM_CLI_PARSE_H

#include <argp.h>
#include <stdbool.h>

#include "cli_out.h"
#include "cli_value.h"

/** enum zsim_action - what a command line asks for; all but the first are exit statuses */
enum zsim_action {
	ZSIM_ACTION_RUN = -1,
	ZSIM_ACTION_DONE = ZSIM_EXIT_OK, /* --help or --version, which are on standard output now */
	ZSIM_ACTION_REFUSE = ZSIM_EXIT_UNUSABLE, /* something is wrong, and complained of */
};

#define ZSIM_OPT_HELP 'h'
#define ZSIM_OPT_VERSION 'V'
#define ZSIM_OPT_PROGRESS 0x1000 /* above what tools have for their own */
#define ZSIM_OPT_NO_PROGRESS 0x1001
#define ZSIM_GROUP_OTHER (-1) /* argp puts it last */

/** ZSIM_PARSE_COMMON - rows that end every tool's table */
#define ZSIM_PARSE_COMMON                                                          \
	{ "help", ZSIM_OPT_HELP, NULL, 0, "print this text", ZSIM_GROUP_OTHER },   \
	{                                                                          \
		"version", ZSIM_OPT_VERSION, NULL, 0, "print the version of zsim", \
			ZSIM_GROUP_OTHER                                           \
	}

/** ZSIM_PARSE_PROGRESS() - rows of a tool that shows how far @what is */
#define ZSIM_PARSE_PROGRESS(what, group)                                              \
	{ "progress",                                                                 \
	  ZSIM_OPT_PROGRESS,                                                          \
	  NULL,                                                                       \
	  0,                                                                          \
	  "show how far " what " is: the default on a terminal",                      \
	  group },                                                                    \
	{                                                                             \
		"no-progress", ZSIM_OPT_NO_PROGRESS, NULL, 0, "do not show it", group \
	}

/**
 * zsim_option_fn - takes an option
 * @key: of the option's row, or ARGP_KEY_ARG for a word that is none
 * @value: NULL for an option without one
 * @args: the tool's own struct
 *
 * Return: 0, -EINVAL with @why, or ARGP_ERR_UNKNOWN for an option that is another's.
 */
typedef int zsim_option_fn(int key, char *value, void *args, char *why);

#define ZSIM_PARSE_PARTS 4

/**
 * struct zsim_command - what a tool's command line may hold
 * @options: a table that ends with ZSIM_PARSE_COMMON and a zero row
 * @parts: asked in turn for each option, up to the first that takes it
 * @mistake: NULL, or all that is said of an option that is not in the table or lacks its value
 * @conflict: NULL, or says why options that are each fine make no sense together;
 *	NULL if they do
 */
struct zsim_command {
	const char *name;
	const char *args_doc;
	const char *doc;
	const struct argp_option *options;
	zsim_option_fn *parts[ZSIM_PARSE_PARTS];
	const char *mistake;
	const char *(*conflict)(const void *args);
};

/**
 * struct zsim_usual - what tools take alike
 * @files: the @nr_files words that no part took, in argv
 * @progress: to be shown
 */
struct zsim_usual {
	char **files;
	int nr_files;
	bool progress;
};

/** zsim_parse() - a whole command line into @args, the tool's own struct, and @usual */
enum zsim_action zsim_parse(const struct zsim_command *command, void *args,
			    struct zsim_usual *usual, int argc, char **argv);
/** zsim_parse_words() - options among words from elsewhere: 0 or -EINVAL with @why */
int zsim_parse_words(const struct zsim_command *command, void *args, int nr, char **words,
		     char *why);

#define ZSIM_NO_FILE "no file given; --help shows how to use it"
/** zsim_files_conflict() - NULL, or why they cannot be read in turn */
const char *zsim_files_conflict(const struct zsim_usual *usual);

/** zsim_self() - what the program is called */
const char *zsim_self(void);
/** zsim_parse_refuse() - complain of the command line */
enum zsim_action zsim_parse_refuse(const char *why);

#endif
