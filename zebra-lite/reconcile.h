/* SPDX-License-Identifier: ISC */
/* zebra-lite/reconcile.h: dumps of the kernel, and the entries of ours that nobody wants.
 *
 * What    reconcile_start() dumps interfaces, then tables, while the monitors are
 *         paused (nl.h says why), and reports when all is known.  What carries our
 *         mark goes into a set of stale entries; each wanted record takes its
 *         entries out of the set; reconcile_sweep() deletes what is left.
 * Routing Routes are dumped first, so that the sweep takes them away before what they lead to;
 *         nexthop objects have their own records and sweep (hops.h, watch_l3.c), which comes last.
 * When    An engine connects, asks for it, or events were lost.
 * Again   A dump of interfaces that changed meanwhile is repeated.  Losses that come
 *         one after another wait longer and longer (1 s to 30 s) for the next dump.
 * Owns    The set: it exists from a dump to the sweep, 48 bytes an entry.
 */
#ifndef EVPND_ZEBRA_LITE_RECONCILE_H
#define EVPND_ZEBRA_LITE_RECONCILE_H

#include "lib/hidx.h"
#include "lib/loop.h"
#include "lib/slab.h"
#include "zebra-lite/apply.h"

/* The kernel's own name of an entry of ours. */
struct stale {
	uint8_t table;	  /* enum apply_table: VXLAN, BRIDGE, FLOOD, NEIGH or ROUTE */
	uint16_t vid;	  /* BRIDGE; ROUTE: see reconcile_route_vid() */
	uint32_t ifindex; /* VXLAN device, port, or SVI; ROUTE: the kernel's table */
	uint32_t src_vni; /* VXLAN, FLOOD: on an `external` device, else 0 */
	struct mac mac;	  /* VXLAN, BRIDGE */
	struct ip ip;	  /* FLOOD: VTEP; NEIGH: host; ROUTE: prefix */
	/* What is no part of the name. */
	bool by_id;  /* VXLAN, ROUTE: it points to a nexthop's id */
	uint32_t to; /* ROUTE: that, or a device; 0 unreachable */
};

/* A route's prefix length and kind, as part of its name. */
static inline uint16_t
reconcile_route_vid(uint8_t plen, bool unreachable)
{
	return (uint16_t)(plen | (unreachable ? 0x100 : 0));
}

struct reconcile_ops {
	/* One object of a dump; which kind is told by the message's type and family. */
	void (*on_iface)(void *arg, const struct nlmsghdr *h);
	void (*on_table)(void *arg, const struct nlmsghdr *h);
	void (*begin_ifaces)(void *arg); /* dumps begin, perhaps again */
	void (*end_ifaces)(void *arg);	 /* interfaces are known */
	void (*begin_tables)(void *arg);
	void (*done)(void *arg); /* all is known */
	/* Reads the events that a sweep's batch made. */
	void (*drain)(void *arg);
	void (*swept)(void *arg, unsigned long n); /* the sweep is over */
};

struct reconcile {
	struct loop *loop;		 /* borrowed */
	struct nl *nl;			 /* borrowed */
	const struct reconcile_ops *ops; /* borrowed */
	void *arg;			 /* for ops */
	bool running;			 /* dumps are under way */
	bool again;			 /* start once more when done */
	bool interrupted;		 /* interfaces changed during their dump */
	unsigned left;			 /* dumps of this phase still to end */
	unsigned tries;			 /* times that the interfaces were dumped */
	struct loop_timer timer;	 /* waits before a dump after a loss */
	int64_t backoff;		 /* its next delay, microseconds */
	struct mono last;		 /* when the last one ended */
	struct slab stale;		 /* of struct stale */
	struct hidx index;		 /* by all members */
	struct nl_batch batch;		 /* deletions */
	struct loop_work sweep;		 /* deletes a batch a slice */
	uint32_t cursor;		 /* the sweep is past these cells */
	unsigned long swept;		 /* entries that the running sweep took */
};

void reconcile_init(struct reconcile *r, struct loop *l, struct nl *nl,
    const struct reconcile_ops *ops, void *arg);
void reconcile_fini(struct reconcile *r);
/* Now, or as soon as the running one is done. */
void reconcile_start(struct reconcile *r);
/* After a loss: soon. */
void reconcile_soon(struct reconcile *r);

static inline bool
reconcile_has_stale(const struct reconcile *r)
{
	return r->stale.live > 0;
}
void reconcile_stale_add(struct reconcile *r, const struct stale *s);
/* That of this name, NULL if none is in the set. */
const struct stale *reconcile_stale_find(
    const struct reconcile *r, const struct stale *s);
/* True if it was in the set. */
bool reconcile_stale_drop(struct reconcile *r, const struct stale *s);
/* The same; what is no part of its name is filled in. */
bool reconcile_stale_take(struct reconcile *r, struct stale *s);
/* Starts to delete what is left in the set. */
void reconcile_sweep(struct reconcile *r);

#endif
