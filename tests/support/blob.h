/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blob.h - traces as bytes in memory, written and read by the library.
 */
#ifndef ZSIM_TESTS_BLOB_H
#define ZSIM_TESTS_BLOB_H

#include <stdio.h>

#include <zsim/trace.h>

/** struct blob - bytes that grow, to be freed by the caller; zeroed it is empty */
struct blob {
	char *data;
	size_t size;
	size_t room;
};

void blob_add(struct blob *b, const void *data, size_t size);
void blob_free(struct blob *b);
bool blob_equal(const struct blob *a, const struct blob *b);
/** blob_file() - the bytes of a file, which must be there */
struct blob blob_file(const char *path);

/** struct blob_files - paths that a pattern names */
struct blob_files {
	char **path;
	size_t nr;
};
struct blob_files blob_files(const char *pattern);
void blob_files_free(struct blob_files *files);

/** blob_open() - a reader over a trace, which must be one */
struct zsim_reader *blob_open(const struct blob *b, const char *name);
/**
 * blob_convert() - a trace of any format, written in another
 *
 * Page events go through zsim_writer_op() where they come in batches.
 */
struct blob blob_convert(const void *data, size_t size, enum zsim_trace_format format,
			 int zstd_level);

/** struct blob_writer - a writer into memory */
struct blob_writer {
	struct zsim_writer *w;
	FILE *out;
};
struct blob_writer blob_writer_open(enum zsim_trace_format format, int zstd_level);
/** blob_writer_close() - what was written; the writer must have written it all */
struct blob blob_writer_close(struct blob_writer *bw);

#endif
