/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_replay.c - how fast the model replays a trace, beside the least that could be done.
 *
 * Usage: bench-replay [-r ROUNDS] [-s EVENTS] [-j FILE] TRACE...
 *
 * Each round makes three passes over a trace, each in a process of its own: one that reads it
 * and does nothing; the floor, which reads it and keeps the pages in a bare doubly linked
 * list over a flat array, with the slot as the index; and the model, with tallies and
 * findings as in zsim-replay. The first EVENTS page events (-s), those that fill the machine,
 * are not timed. Printed are medians of ROUNDS (5) rounds, and the median of the rounds'
 * ratios; -j writes them as JSON too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include <zsim/findings.h>
#include <zsim/tally.h>
#include <zsim/trace.h>
#include <zsim/zsim.h>

#define OPS 1024u
#define ROUNDS_MAX 99

enum kind {
	KIND_READ,
	KIND_FLOOR,
	KIND_MODEL,
	NR_KINDS
};

/**
 * struct pass - what one pass measured
 * @ns: a page event, of the timed ones; @events: how many those were
 * @slow: those that zsim_apply_ops() left to zsim_apply()
 * @entries: most at once; @bytes: of the model, by its allocator; @rss: of the process, at most
 */
struct pass {
	double ns;
	uint64_t events;
	uint64_t slow;
	uint64_t written;
	uint64_t entries;
	uint64_t bytes;
	uint64_t rss;
};

/* ---- the three kinds -------------------------------------------------------------- */

#define NONE UINT32_MAX
/**
 * struct node - of the floor: neighbours; NONE in @next: not on the list. Node 0 is the list itself
 */
struct node {
	uint32_t prev;
	uint32_t next;
};

/** struct work - a pass under way */
struct work {
	enum kind kind;
	struct zsim_reader *reader;
	struct node *nodes;
	uint64_t nr_nodes;
	struct zsim *zs;
	struct zsim_tally *tally;
	struct zsim_findings *findings;
	uint32_t bound;
	struct pass pass;
};

static int floor_room(struct work *w, uint64_t slot)
{
	uint64_t nr = w->nr_nodes ? w->nr_nodes : 1024;
	struct node *bigger;

	while (nr <= slot + 1 && nr <= UINT32_MAX)
		nr += nr / 2;
	bigger = nr <= UINT32_MAX ? realloc(w->nodes, nr * sizeof(*bigger)) : NULL;
	if (!bigger)
		return -ENOMEM;
	memset(bigger + w->nr_nodes, 0xff, (nr - w->nr_nodes) * sizeof(*bigger));
	if (!w->nr_nodes)
		bigger[0] = (struct node){ 0, 0 };
	w->nodes = bigger;
	w->nr_nodes = nr;
	return 0;
}

static void floor_unlink(struct node *nodes, struct node *n)
{
	nodes[n->prev].next = n->next;
	nodes[n->next].prev = n->prev;
	n->next = NONE;
}

static void floor_link(struct node *nodes, uint32_t i)
{
	uint32_t tail = nodes[0].prev;

	nodes[i] = (struct node){ tail, 0 };
	nodes[tail].next = i;
	nodes[0].prev = i;
}

static int floor_ops(struct work *w, const struct zsim_op *ops, uint32_t nr)
{
	for (uint32_t k = 0; k < nr; k++) {
		uint64_t i = ops[k].slot + 1;

		if (i >= w->nr_nodes && floor_room(w, ops[k].slot))
			return -ENOMEM;
		if (w->nodes[i].next != NONE)
			floor_unlink(w->nodes, &w->nodes[i]);
		if (ops[k].type == ZSIM_EV_STORE)
			floor_link(w->nodes, (uint32_t)i);
	}
	return 0;
}

static int model_event(struct work *w, const struct zsim_event *ev)
{
	struct zsim_result res;
	int err = zsim_apply(w->zs, ev, &res);

	if (err)
		fprintf(stderr, "event %" PRIu64 ": %s\n", ev->line,
			res.text ? res.text : strerror(-err));
	return err;
}

static int model_bind(struct work *w)
{
	for (; w->bound < zsim_reader_groups(w->reader); w->bound++)
		if (zsim_bind(w->zs, w->bound, zsim_reader_group(w->reader, w->bound)))
			return -ENOMEM;
	return 0;
}

static int model_op(void *ctx, const struct zsim_op *op)
{
	struct work *w = ctx;
	bool store = op->type == ZSIM_EV_STORE;
	struct zsim_event ev;

	w->pass.slow++;
	zsim_op_event(op, store ? zsim_reader_group(w->reader, op->group) : NULL, 0, &ev);
	return model_event(w, &ev);
}

static int model_ops(struct work *w, const struct zsim_op *ops, uint32_t nr)
{
	int err = model_bind(w);

	return err ? err : zsim_each_op(w->zs, ops, nr, model_op, w);
}

static int ops_do(struct work *w, const struct zsim_op *ops, uint32_t nr)
{
	if (w->kind == KIND_FLOOR)
		return floor_ops(w, ops, nr);
	return w->kind == KIND_MODEL ? model_ops(w, ops, nr) : 0;
}

/* ---- a pass -------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int work_open(struct work *w, const char *path)
{
	int err = zsim_reader_open(path, NULL, &w->reader);

	if (err)
		fprintf(stderr, "%s\n", w->reader ? zsim_reader_error(w->reader) : strerror(-err));
	if (err || w->kind != KIND_MODEL)
		return err;
	w->zs = zsim_create(NULL, &err);
	if (err)
		return err;
	w->tally = zsim_tally_create(w->zs, NULL);
	w->findings = zsim_findings_create(w->zs, NULL);
	return w->tally && w->findings ? 0 : -ENOMEM;
}

/* up to @until page events, or to the end; what is no page event is the model's alone */
static int work_go(struct work *w, uint64_t until)
{
	uint64_t left = until;
	struct zsim_op ops[OPS];
	struct zsim_event ev;
	uint32_t nr;
	int err = 0;

	while (!err && left) {
		nr = zsim_reader_ops(w->reader, ops, left < OPS ? (uint32_t)left : OPS);
		if (nr) {
			left -= nr;
			w->pass.events += nr;
			err = ops_do(w, ops, nr);
			continue;
		}
		err = zsim_reader_next(w->reader, &ev);
		if (!err)
			break;
		if (err > 0)
			err = w->kind == KIND_MODEL ? model_event(w, &ev) : 0;
	}
	return err;
}

static int pass_make(struct work *w, const char *path, uint64_t skip)
{
	int err = work_open(w, path);
	double start;

	if (!err)
		err = work_go(w, skip);
	w->pass.events = 0;
	w->pass.slow = 0;
	start = now();
	if (!err)
		err = work_go(w, UINT64_MAX);
	if (err || !w->pass.events)
		return err ? err : -ENODATA;
	w->pass.ns = (now() - start) * 1e9 / (double)w->pass.events;
	if (w->kind != KIND_MODEL)
		return 0;
	w->pass.entries = zsim_entries_peak(w->zs);
	w->pass.bytes = zsim_memory(w->zs);
	w->pass.written = zsim_counter(w->zs, ZSIM_COUNTER_WRITTEN_BACK_PAGES);
	return 0;
}

/* in a process of its own, whose memory is its own */
static int pass_fork(enum kind kind, const char *path, uint64_t skip, struct pass *pass)
{
	struct work w = { .kind = kind };
	struct rusage usage;
	int status, pipes[2];
	pid_t pid;

	if (pipe(pipes))
		return -errno;
	pid = fork();
	if (!pid) {
		status = pass_make(&w, path, skip);
		if (!status && write(pipes[1], &w.pass, sizeof(w.pass)) != sizeof(w.pass))
			status = -EIO;
		_exit(status ? 1 : 0);
	}
	close(pipes[1]);
	status = pid < 0 || read(pipes[0], pass, sizeof(*pass)) != sizeof(*pass);
	close(pipes[0]);
	if (pid < 0 || wait4(pid, NULL, 0, &usage) != pid || status)
		return -EIO;
	pass->rss = (uint64_t)usage.ru_maxrss * 1024;
	return 0;
}

/* ---- a trace --------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, int nr)
{
	qsort(values, (size_t)nr, sizeof(*values), compare);
	return values[nr / 2];
}

/** struct bench - of each kind, its medians, and the last pass for what is the same in all */
struct bench {
	double ns[NR_KINDS];
	double ratio;
	struct pass read, model;
};

static int bench_rounds(const char *path, uint64_t skip, int rounds, struct bench *b)
{
	double ns[NR_KINDS][ROUNDS_MAX], ratio[ROUNDS_MAX];
	struct pass pass[NR_KINDS];

	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k < NR_KINDS; k++) {
			if (pass_fork((enum kind)k, path, skip, &pass[k]))
				return -1;
			ns[k][i] = pass[k].ns;
		}
		ratio[i] = pass[KIND_MODEL].ns / pass[KIND_FLOOR].ns;
	}
	for (int k = 0; k < NR_KINDS; k++)
		b->ns[k] = median(ns[k], rounds);
	b->ratio = median(ratio, rounds);
	b->read = pass[KIND_READ];
	b->model = pass[KIND_MODEL];
	return 0;
}

static double each(uint64_t bytes, uint64_t entries)
{
	return entries ? (double)bytes / (double)entries : 0;
}

static void bench_print(const char *path, const struct bench *b)
{
	const struct pass *m = &b->model;
	uint64_t rss = m->rss > b->read.rss ? m->rss - b->read.rss : 0;
	const char *name = strrchr(path, '/');

	printf("%-34s %10" PRIu64 " %11" PRIu64
	       " %6.1f %6.1f %6.1f %6.1f %6.2f %6.1f %6.1f %5.1f %9" PRIu64 "\n",
	       name ? name + 1 : path, m->entries, m->events, b->ns[KIND_READ], b->ns[KIND_FLOOR],
	       b->ns[KIND_MODEL], 1e3 / b->ns[KIND_MODEL], b->ratio, each(m->bytes, m->entries),
	       each(rss, m->entries), 100 * each(m->slow, m->events), m->written);
	fflush(stdout);
}

static json_t *bench_json(const char *path, int rounds, const struct bench *b)
{
	const struct pass *m = &b->model;
	uint64_t rss = m->rss > b->read.rss ? m->rss - b->read.rss : 0;

	return json_pack("{s:s, s:i, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:I}",
			 "trace", path, "rounds", rounds, "events", (json_int_t)m->events,
			 "entries_peak", (json_int_t)m->entries, "read_ns", b->ns[KIND_READ],
			 "floor_ns", b->ns[KIND_FLOOR], "model_ns", b->ns[KIND_MODEL],
			 "events_per_second", 1e9 / b->ns[KIND_MODEL], "ratio_to_floor", b->ratio,
			 "bytes_per_entry", each(m->bytes, m->entries), "rss_per_entry",
			 each(rss, m->entries), "slow_events", (json_int_t)m->slow, "written_back",
			 (json_int_t)m->written);
}

static int bench_all(char **paths, int nr, uint64_t skip, int rounds, json_t *results)
{
	struct bench b;

	printf("%-34s %10s %11s %6s %6s %6s %6s %6s %6s %6s %5s %9s\n", "trace", "entries",
	       "events", "read", "floor", "model", "M/s", "ratio", "bytes", "rss", "slow%",
	       "written");
	for (int i = 0; i < nr; i++) {
		if (bench_rounds(paths[i], skip, rounds, &b)) {
			fprintf(stderr, "%s: could not be replayed\n", paths[i]);
			return 1;
		}
		bench_print(paths[i], &b);
		if (results && json_array_append_new(results, bench_json(paths[i], rounds, &b)))
			return 1;
	}
	return 0;
}

static int usage(const char *program)
{
	fprintf(stderr, "usage: %s [-r ROUNDS] [-s EVENTS] [-j FILE] TRACE...\n", program);
	return 2;
}

int main(int argc, char **argv)
{
	json_t *results = NULL;
	const char *json = NULL;
	uint64_t skip = 0;
	int rounds = 5;
	int option, status;

	while ((option = getopt(argc, argv, "r:s:j:")) != -1) {
		if (option == 'r')
			rounds = atoi(optarg);
		else if (option == 's')
			skip = strtoull(optarg, NULL, 10);
		else if (option == 'j')
			json = optarg;
		else
			return usage(argv[0]);
	}
	if (rounds < 1 || rounds > ROUNDS_MAX || optind == argc)
		return usage(argv[0]);
	if (json)
		results = json_array();
	status = bench_all(argv + optind, argc - optind, skip, rounds, results);
	if (!status && json && json_dump_file(results, json, JSON_INDENT(1))) {
		fprintf(stderr, "%s: cannot be written\n", json);
		status = 1;
	}
	json_decref(results);
	return status;
}
