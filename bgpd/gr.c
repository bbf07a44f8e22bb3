/* SPDX-License-Identifier: ISC */
/* bgpd/gr.c: the table of graceful restart on the receiving side. */
#include "config.h"

#include "bgpd/gr.h"

#include <stddef.h>

enum {
	T_RESTART = 1 << 8, /* run the timer with the peer's restart time */
	T_STALE = 1 << 9,   /* run it with the stale path time */
};

enum { NOTIF_CEASE = 6, CEASE_HARD_RESET = 9 };

struct row {
	uint16_t what; /* GR_ACT_* and T_* */
	uint8_t next;  /* enum gr_state */
};

static const struct row table[GR_STATE_MAX][GR_EVENT_MAX] = {
	[GR_OFF] = {
		[GR_EV_LOST_KEEP] = { GR_ACT_MARK | T_RESTART, GR_DOWN },
		[GR_EV_LOST] = { GR_ACT_FLUSH, GR_OFF },
		[GR_EV_UP_KEEP] = { 0, GR_OFF },
		[GR_EV_UP] = { 0, GR_OFF },
		[GR_EV_EOR] = { 0, GR_OFF },
		[GR_EV_TIMER] = { 0, GR_OFF },
	},
	[GR_DOWN] = {
		/* No session in this state: a second loss changes nothing. */
		[GR_EV_LOST_KEEP] = { T_RESTART, GR_DOWN },
		[GR_EV_LOST] = { GR_ACT_FLUSH, GR_OFF },
		[GR_EV_UP_KEEP] = { T_STALE, GR_SYNC },
		/* RFC 4724 4.2: no Forwarding State bit, or no such family: remove at once. */
		[GR_EV_UP] = { GR_ACT_FLUSH_STALE, GR_OFF },
		[GR_EV_EOR] = { T_RESTART, GR_DOWN },
		[GR_EV_TIMER] = { GR_ACT_FLUSH, GR_OFF },
	},
	[GR_SYNC] = {
		/* RFC 4724 4.2: consecutive restarts: what was stale already is deleted. */
		[GR_EV_LOST_KEEP] = { GR_ACT_FLUSH_STALE | GR_ACT_MARK | T_RESTART, GR_DOWN },
		[GR_EV_LOST] = { GR_ACT_FLUSH, GR_OFF },
		[GR_EV_UP_KEEP] = { T_STALE, GR_SYNC },
		[GR_EV_UP] = { GR_ACT_FLUSH_STALE, GR_OFF },
		[GR_EV_EOR] = { GR_ACT_FLUSH_STALE, GR_OFF },
		[GR_EV_TIMER] = { GR_ACT_FLUSH_STALE, GR_OFF },
	},
};

unsigned
gr_step(struct gr *g, enum gr_event ev, struct mono now)
{
	const struct row *row = &table[g->state][ev];

	g->state = row->next;
	if (row->what & T_RESTART)
		g->due = mono_add(now, MONO_SEC(g->restart_time));
	else if (row->what & T_STALE)
		g->due = mono_add(now, MONO_SEC(g->stale_time));
	else
		g->due.us = 0;
	return row->what & 0xff;
}

bool
gr_keeps(const struct gr_end *end)
{
	if (!end->notification)
		return true;
	/* RFC 8538 4: every NOTIFICATION but a Hard Reset, once both sides agreed on that. */
	if (end->both_n)
		return end->code != NOTIF_CEASE || end->subcode != CEASE_HARD_RESET;
	return false;
}

const char *
gr_state_name(enum gr_state s)
{
	static const char *const names[GR_STATE_MAX] = {
		[GR_OFF] = "none",
		[GR_DOWN] = "waiting for the peer",
		[GR_SYNC] = "waiting for End-of-RIB",
	};

	return s < GR_STATE_MAX ? names[s] : "?";
}
