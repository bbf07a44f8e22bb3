/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto_prov.h: the part of the data-plane contract about devices.
 *
 * What    ZL_PROV frames carry fabric, tenants, networks and ports, all of them each time:
 *         a head, then records.  The first frame of a set has ZL_PROV_FIRST, the last one
 *         ZL_PROV_LAST.  Request 0 is to be had: the provider makes the devices, keeps
 *         them so, and removes what it has made and is in the set no more.  Any other
 *         request is a question: ZL_PLAN frames with its number say the steps that
 *         it would take, and what stands in the way.
 * Errors  ZL_STEP_ERROR is said of what would keep something new from working; what was
 *         wrong before, and of a set that is to be had already, is a ZL_STEP_NOTE: a commit
 *         about something else need not fail for it.
 * Names   At most 32 bytes for networks, 15 for devices.
 */
#ifndef EVPND_ZEBRA_LITE_ZL_PROTO_PROV_H
#define EVPND_ZEBRA_LITE_ZL_PROTO_PROV_H

#include "zebra-lite/zl_proto.h"

#define ZL_PROV_MAX 128	 /* records in one frame */
#define ZL_PROV_GW_MAX 8 /* gateways of one network */
#define ZL_PROV_NAME 33	 /* names of networks, with their NUL */
#define ZL_PROV_LEAF 16	 /* names of leaves, with their NUL */
#define ZL_STEP_TEXT 160 /* of a step, with its NUL */
#define ZL_STEPS_MAX 128 /* steps in one frame */

enum { ZL_PROV_FIRST = 1, ZL_PROV_LAST = 2 };

struct zl_prov_head {
	uint32_t req;  /* 0: to be had */
	uint8_t flags; /* ZL_PROV_FIRST, ZL_PROV_LAST; ZL_PLAN: ZL_PROV_LAST alone */
};

enum zl_prov_kind {
	ZL_PROV_FABRIC =
	    1, /* name: the bridge; one at most, without it nothing is wanted */
	ZL_PROV_TENANT = 2,   /* name: the VRF; vni: its L3VNI, 0 none */
	ZL_PROV_NETWORK = 3,  /* name, of tenant `other` */
	ZL_PROV_PORT = 4,     /* name: the device; vni: of a network */
	ZL_PROV_EXTERNAL = 5, /* name: a device that is routed; of tenant `other` */
	ZL_PROV_KINDS
};

enum {
	ZL_PROV_ADOPT = 1,    /* FABRIC, TENANT: the device is somebody else's */
	ZL_PROV_PER_VNI = 2,  /* FABRIC: a VXLAN device and a bridge for each VNI */
	ZL_PROV_SUPPRESS = 4, /* NETWORK: neigh_suppress; FABRIC: of the single device */
	ZL_PROV_ROUTED = 8,   /* TENANT: has a VRF; NETWORK: of such a tenant */
	ZL_PROV_TAGGED = 16,  /* PORT: with the network's VLAN; else untagged */
};

struct zl_prov {
	uint8_t kind;		 /* enum zl_prov_kind */
	uint8_t flags;		 /* ZL_PROV_* */
	char name[ZL_PROV_NAME]; /* see enum zl_prov_kind */
	char other
	    [ZL_IFNAME]; /* NETWORK: tenant; FABRIC: device with the VTEP's address */
	uint32_t vni;	 /* TENANT, NETWORK, PORT */
	uint16_t vlan;	 /* NETWORK: 0 any */
	uint16_t port;	 /* FABRIC: UDP */
	uint16_t mtu;	 /* FABRIC: 0 the kernel's */
	struct ip vtep;	 /* FABRIC: address, none if `other` has it */
	struct mac mac;	 /* FABRIC: of gateways */
	uint8_t ngw;	 /* NETWORK: gateways; EXTERNAL: addresses */
	struct prefix gw[ZL_PROV_GW_MAX]; /* those, host bits kept */
};

enum zl_step_level { ZL_STEP_DO = 1, ZL_STEP_NOTE = 2, ZL_STEP_ERROR = 3 };

struct zl_step {
	uint8_t level; /* enum zl_step_level */
	uint8_t kind;  /* enum zl_prov_kind: what of the configuration it is about */
	uint32_t vni;  /* TENANT, NETWORK: whose; 0: the subject is the tenant's name */
	char leaf[ZL_PROV_LEAF];    /* of that, "" all of it */
	char subject[ZL_PROV_NAME]; /* device, or part of the configuration */
	char text[ZL_STEP_TEXT];    /* what is to be done, or what is wrong */
};

void zl_prov_head_encode(struct wbuf *w, const struct zl_prov_head *m);
bool zl_prov_head_decode(struct rbuf *r, struct zl_prov_head *m);
void zl_prov_encode(struct wbuf *w, const struct zl_prov *m);
bool zl_prov_decode(struct rbuf *r, struct zl_prov *m);
void zl_step_encode(struct wbuf *w, const struct zl_step *m);
bool zl_step_decode(struct rbuf *r, struct zl_step *m);

#endif
