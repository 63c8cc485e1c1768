/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite.h - one CUnit suite per test program.
 *
 * A test file lists its cases and lets the macro make main():
 *
 *	static void list_rotate(void) { CU_ASSERT_EQUAL(1 + 1, 2); }
 *
 *	static const struct zsim_case cases[] = {
 *		ZSIM_CASE(list_rotate),
 *	};
 *	ZSIM_SUITE_MAIN("list_lru", cases)
 *
 * The program runs every case, or only those named on its command line;
 * --list prints the names. It exits 0 if all passed, 1 if one failed or the
 * harness did, 2 if a name is unknown.
 */
#ifndef ZSIM_TESTS_SUITE_H
#define ZSIM_TESTS_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

struct zsim_case {
	const char *name;
	void (*run)(void);
};

#define ZSIM_CASE(function)         \
	{                           \
#function, function \
	}

#define ZSIM_SUITE_MAIN(suite_name, cases)                                                         \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		return zsim_suite_run(suite_name, cases, sizeof(cases) / sizeof((cases)[0]), argc, \
				      argv);                                                       \
	}

static inline const struct zsim_case *zsim_suite_find(const struct zsim_case *cases, size_t nr,
						      const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(cases[i].name, name))
			return &cases[i];
	return NULL;
}

static inline bool zsim_suite_add(CU_pSuite suite, const struct zsim_case *c)
{
	if (CU_add_test(suite, c->name, c->run))
		return true;
	fprintf(stderr, "cannot add case %s: %s\n", c->name, CU_get_error_msg());
	return false;
}

/* without names on the command line every case is added */
static inline int zsim_suite_fill(CU_pSuite suite, const struct zsim_case *cases, size_t nr,
				  int argc, char **argv)
{
	if (argc < 2) {
		for (size_t i = 0; i < nr; i++)
			if (!zsim_suite_add(suite, &cases[i]))
				return 1;
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		const struct zsim_case *c = zsim_suite_find(cases, nr, argv[i]);

		if (!c) {
			fprintf(stderr, "%s: no case '%s'\n", argv[0], argv[i]);
			return 2;
		}
		if (!zsim_suite_add(suite, c))
			return 1;
	}
	return 0;
}

static inline int zsim_suite_run(const char *name, const struct zsim_case *cases, size_t nr,
				 int argc, char **argv)
{
	CU_pSuite suite;
	int ret = 1;

	if (argc == 2 && !strcmp(argv[1], "--list")) {
		for (size_t i = 0; i < nr; i++)
			puts(cases[i].name);
		return 0;
	}
	/* a crash must not take the lines before it along */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (CU_initialize_registry() != CUE_SUCCESS) {
		fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
		return 1;
	}
	suite = CU_add_suite(name, NULL, NULL);
	if (suite)
		ret = zsim_suite_fill(suite, cases, nr, argc, argv);
	if (suite && !ret) {
		CU_basic_set_mode(CU_BRM_VERBOSE);
		ret = CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_failures() > 0 ||
		      CU_get_number_of_tests_run() == 0;
	}
	CU_cleanup_registry();
	return ret;
}

#endif
