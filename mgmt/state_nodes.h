/* SPDX-License-Identifier: ISC */
/* mgmt/state_nodes.h: the parts of the state, each in a file of its own name.
 *
 * What    The children of /evpnd:state.  A new part gets its subtree in a YANG
 *         submodule, a mgmt/state_*.c, a line here and one in mgmt/state_nodes.c.
 */
#ifndef EVPND_MGMT_STATE_NODES_H
#define EVPND_MGMT_STATE_NODES_H

#include "bgpd/family.h"
#include "evpn/evpn_show.h"
#include "mgmt/state_names.h"
#include "mgmt/state_node.h"

extern const struct state_node state_commits;	/* mgmt/state_commits.c */
extern const struct state_node state_counters;	/* mgmt/state_system.c */
extern const struct state_node state_events;	/* mgmt/state_system.c */
extern const struct state_node state_kernel;	/* mgmt/state_kernel.c */
extern const struct state_node state_macs;	/* of a VNI: mgmt/state_hosts.c */
extern const struct state_node state_neighbors; /* of a VNI: mgmt/state_hosts.c */
extern const struct state_node state_routes;	/* mgmt/state_routes.c */
extern const struct state_node state_sessions;	/* mgmt/state_sessions.c */
extern const struct state_node state_system;	/* mgmt/state_system.c */
extern const struct state_node state_vnis;	/* mgmt/state_vnis.c */
extern const struct state_node state_vrfs;	/* mgmt/state_vrfs.c */

/* Families as the schema calls them, by AFI_SAFI_*. */
extern const char *const state_family_names[AFI_SAFI_COUNT];

/* The VNI whose entry is open, so many lists outwards. */
uint32_t state_vni(const struct state_walk *w, unsigned outwards);
/* install-state and install-error */
void state_install(
    struct state_walk *w, enum evpn_install st, int error, const char *error_text);
/* route-target-import and route-target-export */
void state_targets(struct state_walk *w, const struct rt_match *imports, size_t nimports,
    const struct ecom *exports, size_t nexports);
/* A time so many seconds ago. */
void state_ago(struct state_walk *w, const char *leaf, uint32_t seconds);

#endif
