/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor, property by property: the right model breaks none of them, and one
 * decision or number made wrong by hand breaks the one that it is about.
 *
 * A call is driven here as the explorer does it: peek, before, commit, after. A test
 * meddles with it at one kind of decision: with what was peeked (LATE = false) or with
 * what the commit left (LATE = true).
 */
#include <errno.h>
#include <stdlib.h>

#include "check/monitor.h"
#include "engine/run.h"
#include "model/entry.h"
#include "model/limit.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "support/suite.h"
#include "support/world.h"

struct bench;

/** struct meddling - at the first decision of a kind: @done counts them */
struct meddling {
	enum zsim_decision_kind at;
	bool late;
	void (*how)(struct bench *b, struct zsim_call *call, struct zsim_decision *d);
	uint32_t done;
};

struct bench {
	struct world w;
	struct zsim_state *st;
	struct zsim_monitor m;
	struct meddling meddling;
};

static struct zsim_config options(const char *algo)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = *zsim_algo_find(algo);
	return config;
}

static void bench_open_with(struct bench *b, uint64_t properties, struct zsim_config config)
{
	*b = (struct bench){ .st = NULL };
	world_create_with(&b->w, config);
	b->st = &b->w.zs->st;
	CU_ASSERT_EQUAL_FATAL(zsim_monitor_init(&b->m, b->w.zs->alloc, properties, 2), 0);
	CU_ASSERT_EQUAL_FATAL(zsim_monitor_reserve(&b->m, 256, 16), 0);
}

static void bench_open(struct bench *b, uint64_t properties, const char *algo)
{
	bench_open_with(b, properties, options(algo));
}

/* the state may be what meddling made of it, so it is not verified; nothing may leak */
static void bench_close(struct bench *b)
{
	zsim_monitor_destroy(&b->m);
	zsim_free(b->w.zs);
	CU_ASSERT_EQUAL(b->w.fa.live_blocks, 0);
}

/* what broke since it was asked last: that and nothing else */
static void expect_at(struct bench *b, uint64_t broken, int line)
{
	char what[400];

	snprintf(what, sizeof(what), "broken: 0x%llx, expected 0x%llx (%s)",
		 (unsigned long long)b->m.broken, (unsigned long long)broken,
		 b->m.broken ? b->m.why : "nothing");
	CU_assertImplementation(b->m.broken == broken, (unsigned int)line, what, __FILE__, "",
				CU_FALSE);
	CU_ASSERT(!broken || strlen(b->m.why) > 20);
	b->m.broken = 0;
}

#define BROKEN(b, property) expect_at(b, ZSIM_P_BIT(ZSIM_P_##property), __LINE__)
#define HELD(b) expect_at(b, 0, __LINE__)
#define ONLY(property) ZSIM_P_BIT(ZSIM_P_##property)
#define ALL (ZSIM_P_BIT(ZSIM_NR_PROPERTIES) - 1)

static void meddle(struct bench *b, struct zsim_call *call, struct zsim_decision *d, bool late)
{
	struct meddling *with = &b->meddling;

	if (!with->how || with->at != d->kind || with->late != late || with->done)
		return;
	with->done++;
	with->how(b, call, d);
}

static void step(struct bench *b, struct zsim_call *call)
{
	struct zsim_decision d;

	zsim_call_peek(b->st, call, &d);
	meddle(b, call, &d, false);
	zsim_monitor_before(&b->m, b->st, call, &d);
	CU_ASSERT_EQUAL_FATAL(zsim_call_commit(b->st, call, &d), 0);
	meddle(b, call, &d, true);
	zsim_monitor_after(&b->m, b->st, call, &d);
	zsim_monitor_state(&b->m, b->st);
}

/* a decision of this kind is the next one, or the call is over */
static void run_to(struct bench *b, struct zsim_call *call, enum zsim_decision_kind kind)
{
	struct zsim_call ahead;
	struct zsim_decision d;

	while (!zsim_call_ended(call)) {
		ahead = *call;
		zsim_call_peek(b->st, &ahead, &d);
		if (d.kind == kind)
			return;
		step(b, call);
	}
}

static void run(struct bench *b, struct zsim_call *call)
{
	while (!zsim_call_ended(call))
		step(b, call);
	zsim_call_release(b->st, call);
	zsim_reap(b->w.zs);
}

static int64_t request(struct bench *b, const char *path, uint64_t bytes)
{
	struct zsim_call call = { .id = 1 };

	zsim_call_request(b->st, &call, world_group(&b->w, path), bytes);
	run(b, &call);
	return call.rc;
}

static void worker(struct bench *b)
{
	struct zsim_call call = { .id = 1 };

	zsim_call_worker(b->st, &call);
	b->st->worker_running = true;
	run(b, &call);
}

static int64_t store(struct bench *b, uint64_t slot, const char *path, uint16_t length)
{
	const struct zsim_pages pages = {
		.slot = slot,
		.memcg = world_group(&b->w, path),
		.length = &length,
		.nr = 1,
	};
	struct zsim_call call = { .id = 2 };

	zsim_call_store(b->st, &call, &pages);
	run(b, &call);
	return call.rc;
}

static struct zsim_entry *entry(struct bench *b, uint64_t slot)
{
	return zsim_entry_at(b->st, zsim_entry_find(b->st, slot));
}

/* a fixture: the reference bits of @nr slots from @slot on are clear */
static void cool(struct bench *b, uint64_t slot, uint32_t nr)
{
	for (; nr--; slot++) {
		entry(b, slot)->referenced = 0;
		zsim_monitor_cooled(&b->m, zsim_entry_find(b->st, slot));
	}
}

static void cold_entries(struct bench *b, const char *path, uint32_t nr)
{
	uint64_t first = world_fill(&b->w, path, 0, nr, 100);

	cool(b, first, nr);
}

#define MEDDLE(b, decision, is_late, function) \
	((b)->meddling = (struct meddling){    \
		 .at = ZSIM_D_##decision,      \
		 .late = is_late,              \
		 .how = function,              \
	 })
#define MEDDLED(b) CU_ASSERT_EQUAL((b)->meddling.done, 1)

/* ---- the right model ------------------------------------------------------------- */

static void right_model(const char *algo)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, algo);
	world_fill(&b.w, "/t/a", 0, 5, 100);
	world_fill(&b.w, "/t/b", 0, 5, 4096);
	world_remove(&b.w, "/t/b");
	zsim_monitor_adopt(&b.m, b.st);
	CU_ASSERT_EQUAL(store(&b, 1, "/t/a", 200), 1);
	CU_ASSERT_EQUAL(world_write(&b.w, "/t/a", "memory.zswap.max", "4096"), 0);
	CU_ASSERT_EQUAL(store(&b, 50, "/t/a", 4096), 1);
	store(&b, 51, "/t/a", 100);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	CU_ASSERT_EQUAL(store(&b, 52, "/t", 100), 0);
	zsim_worker_dequeue(b.st);
	zsim_worker_ended(b.st);
	worker(&b);
	if (b.st->algo.source_key) {
		request(&b, "/t", 1);
		request(&b, "/t", UINT64_MAX);
	}
	zsim_monitor_rest(&b.m, b.st);
	HELD(&b);
	bench_close(&b);
}

static void right_models(void)
{
	for (size_t i = 0; zsim_algo_at(i); i++)
		right_model(zsim_algo_at(i)->name);
}

/* ---- stores ------------------------------------------------------------------------ */

static void unqueue(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	(void)d;
	b->st->worker_queued = false;
	b->st->pool_refs = 1;
}

static void uncount(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	(void)d;
	b->st->counters[ZSIM_COUNTER_POOL_LIMIT_HIT]--;
}

static void worker_queued(void)
{
	struct bench b;

	bench_open(&b, ONLY(WORKER_QUEUED), "proactive-v5");
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	CU_ASSERT(b.st->worker_queued && b.st->reached_full);
	HELD(&b);
	MEDDLE(&b, STORE, true, unqueue);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	BROKEN(&b, WORKER_QUEUED);
	MEDDLE(&b, TOTAL, true, uncount);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	BROKEN(&b, WORKER_QUEUED);
	/* a reject that the pool has nothing to do with */
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 20;
	b.st->fail[ZSIM_FAIL_COMPRESS] = 1;
	unqueue(&b, NULL, NULL);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	CU_ASSERT_FALSE(b.st->worker_queued);
	HELD(&b);
	bench_close(&b);
}

/* the entry that the store would have replaced is there again */
static void keep_old(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	struct zsim_page page = {
		.slot = d->slot,
		.memcg = call->pages.memcg,
		.length = 100,
	};

	CU_ASSERT_EQUAL(zsim_zsmalloc_alloc(&b->st->pool, 100, &page.zspage), 0);
	CU_ASSERT_EQUAL(zsim_entry_insert(b->st, &page), 0);
}

static void store_empty(void)
{
	struct bench b;

	bench_open(&b, ONLY(STORE_EMPTY) | ONLY(CONTENT), "proactive-v5");
	b.st->fail[ZSIM_FAIL_COMPRESS] = 2;
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	HELD(&b);
	MEDDLE(&b, STORE, true, keep_old);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	BROKEN(&b, STORE_EMPTY);
	/* what was left is out of date: it must not reach the device */
	cool(&b, 1, 1);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, CONTENT);
	bench_close(&b);
}

static void stored_anew_is_current(void)
{
	struct bench b;

	bench_open(&b, ONLY(STORE_EMPTY) | ONLY(CONTENT), "proactive-v5");
	b.st->fail[ZSIM_FAIL_COMPRESS] = 1;
	MEDDLE(&b, STORE, true, keep_old);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 0);
	BROKEN(&b, STORE_EMPTY);
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 1);
	cool(&b, 1, 1);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	HELD(&b);
	bench_close(&b);
}

static void swapins(void)
{
	struct bench b;

	bench_open(&b, ONLY(SWAPINS), "proactive-v5");
	zsim_lru_at(b.st, ZSIM_MEMCG_ROOT, 0)->swapins = 5;
	zsim_monitor_swapin(&b.m, b.st, ZSIM_MEMCG_ROOT, 0, 4, 1);
	HELD(&b);
	zsim_monitor_swapin(&b.m, b.st, ZSIM_MEMCG_ROOT, 0, 4, 4);
	BROKEN(&b, SWAPINS);
	bench_close(&b);
}

/* ---- one visit ----------------------------------------------------------------------- */

static zsim_memcg elsewhere;

static void go_elsewhere(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)call;
	d->memcg = elsewhere;
}

static void own_subtree(void)
{
	struct bench b;

	bench_open(&b, ALL & ~ONLY(NODE_COUNT), "proactive-v5");
	cold_entries(&b, "/t/a", 1);
	cold_entries(&b, "/u", 1);
	elsewhere = world_group(&b.w, "/u");
	CU_ASSERT_EQUAL(request(&b, "/t", 1), 0);
	HELD(&b);
	cold_entries(&b, "/t/a", 1);
	MEDDLE(&b, SHRINK, false, go_elsewhere);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), 0);
	BROKEN(&b, OWN_SUBTREE);
	MEDDLED(&b);
	bench_close(&b);
}

/* the payer's own limit may cost the payer's entries only, a shrinker's walk its group's */
static void own_subtree_of_others(void)
{
	struct zsim_call call = { .id = 1 };
	struct bench b;

	bench_open(&b, ONLY(OWN_SUBTREE), "proactive-v5");
	cold_entries(&b, "/t/a", 2);
	cold_entries(&b, "/u", 2);
	elsewhere = world_group(&b.w, "/u");
	CU_ASSERT_EQUAL(world_write(&b.w, "/t/a", "memory.zswap.max", "0"), 0);
	CU_ASSERT_EQUAL(store(&b, 9, "/t/a", 100), 1);
	HELD(&b);
	MEDDLE(&b, SHRINK, false, go_elsewhere);
	CU_ASSERT_EQUAL(store(&b, 10, "/t/a", 100), 1);
	BROKEN(&b, OWN_SUBTREE);
	b.st->params[ZSIM_PARAM_SHRINKER_ENABLED] = 1;
	MEDDLE(&b, WALK, false, go_elsewhere);
	zsim_call_shrinker(b.st, &call, world_group(&b.w, "/t/a"), 0, 1);
	run(&b, &call);
	BROKEN(&b, OWN_SUBTREE);
	bench_close(&b);
}

static void group_leaves(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	(void)d;
	world_remove(&b->w, "/t/a");
}

/* the walker holds the entry while its list moves to the parent: it was taken by right */
static void reparented_in_hand(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS | ONLY(BYTES_OWN), "proactive-v5");
	cold_entries(&b, "/t/a", 1);
	MEDDLE(&b, REMOVE, false, group_leaves);
	CU_ASSERT_EQUAL(request(&b, "/t/a", 1), 0);
	MEDDLED(&b);
	BROKEN(&b, BYTES_OWN);
	bench_close(&b);
}

static void write_what_is_gone(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	CU_ASSERT(zsim_entry_drop_slot(b->st, d->slot));
	d->rc = 0;
}

static void content(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 2);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	HELD(&b);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, REMOVE, false, write_what_is_gone);
	request(&b, "/a", 1);
	BROKEN(&b, CONTENT);
	bench_close(&b);
}

static void second_chance(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 1);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	HELD(&b);
	/* the bit was cleared, but by no visit */
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 1);
	entry(&b, 1)->referenced = 0;
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, SECOND_CHANCE);
	/* what was stored before the monitor came is known by its bit */
	world_fill(&b.w, "/a", 0, 1, 100);
	zsim_monitor_adopt(&b.m, b.st);
	entry(&b, 1)->referenced = 0;
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, SECOND_CHANCE);
	bench_close(&b);
}

static void let_it_go_on(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)call;
	d->rc = ZSIM_LRU_ROTATE;
}

static void unlock_verdict(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 1);
	CU_ASSERT_EQUAL(zsim_cache(b.w.zs, 1), 0);
	request(&b, "/a", 1);
	HELD(&b);
	MEDDLE(&b, SCAN_RET, false, let_it_go_on);
	request(&b, "/a", 1);
	MEDDLED(&b);
	BROKEN(&b, UNLOCK_VERDICT);
	bench_close(&b);
}

static void forbid_io(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->slab.noio = true;
}

static void io_context(void)
{
	struct zsim_slab slab = { .noio = true };
	struct zsim_call call = { .id = 1 };
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	for (uint64_t slot = 1; slot <= 8; slot++)
		CU_ASSERT_EQUAL(store(&b, slot, "/a", 4096), 1);
	slab.memcg = world_group(&b.w, "/a");
	b.st->params[ZSIM_PARAM_SHRINKER_ENABLED] = 1;
	zsim_call_slab(b.st, &call, &slab);
	run(&b, &call);
	CU_ASSERT_EQUAL(call.visits, 0);
	HELD(&b);
	slab.noio = false;
	MEDDLE(&b, SLAB_COUNT, true, forbid_io);
	zsim_call_slab(b.st, &call, &slab);
	run(&b, &call);
	CU_ASSERT(call.visits > 0);
	BROKEN(&b, IO_CONTEXT);
	bench_close(&b);
}

static void visit_once(void)
{
	struct bench b;

	bench_open(&b, ONLY(VISIT_ONCE), "proactive-v5");
	world_fill(&b.w, "/a", 0, 2, 100);
	CU_ASSERT_EQUAL(request(&b, "/a", UINT64_MAX), -EAGAIN);
	HELD(&b);
	bench_close(&b);
	/* the released kernel comes round to what it rotated */
	bench_open(&b, ONLY(VISIT_ONCE), "linux-7.3");
	world_fill(&b.w, "/a", 0, 2, 100);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	worker(&b);
	BROKEN(&b, VISIT_ONCE);
	bench_close(&b);
}

static void store_in_the_same_record(struct bench *b, struct zsim_call *call,
				     struct zsim_decision *d)
{
	uint32_t was = call->turn.entry;
	struct zsim_call other = { .id = 2 };
	const uint16_t length = 100;
	const struct zsim_pages pages = {
		.slot = 77,
		.memcg = call->shrink.memcg,
		.length = &length,
		.nr = 1,
	};

	CU_ASSERT_EQUAL(zsim_load(b->w.zs, d->slot), 0);
	zsim_call_store(b->st, &other, &pages);
	run(b, &other);
	CU_ASSERT_EQUAL(zsim_entry_find(b->st, 77), was);
	entry(b, 77)->referenced = 0;
	d->rc = -ENOMEM;
}

/* a record that was filled anew is another entry */
static void visit_once_of_an_entry(void)
{
	struct bench b;

	bench_open(&b, ONLY(VISIT_ONCE) | ONLY(PROGRESS_COLD), "proactive-v5");
	cold_entries(&b, "/a", 2);
	MEDDLE(&b, CACHE_ADD, false, store_in_the_same_record);
	request(&b, "/a", UINT64_MAX);
	MEDDLED(&b);
	HELD(&b);
	bench_close(&b);
}

/* ---- the retry machine ------------------------------------------------------------------ */

static void give_up(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)call;
	d->rc = -EBUSY;
}

static void worker_leaves(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	world_fill(&b.w, "/a", 0, 20, 4096);
	worker(&b);
	HELD(&b);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	MEDDLE(&b, STEP_RET, false, give_up);
	worker(&b);
	MEDDLED(&b);
	BROKEN(&b, WORKER_LEAVES);
	/* out of retries: the group's entries are fresh, and it is one of two that have some */
	b.st->algo.max_retries = 1;
	worker(&b);
	HELD(&b);
	bench_close(&b);
}

/* the end itself, with nothing before it that was watched */
static void worker_leaves_at_once(void)
{
	struct zsim_call call = { .id = 1 };
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	world_fill(&b.w, "/a", 0, 20, 4096);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	zsim_call_worker(b.st, &call);
	call.pc = ZSIM_D_CALL_END;
	run(&b, &call);
	BROKEN(&b, WORKER_LEAVES);
	bench_close(&b);
}

static void fail_twice(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->failures++;
}

static void only_candidates(void)
{
	static const enum zsim_decision_kind kinds[] = { ZSIM_D_NEXT_GROUP, ZSIM_D_SHRINK_RET,
							 ZSIM_D_STEP_RET, ZSIM_D_SCAN };
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	world_group(&b.w, "/t/b");
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	world_fill(&b.w, "/t/a", 0, 2, 100);
	b.st->algo.max_retries = 3;
	b.st->algo.batch = 1;
	CU_ASSERT_EQUAL(request(&b, "/t", UINT64_MAX), -EAGAIN);
	HELD(&b);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		world_fill(&b.w, "/t/a", 0, 1, 100);
		b.meddling = (struct meddling){ kinds[i], true, fail_twice, 0 };
		request(&b, "/t", UINT64_MAX);
		MEDDLED(&b);
		BROKEN(&b, ONLY_CANDIDATES);
	}
	bench_close(&b);
}

static void refuse_wrongly(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->shrink.refused = !call->shrink.refused;
	call->pc = call->shrink.refused ? ZSIM_D_SHRINK_RET : ZSIM_D_WALK;
}

static void writeback_ancestors(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/t/a/b", 3);
	CU_ASSERT_EQUAL(world_write(&b.w, "/t/a", "memory.zswap.writeback", "0"), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	CU_ASSERT_EQUAL(request(&b, "/t/a/b", 1), -EAGAIN);
	HELD(&b);
	MEDDLE(&b, SHRINK, true, refuse_wrongly);
	request(&b, "/t/a/b", 1);
	BROKEN(&b, WRITEBACK_ANCESTORS);
	/* zswap off altogether: its settings say nothing then */
	cold_entries(&b, "/t/a/b", 1);
	b.st->params[ZSIM_PARAM_ENABLED] = 0;
	CU_ASSERT_EQUAL(request(&b, "/t/a/b", 1), 0);
	HELD(&b);
	MEDDLE(&b, SHRINK, true, refuse_wrongly);
	request(&b, "/t/a/b", 1);
	BROKEN(&b, WRITEBACK_ANCESTORS);
	bench_close(&b);
}

static void walk_in_spite(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)d;
	(void)call;
	CU_ASSERT_EQUAL(world_write(&b->w, "/t", "memory.zswap.writeback", "0"), 0);
}

/* a scan call asks for itself */
static void writeback_ancestors_of_the_shrinker(void)
{
	struct zsim_call call = { .id = 1 };
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "linux-7.3");
	cold_entries(&b, "/t/a", 3);
	b.st->params[ZSIM_PARAM_SHRINKER_ENABLED] = 1;
	zsim_call_shrinker(b.st, &call, world_group(&b.w, "/t/a"), 0, 1);
	run(&b, &call);
	CU_ASSERT_EQUAL(call.rc, 1);
	HELD(&b);
	MEDDLE(&b, WALK, false, walk_in_spite);
	zsim_call_shrinker(b.st, &call, world_group(&b.w, "/t/a"), 0, 1);
	run(&b, &call);
	BROKEN(&b, WRITEBACK_ANCESTORS);
	zsim_call_shrinker(b.st, &call, world_group(&b.w, "/t/a"), 0, 1);
	run(&b, &call);
	CU_ASSERT_EQUAL(call.rc, -1);
	HELD(&b);
	bench_close(&b);
}

static void zombie_refuses(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/t/a", 1);
	MEDDLE(&b, SHRINK, false, group_leaves);
	CU_ASSERT_EQUAL(request(&b, "/t/a", 1), -EAGAIN);
	MEDDLED(&b);
	HELD(&b);
	bench_close(&b);
}

static void containment(void)
{
	struct bench b;

	bench_open(&b, ONLY(CONTAINMENT), "proactive-v5");
	cold_entries(&b, "/t/a", 1);
	world_fill(&b.w, "/u", 0, 1, 100);
	elsewhere = world_group(&b.w, "/u");
	CU_ASSERT_EQUAL(request(&b, "/t", 1), 0);
	HELD(&b);
	MEDDLE(&b, NEXT_GROUP, false, go_elsewhere);
	b.st->algo.max_retries = 1;
	request(&b, "/t/a", 1);
	BROKEN(&b, CONTAINMENT);
	bench_close(&b);
}

static void yield_too_much(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	d->rc = 1 + (int64_t)b->st->algo.batch * ZSIM_PAGE_SIZE;
}

static void visit_too_much(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)d;
	call->visits = 1 + b->st->algo.batch * call->steps;
}

static void overshoot(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 3);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	HELD(&b);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, STEP_RET, false, yield_too_much);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, OVERSHOOT);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, STEP_RET, false, visit_too_much);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, OVERSHOOT);
	bench_close(&b);
}

static void take_many_steps(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->steps = 1000;
}

static void step_bound(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 3);
	MEDDLE(&b, STEP_RET, false, take_many_steps);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, STEP_BOUND);
	bench_close(&b);
}

static void count_for_the_root(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	enum zsim_stat_item item = d->kind == ZSIM_D_REMOVE ? ZSIM_STAT_ZSWPWB :
							      ZSIM_STAT_ZSWPWB_PROACTIVE_B;

	(void)call;
	*zsim_memcg_events(zsim_memcg_at(b->st, world_group(&b->w, "/a")), item) = 0;
}

static void count_twice(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	(void)d;
	b->st->counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES]++;
}

static void accounting(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, REMOVE, true, count_for_the_root);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, ACCOUNTING);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, WRITEBACK, true, count_twice);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, ACCOUNTING);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, STEP_RET, true, count_for_the_root);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, ACCOUNTING);
	bench_close(&b);
}

/* ---- the worker ------------------------------------------------------------------------ */

static struct zsim_config controller_off(const char *algo)
{
	struct zsim_config config = options(algo);

	config.memcg_disabled = true;
	return config;
}

static void see_nothing(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->shrink.refused = true;
	call->pc = ZSIM_D_SHRINK_RET;
}

static void see_nothing_store_something(struct bench *b, struct zsim_call *call,
					struct zsim_decision *d)
{
	see_nothing(b, call, d);
	CU_ASSERT_EQUAL(store(b, 99, "/", 100), 1);
}

static void worker_progress(void)
{
	struct bench b;

	bench_open_with(&b, ONLY(WORKER_PROGRESS), controller_off("proactive-v5"));
	CU_ASSERT_EQUAL(store(&b, 1, "/", 4096), 1);
	b.st->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 0;
	MEDDLE(&b, SHRINK, true, see_nothing_store_something);
	worker(&b);
	MEDDLED(&b);
	HELD(&b);
	MEDDLE(&b, SHRINK, true, see_nothing);
	worker(&b);
	BROKEN(&b, WORKER_PROGRESS);
	worker(&b);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&b.st->pool), 0);
	HELD(&b);
	bench_close(&b);
}

static void worker_bound(void)
{
	struct bench b;

	bench_open(&b, ONLY(WORKER_BOUND), "proactive-v5");
	world_fill(&b.w, "/a", 0, 5, 4096);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	b.st->algo.max_retries = 2;
	b.st->algo.batch = 2;
	worker(&b);
	CU_ASSERT_EQUAL(zsim_zsmalloc_pages(&b.st->pool), 5);
	HELD(&b);
	MEDDLE(&b, STEP_RET, false, give_up);
	worker(&b);
	BROKEN(&b, WORKER_BOUND);
	bench_close(&b);
	/* what it wrote was there to be visited too */
	bench_open(&b, ONLY(WORKER_BOUND), "proactive-v5");
	cold_entries(&b, "/", 3);
	b.st->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 0;
	b.st->algo.batch = 2;
	MEDDLE(&b, STEP_RET, false, give_up);
	worker(&b);
	CU_ASSERT_EQUAL(b.st->nr_entries, 1);
	BROKEN(&b, WORKER_BOUND);
	bench_close(&b);
	/* one visit a call, and 16 retries: the released kernel leaves most of them alone */
	bench_open(&b, ONLY(WORKER_BOUND), "linux-7.2");
	world_fill(&b.w, "/a", 0, 40, 4096);
	b.st->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 0;
	worker(&b);
	BROKEN(&b, WORKER_BOUND);
	bench_close(&b);
}

/* ---- progress --------------------------------------------------------------------------- */

static struct zsim_config hasty(void)
{
	struct zsim_config config = options("proactive-v5");

	config.algo.batch = 1;
	config.algo.max_retries = 1;
	return config;
}

static void progress(void)
{
	struct bench b;

	bench_open_with(&b, ONLY(PROGRESS) | ONLY(PROGRESS_COLD), hasty());
	world_fill(&b.w, "/t/a", 0, 1, 100);
	/* cleared by this request, so not cold all along */
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	BROKEN(&b, PROGRESS);
	CU_ASSERT_EQUAL(zsim_cache(b.w.zs, 1), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	HELD(&b);
	world_fill(&b.w, "/u", 0, 1, 100);
	world_fill(&b.w, "/t/off", 0, 1, 100);
	CU_ASSERT_EQUAL(world_write(&b.w, "/t/off", "memory.zswap.writeback", "0"), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	HELD(&b);
	CU_ASSERT_EQUAL(zsim_uncache(b.w.zs, 1), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), 0);
	HELD(&b);
	bench_close(&b);
}

static void progress_cold(void)
{
	struct bench b;

	bench_open_with(&b, ONLY(PROGRESS_COLD), hasty());
	cold_entries(&b, "/t/a", 2);
	CU_ASSERT_EQUAL(zsim_cache(b.w.zs, 1), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	BROKEN(&b, PROGRESS_COLD);
	CU_ASSERT_EQUAL(zsim_cache(b.w.zs, 2), 0);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	HELD(&b);
	bench_close(&b);
}

static void progress_child(void)
{
	struct bench b;

	bench_open_with(&b, ONLY(PROGRESS_CHILD), hasty());
	world_fill(&b.w, "/t/a", 0, 1, 100);
	world_fill(&b.w, "/t/b", 0, 1, 100);
	zsim_monitor_rest(&b.m, b.st);
	HELD(&b);
	CU_ASSERT_EQUAL(request(&b, "/t", 1), -EAGAIN);
	zsim_monitor_rest(&b.m, b.st);
	BROKEN(&b, PROGRESS_CHILD);
	CU_ASSERT_EQUAL(request(&b, "/t/b", 1), -EAGAIN);
	zsim_monitor_rest(&b.m, b.st);
	HELD(&b);
	/* the handle of a group that is gone says nothing about the next one's past */
	zsim_monitor_group_made(&b.m, world_group(&b.w, "/t/b"));
	zsim_monitor_rest(&b.m, b.st);
	BROKEN(&b, PROGRESS_CHILD);
	bench_close(&b);
}

static void claim_more(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)b;
	(void)d;
	call->shrink.bytes++;
}

static void bytes_claimed(void)
{
	struct bench b;

	bench_open(&b, ONLY(BYTES_CLAIMED), "proactive-v5");
	cold_entries(&b, "/a", 3);
	CU_ASSERT_EQUAL(request(&b, "/a", UINT64_MAX), -EAGAIN);
	HELD(&b);
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, SHRINK_RET, false, claim_more);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	BROKEN(&b, BYTES_CLAIMED);
	bench_close(&b);
}

static void store_again(struct bench *b, struct zsim_call *call, struct zsim_decision *d)
{
	(void)call;
	CU_ASSERT_EQUAL(zsim_load(b->w.zs, d->slot), 0);
	CU_ASSERT_EQUAL(store(b, d->slot, "/a", 300), 1);
	zsim_visit_reuse(b->st, d->slot);
}

/* another entry at the same address and slot passes for the one that was taken */
static void bytes_claimed_of_another(void)
{
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS | ONLY(BYTES_CLAIMED), "proactive-v5");
	cold_entries(&b, "/a", 1);
	MEDDLE(&b, CACHE_ADD, false, store_again);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	CU_ASSERT_EQUAL(zsim_entry_find(b.st, 1), ZSIM_NIL);
	BROKEN(&b, BYTES_CLAIMED);
	bench_close(&b);
}

/* ---- states --------------------------------------------------------------------------- */

static void faults(void)
{
	static const enum zsim_property properties[ZSIM_NR_FAULTS] = {
		[ZSIM_FAULT_FREED_TWICE] = ZSIM_P_FREED_ONCE,
		[ZSIM_FAULT_TREE_DEAD] = ZSIM_P_TREE_ALIVE,
		[ZSIM_FAULT_PUT_TOO_EARLY] = ZSIM_P_PUT_ORDER,
		[ZSIM_FAULT_NULL_GROUP] = ZSIM_P_NULL_GROUP,
		[ZSIM_FAULT_LIST_DEAD] = ZSIM_P_LIST_ALIVE,
		[ZSIM_FAULT_DEAD_SUMMED] = ZSIM_P_DEAD_NEVER_SUMMED,
		[ZSIM_FAULT_WRONG_LOCK] = ZSIM_P_LIST_LOCK,
		[ZSIM_FAULT_GROUP_FREED] = ZSIM_P_PINNED,
		[ZSIM_FAULT_UNLOCKED_WALK] = ZSIM_P_UNLOCK_VERDICT,
	};
	struct bench b;

	bench_open(&b, ALL, "proactive-v5");
	for (uint32_t i = 0; i < ZSIM_NR_FAULTS; i++) {
		b.st->faults = (uint16_t)(1u << i);
		zsim_monitor_state(&b.m, b.st);
		expect_at(&b, ZSIM_P_BIT(properties[i]), __LINE__);
	}
	bench_close(&b);
}

/* one number wrong, then right again */
#define PLANTED(b, property, plant, undo)             \
	do {                                          \
		plant;                                \
		zsim_monitor_state(&(b)->m, (b)->st); \
		BROKEN(b, property);                  \
		undo;                                 \
		zsim_monitor_state(&(b)->m, (b)->st); \
		HELD(b);                              \
	} while (0)

static void numbers(void)
{
	struct zsim_call call = { .id = 1 };
	struct zsim_lru *lru;
	struct bench b;

	bench_open(&b, ALL, "proactive-v5");
	cold_entries(&b, "/a", 2);
	lru = zsim_lru_at(b.st, world_group(&b.w, "/a"), 0);
	PLANTED(&b, POOL_REFERENCE, b.st->pool_refs++, b.st->pool_refs--);
	PLANTED(&b, SHRINKER_BIT, lru->shrinker_bit = false, lru->shrinker_bit = true);
	PLANTED(&b, NODE_COUNT, b.st->node_twice[0]++, b.st->node_twice[0]--);
	/* while a writeback holds its page */
	zsim_call_request(b.st, &call, world_group(&b.w, "/a"), 1);
	run_to(&b, &call, ZSIM_D_REMOVE);
	CU_ASSERT_EQUAL(b.st->wb_unlisted, 1);
	PLANTED(&b, ON_A_LIST, b.st->wb_unlisted++, b.st->wb_unlisted--);
	PLANTED(&b, LOCKED_AT_REST, b.st->wb_locked--, b.st->wb_locked++);
	zsim_monitor_rest(&b.m, b.st);
	BROKEN(&b, LOCKED_AT_REST);
	b.m.properties = ZSIM_P_ALWAYS;
	run(&b, &call);
	zsim_monitor_rest(&b.m, b.st);
	HELD(&b);
	/* what today's kernel does: two off its node for each entry written */
	b.m.properties = ONLY(NODE_COUNT);
	zsim_monitor_state(&b.m, b.st);
	BROKEN(&b, NODE_COUNT);
	bench_close(&b);
}

static void node_count_fixed(void)
{
	struct zsim_config config = options("proactive-v5");
	struct bench b;

	config.node_count_fixed = true;
	bench_open_with(&b, ONLY(NODE_COUNT), config);
	cold_entries(&b, "/a", 2);
	CU_ASSERT_EQUAL(request(&b, "/a", 1), 0);
	HELD(&b);
	bench_close(&b);
}

/* ---- the monitor's own memory ------------------------------------------------------------ */

static void first_is_kept(void)
{
	struct zsim_monitor m = { .properties = ONLY(CONTENT) | ONLY(PINNED) };

	zsim_monitor_break(&m, ZSIM_P_OVERSHOOT, "not looked at");
	CU_ASSERT_EQUAL(m.broken, 0);
	zsim_monitor_break(&m, ZSIM_P_PINNED, "group %u", 7);
	zsim_monitor_break(&m, ZSIM_P_CONTENT, "slot %u", 1);
	CU_ASSERT_EQUAL(m.broken, ONLY(CONTENT) | ONLY(PINNED));
	CU_ASSERT_EQUAL(m.first, ZSIM_P_PINNED);
	CU_ASSERT_STRING_EQUAL(m.why, "group 7");
}

static bool block_empty(const struct zsim_monitor *m)
{
	const unsigned char *byte = m->block;

	for (size_t i = 0; i < m->block_size; i++)
		if (byte[i])
			return false;
	return true;
}

/* when no call is under way and no entry is left, nothing is remembered */
static void nothing_stays(void)
{
	struct bench b;

	bench_open(&b, ALL & ~ONLY(PROGRESS_CHILD), "proactive-v5");
	CU_ASSERT(block_empty(&b.m));
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 1);
	CU_ASSERT_FALSE(block_empty(&b.m));
	CU_ASSERT_EQUAL(request(&b, "/a", UINT64_MAX), -EAGAIN);
	CU_ASSERT(block_empty(&b.m));
	/* an entry that leaves without a call is forgotten when it is asked for */
	CU_ASSERT_EQUAL(store(&b, 1, "/a", 100), 1);
	zsim_monitor_tidy(&b.m, b.st);
	CU_ASSERT_FALSE(block_empty(&b.m));
	CU_ASSERT_EQUAL(zsim_load(b.w.zs, 1), 0);
	zsim_monitor_tidy(&b.m, b.st);
	CU_ASSERT(block_empty(&b.m));
	bench_close(&b);
}

/* the same calls, begun in another order, leave the same block */
static void order_does_not_matter(void)
{
	struct zsim_call calls[2] = { { .id = 1 }, { .id = 2 } };
	struct bench b, c;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	bench_open(&c, ZSIM_P_ALWAYS, "proactive-v5");
	world_group(&b.w, "/a");
	world_group(&c.w, "/a");
	for (uint32_t i = 0; i < 2; i++) {
		zsim_call_request(b.st, &calls[i], 1, 1);
		step(&b, &calls[i]);
		zsim_call_cancel(b.st, &calls[i]);
	}
	for (uint32_t i = 2; i--;) {
		zsim_call_request(c.st, &calls[i], 1, 1);
		step(&c, &calls[i]);
		zsim_call_cancel(c.st, &calls[i]);
	}
	CU_ASSERT_EQUAL(b.m.block_size, c.m.block_size);
	CU_ASSERT_FALSE(memcmp(b.m.block, c.m.block, b.m.block_size));
	zsim_monitor_forget(&b.m, 1);
	zsim_monitor_forget(&b.m, 2);
	zsim_monitor_forget(&b.m, 3);
	CU_ASSERT(block_empty(&b.m));
	bench_close(&b);
	bench_close(&c);
}

/* more calls than watches: those are not looked at, unless room is made for them */
static void watches_run_out(void)
{
	struct zsim_call call = { .id = 7 };
	struct bench b;

	bench_open(&b, ZSIM_P_ALWAYS, "proactive-v5");
	cold_entries(&b, "/a", 4);
	CU_ASSERT_EQUAL(zsim_monitor_admit(&b.m, 4), 0);
	CU_ASSERT_EQUAL(b.m.watches, 2);
	b.m.watch[0].call = 5;
	b.m.watch[1].call = 6;
	MEDDLE(&b, STEP_RET, false, take_many_steps);
	zsim_call_request(b.st, &call, world_group(&b.w, "/a"), 1);
	run(&b, &call);
	HELD(&b);
	b.w.fa.fail_at = b.w.fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_monitor_admit(&b.m, 7), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_monitor_admit(&b.m, 7), 0);
	CU_ASSERT_EQUAL(zsim_monitor_admit(&b.m, 6), 0);
	CU_ASSERT_EQUAL(b.m.watches, 4);
	CU_ASSERT_EQUAL(b.m.watch[1].call, 6);
	MEDDLE(&b, STEP_RET, false, take_many_steps);
	cold_entries(&b, "/a", 4);
	zsim_call_request(b.st, &call, world_group(&b.w, "/a"), 1);
	run(&b, &call);
	BROKEN(&b, STEP_BOUND);
	bench_close(&b);
}

static void room_grows(void)
{
	struct fail_alloc fa;
	struct zsim_monitor m;

	fail_alloc_init(&fa, 1);
	CU_ASSERT_EQUAL(zsim_monitor_init(&m, fail_alloc_get(&fa), ALL, 3), -ENOMEM);
	zsim_monitor_destroy(&m);
	fail_alloc_init(&fa, 0);
	CU_ASSERT_EQUAL(zsim_monitor_init(&m, fail_alloc_get(&fa), ALL, 0), 0);
	CU_ASSERT_EQUAL(m.watches, 1);
	/* without room nothing is remembered, and nothing harmed */
	zsim_monitor_stored(&m, 5);
	CU_ASSERT(block_empty(&m));
	CU_ASSERT_EQUAL(zsim_monitor_reserve(&m, 64, 1), 0);
	CU_ASSERT_EQUAL(m.words, 1);
	zsim_monitor_stored(&m, 63);
	zsim_monitor_stored(&m, 64);
	fa.fail_at = fa.calls + 1;
	CU_ASSERT_EQUAL(zsim_monitor_reserve(&m, 65, 65), -ENOMEM);
	CU_ASSERT_EQUAL(zsim_monitor_reserve(&m, 65, 65), 0);
	CU_ASSERT_EQUAL(m.words, 2);
	CU_ASSERT_EQUAL(m.group_words, 2);
	CU_ASSERT_EQUAL(m.young[0], UINT64_C(1) << 63);
	CU_ASSERT_EQUAL(m.young[1], 0);
	CU_ASSERT_EQUAL(zsim_monitor_reserve(&m, 1, 1), 0);
	CU_ASSERT_EQUAL(m.words, 2);
	zsim_monitor_destroy(&m);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(right_models),
	ZSIM_CASE(worker_queued),
	ZSIM_CASE(store_empty),
	ZSIM_CASE(stored_anew_is_current),
	ZSIM_CASE(swapins),
	ZSIM_CASE(own_subtree),
	ZSIM_CASE(own_subtree_of_others),
	ZSIM_CASE(reparented_in_hand),
	ZSIM_CASE(content),
	ZSIM_CASE(second_chance),
	ZSIM_CASE(unlock_verdict),
	ZSIM_CASE(io_context),
	ZSIM_CASE(visit_once),
	ZSIM_CASE(visit_once_of_an_entry),
	ZSIM_CASE(worker_leaves),
	ZSIM_CASE(worker_leaves_at_once),
	ZSIM_CASE(only_candidates),
	ZSIM_CASE(writeback_ancestors),
	ZSIM_CASE(writeback_ancestors_of_the_shrinker),
	ZSIM_CASE(zombie_refuses),
	ZSIM_CASE(containment),
	ZSIM_CASE(overshoot),
	ZSIM_CASE(step_bound),
	ZSIM_CASE(accounting),
	ZSIM_CASE(worker_progress),
	ZSIM_CASE(worker_bound),
	ZSIM_CASE(progress),
	ZSIM_CASE(progress_cold),
	ZSIM_CASE(progress_child),
	ZSIM_CASE(bytes_claimed),
	ZSIM_CASE(bytes_claimed_of_another),
	ZSIM_CASE(faults),
	ZSIM_CASE(numbers),
	ZSIM_CASE(node_count_fixed),
	ZSIM_CASE(first_is_kept),
	ZSIM_CASE(nothing_stays),
	ZSIM_CASE(order_does_not_matter),
	ZSIM_CASE(watches_run_out),
	ZSIM_CASE(room_grows),
};
ZSIM_SUITE_MAIN("monitor", cases)
