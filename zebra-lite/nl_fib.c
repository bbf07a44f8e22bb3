/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_fib.c: messages about entries of routing tables. */
#include "config.h"

#include "zebra-lite/nl_fib.h"

#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"

static struct nla_policy fib_policy[RTA_MAX + 1] = {
	[RTA_TABLE] = { .type = NLA_U32 },
	[RTA_PRIORITY] = { .type = NLA_U32 },
	[RTA_OIF] = { .type = NLA_U32 },
	[RTA_NH_ID] = { .type = NLA_U32 },
	[RTA_MULTIPATH] = { .minlen = sizeof(struct rtnexthop) },
};

static uint32_t
u32_or(struct nlattr *a, uint32_t other)
{
	return a ? nla_get_u32(a) : other;
}

static enum nl_fib_kind
kind_of(uint8_t type)
{
	switch (type) {
	case RTN_UNICAST:
		return NL_FIB_UNICAST;
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
		return NL_FIB_BLACKHOLE;
	default:
		return NL_FIB_OTHER;
	}
}

static bool
prefix_of(struct nlattr *dst, const struct rtmsg *m, struct prefix *p)
{
	int n = m->rtm_family == AF_INET ? 4 : 16;

	p->ip.len = (uint8_t)n;
	p->plen = m->rtm_dst_len;
	if (p->plen > n * 8 || (dst && nla_len(dst) != n) || (!dst && p->plen > 0))
		return false;
	if (dst)
		memcpy(p->ip.b, nla_data(dst), (size_t)n);
	*p = prefix_mask(*p);
	return true;
}

/* An address of the prefix's family; another one (RTA_VIA) is none. */
static struct ip
gateway_of(const struct nlattr *a, const struct prefix *p)
{
	struct ip ip = { 0 };

	if (!a || nla_len(a) != p->ip.len)
		return ip;
	ip.len = p->ip.len;
	memcpy(ip.b, nla_data(a), ip.len);
	return ip;
}

/* The first one of several next hops. */
static void
first_hop(const struct nlattr *ways, struct nl_fib *out)
{
	const uint8_t *at = nla_data(ways);
	const int room = nla_len(ways);
	struct rtnexthop nh;

	memcpy(&nh, at, sizeof nh);
	out->oif = nh.rtnh_ifindex > 0 ? (uint32_t)nh.rtnh_ifindex : 0;
	out->several = out->nh_id == 0;
	if (nh.rtnh_len >= sizeof nh && nh.rtnh_len <= room)
		out->gateway =
		    gateway_of(nla_find((const struct nlattr *)(at + sizeof nh),
				   nh.rtnh_len - (int)sizeof nh, RTA_GATEWAY),
			&out->prefix);
}

bool
nl_fib_parse(const struct nlmsghdr *h, struct nl_fib *out)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *m = nlmsg_data(h);

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWROUTE && h->nlmsg_type != RTM_DELROUTE) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *m, tb, RTA_MAX, fib_policy) < 0 ||
	    (m->rtm_family != AF_INET && m->rtm_family != AF_INET6) ||
	    (m->rtm_flags & RTM_F_CLONED) || !prefix_of(tb[RTA_DST], m, &out->prefix))
		return false;
	out->del = h->nlmsg_type == RTM_DELROUTE;
	out->replace = h->nlmsg_flags & NLM_F_REPLACE;
	out->ours = m->rtm_protocol == EVPND_RTPROT;
	out->kind = kind_of(m->rtm_type);
	out->proto = m->rtm_protocol;
	out->table = u32_or(tb[RTA_TABLE], m->rtm_table);
	out->metric = u32_or(tb[RTA_PRIORITY], 0);
	out->oif = u32_or(tb[RTA_OIF], 0);
	out->nh_id = u32_or(tb[RTA_NH_ID], 0);
	out->gateway = gateway_of(tb[RTA_GATEWAY], &out->prefix);
	if (tb[RTA_MULTIPATH])
		first_hop(tb[RTA_MULTIPATH], out);
	return true;
}

void
nl_fib_dump(struct nl *nl, uint8_t family,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct rtmsg m = { .rtm_family = family };

	nl_dump_queue(nl, RTM_GETROUTE, &m, sizeof m, on_msg, on_done, arg);
}

static struct rtmsg
head(struct prefix p)
{
	return (struct rtmsg){ .rtm_family = p.ip.len == 4 ? AF_INET : AF_INET6,
		.rtm_dst_len = p.plen,
		.rtm_protocol = EVPND_RTPROT };
}

static void
put_key(struct nl_batch *b, uint32_t table, struct prefix p, bool unreachable)
{
	nl_put(b, RTA_DST, p.ip.b, p.ip.len);
	nl_put_u32(b, RTA_TABLE, table);
	nl_put_u32(
	    b, RTA_PRIORITY, unreachable ? NL_FIB_METRIC_UNREACHABLE : NL_FIB_METRIC);
}

void
nl_fib_put(
    struct nl_batch *b, uint32_t table, struct prefix p, uint32_t nh_id, uint32_t oif)
{
	struct rtmsg m = head(p);

	m.rtm_type = nh_id || oif ? RTN_UNICAST : RTN_UNREACHABLE;
	m.rtm_scope = oif ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	nl_begin(b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	put_key(b, table, p, nh_id == 0 && oif == 0);
	if (oif)
		nl_put_u32(b, RTA_OIF, oif);
	if (nh_id)
		nl_put_u32(b, RTA_NH_ID, nh_id);
	nl_end(b);
}

void
nl_fib_put_del(
    struct nl_batch *b, uint32_t table, struct prefix p, bool unreachable, uint32_t nh_id)
{
	struct rtmsg m = head(p);

	/* IPv4 would look for this very scope. */
	m.rtm_scope = RT_SCOPE_NOWHERE;
	nl_begin(b, RTM_DELROUTE, 0, &m, sizeof m);
	put_key(b, table, p, unreachable);
	if (nh_id)
		nl_put_u32(b, RTA_NH_ID, nh_id);
	nl_end(b);
}
