/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_route.c: route messages. */
#include "config.h"

#include "zebra-lite/nl_route.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/util.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/nl_bpf.h"
#include "zebra-lite/nl_fdb.h"

#define NH_DOWN (RTNH_F_DEAD | RTNH_F_LINKDOWN)
#define MON_RCVBUF (128 * 1024)

static struct nla_policy route_policy[RTA_MAX + 1] = {
	[RTA_PRIORITY] = { .type = NLA_U32 },
	[RTA_OIF] = { .type = NLA_U32 },
};

void
nl_route_put_get(struct nl_batch *b, struct ip ip)
{
	const struct rtmsg m = { .rtm_family = ip.len == 4 ? AF_INET : AF_INET6,
		.rtm_dst_len = (uint8_t)(ip.len * 8),
		/* The table's route, with its metric, not what a packet makes of it. */
		.rtm_flags = RTM_F_FIB_MATCH };

	nl_begin(b, RTM_GETROUTE, 0, &m, sizeof m);
	nl_put(b, RTA_DST, ip.b, ip.len);
	nl_end(b);
}

/* Several ways: one that is up will do. */
static bool
some_way_up(const struct nlattr *a)
{
	const struct rtnexthop *nh = nla_data(a);
	int left = nla_len(a);

	while (left >= (int)sizeof *nh && nh->rtnh_len >= sizeof *nh &&
	       nh->rtnh_len <= left) {
		int step = (int)NLA_ALIGN(nh->rtnh_len);

		if (!(nh->rtnh_flags & NH_DOWN))
			return true;
		nh = (const struct rtnexthop *)((const uint8_t *)nh + step);
		left -= step;
	}
	return false;
}

static struct ip
address(const struct nlattr *a)
{
	struct ip ip = { .len = (uint8_t)nla_len(a) };

	if (ip.len != 4 && ip.len != 16)
		return (struct ip){ 0 };
	memcpy(ip.b, nla_data(a), ip.len);
	return ip;
}

bool
nl_route_parse(const struct nlmsghdr *h, struct nl_route *out)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *m = nlmsg_data(h);

	*out = (struct nl_route){ 0 };
	if (h->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *m, tb, RTA_MAX, route_policy) < 0)
		return false;
	out->usable = m->rtm_type == RTN_LOCAL;
	if (m->rtm_type != RTN_UNICAST)
		return true;
	if (tb[RTA_PRIORITY])
		out->metric = nla_get_u32(tb[RTA_PRIORITY]);
	out->loose = m->rtm_dst_len == 0 || m->rtm_protocol == EVPND_RTPROT;
	if (tb[RTA_OIF])
		out->oif = nla_get_u32(tb[RTA_OIF]);
	if (tb[RTA_GATEWAY])
		out->gateway = address(tb[RTA_GATEWAY]);
	if (tb[RTA_MULTIPATH])
		out->usable = some_way_up(tb[RTA_MULTIPATH]);
	else
		out->usable = !(m->rtm_flags & NH_DOWN);
	return true;
}

#define OFF_TABLE (NLMSG_HDRLEN + (uint32_t)offsetof(struct rtmsg, rtm_table))
#define OFF_PROTOCOL (NLMSG_HDRLEN + (uint32_t)offsetof(struct rtmsg, rtm_protocol))

int
nl_route_mon_open(struct nl_mon *m, struct nl *nl,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void (*on_lost)(void *arg),
    void *arg)
{
	/* The kernel does not say which routes went with a link or an address. */
	static const int groups[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_RULE,
		RTNLGRP_IPV6_RULE, RTNLGRP_NEXTHOP, 0 };
	/* Dropped are our own routes in VRFs: a mass of them would fill the queue again and again,
	 * and no address is looked up there. */
	const struct sock_filter filter[] = {
		/* 0 */ LOAD16(OFF_TYPE),
		/* 1 */ IF_EQ(htons(RTM_NEWROUTE), 1, 0),
		/* 2 */ IF_EQ(htons(RTM_DELROUTE), 0, 4),
		/* 3 */ LOAD8(OFF_PROTOCOL),
		/* 4 */ IF_EQ(EVPND_RTPROT, 0, 2),
		/* 5 */ LOAD8(OFF_TABLE),
		/* 6 */ IF_EQ(RT_TABLE_MAIN, 0, 1),
		/* 7 */ PASS,
		/* 8 */ DROP,
	};
	struct nl_mon_conf conf = { groups, filter, ARRAY_LEN(filter), 4, 16 * 1024,
		MON_RCVBUF, on_msg, on_lost, arg };
	int rc = nl_mon_open(m, nl, &conf), on = 1;

	if (rc == 0)
		setsockopt(nl_socket_get_fd(m->sk), SOL_NETLINK, NETLINK_NO_ENOBUFS, &on,
		    sizeof on);
	return rc;
}
