/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "oracle/witness.h"

struct zsim_oracle *zsim_oracle_create(struct zsim *zs,
				       void (*mismatch)(void *ctx, const struct zsim_mismatch *m),
				       void *ctx)
{
	struct zsim_oracle *o = zsim_zalloc(zs->alloc, sizeof(*o));

	if (!o)
		return NULL;
	o->zs = zs;
	o->mismatch = mismatch;
	o->ctx = ctx;
	o->unseen = true;
	zsim_slot_set_init(&o->slots, zs->alloc);
	zsim_array_init(&o->known, zs->alloc, sizeof(struct zsim_known));
	return o;
}

void zsim_oracle_free(struct zsim_oracle *o)
{
	if (!o)
		return;
	zsim_witness_free(o);
	zsim_dealloc(o->zs->alloc, o);
}

/* the kernel's worker runs by its own records, never by the model's queue */
static int begin(struct zsim_oracle *o)
{
	struct zsim_known root = { .unseen = UINT64_MAX };
	uint32_t i;

	if (o->begun)
		return 0;
	if (zsim_array_push(&o->known, &i))
		return -ENOMEM;
	*zsim_known_at(o, i) = root;
	o->zs->st.params[ZSIM_PARAM_WORKER_MANUAL] = 1;
	o->begun = true;
	return 0;
}

int zsim_oracle_saw(struct zsim_oracle *o, const struct zsim_event *ev, const char **why)
{
	struct zsim_thread *t;
	int rc;

	if (ev->record.saw == ZSIM_SAW_ALGO || ev->record.saw == ZSIM_SAW_KERNEL)
		return 0; /* they may stand before `machine` */
	rc = begin(o);
	if (rc)
		return rc;
	o->zs->started = true;
	o->line = ev->line;
	o->why = NULL;
	t = zsim_thread_get(o, ev->record.pid);
	rc = t ? zsim_record_apply(o, t, &ev->record) : -ENOMEM;
	if (why)
		*why = o->why;
	return rc;
}

/* what threads left open takes effect; calls that go on after the capture are let go */
int zsim_oracle_finish(struct zsim_oracle *o)
{
	struct zsim_thread *t;
	int rc = 0;

	for (t = o->threads; !rc && t; t = t->hh.next) {
		rc = zsim_record_flush(o, t);
		zsim_run_cancel(o->zs, &t->store);
		zsim_run_cancel(o->zs, &t->reclaim);
	}
	return rc;
}

static enum zsim_check kind_of(const struct zsim_event *ev)
{
	switch (ev->type) {
	case ZSIM_EV_WRITE:
		return !ev->actor && (!ev->path || !strcmp(ev->file, "memory.reclaim")) ?
			       ZSIM_CHECK_REQUEST_RC :
			       ZSIM_CHECK_EXPECTED;
	case ZSIM_EV_STORE:
		return ZSIM_CHECK_STORE_ACCEPT;
	case ZSIM_EV_LOAD:
		return ZSIM_CHECK_LOAD_RC;
	default:
		return ZSIM_CHECK_EXPECTED;
	}
}

void zsim_oracle_expect(struct zsim_oracle *o, const struct zsim_event *ev,
			const struct zsim_result *res)
{
	bool ok = zsim_result_equal(&ev->expect, res);
	char saw[64], model[64];

	if (ev->expect.kind == ZSIM_RESULT_NONE)
		return;
	o->line = ev->line;
	zsim_result_format(&ev->expect, saw, sizeof(saw));
	zsim_result_format(res, model, sizeof(model));
	zsim_oracle_check(o, kind_of(ev), true, ok, saw, model);
}

struct zsim_check_count zsim_oracle_count(const struct zsim_oracle *o, enum zsim_check kind)
{
	return o->count[kind];
}

uint64_t zsim_oracle_adopted(const struct zsim_oracle *o)
{
	return o->adopted;
}
