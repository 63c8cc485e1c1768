/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checker of the whole state, checked: one fault at a time is planted into
 * a sound machine's private state, and zsim_verify() must name the rule that it
 * breaks. A check that cannot fail would bless every bug of the model.
 *
 *	/t/a  node 0: 1* 2* 3*   node 1: 4* (incompressible)      /t/b  node 0: 5*
 *	A request is suspended in the writeback of /u's slot 6: its page is locked.
 */
#include "engine/run.h"
#include "model/entry.h"
#include "model/list_lru.h"
#include "model/memcg_iter.h"
#include "support/suite.h"
#include "support/world.h"

struct ground {
	struct world w;
	struct zsim_state *st;
	zsim_memcg t, a, b;
};

static struct zsim_result apply(struct ground *g, struct zsim_event ev)
{
	struct zsim_result res;

	ev.actor = "A";
	CU_ASSERT_EQUAL(zsim_apply(g->w.zs, &ev, &res), 0);
	return res;
}

static void ground_create(struct ground *g)
{
	static const struct zsim_observer deaf = { .ctx = NULL };
	struct zsim_result res;

	world_create(&g->w, "proactive-v5", 2);
	CU_ASSERT_EQUAL(zsim_observe(g->w.zs, &deaf), 0);
	g->st = &g->w.zs->st;
	world_fill(&g->w, "/t/a", 0, 3, 100);
	world_fill(&g->w, "/t/a", 1, 1, 4096);
	world_fill(&g->w, "/t/b", 0, 1, 100);
	world_fill(&g->w, "/u", 0, 1, 100);
	world_age(&g->w, "/u", 0);
	g->t = world_group(&g->w, "/t");
	g->a = world_group(&g->w, "/t/a");
	g->b = world_group(&g->w, "/t/b");
	res = apply(g, (struct zsim_event){ .type = ZSIM_EV_WRITE,
					    .path = "/u",
					    .file = "memory.reclaim",
					    .text = "1 source=zswap" });
	CU_ASSERT_EQUAL(res.value, ZSIM_POINT_STEP);
	res = apply(g, (struct zsim_event){ .type = ZSIM_EV_STEP, .value = 3 });
	CU_ASSERT_EQUAL(res.value, ZSIM_POINT_CACHED);
	WORLD_SOUND(&g->w);
}

static void ground_free(struct ground *g)
{
	struct zsim_result res = apply(g, (struct zsim_event){ .type = ZSIM_EV_FINISH });

	CU_ASSERT_EQUAL(res.value, 0);
	zsim_reap(g->w.zs);
	world_free(&g->w);
}

static struct zsim_entry *entry(const struct ground *g, uint64_t slot)
{
	return zsim_entry_at(g->st, zsim_entry_find(g->st, slot));
}

static struct zsim_memcg_rec *group(const struct ground *g, zsim_memcg m)
{
	return zsim_memcg_at(g->st, m);
}

/* the fault stands: is the rule named? */
static void expect_broken(struct ground *g, const char *rule, int line)
{
	char wanted[40];
	char what[300];
	bool named;
	int found;

	snprintf(g->w.violated, sizeof(g->w.violated), " ");
	g->w.violations = 0;
	found = zsim_verify(g->w.zs);
	snprintf(wanted, sizeof(wanted), " %s ", rule);
	named = strstr(g->w.violated, wanted) != NULL;
	snprintf(what, sizeof(what), "%s is reported, among:%s", rule, g->w.violated);
	CU_assertImplementation(named, (unsigned int)line, what, __FILE__, "", CU_FALSE);
	CU_ASSERT(found > 0);
	CU_ASSERT_EQUAL((uint32_t)found, g->w.violations);
}

/* and with the fault taken back the state is sound again: it was this fault that was seen */
#define PLANTED(g, rule, plant, undo)                       \
	do {                                                \
		plant;                                      \
		expect_broken(g, rule, __LINE__);           \
		undo;                                       \
		CU_ASSERT_EQUAL(zsim_verify((g)->w.zs), 0); \
	} while (0)

static void links_of_a_list(void)
{
	struct zsim_lru *lru;
	struct ground g;
	uint32_t first, second, third;

	ground_create(&g);
	lru = zsim_lru_at(g.st, g.a, 0);
	first = lru->head;
	second = entry(&g, 1)->next;
	third = lru->tail;
	PLANTED(&g, "list", entry(&g, 2)->prev = third & ZSIM_NIL,
		entry(&g, 2)->prev = first & ZSIM_NIL);
	/* an entry is lost; a circle, which must not keep the checker for ever */
	PLANTED(&g, "list", entry(&g, 1)->next = third & ZSIM_NIL,
		entry(&g, 1)->next = second & ZSIM_NIL);
	PLANTED(&g, "list", entry(&g, 3)->next = first & ZSIM_NIL, entry(&g, 3)->next = ZSIM_NIL);
	PLANTED(&g, "list", lru->head = second, lru->head = first);
	PLANTED(&g, "list", lru->tail = second, lru->tail = third);
	PLANTED(&g, "list", lru->length = 2, lru->length = 3);
	PLANTED(&g, "list", lru->length = 4, lru->length = 3);
	ground_free(&g);
}

/* an entry on another node's list, or on the list of a group that is not its own */
static void entries_on_a_wrong_list(void)
{
	struct ground g;

	ground_create(&g);
	PLANTED(&g, "list", entry(&g, 1)->node = 1, entry(&g, 1)->node = 0);
	PLANTED(&g, "list", entry(&g, 1)->memcg = g.b & 0xfffff,
		entry(&g, 1)->memcg = g.a & 0xfffff);
	ground_free(&g);
}

static void entries_that_cannot_be(void)
{
	struct zsim_entry *e;
	struct ground g;

	ground_create(&g);
	e = entry(&g, 2);
	PLANTED(&g, "entry", e->live = 0, e->live = 1);
	ground_free(&g);
}

static void a_slot_that_leads_elsewhere(void)
{
	struct zsim_slot_place at = { 0 };
	struct zsim_entry *e;
	struct ground g;
	uint32_t i;

	ground_create(&g);
	i = zsim_entry_find(g.st, 2);
	e = zsim_entry_at(g.st, i);
	zsim_slot_map_place(&g.st->map, 2, &at);
	PLANTED(&g, "slot", zsim_slot_map_remove(&g.st->map, &at, i),
		zsim_slot_map_add(&g.st->map, &at, i));
	PLANTED(&g, "slot", e->offset = 1, e->offset = 2);
	PLANTED(&g, "slot", e->device = 1, e->device = 0);
	ground_free(&g);
}

static void counts_of_a_node(void)
{
	struct ground g;

	ground_create(&g);
	PLANTED(&g, "node-count", g.st->node_true[0]++, g.st->node_true[0]--);
	PLANTED(&g, "node-count", g.st->node_true[1]--, g.st->node_true[1]++);
	ground_free(&g);
}

/* each of the three charges, in the group itself, an ancestor and the root */
static void charges(void)
{
	struct ground g;
	zsim_memcg groups[3];

	ground_create(&g);
	groups[0] = g.a;
	groups[1] = g.t;
	groups[2] = ZSIM_MEMCG_ROOT;
	for (int i = 0; i < 3; i++) {
		struct zsim_memcg_rec *m = group(&g, groups[i]);

		PLANTED(&g, "charge", m->zswap++, m->zswap--);
		PLANTED(&g, "charge", m->zswapped--, m->zswapped++);
		PLANTED(&g, "charge", m->zswap_incomp = 0, m->zswap_incomp = 1);
	}
	ground_free(&g);
}

/* one reference or name too many, or too few: of the tree, an entry, a request */
static void references(void)
{
	struct ground g;
	zsim_memcg u;

	ground_create(&g);
	u = world_group(&g.w, "/u");
	PLANTED(&g, "reference", group(&g, g.a)->refs++, group(&g, g.a)->refs--);
	PLANTED(&g, "reference", group(&g, g.t)->refs--, group(&g, g.t)->refs++);
	PLANTED(&g, "reference", group(&g, u)->refs--, group(&g, u)->refs++);
	PLANTED(&g, "reference", group(&g, g.a)->keeps++, group(&g, g.a)->keeps--);
	PLANTED(&g, "reference", group(&g, g.t)->keeps--, group(&g, g.t)->keeps++);
	PLANTED(&g, "reference", g.st->cursor = g.a, g.st->cursor = ZSIM_MEMCG_NONE);
	ground_free(&g);
}

static void freed_and_referenced(void)
{
	struct ground g;

	ground_create(&g);
	PLANTED(&g, "freed", group(&g, g.b)->state = ZSIM_MEMCG_FREED,
		group(&g, g.b)->state = ZSIM_MEMCG_ONLINE);
	PLANTED(&g, "freed", group(&g, g.b)->refs = 0, group(&g, g.b)->refs = 1);
	ground_free(&g);
}

/* a zombie with a list of its own: what the splice at offline must never leave */
static void an_offline_group_with_entries(void)
{
	struct ground g;

	ground_create(&g);
	PLANTED(&g, "dead-list", group(&g, g.b)->state = ZSIM_MEMCG_OFFLINE,
		group(&g, g.b)->state = ZSIM_MEMCG_ONLINE);
	ground_free(&g);
}

/* a living group without a list, a dying one with a dead list that is not empty */
static void lists_that_should_live(void)
{
	struct zsim_lru *lru;
	struct ground g;

	ground_create(&g);
	lru = zsim_lru_at(g.st, g.b, 1);
	PLANTED(&g, "dead-list", lru->dead = true, lru->dead = false);
	CU_ASSERT_EQUAL(zsim_rmdir(g.w.zs, g.b), 0);
	lru->dead = true;
	CU_ASSERT_EQUAL(zsim_verify(g.w.zs), 0);
	lru->dead = false;
	lru = zsim_lru_at(g.st, g.b, 0);
	PLANTED(&g, "dead-list", lru->dead = true, lru->dead = false);
	ground_free(&g);
}

/* kernels before 6.11: a cursor left on an offline group kept it until the worker's next run */
static void a_cursor_on_an_offline_group(void)
{
	zsim_memcg place = ZSIM_MEMCG_NONE;
	struct ground g;

	ground_create(&g);
	zsim_iter_move(g.st, &place, g.b);
	world_remove(&g.w, "/t/b");
	g.st->cursor = place; /* with its reference */
	expect_broken(&g, "cursor", __LINE__);
	CU_ASSERT_EQUAL(g.w.violations, 1);
	zsim_iter_move(g.st, &g.st->cursor, ZSIM_MEMCG_NONE);
	zsim_reap(g.w.zs);
	CU_ASSERT_EQUAL(zsim_verify(g.w.zs), 0);
	ground_free(&g);
}

static void totals(void)
{
	uint64_t *counters;
	struct ground g;

	ground_create(&g);
	counters = g.st->counters;
	PLANTED(&g, "stored", counters[ZSIM_COUNTER_STORED_PAGES]++,
		counters[ZSIM_COUNTER_STORED_PAGES]--);
	PLANTED(&g, "stored", counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] = 0,
		counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES] = 1);
	PLANTED(&g, "stored", g.st->nr_entries--, g.st->nr_entries++);
	ground_free(&g);
}

/* its own books, and objects that no entry knows: room that a failed store left behind */
static void the_pool(void)
{
	struct zsim_zspage *zspage;
	uint32_t handle = 0;
	struct ground g;

	ground_create(&g);
	zspage = zsim_zspage_at(&g.st->pool, zsim_entry_at(g.st, 0)->zspage);
	PLANTED(&g, "pool", CU_ASSERT_EQUAL(zsim_zsmalloc_alloc(&g.st->pool, 100, &handle), 0),
		zsim_zsmalloc_free(&g.st->pool, 100, handle));
	PLANTED(&g, "pool", g.st->pool.pages++, g.st->pool.pages--);
	PLANTED(&g, "pool", zspage->state++, zspage->state--);
	PLANTED(&g, "pool", g.st->pool.singles++, g.st->pool.singles--);
	ground_free(&g);
}

/* a pool that only counts bytes: those of its entries, and of the page that is being stored */
static void the_pool_of_bytes(void)
{
	struct zsim_config config;
	struct zsim_pages pages = { .slot = 9, .length = (const uint16_t[]){ 50 }, .nr = 1 };
	struct zsim_decision d;
	struct zsim_run run;
	struct ground g;

	zsim_config_init(&config);
	config.pool_bytes = true;
	world_create_with(&g.w, config);
	g.st = &g.w.zs->st;
	world_fill(&g.w, "/a", 0, 3, 100);
	PLANTED(&g, "pool", g.st->pool.bytes++, g.st->pool.bytes--);
	zsim_run_init(&run);
	zsim_call_store(g.st, &run.call, &pages);
	zsim_run_begin(g.w.zs, &run);
	while (run.call.pc != ZSIM_D_STORE_INSERT) {
		zsim_call_peek(g.st, &run.call, &d);
		CU_ASSERT_EQUAL(zsim_run_commit(g.w.zs, &run, &d), 0);
	}
	CU_ASSERT_EQUAL(g.st->pool.bytes, 350);
	CU_ASSERT_EQUAL(zsim_verify(g.w.zs), 0);
	zsim_run_cancel(g.w.zs, &run);
	CU_ASSERT_EQUAL(g.st->pool.bytes, 300);
	world_free(&g.w);
}

/* a page that a writeback holds locked must be in the swap cache; locks need an owner */
static void locked_pages(void)
{
	struct zsim_run *runs;
	struct ground g;

	ground_create(&g);
	runs = g.w.zs->runs;
	PLANTED(&g, "locked", zsim_slot_set_remove(&g.st->cache, 6),
		CU_ASSERT_EQUAL(zsim_slot_set_add(&g.st->cache, 6), 0));
	PLANTED(&g, "locked", g.st->nr_visits++, g.st->nr_visits--);
	PLANTED(&g, "locked", g.w.zs->runs = NULL, g.w.zs->runs = runs);
	ground_free(&g);
}

/* runs the suspended request to its end, with one of its counts falsified */
static void finish_falsified(struct ground *g, uint64_t *count, uint64_t value, const char *rule)
{
	char wanted[40];

	*count = value;
	apply(g, (struct zsim_event){ .type = ZSIM_EV_FINISH });
	snprintf(wanted, sizeof(wanted), " %s ", rule);
	CU_ASSERT_PTR_NOT_NULL(strstr(g->w.violated, wanted));
	world_free(&g->w);
}

/* the bounds of model.md 5.4 are asserted at the end of every request */
static void bounds_of_a_request(void)
{
	struct ground g;

	ground_create(&g);
	finish_falsified(&g, &g.w.zs->runs->call.steps, 1000, "step-bound");
	ground_create(&g);
	finish_falsified(&g, &g.w.zs->runs->call.done, 64 * 4096, "overshoot");
	ground_create(&g);
	finish_falsified(&g, &g.w.zs->runs->call.visits, 1000, "visit-bound");
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(links_of_a_list),
	ZSIM_CASE(entries_on_a_wrong_list),
	ZSIM_CASE(entries_that_cannot_be),
	ZSIM_CASE(a_slot_that_leads_elsewhere),
	ZSIM_CASE(counts_of_a_node),
	ZSIM_CASE(charges),
	ZSIM_CASE(references),
	ZSIM_CASE(freed_and_referenced),
	ZSIM_CASE(an_offline_group_with_entries),
	ZSIM_CASE(lists_that_should_live),
	ZSIM_CASE(a_cursor_on_an_offline_group),
	ZSIM_CASE(totals),
	ZSIM_CASE(the_pool),
	ZSIM_CASE(the_pool_of_bytes),
	ZSIM_CASE(locked_pages),
	ZSIM_CASE(bounds_of_a_request),
};
ZSIM_SUITE_MAIN("invariant", cases)
