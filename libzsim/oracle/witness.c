/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "oracle/witness.h"

#include <errno.h>
#include <stdio.h>

#include "engine/group.h"
#include "model/list_lru.h"
#include "model/memcg.h"
#include "model/memcg_iter.h"

/* the kernel's id of the root group */
#define ROOT_CGROUP 1u

struct zsim_thread *zsim_thread_get(struct zsim_oracle *o, uint32_t pid)
{
	const struct zsim_allocator *hash_alloc = o->zs->alloc;
	struct zsim_thread *t;
	bool hash_oom = false;

	HASH_FIND(hh, o->threads, &pid, sizeof(pid), t); /* LCOV_EXCL_BR_LINE: uthash */
	if (t)
		return t;
	t = zsim_zalloc(o->zs->alloc, sizeof(*t));
	if (!t)
		return NULL;
	t->pid = pid;
	HASH_ADD(hh, o->threads, pid, sizeof(t->pid), t); /* LCOV_EXCL_BR_LINE: uthash */
	if (!hash_oom)
		return t;
	zsim_dealloc(o->zs->alloc, t);
	return NULL;
}

struct zsim_known *zsim_known_at(const struct zsim_oracle *o, zsim_memcg memcg)
{
	return zsim_array_at(&o->known, memcg);
}

static int known_set(struct zsim_oracle *o, zsim_memcg memcg, uint64_t unseen, bool learnt)
{
	uint32_t i;

	while (o->known.size <= memcg)
		if (zsim_array_push(&o->known, &i))
			return -ENOMEM;
	*zsim_known_at(o, memcg) = (struct zsim_known){ .unseen = unseen, .learnt = learnt };
	return 0;
}

static struct zsim_cgroup *cgroup_find(const struct zsim_oracle *o, uint64_t id)
{
	struct zsim_cgroup *cg;

	HASH_FIND(hh, o->cgroups, &id, sizeof(id), cg); /* LCOV_EXCL_BR_LINE: uthash */
	return cg;
}

/* the kernel may speak of a group after the model freed it: its handle is kept */
static void group_pin(struct zsim_oracle *o, zsim_memcg memcg)
{
	struct zsim_name *name = zsim_paths_name(&o->zs->paths, memcg);

	if (!name->pinned)
		zsim_memcg_keep(&o->zs->st, memcg);
	name->pinned = true;
}

static int cgroup_set(struct zsim_oracle *o, uint64_t id, zsim_memcg memcg)
{
	const struct zsim_allocator *hash_alloc = o->zs->alloc;
	struct zsim_cgroup *cg = cgroup_find(o, id);
	bool hash_oom = false;

	group_pin(o, memcg);
	if (cg) {
		cg->memcg = memcg;
		return 0;
	}
	cg = zsim_zalloc(o->zs->alloc, sizeof(*cg));
	if (!cg)
		return -ENOMEM;
	cg->id = id;
	cg->memcg = memcg;
	HASH_ADD(hh, o->cgroups, id, sizeof(cg->id), cg); /* LCOV_EXCL_BR_LINE: uthash */
	if (!hash_oom)
		return 0;
	zsim_dealloc(o->zs->alloc, cg);
	return -ENOMEM;
}

static int group_make(struct zsim_oracle *o, const char *path, zsim_memcg *memcg)
{
	struct zsim_name *parent = NULL;
	int rc = zsim_paths_parent(&o->zs->paths, path, &parent);

	if (rc == -ENOMEM)
		return rc;
	return zsim_group_make(o->zs, parent ? parent->memcg : ZSIM_MEMCG_ROOT, path, memcg);
}

int zsim_cgroup_add(struct zsim_oracle *o, uint64_t id, const char *path, bool unseen)
{
	zsim_memcg memcg = ZSIM_MEMCG_ROOT;
	int rc = 0;

	if (path[0] != '/') {
		o->why = "path is not absolute";
		return -EBADMSG;
	}
	if (path[1])
		rc = group_make(o, path, &memcg);
	if (!rc)
		rc = known_set(o, memcg, unseen && o->unseen ? UINT64_MAX : 0, false);
	if (!rc)
		zsim_known_at(o, memcg)->made = !unseen;
	return rc ? rc : cgroup_set(o, id, memcg);
}

void zsim_tree_open(struct zsim_oracle *o, struct zsim_run *run)
{
	if (run->call.kind != ZSIM_CALL_REQUEST)
		return;
	zsim_iter_move(&o->zs->st, &run->call.top, ZSIM_MEMCG_ROOT);
	zsim_run_group_made(o->zs, ZSIM_MEMCG_ROOT);
}

static void tree_learn(struct zsim_oracle *o)
{
	if (o->tree_learnt)
		return;
	o->tree_learnt = true;
	for (struct zsim_run *run = o->zs->runs; run; run = run->older)
		zsim_tree_open(o, run);
}

/*
 * A group that nobody made. Where the capture has the whole tree from the
 * beginning, there is none: it gets a record that no walker would take.
 */
static int cgroup_learn(struct zsim_oracle *o, uint64_t id, zsim_memcg *memcg)
{
	char path[32];
	int rc;

	snprintf(path, sizeof(path), "/cgroup-%llu", (unsigned long long)id);
	rc = zsim_group_make(o->zs, ZSIM_MEMCG_ROOT, path, memcg);
	if (!rc)
		rc = known_set(o, *memcg, UINT64_MAX, true);
	if (o->tree_given && !o->unseen && !rc)
		zsim_memcg_kill(&o->zs->st, *memcg);
	else
		tree_learn(o);
	return rc ? rc : cgroup_set(o, id, *memcg);
}

int zsim_cgroup_get(struct zsim_oracle *o, uint64_t id, zsim_memcg *memcg)
{
	const struct zsim_cgroup *cg = cgroup_find(o, id);

	*memcg = ZSIM_MEMCG_ROOT;
	if (cg)
		*memcg = cg->memcg;
	else if (id > ROOT_CGROUP)
		return cgroup_learn(o, id, memcg);
	return 0;
}

void zsim_known_all(struct zsim_oracle *o)
{
	o->unseen = false;
	o->full_known = true;
	for (uint32_t i = 0; i < o->known.size; i++)
		if (!zsim_known_at(o, i)->learnt)
			zsim_known_at(o, i)->unseen = 0;
}

static void thread_forget(struct zsim_oracle *o, struct zsim_thread *t)
{
	zsim_run_cancel(o->zs, &t->store);
	zsim_run_cancel(o->zs, &t->reclaim);
	t->partial = false;
	t->loading = false;
	t->request_known = false;
	t->add_due = false;
	t->del_due = false;
	t->requesting = false;
	t->stepping = false;
	t->outside = false;
	t->stored = false;
}

void zsim_known_nothing(struct zsim_oracle *o)
{
	struct zsim_thread *t;

	for (t = o->threads; t; t = t->hh.next)
		thread_forget(o, t);
	for (uint32_t i = 0; i < o->known.size; i++)
		*zsim_known_at(o, i) = (struct zsim_known){ .unseen = UINT64_MAX, .learnt = true };
	o->unseen = true;
	o->tree_learnt = true;
	o->total_seen = true;
	o->full_known = false;
	o->cursor_known = false;
	zsim_reap(o->zs);
}

static void list_new(struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	zsim_lru_reset(lru);
	lru->dead = zsim_memcg_at(st, memcg)->state >= ZSIM_MEMCG_OFFLINE;
}

/*
 * lists of the nodes behind the first stand group by group: those of later groups move up, from the
 * last one on
 */
static void lists_spread(struct zsim_state *st, uint32_t before)
{
	uint32_t each = st->nodes - 1;
	uint32_t i = st->memcgs.size * each;
	uint32_t node;

	while (i-- > 0) {
		node = i % each + 1;
		if (node < before)
			*zsim_lru_at(st, i / each, node) = *(struct zsim_lru *)zsim_array_at(
				&st->lists, i / each * (before - 1) + node - 1);
		else
			list_new(st, i / each, node);
	}
}

int zsim_node_learn(struct zsim_oracle *o, uint32_t node)
{
	struct zsim_state *st = &o->zs->st;
	uint32_t before = st->nodes;
	uint32_t i;

	if (node < st->nodes)
		return 0;
	/* one node may be the default of a capture that told the memory's size only */
	if ((o->zs->machine_given && st->nodes > 1) || node >= ZSIM_MAX_NODES) {
		o->why = "no such node";
		return -EBADMSG;
	}
	while (st->lists.size < st->memcgs.size * node)
		if (zsim_array_push(&st->lists, &i))
			return -ENOMEM;
	st->nodes = node + 1;
	lists_spread(st, before);
	return 0;
}

void zsim_witness_free(struct zsim_oracle *o)
{
	const struct zsim_allocator *hash_alloc = o->zs->alloc;
	struct zsim_thread *t, *next_thread;
	struct zsim_cgroup *cg, *next_cgroup;

	HASH_ITER(hh, o->threads, t, next_thread) { /* LCOV_EXCL_BR_LINE: uthash */
		HASH_DELETE(hh, o->threads, t);	    /* LCOV_EXCL_BR_LINE: uthash */
		zsim_run_cancel(o->zs, &t->store);
		zsim_run_cancel(o->zs, &t->reclaim);
		zsim_dealloc(o->zs->alloc, t);
	}
	HASH_ITER(hh, o->cgroups, cg, next_cgroup) { /* LCOV_EXCL_BR_LINE: uthash */
		HASH_DELETE(hh, o->cgroups, cg);     /* LCOV_EXCL_BR_LINE: uthash */
		if (zsim_paths_name(&o->zs->paths, cg->memcg)->pinned)
			zsim_memcg_unkeep(&o->zs->st, cg->memcg);
		zsim_paths_name(&o->zs->paths, cg->memcg)->pinned = false;
		zsim_dealloc(o->zs->alloc, cg);
	}
	zsim_reap(o->zs);
	zsim_slot_set_destroy(&o->slots);
	zsim_array_destroy(&o->known);
}
