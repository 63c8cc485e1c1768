/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zsim/property.h>

#define DEFECTS 29 /* rows of docs/museum.md that are bugs */
#define ZSTD_LEVEL 3
#define ZSTD_LEVEL_MAX 19

int zsim_value_wrong(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, ZSIM_WHY, format, args);
	va_end(args);
	return -EINVAL;
}

/* ---- numbers ---------------------------------------------------------------- */

int zsim_value_number(const char *text, uint64_t *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	const char *allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
	char *end;

	if (!*digits || strspn(digits, allowed) != strlen(digits))
		return -EINVAL; /* strtoull() would take blanks and signs */
	errno = 0;
	*value = strtoull(digits, &end, hex ? 16 : 10);
	return errno ? -EINVAL : 0;
}

int zsim_value_range(const char *option, const char *text, uint64_t min, uint64_t max,
		     uint64_t *value, char *why)
{
	if (!zsim_value_number(text, value) && *value >= min && *value <= max)
		return 0;
	if (max == UINT64_MAX)
		return zsim_value_wrong(why, "--%s wants a number from %llu up, not '%s'", option,
					(unsigned long long)min, text);
	return zsim_value_wrong(why, "--%s wants a number from %llu to %llu, not '%s'", option,
				(unsigned long long)min, (unsigned long long)max, text);
}

int zsim_value_range32(const char *option, const char *text, uint32_t min, uint32_t max,
		       uint32_t *value, char *why)
{
	uint64_t wide;
	int err = zsim_value_range(option, text, min, max, &wide, why);

	if (!err)
		*value = (uint32_t)wide;
	return err;
}

static int suffix_shift(char c)
{
	switch (c) {
	case 'K':
	case 'k':
		return 10;
	case 'M':
	case 'm':
		return 20;
	case 'G':
	case 'g':
		return 30;
	default:
		return 0;
	}
}

int zsim_value_bytes(const char *option, const char *text, uint64_t *value, char *why)
{
	size_t n = strlen(text);
	int shift = n ? suffix_shift(text[n - 1]) : 0;
	char digits[32] = "";

	if (n < sizeof(digits))
		memcpy(digits, text, n - (shift ? 1 : 0));
	if (!zsim_value_number(digits, value) && *value && *value <= UINT64_MAX >> shift) {
		*value <<= shift;
		return 0;
	}
	return zsim_value_wrong(why, "--%s wants a size such as 500M, not '%s'", option, text);
}

int zsim_value_zstd(const char *text, int *level, char *why)
{
	uint64_t number = ZSTD_LEVEL;

	if (text && (zsim_value_number(text, &number) || !number || number > ZSTD_LEVEL_MAX))
		return zsim_value_wrong(why, "--zstd wants a level from 1 to %d, not '%s'",
					ZSTD_LEVEL_MAX, text);
	*level = (int)number;
	return 0;
}

/* ---- lists ------------------------------------------------------------------ */

int zsim_value_each(const char *text, int (*one)(void *ctx, char *item, char *why), void *ctx,
		    char *why)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *item;
	int err = copy ? 0 : zsim_value_wrong(why, "out of memory");

	while (!err && (item = strsep(&rest, ",")))
		err = one(ctx, item, why);
	free(copy);
	return err;
}

/* ---- algorithms ------------------------------------------------------------- */

int zsim_value_algo(const char *name, const struct zsim_algo **algo, char *why)
{
	*algo = zsim_algo_find(name);
	if (*algo)
		return 0;
	return zsim_value_wrong(why,
				"no algorithm '%s'; there are linux-7.2 (base), linux-7.3 and "
				"proactive-v5 (patch)",
				name);
}

int zsim_value_constant(struct zsim_algo *algo, const char *name, const char *value, char *why)
{
	uint64_t number;
	int err = zsim_value_number(value, &number) ? -ERANGE : zsim_algo_set(algo, name, number);

	if (err == -ENOENT)
		return zsim_value_wrong(why,
					"no constant '%s'; there are batch, walk, retries, "
					"shrinker_batch and empty_failures",
					name);
	if (err)
		return zsim_value_wrong(why, "%s must be a number from 1 to 65536, not '%s'", name,
					value);
	return 0;
}

static int set_one(void *ctx, char *pair, char *why)
{
	char *equals = strchr(pair, '=');

	if (!equals)
		return zsim_value_wrong(why, "--set wants NAME=NUMBER, not '%s'", pair);
	*equals = '\0';
	return zsim_value_constant(ctx, pair, equals + 1, why);
}

int zsim_value_set(struct zsim_algo *set, const char *text, char *why)
{
	return zsim_value_each(text, set_one, set, why);
}

static bool constant_apply(uint32_t *constant, uint32_t set)
{
	if (set)
		*constant = set;
	return set > 0;
}

bool zsim_set_apply(struct zsim_algo *algo, const struct zsim_algo *set)
{
	bool any = false;

	any |= constant_apply(&algo->batch, set->batch);
	any |= constant_apply(&algo->walk_nr, set->walk_nr);
	any |= constant_apply(&algo->max_retries, set->max_retries);
	any |= constant_apply(&algo->shrinker_batch, set->shrinker_batch);
	any |= constant_apply(&algo->empty_failures, set->empty_failures);
	return any;
}

/* ---- parameters ------------------------------------------------------------- */

static int param_value(enum zsim_param param, const char *text, uint64_t *value)
{
	bool percent = param == ZSIM_PARAM_MAX_POOL_PERCENT ||
		       param == ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT;

	if (!percent && (!strcmp(text, "Y") || !strcmp(text, "N"))) {
		*value = *text == 'Y';
		return 0;
	}
	if (param == ZSIM_PARAM_WORKER_MANUAL &&
	    (!strcmp(text, "manual") || !strcmp(text, "auto"))) {
		*value = *text == 'm';
		return 0;
	}
	if (zsim_value_number(text, value) || *value > (percent ? 100u : 1u))
		return -EINVAL;
	return 0;
}

int zsim_value_param(struct zsim_params *params, const char *name, const char *value, char *why)
{
	int param = zsim_param_parse(name);

	if (param < 0)
		return zsim_value_wrong(why,
					"no parameter '%s'; there are max_pool_percent, "
					"accept_threshold_percent, enabled, shrinker_enabled, "
					"worker and address_reuse",
					name);
	if (param_value((enum zsim_param)param, value, &params->value[param]))
		return zsim_value_wrong(why, "%s cannot be '%s'", name, value);
	params->given[param] = true;
	return 0;
}

int zsim_params_apply(const struct zsim_params *params, struct zsim *zs)
{
	int err = 0;

	for (int i = 0; i < ZSIM_NR_PARAMS && !err; i++)
		if (params->given[i])
			err = zsim_set_param(zs, (enum zsim_param)i, params->value[i]);
	return err;
}

/* ---- workloads -------------------------------------------------------------- */

int zsim_value_workload(const struct zsim_workload *workload, char *why)
{
	if (workload->stores || workload->loads || workload->invalidates)
		return 0;
	return zsim_value_wrong(why, "a workload of no stores, loads or invalidates");
}

/* ---- properties and defects ------------------------------------------------- */

static int property_one(void *ctx, char *name, char *why)
{
	uint64_t *properties = ctx;
	int property = zsim_property_parse(name);

	if (!strcmp(name, "always")) {
		*properties |= ZSIM_P_ALWAYS;
		return 0;
	}
	if (property < 0)
		return zsim_value_wrong(why, "no property '%s'; zsim-check --list shows them",
					name);
	*properties |= ZSIM_P_BIT(property);
	return 0;
}

int zsim_value_properties(uint64_t *properties, const char *text, char *why)
{
	return zsim_value_each(text, property_one, properties, why);
}

int zsim_value_defect(uint8_t *defect, const char *text, char *why)
{
	uint64_t value;
	int err = zsim_value_range("defect", text, 1, DEFECTS, &value, why);

	if (err)
		return err;
	if (!zsim_has_defects())
		return zsim_value_wrong(why,
					"--defect needs a build with defects: museum/zsim-replay");
	*defect = (uint8_t)value;
	return 0;
}
