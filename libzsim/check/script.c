/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines --------------------------------------------------------------------------- */

void zsim_script_init(struct zsim_script *s, const struct zsim_allocator *alloc)
{
	*s = (struct zsim_script){ .alloc = alloc };
}

void zsim_script_destroy(struct zsim_script *s)
{
	zsim_dealloc(s->alloc, s->line);
	zsim_script_init(s, s->alloc);
}

static int room_make(struct zsim_script *s, uint32_t need)
{
	uint32_t room = s->room ? s->room : 32;
	struct zsim_script_line *line;

	if (need <= s->room)
		return 0;
	while (room < need)
		room *= 2;
	line = zsim_realloc(s->alloc, s->line, room * sizeof(*line));
	if (!line)
		return -ENOMEM;
	s->line = line;
	s->room = room;
	return 0;
}

int zsim_script_add(struct zsim_script *s, const struct zsim_event *ev, uint32_t player)
{
	int rc = room_make(s, s->nr + 1);

	if (!rc)
		s->line[s->nr++] = (struct zsim_script_line){ .ev = *ev, .player = player };
	return rc;
}

int zsim_script_copy(struct zsim_script *copy, const struct zsim_script *s)
{
	int rc;

	zsim_script_init(copy, s->alloc);
	rc = room_make(copy, s->nr);
	if (rc)
		return rc;
	memcpy(copy->line, s->line, s->nr * sizeof(*s->line));
	copy->nr = s->nr;
	return 0;
}

void zsim_script_swap(struct zsim_script *a, struct zsim_script *b)
{
	struct zsim_script other = *a;

	*a = *b;
	*b = other;
}

void zsim_script_cut(struct zsim_script *s, uint32_t i, uint32_t nr)
{
	memmove(s->line + i, s->line + i + nr, (s->nr - i - nr) * sizeof(*s->line));
	s->nr -= nr;
}

/* ---- what is heard while it runs ------------------------------------------------------ */

/* calls under way at once whose failures are kept apart */
#define CALLS 16u

/**
 * struct witness - @line: the one that runs; NULL = nobody wants to know
 * @broken: what did not hold, of @properties; behind the first time nothing is noted
 * @failures: of each call, as noted last
 */
struct witness {
	struct zsim *zs;
	uint64_t properties;
	uint64_t broken;
	struct zsim_script_line *line;
	uint32_t failures[CALLS];
};

static const char *path_of(const struct zsim *zs, zsim_memcg memcg)
{
	const char *path = memcg == ZSIM_MEMCG_NONE ? NULL : zsim_path(zs, memcg);

	return path ? path : "none";
}

/* "group 3" and "slot 0x1", as the monitor says, the way a trace spells them: how much was read */
static size_t name_spell(const struct zsim *zs, const char *text, char *out, size_t size)
{
	char *end;

	if (!strncmp(text, "group ", 6) && text[6] >= '0' && text[6] <= '9') {
		unsigned long group = strtoul(text + 6, &end, 10);

		snprintf(out, size, "%s", path_of(zs, (zsim_memcg)group));
		return (size_t)(end - text);
	}
	if (!strncmp(text, "slot 0x", 7)) {
		unsigned long long slot = strtoull(text + 5, &end, 16);

		snprintf(out, size, slot >> ZSIM_SLOT_TYPE_SHIFT ? "slot 0x%llx" : "slot %llu",
			 slot);
		return (size_t)(end - text);
	}
	snprintf(out, size, "%c", *text);
	return 1;
}

static void names_spell(const struct zsim *zs, const char *text, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	while (*text && n + 1 < size) {
		text += name_spell(zs, text, out + n, size - n);
		n += strlen(out + n);
	}
}

#define MORE "..."

/* one thing more; where there is no room for it, MORE ends the note */
__attribute__((format(printf, 2, 3))) static void say(struct zsim_script_line *line,
						      const char *format, ...)
{
	size_t n = strlen(line->note);
	char text[160];
	va_list args;

	if (n >= strlen(MORE) && !strcmp(line->note + n - strlen(MORE), MORE))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n + strlen("; ") + strlen(text) + sizeof("; " MORE) > sizeof(line->note))
		snprintf(text, sizeof(text), MORE);
	snprintf(line->note + n, sizeof(line->note) - n, "%s%s", n ? "; " : "", text);
}

static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct witness *w = ctx;
	int p = zsim_property_parse(name);
	bool own = p >= 0;
	uint64_t bit = ZSIM_P_BIT(own ? p : ZSIM_P_INVARIANT) & w->properties;

	if (w->line && bit && !w->broken) {
		char *why = w->line->why;

		snprintf(why, sizeof(w->line->why), "%s%s", own ? "" : name, own ? "" : ": ");
		names_spell(zs, text, why + strlen(why), sizeof(w->line->why) - strlen(why));
		w->line->broken = bit;
	}
	w->broken |= bit;
}

static void say_visit(struct zsim_script_line *line, const struct zsim_decision *d)
{
	unsigned long long slot = d->slot;

	if (d->kind == ZSIM_D_WRITEBACK && !d->rc)
		say(line, "slot %llu is written, %u bytes", slot, d->length);
	else if (d->kind == ZSIM_D_WRITEBACK)
		say(line, "slot %llu is not written: %s", slot,
		    d->rc == -EEXIST ? "in the swap cache" :
		    d->rc == -EIO    ? "decompression failed" :
				       "it is gone, or no memory");
	else if (d->kind == ZSIM_D_SCAN && d->referenced)
		say(line, "slot %llu loses its reference bit", slot);
	else if (d->kind == ZSIM_D_SCAN)
		say(line, "slot %llu is cold, %u bytes", slot, d->length);
	else if (!d->rc)
		say(line, "slot %llu enters the swap cache", slot);
}

/* the retry machine says how often it failed with every step */
static void say_failures(struct witness *w, const struct zsim_decision *d)
{
	uint32_t *told = &w->failures[d->call % CALLS];

	if (d->failures > *told)
		say(w->line, "%u failure%s", d->failures, d->failures == 1 ? "" : "s");
	*told = d->failures;
}

static void say_end(struct witness *w, const struct zsim_decision *d)
{
	w->failures[d->call % CALLS] = 0;
	if (d->rc == -EAGAIN)
		say(w->line, "it returns -EAGAIN");
	else
		say(w->line, "it returns %lld", (long long)d->rc);
}

static void heard(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct witness *w = ctx;

	if (!w->line || w->broken)
		return;
	switch (d->kind) {
	case ZSIM_D_NEXT_GROUP:
		if (d->memcg == ZSIM_MEMCG_NONE)
			say(w->line, "end of the pass");
		else
			say(w->line, "takes %s", path_of(zs, d->memcg));
		break;
	case ZSIM_D_SCAN:
	case ZSIM_D_CACHE_ADD:
	case ZSIM_D_WRITEBACK:
		say_visit(w->line, d);
		break;
	case ZSIM_D_STEP_RET:
		say_failures(w, d);
		break;
	case ZSIM_D_STORE:
		if (!d->rc)
			say(w->line, "rejected");
		break;
	case ZSIM_D_LOAD:
		if (d->rc)
			say(w->line, "it is not there");
		break;
	case ZSIM_D_REPARENT:
		say(w->line, "the list of %s moves up", path_of(zs, d->memcg));
		break;
	case ZSIM_D_OFFLINE_END:
		say(w->line, "%s is offline", path_of(zs, d->memcg));
		break;
	case ZSIM_D_CALL_END:
		say_end(w, d);
		break;
	default:
		break;
	}
}

/* ---- running it --------------------------------------------------------------------------- */

static int line_apply(struct witness *w, const struct zsim_event *ev, struct zsim_result *res)
{
	int rc = zsim_apply(w->zs, ev, res);

	if (!rc && w->properties & ZSIM_P_BIT(ZSIM_P_INVARIANT) && zsim_verify(w->zs) == -ENOMEM)
		rc = -ENOMEM;
	return rc;
}

static struct zsim *machine_make(const struct zsim_script *s, const struct zsim_algo *algo,
				 uint8_t defect, int *rc)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = *algo;
	config.defect = defect;
	config.allocator = s->alloc;
	return zsim_create(&config, rc);
}

/* the state after a line: every list, and the swap cache */
static void state_note(const struct zsim *zs, struct zsim_script_line *line)
{
	zsim_memcg m = ZSIM_MEMCG_NONE;
	uint64_t slot[64];
	bool referenced[64];
	size_t n = 0;

	line->state[0] = '\0';
	while ((m = zsim_next(zs, m)) != ZSIM_MEMCG_NONE) {
		for (uint32_t node = 0; node < zsim_nodes(zs); node++) {
			uint32_t nr = zsim_list(zs, m, node, slot, referenced, 64);

			if (!nr || n + 40 > sizeof(line->state))
				continue;
			n += (size_t)snprintf(line->state + n, 40, "%s%.20s%s:", n ? "  " : "",
					      zsim_path(zs, m), node ? "'" : "");
			for (uint32_t i = 0; i < nr && n + 24 < sizeof(line->state); i++)
				n += (size_t)snprintf(line->state + n, 24, " %llu%s",
						      (unsigned long long)slot[i],
						      referenced[i] ? "*" : "");
		}
	}
}

static int lines_run(const struct zsim_script *s, struct witness *w, bool note)
{
	struct zsim_result res;
	int rc = 0;

	for (uint32_t i = 0; !rc && i < s->nr; i++) {
		w->line = note ? &s->line[i] : NULL;
		rc = line_apply(w, &s->line[i].ev, &res);
		if (!note || rc)
			continue;
		s->line[i].answer = res;
		if (res.kind != ZSIM_RESULT_NONE)
			zsim_result_format(&res, s->line[i].result, sizeof(s->line[i].result));
		state_note(w->zs, &s->line[i]);
	}
	if (!rc)
		rc = zsim_finish(w->zs, &res);
	return rc ? rc : zsim_guard_rest(w->zs);
}

static int run(const struct zsim_script *s, const struct zsim_algo *algo, uint8_t defect,
	       uint64_t properties, bool note, uint64_t *broken)
{
	struct witness w = { .properties = properties };
	const struct zsim_observer observer = { .decision = heard,
						.violation = violation,
						.ctx = &w };
	int rc;

	w.zs = machine_make(s, algo, defect, &rc);
	if (!w.zs)
		return rc;
	rc = zsim_observe(w.zs, &observer);
	if (!rc)
		rc = zsim_guard_attach(w.zs, properties);
	if (!rc)
		rc = lines_run(s, &w, note);
	zsim_free(w.zs);
	*broken = w.broken;
	return rc < 0 ? rc : 0;
}

int zsim_script_run(const struct zsim_script *s, const struct zsim_algo *algo, uint8_t defect,
		    uint64_t properties, uint64_t *broken)
{
	return run(s, algo, defect, properties, false, broken);
}

int zsim_script_note(struct zsim_script *s, const struct zsim_algo *algo, uint8_t defect,
		     uint64_t properties)
{
	uint64_t broken;

	for (uint32_t i = 0; i < s->nr; i++) {
		struct zsim_script_line *line = &s->line[i];

		line->note[0] = line->why[0] = line->result[0] = '\0';
		line->broken = 0;
	}
	return run(s, algo, defect, properties, true, &broken);
}

const char *zsim_script_why(const struct zsim_script *s)
{
	for (uint32_t i = 0; i < s->nr; i++)
		if (s->line[i].broken)
			return s->line[i].why;
	return "";
}
