/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_want.c: from fabric and tenants to a table of devices. */
#include "config.h"

#include "zebra-lite/prov_want.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

#define VID_MAX 4094
#define TABLE_LOW 100000000u  /* tables below 256 have other meanings */
#define TABLE_STEP 0x1000000u /* to the next number that is no VNI */

/* What is being made. */
struct maker {
	struct prov_want *w;		/* the table */
	const struct zl_prov *recs;	/* borrowed */
	size_t n;			/* of them */
	const struct zl_prov *fabric;	/* the fabric's; NULL none */
	const struct iface *f;		/* borrowed */
	const struct prov_want *before; /* borrowed */
	struct mac rmac;		/* of this router */
	uint16_t *vid;			/* owned: VLAN of each record that has a VNI */
	bool used[VID_MAX + 1];		/* VLANs that are taken */
	bool per_vni;			/* shape */
	uint32_t bridge, vxlan;		/* indexes of the shared devices */
	const struct nl_link **tables;	/* owned: VRFs of ours in the kernel */
	uint32_t ntables;		/* of them */
	struct hidx by_vrf;		/* those, by name, index + 1 */
};

/* ---- the table ---- */

void
prov_want_init(struct prov_want *w)
{
	*w = (struct prov_want){ 0 };
	hidx_init(&w->by_name);
}

void
prov_want_fini(struct prov_want *w)
{
	for (uint32_t i = 0; i < w->ndevs; i++)
		free(w->devs[i].vlans);
	free(w->devs);
	free(w->addrs);
	hidx_fini(&w->by_name);
	*w = (struct prov_want){ 0 };
}

static uint32_t
name_hash(const char *name)
{
	return hash32(name, strlen(name));
}

const struct prov_dev *
prov_want_find(const struct prov_want *w, const char *name)
{
	struct hidx_it it = hidx_first(&w->by_name, name_hash(name));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (strcmp(w->devs[h - 1].name, name) == 0)
			return &w->devs[h - 1];
	return NULL;
}

const struct prov_vlan *
prov_vlan_find(const struct prov_dev *d, uint16_t vid)
{
	uint32_t lo = 0, hi = d->nvlans;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (d->vlans[mid].vid < vid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->nvlans && d->vlans[lo].vid == vid ? &d->vlans[lo] : NULL;
}

const struct iface_link *
prov_link(const struct iface *f, const char *name)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;)
		if (strcmp(iface_link_ptr(f, h)->l.name, name) == 0)
			return iface_link_ptr(f, h);
	return NULL;
}

/* Names of devices are short enough: the decoder has seen to it. */
static void
set_name(char to[ZL_IFNAME], const char *from)
{
	size_t n = strnlen(from, ZL_IFNAME - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

/* A device of this name, new in the table; its index, as the table may move. */
static uint32_t
add(struct maker *m, enum nl_kind kind, const char *name, const char *what)
{
	struct prov_want *w = m->w;
	struct prov_dev *d;

	if (w->ndevs == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 16;
		w->devs = xrealloc(w->devs, w->cap * sizeof w->devs[0]);
	}
	d = &w->devs[w->ndevs];
	*d = (struct prov_dev){ .d = { .kind = kind, .mtu = w->mtu },
		.about = ZL_PROV_FABRIC };
	set_name(d->name, name);
	snprintf(d->alias, sizeof d->alias, NL_LINK_MARK " %s", what);
	hidx_insert(&w->by_name, name_hash(name), ++w->ndevs);
	return w->ndevs - 1;
}

static void
add_vlan(struct prov_dev *d, uint16_t vid, bool untagged, uint32_t vni)
{
	if (d->nvlans == d->vlan_cap) {
		d->vlan_cap = d->vlan_cap ? 2 * d->vlan_cap : 4;
		d->vlans = xrealloc(d->vlans, d->vlan_cap * sizeof d->vlans[0]);
	}
	d->vlans[d->nvlans++] = (struct prov_vlan){ vid, untagged, vni };
}

static void
add_addr(struct maker *m, uint32_t dev, struct prefix p)
{
	struct prov_want *w = m->w;

	if (w->naddrs == w->addr_cap) {
		w->addr_cap = w->addr_cap ? 2 * w->addr_cap : 16;
		w->addrs = xrealloc(w->addrs, w->addr_cap * sizeof w->addrs[0]);
	}
	if (w->devs[dev].naddrs++ == 0)
		w->devs[dev].addr_at = w->naddrs;
	w->addrs[w->naddrs++] = p;
}

static int
vlan_cmp(const void *pa, const void *pb)
{
	return ((const struct prov_vlan *)pa)->vid - ((const struct prov_vlan *)pb)->vid;
}

/* Now that the table moves no more. */
static void
finish(struct prov_want *w)
{
	for (uint32_t i = 0; i < w->ndevs; i++) {
		struct prov_dev *d = &w->devs[i];

		d->d.name = d->name;
		d->d.alias = d->alias;
		if (d->nvlans)
			qsort(d->vlans, d->nvlans, sizeof d->vlans[0], vlan_cmp);
	}
}

/* ---- addresses ---- */

/* The device's first global address, IPv4 before IPv6. */
static struct ip
vtep_of(const struct iface *f, const char *name)
{
	const struct iface_link *k = prov_link(f, name);
	struct ip six = { 0 };

	for (uint32_t i = 0; k && i < k->naddrs; i++) {
		struct ip ip = k->addrs[i].addr.ip;

		if (ip.len == 4 && ip.b[0] != 127)
			return ip;
		if (ip.len == 16 && !ip_is_linklocal(ip) && six.len == 0 &&
		    !(k->addrs[i].addr.plen == 128 && ip.b[0] == 0))
			six = ip;
	}
	return six;
}

/* One for each VTEP, as the address is one for each. */
static struct mac
router_mac(struct ip vtep)
{
	struct mac m = { { 0x02, vtep.len == 4 ? 0x65 : 0x66 } };

	for (unsigned i = 0; i < vtep.len; i++)
		m.b[2 + i % 4] = (uint8_t)(m.b[2 + i % 4] * 31 + vtep.b[i]);
	return m;
}

/* RFC 4291 2.5.1: what the kernel would make, which it is told not to. */
static struct prefix
linklocal(struct mac m)
{
	struct prefix p = { .ip = { .len = 16, .b = { 0xfe, 0x80 } }, .plen = 64 };

	memcpy(p.ip.b + 8, m.b, 3);
	p.ip.b[8] ^= 2;
	p.ip.b[11] = 0xff;
	p.ip.b[12] = 0xfe;
	memcpy(p.ip.b + 13, m.b + 3, 3);
	return p;
}

/* ---- VLANs ---- */

static bool
has_vni(const struct zl_prov *r)
{
	return r->kind == ZL_PROV_NETWORK || (r->kind == ZL_PROV_TENANT && r->vni);
}

/* The VLAN that was chosen before, or which the kernel has. */
static uint16_t
vid_now(const struct prov_dev *before, const struct iface_link *vxlan, uint32_t vni)
{
	for (uint32_t i = 0; before && i < before->nvlans; i++)
		if (before->vlans[i].vni == vni)
			return before->vlans[i].vid;
	for (uint32_t i = 0; vxlan && i < vxlan->nvlans; i++)
		if (vxlan->vlans[i].vni == vni)
			return vxlan->vlans[i].vid;
	return 0;
}

/* VLANs that somebody uses in a bridge that is not ours. */
static void
mark_foreign(const struct maker *m, bool *taken)
{
	const struct iface_link *br = prov_link(m->f, m->fabric->name);

	for (uint32_t h = 0; br && (h = slab_next(&m->f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(m->f, h);

		if (k->l.ours || (k != br && k->l.master != br->l.ifindex))
			continue;
		for (uint32_t i = 0; i < k->nvlans; i++)
			taken[k->vlans[i].vid] = true;
	}
}

/* Configured ones, then what the kernel has, then what is free from the top. */
static void
choose_vlans(struct maker *m)
{
	const struct prov_dev *old = prov_want_find(m->before, PROV_VXLAN_NAME);
	const struct iface_link *vx = prov_link(m->f, PROV_VXLAN_NAME);
	bool taken[VID_MAX + 2] = { false };
	uint16_t next = VID_MAX;

	m->vid = xcalloc(m->n + 1, sizeof m->vid[0]);
	for (size_t i = 0; i < m->n; i++)
		if (has_vni(&m->recs[i]) && m->recs[i].vlan) {
			m->vid[i] = m->recs[i].vlan;
			m->used[m->vid[i]] = true;
		}
	for (size_t i = 0; i < m->n; i++) {
		uint16_t v;

		if (!has_vni(&m->recs[i]) || m->vid[i])
			continue;
		v = vid_now(old, vx && vx->l.ours ? vx : NULL, m->recs[i].vni);
		if (v && v <= VID_MAX && !m->used[v]) {
			m->vid[i] = v;
			m->used[v] = true;
		}
	}
	if (m->fabric->flags & ZL_PROV_ADOPT)
		mark_foreign(m, taken);
	for (size_t i = 0; i < m->n; i++) {
		if (!has_vni(&m->recs[i]) || m->vid[i])
			continue;
		while (next > 1 && (m->used[next] || taken[next]))
			next--;
		m->vid[i] = next;
		m->used[next] = true;
	}
}

/* ---- devices ---- */

/* The kernel's VRFs of ours, whose tables stay: a VRF made anew would lose its routes. */
static void
find_tables(struct maker *m)
{
	m->tables = xcalloc(m->f->links.live + 1, sizeof m->tables[0]);
	for (uint32_t h = 0; (h = slab_next(&m->f->links, h)) != 0;) {
		const struct nl_link *l = &iface_link_ptr(m->f, h)->l;

		if (l->kind != NL_KIND_VRF || !l->ours)
			continue;
		m->tables[m->ntables++] = l;
		hidx_insert(&m->by_vrf, name_hash(l->name), m->ntables);
	}
}

static uint32_t
table_now(const struct maker *m, const char *vrf)
{
	struct hidx_it it = hidx_first(&m->by_vrf, name_hash(vrf));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (strcmp(m->tables[h - 1]->name, vrf) == 0)
			return m->tables[h - 1]->vrf_table;
	return 0;
}

static bool
table_taken(const struct maker *m, uint32_t table)
{
	for (uint32_t i = 0; i < m->ntables; i++)
		if (m->tables[i]->vrf_table == table)
			return true;
	return false;
}

/* The VNI's number: the layer-3 VNI, or the lowest of the tenant's networks, as none is there twice;
 * unless a VRF keeps it from before. */
static uint32_t
table_of(const struct maker *m, const struct zl_prov *t)
{
	uint32_t table = table_now(m, t->name), vni = t->vni;

	if (table)
		return table;
	for (size_t i = 0; i < m->n && t->vni == 0; i++) {
		const struct zl_prov *r = &m->recs[i];

		if (r->kind == ZL_PROV_NETWORK && strcmp(r->other, t->name) == 0 &&
		    (vni == 0 || r->vni < vni))
			vni = r->vni;
	}
	for (table = vni < 256 ? TABLE_LOW + vni : vni; table_taken(m, table);)
		table += TABLE_STEP;
	return table;
}

static void
make_vrf(struct maker *m, const struct zl_prov *t)
{
	char what[PROV_ALIAS + 8];
	struct prov_dev *d;
	uint32_t i;

	snprintf(what, sizeof what, "tenant %s", t->name);
	i = add(m, NL_KIND_VRF, t->name, what);
	d = &m->w->devs[i];
	d->d.mtu = 0;
	d->about = ZL_PROV_TENANT;
	d->d.table = table_of(m, t);
	d->flags = PROV_ROUTED | (t->flags & ZL_PROV_ADOPT ? PROV_ADOPTED : 0);
}

static void
set_vxlan(const struct maker *m, struct prov_dev *d, const char *bridge, bool suppress)
{
	d->d.dstport = m->w->port;
	d->d.local = m->w->vtep;
	set_name(d->master, bridge);
	if (suppress)
		d->flags |= PROV_SUPPRESS;
}

/* What all VNIs share. */
static void
make_shared(struct maker *m)
{
	struct prov_dev *d;

	m->bridge = add(m, NL_KIND_BRIDGE, m->fabric->name, "fabric");
	d = &m->w->devs[m->bridge];
	d->d.vlan_filtering = true;
	if (m->fabric->flags & ZL_PROV_ADOPT) {
		d->flags = PROV_ADOPTED;
		d->d.mtu = 0;
	} else {
		d->d.mac = m->rmac;
	}
	m->vxlan = add(m, NL_KIND_VXLAN, PROV_VXLAN_NAME, "fabric");
	d = &m->w->devs[m->vxlan];
	d->d.external = true;
	set_vxlan(m, d, m->fabric->name, m->fabric->flags & ZL_PROV_SUPPRESS);
}

static void
set_about(struct maker *m, uint32_t dev, const struct zl_prov *r)
{
	m->w->devs[dev].about = (enum zl_prov_kind)r->kind;
	m->w->devs[dev].about_vni = r->vni;
}

/* The interface of a VNI's network or VRF, in one shape or the other. */
static uint32_t
make_svi(
    struct maker *m, const struct zl_prov *r, uint16_t vid, const char *what, bool needed)
{
	const uint32_t vni = r->vni;
	char name[ZL_IFNAME], vx[ZL_IFNAME];
	uint32_t i, v;

	if (m->per_vni) {
		snprintf(name, sizeof name, "br%u", vni);
		snprintf(vx, sizeof vx, "vx%u", vni);
		i = add(m, NL_KIND_BRIDGE, name, what);
		v = add(m, NL_KIND_VXLAN, vx, what);
		m->w->devs[v].d.vni = vni;
		set_about(m, v, r);
		set_about(m, i, r);
		set_vxlan(m, &m->w->devs[v], name,
		    (r->kind == ZL_PROV_TENANT ? m->fabric : r)->flags &
			ZL_PROV_SUPPRESS);
		return i;
	}
	add_vlan(&m->w->devs[m->vxlan], vid, false, vni);
	if (!needed)
		return UINT32_MAX;
	add_vlan(&m->w->devs[m->bridge], vid, false, 0);
	snprintf(name, sizeof name, "svi%u", vni);
	i = add(m, NL_KIND_VLAN, name, what);
	m->w->devs[i].d.vid = vid;
	set_about(m, i, r);
	set_name(m->w->devs[i].lower, m->fabric->name);
	return i;
}

static void
make_l3vni(struct maker *m, const struct zl_prov *t, uint16_t vid)
{
	char what[PROV_ALIAS + 8];
	struct prov_dev *d;
	uint32_t i;

	snprintf(what, sizeof what, "tenant %s, layer-3 VNI", t->name);
	i = make_svi(m, t, vid, what, true);
	d = &m->w->devs[i];
	d->d.mac = m->rmac;
	d->flags |= PROV_ROUTED;
	set_name(d->master, t->name);
}

static void
make_network(struct maker *m, const struct zl_prov *r, uint16_t vid)
{
	char what[PROV_ALIAS + 8];
	struct prov_dev *d;
	bool six = false;
	uint32_t i;

	snprintf(what, sizeof what, "tenant %s, network %s", r->other, r->name);
	i = make_svi(m, r, vid, what, r->ngw > 0);
	if (r->ngw == 0 || i == UINT32_MAX)
		return;
	d = &m->w->devs[i];
	d->d.mac = m->fabric->mac;
	d->flags |= PROV_ROUTED | PROV_GATEWAY;
	set_name(d->master, r->other);
	for (unsigned k = 0; k < r->ngw; k++) {
		add_addr(m, i, r->gw[k]);
		six |= r->gw[k].ip.len == 16;
	}
	if (six)
		add_addr(m, i, linklocal(m->fabric->mac));
	m->w->ipv6 |= six;
}

/* The VLAN of a network's VNI. */
static uint16_t
vid_of(const struct maker *m, uint32_t vni)
{
	for (size_t i = 0; i < m->n; i++)
		if (has_vni(&m->recs[i]) && m->recs[i].vni == vni)
			return m->vid[i];
	return 0;
}

/* A port comes once for each of its networks, one after another. */
static void
make_port(struct maker *m, const struct zl_prov *p)
{
	const struct prov_dev *known = prov_want_find(m->w, p->name);
	uint32_t i =
	    known ? (uint32_t)(known - m->w->devs) : add(m, NL_KIND_OTHER, p->name, "");
	struct prov_dev *d = &m->w->devs[i];

	if (known && !(known->flags & PROV_PORT)) {
		d->flags |= PROV_CLASH;
		return;
	}
	d->flags = PROV_PORT;
	d->about = ZL_PROV_PORT;
	d->d.mtu = 0;
	if (m->per_vni) {
		snprintf(d->master, sizeof d->master, "br%u", p->vni);
		return;
	}
	set_name(d->master, m->fabric->name);
	add_vlan(d, vid_of(m, p->vni), !(p->flags & ZL_PROV_TAGGED), 0);
}

/* Somebody else's device: its place in the VRF and our addresses are ours. */
static void
make_external(struct maker *m, const struct zl_prov *x)
{
	struct prov_dev *d;
	uint32_t i;

	if (prov_want_find(m->w, x->name))
		return;
	i = add(m, NL_KIND_OTHER, x->name, "");
	d = &m->w->devs[i];
	d->flags = PROV_PORT | PROV_ROUTED;
	d->about = ZL_PROV_EXTERNAL;
	d->d.mtu = 0;
	set_name(d->master, x->other);
	for (unsigned k = 0; k < x->ngw; k++)
		add_addr(m, i, x->gw[k]);
}

static void
make_all(struct maker *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->recs[i].kind == ZL_PROV_TENANT &&
		    m->recs[i].flags & ZL_PROV_ROUTED)
			make_vrf(m, &m->recs[i]);
	if (m->w->waits)
		return;
	if (!m->per_vni) {
		make_shared(m);
		choose_vlans(m);
	}
	for (size_t i = 0; i < m->n; i++) {
		const struct zl_prov *r = &m->recs[i];

		if (r->kind == ZL_PROV_TENANT && r->vni)
			make_l3vni(m, r, m->per_vni ? 0 : m->vid[i]);
		else if (r->kind == ZL_PROV_NETWORK)
			make_network(m, r, m->per_vni ? 0 : m->vid[i]);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (m->recs[i].kind == ZL_PROV_PORT)
			make_port(m, &m->recs[i]);
		else if (m->recs[i].kind == ZL_PROV_EXTERNAL)
			make_external(m, &m->recs[i]);
	}
}

void
prov_want_make(struct prov_want *w, const struct zl_prov *recs, size_t n,
    const struct iface *f, const struct prov_want *before)
{
	struct maker m = { .w = w, .recs = recs, .n = n, .f = f, .before = before };

	for (size_t i = 0; i < n; i++)
		if (recs[i].kind == ZL_PROV_FABRIC)
			m.fabric = &recs[i];
	if (!m.fabric)
		return;
	w->fabric = true;
	w->mtu = m.fabric->mtu;
	w->port = m.fabric->port;
	memcpy(w->vtep_if, m.fabric->other, sizeof w->vtep_if);
	w->vtep = m.fabric->vtep.len ? m.fabric->vtep : vtep_of(f, m.fabric->other);
	w->waits = w->vtep.len == 0;
	m.rmac = router_mac(w->vtep);
	m.per_vni = m.fabric->flags & ZL_PROV_PER_VNI;
	hidx_init(&m.by_vrf);
	find_tables(&m);
	make_all(&m);
	finish(w);
	hidx_fini(&m.by_vrf);
	free(m.tables);
	free(m.vid);
}
