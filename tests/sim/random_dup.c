/* SPDX-License-Identifier: ISC */
/* What must hold of duplicates: a MAC, and an address, that two leaves have in turn is called one by both. */
#include "config.h"

#include "lib/util.h"
#include "tests/sim/random.h"

/* Each turn is two moves for each of the two leaves: away from it, and to it. */
static unsigned
turns(const struct run *r)
{
	return r->leaf[0]->econf.dad_max_moves;
}

static bool
freezes(const struct sim_node *n)
{
	return n->econf.dad_enabled && n->econf.dad_freeze;
}

/* A host, and a leaf where he is not. */
static struct host *
choose(struct run *r, unsigned *other)
{
	struct host *h = &r->host[sim_rand(&r->sim, r->nhosts)];

	*other = (h->leaf + 1 + (unsigned)sim_rand(&r->sim, r->nleaves - 1)) % r->nleaves;
	return h;
}

/* Both have counted the same moves, unless one has frozen it and says no more: then the other may be one short. */
static void
check_verdict(struct run *r, const struct sim_node *n, const struct sim_node *other,
    const char *what, bool duplicate, bool frozen)
{
	if (!n->econf.dad_enabled || (!duplicate && freezes(other)))
		return;
	if (!duplicate)
		random_wrong(r, "%s does not call the %s a duplicate", n->name, what);
	if (frozen != freezes(n))
		random_wrong(
		    r, "%s: the %s is %sfrozen", n->name, what, frozen ? "" : "not ");
}

static void
let_settle(struct run *r)
{
	if (!sim_settle(&r->sim))
		random_wrong(r, "does not settle with a duplicate");
}

static void
twin_macs(struct run *r)
{
	unsigned leaf, i;
	struct host *h = choose(r, &leaf);
	struct evpn_show_mac m;

	for (i = 0; i < turns(r); i++) {
		kernel_frame(&r->leaf[leaf]->k, h->vni, h->mac, h->port);
		let_settle(r);
		kernel_frame(&r->leaf[h->leaf]->k, h->vni, h->mac, h->port);
		let_settle(r);
	}
	for (i = 0; i < 2; i++) {
		const struct sim_node *n = r->leaf[i ? leaf : h->leaf],
				      *other = r->leaf[i ? h->leaf : leaf];

		if (evpn_show_mac(n->e, h->vni, h->mac, &m))
			check_verdict(r, n, other, "MAC", m.duplicate, m.frozen);
		else
			random_wrong(r, "%s has forgotten the duplicate", n->name);
	}
	if (freezes(r->leaf[leaf]) || freezes(r->leaf[h->leaf]))
		return;
	for (i = 0; i < r->nleaves; i++)
		if (evpn_show_mac(r->leaf[i]->e, h->vni, h->mac, &m) &&
		    (i == h->leaf ? m.where != EVPN_LOCAL
				  : m.where != EVPN_REMOTE ||
					!ip_equal(m.vtep, r->leaf[h->leaf]->addr)))
			random_wrong(
			    r, "%s has the duplicate elsewhere", r->leaf[i]->name);
}

/* Another host of the network at another leaf, NULL if there is none. */
static struct host *
partner(struct run *r, const struct host *h)
{
	unsigned i;

	for (i = 0; i < r->nhosts; i++)
		if (r->host[i].vni == h->vni && r->host[i].leaf != h->leaf)
			return &r->host[i];
	return NULL;
}

static void
claim(struct run *r, const struct host *h, struct ip ip)
{
	struct kernel *k = &r->leaf[h->leaf]->k;

	kernel_frame(k, h->vni, h->mac, h->port);
	kernel_arp(k, h->vni, ip, h->mac);
	let_settle(r);
}

static void
twin_addresses(struct run *r)
{
	const struct host *h = &r->host[sim_rand(&r->sim, r->nhosts)], *o = partner(r, h);
	const struct ip ip = h->ip[0];
	struct evpn_show_neigh m;
	unsigned i;

	for (i = 0; o && i < turns(r); i++) {
		claim(r, o, ip);
		claim(r, h, ip);
	}
	for (i = 0; o && i < 2; i++) {
		const struct sim_node *n = r->leaf[i ? o->leaf : h->leaf],
				      *other = r->leaf[i ? h->leaf : o->leaf];

		if (evpn_show_neigh(n->e, h->vni, ip, &m))
			check_verdict(r, n, other, "address", m.duplicate, m.frozen);
		else
			random_wrong(
			    r, "%s has forgotten the duplicate address", n->name);
	}
	if (!o || freezes(r->leaf[o->leaf]) || freezes(r->leaf[h->leaf]))
		return;
	for (i = 0; i < r->nleaves; i++)
		if (evpn_show_neigh(r->leaf[i]->e, h->vni, ip, &m) &&
		    !mac_equal(m.mac, h->mac))
			random_wrong(r, "%s has the duplicate address with another MAC",
			    r->leaf[i]->name);
}

void
random_duplicates(struct run *r)
{
	if (sim_rand(&r->sim, 2))
		twin_macs(r);
	else
		twin_addresses(r);
}
