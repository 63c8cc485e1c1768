/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.h - identifiers, limits and closed sets of values of the public API.
 *
 * Everything public counts in the kernel's units: pages of ZSIM_PAGE_SIZE
 * bytes, swap slots as the kernel prints them (device number in the bits from
 * ZSIM_SLOT_TYPE_SHIFT up, page offset below), negative errno for errors.
 */
#ifndef ZSIM_TYPES_H
#define ZSIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ZSIM_API __attribute__((visibility("default")))
#else
#define ZSIM_API
#endif

#define ZSIM_PAGE_SIZE 4096u

/** Limits of one simulator; going beyond gives -ERANGE or -ENOSPC, never a wrap. */
#define ZSIM_MAX_NODES 64u
#define ZSIM_MAX_SWAP_DEVICES 32u
#define ZSIM_MAX_MEMCGS ((1u << 20) - 1)
#define ZSIM_MAX_ENTRIES ((1u << 27) - 2)
#define ZSIM_MAX_FOLIO_PAGES 512u
/** DEF_PRIORITY: reclaim's gentlest; 0 is its fiercest */
#define ZSIM_MAX_PRIORITY 12u

/** A swap slot: device number << ZSIM_SLOT_TYPE_SHIFT | page offset (swp_entry_t). */
#define ZSIM_SLOT_TYPE_SHIFT 58
#define ZSIM_SLOT_OFFSET_MAX (UINT32_MAX - 1)

/**
 * typedef zsim_memcg - handle of a memory control group
 *
 * A small number, valid until the group is freed. ZSIM_MEMCG_ROOT always
 * exists; ZSIM_MEMCG_NONE is no group (the end of an iterator's pass).
 */
typedef uint32_t zsim_memcg;
#define ZSIM_MEMCG_ROOT 0u
#define ZSIM_MEMCG_NONE UINT32_MAX

/** enum zsim_memcg_state - life cycle of a group (model.md 1) */
enum zsim_memcg_state {
	ZSIM_MEMCG_ONLINE,
	ZSIM_MEMCG_DYING,   /* removed by rmdir; walkers no longer take it */
	ZSIM_MEMCG_OFFLINE, /* lists and charges belong to the parent */
	ZSIM_MEMCG_FREED,   /* last reference gone, out of the tree */
};

/** enum zsim_verdict - what a visit told list_lru's walker (enum lru_status) */
enum zsim_verdict {
	ZSIM_LRU_REMOVED_RETRY = 1,
	ZSIM_LRU_ROTATE = 2,
	ZSIM_LRU_SKIP = 3, /* the right model never says so */
	ZSIM_LRU_RETRY = 4,
	ZSIM_LRU_STOP = 5,
};

/** enum zsim_point - where a suspended call stands, and another actor may act */
enum zsim_point {
	ZSIM_POINT_NONE,
	ZSIM_POINT_STEP,     /* before a step of the retry machine */
	ZSIM_POINT_WALK,     /* before a walk's first visit, or after the lock was dropped */
	ZSIM_POINT_UNLOCKED, /* in a writeback, the list lock just dropped */
	ZSIM_POINT_CACHED,   /* in a writeback, the slot is in the swap cache */
	ZSIM_POINT_REPARENT, /* in a group's offline, before a list moves up, and before the end */
	ZSIM_NR_POINTS,
};

/** enum zsim_cause - on whose behalf entries are visited */
enum zsim_cause {
	ZSIM_CAUSE_NONE,
	ZSIM_CAUSE_STORE,    /* a store over zswap.max */
	ZSIM_CAUSE_WORKER,   /* the pool worker */
	ZSIM_CAUSE_SHRINKER, /* the dynamic shrinker */
	ZSIM_CAUSE_REQUEST,  /* memory.reclaim with source=zswap */
	ZSIM_NR_CAUSES,
};

/** enum zsim_fail - operations that can be made to fail (trace line `fail`) */
enum zsim_fail {
	ZSIM_FAIL_COMPRESS,
	ZSIM_FAIL_COMPRESS_POOR,
	ZSIM_FAIL_ZS_MALLOC,
	ZSIM_FAIL_ENTRY_ALLOC,
	ZSIM_FAIL_SWAPCACHE_ALLOC,
	ZSIM_FAIL_DECOMPRESS,
	ZSIM_NR_FAILS,
};

/** enum zsim_param - module parameters (/sys/module/zswap/parameters) */
enum zsim_param {
	ZSIM_PARAM_MAX_POOL_PERCENT,
	ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT,
	ZSIM_PARAM_ENABLED,
	ZSIM_PARAM_SHRINKER_ENABLED,
	ZSIM_PARAM_WORKER_MANUAL, /* zsim's own: the queued worker waits for `worker` */
	ZSIM_PARAM_ADDRESS_REUSE, /* zsim's own: an entry stored again gets its old address */
	ZSIM_NR_PARAMS,
};

/** enum zsim_stat_item - counters of memory.stat, in the order of model.md 7 */
enum zsim_stat_item {
	ZSIM_STAT_ZSWAP,	      /* bytes */
	ZSIM_STAT_ZSWAPPED,	      /* bytes of original pages */
	ZSIM_STAT_ZSWAP_INCOMP,	      /* bytes of incompressible pages */
	ZSIM_STAT_ZSWPWB_PROACTIVE_B, /* bytes */
	ZSIM_STAT_ZSWPIN,	      /* pages */
	ZSIM_STAT_ZSWPOUT,	      /* pages */
	ZSIM_STAT_ZSWPWB,	      /* pages */
	ZSIM_NR_STATS,
};

/** enum zsim_counter - global counters, as in debugfs/zswap */
enum zsim_counter {
	ZSIM_COUNTER_POOL_TOTAL_SIZE, /* bytes */
	ZSIM_COUNTER_STORED_PAGES,
	ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES,
	ZSIM_COUNTER_POOL_LIMIT_HIT,
	ZSIM_COUNTER_WRITTEN_BACK_PAGES,
	ZSIM_COUNTER_REJECT_RECLAIM_FAIL,
	ZSIM_COUNTER_REJECT_COMPRESS_FAIL,
	ZSIM_COUNTER_REJECT_COMPRESS_POOR,
	ZSIM_COUNTER_REJECT_ALLOC_FAIL,
	ZSIM_COUNTER_REJECT_KMEMCACHE_FAIL,
	ZSIM_COUNTER_DECOMPRESS_FAIL,
	ZSIM_NR_COUNTERS,
};

/**
 * Names of the values above as traces, kernels and reports spell them.
 * Each zsim_*_name() returns a static string, "?" out of range; each
 * zsim_*_parse() returns the value or -EINVAL.
 */
ZSIM_API const char *zsim_point_name(enum zsim_point point);
ZSIM_API int zsim_point_parse(const char *name);
ZSIM_API const char *zsim_cause_name(enum zsim_cause cause);
ZSIM_API const char *zsim_fail_name(enum zsim_fail kind);
ZSIM_API int zsim_fail_parse(const char *name);
ZSIM_API const char *zsim_param_name(enum zsim_param param);
ZSIM_API int zsim_param_parse(const char *name);
ZSIM_API const char *zsim_stat_name(enum zsim_stat_item item);
ZSIM_API int zsim_stat_parse(const char *name);
ZSIM_API const char *zsim_counter_name(enum zsim_counter counter);
ZSIM_API int zsim_counter_parse(const char *name);
/** zsim_errno_parse() - errno name such as "EAGAIN" to its number, or -EINVAL */
ZSIM_API int zsim_errno_parse(const char *name);

/**
 * struct zsim_allocator - where all memory comes from
 * @alloc: like malloc; may return NULL, which every caller survives
 * @realloc: like realloc
 * @free: like free; takes NULL
 * @ctx: handed to each
 *
 * One allocator may serve several simulators if its functions are thread-safe.
 */
struct zsim_allocator {
	void *(*alloc)(void *ctx, size_t size);
	void *(*realloc)(void *ctx, void *ptr, size_t size);
	void (*free)(void *ctx, void *ptr);
	void *ctx;
};

/** zsim_allocator_libc() - malloc, realloc and free of the program */
ZSIM_API const struct zsim_allocator *zsim_allocator_libc(void);

#ifdef __cplusplus
}
#endif
#endif
