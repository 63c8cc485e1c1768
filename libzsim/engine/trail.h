/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.h - what walkers will visit is asked for before they come.
 *
 * An entry of a list is known only from the one before it, so a walker waits for the memory
 * of each. Scouts go along many stretches of what comes next, all at once:
 *
 * - of one long list one in some 64 to 128 entries is marked when it comes to the tail: in
 *   batches of page events (engine/ops.c), or by a walker. The marks are its trail, and each
 *   scout goes from one of them to the next;
 * - where a walker goes from list to list, a scout goes ahead on the list that it left, for
 *   the time when it comes back.
 *
 * All of it is a hint. What a walk does never depends on it, and where there is no memory for
 * a mark there is none.
 */
#ifndef ZSIM_ENGINE_TRAIL_H
#define ZSIM_ENGINE_TRAIL_H

#include "model/state.h"
#include <zsim/observer.h>

/* entries that lie in a cache by themselves: nobody needs to ask for them */
#define ZSIM_CACHED (1u << 18)
#define ZSIM_SCOUTS 16u
#define ZSIM_MARKS_DUE (2 * ZSIM_SCOUTS)

/** struct zsim_mark - @entry, as long as its own kind of mark is @kind, which is not 0 */
struct zsim_mark {
	uint32_t entry : 27;
	uint32_t kind : 3;
};

/** struct zsim_scout - comes to the entry @at next, and goes @left entries further at most */
struct zsim_scout {
	const struct zsim_entry *at;
	uint32_t left;
};

/**
 * struct zsim_trail - of the list of @memcg and @node, if there are @marks
 * @marks: in the order in which entries came to the tail; many of those have left or moved since
 * @made: marks ever made
 * @room: marks, after which those that do not hold are dropped, as of the last time; and so
 *	they are when @in_vain, those that were looked at and did not hold, are as many as all
 * @next: the first mark that was not looked at since scouts were called back
 * @since: entries that came to the tail since the last mark
 * @due: marks that scouts were sent to and walkers come to: from number @passed to before @sent
 * @scout: @nr_scouts of them, under way
 * @sprint: steps that they make at once when the next walk begins, which may be as long as the
 *	last one, of @walked visits (of any list) since scouts were called back
 * @blocks: of page events that went by
 * @last_memcg, @last_node, @visits: the list of the last visits, and how many they were
 */
struct zsim_trail {
	struct zsim_array marks;
	zsim_memcg memcg;
	uint32_t node;
	uint32_t made;
	uint32_t room;
	uint32_t in_vain;
	uint32_t next;
	uint32_t since;
	uint32_t due[ZSIM_MARKS_DUE];
	uint32_t passed;
	uint32_t sent;
	struct zsim_scout scout[ZSIM_SCOUTS];
	uint32_t nr_scouts;
	uint32_t sprint;
	uint32_t walked;
	uint32_t blocks;
	zsim_memcg last_memcg;
	uint32_t last_node;
	uint32_t visits;
};

/** zsim_trail_wanted() - are there so many entries, or soon, that marks may be of use? */
static inline bool zsim_trail_wanted(const struct zsim_state *st)
{
	return st->nr_entries >= ZSIM_CACHED / 2;
}

void zsim_trail_init(struct zsim_trail *trail, const struct zsim_allocator *alloc);
void zsim_trail_destroy(struct zsim_trail *trail);
/**
 * zsim_trail_stored() - of the last 128 page events or so some were stores, and what scouts asked
 * for is forgotten
 * @memcg, @node: a list that one of the pages came to
 */
void zsim_trail_stored(struct zsim_trail *trail, const struct zsim_state *st, zsim_memcg memcg,
		       uint32_t node);
/**
 * zsim_trail_ahead() - visits of the list come next, a few: scouts go on as far
 *
 * Return: was what they look at asked for, by and large?
 */
bool zsim_trail_ahead(struct zsim_trail *trail, const struct zsim_state *st, zsim_memcg memcg,
		      uint32_t node);
/** zsim_trail_behind() - those were made */
void zsim_trail_behind(struct zsim_trail *trail, const struct zsim_state *st,
		       const struct zsim_visits *visits);

#endif
