/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups: life cycle, references, settings, charges. First the module by
 * itself, then what the engine makes of it by path and handle.
 */
#include <errno.h>

#include "model/memcg.h"
#include "support/suite.h"
#include "support/world.h"

struct tree {
	struct zsim_state st;
	struct fail_alloc fa;
	zsim_memcg a, b, c; /* /a, /a/b, /a/b/c */
};

static void tree_init(struct tree *t)
{
	struct zsim_config config;

	fail_alloc_init(&t->fa, 0);
	zsim_config_init(&config);
	config.allocator = fail_alloc_get(&t->fa);
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(&t->st, &config), 0);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t->st, ZSIM_MEMCG_ROOT, &t->a), 0);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t->st, t->a, &t->b), 0);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t->st, t->b, &t->c), 0);
}

static void tree_destroy(struct tree *t)
{
	zsim_state_destroy(&t->st);
	CU_ASSERT_EQUAL(t->fa.live_blocks, 0);
}

static struct zsim_memcg_rec *rec(const struct tree *t, zsim_memcg m)
{
	return zsim_memcg_at(&t->st, m);
}

static void remove_group(struct tree *t, zsim_memcg m)
{
	CU_ASSERT_EQUAL(zsim_memcg_kill(&t->st, m), 0);
	zsim_memcg_reparent(&t->st, m);
}

/* a fresh group: online, one reference, writeback on, no limit, empty counters */
static void created(void)
{
	struct tree t;

	tree_init(&t);
	CU_ASSERT_EQUAL(rec(&t, t.c)->state, ZSIM_MEMCG_ONLINE);
	CU_ASSERT_EQUAL(rec(&t, t.c)->refs, 1);
	CU_ASSERT_EQUAL(rec(&t, t.c)->parent, t.b);
	CU_ASSERT_TRUE(rec(&t, t.c)->writeback);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswap_max, UINT64_MAX);
	for (int i = 0; i < ZSIM_NR_STATS; i++)
		CU_ASSERT_EQUAL(zsim_memcg_stat(&t.st, t.c, (enum zsim_stat_item)i), 0);
	/* a child is a reference to its parent */
	CU_ASSERT_EQUAL(rec(&t, t.b)->refs, 2);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->parent, ZSIM_MEMCG_NONE);
	tree_destroy(&t);
}

static void children_stand_in_order(void)
{
	zsim_memcg x = 0, y = 0;
	struct tree t;

	tree_init(&t);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t.st, t.a, &x), 0);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t.st, t.a, &y), 0);
	CU_ASSERT_EQUAL(rec(&t, t.a)->first_child, t.b);
	CU_ASSERT_EQUAL(rec(&t, t.b)->next, x);
	CU_ASSERT_EQUAL(rec(&t, x)->next, y);
	CU_ASSERT_EQUAL(rec(&t, t.a)->last_child, y);
	/* the middle one goes, then the last, then the first */
	remove_group(&t, x);
	CU_ASSERT_EQUAL(rec(&t, t.b)->next, y);
	CU_ASSERT_EQUAL(rec(&t, y)->prev, t.b);
	remove_group(&t, y);
	CU_ASSERT_EQUAL(rec(&t, t.a)->last_child, t.b);
	CU_ASSERT_EQUAL(rec(&t, t.b)->next, ZSIM_MEMCG_NONE);
	remove_group(&t, t.c);
	remove_group(&t, t.b);
	CU_ASSERT_EQUAL(rec(&t, t.a)->first_child, ZSIM_MEMCG_NONE);
	CU_ASSERT_EQUAL(rec(&t, t.a)->last_child, ZSIM_MEMCG_NONE);
	tree_destroy(&t);
}

static void who_cannot_be_removed(void)
{
	struct tree t;

	tree_init(&t);
	CU_ASSERT_EQUAL(zsim_memcg_kill(&t.st, ZSIM_MEMCG_ROOT), -EBUSY);
	CU_ASSERT_EQUAL(zsim_memcg_kill(&t.st, t.a), -EBUSY);
	CU_ASSERT_EQUAL(rec(&t, t.a)->state, ZSIM_MEMCG_ONLINE);
	/* a dying child is no hindrance: its directory is gone */
	CU_ASSERT_EQUAL(zsim_memcg_kill(&t.st, t.c), 0);
	CU_ASSERT_EQUAL(zsim_memcg_kill(&t.st, t.b), 0);
	CU_ASSERT_EQUAL(rec(&t, t.b)->state, ZSIM_MEMCG_DYING);
	CU_ASSERT_FALSE(zsim_memcg_online(&t.st, t.b));
	CU_ASSERT_TRUE(zsim_memcg_online(&t.st, t.a));
	tree_destroy(&t);
}

/* an offline group that somebody holds stays in the tree; the last put frees it */
static void held_groups_stay(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_get(&t.st, t.c);
	remove_group(&t, t.c);
	CU_ASSERT_EQUAL(rec(&t, t.c)->state, ZSIM_MEMCG_OFFLINE);
	CU_ASSERT_EQUAL(rec(&t, t.b)->first_child, t.c);
	CU_ASSERT_EQUAL(zsim_memcg_living(&t.st, t.c), t.b);
	zsim_memcg_put(&t.st, t.c);
	CU_ASSERT_EQUAL(rec(&t, t.c)->state, ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(rec(&t, t.b)->first_child, ZSIM_MEMCG_NONE);
	tree_destroy(&t);
}

/* /a/b/c is held: b cannot be freed before it, and one put then frees c, b and a */
static void the_last_put_climbs(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_get(&t.st, t.c);
	remove_group(&t, t.c);
	remove_group(&t, t.b);
	remove_group(&t, t.a);
	CU_ASSERT_EQUAL(rec(&t, t.a)->state, ZSIM_MEMCG_OFFLINE);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->refs, 2);
	CU_ASSERT_EQUAL(zsim_memcg_living(&t.st, t.c), ZSIM_MEMCG_ROOT);
	zsim_memcg_put(&t.st, t.c);
	CU_ASSERT_EQUAL(rec(&t, t.b)->state, ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(rec(&t, t.a)->state, ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->refs, 1);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->first_child, ZSIM_MEMCG_NONE);
	tree_destroy(&t);
}

static void none_is_no_group(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_get(&t.st, ZSIM_MEMCG_NONE);
	zsim_memcg_put(&t.st, ZSIM_MEMCG_NONE);
	CU_ASSERT_TRUE(zsim_memcg_within(&t.st, t.c, t.a));
	CU_ASSERT_TRUE(zsim_memcg_within(&t.st, t.c, t.c));
	CU_ASSERT_FALSE(zsim_memcg_within(&t.st, t.a, t.c));
	CU_ASSERT_TRUE(zsim_memcg_within(&t.st, t.a, ZSIM_MEMCG_ROOT));
	tree_destroy(&t);
}

/* a freed record is used again only when no entry and no child's record names it */
static void handles_are_used_again_in_the_end(void)
{
	zsim_memcg again = 0;
	struct tree t;

	tree_init(&t);
	CU_ASSERT_EQUAL(zsim_memcg_reap(&t.st), ZSIM_MEMCG_NONE);
	zsim_memcg_keep(&t.st, t.c);
	remove_group(&t, t.c);
	remove_group(&t, t.b);
	CU_ASSERT_EQUAL(rec(&t, t.b)->state, ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(zsim_memcg_reap(&t.st), ZSIM_MEMCG_NONE);
	zsim_memcg_unkeep(&t.st, t.c);
	CU_ASSERT_EQUAL(zsim_memcg_reap(&t.st), t.c);
	CU_ASSERT_EQUAL(zsim_memcg_reap(&t.st), t.b);
	CU_ASSERT_EQUAL(zsim_memcg_reap(&t.st), ZSIM_MEMCG_NONE);
	CU_ASSERT_EQUAL(t.st.memcgs.size, 4);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t.st, t.a, &again), 0);
	CU_ASSERT_EQUAL(again, t.b);
	CU_ASSERT_EQUAL(rec(&t, again)->state, ZSIM_MEMCG_ONLINE);
	CU_ASSERT_EQUAL(rec(&t, again)->keeps, 0);
	CU_ASSERT_EQUAL(t.st.memcgs.size, 4);
	tree_destroy(&t);
}

/* a group's lists of the nodes behind the first, then its record */
static void no_memory_for_a_group(void)
{
	struct fail_alloc fa;
	struct zsim_config config;
	struct zsim_state st;
	zsim_memcg m = 77;

	fail_alloc_init(&fa, 0);
	zsim_config_init(&config);
	config.allocator = fail_alloc_get(&fa);
	config.nodes = 2;
	CU_ASSERT_EQUAL_FATAL(zsim_state_init(&st, &config), 0);
	while (st.memcgs.size < 16)
		CU_ASSERT_EQUAL(zsim_memcg_create(&st, ZSIM_MEMCG_ROOT, &m), 0);
	for (uint64_t n = 1; n <= 2; n++) {
		fa.fail_at = fa.calls + n;
		CU_ASSERT_EQUAL(zsim_memcg_create(&st, ZSIM_MEMCG_ROOT, &m), -ENOMEM);
		CU_ASSERT_EQUAL(st.memcgs.size, 16);
	}
	fa.fail_at = 0;
	CU_ASSERT_EQUAL(zsim_memcg_create(&st, ZSIM_MEMCG_ROOT, &m), 0);
	CU_ASSERT_EQUAL(m, 16);
	CU_ASSERT_EQUAL(zsim_memcg_at(&st, ZSIM_MEMCG_ROOT)->last_child, 16);
	zsim_state_destroy(&st);
	CU_ASSERT_EQUAL(fa.live_blocks, 0);
}

/* 2^20 - 1 groups are the limit; the array is made to look that full here */
static void no_number_left_for_a_group(void)
{
	zsim_memcg m = 77;
	struct tree t;
	uint32_t size;

	tree_init(&t);
	size = t.st.memcgs.size;
	t.st.memcgs.size = ZSIM_MAX_MEMCGS;
	CU_ASSERT_EQUAL(zsim_memcg_create(&t.st, t.a, &m), -ENOSPC);
	t.st.memcgs.size = size;
	CU_ASSERT_EQUAL(rec(&t, t.a)->refs, 2);
	CU_ASSERT_EQUAL(zsim_memcg_create(&t.st, t.a, &m), 0);
	tree_destroy(&t);
}

/*
 * Writeback is enabled where it is 1 in the group and in all its ancestors, the
 * root too; and everywhere if zswap itself is off.
 */
static void writeback_is_inherited(void)
{
	struct tree t;

	tree_init(&t);
	CU_ASSERT_TRUE(zsim_memcg_writeback(&t.st, t.c));
	zsim_memcg_at(&t.st, t.b)->writeback = false;
	CU_ASSERT_FALSE(zsim_memcg_writeback(&t.st, t.c));
	CU_ASSERT_FALSE(zsim_memcg_writeback(&t.st, t.b));
	CU_ASSERT_TRUE(zsim_memcg_writeback(&t.st, t.a));
	zsim_memcg_at(&t.st, t.b)->writeback = true;
	zsim_memcg_at(&t.st, ZSIM_MEMCG_ROOT)->writeback = false;
	CU_ASSERT_FALSE(zsim_memcg_writeback(&t.st, t.c));
	CU_ASSERT_FALSE(zsim_memcg_writeback(&t.st, ZSIM_MEMCG_ROOT));
	t.st.params[ZSIM_PARAM_ENABLED] = 0;
	CU_ASSERT_TRUE(zsim_memcg_writeback(&t.st, t.c));
	tree_destroy(&t);
}

/* whole pages are compared: a limit of 2 pages holds 8191 bytes, and refuses at 8192 */
static void limits_are_compared_in_pages(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_limit(&t.st, t.b, 2);
	zsim_memcg_charge(&t.st, t.c, 4096, 1);
	zsim_memcg_charge(&t.st, t.c, 4095, 1);
	CU_ASSERT_TRUE(zsim_memcg_may_zswap(&t.st, t.c));
	zsim_memcg_charge(&t.st, t.c, 1, 1);
	CU_ASSERT_FALSE(zsim_memcg_may_zswap(&t.st, t.c));
	CU_ASSERT_FALSE(zsim_memcg_may_zswap(&t.st, t.b));
	CU_ASSERT_TRUE(zsim_memcg_may_zswap(&t.st, t.a));
	tree_destroy(&t);
}

static void a_limit_of_0_refuses_and_the_root_has_none(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_limit(&t.st, t.a, 0);
	CU_ASSERT_FALSE(zsim_memcg_may_zswap(&t.st, t.c));
	zsim_memcg_limit(&t.st, t.a, UINT64_MAX);
	CU_ASSERT_TRUE(zsim_memcg_may_zswap(&t.st, t.c));
	zsim_memcg_limit(&t.st, ZSIM_MEMCG_ROOT, 0);
	CU_ASSERT_TRUE(zsim_memcg_may_zswap(&t.st, t.c));
	CU_ASSERT_TRUE(zsim_memcg_may_zswap(&t.st, ZSIM_MEMCG_ROOT));
	tree_destroy(&t);
}

/* bytes, original bytes and incompressible bytes, up to the root */
static void charges_go_up_the_tree(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_charge(&t.st, t.c, 100, 1);
	zsim_memcg_charge(&t.st, t.b, 4096, 1);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswap, 100);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswapped, 1);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswap_incomp, 0);
	for (zsim_memcg m = t.b; m != ZSIM_MEMCG_NONE; m = rec(&t, m)->parent) {
		CU_ASSERT_EQUAL(rec(&t, m)->zswap, 4196);
		CU_ASSERT_EQUAL(rec(&t, m)->zswapped, 2);
		CU_ASSERT_EQUAL(rec(&t, m)->zswap_incomp, 1);
	}
	zsim_memcg_charge(&t.st, t.b, 4096, -1);
	zsim_memcg_charge(&t.st, t.c, 100, -1);
	for (zsim_memcg m = t.c; m != ZSIM_MEMCG_NONE; m = rec(&t, m)->parent)
		for (int i = 0; i <= ZSIM_STAT_ZSWAP_INCOMP; i++)
			CU_ASSERT_EQUAL(zsim_memcg_stat(&t.st, m, (enum zsim_stat_item)i), 0);
	tree_destroy(&t);
}

/* the root's own entries are not charged, but its events count */
static void the_root_is_not_charged(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_charge(&t.st, ZSIM_MEMCG_ROOT, 4096, 1);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->zswap, 0);
	zsim_memcg_charge(&t.st, ZSIM_MEMCG_ROOT, 4096, -1);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->zswap, 0);
	zsim_memcg_count(&t.st, ZSIM_MEMCG_ROOT, ZSIM_STAT_ZSWPIN, 3);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->zswpin, 3);
	tree_destroy(&t);
}

/*
 * c dies with 100 bytes: they are b's from then on (who had counted them
 * already), and c's counters of events stay readable.
 */
static void charges_of_the_dead_are_the_parents(void)
{
	struct tree t;

	tree_init(&t);
	zsim_memcg_charge(&t.st, t.c, 100, 1);
	zsim_memcg_count(&t.st, t.c, ZSIM_STAT_ZSWPOUT, 1);
	zsim_memcg_get(&t.st, t.c);
	remove_group(&t, t.c);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswap, 0);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswpout, 1);
	CU_ASSERT_EQUAL(rec(&t, t.b)->zswap, 100);
	zsim_memcg_count(&t.st, t.c, ZSIM_STAT_ZSWPIN, 1);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswpin, 0);
	CU_ASSERT_EQUAL(rec(&t, t.b)->zswpin, 1);
	zsim_memcg_charge(&t.st, t.c, 100, -1);
	CU_ASSERT_EQUAL(rec(&t, t.b)->zswap, 0);
	CU_ASSERT_EQUAL(rec(&t, ZSIM_MEMCG_ROOT)->zswap, 0);
	CU_ASSERT_EQUAL(rec(&t, t.c)->zswap, 0);
	zsim_memcg_put(&t.st, t.c);
	tree_destroy(&t);
}

/* ---- by path and handle -------------------------------------------------------- */

static void made_by_path(void)
{
	zsim_memcg a = 77, b = 77;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a", &a), 0);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a", &b), -EEXIST);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/", &b), -EEXIST);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/x/y", &b), -ENOENT);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a/", &b), -ENOENT);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "a", &b), -ENOENT);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "", &b), -ENOENT);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a/b", &b), 0);
	CU_ASSERT_EQUAL(zsim_parent(w.zs, b), a);
	CU_ASSERT_STRING_EQUAL(zsim_path(w.zs, b), "/a/b");
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, a), -EBUSY);
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, ZSIM_MEMCG_ROOT), -EBUSY);
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, 99), -ENOENT);
	CU_ASSERT_EQUAL(zsim_offline(w.zs, 99), -ENOENT);
	CU_ASSERT_EQUAL(zsim_offline(w.zs, a), -EINVAL);
	world_free(&w);
}

/* the kernel takes children offline before their parent, and makes none below a dying one */
static void dying_groups(void)
{
	zsim_memcg a, b, c;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	b = world_group(&w, "/a/b");
	a = world_group(&w, "/a");
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, b), 0);
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, b), -ENOENT);
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, a), 0);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a/c", &c), -ENOENT);
	CU_ASSERT_EQUAL(zsim_offline(w.zs, a), -EBUSY);
	CU_ASSERT_EQUAL(zsim_state(w.zs, a), ZSIM_MEMCG_DYING);
	CU_ASSERT_EQUAL(zsim_offline(w.zs, b), 0);
	CU_ASSERT_EQUAL(zsim_offline(w.zs, a), 0);
	CU_ASSERT_EQUAL(zsim_state(w.zs, a), ZSIM_MEMCG_FREED);
	CU_ASSERT_PTR_NULL(zsim_path(w.zs, a));
	CU_ASSERT_EQUAL(zsim_next(w.zs, ZSIM_MEMCG_ROOT), ZSIM_MEMCG_NONE);
	world_free(&w);
}

/* a dying group's path may be used again: the newest one is found there */
static void a_second_group_at_a_path(void)
{
	zsim_memcg old, young = 77;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	world_fill(&w, "/a", 0, 1, 100);
	old = world_group(&w, "/a");
	CU_ASSERT_EQUAL(zsim_rmdir(w.zs, old), 0);
	CU_ASSERT_EQUAL(zsim_mkdir(w.zs, "/a", &young), 0);
	CU_ASSERT_NOT_EQUAL(old, young);
	CU_ASSERT_EQUAL(zsim_lookup(w.zs, "/a"), young);
	CU_ASSERT_STRING_EQUAL(zsim_path(w.zs, old), "/a");
	CU_ASSERT_EQUAL(zsim_offline(w.zs, old), 0);
	CU_ASSERT_EQUAL(zsim_lookup(w.zs, "/a"), young);
	CU_ASSERT_EQUAL(zsim_load(w.zs, 1), 0);
	CU_ASSERT_PTR_NULL(zsim_path(w.zs, old));
	CU_ASSERT_EQUAL(zsim_lookup(w.zs, "/a"), young);
	world_free(&w);
}

/*
 * A freed group whose entry lives on can be read, and still stored to; it has
 * no files and no lists any more. A request on such a handle once took a
 * reference on the freed record, and dropping it took the group out of the tree
 * a second time.
 */
static void freed_groups_only_count(void)
{
	const uint16_t length = 100;
	zsim_memcg a;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_SHRINKER_ENABLED, 1), 0);
	world_group(&w, "/b");
	world_fill(&w, "/a", 0, 1, 100);
	a = world_group(&w, "/a");
	world_remove(&w, "/a");
	CU_ASSERT_EQUAL(zsim_state(w.zs, a), ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(zsim_write(w.zs, a, "memory.reclaim", "1 source=zswap"), -ENOENT);
	CU_ASSERT_EQUAL(zsim_write(w.zs, a, "memory.reclaim", "8K"), -ENOENT);
	CU_ASSERT_EQUAL(zsim_slab(w.zs, a, 0, 0, false), -ENOENT);
	CU_ASSERT_EQUAL(zsim_shrinker(w.zs, a, 0, 1), -ENOENT);
	WORLD_SOUND(&w);
	CU_ASSERT_EQUAL(zsim_next(w.zs, zsim_lookup(w.zs, "/b")), a);
	CU_ASSERT_EQUAL(zsim_next(w.zs, a), ZSIM_MEMCG_NONE);
	WORLD_STAT(&w, "/a", ZSWPOUT, 1);
	CU_ASSERT_EQUAL(zsim_swapin(w.zs, a, 0), 0);
	CU_ASSERT_EQUAL(zsim_store(w.zs, 2, a, 0, &length, 1), 1);
	WORLD_LIST(&w, "/", 0, "1* 2*");
	WORLD_STAT(&w, "/a", ZSWPOUT, 1);
	WORLD_STAT(&w, "/", ZSWPOUT, 2);
	WORLD_STAT(&w, "/", ZSWAP, 200);
	world_free(&w);
}

/* a worker that a parameter set loose may empty a freed group: it is forgotten at once */
static void forgotten_after_a_parameter(void)
{
	struct zsim_config config;
	struct world w;
	zsim_memcg a;

	zsim_config_init(&config);
	config.ram_pages = 50;
	world_create_with(&w, config);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 1), 0);
	world_fill(&w, "/a", 0, 10, 4096);
	a = world_group(&w, "/a");
	world_age(&w, "/a", 0);
	world_remove(&w, "/a");
	CU_ASSERT_EQUAL(world_store(&w, 99, "/", 0, 4096), 0);
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT, 0), 0);
	CU_ASSERT_PTR_NOT_NULL(zsim_path(w.zs, a));
	CU_ASSERT_EQUAL(zsim_set_param(w.zs, ZSIM_PARAM_WORKER_MANUAL, 0), 0);
	WORLD_LIST(&w, "/", 0, "");
	CU_ASSERT_PTR_NULL(zsim_path(w.zs, a));
	CU_ASSERT_EQUAL(zsim_next(w.zs, ZSIM_MEMCG_ROOT), ZSIM_MEMCG_NONE);
	world_free(&w);
}

static void reading_what_is_not_there(void)
{
	uint64_t value = 77;
	struct world w;

	world_create(&w, "proactive-v5", 1);
	CU_ASSERT_EQUAL(zsim_lookup(w.zs, "/no"), ZSIM_MEMCG_NONE);
	CU_ASSERT_PTR_NULL(zsim_path(w.zs, 5));
	CU_ASSERT_PTR_NULL(zsim_path(w.zs, ZSIM_MEMCG_NONE));
	CU_ASSERT_EQUAL(zsim_state(w.zs, 5), ZSIM_MEMCG_FREED);
	CU_ASSERT_EQUAL(zsim_parent(w.zs, 5), ZSIM_MEMCG_NONE);
	CU_ASSERT_EQUAL(zsim_parent(w.zs, ZSIM_MEMCG_ROOT), ZSIM_MEMCG_NONE);
	CU_ASSERT_FALSE(zsim_writeback_enabled(w.zs, 5));
	CU_ASSERT_EQUAL(zsim_stat(w.zs, 5, ZSIM_STAT_ZSWAP), 0);
	CU_ASSERT_EQUAL(zsim_read(w.zs, 5, "memory.max", &value), -ENOENT);
	CU_ASSERT_EQUAL(zsim_read(w.zs, ZSIM_MEMCG_ROOT, "memory.max", &value), -ENOENT);
	CU_ASSERT_EQUAL(value, 77);
	/* names and actors are not in it, so it is a lower bound of what is held */
	CU_ASSERT(zsim_memory(w.zs) > 0);
	world_free(&w);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(created),
	ZSIM_CASE(children_stand_in_order),
	ZSIM_CASE(who_cannot_be_removed),
	ZSIM_CASE(held_groups_stay),
	ZSIM_CASE(the_last_put_climbs),
	ZSIM_CASE(none_is_no_group),
	ZSIM_CASE(handles_are_used_again_in_the_end),
	ZSIM_CASE(no_memory_for_a_group),
	ZSIM_CASE(no_number_left_for_a_group),
	ZSIM_CASE(writeback_is_inherited),
	ZSIM_CASE(limits_are_compared_in_pages),
	ZSIM_CASE(a_limit_of_0_refuses_and_the_root_has_none),
	ZSIM_CASE(charges_go_up_the_tree),
	ZSIM_CASE(the_root_is_not_charged),
	ZSIM_CASE(charges_of_the_dead_are_the_parents),
	ZSIM_CASE(made_by_path),
	ZSIM_CASE(dying_groups),
	ZSIM_CASE(a_second_group_at_a_path),
	ZSIM_CASE(freed_groups_only_count),
	ZSIM_CASE(forgotten_after_a_parameter),
	ZSIM_CASE(reading_what_is_not_there),
};
ZSIM_SUITE_MAIN("memcg", cases)
