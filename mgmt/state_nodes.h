/* SPDX-License-Identifier: ISC */
/* mgmt/state_nodes.h: the parts of the state, each in a file of its own name.
 *
 * What    The children of /evpnd:state.  A new part gets its subtree in a YANG
 *         submodule, a mgmt/state_*.c, a line here and one in mgmt/state_nodes.c.
 */
#ifndef EVPND_MGMT_STATE_NODES_H
#define EVPND_MGMT_STATE_NODES_H

#include "bgpd/family.h"
#include "mgmt/state_node.h"

extern const struct state_node state_sessions; /* mgmt/state_sessions.c */
extern const struct state_node state_system;   /* mgmt/state_system.c */

/* Families as the schema calls them, by AFI_SAFI_*. */
extern const char *const state_family_names[AFI_SAFI_COUNT];

#endif
