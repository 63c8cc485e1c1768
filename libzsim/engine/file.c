/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - writes to control files of groups and nodes.
 *
 * Source: memory_reclaim(), user_proactive_reclaim(), zswap_max_write() and
 * zswap_writeback_write() in mm/memcontrol.c and mm/vmscan.c, Linux 7.2.
 */
#include <errno.h>
#include <string.h>

#include "engine/run.h"
#include "model/control.h"
#include "model/memcg.h"

static void ordinary_begin(struct zsim *zs, struct zsim_run *run, zsim_memcg memcg, uint64_t bytes)
{
	zsim_call_ordinary(&zs->st, &run->call, memcg, bytes);
	run->call.reclaim = zs->reclaim;
	run->call.reclaim_ctx = zs->reclaim_ctx;
	zsim_run_begin(zs, run);
	run->rq.wanted = bytes;
}

/* the checks before the first step of proactive writeback */
static int proactive_refusal(const struct zsim *zs, zsim_memcg memcg)
{
	if (zs->st.zswap_absent)
		return -EOPNOTSUPP;
	if (memcg == ZSIM_MEMCG_NONE || !zsim_memcg_writeback(&zs->st, memcg))
		return -EINVAL;
	return 0;
}

static int reclaim_write(struct zsim *zs, struct zsim_run *run, zsim_memcg memcg, const char *text)
{
	struct zsim_reclaim_args args = { .bytes = 0 };
	int rc = zsim_control_reclaim(text, zs->st.algo.source_key, &args);

	if (!rc && args.source_zswap)
		rc = proactive_refusal(zs, memcg);
	if (rc || !args.bytes) {
		zsim_story_refused(zs, memcg, text, args.source_zswap, args.bytes, rc);
		return rc;
	}
	run->rq.text = text;
	if (!args.source_zswap) {
		ordinary_begin(zs, run, memcg, args.bytes);
		return 0;
	}
	zsim_call_request(&zs->st, &run->call, memcg, args.bytes);
	zsim_run_begin(zs, run);
	return 0;
}

static int zswap_max_write(struct zsim *zs, zsim_memcg memcg, const char *text)
{
	uint64_t pages;
	int rc = zsim_control_page_limit(text, &pages);

	if (!rc)
		zsim_memcg_limit(&zs->st, memcg, pages);
	return rc;
}

static int writeback_write(struct zsim *zs, zsim_memcg memcg, const char *text)
{
	bool value;
	int rc = zsim_control_bool(text, &value);

	if (!rc)
		zsim_memcg_at(&zs->st, memcg)->writeback = value;
	return rc;
}

static const char *const limit_files[ZSIM_NR_LIMITS] = {
	[ZSIM_LIMIT_MIN] = "memory.min",
	[ZSIM_LIMIT_LOW] = "memory.low",
	[ZSIM_LIMIT_HIGH] = "memory.high",
	[ZSIM_LIMIT_MAX] = "memory.max",
	[ZSIM_LIMIT_SWAP_HIGH] = "memory.swap.high",
	[ZSIM_LIMIT_SWAP_MAX] = "memory.swap.max",
};

static int limit_of(const char *file)
{
	for (int i = 0; i < ZSIM_NR_LIMITS; i++)
		if (!strcmp(file, limit_files[i]))
			return i;
	return -ENOENT;
}

static bool file_exists(zsim_memcg memcg, const char *file)
{
	if (!strcmp(file, "memory.reclaim") || !strcmp(file, "memory.zswap.writeback"))
		return true;
	return memcg != ZSIM_MEMCG_ROOT &&
	       (!strcmp(file, "memory.zswap.max") || limit_of(file) >= 0);
}

int zsim_file_write(struct zsim *zs, struct zsim_run *run, zsim_memcg memcg, const char *file,
		    const char *text, int *rc)
{
	*rc = 0;
	if (!file_exists(memcg, file))
		return -ENOENT;
	if (!*text) /* a write of no bytes never reaches the file */
		return 0;
	if (!strcmp(file, "memory.reclaim"))
		*rc = reclaim_write(zs, run, memcg, text);
	else if (!strcmp(file, "memory.zswap.writeback"))
		*rc = writeback_write(zs, memcg, text);
	else if (!strcmp(file, "memory.zswap.max"))
		*rc = zswap_max_write(zs, memcg, text);
	else
		*rc = zsim_control_page_limit(
			text, &zsim_paths_name(&zs->paths, memcg)->limits[limit_of(file)]);
	return 0;
}

void zsim_file_write_node(struct zsim *zs, struct zsim_run *run, const char *text, int *rc)
{
	*rc = *text && reclaim_write(zs, run, ZSIM_MEMCG_NONE, text) ? -EAGAIN : 0;
}

int zsim_read(const struct zsim *zs, zsim_memcg memcg, const char *file, uint64_t *value)
{
	const struct zsim_name *name = zsim_paths_name(&zs->paths, memcg);

	if (!name)
		return -ENOENT;
	if (!file_exists(memcg, file) || !strcmp(file, "memory.reclaim"))
		return -ENOENT;
	if (!strcmp(file, "memory.zswap.writeback"))
		*value = zsim_memcg_at(&zs->st, memcg)->writeback;
	else if (!strcmp(file, "memory.zswap.max"))
		*value = zsim_memcg_at(&zs->st, memcg)->zswap_max;
	else
		*value = name->limits[limit_of(file)];
	return 0;
}
