/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A swap device goes away, and with it all that was stored for its slots. Device 1's
 * slots begin at 0x400000000000000.
 */
#include <errno.h>

#include "engine/run.h"
#include "support/scene.h"
#include "support/suite.h"

#define DEVICE_1 UINT64_C(0x400000000000000)

static void slots_are_freed_in(struct scene *sc)
{
	scene_play(sc, "mkdir /a\n"
		       "store 1 /a 0 100 200 = ok\n"
		       "store 0x400000000000001 /a 0 1000 = ok\n"
		       "store 0x400000000000007 / 0 2000 = ok\n"
		       "cache 2 = 0\ncache 9 = 0\ncache 0x400000000000009 = 0\n"
		       "swapoff 0 = 0\n");
	scene_number(zsim_verify(sc->zs), 0);
	scene_list(sc, "/a", 0, "288230376151711745*");
	scene_stat(sc, "/a", ZSWAP, 1000);
	scene_stat(sc, "/a", ZSWPIN, 0);
	scene_counter(sc, STORED_PAGES, 2);
	scene_number(sc->zs->st.cache.used, 1);
	scene_play(sc, "load 0x400000000000001 = 0\n"
		       "uncache 0x400000000000009 = 0\n"
		       "swapoff 1 = 0\n"
		       "swapoff 31 = 0\n"); /* nothing was stored there */
	scene_counter(sc, STORED_PAGES, 0);
}

static void slots_are_freed(void)
{
	scene_every(slots_are_freed_in);
}

static void a_gone_device_is_refused(void)
{
	static const char *const lines[] = {
		"store 1 /a 0 100\n", "store 5 /a 0 100 100\n",
		"load 1\n",	      "invalidate 1\n",
		"cache 1\n",	      "uncache 1\n",
		"cold 1\n",	      "@S store 1 /a 0 9\n",
	};
	const uint16_t length = 100;
	zsim_memcg a;
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	scene_play(&sc, "mkdir /a\nswapoff 0 = 0\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		scene_refused(&sc, lines[i], -ENODEV, "slot of a device that was swapped off: 0x");
	scene_refused(&sc, "swapoff 0\n", -ENODEV, "no such device any more: 0");
	a = scene_group(&sc, "/a");
	scene_number(zsim_store(sc.zs, 1, a, 0, &length, 1), -ENODEV);
	scene_number(zsim_load(sc.zs, 1), -ENODEV);
	scene_number(zsim_invalidate(sc.zs, 1), -ENODEV);
	scene_number(zsim_cache(sc.zs, 1), -ENODEV);
	scene_number(zsim_uncache(sc.zs, 1), -ENODEV);
	scene_number(zsim_cold(sc.zs, 1), -ENODEV);
	scene_number(zsim_swapoff(sc.zs, 0), -ENODEV);
	scene_number(zsim_swapoff(sc.zs, 32), -ERANGE);
	scene_number(zsim_store(sc.zs, DEVICE_1, a, 0, &length, 1), 1);
	scene_malformed("swapoff 32\n", "DEVICE out of range 0..31: 32");
	scene_close(&sc);
}

/* a walker whose device went away finds its slot freed: EEXIST (model.md 4a) */
static void walker_meets_a_gone_device_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /a\n"
		       "store 1 /a 0 100 100 = ok\n"
		       "store 0x400000000000001 /a 0 100 = ok\n"
		       "shrinker /a 0 3 = stop\n"
		       "@S shrinker /a 0 3 = walk\n"
		       "@S step = unlocked\n"
		       "@T shrinker /a 0 3 = walk\n");
	scene_forget(sc);
	scene_play(sc, "swapoff 0 = 0\n"
		       "@T step = unlocked\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1s");
	scene_number(zsim_verify(sc->zs), 0);
	scene_play(sc, "@T finish = 1\n");
	scene_list(sc, "/a", 0, "");
}

static void walker_meets_a_gone_device(void)
{
	scene_every(walker_meets_a_gone_device_in);
}

/* the kernel waits for locked pages: a writeback's, a store's */
static void locked_pages_are_waited_for_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /a\n"
		       "store 1 /a 0 100 100 = ok\n"
		       "shrinker /a 0 2 = stop\n"
		       "@S shrinker /a 0 1 = walk\n"
		       "@S step 2 = cached\n"
		       "swapoff 0 = -EBUSY\n"
		       "swapoff 1 = 0\n");
	scene_number(sc->zs->st.wb_locked, 1);
	scene_list(sc, "/a", 0, "2 1");
	scene_play(sc, "@S finish = 1\n"
		       "write /a memory.zswap.max 0 = 0\n"
		       "@T store 9 /a 0 100 = walk\n"
		       "swapoff 0 = -16\n"
		       "@T finish = ok\n"
		       "swapoff 0 = 0\n");
	scene_counter(sc, STORED_PAGES, 0);
}

static void locked_pages_are_waited_for(void)
{
	scene_every(locked_pages_are_waited_for_in);
}

/* a group that only its entries kept goes with them */
static void late_entries_go_in(struct scene *sc)
{
	scene_play(sc, "mkdir /a\n"
		       "store 1 /a 0 100 = ok\n"
		       "rmdir /a = 0\n");
	CU_ASSERT_NOT_EQUAL(zsim_lookup(sc->zs, "/a"), ZSIM_MEMCG_NONE);
	scene_play(sc, "swapoff 0 = 0\n");
	scene_number(zsim_lookup(sc->zs, "/a"), ZSIM_MEMCG_NONE);
}

static void late_entries_go(void)
{
	scene_every(late_entries_go_in);
}

/* many slots in the swap cache, of two devices: all of one, none of the other */
static void full_swap_cache(void)
{
	struct scene sc;

	scene_open(&sc, "proactive-v5");
	for (uint64_t i = 0; i < 500; i++) {
		scene_number(zsim_cache(sc.zs, i * 3), 0);
		scene_number(zsim_cache(sc.zs, DEVICE_1 + i), 0);
	}
	scene_number(zsim_swapoff(sc.zs, 0), 0);
	scene_number(sc.zs->st.cache.used, 500);
	for (uint64_t i = 0; i < 500; i++) {
		scene_number(zsim_slot_set_has(&sc.zs->st.cache, i * 3), 0);
		scene_number(zsim_slot_set_has(&sc.zs->st.cache, DEVICE_1 + i), 1);
	}
	scene_close(&sc);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(slots_are_freed),
	ZSIM_CASE(a_gone_device_is_refused),
	ZSIM_CASE(walker_meets_a_gone_device),
	ZSIM_CASE(locked_pages_are_waited_for),
	ZSIM_CASE(late_entries_go),
	ZSIM_CASE(full_swap_cache),
};
ZSIM_SUITE_MAIN("swapoff", cases)
