/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_line.h - the outer shape of a line of a kernel's trace buffer.
 *
 *	comm-PID     [CPU] flags  SECONDS: EVENT: (where) key=value key="text" ...
 *
 * Finds the parts and the key=value pairs, in place and without a copy. What
 * an event and its keys mean is ftrace_map.c's business.
 */
#ifndef ZSIM_TRACE_FTRACE_LINE_H
#define ZSIM_TRACE_FTRACE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** enum zsim_ftrace_kind - what a line is */
enum zsim_ftrace_kind {
	ZSIM_FTRACE_GARBAGE, /* nothing that a trace buffer prints */
	ZSIM_FTRACE_RECORD,
	ZSIM_FTRACE_FACT,    /* `# zsim: ...` */
	ZSIM_FTRACE_COMMENT, /* any other `#` line, or an empty one */
	ZSIM_FTRACE_LOST,    /* `CPU:N [LOST M EVENTS]`: the kernel's buffer overflowed */
};

/**
 * struct zsim_ftrace_line - the parts of a line, all pointing into it
 * @comm: not terminated; may hold blanks, dashes and brackets, or be `<...>`
 * @name: of the event, not terminated
 * @fields: what follows the name, or the text of a fact; NULL if the line ends
 *	within the `(where)` before the fields
 */
struct zsim_ftrace_line {
	const char *comm;
	size_t comm_length;
	uint32_t pid;
	uint32_t cpu;
	const char *name;
	size_t name_length;
	char *fields;
};

/** zsim_ftrace_line_split() - the kind of a NUL-terminated line, and its parts
 * (all of them for a record, @fields for a fact, else none) */
enum zsim_ftrace_kind zsim_ftrace_line_split(char *line, struct zsim_ftrace_line *out);

/** enum zsim_ftrace_next - what zsim_ftrace_field_next() found */
enum zsim_ftrace_next {
	ZSIM_FTRACE_END,
	ZSIM_FTRACE_FIELD,
	ZSIM_FTRACE_OPEN, /* a quoted value that goes on in the next line */
};

/** struct zsim_ftrace_field - a pair; neither part is terminated, quotes are left out */
struct zsim_ftrace_field {
	char *key;
	size_t key_length;
	char *value;
	size_t value_length;
	bool quoted;
};

/**
 * zsim_ftrace_field_next() - the pair at @pos or behind it
 * @pos: moved behind the pair
 *
 * The kernel does not escape a quote inside a quoted value. The value therefore
 * ends at the first quote with the end of the record or ` key=` behind it.
 */
enum zsim_ftrace_next zsim_ftrace_field_next(char **pos, struct zsim_ftrace_field *out);

#endif
