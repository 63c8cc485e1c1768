/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workload_take.h - a caller's workload, looked at before anything is made of it.
 */
#ifndef ZSIM_WORKLOAD_TAKE_H
#define ZSIM_WORKLOAD_TAKE_H

#include <zsim/workload.h>

/** zsim_workload_take() - @given with defaults for what it does not know; 0, -EINVAL, -ERANGE */
int zsim_workload_take(struct zsim_workload *w, const struct zsim_workload *given);

#endif
