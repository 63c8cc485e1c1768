/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workload/workload_take.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/** enum field_kind - how a field is spelled */
enum field_kind {
	FIELD_COUNT, /* a number, perhaps with k, M or G for thousands */
	FIELD_BYTES, /* the same for KiB, MiB, GiB */
	FIELD_ZIPF,  /* thousandths as a decimal fraction */
	FIELD_LAYOUT,
	FIELD_LENGTHS,
	FIELD_PRESET,
};

/** struct field - a key; @wide: 64 bits, not 32; @min, @max: what a number may be */
struct field {
	const char *key;
	enum field_kind kind;
	bool wide;
	size_t offset;
	uint64_t min;
	uint64_t max;
};

#define FIELD(name, kind, wide, min, max)                                         \
	{                                                                         \
#name, kind, wide, offsetof(struct zsim_workload, name), min, max \
	}

static const struct field fields[] = {
	FIELD(preset, FIELD_PRESET, false, 0, ZSIM_NR_PRESETS - 1),
	FIELD(seed, FIELD_COUNT, true, 0, UINT64_MAX),
	FIELD(entries, FIELD_COUNT, true, 1, ZSIM_WORKLOAD_MAX_ENTRIES),
	FIELD(events, FIELD_COUNT, true, 0, UINT64_MAX / 2),
	FIELD(groups, FIELD_COUNT, false, 1, ZSIM_WORKLOAD_MAX_GROUPS),
	FIELD(depth, FIELD_COUNT, false, 1, ZSIM_WORKLOAD_MAX_DEPTH),
	FIELD(nodes, FIELD_COUNT, false, 1, ZSIM_MAX_NODES),
	FIELD(zipf, FIELD_ZIPF, false, 0, ZSIM_WORKLOAD_MAX_ZIPF),
	FIELD(layout, FIELD_LAYOUT, false, 0, ZSIM_NR_LAYOUTS - 1),
	{ "lengths", FIELD_LENGTHS, false, 0, 0, 0 },
	FIELD(incompressible, FIELD_COUNT, false, 0, 1000),
	FIELD(stores, FIELD_COUNT, false, 0, 1000),
	FIELD(loads, FIELD_COUNT, false, 0, 1000),
	FIELD(invalidates, FIELD_COUNT, false, 0, 1000),
	FIELD(pool_percent, FIELD_COUNT, false, 0, 1000),
	FIELD(reclaim_every, FIELD_COUNT, true, 0, UINT64_MAX),
	FIELD(reclaim_bytes, FIELD_BYTES, true, 1, UINT64_MAX),
	FIELD(churn_every, FIELD_COUNT, true, 0, UINT64_MAX),
};
#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *const layout_names[ZSIM_NR_LAYOUTS] = {
	[ZSIM_LAYOUT_DENSE] = "dense",
	[ZSIM_LAYOUT_SPARSE] = "sparse",
};

/* ---- presets -------------------------------------------------------------------- */

/** struct mix - the fields of a preset */
struct mix {
	const char *name;
	uint32_t stores;
	uint32_t loads;
	uint32_t invalidates;
	uint32_t pool_percent;
	uint64_t reclaim_every;
	uint64_t churn_every;
};

static const struct mix mixes[ZSIM_NR_PRESETS] = {
	[ZSIM_PRESET_STEADY] = { "steady", 50, 45, 5, 0, 0, 0 },
	[ZSIM_PRESET_WRITEBACK] = { "writeback", 50, 45, 5, 80, 0, 0 },
	[ZSIM_PRESET_REQUESTS] = { "requests", 50, 45, 5, 0, 1000, 0 },
	[ZSIM_PRESET_LOADS] = { "loads", 20, 75, 5, 0, 0, 0 },
	[ZSIM_PRESET_CHURN] = { "churn", 50, 45, 5, 0, 0, 1000 },
};

const char *zsim_preset_name(enum zsim_preset preset)
{
	return (unsigned int)preset < ZSIM_NR_PRESETS ? mixes[preset].name : "?";
}

void zsim_workload_preset(struct zsim_workload *w, enum zsim_preset preset)
{
	const struct mix *mix = &mixes[(unsigned int)preset < ZSIM_NR_PRESETS ? preset : 0];

	w->preset = (enum zsim_preset)(mix - mixes);
	w->stores = mix->stores;
	w->loads = mix->loads;
	w->invalidates = mix->invalidates;
	w->pool_percent = mix->pool_percent;
	w->reclaim_every = mix->reclaim_every;
	w->reclaim_bytes = 256 << 10;
	w->churn_every = mix->churn_every;
}

void zsim_workload_init(struct zsim_workload *w)
{
	*w = (struct zsim_workload){
		.size = sizeof(*w),
		.seed = 1,
		.entries = 100000,
		.events = 1000000,
		.groups = 100,
		.depth = 3,
		.nodes = 1,
		.zipf = 900,
		.incompressible = 50,
	};
	zsim_workload_preset(w, ZSIM_PRESET_STEADY);
}

/* ---- fields as numbers ------------------------------------------------------------ */

static uint64_t field_get(const struct zsim_workload *w, const struct field *f)
{
	const char *at = (const char *)w + f->offset;
	uint32_t narrow;
	uint64_t wide;

	if (f->wide) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static int field_put(struct zsim_workload *w, const struct field *f, uint64_t value)
{
	char *at = (char *)w + f->offset;
	uint32_t narrow = (uint32_t)value;

	if (value < f->min || value > f->max)
		return -ERANGE;
	if (f->wide)
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &narrow, sizeof(narrow));
	return 0;
}

/* both 0 are a mix */
static bool lengths_fit(uint32_t min, uint32_t max)
{
	return min ? min <= max && max <= ZSIM_PAGE_SIZE : !max;
}

int zsim_workload_take(struct zsim_workload *w, const struct zsim_workload *given)
{
	zsim_workload_init(w);
	if (!given)
		return 0;
	if (given->size < sizeof(size_t) || given->size > sizeof(*w))
		return -EINVAL;
	memcpy(w, given, given->size);
	for (size_t i = 0; i < NR_FIELDS; i++) {
		uint64_t value = field_get(w, &fields[i]);

		if (fields[i].kind == FIELD_LENGTHS)
			continue;
		if (value < fields[i].min || value > fields[i].max)
			return -ERANGE;
	}
	if (!lengths_fit(w->length_min, w->length_max))
		return -ERANGE;
	return w->stores + w->loads + w->invalidates ? 0 : -ERANGE;
}

/* ---- fields as text --------------------------------------------------------------- */

static int parse_count(const char *text, uint64_t *value)
{
	static const char suffixes[] = "kMG";
	size_t n = strlen(text);
	const char *suffix = n ? strchr(suffixes, text[n - 1]) : NULL;
	int err = zsim_number_parse(text, suffix ? n - 1 : n, value);

	for (ptrdiff_t i = suffix ? suffix - suffixes : -1; i >= 0 && !err; i--) {
		if (*value > UINT64_MAX / 1000)
			err = -ERANGE;
		*value *= 1000;
	}
	return err;
}

/* "1", "0.9", "0.999": further digits would be lost */
static int parse_zipf(const char *text, uint64_t *value)
{
	const char *point = strchr(text, '.');
	size_t digits = point ? strlen(point + 1) : 0;
	uint64_t fraction = 0;
	int err = zsim_number_parse(text, point ? (size_t)(point - text) : strlen(text), value);

	if (!err && point)
		err = digits > 3 ? -EINVAL : zsim_number_parse(point + 1, digits, &fraction);
	for (size_t i = digits; i < 3 && point; i++)
		fraction *= 10;
	if (!err && *value > ZSIM_WORKLOAD_MAX_ZIPF)
		err = -ERANGE;
	*value = *value * 1000 + fraction;
	return err;
}

static int parse_name(const char *text, const char *const *names, size_t nr, uint64_t *value)
{
	for (*value = 0; *value < nr; ++*value)
		if (!strcmp(text, names[*value]))
			return 0;
	return -EINVAL;
}

static int set_preset(struct zsim_workload *w, const char *text)
{
	for (unsigned int i = 0; i < ZSIM_NR_PRESETS; i++) {
		if (!strcmp(text, mixes[i].name)) {
			zsim_workload_preset(w, (enum zsim_preset)i);
			return 0;
		}
	}
	return -EINVAL;
}

static int set_lengths(struct zsim_workload *w, const char *text)
{
	const char *dash = strchr(text, '-');
	uint64_t min = 0, max;
	int err;

	if (!strcmp(text, "mix")) {
		w->length_min = w->length_max = 0;
		return 0;
	}
	if (dash)
		err = zsim_number_parse(text, (size_t)(dash - text), &min);
	else
		err = zsim_number_parse(text, strlen(text), &min);
	max = min;
	if (!err && dash)
		err = zsim_number_parse(dash + 1, strlen(dash + 1), &max);
	if (err)
		return err;
	if (!min || min > max || max > ZSIM_PAGE_SIZE)
		return -ERANGE;
	w->length_min = (uint32_t)min;
	w->length_max = (uint32_t)max;
	return 0;
}

static int field_set(struct zsim_workload *w, const struct field *f, const char *text)
{
	uint64_t value = 0;
	int err = 0;

	switch (f->kind) {
	case FIELD_PRESET:
		return set_preset(w, text);
	case FIELD_LENGTHS:
		return set_lengths(w, text);
	case FIELD_COUNT:
		err = parse_count(text, &value);
		break;
	case FIELD_BYTES:
		err = zsim_number_parse_size(text, strlen(text), &value);
		break;
	case FIELD_ZIPF:
		err = parse_zipf(text, &value);
		break;
	case FIELD_LAYOUT:
		err = parse_name(text, layout_names, ZSIM_NR_LAYOUTS, &value);
		break;
	}
	return err ? err : field_put(w, f, value);
}

const char *zsim_workload_key(size_t i)
{
	return i < NR_FIELDS ? fields[i].key : NULL;
}

int zsim_workload_set(struct zsim_workload *w, const char *key, const char *value)
{
	for (size_t i = 0; i < NR_FIELDS; i++)
		if (!strcmp(key, fields[i].key))
			return field_set(w, &fields[i], value);
	return -ENOENT;
}

static int get_lengths(const struct zsim_workload *w, char *buf, size_t size)
{
	if (!w->length_min)
		return snprintf(buf, size, "mix");
	if (w->length_min == w->length_max)
		return snprintf(buf, size, "%" PRIu32, w->length_min);
	return snprintf(buf, size, "%" PRIu32 "-%" PRIu32, w->length_min, w->length_max);
}

int zsim_workload_get(const struct zsim_workload *w, size_t i, char *buf, size_t size)
{
	if (i >= NR_FIELDS)
		return -ENOENT;
	switch (fields[i].kind) {
	case FIELD_PRESET:
		return snprintf(buf, size, "%s", zsim_preset_name(w->preset));
	case FIELD_LENGTHS:
		return get_lengths(w, buf, size);
	case FIELD_ZIPF:
		return snprintf(buf, size, "%" PRIu32 ".%03" PRIu32, w->zipf / 1000,
				w->zipf % 1000);
	case FIELD_LAYOUT:
		return snprintf(buf, size, "%s", layout_names[w->layout]);
	case FIELD_COUNT:
	case FIELD_BYTES:
		break;
	}
	return snprintf(buf, size, "%" PRIu64, field_get(w, &fields[i]));
}
