/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupt.h - programs that are told to end, and keep what they have.
 */
#ifndef ZSIM_SIM_INTERRUPT_H
#define ZSIM_SIM_INTERRUPT_H

#include <stdbool.h>

/**
 * zsim_interrupts() - from now on SIGINT and SIGTERM end the work in good order, a second one at
 * once
 */
void zsim_interrupts(void);
/** zsim_interrupted() - has there been one? */
bool zsim_interrupted(void);

#endif
