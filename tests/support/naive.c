/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/naive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- groups (model.md 1) ----------------------------------------------------- */

static int group_add(struct naive *n, int parent, const char *path)
{
	struct naive_group *group = &n->group[n->nr_groups];

	*group = (struct naive_group){
		.parent = parent,
		.state = ZSIM_MEMCG_ONLINE,
		.writeback = true,
		.zswap_max = UINT64_MAX,
	};
	snprintf(group->path, sizeof(group->path), "%s", path);
	return n->nr_groups++;
}

void naive_init(struct naive *n, const struct zsim_config *config)
{
	memset(n, 0, sizeof(*n));
	n->config = *config;
	n->cursor = NAIVE_NONE;
	n->params[ZSIM_PARAM_MAX_POOL_PERCENT] = 20;
	n->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] = 90;
	n->params[ZSIM_PARAM_ENABLED] = 1;
	group_add(n, NAIVE_NONE, "/");
}

static bool alive(const struct naive *n, int g)
{
	return n->group[g].state == ZSIM_MEMCG_ONLINE || n->group[g].state == ZSIM_MEMCG_DYING;
}

static int living(const struct naive *n, int g)
{
	while (!alive(n, g))
		g = n->group[g].parent;
	return g;
}

static bool within(const struct naive *n, int g, int top)
{
	for (; g != NAIVE_NONE; g = n->group[g].parent)
		if (g == top)
			return true;
	return false;
}

int naive_find(const struct naive *n, const char *path)
{
	for (int g = n->nr_groups - 1; g >= 0; g--)
		if (!strcmp(n->group[g].path, path))
			return g;
	return NAIVE_NONE;
}

int naive_mkdir(struct naive *n, const char *path, int *g)
{
	char dir[64];
	int parent = naive_find(n, path);

	if (parent != NAIVE_NONE && n->group[parent].state == ZSIM_MEMCG_ONLINE)
		return -EEXIST;
	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	parent = naive_find(n, dir[0] ? dir : "/");
	if (parent == NAIVE_NONE || n->group[parent].state != ZSIM_MEMCG_ONLINE)
		return -ENOENT;
	*g = group_add(n, parent, path);
	return 0;
}

int naive_rmdir(struct naive *n, int g)
{
	if (n->group[g].state != ZSIM_MEMCG_ONLINE)
		return -ENOENT;
	if (g == 0)
		return -EBUSY;
	for (int c = 0; c < n->nr_groups; c++)
		if (n->group[c].parent == g && n->group[c].state == ZSIM_MEMCG_ONLINE)
			return -EBUSY;
	n->group[g].state = ZSIM_MEMCG_DYING;
	return 0;
}

static void order_add(const struct naive *n, int g, int *order, int *nr)
{
	order[(*nr)++] = g;
	for (int c = 0; c < n->nr_groups; c++)
		if (n->group[c].parent == g && alive(n, c))
			order_add(n, c, order, nr);
}

int naive_order(const struct naive *n, int top, int *order)
{
	int nr = 0;

	order_add(n, top, order, &nr);
	return nr;
}

/* model.md 1.1 */
static int next_group(const struct naive *n, int top, int prev)
{
	int order[NAIVE_MAX_GROUPS];
	int nr = naive_order(n, top, order);

	if (prev == NAIVE_NONE)
		return top;
	for (int i = 0; i < nr; i++)
		if (order[i] == prev)
			return i + 1 < nr ? order[i + 1] : NAIVE_NONE;
	return NAIVE_NONE;
}

/* model.md 1.2 */
static int next_online(const struct naive *n, int top, int prev)
{
	for (;;) {
		prev = next_group(n, top, prev);
		if (prev == NAIVE_NONE || n->group[prev].state == ZSIM_MEMCG_ONLINE)
			return prev;
	}
}

/* model.md 3.3: in order, to the head of the parent's list: before everything else */
static void entries_move_up(struct naive *n, int g)
{
	struct naive_entry first[NAIVE_MAX_ENTRIES];
	struct naive_entry rest[NAIVE_MAX_ENTRIES];
	int nr_first = 0;
	int nr_rest = 0;

	for (int i = 0; i < n->nr_entries; i++) {
		if (n->entry[i].list == g) {
			first[nr_first] = n->entry[i];
			first[nr_first++].list = n->group[g].parent;
		} else {
			rest[nr_rest++] = n->entry[i];
		}
	}
	memcpy(n->entry, first, sizeof(first[0]) * (size_t)nr_first);
	memcpy(n->entry + nr_first, rest, sizeof(rest[0]) * (size_t)nr_rest);
}

int naive_offline(struct naive *n, int g)
{
	struct naive_group *group = &n->group[g];

	if (group->state != ZSIM_MEMCG_DYING)
		return -EINVAL;
	for (int c = 0; c < n->nr_groups; c++)
		if (n->group[c].parent == g && alive(n, c))
			return -EBUSY;
	if (n->cursor == g) /* model.md 1.3; a dying one will do */
		n->cursor = next_group(n, 0, g);
	entries_move_up(n, g);
	/* the kernel's shrinker hands what was deferred to the parent */
	for (uint32_t node = 0; node < n->config.nodes; node++)
		n->group[group->parent].deferred[node] += group->deferred[node];
	group->state = ZSIM_MEMCG_OFFLINE;
	return 0;
}

bool naive_gone(const struct naive *n, int g)
{
	if (alive(n, g))
		return false;
	for (int i = 0; i < n->nr_entries; i++)
		if (n->entry[i].owner == g)
			return false;
	for (int c = g + 1; c < n->nr_groups; c++)
		if (n->group[c].parent == g && !naive_gone(n, c))
			return false;
	return true;
}

bool naive_writeback(const struct naive *n, int g)
{
	if (!n->params[ZSIM_PARAM_ENABLED])
		return true;
	for (; g != NAIVE_NONE; g = n->group[g].parent)
		if (!n->group[g].writeback)
			return false;
	return true;
}

/* ---- counters (model.md 7) --------------------------------------------------- */

static bool charged_to(const struct naive *n, const struct naive_entry *e, int g)
{
	return e->owner != 0 && alive(n, g) && within(n, living(n, e->owner), g);
}

uint64_t naive_stat(const struct naive *n, int g, enum zsim_stat_item item)
{
	uint64_t sum = 0;

	if (item > ZSIM_STAT_ZSWAP_INCOMP)
		return n->group[g].events[item];
	for (int i = 0; i < n->nr_entries; i++) {
		const struct naive_entry *e = &n->entry[i];

		if (!charged_to(n, e, g))
			continue;
		if (item == ZSIM_STAT_ZSWAP)
			sum += e->length;
		else if (item == ZSIM_STAT_ZSWAPPED || e->length == 4096)
			sum += 4096;
	}
	return sum;
}

static void count_event(struct naive *n, int g, enum zsim_stat_item item, uint64_t amount)
{
	for (g = living(n, g); g != NAIVE_NONE; g = n->group[g].parent)
		n->group[g].events[item] += amount;
}

uint64_t naive_counter(const struct naive *n, enum zsim_counter counter)
{
	uint64_t incompressible = 0;

	if (counter == ZSIM_COUNTER_STORED_PAGES)
		return (uint64_t)n->nr_entries;
	if (counter != ZSIM_COUNTER_STORED_INCOMPRESSIBLE_PAGES)
		return n->counters[counter];
	for (int i = 0; i < n->nr_entries; i++)
		incompressible += n->entry[i].length == 4096;
	return incompressible;
}

static bool may_zswap(const struct naive *n, int g)
{
	for (; g != 0; g = n->group[g].parent) {
		if (n->group[g].zswap_max == 0)
			return false;
		if (naive_stat(n, g, ZSIM_STAT_ZSWAP) / 4096 >= n->group[g].zswap_max)
			return false;
	}
	return true;
}

static bool fails(struct naive *n, enum zsim_fail kind)
{
	if (!n->fail[kind])
		return false;
	n->fail[kind]--;
	return true;
}

/* ---- entries and lists (model.md 2, 3) --------------------------------------- */

static int entry_find(const struct naive *n, uint64_t slot)
{
	for (int i = 0; i < n->nr_entries; i++)
		if (n->entry[i].slot == slot)
			return i;
	return NAIVE_NONE;
}

static void entry_append(struct naive *n, struct naive_entry e)
{
	n->entry[n->nr_entries++] = e;
	if (n->nr_entries > n->peak)
		n->peak = n->nr_entries;
}

static struct naive_entry entry_take(struct naive *n, int i)
{
	struct naive_entry e = n->entry[i];

	n->nr_entries--;
	memmove(&n->entry[i], &n->entry[i + 1], sizeof(e) * (size_t)(n->nr_entries - i));
	return e;
}

static void entry_drop(struct naive *n, uint64_t slot)
{
	int i = entry_find(n, slot);

	if (i == NAIVE_NONE)
		return;
	n->node_items[n->entry[i].node]--;
	entry_take(n, i);
}

/* the entry of a list at or behind place @i */
static int on_list(const struct naive *n, int i, int g, uint32_t node)
{
	for (; i < n->nr_entries; i++)
		if (n->entry[i].list == g && n->entry[i].node == node)
			return i;
	return NAIVE_NONE;
}

uint32_t naive_list(const struct naive *n, int g, uint32_t node, uint64_t *slots, bool *referenced)
{
	uint32_t nr = 0;

	for (int i = on_list(n, 0, g, node); i != NAIVE_NONE; i = on_list(n, i + 1, g, node)) {
		if (slots)
			slots[nr] = n->entry[i].slot;
		if (referenced)
			referenced[nr] = n->entry[i].referenced;
		nr++;
	}
	return nr;
}

static uint32_t list_length(const struct naive *n, int g, uint32_t node)
{
	return naive_list(n, g, node, NULL, NULL);
}

int64_t naive_node_true(const struct naive *n, uint32_t node)
{
	int64_t nr = 0;

	for (int i = 0; i < n->nr_entries; i++)
		nr += n->entry[i].node == node;
	return nr;
}

static int cached_find(const struct naive *n, uint64_t slot)
{
	for (int i = 0; i < n->nr_cached; i++)
		if (n->cached[i] == slot)
			return i;
	return NAIVE_NONE;
}

void naive_cache(struct naive *n, uint64_t slot)
{
	if (cached_find(n, slot) == NAIVE_NONE)
		n->cached[n->nr_cached++] = slot;
}

void naive_uncache(struct naive *n, uint64_t slot)
{
	int i = cached_find(n, slot);

	if (i != NAIVE_NONE)
		n->cached[i] = n->cached[--n->nr_cached];
}

/* ---- one visit (model.md 4), one walk (3.2) ----------------------------------- */

struct walk {
	uint32_t nr;
	uint32_t scanned;
	uint32_t written;
	uint64_t bytes;
	bool met_cached;
};

/* the entry of a writeback stands at the tail already */
static int writeback(struct naive *n, uint64_t slot, enum zsim_cause cause)
{
	const struct naive_entry *e = &n->entry[entry_find(n, slot)];
	uint32_t node = e->node;

	if (cached_find(n, slot) != NAIVE_NONE)
		return -EEXIST;
	if (fails(n, ZSIM_FAIL_SWAPCACHE_ALLOC))
		return -ENOMEM;
	if (fails(n, ZSIM_FAIL_DECOMPRESS)) {
		n->counters[ZSIM_COUNTER_DECOMPRESS_FAIL]++;
		return -EIO;
	}
	count_event(n, e->owner, ZSIM_STAT_ZSWPWB, 1);
	n->written_by[cause]++;
	entry_drop(n, slot);
	if (!n->config.node_count_fixed)
		n->node_items[node]--;
	return 0;
}

static enum zsim_verdict visit(struct naive *n, struct walk *w, uint64_t slot,
			       enum zsim_cause cause)
{
	struct naive_entry e = entry_take(n, entry_find(n, slot));
	bool referenced = e.referenced;
	int rc;

	e.referenced = false;
	entry_append(n, e);
	if (referenced)
		return ZSIM_LRU_ROTATE;
	rc = writeback(n, slot, cause);
	if (!rc) {
		n->counters[ZSIM_COUNTER_WRITTEN_BACK_PAGES]++;
		w->written++;
		w->bytes += e.length;
		return ZSIM_LRU_REMOVED_RETRY;
	}
	n->counters[ZSIM_COUNTER_REJECT_RECLAIM_FAIL]++;
	if (rc != -EEXIST)
		return ZSIM_LRU_RETRY;
	w->met_cached = true;
	if (n->config.algo.batched || cause == ZSIM_CAUSE_SHRINKER)
		return ZSIM_LRU_STOP;
	return ZSIM_LRU_RETRY;
}

static struct walk walk_list(struct naive *n, int g, uint32_t node, uint64_t nr,
			     enum zsim_cause cause)
{
	struct walk w = { .nr = nr > UINT32_MAX ? UINT32_MAX : (uint32_t)nr };
	int at = on_list(n, 0, g, node);

	while (at != NAIVE_NONE && w.nr) {
		int behind = on_list(n, at + 1, g, node);
		uint64_t slot = n->entry[at].slot;
		uint64_t next = behind == NAIVE_NONE ? 0 : n->entry[behind].slot;

		w.nr--;
		w.scanned++;
		switch (visit(n, &w, slot, cause)) {
		case ZSIM_LRU_ROTATE:
			at = behind == NAIVE_NONE ? NAIVE_NONE : entry_find(n, next);
			break;
		case ZSIM_LRU_RETRY:
		case ZSIM_LRU_REMOVED_RETRY:
			at = on_list(n, 0, g, node);
			break;
		case ZSIM_LRU_SKIP: /* no visit says so */
		case ZSIM_LRU_STOP:
			return w;
		}
	}
	return w;
}

/* ---- shrink_memcg (model.md 5.1, 5.2) ------------------------------------------ */

static int64_t shrink_released(struct naive *n, int g, enum zsim_cause cause)
{
	uint64_t scanned = 0;
	uint64_t written = 0;

	for (uint32_t node = 0; node < n->config.nodes; node++) {
		struct walk w = walk_list(n, g, node, n->config.algo.walk_nr, cause);

		scanned += w.scanned;
		written += w.written;
	}
	if (!scanned)
		return -ENOENT;
	return written ? 0 : -EAGAIN;
}

static int64_t shrink_batched(struct naive *n, int g, uint32_t nr_to_scan, enum zsim_cause cause)
{
	uint32_t remaining = nr_to_scan;
	uint64_t bytes = 0;

	for (uint32_t node = 0; node < n->config.nodes && remaining; node++) {
		uint32_t budget = list_length(n, g, node);
		struct walk w;

		if (budget > remaining)
			budget = remaining;
		if (!budget)
			continue;
		remaining -= budget;
		w = walk_list(n, g, node, budget, cause);
		remaining += w.nr;
		bytes += w.bytes;
	}
	return remaining == nr_to_scan ? -ENOENT : (int64_t)bytes;
}

static int64_t shrink_memcg(struct naive *n, int g, uint32_t nr, enum zsim_cause cause)
{
	if (!naive_writeback(n, g) || !alive(n, g))
		return -ENOENT;
	return n->config.algo.batched ? shrink_batched(n, g, nr, cause) :
					shrink_released(n, g, cause);
}

/* ---- the retry machine (model.md 5.3), requests (5.4) -------------------------- */

struct machine {
	uint32_t scans;
	uint32_t failures;
};

static bool too_many(const struct naive *n, struct machine *m, uint32_t more)
{
	m->failures += more;
	return m->failures >= n->config.algo.max_retries;
}

/* what the step yields; -EBUSY to abort */
static int64_t step(struct naive *n, struct machine *m, int g, enum zsim_cause cause)
{
	bool batched = n->config.algo.batched;
	int64_t rc;

	if (g == NAIVE_NONE && !n->config.memcg_disabled) {
		bool idle = m->scans == 0;

		m->scans = 0;
		return idle && too_many(n, m, n->config.algo.empty_failures) ? -EBUSY : 0;
	}
	rc = shrink_memcg(n, g == NAIVE_NONE ? 0 : g, n->config.algo.batch, cause);
	if (rc == -ENOENT)
		return n->config.memcg_disabled && batched ? -EBUSY : 0;
	m->scans++;
	if ((batched ? rc <= 0 : rc == -EAGAIN) && too_many(n, m, 1))
		return -EBUSY;
	return rc;
}

int naive_request(struct naive *n, int g, uint64_t bytes)
{
	struct machine m = { 0, 0 };
	uint64_t done = 0;
	int at = NAIVE_NONE;

	if (!n->config.algo.source_key)
		return -EINVAL;
	if (n->config.zswap_absent)
		return -EOPNOTSUPP;
	if (!naive_writeback(n, g))
		return -EINVAL;
	while (done < bytes) {
		int64_t rc;

		at = n->config.memcg_disabled ? NAIVE_NONE : next_online(n, g, at);
		rc = step(n, &m, at, ZSIM_CAUSE_REQUEST);
		if (rc == -EBUSY)
			return -EAGAIN;
		if (rc <= 0)
			continue;
		done += (uint64_t)rc;
		count_event(n, at == NAIVE_NONE ? 0 : at, ZSIM_STAT_ZSWPWB_PROACTIVE_B,
			    (uint64_t)rc);
	}
	return 0;
}

static uint64_t read_total(struct naive *n)
{
	if (n->next_total < n->nr_totals)
		return n->totals[n->next_total++];
	n->starved = true;
	return 0;
}

static uint64_t pool_max(const struct naive *n)
{
	return n->config.ram_pages * n->params[ZSIM_PARAM_MAX_POOL_PERCENT] / 100;
}

static uint64_t pool_accept(const struct naive *n)
{
	return pool_max(n) * n->params[ZSIM_PARAM_ACCEPT_THRESHOLD_PERCENT] / 100;
}

static void worker_run(struct naive *n)
{
	struct machine m = { 0, 0 };
	bool first = true;

	n->worker_queued = false;
	for (;;) {
		/* the released kernels' loop is a do-while */
		if (!first || n->config.algo.worker_checks_first)
			if (read_total(n) <= pool_accept(n))
				return;
		first = false;
		if (!n->config.memcg_disabled)
			n->cursor = next_online(n, 0, n->cursor);
		if (step(n, &m, n->cursor, ZSIM_CAUSE_WORKER) == -EBUSY)
			return;
	}
}

static void run_queued(struct naive *n)
{
	while (n->worker_queued && !n->params[ZSIM_PARAM_WORKER_MANUAL])
		worker_run(n);
}

void naive_worker(struct naive *n)
{
	worker_run(n);
	run_queued(n);
}

void naive_set_param(struct naive *n, enum zsim_param param, uint64_t value)
{
	n->params[param] = value;
	run_queued(n);
}

/* ---- the dynamic shrinker (model.md 5.5) --------------------------------------- */

static uint64_t shrinker_count(struct naive *n, int g, uint32_t node, bool noio)
{
	uint64_t freeable = list_length(n, g, node);
	uint64_t bytes = naive_stat(n, g, ZSIM_STAT_ZSWAP);
	uint64_t stored = naive_stat(n, g, ZSIM_STAT_ZSWAPPED) / 4096;
	uint64_t *swapins = &n->group[g].swapins[node];
	uint64_t used;

	if (n->config.memcg_disabled) {
		bytes = n->pool_pages * 4096;
		stored = (uint64_t)n->nr_entries;
	}
	if (!n->params[ZSIM_PARAM_SHRINKER_ENABLED] || !naive_writeback(n, g) || noio || !stored)
		return 0;
	used = freeable < *swapins ? freeable : *swapins;
	*swapins -= used;
	return (freeable - used) * (bytes >> 12) / stored;
}

static int64_t shrinker_scan(struct naive *n, int g, uint32_t node, uint64_t nr)
{
	struct walk w;

	if (!n->params[ZSIM_PARAM_SHRINKER_ENABLED] || !naive_writeback(n, g))
		return -1;
	w = walk_list(n, g, node, nr, ZSIM_CAUSE_SHRINKER);
	return w.met_cached || !w.written ? -1 : (int64_t)w.written;
}

int64_t naive_shrinker(struct naive *n, int g, uint32_t node, uint64_t nr)
{
	int64_t rc = shrinker_scan(n, g, node, nr);

	run_queued(n);
	return rc;
}

int64_t naive_slab(struct naive *n, int g, uint32_t node, uint32_t priority, bool noio)
{
	uint64_t freeable = shrinker_count(n, g, node, noio);
	uint64_t *deferred = &n->group[g].deferred[node];
	uint64_t delta = (freeable >> priority) * 4 / 2;
	uint64_t total = (*deferred >> priority) + delta;
	uint64_t scanned = 0;
	int64_t freed = 0;

	if (!freeable)
		return 0;
	if (total > 2 * freeable)
		total = 2 * freeable;
	while (total >= n->config.algo.shrinker_batch || total >= freeable) {
		uint64_t nr = total;
		int64_t rc;

		if (nr > n->config.algo.shrinker_batch)
			nr = n->config.algo.shrinker_batch;
		rc = shrinker_scan(n, g, node, nr);
		if (rc == -1)
			break;
		freed += rc;
		scanned += nr;
		total -= nr;
	}
	*deferred = *deferred + delta > scanned ? *deferred + delta - scanned : 0;
	if (*deferred > 2 * freeable)
		*deferred = 2 * freeable;
	return freed;
}

void naive_swapin(struct naive *n, int g, uint32_t node)
{
	n->group[living(n, g)].swapins[node]++;
}

/* ---- store, load, invalidate (model.md 6) --------------------------------------- */

static bool room_by_limits(struct naive *n, int payer)
{
	uint64_t pages;

	if (!may_zswap(n, payer)) {
		int64_t rc = shrink_memcg(n, payer, n->config.nodes, ZSIM_CAUSE_STORE);

		if (n->config.algo.batched ? rc <= 0 : rc != 0)
			return false;
	}
	pages = read_total(n);
	if (pages >= pool_max(n)) {
		n->counters[ZSIM_COUNTER_POOL_LIMIT_HIT]++;
		n->reached_full = true;
	} else if (n->reached_full && pages <= pool_accept(n)) {
		n->reached_full = false;
	}
	return !n->reached_full;
}

static bool store_page(struct naive *n, uint64_t slot, int owner, uint32_t node, uint32_t length)
{
	if (fails(n, ZSIM_FAIL_ENTRY_ALLOC)) {
		n->counters[ZSIM_COUNTER_REJECT_KMEMCACHE_FAIL]++;
		return false;
	}
	if (fails(n, ZSIM_FAIL_COMPRESS) ||
	    (length == 4096 && !naive_writeback(n, living(n, owner)))) {
		n->counters[ZSIM_COUNTER_REJECT_COMPRESS_FAIL]++;
		return false;
	}
	if (fails(n, ZSIM_FAIL_COMPRESS_POOR)) {
		n->counters[ZSIM_COUNTER_REJECT_COMPRESS_POOR]++;
		return false;
	}
	if (fails(n, ZSIM_FAIL_ZS_MALLOC)) {
		n->counters[ZSIM_COUNTER_REJECT_ALLOC_FAIL]++;
		return false;
	}
	entry_drop(n, slot);
	entry_append(n, (struct naive_entry){
				.slot = slot,
				.owner = owner,
				.list = living(n, owner),
				.node = node,
				.length = length,
				.referenced = true,
			});
	n->node_items[node]++;
	return true;
}

static bool store_folio(struct naive *n, uint64_t slot, int g, uint32_t node,
			const uint16_t *length, uint32_t nr)
{
	if (!n->params[ZSIM_PARAM_ENABLED] || !room_by_limits(n, living(n, g)))
		return false;
	for (uint32_t i = 0; i < nr; i++)
		if (!store_page(n, slot + i, g, node, length[i]))
			return false;
	count_event(n, g, ZSIM_STAT_ZSWPOUT, nr);
	return true;
}

int naive_store(struct naive *n, uint64_t slot, int g, uint32_t node, const uint16_t *length,
		uint32_t nr)
{
	bool ok = store_folio(n, slot, n->config.memcg_disabled ? 0 : g, node, length, nr);

	if (!ok) {
		for (uint32_t i = 0; i < nr; i++)
			entry_drop(n, slot + i);
		n->worker_queued = n->worker_queued || n->reached_full;
	}
	run_queued(n);
	return ok;
}

int naive_load(struct naive *n, uint64_t slot)
{
	int i = entry_find(n, slot);

	if (i == NAIVE_NONE)
		return -ENOENT;
	if (fails(n, ZSIM_FAIL_DECOMPRESS)) {
		n->counters[ZSIM_COUNTER_DECOMPRESS_FAIL]++;
		return -EIO;
	}
	count_event(n, n->entry[i].owner, ZSIM_STAT_ZSWPIN, 1);
	entry_drop(n, slot);
	return 0;
}

void naive_invalidate(struct naive *n, uint64_t slot)
{
	entry_drop(n, slot);
}
