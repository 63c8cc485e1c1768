/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/binary_format.h"

#include <errno.h>

#define BLOCK_MAX (ZSIM_BINARY_TEXT_HEAD + ZSIM_BINARY_TEXT_MAX)

int zsim_binary_block_check(const void *data, size_t have, uint64_t number,
			    struct zsim_binary_block *block, const char **why)
{
	const unsigned char *p = data;
	size_t size;

	if (have < ZSIM_BINARY_BLOCK)
		return ZSIM_BINARY_BLOCK;
	*block = (struct zsim_binary_block){
		.payload = p + ZSIM_BINARY_BLOCK,
		.bytes = (size_t)zsim_binary_load(p + 8, 4),
		.events = (uint32_t)zsim_binary_load(p + 12, 4),
	};
	*why = "damaged block: its length is wrong";
	if (block->bytes > BLOCK_MAX)
		return -EBADMSG;
	block->end = !block->bytes;
	size = block->end ? ZSIM_BINARY_END : ZSIM_BINARY_BLOCK + block->bytes;
	if (have < size)
		return (int)size;
	*why = "damaged block: wrong checksum";
	if (zsim_binary_checksum(p + 8, size - 8, number) != zsim_binary_load64(p))
		return -EBADMSG;
	block->size = size;
	block->total = block->end ? zsim_binary_load64(block->payload) : 0;
	return 0;
}

uint8_t zsim_binary_op_bytes(uint8_t control)
{
	unsigned int type = control & 3u;
	unsigned int slot = control >> 2 & 7u;
	unsigned int bytes;

	if (type == ZSIM_BINARY_OTHER || slot >= ZSIM_BINARY_NR_SLOTS)
		return 0;
	if (type != ZSIM_BINARY_STORE && control >> 5)
		return 0;
	bytes = 1u + zsim_binary_slot_bytes[slot];
	if (type == ZSIM_BINARY_STORE)
		bytes += zsim_binary_group_bytes[control >> 5 & 3] + 2u + (control >> 7);
	return (uint8_t)bytes;
}

size_t zsim_binary_record_bytes(const unsigned char *p, const unsigned char *end)
{
	size_t have = (size_t)(end - p);
	size_t bytes;

	if (have >= ZSIM_BINARY_TEXT_HEAD && *p == ZSIM_BINARY_TEXT)
		bytes = ZSIM_BINARY_TEXT_HEAD + (size_t)zsim_binary_load(p + 1, 3);
	else if (have >= ZSIM_BINARY_PATH_HEAD && *p == ZSIM_BINARY_PATH)
		bytes = ZSIM_BINARY_PATH_HEAD + (size_t)zsim_binary_load(p + 1, 2);
	else
		bytes = have ? zsim_binary_op_bytes(*p) : 0;
	return bytes <= have ? bytes : 0;
}
