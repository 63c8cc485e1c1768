/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scene.h - a simulator that plays text traces, and what it shows afterwards.
 *
 *	struct scene sc;
 *
 *	scene_open(&sc, "linux-7.2");
 *	scene_play(&sc, "mkdir /g\n"
 *			"store 1 /g 0 100 = ok\n");
 *	scene_list(&sc, "/g", 0, "1*");
 *	scene_close(&sc);
 *
 * Each line is an event of a trace (docs/trace-format.md); a `= RESULT` that
 * differs fails the test with the line and both results. The macros pass the
 * place of the call on, so that CUnit names the test's own line.
 */
#ifndef ZSIM_TESTS_SCENE_H
#define ZSIM_TESTS_SCENE_H

#include <zsim/trace.h>
#include <zsim/zsim.h>

#define SCENE_LOG_BYTES 16384

/** struct scene_place - where a test calls from */
struct scene_place {
	const char *file;
	unsigned int line;
};

#define SCENE_HERE ((struct scene_place){ __FILE__, __LINE__ })

/**
 * struct scene - one machine under test
 * @groups: where iterators went since the last scene_forget(): "/ /a none /"
 * @visits: visits since then, slot and verdict: 1r rotated, 1w written, 1x
 *	retry, 1s stop, 1k skip
 * @walks: walks since then: group, node, most visits: "/a.0(5) /a.1(3)"
 * @steps: what the steps of the retry machine yielded, space between
 * @slab: do_shrink_slab: "count(FREEABLE,DEFERRED,DELTA,TOTAL) batch(NR)=RC end(DEFERRED)=RC"
 * @rq: the last write to memory.reclaim; its strings are gone
 * @requests: how many writes to it there were
 * @violations: invariants that did not hold, @violation the last one's name
 */
struct scene {
	struct zsim *zs;
	struct zsim_observer observer;
	char groups[SCENE_LOG_BYTES];
	char visits[SCENE_LOG_BYTES];
	char walks[SCENE_LOG_BYTES];
	char steps[SCENE_LOG_BYTES];
	char slab[SCENE_LOG_BYTES];
	struct zsim_request rq;
	uint64_t requests;
	uint64_t violations;
	const char *violation;
};

/** scene_open() - a machine under an algorithm; exits without memory */
void scene_open(struct scene *sc, const char *algo);
/** scene_open_config() - the same with all options; false if there was no memory */
bool scene_open_config(struct scene *sc, const struct zsim_config *config);
/** scene_config() - the defaults under an algorithm */
struct zsim_config scene_config(const char *algo);
/** scene_every() - @run under every algorithm, each in a machine of its own */
void scene_every(void (*run)(struct scene *sc));
/** scene_quit() - the end where calls may be suspended: nothing is checked but the state */
void scene_quit(struct scene *sc);
/** scene_forget() - empty the logs */
void scene_forget(struct scene *sc);
/** scene_group() - handle of a path; the test fails without such a group */
zsim_memcg scene_group(struct scene *sc, const char *path);

/*
 * scene_play_oom() - the lines of a trace under every single failure of memory
 *
 * An event that was given up for want of memory is no failure; expected results are
 * not looked at. After each event the state must hold, in the end nothing may be leaked.
 */
void scene_play_oom(const struct zsim_config *config, const char *lines);

void scene_play_at(struct scene *sc, const char *lines, struct scene_place at);
void scene_refused_at(struct scene *sc, const char *line, int rc, const char *why,
		      struct scene_place at);
void scene_malformed_at(const char *lines, const char *why, struct scene_place at);
void scene_stores_at(struct scene *sc, uint64_t slot, uint32_t nr, const char *path, uint32_t node,
		     uint16_t length, struct scene_place at);
void scene_list_at(struct scene *sc, const char *path, uint32_t node, const char *list,
		   struct scene_place at);
void scene_stat_at(struct scene *sc, const char *path, enum zsim_stat_item item, uint64_t value,
		   struct scene_place at);
void scene_counter_at(struct scene *sc, enum zsim_counter counter, uint64_t value,
		      struct scene_place at);
void scene_text_at(const char *what, const char *saw, const char *want, struct scene_place at);
void scene_number_at(const char *what, int64_t saw, int64_t want, struct scene_place at);
void scene_request_at(struct scene *sc, int rc, enum zsim_why why, uint64_t bytes, uint64_t steps,
		      struct scene_place at);
void scene_close_at(struct scene *sc, struct scene_place at);

/** scene_play() - lines of a trace, without its first one */
#define scene_play(sc, lines) scene_play_at(sc, lines, SCENE_HERE)
/** scene_refused() - zsim_apply() or zsim_finish() gives @rc, and @why is part of the reason */
#define scene_refused(sc, line, rc, why) scene_refused_at(sc, line, rc, why, SCENE_HERE)
/** scene_malformed() - lines that the reader refuses, @why is part of the reason */
#define scene_malformed(lines, why) scene_malformed_at(lines, why, SCENE_HERE)
/** scene_stores() - @nr pages of equal length on consecutive slots, all accepted */
#define scene_stores(sc, slot, nr, path, node, length) \
	scene_stores_at(sc, slot, nr, path, node, length, SCENE_HERE)
/** scene_list() - slots of a list from its head, `*` behind referenced ones: "1* 2" */
#define scene_list(sc, path, node, list) scene_list_at(sc, path, node, list, SCENE_HERE)
/** scene_stat() - ITEM is ZSWAP, ZSWPWB, ... */
#define scene_stat(sc, path, item, value) \
	scene_stat_at(sc, path, ZSIM_STAT_##item, value, SCENE_HERE)
/** scene_counter() - COUNTER is STORED_PAGES, POOL_LIMIT_HIT, ... */
#define scene_counter(sc, counter, value) \
	scene_counter_at(sc, ZSIM_COUNTER_##counter, value, SCENE_HERE)
/** scene_log() - LOG is groups, visits, walks, steps or slab */
#define scene_log(sc, log, want) scene_text_at(#log, (sc)->log, want, SCENE_HERE)
/** scene_number() - any number, named in the message */
#define scene_number(saw, want) scene_number_at(#saw, (int64_t)(saw), want, SCENE_HERE)
/** scene_request() - the last write to memory.reclaim; WHY is NONE, NOTHING, ... */
#define scene_request(sc, rc, why, bytes, steps) \
	scene_request_at(sc, rc, ZSIM_WHY_##why, bytes, steps, SCENE_HERE)
/** scene_close() - the trace ends here: no call is suspended, every invariant holds */
#define scene_close(sc) scene_close_at(sc, SCENE_HERE)

#endif
