/* SPDX-License-Identifier: ISC */
/* The short form: fabric, tenants, networks and ports as devices to be wanted. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

static const struct mac default_anycast = { { 0x02, 0x00, 0x5e, 0x00, 0x00, 0x01 } };

/* ---- fabric ---- */

static void
compile_fabric(const struct lyd_node *fabric, struct prov_conf *c)
{
	const char *bridge = nb_leaf(fabric, "bridge");
	const char *vtep = nb_leaf(fabric, "vtep");
	const char *mac = nb_leaf(fabric, "anycast-mac");
	const char *shape = nb_leaf(fabric, "vxlan");

	c->fabric = fabric != NULL;
	c->per_vni = shape && strcmp(shape, "per-vni") == 0;
	strcpy(c->bridge, bridge ? bridge : "br-fabric");
	c->adopt = conf_bool(fabric, "bridge-adopt", false);
	c->suppress = conf_bool(fabric, "arp-suppression", true);
	c->udp_port = (uint16_t)conf_num(fabric, "udp-port", 4789);
	c->mtu = (uint16_t)conf_num(fabric, "mtu", 0);
	c->anycast = default_anycast;
	if (mac)
		mac_parse(mac, &c->anycast);
	if (vtep && !ip_parse(vtep, &c->vtep))
		strcpy(c->vtep_if, vtep);
}

/* ---- tenants ---- */

/* "10.1.10.1/24", host bits kept. */
static bool
gateway_parse(const char *text, struct prefix *p)
{
	const char *slash = strchr(text, '/');
	unsigned long long plen;
	char addr[64];

	if (!slash || (size_t)(slash - text) >= sizeof addr)
		return false;
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	if (!ip_parse(addr, &p->ip) ||
	    !parse_u64(slash + 1, 1, (unsigned)p->ip.len * 8 - 1, &plen))
		return false;
	p->plen = (uint8_t)plen;
	return !ip_is_zero(p->ip) && !ip_is_multicast(p->ip);
}

/* The addresses of a leaf-list; more than there is room for are refused. */
static bool
compile_addrs(const struct lyd_node *parent, const char *leaf, struct prefix *to,
    unsigned *n, struct err *e)
{
	for (const struct lyd_node *g = nb_child_first(parent, leaf); g; g = nb_next(g)) {
		if (*n == PROV_GATEWAYS_MAX)
			return conf_error(e, g, "%s has more than %d addresses",
			    nb_key(parent), PROV_GATEWAYS_MAX);
		if (!gateway_parse(nb_value(g), &to[(*n)++]))
			return conf_error(
			    e, g, "%s is no address of a gateway", nb_value(g));
	}
	return true;
}

static bool
compile_network(const struct lyd_node *n, const struct prov_tenant *t,
    struct prov_conf *c, struct err *e)
{
	struct prov_network *w = &c->networks[c->nnetworks++];

	strcpy(w->tenant, t->name);
	strcpy(w->name, nb_key(n));
	w->vni = conf_num(n, "vni", 0);
	w->vlan = (uint16_t)conf_num(n, "vlan", 0);
	w->routed = t->vrf;
	w->suppress = conf_bool(n, "arp-suppression", c->suppress);
	if (w->suppress != c->suppress && !c->per_vni)
		return conf_error(e, nb_child(n, "arp-suppression"),
		    "the kernel has one setting for the single VXLAN device: say it of "
		    "the fabric, or \"vxlan per-vni\"");
	return compile_addrs(n, "gateway", w->gw, &w->ngw, e);
}

static bool
compile_external(const struct lyd_node *n, const struct prov_tenant *t,
    struct prov_conf *c, struct err *e)
{
	struct prov_external *x = &c->externals[c->nexternals++];

	strcpy(x->tenant, t->name);
	strcpy(x->way, nb_key(n));
	strcpy(x->name, nb_leaf(n, "interface"));
	return compile_addrs(n, "address", x->addr, &x->naddrs, e);
}

static bool
compile_tenant(const struct lyd_node *n, struct prov_conf *c, struct err *e)
{
	struct prov_tenant *t = &c->tenants[c->ntenants++];
	const struct lyd_node *x;
	const char *irb = nb_leaf(n, "irb");

	strcpy(t->name, nb_key(n));
	t->l3vni = conf_num(n, "vni", 0);
	t->adopt = conf_bool(n, "adopt", false);
	t->vrf = t->l3vni || (irb && strcmp(irb, "symmetric") != 0);
	for (x = nb_child_first(n, "network"); x; x = nb_next(x))
		if (!compile_network(x, t, c, e))
			return false;
	for (x = nb_child_first(n, "external"); x; x = nb_next(x))
		if (!compile_external(x, t, c, e))
			return false;
	return true;
}

static int
network_cmp(const void *pa, const void *pb)
{
	const struct prov_network *a = pa, *b = pb;

	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

static int
tenant_cmp(const void *pa, const void *pb)
{
	const struct prov_tenant *a = pa, *b = pb;

	return strcmp(a->name, b->name);
}

static int
port_cmp(const void *pa, const void *pb)
{
	const struct prov_port *a = pa, *b = pb;

	return strcmp(a->name, b->name);
}

static bool
compile_tenants(const struct lyd_node *tree, struct prov_conf *c, struct err *e)
{
	const struct lyd_node *t = nb_first(tree, NB_PATH({ "tenant", NULL })), *n;
	size_t nets = 0, ways = 0;

	for (n = t; n; n = nb_next(n)) {
		nets += conf_count(nb_child_first(n, "network"));
		ways += conf_count(nb_child_first(n, "external"));
	}
	c->tenants = xcalloc(conf_count(t) + 1, sizeof c->tenants[0]);
	c->networks = xcalloc(nets + 1, sizeof c->networks[0]);
	c->externals = xcalloc(ways + 1, sizeof c->externals[0]);
	for (; t; t = nb_next(t))
		if (!compile_tenant(t, c, e))
			return false;
	/* In whatever order they were said: the same wishes are the same value. */
	qsort(c->tenants, c->ntenants, sizeof c->tenants[0], tenant_cmp);
	qsort(c->networks, c->nnetworks, sizeof c->networks[0], network_cmp);
	return true;
}

/* ---- ports ---- */

/* The network "NAME" or "TENANT/NAME" that node's value names. */
static const struct prov_network *
resolve(const struct prov_conf *c, const struct lyd_node *node, struct err *e)
{
	const char *ref = nb_value(node), *slash = strchr(ref, '/');
	const char *name = slash ? slash + 1 : ref;
	const struct prov_network *found = NULL;

	for (size_t i = 0; i < c->nnetworks; i++) {
		const struct prov_network *w = &c->networks[i];

		if (strcmp(w->name, name) != 0 ||
		    (slash && (strlen(w->tenant) != (size_t)(slash - ref) ||
				  strncmp(w->tenant, ref, (size_t)(slash - ref)) != 0)))
			continue;
		if (found) {
			conf_error(e, node,
			    "the tenants %s and %s have a network %s: say %s/%s",
			    found->tenant, w->tenant, name, found->tenant, name);
			return NULL;
		}
		found = w;
	}
	if (!found)
		conf_error(e, node, "there is no network %s", ref);
	return found;
}

static bool
compile_tagged(const struct lyd_node *n, const struct prov_conf *c, struct prov_port *p,
    struct err *e)
{
	const struct lyd_node *t = nb_child_first(n, "tagged");

	if (t && c->per_vni)
		return conf_error(e, t,
		    "tagged networks need a VLAN-aware bridge, not \"vxlan per-vni\"");
	if (conf_count(t) > PROV_TAGGED_MAX)
		return conf_error(e, t, "port %s has more than %d tagged networks",
		    p->name, PROV_TAGGED_MAX);
	p->tagged = xcalloc(conf_count(t) + 1, sizeof p->tagged[0]);
	for (; t; t = nb_next(t)) {
		const struct prov_network *w = resolve(c, t, e);

		if (!w)
			return false;
		if (!w->vlan)
			return conf_error(e, t,
			    "network %s is tagged at a port and has no VLAN: \"network "
			    "%s vni %u vlan N\"",
			    w->name, w->name, w->vni);
		if (w->vni == p->vni)
			return conf_error(e, t,
			    "port %s is in network %s both tagged and untagged", p->name,
			    w->name);
		p->tagged[p->ntagged++] = w->vni;
	}
	return true;
}

static bool
compile_ports(const struct lyd_node *tree, struct prov_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_first(tree, NB_PATH({ "port", NULL }));

	c->ports = xcalloc(conf_count(n) + 1, sizeof c->ports[0]);
	for (; n; n = nb_next(n)) {
		struct prov_port *p = &c->ports[c->nports++];
		const struct lyd_node *ref = nb_child(n, "network");
		const struct prov_network *w = ref ? resolve(c, ref, e) : NULL;

		strcpy(p->name, nb_key(n));
		if (ref && !w)
			return false;
		p->vni = w ? w->vni : 0;
		if (!compile_tagged(n, c, p, e))
			return false;
	}
	qsort(c->ports, c->nports, sizeof c->ports[0], port_cmp);
	return true;
}

bool
conf_compile_tenants(const struct lyd_node *tree, struct prov_conf *c, struct err *e)
{
	compile_fabric(nb_find(tree, NB_PATH({ "fabric", NULL })), c);
	return compile_tenants(tree, c, e) && conf_check_tenants(tree, c, e) &&
	       compile_ports(tree, c, e);
}

void
conf_free_tenants(struct prov_conf *c)
{
	for (size_t i = 0; i < c->nports; i++)
		free(c->ports[i].tagged);
	free(c->ports);
	free(c->externals);
	free(c->networks);
	free(c->tenants);
}
