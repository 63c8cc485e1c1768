/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - one line of a trace as plain data.
 *
 * Readers fill struct zsim_event, engine and oracle consume it, the writer
 * turns it back into text. What a kernel was seen to do (a line of a capture)
 * is an event too: ZSIM_EV_SAW, with the fields of its record.
 */
#ifndef ZSIM_EVENT_H
#define ZSIM_EVENT_H

#include <zsim/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** enum zsim_event_type - the first word of a line; the comment gives its fields */
enum zsim_event_type {
	ZSIM_EV_MACHINE, /* nodes, ram_pages, swap_pages, memcg_disabled, zswap_absent, pool_bytes */
	ZSIM_EV_PARAM,	 /* param, value */
	ZSIM_EV_MKDIR,	 /* path */
	ZSIM_EV_RMDIR,	 /* path, deferred */
	ZSIM_EV_OFFLINE,    /* path */
	ZSIM_EV_WRITE,	    /* path, file, text; path NULL: the per-node file of node */
	ZSIM_EV_STORE,	    /* slot, path, node, length[], nr */
	ZSIM_EV_LOAD,	    /* slot */
	ZSIM_EV_INVALIDATE, /* slot */
	ZSIM_EV_CACHE,	    /* slot */
	ZSIM_EV_UNCACHE,    /* slot */
	ZSIM_EV_COLD,	    /* slot */
	ZSIM_EV_SWAPOFF,    /* value = the device */
	ZSIM_EV_SWAPIN,	    /* path, node, value = pages, 0 = one */
	ZSIM_EV_SHRINKER,   /* path, node, value = nr */
	ZSIM_EV_SLAB,	    /* path, node, value = priority, noio */
	ZSIM_EV_WORKER,
	ZSIM_EV_FAIL,	/* fail, value = count */
	ZSIM_EV_SIGNAL, /* target = the actor's name */
	ZSIM_EV_STEP,	/* value = how often, 1..; needs an actor */
	ZSIM_EV_FINISH, /* needs an actor */
	ZSIM_EV_SAW,	/* saw: what a kernel was recorded to do */
	ZSIM_NR_EVENTS,
};

/** zsim_event_name() - "store", "rmdir", ...; zsim_event_parse() - back, or -EINVAL */
ZSIM_API const char *zsim_event_name(enum zsim_event_type type);
ZSIM_API int zsim_event_parse(const char *name);

/** enum zsim_result_kind - which form an answer has */
enum zsim_result_kind {
	ZSIM_RESULT_NONE,
	ZSIM_RESULT_RC,	   /* value: a number, or a negative errno */
	ZSIM_RESULT_STORE, /* value: 1 ok, 0 rejected */
	ZSIM_RESULT_POINT, /* value: enum zsim_point that was reached */
	ZSIM_RESULT_STOP,  /* `stop` of a shrinker call */
};

/**
 * struct zsim_result - the answer to an event, or the answer expected of it
 * @text: when zsim_apply() fails, why: one static or engine-owned line, good
 *	until the next call
 */
struct zsim_result {
	enum zsim_result_kind kind;
	int64_t value;
	const char *text;
};

/** zsim_result_equal() - same kind and value */
ZSIM_API bool zsim_result_equal(const struct zsim_result *a, const struct zsim_result *b);
/** zsim_result_format() - as a trace spells it ("ok", "-11", "walk"); snprintf's return */
ZSIM_API int zsim_result_format(const struct zsim_result *r, char *buf, size_t size);

/** enum zsim_saw - kinds of records of a kernel capture, by their names there */
enum zsim_saw {
	/* facts that stand around the events (`# zsim: ` lines) */
	ZSIM_SAW_ALGO,	  /* text: name */
	ZSIM_SAW_KERNEL,  /* text: release */
	ZSIM_SAW_CGROUP,  /* cg, path, writeback (value), max (text) */
	ZSIM_SAW_STAT,	  /* path, text: key value key value ... */
	ZSIM_SAW_DEBUGFS, /* text: name, value */
	ZSIM_SAW_LOST,	  /* the trace buffer overflowed here: records are missing */
	/* events, in the order of captures.md */
	ZSIM_SAW_CGROUP_MKDIR, /* cg, path */
	ZSIM_SAW_CGROUP_RMDIR, /* cg, path */
	ZSIM_SAW_OFFLINE,      /* cg */
	ZSIM_SAW_REPARENT,     /* cg, parent */
	ZSIM_SAW_SET_WB,       /* cg, text */
	ZSIM_SAW_SET_MAX,      /* cg, text */
	ZSIM_SAW_SC_ADD,       /* slot */
	ZSIM_SAW_SC_DEL,       /* slot */
	ZSIM_SAW_STORE,	       /* slot */
	ZSIM_SAW_STORE_RET,    /* value = ok */
	ZSIM_SAW_MAY,	       /* cg */
	ZSIM_SAW_MAY_RET,      /* value = ok */
	ZSIM_SAW_TOTAL,	       /* value = pages */
	ZSIM_SAW_ZS_MALLOC,    /* value = size, node */
	ZSIM_SAW_LRU_ADD,      /* cg, node; null_memcg */
	ZSIM_SAW_LRU_INS,      /* slot, node */
	ZSIM_SAW_LRU_DEL,      /* slot, node */
	ZSIM_SAW_LRU_REM,      /* slot, node */
	ZSIM_SAW_LOAD,	       /* slot */
	ZSIM_SAW_LOAD_RET,     /* value = rc */
	ZSIM_SAW_SWAPIN,       /* slot */
	ZSIM_SAW_INVAL,	       /* slot */
	ZSIM_SAW_RECLAIM,      /* cg, text */
	ZSIM_SAW_RECLAIM_RET,  /* value = rc */
	ZSIM_SAW_WORKER,
	ZSIM_SAW_WORKER_RET,
	ZSIM_SAW_ONE,	     /* cg; null_memcg; scans, failures */
	ZSIM_SAW_ONE_RET,    /* value = rc */
	ZSIM_SAW_SHRINK,     /* cg, nr */
	ZSIM_SAW_SHRINK_RET, /* value = rc */
	ZSIM_SAW_WALK,	     /* cg, node, nr; null_memcg */
	ZSIM_SAW_SCAN,	     /* slot, length, referenced */
	ZSIM_SAW_SCAN_RET,   /* value = enum zsim_verdict */
	ZSIM_SAW_WB,	     /* slot */
	ZSIM_SAW_WB_RET,     /* value = rc */
	ZSIM_SAW_SLAB_START, /* cg, node, value = objects to shrink, items, delta, total, priority, noio */
	ZSIM_SAW_SLAB_END, /* cg, node, deferred = unused, items = new, total, value = returned */
	ZSIM_NR_SAWS,
};

/** zsim_saw_name() - as captures spell it; zsim_saw_parse() - back, or -EINVAL */
ZSIM_API const char *zsim_saw_name(enum zsim_saw saw);
ZSIM_API int zsim_saw_parse(const char *name);

/**
 * struct zsim_record - one record of a kernel
 * @pid: the thread; 0 for facts
 * @cg: the kernel's id of the group; 0 = not given
 * @null_memcg: the kernel's pointer was 0: the root's list, or none in `one`
 * @text, @path: strings as the kernel had them, newlines included
 */
struct zsim_record {
	enum zsim_saw saw;
	uint32_t pid;
	uint32_t node;
	uint32_t scans;
	uint32_t failures;
	uint32_t length;
	uint32_t priority;
	bool referenced;
	bool null_memcg;
	bool noio;
	uint64_t cg;
	uint64_t parent;
	uint64_t slot;
	uint64_t nr;
	int64_t value;
	uint64_t items;
	uint64_t deferred;
	uint64_t delta;
	uint64_t total;
	const char *path;
	const char *text;
};

/**
 * struct zsim_event - one event
 * @actor: name of the actor of `@ACTOR ...`, NULL without
 * @path: group; NULL where @memcg is used instead
 * @length: @nr compressed lengths in bytes, borrowed like the strings
 * @expect: the result that the trace demands; kind NONE without
 * @line: 1-based number of the line it began on, 0 if it has none
 *
 * Strings belong to the reader and die with its next event.
 */
struct zsim_event {
	enum zsim_event_type type;
	uint64_t line;
	const char *actor;
	const char *path;
	zsim_memcg memcg;
	uint64_t slot;
	uint32_t node;
	uint32_t nr;
	const uint16_t *length;
	uint64_t value;
	const char *file;
	const char *text;
	const char *target;
	enum zsim_param param;
	enum zsim_fail fail;
	bool deferred;
	bool noio;
	uint32_t nodes;
	uint64_t ram_pages;
	uint64_t swap_pages;
	bool memcg_disabled;
	bool zswap_absent;
	bool pool_bytes;
	struct zsim_result expect;
	struct zsim_record record;
};

/**
 * struct zsim_op - a store of one page, a load or an invalidate, in 16 bytes
 * @slot: swap slot
 * @group: of a store: number of its path, as the reader that gave it counts them
 *	(zsim_reader_group()) and zsim_bind() told the simulator
 * @length: of a store: compressed bytes, 1..4096
 * @node: of a store
 * @type: ZSIM_EV_STORE, ZSIM_EV_LOAD or ZSIM_EV_INVALIDATE
 *
 * What long traces consist of. Such an event has neither an actor nor an expected result.
 */
struct zsim_op {
	uint64_t slot;
	uint32_t group;
	uint16_t length;
	uint8_t node;
	uint8_t type;
};

/**
 * zsim_op_event() - the same event at full length
 * @op: borrowed as long as @ev is used
 * @path: of a store's group
 * @line: its number
 */
ZSIM_API void zsim_op_event(const struct zsim_op *op, const char *path, uint64_t line,
			    struct zsim_event *ev);

#ifdef __cplusplus
}
#endif
#endif
