/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/world.h"

#include <errno.h>
#include <string.h>

#include "engine/group.h"
#include "model/entry.h"
#include "model/memcg.h"

/* ---- beginning ------------------------------------------------------------------- */

static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct zsim_world *w = ctx;

	(void)zs;
	zsim_monitor_break(&w->monitor, ZSIM_P_INVARIANT, "%s: %s", name, text);
}

/* no record of a group is used again while states are compared by their records */
static void groups_pin(struct zsim *zs)
{
	for (zsim_memcg m = 0; m < zs->st.memcgs.size; m++) {
		struct zsim_name *name = zsim_paths_name(&zs->paths, m);

		if (!name || name->pinned)
			continue;
		name->pinned = true;
		zsim_memcg_keep(&zs->st, m);
	}
}

/* a slot's entry comes and goes once: its record and its place in the map are there from now on */
static int slot_warm(struct zsim_state *st, uint64_t slot)
{
	struct zsim_page page = { .slot = slot, .memcg = ZSIM_MEMCG_ROOT, .length = 1 };
	int rc = zsim_zsmalloc_alloc(&st->pool, page.length, &page.zspage);

	return rc ? rc : zsim_entry_insert(st, &page);
}

static int entries_warm(struct zsim_state *st, const struct zsim_scenario *sc)
{
	const struct zsim_lru root = *zsim_lru_at(st, ZSIM_MEMCG_ROOT, 0);
	bool mine[ZSIM_MAX_SCENARIO_SLOTS];
	int rc = 0;

	for (uint32_t s = 0; !rc && s < sc->nr_slots; s++) {
		mine[s] = zsim_entry_find(st, sc->slots[s]) == ZSIM_NIL;
		if (mine[s])
			rc = slot_warm(st, sc->slots[s]);
	}
	for (uint32_t s = sc->nr_slots; !rc && s--;)
		if (mine[s])
			zsim_entry_drop_slot(st, sc->slots[s]);
	if (!rc)
		zsim_lru_at(st, ZSIM_MEMCG_ROOT, 0)->shrinker_bit = root.shrinker_bit;
	return rc;
}

static int cache_warm(struct zsim_slot_set *cache, const struct zsim_scenario *sc)
{
	bool mine[ZSIM_MAX_SCENARIO_SLOTS];
	int rc = 0;

	for (uint32_t s = 0; !rc && s < sc->nr_slots; s++) {
		mine[s] = !zsim_slot_set_has(cache, sc->slots[s]);
		rc = zsim_slot_set_add(cache, sc->slots[s]);
	}
	for (uint32_t s = 0; !rc && s < sc->nr_slots; s++)
		if (mine[s])
			zsim_slot_set_remove(cache, sc->slots[s]);
	return rc;
}

/* every container gets the room that the scenario can ask for: later none of them moves */
static int containers_warm(struct zsim_state *st, const struct zsim_scenario *sc)
{
	uint32_t visit;
	int rc = entries_warm(st, sc);

	if (!rc)
		rc = cache_warm(&st->cache, sc);
	while (!rc && st->visits.size < sc->nr_roles)
		rc = zsim_array_push(&st->visits, &visit);
	return rc;
}

/* what the set-up stored has its second chance still before it */
static void young_note(struct zsim_world *w)
{
	const struct zsim_state *st = &w->zs->st;

	for (uint32_t i = 0; i < st->entries.size; i++)
		if (zsim_entry_at(st, i)->live && zsim_entry_at(st, i)->referenced)
			zsim_monitor_stored(&w->monitor, i);
}

static int world_fill(struct zsim_world *w)
{
	struct zsim_state *st = &w->zs->st;
	int rc = containers_warm(st, w->sc);

	if (!rc)
		rc = zsim_monitor_reserve(&w->monitor, st->entries.size, st->memcgs.size);
	if (rc)
		return rc;
	groups_pin(w->zs);
	young_note(w);
	w->observer = (struct zsim_observer){ .violation = violation, .ctx = w };
	w->audit_room = zsim_alloc(w->zs->alloc, zsim_audit_size(w->zs));
	return w->audit_room ? zsim_observe(w->zs, &w->observer) : -ENOMEM;
}

static bool has_event(const struct zsim_scenario *sc, enum zsim_event_type type)
{
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		for (uint32_t op = 0; op < sc->role[p].nr; op++)
			if (sc->role[p].op[op].ev.type == type)
				return true;
	return false;
}

static bool varies_settings(const struct zsim_event *ev)
{
	return ev->type == ZSIM_EV_PARAM || ev->type == ZSIM_EV_FAIL;
}

static bool settings_vary(const struct zsim_scenario *sc)
{
	for (uint32_t i = 0; i < sc->nr_setup; i++)
		if (sc->setup[i].type == ZSIM_EV_FAIL)
			return true;
	for (uint32_t p = 0; p < sc->nr_roles; p++)
		for (uint32_t op = 0; op < sc->role[p].nr; op++)
			if (varies_settings(&sc->role[p].op[op].ev))
				return true;
	return false;
}

static void players_set(struct zsim_world *w)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		const struct zsim_role *role = &w->sc->role[p];

		w->player[p].left = role->mode == ZSIM_MODE_ANY ? role->budget : role->nr;
	}
}

int zsim_world_init(struct zsim_world *w, const struct zsim_scenario *sc,
		    const struct zsim_algo *algo, uint8_t defect, uint64_t properties,
		    uint32_t choice)
{
	char why[8];
	uint64_t line;
	int rc;

	*w = (struct zsim_world){ .sc = sc };
	rc = zsim_monitor_init(&w->monitor, sc->alloc, properties, ZSIM_MAX_PLAYERS);
	if (!rc)
		rc = zsim_scenario_start(sc, algo, defect, choice, &w->zs, &line, why, sizeof(why));
	if (!rc)
		rc = world_fill(w);
	if (rc)
		return rc;
	players_set(w);
	w->settings_vary = settings_vary(w->sc);
	w->groups_leave = has_event(w->sc, ZSIM_EV_RMDIR) || has_event(w->sc, ZSIM_EV_OFFLINE);
	return zsim_world_settle(w);
}

void zsim_world_destroy(struct zsim_world *w)
{
	zsim_monitor_destroy(&w->monitor);
	if (!w->zs)
		return;
	zsim_world_unsettle(w);
	zsim_dealloc(w->zs->alloc, w->audit_room);
	zsim_free(w->zs);
	w->zs = NULL;
}

/* ---- what can happen --------------------------------------------------------------- */

static const struct zsim_event *event_of(const struct zsim_world *w, uint32_t player, uint32_t op)
{
	return &w->sc->role[player].op[op].ev;
}

static bool has_slot(const struct zsim_event *ev)
{
	return ev->type == ZSIM_EV_STORE || ev->type == ZSIM_EV_LOAD ||
	       ev->type == ZSIM_EV_INVALIDATE || ev->type == ZSIM_EV_CACHE ||
	       ev->type == ZSIM_EV_UNCACHE;
}

/* a store under way would put its page on a device that is gone */
static bool stores_to(const struct zsim_world *w, uint64_t device)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active && w->player[p].call.kind == ZSIM_CALL_STORE &&
		    w->player[p].call.pages.slot >> ZSIM_SLOT_TYPE_SHIFT == device)
			return true;
	return false;
}

/* nor does anybody come to a page while it is being stored */
static bool stores_slot(const struct zsim_world *w, const struct zsim_event *ev)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		const struct zsim_pages *pages = &w->player[p].call.pages;

		if (w->player[p].active && w->player[p].call.kind == ZSIM_CALL_STORE &&
		    ev->slot < pages->slot + pages->nr &&
		    pages->slot < ev->slot + (ev->type == ZSIM_EV_STORE ? ev->nr : 1))
			return true;
	}
	return false;
}

/* the kernel waits for a page that is locked, and for its mutexes */
static bool waits(const struct zsim_world *w, const struct zsim_event *ev)
{
	const struct zsim_state *st = &w->zs->st;

	/* there is one pool worker: asked for again while it runs, it runs once more after that */
	if (ev->type == ZSIM_EV_WORKER)
		return st->worker_running;
	if (ev->type == ZSIM_EV_OFFLINE || ev->type == ZSIM_EV_RMDIR)
		return st->offlining != ZSIM_MEMCG_NONE;
	if (ev->type == ZSIM_EV_SWAPOFF && stores_to(w, ev->value))
		return true;
	if (ev->type == ZSIM_EV_SWAPOFF)
		return zsim_device_locks(st, (uint32_t)ev->value) && !ZSIM_DEFECT(st, SWAPOFF_RACE);
	if (!has_slot(ev))
		return false;
	if (stores_slot(w, ev))
		return true;
	if (!st->nr_visits)
		return false;
	for (uint32_t i = 0; i < (ev->type == ZSIM_EV_STORE ? ev->nr : 1); i++)
		if (zsim_visit_locks(st, ev->slot + i))
			return true;
	return false;
}

static bool is_visited(const struct zsim_state *st, uint64_t slot)
{
	for (uint32_t i = 0; st->nr_visits && i < st->visits.size; i++)
		if (zsim_visit_at(st, i)->in_use && zsim_visit_at(st, i)->slot == slot)
			return true;
	return false;
}

/* would it change nothing? Then leaving it out leaves out no behaviour */
static bool idle(const struct zsim_state *st, const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_LOAD:
		return zsim_entry_find(st, ev->slot) == ZSIM_NIL;
	case ZSIM_EV_CACHE:
		return zsim_slot_set_has(&st->cache, ev->slot);
	case ZSIM_EV_UNCACHE:
		return !zsim_slot_set_has(&st->cache, ev->slot);
	case ZSIM_EV_INVALIDATE:
		return zsim_entry_find(st, ev->slot) == ZSIM_NIL && !is_visited(st, ev->slot);
	default:
		return false;
	}
}

static bool can_begin(const struct zsim_world *w, uint32_t p, uint32_t op)
{
	const struct zsim_state *st = &w->zs->st;
	const struct zsim_event *ev = event_of(w, p, op);

	switch (w->sc->role[p].mode) {
	case ZSIM_MODE_ORDER:
		return op == w->sc->role[p].nr - w->player[p].left && !waits(w, ev);
	case ZSIM_MODE_ANY:
		return w->player[p].left && !idle(st, ev) && !waits(w, ev);
	case ZSIM_MODE_FOREVER:
		return !idle(st, ev) && !waits(w, ev);
	case ZSIM_MODE_QUEUED:
		return st->worker_queued && !st->worker_running;
	}
	return false;
}

void zsim_world_ops(const struct zsim_world *w, uint32_t p, uint8_t *first, uint8_t *nr)
{
	const struct zsim_role *role = &w->sc->role[p];
	uint32_t left = w->player[p].left;

	*first = 0;
	*nr = (uint8_t)role->nr;
	if (w->player[p].active) {
		*first = ZSIM_STEP;
		*nr = 1;
	} else if (role->mode == ZSIM_MODE_ORDER) {
		*first = (uint8_t)(role->nr - left);
		*nr = left > 0;
	} else if (role->mode == ZSIM_MODE_ANY && !left) {
		*nr = 0;
	}
}

bool zsim_world_can(const struct zsim_world *w, uint16_t action)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);

	return w->player[p].active ? op == ZSIM_STEP : can_begin(w, p, op);
}

uint32_t zsim_world_actions(const struct zsim_world *w, uint16_t *out)
{
	uint8_t first, nr;
	uint32_t n = 0;

	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		zsim_world_ops(w, p, &first, &nr);
		for (uint32_t op = first; op < first + (uint32_t)nr; op++)
			if (zsim_world_can(w, ZSIM_ACTION(p, op)))
				out[n++] = ZSIM_ACTION(p, op);
	}
	return n;
}

/* ---- looking at it --------------------------------------------------------------------- */

#define LISTS (1u << ZSIM_PART_LISTS)
#define GROUPS (1u << ZSIM_PART_GROUPS)
#define ALL UINT32_MAX

/* an entry that comes or goes shows in the lists, and in the visits of all */
static uint32_t entry_changes(const struct zsim_world *w)
{
	uint32_t changed = LISTS;

	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active && w->player[p].call.turn.visit != ZSIM_NIL)
			changed |= 1u << (ZSIM_PART_PLAYER + p);
	return changed;
}

/* a pending failure may be used up */
static uint32_t settings(const struct zsim_world *w)
{
	return w->settings_vary ? GROUPS : 0;
}

/* parts that a decision may change besides its own call's */
static uint32_t changes_of(const struct zsim_world *w, const struct zsim_call *call,
			   const struct zsim_decision *d)
{
	const struct zsim_monitor *m = &w->monitor;

	switch (d->kind) {
	case ZSIM_D_TOTAL:
	case ZSIM_D_MAY:
	case ZSIM_D_WALK:
	case ZSIM_D_WRITEBACK:
	case ZSIM_D_STEP_RET:
		return 0;
	case ZSIM_D_SHRINK:
	case ZSIM_D_SHRINK_RET:
		return m->visited || m->cold ? LISTS : 0;
	case ZSIM_D_SCAN:
		return m->served ? LISTS | GROUPS : LISTS;
	case ZSIM_D_SCAN_RET:
		return d->rc == ZSIM_LRU_ROTATE ? LISTS : 0;
	case ZSIM_D_CACHE_ADD:
		return settings(w) | LISTS;
	case ZSIM_D_REMOVE:
		return settings(w) | entry_changes(w);
	case ZSIM_D_NEXT_GROUP:
		/* the iterator's reference may have been a group's last */
		return call->kind == ZSIM_CALL_REQUEST && !w->groups_leave ? 0 : GROUPS;
	default:
		return ALL;
	}
}

static uint32_t event_changes(const struct zsim_world *w, const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
		return settings(w) | entry_changes(w);
	default:
		return ALL;
	}
}

/* references in all: one that is lost or left over shows here at once, whose it is in the audit */
static bool references_balance(const struct zsim_world *w)
{
	const struct zsim_state *st = &w->zs->st;
	uint32_t held = st->cursor != ZSIM_MEMCG_NONE;
	uint32_t refs = 0;

	for (zsim_memcg i = 0; i < st->memcgs.size; i++) {
		const struct zsim_memcg_rec *m = zsim_memcg_at(st, i);

		refs += m->refs;
		held += m->state < ZSIM_MEMCG_OFFLINE;
		held += m->state != ZSIM_MEMCG_FREED && m->parent != ZSIM_MEMCG_NONE;
	}
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active)
			held += (uint32_t)(w->player[p].call.at != ZSIM_MEMCG_NONE) +
				(uint32_t)(w->player[p].call.top != ZSIM_MEMCG_NONE);
	return refs == held;
}

static bool checks_invariants(const struct zsim_world *w)
{
	return w->monitor.properties & ~w->monitor.known & ZSIM_P_BIT(ZSIM_P_INVARIANT);
}

void zsim_world_audit(struct zsim_world *w)
{
	const struct zsim_call *calls[ZSIM_MAX_PLAYERS];
	uint32_t n = 0;

	if (!checks_invariants(w))
		return;
	for (uint32_t p = 0; p < w->sc->nr_roles; p++)
		if (w->player[p].active)
			calls[n++] = &w->player[p].call;
	zsim_audit(w->zs, calls, n, w->slots_changed, w->audit_room);
}

/* ---- letting it happen --------------------------------------------------------------- */

static void call_ended(struct zsim_world *w, struct zsim_player *player)
{
	zsim_call_release(&w->zs->st, &player->call);
	if (player->call.kind == ZSIM_CALL_OFFLINE)
		zsim_group_left(w->zs, player->call.slab.memcg);
	player->active = false;
	player->signal = false;
}

/* from one interleaving point to the next, or to the end */
static int call_go(struct zsim_world *w, struct zsim_player *player)
{
	struct zsim_state *st = &w->zs->st;
	struct zsim_call *call = &player->call;
	struct zsim_decision d;
	int rc;

	do {
		zsim_call_peek(st, call, &d);
		zsim_monitor_before(&w->monitor, st, call, &d);
		rc = zsim_call_commit(st, call, &d);
		if (rc)
			return rc;
		zsim_monitor_after(&w->monitor, st, call, &d);
		w->changed |= changes_of(w, call, &d);
		w->slots_changed |= d.kind == ZSIM_D_REMOVE || d.kind == ZSIM_D_STORE_INSERT ||
				    d.kind == ZSIM_D_STORE;
	} while (!zsim_call_ended(call) && zsim_call_point(call) == ZSIM_POINT_NONE);
	if (zsim_call_ended(call))
		call_ended(w, player);
	return 0;
}

/* the engine begins the call; the world keeps it, and moves it by itself */
static int call_begin(struct zsim_world *w, uint32_t p, const struct zsim_event *ev)
{
	struct zsim_player *player = &w->player[p];
	struct zsim_result res;
	struct zsim_run run;
	int rc;

	zsim_run_init(&run);
	rc = zsim_begin(w->zs, &run, ev, &res);
	if (rc || !run.active) {
		w->changed = ALL;
		return rc == -ENOMEM ? rc : 0;
	}
	zsim_run_detach(w->zs, &run);
	player->call = run.call;
	player->call.id = p + 1;
	player->call.signal = player->signal;
	player->active = true;
	/* what is cold now is noted of every entry */
	w->changed |= w->monitor.cold ? LISTS | GROUPS : GROUPS;
	if (zsim_call_point(&player->call) != ZSIM_POINT_NONE)
		return 0;
	return call_go(w, player);
}

static void signal_send(struct zsim_world *w, const char *target)
{
	for (uint32_t p = 0; p < w->sc->nr_roles; p++) {
		if (strcmp(w->sc->role[p].name, target))
			continue;
		w->player[p].signal = true;
		w->player[p].call.signal = true;
	}
}

bool zsim_world_takes_steps(const struct zsim_event *ev)
{
	return ev->type == ZSIM_EV_WRITE || ev->type == ZSIM_EV_STORE ||
	       ev->type == ZSIM_EV_SHRINKER || ev->type == ZSIM_EV_SLAB ||
	       ev->type == ZSIM_EV_WORKER || ev->type == ZSIM_EV_OFFLINE;
}

static int apply(struct zsim_world *w, const struct zsim_event *ev)
{
	struct zsim_result res;

	return zsim_apply(w->zs, ev, &res) == -ENOMEM ? -ENOMEM : 0;
}

static int swapin(struct zsim_world *w, const struct zsim_event *ev)
{
	const struct zsim_state *st = &w->zs->st;
	zsim_memcg memcg = zsim_memcg_living(st, zsim_lookup(w->zs, ev->path));
	uint64_t before = zsim_lru_at(st, memcg, ev->node)->swapins;
	int rc = apply(w, ev);

	if (!rc)
		zsim_monitor_swapin(&w->monitor, st, memcg, ev->node, ev->value ? ev->value : 1,
				    before);
	return rc;
}

static int cold(struct zsim_world *w, const struct zsim_event *ev)
{
	uint32_t entry = zsim_entry_find(&w->zs->st, ev->slot);

	if (entry != ZSIM_NIL)
		zsim_monitor_cooled(&w->monitor, entry);
	return apply(w, ev);
}

static int event_do(struct zsim_world *w, uint32_t p, const struct zsim_event *ev)
{
	if (zsim_world_takes_steps(ev))
		return call_begin(w, p, ev);
	w->changed |= event_changes(w, ev);
	w->slots_changed = true;
	if (ev->type == ZSIM_EV_SWAPIN)
		return swapin(w, ev);
	if (ev->type == ZSIM_EV_COLD)
		return cold(w, ev);
	if (ev->type != ZSIM_EV_SIGNAL)
		return apply(w, ev);
	signal_send(w, ev->target);
	return 0;
}

int zsim_world_move(struct zsim_world *w, uint16_t action)
{
	uint32_t p = ZSIM_ACTION_PLAYER(action);
	uint32_t op = ZSIM_ACTION_OP(action);
	struct zsim_player *player = &w->player[p];

	/* what a defect changes, changes_of() does not know */
	w->changed = w->zs->st.defect ? ALL : 1u << (ZSIM_PART_PLAYER + p);
	w->slots_changed = w->zs->st.defect;
	/* a path that is gone again and comes out elsewhere is a mistake of the search */
	if (player->active != (op == ZSIM_STEP))
		return -EPROTO;
	if (op == ZSIM_STEP)
		return call_go(w, player);
	player->op = (uint8_t)op;
	player->left -= player->left && w->sc->role[p].mode <= ZSIM_MODE_ANY;
	return event_do(w, p, event_of(w, p, op));
}

int zsim_world_act(struct zsim_world *w, uint16_t action)
{
	int rc = zsim_world_move(w, action);

	if (rc)
		return rc;
	zsim_monitor_state(&w->monitor, &w->zs->st);
	if (checks_invariants(w) && !references_balance(w))
		zsim_world_audit(w);
	return 0;
}

void zsim_world_rest(struct zsim_world *w)
{
	zsim_monitor_rest(&w->monitor, &w->zs->st);
}
