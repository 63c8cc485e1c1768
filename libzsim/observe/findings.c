/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <zsim/findings.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "observe/second_chance.h"

#define TEXT_SIZE 320
#define NAME_SIZE 24

enum kind {
	COLD_START_CLIFF,
	OVERSHOOT,
	NODE_ORDER,
	STARVATION,
	SECOND_CHANCE_LOST,
	NODE_COUNT_DRIFT,
	BLOCKED_AT_HEAD,
	NR_KINDS,
};

static const char *const kind_names[NR_KINDS] = {
	[COLD_START_CLIFF] = "cold-start-cliff",
	[OVERSHOOT] = "overshoot",
	[NODE_ORDER] = "node-order",
	[STARVATION] = "starvation",
	[SECOND_CHANCE_LOST] = "second-chance-lost",
	[NODE_COUNT_DRIFT] = "node-count-drift",
	[BLOCKED_AT_HEAD] = "blocked-at-head",
};

/* Requests in a row on a group without a byte written; requests 0 = unused. */
struct drought {
	zsim_memcg memcg;
	uint64_t requests;
};

/* What the requests of a kind had at most, or in all. */
struct totals {
	uint64_t cliff_cleared;
	uint64_t cliff_entries;
	uint64_t cliff_until_progress;
	uint64_t overshoot_excess;
	uint64_t node_left;
	uint64_t children_missed;
	uint64_t blocked_busy;
	uint64_t blocked_left;
};

struct seen {
	uint64_t count;
	uint64_t line;
};

/* Room for the numbers of the longest finding: two of each node, and two more. */
struct numbers {
	size_t nr;
	struct zsim_finding_number at[2 * ZSIM_MAX_NODES + 2];
	char names[2 * ZSIM_MAX_NODES][NAME_SIZE];
};

struct zsim_findings {
	const struct zsim_allocator *alloc;
	struct zsim_observer observer;
	struct zsim_second_chance second_chance;
	struct zsim_array droughts;
	struct totals totals;
	struct seen seen[NR_KINDS];
	uint64_t line;
	bool out_of_memory;
	size_t nr_found;
	struct zsim_finding found[NR_KINDS];
	struct numbers numbers[NR_KINDS];
	char text[NR_KINDS][TEXT_SIZE];
};

static void raise_to(uint64_t *most, uint64_t value)
{
	if (value > *most)
		*most = value;
}

static uint64_t nodes_sum(const uint64_t *node)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < ZSIM_MAX_NODES; i++)
		sum += node[i];
	return sum;
}

static void note(struct zsim_findings *f, enum kind kind)
{
	if (f->seen[kind].count++ == 0)
		f->seen[kind].line = f->line;
}

/* ---- requests -------------------------------------------------------------- */

static struct drought *drought_of(struct zsim_findings *f, zsim_memcg memcg)
{
	for (uint32_t i = 0; i < f->droughts.size; i++) {
		struct drought *d = zsim_array_at(&f->droughts, i);

		if (d->requests && d->memcg == memcg)
			return d;
	}
	return NULL;
}

static struct drought *drought_unused(struct zsim_findings *f)
{
	uint32_t index;

	for (uint32_t i = 0; i < f->droughts.size; i++) {
		struct drought *d = zsim_array_at(&f->droughts, i);

		if (!d->requests)
			return d;
	}
	return zsim_array_push(&f->droughts, &index) ? NULL : zsim_array_at(&f->droughts, index);
}

static void drought_begin(struct zsim_findings *f, zsim_memcg memcg)
{
	struct drought *d = drought_unused(f);

	if (d)
		*d = (struct drought){ .memcg = memcg, .requests = 1 };
	else
		f->out_of_memory = true;
}

static bool is_cliff(const struct zsim *zs, const struct zsim_request *rq)
{
	const struct zsim_algo *algo = zsim_algo(zs);

	return rq->rc == -EAGAIN && !rq->written &&
	       rq->rotated >= (uint64_t)algo->batch * algo->max_retries;
}

static void look_for_cliff(struct zsim_findings *f, const struct zsim *zs,
			   const struct zsim_request *rq)
{
	struct drought *d = drought_of(f, rq->memcg);
	bool cliff = is_cliff(zs, rq);

	if (cliff) {
		note(f, COLD_START_CLIFF);
		f->totals.cliff_cleared += rq->rotated;
		raise_to(&f->totals.cliff_entries, nodes_sum(rq->left_node));
	}
	if (d && ++d->requests && rq->written) {
		raise_to(&f->totals.cliff_until_progress, d->requests);
		d->requests = 0;
	} else if (!d && cliff) {
		drought_begin(f, rq->memcg);
	}
}

static void look_for_overshoot(struct zsim_findings *f, const struct zsim_request *rq)
{
	if (rq->bytes <= rq->wanted)
		return;
	note(f, OVERSHOOT);
	raise_to(&f->totals.overshoot_excess, rq->bytes - rq->wanted);
}

/* Entries of nodes on which nothing was written, behind one on which something was. */
static uint64_t left_behind(const struct zsim_request *rq)
{
	bool drained = false;
	uint64_t left = 0;

	for (unsigned int n = 0; n < ZSIM_MAX_NODES; n++) {
		if (rq->written_node[n])
			drained = true;
		else if (drained)
			left += rq->left_node[n];
	}
	return left;
}

static void look_for_node_order(struct zsim_findings *f, const struct zsim_request *rq)
{
	uint64_t left = left_behind(rq);

	if (!left)
		return;
	note(f, NODE_ORDER);
	raise_to(&f->totals.node_left, left);
}

static void look_for_starvation(struct zsim_findings *f, const struct zsim_request *rq)
{
	if (rq->rc != -EAGAIN || !rq->children_missed)
		return;
	note(f, STARVATION);
	raise_to(&f->totals.children_missed, rq->children_missed);
}

static void look_for_block(struct zsim_findings *f, const struct zsim *zs,
			   const struct zsim_request *rq)
{
	uint64_t left = nodes_sum(rq->left_node);

	if (rq->rc != -EAGAIN || rq->written || !rq->busy || is_cliff(zs, rq))
		return;
	if (left <= rq->busy) /* nothing but those pages is left */
		return;
	note(f, BLOCKED_AT_HEAD);
	raise_to(&f->totals.blocked_busy, rq->busy);
	raise_to(&f->totals.blocked_left, left - rq->busy);
}

static void on_request(void *ctx, const struct zsim *zs, const struct zsim_request *rq)
{
	struct zsim_findings *f = ctx;

	if (!rq->source_zswap)
		return;
	look_for_cliff(f, zs, rq);
	look_for_overshoot(f, rq);
	look_for_node_order(f, rq);
	look_for_starvation(f, rq);
	look_for_block(f, zs, rq);
}

static void on_decision(void *ctx, const struct zsim *zs, const struct zsim_decision *d)
{
	struct zsim_findings *f = ctx;

	(void)zs;
	if (zsim_second_chance_decision(&f->second_chance, d))
		note(f, SECOND_CHANCE_LOST);
}

static void on_visits(void *ctx, const struct zsim *zs, const struct zsim_visits *visits)
{
	struct zsim_findings *f = ctx;
	uint32_t lost = zsim_second_chance_visits(&f->second_chance, zs, visits);

	while (lost--)
		note(f, SECOND_CHANCE_LOST);
}

/* ---- the end of the trace -------------------------------------------------- */

static void number(struct zsim_findings *f, enum kind kind, const char *name, uint64_t value)
{
	struct numbers *n = &f->numbers[kind];
	int64_t clamped = value > INT64_MAX ? INT64_MAX : (int64_t)value;

	n->at[n->nr++] = (struct zsim_finding_number){ name, clamped };
}

__attribute__((format(printf, 3, 4))) static void found(struct zsim_findings *f, enum kind kind,
							const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->text[kind], TEXT_SIZE, format, args);
	va_end(args);
	f->found[f->nr_found++] = (struct zsim_finding){
		.name = kind_names[kind],
		.text = f->text[kind],
		.count = f->seen[kind].count,
		.line = f->seen[kind].line,
		.nr_numbers = f->numbers[kind].nr,
		.numbers = f->numbers[kind].at,
	};
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void tell_cliff(struct zsim_findings *f)
{
	const struct totals *t = &f->totals;
	uint64_t n = f->seen[COLD_START_CLIFF].count;
	char tail[80] = "no later request wrote a byte";

	if (!n)
		return;
	number(f, COLD_START_CLIFF, "requests", n);
	number(f, COLD_START_CLIFF, "reference_bits_cleared", t->cliff_cleared);
	number(f, COLD_START_CLIFF, "entries", t->cliff_entries);
	number(f, COLD_START_CLIFF, "requests_until_progress", t->cliff_until_progress);
	if (t->cliff_until_progress)
		snprintf(tail, sizeof(tail), "it took up to %" PRIu64 " requests to write a byte",
			 t->cliff_until_progress);
	found(f, COLD_START_CLIFF,
	      "%" PRIu64 " request%s cleared %" PRIu64 " reference bits, wrote nothing and "
	      "returned -EAGAIN, with up to %" PRIu64 " entries to write; %s",
	      n, plural(n), t->cliff_cleared, t->cliff_entries, tail);
}

static void tell_overshoot(struct zsim_findings *f, const struct zsim *zs)
{
	uint64_t bound = (uint64_t)zsim_algo(zs)->batch * ZSIM_PAGE_SIZE;
	uint64_t n = f->seen[OVERSHOOT].count;

	if (!n)
		return;
	number(f, OVERSHOOT, "requests", n);
	number(f, OVERSHOOT, "largest_excess", f->totals.overshoot_excess);
	number(f, OVERSHOOT, "bound", bound);
	found(f, OVERSHOOT,
	      "%" PRIu64 " request%s wrote more than asked, by up to %" PRIu64
	      " bytes; the bound is one batch, %" PRIu64 " bytes",
	      n, plural(n), f->totals.overshoot_excess, bound);
}

static void tell_node_order(struct zsim_findings *f)
{
	uint64_t n = f->seen[NODE_ORDER].count;

	if (!n)
		return;
	number(f, NODE_ORDER, "requests", n);
	number(f, NODE_ORDER, "most_entries_left", f->totals.node_left);
	found(f, NODE_ORDER,
	      "%" PRIu64 " request%s wrote from one node and nothing from a later one, on which up "
	      "to %" PRIu64 " entries were left",
	      n, plural(n), f->totals.node_left);
}

static void tell_starvation(struct zsim_findings *f)
{
	uint64_t n = f->seen[STARVATION].count;

	if (!n)
		return;
	number(f, STARVATION, "requests", n);
	number(f, STARVATION, "most_children_missed", f->totals.children_missed);
	found(f, STARVATION,
	      "%" PRIu64 " request%s returned -EAGAIN and never scanned up to %" PRIu64
	      " group%s of the subtree that had entries",
	      n, plural(n), f->totals.children_missed, plural(f->totals.children_missed));
}

static void tell_second_chance(struct zsim_findings *f)
{
	const struct zsim_second_chance *sc = &f->second_chance;

	if (!sc->entries)
		return;
	number(f, SECOND_CHANCE_LOST, "entries", sc->entries);
	number(f, SECOND_CHANCE_LOST, "calls", sc->calls);
	number(f, SECOND_CHANCE_LOST, "written", sc->written);
	number(f, SECOND_CHANCE_LOST, "shrink_memcg_calls", sc->shrinks_seen);
	found(f, SECOND_CHANCE_LOST,
	      "%" PRIu64 " %s written back by the same call of shrink_memcg() that cleared "
	      "the reference bit, in %" PRIu64 " call%s; %" PRIu64
	      " were written in all, in %" PRIu64 " call%s",
	      sc->entries, sc->entries == 1 ? "entry was" : "entries were", sc->calls,
	      plural(sc->calls), sc->written, sc->shrinks_seen, plural(sc->shrinks_seen));
}

static void number_node(struct zsim_findings *f, uint32_t node, const char *what, int64_t value)
{
	struct numbers *n = &f->numbers[NODE_COUNT_DRIFT];
	char *name = n->names[n->nr];

	snprintf(name, NAME_SIZE, "node%" PRIu32 "_%s", node, what);
	n->at[n->nr++] = (struct zsim_finding_number){ name, value };
}

static void tell_node_drift(struct zsim_findings *f, const struct zsim *zs)
{
	struct seen *seen = &f->seen[NODE_COUNT_DRIFT];
	int64_t kernel = 0;
	int64_t truth = 0;
	uint32_t first = 0;

	for (uint32_t n = zsim_nodes(zs); n-- > 0;) {
		if (zsim_node_items(zs, n) == zsim_node_true(zs, n))
			continue;
		seen->count++;
		first = n;
		kernel = zsim_node_items(zs, n);
		truth = zsim_node_true(zs, n);
	}
	if (!seen->count)
		return;
	for (uint32_t n = 0; n < zsim_nodes(zs); n++) {
		number_node(f, n, "kernel", zsim_node_items(zs, n));
		number_node(f, n, "true", zsim_node_true(zs, n));
	}
	found(f, NODE_COUNT_DRIFT,
	      "the kernel's count of entries is off on %" PRIu64 " node%s: node %" PRIu32
	      " holds %" PRId64 ", the kernel counts %" PRId64,
	      seen->count, plural(seen->count), first, truth, kernel);
}

static void tell_block(struct zsim_findings *f)
{
	uint64_t n = f->seen[BLOCKED_AT_HEAD].count;

	if (!n)
		return;
	number(f, BLOCKED_AT_HEAD, "requests", n);
	number(f, BLOCKED_AT_HEAD, "most_pages_met", f->totals.blocked_busy);
	number(f, BLOCKED_AT_HEAD, "most_entries_behind", f->totals.blocked_left);
	found(f, BLOCKED_AT_HEAD,
	      "%" PRIu64 " request%s met up to %" PRIu64 " page%s in the swap cache, wrote nothing "
	      "and returned -EAGAIN, with up to %" PRIu64 " other entries to write",
	      n, plural(n), f->totals.blocked_busy, plural(f->totals.blocked_busy),
	      f->totals.blocked_left);
}

int zsim_findings_end(struct zsim_findings *f, const struct zsim *zs)
{
	f->nr_found = 0;
	memset(f->numbers, 0, sizeof(f->numbers));
	f->seen[NODE_COUNT_DRIFT] = (struct seen){ 0 };
	tell_cliff(f);
	tell_overshoot(f, zs);
	tell_node_order(f);
	tell_starvation(f);
	tell_second_chance(f);
	tell_node_drift(f, zs);
	tell_block(f);
	return f->out_of_memory || f->second_chance.out_of_memory ? -ENOMEM : 0;
}

/* ---- life ------------------------------------------------------------------ */

/* stores and loads are no part of any finding */
static void on_ops(void *ctx, const struct zsim *zs, const struct zsim_ops_done *done)
{
	(void)ctx;
	(void)zs;
	(void)done;
}

struct zsim_findings *zsim_findings_create(struct zsim *zs, const struct zsim_allocator *allocator)
{
	const struct zsim_allocator *a = allocator ? allocator : zsim_allocator_libc();
	struct zsim_findings *f = zsim_zalloc(a, sizeof(*f));

	if (!f)
		return NULL;
	f->alloc = a;
	f->observer = (struct zsim_observer){
		.decision = on_decision,
		.visits = on_visits,
		.request = on_request,
		.ops = on_ops,
		.ctx = f,
	};
	zsim_second_chance_init(&f->second_chance, a);
	zsim_array_init(&f->droughts, a, sizeof(struct drought));
	if (zsim_observe(zs, &f->observer)) {
		zsim_findings_free(f);
		return NULL;
	}
	return f;
}

void zsim_findings_free(struct zsim_findings *f)
{
	if (!f)
		return;
	zsim_second_chance_destroy(&f->second_chance);
	zsim_array_destroy(&f->droughts);
	zsim_dealloc(f->alloc, f);
}

void zsim_findings_line(struct zsim_findings *f, uint64_t line)
{
	f->line = line;
}

size_t zsim_findings_count(const struct zsim_findings *f)
{
	return f->nr_found;
}

const struct zsim_finding *zsim_findings_get(const struct zsim_findings *f, size_t i)
{
	return i < f->nr_found ? &f->found[i] : NULL;
}
