/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/scenarios.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static struct zsim_scenario *parse(const char *name, const char *text, size_t size,
				   const struct zsim_allocator *allocator)
{
	struct zsim_scenario *sc = NULL;

	if (zsim_scenario_parse(name, text, size, allocator, &sc))
		give_up(name, sc ? zsim_scenario_error(sc) : "no memory");
	return sc;
}

static struct zsim_scenario *read_path(const char *path)
{
	FILE *in = fopen(path, "r");
	struct zsim_scenario *sc;
	char *text = NULL;
	size_t room = 0;
	ssize_t size;

	if (!in)
		give_up(path, "cannot be opened");
	size = getdelim(&text, &room, '\0', in);
	fclose(in);
	if (size < 0)
		give_up(path, "cannot be read");
	sc = parse(path, text, (size_t)size, NULL);
	free(text);
	return sc;
}

struct zsim_scenario *scenario_read(const char *file)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/scenarios/%s", ZSIM_TRACES, file);
	return read_path(path);
}

struct zsim_scenario *scenario_of(const char *lines, const struct zsim_allocator *allocator)
{
	struct zsim_scenario *sc;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		give_up("scenario", "no memory");
	fprintf(out, "zsim-scenario 1\n%s", lines);
	fclose(out);
	sc = parse("scenario", text, size, allocator);
	free(text);
	return sc;
}

uint32_t scenario_each(void (*run)(struct zsim_scenario *sc, const char *file))
{
	uint32_t nr;
	glob_t found;

	if (glob(ZSIM_TRACES "/scenarios/*.scenario", 0, NULL, &found))
		give_up(ZSIM_TRACES "/scenarios", "no scenario");
	nr = (uint32_t)found.gl_pathc;
	for (uint32_t i = 0; i < nr; i++) {
		struct zsim_scenario *sc = read_path(found.gl_pathv[i]);

		run(sc, strrchr(found.gl_pathv[i], '/') + 1);
		zsim_scenario_free(sc);
	}
	globfree(&found);
	return nr;
}
