/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *libc_alloc(void *ctx, size_t size)
{
	(void)ctx;
	return malloc(size);
}

static void *libc_realloc(void *ctx, void *ptr, size_t size)
{
	(void)ctx;
	return realloc(ptr, size);
}

static void libc_free(void *ctx, void *ptr)
{
	(void)ctx;
	free(ptr);
}

const struct zsim_allocator *zsim_allocator_libc(void)
{
	static const struct zsim_allocator libc = { libc_alloc, libc_realloc, libc_free, NULL };

	return &libc;
}

void *zsim_zalloc(const struct zsim_allocator *a, size_t size)
{
	void *ptr = zsim_alloc(a, size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

char *zsim_strdup(const struct zsim_allocator *a, const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = zsim_alloc(a, size);

	if (copy)
		memcpy(copy, s, size);
	return copy;
}
