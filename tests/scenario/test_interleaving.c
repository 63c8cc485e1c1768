/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls suspended by name: interface.md 1, and running out of memory under them.
 */
#include <errno.h>

#include "engine/run.h"
#include "support/fail_alloc.h"
#include "support/scene.h"
#include "support/suite.h"

/* every point of a request that writes one cold page and rotates one behind it */
static void points_of_a_request(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\nmkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"shrinker /g 0 1 = stop\n"
			"store 2 /g 0 100 = ok\n");
	scene_forget(&sc);
	scene_play(&sc, "@A write /g memory.reclaim 200 source=zswap = step\n"
			"@A step = walk\n" /* before the first visit */
			"@A step = unlocked\n"
			"@A step = cached\n"
			"@A step = walk\n" /* after 1, which dropped the lock */
			"@A step = step\n" /* 2 was rotated: no point */
			"@A step = step\n" /* none */
			"@A step = walk\n"
			"@A step 2 = cached\n"
			"@A step = walk\n" /* after the last visit, too */
			"@A step = 0\n"
			"@A finish = 0\n" /* after the end it is no error */
			"@A finish = 0\n");
	scene_log(&sc, groups, "/g none /g");
	scene_log(&sc, visits, "1w 2r 2w");
	scene_request(&sc, 0, NONE, 200, 3);
	scene_refused(&sc, "@A step\n", -EINVAL, "A is in no call");
	scene_close(&sc);
}

/* steps that are one too many have been made up to there: a group that they freed is gone */
static void one_step_too_many(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\n"
			"@A write /g memory.reclaim 1M source=zswap = step\n"
			"rmdir /g\n");
	scene_refused(&sc, "@A step 99\n", -EINVAL, "A is in no call");
	scene_refused(&sc, "store 1 /g 0 100\n", -ENOENT, "unknown group: /g");
	scene_play(&sc, "mkdir /g\n"
			"store 1 /g 0 100 = ok\n");
	scene_list(&sc, "/g", 0, "1*");
	scene_close(&sc);
}

/* the visit that stopped the walk dropped the lock as well */
static void point_after_a_stop(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\nmkdir /g\n");
	scene_stores(&sc, 1, 2, "/g", 0, 100);
	scene_play(&sc, "shrinker /g 0 2 = stop\n"
			"cache 1 = 0\n"
			"@A write /g memory.reclaim 1 source=zswap = step\n"
			"@A step = walk\n"
			"@A step = unlocked\n"
			"@A step = walk\n"
			"@A step = step\n"
			"@A finish = 0\n");
	scene_close(&sc);
}

/* the worker, a store and a shrinker call; one without a point ends on its first line */
static void points_of_other_calls_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param accept_threshold_percent 0\n"
		       "param shrinker_enabled 1\n"
		       "mkdir /g\n"
		       "@S store 1 /g 0 4096 = ok\n"
		       "@S finish = ok\n"
		       "@S slab /g 0 0 noio = 0\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step = stop\n"
		       "@S finish = stop\n"
		       "@S slab /g 0 0 = walk\n"
		       "@S step = unlocked\n"
		       "@S finish = 1\n"
		       "@S store 1 /g 0 4096 = ok\n"
		       "@W worker = step\n"
		       "@W step = step\n" /* the root is empty: walked or not, no point */
		       "@W step = walk\n"
		       "load 1 = 0\n"
		       "@W finish = 0\n"
		       "@W finish = 0\n"
		       "write /g memory.zswap.max 0 = 0\n"
		       "@S store 1 /g 0 100 = rejected\n"
		       "@S write /g memory.reclaim 0 = 0\n"
		       "@S write /g memory.reclaim x = -EINVAL\n"
		       "@S finish = -22\n");
}

static void points_of_other_calls(void)
{
	scene_every(points_of_other_calls_in);
}

/* `step N` gives the last result; a step beyond the end is an error */
static void step_n(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"@A write /g memory.reclaim 1 source=zswap = step\n"
			"@A step 3 = step\n" /* walk, step (none), step */
			"@A step 5 = 0\n"    /* walk, unlocked, cached, walk, end */
			"@A write /g memory.reclaim 1 source=zswap = step\n");
	scene_refused(&sc, "@A step 100\n", -EINVAL, "nothing to step");
	/* what could be done of it was done */
	scene_play(&sc, "@A finish = -EAGAIN\n");
	scene_malformed("@A step 0\n", "out of range");
	scene_malformed("step\n", "needs an actor");
	scene_malformed("@A load 1\n", "cannot be suspended");
	scene_malformed("@A write /g memory.max 1\n", "cannot be suspended");
	scene_close(&sc);
}

static void misuse_of_actors(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_LOAD, .actor = "C" };
	struct zsim_result res;
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\n"
			"@A write /g memory.reclaim 1 source=zswap = step\n");
	scene_refused(&sc, "@A write /g memory.reclaim 1 source=zswap\n", -EINVAL,
		      "A is suspended in a call already");
	scene_refused(&sc, "@A worker\n", -EINVAL, "suspended in a call already");
	scene_refused(&sc, "@B step\n", -ENOENT, "no such actor: B");
	scene_refused(&sc, "@B finish\n", -ENOENT, "no such actor: B");
	scene_refused(&sc, "@B write /none memory.reclaim 1\n", -ENOENT, "unknown group");
	scene_refused(&sc, "@B step\n", -ENOENT, "no such actor: B");
	scene_refused(&sc, "", -EINVAL, "while A is suspended");
	scene_number(zsim_apply(sc.zs, &ev, &res), -EINVAL); /* the reader would refuse it */
	scene_number(res.kind, ZSIM_RESULT_NONE);
	scene_text_at("why", res.text, "load cannot be suspended", SCENE_HERE);
	ev = (struct zsim_event){ .type = ZSIM_EV_STEP, .value = 1 };
	scene_number(zsim_apply(sc.zs, &ev, &res), -EINVAL);
	ev = (struct zsim_event){ .type = ZSIM_EV_FINISH };
	scene_number(zsim_apply(sc.zs, &ev, &res), -EINVAL);
	ev = (struct zsim_event){ .type = ZSIM_EV_SAW };
	scene_number(zsim_apply(sc.zs, &ev, &res), -EINVAL);
	ev = (struct zsim_event){ .type = ZSIM_EV_SLAB, .path = "/g", .value = 13 };
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev = (struct zsim_event){ .type = ZSIM_EV_FAIL, .value = UINT64_MAX };
	scene_number(zsim_apply(sc.zs, &ev, &res), 0);
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev = (struct zsim_event){ .type = ZSIM_EV_PARAM, .value = 101 };
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	scene_play(&sc, "@A finish = -EAGAIN\n"
			"signal D\n"); /* who never does anything: perhaps a slip */
	scene_refused(&sc, "@D finish\n", -ENOENT, "no such actor: D");
	scene_refused(&sc, "", -ENOENT, "no such actor: D (a signal waits for it)");
	scene_play(&sc, "@D worker\n@D finish\n");
	scene_close(&sc);
}

/* events by handle, and machines that cannot be */
static void events_without_a_trace(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_MACHINE, .nodes = 65, .ram_pages = 1 };
	uint16_t length = 0;
	struct zsim_result res;
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev.nodes = 0;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev.nodes = 1;
	ev.ram_pages = 0;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev.ram_pages = UINT64_MAX / 100 + 1;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	scene_play(&sc, "machine nodes=1 ram=1000 swap=100\nmkdir /g\n"
			"store 99 /g 0 100 = ok\n");
	scene_refused(&sc, "store 100 /g 0 100\n", -ERANGE, "slot beyond the device: 0x64");
	scene_refused(&sc, "store 99 /g 0 100 100\n", -ERANGE, "slot beyond the device");
	scene_refused(&sc, "load 100\n", -ERANGE, "slot beyond the device");
	ev = (struct zsim_event){ .type = ZSIM_EV_SWAPIN, .memcg = scene_group(&sc, "/g") };
	scene_number(zsim_apply(sc.zs, &ev, &res), 0);
	ev.memcg = 77;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ENOENT);
	scene_text_at("why", res.text, "unknown group: (by handle)", SCENE_HERE);
	ev = (struct zsim_event){ .type = ZSIM_EV_STORE, .path = "/g", .length = &length };
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE); /* no page */
	ev.nr = 1;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE); /* of no bytes */
	length = 4097;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	ev.nr = ZSIM_MAX_FOLIO_PAGES + 1;
	scene_number(zsim_apply(sc.zs, &ev, &res), -ERANGE);
	scene_close(&sc);
}

/* the end with calls in the middle of a visit, a store and a worker: nothing is leaked */
static void freed_while_suspended_in(struct scene *sc)
{
	scene_play(sc, "param accept_threshold_percent 0\n"
		       "param shrinker_enabled 1\n"
		       "mkdir /g\nmkdir /h\n"
		       "store 1 /g 0 100 = ok\n"
		       "store 2 /h 0 100 = ok\n"
		       "shrinker /g 0 1 = stop\n"
		       "shrinker /h 0 1 = stop\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step 2 = cached\n"
		       "@W worker = step\n"
		       "@W step\n"
		       "write /h memory.zswap.max 0 = 0\n"
		       "@T store 3 /h 0 100 200 = walk\n"
		       "@T step = unlocked\n");
	scene_number(zsim_verify(sc->zs), 0);
	CU_ASSERT_NOT_EQUAL(zsim_finish(sc->zs, &(struct zsim_result){ 0 }), 0);
}

static void freed_while_suspended(void)
{
	const struct zsim_algo *algo;
	struct scene sc;

	for (size_t i = 0; (algo = zsim_algo_at(i)); i++) {
		scene_open(&sc, algo->name);
		freed_while_suspended_in(&sc);
		scene_quit(&sc);
	}
}

/* a request at `step`, having failed on 1 and scanned /g; a store and a worker elsewhere */
static void three_suspended(struct scene *sc)
{
	scene_play(sc, "param accept_threshold_percent 0\n"
		       "param shrinker_enabled 1\n"
		       "mkdir /g\nmkdir /h\n"
		       "store 1 /g 0 100 = ok\n"
		       "store 2 /h 0 100 = ok\n"
		       "shrinker /g 0 1 = stop\n"
		       "shrinker /h 0 1 = stop\n"
		       "fail decompress 1\n"
		       "@R write /g memory.reclaim 1M source=zswap = step\n"
		       "@R step 4 = walk\n"
		       "@R step = step\n"
		       "write /h memory.zswap.max 0 = 0\n"
		       "@S store 3 /h 0 100 200 = walk\n"
		       "@S step = unlocked\n"
		       "@W worker = step\n"
		       "@Z write /g memory.reclaim 0 = 0\n"
		       "signal Z\n");
}

#define FINISH_ALL "@S finish = ok\n@R finish = -EAGAIN\n@W finish = 0\n"

/* a copy goes on where the first stands; neither knows of the other */
static void copies_go_on_alone(void)
{
	struct scene sc;
	struct zsim *first;
	uint64_t digest;

	scene_open(&sc, "proactive-v5");
	three_suspended(&sc);
	first = sc.zs;
	digest = zsim_digest(first);
	sc.zs = zsim_clone(first, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc.zs);
	scene_number(zsim_digest(sc.zs) == digest, 1);
	scene_play(&sc, FINISH_ALL);
	scene_list(&sc, "/g", 0, "");
	scene_close(&sc);
	scene_number(zsim_digest(first) == digest, 1);
	sc.zs = first;
	scene_play(&sc, FINISH_ALL);
	scene_list(&sc, "/g", 0, "");
	scene_close(&sc);
}

/*
 * One visit a step, three failures: 2 is rotated, 1 fails; here the copy is made; 2 fails.
 * All that is left failed, which the copy only knows if it took along that 1 did.
 */
static void copies_know_what_failed(void)
{
	struct zsim_config config = scene_config("proactive-v5");
	struct scene sc;
	struct zsim *first;

	config.algo.batch = 1;
	config.algo.max_retries = 3;
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	scene_play(&sc, "param shrinker_enabled 1\n"
			"mkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"shrinker /g 0 1 = stop\n"
			"store 2 /g 0 100 = ok\n"
			"fail swapcache_alloc 1\n"
			"shrinker /g 0 1 = stop\n");
	scene_list(&sc, "/g", 0, "2* 1");
	scene_play(&sc, "fail decompress 100\n"
			"@R write /g memory.reclaim 1M source=zswap = step\n"
			"@R step 8 = step\n");
	first = sc.zs;
	sc.zs = zsim_clone(first, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(sc.zs);
	zsim_free(first);
	scene_number(zsim_observe(sc.zs, &sc.observer), 0);
	scene_play(&sc, "@R finish = -EAGAIN\n");
	scene_number(sc.rq.rotated, 1);
	scene_number(sc.rq.failed, 2);
	scene_number(sc.rq.why, ZSIM_WHY_BLOCKED);
	scene_close(&sc);
}

/* each allocation of the copy may fail: no copy, nothing lost */
static void copies_without_memory(void)
{
	struct fail_alloc fa;
	struct zsim_config config = scene_config("proactive-v5");
	struct zsim *copy = NULL;
	struct scene sc;
	int err;

	fail_alloc_init(&fa, 0);
	config.allocator = fail_alloc_get(&fa);
	CU_ASSERT_FATAL(scene_open_config(&sc, &config));
	three_suspended(&sc);
	for (uint64_t n = 1; !copy; n++) {
		fa.fail_at = fa.calls + n;
		copy = zsim_clone(sc.zs, &err);
		scene_number(err, copy ? 0 : -ENOMEM);
		scene_number(zsim_verify(sc.zs) > 0, 0);
	}
	zsim_free(copy);
	fa.fail_at = 0;
	scene_play(&sc, FINISH_ALL);
	scene_close(&sc);
	scene_number((int64_t)fa.live_blocks, 0);
}

/* model.md 5.4: a request that broke a bound would be told of. Here it is made to */
static void bounds_are_asserted(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\n"
			"store 1 /g 0 100 = ok\n"
			"@A write /g memory.reclaim 1 source=zswap = step\n");
	sc.zs->runs->call.steps = 1000;
	scene_play(&sc, "@A finish = 0\n");
	scene_number((int64_t)sc.violations, 1);
	scene_text_at("violation", sc.violation, "step-bound", SCENE_HERE);
	scene_play(&sc, "@A write /g memory.reclaim 1 source=zswap = step\n");
	sc.zs->runs->call.visits = 64 * 32 + 1;
	scene_play(&sc, "@A finish = -EAGAIN\n"); /* 32 steps */
	scene_number((int64_t)sc.violations, 2);
	scene_text_at("violation", sc.violation, "visit-bound", SCENE_HERE);
	/* a step that only clears a bit, then what was written is looked at */
	scene_play(&sc, "store 1 /g 0 100 = ok\n"
			"@A write /g memory.reclaim 1000 source=zswap = step\n");
	sc.zs->runs->call.done = 1000 + 64 * 4096 - 1;
	scene_play(&sc, "@A finish = 0\n");
	scene_number((int64_t)sc.violations, 2);
	scene_play(&sc, "store 1 /g 0 100 = ok\n"
			"@A write /g memory.reclaim 1000 source=zswap = step\n");
	sc.zs->runs->call.done = 1000 + 64 * 4096;
	scene_play(&sc, "@A finish = 0\n");
	scene_number((int64_t)sc.violations, 3);
	scene_text_at("violation", sc.violation, "overshoot", SCENE_HERE);
	scene_quit(&sc);
}

/* many names, of any length: each has its own call */
static void many_actors(void)
{
	struct scene sc;
	char line[128];
	char name[32];

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /g\nstore 1 /g 0 100 = ok\n");
	for (unsigned int i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "%0*u", (int)(3 + i % 24), i);
		snprintf(line, sizeof(line), "@%s write /g memory.reclaim 1K source=zswap = step\n",
			 name);
		scene_play(&sc, line);
	}
	for (unsigned int i = 400; i-- > 0;) {
		snprintf(line, sizeof(line), "signal %0*u\n@%0*u finish = -EINTR\n",
			 (int)(3 + i % 24), i, (int)(3 + i % 24), i);
		scene_play(&sc, line);
	}
	/* the step before which each stands is done: the bit, then the page */
	scene_log(&sc, visits, "1r 1w");
	scene_close(&sc);
}

/* two requests on one group take turns: neither loses what the other wrote */
static void two_requests(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\nmkdir /g\n");
	scene_stores(&sc, 1, 4, "/g", 0, 100);
	scene_play(&sc, "shrinker /g 0 4 = stop\n"
			"@A write /g memory.reclaim 1M source=zswap = step\n"
			"@B write /g memory.reclaim 1M source=zswap = step\n"
			"@A step 2 = unlocked\n" /* 1 */
			"@B step 2 = unlocked\n" /* 2 */
			"@A step 2 = walk\n"
			"@B step 2 = walk\n"
			"@A finish = -EAGAIN\n");
	scene_number(sc.rq.bytes, 300);
	scene_number(sc.rq.why, ZSIM_WHY_NOTHING);
	scene_play(&sc, "@B finish = -EAGAIN\n");
	scene_number(sc.rq.bytes, 100);
	scene_stat(&sc, "/g", ZSWPWB_PROACTIVE_B, 400);
	scene_stat(&sc, "/g", ZSWPWB, 4);
	scene_close(&sc);
}

/* a slot freed and stored again between two visits of one walk is met again as fresh */
static void stored_again_behind_the_walk(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "param shrinker_enabled 1\nmkdir /g\n");
	scene_stores(&sc, 1, 3, "/g", 0, 100);
	scene_play(&sc, "shrinker /g 0 3 = stop\n");
	scene_forget(&sc);
	scene_play(&sc, "@A write /g memory.reclaim 300 source=zswap = step\n"
			"@A step = walk\n"
			"@A step 3 = walk\n" /* 1 went */
			"store 1 /g 0 100 = ok\n"
			"load 2 = 0\n"
			"@A finish = 0\n");
	/* budget 3: 1 2 3, but 2 is gone: 1 takes the third visit; later passes write it */
	scene_log(&sc, visits, "1w 3w 1r 1w");
	scene_number(sc.rq.bytes, 300);
	scene_close(&sc);
}

/* ---- running out of memory ------------------------------------------------------------------ */

static const char everything[] =
	"machine nodes=2 ram=100\n"
	"param shrinker_enabled 1\n"
	"mkdir /p\nmkdir /p/a\nmkdir /p/b\n"
	"store 1 /p/a 0 4096\nstore 2 /p/a 1 100\nstore 3 /p/b 0 100 200 300\n"
	"store 9 /p 0 50\n"
	"cache 9\n"
	/* with these the ninth slot in the swap cache is a walker's: it grows then */
	"cache 51\ncache 52\ncache 53\ncache 54\ncache 55\ncache 56\ncache 57\n"
	"@S shrinker /p/a 0 2\n"
	"@R write /p memory.reclaim 1M source=zswap\n"
	"@R step\n@R step\n"
	"@N write node0 reclaim 1M\n"
	"write /p/b memory.zswap.max 0\n"
	"@T store 6 /p/b 0 100 200\n"
	"fail decompress 1\n"
	"fail swapcache_alloc 1\n"
	"signal Q\n"
	"rmdir /p/a deferred\n"
	"@R step 4\n"
	"mkdir /p/c\n"
	"offline /p/a\n"
	"store 7 /p/a 0 100\n"
	"swapin /p/a 0\n"
	"slab /p 0 0\n"
	"@S finish\n@R finish\n@N finish\n@T finish\n"
	"write /p memory.reclaim 1 source=zswap\n"
	"write / memory.reclaim 1M\n"
	"param max_pool_percent 1\n"
	"store 20 /p/c 0 4096\nstore 21 /p/c 0 4096\nstore 22 /p/c 0 4096\n"
	"worker\n"
	"uncache 9\nload 9\ninvalidate 2\n"
	"rmdir /p/b\nrmdir /p/c\nrmdir /p\n";

static void out_of_memory(void)
{
	const struct zsim_algo *algo;
	struct zsim_config config;

	for (size_t i = 0; (algo = zsim_algo_at(i)); i++) {
		config = scene_config(algo->name);
		scene_play_oom(&config, everything);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(points_of_a_request),
	ZSIM_CASE(one_step_too_many),
	ZSIM_CASE(point_after_a_stop),
	ZSIM_CASE(points_of_other_calls),
	ZSIM_CASE(step_n),
	ZSIM_CASE(misuse_of_actors),
	ZSIM_CASE(events_without_a_trace),
	ZSIM_CASE(freed_while_suspended),
	ZSIM_CASE(copies_go_on_alone),
	ZSIM_CASE(copies_know_what_failed),
	ZSIM_CASE(copies_without_memory),
	ZSIM_CASE(bounds_are_asserted),
	ZSIM_CASE(many_actors),
	ZSIM_CASE(two_requests),
	ZSIM_CASE(stored_again_behind_the_walk),
	ZSIM_CASE(out_of_memory),
};
ZSIM_SUITE_MAIN("interleaving", cases)
