/* SPDX-License-Identifier: ISC */
/* A bare program's writes for layer 2: FDB entries, neighbours, links. */
#include "config.h"

#include "tests/bench/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/batch.h"
#include "tests/bench/load.h"

static void
neigh_begin(struct batch *b, bool add, uint8_t family, uint32_t ifindex, uint8_t flags,
    uint16_t state)
{
	struct ndmsg nd = { .ndm_family = family,
		.ndm_ifindex = (int)ifindex,
		.ndm_flags = flags,
		.ndm_state = state,
		.ndm_type = family == AF_BRIDGE ? 0 : RTN_UNICAST };

	batch_begin(b, add ? RTM_NEWNEIGH : RTM_DELNEIGH,
	    add ? NLM_F_CREATE | NLM_F_REPLACE : 0, &nd, sizeof nd);
}

static uint32_t *
indices_of(const struct load_conf *c, const char *prefix)
{
	uint32_t *ix = calloc(c->vnis, sizeof *ix);
	char name[IF_NAMESIZE];
	unsigned int v;

	if (!ix)
		abort();
	for (v = 0; v < c->vnis; v++) {
		snprintf(name, sizeof name, "%s%u", prefix, c->vni_base + v);
		ix[v] = if_nametoindex(name);
	}
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

static void
put_fdb(struct batch *b, bool add, uint32_t ifindex, uint8_t flags, uint16_t state,
    uint32_t route, uint32_t vtep)
{
	uint8_t mac[6];

	neigh_begin(b, add, AF_BRIDGE, ifindex, flags, state);
	mac_of(mac, route);
	batch_attr(b, NDA_LLADDR, mac, sizeof mac);
	if (vtep)
		batch_u32(b, NDA_DST, htonl(vtep));
}

static void
put_neigh(struct batch *b, bool add, uint32_t ifindex, uint32_t route)
{
	uint8_t mac[6];

	neigh_begin(b, add, AF_INET, ifindex, NTF_EXT_LEARNED, NUD_NOARP);
	mac_of(mac, route);
	batch_u32(b, NDA_DST, htonl(0x0a000000 | (route & 0xffffff)));
	batch_attr(b, NDA_LLADDR, mac, sizeof mac);
}

int
kernel_macs(const struct load_conf *c, uint32_t n, bool add)
{
	uint32_t *ports = indices_of(c, c->host_ports), i;
	struct batch *b = batch_new();
	int err = 0;

	/* A route's VNI by its number modulo the VNIs: the MACs come to all bridges at once. */
	for (i = 0; i < n && !err; i++) {
		put_fdb(b, add, ports[i % c->vnis], NTF_MASTER, NUD_REACHABLE, i, 0);
		if (batch_full(b, 1))
			err = batch_flush(b);
	}
	if (!err)
		err = batch_flush(b);
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
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		v = gen_vni_of(c, i);
		put_fdb(b, add, vx[v], NTF_MASTER | NTF_SELF | NTF_EXT_LEARNED,
		    NUD_REACHABLE, i, nexthop ? 0 : VTEP(0));
		if (nexthop && add)
			batch_u32(b, NDA_NH_ID, nexthop);
		put_neigh(b, add, br[v], i);
		if (batch_full(b, 2))
			err = batch_flush(b);
	}
	if (!err)
		err = batch_flush(b);
	if (err)
		fprintf(stderr, "bgpload: the kernel said %s\n", strerror(-err));
	batch_free(b);
	free(vx);
	free(br);
	return err;
}

int
kernel_moves(const struct load_conf *c, struct kwatch *w, uint32_t n, uint32_t stride,
    double *took)
{
	uint32_t *vx = indices_of(c, "vx"), i, route;
	struct pollfd p = { .fd = kwatch_fd(w), .events = POLLIN };
	struct batch *b = batch_new();
	double start;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		route = i * stride;
		kwatch_seek(w, route, VTEP(1));
		start = now_s();
		put_fdb(b, true, vx[gen_vni_of(c, route)], NTF_SELF | NTF_EXT_LEARNED,
		    NUD_REACHABLE, route, VTEP(1));
		err = batch_flush(b);
		while (!err && !kwatch_found(w)) {
			if (poll(&p, 1, 5000) <= 0)
				err = -ETIMEDOUT;
			kwatch_read(w);
		}
		took[i] = now_s() - start;
	}
	batch_free(b);
	free(vx);
	return err;
}

int
kernel_links(const struct load_conf *c, const char *prefix, bool up)
{
	uint32_t *ix = indices_of(c, prefix), v;
	struct batch *b = batch_new();
	int err = 0;

	for (v = 0; v < c->vnis && !err; v++) {
		struct ifinfomsg m = { .ifi_index = (int)ix[v],
			.ifi_flags = up ? IFF_UP : 0,
			.ifi_change = IFF_UP };

		batch_begin(b, RTM_NEWLINK, 0, &m, sizeof m);
		if (batch_full(b, 1))
			err = batch_flush(b);
	}
	if (!err)
		err = batch_flush(b);
	batch_free(b);
	free(ix);
	return err;
}
