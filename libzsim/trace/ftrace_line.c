/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_line.c - see ftrace_line.h.
 *
 * A capture has millions of lines, so all is scanned by hand, once, in place.
 */
#include <string.h>

#include "trace/ftrace_line.h"

#define FACT_MARK "# zsim: "

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char *blanks_skip(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

static char *word_skip(char *p)
{
	while (is_word(*p))
		p++;
	return p;
}

/* Digits of at most 32 bits' worth; NULL if there is none, or too many. */
static char *digits_take(char *p, uint32_t *value)
{
	uint64_t v = 0;
	char *start = p;

	for (; is_digit(*p); p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > UINT32_MAX)
			return NULL;
	}
	*value = (uint32_t)v;
	return p > start ? p : NULL;
}

/* `SECONDS: `, or a plain count where the buffer runs on another clock. */
static char *time_skip(char *p)
{
	char *start = p;

	while (is_digit(*p))
		p++;
	if (p == start)
		return NULL;
	if (*p == '.') {
		for (p++; is_digit(*p); p++)
			;
	}
	return p[0] == ':' && p[1] == ' ' ? blanks_skip(p + 1) : NULL;
}

/* `[CPU] flags SECONDS: `; the flags are missing if the option irq-info is off. */
static char *cpu_take(char *bracket, uint32_t *cpu)
{
	char *p = digits_take(bracket + 1, cpu), *time;

	if (!p || p[0] != ']' || !is_blank(p[1]))
		return NULL;
	p = blanks_skip(p + 1);
	time = time_skip(p);
	if (time)
		return time;
	while (*p && !is_blank(*p))
		p++;
	return time_skip(blanks_skip(p));
}

/*
 * `comm-PID` and blanks before the bracket, read backwards since a comm may hold
 * anything. The option record-tgid puts a ` (TGID)` between.
 */
static bool task_take(char *line, char *bracket, struct zsim_ftrace_line *out)
{
	char *end = bracket, *p;

	while (end > line && is_blank(end[-1]))
		end--;
	if (end > line && end[-1] == ')') {
		while (end > line && *end != '(')
			end--;
		while (end > line && is_blank(end[-1]))
			end--;
	}
	for (p = end; p > line && is_digit(p[-1]); p--)
		;
	if (p == end || end == bracket || p <= line + 1 || p[-1] != '-')
		return false;
	out->comm = line;
	out->comm_length = (size_t)(p - 1 - line);
	return digits_take(p, &out->pid) == end;
}

/* `EVENT: (where) `: probes tell where they stand, static tracepoints do not. */
static enum zsim_ftrace_kind event_take(char *p, struct zsim_ftrace_line *out)
{
	out->name = p;
	while (*p && *p != ':' && !is_blank(*p))
		p++;
	out->name_length = (size_t)(p - out->name);
	if (*p != ':' || !out->name_length)
		return ZSIM_FTRACE_GARBAGE;
	p = blanks_skip(p + 1);
	if (*p == '(') {
		p = strchr(p, ')');
		if (p)
			p = blanks_skip(p + 1);
	}
	out->fields = p;
	return ZSIM_FTRACE_RECORD;
}

static enum zsim_ftrace_kind record_split(char *line, struct zsim_ftrace_line *out)
{
	char *bracket, *event;

	line = blanks_skip(line);
	for (bracket = strchr(line, '['); bracket; bracket = strchr(bracket + 1, '[')) {
		if (!task_take(line, bracket, out))
			continue;
		event = cpu_take(bracket, &out->cpu);
		if (event)
			return event_take(event, out);
	}
	return ZSIM_FTRACE_GARBAGE;
}

static bool is_lost(char *line)
{
	char *p = blanks_skip(line);
	uint32_t cpu;

	if (strncmp(p, "CPU:", 4) != 0)
		return false;
	p = digits_take(p + 4, &cpu);
	return p && strncmp(p, " [LOST ", 7) == 0;
}

enum zsim_ftrace_kind zsim_ftrace_line_split(char *line, struct zsim_ftrace_line *out)
{
	enum zsim_ftrace_kind kind;

	if (line[0] == '#') {
		if (strncmp(line, FACT_MARK, sizeof(FACT_MARK) - 1) != 0)
			return ZSIM_FTRACE_COMMENT;
		out->fields = line + sizeof(FACT_MARK) - 1;
		return ZSIM_FTRACE_FACT;
	}
	kind = record_split(line, out);
	if (kind == ZSIM_FTRACE_GARBAGE) {
		if (is_lost(line))
			return ZSIM_FTRACE_LOST;
		if (!*blanks_skip(line))
			return ZSIM_FTRACE_COMMENT;
	}
	return kind;
}

/* Whether a record ends, or its next pair begins, at @p. */
static bool is_boundary(char *p)
{
	char *key = blanks_skip(p), *end;

	if (!*key)
		return true;
	end = word_skip(key);
	return key > p && end > key && *end == '=';
}

static enum zsim_ftrace_next quoted_take(char **pos, struct zsim_ftrace_field *out)
{
	char *quote = out->value;

	out->quoted = true;
	do {
		quote = strchr(quote + 1, '"');
		if (!quote)
			return ZSIM_FTRACE_OPEN;
	} while (!is_boundary(quote + 1));
	out->value++;
	out->value_length = (size_t)(quote - out->value);
	*pos = quote + 1;
	return ZSIM_FTRACE_FIELD;
}

enum zsim_ftrace_next zsim_ftrace_field_next(char **pos, struct zsim_ftrace_field *out)
{
	char *p = *pos;

	for (;;) {
		out->key = blanks_skip(p);
		p = word_skip(out->key);
		if (p > out->key && *p == '=')
			break;
		while (*p && !is_blank(*p)) /* some remark: no pair */
			p++;
		if (!*p) {
			*pos = p;
			return ZSIM_FTRACE_END;
		}
	}
	out->key_length = (size_t)(p - out->key);
	out->value = p + 1;
	if (*out->value == '"')
		return quoted_take(pos, out);
	out->quoted = false;
	for (p++; *p && !is_blank(*p); p++)
		;
	out->value_length = (size_t)(p - out->value);
	*pos = p;
	return ZSIM_FTRACE_FIELD;
}
