/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_dev.c: encoding devices for rtnetlink. */
#include "config.h"

#include "zebra-lite/nl_dev.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "zebra-lite/nl_fdb.h"

/* A nested attribute; returns where it begins, for nest_end(). */
static size_t
nest(struct nl_batch *b, uint16_t type)
{
	size_t at = b->len;

	nl_put(b, type | NLA_F_NESTED, "", 0);
	return at;
}

static void
nest_end(struct nl_batch *b, size_t at)
{
	struct nlattr *a = (struct nlattr *)(b->buf + at);

	a->nla_len = (uint16_t)(b->len - at);
}

static void
put_str(struct nl_batch *b, uint16_t type, const char *s)
{
	nl_put(b, type, s, strlen(s) + 1);
}

static void
put_local(struct nl_batch *b, struct ip ip)
{
	if (ip.len)
		nl_put(
		    b, ip.len == 4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, ip.b, ip.len);
}

static void
put_vxlan(struct nl_batch *b, const struct nl_dev *d)
{
	nl_put_u16(b, IFLA_VXLAN_PORT, htons(d->dstport));
	nl_put_u8(b, IFLA_VXLAN_LEARNING, 0);
	put_local(b, d->local);
	if (d->external) {
		nl_put_u8(b, IFLA_VXLAN_COLLECT_METADATA, 1);
		nl_put_u8(b, IFLA_VXLAN_VNIFILTER, 1);
	} else {
		nl_put_u32(b, IFLA_VXLAN_ID, d->vni);
	}
}

static void
put_data(struct nl_batch *b, const struct nl_dev *d)
{
	size_t at = nest(b, IFLA_INFO_DATA);

	switch (d->kind) {
	case NL_KIND_BRIDGE:
		/* What hosts say to groups reaches all, as the fabric has no snooping. */
		nl_put_u8(b, IFLA_BR_MCAST_SNOOPING, 0);
		if (d->vlan_filtering) {
			nl_put_u8(b, IFLA_BR_VLAN_FILTERING, 1);
			nl_put_u16(b, IFLA_BR_VLAN_DEFAULT_PVID, 0);
		}
		break;
	case NL_KIND_VXLAN:
		put_vxlan(b, d);
		break;
	case NL_KIND_VLAN:
		nl_put_u16(b, IFLA_VLAN_ID, d->vid);
		break;
	case NL_KIND_VRF:
		nl_put_u32(b, IFLA_VRF_TABLE, d->table);
		break;
	default:
		break;
	}
	nest_end(b, at);
}

static const char *
kind_name(enum nl_kind kind)
{
	switch (kind) {
	case NL_KIND_BRIDGE:
		return "bridge";
	case NL_KIND_VXLAN:
		return "vxlan";
	case NL_KIND_VLAN:
		return "vlan";
	default:
		return "vrf";
	}
}

void
nl_dev_put_new(struct nl_batch *b, const struct nl_dev *d)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	size_t info;

	nl_begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof ifi);
	put_str(b, IFLA_IFNAME, d->name);
	if (!mac_is_zero(d->mac))
		nl_put(b, IFLA_ADDRESS, d->mac.b, sizeof d->mac.b);
	if (d->mtu)
		nl_put_u32(b, IFLA_MTU, d->mtu);
	if (d->lower)
		nl_put_u32(b, IFLA_LINK, d->lower);
	info = nest(b, IFLA_LINKINFO);
	put_str(b, IFLA_INFO_KIND, kind_name(d->kind));
	put_data(b, d);
	nest_end(b, info);
	nl_end(b);
}

static void
put_addrgen(struct nl_batch *b)
{
	size_t spec = nest(b, IFLA_AF_SPEC), inet6 = nest(b, AF_INET6);

	nl_put_u8(b, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	nest_end(b, inet6);
	nest_end(b, spec);
}

void
nl_dev_put_set(
    struct nl_batch *b, uint32_t ifindex, unsigned what, const struct nl_dev *d)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };
	size_t info, data;

	if (what & NL_DEV_UP)
		ifi.ifi_flags = ifi.ifi_change = IFF_UP;
	nl_begin(b, RTM_NEWLINK, 0, &ifi, sizeof ifi);
	if (ifindex == 0)
		put_str(b, IFLA_IFNAME, d->name);
	if (what & NL_DEV_MARK)
		put_str(b, IFLA_IFALIAS, d->alias);
	if (what & NL_DEV_MAC)
		nl_put(b, IFLA_ADDRESS, d->mac.b, sizeof d->mac.b);
	if (what & NL_DEV_MTU)
		nl_put_u32(b, IFLA_MTU, d->mtu);
	if (what & NL_DEV_MASTER)
		nl_put_u32(b, IFLA_MASTER, d->master);
	if (what & NL_DEV_ADDRGEN)
		put_addrgen(b);
	if (what & NL_DEV_LOCAL) {
		info = nest(b, IFLA_LINKINFO);
		put_str(b, IFLA_INFO_KIND, "vxlan");
		data = nest(b, IFLA_INFO_DATA);
		put_local(b, d->local);
		nest_end(b, data);
		nest_end(b, info);
	}
	nl_end(b);
}

void
nl_dev_put_get(struct nl_batch *b, const char *name)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	nl_begin(b, RTM_GETLINK, 0, &ifi, sizeof ifi);
	put_str(b, IFLA_IFNAME, name);
	nl_end(b);
}

void
nl_dev_put_del(struct nl_batch *b, uint32_t ifindex)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };

	nl_begin(b, RTM_DELLINK, 0, &ifi, sizeof ifi);
	nl_end(b);
}

void
nl_dev_put_port(struct nl_batch *b, uint32_t ifindex, bool suppress, bool tunnel)
{
	struct ifinfomsg ifi = { .ifi_family = AF_BRIDGE, .ifi_index = (int)ifindex };
	size_t at;

	nl_begin(b, RTM_SETLINK, 0, &ifi, sizeof ifi);
	at = nest(b, IFLA_PROTINFO);
	nl_put_u8(b, IFLA_BRPORT_LEARNING, 0);
	nl_put_u8(b, IFLA_BRPORT_NEIGH_SUPPRESS, suppress);
	nl_put_u8(b, IFLA_BRPORT_VLAN_TUNNEL, tunnel);
	nest_end(b, at);
	nl_end(b);
}

static void
put_tunnel(struct nl_batch *b, uint16_t vid, uint32_t vni)
{
	size_t at = nest(b, IFLA_BRIDGE_VLAN_TUNNEL_INFO);

	nl_put_u32(b, IFLA_BRIDGE_VLAN_TUNNEL_ID, vni);
	nl_put_u16(b, IFLA_BRIDGE_VLAN_TUNNEL_VID, vid);
	nl_put_u16(b, IFLA_BRIDGE_VLAN_TUNNEL_FLAGS, 0);
	nest_end(b, at);
}

void
nl_dev_put_vlan(struct nl_batch *b, bool del, uint32_t ifindex, bool self, uint16_t vid,
    bool untagged, uint32_t vni)
{
	struct ifinfomsg ifi = { .ifi_family = AF_BRIDGE, .ifi_index = (int)ifindex };
	struct bridge_vlan_info info = { .vid = vid };
	size_t at;

	if (untagged)
		info.flags = BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED;
	nl_begin(b, del ? RTM_DELLINK : RTM_SETLINK, 0, &ifi, sizeof ifi);
	at = nest(b, IFLA_AF_SPEC);
	nl_put_u16(b, IFLA_BRIDGE_FLAGS, self ? BRIDGE_FLAGS_SELF : BRIDGE_FLAGS_MASTER);
	nl_put(b, IFLA_BRIDGE_VLAN_INFO, &info, sizeof info);
	if (vni)
		put_tunnel(b, vid, vni);
	nest_end(b, at);
	nl_end(b);
}

void
nl_dev_put_vni(struct nl_batch *b, bool del, uint32_t ifindex, uint32_t vni)
{
	struct tunnel_msg m = { .family = AF_BRIDGE, .ifindex = ifindex };
	size_t at;

	nl_begin(b, del ? RTM_DELTUNNEL : RTM_NEWTUNNEL, 0, &m, sizeof m);
	at = nest(b, VXLAN_VNIFILTER_ENTRY);
	nl_put_u32(b, VXLAN_VNIFILTER_ENTRY_START, vni);
	nest_end(b, at);
	nl_end(b);
}

void
nl_dev_put_addr(struct nl_batch *b, bool del, uint32_t ifindex, struct prefix p)
{
	struct ifaddrmsg m = { .ifa_family = p.ip.len == 4 ? AF_INET : AF_INET6,
		.ifa_prefixlen = p.plen,
		.ifa_scope = ip_is_linklocal(p.ip) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.ifa_index = ifindex };

	nl_begin(b, del ? RTM_DELADDR : RTM_NEWADDR,
	    del ? 0 : NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	nl_put(b, IFA_LOCAL, p.ip.b, p.ip.len);
	if (!del) {
		nl_put(b, IFA_ADDRESS, p.ip.b, p.ip.len);
		nl_put_u8(b, IFA_PROTO, EVPND_RTPROT);
		if (p.ip.len == 16)
			nl_put_u32(b, IFA_FLAGS, IFA_F_NODAD);
	}
	nl_end(b);
}

void
nl_dev_put_conf4(struct nl_batch *b, uint32_t ifindex, uint16_t id, uint32_t value)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };
	size_t spec, inet, conf;

	nl_begin(b, RTM_NEWLINK, 0, &ifi, sizeof ifi);
	spec = nest(b, IFLA_AF_SPEC);
	inet = nest(b, AF_INET);
	conf = nest(b, IFLA_INET_CONF);
	nl_put_u32(b, id, value);
	nest_end(b, conf);
	nest_end(b, inet);
	nest_end(b, spec);
	nl_end(b);
}
