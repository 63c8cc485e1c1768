/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.c - one event of a trace to the function that it stands for.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/group.h"
#include "model/entry.h"
#include "model/limit.h"
#include "model/memcg.h"

int zsim_refuse(struct zsim *zs, struct zsim_result *res, int rc, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(zs->why, sizeof(zs->why), format, args);
	va_end(args);
	res->text = zs->why;
	return rc;
}

static struct zsim_result result_rc(int64_t rc)
{
	return (struct zsim_result){ .kind = ZSIM_RESULT_RC, .value = rc };
}

struct zsim_result zsim_result_of(const struct zsim_run *run)
{
	struct zsim_result res = result_rc(run->call.rc);

	if (run->call.kind == ZSIM_CALL_STORE)
		res.kind = ZSIM_RESULT_STORE;
	else if (run->call.kind == ZSIM_CALL_SHRINKER && run->call.rc < 0)
		res.kind = ZSIM_RESULT_STOP;
	else if (run->call.kind == ZSIM_CALL_ORDINARY && run->rq.memcg == ZSIM_MEMCG_NONE)
		res.value = run->call.rc ? -EAGAIN : 0;
	return res;
}

/* the group of an event: what has left its path for good takes stores and swap-ins only */
static int event_memcg(struct zsim *zs, const struct zsim_event *ev, zsim_memcg *memcg,
		       struct zsim_result *res)
{
	bool of_a_page = ev->type == ZSIM_EV_STORE || ev->type == ZSIM_EV_SWAPIN;
	const struct zsim_name *name = ev->path ? zsim_paths_find(&zs->paths, ev->path) :
						  zsim_paths_name(&zs->paths, ev->memcg);

	if (!name)
		return zsim_refuse(zs, res, -ENOENT, "unknown group: %s",
				   ev->path ? ev->path : "(by handle)");
	if (name->removed && !of_a_page)
		return zsim_refuse(zs, res, -ENOENT, "group was removed: %s", name->path);
	*memcg = name->memcg;
	return 0;
}

static int check_node(struct zsim *zs, uint32_t node, struct zsim_result *res)
{
	if (node < zs->st.nodes)
		return 0;
	return zsim_refuse(zs, res, -ERANGE, "no such node: %u (the machine has %u)", node,
			   zs->st.nodes);
}

static int check_slot(struct zsim *zs, uint64_t slot, struct zsim_result *res)
{
	bool valid = zsim_slot_valid(&zs->st, slot);

	if (valid && zsim_slot_gone(&zs->st, slot))
		return zsim_refuse(zs, res, -ENODEV,
				   "slot of a device that was swapped off: 0x%llx",
				   (unsigned long long)slot);
	if (valid)
		return 0;
	return zsim_refuse(zs, res, -ERANGE, "slot beyond the device: 0x%llx",
			   (unsigned long long)slot);
}

static int check_pages(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	if (!ev->nr || ev->nr > ZSIM_MAX_FOLIO_PAGES)
		return zsim_refuse(zs, res, -ERANGE, "a folio has 1 to %u pages",
				   ZSIM_MAX_FOLIO_PAGES);
	for (uint32_t i = 0; i < ev->nr; i++)
		if (!ev->length[i] || ev->length[i] > ZSIM_PAGE_SIZE)
			return zsim_refuse(zs, res, -ERANGE, "LENGTH out of range: %u",
					   ev->length[i]);
	return 0;
}

/* an event or a call of zsim.h has left something behind, or may have */
static bool has_started(const struct zsim *zs)
{
	const struct zsim_state *st = &zs->st;

	return zs->started || zs->calls || st->memcgs.size > 1 || st->cache.used ||
	       st->devices_gone || zsim_state_fails_soon(st);
}

static int apply_machine(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	struct zsim_config config = {
		.size = sizeof(config),
		.algo = zs->st.algo,
		.nodes = ev->nodes,
		.ram_pages = ev->ram_pages,
		.swap_pages = ev->swap_pages,
		.memcg_disabled = ev->memcg_disabled,
		.zswap_absent = ev->zswap_absent,
		.node_count_fixed = zs->st.node_count_fixed,
		.allocator = zs->alloc,
		.defect = zs->st.defect,
		.pool_bytes = ev->pool_bytes,
	};
	struct zsim_state fresh;
	int rc;

	if (has_started(zs))
		return zsim_refuse(zs, res, -EBUSY, "machine must come before any event");
	if (!ev->nodes || ev->nodes > ZSIM_MAX_NODES || !ev->ram_pages ||
	    ev->ram_pages > UINT64_MAX / 100)
		return zsim_refuse(zs, res, -ERANGE, "machine: number out of range");
	rc = zsim_state_init(&fresh, &config);
	if (rc) {
		zsim_state_destroy(&fresh);
		return rc;
	}
	memcpy(fresh.params, zs->st.params, sizeof(fresh.params));
	zsim_state_destroy(&zs->st);
	zs->st = fresh;
	zs->machine_given = true;
	return 0;
}

static int apply_param(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	int rc = zsim_set_param(zs, ev->param, ev->value);

	return rc == -ERANGE ?
		       zsim_refuse(zs, res, rc, "param %s: value out of range: %llu",
				   zsim_param_name(ev->param), (unsigned long long)ev->value) :
		       rc;
}

static int apply_mkdir(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	zsim_memcg memcg;
	int rc = zsim_mkdir(zs, ev->path, &memcg);

	*res = result_rc(rc);
	return rc == -ENOMEM || rc == -ENOSPC ? rc : 0;
}

/*
 * A trace that spells out how a group leaves may store its late pages, until the
 * path is used again. After a plain rmdir that is so only while the group still
 * counts for something.
 */
static void late_keep(struct zsim *zs, zsim_memcg memcg)
{
	zsim_paths_name(&zs->paths, memcg)->late = true;
	zsim_memcg_keep(&zs->st, memcg);
}

static int apply_rmdir(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	zsim_memcg memcg;
	int rc = event_memcg(zs, ev, &memcg, res);

	if (rc)
		return rc;
	rc = zsim_rmdir(zs, memcg);
	*res = result_rc(rc);
	if (rc)
		return 0;
	if (ev->deferred)
		late_keep(zs, memcg);
	/* not before its dying children: the last of them takes it along */
	if (!ev->deferred && zsim_offline(zs, memcg) == -EBUSY)
		zsim_paths_name(&zs->paths, memcg)->leaving = true;
	return 0;
}

/* the dying group that was made at a path last: a newer one may be there already */
static zsim_memcg find_dying(const struct zsim *zs, const char *path)
{
	const struct zsim_name *name, *found = NULL;

	for (zsim_memcg m = 0; m < zs->paths.by_memcg.size; m++) {
		name = zsim_paths_name(&zs->paths, m);
		if (name && zsim_memcg_at(&zs->st, m)->state == ZSIM_MEMCG_DYING &&
		    !strcmp(name->path, path) && (!found || name->made > found->made))
			found = name;
	}
	return found ? found->memcg : ZSIM_MEMCG_NONE;
}

static int offline_memcg(struct zsim *zs, const struct zsim_event *ev, zsim_memcg *memcg,
			 struct zsim_result *res)
{
	int rc = event_memcg(zs, ev, memcg, res);

	if (rc)
		return rc;
	if (zsim_memcg_at(&zs->st, *memcg)->state != ZSIM_MEMCG_DYING)
		*memcg = find_dying(zs, zsim_path(zs, *memcg));
	if (*memcg == ZSIM_MEMCG_NONE)
		return zsim_refuse(zs, res, -EINVAL, "offline: group is not dying: %s", ev->path);
	return 0;
}

static int apply_offline(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	zsim_memcg memcg;
	int rc = offline_memcg(zs, ev, &memcg, res);

	if (rc)
		return rc;
	*res = result_rc(zsim_offline(zs, memcg));
	return 0;
}

static int begin_offline(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
			 struct zsim_result *res)
{
	zsim_memcg memcg;
	int rc = offline_memcg(zs, ev, &memcg, res);

	if (rc)
		return rc;
	*res = result_rc(zsim_group_may_offline(zs, memcg));
	if (res->value)
		return 0;
	zsim_call_offline(&zs->st, &run->call, memcg);
	zsim_run_begin(zs, run);
	return 0;
}

static int begin_write(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
		       struct zsim_result *res)
{
	zsim_memcg memcg;
	int answer = 0;
	int rc;

	if (!ev->path) {
		rc = check_node(zs, ev->node, res);
		if (rc)
			return rc;
		if (strcmp(ev->file, "reclaim"))
			return zsim_refuse(zs, res, -ENOENT, "unknown file of a node: %s",
					   ev->file);
		zsim_file_write_node(zs, run, ev->text, &answer);
	} else {
		rc = event_memcg(zs, ev, &memcg, res);
		if (rc)
			return rc;
		if (zsim_file_write(zs, run, memcg, ev->file, ev->text, &answer))
			return zsim_refuse(zs, res, -ENOENT, "unknown file: %s", ev->file);
	}
	*res = result_rc(answer);
	return 0;
}

static int begin_store(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
		       struct zsim_result *res)
{
	struct zsim_pages pages = {
		.slot = ev->slot, .node = ev->node, .length = ev->length, .nr = ev->nr
	};
	int rc = event_memcg(zs, ev, &pages.memcg, res);

	if (!rc)
		rc = check_node(zs, ev->node, res);
	if (!rc)
		rc = check_pages(zs, ev, res);
	if (!rc)
		rc = check_slot(zs, ev->slot, res);
	if (!rc)
		rc = check_slot(zs, ev->slot + ev->nr - 1, res);
	if (rc)
		return rc;
	*res = result_rc(-EBUSY);
	for (uint32_t i = 0; i < ev->nr; i++)
		if (zsim_visit_locks(&zs->st, ev->slot + i))
			return 0;
	zsim_call_store(&zs->st, &run->call, &pages);
	zsim_run_begin(zs, run);
	return 0;
}

static int begin_shrinker(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
			  struct zsim_result *res)
{
	struct zsim_slab slab = { .node = ev->node, .noio = ev->noio };
	int rc = event_memcg(zs, ev, &slab.memcg, res);

	if (!rc)
		rc = check_node(zs, ev->node, res);
	if (rc)
		return rc;
	slab.priority = (uint32_t)ev->value;
	if (ev->type == ZSIM_EV_SHRINKER)
		zsim_call_shrinker(&zs->st, &run->call, slab.memcg, ev->node, ev->value);
	else if (ev->value > ZSIM_MAX_PRIORITY)
		return zsim_refuse(zs, res, -ERANGE, "slab: PRIORITY out of range");
	else
		zsim_call_slab(&zs->st, &run->call, &slab);
	zsim_run_begin(zs, run);
	return 0;
}

static int begin_worker(struct zsim *zs, struct zsim_run *run, struct zsim_result *res)
{
	*res = result_rc(0);
	zs->st.worker_again = zs->st.worker_running;
	if (zs->st.worker_running) {
		zsim_worker_queue(&zs->st);
		return 0;
	}
	zsim_call_worker(&zs->st, &run->call);
	zsim_run_begin(zs, run);
	return 0;
}

int zsim_begin(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
	       struct zsim_result *res)
{
	switch (ev->type) {
	case ZSIM_EV_WRITE:
		return begin_write(zs, run, ev, res);
	case ZSIM_EV_STORE:
		return begin_store(zs, run, ev, res);
	case ZSIM_EV_SHRINKER:
	case ZSIM_EV_SLAB:
		return begin_shrinker(zs, run, ev, res);
	case ZSIM_EV_WORKER:
		return begin_worker(zs, run, res);
	case ZSIM_EV_OFFLINE:
		return begin_offline(zs, run, ev, res);
	default:
		return zsim_refuse(zs, res, -EINVAL, "%s cannot be suspended",
				   zsim_event_name(ev->type));
	}
}

/* a call without an actor: to its end */
static int apply_call(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	struct zsim_run run;
	int rc;

	zsim_run_init(&run);
	rc = zsim_begin(zs, &run, ev, res);
	if (rc || !run.active)
		return rc;
	rc = zsim_run_go(zs, &run, false);
	*res = zsim_result_of(&run);
	return rc;
}

static int apply_slot(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	int rc = check_slot(zs, ev->slot, res);

	if (rc)
		return rc;
	switch (ev->type) {
	case ZSIM_EV_LOAD:
		rc = zsim_load(zs, ev->slot);
		break;
	case ZSIM_EV_INVALIDATE:
		rc = zsim_invalidate(zs, ev->slot);
		break;
	case ZSIM_EV_CACHE:
		rc = zsim_cache(zs, ev->slot);
		break;
	case ZSIM_EV_COLD:
		rc = zsim_cold(zs, ev->slot);
		break;
	default:
		rc = zsim_uncache(zs, ev->slot);
		break;
	}
	*res = result_rc(rc);
	return rc == -ENOMEM ? rc : 0;
}

static int apply_swapin(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	zsim_memcg memcg;
	int rc = event_memcg(zs, ev, &memcg, res);

	if (!rc)
		rc = check_node(zs, ev->node, res);
	if (rc)
		return rc;
	rc = zsim_swapin_pages(zs, memcg, ev->node, ev->value ? ev->value : 1);
	return rc ? zsim_refuse(zs, res, rc, "swapin: PAGES out of range") : 0;
}

static int apply_swapoff(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	uint32_t device = ev->value < ZSIM_MAX_SWAP_DEVICES ? (uint32_t)ev->value : UINT32_MAX;
	int rc = zsim_swapoff(zs, device);

	if (rc == -ERANGE || rc == -ENODEV)
		return zsim_refuse(zs, res, rc, "swapoff: no such device%s: %llu",
				   rc == -ENODEV ? " any more" : "", (unsigned long long)ev->value);
	*res = result_rc(rc);
	return 0;
}

static int apply_fail(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	int rc = zsim_fail(zs, ev->fail, ev->value);

	return rc ? zsim_refuse(zs, res, rc, "fail: COUNT out of range") : 0;
}

static int apply_signal(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	(void)res;
	return zsim_actor_signal(zs, ev->target);
}

static int dispatch(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	switch (ev->type) {
	case ZSIM_EV_MACHINE:
		return apply_machine(zs, ev, res);
	case ZSIM_EV_PARAM:
		return apply_param(zs, ev, res);
	case ZSIM_EV_MKDIR:
		return apply_mkdir(zs, ev, res);
	case ZSIM_EV_RMDIR:
		return apply_rmdir(zs, ev, res);
	case ZSIM_EV_OFFLINE:
		return apply_offline(zs, ev, res);
	case ZSIM_EV_WRITE:
	case ZSIM_EV_STORE:
	case ZSIM_EV_SHRINKER:
	case ZSIM_EV_SLAB:
	case ZSIM_EV_WORKER:
		return apply_call(zs, ev, res);
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
	case ZSIM_EV_COLD:
		return apply_slot(zs, ev, res);
	case ZSIM_EV_SWAPOFF:
		return apply_swapoff(zs, ev, res);
	case ZSIM_EV_SWAPIN:
		return apply_swapin(zs, ev, res);
	case ZSIM_EV_FAIL:
		return apply_fail(zs, ev, res);
	case ZSIM_EV_SIGNAL:
		return apply_signal(zs, ev, res);
	case ZSIM_EV_STEP:
	case ZSIM_EV_FINISH:
		return zsim_refuse(zs, res, -EINVAL, "%s needs an actor",
				   zsim_event_name(ev->type));
	case ZSIM_EV_SAW:
	case ZSIM_NR_EVENTS:
		break;
	}
	return zsim_refuse(zs, res, -EINVAL, "a kernel's record is no event of a simulator");
}

int zsim_apply(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res)
{
	int rc, queued;

	*res = result_rc(0);
	rc = ev->actor ? zsim_actor_apply(zs, ev, res) : dispatch(zs, ev, res);
	if (rc == -ENOSPC)
		zsim_refuse(zs, res, rc, "more than %u entries, %u groups or %u zspages",
			    ZSIM_MAX_ENTRIES, ZSIM_MAX_MEMCGS, ZSIM_ZSPAGE_NONE);
	if (rc)
		res->kind = ZSIM_RESULT_NONE;
	else
		zs->started |= ev->type != ZSIM_EV_PARAM;
	/* also after steps that were one too many: some may have been made */
	queued = zsim_run_queued(zs);
	zsim_reap(zs);
	if (!rc && zs->guard_ops)
		zs->guard_ops->look(zs->guard);
	return rc ? rc : queued;
}

int zsim_finish(struct zsim *zs, struct zsim_result *res)
{
	const char *name = zsim_actor_suspended(zs);

	*res = (struct zsim_result){ .kind = ZSIM_RESULT_NONE };
	if (name)
		return zsim_refuse(zs, res, -EINVAL, "the trace ends while %s is suspended", name);
	name = zsim_actor_missing(zs);
	if (name)
		return zsim_refuse(zs, res, -ENOENT, "no such actor: %s (a signal waits for it)",
				   name);
	return 0;
}
