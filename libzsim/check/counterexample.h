/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counterexample.h - a path of the explorer as something to read and to run again.
 */
#ifndef ZSIM_CHECK_COUNTEREXAMPLE_H
#define ZSIM_CHECK_COUNTEREXAMPLE_H

#include "check/search.h"

/**
 * zsim_counterexample_make() - a counterexample from a path
 * @f: the path
 * @options: algorithm and defect under which it was found
 * @cx: filled; its strings are to be freed by zsim_counterexample_free()
 *
 * The trace is cut down as long as it still refutes the property and, with a
 * defect, as the right model still passes. Return: 0, -ENOMEM, -EIO.
 */
int zsim_counterexample_make(const struct zsim_scenario *sc,
			     const struct zsim_check_options *options, const struct zsim_finding *f,
			     struct zsim_counterexample *cx);
void zsim_counterexample_free(const struct zsim_allocator *alloc, struct zsim_counterexample *cx);

#endif
