/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/plant.h"

#include <threads.h>

#include "check/memo.h"
#include "check/search.h"

/* "at times" */
#define NOW_AND_THEN 41u

enum plant planted;
_Atomic uint64_t planted_times;
struct ends *plant_ends;

static _Atomic uint64_t calls;

static bool now_and_then(void)
{
	return ++calls % NOW_AND_THEN == 0;
}

/* ---- what can happen ------------------------------------------------------------------ */

uint32_t __real_zsim_world_actions(const struct zsim_world *w, uint16_t *out);
uint32_t __wrap_zsim_world_actions(const struct zsim_world *w, uint16_t *out);

uint32_t __wrap_zsim_world_actions(const struct zsim_world *w, uint16_t *out)
{
	uint32_t n = __real_zsim_world_actions(w, out);
	bool drop = false;

	if (planted == PLANT_ACTION_OF_STATE)
		drop = n > 1 && w->zs->st.cache.used;
	else if (planted == PLANT_ACTION_AT_TIMES)
		drop = n > 1 && now_and_then();
	planted_times += drop;
	return n - drop;
}

bool __real_zsim_world_can(const struct zsim_world *w, uint16_t action);
bool __wrap_zsim_world_can(const struct zsim_world *w, uint16_t action);

/* the search with a memo asks one by one */
bool __wrap_zsim_world_can(const struct zsim_world *w, uint16_t action)
{
	bool can = __real_zsim_world_can(w, action);
	bool drop = false;

	if (planted == PLANT_ACTION_OF_STATE)
		drop = can && w->zs->st.cache.used;
	else if (planted == PLANT_ACTION_AT_TIMES)
		drop = can && now_and_then();
	planted_times += drop;
	return can && !drop;
}

/* ---- the memo ---------------------------------------------------------------------------- */

bool __real_zsim_memo_alone(const struct zsim_memo *m, const struct zsim_world *w,
			    const struct zsim_row *row, uint16_t action);
bool __wrap_zsim_memo_alone(const struct zsim_memo *m, const struct zsim_world *w,
			    const struct zsim_row *row, uint16_t action);

bool __wrap_zsim_memo_alone(const struct zsim_memo *m, const struct zsim_world *w,
			    const struct zsim_row *row, uint16_t action)
{
	bool alone = __real_zsim_memo_alone(m, w, row, action);

	if (planted != PLANT_MEMO_ALONE || alone || !m->on)
		return alone;
	planted_times++;
	return true;
}

/* ---- codes ------------------------------------------------------------------------------ */

uint32_t __real_zsim_encode(struct zsim_encoder *e, const struct zsim_world *w, uint32_t changed);
uint32_t __wrap_zsim_encode(struct zsim_encoder *e, const struct zsim_world *w, uint32_t changed);

/* and what follows from them: which entries were rotated since they were stored */
static void referenced_drop(struct zsim_world *w)
{
	struct zsim_state *st = &w->zs->st;

	for (uint32_t i = 0; i < st->entries.size; i++)
		zsim_entry_at(st, i)->referenced = 0;
	for (uint32_t i = 0; w->monitor.young && i < w->monitor.words; i++)
		w->monitor.young[i] = 0;
}

static void failures_drop(struct zsim_world *w)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		w->player[p].call.failures = 0;
		w->monitor.watch[p].failures = 0;
	}
}

static void left_drop(struct zsim_world *w)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		w->player[p].left = 0;
}

static void writeback_drop(struct zsim_state *st)
{
	for (zsim_memcg m = 0; m < st->memcgs.size; m++)
		zsim_memcg_at(st, m)->writeback = true;
}

/* the first two entries of a list have no order */
static void list_order_drop(struct zsim_state *st, struct zsim_lru *lru)
{
	uint32_t first = lru->head, second;

	if (lru->length != 2 || zsim_entry_at(st, first)->next > first)
		return;
	second = zsim_entry_at(st, first)->next;
	lru->head = second;
	lru->tail = first;
	zsim_entry_at(st, first)->prev = second & ZSIM_NIL;
	zsim_entry_at(st, first)->next = ZSIM_NIL;
	zsim_entry_at(st, second)->prev = ZSIM_NIL;
	zsim_entry_at(st, second)->next = first & ZSIM_NIL;
}

static void order_drop(struct zsim_state *st)
{
	for (zsim_memcg m = 0; m < st->memcgs.size; m++)
		for (uint32_t node = 0; node < st->nodes; node++)
			list_order_drop(st, zsim_lru_at(st, m, node));
}

/* the world as a careless encoder sees it */
static bool blur(struct zsim_world *w)
{
	switch (planted) {
	case PLANT_CODE_REFERENCED:
		referenced_drop(w);
		return true;
	case PLANT_CODE_FAILURES:
		failures_drop(w);
		return true;
	case PLANT_CODE_LEFT:
		left_drop(w);
		return true;
	case PLANT_CODE_CACHE:
		w->zs->st.cache.used = 0;
		return true;
	case PLANT_CODE_ORDER:
		order_drop(&w->zs->st);
		return true;
	case PLANT_CODE_WRITEBACK:
		writeback_drop(&w->zs->st);
		return true;
	default:
		return false;
	}
}

uint32_t __wrap_zsim_encode(struct zsim_encoder *e, const struct zsim_world *w, uint32_t changed)
{
	struct zsim_world *own = (struct zsim_world *)(uintptr_t)w;
	void *frozen;

	if (planted == PLANT_PARTS && changed != ZSIM_ALL_PARTS) {
		planted_times++;
		changed &= ~(1u << ZSIM_PART_LISTS);
	}
	if (planted < PLANT_CODE_REFERENCED || planted > PLANT_CODE_WRITEBACK)
		return __real_zsim_encode(e, w, changed);
	frozen = zsim_alloc(zsim_allocator_libc(), w->frozen_size);
	zsim_world_freeze(w, frozen);
	planted_times += blur(own);
	changed = __real_zsim_encode(e, w, changed);
	zsim_world_thaw(own, frozen);
	zsim_dealloc(zsim_allocator_libc(), frozen);
	return changed;
}

/* ---- states that were met ------------------------------------------------------------------ */

int __real_zsim_visited_add(struct zsim_visited *v, const struct zsim_row *row, void *payload);
int __wrap_zsim_visited_add(struct zsim_visited *v, const struct zsim_row *row, void *payload);
int __real_zsim_visited_meet(struct zsim_visited *v, const struct zsim_row *row, uint8_t *set);
int __wrap_zsim_visited_meet(struct zsim_visited *v, const struct zsim_row *row, uint8_t *set);

static int misjudge(int rc)
{
	bool wrong = (planted == PLANT_FORGETS && !rc) || (planted == PLANT_CONFUSES && rc == 1);

	if (!wrong || !now_and_then())
		return rc;
	planted_times++;
	return !rc;
}

bool __real_zsim_visited_has(const struct zsim_visited *v, const struct zsim_row *row,
			     void *payload);
bool __wrap_zsim_visited_has(const struct zsim_visited *v, const struct zsim_row *row,
			     void *payload);

bool __wrap_zsim_visited_has(const struct zsim_visited *v, const struct zsim_row *row,
			     void *payload)
{
	return !misjudge(!__real_zsim_visited_has(v, row, payload));
}

int __wrap_zsim_visited_add(struct zsim_visited *v, const struct zsim_row *row, void *payload)
{
	return misjudge(__real_zsim_visited_add(v, row, payload));
}

int __wrap_zsim_visited_meet(struct zsim_visited *v, const struct zsim_row *row, uint8_t *set)
{
	uint8_t mine = *set;
	int rc = __real_zsim_visited_meet(v, row, set);

	if (planted == PLANT_NOT_WOKEN && !rc && *set & ~mine) {
		planted_times++;
		*set &= mine;
	}
	return misjudge(rc);
}

/* ---- footprints ------------------------------------------------------------------------------ */

struct zsim_footprint __real_zsim_footprint_action(const struct zsim_world *w, uint16_t action);
struct zsim_footprint __wrap_zsim_footprint_action(const struct zsim_world *w, uint16_t action);
void __real_zsim_footprint_players(const struct zsim_world *w, struct zsim_footprint *foot);
void __wrap_zsim_footprint_players(const struct zsim_world *w, struct zsim_footprint *foot);

/* bits of footprint.c: the tree, the lists, the slots */
static uint64_t unseen(void)
{
	switch (planted) {
	case PLANT_FOOT_TREE:
		return 1;
	case PLANT_FOOT_LISTS:
		return UINT64_C(0xffffff00);
	case PLANT_FOOT_SLOTS:
		return UINT64_C(0xffffffff00000000);
	default:
		return 0;
	}
}

static struct zsim_footprint without(struct zsim_footprint foot)
{
	uint64_t bits = unseen();

	planted_times += ((foot.reads | foot.writes | foot.adds) & bits) != 0;
	foot.reads &= ~bits;
	foot.writes &= ~bits;
	foot.adds &= ~bits;
	return foot;
}

struct zsim_footprint __wrap_zsim_footprint_action(const struct zsim_world *w, uint16_t action)
{
	return without(__real_zsim_footprint_action(w, action));
}

void __wrap_zsim_footprint_players(const struct zsim_world *w, struct zsim_footprint *foot)
{
	__real_zsim_footprint_players(w, foot);
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		foot[p] = without(foot[p]);
}

/* ---- thawing --------------------------------------------------------------------------------- */

void __real_zsim_world_thaw(struct zsim_world *w, const void *frozen);
void __wrap_zsim_world_thaw(struct zsim_world *w, const void *frozen);

static uint64_t referenced_take(const struct zsim_state *st)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < st->entries.size && i < 64; i++)
		bits |= (uint64_t)zsim_entry_at(st, i)->referenced << i;
	return bits;
}

static void referenced_put(struct zsim_state *st, uint64_t bits)
{
	for (uint32_t i = 0; i < st->entries.size && i < 64; i++)
		zsim_entry_at(st, i)->referenced = bits >> i & 1;
}

void __wrap_zsim_world_thaw(struct zsim_world *w, const void *frozen)
{
	uint64_t bits = referenced_take(&w->zs->st);
	uint32_t left = w->player[0].left;

	__real_zsim_world_thaw(w, frozen);
	if (planted == PLANT_THAW_REFERENCED) {
		planted_times++;
		referenced_put(&w->zs->st, bits);
	} else if (planted == PLANT_THAW_PLAYER) {
		planted_times++;
		w->player[0].left = left;
	}
}

/* ---- end states ------------------------------------------------------------------------------ */

void __real_zsim_world_rest(struct zsim_world *w);
void __wrap_zsim_world_rest(struct zsim_world *w);

static once_flag once = ONCE_FLAG_INIT;
static mtx_t lock;

static void lock_make(void)
{
	mtx_init(&lock, mtx_plain);
}

void __wrap_zsim_world_rest(struct zsim_world *w)
{
	call_once(&once, lock_make);
	mtx_lock(&lock);
	if (plant_ends)
		ends_add(plant_ends, w->sc, w->zs);
	mtx_unlock(&lock);
	if (planted == PLANT_NO_REST)
		planted_times++;
	else
		__real_zsim_world_rest(w);
}
