/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_team.h"

#include <signal.h>

static void *member(void *arg)
{
	const struct zsim_sweep_team *team = arg;
	const struct zsim_sweep_source *source = &team->source;
	struct zsim_sweep_result result;
	struct zsim_sweep_config config;
	uint64_t run;

	while ((run = source->take(source->ctx)) != ZSIM_SWEEP_NO_RUN) {
		zsim_sweep_plan_config(team->plan, run, &config);
		if (!zsim_sweep_run(&config, source->stop, &result))
			source->give(source->ctx, &result);
	}
	return NULL;
}

/* the main thread is the one that hears of signals */
int zsim_sweep_team_start(struct zsim_sweep_team *team, const struct zsim_sweep_plan *plan,
			  const struct zsim_sweep_source *source, unsigned int jobs)
{
	sigset_t all, before;
	int err = 0;

	*team = (struct zsim_sweep_team){ .plan = plan, .source = *source };
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (team->nr < jobs && !err) {
		err = pthread_create(&team->threads[team->nr], NULL, member, team);
		team->nr += !err;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return team->nr ? 0 : -err;
}

void zsim_sweep_team_join(struct zsim_sweep_team *team)
{
	for (unsigned int i = 0; i < team->nr; i++)
		pthread_join(team->threads[i], NULL);
	team->nr = 0;
}
