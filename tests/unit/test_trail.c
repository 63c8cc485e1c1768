/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_trail.c - engine/trail.c: scouts ask for what walkers come to, and nothing depends on it.
 *
 * What is asked for cannot be seen. But it is right only if marks stand in the order of their
 * list, if those that are due lie before the walker, not behind it and not far ahead, and if
 * the trail is not lost when pages come and go.
 */
#include <errno.h>

#include "engine/run.h"
#include "model/entry.h"
#include "support/replay.h"
#include "support/samples.h"
#include "support/suite.h"
#include "support/world.h"

/* pages whose entries lie in no cache, as trail.c takes it, even if some are written */
#define PAGES (ZSIM_CACHED + ZSIM_CACHED / 8)
/* entries from mark to mark */
#define SPACING 64u
#define OPS 1024u
#define STORES 20000u

static void machine_make(struct world *w, uint32_t groups)
{
	char path[16];

	world_create(w, "patch", 1);
	for (uint32_t g = 0; g < groups; g++) {
		snprintf(path, sizeof(path), "/g%u", g);
		world_group(w, path);
		CU_ASSERT_EQUAL_FATAL(zsim_bind(w->zs, g, path), 0);
	}
	CU_ASSERT_EQUAL_FATAL(zsim_set_param(w->zs, ZSIM_PARAM_SHRINKER_ENABLED, 1), 0);
}

/** struct batch - ops that are done when there are OPS of them */
struct batch {
	struct world *w;
	uint32_t nr;
	struct zsim_op ops[OPS];
};

/* nothing here is left to anybody else */
static int no_op(void *ctx, const struct zsim_op *op)
{
	(void)ctx;
	(void)op;
	return -EIO;
}

static void batch_do(struct batch *b)
{
	CU_ASSERT_EQUAL_FATAL(zsim_each_op(b->w->zs, b->ops, b->nr, no_op, NULL), 0);
	b->nr = 0;
}

static void op_add(struct batch *b, enum zsim_event_type type, uint32_t slot, uint32_t group)
{
	b->ops[b->nr++] = (struct zsim_op){
		.slot = slot, .group = group, .length = 100, .type = (uint8_t)type
	};
	if (b->nr == OPS)
		batch_do(b);
}

/* on slots from 1 on, each group in turn */
static void pages_fill(struct world *w, uint32_t pages, uint32_t groups)
{
	struct batch b = { .w = w };

	for (uint32_t slot = 1; slot <= pages; slot++)
		op_add(&b, ZSIM_EV_STORE, slot, slot % groups);
	batch_do(&b);
}

/* pages at random are loaded and stored again */
static void pages_move(struct world *w, struct dice *d, uint32_t pages, uint32_t times)
{
	struct batch b = { .w = w };
	uint32_t slot;

	for (uint32_t i = 0; i < times; i++) {
		slot = 1 + (uint32_t)dice_roll(d, pages);
		op_add(&b, ZSIM_EV_LOAD, slot, 0);
		op_add(&b, ZSIM_EV_STORE, slot, 0);
	}
	batch_do(&b);
}

/* ---- what stands where ------------------------------------------------------------------ */

/* of each entry, its place on the group's list, or UINT32_MAX; the caller frees it */
static uint32_t *places(const struct zsim_state *st, zsim_memcg memcg)
{
	uint32_t *place = malloc(st->entries.size * sizeof(*place));
	uint32_t at = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(place);
	memset(place, 0xff, st->entries.size * sizeof(*place));
	for (uint32_t e = zsim_lru_at(st, memcg, 0)->head; e != ZSIM_NIL;
	     e = zsim_entry_at(st, e)->next)
		place[e] = at++;
	return place;
}

static bool holds(const struct zsim_state *st, const struct zsim_mark *m)
{
	const struct zsim_entry *e = zsim_entry_at(st, m->entry);

	return e->live && e->marked == m->kind;
}

static const struct zsim_mark *mark(const struct zsim_trail *t, uint32_t i)
{
	return ZSIM_ARRAY_AT(&t->marks, struct zsim_mark, i);
}

static zsim_memcg first_group(const struct world *w)
{
	return zsim_lookup(w->zs, "/g0");
}

/* marks that hold follow each other as on the list, but for the few of which there are two */
static uint32_t marks_check(const struct world *w)
{
	const struct zsim_state *st = &w->zs->st;
	const struct zsim_trail *t = &w->zs->trail;
	uint32_t *place = places(st, t->memcg);
	uint32_t hold = 0, wrong = 0, last = 0, at;

	for (uint32_t i = 0; i < t->marks.size; i++) {
		if (!holds(st, mark(t, i)))
			continue;
		hold++;
		at = place[mark(t, i)->entry];
		wrong += at < last || at == UINT32_MAX;
		last = at;
	}
	CU_ASSERT(wrong <= hold / 40);
	free(place);
	return hold;
}

/**
 * struct scouted - marks that were due: before the walker, and not so far that they are forgotten
 * until the walker comes; and elsewhere
 */
struct scouted {
	uint32_t near;
	uint32_t astray;
};

static void scouts_look(const struct world *w, struct scouted *s)
{
	const struct zsim_state *st = &w->zs->st;
	const struct zsim_trail *t = &w->zs->trail;
	uint32_t *place = places(st, t->memcg);
	uint32_t due = t->sent - t->passed, near = 0;

	CU_ASSERT(due >= ZSIM_SCOUTS / 2 && due <= ZSIM_MARKS_DUE);
	for (uint32_t i = t->passed; i != t->sent; i++)
		near += place[mark(t, t->due[i % ZSIM_MARKS_DUE])->entry] <
			3 * ZSIM_MARKS_DUE * SPACING;
	CU_ASSERT(near >= due / 2);
	s->near += near;
	s->astray += due - near;
	free(place);
}

static void walk(struct world *w, uint32_t visits)
{
	zsim_shrinker(w->zs, first_group(w), 0, visits);
}

/* ---- cases ------------------------------------------------------------------------------- */

static void marks_stand_in_order(void)
{
	struct dice d = dice_seed("trail", 1);
	struct world w;
	uint32_t hold;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	pages_move(&w, &d, PAGES, 8 * PAGES); /* would be twice the marks that are kept */
	CU_ASSERT(w.zs->trail.marks.size < 6 * (PAGES / SPACING));
	for (uint32_t i = 0; i < 3; i++) {
		pages_move(&w, &d, PAGES, PAGES);
		hold = marks_check(&w);
		CU_ASSERT(hold > PAGES / SPACING / 2 && hold < 2 * (PAGES / SPACING));
		walk(&w, PAGES / 2);
		hold = marks_check(&w);
		CU_ASSERT(hold > PAGES / SPACING / 2 && hold < 2 * (PAGES / SPACING));
	}
	world_free(&w);
}

static void scouts_are_before_the_walker(void)
{
	struct dice d = dice_seed("trail", 2);
	struct scouted s = { 0 };
	struct world w;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	walk(&w, ZSIM_CACHED / 2); /* the first ones have no marks: they were few */
	for (uint32_t i = 0; i < samples(60, 20); i++) {
		walk(&w, PAGES / 40);
		scouts_look(&w, &s);
		if (i % 3 == 2)
			pages_move(&w, &d, PAGES, PAGES);
	}
	CU_ASSERT(s.astray < s.near / 40);
	world_free(&w);
}

/* what they asked for is forgotten when many page events went by: they go once more */
static void scouts_go_again(void)
{
	struct dice d = dice_seed("trail", 3);
	struct zsim_trail *t;
	struct world w;
	uint32_t sent, *place;

	machine_make(&w, 1);
	t = &w.zs->trail;
	pages_fill(&w, PAGES, 1);
	walk(&w, ZSIM_CACHED / 2 + PAGES / 40);
	sent = t->sent;
	CU_ASSERT(t->nr_scouts > 0);
	pages_move(&w, &d, PAGES, 4 * OPS);
	CU_ASSERT_EQUAL(t->nr_scouts, 0);
	CU_ASSERT_EQUAL(t->passed, sent);
	walk(&w, 1);
	CU_ASSERT_FATAL(t->sent > sent);
	place = places(&w.zs->st, first_group(&w));
	CU_ASSERT(place[mark(t, t->due[t->passed % ZSIM_MARKS_DUE])->entry] < 8 * SPACING);
	free(place);
	world_free(&w);
}

/* marks that do not hold may be dropped in the middle of a walk: others have their places then */
static void scouts_find_what_was_sifted(void)
{
	struct dice d = dice_seed("trail", 7);
	struct scouted s = { 0 };
	struct world w;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	pages_move(&w, &d, PAGES, 2 * PAGES);
	walk(&w, ZSIM_CACHED / 2);
	for (uint32_t i = 0; i < 40; i++) {
		w.zs->trail.room = 0;
		walk(&w, 2 * SPACING);
		scouts_look(&w, &s);
	}
	CU_ASSERT(s.astray < s.near / 40);
	world_free(&w);
}

/* in steps too */
static void an_entry_that_rotates_is_marked_no_more(void)
{
	const struct zsim_mark *m;
	struct world w;
	uint32_t i = 0;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	while (!holds(&w.zs->st, mark(&w.zs->trail, i)))
		i++;
	m = mark(&w.zs->trail, i);
	zsim_lru_rotate(&w.zs->st, m->entry);
	CU_ASSERT(!holds(&w.zs->st, m));
	world_free(&w);
}

/* the first ones at once, if many visits are to come */
static void scouts_sprint_before_a_long_walk(void)
{
	struct dice d = dice_seed("trail", 6);
	struct zsim_trail *t;
	struct world w;
	uint32_t sent;

	machine_make(&w, 1);
	t = &w.zs->trail;
	pages_fill(&w, PAGES, 1);
	pages_move(&w, &d, PAGES, 2 * PAGES);
	for (uint32_t i = 0; i < 4; i++) {
		walk(&w, i % 2 ? SPACING : PAGES / 40);
		pages_move(&w, &d, PAGES, OPS);
		sent = t->sent;
		walk(&w, 1);
		CU_ASSERT_EQUAL(t->sprint, 0);
		if (i % 2)
			CU_ASSERT_EQUAL(t->sent, sent + ZSIM_SCOUTS);
		if (i % 2 == 0)
			CU_ASSERT(t->sent > sent + ZSIM_SCOUTS + 1);
		pages_move(&w, &d, PAGES, OPS);
	}
	world_free(&w);
}

/* with few pages they would be in vain */
static void nobody_is_sent_into_a_cache(void)
{
	struct world w;

	machine_make(&w, 1);
	pages_fill(&w, ZSIM_CACHED / 2 - 1, 1);
	walk(&w, ZSIM_CACHED / 4);
	CU_ASSERT_EQUAL(w.zs->trail.marks.size, 0);
	world_free(&w);
	machine_make(&w, 1);
	pages_fill(&w, ZSIM_CACHED - 1, 1);
	walk(&w, ZSIM_CACHED);
	CU_ASSERT(marks_check(&w) > 0);
	CU_ASSERT_EQUAL(w.zs->trail.sent, 0);
	CU_ASSERT_EQUAL(w.zs->trail.nr_scouts, 0);
	world_free(&w);
}

/* lists that are too short for a trail, and a walker that goes from one to the next */
static void one_stays_on_the_list_that_is_left(void)
{
	const struct zsim_trail *t;
	const struct zsim_state *st;
	struct world w;

	machine_make(&w, 100);
	t = &w.zs->trail;
	st = &w.zs->st;
	pages_fill(&w, PAGES, 100);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT, 0), 0);
	zsim_worker(w.zs); /* all are referenced: it gives up after some turns */
	CU_ASSERT_EQUAL(t->marks.size, 0);
	CU_ASSERT(t->nr_scouts > 8);
	for (uint32_t i = 0; i < t->nr_scouts; i++) {
		const struct zsim_entry *e = t->scout[i].at;
		uint32_t *place = places(st, e->memcg);

		CU_ASSERT((uint64_t)place[zsim_entry_find(st, zsim_entry_slot(e))] +
				  t->scout[i].left <=
			  SPACING);
		CU_ASSERT(e->memcg != t->last_memcg);
		free(place);
	}
	world_free(&w);
}

/* however many visits there were, not all of it is asked for */
static void one_does_not_go_far(void)
{
	const struct zsim_trail *t;
	uint32_t scouts = 0;
	struct world w;

	machine_make(&w, 2);
	t = &w.zs->trail;
	pages_fill(&w, PAGES, 2);
	for (uint32_t i = 0; i < 4; i++) {
		zsim_shrinker(w.zs, zsim_lookup(w.zs, i % 2 ? "/g0" : "/g1"), 0,
			      i % 2 ? SPACING : PAGES / 40);
		for (uint32_t k = 0; k < t->nr_scouts; k++, scouts++)
			CU_ASSERT(t->scout[k].left <= 4 * SPACING);
	}
	CU_ASSERT(scouts > 0);
	world_free(&w);
}

static void the_trail_is_of_the_list_that_is_long(void)
{
	struct batch b;
	struct world w;

	machine_make(&w, 2);
	pages_fill(&w, PAGES, 1);
	CU_ASSERT_EQUAL(w.zs->trail.memcg, first_group(&w));
	b = (struct batch){ .w = &w };
	for (uint32_t slot = 1; slot <= PAGES; slot++)
		op_add(&b, ZSIM_EV_STORE, PAGES + slot, 1);
	batch_do(&b);
	CU_ASSERT_EQUAL(w.zs->trail.memcg, first_group(&w));
	CU_ASSERT(marks_check(&w) > 0);
	/* most of the first group's go over */
	for (uint32_t slot = 1; slot <= PAGES - 1000; slot++) {
		op_add(&b, ZSIM_EV_LOAD, slot, 0);
		op_add(&b, ZSIM_EV_STORE, slot, 1);
	}
	batch_do(&b);
	CU_ASSERT_EQUAL(w.zs->trail.memcg, zsim_lookup(w.zs, "/g1"));
	CU_ASSERT(marks_check(&w) > 0);
	world_free(&w);
}

static void without_memory_there_is_none(void)
{
	struct dice d = dice_seed("trail", 4);
	uint64_t bytes, live;
	struct world w;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	bytes = zsim_memory(w.zs);
	live = w.fa.live_bytes;
	zsim_trail_destroy(&w.zs->trail);
	CU_ASSERT(live > w.fa.live_bytes);
	CU_ASSERT_EQUAL(bytes - zsim_memory(w.zs), live - w.fa.live_bytes);
	zsim_trail_init(&w.zs->trail, w.zs->alloc);
	w.fa.fail_at = w.fa.calls + 1;
	w.fa.fail_after = true;
	pages_move(&w, &d, PAGES, PAGES / 4);
	walk(&w, PAGES / 4);
	CU_ASSERT(w.fa.failed > 0);
	CU_ASSERT_EQUAL(w.zs->trail.marks.size, 0);
	w.fa.fail_at = 0;
	w.fa.fail_after = false;
	pages_move(&w, &d, PAGES, PAGES / 4);
	CU_ASSERT(marks_check(&w) > 0);
	world_free(&w);
}

static void a_clone_makes_its_own(void)
{
	struct dice d = dice_seed("trail", 5);
	struct world w;
	struct zsim *zs;
	uint32_t size;
	int err;

	machine_make(&w, 1);
	pages_fill(&w, PAGES, 1);
	zs = w.zs;
	size = zs->trail.marks.size;
	w.zs = zsim_clone(zs, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w.zs);
	CU_ASSERT_EQUAL(zsim_bind(w.zs, 0, "/g0"), 0);
	pages_move(&w, &d, PAGES, PAGES);
	walk(&w, PAGES / 2);
	CU_ASSERT(marks_check(&w) > PAGES / SPACING / 4);
	CU_ASSERT_EQUAL(zs->trail.marks.size, size);
	zsim_free(zs);
	world_free(&w);
}

/* a list that was long, of which next to nothing is left among many short ones */
static void marks_in_vain_cost_little(void)
{
	struct zsim_trail *t;
	uint32_t size, vain;
	struct batch b;
	struct world w;

	machine_make(&w, 101);
	t = &w.zs->trail;
	pages_fill(&w, PAGES, 1);
	b = (struct batch){ .w = &w };
	for (uint32_t i = 0; i < PAGES; i++)
		op_add(&b, ZSIM_EV_STORE, PAGES + 1 + i, 1 + i % 100);
	for (uint32_t slot = 6000; slot <= PAGES; slot++) /* but for 6000, and some with marks */
		if (slot < 2 * (PAGES / 3) || slot > 2 * (PAGES / 3) + 1000)
			op_add(&b, ZSIM_EV_LOAD, slot, 0);
	batch_do(&b);
	size = t->marks.size;
	for (uint32_t i = 0; i < 100; i++) {
		for (uint32_t k = 0; k < OPS / 4; k++)
			op_add(&b, k % 2 ? ZSIM_EV_LOAD : ZSIM_EV_STORE, 3 * PAGES, 0);
		batch_do(&b);
		vain = t->in_vain;
		walk(&w, 1);
		CU_ASSERT(t->in_vain <= vain + SPACING);
	}
	CU_ASSERT(t->marks.size < size / 2);
	world_free(&w);
}

/* of many ops one is a store, and of the few stores many are marked */
static void more_marks_than_are_of_use(void)
{
	struct batch b;
	struct world w;
	const struct zsim_trail *t;

	machine_make(&w, 101);
	t = &w.zs->trail;
	pages_fill(&w, PAGES, 100);
	b = (struct batch){ .w = &w };
	for (uint32_t i = 1; i <= STORES; i++)
		for (uint32_t k = 0; k < 16; k++)
			op_add(&b, k == 4 ? ZSIM_EV_STORE : ZSIM_EV_LOAD,
			       k == 4 ? PAGES + i : 2 * PAGES, 100);
	batch_do(&b);
	CU_ASSERT(marks_check(&w) > STORES / 12);
	CU_ASSERT(t->marks.size <= t->room + 1);
	CU_ASSERT(t->room <= STORES + 4 * (STORES / SPACING));
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(marks_stand_in_order),
	ZSIM_CASE(scouts_are_before_the_walker),
	ZSIM_CASE(scouts_go_again),
	ZSIM_CASE(scouts_find_what_was_sifted),
	ZSIM_CASE(an_entry_that_rotates_is_marked_no_more),
	ZSIM_CASE(scouts_sprint_before_a_long_walk),
	ZSIM_CASE(nobody_is_sent_into_a_cache),
	ZSIM_CASE(one_stays_on_the_list_that_is_left),
	ZSIM_CASE(one_does_not_go_far),
	ZSIM_CASE(the_trail_is_of_the_list_that_is_long),
	ZSIM_CASE(without_memory_there_is_none),
	ZSIM_CASE(a_clone_makes_its_own),
	ZSIM_CASE(marks_in_vain_cost_little),
	ZSIM_CASE(more_marks_than_are_of_use),
};
ZSIM_SUITE_MAIN("trail", cases)
