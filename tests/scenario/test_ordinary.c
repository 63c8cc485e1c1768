/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.reclaim without a source: model.md 9. Pages are not modelled; a hook of the
 * configuration hands them out.
 */
#include <stdio.h>
#include <string.h>

#include "support/scene.h"
#include "support/suite.h"

/**
 * struct source - what the hook gives: @pages[] try by try, then 0
 * @asked: the tries, "GROUP:PAGES" each
 */
struct source {
	const uint64_t *pages;
	unsigned int nr;
	unsigned int tries;
	char asked[1024];
};

static uint64_t give(void *ctx, zsim_memcg memcg, uint64_t pages)
{
	struct source *src = ctx;
	size_t n = strlen(src->asked);

	snprintf(src->asked + n, sizeof(src->asked) - n, "%s%d:%llu", n ? " " : "",
		 memcg == ZSIM_MEMCG_NONE ? -1 : (int)memcg, (unsigned long long)pages);
	return src->tries++ < src->nr ? src->pages[src->tries - 1] : 0;
}

static void open_with(struct scene *sc, const char *algo, struct source *src)
{
	struct zsim_config config = scene_config(algo);

	config.reclaim = give;
	config.reclaim_ctx = src;
	CU_ASSERT_FATAL(scene_open_config(sc, &config));
	scene_play(sc, "mkdir /g\n");
}

/* without a page layer: 0 below 4096 bytes, else nothing comes and the 17th try gives up */
static void no_page_layer_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "write /g memory.reclaim 4095 = 0\n"
		       "write /g memory.reclaim 0 = 0\n"
		       "write / memory.reclaim 1 = 0\n");
	scene_number(sc->requests, 3);
	scene_number(sc->rq.steps, 0);
	scene_play(sc, "write /g memory.reclaim 4096 = -EAGAIN\n");
	scene_number(sc->rq.steps, 17);
	scene_number(sc->rq.wanted, 4096);
	scene_number(sc->rq.why, ZSIM_WHY_NOTHING);
	scene_number(sc->rq.source_zswap, 0);
	scene_number(sc->rq.failures, 17);
	scene_play(sc, "write / memory.reclaim 16E = -EAGAIN\n"
		       "write /g memory.reclaim 4K swappiness=max = -EAGAIN\n");
	scene_log(sc, groups, "");
	scene_log(sc, walks, "");
}

static void no_page_layer(void)
{
	scene_every(no_page_layer_in);
}

/* max((1024 - done) / 4, 32) pages a try; done is looked at before the next */
static void a_quarter_a_try(void)
{
	static const uint64_t pages[] = { 256, 192, 400, 100, 76 };
	struct source src = { .pages = pages, .nr = 5 };
	struct scene sc;

	open_with(&sc, "proactive-v5", &src);
	scene_play(&sc, "write /g memory.reclaim 4M = 0\n");
	scene_text_at("asked", src.asked, "1:256 1:192 1:144 1:44 1:32", SCENE_HERE);
	scene_number(sc.rq.bytes, 4 << 20);
	scene_number(sc.rq.why, ZSIM_WHY_NONE);
	scene_close(&sc);
}

/* more than asked is fine; exactly as much, too */
static void more_than_asked(void)
{
	static const uint64_t pages[] = { 1000, 1 };
	struct source src = { .pages = pages, .nr = 2 };
	struct scene sc;

	open_with(&sc, "linux-7.2", &src);
	scene_play(&sc, "write /g memory.reclaim 8191 = 0\n" /* one page */
			"write /g memory.reclaim 4096 = 0\n");
	scene_text_at("asked", src.asked, "1:32 1:32", SCENE_HERE);
	scene_close(&sc);
}

/* fruitless tries are counted over the whole request: a fruitful one takes none back */
static void seventeenth_fruitless_try(void)
{
	static const uint64_t pages[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	struct source src = { .pages = pages, .nr = 17 };
	struct scene sc;

	open_with(&sc, "proactive-v5", &src);
	scene_play(&sc, "write /g memory.reclaim 8K = -EAGAIN\n");
	scene_number(src.tries, 18);
	scene_number(sc.rq.bytes, 4096);
	scene_close(&sc);
	src = (struct source){ .pages = pages, .nr = 17 };
	open_with(&sc, "linux-7.3", &src);
	scene_play(&sc, "write /g memory.reclaim 4K = 0\n"); /* 16 without, then one page */
	scene_number(src.tries, 17);
	scene_close(&sc);
}

/* the per-node file: no group, and one error for all */
static void per_node_file(void)
{
	static const uint64_t pages[] = { 32, 32 };
	struct source src = { .pages = pages, .nr = 2 };
	struct scene sc;

	open_with(&sc, "proactive-v5", &src);
	scene_play(&sc, "write node0 reclaim 256K = 0\n");
	scene_text_at("asked", src.asked, "-1:32 -1:32", SCENE_HERE);
	scene_play(&sc, "write node0 reclaim 4K = -EAGAIN\n");
	scene_number(sc.rq.rc, -11);
	scene_play(&sc, "write node0 reclaim 0 = 0\n"
			"write node0 reclaim = 0\n" /* no bytes */
			"write node0 reclaim   = -EAGAIN\n"
			"write node0 reclaim 1M swappiness=201 = -11\n"
			"write node0 reclaim 1M source=zswap = -11\n"
			"write node0 reclaim 1M source=foo = -11\n");
	scene_number(sc.rq.rc, -11);
	scene_number(sc.rq.why, ZSIM_WHY_INVALID);
	scene_number(sc.rq.memcg == ZSIM_MEMCG_NONE, 1);
	scene_play(&sc, "@A write node0 reclaim 4K = step\n"
			"signal A\n"
			"@A finish = -EAGAIN\n"); /* EINTR inside */
	scene_number(sc.rq.rc, -11);
	scene_number(sc.rq.why, ZSIM_WHY_SIGNAL);
	scene_refused(&sc, "write node1 reclaim 4K\n", -34, "no such node: 1");
	scene_refused(&sc, "write node0 memory.reclaim 4K\n", -2, "unknown");
	scene_close(&sc);
}

/* a try is a step: a signal is looked at before each */
static void signal_ends_it(void)
{
	static const uint64_t pages[] = { 1, 0 };
	struct source src = { .pages = pages, .nr = 2 };
	struct scene sc;

	open_with(&sc, "proactive-v5", &src);
	scene_play(&sc, "@A write /g memory.reclaim 8K = step\n"
			"@A step = step\n"
			"@A step = step\n"
			"signal A\n"
			"@A step = -EINTR\n");
	scene_number(sc.rq.rc, -4);
	scene_number(sc.rq.why, ZSIM_WHY_SIGNAL);
	scene_number(sc.rq.bytes, 4096);
	scene_number(sc.rq.steps, 2);
	scene_play(&sc, "@A write /g memory.reclaim 4K = step\n"
			"@A finish = -EAGAIN\n");
	scene_close(&sc);
}

/* the group may leave meanwhile: it is held until the end */
static void group_leaves_meanwhile(void)
{
	struct source src = { .nr = 0 };
	struct scene sc;
	zsim_memcg g;

	open_with(&sc, "proactive-v5", &src);
	g = scene_group(&sc, "/g");
	scene_play(&sc, "@A write /g memory.reclaim 4K = step\n"
			"rmdir /g = 0\n");
	scene_number(zsim_state(sc.zs, g), ZSIM_MEMCG_OFFLINE);
	scene_play(&sc, "@A finish = -EAGAIN\n");
	scene_number(zsim_state(sc.zs, g), ZSIM_MEMCG_FREED);
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(no_page_layer),	   ZSIM_CASE(a_quarter_a_try),
	ZSIM_CASE(more_than_asked),	   ZSIM_CASE(seventeenth_fruitless_try),
	ZSIM_CASE(per_node_file),	   ZSIM_CASE(signal_ends_it),
	ZSIM_CASE(group_leaves_meanwhile),
};
ZSIM_SUITE_MAIN("ordinary", cases)
