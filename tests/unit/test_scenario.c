/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_scenario.c - scenarios: what their lines mean, and what each mistake is called.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/scenario.h"
#include "model/entry.h"
#include "support/fail_alloc.h"
#include "support/suite.h"

#define HEAD "zsim-scenario 1\n"
#define ACTOR "actor A in order\n@A load 1\n"

static struct zsim_scenario *parse(const char *text)
{
	struct zsim_scenario *sc = NULL;
	int rc = zsim_scenario_parse("t", text, strlen(text), NULL, &sc);

	if (rc && sc)
		printf("refused: %s\n", zsim_scenario_error(sc));
	CU_ASSERT_EQUAL_FATAL(rc, 0);
	CU_ASSERT_STRING_EQUAL(zsim_scenario_error(sc), "");
	return sc;
}

static void refused_bytes(const char *text, size_t size, const char *error)
{
	struct zsim_scenario *sc = NULL;

	CU_ASSERT_EQUAL(zsim_scenario_parse("t", text, size, NULL, &sc), -EBADMSG);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	if (strcmp(zsim_scenario_error(sc), error))
		printf("is:       %s\nshould be: %s\n", zsim_scenario_error(sc), error);
	CU_ASSERT_STRING_EQUAL(zsim_scenario_error(sc), error);
	zsim_scenario_free(sc);
}

static void refused(const char *text, const char *error)
{
	refused_bytes(text, strlen(text), error);
}

static struct zsim *start(const struct zsim_scenario *sc, uint32_t choice)
{
	struct zsim *zs = NULL;
	uint64_t line;
	char why[64];

	CU_ASSERT_EQUAL_FATAL(
		zsim_scenario_start(sc, NULL, 0, choice, &zs, &line, why, sizeof(why)), 0);
	return zs;
}

static bool is_cold(const struct zsim *zs, uint64_t slot)
{
	return !zsim_entry_at(&zs->st, zsim_entry_find(&zs->st, slot))->referenced;
}

/* ---- what is said -------------------------------------------------------------- */

static const char whole[] = "zsim-scenario 1 # with a comment\n"
			    "\n"
			    "# a comment\n"
			    "about  two walkers: #1 and #2  \n"
			    "algo patch\n"
			    "set batch=2,retries=3\n"
			    "machine nodes=2 ram=100\n"
			    "param max_pool_percent 30 # another\n"
			    "mkdir /a\n"
			    "store 1 /a 0 1000 = ok\n"
			    "store 2 /a 1 2000\n"
			    "store 3 /a 1 3000\n"
			    "cold 3\n"
			    "either cold 2 # this one,\n"
			    "either cold 0x1\n"
			    "  actor A in order\n"
			    "actor B any 3\n"
			    "actor W when queued\n"
			    "actor C any forever\n"
			    "@A write /a memory.reclaim 1 source=zswap\n"
			    "	@A load 2 # back in\n"
			    "@B store 7 /a 0 10 20\n"
			    "@B write /a memory.zswap.writeback 0\n"
			    "@B signal A\n"
			    "@W worker\n"
			    "@C store 9 /a 1 4096\n"
			    "prove visit-once bytes-own\n"
			    "prove progress\n"
			    "refute node-count termination # both\n"
			    "ignore swapins\n"
			    "catches 3 content list-lock\n"
			    "catches 27 worker-bound";

static void every_line_is_understood(void)
{
	struct zsim_scenario *sc = parse(whole);

	CU_ASSERT_STRING_EQUAL(zsim_scenario_about(sc), "two walkers: #1 and #2");
	CU_ASSERT_STRING_EQUAL(zsim_scenario_algo(sc)->name, "proactive-v5");
	CU_ASSERT_EQUAL(zsim_scenario_algo(sc)->batch, 2);
	CU_ASSERT_EQUAL(zsim_scenario_algo(sc)->max_retries, 3);
	CU_ASSERT_EQUAL(sc->nr_setup, 7);
	CU_ASSERT_EQUAL(sc->setup[0].type, ZSIM_EV_MACHINE);
	CU_ASSERT(sc->setup[0].pool_bytes);
	CU_ASSERT_EQUAL(sc->setup[6].line, 13);
	CU_ASSERT_EQUAL(sc->nr_slots, 6);
	CU_ASSERT_EQUAL(sc->nr_either, 2);
	CU_ASSERT_EQUAL(sc->slots[sc->either[0]], 2);
	CU_ASSERT_EQUAL(sc->slots[sc->either[1]], 1);
	zsim_scenario_free(sc);
}

static void actors_have_their_events(void)
{
	struct zsim_scenario *sc = parse(whole);
	const struct zsim_role *b = &sc->role[1];

	CU_ASSERT_EQUAL_FATAL(sc->nr_roles, 4);
	CU_ASSERT_STRING_EQUAL(sc->role[0].name, "A");
	CU_ASSERT_EQUAL(sc->role[0].mode, ZSIM_MODE_ORDER);
	CU_ASSERT_EQUAL(sc->role[0].nr, 2);
	CU_ASSERT_STRING_EQUAL(sc->role[0].op[0].ev.text, "1 source=zswap");
	CU_ASSERT_PTR_NULL(sc->role[0].op[1].ev.actor);
	CU_ASSERT_EQUAL(sc->role[0].op[1].ev.line, 21);
	CU_ASSERT_EQUAL(b->mode, ZSIM_MODE_ANY);
	CU_ASSERT_EQUAL(b->budget, 3);
	CU_ASSERT_EQUAL(b->op[0].ev.nr, 2);
	CU_ASSERT_EQUAL(b->op[0].ev.length[1], 20);
	CU_ASSERT_STRING_EQUAL(b->op[1].ev.file, "memory.zswap.writeback");
	CU_ASSERT_STRING_EQUAL(b->op[2].ev.target, "A");
	CU_ASSERT_EQUAL(sc->role[2].mode, ZSIM_MODE_QUEUED);
	CU_ASSERT_EQUAL(sc->role[3].mode, ZSIM_MODE_FOREVER);
	CU_ASSERT_EQUAL(sc->role[3].line, 19);
	zsim_scenario_free(sc);
}

static void properties_are_said_by_name(void)
{
	struct zsim_scenario *sc = parse(whole);
	uint64_t refutes = ZSIM_P_BIT(ZSIM_P_NODE_COUNT) | ZSIM_P_BIT(ZSIM_P_TERMINATION);
	uint64_t more = ZSIM_P_BIT(ZSIM_P_VISIT_ONCE) | ZSIM_P_BIT(ZSIM_P_BYTES_OWN) |
			ZSIM_P_BIT(ZSIM_P_PROGRESS) | ZSIM_P_BIT(ZSIM_P_WORKER_BOUND);

	CU_ASSERT_EQUAL(zsim_scenario_refutes(sc), refutes);
	CU_ASSERT_EQUAL(zsim_scenario_proves(sc),
			(ZSIM_P_ALWAYS & ~refutes & ~ZSIM_P_BIT(ZSIM_P_SWAPINS)) | more);
	CU_ASSERT_EQUAL(zsim_scenario_catches(sc, 3),
			ZSIM_P_BIT(ZSIM_P_CONTENT) | ZSIM_P_BIT(ZSIM_P_LIST_LOCK));
	CU_ASSERT_EQUAL(zsim_scenario_catches(sc, 27), ZSIM_P_BIT(ZSIM_P_WORKER_BOUND));
	CU_ASSERT_EQUAL(zsim_scenario_catches(sc, 0), 0);
	CU_ASSERT_EQUAL(zsim_scenario_catches(sc, 200), 0);
	zsim_scenario_free(sc);
}

static void what_is_not_said_has_a_default(void)
{
	struct zsim_scenario *sc = parse(HEAD);

	CU_ASSERT_STRING_EQUAL(zsim_scenario_about(sc), "");
	CU_ASSERT_STRING_EQUAL(zsim_scenario_algo(sc)->name, "proactive-v5");
	CU_ASSERT_EQUAL(zsim_scenario_proves(sc), ZSIM_P_ALWAYS);
	CU_ASSERT_EQUAL(zsim_scenario_refutes(sc), 0);
	CU_ASSERT_EQUAL(sc->nr_roles, 0);
	zsim_scenario_free(sc);
	zsim_scenario_free(NULL);
}

static void blank_lines_may_come_first(void)
{
	zsim_scenario_free(parse("\n  \n\tzsim-scenario 1\nmkdir /a"));
}

/* ---- its simulator --------------------------------------------------------------- */

static void a_choice_says_which_slots_are_cold(void)
{
	struct zsim_scenario *sc = parse(whole);

	for (uint32_t choice = 0; choice < 4; choice++) {
		struct zsim *zs = start(sc, choice);

		CU_ASSERT_EQUAL(is_cold(zs, 2), choice & 1);
		CU_ASSERT_EQUAL(is_cold(zs, 1), choice >> 1);
		CU_ASSERT(is_cold(zs, 3));
		zsim_free(zs);
	}
	zsim_scenario_free(sc);
}

static void the_worker_waits_and_the_pool_counts_bytes(void)
{
	struct zsim_scenario *sc = parse(whole);
	struct zsim *zs = start(sc, 0);

	CU_ASSERT_EQUAL(zsim_param(zs, ZSIM_PARAM_WORKER_MANUAL), 1);
	CU_ASSERT_EQUAL(zsim_pool_pages(zs), 2); /* 6000 bytes */
	CU_ASSERT_EQUAL(zsim_algo(zs)->batch, 2);
	zsim_free(zs);
	zsim_scenario_free(sc);
}

static void another_algorithm_may_run(void)
{
	struct zsim_scenario *sc = parse(HEAD "mkdir /a\n"
					      "write /a memory.reclaim 0 source=zswap = 0\n");
	struct zsim *zs;
	uint64_t line;
	char why[64];

	CU_ASSERT_EQUAL(zsim_scenario_start(sc, zsim_algo_find("linux-7.2"), 0, 0, &zs, &line, why,
					    sizeof(why)),
			0);
	CU_ASSERT_STRING_EQUAL(zsim_algo(zs)->name, "linux-7.2");
	zsim_free(zs);
	zsim_scenario_free(sc);
}

static void a_defect_is_passed_on(void)
{
	struct zsim_scenario *sc = parse(HEAD "mkdir /a\n");
	struct zsim *zs = NULL;
	uint64_t line;
	char why[64];
	int rc = zsim_scenario_start(sc, NULL, 3, 0, &zs, &line, why, sizeof(why));

	CU_ASSERT_EQUAL(rc, zsim_has_defects() ? 0 : -EOPNOTSUPP);
	CU_ASSERT_EQUAL(zs != NULL, zsim_has_defects());
	zsim_free(zs);
	zsim_scenario_free(sc);
}

/* ---- slots that are alike ---------------------------------------------------------- */

static uint64_t class_of(const struct zsim_scenario *sc, uint64_t slot)
{
	return sc->slots[sc->class_of[zsim_scenario_slot(sc, slot)]];
}

static void slots_of_equal_events_are_alike(void)
{
	struct zsim_scenario *sc = parse(HEAD "mkdir /a\n"
					      "actor A any 2\n"
					      "@A load 1\n"
					      "@A store 1 /a 0 1000\n"
					      "@A store 2 /a 0 1000\n"
					      "@A load 2\n"
					      "@A load 2\n"
					      "@A load 3\n"
					      "@A store 3 /a 0 1001\n"
					      "@A load 4\n"
					      "actor B any forever\n"
					      "@B cache 5\n"
					      "@B cache 6\n"
					      "@B uncache 6\n"
					      "cache 8\n"
					      "cache 9\n");

	CU_ASSERT_EQUAL(class_of(sc, 1), 1);
	CU_ASSERT_EQUAL(class_of(sc, 2), 1);
	CU_ASSERT_EQUAL(class_of(sc, 3), 3); /* another length */
	CU_ASSERT_EQUAL(class_of(sc, 4), 4); /* no store */
	CU_ASSERT_EQUAL(class_of(sc, 5), 5);
	CU_ASSERT_EQUAL(class_of(sc, 6), 6);
	CU_ASSERT_EQUAL(class_of(sc, 8), 8); /* nobody names them later */
	CU_ASSERT_EQUAL(class_of(sc, 9), 8);
	CU_ASSERT_EQUAL(zsim_scenario_slot(sc, 7), ZSIM_NIL);
	zsim_scenario_free(sc);
}

static void order_folios_and_devices_tell_slots_apart(void)
{
	struct zsim_scenario *sc = parse(HEAD "mkdir /a\n"
					      "actor A in order\n"
					      "@A load 1\n"
					      "@A load 2\n"
					      "actor B any 2\n"
					      "@B store 3 /a 0 10 10\n"
					      "@B load 5\n"
					      "@B load 6\n"
					      "@B load 0x400000000000005\n");

	CU_ASSERT_EQUAL(class_of(sc, 1), 1);
	CU_ASSERT_EQUAL(class_of(sc, 2), 2);
	CU_ASSERT_EQUAL(class_of(sc, 3), 3);
	CU_ASSERT_EQUAL(class_of(sc, 4), 4);
	CU_ASSERT_EQUAL(class_of(sc, 5), 5);
	CU_ASSERT_EQUAL(class_of(sc, 6), 5);
	CU_ASSERT_EQUAL(class_of(sc, 0x400000000000005), 0x400000000000005);
	zsim_scenario_free(sc);
}

static void groups_and_nodes_tell_slots_apart(void)
{
	struct zsim_scenario *sc = parse(HEAD "machine nodes=2\nmkdir /a\nmkdir /b\n"
					      "actor B any 2\n"
					      "@B store 1 /a 0 10\n"
					      "@B store 2 /b 0 10\n"
					      "@B store 3 /a 1 10\n"
					      "@B store 4 /a 0 10\n");

	CU_ASSERT_EQUAL(class_of(sc, 2), 2);
	CU_ASSERT_EQUAL(class_of(sc, 3), 3);
	CU_ASSERT_EQUAL(class_of(sc, 4), 1);
	zsim_scenario_free(sc);
}

/* ---- mistakes ------------------------------------------------------------------------ */

static void a_header_is_needed(void)
{
	const char *none = "t:1: not a scenario: the first line is not `zsim-scenario 1`";

	refused("", "t:1: not a scenario: empty");
	refused(" \n\n", "t:1: not a scenario: empty");
	refused("zsim-trace 1\n", none);
	refused("# comment\n" HEAD, none);
	refused("zsim-scenarios 1\n", none);
	refused("zsim-scenario\n", "t:1: zsim-scenario: version missing");
	refused("zsim-scenario 2\n", "t:1: zsim-scenario: unsupported version: 2");
	refused("zsim-scenario 1 2\n", "t:1: zsim-scenario: extra field: 2");
}

static void bytes_that_are_no_text(void)
{
	static const char nul[] = HEAD "abo\0ut x\n";

	refused_bytes(nul, sizeof(nul) - 1, "t:2: NUL byte in the line");
	refused(HEAD "about x\r\n", "t:2: line ends in CR LF, it must end in LF");
	refused(HEAD "algo \x1b[31m\n", "t:2: algo: unknown: ?[31m");
}

static void about_and_algo(void)
{
	refused(HEAD "about\n", "t:2: about: TEXT missing");
	refused(HEAD "about a\nabout b\n", "t:3: about: given twice");
	refused(HEAD "algo\n", "t:2: algo: NAME missing");
	refused(HEAD "algo linux-1.0\n", "t:2: algo: unknown: linux-1.0");
	refused(HEAD "algo base\nalgo base\n", "t:3: algo: given twice");
	refused(HEAD "algo base patch\n", "t:2: algo: extra field: patch");
	refused(HEAD "set batch=2\nalgo base\n", "t:3: algo: must come before set");
}

static void constants(void)
{
	refused(HEAD "set\n", "t:2: set: NAME=NUMBER missing");
	refused(HEAD "set batch\n", "t:2: set: not NAME=NUMBER: batch");
	refused(HEAD "set batch=x\n", "t:2: set: batch is not a number: x");
	refused(HEAD "set batch=0\n", "t:2: set: batch out of range 1..65536: 0");
	refused(HEAD "set batch=99999999999999999999\n",
		"t:2: set: batch out of range 1..65536: 99999999999999999999");
	refused(HEAD "set batch=1,,retries=1\n", "t:2: set: not NAME=NUMBER: ");
	refused(HEAD "set size=1\n", "t:2: set: unknown constant: size");
	refused(HEAD "set batch=1 retries=1\n", "t:2: set: extra field: retries=1");
}

static void cold_slots(void)
{
	const char *stores = HEAD "mkdir /a\nstore 1 /a 0 1\nstore 2 /a 0 1\n";
	char text[512];

	refused(HEAD "either\n", "t:2: either: cold missing");
	refused(HEAD "either hot 1\n", "t:2: either: only cold is known, not hot");
	refused(HEAD "either cold\n", "t:2: either cold: SLOT missing");
	refused(HEAD "either cold x\n", "t:2: either cold: SLOT is not a number: x");
	refused(HEAD "either cold 1 1\n", "t:2: either cold: named twice: 1");
	refused(HEAD "either cold 1 2 3 4 5 6 7 8 9 10 11 12 13\n",
		"t:2: either cold: more than 12 slots");
	snprintf(text, sizeof(text), "%seither cold 1\neither cold 2 3\n", stores);
	refused(text, "t:6: either cold: there is no entry at slot 3");
}

static void declarations(void)
{
	refused(HEAD "actor\n", "t:2: actor: NAME missing");
	refused(HEAD "actor @A in order\n", "t:2: actor: NAME begins with @: @A");
	refused(HEAD "actor A\n", "t:2: actor: in order, any or when queued missing");
	refused(HEAD "actor A on order\n",
		"t:2: actor: neither in order nor any nor when queued: on");
	refused(HEAD "actor A in\n", "t:2: actor: order missing");
	refused(HEAD "actor A in turn\n", "t:2: actor: in order, not in turn");
	refused(HEAD "actor A when full\n", "t:2: actor: when queued, not when full");
	refused(HEAD "actor A any\n", "t:2: actor: number or forever missing");
	refused(HEAD "actor A any 0\n", "t:2: actor: any: out of range 1..1000000: 0");
	refused(HEAD "actor A any 1000001\n", "t:2: actor: any: out of range 1..1000000: 1000001");
	refused(HEAD "actor A any x\n", "t:2: actor: any: not a number: x");
	refused(HEAD "actor A any 2 3\n", "t:2: actor: extra field: 3");
	refused(HEAD ACTOR "actor A any 2\n", "t:4: actor: declared twice: A");
	refused(HEAD "actor A when queued\nactor B when queued\n",
		"t:3: actor: a second one when queued: there is one pool worker");
	refused(HEAD "actor A in order\n", "t:2: actor A: has no events");
}

static void too_many_actors(void)
{
	char text[1024] = HEAD;

	for (unsigned int i = 0; i <= ZSIM_MAX_PLAYERS; i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, "actor A%u in order\n", i);
	}
	refused(text, "t:9: actor: more than 7 actors");
}

static void events_of_actors(void)
{
	refused(HEAD "@A load 1\n", "t:2: no actor is declared by this name: A");
	refused(HEAD "@ load 1\n", "t:2: name missing behind @");
	refused(HEAD "actor A in order\n@A\n", "t:3: event missing behind @A");
	refused(HEAD "actor A in order\n@A # load\n", "t:3: event missing behind @A");
	refused(HEAD "actor A in order\n@A step\n", "t:3: step: not for an actor");
	refused(HEAD "actor A in order\n@A finish\n", "t:3: finish: not for an actor");
	refused(HEAD "actor A in order\n@A mkdir /a\n", "t:3: mkdir: not for an actor");
	refused(HEAD "actor A in order\n@A machine nodes=1\n", "t:3: machine: not for an actor");
	refused(HEAD "actor A in order\n@A saw worker\n", "t:3: saw: not for an actor");
	refused(HEAD "actor A in order\n@A load 1 = 0\n",
		"t:3: load: an actor's event takes no `= RESULT`");
	refused(HEAD "actor A in order\n@A signal B\n", "t:3: signal: no such actor: B");
	refused(HEAD "actor A in order\n@A param worker auto\n",
		"t:3: param worker: it runs when an actor runs it");
	refused(HEAD "actor A when queued\n@A load 1\n", "t:3: actor A: its one event is worker");
	refused(HEAD "actor A when queued\n@A worker\n@A worker\n",
		"t:4: actor A: its one event is worker");
}

static void events_that_no_state_allows(void)
{
	refused(HEAD "actor A in order\n@A write /a memory.reclaim 1\n", "t:3: unknown group: /a");
	refused(HEAD "actor A in order\n@A store 1 / 1 10\n",
		"t:3: no such node: 1 (the machine has 1)");
	refused(HEAD "actor A in order\n@A write / memory.zwap.max 1\n",
		"t:3: unknown file: memory.zwap.max");
	refused(HEAD "actor A in order\n@A write node0 compact 1\n", "t:3: unknown file: compact");
	refused(HEAD "machine nodes=1 swap=10\nactor A in order\n@A load 10\n",
		"t:4: slot beyond the device: 0xa");
	refused(HEAD "machine nodes=1 swap=10\nactor A in order\n@A store 9 / 0 1 1\n",
		"t:4: slot beyond the device: 0x9");
}

static void too_many_events(void)
{
	char *text = malloc(65536);
	size_t n = (size_t)sprintf(text, HEAD "actor A any 1\n");

	for (unsigned int i = 0; i <= ZSIM_MAX_OPS; i++)
		n += (size_t)sprintf(text + n, "@A load %u\n", i);
	refused(text, "t:203: actor A: more than 200 events");
	free(text);
}

static void too_many_slots(void)
{
	char *text = malloc(65536);
	size_t n = (size_t)sprintf(text, HEAD);

	for (unsigned int i = 0; i <= ZSIM_MAX_SCENARIO_SLOTS; i++)
		n += (size_t)sprintf(text + n, "cache %u\n", i);
	refused(text, "t:2050: more than 2048 slots");
	free(text);
}

static void properties(void)
{
	refused(HEAD "prove\n", "t:2: prove: NAME missing");
	refused(HEAD "prove speed\n", "t:2: prove: unknown property: speed");
	refused(HEAD "prove progress\nrefute progress\n",
		"t:3: refute: to be both proved and refuted: progress");
	refused(HEAD "refute content\nprove content\n",
		"t:3: prove: to be both proved and refuted: content");
	refused(HEAD "ignore content\nprove content\n", "t:3: prove: to be ignored too: content");
	refused(HEAD "refute content\nignore content\n", "t:3: ignore: to be ignored too: content");
	refused(HEAD "ignore progress\n", "t:2: ignore: looked at on demand only: progress");
	refused(HEAD "catches\n", "t:2: catches: DEFECT missing");
	refused(HEAD "catches 30 content\n", "t:2: catches: DEFECT: out of range 1..29: 30");
	refused(HEAD "catches 3\n", "t:2: catches: NAME missing");
	refused(HEAD "catches 3 speed\n", "t:2: catches: unknown property: speed");
	refused(HEAD "refute content\ncatches 3 content\n",
		"t:3: catches: to be both proved and refuted: content");
}

static void lines_of_the_trace(void)
{
	refused(HEAD "about x\n\nfly /a\n", "t:4: unknown event: fly");
	refused(HEAD "mkdir a\n", "t:2: mkdir: PATH is not absolute: a");
	refused(HEAD "mkdir /a\nmachine nodes=1\n", "t:3: machine: must come before any event");
	refused(HEAD "machine pool=zsmalloc\n", "t:2: machine: pool=bytes is needed here");
	refused(HEAD "signal A\n", "t:2: signal: no actor has begun yet");
	refused(HEAD "saw worker\n", "t:2: saw: a kernel's record is no part of a scenario");
	refused(HEAD "param worker manual\n", "t:2: param worker: it runs when an actor runs it");
	refused(HEAD "step\n", "t:2: step: needs an actor: @ACTOR step");
}

static void a_set_up_that_is_refused(void)
{
	refused(HEAD "store 1 /a 0 1\n", "t:2: unknown group: /a");
	refused(HEAD "mkdir /a\nstore 1 /a 0 1 = rejected\n",
		"t:3: store: the result is ok, not rejected");
	refused(HEAD "mkdir /a\nstore 1 /a 3 1\n", "t:3: no such node: 3 (the machine has 1)");
}

/* ---- without memory -------------------------------------------------------------------- */

static void every_failed_allocation_is_told(void)
{
	for (uint64_t n = 1;; n++) {
		struct zsim_scenario *sc = NULL;
		struct fail_alloc fa;
		int rc;

		fail_alloc_init(&fa, n);
		rc = zsim_scenario_parse("t", whole, strlen(whole), fail_alloc_get(&fa), &sc);
		CU_ASSERT_EQUAL(rc, fa.failed ? -ENOMEM : 0);
		CU_ASSERT_EQUAL(sc == NULL, rc != 0);
		zsim_scenario_free(sc);
		CU_ASSERT_EQUAL(fa.live_blocks, 0);
		if (!fa.failed)
			break;
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(every_line_is_understood),
	ZSIM_CASE(actors_have_their_events),
	ZSIM_CASE(properties_are_said_by_name),
	ZSIM_CASE(what_is_not_said_has_a_default),
	ZSIM_CASE(blank_lines_may_come_first),
	ZSIM_CASE(a_choice_says_which_slots_are_cold),
	ZSIM_CASE(the_worker_waits_and_the_pool_counts_bytes),
	ZSIM_CASE(another_algorithm_may_run),
	ZSIM_CASE(a_defect_is_passed_on),
	ZSIM_CASE(slots_of_equal_events_are_alike),
	ZSIM_CASE(order_folios_and_devices_tell_slots_apart),
	ZSIM_CASE(groups_and_nodes_tell_slots_apart),
	ZSIM_CASE(a_header_is_needed),
	ZSIM_CASE(bytes_that_are_no_text),
	ZSIM_CASE(about_and_algo),
	ZSIM_CASE(constants),
	ZSIM_CASE(cold_slots),
	ZSIM_CASE(declarations),
	ZSIM_CASE(too_many_actors),
	ZSIM_CASE(events_of_actors),
	ZSIM_CASE(events_that_no_state_allows),
	ZSIM_CASE(too_many_events),
	ZSIM_CASE(too_many_slots),
	ZSIM_CASE(properties),
	ZSIM_CASE(lines_of_the_trace),
	ZSIM_CASE(a_set_up_that_is_refused),
	ZSIM_CASE(every_failed_allocation_is_told),
};
ZSIM_SUITE_MAIN("scenario", cases)
