/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_queue.h - the events that a what-if has made and not yet handed out.
 *
 * A ring in which an event can take its place before it is complete: a store
 * belongs where its page went on the list, and that it has no more pages shows
 * only later. What stands behind an open event waits for it.
 */
#ifndef ZSIM_TRACE_WHATIF_QUEUE_H
#define ZSIM_TRACE_WHATIF_QUEUE_H

#include "base/alloc.h"
#include <zsim/event.h>

enum zsim_whatif_state {
	ZSIM_WHATIF_READY,
	ZSIM_WHATIF_OPEN, /* its place is known, its fields are not */
	ZSIM_WHATIF_VOID, /* to be passed over */
};

/**
 * struct zsim_whatif_item - an event in the queue
 * @owner: of an open one, who completes it
 * @owned: block that holds @ev's strings and lengths, or NULL
 * @swapin_path: of a load whose slot was stored: whose page a miss reads; or NULL
 * @swapin_node: and its node
 */
struct zsim_whatif_item {
	enum zsim_whatif_state state;
	struct zsim_event ev;
	void *owner;
	void *owned;
	const char *swapin_path;
	uint32_t swapin_node;
};

/**
 * struct zsim_whatif_queue - the ring; zeroed but for @alloc is empty
 * @cap: 0 or a power of two
 * @head: number of the first item; numbers go up and never come back
 * @tail: number that the next item gets
 */
struct zsim_whatif_queue {
	const struct zsim_allocator *alloc;
	struct zsim_whatif_item *items;
	uint64_t cap;
	uint64_t head;
	uint64_t tail;
};

void zsim_whatif_queue_destroy(struct zsim_whatif_queue *q);
/** zsim_whatif_queue_reserve() - room for @nr more items; 0 or -ENOMEM */
int zsim_whatif_queue_reserve(struct zsim_whatif_queue *q, unsigned int nr);
/** zsim_whatif_queue_push() - a new item, ready and else zeroed; room must be reserved.
 * Its address is good until the next reservation, its number until it is popped. */
struct zsim_whatif_item *zsim_whatif_queue_push(struct zsim_whatif_queue *q,
						enum zsim_event_type type, uint64_t line);
/** zsim_whatif_queue_front() - the first item that is not void, ready or open; or NULL */
struct zsim_whatif_item *zsim_whatif_queue_front(struct zsim_whatif_queue *q);
/** zsim_whatif_queue_pop() - drop the front item; what it owned is the caller's now */
void zsim_whatif_queue_pop(struct zsim_whatif_queue *q);

static inline struct zsim_whatif_item *zsim_whatif_queue_at(const struct zsim_whatif_queue *q,
							    uint64_t number)
{
	return &q->items[number & (q->cap - 1)];
}

#endif
