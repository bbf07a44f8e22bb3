/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_fdb.c: forwarding database messages. */
#include "config.h"

#include "zebra-lite/nl_fdb.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

#include "zebra-lite/nl.h"

static struct nla_policy fdb_policy[NDA_MAX + 1] = {
	[NDA_VLAN] = { .type = NLA_U16 },
	[NDA_MASTER] = { .type = NLA_U32 },
	[NDA_SRC_VNI] = { .type = NLA_U32 },
	[NDA_NH_ID] = { .type = NLA_U32 },
};

bool
nl_fdb_parse(const struct nlmsghdr *h, struct nl_fdb *out)
{
	struct nlattr *tb[NDA_MAX + 1];
	const struct ndmsg *nd = nlmsg_data(h);

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWNEIGH && h->nlmsg_type != RTM_DELNEIGH) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *nd, tb, NDA_MAX, fdb_policy) < 0 ||
	    nd->ndm_family != AF_BRIDGE || nd->ndm_ifindex <= 0)
		return false;
	/* Devices without Ethernet addresses have such tables too. */
	if (!tb[NDA_LLADDR] || nla_len(tb[NDA_LLADDR]) != sizeof out->mac.b)
		return false;
	memcpy(out->mac.b, nla_data(tb[NDA_LLADDR]), sizeof out->mac.b);
	out->del = h->nlmsg_type == RTM_DELNEIGH;
	out->ours = out->marked = nd->ndm_flags & NTF_EXT_LEARNED;
	out->sticky = nd->ndm_flags & NTF_STICKY;
	out->fixed = nd->ndm_state & (NUD_NOARP | NUD_PERMANENT);
	out->permanent = nd->ndm_state & NUD_PERMANENT;
	out->ifindex = (uint32_t)nd->ndm_ifindex;
	if (tb[NDA_MASTER])
		out->bridge = nla_get_u32(tb[NDA_MASTER]);
	/* A bridge keeps our mark when somebody writes a static entry over ours. */
	if (out->bridge && out->fixed && !out->sticky)
		out->ours = false;
	if (tb[NDA_VLAN])
		out->vid = nla_get_u16(tb[NDA_VLAN]) & 0xfff;
	if (tb[NDA_SRC_VNI])
		out->src_vni = nla_get_u32(tb[NDA_SRC_VNI]) & 0xffffff;
	if (tb[NDA_NH_ID])
		out->nh_id = nla_get_u32(tb[NDA_NH_ID]);
	if (tb[NDA_DST] && (nla_len(tb[NDA_DST]) == 4 || nla_len(tb[NDA_DST]) == 16)) {
		out->dst.len = (uint8_t)nla_len(tb[NDA_DST]);
		memcpy(out->dst.b, nla_data(tb[NDA_DST]), out->dst.len);
	}
	return true;
}

void
nl_fdb_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct ndmsg nd = { .ndm_family = AF_BRIDGE };

	nl_dump_queue(nl, RTM_GETNEIGH, &nd, sizeof nd, on_msg, on_done, arg);
}

static void
begin(struct nl_batch *b, bool del, uint16_t flags, struct ndmsg nd, struct mac mac)
{
	nd.ndm_family = AF_BRIDGE;
	nl_begin(b, del ? RTM_DELNEIGH : RTM_NEWNEIGH, del ? 0 : flags, &nd, sizeof nd);
	nl_put(b, NDA_LLADDR, mac.b, sizeof mac.b);
	nl_put_u8(b, NDA_PROTOCOL, EVPND_RTPROT);
}

static void
put_where(struct nl_batch *b, struct ip vtep, uint32_t nh_id)
{
	if (nh_id)
		nl_put_u32(b, NDA_NH_ID, nh_id);
	else
		nl_put(b, NDA_DST, vtep.b, vtep.len);
}

void
nl_fdb_put_vxlan(struct nl_batch *b, bool del, uint32_t vxlan, struct mac mac,
    struct ip vtep, uint32_t nh_id, uint32_t src_vni)
{
	begin(b, del, NLM_F_CREATE | NLM_F_REPLACE,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)vxlan,
		.ndm_state = NUD_NOARP | NUD_REACHABLE,
		.ndm_flags = NTF_SELF | NTF_EXT_LEARNED },
	    mac);
	/* A delete names no VTEP: it takes the entry whatever it points to. */
	if (!del)
		put_where(b, vtep, nh_id);
	if (src_vni)
		nl_put_u32(b, NDA_SRC_VNI, src_vni);
	nl_end(b);
}

void
nl_fdb_put_both(struct nl_batch *b, uint32_t vxlan, struct mac mac, struct ip vtep,
    uint32_t nh_id, uint32_t src_vni, uint16_t vid)
{
	begin(b, false, NLM_F_CREATE | NLM_F_REPLACE,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)vxlan,
		.ndm_state = NUD_NOARP | NUD_REACHABLE,
		.ndm_flags = NTF_SELF | NTF_MASTER | NTF_EXT_LEARNED },
	    mac);
	put_where(b, vtep, nh_id);
	if (src_vni)
		nl_put_u32(b, NDA_SRC_VNI, src_vni);
	if (vid)
		nl_put_u16(b, NDA_VLAN, vid);
	nl_end(b);
}

void
nl_fdb_put_flood(
    struct nl_batch *b, bool del, uint32_t vxlan, struct ip vtep, uint32_t src_vni)
{
	begin(b, del, NLM_F_CREATE | NLM_F_APPEND,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)vxlan,
		.ndm_state = NUD_NOARP | NUD_PERMANENT,
		.ndm_flags = NTF_SELF | NTF_EXT_LEARNED },
	    (struct mac){ { 0 } });
	nl_put(b, NDA_DST, vtep.b, vtep.len);
	if (src_vni)
		nl_put_u32(b, NDA_SRC_VNI, src_vni);
	nl_end(b);
}

void
nl_fdb_put_bridge(
    struct nl_batch *b, bool del, uint32_t port, struct mac mac, uint16_t vid)
{
	begin(b, del, NLM_F_CREATE | NLM_F_REPLACE,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)port,
		.ndm_state = NUD_REACHABLE,
		.ndm_flags = NTF_MASTER | NTF_EXT_LEARNED },
	    mac);
	if (vid)
		nl_put_u16(b, NDA_VLAN, vid);
	nl_end(b);
}

void
nl_fdb_put_bridge_sticky(struct nl_batch *b, uint32_t port, struct mac mac, uint16_t vid)
{
	begin(b, false, NLM_F_CREATE | NLM_F_REPLACE,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)port,
		.ndm_state = NUD_NOARP,
		.ndm_flags = NTF_MASTER | NTF_STICKY },
	    mac);
	if (vid)
		nl_put_u16(b, NDA_VLAN, vid);
	nl_end(b);
}

void
nl_fdb_put_local(
    struct nl_batch *b, bool del, uint32_t bridge, struct mac mac, uint16_t vid)
{
	begin(b, del, NLM_F_CREATE | NLM_F_REPLACE,
	    (struct ndmsg){ .ndm_ifindex = (int32_t)bridge,
		.ndm_state = NUD_PERMANENT,
		.ndm_flags = NTF_SELF | NTF_EXT_LEARNED },
	    mac);
	if (vid)
		nl_put_u16(b, NDA_VLAN, vid);
	nl_end(b);
}

void
nl_fdb_put_get(struct nl_batch *b, uint32_t bridge, struct mac mac, uint16_t vid)
{
	struct ndmsg nd = { .ndm_family = AF_BRIDGE, .ndm_flags = NTF_MASTER };

	nl_begin(b, RTM_GETNEIGH, 0, &nd, sizeof nd);
	nl_put(b, NDA_LLADDR, mac.b, sizeof mac.b);
	nl_put_u32(b, NDA_MASTER, bridge);
	if (vid)
		nl_put_u16(b, NDA_VLAN, vid);
	nl_end(b);
}
