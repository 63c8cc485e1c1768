/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - a small machine for a test, built and read through the public API.
 *
 *	struct world w;
 *
 *	world_create(&w, "proactive-v5", 1);
 *	world_fill(&w, "/a", 0, 3, 100);			slots 1, 2, 3
 *	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.reclaim", "1 source=zswap"), -EAGAIN);
 *	WORLD_LIST(&w, "/a", 0, "1 2 3");			no star: not referenced
 *	world_free(&w);						checks the state, and for leaks
 */
#ifndef ZSIM_TESTS_WORLD_H
#define ZSIM_TESTS_WORLD_H

#include <zsim/zsim.h>

#include "support/fail_alloc.h"

/**
 * struct world - must not move while it is in use
 * @fa: everything of @zs comes from here
 * @next_slot: where world_fill() goes on, 1 at first
 * @violations: invariants that were reported broken
 * @violated: the names of the last ones, each between blanks
 */
struct world {
	struct zsim *zs;
	struct fail_alloc fa;
	struct zsim_observer observer;
	uint64_t next_slot;
	uint32_t violations;
	char violated[256];
};

/** world_create() - a machine with the default memory; @algo by name or alias */
void world_create(struct world *w, const char *algo, uint32_t nodes);
/** world_create_with() - the same from options; the allocator is the world's */
void world_create_with(struct world *w, struct zsim_config config);
/** world_free() - asserts that the state is sound and that nothing stays allocated */
void world_free(struct world *w);

/** world_group() - the group at a path, made with its parents if it is not there */
zsim_memcg world_group(struct world *w, const char *path);
/** world_fill() - @nr fresh entries on the next slots; the first one's slot */
uint64_t world_fill(struct world *w, const char *path, uint32_t node, uint32_t nr, uint16_t length);
/** world_store() - one page; what zsim_store() answers */
int world_store(struct world *w, uint64_t slot, const char *path, uint32_t node, uint16_t length);
/** world_age() - clear the reference bits of a list whose entries are all fresh */
void world_age(struct world *w, const char *path, uint32_t node);
int world_write(struct world *w, const char *path, const char *file, const char *text);
/** world_remove() - rmdir and offline at once */
void world_remove(struct world *w, const char *path);
/** world_list() - a list in words: "7 8* 9" from head to tail, a star for referenced */
void world_list(const struct world *w, const char *path, uint32_t node, char *buf, size_t size);

/* Checks that name the line of the test. */
#define WORLD_LIST(w, path, node, text) world_check_list(w, path, node, text, __FILE__, __LINE__)
#define WORLD_STAT(w, path, item, value) \
	world_check_stat(w, path, ZSIM_STAT_##item, value, __FILE__, __LINE__)
#define WORLD_COUNTER(w, counter, value) \
	world_check_counter(w, ZSIM_COUNTER_##counter, value, __FILE__, __LINE__)
#define WORLD_SOUND(w) world_check_sound(w, __FILE__, __LINE__)

void world_check_list(const struct world *w, const char *path, uint32_t node, const char *text,
		      const char *file, unsigned int line);
void world_check_stat(const struct world *w, const char *path, enum zsim_stat_item item,
		      uint64_t value, const char *file, unsigned int line);
void world_check_counter(const struct world *w, enum zsim_counter counter, uint64_t value,
			 const char *file, unsigned int line);
void world_check_sound(struct world *w, const char *file, unsigned int line);

#endif
