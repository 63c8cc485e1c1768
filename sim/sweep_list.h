/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_list.h - lists of values as a command line spells them: "1,2,8..256*2".
 */
#ifndef ZSIM_SIM_SWEEP_LIST_H
#define ZSIM_SIM_SWEEP_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define ZSIM_SWEEP_LIST_MAX 100000u

/** struct zsim_sweep_list - @nr values, each a string of its own; zero is an empty one */
struct zsim_sweep_list {
	char **values;
	size_t nr;
};

/**
 * zsim_sweep_list_parse() - add what a text says
 * @text: values between commas; A..B is every whole number from A to B, A..B+S every S-th,
 *	A..B*F the products A, A*F, ... up to B. A, B, S and F have up to three decimals.
 *
 * Return: 0, -EINVAL no such list, -ERANGE more than ZSIM_SWEEP_LIST_MAX values, -ENOMEM.
 */
int zsim_sweep_list_parse(struct zsim_sweep_list *list, const char *text);
/** zsim_sweep_list_add() - a copy of @value; 0, -ERANGE, -ENOMEM */
int zsim_sweep_list_add(struct zsim_sweep_list *list, const char *value);
void zsim_sweep_list_free(struct zsim_sweep_list *list);

#endif
