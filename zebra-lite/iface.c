/* SPDX-License-Identifier: ISC */
/* zebra-lite/iface.c: the table of links, and what belongs to a link. */
#include "config.h"

#include "zebra-lite/iface.h"

#include <linux/if.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

void
iface_init(struct iface *f, const struct iface_ops *ops, void *arg)
{
	memset(f, 0, sizeof *f);
	slab_init(&f->links, "link", sizeof(struct iface_link));
	slab_init(&f->vnis, "vni", sizeof(struct iface_vni));
	slab_init(&f->segs, "segment", sizeof(struct iface_seg));
	hidx_init(&f->by_ifindex);
	hidx_init(&f->by_vni);
	hidx_init(&f->by_seg);
	f->ops = ops;
	f->arg = arg;
	f->muted = true;
}

void
iface_fini(struct iface *f)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		struct iface_link *k = iface_link_ptr(f, h);

		free(k->vlans);
		free(k->vnis);
		free(k->addrs);
	}
	hidx_fini(&f->by_ifindex);
	hidx_fini(&f->by_vni);
	hidx_fini(&f->by_seg);
	slab_fini(&f->links);
	slab_fini(&f->vnis);
	slab_fini(&f->segs);
}

/* Links. */

static uint32_t
link_hash(uint32_t ifindex)
{
	return hash32(&ifindex, sizeof ifindex);
}

static uint32_t
link_handle(const struct iface *f, uint32_t ifindex)
{
	struct hidx_it it = hidx_first(&f->by_ifindex, link_hash(ifindex));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (iface_link_ptr(f, h)->l.ifindex == ifindex)
			return h;
	return 0;
}

static struct iface_link *
find(const struct iface *f, uint32_t ifindex)
{
	uint32_t h = ifindex ? link_handle(f, ifindex) : 0;

	return h ? iface_link_ptr(f, h) : NULL;
}

const struct iface_link *
iface_find(const struct iface *f, uint32_t ifindex)
{
	return find(f, ifindex);
}

const char *
iface_name(const struct iface *f, uint32_t ifindex)
{
	const struct iface_link *k = find(f, ifindex);

	return k ? k->l.name : "";
}

bool
iface_is_vxlan(const struct iface *f, uint32_t ifindex)
{
	const struct iface_link *k = find(f, ifindex);

	return k && k->l.kind == NL_KIND_VXLAN;
}

bool
iface_may_be_svi(const struct iface *f, uint32_t ifindex)
{
	const struct iface_link *k = find(f, ifindex), *lower;

	if (!k)
		return false;
	if (k->l.kind == NL_KIND_BRIDGE)
		return true;
	lower = k->l.kind == NL_KIND_VLAN ? find(f, k->l.lower) : NULL;
	return lower && lower->l.kind == NL_KIND_BRIDGE;
}

static void
link_addrs_gone(struct iface *f, struct iface_link *k)
{
	for (uint32_t i = 0; i < k->naddrs; i++)
		f->ops->on_addr(f->arg, k, k->addrs[i].addr, true);
	k->naddrs = 0;
}

static void
link_free(struct iface *f, uint32_t h)
{
	struct iface_link *k = iface_link_ptr(f, h);

	link_addrs_gone(f, k);
	if (f->ops->on_link)
		f->ops->on_link(f->arg, &k->l, NULL);
	free(k->vlans);
	free(k->vnis);
	free(k->addrs);
	hidx_remove(&f->by_ifindex, link_hash(k->l.ifindex), h);
	slab_free(&f->links, h);
}

static struct iface_link *
link_add(struct iface *f, uint32_t ifindex)
{
	uint32_t h = slab_alloc(&f->links);
	struct iface_link *k = iface_link_ptr(f, h);

	k->l.ifindex = ifindex;
	hidx_insert(&f->by_ifindex, link_hash(ifindex), h);
	return k;
}

static void
link_port_event(struct iface_link *k, const struct nl_link *l)
{
	k->l.port_known = true;
	k->l.port_suppress = l->port_suppress;
	k->l.port_learning = l->port_learning;
	k->l.port_tunnel = l->port_tunnel;
}

void
iface_link_event(struct iface *f, const struct nl_link *l)
{
	uint32_t h = link_handle(f, l->ifindex);
	struct iface_link *k = h ? iface_link_ptr(f, h) : NULL;
	struct nl_link old;
	bool newmac, added = false;

	f->changed = true;
	if (l->port_only) {
		if (k)
			link_port_event(k, l);
		return;
	}
	if (l->del) {
		if (h)
			link_free(f, h);
		return;
	}
	/* The number belongs to another device now, and the old one's end was missed. */
	if (k && k->l.kind != l->kind) {
		link_free(f, h);
		k = NULL;
	}
	if (!k) {
		k = link_add(f, l->ifindex);
		added = true;
	}
	newmac = !mac_equal(k->l.mac, l->mac);
	old = k->l;
	k->l = *l;
	k->seen = true;
	if (f->ops->on_link)
		f->ops->on_link(f->arg, added ? NULL : &old, &k->l);
	for (uint32_t i = 0; newmac && i < k->naddrs; i++)
		f->ops->on_addr(f->arg, k, k->addrs[i].addr, false);
}

/* Bridge VLANs. */

/* The first VLAN of the link that is not below vid. */
static uint32_t
vlan_pos(const struct iface_link *k, uint16_t vid)
{
	uint32_t lo = 0, hi = k->nvlans;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (k->vlans[mid].vid < vid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
vlans_del(struct iface_link *k, uint16_t vid, uint16_t last)
{
	uint32_t a = vlan_pos(k, vid), b = vlan_pos(k, (uint16_t)(last + 1));

	if (a == b)
		return;
	memmove(k->vlans + a, k->vlans + b, (k->nvlans - b) * sizeof k->vlans[0]);
	k->nvlans -= b - a;
}

static void
vlan_set(struct iface_link *k, struct iface_vlan v)
{
	uint32_t p = vlan_pos(k, v.vid);

	if (p == k->nvlans || k->vlans[p].vid != v.vid) {
		if ((k->nvlans & (k->nvlans - 1)) == 0)
			k->vlans = xrealloc(
			    k->vlans, MAX(1u, 2 * k->nvlans) * sizeof k->vlans[0]);
		memmove(
		    k->vlans + p + 1, k->vlans + p, (k->nvlans - p) * sizeof k->vlans[0]);
		k->nvlans++;
	}
	k->vlans[p] = v;
}

void
iface_vlan_event(void *arg, const struct nl_vlan *v)
{
	struct iface *f = arg;
	struct iface_link *k = find(f, v->ifindex);

	if (!k)
		return;
	/* VLANs of other ports say nothing about VNIs. */
	if (k->l.kind == NL_KIND_VXLAN || k->l.kind == NL_KIND_BRIDGE)
		f->changed = true;
	if (v->del) {
		vlans_del(k, v->vid, v->last);
		return;
	}
	/* There is one at most, and of the VLAN that is it no more the kernel does not tell. */
	for (uint32_t i = 0; v->pvid && i < k->nvlans; i++)
		k->vlans[i].pvid = false;
	for (uint32_t i = 0; i <= (uint32_t)(v->last - v->vid); i++) {
		struct iface_vlan e = { .vid = (uint16_t)(v->vid + i),
			.pvid = v->pvid,
			.untagged = v->untagged,
			.blocked = v->blocked,
			.vni = v->tunnel_vni ? v->tunnel_vni + i : 0 };

		vlan_set(k, e);
	}
}

/* VNI filters: a sorted list of disjoint ranges. */

static void
ranges_insert(struct iface_link *k, uint32_t at, struct iface_range r)
{
	if ((k->nvnis & (k->nvnis - 1)) == 0)
		k->vnis = xrealloc(k->vnis, MAX(1u, 2 * k->nvnis) * sizeof k->vnis[0]);
	memmove(k->vnis + at + 1, k->vnis + at, (k->nvnis - at) * sizeof k->vnis[0]);
	k->vnis[at] = r;
	k->nvnis++;
}

/* Takes [vni, last] out; returns where a range of these numbers belongs. */
static uint32_t
ranges_cut(struct iface_link *k, uint32_t vni, uint32_t last)
{
	uint32_t i = 0;

	while (i < k->nvnis) {
		struct iface_range *r = &k->vnis[i];

		if (r->last < vni) {
			i++;
		} else if (r->vni > last) {
			break;
		} else if (r->vni < vni && r->last > last) {
			struct iface_range tail = { last + 1, r->last };

			r->last = vni - 1;
			ranges_insert(k, i + 1, tail);
			return i + 1;
		} else if (r->vni < vni) {
			r->last = vni - 1;
			i++;
		} else if (r->last > last) {
			r->vni = last + 1;
			break;
		} else {
			memmove(r, r + 1, (k->nvnis - i - 1) * sizeof *r);
			k->nvnis--;
		}
	}
	return i;
}

void
iface_vnirange_event(void *arg, const struct nl_vnirange *r)
{
	struct iface *f = arg;
	struct iface_link *k = find(f, r->ifindex);
	uint32_t at;

	if (!k)
		return;
	f->changed = true;
	at = ranges_cut(k, r->vni, r->last);
	if (!r->del)
		ranges_insert(k, at, (struct iface_range){ r->vni, r->last });
}

/* Addresses. */

static uint32_t
addr_pos(const struct iface_link *k, struct prefix a)
{
	uint32_t i;

	for (i = 0; i < k->naddrs; i++)
		if (ip_equal(k->addrs[i].addr.ip, a.ip) &&
		    k->addrs[i].addr.plen == a.plen)
			break;
	return i;
}

void
iface_addr_event(struct iface *f, const struct nl_ifaddr *a)
{
	struct iface_link *k = find(f, a->ifindex);
	uint32_t i;

	if (!k)
		return;
	i = addr_pos(k, a->addr);
	/* An address that duplicate detection has not passed is not one yet (RFC 4862 5.4). */
	if (a->del || a->tentative) {
		if (i == k->naddrs)
			return;
		k->addrs[i] = k->addrs[--k->naddrs];
		f->ops->on_addr(f->arg, k, a->addr, true);
		return;
	}
	if (i < k->naddrs) {
		k->addrs[i].seen = true;
		k->addrs[i].ours = a->ours;
		return;
	}
	if ((k->naddrs & (k->naddrs - 1)) == 0)
		k->addrs =
		    xrealloc(k->addrs, MAX(1u, 2 * k->naddrs) * sizeof k->addrs[0]);
	k->addrs[k->naddrs++] = (struct iface_addr){ a->addr, a->ours, true };
	f->ops->on_addr(f->arg, k, a->addr, false);
}

/* Dumps. */

void
iface_dump_begin(struct iface *f)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		struct iface_link *k = iface_link_ptr(f, h);

		k->seen = false;
		for (uint32_t i = 0; i < k->naddrs; i++)
			k->addrs[i].seen = false;
		/* Nobody looks at these before iface_resolve(): they are said anew. */
		k->nvlans = 0;
		k->nvnis = 0;
	}
	f->changed = true;
}

static void
link_sweep_addrs(struct iface *f, struct iface_link *k)
{
	uint32_t i = 0;

	while (i < k->naddrs) {
		struct prefix a = k->addrs[i].addr;

		if (k->addrs[i].seen) {
			i++;
			continue;
		}
		k->addrs[i] = k->addrs[--k->naddrs];
		f->ops->on_addr(f->arg, k, a, true);
	}
}

void
iface_dump_end(struct iface *f)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		if (iface_link_ptr(f, h)->seen)
			link_sweep_addrs(f, iface_link_ptr(f, h));
		else
			link_free(f, h);
	}
}
