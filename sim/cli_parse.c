/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "cli_parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *zsim_self(void)
{
	return program_invocation_short_name;
}

/* ---- what argp says in several lines, in one --------------------------------- */

/* The option of the table that begins like @name, if it is one; *@matches: how many do,
 * or 1 if one is just that. */
static const struct argp_option *option_like(const struct argp_option *table, const char *name,
					     size_t size, unsigned int *matches)
{
	const struct argp_option *like = NULL;

	*matches = 0;
	for (const struct argp_option *o = table; o->name || o->doc; o++) {
		if (!o->name || strncmp(o->name, name, size))
			continue;
		like = o;
		++*matches;
		if (strlen(o->name) == size) {
			*matches = 1;
			return o;
		}
	}
	return like;
}

static void option_wrong(const struct argp_option *table, const char *argument, char *why)
{
	const char *name = argument + strspn(argument, "-");
	size_t size = strcspn(name, "=");
	unsigned int matches;
	const struct argp_option *o = option_like(table, name, size, &matches);

	if (!o || argument[1] != '-')
		zsim_value_wrong(why, "unknown option '%s'; --help lists all", argument);
	else if (matches > 1)
		zsim_value_wrong(why, "option '%s' can mean several; --help lists all", argument);
	else if (o->arg)
		zsim_value_wrong(why, "option --%s needs a value", o->name);
	else
		zsim_value_wrong(why, "option --%s takes no value", o->name);
}

/* getopt has stepped over the bad option, unless it stands in a cluster like -xy. */
static const char *bad_argument(const struct argp_state *state)
{
	int i = state->next - 1;

	if ((i < 1 || state->argv[i][0] != '-') && state->next < state->argc)
		i = state->next;
	return state->argv[i];
}

/* ---- one option after the other ---------------------------------------------- */

/** struct parse - a command line under way; @why: "" up to the first mistake */
struct parse {
	const struct zsim_command *command;
	void *args;
	struct zsim_usual *usual;
	char *why;
	bool help;
	bool version;
};

static int part_take(struct parse *p, int key, char *value)
{
	zsim_option_fn *const *parts = p->command->parts;
	int err = ARGP_ERR_UNKNOWN;

	for (int i = 0; i < ZSIM_PARSE_PARTS && parts[i] && err == ARGP_ERR_UNKNOWN; i++)
		err = parts[i](key, value, p->args, p->why);
	return err;
}

static void mistake(struct parse *p, const struct argp_state *state)
{
	if (*p->why)
		return; /* a part's */
	if (p->command->mistake)
		zsim_value_wrong(p->why, "%s", p->command->mistake);
	else
		option_wrong(p->command->options, bad_argument(state), p->why);
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct parse *p = state->input;
	int err;

	switch (key) {
	case ZSIM_OPT_HELP:
		p->help = true;
		return 0;
	case ZSIM_OPT_VERSION:
		p->version = true;
		return 0;
	case ARGP_KEY_ERROR:
		mistake(p, state);
		return 0;
	case ZSIM_OPT_PROGRESS:
	case ZSIM_OPT_NO_PROGRESS:
		p->usual->progress = key == ZSIM_OPT_PROGRESS;
		return 0;
	case ARGP_KEY_ARGS:
		p->usual->files = state->argv + state->next;
		p->usual->nr_files = state->argc - state->next;
		return 0;
	default:
		err = part_take(p, key, value);
		return err < 0 ? -err : err;
	}
}

static struct argp argp_of(const struct zsim_command *command)
{
	return (struct argp){
		.options = command->options,
		.parser = take,
		.args_doc = command->args_doc,
		.doc = command->doc,
	};
}

static int parse(struct parse *p, int argc, char **argv)
{
	const struct argp argp = argp_of(p->command);
	int err;

	*p->why = '\0';
	err = argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT, NULL, p);
	if (err && !*p->why)
		zsim_value_wrong(p->why, "%s", strerror(err));
	return err ? -EINVAL : 0;
}

int zsim_parse_words(const struct zsim_command *command, void *args, int nr, char **words,
		     char *why)
{
	struct zsim_usual none; /* of them is in @command's table */
	struct parse p = { .command = command, .args = args, .usual = &none, .why = why };

	return parse(&p, nr, words);
}

/* ---- the whole --------------------------------------------------------------- */

/* argp's own --help and --version exit before anyone could see a failed write. */
static enum zsim_action show_help(const struct zsim_command *command)
{
	const struct argp argp = argp_of(command);
	char *copy = strdup(command->name);

	argp_help(&argp, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, copy);
	free(copy);
	return (enum zsim_action)zsim_out_finish();
}

static enum zsim_action show_version(const struct zsim_command *command)
{
	printf("%s %s\n", command->name, zsim_version());
	return (enum zsim_action)zsim_out_finish();
}

const char *zsim_files_conflict(const struct zsim_usual *usual)
{
	int standard_input = 0;

	for (int i = 0; i < usual->nr_files; i++)
		standard_input += !strcmp(usual->files[i], "-");
	return standard_input > 1 ? "standard input can be read only once" : NULL;
}

enum zsim_action zsim_parse_refuse(const char *why)
{
	return (enum zsim_action)zsim_complain("%s: %s", zsim_self(), why);
}

enum zsim_action zsim_parse(const struct zsim_command *command, void *args,
			    struct zsim_usual *usual, int argc, char **argv)
{
	char why[ZSIM_WHY];
	struct parse p = { .command = command, .args = args, .usual = usual, .why = why };
	const char *conflict;

	*usual = (struct zsim_usual){ .progress = isatty(STDERR_FILENO) };
	if (parse(&p, argc, argv))
		return zsim_parse_refuse(why);
	if (p.help)
		return show_help(command);
	if (p.version)
		return show_version(command);
	conflict = command->conflict ? command->conflict(args) : NULL;
	return conflict ? zsim_parse_refuse(conflict) : ZSIM_ACTION_RUN;
}
