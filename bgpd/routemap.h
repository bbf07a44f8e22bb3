/* SPDX-License-Identifier: ISC */
/* bgpd/routemap.h: route-maps and prefix-lists: which routes pass, and what they become.
 *
 * What    A route-map is a list of entries in order of their numbers.  The first entry whose
 *         matches all fit decides: permit (its sets are applied) or deny.  A route that fits
 *         none is denied.
 * Joined  An entry that permits may call another map, which can still deny, and may go on
 *         with the entry behind it or with a later one, which sees what was set so far.  A
 *         route that fits no further entry is permitted.
 * Whole   A map carries copies of the lists that it names, and of the maps that it calls, so
 *         that it can be compared and outlives the configuration it came from: it is
 *         counted, and never changed once it is in use.
 * Verdict What permits a route is a number: of an entry, or of a trail of entries that all
 *         set something.  Equal numbers do the same to equal attributes.
 * Pure    Facts in, verdict out; trails are remembered, RMAP_TRAILS of them at most.
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

struct maclist_entry {
	uint32_t seq;	/* place in the list */
	bool permit;	/* else deny */
	bool any;	/* every MAC */
	struct mac mac; /* else this one */
};

/* In order of seq; what fits none is denied. */
struct plist {
	struct plist_entry *e; /* owned */
	size_t n;	       /* entries */
};

/* In order of seq; what fits none is denied. */
struct maclist {
	struct maclist_entry *e; /* owned */
	size_t n;		 /* entries */
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
	RMAP_OF_ATTRS = 0x7f << 10, /* all of these */
	RMAP_NEVER = 1 << 17,	    /* match peer, of another one */
	RMAP_SRC_PEER = 1 << 18,    /* match src-peer */
	RMAP_MAC = 1 << 19,	    /* match mac address */
	RMAP_LIMITS = 7 << 20,	    /* all of the next ones */
	RMAP_LIMIT = 1 << 20, /* shifted by enum comkind but COM_PATH: match ...-limit */
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
	RMAP_SET_EXCLUDE = 1 << 11,
	RMAP_SET_REPLACE = 1 << 12,
	RMAP_SET_WEIGHT = 1 << 13,
	/* Of type 5 alone. */
	RMAP_SET_RMAC = 1 << 14,
	RMAP_SET_GATEWAY4 = 1 << 15,
	RMAP_SET_GATEWAY6 = 1 << 16,
	RMAP_SET_PREFIX =
	    RMAP_SET_RMAC | RMAP_SET_GATEWAY4 | RMAP_SET_GATEWAY6, /* all of these */
};

/* What comes behind an entry that permits. */
enum rmap_next { RMAP_EXIT, RMAP_NEXT, RMAP_GOTO };

#define RMAP_TRAILS 65536 /* the most that a map remembers; routes beyond are denied */

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
	struct ip src_peer;	/* RMAP_SRC_PEER; none: ourselves */
	struct maclist mac;	/* RMAP_MAC; empty: no such list */
	uint32_t match_metric, match_local_pref; /* RMAP_METRIC, RMAP_LOCAL_PREF */
	struct comlist lists[COM_KINDS];	 /* RMAP_LIST; empty: no such list */
	bool exact[COM_KINDS];	  /* RMAP_LIST: nothing but what an entry has */
	uint16_t limit[COM_PATH]; /* RMAP_LIMIT: so many of them, at most */

	uint32_t local_pref;	      /* RMAP_SET_LOCAL_PREF */
	uint32_t metric;	      /* RMAP_SET_METRIC */
	uint8_t set_origin;	      /* RMAP_SET_ORIGIN */
	uint8_t last_as;	      /* RMAP_SET_LAST_AS: times */
	uint32_t *prepend;	      /* RMAP_SET_PREPEND, owned: leftmost first */
	size_t nprepend;	      /* of them */
	struct comset com[COM_PATH];  /* RMAP_SET_COM; empty: none */
	bool additive[COM_PATH];      /* RMAP_SET_COM: beside those that it has */
	struct comlist del[COM_PATH]; /* RMAP_SET_DELETE; empty: no such list */
	uint32_t *exclude;	      /* RMAP_SET_EXCLUDE, owned: AS numbers that go */
	size_t nexclude;	      /* of them; none: all go */
	uint32_t replace[2];	      /* RMAP_SET_REPLACE: this AS (0 any) by that */
	uint32_t weight;	      /* RMAP_SET_WEIGHT */
	struct mac rmac;	      /* RMAP_SET_RMAC */
	struct ip gateway[2];	      /* RMAP_SET_GATEWAY4, RMAP_SET_GATEWAY6 */
	uint16_t call;		      /* the map that is asked next, from 1; 0 none */
	uint16_t go;		      /* RMAP_GOTO: the first entry from this number on */
	enum rmap_next next;	      /* what comes behind it */
};

/* Entries of a map that is called. */
struct rmap_part {
	size_t first, n; /* place in the array, number; none: everything is denied */
};

struct rmap_trails;

struct rmap {
	uint32_t refs;		 /* users */
	struct rmap_entry *e;	 /* owned, by seq; behind them those of the called maps */
	size_t n;		 /* its own entries; none: everything is denied */
	struct rmap_part *parts; /* owned: called maps */
	size_t nparts;		 /* of them */
	struct rmap_trails *trails; /* owned; NULL: one entry decides (routemap_walk.c) */
};

/* What of a route is looked at. */
struct rmap_route {
	unsigned family;	   /* AFI_SAFI_* */
	struct prefix prefix;	   /* of unicast, and of EVPN type 5 */
	const char *ifname;	   /* where a route of the kernel leads; NULL none */
	const char *vrf;	   /* from which it is imported; NULL none */
	uint8_t type;		   /* of an EVPN route */
	bool becomes_prefix;	   /* unicast that is told as type 5 */
	struct mac mac;		   /* of type 2 */
	uint32_t vni;		   /* its label, 0 none */
	struct ip src_peer;	   /* whom it comes from; none: ourselves */
	struct rd rd;		   /* of an EVPN route */
	const struct attrs *attrs; /* what it has */
};

struct rmap *rmap_new(void); /* one reference */
/* When all entries are there: makes it ready where entries are joined. */
void rmap_finish(struct rmap *m);
/* All entries, those of called maps as well. */
size_t rmap_entries(const struct rmap *m);
struct rmap *rmap_ref(struct rmap *m); /* NULL is allowed, here and in the next ones */
void rmap_unref(struct rmap *m);
bool rmap_equal(const struct rmap *a, const struct rmap *b);

/* The facts of a route of the RIB or of an NLRI; labels as in struct afi_nlri. */
void rmap_route_init(struct rmap_route *r, unsigned family,
    const struct rib_key_head *head, const uint8_t *tail, size_t len, uint32_t label,
    const struct attrs *attrs);
/* What permits it, from 1; 0: denied. */
unsigned rmap_permits(const struct rmap *m, const struct rmap_route *r);
/* Does what that verdict says; new lists come from the arena, or are borrowed from the map. */
void rmap_set(
    const struct rmap *m, unsigned verdict, struct arena *arena, struct attrs *a);
/* Of that what has no meaning in another AS but where it is said: MED and LOCAL_PREF. */
void rmap_set_local(const struct rmap *m, unsigned verdict, struct attrs *a);
/* True if it sets the gateway of a type 5 of this family, and which. */
bool rmap_gateway(const struct rmap *m, unsigned verdict, bool ipv6, struct ip *gateway);

/* True if the list permits it. */
bool plist_permits(const struct plist *l, struct prefix p);
bool maclist_permits(const struct maclist *l, struct mac mac);

/* What the files of route-maps share. */
bool rmap_entry_fits(const struct rmap_entry *e, const struct rmap_route *r);
/* What the entry sets; prefix: the route is a type 5. */
void rmap_entry_set(
    const struct rmap_entry *e, bool prefix, struct arena *arena, struct attrs *a);

/* The steps of a verdict, from the first: entries, and whether the route is a type 5. */
struct rmap_step {
	const struct rmap_entry *e; /* borrowed */
	bool prefix;		    /* the route is a type 5 */
};
struct rmap_steps {
	const struct rmap *m; /* borrowed */
	unsigned verdict;     /* where the trail ends */
	unsigned i;	      /* the next step */
};
bool rmap_step_next(struct rmap_steps *s, struct rmap_step *step);
void rmap_trails_free(struct rmap_trails *t);

#endif
