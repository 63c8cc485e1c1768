/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_json.h - an explored scenario as JSON, for other programs.
 */
#ifndef ZSIM_SIM_CHECK_JSON_H
#define ZSIM_SIM_CHECK_JSON_H

#include <jansson.h>

#include "check_run.h"

/** zsim_check_json() - a scenario that was explored, or NULL without memory */
json_t *zsim_check_json(const struct zsim_check_run *run);

#endif
