/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_visits.c - visits in a row do what they do one by one.
 *
 * Two machines play the same lines. One has an observer that hears of each decision, so all
 * of its visits are made in steps; the other makes them in a row where it can. Answers,
 * states, tallies, findings and what is told of requests must be the same.
 */
#include <errno.h>

#include <zsim/findings.h>
#include <zsim/tally.h>
#include <zsim/trace.h>

#include "engine/run.h"
#include "support/replay.h"
#include "support/samples.h"
#include "support/suite.h"
#include "support/world.h"

#define LIVES 400u
#define LINES 120u
#define SLOTS 40u
#define LONG_LIST (ZSIM_CACHED + ZSIM_CACHED / 8)

/**
 * struct side - one machine
 * @scans, @visits: visits that it made in steps, and in rows
 * @requests: what was told of them, as one number
 */
struct side {
	struct world w;
	struct zsim_observer observer;
	struct zsim_tally *tally;
	struct zsim_findings *findings;
	uint64_t scans;
	uint64_t visits;
	uint64_t requests;
};

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct side *s = ctx;

	(void)zs;
	s->scans += d->kind == ZSIM_D_SCAN;
}

static void on_ops(void *ctx, const struct zsim *zs, const struct zsim_ops_done *done)
{
	(void)ctx;
	(void)zs;
	(void)done;
}

/* the sums are those of the visits, and they say of which list */
static void on_visits(void *ctx, const struct zsim *zs, const struct zsim_visits *v)
{
	struct side *s = ctx;
	uint32_t written = 0;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < v->nr; i++) {
		written += v->at[i].written;
		bytes += v->at[i].written ? v->at[i].length : 0;
	}
	CU_ASSERT(v->nr > 0);
	CU_ASSERT_EQUAL(v->written, written);
	CU_ASSERT_EQUAL(v->bytes, bytes);
	CU_ASSERT(v->memcg == ZSIM_MEMCG_ROOT || zsim_path(zs, v->memcg));
	CU_ASSERT(v->node < zsim_nodes(zs));
	s->visits += v->nr;
}

/* what was told of a request, as one number */
static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	const uint64_t told[] = { (uint64_t)rq->rc,   rq->bytes,	   rq->steps,
				  rq->scanned,	      rq->rotated,	   rq->written,
				  rq->busy,	      rq->failed,	   (uint64_t)rq->why,
				  rq->children,	      rq->children_missed, rq->written_node[0],
				  rq->written_node[1] };
	struct side *s = ctx;

	(void)zs;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		s->requests = (s->requests ^ told[i]) * 0x9e3779b97f4a7c15ull;
}

static void side_make(struct side *s, struct zsim_config config, bool in_a_row)
{
	*s = (struct side){ .scans = 0 };
	s->observer = (struct zsim_observer){
		.decision = on_decision,
		.request = on_request,
		.ops = on_ops,
		.visits = in_a_row ? on_visits : NULL,
		.ctx = s,
	};
	world_create_with(&s->w, config);
	CU_ASSERT_EQUAL_FATAL(zsim_observe(s->w.zs, &s->observer), 0);
	s->tally = zsim_tally_create(s->w.zs, NULL);
	s->findings = zsim_findings_create(s->w.zs, NULL);
}

static struct zsim_config machine(const char *algo)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.nodes = 2;
	config.algo = *zsim_algo_find(algo);
	return config;
}

static void side_free(struct side *s)
{
	world_free(&s->w);
	zsim_tally_free(s->tally);
	zsim_findings_free(s->findings);
}

/** struct pair - @broken: lines after which the two were not the same */
struct pair {
	struct side steps, row;
	uint32_t broken;
};

static void pair_make(struct pair *p, struct zsim_config config)
{
	side_make(&p->steps, config, false);
	side_make(&p->row, config, true);
	p->broken = 0;
}

/* one line; a line that is refused is refused by both */
static void pair_play(struct pair *p, const char *line)
{
	struct zsim_result a = { 0 }, b = { 0 };
	struct zsim_reader *rd;
	struct zsim_event ev;
	char text[256];
	int size = snprintf(text, sizeof(text), "zsim-trace 1\n%s\n", line);
	bool same;

	CU_ASSERT_EQUAL_FATAL(zsim_reader_open_memory("line", text, (size_t)size, NULL, &rd), 0);
	CU_ASSERT_EQUAL_FATAL(zsim_reader_next(rd, &ev), 1);
	same = zsim_apply(p->steps.w.zs, &ev, &a) == zsim_apply(p->row.w.zs, &ev, &b) &&
	       zsim_result_equal(&a, &b) &&
	       zsim_digest(p->steps.w.zs) == zsim_digest(p->row.w.zs) &&
	       p->steps.requests == p->row.requests;
	if (!same && !p->broken++)
		printf("differs after `%s`\n", line);
	zsim_reader_close(rd);
}

static void findings_agree(struct pair *p)
{
	size_t nr;

	CU_ASSERT_EQUAL(zsim_findings_end(p->steps.findings, p->steps.w.zs), 0);
	CU_ASSERT_EQUAL(zsim_findings_end(p->row.findings, p->row.w.zs), 0);
	nr = zsim_findings_count(p->steps.findings);
	CU_ASSERT_EQUAL_FATAL(zsim_findings_count(p->row.findings), nr);
	for (size_t i = 0; i < nr; i++)
		CU_ASSERT_STRING_EQUAL(zsim_findings_get(p->steps.findings, i)->text,
				       zsim_findings_get(p->row.findings, i)->text);
}

static void pair_end(struct pair *p)
{
	CU_ASSERT_EQUAL(p->broken, 0);
	CU_ASSERT(!memcmp(zsim_tally_counts(p->steps.tally), zsim_tally_counts(p->row.tally),
			  sizeof(struct zsim_tally_counts)));
	CU_ASSERT_EQUAL(p->steps.scans, p->row.scans + p->row.visits);
	CU_ASSERT_EQUAL(p->steps.visits, 0);
	findings_agree(p);
	side_free(&p->steps);
	side_free(&p->row);
}

static int one_op(void *ctx, const struct zsim_op *op)
{
	return world_store(ctx, op->slot, "/a", 0, op->length) == 1 ? 0 : -EIO;
}

static void side_fill(struct side *s, const struct zsim_op *ops, uint32_t nr)
{
	CU_ASSERT_EQUAL_FATAL(zsim_bind(s->w.zs, 0, "/a"), 0);
	CU_ASSERT_EQUAL_FATAL(zsim_each_op(s->w.zs, ops, nr, one_op, &s->w), 0);
}

/* ---- lines at random ------------------------------------------------------------------- */

static const char *const groups[] = { "/", "/a", "/b", "/a/x" };

static uint32_t roll(struct dice *d, uint32_t below)
{
	return (uint32_t)dice_roll(d, below);
}

/* a call, which an actor may make as well */
static int call_line(struct dice *d, char *line, size_t size)
{
	const char *g = groups[roll(d, 4)];

	switch (roll(d, 5)) {
	case 0:
	case 1:
		return snprintf(line, size, "write %s memory.reclaim %u source=zswap", g,
				1 + roll(d, 30000));
	case 2:
		return snprintf(line, size, "worker");
	case 3:
		return snprintf(line, size, "shrinker %s %u %u", g, roll(d, 2), 1 + roll(d, 20));
	default:
		return snprintf(line, size, "slab %s %u %u", g, roll(d, 2), roll(d, 3));
	}
}

static void slot_line(struct dice *d, char *line, size_t size)
{
	static const char *const verbs[] = { "load", "invalidate", "cache", "uncache", "uncache",
					     "cold", "cold",	   "cold",  "cold" };

	snprintf(line, size, "%s %u", verbs[roll(d, 9)], 1 + roll(d, SLOTS));
}

static void rare_line(struct dice *d, char *line, size_t size)
{
	const char *g = groups[1 + roll(d, 3)];

	switch (roll(d, 6)) {
	case 0:
		snprintf(line, size, "fail %s %u", roll(d, 2) ? "decompress" : "swapcache_alloc",
			 1 + roll(d, 3));
		break;
	case 1:
		snprintf(line, size, "write %s memory.zswap.writeback %u", g, roll(d, 2));
		break;
	case 2:
		snprintf(line, size, "write %s memory.zswap.max %u", g, 4096 * (1 + roll(d, 9)));
		break;
	case 3:
		snprintf(line, size, "rmdir %s", g);
		break;
	default:
		snprintf(line, size, "mkdir %s", g);
		break;
	}
}

static void some_line(struct dice *d, char *line, size_t size)
{
	uint32_t kind = roll(d, 100);
	int at;

	if (kind < 45) {
		snprintf(line, size, "store %u %s %u %u", 1 + roll(d, SLOTS), groups[roll(d, 4)],
			 roll(d, 2), 1 + roll(d, 4096));
	} else if (kind < 70) {
		slot_line(d, line, size);
	} else if (kind < 85) {
		call_line(d, line, size);
	} else if (kind < 90) {
		at = snprintf(line, size, "@A ");
		call_line(d, line + at, size - (size_t)at);
	} else if (kind < 95) {
		snprintf(line, size, "@A %s", roll(d, 3) ? "step" : "finish");
	} else {
		rare_line(d, line, size);
	}
}

static void one_life(struct dice *d, const char *algo, struct pair *p)
{
	char line[128];

	pair_make(p, machine(algo));
	snprintf(line, sizeof(line), "machine nodes=2 ram=%u", 40 + roll(d, 100));
	pair_play(p, line);
	pair_play(p, "param shrinker_enabled 1");
	for (uint32_t i = 1; i < 4; i++) {
		snprintf(line, sizeof(line), "mkdir %s", groups[i]);
		pair_play(p, line);
	}
	for (uint32_t i = 0; i < LINES && !p->broken; i++) {
		some_line(d, line, sizeof(line));
		pair_play(p, line);
	}
	pair_play(p, "@A finish");
}

/* ---- cases ------------------------------------------------------------------------------ */

static void lives_at_random(void)
{
	static const char *const algos[] = { "linux-7.2", "linux-7.3", "patch" };
	struct dice d = dice_seed("visits", 7);
	uint64_t in_a_row = 0, in_steps = 0;
	struct pair p;

	for (uint32_t i = 0; i < samples(LIVES, LIVES / 8); i++) {
		one_life(&d, algos[i % 3], &p);
		in_a_row += p.row.visits;
		in_steps += p.row.scans;
		pair_end(&p);
	}
	/* both ways were gone often */
	CU_ASSERT(in_a_row > samples(LIVES, LIVES / 8));
	CU_ASSERT(in_steps > samples(LIVES, LIVES / 8));
}

/* more than are told of at once, over a list that is walked round */
static void a_long_walk(void)
{
	char line[64];
	struct pair p;

	pair_make(&p, machine("patch"));
	pair_play(&p, "param shrinker_enabled 1");
	pair_play(&p, "mkdir /a");
	for (uint32_t slot = 1; slot <= 150; slot++) {
		snprintf(line, sizeof(line), "store %u /a 0 %u", slot, 100 + slot);
		pair_play(&p, line);
	}
	pair_play(&p, "cache 70");
	pair_play(&p, "shrinker /a 0 400");
	CU_ASSERT_EQUAL(p.row.scans, 1); /* the one that met the swap cache */
	CU_ASSERT_EQUAL(p.row.visits, 150 + 69);
	pair_play(&p, "uncache 70");
	pair_play(&p, "write /a memory.reclaim 1M source=zswap");
	CU_ASSERT_EQUAL(zsim_list_length(p.row.w.zs, zsim_lookup(p.row.w.zs, "/a"), 0), 0);
	pair_end(&p);
}

/* a list that lies in no cache, whose entries are asked for ahead of the walks (engine/trail.h) */
static void a_list_with_a_trail(void)
{
	static struct zsim_op ops[LONG_LIST];
	char line[64];
	struct pair p;

	pair_make(&p, machine("patch"));
	pair_play(&p, "param shrinker_enabled 1");
	pair_play(&p, "mkdir /a");
	for (uint32_t i = 0; i < LONG_LIST; i++)
		ops[i] = (struct zsim_op){ .slot = i + 1, .length = 100, .type = ZSIM_EV_STORE };
	side_fill(&p.steps, ops, LONG_LIST);
	side_fill(&p.row, ops, LONG_LIST);
	for (uint32_t i = 0; i < 4; i++) {
		snprintf(line, sizeof(line), "shrinker /a 0 %u", LONG_LIST / 3);
		pair_play(&p, line);
		snprintf(line, sizeof(line), "load %u", i * (LONG_LIST / 5) + 1);
		pair_play(&p, line);
	}
	pair_play(&p, "write /a memory.reclaim 1M source=zswap");
	CU_ASSERT(p.row.w.zs->trail.sent > 0);
	CU_ASSERT_EQUAL(p.row.scans, 0);
	pair_end(&p);
}

/* a walk that comes round in its second row, to what the first one has rotated */
static void a_second_chance_is_lost(void)
{
	struct zsim_config config = machine("linux-7.3");
	char line[64];
	struct pair p;

	config.algo.walk_nr = 150; /* the patch never walks further than its list is long */
	pair_make(&p, config);
	pair_play(&p, "mkdir /a");
	for (uint32_t slot = 1; slot <= 100; slot++) {
		snprintf(line, sizeof(line), "store %u /a 0 100", slot);
		pair_play(&p, line);
	}
	pair_play(&p, "param accept_threshold_percent 0");
	pair_play(&p, "worker"); /* 100 rotated and 50 of them written, then the others */
	CU_ASSERT_EQUAL(p.row.scans, 0);
	CU_ASSERT_EQUAL(p.row.visits, 200);
	pair_end(&p);
}

/* what the call itself counts, of which only its bounds are made */
static void the_call_counts(void)
{
	struct zsim_call steps = { .pc = ZSIM_D_NONE }, row;
	struct zsim_visit_done at[9];
	struct zsim_decision d;
	struct zsim_visits v;
	struct zsim_state *st;
	struct world w;

	world_create(&w, "patch", 1);
	world_fill(&w, "/a", 0, 9, 100);
	world_age(&w, "/a", 0);
	world_fill(&w, "/a", 0, 3, 100);
	st = &w.zs->st;
	zsim_call_request(st, &steps, zsim_lookup(w.zs, "/a"), 1);
	while (steps.pc != ZSIM_D_SCAN) {
		zsim_call_peek(st, &steps, &d);
		CU_ASSERT_EQUAL_FATAL(zsim_call_commit(st, &steps, &d), 0);
	}
	row = steps;
	zsim_call_visits(st, &row, &v, at, 9, false);
	CU_ASSERT_EQUAL(v.nr, 9);
	CU_ASSERT_EQUAL(v.written, 9);
	CU_ASSERT_EQUAL(row.visits, 9);
	CU_ASSERT_EQUAL(row.shrink.visits, 9);
	CU_ASSERT_EQUAL(row.shrink.bytes, 900);
	CU_ASSERT_EQUAL(row.walk.nr, steps.walk.nr - 9);
	zsim_call_visits(st, &row, &v, at, 9, false);
	CU_ASSERT_EQUAL(v.nr, 3);
	CU_ASSERT_EQUAL(v.written, 0);
	CU_ASSERT_EQUAL(row.visits, 12);
	zsim_call_visits(st, &row, &v, at, 9, false); /* the end of the list is not its business */
	CU_ASSERT_EQUAL(v.nr, 0);
	zsim_call_cancel(st, &row);
	world_free(&w);
}

/* an entry that fails, or that somebody has in hand, is not passed over quickly */
static void what_stands_in_the_way(void)
{
	struct pair p;

	pair_make(&p, machine("patch"));
	pair_play(&p, "mkdir /a");
	for (uint32_t slot = 1; slot <= 6; slot++) {
		char line[64];

		snprintf(line, sizeof(line), "store %u /a 0 100", slot);
		pair_play(&p, line);
		snprintf(line, sizeof(line), "cold %u", slot);
		pair_play(&p, line);
	}
	pair_play(&p, "fail decompress 1");
	pair_play(&p, "write /a memory.reclaim 100 source=zswap");
	CU_ASSERT(p.row.scans > 0);
	CU_ASSERT_EQUAL(zsim_counter(p.row.w.zs, ZSIM_COUNTER_DECOMPRESS_FAIL), 1);
	pair_play(&p, "@A write /a memory.reclaim 100 source=zswap");
	pair_play(&p, "@A step 2"); /* to unlocked */
	pair_play(&p, "write /a memory.reclaim 100 source=zswap");
	pair_play(&p, "@A finish");
	pair_end(&p);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(lives_at_random),	ZSIM_CASE(a_long_walk),
	ZSIM_CASE(a_list_with_a_trail), ZSIM_CASE(a_second_chance_is_lost),
	ZSIM_CASE(the_call_counts),	ZSIM_CASE(what_stands_in_the_way),
};
ZSIM_SUITE_MAIN("visits", cases)
