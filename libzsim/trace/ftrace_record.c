/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace_record.c - see ftrace_record.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "trace/ftrace_line.h"
#include "trace/ftrace_record.h"

#define RECORD_FIELDS_MAX 5

enum field_type {
	FIELD_NONE,
	FIELD_U32,
	FIELD_NODE,
	FIELD_U64,
	FIELD_LONG, /* a signed value of 64 bits */
	FIELD_RC,   /* a result: an int may have been recorded as 64 bits */
	FIELD_REF,
	FIELD_MEMCG, /* a pointer; without a group its other fields are garbage */
	FIELD_CG,
	FIELD_TEXT,
	FIELD_PATH,	 /* all that is left of the record */
	FIELD_HIERARCHY, /* optional: other than 0 is not the tree of memory groups */
	FIELD_FLAGS,	 /* names of allocation flags */
};

struct field_spec {
	const char *key;
	enum field_type type;
	size_t offset; /* in struct zsim_record */
};

struct zsim_ftrace_spec {
	const char *name;
	enum zsim_saw saw;
	struct field_spec field[RECORD_FIELDS_MAX];
	const struct field_spec *slab; /* instead, for an event in words */
};

#define FIELD(key, type, member)                                        \
	{                                                               \
		key, FIELD_##type, offsetof(struct zsim_record, member) \
	}

/* The shrinker tracepoints print words; each list ends without a key. */
static const struct field_spec slab_start_fields[] = {
	FIELD("nid:", NODE, node),
	FIELD("memcg_id:", CG, cg),
	FIELD("objects to shrink", LONG, value),
	FIELD("gfp_flags", FLAGS, noio),
	FIELD("cache items", LONG, items),
	FIELD("delta", LONG, delta),
	FIELD("total_scan", LONG, total),
	FIELD("priority", U32, priority),
	{ NULL, FIELD_NONE, 0 },
};

static const struct field_spec slab_end_fields[] = {
	FIELD("nid:", NODE, node),
	FIELD("memcg_id:", CG, cg),
	FIELD("unused scan count", LONG, deferred),
	FIELD("new scan count", LONG, items),
	FIELD("total_scan", LONG, total),
	FIELD("last shrinker return val", LONG, value),
	{ NULL, FIELD_NONE, 0 },
};

#define NO_FIELDS                           \
	{                                   \
		{                           \
			NULL, FIELD_NONE, 0 \
		}                           \
	}
#define CGROUP_FIELDS                                                                           \
	{                                                                                       \
		FIELD("root", HIERARCHY, total), FIELD("id", CG, cg), FIELD("path", PATH, path) \
	}
#define SLOT_FIELDS                     \
	{                               \
		FIELD("swp", U64, slot) \
	}
#define LIST_FIELDS                                               \
	{                                                         \
		FIELD("swp", U64, slot), FIELD("nid", NODE, node) \
	}
#define SETTING_FIELDS                                        \
	{                                                     \
		FIELD("cg", CG, cg), FIELD("val", TEXT, text) \
	}
#define OK_FIELDS                        \
	{                                \
		FIELD("ok", LONG, value) \
	}
#define RC_FIELDS                      \
	{                              \
		FIELD("rc", RC, value) \
	}

static const struct zsim_ftrace_spec event_specs[] = {
	{ "cgroup_mkdir", ZSIM_SAW_CGROUP_MKDIR, CGROUP_FIELDS, NULL },
	{ "cgroup_rmdir", ZSIM_SAW_CGROUP_RMDIR, CGROUP_FIELDS, NULL },
	{ "inval", ZSIM_SAW_INVAL, SLOT_FIELDS, NULL },
	{ "load", ZSIM_SAW_LOAD, SLOT_FIELDS, NULL },
	{ "load_ret", ZSIM_SAW_LOAD_RET, RC_FIELDS, NULL },
	{ "lru_add",
	  ZSIM_SAW_LRU_ADD,
	  { FIELD("memcg", MEMCG, null_memcg), FIELD("cg", CG, cg), FIELD("nid", NODE, node) },
	  NULL },
	{ "lru_del", ZSIM_SAW_LRU_DEL, LIST_FIELDS, NULL },
	{ "lru_ins", ZSIM_SAW_LRU_INS, LIST_FIELDS, NULL },
	{ "lru_rem", ZSIM_SAW_LRU_REM, LIST_FIELDS, NULL },
	{ "may", ZSIM_SAW_MAY, { FIELD("cg", CG, cg) }, NULL },
	{ "may_ret", ZSIM_SAW_MAY_RET, OK_FIELDS, NULL },
	{ "mm_shrink_slab_end", ZSIM_SAW_SLAB_END, NO_FIELDS, slab_end_fields },
	{ "mm_shrink_slab_start", ZSIM_SAW_SLAB_START, NO_FIELDS, slab_start_fields },
	{ "offline", ZSIM_SAW_OFFLINE, { FIELD("id", CG, cg) }, NULL },
	{ "one",
	  ZSIM_SAW_ONE,
	  { FIELD("memcg", MEMCG, null_memcg), FIELD("id", CG, cg), FIELD("scans", U32, scans),
	    FIELD("fails", U32, failures) },
	  NULL },
	{ "one_ret", ZSIM_SAW_ONE_RET, RC_FIELDS, NULL },
	{ "reclaim", ZSIM_SAW_RECLAIM, { FIELD("buf", TEXT, text), FIELD("id", CG, cg) }, NULL },
	{ "reclaim_ret", ZSIM_SAW_RECLAIM_RET, RC_FIELDS, NULL },
	{ "reparent",
	  ZSIM_SAW_REPARENT,
	  { FIELD("cg", CG, cg), FIELD("parent", U64, parent) },
	  NULL },
	{ "sc_add", ZSIM_SAW_SC_ADD, SLOT_FIELDS, NULL },
	{ "sc_del", ZSIM_SAW_SC_DEL, SLOT_FIELDS, NULL },
	{ "scan",
	  ZSIM_SAW_SCAN,
	  { FIELD("swp", U64, slot), FIELD("len", U32, length), FIELD("ref", REF, referenced) },
	  NULL },
	{ "scan_ret", ZSIM_SAW_SCAN_RET, { FIELD("st", LONG, value) }, NULL },
	{ "set_max", ZSIM_SAW_SET_MAX, SETTING_FIELDS, NULL },
	{ "set_wb", ZSIM_SAW_SET_WB, SETTING_FIELDS, NULL },
	{ "shrink",
	  ZSIM_SAW_SHRINK,
	  { FIELD("cg", MEMCG, null_memcg), FIELD("id", CG, cg), FIELD("nr", U64, nr) },
	  NULL },
	{ "shrink_ret", ZSIM_SAW_SHRINK_RET, RC_FIELDS, NULL },
	{ "store", ZSIM_SAW_STORE, SLOT_FIELDS, NULL },
	{ "store_ret", ZSIM_SAW_STORE_RET, OK_FIELDS, NULL },
	{ "swapin", ZSIM_SAW_SWAPIN, SLOT_FIELDS, NULL },
	{ "total", ZSIM_SAW_TOTAL, { FIELD("pages", LONG, value) }, NULL },
	{ "walk",
	  ZSIM_SAW_WALK,
	  { FIELD("memcg", MEMCG, null_memcg), FIELD("cg", CG, cg), FIELD("nid", NODE, node),
	    FIELD("nr", U64, nr) },
	  NULL },
	{ "wb", ZSIM_SAW_WB, SLOT_FIELDS, NULL },
	{ "wb_ret", ZSIM_SAW_WB_RET, RC_FIELDS, NULL },
	{ "worker", ZSIM_SAW_WORKER, NO_FIELDS, NULL },
	{ "worker_ret", ZSIM_SAW_WORKER_RET, NO_FIELDS, NULL },
	{ "zs_malloc",
	  ZSIM_SAW_ZS_MALLOC,
	  { FIELD("size", LONG, value), FIELD("nid", NODE, node) },
	  NULL },
};

#define NR_EVENT_SPECS (sizeof(event_specs) / sizeof(event_specs[0]))

int zsim_ftrace_fail(struct zsim_ftrace_reason *reason, const char **why, const char *name,
		     const char *key, const char *what)
{
	snprintf(reason->text, sizeof(reason->text), "%s: %s%s%s", name, key, *key ? " " : "",
		 what);
	*why = reason->text;
	return -EBADMSG;
}

/* A negative number becomes its two's complement. */
static bool number_take(const char *text, size_t length, uint64_t *value)
{
	int64_t negative;

	if (length && text[0] == '-') {
		if (zsim_number_parse_signed(text, length, &negative))
			return false;
		*value = (uint64_t)negative;
		return true;
	}
	return !zsim_number_parse(text, length, value);
}

/*
 * A function that returns int leaves the upper half of the register alone, and
 * the probe reads all of it: 4294967285 is -11.
 */
static int64_t rc_extend(uint64_t value)
{
	if (value >> 31 == 1)
		return (int64_t)value - ((int64_t)1 << 32);
	return (int64_t)value;
}

bool zsim_ftrace_word_is(const char *slice, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(slice, word, length) == 0;
}

/* Whether the kernel was told to do no I/O: `GFP_NOIO|__GFP_NOWARN`. */
static bool flags_noio(const char *flags, size_t length)
{
	const char *end = flags + length, *bar;
	bool noio = false;

	for (; flags < end; flags = bar + 1) {
		bar = memchr(flags, '|', (size_t)(end - flags));
		if (!bar)
			bar = end;
		length = (size_t)(bar - flags);
		if (zsim_ftrace_word_is(flags, length, "__GFP_IO"))
			return false;
		if (zsim_ftrace_word_is(flags, length, "GFP_NOIO") ||
		    zsim_ftrace_word_is(flags, length, "GFP_NOWAIT") ||
		    zsim_ftrace_word_is(flags, length, "GFP_ATOMIC"))
			noio = true;
	}
	return noio;
}

static bool u32_set(uint32_t *member, const char *text, size_t length, uint64_t max)
{
	uint64_t value;

	if (zsim_number_parse(text, length, &value) || value > max)
		return false;
	*member = (uint32_t)value;
	return true;
}

/* Whether a flag or pointer is set; false if the value is malformed. */
static bool bool_set(bool *member, bool wanted, const char *text, size_t length)
{
	uint64_t value;

	if (zsim_number_parse(text, length, &value))
		return false;
	*member = (value != 0) == wanted;
	return true;
}

static bool rc_set(int64_t *member, const char *text, size_t length)
{
	uint64_t value;

	if (!number_take(text, length, &value))
		return false;
	*member = rc_extend(value);
	return true;
}

/* A value into the record; false if it is malformed. */
static bool value_set(struct zsim_record *rec, const struct field_spec *spec, const char *text,
		      size_t length)
{
	void *member = (char *)rec + spec->offset;

	switch (spec->type) {
	case FIELD_U32:
		return u32_set(member, text, length, UINT32_MAX);
	case FIELD_NODE:
		return u32_set(member, text, length, ZSIM_MAX_NODES - 1);
	case FIELD_CG:
		return rec->null_memcg || !zsim_number_parse(text, length, member);
	case FIELD_U64:
	case FIELD_HIERARCHY:
		return !zsim_number_parse(text, length, member);
	case FIELD_LONG:
		return number_take(text, length, member);
	case FIELD_RC:
		return rc_set(member, text, length);
	case FIELD_REF:
		return bool_set(member, true, text, length);
	case FIELD_MEMCG:
		return bool_set(member, false, text, length);
	case FIELD_FLAGS:
		rec->noio = flags_noio(text, length);
		return length > 0;
	case FIELD_PATH:
		rec->path = text;
		return text[0] == '/';
	case FIELD_TEXT:
	case FIELD_NONE: /* only ends lists */
		break;
	}
	rec->text = text;
	return true;
}

void zsim_ftrace_specs_init(struct zsim_word_table *specs)
{
	for (uint8_t i = 0; i < NR_EVENT_SPECS; i++)
		zsim_word_add(specs, event_specs[i].name, i);
}

const struct zsim_ftrace_spec *zsim_ftrace_spec_find(const struct zsim_word_table *specs,
						     const char *name, size_t length)
{
	int i = zsim_word_find(specs, name, length);

	return i < 0 ? NULL : &event_specs[i];
}

static unsigned int field_find(const struct zsim_ftrace_spec *spec,
			       const struct zsim_ftrace_field *f)
{
	unsigned int i;

	for (i = 0; i < RECORD_FIELDS_MAX && spec->field[i].key; i++) {
		if (zsim_ftrace_word_is(f->key, f->key_length, spec->field[i].key))
			return i;
	}
	return RECORD_FIELDS_MAX;
}

static const char *field_missing(const struct zsim_ftrace_spec *spec, unsigned int seen)
{
	unsigned int i;

	for (i = 0; i < RECORD_FIELDS_MAX && spec->field[i].key; i++) {
		if (!(seen >> i & 1) && spec->field[i].type != FIELD_HIERARCHY)
			return spec->field[i].key;
	}
	return NULL;
}

static bool field_set(struct zsim_record *rec, const struct field_spec *spec,
		      const struct zsim_ftrace_field *f, char **pos, char **text_end)
{
	if (spec->type == FIELD_PATH)
		*pos = f->value + strlen(f->value);
	if (spec->type == FIELD_TEXT) {
		*text_end = f->value + f->value_length;
		if (!f->quoted)
			return false;
	}
	return value_set(rec, spec, f->value, f->value_length);
}

/* Touches @fields only when all is well, since an open value is looked at again. */
static int fields_parse(const struct zsim_ftrace_spec *spec, char *fields, struct zsim_record *rec,
			struct zsim_ftrace_reason *reason, const char **why)
{
	enum zsim_ftrace_next next;
	struct zsim_ftrace_field f;
	char *text_end = NULL;
	unsigned int i, seen = 0;
	const char *missing;

	while ((next = zsim_ftrace_field_next(&fields, &f)) == ZSIM_FTRACE_FIELD) {
		i = field_find(spec, &f);
		if (i == RECORD_FIELDS_MAX)
			continue;
		if (!field_set(rec, &spec->field[i], &f, &fields, &text_end))
			return zsim_ftrace_fail(reason, why, spec->name, spec->field[i].key,
						"is malformed");
		seen |= 1u << i;
	}
	if (next == ZSIM_FTRACE_OPEN)
		return ZSIM_FTRACE_GOES_ON;
	missing = field_missing(spec, seen);
	if (missing)
		return zsim_ftrace_fail(reason, why, spec->name, missing, "is missing");
	if (rec->null_memcg)
		rec->cg = 0;
	if (text_end)
		*text_end = '\0';
	return ZSIM_FTRACE_FILLED;
}

static int slab_parse(const struct zsim_ftrace_spec *spec, char *fields, struct zsim_record *rec,
		      struct zsim_ftrace_reason *reason, const char **why)
{
	const struct field_spec *field;
	char *value = fields;

	for (field = spec->slab; field->key; field++) {
		value = strstr(value, field->key);
		if (!value)
			return zsim_ftrace_fail(reason, why, spec->name, field->key, "is missing");
		value += strlen(field->key);
		value += *value == ' ';
		if (!value_set(rec, field, value, strcspn(value, " ")))
			return zsim_ftrace_fail(reason, why, spec->name, field->key,
						"is malformed");
	}
	return ZSIM_FTRACE_FILLED;
}

/* Shrinkers of everything else report through the same tracepoint. */
static bool is_zswap_shrinker(const char *fields)
{
	return zsim_ftrace_word_is(fields, strcspn(fields, "+ :"), "zswap_shrinker_scan");
}

int zsim_ftrace_record_parse(const struct zsim_ftrace_spec *spec, char *fields,
			     struct zsim_record *rec, struct zsim_ftrace_reason *reason,
			     const char **why)
{
	int ret;

	if (spec->slab) {
		if (!is_zswap_shrinker(fields))
			return ZSIM_FTRACE_SKIPPED;
		return slab_parse(spec, fields, rec, reason, why);
	}
	ret = fields_parse(spec, fields, rec, reason, why);
	if (ret == ZSIM_FTRACE_FILLED && spec->field[0].type == FIELD_HIERARCHY && rec->total)
		return ZSIM_FTRACE_SKIPPED;
	return ret;
}

const char *zsim_ftrace_spec_name(const struct zsim_ftrace_spec *spec)
{
	return spec->name;
}

enum zsim_saw zsim_ftrace_spec_saw(const struct zsim_ftrace_spec *spec)
{
	return spec->saw;
}
