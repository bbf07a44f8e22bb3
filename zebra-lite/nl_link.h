/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_link.h: what rtnetlink says about interfaces, decoded.
 *
 * What    One parser for each message type, used for dumps and events alike:
 *         links (RTM_*LINK), bridge VLANs (RTM_*VLAN), VNI filters of VXLAN
 *         devices (RTM_*TUNNEL) and addresses (RTM_*ADDR), and the heads of the
 *         dump requests for them.
 * Rules   Decoders are pure: false means that the message is not one of these or
 *         is malformed; unknown attributes are skipped.
 * Cost    No allocation; lists (VLANs, VNI ranges) go to a callback.
 */
#ifndef EVPND_ZEBRA_LITE_NL_LINK_H
#define EVPND_ZEBRA_LITE_NL_LINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;

enum nl_kind {
	NL_KIND_OTHER,
	NL_KIND_BRIDGE,
	NL_KIND_VXLAN,
	NL_KIND_VLAN,
	NL_KIND_VRF,
	NL_KIND_MACVLAN
};

/* Devices that evpnd made have an alias that begins so. */
#define NL_LINK_MARK "evpnd:"

struct nl_vxlan {
	uint32_t vni;	  /* 0 for an external device */
	struct ip local;  /* source address, none if unset */
	struct ip group;  /* default remote or multicast group, none if unset */
	uint16_t dstport; /* UDP */
	bool external;	  /* one device for many VNIs (collect metadata) */
	bool vnifilter;	  /* only VNIs in its filter are received */
	bool learning;	  /* learns remote MACs from traffic */
};

struct nl_link {
	bool del;	       /* RTM_DELLINK */
	bool port_only;	       /* an AF_BRIDGE message: only the port_* members are set */
	uint32_t ifindex;      /* key */
	char name[16];	       /* IFLA_IFNAME */
	enum nl_kind kind;     /* IFLA_INFO_KIND */
	uint32_t flags;	       /* IFF_* */
	uint32_t master;       /* bridge or VRF that it belongs to, 0 none */
	uint32_t lower;	       /* IFLA_LINK: device below, 0 none here */
	uint32_t mtu;	       /* IFLA_MTU, bytes of payload */
	struct mac mac;	       /* zero if not Ethernet */
	bool vlan_filtering;   /* of a bridge */
	uint16_t vlan_id;      /* of a VLAN device */
	uint32_t vrf_table;    /* of a VRF device */
	bool port_known;       /* the next two were in the message */
	bool port_suppress;    /* neigh_suppress of a bridge port */
	bool port_learning;    /* MAC learning of a bridge port */
	bool port_tunnel;      /* vlan_tunnel of a bridge port */
	bool ours;	       /* its alias carries our mark (NL_LINK_MARK) */
	bool addrgen;	       /* makes an IPv6 link-local address by itself */
	struct nl_vxlan vxlan; /* of a VXLAN device */
};

/* A range of VLANs of a bridge port, or of the bridge itself. */
struct nl_vlan {
	bool del;	     /* gone */
	uint32_t ifindex;    /* of the port or bridge */
	uint16_t vid;	     /* first */
	uint16_t last;	     /* last, == vid for one */
	bool pvid;	     /* untagged frames belong to it */
	bool untagged;	     /* its frames leave untagged */
	bool blocked;	     /* its STP state is neither learning nor forwarding */
	uint32_t tunnel_vni; /* of `vid`, one more for each next VLAN; 0 none */
};

/* A range of VNIs that a VXLAN device with a filter receives. */
struct nl_vnirange {
	bool del;	    /* gone */
	uint32_t ifindex;   /* of the VXLAN device */
	uint32_t vni, last; /* first and last */
};

struct nl_ifaddr {
	bool del;	    /* gone */
	uint32_t ifindex;   /* interface */
	struct prefix addr; /* host bits kept */
	bool ours;	    /* IFA_PROTO is our number */
	bool tentative;	    /* IPv6 duplicate detection is not over, or failed */
};

bool nl_link_parse(const struct nlmsghdr *h, struct nl_link *out);
bool nl_vlan_parse(
    const struct nlmsghdr *h, void (*fn)(void *arg, const struct nl_vlan *v), void *arg);
bool nl_vnirange_parse(const struct nlmsghdr *h,
    void (*fn)(void *arg, const struct nl_vnirange *r), void *arg);
bool nl_ifaddr_parse(const struct nlmsghdr *h, struct nl_ifaddr *out);

/* Queue a dump of all there is (see nl_dump_queue). */
void nl_link_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);
void nl_vlan_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);
void nl_vnirange_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);
void nl_ifaddr_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);

#endif
