/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - the words that traces, kernels and reports use for enum values.
 *
 * One table per enum, indexed by value, and one lookup for all of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <zsim/oracle.h>
#include <zsim/trace.h>

struct names {
	const char *const *name;
	size_t nr;
};

#define NAMES(...)                                                                          \
	{                                                                                   \
		(const char *const[]){ __VA_ARGS__ },                                       \
			sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) \
	}

static const struct names points = NAMES("none", "step", "walk", "unlocked", "cached", "reparent");

static const struct names causes = NAMES("none", "store", "worker", "shrinker", "request");

static const struct names fails = NAMES("compress", "compress_poor", "zs_malloc", "entry_alloc",
					"swapcache_alloc", "decompress");

static const struct names params = NAMES("max_pool_percent", "accept_threshold_percent", "enabled",
					 "shrinker_enabled", "worker", "address_reuse");

static const struct names stats = NAMES("zswap", "zswapped", "zswap_incomp", "zswpwb_proactive_b",
					"zswpin", "zswpout", "zswpwb");

static const struct names counters = NAMES(
	"pool_total_size", "stored_pages", "stored_incompressible_pages", "pool_limit_hit",
	"written_back_pages", "reject_reclaim_fail", "reject_compress_fail", "reject_compress_poor",
	"reject_alloc_fail", "reject_kmemcache_fail", "decompress_fail");

static const struct names events = NAMES("machine", "param", "mkdir", "rmdir", "offline", "write",
					 "store", "load", "invalidate", "cache", "uncache", "cold",
					 "swapoff", "swapin", "shrinker", "slab", "worker", "fail",
					 "signal", "step", "finish", "saw");

static const struct names saws =
	NAMES("algo", "kernel", "cgroup", "stat", "debugfs", "lost", "cgroup_mkdir", "cgroup_rmdir",
	      "offline", "reparent", "set_wb", "set_max", "sc_add", "sc_del", "store", "store_ret",
	      "may", "may_ret", "total", "zs_malloc", "lru_add", "lru_ins", "lru_del", "lru_rem",
	      "load", "load_ret", "swapin", "inval", "reclaim", "reclaim_ret", "worker",
	      "worker_ret", "one", "one_ret", "shrink", "shrink_ret", "walk", "scan", "scan_ret",
	      "wb", "wb_ret", "mm_shrink_slab_start", "mm_shrink_slab_end");

static const struct names decisions = NAMES("none", "total", "may", "next_group", "shrink", "walk",
					    "scan", "cache_add", "remove", "writeback", "scan_ret",
					    "shrink_ret", "step_ret", "store_alloc", "store_insert",
					    "slab_count", "slab_batch", "slab_end", "store", "load",
					    "call_end", "offline", "reparent", "offline_end");

static const struct names whys =
	NAMES("", "nothing", "blocked", "referenced-only", "retries", "signal", "invalid");

static const struct names checks =
	NAMES("request_rc", "next_group", "state", "step_rc", "shrink_rc", "walk_budget",
	      "scan_entry", "scan_referenced", "scan_length", "scan_result", "writeback_rc",
	      "may_zswap", "store_accept", "load_rc", "pool_pages", "stat", "expected");

static const struct names formats = NAMES("trace", "ftrace", "binary");

static const char *name_of(const struct names *names, size_t value)
{
	return value < names->nr ? names->name[value] : "?";
}

static int value_of(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->name[i], name))
			return (int)i;
	return -EINVAL;
}

const char *zsim_point_name(enum zsim_point point)
{
	return name_of(&points, point);
}

int zsim_point_parse(const char *name)
{
	return value_of(&points, name);
}

const char *zsim_cause_name(enum zsim_cause cause)
{
	return name_of(&causes, cause);
}

const char *zsim_fail_name(enum zsim_fail kind)
{
	return name_of(&fails, kind);
}

int zsim_fail_parse(const char *name)
{
	return value_of(&fails, name);
}

const char *zsim_param_name(enum zsim_param param)
{
	return name_of(&params, param);
}

int zsim_param_parse(const char *name)
{
	return value_of(&params, name);
}

const char *zsim_stat_name(enum zsim_stat_item item)
{
	return name_of(&stats, item);
}

int zsim_stat_parse(const char *name)
{
	return value_of(&stats, name);
}

const char *zsim_counter_name(enum zsim_counter counter)
{
	return name_of(&counters, counter);
}

int zsim_counter_parse(const char *name)
{
	return value_of(&counters, name);
}

const char *zsim_event_name(enum zsim_event_type type)
{
	return name_of(&events, type);
}

int zsim_event_parse(const char *name)
{
	return value_of(&events, name);
}

const char *zsim_saw_name(enum zsim_saw saw)
{
	return name_of(&saws, saw);
}

int zsim_saw_parse(const char *name)
{
	return value_of(&saws, name);
}

const char *zsim_decision_name(enum zsim_decision_kind kind)
{
	return name_of(&decisions, kind);
}

const char *zsim_why_name(enum zsim_why why)
{
	return name_of(&whys, why);
}

const char *zsim_check_name(enum zsim_check kind)
{
	return name_of(&checks, kind);
}

const char *zsim_trace_format_name(enum zsim_trace_format format)
{
	return name_of(&formats, format);
}

#define ERRNO(name)         \
	{                   \
#name, name \
	}

static const struct {
	const char *name;
	int number;
} errnos[] = {
	ERRNO(EPERM),	 ERRNO(ENOENT),	     ERRNO(ESRCH),	ERRNO(EINTR),	ERRNO(EIO),
	ERRNO(ENXIO),	 ERRNO(E2BIG),	     ERRNO(EBADF),	ERRNO(EAGAIN),	ERRNO(EWOULDBLOCK),
	ERRNO(ENOMEM),	 ERRNO(EACCES),	     ERRNO(EFAULT),	ERRNO(EBUSY),	ERRNO(EEXIST),
	ERRNO(EXDEV),	 ERRNO(ENODEV),	     ERRNO(ENOTDIR),	ERRNO(EISDIR),	ERRNO(EINVAL),
	ERRNO(ENFILE),	 ERRNO(EMFILE),	     ERRNO(EFBIG),	ERRNO(ENOSPC),	ERRNO(ESPIPE),
	ERRNO(EROFS),	 ERRNO(EDOM),	     ERRNO(ERANGE),	ERRNO(EDEADLK), ERRNO(ENAMETOOLONG),
	ERRNO(ENOSYS),	 ERRNO(ENOTEMPTY),   ERRNO(ELOOP),	ERRNO(ENODATA), ERRNO(ETIME),
	ERRNO(EBADMSG),	 ERRNO(EOVERFLOW),   ERRNO(EOPNOTSUPP), ERRNO(ENOTSUP), ERRNO(ETIMEDOUT),
	ERRNO(EALREADY), ERRNO(EINPROGRESS), ERRNO(ESTALE),	ERRNO(EDQUOT),	ERRNO(ECANCELED),
};

int zsim_errno_parse(const char *name)
{
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].number;
	return -EINVAL;
}

void zsim_op_event(const struct zsim_op *op, const char *path, uint64_t line, struct zsim_event *ev)
{
	*ev = (struct zsim_event){
		.type = (enum zsim_event_type)op->type,
		.line = line,
		.memcg = ZSIM_MEMCG_NONE,
		.slot = op->slot,
	};
	if (op->type != ZSIM_EV_STORE)
		return;
	ev->path = path;
	ev->node = op->node;
	ev->length = &op->length;
	ev->nr = 1;
}

bool zsim_result_equal(const struct zsim_result *a, const struct zsim_result *b)
{
	if (a->kind != b->kind)
		return false;
	/* these two kinds say everything: what their value holds does not matter */
	if (a->kind == ZSIM_RESULT_NONE || a->kind == ZSIM_RESULT_STOP)
		return true;
	return a->value == b->value;
}

int zsim_result_format(const struct zsim_result *r, char *buf, size_t size)
{
	switch (r->kind) {
	case ZSIM_RESULT_NONE:
		break;
	case ZSIM_RESULT_RC:
		return snprintf(buf, size, "%" PRId64, r->value);
	case ZSIM_RESULT_STORE:
		return snprintf(buf, size, "%s", r->value ? "ok" : "rejected");
	case ZSIM_RESULT_POINT:
		return snprintf(buf, size, "%s", zsim_point_name((enum zsim_point)r->value));
	case ZSIM_RESULT_STOP:
		return snprintf(buf, size, "stop");
	}
	return snprintf(buf, size, "%s", "");
}
