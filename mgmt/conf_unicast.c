/* SPDX-License-Identifier: ISC */
/* `address-family ipv4|ipv6 unicast` of the main table. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

#define PATHS_MAX 32 /* members of a group of next hops */

static bool
compile_networks(const struct lyd_node *tree, const struct lyd_node *node, unsigned af,
    struct underlay_af_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(node, "network");

	c->networks = xcalloc(conf_count(n) + 1, sizeof c->networks[0]);
	for (; n; n = nb_next(n)) {
		struct underlay_network *x = &c->networks[c->nnetworks++];

		if (!prefix_parse(nb_key(n), &x->prefix) ||
		    x->prefix.ip.len != (af ? 16 : 4))
			return conf_error(
			    e, n, "%s is no IPv%c prefix", nb_key(n), af ? '6' : '4');
		if (!conf_rmap(tree, nb_leaf(n, "route-map"), &x->map, e))
			return false;
	}
	qsort(c->networks, c->nnetworks, sizeof c->networks[0], conf_prefix_cmp);
	return true;
}

static bool
compile_redistribute(const struct lyd_node *tree, const struct lyd_node *node,
    struct underlay_af_conf *c, struct err *e)
{
	static const char *const names[UL_SOURCES] = {
		[UL_CONNECTED] = "connected",
		[UL_STATIC] = "static",
		[UL_KERNEL] = "kernel",
	};
	const struct lyd_node *n = nb_child_first(node, "redistribute");

	for (; n; n = nb_next(n))
		for (size_t i = 0; i < UL_SOURCES; i++) {
			struct underlay_redist *d = &c->redist[i];

			if (strcmp(nb_key(n), names[i]) != 0)
				continue;
			d->on = true;
			d->has_metric = nb_leaf(n, "metric") != NULL;
			d->metric = conf_num(n, "metric", 0);
			if (!conf_rmap(tree, nb_leaf(n, "route-map"), &d->map, e))
				return false;
		}
	return true;
}

static uint8_t
paths(const struct lyd_node *node, const char *leaf)
{
	return (uint8_t)MIN(conf_num(node, leaf, PATHS_MAX), PATHS_MAX);
}

bool
conf_compile_unicast(const struct lyd_node *tree, struct underlay_conf *c, struct err *e)
{
	static const char *const families[] = { "ipv4-unicast", "ipv6-unicast" };

	for (unsigned af = 0; af < 2; af++) {
		const struct lyd_node *node =
		    nb_find(tree, NB_PATH({ "bgp", NULL }, { families[af], NULL }));
		struct underlay_af_conf *x = &c->af[af];

		x->paths_ebgp = paths(node, "maximum-paths");
		x->paths_ibgp = paths(node, "maximum-paths-ibgp");
		if (!compile_networks(tree, node, af, x, e) ||
		    !compile_redistribute(tree, node, x, e))
			return false;
	}
	return true;
}

void
conf_free_unicast(struct underlay_conf *c)
{
	for (unsigned af = 0; af < 2; af++) {
		struct underlay_af_conf *x = &c->af[af];

		for (size_t i = 0; i < x->nnetworks; i++)
			rmap_unref(x->networks[i].map);
		free(x->networks);
		for (size_t i = 0; i < UL_SOURCES; i++)
			rmap_unref(x->redist[i].map);
	}
}
