/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/scenario_line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"

#define HEADER "zsim-scenario"
#define MAX_BUDGET 1000000u

/* ---- messages --------------------------------------------------------------------------- */

int zsim_scenario_bad(struct zsim_scenario_text *t, uint64_t line, const char *format, ...)
{
	size_t size = strlen(t->sc->name) + ZSIM_SCENARIO_WHY;
	char *error = t->sc->error;
	int n = snprintf(error, size, "%s:%llu: ", t->sc->name, (unsigned long long)line);
	va_list args;

	va_start(args, format);
	vsnprintf(error + n, size - (size_t)n, format, args);
	va_end(args);
	/* one line, whatever the text has in it */
	for (char *p = error + n; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return -EBADMSG;
}

#define bad(t, ...) zsim_scenario_bad(t, (t)->line, __VA_ARGS__)

/* ---- fields ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void blanks_skip(struct zsim_scenario_text *t)
{
	while (is_blank(*t->p))
		t->p++;
}

/* the next field, terminated; NULL where the line or its part before a comment ends */
static char *field_next(struct zsim_scenario_text *t)
{
	char *s;

	blanks_skip(t);
	if (!*t->p || *t->p == '#')
		return NULL;
	s = t->p;
	while (*t->p && !is_blank(*t->p))
		t->p++;
	if (*t->p)
		*t->p++ = '\0';
	return s;
}

static int field_need(struct zsim_scenario_text *t, const char *what, const char *name, char **s)
{
	*s = field_next(t);
	return *s ? 0 : bad(t, "%s: %s missing", what, name);
}

static int fields_end(struct zsim_scenario_text *t, const char *what)
{
	const char *s = field_next(t);

	return s ? bad(t, "%s: extra field: %.64s", what, s) : 0;
}

static int number_parse(struct zsim_scenario_text *t, const char *what, const char *s, uint64_t max,
			uint64_t *value)
{
	int rc = zsim_number_parse(s, strlen(s), value);

	if (rc == -EINVAL)
		return bad(t, "%s: not a number: %.64s", what, s);
	if (rc || !*value || *value > max)
		return bad(t, "%s: out of range 1..%llu: %.64s", what, (unsigned long long)max, s);
	return 0;
}

/* ---- about, algo, set --------------------------------------------------------------------- */

static int about_read(struct zsim_scenario_text *t)
{
	struct zsim_scenario *sc = t->sc;
	size_t n;

	blanks_skip(t);
	n = strlen(t->p);
	while (n && is_blank(t->p[n - 1]))
		t->p[--n] = '\0';
	if (!n)
		return bad(t, "about: TEXT missing");
	if (sc->about)
		return bad(t, "about: given twice");
	sc->about = zsim_strdup(sc->alloc, t->p);
	return sc->about ? 0 : -ENOMEM;
}

static int algo_read(struct zsim_scenario_text *t)
{
	const struct zsim_algo *algo;
	char *name;
	int rc = field_need(t, "algo", "NAME", &name);

	if (rc)
		return rc;
	algo = zsim_algo_find(name);
	if (!algo)
		return bad(t, "algo: unknown: %.64s", name);
	if (t->algo_given)
		return bad(t, "algo: given twice");
	if (t->set_given)
		return bad(t, "algo: must come before set");
	t->algo_given = true;
	t->sc->algo = *algo;
	return fields_end(t, "algo");
}

static int constant_set(struct zsim_scenario_text *t, char *pair)
{
	char *equals = strchr(pair, '=');
	uint64_t value;
	int rc;

	if (!equals)
		return bad(t, "set: not NAME=NUMBER: %.64s", pair);
	*equals = '\0';
	rc = zsim_number_parse(equals + 1, strlen(equals + 1), &value);
	if (rc == -EINVAL)
		return bad(t, "set: %.32s is not a number: %.64s", pair, equals + 1);
	if (!rc)
		rc = zsim_algo_set(&t->sc->algo, pair, value);
	if (rc == -ENOENT)
		return bad(t, "set: unknown constant: %.64s", pair);
	return rc ? bad(t, "set: %.32s out of range 1..65536: %.64s", pair, equals + 1) : 0;
}

static int set_read(struct zsim_scenario_text *t)
{
	char *pair, *comma;
	int rc = field_need(t, "set", "NAME=NUMBER", &pair);

	t->set_given = true;
	while (!rc && pair) {
		comma = strchr(pair, ',');
		if (comma)
			*comma++ = '\0';
		rc = constant_set(t, pair);
		pair = comma;
	}
	return rc ? rc : fields_end(t, "set");
}

/* ---- either cold ---------------------------------------------------------------------------- */

static int either_add(struct zsim_scenario_text *t, const char *s)
{
	struct zsim_scenario *sc = t->sc;
	uint64_t slot;

	if (zsim_number_parse(s, strlen(s), &slot))
		return bad(t, "either cold: SLOT is not a number: %.64s", s);
	if (sc->nr_either == ZSIM_MAX_EITHER)
		return bad(t, "either cold: more than %u slots", ZSIM_MAX_EITHER);
	for (uint32_t i = 0; i < sc->nr_either; i++)
		if (t->either[i] == slot)
			return bad(t, "either cold: named twice: %.64s", s);
	t->either[sc->nr_either] = slot;
	t->either_line[sc->nr_either++] = t->line;
	return 0;
}

static int either_read(struct zsim_scenario_text *t)
{
	char *s;
	int rc = field_need(t, "either", "cold", &s);

	if (!rc && strcmp(s, "cold"))
		return bad(t, "either: only cold is known, not %.64s", s);
	if (!rc)
		rc = field_need(t, "either cold", "SLOT", &s);
	for (; !rc && s; s = field_next(t))
		rc = either_add(t, s);
	return rc;
}

/* ---- actors --------------------------------------------------------------------------- */

uint32_t zsim_scenario_role(const struct zsim_scenario *sc, const char *name, size_t n)
{
	uint32_t r = 0;

	while (r < sc->nr_roles &&
	       (strlen(sc->role[r].name) != n || memcmp(sc->role[r].name, name, n)))
		r++;
	return r;
}

static int role_any(struct zsim_scenario_text *t, struct zsim_role *role)
{
	uint64_t budget;
	char *s;
	int rc = field_need(t, "actor", "number or forever", &s);

	if (rc)
		return rc;
	role->mode = ZSIM_MODE_FOREVER;
	if (!strcmp(s, "forever"))
		return 0;
	role->mode = ZSIM_MODE_ANY;
	rc = number_parse(t, "actor: any", s, MAX_BUDGET, &budget);
	if (!rc)
		role->budget = (uint32_t)budget;
	return rc;
}

static bool queued_exists(const struct zsim_scenario *sc)
{
	for (uint32_t r = 0; r < sc->nr_roles; r++)
		if (sc->role[r].mode == ZSIM_MODE_QUEUED)
			return true;
	return false;
}

/* `in order`, `any N`, `any forever`, `when queued` */
static int role_mode(struct zsim_scenario_text *t, struct zsim_role *role)
{
	const char *want;
	char *s, *second;
	int rc = field_need(t, "actor", "in order, any or when queued", &s);

	if (rc)
		return rc;
	if (!strcmp(s, "any"))
		return role_any(t, role);
	role->mode = !strcmp(s, "in") ? ZSIM_MODE_ORDER : ZSIM_MODE_QUEUED;
	want = role->mode == ZSIM_MODE_ORDER ? "order" : "queued";
	if (role->mode == ZSIM_MODE_QUEUED && strcmp(s, "when"))
		return bad(t, "actor: neither in order nor any nor when queued: %.64s", s);
	rc = field_need(t, "actor", want, &second);
	if (!rc && strcmp(second, want))
		return bad(t, "actor: %s %s, not %s %.64s", s, want, s, second);
	if (!rc && role->mode == ZSIM_MODE_QUEUED && queued_exists(t->sc))
		return bad(t, "actor: a second one when queued: there is one pool worker");
	return rc;
}

static int actor_read(struct zsim_scenario_text *t)
{
	struct zsim_scenario *sc = t->sc;
	struct zsim_role role = { .line = t->line };
	char *name;
	int rc = field_need(t, "actor", "NAME", &name);

	if (rc)
		return rc;
	if (*name == '@')
		return bad(t, "actor: NAME begins with @: %.64s", name);
	if (zsim_scenario_role(sc, name, strlen(name)) < sc->nr_roles)
		return bad(t, "actor: declared twice: %.64s", name);
	if (sc->nr_roles == ZSIM_MAX_PLAYERS)
		return bad(t, "actor: more than %u actors", ZSIM_MAX_PLAYERS);
	rc = role_mode(t, &role);
	if (!rc)
		rc = fields_end(t, "actor");
	if (rc)
		return rc;
	role.name = zsim_strdup(sc->alloc, name);
	if (!role.name)
		return -ENOMEM;
	sc->role[sc->nr_roles++] = role;
	return 0;
}

static bool word_is(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && !memcmp(s, word, n);
}

/* what a simulator does to itself, and what would make a state grow without end */
static bool is_no_action(const char *s, size_t n)
{
	static const char *const words[] = { "step", "finish", "saw", "machine", "mkdir" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word_is(s, n, words[i]))
			return true;
	return false;
}

/* `@NAME EVENT`: the name goes, since the trace's reader would refuse it before some events */
static int event_claim(struct zsim_scenario_text *t)
{
	char *name = t->p + 1;
	size_t n = strcspn(name, " \t");
	uint32_t role = zsim_scenario_role(t->sc, name, n);

	t->p = name + n;
	blanks_skip(t);
	if (!n)
		return bad(t, "name missing behind @");
	if (role == t->sc->nr_roles)
		return bad(t, "no actor is declared by this name: %.*s", n < 64 ? (int)n : 64,
			   name);
	if (!*t->p || *t->p == '#')
		return bad(t, "event missing behind @%.64s", t->sc->role[role].name);
	n = strcspn(t->p, " \t");
	if (is_no_action(t->p, n))
		return bad(t, "%.*s: not for an actor", (int)n, t->p);
	memset(name - 1, ' ', (size_t)(t->p - name) + 1);
	t->owner[t->line] = (uint8_t)(role + 1);
	return 0;
}

/* ---- prove, refute, ignore ------------------------------------------------------------------ */

static const char *first_of(uint64_t set)
{
	int i = 0;

	while (!(set & ZSIM_P_BIT(i)))
		i++;
	return zsim_property_name((enum zsim_property)i);
}

static int properties_agree(struct zsim_scenario_text *t, const char *what)
{
	uint64_t both = t->proved & t->refuted;
	uint64_t looked_at = t->ignored & (t->proved | t->refuted);
	uint64_t idle = t->ignored & ~ZSIM_P_ALWAYS;

	if (both)
		return bad(t, "%s: to be both proved and refuted: %s", what, first_of(both));
	if (looked_at)
		return bad(t, "%s: to be ignored too: %s", what, first_of(looked_at));
	if (idle)
		return bad(t, "%s: looked at on demand only: %s", what, first_of(idle));
	return 0;
}

static int properties_read(struct zsim_scenario_text *t, const char *what, uint64_t *set)
{
	char *s;
	int rc = field_need(t, what, "NAME", &s);
	int property;

	for (; !rc && s; s = field_next(t)) {
		property = zsim_property_parse(s);
		if (property < 0)
			return bad(t, "%s: unknown property: %.64s", what, s);
		*set |= ZSIM_P_BIT(property);
	}
	return rc ? rc : properties_agree(t, what);
}

static int prove_read(struct zsim_scenario_text *t)
{
	return properties_read(t, "prove", &t->proved);
}

static int refute_read(struct zsim_scenario_text *t)
{
	return properties_read(t, "refute", &t->refuted);
}

static int ignore_read(struct zsim_scenario_text *t)
{
	return properties_read(t, "ignore", &t->ignored);
}

/* what a defect breaks is to hold without it */
static int catches_read(struct zsim_scenario_text *t)
{
	uint64_t caught = 0;
	uint64_t defect;
	char *s;
	int rc = field_need(t, "catches", "DEFECT", &s);

	if (!rc)
		rc = number_parse(t, "catches: DEFECT", s, ZSIM_NR_DEFECTS - 1, &defect);
	if (!rc)
		rc = properties_read(t, "catches", &caught);
	if (rc)
		return rc;
	t->sc->catches[defect] |= caught;
	t->proved |= caught;
	return properties_agree(t, "catches");
}

/* ---- a line -------------------------------------------------------------------------------- */

static const struct {
	const char *word;
	int (*read)(struct zsim_scenario_text *t);
} own_lines[] = {
	{ "about", about_read },   { "algo", algo_read },     { "set", set_read },
	{ "actor", actor_read },   { "either", either_read }, { "prove", prove_read },
	{ "refute", refute_read }, { "ignore", ignore_read }, { "catches", catches_read },
};

static int header_read(struct zsim_scenario_text *t)
{
	char *line = t->p;
	char *s;
	int rc;

	if (!word_is(line, strcspn(line, " \t"), HEADER))
		return bad(t, "not a scenario: the first line is not `" HEADER " 1`");
	field_next(t);
	rc = field_need(t, HEADER, "version", &s);
	if (rc)
		return rc;
	if (strcmp(s, "1"))
		return bad(t, HEADER ": unsupported version: %.64s", s);
	rc = fields_end(t, HEADER);
	t->header = true;
	return rc;
}

/* a search of all states needs a pool with few of them */
static int machine_check(struct zsim_scenario_text *t)
{
	static const char other[] = "pool=zsmalloc";
	const char *end = t->p + strcspn(t->p, "#");
	const char *found = strstr(t->p, other);

	return found && found < end ? bad(t, "machine: pool=bytes is needed here") : 0;
}

int zsim_scenario_line(struct zsim_scenario_text *t, bool *own)
{
	size_t word;

	*own = false;
	blanks_skip(t);
	if (!*t->p || (*t->p == '#' && t->header))
		return 0;
	*own = !t->header;
	if (!t->header)
		return header_read(t);
	if (*t->p == '@')
		return event_claim(t);
	word = strcspn(t->p, " \t");
	if (word_is(t->p, word, "machine"))
		return machine_check(t);
	for (size_t i = 0; i < sizeof(own_lines) / sizeof(own_lines[0]); i++) {
		if (!word_is(t->p, word, own_lines[i].word))
			continue;
		*own = true;
		t->p += word;
		return own_lines[i].read(t);
	}
	return 0;
}
