/* SPDX-License-Identifier: ISC */
/* bgpd/adjout.h: updates leave by group.
 *
 * What    Peers with equal struct adjout_policy share a group; each message is encoded
 *         once and handed to all of them.  What a group was told is a bit in each
 *         route and a position in the RIB's list of changes (bgpd/rib.h): no copies.
 * How     A position is a cursor with member peers that have all been sent the same.
 *         A peer that joins late, or asked for a refresh, gets a position of its own
 *         at the start, and is one with the others again where they meet.  A peer
 *         whose queue is full is left behind at a position that stands until it has
 *         drained: memory is bounded and nobody waits for the slow.
 * Pace    A change wakes the positions at the end of the list; they send in the same
 *         turn of the loop.  No timer ever waits for company.  Work is in slices of
 *         some thousand routes or 2 ms, with full messages but for the last of a slice.
 * Source  A route is not sent to the peer it came from; if another one's was sent to it
 *         before, it gets a withdrawal.
 * Marks   End-of-RIB goes out when a peer's position first reaches the end; BoRR and
 *         EoRR stand around a refresh (RFC 7313).
 * Seam    The session embeds struct adjout_peer, fills in what is marked and takes
 *         finished messages by push().  adjout knows no sessions.
 * Owns    Groups and positions.  Borrows RIB, loop and peers.  Members are linked: a
 *         peer must leave before it is freed.
 */
#ifndef EVPND_BGPD_ADJOUT_H
#define EVPND_BGPD_ADJOUT_H

#include <stdlib.h>

#include "bgpd/afi.h"
#include "bgpd/policy.h"
#include "bgpd/rib.h"

enum {
	ADJOUT_HIGH = 2 << 20,	/* octets queued at which a peer is left behind */
	ADJOUT_LOW = 512 << 10, /* and at which it goes on */
};

/* One finished message, shared by the queues of all peers that get it. */
struct txbuf {
	uint32_t refs;	/* queues that hold it */
	uint32_t len;	/* octets of data */
	uint8_t data[]; /* a whole BGP message */
};

static inline void
txbuf_ref(struct txbuf *b)
{
	b->refs++;
}
static inline void
txbuf_unref(struct txbuf *b)
{
	if (--b->refs == 0)
		free(b);
}

struct adjout;
struct adjout_pos;

struct adjout_peer {
	/* Filled in by the owner. */
	uint16_t peer; /* its index in the RIB */
	/* Takes a message: txbuf_ref() to keep it, and adds its length to `queued`.  May only
	 * queue: no call back into adjout or the RIB. */
	void (*push)(struct adjout_peer *p, struct txbuf *b);
	/* A slice has pushed all it had: a good moment to write.  May be NULL.  The same rule, but
	 * adjout_drained() is allowed; a broken connection is closed later, from the loop. */
	void (*flush)(struct adjout_peer *p);
	size_t queued; /* octets pushed and not yet written */

	/* Kept by adjout; read only. */
	struct adjout_pos *pos;		 /* NULL: not joined */
	struct adjout_peer *next, *prev; /* members of the position */
	bool full;		 /* passed ADJOUT_HIGH and not below ADJOUT_LOW since */
	bool want_eor;		 /* End-of-RIB is due at the end of the list */
	bool want_eorr;		 /* EoRR is due there */
	bool dirty;		 /* was pushed to since the last flush() */
	uint64_t nlri_out;	 /* routes announced to it, repeats included */
	uint64_t nlri_withdrawn; /* routes withdrawn from it */
};

struct adjout *adjout_new(struct loop *l, struct rib *r, const struct afi_safi *family);
void adjout_free(struct adjout *a); /* all peers have left */

/* Starts to send everything.  eor: End-of-RIB after the first whole round. */
void adjout_join(
    struct adjout *a, struct adjout_peer *p, const struct adjout_policy *pol, bool eor);
void adjout_leave(struct adjout_peer
	*p); /* no-op if not joined; messages in its queue are the owner's */
/* Everything again; enhanced: between BoRR and EoRR, if End-of-RIB went out before. */
void adjout_refresh(struct adjout_peer *p, bool enhanced);
/* The owner has written some of its queue and lowered `queued`.  Cheap. */
void adjout_drained(struct adjout_peer *p);
/* While on, no End-of-RIB leaves (bgp_hold_eor()); turning it off sends those that are due. */
void adjout_hold_eor(struct adjout *a, bool on);

/* True if nothing waits to be sent to it but what is in its queue. */
bool adjout_idle(const struct adjout_peer *p);
const struct adjout_policy *adjout_policy_of(
    const struct adjout_peer *p); /* NULL: not joined */
/* Would this route be sent to the peer, and was its group told?  For `advertised-routes`. */
bool adjout_sends(const struct adjout_peer *p, uint32_t route);
/* Prefixes that the peer has from us: those its group was told less those whose best path is
 * its own.  Exact once all positions are at the end, but for own routes that a community keeps
 * from the group: these are counted as if they were told. */
uint32_t adjout_sent(const struct adjout_peer *p);
size_t adjout_groups(const struct adjout *a); /* update groups, for `show` */
/* The number of its group, from 1; 0: not joined.  Numbers fall when an older group ends. */
unsigned adjout_group_number(const struct adjout_peer *p);

#endif
