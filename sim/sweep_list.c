/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIT 1000u /* values of a range are counted in thousandths */
#define FIXED_MAX (UINT64_MAX / UNIT / UNIT)

int zsim_sweep_list_add(struct zsim_sweep_list *list, const char *value)
{
	char **values = list->values;
	char *copy;

	if (list->nr == ZSIM_SWEEP_LIST_MAX)
		return -ERANGE;
	if (!(list->nr & (list->nr + 1))) { /* room for a power of two, less one */
		values = realloc(values, 2 * (list->nr + 1) * sizeof(*values));
		if (!values)
			return -ENOMEM;
		list->values = values;
	}
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	values[list->nr++] = copy;
	return 0;
}

void zsim_sweep_list_free(struct zsim_sweep_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free(list->values[i]);
	free(list->values);
	*list = (struct zsim_sweep_list){ 0 };
}

/* ---- ranges --------------------------------------------------------------------- */

/* "12", "0.25", "100k" in thousandths; *@end is what follows */
static int fixed_parse(const char *text, const char **end, uint64_t *value)
{
	static const char suffixes[] = "kMG";
	uint64_t scale = UNIT;
	const char *suffix;
	const char *p = text;

	for (*value = 0; *p >= '0' && *p <= '9' && *value < FIXED_MAX; p++)
		*value = *value * 10 + (uint64_t)(*p - '0');
	if (p == text || *value >= FIXED_MAX)
		return -EINVAL;
	*value *= UNIT;
	if (p[0] == '.' && p[1] >= '0' && p[1] <= '9')
		for (p++; *p >= '0' && *p <= '9' && scale > 1; p++)
			*value += (uint64_t)(*p - '0') * (scale /= 10);
	suffix = *p ? strchr(suffixes, *p) : NULL;
	for (ptrdiff_t i = suffix ? suffix - suffixes : -1; i >= 0; i--)
		*value *= *value < FIXED_MAX ? 1000 : 1;
	*end = suffix ? p + 1 : p;
	return 0;
}

static int fixed_add(struct zsim_sweep_list *list, uint64_t value)
{
	char text[32];

	if (value % UNIT)
		snprintf(text, sizeof(text), "%" PRIu64 ".%03" PRIu64, value / UNIT, value % UNIT);
	else
		snprintf(text, sizeof(text), "%" PRIu64, value / UNIT);
	return zsim_sweep_list_add(list, text);
}

/** struct range - @product: @step is a factor */
struct range {
	uint64_t from;
	uint64_t to;
	uint64_t step;
	bool product;
};

static int range_parse(const char *text, const char *dots, struct range *r)
{
	const char *end;

	r->product = false;
	r->step = UNIT;
	if (fixed_parse(text, &end, &r->from) || end != dots ||
	    fixed_parse(dots + 2, &end, &r->to) || r->from > r->to)
		return -EINVAL;
	if (!*end)
		return 0;
	r->product = *end == '*';
	if ((*end != '+' && *end != '*') || fixed_parse(end + 1, &end, &r->step) || *end)
		return -EINVAL;
	/* it must get anywhere */
	return r->step > (r->product ? UNIT : 0) && (!r->product || r->from) ? 0 : -EINVAL;
}

/* in long double, which holds every product exactly enough, since it may pass 64 bits */
static uint64_t range_next(const struct range *r, uint64_t value)
{
	long double next = r->product ? (long double)value * (long double)r->step / UNIT :
					(long double)value + (long double)r->step;

	if (next > (long double)r->to)
		return UINT64_MAX;
	return (uint64_t)next > value ? (uint64_t)next : value + 1;
}

static int range_add(struct zsim_sweep_list *list, const struct range *r)
{
	int err = 0;

	for (uint64_t value = r->from; value <= r->to && !err; value = range_next(r, value))
		err = fixed_add(list, value);
	return err;
}

static int item_add(struct zsim_sweep_list *list, const char *item)
{
	const char *dots = strstr(item, "..");
	struct range r;
	int err;

	if (!*item)
		return -EINVAL;
	if (!dots)
		return zsim_sweep_list_add(list, item);
	err = range_parse(item, dots, &r);
	return err ? err : range_add(list, &r);
}

int zsim_sweep_list_parse(struct zsim_sweep_list *list, const char *text)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *item;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (item = strsep(&rest, ",")))
		err = item_add(list, item);
	free(copy);
	return err;
}
