/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/trace.h>

static int wrong_list(char *why, const char *text, int err)
{
	if (err == -ENOMEM)
		return zsim_value_wrong(why, "out of memory");
	if (err == -ERANGE)
		return zsim_value_wrong(why, "more than %u values", ZSIM_SWEEP_LIST_MAX);
	return zsim_value_wrong(
		why, "'%s' is no list of values: A,B,... or A..B, A..B+STEP, A..B*FACTOR", text);
}

/* ---- one value ------------------------------------------------------------------- */

static int set_field(struct zsim_workload *w, const char *key, const char *value, char *why)
{
	int err = zsim_workload_set(w, key, value);

	if (err == -ENOENT)
		return zsim_value_wrong(why, "a workload has no field '%s'", key);
	if (err)
		return zsim_value_wrong(why, "a workload's %s cannot be '%s'", key, value);
	return 0;
}

static int set_algo(struct zsim_algo *algo, const char *name, char *why)
{
	const struct zsim_algo *found;
	int err = zsim_value_algo(name, &found, why);

	if (!err)
		*algo = *found;
	return err;
}

static int set_value(struct zsim_sweep_config *c, const struct zsim_sweep_dimension *d,
		     const char *value, char *why)
{
	switch (d->kind) {
	case ZSIM_SWEEP_ALGO:
		return set_algo(&c->algo, value, why);
	case ZSIM_SWEEP_SET:
		return zsim_value_constant(&c->algo, d->name, value, why);
	case ZSIM_SWEEP_PARAM:
		return zsim_value_param(&c->params, d->name, value, why);
	case ZSIM_SWEEP_VARY:
		return set_field(&c->workload, d->name, value, why);
	}
	return 0;
}

static int set_pair(void *workload, char *pair, char *why)
{
	char *equals = strchr(pair, '=');

	if (!equals)
		return zsim_value_wrong(why, "a workload is KEY=VALUE,..., not '%s'", pair);
	*equals = '\0';
	return set_field(workload, pair, equals + 1, why);
}

static int set_workload(struct zsim_workload *w, const char *text, char *why)
{
	zsim_workload_init(w);
	return zsim_value_each(text, set_pair, w, why);
}

/* ---- what a run is ----------------------------------------------------------------- */

static bool dimension_fits(const struct zsim_sweep_dimension *d, bool file)
{
	return !file || d->kind != ZSIM_SWEEP_VARY;
}

/* runs of one input; 0 if there are too many */
static uint64_t runs_each(const struct zsim_sweep_grid *grid, bool file)
{
	uint64_t runs = 1;

	for (size_t i = 0; i < grid->nr_dimensions && runs; i++) {
		if (dimension_fits(&grid->dimensions[i], file))
			runs *= grid->dimensions[i].list.nr;
		if (runs > ZSIM_SWEEP_MAX_RUNS)
			runs = 0;
	}
	return runs;
}

static void init_config(struct zsim_sweep_config *c)
{
	*c = (struct zsim_sweep_config){ .algo = *zsim_algo_find("proactive-v5") };
	zsim_workload_init(&c->workload);
}

/* algorithms first, since a constant changes the one that is there; the last dimension
 * counts fastest */
static int apply_kinds(struct zsim_sweep_config *c, const struct zsim_sweep_grid *grid,
		       uint64_t index, bool algo, char *why)
{
	int err = 0;

	for (size_t i = grid->nr_dimensions; i-- > 0;) {
		const struct zsim_sweep_dimension *d = &grid->dimensions[i];

		if (!dimension_fits(d, c->file != NULL))
			continue;
		if (!err && (d->kind == ZSIM_SWEEP_ALGO) == algo && d->kind != ZSIM_SWEEP_VARY)
			err = set_value(c, d, d->list.values[index % d->list.nr], why);
		index /= d->list.nr;
	}
	return err;
}

/* in the order given, since a preset sets several fields */
static int apply_fields(struct zsim_sweep_config *c, const struct zsim_sweep_grid *grid,
			uint64_t index, char *why)
{
	uint64_t stride = runs_each(grid, false);
	int err = 0;

	for (size_t i = 0; i < grid->nr_dimensions && !err; i++) {
		const struct zsim_sweep_dimension *d = &grid->dimensions[i];

		stride /= d->list.nr;
		if (d->kind == ZSIM_SWEEP_VARY)
			err = set_value(c, d, d->list.values[index / stride % d->list.nr], why);
	}
	return err;
}

static int grid_config(const struct zsim_sweep_grid *grid, uint64_t index,
		       struct zsim_sweep_config *c, char *why)
{
	uint64_t each = runs_each(grid, false);
	uint64_t input = index / each;
	int err = 0;

	init_config(c);
	if (input < grid->workloads.nr) {
		err = set_workload(&c->workload, grid->workloads.values[input], why);
		index %= each;
		if (!err)
			err = apply_fields(c, grid, index, why);
	} else {
		index -= grid->workloads.nr * each;
		each = runs_each(grid, true);
		c->file = grid->files.values[index / each];
		index %= each;
	}
	if (!err)
		err = apply_kinds(c, grid, index, true, why);
	return err ? err : apply_kinds(c, grid, index, false, why);
}

void zsim_sweep_plan_config(const struct zsim_sweep_plan *plan, uint64_t run,
			    struct zsim_sweep_config *config)
{
	const struct zsim_sweep_grid *grid = plan->grids;
	char why[ZSIM_WHY];
	uint64_t index = run;

	for (; index >= grid->runs; grid++)
		index -= grid->runs;
	(void)grid_config(grid, index, config, why); /* each value was tried when it was added */
	config->run = run;
}

/* ---- making a plan ------------------------------------------------------------------- */

struct zsim_sweep_grid *zsim_sweep_plan_grid(struct zsim_sweep_plan *plan)
{
	struct zsim_sweep_grid *grids =
		realloc(plan->grids, (plan->nr_grids + 1) * sizeof(*plan->grids));

	if (!grids)
		return NULL;
	plan->grids = grids;
	grids[plan->nr_grids] = (struct zsim_sweep_grid){ 0 };
	return &grids[plan->nr_grids++];
}

int zsim_sweep_grid_workload(struct zsim_sweep_grid *grid, const char *text, char *why)
{
	struct zsim_workload w;
	int err = set_workload(&w, text, why);

	if (!err && zsim_sweep_list_add(&grid->workloads, text))
		err = zsim_value_wrong(why, "out of memory");
	return err;
}

/* a name that is wrong is better told before hours of work */
static int file_try(const char *file, char *why)
{
	struct zsim_reader *rd = NULL;
	int err = zsim_reader_open(file, NULL, &rd);

	if (err)
		zsim_value_wrong(why, "%s",
				 err == -ENOMEM ? "out of memory" : zsim_reader_error(rd));
	zsim_reader_close(rd);
	return err ? -EINVAL : 0;
}

int zsim_sweep_grid_file(struct zsim_sweep_grid *grid, const char *file, char *why)
{
	if (!strcmp(file, "-"))
		return zsim_value_wrong(
			why, "standard input can be read only once: a sweep wants files");
	if (strpbrk(file, "\r\n"))
		return zsim_value_wrong(why, "a line break in the name of a file");
	if (file_try(file, why))
		return -EINVAL;
	return zsim_sweep_list_add(&grid->files, file) ? zsim_value_wrong(why, "out of memory") : 0;
}

static bool same(const struct zsim_sweep_dimension *a, const struct zsim_sweep_dimension *b)
{
	return a->kind == b->kind && !strcmp(a->name, b->name);
}

static int dimension_check(const struct zsim_sweep_grid *grid, const struct zsim_sweep_dimension *d,
			   char *why)
{
	struct zsim_sweep_config config;
	int err = 0;

	for (size_t i = 0; i < grid->nr_dimensions; i++)
		if (same(&grid->dimensions[i], d))
			return zsim_value_wrong(why, "%s is given twice", d->name);
	for (size_t i = 0; i < d->list.nr && !err; i++) {
		init_config(&config);
		err = set_value(&config, d, d->list.values[i], why);
	}
	return err;
}

static int dimension_parse(struct zsim_sweep_dimension *d, const char *text, char *why)
{
	const char *equals = strchr(text, '=');
	const char *list = d->kind == ZSIM_SWEEP_ALGO || !equals ? text : equals + 1;
	int err;

	if (d->kind != ZSIM_SWEEP_ALGO && !equals) {
		zsim_value_wrong(why, "'%s' is not NAME=LIST", text);
		return -EINVAL;
	}
	d->name = list == text ? strdup("algo") : strndup(text, (size_t)(equals - text));
	if (!d->name) {
		zsim_value_wrong(why, "out of memory");
		return -ENOMEM;
	}
	err = zsim_sweep_list_parse(&d->list, list);
	return err ? wrong_list(why, list, err) : 0;
}

static void dimension_free(struct zsim_sweep_dimension *d)
{
	zsim_sweep_list_free(&d->list);
	free(d->name);
}

static int dimension_push(struct zsim_sweep_grid *grid, const struct zsim_sweep_dimension *d,
			  char *why)
{
	struct zsim_sweep_dimension *all =
		realloc(grid->dimensions, (grid->nr_dimensions + 1) * sizeof(*all));

	if (!all)
		return zsim_value_wrong(why, "out of memory");
	grid->dimensions = all;
	all[grid->nr_dimensions++] = *d;
	return 0;
}

int zsim_sweep_grid_dimension(struct zsim_sweep_grid *grid, enum zsim_sweep_kind kind,
			      const char *text, char *why)
{
	struct zsim_sweep_dimension d = { .kind = kind };
	int err = dimension_parse(&d, text, why);

	if (!err)
		err = dimension_check(grid, &d, why);
	if (!err)
		err = dimension_push(grid, &d, why);
	if (err)
		dimension_free(&d);
	return err;
}

static int grid_close(struct zsim_sweep_grid *grid, char *why)
{
	uint64_t workload = runs_each(grid, false);
	uint64_t file = runs_each(grid, true);

	if (!grid->workloads.nr && !grid->files.nr)
		return zsim_value_wrong(why, "no workload and no file to run");
	if (!grid->workloads.nr)
		for (size_t i = 0; i < grid->nr_dimensions; i++)
			if (grid->dimensions[i].kind == ZSIM_SWEEP_VARY)
				return zsim_value_wrong(
					why, "%s is a field of workloads, and there is none",
					grid->dimensions[i].name);
	if ((grid->workloads.nr && !workload) || (grid->files.nr && !file))
		return zsim_value_wrong(why, "more than %u runs", ZSIM_SWEEP_MAX_RUNS);
	grid->runs = grid->workloads.nr * workload + grid->files.nr * file;
	return 0;
}

static int grid_try(const struct zsim_sweep_grid *grid, char *why)
{
	struct zsim_sweep_config c;
	int err = 0;

	for (uint64_t i = 0; i < grid->runs && !err; i++) {
		err = grid_config(grid, i, &c, why);
		if (!err && !c.file)
			err = zsim_value_workload(&c.workload, why);
	}
	return err;
}

int zsim_sweep_plan_close(struct zsim_sweep_plan *plan, char *why)
{
	int err = 0;

	for (size_t i = 0; i < plan->nr_grids && !err; i++) {
		err = grid_close(&plan->grids[i], why);
		plan->runs += plan->grids[i].runs;
		if (!err && plan->runs > ZSIM_SWEEP_MAX_RUNS)
			err = zsim_value_wrong(why, "more than %u runs", ZSIM_SWEEP_MAX_RUNS);
		if (!err)
			err = grid_try(&plan->grids[i], why);
	}
	return err;
}

/* FNV-1a; the final 0 parts strings */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	while (*text++);
	return hash;
}

static uint64_t hash_list(uint64_t hash, const struct zsim_sweep_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		hash = hash_text(hash, list->values[i]);
	return hash_text(hash, "");
}

uint64_t zsim_sweep_plan_hash(const struct zsim_sweep_plan *plan)
{
	uint64_t hash = hash_text(0xcbf29ce484222325u, zsim_version());

	for (size_t i = 0; i < plan->nr_grids; i++) {
		const struct zsim_sweep_grid *grid = &plan->grids[i];

		hash = hash_list(hash_list(hash, &grid->workloads), &grid->files);
		for (size_t j = 0; j < grid->nr_dimensions; j++) {
			hash = hash_text(hash, grid->dimensions[j].name);
			hash = hash_list(hash, &grid->dimensions[j].list);
		}
	}
	return hash;
}

void zsim_sweep_plan_free(struct zsim_sweep_plan *plan)
{
	for (size_t i = 0; i < plan->nr_grids; i++) {
		struct zsim_sweep_grid *grid = &plan->grids[i];

		zsim_sweep_list_free(&grid->workloads);
		zsim_sweep_list_free(&grid->files);
		for (size_t j = 0; j < grid->nr_dimensions; j++)
			dimension_free(&grid->dimensions[j]);
		free(grid->dimensions);
	}
	free(plan->grids);
	*plan = (struct zsim_sweep_plan){ 0 };
}
