/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story.h - scenes that are told twice: by the right model and by one with a defect.
 *
 * In the library that users link there are no defects, and a story is told once.
 */
#ifndef ZSIM_TESTS_SUPPORT_STORY_H
#define ZSIM_TESTS_SUPPORT_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/run.h"
#include "support/scene.h"

/** STORY_WORLD - 100 pages of RAM: a pool of 20, and a group */
#define STORY_WORLD \
	"machine nodes=1 ram=100\nparam worker manual\nparam shrinker_enabled 1\nmkdir /a\n"

/** story_fn - plays a scene and checks it; @wrong: the model has the defect */
typedef void story_fn(struct scene *sc, bool wrong);

/**
 * story_both() - the right model's story and, where there are defects, the other one
 * @sound: no invariant is broken at the end of the wrong one either
 *
 * The right model is left without faults and sound.
 */
void story_both(const char *algo, uint8_t defect, bool sound, story_fn *story);
/** story_every() - story_both() under every algorithm */
void story_every(uint8_t defect, bool sound, story_fn *story);

/** story_fault() - has the model done what a kernel would not survive? */
bool story_fault(const struct scene *sc, enum zsim_fault fault);
/** story_sound() - checks that no invariant is broken */
void story_sound(struct scene *sc);

#endif
