/* SPDX-License-Identifier: ISC */
/* bgpd/routemap.h: route-maps and prefix-lists: which routes pass, and what they become.
 *
 * What    A route-map is a list of entries in order of their numbers.  The first entry whose
 *         matches all fit decides: permit (its sets are applied) or deny.  A route that fits
 *         none is denied.
 * Whole   A map carries copies of the lists that it names, so that it can be compared
 *         and outlives the configuration it came from: it is counted, and never changed
 *         once it is in use.
 * Pure    Facts in, entry out.
 */
#ifndef EVPND_BGPD_ROUTEMAP_H
#define EVPND_BGPD_ROUTEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/comlist.h"
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
	RMAP_IF = 1 << 0,      /* match interface */
	RMAP_PREFIX4 = 1 << 1, /* match ip address prefix-list */
	RMAP_PREFIX6 = 1 << 2, /* match ipv6 address prefix-list */
	RMAP_TYPE = 1 << 3,    /* match evpn route-type */
	RMAP_VNI = 1 << 4,     /* match evpn vni */
	RMAP_RD = 1 << 5,      /* match evpn rd */
	RMAP_DEFAULT = 1 << 6, /* match evpn default-route */
	RMAP_LEN4 = 1 << 7,    /* match ip address prefix-len */
	RMAP_LEN6 = 1 << 8,    /* match ipv6 address prefix-len */
	RMAP_VRF = 1 << 9,     /* match source-vrf */
	/* From here on of the attributes. */
	RMAP_METRIC = 1 << 10,	   /* match metric */
	RMAP_LOCAL_PREF = 1 << 11, /* match local-preference */
	RMAP_ORIGIN = 1 << 12,	   /* match origin */
	RMAP_LIST = 1 << 13, /* shifted by enum comkind: match community ... as-path */
};

enum {
	RMAP_SET_LOCAL_PREF = 1 << 0,
	RMAP_SET_METRIC = 1 << 1,
	RMAP_SET_ORIGIN = 1 << 2,
	RMAP_SET_PREPEND = 1 << 3,
	RMAP_SET_LAST_AS = 1 << 4,
	RMAP_SET_COM =
	    1 << 5, /* shifted by enum comkind: set community ... extcommunity */
	RMAP_SET_DELETE = 1 << 8, /* the same: set comm-list delete ... */
};

struct rmap_entry {
	uint16_t seq;		/* place in the map */
	bool permit;		/* else deny */
	unsigned match;		/* RMAP_* that are looked at */
	unsigned set;		/* RMAP_SET_* that are done */
	char ifname[16];	/* RMAP_IF */
	char vrf[16];		/* RMAP_VRF */
	struct plist prefix[2]; /* RMAP_PREFIX4, RMAP_PREFIX6; empty: no such list */
	uint8_t plen[2];	/* RMAP_LEN4, RMAP_LEN6 */
	uint8_t type;		/* RMAP_TYPE */
	uint8_t origin;		/* RMAP_ORIGIN */
	uint32_t vni;		/* RMAP_VNI */
	struct rd rd;		/* RMAP_RD */
	uint32_t match_metric, match_local_pref; /* RMAP_METRIC, RMAP_LOCAL_PREF */
	struct comlist lists[COM_KINDS];	 /* RMAP_LIST; empty: no such list */
	bool exact[COM_KINDS]; /* RMAP_LIST: nothing but what an entry has */

	uint32_t local_pref;	      /* RMAP_SET_LOCAL_PREF */
	uint32_t metric;	      /* RMAP_SET_METRIC */
	uint8_t set_origin;	      /* RMAP_SET_ORIGIN */
	uint8_t last_as;	      /* RMAP_SET_LAST_AS: times */
	uint32_t *prepend;	      /* RMAP_SET_PREPEND, owned: leftmost first */
	size_t nprepend;	      /* of them */
	struct comset com[COM_PATH];  /* RMAP_SET_COM; empty: none */
	bool additive[COM_PATH];      /* RMAP_SET_COM: beside those that it has */
	struct comlist del[COM_PATH]; /* RMAP_SET_DELETE; empty: no such list */
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
	const char *vrf;	   /* from which it is imported; NULL none */
	uint8_t type;		   /* of an EVPN route */
	uint32_t vni;		   /* its label, 0 none */
	struct rd rd;		   /* of an EVPN route */
	const struct attrs *attrs; /* what it has */
};

struct rmap *rmap_new(void);	       /* one reference */
struct rmap *rmap_ref(struct rmap *m); /* NULL is allowed, here and in the next ones */
void rmap_unref(struct rmap *m);
bool rmap_equal(const struct rmap *a, const struct rmap *b);

/* The facts of a route of the RIB or of an NLRI; labels as in struct afi_nlri. */
void rmap_route_init(struct rmap_route *r, unsigned family,
    const struct rib_key_head *head, const uint8_t *tail, size_t len, uint32_t label,
    const struct attrs *attrs);
/* The entry that permits it, from 1; 0: denied. */
unsigned rmap_permits(const struct rmap *m, const struct rmap_route *r);
/* Does what that entry says; new lists come from the arena, or are borrowed from the map. */
void rmap_set(const struct rmap *m, unsigned entry, struct arena *arena, struct attrs *a);
/* Of that what has no meaning in another AS but where it is said: MED and LOCAL_PREF. */
void rmap_set_local(const struct rmap *m, unsigned entry, struct attrs *a);

/* True if the list permits it. */
bool plist_permits(const struct plist *l, struct prefix p);

#endif
