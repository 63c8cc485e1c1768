/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_file.h - results on disk, in the order of the runs, whatever happens.
 *
 * A line is written as soon as all before it are. One that is finished earlier waits,
 * and is written to a journal beside the file meanwhile, so that no finished run
 * is made again after the program was killed. Both are cut behind their last whole
 * line when a sweep goes on; the journal goes when the file is complete.
 */
#ifndef ZSIM_SIM_SWEEP_FILE_H
#define ZSIM_SIM_SWEEP_FILE_H

#include "sweep_row.h"

/** enum zsim_sweep_mode - what to do about a file that is there already */
enum zsim_sweep_mode {
	ZSIM_SWEEP_NEW,	   /* refuse */
	ZSIM_SWEEP_RESUME, /* go on with it, if it is of the same plan */
	ZSIM_SWEEP_FORCE,  /* begin again */
};

/**
 * struct zsim_sweep_file - an output
 * @fd: of the file, or standard output, which has no @journal
 * @journal_fd: -1 until there is a line that must wait
 * @next: the run whose line is the next; all before are written
 * @held: by run: lines that wait
 * @ours: what was there is of this plan
 * @found: runs that were finished already when it was opened
 * @wrong: lines of runs that failed or violate invariants, the ones found included
 */
struct zsim_sweep_file {
	const struct zsim_sweep_rows *rows;
	const char *name;
	char *journal;
	int fd;
	int journal_fd;
	uint64_t next;
	char **held;
	bool ours;
	uint64_t found;
	uint64_t wrong;
};

/**
 * zsim_sweep_file_open() - an output whose first lines may be there
 * @name: NULL = standard output
 * @why: what is wrong, on failure
 *
 * Return: 0 or -EINVAL. It is closed in any case.
 */
int zsim_sweep_file_open(struct zsim_sweep_file *file, const char *name, enum zsim_sweep_mode mode,
			 const struct zsim_sweep_rows *rows, char *why);
/** zsim_sweep_file_has() - is the run finished? */
bool zsim_sweep_file_has(const struct zsim_sweep_file *file, uint64_t run);
/** zsim_sweep_file_put() - a run that is finished now; 0 or -errno */
int zsim_sweep_file_put(struct zsim_sweep_file *file, const struct zsim_sweep_result *result);
void zsim_sweep_file_close(struct zsim_sweep_file *file);

#endif
