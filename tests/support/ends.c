/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/ends.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/entry.h"

/* ---- words -------------------------------------------------------------------------- */

static void say_list(FILE *out, const struct zsim_state *st, zsim_memcg memcg, uint32_t node)
{
	const struct zsim_lru *lru = zsim_lru_at(st, memcg, node);

	fprintf(out, " %u%s%s[", node, lru->dead ? "dead" : "", lru->shrinker_bit ? "!" : "");
	for (uint32_t i = lru->head; i != ZSIM_NIL; i = zsim_entry_at(st, i)->next) {
		const struct zsim_entry *e = zsim_entry_at(st, i);

		fprintf(out, " %llu%s:%u:%u", (unsigned long long)zsim_entry_slot(e),
			e->referenced ? "*" : "", zsim_entry_length(e), e->memcg);
	}
	fprintf(out, "]");
}

static void say(FILE *out, const struct zsim_scenario *sc, const struct zsim *zs)
{
	const struct zsim_state *st = &zs->st;

	for (zsim_memcg m = 0; m < st->memcgs.size; m++) {
		const struct zsim_memcg_rec *rec = zsim_memcg_at(st, m);

		fprintf(out, "%u: state %u writeback %u max %llu", m, rec->state, rec->writeback,
			(unsigned long long)rec->zswap_max);
		for (uint32_t node = 0; node < st->nodes; node++)
			say_list(out, st, m, node);
		fprintf(out, "; ");
	}
	fprintf(out, "cached");
	for (uint32_t i = 0; i < sc->nr_slots; i++)
		if (zsim_slot_set_has(&st->cache, sc->slots[i]))
			fprintf(out, " %llu", (unsigned long long)sc->slots[i]);
	fprintf(out, "; full %u queued %u devices gone %x", st->reached_full, st->worker_queued,
		st->devices_gone);
}

static char *text_of(const struct zsim_scenario *sc, const struct zsim *zs)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		exit(1);
	say(out, sc, zs);
	fclose(out);
	return text;
}

/* ---- the set ------------------------------------------------------------------------- */

/* where it is, or belongs */
static uint32_t place_of(const struct ends *e, const char *text, bool *there)
{
	uint32_t low = 0, high = e->nr;

	*there = false;
	while (low < high && !*there) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(e->text[middle], text);

		*there = !order;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return *there ? high : low;
}

void ends_add(struct ends *e, const struct zsim_scenario *sc, const struct zsim *zs)
{
	char *text = text_of(sc, zs);
	bool there;
	uint32_t i = place_of(e, text, &there);

	if (there) {
		free(text);
		return;
	}
	if (e->nr == e->room) {
		e->room = e->room ? 2 * e->room : 64;
		e->text = realloc(e->text, e->room * sizeof(*e->text));
		if (!e->text)
			exit(1);
	}
	memmove(&e->text[i + 1], &e->text[i], (e->nr - i) * sizeof(*e->text));
	e->text[i] = text;
	e->nr++;
}

const char *ends_missing(const struct ends *a, const struct ends *b)
{
	bool there;

	for (uint32_t i = 0; i < a->nr; i++) {
		place_of(b, a->text[i], &there);
		if (!there)
			return a->text[i];
	}
	return NULL;
}

bool ends_equal(const struct ends *a, const struct ends *b)
{
	return a->nr == b->nr && !ends_missing(a, b);
}

void ends_free(struct ends *e)
{
	for (uint32_t i = 0; i < e->nr; i++)
		free(e->text[i]);
	free(e->text);
	*e = (struct ends){ .nr = 0 };
}
