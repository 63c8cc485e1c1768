/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/word_table.h"

#include <errno.h>
#include <string.h>

/* these bytes and the length tell the words of captures apart, and with this factor few collide */
static unsigned int word_hash(const char *s, size_t n)
{
	const unsigned char *b = (const unsigned char *)s;
	uint32_t x = b[0] | (uint32_t)b[n * 3 / 5] << 8 | (uint32_t)b[n - 2] << 16 |
		     (uint32_t)b[n - 1] << 24;

	return ((x ^ (uint32_t)n << 5) * UINT32_C(0x202b1113)) >> 25;
}

void zsim_word_add(struct zsim_word_table *t, const char *word, uint8_t number)
{
	size_t n = strlen(word);
	unsigned int i = word_hash(word, n);

	while (t->length[i])
		i = (i + 1) % ZSIM_WORD_SLOTS;
	t->word[i] = word;
	t->length[i] = (uint8_t)n;
	t->number[i] = number;
}

int zsim_word_find(const struct zsim_word_table *t, const char *s, size_t n)
{
	if (n < 2)
		return -ENOENT;
	for (unsigned int i = word_hash(s, n); t->length[i]; i = (i + 1) % ZSIM_WORD_SLOTS)
		if (t->length[i] == n && !memcmp(t->word[i], s, n))
			return t->number[i];
	return -ENOENT;
}
