/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_want.h: the devices that a fabric with its tenants takes: one flat table.
 *
 * What    prov_want_make() turns records of zl_proto_prov.h into devices, each with its
 *         addresses and VLANs.  The table is all that prov_diff.c knows of tenants.
 * Shapes  One bridge that filters VLANs, one VXLAN device for all VNIs and a VLAN device
 *         for each gateway and L3VNI; or, PER_VNI, a VXLAN device and a plain bridge
 *         for each VNI, which is the gateway's device too.
 * VLANs   What has none keeps the one that its VNI has in the kernel, or gets the highest
 *         one that is free: the choice outlives everything but the bridge.
 * Names   The VRF has the tenant's; br-fabric (or as configured), vx-fabric, sviVNI; brVNI, vxVNI.
 * Pure    Reads interfaces, changes nothing.
 */
#ifndef EVPND_ZEBRA_LITE_PROV_WANT_H
#define EVPND_ZEBRA_LITE_PROV_WANT_H

#include "lib/hidx.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/nl_dev.h"
#include "zebra-lite/zl_proto_prov.h"

#define PROV_ALIAS 64
#define PROV_VXLAN_NAME "vx-fabric"

enum {
	PROV_ADOPTED = 1, /* somebody else's: only its VLANs are ours */
	PROV_PORT = 2, /* somebody else's: its place in a bridge and its VLANs are ours */
	PROV_SUPPRESS = 4, /* VXLAN: neigh_suppress */
	PROV_ROUTED = 8,   /* packets are forwarded from it */
	PROV_GATEWAY = 16, /* hosts are behind it */
	PROV_CLASH = 32,   /* a port is to have its name */
};

struct prov_vlan {
	uint16_t vid;  /* key */
	bool untagged; /* and PVID */
	uint32_t vni;  /* tunnel mapping, 0 none */
};

struct prov_dev {
	struct nl_dev d;	   /* name and alias point into the next two */
	char name[ZL_IFNAME];	   /* of the device */
	char alias[PROV_ALIAS];	   /* our mark, and what it is for */
	char master[ZL_IFNAME];	   /* bridge or VRF, "" none */
	char lower[ZL_IFNAME];	   /* VLAN: the bridge */
	unsigned flags;		   /* PROV_* */
	enum zl_prov_kind about;   /* what of the configuration it is for */
	uint32_t about_vni;	   /* TENANT, NETWORK: its VNI; 0: the name says which */
	uint32_t addr_at, naddrs;  /* in prov_want.addrs */
	struct prov_vlan *vlans;   /* owned, by VLAN */
	uint32_t nvlans, vlan_cap; /* of them, and room */
};

struct prov_want {
	struct prov_dev *devs;	   /* owned; what others need comes first */
	uint32_t ndevs, cap;	   /* of them, and room */
	struct prefix *addrs;	   /* owned */
	uint32_t naddrs, addr_cap; /* of them, and room */
	struct hidx by_name;	   /* devices, by index + 1 */
	bool fabric;		   /* there is one */
	bool waits;		 /* for the VTEP's address: only VRFs are there so far */
	char vtep_if[ZL_IFNAME]; /* where it is to come from */
	struct ip vtep;		 /* what it is */
	uint16_t mtu, port;	 /* as configured */
	bool ipv6;		 /* some gateway has an IPv6 address */
};

void prov_want_init(struct prov_want *w);
void prov_want_fini(struct prov_want *w);
/* w: initialised.  before: the table of the round before, which has chosen VLANs. */
void prov_want_make(struct prov_want *w, const struct zl_prov *recs, size_t n,
    const struct iface *f, const struct prov_want *before);
const struct prov_dev *prov_want_find(const struct prov_want *w, const char *name);
const struct prov_vlan *prov_vlan_find(const struct prov_dev *d, uint16_t vid);
/* The link of that name; O(links). */
const struct iface_link *prov_link(const struct iface *f, const char *name);

#endif
