/* SPDX-License-Identifier: ISC */
/* The root of the state: one line a part, in the order in which they are written. */
#include "config.h"

#include "mgmt/state_nodes.h"

static const struct state_node *const kids[] = {
	&state_system,
	&state_sessions,
	&state_routes,
	&state_vnis,
	&state_vrfs,
	&state_kernel,
	&state_counters,
	&state_commits,
	&state_events,
	NULL,
};

const struct state_node state_root = { .name = "state", .kids = kids };
