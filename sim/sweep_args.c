/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "sweep_args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	ZSIM_PARSE_PROGRESS("it", GROUP_HOW),
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
 * @runs: the file of --runs
 * @planned: an option of the grid was given
 */
struct parsing {
	struct zsim_sweep_args *args;
	struct zsim_sweep_grid *grid;
	const char *runs;
	bool planned;
	bool format_given;
};

/* ---- options of the grid ------------------------------------------------------------ */

static int seed(const struct parsing *c, const char *list, char *why)
{
	char *text = NULL;
	int err;

	if (asprintf(&text, "seed=%s", list) < 0)
		return zsim_value_wrong(why, "out of memory");
	err = zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_VARY, text, why);
	free(text);
	return err;
}

static int grid_option(int key, char *value, const struct parsing *c, char *why)
{
	switch (key) {
	case OPT_WORKLOAD:
		return zsim_sweep_grid_workload(c->grid, value, why);
	case OPT_ALGO:
		return zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_ALGO, value, why);
	case OPT_SET:
		return zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_SET, value, why);
	case OPT_PARAM:
		return zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_PARAM, value, why);
	case OPT_VARY:
		return zsim_sweep_grid_dimension(c->grid, ZSIM_SWEEP_VARY, value, why);
	case OPT_SEED:
		return seed(c, value, why);
	case ARGP_KEY_ARG:
		return zsim_sweep_grid_file(c->grid, value, why);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int plan_option(int key, char *value, void *ctx, char *why)
{
	struct parsing *c = ctx;
	int err = grid_option(key, value, c, why);

	c->planned |= err != ARGP_ERR_UNKNOWN;
	return err;
}

/* ---- other options ------------------------------------------------------------------- */

static int format(struct parsing *c, const char *name, char *why)
{
	c->format_given = true;
	c->args->format = strcmp(name, "csv") ? ZSIM_SWEEP_JSONL : ZSIM_SWEEP_CSV;
	if (!strcmp(name, "csv") || !strcmp(name, "jsonl"))
		return 0;
	return zsim_value_wrong(why, "no format '%s'; there are csv and jsonl", name);
}

static int plot(struct zsim_sweep_args *args, char *columns, char *why)
{
	char *comma = strchr(columns, ',');

	if (!comma || comma == columns || !comma[1] || strchr(comma + 1, ','))
		return zsim_value_wrong(why, "--plot wants two columns, X,Y");
	free(args->plot_x);
	args->plot_x = strndup(columns, (size_t)(comma - columns));
	args->plot_y = comma + 1;
	return args->plot_x ? 0 : zsim_value_wrong(why, "out of memory");
}

static int how_option(int key, char *value, void *ctx, char *why)
{
	struct parsing *c = ctx;
	struct zsim_sweep_args *args = c->args;

	switch (key) {
	case OPT_JOBS:
		return zsim_value_range32("jobs", value, 1, ZSIM_SWEEP_MAX_JOBS, &args->jobs, why);
	case OPT_LOST_AFTER:
		return zsim_value_range32("lost-after", value, 1, 86400, &args->lost_after, why);
	case OPT_RUNS:
		c->runs = value;
		return 0;
	case OPT_LIST:
		args->list = true;
		return 0;
	case OPT_VERBOSE:
		args->verbose = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int result_option(int key, char *value, void *ctx, char *why)
{
	struct parsing *c = ctx;
	struct zsim_sweep_args *args = c->args;

	switch (key) {
	case OPT_OUTPUT:
		args->output = value;
		return 0;
	case OPT_FORMAT:
		return format(c, value, why);
	case OPT_RESUME:
		args->mode = ZSIM_SWEEP_RESUME;
		return 0;
	case OPT_FORCE:
		args->mode = ZSIM_SWEEP_FORCE;
		return 0;
	case OPT_PLOT:
		return plot(args, value, why);
	case OPT_BY:
		args->plot_by = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* behind --plot the first word is no trace */
static int plot_option(int key, char *value, void *ctx, char *why)
{
	const struct parsing *c = ctx;
	struct zsim_sweep_args *args = c->args;

	(void)why;
	if (key != ARGP_KEY_ARG || !args->plot_x || args->results)
		return ARGP_ERR_UNKNOWN;
	args->results = value;
	return 0;
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

static int runs_line(struct parsing *c, char *line, char *why)
{
	static const struct zsim_command command = {
		.options = line_options,
		.parts = { plan_option },
		.mistake = "not an option of a line of runs, or one without its value",
	};
	char *words[LINE_WORDS];
	int nr = split(line, words);

	if (nr < 0)
		return zsim_value_wrong(why, "too many words");
	if (nr == 1)
		return 0;
	c->grid = zsim_sweep_plan_grid(&c->args->plan);
	if (!c->grid)
		return zsim_value_wrong(why, "out of memory");
	return zsim_parse_words(&command, c, nr, words, why);
}

static int runs_lines(struct parsing *c, FILE *in)
{
	char why[ZSIM_WHY];
	unsigned int nr = 0;
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	/* the lines stay: the plan borrows nothing of them */
	while (!err && getline(&line, &room, in) >= 0) {
		nr++;
		err = runs_line(c, line, why);
	}
	if (!err && ferror(in))
		err = zsim_value_wrong(why, "cannot be read");
	if (err)
		zsim_complain("%s:%u: %s", c->runs, nr, why);
	free(line);
	return err;
}

static enum zsim_action runs_file(struct parsing *c)
{
	FILE *in = fopen(c->runs, "re");
	int err;

	if (!in)
		return (enum zsim_action)zsim_complain_file(c->runs, -errno);
	err = runs_lines(c, in);
	fclose(in);
	if (err)
		return ZSIM_ACTION_REFUSE;
	if (!c->args->plan.nr_grids)
		return zsim_parse_refuse("no runs in the file of --runs");
	return ZSIM_ACTION_RUN;
}

/* ---- all of it ------------------------------------------------------------------------- */

static const char *conflict(const void *ctx)
{
	const struct parsing *c = ctx;
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

static enum zsim_action plan(struct parsing *c)
{
	struct zsim_sweep_args *args = c->args;
	char why[ZSIM_WHY];

	if (c->runs) {
		args->plan.nr_grids = 0; /* the command line's, which is empty */
		if (runs_file(c) != ZSIM_ACTION_RUN)
			return ZSIM_ACTION_REFUSE;
	}
	if (zsim_sweep_plan_close(&args->plan, why))
		return zsim_parse_refuse(why);
	if (!c->format_given && args->output &&
	    (ends(args->output, ".jsonl") || ends(args->output, ".json")))
		args->format = ZSIM_SWEEP_JSONL;
	return ZSIM_ACTION_RUN;
}

enum zsim_action zsim_args_sweep(struct zsim_sweep_args *args, int argc, char **argv)
{
	static const struct zsim_command command = {
		.name = "zsim-sweep",
		.args_doc = "[FILE...]",
		.doc = "Run the model in many configurations, and make a table of what came of "
		       "them.\v"
		       "Every combination is a run; FILE is a trace or a capture, as for "
		       "zsim-replay. Results stand in the order of the runs, however many threads "
		       "or processes make them. Under mpirun all processes take part.\n\n"
		       "Exit status: 0 all is well; 1 a run failed or violates an invariant; 2 "
		       "unusable arguments, input or output; 3 interrupted.",
		.options = options,
		.parts = { plot_option, plan_option, how_option, result_option },
		.conflict = conflict,
	};
	struct parsing c = { .args = args };
	enum zsim_action action;

	*args = (struct zsim_sweep_args){ .lost_after = 10 };
	c.grid = zsim_sweep_plan_grid(&args->plan);
	if (!c.grid)
		return (enum zsim_action)zsim_complain("out of memory");
	action = zsim_parse(&command, &c, &args->usual, argc, argv);
	return action == ZSIM_ACTION_RUN && !args->plot_x ? plan(&c) : action;
}

void zsim_args_sweep_free(struct zsim_sweep_args *args)
{
	zsim_sweep_plan_free(&args->plan);
	free(args->plot_x);
}
