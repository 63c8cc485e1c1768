/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/memo.h"

#include <errno.h>
#include <string.h>

#define FIRST_ROOM 1024u

void zsim_memo_init(struct zsim_memo *m, const struct zsim_allocator *alloc)
{
	*m = (struct zsim_memo){ .alloc = alloc };
}

void zsim_memo_destroy(struct zsim_memo *m)
{
	zsim_dealloc(m->alloc, m->move);
	zsim_dealloc(m->alloc, m->menu);
	zsim_dealloc(m->alloc, m->choice);
	zsim_memo_init(m, m->alloc);
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
	uint64_t hash = mix(mix(key->player, (uint64_t)key->own << 32 | key->slots), key->groups);
	struct zsim_menu *menu;

	for (uint32_t i = (uint32_t)hash & (room - 1);; i = (i + 1) & (room - 1)) {
		menu = &table[i];
		if (!menu->player || (menu->player == key->player && menu->own == key->own &&
				      menu->slots == key->slots && menu->groups == key->groups))
			return menu;
	}
}

static struct zsim_menu menu_key(const struct zsim_place *at, uint32_t player)
{
	return (struct zsim_menu){
		.player = player + 1,
		.own = at->id[ZSIM_PART_PLAYER + player],
		.slots = at->id[ZSIM_PART_SLOTS],
		.groups = at->id[ZSIM_PART_GROUPS],
	};
}

const struct zsim_menu *zsim_memo_menu(const struct zsim_memo *m, const struct zsim_place *at,
				       uint32_t player)
{
	struct zsim_menu key = menu_key(at, player);
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

static uint8_t needs_of(const struct zsim_world *w, uint16_t action)
{
	struct zsim_footprint foot = zsim_footprint_action(w, action);

	return (uint8_t)(zsim_footprint_lots(&foot) |
			 (zsim_footprint_reads_pool(&foot) ? ZSIM_NEEDS_POOL : 0));
}

bool zsim_memo_fits(const struct zsim_scenario *sc)
{
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		for (uint32_t op = 0; op < sc->role[p].nr; op++)
			if (sc->role[p].op[op].ev.type == ZSIM_EV_SIGNAL ||
			    sc->role[p].op[op].ev.type == ZSIM_EV_SWAPOFF)
				return false;
	return true;
}

int zsim_memo_menus_add(struct zsim_memo *m, const struct zsim_world *w,
			const struct zsim_place *at)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n = zsim_world_actions(w, action);
	uint32_t i = 0;

	if (choices_grow(m, n))
		return -ENOMEM;
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		struct zsim_menu key = menu_key(at, p);
		struct zsim_menu *menu;

		if (menus_grow(m))
			return -ENOMEM;
		menu = menu_find(m->menu, m->menu_room, &key);
		key.first = m->choices;
		for (; i < n && ZSIM_ACTION_PLAYER(action[i]) == p; i++)
			m->choice[m->choices++] =
				(struct zsim_choice){ action[i], needs_of(w, action[i]) };
		key.nr = m->choices - key.first;
		m->menus += !menu->player;
		*menu = key;
	}
	return 0;
}

/* ---- moves ------------------------------------------------------------------------------ */

static bool same_move(const struct zsim_move *a, const struct zsim_move *b)
{
	return a->action == b->action && a->own == b->own && a->slots == b->slots &&
	       a->groups == b->groups && a->pool == b->pool &&
	       !memcmp(a->list, b->list, sizeof(a->list));
}

static struct zsim_move *move_find(struct zsim_move *table, uint32_t room,
				   const struct zsim_move *key)
{
	uint64_t hash = mix(mix(key->action, (uint64_t)key->own << 32 | key->slots),
			    (uint64_t)key->groups << 32 | key->pool);

	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		hash = mix(hash, key->list[i]);
	for (uint32_t i = (uint32_t)hash & (room - 1);; i = (i + 1) & (room - 1))
		if (!table[i].action || same_move(&table[i], key))
			return &table[i];
}

static struct zsim_move move_key(const struct zsim_place *at, struct zsim_choice choice)
{
	struct zsim_move key = {
		.action = (uint32_t)choice.needs << 16 | choice.action | 1u << 31,
		.pool = choice.needs & ZSIM_NEEDS_POOL ? at->pool : 0,
		.own = at->id[ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action)],
		.slots = at->id[ZSIM_PART_SLOTS],
		.groups = at->id[ZSIM_PART_GROUPS],
	};

	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		key.list[i] = choice.needs >> i & 1 ? at->id[i] : 0;
	return key;
}

bool zsim_memo_move(const struct zsim_memo *m, const struct zsim_place *at,
		    struct zsim_choice choice, struct zsim_place *to)
{
	struct zsim_move key;
	const struct zsim_move *move;

	if (!m->move_room)
		return false;
	key = move_key(at, choice);
	move = move_find(m->move, m->move_room, &key);
	if (!move->action)
		return false;
	*to = *at;
	to->pool += (uint32_t)move->more;
	to->id[ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action)] = move->own_after;
	to->id[ZSIM_PART_SLOTS] = move->slots_after;
	to->id[ZSIM_PART_GROUPS] = move->groups_after;
	for (uint32_t i = 0; i < ZSIM_LIST_PARTS; i++)
		if (choice.needs >> i & 1)
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
		if (m->move[i].action)
			*move_find(table, room, &m->move[i]) = m->move[i];
	zsim_dealloc(m->alloc, m->move);
	m->bytes += (room - m->move_room) * sizeof(*table);
	m->move = table;
	m->move_room = room;
	return 0;
}

/* it left alone what it should not depend on */
static bool is_local(const struct zsim_place *at, struct zsim_choice choice,
		     const struct zsim_place *to, uint32_t parts)
{
	uint32_t own = ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action);

	for (uint32_t i = 0; i < parts; i++) {
		bool may_change = i < ZSIM_LIST_PARTS ? choice.needs >> i & 1 :
							i < ZSIM_PART_PLAYER || i == own;

		if (!may_change && at->id[i] != to->id[i])
			return false;
	}
	return true;
}

int zsim_memo_move_add(struct zsim_memo *m, const struct zsim_place *at, struct zsim_choice choice,
		       const struct zsim_place *to, uint32_t parts)
{
	struct zsim_move move = move_key(at, choice);

	if (!is_local(at, choice, to, parts))
		return 0;
	if (moves_grow(m))
		return -ENOMEM;
	move.own_after = to->id[ZSIM_PART_PLAYER + ZSIM_ACTION_PLAYER(choice.action)];
	move.slots_after = to->id[ZSIM_PART_SLOTS];
	move.groups_after = to->id[ZSIM_PART_GROUPS];
	move.more = (int32_t)(to->pool - at->pool);
	memcpy(move.list_after, to->id, sizeof(move.list_after));
	*move_find(m->move, m->move_room, &move) = move;
	m->moves++;
	return 0;
}
