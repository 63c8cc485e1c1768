/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/story.h"

#include <stdlib.h>

#include "support/suite.h"

bool story_fault(const struct scene *sc, enum zsim_fault fault)
{
	return sc->zs->st.faults >> fault & 1;
}

void story_sound(struct scene *sc)
{
	scene_number(zsim_verify(sc->zs), 0);
}

static void tell(const char *algo, uint8_t defect, bool sound, story_fn *story, bool wrong)
{
	struct zsim_config config = scene_config(algo);
	struct scene *sc = malloc(sizeof(*sc));

	CU_ASSERT_FATAL(sc != NULL);
	config.defect = wrong ? defect : 0;
	CU_ASSERT_FATAL(scene_open_config(sc, &config));
	story(sc, wrong);
	if (!wrong)
		scene_number(sc->zs->st.faults, 0);
	if (!wrong || sound)
		story_sound(sc);
	scene_quit(sc);
	free(sc);
}

void story_both(const char *algo, uint8_t defect, bool sound, story_fn *story)
{
	tell(algo, defect, sound, story, false);
	if (zsim_has_defects())
		tell(algo, defect, sound, story, true);
}

void story_every(uint8_t defect, bool sound, story_fn *story)
{
	const struct zsim_algo *algo;

	for (size_t i = 0; (algo = zsim_algo_at(i)); i++)
		story_both(algo->name, defect, sound, story);
}
