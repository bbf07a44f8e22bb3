/* SPDX-License-Identifier: ISC */
/* evpn/evpn_show_l3.h: what EVPN knows of VRFs, for show commands: read only.
 *
 * What    Plain copies of VRFs, router MACs, next hops and prefixes with their ways.
 *         Texts that a record points to are borrowed from the engine and valid
 *         until the loop runs again.
 * Walks   As in evpn_show.h: an evpn_vrf_walk gives the records of one VRF one by one
 *         and may rest; the user ends it.
 * Order   VRFs by name; within one the latest object first.
 */
#ifndef EVPND_EVPN_EVPN_SHOW_L3_H
#define EVPND_EVPN_EVPN_SHOW_L3_H

#include "evpn/evpn_show.h"

struct evpn_show_vrf {
	char name[ZL_IFNAME];
	const struct vrf_conf *conf; /* NULL: not configured */
	bool observed;		     /* there is such a device */
	uint32_t ifindex, table;     /* of it */
	uint32_t l3vni;		     /* 0: no part of the fabric */
	const struct zl_vni *obs;    /* of the L3VNI; NULL: no device for it */
	bool up;		     /* routes are exported and written */
	const char *why_down;	     /* "" when up */
	uint32_t since;		     /* seconds since it went up or down */
	struct rd rd;
	bool rd_configured;
	const struct rt_match *imports; /* in force */
	size_t nimports;
	const struct ecom *exports; /* in force */
	size_t nexports;
	bool imports_configured, exports_configured; /* some are not automatic */
	struct mac rmac;			     /* router MAC, zero if unknown */
	struct ip vtep;				     /* none if unknown */
	uint32_t rmacs, hops, groups;		     /* objects */
	uint32_t prefixes;			     /* known, from wherever */
};

/* The first VRF whose name comes after this one ("" to begin). */
bool evpn_show_vrf_next(struct evpn *e, const char *after, struct evpn_show_vrf *out);
bool evpn_show_vrf(struct evpn *e, const char *name, struct evpn_show_vrf *out);
/* The VRF whose L3VNI this is. */
bool evpn_show_vrf_of_l3vni(struct evpn *e, uint32_t l3vni, struct evpn_show_vrf *out);
/* VNIs of layer 2 whose SVI is in the VRF, ascending: up to `max`; returns how many. */
size_t evpn_show_vrf_l2vnis(struct evpn *e, const char *name, uint32_t *vnis, size_t max);

/* A remote router's MAC in an L3VNI. */
struct evpn_show_rmac {
	struct mac mac;
	struct ip vtep;	 /* where the kernel is told that it is */
	struct ip other; /* another VTEP that claims it too and cannot have it; none */
	uint32_t vteps;	 /* that claim it; above 1 only the first can be installed */
	uint32_t
	    label; /* only a tunnel of its own leads there (downstream VNI), else 0 */
	enum evpn_install install;
	int error;
	const char *error_text;
};

/* A way to a remote VTEP, or to a host in a network of the VRF. */
struct evpn_show_hop {
	struct ip ip;	/* gateway: the VTEP, or its mapped address for IPv6; the host */
	bool host;	/* it is a host: no VTEP, no router MAC */
	struct ip vtep; /* remote VTEP */
	struct mac mac; /* its router MAC */
	uint32_t l3vni; /* through which it goes; for a host the VNI of its network */
	uint32_t
	    label; /* with a tunnel of its own (downstream VNI): VNI to send, else 0 */
	uint32_t refs;	  /* routes of BGP that lead there */
	uint32_t id;	  /* by which the data plane knows it */
	bool unreachable; /* the VTEP cannot be reached: not installed */
	const char *why;  /* why it is not wanted, "" */
	enum evpn_install install;
	int error;
	const char *error_text;
};

/* Who has the route of a prefix. */
enum evpn_prefix_source {
	EVPN_PREFIX_NONE, /* nobody: no way is usable, or only the configuration names it */
	EVPN_PREFIX_REMOTE,	 /* the fabric */
	EVPN_PREFIX_KERNEL,	 /* this machine: see proto and so on */
	EVPN_PREFIX_HOST,	 /* a host of ours, in a connected subnet */
	EVPN_PREFIX_LEAKED,	 /* another VRF of this machine (import vrf) */
	EVPN_PREFIX_UNREACHABLE, /* the default of last resort */
	EVPN_PREFIX_TABLE,	 /* a kernel table that the VRF redistributes, alone */
};
const char *evpn_prefix_source_name(enum evpn_prefix_source s);

struct evpn_show_prefix {
	struct prefix prefix;
	enum evpn_prefix_source source;
	uint32_t ways;		   /* routes of BGP that name it, usable or not */
	uint32_t used;		   /* of which share the traffic */
	uint32_t best;		   /* RIB handle of the best one, 0 none */
	uint8_t proto;		   /* KERNEL: RTPROT_* */
	bool connected, blackhole; /* KERNEL */
	uint32_t metric;	   /* KERNEL */
	struct ip gateway;	   /* KERNEL, none if it has none */
	char ifname[ZL_IFNAME];	   /* KERNEL */
	char from[ZL_IFNAME];	   /* LEAKED: the VRF */
	bool exported;		   /* as type 5 */
	uint32_t id;		   /* of the HOP or GROUP, 0 none */
	enum evpn_install install; /* of the fabric's route */
	int error;
	const char *error_text;
	/* Since when its way is as it is: the best route of BGP, the route in the kernel, ours in place
	 * of others. */
	struct mono since;
};

/* One of BGP's routes to a prefix. */
struct evpn_show_way {
	uint32_t route;	    /* RIB handle */
	bool type5;	    /* else type 2 */
	bool usable;	    /* may share the traffic */
	bool used;	    /* does */
	bool best;	    /* of all */
	const char *why;    /* why it is not usable, "" */
	struct ip vtep;	    /* BGP next hop */
	struct mac rmac;    /* of it, zero without community */
	uint32_t label;	    /* VNI that it asks for */
	struct ip gw;	    /* overlay index, none */
	struct ip hop;	    /* gateway of its next hop, none if not usable */
	uint32_t hop_l3vni; /* of its next hop */
};

enum evpn_vrf_list { EVPN_VRF_RMACS, EVPN_VRF_HOPS, EVPN_VRF_PREFIXES };

struct evpn_vrf_walk {
	struct evpn *e; /* NULL when ended; borrowed */
	struct obj_walk w;
};

/* False if there is no such VRF: the walk is then ended already. */
bool evpn_vrf_walk_begin(
    struct evpn *e, struct evpn_vrf_walk *w, const char *vrf, enum evpn_vrf_list list);
bool evpn_vrf_walk_rmac(struct evpn_vrf_walk *w, struct evpn_show_rmac *out);
bool evpn_vrf_walk_hop(struct evpn_vrf_walk *w, struct evpn_show_hop *out);
bool evpn_vrf_walk_prefix(struct evpn_vrf_walk *w, struct evpn_show_prefix *out);
void evpn_vrf_walk_end(struct evpn_vrf_walk *w); /* also when ended */

bool evpn_show_prefix(
    struct evpn *e, const char *vrf, struct prefix prefix, struct evpn_show_prefix *out);
/* The longest prefix that contains the address and has a source; false if none. */
bool evpn_show_lookup(
    struct evpn *e, const char *vrf, struct ip ip, struct evpn_show_prefix *out);
/* All ways of a prefix, best first is not promised: up to `max`; returns how many. */
size_t evpn_show_ways(struct evpn *e, const char *vrf, struct prefix prefix,
    struct evpn_show_way *out, size_t max);
/* Names of VRFs that a route of the RIB (its handle) is imported into: up to `max`. */
size_t evpn_show_route_vrfs(
    struct evpn *e, uint32_t route, const char **names, size_t max);

#endif
