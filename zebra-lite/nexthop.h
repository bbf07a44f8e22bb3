/* SPDX-License-Identifier: ISC */
/* zebra-lite/nexthop.h: the addresses that the engine watches, and how the kernel reaches them.
 *
 * What    Each watched address is looked up in the kernel's routing tables, at once and
 *         again when they may have changed; what is new is said (ZL_NEXTHOP).
 * Rule    Any route counts, a default route too: a leaf often has nothing else.  One
 *         over a link without carrier does not.
 * Pace    The first event starts a timer and stops the reading; then all addresses are looked
 *         up, in slices.  After a quiet time that is NEXTHOP_FIRST_US, so that the traffic of a
 *         VTEP that dies stops soon; it is not 0, as some routing daemons replace a route by
 *         taking it away first.  Else it is NEXTHOP_WAIT_US.  A flood of route changes costs one
 *         round of look-ups each time, and no reading of what the buffer had no room
 *         for.  A round that is under way is finished before the next one begins.
 * Bounds  ZL_NEXTHOPS_MAX addresses; more are not watched, so the engine takes them for
 *         reachable.
 * Owns    Its table, its monitor (open while something is watched).
 */
#ifndef EVPND_ZEBRA_LITE_NEXTHOP_H
#define EVPND_ZEBRA_LITE_NEXTHOP_H

#include "lib/hidx.h"
#include "lib/loop.h"
#include "lib/slab.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/zl_proto.h"

#define NEXTHOP_FIRST_US 2000
#define NEXTHOP_WAIT_US 20000
#define NEXTHOP_QUIET_US 200000 /* without an event since the last round */

struct nexthop {
	struct zl_nexthop z; /* as the kernel said last */
	uint32_t next;	     /* queue of what is to be said: handle, 0 = last */
	bool due;	     /* in that queue */
};

struct nexthops {
	struct loop *loop;	/* borrowed */
	struct nl *nl;		/* borrowed */
	struct nl_batch probe;	/* one question */
	struct nl_mon mon;	/* events; zeroed while closed */
	struct slab slab;	/* struct nexthop */
	struct hidx index;	/* address -> handle */
	uint32_t first, last;	/* queue of what is to be said */
	uint32_t at;		/* the round: last handle looked up, 0 = none under way */
	bool discard;		/* what is read now is older than the round to come */
	bool full;		/* the bound was reached, and that was logged */
	struct mono looked;	/* when the last round began; 0 never */
	struct loop_work round; /* looks up, in slices */
	struct loop_timer timer; /* from the first event to the round */
	void (*wake)(void *arg); /* something is to be said */
	void *arg;		 /* for wake */
};

void nexthops_init(struct nexthops *n, struct loop *l, struct nl *nl,
    void (*wake)(void *arg), void *arg);
void nexthops_fini(struct nexthops *n);
/* The present state is said even of one that is watched already. */
void nexthops_watch(struct nexthops *n, struct ip ip);
void nexthops_unwatch(struct nexthops *n, struct ip ip);
void nexthops_forget(struct nexthops *n); /* all of them: the engine is gone */
/* The next one to be said, in its state of now; false when nothing is left. */
bool nexthops_next(struct nexthops *n, struct zl_nexthop *out);

#endif
