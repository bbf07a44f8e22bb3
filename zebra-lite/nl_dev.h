/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_dev.h: writing devices: links, bridge VLANs, VNI filters and addresses.
 *
 * What    Each function puts one message into a batch (nl.h).  struct nl_dev says what a
 *         device is; `what` in nl_dev_put_set() says which of that is to be written.
 * Rules   A device is created down and without our mark, which the kernel takes on a
 *         second message alone: NL_DEV_MARK goes with what follows.
 */
#ifndef EVPND_ZEBRA_LITE_NL_DEV_H
#define EVPND_ZEBRA_LITE_NL_DEV_H

#include "zebra-lite/nl.h"
#include "zebra-lite/nl_link.h"

struct nl_dev {
	const char *name;    /* of the device; borrowed */
	const char *alias;   /* our mark and what it is for; borrowed */
	enum nl_kind kind;   /* BRIDGE, VXLAN, VLAN or VRF */
	bool vlan_filtering; /* BRIDGE */
	bool external;	     /* VXLAN: one for many VNIs, with a VNI filter */
	uint32_t vni;	     /* VXLAN */
	uint16_t dstport;    /* VXLAN */
	struct ip local;     /* VXLAN */
	uint16_t vid;	     /* VLAN */
	uint32_t lower;	     /* VLAN: ifindex of the bridge */
	uint32_t table;	     /* VRF */
	uint32_t master;     /* ifindex, 0 none */
	uint32_t mtu;	     /* 0: the kernel's */
	struct mac mac;	     /* zero: the kernel's */
};

enum {
	NL_DEV_MARK = 1,
	NL_DEV_MAC = 2,
	NL_DEV_MTU = 4,
	NL_DEV_MASTER = 8,
	NL_DEV_ADDRGEN = 16, /* no link-local address of its own */
	NL_DEV_UP = 32,
	NL_DEV_LOCAL = 64, /* address of a VXLAN device */
};

/* Creates it; fails if there is one of that name. */
void nl_dev_put_new(struct nl_batch *b, const struct nl_dev *d);
/* ifindex 0: the device of that name. */
void nl_dev_put_set(
    struct nl_batch *b, uint32_t ifindex, unsigned what, const struct nl_dev *d);
/* Asks for the device of that name (nl_get()). */
void nl_dev_put_get(struct nl_batch *b, const char *name);
void nl_dev_put_del(struct nl_batch *b, uint32_t ifindex);
/* The flags of a VXLAN device as a bridge's port; never learning. */
void nl_dev_put_port(struct nl_batch *b, uint32_t ifindex, bool suppress, bool tunnel);
/* self: of the bridge itself.  vni: tunnel mapping, 0 none. */
void nl_dev_put_vlan(struct nl_batch *b, bool del, uint32_t ifindex, bool self,
    uint16_t vid, bool untagged, uint32_t vni);
void nl_dev_put_vni(struct nl_batch *b, bool del, uint32_t ifindex, uint32_t vni);
/* Carries our number; IPv6 without duplicate detection. */
void nl_dev_put_addr(struct nl_batch *b, bool del, uint32_t ifindex, struct prefix p);
/* net.ipv4.conf.DEVICE: id is IPV4_DEVCONF_*. */
void nl_dev_put_conf4(struct nl_batch *b, uint32_t ifindex, uint16_t id, uint32_t value);

#endif
