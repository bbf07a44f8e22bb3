/* SPDX-License-Identifier: ISC */
/* mgmt/prov_conf.h: the devices that the short form of the configuration asks for.
 *
 * What    Fabric, tenants, networks and ports as plain values, references looked up;
 *         made by mgmt/conf_tenant.c, told to zebra-lite by mgmt/app_prov.c, which
 *         knows what devices that means.  Immutable once applied.
 * Owns    Its arrays.
 */
#ifndef EVPND_MGMT_PROV_CONF_H
#define EVPND_MGMT_PROV_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

#define PROV_GATEWAYS_MAX 8
#define PROV_TAGGED_MAX 256

struct prov_tenant {
	char name[16];	/* and of the VRF */
	uint32_t l3vni; /* 0: none */
	bool vrf;	/* its networks are routed: it has a VRF */
	bool adopt;	/* the VRF is somebody else's */
};

struct prov_network {
	char tenant[16];		     /* whose */
	char name[33];			     /* its name */
	uint32_t vni;			     /* its VNI */
	uint16_t vlan;			     /* 0: any free one */
	bool routed;			     /* the tenant has a VRF */
	bool suppress;			     /* known hosts' requests are answered here */
	struct prefix gw[PROV_GATEWAYS_MAX]; /* gateways, host bits kept */
	unsigned ngw;			     /* of them */
};

/* A device that is routed for a tenant. */
struct prov_external {
	char name[16];			       /* of the device */
	char tenant[16];		       /* whose */
	char way[33];			       /* its name in the configuration */
	struct prefix addr[PROV_GATEWAYS_MAX]; /* to be there, host bits kept */
	unsigned naddrs;		       /* of them */
};

struct prov_port {
	char name[16];	  /* of the device */
	uint32_t vni;	  /* of untagged frames, 0 none */
	uint32_t *tagged; /* owned: VNIs of tagged frames */
	size_t ntagged;	  /* of them */
};

struct prov_conf {
	bool fabric;		     /* there is one; else nothing is wanted */
	bool per_vni;		     /* a VXLAN device for each VNI */
	bool adopt;		     /* the bridge is somebody else's */
	bool suppress;		     /* known hosts' requests are answered here */
	char bridge[16];	     /* name of the VLAN-aware bridge */
	char vtep_if[16];	     /* device with the VTEP's address, "" */
	struct ip vtep;		     /* or the address */
	struct mac anycast;	     /* MAC of gateways */
	uint16_t udp_port;	     /* of VXLAN */
	uint16_t mtu;		     /* of tenants' devices, 0: the kernel's */
	struct prov_tenant *tenants; /* owned, by name */
	size_t ntenants;
	struct prov_network *networks; /* owned, by VNI */
	size_t nnetworks;
	struct prov_external *externals; /* owned, by name */
	size_t nexternals;
	struct prov_port *ports; /* owned, by name */
	size_t nports;
};

#endif
