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
}

/* The networks' instances, and the VRF with what the fabric is told of it. */
static void
expand_tenant(struct expand *x, const struct lyd_node *t)
{
	static const char *const unicast[] = { "ipv4-unicast", "ipv6-unicast" };
	static const char *const families[] = { "ipv4", "ipv6" };
	const char *name = nb_key(t), *l3vni = nb_leaf(t, "vni");
	const struct lyd_node *n = nb_child_first(t, "network");

	for (; n && x->as[0]; n = nb_next(n))
		set(x, NB_PATH(BGP, { "l2vpn-evpn", NULL }, { "vni", nb_leaf(n, "vni") }),
		    NULL);
	if (!l3vni)
		return;
	set(x, NB_PATH({ "vrf", name }, { "l3vni", NULL }), l3vni);
	if (!x->as[0])
		return;
	set(x, NB_PATH(BGP, { "vrf", name }, { "as", NULL }), x->as);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		set(x,
		    NB_PATH(BGP, { "vrf", name }, { unicast[i], NULL },
			{ "redistribute", "connected" }),
		    NULL);
		set(x,
		    NB_PATH(BGP, { "vrf", name }, { "l2vpn-evpn", NULL },
			{ "advertise", families[i] }),
		    NULL);
	}
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
