/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_out.h - what the tools write, and where: exit status, complaints, progress,
 * files that appear whole or not at all, and the small change of text reports.
 */
#ifndef ZSIM_SIM_CLI_OUT_H
#define ZSIM_SIM_CLI_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * enum zsim_exit - exit status of every tool; where two apply, the larger wins, but the last one
 * never
 */
enum zsim_exit {
	ZSIM_EXIT_OK = 0,
	ZSIM_EXIT_WRONG = 1,	/* a decision, an expected result or an invariant */
	ZSIM_EXIT_UNUSABLE = 2, /* arguments, input or output */
	ZSIM_EXIT_PARTIAL = 3,	/* zsim-check: nothing wrong was found, but not all was looked at */
};

/**
 * zsim_complain() - one line on standard error, whatever the arguments contain
 *
 * Return: ZSIM_EXIT_UNUSABLE.
 */
__attribute__((format(printf, 1, 2))) int zsim_complain(const char *format, ...);
/**
 * zsim_complain_file() - the same of a file, or NULL for standard output; @err: a negative errno
 */
int zsim_complain_file(const char *name, int err);

/**
 * zsim_out_text() - a string from a trace, harmless to a terminal
 *
 * Control characters are written as \n, \t or \xNN. @out may be NULL, to count only.
 *
 * Return: columns written, taking a UTF-8 character for one.
 */
int zsim_out_text(FILE *out, const char *text);

/** struct zsim_digits - a number as people read it: "1,234,567" */
struct zsim_digits {
	char text[32];
};
struct zsim_digits zsim_digits(uint64_t n);
struct zsim_digits zsim_digits_signed(int64_t n);

/** struct zsim_style - escape sequences of a stream; all empty off a terminal or with NO_COLOR */
struct zsim_style {
	const char *bold;
	const char *good;
	const char *bad;
	const char *dim;
	const char *plain;
};
struct zsim_style zsim_style_of(FILE *out);

/**
 * struct zsim_outfile - a file that takes its name only when it is complete
 * @file: write here; NULL when not open
 * @name: as it was opened; borrowed
 * @target: resolved path; owned
 * @direct: a device, pipe or the like, to which is written at once
 * @unnamed: the bytes have no name in the file system yet, so nothing stays
 *	behind if the program is killed
 * @part: name of the incomplete file, if it has one; owned
 */
struct zsim_outfile {
	FILE *file;
	const char *name;
	char *target;
	char *part;
	bool direct;
	bool unnamed;
};

/*
 * What follows returns ZSIM_EXIT_OK or a complaint, and has no effect on a file that is not open.
 */
/** zsim_outfile_open() - @out must be zero */
int zsim_outfile_open(struct zsim_outfile *out, const char *path);
/** zsim_outfile_flush() - all bytes are on their way: a full disk shows here */
int zsim_outfile_flush(const struct zsim_outfile *out);
/** zsim_outfile_commit() - complete: put it in its place and close it */
int zsim_outfile_commit(struct zsim_outfile *out);
/** zsim_outfile_discard() - leave nothing behind */
void zsim_outfile_discard(struct zsim_outfile *out);

/** zsim_out_finish() - flush standard output: ZSIM_EXIT_OK, or a complaint if anything was lost */
int zsim_out_finish(void);

/** struct zsim_progress - a line on standard error that is drawn over; zero but for @on */
struct zsim_progress {
	bool on;
	bool shown;
	uint64_t last_ns;
};
/** zsim_progress_update() - cheap to call often; @size 0 = unknown */
void zsim_progress_update(struct zsim_progress *p, const char *what, uint64_t done, uint64_t size,
			  uint64_t events);
/**
 * zsim_progress_begin() - true if it is time to draw: what the caller writes now replaces the line
 */
bool zsim_progress_begin(struct zsim_progress *p);
/** zsim_progress_clear() - before anything else is written to the terminal */
void zsim_progress_clear(struct zsim_progress *p);

/** zsim_now_ns() - a clock that only goes forward */
uint64_t zsim_now_ns(void);

#endif
