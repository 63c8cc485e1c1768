/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - one record to its meaning; groups and facts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/group.h"
#include "model/entry.h"
#include "model/memcg_iter.h"
#include "oracle/witness.h"

static int group_write(struct zsim_oracle *o, zsim_memcg memcg, const char *file, const char *text)
{
	struct zsim_run run;
	int answer;

	zsim_run_init(&run);
	zsim_file_write(o->zs, &run, memcg, file, text, &answer);
	return 0;
}

static int settings_write(struct zsim_oracle *o, uint64_t id, const char *file, const char *text)
{
	zsim_memcg memcg;
	int rc = zsim_cgroup_get(o, id, &memcg);

	return rc ? rc : group_write(o, memcg, file, text ? text : "");
}

static int cgroup_fact(struct zsim_oracle *o, const struct zsim_record *r)
{
	int rc = zsim_cgroup_add(o, r->cg, r->path, true);

	o->tree_given = true;
	if (!rc)
		rc = settings_write(o, r->cg, "memory.zswap.writeback", r->value ? "1" : "0");
	if (!rc && r->text && r->text[0])
		rc = settings_write(o, r->cg, "memory.zswap.max", r->text);
	return rc;
}

/* the last group below @memcg, itself at the end, that is in a state below @state */
static zsim_memcg lowest(const struct zsim_state *st, zsim_memcg memcg, uint8_t state)
{
	zsim_memcg c = zsim_memcg_at(st, memcg)->first_child;

	while (c != ZSIM_MEMCG_NONE) {
		if (zsim_memcg_at(st, c)->state < state) {
			memcg = c;
			c = zsim_memcg_at(st, memcg)->first_child;
		} else {
			c = zsim_memcg_at(st, c)->next;
		}
	}
	return memcg;
}

/* groups below it, and its own rmdir, whose records are not in the capture */
static void kill_first(struct zsim_state *st, zsim_memcg memcg)
{
	zsim_memcg m;

	while (zsim_memcg_online(st, memcg)) {
		m = lowest(st, memcg, ZSIM_MEMCG_DYING);
		zsim_memcg_kill(st, m);
	}
}

/* entries of before the capture move up with the others, to where the kernel says */
static void unseen_moves(struct zsim_oracle *o, zsim_memcg memcg)
{
	zsim_memcg heir = zsim_memcg_living(&o->zs->st, zsim_memcg_at(&o->zs->st, memcg)->parent);
	bool learnt = zsim_known_at(o, memcg)->learnt;

	zsim_known_at(o, heir)->unseen |= zsim_known_at(o, memcg)->unseen;
	/* its place in the tree is not known: it may be anywhere */
	for (uint32_t i = 0; learnt && i < o->known.size; i++)
		zsim_known_at(o, i)->unseen = UINT64_MAX;
}

static void offline(struct zsim_oracle *o, zsim_memcg memcg)
{
	zsim_memcg m;

	do {
		m = lowest(&o->zs->st, memcg, ZSIM_MEMCG_OFFLINE);
		unseen_moves(o, m);
		zsim_group_offline(o->zs, m);
	} while (m != memcg);
}

static int group_leaves(struct zsim_oracle *o, const struct zsim_record *r)
{
	struct zsim_state *st = &o->zs->st;
	zsim_memcg memcg;
	int rc = zsim_cgroup_get(o, r->cg, &memcg);

	if (rc || memcg == ZSIM_MEMCG_ROOT)
		return rc;
	kill_first(st, memcg);
	if (r->saw == ZSIM_SAW_OFFLINE)
		zsim_cursor_leave(st, memcg);
	else if (r->saw == ZSIM_SAW_REPARENT && zsim_memcg_at(st, memcg)->state == ZSIM_MEMCG_DYING)
		offline(o, memcg);
	return 0;
}

/* only the root's stored amounts are comparable: its events include what ran before */
static bool comparable(const char *path, int item)
{
	return strcmp(path, "/") || item <= ZSIM_STAT_ZSWAP_INCOMP;
}

static void stat_value(struct zsim_oracle *o, const char *path, zsim_memcg memcg, const char *key,
		       int64_t value)
{
	int item = zsim_stat_parse(key);
	bool known = !o->unseen && !o->tree_learnt &&
		     (!o->older || item <= ZSIM_STAT_ZSWAP_INCOMP || zsim_known_at(o, memcg)->made);

	if (item >= 0 && comparable(path, item))
		zsim_oracle_check_number(o, ZSIM_CHECK_STAT, known, key, value,
					 (int64_t)zsim_stat(o->zs, memcg,
							    (enum zsim_stat_item)item));
}

static int stat_fact(struct zsim_oracle *o, const struct zsim_record *r)
{
	zsim_memcg memcg = zsim_lookup(o->zs, r->path);
	const char *s = r->text;
	char key[64];
	char *end;
	size_t n;

	if (memcg == ZSIM_MEMCG_NONE)
		return 0;
	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		n = strcspn(s, " ");
		if (n >= sizeof(key) || !s[n]) {
			o->why = "stat: expected KEY VALUE pairs";
			return -EBADMSG;
		}
		memcpy(key, s, n);
		key[n] = '\0';
		stat_value(o, r->path, memcg, key, strtoll(s + n, &end, 10));
		if (end == s + n || (*end && *end != ' ')) {
			o->why = "stat: value is no number";
			return -EBADMSG;
		}
		s = end;
	}
	return 0;
}

static int debugfs_fact(struct zsim_oracle *o, const struct zsim_record *r)
{
	int counter = zsim_counter_parse(r->text);

	/* the others count from boot on */
	if (counter == ZSIM_COUNTER_POOL_TOTAL_SIZE || counter == ZSIM_COUNTER_STORED_PAGES ||
	    counter == ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES)
		zsim_oracle_check_number(o, ZSIM_CHECK_STAT, !o->unseen, r->text, r->value,
					 (int64_t)zsim_counter(o->zs, (enum zsim_counter)counter));
	return 0;
}

int zsim_record_fact(struct zsim_oracle *o, const struct zsim_record *r)
{
	switch (r->saw) {
	case ZSIM_SAW_CGROUP:
		return cgroup_fact(o, r);
	case ZSIM_SAW_STAT:
		return stat_fact(o, r);
	case ZSIM_SAW_DEBUGFS:
		return debugfs_fact(o, r);
	case ZSIM_SAW_LOST:
		zsim_known_nothing(o);
		return 0;
	case ZSIM_SAW_CGROUP_MKDIR:
		return zsim_cgroup_add(o, r->cg, r->path, false);
	case ZSIM_SAW_CGROUP_RMDIR:
	case ZSIM_SAW_OFFLINE:
	case ZSIM_SAW_REPARENT:
		return group_leaves(o, r);
	case ZSIM_SAW_SET_WB:
		return settings_write(o, r->cg, "memory.zswap.writeback", r->text);
	default: /* ZSIM_SAW_SET_MAX */
		return settings_write(o, r->cg, "memory.zswap.max", r->text);
	}
}

/* an lru_ins or lru_rem of the same thread answers what its lru_add or lru_del left open */
static int open_ends(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	if (r->saw == ZSIM_SAW_LRU_INS || r->saw == ZSIM_SAW_LRU_REM) {
		o->lru_records = ZSIM_LRU_RECORDS_LOCKED;
		return 0;
	}
	return t->add_due || t->del_due ? zsim_record_flush(o, t) : 0;
}

/* in a call that allocates and frees nothing now, or was refused at once */
static bool is_idle(const struct zsim_thread *t)
{
	const struct zsim_call *call = &t->reclaim.call;

	if (!t->reclaim.active)
		return t->request_known;
	return !t->partial && (call->pc == ZSIM_D_NEXT_GROUP || call->pc == ZSIM_D_CALL_END);
}

/* system calls and faults are never part of a reclaim procedure; a store may be */
static void place_note(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	switch (r->saw) {
	case ZSIM_SAW_CGROUP_MKDIR:
	case ZSIM_SAW_CGROUP_RMDIR:
	case ZSIM_SAW_SET_WB:
	case ZSIM_SAW_SET_MAX:
	case ZSIM_SAW_LOAD:
	case ZSIM_SAW_RECLAIM:
	case ZSIM_SAW_WORKER:
		zsim_drive_unended(o, t);
		t->outside = true;
		break;
	case ZSIM_SAW_STORE:
	case ZSIM_SAW_INVAL:
		if (is_idle(t))
			zsim_drive_unended(o, t);
		t->stored = true;
		break;
	default:
		break;
	}
}

static int thread_record(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	int rc = open_ends(o, t, r);

	if (rc)
		return rc;
	place_note(o, t, r);
	if (r->saw <= ZSIM_SAW_SET_MAX)
		return zsim_record_fact(o, r);
	if (r->saw <= ZSIM_SAW_INVAL)
		return zsim_record_store(o, t, r);
	if (r->saw <= ZSIM_SAW_WALK)
		return zsim_record_reclaim(o, t, r);
	if (r->saw <= ZSIM_SAW_WB_RET)
		return zsim_record_visit(o, t, r);
	return zsim_record_slab(o, t, r);
}

static bool group_named(const struct zsim_record *r)
{
	return (r->saw != ZSIM_SAW_CGROUP && r->saw != ZSIM_SAW_CGROUP_MKDIR &&
		r->saw != ZSIM_SAW_STAT) ||
	       r->path;
}

int zsim_record_apply(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r)
{
	int rc = zsim_node_learn(o, r->node);

	if (rc)
		return rc;
	if (!zsim_slot_valid(&o->zs->st, r->slot)) {
		o->why = "slot beyond the device";
		return -EBADMSG;
	}
	if (!group_named(r) || ((r->saw == ZSIM_SAW_RECLAIM || r->saw == ZSIM_SAW_STAT ||
				 r->saw == ZSIM_SAW_DEBUGFS) &&
				!r->text)) {
		o->why = "a text or path is missing";
		return -EBADMSG;
	}
	return thread_record(o, t, r);
}
