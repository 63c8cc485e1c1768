/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hand-written traces: scenarios with the results that are expected of them, each
 * under the algorithm that its `saw algo` line names.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/trace.h>
#include <zsim/zsim.h>

#include "support/suite.h"

#define LINES_MAX 60
#define TRACES_MIN 50
#define TRACES_MAX 512

static void fail(const char *file, uint64_t line, const char *why)
{
	fprintf(stderr, "%s:%llu: %s\n", file, (unsigned long long)line, why);
	CU_FAIL("a trace");
}

/* how many expected results there were */
static unsigned int event_check(struct zsim *zs, const struct zsim_event *ev, const char *file)
{
	char want[64], got[64], why[160];
	struct zsim_result res;

	if (zsim_apply(zs, ev, &res)) {
		fail(file, ev->line, res.text ? res.text : "refused");
		return 0;
	}
	if (ev->expect.kind == ZSIM_RESULT_NONE)
		return 0;
	if (zsim_result_equal(&ev->expect, &res))
		return 1;
	zsim_result_format(&ev->expect, want, sizeof(want));
	zsim_result_format(&res, got, sizeof(got));
	snprintf(why, sizeof(why), "%s, expected %s", got, want);
	fail(file, ev->line, why);
	return 1;
}

static struct zsim *machine_for(struct zsim_reader *rd)
{
	const char *name = zsim_reader_algo(rd);
	struct zsim_config config;

	zsim_config_init(&config);
	if (name) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(zsim_algo_find(name));
		config.algo = *zsim_algo_find(name);
	}
	return zsim_create(&config, NULL);
}

static void replay(const char *file)
{
	struct zsim_result res;
	struct zsim_reader *rd;
	struct zsim_event ev;
	unsigned int checks = 0;
	struct zsim *zs;
	int rc = zsim_reader_open(file, NULL, &rd);

	CU_ASSERT_EQUAL_FATAL(rc, 0);
	zs = machine_for(rd);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	while ((rc = zsim_reader_next(rd, &ev)) == 1)
		if (ev.type != ZSIM_EV_SAW)
			checks += event_check(zs, &ev, file);
	if (rc)
		fail(file, 0, zsim_reader_error(rd));
	if (zsim_finish(zs, &res))
		fail(file, 0, res.text);
	if (!checks || zsim_reader_line(rd) >= LINES_MAX)
		fail(file, zsim_reader_line(rd), "nothing is expected, or it is too long");
	CU_ASSERT_EQUAL(zsim_verify(zs), 0);
	zsim_free(zs);
	zsim_reader_close(rd);
}

static int is_trace(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".trace");
}

static void all_of_them(void)
{
	static const char folder[] = ZSIM_TRACES;
	struct dirent **names;
	int nr = scandir(folder, &names, is_trace, alphasort);
	char file[1024];

	CU_ASSERT_FATAL(nr >= TRACES_MIN && nr < TRACES_MAX);
	for (int i = 0; i < nr; i++) {
		snprintf(file, sizeof(file), "%s/%s", folder, names[i]->d_name);
		replay(file);
		free(names[i]);
	}
	free(names);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(all_of_them),
};
ZSIM_SUITE_MAIN("traces", cases)
