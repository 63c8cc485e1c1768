/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <zsim/workload.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "workload/forest.h"
#include "workload/pages.h"
#include "workload/workload_take.h"

#define DEFAULT_POOL_PERCENT 20 /* of a machine's memory, zswap.max_pool_percent */
#define NEVER UINT64_MAX

/** enum phase - what a generator is at */
enum phase {
	PHASE_MACHINE,
	PHASE_GROUPS,
	PHASE_FILL,
	PHASE_EVENTS,
	PHASE_MKDIR, /* a group that was just removed is made again */
	PHASE_END,
};

/**
 * struct zsim_generator - a workload under way
 * @position: groups made, pages filled, or page events given, by @phase
 * @cursor: the page from which on the fill goes on
 * @is_store, @is_load: of 32 random bits, those below the first are a store, below the second a
 *	load
 * @reclaim_at, @churn_at: the position before which the next one comes
 * @churned: the group that PHASE_MKDIR makes again
 * @op, @length: the page event that zsim_generator_next() gave
 * @path, @text: of the event given last; @path also of zsim_generator_group()
 */
struct zsim_generator {
	struct zsim_workload w;
	const struct zsim_allocator *alloc;
	struct zsim_rng rng;
	struct zsim_forest forest;
	struct zsim_pages pages;
	enum phase phase;
	uint64_t position;
	uint32_t cursor;
	uint64_t is_store;
	uint64_t is_load;
	uint64_t reclaim_at;
	uint64_t churn_at;
	uint32_t churned;
	uint16_t length;
	char path[ZSIM_FOREST_PATH];
	char text[48];
};

/* ---- compressed lengths ------------------------------------------------------------ */

/* sixteen ranges, each as likely: what compresses well, most around 1100, a tail */
static const uint16_t mix_from[17] = { 96,   350,  560,	 680,  780,  870,  960,	 1050, 1140,
				       1240, 1350, 1480, 1640, 1850, 2150, 2600, 3400 };

static uint32_t mix_length(uint32_t bits, uint32_t incompressible)
{
	uint32_t from, width;

	if (zsim_rng_scale(bits, 1000) < incompressible)
		return ZSIM_PAGE_SIZE;
	bits *= 0x9e3779b1u; /* the high bits decided already */
	from = mix_from[bits >> 28];
	width = mix_from[(bits >> 28) + 1] - from;
	return from + zsim_rng_scale(bits << 4, width);
}

static uint16_t length_of(const struct zsim_workload *w, uint32_t bits)
{
	if (!w->length_min)
		return (uint16_t)mix_length(bits, w->incompressible);
	return (uint16_t)(w->length_min + zsim_rng_scale(bits, w->length_max - w->length_min + 1));
}

static uint64_t mean_length(const struct zsim_workload *w)
{
	uint64_t mix = 0;

	if (w->length_min)
		return (w->length_min + w->length_max + 1) / 2;
	for (int i = 0; i < 16; i++)
		mix += mix_from[i] + mix_from[i + 1];
	return (mix / 32 * (1000 - w->incompressible) +
		(uint64_t)ZSIM_PAGE_SIZE * w->incompressible) /
	       1000;
}

/* ---- page events -------------------------------------------------------------------- */

static void make_store(struct zsim_generator *g, uint32_t page, uint32_t bits, struct zsim_op *op)
{
	uint64_t hash = zsim_rng_mix(page + 1);

	*op = (struct zsim_op){
		.slot = zsim_pages_slot(&g->pages, page),
		.group = zsim_rng_scale((uint32_t)(hash >> 32), g->w.groups),
		.length = length_of(&g->w, bits),
		.node = (uint8_t)zsim_rng_scale((uint32_t)hash, g->w.nodes),
		.type = ZSIM_EV_STORE,
	};
}

/* with nothing in memory that could go out, an entry is replaced */
static void op_store(struct zsim_generator *g, uint32_t bits, struct zsim_op *op)
{
	struct zsim_pages *p = &g->pages;

	make_store(g, p->used ? zsim_pages_out(p) : zsim_pages_draw(p, &g->rng), bits, op);
}

/* with no room in memory the page is one that is there already: a load that finds nothing */
static void op_leave(struct zsim_generator *g, enum zsim_event_type type, struct zsim_op *op)
{
	struct zsim_pages *p = &g->pages;
	uint32_t page;

	if (p->used == p->room) {
		page = zsim_pages_absent(p, &g->rng);
	} else {
		page = type == ZSIM_EV_LOAD ? zsim_pages_draw(p, &g->rng) :
					      zsim_pages_any(p, &g->rng);
		zsim_pages_in(p, page);
	}
	*op = (struct zsim_op){ .slot = zsim_pages_slot(p, page), .type = (uint8_t)type };
}

static void op_next(struct zsim_generator *g, struct zsim_op *op)
{
	uint64_t bits = zsim_rng_next(&g->rng);
	uint64_t type = bits >> 32;

	if (type < g->is_store)
		op_store(g, (uint32_t)bits, op);
	else
		op_leave(g, type < g->is_load ? ZSIM_EV_LOAD : ZSIM_EV_INVALIDATE, op);
}

static uint32_t fill_ops(struct zsim_generator *g, struct zsim_op *ops, uint32_t max)
{
	uint64_t left = g->w.entries - g->position;
	uint32_t nr = left < max ? (uint32_t)left : max;

	for (uint32_t i = 0; i < nr; i++) {
		g->cursor = zsim_pages_fill(&g->pages, g->cursor);
		make_store(g, g->cursor++, (uint32_t)(zsim_rng_next(&g->rng) >> 32), &ops[i]);
	}
	g->position += nr;
	return nr;
}

/* position of the next event that is none of a page, or of the end */
static uint64_t stop_at(const struct zsim_generator *g)
{
	uint64_t stop = g->reclaim_at < g->churn_at ? g->reclaim_at : g->churn_at;

	return stop < g->w.events ? stop : g->w.events;
}

static uint32_t event_ops(struct zsim_generator *g, struct zsim_op *ops, uint32_t max)
{
	uint64_t left = stop_at(g) - g->position;
	uint32_t nr = left < max ? (uint32_t)left : max;

	for (uint32_t i = 0; i < nr; i++)
		op_next(g, &ops[i]);
	g->position += nr;
	return nr;
}

static void phase_begin(struct zsim_generator *g, enum phase phase)
{
	g->phase = phase;
	g->position = 0;
}

uint32_t zsim_generator_ops(struct zsim_generator *g, struct zsim_op *ops, uint32_t max)
{
	if (g->phase == PHASE_FILL && g->position == g->w.entries)
		phase_begin(g, PHASE_EVENTS);
	if (g->phase == PHASE_FILL)
		return fill_ops(g, ops, max);
	return g->phase == PHASE_EVENTS ? event_ops(g, ops, max) : 0;
}

/* ---- other events ------------------------------------------------------------------- */

/* lengths, and about what zspages have of unused room: each size class has one that is not full */
static uint64_t pages_needed(const struct zsim_workload *w)
{
	uint64_t bytes = w->entries * mean_length(w);
	uint64_t classes = w->entries < 900 ? w->entries / 3 : 300;

	if (w->length_min && w->length_min == w->length_max)
		classes = 1;
	return (bytes + bytes / 50) / ZSIM_PAGE_SIZE + classes + 1;
}

/* enough for all, or as much as was wanted of what the entries need */
static uint64_t ram_pages(const struct zsim_workload *w)
{
	uint64_t need = pages_needed(w);
	uint64_t pool = need * w->pool_percent / 100 + 1;

	if (!w->pool_percent)
		pool = 2 * w->entries + 4096;
	return pool * (100 / DEFAULT_POOL_PERCENT);
}

static void event_machine(struct zsim_generator *g, struct zsim_event *ev)
{
	ev->type = ZSIM_EV_MACHINE;
	ev->nodes = g->w.nodes;
	ev->ram_pages = ram_pages(&g->w);
	phase_begin(g, PHASE_GROUPS);
}

static void event_group(struct zsim_generator *g, enum zsim_event_type type, uint32_t group,
			struct zsim_event *ev)
{
	ev->type = type;
	ev->path = zsim_generator_group(g, group);
}

static void event_mkdir(struct zsim_generator *g, struct zsim_event *ev)
{
	event_group(g, ZSIM_EV_MKDIR, (uint32_t)g->position++, ev);
	if (g->position == g->w.groups)
		phase_begin(g, PHASE_FILL);
}

static void event_op(struct zsim_generator *g, const struct zsim_op *op, struct zsim_event *ev)
{
	ev->type = (enum zsim_event_type)op->type;
	ev->slot = op->slot;
	if (op->type != ZSIM_EV_STORE)
		return;
	event_group(g, ZSIM_EV_STORE, op->group, ev);
	g->length = op->length;
	ev->node = op->node;
	ev->length = &g->length;
	ev->nr = 1;
}

static uint32_t any_group(struct zsim_generator *g)
{
	return zsim_rng_scale((uint32_t)(zsim_rng_next(&g->rng) >> 32), g->w.groups);
}

/* the position after @every more page events, if there is such a thing */
static uint64_t later(uint64_t position, uint64_t every)
{
	return every && every < NEVER - position ? position + every : NEVER;
}

static void event_reclaim(struct zsim_generator *g, struct zsim_event *ev)
{
	event_group(g, ZSIM_EV_WRITE, any_group(g), ev);
	ev->file = "memory.reclaim";
	ev->text = g->text;
	g->reclaim_at = later(g->position, g->w.reclaim_every);
}

static void event_rmdir(struct zsim_generator *g, struct zsim_event *ev)
{
	g->churned = zsim_forest_leaf(&g->forest, any_group(g));
	event_group(g, ZSIM_EV_RMDIR, g->churned, ev);
	g->churn_at = later(g->position, g->w.churn_every);
	g->phase = PHASE_MKDIR;
}

static void event_between(struct zsim_generator *g, struct zsim_event *ev)
{
	if (g->position == g->w.events)
		g->phase = PHASE_END;
	else if (g->position == g->reclaim_at)
		event_reclaim(g, ev);
	else
		event_rmdir(g, ev);
}

static void event_other(struct zsim_generator *g, struct zsim_event *ev)
{
	switch (g->phase) {
	case PHASE_MACHINE:
		event_machine(g, ev);
		break;
	case PHASE_GROUPS:
		event_mkdir(g, ev);
		break;
	case PHASE_MKDIR:
		event_group(g, ZSIM_EV_MKDIR, g->churned, ev);
		g->phase = PHASE_EVENTS;
		break;
	case PHASE_EVENTS:
		event_between(g, ev);
		break;
	case PHASE_FILL: /* it has nothing but page events */
	case PHASE_END:
		break;
	}
}

int zsim_generator_next(struct zsim_generator *g, struct zsim_event *ev)
{
	struct zsim_event next = { .memcg = ZSIM_MEMCG_NONE };
	struct zsim_op op;

	if (zsim_generator_ops(g, &op, 1))
		event_op(g, &op, &next);
	else
		event_other(g, &next);
	if (g->phase == PHASE_END)
		return 0;
	*ev = next;
	return 1;
}

/* ---- life and questions ------------------------------------------------------------- */

static void shares(struct zsim_generator *g)
{
	uint64_t sum = g->w.stores + g->w.loads + g->w.invalidates;

	g->is_store = ((uint64_t)g->w.stores << 32) / sum;
	g->is_load = ((uint64_t)(g->w.stores + g->w.loads) << 32) / sum;
}

static int fill(struct zsim_generator *g)
{
	zsim_rng_init(&g->rng, g->w.seed);
	zsim_forest_init(&g->forest, g->w.groups, g->w.depth);
	shares(g);
	g->reclaim_at = later(0, g->w.reclaim_every);
	g->churn_at = later(0, g->w.churn_every);
	snprintf(g->text, sizeof(g->text), "%" PRIu64 " source=zswap", g->w.reclaim_bytes);
	return zsim_pages_init(&g->pages, &g->w, g->alloc);
}

struct zsim_generator *zsim_generator_create(const struct zsim_workload *w,
					     const struct zsim_allocator *allocator, int *err)
{
	const struct zsim_allocator *a = allocator ? allocator : zsim_allocator_libc();
	struct zsim_generator *g = NULL;
	struct zsim_workload taken;
	int rc = zsim_workload_take(&taken, w);

	if (!rc) {
		g = zsim_zalloc(a, sizeof(*g));
		rc = g ? 0 : -ENOMEM;
	}
	if (g) {
		g->w = taken;
		g->alloc = a;
		rc = fill(g);
	}
	if (rc) {
		zsim_generator_free(g);
		g = NULL;
	}
	if (err)
		*err = rc;
	return g;
}

void zsim_generator_free(struct zsim_generator *g)
{
	if (!g)
		return;
	zsim_pages_destroy(&g->pages);
	zsim_dealloc(g->alloc, g);
}

uint32_t zsim_generator_groups(const struct zsim_generator *g)
{
	return g->w.groups;
}

const char *zsim_generator_group(struct zsim_generator *g, uint32_t group)
{
	zsim_forest_path(&g->forest, group, g->path);
	return g->path;
}

uint64_t zsim_generator_total(const struct zsim_generator *g)
{
	return g->w.entries + g->w.events;
}
