/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - one trace from its first byte to its last, through one simulator or two.
 *
 * A session reads the events, hands each to where it belongs (the simulator, the
 * oracle that compares a kernel's records with it, or the filter that makes inputs
 * of records) and keeps what reports are made of. It prints nothing itself.
 */
#ifndef ZSIM_SIM_SESSION_H
#define ZSIM_SIM_SESSION_H

#include <stdio.h>

#include <zsim/findings.h>
#include <zsim/oracle.h>
#include <zsim/property.h>
#include <zsim/tally.h>
#include <zsim/trace.h>
#include <zsim/whatif.h>
#include <zsim/zsim.h>

#include "cli_out.h"
#include "cli_value.h"
#include "meter.h"

#define ZSIM_SESSION_DIFFERENCES 10 /* differences that are kept in words */
#define ZSIM_SESSION_VIOLATIONS 100 /* violated invariants and properties that are kept in words */

/**
 * struct zsim_session_options - how to replay
 * @algo: NULL = the one that fits the trace
 * @set: constants to change; those that are 0 stay
 * @params: module parameters that stand above the trace's
 * @compare: a second algorithm over the same events, or NULL
 * @check: compare a capture's records with the model
 * @what_if: records are inputs even in a text trace
 * @node_count_fixed: see struct zsim_config
 * @verify_every: whole-state check every so many events; 0 = at the end only
 * @prove: set of ZSIM_P_BIT() that is checked along the way
 * @defect: see struct zsim_config
 * @events: where every decision is logged, or NULL
 * @progress: borrowed
 */
struct zsim_session_options {
	const struct zsim_algo *algo;
	struct zsim_algo set;
	struct zsim_params params;
	const struct zsim_algo *compare;
	bool check;
	bool what_if;
	bool node_count_fixed;
	uint64_t verify_every;
	uint64_t prove;
	uint8_t defect;
	FILE *events;
	struct zsim_progress *progress;
};

/** struct zsim_story - what is kept of a struct zsim_request; @group NULL: the per-node file */
struct zsim_story {
	char *group;
	char *text;
	uint64_t line;
	int rc;
	bool source_zswap;
	enum zsim_why why;
	uint64_t wanted;
	uint64_t bytes;
	uint64_t steps;
	uint64_t bound;
	uint64_t scanned;
	uint64_t rotated;
	uint64_t written;
	uint64_t busy;
	uint64_t failed;
	uint32_t failures;
	uint32_t children;
	uint32_t children_missed;
};

/** struct zsim_violation - an invariant or property that did not hold; @name is static */
struct zsim_violation {
	const char *name;
	char *text;
	uint64_t line;
};

/** struct zsim_difference - what is kept of a struct zsim_mismatch */
struct zsim_difference {
	enum zsim_check kind;
	uint64_t line;
	char *saw;
	char *model;
};

struct zsim_session;

/**
 * struct zsim_run - one simulator and those who watch it
 * @oracle, @whatif: NULL where there is none
 * @nr_differences, @nr_violations: all, of which only the first are kept in words
 * @kept_differences: how many those are; racy ones only where there is room
 * @verified: whole-state checks that were made
 * @skipped: steps of calls that had ended already under the compared algorithm
 * @settled: the parameters that stand above the trace's are set
 */
struct zsim_run {
	struct zsim_session *session;
	struct zsim *zs;
	struct zsim_oracle *oracle;
	struct zsim_whatif *whatif;
	struct zsim_tally *tally;
	struct zsim_findings *findings;
	struct zsim_meter meter;
	struct zsim_observer observer;
	struct zsim_story *requests;
	size_t nr_requests;
	size_t max_requests;
	struct zsim_difference differences[ZSIM_SESSION_DIFFERENCES];
	uint64_t nr_differences;
	size_t kept_differences;
	struct zsim_violation violations[ZSIM_SESSION_VIOLATIONS];
	uint64_t nr_violations;
	uint64_t verified;
	uint64_t skipped;
	bool settled;
};

/**
 * struct zsim_session - the replay of one file
 * @checking: records are compared, not taken as inputs
 * @runs: [0] is the replay, [1] the compared one
 * @records: the trace holds records of a kernel
 * @line: of the event that is being replayed
 * @error: "FILE:LINE: what" if the session failed
 */
struct zsim_session {
	const char *file;
	const struct zsim_session_options *options;
	struct zsim_reader *reader;
	enum zsim_trace_format format;
	bool checking;
	bool records;
	bool out_of_memory;
	uint64_t events;
	uint64_t shown;
	uint64_t line;
	uint32_t bound;
	double seconds;
	unsigned int nr_runs;
	struct zsim_run runs[2];
	char error[512];
};

/**
 * zsim_session_run() - replay a file
 * @s: filled, to be freed with zsim_session_free() in any case
 * @file, @options: borrowed until then
 *
 * Return: 0, or -EBADMSG with @s->error saying why the file cannot be replayed.
 */
int zsim_session_run(struct zsim_session *s, const char *file,
		     const struct zsim_session_options *options);
void zsim_session_free(struct zsim_session *s);

/** zsim_session_wrong() - decisions and results that differ; racy kinds left out on demand */
uint64_t zsim_session_wrong(const struct zsim_session *s, bool without_racy);
/** zsim_check_racy() - a kind whose value depends on the order of CPUs */
bool zsim_check_racy(enum zsim_check kind);
/** zsim_run_assumed() - stores whose length had to be assumed */
uint64_t zsim_run_assumed(const struct zsim_run *run);

/** struct zsim_measure - one row of a comparison; @share: @value is in hundredths */
struct zsim_measure {
	const char *key;
	const char *label;
	bool share;
	int64_t value;
};
#define ZSIM_NR_MEASURES 25
/** zsim_run_measure() - what two runs are compared by, always in the same order */
void zsim_run_measure(const struct zsim_run *run, struct zsim_measure out[ZSIM_NR_MEASURES]);

/** zsim_group_shown() - false for a removed group in which nothing is counted any more */
bool zsim_group_shown(const struct zsim *zs, zsim_memcg memcg);
/** zsim_group_suffix() - " (offline)" behind the path of a removed group, else "" */
const char *zsim_group_suffix(const struct zsim *zs, zsim_memcg memcg);

#endif
