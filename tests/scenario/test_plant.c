/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mistakes planted in the explorer (support/plant.h): the looks that guard it must see
 * each of them, and must see nothing where nothing is planted.
 */
#include "support/agree.h"
#include "support/made_up.h"
#include "support/plant.h"
#include "support/scenarios.h"
#include "support/sound.h"
#include "support/suite.h"
#include "support/tiny.h"

#define MADE_UP 400u
#define MADE_UP_SOUND 60u
#define STATES_MAX 4000u

/* ---- looks -------------------------------------------------------------------------- */

/* a plain search that is not deceived, and searches that are */
static void look_at_searches(struct zsim_scenario *sc, struct finding *f)
{
	enum plant plant = planted;
	struct space s;

	*f = (struct finding){ .looked = 0 };
	planted = PLANT_NOTHING;
	space_explore(&s, sc, (struct space_options){ .max = STATES_MAX });
	planted = plant;
	if (s.whole)
		agree_with(&s, f);
	planted = PLANT_NOTHING;
	space_free(&s);
	planted = plant;
}

static void look_at(struct zsim_scenario *sc, struct finding *f,
		    void (*look)(struct space *, struct finding *))
{
	struct space s;

	space_explore(&s, sc, (struct space_options){ .max = STATES_MAX });
	look(&s, f);
	space_free(&s);
}

static void look_at_codes(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_codes);
}

static void look_at_parts(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_parts);
}

static void look_at_footprints(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_footprints);
}

static void look_at_sleep(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_sleep);
}

static void look_at_memo(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_memo);
}

static void look_at_frozen(struct zsim_scenario *sc, struct finding *f)
{
	look_at(sc, f, sound_frozen);
}

/* ---- on which scenarios ----------------------------------------------------------------- */

typedef void look(struct zsim_scenario *sc, struct finding *f);

/* on tiny and on made-up scenarios, until something is wrong or there are no more */
static void look_at_many(look *at, struct finding *f)
{
	uint32_t nr = NR_TINY + (planted ? MADE_UP : MADE_UP_SOUND);

	*f = (struct finding){ .looked = 0 };
	for (uint64_t i = 0; !f->wrong && i < nr; i++) {
		struct dice dice = { i * 0x9e3779b97f4a7c15ull + 1 };
		struct zsim_scenario *sc = i < NR_TINY ? scenario_of(tiny[i].lines, NULL) :
							 made_up(&dice);

		if (sc)
			at(sc, f);
		zsim_scenario_free(sc);
	}
}

static void look_at_tiny(struct finding *f)
{
	enum plant plant = planted;

	*f = (struct finding){ .looked = 0 };
	for (uint32_t i = 0; !f->wrong && i < NR_TINY; i++) {
		struct zsim_scenario *sc = scenario_of(tiny[i].lines, NULL);
		struct schedules s;

		planted = PLANT_NOTHING;
		tiny_play(&s, sc);
		planted = plant;
		tiny_agrees(&s, f);
		ends_free(&s.ends);
		zsim_scenario_free(sc);
	}
}

/* ---- who sees what ------------------------------------------------------------------------ */

/** struct guard - a mistake, and the looks that see it; NULL = that of the tiny schedules */
struct guard {
	const char *name;
	enum plant plant;
	look *looks[3];
};

static const struct guard guards[] = {
	{ "an action is left out in some states",
	  PLANT_ACTION_OF_STATE,
	  { NULL, look_at_searches } },
	{ "an action is left out at times", PLANT_ACTION_AT_TIMES, { NULL, look_at_searches } },
	{ "codes without reference bits",
	  PLANT_CODE_REFERENCED,
	  { look_at_searches, look_at_codes } },
	{ "codes without failures", PLANT_CODE_FAILURES, { look_at_searches, look_at_codes } },
	{ "codes without events left", PLANT_CODE_LEFT, { NULL, look_at_searches, look_at_codes } },
	{ "codes without swap cache", PLANT_CODE_CACHE, { look_at_searches, look_at_codes } },
	{ "codes without order", PLANT_CODE_ORDER, { look_at_searches, look_at_codes } },
	{ "codes without writeback",
	  PLANT_CODE_WRITEBACK,
	  { NULL, look_at_searches, look_at_codes } },
	{ "lists are not encoded anew", PLANT_PARTS, { look_at_searches, look_at_parts } },
	{ "states are forgotten", PLANT_FORGETS, { look_at_searches } },
	{ "states are confused", PLANT_CONFUSES, { look_at_searches } },
	{ "footprints without lists", PLANT_FOOT_LISTS, { look_at_searches, look_at_footprints } },
	{ "footprints without slots", PLANT_FOOT_SLOTS, { look_at_footprints } },
	{ "footprints without the tree", PLANT_FOOT_TREE, { look_at_footprints } },
	{ "actors are not woken", PLANT_NOT_WOKEN, { look_at_sleep } },
	{ "reference bits are not thawed",
	  PLANT_THAW_REFERENCED,
	  { NULL, look_at_searches, look_at_frozen } },
	{ "events left are not thawed", PLANT_THAW_PLAYER, { look_at_searches, look_at_frozen } },
	{ "others are left out of the memo", PLANT_MEMO_ALONE, { look_at_searches, look_at_memo } },
	{ "nobody looks at end states", PLANT_NO_REST, { NULL, look_at_searches } },
};
#define NR_GUARDS (sizeof(guards) / sizeof(guards[0]))

static bool sees(enum plant plant, look *at)
{
	struct finding f;

	planted_times = 0;
	planted = plant;
	if (at)
		look_at_many(at, &f);
	else
		look_at_tiny(&f);
	planted = PLANT_NOTHING;
	if (f.wrong)
		printf("        %s\n", f.first);
	return f.wrong;
}

static void each_mistake_is_seen(void)
{
	char what[128];

	printf("\n");
	for (size_t i = 0; i < NR_GUARDS; i++) {
		const struct guard *g = &guards[i];

		printf("    %s:\n", g->name);
		for (size_t k = 0; k < 3 && (!k || g->looks[k]); k++) {
			snprintf(what, sizeof(what), "%s: seen by look %zu", g->name, k);
			CU_assertImplementation(sees(g->plant, g->looks[k]) ? CU_TRUE : CU_FALSE,
						__LINE__, what, __FILE__, "", CU_FALSE);
			CU_ASSERT(planted_times > 0);
		}
	}
}

static void nothing_is_seen_where_nothing_is(void)
{
	look *const looks[] = { NULL,		look_at_searches,   look_at_codes,
				look_at_parts,	look_at_footprints, look_at_sleep,
				look_at_frozen, look_at_memo };

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		CU_ASSERT_FALSE(sees(PLANT_NOTHING, looks[i]));
}

static void there_is_a_guard_for_each(void)
{
	CU_ASSERT_EQUAL(NR_GUARDS, NR_PLANTS - 1);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(there_is_a_guard_for_each),
	ZSIM_CASE(nothing_is_seen_where_nothing_is),
	ZSIM_CASE(each_mistake_is_seen),
};
ZSIM_SUITE_MAIN("plant", cases)
