/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report_json.h"

#define PROGRESS_EVENTS 4096u
#define OPS 1024u

static int fail(struct zsim_session *s, uint64_t line, const char *what)
{
	const char *name = strcmp(s->file, "-") ? s->file : "(standard input)";

	if (line)
		snprintf(s->error, sizeof(s->error), "%s:%" PRIu64 ": %s", name, line, what);
	else
		snprintf(s->error, sizeof(s->error), "%s: %s", name, what);
	return -EBADMSG;
}

static int fail_memory(struct zsim_session *s)
{
	return fail(s, s->line, "out of memory");
}

/* ---- what is kept for the reports ------------------------------------------- */

static char *keep_text(struct zsim_session *s, const char *text)
{
	char *copy = strdup(text ? text : "");

	if (!copy)
		s->out_of_memory = true;
	return copy;
}

static struct zsim_story *story_add(struct zsim_run *run)
{
	size_t max = run->max_requests ? run->max_requests * 2 : 64;
	struct zsim_story *bigger;

	if (run->nr_requests == run->max_requests) {
		bigger = realloc(run->requests, max * sizeof(*bigger));
		if (!bigger)
			return NULL;
		run->requests = bigger;
		run->max_requests = max;
	}
	return &run->requests[run->nr_requests++];
}

static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	struct zsim_run *run = ctx;
	struct zsim_session *s = run->session;
	bool group = rq->memcg != ZSIM_MEMCG_NONE;
	struct zsim_story *story = story_add(run);

	if (!story) {
		s->out_of_memory = true;
		return;
	}
	*story = (struct zsim_story){
		.group = group ? keep_text(s, zsim_path(zs, rq->memcg)) : NULL,
		.text = keep_text(s, rq->text),
		.line = s->line,
		.rc = rq->rc,
		.source_zswap = rq->source_zswap,
		.why = rq->why,
		.wanted = rq->wanted,
		.bytes = rq->bytes,
		.steps = rq->steps,
		.bound = rq->bound,
		.scanned = rq->scanned,
		.rotated = rq->rotated,
		.written = rq->written,
		.busy = rq->busy,
		.failed = rq->failed,
		.failures = rq->failures,
		.children = rq->children,
		.children_missed = rq->children_missed,
	};
}

static void on_violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	struct zsim_run *run = ctx;
	uint64_t i = run->nr_violations++;

	(void)zs;
	if (i >= ZSIM_SESSION_VIOLATIONS)
		return;
	run->violations[i] = (struct zsim_violation){
		.name = name,
		.text = keep_text(run->session, text),
		.line = run->session->line,
	};
}

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	const struct zsim_run *run = ctx;

	zsim_report_decision(run->session->options->events, run->session->line, zs, d);
}

static void difference_drop(struct zsim_run *run, size_t i)
{
	struct zsim_difference *d = &run->differences[i];

	free(d->saw);
	free(d->model);
	memmove(d, d + 1, (--run->kept_differences - i) * sizeof(*d));
}

/* Racy ones come in crowds: they make room for one that is not. */
static bool difference_room(struct zsim_run *run, bool racy)
{
	if (run->kept_differences < ZSIM_SESSION_DIFFERENCES)
		return true;
	for (size_t i = run->kept_differences; !racy && i-- > 0;) {
		if (zsim_check_racy(run->differences[i].kind)) {
			difference_drop(run, i);
			return true;
		}
	}
	return false;
}

static void on_mismatch(void *ctx, const struct zsim_mismatch *m)
{
	struct zsim_run *run = ctx;

	run->nr_differences++;
	if (!difference_room(run, zsim_check_racy(m->kind)))
		return;
	run->differences[run->kept_differences++] = (struct zsim_difference){
		.kind = m->kind,
		.line = m->line,
		.saw = keep_text(run->session, m->saw),
		.model = keep_text(run->session, m->model),
	};
}

/* ---- a simulator and those who watch it -------------------------------------- */

static bool run_is_first(const struct zsim_run *run)
{
	return run == &run->session->runs[0];
}

static int run_watch(struct zsim_run *run)
{
	bool log = run_is_first(run) && run->session->options->events;

	run->observer = (struct zsim_observer){
		.decision = log ? on_decision : NULL,
		.request = on_request,
		.violation = on_violation,
		.ctx = run,
	};
	if (zsim_observe(run->zs, &run->observer))
		return -ENOMEM;
	run->tally = zsim_tally_create(run->zs, NULL);
	run->findings = zsim_findings_create(run->zs, NULL);
	if (!run->tally || !run->findings)
		return -ENOMEM;
	if (!run_is_first(run))
		return 0;
	run->oracle = zsim_oracle_create(run->zs, on_mismatch, run);
	return run->oracle ? 0 : -ENOMEM;
}

static int run_start(struct zsim_session *s, const struct zsim_algo *algo)
{
	struct zsim_run *run = &s->runs[s->nr_runs++];
	struct zsim_config config;
	int err = 0;

	run->session = s;
	zsim_meter_init(&run->meter);
	zsim_config_init(&config);
	config.algo = *algo;
	config.node_count_fixed = s->options->node_count_fixed;
	config.allocator = &run->meter.allocator;
	config.defect = s->options->defect;
	zsim_set_apply(&config.algo, &s->options->set);
	run->zs = zsim_create(&config, &err);
	if (!run->zs)
		return err == -ENOMEM ? fail_memory(s) : fail(s, 0, strerror(-err));
	if (s->options->prove && zsim_guard_attach(run->zs, s->options->prove))
		return fail_memory(s);
	if (!s->checking) {
		run->whatif = zsim_whatif_create(NULL);
		if (!run->whatif)
			return fail_memory(s);
	}
	return run_watch(run) ? fail_memory(s) : 0;
}

static void run_free(struct zsim_run *run)
{
	zsim_whatif_free(run->whatif);
	zsim_oracle_free(run->oracle);
	zsim_free(run->zs);
	zsim_tally_free(run->tally);
	zsim_findings_free(run->findings);
	for (size_t i = 0; i < run->nr_requests; i++) {
		free(run->requests[i].group);
		free(run->requests[i].text);
	}
	free(run->requests);
	for (size_t i = 0; i < ZSIM_SESSION_VIOLATIONS; i++)
		free(run->violations[i].text);
	for (size_t i = 0; i < run->kept_differences; i++) {
		free(run->differences[i].saw);
		free(run->differences[i].model);
	}
}

/* ---- events ----------------------------------------------------------------- */

/* Not at the creation: `machine` must come before everything else. */
static int run_settle(struct zsim_run *run)
{
	run->settled = true;
	if (zsim_params_apply(&run->session->options->params, run->zs))
		return fail(run->session, 0, "a parameter of --param was refused");
	return 0;
}

/* Under another algorithm a call may end earlier than the trace's steps. */
static bool run_may_skip(const struct zsim_run *run, const struct zsim_event *ev, int err)
{
	bool steps = ev->type == ZSIM_EV_STEP || ev->type == ZSIM_EV_FINISH;

	return !run_is_first(run) && steps && (err == -EINVAL || err == -ENOENT);
}

static int run_apply(struct zsim_run *run, const struct zsim_event *ev, struct zsim_result *res)
{
	struct zsim_session *s = run->session;
	int err;

	*res = (struct zsim_result){ 0 };
	if (ev->type == ZSIM_EV_PARAM && s->options->params.given[ev->param])
		return 0;
	err = ev->type == ZSIM_EV_MACHINE || run->settled ? 0 : run_settle(run);
	if (err)
		return err;
	err = zsim_apply(run->zs, ev, res);
	if (err && run_may_skip(run, ev, err)) {
		run->skipped++;
		return 0;
	}
	if (err)
		return fail(s, s->line, res->text ? res->text : strerror(-err));
	if (run->oracle && ev->expect.kind != ZSIM_RESULT_NONE)
		zsim_oracle_expect(run->oracle, ev, res);
	return 0;
}

static int run_saw(struct zsim_run *run, const struct zsim_event *ev)
{
	const char *why = NULL;
	int err = run->settled ? 0 : run_settle(run);

	if (err)
		return err;
	/* facts are what the machine is: the model decides on its own all the same */
	if (run->session->options->prove && ev->record.saw > ZSIM_SAW_LOST)
		return fail(run->session, ev->line,
			    "a kernel's decisions are compared, not proved: try --what-if");
	err = zsim_oracle_saw(run->oracle, ev, &why);
	if (err == -ENOMEM)
		return fail_memory(run->session);
	return err ? fail(run->session, ev->line, why ? why : strerror(-err)) : 0;
}

static int run_due(struct zsim_run *run)
{
	struct zsim_event due;
	struct zsim_result res;
	int ret;

	while ((ret = zsim_whatif_next(run->whatif, &due)) == 1) {
		ret = run_apply(run, &due, &res);
		if (ret)
			return ret;
		zsim_whatif_result(run->whatif, &res);
	}
	return ret ? fail_memory(run->session) : 0;
}

static int run_event(struct zsim_run *run, const struct zsim_event *ev)
{
	struct zsim_session *s = run->session;
	struct zsim_result res;
	int err;

	zsim_findings_line(run->findings, s->line);
	if (!run->whatif)
		return ev->type == ZSIM_EV_SAW ? run_saw(run, ev) : run_apply(run, ev, &res);
	err = zsim_whatif_feed(run->whatif, ev);
	if (err)
		return fail(s, s->line,
			    err == -ENOMEM ? "out of memory" :
					     "a record that does not fit the ones before it");
	return run_due(run);
}

static int run_verify(struct zsim_run *run)
{
	run->verified++;
	return zsim_verify(run->zs) == -ENOMEM ? fail_memory(run->session) : 0;
}

/* the invariants are one of the properties */
static uint64_t verify_every(const struct zsim_session_options *options)
{
	return options->prove & ZSIM_P_BIT(ZSIM_P_INVARIANT) ? 1 : options->verify_every;
}

static int session_event(struct zsim_session *s, const struct zsim_event *ev)
{
	uint64_t every = verify_every(s->options);
	int err = 0;

	s->events++;
	s->records |= ev->type == ZSIM_EV_SAW;
	s->line = ev->line ? ev->line : zsim_reader_line(s->reader);
	for (unsigned int i = 0; i < s->nr_runs && !err; i++) {
		err = run_event(&s->runs[i], ev);
		if (!err && every && s->events % every == 0)
			err = run_verify(&s->runs[i]);
	}
	return s->out_of_memory && !err ? fail_memory(s) : err;
}

/* ---- page events in batches ----------------------------------------------------- */

/* only where nobody looks at the state after each event, and no filter stands in between */
static bool takes_ops(const struct zsim_session *s)
{
	return !s->runs[0].whatif && !verify_every(s->options);
}

/* the simulator learns the paths that the reader has numbered since */
static int groups_bind(struct zsim_session *s)
{
	uint32_t nr = zsim_reader_groups(s->reader);

	for (; s->bound < nr; s->bound++)
		if (zsim_bind(s->runs[0].zs, s->bound, zsim_reader_group(s->reader, s->bound)))
			return fail_memory(s);
	return s->runs[0].settled ? 0 : run_settle(&s->runs[0]);
}

/** struct batch - ops under way, on lines that follow each other from @line on */
struct batch {
	struct zsim_session *session;
	const struct zsim_op *ops;
	uint64_t line;
	uint64_t events;
};

static int op_at_length(void *ctx, const struct zsim_op *op)
{
	const struct batch *b = ctx;
	struct zsim_session *s = b->session;
	bool store = op->type == ZSIM_EV_STORE;
	struct zsim_event ev;

	s->events = b->events + (uint64_t)(op - b->ops);
	zsim_op_event(op, store ? zsim_reader_group(s->reader, op->group) : NULL,
		      b->line + (uint64_t)(op - b->ops), &ev);
	return session_event(s, &ev);
}

/* up to the line read last */
static int session_ops(struct zsim_session *s, const struct zsim_op *ops, uint32_t nr)
{
	uint64_t last = zsim_reader_line(s->reader);
	struct batch b = { .session = s, .ops = ops, .line = last - nr + 1, .events = s->events };
	int err = groups_bind(s);

	if (!err)
		err = zsim_each_op(s->runs[0].zs, ops, nr, op_at_length, &b);
	if (err)
		return err;
	s->events = b.events + nr;
	s->line = last;
	return 0;
}

/* what must hold at rest; the guard looks at the whole state itself, if it is to */
static int run_rest(struct zsim_run *run)
{
	uint64_t prove = run->session->options->prove;
	int rc = prove ? zsim_guard_rest(run->zs) : -EBUSY;

	if (rc == -ENOMEM)
		return fail_memory(run->session);
	if (rc < 0 || !(prove & ZSIM_P_BIT(ZSIM_P_INVARIANT)))
		return run_verify(run);
	run->verified++;
	return 0;
}

static int run_finish(struct zsim_run *run)
{
	struct zsim_session *s = run->session;
	struct zsim_result res = { 0 };
	int err = run->settled ? 0 : run_settle(run);

	if (!err && run->whatif)
		err = zsim_whatif_feed(run->whatif, NULL) ? fail_memory(s) : run_due(run);
	if (err)
		return err;
	if (run->oracle && zsim_oracle_finish(run->oracle))
		return fail_memory(s);
	if (zsim_finish(run->zs, &res) && run_is_first(run))
		return fail(s, s->line, res.text);
	if (zsim_findings_end(run->findings, run->zs))
		return fail_memory(s);
	return run_rest(run);
}

/* ---- a file ----------------------------------------------------------------- */

static int session_open(struct zsim_session *s)
{
	int err = zsim_reader_open(s->file, NULL, &s->reader);
	bool text;

	if (err == -ENOMEM)
		return fail_memory(s);
	if (err) {
		snprintf(s->error, sizeof(s->error), "%s", zsim_reader_error(s->reader));
		return -EBADMSG;
	}
	s->format = zsim_reader_format(s->reader);
	text = s->format == ZSIM_FORMAT_TEXT || s->format == ZSIM_FORMAT_BINARY;
	s->checking = !s->options->compare && !s->options->what_if && (text || s->options->check);
	return 0;
}

static int session_start(struct zsim_session *s)
{
	const char *name = s->checking ? zsim_reader_algo(s->reader) : NULL;
	const struct zsim_algo *algo = s->options->algo;
	int err;

	if (!algo && name)
		algo = zsim_algo_find(name);
	if (name && !algo)
		return fail(s, 1, "the trace names an algorithm that is not known");
	if (!algo)
		algo = zsim_algo_find("proactive-v5");
	err = run_start(s, algo);
	if (!err && s->options->compare)
		err = run_start(s, s->options->compare);
	return err;
}

static void session_progress(struct zsim_session *s)
{
	uint64_t done;
	uint64_t size;

	if (s->events < s->shown + PROGRESS_EVENTS)
		return;
	s->shown = s->events;
	zsim_reader_progress(s->reader, &done, &size);
	zsim_progress_update(s->options->progress, s->file, done, size, s->events);
}

static double seconds_since(uint64_t start)
{
	return (double)(zsim_now_ns() - start) / 1e9;
}

static int session_replay(struct zsim_session *s, uint64_t start)
{
	struct zsim_op ops[OPS];
	struct zsim_event ev;
	uint32_t nr;
	int ret;

	do {
		nr = takes_ops(s) ? zsim_reader_ops(s->reader, ops, OPS) : 0;
		ret = nr ? 1 : zsim_reader_next(s->reader, &ev);
		if (ret != 1)
			break;
		ret = nr ? session_ops(s, ops, nr) : session_event(s, &ev);
		if (ret)
			return ret;
		session_progress(s);
	} while (!ret);
	if (ret) {
		snprintf(s->error, sizeof(s->error), "%s", zsim_reader_error(s->reader));
		return -EBADMSG;
	}
	s->seconds =
		seconds_since(start); /* the last look at everything is no part of the replay */
	for (unsigned int i = 0; i < s->nr_runs && !ret; i++)
		ret = run_finish(&s->runs[i]);
	return s->out_of_memory && !ret ? fail_memory(s) : ret;
}

int zsim_session_run(struct zsim_session *s, const char *file,
		     const struct zsim_session_options *options)
{
	uint64_t start = zsim_now_ns();
	int err;

	*s = (struct zsim_session){ .file = file, .options = options };
	err = session_open(s);
	if (!err)
		err = session_start(s);
	if (!err)
		err = session_replay(s, start);
	return err;
}

void zsim_session_free(struct zsim_session *s)
{
	for (unsigned int i = 0; i < s->nr_runs; i++)
		run_free(&s->runs[i]);
	zsim_reader_close(s->reader);
	s->nr_runs = 0;
	s->reader = NULL;
}

/* ---- reading a session ------------------------------------------------------ */

bool zsim_check_racy(enum zsim_check kind)
{
	return kind == ZSIM_CHECK_POOL_PAGES || kind == ZSIM_CHECK_MAY_ZSWAP;
}

uint64_t zsim_session_wrong(const struct zsim_session *s, bool without_racy)
{
	uint64_t wrong = 0;

	for (int i = 0; i < ZSIM_NR_CHECKS; i++) {
		enum zsim_check kind = (enum zsim_check)i;

		if (!without_racy || !zsim_check_racy(kind))
			wrong += zsim_oracle_count(s->runs[0].oracle, kind).wrong;
	}
	return wrong;
}

uint64_t zsim_run_assumed(const struct zsim_run *run)
{
	return run->whatif ? zsim_whatif_assumed(run->whatif) : 0;
}

bool zsim_group_shown(const struct zsim *zs, zsim_memcg memcg)
{
	if (zsim_state(zs, memcg) == ZSIM_MEMCG_ONLINE)
		return true;
	for (int i = 0; i < ZSIM_NR_STATS; i++) {
		if (zsim_stat(zs, memcg, (enum zsim_stat_item)i))
			return true;
	}
	return false;
}

const char *zsim_group_suffix(const struct zsim *zs, zsim_memcg memcg)
{
	bool named = zsim_lookup(zs, zsim_path(zs, memcg)) == memcg;

	/* a dying group keeps its name until another one is made at its path */
	return zsim_state(zs, memcg) < ZSIM_MEMCG_OFFLINE && named ? "" : " (offline)";
}
