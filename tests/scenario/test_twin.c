/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libzsim against its naive twin (support/naive.h), over long random runs.
 *
 * Both get the same events; after each one everything that can be read of the
 * machine is compared. A run that fails prints algorithm, seed, step and event;
 * ZSIM_SEED=N in the environment repeats that seed alone.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "support/fail_alloc.h"
#include "support/naive.h"
#include "support/suite.h"
#include <zsim/zsim.h>

#define RUNS 16
#define STEPS 2500
#define MAX_TOTALS 100000
#define DEVICE_SLOTS 150

/**
 * struct twins - the two machines and the run that they are in
 * @handle: libzsim's handle of each group of the twin
 * @totals: what libzsim read of its pool in this event
 * @counters, @written_by: over all runs, to see that they came to the point
 */
struct twins {
	struct zsim *zs;
	struct naive *naive;
	struct fail_alloc fa;
	struct zsim_observer observer;
	zsim_memcg handle[NAIVE_MAX_GROUPS];
	uint64_t totals[MAX_TOTALS];
	uint64_t counters[ZSIM_NR_COUNTERS];
	uint64_t written_by[ZSIM_NR_CAUSES];
	uint64_t random;
	uint64_t seed;
	uint32_t step;
	uint32_t violations;
	char event[160];
	bool differ;
};

/* xorshift64* */
static uint64_t roll(struct twins *t, uint64_t below)
{
	t->random ^= t->random >> 12;
	t->random ^= t->random << 25;
	t->random ^= t->random >> 27;
	return (t->random * UINT64_C(0x2545f4914f6cdd1d) >> 11) % below;
}

static bool chance(struct twins *t, uint64_t percent)
{
	return roll(t, 100) < percent;
}

__attribute__((format(printf, 2, 3))) static void differs(struct twins *t, const char *format, ...)
{
	va_list args;

	if (t->differ)
		return;
	t->differ = true;
	printf("\n%s, ZSIM_SEED=%" PRIu64 ", step %u: %s\n  ", zsim_algo(t->zs)->name, t->seed,
	       t->step, t->event);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static void same(struct twins *t, const char *what, int g, int64_t libzsim, int64_t naive)
{
	if (libzsim != naive)
		differs(t, "%s of %s: libzsim %" PRId64 ", twin %" PRId64, what,
			g == NAIVE_NONE ? "the machine" : t->naive->group[g].path, libzsim, naive);
}

/* ---- comparing ------------------------------------------------------------------ */

static void compare_list(struct twins *t, int g, uint32_t node)
{
	static uint64_t slots[2][NAIVE_MAX_ENTRIES];
	static bool referenced[2][NAIVE_MAX_ENTRIES];
	uint32_t nr =
		zsim_list(t->zs, t->handle[g], node, slots[0], referenced[0], NAIVE_MAX_ENTRIES);

	same(t, "list length", g, zsim_list_length(t->zs, t->handle[g], node), nr);
	same(t, "list", g, nr, naive_list(t->naive, g, node, slots[1], referenced[1]));
	for (uint32_t i = 0; i < nr && !t->differ; i++) {
		same(t, "slot on a list", g, (int64_t)slots[0][i], (int64_t)slots[1][i]);
		same(t, "reference bit", g, referenced[0][i], referenced[1][i]);
	}
}

static void compare_group(struct twins *t, int g)
{
	const struct naive_group *group = &t->naive->group[g];
	bool dead = group->state == ZSIM_MEMCG_OFFLINE;
	zsim_memcg m = t->handle[g];
	uint64_t value = 0;

	if (!zsim_path(t->zs, m) || strcmp(zsim_path(t->zs, m), group->path)) {
		differs(t, "%s has no name", group->path);
		return;
	}
	same(t, "state", g, zsim_state(t->zs, m), dead ? ZSIM_MEMCG_FREED : group->state);
	same(t, "parent", g, zsim_parent(t->zs, m), g ? t->handle[group->parent] : ZSIM_MEMCG_NONE);
	same(t, "writeback", g, zsim_writeback_enabled(t->zs, m), naive_writeback(t->naive, g));
	for (int i = 0; i < ZSIM_NR_STATS; i++)
		same(t, zsim_stat_name((enum zsim_stat_item)i), g,
		     (int64_t)zsim_stat(t->zs, m, (enum zsim_stat_item)i),
		     (int64_t)naive_stat(t->naive, g, (enum zsim_stat_item)i));
	if (g && zsim_read(t->zs, m, "memory.zswap.max", &value) == 0)
		same(t, "memory.zswap.max", g, (int64_t)value, (int64_t)group->zswap_max);
	for (uint32_t node = 0; node < t->naive->config.nodes; node++)
		compare_list(t, g, node);
}

/* the tree in its order, then the freed groups that still count */
static void compare_order(struct twins *t)
{
	int order[NAIVE_MAX_GROUPS];
	int nr = naive_order(t->naive, 0, order);
	zsim_memcg m = ZSIM_MEMCG_NONE;
	int dead = 0;

	for (int i = 0; i < nr; i++) {
		m = zsim_next(t->zs, m);
		same(t, "order of groups", order[i], m, t->handle[order[i]]);
		if (t->differ)
			return;
	}
	for (int g = 0; g < t->naive->nr_groups; g++)
		dead += t->naive->group[g].state == ZSIM_MEMCG_OFFLINE && !naive_gone(t->naive, g);
	while ((m = zsim_next(t->zs, m)) != ZSIM_MEMCG_NONE)
		dead--;
	same(t, "freed groups that count", NAIVE_NONE, 0, dead);
}

static void compare_machine(struct twins *t)
{
	const struct naive *n = t->naive;

	for (int i = 0; i < ZSIM_NR_COUNTERS; i++)
		if (i != ZSIM_COUNTER_POOL_TOTAL_SIZE)
			same(t, zsim_counter_name((enum zsim_counter)i), NAIVE_NONE,
			     (int64_t)zsim_counter(t->zs, (enum zsim_counter)i),
			     (int64_t)naive_counter(n, (enum zsim_counter)i));
	for (uint32_t node = 0; node < n->config.nodes; node++) {
		same(t, "node_items", NAIVE_NONE, zsim_node_items(t->zs, node),
		     n->node_items[node]);
		same(t, "node_true", NAIVE_NONE, zsim_node_true(t->zs, node),
		     naive_node_true(n, node));
	}
	for (int i = 0; i < ZSIM_NR_CAUSES; i++)
		same(t, zsim_cause_name((enum zsim_cause)i), NAIVE_NONE,
		     (int64_t)zsim_written_by(t->zs, (enum zsim_cause)i),
		     (int64_t)n->written_by[i]);
	for (int i = 0; i < ZSIM_NR_PARAMS; i++)
		same(t, zsim_param_name((enum zsim_param)i), NAIVE_NONE,
		     (int64_t)zsim_param(t->zs, (enum zsim_param)i), (int64_t)n->params[i]);
	same(t, "peak", NAIVE_NONE, (int64_t)zsim_entries_peak(t->zs), n->peak);
	same(t, "reading of the pool", NAIVE_NONE, (int64_t)n->nr_totals, (int64_t)n->next_total);
	if (n->starved)
		differs(t, "the twin reads the pool more often");
}

static void compare(struct twins *t)
{
	compare_machine(t);
	compare_order(t);
	for (int g = 0; g < t->naive->nr_groups && !t->differ; g++)
		if (!naive_gone(t->naive, g))
			compare_group(t, g);
	for (int g = t->naive->nr_groups - 1; g >= 0 && !t->differ; g--) {
		const char *path = t->naive->group[g].path;

		if (naive_find(t->naive, path) == g)
			same(t, "lookup", g, zsim_lookup(t->zs, path),
			     naive_gone(t->naive, g) ? ZSIM_MEMCG_NONE : t->handle[g]);
	}
	if (t->step % 16 == 0 || t->differ)
		same(t, "zsim_verify", NAIVE_NONE, zsim_verify(t->zs), 0);
	same(t, "violations", NAIVE_NONE, t->violations, 0);
}

/* ---- events ------------------------------------------------------------------------ */

/* libzsim first: the twin needs what it read of its pool */
#define SAME(t, what, g, libzsim_call, twin_call)              \
	do {                                                   \
		const int64_t first = (int64_t)(libzsim_call); \
		const int64_t second = (int64_t)(twin_call);   \
                                                               \
		same(t, what, g, first, second);               \
	} while (0)

#define EVENT(t, ...) snprintf((t)->event, sizeof((t)->event), __VA_ARGS__)

static int living_group(struct twins *t)
{
	int order[NAIVE_MAX_GROUPS];
	int nr = naive_order(t->naive, 0, order);

	return order[roll(t, (uint64_t)nr)];
}

/* one that may be dead, for what is late: stores and swap-ins of its pages */
static int named_group(struct twins *t)
{
	int g = (int)roll(t, (uint64_t)t->naive->nr_groups);

	return chance(t, 10) && !naive_gone(t->naive, g) ? g : living_group(t);
}

static uint64_t some_slot(struct twins *t)
{
	return roll(t, 2) << ZSIM_SLOT_TYPE_SHIFT | (1 + roll(t, DEVICE_SLOTS));
}

static uint32_t some_node(struct twins *t)
{
	return (uint32_t)roll(t, t->naive->config.nodes);
}

static uint16_t some_length(struct twins *t)
{
	return chance(t, 15) ? 4096 : (uint16_t)(1 + roll(t, 4095));
}

static void do_mkdir(struct twins *t)
{
	const char *parent = t->naive->group[chance(t, 10) ? named_group(t) : living_group(t)].path;
	zsim_memcg m = ZSIM_MEMCG_NONE;
	char path[80];
	int order[NAIVE_MAX_GROUPS];
	int g = NAIVE_NONE;
	int rc;

	if (naive_order(t->naive, 0, order) > 14 || strlen(parent) > 12 ||
	    t->naive->nr_groups == NAIVE_MAX_GROUPS || t->naive->config.memcg_disabled)
		return;
	snprintf(path, sizeof(path), "%s/%c", parent[1] ? parent : "", (int)('a' + roll(t, 4)));
	EVENT(t, "mkdir %s", path);
	rc = zsim_mkdir(t->zs, path, &m);
	SAME(t, "mkdir", NAIVE_NONE, rc, naive_mkdir(t->naive, path, &g));
	if (!rc && g != NAIVE_NONE)
		t->handle[g] = m;
}

static void do_offline(struct twins *t, int g)
{
	SAME(t, "offline", g, zsim_offline(t->zs, t->handle[g]), naive_offline(t->naive, g));
}

static void do_rmdir(struct twins *t)
{
	bool deferred = chance(t, 60);
	int g = living_group(t);
	int rc;

	EVENT(t, "rmdir %s%s", t->naive->group[g].path, deferred ? " deferred" : "");
	rc = zsim_rmdir(t->zs, t->handle[g]);
	SAME(t, "rmdir", g, rc, naive_rmdir(t->naive, g));
	if (!rc && !deferred)
		do_offline(t, g);
}

static void do_late_offline(struct twins *t)
{
	int g = living_group(t);

	/* a dying one if there is any */
	for (int i = 0; i < t->naive->nr_groups && chance(t, 97); i++)
		if (t->naive->group[i].state == ZSIM_MEMCG_DYING)
			g = i;
	EVENT(t, "offline %s", t->naive->group[g].path);
	do_offline(t, g);
}

static void do_store(struct twins *t)
{
	uint32_t nr = chance(t, 8) ? 1 + (uint32_t)roll(t, 16) : 1;
	uint64_t slot = some_slot(t);
	uint32_t node = some_node(t);
	int g = named_group(t);
	uint16_t length[16];

	for (uint32_t i = 0; i < nr; i++)
		length[i] = some_length(t);
	EVENT(t, "store 0x%" PRIx64 " %s %u %u (%u pages)", slot, t->naive->group[g].path, node,
	      length[0], nr);
	SAME(t, "store", g, zsim_store(t->zs, slot, t->handle[g], node, length, nr),
	     naive_store(t->naive, slot, g, node, length, nr));
}

static void do_slot(struct twins *t)
{
	uint64_t slot = some_slot(t);
	uint64_t which = roll(t, 100);

	EVENT(t, "load, invalidate, cache or uncache 0x%" PRIx64 " (%" PRIu64 ")", slot, which);
	if (which < 30) {
		SAME(t, "load", NAIVE_NONE, zsim_load(t->zs, slot), naive_load(t->naive, slot));
	} else if (which < 45) {
		SAME(t, "invalidate", NAIVE_NONE, zsim_invalidate(t->zs, slot), 0);
		naive_invalidate(t->naive, slot);
	} else if (which < 65) {
		SAME(t, "cache", NAIVE_NONE, zsim_cache(t->zs, slot), 0);
		naive_cache(t->naive, slot);
	} else {
		SAME(t, "uncache", NAIVE_NONE, zsim_uncache(t->zs, slot), 0);
		naive_uncache(t->naive, slot);
	}
}

static void do_request(struct twins *t)
{
	uint64_t bytes = chance(t, 10) ? roll(t, 2) : roll(t, 200000);
	int g = living_group(t);
	char text[64];

	snprintf(text, sizeof(text), "%" PRIu64 " source=zswap", bytes);
	EVENT(t, "write %s memory.reclaim %s", t->naive->group[g].path, text);
	SAME(t, "request", g, zsim_write(t->zs, t->handle[g], "memory.reclaim", text),
	     naive_request(t->naive, g, bytes));
}

static void do_worker(struct twins *t)
{
	EVENT(t, "worker");
	SAME(t, "worker", NAIVE_NONE, zsim_worker(t->zs), 0);
	naive_worker(t->naive);
}

static void do_shrinker(struct twins *t)
{
	int g = living_group(t);
	uint32_t node = some_node(t);
	uint64_t nr = chance(t, 2) ? 5000 : roll(t, 60);

	EVENT(t, "shrinker %s %u %" PRIu64, t->naive->group[g].path, node, nr);
	SAME(t, "shrinker", g, zsim_shrinker(t->zs, t->handle[g], node, nr),
	     naive_shrinker(t->naive, g, node, nr));
}

static void do_slab(struct twins *t)
{
	int g = living_group(t);
	uint32_t node = some_node(t);
	uint32_t priority = (uint32_t)roll(t, chance(t, 80) ? 4 : 13);
	bool noio = chance(t, 5);

	EVENT(t, "slab %s %u %u%s", t->naive->group[g].path, node, priority, noio ? " noio" : "");
	SAME(t, "slab", g, zsim_slab(t->zs, t->handle[g], node, priority, noio),
	     naive_slab(t->naive, g, node, priority, noio));
}

static void do_swapin(struct twins *t)
{
	int g = named_group(t);
	uint32_t node = some_node(t);

	EVENT(t, "swapin %s %u", t->naive->group[g].path, node);
	SAME(t, "swapin", g, zsim_swapin(t->zs, t->handle[g], node), 0);
	naive_swapin(t->naive, g, node);
}

static void do_limit(struct twins *t)
{
	bool none = chance(t, 40);
	uint64_t pages = roll(t, 40);
	int g = living_group(t);
	char text[32];

	if (g == 0) /* the root has no such file */
		return;
	snprintf(text, sizeof(text), none ? "max" : "%" PRIu64, pages * 4096 + roll(t, 4096));
	EVENT(t, "write %s memory.zswap.max %s", t->naive->group[g].path, text);
	SAME(t, "limit", g, zsim_write(t->zs, t->handle[g], "memory.zswap.max", text), 0);
	t->naive->group[g].zswap_max = none ? UINT64_MAX : pages;
}

static void do_writeback(struct twins *t)
{
	bool on = chance(t, 70);
	int g = living_group(t);

	if (t->naive->config.memcg_disabled) /* there are no such files */
		return;
	EVENT(t, "write %s memory.zswap.writeback %d", t->naive->group[g].path, on);
	SAME(t, "writeback", g,
	     zsim_write(t->zs, t->handle[g], "memory.zswap.writeback", on ? "1" : "0"), 0);
	t->naive->group[g].writeback = on;
}

static void do_param(struct twins *t)
{
	enum zsim_param param = (enum zsim_param)roll(t, ZSIM_NR_PARAMS);
	uint64_t value;

	switch (param) {
	case ZSIM_PARAM_MAX_POOL_PERCENT:
		value = 5 + roll(t, 40);
		break;
	case ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT:
		value = chance(t, 50) ? 90 : roll(t, 101);
		break;
	case ZSIM_PARAM_ENABLED:
		value = chance(t, 85);
		break;
	case ZSIM_PARAM_SHRINKER_ENABLED:
		value = chance(t, 85);
		break;
	default:
		value = chance(t, 20);
		break;
	}
	EVENT(t, "param %s %" PRIu64, zsim_param_name(param), value);
	SAME(t, "param", NAIVE_NONE, zsim_set_param(t->zs, param, value), 0);
	naive_set_param(t->naive, param, value);
}

static void do_fail(struct twins *t)
{
	enum zsim_fail kind = (enum zsim_fail)roll(t, ZSIM_NR_FAILS);
	uint64_t count = 1 + roll(t, 3);

	EVENT(t, "fail %s %" PRIu64, zsim_fail_name(kind), count);
	SAME(t, "fail", NAIVE_NONE, zsim_fail(t->zs, kind, count), 0);
	t->naive->fail[kind] += count;
}

/* a machine answers nonsense with an error, and stays as it is */
static void do_nonsense(struct twins *t)
{
	const uint64_t beyond = (uint64_t)ZSIM_MAX_SWAP_DEVICES << ZSIM_SLOT_TYPE_SHIFT;
	const uint64_t last = ZSIM_SLOT_OFFSET_MAX;
	const uint16_t length[2] = { 100, 4097 };
	const uint16_t zero = 0;
	const zsim_memcg nobody = 1000000;
	uint32_t node = t->naive->config.nodes;
	struct zsim *zs = t->zs;
	zsim_memcg m;

	EVENT(t, "nonsense");
	SAME(t, "store, group", 0, zsim_store(zs, 1, nobody, 0, length, 1), -ENOENT);
	SAME(t, "store, node", 0, zsim_store(zs, 1, 0, node, length, 1), -ERANGE);
	SAME(t, "store, no page", 0, zsim_store(zs, 1, 0, 0, length, 0), -ERANGE);
	SAME(t, "store, folio", 0, zsim_store(zs, 1, 0, 0, length, 513), -ERANGE);
	SAME(t, "store, slot", 0, zsim_store(zs, beyond, 0, 0, length, 1), -ERANGE);
	SAME(t, "store, end", 0, zsim_store(zs, last, 0, 0, length, 2), -ERANGE);
	SAME(t, "store, length", 0, zsim_store(zs, 1, 0, 0, length, 2), -ERANGE);
	SAME(t, "store, nothing", 0, zsim_store(zs, 1, 0, 0, &zero, 1), -ERANGE);
	SAME(t, "load", 0, zsim_load(zs, last + 1), -ERANGE);
	SAME(t, "invalidate", 0, zsim_invalidate(zs, beyond), -ERANGE);
	SAME(t, "cache", 0, zsim_cache(zs, beyond), -ERANGE);
	SAME(t, "uncache", 0, zsim_uncache(zs, beyond), -ERANGE);
	SAME(t, "swapin", 0, zsim_swapin(zs, nobody, 0), -ENOENT);
	SAME(t, "swapin, node", 0, zsim_swapin(zs, 0, node), -ERANGE);
	SAME(t, "shrinker", 0, zsim_shrinker(zs, nobody, 0, 1), -ENOENT);
	SAME(t, "shrinker, node", 0, zsim_shrinker(zs, 0, node, 1), -ERANGE);
	SAME(t, "slab", 0, zsim_slab(zs, nobody, 0, 0, false), -ENOENT);
	SAME(t, "slab, priority", 0, zsim_slab(zs, 0, 0, 13, false), -ERANGE);
	SAME(t, "write", 0, zsim_write(zs, nobody, "memory.reclaim", "1"), -ENOENT);
	SAME(t, "write, file", 0, zsim_write(zs, 0, "memory.zswap.max", "1"), -ENOENT);
	SAME(t, "write, node", 0, zsim_write_node(zs, node, "1"), -ERANGE);
	SAME(t, "write, text", 0, zsim_write(zs, 0, "memory.reclaim", "all"), -EINVAL);
	SAME(t, "rmdir", 0, zsim_rmdir(zs, nobody), -ENOENT);
	SAME(t, "rmdir, root", 0, zsim_rmdir(zs, 0), -EBUSY);
	SAME(t, "offline", 0, zsim_offline(zs, nobody), -ENOENT);
	SAME(t, "offline, root", 0, zsim_offline(zs, 0), -EINVAL);
	SAME(t, "mkdir", 0, zsim_mkdir(zs, "a", &m), -ENOENT);
	SAME(t, "mkdir, no parent", 0, zsim_mkdir(zs, "/x/y", &m), -ENOENT);
	SAME(t, "mkdir, root", 0, zsim_mkdir(zs, "/", &m), -EEXIST);
	SAME(t, "param", 0, zsim_set_param(zs, ZSIM_NR_PARAMS, 0), -ERANGE);
	SAME(t, "param, percent", 0, zsim_set_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT, 101), -ERANGE);
	SAME(t, "param, boolean", 0, zsim_set_param(zs, ZSIM_PARAM_ENABLED, 2), -ERANGE);
	SAME(t, "fail", 0, zsim_fail(zs, ZSIM_NR_FAILS, 1), -ERANGE);
}

static void event(struct twins *t)
{
	/* clang-format off */
	static const struct {
		void (*happen)(struct twins *t);
		uint32_t weight;
	} kinds[] = {
		{ do_store, 420 },
		{ do_slot, 220 },
		{ do_request, 60 },
		{ do_mkdir, 50 },
		{ do_slab, 40 },
		{ do_shrinker, 30 },
		{ do_rmdir, 25 },
		{ do_limit, 25 },
		{ do_fail, 20 },
		{ do_param, 20 },
		{ do_swapin, 20 },
		{ do_worker, 20 },
		{ do_late_offline, 15 },
		{ do_writeback, 15 },
		{ do_nonsense, 5 },
	};
	/* clang-format on */
	uint32_t sum = 0;
	uint32_t at;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		sum += kinds[i].weight;
	at = (uint32_t)roll(t, sum);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (at < kinds[i].weight) {
			kinds[i].happen(t);
			return;
		}
		at -= kinds[i].weight;
	}
}

/* ---- a run ---------------------------------------------------------------------------- */

static void decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct twins *t = ctx;

	(void)zs;
	if (d->kind == ZSIM_D_TOTAL && t->naive->nr_totals < MAX_TOTALS)
		t->totals[t->naive->nr_totals++] = d->pages;
}

static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct twins *t = ctx;

	(void)zs;
	t->violations++;
	differs(t, "%s: %s", name, text);
}

/* constants small and large, so that every loop bound is met */
static struct zsim_config machine(struct twins *t, const char *algo)
{
	static const uint32_t batches[] = { 64, 64, 1, 7 };
	static const uint32_t walks[] = { 0, 0, 0, 3 };
	static const uint32_t retries[] = { 16, 16, 1, 4 };
	static const uint32_t slabs[] = { 128, 8, 1, 32 };
	static const uint32_t empties[] = { 1, 1, 3, 16 };
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = *zsim_algo_find(algo);
	config.algo.batch = batches[roll(t, 4)];
	config.algo.max_retries = retries[roll(t, 4)];
	config.algo.shrinker_batch = slabs[roll(t, 4)];
	config.algo.walk_nr += walks[roll(t, 4)];
	config.algo.empty_failures = empties[roll(t, 4)];
	config.nodes = 1 + (uint32_t)roll(t, NAIVE_MAX_NODES);
	config.ram_pages = 200 + roll(t, 400);
	config.memcg_disabled = chance(t, 10);
	config.node_count_fixed = chance(t, 25);
	config.allocator = fail_alloc_get(&t->fa);
	return config;
}

/* the run goes on with a clone: it must be as good as the original */
static void change_horses(struct twins *t)
{
	struct zsim *clone = zsim_clone(t->zs, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(clone);
	EVENT(t, "clone");
	SAME(t, "digest", NAIVE_NONE, zsim_digest(t->zs), zsim_digest(clone));
	zsim_free(t->zs);
	t->zs = clone;
	CU_ASSERT_EQUAL(zsim_observe(t->zs, &t->observer), 0);
}

static void run(struct twins *t, const char *algo, uint64_t seed)
{
	struct naive *naive = t->naive;
	struct zsim_config config;
	int err;

	t->differ = false;
	t->violations = 0;
	t->seed = seed;
	t->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	fail_alloc_init(&t->fa, 0);
	config = machine(t, algo);
	naive_init(naive, &config);
	naive->totals = t->totals;
	t->zs = zsim_create(&config, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->zs);
	t->handle[0] = ZSIM_MEMCG_ROOT;
	t->observer =
		(struct zsim_observer){ .decision = decision, .violation = violation, .ctx = t };
	CU_ASSERT_EQUAL(zsim_observe(t->zs, &t->observer), 0);
	for (t->step = 1; t->step <= STEPS && !t->differ; t->step++) {
		naive->nr_totals = 0;
		naive->next_total = 0;
		naive->pool_pages = zsim_pool_pages(t->zs);
		event(t);
		compare(t);
		if (t->step % 311 == 0)
			change_horses(t);
	}
	CU_ASSERT_FALSE(t->differ);
	for (int i = 0; i < ZSIM_NR_COUNTERS; i++)
		t->counters[i] += zsim_counter(t->zs, (enum zsim_counter)i);
	for (int i = 0; i < ZSIM_NR_CAUSES; i++)
		t->written_by[i] += zsim_written_by(t->zs, (enum zsim_cause)i);
	zsim_free(t->zs);
	CU_ASSERT_EQUAL(t->fa.live_blocks, 0);
}

/* twins that agree on a machine where nothing happens prove nothing */
static void came_to_the_point(const struct twins *t, bool requests)
{
	for (int i = 0; i < ZSIM_NR_COUNTERS; i++)
		CU_ASSERT(t->counters[i] > 0);
	CU_ASSERT(t->written_by[ZSIM_CAUSE_STORE] > 10);
	CU_ASSERT(t->written_by[ZSIM_CAUSE_WORKER] > 100);
	CU_ASSERT(t->written_by[ZSIM_CAUSE_SHRINKER] > 100);
	CU_ASSERT_EQUAL(t->written_by[ZSIM_CAUSE_REQUEST] > 100, requests);
}

static void run_all(const char *algo)
{
	const char *only = getenv("ZSIM_SEED");
	struct twins *t = calloc(1, sizeof(*t));
	struct naive *naive = malloc(sizeof(*naive));

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(naive);
	t->naive = naive;
	for (uint64_t seed = 1; !only && seed <= RUNS; seed++)
		run(t, algo, seed);
	if (only)
		run(t, algo, strtoull(only, NULL, 0));
	else
		came_to_the_point(t, zsim_algo_find(algo)->source_key);
	free(naive);
	free(t);
}

static void linux_7_2(void)
{
	run_all("linux-7.2");
}

static void linux_7_3(void)
{
	run_all("linux-7.3");
}

static void proactive_v5(void)
{
	run_all("proactive-v5");
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(linux_7_2),
	ZSIM_CASE(linux_7_3),
	ZSIM_CASE(proactive_v5),
};
ZSIM_SUITE_MAIN("twin", cases)
