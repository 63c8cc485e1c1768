/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_parse.c - how fast traces are read, by the reader alone.
 *
 * Usage: bench-parse [-n] [-r ROUNDS] FILE...
 *
 * Each file is read ROUNDS times (5) from its first event to its last, page events in
 * batches as far as they come, or with -n all of them one by one. Printed is the median
 * round: events, lines, seconds, and nanoseconds and millions of them a second.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <zsim/trace.h>

#define BATCH 256
#define ROUNDS_MAX 99

/** struct count - what a round read; @sum keeps the compiler from dropping the work */
struct count {
	uint64_t events;
	uint64_t batched;
	uint64_t lines;
	uint64_t sum;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void batches_read(struct zsim_reader *rd, struct count *c)
{
	struct zsim_op ops[BATCH];
	uint32_t n;

	while ((n = zsim_reader_ops(rd, ops, BATCH))) {
		c->batched += n;
		c->sum += ops[n - 1].slot;
	}
}

static int file_read(const char *path, bool one_by_one, struct count *c)
{
	struct zsim_reader *rd = NULL;
	int ret = zsim_reader_open(path, NULL, &rd);
	struct zsim_event ev;

	*c = (struct count){ 0 };
	while (!ret) {
		if (!one_by_one)
			batches_read(rd, c);
		ret = zsim_reader_next(rd, &ev);
		if (ret <= 0)
			break;
		c->events++;
		c->sum += ev.slot;
		ret = 0;
	}
	if (ret < 0)
		fprintf(stderr, "%s\n", rd ? zsim_reader_error(rd) : "out of memory");
	c->events += c->batched;
	c->lines = rd ? zsim_reader_line(rd) : 0;
	zsim_reader_close(rd);
	return ret;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int bench(const char *path, bool one_by_one, int rounds)
{
	double seconds[ROUNDS_MAX];
	struct count c = { 0 };

	for (int i = 0; i < rounds; i++) {
		double start = now();

		if (file_read(path, one_by_one, &c))
			return 1;
		seconds[i] = now() - start;
	}
	qsort(seconds, (size_t)rounds, sizeof(*seconds), compare);
	printf("%s: %" PRIu64 " events (%" PRIu64 " in batches), %" PRIu64 " lines, %.3f s, "
	       "%.1f ns/event, %.1f M events/s, %.1f M lines/s\n",
	       path, c.events, c.batched, c.lines, seconds[rounds / 2],
	       seconds[rounds / 2] * 1e9 / (double)c.events,
	       (double)c.events / seconds[rounds / 2] / 1e6,
	       (double)c.lines / seconds[rounds / 2] / 1e6);
	return 0;
}

int main(int argc, char **argv)
{
	bool one_by_one = false;
	int rounds = 5;
	int option;

	while ((option = getopt(argc, argv, "nr:")) != -1) {
		if (option == 'n')
			one_by_one = true;
		else if (option == 'r')
			rounds = atoi(optarg);
		else
			return 2;
	}
	if (rounds < 1 || rounds > ROUNDS_MAX || optind == argc) {
		fprintf(stderr, "usage: %s [-n] [-r ROUNDS] FILE...\n", argv[0]);
		return 2;
	}
	for (int i = optind; i < argc; i++)
		if (bench(argv[i], one_by_one, rounds))
			return 1;
	return 0;
}
