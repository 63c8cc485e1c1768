/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One recorded decision of a capture is falsified, and the oracle must notice.
 *
 * Each lie changes one value, or leaves out or doubles what belongs together.
 * It is told at the middle, the last and the first place where it can be told,
 * and at some that a seed chooses.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/replay.h"
#include "support/samples.h"
#include "support/suite.h"

#define RANDOM_PLACES 1
#define MAX_RECORDS 50000
#define PLACES (3 + RANDOM_PLACES)

enum how {
	FLIP,	    /* 0 for another number, 1 for 0 */
	UP,	    /* one more */
	DOWN,	    /* one less, where it is not 0 */
	NIL,	    /* a pointer becomes 0x0, or 0x0 a pointer */
	OTHER,	    /* the value of another record of this kind */
	DROP,	    /* the record is left out */
	DROP_CALL,  /* with all of the thread up to its return */
	TWICE,	    /* the record comes twice */
	TWICE_CALL, /* with all of the thread up to its return */
	NR_HOWS,
};

struct lie {
	const char *event;
	const char *key;
	enum how how;
};

static const struct lie lies[] = {
	{ "may_ret", "ok", FLIP },
	{ "store_ret", "ok", FLIP },
	{ "total", "pages", UP },
	{ "total", "pages", DOWN },
	{ "one", "memcg", NIL },
	{ "one", "id", OTHER },
	{ "one", "scans", UP },
	{ "one", "fails", UP },
	{ "one_ret", "rc", UP },
	{ "one_ret", "rc", DOWN },
	{ "shrink", "id", OTHER },
	{ "shrink", "nr", UP },
	{ "shrink", "nr", DOWN },
	{ "shrink_ret", "rc", UP },
	{ "shrink_ret", "rc", OTHER },
	{ "walk", "nid", FLIP },
	{ "walk", "cg", OTHER },
	{ "walk", "nr", UP },
	{ "walk", "nr", DOWN },
	{ "scan", "swp", OTHER },
	{ "scan", "swp", UP },
	{ "scan", "len", UP },
	{ "scan", "ref", FLIP },
	{ "scan_ret", "st", OTHER },
	{ "wb_ret", "rc", OTHER },
	{ "wb_ret", "rc", DOWN },
	{ "load_ret", "rc", OTHER },
	{ "reclaim_ret", "rc", OTHER },
	{ "reclaim_ret", "rc", DOWN },
	{ "mm_shrink_slab_start", "objects to shrink", UP },
	{ "mm_shrink_slab_start", "delta", UP },
	{ "mm_shrink_slab_start", "total_scan", UP },
	{ "mm_shrink_slab_end", "unused scan count", UP },
	{ "mm_shrink_slab_end", "new scan count", UP },
	{ "mm_shrink_slab_end", "total_scan", UP },
	{ "mm_shrink_slab_end", "last shrinker return val", UP },
	{ "scan", NULL, DROP_CALL },
	{ "scan", NULL, TWICE_CALL },
	{ "walk", NULL, DROP },
	{ "walk", NULL, TWICE },
	{ "one", NULL, DROP },
	{ "one", NULL, DROP_CALL },
	{ "one", NULL, TWICE },
	{ "one_ret", NULL, DROP },
	{ "shrink", NULL, DROP },
	{ "shrink", NULL, DROP_CALL },
	{ "shrink_ret", NULL, DROP },
	{ "worker", NULL, DROP },
	{ "worker_ret", NULL, DROP },
	{ "reclaim", NULL, DROP },
	{ "reclaim_ret", NULL, DROP },
	{ "scan_ret", NULL, DROP },
	{ "wb_ret", NULL, DROP },
};

/* ---- telling a lie ------------------------------------------------------------ */

/* the return of the call that begins at @i; @i if the capture ends before */
static size_t call_end(const struct capture *c, size_t i, const char *event)
{
	uint32_t pid = record_pid(c, i);
	char ret[32];

	snprintf(ret, sizeof(ret), "%s_ret", event);
	for (size_t j = i + 1; j < c->last; j++)
		if (record_is(c, j, ret) && record_pid(c, j) == pid)
			return j;
	return i;
}

static uint64_t number_at(const struct capture *c, struct span v)
{
	return strtoull(c->text.data + v.at, NULL, 0);
}

static bool same_value(const struct capture *c, struct span a, struct span b)
{
	return a.size == b.size && !memcmp(c->text.data + a.at, c->text.data + b.at, a.size);
}

/* the value of the next record of this kind that has another one */
static bool other_value(const struct capture *c, size_t i, const struct lie *lie, struct span v,
			struct span *other)
{
	for (size_t n = 1; n < c->nr; n++) {
		size_t j = (i + n) % c->nr;

		if (record_is(c, j, lie->event) && record_field(c, j, lie->key, other) &&
		    !same_value(c, v, *other))
			return true;
	}
	return false;
}

/* a number as the capture spells it: -5, 7, 0x1f */
static void number_write(const struct capture *c, struct span v, long long add, char *out, size_t n)
{
	const char *text = c->text.data + v.at;

	if (text[0] == '0' && text[1] == 'x')
		snprintf(out, n, "0x%llx", strtoull(text, NULL, 16) + (unsigned long long)add);
	else if (text[0] == '-')
		snprintf(out, n, "%lld", strtoll(text, NULL, 10) + add);
	else
		snprintf(out, n, "%llu", strtoull(text, NULL, 10) + (unsigned long long)add);
}

static bool value_make(const struct capture *c, size_t i, const struct lie *lie, struct span v,
		       char *out, size_t n)
{
	struct span other;

	switch (lie->how) {
	case FLIP:
		snprintf(out, n, "%d", number_at(c, v) == 0);
		return true;
	case NIL:
		snprintf(out, n, "%s", number_at(c, v) ? "0x0" : "0xff");
		return true;
	case OTHER:
		if (!other_value(c, i, lie, v, &other))
			return false;
		snprintf(out, n, "%.*s", (int)other.size, c->text.data + other.at);
		return true;
	case DOWN:
		number_write(c, v, -1, out, n);
		return number_at(c, v) != 0;
	default:
		number_write(c, v, 1, out, n);
		return true;
	}
}

static void records_add(struct text *t, const struct capture *c, size_t from, size_t to)
{
	size_t at = from < c->nr ? c->records[from].at : c->text.size;
	size_t end = to < c->nr ? c->records[to].at : c->text.size;

	text_add(t, c->text.data + at, end - at);
}

static bool lie_in_value(const struct capture *c, size_t i, const struct lie *lie, struct text *t)
{
	char value[64];
	struct span v;

	if (!record_field(c, i, lie->key, &v) || !value_make(c, i, lie, v, value, sizeof(value)))
		return false;
	text_add(t, c->text.data, v.at);
	text_add(t, value, strlen(value));
	text_add(t, c->text.data + v.at + v.size, c->text.size - v.at - v.size);
	return true;
}

static void pid_add(struct text *t, const struct capture *c, size_t from, size_t to, uint32_t pid,
		    bool same)
{
	for (size_t i = from; i < to; i++)
		if ((record_pid(c, i) == pid) == same)
			records_add(t, c, i, i + 1);
}

static bool lie_in_records(const struct capture *c, size_t i, const struct lie *lie, struct text *t)
{
	bool call = lie->how == DROP_CALL || lie->how == TWICE_CALL;
	bool twice = lie->how == TWICE || lie->how == TWICE_CALL;
	size_t end = (call ? call_end(c, i, lie->event) : i) + 1;

	if (call && end == i + 1)
		return false;
	records_add(t, c, 0, twice ? end : i);
	pid_add(t, c, i, end, record_pid(c, i), twice);
	records_add(t, c, end, c->nr);
	return true;
}

/* ---- what cannot be known (captures.md) --------------------------------------- */

/* a pool that is not empty at first holds entries from before: all is unknown then */
static bool is_first(const struct capture *c, size_t i)
{
	for (size_t j = c->first; j < i; j++)
		if (record_is(c, j, "total"))
			return false;
	return true;
}

/* a request to the kernel's ordinary reclaim, or the end of one */
static bool is_ordinary(const struct capture *c, size_t i)
{
	uint32_t pid = record_pid(c, i);

	while (i > c->first && !(record_is(c, i, "reclaim") && record_pid(c, i) == pid))
		i--;
	return !record_has(c, i, "source=zswap");
}

/* the capture may end within a call, and a thread without further records be in it */
static bool is_last_call(const struct capture *c, size_t i)
{
	uint32_t pid = record_pid(c, i);

	for (size_t j = i + 1; j < c->last; j++)
		if (record_pid(c, j) == pid)
			return false;
	return true;
}

/* a thread's very first record, without which its call may have begun before the capture */
static bool is_alone(const struct capture *c, size_t i, const char *event)
{
	uint32_t pid = record_pid(c, i);

	if (strcmp(event, "worker") != 0)
		return false;
	while (i-- > c->first)
		if (record_pid(c, i) == pid)
			return false;
	return true;
}

static bool hopeless(const struct capture *c, size_t i, const struct lie *lie)
{
	bool stock = !record_has(c, 0, "7.2.13");

	if (!strcmp(lie->event, "total"))
		return is_first(c, i);
	if (!strcmp(lie->event, "shrink") && lie->key && !strcmp(lie->key, "nr"))
		return stock;
	if (!strncmp(lie->event, "reclaim", 7) && is_ordinary(c, i))
		return true;
	if (lie->how == DROP && (is_last_call(c, i) || is_alone(c, i, lie->event)))
		return true;
	if (lie->how == DROP_CALL && is_last_call(c, call_end(c, i, lie->event)))
		return true;
	/* without a group the other fields that tell it are what memory held there */
	return !strcmp(lie->event, "one") && lie->key && !strcmp(lie->key, "id") &&
	       record_has(c, i, "memcg=0x0");
}

static bool lie_tell(const struct capture *c, size_t i, const struct lie *lie, struct text *t)
{
	t->size = 0;
	if (hopeless(c, i, lie))
		return false;
	return lie->key ? lie_in_value(c, i, lie, t) : lie_in_records(c, i, lie, t);
}

/* ---- where -------------------------------------------------------------------- */

static size_t places_of(const struct capture *c, const char *event, size_t *at)
{
	size_t nr = 0;

	for (size_t i = c->first; i < c->last; i++)
		if (record_is(c, i, event))
			at[nr++] = i;
	return nr;
}

/* ---- what must be noticed ------------------------------------------------------ */

struct trial {
	const struct capture *c;
	const char *name;
	struct text text;
	struct dice dice;
	bool racing;
	unsigned int told;
	unsigned int unnoticed;
};

/* where CPUs race some differences are there without the lie */
static bool noticed(const struct replay *r, bool racing)
{
	if (r->rc == -EBADMSG) /* a length beyond a page */
		return r->error[0];
	return !r->rc && !r->violations && r->wrong > (racing ? r->racy : 0);
}

static void lie_try(struct trial *tr, size_t i, const struct lie *lie)
{
	const struct span *rec = &tr->c->records[i];
	struct replay r;

	if (!lie_tell(tr->c, i, lie, &tr->text))
		return;
	tr->told++;
	replay_text(&tr->text, NULL, NULL, &r);
	if (noticed(&r, tr->racing))
		return;
	tr->unnoticed++;
	printf("%s: %s %s (%d) line %zu not noticed: rc %d %s %s violations %" PRIu64 "\n  %.*s",
	       tr->name, lie->event, lie->key ? lie->key : "", lie->how, i + 1, r.rc, r.error,
	       r.violations ? r.first : "", r.violations, (int)rec->size,
	       tr->c->text.data + rec->at);
}

/* what differs there without a lie: which CPU was first decides */
static bool is_racy(const char *event)
{
	return !strcmp(event, "total") || !strcmp(event, "may_ret");
}

static void lie_everywhere(struct trial *tr, const struct lie *lie, size_t *at)
{
	size_t nr = places_of(tr->c, lie->event, at);
	size_t place;

	if (!nr || (tr->racing && is_racy(lie->event)))
		return;
	for (uint32_t k = 0; k < samples(PLACES, 1); k++) {
		place = k < 3 ? (nr - 1) * ((k + 1) % 3) / 2 : dice_roll(&tr->dice, nr);
		lie_try(tr, at[place], lie);
	}
}

static void facts_everywhere(struct trial *tr)
{
	static const char *const stats[] = { "zswap",	"zswapped", "zswap_incomp",	 "zswpin",
					     "zswpout", "zswpwb",   "zswpwb_proactive_b" };
	static const char *const files[] = { "pool_total_size", "stored_pages",
					     "stored_incompressible_pages" };
	struct lie lie = { .event = "fact", .how = UP };

	for (size_t i = tr->c->last; i < tr->c->nr; i++) {
		bool root = record_has(tr->c, i, "stat / ");

		for (size_t k = 0; record_has(tr->c, i, "# zsim: stat ") && k < (root ? 3 : 7);
		     k++) {
			lie.key = stats[k];
			lie_try(tr, i, &lie);
		}
		for (size_t k = 0; record_has(tr->c, i, "# zsim: debugfs ") && k < 3; k++) {
			lie.key = files[k];
			lie_try(tr, i, &lie);
		}
	}
}

static void lies_in(const char *name, bool racing)
{
	struct trial tr = { .name = name, .racing = racing };
	struct capture c;
	size_t *at;

	capture_load(&c, name);
	capture_shorten(&c, samples(MAX_RECORDS, 15000));
	at = calloc(c.nr, sizeof(*at));
	tr.c = &c;
	tr.dice = dice_seed(name, 1);
	for (size_t i = 0; at && i < sizeof(lies) / sizeof(lies[0]); i++)
		lie_everywhere(&tr, &lies[i], at);
	facts_everywhere(&tr);
	printf("%s: %u told, %u not noticed\n", name, tr.told, tr.unnoticed);
	CU_ASSERT(tr.told > 0);
	CU_ASSERT_EQUAL(tr.unnoticed, 0);
	text_free(&tr.text);
	free(at);
	capture_free(&c);
}

#define CAPTURE(function, name, racing) \
	static void function(void)      \
	{                               \
		lies_in(name, racing);  \
	}

CAPTURE(patched_short, "patched-7.2/short", false)
CAPTURE(patched_zmax, "patched-7.2/zmax", false)
CAPTURE(patched_pwb1, "patched-7.2/pwb1", false)
CAPTURE(patched_wbtoggle, "patched-7.2/wbtoggle", false)
CAPTURE(patched_offline, "patched-7.2/offline", false)
CAPTURE(patched_busy, "patched-7.2/busy", false)
CAPTURE(patched_shrinker, "patched-7.2/shrinker", false)
CAPTURE(stock_72_short, "stock-7.2/short", false)
CAPTURE(stock_72_zmax, "stock-7.2/zmax", false)
CAPTURE(stock_72_offline, "stock-7.2/offline", false)
CAPTURE(stock_73_short, "stock-7.3/short", false)
CAPTURE(stock_73_zmax, "stock-7.3/zmax", false)
CAPTURE(stock_73_offline, "stock-7.3/offline", false)
CAPTURE(stock_73_shrinker, "stock-7.3/shrinker", false)
CAPTURE(patched_pool, "patched-7.2/pool", true)
CAPTURE(stock_72_pool, "stock-7.2/pool", true)
CAPTURE(stock_73_pool, "stock-7.3/pool", true)

static const struct zsim_case cases[] = {
	ZSIM_CASE(patched_short),    ZSIM_CASE(patched_zmax),	   ZSIM_CASE(patched_pwb1),
	ZSIM_CASE(patched_wbtoggle), ZSIM_CASE(patched_offline),   ZSIM_CASE(patched_busy),
	ZSIM_CASE(patched_shrinker), ZSIM_CASE(stock_72_short),	   ZSIM_CASE(stock_72_zmax),
	ZSIM_CASE(stock_72_offline), ZSIM_CASE(stock_73_short),	   ZSIM_CASE(stock_73_zmax),
	ZSIM_CASE(stock_73_offline), ZSIM_CASE(stock_73_shrinker), ZSIM_CASE(patched_pool),
	ZSIM_CASE(stock_72_pool),    ZSIM_CASE(stock_73_pool),
};
ZSIM_SUITE_MAIN("falsify", cases)
