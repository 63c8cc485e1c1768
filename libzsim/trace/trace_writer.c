/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_writer.c - events as lines of a text trace, one spelling for each.
 *
 * What trace_text.c reads from such a line is the event again. An event that
 * the format has no spelling for (a blank in a path, a newline within the text
 * of a write) is refused before anything is written.
 */
#include "trace/trace_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "trace/saw_key.h"

/* most lines are shorter: writing them allocates nothing */
#define LINE_ROOM 1024

/* ---- what can be said ------------------------------------------------------------ */

static bool blank_free(const char *s)
{
	return s && *s && !s[strcspn(s, " \t\n")];
}

/* a field that is neither a comment nor the sign of a result */
static bool word_fits(const char *s)
{
	return blank_free(s) && *s != '#' && strcmp(s, "=");
}

static bool path_fits(const char *s)
{
	return blank_free(s) && *s == '/';
}

/* bytes of a text without the newline that echo puts behind it, and the kernel strips */
static size_t text_length(const char *s)
{
	size_t n = strlen(s);

	while (n && s[n - 1] == '\n')
		n--;
	return n;
}

static bool text_fits(const struct zsim_event *ev)
{
	const char *s = ev->text;

	if (!s || memchr(s, '\n', text_length(s)))
		return false;
	/* without a result behind it, an equals sign of the text would begin one */
	return ev->expect.kind != ZSIM_RESULT_NONE || (strncmp(s, "= ", 2) && !strstr(s, " = "));
}

static bool fields_fit(const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_WRITE:
		return (!ev->path || path_fits(ev->path)) && word_fits(ev->file) && text_fits(ev);
	case ZSIM_EV_MKDIR:
	case ZSIM_EV_RMDIR:
	case ZSIM_EV_OFFLINE:
	case ZSIM_EV_SWAPIN:
	case ZSIM_EV_SHRINKER:
	case ZSIM_EV_SLAB:
		return path_fits(ev->path);
	case ZSIM_EV_STORE:
		return path_fits(ev->path) && ev->length && ev->nr;
	case ZSIM_EV_SIGNAL:
		return word_fits(ev->target);
	case ZSIM_EV_STEP:
	case ZSIM_EV_FINISH:
		return ev->actor;
	case ZSIM_EV_MACHINE:
	case ZSIM_EV_PARAM:
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
	case ZSIM_EV_COLD:
	case ZSIM_EV_SWAPOFF:
	case ZSIM_EV_WORKER:
	case ZSIM_EV_FAIL:
	case ZSIM_EV_SAW:
		return true;
	case ZSIM_NR_EVENTS:
		break;
	}
	return false;
}

static bool event_fits(const struct zsim_event *ev)
{
	return (!ev->actor || blank_free(ev->actor)) && fields_fit(ev);
}

/* ---- fields ------------------------------------------------------------------------ */

static void word_put(struct zsim_bytes *out, const char *s)
{
	zsim_bytes_add_char(out, ' ');
	zsim_bytes_add_string(out, s);
}

static void number_put(struct zsim_bytes *out, uint64_t value)
{
	zsim_bytes_add_char(out, ' ');
	zsim_bytes_add_number(out, value);
}

/* "KEY=" with its blank */
static void key_put(struct zsim_bytes *out, const char *key)
{
	word_put(out, key);
	zsim_bytes_add_char(out, '=');
}

/* page offsets are for people, numbers with a device in them as kernels print them */
static void slot_put(struct zsim_bytes *out, uint64_t slot)
{
	zsim_bytes_add_char(out, ' ');
	if (slot >> ZSIM_SLOT_TYPE_SHIFT)
		zsim_bytes_add_hex(out, slot);
	else
		zsim_bytes_add_number(out, slot);
}

static void machine_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	key_put(out, "nodes");
	zsim_bytes_add_number(out, ev->nodes);
	key_put(out, "ram");
	zsim_bytes_add_number(out, ev->ram_pages);
	if (ev->swap_pages) {
		key_put(out, "swap");
		zsim_bytes_add_number(out, ev->swap_pages);
	}
	if (ev->memcg_disabled)
		word_put(out, "memcg=off");
	if (ev->zswap_absent)
		word_put(out, "zswap=off");
	if (ev->pool_bytes)
		word_put(out, "pool=bytes");
}

static void param_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	word_put(out, zsim_param_name(ev->param));
	if (ev->param == ZSIM_PARAM_WORKER_MANUAL)
		word_put(out, ev->value ? "manual" : "auto");
	else
		number_put(out, ev->value);
}

static void write_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	size_t n = text_length(ev->text);

	if (ev->path) {
		word_put(out, ev->path);
	} else {
		word_put(out, "node");
		zsim_bytes_add_number(out, ev->node);
	}
	word_put(out, ev->file);
	if (n)
		zsim_bytes_add_char(out, ' ');
	zsim_bytes_add(out, ev->text, n);
}

static void path_node_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	word_put(out, ev->path);
	number_put(out, ev->node);
}

static void store_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	slot_put(out, ev->slot);
	path_node_put(out, ev);
	for (uint32_t i = 0; i < ev->nr; i++)
		number_put(out, ev->length[i]);
}

static void swapin_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	path_node_put(out, ev);
	if (ev->value > 1)
		number_put(out, ev->value);
}

static void shrink_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	path_node_put(out, ev);
	number_put(out, ev->value);
	if (ev->noio)
		word_put(out, "noio");
}

static void escape_put(struct zsim_bytes *out, unsigned char c)
{
	zsim_bytes_add_char(out, '\\');
	if (c == '\n') {
		zsim_bytes_add_char(out, 'n');
	} else if (c == '\t') {
		zsim_bytes_add_char(out, 't');
	} else if (c == '"' || c == '\\') {
		zsim_bytes_add_char(out, (char)c);
	} else {
		zsim_bytes_add_char(out, 'x');
		zsim_bytes_add_char(out, "01234567"[c >> 4]);
		zsim_bytes_add_char(out, "0123456789abcdef"[c & 15]);
	}
}

static void string_put(struct zsim_bytes *out, const char *key, const char *s)
{
	key_put(out, key);
	zsim_bytes_add_char(out, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < ' ' || c == 0x7f || c == '"' || c == '\\')
			escape_put(out, c);
		else
			zsim_bytes_add_char(out, *s);
	}
	zsim_bytes_add_char(out, '"');
}

static void saw_number_put(struct zsim_bytes *out, const struct zsim_saw_key *key, uint64_t value)
{
	if (!value)
		return;
	key_put(out, key->name);
	if (key->kind == ZSIM_SAW_SLOT)
		zsim_bytes_add_hex(out, value);
	else if (key->kind == ZSIM_SAW_I64)
		zsim_bytes_add_signed(out, (int64_t)value);
	else
		zsim_bytes_add_number(out, value);
}

static void saw_field_put(struct zsim_bytes *out, const struct zsim_saw_key *key,
			  const struct zsim_record *r)
{
	const void *at = (const char *)r + key->offset;
	const char *s;

	switch (key->kind) {
	case ZSIM_SAW_U32:
		saw_number_put(out, key, *(const uint32_t *)at);
		break;
	case ZSIM_SAW_U64:
	case ZSIM_SAW_SLOT:
		saw_number_put(out, key, *(const uint64_t *)at);
		break;
	case ZSIM_SAW_BOOL:
		saw_number_put(out, key, *(const bool *)at);
		break;
	case ZSIM_SAW_I64:
		saw_number_put(out, key, (uint64_t) * (const int64_t *)at);
		break;
	case ZSIM_SAW_STRING:
		s = *(const char *const *)at;
		if (s)
			string_put(out, key->name, s);
		break;
	}
}

static void answer_put(struct zsim_bytes *out, const struct zsim_record *r)
{
	zsim_bytes_add_string(out, " = ");
	if (r->saw == ZSIM_SAW_STORE_RET && (r->value == 0 || r->value == 1))
		zsim_bytes_add_string(out, r->value ? "ok" : "rejected");
	else
		zsim_bytes_add_signed(out, r->value);
}

static void saw_put(struct zsim_bytes *out, const struct zsim_record *r)
{
	bool answers = zsim_saw_answers(r->saw);

	word_put(out, zsim_saw_name(r->saw));
	for (size_t i = 0; i < ZSIM_NR_SAW_KEYS; i++)
		if (!answers || zsim_saw_keys[i].kind != ZSIM_SAW_I64)
			saw_field_put(out, &zsim_saw_keys[i], r);
	if (answers)
		answer_put(out, r);
}

/* ---- lines ------------------------------------------------------------------------- */

static void fields_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_MACHINE:
		machine_put(out, ev);
		break;
	case ZSIM_EV_PARAM:
		param_put(out, ev);
		break;
	case ZSIM_EV_MKDIR:
	case ZSIM_EV_OFFLINE:
		word_put(out, ev->path);
		break;
	case ZSIM_EV_RMDIR:
		word_put(out, ev->path);
		if (ev->deferred)
			word_put(out, "deferred");
		break;
	case ZSIM_EV_WRITE:
		write_put(out, ev);
		break;
	case ZSIM_EV_STORE:
		store_put(out, ev);
		break;
	case ZSIM_EV_LOAD:
	case ZSIM_EV_INVALIDATE:
	case ZSIM_EV_CACHE:
	case ZSIM_EV_UNCACHE:
	case ZSIM_EV_COLD:
		slot_put(out, ev->slot);
		break;
	case ZSIM_EV_SWAPOFF:
		number_put(out, ev->value);
		break;
	case ZSIM_EV_SWAPIN:
		swapin_put(out, ev);
		break;
	case ZSIM_EV_SHRINKER:
	case ZSIM_EV_SLAB:
		shrink_put(out, ev);
		break;
	case ZSIM_EV_FAIL:
		word_put(out, zsim_fail_name(ev->fail));
		number_put(out, ev->value);
		break;
	case ZSIM_EV_SIGNAL:
		word_put(out, ev->target);
		break;
	case ZSIM_EV_STEP:
		if (ev->value != 1)
			number_put(out, ev->value);
		break;
	case ZSIM_EV_SAW:
		saw_put(out, &ev->record);
		break;
	case ZSIM_EV_WORKER:
	case ZSIM_EV_FINISH:
	case ZSIM_NR_EVENTS:
		break;
	}
}

static void result_put(struct zsim_bytes *out, const struct zsim_result *r)
{
	char buf[32];

	if (r->kind == ZSIM_RESULT_NONE)
		return;
	zsim_result_format(r, buf, sizeof(buf));
	zsim_bytes_add_string(out, " = ");
	zsim_bytes_add_string(out, buf);
}

static void actor_put(struct zsim_bytes *out, const struct zsim_event *ev)
{
	zsim_bytes_add_char(out, '@');
	if (ev->type == ZSIM_EV_SAW && ev->record.pid)
		zsim_bytes_add_number(out, ev->record.pid);
	else
		zsim_bytes_add_string(out, ev->actor);
	zsim_bytes_add_char(out, ' ');
}

int zsim_event_line(struct zsim_bytes *out, const struct zsim_event *ev)
{
	if (!event_fits(ev))
		return -EINVAL;
	if (ev->actor || (ev->type == ZSIM_EV_SAW && ev->record.pid))
		actor_put(out, ev);
	zsim_bytes_add_string(out, zsim_event_name(ev->type));
	fields_put(out, ev);
	if (ev->type != ZSIM_EV_SAW)
		result_put(out, &ev->expect);
	zsim_bytes_add_char(out, '\n');
	return out->failed ? -ENOMEM : 0;
}

int zsim_event_write(FILE *out, const struct zsim_event *ev)
{
	char room[LINE_ROOM];
	struct zsim_bytes line;
	int ret;

	zsim_bytes_init(&line, zsim_allocator_libc(), room, sizeof(room));
	ret = zsim_event_line(&line, ev);
	if (!ret)
		fwrite(line.data, 1, line.n, out);
	zsim_bytes_destroy(&line);
	if (ret)
		return ret;
	return ferror(out) ? -EIO : 0;
}
