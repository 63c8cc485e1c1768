/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whatif_record.c - see whatif_record.h.
 *
 * A thread's records are put together by its pid: `store`, `may`, `zs_malloc`
 * and `lru_ins` make one store event, which takes its place in the queue when
 * the entry went on the list (that is the order between CPUs) and gets its
 * fields when the store returned (only then is it known to have no more pages).
 *
 * Two things are approximate. A group whose path was used again before it was
 * offline is named by its parent (whatif_tree.h). A store that failed in
 * zs_malloc is given as any other: the failure itself belongs to the kernel's
 * memory at that moment and is not repeated.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trace/whatif_record.h"

#define LENGTHS_CAP_MIN 4

/* a record and the thread it is of */
struct seen {
	struct zsim_whatif *wi;
	struct zsim_whatif_thread *th;
	const struct zsim_event *ev;
	const struct zsim_record *rec;
};

static struct zsim_whatif_thread *thread_get(struct zsim_whatif *wi, uint32_t pid)
{
	const struct zsim_allocator *hash_alloc = wi->alloc;
	bool hash_oom = false;
	struct zsim_whatif_thread *th;

	HASH_FIND(hh, wi->threads, &pid, sizeof(pid), th);
	if (th)
		return th;
	th = zsim_zalloc(wi->alloc, sizeof(*th));
	if (!th)
		return NULL;
	th->pid = pid;
	HASH_ADD(hh, wi->threads, pid, sizeof(pid), th);
	if (hash_oom) {
		zsim_dealloc(wi->alloc, th);
		return NULL;
	}
	return th;
}

static struct zsim_whatif_slot *slot_find(const struct zsim_whatif *wi, uint64_t number)
{
	struct zsim_whatif_slot *s;

	HASH_FIND(hh, wi->slots, &number, sizeof(number), s);
	return s;
}

static struct zsim_whatif_slot *slot_get(struct zsim_whatif *wi, uint64_t number)
{
	const struct zsim_allocator *hash_alloc = wi->alloc;
	struct zsim_whatif_slot *s = slot_find(wi, number);
	bool hash_oom = false;

	if (s)
		return s;
	s = zsim_zalloc(wi->alloc, sizeof(*s));
	if (!s)
		return NULL;
	s->slot = number;
	HASH_ADD(hh, wi->slots, slot, sizeof(number), s);
	if (hash_oom) {
		zsim_dealloc(wi->alloc, s);
		return NULL;
	}
	return s;
}

static void slot_drop_unused(struct zsim_whatif *wi, struct zsim_whatif_slot *s)
{
	const struct zsim_allocator *hash_alloc = wi->alloc;

	if (s->stored || s->cached)
		return;
	HASH_DELETE(hh, wi->slots, s);
	zsim_dealloc(wi->alloc, s);
}

static int event_reserve(struct zsim_whatif *wi)
{
	return zsim_whatif_queue_reserve(&wi->queue, 1);
}

static struct zsim_whatif_item *event_push(struct zsim_whatif *wi, enum zsim_event_type type,
					   const struct zsim_event *from)
{
	return zsim_whatif_queue_push(&wi->queue, type, from->line);
}

static int slot_push(struct zsim_whatif *wi, enum zsim_event_type type,
		     const struct zsim_event *from)
{
	if (event_reserve(wi))
		return -ENOMEM;
	event_push(wi, type, from)->ev.slot = from->record.slot;
	return 0;
}

/* A write; the newlines that `echo` puts at the end of @text are not passed on. */
static int write_push(struct zsim_whatif *wi, const struct zsim_event *from,
		      const struct zsim_whatif_group *g, const char *file, const char *text)
{
	size_t length = strlen(text);
	struct zsim_whatif_item *item;
	char *copy;

	while (length && text[length - 1] == '\n')
		length--;
	if (event_reserve(wi))
		return -ENOMEM;
	copy = zsim_alloc(wi->alloc, length + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, length);
	copy[length] = '\0';
	item = event_push(wi, ZSIM_EV_WRITE, from);
	item->owned = copy;
	item->ev.path = zsim_whatif_group_name(g);
	item->ev.file = file;
	item->ev.text = copy;
	return 0;
}

static int saw_cgroup(const struct seen *in)
{
	struct zsim_whatif_group *g;
	char value[24];
	int ret;

	ret = zsim_whatif_group_make(&in->wi->tree, in->rec->cg, in->rec->path, in->ev->line, &g);
	if (!ret && in->rec->value != 1) {
		snprintf(value, sizeof(value), "%" PRId64, in->rec->value);
		ret = write_push(in->wi, in->ev, g, "memory.zswap.writeback", value);
	}
	if (!ret && in->rec->text[0] && strcmp(in->rec->text, "max") != 0)
		ret = write_push(in->wi, in->ev, g, "memory.zswap.max", in->rec->text);
	return ret;
}

static int saw_mkdir(const struct seen *in)
{
	struct zsim_whatif_group *g;

	return zsim_whatif_group_make(&in->wi->tree, in->rec->cg, in->rec->path, in->ev->line, &g);
}

static int saw_rmdir(const struct seen *in)
{
	struct zsim_whatif_group *g;
	int ret;

	ret = zsim_whatif_group_make(&in->wi->tree, in->rec->cg, in->rec->path, in->ev->line, &g);
	return ret ? ret : zsim_whatif_group_remove(&in->wi->tree, g, in->ev->line);
}

/* The thread went on after an offline hook: the group's lists are the parent's now. */
static int leaving_end(struct zsim_whatif *wi, struct zsim_whatif_thread *th, uint64_t line)
{
	if (zsim_whatif_group_leave(&wi->tree, th->leaving, line))
		return -ENOMEM;
	th->leaving = NULL;
	wi->nr_leaving--;
	return 0;
}

/* A group that was never introduced was gone before: nothing of it is known. */
static int saw_offline(const struct seen *in)
{
	struct zsim_whatif_group *g = zsim_whatif_group_find(&in->wi->tree, in->rec->cg);

	if (g) {
		in->th->leaving = g;
		in->wi->nr_leaving++;
	}
	return 0;
}

/* Its offline hook was given with it, unless the capture began between the two. */
static int saw_reparent(const struct seen *in)
{
	struct zsim_whatif_group *g = zsim_whatif_group_find(&in->wi->tree, in->rec->cg);

	return g ? zsim_whatif_group_leave(&in->wi->tree, g, in->ev->line) : 0;
}

static int group_write(const struct seen *in, const char *file)
{
	struct zsim_whatif_group *g;

	if (zsim_whatif_group_get(&in->wi->tree, in->rec->cg, in->ev->line, &g))
		return -ENOMEM;
	return write_push(in->wi, in->ev, g, file, in->rec->text);
}

static int saw_set_wb(const struct seen *in)
{
	return group_write(in, "memory.zswap.writeback");
}

static int saw_set_max(const struct seen *in)
{
	return group_write(in, "memory.zswap.max");
}

static int saw_reclaim(const struct seen *in)
{
	return group_write(in, "memory.reclaim");
}

/*
 * The slot that the walker itself takes into the swap cache is its decision; any
 * other that the thread adds meanwhile (its allocations may reclaim) is input.
 */
static int saw_sc_add(const struct seen *in)
{
	struct zsim_whatif_slot *s;

	if (in->th->walking && in->th->walk_slot == in->rec->slot)
		return 0;
	s = slot_get(in->wi, in->rec->slot);
	if (!s)
		return -ENOMEM;
	if (slot_push(in->wi, ZSIM_EV_CACHE, in->ev)) {
		slot_drop_unused(in->wi, s);
		return -ENOMEM;
	}
	s->cached = true;
	return 0;
}

/* One that did not enter by an event (the walker's, or before the capture) does not leave. */
static int saw_sc_del(const struct seen *in)
{
	struct zsim_whatif_slot *s = slot_find(in->wi, in->rec->slot);

	if (!s || !s->cached)
		return 0;
	if (slot_push(in->wi, ZSIM_EV_UNCACHE, in->ev))
		return -ENOMEM;
	s->cached = false;
	slot_drop_unused(in->wi, s);
	return 0;
}

/* Stock kernels show no `wb`: there the visit of an unreferenced entry is its frame. */
static int saw_scan(const struct seen *in)
{
	in->th->walking = !in->rec->referenced;
	in->th->walk_slot = in->rec->slot;
	return 0;
}

static int saw_wb(const struct seen *in)
{
	in->th->walking = true;
	in->th->walk_slot = in->rec->slot;
	return 0;
}

static int saw_wb_ret(const struct seen *in)
{
	in->th->walking = false;
	return 0;
}

/* The store's place in the queue, or a later one, is where the queue ends now. */
static int store_place(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	struct zsim_whatif_item *item;

	if (event_reserve(wi))
		return -ENOMEM;
	if (th->placed)
		zsim_whatif_queue_at(&wi->queue, th->number)->state = ZSIM_WHATIF_VOID;
	th->number = wi->queue.tail;
	th->placed = true;
	item = zsim_whatif_queue_push(&wi->queue, ZSIM_EV_STORE, th->line);
	item->state = ZSIM_WHATIF_OPEN;
	item->owner = th;
	return 0;
}

static int lengths_reserve(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	uint32_t cap = th->cap ? 2 * th->cap : LENGTHS_CAP_MIN;
	uint16_t *bigger;

	if (th->nr < th->cap)
		return 0;
	bigger = zsim_realloc(wi->alloc, th->length, cap * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	th->length = bigger;
	th->cap = cap;
	return 0;
}

/* A store that never reached zs_malloc is taken for one average page. */
static int store_assume(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	if (lengths_reserve(wi, th))
		return -ENOMEM;
	th->length[th->nr++] = zsim_whatif_group_mean(th->group);
	th->node = zsim_whatif_group_node(th->group);
	th->assumed = true;
	wi->assumed++;
	return 0;
}

static void store_count(struct zsim_whatif_thread *th)
{
	uint32_t i;

	for (i = 0; i < th->nr; i++)
		zsim_whatif_group_count(th->group, th->length[i], th->node);
}

static int store_slots(struct zsim_whatif *wi, const struct zsim_whatif_thread *th)
{
	struct zsim_whatif_slot *s;
	uint32_t i;

	for (i = 0; i < th->nr; i++) {
		s = slot_get(wi, th->slot + i);
		if (!s)
			return -ENOMEM;
		s->group = th->group;
		s->node = th->node;
		s->stored = true;
	}
	return 0;
}

static int store_fill(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	struct zsim_whatif_item *item;
	uint16_t *length;

	if (store_slots(wi, th))
		return -ENOMEM;
	length = zsim_alloc(wi->alloc, th->nr * sizeof(*length));
	if (!length)
		return -ENOMEM;
	memcpy(length, th->length, th->nr * sizeof(*length));
	item = zsim_whatif_queue_at(&wi->queue, th->number);
	item->state = ZSIM_WHATIF_READY;
	item->owned = length;
	item->ev.slot = th->slot;
	item->ev.path = zsim_whatif_group_name(th->group);
	item->ev.node = th->node;
	item->ev.length = length;
	item->ev.nr = th->nr;
	th->storing = false;
	th->placed = false;
	return 0;
}

int zsim_whatif_store_end(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	if (!th->group)
		th->group = wi->tree.root;
	if (!th->placed && store_place(wi, th))
		return -ENOMEM;
	if (!th->nr && store_assume(wi, th))
		return -ENOMEM;
	if (store_fill(wi, th))
		return -ENOMEM;
	if (!th->assumed)
		store_count(th);
	return 0;
}

/* A store without an end: one that got nowhere may not have been a store at all. */
static int store_break(struct zsim_whatif *wi, struct zsim_whatif_thread *th)
{
	if (th->placed || th->nr)
		return zsim_whatif_store_end(wi, th);
	th->storing = false;
	return 0;
}

static int saw_store(const struct seen *in)
{
	if (in->th->storing && store_break(in->wi, in->th))
		return -ENOMEM;
	in->th->storing = true;
	in->th->group = NULL;
	in->th->node = 0;
	in->th->nr = 0;
	in->th->assumed = false;
	in->th->slot = in->rec->slot;
	in->th->line = in->ev->line;
	return 0;
}

static int saw_store_ret(const struct seen *in)
{
	return in->th->storing ? zsim_whatif_store_end(in->wi, in->th) : 0;
}

static int saw_may(const struct seen *in)
{
	if (!in->th->storing)
		return 0;
	return zsim_whatif_group_get(&in->wi->tree, in->rec->cg, in->ev->line, &in->th->group);
}

static int saw_zs_malloc(const struct seen *in)
{
	if (!in->th->storing)
		return 0;
	if (in->rec->value < 1 || in->rec->value > ZSIM_PAGE_SIZE ||
	    in->rec->node >= ZSIM_MAX_NODES || in->th->nr == ZSIM_MAX_FOLIO_PAGES)
		return -EBADMSG;
	if (lengths_reserve(in->wi, in->th))
		return -ENOMEM;
	in->th->length[in->th->nr++] = (uint16_t)in->rec->value;
	in->th->node = in->rec->node;
	return 0;
}

/* The list's group may already be the parent of the one that was charged. */
static int saw_lru_add(const struct seen *in)
{
	if (!in->th->storing)
		return 0;
	if (!in->th->group &&
	    zsim_whatif_group_get(&in->wi->tree, in->rec->cg, in->ev->line, &in->th->group))
		return -ENOMEM;
	return store_place(in->wi, in->th);
}

static int saw_lru_ins(const struct seen *in)
{
	return in->th->storing ? store_place(in->wi, in->th) : 0;
}

static int saw_load(const struct seen *in)
{
	const struct zsim_whatif_slot *s = slot_find(in->wi, in->rec->slot);
	struct zsim_whatif_item *item;

	if (event_reserve(in->wi))
		return -ENOMEM;
	item = event_push(in->wi, ZSIM_EV_LOAD, in->ev);
	item->ev.slot = in->rec->slot;
	if (s && s->stored) {
		item->swapin_path = zsim_whatif_group_name(s->group);
		item->swapin_node = s->node;
	}
	return 0;
}

static int saw_inval(const struct seen *in)
{
	struct zsim_whatif_slot *s = slot_find(in->wi, in->rec->slot);

	if (slot_push(in->wi, ZSIM_EV_INVALIDATE, in->ev))
		return -ENOMEM;
	if (s) {
		s->stored = false;
		slot_drop_unused(in->wi, s);
	}
	return 0;
}

static int saw_slab(const struct seen *in)
{
	struct zsim_whatif_item *item;
	struct zsim_whatif_group *g;

	if (zsim_whatif_group_get(&in->wi->tree, in->rec->cg, in->ev->line, &g) ||
	    event_reserve(in->wi))
		return -ENOMEM;
	item = event_push(in->wi, ZSIM_EV_SLAB, in->ev);
	item->ev.path = zsim_whatif_group_name(g);
	item->ev.node = in->rec->node;
	item->ev.value = in->rec->priority;
	item->ev.noio = in->rec->noio;
	return 0;
}

int zsim_whatif_threads_end(struct zsim_whatif *wi)
{
	struct zsim_whatif_thread *th, *next;

	HASH_ITER(hh, wi->threads, th, next) {
		if (th->leaving && leaving_end(wi, th, wi->last_line))
			return -ENOMEM;
		if (th->storing && store_break(wi, th))
			return -ENOMEM;
	}
	return 0;
}

static int saw_facts_behind(const struct seen *in)
{
	return zsim_whatif_threads_end(in->wi);
}

/* What the kernel decided, and what only returned, has no function here. */
static int (*const saw_functions[ZSIM_NR_SAWS])(const struct seen *in) = {
	[ZSIM_SAW_CGROUP] = saw_cgroup,
	[ZSIM_SAW_STAT] = saw_facts_behind,
	[ZSIM_SAW_DEBUGFS] = saw_facts_behind,
	[ZSIM_SAW_CGROUP_MKDIR] = saw_mkdir,
	[ZSIM_SAW_CGROUP_RMDIR] = saw_rmdir,
	[ZSIM_SAW_OFFLINE] = saw_offline,
	[ZSIM_SAW_REPARENT] = saw_reparent,
	[ZSIM_SAW_SET_WB] = saw_set_wb,
	[ZSIM_SAW_SET_MAX] = saw_set_max,
	[ZSIM_SAW_SC_ADD] = saw_sc_add,
	[ZSIM_SAW_SC_DEL] = saw_sc_del,
	[ZSIM_SAW_STORE] = saw_store,
	[ZSIM_SAW_STORE_RET] = saw_store_ret,
	[ZSIM_SAW_MAY] = saw_may,
	[ZSIM_SAW_ZS_MALLOC] = saw_zs_malloc,
	[ZSIM_SAW_LRU_ADD] = saw_lru_add,
	[ZSIM_SAW_LRU_INS] = saw_lru_ins,
	[ZSIM_SAW_LOAD] = saw_load,
	[ZSIM_SAW_INVAL] = saw_inval,
	[ZSIM_SAW_RECLAIM] = saw_reclaim,
	[ZSIM_SAW_SCAN] = saw_scan,
	[ZSIM_SAW_SCAN_RET] = saw_wb_ret,
	[ZSIM_SAW_WB] = saw_wb,
	[ZSIM_SAW_WB_RET] = saw_wb_ret,
	[ZSIM_SAW_SLAB_START] = saw_slab,
};

/* An offline hook's thread goes on: with the reparenting, or on old kernels with anything. */
static int leaving_check(struct zsim_whatif *wi, const struct zsim_event *ev)
{
	struct zsim_whatif_thread *th = thread_get(wi, ev->record.pid);

	if (!th)
		return -ENOMEM;
	return th->leaving ? leaving_end(wi, th, ev->line) : 0;
}

int zsim_whatif_record(struct zsim_whatif *wi, const struct zsim_event *ev)
{
	struct seen in = { .wi = wi, .ev = ev, .rec = &ev->record };

	if (wi->nr_leaving && leaving_check(wi, ev))
		return -ENOMEM;
	if (in.rec->saw >= ZSIM_NR_SAWS || !saw_functions[in.rec->saw])
		return 0;
	in.th = thread_get(wi, in.rec->pid);
	return in.th ? saw_functions[in.rec->saw](&in) : -ENOMEM;
}

static void threads_free(struct zsim_whatif *wi)
{
	const struct zsim_allocator *hash_alloc = wi->alloc;
	struct zsim_whatif_thread *th, *next;

	HASH_ITER(hh, wi->threads, th, next) {
		HASH_DELETE(hh, wi->threads, th);
		zsim_dealloc(wi->alloc, th->length);
		zsim_dealloc(wi->alloc, th);
	}
}

static void slots_free(struct zsim_whatif *wi)
{
	const struct zsim_allocator *hash_alloc = wi->alloc;
	struct zsim_whatif_slot *s, *next;

	HASH_ITER(hh, wi->slots, s, next) {
		HASH_DELETE(hh, wi->slots, s);
		zsim_dealloc(wi->alloc, s);
	}
}

void zsim_whatif_records_free(struct zsim_whatif *wi)
{
	threads_free(wi);
	slots_free(wi);
}
