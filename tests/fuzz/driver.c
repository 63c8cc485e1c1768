/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.c - a fuzz target without a fuzzer: each file of a corpus once, then
 * each with single bytes changed by a seeded generator.
 *
 * Usage: fuzz-replay ROUNDS FILE...
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static uint8_t *file_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long end = -1;

	if (f && !fseek(f, 0, SEEK_END))
		end = ftell(f);
	if (end >= 0)
		data = malloc((size_t)end + 1);
	if (data) {
		rewind(f);
		*size = fread(data, 1, (size_t)end, f);
	}
	if (f)
		fclose(f);
	return data;
}

/* one to four bytes become others, mostly ones that a trace is made of */
static void mutate(uint8_t *data, size_t size, uint64_t *seed)
{
	static const char bytes[] = "0123456789 \n=@-/#abrw";
	uint64_t n = 1 + next(seed) % 4;

	while (size && n--)
		data[next(seed) % size] = next(seed) % 8 ?
						  (uint8_t)bytes[next(seed) % (sizeof(bytes) - 1)] :
						  (uint8_t)next(seed);
}

static int corpus_file(const char *path, long rounds)
{
	uint64_t seed = 88172645463325252ull;
	uint8_t *data;
	size_t size = 0;

	for (long i = 0; i <= rounds; i++) {
		data = file_read(path, &size);
		if (!data) {
			perror(path);
			return 1;
		}
		for (long k = 0; i && k <= i % 5; k++)
			mutate(data, size, &seed);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0;

	for (int i = 2; i < argc; i++)
		if (corpus_file(argv[i], rounds))
			return 1;
	printf("%d files, %ld rounds each\n", argc - 2, rounds);
	return 0;
}
