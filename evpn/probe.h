/* SPDX-License-Identifier: ISC */
/* evpn/probe.h: whether a silent host is still asked for, kept, or given up.
 *
 * What    A pure state machine for one neighbour.  Events say what the data plane says
 *         of it, that it moved, that a question left or its time is over; the answer is
 *         the one thing to do.  evpn/prober.h keeps the times and sends.
 * Why     A type 2 should live as long as its host (RFC 9161 in spirit), not as long as a
 *         kernel's cache: hosts that say nothing for an hour are still there.
 * States  NONE; WATCHED: said stale, asked when its turn comes; ASKED: asked while the
 *         data plane still has it; HELD: the data plane has it no more, it is asked and
 *         its routes stand meanwhile; CALLED: asked once, no answer is owed (a host that
 *         came or went); OVER: taken over while it was held, asked once and then forgotten here.
 * Bounds  PROBE_TRIES questions, each with the same time to answer: a dead host's
 *         routes stay no longer than that (and no longer than the queue's turn).
 * Pure    One table of state and event; no clock, no list, no message.
 */
#ifndef EVPND_EVPN_PROBE_H
#define EVPND_EVPN_PROBE_H

#include <stdint.h>

#define PROBE_TRIES 3 /* questions before it is given up */

enum probe_state {
	PROBE_NONE,    /* nothing to ask */
	PROBE_WATCHED, /* waits for its turn */
	PROBE_ASKED,   /* in the queue, or waits for an answer */
	PROBE_HELD,    /* likewise, and the data plane has it no more */
	PROBE_CALLED,  /* in the queue, once */
	PROBE_OVER,    /* a remote leaf has it: asked once, then what was held goes */
	PROBE_STATES,
};

enum probe_event {
	PROBE_EV_FRESH, /* the data plane has it, confirmed */
	PROBE_EV_STALE, /* the data plane has it, not confirmed lately */
	PROBE_EV_GONE,	/* the data plane has it no more */
	PROBE_EV_MOVED, /* it came here or went away: ask once */
	PROBE_EV_DUE,	/* the time is over */
	PROBE_EV_SPENT, /* made by probe_step(): it would be asked once too often */
	PROBE_EV_SENT,	/* the question has left */
	PROBE_EV_END,	/* there is nothing local to ask for any more */
	PROBE_EVENTS,
};

enum probe_act {
	PROBE_NOTHING,
	PROBE_ASK,     /* into the queue */
	PROBE_ASK_NOW, /* into the queue, before all that is only stale */
	PROBE_AWAIT,   /* DUE after the time for an answer */
	PROBE_REFRESH, /* DUE when its turn comes */
	PROBE_SOON,    /* DUE as soon as possible */
	PROBE_STOP,    /* out of all queues */
	PROBE_DROP,    /* and its local binding ends */
};

struct probe {
	uint8_t state; /* enum probe_state */
	uint8_t tries; /* questions sent since it was confirmed */
};

enum probe_act probe_step(struct probe *p, enum probe_event ev);

#endif
