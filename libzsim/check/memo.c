/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memo.c - which actions can be known by three parts of a state, and a table of them.
 *
 * A part of another actor is its call's own place and the visit in its hand. The rest
 * of a call looks at the lists, at the groups and at itself. So an action is alone
 *  - unless it can be anything: a store or a shrinker call under way, a group that leaves,
 *    a signal, a control file (ZSIM_TOUCH_ANY);
 *  - unless another actor holds the page of the slot that it has to do with, or would
 *    take;
 *  - unless it may drop the last reference to a group that has left: others may hold one.
 * Checks along the way look at the same parts, or at differences (a counter went up by
 * one, references taken are references held), which are the same each time.
 */
#include "check/memo.h"

#include <errno.h>
#include <string.h>

#include "check/search.h"

#define NUMBER_MASK 0xffffffu
#define BUCKET_WAYS 3u
#define FIRST_BUCKETS 64u
/* memory that it may take for each state that was met */
#define BYTES_A_STATE 6u

/** struct zsim_memo_bucket - one line of a processor's cache; the rest is empty */
struct zsim_memo_bucket {
	struct zsim_known way[BUCKET_WAYS];
	uint32_t empty;
};

/* ---- what a part says -------------------------------------------------------------- */

static uint32_t number_at(const struct zsim_row *row, uint32_t part)
{
	const uint8_t *at = row->bytes + 3 * part;

	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static uint8_t touch_of_slot(const struct zsim_scenario *sc, uint64_t slot)
{
	uint32_t i = zsim_scenario_slot(sc, slot);

	return i < ZSIM_TOUCH_ANY - 1 ? (uint8_t)(i + 1) : ZSIM_TOUCH_ANY;
}

static uint8_t touch_of_event(const struct zsim_scenario *sc, const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
		return touch_of_slot(sc, ev->slot);
	case ZSIM_EV_STORE:
		return ev->nr == 1 ? touch_of_slot(sc, ev->slot) : ZSIM_TOUCH_ANY;
	case ZSIM_EV_WORKER:
	case ZSIM_EV_OFFLINE: /* what it drops is not the last reference yet */
		return ZSIM_TOUCH_NONE;
	case ZSIM_EV_RMDIR: /* without that it goes offline, and may be freed */
		return ev->deferred ? ZSIM_TOUCH_NONE : ZSIM_TOUCH_ANY;
	case ZSIM_EV_WRITE:
		return ev->path && !strcmp(ev->file, "memory.reclaim") ? ZSIM_TOUCH_NONE :
									 ZSIM_TOUCH_ANY;
	default:
		return ZSIM_TOUCH_ANY;
	}
}

static uint8_t held_by_call(const struct zsim_scenario *sc, const struct zsim_call *call)
{
	if (call->kind == ZSIM_CALL_STORE)
		return ZSIM_TOUCH_ANY;
	return call->turn.visit == ZSIM_NIL ? ZSIM_TOUCH_NONE : touch_of_slot(sc, call->turn.slot);
}

static bool locks_page(const struct zsim_state *st, const struct zsim_call *call)
{
	return call->turn.visit != ZSIM_NIL && zsim_visit_at(st, call->turn.visit)->cached;
}

static uint8_t touch_of_call(const struct zsim_scenario *sc, const struct zsim_call *call)
{
	if (call->kind == ZSIM_CALL_OFFLINE) /* at its end others may hold the group */
		return call->pc == ZSIM_D_REPARENT ? ZSIM_TOUCH_NONE : ZSIM_TOUCH_ANY;
	if (call->kind != ZSIM_CALL_REQUEST && call->kind != ZSIM_CALL_WORKER)
		return ZSIM_TOUCH_ANY;
	return held_by_call(sc, call);
}

/* a model with a defect may do anything, and names of like slots come from all parts */
bool zsim_memo_fits(const struct zsim_world *w, const struct zsim_encoder *e)
{
	return !w->zs->st.defect && !e->symmetry && !w->zs->st.memcg_disabled;
}

void zsim_memo_init(struct zsim_memo *m, const struct zsim_scenario *sc, bool on)
{
	*m = (struct zsim_memo){ .alloc = sc->alloc, .sc = sc, .on = on };
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		for (uint32_t op = 0; op < sc->role[p].nr; op++)
			m->touch[p][op] = touch_of_event(sc, &sc->role[p].op[op].ev);
}

void zsim_memo_destroy(struct zsim_memo *m)
{
	if (!m->alloc)
		return;
	for (uint32_t p = 0; p < ZSIM_MAX_PLAYERS; p++)
		zsim_dealloc(m->alloc, m->next[p]);
	zsim_dealloc(m->alloc, m->buckets);
}

static int next_room(struct zsim_memo *m, uint32_t p, uint32_t number)
{
	uint32_t room = m->next_room[p] ? m->next_room[p] : 64;
	struct zsim_next *bigger;

	while (room <= number)
		room *= 2;
	if (room == m->next_room[p])
		return 0;
	bigger = zsim_realloc(m->alloc, m->next[p], room * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	m->next[p] = bigger;
	m->next_room[p] = room;
	return 0;
}

int zsim_memo_note(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_row *row,
		   uint32_t actors)
{
	for (uint32_t p = 0; m->on && p < m->sc->nr_roles; p++) {
		uint32_t number = number_at(row, ZSIM_PART_PLAYER + p);
		const struct zsim_call *call = &w->player[p].call;
		struct zsim_next next = { .holds = ZSIM_TOUCH_NONE };

		if (!(actors >> p & 1))
			continue;
		if (next_room(m, p, number))
			return -ENOMEM;
		zsim_world_ops(w, p, &next.first, &next.nr);
		if (w->player[p].active) {
			next.holds = held_by_call(m->sc, call);
			next.locks = locks_page(&w->zs->st, call);
			next.touch = touch_of_call(m->sc, call);
		}
		m->next[p][number] = next;
	}
	return 0;
}

const struct zsim_next *zsim_memo_next(const struct zsim_memo *m, const struct zsim_row *row,
				       uint32_t p)
{
	return &m->next[p][number_at(row, ZSIM_PART_PLAYER + p)];
}

/* ---- is it alone? ------------------------------------------------------------------- */

static bool holds_slot(const struct zsim_memo *m, const struct zsim_row *row, uint32_t p,
		       uint8_t touch)
{
	uint8_t held = zsim_memo_next(m, row, p)->holds;

	return held == touch || held == ZSIM_TOUCH_ANY;
}

/* nobody else is at the slot that the action has to do with */
static bool is_alone(const struct zsim_memo *m, const struct zsim_row *row, uint16_t action)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);
	uint8_t touch = op == ZSIM_STEP ? zsim_memo_next(m, row, p)->touch : m->touch[p][op];

	if (touch == ZSIM_TOUCH_NONE || touch == ZSIM_TOUCH_ANY)
		return touch == ZSIM_TOUCH_NONE;
	for (uint32_t q = 0; q < m->sc->nr_roles; q++)
		if (q != p && holds_slot(m, row, q, touch))
			return false;
	return true;
}

/* an event at a slot whose page somebody has locked */
static bool must_wait(const struct zsim_memo *m, const struct zsim_row *row, uint16_t action)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);
	uint8_t touch = op == ZSIM_STEP ? ZSIM_TOUCH_NONE : m->touch[p][op];

	if (touch == ZSIM_TOUCH_NONE || touch == ZSIM_TOUCH_ANY)
		return false;
	for (uint32_t q = 0; q < m->sc->nr_roles; q++)
		if (zsim_memo_next(m, row, q)->locks && zsim_memo_next(m, row, q)->holds == touch)
			return true;
	return false;
}

/* whether the group lives on shows in how many hold it */
static bool may_free_group(const struct zsim_world *w, uint16_t action)
{
	const struct zsim_state *st = &w->zs->st;
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);
	const struct zsim_call *call = &w->player[p].call;

	if (op != ZSIM_STEP)
		return w->sc->role[p].op[op].ev.type == ZSIM_EV_WORKER &&
		       zsim_group_has_left(st, st->cursor);
	return zsim_group_has_left(st, call->at) || zsim_group_has_left(st, call->top) ||
	       (call->kind == ZSIM_CALL_WORKER && zsim_group_has_left(st, st->cursor));
}

bool zsim_memo_alone(const struct zsim_memo *m, const struct zsim_world *w,
		     const struct zsim_row *row, uint16_t action)
{
	return m->on && is_alone(m, row, action) && !may_free_group(w, action);
}

/* ---- the table ------------------------------------------------------------------------ */

/* two and a half numbers a word: from lists, groups and actor, by the action, to the same */
static void pack(struct zsim_known *k, const uint32_t *from, uint16_t action, const uint32_t *to)
{
	k->word[0] = from[0] | from[2] << 24;
	k->word[1] = from[1] | from[2] >> 8 << 24;
	k->word[2] = action | from[2] >> 16 << 16 | to[0] << 24;
	k->word[3] = to[1] | to[0] >> 8 << 24;
	k->word[4] = to[2] | to[0] >> 16 << 24;
}

static bool same_from(const struct zsim_known *a, const struct zsim_known *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] &&
	       !((a->word[2] ^ b->word[2]) & NUMBER_MASK);
}

static uint32_t to_lists(const struct zsim_known *k)
{
	return k->word[2] >> 24 | k->word[3] >> 24 << 8 | k->word[4] >> 24 << 16;
}

static void numbers(const struct zsim_row *row, uint32_t p, uint32_t *out)
{
	out[0] = number_at(row, ZSIM_PART_LISTS);
	out[1] = number_at(row, ZSIM_PART_GROUPS);
	out[2] = number_at(row, ZSIM_PART_PLAYER + p);
}

/* an actor's events stand in a row */
static uint64_t place_of(const uint32_t *from, uint32_t p)
{
	uint64_t hash = ((uint64_t)from[2] << 40) ^ ((uint64_t)from[1] << 24) ^ from[0];

	hash = (hash ^ (uint64_t)p << 61) * 0x9e3779b97f4a7c15ull;
	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
	return hash >> 32;
}

static struct zsim_memo_bucket *bucket_of(const struct zsim_memo *m, const struct zsim_known *k)
{
	const uint32_t from[3] = {
		k->word[0] & NUMBER_MASK,
		k->word[1] & NUMBER_MASK,
		k->word[0] >> 24 | k->word[1] >> 24 << 8 | (k->word[2] >> 16 & 255) << 16,
	};
	uint16_t action = (uint16_t)k->word[2];
	uint64_t place = place_of(from, ZSIM_ACTION_PLAYER(action)) + ZSIM_ACTION_OP(action);

	return &m->buckets[place & (m->nr_buckets - 1)];
}

/* it comes last, and moves up when it is met again: most are not, and push out only each other */
static void bucket_put(struct zsim_memo_bucket *b, const struct zsim_known *k)
{
	uint32_t i = 0;

	while (i < BUCKET_WAYS - 1 && b->way[i].word[0])
		i++;
	b->way[i] = *k;
}

static const struct zsim_known *bucket_find(struct zsim_memo_bucket *b, const struct zsim_known *k)
{
	struct zsim_known found;

	for (uint32_t i = 0; i < BUCKET_WAYS; i++) {
		if (!same_from(&b->way[i], k))
			continue;
		if (i) {
			found = b->way[i];
			b->way[i] = b->way[i - 1];
			b->way[i - 1] = found;
			i--;
		}
		return &b->way[i];
	}
	return NULL;
}

void zsim_memo_prefetch(const struct zsim_memo *m, const struct zsim_row *row)
{
	uint32_t from[3];

	for (uint32_t p = 0; m->nr_buckets && p < m->sc->nr_roles; p++) {
		const struct zsim_next *next = zsim_memo_next(m, row, p);
		uint64_t place;

		numbers(row, p, from);
		place = place_of(from, p) + next->first;
		for (uint32_t i = 0; i < next->nr; i++)
			__builtin_prefetch(&m->buckets[(place + i) & (m->nr_buckets - 1)]);
	}
}

/* others may let it wait, but never let it happen; a freed slot only counts where somebody is */
static bool stays_idle(const struct zsim_memo *m, uint16_t action)
{
	const struct zsim_role *role = &m->sc->role[ZSIM_ACTION_PLAYER(action)];

	return ZSIM_ACTION_OP(action) != ZSIM_STEP &&
	       role->op[ZSIM_ACTION_OP(action)].ev.type != ZSIM_EV_INVALIDATE;
}

enum zsim_memo_answer zsim_memo_ask(struct zsim_memo *m, struct zsim_row *row, uint16_t action)
{
	const uint32_t none[3] = { 0, 0, 0 };
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	const struct zsim_known *found;
	struct zsim_known k;
	uint32_t from[3];

	if (!m->nr_buckets)
		return ZSIM_MEMO_UNKNOWN;
	if (must_wait(m, row, action))
		return ZSIM_MEMO_IDLE;
	numbers(row, p, from);
	pack(&k, from, action, none);
	found = bucket_find(bucket_of(m, &k), &k);
	if (!found)
		return ZSIM_MEMO_UNKNOWN;
	if (!to_lists(found) && stays_idle(m, action))
		return ZSIM_MEMO_IDLE;
	if (!is_alone(m, row, action))
		return ZSIM_MEMO_UNKNOWN;
	if (!to_lists(found))
		return ZSIM_MEMO_IDLE;
	zsim_row_set(row, ZSIM_PART_LISTS, to_lists(found));
	zsim_row_set(row, ZSIM_PART_GROUPS, found->word[3] & NUMBER_MASK);
	zsim_row_set(row, ZSIM_PART_PLAYER + p, found->word[4] & NUMBER_MASK);
	return ZSIM_MEMO_KNOWN;
}

static void all_put(struct zsim_memo *m, const struct zsim_memo_bucket *old, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++)
		for (uint32_t k = 0; k < BUCKET_WAYS; k++)
			if (old[i].way[k].word[0])
				bucket_put(bucket_of(m, &old[i].way[k]), &old[i].way[k]);
}

/* without memory it stays as it is: it knows less then */
static void grow(struct zsim_memo *m, uint64_t states)
{
	uint32_t nr = m->nr_buckets ? 2 * m->nr_buckets : FIRST_BUCKETS;
	struct zsim_memo_bucket *old = m->buckets, *more;
	uint32_t old_nr = m->nr_buckets;

	m->kept = 0;
	if (nr * sizeof(*more) > BYTES_A_STATE * states + FIRST_BUCKETS * sizeof(*more))
		return;
	more = zsim_zalloc(m->alloc, nr * sizeof(*more));
	if (!more)
		return;
	m->buckets = more;
	m->nr_buckets = nr;
	all_put(m, old, old_nr);
	zsim_dealloc(m->alloc, old);
}

/* a request began, rather than something else that the file can do; and nobody else changed */
static bool is_plain(const struct zsim_memo *m, const struct zsim_world *w,
		     const struct zsim_row *from, uint16_t action, const struct zsim_row *to)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);
	const struct zsim_player *player = &w->player[p];

	for (uint32_t q = 0; q < m->sc->nr_roles; q++)
		if (q != p &&
		    number_at(from, ZSIM_PART_PLAYER + q) != number_at(to, ZSIM_PART_PLAYER + q))
			return false;
	return op == ZSIM_STEP || m->sc->role[p].op[op].ev.type != ZSIM_EV_WRITE ||
	       (player->active && player->call.kind == ZSIM_CALL_REQUEST);
}

void zsim_memo_keep(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_row *from,
		    uint16_t action, const struct zsim_row *to, uint64_t states)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t a[3], b[3] = { 0, 0, 0 };
	struct zsim_known k;

	if (to && !is_plain(m, w, from, action, to))
		return;
	if (m->kept++ >= m->nr_buckets)
		grow(m, states);
	if (!m->nr_buckets)
		return;
	numbers(from, p, a);
	if (to)
		numbers(to, p, b);
	pack(&k, a, action, b);
	bucket_put(bucket_of(m, &k), &k);
}

uint64_t zsim_memo_bytes(const struct zsim_memo *m)
{
	uint64_t bytes = (uint64_t)m->nr_buckets * sizeof(*m->buckets);

	for (uint32_t p = 0; p < ZSIM_MAX_PLAYERS; p++)
		bytes += (uint64_t)m->next_room[p] * sizeof(*m->next[p]);
	return bytes;
}
