/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.h - what a format's parser sees of the reader that feeds it.
 *
 * reader.c owns the input (input.h), finds out the format, hands a parser one
 * line at a time and keeps the sticky error; a parser knows nothing of files.
 */
#ifndef ZSIM_TRACE_READER_H
#define ZSIM_TRACE_READER_H

#include "trace/input.h"
#include "trace/path_table.h"
#include <zsim/trace.h>

struct zsim_reader;

/**
 * struct zsim_format - a trace format
 * @create: the parser's own state, or NULL without memory
 * @free: takes NULL
 * @line: of formats made of lines: one without its newline, NUL-terminated, writable until
 *	the next call; @number is its 1-based number. Returns 1 = @ev filled (its strings may
 *	point into @line or into the parser's state), 0 = no event yet (comment, or
 *	a record that goes on in the next line), 2 = @ev filled and more are due: call
 *	again with the same line, -EBADMSG with *@why (static or owned
 *	by the parser), -ENOMEM.
 * @end: the input ended; -EBADMSG with *@why if it ended inside something, 1 with
 *	an event that was held back, 2 with one and more are due, else 0
 * @open: NULL, or reads what a trace begins with: 0, or an error with *@why
 * @next: instead of @line and @end: 1 = @ev filled, 0 = the end, or an error with *@why.
 *	It is asked for what @ops has left; the number of events is told to the input.
 * @ops: NULL, or zsim_reader_ops()
 */
struct zsim_format {
	enum zsim_trace_format format;
	void *(*create)(const struct zsim_allocator *a);
	void (*free)(const struct zsim_allocator *a, void *state);
	int (*line)(void *state, char *line, size_t length, uint64_t number, struct zsim_event *ev,
		    const char **why);
	int (*end)(void *state, struct zsim_event *ev, const char **why);
	int (*open)(void *state, struct zsim_input *in, const char **why);
	int (*next)(void *state, struct zsim_input *in, struct zsim_path_table *paths,
		    struct zsim_event *ev, const char **why);
	uint32_t (*ops)(void *state, struct zsim_input *in, struct zsim_path_table *paths,
			struct zsim_op *ops, uint32_t max);
};

extern const struct zsim_format zsim_format_text;   /* trace_text.c */
extern const struct zsim_format zsim_format_ftrace; /* ftrace_map.c */
extern const struct zsim_format zsim_format_binary; /* trace_binary.c */

#endif
