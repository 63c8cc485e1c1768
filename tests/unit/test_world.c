/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_world.c - a scenario under way: what can happen when, who waits for whom, and
 * that a frozen world comes back as it was.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/world.h"
#include "model/entry.h"
#include "support/fail_alloc.h"
#include "support/scenarios.h"
#include "support/suite.h"

#define PROPERTIES (ZSIM_P_ALWAYS)

/** struct stage - a world of a scenario given as lines */
struct stage {
	struct zsim_scenario *sc;
	struct zsim_world w;
};

static void stage_open(struct stage *s, const char *lines)
{
	s->sc = scenario_of(lines, NULL);
	CU_ASSERT_EQUAL_FATAL(zsim_world_init(&s->w, s->sc, NULL, 0, PROPERTIES, 0), 0);
}

static void stage_close(struct stage *s)
{
	CU_ASSERT_EQUAL(s->w.monitor.broken, 0);
	zsim_world_destroy(&s->w);
	zsim_scenario_free(s->sc);
}

/* what can happen: "A0" the first event of the first actor, "B." the next step of the second */
static void can_at(struct stage *s, const char *expected, unsigned int line)
{
	uint16_t action[ZSIM_MAX_ACTIONS];
	uint32_t n = zsim_world_actions(&s->w, action);
	char found[256] = "", what[600];
	size_t at = 0;

	for (uint32_t i = 0; i < n && at < sizeof(found); i++) {
		char who = (char)('A' + ZSIM_ACTION_PLAYER(action[i]));
		uint32_t op = ZSIM_ACTION_OP(action[i]);

		at += (size_t)snprintf(found + at, sizeof(found) - at,
				       op == ZSIM_STEP ? "%s%c." : "%s%c%u", i ? " " : "", who, op);
	}
	snprintf(what, sizeof(what), "can happen: \"%s\", expected \"%s\"", found, expected);
	CU_assertImplementation(strcmp(found, expected) ? CU_FALSE : CU_TRUE, line, what, __FILE__,
				"", CU_FALSE);
}

#define CAN(s, expected) can_at(s, expected, __LINE__)

static void act(struct stage *s, char who, uint32_t op)
{
	CU_ASSERT_EQUAL(zsim_world_act(&s->w, ZSIM_ACTION((uint32_t)(who - 'A'), op)), 0);
	zsim_world_audit(&s->w);
}

static void step(struct stage *s, char who)
{
	act(s, who, ZSIM_STEP);
}

static const struct zsim_call *call_of(const struct stage *s, char who)
{
	return &s->w.player[who - 'A'].call;
}

/* to its next point of this kind */
static void go_to(struct stage *s, char who, enum zsim_point point)
{
	while (s->w.player[who - 'A'].active && zsim_call_point(call_of(s, who)) != point)
		step(s, who);
	CU_ASSERT_TRUE(s->w.player[who - 'A'].active);
}

static void finish(struct stage *s, char who)
{
	while (s->w.player[who - 'A'].active)
		step(s, who);
}

static bool has_entry(const struct stage *s, uint64_t slot)
{
	return zsim_entry_find(&s->w.zs->st, slot) != ZSIM_NIL;
}

/* ---- whose turn it is ----------------------------------------------------------------- */

static void actors_in_order_go_once(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "actor A in order\n"
		       "@A store 1 /a 0 100\n"
		       "@A load 1\n"
		       "actor B in order\n"
		       "@B cache 7\n");
	CAN(&s, "A0 B0");
	act(&s, 'A', 0);
	CAN(&s, "A1 B0");
	act(&s, 'B', 0);
	CAN(&s, "A1");
	act(&s, 'A', 1);
	CAN(&s, "");
	stage_close(&s);
}

/* a budget for all events together; what would change nothing is not offered */
static void actors_of_any_event_have_a_budget(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "store 2 /a 0 100\n"
		       "actor A any 3\n"
		       "@A load 1\n"
		       "@A load 2\n"
		       "@A invalidate 1\n"
		       "@A invalidate 2\n"
		       "@A cache 1\n"
		       "@A uncache 1\n"
		       "@A store 1 /a 0 100\n");
	CAN(&s, "A1 A3 A4 A6");
	act(&s, 'A', 4);
	CAN(&s, "A1 A3 A5 A6");
	act(&s, 'A', 3);
	CAN(&s, "A5 A6");
	act(&s, 'A', 6);
	CAN(&s, "");
	stage_close(&s);
}

static void an_endless_actor_never_ends(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "actor A any forever\n"
		       "@A store 1 /a 0 100\n"
		       "@A load 1\n");
	for (uint32_t i = 0; i < 10; i++) {
		CAN(&s, i % 2 ? "A0 A1" : "A0");
		act(&s, 'A', i % 2);
	}
	stage_close(&s);
}

static void the_worker_goes_when_it_is_queued(void)
{
	struct stage s;

	stage_open(&s, "set batch=1,retries=2\n"
		       "machine nodes=1 ram=100\n"
		       "param max_pool_percent 1\n"
		       "mkdir /a\n"
		       "store 1 /a 0 4096\n"
		       "cold 1\n"
		       "actor A in order\n"
		       "@A store 2 /a 0 4096\n"
		       "actor B when queued\n"
		       "@B worker\n");
	CAN(&s, "A0");
	act(&s, 'A', 0);
	CAN(&s, "B0");
	act(&s, 'B', 0);
	CAN(&s, "B.");
	finish(&s, 'B');
	CAN(&s, "");
	CU_ASSERT_FALSE(has_entry(&s, 1));
	stage_close(&s);
}

/* ---- waiting -------------------------------------------------------------------------------- */

#define REQUEST                   \
	"set batch=1,retries=2\n" \
	"mkdir /a\n"              \
	"mkdir /b\n"              \
	"store 1 /a 0 100\n"      \
	"store 3 /b 0 100\n"      \
	"cold 1\n"                \
	"actor A in order\n"      \
	"@A write /a memory.reclaim 1 source=zswap\n"

static void a_locked_page_is_waited_for(void)
{
	struct stage s;

	stage_open(&s, REQUEST "actor B any 1\n"
			       "@B load 1\n"
			       "@B invalidate 1\n"
			       "@B uncache 1\n"
			       "@B store 1 /a 0 100\n"
			       "@B store 0 /a 0 100 100\n"
			       "@B load 3\n"
			       "actor C in order\n"
			       "@C cache 1\n"
			       "actor D in order\n"
			       "@D swapoff 0\n");
	act(&s, 'A', 0);
	go_to(&s, 'A', ZSIM_POINT_UNLOCKED);
	CAN(&s, "A. B0 B1 B3 B4 B5 C0 D0");
	go_to(&s, 'A', ZSIM_POINT_CACHED);
	CAN(&s, "A. B5");
	step(&s, 'A');
	CAN(&s, "A. B3 B4 B5 C0 D0");
	stage_close(&s);
}

/* it must be told that its slot was freed, though there is no entry any more */
static void a_visited_slot_can_be_freed(void)
{
	struct stage s;

	stage_open(&s, REQUEST "actor B any 2\n"
			       "@B load 1\n"
			       "@B invalidate 1\n");
	act(&s, 'A', 0);
	go_to(&s, 'A', ZSIM_POINT_UNLOCKED);
	act(&s, 'B', 0);
	CAN(&s, "A. B1");
	act(&s, 'B', 1);
	CU_ASSERT_TRUE(zsim_visit_at(&s.w.zs->st, call_of(&s, 'A')->turn.visit)->freed);
	finish(&s, 'A');
	stage_close(&s);
}

/* a store keeps its page until it is over, a swapped-off device takes no page */
static void a_device_waits_for_stores(void)
{
	struct stage s;

	stage_open(&s, "set batch=1,retries=2\n"
		       "mkdir /a\n"
		       "write /a memory.zswap.max 4096\n"
		       "store 1 /a 0 4096\n"
		       "cold 1\n"
		       "actor A in order\n"
		       "@A store 2 /a 0 100\n"
		       "actor B in order\n"
		       "@B swapoff 0\n");
	CAN(&s, "A0 B0");
	act(&s, 'A', 0);
	CAN(&s, "A.");
	finish(&s, 'A');
	CAN(&s, "B0");
	stage_close(&s);
}

static void groups_leave_one_at_a_time(void)
{
	struct stage s;

	stage_open(&s, "mkdir /a\n"
		       "mkdir /b\n"
		       "store 1 /a 0 100\n"
		       "actor A in order\n"
		       "@A rmdir /a deferred\n"
		       "@A offline /a\n"
		       "actor B in order\n"
		       "@B rmdir /b deferred\n"
		       "@B offline /b\n");
	act(&s, 'A', 0);
	CAN(&s, "A1 B0");
	act(&s, 'A', 1);
	CAN(&s, "A.");
	finish(&s, 'A');
	CAN(&s, "B0");
	act(&s, 'B', 0);
	act(&s, 'B', 1);
	finish(&s, 'B');
	CAN(&s, "");
	stage_close(&s);
}

static void there_is_one_worker(void)
{
	struct stage s;

	stage_open(&s, "set batch=1,retries=2\n"
		       "machine nodes=1 ram=100\n"
		       "param max_pool_percent 1\n"
		       "mkdir /a\n"
		       "store 1 /a 0 4096\n"
		       "actor A in order\n"
		       "@A worker\n"
		       "actor B in order\n"
		       "@B worker\n");
	CAN(&s, "A0 B0");
	act(&s, 'A', 0);
	CAN(&s, "A.");
	finish(&s, 'A');
	CAN(&s, "B0");
	stage_close(&s);
}

/* ---- signals --------------------------------------------------------------------------------- */

static void a_signal_waits_for_the_call(void)
{
	struct stage s;

	stage_open(&s, REQUEST "actor B in order\n"
			       "@B signal A\n");
	act(&s, 'B', 0);
	act(&s, 'A', 0);
	CU_ASSERT_FALSE(s.w.player[0].active);
	CU_ASSERT_FALSE(s.w.player[0].signal);
	CU_ASSERT_EQUAL(call_of(&s, 'A')->rc, -EINTR);
	CU_ASSERT_TRUE(has_entry(&s, 1));
	stage_close(&s);
}

/* it is seen between two steps */
static void a_signal_ends_the_call_under_way(void)
{
	struct stage s;

	stage_open(&s, "set batch=1,retries=2\n"
		       "mkdir /a\n"
		       "store 1 /a 0 100\n"
		       "cold 1\n"
		       "actor A in order\n"
		       "@A write /a memory.reclaim 3000 source=zswap\n"
		       "actor B in order\n"
		       "@B signal A\n");
	act(&s, 'A', 0);
	act(&s, 'B', 0);
	CU_ASSERT_TRUE(s.w.player[0].active);
	finish(&s, 'A');
	CU_ASSERT_EQUAL(call_of(&s, 'A')->rc, -EINTR);
	CU_ASSERT_FALSE(has_entry(&s, 1));
	stage_close(&s);
}

/* ---- frozen ---------------------------------------------------------------------------------- */

static void a_frozen_world_comes_back(void)
{
	uint64_t digest[2];
	void *frozen[2], *again;
	struct stage s;

	stage_open(&s, REQUEST "actor B in order\n"
			       "@B store 2 /a 0 300\n"
			       "@B cache 7\n"
			       "@B rmdir /a deferred\n"
			       "@B param enabled 0\n");
	for (int i = 0; i < 2; i++) {
		frozen[i] = malloc(s.w.frozen_size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(frozen[i]);
	}
	again = malloc(s.w.frozen_size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(again);
	zsim_world_freeze(&s.w, frozen[0]);
	digest[0] = zsim_digest(s.w.zs);
	act(&s, 'A', 0);
	go_to(&s, 'A', ZSIM_POINT_CACHED);
	for (uint32_t op = 0; op < 4; op++)
		act(&s, 'B', op);
	zsim_world_freeze(&s.w, frozen[1]);
	digest[1] = zsim_digest(s.w.zs);
	CU_ASSERT_NOT_EQUAL(digest[0], digest[1]);
	for (int i = 0; i < 6; i++) {
		zsim_world_thaw(&s.w, frozen[i % 2]);
		CU_ASSERT_EQUAL(zsim_digest(s.w.zs), digest[i % 2]);
		zsim_world_freeze(&s.w, again);
		CU_ASSERT_EQUAL(memcmp(again, frozen[i % 2], s.w.frozen_size), 0);
		if (i % 2)
			step(&s, 'A');
		else
			CAN(&s, "A0 B0");
	}
	free(again);
	free(frozen[0]);
	free(frozen[1]);
	stage_close(&s);
}

/* worlds of one scenario are made alike: what one froze another thaws */
static void a_world_thaws_in_another(void)
{
	const char *lines = REQUEST "either cold 3\n"
				    "actor B in order\n"
				    "@B load 3\n";
	struct zsim_world other;
	struct stage s;
	void *frozen;

	stage_open(&s, lines);
	CU_ASSERT_EQUAL_FATAL(zsim_world_init(&other, s.sc, NULL, 0, PROPERTIES, 1), 0);
	CU_ASSERT_EQUAL_FATAL(other.frozen_size, s.w.frozen_size);
	CU_ASSERT_NOT_EQUAL(zsim_digest(other.zs), zsim_digest(s.w.zs));
	frozen = malloc(other.frozen_size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(frozen);
	act(&s, 'A', 0);
	act(&s, 'B', 0);
	zsim_world_freeze(&s.w, frozen);
	zsim_world_thaw(&other, frozen);
	CU_ASSERT_EQUAL(zsim_digest(other.zs), zsim_digest(s.w.zs));
	CU_ASSERT_TRUE(other.player[0].active);
	free(frozen);
	zsim_world_destroy(&other);
	stage_close(&s);
}

/* ---- properties ------------------------------------------------------------------------------ */

/* a page that somebody left locked is told at rest */
static void what_must_hold_at_rest(void)
{
	struct stage s;

	stage_open(&s, REQUEST);
	zsim_world_rest(&s.w);
	CU_ASSERT_EQUAL(s.w.monitor.broken, 0);
	s.w.zs->st.wb_locked++;
	zsim_world_rest(&s.w);
	CU_ASSERT_EQUAL(s.w.monitor.broken, ZSIM_P_BIT(ZSIM_P_LOCKED_AT_REST));
	s.w.zs->st.wb_locked--;
	s.w.monitor.broken = 0;
	stage_close(&s);
}

static void a_wrong_sum_is_told(void)
{
	struct stage s;

	stage_open(&s, REQUEST);
	s.w.zs->st.nr_entries++;
	s.w.slots_changed = true;
	zsim_world_audit(&s.w);
	CU_ASSERT_EQUAL(s.w.monitor.broken, ZSIM_P_BIT(ZSIM_P_INVARIANT));
	s.w.monitor.broken = 0;
	s.w.monitor.known = ZSIM_P_BIT(ZSIM_P_INVARIANT);
	zsim_world_audit(&s.w);
	CU_ASSERT_EQUAL(s.w.monitor.broken, 0);
	s.w.zs->st.nr_entries--;
	stage_close(&s);
}

/* a reference too many */
static void a_lost_reference_is_told(void)
{
	struct stage s;

	stage_open(&s, REQUEST);
	zsim_memcg_at(&s.w.zs->st, 1)->refs++;
	CU_ASSERT_EQUAL(zsim_world_act(&s.w, ZSIM_ACTION(0, 0)), 0);
	CU_ASSERT_EQUAL(s.w.monitor.broken, ZSIM_P_BIT(ZSIM_P_INVARIANT));
	s.w.monitor.broken = 0;
	zsim_memcg_at(&s.w.zs->st, 1)->refs--;
	stage_close(&s);
}

/* ---- without memory -------------------------------------------------------------------------- */

static void every_allocation_may_fail(void)
{
	for (uint64_t n = 0;; n++) {
		struct zsim_scenario *sc;
		struct zsim_world w;
		struct fail_alloc fa;
		uint64_t live;
		int rc;

		fail_alloc_init(&fa, 0);
		sc = scenario_of(REQUEST "actor B in order\n"
					 "@B store 2 /a 0 300\n",
				 fail_alloc_get(&fa));
		live = fa.live_blocks;
		fa.fail_at = fa.calls + n + 1;
		rc = zsim_world_init(&w, sc, NULL, 0, ZSIM_P_BIT(ZSIM_NR_PROPERTIES) - 1, 0);
		CU_ASSERT_EQUAL(rc, fa.failed ? -ENOMEM : 0);
		zsim_world_destroy(&w);
		CU_ASSERT_EQUAL(fa.live_blocks, live);
		zsim_scenario_free(sc);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
}

static void no_defect_without_defects(void)
{
	struct zsim_scenario *sc = scenario_of(REQUEST, NULL);
	struct zsim_world w;
	int rc = zsim_world_init(&w, sc, NULL, 1, PROPERTIES, 0);

	CU_ASSERT_EQUAL(rc, zsim_has_defects() ? 0 : -EOPNOTSUPP);
	zsim_world_destroy(&w);
	zsim_scenario_free(sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(actors_in_order_go_once),
	ZSIM_CASE(actors_of_any_event_have_a_budget),
	ZSIM_CASE(an_endless_actor_never_ends),
	ZSIM_CASE(the_worker_goes_when_it_is_queued),
	ZSIM_CASE(a_locked_page_is_waited_for),
	ZSIM_CASE(a_visited_slot_can_be_freed),
	ZSIM_CASE(a_device_waits_for_stores),
	ZSIM_CASE(groups_leave_one_at_a_time),
	ZSIM_CASE(there_is_one_worker),
	ZSIM_CASE(a_signal_waits_for_the_call),
	ZSIM_CASE(a_signal_ends_the_call_under_way),
	ZSIM_CASE(a_frozen_world_comes_back),
	ZSIM_CASE(a_world_thaws_in_another),
	ZSIM_CASE(what_must_hold_at_rest),
	ZSIM_CASE(a_wrong_sum_is_told),
	ZSIM_CASE(a_lost_reference_is_told),
	ZSIM_CASE(every_allocation_may_fail),
	ZSIM_CASE(no_defect_without_defects),
};
ZSIM_SUITE_MAIN("world", cases)
