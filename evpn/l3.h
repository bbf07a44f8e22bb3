/* SPDX-License-Identifier: ISC */
/* evpn/l3.h: the prefixes of all VRFs: who has each, and over which ways the kernel is sent.
 *
 * What    One l3_prefix for each (VRF, prefix) that anybody names: routes of BGP (imps of
 *         type 5, and of type 2 with a second label as host routes), a route of
 *         somebody else in the VRF's table, another VRF of this machine, or the
 *         configuration (networks, aggregates, default routes).
 * Local   Somebody else's route in the kernel wins over the fabric's; so does a host that is
 *         here, in a subnet of ours.  Nothing is wanted for such a prefix.
 * Remote  Type 2 before type 5; of types 2 those with the highest sequence number alone, usable or
 *         not; then the order of the RIB's decision over the routes' best paths.  Those that differ in nothing but who said them share the traffic,
 *         up to maximum_paths next hops.
 * Way     A route leads to the hop of its router (evpn/hop.h): through the L3VNI of the VRF if
 *         the label is that, of another VRF here whose L3VNI it is, or by a tunnel of its
 *         own (downstream VNI) where one device serves all VNIs.  A route with an overlay
 *         index (RFC 9136 4.1) leads to its gateway: where the host route of a type 2 with two
 *         labels leads, else over the SVI on which the gateway is a neighbour: of the fabric by a
 *         type 2 of layer 2, or of this leaf.
 * Why     A route that cannot be used says why (enum l3_why), for show.
 * Export  l3_policy.c: which prefixes of this machine are told; l3_export.c: as type-5 routes.
 * Leaks   l3_leak.c: prefixes of another VRF of this machine; a route to that VRF's device, said
 *         with that VRF's router MAC and L3VNI.
 * Owns    The prefixes, records of others' routes; a reference on its ways.
 * Cost    72 bytes a prefix and 11 for the index; 32 an imp; 44 for somebody else's route.  100 k
 *         prefixes of one VTEP are imported and sent in 0.04 s, and cut off in 6 us by one record.
 */
#ifndef EVPND_EVPN_L3_H
#define EVPND_EVPN_L3_H

#include "bgpd/attr.h"
#include "evpn/import.h"
#include "evpn/obj.h"
#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct vrf;
struct vrf_agg;
struct vrf_af_conf;
struct evi;

enum {
	PFX_EXPORTED = 1, /* its type 5 is in the RIB */
	PFX_SEEN = 2,	  /* epoch in which the data plane said its route last */
	PFX_CONF = 4,	  /* the configuration names it: network, aggregate, default */
	PFX_UNREACH = 8,  /* a default of last resort */
	PFX_INSIDE = 16,  /* counted by the aggregates that contain it */
	PFX_LEAK = 32,	  /* its record of a route is another VRF's (import vrf) */
	PFX_TABLE = 64,	  /* a table that the VRF redistributes has it (evpn/ktable.h) */
};

struct l3_prefix {
	struct obj obj;	 /* first */
	uint8_t ip[16];	 /* key, with obj.evi; IPv4 in the first four */
	uint8_t iplen;	 /* 4 or 16 */
	uint8_t plen;	 /* key: bits */
	uint8_t flags;	 /* PFX_* */
	uint32_t imps;	 /* routes of BGP: list by onext */
	uint32_t best;	 /* the best usable one, 0 none */
	uint32_t local;	 /* record of somebody else's route, 0 none */
	uint32_t target; /* way that is wanted; ref */
	uint32_t flying; /* way of the record that is on its way; ref */
	uint32_t have;	 /* way that was confirmed last; ref */
	uint32_t ndeps;	 /* routes of BGP that have it as their gateway */
	uint32_t lead;	 /* what they were told: where it is, and enum l3_why */
	uint32_t since;	 /* of its way or its local route: seconds of the loop's clock */
};

/* Somebody else's route. */
struct l3_local {
	uint8_t proto; /* RTPROT_* */
	uint8_t flags; /* ZL_ROUTE_* */
	uint16_t from; /* with PFX_LEAK: the VRF that has it */
	uint32_t metric;
	struct ip gateway;
	char ifname[ZL_IFNAME];
};

struct l3_table {
	struct slab cells;  /* struct l3_prefix */
	struct slab locals; /* struct l3_local */
	struct hidx index;  /* hash of (VRF, prefix) */
	struct arena arena; /* lists of attributes that a map changes */
};

/* What BGP is told of a prefix, but for what all of the VRF's have in common. */
struct l3_said {
	struct attrs
	    a; /* lists borrowed from maps and arena, until the next one is worked out */
	bool plain;	   /* no policy had a say: only the origin is of interest */
	struct ip gateway; /* of type 5, where a policy sets it */
	/* The route that it stands for, NULL none; borrowed until anything changes. */
	const struct l3_local *route;
};

/* Why a route of BGP cannot be used. */
enum l3_why {
	L3_OK,
	L3_GONE,       /* no usable path any more; its change is on the way */
	L3_ESI,	       /* overlay index by Ethernet segment */
	L3_GW_IGNORED, /* overlay index by gateway, which is not to be resolved */
	L3_GW_UNKNOWN, /* nobody knows where the gateway is */
	L3_GW_OWN,     /* the gateway is an address of this machine */
	L3_GW_DOWN,    /* the network of the gateway is down here */
	L3_NO_RMAC,    /* no router's MAC community: interface-ful, or incomplete */
	L3_BAD_RMAC,   /* not a unicast MAC */
	L3_OWN_RMAC,   /* ours */
	L3_LABEL,      /* another VNI, for which the device has no tunnels */
	L3_NO_VTEP,    /* our own L3VNI has no device */
	L3_DOWN,       /* our L3VNI is down */
	L3_CUT,	       /* its VTEP has just become unreachable */
	L3_TAKEN,      /* the router MAC is that of another VTEP too */
	L3_WHYS,
};
const char *l3_why_text(enum l3_why why);

void l3_table_init(struct evpn *e);
void l3_table_fini(struct evpn *e);

static inline struct l3_prefix *
l3_at(const struct l3_table *t, uint32_t h)
{
	return slab_ptr(&t->cells, h);
}
static inline struct l3_local *
l3_local_at(const struct l3_table *t, uint32_t h)
{
	return slab_ptr(&t->locals, h);
}
struct prefix l3_prefix_of(const struct l3_prefix *p);
uint32_t l3_find(
    const struct evpn *e, const struct vrf *v, struct prefix p); /* handle or 0 */
uint32_t l3_get(struct evpn *e, struct vrf *v, struct prefix p);
/* Who has it, or where it leads, is another one from now on. */
void l3_touch(const struct evpn *e, struct l3_prefix *p);
void l3_release(struct evpn *e, uint32_t h);

/* The data plane's say. */
void l3_local_set(struct evpn *e, struct vrf *v, const struct zl_route *r);
void l3_local_del(struct evpn *e, struct vrf *v, struct prefix p);
/* Others' routes of the VRF end: all, or those that were not said in this epoch. */
void l3_forget_local(struct evpn *e, struct vrf *v, bool unseen_only);
void l3_unsee(struct evpn *e, struct vrf *v);
/* The record of the prefix, own or leaked, ends. */
void l3_local_forget(struct evpn *e, uint32_t h);
/* l3_leak.c: what the VRF has of the prefix has changed, for itself and for those that take from it;
 * and the same of its router MAC or L3VNI. */
void l3_leak(struct evpn *e, struct vrf *v, struct prefix q);
void l3_leak_ident(struct evpn *e, struct vrf *v);
/* A host came, went or moved: its host route may follow. */
void l3_host_changed(struct evpn *e, const struct evi *evi, struct ip ip);

/* The prefix is a host that is here: its subnet's route is better than the fabric's. */
bool l3_host_here(struct evpn *e, uint32_t h);

/* The RIB's say, as for mac.h. */
void l3_cand_add(struct evpn *e, uint32_t h, uint32_t imp);
void l3_cand_changed(struct evpn *e, uint32_t imp);
void l3_cand_del(struct evpn *e, uint32_t h, uint32_t imp);
enum l3_why l3_imp_why(struct evpn *e, const struct imp *i);

/* l3_way.c: reads a route of BGP again, and lets go of it. */
void l3_way_read(struct evpn *e, uint32_t imp);
/* Routes of BGP that have this host as their gateway are to be read again. */
bool l3_way_moved(struct evpn *e, uint32_t h);
void l3_way_drop(struct evpn *e, struct imp *i);
/* Before its prefix may be over: it is not counted among vrf.refused any more. */
void l3_way_uncount(struct evpn *e, struct imp *i);
/* The hops over which the prefix's traffic should go, best route first noted in it. */
unsigned l3_way_choose(struct evpn *e, struct l3_prefix *p, uint32_t hops[ZL_GROUP_MAX]);
/* The route is one of those that l3_way_choose() chose. */
bool l3_way_used(struct evpn *e, const struct l3_prefix *p, uint32_t imp);

/* Jobs of a VRF (vrf.h). */
void l3_decide(struct evpn *e, uint32_t h);
void l3_eval(struct evpn *e, uint32_t h);
bool l3_awaits(const struct evpn *e, uint32_t h);

/* l3_policy.c: the configuration of the prefix's family, NULL none. */
const struct vrf_af_conf *l3_family(const struct vrf *v, const struct l3_prefix *p);
/* It is in what FRR calls the VRF's BGP table: redistributed, a network, or leaked, and no
 * route-map denies it. */
bool l3_chosen(
    struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s);
/* It is that by `redistribute table` alone, whatever else the VRF has: false if no table has it or the
 * policies deny it. */
bool l3_by_table(
    struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s);
/* It leaves as type 5: one of those, or an aggregate, or a default route. */
bool l3_say(
    struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s);
/* Another VRF's route may come into this one. */
bool l3_imports(struct evpn *e, const struct vrf *v, struct prefix q,
    const struct l3_local *l, const struct vrf *from);
bool l3_agg_contains(const struct vrf_agg *a, const struct prefix *p);

/* l3_export.c */
void l3_export(struct evpn *e, uint32_t h);
void l3_withdraw(struct evpn *e, uint32_t h);
void l3_adopt(struct evpn *e, struct vrf *v);
void l3_forget_attrs(struct evpn *e, struct vrf *v);
/* After a new configuration: prefixes that it names, aggregates. */
void l3_configure(struct evpn *e, struct vrf *v);
/* After vrf_refresh(): the defaults of last resort. */
void l3_refresh(struct evpn *e, struct vrf *v);
/* At once, when hops cannot be used any more: nothing shall fall into another table. */
void l3_last_resort(struct evpn *e, struct vrf *v);

/* For fib.h. */
void l3_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
bool l3_ready(struct evpn *e, uint32_t h);
void l3_sent(struct evpn *e, uint32_t h, bool set);
void l3_done(struct evpn *e, uint32_t h, bool set, bool ok);

#endif
