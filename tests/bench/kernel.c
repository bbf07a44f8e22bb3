/* SPDX-License-Identifier: ISC */
/* The load tool's own netlink: writes of a bare program, and a count of what others write. */
#include "config.h"

#include "tests/bench/load.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 64 /* messages in a write; longer ones are slower for VXLAN entries */

/* --- watching -------------------------------------------------------------------------- */

struct kwatch {
	int fd;
	struct kcount count;
	uint8_t buf[256 * 1024];
};

struct kwatch *
kwatch_open(void)
{
	struct kwatch *w = calloc(1, sizeof *w);
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK };
	int group = RTNLGRP_NEIGH, big = 512 << 20;

	if (!w)
		abort();
	w->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (w->fd < 0 || bind(w->fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		abort();
	setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big);
	setsockopt(w->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group);
	return w;
}

void
kwatch_close(struct kwatch *w)
{
	if (w)
		close(w->fd);
	free(w);
}

int
kwatch_fd(const struct kwatch *w)
{
	return w->fd;
}

static bool
is_flood(const struct nlmsghdr *h, const struct ndmsg *nd)
{
	static const uint8_t zero[6];
	const struct rtattr *a =
	    (const void *)((const uint8_t *)nd + NLMSG_ALIGN(sizeof *nd));
	int len = (int)h->nlmsg_len - (int)NLMSG_SPACE(sizeof *nd);

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == NDA_LLADDR)
			return RTA_PAYLOAD(a) == 6 && !memcmp(RTA_DATA(a), zero, 6);
	return false;
}

static void
kwatch_event(struct kwatch *w, const struct nlmsghdr *h)
{
	const struct ndmsg *nd = NLMSG_DATA(h);
	bool add = h->nlmsg_type == RTM_NEWNEIGH;

	if (h->nlmsg_type != RTM_NEWNEIGH && h->nlmsg_type != RTM_DELNEIGH)
		return;
	if (nd->ndm_family != AF_BRIDGE)
		add ? w->count.neigh_new++ : w->count.neigh_del++;
	else if (!is_flood(h, nd))
		add ? w->count.fdb_new++ : w->count.fdb_del++;
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

/* --- writing --------------------------------------------------------------------------- */

struct batch {
	int fd;
	unsigned int messages;
	size_t len;
	uint8_t buf[BATCH * 192];
};

static void
batch_attr(
    struct batch *b, struct nlmsghdr *h, uint16_t type, const void *data, size_t len)
{
	struct rtattr *a = (void *)(b->buf + b->len);

	a->rta_type = type;
	a->rta_len = (uint16_t)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	b->len += RTA_SPACE(len);
	h->nlmsg_len += (uint32_t)RTA_SPACE(len);
}

/* Sends the batch; its last message asked for an ACK, errors of others come before it. */
static int
batch_flush(struct batch *b, struct nlmsghdr *last)
{
	uint8_t buf[8192];
	struct nlmsghdr *h;
	uint32_t seq;
	int err = 0;
	ssize_t n;

	if (b->messages == 0)
		return 0;
	last->nlmsg_flags |= NLM_F_ACK;
	seq = last->nlmsg_seq;
	if (send(b->fd, b->buf, b->len, 0) < 0)
		return -errno;
	b->len = 0;
	b->messages = 0;
	for (;;) {
		n = recv(b->fd, buf, sizeof buf, 0);
		if (n < 0)
			return -errno;
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error && !err)
				err = e->error;
			if (h->nlmsg_seq == seq)
				return err;
		}
	}
}

static struct nlmsghdr *
batch_message(struct batch *b, bool add, uint8_t family, uint32_t ifindex, uint8_t flags,
    uint16_t state)
{
	static uint32_t seq;
	struct nlmsghdr *h = (void *)(b->buf + b->len);
	struct ndmsg *nd = NLMSG_DATA(h);

	memset(h, 0, NLMSG_SPACE(sizeof *nd));
	h->nlmsg_len = NLMSG_LENGTH(sizeof *nd);
	h->nlmsg_type = add ? RTM_NEWNEIGH : RTM_DELNEIGH;
	h->nlmsg_flags = NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_REPLACE : 0);
	h->nlmsg_seq = ++seq;
	nd->ndm_family = family;
	nd->ndm_ifindex = (int)ifindex;
	nd->ndm_flags = flags;
	nd->ndm_state = state;
	nd->ndm_type = family == AF_BRIDGE ? 0 : RTN_UNICAST;
	b->len += NLMSG_SPACE(sizeof *nd);
	b->messages++;
	return h;
}

static uint32_t
index_of(const char *prefix, uint32_t number)
{
	char name[IF_NAMESIZE];

	snprintf(name, sizeof name, "%s%u", prefix, number);
	return if_nametoindex(name);
}

static uint32_t *
indices_of(const struct load_conf *c, const char *prefix)
{
	uint32_t *ix = calloc(c->vnis, sizeof *ix);
	unsigned int v;

	if (!ix)
		abort();
	for (v = 0; v < c->vnis; v++)
		ix[v] = index_of(prefix, c->vni_base + v);
	return ix;
}

static void
mac_of(uint8_t mac[6], uint32_t route)
{
	mac[0] = 2;
	mac[1] = 0;
	route = htonl(route);
	memcpy(mac + 2, &route, 4);
}

static struct nlmsghdr *
put_fdb(struct batch *b, bool add, uint32_t ifindex, uint8_t flags, uint16_t state,
    uint32_t route, uint32_t vtep)
{
	struct nlmsghdr *h = batch_message(b, add, AF_BRIDGE, ifindex, flags, state);
	uint8_t mac[6];

	mac_of(mac, route);
	batch_attr(b, h, NDA_LLADDR, mac, sizeof mac);
	if (vtep) {
		vtep = htonl(vtep);
		batch_attr(b, h, NDA_DST, &vtep, sizeof vtep);
	}
	return h;
}

static struct nlmsghdr *
put_neigh(struct batch *b, bool add, uint32_t ifindex, uint32_t route)
{
	struct nlmsghdr *h =
	    batch_message(b, add, AF_INET, ifindex, NTF_EXT_LEARNED, NUD_NOARP);
	uint32_t ip = htonl(0x0a000000 | (route & 0xffffff));
	uint8_t mac[6];

	mac_of(mac, route);
	batch_attr(b, h, NDA_DST, &ip, sizeof ip);
	batch_attr(b, h, NDA_LLADDR, mac, sizeof mac);
	return h;
}

static struct batch *
batch_new(void)
{
	struct batch *b = calloc(1, sizeof *b);

	if (!b ||
	    (b->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) < 0)
		abort();
	return b;
}

static void
batch_free(struct batch *b)
{
	close(b->fd);
	free(b);
}

int
kernel_macs(const struct load_conf *c, uint32_t n, bool add)
{
	uint32_t *ports = indices_of(c, c->host_ports), i;
	struct batch *b = batch_new();
	struct nlmsghdr *h = NULL;
	int err = 0;

	/* A route's VNI by its number modulo the VNIs: the MACs come to all bridges at once. */
	for (i = 0; i < n && !err; i++) {
		h = put_fdb(b, add, ports[i % c->vnis], NTF_MASTER, NUD_REACHABLE, i, 0);
		if (b->messages == BATCH)
			err = batch_flush(b, h);
	}
	if (!err)
		err = batch_flush(b, h);
	batch_free(b);
	free(ports);
	return err;
}

int
kernel_bare(const struct load_conf *c, uint32_t n, const char *vxlan, const char *svi,
    uint32_t nexthop, bool add)
{
	uint32_t *vx = indices_of(c, vxlan), *br = indices_of(c, svi), i, v;
	struct batch *b = batch_new();
	struct nlmsghdr *h = NULL;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		v = gen_vni_of(c, i);
		h = put_fdb(b, add, vx[v], NTF_MASTER | NTF_SELF | NTF_EXT_LEARNED,
		    NUD_REACHABLE, i, nexthop ? 0 : 0x0a620001);
		if (nexthop && add)
			batch_attr(b, h, NDA_NH_ID, &nexthop, sizeof nexthop);
		h = put_neigh(b, add, br[v], i);
		if (b->messages + 2 > BATCH)
			err = batch_flush(b, h);
	}
	if (!err)
		err = batch_flush(b, h);
	if (err)
		fprintf(stderr, "bgpload: the kernel said %s\n", strerror(-err));
	batch_free(b);
	free(vx);
	free(br);
	return err;
}
