/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_queue.c - see whatif_queue.h.
 */
#include <errno.h>
#include <string.h>

#include "trace/whatif_queue.h"

#define QUEUE_CAP_MIN 16

void zsim_whatif_queue_destroy(struct zsim_whatif_queue *q)
{
	for (; q->head != q->tail; q->head++)
		zsim_dealloc(q->alloc, zsim_whatif_queue_at(q, q->head)->owned);
	zsim_dealloc(q->alloc, q->items);
}

int zsim_whatif_queue_reserve(struct zsim_whatif_queue *q, unsigned int nr)
{
	struct zsim_whatif_queue bigger = *q;
	uint64_t i;

	if (q->tail - q->head + nr <= q->cap)
		return 0;
	if (!bigger.cap)
		bigger.cap = QUEUE_CAP_MIN;
	while (q->tail - q->head + nr > bigger.cap)
		bigger.cap *= 2;
	bigger.items = zsim_alloc(q->alloc, bigger.cap * sizeof(*bigger.items));
	if (!bigger.items)
		return -ENOMEM;
	for (i = q->head; i != q->tail; i++)
		*zsim_whatif_queue_at(&bigger, i) = *zsim_whatif_queue_at(q, i);
	zsim_dealloc(q->alloc, q->items);
	*q = bigger;
	return 0;
}

struct zsim_whatif_item *zsim_whatif_queue_push(struct zsim_whatif_queue *q,
						enum zsim_event_type type, uint64_t line)
{
	struct zsim_whatif_item *item = zsim_whatif_queue_at(q, q->tail++);

	memset(item, 0, sizeof(*item));
	item->ev.type = type;
	item->ev.line = line;
	return item;
}

struct zsim_whatif_item *zsim_whatif_queue_front(struct zsim_whatif_queue *q)
{
	struct zsim_whatif_item *item;

	for (; q->head != q->tail; q->head++) {
		item = zsim_whatif_queue_at(q, q->head);
		if (item->state != ZSIM_WHATIF_VOID)
			return item;
	}
	return NULL;
}

void zsim_whatif_queue_pop(struct zsim_whatif_queue *q)
{
	q->head++;
}
