/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.h - captures as text in memory, and what the oracle says of them.
 *
 * A capture is cut into records here: a record is one line, and with it the
 * lines that its quoted value goes on in. Tests leave some out or change one,
 * and have the rest compared with the model as zsim-replay --check does.
 */
#ifndef ZSIM_TESTS_REPLAY_H
#define ZSIM_TESTS_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zsim/oracle.h>

/** struct text - bytes that belong to whoever fills it; a NUL stands behind them */
struct text {
	char *data;
	size_t size;
	size_t room;
};

/** text_add() - exits if there is no memory */
void text_add(struct text *t, const char *data, size_t size);
void text_free(struct text *t);

/** struct span - one record of a capture: where it stands, line end included */
struct span {
	size_t at;
	size_t size;
};

/**
 * struct capture - one capture of traces/captured
 * @records: the records in order, facts and comments among them
 * @first, @last: first record of an event, and the one behind the last: facts
 *	before and behind
 */
struct capture {
	struct text text;
	struct span *records;
	size_t nr;
	size_t first;
	size_t last;
};

/** capture_load() - @name as in "patched-7.2/edge"; exits if it cannot be read */
void capture_load(struct capture *c, const char *name);
/** capture_split() - takes @text over */
void capture_split(struct capture *c, struct text text);
/** capture_shorten() - keep the first @nr records only */
void capture_shorten(struct capture *c, size_t nr);
void capture_free(struct capture *c);
/** record_is() - is it an event of this name? */
bool record_is(const struct capture *c, size_t i, const char *name);
/** record_has() - do these letters stand in it? */
bool record_has(const struct capture *c, size_t i, const char *what);
/** record_field() - where the value of `KEY=` or `KEY ` stands in it; false without one */
bool record_field(const struct capture *c, size_t i, const char *key, struct span *value);
uint32_t record_pid(const struct capture *c, size_t i);

/**
 * struct replay - what came of a comparison
 * @rc: 0, or the error with its text in @error
 * @wrong, @racy: differences, and those of them in kinds that depend on the order of CPUs
 * @first: the first difference that does not
 */
struct replay {
	int rc;
	char error[256];
	struct zsim_check_count count[ZSIM_NR_CHECKS];
	uint64_t wrong;
	uint64_t racy;
	uint64_t unknown;
	uint64_t checked;
	uint64_t events;
	uint64_t adopted;
	uint64_t violations;
	uint64_t written;
	uint64_t stored;
	uint64_t requests;
	char first[256];
};

/**
 * replay_text() - compare a text with the model
 * @algo: NULL = the one that the text names, or proactive-v5
 * @allocator: of everything; NULL = libc
 */
void replay_text(const struct text *text, const char *algo, const struct zsim_allocator *allocator,
		 struct replay *r);

/** struct dice - numbers that a seed fixes */
struct dice {
	uint64_t state;
};

/** dice_roll() - 0..@below - 1 */
uint64_t dice_roll(struct dice *d, uint64_t below);
/** dice_seed() - of ZSIM_SEED in the environment, or @fallback; printed */
struct dice dice_seed(const char *what, uint64_t fallback);

#endif
