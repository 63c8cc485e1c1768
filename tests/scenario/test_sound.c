/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the searches take for granted, in every state of small scenarios (support/sound.h):
 * equal codes have equal futures, what is encoded anew is all that changed, steps that do
 * not clash can be swapped, sleep sets are the textbook's, what the memo knows is what
 * happens, and a frozen world is the world.
 *
 * Where the library can model the museum's bugs, each is looked at up to the step that
 * shows it; what such a model's steps touch is not known, and not asked.
 */
#include "support/made_up.h"
#include "support/samples.h"
#include "support/scenarios.h"
#include "support/sound.h"
#include "support/suite.h"

/* states of a scenario that are looked at: of a larger one, the first */
#define STATES_MAX 5000u
#define MADE_UP 150u
#define MADE_UP_MAX 1500u
#define EVERY_PROPERTY (ZSIM_P_BIT(ZSIM_NR_PROPERTIES) - 1)

static struct finding looked_at[6];

static void space_is_sound(struct space *s, const char *what)
{
	void (*const looks[])(struct space *, struct finding *) = { sound_codes,      sound_parts,
								    sound_frozen,     sound_memo,
								    sound_footprints, sound_sleep };
	struct finding f;

	for (size_t i = 0; i < (s->options.defect ? 3 : 6); i++) {
		looks[i](s, &f);
		FINDING_NONE(&f, what);
		looked_at[i].looked += f.looked;
	}
}

static void scenario_is_sound(struct zsim_scenario *sc, const char *what,
			      struct space_options options)
{
	struct space s;

	for (int symmetry = 0; symmetry < 2; symmetry++) {
		options.symmetry = symmetry;
		space_explore(&s, sc, options);
		space_is_sound(&s, what);
		space_free(&s);
	}
}

/* with its own properties, and with all that there are: they add to what is remembered */
static void file_is_sound(struct zsim_scenario *sc, const char *file)
{
	struct space_options options = { .max = samples(STATES_MAX, 1500) };

	if (zsim_has_defects())
		return;
	scenario_is_sound(sc, file, options);
	options.properties = EVERY_PROPERTY;
	scenario_is_sound(sc, file, options);
}

static void scenarios_are_sound(void)
{
	scenario_each(file_is_sound);
	/* each look has something to look at */
	for (size_t i = 0; i < 5 && !zsim_has_defects(); i++)
		CU_ASSERT(looked_at[i].looked > 10000);
}

static void defects_are_sound(struct zsim_scenario *sc, const char *file)
{
	for (uint32_t d = 1; d < ZSIM_NR_DEFECTS; d++)
		if (zsim_scenario_catches(sc, (uint8_t)d))
			scenario_is_sound(sc, file,
					  (struct space_options){ .max = samples(STATES_MAX, 1500),
								  .defect = (uint8_t)d });
}

static void the_museum_is_sound(void)
{
	if (zsim_has_defects())
		scenario_each(defects_are_sound);
}

static void scenarios_that_nobody_thought_of(void)
{
	struct dice dice = dice_seed("sound", 1);
	char name[32];

	for (uint64_t i = 0; !zsim_has_defects() && i < samples(MADE_UP, 40); i++) {
		struct dice of_one = { (dice.state * 1000 + i) * 0x9e3779b97f4a7c15ull + 1 };
		struct zsim_scenario *sc = made_up(&of_one);

		snprintf(name, sizeof(name), "%u of the seed", (uint32_t)i);
		if (sc)
			scenario_is_sound(sc, name, (struct space_options){ .max = MADE_UP_MAX });
		zsim_scenario_free(sc);
	}
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(scenarios_are_sound),
	ZSIM_CASE(the_museum_is_sound),
	ZSIM_CASE(scenarios_that_nobody_thought_of),
};
ZSIM_SUITE_MAIN("sound", cases)
