/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_saw.c - `saw` lines of text traces: what a kernel was recorded to do.
 */
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "trace/saw_key.h"
#include "trace/text_line.h"

#define KEY(name, kind, field)                                             \
	{                                                                  \
		name, ZSIM_SAW_##kind, offsetof(struct zsim_record, field) \
	}

const struct zsim_saw_key zsim_saw_keys[ZSIM_NR_SAW_KEYS] = {
	KEY("cg", U64, cg),
	KEY("parent", U64, parent),
	KEY("swp", SLOT, slot),
	KEY("nid", U32, node),
	KEY("nr", U64, nr),
	KEY("len", U32, length),
	KEY("ref", BOOL, referenced),
	KEY("null", BOOL, null_memcg),
	KEY("noio", BOOL, noio),
	KEY("scans", U32, scans),
	KEY("fails", U32, failures),
	KEY("prio", U32, priority),
	KEY("value", I64, value),
	KEY("items", U64, items),
	KEY("deferred", U64, deferred),
	KEY("delta", U64, delta),
	KEY("total", U64, total),
	KEY("path", STRING, path),
	KEY("text", STRING, text),
};

void zsim_text_init(struct zsim_text *text)
{
	for (uint8_t i = 0; i < ZSIM_NR_SAWS; i++)
		zsim_word_add(&text->saws, zsim_saw_name((enum zsim_saw)i), i);
	for (uint8_t i = 0; i < ZSIM_NR_SAW_KEYS; i++)
		zsim_word_add(&text->keys, zsim_saw_keys[i].name, i);
}

bool zsim_saw_answers(enum zsim_saw saw)
{
	switch (saw) {
	case ZSIM_SAW_STORE_RET:
	case ZSIM_SAW_MAY_RET:
	case ZSIM_SAW_TOTAL:
	case ZSIM_SAW_LOAD_RET:
	case ZSIM_SAW_RECLAIM_RET:
	case ZSIM_SAW_ONE_RET:
	case ZSIM_SAW_SHRINK_RET:
	case ZSIM_SAW_SCAN_RET:
	case ZSIM_SAW_WB_RET:
		return true;
	default:
		return false;
	}
}

static unsigned int hex_value(char c)
{
	uint64_t value = 16;
	char digit[3] = { '0', 'x', c };

	zsim_number_parse(digit, sizeof(digit), &value);
	return (unsigned int)value;
}

/* what stands behind a backslash at @s; how many bytes it takes, 0 if it is wrong */
static size_t escape_parse(const char *s, char *c)
{
	unsigned int high, low;

	switch (*s) {
	case 'n':
		*c = '\n';
		return 1;
	case 't':
		*c = '\t';
		return 1;
	case '"':
	case '\\':
		*c = *s;
		return 1;
	case 'x':
		high = hex_value(s[1]);
		low = high < 16 ? hex_value(s[2]) : 16;
		*c = (char)(unsigned char)(high << 4 | low);
		return low < 16 && *c ? 3 : 0;
	}
	return 0;
}

/* a quoted string at @p, unescaped in place: it only gets shorter */
static int string_take(struct zsim_line *l, const char *name, const char **value)
{
	char *in = l->p;
	char *out = l->p;
	size_t n;

	if (*in++ != '"')
		return zsim_line_bad(l, "%s is not quoted: %.64s", name, l->p);
	*value = out;
	while (*in && *in != '"') {
		if (*in != '\\') {
			*out++ = *in++;
			continue;
		}
		n = escape_parse(in + 1, out++);
		if (!n)
			return zsim_line_bad(l, "%s has a wrong escape: %.4s", name, in);
		in += n + 1;
	}
	if (*in++ != '"')
		return zsim_line_bad(l, "%s has no closing quote", name);
	if (*in && !zsim_line_blank(*in))
		return zsim_line_bad(l, "%s has no blank after its closing quote", name);
	*out = '\0';
	l->p = in;
	return 0;
}

static int signed_take(struct zsim_line *l, const char *name, int64_t *value)
{
	const char *s = zsim_field_cut(l);
	int ret = zsim_number_parse_signed(s, l->n, value);

	if (ret == -EINVAL)
		return zsim_line_bad(l, "%s is not a number: %.64s", name, s);
	return ret ? zsim_line_bad(l, "%s beyond 64 bits: %.64s", name, s) : 0;
}

static int unsigned_take(struct zsim_line *l, const char *name, uint64_t max, uint64_t *value)
{
	const char *s = zsim_field_cut(l);
	int ret = zsim_number_parse(s, l->n, value);

	return zsim_field_check(l, name, s, ret, 0, max, value);
}

static int saw_value(struct zsim_line *l, const struct zsim_saw_key *key)
{
	void *at = (char *)&l->ev->record + key->offset;
	uint64_t value = 0;
	int ret;

	switch (key->kind) {
	case ZSIM_SAW_U32:
		ret = unsigned_take(l, key->name, UINT32_MAX, &value);
		*(uint32_t *)at = (uint32_t)value;
		return ret;
	case ZSIM_SAW_U64:
	case ZSIM_SAW_SLOT:
		return unsigned_take(l, key->name, UINT64_MAX, at);
	case ZSIM_SAW_I64:
		return signed_take(l, key->name, at);
	case ZSIM_SAW_BOOL:
		ret = unsigned_take(l, key->name, 1, &value);
		*(bool *)at = value;
		return ret;
	case ZSIM_SAW_STRING:
		break;
	}
	return string_take(l, key->name, at);
}

/* KEY of KEY=value at @p, which is then at the value; its index, or an error */
static int saw_key(struct zsim_line *l)
{
	char *s = l->p;
	size_t n = 0;
	int key;

	while (s[n] && s[n] != '=' && !zsim_line_blank(s[n]))
		n++;
	if (s[n] != '=')
		return zsim_line_bad(l, "no key=value: %.64s", s);
	s[n] = '\0';
	l->p = s + n + 1;
	key = zsim_word_find(&l->text->keys, s, n);
	return key < 0 ? zsim_line_bad(l, "unknown key: %.64s", s) : key;
}

static int saw_pid(struct zsim_line *l)
{
	struct zsim_event *ev = l->ev;
	uint64_t pid;

	if (!ev->actor)
		return 0;
	if (zsim_number_parse(ev->actor, strlen(ev->actor), &pid) || pid > UINT32_MAX)
		return zsim_line_bad(l, "@PID is not a thread: %.64s", ev->actor);
	ev->record.pid = (uint32_t)pid;
	ev->actor = NULL;
	return 0;
}

static int saw_name(struct zsim_line *l)
{
	const char *s;
	int ret = zsim_field_need(l, "NAME", &s);
	int saw;

	if (ret)
		return ret;
	saw = zsim_word_find(&l->text->saws, s, l->n);
	if (saw < 0)
		return zsim_line_bad(l, "NAME is not known: %.64s", s);
	l->ev->record.saw = (enum zsim_saw)saw;
	return 0;
}

static bool answer_next(const struct zsim_line *l)
{
	return l->p[0] == '=' && (!l->p[1] || zsim_line_blank(l->p[1]));
}

/* `= RESULT`: what the kernel answered, which is the record's value */
static int saw_answer(struct zsim_line *l)
{
	int ret;

	if (!zsim_saw_answers(l->ev->record.saw))
		return zsim_line_bad(l, "takes no = RESULT");
	ret = zsim_line_tail(l);
	l->ev->record.value = l->ev->expect.value;
	l->ev->expect = (struct zsim_result){ .kind = ZSIM_RESULT_NONE };
	return ret;
}

int zsim_line_saw(struct zsim_line *l)
{
	uint32_t seen = 0;
	int ret = saw_pid(l);
	int key;

	if (!ret)
		ret = saw_name(l);
	while (!ret && !zsim_line_ended(l)) {
		if (answer_next(l))
			return saw_answer(l);
		key = saw_key(l);
		if (key < 0)
			return key;
		if (seen >> key & 1)
			return zsim_line_bad(l, "%s given twice", zsim_saw_keys[key].name);
		seen |= UINT32_C(1) << key;
		ret = saw_value(l, &zsim_saw_keys[key]);
	}
	return ret;
}
