/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/binary_writer.h"

#include <errno.h>

#include "trace/binary_format.h"

int zsim_binary_writer_init(struct zsim_binary_writer *w, struct zsim_output *out,
			    const struct zsim_allocator *a)
{
	unsigned char header[ZSIM_BINARY_HEADER] = ZSIM_BINARY_MAGIC;

	*w = (struct zsim_binary_writer){ .out = out };
	zsim_bytes_init(&w->block, a, NULL, 0);
	if (!zsim_bytes_room(&w->block, ZSIM_BINARY_BLOCK + ZSIM_BINARY_PAYLOAD))
		return -ENOMEM;
	w->block.n = ZSIM_BINARY_BLOCK;
	zsim_binary_store(header + ZSIM_BINARY_MAGIC_BYTES, ZSIM_BINARY_VERSION, 2);
	zsim_binary_store(header + 12, zsim_binary_checksum(header, 12, 0), 4);
	return zsim_output_add(out, header, sizeof(header));
}

void zsim_binary_writer_destroy(struct zsim_binary_writer *w)
{
	zsim_bytes_destroy(&w->block);
}

/* with its header in front, whose fields count what there is */
static int block_write(struct zsim_binary_writer *w, size_t payload)
{
	unsigned char *p = (unsigned char *)w->block.data;

	zsim_binary_store(p + 8, payload, 4);
	zsim_binary_store(p + 12, w->events, 4);
	zsim_binary_store(p, zsim_binary_checksum(p + 8, w->block.n - 8, w->number++), 8);
	return zsim_output_add(w->out, p, w->block.n);
}

static int block_flush(struct zsim_binary_writer *w)
{
	int ret = 0;

	if (w->block.n > ZSIM_BINARY_BLOCK)
		ret = block_write(w, w->block.n - ZSIM_BINARY_BLOCK);
	w->total += w->events;
	w->events = 0;
	w->slot = 0;
	w->group = 0;
	w->node = 0;
	w->block.n = ZSIM_BINARY_BLOCK;
	return ret;
}

/* room for a record of @n bytes: in this block, or in one of its own */
static int record_room(struct zsim_binary_writer *w, size_t n)
{
	int ret = 0;

	if (w->block.n - ZSIM_BINARY_BLOCK + n > ZSIM_BINARY_PAYLOAD)
		ret = block_flush(w);
	if (!ret && !zsim_bytes_room(&w->block, n))
		ret = -ENOMEM;
	return ret;
}

/* index of the fewest bytes that hold the difference to the slot before */
static unsigned int slot_size(uint64_t difference)
{
	unsigned int i = 0;

	/* the last one holds whatever it is */
	while (i < ZSIM_BINARY_NR_SLOTS - 1 &&
	       difference & ~zsim_binary_mask(zsim_binary_slot_bytes[i]))
		i++;
	return i;
}

/* likewise of a number of a path, which is given whole unless it is that of the store before */
static unsigned int group_size(const struct zsim_binary_writer *w, uint32_t group)
{
	unsigned int i = 1;

	if (group == w->group)
		return 0;
	while (i < 3 && group & ~zsim_binary_mask(zsim_binary_group_bytes[i]))
		i++;
	return i;
}

static unsigned char *store_fields(struct zsim_binary_writer *w, unsigned char *p,
				   const struct zsim_op *op, unsigned int group, bool node)
{
	p = zsim_binary_store(p, op->group, zsim_binary_group_bytes[group]);
	p = zsim_binary_store(p, op->length, 2);
	p = zsim_binary_store(p, op->node, node);
	w->group = op->group;
	w->node = op->node;
	return p;
}

int zsim_binary_write_op(struct zsim_binary_writer *w, const struct zsim_op *op)
{
	int ret = record_room(w, ZSIM_BINARY_OP_MAX);
	unsigned char *p = (unsigned char *)w->block.data + w->block.n;
	unsigned char *record = p;
	unsigned int slot;

	if (ret)
		return ret;
	slot = slot_size(op->slot ^ w->slot);
	p = zsim_binary_store(p + 1, op->slot, zsim_binary_slot_bytes[slot]);
	w->slot = op->slot;
	if (op->type == ZSIM_EV_STORE) {
		unsigned int group = group_size(w, op->group);
		bool node = op->node != w->node;

		p = store_fields(w, p, op, group, node);
		*record = (unsigned char)zsim_binary_control(ZSIM_BINARY_STORE, slot, group, node);
	} else {
		*record = (unsigned char)zsim_binary_control(
			op->type == ZSIM_EV_LOAD ? ZSIM_BINARY_LOAD : ZSIM_BINARY_INVALIDATE, slot,
			0, 0);
	}
	w->block.n += (size_t)(p - record);
	w->events++;
	return 0;
}

/* control byte, @n in @bytes bytes, and the @n bytes */
static int string_write(struct zsim_binary_writer *w, unsigned char control, unsigned int bytes,
			const char *s, size_t n)
{
	int ret = record_room(w, 1 + bytes + n);
	unsigned char *p = (unsigned char *)w->block.data + w->block.n;

	if (ret)
		return ret;
	*p = control;
	zsim_binary_store(p + 1, n, bytes);
	w->block.n += 1 + bytes;
	zsim_bytes_add(&w->block, s, n);
	return 0;
}

int zsim_binary_write_line(struct zsim_binary_writer *w, const char *line, size_t n)
{
	int ret;

	if (n > ZSIM_BINARY_TEXT_MAX)
		return -EINVAL;
	ret = string_write(w, ZSIM_BINARY_TEXT, ZSIM_BINARY_TEXT_HEAD - 1, line, n);
	w->events += !ret;
	return ret;
}

int zsim_binary_write_path(struct zsim_binary_writer *w, const char *path, size_t n)
{
	return string_write(w, ZSIM_BINARY_PATH, ZSIM_BINARY_PATH_HEAD - 1, path, n);
}

int zsim_binary_write_end(struct zsim_binary_writer *w)
{
	int ret = block_flush(w);

	if (ret)
		return ret;
	zsim_binary_store((unsigned char *)w->block.data + w->block.n, w->total, 8);
	w->block.n += 8;
	return block_write(w, 0);
}
