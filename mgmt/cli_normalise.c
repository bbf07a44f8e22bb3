/* SPDX-License-Identifier: ISC */
/* Switches that are off anyway need not be said to be off. */
#include "config.h"

#include <string.h>

#include "lib/util.h"
#include "mgmt/cli.h"

static bool
is_true(const char *v)
{
	return v && strcmp(v, "true") == 0;
}

static bool
is_datacenter(const struct lyd_node *tree)
{
	const char *v = nb_get(tree, NB_PATH({ "system", NULL }, { "defaults", NULL }));

	return v && strcmp(v, "datacenter") == 0;
}

static bool
on_by_default(const struct lyd_node *tree, const char *family)
{
	const char *v =
	    nb_get(tree, NB_PATH({ "bgp", NULL }, { "default", NULL }, { family, NULL }));

	return v ? is_true(v) : strcmp(family, "ipv4-unicast") == 0;
}

/* Switches of a neighbour or peer-group; those of the family are below a container. */
static const struct peer_switch {
	const char *container; /* NULL: none */
	const char *leaf;
} peer_switches[] = {
	{ NULL, "shutdown" },
	{ NULL, "passive" },
	{ NULL, "disable-connected-check" },
	{ NULL, "enforce-first-as" },
	{ "ipv4-unicast", "activate" },
	{ "ipv4-unicast", "route-reflector-client" },
	{ "ipv4-unicast", "next-hop-self" },
	{ "ipv4-unicast", "as-override" },
	{ "ipv4-unicast", "soft-reconfiguration-inbound" },
	{ "ipv6-unicast", "activate" },
	{ "ipv6-unicast", "route-reflector-client" },
	{ "ipv6-unicast", "next-hop-self" },
	{ "ipv6-unicast", "as-override" },
	{ "ipv6-unicast", "soft-reconfiguration-inbound" },
	{ "l2vpn-evpn", "activate" },
	{ "l2vpn-evpn", "route-reflector-client" },
	{ "l2vpn-evpn", "next-hop-self" },
	{ "l2vpn-evpn", "as-override" },
	{ "l2vpn-evpn", "soft-reconfiguration-inbound" },
};

static const char *
peer_switch_get(const struct lyd_node *entry, const struct peer_switch *s)
{
	return nb_leaf(s->container ? nb_child(entry, s->container) : entry, s->leaf);
}

/* What the switch of this entry would be without being said there. */
static bool
peer_switch_inherited(const struct lyd_node *tree, const struct lyd_node *entry,
    const struct peer_switch *s)
{
	const char *group = nb_leaf(entry, "peer-group");
	const char *v = NULL;

	if (group)
		v = peer_switch_get(
		    nb_find(tree, NB_PATH({ "bgp", NULL }, { "peer-group", group })), s);
	if (v)
		return is_true(v);
	return strcmp(s->leaf, "activate") == 0 && on_by_default(tree, s->container);
}

static void
normalise_peer(struct nb *nb, struct lyd_node **tree, const char *list, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(peer_switches); i++) {
		const struct peer_switch *s = &peer_switches[i];
		struct nb_path p = { .s = { { "bgp", NULL }, { list, key } }, .n = 2 };
		const struct lyd_node *entry = nb_find(*tree, &p);
		const char *v = peer_switch_get(entry, s);

		if (!v || is_true(v) || peer_switch_inherited(*tree, entry, s))
			continue;
		if (s->container)
			p.s[p.n++].name = s->container;
		p.s[p.n++].name = s->leaf;
		nb_del(nb, tree, &p);
	}
}

static void
normalise_peers(struct nb *nb, struct lyd_node **tree, const char *list)
{
	const struct lyd_node *n =
	    nb_first(*tree, NB_PATH({ "bgp", NULL }, { list, NULL }));

	for (; n; n = nb_next(n))
		normalise_peer(nb, tree, list, nb_key(n));
}

static void
normalise_vnis(struct nb *nb, struct lyd_node **tree)
{
	static const char *const leaves[] = { "advertise-svi-ip",
		"advertise-default-gw" };
	const struct lyd_node *evpn =
	    nb_find(*tree, NB_PATH({ "bgp", NULL }, { "l2vpn-evpn", NULL }));
	const struct lyd_node *n = nb_child_first(evpn, "vni");

	for (; n; n = nb_next(n))
		for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
			const char *v = nb_leaf(n, leaves[i]);

			if (v && !is_true(v) && !is_true(nb_leaf(evpn, leaves[i])))
				nb_del(nb, tree,
				    NB_PATH({ "bgp", NULL }, { "l2vpn-evpn", NULL },
					{ "vni", nb_key(n) }, { leaves[i], NULL }));
		}
}

/* A list that has lost its last entry is not there, as if it never was. */
static void
normalise_lists(struct nb *nb, struct lyd_node **tree)
{
	static const char *const lists[] = { "route-map", "ip-prefix-list",
		"ipv6-prefix-list", "mac-access-list", "as-path-list", "community-list",
		"large-community-list", "extcommunity-list" };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct lyd_node *n = nb_first(*tree, NB_PATH({ lists[i], NULL })),
				      *next;

		for (; n; n = next) {
			next = nb_next(n);
			if (!nb_child_first(n, "entry"))
				nb_del(nb, tree, NB_PATH({ lists[i], nb_key(n) }));
		}
	}
}

/* What was said of a network and taken back leaves no network without VNI behind. */
static void
normalise_networks(struct nb *nb, struct lyd_node **tree)
{
	const struct lyd_node *t = nb_first(*tree, NB_PATH({ "tenant", NULL }));
	const struct lyd_node *n, *next;

	for (; t; t = nb_next(t))
		for (n = nb_child_first(t, "network"); n; n = next) {
			next = nb_next(n);
			if (nb_is_bare(n))
				nb_del(nb, tree,
				    NB_PATH({ "tenant", nb_key(t) },
					{ "network", nb_key(n) }));
		}
}

/* A port that is in no network is nothing to us. */
static void
normalise_ports(struct nb *nb, struct lyd_node **tree)
{
	const struct lyd_node *n = nb_first(*tree, NB_PATH({ "port", NULL })), *next;

	for (; n; n = next) {
		next = nb_next(n);
		if (!nb_leaf(n, "network") && !nb_child_first(n, "tagged"))
			nb_del(nb, tree, NB_PATH({ "port", nb_key(n) }));
	}
}

/* Switches whose default is the profile's: on in "datacenter" or on in "traditional". */
static void
normalise_profile(struct nb *nb, struct lyd_node **tree)
{
	static const struct {
		const char *leaf;
		bool on_in_datacenter;
	} leaves[] = {
		{ "log-neighbor-changes", true },
		{ "deterministic-med", true },
		{ "ebgp-requires-policy", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		const struct nb_path *p =
		    NB_PATH({ "bgp", NULL }, { leaves[i].leaf, NULL });
		const char *v = nb_get(*tree, p);

		if (v && !is_true(v) &&
		    leaves[i].on_in_datacenter != is_datacenter(*tree))
			nb_del(nb, tree, p);
	}
}

/* The speaker came with a VRF that has gone again. */
static void
normalise_speaker(struct nb *nb, struct lyd_node **tree)
{
	const struct nb_path *p = NB_PATH({ "bgp", NULL });
	const struct lyd_node *bgp = nb_find(*tree, p);

	if (bgp && !nb_has_children(bgp))
		nb_del(nb, tree, p);
}

void
cli_normalise(struct nb *nb, struct lyd_node **tree)
{
	normalise_peers(nb, tree, "peer-group");
	normalise_peers(nb, tree, "neighbor");
	normalise_vnis(nb, tree);
	normalise_lists(nb, tree);
	normalise_networks(nb, tree);
	normalise_ports(nb, tree);
	normalise_profile(nb, tree);
	normalise_speaker(nb, tree);
}
