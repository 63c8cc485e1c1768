/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - the state of one modelled machine, as plain data.
 *
 * Everything that the modelled kernel would keep, and nothing of what the
 * engine adds (calls, names, observers) but a hint, @marked of an entry. Records
 * are linked by index, so a state is copied, compared and hashed by its arrays.
 * The modules beside this file each own a part and its rules; the procedures in
 * reclaim/ move them.
 */
#ifndef ZSIM_MODEL_STATE_H
#define ZSIM_MODEL_STATE_H

#include "base/alloc.h"
#include "base/array.h"
#include "base/slot_set.h"
#include "model/defect.h"
#include "model/slot_map.h"
#include "model/zsmalloc.h"
#include <zsim/config.h>

/**
 * struct zsim_lru - list_lru's part for one group and node
 * @head, @tail: entries, ZSIM_NIL when empty
 * @dead: the group's list was moved to its parent: nothing is added or walked here
 * @shrinker_bit: reclaim asks the shrinker for this (group, node)
 * @deferred: nr_deferred of the zswap shrinker
 * @swapins: nr_disk_swapins since count() consumed them
 */
struct zsim_lru {
	uint32_t head, tail, length;
	bool dead;
	bool shrinker_bit;
	uint64_t deferred;
	uint64_t swapins;
};

/**
 * struct zsim_memcg_rec - one group (memcg.h)
 * @parent, @first_child, @last_child, @next, @prev: the tree; children in
 *	creation order; a freed group is in no list of children
 * @refs: one while not offline, one a child in the tree, one for each iterator,
 *	cursor or walker that holds the group; 0 = freed
 * @keeps: entries charged to it under its own name, and records whose parent it
 *	is: the record may be used again only without them
 * @limited: @zswap_max is not max
 * @zswap ... @zswpwb: values of memory.stat, descendants included: zsim_memcg_stat(). Those of
 *	pages that are stored now are numbers of pages here; below 0 only if they are wrong
 * @zswap_max: pages, UINT64_MAX = max; zsim_memcg_limit() sets it
 * @lru: its list of the first node
 *
 * What each page of the group looks at is in the first 64 bytes, also of its list.
 */
struct zsim_memcg_rec {
	zsim_memcg parent;
	uint32_t keeps;
	uint8_t state;
	bool writeback;
	bool limited;
	uint32_t refs;
	int32_t zswapped;     /* pages */
	int32_t zswap_incomp; /* pages */
	uint64_t zswap;	      /* bytes */
	uint64_t zswpin;
	uint64_t zswpout;
	struct zsim_lru lru;
	uint64_t zswpwb_proactive_b; /* bytes */
	uint64_t zswpwb;
	uint64_t zswap_max;
	zsim_memcg first_child, last_child, next, prev;
	uint64_t unused; /* up to a power of two; named, so that it is 0 */
};
_Static_assert(sizeof(struct zsim_memcg_rec) == 128 &&
		       offsetof(struct zsim_memcg_rec, lru.deferred) == 64,
	       "a page that comes or goes looks at one cache line of its group");

/**
 * struct zsim_entry - one compressed page (entry.h), in 20 bytes
 * @prev, @next: neighbours in its list; of a free record, @next is the next free one
 * @offset: of its slot on the swap device
 * @zspage: zsmalloc's handle
 * @memcg: the group charged; it may be offline, then its list is an ancestor's
 * @length_less_1: zsim_entry_length() gives the length
 */
struct zsim_entry {
	uint32_t prev : 27; /* ZSIM_NIL and below */
	uint32_t device : 5;
	uint32_t next : 27;
	uint32_t live : 1;
	uint32_t referenced : 1;
	uint32_t marked : 3;  /* 0, or the kind of its last mark (engine/trail.h), a hint */
	uint32_t zspage : 26; /* ZSIM_ZSPAGE_NONE and below */
	uint32_t node : 6;
	uint32_t memcg : 20; /* ZSIM_MAX_MEMCGS and below */
	uint32_t length_less_1 : 12;
	uint32_t offset;
};

_Static_assert(sizeof(struct zsim_entry) == 20, "an entry grew");
_Static_assert(ZSIM_MAX_ENTRIES < ZSIM_NIL, "an entry's links hold every number, and none");
_Static_assert(ZSIM_ZSPAGE_NONE < 1u << 26 && ZSIM_MAX_MEMCGS < 1u << 20 &&
		       ZSIM_MAX_NODES <= 1u << 6 && ZSIM_MAX_SWAP_DEVICES <= 1u << 5,
	       "an entry's fields hold what they are for");

/**
 * struct zsim_visit - a writeback that dropped the list's lock
 * @entry, @slot, @length: noted before the lock was dropped
 * @gone: the entry left the tree since: loaded, freed, replaced or written back
 * @freed: the slot was freed, and neither stored nor cached since
 * @cached: the walker's own page is in the swap cache, locked
 */
struct zsim_visit {
	uint64_t slot;
	uint32_t entry;
	uint16_t length;
	bool in_use;
	bool gone;
	bool freed;
	bool cached;
};

struct zsim_state {
	/* what the machine is: does not change after zsim_state_init() */
	const struct zsim_allocator *alloc;
	struct zsim_algo algo;
	uint32_t nodes;
	uint64_t ram_pages;
	uint64_t swap_pages;
	bool memcg_disabled;
	bool zswap_absent;
	bool node_count_fixed;
	uint8_t defect; /* enum zsim_defect; 0 is the right model */

	/* containers */
	struct zsim_array memcgs;
	struct zsim_array lists; /* of the nodes behind the first: memcg * (nodes - 1) + node - 1 */
	struct zsim_array entries;
	struct zsim_slot_map map;   /* slot to entry */
	struct zsim_slot_set cache; /* slots in the swap cache */
	struct zsim_array visits;
	struct zsim_zsmalloc pool;

	/* numbers: from @faults to the end they are copied as one block (check/freeze.c) */
	uint16_t faults;	 /* bits of enum zsim_fault, noted by a model with defects */
	zsim_memcg free_memcg;	 /* records to use again, linked by next */
	zsim_memcg reaped_memcg; /* freed ones that the engine has not let go yet */
	zsim_memcg cursor;	 /* the worker's global cursor; holds a reference */
	uint32_t free_entry;
	uint32_t nr_entries;
	uint32_t peak_entries;
	uint32_t nr_visits;    /* in use */
	uint32_t devices_gone; /* bit i: swap device i was swapped off */
	uint32_t pool_refs;    /* on the zswap pool: its user's, and those of the worker */
	uint32_t pool_runs;    /* runs of the worker that hold one */
	uint32_t wb_locked;    /* swap cache pages of writebacks: still locked */
	uint32_t wb_unlisted;  /* and on no reclaim list yet */
	zsim_memcg offlining;  /* the group whose offline is under way; one at a time */
	bool reached_full;
	bool worker_queued;
	bool worker_running;
	bool worker_again; /* asked for by name while one ran */
	uint64_t params[ZSIM_NR_PARAMS];
	uint64_t fail[ZSIM_NR_FAILS];
	uint64_t counters[ZSIM_NR_COUNTERS];
	uint64_t written_by[ZSIM_NR_CAUSES];
	int64_t node_true[ZSIM_MAX_NODES];  /* entries; it stays behind the others */
	int64_t node_twice[ZSIM_MAX_NODES]; /* those that the kernel took off twice */
};

/**
 * zsim_state_init() - as a machine after boot: the root group, no entry. -ENOMEM; destroy it either
 * way
 */
int zsim_state_init(struct zsim_state *st, const struct zsim_config *config);
void zsim_state_destroy(struct zsim_state *st);
/** zsim_state_copy() - the same state in memory of its own. -ENOMEM; destroy @copy either way */
int zsim_state_copy(struct zsim_state *copy, const struct zsim_state *st);
/** zsim_state_fails() - does this operation fail? Uses up one pending failure */
bool zsim_state_fails(struct zsim_state *st, enum zsim_fail kind);
/** zsim_state_fails_soon() - is a failure of any kind pending? */
bool zsim_state_fails_soon(const struct zsim_state *st);
/** zsim_state_bytes() - memory held */
uint64_t zsim_state_bytes(const struct zsim_state *st);

static inline struct zsim_memcg_rec *zsim_memcg_at(const struct zsim_state *st, zsim_memcg m)
{
	return ZSIM_ARRAY_AT(&st->memcgs, struct zsim_memcg_rec, m);
}

/** zsim_memcg_events() - one of the values of memory.stat that only grow */
static inline uint64_t *zsim_memcg_events(struct zsim_memcg_rec *m, enum zsim_stat_item item)
{
	switch (item) {
	case ZSIM_STAT_ZSWPIN:
		return &m->zswpin;
	case ZSIM_STAT_ZSWPOUT:
		return &m->zswpout;
	case ZSIM_STAT_ZSWPWB_PROACTIVE_B:
		return &m->zswpwb_proactive_b;
	default:
		return &m->zswpwb;
	}
}

/** zsim_memcg_stat() - a group's value of memory.stat: bytes or pages */
static inline uint64_t zsim_memcg_stat(const struct zsim_state *st, zsim_memcg memcg,
				       enum zsim_stat_item item)
{
	struct zsim_memcg_rec *m = zsim_memcg_at(st, memcg);

	switch (item) {
	case ZSIM_STAT_ZSWAP:
		return m->zswap;
	case ZSIM_STAT_ZSWAPPED:
		return (uint64_t)((int64_t)m->zswapped * ZSIM_PAGE_SIZE);
	case ZSIM_STAT_ZSWAP_INCOMP:
		return (uint64_t)((int64_t)m->zswap_incomp * ZSIM_PAGE_SIZE);
	default:
		return *zsim_memcg_events(m, item);
	}
}

static inline struct zsim_entry *zsim_entry_at(const struct zsim_state *st, uint32_t i)
{
	return ZSIM_ARRAY_AT(&st->entries, struct zsim_entry, i);
}

static inline struct zsim_visit *zsim_visit_at(const struct zsim_state *st, uint32_t i)
{
	return ZSIM_ARRAY_AT(&st->visits, struct zsim_visit, i);
}

/* of a group whose record is at hand */
static inline struct zsim_lru *zsim_lru_of_rec(const struct zsim_state *st,
					       struct zsim_memcg_rec *m, zsim_memcg memcg,
					       uint32_t node)
{
	if (__builtin_expect(!node, 1)) /* most machines have no other */
		return &m->lru;
	return ZSIM_ARRAY_AT(&st->lists, struct zsim_lru, memcg * (st->nodes - 1) + node - 1);
}

static inline struct zsim_lru *zsim_lru_at(const struct zsim_state *st, zsim_memcg m, uint32_t node)
{
	return zsim_lru_of_rec(st, zsim_memcg_at(st, m), m, node);
}

#endif
