/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "observe/second_chance.h"

#include <string.h>

#include "base/alloc.h"
#include <zsim/zsim.h>

/* What one call remembers is bounded; a longer list is watched in its first part. */
#define FIRST_SLOTS 64u
#define MAX_SLOTS (1u << 17)

/* A slot that was rotated in the call of this generation; others are empty. */
struct rotated {
	uint64_t slot;
	uint64_t generation;
};

/*
 * One call of shrink_memcg() under way. Counting the generation up empties the
 * table, so that the next call can use it without clearing it.
 */
struct shrink {
	struct rotated *table;
	uint64_t generation;
	uint32_t cap;
	uint32_t used;
	uint32_t call;
	bool open;
	bool again;
	bool counted;
};

static struct shrink *shrink_at(const struct zsim_second_chance *sc, uint32_t i)
{
	return zsim_array_at(&sc->shrinks, i);
}

static struct shrink *shrink_find(const struct zsim_second_chance *sc, uint32_t call)
{
	for (uint32_t i = 0; i < sc->shrinks.size; i++) {
		struct shrink *s = shrink_at(sc, i);

		if (s->open && s->call == call)
			return s;
	}
	return NULL;
}

static struct shrink *shrink_unused(struct zsim_second_chance *sc)
{
	uint32_t index;

	for (uint32_t i = 0; i < sc->shrinks.size; i++) {
		if (!shrink_at(sc, i)->open)
			return shrink_at(sc, i);
	}
	return zsim_array_push(&sc->shrinks, &index) ? NULL : shrink_at(sc, index);
}

static void shrink_begin(struct zsim_second_chance *sc, uint32_t call)
{
	struct shrink *s = shrink_find(sc, call);

	if (!s)
		s = shrink_unused(sc);
	if (!s) {
		sc->out_of_memory = true;
		return;
	}
	s->generation++;
	s->used = 0;
	s->call = call;
	s->open = true;
	s->again = false;
	s->counted = false;
}

static uint32_t slot_hash(uint64_t slot)
{
	return (uint32_t)((slot * 0x9e3779b97f4a7c15u) >> 32);
}

/* The place of a slot in the table, or the empty one where it would go. */
static struct rotated *slot_place(const struct shrink *s, uint64_t slot)
{
	uint32_t i = slot_hash(slot) & (s->cap - 1);

	while (s->table[i].generation == s->generation && s->table[i].slot != slot)
		i = (i + 1) & (s->cap - 1);
	return &s->table[i];
}

static bool slot_known(const struct shrink *s, uint64_t slot)
{
	return s->used && slot_place(s, slot)->generation == s->generation;
}

static int table_grow(struct zsim_second_chance *sc, struct shrink *s)
{
	struct shrink bigger = *s;

	bigger.cap = s->cap ? s->cap * 2 : FIRST_SLOTS;
	bigger.table = zsim_zalloc(sc->alloc, bigger.cap * sizeof(*bigger.table));
	if (!bigger.table)
		return -1;
	for (uint32_t i = 0; i < s->cap; i++) {
		if (s->table[i].generation == s->generation)
			*slot_place(&bigger, s->table[i].slot) = s->table[i];
	}
	zsim_dealloc(sc->alloc, s->table);
	*s = bigger;
	return 0;
}

static void slot_remember(struct zsim_second_chance *sc, struct shrink *s, uint64_t slot)
{
	struct rotated *place;

	if (s->used == MAX_SLOTS / 2)
		return;
	if (s->used >= s->cap / 2 && table_grow(sc, s)) {
		sc->out_of_memory = true;
		return;
	}
	place = slot_place(s, slot);
	s->used += place->generation != s->generation;
	*place = (struct rotated){ .slot = slot, .generation = s->generation };
}

static void visit_begin(struct zsim_second_chance *sc, struct shrink *s, uint64_t slot,
			bool referenced)
{
	s->again = !referenced && slot_known(s, slot);
	if (referenced)
		slot_remember(sc, s, slot);
}

static bool visit_end(struct zsim_second_chance *sc, struct shrink *s, bool written)
{
	bool lost = s->again && written;

	sc->written += written;
	s->again = false;
	if (!lost)
		return false;
	sc->entries++;
	sc->calls += !s->counted;
	s->counted = true;
	return true;
}

bool zsim_second_chance_decision(struct zsim_second_chance *sc, const struct zsim_decision *d)
{
	struct shrink *s;

	if (d->kind == ZSIM_D_SHRINK) {
		sc->shrinks_seen++;
		shrink_begin(sc, d->call);
		return false;
	}
	if (d->kind != ZSIM_D_SCAN && d->kind != ZSIM_D_SCAN_RET && d->kind != ZSIM_D_SHRINK_RET)
		return false;
	s = shrink_find(sc, d->call);
	if (!s)
		return false;
	if (d->kind == ZSIM_D_SCAN_RET)
		return visit_end(sc, s, d->rc == ZSIM_LRU_REMOVED_RETRY);
	if (d->kind == ZSIM_D_SCAN)
		visit_begin(sc, s, d->slot, d->referenced);
	else
		s->open = false;
	return false;
}

/*
 * Can what is left of the walk, these visits included, come to an entry twice? A visit moves an
 * entry to the end or takes it off, and shrink_memcg() walks each list once.
 */
static bool comes_round(const struct zsim *zs, const struct zsim_visits *v)
{
	return v->nr + v->left > zsim_list_length(zs, v->memcg, v->node) + v->written;
}

uint32_t zsim_second_chance_visits(struct zsim_second_chance *sc, const struct zsim *zs,
				   const struct zsim_visits *v)
{
	struct shrink *s = shrink_find(sc, v->call);
	uint32_t lost = 0;

	if (s && !s->used && !comes_round(zs, v)) {
		sc->written += v->written;
		return 0;
	}
	for (uint32_t i = 0; s && i < v->nr; i++) {
		visit_begin(sc, s, v->at[i].slot, !v->at[i].written);
		lost += visit_end(sc, s, v->at[i].written);
	}
	return lost;
}

void zsim_second_chance_init(struct zsim_second_chance *sc, const struct zsim_allocator *alloc)
{
	memset(sc, 0, sizeof(*sc));
	sc->alloc = alloc;
	zsim_array_init(&sc->shrinks, alloc, sizeof(struct shrink));
}

void zsim_second_chance_destroy(struct zsim_second_chance *sc)
{
	for (uint32_t i = 0; i < sc->shrinks.size; i++)
		zsim_dealloc(sc->alloc, shrink_at(sc, i)->table);
	zsim_array_destroy(&sc->shrinks);
}
