/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/sound.h"

#include <stdlib.h>
#include <string.h>

#include "check/memo.h"

/* so many states that the memo never forgets for want of room */
#define MANY_STATES (UINT64_C(1) << 20)

struct looker {
	struct space *s;
	struct zsim_visited rows;
	struct zsim_memo memo;
	struct finding *f;
};

static void out_of_memory(int rc)
{
	if (rc)
		exit(EXIT_FAILURE);
}

static void row_of(struct looker *l, struct zsim_row *row)
{
	space_encode(l->s);
	out_of_memory(zsim_visited_row(&l->rows, &l->s->encoder, ZSIM_ALL_PARTS, row));
	out_of_memory(zsim_memo_note(&l->memo, &l->s->world, row, UINT32_MAX));
}

static bool same_row(const struct looker *l, const struct zsim_row *a, const struct zsim_row *b)
{
	return a->hash == b->hash && !memcmp(a->bytes, b->bytes, l->rows.row_size);
}

static void action_look(struct looker *l, uint32_t i, uint16_t action)
{
	struct zsim_row from, to, known;
	enum zsim_memo_answer answer;
	uint64_t broken = 0;
	bool alone, can;

	space_thaw(l->s, i);
	row_of(l, &from);
	to = known = from;
	answer = zsim_memo_ask(&l->memo, &known, action);
	alone = zsim_memo_alone(&l->memo, &l->s->world, &from, action);
	can = zsim_world_can(&l->s->world, action);
	if (can) {
		broken = space_act(l->s, action) & ~SOUND_TOLD_BEFORE;
		row_of(l, &to);
	}
	l->f->looked += answer != ZSIM_MEMO_UNKNOWN;
	if ((answer == ZSIM_MEMO_IDLE && can) ||
	    (answer == ZSIM_MEMO_KNOWN && (!can || broken || !same_row(l, &known, &to))))
		finding_add(l->f, "action %x of state %u is not what the memo says", action, i);
	if (alone && !broken)
		zsim_memo_keep(&l->memo, &l->s->world, &from, action, can ? &to : NULL,
			       MANY_STATES);
}

static void state_look(struct looker *l, uint32_t i)
{
	struct zsim_next next;
	struct zsim_row row;

	for (uint32_t p = 0; p < l->s->sc->nr_roles; p++) {
		space_thaw(l->s, i);
		row_of(l, &row);
		next = *zsim_memo_next(&l->memo, &row, p);
		for (uint32_t k = 0; k < next.nr; k++)
			action_look(l, i, ZSIM_ACTION(p, next.first + k));
	}
}

void sound_memo(struct space *s, struct finding *f)
{
	struct looker l = { .s = s, .f = f };

	*f = (struct finding){ .looked = 0 };
	if (!zsim_memo_fits(&s->world, &s->encoder))
		return;
	out_of_memory(zsim_visited_init(&l.rows, s->sc->alloc, s->encoder.nr_parts, 0, false, 0));
	zsim_memo_init(&l.memo, s->sc, true);
	for (uint32_t i = 0; i < s->nr; i++)
		state_look(&l, i);
	zsim_memo_destroy(&l.memo);
	zsim_visited_destroy(&l.rows);
	/* the encoder goes on without the strings of these rows */
	for (uint32_t i = 0; i < s->encoder.nr_parts; i++)
		s->encoder.part[i].known = NULL;
}
