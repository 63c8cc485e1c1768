/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_json.h"

#include <inttypes.h>

#include "report_json.h"

static const char *const opinions[] = {
	[ZSIM_OPINION_PROVED] = "proved",   [ZSIM_OPINION_EXPECTED] = "refuted",
	[ZSIM_OPINION_REFUTED] = "refuted", [ZSIM_OPINION_MISSED] = "proved",
	[ZSIM_OPINION_OPEN] = "open",	    [ZSIM_OPINION_UNSEEN] = "unseen",
	[ZSIM_OPINION_NONE] = "none",
};

static const char *const searches[] = {
	[ZSIM_SEARCH_DEPTH] = "depth",
	[ZSIM_SEARCH_BREADTH] = "breadth",
	[ZSIM_SEARCH_RANDOM] = "random",
};

static const char *const ends[] = {
	[ZSIM_END_EXHAUSTED] = "exhausted", [ZSIM_END_REFUTED] = "refuted",
	[ZSIM_END_STATES] = "max-states",   [ZSIM_END_MEMORY] = "max-memory",
	[ZSIM_END_STOPPED] = "stopped",	    [ZSIM_END_WALKS] = "walks",
	[ZSIM_END_INEXACT] = "bitstate",
};

static const char *const verdicts[] = {
	[ZSIM_EXIT_OK] = "as-expected",
	[ZSIM_EXIT_WRONG] = "wrong",
	[ZSIM_EXIT_UNUSABLE] = "unusable",
	[ZSIM_EXIT_PARTIAL] = "not-exhaustive",
};

static json_int_t number(uint64_t n)
{
	return (json_int_t)(n > INT64_MAX ? INT64_MAX : n);
}

static json_t *algorithm(const struct zsim_algo *algo)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "name", algo->name, "batch",
			 (json_int_t)algo->batch, "walk", (json_int_t)algo->walk_nr, "retries",
			 (json_int_t)algo->max_retries, "shrinker_batch",
			 (json_int_t)algo->shrinker_batch, "empty_failures",
			 (json_int_t)algo->empty_failures);
}

static json_t *property(const struct zsim_check_run *run, enum zsim_property p)
{
	bool refuted = zsim_scenario_refutes(run->sc) & ZSIM_P_BIT(p);

	return json_pack("{s:s, s:s, s:s}", "verdict", opinions[zsim_check_run_opinion(run, p)],
			 "expected", refuted ? "refuted" : "proved", "statement",
			 zsim_property_statement(p));
}

static json_t *properties(const struct zsim_check_run *run)
{
	json_t *object = json_object();

	for (int i = 0; i < ZSIM_NR_PROPERTIES; i++) {
		enum zsim_property p = (enum zsim_property)i;

		if (zsim_check_run_opinion(run, p) == ZSIM_OPINION_NONE)
			continue;
		/* a member of NULL is refused, and so is the whole in the end */
		if (json_object_set_new(object, zsim_property_name(p), property(run, p))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *counterexamples(const struct zsim_check_run *run)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < run->result.nr; i++) {
		const struct zsim_counterexample *cx = &run->result.counterexamples[i];
		json_t *one = json_pack("{s:s, s:o, s:I, s:o}", "property",
					zsim_property_name(cx->property), "why",
					zsim_report_json_string(cx->why), "steps",
					(json_int_t)cx->steps, "trace",
					zsim_report_json_string(cx->trace));

		if (json_array_append_new(array, one)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *engine(const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;
	double rate = run->seconds > 0 ? (double)r->states / run->seconds : 0;

	return json_pack("{s:f, s:f, s:I, s:f}", "seconds", run->seconds, "states_per_second", rate,
			 "peak_bytes", number(r->bytes), "bytes_per_state", r->state_bytes);
}

static json_t *search(const struct zsim_check_run *run)
{
	const struct zsim_check_result *r = &run->result;
	const struct zsim_check_options *o = &run->args->options;
	char digest[24];

	snprintf(digest, sizeof(digest), "%016" PRIx64, r->rests_digest);
	return json_pack("{s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "order",
			 searches[o->search], "end", ends[r->end], "reduced", (int)o->reduce,
			 "symmetry", (int)o->symmetry, "threads", (json_int_t)o->threads, "states",
			 number(r->states), "transitions", number(r->transitions), "depth",
			 number(r->depth), "rests", number(r->rests), "bitstate",
			 (json_int_t)o->bitstate, "rests_digest", digest);
}

json_t *zsim_check_json(const struct zsim_check_run *run)
{
	return json_pack("{s:o, s:o, s:o, s:I, s:s, s:o, s:o, s:o, s:o}", "file",
			 zsim_report_json_string(zsim_check_run_file(run)), "about",
			 zsim_report_json_string(zsim_scenario_about(run->sc)), "algo",
			 algorithm(&run->algo), "defect", (json_int_t)run->args->options.defect,
			 "verdict", verdicts[zsim_check_run_status(run)], "search", search(run),
			 "properties", properties(run), "counterexamples", counterexamples(run),
			 "engine", engine(run));
}
