/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/encode.h"

#include <errno.h>
#include <string.h>

#include "model/entry.h"

/* ---- writing -------------------------------------------------------------------- */

/* room was measured at the start for the largest state that there can be */
static void put_byte(struct zsim_part *part, uint32_t value)
{
	*part->at++ = (uint8_t)value;
}

/* most values are small */
static void put(struct zsim_part *part, uint64_t value)
{
	uint8_t *at = part->at;

	for (; __builtin_expect(value > 127, 0); value >>= 7)
		*at++ = (uint8_t)(value | 128);
	*at = (uint8_t)value;
	part->at = at + 1;
}

/* a handle, where none is 0 */
static void put_memcg(struct zsim_part *part, zsim_memcg memcg)
{
	put(part, (uint64_t)(uint32_t)(memcg + 1));
}

/* a slot's name that was not given yet, and the end of a class */
#define NO_NAME UINT32_MAX

/* ---- names of slots ---------------------------------------------------------------- */

static uint32_t slot_index(const struct zsim_encoder *e, uint64_t slot)
{
	/* most scenarios number their slots from 0 or 1 on */
	if (slot < e->sc->nr_slots && e->sc->slots[slot] == slot)
		return (uint32_t)slot;
	if (slot && slot <= e->sc->nr_slots && e->sc->slots[slot - 1] == slot)
		return (uint32_t)slot - 1;
	return zsim_scenario_slot(e->sc, slot);
}

static void names_forget(struct zsim_encoder *e)
{
	for (uint32_t s = 0; s < e->sc->nr_slots; s++)
		e->name_of[s] = NO_NAME;
	memcpy(e->class_left, e->sc->class_of, e->sc->nr_slots * sizeof(*e->class_left));
}

/* the next name of its class, when it is mentioned for the first time */
static uint32_t name_of(struct zsim_encoder *e, uint32_t s)
{
	uint32_t class = e->sc->class_of[s];

	if (!e->symmetry)
		return s;
	if (e->name_of[s] == NO_NAME) {
		e->name_of[s] = e->class_left[class];
		e->class_left[class] = e->next_like[e->class_left[class]];
	}
	return e->name_of[s];
}

static uint32_t slot_name(struct zsim_encoder *e, uint64_t slot)
{
	return name_of(e, slot_index(e, slot));
}

/* ---- lists ------------------------------------------------------------------------- */

static bool in_set(const uint64_t *set, uint32_t i)
{
	return set && set[i / 64] >> i % 64 & 1;
}

/* what the properties remember of an entry: one bit for each actor that visited it, ... */
static void put_memory(struct zsim_part *part, const struct zsim_monitor *m, uint32_t players,
		       uint32_t entry)
{
	uint32_t seen = 0, cold = 0;

	for (uint32_t p = 0; m->visited && p < players; p++)
		seen |= (uint32_t)in_set(m->visited + (size_t)p * m->words, entry) << p;
	for (uint32_t p = 0; m->cold && p < players; p++)
		cold |= (uint32_t)in_set(m->cold + (size_t)p * m->words, entry) << p;
	if (m->visited)
		put_byte(part, seen);
	if (m->cold)
		put_byte(part, cold);
}

/* four bytes each: name, length, and what is known of it; then the group if it is another's */
static void put_entry(struct zsim_encoder *e, const struct zsim_world *w, zsim_memcg list,
		      const struct zsim_entry *entry, uint32_t i)
{
	struct zsim_part *part = &e->part[ZSIM_PART_LISTS];
	const struct zsim_monitor *m = &w->monitor;
	bool guest = entry->memcg != list;
	uint32_t code = slot_name(e, zsim_entry_slot(entry)) << 17 |
			(uint32_t)zsim_entry_length(entry) << 4 | (uint32_t)entry->referenced << 3 |
			(uint32_t)in_set(m->outdated, i) << 2 | (uint32_t)in_set(m->young, i) << 1 |
			guest;

	memcpy(part->at, &code, sizeof(code));
	part->at += sizeof(code);
	if (guest)
		put_memcg(part, entry->memcg);
	if (m->visited || m->cold)
		put_memory(part, m, w->sc->nr_roles, i);
}

static void put_list(struct zsim_encoder *e, const struct zsim_world *w, zsim_memcg memcg,
		     uint32_t node)
{
	struct zsim_part *part = &e->part[ZSIM_PART_LISTS];
	const struct zsim_state *st = &w->zs->st;
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);
	const struct zsim_entry *entry;

	put(part, (uint64_t)lru->length << 3 | (uint32_t)lru->dead << 2 |
			  (uint32_t)lru->shrinker_bit << 1 | (lru->deferred || lru->swapins));
	if (lru->deferred || lru->swapins) {
		put(part, lru->deferred);
		put(part, lru->swapins);
	}
	for (uint32_t i = lru->head; i != ZSIM_NIL; i = entry->next) {
		entry = zsim_entry_at(st, i);
		put_entry(e, w, memcg, entry, i);
	}
}

/* slots without an entry get their names by what is known of them: a call, the swap cache */
static void rest_name(struct zsim_encoder *e, const struct zsim_world *w)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active && w->player[p].call.turn.visit != ZSIM_NIL)
			slot_name(e, w->player[p].call.turn.slot);
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active && w->player[p].call.kind == ZSIM_CALL_STORE)
			slot_name(e, w->player[p].call.pages.slot);
	for (uint32_t s = 0; s < w->sc->nr_slots; s++)
		if (zsim_slot_set_has(&w->zs->st.cache, w->sc->slots[s]))
			name_of(e, s);
}

static void put_cache(struct zsim_encoder *e, const struct zsim_world *w)
{
	struct zsim_part *part = &e->part[ZSIM_PART_LISTS];
	const struct zsim_slot_set *cache = &w->zs->st.cache;
	uint8_t *bits = part->at;

	if (!cache->used)
		return;
	memset(bits, 0, (w->sc->nr_slots + 7) / 8);
	part->at += (w->sc->nr_slots + 7) / 8;
	for (uint32_t i = 0; i < cache->cap; i++) {
		uint32_t name;

		if (!cache->keys[i])
			continue;
		name = slot_name(e, cache->keys[i] - 1);
		bits[name / 8] |= (uint8_t)(1u << name % 8);
	}
}

/*
 * What follows from the rest as long as nothing is wrong. It is part of the code
 * all the same: a sum that is wrong then makes a new state, and is found out.
 */
static void put_sums(struct zsim_part *part, const struct zsim_state *st)
{
	put(part, st->pool.bytes);
	put(part, (uint64_t)st->nr_entries << 16 | st->wb_locked << 8 | st->wb_unlisted);
	put(part, st->counters[ZSIM_COUNTER_STORED_PAGES]);
	put(part, st->counters[ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES]);
	for (zsim_memcg i = 0; i < st->memcgs.size; i++) {
		const struct zsim_memcg_rec *m = zsim_memcg_at(st, i);

		put(part, m->zswap);
		put(part, (uint64_t)m->zswapped + ((uint64_t)m->zswap_incomp << 8));
	}
}

/* 4: an entry that was freed is found by its slot still, also as that of another slot by then */
static void put_found(struct zsim_part *part, const struct zsim_scenario *sc,
		      const struct zsim_state *st)
{
	if (!ZSIM_DEFECT(st, DOUBLE_FREE))
		return;
	for (uint32_t s = 0; s < sc->nr_slots; s++)
		put(part, (uint32_t)(zsim_entry_find(st, sc->slots[s]) + 1));
	for (uint32_t i = st->free_entry; i != ZSIM_NIL; i = zsim_entry_at(st, i)->next)
		put(part, i);
}

static void put_lists(struct zsim_encoder *e, const struct zsim_world *w)
{
	const struct zsim_state *st = &w->zs->st;

	for (zsim_memcg m = 0; m < st->memcgs.size; m++)
		for (uint32_t node = 0; node < st->nodes; node++)
			put_list(e, w, m, node);
	if (e->symmetry && (st->nr_visits || st->cache.used))
		rest_name(e, w);
	put_cache(e, w);
	put_sums(&e->part[ZSIM_PART_LISTS], st);
	put_found(&e->part[ZSIM_PART_LISTS], w->sc, st);
}

/* ---- groups and the machine ---------------------------------------------------------- */

static void put_set(struct zsim_part *part, const uint64_t *set, uint32_t n)
{
	for (uint32_t i = 0; set && i < n; i += 64)
		put(part, set[i / 64]);
}

static void put_machine(struct zsim_part *part, const struct zsim_state *st)
{
	put_byte(part, (uint32_t)st->reached_full | (uint32_t)st->worker_queued << 1 |
			       (uint32_t)st->worker_running << 2 | (uint32_t)st->worker_again << 3);
	put_memcg(part, st->cursor);
	put(part, st->faults);
	put(part, st->devices_gone);
	put_memcg(part, st->offlining);
	put(part, (uint64_t)st->pool_refs << 8 | st->pool_runs);
}

/* what only a `param` or a `fail` line changes, which few scenarios have */
static void put_settings(struct zsim_part *part, const struct zsim_state *st)
{
	for (int i = 0; i < ZSIM_NR_PARAMS; i++)
		put(part, st->params[i]);
	for (int i = 0; i < ZSIM_NR_FAILS; i++)
		put(part, st->fail[i]);
}

/* memory.max and its kin are kept with the name: nothing in the model looks at them */
static void put_groups(struct zsim_encoder *e, const struct zsim_world *w)
{
	struct zsim_part *part = &e->part[ZSIM_PART_GROUPS];
	const struct zsim_state *st = &w->zs->st;

	put_machine(part, st);
	if (w->settings_vary)
		put_settings(part, st);
	for (zsim_memcg i = 0; i < st->memcgs.size; i++) {
		const struct zsim_memcg_rec *m = zsim_memcg_at(st, i);
		const struct zsim_name *name = zsim_paths_name(&w->zs->paths, i);

		put_byte(part, (uint32_t)m->state << 3 | (uint32_t)m->writeback << 2 |
				       (uint32_t)name->late << 1 | name->leaving);
		put(part, m->zswap_max + 1);
	}
	put_set(part, w->monitor.served, st->memcgs.size);
	put_set(part, w->monitor.requested, st->memcgs.size);
}

/* ---- actors -------------------------------------------------------------------------- */

static void put_shrink(struct zsim_part *part, const struct zsim_shrink *s)
{
	put_memcg(part, s->memcg);
	put(part, s->nr_to_scan);
	put(part, s->remaining);
	put(part, (uint64_t)s->node << 1 | s->refused);
	put(part, s->visits);
	put(part, s->bytes ? s->bytes << 8 | s->written : 0);
}

static void put_walk(struct zsim_encoder *e, struct zsim_part *part, const struct zsim_state *st,
		     const struct zsim_walk *walk)
{
	put_memcg(part, walk->memcg);
	put(part, (uint64_t)walk->node << 3 | (uint32_t)walk->restart << 2 |
			  (uint32_t)walk->stopped << 1 | walk->met_cached);
	put(part, walk->nr);
	/* only a walk that goes on without its lock looks at the next entry again */
	if (!ZSIM_DEFECT(st, SKIP_AFTER_UNLOCK))
		return;
	put(part, walk->next == ZSIM_NIL || walk->restart ?
			  0 :
			  slot_name(e, zsim_entry_slot(zsim_entry_at(st, walk->next))) + 1u);
}

static void put_visit(struct zsim_encoder *e, struct zsim_part *part, const struct zsim_state *st,
		      const struct zsim_turn *t)
{
	const struct zsim_visit *v = zsim_visit_at(st, t->visit);

	put(part, slot_name(e, t->slot));
	put(part, (uint64_t)t->length << 3 | (uint32_t)v->gone << 2 | (uint32_t)v->freed << 1 |
			  v->cached);
	put(part, t->node);
}

static void put_pages(struct zsim_encoder *e, struct zsim_part *part, const struct zsim_pages *p)
{
	put(part, slot_name(e, p->slot));
	put_memcg(part, p->memcg);
	put(part, p->node);
	put(part, (uint64_t)p->done << 2 | (uint32_t)p->allocated << 1 | p->accepted);
	for (uint32_t i = 0; i < p->nr; i++)
		put(part, p->length[i]);
}

static void put_slab(struct zsim_part *part, const struct zsim_slab *s)
{
	const uint64_t numbers[] = { s->node,  s->priority, s->freeable, s->deferred, s->delta,
				     s->total, s->scanned,  s->freed,	 s->batch,    s->written };

	put_memcg(part, s->memcg);
	put_byte(part, (uint32_t)s->noio << 1 | s->refused);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put(part, numbers[i]);
}

/* steps that the bound still leaves: all that a later look at it needs */
static uint64_t steps_left(const struct zsim_state *st, const struct zsim_call *call)
{
	return zsim_call_step_bound(st, call) - call->steps;
}

/* what the properties ask of a worker's visits when it leaves */
static uint64_t visits_asked(const struct zsim_world *w, const struct zsim_call *call)
{
	if (call->kind != ZSIM_CALL_WORKER)
		return 0;
	if (w->monitor.properties & ZSIM_P_BIT(ZSIM_P_WORKER_BOUND))
		return call->visits;
	return w->zs->st.memcg_disabled && call->visits;
}

static void put_retry(struct zsim_part *part, const struct zsim_world *w,
		      const struct zsim_call *call)
{
	put_memcg(part, call->top);
	put_memcg(part, call->at);
	put(part, call->scans);
	put(part, call->failures);
	put(part, call->wanted);
	put(part, call->done);
	put(part, (uint64_t)call->step_rc << 1 ^ (uint64_t)(call->step_rc >> 63));
	put(part, visits_asked(w, call));
	if (call->kind != ZSIM_CALL_REQUEST ||
	    !(w->monitor.properties & ZSIM_P_BIT(ZSIM_P_STEP_BOUND)))
		return;
	put(part, steps_left(&w->zs->st, call));
	put(part, call->groups_max);
}

static void put_call(struct zsim_encoder *e, struct zsim_part *part, const struct zsim_world *w,
		     const struct zsim_call *call)
{
	const struct zsim_state *st = &w->zs->st;
	bool visiting = call->turn.visit != ZSIM_NIL;

	put_byte(part, (uint32_t)call->kind << 2 | (uint32_t)call->pool_ref << 1 | call->signal);
	put_byte(part, (uint32_t)call->pc << 1 | call->stepping);
	if (call->kind == ZSIM_CALL_STORE)
		put_pages(e, part, &call->pages);
	else
		put_retry(part, w, call);
	if (call->kind == ZSIM_CALL_SHRINKER || call->kind == ZSIM_CALL_SLAB ||
	    call->kind == ZSIM_CALL_OFFLINE)
		put_slab(part, &call->slab);
	else if (call->pc != ZSIM_D_STEP_RET)
		put_shrink(part, &call->shrink);
	if (visiting || call->pc == ZSIM_D_SCAN)
		put_walk(e, part, st, &call->walk);
	if (visiting)
		put_visit(e, part, st, &call->turn);
}

static void put_watch(struct zsim_part *part, const struct zsim_watch *watch)
{
	put(part, watch->call);
	put_memcg(part, watch->target);
	put(part, watch->removed);
	put(part, watch->written);
	put(part, watch->failures);
	put(part, watch->flags);
}

static void put_player(struct zsim_encoder *e, const struct zsim_world *w, uint32_t p)
{
	struct zsim_part *part = &e->part[ZSIM_PART_PLAYER + p];
	const struct zsim_player *player = &w->player[p];

	put(part, (uint64_t)player->left << 2 | (uint32_t)player->active << 1 | player->signal);
	if (!player->active)
		return;
	put_call(e, part, w, &player->call);
	put_watch(part, &w->monitor.watch[p]);
}

/* ---- the whole ------------------------------------------------------------------------- */

/* does an actor's part mention a slot, so that names must be given first? */
static bool names_slot(const struct zsim_player *player)
{
	return player->active &&
	       (player->call.turn.visit != ZSIM_NIL || player->call.kind == ZSIM_CALL_STORE);
}

static void encode_part(struct zsim_encoder *e, const struct zsim_world *w, uint32_t i)
{
	e->part[i].at = e->part[i].bytes;
	if (i == ZSIM_PART_LISTS)
		put_lists(e, w);
	else if (i == ZSIM_PART_GROUPS)
		put_groups(e, w);
	else
		put_player(e, w, i - ZSIM_PART_PLAYER);
	e->part[i].size = (uint32_t)(e->part[i].at - e->part[i].bytes);
}

uint32_t zsim_encode(struct zsim_encoder *e, const struct zsim_world *w, uint32_t changed)
{
	/* names come from the lists, and go into every part that mentions a slot */
	for (uint32_t p = 0; e->symmetry && p < w->sc->nr_roles; p++)
		if (names_slot(&w->player[p]) || changed & 1u << ZSIM_PART_LISTS)
			changed |= 1u << (ZSIM_PART_PLAYER + p) | 1u << ZSIM_PART_LISTS;
	if (e->symmetry && changed & 1u << ZSIM_PART_LISTS)
		names_forget(e);
	for (uint32_t i = 0; i < e->nr_parts; i++)
		if (changed >> i & 1)
			encode_part(e, w, i);
	return changed;
}

uint64_t zsim_encoder_hash(const struct zsim_encoder *e)
{
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */

	for (uint32_t i = 0; i < e->nr_parts; i++)
		for (uint32_t k = 0; k < e->part[i].size; k++)
			hash = (hash ^ e->part[i].bytes[k]) * 0x100000001b3ull;
	return hash ^ hash >> 29;
}

/* for each slot the next one of its class */
static void like_link(struct zsim_encoder *e)
{
	bool alike = false;

	for (uint32_t s = 0; s < e->sc->nr_slots; s++) {
		alike |= e->sc->class_of[s] != s;
		e->next_like[s] = NO_NAME;
		for (uint32_t t = s + 1; t < e->sc->nr_slots && e->next_like[s] == NO_NAME; t++)
			if (e->sc->class_of[t] == e->sc->class_of[s])
				e->next_like[s] = t;
	}
	e->symmetry &= alike;
}

static int parts_init(struct zsim_encoder *e, const struct zsim_world *w)
{
	const struct zsim_state *st = &w->zs->st;
	uint32_t lists = 24 * w->sc->nr_slots + 32 * st->memcgs.size * st->nodes +
			 24 * st->memcgs.size + 128;
	uint32_t groups = 12 * st->memcgs.size + 512;

	e->nr_parts = ZSIM_PART_PLAYER + w->sc->nr_roles;
	for (uint32_t i = 0; i < e->nr_parts; i++) {
		e->part[i].room = i == ZSIM_PART_LISTS	? lists :
				  i == ZSIM_PART_GROUPS ? groups :
							  512 + 3 * ZSIM_MAX_FOLIO_PAGES;
		e->part[i].bytes = zsim_alloc(e->alloc, e->part[i].room);
		if (!e->part[i].bytes)
			return -ENOMEM;
	}
	return 0;
}

int zsim_encoder_init(struct zsim_encoder *e, const struct zsim_world *w, bool symmetry)
{
	size_t size = (w->sc->nr_slots + 1) * sizeof(uint32_t);

	*e = (struct zsim_encoder){ .alloc = w->sc->alloc, .sc = w->sc, .symmetry = symmetry };
	e->next_like = zsim_alloc(e->alloc, size);
	e->class_left = zsim_alloc(e->alloc, size);
	e->name_of = zsim_alloc(e->alloc, size);
	if (!e->next_like || !e->class_left || !e->name_of)
		return -ENOMEM;
	like_link(e);
	return parts_init(e, w);
}

void zsim_encoder_destroy(struct zsim_encoder *e)
{
	if (!e->alloc)
		return;
	for (uint32_t i = 0; i < e->nr_parts; i++)
		zsim_dealloc(e->alloc, e->part[i].bytes);
	zsim_dealloc(e->alloc, e->next_like);
	zsim_dealloc(e->alloc, e->class_left);
	zsim_dealloc(e->alloc, e->name_of);
	*e = (struct zsim_encoder){ .nr_parts = 0 };
}
