/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ops_blocks.c - page events in batches, where the looks ahead of them could go wrong.
 *
 * Two machines get the same ops: one by zsim_apply() alone, the other in batches as far as
 * zsim_apply_ops() takes them. Here leaves come into being in the middle of a batch, the
 * same slot is used again before it is looked at, and some ops are not for batches at all.
 */
#include <errno.h>

#include <zsim/tally.h>

#include "engine/run.h"
#include "model/entry.h"
#include "support/suite.h"
#include "support/world.h"

#define DEVICE(n) ((uint64_t)(n) << ZSIM_SLOT_TYPE_SHIFT)
#define SWAP_PAGES (1u << 24)
#define OPS 1024u

/* on both sides of a block, of a ring, and many of both */
static const uint32_t sizes[] = { 1, 15, 16, 17, 63, 64, 65, OPS };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/**
 * struct pair - @done: ops that went in batches; @left: those that were left to zsim_apply()
 * @groups: "/g0" and so on, by these numbers; the next one is bound and never there
 */
struct pair {
	struct world one, batch;
	struct zsim_tally *one_tally, *batch_tally;
	uint32_t groups, nodes;
	uint64_t done, left;
	uint64_t wrong;
};

static const char *path_of(uint32_t group)
{
	static char path[16];

	snprintf(path, sizeof(path), "/g%u", group);
	return path;
}

static void machine_make(struct world *w, uint32_t groups, uint32_t nodes)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = *zsim_algo_find("patch");
	config.nodes = nodes;
	config.swap_pages = SWAP_PAGES;
	world_create_with(w, config);
	for (uint32_t g = 0; g < groups; g++) {
		world_group(w, path_of(g));
		CU_ASSERT_EQUAL_FATAL(zsim_bind(w->zs, g, path_of(g)), 0);
	}
	CU_ASSERT_EQUAL_FATAL(zsim_bind(w->zs, groups, path_of(groups)), 0);
}

static void pair_make_on(struct pair *p, uint32_t groups, uint32_t nodes)
{
	*p = (struct pair){ .groups = groups, .nodes = nodes };
	machine_make(&p->one, groups, nodes);
	machine_make(&p->batch, groups, nodes);
	p->one_tally = zsim_tally_create(p->one.zs, NULL);
	p->batch_tally = zsim_tally_create(p->batch.zs, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->one_tally);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->batch_tally);
}

static void pair_make(struct pair *p, uint32_t groups)
{
	pair_make_on(p, groups, 3);
}

static void counts_agree(struct pair *p)
{
	const struct zsim_tally_counts *a = zsim_tally_counts(p->one_tally);
	const struct zsim_tally_counts *b = zsim_tally_counts(p->batch_tally);

	p->wrong += a->stores_accepted != b->stores_accepted;
	p->wrong += a->stores_rejected != b->stores_rejected;
	p->wrong += a->loads_hit != b->loads_hit;
	p->wrong += a->loads_missed != b->loads_missed;
}

static void states_agree(struct pair *p)
{
	p->wrong += zsim_digest(p->one.zs) != zsim_digest(p->batch.zs);
	counts_agree(p);
	CU_ASSERT_EQUAL(p->wrong, 0);
}

static void pair_free(struct pair *p)
{
	states_agree(p);
	CU_ASSERT_EQUAL(zsim_verify(p->batch.zs), 0);
	world_free(&p->one);
	world_free(&p->batch);
	zsim_tally_free(p->one_tally);
	zsim_tally_free(p->batch_tally);
}

/* ---- the same ops in two ways ---------------------------------------------------------- */

struct answer {
	int rc;
	struct zsim_result res;
};

static struct answer op_apply(struct zsim *zs, const struct zsim_op *op)
{
	struct answer a = { .rc = 0 };
	struct zsim_event ev;

	zsim_op_event(op, op->type == ZSIM_EV_STORE ? path_of(op->group) : NULL, 0, &ev);
	a.rc = zsim_apply(zs, &ev, &a.res);
	return a;
}

/* what goes in a batch is right; what is left is answered alike */
static void ops_apply(struct pair *p, const struct zsim_op *ops, uint32_t nr)
{
	static struct answer answers[OPS];
	struct answer left;
	uint32_t done;

	for (uint32_t i = 0; i < nr; i++)
		answers[i] = op_apply(p->one.zs, &ops[i]);
	for (uint32_t i = 0; i < nr; i++) {
		done = zsim_apply_ops(p->batch.zs, ops + i, nr - i);
		p->done += done;
		for (; done; done--)
			p->wrong += answers[i++].rc != 0;
		if (i == nr)
			break;
		left = op_apply(p->batch.zs, &ops[i]);
		p->wrong += left.rc != answers[i].rc;
		p->wrong += !left.rc && !zsim_result_equal(&left.res, &answers[i].res);
		p->left++;
	}
}

static uint64_t in_leaves(const struct pair *p)
{
	return p->batch.zs->st.map.dense.entries;
}

static uint64_t in_hash(const struct pair *p)
{
	return p->batch.zs->st.nr_entries - in_leaves(p);
}

/* ---- ops that are made up ------------------------------------------------------------------- */

static uint64_t seed;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static struct zsim_op store(const struct pair *p, uint64_t slot)
{
	return (struct zsim_op){
		.slot = slot,
		.group = rnd(p->groups),
		.length = (uint16_t)(1 + rnd(ZSIM_PAGE_SIZE)),
		.node = (uint8_t)rnd(p->nodes),
		.type = ZSIM_EV_STORE,
	};
}

/* no store: whatever stands where a store has its group, length and node means nothing */
static struct zsim_op plain(uint64_t slot, uint8_t type)
{
	return (struct zsim_op){
		.slot = slot,
		.group = rnd(2) ? rnd(4) : UINT32_MAX,
		.length = (uint16_t)rnd(UINT16_MAX),
		.node = (uint8_t)rnd(UINT8_MAX),
		.type = type,
	};
}

/* of a store, a load and an invalidate */
static struct zsim_op of_kind(const struct pair *p, uint64_t slot, uint32_t kind)
{
	static const uint8_t types[] = { ZSIM_EV_STORE, ZSIM_EV_LOAD, ZSIM_EV_INVALIDATE };

	return kind ? plain(slot, types[kind]) : store(p, slot);
}

#define BAD_KINDS 11u

/* one that zsim_apply() refuses too */
static struct zsim_op bad_op(const struct pair *p, uint64_t slot, uint32_t kind)
{
	struct zsim_op op = store(p, slot);

	switch (kind) {
	case 0:
		op.group = p->groups; /* not there */
		return op;
	case 1:
		op.group = p->groups + 1; /* no number */
		return op;
	case 2:
		op.length = 0;
		return op;
	case 3:
		op.length = ZSIM_PAGE_SIZE + 1;
		return op;
	case 4:
		op.node = (uint8_t)p->nodes;
		return op;
	case 5:
		op.slot = slot | SWAP_PAGES;
		return op;
	case 6:
		op.slot = slot | DEVICE(32);
		return op;
	case 7:
		return plain(slot | SWAP_PAGES, ZSIM_EV_LOAD);
	case 8:
		return plain(slot | DEVICE(32), ZSIM_EV_LOAD);
	case 9:
		return plain(slot | 1ull << 40, ZSIM_EV_LOAD);
	default:
		return plain(slot | 1ull << 40, ZSIM_EV_INVALIDATE);
	}
}

/* side by side on two devices, and far apart on a third */
static uint64_t some_slot(void)
{
	uint32_t n = rnd(8500);

	if (n < 6000)
		return n;
	if (n < 7000)
		return DEVICE(31) | (n - 6000);
	return DEVICE(1) | SWAP_PAGES / 2 | n * 999u;
}

/**
 * struct habit - what ops are like
 * @stores: of 16 ops so many are stores, the rest loads and invalidates
 * @recent: slots of late, to which every other op returns
 */
struct habit {
	uint32_t stores;
	uint64_t recent[8];
};

static struct zsim_op some_op(const struct pair *p, struct habit *h)
{
	uint64_t *slot = &h->recent[rnd(8)];

	if (rnd(2))
		*slot = some_slot();
	if (!rnd(64))
		return bad_op(p, *slot, rnd(BAD_KINDS));
	return of_kind(p, *slot, rnd(16) < h->stores ? 0 : 1 + rnd(2));
}

/* ---- lives of all kinds ---------------------------------------------------------------------- */

/* each size of a batch in turn, while the machine fills, lives on, and empties again */
static void a_life(uint32_t groups, uint32_t nodes, uint64_t from)
{
	static const uint32_t stores[] = { 15, 14, 14, 8, 8, 2, 1 };
	struct zsim_op ops[OPS];
	struct habit h = { .recent = { 0 } };
	uint64_t leaves = 0, hash = 0;
	struct pair p;

	seed = from;
	pair_make_on(&p, groups, nodes);
	for (uint32_t n = 0; n < 7 * 5 * SIZES; n++) {
		uint32_t nr = sizes[n % SIZES];

		h.stores = stores[n / SIZES / 5];
		for (uint32_t i = 0; i < nr; i++)
			ops[i] = some_op(&p, &h);
		ops_apply(&p, ops, nr);
		states_agree(&p);
		leaves = in_leaves(&p) > leaves ? in_leaves(&p) : leaves;
		hash = in_hash(&p) > hash ? in_hash(&p) : hash;
	}
	CU_ASSERT(leaves > 2000);
	CU_ASSERT(hash > 1000);
	CU_ASSERT(p.left > 100);
	CU_ASSERT(p.done > 20 * p.left);
	pair_free(&p);
}

static void lives_of_all_kinds(void)
{
	a_life(3, 3, 11);
	a_life(800, 64, 16); /* more groups and lists than a cache holds: they are looked at too */
}

/* ---- leaves that come into being ------------------------------------------------------------- */

/*
 * 3000 slots far apart and then as many side by side: from then on leaves pay, one after the other
 */
static void a_fill(uint32_t nr)
{
	struct zsim_op ops[OPS];
	uint32_t at = 0;
	struct pair p;

	seed = nr;
	pair_make(&p, 2);
	while (at < 12000) {
		for (uint32_t i = 0; i < nr; i++, at++) {
			uint64_t slot = at < 3000 ? DEVICE(1) | at * 5000u : at - 2900;

			/* back to one whose leaf came after it, now and then */
			ops[i] = at % 7 == 6 ? of_kind(&p, slot - rnd(40), at % 3) :
					       store(&p, slot);
		}
		ops_apply(&p, ops, nr);
		if (nr > 1 || at % 16 == 0)
			states_agree(&p);
	}
	CU_ASSERT(in_leaves(&p) > 5000);
	CU_ASSERT(in_hash(&p) > 2000);
	CU_ASSERT_EQUAL(p.left, 0);
	pair_free(&p);
}

static void leaves_come_in_the_middle(void)
{
	for (size_t s = 0; s < SIZES; s++)
		a_fill(sizes[s]);
}

/* ---- slots that come again ------------------------------------------------------------------- */

/* 600 slots far apart, then others side by side */
static uint64_t filled(uint32_t n)
{
	return n < 600 ? DEVICE(1) | n * 5000u : n - 600;
}

/* enough for leaves, and slots that are in them and in the hash */
static void pair_fill(struct pair *p, uint32_t groups)
{
	struct zsim_op ops[OPS];

	pair_make(p, groups);
	for (uint32_t at = 0; at < 4 * OPS;) {
		for (uint32_t i = 0; i < OPS; i++, at++)
			ops[i] = store(p, filled(at));
		ops_apply(p, ops, OPS);
	}
	CU_ASSERT_FATAL(in_leaves(p) > 1000);
	CU_ASSERT_FATAL(in_hash(p) > 500);
}

static bool has(const struct world *w, uint64_t slot)
{
	return zsim_entry_find(&w->zs->st, slot) != ZSIM_NIL;
}

/* three ops for the slot, @apart from each other, among ops for others: each kind behind each */
static void three_ops(struct pair *p, uint64_t slot, uint32_t apart)
{
	struct zsim_op ops[2 * 70 + 1];
	uint32_t nr = 2 * apart + 1;

	for (uint32_t kinds = 0; kinds < 27; kinds++) {
		for (uint32_t i = 0; i < nr; i++)
			ops[i] = of_kind(p, DEVICE(2) | rnd(1000), rnd(3));
		ops[0] = of_kind(p, slot, kinds % 3);
		ops[apart] = of_kind(p, slot, kinds / 3 % 3);
		ops[nr - 1] = of_kind(p, slot, kinds / 9);
		ops_apply(p, ops, nr);
		p->wrong += has(&p->one, slot) != has(&p->batch, slot);
	}
	states_agree(p);
}

static void the_same_slot_again(void)
{
	struct pair p;

	seed = 5;
	pair_fill(&p, 2);
	for (uint32_t apart = 1; apart <= 70; apart++) {
		three_ops(&p, 77, apart);
		three_ops(&p, DEVICE(1) | 5000, apart);
		three_ops(&p, DEVICE(3) | 1234567, apart);
	}
	CU_ASSERT_EQUAL(p.left, 0);
	pair_free(&p);
}

/* nothing but one slot, in all orders that a seed gives */
static void one_slot_alone(void)
{
	struct zsim_op ops[OPS];
	struct pair p;

	seed = 6;
	pair_fill(&p, 2);
	for (uint32_t n = 0; n < 4 * SIZES; n++) {
		uint64_t slot = n % 2 ? 4 : DEVICE(1) | 10000;

		for (uint32_t i = 0; i < sizes[n % SIZES]; i++)
			ops[i] = of_kind(&p, slot, rnd(3));
		ops_apply(&p, ops, sizes[n % SIZES]);
		states_agree(&p);
	}
	CU_ASSERT_EQUAL(p.left, 0);
	pair_free(&p);
}

/*
 * So few that they share two chunks of the hash: what a look has found is another slot's by
 * the time of the op, or is the slot's own again at another place.
 */
static void a_handful_of_slots(void)
{
	struct zsim_op ops[OPS];

	seed = 10;
	for (uint32_t slots = 2; slots < 32; slots++) {
		struct pair p;

		pair_make(&p, 2);
		for (uint32_t n = 0; n < 4 * SIZES; n++) {
			for (uint32_t i = 0; i < sizes[n % SIZES]; i++)
				ops[i] = of_kind(&p, rnd(slots), n ? rnd(3) : 0);
			ops_apply(&p, ops, sizes[n % SIZES]);
			states_agree(&p);
		}
		CU_ASSERT_EQUAL(p.left, 0);
		pair_free(&p);
	}
}

/* ---- what is not for batches ----------------------------------------------------------------- */

/* at each place of the first blocks, alone and soon followed by another; ops behind it are done */
static void wrong_ops_at_every_place(void)
{
	struct zsim_op ops[70];
	struct pair p;

	seed = 7;
	pair_fill(&p, 2);
	for (uint32_t at = 0; at < 66; at++) {
		for (uint32_t kind = 0; kind < BAD_KINDS; kind++) {
			uint64_t left = p.left;

			for (uint32_t i = 0; i < 70; i++)
				ops[i] = of_kind(&p, rnd(2) ? rnd(3000) : DEVICE(1) | rnd(9) * 5000,
						 rnd(3));
			ops[at] = bad_op(&p, 9, kind);
			ops[at + 3] = bad_op(&p, 5, (kind + at) % BAD_KINDS);
			ops_apply(&p, ops, 70);
			p.wrong += p.left != left + 2;
		}
		states_agree(&p);
	}
	pair_free(&p);
}

/* where the next right store would make a leaf */
static void wrong_ops_make_no_leaf(void)
{
	struct zsim_op ops[OPS];
	struct pair p;

	seed = 13;
	pair_make(&p, 2);
	for (uint32_t at = 0; at < 3 * OPS;) {
		for (uint32_t i = 0; i < OPS; i++, at++)
			ops[i] = store(&p, DEVICE(1) | SWAP_PAGES / 2 | at * 999u);
		ops_apply(&p, ops, OPS);
	}
	for (uint32_t i = 0; i < 63; i++)
		ops[i] = store(&p, i);
	ops_apply(&p, ops, 63);
	for (uint32_t kind = 2; kind < BAD_KINDS; kind++) {
		ops[0] = bad_op(&p, 63, kind);
		ops_apply(&p, ops, 1);
		CU_ASSERT_EQUAL(p.batch.zs->st.map.dense.bytes, 0);
	}
	ops[0] = store(&p, 63);
	ops_apply(&p, ops, 1);
	CU_ASSERT_EQUAL(in_leaves(&p), 64);
	pair_free(&p);
}

static void both_remove(struct pair *p, uint32_t group)
{
	world_remove(&p->one, path_of(group));
	world_remove(&p->batch, path_of(group));
}

/* new groups get the records of those that have left, in the order in which they did */
static void groups_come_again(struct pair *p, uint32_t groups)
{
	struct zsim_op op;

	for (uint32_t g = 0; g < groups; g++) {
		if (zsim_lookup(p->one.zs, path_of(g)) != ZSIM_MEMCG_NONE)
			continue;
		world_group(&p->one, path_of(g));
		world_group(&p->batch, path_of(g));
		p->wrong += zsim_lookup(p->one.zs, path_of(g)) !=
			    zsim_lookup(p->batch.zs, path_of(g));
		op = store(p, filled(g));
		op.group = g;
		ops_apply(p, &op, 1);
		both_remove(p, g);
	}
	states_agree(p);
}

/* groups that have left: their last pages leave in the middle of a block, and they with them */
static void groups_end_in_a_block(void)
{
	struct zsim_op ops[128];
	uint32_t gone = 0;
	struct pair p;

	seed = 8;
	pair_fill(&p, 150);
	for (uint32_t g = 0; g < 150; g += 3)
		both_remove(&p, g);
	for (uint32_t at = 0; at < 4 * OPS;) {
		for (uint32_t i = 0; i < 128; i++, at++) {
			uint32_t n = at * 1237 % (4 * OPS); /* each once */

			ops[i] = of_kind(&p, filled(n), rnd(40) ? 1 + rnd(2) : 0);
		}
		ops_apply(&p, ops, 128);
		states_agree(&p);
	}
	for (uint32_t g = 0; g < 150; g += 3)
		gone += zsim_lookup(p.batch.zs, path_of(g)) == ZSIM_MEMCG_NONE;
	CU_ASSERT(p.left > 20); /* stores to those groups */
	CU_ASSERT(gone > 10);
	groups_come_again(&p, 150);
	pair_free(&p);
}

/* ---- out of memory --------------------------------------------------------------------------- */

/* two of three side by side */
static uint64_t mixed(uint32_t n)
{
	return n % 3 ? n / 3 * 2 + n % 3 - 1 : DEVICE(1) | SWAP_PAGES / 2 | n * 99u;
}

/* as often as a call fails, the batch goes on where it stopped */
static uint32_t ops_apply_failing(struct world *w, const struct zsim_op *ops, uint32_t nr)
{
	uint32_t failed = 0;
	uint32_t done = 0;

	while (done < nr) {
		w->fa.fail_at = w->fa.calls + 1 + rnd(4);
		done += zsim_apply_ops(w->zs, ops + done, nr - done);
		failed += done < nr;
		CU_ASSERT_FATAL(failed < 1000);
	}
	w->fa.fail_at = 0;
	return failed;
}

/* nothing tells afterwards that a leaf or anything else came late */
static void without_memory(void)
{
	struct zsim_op ops[OPS];
	uint32_t failed = 0;
	struct pair p;

	seed = 9;
	pair_make(&p, 2);
	for (uint32_t at = 0; at < 24 * OPS;) {
		for (uint32_t i = 0; i < OPS; i++, at++)
			ops[i] = store(&p, mixed(at));
		for (uint32_t i = 0; i < OPS; i++)
			p.wrong += op_apply(p.one.zs, &ops[i]).rc != 0;
		failed += ops_apply_failing(&p.batch, ops, OPS);
		states_agree(&p);
	}
	CU_ASSERT(failed > 20);
	CU_ASSERT(in_leaves(&p) > 5000);
	pair_free(&p);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(lives_of_all_kinds),	   ZSIM_CASE(leaves_come_in_the_middle),
	ZSIM_CASE(the_same_slot_again),	   ZSIM_CASE(one_slot_alone),
	ZSIM_CASE(a_handful_of_slots),	   ZSIM_CASE(wrong_ops_at_every_place),
	ZSIM_CASE(wrong_ops_make_no_leaf), ZSIM_CASE(groups_end_in_a_block),
	ZSIM_CASE(without_memory),
};
ZSIM_SUITE_MAIN("ops_blocks", cases)
