/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every control file of interface.md through the engine: model.md 9. The grammar
 * itself has its own tests beside model/control.h.
 */
#include "support/scene.h"
#include "support/suite.h"

/*
 * What a real patched kernel answered, in its order (bad.log): 10 pages in zswap, which
 * the request of one byte writes, then nothing is left.
 */
static const char bad_log[] = "write /b memory.reclaim source=zswap = -22\n"
			      "write /b memory.reclaim 1M source=zswap swappiness=60 = -22\n"
			      "write /b memory.reclaim 1M swappiness=60 source=zswap = -22\n"
			      "write /b memory.reclaim 1M source=zswap swappiness=max = -22\n"
			      "write /b memory.reclaim 1M source=foo = -22\n"
			      "write /b memory.reclaim 1M source= = -22\n"
			      "write /b memory.reclaim 1M source = -22\n"
			      "write /b memory.reclaim 0 source=zswap = 0\n"
			      "write /b memory.reclaim 1 source=zswap = 0\n"
			      "write /b memory.reclaim 0x10 source=zswap = -11\n"
			      "write /b memory.reclaim 1Msource=zswap = -11\n"
			      "write /b memory.reclaim  1M   source=zswap   = -11\n"
			      "write /b memory.reclaim -1 source=zswap = -22\n"
			      "write /b memory.reclaim 1M source=zswap source=zswap = -11\n"
			      "write /b memory.reclaim 1M source=zswapzswapzswapzswap = -22\n"
			      "write /b memory.reclaim 99999999999999999999 source=zswap = -11\n"
			      "write /b memory.reclaim 1M swappiness=201 = -22\n"
			      "write /b memory.reclaim 1M swappiness=-1 = -22\n"
			      "write /b memory.reclaim 1M Source=zswap = -22\n"
			      "write /b memory.reclaim 1M\tsource=zswap = -11\n"
			      "write /b memory.reclaim 18446744073709551615 source=zswap = -11\n"
			      "write /b memory.reclaim 16E source=zswap = -11\n"
			      "write /b memory.reclaim 1.5M source=zswap = -22\n"
			      "write /b memory.reclaim 1MB source=zswap = -22\n"
			      "write /b memory.reclaim 010 source=zswap = -11\n"
			      "write /b memory.reclaim 1M source=zswap,foo = -22\n";

static void reclaim_as_in_bad_log(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /b\n");
	scene_stores(&sc, 1, 10, "/b", 0, 320);
	scene_play(&sc, bad_log);
	scene_stat(&sc, "/b", ZSWPWB, 10);
	scene_stat(&sc, "/b", ZSWPWB_PROACTIVE_B, 3200);
	scene_number(sc.requests, 26); /* each has a story, refused or not */
	scene_close(&sc);
}

/* a refused text leaves a story without a step */
static void refused_text_has_a_story_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "write /g memory.reclaim   = -EINVAL\n"); /* a blank */
	scene_request(sc, -22, INVALID, 0, 0);
	scene_number(sc->rq.memcg, scene_group(sc, "/g"));
	scene_play(sc, "write /g memory.reclaim 1M swappiness=201 = -EINVAL\n"
		       "write /g memory.reclaim 1M swappiness=x = -22\n"
		       "write /g memory.reclaim max = -22\n"
		       "write /g memory.reclaim 1M swappiness=200 = -EAGAIN\n"
		       "write /g memory.reclaim 0 swappiness=0x10 = 0\n");
	scene_number(sc->requests, 6);
	/* a write of no bytes never reaches the parser (bad.log) */
	scene_play(sc, "write /g memory.reclaim = 0\n");
	scene_number(sc->requests, 6);
}

static void refused_text_has_a_story(void)
{
	scene_every(refused_text_has_a_story_in);
}

static uint64_t value_of(struct scene *sc, const char *path, const char *file)
{
	uint64_t value = 12345;

	scene_number(zsim_read(sc->zs, scene_group(sc, path), file, &value), 0);
	return value;
}

/* a refused write changes nothing */
static void zswap_max_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max") == UINT64_MAX, 1);
	scene_play(sc, "write /g memory.zswap.max 40K = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max"), 10);
	scene_play(sc, "write /g memory.zswap.max 4095 = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max"), 0);
	scene_play(sc, "write /g memory.zswap.max = 0\n"
		       "write /g memory.zswap.max 1M x = -EINVAL\n"
		       "write /g memory.zswap.max 1Mx = -22\n"
		       "write /g memory.zswap.max Max = -22\n"
		       "write /g memory.zswap.max -1 = -22\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max"), 0);
	scene_play(sc, "write /g memory.zswap.max   max   = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max") == UINT64_MAX, 1);
	scene_play(sc, "write /g memory.zswap.max 0x10000 = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.max"), 16);
}

static void zswap_max(void)
{
	scene_every(zswap_max_in);
}

static void zswap_writeback_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\nmkdir /g/c\n"
		       "write /g memory.zswap.writeback 0 = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.writeback"), 0);
	scene_number(value_of(sc, "/g/c", "memory.zswap.writeback"), 1); /* its own */
	scene_number(zsim_writeback_enabled(sc->zs, scene_group(sc, "/g/c")), 0);
	scene_play(sc, "write /g memory.zswap.writeback 2 = -EINVAL\n"
		       "write /g memory.zswap.writeback -1 = -EINVAL\n"
		       "write /g memory.zswap.writeback   = -EINVAL\n"
		       "write /g memory.zswap.writeback = 0\n"
		       "write /g memory.zswap.writeback 1 1 = -EINVAL\n"
		       "write /g memory.zswap.writeback Y = -22\n"
		       "write /g memory.zswap.writeback 2147483648 = -34\n"
		       "write /g memory.zswap.writeback -2147483649 = -34\n"
		       "write /g memory.zswap.writeback 2147483647 = -22\n"
		       "write /g memory.zswap.writeback 99999999999999999999 = -34\n");
	scene_number(value_of(sc, "/g", "memory.zswap.writeback"), 0);
	scene_play(sc, "write /g memory.zswap.writeback 0x1 = 0\n");
	scene_number(value_of(sc, "/g", "memory.zswap.writeback"), 1);
	scene_play(sc, "write / memory.zswap.writeback 0 = 0\n");
	scene_number(zsim_writeback_enabled(sc->zs, scene_group(sc, "/g/c")), 0);
	scene_play(sc, "param enabled 0\n"); /* zswap disabled altogether */
	scene_number(zsim_writeback_enabled(sc->zs, scene_group(sc, "/g/c")), 1);
	scene_play(sc, "param enabled 1\nwrite / memory.zswap.writeback +1 = 0\n");
	scene_number(zsim_writeback_enabled(sc->zs, scene_group(sc, "/g/c")), 1);
}

static void zswap_writeback(void)
{
	scene_every(zswap_writeback_in);
}

/* kept and without effect: each file has its own value */
static void limits_are_kept_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n");
	scene_number(value_of(sc, "/g", "memory.max") == UINT64_MAX, 1);
	scene_play(sc, "write /g memory.min 4K = 0\n"
		       "write /g memory.low 8K = 0\n"
		       "write /g memory.high 12K = 0\n"
		       "write /g memory.max 16K = 0\n"
		       "write /g memory.swap.high 20K = 0\n"
		       "write /g memory.swap.max 24K = 0\n"
		       "write /g memory.max nothing = -EINVAL\n"
		       "write /g memory.high max = 0\n");
	scene_number(value_of(sc, "/g", "memory.min"), 1);
	scene_number(value_of(sc, "/g", "memory.low"), 2);
	scene_number(value_of(sc, "/g", "memory.high") == UINT64_MAX, 1);
	scene_number(value_of(sc, "/g", "memory.max"), 4);
	scene_number(value_of(sc, "/g", "memory.swap.high"), 5);
	scene_number(value_of(sc, "/g", "memory.swap.max"), 6);
	scene_stores(sc, 1, 10, "/g", 0, 4096);
	scene_log(sc, visits, "");
}

static void limits_are_kept(void)
{
	scene_every(limits_are_kept_in);
}

/* the root has memory.reclaim and memory.zswap.writeback only */
static void files_that_are_not_there_in(struct scene *sc)
{
	uint64_t value;

	scene_play(sc, "mkdir /g\n"
		       "write / memory.reclaim 1 = 0\n"
		       "write / memory.zswap.writeback 1 = 0\n");
	scene_refused(sc, "write / memory.zswap.max max\n", -2, "unknown file: memory.zswap.max");
	scene_refused(sc, "write / memory.max max\n", -2, "unknown file: memory.max");
	scene_refused(sc, "write /g memory.nothing 1\n", -2, "unknown file: memory.nothing");
	scene_refused(sc, "write /g reclaim 1M\n", -2, "unknown file: reclaim");
	scene_refused(sc, "write /h memory.reclaim 1M\n", -2, "unknown group: /h");
	scene_number(value_of(sc, "/", "memory.zswap.writeback"), 1);
	scene_number(zsim_read(sc->zs, ZSIM_MEMCG_ROOT, "memory.max", &value), -2);
	scene_number(zsim_read(sc->zs, ZSIM_MEMCG_ROOT, "memory.zswap.max", &value), -2);
	scene_number(zsim_read(sc->zs, scene_group(sc, "/g"), "memory.nothing", &value), -2);
	scene_number(zsim_read(sc->zs, 77, "memory.max", &value), -2);
}

static void files_that_are_not_there(void)
{
	scene_every(files_that_are_not_there_in);
}

/* module parameters: as trace lines and through the library */
static void parameters_in(struct scene *sc)
{
	struct zsim *zs = sc->zs;

	scene_number(zsim_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT), 20);
	scene_number(zsim_param(zs, ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT), 90);
	scene_number(zsim_param(zs, ZSIM_PARAM_ENABLED), 1);
	scene_number(zsim_param(zs, ZSIM_PARAM_SHRINKER_ENABLED), 0);
	scene_play(sc, "param max_pool_percent 33\n"
		       "param enabled N\n"
		       "param shrinker_enabled Y\n");
	scene_number(zsim_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT), 33);
	scene_number(zsim_param(zs, ZSIM_PARAM_ENABLED), 0);
	scene_number(zsim_param(zs, ZSIM_PARAM_SHRINKER_ENABLED), 1);
	scene_number(zsim_set_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT, 101), -34);
	scene_number(zsim_set_param(zs, ZSIM_PARAM_ENABLED, 2), -34);
	scene_number(zsim_set_param(zs, ZSIM_NR_PARAMS, 0), -34);
	scene_malformed("param max_pool_percent 101\n", "VALUE");
	scene_malformed("param enabled 2\n", "VALUE");
	scene_malformed("param nothing 1\n", "NAME");
	/* they are no event: the machine may still be described */
	scene_play(sc, "machine nodes=2 ram=1000\n");
	scene_number(zsim_param(zs, ZSIM_PARAM_MAX_POOL_PERCENT), 33);
	scene_play(sc, "param enabled 1\nmkdir /g\n");
	scene_refused(sc, "machine nodes=1\n", -16, "machine must come before any event");
}

static void made(struct zsim *zs)
{
	zsim_memcg m;

	scene_number(zsim_mkdir(zs, "/g", &m), 0);
}

static void cached(struct zsim *zs)
{
	scene_number(zsim_cache(zs, 1), 0);
}

static void worked(struct zsim *zs)
{
	scene_number(zsim_worker(zs), 0);
}

static void fails(struct zsim *zs)
{
	scene_number(zsim_fail(zs, ZSIM_FAIL_DECOMPRESS, 1), 0);
}

static void swapped_off(struct zsim *zs)
{
	scene_number(zsim_swapoff(zs, 0), 0);
}

/* what a call of zsim.h has left behind is not thrown away, which others may still name */
static void machine_comes_first(void)
{
	static void (*const calls[])(struct zsim * zs) = { made, cached, worked, fails,
							   swapped_off };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct scene sc;

		scene_open(&sc, "patch");
		calls[i](sc.zs);
		scene_refused(&sc, "machine nodes=2 ram=1000\n", -16, "before any event");
		scene_close(&sc);
	}
}

static void parameters(void)
{
	scene_every(parameters_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(reclaim_as_in_bad_log),
	ZSIM_CASE(refused_text_has_a_story),
	ZSIM_CASE(zswap_max),
	ZSIM_CASE(zswap_writeback),
	ZSIM_CASE(limits_are_kept),
	ZSIM_CASE(files_that_are_not_there),
	ZSIM_CASE(parameters),
	ZSIM_CASE(machine_comes_first),
};
ZSIM_SUITE_MAIN("control_files", cases)
