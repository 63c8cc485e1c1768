/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binary_format.h - the layout of binary traces, for their reader and their writer
 * (docs/binary-trace.md).
 *
 * A file is a header, blocks, and an end block. Numbers are little-endian. A block's
 * payload is a row of records, each with a control byte in front:
 *
 *	bit  7   6 5   4 3 2  1 0
 *	    node group  slot  type
 */
#ifndef ZSIM_TRACE_BINARY_FORMAT_H
#define ZSIM_TRACE_BINARY_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include <xxhash.h>

#include <zsim/types.h>

#define ZSIM_BINARY_MAGIC "\x89ZSIM\r\n\x1a"
#define ZSIM_BINARY_MAGIC_BYTES 8
#define ZSIM_BINARY_VERSION 1

/* file header: magic, u16 version, u16 flags (0), u32 checksum of the 12 bytes before */
#define ZSIM_BINARY_HEADER 16
/* block header: u64 checksum of what follows it, u32 bytes of payload, u32 events */
#define ZSIM_BINARY_BLOCK 16
/* end block: a header with 0 bytes and 0 events, then u64 events of the trace */
#define ZSIM_BINARY_END 24
/* of payload, unless it is a single longer record */
#define ZSIM_BINARY_PAYLOAD 65536u

/* types of records */
#define ZSIM_BINARY_OTHER 0u
#define ZSIM_BINARY_STORE 1u
#define ZSIM_BINARY_LOAD 2u
#define ZSIM_BINARY_INVALIDATE 3u
/* control bytes of type OTHER */
#define ZSIM_BINARY_TEXT 0x04u /* u24 bytes of a line, and the line */
#define ZSIM_BINARY_PATH 0x08u /* u16 bytes of a path, and the path */

#define ZSIM_BINARY_TEXT_HEAD 4u
#define ZSIM_BINARY_PATH_HEAD 3u
#define ZSIM_BINARY_TEXT_MAX 0xffffffu
/* the longest page event: control, slot, group, length, node */
#define ZSIM_BINARY_OP_MAX 16u

#define ZSIM_BINARY_NR_SLOTS 6u
/** bytes of a slot and of a group, by their fields in the control byte */
static const uint8_t zsim_binary_slot_bytes[ZSIM_BINARY_NR_SLOTS] = { 0, 1, 2, 3, 4, 8 };
static const uint8_t zsim_binary_group_bytes[4] = { 0, 1, 2, 4 };

/** zsim_binary_checksum() - of @n bytes in block @block, the file header's being block 0 too */
static inline uint64_t zsim_binary_checksum(const void *data, size_t n, uint64_t block)
{
	return XXH3_64bits_withSeed(data, n, block);
}

static inline uint32_t zsim_binary_control(uint32_t type, uint32_t slot, uint32_t group,
					   uint32_t node)
{
	return type | slot << 2 | group << 5 | node << 7;
}

/** zsim_binary_mask() - of the low @bytes bytes */
static inline uint64_t zsim_binary_mask(unsigned int bytes)
{
	return bytes < 8 ? (UINT64_C(1) << 8 * bytes) - 1 : UINT64_MAX;
}

/* one load where the machine is little-endian: compilers know the pattern */
static inline uint64_t zsim_binary_load64(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
	       (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

static inline uint64_t zsim_binary_load(const unsigned char *p, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)p[i] << 8 * i;
	return value;
}

static inline unsigned char *zsim_binary_store(unsigned char *p, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		p[i] = (unsigned char)(value >> 8 * i);
	return p + bytes;
}

/**
 * struct zsim_binary_block - a block whose checksum is right
 * @payload: @bytes of it, in what was checked; @size: bytes of it all
 * @total: of an end block: events of the trace
 */
struct zsim_binary_block {
	const unsigned char *payload;
	size_t bytes;
	size_t size;
	uint32_t events;
	bool end;
	uint64_t total;
};

/**
 * zsim_binary_block_check() - look at the block that begins at @data
 * @have: bytes that there are
 * @number: of the block, from 0
 * @why: static text of what is wrong
 *
 * Return: 0 and @block filled; else, when bytes are missing, how many it takes (more
 * than @have, and perhaps more still then); -EBADMSG with @why.
 */
int zsim_binary_block_check(const void *data, size_t have, uint64_t number,
			    struct zsim_binary_block *block, const char **why);

/** zsim_binary_op_bytes() - of a page event's record; 0 for what is no control byte of one */
uint8_t zsim_binary_op_bytes(uint8_t control);
/**
 * zsim_binary_record_bytes() - how long the record at @p is, before @end
 *
 * Return: 0 if it is none that this version knows, or is cut off.
 */
size_t zsim_binary_record_bytes(const unsigned char *p, const unsigned char *end);

#endif
