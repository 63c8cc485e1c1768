/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Properties by name, and the guard: the engine's own hooks drive a monitor, what does
 * not hold reaches the observers, and the hand-written traces break nothing, under
 * whichever algorithm they are played.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include <zsim/property.h>
#include <zsim/trace.h>

#include "engine/run.h"
#include "model/entry.h"
#include "support/suite.h"
#include "support/world.h"

#define ONLY(property) ZSIM_P_BIT(ZSIM_P_##property)

/* ---- names -------------------------------------------------------------------------- */

static void names(void)
{
	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++) {
		const char *name = zsim_property_name((enum zsim_property)i);
		const char *statement = zsim_property_statement((enum zsim_property)i);

		CU_ASSERT_EQUAL(zsim_property_parse(name), i);
		CU_ASSERT_EQUAL(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		CU_ASSERT(strlen(statement) > 10 && strlen(statement) < 120);
		CU_ASSERT_PTR_NULL(strchr(statement, '\n'));
	}
	CU_ASSERT_STRING_EQUAL(zsim_property_name(ZSIM_P_OWN_SUBTREE), "own-subtree");
	CU_ASSERT_STRING_EQUAL(zsim_property_name(ZSIM_P_WORKER_TERMINATION), "worker-termination");
}

static void names_unknown(void)
{
	CU_ASSERT_STRING_EQUAL(zsim_property_name(ZSIM_NR_PROPERTIES), "?");
	CU_ASSERT_STRING_EQUAL(zsim_property_statement(ZSIM_NR_PROPERTIES), "?");
	CU_ASSERT_EQUAL(zsim_property_parse("own_subtree"), -EINVAL);
	CU_ASSERT_EQUAL(zsim_property_parse(""), -EINVAL);
	CU_ASSERT_EQUAL(zsim_property_parse("?"), -EINVAL);
}

static void always_are_those_before_worker_bound(void)
{
	CU_ASSERT(ZSIM_P_ALWAYS & ONLY(INVARIANT));
	CU_ASSERT(ZSIM_P_ALWAYS & ONLY(TERMINATION));
	CU_ASSERT_FALSE(ZSIM_P_ALWAYS & ONLY(WORKER_BOUND));
	CU_ASSERT_FALSE(ZSIM_P_ALWAYS & ONLY(WORKER_TERMINATION));
}

/* ---- the guard ------------------------------------------------------------------------ */

static int play(struct world *w, struct zsim_event ev)
{
	struct zsim_result res;

	CU_ASSERT_EQUAL_FATAL(zsim_apply(w->zs, &ev, &res), 0);
	return (int)res.value;
}

static const struct zsim_event suspended_request = {
	.type = ZSIM_EV_WRITE,
	.actor = "A",
	.path = "/a",
	.file = "memory.reclaim",
	.text = "1 source=zswap",
};

static void attach(void)
{
	struct zsim *clone;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 1, 100);
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), -ENOENT);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_BIT(ZSIM_NR_PROPERTIES)), -EINVAL);
	CU_ASSERT_EQUAL(play(&w, suspended_request), ZSIM_POINT_STEP);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS), -EBUSY);
	play(&w, (struct zsim_event){ .type = ZSIM_EV_FINISH, .actor = "A" });
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS), 0);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS), -EBUSY);
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 0);
	clone = zsim_clone(w.zs, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(clone);
	CU_ASSERT_EQUAL(zsim_guard_rest(clone), -ENOENT);
	zsim_free(clone);
	CU_ASSERT_EQUAL(play(&w, suspended_request), ZSIM_POINT_STEP);
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), -EBUSY);
	/* and the world ends with a call under way */
	zsim_free(w.zs);
	CU_ASSERT_EQUAL(w.fa.live_blocks, 0);
}

/* a decision that breaks something is told each time, a state that is broken once */
static void broken_is_told(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 3, 100);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS | ONLY(NODE_COUNT)), 0);
	/* a fixture may say that an entry had its chance */
	CU_ASSERT_EQUAL(zsim_cold(w.zs, 3), 0);
	for (uint64_t slot = 1; slot <= 2; slot++)
		zsim_entry_at(&w.zs->st, zsim_entry_find(&w.zs->st, slot))->referenced = 0;
	CU_ASSERT_EQUAL(world_write(&w, "/a", "memory.reclaim", "300 source=zswap"), 0);
	CU_ASSERT_STRING_EQUAL(w.violated, " second-chance node-count second-chance ");
	w.violations = 0;
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 1);
	CU_ASSERT_EQUAL(w.violations, 1);
	world_free(&w);
}

/* several at once: each has its own name, and the first one its reason */
static void together(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS), 0);
	w.zs->st.pool_refs++;
	w.zs->st.wb_locked++;
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 2);
	CU_ASSERT_STRING_EQUAL(w.violated, " pool-reference locked-at-rest ");
	w.zs->st.pool_refs--;
	w.zs->st.wb_locked--;
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 0);
	world_free(&w);
}

/* an event that is no call is looked at too, and the end verifies what is counted */
static void between_calls(void)
{
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ONLY(POOL_REFERENCE) | ONLY(INVARIANT)), 0);
	w.zs->st.pool_refs++;
	play(&w, (struct zsim_event){ .type = ZSIM_EV_LOAD, .slot = 1 });
	CU_ASSERT_STRING_EQUAL(w.violated, " pool-reference ");
	play(&w, (struct zsim_event){ .type = ZSIM_EV_LOAD, .slot = 1 });
	CU_ASSERT_STRING_EQUAL(w.violated, " pool-reference ");
	w.zs->st.pool_refs--;
	w.zs->st.node_true[0]++;
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 1);
	CU_ASSERT_STRING_EQUAL(w.violated, " pool-reference node-count ");
	w.zs->st.node_true[0]--;
	CU_ASSERT_EQUAL(zsim_swapin(w.zs, world_group(&w, "/a"), 0), 0);
	CU_ASSERT_STRING_EQUAL(w.violated, " pool-reference node-count ");
	world_free(&w);
}

static void many_calls(void)
{
	struct zsim_event ev = suspended_request;
	char names[20][4];
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 100, 100);
	world_age(&w, "/a", 0);
	CU_ASSERT_EQUAL(zsim_guard_attach(w.zs, ZSIM_P_ALWAYS), 0);
	for (int i = 0; i < 20; i++) {
		snprintf(names[i], sizeof(names[i]), "A%d", i);
		ev.actor = names[i];
		CU_ASSERT_EQUAL(play(&w, ev), ZSIM_POINT_STEP);
		play(&w,
		     (struct zsim_event){ .type = ZSIM_EV_STEP, .actor = names[i], .value = 2 });
	}
	for (int i = 0; i < 20; i++)
		play(&w, (struct zsim_event){ .type = ZSIM_EV_FINISH, .actor = names[i] });
	CU_ASSERT_EQUAL(zsim_guard_rest(w.zs), 0);
	CU_ASSERT_EQUAL(w.violations, 0);
	world_free(&w);
}

/* without memory for what must be remembered the decision is not made */
static void out_of_memory(void)
{
	struct world w;
	int rc = -ENOMEM;

	for (uint64_t n = 1; rc == -ENOMEM; n++) {
		world_create(&w, "proactive-v5", 1);
		world_fill(&w, "/a", 0, 63, 100);
		w.fa.fail_at = w.fa.calls + n;
		rc = zsim_guard_attach(w.zs, ZSIM_P_ALWAYS | ONLY(VISIT_ONCE));
		if (!rc) {
			w.fa.fail_at = w.fa.calls + n - 2;
			for (uint64_t slot = 1000; !rc && slot < 1200; slot++)
				rc = world_store(&w, slot, "/a", 0, 100) - 1;
			rc = rc == -ENOMEM - 1 ? -ENOMEM : rc;
		}
		CU_ASSERT(!rc || rc == -ENOMEM);
		CU_ASSERT_EQUAL(w.violations, 0);
		w.fa.fail_at = 0;
		world_free(&w);
	}
}

/* ---- traces ------------------------------------------------------------------------------ */

static void violation(void *ctx, const struct zsim *zs, const char *name, const char *text)
{
	fprintf(stderr, "%s under %s: %s: %s\n", (const char *)ctx, zsim_algo(zs)->name, name,
		text);
	CU_FAIL("a property does not hold");
}

/* expected results are another test's, and what this algorithm refuses is passed over */
static void events_play(struct zsim_reader *rd, struct zsim *zs)
{
	struct zsim_result res;
	struct zsim_event ev;

	while (zsim_reader_next(rd, &ev) == 1)
		if (ev.type != ZSIM_EV_SAW)
			zsim_apply(zs, &ev, &res);
}

static void trace_guard(char *file, const struct zsim_algo *algo)
{
	const struct zsim_observer observer = { .violation = violation, .ctx = file };
	struct zsim_config config;
	struct zsim_reader *rd;
	struct zsim *zs;
	int rc;

	CU_ASSERT_EQUAL_FATAL(zsim_reader_open(file, NULL, &rd), 0);
	zsim_config_init(&config);
	config.algo = *algo;
	zs = zsim_create(&config, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(zs);
	CU_ASSERT_EQUAL(zsim_observe(zs, &observer), 0);
	CU_ASSERT_EQUAL(zsim_guard_attach(zs, ZSIM_P_ALWAYS), 0);
	events_play(rd, zs);
	rc = zsim_guard_rest(zs);
	CU_ASSERT(rc == 0 || rc == -EBUSY);
	zsim_free(zs);
	zsim_reader_close(rd);
}

static int is_trace(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".trace");
}

static void traces(void)
{
	static const char folder[] = ZSIM_TRACES;
	struct dirent **files;
	int nr = scandir(folder, &files, is_trace, alphasort);
	char file[1024];

	CU_ASSERT_FATAL(nr >= 50);
	for (int i = 0; i < nr; i++) {
		snprintf(file, sizeof(file), "%s/%s", folder, files[i]->d_name);
		for (size_t a = 0; zsim_algo_at(a); a++)
			trace_guard(file, zsim_algo_at(a));
		free(files[i]);
	}
	free(files);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(names),
	ZSIM_CASE(names_unknown),
	ZSIM_CASE(always_are_those_before_worker_bound),
	ZSIM_CASE(attach),
	ZSIM_CASE(broken_is_told),
	ZSIM_CASE(together),
	ZSIM_CASE(between_calls),
	ZSIM_CASE(many_calls),
	ZSIM_CASE(out_of_memory),
	ZSIM_CASE(traces),
};
ZSIM_SUITE_MAIN("property", cases)
