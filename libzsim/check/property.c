/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <zsim/property.h>

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	const char *statement;
} properties[ZSIM_NR_PROPERTIES] = {
	[ZSIM_P_INVARIANT] = { "invariant",
			       "lists, sums, charges and references agree with a new count" },
	[ZSIM_P_WORKER_QUEUED] = { "worker-queued",
				   "a store rejected while the pool is full queues the worker, and "
				   "one that meets the limit is counted" },
	[ZSIM_P_WORKER_LEAVES] = { "worker-leaves",
				   "the worker ends below the accept threshold or out of retries" },
	[ZSIM_P_OWN_SUBTREE] = { "own-subtree",
				 "a call writes entries of its target's subtree only" },
	[ZSIM_P_CONTENT] = { "content", "the device gets the latest content of a slot" },
	[ZSIM_P_FREED_ONCE] = { "freed-once", "an entry is freed once" },
	[ZSIM_P_STORE_EMPTY] = { "store-empty", "a rejected store leaves no entry at its slots" },
	[ZSIM_P_POOL_REFERENCE] = { "pool-reference",
				    "the pool has a reference for each user and for queued work" },
	[ZSIM_P_ON_A_LIST] = { "on-a-list",
			       "a page in memory is on a reclaim list unless a writeback holds it" },
	[ZSIM_P_UNLOCK_VERDICT] = { "unlock-verdict",
				    "a visit that dropped the lock ends the walk or restarts it" },
	[ZSIM_P_TREE_ALIVE] = { "tree-alive",
				"the tree of a swap device that is gone is not looked at" },
	[ZSIM_P_LOCKED_AT_REST] = { "locked-at-rest",
				    "a page is locked while a writeback holds it and never at rest" },
	[ZSIM_P_PUT_ORDER] = { "put-order",
			       "a reference is dropped after the last use of what it keeps" },
	[ZSIM_P_IO_CONTEXT] = { "io-context",
				"the shrinker visits nothing where no I/O is allowed" },
	[ZSIM_P_NULL_GROUP] = { "null-group",
				"no group is looked at while the memory controller is disabled" },
	[ZSIM_P_ONLY_CANDIDATES] = { "only-candidates",
				     "a failure is an empty pass or a candidate without success" },
	[ZSIM_P_SECOND_CHANCE] = { "second-chance",
				   "an entry is rotated before it may be written" },
	[ZSIM_P_SWAPINS] = { "swapins", "every page read from the device is counted" },
	[ZSIM_P_LIST_ALIVE] = { "list-alive", "a list is not walked after it was freed" },
	[ZSIM_P_WRITEBACK_ANCESTORS] = { "writeback-ancestors",
					 "writeback is off below a group that has it off" },
	[ZSIM_P_DEAD_NEVER_SUMMED] = { "dead-never-summed",
				       "the marker of a dead list is not taken for a count" },
	[ZSIM_P_LIST_LOCK] = { "list-lock", "an entry leaves its list under that list's lock" },
	[ZSIM_P_SHRINKER_BIT] = { "shrinker-bit", "a list that has entries has its shrinker bit" },
	[ZSIM_P_WORKER_PROGRESS] = { "worker-progress",
				     "with the memory controller disabled the worker visits "
				     "entries if there are some" },
	[ZSIM_P_CONTAINMENT] = { "containment", "a request's iterator stays in its subtree" },
	[ZSIM_P_PINNED] = { "pinned", "a walker does not work on a freed group" },
	[ZSIM_P_OVERSHOOT] = { "overshoot",
			       "a request writes less than one batch of pages too much" },
	[ZSIM_P_STEP_BOUND] = { "step-bound", "a request takes (W + retries + 1) x (G + 1) steps "
					      "at most" },
	[ZSIM_P_ACCOUNTING] = { "accounting", "counters of writeback rise by what left" },
	[ZSIM_P_TERMINATION] = { "termination", "every call ends" },
	[ZSIM_P_WORKER_BOUND] = { "worker-bound",
				  "a worker that leaves the pool too large made batch x retries "
				  "visits, or one for each entry" },
	[ZSIM_P_NODE_COUNT] = { "node-count",
				"a node's count is the sum of the lengths of its lists" },
	[ZSIM_P_PROGRESS] = { "progress",
			      "a request on a subtree with writable entries writes something" },
	[ZSIM_P_PROGRESS_CHILD] = { "progress-child",
				    "requests reach every child that has entries" },
	[ZSIM_P_BYTES_CLAIMED] = { "bytes-claimed", "bytes claimed are the lengths of what left" },
	[ZSIM_P_PROGRESS_COLD] = { "progress-cold",
				   "a request on a subtree with writable entries that are not "
				   "referenced writes something" },
	[ZSIM_P_VISIT_ONCE] = { "visit-once", "shrink_memcg() visits an entry once at most" },
	[ZSIM_P_BYTES_OWN] = { "bytes-own", "bytes of a group are lengths of its own entries" },
	[ZSIM_P_WORKER_TERMINATION] = { "worker-termination",
					"the worker ends though stores go on" },
};

const char *zsim_property_name(enum zsim_property property)
{
	return (unsigned int)property < ZSIM_NR_PROPERTIES ? properties[property].name : "?";
}

int zsim_property_parse(const char *name)
{
	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++)
		if (!strcmp(properties[i].name, name))
			return i;
	return -EINVAL;
}

const char *zsim_property_statement(enum zsim_property property)
{
	return (unsigned int)property < ZSIM_NR_PROPERTIES ? properties[property].statement : "?";
}
