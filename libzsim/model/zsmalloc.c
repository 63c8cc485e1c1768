/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/zsmalloc.h"

#include <errno.h>
#include <string.h>

#define ZSPAGE_MAX_PAGES 8u

_Static_assert(sizeof(struct zsim_zspage) == 10, "a zspage's record grew");
_Static_assert(ZSIM_ZSMALLOC_CLASSES <= UINT8_MAX, "a class index is a byte");

/* Pages of a zspage: the fewest that leave the least behind its last object. */
static uint16_t pages_for(uint32_t size)
{
	uint32_t best = 1;

	if ((size & (size - 1)) == 0)
		return 1;
	for (uint32_t pages = 2; pages <= ZSPAGE_MAX_PAGES; pages++)
		if (pages * ZSIM_PAGE_SIZE % size < best * ZSIM_PAGE_SIZE % size)
			best = pages;
	return (uint16_t)best;
}

static struct zsim_size_class class_for(uint32_t size)
{
	struct zsim_size_class class = { .size = (uint16_t)size, .pages = pages_for(size) };

	class.objects = (uint16_t)(class.pages * ZSIM_PAGE_SIZE / size);
	class.tenth = ((10u << 16) + class.objects - 1) / class.objects;
	for (size_t i = 0; i < ZSIM_ZSMALLOC_GROUPS; i++)
		class.head[i] = ZSIM_ZSPAGE_NONE;
	return class;
}

/* Sizes whose zspages look the same share the class of the largest of them. */
static void classes_init(struct zsim_zsmalloc *pool)
{
	const uint32_t smallest = ZSIM_ZSMALLOC_MIN / ZSIM_ZSMALLOC_STEP;
	uint8_t nr = 0;

	for (uint32_t i = ZSIM_PAGE_SIZE / ZSIM_ZSMALLOC_STEP; i >= smallest; i--) {
		struct zsim_size_class class = class_for(i * ZSIM_ZSMALLOC_STEP);
		const struct zsim_size_class *above = &pool->classes[nr ? nr - 1 : 0];

		if (nr == 0 || above->pages != class.pages || above->objects != class.objects)
			pool->classes[nr++] = class;
		pool->class_of[i - 1] = (uint8_t)(nr - 1);
	}
	/* lengths whose handle leaves no room beside them or who are smaller than all sizes */
	pool->class_of[ZSIM_PAGE_SIZE / ZSIM_ZSMALLOC_STEP] = 0;
	for (uint32_t i = 0; i + 1 < smallest; i++)
		pool->class_of[i] = pool->class_of[smallest - 1];
}

int zsim_zsmalloc_init(struct zsim_zsmalloc *pool, const struct zsim_allocator *alloc)
{
	memset(pool, 0, sizeof(*pool));
	classes_init(pool);
	zsim_array_init(&pool->zspages, alloc, sizeof(struct zsim_zspage));
	pool->first_free = ZSIM_ZSPAGE_NONE;
	return 0;
}

void zsim_zsmalloc_destroy(struct zsim_zsmalloc *pool)
{
	zsim_array_destroy(&pool->zspages);
}

int zsim_zspage_new(struct zsim_zsmalloc *pool, uint8_t class_index, uint32_t *index)
{
	if (pool->first_free != ZSIM_ZSPAGE_NONE) {
		*index = pool->first_free;
		pool->first_free = zsim_zspage_at(pool, *index)->next;
	} else {
		int err = pool->zspages.size < ZSIM_ZSPAGE_NONE ?
				  zsim_array_push(&pool->zspages, index) :
				  -ENOSPC;

		if (err)
			return err;
	}
	zsim_zspage_at(pool, *index)->class_index = class_index & 0x7fu;
	pool->pages += pool->classes[class_index].pages;
	return 0;
}

void zsim_zspage_free(struct zsim_zsmalloc *pool, uint32_t index)
{
	struct zsim_zspage *zspage = zsim_zspage_at(pool, index);

	pool->pages -= pool->classes[zspage->class_index].pages;
	zspage->next = pool->first_free;
	pool->first_free = index;
}

static uint64_t bytes_pages(uint64_t bytes)
{
	return (bytes + ZSIM_PAGE_SIZE - 1) / ZSIM_PAGE_SIZE;
}

/* an object that has no zspage: one for itself, or none in a pool of whole bytes; @sign is 1 or -1 */
void zsim_zsmalloc_single(struct zsim_zsmalloc *pool, uint32_t length, int64_t sign)
{
	pool->objects += (uint64_t)sign;
	if (pool->bytes_only) {
		pool->bytes += (uint64_t)sign * length;
		pool->pages = bytes_pages(pool->bytes);
		return;
	}
	pool->singles += (uint64_t)sign;
	pool->pages += (uint64_t)sign * zsim_zsmalloc_class(pool, length)->pages;
}

uint64_t zsim_zsmalloc_bytes(const struct zsim_zsmalloc *pool)
{
	return zsim_array_bytes(&pool->zspages);
}

/* What zsim_zsmalloc_check() counts again. */
struct census {
	uint64_t pages;
	uint64_t objects;
	uint64_t listed;
	uint64_t partly_used;
	uint64_t unused;
};

/*
 * One fullness list. A record has one predecessor, so a list that runs into
 * itself or another one is met by its backward link, and the walk ends.
 */
static const char *check_list(const struct zsim_zsmalloc *pool, uint8_t class_index, uint32_t group,
			      struct census *census)
{
	const struct zsim_size_class *class = &pool->classes[class_index];
	uint32_t index = class->head[group - 1];
	uint32_t prev = ZSIM_ZSPAGE_NONE;

	if ((class->listed >> (group - 1) & 1) != (index != ZSIM_ZSPAGE_NONE))
		return "zsmalloc: a list is not where its class says";
	while (index != ZSIM_ZSPAGE_NONE) {
		const struct zsim_zspage *zspage;

		if (index >= pool->zspages.size)
			return "zsmalloc: a list names a zspage that does not exist";
		zspage = zsim_zspage_at(pool, index);
		if (zspage->prev != prev)
			return "zsmalloc: a zspage's backward link is wrong";
		if (zspage->class_index != class_index)
			return "zsmalloc: a zspage is in another class's list";
		if (zsim_zspage_group(class, zspage->used) != group)
			return "zsmalloc: a zspage is in the wrong fullness list";
		census->listed++;
		prev = index;
		index = zspage->next;
	}
	return NULL;
}

static const char *check_lists(const struct zsim_zsmalloc *pool, struct census *census)
{
	for (uint8_t i = 0; i < ZSIM_ZSMALLOC_CLASSES; i++) {
		for (uint32_t group = 1; group <= ZSIM_ZSMALLOC_GROUPS; group++) {
			const char *what = check_list(pool, i, group, census);

			if (what)
				return what;
		}
	}
	return NULL;
}

static const char *check_records(const struct zsim_zsmalloc *pool, struct census *census)
{
	for (uint32_t i = 0; i < pool->zspages.size; i++) {
		const struct zsim_zspage *zspage = zsim_zspage_at(pool, i);
		const struct zsim_size_class *class;

		if (zspage->class_index >= ZSIM_ZSMALLOC_CLASSES)
			return "zsmalloc: a zspage has no class";
		class = &pool->classes[zspage->class_index];
		if (zspage->used > class->objects)
			return "zsmalloc: a zspage has more objects than fit";
		if (zspage->used == 0) {
			census->unused++;
			continue;
		}
		census->objects += zspage->used;
		census->pages += class->pages;
		census->partly_used += zspage->used < class->objects;
	}
	return NULL;
}

static const char *check_free(const struct zsim_zsmalloc *pool, const struct census *census)
{
	uint64_t nr = 0;

	for (uint32_t i = pool->first_free; i != ZSIM_ZSPAGE_NONE;
	     i = zsim_zspage_at(pool, i)->next) {
		if (i >= pool->zspages.size || zsim_zspage_at(pool, i)->used)
			return "zsmalloc: the list of free records names one in use";
		if (++nr > census->unused)
			return "zsmalloc: the list of free records runs in a circle";
	}
	return nr == census->unused ? NULL : "zsmalloc: a free record is lost";
}

static const char *check_totals(const struct zsim_zsmalloc *pool, const struct census *census)
{
	/* the first class is the only one whose objects have no record */
	if (census->pages + pool->singles * pool->classes[0].pages != pool->pages)
		return "zsmalloc: the page total is wrong";
	if (census->objects + pool->singles != pool->objects)
		return "zsmalloc: the number of objects is wrong";
	if (census->listed != census->partly_used)
		return "zsmalloc: a partly used zspage is in no list";
	return NULL;
}

static const char *check_bytes(const struct zsim_zsmalloc *pool)
{
	if (pool->pages != bytes_pages(pool->bytes))
		return "zsmalloc: the page total is not that of its bytes";
	if (pool->singles || pool->zspages.size)
		return "zsmalloc: a pool that counts bytes has zspages";
	return NULL;
}

static const char *check_zspages(const struct zsim_zsmalloc *pool)
{
	struct census census = { 0 };
	const char *wrong = check_records(pool, &census);

	if (!wrong)
		wrong = check_lists(pool, &census);
	if (!wrong)
		wrong = check_free(pool, &census);
	return wrong ? wrong : check_totals(pool, &census);
}

int zsim_zsmalloc_check(const struct zsim_zsmalloc *pool, const char **what)
{
	const char *wrong = pool->bytes_only ? check_bytes(pool) : check_zspages(pool);

	if (!wrong)
		return 0;
	*what = wrong;
	return -EINVAL;
}
