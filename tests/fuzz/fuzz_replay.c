/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_replay.c - any bytes as a trace, under the algorithm that they name.
 *
 * Whatever comes in, the reader must end, the library must neither crash nor
 * break an invariant, and a second run must come to the same state. Page events in
 * batches must be those that come one by one. The checksums of a binary trace are set
 * right first, since otherwise no change of one would get beyond them.
 */
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

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

/* ---- binary traces: the layout is that of docs/binary-trace.md ---------------------------- */

#define HEADER 16
#define BLOCK 16
#define END 24

static void put(uint8_t *p, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static void mend(uint8_t *data, size_t size)
{
	uint64_t number = 0;
	size_t bytes;

	if (size < HEADER || memcmp(data, "\x89ZSIM\r\n\x1a", 8))
		return;
	put(data + 12, XXH3_64bits_withSeed(data, 12, 0), 4);
	for (size_t at = HEADER; size - at >= END; at += bytes) {
		bytes = data[at + 8] | (size_t)data[at + 9] << 8 | (size_t)data[at + 10] << 16;
		bytes = bytes ? BLOCK + bytes : END;
		if (bytes > size - at)
			return;
		put(data + at, XXH3_64bits_withSeed(data + at + 8, bytes - 8, number++), 8);
	}
}

/* ---- one by one and in batches ------------------------------------------------------------- */

static void same_event(struct zsim_reader *rd, const struct zsim_op *op,
		       const struct zsim_event *ev)
{
	if (op->type != (int)ev->type || op->slot != ev->slot)
		abort();
	if (ev->type != ZSIM_EV_STORE)
		return;
	if (ev->nr != 1 || op->length != ev->length[0] || op->node != ev->node ||
	    op->group >= zsim_reader_groups(rd) ||
	    strcmp(zsim_reader_group(rd, op->group), ev->path))
		abort();
}

static void batches_agree(struct zsim_reader *batched, struct zsim_reader *single)
{
	struct zsim_op ops[5];
	struct zsim_event ev;
	uint32_t n;
	int ret;

	do {
		while ((n = zsim_reader_ops(batched, ops, 5)))
			for (uint32_t i = 0; i < n; i++) {
				if (zsim_reader_next(single, &ev) != 1)
					abort();
				same_event(batched, &ops[i], &ev);
			}
		ret = zsim_reader_next(batched, &ev);
		if (zsim_reader_next(single, &ev) != ret)
			abort();
	} while (ret == 1);
	if (strcmp(zsim_reader_error(batched), zsim_reader_error(single)))
		abort();
}

static void compare(const uint8_t *data, size_t size)
{
	struct zsim_reader *batched = NULL;
	struct zsim_reader *single = NULL;

	if (!zsim_reader_open_memory("fuzz", data, size, NULL, &batched) &&
	    !zsim_reader_open_memory("fuzz", data, size, NULL, &single))
		batches_agree(batched, single);
	zsim_reader_close(batched);
	zsim_reader_close(single);
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
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	mend(copy, size);
	compare(copy, size);
	if (run(copy, size) != run(copy, size))
		abort();
	free(copy);
	return 0;
}
