/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - the simulator behind zsim.h, and a call together with what the engine
 * adds to it: its number, its story, the observers that hear of it.
 */
#ifndef ZSIM_ENGINE_RUN_H
#define ZSIM_ENGINE_RUN_H

#include <string.h>

#include "engine/paths.h"
#include "engine/trail.h"
#include "reclaim/call.h"
#include <zsim/zsim.h>

#define ZSIM_MAX_OBSERVERS 8

/**
 * struct zsim_run - a call under way
 * @active: it has begun and not ended
 * @length: the engine's copy of a suspended store's lengths
 * @older, @newer: other active runs
 * @seen: groups that a request scanned; @stuck: slots whose writeback failed under it
 * @rq: what a request did so far, set when it begins; @rq.text is the engine's copy
 *	if @text is set
 */
struct zsim_run {
	struct zsim_call call;
	bool active;
	uint16_t *length;
	char *text;
	struct zsim_run *older, *newer;
	struct zsim_slot_set seen;
	struct zsim_slot_set stuck;
	struct zsim_request rq;
};

/** zsim_run_init() - no call; a store has no use for @rq, and its room is large */
static inline void zsim_run_init(struct zsim_run *run)
{
	memset(run, 0, offsetof(struct zsim_run, rq));
}

struct zsim_actor;

/**
 * struct zsim_guard_ops - what watches the engine from above (check/guard.c), and is not
 * seen from here
 * @before, @after: around a decision, not of a call that a capture moves; @before gives 0,
 *	or -ENOMEM and the decision is not made
 * @look: a step or an event is over
 * @cancelled: the call of this number was given up
 * @swapin: @pages were read for (group, node), whose count was @before
 * @cooled: an entry lost its reference bit without a visit
 * @group_made: the handle means a new group
 */
struct zsim_guard;
struct zsim_guard_ops {
	int (*before)(struct zsim_guard *guard, const struct zsim_call *call,
		      const struct zsim_decision *d);
	void (*after)(struct zsim_guard *guard, const struct zsim_call *call,
		      const struct zsim_decision *d);
	void (*look)(struct zsim_guard *guard);
	void (*cancelled)(struct zsim_guard *guard, uint32_t call);
	void (*swapin)(struct zsim_guard *guard, zsim_memcg memcg, uint32_t node, uint64_t pages,
		       uint64_t before);
	void (*cooled)(struct zsim_guard *guard, uint32_t entry);
	void (*group_made)(struct zsim_guard *guard, zsim_memcg memcg);
	void (*free)(struct zsim_guard *guard);
};

/**
 * struct zsim - see zsim.h
 * @runs: active runs, newest first
 * @guard_ops: NULL = no guard
 * @started: an event came; @machine_given: one said what the machine is
 * @trail: for walkers to be quick
 * @why: text of the last refusal
 */
struct zsim {
	struct zsim_state st;
	const struct zsim_allocator *alloc;
	struct zsim_paths paths;
	const struct zsim_observer *observers[ZSIM_MAX_OBSERVERS];
	uint32_t nr_observers;
	uint32_t calls;
	struct zsim_run *runs;
	struct zsim_actor *actors;
	const struct zsim_guard_ops *guard_ops;
	struct zsim_guard *guard;
	uint64_t (*reclaim)(void *ctx, zsim_memcg memcg, uint64_t pages);
	void *reclaim_ctx;
	bool started;
	bool machine_given;
	struct zsim_trail trail;
	char why[256];
};

/** zsim_run_begin() - after a zsim_call_*() filled run->call: it gets its number */
void zsim_run_begin(struct zsim *zs, struct zsim_run *run);
/** zsim_run_adopt() - a copied run takes its place among the active ones */
void zsim_run_adopt(struct zsim *zs, struct zsim_run *run);
/** zsim_run_commit() - one decision takes effect, story and observers hear of it; -ENOMEM */
int zsim_run_commit(struct zsim *zs, struct zsim_run *run, struct zsim_decision *d);
/**
 * zsim_run_go() - to the end, or to the next interleaving point
 *
 * Return: 0; -ENOMEM, and the call is given up.
 */
int zsim_run_go(struct zsim *zs, struct zsim_run *run, bool to_point);
/** zsim_run_detach() - the call goes on without the engine, in the hands of the checker */
void zsim_run_detach(struct zsim *zs, struct zsim_run *run);
/** zsim_run_cancel() - give the call up; nothing if it is not active */
void zsim_run_cancel(struct zsim *zs, struct zsim_run *run);
/** zsim_run_queued() - the pool worker, as often as stores queued it */
int zsim_run_queued(struct zsim *zs);
/** zsim_run_group_made() - requests count the groups of their subtree anew */
void zsim_run_group_made(struct zsim *zs, zsim_memcg memcg);
/** zsim_reap() - forget the names of freed groups */
void zsim_reap(struct zsim *zs);

/**
 * zsim_audit() - zsim_verify() without memory of its own
 * @calls: all calls under way
 * @slots: look every slot up as well, which can be left out as long as none came or went
 * @room: zsim_audit_size() bytes of scratch
 */
int zsim_audit(struct zsim *zs, const struct zsim_call *const *calls, uint32_t nr_calls, bool slots,
	       void *room);
size_t zsim_audit_size(const struct zsim *zs);

/** zsim_listens() - does somebody hear of each decision? */
bool zsim_listens(const struct zsim *zs);
/** zsim_observe_decision() - tell the observers of a decision outside any call */
void zsim_observe_decision(struct zsim *zs, const struct zsim_decision *d);
/** zsim_observe_violation() - an invariant does not hold; printf-like */
void zsim_observe_violation(const struct zsim *zs, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* story.c: what a request did, and why it fell short */
void zsim_story_begin(struct zsim_run *run);
int zsim_story_decision(struct zsim *zs, struct zsim_run *run, const struct zsim_decision *d);
void zsim_story_visits(struct zsim_run *run, const struct zsim_visits *visits);
/** zsim_story_end() - tell the observers; the bounds of model.md 5.4 are asserted here */
void zsim_story_end(struct zsim *zs, struct zsim_run *run);
/** zsim_story_refused() - a write to memory.reclaim that made no call */
void zsim_story_refused(struct zsim *zs, zsim_memcg memcg, const char *text, bool source_zswap,
			uint64_t wanted, int rc);

/* actor.c: calls that are suspended by name */
void zsim_actors_free(struct zsim *zs);
/** zsim_actors_copy() - the actors of @zs in @copy, whose state is the same; -ENOMEM */
int zsim_actors_copy(struct zsim *copy, const struct zsim *zs);
int zsim_actor_apply(struct zsim *zs, const struct zsim_event *ev, struct zsim_result *res);
/** zsim_actor_signal() - pending until its call in hand, or else its next one, ends; -ENOENT */
int zsim_actor_signal(struct zsim *zs, const char *name);
/** zsim_actor_suspended() - the name of an actor in a call, or NULL */
const char *zsim_actor_suspended(const struct zsim *zs);
/** zsim_actor_missing() - the name of an actor that got a signal and never made a call, or NULL */
const char *zsim_actor_missing(const struct zsim *zs);

/* control.c of the engine: writes to files */
/**
 * zsim_file_write() - begin a write; @run is active afterwards if it takes steps
 * @rc: the file's answer if it is known at once
 *
 * Return: 0, or -ENOENT for a file that the group does not have.
 */
int zsim_file_write(struct zsim *zs, struct zsim_run *run, zsim_memcg memcg, const char *file,
		    const char *text, int *rc);
/** zsim_file_write_node() - the per-node reclaim file; every error is -EAGAIN */
void zsim_file_write_node(struct zsim *zs, struct zsim_run *run, const char *text, int *rc);

/* apply.c */
/** zsim_begin() - make the call of an event that has one; active if it did not end at once */
int zsim_begin(struct zsim *zs, struct zsim_run *run, const struct zsim_event *ev,
	       struct zsim_result *res);
/** zsim_result_of() - the answer of an ended run, in the form that its kind has */
struct zsim_result zsim_result_of(const struct zsim_run *run);
/** zsim_refuse() - set @res->text (printf-like) and return @rc */
int zsim_refuse(struct zsim *zs, struct zsim_result *res, int rc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
