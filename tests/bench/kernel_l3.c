/* SPDX-License-Identifier: ISC */
/* A bare program's writes for layer 3: next hops over the SVIs of L3VNIs, routes in VRFs. */
#include "config.h"

#include "tests/bench/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/bench/batch.h"
#include "tests/bench/load.h"

#define HOP_ID(vni) (100000000u + (vni)) /* far from those of any daemon */

static void
put_hop(struct batch *b, const char *svi, uint32_t vni)
{
	struct nhmsg m = { .nh_family = AF_INET,
		.nh_protocol = RTPROT_STATIC,
		.nh_flags = RTNH_F_ONLINK };
	char name[IF_NAMESIZE];

	snprintf(name, sizeof name, "%s%u", svi, vni);
	batch_begin(b, RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	batch_u32(b, NHA_ID, HOP_ID(vni));
	batch_u32(b, NHA_OIF, if_nametoindex(name));
	batch_u32(b, NHA_GATEWAY, htonl(VTEP(0)));
}

static void
put_route(struct batch *b, uint32_t vni, uint32_t route)
{
	struct rtmsg m = { .rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST };

	batch_begin(b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	batch_u32(b, RTA_DST, htonl(0x0a000000 | (route & 0xffffff)));
	batch_u32(b, RTA_TABLE, TABLE_OF(vni));
	batch_u32(b, RTA_PRIORITY, 20);
	batch_u32(b, RTA_NH_ID, HOP_ID(vni));
}

int
kernel_routes(const struct load_conf *c, uint32_t n, const char *svi)
{
	struct batch *b = batch_new();
	uint32_t i;
	int err = 0;

	for (i = 0; i < c->vnis && !err; i++) {
		put_hop(b, svi, c->vni_base + i);
		if (batch_full(b, 1))
			err = batch_flush(b);
	}
	for (i = 0; i < n && !err; i++) {
		put_route(b, c->vni_base + gen_vni_of(c, i), i);
		if (batch_full(b, 1))
			err = batch_flush(b);
	}
	if (!err)
		err = batch_flush(b);
	if (err)
		fprintf(stderr, "bgpload: the kernel said %s\n", strerror(-err));
	batch_free(b);
	return err;
}

static void
put_hop_gone(struct batch *b, uint32_t id)
{
	struct nhmsg m = { .nh_family = AF_UNSPEC };

	batch_begin(b, RTM_DELNEXTHOP, 0, &m, sizeof m);
	batch_u32(b, NHA_ID, id);
}

int
kernel_hops_gone(const struct load_conf *c)
{
	struct batch *b = batch_new();
	uint32_t i;
	int err = 0;

	for (i = 0; i < c->vnis && !err; i++) {
		put_hop_gone(b, HOP_ID(c->vni_base + i));
		if (batch_full(b, 1))
			err = batch_flush(b);
	}
	if (!err)
		err = batch_flush(b);
	batch_free(b);
	return err;
}

int
kernel_vtep_gone(void)
{
	struct rtmsg m = { .rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_scope = RT_SCOPE_NOWHERE };
	struct batch *b = batch_new();
	int err;

	batch_begin(b, RTM_DELROUTE, 0, &m, sizeof m);
	batch_u32(b, RTA_DST, htonl(VTEP(0)));
	err = batch_flush(b);
	batch_free(b);
	return err;
}

/* The deletion of a next hop is told before its routes are gone, under a lock that any other needs. */
void
kernel_barrier(void)
{
	struct batch *b = batch_new();

	put_hop_gone(b, HOP_ID(0));
	batch_flush(b);
	batch_free(b);
}

static bool
is_ours(const struct nlmsghdr *h)
{
	const struct rtmsg *m = NLMSG_DATA(h);
	const struct rtattr *a = RTM_RTA(m);
	int len = (int)RTM_PAYLOAD(h);
	uint32_t table = m->rtm_table;

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == RTA_TABLE)
			memcpy(&table, RTA_DATA(a), sizeof table);
	return m->rtm_type == RTN_UNICAST && m->rtm_dst_len == 32 && table >= TABLE_OF(0);
}

uint32_t
kernel_routes_held(void)
{
	struct rtmsg m = { .rtm_family = AF_INET };
	struct batch *b = batch_new();
	static _Alignas(8) uint8_t buf[256 * 1024];
	struct nlmsghdr *h;
	uint32_t held = 0;
	ssize_t n;

	batch_begin(b, RTM_GETROUTE, NLM_F_DUMP, &m, sizeof m);
	if (send(b->fd, b->buf, b->len, 0) < 0)
		abort();
	while ((n = recv(b->fd, buf, sizeof buf, 0)) > 0) {
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
				goto done;
			held += h->nlmsg_type == RTM_NEWROUTE && is_ours(h);
		}
	}
done:
	batch_free(b);
	return held;
}
