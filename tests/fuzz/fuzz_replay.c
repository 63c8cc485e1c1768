/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_replay.c - any bytes as a trace, under the algorithm that they name.
 *
 * Whatever comes in, the reader must end, the library must neither crash nor
 * break an invariant, and a second run must come to the same state.
 */
#include <stdlib.h>
#include <string.h>

#include <zsim/oracle.h>
#include <zsim/trace.h>
#include <zsim/zsim.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* more is no better test, and slow */
#define MAX_EVENTS 20000
#define MAX_SWEEPS 4096

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3ull;
}

static uint64_t digest(const struct zsim *zs)
{
	uint64_t hash = 0xcbf29ce484222325ull;
	zsim_memcg m = ZSIM_MEMCG_NONE;

	for (int i = 0; i < ZSIM_NR_COUNTERS; i++)
		hash = mix(hash, zsim_counter(zs, (enum zsim_counter)i));
	while ((m = zsim_next(zs, m)) != ZSIM_MEMCG_NONE)
		for (int i = 0; i < ZSIM_NR_STATS; i++)
			hash = mix(hash, zsim_stat(zs, m, (enum zsim_stat_item)i));
	return hash;
}

/* 1 to go on, 0 at an event that the library refuses */
static int feed(struct zsim *zs, struct zsim_oracle *oracle, const struct zsim_event *ev)
{
	struct zsim_result res;
	const char *why;

	if (ev->type == ZSIM_EV_SAW)
		return !zsim_oracle_saw(oracle, ev, &why);
	if (ev->type == ZSIM_EV_MACHINE && ev->nodes > 8)
		return 0;
	/* a huge count of steps or tries ends, but not today */
	if (ev->type == ZSIM_EV_STEP && ev->value > MAX_SWEEPS)
		return 0;
	if (zsim_apply(zs, ev, &res))
		return 0;
	zsim_oracle_expect(oracle, ev, &res);
	return 1;
}

static uint64_t replay(struct zsim_reader *rd)
{
	const char *name = zsim_reader_algo(rd);
	const struct zsim_algo *algo = name ? zsim_algo_find(name) : NULL;
	struct zsim_config config;
	struct zsim_oracle *oracle;
	struct zsim_event ev;
	struct zsim *zs;
	uint64_t hash;
	int events = 0;

	zsim_config_init(&config);
	if (algo)
		config.algo = *algo;
	zs = zsim_create(&config, NULL);
	oracle = zs ? zsim_oracle_create(zs, NULL, NULL) : NULL;
	if (!oracle)
		abort();
	while (events++ < MAX_EVENTS && zsim_reader_next(rd, &ev) == 1 && feed(zs, oracle, &ev))
		;
	if (zsim_oracle_finish(oracle) || zsim_verify(zs))
		abort();
	hash = digest(zs);
	zsim_oracle_free(oracle);
	if (zsim_verify(zs))
		abort();
	zsim_free(zs);
	return hash;
}

static uint64_t run(const uint8_t *data, size_t size)
{
	struct zsim_reader *rd = NULL;
	uint64_t hash = 0;

	if (!zsim_reader_open_memory("fuzz", data, size, NULL, &rd))
		hash = replay(rd);
	zsim_reader_close(rd);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (run(data, size) != run(data, size))
		abort();
	return 0;
}
