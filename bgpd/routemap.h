/* SPDX-License-Identifier: ISC */
/* bgpd/routemap.h: route-maps and prefix-lists: which routes pass, and what they become.
 *
 * What    A route-map is a list of entries in order of their numbers.  The first entry whose
 *         matches all fit decides: permit (its sets are applied) or deny.  A route that fits
 *         none is denied.
 * Whole   A map carries copies of the prefix-lists that it names, so that it can be compared
 *         and outlives the configuration it came from: it is counted, and never changed
 *         once it is in use.
 * Pure    Facts in, entry out.
 */
#ifndef EVPND_BGPD_ROUTEMAP_H
#define EVPND_BGPD_ROUTEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/attr.h"
#include "bgpd/rib_key.h"
#include "lib/addr.h"

struct plist_entry {
	uint32_t seq;	      /* place in the list */
	bool permit;	      /* else deny */
	struct prefix prefix; /* what the route must be inside of */
	uint8_t ge, le;	      /* bounds of the route's length */
};

/* In order of seq; what fits none is denied. */
struct plist {
	struct plist_entry *e; /* owned */
	size_t n;	       /* entries */
};

enum {
	RMAP_IF = 1,	  /* match interface */
	RMAP_PREFIX4 = 2, /* match ip address prefix-list */
	RMAP_PREFIX6 = 4, /* match ipv6 address prefix-list */
	RMAP_TYPE = 8,	  /* match evpn route-type */
	RMAP_VNI = 16,	  /* match evpn vni */
};

enum {
	RMAP_SET_LOCAL_PREF = 1,
	RMAP_SET_METRIC = 2,
};

struct rmap_entry {
	uint16_t seq;		/* place in the map */
	bool permit;		/* else deny */
	unsigned match;		/* RMAP_* that are looked at */
	unsigned set;		/* RMAP_SET_* that are done */
	char ifname[16];	/* RMAP_IF */
	struct plist prefix[2]; /* RMAP_PREFIX4, RMAP_PREFIX6; empty: no such list */
	uint8_t type;		/* RMAP_TYPE */
	uint32_t vni;		/* RMAP_VNI */
	uint32_t local_pref;	/* RMAP_SET_LOCAL_PREF */
	uint32_t metric;	/* RMAP_SET_METRIC */
};

struct rmap {
	uint32_t refs;	      /* users */
	struct rmap_entry *e; /* owned, by seq */
	size_t n;	      /* entries; none: everything is denied */
};

/* What of a route is looked at. */
struct rmap_route {
	unsigned family;	   /* AFI_SAFI_* */
	struct prefix prefix;	   /* of unicast, and of EVPN type 5 */
	const char *ifname;	   /* where a route of the kernel leads; NULL none */
	uint8_t type;		   /* of an EVPN route */
	uint32_t vni;		   /* its label, 0 none */
	const struct attrs *attrs; /* what it has */
};

struct rmap *rmap_new(void);	       /* one reference */
struct rmap *rmap_ref(struct rmap *m); /* NULL is allowed, here and in the next ones */
void rmap_unref(struct rmap *m);
bool rmap_equal(const struct rmap *a, const struct rmap *b);

/* The facts of a route of the RIB or of an NLRI; labels as in struct afi_nlri. */
void rmap_route_init(struct rmap_route *r, unsigned family,
    const struct rib_key_head *head, const uint8_t *tail, size_t len, uint32_t label);
/* The entry that permits it, from 1; 0: denied. */
unsigned rmap_permits(const struct rmap *m, const struct rmap_route *r);
/* Does what that entry says; new lists come from the arena, or are borrowed from the map. */
void rmap_set(const struct rmap *m, unsigned entry, struct arena *arena, struct attrs *a);

/* True if the list permits it. */
bool plist_permits(const struct plist *l, struct prefix p);

#endif
