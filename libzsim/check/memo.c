/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/memo.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define FIRST_ROOM 1024u

void zsim_memo_init(struct zsim_memo *m, const struct zsim_allocator *alloc, uint32_t players)
{
	*m = (struct zsim_memo){ .alloc = alloc, .players = players };
}

void zsim_memo_destroy(struct zsim_memo *m)
{
	for (uint32_t p = 0; p < m->players; p++)
		zsim_dealloc(m->alloc, m->visits[p]);
	zsim_dealloc(m->alloc, m->move);
	zsim_dealloc(m->alloc, m->menu);
	zsim_dealloc(m->alloc, m->choice);
	zsim_memo_init(m, m->alloc, 0);
}

/* sets of entries that one shrink_memcg() keeps are cleared in all lists at once */
#define REACH_ALL_LISTS (ZSIM_P_BIT(ZSIM_P_VISIT_ONCE) | ZSIM_P_BIT(ZSIM_P_PROGRESS_COLD))

bool zsim_memo_fits(const struct zsim_scenario *sc, uint64_t properties)
{
	if (sc->nr_slots > ZSIM_SLOTS_KNOWN || properties & REACH_ALL_LISTS)
		return false;
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		for (uint32_t op = 0; op < sc->role[p].nr; op++)
			if (sc->role[p].op[op].ev.type == ZSIM_EV_SIGNAL ||
			    sc->role[p].op[op].ev.type == ZSIM_EV_SWAPOFF)
				return false;
	return true;
}

/* ---- who visits what ------------------------------------------------------------------ */

static int visits_room(struct zsim_memo *m, uint32_t p, uint32_t id)
{
	uint32_t had = m->visits_room[p];
	uint32_t room = had ? had : FIRST_ROOM;
	uint8_t *visits;

	while (room <= id)
		room *= 2;
	if (room == had)
		return 0;
	visits = zsim_realloc(m->alloc, m->visits[p], room);
	if (!visits)
		return -ENOMEM;
	memset(visits + had, 0, room - had);
	m->bytes += room - had;
	m->visits[p] = visits;
	m->visits_room[p] = room;
	return 0;
}

static uint8_t visit_of(const struct zsim_world *w, const struct zsim_player *player)
{
	if (!player->active)
		return 0;
	if (player->call.turn.visit == ZSIM_NIL)
		return ZSIM_IN_CALL;
	return (uint8_t)(ZSIM_IN_CALL | (zsim_scenario_slot(w->sc, player->call.turn.slot) + 1));
}

int zsim_memo_note(struct zsim_memo *m, const struct zsim_world *w, const struct zsim_place *at)
{
	for (uint32_t p = 0; p < m->players; p++) {
		uint32_t id = at->id[ZSIM_PART_PLAYER + p];

		if (visits_room(m, p, id))
			return -ENOMEM;
		m->visits[p][id] = visit_of(w, &w->player[p]);
	}
	return 0;
}

/* the actors besides @own that visit a slot, a bit each */
static uint32_t visitors(const struct zsim_memo *m, const struct zsim_place *at, uint32_t own,
			 uint8_t slot)
{
	uint32_t who = 0;

	for (uint32_t p = 0; p < m->players; p++)
		if (p != own &&
		    m->visits[p][at->id[ZSIM_PART_PLAYER + p]] == (ZSIM_IN_CALL | slot))
			who |= 1u << p;
	return who;
}

static uint32_t known_of(const struct zsim_place *at, uint8_t slot)
{
	return slot ? at->slots >> ZSIM_SLOT_BITS * (slot - 1u) & 15 : 0;
}

bool zsim_memo_can(const struct zsim_memo *m, const struct zsim_place *at,
		   struct zsim_choice choice)
{
	return !(choice.needs & ZSIM_NEEDS_VISIT) || known_of(at, choice.slot) & ZSIM_SLOT_LOT ||
	       visitors(m, at, ZSIM_ACTION_PLAYER(choice.action), choice.slot);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

/* ---- menus --------------------------------------------------------------------------- */

static struct zsim_menu *menu_find(struct zsim_menu *table, uint32_t room,
				   const struct zsim_menu *key)
{
	uint64_t hash = mix(mix(key->slots, (uint64_t)key->own << 32 | key->groups), key->player);
	struct zsim_menu *menu;

	for (uint32_t i = (uint32_t)hash & (room - 1);; i = (i + 1) & (room - 1)) {
		menu = &table[i];
		if (!menu->player || (menu->slots == key->slots && menu->own == key->own &&
				      menu->groups == key->groups && menu->player == key->player))
			return menu;
	}
}

/* within a call there is but one choice, whatever the slots */
static struct zsim_menu menu_key(const struct zsim_memo *m, const struct zsim_place *at,
				 uint32_t player)
{
	uint32_t own = at->id[ZSIM_PART_PLAYER + player];

	return (struct zsim_menu){
		.player = player + 1,
		.own = own,
		.slots = m->visits[player][own] ? 0 : at->slots,
		.groups = at->id[ZSIM_PART_GROUPS],
	};
}

const struct zsim_menu *zsim_memo_menu(const struct zsim_memo *m, const struct zsim_place *at,
				       uint32_t player)
{
	struct zsim_menu key = menu_key(m, at, player);
	const struct zsim_menu *menu;

	if (!m->menu_room)
		return NULL;
	menu = menu_find(m->menu, m->menu_room, &key);
	return menu->player ? menu : NULL;
}

static int menus_grow(struct zsim_memo *m)
{
	uint32_t room = m->menu_room ? 2 * m->menu_room : FIRST_ROOM;
	struct zsim_menu *table;

	if (m->menus < m->menu_room / 2)
		return 0;
	table = zsim_zalloc(m->alloc, room * sizeof(*table));
	if (!table)
		return -ENOMEM;
	for (uint32_t i = 0; i < m->menu_room; i++)
		if (m->menu[i].player)
			*menu_find(table, room, &m->menu[i]) = m->menu[i];
	zsim_dealloc(m->alloc, m->menu);
	m->bytes += (room - m->menu_room) * sizeof(*table);
	m->menu = table;
	m->menu_room = room;
	return 0;
}

static int choices_grow(struct zsim_memo *m, uint32_t more)
{
	uint32_t room = m->choice_room ? m->choice_room : FIRST_ROOM;
	struct zsim_choice *choice;

	while (room < m->choices + more)
		room *= 2;
	if (room == m->choice_room)
		return 0;
	choice = zsim_realloc(m->alloc, m->choice, room * sizeof(*choice));
	if (!choice)
		return -ENOMEM;
	m->bytes += (room - m->choice_room) * sizeof(*choice);
	m->choice = choice;
	m->choice_room = room;
	return 0;
}

/* what a footprint says of lists and the pool; the list of the slot's own entry is not in it */
static uint8_t lists_needed(const struct zsim_footprint *foot)
{
	return (uint8_t)(zsim_footprint_lots(foot) |
			 (zsim_footprint_reads_pool(foot) ? ZSIM_NEEDS_POOL : 0));
}

static struct zsim_choice stretch_choice(const struct zsim_world *w, uint16_t action)
{
	const struct zsim_call *call = &w->player[ZSIM_ACTION_PLAYER(action)].call;
	struct zsim_footprint foot = zsim_footprint_action(w, action);
	struct zsim_choice choice = { .action = action, .needs = lists_needed(&foot) };

	if (call->kind == ZSIM_CALL_STORE || call->kind == ZSIM_CALL_OFFLINE)
		choice.needs = ZSIM_NEEDS_MORE;
	if (call->turn.visit == ZSIM_NIL)
		return choice;
	choice.slot = (uint8_t)(zsim_scenario_slot(w->sc, call->turn.slot) + 1);
	choice.needs = call->pc == ZSIM_D_REMOVE ? ZSIM_NEEDS_LOT_OF_SLOT : 0;
	return choice;
}

static struct zsim_choice event_choice(const struct zsim_world *w, uint16_t action)
{
	const struct zsim_role *role = &w->sc->role[ZSIM_ACTION_PLAYER(action)];
	const struct zsim_event *ev = &role->op[ZSIM_ACTION_OP(action)].ev;
	struct zsim_footprint foot = zsim_footprint_action(w, action);
	struct zsim_choice choice = { .action = action, .needs = lists_needed(&foot) };
	bool of_a_slot = ev->type == ZSIM_EV_LOAD || ev->type == ZSIM_EV_INVALIDATE ||
			 ev->type == ZSIM_EV_CACHE || ev->type == ZSIM_EV_UNCACHE;

	if (of_a_slot || ev->type == ZSIM_EV_STORE)
		choice.slot = (uint8_t)(zsim_scenario_slot(w->sc, ev->slot) + 1);
	if (of_a_slot)
		choice.needs = ZSIM_NEEDS_LOT_OF_SLOT;
	/* in order it happens even if it changes nothing */
	if (ev->type == ZSIM_EV_INVALIDATE && role->mode != ZSIM_MODE_ORDER)
		choice.needs |= ZSIM_NEEDS_VISIT;
	if (of_a_slot)
		return choice;
	/* without the controller the worker is told of stores (ZSIM_WATCH_DISTURBED) */
	if (ev->type == ZSIM_EV_STORE)
		choice.needs |= ev->nr > 1 || w->zs->st.memcg_disabled ? ZSIM_NEEDS_MORE :
									 ZSIM_NEEDS_LOT_OF_SLOT;
	else if (ev->type == ZSIM_EV_COLD || ev->type == ZSIM_EV_RMDIR ||
		 ev->type == ZSIM_EV_OFFLINE)
		choice.needs |= ZSIM_NEEDS_MORE;
	return choice;
}

static struct zsim_choice choice_of(const struct zsim_world *w, uint16_t action)
{
	if (ZSIM_ACTION_OP(action) == ZSIM_STEP)
		return stretch_choice(w, action);
	return event_choice(w, action);
}

int zsim_memo_menus_add(struct zsim_memo *m, const struct zsim_world *w,
			const struct zsim_place *at)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n = zsim_world_menu(w, action);
	uint32_t i = 0;

	if (choices_grow(m, n))
		return -ENOMEM;
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		struct zsim_menu key = menu_key(m, at, p);
		struct zsim_menu *menu;

		if (menus_grow(m))
			return -ENOMEM;
		menu = menu_find(m->menu, m->menu_room, &key);
		key.first = m->choices;
		for (; i < n && ZSIM_ACTION_PLAYER(action[i]) == p; i++)
			m->choice[m->choices++] = choice_of(w, action[i]);
		key.nr = m->choices - key.first;
		m->menus += !menu->player;
		*menu = key;
	}
	return 0;
}

/* ---- moves ------------------------------------------------------------------------------ */

static bool same_move(const struct zsim_move *a, const struct zsim_move *b)
{
	return !memcmp(a, b, offsetof(struct zsim_move, own_after));
}

static uint64_t move_hash(const struct zsim_move *key)
{
	uint64_t hash = mix((uint64_t)key->key << 32 | key->own, (uint64_t)key->slot << 32 | key->pool);

	hash = mix(hash, (uint64_t)key->groups << 32 | key->other);
	hash = mix(hash, (uint64_t)key->list[0] << 32 | key->list[1]);
	return mix(hash, key->list[2]);
}

static struct zsim_move *move_find(struct zsim_move *table, uint32_t room, uint64_t hash,
				   const struct zsim_move *key)
{
	for (uint32_t i = (uint32_t)hash & (room - 1);; i = (i + 1) & (room - 1))
		if (!table[i].key || same_move(&table[i], key))
			return &table[i];
}

/* lots that a step touches, which for some depends on where the entry of their slot is */
static uint32_t lots_of(const struct zsim_place *at, struct zsim_choice choice)
{
	uint32_t lot = known_of(at, choice.slot) & ZSIM_SLOT_LOT;
	uint32_t lots = choice.needs & ((1u << ZSIM_LIST_PARTS) - 1);

	return lot && choice.needs & ZSIM_NEEDS_LOT_OF_SLOT ? lots | 1u << (lot - 1) : lots;
}

bool zsim_memo_key(const struct zsim_memo *m, const struct zsim_place *at,
		   struct zsim_choice choice, struct zsim_key *key)
{
	uint32_t own = ZSIM_ACTION_PLAYER(choice.action);
	uint32_t who = choice.slot ? visitors(m, at, own, choice.slot) : 0;
	uint32_t lots = lots_of(at, choice);

	if (choice.needs & ZSIM_NEEDS_MORE || who & (who - 1))
		return false;
	key->other = who ? (uint32_t)__builtin_ctz(who) + 1 : 0;
	key->move = (struct zsim_move){
		.key = 1u << 31 | key->other << 24 | lots << 16 | choice.action,
		.slot = known_of(at, choice.slot),
		.pool = choice.needs & ZSIM_NEEDS_POOL ? at->pool : 0,
		.own = at->id[ZSIM_PART_PLAYER + own],
		.groups = at->id[ZSIM_PART_GROUPS],
		.other = who ? at->id[ZSIM_PART_PLAYER + key->other - 1] : 0,
	};
	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		key->move.list[i] = lots >> i & 1 ? at->id[i] : 0;
	key->hash = move_hash(&key->move);
	if (m->move_room)
		__builtin_prefetch(&m->move[(uint32_t)key->hash & (m->move_room - 1)]);
	return true;
}

bool zsim_memo_move(const struct zsim_memo *m, const struct zsim_place *at,
		    struct zsim_choice choice, const struct zsim_key *key, struct zsim_place *to)
{
	const struct zsim_move *move;

	if (!m->move_room)
		return false;
	move = move_find(m->move, m->move_room, key->hash, &key->move);
	if (!move->key)
		return false;
	*to = *at;
	to->pool += (uint32_t)move->more;
	to->id[ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action)] = move->own_after;
	to->id[ZSIM_PART_GROUPS] = move->groups_after;
	if (key->other)
		to->id[ZSIM_PART_PLAYER + key->other - 1] = move->other_after;
	if (choice.slot) {
		uint32_t shift = ZSIM_SLOT_BITS * (choice.slot - 1u);

		to->slots &= ~((uint64_t)15 << shift);
		to->slots |= (uint64_t)move->slot_after << shift;
	}
	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		if (move->list[i])
			to->id[i] = move->list_after[i];
	return true;
}

static int moves_grow(struct zsim_memo *m)
{
	uint32_t room = m->move_room ? 2 * m->move_room : FIRST_ROOM;
	struct zsim_move *table;

	if (m->moves < m->move_room / 8 * 5)
		return 0;
	table = zsim_zalloc(m->alloc, room * sizeof(*table));
	if (!table)
		return -ENOMEM;
	for (uint32_t i = 0; i < m->move_room; i++)
		if (m->move[i].key)
			*move_find(table, room, move_hash(&m->move[i]), &m->move[i]) = m->move[i];
	zsim_dealloc(m->alloc, m->move);
	m->bytes += (room - m->move_room) * sizeof(*table);
	m->move = table;
	m->move_room = room;
	return 0;
}

/* would looking it up have led to the same state? */
static bool is_local(const struct zsim_place *at, struct zsim_choice choice,
		     const struct zsim_key *key, const struct zsim_place *to, uint32_t players)
{
	uint32_t own = ZSIM_ACTION_PLAYER(choice.action);
	uint64_t mine = choice.slot ? (uint64_t)15 << ZSIM_SLOT_BITS * (choice.slot - 1u) : 0;

	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		if (!key->move.list[i] && at->id[i] != to->id[i])
			return false;
	for (uint32_t p = 0; p < players; p++)
		if (p != own && p + 1 != key->other &&
		    at->id[ZSIM_PART_PLAYER + p] != to->id[ZSIM_PART_PLAYER + p])
			return false;
	return (at->slots & ~mine) == (to->slots & ~mine);
}

int zsim_memo_move_add(struct zsim_memo *m, const struct zsim_place *at, struct zsim_choice choice,
		       const struct zsim_place *to)
{
	struct zsim_move *move;
	struct zsim_key key;

	if (!zsim_memo_key(m, at, choice, &key) || !is_local(at, choice, &key, to, m->players))
		return 0;
	if (moves_grow(m))
		return -ENOMEM;
	move = &key.move;
	move->own_after = to->id[ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action)];
	move->groups_after = to->id[ZSIM_PART_GROUPS];
	move->other_after = key.other ? to->id[ZSIM_PART_PLAYER + key.other - 1] : 0;
	move->slot_after = (uint8_t)known_of(to, choice.slot);
	move->more = (int32_t)(to->pool - at->pool);
	memcpy(move->list_after, to->id, sizeof(move->list_after));
	*move_find(m->move, m->move_room, key.hash, move) = *move;
	m->moves++;
	return 0;
}
