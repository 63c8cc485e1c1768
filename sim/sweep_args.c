/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "sweep_args.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_args.h"
#include "sweep_team.h"

#define GROUP_PLAN 1
#define GROUP_HOW 2
#define GROUP_RESULTS 3
#define GROUP_PLOT 4

enum option_key {
	OPT_JOBS = 'j',
	OPT_OUTPUT = 'o',
	OPT_WORKLOAD = 'w',
	OPT_ALGO = 0x100,
	OPT_SET,
	OPT_PARAM,
	OPT_SEED,
	OPT_VARY,
	OPT_RUNS,
	OPT_LIST,
	OPT_FORMAT,
	OPT_RESUME,
	OPT_FORCE,
	OPT_LOST_AFTER,
	OPT_VERBOSE,
	OPT_PLOT,
	OPT_BY,
	OPT_PROGRESS,
	OPT_NO_PROGRESS,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0,
	  "What runs there are, each LIST being A,B,... or A..B, A..B+STEP, "
	  "A..B*FACTOR:",
	  GROUP_PLAN },
	{ "workload", OPT_WORKLOAD, "KEY=VALUE,...", 0,
	  "a made-up trace, by the fields that zsim-gen has as options; may be repeated",
	  GROUP_PLAN },
	{ "algo", OPT_ALGO, "LIST", 0,
	  "linux-7.2 (base), linux-7.3 or proactive-v5 (patch, the default)", GROUP_PLAN },
	{ "set", OPT_SET, "NAME=LIST", 0,
	  "constants of the algorithm: batch, walk, retries, shrinker_batch, empty_failures",
	  GROUP_PLAN },
	{ "param", OPT_PARAM, "NAME=LIST", 0, "a module parameter, whatever a trace says",
	  GROUP_PLAN },
	{ "vary", OPT_VARY, "KEY=LIST", 0, "a field of every workload", GROUP_PLAN },
	{ "seed", OPT_SEED, "LIST", 0, "the same as --vary seed=LIST", GROUP_PLAN },
	{ "runs", OPT_RUNS, "FILE", 0,
	  "instead of all that: each line of FILE has such options, and files, for runs of its own",
	  GROUP_PLAN },
	{ "list", OPT_LIST, NULL, 0, "show what the runs are, and make none", GROUP_PLAN },
	{ NULL, 0, NULL, 0, "How they are made:", GROUP_HOW },
	{ "jobs", OPT_JOBS, "N", 0, "threads of each process; default: all cores", GROUP_HOW },
	{ "lost-after", OPT_LOST_AFTER, "SECONDS", 0,
	  "under mpirun: when a process that is not heard of is given up; default 10", GROUP_HOW },
	{ "verbose", OPT_VERBOSE, NULL, 0, "tell of each run that is finished", GROUP_HOW },
	{ "progress", OPT_PROGRESS, NULL, 0, "show how far it is: the default on a terminal",
	  GROUP_HOW },
	{ "no-progress", OPT_NO_PROGRESS, NULL, 0, "do not show it", GROUP_HOW },
	{ NULL, 0, NULL, 0, "Where results go:", GROUP_RESULTS },
	{ "output", OPT_OUTPUT, "FILE", 0, "instead of standard output", GROUP_RESULTS },
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "csv, or jsonl: the default for a FILE that ends in .jsonl or .json", GROUP_RESULTS },
	{ "resume", OPT_RESUME, NULL, 0, "go on with FILE if it is there, and of the same runs",
	  GROUP_RESULTS },
	{ "force", OPT_FORCE, NULL, 0, "begin anew if FILE is there", GROUP_RESULTS },
	{ NULL, 0, NULL, 0, "No sweep, but a picture of one (with gnuplot):", GROUP_PLOT },
	{ "plot", OPT_PLOT, "X,Y", 0,
	  "draw two columns of the results in the file given, to --output NAME.png or .svg",
	  GROUP_PLOT },
	{ "by", OPT_BY, "COLUMN", 0, "a line for each value of that column", GROUP_PLOT },
	ZSIM_PARSE_COMMON,
	{ 0 },
};

/**
 * struct parsing - a command line, or a line of --runs, under way
 * @grid: what it adds to
 * @why: what is wrong with the last option
 * @runs: the file of --runs
 * @planned: an option of the grid was given
 * @file: not NULL: only options of the grid are allowed, since this is line @line of it
 */
struct parsing {
	struct zsim_parse p;
	struct zsim_sweep_args *args;
	struct zsim_sweep_grid *grid;
	char why[ZSIM_SWEEP_WHY];
	const char *runs;
	bool planned;
	bool format_given;
	const char *file;
	unsigned int line;
};

static int complain(const struct parsing *c, const char *why)
{
	if (c->file)
		zsim_complain("%s:%u: %s", c->file, c->line, why);
	else
		zsim_complain("%s: %s", zsim_self(), why);
	return EINVAL;
}

static int number(const struct parsing *c, const char *name, const char *text, unsigned int max,
		  unsigned int *result)
{
	uint64_t value;

	if (!zsim_args_number(text, &value) && value >= 1 && value <= max) {
		*result = (unsigned int)value;
		return 0;
	}
	zsim_complain("%s: --%s wants a number from 1 to %u, not '%s'", zsim_self(), name, max,
		      text);
	(void)c;
	return EINVAL;
}

/* ---- options of the grid ------------------------------------------------------------ */

static int seed(struct parsing *c, const char *list)
{
	char *text = NULL;
	int err;

	if (asprintf(&text, "seed=%s", list) < 0)
		return complain(c, "out of memory");
	err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_VARY, text, c->why);
	free(text);
	return err;
}

static error_t plan_option(int key, char *value, struct parsing *c)
{
	int err;

	switch (key) {
	case OPT_WORKLOAD:
		err = zsim_sweep_grid_workload(c->grid, value, c->why);
		break;
	case OPT_ALGO:
		err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_ALGO, value, c->why);
		break;
	case OPT_SET:
		err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_SET, value, c->why);
		break;
	case OPT_PARAM:
		err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_PARAM, value, c->why);
		break;
	case OPT_VARY:
		err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_VARY, value, c->why);
		break;
	case OPT_SEED:
		err = seed(c, value);
		break;
	case ARGP_KEY_ARG:
		err = zsim_sweep_grid_file(c->grid, value, c->why);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	c->planned = true;
	return err ? complain(c, c->why) : 0;
}

/* ---- other options ------------------------------------------------------------------- */

static int format(struct parsing *c, const char *name)
{
	c->format_given = true;
	c->args->format = strcmp(name, "csv") ? ZSIM_SWEEP_JSONL : ZSIM_SWEEP_CSV;
	if (!strcmp(name, "csv") || !strcmp(name, "jsonl"))
		return 0;
	zsim_complain("%s: no format '%s'; there are csv and jsonl", zsim_self(), name);
	return EINVAL;
}

static int plot(struct parsing *c, char *columns)
{
	char *comma = strchr(columns, ',');

	if (!comma || comma == columns || !comma[1] || strchr(comma + 1, ','))
		return complain(c, "--plot wants two columns, X,Y");
	free(c->args->plot_x);
	c->args->plot_x = strndup(columns, (size_t)(comma - columns));
	c->args->plot_y = comma + 1;
	return c->args->plot_x ? 0 : complain(c, "out of memory");
}

static error_t how_option(int key, char *value, struct parsing *c)
{
	struct zsim_sweep_args *args = c->args;

	switch (key) {
	case OPT_JOBS:
		return number(c, "jobs", value, ZSIM_SWEEP_MAX_JOBS, &args->jobs);
	case OPT_LOST_AFTER:
		return number(c, "lost-after", value, 86400, &args->lost_after);
	case OPT_RUNS:
		c->runs = value;
		return 0;
	case OPT_LIST:
		args->list = true;
		return 0;
	case OPT_VERBOSE:
		args->verbose = true;
		return 0;
	case OPT_PROGRESS:
	case OPT_NO_PROGRESS:
		args->progress = key == OPT_PROGRESS;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t result_option(int key, char *value, struct parsing *c)
{
	struct zsim_sweep_args *args = c->args;

	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_FORMAT:
		return format(c, value);
	case OPT_RESUME:
		args->mode = ZSIM_SWEEP_RESUME;
		return 0;
	case OPT_FORCE:
		args->mode = ZSIM_SWEEP_FORCE;
		return 0;
	case OPT_PLOT:
		return plot(c, value);
	case OPT_BY:
		args->plot_by = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t option(int key, char *value, struct argp_state *state)
{
	struct parsing *c = state->input;
	error_t err;

	if (key == ARGP_KEY_ARG && c->args->plot_x && !c->args->results) {
		c->args->results = value;
		return 0;
	}
	err = zsim_parse_common(key, &c->p, state);
	if (err == ARGP_ERR_UNKNOWN)
		err = plan_option(key, value, c);
	if (err == ARGP_ERR_UNKNOWN)
		err = how_option(key, value, c);
	if (err == ARGP_ERR_UNKNOWN)
		err = result_option(key, value, c);
	return err == EINVAL ? zsim_parse_refuse(&c->p) : err;
}

/* ---- the file of --runs ---------------------------------------------------------------- */

static const struct argp_option line_options[] = {
	{ "workload", OPT_WORKLOAD, "KEY=VALUE,...", 0, NULL, 0 },
	{ "algo", OPT_ALGO, "LIST", 0, NULL, 0 },
	{ "set", OPT_SET, "NAME=LIST", 0, NULL, 0 },
	{ "param", OPT_PARAM, "NAME=LIST", 0, NULL, 0 },
	{ "vary", OPT_VARY, "KEY=LIST", 0, NULL, 0 },
	{ "seed", OPT_SEED, "LIST", 0, NULL, 0 },
	{ 0 },
};

static error_t line_option(int key, char *value, struct argp_state *state)
{
	struct parsing *c = state->input;
	error_t err;

	if (key == ARGP_KEY_ERROR && !c->p.complained) {
		c->p.complained = true;
		return complain(c, "not an option of a line of runs, or one without its value");
	}
	err = plan_option(key, value, c);
	return err == EINVAL ? zsim_parse_refuse(&c->p) : err;
}

#define LINE_WORDS 256

/* blanks part the words; # begins a comment; -1: too many */
static int split(char *line, char *words[LINE_WORDS])
{
	static char self[] = "zsim-sweep";
	char *rest = line;
	char *word;
	int nr = 1;

	words[0] = self;
	line[strcspn(line, "#\r\n")] = '\0';
	while ((word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		if (nr == LINE_WORDS - 1)
			return -1;
		words[nr++] = word;
	}
	words[nr] = NULL;
	return nr;
}

static int runs_line(struct parsing *c, char *line)
{
	static const struct argp argp = { .options = line_options, .parser = line_option };
	unsigned int flags = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT;
	char *words[LINE_WORDS];
	int nr = split(line, words);

	if (nr < 0)
		return complain(c, "too many words");
	if (nr == 1)
		return 0;
	c->grid = zsim_sweep_plan_grid(&c->args->plan);
	if (!c->grid)
		return complain(c, "out of memory");
	c->p.complained = false;
	return argp_parse(&argp, nr, words, flags, NULL, c);
}

static int runs_lines(struct parsing *c, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	/* the lines stay: the plan borrows nothing of them */
	while (!err && getline(&line, &room, in) >= 0) {
		c->line++;
		err = runs_line(c, line);
	}
	free(line);
	return err;
}

static int runs_file(struct parsing *c)
{
	FILE *in = fopen(c->runs, "re");
	int err;

	if (!in) {
		zsim_complain("%s: %s", c->runs, strerror(errno));
		return EINVAL;
	}
	c->file = c->runs;
	err = runs_lines(c, in);
	if (!err && ferror(in))
		err = complain(c, "cannot be read");
	fclose(in);
	return err;
}

/* ---- all of it ------------------------------------------------------------------------- */

static const char *conflict(const struct parsing *c)
{
	const struct zsim_sweep_args *args = c->args;

	if (args->plot_x) {
		if (c->planned || c->runs)
			return "--plot takes one file of results, and makes no runs";
		return args->results ? NULL : "--plot wants a file of results";
	}
	if (args->plot_by)
		return "--by is for --plot";
	if (c->runs && c->planned)
		return "--runs has all of the plan: no other options or files of it";
	if (args->mode != ZSIM_SWEEP_NEW && !args->output)
		return "--resume and --force need an --output";
	return NULL;
}

static bool ends(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

static int plan(struct parsing *c)
{
	struct zsim_sweep_args *args = c->args;

	if (c->runs) {
		args->plan.nr_grids = 0; /* the command line's, which is empty */
		if (runs_file(c))
			return EINVAL;
		c->file = NULL;
		if (!args->plan.nr_grids)
			return complain(c, "no runs in the file of --runs");
	}
	if (zsim_sweep_plan_close(&args->plan, c->why))
		return complain(c, c->why);
	if (!c->format_given && args->output &&
	    (ends(args->output, ".jsonl") || ends(args->output, ".json")))
		args->format = ZSIM_SWEEP_JSONL;
	return 0;
}

enum zsim_action zsim_args_sweep(struct zsim_sweep_args *args, int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = option,
		.args_doc = "[FILE...]",
		.doc = "Run the model in many configurations, and make a table of what came of "
		       "them.\v"
		       "Every combination is a run; FILE is a trace or a capture, as for "
		       "zsim-replay. Results stand in the order of the runs, however many threads "
		       "or processes make them. Under mpirun all processes take part.\n\n"
		       "Exit status: 0 all is well; 1 a run failed or violates an invariant; 2 "
		       "unusable arguments, input or output; 3 interrupted.",
	};
	struct parsing c = {
		.p = { .argp = &argp, .name = "zsim-sweep", .args = args },
		.args = args,
	};
	enum zsim_action action;
	const char *what;

	*args = (struct zsim_sweep_args){ .lost_after = 10, .progress = isatty(STDERR_FILENO) };
	c.grid = zsim_sweep_plan_grid(&args->plan);
	if (!c.grid)
		return zsim_complain("out of memory"), ZSIM_ACTION_REFUSE;
	action = zsim_parse_all(&c.p, argc, argv);
	if (action != ZSIM_ACTION_RUN)
		return action;
	what = conflict(&c);
	if (what) {
		complain(&c, what);
		return ZSIM_ACTION_REFUSE;
	}
	if (!args->plot_x && plan(&c))
		return ZSIM_ACTION_REFUSE;
	return ZSIM_ACTION_RUN;
}

void zsim_args_sweep_free(struct zsim_sweep_args *args)
{
	zsim_sweep_plan_free(&args->plan);
	free(args->plot_x);
}
