/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_neigh.c: neighbour messages. */
#include "config.h"

#include "zebra-lite/nl_neigh.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"

#define NUD_UNSURE (NUD_STALE | NUD_DELAY | NUD_PROBE)
#define NUD_USABLE (NUD_REACHABLE | NUD_UNSURE | NUD_NOARP | NUD_PERMANENT)

static struct nla_policy neigh_policy[NDA_MAX + 1] = {
	[NDA_PROTOCOL] = { .type = NLA_U8 },
};

bool
nl_neigh_parse(const struct nlmsghdr *h, struct nl_neigh *out)
{
	struct nlattr *tb[NDA_MAX + 1];
	const struct ndmsg *nd = nlmsg_data(h);
	int want;

	memset(out, 0, sizeof *out);
	if ((h->nlmsg_type != RTM_NEWNEIGH && h->nlmsg_type != RTM_DELNEIGH) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *nd, tb, NDA_MAX, neigh_policy) <
		0 ||
	    (nd->ndm_family != AF_INET && nd->ndm_family != AF_INET6) ||
	    nd->ndm_ifindex <= 0)
		return false;
	want = nd->ndm_family == AF_INET ? 4 : 16;
	if (!tb[NDA_DST] || nla_len(tb[NDA_DST]) != want)
		return false;
	out->ip.len = (uint8_t)want;
	memcpy(out->ip.b, nla_data(tb[NDA_DST]), out->ip.len);
	out->del = h->nlmsg_type == RTM_DELNEIGH;
	out->ifindex = (uint32_t)nd->ndm_ifindex;
	out->router = nd->ndm_flags & NTF_ROUTER;
	out->fixed = nd->ndm_state & (NUD_PERMANENT | NUD_NOARP);
	out->stale = nd->ndm_state & NUD_UNSURE;
	out->our_number =
	    tb[NDA_PROTOCOL] && nla_get_u8(tb[NDA_PROTOCOL]) == EVPND_RTPROT;
	out->ours = out->our_number && (nd->ndm_flags & NTF_EXT_LEARNED);
	if (tb[NDA_LLADDR] && nla_len(tb[NDA_LLADDR]) == sizeof out->mac.b) {
		memcpy(out->mac.b, nla_data(tb[NDA_LLADDR]), sizeof out->mac.b);
		out->valid = !out->del && (nd->ndm_state & NUD_USABLE);
	}
	return true;
}

void
nl_neigh_dump(struct nl *nl, uint8_t family,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct ndmsg nd = { .ndm_family = family };

	nl_dump_queue(nl, RTM_GETNEIGH, &nd, sizeof nd, on_msg, on_done, arg);
}

static struct ndmsg
head(uint32_t ifindex, struct ip ip)
{
	return (struct ndmsg){ .ndm_family = ip.len == 4 ? AF_INET : AF_INET6,
		.ndm_ifindex = (int32_t)ifindex };
}

void
nl_neigh_put(struct nl_batch *b, bool del, uint32_t ifindex, struct ip ip, struct mac mac,
    bool router)
{
	struct ndmsg nd = head(ifindex, ip);

	nd.ndm_state = NUD_NOARP;
	nd.ndm_type = RTN_UNICAST;
	nd.ndm_flags = (uint8_t)(NTF_EXT_LEARNED | (router ? NTF_ROUTER : 0));
	nl_begin(b, del ? RTM_DELNEIGH : RTM_NEWNEIGH,
	    del ? 0 : NLM_F_CREATE | NLM_F_REPLACE, &nd, sizeof nd);
	nl_put(b, NDA_DST, ip.b, ip.len);
	if (!del)
		nl_put(b, NDA_LLADDR, mac.b, sizeof mac.b);
	nl_put_u8(b, NDA_PROTOCOL, EVPND_RTPROT);
	nl_end(b);
}

static void
begin_probe(struct nl_batch *b, uint32_t ifindex, struct ip ip, struct mac mac)
{
	struct ndmsg nd = head(ifindex, ip);

	nd.ndm_state = NUD_PROBE;
	nl_begin(b, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &nd, sizeof nd);
	nl_put(b, NDA_DST, ip.b, ip.len);
	nl_put(b, NDA_LLADDR, mac.b, sizeof mac.b);
}

void
nl_neigh_put_probe(struct nl_batch *b, uint32_t ifindex, struct ip ip, struct mac mac)
{
	begin_probe(b, ifindex, ip, mac);
	nl_end(b);
}

void
nl_neigh_put_take(struct nl_batch *b, uint32_t ifindex, struct ip ip, struct mac mac)
{
	begin_probe(b, ifindex, ip, mac);
	/* A number cannot be taken away, only replaced. */
	nl_put_u8(b, NDA_PROTOCOL, RTPROT_KERNEL);
	nl_end(b);
}

void
nl_neigh_put_get(struct nl_batch *b, uint32_t ifindex, struct ip ip)
{
	struct ndmsg nd = head(ifindex, ip);

	nl_begin(b, RTM_GETNEIGH, 0, &nd, sizeof nd);
	nl_put(b, NDA_DST, ip.b, ip.len);
	nl_end(b);
}
