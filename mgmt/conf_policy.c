/* SPDX-License-Identifier: ISC */
/* Route-maps, with the prefix-lists that they name. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

static bool
permits(const struct lyd_node *entry)
{
	const char *v = nb_leaf(entry, "action");

	return v && strcmp(v, "permit") == 0;
}

static int
plist_cmp(const void *pa, const void *pb)
{
	const struct plist_entry *a = pa, *b = pb;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* RFC 4271 knows no such thing; in the dialect a length alone is exact, `ge` opens upwards. */
static bool
compile_entry(
    const struct lyd_node *n, uint8_t iplen, struct plist_entry *x, struct err *e)
{
	const uint32_t bits = iplen * 8u;
	uint32_t ge, le;

	if (!prefix_parse(nb_leaf(n, "prefix"), &x->prefix) || x->prefix.ip.len != iplen)
		return conf_error(e, n, "%s is no IPv%c prefix", nb_leaf(n, "prefix"),
		    iplen == 4 ? '4' : '6');
	x->seq = conf_num(n, "seq", 0);
	x->permit = permits(n);
	ge = conf_num(n, "ge", x->prefix.plen);
	le = conf_num(n, "le", nb_leaf(n, "ge") ? bits : x->prefix.plen);
	if (ge < x->prefix.plen || ge > le || le > bits)
		return conf_error(e, n, "the lengths must be %u <= ge <= le <= %u",
		    x->prefix.plen, bits);
	x->ge = (uint8_t)ge;
	x->le = (uint8_t)le;
	return true;
}

/* The list of this name; none denies everything. */
static bool
compile_plist(const struct lyd_node *tree, const char *list, const char *name,
    uint8_t iplen, struct plist *l, struct err *e)
{
	const struct lyd_node *n =
	    nb_child_first(nb_find(tree, NB_PATH({ list, name })), "entry");

	l->e = xcalloc(conf_count(n) + 1, sizeof l->e[0]);
	for (; n; n = nb_next(n))
		if (!compile_entry(n, iplen, &l->e[l->n++], e))
			return false;
	qsort(l->e, l->n, sizeof l->e[0], plist_cmp);
	return true;
}

static bool
compile_matches(const struct lyd_node *tree, const struct lyd_node *n,
    struct rmap_entry *x, struct err *e)
{
	const char *ifname = nb_leaf(n, "match-interface");
	const char *p4 = nb_leaf(n, "match-ip-prefix-list");
	const char *p6 = nb_leaf(n, "match-ipv6-prefix-list");

	if (ifname) {
		x->match |= RMAP_IF;
		strcpy(x->ifname, ifname);
	}
	if (nb_leaf(n, "match-evpn-route-type"))
		x->match |= RMAP_TYPE;
	if (nb_leaf(n, "match-evpn-vni"))
		x->match |= RMAP_VNI;
	x->type = (uint8_t)conf_num(n, "match-evpn-route-type", 0);
	x->vni = conf_num(n, "match-evpn-vni", 0);
	x->match |= (p4 ? RMAP_PREFIX4 : 0u) | (p6 ? RMAP_PREFIX6 : 0u);
	return (!p4 || compile_plist(tree, "ip-prefix-list", p4, 4, &x->prefix[0], e)) &&
	       (!p6 || compile_plist(tree, "ipv6-prefix-list", p6, 16, &x->prefix[1], e));
}

static bool
compile_rmap_entry(const struct lyd_node *tree, const struct lyd_node *n,
    struct rmap_entry *x, struct err *e)
{
	x->seq = (uint16_t)conf_num(n, "seq", 0);
	x->permit = permits(n);
	if (nb_leaf(n, "set-local-preference"))
		x->set |= RMAP_SET_LOCAL_PREF;
	if (nb_leaf(n, "set-metric"))
		x->set |= RMAP_SET_METRIC;
	x->local_pref = conf_num(n, "set-local-preference", 0);
	x->metric = conf_num(n, "set-metric", 0);
	return compile_matches(tree, n, x, e);
}

static int
rmap_cmp(const void *pa, const void *pb)
{
	return ((const struct rmap_entry *)pa)->seq -
	       ((const struct rmap_entry *)pb)->seq;
}

bool
conf_has_rmap(const struct lyd_node *tree, const char *name)
{
	return name && nb_find(tree, NB_PATH({ "route-map", name }));
}

bool
conf_rmap(const struct lyd_node *tree, const char *name, struct rmap **to, struct err *e)
{
	const struct lyd_node *n;
	struct rmap *m;

	*to = NULL;
	if (!name)
		return true;
	*to = m = rmap_new();
	n = nb_child_first(nb_find(tree, NB_PATH({ "route-map", name })), "entry");
	m->e = xcalloc(conf_count(n) + 1, sizeof m->e[0]);
	for (; n; n = nb_next(n))
		if (!compile_rmap_entry(tree, n, &m->e[m->n++], e))
			return false;
	qsort(m->e, m->n, sizeof m->e[0], rmap_cmp);
	return true;
}

/* Also of those that nobody uses (yet). */
bool
conf_check_policies(const struct lyd_node *tree, struct err *e)
{
	static const struct {
		const char *list;
		uint8_t iplen;
	} lists[] = { { "ip-prefix-list", 4 }, { "ipv6-prefix-list", 16 } };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct lyd_node *n =
		    nb_first(tree, NB_PATH({ lists[i].list, NULL }));

		for (; n; n = nb_next(n)) {
			struct plist l = { NULL, 0 };
			bool ok = compile_plist(
			    tree, lists[i].list, nb_key(n), lists[i].iplen, &l, e);

			free(l.e);
			if (!ok)
				return false;
		}
	}
	return true;
}
