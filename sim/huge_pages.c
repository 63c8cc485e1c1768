/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * huge_pages.c - the programs' memory lies in huge pages where the system allows it.
 *
 * A large simulator is read all over, and with small pages the processor looks addresses up
 * more often than entries: a replay of 30 million entries takes a quarter less time.
 */
#include "meter.h"

#if ZSIM_JEMALLOC
/* jemalloc looks for this name when the program starts */
extern const char *malloc_conf;
const char *malloc_conf = "thp:always";
#endif
