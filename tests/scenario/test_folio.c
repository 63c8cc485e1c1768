/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Large folios: n stores on consecutive slots that succeed or fail as one (model.md 6).
 */
#include "support/scene.h"
#include "support/suite.h"

static void all_pages_are_stored_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "store 8 /g 0 100 4096 300 1 = ok\n");
	scene_list(sc, "/g", 0, "8* 9* 10* 11*");
	scene_stat(sc, "/g", ZSWAP, 4497);
	scene_stat(sc, "/g", ZSWAPPED, 4 * 4096);
	scene_stat(sc, "/g", ZSWAP_INCOMP, 4096);
	scene_stat(sc, "/g", ZSWPOUT, 4);
	scene_counter(sc, STORED_PAGES, 4);
	scene_play(sc, "load 9 = 0\nload 8 = 0\nload 11 = 0\nload 10 = 0\n");
	scene_stat(sc, "/g", ZSWAP, 0);
}

static void all_pages_are_stored(void)
{
	scene_every(all_pages_are_stored_in);
}

/* slots 7 8 9 10 are taken; the third page fails: the two before go, and the old ones */
static void third_page_fails(struct scene *sc, const char *fail, enum zsim_counter counter)
{
	scene_play(sc, "mkdir /g\n"
		       "store 7 /g 0 100 = ok\n"
		       "store 8 /g 0 100 = ok\n"
		       "store 9 /g 0 100 = ok\n"
		       "store 10 /g 0 100 = ok\n"
		       "store 11 /g 0 100 = ok\n"
		       "write /g memory.zswap.writeback 0 = 0\n");
	scene_play(sc, fail);
	scene_list(sc, "/g", 0, "7* 11*");
	scene_stat(sc, "/g", ZSWAP, 200);
	scene_stat(sc, "/g", ZSWPOUT, 5);
	scene_counter(sc, STORED_PAGES, 2);
	scene_number((int64_t)zsim_counter(sc->zs, counter), 1);
}

/* page 10 would be stored as it is, and may not */
static void incompressible_page_fails_in(struct scene *sc)
{
	third_page_fails(sc, "store 8 /g 0 50 50 4096 = rejected\n",
			 ZSIM_COUNTER_REJECT_COMPRESS_FAIL);
}

static void incompressible_page_fails(void)
{
	scene_every(incompressible_page_fails_in);
}

/* the first page of the folio fails at once: pages that were not reached go as well */
static void first_page_fails_in(struct scene *sc)
{
	third_page_fails(sc, "fail zs_malloc 1\nstore 8 /g 0 50 50 50 = rejected\n",
			 ZSIM_COUNTER_REJECT_ALLOC_FAIL);
}

static void first_page_fails(void)
{
	scene_every(first_page_fails_in);
}

/* the limits are looked at once for the folio, which may go beyond them */
static void limits_are_looked_at_once_in(struct scene *sc)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param worker manual\n"
		       "mkdir /g\n"
		       "write /g memory.zswap.max 4K = 0\n"
		       "store 0 /g 0 4096 4096 4096 4096 4096 4096 4096 4096 = ok\n"
		       "write /g memory.zswap.max max = 0\n"
		       "store 8 /g 0 4096 4096 4096 4096 4096 4096 4096 4096 = ok\n"
		       "store 16 /g 0 4096 4096 4096 4096 4096 4096 4096 4096 = ok\n"
		       "store 24 /g 0 1 1 1 1 = rejected\n");
	scene_number(zsim_pool_pages(sc->zs), 24); /* of 20 */
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_list(sc, "/g", 0,
		   "0* 1* 2* 3* 4* 5* 6* 7* 8* 9* 10* 11* 12* 13* 14* 15* 16* 17* 18* "
		   "19* 20* 21* 22* 23*");
}

static void limits_are_looked_at_once(void)
{
	scene_every(limits_are_looked_at_once_in);
}

/* a rejected folio over old entries drops all of them, also those it never got to */
static void rejected_at_the_limit_in(struct scene *sc)
{
	scene_play(sc, "mkdir /g\n"
		       "store 1 /g 0 100 = ok\n"
		       "store 2 /g 0 100 = ok\n"
		       "store 3 /g 0 100 = ok\n"
		       "param enabled 0\n"
		       "store 1 /g 0 100 100 = rejected\n");
	scene_list(sc, "/g", 0, "3*");
}

static void rejected_at_the_limit(void)
{
	scene_every(rejected_at_the_limit_in);
}

/* the largest folio; one page more is no trace */
static void largest_folio_in(struct scene *sc)
{
	static char line[8192] = "";
	size_t n = (size_t)snprintf(line, sizeof(line), "store 512 /g 0");

	for (unsigned int i = 0; i < ZSIM_MAX_FOLIO_PAGES; i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n, " 8");
	snprintf(line + n, sizeof(line) - n, " = ok\n");
	scene_play(sc, "mkdir /g\n");
	scene_play(sc, line);
	scene_counter(sc, STORED_PAGES, 512);
	scene_stat(sc, "/g", ZSWAP, 512 * 8);
	snprintf(line + n, sizeof(line) - n, " 8\n");
	scene_malformed(line, "LENGTH");
}

static void largest_folio(void)
{
	scene_every(largest_folio_in);
}

/* a page of it is locked by a writeback: nothing is done (interface.md) */
static void locked_page_in(struct scene *sc)
{
	scene_play(sc, "param shrinker_enabled 1\n"
		       "mkdir /g\n"
		       "store 2 /g 0 100 = ok\n"
		       "shrinker /g 0 1 = stop\n"
		       "@S shrinker /g 0 1 = walk\n"
		       "@S step 2 = cached\n"
		       "store 1 /g 0 100 100 = -16\n"
		       "@T store 1 /g 0 100 100 = -16\n"
		       "@T finish = -16\n"
		       "store 3 /g 0 100 100 = ok\n"
		       "@S finish = 1\n");
	scene_list(sc, "/g", 0, "3* 4*");
}

static void locked_page(void)
{
	scene_every(locked_page_in);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(all_pages_are_stored),  ZSIM_CASE(incompressible_page_fails),
	ZSIM_CASE(first_page_fails),	  ZSIM_CASE(limits_are_looked_at_once),
	ZSIM_CASE(rejected_at_the_limit), ZSIM_CASE(largest_folio),
	ZSIM_CASE(locked_page),
};
ZSIM_SUITE_MAIN("folio", cases)
