/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/trail.h"

#include "model/entry.h"

/* entries of a list that is long */
#define LONG 4096u
/* entries from mark to mark, and how far a scout goes where the next one has left */
#define SPACING 64u
#define STEPS (4 * SPACING)
/*
 * An entry that was marked, came to the tail again and was marked again has two marks, and seems
 * to be where the first was. It is not where they differ: so many marks are of a kind, then come
 * those of the next.
 */
#define OF_A_KIND 4096u
#define KINDS 7u
/* marks that are looked at for scouts at a time: most of them may have left */
#define LOOKS 64u
/* due marks that are asked whether a walker passed them: more than stand in a wrong place in a row */
#define ASKED 4u

_Static_assert(ZSIM_CACHED >= ZSIM_ARRAY_PAGE_ELEMS, "entries that scouts stand at do not move");

void zsim_trail_init(struct zsim_trail *t, const struct zsim_allocator *alloc)
{
	*t = (struct zsim_trail){ 0 };
	zsim_array_init(&t->marks, alloc, sizeof(struct zsim_mark));
}

void zsim_trail_destroy(struct zsim_trail *t)
{
	zsim_array_destroy(&t->marks);
}

static struct zsim_mark *mark_at(const struct zsim_trail *t, uint32_t i)
{
	return ZSIM_ARRAY_AT(&t->marks, struct zsim_mark, i);
}

/* does the entry stand where it was marked? */
static bool mark_holds(const struct zsim_trail *t, const struct zsim_state *st, uint32_t i)
{
	const struct zsim_entry *e = zsim_entry_at(st, mark_at(t, i)->entry);

	return e->live && e->marked == mark_at(t, i)->kind;
}

static void mark_prefetch(const struct zsim_trail *t, const struct zsim_state *st, uint32_t i)
{
	if (i < t->marks.size)
		zsim_prefetch_all(zsim_entry_at(st, mark_at(t, i)->entry));
}

static bool is_of(const struct zsim_trail *t, zsim_memcg memcg, uint32_t node)
{
	return t->marks.size && t->memcg == memcg && t->node == node;
}

/* ---- marks -------------------------------------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* scouts are called back: they will be sent once more to the marks that no walker passed */
static void trail_rewind(struct zsim_trail *t)
{
	if (t->passed != t->sent)
		t->next = t->due[t->passed % ZSIM_MARKS_DUE];
	t->passed = t->sent;
	t->nr_scouts = 0;
	if (t->walked)
		t->sprint = least(t->walked / ZSIM_SCOUTS, SPACING);
	t->walked = 0;
}

/* to the front, without those whose entries have left; and room for more, on a list of @length */
static void marks_sift(struct zsim_trail *t, const struct zsim_state *st, uint32_t length)
{
	uint32_t kept = 0;

	trail_rewind(t);
	for (uint32_t i = t->next; i < t->marks.size; i++) {
		mark_prefetch(t, st, i + ZSIM_SCOUTS);
		*mark_at(t, kept) = *mark_at(t, i);
		kept += mark_holds(t, st, i);
	}
	t->marks.size = kept;
	t->room = kept + 4 * (length / SPACING);
	t->in_vain = 0;
	t->next = 0;
}

/* the trail stays with its list as long as that is long */
static bool trail_take(struct zsim_trail *t, const struct zsim_state *st, zsim_memcg memcg,
		       uint32_t node)
{
	if (is_of(t, memcg, node))
		return true;
	if (t->marks.size && zsim_lru_at(st, t->memcg, t->node)->length >= LONG)
		return false;
	trail_rewind(t);
	t->marks.size = 0;
	t->next = 0;
	t->memcg = memcg;
	t->node = node;
	return true;
}

static void mark_make(struct zsim_trail *t, const struct zsim_state *st, uint32_t entry)
{
	uint32_t kind = t->made / OF_A_KIND % KINDS + 1;
	uint32_t i;

	if (zsim_array_push(&t->marks, &i))
		return;
	t->made++;
	*mark_at(t, i) = (struct zsim_mark){ entry & ZSIM_NIL, kind & KINDS };
	zsim_entry_at(st, entry)->marked = kind & KINDS;
}

/* @nr more entries came to the tail */
static void tail_moved(struct zsim_trail *t, const struct zsim_state *st, zsim_memcg memcg,
		       uint32_t node, uint32_t nr)
{
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	if (lru->length < LONG || !trail_take(t, st, memcg, node))
		return;
	t->since += nr;
	if (t->since < SPACING)
		return;
	t->since = 0;
	if (t->marks.size > t->room || t->in_vain > t->marks.size)
		marks_sift(t, st, lru->length);
	mark_make(t, st, lru->tail);
}

void zsim_trail_stored(struct zsim_trail *t, const struct zsim_state *st, zsim_memcg memcg,
		       uint32_t node)
{
	trail_rewind(t);
	tail_moved(t, st, memcg, node, SPACING);
}

/* ---- scouts ------------------------------------------------------------------------- */

static void scout_send(struct zsim_trail *t, const struct zsim_state *st, uint32_t entry,
		       uint32_t left)
{
	if (entry != ZSIM_NIL && t->nr_scouts < ZSIM_SCOUTS)
		t->scout[t->nr_scouts++] = (struct zsim_scout){ zsim_entry_at(st, entry), left };
}

/* each goes on by one entry, whose next one is known then, until it comes to a mark */
static void scouts_step(struct zsim_trail *t, const struct zsim_state *st)
{
	const struct zsim_scout *end = t->scout + t->nr_scouts;
	struct zsim_scout *to = t->scout;

	for (const struct zsim_scout *s = t->scout; s < end; s++) {
		const struct zsim_entry *e = s->at, *next;
		uint32_t left = s->left;

		if (!left || (e->marked && left < STEPS))
			continue;
		zsim_entry_prefetch_written(st, e);
		if (e->next == ZSIM_NIL)
			continue;
		next = zsim_entry_at(st, e->next);
		zsim_prefetch_all(next);
		*to++ = (struct zsim_scout){ next, left - 1 };
	}
	t->nr_scouts = (uint32_t)(to - t->scout);
}

/* of the due marks (with no scout under way, of all), those passed, or whose entries left */
static void due_pass(struct zsim_trail *t, const struct zsim_state *st)
{
	uint32_t nr = t->sent - t->passed;
	uint32_t passed = 0;

	for (uint32_t i = 0; i < nr && (i < ASKED || !t->nr_scouts); i++)
		if (!mark_holds(t, st, t->due[(t->passed + i) % ZSIM_MARKS_DUE]))
			passed = i + 1;
	t->passed += passed;
}

static void trail_send(struct zsim_trail *t, const struct zsim_state *st)
{
	const uint32_t end = least(t->marks.size, t->next + LOOKS);

	for (; t->nr_scouts < ZSIM_SCOUTS && t->sent - t->passed < ZSIM_MARKS_DUE && t->next < end;
	     t->next++) {
		mark_prefetch(t, st, t->next + ZSIM_SCOUTS);
		if (!mark_holds(t, st, t->next)) {
			t->in_vain++;
			continue;
		}
		scout_send(t, st, mark_at(t, t->next)->entry, STEPS);
		t->due[t->sent++ % ZSIM_MARKS_DUE] = t->next;
	}
}

/* as many visits as there were will come again */
static void left_send(struct zsim_trail *t, const struct zsim_state *st)
{
	scout_send(t, st, zsim_lru_at(st, t->last_memcg, t->last_node)->head,
		   least(t->visits, STEPS - 1));
	t->visits = 0;
}

bool zsim_trail_ahead(struct zsim_trail *t, const struct zsim_state *st, zsim_memcg memcg,
		      uint32_t node)
{
	if (st->nr_entries < ZSIM_CACHED)
		return false;
	scouts_step(t, st);
	if (t->last_memcg != memcg || t->last_node != node)
		left_send(t, st);
	t->last_memcg = memcg;
	t->last_node = node;
	if (is_of(t, memcg, node)) {
		due_pass(t, st);
		trail_send(t, st);
		for (; t->sprint; t->sprint--) {
			scouts_step(t, st);
			trail_send(t, st);
		}
	}
	return t->nr_scouts > 0;
}

void zsim_trail_behind(struct zsim_trail *t, const struct zsim_state *st,
		       const struct zsim_visits *v)
{
	t->visits += v->nr;
	t->walked += v->nr;
	if (v->nr > v->written && zsim_trail_wanted(st))
		tail_moved(t, st, v->memcg, v->node, v->nr - v->written);
}
