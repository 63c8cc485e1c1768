/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/bytes.h"

#define DIGITS_MAX 20

void zsim_bytes_init(struct zsim_bytes *b, const struct zsim_allocator *alloc, char *room,
		     size_t size)
{
	*b = (struct zsim_bytes){ .alloc = alloc, .data = room, .cap = size };
}

void zsim_bytes_destroy(struct zsim_bytes *b)
{
	if (b->own)
		zsim_dealloc(b->alloc, b->data);
}

static bool bytes_grow(struct zsim_bytes *b, size_t more)
{
	size_t cap = 2 * (b->n + more) + 64;
	char *data = zsim_realloc(b->alloc, b->own ? b->data : NULL, cap);

	if (!data) {
		b->failed = true;
		return false;
	}
	if (!b->own && b->n)
		memcpy(data, b->data, b->n);
	b->data = data;
	b->cap = cap;
	b->own = true;
	return true;
}

char *zsim_bytes_room(struct zsim_bytes *b, size_t more)
{
	if (more > b->cap - b->n && !bytes_grow(b, more))
		return NULL;
	return b->data + b->n;
}

void zsim_bytes_add(struct zsim_bytes *b, const void *data, size_t n)
{
	char *room = zsim_bytes_room(b, n);

	if (!room || !n)
		return;
	memcpy(room, data, n);
	b->n += n;
}

void zsim_bytes_add_char(struct zsim_bytes *b, char c)
{
	zsim_bytes_add(b, &c, 1);
}

void zsim_bytes_add_string(struct zsim_bytes *b, const char *s)
{
	zsim_bytes_add(b, s, strlen(s));
}

/* digits of a base up to 16, written from the last to the first */
static void number_add(struct zsim_bytes *b, uint64_t value, unsigned int base)
{
	char digits[DIGITS_MAX];
	char *p = digits + DIGITS_MAX;

	do {
		*--p = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	zsim_bytes_add(b, p, (size_t)(digits + DIGITS_MAX - p));
}

void zsim_bytes_add_number(struct zsim_bytes *b, uint64_t value)
{
	number_add(b, value, 10);
}

void zsim_bytes_add_signed(struct zsim_bytes *b, int64_t value)
{
	if (value < 0)
		zsim_bytes_add_char(b, '-');
	number_add(b, value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

void zsim_bytes_add_hex(struct zsim_bytes *b, uint64_t value)
{
	zsim_bytes_add_string(b, "0x");
	number_add(b, value, 16);
}
