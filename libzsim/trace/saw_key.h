/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * saw_key.h - the key=value fields of a text trace's `saw` lines, for the
 * parser and the writer, so that neither can know one that the other does not.
 */
#ifndef ZSIM_TRACE_SAW_KEY_H
#define ZSIM_TRACE_SAW_KEY_H

#include <stddef.h>
#include <stdint.h>

#include <zsim/event.h>

enum zsim_saw_kind {
	ZSIM_SAW_U32,
	ZSIM_SAW_U64,
	ZSIM_SAW_SLOT, /* as U64, but written in hex, as kernels do */
	ZSIM_SAW_I64,
	ZSIM_SAW_BOOL,
	ZSIM_SAW_STRING,
};

/** struct zsim_saw_key - @name and where it stands: @offset in struct zsim_record */
struct zsim_saw_key {
	const char *name;
	enum zsim_saw_kind kind;
	size_t offset;
};

#define ZSIM_NR_SAW_KEYS 19
/** in canonical order (trace_writer.c) */
extern const struct zsim_saw_key zsim_saw_keys[ZSIM_NR_SAW_KEYS];

/** zsim_saw_answers() - is the record an answer, whose value stands behind `= `? */
bool zsim_saw_answers(enum zsim_saw saw);

#endif
