/* SPDX-License-Identifier: ISC */
/* Lists that policies name: of prefixes, MACs, communities and AS paths. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

bool
conf_permits(const struct lyd_node *entry)
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
	x->permit = conf_permits(n);
	ge = conf_num(n, "ge", x->prefix.plen);
	le = conf_num(n, "le", nb_leaf(n, "ge") ? bits : x->prefix.plen);
	if (ge < x->prefix.plen || ge > le || le > bits)
		return conf_error(e, n, "the lengths must be %u <= ge <= le <= %u",
		    x->prefix.plen, bits);
	x->ge = (uint8_t)ge;
	x->le = (uint8_t)le;
	return true;
}

bool
conf_plist(const struct lyd_node *tree, const char *list, const char *name, uint8_t iplen,
    struct plist *l, struct err *e)
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

static int
maclist_cmp(const void *pa, const void *pb)
{
	const struct maclist_entry *a = pa, *b = pb;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

bool
conf_maclist(
    const struct lyd_node *tree, const char *name, struct maclist *l, struct err *e)
{
	const struct lyd_node *n =
	    nb_child_first(nb_find(tree, NB_PATH({ "mac-access-list", name })), "entry");

	l->e = xcalloc(conf_count(n) + 1, sizeof l->e[0]);
	for (; n; n = nb_next(n)) {
		struct maclist_entry *x = &l->e[l->n++];
		const char *mac = nb_leaf(n, "mac");

		x->seq = conf_num(n, "seq", 0);
		x->permit = conf_permits(n);
		x->any = strcmp(mac, "any") == 0;
		if (!x->any && !mac_parse(mac, &x->mac))
			return conf_error(e, n, "%s is no MAC address", mac);
	}
	qsort(l->e, l->n, sizeof l->e[0], maclist_cmp);
	return true;
}

/* ---- lists of communities and of AS paths ---- */

static const char *const comlists[COM_KINDS] = {
	[COM_STANDARD] = "community-list",
	[COM_LARGE] = "large-community-list",
	[COM_EXTENDED] = "extcommunity-list",
	[COM_PATH] = "as-path-list",
};

static int
comlist_cmp(const void *pa, const void *pb)
{
	const struct comlist_entry *a = pa, *b = pb;

	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

bool
conf_comlist(const struct lyd_node *tree, enum comkind kind, const char *name,
    struct comlist *l, struct err *e)
{
	const struct lyd_node *n =
	    nb_child_first(nb_find(tree, NB_PATH({ comlists[kind], name })), "entry");

	l->e = xcalloc(conf_count(n) + 1, sizeof l->e[0]);
	for (; n; n = nb_next(n)) {
		struct comlist_entry *x = &l->e[l->n];
		const char *re = nb_leaf(n, "regex"), *text = nb_leaf(n, "communities");

		if (!re == !text)
			return conf_error(e, n, "an entry has communities or a regex");
		if (!comlist_entry_parse(x, kind, re ? re : text, re != NULL))
			return conf_error(e, n,
			    re ? "\"%s\" is no regular expression"
			       : "\"%s\" is no list of communities of this kind",
			    re ? re : text);
		x->seq = conf_num(n, "seq", 0);
		x->permit = conf_permits(n);
		l->n++;
	}
	qsort(l->e, l->n, sizeof l->e[0], comlist_cmp);
	return true;
}

static bool
check_plists(const struct lyd_node *tree, const char *list, uint8_t iplen, struct err *e)
{
	const struct lyd_node *n = nb_first(tree, NB_PATH({ list, NULL }));

	for (; n; n = nb_next(n)) {
		struct plist l = { NULL, 0 };
		bool ok = conf_plist(tree, list, nb_key(n), iplen, &l, e);

		free(l.e);
		if (!ok)
			return false;
	}
	return true;
}

static bool
check_comlists(const struct lyd_node *tree, enum comkind kind, struct err *e)
{
	const struct lyd_node *n = nb_first(tree, NB_PATH({ comlists[kind], NULL }));

	for (; n; n = nb_next(n)) {
		struct comlist l = { NULL, 0 };
		bool ok = conf_comlist(tree, kind, nb_key(n), &l, e);

		comlist_fini(&l);
		if (!ok)
			return false;
	}
	return true;
}

/* Also of those that nobody uses (yet). */
bool
conf_check_policies(const struct lyd_node *tree, struct err *e)
{
	const struct lyd_node *n = nb_first(tree, NB_PATH({ "route-map", NULL }));

	for (int k = 0; k < COM_KINDS; k++)
		if (!check_comlists(tree, (enum comkind)k, e))
			return false;
	if (!check_plists(tree, "ip-prefix-list", 4, e) ||
	    !check_plists(tree, "ipv6-prefix-list", 16, e))
		return false;
	for (; n; n = nb_next(n)) {
		struct rmap *m;
		bool ok = conf_rmap(tree, nb_key(n), &m, e);

		rmap_unref(m);
		if (!ok)
			return false;
	}
	return true;
}
