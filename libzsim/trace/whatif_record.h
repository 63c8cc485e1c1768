/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_record.h - what a what-if remembers between the records of a capture.
 *
 * whatif.c hands events in and out; whatif_record.c understands the records.
 */
#ifndef ZSIM_TRACE_WHATIF_RECORD_H
#define ZSIM_TRACE_WHATIF_RECORD_H

#include "base/hash.h"
#include "trace/whatif_queue.h"
#include "trace/whatif_tree.h"

/**
 * struct zsim_whatif_thread - what a thread is in the middle of
 * @walking: the walker writes @walk_slot back, which enters the swap cache for it
 * @leaving: a group whose offline hook was seen, but not yet what follows it
 * @storing: a store of @slot, which the fields down to @number describe
 * @assumed: its length is an assumption
 * @group: NULL until something tells it
 * @placed: the store has its place in the queue, item @number
 */
struct zsim_whatif_thread {
	uint32_t pid;
	bool walking;
	uint64_t walk_slot;
	struct zsim_whatif_group *leaving;
	bool storing;
	bool assumed;
	bool placed;
	uint32_t node;
	uint32_t nr;
	uint32_t cap;
	uint16_t *length;
	uint64_t slot;
	uint64_t line;
	struct zsim_whatif_group *group;
	uint64_t number;
	UT_hash_handle hh;
};

/**
 * struct zsim_whatif_slot - a swap slot in use
 * @stored: a store of it was seen, by @group from @node
 * @cached: in the swap cache, as far as events told
 */
struct zsim_whatif_slot {
	uint64_t slot;
	struct zsim_whatif_group *group;
	uint32_t node;
	bool stored;
	bool cached;
	UT_hash_handle hh;
};

/**
 * struct zsim_whatif - the what-if
 * @owned: strings and lengths of the event given last
 * @swapin_path: whose page is read if that event was a load that misses, or NULL
 * @swapin_due: it missed
 * @nr_leaving: threads with @leaving
 */
struct zsim_whatif {
	const struct zsim_allocator *alloc;
	struct zsim_whatif_queue queue;
	struct zsim_whatif_tree tree;
	struct zsim_whatif_thread *threads;
	struct zsim_whatif_slot *slots;
	void *owned;
	const char *swapin_path;
	uint32_t swapin_node;
	uint64_t swapin_line;
	bool swapin_due;
	unsigned int nr_leaving;
	uint64_t last_line;
	uint64_t assumed;
};

/** zsim_whatif_record() - queue what a record means; 0, -ENOMEM, -EBADMSG */
int zsim_whatif_record(struct zsim_whatif *wi, const struct zsim_event *ev);
/** zsim_whatif_store_end() - all is known of a thread's store that can be: it gets
 * its fields; 0 or -ENOMEM */
int zsim_whatif_store_end(struct zsim_whatif *wi, struct zsim_whatif_thread *th);
/** zsim_whatif_threads_end() - the capture is over: what any thread is in the middle
 * of gets no further; 0 or -ENOMEM */
int zsim_whatif_threads_end(struct zsim_whatif *wi);
/** zsim_whatif_records_free() - forget threads and slots */
void zsim_whatif_records_free(struct zsim_whatif *wi);

#endif
