/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/museum.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/trace.h>
#include <zsim/zsim.h>

/* ---- scenarios -------------------------------------------------------------------- */

static char *file_read(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0, room = 0;

	for (size_t n = 1; in && n; size += n) {
		if (room - size < 2) {
			room = room ? 2 * room : 4096;
			text = realloc(text, room);
			if (!text)
				exit(1);
		}
		n = fread(text + size, 1, room - size - 1, in);
	}
	if (in)
		fclose(in);
	if (text)
		text[size] = '\0';
	return text;
}

static struct zsim_scenario *scenario_load(const char *path, const char *text)
{
	struct zsim_scenario *sc = NULL;

	if (!text)
		fprintf(stderr, "%s: cannot be read\n", path);
	else if (!zsim_scenario_parse(path, text, strlen(text), NULL, &sc))
		return sc;
	else
		fprintf(stderr, "%s\n", sc ? zsim_scenario_error(sc) : "out of memory");
	zsim_scenario_free(sc);
	return NULL;
}

static void name_of(const char *path, char *name, size_t size)
{
	const char *slash = strrchr(path, '/');

	snprintf(name, size, "%s", slash ? slash + 1 : path);
	if (strrchr(name, '.'))
		*strrchr(name, '.') = '\0';
}

int museum_each(const char *pattern,
		void (*run)(void *ctx, const char *name, const char *text,
			    const struct zsim_scenario *sc),
		void *ctx)
{
	char path[1024], name[256];
	glob_t files = { 0 };
	int n = 0;

	snprintf(path, sizeof(path), "%s/scenarios/%s.scenario", ZSIM_TRACES, pattern);
	if (glob(path, 0, NULL, &files))
		return 0;
	for (size_t i = 0; n >= 0 && i < files.gl_pathc; i++) {
		char *text = file_read(files.gl_pathv[i]);
		struct zsim_scenario *sc = scenario_load(files.gl_pathv[i], text);

		name_of(files.gl_pathv[i], name, sizeof(name));
		if (sc)
			run(ctx, name, text, sc);
		n = sc ? n + 1 : -1;
		zsim_scenario_free(sc);
		free(text);
	}
	globfree(&files);
	return n;
}

int museum_check(const struct zsim_scenario *sc, uint8_t defect, uint64_t properties,
		 struct zsim_check_result *r)
{
	struct zsim_check_options options;

	zsim_check_options_init(&options);
	options.defect = defect;
	options.properties = properties;
	return zsim_check(sc, &options, r);
}

/* ---- traces ----------------------------------------------------------------------- */

/* an invariant goes by its own name */
static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct museum_replay *r = ctx;
	int property = zsim_property_parse(name);

	(void)zs;
	(void)text;
	r->broken |= ZSIM_P_BIT(property < 0 ? ZSIM_P_INVARIANT : property);
}

static void event_play(struct zsim *zs, const struct zsim_event *ev, uint64_t properties,
		       struct museum_replay *r)
{
	struct zsim_result res;

	r->line = ev->line;
	r->rc = zsim_apply(zs, ev, &res);
	if (r->rc)
		return;
	if (ev->expect.kind != ZSIM_RESULT_NONE) {
		r->expected++;
		r->wrong += !zsim_result_equal(&ev->expect, &res);
	}
	if (properties & ZSIM_P_BIT(ZSIM_P_INVARIANT))
		zsim_verify(zs);
}

static void trace_play(struct zsim *zs, const char *trace, uint64_t properties,
		       struct museum_replay *r)
{
	struct zsim_reader *rd = NULL;
	struct zsim_result res;
	struct zsim_event ev;
	int more = 1;

	r->rc = zsim_reader_open_memory("trace", trace, strlen(trace), NULL, &rd);
	while (!r->rc && more == 1) {
		more = zsim_reader_next(rd, &ev);
		if (more == 1)
			event_play(zs, &ev, properties, r);
	}
	zsim_reader_close(rd);
	if (!r->rc)
		r->rc = more < 0 ? more : zsim_finish(zs, &res);
	if (!r->rc)
		zsim_guard_rest(zs);
}

void museum_replay(const struct zsim_scenario *sc, const char *trace, uint8_t defect,
		   uint64_t properties, struct museum_replay *r)
{
	struct zsim_observer observer = { .violation = violation, .ctx = r };
	struct zsim_config config;
	struct zsim *zs;

	*r = (struct museum_replay){ .rc = 0 };
	zsim_config_init(&config);
	config.algo = *zsim_scenario_algo(sc);
	config.defect = defect;
	zs = zsim_create(&config, &r->rc);
	if (!zs)
		return;
	zsim_observe(zs, &observer);
	zsim_guard_attach(zs, properties);
	trace_play(zs, trace, properties, r);
	r->broken &= properties;
	zsim_free(zs);
}
