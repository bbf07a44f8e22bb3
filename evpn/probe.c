/* SPDX-License-Identifier: ISC */
/* The probe table: state and event to state and action. */
#include "config.h"

#include "evpn/probe.h"

#include "lib/util.h"

struct turn {
	uint8_t state; /* next, enum probe_state */
	uint8_t act;   /* enum probe_act */
};

static const struct turn turns[PROBE_STATES][PROBE_EVENTS] = {
	[PROBE_NONE] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_NOTHING },
		[PROBE_EV_STALE] = { PROBE_WATCHED, PROBE_REFRESH },
		[PROBE_EV_GONE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_MOVED] = { PROBE_CALLED, PROBE_ASK_NOW },
		[PROBE_EV_DUE] = { PROBE_NONE, PROBE_NOTHING },
		[PROBE_EV_SPENT] = { PROBE_NONE, PROBE_NOTHING },
		[PROBE_EV_SENT] = { PROBE_NONE, PROBE_NOTHING },
		[PROBE_EV_END] = { PROBE_NONE, PROBE_NOTHING },
	},
	[PROBE_WATCHED] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_STOP },
		[PROBE_EV_STALE] = { PROBE_WATCHED, PROBE_NOTHING },
		[PROBE_EV_GONE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_MOVED] = { PROBE_CALLED, PROBE_ASK_NOW },
		[PROBE_EV_DUE] = { PROBE_ASKED, PROBE_ASK },
		[PROBE_EV_SPENT] = { PROBE_WATCHED, PROBE_NOTHING },
		[PROBE_EV_SENT] = { PROBE_WATCHED, PROBE_NOTHING },
		[PROBE_EV_END] = { PROBE_NONE, PROBE_STOP },
	},
	[PROBE_ASKED] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_STOP },
		[PROBE_EV_STALE] = { PROBE_ASKED, PROBE_NOTHING },
		[PROBE_EV_GONE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_MOVED] = { PROBE_CALLED, PROBE_ASK_NOW },
		[PROBE_EV_DUE] = { PROBE_ASKED, PROBE_ASK },
		/* No answer, but the data plane keeps it: its word counts. */
		[PROBE_EV_SPENT] = { PROBE_WATCHED, PROBE_REFRESH },
		[PROBE_EV_SENT] = { PROBE_ASKED, PROBE_AWAIT },
		[PROBE_EV_END] = { PROBE_NONE, PROBE_STOP },
	},
	[PROBE_HELD] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_STOP },
		/* The data plane has it again in order to ask: no answer yet. */
		[PROBE_EV_STALE] = { PROBE_ASKED, PROBE_NOTHING },
		[PROBE_EV_GONE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_MOVED] = { PROBE_OVER, PROBE_ASK_NOW },
		[PROBE_EV_DUE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_SPENT] = { PROBE_NONE, PROBE_DROP },
		[PROBE_EV_SENT] = { PROBE_HELD, PROBE_AWAIT },
		[PROBE_EV_END] = { PROBE_NONE, PROBE_STOP },
	},
	[PROBE_CALLED] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_STOP },
		[PROBE_EV_STALE] = { PROBE_CALLED, PROBE_NOTHING },
		[PROBE_EV_GONE] = { PROBE_HELD, PROBE_ASK_NOW },
		[PROBE_EV_MOVED] = { PROBE_CALLED, PROBE_NOTHING },
		[PROBE_EV_DUE] = { PROBE_CALLED, PROBE_ASK_NOW },
		[PROBE_EV_SPENT] = { PROBE_NONE, PROBE_STOP },
		[PROBE_EV_SENT] = { PROBE_NONE, PROBE_STOP },
		/* It need not be local to be asked for. */
		[PROBE_EV_END] = { PROBE_CALLED, PROBE_NOTHING },
	},
	[PROBE_OVER] = {
		[PROBE_EV_FRESH] = { PROBE_NONE, PROBE_STOP },
		[PROBE_EV_STALE] = { PROBE_WATCHED, PROBE_REFRESH },
		[PROBE_EV_GONE] = { PROBE_OVER, PROBE_NOTHING },
		[PROBE_EV_MOVED] = { PROBE_OVER, PROBE_NOTHING },
		[PROBE_EV_DUE] = { PROBE_NONE, PROBE_DROP },
		[PROBE_EV_SPENT] = { PROBE_NONE, PROBE_DROP },
		[PROBE_EV_SENT] = { PROBE_OVER, PROBE_SOON },
		[PROBE_EV_END] = { PROBE_NONE, PROBE_STOP },
	},
};

static enum probe_act
turn(struct probe *p, enum probe_event ev)
{
	const struct turn *t = &turns[p->state][ev];

	p->state = t->state;
	/* Whoever is not being asked begins with nothing against him. */
	if (p->state != PROBE_ASKED && p->state != PROBE_HELD)
		p->tries = 0;
	return t->act;
}

enum probe_act
probe_step(struct probe *p, enum probe_event ev)
{
	enum probe_act a;

	ensure(p->state < PROBE_STATES && ev < PROBE_EVENTS);
	if (ev == PROBE_EV_SENT)
		p->tries++;
	a = turn(p, ev);
	if ((a == PROBE_ASK || a == PROBE_ASK_NOW) && p->tries >= PROBE_TRIES)
		a = turn(p, PROBE_EV_SPENT);
	return a;
}
