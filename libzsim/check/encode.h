/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * encode.h - a world as bytes: equal bytes, equal futures.
 *
 * What cannot make a difference any more is left out (counters, the places of
 * records, what a call noted for a visit that is over), and slots that are
 * alike are named in the order in which the state mentions them. The bytes come
 * in parts, since an action changes few of them: lists, groups, and each actor.
 */
#ifndef ZSIM_CHECK_ENCODE_H
#define ZSIM_CHECK_ENCODE_H

#include "check/world.h"

/**
 * struct zsim_part - bytes of one part; @room: of @bytes; @at: where the next one goes;
 * @known, @number: as zsim_intern() met it last
 */
struct zsim_part {
	uint8_t *bytes;
	uint8_t *at;
	uint32_t size;
	uint32_t room;
	const uint8_t *known;
	uint32_t number;
};

/**
 * struct zsim_encoder - @class_left: for each class of like slots, the next name to give;
 * @name_of: names given in this state, UINT32_MAX = none yet
 */
struct zsim_encoder {
	const struct zsim_allocator *alloc;
	const struct zsim_scenario *sc;
	bool symmetry;
	uint32_t nr_parts;
	struct zsim_part part[ZSIM_MAX_PARTS];
	uint32_t *next_like;
	uint32_t *class_left;
	uint32_t *name_of;
};

/** zsim_encoder_init() - for worlds of @w's scenario; destroy it also after -ENOMEM */
int zsim_encoder_init(struct zsim_encoder *e, const struct zsim_world *w, bool symmetry);
void zsim_encoder_destroy(struct zsim_encoder *e);
/** zsim_encoder_hash() - of a world of which every part was filled; the same in every search */
uint64_t zsim_encoder_hash(const struct zsim_encoder *e);
/** ZSIM_ALL_PARTS - for a world of which nothing is known */
#define ZSIM_ALL_PARTS UINT32_MAX
/**
 * zsim_encode() - fill @e->part
 * @changed: bit i: part i may have changed (zsim_world_act()); the others are left alone
 *
 * Return: the parts that were filled.
 */
uint32_t zsim_encode(struct zsim_encoder *e, const struct zsim_world *w, uint32_t changed);

#endif
