/* SPDX-License-Identifier: ISC */
/* evpn/evpn_conf.h: the compiled EVPN configuration.
 *
 * What    Plain values with defaults filled in; made by mgmt/conf.c, applied by
 *         evpn_apply().  Immutable once applied.
 */
#ifndef EVPND_EVPN_EVPN_CONF_H
#define EVPND_EVPN_EVPN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct rmap; /* bgpd/routemap.h */

enum evpn_flooding { FLOOD_HER, FLOOD_DISABLED };

/* A route target to import; wildcard `*:N` matches any global administrator. */
struct rt_match {
	bool wildcard;	/* compare the local administrator only */
	struct ecom rt; /* without wildcard */
	uint32_t local; /* with wildcard */
};

/* When the automatic route targets of a VRF or VNI are in force. */
enum evpn_autort { AUTORT_IF_NO_MANUAL, AUTORT_ALWAYS, AUTORT_NEVER };

static inline bool
evpn_autort_on(enum evpn_autort how, size_t nmanual)
{
	return how == AUTORT_ALWAYS || (how == AUTORT_IF_NO_MANUAL && nmanual == 0);
}

struct vni_conf {
	uint32_t vni;
	bool rd_set; /* else router-id:index */
	struct rd rd;
	struct rt_match *imports; /* owned */
	size_t nimports;
	struct ecom *exports; /* owned */
	size_t nexports;
	enum evpn_autort auto_import, auto_export;
	bool advertise_svi_ip; /* resolved with the instance's */
	bool advertise_default_gw;
	enum evpn_flooding flooding; /* resolved with the instance's */
};

/* Whose routes of a VRF become type-5 routes (`redistribute`), by RTPROT_* of their maker. */
enum {
	REDIST_CONNECTED = 1, /* the kernel's, of the addresses of interfaces */
	REDIST_KERNEL = 2,    /* any daemon's or person's that is none of the others */
	REDIST_STATIC = 4,    /* RTPROT_STATIC and RTPROT_BOOT: `ip route add` */
	REDIST_OSPF = 8,
	REDIST_BGP = 16, /* another BGP speaker's */
	REDIST_BITS = 5, /* of them */
};

/* What routes that a statement chooses must be, and become. */
struct vrf_policy {
	struct rmap *map; /* ref; NULL: all pass */
	bool has_metric;  /* the next is set */
	uint32_t metric;  /* MED */
};

struct network_conf {
	struct prefix prefix;
	struct rmap *map; /* ref, or NULL */
};

struct aggregate_conf {
	struct prefix prefix;
	bool summary_only; /* the prefixes inside are not said */
	struct rmap *map;  /* ref, or NULL */
};

/* `redistribute table N` */
struct table_conf {
	uint32_t table;		  /* the kernel's number */
	struct vrf_policy policy; /* for its routes */
};

/* One address family of `router bgp AS vrf NAME`. */
struct vrf_af_conf {
	bool advertise;		/* `advertise FAMILY unicast`: type-5 routes are made */
	bool advertise_gateway; /* with the gateway's address as overlay index */
	struct rmap *advertise_map; /* ref, or NULL: which of them, and as what */
	bool default_originate;	    /* a type-5 default route */
	unsigned redistribute;	    /* REDIST_* */
	struct vrf_policy redist[REDIST_BITS]; /* by the number of the bit */
	struct table_conf *tables; /* owned, ascending: beside the VRF's own */
	size_t ntables;
	struct network_conf
	    *networks; /* owned, by prefix: said when the VRF has such a route */
	size_t nnetworks;
	struct aggregate_conf
	    *aggregates; /* owned, by prefix: said when something inside is */
	size_t naggregates;
	char (*import_vrfs)[16]; /* owned: names of VRFs whose local prefixes come in */
	size_t nimport_vrfs;
	struct rmap *import_map; /* ref, or NULL: which of them come */
	bool maps;		 /* a route-map is named, there or not */
	uint16_t maximum_paths;	 /* leaves that share a prefix's traffic; 1 to 32, 32 */
};

/* `vrf NAME` joined with `router bgp AS vrf NAME`. */
struct vrf_conf {
	char name[16];
	uint32_t l3vni;		 /* 0: none, the VRF is no part of the fabric */
	bool prefix_routes_only; /* type-2 routes carry no second label */
	bool bgp;		 /* there is a `router bgp AS vrf NAME` */
	uint32_t router_id;	 /* in automatic RDs; host order, 0: the speaker's */
	bool rd_set;		 /* else router-id:index */
	struct rd rd;
	struct rt_match *imports; /* owned; configured ones */
	size_t nimports;
	struct ecom *exports; /* owned; configured ones */
	size_t nexports;
	enum evpn_autort auto_import, auto_export;
	bool unreachable_default; /* a default of last resort, default true */
	struct vrf_af_conf af[2]; /* IPv4, IPv6 */
};

struct evpn_conf {
	uint32_t as;		/* of the BGP instance, for automatic route targets */
	bool advertise_all_vni; /* every VNI of the kernel; else only those listed */
	bool advertise_svi_ip;
	bool advertise_default_gw;
	enum evpn_flooding flooding;
	uint32_t autort_as;	/* in automatic RTs; 0: `as` */
	bool autort_rfc8365;	/* automatic RTs with the VXLAN type bits */
	uint32_t dad_max_moves; /* RFC 7432 15.1; 5 */
	uint32_t dad_time;	/* seconds; 180 */
	bool dad_enabled;
	bool dad_freeze;	  /* freeze duplicates, for dad_freeze_time or for good */
	uint32_t dad_freeze_time; /* seconds, 0 permanent */
	bool
	    resolve_overlay_index; /* type 5 with a gateway address is resolved by type 2 */
	bool probe;		   /* ask silent hosts before they are withdrawn; true */
	uint32_t probe_rate;	   /* probes a second at most; 500 */
	struct vni_conf *vnis;	   /* owned, by vni */
	size_t nvnis;
	struct vrf_conf *vrfs; /* owned, by name */
	size_t nvrfs;
};

#endif
