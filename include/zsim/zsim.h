/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zsim.h - a simulator's life, the events that it takes, and what can be read.
 *
 * One struct zsim models one machine: memcg tree, zswap's LRU lists, swap
 * slots, swap cache, zsmalloc pool and the reclaim procedures of one kernel
 * version. It has no global state, takes no time and knows no chance: the same
 * events give the same answers. One simulator belongs to one thread at a time.
 *
 * All functions return 0 or a payload >= 0, or a negative errno; what the
 * modelled kernel answered is in their result, not in an errno of their own,
 * where the comment says so. -ENOMEM leaves the simulator usable: the call in hand
 * is given up, as if a signal had ended it.
 */
#ifndef ZSIM_ZSIM_H
#define ZSIM_ZSIM_H

#include <zsim/types.h>
#include <zsim/config.h>
#include <zsim/observer.h>
#include <zsim/event.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZSIM_VERSION_MAJOR 0
#define ZSIM_VERSION_MINOR 1
#define ZSIM_VERSION_PATCH 0

/** zsim_version() - "0.1.0", of the library that runs */
ZSIM_API const char *zsim_version(void);

/**
 * zsim_create() - a machine with a root group and nothing in zswap
 * @config: copied; NULL = defaults
 * @err: where a negative errno goes on failure; may be NULL: -EINVAL, -ERANGE, -ENOMEM;
 *	-EOPNOTSUPP for a defect in a library that has none
 *
 * Return: a simulator to be freed with zsim_free(), or NULL.
 */
ZSIM_API struct zsim *zsim_create(const struct zsim_config *config, int *err);
/** zsim_free() - everything of a simulator; takes NULL */
ZSIM_API void zsim_free(struct zsim *zs);
/**
 * zsim_clone() - a second simulator in the same state, suspended actors included
 * @err: as for zsim_create(); -EBUSY while an oracle has a call under way in @zs
 *
 * Observers are not taken along. Return: to be freed with zsim_free(), or NULL.
 */
ZSIM_API struct zsim *zsim_clone(const struct zsim *zs, int *err);
/**
 * zsim_digest() - a hash of all that can be read of a simulator, and of where its
 * suspended actors stand
 *
 * Equal states have equal digests; it does not depend on handles or addresses.
 */
ZSIM_API uint64_t zsim_digest(const struct zsim *zs);
/** zsim_algo() - the algorithm that runs; lives as long as the simulator */
ZSIM_API const struct zsim_algo *zsim_algo(const struct zsim *zs);

/* ---- events ---------------------------------------------------------------- */

/**
 * zsim_apply() - one event of a trace
 * @ev: its strings are borrowed for the call
 * @res: what the modelled kernel answered; kind ZSIM_RESULT_NONE for a line
 *	without an answer
 *
 * Return: 0 with @res filled; or the input is wrong and nothing was done (of `step N` for a
 * call that ends earlier, the steps that there were), with @res->text saying why: -ENOENT
 * unknown group, file or actor, -EINVAL not in this state (a second call of a suspended
 * actor), -ERANGE number out of range, -EBUSY `machine` after the first event or call, -ENODEV
 * slot of a device that was swapped off, -ENOSPC beyond ZSIM_MAX_ENTRIES, ZSIM_MAX_MEMCGS or
 * 2^26 - 1 zspages; -ENOMEM.
 */
ZSIM_API int zsim_apply(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res);

/**
 * zsim_bind() - what ops mean by a group's number: the newest group at @path, as for an event
 * @group: numbers are bound in order, from 0 on
 *
 * Return: 0; -EEXIST the path has a number, -ERANGE the number is not the next one, -ENOMEM.
 */
ZSIM_API int zsim_bind(struct zsim *zs, uint32_t group, const char *path);
/**
 * zsim_apply_ops() - page events in which nothing but the page is at stake, quickly
 * @ops: @nr of them
 *
 * Stops before the first op that takes more than that: a store that meets a limit, one that is
 * wrong; and any op while somebody wants to hear of its decisions (struct zsim_observer), a call
 * is suspended, the worker is queued or a failure is pending (zsim_fail()), with zswap or
 * the memory controller off, and after a swapoff. That one is for zsim_apply(), which does
 * all the rest. Both ways lead to the same state.
 *
 * Return: how many were done.
 */
ZSIM_API uint32_t zsim_apply_ops(struct zsim *zs, const struct zsim_op *ops, uint32_t nr);
/**
 * zsim_each_op() - page events in batches as far as they go
 * @one: gets each op that zsim_apply_ops() leaves, and hands it to zsim_apply()
 *
 * Return: 0; or what @one returned, if it was not 0: the ops behind that one are not done.
 */
ZSIM_API int zsim_each_op(struct zsim *zs, const struct zsim_op *ops, uint32_t nr,
			  int (*one)(void *ctx, const struct zsim_op *op), void *ctx);

/**
 * zsim_finish() - the trace ends here
 *
 * Return: 0; -EINVAL with the name of an actor that is still suspended, -ENOENT with that of one
 * that got a signal and never made a call, in
 * @res->text.
 */
ZSIM_API int zsim_finish(struct zsim *zs, struct zsim_result *res);

/*
 * The same events as functions. They return the kernel's answer (0, 1 or a
 * negative errno), which the comments of event.h describe; -ENOENT is also
 * what an unknown group gives.
 */

/** zsim_mkdir() - the new group's handle in @memcg. -EEXIST, -ENOENT (no parent), -ENOSPC */
ZSIM_API int zsim_mkdir(struct zsim *zs, const char *path, zsim_memcg *memcg);
/** zsim_rmdir() - the group is dying. -EBUSY: has live children, or is the root */
ZSIM_API int zsim_rmdir(struct zsim *zs, zsim_memcg memcg);
/** zsim_offline() - the cursor leaves a dying group; its lists and charges move up. -EINVAL: not
 * dying, -EBUSY: a child is not offline yet */
ZSIM_API int zsim_offline(struct zsim *zs, zsim_memcg memcg);
/**
 * zsim_write() - TEXT written to a control file of a group; the file's answer. -ENOENT: no such
 * file
 */
ZSIM_API int zsim_write(struct zsim *zs, zsim_memcg memcg, const char *file, const char *text);
/** zsim_write_node() - TEXT written to the per-node reclaim file */
ZSIM_API int zsim_write_node(struct zsim *zs, uint32_t node, const char *text);
/**
 * zsim_store() - a folio of @nr pages on consecutive slots is swapped out
 * @length: compressed bytes of each page, 1..4096
 * Return: 1 accepted, 0 rejected, -EBUSY a page is locked by a writeback, -ERANGE.
 */
ZSIM_API int zsim_store(struct zsim *zs, uint64_t slot, zsim_memcg memcg, uint32_t node,
			const uint16_t *length, uint32_t nr);
/** zsim_load() - 0 from zswap, -ENOENT from the device, -EIO, -EBUSY. -ERANGE and -ENODEV are what
 * all functions give for a slot that cannot be */
ZSIM_API int zsim_load(struct zsim *zs, uint64_t slot);
/** zsim_invalidate() - the slot is freed. 0 or -EBUSY */
ZSIM_API int zsim_invalidate(struct zsim *zs, uint64_t slot);
/** zsim_cache() - the slot enters the swap cache. 0 or -EBUSY */
ZSIM_API int zsim_cache(struct zsim *zs, uint64_t slot);
/** zsim_uncache() - the slot leaves the swap cache. 0 or -EBUSY */
ZSIM_API int zsim_uncache(struct zsim *zs, uint64_t slot);
/**
 * zsim_cold() - the slot's entry has lost its reference bit, as to a walk that passed it
 *
 * For tests, that begin where a walk has been. 0, or -ENOENT: no entry.
 */
ZSIM_API int zsim_cold(struct zsim *zs, uint64_t slot);
/**
 * zsim_swapoff() - every slot of a swap device (0..31) is freed, and the device is gone
 *
 * The kernel waits for locked pages: -EBUSY while a writeback or a store has one there.
 * Return: 0, -EBUSY, -ERANGE; -ENODEV: gone already, as all of its slots answer from now on.
 */
ZSIM_API int zsim_swapoff(struct zsim *zs, uint32_t device);
/** zsim_swapin() - a page of the group was read from the swap device */
ZSIM_API int zsim_swapin(struct zsim *zs, zsim_memcg memcg, uint32_t node);
/** zsim_swapin_pages() - the same for the pages of a readahead, 1..UINT32_MAX */
ZSIM_API int zsim_swapin_pages(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t pages);
/** zsim_shrinker() - one scan call: pages written, or -1 for SHRINK_STOP */
ZSIM_API int64_t zsim_shrinker(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t nr);
/** zsim_slab() - one do_shrink_slab round at a priority (0..12): pages written */
ZSIM_API int64_t zsim_slab(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint32_t priority,
			   bool noio);
/** zsim_worker() - the pool worker runs now; 0 */
ZSIM_API int zsim_worker(struct zsim *zs);
/** zsim_fail() - the next @count operations of a kind fail, besides those pending */
ZSIM_API int zsim_fail(struct zsim *zs, enum zsim_fail kind, uint64_t count);
/** zsim_set_param() - a module parameter. -ERANGE; booleans take 0 and 1, percents 0..100 */
ZSIM_API int zsim_set_param(struct zsim *zs, enum zsim_param param, uint64_t value);
ZSIM_API uint64_t zsim_param(const struct zsim *zs, enum zsim_param param);

/* ---- reading --------------------------------------------------------------- */

/** zsim_lookup() - the newest group made at a path, ZSIM_MEMCG_NONE if there is none */
ZSIM_API zsim_memcg zsim_lookup(const struct zsim *zs, const char *path);
/**
 * zsim_next() - groups in the order of the tree, freed ones that still count included
 * @prev: ZSIM_MEMCG_NONE for the first
 * Return: the next group or ZSIM_MEMCG_NONE.
 */
ZSIM_API zsim_memcg zsim_next(const struct zsim *zs, zsim_memcg prev);
/** zsim_path() - borrowed until the group is freed; NULL for no such group */
ZSIM_API const char *zsim_path(const struct zsim *zs, zsim_memcg memcg);
ZSIM_API enum zsim_memcg_state zsim_state(const struct zsim *zs, zsim_memcg memcg);
ZSIM_API zsim_memcg zsim_parent(const struct zsim *zs, zsim_memcg memcg);
ZSIM_API bool zsim_writeback_enabled(const struct zsim *zs, zsim_memcg memcg);
/**
 * zsim_read() - the value of a control file: pages (UINT64_MAX = max) of memory.zswap.max,
 * memory.max and its kin, 0 or 1 of memory.zswap.writeback
 *
 * Return: 0, or -ENOENT for a group or file that does not exist.
 */
ZSIM_API int zsim_read(const struct zsim *zs, zsim_memcg memcg, const char *file, uint64_t *value);
/** zsim_stat() - one line of the group's memory.stat */
ZSIM_API uint64_t zsim_stat(const struct zsim *zs, zsim_memcg memcg, enum zsim_stat_item item);
/** zsim_counter() - one file of debugfs/zswap */
ZSIM_API uint64_t zsim_counter(const struct zsim *zs, enum zsim_counter counter);
/** zsim_written_by() - pages written back on behalf of a cause */
ZSIM_API uint64_t zsim_written_by(const struct zsim *zs, enum zsim_cause cause);
/** zsim_list_length() - entries on the list of (group, node) */
ZSIM_API uint32_t zsim_list_length(const struct zsim *zs, zsim_memcg memcg, uint32_t node);
/**
 * zsim_list() - the entries of a list from head to tail
 * @slots, @referenced: room for @max; either may be NULL
 * Return: how many were written.
 */
ZSIM_API uint32_t zsim_list(const struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t *slots,
			    bool *referenced, uint32_t max);
/**
 * zsim_node_items() - the node's count as the kernel keeps it (model.md 3.2); zsim_node_true() - as
 * it should be
 */
ZSIM_API int64_t zsim_node_items(const struct zsim *zs, uint32_t node);
ZSIM_API int64_t zsim_node_true(const struct zsim *zs, uint32_t node);
ZSIM_API uint32_t zsim_nodes(const struct zsim *zs);
/** zsim_pool_pages() - pages of the zsmalloc pool */
ZSIM_API uint64_t zsim_pool_pages(const struct zsim *zs);
/** zsim_entries_peak() - most entries that were live at once */
ZSIM_API uint64_t zsim_entries_peak(const struct zsim *zs);
/** zsim_memory() - bytes of the modelled state; names of groups and suspended calls come on top */
ZSIM_API uint64_t zsim_memory(const struct zsim *zs);

/**
 * zsim_verify() - check the whole state: lists, counts, charges up the tree,
 * pool, references, cursor, slots
 *
 * Each violation goes to the observers. Takes time in proportion to the state.
 * Return: the number of violations, or -ENOMEM.
 */
ZSIM_API int zsim_verify(struct zsim *zs);

#ifdef __cplusplus
}
#endif
#endif
