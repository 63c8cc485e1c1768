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

/* of a page event; 0 for control bytes that mean nothing */
static size_t op_bytes(unsigned int control)
{
	unsigned int type = control & 3;
	unsigned int slot = control >> 2 & 7;

	if (type == ZSIM_BINARY_OTHER || slot >= ZSIM_BINARY_NR_SLOTS)
		return 0;
	if (type != ZSIM_BINARY_STORE)
		return control >> 5 ? 0 : 1u + zsim_binary_slot_bytes[slot];
	return 1u + zsim_binary_slot_bytes[slot] + 2 + (control >> 7) +
	       zsim_binary_group_bytes[control >> 5 & 3];
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
		bytes = have ? op_bytes(*p) : 0;
	return bytes <= have ? bytes : 0;
}
