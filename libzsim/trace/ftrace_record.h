/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_record.h - the fields of a kernel's event as a struct zsim_record.
 *
 * Holds the table of events: which keys each has, of which kind, and where they
 * go. Lines, and records that go on over several, are ftrace_map.c's business.
 */
#ifndef ZSIM_TRACE_FTRACE_RECORD_H
#define ZSIM_TRACE_FTRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zsim/event.h>

#include "trace/word_table.h"

/* a known event; see ftrace_record.c */
struct zsim_ftrace_spec;

/** struct zsim_ftrace_reason - where the text of an error stays */
struct zsim_ftrace_reason {
	char text[96];
};

/** zsim_ftrace_fail() - "NAME: KEY WHAT" (@key may be "") into @why; gives -EBADMSG */
int zsim_ftrace_fail(struct zsim_ftrace_reason *reason, const char **why, const char *name,
		     const char *key, const char *what);

/** zsim_ftrace_specs_init() - the names of all events; @specs is zeroed */
void zsim_ftrace_specs_init(struct zsim_word_table *specs);
/** zsim_ftrace_spec_find() - the event called so, or NULL; @name need not be terminated */
const struct zsim_ftrace_spec *zsim_ftrace_spec_find(const struct zsim_word_table *specs,
						     const char *name, size_t length);
const char *zsim_ftrace_spec_name(const struct zsim_ftrace_spec *spec);
enum zsim_saw zsim_ftrace_spec_saw(const struct zsim_ftrace_spec *spec);

/** enum zsim_ftrace_parse - what zsim_ftrace_record_parse() says, errors apart */
enum zsim_ftrace_parse {
	ZSIM_FTRACE_SKIPPED, /* another shrinker, another tree of groups: not zswap's */
	ZSIM_FTRACE_FILLED,
	ZSIM_FTRACE_GOES_ON, /* a quoted value is open; @fields is as it was */
};

/**
 * zsim_ftrace_record_parse() - the fields of one event
 * @fields: terminated; strings of @rec point into it, and it is cut up for them
 * @rec: zeroed, with its saw set
 *
 * Return: enum zsim_ftrace_parse, or -EBADMSG with @why.
 */
int zsim_ftrace_record_parse(const struct zsim_ftrace_spec *spec, char *fields,
			     struct zsim_record *rec, struct zsim_ftrace_reason *reason,
			     const char **why);

/** zsim_ftrace_word_is() - whether a slice is @word */
bool zsim_ftrace_word_is(const char *slice, size_t length, const char *word);

#endif
