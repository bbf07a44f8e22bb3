/* SPDX-License-Identifier: ISC */
/* evpn/hop.h: next hops to remote routers, and groups of them that share traffic.
 *
 * What    A hop leads to one remote router over the L3VNI of one VRF, or to a host, wherever
 *         that is, over the SVI of one of the VRF's networks (the gateway of a type 5); a
 *         group is a set of hops with equal cost.  Both are named by a way: the id that the
 *         data plane knows (zl_proto.h), one space for both.  A route leads to one way.
 * Once    Hops are interned by router and form of the gateway, or by VRF, VNI and host; groups
 *         by VRF and members: a group never changes, so that a route moves from one to another
 *         in one step.
 * Order   A way is wanted as long as somebody refers to it, and a route refers to what it
 *         was last written with until its next write is confirmed.  So nothing is removed
 *         that the kernel still uses, and nothing is used before it was sent.
 * Cut     The hops of a router that is cut or blocked, or of a network that is down, are not
 *         wanted, whoever refers to them: one record takes all of its traffic away.  What leads over one that
 *         comes back is sent again (VRF_JOB_REHOP).
 * Owns    Hops and groups (slabs); their owner is the VRF, for a router's hop that of the L3VNI.
 * Cost    52 bytes a hop, 160 a group; O(members) to find a group.
 */
#ifndef EVPND_EVPN_HOP_H
#define EVPND_EVPN_HOP_H

#include "evpn/obj.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct evi;
struct vrf;

struct hop {
	struct obj obj;	 /* first */
	uint32_t router; /* key; 0: a host's */
	uint32_t host;	 /* key: interned address, ref; 0: a router's */
	uint32_t vni;	 /* key: of the host's network */
	uint32_t refs;	 /* routes of BGP, groups, prefixes */
	uint32_t nimps;	 /* of which routes of BGP */
	uint32_t stamp;	 /* when it came back to users: hop_table.clock */
	bool mapped;	 /* key: the gateway is the VTEP's IPv4-mapped address */
	bool
	    awaited; /* something was not sent, or has gone, because this was not there */
};

struct hop_group {
	struct obj obj;			/* first */
	uint32_t refs;			/* prefixes */
	uint32_t stamp;			/* when a member came back: to be sent again */
	uint32_t rstamp;		/* when it came back to its routes */
	uint8_t n;			/* members */
	bool awaited;			/* as above */
	uint32_t members[ZL_GROUP_MAX]; /* ways of hops, ascending; refs */
};

struct hop_table {
	struct slab hops;   /* struct hop */
	struct slab groups; /* struct hop_group */
	struct hidx index;  /* hash of a group's key */
	struct hidx hosts;  /* hash of the key of a host's hop */
	uint32_t nhosts;    /* such hops */
	uint32_t clock;	    /* counts returns */
};

void hop_table_init(struct evpn *e);
void hop_table_fini(struct evpn *e);

static inline struct hop *
hop_at(const struct hop_table *t, uint32_t h)
{
	return slab_ptr(&t->hops, h);
}
static inline struct hop_group *
hop_group_at(const struct hop_table *t, uint32_t h)
{
	return slab_ptr(&t->groups, h);
}

/* Ways: even ids are hops, odd ones groups. */
static inline uint32_t
way_of_hop(uint32_t h)
{
	return h << 1;
}
static inline uint32_t
way_of_group(uint32_t h)
{
	return h << 1 | 1;
}

/* A route of BGP more, or less, leads to this router; v4: for an IPv4 prefix.  The handle. */
uint32_t hop_get(struct evpn *e, uint32_t router, bool v4);
/* The same to a host in the network of this VNI. */
uint32_t hop_host_get(struct evpn *e, struct vrf *v, uint32_t vni, struct ip ip);
void hop_put(struct evpn *e, uint32_t h);
struct ip hop_gateway(const struct evpn *e, const struct hop *h);
/* It may be used: so may its router, or the host's network, and the L3VNI is up. */
bool hop_usable(struct evpn *e, uint32_t h);
/* The router has another MAC, or was blocked, cut, or is so no longer. */
void hop_router_changed(struct evpn *e, uint32_t router);
/* The network of some hosts, its SVI or that one's VRF may have changed. */
void hop_evi_changed(struct evpn *e, const struct evi *evi);

/* The way over these hops (handles; sorted by this), with one reference more; 0 for none. */
uint32_t way_get(struct evpn *e, struct vrf *v, uint32_t *hops, unsigned n);
void way_ref(struct evpn *e, uint32_t way);
void way_unref(struct evpn *e, uint32_t way); /* 0 is allowed */
/* A record that uses it may be sent; if not, its users are sent once it is. */
bool way_there(struct evpn *e, uint32_t way);
/* The job REHOP is to send this group, or what leads over this way, again. */
bool hop_group_awaits(const struct evpn *e, uint32_t group);
bool way_came_back(const struct evpn *e, const struct vrf *v, uint32_t way);

/* For fib.h. */
void hop_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
void hop_group_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
bool hop_group_ready(struct evpn *e, uint32_t h);
void hop_done(struct evpn *e, uint32_t h, bool set, bool ok);
void hop_lost(struct evpn *e, uint32_t h);
void hop_group_done(struct evpn *e, uint32_t h, bool set, bool ok);
void hop_group_lost(struct evpn *e, uint32_t h);
void hop_release(struct evpn *e, uint32_t h);
void hop_group_release(struct evpn *e, uint32_t h);

#endif
