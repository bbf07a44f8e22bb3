/* SPDX-License-Identifier: ISC */
/* bgpd/session.h: one connection to a peer: its state machine, its bytes in and out.
 *
 * What    Runs a machine (bgpd/fsm.h) over a descriptor: connects, frames what comes
 *         in, hands OPEN, UPDATE and ROUTE-REFRESH to the peer, writes what waits.
 * Reading In chunks of 64 KiB, one a callback, into a buffer that all sessions share;
 *         a session keeps only the message that was cut off.
 * Writing bgpd/txq.h; one attempt at the end of each turn of the loop, so that all
 *         that a turn brought leaves in one call.
 * Timers  One of the loop for all of the machine's; it is moved lazily: a message that
 *         comes in costs no timer work.
 * Ends    A connection that ends with a NOTIFICATION is handed to bgpd/farewell.h, which
 *         sees it out; nothing here waits.
 * Owns    The descriptor and the queue.  Freed by the peer, never inside one of its
 *         own callbacks (bgp_reap()).
 */
#ifndef EVPND_BGPD_SESSION_H
#define EVPND_BGPD_SESSION_H

#include "bgpd/fsm.h"
#include "bgpd/notification.h"
#include "bgpd/peer.h"
#include "bgpd/txq.h"
#include "lib/loop.h"

struct bgp_msg;

/* How a session ended: filled by whoever makes it end. */
struct session_end {
	bool notification;     /* sent or received */
	bool received;	       /* it was the peer's */
	bool text;	       /* with a text for people (RFC 9003) */
	uint8_t code, subcode; /* of it */
	char why[160];	       /* for operators */
};

struct session {
	struct peer *peer;	 /* borrowed; NULL once it waits to be freed */
	struct loop *loop;	 /* borrowed */
	struct session *next;	 /* list of those that wait to be freed */
	struct fsm fsm;		 /* state and timers */
	int fd;			 /* owned; -1 without a connection */
	bool connecting;	 /* connect() has not finished */
	struct loop_io io;	 /* of fd */
	struct loop_timer timer; /* for the earliest of fsm's */
	struct loop_work flush;	 /* writes at the end of the turn */
	bool blocked;		 /* the socket takes no more: waiting for LOOP_WRITE */
	uint8_t *rest;		 /* owned: beginning of a message */
	uint32_t rest_len, rest_cap; /* bytes in it, and its size */
	size_t max_in;		     /* longest message that may come in */
	struct txq tx;		     /* what waits to be written */
	struct peer_nego nego;	     /* what both OPENs agreed on */
	const struct notification
	    *say;		/* during session_stop(): what to send; borrowed */
	struct session_end end; /* why, once it has ended */
};

struct session *session_new(struct peer *p, bool incoming);
void session_free(struct session *s); /* NULL is allowed */

/* Feeds the machine and does what it says. */
void session_event(struct session *s, enum fsm_event ev);
/* An accepted connection for an incoming session. */
void session_accept(struct session *s, int fd);
/* Ends it with this NOTIFICATION (ev: STOP, COLLISION, OPEN_ERR, HEADER_ERR or UPDATE_ERR). */
void session_stop(
    struct session *s, enum fsm_event ev, const struct notification *n, const char *why);
/* The same for what a codec found wrong. */
void session_fault(struct session *s, enum fsm_event ev, const struct bgp_fault *f);

/* Queues a message of ours in front of the UPDATEs. */
void session_control(struct session *s, const void *msg, size_t len);
/* Queues a buffer of the adj-out; takes the reference over. */
void session_push(struct session *s, struct txbuf *b);

static inline bool
session_is_up(const struct session *s)
{
	return s->fsm.state == FSM_ESTABLISHED;
}

#endif
