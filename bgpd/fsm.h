/* SPDX-License-Identifier: ISC */
/* bgpd/fsm.h: the BGP finite state machine of one connection, and nothing else.
 *
 * What    (state, event, now) -> next state and a set of actions.  One table has
 *         a row for each state and event (RFC 4271 8.2.2).
 * Pure    No socket, no clock, no log, no allocation.  Time is an argument; timers
 *         are points in time that the owner asks for with fsm_due() and fires
 *         with fsm_expired().  Jitter comes from a generator that the owner seeds.
 * One per A peer has one machine that connects and one for each connection that
 *         it was called on (RFC 4271 8.2.1).  The second kind is `incoming`: it
 *         starts in Active and its life ends when it leaves its connection.
 * Not here DelayOpen; what a message says (the owner feeds OPEN or OPEN_ERR).
 * Rules   RFC 4271 8, 10; RFC 6608 (subcodes of FSM errors); RFC 9687 (send hold).
 */
#ifndef EVPND_BGPD_FSM_H
#define EVPND_BGPD_FSM_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/mono.h"

enum fsm_state {
	FSM_IDLE,
	FSM_CONNECT,
	FSM_ACTIVE,
	FSM_OPENSENT,
	FSM_OPENCONFIRM,
	FSM_ESTABLISHED,
	FSM_STATE_MAX,
};

/* Numbers in comments are those of RFC 4271 8.1. */
enum fsm_event {
	FSM_EV_START,	      /* 1, 3 to 7: the operator or the end of a pause */
	FSM_EV_STOP,	      /* 2, 8: the owner gives the NOTIFICATION (a Cease) */
	FSM_EV_BACKOFF,	      /* an Idle machine is to start by itself after its pause */
	FSM_EV_RETRY_EXPIRED, /* 9 */
	FSM_EV_HOLD_EXPIRED,  /* 10 */
	FSM_EV_KEEP_EXPIRED,  /* 11 */
	FSM_EV_IDLE_EXPIRED,  /* 13 */
	FSM_EV_SEND_EXPIRED,  /* 29 of RFC 9687 */
	FSM_EV_TCP_UP,	      /* 16, 17 */
	FSM_EV_TCP_FAIL,      /* 18 */
	FSM_EV_OPEN,	      /* 19: a good OPEN */
	FSM_EV_OPEN_ERR,      /* 22 */
	FSM_EV_HEADER_ERR,    /* 21 */
	FSM_EV_COLLISION,     /* 23: this connection lost */
	FSM_EV_NOTIF_VERSION, /* 24: NOTIFICATION, unsupported version */
	FSM_EV_NOTIF,	      /* 25 */
	FSM_EV_KEEPALIVE,     /* 26 */
	FSM_EV_UPDATE,	      /* 27, and ROUTE-REFRESH */
	FSM_EV_UPDATE_ERR,    /* 28, when its verdict is to reset */
	FSM_EVENT_MAX,
};

enum {
	FSM_ACT_CONNECT = 1,   /* open a TCP connection */
	FSM_ACT_CLOSE = 2,     /* close it, after the NOTIFICATION if there is one */
	FSM_ACT_OPEN = 4,      /* send OPEN */
	FSM_ACT_KEEPALIVE = 8, /* send KEEPALIVE */
	FSM_ACT_NOTIFY = 16,   /* send NOTIFICATION: code below, or the owner's when 0 */
	FSM_ACT_UP = 32,       /* Established was entered */
	FSM_ACT_DOWN = 64,     /* Established was left */
	FSM_ACT_END = 128,     /* an incoming machine has done its work */
};

struct fsm_out {
	unsigned actions; /* FSM_ACT_* */
	uint8_t code,
	    subcode; /* of the NOTIFICATION; code 0: the caller of fsm_step() knows */
};

enum fsm_timer {
	FSM_TIMER_RETRY,
	FSM_TIMER_HOLD,
	FSM_TIMER_KEEP,
	FSM_TIMER_IDLE,
	FSM_TIMER_SEND,
	FSM_TIMER_MAX,
};

struct fsm {
	enum fsm_state state;
	bool incoming;			/* the peer called */
	bool passive;			/* never connects by itself */
	uint16_t connect_retry;		/* seconds, configured */
	uint16_t hold, keep;		/* seconds, negotiated; 0 = no such timer */
	uint8_t fails;			/* ends in a row without a lasting session */
	uint8_t tries;			/* connections in a row that failed */
	uint32_t rng;			/* of the jitter */
	struct mono up;			/* when Established was entered */
	struct mono due[FSM_TIMER_MAX]; /* when each timer fires, 0 = not running */
};

void fsm_init(
    struct fsm *f, bool incoming, bool passive, uint16_t connect_retry, uint32_t seed);
struct fsm_out fsm_step(struct fsm *f, enum fsm_event ev, struct mono now);
/* The failures of an incoming machine count for the peer's own one. */
void fsm_inherit(struct fsm *f, const struct fsm *gone, struct mono now);
/* Failures so far do not count any more: the operator stepped in. */
void fsm_forgive(struct fsm *f);
/* What was agreed; before FSM_EV_OPEN. */
void fsm_set_hold(struct fsm *f, uint16_t hold, uint16_t keep);
/* Bytes wait (and none could be written since), or none wait: runs the send hold timer. */
void fsm_sending(struct fsm *f, bool progress, bool waiting, struct mono now);
/* The earliest timer's point in time, 0 when none runs. */
struct mono fsm_due(const struct fsm *f);
/* Takes the next timer that is due; false when none is. */
bool fsm_expired(struct fsm *f, struct mono now, enum fsm_event *ev);
/* True while repeated failures make us deaf for callers, too. */
bool fsm_refuses(const struct fsm *f);

/* A message that keeps the session up came in: the fast path of KEEPALIVE and UPDATE. */
static inline void
fsm_heard(struct fsm *f, struct mono now)
{
	if (f->hold)
		f->due[FSM_TIMER_HOLD] = mono_add(now, MONO_SEC(f->hold));
}

/* RFC 4271 6.8 and RFC 6286 2.3: of two connections to one peer, does the one that we opened stay? */
bool fsm_collision_keeps_ours(
    uint32_t local_id, uint32_t local_as, uint32_t remote_id, uint32_t remote_as);

/* "Idle" ... "Established", as the FRR dialect shows them. */
const char *fsm_state_name(enum fsm_state s);
const char *fsm_event_name(enum fsm_event ev);

#endif
