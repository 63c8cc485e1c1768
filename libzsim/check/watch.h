/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - what the parts of the monitor share: flags of a watch, sets of
 * records, and the checks of each part of a call.
 */
#ifndef ZSIM_CHECK_WATCH_H
#define ZSIM_CHECK_WATCH_H

#include "check/monitor.h"

/*
 * flags of a watch; those of a visit are dropped with its verdict, so that they tell no states
 * apart
 */
#define ZSIM_WATCH_FOREIGN 1u	 /* the entry was taken from a list outside the target */
#define ZSIM_WATCH_YOUNG 2u	 /* it was taken before its first rotation */
#define ZSIM_WATCH_UNLOCKED 4u	 /* the visit dropped the lock */
#define ZSIM_WATCH_VISIT 7u	 /* all three */
#define ZSIM_WATCH_FAILED 8u	 /* this step has raised `failures` */
#define ZSIM_WATCH_DISTURBED 16u /* another call stored something since this step began */
#define ZSIM_WATCH_LEAVING 32u	 /* it has its answer, which was looked at */
#define ZSIM_WATCH_WORKER 64u	 /* the call is the worker */

static inline bool zsim_monitor_checks(const struct zsim_monitor *m, enum zsim_property property)
{
	return m->properties >> property & 1;
}

/* a set that no property needs is NULL, and holds nothing */
static inline bool zsim_set_has(const uint64_t *set, uint32_t words, uint32_t i)
{
	return set && i / 64 < words && set[i / 64] >> i % 64 & 1;
}

static inline void zsim_set_add(uint64_t *set, uint32_t words, uint32_t i)
{
	if (set && i / 64 < words)
		set[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void zsim_set_drop(uint64_t *set, uint32_t words, uint32_t i)
{
	if (set && i / 64 < words)
		set[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* a watch's own set, of @visited or @cold */
static inline uint64_t *zsim_watch_set(const struct zsim_monitor *m, const struct zsim_watch *w,
				       uint64_t *sets)
{
	return sets ? sets + (size_t)(w - m->watch) * m->words : NULL;
}

/** zsim_watch_retries() - does the retry machine drive it? */
static inline bool zsim_watch_retries(const struct zsim_call *call)
{
	return call->kind == ZSIM_CALL_REQUEST || call->kind == ZSIM_CALL_WORKER;
}

/** zsim_watch_who() - "a request", "the worker", ... */
const char *zsim_watch_who(const struct zsim_call *call);
/** zsim_watch_list_group() - whose list the entry is on: a list that died moved up */
zsim_memcg zsim_watch_list_group(const struct zsim_state *st, const struct zsim_entry *e);

/* monitor_visit.c */
void zsim_watch_scan(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		     const struct zsim_call *call, const struct zsim_decision *d);
void zsim_watch_remove(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		       const struct zsim_call *call);
void zsim_watch_removed(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call);
void zsim_watch_written(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			const struct zsim_decision *d);
void zsim_watch_verdict(struct zsim_monitor *m, const struct zsim_watch *w,
			const struct zsim_decision *d);
void zsim_watch_visited(struct zsim_monitor *m, struct zsim_watch *w, const struct zsim_call *call,
			const struct zsim_decision *d);

/* monitor_call.c */
void zsim_watch_begin(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call);
void zsim_watch_group(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call, const struct zsim_decision *d);
void zsim_watch_shrink(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		       const struct zsim_call *call);
void zsim_watch_walk(struct zsim_monitor *m, const struct zsim_state *st,
		     const struct zsim_call *call, const struct zsim_decision *d);
void zsim_watch_shrunk(struct zsim_monitor *m, struct zsim_watch *w, const struct zsim_call *call);
void zsim_watch_step(struct zsim_monitor *m, const struct zsim_state *st,
		     const struct zsim_call *call, const struct zsim_decision *d);
void zsim_watch_stepped(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			const struct zsim_call *call, const struct zsim_decision *d);
void zsim_watch_failures(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			 const struct zsim_call *call, const struct zsim_decision *d);
/** zsim_watch_leave() - the call has its answer */
void zsim_watch_leave(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
		      const struct zsim_call *call);

/* monitor_state.c */
void zsim_watch_total(struct zsim_monitor *m, const struct zsim_state *st,
		      const struct zsim_decision *d);
void zsim_watch_inserted(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_decision *d);
void zsim_watch_rejected(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_call *call);

#endif
