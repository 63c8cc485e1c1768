/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/suite.h"

#define LIST_MAX 4096

static void violated(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct world *w = ctx;
	size_t at = strlen(w->violated);

	(void)zs;
	(void)text;
	w->violations++;
	snprintf(w->violated + at, sizeof(w->violated) - at, "%s ", name);
}

void world_create_with(struct world *w, struct zsim_config config)
{
	int err = 0;

	*w = (struct world){ .next_slot = 1, .violated = " " };
	fail_alloc_init(&w->fa, 0);
	config.allocator = fail_alloc_get(&w->fa);
	w->zs = zsim_create(&config, &err);
	CU_ASSERT_EQUAL(err, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->zs);
	w->observer = (struct zsim_observer){ .violation = violated, .ctx = w };
	CU_ASSERT_EQUAL(zsim_observe(w->zs, &w->observer), 0);
}

void world_create(struct world *w, const char *algo, uint32_t nodes)
{
	const struct zsim_algo *found = zsim_algo_find(algo);
	struct zsim_config config;

	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	zsim_config_init(&config);
	config.algo = *found;
	config.nodes = nodes;
	world_create_with(w, config);
}

void world_free(struct world *w)
{
	WORLD_SOUND(w);
	zsim_free(w->zs);
	CU_ASSERT_EQUAL(w->fa.live_blocks, 0);
	w->zs = NULL;
}

zsim_memcg world_group(struct world *w, const char *path)
{
	zsim_memcg memcg = zsim_lookup(w->zs, path);
	char part[256];
	size_t length = 0;

	if (memcg != ZSIM_MEMCG_NONE && zsim_state(w->zs, memcg) < ZSIM_MEMCG_OFFLINE)
		return memcg;
	while (path[length]) {
		length += 1 + strcspn(path + length + 1, "/");
		snprintf(part, sizeof(part), "%.*s", (int)length, path);
		int rc = zsim_mkdir(w->zs, part, &memcg);

		CU_ASSERT_FATAL(!rc || rc == -EEXIST);
	}
	return memcg;
}

int world_store(struct world *w, uint64_t slot, const char *path, uint32_t node, uint16_t length)
{
	return zsim_store(w->zs, slot, world_group(w, path), node, &length, 1);
}

uint64_t world_fill(struct world *w, const char *path, uint32_t node, uint32_t nr, uint16_t length)
{
	uint64_t first = w->next_slot;

	for (uint32_t i = 0; i < nr; i++)
		CU_ASSERT_EQUAL_FATAL(world_store(w, w->next_slot++, path, node, length), 1);
	return first;
}

/* the shrinker visits as many entries as it is told to; fresh ones lose their bit only */
void world_age(struct world *w, const char *path, uint32_t node)
{
	uint64_t on = zsim_param(w->zs, ZSIM_PARAM_SHRINKER_ENABLED);
	zsim_memcg memcg = world_group(w, path);

	CU_ASSERT_EQUAL(zsim_set_param(w->zs, ZSIM_PARAM_SHRINKER_ENABLED, 1), 0);
	CU_ASSERT_EQUAL(zsim_shrinker(w->zs, memcg, node, zsim_list_length(w->zs, memcg, node)),
			-1);
	CU_ASSERT_EQUAL(zsim_set_param(w->zs, ZSIM_PARAM_SHRINKER_ENABLED, on), 0);
}

int world_write(struct world *w, const char *path, const char *file, const char *text)
{
	return zsim_write(w->zs, world_group(w, path), file, text);
}

void world_remove(struct world *w, const char *path)
{
	zsim_memcg memcg = zsim_lookup(w->zs, path);

	CU_ASSERT_EQUAL(zsim_rmdir(w->zs, memcg), 0);
	CU_ASSERT_EQUAL(zsim_offline(w->zs, memcg), 0);
}

void world_list(const struct world *w, const char *path, uint32_t node, char *buf, size_t size)
{
	static uint64_t slots[LIST_MAX];
	static bool referenced[LIST_MAX];
	uint32_t nr = zsim_list(w->zs, zsim_lookup(w->zs, path), node, slots, referenced, LIST_MAX);
	size_t at = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < nr && at < size; i++)
		at += (size_t)snprintf(buf + at, size - at, "%s%llu%s", i ? " " : "",
				       (unsigned long long)slots[i], referenced[i] ? "*" : "");
}

/* CUnit keeps a copy of the condition's text: it says what was found */
static void check(bool holds, const char *what, const char *file, unsigned int line)
{
	CU_assertImplementation(holds ? CU_TRUE : CU_FALSE, line, what, file, "", CU_FALSE);
}

void world_check_list(const struct world *w, const char *path, uint32_t node, const char *text,
		      const char *file, unsigned int line)
{
	char found[512];
	char what[1200];

	world_list(w, path, node, found, sizeof(found));
	snprintf(what, sizeof(what), "list of %s, node %u: \"%s\", expected \"%s\"", path, node,
		 found, text);
	check(!strcmp(found, text), what, file, line);
}

static void check_value(const char *name, uint64_t found, uint64_t expected, const char *file,
			unsigned int line)
{
	char what[256];

	snprintf(what, sizeof(what), "%s is %llu, expected %llu", name, (unsigned long long)found,
		 (unsigned long long)expected);
	check(found == expected, what, file, line);
}

void world_check_stat(const struct world *w, const char *path, enum zsim_stat_item item,
		      uint64_t value, const char *file, unsigned int line)
{
	char name[128];

	snprintf(name, sizeof(name), "%s of %s", zsim_stat_name(item), path);
	check_value(name, zsim_stat(w->zs, zsim_lookup(w->zs, path), item), value, file, line);
}

void world_check_counter(const struct world *w, enum zsim_counter counter, uint64_t value,
			 const char *file, unsigned int line)
{
	check_value(zsim_counter_name(counter), zsim_counter(w->zs, counter), value, file, line);
}

void world_check_sound(struct world *w, const char *file, unsigned int line)
{
	int violations = zsim_verify(w->zs);
	char what[400];

	snprintf(what, sizeof(what), "zsim_verify() gives %d, broken:%s", violations, w->violated);
	check(violations == 0, what, file, line);
}
