/* SPDX-License-Identifier: ISC */
/* evpn/mobility.h: where a MAC is: local port or remote VTEP, and with what sequence number.
 *
 * What    A pure state machine for one MAC of one EVI.  Events say what the data
 *         plane learnt and which remote candidate is the best one; the answer is a
 *         set of actions: advertise, withdraw, install, uninstall, warn.
 * Why     Every race of a moving host ends here, so it is tested over every pair
 *         of state and event, and over both orders of each race.
 * States  NONE; LOCAL or REMOTE when one side alone claims the MAC; LOCAL_WINS or
 *         REMOTE_WINS when both do.  Freezing is a fact beside the state: a frozen
 *         MAC keeps its winner as long as the winner claims it.
 * Rules   RFC 7432 15 (sequence numbers; ties go to the lower VTEP address), 15.1
 *         (duplicates: N moves in M seconds), 15.2 (sticky); RFC 9721 7 (a MAC's
 *         number is raised when an address moves to it).
 * Own     A MAC of the machine's own interfaces (SVI, anycast gateway) is always here and
 *         never a host that moves: other leaves that have the same one are no
 *         duplicates (RFC 7432 10.1), and nothing is counted.
 * Pure    No clock, no table, no log: state, event and time in, actions out.
 */
#ifndef EVPND_EVPN_MOBILITY_H
#define EVPND_EVPN_MOBILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "evpn/dup.h"

enum mob_state {
	MOB_NONE,	 /* nobody claims it */
	MOB_LOCAL,	 /* only a local port */
	MOB_REMOTE,	 /* only a remote VTEP */
	MOB_LOCAL_WINS,	 /* both; ours is advertised */
	MOB_REMOTE_WINS, /* both; the remote one is installed */
	MOB_STATES,
};

enum mob_event_type {
	MOB_EV_LEARN, /* the data plane learnt it on a local port, or its flags changed */
	MOB_EV_LOCAL_GONE,  /* aged, flushed, or taken over by what we installed */
	MOB_EV_REMOTE,	    /* the best remote candidate appeared or changed */
	MOB_EV_REMOTE_GONE, /* no remote candidate is left */
	MOB_EV_RAISE, /* an address moved here: the local sequence is at least `seq` */
	MOB_EV_THAW,  /* the freeze time is over, or an operator cleared it */
	MOB_EVENTS,
};

enum {
	MOB_STATIC = 1, /* local: an operator's entry; does not move away */
	MOB_STICKY = 2, /* local or remote: may not move (RFC 7432 15.2) */
	MOB_LOWER = 4,	/* remote: its VTEP address is lower than ours */
	MOB_OWN = 8,	/* local: an interface of this machine, a gateway's perhaps */
};

struct mob_event {
	enum mob_event_type type;
	uint8_t
	    flags; /* LEARN: MOB_STATIC, MOB_STICKY, MOB_OWN; REMOTE: MOB_STICKY, MOB_LOWER */
	uint32_t seq; /* REMOTE: its sequence number; RAISE: the lower bound */
};

/* What to do.  Advertise and install may be said again when nothing is new; both are idempotent. */
enum {
	MOB_ADVERTISE = 1, /* the local route stands, with the present sequence number */
	MOB_WITHDRAW = 2,  /* the local route goes */
	MOB_INSTALL = 4,   /* the remote entry is wanted */
	MOB_UNINSTALL = 8, /* the remote entry is not wanted any more */
	MOB_MOVED = 16,	   /* a move between local and remote: count it */
	MOB_WARN_STICKY =
	    32, /* a sticky MAC is claimed by two: alert the operator (15.2) */
	MOB_WARN_DUPLICATE = 64, /* became a duplicate (15.1) */
	MOB_FROZE = 128,	 /* and is frozen until `frozen_until` */
};

struct mobility {
	uint8_t state;	  /* enum mob_state */
	uint8_t lflags;	  /* of the local claim */
	uint8_t rflags;	  /* of the remote claim */
	bool local_newer; /* the last claim was local: who wins after a thaw */
	uint32_t lseq;	  /* local sequence number */
	uint32_t rseq;	  /* of the best remote candidate */
	struct dup dup;	  /* duplicate detection */
};

/* One event; returns MOB_* actions. */
unsigned mob_step(struct mobility *m, const struct mob_event *ev,
    const struct dup_conf *c, struct mono now);

static inline bool
mob_has_local(enum mob_state s)
{
	return s == MOB_LOCAL || s == MOB_LOCAL_WINS || s == MOB_REMOTE_WINS;
}
static inline bool
mob_has_remote(enum mob_state s)
{
	return s == MOB_REMOTE || s == MOB_LOCAL_WINS || s == MOB_REMOTE_WINS;
}
/* The local port is where the MAC is. */
static inline bool
mob_is_local(enum mob_state s)
{
	return s == MOB_LOCAL || s == MOB_LOCAL_WINS;
}
/* The remote VTEP is where the MAC is. */
static inline bool
mob_is_remote(enum mob_state s)
{
	return s == MOB_REMOTE || s == MOB_REMOTE_WINS;
}
const char *mob_state_name(enum mob_state s);

#endif
