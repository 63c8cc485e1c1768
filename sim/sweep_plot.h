/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_plot.h - two columns of results as a picture, by gnuplot.
 */
#ifndef ZSIM_SIM_SWEEP_PLOT_H
#define ZSIM_SIM_SWEEP_PLOT_H

#include "sweep_args.h"

/** zsim_sweep_plot() - what --plot asks for; an exit status, after a complaint */
int zsim_sweep_plot(const struct zsim_sweep_args *args);

#endif
