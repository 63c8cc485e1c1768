/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot.h - which numbers are swap slots.
 */
#ifndef ZSIM_TRACE_SLOT_H
#define ZSIM_TRACE_SLOT_H

#include <zsim/types.h>

#define ZSIM_SLOT_OFFSET_MASK ((UINT64_C(1) << ZSIM_SLOT_TYPE_SHIFT) - 1)

/**
 * zsim_slot_fits() - one of at most ZSIM_MAX_SWAP_DEVICES devices, and an offset that it may have
 */
static inline bool zsim_slot_fits(uint64_t slot)
{
	return slot < (uint64_t)ZSIM_MAX_SWAP_DEVICES << ZSIM_SLOT_TYPE_SHIFT &&
	       (slot & ZSIM_SLOT_OFFSET_MASK) <= ZSIM_SLOT_OFFSET_MAX;
}

#endif
