/* SPDX-License-Identifier: ISC */
/* The root of the state: one line a part, in the order in which they are written. */
#include "config.h"

#include "mgmt/state_nodes.h"

static const struct state_node *const kids[] = {
	&state_system,
	&state_sessions,
	NULL,
};

const struct state_node state_root = { .name = "state", .kids = kids };
