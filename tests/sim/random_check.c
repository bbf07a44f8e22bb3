/* SPDX-License-Identifier: ISC */
/* What must hold when all is quiet: every leaf agrees where each host is, and every kernel shows it. */
#include "config.h"

#include "tests/sim/random.h"

static void
check_host(struct run *r, unsigned leaf, const struct host *h)
{
	const struct sim_node *n = r->leaf[leaf];
	const struct k_fdb *f = kernel_fdb_find(&n->k, h->vni, h->mac);
	bool here = h->leaf == leaf;
	struct evpn_show_mac m;
	unsigned i;

	if (!evpn_show_mac(n->e, h->vni, h->mac, &m))
		random_wrong(r, "%s does not know MAC %02x", n->name, h->mac.b[5]);
	else if (m.where != (here ? EVPN_LOCAL : EVPN_REMOTE))
		random_wrong(r, "%s has MAC %02x %s", n->name, h->mac.b[5], m.state);
	else if (!here && !ip_equal(m.vtep, r->leaf[h->leaf]->addr))
		random_wrong(r, "%s has MAC %02x at another VTEP", n->name, h->mac.b[5]);
	else if (!here && m.install != EVPN_INSTALLED)
		random_wrong(r, "%s: MAC %02x is %s", n->name, h->mac.b[5],
		    evpn_install_name(m.install));
	if (!f)
		random_wrong(r, "%s: kernel has no MAC %02x", n->name, h->mac.b[5]);
	else if (here ? f->owner != K_LEARNT || f->port != h->port
		      : f->owner != K_OURS || !ip_equal(f->vtep, r->leaf[h->leaf]->addr))
		random_wrong(
		    r, "%s: kernel has MAC %02x elsewhere", n->name, h->mac.b[5]);
	for (i = 0; i < 2; i++) {
		const struct k_neigh *kn = kernel_neigh_find(&n->k, h->vni, h->ip[i]);

		if (!kn)
			random_wrong(r, "%s: kernel has no neighbour of MAC %02x (%u)",
			    n->name, h->mac.b[5], i);
		else if (kn->owner != (here ? K_LEARNT : K_OURS) ||
			 !mac_equal(kn->mac, h->mac))
			random_wrong(r,
			    "%s: kernel's neighbour of MAC %02x (%u) is wrong", n->name,
			    h->mac.b[5], i);
	}
}

static void
check_leaf(struct run *r, unsigned leaf)
{
	struct sim_node *n = r->leaf[leaf];
	struct evpn_show_totals t;
	unsigned i;

	evpn_show_totals(n->e, &t);
	if (t.failures)
		random_wrong(r, "%s: %u failures left", n->name, t.failures);
	if (!t.synced)
		random_wrong(r, "%s: the sweep is still owed", n->name);
	if (t.macs != r->nhosts || t.neighs != 2 * r->nhosts ||
	    t.vteps != (r->nleaves - 1) * VNIS)
		random_wrong(r, "%s: %u MACs, %u neighbours, %u VTEPs", n->name, t.macs,
		    t.neighs, t.vteps);
	if (n->k.malformed)
		random_wrong(
		    r, "%s: the contract with the data plane was broken", n->name);
	if (n->k.nfdb != r->nhosts || n->k.nneigh != 2 * r->nhosts ||
	    n->k.nflood != (r->nleaves - 1) * VNIS)
		random_wrong(r, "%s: kernel has %zu MACs, %zu neighbours, %zu VTEPs",
		    n->name, n->k.nfdb, n->k.nneigh, n->k.nflood);
	for (i = 0; i < r->nleaves * VNIS; i++)
		if (i / VNIS != leaf &&
		    !kernel_floods_to(&n->k, 100 + i % VNIS, r->leaf[i / VNIS]->addr))
			random_wrong(r, "%s: VNI %u does not flood to leaf %u", n->name,
			    100 + i % VNIS, i / VNIS + 1);
	for (i = 0; i < r->nhosts; i++)
		check_host(r, leaf, &r->host[i]);
}

/* The leaf whose kernel has learnt the MAC, their number if none has. */
static unsigned
learnt_at(struct run *r, uint32_t vni, struct mac mac)
{
	unsigned i, at = r->nleaves;

	for (i = 0; i < r->nleaves; i++) {
		const struct k_fdb *f = kernel_fdb_find(&r->leaf[i]->k, vni, mac);

		if (!f || f->owner != K_LEARNT)
			continue;
		if (at != r->nleaves)
			random_wrong(r, "MAC %02x is at two leaves", mac.b[5]);
		at = i;
	}
	return at;
}

/* Where somebody knows a silent host, everybody agrees with the truth. */
static void
check_silent(struct run *r, const struct host *h)
{
	unsigned at = learnt_at(r, h->vni, h->mac), i, k;

	r->unknown += at == r->nleaves;
	if (at == r->nleaves && r->mild)
		random_wrong(r, "MAC %02x is lost", h->mac.b[5]);
	if (at != r->nleaves && at != h->leaf)
		random_wrong(r, "MAC %02x is at %s", h->mac.b[5], r->leaf[at]->name);
	for (i = 0; i < r->nleaves; i++) {
		const struct kernel *kn = &r->leaf[i]->k, *home = &r->leaf[h->leaf]->k;
		const struct k_fdb *f = kernel_fdb_find(kn, h->vni, h->mac);

		if (i == h->leaf)
			continue;
		if (at == r->nleaves ? f != NULL
				     : !f || f->owner != K_OURS ||
					   !ip_equal(f->vtep, r->leaf[h->leaf]->addr))
			random_wrong(r, "%s: kernel has MAC %02x elsewhere",
			    r->leaf[i]->name, h->mac.b[5]);
		for (k = 0; k < 2; k++) {
			const struct k_neigh *n = kernel_neigh_find(kn, h->vni, h->ip[k]),
					     *own = kernel_neigh_find(
						 home, h->vni, h->ip[k]);
			bool known = at != r->nleaves && own && own->owner == K_LEARNT &&
				     mac_equal(own->mac, h->mac);

			if (known ? !n || n->owner != K_OURS || !mac_equal(n->mac, h->mac)
				  : n != NULL)
				random_wrong(r,
				    "%s: kernel's neighbour of MAC %02x (%u) is %s",
				    r->leaf[i]->name, h->mac.b[5], k,
				    known ? "wrong" : "left over");
		}
	}
}

void
random_check(struct run *r)
{
	uint32_t want = r->nleaves * VNIS + r->nhosts * 3;
	unsigned i;

	if (r->silent) {
		for (i = 0; i < r->nhosts; i++)
			check_silent(r, &r->host[i]);
		return;
	}
	for (i = 0; i < r->nleaves; i++)
		check_leaf(r, i);
	for (i = 0; i < r->sim.nnodes; i++)
		if (rib_count(bgp_rib(r->sim.nodes[i].b)) != want)
			random_wrong(r, "%s: %u routes instead of %u",
			    r->sim.nodes[i].name, rib_count(bgp_rib(r->sim.nodes[i].b)),
			    want);
}
