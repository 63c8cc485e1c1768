/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A workload's fields, as numbers and as text. */
#include <errno.h>
#include <string.h>

#include <zsim/workload.h>

#include "support/suite.h"

static const char *get(const struct zsim_workload *w, const char *key)
{
	static char text[32];

	for (size_t i = 0; zsim_workload_key(i); i++)
		if (!strcmp(zsim_workload_key(i), key) &&
		    zsim_workload_get(w, i, text, sizeof(text)) > 0)
			return text;
	return "?";
}

/* field by field: what lies between them is nobody's */
static bool same(const struct zsim_workload *a, const struct zsim_workload *b)
{
	char one[32], other[32];
	bool all = a->size == b->size;

	for (size_t i = 0; zsim_workload_key(i); i++) {
		zsim_workload_get(a, i, one, sizeof(one));
		zsim_workload_get(b, i, other, sizeof(other));
		all &= !strcmp(one, other);
	}
	return all;
}

static void sets(const char *key, const char *value, const char *expected)
{
	struct zsim_workload w;

	zsim_workload_init(&w);
	CU_ASSERT_EQUAL(zsim_workload_set(&w, key, value), 0);
	CU_ASSERT_STRING_EQUAL(get(&w, key), expected);
}

static void refuses(const char *key, const char *value, int err)
{
	struct zsim_workload w, before;

	zsim_workload_init(&w);
	before = w;
	CU_ASSERT_EQUAL(zsim_workload_set(&w, key, value), err);
	CU_ASSERT_TRUE(same(&w, &before));
}

static void numbers(void)
{
	sets("seed", "18446744073709551615", "18446744073709551615");
	sets("entries", "100k", "100000");
	sets("entries", "100M", "100000000");
	sets("events", "3G", "3000000000");
	sets("reclaim_bytes", "1M", "1048576");
	sets("groups", "0x10", "16");
	sets("nodes", "64", "64");
	refuses("entries", "101M", -ERANGE);
	refuses("entries", "0", -ERANGE);
	refuses("entries", "", -EINVAL);
	refuses("entries", "k", -EINVAL);
	refuses("entries", "1K", -EINVAL);
	refuses("events", "18446744073709551615G", -ERANGE);
	refuses("events", "99999999999999999999", -ERANGE);
	refuses("nodes", "65", -ERANGE);
	refuses("depth", "17", -ERANGE);
	refuses("reclaim_bytes", "0", -ERANGE);
	refuses("reclaim_bytes", "x", -EINVAL);
	refuses("pages", "1", -ENOENT);
}

static void fractions(void)
{
	sets("zipf", "0.99", "0.990");
	sets("zipf", "1", "1.000");
	sets("zipf", "1.5", "1.500");
	sets("zipf", "0.001", "0.001");
	refuses("zipf", "2.001", -ERANGE);
	refuses("zipf", "20000000000000000000", -ERANGE);
	refuses("zipf", "9999999999999999999", -ERANGE);
	refuses("zipf", "0.9999", -EINVAL);
	refuses("zipf", "0.", -EINVAL);
	refuses("zipf", ".5", -EINVAL);
	refuses("zipf", "-1", -EINVAL);
}

static void words(void)
{
	sets("layout", "sparse", "sparse");
	sets("layout", "dense", "dense");
	sets("lengths", "mix", "mix");
	sets("lengths", "2000", "2000");
	sets("lengths", "100-4096", "100-4096");
	sets("preset", "churn", "churn");
	refuses("layout", "round", -EINVAL);
	refuses("preset", "none", -EINVAL);
	refuses("lengths", "long", -EINVAL);
	refuses("lengths", "1-", -EINVAL);
	refuses("lengths", "4097", -ERANGE);
	refuses("lengths", "0", -ERANGE);
	refuses("lengths", "200-100", -ERANGE);
}

/* a preset is the mix of events and nothing else */
static void presets(void)
{
	struct zsim_workload w;

	for (int i = 0; i < ZSIM_NR_PRESETS; i++) {
		enum zsim_preset preset = (enum zsim_preset)i;

		zsim_workload_init(&w);
		w.entries = 7;
		CU_ASSERT_EQUAL(zsim_workload_set(&w, "preset", zsim_preset_name(preset)), 0);
		CU_ASSERT_EQUAL(w.preset, preset);
		CU_ASSERT_EQUAL(w.stores + w.loads + w.invalidates, 100);
		CU_ASSERT_EQUAL(w.entries, 7);
		CU_ASSERT_EQUAL(w.pool_percent > 0, preset == ZSIM_PRESET_WRITEBACK);
		CU_ASSERT_EQUAL(w.reclaim_every > 0, preset == ZSIM_PRESET_REQUESTS);
		CU_ASSERT_EQUAL(w.churn_every > 0, preset == ZSIM_PRESET_CHURN);
	}
	zsim_workload_preset(&w, ZSIM_NR_PRESETS);
	CU_ASSERT_EQUAL(w.preset, ZSIM_PRESET_STEADY);
	CU_ASSERT_STRING_EQUAL(zsim_preset_name(ZSIM_NR_PRESETS), "?");
}

/* what is read as text can be set as text */
static void text_goes_round(void)
{
	struct zsim_workload w, copy;
	char text[32];

	zsim_workload_init(&w);
	zsim_workload_preset(&w, ZSIM_PRESET_WRITEBACK);
	w.zipf = 1234;
	w.length_min = 10;
	w.length_max = 20;
	w.layout = ZSIM_LAYOUT_SPARSE;
	zsim_workload_init(&copy);
	for (size_t i = 0; zsim_workload_key(i); i++) {
		CU_ASSERT_TRUE(zsim_workload_get(&w, i, text, sizeof(text)) > 0);
		CU_ASSERT_EQUAL(zsim_workload_set(&copy, zsim_workload_key(i), text), 0);
	}
	CU_ASSERT_TRUE(same(&w, &copy));
	CU_ASSERT_EQUAL(zsim_workload_get(&w, 99, text, sizeof(text)), -ENOENT);
}

static int create(const struct zsim_workload *w)
{
	int err = 1;
	struct zsim_generator *g = zsim_generator_create(w, NULL, &err);

	CU_ASSERT_EQUAL(g != NULL, err == 0);
	zsim_generator_free(g);
	return err;
}

#define WITH(field, value)              \
	do {                            \
		zsim_workload_init(&w); \
		w.field = (value);      \
	} while (0)

static void a_wrong_struct_is_refused(void)
{
	struct zsim_workload w;

	CU_ASSERT_EQUAL(create(NULL), 0);
	WITH(size, sizeof(size_t)); /* an old caller: all the rest by default */
	CU_ASSERT_EQUAL(create(&w), 0);
	WITH(size, 0);
	CU_ASSERT_EQUAL(create(&w), -EINVAL);
	WITH(size, sizeof(w) + 1);
	CU_ASSERT_EQUAL(create(&w), -EINVAL);
	WITH(entries, 0);
	CU_ASSERT_EQUAL(create(&w), -ERANGE);
	WITH(groups, ZSIM_WORKLOAD_MAX_GROUPS + 1);
	CU_ASSERT_EQUAL(create(&w), -ERANGE);
	WITH(length_min, 1);
	CU_ASSERT_EQUAL(create(&w), -ERANGE);
	WITH(length_max, 1);
	CU_ASSERT_EQUAL(create(&w), -ERANGE);
	WITH(stores, 0);
	w.loads = w.invalidates = 0;
	CU_ASSERT_EQUAL(create(&w), -ERANGE);
	CU_ASSERT_PTR_NULL(zsim_generator_create(&w, NULL, NULL));
	zsim_generator_free(NULL);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(numbers), ZSIM_CASE(fractions),	ZSIM_CASE(words),
	ZSIM_CASE(presets), ZSIM_CASE(text_goes_round), ZSIM_CASE(a_wrong_struct_is_refused),
};
ZSIM_SUITE_MAIN("workload", cases)
