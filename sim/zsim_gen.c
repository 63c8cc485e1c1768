/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim-gen - a made-up trace.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zsim/trace.h>

#include "cli_out.h"
#include "gen_args.h"

#define OPS 512

/**
 * struct gen - a trace in the making
 * @numbers: of groups: the writer's by the generator's; @nr_numbers so far
 */
struct gen {
	const struct zsim_gen_args *args;
	struct zsim_generator *g;
	struct zsim_writer *w;
	uint32_t *numbers;
	uint32_t nr_numbers;
	struct zsim_progress progress;
	uint64_t events;
};

static int write_origin(struct gen *gen)
{
	char text[1024] = "zsim-gen";
	char value[32];
	const char *key;

	for (size_t i = 0; (key = zsim_workload_key(i)); i++) {
		size_t n = strlen(text);

		zsim_workload_get(&gen->args->workload, i, value, sizeof(value));
		snprintf(text + n, sizeof(text) - n, " %s=%s", key, value);
	}
	return zsim_writer_comment(gen->w, text);
}

/* groups have their numbers in the order in which they are made; one that is made again has one */
static int write_event(struct gen *gen, const struct zsim_event *ev)
{
	int err = zsim_writer_event(gen->w, ev);

	if (err || ev->type != ZSIM_EV_MKDIR || gen->nr_numbers == zsim_generator_groups(gen->g))
		return err;
	return zsim_writer_group(gen->w, ev->path, &gen->numbers[gen->nr_numbers++]);
}

static int write_ops(struct gen *gen, struct zsim_op *ops, uint32_t nr)
{
	int err = 0;

	for (uint32_t i = 0; i < nr && !err; i++) {
		if (ops[i].type == ZSIM_EV_STORE)
			ops[i].group = gen->numbers[ops[i].group];
		err = zsim_writer_op(gen->w, &ops[i]);
	}
	gen->events += nr;
	zsim_progress_update(&gen->progress, "zsim-gen", gen->events, zsim_generator_total(gen->g),
			     gen->events);
	return err;
}

static int write_all(struct gen *gen)
{
	struct zsim_op ops[OPS];
	struct zsim_event ev;
	uint32_t nr;
	int err = write_origin(gen);

	while (!err) {
		nr = zsim_generator_ops(gen->g, ops, OPS);
		if (nr)
			err = write_ops(gen, ops, nr);
		else if (zsim_generator_next(gen->g, &ev))
			err = write_event(gen, &ev);
		else
			break;
	}
	zsim_progress_clear(&gen->progress);
	return err;
}

static int open_gen(struct gen *gen, FILE *out)
{
	enum zsim_trace_format format = gen->args->binary ? ZSIM_FORMAT_BINARY : ZSIM_FORMAT_TEXT;
	int err = 0;

	gen->g = zsim_generator_create(&gen->args->workload, NULL, &err);
	if (err)
		return err;
	gen->numbers = calloc(zsim_generator_groups(gen->g), sizeof(*gen->numbers));
	if (!gen->numbers)
		return -ENOMEM;
	return zsim_writer_open(out, format, gen->args->zstd_level, NULL, &gen->w);
}

/* the writer says that it could not write, the C library why */
static int why_not_written(int err)
{
	return err == -EIO && errno ? -errno : err;
}

static int make(const struct zsim_gen_args *args, FILE *out)
{
	struct gen gen = { .args = args, .progress = { .on = args->usual.progress } };
	int err = open_gen(&gen, out);
	int closing;

	errno = 0;
	if (!err)
		err = why_not_written(write_all(&gen));
	closing = why_not_written(zsim_writer_close(gen.w));
	zsim_generator_free(gen.g);
	free(gen.numbers);
	err = err ? err : closing;
	return err ? zsim_complain_file(args->output, err) : ZSIM_EXIT_OK;
}

static int make_file(const struct zsim_gen_args *args)
{
	struct zsim_outfile out = { 0 };
	int status = zsim_outfile_open(&out, args->output);

	if (!status)
		status = make(args, out.file);
	if (!status)
		status = zsim_outfile_commit(&out);
	zsim_outfile_discard(&out);
	return status;
}

/* there is no input that could be wrong, so the bytes go out at once */
static int make_stdout(const struct zsim_gen_args *args)
{
	int status = make(args, stdout);

	return status ? status : zsim_out_finish();
}

int main(int argc, char **argv)
{
	struct zsim_gen_args args;
	enum zsim_action action = zsim_args_gen(&args, argc, argv);

	if (action != ZSIM_ACTION_RUN)
		return (int)action;
	return args.output ? make_file(&args) : make_stdout(&args);
}
