/* SPDX-License-Identifier: ISC */
/* evpn/core.h: the context that everything of evpn/ hangs off.
 *
 * What    struct evpn with its tables embedded; for the files of evpn/ alone.
 *         Users see evpn/evpn.h and evpn/evpn_show.h.
 */
#ifndef EVPND_EVPN_CORE_H
#define EVPND_EVPN_CORE_H

#include "evpn/evi.h"
#include "evpn/evpn.h"
#include "evpn/export.h"
#include "evpn/fib.h"
#include "evpn/hop.h"
#include "evpn/import.h"
#include "evpn/ktable.h"
#include "evpn/l3.h"
#include "evpn/mac.h"
#include "evpn/neigh.h"
#include "evpn/obj.h"
#include "evpn/prober.h"
#include "evpn/router.h"
#include "evpn/rtindex.h"
#include "evpn/vrf.h"
#include "evpn/vtep.h"
#include "lib/intern.h"

struct evpn_news;

struct evpn {
	struct loop *loop;	      /* borrowed */
	struct rib *rib;	      /* borrowed */
	struct attrtab *attrs;	      /* borrowed: the RIB's */
	struct evpn_dp dp;	      /* towards the data plane */
	const struct evpn_conf *conf; /* borrowed; an empty one before the first apply */
	uint32_t router_id;	      /* host order, 0 unknown */
	struct evi_table evis;	      /* instances */
	struct vrf_table vrfs;	      /* IP-VRFs */
	struct rtindex rts;	      /* route target -> instances */
	struct rtindex vrf_rts;	      /* route target -> VRFs */
	struct import import;	      /* RIB -> objects */
	struct mac_table macs;	      /* MACs */
	struct neigh_table neighs;    /* neighbours */
	struct prober prober;	      /* asks whether they are there */
	struct flood_table floods;    /* flood lists */
	struct router_table routers;  /* remote routers and their MACs */
	struct hop_table hops;	      /* next hops and groups of them */
	struct l3_table l3;	      /* prefixes */
	struct ktables ktables;	      /* routes of other tables */
	struct intern ips;	      /* VTEP addresses */
	struct intern ports;	      /* struct mac_port */
	struct fib fib;		      /* towards the data plane */
	struct obj_walk *walks;	      /* walks that are under way */
	bool epoch;		      /* turns with each ZL_OBSERVED_BEGIN */
	bool observing;		      /* between BEGIN and END, of whichever channel */
	bool said;		      /* one whole observed state came in */
	bool observed;		      /* and is in the RIB */
	struct loop_timer repair;     /* no resync of our own while it runs */
	bool repair_due;	      /* one is owed at its end */
	bool closing;		      /* evpn_free() runs */
	void (*on_observed)(void *);  /* told once, or NULL */
	void *on_observed_arg;	      /* for it */
	/* Hears what happens (evpn/news.h), or NULL. */
	void (*on_news)(void *, const struct evpn_news *);
	void *on_news_arg; /* for it */
};

/* No job is left, perhaps: what waits for that goes on. */
void core_jobs_done(struct evpn *e);
/* The interned address; the all-zero one for handle 0. */
struct ip evpn_ip(const struct evpn *e, uint32_t h);

#endif
