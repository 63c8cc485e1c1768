/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_writer.c - events as lines of a text trace, one spelling for each.
 *
 * What trace_text.c reads from such a line is the event again. An event that
 * the format has no spelling for (a blank in a path, a newline within the text
 * of a write) is refused before anything is written.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <zsim/trace.h>

#include "trace/saw_key.h"

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

/* page offsets are for people, numbers with a device in them as kernels print them */
static void slot_put(FILE *out, uint64_t slot)
{
	fprintf(out, slot >> ZSIM_SLOT_TYPE_SHIFT ? " 0x%" PRIx64 : " %" PRIu64, slot);
}

static void machine_put(FILE *out, const struct zsim_event *ev)
{
	fprintf(out, " nodes=%" PRIu32 " ram=%" PRIu64, ev->nodes, ev->ram_pages);
	if (ev->swap_pages)
		fprintf(out, " swap=%" PRIu64, ev->swap_pages);
	if (ev->memcg_disabled)
		fputs(" memcg=off", out);
	if (ev->zswap_absent)
		fputs(" zswap=off", out);
	if (ev->pool_bytes)
		fputs(" pool=bytes", out);
}

static void param_put(FILE *out, const struct zsim_event *ev)
{
	fprintf(out, " %s ", zsim_param_name(ev->param));
	if (ev->param == ZSIM_PARAM_WORKER_MANUAL)
		fputs(ev->value ? "manual" : "auto", out);
	else
		fprintf(out, "%" PRIu64, ev->value);
}

static void write_put(FILE *out, const struct zsim_event *ev)
{
	size_t n = text_length(ev->text);

	if (ev->path)
		fprintf(out, " %s", ev->path);
	else
		fprintf(out, " node%" PRIu32, ev->node);
	fprintf(out, " %s", ev->file);
	if (n)
		fputc(' ', out);
	fwrite(ev->text, 1, n, out);
}

static void store_put(FILE *out, const struct zsim_event *ev)
{
	slot_put(out, ev->slot);
	fprintf(out, " %s %" PRIu32, ev->path, ev->node);
	for (uint32_t i = 0; i < ev->nr; i++)
		fprintf(out, " %u", ev->length[i]);
}

static void swapin_put(FILE *out, const struct zsim_event *ev)
{
	fprintf(out, " %s %" PRIu32, ev->path, ev->node);
	if (ev->value > 1)
		fprintf(out, " %" PRIu64, ev->value);
}

static void step_put(FILE *out, const struct zsim_event *ev)
{
	if (ev->value != 1)
		fprintf(out, " %" PRIu64, ev->value);
}

static void string_put(FILE *out, const char *key, const char *s)
{
	fprintf(out, " %s=\"", key);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void number_put(FILE *out, const struct zsim_saw_key *key, uint64_t value)
{
	if (value)
		fprintf(out, key->kind == ZSIM_SAW_SLOT ? " %s=0x%" PRIx64 : " %s=%" PRIu64,
			key->name, value);
}

static void saw_field_put(FILE *out, const struct zsim_saw_key *key, const struct zsim_record *r)
{
	const void *at = (const char *)r + key->offset;
	const char *s;
	int64_t value;

	switch (key->kind) {
	case ZSIM_SAW_U32:
		number_put(out, key, *(const uint32_t *)at);
		break;
	case ZSIM_SAW_U64:
	case ZSIM_SAW_SLOT:
		number_put(out, key, *(const uint64_t *)at);
		break;
	case ZSIM_SAW_BOOL:
		number_put(out, key, *(const bool *)at);
		break;
	case ZSIM_SAW_I64:
		value = *(const int64_t *)at;
		if (value)
			fprintf(out, " %s=%" PRId64, key->name, value);
		break;
	case ZSIM_SAW_STRING:
		s = *(const char *const *)at;
		if (s)
			string_put(out, key->name, s);
		break;
	}
}

static void answer_put(FILE *out, const struct zsim_record *r)
{
	if (r->saw == ZSIM_SAW_STORE_RET && (r->value == 0 || r->value == 1))
		fputs(r->value ? " = ok" : " = rejected", out);
	else
		fprintf(out, " = %" PRId64, r->value);
}

static void saw_put(FILE *out, const struct zsim_record *r)
{
	bool answers = zsim_saw_answers(r->saw);

	fprintf(out, " %s", zsim_saw_name(r->saw));
	for (size_t i = 0; i < ZSIM_NR_SAW_KEYS; i++)
		if (!answers || zsim_saw_keys[i].kind != ZSIM_SAW_I64)
			saw_field_put(out, &zsim_saw_keys[i], r);
	if (answers)
		answer_put(out, r);
}

/* ---- lines ------------------------------------------------------------------------- */

static void fields_put(FILE *out, const struct zsim_event *ev)
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
		fprintf(out, " %s", ev->path);
		break;
	case ZSIM_EV_RMDIR:
		fprintf(out, " %s%s", ev->path, ev->deferred ? " deferred" : "");
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
		fprintf(out, " %" PRIu64, ev->value);
		break;
	case ZSIM_EV_SWAPIN:
		swapin_put(out, ev);
		break;
	case ZSIM_EV_SHRINKER:
	case ZSIM_EV_SLAB:
		fprintf(out, " %s %" PRIu32 " %" PRIu64 "%s", ev->path, ev->node, ev->value,
			ev->noio ? " noio" : "");
		break;
	case ZSIM_EV_FAIL:
		fprintf(out, " %s %" PRIu64, zsim_fail_name(ev->fail), ev->value);
		break;
	case ZSIM_EV_SIGNAL:
		fprintf(out, " %s", ev->target);
		break;
	case ZSIM_EV_STEP:
		step_put(out, ev);
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

static void result_put(FILE *out, const struct zsim_result *r)
{
	char buf[32];

	if (r->kind == ZSIM_RESULT_NONE)
		return;
	zsim_result_format(r, buf, sizeof(buf));
	fprintf(out, " = %s", buf);
}

int zsim_event_write(FILE *out, const struct zsim_event *ev)
{
	if (!event_fits(ev))
		return -EINVAL;
	if (ev->type == ZSIM_EV_SAW && ev->record.pid)
		fprintf(out, "@%" PRIu32 " ", ev->record.pid);
	else if (ev->actor)
		fprintf(out, "@%s ", ev->actor);
	fputs(zsim_event_name(ev->type), out);
	fields_put(out, ev);
	if (ev->type != ZSIM_EV_SAW)
		result_put(out, &ev->expect);
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}
