/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - properties checked decision by decision.
 *
 * What a property must remember of the past (entries visited in this call,
 * bytes that really left, entries that are out of date) is kept here as plain
 * data, beside the state and never in it. The engine's guard and the explorer
 * both drive a monitor: around each decision of a call, around each event that
 * is no call, and over the state that results.
 */
#ifndef ZSIM_CHECK_MONITOR_H
#define ZSIM_CHECK_MONITOR_H

#include "reclaim/call.h"
#include <zsim/property.h>

/**
 * struct zsim_watch - the past of one call under way
 * @call: its number, 0 = not in use
 * @target: the group from whose subtree it may write; ZSIM_MEMCG_NONE = any
 * @removed: bytes that really left in this shrink_memcg()
 * @written: bytes that it wrote in all
 * @visits: in all
 * @failures: as of its last decision
 */
struct zsim_watch {
	uint32_t call;
	zsim_memcg target;
	uint64_t removed;
	uint64_t written;
	uint64_t visits;
	uint32_t failures;
};

/**
 * struct zsim_monitor - all that is remembered lies in one block
 * @properties: set of ZSIM_P_BIT() to check
 * @broken: those that did not hold since the caller cleared it; @why: one line
 *	about the first of them
 * @watches: calls that may be under way at once
 * @words: words of a set of entry records; @group_words: of a set of groups
 * @block, @block_size: copied, compared and hashed as a whole
 * @watch: @watches of them, within @block
 * @visited: within @block; one set of entry records for each watch: visited in
 *	this shrink_memcg()
 * @outdated: within @block; entry records whose content is not the slot's latest
 * @served: within @block; groups of which a request visited an entry
 */
struct zsim_monitor {
	const struct zsim_allocator *alloc;
	uint64_t properties;
	uint64_t broken;
	char why[160];
	uint32_t watches;
	uint32_t words;
	uint32_t group_words;
	void *block;
	size_t block_size;
	struct zsim_watch *watch;
	uint64_t *visited;
	uint64_t *outdated;
	uint64_t *served;
};

/** zsim_monitor_init() - nothing seen yet; destroy it also after -ENOMEM */
int zsim_monitor_init(struct zsim_monitor *m, const struct zsim_allocator *alloc,
		      uint64_t properties, uint32_t watches);
void zsim_monitor_destroy(struct zsim_monitor *m);
/** zsim_monitor_reserve() - room for @entries records and @groups; grows only. -ENOMEM */
int zsim_monitor_reserve(struct zsim_monitor *m, uint32_t entries, uint32_t groups);

/*
 * Around a decision: @d as it will be committed, and as it was. The watch of a
 * call is found by its number, and made at its first decision.
 */
void zsim_monitor_before(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_call *call, const struct zsim_decision *d);
void zsim_monitor_after(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call, const struct zsim_decision *d);
/** zsim_monitor_swapin() - @pages were read for (group, node), whose count was @before */
void zsim_monitor_swapin(struct zsim_monitor *m, const struct zsim_state *st, zsim_memcg memcg,
			 uint32_t node, uint64_t pages, uint64_t before);
/** zsim_monitor_state() - what must hold of the state between any two steps (not zsim_verify()'s part) */
void zsim_monitor_state(struct zsim_monitor *m, const struct zsim_state *st);
/** zsim_monitor_rest() - what must hold when no call is under way and none will come */
void zsim_monitor_rest(struct zsim_monitor *m, const struct zsim_state *st);

/** zsim_monitor_break() - @property does not hold; printf-like, kept if it is the first */
void zsim_monitor_break(struct zsim_monitor *m, enum zsim_property property, const char *format,
			...) __attribute__((format(printf, 3, 4)));

#endif
