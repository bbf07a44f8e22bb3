/* SPDX-License-Identifier: ISC */
/* zebra-lite/gateway.h: the MACs of gateways, and the bridge entries that they need.
 *
 * What    A gateway's MAC is that of an SVI which is a VLAN device, or of a macvlan above
 *         an SVI (an anycast gateway's).  Those of macvlans are said like the SVI's own.
 * Why     A bridge does not know the MACs of devices above it, but its own.  Without an entry
 *         of its own ("local") a frame to the gateway is flooded as well, over VXLAN too,
 *         and each leaf with the same anycast MAC routes a copy of it.
 * Marks   Our entries carry NTF_EXT_LEARNED.  One that was there before serves as well and is
 *         left alone; ours go when the MAC is no gateway's any more.
 * Repair  One that vanishes is written again at once; one that cannot be written, with the
 *         next change of interfaces.
 */
#ifndef EVPND_ZEBRA_LITE_GATEWAY_H
#define EVPND_ZEBRA_LITE_GATEWAY_H

#include "lib/hidx.h"
#include "lib/loop.h"
#include "lib/slab.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"
#include "zebra-lite/observe.h"

struct gateway {
	uint32_t bridge;  /* key, with the next two: ifindex */
	uint16_t vid;	  /* VLAN, 0 on a plain bridge */
	struct mac mac;	  /* address */
	uint32_t ifindex; /* of the device that has it */
	bool wanted;	  /* some device has it */
	bool macvlan;	  /* which is a macvlan: said by us */
	bool said;	  /* as such */
	bool ours;	  /* the bridge's entry is one of ours */
	bool warned;	  /* that it cannot be written */
};

struct gateways {
	struct loop *loop;	/* borrowed */
	struct nl *nl;		/* borrowed */
	struct iface *iface;	/* borrowed */
	struct observe *obs;	/* borrowed */
	struct slab slab;	/* of struct gateway */
	struct hidx index;	/* those */
	struct nl_batch batch;	/* what is written */
	struct loop_work check; /* looks for missing entries */
	bool known;		/* a dump has told what there is */
	bool removing;		/* none is wanted any more */
};

void gateways_init(struct gateways *g, struct loop *l, struct nl *nl, struct iface *iface,
    struct observe *obs);
void gateways_fini(struct gateways *g);
/* After each iface_resolve(). */
void gateways_update(struct gateways *g);
/* A dump of the tables begins: what is ours is found again. */
void gateways_dump_begin(struct gateways *g);
/* A bridge's permanent entry was dumped or deleted. */
void gateways_fdb(struct gateways *g, const struct nl_fdb *e);
/* The tables are known: what is missing is written, and what is left over is removed. */
void gateways_dumped(struct gateways *g, bool removing);

#endif
