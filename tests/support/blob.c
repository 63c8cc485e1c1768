/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "support/blob.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#define BATCH 100

static void *must(void *ptr)
{
	if (!ptr)
		abort();
	return ptr;
}

void blob_add(struct blob *b, const void *data, size_t size)
{
	if (b->size + size > b->room) {
		b->room = 2 * (b->size + size);
		b->data = must(realloc(b->data, b->room));
	}
	if (!size)
		return;
	memcpy(b->data + b->size, data, size);
	b->size += size;
}

void blob_free(struct blob *b)
{
	free(b->data);
	*b = (struct blob){ NULL, 0, 0 };
}

bool blob_equal(const struct blob *a, const struct blob *b)
{
	return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

struct blob blob_file(const char *path)
{
	FILE *f = must(fopen(path, "rb"));
	struct blob b = { NULL, 0, 0 };
	char buf[4096];
	size_t n;

	while ((n = fread(buf, 1, sizeof(buf), f)))
		blob_add(&b, buf, n);
	fclose(f);
	return b;
}

struct blob_files blob_files(const char *pattern)
{
	struct blob_files files = { NULL, 0 };
	glob_t g;

	if (glob(pattern, 0, NULL, &g))
		return files;
	files.path = must(calloc(g.gl_pathc, sizeof(*files.path)));
	for (; files.nr < g.gl_pathc; files.nr++)
		files.path[files.nr] = must(strdup(g.gl_pathv[files.nr]));
	globfree(&g);
	return files;
}

void blob_files_free(struct blob_files *files)
{
	for (size_t i = 0; i < files->nr; i++)
		free(files->path[i]);
	free(files->path);
}

struct zsim_reader *blob_open(const struct blob *b, const char *name)
{
	struct zsim_reader *rd = NULL;
	int ret = zsim_reader_open_memory(name, b->data, b->size, NULL, &rd);

	CU_ASSERT_PTR_NOT_NULL_FATAL(rd);
	if (ret)
		printf("\n%s\n", zsim_reader_error(rd));
	CU_ASSERT_EQUAL_FATAL(ret, 0);
	return rd;
}

struct blob_writer blob_writer_open(enum zsim_trace_format format, int zstd_level)
{
	struct blob_writer bw = { NULL, NULL };

	bw.out = must(tmpfile());
	CU_ASSERT_EQUAL_FATAL(zsim_writer_open(bw.out, format, zstd_level, NULL, &bw.w), 0);
	return bw;
}

struct blob blob_writer_close(struct blob_writer *bw)
{
	struct blob b = { NULL, 0, 0 };
	char buf[4096];
	size_t n;

	CU_ASSERT_EQUAL(zsim_writer_close(bw->w), 0);
	rewind(bw->out);
	while ((n = fread(buf, 1, sizeof(buf), bw->out)))
		blob_add(&b, buf, n);
	fclose(bw->out);
	return b;
}

/* page events as they come; paths are looked up anew for each, which does no harm here */
static void batches_copy(struct zsim_reader *rd, struct zsim_writer *w)
{
	struct zsim_op ops[BATCH];
	uint32_t n;

	while ((n = zsim_reader_ops(rd, ops, BATCH))) {
		for (uint32_t i = 0; i < n; i++) {
			uint32_t group = ops[i].group;

			if (ops[i].type == ZSIM_EV_STORE)
				CU_ASSERT_EQUAL(zsim_writer_group(w, zsim_reader_group(rd, group),
								  &ops[i].group),
						0);
			CU_ASSERT_EQUAL(zsim_writer_op(w, &ops[i]), 0);
		}
	}
}

struct blob blob_convert(const void *data, size_t size, enum zsim_trace_format format,
			 int zstd_level)
{
	const struct blob from = { (char *)(uintptr_t)data, size, 0 };
	struct blob_writer bw = blob_writer_open(format, zstd_level);
	struct zsim_reader *rd = blob_open(&from, "t");
	struct zsim_event ev;
	int ret;

	do {
		batches_copy(rd, bw.w);
		ret = zsim_reader_next(rd, &ev);
		if (ret == 1)
			CU_ASSERT_EQUAL(zsim_writer_event(bw.w, &ev), 0);
	} while (ret == 1);
	if (ret)
		printf("\n%s\n", zsim_reader_error(rd));
	CU_ASSERT_EQUAL(ret, 0);
	zsim_reader_close(rd);
	return blob_writer_close(&bw);
}
