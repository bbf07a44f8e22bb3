/* SPDX-License-Identifier: ISC */
/* VRFs: `vrf NAME` joined with `router bgp AS vrf NAME`; and that no number means two things. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

#define PATHS_MAX 32 /* members of a group of next hops */

/* ---- one family ---- */

int
conf_prefix_cmp(const void *pa, const void *pb)
{
	const struct prefix *a = pa, *b = pb;
	int d = ip_cmp(a->ip, b->ip);

	return d ? d : a->plen - b->plen;
}

/* A prefix of the family; by NETCONF the other one may stand there. */
static bool
compile_prefix(const struct lyd_node *entry, unsigned af, struct prefix *p, struct err *e)
{
	const char *v = nb_key(entry);

	if (prefix_parse(v, p) && p->ip.len == (af ? 16 : 4))
		return true;
	return conf_error(e, entry, "%s is no IPv%c prefix", v, af ? '6' : '4');
}

/* The map that an entry's leaf names. */
static bool
compile_map(const struct lyd_node *tree, const struct lyd_node *entry, const char *leaf,
    struct vrf_af_conf *c, struct rmap **to, struct err *e)
{
	const char *name = nb_leaf(entry, leaf);

	c->maps |= name != NULL;
	return conf_rmap(tree, name, to, e);
}

static bool
compile_networks(const struct lyd_node *tree, const struct lyd_node *node, unsigned af,
    struct vrf_af_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(node, "network");

	c->networks = xcalloc(conf_count(n) + 1, sizeof c->networks[0]);
	for (; n; n = nb_next(n)) {
		struct network_conf *x = &c->networks[c->nnetworks++];

		if (!compile_prefix(n, af, &x->prefix, e) ||
		    !compile_map(tree, n, "route-map", c, &x->map, e))
			return false;
	}
	qsort(c->networks, c->nnetworks, sizeof c->networks[0], conf_prefix_cmp);
	return true;
}

static bool
compile_aggregates(const struct lyd_node *tree, const struct lyd_node *node, unsigned af,
    struct vrf_af_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(node, "aggregate-address");

	c->aggregates = xcalloc(conf_count(n) + 1, sizeof c->aggregates[0]);
	for (; n; n = nb_next(n)) {
		struct aggregate_conf *a = &c->aggregates[c->naggregates++];

		if (!compile_prefix(n, af, &a->prefix, e) ||
		    !compile_map(tree, n, "route-map", c, &a->map, e))
			return false;
		a->summary_only = conf_bool(n, "summary-only", false);
	}
	qsort(c->aggregates, c->naggregates, sizeof c->aggregates[0], conf_prefix_cmp);
	return true;
}

/* The statement's metric and map; those of `ospf` and `ospf6` are of one source. */
static bool
compile_policy(const struct lyd_node *tree, const struct lyd_node *n,
    struct vrf_af_conf *c, struct vrf_policy *p, struct err *e)
{
	rmap_unref(p->map);
	p->has_metric = nb_leaf(n, "metric") != NULL;
	p->metric = conf_num(n, "metric", 0);
	return compile_map(tree, n, "route-map", c, &p->map, e);
}

static bool
compile_redistribute(const struct lyd_node *tree, const struct lyd_node *node,
    struct vrf_af_conf *c, struct err *e)
{
	static const struct {
		const char *name;
		unsigned bit;
	} sources[] = {
		{ "connected", REDIST_CONNECTED },
		{ "kernel", REDIST_KERNEL },
		{ "static", REDIST_STATIC },
		{ "ospf", REDIST_OSPF },
		{ "ospf6", REDIST_OSPF },
		{ "bgp", REDIST_BGP },
	};
	const struct lyd_node *n = nb_child_first(node, "redistribute");

	for (; n; n = nb_next(n))
		for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
			const unsigned bit = sources[i].bit;

			if (strcmp(nb_key(n), sources[i].name) != 0)
				continue;
			c->redistribute |= bit;
			if (!compile_policy(
				tree, n, c, &c->redist[__builtin_ctz(bit)], e))
				return false;
		}
	return true;
}

static int
table_cmp(const void *a, const void *b)
{
	const struct table_conf *x = a, *y = b;

	return x->table < y->table ? -1 : x->table > y->table;
}

static bool
compile_tables(const struct lyd_node *tree, const struct lyd_node *node,
    struct vrf_af_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(node, "redistribute-table");

	c->tables = xcalloc(conf_count(n) + 1, sizeof c->tables[0]);
	for (; n; n = nb_next(n)) {
		struct table_conf *t = &c->tables[c->ntables++];

		t->table = conf_num(n, "table", 0);
		if (!compile_policy(tree, n, c, &t->policy, e))
			return false;
	}
	/* Where several have a prefix, the lowest number's is taken, in whatever order they stand. */
	qsort(c->tables, c->ntables, sizeof c->tables[0], table_cmp);
	return true;
}

static bool
compile_imports(const struct lyd_node *tree, const struct lyd_node *node,
    const struct vrf_conf *v, struct vrf_af_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(node, "import-vrf");

	c->import_vrfs = xcalloc(conf_count(n) + 1, sizeof c->import_vrfs[0]);
	for (; n; n = nb_next(n)) {
		if (strcmp(nb_value(n), v->name) == 0)
			return conf_error(e, n, "VRF %s imports itself", v->name);
		strcpy(c->import_vrfs[c->nimport_vrfs++], nb_value(n));
	}
	return compile_map(tree, node, "import-vrf-route-map", c, &c->import_map, e);
}

/* What `address-family l2vpn evpn` says of one family. */
static bool
compile_advertise(const struct lyd_node *tree, const struct lyd_node *evpn,
    const char *family, struct vrf_af_conf *c, struct err *e)
{
	const struct lyd_node *n;

	for (n = nb_child_first(evpn, "default-originate"); n; n = nb_next(n))
		c->default_originate |= strcmp(nb_value(n), family) == 0;
	for (n = nb_child_first(evpn, "advertise"); n; n = nb_next(n)) {
		const char *map = nb_leaf(n, "route-map");

		if (strcmp(nb_key(n), family) != 0)
			continue;
		c->advertise = true;
		c->maps |= map != NULL;
		c->advertise_gateway = conf_bool(n, "gateway-ip", false);
		/* As in the dialect a map that is not there has no say here alone. */
		return !conf_has_rmap(tree, map) ||
		       conf_rmap(tree, map, &c->advertise_map, e);
	}
	return true;
}

static bool
compile_family(const struct lyd_node *tree, const struct lyd_node *bgp, unsigned af,
    struct vrf_conf *v, struct err *e)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	const struct lyd_node *node = nb_child(bgp, af ? "ipv6-unicast" : "ipv4-unicast");
	const struct lyd_node *evpn = nb_child(bgp, "l2vpn-evpn");
	struct vrf_af_conf *c = &v->af[af];

	c->maximum_paths =
	    (uint16_t)MIN(conf_num(node, "maximum-paths", PATHS_MAX), PATHS_MAX);
	return compile_advertise(tree, evpn, families[af], c, e) &&
	       compile_redistribute(tree, node, c, e) &&
	       compile_tables(tree, node, c, e) &&
	       compile_networks(tree, node, af, c, e) &&
	       compile_aggregates(tree, node, af, c, e) &&
	       compile_imports(tree, node, v, c, e);
}

/* ---- one VRF ---- */

/* vrf, bgp: of the VRF, either may be NULL. */
static bool
compile_vrf(const struct lyd_node *tree, const struct lyd_node *vrf,
    const struct lyd_node *bgp, struct vrf_conf *v, struct err *e)
{
	const struct lyd_node *evpn = nb_child(bgp, "l2vpn-evpn");

	strcpy(v->name, nb_key(vrf ? vrf : bgp));
	v->l3vni = conf_num(vrf, "l3vni", 0);
	v->prefix_routes_only = conf_bool(vrf, "prefix-routes-only", false);
	v->unreachable_default = conf_bool(vrf, "unreachable-default", true);
	v->bgp = bgp != NULL;
	v->router_id = conf_dotted(nb_leaf(bgp, "router-id"));
	v->auto_import = conf_autort(evpn, "auto-route-target-import");
	v->auto_export = conf_autort(evpn, "auto-route-target-export");
	return conf_rd(evpn, &v->rd_set, &v->rd, e) &&
	       conf_imports(evpn, &v->imports, &v->nimports, e) &&
	       conf_exports(evpn, &v->exports, &v->nexports, e) &&
	       compile_family(tree, bgp, 0, v, e) && compile_family(tree, bgp, 1, v, e);
}

static int
vrf_cmp(const void *a, const void *b)
{
	return strcmp(
	    ((const struct vrf_conf *)a)->name, ((const struct vrf_conf *)b)->name);
}

static const struct lyd_node *
vrf_entry(const struct lyd_node *tree, const char *name)
{
	return nb_find(tree, NB_PATH({ "vrf", name }));
}

static const struct lyd_node *
bgp_entry(const struct lyd_node *tree, const char *name)
{
	return nb_find(tree, NB_PATH({ "bgp", NULL }, { "vrf", name }));
}

bool
conf_compile_vrfs(const struct lyd_node *tree, struct evpn_conf *c, struct err *e)
{
	const struct lyd_node *vrfs = nb_first(tree, NB_PATH({ "vrf", NULL }));
	const struct lyd_node *bgps =
	    nb_first(tree, NB_PATH({ "bgp", NULL }, { "vrf", NULL }));
	const struct lyd_node *n;

	c->vrfs = xcalloc(conf_count(vrfs) + conf_count(bgps) + 1, sizeof c->vrfs[0]);
	for (n = vrfs; n; n = nb_next(n))
		if (!compile_vrf(
			tree, n, bgp_entry(tree, nb_key(n)), &c->vrfs[c->nvrfs++], e))
			return false;
	for (n = bgps; n; n = nb_next(n))
		if (!vrf_entry(tree, nb_key(n)) &&
		    !compile_vrf(tree, NULL, n, &c->vrfs[c->nvrfs++], e))
			return false;
	qsort(c->vrfs, c->nvrfs, sizeof c->vrfs[0], vrf_cmp);
	return true;
}

static void
free_family(struct vrf_af_conf *c)
{
	for (size_t i = 0; i < c->nnetworks; i++)
		rmap_unref(c->networks[i].map);
	for (size_t i = 0; i < c->naggregates; i++)
		rmap_unref(c->aggregates[i].map);
	for (size_t i = 0; i < REDIST_BITS; i++)
		rmap_unref(c->redist[i].map);
	for (size_t i = 0; i < c->ntables; i++)
		rmap_unref(c->tables[i].policy.map);
	rmap_unref(c->advertise_map);
	rmap_unref(c->import_map);
	free(c->tables);
	free(c->networks);
	free(c->aggregates);
	free(c->import_vrfs);
}

void
conf_free_vrfs(struct evpn_conf *c)
{
	for (size_t i = 0; i < c->nvrfs; i++) {
		struct vrf_conf *v = &c->vrfs[i];

		free(v->imports);
		free(v->exports);
		for (size_t af = 0; af < ARRAY_LEN(v->af); af++)
			free_family(&v->af[af]);
	}
	free(c->vrfs);
}

void
conf_unknown_vrfs(const struct evpn_conf *c,
    void (*fn)(void *arg, const struct vrf_conf *v, const char *import), void *arg)
{
	for (size_t i = 0; i < c->nvrfs; i++)
		for (size_t k = 0; k < 2; k++)
			for (size_t j = 0; j < c->vrfs[i].af[k].nimport_vrfs; j++) {
				const char *name = c->vrfs[i].af[k].import_vrfs[j];
				struct vrf_conf key = { 0 };

				memcpy(key.name, name, sizeof key.name);
				if (!bsearch(&key, c->vrfs, c->nvrfs, sizeof c->vrfs[0],
					vrf_cmp))
					fn(arg, &c->vrfs[i], name);
			}
}

/* ---- nothing means two things ---- */

/* Who has an RD or a VNI. */
struct owner {
	struct rd rd;		    /* the RD, or zero */
	uint32_t vni;		    /* the VNI, or the layer-3 VNI */
	const struct vrf_conf *vrf; /* NULL: the VNI itself */
};

/* "VNI 5" or "VRF red" */
static const char *
owner_name(const struct owner *o, char buf[32])
{
	if (o->vrf)
		snprintf(buf, 32, "VRF %s", o->vrf->name);
	else
		snprintf(buf, 32, "VNI %u", o->vni);
	return buf;
}

static int
owner_rd_cmp(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;
	int c = rd_cmp(a->rd, b->rd);

	if (c != 0 || (!a->vrf && !b->vrf))
		return c ? c : a->vni < b->vni ? -1 : a->vni > b->vni;
	return a->vrf && b->vrf ? strcmp(a->vrf->name, b->vrf->name) : a->vrf ? 1 : -1;
}

static int
owner_vni_cmp(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;

	if (a->vni != b->vni)
		return a->vni < b->vni ? -1 : 1;
	return a->vrf && b->vrf ? strcmp(a->vrf->name, b->vrf->name)
				: (a->vrf != NULL) - (b->vrf != NULL);
}

/* The node of the owner's RD. */
static const struct lyd_node *
owner_rd_node(const struct lyd_node *tree, const struct owner *o)
{
	const struct lyd_node *n = NULL;

	if (o->vrf)
		return nb_child(
		    nb_child(bgp_entry(tree, o->vrf->name), "l2vpn-evpn"), "rd");
	n = nb_first(
	    tree, NB_PATH({ "bgp", NULL }, { "l2vpn-evpn", NULL }, { "vni", NULL }));
	while (n && conf_num(n, "id", 0) != o->vni)
		n = nb_next(n);
	return nb_child(n, "rd");
}

/* RFC 7432 7.9, RFC 4364 4.2: an RD is of one instance; two with the same would overwrite each
 * other's routes. */
static bool
check_rds(const struct lyd_node *tree, const struct evpn_conf *c, struct owner *o,
    struct err *e)
{
	char a[32], b[32];
	size_t n = 0;

	for (size_t i = 0; i < c->nvnis; i++)
		if (c->vnis[i].rd_set)
			o[n++] = (struct owner){ c->vnis[i].rd, c->vnis[i].vni, NULL };
	for (size_t i = 0; i < c->nvrfs; i++)
		if (c->vrfs[i].rd_set)
			o[n++] = (struct owner){ c->vrfs[i].rd, 0, &c->vrfs[i] };
	qsort(o, n, sizeof *o, owner_rd_cmp);
	for (size_t i = 1; i < n; i++)
		if (rd_equal(o[i - 1].rd, o[i].rd))
			return conf_error(e, owner_rd_node(tree, &o[i]),
			    "%s has the route distinguisher of %s", owner_name(&o[i], a),
			    owner_name(&o[i - 1], b));
	return true;
}

/* A VNI is bridged or routed, and routed for one VRF. */
static bool
check_vnis(const struct lyd_node *tree, const struct evpn_conf *c, struct owner *o,
    struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nvnis; i++)
		o[n++] = (struct owner){ .vni = c->vnis[i].vni };
	for (size_t i = 0; i < c->nvrfs; i++)
		if (c->vrfs[i].l3vni)
			o[n++] =
			    (struct owner){ .vni = c->vrfs[i].l3vni, .vrf = &c->vrfs[i] };
	qsort(o, n, sizeof *o, owner_vni_cmp);
	for (size_t i = 1; i < n; i++) {
		const struct lyd_node *at;

		if (o[i - 1].vni != o[i].vni)
			continue;
		at = o[i].vrf ? nb_child(vrf_entry(tree, o[i].vrf->name), "l3vni") : NULL;
		if (o[i - 1].vrf)
			return conf_error(e, at,
			    "VRF %s has the layer-3 VNI %u of VRF %s", o[i].vrf->name,
			    o[i].vni, o[i - 1].vrf->name);
		return conf_error(e, at,
		    "VRF %s has the layer-3 VNI %u, which is an EVPN instance of layer "
		    "2: "
		    "\"no vni %u\" there first",
		    o[i].vrf->name, o[i].vni, o[i].vni);
	}
	return true;
}

bool
conf_check_ids(const struct lyd_node *tree, const struct evpn_conf *c, struct err *e)
{
	struct owner *o = xcalloc(c->nvnis + c->nvrfs + 1, sizeof *o);
	bool ok = check_rds(tree, c, o, e) && check_vnis(tree, c, o, e);

	free(o);
	return ok;
}
