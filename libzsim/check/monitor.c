/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - the monitor's memory, and which decision is looked at where.
 */
#include "check/monitor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "check/watch.h"
#include "model/memcg.h"

/* ---- memory ------------------------------------------------------------------- */

/** struct part - a set, or one for each watch: which property needs it */
struct part {
	size_t at;
	enum zsim_property property;
	bool each;
	bool groups;
};

static const struct part parts[] = {
	{ offsetof(struct zsim_monitor, visited), ZSIM_P_VISIT_ONCE, true, false },
	{ offsetof(struct zsim_monitor, cold), ZSIM_P_PROGRESS_COLD, true, false },
	{ offsetof(struct zsim_monitor, outdated), ZSIM_P_CONTENT, false, false },
	{ offsetof(struct zsim_monitor, young), ZSIM_P_SECOND_CHANCE, false, false },
	{ offsetof(struct zsim_monitor, served), ZSIM_P_PROGRESS_CHILD, false, true },
	{ offsetof(struct zsim_monitor, requested), ZSIM_P_PROGRESS_CHILD, false, true },
};

#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

static uint64_t **set_of(struct zsim_monitor *m, const struct part *part)
{
	return (uint64_t **)(void *)((char *)m + part->at);
}

static uint32_t part_words(const struct zsim_monitor *m, const struct part *part)
{
	return part->groups ? m->group_words : m->words;
}

static size_t part_size(const struct zsim_monitor *m, const struct part *part)
{
	if (!zsim_monitor_checks(m, part->property))
		return 0;
	return sizeof(uint64_t) * part_words(m, part) * (part->each ? m->watches : 1);
}

/* the block's parts, at their places */
static void block_lay(struct zsim_monitor *m, void *block)
{
	char *at = block;

	m->block = block;
	m->watch = block;
	at += sizeof(*m->watch) * m->watches;
	for (size_t i = 0; i < NR_PARTS; i++) {
		size_t size = part_size(m, &parts[i]);

		*set_of(m, &parts[i]) = size ? (uint64_t *)(void *)at : NULL;
		at += size;
	}
}

static size_t block_size(const struct zsim_monitor *m)
{
	size_t size = sizeof(*m->watch) * m->watches;

	for (size_t i = 0; i < NR_PARTS; i++)
		size += part_size(m, &parts[i]);
	return size;
}

/* the rows of a set that grew, in rows that are wider */
static void part_copy(struct zsim_monitor *to, struct zsim_monitor *from, const struct part *part)
{
	uint64_t *dst = *set_of(to, part);
	const uint64_t *src = *set_of(from, part);
	uint32_t rows = part->each ? from->watches : 1;

	for (uint32_t i = 0; src && i < rows; i++)
		memcpy(dst + (size_t)i * part_words(to, part),
		       src + (size_t)i * part_words(from, part),
		       sizeof(*src) * part_words(from, part));
}

static int resize(struct zsim_monitor *m, uint32_t watches, uint32_t words, uint32_t group_words)
{
	struct zsim_monitor old = *m;
	void *block;

	m->watches = watches;
	m->words = words;
	m->group_words = group_words;
	block = zsim_zalloc(m->alloc, block_size(m));
	if (!block) {
		*m = old;
		return -ENOMEM;
	}
	m->block_size = block_size(m);
	block_lay(m, block);
	if (old.block)
		memcpy(m->watch, old.watch, sizeof(*m->watch) * old.watches);
	for (size_t i = 0; i < NR_PARTS; i++)
		part_copy(m, &old, &parts[i]);
	zsim_dealloc(m->alloc, old.block);
	return 0;
}

int zsim_monitor_init(struct zsim_monitor *m, const struct zsim_allocator *alloc,
		      uint64_t properties, uint32_t watches)
{
	*m = (struct zsim_monitor){ .alloc = alloc, .properties = properties };
	return resize(m, watches ? watches : 1, 0, 0);
}

void zsim_monitor_destroy(struct zsim_monitor *m)
{
	if (m->block)
		zsim_dealloc(m->alloc, m->block);
	*m = (struct zsim_monitor){ .alloc = m->alloc };
}

static uint32_t words_for(uint32_t bits, uint32_t words)
{
	uint32_t wanted = bits / 64 + (bits % 64 != 0);

	return wanted > words ? wanted : words;
}

int zsim_monitor_reserve(struct zsim_monitor *m, uint32_t entries, uint32_t groups)
{
	uint32_t words = words_for(entries, m->words);
	uint32_t group_words = words_for(groups, m->group_words);

	if (words == m->words && group_words == m->group_words)
		return 0;
	return resize(m, m->watches, words, group_words);
}

/* ---- watches ------------------------------------------------------------------ */

/* the call's own place first: numbers from 1 on never collide then */
static struct zsim_watch *watch_probe(const struct zsim_monitor *m, uint32_t call, uint32_t wanted)
{
	uint32_t at = (call - 1) % m->watches;

	for (uint32_t i = 0; i < m->watches; i++) {
		if (m->watch[at].call == wanted)
			return &m->watch[at];
		if (++at == m->watches)
			at = 0;
	}
	return NULL;
}

int zsim_monitor_admit(struct zsim_monitor *m, uint32_t call)
{
	if (watch_probe(m, call, call) || watch_probe(m, call, 0))
		return 0;
	return resize(m, 2 * m->watches, m->words, m->group_words);
}

static struct zsim_watch *watch_of(struct zsim_monitor *m, const struct zsim_state *st,
				   const struct zsim_call *call)
{
	struct zsim_watch *w = watch_probe(m, call->id, call->id);

	if (w)
		return w;
	w = watch_probe(m, call->id, 0);
	if (w) {
		*w = (struct zsim_watch){ .call = call->id, .target = ZSIM_MEMCG_NONE };
		zsim_watch_begin(m, st, w, call);
	}
	return w;
}

static void watch_end(struct zsim_monitor *m, struct zsim_watch *w)
{
	uint64_t *visited = zsim_watch_set(m, w, m->visited);
	uint64_t *cold = zsim_watch_set(m, w, m->cold);

	if (visited)
		memset(visited, 0, sizeof(*visited) * m->words);
	if (cold)
		memset(cold, 0, sizeof(*cold) * m->words);
	*w = (struct zsim_watch){ .call = 0 };
}

void zsim_monitor_forget(struct zsim_monitor *m, uint32_t call)
{
	struct zsim_watch *w = watch_probe(m, call, call);

	if (w)
		watch_end(m, w);
}

/* ---- decisions ---------------------------------------------------------------- */

void zsim_monitor_before(struct zsim_monitor *m, const struct zsim_state *st,
			 const struct zsim_call *call, const struct zsim_decision *d)
{
	struct zsim_watch *w = watch_of(m, st, call);

	if (!w)
		return;
	switch (d->kind) {
	case ZSIM_D_MAY:
		w->target = st->memcg_disabled ? ZSIM_MEMCG_ROOT :
						 zsim_memcg_living(st, call->pages.memcg);
		break;
	case ZSIM_D_TOTAL:
		m->was = st->counters[ZSIM_COUNTER_POOL_LIMIT_HIT];
		break;
	case ZSIM_D_NEXT_GROUP:
		zsim_watch_group(m, st, w, call, d);
		break;
	case ZSIM_D_WALK:
		zsim_watch_walk(m, st, call, d);
		break;
	case ZSIM_D_SCAN:
		zsim_watch_scan(m, st, w, call, d);
		break;
	case ZSIM_D_REMOVE:
		if (!d->rc)
			zsim_watch_remove(m, st, w, call);
		break;
	case ZSIM_D_WRITEBACK:
		m->was = st->counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES];
		break;
	case ZSIM_D_SCAN_RET:
		zsim_watch_verdict(m, w, d);
		break;
	case ZSIM_D_SHRINK_RET:
		zsim_watch_shrunk(m, w, call);
		break;
	case ZSIM_D_STEP_RET:
		zsim_watch_step(m, st, call, d);
		break;
	case ZSIM_D_CALL_END:
		zsim_watch_leave(m, st, w, call);
		break;
	default:
		break;
	}
}

static void decision_done(struct zsim_monitor *m, const struct zsim_state *st, struct zsim_watch *w,
			  const struct zsim_call *call, const struct zsim_decision *d)
{
	switch (d->kind) {
	case ZSIM_D_TOTAL:
		if (call->kind == ZSIM_CALL_STORE)
			zsim_watch_total(m, st, d);
		break;
	case ZSIM_D_SHRINK:
		zsim_watch_shrink(m, st, w, call);
		break;
	case ZSIM_D_REMOVE:
		if (!d->rc)
			zsim_watch_removed(m, st, call);
		break;
	case ZSIM_D_WRITEBACK:
		zsim_watch_written(m, st, w, d);
		break;
	case ZSIM_D_SCAN_RET:
		zsim_watch_visited(m, w, call, d);
		break;
	case ZSIM_D_STEP_RET:
		zsim_watch_stepped(m, st, w, call, d);
		break;
	case ZSIM_D_STORE_INSERT:
		zsim_watch_inserted(m, st, d);
		break;
	case ZSIM_D_STORE:
		if (!d->rc)
			zsim_watch_rejected(m, st, call);
		break;
	default:
		break;
	}
}

void zsim_monitor_after(struct zsim_monitor *m, const struct zsim_state *st,
			const struct zsim_call *call, const struct zsim_decision *d)
{
	struct zsim_watch *w = watch_probe(m, call->id, call->id);

	if (!w)
		return;
	decision_done(m, st, w, call, d);
	if (zsim_watch_retries(call)) {
		zsim_watch_failures(m, st, w, call, d);
		/* others may act before the call's end itself: now is when it decided */
		if (call->pc == ZSIM_D_CALL_END)
			zsim_watch_leave(m, st, w, call);
	}
	if (zsim_call_ended(call))
		watch_end(m, w);
}

/* ---- events that are no calls --------------------------------------------------- */

void zsim_monitor_adopt(struct zsim_monitor *m, const struct zsim_state *st)
{
	for (uint32_t i = 0; i < st->entries.size; i++)
		if (zsim_entry_at(st, i)->live && zsim_entry_at(st, i)->referenced)
			zsim_set_add(m->young, m->words, i);
}

void zsim_monitor_stored(struct zsim_monitor *m, uint32_t entry)
{
	zsim_set_add(m->young, m->words, entry);
	zsim_set_drop(m->outdated, m->words, entry);
	for (uint32_t i = 0; (m->visited || m->cold) && i < m->watches; i++) {
		zsim_set_drop(zsim_watch_set(m, &m->watch[i], m->visited), m->words, entry);
		zsim_set_drop(zsim_watch_set(m, &m->watch[i], m->cold), m->words, entry);
	}
}

void zsim_monitor_cooled(struct zsim_monitor *m, uint32_t entry)
{
	zsim_set_drop(m->young, m->words, entry);
}

void zsim_monitor_group_made(struct zsim_monitor *m, zsim_memcg memcg)
{
	zsim_set_drop(m->served, m->group_words, memcg);
	zsim_set_drop(m->requested, m->group_words, memcg);
}

static uint64_t live_word(const struct zsim_state *st, uint32_t word)
{
	uint64_t live = 0;

	for (uint32_t i = word * 64; i < st->entries.size && i / 64 == word; i++)
		live |= (uint64_t)zsim_entry_at(st, i)->live << i % 64;
	return live;
}

void zsim_monitor_tidy(struct zsim_monitor *m, const struct zsim_state *st)
{
	uint64_t *const sets[] = { m->young, m->outdated };

	for (uint32_t word = 0; word < m->words; word++) {
		uint64_t live = live_word(st, word);

		for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
			if (sets[i])
				sets[i][word] &= live;
		for (uint32_t i = 0; i < m->watches; i++) {
			if (m->visited)
				m->visited[i * m->words + word] &= live;
			if (m->cold)
				m->cold[i * m->words + word] &= live;
		}
	}
}

/* ---- telling -------------------------------------------------------------------- */

void zsim_monitor_break(struct zsim_monitor *m, enum zsim_property property, const char *format,
			...)
{
	va_list args;

	if (!zsim_monitor_checks(m, property) || m->known & ZSIM_P_BIT(property))
		return;
	if (!m->broken) {
		va_start(args, format);
		vsnprintf(m->why, sizeof(m->why), format, args);
		va_end(args);
		m->first = property;
	}
	m->broken |= ZSIM_P_BIT(property);
}
