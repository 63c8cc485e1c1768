/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/zsmalloc.h"

#include <errno.h>
#include <string.h>

#define ZSPAGE_MAX_PAGES 8u

_Static_assert(sizeof(struct zsim_zspage) == 10, "a zspage's record grew");
_Static_assert(ZSIM_ZSMALLOC_CLASSES << ZSIM_ZSPAGE_USED_BITS <= UINT16_MAX,
	       "a state is two bytes");

/* Pages of a zspage: the fewest that leave the least behind its last object. */
static uint32_t pages_for(uint32_t size)
{
	uint32_t best = 1;

	if ((size & (size - 1)) == 0)
		return 1;
	for (uint32_t pages = 2; pages <= ZSPAGE_MAX_PAGES; pages++)
		if (pages * ZSIM_PAGE_SIZE % size < best * ZSIM_PAGE_SIZE % size)
			best = pages;
	return best;
}

static struct zsim_size_class class_for(uint32_t size)
{
	struct zsim_size_class class = { .size = (uint16_t)size, .pages = pages_for(size) };

	class.objects = (uint16_t)(class.pages * ZSIM_PAGE_SIZE / size);
	/* with up to 256 objects it rounds as the kernel does */
	class.tenth = (10u << 16) / class.objects + 1;
	for (size_t i = 0; i <= ZSIM_ZSMALLOC_FULL; i++)
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

static int record_find(struct zsim_zsmalloc *pool, uint32_t *index)
{
	if (pool->first_free == ZSIM_ZSPAGE_NONE)
		return pool->zspages.size < ZSIM_ZSPAGE_NONE ?
			       zsim_array_push(&pool->zspages, index) :
			       -ENOSPC;
	*index = pool->first_free;
	pool->first_free = zsim_zspage_at(pool, *index)->next;
	return 0;
}

bool zsim_zsmalloc_has_record(const struct zsim_zsmalloc *pool)
{
	return pool->bytes_only || pool->first_free != ZSIM_ZSPAGE_NONE ||
	       !zsim_array_full(&pool->zspages);
}

int zsim_zsmalloc_reserve(struct zsim_zsmalloc *pool, uint32_t length)
{
	if (zsim_zsmalloc_stays(pool, length))
		return 0;
	return pool->zspages.size < ZSIM_ZSPAGE_NONE ? zsim_array_reserve(&pool->zspages) : -ENOSPC;
}

static void list_del(struct zsim_zsmalloc *pool, struct zsim_size_class *class,
		     const struct zsim_zspage *zspage, uint32_t index, uint32_t group)
{
	uint32_t next = zspage->next;

	if (class->head[group] == index) {
		class->head[group] = next;
		class->listed ^= (uint32_t)(next == ZSIM_ZSPAGE_NONE) << group;
		return;
	}
	zsim_zspage_at(pool, zspage->prev)->next = next;
	if (next != ZSIM_ZSPAGE_NONE)
		zsim_zspage_at(pool, next)->prev = zspage->prev;
}

/* an empty one, on the first list: where its first object finds it */
static int zspage_new(struct zsim_zsmalloc *pool, struct zsim_size_class *class)
{
	uint32_t index;
	int err = record_find(pool, &index);

	if (err)
		return err;
	zsim_zspage_at(pool, index)->state =
		(uint16_t)((class - pool->classes) << ZSIM_ZSPAGE_USED_BITS);
	zsim_zspage_list(pool, class, index, 1);
	pool->pages += class->pages;
	return 0;
}

static void zspage_free(struct zsim_zsmalloc *pool, struct zsim_size_class *class, uint32_t index)
{
	pool->pages -= class->pages;
	zsim_zspage_at(pool, index)->next = pool->first_free;
	pool->first_free = index;
}

/*
 * One that stays in its group keeps its place; else it goes to the head of the new
 * list. Full zspages need no list: nothing is taken from them, and their order is forgotten.
 */
void zsim_zspage_move(struct zsim_zsmalloc *pool, struct zsim_size_class *class, uint32_t index,
		      uint32_t old, uint32_t new)
{
	list_del(pool, class, zsim_zspage_at(pool, index), index, old);
	if (new)
		zsim_zspage_list(pool, class, index, new);
	else
		zspage_free(pool, class, index);
}

static uint64_t bytes_pages(uint64_t bytes)
{
	return (bytes + ZSIM_PAGE_SIZE - 1) / ZSIM_PAGE_SIZE;
}

/*
 * an object that has no record: a zspage for itself, or none in a pool of whole bytes; @sign is 1
 * or -1
 */
void zsim_zsmalloc_single(struct zsim_zsmalloc *pool, uint32_t length, int64_t sign)
{
	pool->singles += (uint64_t)sign;
	if (pool->bytes_only) {
		pool->bytes += (uint64_t)sign * length;
		pool->pages = bytes_pages(pool->bytes);
		return;
	}
	pool->pages += (uint64_t)sign * zsim_zsmalloc_class(pool, length)->pages;
}

int zsim_zsmalloc_alloc_slow(struct zsim_zsmalloc *pool, uint32_t length, uint32_t *handle)
{
	struct zsim_size_class *class = &pool->classes[zsim_zsmalloc_class_of(pool, length)];
	int err;

	if (pool->bytes_only || class->objects == 1) {
		zsim_zsmalloc_single(pool, length, 1);
		*handle = ZSIM_ZSPAGE_NONE;
		return 0;
	}
	err = zspage_new(pool, class);
	if (!err)
		*handle = zsim_zsmalloc_alloc_listed(pool, class);
	return err;
}

uint64_t zsim_zsmalloc_objects(const struct zsim_zsmalloc *pool)
{
	uint64_t objects = pool->singles;

	for (uint32_t i = 0; i < pool->zspages.size; i++)
		objects += zsim_zspage_at(pool, i)->state & ZSIM_ZSPAGE_USED;
	return objects;
}

uint64_t zsim_zsmalloc_bytes(const struct zsim_zsmalloc *pool)
{
	return zsim_array_bytes(&pool->zspages);
}

/* What zsim_zsmalloc_check() counts again. */
struct census {
	uint64_t pages;
	uint64_t listed;
	uint64_t partly_used;
	uint64_t unused;
};

/*
 * One fullness list. The walk ends: a record has one predecessor, which a list that runs into
 * itself meets by the backward link, and in its first record, which has none, by its place.
 */
static const char *check_list(const struct zsim_zsmalloc *pool, uint8_t class_index, uint32_t group,
			      struct census *census)
{
	const struct zsim_size_class *class = &pool->classes[class_index];
	uint32_t index = class->head[group];
	uint32_t prev = ZSIM_ZSPAGE_NONE;

	if ((class->listed >> group & 1) != (index != ZSIM_ZSPAGE_NONE))
		return "zsmalloc: a list is not where its class says";
	while (index != ZSIM_ZSPAGE_NONE) {
		const struct zsim_zspage *zspage;
		uint32_t used;

		if (index >= pool->zspages.size)
			return "zsmalloc: a list names a zspage that does not exist";
		zspage = zsim_zspage_at(pool, index);
		if (prev != ZSIM_ZSPAGE_NONE &&
		    (zspage->prev != prev || index == class->head[group]))
			return "zsmalloc: a zspage's backward link is wrong";
		if (zspage->state >> ZSIM_ZSPAGE_USED_BITS != class_index)
			return "zsmalloc: a zspage is in another class's list";
		used = zspage->state & ZSIM_ZSPAGE_USED;
		if (!used || zsim_zspage_group(class, used) != group)
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
		uint32_t state = zsim_zspage_at(pool, i)->state;
		uint32_t used = state & ZSIM_ZSPAGE_USED;
		const struct zsim_size_class *class;

		if (state >> ZSIM_ZSPAGE_USED_BITS >= ZSIM_ZSMALLOC_CLASSES)
			return "zsmalloc: a zspage has no class";
		if (!used) {
			census->unused++;
			continue;
		}
		class = &pool->classes[state >> ZSIM_ZSPAGE_USED_BITS];
		if (used > class->objects)
			return "zsmalloc: a zspage has no room for its objects";
		if (used == class->objects && zsim_zspage_at(pool, i)->next != ZSIM_ZSPAGE_NONE)
			return "zsmalloc: a full zspage has a neighbour";
		census->pages += class->pages;
		census->partly_used += used < class->objects;
	}
	return NULL;
}

static const char *check_free(const struct zsim_zsmalloc *pool, const struct census *census)
{
	uint64_t nr = 0;

	for (uint32_t i = pool->first_free; i != ZSIM_ZSPAGE_NONE;
	     i = zsim_zspage_at(pool, i)->next) {
		if (i >= pool->zspages.size || zsim_zspage_at(pool, i)->state & ZSIM_ZSPAGE_USED)
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
	if (census->listed != census->partly_used)
		return "zsmalloc: a partly used zspage is in no list";
	return NULL;
}

static const char *check_bytes(const struct zsim_zsmalloc *pool)
{
	if (pool->pages != bytes_pages(pool->bytes))
		return "zsmalloc: the page total is not that of its bytes";
	if (pool->zspages.size)
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
