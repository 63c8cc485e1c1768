/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture may begin and end anywhere: what is left must compare without a
 * difference, since what cannot be known is not counted as one.
 *
 * Captures are cut at places that a seed chooses; with ZSIM_CUTS=N at N of them
 * each, with ZSIM_CUTS=many at places spread over the short ones instead, with
 * ZSIM_CUTS=all at every record, which takes hours unless cases are named.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "support/replay.h"
#include "support/samples.h"
#include "support/suite.h"

#define CUTS 25
#define WINDOW 30000 /* records between two cuts */
#define SHORT 30000  /* records */
#define MAX_GROUPS 64

enum facts {
	NO_FACTS,    /* the tree, the machine and the settings have to be learnt */
	FACTS,	     /* as they are when the first record is made */
	STALE_FACTS, /* as they were before what is cut off */
	NR_FACTS,
};

/* ---- the tree as a capture that begins here would tell it ------------------------ */

struct group {
	uint64_t id;
	char path[128];
	char writeback[8];
	char max[32];
};

struct tree {
	struct group group[MAX_GROUPS];
	size_t nr;
};

static void value_copy(const struct capture *c, size_t i, const char *key, char *out, size_t n)
{
	struct span v;

	out[0] = '\0';
	if (record_field(c, i, key, &v))
		snprintf(out, n, "%.*s", (int)v.size, c->text.data + v.at);
}

static uint64_t number_of(const struct capture *c, size_t i, const char *key)
{
	char text[32];

	value_copy(c, i, key, text, sizeof(text));
	return strtoull(text, NULL, 0);
}

static struct group *group_find(struct tree *t, uint64_t id)
{
	for (size_t i = 0; i < t->nr; i++)
		if (t->group[i].id == id)
			return &t->group[i];
	return NULL;
}

static void tree_fact(struct tree *t, const struct capture *c, size_t i)
{
	struct group *g = &t->group[t->nr++];

	sscanf(c->text.data + c->records[i].at, "# zsim: cgroup %" SCNu64 " %127s", &g->id,
	       g->path);
	value_copy(c, i, "writeback", g->writeback, sizeof(g->writeback));
	value_copy(c, i, "zswap.max", g->max, sizeof(g->max));
}

static void tree_made(struct tree *t, const struct capture *c, size_t i)
{
	struct group *g = &t->group[t->nr++];

	*g = (struct group){ .id = number_of(c, i, "id"), .writeback = "1", .max = "max" };
	value_copy(c, i, "path", g->path, sizeof(g->path));
}

/* `val="0` newline `"`: only what the kernel took counts */
static void tree_set(struct tree *t, const struct capture *c, size_t i)
{
	struct group *g = group_find(t, number_of(c, i, "cg"));
	char text[32];

	value_copy(c, i, "val", text, sizeof(text));
	if (g && record_is(c, i, "set_wb"))
		snprintf(g->writeback, sizeof(g->writeback), "%d", text[1] == '1');
}

static void tree_event(struct tree *t, const struct capture *c, size_t i)
{
	struct group *g;

	if (record_is(c, i, "cgroup_mkdir"))
		tree_made(t, c, i);
	if (record_is(c, i, "set_wb"))
		tree_set(t, c, i);
	if (!record_is(c, i, "cgroup_rmdir"))
		return;
	g = group_find(t, number_of(c, i, "id"));
	if (g)
		*g = t->group[--t->nr];
}

/* ---- cutting ------------------------------------------------------------------- */

static void facts_add(struct text *t, const struct capture *c, size_t from)
{
	static struct tree tree;
	char line[256];

	tree.nr = 0;
	for (size_t i = 0; i < c->first; i++) {
		if (record_has(c, i, "# zsim: cgroup "))
			tree_fact(&tree, c, i);
		else
			text_add(t, c->text.data + c->records[i].at, c->records[i].size);
	}
	for (size_t i = c->first; i < from; i++)
		tree_event(&tree, c, i);
	for (size_t i = 0; i < tree.nr; i++) {
		struct group *g = &tree.group[i];
		int n = snprintf(line, sizeof(line),
				 "# zsim: cgroup %" PRIu64 " %s writeback=%s zswap.max=%s\n", g->id,
				 g->path, g->writeback, g->max);

		text_add(t, line, (size_t)n);
	}
}

/* facts behind the events only hold at the end */
static void cut_make(struct text *t, const struct capture *c, size_t from, size_t to,
		     enum facts facts)
{
	size_t end = to == c->last ? c->text.size : c->records[to].at;

	t->size = 0;
	if (facts != NO_FACTS)
		facts_add(t, c, facts == FACTS ? from : c->first);
	else
		text_add(t, "# tracer: nop\n", 14);
	text_add(t, c->text.data + c->records[from].at, end - c->records[from].at);
}

/* ---- captures ------------------------------------------------------------------ */

struct trial {
	const struct capture *c;
	const char *name;
	const char *algo;
	bool racing;
	struct text text;
	struct dice dice;
	unsigned int cuts;
	unsigned int bad;
	uint64_t checked;
	uint64_t unknown;
};

/* was a setting written before @from, so that old facts are wrong? */
static bool facts_lie(const struct capture *c, size_t from, enum facts facts)
{
	for (size_t i = c->first; i < from && facts == STALE_FACTS; i++)
		if (record_is(c, i, "set_wb") || record_is(c, i, "set_max"))
			return true;
	return false;
}

static bool is_well(const struct replay *r, bool racing)
{
	return r->wrong == (racing ? r->racy : 0);
}

static void cut_try(struct trial *tr, size_t from, size_t to, enum facts facts)
{
	static const char *const names[] = { "without", "with", "with old" };
	struct replay r;

	cut_make(&tr->text, tr->c, from, to, facts);
	replay_text(&tr->text, tr->algo, NULL, &r);
	tr->cuts++;
	tr->checked += r.checked;
	tr->unknown += r.unknown;
	if (!r.rc && !r.violations && (is_well(&r, tr->racing) || facts_lie(tr->c, from, facts)))
		return;
	tr->bad++;
	printf("%s: records %zu to %zu, %s facts: rc %d %s, wrong %" PRIu64 ", violations %" PRIu64
	       ": %s\n",
	       tr->name, from + 1, to, names[facts], r.rc, r.error, r.wrong, r.violations, r.first);
}

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t anywhere(struct trial *tr, size_t low, size_t high)
{
	return low + (size_t)dice_roll(&tr->dice, high - low);
}

static void cut_anywhere(struct trial *tr, enum facts facts)
{
	const struct capture *c = tr->c;
	size_t from = anywhere(tr, c->first, c->last);

	cut_try(tr, from, anywhere(tr, from + 1, min_size(from + WINDOW, c->last) + 1), facts);
	from = anywhere(tr, c->first, c->last);
	cut_try(tr, c->first, anywhere(tr, c->first + 1, min_size(WINDOW, c->last) + 1), facts);
	from = anywhere(tr, c->last - min_size(WINDOW, c->last - c->first), c->last);
	cut_try(tr, from, c->last, facts);
}

/* a seed also says where among the steps to begin */
static void cut_everywhere(struct trial *tr, size_t places, enum facts facts)
{
	const struct capture *c = tr->c;
	size_t step = 1 + (c->last - c->first) / places;

	for (size_t i = anywhere(tr, c->first, c->first + step); i < c->last; i += step) {
		cut_try(tr, i, c->last, facts);
		cut_try(tr, i, min_size(i + 700, c->last), facts);
		cut_try(tr, c->first, i + 1, facts);
	}
}

static void cut_here_and_there(struct trial *tr, uint32_t nr, enum facts facts)
{
	for (uint32_t i = 0; i < nr; i++)
		cut_anywhere(tr, facts);
}

static void cut_as_told(struct trial *tr, enum facts facts)
{
	const char *cuts = getenv("ZSIM_CUTS");
	uint32_t number = cuts ? (uint32_t)atoi(cuts) : 0;
	bool many = cuts && !strcmp(cuts, "many");

	if (cuts && !strcmp(cuts, "all"))
		cut_everywhere(tr, tr->c->nr, facts);
	else if (many && tr->c->nr < SHORT)
		cut_everywhere(tr, 60, facts);
	else if (!many)
		cut_here_and_there(tr, number ? number : samples(CUTS, 2), facts);
}

static void cuts_of(const char *name, const char *algo, bool racing)
{
	struct trial tr = { .name = name, .algo = algo, .racing = racing };
	struct capture c;

	capture_load(&c, name);
	tr.c = &c;
	tr.dice = dice_seed(name, 1);
	for (int facts = 0; facts < NR_FACTS; facts++)
		cut_as_told(&tr, (enum facts)facts);
	printf("%s: %u cuts, %" PRIu64 " checked, %" PRIu64 " unknown\n", name, tr.cuts, tr.checked,
	       tr.unknown);
	CU_ASSERT_EQUAL(tr.bad, 0);
	CU_ASSERT(tr.checked > tr.cuts || !tr.cuts);
	text_free(&tr.text);
	capture_free(&c);
}

#define CAPTURE(function, name, algo, racing) \
	static void function(void)            \
	{                                     \
		cuts_of(name, algo, racing);  \
	}

CAPTURE(patched_short, "patched-7.2/short", "proactive-v5", false)
CAPTURE(patched_zmax, "patched-7.2/zmax", "proactive-v5", false)
CAPTURE(patched_pwb1, "patched-7.2/pwb1", "proactive-v5", false)
CAPTURE(patched_edge, "patched-7.2/edge", "proactive-v5", false)
CAPTURE(patched_wbtoggle, "patched-7.2/wbtoggle", "proactive-v5", false)
CAPTURE(patched_offline, "patched-7.2/offline", "proactive-v5", false)
CAPTURE(patched_busy, "patched-7.2/busy", "proactive-v5", false)
CAPTURE(patched_shrinker, "patched-7.2/shrinker", "proactive-v5", false)
CAPTURE(patched_tree, "patched-7.2/tree", "proactive-v5", true)
CAPTURE(patched_race, "patched-7.2/race", "proactive-v5", true)
CAPTURE(patched_limits, "patched-7.2/limits", "proactive-v5", true)
CAPTURE(patched_pool, "patched-7.2/pool", "proactive-v5", true)
CAPTURE(stock_72_short, "stock-7.2/short", "linux-7.2", false)
CAPTURE(stock_72_zmax, "stock-7.2/zmax", "linux-7.2", false)
CAPTURE(stock_72_offline, "stock-7.2/offline", "linux-7.2", false)
CAPTURE(stock_72_pool, "stock-7.2/pool", "linux-7.2", true)
CAPTURE(stock_73_short, "stock-7.3/short", "linux-7.3", false)
CAPTURE(stock_73_zmax, "stock-7.3/zmax", "linux-7.3", false)
CAPTURE(stock_73_offline, "stock-7.3/offline", "linux-7.3", false)
CAPTURE(stock_73_shrinker, "stock-7.3/shrinker", "linux-7.3", false)
CAPTURE(stock_73_pool, "stock-7.3/pool", "linux-7.3", true)
CAPTURE(stock_73_race, "stock-7.3/race", "linux-7.3", true)

static const struct zsim_case cases[] = {
	ZSIM_CASE(patched_short),    ZSIM_CASE(patched_zmax),	   ZSIM_CASE(patched_pwb1),
	ZSIM_CASE(patched_edge),     ZSIM_CASE(patched_wbtoggle),  ZSIM_CASE(patched_offline),
	ZSIM_CASE(patched_busy),     ZSIM_CASE(patched_shrinker),  ZSIM_CASE(patched_tree),
	ZSIM_CASE(patched_race),     ZSIM_CASE(patched_limits),	   ZSIM_CASE(patched_pool),
	ZSIM_CASE(stock_72_short),   ZSIM_CASE(stock_72_zmax),	   ZSIM_CASE(stock_72_offline),
	ZSIM_CASE(stock_72_pool),    ZSIM_CASE(stock_73_short),	   ZSIM_CASE(stock_73_zmax),
	ZSIM_CASE(stock_73_offline), ZSIM_CASE(stock_73_shrinker), ZSIM_CASE(stock_73_pool),
	ZSIM_CASE(stock_73_race),
};
ZSIM_SUITE_MAIN("cuts", cases)
