/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sound.h - what the checker takes for granted, looked at in every state of a space.
 */
#ifndef ZSIM_TESTS_SOUND_H
#define ZSIM_TESTS_SOUND_H

#include "support/finding.h"
#include "support/space.h"

/*
 * A node's count once wrong stays wrong, and is no part of a code: what made it wrong
 * was told when it did.
 */
#define SOUND_TOLD_BEFORE ZSIM_P_BIT(ZSIM_P_NODE_COUNT)

/**
 * sound_codes() - worlds that have one code have one future
 *
 * Whenever an action leads to a code that is known, the world is held against the first
 * one of that code: the same can happen to both, breaks the same properties and leads to
 * the same codes. All codes are looked at, so that this goes for the futures of the
 * futures too. The space must be by code.
 */
void sound_codes(struct space *s, struct finding *f);
/** sound_parts() - what is encoded anew after an action is all that it changed */
void sound_parts(struct space *s, struct finding *f);
/**
 * sound_footprints() - steps of two actors that do not clash can be swapped
 *
 * Both orders are gone: each step leaves the other possible, breaks the same properties
 * before it and behind it, and both orders end in the same code.
 */
void sound_footprints(struct space *s, struct finding *f);
/**
 * sound_sleep() - the checker's reduced search makes the steps of the textbook's, and no others
 *
 * Sleep sets with a memory of states: P. Godefroid, "Partial-Order Methods for the
 * Verification of Concurrent Systems", 1996, section 5. The space must be whole.
 */
void sound_sleep(struct space *s, struct finding *f);
/**
 * sound_memo() - what the memo knows is what happens
 *
 * Every action that is alone is kept, in each state; whatever it answers elsewhere is
 * held against the action itself. Nothing is looked at where the memo does not fit.
 */
void sound_memo(struct space *s, struct finding *f);
/** sound_frozen() - a world that was thawed is what was frozen, whatever came between */
void sound_frozen(struct space *s, struct finding *f);

#endif
