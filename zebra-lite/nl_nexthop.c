/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_nexthop.c: nexthop messages. */
#include "config.h"

#include "zebra-lite/nl_nexthop.h"

#include <linux/lwtunnel.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"

static struct nla_policy nexthop_policy[NHA_MAX + 1] = {
	[NHA_ID] = { .type = NLA_U32 },
	[NHA_OIF] = { .type = NLA_U32 },
	[NHA_ENCAP_TYPE] = { .type = NLA_U16 },
	[NHA_ENCAP] = { .type = NLA_NESTED },
};

/* The attributes of both families have the same numbers. */
static struct nla_policy tunnel_policy[LWTUNNEL_IP_MAX + 1] = {
	[LWTUNNEL_IP_ID] = { .type = NLA_U64 },
};

bool
nl_hop_equal(const struct nl_hop *a, const struct nl_hop *b)
{
	return a->oif == b->oif && ip_equal(a->gateway, b->gateway) &&
	       ip_equal(a->dst, b->dst) && ip_equal(a->src, b->src) &&
	       a->label == b->label;
}

/* An address of n bytes; none if the attribute is absent or of another length. */
static struct ip
attr_ip(struct nlattr *a, int n)
{
	struct ip ip = { 0 };

	if (a && nla_len(a) == n) {
		ip.len = (uint8_t)n;
		memcpy(ip.b, nla_data(a), (size_t)n);
	}
	return ip;
}

static bool
tunnel_parse(struct nlattr *a, uint16_t type, struct nl_hop *hop)
{
	struct nlattr *tb[LWTUNNEL_IP_MAX + 1];
	int n = type == LWTUNNEL_ENCAP_IP ? 4 : 16;
	uint64_t id;

	if ((type != LWTUNNEL_ENCAP_IP && type != LWTUNNEL_ENCAP_IP6) ||
	    nla_parse_nested(tb, LWTUNNEL_IP_MAX, a, tunnel_policy) < 0 ||
	    !tb[LWTUNNEL_IP_ID])
		return false;
	id = __builtin_bswap64(nla_get_u64(tb[LWTUNNEL_IP_ID]));
	hop->dst = attr_ip(tb[LWTUNNEL_IP_DST], n);
	hop->src = attr_ip(tb[LWTUNNEL_IP_SRC], n);
	if (ip_is_zero(hop->src))
		hop->src = (struct ip){ 0 };
	hop->label = (uint32_t)(id & 0xffffff);
	return id <= 0xffffff && hop->dst.len != 0;
}

static bool
hop_parse(struct nlattr **tb, uint8_t family, struct nl_hop *hop)
{
	if (!tb[NHA_OIF] || !tb[NHA_GATEWAY])
		return false;
	hop->oif = nla_get_u32(tb[NHA_OIF]);
	hop->gateway = attr_ip(tb[NHA_GATEWAY], family == AF_INET ? 4 : 16);
	if (hop->gateway.len == 0)
		return false;
	if (!tb[NHA_ENCAP] && !tb[NHA_ENCAP_TYPE])
		return true;
	return tb[NHA_ENCAP] && tb[NHA_ENCAP_TYPE] &&
	       tunnel_parse(tb[NHA_ENCAP], nla_get_u16(tb[NHA_ENCAP_TYPE]), hop);
}

static bool
group_parse(struct nlattr *a, struct nl_nexthop *out)
{
	unsigned n = (unsigned)nla_len(a) / (unsigned)sizeof(struct nexthop_grp);

	if (n == 0 || n > NL_NEXTHOP_MEMBERS)
		return false;
	for (unsigned i = 0; i < n; i++) {
		struct nexthop_grp g;

		memcpy(&g, (const uint8_t *)nla_data(a) + i * sizeof g, sizeof g);
		if (g.weight != 0)
			return false;
		out->members[i] = g.id;
	}
	out->nmembers = n;
	return true;
}

bool
nl_nexthop_parse(const struct nlmsghdr *h, struct nl_nexthop *out)
{
	struct nlattr *tb[NHA_MAX + 1];
	const struct nhmsg *m = nlmsg_data(h);

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWNEXTHOP && h->nlmsg_type != RTM_DELNEXTHOP) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *m, tb, NHA_MAX, nexthop_policy) <
		0 ||
	    !tb[NHA_ID])
		return false;
	out->id = nla_get_u32(tb[NHA_ID]);
	out->del = h->nlmsg_type == RTM_DELNEXTHOP;
	out->ours = m->nh_protocol == EVPND_RTPROT;
	/* Those of forwarding databases are vtep_nh.h's. */
	if (tb[NHA_FDB] || tb[NHA_BLACKHOLE]) {
		out->ours = false;
		return out->id != 0;
	}
	if (tb[NHA_GROUP])
		out->known = group_parse(tb[NHA_GROUP], out);
	else
		out->known = hop_parse(tb, m->nh_family, &out->hop);
	return out->id != 0;
}

void
nl_nexthop_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct nhmsg m = { .nh_family = AF_UNSPEC };

	nl_dump_queue(nl, RTM_GETNEXTHOP, &m, sizeof m, on_msg, on_done, arg);
}

static void
begin(struct nl_batch *b, uint32_t id, uint8_t family, bool replace)
{
	struct nhmsg m = { .nh_family = family, .nh_protocol = EVPND_RTPROT };

	if (family != AF_UNSPEC)
		m.nh_flags = RTNH_F_ONLINK;
	nl_begin(b, RTM_NEWNEXTHOP,
	    (uint16_t)(NLM_F_CREATE | (replace ? NLM_F_REPLACE : 0)), &m, sizeof m);
	nl_put_u32(b, NHA_ID, id);
}

static void
put_tunnel(struct nl_batch *b, const struct nl_hop *hop)
{
	uint64_t id = __builtin_bswap64((uint64_t)hop->label);
	struct nlattr *nest;

	nl_put_u16(b, NHA_ENCAP_TYPE,
	    hop->dst.len == 4 ? LWTUNNEL_ENCAP_IP : LWTUNNEL_ENCAP_IP6);
	nest = (struct nlattr *)(b->buf + b->len);
	nl_put(b, NHA_ENCAP | NLA_F_NESTED, "", 0);
	nl_put(b, LWTUNNEL_IP_ID, &id, sizeof id);
	nl_put(b, LWTUNNEL_IP_DST, hop->dst.b, hop->dst.len);
	if (hop->src.len)
		nl_put(b, LWTUNNEL_IP_SRC, hop->src.b, hop->src.len);
	nest->nla_len = (uint16_t)(b->buf + b->len - (uint8_t *)nest);
}

void
nl_nexthop_put_hop(
    struct nl_batch *b, uint32_t id, const struct nl_hop *hop, bool replace)
{
	begin(b, id, hop->gateway.len == 4 ? AF_INET : AF_INET6, replace);
	nl_put(b, NHA_GATEWAY, hop->gateway.b, hop->gateway.len);
	nl_put_u32(b, NHA_OIF, hop->oif);
	if (hop->dst.len)
		put_tunnel(b, hop);
	nl_end(b);
}

void
nl_nexthop_put_group(
    struct nl_batch *b, uint32_t id, const uint32_t *members, unsigned n, bool replace)
{
	struct nexthop_grp g[NL_NEXTHOP_MEMBERS] = { 0 };

	ensure(n > 0 && n <= NL_NEXTHOP_MEMBERS);
	for (unsigned i = 0; i < n; i++)
		g[i].id = members[i];
	begin(b, id, AF_UNSPEC, replace);
	nl_put(b, NHA_GROUP, g, n * sizeof g[0]);
	nl_end(b);
}

void
nl_nexthop_put_del(struct nl_batch *b, uint32_t id)
{
	struct nhmsg m = { .nh_family = AF_UNSPEC };

	nl_begin(b, RTM_DELNEXTHOP, 0, &m, sizeof m);
	nl_put_u32(b, NHA_ID, id);
	nl_end(b);
}
