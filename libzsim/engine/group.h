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
/**
 * zsim_group_may_offline() - may its offline begin?
 *
 * Return: 0; -ENOENT, -EINVAL: not dying, -EBUSY: a child is not offline yet, or
 * the offline of a group is under way.
 */
int zsim_group_may_offline(const struct zsim *zs, zsim_memcg memcg);
/** zsim_group_left() - a suspended offline of @memcg has ended: groups that waited for it follow */
void zsim_group_left(struct zsim *zs, zsim_memcg memcg);

#endif
