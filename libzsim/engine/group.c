/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/group.h"

#include <errno.h>
#include <string.h>

#include "model/memcg_iter.h"

/* from now on the path means another group */
static void late_forget(struct zsim *zs, const char *path)
{
	struct zsim_name *older = zsim_paths_find(&zs->paths, path);

	if (!older || !older->late)
		return;
	older->late = false;
	zsim_memcg_unkeep(&zs->st, older->memcg);
	zsim_reap(zs);
}

int zsim_group_make(struct zsim *zs, zsim_memcg parent, const char *path, zsim_memcg *memcg)
{
	int rc;

	late_forget(zs, path);
	rc = zsim_memcg_create(&zs->st, parent, memcg);
	if (rc)
		return rc;
	rc = zsim_paths_add(&zs->paths, path, *memcg);
	if (rc) {
		zsim_memcg_put(&zs->st, *memcg);
		zsim_reap(zs);
		return rc;
	}
	zsim_run_group_made(zs, *memcg);
	return 0;
}

int zsim_mkdir(struct zsim *zs, const char *path, zsim_memcg *memcg)
{
	const char *slash = strrchr(path, '/');
	const struct zsim_name *older = zsim_paths_find(&zs->paths, path);
	struct zsim_name *parent;
	int rc;

	/* the directory of a dying group is gone already */
	if (older && zsim_memcg_online(&zs->st, older->memcg))
		return -EEXIST;
	if (path[0] != '/' || !slash[1])
		return -ENOENT;
	rc = zsim_paths_parent(&zs->paths, path, &parent);
	if (rc)
		return rc;
	if (!zsim_memcg_online(&zs->st, parent->memcg))
		return -ENOENT;
	return zsim_group_make(zs, parent->memcg, path, memcg);
}

static bool exists(const struct zsim *zs, zsim_memcg memcg)
{
	return zsim_paths_name(&zs->paths, memcg) != NULL;
}

int zsim_rmdir(struct zsim *zs, zsim_memcg memcg)
{
	if (!exists(zs, memcg) || !zsim_memcg_online(&zs->st, memcg))
		return -ENOENT;
	return zsim_memcg_kill(&zs->st, memcg);
}

/* the kernel takes children offline before their parent */
static bool has_attached_child(const struct zsim *zs, zsim_memcg memcg)
{
	zsim_memcg c = zsim_memcg_at(&zs->st, memcg)->first_child;

	for (; c != ZSIM_MEMCG_NONE; c = zsim_memcg_at(&zs->st, c)->next)
		if (zsim_memcg_at(&zs->st, c)->state < ZSIM_MEMCG_OFFLINE)
			return true;
	return false;
}

void zsim_group_offline(struct zsim *zs, zsim_memcg memcg)
{
	zsim_cursor_leave(&zs->st, memcg);
	zsim_paths_name(&zs->paths, memcg)->removed = true;
	zsim_memcg_reparent(&zs->st, memcg);
	zsim_reap(zs);
}

int zsim_group_may_offline(const struct zsim *zs, zsim_memcg memcg)
{
	if (!exists(zs, memcg))
		return -ENOENT;
	if (zsim_memcg_at(&zs->st, memcg)->state != ZSIM_MEMCG_DYING)
		return -EINVAL;
	return zs->st.offlining != ZSIM_MEMCG_NONE || has_attached_child(zs, memcg) ? -EBUSY : 0;
}

int zsim_offline(struct zsim *zs, zsim_memcg memcg)
{
	zsim_memcg parent;
	int rc = zsim_group_may_offline(zs, memcg);

	if (rc)
		return rc;
	/* the last child takes along a parent that only waited for it */
	do {
		parent = zsim_memcg_at(&zs->st, memcg)->parent;
		zsim_group_offline(zs, memcg);
		memcg = parent;
	} while (zsim_paths_name(&zs->paths, memcg)->leaving && !has_attached_child(zs, memcg));
	return 0;
}

/* of the groups that wait to go offline and may, the one made first */
static struct zsim_name *leaving_first(const struct zsim *zs)
{
	struct zsim_name *name, *first = NULL;

	for (zsim_memcg m = 0; m < zs->paths.by_memcg.size; m++) {
		name = zsim_paths_name(&zs->paths, m);
		if (name && name->leaving && !zsim_group_may_offline(zs, m) &&
		    (!first || name->made < first->made))
			first = name;
	}
	return first;
}

void zsim_group_left(struct zsim *zs, zsim_memcg memcg)
{
	const struct zsim_name *name;

	zsim_paths_name(&zs->paths, memcg)->removed = true;
	zsim_reap(zs);
	while ((name = leaving_first(zs)))
		zsim_group_offline(zs, name->memcg);
}
