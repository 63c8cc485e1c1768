/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "cli_parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/zsim.h>

#include "cli_out.h"

const char *zsim_self(void)
{
	return program_invocation_short_name;
}

/* ---- what argp says in several lines, in one --------------------------------- */

/* An option of the table that begins like @name; *@exact if it is just that. */
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

static void complain_option(const struct argp_option *table, const char *argument)
{
	const char *name = argument + strspn(argument, "-");
	size_t size = strcspn(name, "=");
	unsigned int matches;
	const struct argp_option *o = option_like(table, name, size, &matches);

	if (!o || argument[1] != '-')
		zsim_complain("%s: unknown option '%s'; --help lists all", zsim_self(), argument);
	else if (matches > 1)
		zsim_complain("%s: option '%s' can mean several; --help lists all", zsim_self(),
			      argument);
	else if (o->arg)
		zsim_complain("%s: option --%s needs a value", zsim_self(), o->name);
	else
		zsim_complain("%s: option --%s takes no value", zsim_self(), o->name);
}

/* getopt has stepped over the bad option, unless it stands in a cluster like -xy. */
static const char *bad_argument(const struct argp_state *state)
{
	int i = state->next - 1;

	if ((i < 1 || state->argv[i][0] != '-') && state->next < state->argc)
		i = state->next;
	return state->argv[i];
}

/* argp's own --help and --version exit before anyone could see a failed write. */
static enum zsim_action show_help(const struct argp *argp, const char *name)
{
	char *copy = strdup(name);

	argp_help(argp, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, copy);
	free(copy);
	return ZSIM_ACTION_DONE;
}

static enum zsim_action show_version(const char *name)
{
	printf("%s %s\n", name, zsim_version());
	return ZSIM_ACTION_DONE;
}

int zsim_parse_refuse(struct zsim_parse *p)
{
	p->complained = true;
	return EINVAL;
}

error_t zsim_parse_common(int key, struct zsim_parse *p, const struct argp_state *state)
{
	switch (key) {
	case ZSIM_OPT_HELP:
		p->help = true;
		return 0;
	case ZSIM_OPT_VERSION:
		p->version = true;
		return 0;
	case ARGP_KEY_ERROR:
		if (!p->complained)
			complain_option(p->argp->options, bad_argument(state));
		p->complained = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

enum zsim_action zsim_parse_all(struct zsim_parse *p, int argc, char **argv)
{
	unsigned int flags = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT;

	if (argp_parse(p->argp, argc, argv, flags, NULL, p))
		return ZSIM_ACTION_REFUSE;
	if (p->help)
		return show_help(p->argp, p->name);
	if (p->version)
		return show_version(p->name);
	return ZSIM_ACTION_RUN;
}
