/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* asprintf() */
#include "report_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* ---- values ----------------------------------------------------------------- */

/** struct doc - a document being built; once something failed it is thrown away whole */
struct doc {
	bool failed;
};

static json_t *need(struct doc *doc, json_t *value)
{
	if (!value)
		doc->failed = true;
	return value;
}

static void put(struct doc *doc, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, need(doc, value)))
		doc->failed = true;
}

static void append(struct doc *doc, json_t *array, json_t *value)
{
	if (json_array_append_new(array, need(doc, value)))
		doc->failed = true;
}

/* JSON integers of jansson end at 2^63; what is beyond loses its last digits. */
static json_t *number(uint64_t n)
{
	return n > INT64_MAX ? json_real((double)n) : json_integer((json_int_t)n);
}

static void put_number(struct doc *doc, json_t *object, const char *key, uint64_t n)
{
	put(doc, object, key, number(n));
}

/* Strings of a trace are bytes: those that are no UTF-8 are read as Latin-1. */
static char *latin1_to_utf8(const char *bytes)
{
	char *utf8 = malloc(2 * strlen(bytes) + 1);
	char *p = utf8;

	if (!utf8)
		return NULL;
	for (; *bytes; bytes++) {
		unsigned char c = (unsigned char)*bytes;

		if (c >= 0x80)
			*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	*p = '\0';
	return utf8;
}

json_t *zsim_report_json_string(const char *text)
{
	json_t *value = json_string(text);
	char *utf8;

	if (value)
		return value;
	utf8 = latin1_to_utf8(text);
	value = utf8 ? json_string(utf8) : NULL;
	free(utf8);
	return value;
}

/* ---- parts ------------------------------------------------------------------ */

static json_t *check_kind(struct doc *doc, struct zsim_check_count c)
{
	json_t *kind = json_object();

	put_number(doc, kind, "checked", c.checked);
	put_number(doc, kind, "wrong", c.wrong);
	put_number(doc, kind, "unknown", c.unknown);
	return kind;
}

static json_t *differences(struct doc *doc, const struct zsim_run *run)
{
	json_t *array = json_array();

	for (size_t i = 0; i < run->kept_differences; i++) {
		const struct zsim_difference *d = &run->differences[i];
		json_t *one = json_object();

		put_number(doc, one, "line", d->line);
		put(doc, one, "kind", json_string(zsim_check_name(d->kind)));
		put(doc, one, "saw", zsim_report_json_string(d->saw));
		put(doc, one, "model", zsim_report_json_string(d->model));
		append(doc, array, one);
	}
	return array;
}

static json_t *check(struct doc *doc, const struct zsim_run *run)
{
	json_t *object = json_object();
	json_t *kinds = json_object();
	struct zsim_check_count all = { 0 };

	for (int i = 0; i < ZSIM_NR_CHECKS; i++) {
		enum zsim_check kind = (enum zsim_check)i;
		struct zsim_check_count c = zsim_oracle_count(run->oracle, kind);

		all.checked += c.checked;
		all.wrong += c.wrong;
		all.unknown += c.unknown;
		put(doc, kinds, zsim_check_name(kind), check_kind(doc, c));
	}
	put_number(doc, object, "decisions", all.checked);
	put_number(doc, object, "wrong", all.wrong);
	put_number(doc, object, "unknown", all.unknown);
	put(doc, object, "kinds", kinds);
	put(doc, object, "first", differences(doc, run));
	return object;
}

static json_t *counters(struct doc *doc, const struct zsim *zs)
{
	json_t *object = json_object();

	for (int i = 0; i < ZSIM_NR_COUNTERS; i++) {
		enum zsim_counter counter = (enum zsim_counter)i;

		put_number(doc, object, zsim_counter_name(counter), zsim_counter(zs, counter));
	}
	return object;
}

static uint64_t stat_so_far(const json_t *group, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(group, name));
}

/* Removed groups of one path share a name, and are added up. */
static void group_add(struct doc *doc, json_t *group, const struct zsim *zs, zsim_memcg memcg)
{
	for (int i = 0; i < ZSIM_NR_STATS; i++) {
		enum zsim_stat_item item = (enum zsim_stat_item)i;
		const char *name = zsim_stat_name(item);

		put_number(doc, group, name, stat_so_far(group, name) + zsim_stat(zs, memcg, item));
	}
}

static json_t *group_named(struct doc *doc, json_t *groups, const char *name)
{
	char *utf8 = NULL;
	json_t *group;
	json_t *valid = json_string(name);

	if (!valid)
		utf8 = latin1_to_utf8(name);
	json_decref(valid);
	name = utf8 ? utf8 : name;
	group = json_object_get(groups, name);
	if (!group) {
		put(doc, groups, name, json_object());
		group = json_object_get(groups, name);
	}
	free(utf8);
	return group;
}

static json_t *groups(struct doc *doc, const struct zsim *zs)
{
	json_t *object = json_object();
	zsim_memcg memcg = ZSIM_MEMCG_NONE;

	while ((memcg = zsim_next(zs, memcg)) != ZSIM_MEMCG_NONE) {
		char *name;

		if (!zsim_group_shown(zs, memcg))
			continue;
		if (asprintf(&name, "%s%s", zsim_path(zs, memcg), zsim_group_suffix(zs, memcg)) <
		    0) {
			doc->failed = true;
			break;
		}
		group_add(doc, group_named(doc, object, name), zs, memcg);
		free(name);
	}
	return object;
}

static json_t *request(struct doc *doc, const struct zsim_story *story)
{
	bool short_of = story->why != ZSIM_WHY_NONE;
	json_t *object = json_object();

	put(doc, object, "group",
	    story->group ? zsim_report_json_string(story->group) : json_null());
	put(doc, object, "text", zsim_report_json_string(story->text));
	put_number(doc, object, "line", story->line);
	put(doc, object, "rc", json_integer(story->rc));
	put_number(doc, object, "bytes", story->bytes);
	put_number(doc, object, "wanted", story->wanted);
	put_number(doc, object, "steps", story->steps);
	put_number(doc, object, "bound", story->bound);
	put_number(doc, object, "scanned", story->scanned);
	put_number(doc, object, "rotated", story->rotated);
	put_number(doc, object, "written", story->written);
	put_number(doc, object, "busy", story->busy);
	put_number(doc, object, "failed", story->failed);
	put_number(doc, object, "failures", story->failures);
	put_number(doc, object, "children", story->children);
	put_number(doc, object, "children_missed", story->children_missed);
	put(doc, object, "why", short_of ? json_string(zsim_why_name(story->why)) : json_null());
	return object;
}

static json_t *requests(struct doc *doc, const struct zsim_run *run)
{
	json_t *array = json_array();

	for (size_t i = 0; i < run->nr_requests; i++)
		append(doc, array, request(doc, &run->requests[i]));
	return array;
}

static json_t *invariants(struct doc *doc, const struct zsim_run *run)
{
	json_t *object = json_object();
	json_t *array = json_array();

	for (uint64_t i = 0; i < run->nr_violations && i < ZSIM_SESSION_VIOLATIONS; i++) {
		const struct zsim_violation *v = &run->violations[i];
		json_t *one = json_object();

		put(doc, one, "name", json_string(v->name));
		put(doc, one, "text", zsim_report_json_string(v->text));
		put_number(doc, one, "line", v->line);
		append(doc, array, one);
	}
	put_number(doc, object, "checked", run->verified);
	put_number(doc, object, "violated", run->nr_violations);
	put(doc, object, "violations", array);
	return object;
}

static json_t *finding(struct doc *doc, const struct zsim_finding *f)
{
	json_t *object = json_object();
	json_t *numbers = json_object();

	put(doc, object, "name", json_string(f->name));
	put(doc, object, "text", json_string(f->text));
	put_number(doc, object, "count", f->count);
	put(doc, object, "line", f->line ? number(f->line) : json_null());
	for (size_t i = 0; i < f->nr_numbers; i++)
		put(doc, numbers, f->numbers[i].name, json_integer(f->numbers[i].value));
	put(doc, object, "numbers", numbers);
	return object;
}

static json_t *findings(struct doc *doc, const struct zsim_findings *all)
{
	json_t *array = json_array();

	for (size_t i = 0; i < zsim_findings_count(all); i++)
		append(doc, array, finding(doc, zsim_findings_get(all, i)));
	return array;
}

static json_t *engine(struct doc *doc, const struct zsim_session *s)
{
	const struct zsim_run *run = &s->runs[0];
	uint64_t entries = zsim_entries_peak(run->zs);
	json_t *object = json_object();
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	put(doc, object, "seconds", json_real(s->seconds));
	put(doc, object, "events_per_second",
	    json_real(s->seconds > 0 ? (double)s->events / s->seconds : 0));
	put_number(doc, object, "entries_peak", entries);
	put(doc, object, "bytes_per_entry",
	    json_real(entries ? (double)run->meter.peak / (double)entries : 0));
	put_number(doc, object, "peak_rss_bytes", (uint64_t)usage.ru_maxrss * 1024);
	return object;
}

static json_t *measures(struct doc *doc, const struct zsim_measure *rows,
			const struct zsim_measure *minus)
{
	json_t *object = json_object();

	for (int i = 0; i < ZSIM_NR_MEASURES; i++) {
		int64_t value = rows[i].value - (minus ? minus[i].value : 0);

		put(doc, object, rows[i].key,
		    rows[i].share ? json_real((double)value / 100.0) : json_integer(value));
	}
	return object;
}

static json_t *compare(struct doc *doc, const struct zsim_session *s)
{
	struct zsim_measure a[ZSIM_NR_MEASURES];
	struct zsim_measure b[ZSIM_NR_MEASURES];
	json_t *object = json_object();

	zsim_run_measure(&s->runs[0], a);
	zsim_run_measure(&s->runs[1], b);
	put(doc, object, "algo", json_string(zsim_algo(s->runs[1].zs)->name));
	put(doc, object, "this", measures(doc, a, NULL));
	put(doc, object, "other", measures(doc, b, NULL));
	put(doc, object, "difference", measures(doc, b, a));
	put_number(doc, object, "skipped_steps", s->runs[1].skipped);
	return object;
}

/* ---- the whole --------------------------------------------------------------- */

json_t *zsim_report_json(const struct zsim_session *s)
{
	const struct zsim_run *run = &s->runs[0];
	json_t *object = json_object();
	struct doc doc = { false };

	put(&doc, object, "file", zsim_report_json_string(s->file));
	put(&doc, object, "algo", json_string(zsim_algo(run->zs)->name));
	put(&doc, object, "format", json_string(zsim_trace_format_name(s->format)));
	put_number(&doc, object, "events", s->events);
	put(&doc, object, "check", check(&doc, run));
	put(&doc, object, "counters", counters(&doc, run->zs));
	put(&doc, object, "groups", groups(&doc, run->zs));
	put(&doc, object, "requests", requests(&doc, run));
	put(&doc, object, "invariants", invariants(&doc, run));
	put(&doc, object, "findings", findings(&doc, run->findings));
	if (run->whatif)
		put_number(&doc, object, "assumed_stores", zsim_run_assumed(run));
	if (s->nr_runs > 1)
		put(&doc, object, "compare", compare(&doc, s));
	put(&doc, object, "engine", engine(&doc, s));
	if (!doc.failed)
		return object;
	json_decref(object);
	return NULL;
}

int zsim_report_json_write(const struct zsim_outfile *out, const json_t *json)
{
	FILE *file = out->file ? out->file : stdout;

	errno = 0;
	if (json_dumpf(json, file, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) ||
	    putc('\n', file) == EOF)
		return zsim_complain_file(out->name, errno ? -errno : -EIO);
	return ZSIM_EXIT_OK;
}

/* ---- the log of decisions ------------------------------------------------------ */

enum field {
	F_SLOT = 1 << 0,
	F_NODE = 1 << 1,
	F_NR = 1 << 2,
	F_LENGTH = 1 << 3,
	F_REFERENCED = 1 << 4,
	F_PAGES = 1 << 5,
	F_DEFERRED = 1 << 6,
	F_DELTA = 1 << 7,
	F_TOTAL = 1 << 8,
	F_STATE = 1 << 9,
	F_VERDICT = 1 << 10,
	F_RC = 1 << 11,
	F_GROUP = 1 << 12,
};

static const unsigned int fields[ZSIM_NR_DECISIONS] = {
	[ZSIM_D_TOTAL] = F_PAGES,
	[ZSIM_D_MAY] = F_RC | F_GROUP,
	[ZSIM_D_NEXT_GROUP] = F_STATE | F_GROUP,
	[ZSIM_D_SHRINK] = F_NR | F_GROUP,
	[ZSIM_D_WALK] = F_NODE | F_NR | F_GROUP,
	[ZSIM_D_SCAN] = F_SLOT | F_LENGTH | F_REFERENCED,
	[ZSIM_D_CACHE_ADD] = F_SLOT | F_RC,
	[ZSIM_D_REMOVE] = F_SLOT | F_RC,
	[ZSIM_D_WRITEBACK] = F_SLOT | F_RC,
	[ZSIM_D_SCAN_RET] = F_SLOT | F_VERDICT,
	[ZSIM_D_SHRINK_RET] = F_RC,
	[ZSIM_D_STEP_RET] = F_STATE | F_RC,
	[ZSIM_D_STORE_ALLOC] = F_SLOT | F_LENGTH | F_RC,
	[ZSIM_D_STORE_INSERT] = F_SLOT | F_NODE | F_GROUP,
	[ZSIM_D_SLAB_COUNT] = F_NR | F_DEFERRED | F_DELTA | F_TOTAL,
	[ZSIM_D_SLAB_BATCH] = F_NR | F_RC,
	[ZSIM_D_SLAB_END] = F_DEFERRED | F_TOTAL | F_RC,
	[ZSIM_D_STORE] = F_SLOT | F_RC,
	[ZSIM_D_LOAD] = F_SLOT | F_RC,
	[ZSIM_D_CALL_END] = F_RC,
	[ZSIM_D_OFFLINE] = F_GROUP,
	[ZSIM_D_REPARENT] = F_NODE | F_GROUP,
	[ZSIM_D_OFFLINE_END] = F_GROUP,
};

static const char *verdict_name(int64_t rc)
{
	switch (rc) {
	case ZSIM_LRU_REMOVED_RETRY:
		return "removed-retry";
	case ZSIM_LRU_ROTATE:
		return "rotate";
	case ZSIM_LRU_SKIP:
		return "skip";
	case ZSIM_LRU_RETRY:
		return "retry";
	case ZSIM_LRU_STOP:
		return "stop";
	default:
		return "?";
	}
}

static void log_number(FILE *out, unsigned int shown, enum field field, const char *name,
		       uint64_t value)
{
	if (shown & field)
		fprintf(out, " %s=%" PRIu64, name, value);
}

static void log_group(FILE *out, const struct zsim *zs, zsim_memcg memcg)
{
	const char *path = memcg == ZSIM_MEMCG_NONE ? NULL : zsim_path(zs, memcg);

	fputs(" group=", out);
	zsim_out_text(out, path ? path : "none");
}

void zsim_report_decision(FILE *out, uint64_t line, const struct zsim *zs,
			  const struct zsim_decision *d)
{
	unsigned int shown = d->kind < ZSIM_NR_DECISIONS ? fields[d->kind] : 0;

	fprintf(out, "%" PRIu64 " %" PRIu32 " %s %s", line, d->call, zsim_cause_name(d->cause),
		zsim_decision_name(d->kind));
	if (shown & F_SLOT)
		fprintf(out, " slot=0x%" PRIx64, d->slot);
	log_number(out, shown, F_NODE, "node", d->node);
	log_number(out, shown, F_NR, "nr", d->nr);
	log_number(out, shown, F_LENGTH, "length", d->length);
	log_number(out, shown, F_REFERENCED, "referenced", d->referenced);
	log_number(out, shown, F_PAGES, "pages", d->pages);
	log_number(out, shown, F_DEFERRED, "deferred", d->deferred);
	log_number(out, shown, F_DELTA, "delta", d->delta);
	log_number(out, shown, F_TOTAL, "total", d->total);
	log_number(out, shown, F_STATE, "scans", d->scans);
	log_number(out, shown, F_STATE, "failures", d->failures);
	if (shown & F_VERDICT)
		fprintf(out, " verdict=%s", verdict_name(d->rc));
	if (shown & F_RC)
		fprintf(out, " rc=%" PRId64, d->rc);
	if (shown & F_GROUP)
		log_group(out, zs, d->memcg);
	putc('\n', out);
}
