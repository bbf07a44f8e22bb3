/* SPDX-License-Identifier: ISC */
/* Route-maps, with the lists that they name and the maps that they call. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

#define CALLS_MAX 10u /* maps deep, as in the dialect */

/* A map in the making. */
struct maker {
	const struct lyd_node *tree;	 /* borrowed */
	const struct conf_rmap_for *who; /* borrowed; NULL: nobody */
	struct rmap *m;			 /* borrowed */
	const char **names;		 /* owned: maps that are called; borrowed names */
	size_t nnames;			 /* of them */
};

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
		{ "match-mac-address", RMAP_MAC },
		{ "match-src-peer", RMAP_SRC_PEER },
		{ "match-community-limit", RMAP_LIMIT << COM_STANDARD },
		{ "match-large-community-limit", RMAP_LIMIT << COM_LARGE },
		{ "match-extcommunity-limit", RMAP_LIMIT << COM_EXTENDED },
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
	const char *mac = nb_leaf(n, "match-mac-address");

	for (int k = 0; k < COM_KINDS; k++) {
		const char *name = nb_leaf(n, leaves[k]);

		if (name && !conf_comlist(tree, (enum comkind)k, name, &x->lists[k], e))
			return false;
	}
	x->exact[COM_STANDARD] = conf_bool(n, "match-community-exact", false);
	x->exact[COM_LARGE] = conf_bool(n, "match-large-community-exact", false);
	x->exact[COM_EXTENDED] = conf_bool(n, "match-extcommunity-exact", false);
	x->limit[COM_STANDARD] = (uint16_t)conf_num(n, "match-community-limit", 0);
	x->limit[COM_LARGE] = (uint16_t)conf_num(n, "match-large-community-limit", 0);
	x->limit[COM_EXTENDED] = (uint16_t)conf_num(n, "match-extcommunity-limit", 0);
	return (!mac || conf_maclist(tree, mac, &x->mac, e)) &&
	       (!p4 || conf_plist(tree, "ip-prefix-list", p4, 4, &x->prefix[0], e)) &&
	       (!p6 || conf_plist(tree, "ipv6-prefix-list", p6, 16, &x->prefix[1], e));
}

/* Who the neighbour is, is known by now: `match peer` fits or it does not. */
static bool
fits_peer(const char *want, const struct conf_rmap_for *who)
{
	char text[IP_STRLEN];

	if (!who || (!who->group && who->addr.len == 0))
		return strcmp(want, "local") == 0;
	if (who->group && strcmp(want, who->group) == 0)
		return true;
	return who->addr.len && strcmp(want, ip_format(who->addr, text)) == 0;
}

static bool
compile_matches(
    struct maker *mk, const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	const char *peer = nb_leaf(n, "match-peer"), *src = nb_leaf(n, "match-src-peer");
	const char *ifname = nb_leaf(n, "match-interface");
	const char *vrf = nb_leaf(n, "match-source-vrf");
	const char *rd = nb_leaf(n, "match-evpn-rd"),
		   *origin = nb_leaf(n, "match-origin");

	x->match = bits_of(n);
	if (peer && !fits_peer(peer, mk->who))
		x->match |= RMAP_NEVER;
	if (src && !ip_parse(src, &x->src_peer))
		return conf_error(e, n, "%s is no address", src);
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
	return match_lists(mk->tree, n, x, e);
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
compile_ases(
    const struct lyd_node *n, const char *v, uint32_t **to, size_t *count, struct err *e)
{
	char *text = xstrdup(v), *rest = NULL, *word;
	unsigned long long as;
	bool ok = true;

	for (word = strtok_r(text, " ", &rest); word && ok;
	     word = strtok_r(NULL, " ", &rest)) {
		ok = parse_u64(word, 1, UINT32_MAX, &as) && *count < 255;
		*to = xrealloc(*to, (*count + 1) * sizeof **to);
		(*to)[(*count)++] = (uint32_t)as;
	}
	free(text);
	return ok || conf_error(e, n, "\"%s\" are no AS numbers", v);
}

/* "any", "65000"; in its place another one, or ours. */
static void
compile_replace(const struct lyd_node *tree, const struct lyd_node *n, const char *v,
    struct rmap_entry *x)
{
	x->set |= RMAP_SET_REPLACE;
	x->replace[0] = strcmp(v, "any") == 0 ? 0 : conf_num(n, "set-as-path-replace", 0);
	x->replace[1] = conf_num(n, "set-as-path-replace-with",
	    conf_num(nb_find(tree, NB_PATH({ "bgp", NULL })), "as", 0));
}

static bool
compile_path(const struct lyd_node *tree, const struct lyd_node *n, struct rmap_entry *x,
    struct err *e)
{
	const char *prepend = nb_leaf(n, "set-as-path-prepend");
	const char *exclude = nb_leaf(n, "set-as-path-exclude");
	const char *replace = nb_leaf(n, "set-as-path-replace");

	if (prepend)
		x->set |= RMAP_SET_PREPEND;
	if (exclude)
		x->set |= RMAP_SET_EXCLUDE;
	if (replace)
		compile_replace(tree, n, replace, x);
	return (!prepend || compile_ases(n, prepend, &x->prepend, &x->nprepend, e)) &&
	       (!exclude || strcmp(exclude, "all") == 0 ||
		   compile_ases(n, exclude, &x->exclude, &x->nexclude, e));
}

/* What is said of type 5. */
static bool
compile_prefix_sets(const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	static const char *const leaves[] = { "set-evpn-gateway-ip-ipv4",
		"set-evpn-gateway-ip-ipv6" };
	const char *rmac = nb_leaf(n, "set-extcommunity-rmac");

	for (int v6 = 0; v6 < 2; v6++) {
		const char *v = nb_leaf(n, leaves[v6]);

		if (!v)
			continue;
		x->set |= v6 ? RMAP_SET_GATEWAY6 : RMAP_SET_GATEWAY4;
		if (!ip_parse(v, &x->gateway[v6]) || x->gateway[v6].len != (v6 ? 16 : 4))
			return conf_error(
			    e, n, "%s is no IPv%c address", v, v6 ? '6' : '4');
	}
	if (rmac) {
		x->set |= RMAP_SET_RMAC;
		if (!mac_parse(rmac, &x->rmac) || mac_is_multicast(x->rmac) ||
		    mac_is_zero(x->rmac))
			return conf_error(e, n, "%s is no MAC address of a router", rmac);
	}
	return true;
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
		if (!conf_comlist(tree, (enum comkind)k, name, &x->del[k], e))
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
	if (nb_leaf(n, "set-weight"))
		x->set |= RMAP_SET_WEIGHT;
	x->weight = conf_num(n, "set-weight", 0);
	if (origin) {
		x->set |= RMAP_SET_ORIGIN;
		x->set_origin = origin_of(origin);
	}
	return compile_com(n, "set-community", COM_STANDARD, x, e) &&
	       compile_com(n, "set-large-community", COM_LARGE, x, e) &&
	       compile_ecom(n, x, e) && compile_path(tree, n, x, e) &&
	       compile_prefix_sets(n, x, e) && compile_deletes(tree, n, x, e);
}

/* ---- maps, and those that they call ---- */

/* The number of a map that is called, from 1; one that is not there has no entries. */
static uint16_t
add_part(struct maker *mk, const char *name)
{
	for (size_t i = 0; i < mk->nnames; i++)
		if (strcmp(mk->names[i], name) == 0)
			return (uint16_t)(i + 1);
	mk->names = xrealloc(mk->names, (mk->nnames + 1) * sizeof mk->names[0]);
	mk->names[mk->nnames++] = name;
	return (uint16_t)mk->nnames;
}

static bool
compile_next(
    struct maker *mk, const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	const char *v = nb_leaf(n, "on-match");

	/* In the dialect one that is not there has no say here. */
	if (conf_has_rmap(mk->tree, nb_leaf(n, "call")))
		x->call = add_part(mk, nb_leaf(n, "call"));
	if (!v)
		return true;
	if (strcmp(v, "next") == 0) {
		x->next = RMAP_NEXT;
		return true;
	}
	x->next = RMAP_GOTO;
	x->go = (uint16_t)conf_num(n, "on-match", 0);
	return x->go > x->seq ||
	       conf_error(e, n, "entry %u can go on with a later one only", x->seq);
}

static bool
compile_entry(
    struct maker *mk, const struct lyd_node *n, struct rmap_entry *x, struct err *e)
{
	x->seq = (uint16_t)conf_num(n, "seq", 0);
	x->permit = conf_permits(n);
	return compile_sets(mk->tree, n, x, e) && compile_matches(mk, n, x, e) &&
	       compile_next(mk, n, x, e);
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

/* The entries of one map, at the end of what there is; counted in `n` as they come. */
static bool
compile_part(struct maker *mk, const char *name, size_t *n, struct err *e)
{
	struct rmap *m = mk->m;
	const size_t first = rmap_entries(m);
	const struct lyd_node *x =
	    nb_child_first(nb_find(mk->tree, NB_PATH({ "route-map", name })), "entry");

	m->e = xrealloc(m->e, (first + conf_count(x) + 1) * sizeof m->e[0]);
	for (; x; x = nb_next(x)) {
		struct rmap_entry *to = &m->e[first + (*n)++];

		memset(to, 0, sizeof *to);
		if (!compile_entry(mk, x, to, e))
			return false;
	}
	if (*n)
		qsort(m->e + first, *n, sizeof m->e[0], rmap_cmp);
	return true;
}

/* One more than that of the deepest map that is called from this part. */
static unsigned
depth_of(const struct rmap *m, const struct rmap_part *p, const unsigned *depth)
{
	unsigned d = 0;

	for (size_t i = p->first; i < p->first + p->n; i++)
		if (m->e[i].call)
			d = MAX(d, depth[m->e[i].call - 1] + 1);
	return d;
}

/* Maps that call each other in a circle get deeper with every round. */
static bool
shallow(const struct rmap *m)
{
	unsigned *depth = xcalloc(m->nparts + 1, sizeof *depth), most = 0;

	for (unsigned round = 0; round <= CALLS_MAX && m->nparts; round++)
		for (size_t i = 0; i < m->nparts; i++) {
			depth[i] = depth_of(m, &m->parts[i], depth);
			most = MAX(most, depth[i]);
		}
	free(depth);
	return most < CALLS_MAX;
}

static bool
compile_calls(struct maker *mk, const char *name, struct err *e)
{
	struct rmap *m = mk->m;

	while (m->nparts < mk->nnames) {
		struct rmap_part *p;
		bool ok;

		m->parts = xrealloc(m->parts, (m->nparts + 1) * sizeof m->parts[0]);
		p = &m->parts[m->nparts];
		*p = (struct rmap_part){ .first = rmap_entries(m) };
		ok = compile_part(mk, mk->names[m->nparts], &p->n, e);
		m->nparts++;
		if (!ok)
			return false;
	}
	return shallow(m) ||
	       conf_error(e, nb_find(mk->tree, NB_PATH({ "route-map", name })),
		   "route-map %s: calls go deeper than %u maps, or in a circle", name,
		   CALLS_MAX);
}

/* The neighbour's lists as an entry that every route has to fit, and that calls the map. */
static bool
compile_filters(struct maker *mk, const char *name, struct err *e)
{
	const struct conf_rmap_for *who = mk->who;
	struct rmap_entry *x = xcalloc(1, sizeof *x);

	mk->m->e = x;
	mk->m->n = 1;
	x->permit = true;
	if (name)
		x->call = add_part(mk, name);
	if (who->aspaths) {
		x->match |= RMAP_LIST << COM_PATH;
		if (!conf_comlist(
			mk->tree, COM_PATH, who->aspaths, &x->lists[COM_PATH], e))
			return false;
	}
	if (!who->plist)
		return true;
	x->match |= who->v6 ? RMAP_PREFIX6 : RMAP_PREFIX4;
	return conf_plist(mk->tree, who->v6 ? "ipv6-prefix-list" : "ip-prefix-list",
	    who->plist, who->v6 ? 16 : 4, &x->prefix[who->v6], e);
}

bool
conf_rmap_for(const struct lyd_node *tree, const char *name,
    const struct conf_rmap_for *who, struct rmap **to, struct err *e)
{
	struct maker mk = { .tree = tree, .who = who };
	bool lists = who && (who->plist || who->aspaths), ok;

	*to = NULL;
	if (!name && !lists)
		return true;
	*to = mk.m = rmap_new();
	ok = (lists ? compile_filters(&mk, name, e)
		    : compile_part(&mk, name, &mk.m->n, e)) &&
	     compile_calls(&mk, name, e);
	free(mk.names);
	rmap_finish(mk.m);
	return ok;
}

bool
conf_rmap(const struct lyd_node *tree, const char *name, struct rmap **to, struct err *e)
{
	return conf_rmap_for(tree, name, NULL, to, e);
}
