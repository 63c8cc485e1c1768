/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_map.c - the lines of a kernel capture as events.
 *
 * Each record that zsim knows becomes one ZSIM_EV_SAW; events of other
 * tracepoints are passed over. The facts before the events are held back until
 * the first line that is neither a fact nor a comment (ftrace_fact.h).
 *
 * Several events can thus be due at one line, while a call gives only one. Both
 * .line and .end return 2 in that case: @ev is filled, and the caller calls again
 * with the same arguments (the same line and number) for what else is due.
 * .line leaves the line alone until it has returned something else than 2.
 */
#include <errno.h>
#include <string.h>

#include "trace/ftrace_fact.h"
#include "trace/ftrace_line.h"
#include "trace/ftrace_record.h"
#include "trace/reader.h"

#define MORE 2

/* The kernel cuts a recorded string at 4096 bytes: beyond this it has no end. */
#define OPEN_BYTES_MAX 8192

/**
 * struct parser - state between lines
 * @specs: names of events
 * @open_spec: event of the record that goes on in the next line; NULL without
 * @open: its fields so far, with the newlines
 * @skipping: the last record was of no known event and may go on in further lines
 */
struct parser {
	const struct zsim_allocator *alloc;
	struct zsim_ftrace_facts facts;
	struct zsim_word_table specs;
	const struct zsim_ftrace_spec *open_spec;
	uint32_t open_pid;
	uint64_t open_line;
	size_t open_length;
	char *open;
	bool skipping;
	struct zsim_ftrace_reason reason;
};

static int parser_fail(struct parser *p, const char **why, const struct zsim_ftrace_spec *spec,
		       const char *what)
{
	return zsim_ftrace_fail(&p->reason, why, zsim_ftrace_spec_name(spec), "", what);
}

static int record_fill(struct parser *p, const struct zsim_ftrace_spec *spec, char *fields,
		       struct zsim_event *ev, const char **why)
{
	memset(ev, 0, sizeof(*ev));
	ev->type = ZSIM_EV_SAW;
	ev->record.saw = zsim_ftrace_spec_saw(spec);
	return zsim_ftrace_record_parse(spec, fields, &ev->record, &p->reason, why);
}

static int open_begin(struct parser *p, const struct zsim_ftrace_spec *spec,
		      const struct zsim_ftrace_line *l, uint64_t number, const char **why)
{
	size_t length = strlen(l->fields);

	if (length >= OPEN_BYTES_MAX)
		return parser_fail(p, why, spec, "a quoted value does not end");
	if (!p->open)
		p->open = zsim_alloc(p->alloc, OPEN_BYTES_MAX);
	if (!p->open)
		return -ENOMEM;
	memcpy(p->open, l->fields, length + 1);
	p->open_length = length;
	p->open_spec = spec;
	p->open_pid = l->pid;
	p->open_line = number;
	return 0;
}

/* One more line of a record whose quoted value is open. */
static int open_append(struct parser *p, const char *line, size_t length, struct zsim_event *ev,
		       const char **why)
{
	const struct zsim_ftrace_spec *spec = p->open_spec;
	int ret;

	if (length + 2 > OPEN_BYTES_MAX - p->open_length)
		return parser_fail(p, why, spec, "a quoted value does not end");
	p->open[p->open_length++] = '\n';
	memcpy(p->open + p->open_length, line, length);
	p->open_length += length;
	p->open[p->open_length] = '\0';
	ret = record_fill(p, spec, p->open, ev, why);
	if (ret == ZSIM_FTRACE_GOES_ON)
		return 0;
	p->open_spec = NULL;
	ev->line = p->open_line;
	ev->record.pid = p->open_pid;
	return ret;
}

static int record_line(struct parser *p, const struct zsim_ftrace_line *l, uint64_t number,
		       struct zsim_event *ev, const char **why)
{
	const struct zsim_ftrace_spec *spec =
		zsim_ftrace_spec_find(&p->specs, l->name, l->name_length);
	int ret;

	p->skipping = !spec;
	if (!spec)
		return 0;
	if (!l->fields)
		return parser_fail(p, why, spec, "the line is cut");
	ret = record_fill(p, spec, l->fields, ev, why);
	if (ret == ZSIM_FTRACE_GOES_ON)
		return open_begin(p, spec, l, number, why);
	ev->line = number;
	ev->record.pid = l->pid;
	return ret;
}

static int fact_line(struct parser *p, char *text, uint64_t number, struct zsim_event *ev,
		     const char **why)
{
	struct zsim_ftrace_fact fact = { .line = number };
	enum zsim_ftrace_place place = zsim_ftrace_fact_split(text, &fact);

	if (place == ZSIM_FTRACE_NOWHERE)
		return 0;
	if (place == ZSIM_FTRACE_BEHIND && zsim_ftrace_facts_next(&p->facts, ev))
		return MORE;
	return zsim_ftrace_facts_add(&p->facts, &fact, ev, &p->reason, why);
}

static int lost_line(struct parser *p, uint64_t number, struct zsim_event *ev)
{
	if (zsim_ftrace_facts_next(&p->facts, ev))
		return MORE;
	memset(ev, 0, sizeof(*ev));
	ev->type = ZSIM_EV_SAW;
	ev->line = number;
	ev->record.saw = ZSIM_SAW_LOST;
	return 1;
}

static int ftrace_line(void *state, char *line, size_t length, uint64_t number,
		       struct zsim_event *ev, const char **why)
{
	struct parser *p = state;
	struct zsim_ftrace_line l;

	if (length && line[length - 1] == '\r') /* it went through another system */
		line[--length] = '\0';
	if (p->open_spec)
		return open_append(p, line, length, ev, why);
	switch (zsim_ftrace_line_split(line, &l)) {
	case ZSIM_FTRACE_COMMENT:
		return 0;
	case ZSIM_FTRACE_LOST:
		return lost_line(p, number, ev);
	case ZSIM_FTRACE_FACT:
		return fact_line(p, l.fields, number, ev, why);
	case ZSIM_FTRACE_RECORD:
		if (zsim_ftrace_facts_next(&p->facts, ev))
			return MORE;
		return record_line(p, &l, number, ev, why);
	case ZSIM_FTRACE_GARBAGE:
		break;
	}
	if (p->skipping || number == 1) /* the rest of a line that was cut off before */
		return 0;
	*why = "not a trace line";
	return -EBADMSG;
}

static int ftrace_end(void *state, struct zsim_event *ev, const char **why)
{
	struct parser *p = state;

	(void)why; /* a value whose end was cut off goes with its record */
	return zsim_ftrace_facts_next(&p->facts, ev) ? MORE : 0;
}

static void *ftrace_create(const struct zsim_allocator *a)
{
	struct parser *p = zsim_zalloc(a, sizeof(*p));

	if (p) {
		p->alloc = a;
		p->facts.alloc = a;
		zsim_ftrace_specs_init(&p->specs);
	}
	return p;
}

static void ftrace_free(const struct zsim_allocator *a, void *state)
{
	struct parser *p = state;

	if (!p)
		return;
	zsim_ftrace_facts_destroy(&p->facts);
	zsim_dealloc(a, p->open);
	zsim_dealloc(a, p);
}

const struct zsim_format zsim_format_ftrace = {
	.format = ZSIM_FORMAT_FTRACE,
	.create = ftrace_create,
	.free = ftrace_free,
	.line = ftrace_line,
	.end = ftrace_end,
};
