/* SPDX-License-Identifier: ISC */
/* That tenants do not stand in each other's way: VNIs, VLANs, subnets, and the names of devices. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

static const struct lyd_node *
tenant_node(const struct lyd_node *tree, const char *name)
{
	return nb_find(tree, NB_PATH({ "tenant", name }));
}

static const struct lyd_node *
network_node(const struct lyd_node *tree, const struct prov_network *w)
{
	return nb_find(tree, NB_PATH({ "tenant", w->tenant }, { "network", w->name }));
}

static const struct prov_network *
network_of(const struct prov_conf *c, uint32_t vni)
{
	size_t lo = 0, hi = c->nnetworks;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->networks[mid].vni < vni)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->nnetworks && c->networks[lo].vni == vni ? &c->networks[lo] : NULL;
}

/* A VNI is of one network or one VRF.  The schema says the same of the networks of one tenant, and of
 * the VRFs. */
static bool
check_vnis(const struct lyd_node *tree, const struct prov_conf *c, struct err *e)
{
	for (size_t i = 1; i < c->nnetworks; i++) {
		const struct prov_network *a = &c->networks[i - 1], *b = a + 1;

		if (a->vni == b->vni)
			return conf_error(e, nb_child(network_node(tree, b), "vni"),
			    "network %s of %s has the VNI %u of network %s of %s",
			    b->name, b->tenant, b->vni, a->name, a->tenant);
	}
	for (size_t i = 0; i < c->ntenants; i++) {
		const struct prov_tenant *t = &c->tenants[i];
		const struct prov_network *w = network_of(c, t->l3vni);

		if (t->l3vni && w)
			return conf_error(e, nb_child(network_node(tree, w), "vni"),
			    "network %s of %s has the VNI %u, which is the layer-3 VNI "
			    "of %s",
			    w->name, w->tenant, w->vni, t->name);
	}
	return true;
}

/* One bridge has each VLAN once. */
static bool
check_vlans(const struct lyd_node *tree, const struct prov_conf *c, struct err *e)
{
	const struct prov_network *of[4096] = { NULL };

	for (size_t i = 0; i < c->nnetworks; i++) {
		const struct prov_network *w = &c->networks[i], *o = of[w->vlan];

		if (w->vlan && o)
			return conf_error(e, nb_child(network_node(tree, w), "vlan"),
			    "network %s of %s has the VLAN %u of network %s of %s",
			    w->name, w->tenant, w->vlan, o->name, o->tenant);
		of[w->vlan] = w;
	}
	if (!c->per_vni && c->nnetworks + c->ntenants > 4094)
		return conf_error(e, nb_find(tree, NB_PATH({ "fabric", NULL })),
		    "a bridge has 4094 VLANs: \"vxlan per-vni\" has no such limit");
	return true;
}

/* ---- subnets ---- */

struct subnet {
	struct prefix p;	      /* masked */
	const struct prov_network *w; /* whose */
};

static int
subnet_cmp(const void *pa, const void *pb)
{
	const struct subnet *a = pa, *b = pb;
	int d = strcmp(a->w->tenant, b->w->tenant);

	if (d == 0)
		d = a->p.ip.len - b->p.ip.len;
	if (d == 0)
		d = ip_cmp(a->p.ip, b->p.ip);
	return d ? d : a->p.plen - b->p.plen;
}

/* In order, what lies in a prefix comes after it: it is enough to remember the widest one so far. */
static bool
check_subnets(const struct lyd_node *tree, const struct prov_conf *c, struct err *e)
{
	struct subnet *s = xcalloc(c->nnetworks * PROV_GATEWAYS_MAX + 1, sizeof *s);
	const struct subnet *wide = NULL;
	char text[PREFIX_STRLEN];
	bool ok = true;
	size_t n = 0;

	for (size_t i = 0; i < c->nnetworks; i++)
		for (unsigned k = 0; k < c->networks[i].ngw; k++)
			s[n++] = (struct subnet){ prefix_mask(c->networks[i].gw[k]),
				&c->networks[i] };
	qsort(s, n, sizeof *s, subnet_cmp);
	for (size_t i = 0; i < n && ok; i++) {
		if (!wide || strcmp(wide->w->tenant, s[i].w->tenant) != 0 ||
		    wide->p.ip.len != s[i].p.ip.len ||
		    !prefix_contains(wide->p, s[i].p.ip))
			wide = &s[i];
		else if (wide->w != s[i].w)
			ok = conf_error(e, network_node(tree, s[i].w),
			    "network %s of %s overlaps with network %s: %s", s[i].w->name,
			    s[i].w->tenant, wide->w->name, prefix_format(wide->p, text));
	}
	free(s);
	return ok;
}

/* ---- against the rest of the tree ---- */

/* What is said twice must be the same. */
bool
conf_check_tenants_rest(
    const struct lyd_node *tree, const struct prov_conf *c, struct err *e)
{
	const struct lyd_node *fabric = nb_find(tree, NB_PATH({ "fabric", NULL }));
	const struct lyd_node *p = nb_child_first(fabric, "peer");
	uint32_t as = conf_num(fabric, "asn", 0),
		 bgp = conf_num(nb_find(tree, NB_PATH({ "bgp", NULL })), "as", as);

	if (as && as != bgp)
		return conf_error(e, nb_child(fabric, "asn"),
		    "the fabric's AS is not that of \"router bgp %u\"", bgp);
	for (; p; p = nb_next(p)) {
		const char *addr = nb_leaf(p, "address");

		if (nb_find(tree, NB_PATH({ "bgp", NULL }, { "neighbor", addr })))
			return conf_error(
			    e, p, "%s is a neighbour of \"router bgp\" as well", addr);
	}
	for (size_t i = 0; i < c->ntenants; i++) {
		const struct prov_tenant *t = &c->tenants[i];
		uint32_t l3 = conf_num(
		    nb_find(tree, NB_PATH({ "vrf", t->name })), "l3vni", t->l3vni);

		if (l3 != t->l3vni)
			return conf_error(e, tenant_node(tree, t->name),
			    "tenant %s has another layer-3 VNI in \"vrf %s\": %u",
			    t->name, t->name, l3);
		if (strcmp(t->name, c->bridge) == 0 || strcmp(t->name, "vx-fabric") == 0)
			return conf_error(e, tenant_node(tree, t->name),
			    "%s is the name of another device of the fabric", t->name);
	}
	return true;
}

/* ---- leaks, and ways out ---- */

static bool
check_leaks(const struct lyd_node *tree, struct err *e)
{
	const struct lyd_node *t = nb_first(tree, NB_PATH({ "tenant", NULL })), *l;

	for (; t; t = nb_next(t))
		for (l = nb_child_first(t, "leak"); l; l = nb_next(l)) {
			const char *list = nb_leaf(l, "prefix-list");

			if (list && !nb_find(tree, NB_PATH({ "ip-prefix-list", list })) &&
			    !nb_find(tree, NB_PATH({ "ipv6-prefix-list", list })))
				return conf_error(e, nb_child(l, "prefix-list"),
				    "there is no prefix-list %s", list);
		}
	return true;
}

static int
external_cmp(const void *a, const void *b)
{
	return strcmp(((const struct prov_external *)a)->name,
	    ((const struct prov_external *)b)->name);
}

/* An interface is routed for one tenant, and is no port of a network. */
static bool
check_externals(const struct lyd_node *tree, struct prov_conf *c, struct err *e)
{
	qsort(c->externals, c->nexternals, sizeof c->externals[0], external_cmp);
	for (size_t i = 0; i < c->nexternals; i++) {
		const struct prov_external *x = &c->externals[i];

		if (i && external_cmp(x - 1, x) == 0)
			return conf_error(e, tenant_node(tree, x->tenant),
			    "%s is routed for %s as well", x->name, x[-1].tenant);
		if (nb_find(tree, NB_PATH({ "port", x->name })))
			return conf_error(e, nb_find(tree, NB_PATH({ "port", x->name })),
			    "%s is routed for tenant %s", x->name, x->tenant);
	}
	return true;
}

bool
conf_check_tenants(const struct lyd_node *tree, struct prov_conf *c, struct err *e)
{
	return check_vnis(tree, c, e) && check_vlans(tree, c, e) &&
	       check_subnets(tree, c, e) && conf_check_tenants_rest(tree, c, e) &&
	       check_leaks(tree, e) && check_externals(tree, c, e);
}
