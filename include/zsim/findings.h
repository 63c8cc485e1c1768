/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * findings.h - what reviewers of the algorithm argue about, recognised in a run.
 *
 * A finding is no error: the modelled kernel really does this. Each has a fixed
 * name, a sentence, and the numbers that the sentence rests on:
 *
 * cold-start-cliff	a request cleared batch x retries reference bits or more,
 *			wrote nothing and returned -EAGAIN
 * overshoot		a request wrote more bytes than were asked
 * node-order		a request drained a node and left entries of a later one
 *			untouched
 * starvation		a request on a parent ended with -EAGAIN before it had
 *			scanned all children with entries
 * second-chance-lost	an entry lost its reference bit and was written back in one
 *			and the same call of shrink_memcg()
 * node-count-drift	the kernel's count of a node's entries is not their number
 * blocked-at-head	a request wrote nothing and returned -EAGAIN because of pages
 *			in the swap cache, while other entries remained
 */
#ifndef ZSIM_FINDINGS_H
#define ZSIM_FINDINGS_H

#include <zsim/zsim.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct zsim_finding_number - one number of a finding; @name is an identifier */
struct zsim_finding_number {
	const char *name;
	int64_t value;
};

/**
 * struct zsim_finding - one finding
 * @name: one of the names above
 * @text: one line for people, numbers included
 * @count: how often it was seen (requests, entries or nodes, as @text says)
 * @line: line of the trace where it was first seen, 0 if that is not known
 * @numbers: @nr_numbers of them
 */
struct zsim_finding {
	const char *name;
	const char *text;
	uint64_t count;
	uint64_t line;
	size_t nr_numbers;
	const struct zsim_finding_number *numbers;
};

struct zsim_findings;

/**
 * zsim_findings_create() - watch @zs from now on
 * @allocator: NULL = libc; must outlive the findings
 *
 * Takes one of the places of zsim_observe(). Free it after @zs, which goes on
 * telling it of its decisions until then.
 *
 * Return: the watcher, or NULL without memory or without a place.
 */
ZSIM_API struct zsim_findings *zsim_findings_create(struct zsim *zs,
						    const struct zsim_allocator *allocator);
/** zsim_findings_free() - takes NULL */
ZSIM_API void zsim_findings_free(struct zsim_findings *findings);
/** zsim_findings_line() - the events that follow are those of line @line of a trace */
ZSIM_API void zsim_findings_line(struct zsim_findings *findings, uint64_t line);

/**
 * zsim_findings_end() - the trace has ended: look at the state and write the texts
 * @zs: the simulator that was watched
 *
 * Return: 0, or -ENOMEM if memory ran out at some time: what was found until
 * then can be read all the same.
 */
ZSIM_API int zsim_findings_end(struct zsim_findings *findings, const struct zsim *zs);
/** zsim_findings_count() - how many there are; 0 before zsim_findings_end() */
ZSIM_API size_t zsim_findings_count(const struct zsim_findings *findings);
/** zsim_findings_get() - the @i-th, good until zsim_findings_free(); NULL behind the last */
ZSIM_API const struct zsim_finding *zsim_findings_get(const struct zsim_findings *findings,
						      size_t i);

#ifdef __cplusplus
}
#endif
#endif
