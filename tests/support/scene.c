/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/scene.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "support/fail_alloc.h"

/* ---- failing, with the place of the test -------------------------------------- */

__attribute__((format(printf, 3, 4))) static void check(bool ok, struct scene_place at,
							const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	CU_assertImplementation(ok, at.line, text, at.file, "", CU_FALSE);
}

void scene_text_at(const char *what, const char *saw, const char *want, struct scene_place at)
{
	check(!strcmp(saw, want), at, "%s: \"%.400s\", expected \"%.400s\"", what, saw, want);
}

void scene_number_at(const char *what, int64_t saw, int64_t want, struct scene_place at)
{
	check(saw == want, at, "%s: %lld, expected %lld", what, (long long)saw, (long long)want);
}

/* ---- logs ---------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void log_add(char *log, const char *format, ...)
{
	size_t n = strlen(log);
	va_list args;

	if (n && n + 1 < SCENE_LOG_BYTES)
		log[n++] = ' ';
	va_start(args, format);
	vsnprintf(log + n, SCENE_LOG_BYTES - n, format, args);
	va_end(args);
}

static const char *path_of(const struct zsim *zs, zsim_memcg memcg)
{
	return memcg == ZSIM_MEMCG_NONE ? "none" : zsim_path(zs, memcg);
}

static char verdict_letter(int64_t verdict)
{
	switch ((enum zsim_verdict)verdict) {
	case ZSIM_LRU_ROTATE:
		return 'r';
	case ZSIM_LRU_REMOVED_RETRY:
		return 'w';
	case ZSIM_LRU_SKIP:
		return 'k';
	case ZSIM_LRU_RETRY:
		return 'x';
	case ZSIM_LRU_STOP:
		return 's';
	}
	return '?';
}

static void log_slab(struct scene *sc, const struct zsim_decision *d)
{
	if (d->kind == ZSIM_D_SLAB_COUNT)
		log_add(sc->slab, "count(%u,%llu,%llu,%llu)", d->nr,
			(unsigned long long)d->deferred, (unsigned long long)d->delta,
			(unsigned long long)d->total);
	else if (d->kind == ZSIM_D_SLAB_BATCH)
		log_add(sc->slab, "batch(%u)=%lld", d->nr, (long long)d->rc);
	else
		log_add(sc->slab, "end(%llu)=%lld", (unsigned long long)d->deferred,
			(long long)d->rc);
}

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct scene *sc = ctx;

	switch (d->kind) {
	case ZSIM_D_NEXT_GROUP:
		log_add(sc->groups, "%s", path_of(zs, d->memcg));
		break;
	case ZSIM_D_WALK:
		log_add(sc->walks, "%s.%u(%u)", path_of(zs, d->memcg), d->node, d->nr);
		break;
	case ZSIM_D_SCAN_RET:
		log_add(sc->visits, "%llu%c", (unsigned long long)d->slot, verdict_letter(d->rc));
		break;
	case ZSIM_D_STEP_RET:
		log_add(sc->steps, "%lld", (long long)d->rc);
		break;
	case ZSIM_D_SLAB_COUNT:
	case ZSIM_D_SLAB_BATCH:
	case ZSIM_D_SLAB_END:
		log_slab(sc, d);
		break;
	default:
		break;
	}
}

static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	struct scene *sc = ctx;

	(void)zs;
	sc->rq = *rq;
	sc->rq.text = NULL;
	sc->requests++;
}

static void on_violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct scene *sc = ctx;

	(void)zs;
	(void)text;
	sc->violations++;
	sc->violation = name;
}

void scene_forget(struct scene *sc)
{
	sc->groups[0] = '\0';
	sc->visits[0] = '\0';
	sc->walks[0] = '\0';
	sc->steps[0] = '\0';
	sc->slab[0] = '\0';
}

/* ---- life ------------------------------------------------------------------------ */

struct zsim_config scene_config(const char *algo)
{
	struct zsim_config config;

	zsim_config_init(&config);
	config.algo = *zsim_algo_find(algo);
	return config;
}

bool scene_open_config(struct scene *sc, const struct zsim_config *config)
{
	memset(sc, 0, sizeof(*sc));
	sc->observer = (struct zsim_observer){
		.decision = on_decision,
		.request = on_request,
		.violation = on_violation,
		.ctx = sc,
	};
	sc->violation = "none";
	sc->zs = zsim_create(config, NULL);
	return sc->zs && !zsim_observe(sc->zs, &sc->observer);
}

void scene_open(struct scene *sc, const char *algo)
{
	struct zsim_config config = scene_config(algo);

	if (scene_open_config(sc, &config))
		return;
	fprintf(stderr, "scene: no memory\n");
	exit(1);
}

void scene_every(void (*run)(struct scene *sc))
{
	const struct zsim_algo *algo;
	struct scene *sc = malloc(sizeof(*sc));

	for (size_t i = 0; sc && (algo = zsim_algo_at(i)); i++) {
		scene_open(sc, algo->name);
		run(sc);
		scene_close(sc);
	}
	CU_ASSERT_FATAL(sc != NULL);
	free(sc);
}

void scene_quit(struct scene *sc)
{
	zsim_free(sc->zs);
	sc->zs = NULL;
}

void scene_close_at(struct scene *sc, struct scene_place at)
{
	struct zsim_result res;
	int rc = zsim_finish(sc->zs, &res);

	check(!rc, at, "the end of the trace: %d, %s", rc, rc ? res.text : "");
	check(!zsim_verify(sc->zs) && !sc->violations, at, "%llu invariants broken, last: %s",
	      (unsigned long long)sc->violations, sc->violation);
	scene_quit(sc);
}

zsim_memcg scene_group(struct scene *sc, const char *path)
{
	zsim_memcg memcg = zsim_lookup(sc->zs, path);

	CU_ASSERT_NOT_EQUAL_FATAL(memcg, ZSIM_MEMCG_NONE);
	return memcg;
}

/* ---- lines ------------------------------------------------------------------------ */

/* the lines as a trace, to be freed by the caller */
static char *with_header(const char *lines, size_t *size)
{
	static const char header[] = "zsim-trace 1\n";
	char *text;

	*size = strlen(header) + strlen(lines);
	text = malloc(*size + 1);
	CU_ASSERT_FATAL(text != NULL);
	memcpy(text, header, strlen(header));
	strcpy(text + strlen(header), lines);
	return text;
}

/* the @nr-th of the lines, for messages; the first is line 2 of the trace */
static const char *line_of(const char *lines, uint64_t nr, int *size)
{
	while (nr-- > 2 && strchr(lines, '\n'))
		lines = strchr(lines, '\n') + 1;
	*size = (int)strcspn(lines, "\n");
	return lines;
}

static void event_check(struct scene *sc, const struct zsim_event *ev, const char *lines,
			struct scene_place at)
{
	const char *algo = zsim_algo(sc->zs)->name;
	char want[64] = "", got[64] = "";
	struct zsim_result res;
	int size;
	const char *line = line_of(lines, ev->line, &size);
	int rc = zsim_apply(sc->zs, ev, &res);

	check(!rc, at, "%s: `%.*s` was refused: %d, %s", algo, size, line, rc,
	      rc && res.text ? res.text : "");
	if (rc || ev->expect.kind == ZSIM_RESULT_NONE)
		return;
	zsim_result_format(&ev->expect, want, sizeof(want));
	zsim_result_format(&res, got, sizeof(got));
	check(zsim_result_equal(&ev->expect, &res), at, "%s: `%.*s` gave %s, expected %s", algo,
	      size, line, got, want);
}

void scene_play_at(struct scene *sc, const char *lines, struct scene_place at)
{
	struct zsim_reader *rd;
	struct zsim_event ev;
	size_t size;
	char *text = with_header(lines, &size);
	int rc = zsim_reader_open_memory("scene", text, size, NULL, &rd);

	while (!rc && (rc = zsim_reader_next(rd, &ev)) == 1) {
		event_check(sc, &ev, lines, at);
		rc = 0;
	}
	check(!rc, at, "%d, %s", rc, rd ? zsim_reader_error(rd) : "");
	zsim_reader_close(rd);
	free(text);
}

/* "" stands for the end of the trace */
void scene_refused_at(struct scene *sc, const char *line, int rc, const char *why,
		      struct scene_place at)
{
	struct zsim_result res = { .text = "" };
	struct zsim_reader *rd = NULL;
	struct zsim_event ev;
	size_t size;
	char *text = with_header(line, &size);
	int got = 0;

	if (!*line)
		got = zsim_finish(sc->zs, &res);
	else if (!zsim_reader_open_memory("scene", text, size, NULL, &rd) &&
		 zsim_reader_next(rd, &ev) == 1)
		got = zsim_apply(sc->zs, &ev, &res);
	check(got == rc, at, "`%s` gave %d, expected %d", line, got, rc);
	check(res.text && strstr(res.text, why), at, "`%s` was refused for \"%s\", not \"%s\"",
	      line, res.text ? res.text : "", why);
	zsim_reader_close(rd);
	free(text);
}

void scene_malformed_at(const char *lines, const char *why, struct scene_place at)
{
	struct zsim_reader *rd;
	struct zsim_event ev;
	size_t size;
	char *text = with_header(lines, &size);
	int rc = zsim_reader_open_memory("scene", text, size, NULL, &rd);

	while (!rc && (rc = zsim_reader_next(rd, &ev)) == 1)
		rc = 0;
	check(rc == -EBADMSG && strstr(zsim_reader_error(rd), why), at,
	      "`%s` gave %d, %s; expected \"%s\"", lines, rc, rd ? zsim_reader_error(rd) : "", why);
	zsim_reader_close(rd);
	free(text);
}

void scene_stores_at(struct scene *sc, uint64_t slot, uint32_t nr, const char *path, uint32_t node,
		     uint16_t length, struct scene_place at)
{
	zsim_memcg memcg = zsim_lookup(sc->zs, path);
	uint32_t accepted = 0;

	for (uint32_t i = 0; i < nr; i++)
		accepted += zsim_store(sc->zs, slot + i, memcg, node, &length, 1) == 1;
	check(accepted == nr, at, "%u of %u stores accepted", accepted, nr);
}

/* ---- the state afterwards --------------------------------------------------------- */

void scene_list_at(struct scene *sc, const char *path, uint32_t node, const char *list,
		   struct scene_place at)
{
	static bool referenced[4096];
	static uint64_t slots[4096];
	static char text[SCENE_LOG_BYTES];
	uint32_t n = zsim_list(sc->zs, scene_group(sc, path), node, slots, referenced, 4096);

	text[0] = '\0';
	for (uint32_t i = 0; i < n; i++)
		log_add(text, "%llu%s", (unsigned long long)slots[i], referenced[i] ? "*" : "");
	scene_text_at(path, text, list, at);
}

void scene_stat_at(struct scene *sc, const char *path, enum zsim_stat_item item, uint64_t value,
		   struct scene_place at)
{
	uint64_t got = zsim_stat(sc->zs, scene_group(sc, path), item);

	check(got == value, at, "%s of %s: %llu, expected %llu", zsim_stat_name(item), path,
	      (unsigned long long)got, (unsigned long long)value);
}

void scene_counter_at(struct scene *sc, enum zsim_counter counter, uint64_t value,
		      struct scene_place at)
{
	uint64_t got = zsim_counter(sc->zs, counter);

	check(got == value, at, "%s: %llu, expected %llu", zsim_counter_name(counter),
	      (unsigned long long)got, (unsigned long long)value);
}

void scene_request_at(struct scene *sc, int rc, enum zsim_why why, uint64_t bytes, uint64_t steps,
		      struct scene_place at)
{
	const struct zsim_request *rq = &sc->rq;

	check(rq->rc == rc && rq->why == why && rq->bytes == bytes && rq->steps == steps, at,
	      "request: rc %d, %s, %llu bytes, %llu steps; expected %d, %s, %llu, %llu", rq->rc,
	      zsim_why_name(rq->why), (unsigned long long)rq->bytes, (unsigned long long)rq->steps,
	      rc, zsim_why_name(why), (unsigned long long)bytes, (unsigned long long)steps);
}

/* ---- out of memory ---------------------------------------------------------------- */

/* applies the lines, given up or not; false once something else went wrong */
static bool play_through(struct scene *sc, struct zsim_reader *rd)
{
	struct zsim_result res;
	struct zsim_event ev;
	bool ok = true;
	int rc;

	while (ok && zsim_reader_next(rd, &ev) == 1) {
		rc = zsim_apply(sc->zs, &ev, &res);
		/* an event before this one was given up: this one may not fit any more */
		ok = !rc || rc == -ENOMEM || rc == -ENOENT || rc == -EINVAL || rc == -ERANGE;
		rc = zsim_verify(sc->zs);
		ok = ok && (!rc || rc == -ENOMEM) && !sc->violations;
	}
	return ok;
}

static bool play_failing(const struct zsim_config *config, const char *text, size_t size,
			 struct fail_alloc *fa)
{
	struct zsim_config failing = *config;
	struct scene *sc = malloc(sizeof(*sc));
	struct zsim_reader *rd = NULL;
	bool ok = sc && !zsim_reader_open_memory("scene", text, size, NULL, &rd);

	CU_ASSERT_FATAL(ok);
	failing.allocator = fail_alloc_get(fa);
	if (scene_open_config(sc, &failing))
		ok = play_through(sc, rd);
	if (!ok)
		fprintf(stderr, "scene: line %llu, allocation %llu: %s\n",
			(unsigned long long)zsim_reader_line(rd), (unsigned long long)fa->fail_at,
			sc->violation);
	scene_quit(sc);
	zsim_reader_close(rd);
	free(sc);
	return ok;
}

void scene_play_oom(const struct zsim_config *config, const char *lines)
{
	struct fail_alloc fa = { .failed = 1 };
	size_t size;
	char *text = with_header(lines, &size);

	for (uint64_t n = 1; fa.failed; n++) {
		fail_alloc_init(&fa, n);
		CU_ASSERT(play_failing(config, text, size, &fa));
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
	}
	free(text);
}
