/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_diff.c: wanted devices against those of the kernel. */
#include "config.h"

#include "zebra-lite/prov_diff_priv.h"

#include <linux/if.h>
#include <linux/ip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

static const struct prov_conf confs[] = {
	{ "ipv4", "forwarding", IPV4_DEVCONF_FORWARDING, PROV_ROUTED, false, 1 },
	{ "ipv4", "rp_filter", IPV4_DEVCONF_RP_FILTER, PROV_ROUTED, false, 0 },
	{ "ipv4", "arp_accept", IPV4_DEVCONF_ARP_ACCEPT, PROV_GATEWAY, false, 1 },
	{ "ipv6", "accept_untracked_na", 0, PROV_GATEWAY, true, 1 },
	{ "ipv6", "forwarding", 0, PROV_GATEWAY, true, 1 },
	{ "ipv6", "forwarding", 0, 0, true, 1 },
};

/* ---- steps ---- */

struct prov_step *
prov_step(struct diff *d, enum prov_op op, const struct prov_dev *dev,
    const struct iface_link *k)
{
	struct prov_steps *o = d->out;
	struct prov_step *s;

	if (o->n == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 64;
		o->s = xrealloc(o->s, o->cap * sizeof o->s[0]);
	}
	s = &o->s[o->n++];
	*s = (struct prov_step){ .op = op, .dev = dev, .ifindex = k ? k->l.ifindex : 0 };
	snprintf(s->subject, sizeof s->subject, "%s",
	    k	  ? k->l.name
	    : dev ? dev->name
		  : "");
	return s;
}

void
prov_steps_fini(struct prov_steps *steps)
{
	for (uint32_t i = 0; i < steps->n; i++)
		free(steps->s[i].text);
	free(steps->s);
	*steps = (struct prov_steps){ 0 };
}

/* ---- links by name ---- */

static uint32_t
name_hash(const char *name)
{
	return hash32(name, strlen(name));
}

const struct iface_link *
prov_diff_link(const struct diff *d, const char *name)
{
	struct hidx_it it = hidx_first(&d->names, name_hash(name));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (strcmp(iface_link_ptr(d->in->f, h)->l.name, name) == 0)
			return iface_link_ptr(d->in->f, h);
	return NULL;
}

static uint32_t
ifindex_of(const struct diff *d, const char *name)
{
	const struct iface_link *k = name[0] ? prov_diff_link(d, name) : NULL;

	return k ? k->l.ifindex : 0;
}

/* ---- what a device is ---- */

/* Whether what cannot be changed is as it should be. */
static bool
same_kind(const struct diff *d, const struct prov_dev *w, const struct nl_link *l)
{
	if (l->kind != w->d.kind)
		return false;
	switch (w->d.kind) {
	case NL_KIND_BRIDGE:
		return l->vlan_filtering == w->d.vlan_filtering;
	case NL_KIND_VXLAN:
		return l->vxlan.external == w->d.external &&
		       l->vxlan.vnifilter == w->d.external && l->vxlan.vni == w->d.vni &&
		       l->vxlan.dstport == w->d.dstport &&
		       l->vxlan.local.len == w->d.local.len && !l->vxlan.learning;
	case NL_KIND_VLAN:
		return l->vlan_id == w->d.vid && l->lower == ifindex_of(d, w->lower);
	case NL_KIND_VRF:
		return l->vrf_table == w->d.table;
	default:
		return true;
	}
}

static unsigned
to_set(const struct diff *d, const struct prov_dev *w, const struct nl_link *l)
{
	uint32_t master = ifindex_of(d, w->master);
	unsigned what = 0;

	if (w->master[0] && (master == 0 || l->master != master))
		what |= NL_DEV_MASTER;
	if (!(l->flags & IFF_UP))
		what |= NL_DEV_UP;
	if (w->flags & (PROV_PORT | PROV_ADOPTED))
		return what;
	if (!l->ours)
		what |= NL_DEV_MARK;
	if (!mac_is_zero(w->d.mac) && !mac_equal(w->d.mac, l->mac))
		what |= NL_DEV_MAC;
	if (w->d.mtu && w->d.mtu != l->mtu)
		what |= NL_DEV_MTU;
	if (l->addrgen && w->d.kind != NL_KIND_VRF)
		what |= NL_DEV_ADDRGEN;
	if (w->d.kind == NL_KIND_VXLAN && !ip_equal(w->d.local, l->vxlan.local))
		what |= NL_DEV_LOCAL;
	return what;
}

/* ---- what is at a device ---- */

static void
diff_vlans(
    struct diff *d, const struct prov_dev *w, const struct iface_link *k, bool later)
{
	bool bridge = w->d.kind == NL_KIND_BRIDGE;
	struct prov_step *s;
	uint32_t i = 0, j = 0;

	/* Both are sorted by VLAN. */
	while (i < w->nvlans || (k && j < k->nvlans)) {
		const struct prov_vlan *a = i < w->nvlans ? &w->vlans[i] : NULL;
		const struct iface_vlan *b = k && j < k->nvlans ? &k->vlans[j] : NULL;

		if (b && (!a || b->vid < a->vid)) {
			/* In a bridge of others the VLANs of others stay. */
			if (!(bridge && w->flags & PROV_ADOPTED)) {
				s = prov_step(d, PROV_VLAN_DEL, w, k);
				s->vlan.vid = b->vid;
				s->later = later;
			}
			j++;
			continue;
		}
		if (b && b->vid == a->vid) {
			bool other = a->vni && b->vni && a->vni != b->vni;

			j++;
			i++;
			if (!other && a->vni == b->vni &&
			    (bridge ||
				(a->untagged == b->pvid && a->untagged == b->untagged)))
				continue;
			/* The kernel does not change a mapping: it goes first. */
			s = prov_step(d, other ? PROV_VLAN_DEL : PROV_VLAN, w, k);
		} else {
			i++;
			s = prov_step(d, PROV_VLAN, w, k);
		}
		s->vlan = *a;
		s->later = later;
	}
}

static bool
wants_vni(const struct prov_dev *w, uint32_t vni)
{
	for (uint32_t i = 0; i < w->nvlans; i++)
		if (w->vlans[i].vni == vni)
			return true;
	return false;
}

/* The VNI filter; what is there too many is looked for only if there must be something. */
static void
diff_filter(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	uint32_t there = 0, found = 0;
	struct prov_step *s;

	for (uint32_t i = 0; i < w->nvlans; i++) {
		if (k && iface_in_filter(k, w->vlans[i].vni)) {
			found++;
			continue;
		}
		s = prov_step(d, PROV_VNI, w, k);
		s->vlan = w->vlans[i];
	}
	for (uint32_t i = 0; k && i < k->nvnis; i++)
		there += k->vnis[i].last - k->vnis[i].vni + 1;
	if (there == found)
		return;
	for (uint32_t i = 0; i < k->nvnis; i++)
		for (uint32_t v = k->vnis[i].vni; v <= k->vnis[i].last; v++)
			if (!wants_vni(w, v)) {
				s = prov_step(d, PROV_VNI_DEL, w, k);
				s->vlan.vni = v;
			}
}

static bool
prefix_equal(struct prefix a, struct prefix b)
{
	return a.plen == b.plen && ip_equal(a.ip, b.ip);
}

static void
diff_addrs(
    struct diff *d, const struct prov_dev *w, const struct iface_link *k, bool later)
{
	const struct prefix *want = d->in->want->addrs + w->addr_at;
	struct prov_step *s;
	uint32_t i, j;

	for (j = 0; k && j < k->naddrs; j++) {
		for (i = 0; i < w->naddrs; i++)
			if (prefix_equal(want[i], k->addrs[j].addr))
				break;
		if (i == w->naddrs && k->addrs[j].ours) {
			s = prov_step(d, PROV_ADDR_DEL, w, k);
			s->addr = k->addrs[j].addr;
		}
	}
	for (i = 0; i < w->naddrs; i++) {
		for (j = 0; k && j < k->naddrs; j++)
			if (prefix_equal(want[i], k->addrs[j].addr))
				break;
		if (k && j < k->naddrs)
			continue;
		s = prov_step(d, PROV_ADDR, w, k);
		s->addr = want[i];
		s->later = later;
	}
}

static void
diff_brport(
    struct diff *d, const struct prov_dev *w, const struct iface_link *k, bool later)
{
	bool suppress = w->flags & PROV_SUPPRESS;

	if (k && k->l.port_known && !k->l.port_learning &&
	    k->l.port_suppress == suppress && k->l.port_tunnel == w->d.external)
		return;
	prov_step(d, PROV_BRPORT, w, k)->later = later;
}

/* -1: there is none. */
static long
conf_now(const struct prov_conf *c, const char *ifname)
{
	char path[128];
	long v = -1;
	FILE *f;

	snprintf(
	    path, sizeof path, "/proc/sys/net/%s/conf/%s/%s", c->family, ifname, c->name);
	f = fopen(path, "re");
	if (f && fscanf(f, "%ld", &v) != 1)
		v = -1;
	if (f)
		fclose(f);
	return v;
}

static void
diff_conf(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	bool six = false;

	for (uint32_t i = 0; i < w->naddrs; i++)
		six |= d->in->want->addrs[w->addr_at + i].ip.len == 16;
	for (size_t i = 0; i < ARRAY_LEN(confs); i++) {
		long now;

		if (!(w->flags & confs[i].flags) || (confs[i].ipv6 && !six))
			continue;
		now = k ? conf_now(&confs[i], w->name) : 0;
		if (now != confs[i].value && now >= 0)
			prov_step(d, PROV_CONF, w, k)->conf = &confs[i];
	}
}

/* ---- one device ---- */

static void
diff_dev(struct diff *d, const struct prov_dev *w)
{
	const struct iface_link *k = prov_diff_link(d, w->name);
	bool later = !k;
	unsigned what;

	if (!prov_check_place(d, w, k))
		return;
	if (!k || (w->d.kind == NL_KIND_VXLAN && k->l.vxlan.dstport != w->d.dstport))
		prov_check_conflicts(d, w);
	prov_check_addrs(d, w, k);
	if (k && !(w->flags & (PROV_PORT | PROV_ADOPTED)) && !same_kind(d, w, &k->l)) {
		prov_step(d, PROV_DEL, NULL, k);
		k = NULL;
	}
	if (!k)
		prov_step(d, PROV_NEW, w, NULL)->later =
		    w->lower[0] && !ifindex_of(d, w->lower);
	what = k ? to_set(d, w, &k->l) : NL_DEV_UP | (w->master[0] ? NL_DEV_MASTER : 0u);
	if (what) {
		struct prov_step *s = prov_step(d, PROV_SET, w, k);

		s->what = what;
		s->later = !k || (what & NL_DEV_MASTER && !ifindex_of(d, w->master));
		later = true;
	}
	if (w->d.kind == NL_KIND_VXLAN)
		diff_brport(d, w, k, later);
	if (w->d.vlan_filtering || w->d.external ||
	    (w->flags & PROV_PORT && !(w->flags & PROV_ROUTED)))
		diff_vlans(d, w, k, later);
	if (w->d.external)
		diff_filter(d, w, k);
	diff_addrs(d, w, k, later);
	if (d->in->conf || !k)
		diff_conf(d, w, k);
}

/* ---- all of them ---- */

/* Devices of ours that are wanted no more: what stands on others goes first. */
static void
diff_gone(struct diff *d)
{
	static const enum nl_kind order[] = { NL_KIND_VLAN, NL_KIND_VXLAN, NL_KIND_BRIDGE,
		NL_KIND_VRF };
	const struct iface *f = d->in->f;

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
			const struct iface_link *k = iface_link_ptr(f, h);

			if (k->l.ours && k->l.kind == order[i] &&
			    !prov_want_find(d->in->want, k->l.name))
				prov_step(d, PROV_DEL, NULL, k);
		}
}

/* Addresses that we put at devices of others: they carry our number. */
static void
diff_strays(struct diff *d)
{
	const struct iface *f = d->in->f;

	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(f, h);

		if (k->l.ours || prov_want_find(d->in->want, k->l.name))
			continue;
		for (uint32_t i = 0; i < k->naddrs; i++)
			if (k->addrs[i].ours)
				prov_step(d, PROV_ADDR_DEL, NULL, k)->addr =
				    k->addrs[i].addr;
	}
}

static bool
is_found(const struct diff *d, const char *bridge, uint16_t vid)
{
	const struct prov_found *f = d->in->found;

	return f && strcmp(f->bridge, bridge) == 0 && f->vids[vid / 8] & 1u << vid % 8;
}

static bool
has_vlan(const struct iface_link *k, uint16_t vid)
{
	for (uint32_t i = 0; k && i < k->nvlans; i++)
		if (k->vlans[i].vid == vid)
			return true;
	return false;
}

/* What our VXLAN device carries already was ours before a restart. */
static void
find_at(const struct prov_diff *in, const struct prov_dev *w, struct prov_found *found)
{
	const struct prov_dev *had = prov_want_find(in->before, w->name);
	const struct iface_link *k = prov_link(in->f, w->name);
	const struct iface_link *vx = prov_link(in->f, PROV_VXLAN_NAME);

	if (strcmp(found->bridge, w->name) != 0) {
		*found = (struct prov_found){ 0 };
		memcpy(found->bridge, w->name, sizeof w->name);
	}
	for (uint32_t i = 0; i < w->nvlans; i++) {
		uint16_t vid = w->vlans[i].vid;

		if (had && prov_vlan_find(had, vid))
			continue;
		found->vids[vid / 8] &= (uint8_t) ~(1u << vid % 8);
		if (has_vlan(k, vid) && !(vx && vx->l.ours && has_vlan(vx, vid)))
			found->vids[vid / 8] |= (uint8_t)(1u << vid % 8);
	}
}

void
prov_find(const struct prov_diff *in, struct prov_found *found)
{
	for (uint32_t i = 0; i < in->want->ndevs; i++) {
		const struct prov_dev *w = &in->want->devs[i];

		if (w->d.kind == NL_KIND_BRIDGE && w->flags & PROV_ADOPTED)
			find_at(in, w, found);
	}
}

/* VLANs that we put at a bridge of others. */
static void
diff_adopted(struct diff *d)
{
	const struct prov_want *b = d->in->before;

	for (uint32_t i = 0; i < b->ndevs; i++) {
		const struct prov_dev *w = &b->devs[i], *now;
		const struct iface_link *k = prov_diff_link(d, w->name);

		if (!(w->flags & PROV_ADOPTED) || w->d.kind != NL_KIND_BRIDGE || !k)
			continue;
		now = prov_want_find(d->in->want, w->name);
		for (uint32_t v = 0, j = 0; v < w->nvlans; v++) {
			while (j < k->nvlans && k->vlans[j].vid < w->vlans[v].vid)
				j++;
			if (j < k->nvlans && k->vlans[j].vid == w->vlans[v].vid &&
			    !(now && prov_vlan_find(now, w->vlans[v].vid)) &&
			    !is_found(d, w->name, w->vlans[v].vid))
				prov_step(d, PROV_VLAN_DEL, w, k)->vlan = w->vlans[v];
		}
	}
}

static void
diff_left(struct diff *d)
{
	for (uint32_t i = 0; i < d->in->nleft; i++) {
		const struct prov_left *l = &d->in->left[i];
		const struct iface_link *k = prov_diff_link(d, l->port);
		uint32_t bridge = ifindex_of(d, l->bridge);

		if (k && bridge && k->l.master == bridge &&
		    !prov_want_find(d->in->want, l->port))
			prov_step(d, PROV_RELEASE, NULL, k);
	}
}

/* Sysctls of the whole machine. */
static void
diff_all(struct diff *d)
{
	for (size_t i = 0; i < ARRAY_LEN(confs); i++)
		if (confs[i].flags == 0 && d->in->want->ipv6 && d->in->conf &&
		    conf_now(&confs[i], "all") != confs[i].value) {
			struct prov_step *s = prov_step(d, PROV_CONF, NULL, NULL);

			s->conf = &confs[i];
			strcpy(s->subject, "all");
		}
}

void
prov_diff(const struct prov_diff *in, struct prov_steps *steps)
{
	struct diff d = { .in = in, .out = steps };

	hidx_init(&d.names);
	for (uint32_t h = 0; (h = slab_next(&in->f->links, h)) != 0;)
		hidx_insert(&d.names, name_hash(iface_link_ptr(in->f, h)->l.name), h);
	/* Without the VTEP's address the table is not whole. */
	if (!in->want->waits) {
		diff_gone(&d);
		diff_strays(&d);
		diff_adopted(&d);
	}
	diff_left(&d);
	prov_check_machine(&d);
	diff_all(&d);
	for (uint32_t i = 0; i < in->want->ndevs; i++)
		diff_dev(&d, &in->want->devs[i]);
	hidx_fini(&d.names);
	free(d.theirs);
}
