/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_visited.c - the set of seen states against one that keeps everything.
 */
#include <string.h>
#include <pthread.h>

#include "check/visited.h"
#include "support/suite.h"

#define PARTS 3u

/* a state of three parts, each a number written out as bytes of its own length */
struct fake {
	struct zsim_encoder encoder;
	uint8_t bytes[PARTS][64];
};

static void fake_set(struct fake *f, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t value[PARTS] = { a, b, c };

	memset(f, 0, sizeof(*f));
	f->encoder.nr_parts = PARTS;
	for (uint32_t i = 0; i < PARTS; i++) {
		f->encoder.part[i].bytes = f->bytes[i];
		f->encoder.part[i].size = 4 + value[i] % 40;
		for (uint32_t k = 0; k < f->encoder.part[i].size; k++)
			f->bytes[i][k] = (uint8_t)(value[i] >> 8 * (k % 4));
	}
}

static int add(struct zsim_visited *v, uint32_t a, uint32_t b, uint32_t c, void *payload)
{
	struct zsim_row row;
	struct fake f;
	int rc;

	fake_set(&f, a, b, c);
	rc = zsim_visited_row(v, &f.encoder, ZSIM_ALL_PARTS, &row);
	return rc ? rc : zsim_visited_add(v, &row, payload);
}

static void each_state_is_new_once(void)
{
	struct zsim_visited v;
	uint32_t n = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_visited_init(&v, zsim_allocator_libc(), PARTS, 0, false, 0), 0);
	for (int round = 0; round < 2; round++)
		for (uint32_t a = 1; a <= 30; a++)
			for (uint32_t b = 0; b < 30; b++)
				for (uint32_t c = 0; c < 30; c++, n++)
					CU_ASSERT_EQUAL(add(&v, a, b * 1000, c * 70000, NULL),
							!round);
	CU_ASSERT_EQUAL(zsim_visited_states(&v), 27000);
	/* nine bytes a row, in tables about two thirds full; and what the parts take at least */
	CU_ASSERT(zsim_visited_bytes(&v) < 27000 * 15 + PARTS * 110000);
	zsim_visited_destroy(&v);
}

static void parts_that_differ_in_length_alone_are_different(void)
{
	struct zsim_visited v;
	struct zsim_row row[2];
	struct fake f;

	CU_ASSERT_EQUAL_FATAL(zsim_visited_init(&v, zsim_allocator_libc(), PARTS, 0, false, 0), 0);
	for (int i = 0; i < 2; i++) {
		fake_set(&f, 0, 0, 0);
		f.encoder.part[1].size = (uint32_t)(8 + i);
		CU_ASSERT_EQUAL(zsim_visited_row(&v, &f.encoder, ZSIM_ALL_PARTS, &row[i]), 0);
	}
	CU_ASSERT_NOT_EQUAL(memcmp(row[0].bytes, row[1].bytes, v.row_size), 0);
	zsim_visited_destroy(&v);
}

static void a_payload_is_kept_and_changed(void)
{
	struct zsim_visited v;
	uint32_t payload;

	CU_ASSERT_EQUAL_FATAL(
		zsim_visited_init(&v, zsim_allocator_libc(), PARTS, sizeof(payload), false, 0), 0);
	for (uint32_t i = 0; i < 5000; i++) {
		payload = i * 3;
		CU_ASSERT_EQUAL(add(&v, i, 1, 2, &payload), 1);
	}
	for (uint32_t i = 0; i < 5000; i++) {
		struct zsim_row row;
		struct fake f;

		CU_ASSERT_EQUAL(add(&v, i, 1, 2, &payload), 0);
		CU_ASSERT_EQUAL(payload, i * 3);
		fake_set(&f, i, 1, 2);
		CU_ASSERT_EQUAL(zsim_visited_row(&v, &f.encoder, ZSIM_ALL_PARTS, &row), 0);
		payload = i;
		zsim_visited_set(&v, &row, &payload);
	}
	for (uint32_t i = 0; i < 5000; i++) {
		CU_ASSERT_EQUAL(add(&v, i, 1, 2, &payload), 0);
		CU_ASSERT_EQUAL(payload, i);
	}
	zsim_visited_destroy(&v);
}

static void bitstate_takes_hardly_any_new_state_for_an_old_one(void)
{
	struct zsim_visited v;
	uint32_t new = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_visited_init(&v, zsim_allocator_libc(), PARTS, 0, false, 20), 0);
	for (uint32_t i = 0; i < 20000; i++)
		new += (uint32_t)add(&v, i, i % 7, i % 3, NULL);
	CU_ASSERT(new > 19900);
	CU_ASSERT_EQUAL(zsim_visited_states(&v), new);
	for (uint32_t i = 0; i < 20000; i++)
		CU_ASSERT_EQUAL(add(&v, i, i % 7, i % 3, NULL), 0);
	zsim_visited_destroy(&v);
}

/* ---- several threads ------------------------------------------------------------------ */

struct racer {
	struct zsim_visited *v;
	uint32_t new;
};

static void *race(void *arg)
{
	struct racer *r = arg;

	for (uint32_t i = 0; i < 40000; i++)
		r->new += add(r->v, i % 200, i / 200, i % 31, NULL) == 1;
	return NULL;
}

static void threads_find_each_state_new_once_together(void)
{
	struct zsim_visited v;
	struct racer racer[3] = { { &v, 0 }, { &v, 0 }, { &v, 0 } };
	pthread_t thread[3];
	uint32_t new = 0;

	CU_ASSERT_EQUAL_FATAL(zsim_visited_init(&v, zsim_allocator_libc(), PARTS, 0, true, 0), 0);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, race, &racer[i]), 0);
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		new += racer[i].new;
	}
	CU_ASSERT_EQUAL(new, 40000);
	CU_ASSERT_EQUAL(zsim_visited_states(&v), 40000);
	zsim_visited_destroy(&v);
}

static const struct zsim_case cases[] = {
	ZSIM_CASE(each_state_is_new_once),
	ZSIM_CASE(parts_that_differ_in_length_alone_are_different),
	ZSIM_CASE(a_payload_is_kept_and_changed),
	ZSIM_CASE(bitstate_takes_hardly_any_new_state_for_an_old_one),
	ZSIM_CASE(threads_find_each_state_new_once_together),
};
ZSIM_SUITE_MAIN("visited", cases)
