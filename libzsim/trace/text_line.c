/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/text_line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* ---- fields ------------------------------------------------------------------ */

/* messages are one line, whatever the trace has in it */
static void why_clean(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

int zsim_line_bad(struct zsim_line *l, const char *format, ...)
{
	char *why = l->text->why;
	size_t size = sizeof(l->text->why);
	int n = snprintf(why, size, "%.32s%s", l->what, *l->what ? ": " : "");
	va_list args;

	va_start(args, format);
	vsnprintf(why + n, size - (size_t)n, format, args);
	va_end(args);
	why_clean(why);
	return -EBADMSG;
}

bool zsim_line_ended(struct zsim_line *l)
{
	while (zsim_line_blank(*l->p))
		l->p++;
	return !*l->p || *l->p == '#';
}

char *zsim_field_cut(struct zsim_line *l)
{
	char *s = l->p;
	char *p = s;

	while (*p && !zsim_line_blank(*p))
		p++;
	l->n = (size_t)(p - s);
	/* one blank only: what follows FILE is text, its blanks included */
	if (*p)
		*p++ = '\0';
	l->p = p;
	return s;
}

static bool at_equals(const struct zsim_line *l)
{
	return l->p[0] == '=' && (!l->p[1] || zsim_line_blank(l->p[1]));
}

char *zsim_field_next(struct zsim_line *l)
{
	if (zsim_line_ended(l) || at_equals(l))
		return NULL;
	return zsim_field_cut(l);
}

int zsim_field_need(struct zsim_line *l, const char *name, const char **s)
{
	*s = zsim_field_next(l);
	return *s ? 0 : zsim_line_bad(l, "%s missing", name);
}

static int range_bad(struct zsim_line *l, const char *name, uint64_t min, uint64_t max,
		     const char *s)
{
	return zsim_line_bad(l, "%s out of range %llu..%llu: %.64s", name, (unsigned long long)min,
			     (unsigned long long)max, s);
}

int zsim_field_check(struct zsim_line *l, const char *name, const char *s, int ret, uint64_t min,
		     uint64_t max, const uint64_t *value)
{
	if (ret == -EINVAL)
		return zsim_line_bad(l, "%s is not a number: %.64s", name, s);
	if (ret || *value < min || *value > max)
		return range_bad(l, name, min, max, s);
	return 0;
}

int zsim_field_number(struct zsim_line *l, const char *name, uint64_t min, uint64_t max,
		      uint64_t *value)
{
	const char *s;
	int ret = zsim_field_need(l, name, &s);

	if (ret)
		return ret;
	ret = zsim_number_parse(s, l->n, value);
	return zsim_field_check(l, name, s, ret, min, max, value);
}

/* ---- = RESULT ------------------------------------------------------------------ */

static int errno_result(const char *s, size_t n, int64_t *rc)
{
	int number;

	if (!zsim_number_parse_signed(s, n, rc))
		return 0;
	number = *s == '-' ? zsim_errno_parse(s + 1) : -EINVAL;
	*rc = -number;
	return number > 0 ? 0 : -EINVAL;
}

static int result_parse(struct zsim_line *l, const char *s)
{
	struct zsim_result *r = &l->ev->expect;
	int point;

	if (!strcmp(s, "ok") || !strcmp(s, "rejected")) {
		r->kind = ZSIM_RESULT_STORE;
		r->value = s[0] == 'o';
		return 0;
	}
	if (!strcmp(s, "stop")) {
		r->kind = ZSIM_RESULT_STOP;
		return 0;
	}
	point = zsim_point_parse(s);
	if (point > ZSIM_POINT_NONE) {
		r->kind = ZSIM_RESULT_POINT;
		r->value = point;
		return 0;
	}
	r->kind = ZSIM_RESULT_RC;
	if (errno_result(s, l->n, &r->value))
		return zsim_line_bad(l, "RESULT is not known: %.64s", s);
	return 0;
}

int zsim_line_tail(struct zsim_line *l)
{
	const char *s;
	int ret;

	if (zsim_line_ended(l))
		return 0;
	if (at_equals(l)) {
		zsim_field_cut(l);
		if (zsim_line_ended(l))
			return zsim_line_bad(l, "RESULT missing");
		s = zsim_field_cut(l);
		ret = result_parse(l, s);
		if (ret)
			return ret;
	}
	if (zsim_line_ended(l))
		return 0;
	return zsim_line_bad(l, "extra field: %.64s", zsim_field_cut(l));
}
