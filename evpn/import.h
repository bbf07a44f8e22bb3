/* SPDX-License-Identifier: ISC */
/* evpn/import.h: best paths of the RIB become candidates of MACs, neighbours, VTEPs, prefixes.
 *
 * What    A cursor sees each changed route of type 2, 3 and 5 in its present state.
 *         The route targets name the instances and the VRFs; each (route, instance or
 *         VRF) is one struct imp, linked to the object that it is a candidate of.
 *         A VRF takes type 5, and type 2 with an address and a second label.
 * Filter  Not imported, each with a counter: local paths, encapsulations without
 *         VXLAN, unusable next hops, our own VTEP's routes, a next hop of another
 *         address family than the instance's VTEP, a label that is not the VNI, a
 *         type 3 without ingress replication, Ethernet tags other than 0.
 * Cache   What an attribute set means (instances, VTEP, sequence, flags) is worked
 *         out once and kept by handle, with a reference, until `gen` changes.
 * Again   import_rescan() puts the cursor back to the start: every route is compared
 *         with what it was imported into, so any change of instances converges.
 * Owns    The imps, and the map from a RIB route's handle to its imps.
 * Cost    32 bytes an imp, 4 bytes a RIB route once something is imported.
 */
#ifndef EVPND_EVPN_IMPORT_H
#define EVPND_EVPN_IMPORT_H

#include "bgpd/rib.h"
#include "evpn/rtindex.h"
#include "lib/loop.h"
#include "lib/slab.h"

struct evpn;

/* One route in one instance or VRF: a candidate for an object. */
struct imp {
	uint32_t route; /* RIB handle */
	uint32_t rnext; /* next imp of the same route */
	uint32_t obj;	/* ref: the MAC, the flood target of a type 3, the prefix */
	uint32_t onext, oprev; /* candidates of that object: handles */
	union {
		struct {		/* of a MAC */
			uint32_t neigh; /* the neighbour, 0 if the route has no IP */
			uint32_t nnext, nprev; /* candidates of that neighbour: handles */
		};
		struct {	      /* of a prefix */
			uint32_t hop; /* where it leads, 0 nowhere; ref */
			uint32_t
			    via; /* claim of a router MAC, or the gateway's prefix; ref */
			uint8_t why; /* it leads nowhere: enum l3_why */
			bool gw;     /* `via` is a gateway */
			bool type5;  /* else type 2 */
		};
	};
};

enum { CAND_STICKY = 1, CAND_GATEWAY = 2, CAND_ROUTER = 4 };

/* What an attribute set says to EVPN. */
struct cand {
	uint32_t vtep; /* interned next hop */
	uint32_t
	    flood; /* interned tunnel end point of a type 3, 0: no ingress replication */
	uint32_t seq;  /* mobility sequence number */
	uint8_t flags; /* CAND_* */
};

struct import_cached {
	uint32_t attrs;	  /* attribute set, ref; 0 empty slot */
	uint32_t gen;	  /* of the instances */
	struct cand cand; /* holds the references of its addresses */
	uint16_t *evis;	  /* owned: ids of the importing instances */
	size_t nevis;	  /* of evis */
	uint16_t *vrfs;	  /* owned: ids of the importing VRFs */
	size_t nvrfs;	  /* of vrfs */
};

#define IMPORT_CACHE 4096

struct import {
	struct rib_cursor cursor;    /* of the RIB */
	struct loop_work work;	     /* walks it */
	struct slab imps;	     /* struct imp */
	uint32_t ***map;	     /* owned tree: RIB handle -> first imp */
	bool busy;		     /* the cursor has not reached the end yet */
	uint32_t gen;		     /* changes when an answer of the cache may */
	uint32_t stamp;		     /* for the marks of instances */
	struct import_cached *cache; /* owned: IMPORT_CACHE slots by handle */
	struct rtindex_set scratch;  /* of the look-up */
};

void import_init(struct evpn *e);
void import_fini(struct evpn *e);
/* Instances, their route targets or their VTEP addresses have changed. */
void import_rescan(struct evpn *e);
/* The cursor has seen all of the RIB. */
bool import_at_end(const struct evpn *e);
/* The candidate as the RIB has it now; false if the route has no usable path any more (its change
 * is on its way through the cursor). */
bool import_cand(struct evpn *e, const struct imp *i, struct cand *c);
/* RFC 7432 15: sticky, then the higher sequence number, then the lower VTEP address. */
bool import_better(const struct evpn *e, const struct cand *a, const struct cand *b);
/* The first imp of a RIB route, 0 if it is not imported; the rest by rnext. */
uint32_t import_first(struct evpn *e, uint32_t route);
/* Into and out of an object's list of candidates, whose head this is. */
void import_cand_link(struct evpn *e, uint32_t *head, uint32_t imp);
void import_cand_unlink(struct evpn *e, uint32_t *head, uint32_t imp);
static inline struct imp *
import_imp(const struct import *m, uint32_t h)
{
	return slab_ptr(&m->imps, h);
}

#endif
