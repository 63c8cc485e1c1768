/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif.c - see whatif.h.
 */
#include <errno.h>
#include <string.h>

#include "trace/whatif_record.h"
#include <zsim/whatif.h>

/*
 * A store whose return was lost must not keep all others waiting: when this many
 * events have gathered behind it, it is given as far as it is known.
 */
#define HOLD_MAX 65536

static const size_t event_strings[] = {
	offsetof(struct zsim_event, actor),  offsetof(struct zsim_event, path),
	offsetof(struct zsim_event, file),   offsetof(struct zsim_event, text),
	offsetof(struct zsim_event, target), offsetof(struct zsim_event, expect.text),
};

#define NR_EVENT_STRINGS (sizeof(event_strings) / sizeof(event_strings[0]))

static const char **event_string(struct zsim_event *ev, size_t i)
{
	return (const char **)((char *)ev + event_strings[i]);
}

static size_t event_owned_size(struct zsim_event *ev)
{
	size_t i, size = ev->length ? ev->nr * sizeof(*ev->length) : 0;

	for (i = 0; i < NR_EVENT_STRINGS; i++)
		size += *event_string(ev, i) ? strlen(*event_string(ev, i)) + 1 : 0;
	return size;
}

/* Moves all that @ev points to into @block. */
static void event_own(struct zsim_event *ev, char *block)
{
	const char **string;
	size_t i, size;

	if (ev->length) {
		ev->length = memcpy(block, ev->length, ev->nr * sizeof(*ev->length));
		block += ev->nr * sizeof(*ev->length);
	}
	for (i = 0; i < NR_EVENT_STRINGS; i++) {
		string = event_string(ev, i);
		if (!*string)
			continue;
		size = strlen(*string) + 1;
		*string = memcpy(block, *string, size);
		block += size;
	}
}

/* An event that is no record: unchanged, but it must outlive its reader's line. */
static int event_pass(struct zsim_whatif *wi, const struct zsim_event *ev)
{
	struct zsim_event copy = *ev;
	size_t size = event_owned_size(&copy);
	struct zsim_whatif_item *item;
	void *block = NULL;

	if (zsim_whatif_queue_reserve(&wi->queue, 1))
		return -ENOMEM;
	if (size) {
		block = zsim_alloc(wi->alloc, size);
		if (!block)
			return -ENOMEM;
		event_own(&copy, block);
	}
	item = zsim_whatif_queue_push(&wi->queue, ev->type, ev->line);
	item->ev = copy;
	item->owned = block;
	return 0;
}

static int hold_check(struct zsim_whatif *wi)
{
	const struct zsim_whatif_item *item;

	if (wi->queue.tail - wi->queue.head <= HOLD_MAX)
		return 0;
	item = zsim_whatif_queue_front(&wi->queue);
	if (!item || item->state != ZSIM_WHATIF_OPEN)
		return 0;
	return zsim_whatif_store_end(wi, item->owner);
}

/*
 * Beyond what whatif.h says: NULL for @ev tells that the capture ended, after
 * which what was still waiting is due. (Facts that stand behind the events, and
 * so any capture that has them, tell it too.)
 */
int zsim_whatif_feed(struct zsim_whatif *wi, const struct zsim_event *ev)
{
	if (!ev)
		return zsim_whatif_threads_end(wi);
	if (hold_check(wi))
		return -ENOMEM;
	wi->last_line = ev->line;
	return ev->type == ZSIM_EV_SAW ? zsim_whatif_record(wi, ev) : event_pass(wi, ev);
}

static void swapin_give(struct zsim_whatif *wi, struct zsim_event *ev)
{
	memset(ev, 0, sizeof(*ev));
	ev->type = ZSIM_EV_SWAPIN;
	ev->line = wi->swapin_line;
	ev->path = wi->swapin_path;
	ev->node = wi->swapin_node;
	wi->swapin_path = NULL;
	wi->swapin_due = false;
}

int zsim_whatif_next(struct zsim_whatif *wi, struct zsim_event *ev)
{
	struct zsim_whatif_item *item;

	if (wi->swapin_due) {
		swapin_give(wi, ev);
		return 1;
	}
	item = zsim_whatif_queue_front(&wi->queue);
	if (!item || item->state == ZSIM_WHATIF_OPEN)
		return 0;
	zsim_dealloc(wi->alloc, wi->owned);
	wi->owned = item->owned;
	wi->swapin_path = item->swapin_path;
	wi->swapin_node = item->swapin_node;
	wi->swapin_line = item->ev.line;
	*ev = item->ev;
	zsim_whatif_queue_pop(&wi->queue);
	return 1;
}

void zsim_whatif_result(struct zsim_whatif *wi, const struct zsim_result *res)
{
	wi->swapin_due = wi->swapin_path && res->kind == ZSIM_RESULT_RC && res->value == -ENOENT;
}

uint64_t zsim_whatif_assumed(const struct zsim_whatif *wi)
{
	return wi->assumed;
}

struct zsim_whatif *zsim_whatif_create(const struct zsim_allocator *allocator)
{
	const struct zsim_allocator *a = allocator ? allocator : zsim_allocator_libc();
	struct zsim_whatif *wi = zsim_zalloc(a, sizeof(*wi));

	if (!wi)
		return NULL;
	wi->alloc = a;
	wi->queue.alloc = a;
	if (zsim_whatif_tree_init(&wi->tree, a, &wi->queue)) {
		zsim_dealloc(a, wi);
		return NULL;
	}
	return wi;
}

void zsim_whatif_free(struct zsim_whatif *wi)
{
	if (!wi)
		return;
	zsim_whatif_records_free(wi);
	zsim_whatif_tree_destroy(&wi->tree);
	zsim_whatif_queue_destroy(&wi->queue);
	zsim_dealloc(wi->alloc, wi->owned);
	zsim_dealloc(wi->alloc, wi);
}
