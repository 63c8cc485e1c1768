/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workload.h - made-up traces of any size, from a seed.
 *
 * A workload is plain data: how many pages, groups and nodes, which pages are popular,
 * how well they compress, and what is done to them. A generator gives its events one
 * after the other, as a reader gives those of a trace, and holds nothing but a bit a page:
 * machine, groups, a fill that brings in the wanted number of live entries, then
 * page events around that number, between which groups are asked for writeback, or
 * removed and made again. The same workload gives the same events on every machine.
 */
#ifndef ZSIM_WORKLOAD_H
#define ZSIM_WORKLOAD_H

#include <zsim/event.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum zsim_layout - where pages lie on the swap device; DENSE: side by side, SPARSE: all over it
 */
enum zsim_layout {
	ZSIM_LAYOUT_DENSE,
	ZSIM_LAYOUT_SPARSE,
	ZSIM_NR_LAYOUTS,
};

/**
 * enum zsim_preset - which mix of events; zsim_workload_preset() sets the fields that follow
 * @preset
 */
enum zsim_preset {
	ZSIM_PRESET_STEADY,    /* as many stores as loads and frees, all of which fit */
	ZSIM_PRESET_WRITEBACK, /* the pool is too small, its worker runs again and again */
	ZSIM_PRESET_REQUESTS,  /* groups are asked for writeback by memory.reclaim */
	ZSIM_PRESET_LOADS,     /* three loads a store; most find nothing */
	ZSIM_PRESET_CHURN,     /* groups are removed, and made again, while their pages live */
	ZSIM_NR_PRESETS,
};

#define ZSIM_WORKLOAD_MAX_ENTRIES 100000000u
#define ZSIM_WORKLOAD_MAX_GROUPS 1000000u
#define ZSIM_WORKLOAD_MAX_DEPTH 16u
#define ZSIM_WORKLOAD_MAX_ZIPF 2000u

/**
 * struct zsim_workload - what to make; fill it with zsim_workload_init()
 * @size: sizeof(struct zsim_workload); fields beyond it take their defaults
 * @seed: any number; others give other events of the same kind
 * @entries: live entries behind the fill, 1..ZSIM_WORKLOAD_MAX_ENTRIES; later there are up
 *	to 2048 more or fewer, or a sixteenth of them where that is less
 * @events: page events behind the fill
 * @groups: 1..ZSIM_WORKLOAD_MAX_GROUPS; each has pages
 * @depth: levels of the tree of groups, 1..ZSIM_WORKLOAD_MAX_DEPTH; fewer if there are
 *	fewer groups
 * @nodes: memory nodes, 1..ZSIM_MAX_NODES
 * @zipf: popularity of pages: the k-th is loaded in proportion to k to the power of
 *	-@zipf/1000; 0 = all alike, at most ZSIM_WORKLOAD_MAX_ZIPF
 * @layout: of the slots
 * @length_min, @length_max: compressed bytes, each length between them equally often,
 *	1..ZSIM_PAGE_SIZE; both 0: a mix, mostly 600 to 2400 bytes
 * @incompressible: of a mix: how many of 1000 pages do not compress
 * @preset: where the mix of events comes from
 * @stores, @loads, @invalidates: their shares among page events, in parts of the sum of
 *	the three; each at most 1000, the sum at least 1
 * @pool_percent: room of the pool in percent of what the live entries need, 1..1000;
 *	0 = enough for all
 * @reclaim_every: page events from one request for writeback to the next; 0 = none
 * @reclaim_bytes: asked for by each request of a group, at least 1
 * @churn_every: page events from one removal of a group to the next; 0 = none
 */
struct zsim_workload {
	size_t size;
	uint64_t seed;
	uint64_t entries;
	uint64_t events;
	uint32_t groups;
	uint32_t depth;
	uint32_t nodes;
	uint32_t zipf;
	enum zsim_layout layout;
	uint32_t length_min;
	uint32_t length_max;
	uint32_t incompressible;
	enum zsim_preset preset;
	uint32_t stores;
	uint32_t loads;
	uint32_t invalidates;
	uint32_t pool_percent;
	uint64_t reclaim_every;
	uint64_t reclaim_bytes;
	uint64_t churn_every;
};

/** zsim_workload_init() - 100,000 entries, a million events, 100 groups in 3 levels, 1 node,
 * zipf 900, dense, a mix with 50 of 1000 incompressible; steady */
ZSIM_API void zsim_workload_init(struct zsim_workload *w);
/** zsim_workload_preset() - the mix of events of a preset; what comes before @preset stays */
ZSIM_API void zsim_workload_preset(struct zsim_workload *w, enum zsim_preset preset);
/** zsim_preset_name() - "steady", "writeback", ...; "?" out of range */
ZSIM_API const char *zsim_preset_name(enum zsim_preset preset);

/**
 * zsim_workload_key() - the @i-th field's name in text, NULL behind the last
 *
 * As the fields above, but `lengths` for @length_min and @length_max ("2000", "100-4000"
 * or "mix").
 */
ZSIM_API const char *zsim_workload_key(size_t i);
/**
 * zsim_workload_set() - a field from text
 * @value: a number, to which k, M or G adds three, six or nine zeros (KiB, MiB, GiB for
 *	reclaim_bytes); zipf as in "0.99"; the names of preset and layout. `preset` sets the
 *	whole mix, so it comes before fields that change it.
 *
 * Return: 0; -ENOENT no such field, -EINVAL no such value, -ERANGE a value that is out of range.
 */
ZSIM_API int zsim_workload_set(struct zsim_workload *w, const char *key, const char *value);
/**
 * zsim_workload_get() - the @i-th field as text that zsim_workload_set() takes
 *
 * Return: as snprintf(), -ENOENT behind the last.
 */
ZSIM_API int zsim_workload_get(const struct zsim_workload *w, size_t i, char *buf, size_t size);

struct zsim_generator;

/**
 * zsim_generator_create() - a workload's first event is next
 * @w: copied; NULL = defaults
 * @allocator: NULL = libc; must outlive the generator
 * @err: where a negative errno goes on failure; may be NULL: -EINVAL its size, -ERANGE a
 *	field out of range, -ENOMEM
 *
 * Return: a generator to be freed with zsim_generator_free(), or NULL.
 */
ZSIM_API struct zsim_generator *zsim_generator_create(const struct zsim_workload *w,
						      const struct zsim_allocator *allocator,
						      int *err);
/** zsim_generator_free() - takes NULL */
ZSIM_API void zsim_generator_free(struct zsim_generator *g);

/**
 * zsim_generator_next() - the next event, of whatever kind
 * @ev: filled on success; its strings belong to @g until the next call
 *
 * Return: 1 = filled, 0 = that was all. It cannot fail.
 */
ZSIM_API int zsim_generator_next(struct zsim_generator *g, struct zsim_event *ev);
/**
 * zsim_generator_ops() - the next events at once, as long as they are page events
 * @ops: room for @max; a group's number is its place in the order of the mkdir events
 *
 * Return: how many were filled; 0: what comes next is another event, or the end.
 */
ZSIM_API uint32_t zsim_generator_ops(struct zsim_generator *g, struct zsim_op *ops, uint32_t max);
/** zsim_generator_groups() - as many as the workload says */
ZSIM_API uint32_t zsim_generator_groups(const struct zsim_generator *g);
/** zsim_generator_group() - the path of a number below that; good until the next call for @g */
ZSIM_API const char *zsim_generator_group(struct zsim_generator *g, uint32_t group);
/** zsim_generator_total() - page events in all, the fill included */
ZSIM_API uint64_t zsim_generator_total(const struct zsim_generator *g);

#ifdef __cplusplus
}
#endif
#endif
