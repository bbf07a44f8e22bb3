/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_link.c: decoding links, bridge VLANs, VNI filters and addresses. */
#include "config.h"

#include "zebra-lite/nl_link.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"

/* Links. */

static const struct {
	const char *name;
	enum nl_kind kind;
} kinds[] = {
	{ "bridge", NL_KIND_BRIDGE },
	{ "vxlan", NL_KIND_VXLAN },
	{ "vlan", NL_KIND_VLAN },
	{ "vrf", NL_KIND_VRF },
	{ "macvlan", NL_KIND_MACVLAN },
};

static struct nla_policy link_policy[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = { .type = NLA_STRING, .maxlen = 16 },
	[IFLA_MASTER] = { .type = NLA_U32 },
	[IFLA_LINK] = { .type = NLA_U32 },
	[IFLA_MTU] = { .type = NLA_U32 },
	[IFLA_LINKINFO] = { .type = NLA_NESTED },
	[IFLA_IFALIAS] = { .type = NLA_STRING },
	[IFLA_AF_SPEC] = { .type = NLA_NESTED },
};

static struct nla_policy af_policy[AF_INET6 + 1] = {
	[AF_INET6] = { .type = NLA_NESTED },
};

static struct nla_policy inet6_policy[IFLA_INET6_MAX + 1] = {
	[IFLA_INET6_ADDR_GEN_MODE] = { .type = NLA_U8 },
};

static struct nla_policy info_policy[IFLA_INFO_MAX + 1] = {
	[IFLA_INFO_KIND] = { .type = NLA_STRING },
	[IFLA_INFO_DATA] = { .type = NLA_NESTED },
	[IFLA_INFO_SLAVE_KIND] = { .type = NLA_STRING },
	[IFLA_INFO_SLAVE_DATA] = { .type = NLA_NESTED },
};

static struct nla_policy vxlan_policy[IFLA_VXLAN_MAX + 1] = {
	[IFLA_VXLAN_ID] = { .type = NLA_U32 },
	[IFLA_VXLAN_GROUP] = { .minlen = 4 },
	[IFLA_VXLAN_GROUP6] = { .minlen = 16 },
	[IFLA_VXLAN_LOCAL] = { .minlen = 4 },
	[IFLA_VXLAN_LOCAL6] = { .minlen = 16 },
	[IFLA_VXLAN_LEARNING] = { .type = NLA_U8 },
	[IFLA_VXLAN_PORT] = { .type = NLA_U16 },
	[IFLA_VXLAN_COLLECT_METADATA] = { .type = NLA_U8 },
	[IFLA_VXLAN_VNIFILTER] = { .type = NLA_U8 },
};

static struct nla_policy bridge_policy[IFLA_BR_MAX + 1] = {
	[IFLA_BR_VLAN_FILTERING] = { .type = NLA_U8 },
};

static struct nla_policy brport_policy[IFLA_BRPORT_MAX + 1] = {
	[IFLA_BRPORT_LEARNING] = { .type = NLA_U8 },
	[IFLA_BRPORT_NEIGH_SUPPRESS] = { .type = NLA_U8 },
	[IFLA_BRPORT_VLAN_TUNNEL] = { .type = NLA_U8 },
};

static struct nla_policy vrf_policy[IFLA_VRF_MAX + 1] = {
	[IFLA_VRF_TABLE] = { .type = NLA_U32 },
};

static struct nla_policy vlandev_policy[IFLA_VLAN_MAX + 1] = {
	[IFLA_VLAN_ID] = { .type = NLA_U16 },
};

static uint32_t
u32_or(struct nlattr *a, uint32_t other)
{
	return a ? nla_get_u32(a) : other;
}

static bool
flag(struct nlattr *a)
{
	return a && nla_get_u8(a) != 0;
}

/* An attribute that holds an address of 4 or 16 bytes; none otherwise. */
static struct ip
attr_ip(struct nlattr *a)
{
	struct ip ip = { 0 };
	int n = a ? nla_len(a) : 0;

	if (n == 4 || n == 16) {
		ip.len = (uint8_t)n;
		memcpy(ip.b, nla_data(a), (size_t)n);
	}
	return ip;
}

static struct ip
address_or_none(struct nlattr *v4, struct nlattr *v6)
{
	struct ip ip = attr_ip(v4 ? v4 : v6);

	return ip_is_zero(ip) ? (struct ip){ 0 } : ip;
}

static bool
vxlan_parse(struct nlattr *data, struct nl_vxlan *v)
{
	struct nlattr *tb[IFLA_VXLAN_MAX + 1];

	if (nla_parse_nested(tb, IFLA_VXLAN_MAX, data, vxlan_policy) < 0)
		return false;
	v->vni = u32_or(tb[IFLA_VXLAN_ID], 0) & 0xffffff;
	v->local = address_or_none(tb[IFLA_VXLAN_LOCAL], tb[IFLA_VXLAN_LOCAL6]);
	v->group = address_or_none(tb[IFLA_VXLAN_GROUP], tb[IFLA_VXLAN_GROUP6]);
	if (tb[IFLA_VXLAN_PORT])
		v->dstport =
		    (uint16_t)__builtin_bswap16(nla_get_u16(tb[IFLA_VXLAN_PORT]));
	v->external = flag(tb[IFLA_VXLAN_COLLECT_METADATA]);
	v->vnifilter = flag(tb[IFLA_VXLAN_VNIFILTER]);
	v->learning = flag(tb[IFLA_VXLAN_LEARNING]);
	return true;
}

static bool
port_parse(struct nlattr *data, struct nl_link *l)
{
	struct nlattr *tb[IFLA_BRPORT_MAX + 1];

	if (nla_parse_nested(tb, IFLA_BRPORT_MAX, data, brport_policy) < 0)
		return false;
	l->port_known = true;
	l->port_suppress = flag(tb[IFLA_BRPORT_NEIGH_SUPPRESS]);
	l->port_learning = flag(tb[IFLA_BRPORT_LEARNING]);
	l->port_tunnel = flag(tb[IFLA_BRPORT_VLAN_TUNNEL]);
	return true;
}

static bool
kind_data_parse(struct nlattr *data, struct nl_link *l)
{
	struct nlattr *br[IFLA_BR_MAX + 1], *vl[IFLA_VLAN_MAX + 1],
	    *vrf[IFLA_VRF_MAX + 1];

	switch (l->kind) {
	case NL_KIND_VXLAN:
		return vxlan_parse(data, &l->vxlan);
	case NL_KIND_BRIDGE:
		if (nla_parse_nested(br, IFLA_BR_MAX, data, bridge_policy) < 0)
			return false;
		l->vlan_filtering = flag(br[IFLA_BR_VLAN_FILTERING]);
		return true;
	case NL_KIND_VLAN:
		if (nla_parse_nested(vl, IFLA_VLAN_MAX, data, vlandev_policy) < 0)
			return false;
		if (vl[IFLA_VLAN_ID])
			l->vlan_id = nla_get_u16(vl[IFLA_VLAN_ID]) & 0xfff;
		return true;
	case NL_KIND_VRF:
		if (nla_parse_nested(vrf, IFLA_VRF_MAX, data, vrf_policy) < 0)
			return false;
		l->vrf_table = u32_or(vrf[IFLA_VRF_TABLE], 0);
		return true;
	default:
		return true;
	}
}

static bool
info_parse(struct nlattr *info, struct nl_link *l)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (nla_parse_nested(tb, IFLA_INFO_MAX, info, info_policy) < 0)
		return false;
	for (size_t i = 0; tb[IFLA_INFO_KIND] && i < sizeof kinds / sizeof kinds[0]; i++)
		if (nla_strcmp(tb[IFLA_INFO_KIND], kinds[i].name) == 0)
			l->kind = kinds[i].kind;
	if (tb[IFLA_INFO_DATA] && !kind_data_parse(tb[IFLA_INFO_DATA], l))
		return false;
	if (tb[IFLA_INFO_SLAVE_KIND] && tb[IFLA_INFO_SLAVE_DATA] &&
	    nla_strcmp(tb[IFLA_INFO_SLAVE_KIND], "bridge") == 0)
		return port_parse(tb[IFLA_INFO_SLAVE_DATA], l);
	return true;
}

/* How the kernel makes link-local addresses; what is not said is not made. */
static bool
addrgen_parse(struct nlattr *spec)
{
	struct nlattr *af[AF_INET6 + 1], *tb[IFLA_INET6_MAX + 1];

	if (nla_parse_nested(af, AF_INET6, spec, af_policy) < 0 || !af[AF_INET6] ||
	    nla_parse_nested(tb, IFLA_INET6_MAX, af[AF_INET6], inet6_policy) < 0 ||
	    !tb[IFLA_INET6_ADDR_GEN_MODE])
		return false;
	return nla_get_u8(tb[IFLA_INET6_ADDR_GEN_MODE]) != IN6_ADDR_GEN_MODE_NONE;
}

static bool
has_mark(struct nlattr *alias)
{
	const size_t n = strlen(NL_LINK_MARK);

	return (size_t)nla_len(alias) >= n &&
	       memcmp(nla_data(alias), NL_LINK_MARK, n) == 0;
}

bool
nl_link_parse(const struct nlmsghdr *h, struct nl_link *out)
{
	struct nlattr *tb[IFLA_MAX + 1];
	const struct ifinfomsg *ifi = nlmsg_data(h);

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWLINK && h->nlmsg_type != RTM_DELLINK) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *ifi, tb, IFLA_MAX, link_policy) < 0)
		return false;
	out->del = h->nlmsg_type == RTM_DELLINK;
	out->ifindex = (uint32_t)ifi->ifi_index;
	out->flags = ifi->ifi_flags;
	if (out->ifindex == 0 ||
	    (ifi->ifi_family != AF_UNSPEC && ifi->ifi_family != AF_BRIDGE))
		return false;
	if (ifi->ifi_family == AF_BRIDGE) {
		/* What the bridge says of a port: flags here, VLANs come as RTM_*VLAN. */
		out->port_only = true;
		return !out->del && tb[IFLA_PROTINFO] &&
		       port_parse(tb[IFLA_PROTINFO], out);
	}
	if (tb[IFLA_IFNAME])
		nla_strlcpy(out->name, tb[IFLA_IFNAME], sizeof out->name);
	out->ours = tb[IFLA_IFALIAS] && has_mark(tb[IFLA_IFALIAS]);
	out->addrgen = tb[IFLA_AF_SPEC] && addrgen_parse(tb[IFLA_AF_SPEC]);
	out->master = u32_or(tb[IFLA_MASTER], 0);
	/* With that attribute it is the number of a device in another namespace. */
	out->lower = tb[IFLA_LINK_NETNSID] ? 0 : u32_or(tb[IFLA_LINK], 0);
	out->mtu = u32_or(tb[IFLA_MTU], 0);
	if (tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) == sizeof out->mac.b)
		memcpy(out->mac.b, nla_data(tb[IFLA_ADDRESS]), sizeof out->mac.b);
	return !tb[IFLA_LINKINFO] || info_parse(tb[IFLA_LINKINFO], out);
}

void
nl_link_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	nl_dump_queue(nl, RTM_GETLINK, &ifi, sizeof ifi, on_msg, on_done, arg);
}

/* Bridge VLANs. */

static struct nla_policy vlan_policy[__BRIDGE_VLANDB_ENTRY_MAX] = {
	[BRIDGE_VLANDB_ENTRY_INFO] = { .minlen = sizeof(struct bridge_vlan_info) },
	[BRIDGE_VLANDB_ENTRY_RANGE] = { .type = NLA_U16 },
	[BRIDGE_VLANDB_ENTRY_STATE] = { .type = NLA_U8 },
	[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO] = { .type = NLA_NESTED },
};

static struct nla_policy tinfo_policy[BRIDGE_VLANDB_TINFO_MAX + 1] = {
	[BRIDGE_VLANDB_TINFO_ID] = { .type = NLA_U32 },
};

static bool
vlan_entry_parse(struct nlattr *entry, struct nl_vlan *v)
{
	struct nlattr *tb[__BRIDGE_VLANDB_ENTRY_MAX], *ti[BRIDGE_VLANDB_TINFO_MAX + 1];
	struct bridge_vlan_info info;
	uint8_t state;

	if (nla_parse_nested(tb, __BRIDGE_VLANDB_ENTRY_MAX - 1, entry, vlan_policy) < 0 ||
	    !tb[BRIDGE_VLANDB_ENTRY_INFO])
		return false;
	memcpy(&info, nla_data(tb[BRIDGE_VLANDB_ENTRY_INFO]), sizeof info);
	v->vid = v->last = info.vid;
	if (tb[BRIDGE_VLANDB_ENTRY_RANGE])
		v->last = nla_get_u16(tb[BRIDGE_VLANDB_ENTRY_RANGE]);
	if (v->vid == 0 || v->last > 4094 || v->last < v->vid)
		return false;
	v->pvid = info.flags & BRIDGE_VLAN_INFO_PVID;
	v->untagged = info.flags & BRIDGE_VLAN_INFO_UNTAGGED;
	if (tb[BRIDGE_VLANDB_ENTRY_STATE]) {
		state = nla_get_u8(tb[BRIDGE_VLANDB_ENTRY_STATE]);
		v->blocked = state != BR_STATE_FORWARDING && state != BR_STATE_LEARNING;
	}
	v->tunnel_vni = 0;
	if (tb[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO]) {
		if (nla_parse_nested(ti, BRIDGE_VLANDB_TINFO_MAX,
			tb[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO], tinfo_policy) < 0)
			return false;
		v->tunnel_vni = u32_or(ti[BRIDGE_VLANDB_TINFO_ID], 0);
	}
	return v->tunnel_vni <= 0xffffffu - (uint32_t)(v->last - v->vid);
}

bool
nl_vlan_parse(
    const struct nlmsghdr *h, void (*fn)(void *arg, const struct nl_vlan *v), void *arg)
{
	const struct br_vlan_msg *m = nlmsg_data(h);
	struct nlattr *a;
	int left;
	struct nl_vlan v = { 0 };

	if ((h->nlmsg_type != RTM_NEWVLAN && h->nlmsg_type != RTM_DELVLAN) ||
	    !nlmsg_valid_hdr(h, sizeof *m) || m->family != AF_BRIDGE)
		return false;
	v.del = h->nlmsg_type == RTM_DELVLAN;
	v.ifindex = m->ifindex;
	nlmsg_for_each_attr(a, (struct nlmsghdr *)h, sizeof *m, left)
	{
		if (nla_type(a) != BRIDGE_VLANDB_ENTRY)
			continue;
		if (!vlan_entry_parse(a, &v))
			return false;
		fn(arg, &v);
	}
	return true;
}

void
nl_vlan_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct br_vlan_msg m = { .family = AF_BRIDGE };

	nl_dump_queue(nl, RTM_GETVLAN, &m, sizeof m, on_msg, on_done, arg);
}

/* VNI filters. */

static struct nla_policy vnifilter_policy[VXLAN_VNIFILTER_ENTRY_MAX + 1] = {
	[VXLAN_VNIFILTER_ENTRY_START] = { .type = NLA_U32 },
	[VXLAN_VNIFILTER_ENTRY_END] = { .type = NLA_U32 },
};

static bool
vnirange_entry_parse(struct nlattr *entry, struct nl_vnirange *r)
{
	struct nlattr *tb[VXLAN_VNIFILTER_ENTRY_MAX + 1];

	if (nla_parse_nested(tb, VXLAN_VNIFILTER_ENTRY_MAX, entry, vnifilter_policy) <
		0 ||
	    !tb[VXLAN_VNIFILTER_ENTRY_START])
		return false;
	r->vni = nla_get_u32(tb[VXLAN_VNIFILTER_ENTRY_START]);
	r->last = u32_or(tb[VXLAN_VNIFILTER_ENTRY_END], r->vni);
	return r->vni <= r->last && r->last <= 0xffffff;
}

bool
nl_vnirange_parse(const struct nlmsghdr *h,
    void (*fn)(void *arg, const struct nl_vnirange *r), void *arg)
{
	const struct tunnel_msg *m = nlmsg_data(h);
	struct nlattr *a;
	int left;
	struct nl_vnirange r = { 0 };

	if ((h->nlmsg_type != RTM_NEWTUNNEL && h->nlmsg_type != RTM_DELTUNNEL) ||
	    !nlmsg_valid_hdr(h, sizeof *m))
		return false;
	r.del = h->nlmsg_type == RTM_DELTUNNEL;
	r.ifindex = m->ifindex;
	nlmsg_for_each_attr(a, (struct nlmsghdr *)h, sizeof *m, left)
	{
		if (nla_type(a) != VXLAN_VNIFILTER_ENTRY)
			continue;
		if (!vnirange_entry_parse(a, &r))
			return false;
		fn(arg, &r);
	}
	return true;
}

void
nl_vnirange_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct tunnel_msg m = { .family = AF_BRIDGE };

	nl_dump_queue(nl, RTM_GETTUNNEL, &m, sizeof m, on_msg, on_done, arg);
}

/* Addresses. */

static struct nla_policy addr_policy[IFA_MAX + 1] = {
	[IFA_FLAGS] = { .type = NLA_U32 },
	[IFA_PROTO] = { .type = NLA_U8 },
};

bool
nl_ifaddr_parse(const struct nlmsghdr *h, struct nl_ifaddr *out)
{
	struct nlattr *tb[IFA_MAX + 1];
	const struct ifaddrmsg *m = nlmsg_data(h);
	uint32_t flags;

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWADDR && h->nlmsg_type != RTM_DELADDR) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *m, tb, IFA_MAX, addr_policy) < 0 ||
	    (m->ifa_family != AF_INET && m->ifa_family != AF_INET6))
		return false;
	out->del = h->nlmsg_type == RTM_DELADDR;
	out->ifindex = m->ifa_index;
	/* On a point-to-point link IFA_ADDRESS is the other end's. */
	out->addr.ip = attr_ip(tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS]);
	out->addr.plen = m->ifa_prefixlen;
	flags = u32_or(tb[IFA_FLAGS], m->ifa_flags);
	out->ours = tb[IFA_PROTO] && nla_get_u8(tb[IFA_PROTO]) == EVPND_RTPROT;
	out->tentative = flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED);
	return out->ifindex != 0 &&
	       out->addr.ip.len == (m->ifa_family == AF_INET ? 4 : 16) &&
	       out->addr.plen <= out->addr.ip.len * 8;
}

void
nl_ifaddr_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct ifaddrmsg m = { .ifa_family = AF_UNSPEC };

	nl_dump_queue(nl, RTM_GETADDR, &m, sizeof m, on_msg, on_done, arg);
}
