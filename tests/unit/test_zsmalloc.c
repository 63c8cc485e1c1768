/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pool's pages: against a kernel's class table, a naive twin, and failing memory. */
#include <errno.h>
#include <stdlib.h>

#include "model/zsmalloc.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */
/* Size and pages per zspage of every class, as a 7.2 kernel prints them (debugfs zsmalloc) */
static const struct {
	uint16_t size, pages;
} kernel_classes[] = {
	{ 32, 1 }, { 48, 3 }, { 64, 1 }, { 80, 5 }, { 96, 3 }, { 112, 7 }, { 128, 1 }, { 144, 7 },
	{ 160, 5 }, { 176, 4 }, { 192, 3 }, { 208, 3 }, { 224, 7 }, { 240, 1 }, { 256, 1 },
	{ 272, 1 }, { 288, 5 }, { 304, 7 }, { 320, 5 }, { 336, 6 }, { 352, 8 }, { 368, 8 },
	{ 384, 3 }, { 400, 5 }, { 416, 6 }, { 432, 7 }, { 448, 7 }, { 464, 5 }, { 480, 2 },
	{ 496, 4 }, { 512, 1 }, { 528, 4 }, { 544, 2 }, { 560, 7 }, { 576, 1 }, { 592, 8 },
	{ 608, 7 }, { 624, 2 }, { 640, 5 }, { 656, 5 }, { 672, 1 }, { 688, 8 }, { 704, 5 },
	{ 720, 3 }, { 736, 2 }, { 752, 7 }, { 768, 3 }, { 784, 5 }, { 816, 1 }, { 832, 8 },
	{ 848, 5 }, { 864, 7 }, { 880, 8 }, { 896, 7 }, { 912, 7 }, { 928, 5 }, { 944, 3 },
	{ 960, 4 }, { 976, 6 }, { 992, 8 }, { 1024, 1 }, { 1056, 8 }, { 1072, 5 }, { 1088, 4 },
	{ 1104, 3 }, { 1120, 8 }, { 1136, 5 }, { 1168, 2 }, { 1184, 7 }, { 1200, 5 }, { 1216, 3 },
	{ 1232, 7 }, { 1248, 4 }, { 1280, 5 }, { 1296, 7 }, { 1360, 1 }, { 1424, 8 }, { 1440, 6 },
	{ 1456, 5 }, { 1488, 4 }, { 1504, 7 }, { 1536, 3 }, { 1552, 8 }, { 1568, 5 }, { 1584, 7 },
	{ 1632, 2 }, { 1680, 7 }, { 1696, 5 }, { 1712, 8 }, { 1744, 3 }, { 1792, 7 }, { 1808, 4 },
	{ 1856, 5 }, { 1888, 6 }, { 1904, 7 }, { 1920, 8 }, { 2048, 1 }, { 2176, 8 }, { 2192, 7 },
	{ 2224, 6 }, { 2272, 5 }, { 2336, 4 }, { 2384, 7 }, { 2448, 3 }, { 2512, 8 }, { 2560, 5 },
	{ 2592, 7 }, { 2720, 2 }, { 2864, 7 }, { 2912, 5 }, { 2976, 8 }, { 3072, 3 }, { 3184, 7 },
	{ 3264, 4 }, { 3408, 5 }, { 3504, 6 }, { 3584, 7 }, { 3632, 8 }, { 4096, 1 },
};
/* clang-format on */

/* the kernel's class for a length: the smallest that holds it and its handle */
static size_t kernel_class(uint32_t length)
{
	size_t i = 0;

	while (i < NR(kernel_classes) - 1 && kernel_classes[i].size < length + 8)
		i++;
	return i;
}

static uint32_t kernel_objects(size_t i)
{
	return kernel_classes[i].pages * 4096u / kernel_classes[i].size;
}

static uint32_t kernel_group(size_t class, uint32_t used)
{
	if (used == kernel_objects(class))
		return 11;
	return used ? 100 * used / kernel_objects(class) / 10 + 1 : 0;
}

static void check_pool(const struct zsim_zsmalloc *pool)
{
	const char *what = "";
	int rc = zsim_zsmalloc_check(pool, &what);

	if (rc)
		fprintf(stderr, "%s\n", what);
	CU_ASSERT_EQUAL(rc, 0);
}

static void class_table(void)
{
	struct zsim_zsmalloc pool;

	CU_ASSERT_EQUAL(NR(kernel_classes), ZSIM_ZSMALLOC_CLASSES);
	CU_ASSERT_EQUAL(zsim_zsmalloc_init(&pool, zsim_allocator_libc()), 0);
	for (uint32_t i = 0; i < ZSIM_ZSMALLOC_CLASSES; i++) { /* ours go down */
		const struct zsim_size_class *class = &pool.classes[118 - i];

		CU_ASSERT_EQUAL(class->size, kernel_classes[i].size);
		CU_ASSERT_EQUAL(class->pages, kernel_classes[i].pages);
		CU_ASSERT_EQUAL(class->objects, kernel_objects(i));
		CU_ASSERT_EQUAL(class->objects == 1, class->size == 4096);
	}
	for (uint32_t length = 1; length <= 4096; length++)
		CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, length)->size,
				kernel_classes[kernel_class(length)].size);
	/* 8 bytes of handle; what would be beyond a page takes a page */
	CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, 24)->size, 32);
	CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, 25)->size, 48);
	CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, 3624)->size, 3632);
	CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, 3625)->size, 4096);
	CU_ASSERT_EQUAL(zsim_zsmalloc_class(&pool, 4096)->size, 4096);
	zsim_zsmalloc_destroy(&pool);
}

/* our product of tenths and the kernel's quotient, with every number of objects of every class */
static void groups_round_as_the_kernels(void)
{
	struct zsim_zsmalloc pool;

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	for (size_t i = 0; i < ZSIM_ZSMALLOC_CLASSES; i++)
		for (uint32_t used = 1; used <= kernel_objects(i); used++)
			CU_ASSERT_EQUAL(zsim_zspage_group(&pool.classes[118 - i], used),
					kernel_group(i, used));
	zsim_zsmalloc_destroy(&pool);
}

static uint32_t take(struct zsim_zsmalloc *pool, uint32_t length)
{
	uint32_t handle = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_zsmalloc_alloc(pool, length, &handle), 0);
	return handle;
}

/* 4096: a page and no record each. 2048: two objects in a page. */
static void few_objects(void)
{
	struct zsim_zsmalloc pool;
	uint32_t a, b, c;

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 0);
	CU_ASSERT_EQUAL(take(&pool, 4096), ZSIM_ZSPAGE_NONE);
	CU_ASSERT_EQUAL(take(&pool, 4000), ZSIM_ZSPAGE_NONE);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 2);
	CU_ASSERT_EQUAL(zsim_zsmalloc_bytes(&pool), 0);
	a = take(&pool, 2040);
	b = take(&pool, 2040);
	c = take(&pool, 2040);
	CU_ASSERT_EQUAL(a, b);
	CU_ASSERT_NOT_EQUAL(a, c);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 4);
	check_pool(&pool);
	zsim_zsmalloc_free(&pool, 2040, a);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 4);
	zsim_zsmalloc_free(&pool, 2040, b);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 3);
	zsim_zsmalloc_free(&pool, 4000, ZSIM_ZSPAGE_NONE);
	check_pool(&pool);
	zsim_zsmalloc_free(&pool, 4096, ZSIM_ZSPAGE_NONE);
	zsim_zsmalloc_free(&pool, 2040, c);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 0);
	CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), 0);
	check_pool(&pool);
	zsim_zsmalloc_destroy(&pool);
}

/*
 * Class 32, 128 objects a zspage; A, B and C full. Lists of group 10:
 *
 *	free of A:  A			free of B:  B A
 *	free of A:  B A   (its group did not change: it keeps its place)
 *	alloc: B, full again		alloc: A	alloc: A
 */
static void place_in_list(void)
{
	struct zsim_zsmalloc pool;
	uint32_t zspage[3];

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 128; j++)
			zspage[i] = take(&pool, 1);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 3);
	zsim_zsmalloc_free(&pool, 1, zspage[0]);
	zsim_zsmalloc_free(&pool, 1, zspage[1]);
	zsim_zsmalloc_free(&pool, 1, zspage[0]);
	CU_ASSERT_EQUAL(take(&pool, 1), zspage[1]);
	CU_ASSERT_EQUAL(take(&pool, 1), zspage[0]);
	CU_ASSERT_EQUAL(take(&pool, 1), zspage[0]);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 3);
	take(&pool, 1);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 4);
	check_pool(&pool);
	zsim_zsmalloc_destroy(&pool);
}

/*
 * The naive twin: zspages in one table, searched from end to end. The zspage
 * that entered its group last stands at the head of the group's list.
 */
#define TWIN_ZSPAGES 4096

struct twin_zspage {
	size_t class;
	uint32_t used;	  /* 0: no such zspage */
	uint32_t handle;  /* what the pool calls it */
	uint64_t entered; /* when it entered its group */
};

struct twin {
	struct twin_zspage zspages[TWIN_ZSPAGES];
	uint64_t now;
};

static void twin_use(struct twin *twin, struct twin_zspage *zspage, uint32_t used)
{
	if (kernel_group(zspage->class, used) != kernel_group(zspage->class, zspage->used))
		zspage->entered = ++twin->now;
	zspage->used = used;
}

/* the zspage that an object of a class goes to; a new one has 0 used */
static struct twin_zspage *twin_pick(struct twin *twin, size_t class)
{
	struct twin_zspage *best = NULL, *unused = NULL;

	for (size_t i = 0; i < TWIN_ZSPAGES; i++) {
		struct twin_zspage *z = &twin->zspages[i];
		uint32_t group = kernel_group(class, z->used);

		if (!z->used) {
			unused = unused ? unused : z;
			continue;
		}
		if (z->class != class || group == 11)
			continue;
		if (!best || group > kernel_group(class, best->used) ||
		    (group == kernel_group(class, best->used) && z->entered > best->entered))
			best = z;
	}
	if (!best && unused)
		unused->class = class;
	return best ? best : unused;
}

static uint64_t twin_pages(const struct twin *twin)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < TWIN_ZSPAGES; i++)
		if (twin->zspages[i].used)
			pages += kernel_classes[twin->zspages[i].class].pages;
	return pages;
}

struct object {
	uint32_t length;
	uint32_t handle;
	struct twin_zspage *zspage;
};

struct run {
	struct zsim_zsmalloc pool;
	struct twin twin;
	struct object objects[20000];
	uint32_t nr;
	uint64_t seed;
};

static uint32_t random_below(struct run *run, uint32_t n)
{
	uint64_t x = run->seed += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((x ^ (x >> 31)) >> 33) % n;
}

static bool run_alloc(struct run *run, uint32_t length)
{
	struct object *object = &run->objects[run->nr];
	struct twin_zspage *z = twin_pick(&run->twin, kernel_class(length));
	bool single = kernel_objects(z->class) == 1;

	object->length = length;
	object->zspage = z;
	if (zsim_zsmalloc_alloc(&run->pool, length, &object->handle))
		return false;
	if (!z->used)
		z->handle = object->handle;
	twin_use(&run->twin, z, z->used + 1);
	run->nr++;
	return object->handle == z->handle && single == (z->handle == ZSIM_ZSPAGE_NONE);
}

static void run_free(struct run *run, uint32_t i)
{
	struct object *object = &run->objects[i];

	zsim_zsmalloc_free(&run->pool, object->length, object->handle);
	twin_use(&run->twin, object->zspage, object->zspage->used - 1);
	*object = run->objects[--run->nr];
}

/* lengths of a run: all of them, a few neighbours, or one class */
static uint32_t run_length(struct run *run, int kind)
{
	switch (kind) {
	case 0:
		return 1 + random_below(run, 4096);
	case 1:
		return 1500 + random_below(run, 200);
	default:
		return 100;
	}
}

static bool run_step(struct run *run, int kind, uint32_t limit, bool growing)
{
	bool alloc = random_below(run, 8) < (growing ? 5 : 3);

	if (run->nr == 0 || (alloc && run->nr < limit))
		return run_alloc(run, run_length(run, kind));
	run_free(run, random_below(run, run->nr));
	return true;
}

/* grow and shrink in turns, then empty the pool */
static bool run_compare(struct run *run, int kind, uint64_t seed, uint32_t steps)
{
	uint32_t limit = kind == 2 ? 20000 : 3000;

	memset(run, 0, sizeof(*run));
	run->seed = seed;
	zsim_zsmalloc_init(&run->pool, zsim_allocator_libc());
	for (uint32_t step = 0; step < steps || run->nr; step++) {
		const char *what;
		bool same = true;

		if (step < steps)
			same = run_step(run, kind, limit, (step / 4000) % 2 == 0);
		else
			run_free(run, random_below(run, run->nr));
		if (!same || zsim_zsmalloc_pages(&run->pool) != twin_pages(&run->twin) ||
		    (step % 512 == 0 && zsim_zsmalloc_check(&run->pool, &what))) {
			fprintf(stderr, "kind %d seed %llu: differs at step %u\n", kind,
				(unsigned long long)seed, step);
			return false;
		}
	}
	check_pool(&run->pool);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&run->pool), 0);
	zsim_zsmalloc_destroy(&run->pool);
	return true;
}

static void twin_agrees(void)
{
	struct run *run = malloc(sizeof(*run));

	CU_ASSERT_PTR_NOT_NULL_FATAL(run);
	for (int kind = 0; kind < 3; kind++)
		for (uint64_t seed = 1; seed <= 2; seed++)
			CU_ASSERT(run_compare(run, kind, seed * 1000003, 24000));
	free(run);
}

/* objects of many classes until memory fails: the pool stays as it was */
static void out_of_memory(void)
{
	for (uint64_t n = 1;; n++) {
		struct fail_alloc fa;
		struct zsim_zsmalloc pool;
		uint32_t failed = 0;

		fail_alloc_init(&fa, n);
		CU_ASSERT_EQUAL(zsim_zsmalloc_init(&pool, fail_alloc_get(&fa)), 0);
		for (uint32_t length = 8; length <= 4096; length += 4) {
			uint32_t handle = 4711;
			uint64_t pages = zsim_zsmalloc_pages(&pool);
			int rc = zsim_zsmalloc_alloc(&pool, length, &handle);

			if (rc == 0)
				continue;
			failed++;
			CU_ASSERT_EQUAL(rc, -ENOMEM);
			CU_ASSERT_EQUAL(handle, 4711);
			CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), pages);
			check_pool(&pool);
			length -= 4; /* again, with memory */
		}
		CU_ASSERT_EQUAL(failed, fa.failed);
		CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), 1023);
		check_pool(&pool);
		CU_ASSERT_EQUAL(zsim_zsmalloc_bytes(&pool), fa.live_bytes);
		zsim_zsmalloc_destroy(&pool);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed) {
			CU_ASSERT(n > 3);
			break;
		}
	}
}

/* records of freed zspages are used again, whatever class they had */
static void record_reuse(void)
{
	struct zsim_zsmalloc pool;
	uint32_t handles[1000];

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	for (uint32_t round = 0; round < 8; round++) {
		uint32_t length = 3000 - round * 10; /* few objects a zspage */

		for (size_t i = 0; i < NR(handles); i++)
			handles[i] = take(&pool, length);
		check_pool(&pool);
		for (size_t i = 0; i < NR(handles); i++)
			zsim_zsmalloc_free(&pool, length, handles[i]);
		check_pool(&pool);
		CU_ASSERT(pool.zspages.size <= NR(handles) / 2);
	}
	zsim_zsmalloc_destroy(&pool);
}

/* the abstraction: bytes in whole pages, and no zspage at all */
static void bytes_only(void)
{
	struct zsim_zsmalloc pool;
	const char *what;

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	pool.bytes_only = true;
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 0);
	CU_ASSERT_EQUAL(take(&pool, 1), ZSIM_ZSPAGE_NONE);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 1);
	take(&pool, 4095);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 1);
	take(&pool, 4096);
	take(&pool, 1);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 3);
	CU_ASSERT_EQUAL(pool.bytes, 8193);
	CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), 4);
	CU_ASSERT(zsim_zsmalloc_stays(&pool, 1));
	CU_ASSERT_EQUAL(zsim_zsmalloc_bytes(&pool), 0);
	CU_ASSERT_EQUAL(zsim_zsmalloc_check(&pool, &what), 0);
	zsim_zsmalloc_free(&pool, 1, ZSIM_ZSPAGE_NONE);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 2);
	pool.pages++;
	CU_ASSERT_EQUAL(zsim_zsmalloc_check(&pool, &what), -EINVAL);
	pool.pages--;
	zsim_zsmalloc_free(&pool, 4096, ZSIM_ZSPAGE_NONE);
	zsim_zsmalloc_free(&pool, 4095, ZSIM_ZSPAGE_NONE);
	zsim_zsmalloc_free(&pool, 1, ZSIM_ZSPAGE_NONE);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&pool), 0);
	CU_ASSERT_EQUAL(zsim_zsmalloc_check(&pool, &what), 0);
	zsim_zsmalloc_destroy(&pool);
}

/* as long as a list has a zspage, or a free record is left, none moves; else there is no object */
static void records_stay(void)
{
	struct fail_alloc fa;
	struct zsim_zsmalloc pool;
	struct zsim_zspage *first = NULL;
	uint32_t handle, again = 0;

	fail_alloc_init(&fa, 0);
	zsim_zsmalloc_init(&pool, fail_alloc_get(&fa));
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t length = 3000 - i / 8 * 16;
		int rc = zsim_zsmalloc_alloc_staying(&pool, length, &handle);

		if (rc) {
			CU_ASSERT_EQUAL(rc, -EAGAIN);
			CU_ASSERT_FALSE(zsim_zsmalloc_stays(&pool, length));
			CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), i);
			fa.fail_at = fa.calls + 1;
			CU_ASSERT_EQUAL(zsim_zsmalloc_reserve(&pool, length), -ENOMEM);
			CU_ASSERT_EQUAL(zsim_zsmalloc_reserve(&pool, length), 0);
			CU_ASSERT(zsim_zsmalloc_stays(&pool, length));
			CU_ASSERT_EQUAL_FATAL(zsim_zsmalloc_alloc_staying(&pool, length, &handle),
					      0);
			first = zsim_zspage_at(&pool, 0);
			again++;
		}
		CU_ASSERT_PTR_EQUAL(zsim_zspage_at(&pool, 0), first);
	}
	CU_ASSERT(again > 3);
	check_pool(&pool);
	/* a class with room needs no record, and neither does anyone while one is free */
	while (zsim_zsmalloc_stays(&pool, 3000))
		take(&pool, 3000);
	handle = take(&pool, 2040);
	while (zsim_zsmalloc_stays(&pool, 3000))
		take(&pool, 3000);
	CU_ASSERT_EQUAL(zsim_zsmalloc_alloc_staying(&pool, 2040, &again), 0);
	CU_ASSERT_EQUAL(again, handle);
	CU_ASSERT_EQUAL(zsim_zsmalloc_alloc_staying(&pool, 2040, &again), -EAGAIN);
	CU_ASSERT_EQUAL(zsim_zsmalloc_alloc_staying(&pool, 4096, &again), 0);
	zsim_zsmalloc_free(&pool, 2040, handle);
	zsim_zsmalloc_free(&pool, 2040, handle);
	CU_ASSERT(zsim_zsmalloc_stays(&pool, 3000));
	CU_ASSERT_EQUAL(zsim_zsmalloc_alloc_staying(&pool, 2040, &again), 0);
	check_pool(&pool);
	zsim_zsmalloc_destroy(&pool);
}

/* a hint is followed where it is of this object's zspage, and else not even looked at */
static void hints(void)
{
	struct zsim_zspage_hint none = { .handle = ZSIM_ZSPAGE_NONE };
	struct zsim_zspage_hint right = { .handle = ZSIM_ZSPAGE_NONE };
	struct zsim_zspage_hint other = { .handle = ZSIM_ZSPAGE_NONE };
	struct zsim_zspage elsewhere = { .state = 0 };
	struct zsim_zsmalloc pool;
	uint32_t handle;

	zsim_zsmalloc_init(&pool, zsim_allocator_libc());
	handle = take(&pool, 1000);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(take(&pool, 1000), handle);
	right.handle = handle;
	right.zspage = &elsewhere;
	elsewhere.state = zsim_zspage_at(&pool, handle)->state;
	CU_ASSERT_EQUAL(zsim_zsmalloc_free_begin(&pool, 1000, handle, right).index, handle);
	CU_ASSERT_EQUAL(elsewhere.state & ZSIM_ZSPAGE_USED, 3);
	CU_ASSERT_EQUAL(zsim_zspage_at(&pool, handle)->state & ZSIM_ZSPAGE_USED, 4);
	right.zspage = zsim_zspage_at(&pool, handle);
	other.handle = handle + 1;
	other.zspage = &elsewhere;
	zsim_zspage_settle(&pool, zsim_zsmalloc_free_begin(&pool, 1000, handle, right));
	zsim_zspage_settle(&pool, zsim_zsmalloc_free_begin(&pool, 1000, handle, other));
	zsim_zspage_settle(&pool, zsim_zsmalloc_free_begin(&pool, 1000, handle, none));
	check_pool(&pool);
	CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), 1);
	take(&pool, 4096);
	zsim_zsmalloc_free_begin(&pool, 4096, ZSIM_ZSPAGE_NONE, none);
	CU_ASSERT_EQUAL(zsim_zsmalloc_objects(&pool), 1);
	zsim_zsmalloc_destroy(&pool);
}

/*
 * A pool with a bit of everything, to be damaged: record 0 partly used and
 * record 1 full in the class of 2048; 2 and 3 partly used, in this order of
 * allocation, in group 5 of class 32; 4 and 5 free; one page-sized object.
 */
static void damage_setup(struct zsim_zsmalloc *pool)
{
	uint32_t handle[2];

	zsim_zsmalloc_init(pool, zsim_allocator_libc());
	for (int i = 0; i < 4; i++)
		handle[i / 2] = take(pool, 2040);
	zsim_zsmalloc_free(pool, 2040, handle[0]);
	take(pool, 4096);
	for (int i = 0; i < 256; i++)
		handle[i / 128] = take(pool, 1);
	for (int i = 0; i < 136; i++)
		zsim_zsmalloc_free(pool, 1, handle[i % 2]);
	handle[0] = take(pool, 1000);
	handle[1] = take(pool, 1100);
	zsim_zsmalloc_free(pool, 1000, handle[0]);
	zsim_zsmalloc_free(pool, 1100, handle[1]);
	check_pool(pool);
	CU_ASSERT_EQUAL_FATAL(pool->zspages.size, 6);
}

static struct zsim_zspage *record(struct zsim_zsmalloc *pool, uint32_t i)
{
	return zsim_array_at(&pool->zspages, i);
}

static struct zsim_size_class *class_of(struct zsim_zsmalloc *pool, uint32_t i)
{
	return &pool->classes[record(pool, i)->state >> ZSIM_ZSPAGE_USED_BITS];
}

static uint32_t *head_of(struct zsim_zsmalloc *pool, uint32_t i)
{
	struct zsim_size_class *class = class_of(pool, i);

	return &class->head[zsim_zspage_group(class, record(pool, i)->state & ZSIM_ZSPAGE_USED)];
}

static void damage_bad_index(struct zsim_zsmalloc *pool)
{
	*head_of(pool, 0) = 6;
}

static void damage_prev(struct zsim_zsmalloc *pool)
{
	record(pool, record(pool, *head_of(pool, 2))->next)->prev = 0;
}

static void damage_circle(struct zsim_zsmalloc *pool)
{
	uint32_t first = *head_of(pool, 2);
	uint32_t second = record(pool, first)->next;

	record(pool, second)->next = first;
	record(pool, first)->prev = second; /* which of the first means nothing */
}

static void damage_class(struct zsim_zsmalloc *pool)
{
	record(pool, 0)->state += 1 << ZSIM_ZSPAGE_USED_BITS;
}

static void damage_no_class(struct zsim_zsmalloc *pool)
{
	record(pool, 0)->state = UINT16_MAX;
}

static void damage_free_listed(struct zsim_zsmalloc *pool)
{
	struct zsim_size_class *class = class_of(pool, 0);

	class->head[1] = pool->first_free;
	class->listed |= 1u << 1;
	record(pool, pool->first_free)->state =
		(uint16_t)((class - pool->classes) << ZSIM_ZSPAGE_USED_BITS);
}

static void damage_group(struct zsim_zsmalloc *pool)
{
	record(pool, 2)->state &= (uint16_t)(~ZSIM_ZSPAGE_USED | 1);
}

static void damage_used(struct zsim_zsmalloc *pool)
{
	record(pool, 1)->state++;
}

static void damage_emptied(struct zsim_zsmalloc *pool)
{
	record(pool, 1)->state &= (uint16_t)~ZSIM_ZSPAGE_USED;
}

static void damage_full(struct zsim_zsmalloc *pool)
{
	record(pool, 1)->next = 3;
}

static void damage_lost(struct zsim_zsmalloc *pool)
{
	uint32_t *head = head_of(pool, 0);
	struct zsim_size_class *class = class_of(pool, 0);

	*head = ZSIM_ZSPAGE_NONE;
	class->listed &= ~(1u << (head - class->head));
}

static void damage_listed(struct zsim_zsmalloc *pool)
{
	*head_of(pool, 0) = ZSIM_ZSPAGE_NONE;
}

static void damage_pages(struct zsim_zsmalloc *pool)
{
	pool->pages++;
}

static void damage_singles(struct zsim_zsmalloc *pool)
{
	pool->singles++;
}

static void damage_free_used(struct zsim_zsmalloc *pool)
{
	pool->first_free = 1;
}

static void damage_free_index(struct zsim_zsmalloc *pool)
{
	pool->first_free = 6;
}

static void damage_free_lost(struct zsim_zsmalloc *pool)
{
	pool->first_free = ZSIM_ZSPAGE_NONE;
}

static void damage_free_circle(struct zsim_zsmalloc *pool)
{
	record(pool, record(pool, pool->first_free)->next)->next = pool->first_free;
}

static void check_finds_damage(void)
{
	static const struct {
		void (*damage)(struct zsim_zsmalloc *pool);
		const char *what;
	} rows[] = {
		{ damage_bad_index, "a list names a zspage that does not exist" },
		{ damage_prev, "a zspage's backward link is wrong" },
		{ damage_circle, "a zspage's backward link is wrong" },
		{ damage_class, "a zspage is in another class's list" },
		{ damage_no_class, "a zspage has no class" },
		{ damage_group, "a zspage is in the wrong fullness list" },
		{ damage_free_listed, "a zspage is in the wrong fullness list" },
		{ damage_used, "a zspage has no room for its objects" },
		{ damage_emptied, "a free record is lost" },
		{ damage_full, "a full zspage has a neighbour" },
		{ damage_lost, "a partly used zspage is in no list" },
		{ damage_listed, "a list is not where its class says" },
		{ damage_pages, "the page total is wrong" },
		{ damage_singles, "the page total is wrong" },
		{ damage_free_used, "the list of free records names one in use" },
		{ damage_free_index, "the list of free records names one in use" },
		{ damage_free_lost, "a free record is lost" },
		{ damage_free_circle, "the list of free records runs in a circle" },
	};

	for (size_t i = 0; i < NR(rows); i++) {
		struct zsim_zsmalloc pool;
		const char *what = "nothing found";

		damage_setup(&pool);
		rows[i].damage(&pool);
		CU_ASSERT_EQUAL(zsim_zsmalloc_check(&pool, &what), -EINVAL);
		if (!strstr(what, rows[i].what))
			fprintf(stderr, "%s, not %s\n", what, rows[i].what);
		CU_ASSERT_PTR_NOT_NULL(strstr(what, rows[i].what));
		zsim_zsmalloc_destroy(&pool);
	}
}

/* clang-format off */
static const struct zsim_case cases[] = {
	ZSIM_CASE(class_table),
	ZSIM_CASE(groups_round_as_the_kernels),
	ZSIM_CASE(few_objects),
	ZSIM_CASE(place_in_list),
	ZSIM_CASE(twin_agrees),
	ZSIM_CASE(out_of_memory),
	ZSIM_CASE(bytes_only),
	ZSIM_CASE(records_stay),
	ZSIM_CASE(hints),
	ZSIM_CASE(record_reuse),
	ZSIM_CASE(check_finds_damage),
};
/* clang-format on */

ZSIM_SUITE_MAIN("zsmalloc", cases)
