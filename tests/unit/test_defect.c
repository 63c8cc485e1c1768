/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The defects of docs/museum.md: what each does that the right model does not.
 *
 * Built twice. In the library that users link there are no defects: every story
 * comes out right, and a defect is refused. In the museum's each story is told
 * once by the right model and once by the defective one.
 *
 * With 100 pages of RAM the pool's maximum is 20 pages and its accept threshold 18; a
 * page of 4096 bytes takes one page of the pool. `shrinker` clears reference bits.
 */
#include <errno.h>

#include "support/story.h"
#include "support/suite.h"

/* what must be so, told by the model that is meant to be @wrong or right */
#define EITHER(wrong, in_wrong, in_right) ((wrong) ? (in_wrong) : (in_right))

static void tell_both(const char *algo, uint8_t defect, story_fn *story)
{
	story_both(algo, defect, false, story);
}

static void tell_every(uint8_t defect, story_fn *story)
{
	story_every(defect, false, story);
}

/* ---- the option ---------------------------------------------------------------- */

static int create_with(uint8_t defect)
{
	struct zsim_config config = scene_config("proactive-v5");
	struct zsim *zs;
	int rc = 0;

	config.defect = defect;
	zs = zsim_create(&config, &rc);
	CU_ASSERT_EQUAL(zs == NULL, rc != 0);
	zsim_free(zs);
	return rc;
}

static void a_defect_needs_a_library_with_defects(void)
{
	CU_ASSERT_EQUAL(create_with(0), 0);
	for (uint8_t defect = 1; defect < ZSIM_NR_DEFECTS; defect++)
		CU_ASSERT_EQUAL(create_with(defect), zsim_has_defects() ? 0 : -EOPNOTSUPP);
	CU_ASSERT_EQUAL(create_with(ZSIM_NR_DEFECTS), -ERANGE);
	CU_ASSERT_EQUAL(create_with(UINT8_MAX), -ERANGE);
}

static void config_of_an_older_header(void)
{
	struct zsim_config config = scene_config("proactive-v5");
	struct zsim *zs;

	config.size = offsetof(struct zsim_config, defect);
	config.defect = ZSIM_NR_DEFECTS; /* not looked at */
	zs = zsim_create(&config, NULL);
	CU_ASSERT_FATAL(zs != NULL);
	CU_ASSERT_EQUAL(zs->st.defect, 0);
	zsim_free(zs);
}

/* the machine line makes the state anew, a clone copies it */
static void the_defect_stays(struct scene *sc, bool wrong)
{
	struct zsim *clone;

	scene_play(sc, STORY_WORLD);
	scene_number(sc->zs->st.defect, EITHER(wrong, ZSIM_DEFECT_ONE_VISIT, 0));
	clone = zsim_clone(sc->zs, NULL);
	CU_ASSERT_FATAL(clone != NULL);
	scene_number(clone->st.defect, sc->zs->st.defect);
	zsim_free(clone);
}

static void a_defect_stays(void)
{
	tell_every(ZSIM_DEFECT_ONE_VISIT, the_defect_stays);
}

/* ---- 1 to 3 ---------------------------------------------------------------------- */

/* 20 cold pages; two stores find the pool full before the worker runs */
static void full_pool(struct scene *sc, bool wrong)
{
	bool v5 = zsim_algo(sc->zs)->batched;

	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 20, "/a", 0, 4096);
	scene_play(sc, "shrinker /a 0 20 = stop\n"
		       "store 100 /a 0 100 = rejected\n"
		       "store 101 /a 0 100 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, EITHER(wrong, 1u, 2u));
	CU_ASSERT(sc->zs->st.worker_queued);
	scene_play(sc, "worker = 0\n");
	/* linux-7.2 looks at the pool after each page, 7.3 after a walk, v5 after a batch */
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER),
		     EITHER(wrong, 1, v5 || zsim_algo(sc->zs)->walk_nr > 1 ? 20 : 2));
	story_sound(sc);
}

/* between threshold and maximum: refused again, and nobody is asked to make room */
static void still_full(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 20, "/a", 0, 4096);
	scene_play(sc, "store 100 /a 0 100 = rejected\n"
		       "load 1 = 0\n");
	sc->zs->st.worker_queued = false; /* it ran, and could write nothing */
	scene_play(sc, "store 101 /a 0 100 = rejected\n");
	scene_counter(sc, POOL_LIMIT_HIT, 1);
	scene_number(sc->zs->st.worker_queued, EITHER(wrong, 0, 1));
}

static void worker_one_page(void)
{
	tell_every(ZSIM_DEFECT_WORKER_ONE_PAGE, full_pool);
	tell_every(ZSIM_DEFECT_WORKER_ONE_PAGE, still_full);
}

/* two nodes: the page of the first ends the call */
static void two_nodes(struct scene *sc, bool wrong)
{
	scene_play(sc, "machine nodes=2 ram=100\n"
		       "param worker manual\n"
		       "param shrinker_enabled 1\n"
		       "param accept_threshold_percent 0\n"
		       "mkdir /a\n");
	scene_stores(sc, 1, 4, "/a", 0, 4096);
	scene_stores(sc, 5, 4, "/a", 1, 4096);
	scene_play(sc, "shrinker /a 0 4 = stop\n"
		       "shrinker /a 1 4 = stop\n"
		       "worker = 0\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), EITHER(wrong, 1, 8));
}

static void worker_one_page_of_two_nodes(void)
{
	tell_every(ZSIM_DEFECT_WORKER_ONE_PAGE, two_nodes);
}

static void over_the_limit(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 / 0 4096 = ok\n"
				   "store 2 /a 0 4096 = ok\n"
				   "shrinker / 0 1 = stop\n"
				   "shrinker /a 0 1 = stop\n"
				   "write /a memory.zswap.max 4096 = 0\n");
	scene_forget(sc);
	scene_play(sc, "store 3 /a 0 100 = ok\n");
	scene_log(sc, visits, EITHER(wrong, "1w", "2w"));
	story_sound(sc);
}

static void wrong_target(void)
{
	tell_every(ZSIM_DEFECT_WRONG_TARGET, over_the_limit);
}

/* the slot's page changes while the old one is about to be written */
static void stored_again(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "shrinker /a 0 1 = stop\n");
	scene_forget(sc);
	scene_play(sc, "@S shrinker /a 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "store 1 /a 0 500 = ok\n");
	scene_play(sc, wrong ? "@S finish = 1\n" : "@S finish = stop\n");
	scene_log(sc, visits, EITHER(wrong, "1w", "1x"));
	scene_counter(sc, WRITTEN_BACK_PAGES, EITHER(wrong, 1u, 0u));
	scene_list(sc, "/a", 0, "1*");
	story_sound(sc);
}

/* a slot that was freed is no target in either */
static void freed_meanwhile(struct scene *sc, bool wrong)
{
	(void)wrong;
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "shrinker /a 0 1 = stop\n");
	scene_forget(sc);
	scene_play(sc, "@S shrinker /a 0 1 = walk\n"
		       "@S step = unlocked\n"
		       "invalidate 1 = 0\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, "1s");
	story_sound(sc);
}

static void stale_writeback(void)
{
	tell_every(ZSIM_DEFECT_STALE_WRITEBACK, stored_again);
	tell_every(ZSIM_DEFECT_STALE_WRITEBACK, freed_meanwhile);
}

/* ---- 5, 11, 23: stores that fail -------------------------------------------------- */

static void failed_again(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "fail compress 1\n"
				   "store 1 /a 0 2000 = rejected\n");
	scene_play(sc, wrong ? "load 1 = 0\n" : "load 1 = -2\n");
	/* the new pages of a folio go, those that it did not come to stay */
	scene_play(sc, "write /a memory.zswap.writeback 0 = 0\n"
		       "store 11 /a 0 300 = ok\n"
		       "store 12 /a 0 300 = ok\n"
		       "store 10 /a 0 100 200 4096 = rejected\n"
		       "load 10 = -2\n"
		       "load 11 = -2\n");
	scene_play(sc, wrong ? "load 12 = 0\n" : "load 12 = -2\n");
	/* a disabled zswap is another story */
	scene_play(sc, "store 1 /a 0 1000 = ok\n"
		       "param enabled 0\n"
		       "store 1 /a 0 1000 = rejected\n"
		       "load 1 = -2\n");
	story_sound(sc);
}

static void failed_store_keeps(void)
{
	tell_every(ZSIM_DEFECT_FAILED_STORE_KEEPS, failed_again);
}

static void disabled_meanwhile(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "param enabled 0\n"
				   "store 1 /a 0 1000 = rejected\n");
	scene_play(sc, wrong ? "load 1 = 0\n" : "load 1 = -2\n");
	scene_play(sc, "param enabled 1\n"
		       "store 1 /a 0 1000 = ok\n"
		       "fail compress 1\n"
		       "store 1 /a 0 2000 = rejected\n"
		       "load 1 = -2\n");
	story_sound(sc);
}

static void disabled_store_keeps(void)
{
	tell_every(ZSIM_DEFECT_DISABLED_STORE_KEEPS, disabled_meanwhile);
}

static void half_a_folio(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "write /a memory.zswap.writeback 0 = 0\n"
				   "store 1 /a 0 1000 = ok\n"
				   "fail compress 1\n"
				   "store 2 /a 0 100 200 = rejected\n");
	story_sound(sc); /* nothing of it was in */
	scene_play(sc, "store 2 /a 0 100 4096 = rejected\n");
	scene_stat(sc, "/a", ZSWAP, EITHER(wrong, 900u, 1000u));
	scene_counter(sc, STORED_PAGES, EITHER(wrong, 0u, 1u));
	scene_list(sc, "/a", 0, "1*");
	CU_ASSERT_EQUAL(zsim_verify(sc->zs) > 0, wrong);
}

static void half_folio(void)
{
	tell_every(ZSIM_DEFECT_HALF_FOLIO, half_a_folio);
}

/* ---- 8: a walk that goes on where it was ------------------------------------------- */

static void failing_page(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 3, "/a", 0, 1000);
	scene_play(sc, "shrinker /a 0 3 = stop\n");
	scene_forget(sc);
	scene_play(sc, "fail swapcache_alloc 1\n"
		       "shrinker /a 0 3 = 2\n");
	scene_log(sc, visits, EITHER(wrong, "1k 2w 3w", "1x 2w 3w"));
	scene_number(story_fault(sc, ZSIM_FAULT_UNLOCKED_WALK), wrong);
	story_sound(sc);
}

/* what was next is gone, and its record free: the model is not harmed */
static void next_is_gone(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 3, "/a", 0, 1000);
	scene_play(sc, "shrinker /a 0 3 = stop\n");
	scene_forget(sc);
	scene_play(sc, "fail swapcache_alloc 1\n"
		       "@S shrinker /a 0 3 = walk\n"
		       "@S step = unlocked\n"
		       "load 2 = 0\n");
	scene_play(sc, wrong ? "@S finish = stop\n" : "@S finish = 2\n");
	scene_log(sc, visits, EITHER(wrong, "1k", "1x 3w 1w"));
	scene_number(story_fault(sc, ZSIM_FAULT_UNLOCKED_WALK), wrong);
	story_sound(sc);
}

/* what was next is on another list by now */
static void next_moved(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 3, "/a", 0, 1000);
	scene_play(sc, "shrinker /a 0 3 = stop\n");
	scene_forget(sc);
	scene_play(sc, "fail swapcache_alloc 1\n"
		       "@S shrinker /a 0 3 = walk\n"
		       "@S step = unlocked\n"
		       "rmdir /a = 0\n"
		       "@S finish = stop\n");
	scene_log(sc, visits, EITHER(wrong, "1k", "1x"));
	scene_list(sc, "/", 0, "2 3 1");
	story_sound(sc);
}

/* the failure was the last visit: no entry is taken up */
static void nothing_next(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 1000 = ok\n"
				   "shrinker /a 0 1 = stop\n"
				   "cache 1 = 0\n");
	scene_forget(sc);
	scene_play(sc, "shrinker /a 0 5 = stop\n");
	scene_log(sc, visits, EITHER(wrong, "1k", "1s"));
	scene_number(story_fault(sc, ZSIM_FAULT_UNLOCKED_WALK), 0);
	story_sound(sc);
}

static void skip_after_unlock(void)
{
	tell_every(ZSIM_DEFECT_SKIP_AFTER_UNLOCK, failing_page);
	tell_every(ZSIM_DEFECT_SKIP_AFTER_UNLOCK, next_is_gone);
	tell_every(ZSIM_DEFECT_SKIP_AFTER_UNLOCK, next_moved);
	tell_every(ZSIM_DEFECT_SKIP_AFTER_UNLOCK, nothing_next);
}

/* ---- 12, 29: groups that leave ------------------------------------------------------ */

/* a living group needs no entry to live; one that has left is kept by the last of them */
static void last_entry(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "mkdir /b\n"
				   "store 1 /a 0 1000 = ok\n"
				   "store 2 /a 0 1000 = ok\n"
				   "store 3 /a 0 1000 = ok\n"
				   "store 4 /b 0 1000 = ok\n"
				   "load 1 = 0\n"
				   "rmdir /a deferred = 0\n"
				   "load 4 = 0\n"
				   "offline /a = 0\n"
				   "load 2 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_PUT_TOO_EARLY), 0);
	scene_play(sc, "load 3 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_PUT_TOO_EARLY), wrong);
	story_sound(sc);
}

static void put_before_delete(void)
{
	tell_every(ZSIM_DEFECT_PUT_BEFORE_DELETE, last_entry);
}

/* the group that the iterator gave leaves before it is shrunk */
static void group_leaves(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "param accept_threshold_percent 0\n"
				   "store 1 /a 0 1000 = ok\n"
				   "@W worker = step\n" /* the root */
				   "@W step = step\n"	/* /a */
				   "rmdir /a = 0\n"
				   "mkdir /b = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_GROUP_FREED), 0);
	story_sound(sc);
	scene_play(sc, "@W step\n");
	scene_number(story_fault(sc, ZSIM_FAULT_GROUP_FREED), wrong);
	story_sound(sc);
	scene_play(sc, "@W finish = 0\n"
		       "mkdir /c = 0\n");
	story_sound(sc);
}

/* it leaves while one of its pages is on the way to the device */
static void group_leaves_a_walk(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "param accept_threshold_percent 0\n"
				   "store 1 /a 0 1000 = ok\n"
				   "store 2 /a 0 1000 = ok\n"
				   "shrinker /a 0 2 = stop\n"
				   "@W worker = step\n"
				   "@W step = step\n"
				   "@W step = walk\n"
				   "@W step = unlocked\n"
				   "rmdir /a = 0\n");
	scene_play(sc, "@W finish = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_GROUP_FREED), wrong);
	story_sound(sc);
}

/* a simulator that is given up with the worker under way gives all back */
static void worker_given_up(struct scene *sc, bool wrong)
{
	(void)wrong;
	scene_play(sc, STORY_WORLD "param accept_threshold_percent 0\n"
				   "store 1 /a 0 1000 = ok\n"
				   "@W worker = step\n"
				   "@W step = step\n");
	story_sound(sc);
}

static void no_own_reference(void)
{
	tell_every(ZSIM_DEFECT_NO_OWN_REFERENCE, group_leaves);
	tell_every(ZSIM_DEFECT_NO_OWN_REFERENCE, group_leaves_a_walk);
	tell_every(ZSIM_DEFECT_NO_OWN_REFERENCE, worker_given_up);
}

/* ---- 13, 14: the shrinker's count ---------------------------------------------------- */

static void no_io(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "store 1 /a 0 4096 = ok\n"
				   "slab /a 0 0 noio\n");
	scene_log(sc, slab, EITHER(wrong, "count(1,0,2,2) batch(2)=-1 end(2)=0", "count(0,0,0,0)"));
	story_sound(sc);
}

static void io_context(void)
{
	tell_every(ZSIM_DEFECT_IO_CONTEXT, no_io);
}

static void without_groups(struct scene *sc, bool wrong)
{
	scene_play(sc, "machine nodes=1 ram=100 memcg=off\n"
		       "store 1 / 0 4096 = ok\n"
		       "slab / 0 0 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_NULL_GROUP), 0); /* off: nothing is read */
	scene_forget(sc);
	scene_play(sc, "param shrinker_enabled 1\n"
		       "slab / 0 0 = 0\n");
	scene_log(sc, slab, EITHER(wrong, "count(0,0,0,0)", "count(1,0,2,2) batch(2)=-1 end(2)=0"));
	scene_number(story_fault(sc, ZSIM_FAULT_NULL_GROUP), wrong);
	story_sound(sc);
}

static void with_groups(struct scene *sc, bool wrong)
{
	(void)wrong;
	scene_play(sc, STORY_WORLD "store 1 /a 0 4096 = ok\n"
				   "slab /a 0 0 = 0\n");
	scene_number(story_fault(sc, ZSIM_FAULT_NULL_GROUP), 0);
}

static void null_group(void)
{
	tell_every(ZSIM_DEFECT_NULL_GROUP, without_groups);
	tell_every(ZSIM_DEFECT_NULL_GROUP, with_groups);
}

/* ---- 15 to 17: what counts as a failure, and the cursor ------------------------------ */

#define SIXTEEN(x) x(0) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(a) x(b) x(c) x(d) x(e) x(f)
#define MKDIR(n) "mkdir /e" #n "\n"
#define RMDIR(n) "rmdir /e" #n " deferred\n"

static void dying_groups(struct scene *sc, bool wrong)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param shrinker_enabled 1\n" SIXTEEN(MKDIR)
			       SIXTEEN(RMDIR) "mkdir /z\n"
					      "store 1 /z 0 1000 = ok\n"
					      "shrinker /z 0 1 = stop\n");
	scene_forget(sc);
	scene_play(sc, wrong ? "write / memory.reclaim 1000 source=zswap = -11\n" :
			       "write / memory.reclaim 1000 source=zswap = 0\n");
	scene_log(sc, groups, "/ /z");
	scene_log(sc, visits, EITHER(wrong, "", "1w"));
	scene_number(sc->rq.failures, EITHER(wrong, 16, 0));
	story_sound(sc);
}

/* one step more for the pool worker: it gives up as if it could write nothing */
static void dying_groups_of_the_worker(struct scene *sc, bool wrong)
{
	scene_play(sc, "machine nodes=1 ram=100\n"
		       "param shrinker_enabled 1\n"
		       "param accept_threshold_percent 0\n" SIXTEEN(MKDIR)
			       SIXTEEN(RMDIR) "mkdir /z\n"
					      "store 1 /z 0 1000 = ok\n"
					      "shrinker /z 0 1 = stop\n"
					      "worker = 0\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), EITHER(wrong, 0, 1));
	story_sound(sc);
}

static void dying_counts(void)
{
	tell_both("proactive-v5", ZSIM_DEFECT_DYING_COUNTS, dying_groups);
	tell_every(ZSIM_DEFECT_DYING_COUNTS, dying_groups_of_the_worker);
}

static void cursor_on_a_group(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "param accept_threshold_percent 0\n"
				   "mkdir /b\n"
				   "store 1 /a 0 1000 = ok\n"
				   "shrinker /a 0 1 = stop\n"
				   "worker = 0\n"); /* it writes the page and stops on /a */
	scene_number(sc->zs->st.cursor, scene_group(sc, "/a"));
	scene_play(sc, "rmdir /a = 0\n");
	CU_ASSERT_EQUAL(zsim_memcg_at(&sc->zs->st, sc->zs->st.cursor)->state == ZSIM_MEMCG_OFFLINE,
			wrong);
	CU_ASSERT_EQUAL(zsim_verify(sc->zs) > 0, wrong);
	scene_text_at("violation", sc->violation, EITHER(wrong, "cursor", "none"), SCENE_HERE);
	/* the next pass leaves it */
	scene_play(sc, "store 1 /b 0 1000 = ok\n"
		       "worker = 0\n");
	story_sound(sc);
}

static void cursor_left(void)
{
	tell_every(ZSIM_DEFECT_CURSOR_LEFT, cursor_on_a_group);
}

static void empty_groups(struct scene *sc, bool wrong)
{
	scene_play(sc,
		   "machine nodes=1 ram=100\n"
		   "param shrinker_enabled 1\n"
		   "param accept_threshold_percent 0\n" SIXTEEN(MKDIR) "mkdir /z\n"
								       "store 1 /z 0 1000 = ok\n"
								       "shrinker /z 0 1 = stop\n"
								       "worker = 0\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), EITHER(wrong, 0, 1));
	scene_log(sc, visits, EITHER(wrong, "1r", "1r 1w"));
	story_sound(sc);
}

static void empty_counts(void)
{
	tell_every(ZSIM_DEFECT_EMPTY_COUNTS, empty_groups);
}

/* ---- 21 ------------------------------------------------------------------------------ */

static void parent_says_no(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "mkdir /a/b\n"
				   "store 1 /a/b 0 1000 = ok\n"
				   "write /a memory.zswap.writeback 0 = 0\n"
				   "shrinker /a/b 0 1 = stop\n");
	scene_log(sc, visits, EITHER(wrong, "1r", ""));
	CU_ASSERT_EQUAL(zsim_writeback_enabled(sc->zs, scene_group(sc, "/a/b")), wrong);
	CU_ASSERT(!zsim_writeback_enabled(sc->zs, scene_group(sc, "/a")));
	story_sound(sc);
}

static void parent_ignored(void)
{
	tell_every(ZSIM_DEFECT_PARENT_IGNORED, parent_says_no);
}

/* ---- 26 to 28 ------------------------------------------------------------------------- */

static void disabled_controller(struct scene *sc, bool wrong)
{
	scene_play(sc, "machine nodes=1 ram=100 memcg=off\n"
		       "param shrinker_enabled 1\n"
		       "param accept_threshold_percent 0\n"
		       "store 1 / 0 4096 = ok\n"
		       "shrinker / 0 1 = stop\n");
	scene_forget(sc);
	scene_play(sc, "worker = 0\n");
	scene_number(zsim_written_by(sc->zs, ZSIM_CAUSE_WORKER), EITHER(wrong, 0, 1));
	scene_log(sc, groups,
		  EITHER(wrong,
			 "none none none none none none none none none none none none none none "
			 "none none",
			 "none"));
	story_sound(sc);
}

static void disabled_gives_up(void)
{
	tell_every(ZSIM_DEFECT_DISABLED_GIVES_UP, disabled_controller);
}

static void one_batch(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD);
	scene_stores(sc, 1, 5, "/a", 0, 1000);
	scene_play(sc, "write /a memory.reclaim 1 source=zswap\n");
	scene_text_at("walks",
		      strncmp(sc->walks, "/a.0(1) /a.0(1) ", 16) ? sc->walks : "one by one",
		      EITHER(wrong, "one by one", "/a.0(5) /a.0(5)"), SCENE_HERE);
	story_sound(sc);
}

static void one_visit(void)
{
	tell_both("proactive-v5", ZSIM_DEFECT_ONE_VISIT, one_batch);
}

/* the cursor stands on /a from the request before: the next group is another's */
static void shared_cursor(struct scene *sc, bool wrong)
{
	scene_play(sc, STORY_WORLD "mkdir /b\n"
				   "store 1 /a 0 1000 = ok\n"
				   "store 2 /b 0 1000 = ok\n"
				   "shrinker /a 0 1 = stop\n"
				   "shrinker /b 0 1 = stop\n");
	scene_forget(sc);
	scene_play(sc, "write /a memory.reclaim 1 source=zswap = 0\n");
	scene_log(sc, groups, EITHER(wrong, "/ /a", "/a"));
	scene_log(sc, visits, "1w");
	scene_forget(sc);
	scene_play(sc, "store 1 /a 0 1000 = ok\n"
		       "@R write /a memory.reclaim 1 source=zswap = step\n");
	scene_log(sc, groups, EITHER(wrong, "/b", "/a"));
	story_sound(sc);
	scene_play(sc, "@R finish = 0\n");
	scene_log(sc, visits, EITHER(wrong, "2w", "1r 1w"));
	sc->violations = 0; /* the steps' bound is broken, the state must not be */
	story_sound(sc);
}

static void lockless_cursor(void)
{
	tell_both("proactive-v5", ZSIM_DEFECT_LOCKLESS_CURSOR, shared_cursor);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(a_defect_needs_a_library_with_defects),
	ZSIM_CASE(config_of_an_older_header),
	ZSIM_CASE(a_defect_stays),
	ZSIM_CASE(worker_one_page),
	ZSIM_CASE(worker_one_page_of_two_nodes),
	ZSIM_CASE(wrong_target),
	ZSIM_CASE(stale_writeback),
	ZSIM_CASE(failed_store_keeps),
	ZSIM_CASE(disabled_store_keeps),
	ZSIM_CASE(half_folio),
	ZSIM_CASE(skip_after_unlock),
	ZSIM_CASE(put_before_delete),
	ZSIM_CASE(no_own_reference),
	ZSIM_CASE(io_context),
	ZSIM_CASE(null_group),
	ZSIM_CASE(dying_counts),
	ZSIM_CASE(cursor_left),
	ZSIM_CASE(empty_counts),
	ZSIM_CASE(parent_ignored),
	ZSIM_CASE(disabled_gives_up),
	ZSIM_CASE(one_visit),
	ZSIM_CASE(lockless_cursor),
};
ZSIM_SUITE_MAIN("defect", cases)
