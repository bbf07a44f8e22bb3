/* SPDX-License-Identifier: ISC */
/* The doctor's checks: sysctls, MTUs, MACs, addresses and ports that EVPN on Linux needs. */
#include "config.h"

#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "zebra-lite/doctor.h"
#include "zebra-lite/sysctl.h"

/* Outer Ethernet, IP, UDP and VXLAN headers beside the inner Ethernet header (RFC 7348 5). */
#define OVERHEAD_IPV4 50
#define OVERHEAD_IPV6 70

static bool
has_family(const struct iface_link *k, uint8_t len)
{
	for (uint32_t i = 0; i < k->naddrs; i++)
		if (k->addrs[i].addr.ip.len == len &&
		    !ip_is_linklocal(k->addrs[i].addr.ip))
			return true;
	return false;
}

/* What the kernel sends on behalf of packets that it forwards has a link-local source; without
 * one it sends nothing. */
static void
check_linklocal(struct doctor *d, const struct iface_link *k, uint32_t vni)
{
	if (!has_family(k, 16))
		return;
	for (uint32_t i = 0; i < k->naddrs; i++)
		if (k->addrs[i].addr.ip.len == 16 && ip_is_linklocal(k->addrs[i].addr.ip))
			return;
	doctor_found(d, ZL_FIND_NO_LINKLOCAL, k->l.name, vni,
	    "an IPv6 address, but no link-local one");
}

/* --- the whole machine --- */

/* A device that carries the underlay, as far as one can tell: it has an address, and is neither a
 * part of the overlay nor a tenant's. */
static bool
is_underlay(const struct iface *f, const struct iface_link *k)
{
	const struct iface_link *lower;

	if (!(k->l.flags & IFF_UP) || k->l.flags & IFF_LOOPBACK || k->l.master != 0 ||
	    k->naddrs == 0 || k->l.mtu == 0)
		return false;
	lower = k->l.lower ? iface_find(f, k->l.lower) : NULL;
	switch (k->l.kind) {
	case NL_KIND_OTHER:
		return true;
	case NL_KIND_VLAN:
		return !lower || lower->l.kind != NL_KIND_BRIDGE;
	default:
		return false;
	}
}

const struct iface_link *
doctor_underlay(const struct iface *f, struct ip vtep)
{
	const struct iface_link *best = NULL;

	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(f, h);

		if (!is_underlay(f, k))
			continue;
		for (uint32_t i = 0; i < k->naddrs; i++)
			if (ip_equal(k->addrs[i].addr.ip, vtep))
				return k;
		if (!best || k->l.mtu > best->l.mtu)
			best = k;
	}
	return best;
}

static void
find_underlay(struct doctor *d)
{
	d->underlay_mtu = 0;
	d->underlay[0] = '\0';
	for (uint32_t h = 0; (h = slab_next(&d->iface->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(d->iface, h);

		if (!is_underlay(d->iface, k))
			continue;
		if (d->underlay_mtu == 0 || k->l.mtu < d->underlay_mtu) {
			d->underlay_mtu = k->l.mtu;
			snprintf(d->underlay, sizeof d->underlay, "%s", k->l.name);
		}
	}
}

/* The kernel refuses more than gc_thresh3 neighbours that were learnt; ours do not count. */
static void
check_neighbours(struct doctor *d)
{
	static const struct {
		const char *family; /* of the sysctl */
		uint8_t len;	    /* of addresses */
	} tables[] = { { "ipv4", 4 }, { "ipv6", 16 } };
	unsigned n[ARRAY_LEN(tables)] = { 0 };

	for (uint32_t h = 0; (h = slab_next(&d->obs->neighs.slab, h)) != 0;) {
		const struct obs_neigh *e = slab_ptr(&d->obs->neighs.slab, h);

		if (e->o.flags & OBS_F_KERNEL && !(e->o.flags & OBS_F_FIXED))
			n[e->ip.len == tables[1].len]++;
	}
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		char path[64];
		long max;

		snprintf(path, sizeof path, "/proc/sys/net/%s/neigh/default/gc_thresh3",
		    tables[i].family);
		max = sysctl_number(path);
		if (max > 0 && n[i] > (unsigned long)max * 8 / 10)
			doctor_found(d, ZL_FIND_GC_THRESH, tables[i].family, 0,
			    "%u neighbours, net.%s.neigh.default.gc_thresh3 = %ld", n[i],
			    tables[i].family, max);
	}
}

/* Macvlans above an SVI are anycast gateways: the same address on every leaf is meant. */
static void
check_gateways(struct doctor *d)
{
	for (uint32_t h = 0; (h = slab_next(&d->iface->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(d->iface, h);

		if (k->l.kind != NL_KIND_MACVLAN || !has_family(k, 16) ||
		    !iface_may_be_svi(d->iface, k->l.lower))
			continue;
		check_linklocal(d, k, 0);
		if (sysctl_conf("ipv6", k->l.name, "accept_dad") > 0)
			doctor_found(d, ZL_FIND_DAD, k->l.name, 0,
			    "net.ipv6.conf.%s.accept_dad is not 0", k->l.name);
	}
}

void
doctor_check_machine(struct doctor *d)
{
	d->own = (struct ip){ .len = 0 };
	d->rp_filter = sysctl_conf("ipv4", "all", "rp_filter");
	d->arp_accept = sysctl_conf("ipv4", "all", "arp_accept");
	find_underlay(d);
	check_gateways(d);
	check_neighbours(d);
}

/* --- a VNI --- */

/* Most VNIs have the same address: the last one that was found is kept for the round. */
static bool
is_own_address(struct doctor *d, struct ip ip)
{
	if (ip_equal(d->own, ip))
		return true;
	for (uint32_t h = 0; (h = slab_next(&d->iface->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(d->iface, h);

		for (uint32_t i = 0; k->l.flags & IFF_UP && i < k->naddrs; i++) {
			if (!ip_equal(k->addrs[i].addr.ip, ip))
				continue;
			d->own = ip;
			return true;
		}
	}
	return false;
}

static void
check_tunnel(struct doctor *d, const struct zl_vni *z)
{
	char ip[IP_STRLEN];

	if (z->flags & ZL_VNI_LEARNING)
		doctor_found(d, ZL_FIND_LEARNING, z->vxlan, z->vni, "learning is on");
	if (z->flags & ZL_VNI_NO_SUPPRESS && z->svi_ifindex)
		doctor_found(
		    d, ZL_FIND_SUPPRESS, z->vxlan, z->vni, "neigh_suppress is off");
	if (z->local.len == 0)
		doctor_found(d, ZL_FIND_NO_LOCAL, z->vxlan, z->vni, "no local address");
	else if (!is_own_address(d, z->local))
		doctor_found(d, ZL_FIND_VTEP_ABSENT, z->vxlan, z->vni,
		    "local %s is on no interface that is up", ip_format(z->local, ip));
}

static void
check_mtu(struct doctor *d, const struct zl_vni *z)
{
	const struct iface_link *vx = iface_find(d->iface, z->vxlan_ifindex);
	const struct iface_link *top =
	    iface_find(d->iface, z->svi_ifindex ? z->svi_ifindex : z->bridge_ifindex);
	unsigned over = z->local.len == 16 ? OVERHEAD_IPV6 : OVERHEAD_IPV4;

	if (!vx || !top || top->l.mtu == 0)
		return;
	if (vx->l.mtu < top->l.mtu)
		doctor_found(d, ZL_FIND_MTU_PORT, z->vxlan, z->vni,
		    "MTU %u, tenants' on %s %u", vx->l.mtu, top->l.name, top->l.mtu);
	else if (d->underlay_mtu && top->l.mtu + over > d->underlay_mtu)
		doctor_found(d, ZL_FIND_MTU_UNDERLAY, z->svi_ifindex ? z->svi : z->bridge,
		    z->vni, "MTU %u and %u of VXLAN; %s has %u", top->l.mtu, over,
		    d->underlay, d->underlay_mtu);
}

static void
check_forwarding(struct doctor *d, const struct zl_vni *z, const struct iface_link *svi)
{
	bool v4 = has_family(svi, 4) || (z->vrf[0] && svi->naddrs == 0);
	bool v6 = has_family(svi, 16);

	if (v4 && sysctl_conf("ipv4", z->svi, "forwarding") == 0)
		doctor_found(d, ZL_FIND_FORWARDING, z->svi, z->vni,
		    "net.ipv4.conf.%s.forwarding = 0", z->svi);
	else if (v6 && sysctl_conf("ipv6", z->svi, "forwarding") == 0)
		doctor_found(d, ZL_FIND_FORWARDING, z->svi, z->vni,
		    "net.ipv6.conf.%s.forwarding = 0", z->svi);
}

static void
check_sysctls(struct doctor *d, const struct zl_vni *z, const struct iface_link *svi)
{
	long own = z->vrf[0] ? sysctl_conf("ipv4", z->svi, "rp_filter") : 0;

	/* The kernel takes the larger of both; 2 is the loose form. */
	if (z->vrf[0] && MAX(d->rp_filter, own) == 1)
		doctor_found(d, ZL_FIND_RP_FILTER, z->svi, z->vni,
		    "net.ipv4.conf.%s.rp_filter = 1", own == 1 ? z->svi : "all");
	if (d->arp_accept == 0 && has_family(svi, 4) &&
	    sysctl_conf("ipv4", z->svi, "arp_accept") == 0)
		doctor_found(d, ZL_FIND_ARP_ACCEPT, z->svi, z->vni,
		    "net.ipv4.conf.%s.arp_accept = 0", z->svi);
	if (has_family(svi, 16) &&
	    sysctl_conf("ipv6", z->svi, "accept_untracked_na") == 0)
		doctor_found(d, ZL_FIND_UNTRACKED_NA, z->svi, z->vni,
		    "net.ipv6.conf.%s.accept_untracked_na = 0", z->svi);
}

/* A bridge whose MAC nobody set takes that of a port: the router MAC of its VRF would change
 * when ports come and go. */
static void
check_router_mac(struct doctor *d, const struct zl_vni *z, const struct iface_link *svi)
{
	const struct iface_link *low =
	    svi->l.kind == NL_KIND_VLAN ? iface_find(d->iface, svi->l.lower) : NULL;
	const char *name =
	    low && mac_equal(low->l.mac, svi->l.mac) ? low->l.name : z->svi;
	char path[64];
	long type;

	if (!z->vrf[0])
		return;
	snprintf(path, sizeof path, "/sys/class/net/%s/addr_assign_type", name);
	type = sysctl_number(path);
	/* 1: random, 2: stolen from another device (NET_ADDR_* of the kernel) */
	if (type == 1 || type == 2)
		doctor_found(d, ZL_FIND_ROUTER_MAC, name, z->vni,
		    "nobody has set the MAC of %s", name);
}

/* The kernel has the port itself for a VXLAN device that is up. */
static bool
port_is_vxlan(const struct iface *f, uint16_t port)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct nl_link *l = &iface_link_ptr(f, h)->l;

		if (l->kind == NL_KIND_VXLAN && l->flags & IFF_UP &&
		    l->vxlan.dstport == port)
			return true;
	}
	return false;
}

/* Is there a socket on this UDP port? */
static bool
port_taken(const char *table, uint16_t port)
{
	FILE *f = fopen(table, "re");
	char line[512];
	bool taken = false;

	while (f && !taken && fgets(line, sizeof line, f)) {
		unsigned p;

		if (sscanf(line, " %*d: %*[0-9A-Fa-f]:%x ", &p) == 1)
			taken = p == port;
	}
	if (f)
		fclose(f);
	return taken;
}

bool
doctor_port_taken(const struct iface *f, uint16_t port)
{
	return !port_is_vxlan(f, port) &&
	       (port_taken("/proc/net/udp", port) || port_taken("/proc/net/udp6", port));
}

static void
check_down(struct doctor *d, const struct zl_vni *z)
{
	const struct iface_link *vx = iface_find(d->iface, z->vxlan_ifindex);

	if (vx && !(vx->l.flags & IFF_UP) && doctor_port_taken(d->iface, z->dstport))
		doctor_found(d, ZL_FIND_PORT_TAKEN, z->vxlan, z->vni,
		    "another program has UDP port %u", z->dstport);
	doctor_found(d, ZL_FIND_VNI_DOWN, z->vxlan, z->vni, "%s", z->why_down);
}

void
doctor_check_vni(struct doctor *d, const struct iface_vni *v)
{
	const struct zl_vni *z = &v->z;
	const struct iface_link *svi;

	if (z->flags & ZL_VNI_GONE)
		return;
	if (!(z->flags & ZL_VNI_UP)) {
		check_down(d, z);
		return;
	}
	check_tunnel(d, z);
	check_mtu(d, z);
	svi = z->svi_ifindex ? iface_find(d->iface, z->svi_ifindex) : NULL;
	if (!svi)
		return;
	check_forwarding(d, z, svi);
	check_sysctls(d, z, svi);
	check_linklocal(d, svi, z->vni);
	check_router_mac(d, z, svi);
}
