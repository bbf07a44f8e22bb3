/* SPDX-License-Identifier: ISC */
/* bgpd/bgp_conf.h: the compiled configuration of one BGP instance.
 *
 * What    Plain values, complete: defaults filled in, peer-group inheritance
 *         resolved, names looked up.  mgmt/conf.c makes it from the YANG tree;
 *         bgp_apply() converges to it by comparing with what runs.
 * Owns    Made and freed as one (mgmt/conf.c); immutable once applied.
 */
#ifndef EVPND_BGPD_BGP_CONF_H
#define EVPND_BGPD_BGP_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/family.h"
#include "lib/addr.h"

struct rmap; /* bgpd/routemap.h */

enum bgp_remote_as {
	REMOTE_AS_NONE,
	REMOTE_AS_NUMBER,
	REMOTE_AS_INTERNAL,
	REMOTE_AS_EXTERNAL
};

/* Per address family of a neighbour. */
struct peer_af_conf {
	bool activate;	     /* the family is offered */
	bool rr_client;	     /* route reflector client (RFC 4456) */
	bool soft_reconf_in; /* accepted; all paths are kept anyway */
	bool next_hop_self;  /* routes of external peers get our address; towards external
			     * peers unicast always does, EVPN keeps the next hop */
	uint8_t allowas_in;  /* own AS allowed this often in AS_PATH, 0 = not */
	bool as_override;    /* the peer's AS in paths becomes ours */
	bool remove_private; /* private ASes go from paths, */
	bool remove_private_all;      /* where there are others, too, */
	bool replace_private;	      /* or become ours */
	uint32_t weight;	      /* of its routes, 0 by default */
	bool allowas_in_origin;	      /* own AS allowed where it originated the route */
	uint32_t max_prefix;	      /* 0 = no limit */
	uint8_t max_prefix_threshold; /* percent at which to warn, default 75 */
	bool max_prefix_warn_only;
	uint16_t max_prefix_restart; /* minutes until a new try, 0 = stay down */
	uint32_t route_types; /* bit n: EVPN type n may be sent; all ones by default */
	struct rmap *map_in, *map_out; /* refs; NULL: everything passes */
};

/* One neighbour, or the template of a listen range's peers. */
struct peer_conf {
	struct ip addr;	   /* none for a template */
	char *group;	   /* peer-group name or NULL; owned */
	char *description; /* owned or NULL */
	enum bgp_remote_as remote_as_type;
	uint32_t remote_as;	 /* with REMOTE_AS_NUMBER */
	uint16_t port;		 /* 179 */
	struct ip update_source; /* none: the kernel chooses */
	char *update_source_if;	 /* interface name or NULL; owned */
	uint8_t ebgp_multihop;	 /* TTL; 0: default (1 for eBGP, 64 for iBGP) */
	uint8_t ttl_security;	 /* GTSM hops, 0 = off (RFC 5082) */
	bool disable_connected_check;
	bool enforce_first_as; /* eBGP: the first AS of a path is the peer's */
	bool passive;
	bool shutdown;
	char *shutdown_msg;	  /* RFC 9003 text or NULL; owned */
	char *password;		  /* TCP MD5 or NULL; owned */
	uint16_t hold, keepalive; /* seconds; what we offer */
	uint16_t connect_retry;	  /* seconds */
	union {
		struct peer_af_conf af[AFI_SAFI_COUNT]; /* by number */
		struct {
			struct peer_af_conf evpn, ipv4, ipv6; /* by name, in that order */
		};
	};
};

struct listen_range_conf {
	struct prefix range;
	size_t template_idx; /* into bgp_conf.templates */
};

struct bgp_conf {
	bool enabled; /* there is a `router bgp` */
	uint32_t as;
	uint32_t router_id;    /* host order; 0: choose from the machine's addresses */
	uint32_t cluster_id;   /* host order; 0: the router id */
	bool client_to_client; /* default true (RFC 4456) */
	bool log_neighbor_changes;
	bool
	    default_ipv4_unicast; /* `bgp default ipv4-unicast`: neighbours are activated */
	bool default_ipv6_unicast; /* the same for IPv6 */
	bool default_l2vpn_evpn; /* `bgp default l2vpn-evpn`: neighbours are activated */
	bool ebgp_requires_policy;
	bool always_compare_med, deterministic_med, compare_router_id, multipath_relax;
	uint32_t default_local_pref;
	uint16_t hold, keepalive, connect_retry; /* instance defaults, seconds */
	uint16_t gr_restart_time;		 /* seconds (RFC 4724), 120 */
	uint16_t gr_stalepath_time;		 /* seconds, 360 */
	bool graceful_restart;			 /* offer GR; default true */
	uint32_t
	    listen_limit; /* dynamic neighbours at most, 100 by default in the dialect */
	char *hostname;	  /* for the FQDN capability; owned or NULL */
	uint16_t listen_port;	 /* 179 or -p */
	struct peer_conf *peers; /* owned array, ordered by address */
	size_t npeers;
	struct peer_conf *templates; /* owned array, one per peer-group with a range */
	size_t ntemplates;
	struct listen_range_conf *ranges; /* owned array, longest prefix first */
	size_t nranges;
};

#endif
