/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytes.h - text that is being written: bytes that grow, and how numbers go into them.
 */
#ifndef ZSIM_TRACE_BYTES_H
#define ZSIM_TRACE_BYTES_H

#include <string.h>

#include "base/alloc.h"

/**
 * struct zsim_bytes - bytes in memory
 * @data: @n bytes in use of @cap
 * @own: @data is of @alloc, not the caller's
 * @failed: there was no memory for some: what is there is not all
 */
struct zsim_bytes {
	const struct zsim_allocator *alloc;
	char *data;
	size_t n;
	size_t cap;
	bool own;
	bool failed;
};

/** zsim_bytes_init() - empty; @room: @size bytes of the caller's to begin with, or NULL */
void zsim_bytes_init(struct zsim_bytes *b, const struct zsim_allocator *alloc, char *room,
		     size_t size);
void zsim_bytes_destroy(struct zsim_bytes *b);
/** zsim_bytes_room() - where @more bytes can be put, or NULL, with @failed set */
char *zsim_bytes_room(struct zsim_bytes *b, size_t more);
void zsim_bytes_add(struct zsim_bytes *b, const void *data, size_t n);
void zsim_bytes_add_char(struct zsim_bytes *b, char c);
void zsim_bytes_add_string(struct zsim_bytes *b, const char *s);
/** zsim_bytes_add_number() - in decimal */
void zsim_bytes_add_number(struct zsim_bytes *b, uint64_t value);
void zsim_bytes_add_signed(struct zsim_bytes *b, int64_t value);
/** zsim_bytes_add_hex() - with 0x in front, in lower case */
void zsim_bytes_add_hex(struct zsim_bytes *b, uint64_t value);

#endif
