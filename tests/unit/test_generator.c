/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up traces: what a workload asks for is what comes, and always the same. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <zsim/workload.h>
#include <zsim/zsim.h>

#include "support/fail_alloc.h"
#include "support/suite.h"

#define SLOTS (1u << 24)

/** struct seen - a whole workload, counted; @live: a byte a slot */
struct seen {
	uint64_t events[ZSIM_NR_EVENTS];
	uint64_t total;
	uint64_t digest;
	uint64_t nr_live;
	uint64_t least_live;
	uint64_t most_live;
	uint64_t misses;
	uint64_t length_sum;
	uint64_t incompressible;
	uint32_t length_min;
	uint32_t length_max;
	uint64_t slot_max;
	uint64_t nodes[ZSIM_MAX_NODES];
	uint8_t *live;
};

static void seen_digest(struct seen *s, uint64_t value)
{
	s->digest = (s->digest ^ value) * 0x100000001b3u;
	s->digest ^= s->digest >> 29;
}

static void seen_store(struct seen *s, const struct zsim_op *op)
{
	s->nr_live += !s->live[op->slot];
	s->live[op->slot] = 1;
	s->length_sum += op->length;
	s->incompressible += op->length == ZSIM_PAGE_SIZE;
	s->nodes[op->node]++;
	if (!s->length_min || op->length < s->length_min)
		s->length_min = op->length;
	if (op->length > s->length_max)
		s->length_max = op->length;
}

static void seen_op(struct seen *s, const struct zsim_op *op, uint64_t entries)
{
	CU_ASSERT_TRUE_FATAL(op->slot < SLOTS);
	s->events[op->type]++;
	s->slot_max = op->slot > s->slot_max ? op->slot : s->slot_max;
	seen_digest(s, op->slot);
	seen_digest(s, (uint64_t)op->group << 32 | (uint32_t)op->length << 8 | op->node);
	if (op->type == ZSIM_EV_STORE) {
		seen_store(s, op);
	} else {
		s->misses += !s->live[op->slot];
		s->nr_live -= s->live[op->slot];
		s->live[op->slot] = 0;
	}
	if (++s->total <= entries) {
		s->least_live = s->most_live = s->nr_live;
		return;
	}
	s->least_live = s->nr_live < s->least_live ? s->nr_live : s->least_live;
	s->most_live = s->nr_live > s->most_live ? s->nr_live : s->most_live;
}

static void seen_text(struct seen *s, const char *text)
{
	for (; text && *text; text++)
		seen_digest(s, (unsigned char)*text);
}

static void seen_event(struct seen *s, const struct zsim_event *ev)
{
	s->events[ev->type]++;
	seen_digest(s, ev->type);
	seen_digest(s, ev->ram_pages);
	seen_text(s, ev->path);
	seen_text(s, ev->text);
}

static void see(struct seen *s, const struct zsim_workload *w)
{
	struct zsim_generator *g = zsim_generator_create(w, NULL, NULL);
	struct zsim_op ops[100];
	struct zsim_event ev;
	uint32_t nr;

	*s = (struct seen){ .live = calloc(SLOTS, 1) };
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->live);
	do {
		while ((nr = zsim_generator_ops(g, ops, 100)) > 0)
			for (uint32_t i = 0; i < nr; i++)
				seen_op(s, &ops[i], w->entries);
		nr = (uint32_t)zsim_generator_next(g, &ev);
		if (nr)
			seen_event(s, &ev);
	} while (nr);
	CU_ASSERT_EQUAL(zsim_generator_next(g, &ev), 0);
	CU_ASSERT_EQUAL(zsim_generator_ops(g, ops, 100), 0);
	CU_ASSERT_EQUAL(zsim_generator_total(g), s->total);
	zsim_generator_free(g);
	free(s->live);
}

static struct zsim_workload small(enum zsim_preset preset)
{
	struct zsim_workload w;

	zsim_workload_init(&w);
	zsim_workload_preset(&w, preset);
	w.entries = 10000;
	w.events = 100000;
	w.groups = 20;
	w.nodes = 4;
	return w;
}

static void about(uint64_t count, double expected)
{
	CU_ASSERT_DOUBLE_EQUAL((double)count, expected, 5 * sqrt(expected));
}

/* the fill brings the live entries in, then there are about as many */
static void live_entries_stay_about_the_same(void)
{
	for (int i = 0; i < ZSIM_NR_PRESETS; i++) {
		struct zsim_workload w = small((enum zsim_preset)i);
		struct seen s;

		see(&s, &w);
		CU_ASSERT_EQUAL(s.events[ZSIM_EV_MACHINE], 1);
		CU_ASSERT_TRUE(s.least_live >= 10000 - 625);
		CU_ASSERT_TRUE(s.most_live <= 10000 + 625);
		CU_ASSERT_EQUAL(s.total, 110000);
	}
}

static void shares_are_as_asked(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_LOADS);
	struct seen s;

	see(&s, &w);
	about(s.events[ZSIM_EV_STORE] - 10000, 20000);
	about(s.events[ZSIM_EV_LOAD], 75000);
	about(s.events[ZSIM_EV_INVALIDATE], 5000);
	CU_ASSERT_TRUE(s.misses > 50000);
	w = small(ZSIM_PRESET_STEADY);
	see(&s, &w);
	about(s.events[ZSIM_EV_STORE] - 10000, 50000);
	about(s.events[ZSIM_EV_LOAD], 45000);
	CU_ASSERT_TRUE(s.misses < 10000);
}

static void stores_alone_replace_entries(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct seen s;

	w.loads = w.invalidates = 0;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_STORE], 110000);
	CU_ASSERT_EQUAL(s.nr_live, 10625);
	w.entries = 1;
	w.stores = 0;
	w.loads = 1;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_LOAD], 100000);
	CU_ASSERT_EQUAL(s.nr_live, 0);
}

static void nodes_and_groups_have_pages(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct seen s;

	w.events = 0;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_MKDIR], 20);
	for (int i = 0; i < 4; i++)
		about(s.nodes[i], 2500);
	CU_ASSERT_EQUAL(s.nr_live, 10000);
}

static void lengths_of_each_kind(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct seen s;

	see(&s, &w);
	about(s.incompressible, 0.05 * (double)s.events[ZSIM_EV_STORE]);
	CU_ASSERT_TRUE(s.length_min >= 96);
	CU_ASSERT_DOUBLE_EQUAL((double)s.length_sum / (double)s.events[ZSIM_EV_STORE],
			       0.05 * 4096 + 0.95 * 1278, 30);
	w.incompressible = 0;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.incompressible, 0);
	CU_ASSERT_TRUE(s.length_max < 3400 && s.length_max > 3300);
	w.length_min = w.length_max = 77;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.length_min, 77);
	CU_ASSERT_EQUAL(s.length_max, 77);
	w.length_min = 1;
	w.length_max = 4096;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.length_min, 1);
	CU_ASSERT_EQUAL(s.length_max, 4096);
	CU_ASSERT_DOUBLE_EQUAL((double)s.length_sum / (double)s.events[ZSIM_EV_STORE], 2048, 30);
}

static void dense_slots_are_small_and_sparse_ones_not(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct seen s;

	see(&s, &w);
	CU_ASSERT_EQUAL(s.slot_max, 10624);
	w.layout = ZSIM_LAYOUT_SPARSE;
	see(&s, &w);
	CU_ASSERT_TRUE(s.slot_max > 500000 && s.slot_max < 1u << 19);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_STORE] > 0, true);
	CU_ASSERT_TRUE(s.least_live >= 10000 - 625); /* no two pages share a slot */
}

static void what_happens_between_page_events(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_REQUESTS);
	struct seen s;

	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_WRITE], 99);
	w.churn_every = 500; /* some at the same place */
	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_WRITE], 99);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_RMDIR], 199);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_MKDIR], 20 + 199);
	w.reclaim_every = UINT64_MAX;
	see(&s, &w);
	CU_ASSERT_EQUAL(s.events[ZSIM_EV_WRITE], 0);
}

/* a popular page is loaded again and again, in spite of the time that it is in memory */
static void popular_pages_are_loaded_more_often(void)
{
	uint32_t *loads = calloc(SLOTS, sizeof(*loads));
	uint32_t most[2] = { 0, 0 };
	struct zsim_op op = { .type = 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(loads);
	for (int i = 0; i < 2; i++) {
		struct zsim_workload w = small(ZSIM_PRESET_STEADY);
		struct zsim_generator *g;
		struct zsim_event ev;

		w.zipf = i ? 1200 : 0;
		w.entries = 100000;
		g = zsim_generator_create(&w, NULL, NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(g);
		memset(loads, 0, SLOTS * sizeof(*loads));
		while (zsim_generator_ops(g, &op, 1) || zsim_generator_next(g, &ev)) {
			if (op.type == ZSIM_EV_LOAD && ++loads[op.slot] > most[i])
				most[i] = loads[op.slot];
			op.type = 0;
		}
		zsim_generator_free(g);
	}
	CU_ASSERT_TRUE(most[0] < 12);
	CU_ASSERT_TRUE(most[1] > 3 * most[0]);
	free(loads);
}

/* the same on every machine: whoever changes these numbers changes everybody's traces */
static void the_same_seed_gives_the_same_events(void)
{
	static const uint64_t digests[ZSIM_NR_PRESETS] = {
		0x65791b6db195f14f, 0xab9990f38de01469, 0x74b09f1ed26c548b,
		0x49354e67fd6a0381, 0xcb2e351da15962fe,
	};

	for (int i = 0; i < ZSIM_NR_PRESETS; i++) {
		struct zsim_workload w = small((enum zsim_preset)i);
		struct seen s;

		see(&s, &w);
		CU_ASSERT_EQUAL(s.digest, digests[i]);
		if (s.digest != digests[i])
			printf("digest of %s: 0x%llx\n", zsim_preset_name(w.preset),
			       (unsigned long long)s.digest);
		w.seed = 2;
		see(&s, &w);
		CU_ASSERT_NOT_EQUAL(s.digest, digests[i]);
	}
}

static bool op_is(const struct zsim_op *op, const struct zsim_event *ev, const char *path)
{
	if (ev->type != (enum zsim_event_type)op->type || ev->slot != op->slot)
		return false;
	return op->type != ZSIM_EV_STORE ||
	       (ev->node == op->node && ev->nr == 1 && ev->length[0] == op->length &&
		!strcmp(ev->path, path));
}

/* one at a time they are the same events */
static void events_are_what_ops_are(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_CHURN);
	struct zsim_generator *one = zsim_generator_create(&w, NULL, NULL);
	struct zsim_generator *many = zsim_generator_create(&w, NULL, NULL);
	struct zsim_event ev, other;
	struct zsim_op op;

	CU_ASSERT_PTR_NOT_NULL_FATAL(one);
	CU_ASSERT_PTR_NOT_NULL_FATAL(many);
	CU_ASSERT_EQUAL(zsim_generator_groups(one), 20);
	while (zsim_generator_next(one, &ev)) {
		if (zsim_generator_ops(many, &op, 1)) {
			CU_ASSERT_TRUE(op_is(&op, &ev, zsim_generator_group(many, op.group)));
		} else {
			CU_ASSERT_TRUE(zsim_generator_next(many, &other));
			CU_ASSERT_EQUAL(other.type, ev.type);
		}
	}
	CU_ASSERT_EQUAL(zsim_generator_next(many, &other), 0);
	zsim_generator_free(one);
	zsim_generator_free(many);
}

/** struct model - a simulator fed with a workload; @rejected: stores */
struct model {
	struct zsim *zs;
	uint64_t rejected;
};

static struct model run(const struct zsim_workload *w)
{
	struct zsim_generator *g = zsim_generator_create(w, NULL, NULL);
	struct model m = { .zs = zsim_create(NULL, NULL) };
	struct zsim_result res;
	struct zsim_event ev;

	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m.zs);
	while (zsim_generator_next(g, &ev)) {
		CU_ASSERT_EQUAL_FATAL(zsim_apply(m.zs, &ev, &res), 0);
		m.rejected += res.kind == ZSIM_RESULT_STORE && !res.value;
		if (ev.type == ZSIM_EV_MKDIR || ev.type == ZSIM_EV_RMDIR)
			CU_ASSERT_EQUAL(res.value, 0);
	}
	zsim_generator_free(g);
	CU_ASSERT_EQUAL(zsim_verify(m.zs), 0);
	return m;
}

static uint64_t written(const struct zsim *zs)
{
	return zsim_counter(zs, ZSIM_COUNTER_WRITTEN_BACK_PAGES);
}

/* each preset makes the model do what it is for */
static void the_model_takes_every_preset(void)
{
	for (int i = 0; i < ZSIM_NR_PRESETS; i++) {
		struct zsim_workload w = small((enum zsim_preset)i);
		struct model m;

		w.events = 30000;
		m = run(&w);
		CU_ASSERT_EQUAL(zsim_nodes(m.zs), 4);
		switch (w.preset) {
		case ZSIM_PRESET_WRITEBACK:
			CU_ASSERT_TRUE(zsim_written_by(m.zs, ZSIM_CAUSE_WORKER) > 1000);
			CU_ASSERT_TRUE(zsim_counter(m.zs, ZSIM_COUNTER_POOL_LIMIT_HIT) > 0);
			break;
		case ZSIM_PRESET_REQUESTS:
			CU_ASSERT_TRUE(zsim_written_by(m.zs, ZSIM_CAUSE_REQUEST) > 1000);
			CU_ASSERT_EQUAL(written(m.zs), zsim_written_by(m.zs, ZSIM_CAUSE_REQUEST));
			break;
		default:
			CU_ASSERT_EQUAL(written(m.zs), 0);
			CU_ASSERT_EQUAL(m.rejected, 0);
			break;
		}
		zsim_free(m.zs);
	}
}

/* even if nothing compresses, all fits unless the workload says that it shall not */
static void the_pool_is_large_enough(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct model m;

	w.length_min = w.length_max = ZSIM_PAGE_SIZE;
	w.events = 1000;
	m = run(&w);
	CU_ASSERT_EQUAL(m.rejected, 0);
	CU_ASSERT_EQUAL(zsim_counter(m.zs, ZSIM_COUNTER_POOL_LIMIT_HIT), 0);
	zsim_free(m.zs);
}

static void survives_failed_allocations(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);

	for (uint64_t n = 1;; n++) {
		struct zsim_generator *g;
		struct fail_alloc fa;
		int err;

		fail_alloc_init(&fa, n);
		g = zsim_generator_create(&w, fail_alloc_get(&fa), &err);
		CU_ASSERT_EQUAL(err, fa.failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(g == NULL, fa.failed > 0);
		zsim_generator_free(g);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
}

/* a bit a page, and not much else */
static void memory_is_small(void)
{
	struct zsim_workload w = small(ZSIM_PRESET_STEADY);
	struct zsim_generator *g;
	struct fail_alloc fa;

	w.entries = ZSIM_WORKLOAD_MAX_ENTRIES;
	w.groups = ZSIM_WORKLOAD_MAX_GROUPS;
	fail_alloc_init(&fa, 0);
	g = zsim_generator_create(&w, fail_alloc_get(&fa), NULL);
	CU_ASSERT_PTR_NOT_NULL(g);
	CU_ASSERT_TRUE(fa.peak_bytes < ZSIM_WORKLOAD_MAX_ENTRIES / 8 + (1u << 17));
	zsim_generator_free(g);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(live_entries_stay_about_the_same),
	ZSIM_CASE(shares_are_as_asked),
	ZSIM_CASE(stores_alone_replace_entries),
	ZSIM_CASE(nodes_and_groups_have_pages),
	ZSIM_CASE(lengths_of_each_kind),
	ZSIM_CASE(dense_slots_are_small_and_sparse_ones_not),
	ZSIM_CASE(what_happens_between_page_events),
	ZSIM_CASE(popular_pages_are_loaded_more_often),
	ZSIM_CASE(the_same_seed_gives_the_same_events),
	ZSIM_CASE(events_are_what_ops_are),
	ZSIM_CASE(the_model_takes_every_preset),
	ZSIM_CASE(the_pool_is_large_enough),
	ZSIM_CASE(survives_failed_allocations),
	ZSIM_CASE(memory_is_small),
};
ZSIM_SUITE_MAIN("generator", cases)
