/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_text.c - the text of a scenario, docs/scenario-format.md.
 *
 * The scenario's own lines are taken out of a copy of the text. What is left is
 * a trace, and is read as one: events are spelled, and complained of, as there.
 */
#include <errno.h>
#include <stdio.h>

#include "check/scenario_line.h"
#include "model/entry.h"
#include <zsim/trace.h>

#define TRACE_HEADER "zsim-trace 1"

/* ---- lines --------------------------------------------------------------------------------- */

static int line_check(struct zsim_scenario_text *t, const char *line, size_t n)
{
	if (memchr(line, '\0', n))
		return zsim_scenario_bad(t, t->line, "NUL byte in the line");
	if (n && line[n - 1] == '\r')
		return zsim_scenario_bad(t, t->line, "line ends in CR LF, it must end in LF");
	return 0;
}

/* what is the scenario's own is blank afterwards, and its first line a trace's */
static int line_read(struct zsim_scenario_text *t)
{
	char *line = t->p;
	size_t n = strlen(line);
	bool first = !t->header;
	bool own;
	int rc = zsim_scenario_line(t, &own);

	if (!own)
		return rc;
	memset(line, ' ', n);
	if (first && !rc)
		memcpy(line, TRACE_HEADER, strlen(TRACE_HEADER));
	return rc;
}

static int lines_read(struct zsim_scenario_text *t)
{
	char *line = t->copy, *end = t->copy + t->size, *newline;
	int rc = 0;

	while (!rc && line < end) {
		newline = memchr(line, '\n', (size_t)(end - line));
		t->line++;
		if (!newline)
			newline = end;
		rc = line_check(t, line, (size_t)(newline - line));
		*newline = '\0';
		t->p = line;
		if (!rc)
			rc = line_read(t);
		*newline = newline < end ? '\n' : '\0';
		line = newline + 1;
	}
	if (!rc && !t->header)
		return zsim_scenario_bad(t, 1, "not a scenario: empty");
	return rc;
}

/* ---- events -------------------------------------------------------------------------------- */

static int setup_add(struct zsim_scenario_text *t, struct zsim_event *ev)
{
	if (ev->type == ZSIM_EV_SAW)
		return zsim_scenario_bad(t, ev->line,
					 "saw: a kernel's record is no part of a scenario");
	if (ev->type == ZSIM_EV_SIGNAL)
		return zsim_scenario_bad(t, ev->line, "signal: no actor has begun yet");
	if (ev->type == ZSIM_EV_MACHINE)
		ev->pool_bytes = true;
	return zsim_scenario_add_setup(t->sc, ev);
}

static int op_check(struct zsim_scenario_text *t, const struct zsim_role *role,
		    const struct zsim_event *ev)
{
	const struct zsim_scenario *sc = t->sc;

	if (ev->expect.kind != ZSIM_RESULT_NONE)
		return zsim_scenario_bad(t, ev->line, "%s: an actor's event takes no `= RESULT`",
					 zsim_event_name(ev->type));
	if (role->nr == ZSIM_MAX_OPS)
		return zsim_scenario_bad(t, ev->line, "actor %.64s: more than %u events",
					 role->name, ZSIM_MAX_OPS);
	if (role->mode == ZSIM_MODE_QUEUED && (ev->type != ZSIM_EV_WORKER || role->nr))
		return zsim_scenario_bad(t, ev->line, "actor %.64s: its one event is worker",
					 role->name);
	if (ev->type == ZSIM_EV_SIGNAL &&
	    zsim_scenario_role(sc, ev->target, strlen(ev->target)) == sc->nr_roles)
		return zsim_scenario_bad(t, ev->line, "signal: no such actor: %.64s", ev->target);
	return 0;
}

static int event_add(struct zsim_scenario_text *t, struct zsim_event *ev)
{
	uint8_t owner = t->owner[ev->line];
	struct zsim_role *role = owner ? &t->sc->role[owner - 1] : NULL;
	int rc;

	if (ev->type == ZSIM_EV_PARAM && ev->param == ZSIM_PARAM_WORKER_MANUAL)
		return zsim_scenario_bad(t, ev->line,
					 "param worker: it runs when an actor runs it");
	rc = role ? op_check(t, role, ev) : setup_add(t, ev);
	if (!rc && role)
		rc = zsim_scenario_add_op(t->sc, role, ev);
	if (!rc)
		rc = zsim_scenario_add_slots(t->sc, ev);
	if (rc == -ENOSPC)
		return zsim_scenario_bad(t, ev->line, "more than %u slots",
					 ZSIM_MAX_SCENARIO_SLOTS);
	return rc;
}

/* the reader's message names the line already */
static int reader_error(struct zsim_scenario_text *t, const struct zsim_reader *rd)
{
	size_t size = strlen(t->sc->name) + ZSIM_SCENARIO_WHY;

	snprintf(t->sc->error, size, "%s", zsim_reader_error(rd));
	return -EBADMSG;
}

static int events_read(struct zsim_scenario_text *t)
{
	struct zsim_event ev;
	struct zsim_reader *rd;
	int rc = zsim_reader_open_memory(t->sc->name, t->copy, t->size, t->sc->alloc, &rd);

	while (!rc) {
		rc = zsim_reader_next(rd, &ev);
		if (rc <= 0)
			break;
		rc = event_add(t, &ev);
	}
	if (rd && *zsim_reader_error(rd) && rc != -ENOMEM)
		rc = reader_error(t, rd);
	zsim_reader_close(rd);
	return rc;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static int roles_check(struct zsim_scenario_text *t)
{
	for (uint32_t r = 0; r < t->sc->nr_roles; r++)
		if (!t->sc->role[r].nr)
			return zsim_scenario_bad(t, t->sc->role[r].line,
						 "actor %.64s: has no events", t->sc->role[r].name);
	return 0;
}

static int either_check(struct zsim_scenario_text *t, const struct zsim *zs)
{
	struct zsim_scenario *sc = t->sc;

	for (uint32_t i = 0; i < sc->nr_either; i++) {
		if (zsim_entry_find(&zs->st, t->either[i]) == ZSIM_NIL)
			return zsim_scenario_bad(t, t->either_line[i],
						 "either cold: there is no entry at slot %llu",
						 (unsigned long long)t->either[i]);
		sc->either[i] = zsim_scenario_slot(sc, t->either[i]);
	}
	return 0;
}

static bool file_exists(const struct zsim *zs, const struct zsim_event *ev)
{
	uint64_t value;

	if (!ev->path)
		return !strcmp(ev->file, "reclaim");
	return !strcmp(ev->file, "memory.reclaim") ||
	       !zsim_read(zs, zsim_lookup(zs, ev->path), ev->file, &value);
}

static bool slots_exist(const struct zsim *zs, const struct zsim_event *ev)
{
	uint32_t nr = zsim_scenario_slots_of(ev);

	return !nr ||
	       (zsim_slot_valid(&zs->st, ev->slot) && zsim_slot_valid(&zs->st, ev->slot + nr - 1));
}

/* what the simulator would refuse in every state; the reader looked at the rest */
static int event_check(struct zsim_scenario_text *t, const struct zsim *zs,
		       const struct zsim_event *ev)
{
	if (ev->path && zsim_lookup(zs, ev->path) == ZSIM_MEMCG_NONE)
		return zsim_scenario_bad(t, ev->line, "unknown group: %.128s", ev->path);
	if (ev->node >= zsim_nodes(zs))
		return zsim_scenario_bad(t, ev->line, "no such node: %u (the machine has %u)",
					 ev->node, zsim_nodes(zs));
	if (ev->file && !file_exists(zs, ev))
		return zsim_scenario_bad(t, ev->line, "unknown file: %.64s", ev->file);
	if (!slots_exist(zs, ev))
		return zsim_scenario_bad(t, ev->line, "slot beyond the device: 0x%llx",
					 (unsigned long long)ev->slot);
	return 0;
}

static int ops_check(struct zsim_scenario_text *t, const struct zsim *zs)
{
	int rc = 0;

	for (uint32_t r = 0; r < t->sc->nr_roles; r++)
		for (uint32_t i = 0; !rc && i < t->sc->role[r].nr; i++)
			rc = event_check(t, zs, &t->sc->role[r].op[i].ev);
	return rc;
}

/* the set-up once, and everything else against what it made */
static int trial_run(struct zsim_scenario_text *t)
{
	char why[ZSIM_SCENARIO_WHY - 32];
	struct zsim *zs;
	uint64_t line;
	int rc = zsim_scenario_start(t->sc, NULL, 0, 0, &zs, &line, why, sizeof(why));

	if (rc == -EBADMSG)
		return zsim_scenario_bad(t, line, "%s", why);
	if (!rc)
		rc = either_check(t, zs);
	if (!rc)
		rc = ops_check(t, zs);
	zsim_free(zs);
	return rc;
}

static int text_read(struct zsim_scenario_text *t)
{
	int rc = lines_read(t);

	if (!rc)
		rc = events_read(t);
	if (!rc)
		rc = roles_check(t);
	if (!rc)
		rc = zsim_scenario_classify(t->sc);
	/* the choice of cold slots is empty until trial_run() knows their indices */
	if (!rc)
		rc = trial_run(t);
	t->sc->refutes = t->refuted;
	t->sc->proves = (ZSIM_P_ALWAYS & ~t->ignored & ~t->refuted) | t->proved;
	return rc;
}

static int text_open(struct zsim_scenario_text *t, const char *text, size_t size)
{
	const struct zsim_allocator *alloc = t->sc->alloc;
	size_t lines = 2;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	t->size = size;
	t->copy = zsim_alloc(alloc, size + 1);
	t->owner = zsim_zalloc(alloc, lines);
	if (!t->copy || !t->owner)
		return -ENOMEM;
	if (size)
		memcpy(t->copy, text, size);
	t->copy[size] = '\0';
	return 0;
}

int zsim_scenario_parse(const char *name, const char *text, size_t size,
			const struct zsim_allocator *allocator, struct zsim_scenario **sc)
{
	const struct zsim_allocator *alloc = allocator ? allocator : zsim_allocator_libc();
	struct zsim_scenario_text t = { .sc = zsim_scenario_create(name, alloc) };
	int rc;

	*sc = NULL;
	if (!t.sc)
		return -ENOMEM;
	t.sc->algo = *zsim_algo_find("proactive-v5");
	rc = text_open(&t, text, size);
	if (!rc)
		rc = text_read(&t);
	zsim_dealloc(alloc, t.copy);
	zsim_dealloc(alloc, t.owner);
	if (rc == -ENOMEM) {
		zsim_scenario_free(t.sc);
		return rc;
	}
	*sc = t.sc;
	return rc;
}
