/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.h - groups made and taken away, with their names.
 */
#ifndef ZSIM_ENGINE_GROUP_H
#define ZSIM_ENGINE_GROUP_H

#include "engine/run.h"

/** zsim_group_make() - a group below @parent, whatever @path says of its place; -ENOMEM, -ENOSPC */
int zsim_group_make(struct zsim *zs, zsim_memcg parent, const char *path, zsim_memcg *memcg);
/** zsim_group_offline() - a dying group's lists and charges move up; the cursor leaves it */
void zsim_group_offline(struct zsim *zs, zsim_memcg memcg);

#endif
