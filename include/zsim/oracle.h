/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle.h - the recorded kernel against the model, decision by decision.
 *
 * The oracle takes ZSIM_EV_SAW events. Each record makes the model's own call
 * of that thread go on to the decision that the record is about; the two are
 * compared, the difference is counted, and the model goes on from the recorded
 * value, so that one difference is counted once.
 */
#ifndef ZSIM_ORACLE_H
#define ZSIM_ORACLE_H

#include <zsim/zsim.h>

#ifdef __cplusplus
extern "C" {
#endif

/** enum zsim_check - kinds of decisions that are compared */
enum zsim_check {
	ZSIM_CHECK_REQUEST_RC,
	ZSIM_CHECK_NEXT_GROUP,
	ZSIM_CHECK_STATE,
	ZSIM_CHECK_STEP_RC,
	ZSIM_CHECK_SHRINK_RC,
	ZSIM_CHECK_WALK_BUDGET,
	ZSIM_CHECK_SCAN_ENTRY,
	ZSIM_CHECK_SCAN_REFERENCED,
	ZSIM_CHECK_SCAN_LENGTH,
	ZSIM_CHECK_SCAN_RESULT,
	ZSIM_CHECK_WRITEBACK_RC,
	ZSIM_CHECK_MAY_ZSWAP,
	ZSIM_CHECK_STORE_ACCEPT,
	ZSIM_CHECK_LOAD_RC,
	ZSIM_CHECK_POOL_PAGES,
	ZSIM_CHECK_STAT,
	ZSIM_CHECK_EXPECTED, /* other results that a text trace demands */
	ZSIM_NR_CHECKS,
};
ZSIM_API const char *zsim_check_name(enum zsim_check kind);

/**
 * struct zsim_mismatch - one difference
 * @saw: what the kernel (or the trace) said; @model: what the model expected.
 *	Both are one line, and die with the callback.
 */
struct zsim_mismatch {
	enum zsim_check kind;
	uint64_t line;
	const char *saw;
	const char *model;
};

struct zsim_check_count {
	uint64_t checked; /* wrong ones included, unknown ones not */
	uint64_t wrong;
	uint64_t unknown;
};

struct zsim_oracle;

/**
 * zsim_oracle_create() - compare against @zs
 * @mismatch: called at each difference; may be NULL
 *
 * Return: an oracle to be freed before @zs, or NULL without memory.
 */
ZSIM_API struct zsim_oracle *
zsim_oracle_create(struct zsim *zs, void (*mismatch)(void *ctx, const struct zsim_mismatch *m),
		   void *ctx);
ZSIM_API void zsim_oracle_free(struct zsim_oracle *oracle);

/**
 * zsim_oracle_saw() - one record
 *
 * Return: 0; -EBADMSG with a reason in @why (static) if the record cannot be:
 * an unknown node, a length beyond a page; -ENOMEM.
 */
ZSIM_API int zsim_oracle_saw(struct zsim_oracle *oracle, const struct zsim_event *ev,
			     const char **why);
/** zsim_oracle_finish() - the capture ends; calls may be in the middle, which is no fault */
ZSIM_API int zsim_oracle_finish(struct zsim_oracle *oracle);

/** zsim_oracle_expect() - count a comparison of an event's result with the expected one */
ZSIM_API void zsim_oracle_expect(struct zsim_oracle *oracle, const struct zsim_event *ev,
				 const struct zsim_result *res);

ZSIM_API struct zsim_check_count zsim_oracle_count(const struct zsim_oracle *oracle,
						   enum zsim_check kind);
/** zsim_oracle_adopted() - entries that existed before the capture began */
ZSIM_API uint64_t zsim_oracle_adopted(const struct zsim_oracle *oracle);

#ifdef __cplusplus
}
#endif
#endif
