/* SPDX-License-Identifier: GPL-2.0-or-later */
/* the only way to give zstd an allocator */
#define ZSTD_STATIC_LINKING_ONLY
#include "trace/output.h"

#include <errno.h>

#include <zstd.h>

#define COMPRESSED_BLOCK (128u << 10)

/**
 * struct zsim_output - @zstd: NULL without compression; @block: compressed bytes; @error: sticky
 */
struct zsim_output {
	const struct zsim_allocator *alloc;
	FILE *file;
	ZSTD_CCtx *zstd;
	char *block;
	int error;
};

/* a checksum at the end of the frame lets a reader notice damage in what it decompressed */
static int zstd_start(struct zsim_output *out, int level)
{
	const struct zsim_allocator *a = out->alloc;
	ZSTD_customMem mem = { a->alloc, a->free, a->ctx };

	out->block = zsim_alloc(a, COMPRESSED_BLOCK);
	out->zstd = ZSTD_createCCtx_advanced(mem);
	if (!out->block || !out->zstd)
		return -ENOMEM;
	ZSTD_CCtx_setParameter(out->zstd, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(out->zstd, ZSTD_c_checksumFlag, 1);
	return 0;
}

static void output_free(struct zsim_output *out)
{
	ZSTD_freeCCtx(out->zstd);
	zsim_dealloc(out->alloc, out->block);
	zsim_dealloc(out->alloc, out);
}

int zsim_output_open(struct zsim_output **out, FILE *file, int zstd_level,
		     const struct zsim_allocator *a)
{
	struct zsim_output *new;

	if (zstd_level < 0 || zstd_level > ZSIM_OUTPUT_LEVEL_MAX)
		return -EINVAL;
	new = zsim_zalloc(a, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->alloc = a;
	new->file = file;
	if (zstd_level && zstd_start(new, zstd_level)) {
		output_free(new);
		return -ENOMEM;
	}
	*out = new;
	return 0;
}

static int plain_add(struct zsim_output *out, const void *data, size_t n)
{
	if (fwrite(data, 1, n, out->file) != n)
		out->error = -EIO;
	return out->error;
}

/* what zstd has for the file, once; *@left 0 = @how is done. It fails for want of memory alone */
static int zstd_step(struct zsim_output *out, ZSTD_inBuffer *in, ZSTD_EndDirective how,
		     size_t *left)
{
	ZSTD_outBuffer block = { out->block, COMPRESSED_BLOCK, 0 };

	*left = ZSTD_compressStream2(out->zstd, &block, in, how);
	if (ZSTD_isError(*left)) {
		out->error = -ENOMEM;
		return out->error;
	}
	return plain_add(out, out->block, block.pos);
}

int zsim_output_add(struct zsim_output *out, const void *data, size_t n)
{
	ZSTD_inBuffer in = { data, n, 0 };
	size_t left;

	if (out->error)
		return out->error;
	if (!out->zstd)
		return plain_add(out, data, n);
	while (in.pos < in.size && !zstd_step(out, &in, ZSTD_e_continue, &left))
		;
	return out->error;
}

int zsim_output_close(struct zsim_output *out)
{
	ZSTD_inBuffer in = { NULL, 0, 0 };
	size_t left = 1;
	int error;

	if (!out)
		return 0;
	while (out->zstd && left && !out->error)
		zstd_step(out, &in, ZSTD_e_end, &left);
	error = out->error;
	if (!error && ferror(out->file))
		error = -EIO;
	output_free(out);
	return error;
}
