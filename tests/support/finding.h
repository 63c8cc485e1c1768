/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finding.h - what a look at very many things came to: how many were wrong, and the
 * first of them in words.
 */
#ifndef ZSIM_TESTS_FINDING_H
#define ZSIM_TESTS_FINDING_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/** struct finding - @looked: comparisons made; @wrong: those that failed, @first in words */
struct finding {
	uint64_t looked;
	uint64_t wrong;
	char first[256];
};

/** finding_add() - one more is wrong; printf-like */
__attribute__((format(printf, 2, 3))) static inline void finding_add(struct finding *f,
								     const char *format, ...)
{
	va_list args;

	if (f->wrong++)
		return;
	va_start(args, format);
	vsnprintf(f->first, sizeof(f->first), format, args);
	va_end(args);
}

/** FINDING_NONE() - the test fails if something is wrong; @what: of which scenario, ... */
#define FINDING_NONE(f, what) finding_none(f, what, __FILE__, __LINE__)
#define finding_none(f, what, file, line)                                                         \
	do {                                                                                      \
		char finding_text_[400];                                                          \
                                                                                                  \
		snprintf(finding_text_, sizeof(finding_text_), "%s: %llu wrong, first: %s", what, \
			 (unsigned long long)(f)->wrong, (f)->first);                             \
		CU_assertImplementation((f)->wrong ? CU_FALSE : CU_TRUE, line, finding_text_,     \
					file, "", CU_FALSE);                                      \
	} while (0)

#endif
