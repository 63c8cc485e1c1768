/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_text.c - the parser of text traces, docs/trace-format.md.
 *
 * A line is cut into fields in place, left to right, and nothing is allocated:
 * strings of an event point into the line, lengths of a folio into the state.
 */
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "trace/path_table.h"
#include "trace/reader.h"
#include "trace/slot.h"
#include "trace/text_line.h"

#define RAM_PAGES_MAX (UINT64_MAX / ZSIM_PAGE_SIZE)

/* ---- fields ---------------------------------------------------------------------- */

static int path_check(struct zsim_line *l, const char *s, size_t n)
{
	const char *fault = zsim_path_fault(s, n);

	if (!fault)
		return 0;
	if (*s == '/' && n > ZSIM_PATH_BYTES_MAX)
		return zsim_line_bad(l, "PATH %s", fault);
	return zsim_line_bad(l, "PATH %s: %.64s", fault, s);
}

static int path_need(struct zsim_line *l)
{
	const char *s;
	int ret = zsim_field_need(l, "PATH", &s);

	if (ret)
		return ret;
	l->ev->path = s;
	return path_check(l, s, l->n);
}

static int node_need(struct zsim_line *l)
{
	uint64_t node;
	int ret = zsim_field_number(l, "NODE", 0, ZSIM_MAX_NODES - 1, &node);

	if (!ret)
		l->ev->node = (uint32_t)node;
	return ret;
}

static int path_node_need(struct zsim_line *l)
{
	int ret = path_need(l);

	return ret ? ret : node_need(l);
}

static int slot_check(struct zsim_line *l, uint64_t slot, uint64_t nr)
{
	if (!zsim_slot_fits(slot) || (slot & ZSIM_SLOT_OFFSET_MASK) + nr - 1 > ZSIM_SLOT_OFFSET_MAX)
		return zsim_line_bad(l, "slot beyond the device: 0x%llx", (unsigned long long)slot);
	return 0;
}

static int slot_need(struct zsim_line *l)
{
	int ret = zsim_field_number(l, "SLOT", 0, UINT64_MAX, &l->ev->slot);

	return ret ? ret : slot_check(l, l->ev->slot, 1);
}

/* an optional last word, such as `noio` */
static int flag_take(struct zsim_line *l, const char *name, bool *flag)
{
	const char *s = zsim_field_next(l);

	if (s && strcmp(s, name))
		return zsim_line_bad(l, "extra field: %.64s", s);
	*flag = s != NULL;
	return 0;
}

/* ---- events ---------------------------------------------------------------------- */

static int switch_parse(struct zsim_line *l, const char *name, const char *s, bool *off)
{
	*off = !strcmp(s, "off");
	if (*off || !strcmp(s, "on"))
		return 0;
	return zsim_line_bad(l, "%s is neither on nor off: %.64s", name, s);
}

static int pool_parse(struct zsim_line *l, const char *s, bool *bytes)
{
	*bytes = !strcmp(s, "bytes");
	if (*bytes || !strcmp(s, "zsmalloc"))
		return 0;
	return zsim_line_bad(l, "pool is neither zsmalloc nor bytes: %.64s", s);
}

static int machine_number(struct zsim_line *l, const char *name, const char *s, uint64_t min,
			  uint64_t max, uint64_t *value)
{
	return zsim_field_check(l, name, s, zsim_number_parse_size(s, strlen(s), value), min, max,
				value);
}

static int machine_field(struct zsim_line *l, const char *name, const char *value)
{
	struct zsim_event *ev = l->ev;
	uint64_t nodes;
	int ret;

	if (!strcmp(name, "nodes")) {
		ret = machine_number(l, name, value, 1, ZSIM_MAX_NODES, &nodes);
		if (!ret)
			ev->nodes = (uint32_t)nodes;
		return ret;
	}
	if (!strcmp(name, "ram"))
		return machine_number(l, name, value, 1, RAM_PAGES_MAX, &ev->ram_pages);
	if (!strcmp(name, "swap"))
		return machine_number(l, name, value, 0, UINT64_C(1) + ZSIM_SLOT_OFFSET_MAX,
				      &ev->swap_pages);
	if (!strcmp(name, "memcg"))
		return switch_parse(l, name, value, &ev->memcg_disabled);
	if (!strcmp(name, "zswap"))
		return switch_parse(l, name, value, &ev->zswap_absent);
	if (!strcmp(name, "pool"))
		return pool_parse(l, value, &ev->pool_bytes);
	return zsim_line_bad(l, "unknown field: %.64s", name);
}

static int machine_parse(struct zsim_line *l)
{
	const char *s;
	char *equals;
	int ret;

	if (l->text->events)
		return zsim_line_bad(l, "must come before any event");
	l->ev->nodes = 1;
	l->ev->ram_pages = 262144;
	ret = zsim_field_need(l, "nodes=N", &s);
	for (; s && !ret; s = zsim_field_next(l)) {
		equals = strchr(s, '=');
		if (!equals)
			return zsim_line_bad(l, "extra field: %.64s", s);
		*equals = '\0';
		ret = machine_field(l, s, equals + 1);
	}
	return ret;
}

static int bool_parse(struct zsim_line *l, const char *s, uint64_t *value)
{
	if (l->n != 1 || !strchr("01NYny", *s))
		return zsim_line_bad(l, "VALUE is none of 0 1 N Y: %.64s", s);
	*value = *s == '1' || *s == 'Y' || *s == 'y';
	return 0;
}

static int worker_mode_parse(struct zsim_line *l, const char *s, uint64_t *value)
{
	*value = !strcmp(s, "manual");
	if (*value || !strcmp(s, "auto"))
		return 0;
	return zsim_line_bad(l, "VALUE is neither auto nor manual: %.64s", s);
}

static int param_parse(struct zsim_line *l)
{
	struct zsim_event *ev = l->ev;
	const char *s;
	int ret = zsim_field_need(l, "NAME", &s);
	int param;

	if (ret)
		return ret;
	param = zsim_param_parse(s);
	if (param < 0)
		return zsim_line_bad(l, "NAME is not known: %.64s", s);
	ev->param = (enum zsim_param)param;
	if (ev->param <= ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT)
		return zsim_field_number(l, "VALUE", 0, 100, &ev->value);
	ret = zsim_field_need(l, "VALUE", &s);
	if (ret)
		return ret;
	if (ev->param == ZSIM_PARAM_WORKER_MANUAL)
		return worker_mode_parse(l, s, &ev->value);
	return bool_parse(l, s, &ev->value);
}

static int rmdir_parse(struct zsim_line *l)
{
	int ret = path_need(l);

	return ret ? ret : flag_take(l, "deferred", &l->ev->deferred);
}

/* PATH of a write, or nodeN */
static int write_where(struct zsim_line *l)
{
	const char *s;
	uint64_t node = 0;
	int ret = zsim_field_need(l, "PATH", &s);

	if (ret)
		return ret;
	if (strncmp(s, "node", 4)) {
		l->ev->path = s;
		return path_check(l, s, l->n);
	}
	ret = zsim_number_parse(s + 4, l->n - 4, &node);
	ret = zsim_field_check(l, "NODE", s, ret, 0, ZSIM_MAX_NODES - 1, &node);
	if (!ret)
		l->ev->node = (uint32_t)node;
	return ret;
}

/* the last " = " of the line, as its first blank, or NULL */
static char *equals_last(const struct zsim_line *l)
{
	for (char *p = l->end - 3; p >= l->p; p--)
		if (p[0] == ' ' && p[1] == '=' && p[2] == ' ')
			return p;
	return NULL;
}

static int write_parse(struct zsim_line *l)
{
	struct zsim_event *ev = l->ev;
	char *equals;
	int ret = write_where(l);

	if (!ret)
		ret = zsim_field_need(l, "FILE", &ev->file);
	if (ret)
		return ret;
	if (ev->actor && ev->path && strcmp(ev->file, "memory.reclaim"))
		return zsim_line_bad(l, "cannot be suspended, unlike memory.reclaim: %.64s",
				     ev->file);
	equals = equals_last(l);
	ev->text = l->p;
	if (equals) {
		*equals = '\0';
		l->p = equals + 1;
	} else if (!strncmp(l->p, "= ", 2)) {
		/* no text: the first blank of " = " is the one behind FILE */
		ev->text = "";
	} else {
		l->p = l->end;
	}
	return 0;
}

static int lengths_parse(struct zsim_line *l)
{
	uint16_t *length = l->text->length;
	uint32_t nr = 0;
	uint64_t value;
	const char *s;
	int ret = zsim_field_need(l, "LENGTH", &s);

	for (; s && !ret; s = zsim_field_next(l)) {
		if (nr == ZSIM_MAX_FOLIO_PAGES)
			return zsim_line_bad(l, "more than %u LENGTHs", ZSIM_MAX_FOLIO_PAGES);
		ret = zsim_number_parse_size(s, l->n, &value);
		ret = zsim_field_check(l, "LENGTH", s, ret, 1, ZSIM_PAGE_SIZE, &value);
		if (!ret)
			length[nr++] = (uint16_t)value;
	}
	l->ev->length = length;
	l->ev->nr = nr;
	return ret;
}

static int store_parse(struct zsim_line *l)
{
	int ret = slot_need(l);

	if (!ret)
		ret = path_node_need(l);
	if (!ret)
		ret = lengths_parse(l);
	return ret ? ret : slot_check(l, l->ev->slot, l->ev->nr);
}

/* an optional last number */
static int count_take(struct zsim_line *l, const char *name, uint64_t max)
{
	const char *s = zsim_field_next(l);
	int ret;

	if (!s)
		return 0;
	ret = zsim_number_parse(s, l->n, &l->ev->value);
	return zsim_field_check(l, name, s, ret, 1, max, &l->ev->value);
}

static int swapin_parse(struct zsim_line *l)
{
	int ret = path_node_need(l);

	l->ev->value = 1;
	return ret ? ret : count_take(l, "PAGES", UINT32_MAX);
}

static int swapoff_parse(struct zsim_line *l)
{
	return zsim_field_number(l, "DEVICE", 0, ZSIM_MAX_SWAP_DEVICES - 1, &l->ev->value);
}

static int shrinker_parse(struct zsim_line *l)
{
	int ret = path_node_need(l);

	return ret ? ret : zsim_field_number(l, "NR", 0, UINT64_MAX, &l->ev->value);
}

static int slab_parse(struct zsim_line *l)
{
	int ret = path_node_need(l);

	if (!ret)
		ret = zsim_field_number(l, "PRIORITY", 0, 12, &l->ev->value);
	return ret ? ret : flag_take(l, "noio", &l->ev->noio);
}

static int nothing_parse(struct zsim_line *l)
{
	(void)l;
	return 0;
}

static int fail_parse(struct zsim_line *l)
{
	const char *s;
	int ret = zsim_field_need(l, "KIND", &s);
	int kind;

	if (ret)
		return ret;
	kind = zsim_fail_parse(s);
	if (kind < 0)
		return zsim_line_bad(l, "KIND is not known: %.64s", s);
	l->ev->fail = (enum zsim_fail)kind;
	return zsim_field_number(l, "COUNT", 0, UINT64_MAX, &l->ev->value);
}

static int signal_parse(struct zsim_line *l)
{
	return zsim_field_need(l, "ACTOR", &l->ev->target);
}

static int step_parse(struct zsim_line *l)
{
	l->ev->value = 1;
	return count_take(l, "N", UINT64_MAX);
}

/* ---- lines ------------------------------------------------------------------------ */

enum actor_use {
	ACTOR_NEVER,
	ACTOR_MAY,
	ACTOR_MUST,
};

static const struct {
	int (*parse)(struct zsim_line *l);
	enum actor_use actor;
} handlers[ZSIM_NR_EVENTS] = {
	[ZSIM_EV_MACHINE] = { machine_parse, ACTOR_NEVER },
	[ZSIM_EV_PARAM] = { param_parse, ACTOR_NEVER },
	[ZSIM_EV_MKDIR] = { path_need, ACTOR_NEVER },
	[ZSIM_EV_RMDIR] = { rmdir_parse, ACTOR_NEVER },
	[ZSIM_EV_OFFLINE] = { path_need, ACTOR_MAY },
	[ZSIM_EV_WRITE] = { write_parse, ACTOR_MAY },
	[ZSIM_EV_STORE] = { store_parse, ACTOR_MAY },
	[ZSIM_EV_LOAD] = { slot_need, ACTOR_NEVER },
	[ZSIM_EV_INVALIDATE] = { slot_need, ACTOR_NEVER },
	[ZSIM_EV_CACHE] = { slot_need, ACTOR_NEVER },
	[ZSIM_EV_UNCACHE] = { slot_need, ACTOR_NEVER },
	[ZSIM_EV_COLD] = { slot_need, ACTOR_NEVER },
	[ZSIM_EV_SWAPOFF] = { swapoff_parse, ACTOR_NEVER },
	[ZSIM_EV_SWAPIN] = { swapin_parse, ACTOR_NEVER },
	[ZSIM_EV_SHRINKER] = { shrinker_parse, ACTOR_MAY },
	[ZSIM_EV_SLAB] = { slab_parse, ACTOR_MAY },
	[ZSIM_EV_WORKER] = { nothing_parse, ACTOR_MAY },
	[ZSIM_EV_FAIL] = { fail_parse, ACTOR_NEVER },
	[ZSIM_EV_SIGNAL] = { signal_parse, ACTOR_NEVER },
	[ZSIM_EV_STEP] = { step_parse, ACTOR_MUST },
	[ZSIM_EV_FINISH] = { nothing_parse, ACTOR_MUST },
	[ZSIM_EV_SAW] = { zsim_line_saw, ACTOR_MAY },
};

/* events by keyword_hash(), which is perfect for their names; 0 (machine) fills the gaps */
static const uint8_t keywords[32] = {
	[3] = ZSIM_EV_FAIL,	[4] = ZSIM_EV_CACHE,	   [5] = ZSIM_EV_RMDIR,
	[6] = ZSIM_EV_COLD,	[7] = ZSIM_EV_LOAD,	   [8] = ZSIM_EV_STORE,
	[10] = ZSIM_EV_MACHINE, [11] = ZSIM_EV_PARAM,	   [12] = ZSIM_EV_SHRINKER,
	[13] = ZSIM_EV_SLAB,	[14] = ZSIM_EV_WRITE,	   [15] = ZSIM_EV_SWAPIN,
	[16] = ZSIM_EV_SWAPOFF, [17] = ZSIM_EV_SIGNAL,	   [18] = ZSIM_EV_WORKER,
	[19] = ZSIM_EV_MKDIR,	[22] = ZSIM_EV_INVALIDATE, [25] = ZSIM_EV_STEP,
	[26] = ZSIM_EV_UNCACHE, [28] = ZSIM_EV_FINISH,	   [30] = ZSIM_EV_SAW,
	[31] = ZSIM_EV_OFFLINE,
};

static unsigned int keyword_hash(const unsigned char *s, size_t n)
{
	return (10u * s[0] + 11u * s[2] + (unsigned int)n) & 31;
}

static int keyword_find(const char *s, size_t n)
{
	enum zsim_event_type type;

	if (n < 3)
		return -EINVAL;
	type = (enum zsim_event_type)keywords[keyword_hash((const unsigned char *)s, n)];
	return strcmp(zsim_event_name(type), s) ? -EINVAL : (int)type;
}

static int actor_check(struct zsim_line *l, enum actor_use use)
{
	if (use == ACTOR_NEVER && l->ev->actor)
		return zsim_line_bad(l, "cannot be suspended, so it takes no @ACTOR");
	if (use == ACTOR_MUST && !l->ev->actor)
		return zsim_line_bad(l, "needs an actor: @ACTOR %s", l->what);
	return 0;
}

/* [@ACTOR] and the event's name */
static int keyword_parse(struct zsim_line *l)
{
	const char *s = zsim_field_cut(l);
	int type;

	if (*s == '@') {
		l->ev->actor = s + 1;
		if (l->n == 1)
			return zsim_line_bad(l, "name missing behind @");
		if (zsim_line_ended(l))
			return zsim_line_bad(l, "event missing behind @%.64s", s + 1);
		s = zsim_field_cut(l);
	}
	type = keyword_find(s, l->n);
	if (type < 0)
		return zsim_line_bad(l, "unknown event: %.64s", s);
	l->what = s;
	l->ev->type = (enum zsim_event_type)type;
	return actor_check(l, handlers[type].actor);
}

static int event_parse(struct zsim_line *l)
{
	int ret = keyword_parse(l);

	if (!ret)
		ret = handlers[l->ev->type].parse(l);
	if (!ret)
		ret = zsim_line_tail(l);
	if (ret)
		return ret;
	/* facts about the recorded machine may stand before the machine itself */
	if (l->ev->type != ZSIM_EV_SAW || l->ev->record.saw > ZSIM_SAW_DEBUGFS)
		l->text->events = true;
	return 1;
}

static int header_parse(struct zsim_line *l)
{
	const char *s;

	if (*l->p && l->end[-1] == '\r')
		return zsim_line_bad(l, "line ends in CR LF, it must end in LF");
	if (zsim_line_ended(l) && !*l->p)
		return 0;
	s = zsim_field_cut(l);
	if (strcmp(s, "zsim-trace"))
		return zsim_line_bad(l, "not a trace: the first line is not `zsim-trace 1`");
	if (zsim_line_ended(l))
		return zsim_line_bad(l, "zsim-trace: version missing");
	s = zsim_field_cut(l);
	if (strcmp(s, "1"))
		return zsim_line_bad(l, "zsim-trace: unsupported version: %.64s", s);
	if (!zsim_line_ended(l))
		return zsim_line_bad(l, "zsim-trace: extra field: %.64s", l->p);
	l->text->header = true;
	return 0;
}

static void *text_create(const struct zsim_allocator *a)
{
	struct zsim_text *text = zsim_zalloc(a, sizeof(*text));

	if (text)
		zsim_text_init(text);
	return text;
}

static void text_free(const struct zsim_allocator *a, void *state)
{
	zsim_dealloc(a, state);
}

static int text_line(void *state, char *s, size_t length, uint64_t number, struct zsim_event *ev,
		     const char **why)
{
	struct zsim_line l = { .text = state, .ev = ev, .p = s, .end = s + length, .what = "" };
	int ret;

	if (l.text->no_memory)
		return -ENOMEM;
	if (!l.text->header) {
		ret = header_parse(&l);
	} else if (length && s[length - 1] == '\r') {
		ret = zsim_line_bad(&l, "line ends in CR LF, it must end in LF");
	} else if (zsim_line_ended(&l)) {
		ret = 0;
	} else {
		memset(ev, 0, sizeof(*ev));
		ev->line = number;
		ret = event_parse(&l);
	}
	if (ret < 0)
		*why = l.text->why;
	return ret;
}

static int text_end(void *state, struct zsim_event *ev, const char **why)
{
	(void)state;
	(void)ev;
	(void)why;
	return 0;
}

const struct zsim_format zsim_format_text = {
	.format = ZSIM_FORMAT_TEXT,
	.create = text_create,
	.free = text_free,
	.line = text_line,
	.end = text_end,
	.ops = zsim_text_ops,
};
