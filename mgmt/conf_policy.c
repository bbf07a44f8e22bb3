/* SPDX-License-Identifier: ISC */
/* Route-maps, with the lists that they name. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/strbuf.h"
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

/* The list of this name; none denies everything. */
static bool
compile_comlist(const struct lyd_node *tree, enum comkind kind, const char *name,
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
		x->permit = permits(n);
		l->n++;
	}
	qsort(l->e, l->n, sizeof l->e[0], comlist_cmp);
	return true;
}

/* ---- matches ---- */

static uint8_t
origin_of(const char *v)
{
	return strcmp(v, "igp") == 0   ? ORIGIN_IGP
	       : strcmp(v, "egp") == 0 ? ORIGIN_EGP
				       : ORIGIN_INCOMPLETE;
}

/* Leaves that are numbers, and those that are there or not: which bit each turns on. */
static unsigned
bits_of(const struct lyd_node *n)
{
	static const struct {
		const char *leaf;
		unsigned bit;
	} bits[] = {
		{ "match-interface", RMAP_IF },
		{ "match-ip-prefix-list", RMAP_PREFIX4 },
		{ "match-ipv6-prefix-list", RMAP_PREFIX6 },
		{ "match-ip-prefix-len", RMAP_LEN4 },
		{ "match-ipv6-prefix-len", RMAP_LEN6 },
		{ "match-evpn-route-type", RMAP_TYPE },
		{ "match-evpn-vni", RMAP_VNI },
		{ "match-evpn-rd", RMAP_RD },
		{ "match-metric", RMAP_METRIC },
		{ "match-local-preference", RMAP_LOCAL_PREF },
		{ "match-origin", RMAP_ORIGIN },
		{ "match-source-vrf", RMAP_VRF },
		{ "match-community", RMAP_LIST << COM_STANDARD },
		{ "match-large-community", RMAP_LIST << COM_LARGE },
		{ "match-extcommunity", RMAP_LIST << COM_EXTENDED },
		{ "match-as-path", RMAP_LIST << COM_PATH },
	};
	unsigned set = conf_bool(n, "match-evpn-default-route", false) ? RMAP_DEFAULT : 0;

	for (size_t i = 0; i < ARRAY_LEN(bits); i++)
		if (nb_leaf(n, bits[i].leaf))
			set |= bits[i].bit;
	return set;
}

static bool
match_lists(const struct lyd_node *tree, const struct lyd_node *n, struct rmap_entry *x,
    struct err *e)
{
	static const char *const leaves[COM_KINDS] = {
		[COM_STANDARD] = "match-community",
		[COM_LARGE] = "match-large-community",
		[COM_EXTENDED] = "match-extcommunity",
		[COM_PATH] = "match-as-path",
	};
	const char *p4 = nb_leaf(n, "match-ip-prefix-list");
	const char *p6 = nb_leaf(n, "match-ipv6-prefix-list");

	for (int k = 0; k < COM_KINDS; k++) {
		const char *name = nb_leaf(n, leaves[k]);

		if (name &&
		    !compile_comlist(tree, (enum comkind)k, name, &x->lists[k], e))
			return false;
	}
	x->exact[COM_STANDARD] = conf_bool(n, "match-community-exact", false);
	x->exact[COM_LARGE] = conf_bool(n, "match-large-community-exact", false);
	return (!p4 || compile_plist(tree, "ip-prefix-list", p4, 4, &x->prefix[0], e)) &&
	       (!p6 || compile_plist(tree, "ipv6-prefix-list", p6, 16, &x->prefix[1], e));
}

static bool
compile_matches(const struct lyd_node *tree, const struct lyd_node *n,
    struct rmap_entry *x, struct err *e)
{
	const char *ifname = nb_leaf(n, "match-interface");
	const char *vrf = nb_leaf(n, "match-source-vrf");
	const char *rd = nb_leaf(n, "match-evpn-rd"),
		   *origin = nb_leaf(n, "match-origin");

	x->match = bits_of(n);
	if (ifname)
		strcpy(x->ifname, ifname);
	if (vrf)
		strcpy(x->vrf, vrf);
	if (rd && !rd_parse(rd, &x->rd))
		return conf_error(e, n, "%s is no route distinguisher", rd);
	if (origin)
		x->origin = origin_of(origin);
	x->plen[0] = (uint8_t)conf_num(n, "match-ip-prefix-len", 0);
	x->plen[1] = (uint8_t)conf_num(n, "match-ipv6-prefix-len", 0);
	x->type = (uint8_t)conf_num(n, "match-evpn-route-type", 0);
	x->vni = conf_num(n, "match-evpn-vni", 0);
	x->match_metric = conf_num(n, "match-metric", 0);
	x->match_local_pref = conf_num(n, "match-local-preference", 0);
	return match_lists(tree, n, x, e);
}

/* ---- sets ---- */

/* Communities that the text names become those of the entry. */
static bool
parse_com(const struct lyd_node *n, const char *text, enum comkind kind,
    struct rmap_entry *x, struct err *e)
{
	return comset_parse(kind, text, &x->com[kind]) ||
	       conf_error(e, n, "\"%s\" are no communities of this kind", text);
}

/* "65000:1 additive", "none" */
static bool
compile_com(const struct lyd_node *n, const char *leaf, enum comkind kind,
    struct rmap_entry *x, struct err *e)
{
	static const char last[] = " additive";
	const size_t tail = sizeof last - 1;
	const char *v = nb_leaf(n, leaf);
	char *text;
	size_t len;
	bool ok;

	if (!v)
		return true;
	x->set |= (unsigned)RMAP_SET_COM << kind;
	if (strcmp(v, "none") == 0)
		return true;
	text = xstrdup(v);
	len = strlen(text);
	if (len > tail && strcmp(text + len - tail, last) == 0) {
		text[len - tail] = '\0';
		x->additive[kind] = true;
	}
	ok = parse_com(n, text, kind, x, e);
	free(text);
	return ok;
}

/* Extended communities are always added; `none` takes away what was there before. */
static bool
compile_ecom(const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	const char *rt = nb_leaf(n, "set-extcommunity-rt");
	const char *soo = nb_leaf(n, "set-extcommunity-soo");
	bool none = conf_bool(n, "set-extcommunity-none", false), ok = true;
	struct strbuf s;

	if (!rt && !soo && !none)
		return true;
	x->set |= (unsigned)RMAP_SET_COM << COM_EXTENDED;
	x->additive[COM_EXTENDED] = !none;
	strbuf_init(&s);
	strbuf_printf(&s, "%s%s%s%s", rt ? "rt " : "", rt ? rt : "", soo ? " soo " : "",
	    soo ? soo : "");
	if (rt || soo)
		ok = parse_com(n, s.s, COM_EXTENDED, x, e);
	strbuf_fini(&s);
	return ok;
}

static bool
compile_prepend(const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	const char *v = nb_leaf(n, "set-as-path-prepend");
	char *text, *rest = NULL, *word;
	unsigned long long as;
	bool ok = true;

	if (!v)
		return true;
	x->set |= RMAP_SET_PREPEND;
	text = xstrdup(v);
	for (word = strtok_r(text, " ", &rest); word && ok;
	     word = strtok_r(NULL, " ", &rest)) {
		ok = parse_u64(word, 1, UINT32_MAX, &as) && x->nprepend < 255;
		x->prepend =
		    xrealloc(x->prepend, (x->nprepend + 1) * sizeof x->prepend[0]);
		x->prepend[x->nprepend++] = (uint32_t)as;
	}
	free(text);
	return ok || conf_error(e, n, "\"%s\" are no AS numbers", v);
}

static bool
compile_deletes(const struct lyd_node *tree, const struct lyd_node *n,
    struct rmap_entry *x, struct err *e)
{
	static const char *const leaves[COM_PATH] = {
		[COM_STANDARD] = "set-comm-list-delete",
		[COM_LARGE] = "set-large-comm-list-delete",
		[COM_EXTENDED] = "set-extended-comm-list-delete",
	};

	for (int k = 0; k < COM_PATH; k++) {
		const char *name = nb_leaf(n, leaves[k]);

		if (!name)
			continue;
		x->set |= (unsigned)RMAP_SET_DELETE << k;
		if (!compile_comlist(tree, (enum comkind)k, name, &x->del[k], e))
			return false;
	}
	return true;
}

static bool
compile_sets(const struct lyd_node *tree, const struct lyd_node *n, struct rmap_entry *x,
    struct err *e)
{
	const char *origin = nb_leaf(n, "set-origin");

	if (nb_leaf(n, "set-local-preference"))
		x->set |= RMAP_SET_LOCAL_PREF;
	if (nb_leaf(n, "set-metric"))
		x->set |= RMAP_SET_METRIC;
	if (nb_leaf(n, "set-as-path-prepend-last-as"))
		x->set |= RMAP_SET_LAST_AS;
	x->local_pref = conf_num(n, "set-local-preference", 0);
	x->metric = conf_num(n, "set-metric", 0);
	x->last_as = (uint8_t)conf_num(n, "set-as-path-prepend-last-as", 0);
	if (origin) {
		x->set |= RMAP_SET_ORIGIN;
		x->set_origin = origin_of(origin);
	}
	return compile_com(n, "set-community", COM_STANDARD, x, e) &&
	       compile_com(n, "set-large-community", COM_LARGE, x, e) &&
	       compile_ecom(n, x, e) && compile_prepend(n, x, e) &&
	       compile_deletes(tree, n, x, e);
}

static bool
compile_rmap_entry(const struct lyd_node *tree, const struct lyd_node *n,
    struct rmap_entry *x, struct err *e)
{
	x->seq = (uint16_t)conf_num(n, "seq", 0);
	x->permit = permits(n);
	return compile_sets(tree, n, x, e) && compile_matches(tree, n, x, e);
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

static bool
check_plists(const struct lyd_node *tree, const char *list, uint8_t iplen, struct err *e)
{
	const struct lyd_node *n = nb_first(tree, NB_PATH({ list, NULL }));

	for (; n; n = nb_next(n)) {
		struct plist l = { NULL, 0 };
		bool ok = compile_plist(tree, list, nb_key(n), iplen, &l, e);

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
		bool ok = compile_comlist(tree, kind, nb_key(n), &l, e);

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
