/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_parse.h - argp, tamed: a mistake is one line, and nothing exits.
 *
 * A tool gives its table of options and a parser for them; what all tools have
 * in common is here.
 */
#ifndef ZSIM_SIM_CLI_PARSE_H
#define ZSIM_SIM_CLI_PARSE_H

#include <argp.h>
#include <stdbool.h>

/** enum zsim_action - what a command line asks for */
enum zsim_action {
	ZSIM_ACTION_RUN,
	ZSIM_ACTION_DONE,   /* --help or --version, which are on standard output now */
	ZSIM_ACTION_REFUSE, /* wrong arguments, complained of already */
};

#define ZSIM_OPT_HELP 'h'
#define ZSIM_OPT_VERSION 'V'
#define ZSIM_GROUP_OTHER (-1) /* argp puts it last */

/** ZSIM_PARSE_COMMON - rows that end every tool's table */
#define ZSIM_PARSE_COMMON                                                          \
	{ "help", ZSIM_OPT_HELP, NULL, 0, "print this text", ZSIM_GROUP_OTHER },   \
	{                                                                          \
		"version", ZSIM_OPT_VERSION, NULL, 0, "print the version of zsim", \
			ZSIM_GROUP_OTHER                                           \
	}

/** struct zsim_parse - a command line under way; @args is the tool's own struct */
struct zsim_parse {
	const struct argp *argp;
	const char *name;
	void *args;
	bool help;
	bool version;
	bool complained;
};

/** zsim_self() - what the program is called */
const char *zsim_self(void);
/** zsim_parse_all() - the whole command line */
enum zsim_action zsim_parse_all(struct zsim_parse *p, int argc, char **argv);
/** zsim_parse_common() - ARGP_ERR_UNKNOWN for an option that is the tool's own */
error_t zsim_parse_common(int key, struct zsim_parse *p, const struct argp_state *state);
/** zsim_parse_refuse() - a complaint was made already; EINVAL */
int zsim_parse_refuse(struct zsim_parse *p);

#endif
