/* SPDX-License-Identifier: ISC */
/* underlay/underlay_conf.h: the compiled configuration of unicast routes in the main table.
 *
 * What    What `router bgp` says in `address-family ipv4|ipv6 unicast`, but for neighbours.
 * Owns    Made and freed by mgmt/conf_unicast.c; immutable once applied.
 */
#ifndef EVPND_UNDERLAY_UNDERLAY_CONF_H
#define EVPND_UNDERLAY_UNDERLAY_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct rmap; /* bgpd/routemap.h */

/* Who made a route of the main table. */
enum { UL_CONNECTED, UL_STATIC, UL_KERNEL, UL_SOURCES };

struct underlay_redist {
	bool on;
	bool has_metric;
	uint32_t metric;  /* MED */
	struct rmap *map; /* ref, or NULL: all of them */
};

struct underlay_network {
	struct prefix prefix; /* told while the main table has it */
	struct rmap *map;     /* ref, or NULL */
};

struct underlay_af_conf {
	struct underlay_redist redist[UL_SOURCES];
	struct underlay_network *networks; /* owned, by prefix */
	size_t nnetworks;
	uint8_t paths_ebgp, paths_ibgp; /* next hops that share a prefix's traffic */
};

struct underlay_conf {
	struct underlay_af_conf af[2]; /* IPv4, IPv6 */
};

#endif
