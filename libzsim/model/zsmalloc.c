/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/zsmalloc.h"

#include <errno.h>
#include <string.h>

#define SIZE_MIN 32u
#define SIZE_STEP 16u
/* Every object carries its handle in front. */
#define HANDLE_SIZE 8u
#define ZSPAGE_MAX_PAGES 8u

/* What zspage_group() gives beyond the groups that have a list. */
#define GROUP_EMPTY 0u
#define GROUP_FULL (ZSIM_ZSMALLOC_GROUPS + 1)

_Static_assert(sizeof(struct zsim_zspage) == 12, "a zspage's record grew");
_Static_assert(ZSIM_ZSMALLOC_CLASSES <= UINT8_MAX, "a class index is a byte");

static struct zsim_zspage *zspage_at(const struct zsim_zsmalloc *pool, uint32_t index)
{
	return ZSIM_ARRAY_AT(&pool->zspages, struct zsim_zspage, index);
}

static uint32_t size_index(uint32_t length)
{
	uint32_t size = length + HANDLE_SIZE;

	if (size <= SIZE_MIN)
		return 0;
	if (size >= ZSIM_PAGE_SIZE)
		return ZSIM_ZSMALLOC_SIZES - 1;
	return (size - SIZE_MIN + SIZE_STEP - 1) / SIZE_STEP;
}

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
	uint8_t nr = 0;

	for (uint32_t i = ZSIM_ZSMALLOC_SIZES; i-- > 0;) {
		struct zsim_size_class class = class_for(SIZE_MIN + i * SIZE_STEP);
		const struct zsim_size_class *above = &pool->classes[nr ? nr - 1 : 0];

		if (nr == 0 || above->pages != class.pages || above->objects != class.objects)
			pool->classes[nr++] = class;
		pool->class_of[i] = (uint8_t)(nr - 1);
	}
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

const struct zsim_size_class *zsim_zsmalloc_class(const struct zsim_zsmalloc *pool, uint32_t length)
{
	return &pool->classes[pool->class_of[size_index(length)]];
}

static uint32_t zspage_group(const struct zsim_size_class *class, uint32_t used)
{
	if (used == 0)
		return GROUP_EMPTY;
	if (used == class->objects)
		return GROUP_FULL;
	/* 100 x used / objects / 10, exact for all that fits in a zspage */
	return (used * class->tenth >> 16) + 1;
}

/* Full zspages need no list: nothing is taken from them, and their order is forgotten. */
static bool group_has_list(uint32_t group)
{
	return group != GROUP_EMPTY && group != GROUP_FULL;
}

static void list_add(struct zsim_zsmalloc *pool, struct zsim_size_class *class, uint32_t group,
		     uint32_t index)
{
	struct zsim_zspage *zspage = zspage_at(pool, index);
	uint32_t *head = &class->head[group - 1];

	zspage->prev = ZSIM_ZSPAGE_NONE;
	zspage->next = *head;
	if (*head != ZSIM_ZSPAGE_NONE)
		zspage_at(pool, *head)->prev = index;
	*head = index;
	class->listed |= (uint16_t)(1u << (group - 1));
}

static void list_del(struct zsim_zsmalloc *pool, struct zsim_size_class *class, uint32_t group,
		     uint32_t index)
{
	const struct zsim_zspage *zspage = zspage_at(pool, index);

	if (zspage->prev == ZSIM_ZSPAGE_NONE)
		class->head[group - 1] = zspage->next;
	else
		zspage_at(pool, zspage->prev)->next = zspage->next;
	if (zspage->next != ZSIM_ZSPAGE_NONE)
		zspage_at(pool, zspage->next)->prev = zspage->prev;
	else if (zspage->prev == ZSIM_ZSPAGE_NONE)
		class->listed &= (uint16_t) ~(1u << (group - 1));
}

/* A zspage that stays in its group keeps its place; else it goes to the head of the new list. */
static void zspage_set_used(struct zsim_zsmalloc *pool, uint32_t index, uint32_t used)
{
	struct zsim_zspage *zspage = zspage_at(pool, index);
	struct zsim_size_class *class = &pool->classes[zspage->class_index];
	uint32_t old = zspage_group(class, zspage->used);
	uint32_t new = zspage_group(class, used);

	zspage->used = (uint16_t)used;
	if (new == old)
		return;
	if (group_has_list(old))
		list_del(pool, class, old, index);
	if (group_has_list(new))
		list_add(pool, class, new, index);
}

/* The fullest zspage with room, ZSIM_ZSPAGE_NONE if there is none. */
static uint32_t class_take(const struct zsim_size_class *class)
{
	if (!class->listed)
		return ZSIM_ZSPAGE_NONE;
	return class->head[31 - __builtin_clz(class->listed)];
}

static int zspage_new(struct zsim_zsmalloc *pool, uint8_t class_index, uint32_t *index)
{
	if (pool->first_free != ZSIM_ZSPAGE_NONE) {
		*index = pool->first_free;
		pool->first_free = zspage_at(pool, *index)->next;
	} else {
		int err = pool->zspages.size < ZSIM_ZSPAGE_NONE ?
				  zsim_array_push(&pool->zspages, index) :
				  -ENOSPC;

		if (err)
			return err;
	}
	zspage_at(pool, *index)->class_index = class_index;
	pool->pages += pool->classes[class_index].pages;
	return 0;
}

static void zspage_free(struct zsim_zsmalloc *pool, uint32_t index)
{
	struct zsim_zspage *zspage = zspage_at(pool, index);

	pool->pages -= pool->classes[zspage->class_index].pages;
	zspage->next = pool->first_free;
	pool->first_free = index;
}

static void single_alloc(struct zsim_zsmalloc *pool, const struct zsim_size_class *class)
{
	pool->pages += class->pages;
	pool->singles++;
	pool->objects++;
}

static void single_free(struct zsim_zsmalloc *pool, const struct zsim_size_class *class)
{
	pool->pages -= class->pages;
	pool->singles--;
	pool->objects--;
}

static uint64_t bytes_pages(uint64_t bytes)
{
	return (bytes + ZSIM_PAGE_SIZE - 1) / ZSIM_PAGE_SIZE;
}

static void bytes_alloc(struct zsim_zsmalloc *pool, uint32_t length)
{
	pool->objects++;
	pool->bytes += length;
	pool->pages = bytes_pages(pool->bytes);
}

static void bytes_free(struct zsim_zsmalloc *pool, uint32_t length)
{
	pool->objects--;
	pool->bytes -= length;
	pool->pages = bytes_pages(pool->bytes);
}

int zsim_zsmalloc_alloc(struct zsim_zsmalloc *pool, uint32_t length, uint32_t *handle)
{
	uint8_t class_index = pool->class_of[size_index(length)];
	const struct zsim_size_class *class = &pool->classes[class_index];
	uint32_t index;

	if (pool->bytes_only || class->objects == 1) {
		if (pool->bytes_only)
			bytes_alloc(pool, length);
		else
			single_alloc(pool, class);
		*handle = ZSIM_ZSPAGE_NONE;
		return 0;
	}
	index = class_take(class);
	if (index == ZSIM_ZSPAGE_NONE) {
		int err = zspage_new(pool, class_index, &index);

		if (err)
			return err;
	}
	zspage_set_used(pool, index, zspage_at(pool, index)->used + 1u);
	pool->objects++;
	*handle = index;
	return 0;
}

void zsim_zsmalloc_free(struct zsim_zsmalloc *pool, uint32_t length, uint32_t handle)
{
	uint32_t used;

	if (pool->bytes_only) {
		bytes_free(pool, length);
		return;
	}
	if (handle == ZSIM_ZSPAGE_NONE) {
		single_free(pool, zsim_zsmalloc_class(pool, length));
		return;
	}
	used = zspage_at(pool, handle)->used - 1u;
	zspage_set_used(pool, handle, used);
	pool->objects--;
	if (used == 0)
		zspage_free(pool, handle);
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
		zspage = zspage_at(pool, index);
		if (zspage->prev != prev)
			return "zsmalloc: a zspage's backward link is wrong";
		if (zspage->class_index != class_index)
			return "zsmalloc: a zspage is in another class's list";
		if (zspage_group(class, zspage->used) != group)
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
		const struct zsim_zspage *zspage = zspage_at(pool, i);
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

	for (uint32_t i = pool->first_free; i != ZSIM_ZSPAGE_NONE; i = zspage_at(pool, i)->next) {
		if (i >= pool->zspages.size || zspage_at(pool, i)->used)
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
