/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include <zsim/trace.h>

static void die(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", name, what);
	exit(1);
}

/* ---- text -------------------------------------------------------------------- */

void text_add(struct text *t, const char *data, size_t size)
{
	if (t->room - t->size <= size) {
		t->room = (t->size + size) * 3 / 2 + 1;
		t->data = realloc(t->data, t->room);
		if (!t->data)
			die("no memory", "text");
	}
	memcpy(t->data + t->size, data, size);
	t->size += size;
	t->data[t->size] = '\0';
}

void text_free(struct text *t)
{
	free(t->data);
	*t = (struct text){ .data = NULL };
}

static struct text file_read(const char *path)
{
	struct text t = { .data = NULL };
	char block[65536];
	FILE *in = fopen(path, "rb");
	size_t n;

	if (!in)
		die(strerror(errno), path);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		text_add(&t, block, n);
	fclose(in);
	return t;
}

static struct text file_unpack(const char *path)
{
	struct text packed = file_read(path);
	unsigned long long size = ZSTD_getFrameContentSize(packed.data, packed.size);
	struct text t = { .size = (size_t)size, .room = (size_t)size + 1 };

	t.data = malloc(t.room);
	if (!t.data || ZSTD_decompress(t.data, t.size, packed.data, packed.size) != t.size)
		die("is not what zstd packed", path);
	t.data[t.size] = '\0';
	text_free(&packed);
	return t;
}

/* ---- captures ---------------------------------------------------------------- */

/* the rest of a quoted value begins neither as a record nor as a comment does */
static bool goes_on(const char *line)
{
	return line[0] != '#' && line[0] != ' ';
}

static size_t records_find(struct capture *c, struct span *records)
{
	const char *end = c->text.data + c->text.size, *line = c->text.data, *next;
	size_t nr = 0;

	for (; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		if (nr && goes_on(line)) {
			if (records)
				records[nr - 1].size += (size_t)(next - line);
			continue;
		}
		if (records)
			records[nr] = (struct span){ (size_t)(line - c->text.data),
						     (size_t)(next - line) };
		nr++;
	}
	return nr;
}

static bool is_event(const struct capture *c, size_t i)
{
	return c->text.data[c->records[i].at] == ' ';
}

void capture_split(struct capture *c, struct text text)
{
	c->text = text;
	c->nr = records_find(c, NULL);
	c->records = malloc(c->nr * sizeof(*c->records));
	if (!c->records)
		die("no memory", "records");
	records_find(c, c->records);
	for (c->first = 0; c->first < c->nr && !is_event(c, c->first); c->first++)
		;
	for (c->last = c->nr; c->last > c->first && !is_event(c, c->last - 1); c->last--)
		;
}

void capture_load(struct capture *c, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/captured/%s.ftrace.zst", ZSIM_TRACES, name);
	capture_split(c, file_unpack(path));
}

void capture_shorten(struct capture *c, size_t nr)
{
	if (nr >= c->nr)
		return;
	c->nr = nr;
	c->last = nr;
	c->text.size = c->records[nr].at;
	c->text.data[c->text.size] = '\0';
}

void capture_free(struct capture *c)
{
	free(c->records);
	text_free(&c->text);
}

static const char *record_end(const struct capture *c, size_t i)
{
	return c->text.data + c->records[i].at + c->records[i].size;
}

static const char *find(const char *from, const char *end, const char *what)
{
	size_t n = strlen(what);

	for (; from + n <= end; from++)
		if (!memcmp(from, what, n))
			return from;
	return NULL;
}

/* a record's fields: behind "SECONDS: EVENT: " */
static const char *record_name(const struct capture *c, size_t i)
{
	const char *at = c->text.data + c->records[i].at, *end = record_end(c, i);

	at = find(at, end, "] ");
	at = at ? find(at, end, ": ") : NULL;
	return at ? at + 2 : NULL;
}

bool record_is(const struct capture *c, size_t i, const char *name)
{
	const char *at = is_event(c, i) ? record_name(c, i) : NULL;
	size_t n = strlen(name);

	return at && !strncmp(at, name, n) && at[n] == ':';
}

bool record_has(const struct capture *c, size_t i, const char *what)
{
	return find(c->text.data + c->records[i].at, record_end(c, i), what) != NULL;
}

bool record_field(const struct capture *c, size_t i, const char *key, struct span *value)
{
	const char *at = c->text.data + c->records[i].at, *end = record_end(c, i);
	char word[64];

	snprintf(word, sizeof(word), " %s", key);
	for (; (at = find(at, end, word)) != NULL; at++) {
		const char *v = at + strlen(word);

		if (*v != '=' && *v != ' ')
			continue;
		v++;
		value->at = (size_t)(v - c->text.data);
		value->size = strcspn(v, " \n");
		return true;
	}
	return false;
}

uint32_t record_pid(const struct capture *c, size_t i)
{
	const char *at = c->text.data + c->records[i].at, *end = record_end(c, i);
	const char *cpu = find(at, end, " [");

	while (cpu > at && cpu[-1] == ' ')
		cpu--;
	while (cpu > at && cpu[-1] != '-')
		cpu--;
	return (uint32_t)strtoul(cpu, NULL, 10);
}

/* ---- comparing --------------------------------------------------------------- */

static void on_mismatch(void *ctx, const struct zsim_mismatch *m)
{
	struct replay *r = ctx;

	if (m->kind == ZSIM_CHECK_POOL_PAGES || m->kind == ZSIM_CHECK_MAY_ZSWAP || r->first[0])
		return;
	snprintf(r->first, sizeof(r->first), "line %" PRIu64 ": %s: saw %s, model %s", m->line,
		 zsim_check_name(m->kind), m->saw, m->model);
}

static void on_violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct replay *r = ctx;

	(void)zs;
	if (!r->violations++)
		snprintf(r->first, sizeof(r->first), "invariant %s: %s", name, text);
}

static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	struct replay *r = ctx;

	(void)zs;
	r->requests += rq->source_zswap;
}

static int event_apply(struct zsim *zs, struct zsim_oracle *o, const struct zsim_event *ev,
		       struct replay *r)
{
	struct zsim_result res = { .kind = ZSIM_RESULT_NONE };
	const char *why = NULL;
	int rc;

	r->events++;
	if (ev->type == ZSIM_EV_SAW) {
		rc = zsim_oracle_saw(o, ev, &why);
	} else {
		rc = zsim_apply(zs, ev, &res);
		why = res.text;
	}
	if (rc)
		snprintf(r->error, sizeof(r->error), "line %" PRIu64 ": %s", ev->line,
			 why ? why : strerror(-rc));
	return rc;
}

static void counts_take(const struct zsim *zs, const struct zsim_oracle *o, struct replay *r)
{
	for (int i = 0; i < ZSIM_NR_CHECKS; i++) {
		r->count[i] = zsim_oracle_count(o, (enum zsim_check)i);
		r->checked += r->count[i].checked;
		r->wrong += r->count[i].wrong;
		r->unknown += r->count[i].unknown;
		if (i == ZSIM_CHECK_POOL_PAGES || i == ZSIM_CHECK_MAY_ZSWAP)
			r->racy += r->count[i].wrong;
	}
	r->adopted = zsim_oracle_adopted(o);
	r->written = zsim_counter(zs, ZSIM_COUNTER_WRITTEN_BACK_PAGES);
	r->stored = zsim_stat(zs, ZSIM_MEMCG_ROOT, ZSIM_STAT_ZSWPOUT);
}

static int events_replay(struct zsim_reader *rd, struct zsim *zs, struct zsim_oracle *o,
			 struct replay *r)
{
	struct zsim_event ev;
	int rc;

	while ((rc = zsim_reader_next(rd, &ev)) == 1) {
		rc = event_apply(zs, o, &ev, r);
		if (rc)
			return rc;
	}
	if (rc)
		snprintf(r->error, sizeof(r->error), "%s", zsim_reader_error(rd));
	return rc ? rc : zsim_oracle_finish(o);
}

static int reader_replay(struct zsim_reader *rd, const char *algo,
			 const struct zsim_allocator *allocator, struct replay *r)
{
	struct zsim_observer observer = { .violation = on_violation,
					  .request = on_request,
					  .ctx = r };
	struct zsim_config config;
	struct zsim_oracle *o;
	struct zsim *zs;
	int rc = 0;

	if (!algo)
		algo = zsim_reader_algo(rd);
	zsim_config_init(&config);
	config.algo = *zsim_algo_find(algo ? algo : "proactive-v5");
	config.allocator = allocator;
	zs = zsim_create(&config, &rc);
	if (!zs)
		return rc;
	o = zsim_observe(zs, &observer) ? NULL : zsim_oracle_create(zs, on_mismatch, r);
	rc = o ? events_replay(rd, zs, o, r) : -ENOMEM;
	if (!rc)
		counts_take(zs, o, r);
	/* an error leaves a state that is whole */
	if (zsim_verify(zs) == -ENOMEM)
		rc = -ENOMEM;
	zsim_oracle_free(o);
	zsim_free(zs);
	return rc;
}

void replay_text(const struct text *text, const char *algo, const struct zsim_allocator *allocator,
		 struct replay *r)
{
	struct zsim_reader *rd = NULL;

	*r = (struct replay){ .rc = 0 };
	r->rc = zsim_reader_open_memory("capture", text->data, text->size, allocator, &rd);
	if (r->rc && r->rc != -ENOMEM)
		snprintf(r->error, sizeof(r->error), "%s", zsim_reader_error(rd));
	if (!r->rc)
		r->rc = reader_replay(rd, algo, allocator, r);
	zsim_reader_close(rd);
}

/* ---- chance ------------------------------------------------------------------ */

/* splitmix64 */
uint64_t dice_roll(struct dice *d, uint64_t below)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % below;
}

struct dice dice_seed(const char *what, uint64_t fallback)
{
	const char *text = getenv("ZSIM_SEED");
	struct dice d = { text ? strtoull(text, NULL, 0) : fallback };

	printf("%s: seed %" PRIu64 "\n", what, d.state);
	return d;
}
