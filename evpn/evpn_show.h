/* SPDX-License-Identifier: ISC */
/* evpn/evpn_show.h: what EVPN knows, for show commands: read only.
 *
 * What    Plain copies of instances, MACs, neighbours, VTEPs, failed writes and
 *         counters.  Texts that a record points to are borrowed from the engine and
 *         valid until the loop runs again.
 * Walks   An evpn_walk gives the records of one VNI one by one and may rest between
 *         them for as long as it likes: objects that end or come meanwhile are
 *         skipped or not, but never cost the place.  The user ends it.
 * Order   Instances by VNI; within one the latest object first.
 */
#ifndef EVPND_EVPN_EVPN_SHOW_H
#define EVPND_EVPN_EVPN_SHOW_H

#include "evpn/evpn.h"
#include "evpn/obj.h"

/* An instance. */
struct evpn_show_evi {
	uint32_t vni;
	const struct zl_vni
	    *obs;	      /* as observed; only `vni` is set if `observed` is not */
	bool observed;	      /* the data plane has it */
	bool active;	      /* selected by the configuration */
	bool up;	      /* routes are exported */
	const char *why_down; /* "" when up */
	uint32_t since;	      /* seconds since it went up or down */
	struct rd rd;	      /* route distinguisher */
	bool rd_configured;
	const struct rt_match *imports; /* in force */
	size_t nimports;
	const struct ecom *exports; /* in force */
	size_t nexports;
	bool imports_configured, exports_configured; /* not automatic */
	bool advertise_svi_ip, advertise_default_gw;
	bool flood;		   /* ingress replication; false: flooding is disabled */
	struct ip originator;	   /* of the type 3 as exported, none when it is not */
	uint32_t macs, local_macs; /* MACs that somebody has; those that are here */
	uint32_t neighs, vteps;	   /* objects */
};

/* Where something is. */
enum evpn_where {
	EVPN_AUTO,   /* nowhere yet: an address was seen, its MAC was not */
	EVPN_LOCAL,  /* on a port */
	EVPN_REMOTE, /* behind a VTEP */
};

/* How far it is in the kernel; only what is remote is wanted there. */
enum evpn_install {
	EVPN_NOT_WANTED,
	EVPN_PENDING,	/* not confirmed yet, or its VNI is down */
	EVPN_INSTALLED, /* confirmed */
	EVPN_FAILED,	/* refused; tried again later */
	EVPN_REMOVING,	/* removal not confirmed yet */
};
const char *evpn_install_name(enum evpn_install s);

struct evpn_show_mac {
	struct mac mac;
	enum evpn_where where;
	const char *state;	/* with both claims: "local (remote lost)" */
	char ifname[ZL_IFNAME]; /* local port, "" if none */
	uint32_t ifindex;	/* of it */
	uint16_t vid;		/* VLAN there, 0 none */
	struct ip vtep;		/* of the best remote candidate, none without */
	uint32_t local_seq;	/* sequence numbers (RFC 7432 7.7) */
	uint32_t remote_seq;
	bool sticky;		/* of the side that has it */
	bool is_static;		/* local: an operator's entry */
	bool svi;		/* local: the SVI's own */
	bool own_gateway;	/* local: with svi, an anycast gateway's */
	bool remote_gateway;	/* remote: default gateway community */
	bool duplicate, frozen; /* RFC 7432 15.1 */
	uint32_t moves;		/* counted in the present window */
	uint32_t candidates;	/* remote routes that name it */
	uint32_t neighs;	/* local addresses bound to it */
	uint32_t uptime;	/* seconds since the present claim came */
	enum evpn_install install;
	int error;		/* errno of the last failure, 0 none */
	const char *error_text; /* the kernel's words, "" */
};

struct evpn_show_neigh {
	struct ip ip;
	struct mac mac; /* of the binding that holds */
	enum evpn_where where;
	bool active;	/* exported or installed; else it waits for its MAC */
	struct ip vtep; /* remote: where its MAC is */
	uint32_t local_seq, remote_seq; /* of its MAC, of the remote route */
	bool is_static, svi, router, gateway;
	bool own_gateway;	/* local: with svi, an anycast gateway's */
	bool duplicate, frozen; /* itself, or its MAC */
	uint32_t moves;		/* its own between MACs, or its MAC's: the greater */
	bool held; /* local: the kernel has it no more, it is asked for (RFC 9161) */
	uint32_t probes; /* local: questions since it was confirmed last */
	uint32_t uptime; /* seconds since the binding came */
	enum evpn_install install;
	int error;
	const char *error_text;
};

struct evpn_show_vtep {
	struct ip vtep;
	bool flood;	 /* broadcast is replicated to it */
	uint32_t routes; /* type 3 routes that name it */
	enum evpn_install install;
	int error;
	const char *error_text;
};

struct evpn_show_failure {
	uint32_t vni;
	enum zl_kind kind; /* which of the keys below count */
	enum zl_op op;	   /* what was tried */
	const char *vrf;   /* HOP, GROUP, ROUTE, a router's MAC: of which VRF; else "" */
	uint32_t id;	   /* HOP, GROUP; ROUTE: where to */
	uint8_t plen;	   /* ROUTE */
	struct mac mac;	   /* MAC, NEIGH, HOP */
	struct ip ip;	   /* NEIGH, HOP: gateway, ROUTE: prefix */
	struct ip vtep;	   /* FLOOD, MAC */
	int error;	   /* errno */
	const char *text;  /* the kernel's words, "" */
	uint32_t attempts; /* failed in a row */
	int64_t retry_us;  /* until the next one */
};

struct evpn_show_totals {
	uint32_t vnis, active_vnis, up_vnis;
	uint32_t macs, local_macs, neighs, vteps, imports, vrfs, prefixes;
	uint32_t frozen;	  /* MACs */
	uint32_t frozen_neighs;	  /* addresses */
	uint32_t held;		  /* hosts that stand until they are asked */
	uint32_t probes_queued;	  /* questions that wait to be sent */
	uint64_t probes_sent;	  /* questions since the start */
	uint64_t probes_answered; /* hosts that were asked and were there */
	uint64_t probes_lost;	  /* held, and given up */
	uint32_t queued;	  /* objects that wait to be sent */
	uint32_t in_flight;	  /* unanswered frames */
	uint32_t failures;	  /* objects whose last write failed */
	uint64_t sent, ok, failed, retries, drift, sweeps; /* records since the start */
	bool observed; /* the first observed state is in */
	bool synced;   /* nothing is owed to the data plane's sweep */
	size_t bytes;  /* memory of MACs, neighbours, imports, flood lists, indexes */
};

struct evpn_walk {
	struct evpn *e; /* NULL when ended; borrowed */
	struct obj_walk w;
};

void evpn_show_totals(const struct evpn *e, struct evpn_show_totals *t);

/* The instance with the lowest VNI above `after`. */
bool evpn_show_evi_next(struct evpn *e, uint32_t after, struct evpn_show_evi *out);
bool evpn_show_evi(struct evpn *e, uint32_t vni, struct evpn_show_evi *out);

/* False if there is no such VNI: the walk is then ended already. */
bool evpn_walk_begin(
    struct evpn *e, struct evpn_walk *w, uint32_t vni, enum zl_kind kind);
bool evpn_walk_mac(struct evpn_walk *w, struct evpn_show_mac *out);
bool evpn_walk_neigh(struct evpn_walk *w, struct evpn_show_neigh *out);
bool evpn_walk_vtep(struct evpn_walk *w, struct evpn_show_vtep *out);
void evpn_walk_end(struct evpn_walk *w); /* also when ended */

bool evpn_show_mac(
    struct evpn *e, uint32_t vni, struct mac mac, struct evpn_show_mac *out);
bool evpn_show_neigh(
    struct evpn *e, uint32_t vni, struct ip ip, struct evpn_show_neigh *out);
/* Addresses of a MAC: up to `max` of them, active ones first is not promised; returns how many. */
size_t evpn_show_mac_neighs(struct evpn *e, uint32_t vni, struct mac mac,
    struct evpn_show_neigh *out, size_t max);

/* Failed writes, latest first: *at 0 to begin, then as left.  A failure that was mended between two
 * calls ends the walk early. */
bool evpn_show_failure_next(struct evpn *e, uint32_t *at, struct evpn_show_failure *out);

/* RIB handles of the routes that say where a MAC is, addresses included; and that make a VTEP a
 * flood target: up to `max`; returns how many. */
size_t evpn_show_mac_routes(
    struct evpn *e, uint32_t vni, struct mac mac, uint32_t *routes, size_t max);
size_t evpn_show_vtep_routes(
    struct evpn *e, uint32_t vni, struct ip vtep, uint32_t *routes, size_t max);
/* VNIs that a route of the RIB (its handle) is imported into: up to `max`; returns how many. */
size_t evpn_show_route_vnis(struct evpn *e, uint32_t route, uint32_t *vnis, size_t max);

#endif
