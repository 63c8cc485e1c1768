/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_writer.h - an event as a line of a text trace, in memory.
 */
#ifndef ZSIM_TRACE_TRACE_WRITER_H
#define ZSIM_TRACE_TRACE_WRITER_H

#include <zsim/trace.h>

#include "trace/bytes.h"

/**
 * zsim_event_line() - append the line, newline included
 *
 * Return: 0; -EINVAL as zsim_event_write(), with nothing appended; -ENOMEM.
 */
int zsim_event_line(struct zsim_bytes *out, const struct zsim_event *ev);

#endif
