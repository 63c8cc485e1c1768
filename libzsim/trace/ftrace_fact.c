/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_fact.c - see ftrace_fact.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "trace/ftrace_fact.h"

static const struct {
	const char *name;
	enum zsim_param param;
	bool is_bool;
} param_specs[ZSIM_FTRACE_NR_PARAMS] = {
	{ "max_pool_percent", ZSIM_PARAM_MAX_POOL_PERCENT, false },
	{ "accept_threshold_percent", ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT, false },
	{ "enabled", ZSIM_PARAM_ENABLED, true },
	{ "shrinker_enabled", ZSIM_PARAM_SHRINKER_ENABLED, true },
};

#define MACHINE_NODES_DEFAULT 1
#define MACHINE_RAM_DEFAULT 262144

/* a group that waits; @path and @max are one block */
struct zsim_ftrace_cgroup {
	uint64_t id;
	uint64_t line;
	int64_t writeback;
	char *path;
	char *max;
};

static void event_begin(struct zsim_event *ev, enum zsim_event_type type, uint64_t line)
{
	memset(ev, 0, sizeof(*ev));
	ev->type = type;
	ev->line = line;
}

static int saw_begin(struct zsim_event *ev, enum zsim_saw saw, uint64_t line)
{
	event_begin(ev, ZSIM_EV_SAW, line);
	ev->record.saw = saw;
	return 1;
}

static void cgroups_drop(struct zsim_ftrace_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->nr_cgroups; i++)
		zsim_dealloc(facts->alloc, facts->cgroups[i].path);
	facts->nr_cgroups = 0;
	facts->next_cgroup = 0;
}

static int cgroup_compare(const void *a, const void *b)
{
	const struct zsim_ftrace_cgroup *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int held_machine(struct zsim_ftrace_facts *facts, struct zsim_event *ev)
{
	event_begin(ev, ZSIM_EV_MACHINE, facts->machine_line);
	ev->nodes = facts->nodes ? facts->nodes : MACHINE_NODES_DEFAULT;
	ev->ram_pages = facts->ram_pages ? facts->ram_pages : MACHINE_RAM_DEFAULT;
	ev->memcg_disabled = facts->memcg_disabled;
	facts->machine_due = false;
	return 1;
}

static int held_param(struct zsim_ftrace_facts *facts, size_t i, struct zsim_event *ev)
{
	event_begin(ev, ZSIM_EV_PARAM, facts->params[i].line);
	ev->param = param_specs[i].param;
	ev->value = facts->params[i].value;
	facts->params[i].due = false;
	return 1;
}

static int held_cgroup(struct zsim_ftrace_facts *facts, struct zsim_event *ev)
{
	const struct zsim_ftrace_cgroup *c;

	if (!facts->next_cgroup)
		qsort(facts->cgroups, facts->nr_cgroups, sizeof(*facts->cgroups), cgroup_compare);
	c = &facts->cgroups[facts->next_cgroup++];
	saw_begin(ev, ZSIM_SAW_CGROUP, c->line);
	ev->record.cg = c->id;
	ev->record.path = c->path;
	ev->record.value = c->writeback;
	ev->record.text = c->max;
	return 1;
}

int zsim_ftrace_facts_next(struct zsim_ftrace_facts *facts, struct zsim_event *ev)
{
	size_t i;

	facts->begun = true;
	if (facts->machine_due)
		return held_machine(facts, ev);
	for (i = 0; i < ZSIM_FTRACE_NR_PARAMS; i++) {
		if (facts->params[i].due)
			return held_param(facts, i, ev);
	}
	if (facts->next_cgroup < facts->nr_cgroups)
		return held_cgroup(facts, ev);
	if (facts->nr_cgroups)
		cgroups_drop(facts);
	return 0;
}

/*
 * The functions of the facts return 1 = @ev is the fact, 0 = it waits, -EINVAL
 * malformed, -EBUSY too late, -ENOMEM.
 */
static int fact_kernel(const struct zsim_ftrace_fact *f, struct zsim_event *ev)
{
	if (!f->text[0])
		return -EINVAL;
	saw_begin(ev, ZSIM_SAW_KERNEL, f->line);
	ev->record.text = f->text;
	return 1;
}

static int fact_algo(const struct zsim_ftrace_fact *f, struct zsim_event *ev)
{
	int ret = fact_kernel(f, ev);

	if (ret > 0)
		ev->record.saw = ZSIM_SAW_ALGO;
	return ret;
}

static int machine_set(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	if (facts->begun)
		return -EBUSY;
	if (!facts->machine_due)
		facts->machine_line = f->line;
	facts->machine_due = true;
	return 0;
}

static int fact_totalram(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	if (zsim_number_parse(f->text, strlen(f->text), &facts->ram_pages) || !facts->ram_pages)
		return -EINVAL;
	return machine_set(facts, f);
}

/* `0-1`, `0,2-3`: the highest counts, nodes without memory just stay empty. */
static int fact_nodes(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	const char *c, *last = f->text;
	uint64_t highest;

	for (c = f->text; *c; c++) {
		if (*c == '-' || *c == ',')
			last = c + 1;
	}
	if (zsim_number_parse(last, strlen(last), &highest) || highest >= ZSIM_MAX_NODES)
		return -EINVAL;
	facts->nodes = (uint32_t)highest + 1;
	return machine_set(facts, f);
}

static int fact_memcg(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	if (strcmp(f->text, "disabled") != 0)
		return -EINVAL;
	facts->memcg_disabled = true;
	return machine_set(facts, f);
}

static bool param_value(const char *text, bool is_bool, uint64_t *value)
{
	if (is_bool && (!strcmp(text, "Y") || !strcmp(text, "N"))) {
		*value = text[0] == 'Y';
		return true;
	}
	return !zsim_number_parse(text, strlen(text), value);
}

static int fact_param(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	size_t i, length = strcspn(f->text, " ");
	const char *value = f->text + length;

	for (i = 0; i < ZSIM_FTRACE_NR_PARAMS; i++) {
		if (!zsim_ftrace_word_is(f->text, length, param_specs[i].name))
			continue;
		value += *value == ' ';
		if (!param_value(value, param_specs[i].is_bool, &facts->params[i].value))
			return -EINVAL;
		facts->params[i].due = true;
		facts->params[i].line = f->line;
		break;
	}
	return 0;
}

static char *last_find(char *text, const char *what)
{
	char *at, *last = NULL;

	for (at = strstr(text, what); at; at = strstr(at + 1, what))
		last = at;
	return last;
}

static int cgroups_reserve(struct zsim_ftrace_facts *facts)
{
	size_t cap = facts->cap_cgroups ? 2 * facts->cap_cgroups : 16;
	struct zsim_ftrace_cgroup *bigger;

	if (facts->nr_cgroups < facts->cap_cgroups)
		return 0;
	bigger = zsim_realloc(facts->alloc, facts->cgroups, cap * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	facts->cgroups = bigger;
	facts->cap_cgroups = cap;
	return 0;
}

static int cgroup_hold(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_cgroup *c)
{
	size_t path = strlen(c->path) + 1, max = strlen(c->max) + 1;
	struct zsim_ftrace_cgroup *held;
	char *block;

	if (cgroups_reserve(facts))
		return -ENOMEM;
	block = zsim_alloc(facts->alloc, path + max);
	if (!block)
		return -ENOMEM;
	held = &facts->cgroups[facts->nr_cgroups++];
	*held = *c;
	held->path = memcpy(block, c->path, path);
	held->max = memcpy(block + path, c->max, max);
	return 0;
}

/* `ID PATH writeback=V zswap.max=V`; PATH may have blanks, both values may be empty. */
static int fact_cgroup(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f)
{
	static const char writeback[] = " writeback=", max[] = " zswap.max=";
	size_t id_length = strcspn(f->text, " ");
	struct zsim_ftrace_cgroup c = { .line = f->line, .writeback = 1 };
	char *value = last_find(f->text, writeback);

	c.path = f->text + id_length + 1;
	c.max = value ? strstr(value, max) : NULL;
	if (!c.max || value < c.path || c.path[0] != '/' ||
	    zsim_number_parse(f->text, id_length, &c.id))
		return -EINVAL;
	*value = '\0';
	value += sizeof(writeback) - 1;
	if (value < c.max) {
		if (zsim_number_parse_signed(value, (size_t)(c.max - value), &c.writeback))
			return -EINVAL;
	}
	c.max += sizeof(max) - 1;
	return cgroup_hold(facts, &c);
}

/* `PATH zswap N ...`: memory.stat's order puts zswap first, and PATH may have blanks. */
static int fact_stat(const struct zsim_ftrace_fact *f, struct zsim_event *ev)
{
	char *rest = last_find(f->text, " zswap ");

	if (!rest)
		rest = strchr(f->text, ' ');
	if (!rest || f->text[0] != '/')
		return -EINVAL;
	*rest = '\0';
	saw_begin(ev, ZSIM_SAW_STAT, f->line);
	ev->record.path = f->text;
	ev->record.text = rest + 1;
	return 1;
}

static int fact_debugfs(const struct zsim_ftrace_fact *f, struct zsim_event *ev)
{
	size_t length = strcspn(f->text, " ");
	char *value = f->text + length;
	int64_t number;

	if (*value != ' ' || !length ||
	    zsim_number_parse_signed(value + 1, strlen(value + 1), &number))
		return -EINVAL;
	*value = '\0';
	saw_begin(ev, ZSIM_SAW_DEBUGFS, f->line);
	ev->record.text = f->text;
	ev->record.value = number;
	return 1;
}

/* @hold: the fact waits; or else @give: it is an event by itself */
static const struct {
	const char *name;
	int (*hold)(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *f);
	int (*give)(const struct zsim_ftrace_fact *f, struct zsim_event *ev);
	enum zsim_ftrace_place place;
} fact_specs[] = {
	{ "algo", NULL, fact_algo, ZSIM_FTRACE_BEFORE },
	{ "cgroup", fact_cgroup, NULL, ZSIM_FTRACE_BEFORE },
	{ "debugfs", NULL, fact_debugfs, ZSIM_FTRACE_BEHIND },
	{ "kernel", NULL, fact_kernel, ZSIM_FTRACE_BEFORE },
	{ "memcg", fact_memcg, NULL, ZSIM_FTRACE_BEFORE },
	{ "nodes", fact_nodes, NULL, ZSIM_FTRACE_BEFORE },
	{ "param", fact_param, NULL, ZSIM_FTRACE_BEFORE },
	{ "stat", NULL, fact_stat, ZSIM_FTRACE_BEHIND },
	{ "totalram_pages", fact_totalram, NULL, ZSIM_FTRACE_BEFORE },
};

#define NR_FACT_SPECS (sizeof(fact_specs) / sizeof(fact_specs[0]))

enum zsim_ftrace_place zsim_ftrace_fact_split(char *text, struct zsim_ftrace_fact *fact)
{
	size_t length = strcspn(text, " ");

	for (fact->spec = 0; fact->spec < NR_FACT_SPECS; fact->spec++) {
		if (zsim_ftrace_word_is(text, length, fact_specs[fact->spec].name))
			break;
	}
	if (fact->spec == NR_FACT_SPECS)
		return ZSIM_FTRACE_NOWHERE;
	fact->text = text + length + (text[length] == ' ');
	return fact_specs[fact->spec].place;
}

static void blanks_trim(char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == ' ')
		text[--length] = '\0';
}

int zsim_ftrace_facts_add(struct zsim_ftrace_facts *facts, const struct zsim_ftrace_fact *fact,
			  struct zsim_event *ev, struct zsim_ftrace_reason *reason,
			  const char **why)
{
	const char *name = fact_specs[fact->spec].name;
	int ret;

	blanks_trim(fact->text);
	if (fact_specs[fact->spec].hold)
		ret = fact_specs[fact->spec].hold(facts, fact);
	else
		ret = fact_specs[fact->spec].give(fact, ev);
	if (ret == -EINVAL)
		return zsim_ftrace_fail(reason, why, name, "", "the fact is malformed");
	if (ret == -EBUSY)
		return zsim_ftrace_fail(reason, why, name, "",
					"the fact must stand before the events");
	return ret;
}

void zsim_ftrace_facts_destroy(struct zsim_ftrace_facts *facts)
{
	cgroups_drop(facts);
	zsim_dealloc(facts->alloc, facts->cgroups);
}
