/* SPDX-License-Identifier: ISC */
/* The short form said in the words of the rest of the tree: speaker, neighbours, VNIs, VRFs. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

#define BGP                                                                              \
	{                                                                                \
		"bgp", NULL                                                              \
	}

struct expand {
	const struct lyd_node *tree; /* borrowed: what was said */
	struct lyd_node *out;	     /* owned: with what it means */
	char as[12];		     /* of the speaker, "" without one */
	struct err *e;		     /* first error */
	bool ok;		     /* none yet */
};

static void
set(struct expand *x, const struct nb_path *p, const char *value)
{
	x->ok = x->ok && nb_put(&x->out, p, value, x->e);
}

/* Unless it is said. */
static void
set_default(struct expand *x, const struct nb_path *p, const char *value)
{
	if (!nb_get(x->tree, p))
		set(x, p, value);
}

static bool
same_family(const char *a, const char *b)
{
	struct ip x, y;

	return !ip_parse(a, &x) || !ip_parse(b, &y) || x.len == y.len;
}

static void
expand_peer(struct expand *x, const struct lyd_node *fabric, const struct lyd_node *peer)
{
	const char *addr = nb_leaf(peer, "address"), *as = nb_leaf(peer, "as");
	const char *vtep = nb_leaf(fabric, "vtep");

#define PEER(...) NB_PATH(BGP, { "neighbor", addr }, __VA_ARGS__)
	set(x, PEER({ "remote-as", NULL }), as ? as : x->as);
	set(x, PEER({ "description", NULL }), nb_key(peer));
	set(x, PEER({ "l2vpn-evpn", NULL }, { "activate", NULL }), "true");
	set(x, PEER({ "ipv4-unicast", NULL }, { "activate", NULL }), "false");
	if (as && strcmp(as, x->as) != 0)
		/* RFC 8212 is about neighbours that nobody thought of. */
		set_default(x, NB_PATH(BGP, { "ebgp-requires-policy", NULL }), "false");
	else if (vtep && same_family(vtep, addr))
		set(x, PEER({ "update-source", NULL }), vtep);
#undef PEER
}

/* What duplicate-detection says, in all instances. */
static void
expand_moves(struct expand *x)
{
	static const char *const leaves[] = { "enabled", "max-moves", "time", "freeze" };
	const struct lyd_node *n = nb_find(
	    x->tree, NB_PATH({ "fabric", NULL }, { "duplicate-detection", NULL }));

	for (size_t i = 0; i < ARRAY_LEN(leaves) && x->as[0]; i++) {
		const char *v = nb_leaf(n, leaves[i]);

		if (v)
			set_default(x,
			    NB_PATH(BGP, { "l2vpn-evpn", NULL },
				{ "dup-addr-detection", NULL }, { leaves[i], NULL }),
			    v);
	}
}

static void
expand_fabric(struct expand *x)
{
	const struct lyd_node *fabric = nb_find(x->tree, NB_PATH({ "fabric", NULL }));
	const char *as = nb_leaf(fabric, "asn"), *vtep = nb_leaf(fabric, "vtep");
	struct ip ip;

	if (!as)
		as = nb_get(x->tree, NB_PATH(BGP, { "as", NULL }));
	if (!as)
		return;
	snprintf(x->as, sizeof x->as, "%s", as);
	set(x, NB_PATH(BGP), NULL);
	set(x, NB_PATH(BGP, { "as", NULL }), as);
	if (vtep && ip_parse(vtep, &ip) && ip.len == 4)
		set_default(x, NB_PATH(BGP, { "router-id", NULL }), vtep);
	for (const struct lyd_node *p = nb_child_first(fabric, "peer"); p; p = nb_next(p))
		expand_peer(x, fabric, p);
	expand_moves(x);
}

/* ---- tenants ---- */

/* A path that is built by steps. */
static struct nb_path
below(const struct nb_path *p, const char *name, const char *key)
{
	struct nb_path q = *p;

	q.s[q.n++] = (struct nb_step){ name, key };
	return q;
}

/* The values of a leaf-list, unless there are any where they go. */
static void
copy_list(struct expand *x, const struct lyd_node *from, const char *leaf,
    const struct nb_path *to)
{
	const struct nb_path p = below(to, leaf, NULL);

	if (nb_first(x->tree, &p))
		return;
	for (const struct lyd_node *n = nb_child_first(from, leaf); n; n = nb_next(n))
		set(x, &p, nb_value(n));
}

/* RD and route targets, of a network or of a VRF. */
static void
expand_ids(struct expand *x, const struct lyd_node *from, const struct nb_path *to)
{
	const struct nb_path rd = below(to, "rd", NULL);

	if (nb_leaf(from, "rd"))
		set_default(x, &rd, nb_leaf(from, "rd"));
	copy_list(x, from, "route-target-import", to);
	copy_list(x, from, "route-target-export", to);
}

static void
expand_network(struct expand *x, const struct lyd_node *t, const struct lyd_node *n)
{
	const struct nb_path *vni =
	    NB_PATH(BGP, { "l2vpn-evpn", NULL }, { "vni", nb_leaf(n, "vni") });
	const char *irb = nb_leaf(t, "irb"), *flood = nb_leaf(n, "flood");
	const struct nb_path flooding = below(vni, "flooding", NULL),
			     gw = below(vni, "advertise-default-gw", NULL);

	set(x, vni, NULL);
	expand_ids(x, n, vni);
	if (flood && strcmp(flood, "none") == 0)
		set_default(x, &flooding, "disable");
	if (irb && strcmp(irb, "centralised") == 0 && nb_child_first(n, "gateway"))
		set_default(x, &gw, "true");
}

static const char *const families[] = { "ipv4", "ipv6" };
static const char *const unicast[] = { "ipv4-unicast", "ipv6-unicast" };
static const char *const prefix_lists[] = { "ip-prefix-list", "ipv6-prefix-list" };
static const char *const matches[] = { "match-ip-prefix-list", "match-ipv6-prefix-list" };

/* One leak of one family, and its entry of the policy `map`, NULL none, for what the VRF imports. */
static void
expand_leak(struct expand *x, const struct lyd_node *l, size_t af, const char *map,
    unsigned seq, const struct nb_path *to)
{
	const struct nb_path import = below(to, "import-vrf", NULL);
	const char *list = nb_leaf(l, "prefix-list");
	char number[12];

	/* A list of the other family alone permits nothing of this one. */
	if (list && !nb_find(x->tree, NB_PATH({ prefix_lists[af], list })))
		return;
	set(x, &import, nb_key(l));
	if (!map || nb_find(x->tree, NB_PATH({ "route-map", map })))
		return;
	snprintf(number, sizeof number, "%u", seq);
#define ENTRY(...) NB_PATH({ "route-map", map }, { "entry", number }, __VA_ARGS__)
	set(x, ENTRY({ "action", NULL }), "permit");
	set(x, ENTRY({ "match-source-vrf", NULL }), nb_key(l));
	if (list)
		set(x, ENTRY({ matches[af], NULL }), list);
#undef ENTRY
}

static void
expand_leaks(
    struct expand *x, const struct lyd_node *t, size_t af, const struct nb_path *to)
{
	const struct lyd_node *first = nb_child_first(t, "leak"), *l;
	const struct nb_path policy = below(to, "import-vrf-route-map", NULL);
	bool some = false;
	unsigned seq = 0;
	char map[32];

	for (l = first; l; l = nb_next(l))
		some |= nb_leaf(l, "prefix-list") != NULL;
	/* A name that needs no other: there is one VRF of that name. */
	snprintf(map, sizeof map, "leak-%s-%s", nb_key(t), families[af]);
	for (l = first; l; l = nb_next(l))
		expand_leak(x, l, af, some ? map : NULL, seq += 10, to);
	if (some)
		set(x, &policy, map);
}

/* What the fabric is told of one family of the VRF. */
static void
expand_family(
    struct expand *x, const struct lyd_node *t, size_t af, const struct nb_path *vrf)
{
	const struct nb_path to = below(vrf, unicast[af], NULL);
	const struct nb_path connected = below(&to, "redistribute", "connected");
	const struct nb_path evpn = below(vrf, "l2vpn-evpn", NULL);
	const struct nb_path advertise = below(&evpn, "advertise", families[af]);

	set(x, &connected, NULL);
	set(x, &advertise, NULL);
	for (const struct lyd_node *n = nb_child_first(t, "aggregate"); n;
	     n = nb_next(n)) {
		const struct nb_path a = below(&to, "aggregate-address", nb_key(n));
		const struct nb_path only = below(&a, "summary-only", NULL);

		if ((strchr(nb_key(n), ':') != NULL) != (af == 1))
			continue;
		set(x, &a, NULL);
		if (conf_bool(n, "summary-only", false))
			set(x, &only, "true");
	}
	expand_leaks(x, t, af, &to);
}

/* The networks' instances, and the VRF with what the fabric is told of it. */
static void
expand_tenant(struct expand *x, const struct lyd_node *t)
{
	const char *name = nb_key(t), *l3vni = nb_leaf(t, "vni");
	const struct nb_path *vrf = NB_PATH(BGP, { "vrf", name });
	const struct nb_path as = below(vrf, "as", NULL),
			     evpn = below(vrf, "l2vpn-evpn", NULL);

	for (const struct lyd_node *n = nb_child_first(t, "network"); n && x->as[0];
	     n = nb_next(n))
		expand_network(x, t, n);
	if (l3vni)
		set(x, NB_PATH({ "vrf", name }, { "l3vni", NULL }), l3vni);
	if (!x->as[0] || (!l3vni && !nb_child_first(t, "leak")))
		return;
	set(x, &as, x->as);
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		expand_family(x, t, i, vrf);
	expand_ids(x, t, &evpn);
	copy_list(x, t, "default-originate", &evpn);
}

bool
conf_has_tenants(const struct lyd_node *tree)
{
	return nb_find(tree, NB_PATH({ "fabric", NULL })) ||
	       nb_first(tree, NB_PATH({ "tenant", NULL })) ||
	       nb_first(tree, NB_PATH({ "port", NULL }));
}

struct lyd_node *
conf_expand(const struct lyd_node *tree, struct err *e)
{
	struct expand x = { .tree = tree, .out = nb_dup(tree), .e = e, .ok = true };
	const struct lyd_node *t = nb_first(tree, NB_PATH({ "tenant", NULL }));

	expand_fabric(&x);
	for (; t && x.ok; t = nb_next(t))
		expand_tenant(&x, t);
	if (x.ok)
		return x.out;
	nb_tree_free(x.out);
	return NULL;
}

/* ---- errors about what nobody has written ---- */

/* Where an error about part of the expanded tree belongs; `what` is a path with the key's place open. */
static bool
blame(const struct lyd_node *tree, struct err *e, const char *what,
    const struct lyd_node *(*whose)(const struct lyd_node *tree, const char *key))
{
	const struct lyd_node *n;
	size_t len = strlen(what);
	char key[64], *path;

	if (strncmp(e->path, what, len) != 0)
		return false;
	snprintf(
	    key, sizeof key, "%.*s", (int)strcspn(e->path + len, "'"), e->path + len);
	n = whose(tree, key);
	if (!n)
		return false;
	path = nb_node_path(n);
	snprintf(e->path, sizeof e->path, "%s", path);
	free(path);
	return true;
}

static const struct lyd_node *
tenant_of_vrf(const struct lyd_node *tree, const char *key)
{
	return nb_find(tree, NB_PATH({ "vrf", key }))
		   ? NULL
		   : nb_find(tree, NB_PATH({ "tenant", key }));
}

static const struct lyd_node *
tenant_of_bgp(const struct lyd_node *tree, const char *key)
{
	return nb_find(tree, NB_PATH(BGP, { "vrf", key }))
		   ? NULL
		   : nb_find(tree, NB_PATH({ "tenant", key }));
}

static const struct lyd_node *
peer_of(const struct lyd_node *tree, const char *key)
{
	const struct lyd_node *p =
	    nb_first(tree, NB_PATH({ "fabric", NULL }, { "peer", NULL }));

	while (p && strcmp(nb_leaf(p, "address"), key) != 0)
		p = nb_next(p);
	return p;
}

void
conf_blame(const struct lyd_node *tree, struct err *e)
{
	if (e && (blame(tree, e, "/evpnd:vrf[name='", tenant_of_vrf) ||
		     blame(tree, e, "/evpnd:bgp/vrf[name='", tenant_of_bgp)))
		return;
	if (e)
		blame(tree, e, "/evpnd:bgp/neighbor[address='", peer_of);
}
