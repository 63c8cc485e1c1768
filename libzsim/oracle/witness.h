/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.h - what the oracle keeps while it follows a kernel: its threads, its
 * groups, and how much of the state was there before the capture began.
 *
 * Each thread carries two calls: the store in hand, and the reclaim procedure
 * around it, if any. A record makes a call go on to the decision that the
 * record is about (drive.c); record.c knows which one that is.
 */
#ifndef ZSIM_ORACLE_WITNESS_H
#define ZSIM_ORACLE_WITNESS_H

#include "engine/run.h"
#include <zsim/oracle.h>

/**
 * struct zsim_thread - one thread of the kernel
 * @store: between store and store_ret; @store_refused: the model would have
 *	refused it where the kernel went on
 * @reclaim: request, worker or shrinker round under way
 * @partial: that call began before the capture: nothing of it is known
 * @load_slot, @loading, @loaded: between load and load_ret; the entry left
 * @request_known, @request_rc: the answer to a request that takes no step
 * @add_due, @del_due: an lru_add or lru_del that an lru_ins or lru_rem may follow
 * @requesting: between reclaim and reclaim_ret; @stepping: between one and one_ret
 * @outside: seen outside any call: one that goes on must have begun in the capture;
 *	@stored: seen storing, which it may do within a writeback
 */
struct zsim_thread {
	uint32_t pid;
	struct zsim_run store;
	uint16_t length[ZSIM_MAX_FOLIO_PAGES];
	bool has_memcg;
	bool store_refused;
	struct zsim_run reclaim;
	bool partial;
	uint64_t load_slot;
	bool loading;
	bool loaded;
	bool request_known;
	int request_rc;
	bool add_due;
	bool del_due;
	uint64_t del_slot;
	bool requesting;
	bool stepping;
	bool outside;
	bool stored;
	UT_hash_handle hh;
};

/** struct zsim_cgroup - the kernel's id of a group */
struct zsim_cgroup {
	uint64_t id;
	zsim_memcg memcg;
	UT_hash_handle hh;
};

/**
 * struct zsim_known - what is known of a group, by handle
 * @unseen: nodes whose list may hold entries from before the capture
 * @learnt: the group is known by its id only: place, limits and settings are not
 * @made: in the capture: nothing happened in it before
 */
struct zsim_known {
	uint64_t unseen;
	bool learnt;
	bool made;
};

/** enum zsim_lru_records - which records of the lists the capture has */
enum zsim_lru_records {
	ZSIM_LRU_RECORDS_UNKNOWN,
	ZSIM_LRU_RECORDS_LOCKED, /* lru_ins, lru_rem: seen under the list's lock */
	ZSIM_LRU_RECORDS_PLAIN,	 /* lru_add, lru_del only */
};

/**
 * struct zsim_oracle - see oracle.h
 * @unseen: entries may exist that the capture did not show being stored
 * @slots: those that the capture saw in use; @older: others were, so that groups
 *	have swapped before
 * @full_known, @cursor_known: the pool's hysteresis and the worker's place
 * @tree_given: facts told the groups that there were; @tree_learnt: some group is
 *	known by its id only
 * @has_steps: the capture has `one` records: requests and worker step by step
 * @has_writebacks: it has `wb` records
 * @first_may: answers to may-zswap before the first total, which tells whether they
 *	could be known
 * @line: of the event in hand
 */
struct zsim_oracle {
	struct zsim *zs;
	void (*mismatch)(void *ctx, const struct zsim_mismatch *m);
	void *ctx;
	struct zsim_check_count count[ZSIM_NR_CHECKS];
	uint64_t adopted;
	struct {
		uint64_t line;
		int64_t saw, model;
	} first_may;
	struct zsim_thread *threads;
	struct zsim_cgroup *cgroups;
	struct zsim_array known;
	enum zsim_lru_records lru_records;
	bool begun;
	bool total_seen;
	bool unseen;
	bool older;
	struct zsim_slot_set slots;
	bool full_known;
	bool cursor_known;
	bool tree_given;
	bool tree_learnt;
	bool has_steps;
	bool has_writebacks;
	uint64_t line;
	const char *why;
};

/* witness.c */
/** zsim_thread_get() - by pid, new if need be; NULL without memory */
struct zsim_thread *zsim_thread_get(struct zsim_oracle *o, uint32_t pid);
/** zsim_cgroup_get() - the group of a kernel's id, made below the root if it is new */
int zsim_cgroup_get(struct zsim_oracle *o, uint64_t id, zsim_memcg *memcg);
/** zsim_cgroup_add() - a group with its path; @unseen: it was there before the capture */
int zsim_cgroup_add(struct zsim_oracle *o, uint64_t id, const char *path, bool unseen);
/** zsim_known_at() - never NULL for a group that exists */
struct zsim_known *zsim_known_at(const struct zsim_oracle *o, zsim_memcg memcg);
/** zsim_tree_open() - a request's subtree is not known: it may go anywhere */
void zsim_tree_open(struct zsim_oracle *o, struct zsim_run *run);
/** zsim_known_all() - nothing was there before the capture */
void zsim_known_all(struct zsim_oracle *o);
/** zsim_node_learn() - a node beyond those known; one that cannot be is -EBADMSG */
int zsim_node_learn(struct zsim_oracle *o, uint32_t node);
/** zsim_known_nothing() - records were lost: from here on as at the beginning of a capture */
void zsim_known_nothing(struct zsim_oracle *o);
void zsim_witness_free(struct zsim_oracle *o);

/* drive.c */
/**
 * zsim_oracle_check() - count one comparison
 * @known: false counts as unknown, whatever @ok says
 * @saw, @model: shown if it is wrong; printf-like texts are made by the callers
 */
void zsim_oracle_check(struct zsim_oracle *o, enum zsim_check kind, bool known, bool ok,
		       const char *saw, const char *model);
/** zsim_oracle_check_number() - the same for two numbers with a word before them */
void zsim_oracle_check_number(struct zsim_oracle *o, enum zsim_check kind, bool known,
			      const char *what, int64_t saw, int64_t model);
/** zsim_thread_run() - the call that a reclaim record of this thread is about */
struct zsim_run *zsim_thread_run(struct zsim_thread *t);
/** zsim_thread_partial() - is that call one that began before the capture? */
bool zsim_thread_partial(const struct zsim_thread *t, const struct zsim_run *run);
/**
 * zsim_drive() - make a call stand before a decision of this kind
 * @d: what the model would decide
 *
 * Decisions that the capture has no records of are taken on the way. Where the
 * model would have decided something that has records, it is counted as wrong,
 * and the call is put where the kernel is.
 * Return: 0, or -ENOMEM.
 */
int zsim_drive(struct zsim_oracle *o, struct zsim_thread *t, struct zsim_run *run,
	       enum zsim_decision_kind kind, struct zsim_decision *d);
/** zsim_drive_end() - the kernel's call ended: does the model's? 1 with @rc, or 0; -ENOMEM */
int zsim_drive_end(struct zsim_oracle *o, struct zsim_thread *t, struct zsim_run *run, int64_t *rc);
/** zsim_drive_commit() - the decision takes effect with the values in @d */
int zsim_drive_commit(struct zsim_oracle *o, struct zsim_run *run, struct zsim_decision *d);
/** zsim_list_known() - has the list been seen whole? */
bool zsim_list_known(const struct zsim_oracle *o, zsim_memcg memcg, uint32_t node);
bool zsim_lists_known(const struct zsim_oracle *o, zsim_memcg memcg);
/** zsim_limits_known() - are the pool's limits and the number of nodes? */
bool zsim_limits_known(const struct zsim_oracle *o);
/** zsim_drive_unended() - the thread does what it cannot do within the call in hand */
void zsim_drive_unended(struct zsim_oracle *o, struct zsim_thread *t);

/* record.c: what each record means; drive_*.c the groups of them */
int zsim_record_apply(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r);
int zsim_record_store(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r);
int zsim_record_reclaim(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r);
/**
 * zsim_next_known() - is the next group, which is looked at only once
 *
 * Where a worker of before the capture had stopped is not known until it is seen.
 */
bool zsim_next_known(struct zsim_oracle *o, const struct zsim_thread *t, bool same);
int zsim_record_visit(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r);
int zsim_record_slab(struct zsim_oracle *o, struct zsim_thread *t, const struct zsim_record *r);
int zsim_record_fact(struct zsim_oracle *o, const struct zsim_record *r);
/** zsim_record_flush() - what a thread's lru_add or lru_del left open takes effect */
int zsim_record_flush(struct zsim_oracle *o, struct zsim_thread *t);

#endif
