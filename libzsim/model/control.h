/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - the texts that are written to a group's control files.
 *
 * Text in, values out: what the kernel accepts, refuses and saturates, down to
 * the corners. What a value then does to a group is the engine's business. The
 * root has no memory.zswap.max and a kernel without the series no source= key;
 * the caller knows which file and which kernel it has.
 *
 * Every function takes text that ends with a NUL, changes its output only on
 * success and allocates nothing.
 */
#ifndef ZSIM_MODEL_CONTROL_H
#define ZSIM_MODEL_CONTROL_H

#include <zsim/types.h>

/** swappiness=max: only anonymous memory, one more than the largest number */
#define ZSIM_SWAPPINESS_MAX 201

/**
 * struct zsim_reclaim_args - a parsed write to memory.reclaim
 * @bytes: the size, saturated at UINT64_MAX
 * @source_zswap: source=zswap was given
 * @swappiness_given: swappiness= was given, as a number or as max
 * @swappiness: 0..200 or ZSIM_SWAPPINESS_MAX; 0 if none was given
 */
struct zsim_reclaim_args {
	uint64_t bytes;
	bool source_zswap;
	bool swappiness_given;
	int swappiness;
};

/**
 * zsim_control_reclaim() - parse a write to memory.reclaim
 * @source_key_known: the kernel has the source= key
 *
 * Mirrors the parser of user_proactive_reclaim(), mm/vmscan.c of Linux 7.2,
 * with the source= key of the series "mm/zswap: implement per-cgroup proactive
 * writeback", version 5; sizes as memparse(), lib/cmdline.c, and keys as
 * match_token() and match_int(), lib/parser.c, read them (model.md 9).
 *
 * Return: 0 or -EINVAL.
 */
int zsim_control_reclaim(const char *text, bool source_key_known, struct zsim_reclaim_args *args);

/**
 * zsim_control_page_limit() - parse a write to memory.zswap.max, memory.max or memory.high
 * @pages: whole pages; UINT64_MAX for max and for anything that large
 *
 * Mirrors zswap_max_write(), mm/memcontrol.c, and page_counter_memparse(),
 * mm/page_counter.c, of Linux 7.2 on a 64-bit machine. White space alone is a
 * limit of 0, as it is there.
 *
 * Return: 0 or -EINVAL.
 */
int zsim_control_page_limit(const char *text, uint64_t *pages);

/**
 * zsim_control_bool() - parse a write to memory.zswap.writeback
 *
 * Mirrors zswap_writeback_write(), mm/memcontrol.c of Linux 7.2, and
 * kstrtoint(), lib/kstrtox.c, with base 0.
 *
 * Return: 0, -EINVAL for anything but a C integer of 0 or 1, -ERANGE for an
 * integer beyond an int.
 */
int zsim_control_bool(const char *text, bool *value);

#endif
