/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/sniff.h"

#include <errno.h>
#include <string.h>

#include "trace/binary_format.h"

/* a run of bytes that is not terminated */
struct slice {
	const char *s;
	size_t n;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct slice slice_skip(struct slice t, size_t n)
{
	return (struct slice){ t.s + n, t.n - n };
}

/* cut the first line off @t, without its newline */
static struct slice line_cut(struct slice *t)
{
	const char *nl = t->n ? memchr(t->s, '\n', t->n) : NULL;
	struct slice line = { t->s, nl ? (size_t)(nl - t->s) : t->n };

	*t = slice_skip(*t, line.n + (nl ? 1 : 0));
	return line;
}

static struct slice blanks_skip(struct slice t)
{
	while (t.n && is_space(*t.s))
		t = slice_skip(t, 1);
	return t;
}

/* up to the next blank */
static struct slice word_cut(struct slice *t)
{
	struct slice word = { t->s, 0 };

	while (word.n < t->n && !is_space(t->s[word.n]))
		word.n++;
	*t = blanks_skip(slice_skip(*t, word.n));
	return word;
}

static bool slice_begins(struct slice t, const char *with)
{
	size_t n = strlen(with);

	return t.n >= n && !memcmp(t.s, with, n);
}

static bool slice_is(struct slice t, const char *s)
{
	return t.n == strlen(s) && slice_begins(t, s);
}

static bool slice_has(struct slice t, const char *what)
{
	const char *hit;

	while (t.n && (hit = memchr(t.s, what[0], t.n))) {
		t = slice_skip(t, (size_t)(hit - t.s));
		if (slice_begins(t, what))
			return true;
		t = slice_skip(t, 1);
	}
	return false;
}

/* "-PID " and perhaps "(TGID) " end before the bracket of the CPU */
static bool pid_before(struct slice t)
{
	size_t n = t.n;
	size_t digits;

	while (n && is_space(t.s[n - 1]))
		n--;
	if (n && t.s[n - 1] == ')') {
		while (n && t.s[n - 1] != '(')
			n--;
		n -= n ? 1 : 0;
		while (n && is_space(t.s[n - 1]))
			n--;
	}
	for (digits = 0; digits < n && is_digit(t.s[n - 1 - digits]); digits++)
		;
	return digits && digits < n && t.s[n - 1 - digits] == '-';
}

/* "CPU] flags SECONDS.FRACTION: EVENT:" */
static bool time_after(struct slice t)
{
	size_t digits = 0;
	struct slice word;

	while (digits < t.n && is_digit(t.s[digits]))
		digits++;
	if (!digits || digits == t.n || t.s[digits] != ']')
		return false;
	t = blanks_skip(slice_skip(t, digits + 1));
	word = word_cut(&t);
	if (word.n && word.s[word.n - 1] != ':')
		word = word_cut(&t);
	return word.n > 1 && is_digit(word.s[0]) && word.s[word.n - 1] == ':' && t.n;
}

/* "comm-PID [CPU] ..."; a comm may have blanks, dashes and brackets of its own */
static bool is_trace_line(struct slice line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.s[i] == '[' && pid_before((struct slice){ line.s, i }) &&
		    time_after(slice_skip(line, i + 1)))
			return true;
	return false;
}

/* a comment may not come first in a text trace: say so, rather than take it for ftrace */
static bool is_text_after_comment(struct slice t)
{
	struct slice line;

	while (t.n) {
		line = blanks_skip(line_cut(&t));
		if (line.n && *line.s != '#')
			return slice_is(word_cut(&line), "zsim-trace");
	}
	return false;
}

int zsim_sniff_format(const char *data, size_t n)
{
	struct slice text = blanks_skip((struct slice){ data, n });
	struct slice rest = text;
	struct slice line = line_cut(&rest);
	struct slice words = line;

	if (n >= ZSIM_BINARY_MAGIC_BYTES &&
	    !memcmp(data, ZSIM_BINARY_MAGIC, ZSIM_BINARY_MAGIC_BYTES))
		return ZSIM_FORMAT_BINARY;
	if (slice_is(word_cut(&words), "zsim-trace"))
		return ZSIM_FORMAT_TEXT;
	if (slice_begins(text, "#"))
		/* say so, rather than take it for ftrace */
		return is_text_after_comment(text) ? -EINVAL : ZSIM_FORMAT_FTRACE;
	/* a capture may begin in the middle of a line */
	return is_trace_line(line) || is_trace_line(line_cut(&rest)) ? ZSIM_FORMAT_FTRACE : -ENOENT;
}

/* ---- the recorded kernel's algorithm --------------------------------------------------- */

/**
 * struct clues - what the lines say
 * @algo, @kernel: values of the facts, empty without
 * @patch: events that only the patch's functions give
 */
struct clues {
	struct slice algo;
	struct slice kernel;
	bool patch;
};

static void ftrace_clue(struct slice line, struct clues *clues)
{
	if (slice_begins(line, "# zsim: ")) {
		struct slice rest = slice_skip(line, strlen("# zsim: "));
		struct slice key = word_cut(&rest);

		if (slice_is(key, "algo"))
			clues->algo = word_cut(&rest);
		else if (slice_is(key, "kernel"))
			clues->kernel = word_cut(&rest);
		return;
	}
	if (!clues->patch)
		clues->patch = slice_has(line, " one: (") || slice_has(line, " wb: (") ||
			       slice_has(line, " lru_ins: (");
}

/* the NAME of text="NAME" among the fields @rest */
static struct slice saw_text(struct slice rest)
{
	static const char key[] = "text=\"";
	struct slice value;
	const char *quote;

	while (rest.n) {
		value = word_cut(&rest);
		quote = NULL;
		if (slice_begins(value, key)) {
			value = slice_skip(value, sizeof(key) - 1);
			quote = memchr(value.s, '"', value.n);
		}
		if (quote)
			return (struct slice){ value.s, (size_t)(quote - value.s) };
	}
	return (struct slice){ "", 0 };
}

static void text_clue(struct slice line, struct clues *clues)
{
	struct slice rest = blanks_skip(line);
	struct slice word = word_cut(&rest);

	if (word.n && *word.s == '@')
		word = word_cut(&rest);
	if (!slice_is(word, "saw"))
		return;
	word = word_cut(&rest);
	if (slice_is(word, "algo"))
		clues->algo = saw_text(rest);
	else if (slice_is(word, "kernel"))
		clues->kernel = saw_text(rest);
	else if (slice_is(word, "one") || slice_is(word, "wb") || slice_is(word, "lru_ins"))
		clues->patch = true;
}

/* "7.3.4-amd64" and "7.3-rc1" are of 7.3, "7.30" is not */
static bool release_is(struct slice release, const char *version)
{
	size_t n = strlen(version);

	return slice_begins(release, version) && (release.n == n || !is_digit(release.s[n]));
}

static struct slice clues_algo(const struct clues *clues)
{
	const char *name = "";

	if (clues->algo.n)
		return clues->algo;
	if (release_is(clues->kernel, "7.3"))
		name = "linux-7.3";
	else if (clues->patch)
		name = "proactive-v5";
	else if (release_is(clues->kernel, "7.2"))
		name = "linux-7.2";
	return (struct slice){ name, strlen(name) };
}

/* lines among the records of a block */
static void block_clues(const struct zsim_binary_block *block, struct clues *clues)
{
	const unsigned char *end = block->payload + block->bytes;
	const unsigned char *p = block->payload;
	size_t n;

	while ((n = zsim_binary_record_bytes(p, end))) {
		if (*p == ZSIM_BINARY_TEXT)
			text_clue((struct slice){ (const char *)p + ZSIM_BINARY_TEXT_HEAD,
						  n - ZSIM_BINARY_TEXT_HEAD },
				  clues);
		p += n;
	}
}

static void binary_clues(struct slice t, struct clues *clues)
{
	struct zsim_binary_block block;
	uint64_t number = 0;
	const char *why;

	while (!zsim_binary_block_check(t.s, t.n, number++, &block, &why) && !block.end) {
		block_clues(&block, clues);
		t = slice_skip(t, block.size);
	}
}

void zsim_sniff_algo(enum zsim_trace_format format, const char *data, size_t n, char *name,
		     size_t size)
{
	struct clues clues = { { "", 0 }, { "", 0 }, false };
	struct slice rest = { data, n };
	struct slice algo;

	if (format == ZSIM_FORMAT_BINARY) {
		binary_clues(rest, &clues);
		rest.n = 0;
	}
	while (rest.n) {
		struct slice line = line_cut(&rest);

		if (format == ZSIM_FORMAT_TEXT)
			text_clue(line, &clues);
		else
			ftrace_clue(line, &clues);
	}
	algo = clues_algo(&clues);
	if (algo.n >= size)
		algo.n = size - 1;
	memcpy(name, algo.s, algo.n);
	name[algo.n] = '\0';
}
