/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_line.h - one line of a text trace, cut into fields in place.
 *
 * What trace_text.c (events) and trace_saw.c (records) have in common: fields
 * from left to right, strict numbers, `= RESULT`, and the reason when a line is
 * wrong. Functions that return int give 0, or -EBADMSG with the reason set.
 */
#ifndef ZSIM_TRACE_TEXT_LINE_H
#define ZSIM_TRACE_TEXT_LINE_H

#include <zsim/event.h>

#include "trace/input.h"
#include "trace/path_table.h"
#include "trace/word_table.h"

/**
 * struct zsim_text - the parser's state over lines
 * @header: `zsim-trace 1` has been read
 * @events: an event came, so that `machine` may not
 * @no_memory: there was none for a path: told when the line is asked for
 * @path, @path_length, @group: path of the store before that was a page event, and its
 *	number; 0 bytes at first
 * @saws, @keys: words of `saw` lines
 * @length: lengths of the folio of the line's store
 */
struct zsim_text {
	bool header;
	bool events;
	bool no_memory;
	uint32_t group;
	const char *path;
	size_t path_length;
	struct zsim_word_table saws;
	struct zsim_word_table keys;
	uint16_t length[ZSIM_MAX_FOLIO_PAGES];
	char why[256];
};

/**
 * struct zsim_line - the line being parsed
 * @p: unread rest; @end: its NUL
 * @n: length of the field taken last
 * @what: event for messages, "" until it is known
 */
struct zsim_line {
	struct zsim_text *text;
	struct zsim_event *ev;
	char *p;
	char *end;
	size_t n;
	const char *what;
};

static inline bool zsim_line_blank(char c)
{
	return c == ' ' || c == '\t';
}

/** zsim_text_init() - the words of `saw` lines; the rest of @text is zeroed, and it needs no end */
void zsim_text_init(struct zsim_text *text);
/** zsim_text_ops() - zsim_reader_ops() of text traces (reader.h) */
uint32_t zsim_text_ops(void *state, struct zsim_input *in, struct zsim_path_table *paths,
		       struct zsim_op *ops, uint32_t max);

/** zsim_line_bad() - set the reason, made one line; -EBADMSG */
int zsim_line_bad(struct zsim_line *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/** zsim_line_ended() - skips blanks; nothing, or a comment, follows */
bool zsim_line_ended(struct zsim_line *l);
/** zsim_line_tail() - behind the last field: nothing, a comment, or `= RESULT` */
int zsim_line_tail(struct zsim_line *l);
/** zsim_line_saw() - the fields of a `saw` line */
int zsim_line_saw(struct zsim_line *l);

/** zsim_field_cut() - what begins at @p and goes to a blank, terminated; @p is one behind that */
char *zsim_field_cut(struct zsim_line *l);
/** zsim_field_next() - the next field, or NULL where the line, or its part before `=`, ends */
char *zsim_field_next(struct zsim_line *l);
/** zsim_field_need() - the next field must be there; @name is for the reason */
int zsim_field_need(struct zsim_line *l, const char *name, const char **s);
/**
 * zsim_field_check() - what a number parser gave for the field @s
 * @ret: what it returned; @value: where it put the number
 */
int zsim_field_check(struct zsim_line *l, const char *name, const char *s, int ret, uint64_t min,
		     uint64_t max, const uint64_t *value);
/** zsim_field_number() - the next field is a number in @min..@max */
int zsim_field_number(struct zsim_line *l, const char *name, uint64_t min, uint64_t max,
		      uint64_t *value);

#endif
