/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * word_table.h - fixed words by their text: every line of a capture has two or three.
 */
#ifndef ZSIM_TRACE_WORD_TABLE_H
#define ZSIM_TRACE_WORD_TABLE_H

#include <stddef.h>
#include <stdint.h>

/** Slots; at most half of them may be used, so that looking for what is not there ends soon. */
#define ZSIM_WORD_SLOTS 128u

/** struct zsim_word_table - zeroed it is empty; @length 0 = nothing in the slot */
struct zsim_word_table {
	const char *word[ZSIM_WORD_SLOTS];
	uint8_t length[ZSIM_WORD_SLOTS];
	uint8_t number[ZSIM_WORD_SLOTS];
};

/** zsim_word_add() - @word: of 2 to 255 bytes, not there yet, and static */
void zsim_word_add(struct zsim_word_table *t, const char *word, uint8_t number);
/** zsim_word_find() - the number of a word that need not be terminated, or -ENOENT */
int zsim_word_find(const struct zsim_word_table *t, const char *s, size_t n);

#endif
