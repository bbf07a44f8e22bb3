/* SPDX-License-Identifier: ISC */
/* Hears of the kernel's entries and knows which routes have one. */
#include "config.h"

#include "tests/bench/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOPS_MAX 8192 /* next hops that are told apart */

/* A set of routes. */
struct held_set {
	uint8_t *bits; /* owned */
	uint32_t have;
};

struct kwatch {
	int fd;
	uint32_t routes; /* size of the sets */
	struct held_set held[HELD_KINDS];
	struct kcount count;
	uint32_t hop[HOPS_MAX]; /* ids of those to VTEP(0) */
	uint32_t hops;
	uint32_t sought;      /* a route */
	uint32_t sought_vtep; /* network order */
	bool found;	      /* it points there */
	_Alignas(8) uint8_t buf[256 * 1024];
};

static void
join(const struct kwatch *w, int group)
{
	setsockopt(w->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group);
}

struct kwatch *
kwatch_open(uint32_t routes, bool l3)
{
	struct kwatch *w = calloc(1, sizeof *w);
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK };
	int big = 512 << 20, i;

	if (!w)
		abort();
	w->routes = routes;
	for (i = 0; i < HELD_KINDS; i++)
		if (!(w->held[i].bits = calloc(routes / 8 + 1, 1)))
			abort();
	w->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (w->fd < 0 || bind(w->fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		abort();
	setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big);
	join(w, RTNLGRP_NEIGH);
	if (l3) {
		join(w, RTNLGRP_IPV4_ROUTE);
		join(w, RTNLGRP_NEXTHOP);
	}
	return w;
}

void
kwatch_close(struct kwatch *w)
{
	int i;

	if (!w)
		return;
	close(w->fd);
	for (i = 0; i < HELD_KINDS; i++)
		free(w->held[i].bits);
	free(w);
}

int
kwatch_fd(const struct kwatch *w)
{
	return w->fd;
}

static void
hold(struct kwatch *w, enum held kind, uint32_t route, bool add)
{
	struct held_set *s = &w->held[kind];
	uint8_t bit = (uint8_t)(1u << route % 8), *byte;

	if (route >= w->routes)
		return;
	byte = &s->bits[route / 8];
	if (add == ((*byte & bit) != 0))
		return;
	*byte ^= bit;
	s->have += add ? 1 : -1u;
}

/* The attributes of a message by their type; others than these are left out. */
#define ATTRS 32

static void
attrs_of(const struct nlmsghdr *h, size_t body, const struct rtattr *at[ATTRS])
{
	const struct rtattr *a = (const void *)((const uint8_t *)h + NLMSG_SPACE(body));
	int len = (int)h->nlmsg_len - (int)NLMSG_SPACE(body);

	memset(at, 0, ATTRS * sizeof *at);
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & NLA_TYPE_MASK) < ATTRS)
			at[a->rta_type & NLA_TYPE_MASK] = a;
}

/* Four bytes of an attribute as they stand, zero if it is not there. */
static uint32_t
attr_u32(const struct rtattr *a, size_t at)
{
	uint32_t v = 0;

	if (a && RTA_PAYLOAD(a) >= at + sizeof v)
		memcpy(&v, (const uint8_t *)RTA_DATA(a) + at, sizeof v);
	return v;
}

/* The route that a MAC of gen.c belongs to. */
static bool
route_of_mac(const struct rtattr *a, uint32_t *route)
{
	if (!a || RTA_PAYLOAD(a) != 6 || memcmp(RTA_DATA(a), "\2\0", 2) != 0)
		return false;
	*route = ntohl(attr_u32(a, 2));
	return true;
}

static bool
route_of_ip(const struct rtattr *a, uint32_t *route)
{
	uint32_t ip = ntohl(attr_u32(a, 0));

	*route = ip & 0xffffff;
	return a && RTA_PAYLOAD(a) == 4 && ip >> 24 == 10;
}

static bool
is_flood(const struct rtattr *mac)
{
	static const uint8_t zero[6];

	return mac && RTA_PAYLOAD(mac) == 6 && !memcmp(RTA_DATA(mac), zero, 6);
}

static void
fdb_event(struct kwatch *w, const struct rtattr *const at[ATTRS], bool add)
{
	uint32_t route;

	if (is_flood(at[NDA_LLADDR]))
		return;
	add ? w->count.fdb_new++ : w->count.fdb_del++;
	if (!route_of_mac(at[NDA_LLADDR], &route))
		return;
	hold(w, at[NDA_MASTER] ? HELD_BRIDGE : HELD_VXLAN, route, add);
	if (!at[NDA_MASTER])
		hold(w, HELD_AWAY, route,
		    add && attr_u32(at[NDA_DST], 0) == htonl(VTEP(1)));
	if (add && route == w->sought && at[NDA_DST] &&
	    attr_u32(at[NDA_DST], 0) == w->sought_vtep)
		w->found = true;
}

static void
neigh_event(struct kwatch *w, const struct nlmsghdr *h)
{
	const struct ndmsg *nd = NLMSG_DATA(h);
	bool add = h->nlmsg_type == RTM_NEWNEIGH;
	const struct rtattr *at[ATTRS];
	uint32_t route;

	attrs_of(h, sizeof *nd, at);
	if (nd->ndm_family == AF_BRIDGE) {
		fdb_event(w, at, add);
		return;
	}
	add ? w->count.neigh_new++ : w->count.neigh_del++;
	if (route_of_ip(at[NDA_DST], &route))
		hold(w, HELD_NEIGH, route, add);
}

static void
route_event(struct kwatch *w, const struct nlmsghdr *h)
{
	const struct rtmsg *rt = NLMSG_DATA(h);
	bool add = h->nlmsg_type == RTM_NEWROUTE;
	const struct rtattr *at[ATTRS];
	uint32_t route;

	attrs_of(h, sizeof *rt, at);
	if (rt->rtm_family != AF_INET || rt->rtm_type != RTN_UNICAST ||
	    attr_u32(at[RTA_TABLE], 0) < TABLE_OF(0))
		return;
	if (!route_of_ip(at[RTA_DST], &route))
		return;
	add ? w->count.route_new++ : w->count.route_del++;
	hold(w, HELD_ROUTE, route, add);
}

static void
hop_event(struct kwatch *w, const struct nlmsghdr *h)
{
	bool add = h->nlmsg_type == RTM_NEWNEXTHOP;
	const struct rtattr *at[ATTRS];
	uint32_t id, i;

	attrs_of(h, sizeof(struct nhmsg), at);
	id = attr_u32(at[NHA_ID], 0);
	for (i = 0; i < w->hops && w->hop[i] != id; i++)
		;
	if (!add && i < w->hops)
		w->hop[i] = w->hop[--w->hops];
	if (add && i == w->hops && i < HOPS_MAX &&
	    attr_u32(at[NHA_GATEWAY], 0) == htonl(VTEP(0)))
		w->hop[w->hops++] = id;
}

static void
kwatch_event(struct kwatch *w, const struct nlmsghdr *h)
{
	switch (h->nlmsg_type) {
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
		neigh_event(w, h);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		route_event(w, h);
		break;
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		hop_event(w, h);
		break;
	default:
		break;
	}
}

void
kwatch_read(struct kwatch *w)
{
	struct nlmsghdr *h;
	ssize_t n;

	for (;;) {
		n = recv(w->fd, w->buf, sizeof w->buf, MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			w->count.lost++;
			continue;
		}
		if (n <= 0)
			return;
		for (h = (struct nlmsghdr *)w->buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			kwatch_event(w, h);
	}
}

void
kwatch_reset(struct kwatch *w)
{
	w->count = (struct kcount){ 0 };
}

struct kcount
kwatch_count(const struct kwatch *w)
{
	return w->count;
}

uint32_t
kwatch_held(const struct kwatch *w, enum held kind)
{
	return w->held[kind].have;
}

uint32_t
kwatch_hops(const struct kwatch *w)
{
	return w->hops;
}

void
kwatch_seek(struct kwatch *w, uint32_t route, uint32_t vtep)
{
	w->sought = route;
	w->sought_vtep = htonl(vtep);
	w->found = false;
}

bool
kwatch_found(const struct kwatch *w)
{
	return w->found;
}
