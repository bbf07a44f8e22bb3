/* SPDX-License-Identifier: ISC */
/* evpn/ktable.h: routes of kernel tables that VRFs redistribute (`redistribute table N`).
 *
 * What    The data plane is told which tables the configuration names (ZL_TABLE_WATCH); what it says
 *         of them is kept here, once for all VRFs that redistribute the table.  Each of those has
 *         an l3_prefix with PFX_TABLE for each of the routes.
 * Not     A VRF's own route: the kernel forwards nothing in the VRF by it, unless a rule says so.  It
 *         is told (l3_policy.c), after the VRF's own, and keeps the fabric's out of the kernel.
 * Order   Where several tables have a prefix, the one with the lowest number that the policy permits.
 * Epoch   As with all that is observed: what is not said again until ZL_OBSERVED_END is gone.
 * Owns    The records.
 * Cost    68 bytes a route and 11 for the index; an l3_prefix a VRF.
 */
#ifndef EVPND_EVPN_KTABLE_H
#define EVPND_EVPN_KTABLE_H

#include "evpn/l3.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct ktable_route {
	uint32_t table;	       /* key, with the prefix */
	struct prefix prefix;  /* host bits zero */
	bool seen;	       /* epoch in which it was said last */
	struct l3_local route; /* what was said */
};

struct ktables {
	struct slab routes; /* struct ktable_route */
	struct hidx index;  /* hash of (table, prefix) */
	uint32_t *tables;   /* owned, ascending: that the configuration names */
	size_t n;	    /* of them */
	bool due;	    /* the data plane is to be told of them */
};

void ktables_init(struct evpn *e);
void ktables_fini(struct evpn *e);

/* After a new configuration, before its VRFs are worked out. */
void ktables_configure(struct evpn *e);
/* Marks the prefixes of the tables that the VRF redistributes. */
void ktables_mark(struct evpn *e, struct vrf *v);

/* The channel can take more. */
void ktables_ready(struct evpn *e);

/* The data plane's say; of a table that nobody redistributes it is of no interest. */
void ktables_said(struct evpn *e, const struct zl_route *z);
/* ZL_OBSERVED_BEGIN, of this channel or of a new one, which knows of no table yet.  What was said since
 * a beginning that never ended counts as not said. */
void ktables_begin(struct evpn *e);
/* What was not said in this epoch is gone. */
void ktables_end(struct evpn *e);

/* NULL if the table has no such route. */
const struct l3_local *ktables_find(
    const struct evpn *e, uint32_t table, const struct prefix *p);

#endif
