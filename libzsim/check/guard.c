/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.c - a monitor that the engine drives: properties along one trace.
 */
#include <zsim/property.h>

#include <errno.h>

#include "check/monitor.h"
#include "engine/run.h"

/* calls under way at once, at first */
#define GUARD_WATCHES 8u

/** struct zsim_guard - @lasting: what did not hold of the state when it was looked at last */
struct zsim_guard {
	struct zsim *zs;
	struct zsim_monitor monitor;
	uint64_t lasting;
};

static void broken_tell(struct zsim_guard *guard, uint64_t broken)
{
	const struct zsim_monitor *m = &guard->monitor;

	for (uint32_t i = 0; broken && i < ZSIM_NR_PROPERTIES; i++) {
		enum zsim_property p = (enum zsim_property)i;

		if (broken & ZSIM_P_BIT(p))
			zsim_observe_violation(guard->zs, zsim_property_name(p), "%s",
					       p == m->first ? m->why : zsim_property_statement(p));
	}
}

/* what the monitor found since it was asked last; returns how many */
static uint32_t broken_take(struct zsim_guard *guard)
{
	uint64_t broken = guard->monitor.broken;
	uint32_t n = 0;

	broken_tell(guard, broken);
	guard->monitor.broken = 0;
	for (; broken; broken &= broken - 1)
		n++;
	return n;
}

/* twice the room that is needed now: entries come one by one */
static int room_make(struct zsim_guard *guard)
{
	const struct zsim_state *st = &guard->zs->st;
	struct zsim_monitor *m = &guard->monitor;

	if (st->entries.size < m->words * UINT64_C(64) &&
	    st->memcgs.size <= m->group_words * UINT64_C(64))
		return 0;
	return zsim_monitor_reserve(m, 64 + st->entries.size + st->entries.size / 2,
				    64 + st->memcgs.size);
}

static int guard_before(struct zsim_guard *guard, const struct zsim_call *call,
			const struct zsim_decision *d)
{
	int rc = room_make(guard);

	if (!rc)
		rc = zsim_monitor_admit(&guard->monitor, call->id);
	if (!rc)
		zsim_monitor_before(&guard->monitor, &guard->zs->st, call, d);
	return rc;
}

static void guard_after(struct zsim_guard *guard, const struct zsim_call *call,
			const struct zsim_decision *d)
{
	zsim_monitor_after(&guard->monitor, &guard->zs->st, call, d);
	broken_take(guard);
}

/* a state stays broken for long: that is told once */
static void guard_look(struct zsim_guard *guard)
{
	struct zsim_monitor *m = &guard->monitor;
	uint64_t broken;

	zsim_monitor_state(m, &guard->zs->st);
	broken = m->broken;
	broken_tell(guard, broken & ~guard->lasting);
	guard->lasting = broken;
	m->broken = 0;
}

static void guard_cancelled(struct zsim_guard *guard, uint32_t call)
{
	zsim_monitor_forget(&guard->monitor, call);
}

static void guard_swapin(struct zsim_guard *guard, zsim_memcg memcg, uint32_t node, uint64_t pages,
			 uint64_t before)
{
	zsim_monitor_swapin(&guard->monitor, &guard->zs->st, memcg, node, pages, before);
	broken_take(guard);
}

static void guard_cooled(struct zsim_guard *guard, uint32_t entry)
{
	zsim_monitor_cooled(&guard->monitor, entry);
}

static void guard_group_made(struct zsim_guard *guard, zsim_memcg memcg)
{
	zsim_monitor_group_made(&guard->monitor, memcg);
}

static void guard_free(struct zsim_guard *guard)
{
	zsim_monitor_destroy(&guard->monitor);
	zsim_dealloc(guard->zs->alloc, guard);
}

static const struct zsim_guard_ops guard_ops = {
	.before = guard_before,
	.after = guard_after,
	.look = guard_look,
	.cancelled = guard_cancelled,
	.swapin = guard_swapin,
	.cooled = guard_cooled,
	.group_made = guard_group_made,
	.free = guard_free,
};

int zsim_guard_attach(struct zsim *zs, uint64_t properties)
{
	struct zsim_guard *guard;
	int rc;

	if (properties >> ZSIM_NR_PROPERTIES)
		return -EINVAL;
	if (zs->runs || zs->guard)
		return -EBUSY;
	guard = zsim_zalloc(zs->alloc, sizeof(*guard));
	if (!guard)
		return -ENOMEM;
	guard->zs = zs;
	rc = zsim_monitor_init(&guard->monitor, zs->alloc, properties, GUARD_WATCHES);
	if (!rc)
		rc = room_make(guard);
	if (rc) {
		guard_free(guard);
		return rc;
	}
	zsim_monitor_adopt(&guard->monitor, &zs->st);
	zs->guard = guard;
	zs->guard_ops = &guard_ops;
	return 0;
}

int zsim_guard_rest(struct zsim *zs)
{
	struct zsim_guard *guard = zs->guard;
	uint32_t broken;
	int rc = 0;

	if (!guard)
		return -ENOENT;
	if (zs->runs)
		return -EBUSY;
	zsim_monitor_rest(&guard->monitor, &zs->st);
	broken = broken_take(guard);
	if (guard->monitor.properties & ZSIM_P_BIT(ZSIM_P_INVARIANT))
		rc = zsim_verify(zs);
	return rc < 0 ? rc : rc + (int)broken;
}
