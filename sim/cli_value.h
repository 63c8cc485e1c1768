/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_value.h - values of options: text to plain data, or the reason why not.
 *
 * All tools take the same words for the same things and refuse others in the same
 * words. Nothing here prints: where a reason is shown is the caller's to know.
 *
 * @option is an option's name without dashes, for the reason. @why has room for
 * ZSIM_WHY characters. What returns an int returns 0, or -EINVAL with @why.
 */
#ifndef ZSIM_SIM_CLI_VALUE_H
#define ZSIM_SIM_CLI_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include <zsim/workload.h>
#include <zsim/zsim.h>

#define ZSIM_WHY 1024 /* zsim_complain() shows no more */

/** zsim_value_wrong() - a reason into @why: -EINVAL */
__attribute__((format(printf, 2, 3))) int zsim_value_wrong(char *why, const char *format, ...);

/** zsim_value_number() - decimal or 0x hex and nothing else: 0, or -EINVAL without a reason */
int zsim_value_number(const char *text, uint64_t *value);
/** zsim_value_range() - a number from @min to @max; UINT64_MAX is no limit */
int zsim_value_range(const char *option, const char *text, uint64_t min, uint64_t max,
		     uint64_t *value, char *why);
int zsim_value_range32(const char *option, const char *text, uint32_t min, uint32_t max,
		       uint32_t *value, char *why);
/** zsim_value_bytes() - a size above 0, such as 500M */
int zsim_value_bytes(const char *option, const char *text, uint64_t *value, char *why);
/** zsim_value_zstd() - a level of compression, 1..19; @text NULL: the usual one */
int zsim_value_zstd(const char *text, int *level, char *why);

/** zsim_value_each() - @one for each item between commas, which it may write to, up to an error */
int zsim_value_each(const char *text, int (*one)(void *ctx, char *item, char *why), void *ctx,
		    char *why);

/** zsim_value_algo() - an algorithm by name; *@algo is borrowed from the library */
int zsim_value_algo(const char *name, const struct zsim_algo **algo, char *why);
/** zsim_value_constant() - one constant of an algorithm */
int zsim_value_constant(struct zsim_algo *algo, const char *name, const char *value, char *why);
/** zsim_value_set() - "batch=N,retries=N" into @set, a zero struct otherwise */
int zsim_value_set(struct zsim_algo *set, const char *text, char *why);
/** zsim_set_apply() - constants that @set has into @algo: true if there were any */
bool zsim_set_apply(struct zsim_algo *algo, const struct zsim_algo *set);

/** struct zsim_params - module parameters that stand above those of a trace */
struct zsim_params {
	bool given[ZSIM_NR_PARAMS];
	uint64_t value[ZSIM_NR_PARAMS];
};
/**
 * zsim_params_apply() - to a simulator that has its machine: 0, or what zsim_set_param() returns
 */
int zsim_params_apply(const struct zsim_params *params, struct zsim *zs);
/** zsim_value_param() - one of them: a number, Y, N, manual or auto, whichever fits it */
int zsim_value_param(struct zsim_params *params, const char *name, const char *value, char *why);

/**
 * zsim_value_workload() - a whole workload, whose fields may each be right and make no sense
 * together
 */
int zsim_value_workload(const struct zsim_workload *workload, char *why);

/** zsim_value_properties() - "NAME,always,..." into a set of ZSIM_P_BIT() */
int zsim_value_properties(uint64_t *properties, const char *text, char *why);
/** zsim_value_defect() - a row of docs/museum.md that is a bug */
int zsim_value_defect(uint8_t *defect, const char *text, char *why);

#endif
