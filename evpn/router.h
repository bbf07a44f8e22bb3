/* SPDX-License-Identifier: ISC */
/* evpn/router.h: remote routers: VTEPs as the routes of one L3VNI name them, and their MACs.
 *
 * What    One router for each (VRF, VTEP, VNI to send with).  Routes claim that it has a
 *         router MAC (RFC 9135 8.1); the claim that came last counts, so that a router
 *         may change its MAC while its older routes are still there.  An rmac is
 *         the forwarding entry of such a MAC in the L3VNI, towards its VTEP.
 * Key     A router MAC belongs to (VTEP, L3VNI): one VTEP may have another MAC in each VRF.
 * Taken   Two VTEPs with the same router MAC in one L3VNI cannot both be in the forwarding
 *         database: the lower VTEP has it, the others are blocked, and so are their hops.
 * Cut     A VTEP that cannot be reached any more: its hops are unwanted at once.
 * Label   With a label (downstream VNI, RFC 8365 5.1.3) packets need no forwarding entry.
 * Owns    Routers, claims, rmacs (slabs).  References: claims by routes, routers by claims.
 * Cost    A few dozen bytes for each VTEP and VRF; nothing for each route.
 */
#ifndef EVPND_EVPN_ROUTER_H
#define EVPND_EVPN_ROUTER_H

#include "evpn/obj.h"
#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct vrf;

struct router {
	uint16_t vrf;	  /* key: id of the VRF whose L3VNI leads there */
	bool cut;	  /* its VTEP cannot be reached */
	bool blocked;	  /* its MAC is another's too */
	uint32_t vtep;	  /* key: interned address, ref */
	uint32_t label;	  /* key: VNI to send with, 0 that of the VRF */
	uint32_t claims;  /* latest first, by claim.next */
	struct mac mac;	  /* of the latest, also after its end */
	uint32_t hops[2]; /* its next hops: by the VTEP's address, by the mapped one */
};

/* Some routes say that a router has this MAC. */
struct router_claim {
	uint32_t router; /* whose */
	uint32_t rmac;	 /* which */
	uint32_t refs;	 /* routes that say so */
	uint32_t next;	 /* older claim of the router */
	uint32_t rnext;	 /* another claim of that MAC */
};

struct rmac {
	struct obj obj;	 /* first; its owner is the VRF */
	struct mac addr; /* key, with obj.evi */
	uint32_t claims; /* by rnext */
	uint32_t router; /* that has it, 0 none */
	uint32_t vtep;	 /* of that one, interned ref */
};

struct router_table {
	struct slab routers; /* struct router */
	struct slab claims;  /* struct router_claim */
	struct slab rmacs;   /* struct rmac */
	struct hidx index;   /* hash of a router's key */
	struct hidx rindex;  /* hash of an rmac's key */
};

void router_table_init(struct evpn *e);
void router_table_fini(struct evpn *e);

static inline struct router *
router_at(const struct router_table *t, uint32_t h)
{
	return slab_ptr(&t->routers, h);
}
static inline struct router_claim *
router_claim_at(const struct router_table *t, uint32_t h)
{
	return slab_ptr(&t->claims, h);
}
static inline struct rmac *
rmac_at(const struct router_table *t, uint32_t h)
{
	return slab_ptr(&t->rmacs, h);
}

/* One route more, or less, says that the VTEP (interned) has this MAC.  Returns the claim. */
uint32_t router_claim(
    struct evpn *e, struct vrf *v, uint32_t vtep, uint32_t label, struct mac mac);
void router_unclaim(struct evpn *e, uint32_t claim);
/* The rmac of the claim that counts, 0 none. */
uint32_t router_rmac(const struct evpn *e, const struct router *r);
/* A hop of it has gone. */
void router_release(struct evpn *e, uint32_t h);
/* Whether the VTEP can be reached has changed. */
void router_reach(struct evpn *e, struct ip vtep, bool reachable);

void rmac_release(struct evpn *e, uint32_t h);
/* For fib.h. */
void rmac_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
uint32_t rmac_find(const struct evpn *e, const struct vrf *v, struct mac mac);

#endif
