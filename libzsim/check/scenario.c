/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/scenario.h"

#include <errno.h>
#include <stdio.h>

#include "check/scenario_build.h"

/* ---- events of its own ---------------------------------------------------------------- */

static int text_copy(const struct zsim_allocator *alloc, const char **text)
{
	if (!*text)
		return 0;
	*text = zsim_strdup(alloc, *text);
	return *text ? 0 : -ENOMEM;
}

static int lengths_copy(const struct zsim_allocator *alloc, struct zsim_event *ev)
{
	size_t size = sizeof(*ev->length) * ev->nr;
	uint16_t *length;

	if (!ev->nr)
		return 0;
	length = zsim_alloc(alloc, size);
	if (length)
		memcpy(length, ev->length, size);
	ev->length = length;
	return length ? 0 : -ENOMEM;
}

static void event_free(const struct zsim_allocator *alloc, const struct zsim_event *ev)
{
	zsim_dealloc(alloc, (void *)ev->path);
	zsim_dealloc(alloc, (void *)ev->file);
	zsim_dealloc(alloc, (void *)ev->text);
	zsim_dealloc(alloc, (void *)ev->target);
	zsim_dealloc(alloc, (void *)ev->length);
}

/* every pointer is a copy or NULL, also on failure */
static int event_copy(const struct zsim_allocator *alloc, struct zsim_event *to,
		      const struct zsim_event *from)
{
	int rc = 0;

	*to = *from;
	rc |= text_copy(alloc, &to->path);
	rc |= text_copy(alloc, &to->file);
	rc |= text_copy(alloc, &to->text);
	rc |= text_copy(alloc, &to->target);
	rc |= lengths_copy(alloc, to);
	if (rc)
		event_free(alloc, to);
	return rc ? -ENOMEM : 0;
}

int zsim_scenario_add_setup(struct zsim_scenario *sc, const struct zsim_event *ev)
{
	uint32_t room = sc->room_setup ? 2 * sc->room_setup : 16;
	struct zsim_event *setup = sc->setup;
	int rc;

	if (sc->nr_setup == sc->room_setup) {
		setup = zsim_realloc(sc->alloc, setup, room * sizeof(*setup));
		if (!setup)
			return -ENOMEM;
		sc->setup = setup;
		sc->room_setup = room;
	}
	rc = event_copy(sc->alloc, &setup[sc->nr_setup], ev);
	sc->nr_setup += !rc;
	return rc;
}

int zsim_scenario_add_op(struct zsim_scenario *sc, struct zsim_role *role,
			 const struct zsim_event *ev)
{
	struct zsim_role_op *op = role->op;
	int rc;

	/* full at each power of two */
	if (!(role->nr & (role->nr - 1))) {
		op = zsim_realloc(sc->alloc, op, (role->nr ? 2 * role->nr : 1) * sizeof(*op));
		if (!op)
			return -ENOMEM;
		role->op = op;
	}
	rc = event_copy(sc->alloc, &op[role->nr].ev, ev);
	role->nr += !rc;
	return rc;
}

/* ---- life ------------------------------------------------------------------------------ */

struct zsim_scenario *zsim_scenario_create(const char *name, const struct zsim_allocator *alloc)
{
	struct zsim_scenario *sc = zsim_zalloc(alloc, sizeof(*sc));

	if (!sc)
		return NULL;
	sc->alloc = alloc;
	sc->name = zsim_strdup(alloc, name);
	sc->error = zsim_zalloc(alloc, strlen(name) + ZSIM_SCENARIO_WHY);
	if (sc->name && sc->error)
		return sc;
	zsim_scenario_free(sc);
	return NULL;
}

static void role_free(const struct zsim_allocator *alloc, struct zsim_role *role)
{
	for (uint32_t i = 0; i < role->nr; i++)
		event_free(alloc, &role->op[i].ev);
	zsim_dealloc(alloc, role->op);
	zsim_dealloc(alloc, role->name);
}

void zsim_scenario_free(struct zsim_scenario *sc)
{
	if (!sc)
		return;
	for (uint32_t i = 0; i < sc->nr_setup; i++)
		event_free(sc->alloc, &sc->setup[i]);
	for (uint32_t i = 0; i < sc->nr_roles; i++)
		role_free(sc->alloc, &sc->role[i]);
	zsim_dealloc(sc->alloc, sc->setup);
	zsim_dealloc(sc->alloc, sc->slots);
	zsim_dealloc(sc->alloc, sc->class_of);
	zsim_dealloc(sc->alloc, sc->about);
	zsim_dealloc(sc->alloc, sc->error);
	zsim_dealloc(sc->alloc, sc->name);
	zsim_dealloc(sc->alloc, sc);
}

const char *zsim_scenario_error(const struct zsim_scenario *sc)
{
	return sc->error;
}

const char *zsim_scenario_about(const struct zsim_scenario *sc)
{
	return sc->about ? sc->about : "";
}

uint64_t zsim_scenario_proves(const struct zsim_scenario *sc)
{
	return sc->proves;
}

uint64_t zsim_scenario_refutes(const struct zsim_scenario *sc)
{
	return sc->refutes;
}

uint64_t zsim_scenario_catches(const struct zsim_scenario *sc, uint8_t defect)
{
	return defect < ZSIM_NR_DEFECTS ? sc->catches[defect] : 0;
}

const struct zsim_algo *zsim_scenario_algo(const struct zsim_scenario *sc)
{
	return &sc->algo;
}

/* ---- slots ----------------------------------------------------------------------------- */

uint32_t zsim_scenario_slots_of(const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_STORE:
		return ev->nr;
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
	case ZSIM_EV_COLD:
		return 1;
	default:
		return 0;
	}
}

static bool event_names(const struct zsim_event *ev, uint64_t slot)
{
	return slot >= ev->slot && slot - ev->slot < zsim_scenario_slots_of(ev);
}

/* the place of a slot, or where it belongs */
static uint32_t slot_place(const struct zsim_scenario *sc, uint64_t slot)
{
	uint32_t low = 0, high = sc->nr_slots;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sc->slots[middle] < slot)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t zsim_scenario_slot(const struct zsim_scenario *sc, uint64_t slot)
{
	uint32_t i = slot_place(sc, slot);

	return i < sc->nr_slots && sc->slots[i] == slot ? i : ZSIM_NIL;
}

static int slot_add(struct zsim_scenario *sc, uint64_t slot)
{
	uint32_t i = slot_place(sc, slot);

	if (i < sc->nr_slots && sc->slots[i] == slot)
		return 0;
	if (sc->nr_slots == ZSIM_MAX_SCENARIO_SLOTS)
		return -ENOSPC;
	memmove(&sc->slots[i + 1], &sc->slots[i], (sc->nr_slots - i) * sizeof(*sc->slots));
	sc->slots[i] = slot;
	sc->nr_slots++;
	return 0;
}

int zsim_scenario_add_slots(struct zsim_scenario *sc, const struct zsim_event *ev)
{
	int rc = 0;

	if (!sc->slots)
		sc->slots = zsim_alloc(sc->alloc, ZSIM_MAX_SCENARIO_SLOTS * sizeof(*sc->slots));
	if (!sc->slots)
		return -ENOMEM;
	for (uint32_t i = 0; !rc && i < zsim_scenario_slots_of(ev); i++)
		rc = slot_add(sc, ev->slot + i);
	return rc;
}

/* ---- slots that are alike --------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* both are about one slot each, and say the same of it */
static bool same_but_slot(const struct zsim_event *a, const struct zsim_event *b)
{
	return a->type == b->type && same_text(a->path, b->path) && a->node == b->node &&
	       a->nr == b->nr && (!a->nr || a->length[0] == b->length[0]);
}

static bool role_has(const struct zsim_role *role, uint64_t slot, const struct zsim_event *like)
{
	for (uint32_t i = 0; i < role->nr; i++)
		if (event_names(&role->op[i].ev, slot) && same_but_slot(&role->op[i].ev, like))
			return true;
	return false;
}

/* everything that an actor may do to @a, it may do to @b */
static bool role_covers(const struct zsim_role *role, uint64_t a, uint64_t b)
{
	for (uint32_t i = 0; i < role->nr; i++)
		if (event_names(&role->op[i].ev, a) && !role_has(role, b, &role->op[i].ev))
			return false;
	return true;
}

/* an event that speaks of this slot alone, by an actor or at a moment that tells it apart */
static bool slot_is_special(const struct zsim_scenario *sc, uint64_t slot)
{
	for (uint32_t r = 0; r < sc->nr_roles; r++) {
		const struct zsim_role *role = &sc->role[r];

		for (uint32_t i = 0; i < role->nr; i++)
			if (event_names(&role->op[i].ev, slot) &&
			    (role->mode == ZSIM_MODE_ORDER ||
			     zsim_scenario_slots_of(&role->op[i].ev) > 1))
				return true;
	}
	return false;
}

static bool slots_alike(const struct zsim_scenario *sc, uint64_t a, uint64_t b)
{
	if (a >> ZSIM_SLOT_TYPE_SHIFT != b >> ZSIM_SLOT_TYPE_SHIFT)
		return false;
	for (uint32_t r = 0; r < sc->nr_roles; r++)
		if (!role_covers(&sc->role[r], a, b) || !role_covers(&sc->role[r], b, a))
			return false;
	return true;
}

/* the first slot of a class stands for it, so a slot is compared with such ones only */
static uint32_t class_find(const struct zsim_scenario *sc, uint32_t slot)
{
	if (slot_is_special(sc, sc->slots[slot]))
		return slot;
	for (uint32_t i = 0; i < slot; i++)
		if (sc->class_of[i] == i && !slot_is_special(sc, sc->slots[i]) &&
		    slots_alike(sc, sc->slots[i], sc->slots[slot]))
			return i;
	return slot;
}

int zsim_scenario_classify(struct zsim_scenario *sc)
{
	size_t size = (sc->nr_slots ? sc->nr_slots : 1) * sizeof(*sc->class_of);

	sc->class_of = zsim_alloc(sc->alloc, size);
	if (!sc->class_of)
		return -ENOMEM;
	for (uint32_t i = 0; i < sc->nr_slots; i++)
		sc->class_of[i] = class_find(sc, i);
	return 0;
}

/* ---- its simulator ----------------------------------------------------------------------- */

static struct zsim *machine_create(const struct zsim_scenario *sc, const struct zsim_algo *algo,
				   uint8_t defect, int *rc)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = algo ? *algo : sc->algo;
	config.allocator = sc->alloc;
	config.defect = defect;
	config.pool_bytes = true;
	return zsim_create(&config, rc);
}

static int event_refused(const struct zsim_event *ev, const char *text, uint64_t *line, char *why,
			 size_t why_size)
{
	*line = ev->line;
	snprintf(why, why_size, "%s", text);
	return -EBADMSG;
}

/* what a line demands holds of the scenario's own algorithm, without a defect */
static int event_unexpected(const struct zsim_event *ev, const struct zsim_result *res,
			    uint64_t *line, char *why, size_t why_size)
{
	char want[32], got[32], text[96];

	zsim_result_format(&ev->expect, want, sizeof(want));
	zsim_result_format(res, got, sizeof(got));
	snprintf(text, sizeof(text), "%s: the result is %s, not %s", zsim_event_name(ev->type), got,
		 want);
	return event_refused(ev, text, line, why, why_size);
}

static int setup_apply(struct zsim *zs, const struct zsim_event *ev, bool demand, uint64_t *line,
		       char *why, size_t why_size)
{
	struct zsim_result res;
	int rc = zsim_apply(zs, ev, &res);

	if (rc == -ENOMEM)
		return rc;
	if (rc)
		return event_refused(ev, res.text ? res.text : "refused", line, why, why_size);
	if (demand && ev->expect.kind != ZSIM_RESULT_NONE && !zsim_result_equal(&ev->expect, &res))
		return event_unexpected(ev, &res, line, why, why_size);
	return 0;
}

static int cold_apply(struct zsim *zs, uint64_t slot)
{
	const struct zsim_event ev = { .type = ZSIM_EV_COLD, .slot = slot };
	struct zsim_result res;

	return zsim_apply(zs, &ev, &res);
}

int zsim_scenario_start(const struct zsim_scenario *sc, const struct zsim_algo *algo,
			uint8_t defect, uint32_t choice, struct zsim **zs, uint64_t *line,
			char *why, size_t why_size)
{
	bool demand = !algo && !defect;
	int rc = 0;

	*line = 0;
	snprintf(why, why_size, "%s", "");
	*zs = machine_create(sc, algo, defect, &rc);
	if (!*zs)
		return rc;
	rc = zsim_set_param(*zs, ZSIM_PARAM_WORKER_MANUAL, 1);
	for (uint32_t i = 0; !rc && i < sc->nr_setup; i++)
		rc = setup_apply(*zs, &sc->setup[i], demand, line, why, why_size);
	for (uint32_t i = 0; !rc && i < sc->nr_either; i++)
		if (choice >> i & 1)
			rc = cold_apply(*zs, sc->slots[sc->either[i]]);
	if (!rc)
		return 0;
	zsim_free(*zs);
	*zs = NULL;
	return rc;
}
