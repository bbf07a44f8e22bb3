/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_check.c: what stands in the way of wanted devices, and would be refused by the kernel or not work. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "zebra-lite/doctor.h"
#include "zebra-lite/prov_diff_priv.h"

/* Outer headers, see doctor_checks.c. */
#define OVERHEAD_IPV4 50
#define OVERHEAD_IPV6 70

/* What a problem is about: where the configuration says it. */
struct about {
	enum zl_prov_kind kind; /* FABRIC, TENANT, NETWORK, PORT, EXTERNAL */
	uint32_t vni;		/* of a tenant or network, 0: the subject names it */
	const char *leaf;	/* there, "" all of it */
};

/* New is what was not wanted before this commit. */
static void __attribute__((format(printf, 5, 6))) problem(struct diff *d,
    const char *subject, struct about about, bool fresh, const char *fmt, ...)
{
	struct prov_step *s = prov_step(d, PROV_PROBLEM, NULL, NULL);
	char text[ZL_STEP_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	snprintf(s->subject, sizeof s->subject, "%s", subject);
	s->text = xstrdup(text);
	s->error = fresh;
	s->kind = about.kind;
	s->vni = about.vni;
	s->leaf = about.leaf;
}

static struct about
about(const struct prov_dev *w, const char *leaf)
{
	return (struct about){ w->about, w->about_vni, leaf };
}

static bool
is_fresh(const struct diff *d, const char *name)
{
	return !d->in->had || !prov_want_find(d->in->had, name);
}

/* Whether it was a clash before. */
static bool
is_clash(const struct diff *d, const char *name)
{
	const struct prov_dev *had = d->in->had ? prov_want_find(d->in->had, name) : NULL;

	return had && had->flags & PROV_CLASH;
}

/* ---- one device ---- */

static bool
check_port(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	const struct iface_link *in =
	    k && k->l.master ? iface_find(d->in->f, k->l.master) : NULL;
	bool fresh = is_fresh(d, w->name);

	if (!k)
		problem(d, w->name, about(w, ""), fresh, "the port is not there");
	else if (in && !in->l.ours && strcmp(in->l.name, w->master) != 0)
		problem(d, w->name, about(w, ""), fresh,
		    "the port is in %s, which is not evpnd's", in->l.name);
	else
		return true;
	return false;
}

static bool
check_adopted(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	const char *leaf = w->d.kind == NL_KIND_VRF ? "adopt" : "bridge-adopt";
	bool fresh = is_fresh(d, w->name);

	if (!k)
		problem(
		    d, w->name, about(w, leaf), fresh, "to be adopted, and not there");
	else if (k->l.kind != w->d.kind)
		problem(d, w->name, about(w, leaf), fresh, "to be adopted, and not a %s",
		    w->d.kind == NL_KIND_VRF ? "VRF" : "bridge");
	else if (w->d.vlan_filtering && !k->l.vlan_filtering)
		problem(d, w->name, about(w, leaf), fresh,
		    "to be adopted, and does not filter VLANs");
	else
		return true;
	return false;
}

bool
prov_check_place(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	/* The device is had all the same. */
	if (w->flags & PROV_CLASH)
		problem(d, w->name, (struct about){ ZL_PROV_PORT, 0, "" },
		    !is_clash(d, w->name),
		    "is a device of evpnd's, and cannot be a port");
	if (w->flags & PROV_PORT)
		return check_port(d, w, k);
	if (w->flags & PROV_ADOPTED)
		return check_adopted(d, w, k);
	if (!k || k->l.ours)
		return true;
	problem(d, w->name,
	    about(w, w->about == ZL_PROV_FABRIC && w->d.kind == NL_KIND_BRIDGE ? "bridge"
									       : ""),
	    is_fresh(d, w->name), "is there already, and is not evpnd's");
	return false;
}

static bool
same_family(struct ip a, struct ip b)
{
	return (a.len == 16) == (b.len == 16);
}

/* The kernel has one socket for a port and a way of receiving, of each family; a device for all VNIs
 * has both families. */
static void
check_socket(struct diff *d, const struct prov_dev *w, const struct nl_link *l)
{
	const struct prov_want *had = d->in->had;
	bool fresh = is_fresh(d, w->name) || had->port != w->d.dstport;
	struct about where = about(w, "udp-port");

	if (l->vxlan.dstport != w->d.dstport ||
	    (!w->d.external && !l->vxlan.external &&
		!same_family(w->d.local, l->vxlan.local)))
		return;
	where.kind = ZL_PROV_FABRIC;
	if (l->vxlan.external != w->d.external || l->vxlan.vnifilter != w->d.external)
		problem(d, w->name, where, fresh,
		    "%s has UDP port %u, and receives in another way", l->name,
		    w->d.dstport);
	else if (l->vxlan.vni == w->d.vni)
		problem(d, w->name, where, fresh, "%s has UDP port %u for the same VNIs",
		    l->name, w->d.dstport);
}

/* A VLAN of a bridge that is somebody else's has one interface. */
static void
check_vlan(struct diff *d, const struct prov_dev *w, const struct nl_link *l)
{
	const struct iface_link *br = prov_diff_link(d, w->lower);

	if (br && l->lower == br->l.ifindex && l->vlan_id == w->d.vid)
		problem(d, w->name, about(w, "vlan"), is_fresh(d, w->name),
		    "VLAN %u of %s has the interface %s already", w->d.vid, w->lower,
		    l->name);
}

void
prov_check_conflicts(struct diff *d, const struct prov_dev *w)
{
	const struct iface *f = d->in->f;

	if (w->flags & (PROV_PORT | PROV_ADOPTED))
		return;
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct nl_link *l = &iface_link_ptr(f, h)->l;

		if (l->kind != w->d.kind || l->ours || strcmp(l->name, w->name) == 0)
			continue;
		if (l->kind == NL_KIND_VRF && l->vrf_table == w->d.table)
			problem(d, w->name, about(w, "vni"), is_fresh(d, w->name),
			    "its table %u is that of the VRF %s", w->d.table, l->name);
		else if (l->kind == NL_KIND_VXLAN)
			check_socket(d, w, l);
		else if (l->kind == NL_KIND_VLAN)
			check_vlan(d, w, l);
	}
}

/* ---- addresses ---- */

/* Once for each comparison, and only if an address is missing. */
static void
find_theirs(struct diff *d)
{
	const struct iface *f = d->in->f;

	d->knows_theirs = true;
	d->theirs = xcalloc(f->links.live + 1, sizeof d->theirs[0]);
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(f, h);

		if (!k->l.ours && k->l.master && k->naddrs)
			d->theirs[d->ntheirs++] = k;
	}
}

static bool
is_new_addr(const struct diff *d, const struct prov_dev *w, struct ip ip)
{
	const struct prov_want *had = d->in->had;
	const struct prov_dev *h = had ? prov_want_find(had, w->name) : NULL;

	for (uint32_t i = 0; h && i < h->naddrs; i++)
		if (ip_equal(had->addrs[h->addr_at + i].ip, ip))
			return false;
	return true;
}

static void
check_addr(struct diff *d, const struct prov_dev *w, struct ip ip, uint32_t vrf)
{
	char text[IP_STRLEN];

	for (uint32_t i = 0; i < d->ntheirs; i++) {
		const struct iface_link *k = d->theirs[i];

		if (k->l.master != vrf || strcmp(k->l.name, w->name) == 0)
			continue;
		for (uint32_t j = 0; j < k->naddrs; j++)
			if (ip_equal(k->addrs[j].addr.ip, ip) && !k->addrs[j].ours)
				problem(d, w->name,
				    about(w, w->flags & PROV_PORT ? "" : "gateway"),
				    is_new_addr(d, w, ip),
				    "%s has the address %s already", k->l.name,
				    ip_format(ip, text));
	}
}

void
prov_check_addrs(struct diff *d, const struct prov_dev *w, const struct iface_link *k)
{
	const struct iface_link *vrf = prov_diff_link(d, w->master);

	/* In a VRF that is yet to be made there is nobody. */
	if (!vrf || w->naddrs == 0 || (k && k->naddrs >= w->naddrs))
		return;
	if (!d->knows_theirs)
		find_theirs(d);
	for (uint32_t i = 0; i < w->naddrs; i++) {
		struct ip ip = d->in->want->addrs[w->addr_at + i].ip;

		if (!ip_is_linklocal(ip))
			check_addr(d, w, ip, vrf->l.ifindex);
	}
}

/* ---- the whole machine ---- */

/* VLANs of an adopted bridge that a VXLAN device of others carries: two VNIs would be one. */
static void
check_vlans_of_others(struct diff *d)
{
	const struct prov_want *w = d->in->want;
	const struct iface *f = d->in->f;
	const struct prov_dev *vx = prov_want_find(w, PROV_VXLAN_NAME);
	const struct prov_dev *had =
	    d->in->had ? prov_want_find(d->in->had, PROV_VXLAN_NAME) : NULL;
	const struct iface_link *br = vx ? prov_diff_link(d, vx->master) : NULL;

	if (!br || br->l.ours)
		return;
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(f, h);

		if (k->l.ours || k->l.kind != NL_KIND_VXLAN ||
		    k->l.master != br->l.ifindex || strcmp(k->l.name, vx->name) == 0)
			continue;
		for (uint32_t i = 0; i < k->nvlans; i++) {
			const struct prov_vlan *v = prov_vlan_find(vx, k->vlans[i].vid);
			const struct about where = { ZL_PROV_NETWORK, v ? v->vni : 0,
				"vlan" };

			if (v)
				problem(d, br->l.name, where,
				    !had || !prov_vlan_find(had, v->vid),
				    "VLAN %u is that of the VXLAN device %s", v->vid,
				    k->l.name);
		}
	}
}

static void
check_mtu(struct diff *d, bool fresh)
{
	const struct prov_want *w = d->in->want;
	unsigned over = w->vtep.len == 16 ? OVERHEAD_IPV6 : OVERHEAD_IPV4;
	const struct iface_link *k = doctor_underlay(d->in->f, w->vtep);

	if (w->mtu && k && w->mtu + over > k->l.mtu)
		problem(d, "fabric", (struct about){ ZL_PROV_FABRIC, 0, "mtu" },
		    fresh || d->in->had->mtu != w->mtu,
		    "an MTU of %u and %u of VXLAN's headers exceed the %u of %s", w->mtu,
		    over, k->l.mtu, k->l.name);
}

void
prov_check_machine(struct diff *d)
{
	const struct about vtep = { ZL_PROV_FABRIC, 0, "vtep" };
	const struct about port = { ZL_PROV_FABRIC, 0, "udp-port" };
	const struct prov_want *w = d->in->want, *had = d->in->had;
	bool fresh = !had || !had->fabric;

	if (!w->fabric)
		return;
	if (w->waits && w->vtep_if[0])
		problem(d, w->vtep_if, vtep, fresh || strcmp(had->vtep_if, w->vtep_if),
		    "has no address for the VTEP");
	else if (w->waits)
		problem(d, "fabric", vtep, false, "has no VTEP: no VXLAN device is made");
	check_mtu(d, fresh);
	if ((fresh || had->port != w->port) && doctor_port_taken(d->in->f, w->port))
		problem(
		    d, "fabric", port, true, "another program has UDP port %u", w->port);
	check_vlans_of_others(d);
}
