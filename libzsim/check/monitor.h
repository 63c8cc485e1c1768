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
 * struct zsim_watch - the past of one call under way; without padding
 * @call: its number, 0 = not in use
 * @target: the group from whose subtree it may write; ZSIM_MEMCG_NONE = any
 * @removed: bytes that really left in this shrink_memcg()
 * @written: entries that a worker wrote
 * @failures: as of its last decision
 * @flags: private
 */
struct zsim_watch {
	uint32_t call;
	zsim_memcg target;
	uint64_t removed;
	uint64_t written;
	uint32_t failures;
	uint32_t flags;
};

/**
 * struct zsim_monitor - all that is remembered lies in one block
 * @properties: set of ZSIM_P_BIT() to check
 * @broken: those that did not hold since the caller cleared it; @known: those of which
 *	the caller wants to hear no more
 * @first, @why: the first of them, and one line about it
 * @watches: calls that may be under way at once
 * @words: words of a set of entry records; @group_words: of a set of groups
 * @block, @block_size: copied, compared and hashed as a whole
 * @watch: @watches of them, within @block
 * @visited: one set of entry records for each watch: visited in this shrink_memcg()
 * @cold: one for each watch: not referenced when the request began
 * @outdated: entry records whose content is not the slot's latest
 * @young: entry records that were stored and not rotated since
 * @served: groups of which a request visited an entry
 * @requested: groups that a request was made of
 * @was, @was_of: between before() and after(): a counter, and its group
 *
 * The sets lie within @block too; those that no property of @properties needs are
 * NULL, and what no property needs to know of a call stays 0 in its watch: states that
 * are equal to the properties are equal.
 */
struct zsim_monitor {
	const struct zsim_allocator *alloc;
	uint64_t properties;
	uint64_t broken;
	uint64_t known;
	enum zsim_property first;
	char why[160];
	uint32_t watches;
	uint32_t words;
	uint32_t group_words;
	void *block;
	size_t block_size;
	struct zsim_watch *watch;
	uint64_t *visited;
	uint64_t *cold;
	uint64_t *outdated;
	uint64_t *young;
	uint64_t *served;
	uint64_t *requested;
	uint64_t was;
	zsim_memcg was_of;
};

/** zsim_monitor_init() - nothing seen yet; destroy it also after -ENOMEM */
int zsim_monitor_init(struct zsim_monitor *m, const struct zsim_allocator *alloc,
		      uint64_t properties, uint32_t watches);
void zsim_monitor_destroy(struct zsim_monitor *m);
/** zsim_monitor_reserve() - room for @entries records and @groups; grows only. -ENOMEM */
int zsim_monitor_reserve(struct zsim_monitor *m, uint32_t entries, uint32_t groups);
/** zsim_monitor_admit() - a watch for the call if it has none; -ENOMEM */
int zsim_monitor_admit(struct zsim_monitor *m, uint32_t call);
/**
 * zsim_monitor_adopt() - what is there without having been watched: what is referenced
 * now is young
 */
void zsim_monitor_adopt(struct zsim_monitor *m, const struct zsim_state *st);

/*
 * Around a decision: @d as it will be committed, and as it was. The watch of a
 * call is found by its number, and made at its first decision; a call for which
 * no watch is left is not checked. Calls numbered 1..@watches keep to watches of
 * their own, so that blocks are equal whatever the order in which calls began.
 */
void zsim_monitor_before(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_call *call, const struct zsim_decision *d);
void zsim_monitor_after(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call, const struct zsim_decision *d);
/** zsim_monitor_forget() - the call was cancelled */
void zsim_monitor_forget(struct zsim_monitor *m, uint32_t call);

/** zsim_monitor_swapin() - @pages were read for (group, node), whose count was @before */
void zsim_monitor_swapin(struct zsim_monitor *m, const struct zsim_state *st, zsim_memcg memcg,
			 uint32_t node, uint64_t pages, uint64_t before);
/** zsim_monitor_stored() - an entry record was filled, by a call or without one */
void zsim_monitor_stored(struct zsim_monitor *m, uint32_t entry);
/** zsim_monitor_cooled() - a fixture cleared the entry's reference bit */
void zsim_monitor_cooled(struct zsim_monitor *m, uint32_t entry);
/** zsim_monitor_group_made() - the handle means a new group from now on */
void zsim_monitor_group_made(struct zsim_monitor *m, zsim_memcg memcg);
/** zsim_monitor_tidy() - forget records that are not live: nothing can be asked of them any more */
void zsim_monitor_tidy(struct zsim_monitor *m, const struct zsim_state *st);

/**
 * zsim_monitor_state() - what must hold of the state between any two steps (not zsim_verify()'s
 * part)
 */
void zsim_monitor_state(struct zsim_monitor *m, const struct zsim_state *st);
/** zsim_monitor_rest() - what must hold when no call is under way and none will come */
void zsim_monitor_rest(struct zsim_monitor *m, const struct zsim_state *st);

/** zsim_monitor_break() - @property does not hold; printf-like, kept if it is the first */
void zsim_monitor_break(struct zsim_monitor *m, enum zsim_property property, const char *format,
			...) __attribute__((format(printf, 3, 4), cold));

#endif
