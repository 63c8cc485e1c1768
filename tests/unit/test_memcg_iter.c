/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of the tree, the mark of a full pass, and the pool worker's cursor
 * when the group under it goes.
 *
 *	/ -- a -- b
 *	 \    `-- c
 *	  d
 */
#include "model/memcg_iter.h"

#include "engine/run.h"
#include "support/suite.h"
#include "support/world.h"

#define NONE ZSIM_MEMCG_NONE
#define ROOT ZSIM_MEMCG_ROOT

struct tree {
	struct world w;
	struct zsim_state *st;
	zsim_memcg a, b, c, d;
};

static void tree_create(struct tree *t)
{
	world_create(&t->w, "proactive-v5", 1);
	t->st = &t->w.zs->st;
	t->a = world_group(&t->w, "/a");
	t->b = world_group(&t->w, "/a/b");
	t->c = world_group(&t->w, "/a/c");
	t->d = world_group(&t->w, "/d");
}

static void cursor_set(struct tree *t, zsim_memcg m)
{
	zsim_iter_move(t->st, &t->st->cursor, m);
}

static void parents_before_children_in_order(void)
{
	struct tree t;

	tree_create(&t);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, NONE), ROOT);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, ROOT), t.a);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.a), t.b);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.b), t.c);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.c), t.d);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.d), NONE);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, NONE), ROOT);
	world_free(&t.w);
}

/* a subtree ends at its own last group: no sibling of its top is given */
static void a_subtree_alone(void)
{
	struct tree t;

	tree_create(&t);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, t.a, NONE), t.a);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, t.a, t.a), t.b);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, t.a, t.c), NONE);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, t.b, NONE), t.b);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, t.b, t.b), NONE);
	world_free(&t.w);
}

/* walkers pass over the dying; iteration itself does not */
static void walkers_pass_over_the_dying(void)
{
	struct tree t;

	tree_create(&t);
	CU_ASSERT_EQUAL(zsim_rmdir(t.w.zs, t.b), 0);
	CU_ASSERT_EQUAL(zsim_rmdir(t.w.zs, t.d), 0);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.a), t.b);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, t.a), t.c);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, t.c), NONE);
	/* a subtree whose top is dying begins with none: an empty pass */
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, t.d, NONE), NONE);
	world_free(&t.w);
}

static void a_place_holds_a_reference(void)
{
	zsim_memcg place = NONE;
	struct tree t;

	tree_create(&t);
	zsim_iter_move(t.st, &place, t.b);
	CU_ASSERT_EQUAL(place, t.b);
	CU_ASSERT_EQUAL(zsim_memcg_at(t.st, t.b)->refs, 2);
	zsim_iter_move(t.st, &place, t.b);
	CU_ASSERT_EQUAL(zsim_memcg_at(t.st, t.b)->refs, 2);
	zsim_iter_move(t.st, &place, NONE);
	CU_ASSERT_EQUAL(zsim_memcg_at(t.st, t.b)->refs, 1);
	world_free(&t.w);
}

/* the iterator stands on b when it goes offline: b stays linked until it moves on, to c */
static void a_held_group_is_passed_over(void)
{
	zsim_memcg place = NONE;
	struct tree t;

	tree_create(&t);
	zsim_iter_move(t.st, &place, t.b);
	world_remove(&t.w, "/a/b");
	CU_ASSERT_EQUAL(zsim_state(t.w.zs, t.b), ZSIM_MEMCG_OFFLINE);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.a), t.b);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, place), t.c);
	zsim_iter_move(t.st, &place, t.c);
	CU_ASSERT_EQUAL(zsim_state(t.w.zs, t.b), ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(zsim_iter_next(t.st, ROOT, t.a), t.c);
	zsim_iter_move(t.st, &place, NONE);
	zsim_reap(t.w.zs);
	world_free(&t.w);
}

/* cursor at b, and c goes offline: nothing to do */
static void the_cursor_stays_elsewhere(void)
{
	struct tree t;

	tree_create(&t);
	cursor_set(&t, t.b);
	world_remove(&t.w, "/a/c");
	CU_ASSERT_EQUAL(t.st->cursor, t.b);
	world_free(&t.w);
}

/*
 * zswap_memcg_offline_cleanup(): cursor at b, b goes: cursor at c, which the
 * worker then advances past, so that c misses this pass (model.md 1.3).
 */
static void the_cursor_leaves_to_the_next(void)
{
	struct tree t;

	tree_create(&t);
	cursor_set(&t, t.b);
	world_remove(&t.w, "/a/b");
	CU_ASSERT_EQUAL(t.st->cursor, t.c);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, t.st->cursor), t.d);
	WORLD_SOUND(&t.w);
	world_free(&t.w);
}

/* a dying group will do: only offline ones are passed over */
static void the_cursor_may_stand_on_a_dying_group(void)
{
	struct tree t;

	tree_create(&t);
	cursor_set(&t, t.b);
	CU_ASSERT_EQUAL(zsim_rmdir(t.w.zs, t.c), 0);
	world_remove(&t.w, "/a/b");
	CU_ASSERT_EQUAL(t.st->cursor, t.c);
	CU_ASSERT_EQUAL(zsim_offline(t.w.zs, t.c), 0);
	CU_ASSERT_EQUAL(t.st->cursor, t.d);
	world_free(&t.w);
}

/* b and c are offline but held by somebody, so still linked: the cursor skips c */
static void the_cursor_skips_the_offline(void)
{
	zsim_memcg place = NONE;
	struct tree t;

	tree_create(&t);
	zsim_iter_move(t.st, &place, t.c);
	world_remove(&t.w, "/a/c");
	cursor_set(&t, t.b);
	world_remove(&t.w, "/a/b");
	CU_ASSERT_EQUAL(t.st->cursor, t.d);
	zsim_iter_move(t.st, &place, NONE);
	zsim_reap(t.w.zs);
	world_free(&t.w);
}

/* the last group goes: none, and the next advance gives the root without an end of pass */
static void the_cursor_leaves_to_none(void)
{
	struct tree t;

	tree_create(&t);
	cursor_set(&t, t.d);
	world_remove(&t.w, "/d");
	CU_ASSERT_EQUAL(t.st->cursor, NONE);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, t.st->cursor), ROOT);
	world_free(&t.w);
}

/* b is offline but held, so still linked: that does not keep its parent from going */
static void held_children_do_not_keep_their_parent(void)
{
	zsim_memcg place = NONE;
	struct tree t;

	tree_create(&t);
	zsim_iter_move(t.st, &place, t.b);
	world_remove(&t.w, "/a/b");
	world_remove(&t.w, "/a/c");
	world_remove(&t.w, "/a");
	CU_ASSERT_EQUAL(zsim_state(t.w.zs, t.a), ZSIM_MEMCG_OFFLINE);
	CU_ASSERT_EQUAL(zsim_iter_next_online(t.st, ROOT, place), t.d);
	zsim_iter_move(t.st, &place, NONE);
	zsim_reap(t.w.zs);
	CU_ASSERT_PTR_NULL(zsim_path(t.w.zs, t.a));
	world_free(&t.w);
}

/* groups come and go under a suspended request: its bound counts the most there were */
static void a_request_counts_its_groups(void)
{
	struct zsim_event ev = { .type = ZSIM_EV_WRITE,
				 .actor = "A",
				 .path = "/a",
				 .file = "memory.reclaim",
				 .text = "1 source=zswap" };
	const struct zsim_call *call;
	struct zsim_result res;
	struct tree t;

	tree_create(&t);
	CU_ASSERT_EQUAL(zsim_apply(t.w.zs, &ev, &res), 0);
	call = &t.w.zs->runs->call;
	CU_ASSERT_EQUAL(call->groups_max, 3);
	world_remove(&t.w, "/a/b");
	world_remove(&t.w, "/a/c");
	world_group(&t.w, "/a/e");
	CU_ASSERT_EQUAL(call->groups_max, 3); /* two now */
	world_group(&t.w, "/a/f");
	world_group(&t.w, "/a/g");
	CU_ASSERT_EQUAL(call->groups_max, 4);
	world_group(&t.w, "/d/g"); /* not in its subtree */
	CU_ASSERT_EQUAL(call->groups_max, 4);
	ev.type = ZSIM_EV_FINISH;
	CU_ASSERT_EQUAL(zsim_apply(t.w.zs, &ev, &res), 0);
	CU_ASSERT_EQUAL(res.value, -11); /* EAGAIN: 16 empty passes */
	world_free(&t.w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(parents_before_children_in_order),
	ZSIM_CASE(a_subtree_alone),
	ZSIM_CASE(walkers_pass_over_the_dying),
	ZSIM_CASE(a_place_holds_a_reference),
	ZSIM_CASE(a_held_group_is_passed_over),
	ZSIM_CASE(the_cursor_stays_elsewhere),
	ZSIM_CASE(the_cursor_leaves_to_the_next),
	ZSIM_CASE(the_cursor_may_stand_on_a_dying_group),
	ZSIM_CASE(the_cursor_skips_the_offline),
	ZSIM_CASE(the_cursor_leaves_to_none),
	ZSIM_CASE(held_children_do_not_keep_their_parent),
	ZSIM_CASE(a_request_counts_its_groups),
};
ZSIM_SUITE_MAIN("memcg_iter", cases)
