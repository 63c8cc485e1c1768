/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_ops.c - the plain page events of text traces, many at a time.
 *
 * Long traces consist of `store SLOT PATH NODE LENGTH`, `load SLOT` and `invalidate SLOT`.
 * Lines that are exactly that, single blanks and all, are read here where the input has
 * them. Whatever is else, and be it only a comment behind or a number that is too large,
 * is left to trace_text.c, which knows the whole format and what to say of a wrong line.
 *
 * Each line ends in a newline, which no field takes: so nothing here looks for the end.
 */
#include <string.h>

#include "trace/slot.h"
#include "trace/text_line.h"

/* more digits than any slot needs; none of these overflows */
#define DECIMALS_MAX 19
#define HEX_MAX 16

/* functions below return what follows, or NULL: not as simple as that */

static const char *decimal_take(const char *p, uint64_t *value)
{
	const char *start = p;
	uint64_t sum = 0;
	unsigned int digit;

	while ((digit = (unsigned int)(unsigned char)*p - '0') <= 9) {
		sum = sum * 10 + digit;
		p++;
	}
	*value = sum;
	return p > start && p - start <= DECIMALS_MAX ? p : NULL;
}

static const char *hex_take(const char *p, uint64_t *value)
{
	const char *start = p;
	uint64_t sum = 0;
	unsigned int digit;

	for (;; p++) {
		digit = (unsigned int)(unsigned char)*p - '0';
		if (digit > 9) {
			digit = (unsigned int)(unsigned char)*p - 'a';
			if (digit > 5)
				break;
			digit += 10;
		}
		sum = sum << 4 | digit;
	}
	*value = sum;
	return p > start && p - start <= HEX_MAX ? p : NULL;
}

static const char *slot_take(const char *p, uint64_t *slot)
{
	p = p[0] == '0' && p[1] == 'x' ? hex_take(p + 2, slot) : decimal_take(p, slot);
	return zsim_slot_fits(*slot) ? p : NULL;
}

/* a path that is not that of the store before */
static const char *path_find(struct zsim_text *text, struct zsim_path_table *paths, const char *p)
{
	const char *end = p;
	size_t n;

	while ((unsigned char)*end > ' ')
		end++;
	n = (size_t)(end - p);
	if (zsim_path_fault(p, n) || text->no_memory)
		return NULL;
	if (zsim_path_table_add(paths, p, n, &text->group)) {
		text->no_memory = true;
		return NULL;
	}
	text->path = zsim_path_table_at(paths, text->group);
	text->path_length = n;
	return end;
}

static const char *path_take(struct zsim_text *text, struct zsim_path_table *paths, const char *p,
			     const char *end)
{
	size_t n = text->path_length;

	if (n && n < (size_t)(end - p) && p[n] == ' ' && !memcmp(p, text->path, n))
		return p + n;
	return path_find(text, paths, p);
}

static const char *store_take(struct zsim_text *text, struct zsim_path_table *paths, const char *p,
			      const char *end, struct zsim_op *op)
{
	uint64_t node;
	uint64_t length;

	p = slot_take(p, &op->slot);
	if (!p || *p != ' ')
		return NULL;
	p = path_take(text, paths, p + 1, end);
	if (!p || *p != ' ')
		return NULL;
	p = decimal_take(p + 1, &node);
	if (!p || *p != ' ' || node >= ZSIM_MAX_NODES)
		return NULL;
	p = decimal_take(p + 1, &length);
	if (!p || !length || length > ZSIM_PAGE_SIZE)
		return NULL;
	op->type = ZSIM_EV_STORE;
	op->group = text->group;
	op->node = (uint8_t)node;
	op->length = (uint16_t)length;
	return p;
}

/* the line that begins at @p; loads may reach into the input's slack, not beyond */
static const char *line_take(struct zsim_text *text, struct zsim_path_table *paths, const char *p,
			     const char *end, struct zsim_op *op)
{
	*op = (struct zsim_op){ 0 };
	if (!memcmp(p, "store ", 6)) {
		p = store_take(text, paths, p + 6, end, op);
	} else if (!memcmp(p, "load ", 5)) {
		op->type = ZSIM_EV_LOAD;
		p = slot_take(p + 5, &op->slot);
	} else if (!memcmp(p, "invalidate ", 11)) {
		op->type = ZSIM_EV_INVALIDATE;
		p = slot_take(p + 11, &op->slot);
	} else {
		return NULL;
	}
	return p && *p == '\n' ? p + 1 : NULL;
}

uint32_t zsim_text_ops(void *state, struct zsim_input *in, struct zsim_path_table *paths,
		       struct zsim_op *ops, uint32_t max)
{
	struct zsim_text *text = state;
	const char *next = "";
	const char *data;
	const char *end;
	const char *p;
	uint32_t got = 0;
	uint32_t n;
	size_t size;

	while (next && got < max && (size = zsim_input_lines(in, &data))) {
		end = data + size;
		for (p = data, n = got; n < max && p < end; p = next, n++) {
			next = line_take(text, paths, p, end, &ops[n]);
			if (!next)
				break;
		}
		zsim_input_take(in, (size_t)(p - data), n - got);
		got = n;
	}
	if (got)
		text->events = true;
	return got;
}
