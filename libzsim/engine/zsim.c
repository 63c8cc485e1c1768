/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <zsim/zsim.h>

#include <errno.h>
#include <string.h>

#include "engine/run.h"
#include "model/entry.h"
#include "model/limit.h"
#include "model/list_lru.h"
#include "model/memcg.h"

#define ZSIM_STRING(x) #x
#define ZSIM_DOTTED(a, b, c) ZSIM_STRING(a) "." ZSIM_STRING(b) "." ZSIM_STRING(c)

const char *zsim_version(void)
{
	return ZSIM_DOTTED(ZSIM_VERSION_MAJOR, ZSIM_VERSION_MINOR, ZSIM_VERSION_PATCH);
}

bool zsim_has_defects(void)
{
#ifdef ZSIM_WITH_DEFECTS
	return true;
#else
	return false;
#endif
}

/* a caller built against an older header knows fewer fields: those keep their defaults */
static int config_take(struct zsim_config *config, const struct zsim_config *given)
{
	zsim_config_init(config);
	if (!given)
		return 0;
	if (given->size < sizeof(size_t) || given->size > sizeof(*config))
		return -EINVAL;
	memcpy(config, given, given->size);
	if (!config->allocator)
		config->allocator = zsim_allocator_libc();
	if (!config->algo.name)
		return -EINVAL;
	if (!config->nodes || config->nodes > ZSIM_MAX_NODES || !config->ram_pages ||
	    config->ram_pages > UINT64_MAX / 100 || config->defect >= ZSIM_NR_DEFECTS)
		return -ERANGE;
	return config->defect && !zsim_has_defects() ? -EOPNOTSUPP : 0;
}

static int fill(struct zsim *zs, const struct zsim_config *config)
{
	int rc;

	zs->alloc = config->allocator;
	zs->reclaim = config->reclaim;
	zs->reclaim_ctx = config->reclaim_ctx;
	zsim_paths_init(&zs->paths, zs->alloc);
	zsim_trail_init(&zs->trail, zs->alloc);
	rc = zsim_state_init(&zs->st, config);
	return rc ? rc : zsim_paths_add(&zs->paths, "/", ZSIM_MEMCG_ROOT);
}

struct zsim *zsim_create(const struct zsim_config *config, int *err)
{
	struct zsim_config taken;
	struct zsim *zs = NULL;
	int rc = config_take(&taken, config);

	if (!rc) {
		zs = zsim_zalloc(taken.allocator, sizeof(*zs));
		rc = zs ? fill(zs, &taken) : -ENOMEM;
	}
	if (rc) {
		zsim_free(zs);
		zs = NULL;
	}
	if (err)
		*err = rc;
	return zs;
}

void zsim_free(struct zsim *zs)
{
	if (!zs)
		return;
	zsim_actors_free(zs);
	if (zs->guard_ops)
		zs->guard_ops->free(zs->guard);
	zsim_state_destroy(&zs->st);
	zsim_paths_destroy(&zs->paths);
	zsim_trail_destroy(&zs->trail);
	zsim_dealloc(zs->alloc, zs);
}

const struct zsim_algo *zsim_algo(const struct zsim *zs)
{
	return &zs->st.algo;
}

int zsim_bind(struct zsim *zs, uint32_t group, const char *path)
{
	return zsim_paths_bind(&zs->paths, group, path);
}

int zsim_observe(struct zsim *zs, const struct zsim_observer *ob)
{
	if (zs->nr_observers == ZSIM_MAX_OBSERVERS)
		return -ENOSPC;
	zs->observers[zs->nr_observers++] = ob;
	return 0;
}

static bool exists(const struct zsim *zs, zsim_memcg memcg)
{
	return zsim_paths_name(&zs->paths, memcg) != NULL;
}

/* does it still have files, and lists of its own? */
static bool attached(const struct zsim *zs, zsim_memcg memcg)
{
	const struct zsim_name *name = zsim_paths_name(&zs->paths, memcg);

	return name && !name->removed;
}

/* a call that runs to its end at once, and what it queued */
static int run_through(struct zsim *zs, struct zsim_run *run)
{
	int rc = zsim_run_go(zs, run, false);

	if (!rc)
		rc = zsim_run_queued(zs);
	zsim_reap(zs);
	return rc;
}

int zsim_write(struct zsim *zs, zsim_memcg memcg, const char *file, const char *text)
{
	struct zsim_run run;
	int answer = 0;
	int rc;

	if (!attached(zs, memcg))
		return -ENOENT;
	zsim_run_init(&run);
	rc = zsim_file_write(zs, &run, memcg, file, text, &answer);
	if (rc || !run.active)
		return rc ? rc : answer;
	rc = run_through(zs, &run);
	return rc ? rc : (int)run.call.rc;
}

int zsim_write_node(struct zsim *zs, uint32_t node, const char *text)
{
	struct zsim_run run;
	int answer = 0;
	int rc;

	if (node >= zs->st.nodes)
		return -ERANGE;
	zsim_run_init(&run);
	zsim_file_write_node(zs, &run, text, &answer);
	if (!run.active)
		return answer;
	rc = run_through(zs, &run);
	if (rc)
		return rc;
	return run.call.rc ? -EAGAIN : 0;
}

static int store_check(const struct zsim *zs, uint64_t slot, zsim_memcg memcg, uint32_t node,
		       uint32_t nr)
{
	if (!exists(zs, memcg))
		return -ENOENT;
	if (node >= zs->st.nodes || !nr || nr > ZSIM_MAX_FOLIO_PAGES ||
	    !zsim_slot_valid(&zs->st, slot) || !zsim_slot_valid(&zs->st, slot + nr - 1))
		return -ERANGE;
	if (zsim_slot_gone(&zs->st, slot))
		return -ENODEV;
	for (uint32_t i = 0; i < nr; i++)
		if (zsim_visit_locks(&zs->st, slot + i))
			return -EBUSY;
	return 0;
}

int zsim_store(struct zsim *zs, uint64_t slot, zsim_memcg memcg, uint32_t node,
	       const uint16_t *length, uint32_t nr)
{
	const struct zsim_pages pages = {
		.slot = slot, .memcg = memcg, .node = node, .length = length, .nr = nr
	};
	struct zsim_run run;
	int rc = store_check(zs, slot, memcg, node, nr);

	for (uint32_t i = 0; !rc && i < nr; i++)
		if (!length[i] || length[i] > ZSIM_PAGE_SIZE)
			rc = -ERANGE;
	if (rc)
		return rc;
	zsim_run_init(&run);
	zsim_call_store(&zs->st, &run.call, &pages);
	zsim_run_begin(zs, &run);
	rc = run_through(zs, &run);
	return rc ? rc : (int)run.call.rc;
}

static int slot_known(const struct zsim *zs, uint64_t slot)
{
	if (!zsim_slot_valid(&zs->st, slot))
		return -ERANGE;
	return zsim_slot_gone(&zs->st, slot) ? -ENODEV : 0;
}

/* what load, invalidate, cache and uncache refuse alike */
static int slot_check(const struct zsim *zs, uint64_t slot)
{
	int rc = slot_known(zs, slot);

	if (rc)
		return rc;
	return zsim_visit_locks(&zs->st, slot) ? -EBUSY : 0;
}

static void found_again(struct zsim_state *st, uint64_t slot, uint32_t entry)
{
	struct zsim_slot_place at = { 0 };

	zsim_slot_map_place(&st->map, slot, &at);
	zsim_slot_map_add(&st->map, &at, entry);
}

int zsim_load(struct zsim *zs, uint64_t slot)
{
	struct zsim_decision d = { .kind = ZSIM_D_LOAD, .slot = slot };
	uint32_t entry;
	int rc = slot_check(zs, slot);

	if (rc)
		return rc;
	entry = zsim_entry_find(&zs->st, slot);
	if (entry == ZSIM_NIL) {
		d.rc = -ENOENT;
	} else if (zsim_state_fails(&zs->st, ZSIM_FAIL_DECOMPRESS)) {
		zs->st.counters[ZSIM_COUNTER_DECOMPRESS_FAIL]++;
		d.rc = -EIO;
	} else {
		zsim_entry_drop_for(&zs->st, entry, ZSIM_STAT_ZSWPIN);
		/* 4: the tree kept it, for whoever frees the slot */
		if (ZSIM_DEFECT(&zs->st, DOUBLE_FREE))
			found_again(&zs->st, slot, entry);
		zsim_reap(zs);
	}
	zsim_observe_decision(zs, &d);
	return (int)d.rc;
}

int zsim_invalidate(struct zsim *zs, uint64_t slot)
{
	int rc = slot_check(zs, slot);

	if (rc)
		return rc;
	zsim_entry_drop_slot(&zs->st, slot);
	zsim_visit_slot_freed(&zs->st, slot, true);
	zsim_reap(zs);
	return 0;
}

int zsim_cache(struct zsim *zs, uint64_t slot)
{
	int rc = slot_check(zs, slot);

	if (!rc)
		rc = zsim_slot_set_add(&zs->st.cache, slot);
	if (!rc)
		zsim_visit_slot_freed(&zs->st, slot, false);
	return rc;
}

int zsim_uncache(struct zsim *zs, uint64_t slot)
{
	int rc = slot_check(zs, slot);

	if (!rc)
		zsim_slot_set_remove(&zs->st.cache, slot);
	return rc;
}

int zsim_cold(struct zsim *zs, uint64_t slot)
{
	uint32_t entry;
	int rc = slot_known(zs, slot);

	if (rc)
		return rc;
	entry = zsim_entry_find(&zs->st, slot);
	if (entry == ZSIM_NIL)
		return -ENOENT;
	zsim_entry_at(&zs->st, entry)->referenced = 0;
	if (zs->guard_ops)
		zs->guard_ops->cooled(zs->guard, entry);
	return 0;
}

/* does a store hold pages of the device, locked until it is through? */
static bool stores_to(const struct zsim *zs, uint32_t device)
{
	for (const struct zsim_run *run = zs->runs; run; run = run->older)
		if (run->call.kind == ZSIM_CALL_STORE &&
		    run->call.pages.slot >> ZSIM_SLOT_TYPE_SHIFT == device)
			return true;
	return false;
}

int zsim_swapoff(struct zsim *zs, uint32_t device)
{
	if (device >= ZSIM_MAX_SWAP_DEVICES)
		return -ERANGE;
	if (zsim_slot_gone(&zs->st, (uint64_t)device << ZSIM_SLOT_TYPE_SHIFT))
		return -ENODEV;
	/* 9: the device went while a writeback held a page of it */
	if (stores_to(zs, device) ||
	    (zsim_device_locks(&zs->st, device) && !ZSIM_DEFECT(&zs->st, SWAPOFF_RACE)))
		return -EBUSY;
	zsim_device_drop(&zs->st, device);
	zsim_reap(zs);
	return 0;
}

int zsim_swapin_pages(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t pages)
{
	struct zsim_lru *lru;
	uint64_t before;

	if (!exists(zs, memcg))
		return -ENOENT;
	if (node >= zs->st.nodes || !pages || pages > UINT32_MAX)
		return -ERANGE;
	lru = zsim_lru_at(&zs->st, zsim_memcg_living(&zs->st, memcg), node);
	before = lru->swapins;
	lru->swapins += ZSIM_DEFECT(&zs->st, READAHEAD_ONE) ? 1 : pages;
	if (zs->guard_ops)
		zs->guard_ops->swapin(zs->guard, memcg, node, pages, before);
	return 0;
}

int zsim_swapin(struct zsim *zs, zsim_memcg memcg, uint32_t node)
{
	return zsim_swapin_pages(zs, memcg, node, 1);
}

static int list_check(const struct zsim *zs, zsim_memcg memcg, uint32_t node)
{
	if (!attached(zs, memcg))
		return -ENOENT;
	return node < zs->st.nodes ? 0 : -ERANGE;
}

int64_t zsim_shrinker(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint64_t nr)
{
	struct zsim_run run;
	int rc = list_check(zs, memcg, node);

	if (rc)
		return rc;
	zsim_run_init(&run);
	zsim_call_shrinker(&zs->st, &run.call, memcg, node, nr);
	zsim_run_begin(zs, &run);
	rc = run_through(zs, &run);
	return rc ? rc : run.call.rc;
}

int64_t zsim_slab(struct zsim *zs, zsim_memcg memcg, uint32_t node, uint32_t priority, bool noio)
{
	const struct zsim_slab slab = {
		.memcg = memcg,
		.node = node,
		.priority = priority,
		.noio = noio,
	};
	struct zsim_run run;
	int rc = list_check(zs, memcg, node);

	if (rc || priority > ZSIM_MAX_PRIORITY)
		return rc ? rc : -ERANGE;
	zsim_run_init(&run);
	zsim_call_slab(&zs->st, &run.call, &slab);
	zsim_run_begin(zs, &run);
	rc = run_through(zs, &run);
	return rc ? rc : run.call.rc;
}

int zsim_worker(struct zsim *zs)
{
	struct zsim_run run;

	if (zs->st.worker_running) { /* once more, when that one has ended */
		zsim_worker_queue(&zs->st);
		zs->st.worker_again = true;
		return 0;
	}
	zsim_run_init(&run);
	zsim_call_worker(&zs->st, &run.call);
	zsim_run_begin(zs, &run);
	return run_through(zs, &run);
}

int zsim_fail(struct zsim *zs, enum zsim_fail kind, uint64_t count)
{
	if ((unsigned int)kind >= ZSIM_NR_FAILS || zs->st.fail[kind] > UINT64_MAX - count)
		return -ERANGE;
	zs->st.fail[kind] += count;
	return 0;
}

int zsim_set_param(struct zsim *zs, enum zsim_param param, uint64_t value)
{
	bool percent = param == ZSIM_PARAM_MAX_POOL_PERCENT ||
		       param == ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT;
	int rc;

	if ((unsigned int)param >= ZSIM_NR_PARAMS || value > (percent ? 100u : 1u))
		return -ERANGE;
	zs->st.params[param] = value;
	rc = zsim_run_queued(zs);
	zsim_reap(zs);
	return rc;
}
