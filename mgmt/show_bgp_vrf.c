/* SPDX-License-Identifier: ISC */
/* `show bgp vrf V ipv4|ipv6 unicast`: BGP's routes to the prefixes of a VRF, and what is told of it.
 *
 * There is no table of BGP for each VRF: a prefix knows the EVPN routes that name it, which are
 * shown as its paths, and whether this machine tells it. */
#include "config.h"

#include "mgmt/show_bgp_vrf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/bgp.h"
#include "bgpd/decision.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_prefix_dump.h"
#include "mgmt/show_route_path.h"
#include "mgmt/show_util.h"

struct table {
	struct prefix_dump dump;
	uint8_t len;		/* bytes of addresses: 4 or 16 */
	uint32_t id, router_id; /* of the VRF */
	unsigned routes, paths; /* written */
	bool headed;
};

/* A prefix with its paths. */
struct entry {
	struct evpn_show_prefix p;
	struct evpn_show_way *ways; /* owned */
	size_t nways;		    /* of them */
	char text[PREFIX_STRLEN];   /* the prefix */
};

static void
entry_read(struct entry *n, const struct table *t, const struct evpn_show_prefix *p)
{
	n->p = *p;
	n->ways = xcalloc(p->ways + 1, sizeof *n->ways);
	n->nways = evpn_show_ways(t->dump.evpn, t->dump.vrf, p->prefix, n->ways, p->ways);
	prefix_format(p->prefix, n->text);
}

/* The route of a way with its best path; false if it has none just now. */
static bool
way_path(const struct show_ctx *c, const struct evpn_show_way *w, struct show_route *s,
    struct show_path *sp)
{
	const struct rib_path *p;

	show_route_init(s, bgp_rib(c->eng->bgp), w->route);
	p = rib_best(s->rt);
	if (!p)
		p = &s->rt->path;
	show_path_init(sp, c, s, p);
	return sp->src != NULL;
}

/* --- text --- */

static void
text_head(const struct show_ctx *c, const struct table *t)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	char id[IP_STRLEN];

	out_printf(c->out,
	    "BGP table version is 0, local router ID is %s, vrf id %u\n"
	    "Default local pref %u, local AS %u\n"
	    "Status codes:  s suppressed, d damped, h history, * valid, > best, = "
	    "multipath,\n"
	    "               i internal, S Stale\n"
	    "Origin codes:  i - IGP, e - EGP, ? - incomplete\n\n"
	    "   Network          Next Hop            Metric LocPrf Weight Path\n",
	    ip_format(ip_v4(t->router_id), id), t->id, conf->default_local_pref,
	    conf->as);
}

/* Columns that may be too narrow break the line, as the dialect does. */
static void
text_columns(struct out *o, const char *network, const char *nexthop)
{
	out_printf(o, "%-17s", network);
	if (strlen(network) >= 17)
		out_printf(o, "\n%20s", "");
	out_printf(o, "%-16s", nexthop);
	if (strlen(nexthop) >= 16)
		out_printf(o, "\n%36s", "");
}

static void
text_way(const struct show_ctx *c, const struct entry *n, const struct evpn_show_way *w,
    const char *network)
{
	struct out *o = c->out;
	struct show_route s;
	struct show_path sp;
	char nh[IP_STRLEN], med[12] = "", pref[12] = "";
	struct strbuf path;

	way_path(c, w, &s, &sp);
	if (sp.a->has & HAS_MED)
		snprintf(med, sizeof med, "%u", sp.a->med);
	if (sp.a->has & HAS_LOCAL_PREF)
		snprintf(pref, sizeof pref, "%u", sp.a->local_pref);
	out_printf(o, "%c%c%c",
	    sp.p->flags & PATH_STALE ? 'S'
	    : w->usable		     ? '*'
				     : ' ',
	    w->best && n->p.source == EVPN_PREFIX_REMOTE ? '>'
	    : w->used					 ? '='
							 : ' ',
	    sp.src->ibgp ? 'i' : ' ');
	text_columns(o, network, ip_format(sp.a->nexthop, nh));
	strbuf_init(&path);
	aspath_format(&path, sp.a->aspath, sp.a->aspath_len);
	out_printf(o, "%10s%7s%7u %s%s%c\n", med, pref, decision_weight(sp.src, sp.a),
	    path.s, path.len ? " " : "", "ie?"[MIN(sp.a->origin, 2)]);
	strbuf_fini(&path);
	if (w->why[0])
		out_printf(o, "%20sNot used: %s\n", "", w->why);
}

/* What this machine tells of it. */
static void
text_own(struct out *o, const char *network)
{
	out_puts(o, "*> ");
	text_columns(o, network, "0.0.0.0");
	out_printf(o, "%10u%7s%7u ?\n", 0, "", RIB_LOCAL_WEIGHT);
}

static unsigned
text_entry(const struct show_ctx *c, const struct entry *n)
{
	for (size_t i = 0; i < n->nways; i++)
		text_way(c, n, &n->ways[i], i ? "" : n->text);
	if (n->p.exported)
		text_own(c->out, n->nways ? "" : n->text);
	return (unsigned)n->nways + n->p.exported;
}

/* --- JSON --- */

static void
json_place(struct out *o, const struct entry *n)
{
	char ip[IP_STRLEN];

	out_str(o, "prefix", ip_format(n->p.prefix.ip, ip));
	out_uint(o, "prefixLen", n->p.prefix.plen);
	out_str(o, "network", n->text);
}

static void
json_way(const struct show_ctx *c, const struct entry *n, const struct evpn_show_way *w)
{
	struct out *o = c->out;
	struct show_route s;
	struct show_path sp;
	struct strbuf path;
	char ip[IP_STRLEN];

	way_path(c, w, &s, &sp);
	out_obj_begin(o, NULL);
	if (w->usable)
		out_bool(o, "valid", true);
	if (w->best && n->p.source == EVPN_PREFIX_REMOTE)
		out_bool(o, "bestpath", true);
	if (w->used && n->p.used > 1)
		out_bool(o, "multipath", true);
	if (sp.p->flags & PATH_STALE)
		out_bool(o, "stale", true);
	out_str(o, "pathFrom", show_path_from(&sp));
	json_place(o, n);
	show_path_json_attrs(o, &sp);
	out_str(o, "peerId", ip_format(sp.src->addr, ip));
	strbuf_init(&path);
	aspath_format(&path, sp.a->aspath, sp.a->aspath_len);
	out_str(o, "path", path.s);
	strbuf_fini(&path);
	out_str(o, "origin", show_origin_name(sp.a->origin));
	out_strf(o, "importedFrom", "%s:%s", s.rd, s.text);
	out_uint(o, "vni", w->label);
	if (w->why[0])
		out_str(o, "reason", w->why);
	show_path_json_nexthops(o, &sp, false);
	out_obj_end(o);
}

static void
json_own(struct out *o, const struct entry *n)
{
	const bool v6 = n->p.prefix.ip.len == 16;

	out_obj_begin(o, NULL);
	out_bool(o, "valid", true);
	if (n->p.source != EVPN_PREFIX_REMOTE)
		out_bool(o, "bestpath", true);
	out_str(o, "pathFrom", "external");
	json_place(o, n);
	out_uint(o, "metric", 0);
	out_uint(o, "weight", RIB_LOCAL_WEIGHT);
	out_str(o, "peerId", "(unspec)");
	out_str(o, "path", "");
	out_str(o, "origin", "incomplete");
	out_arr_begin(o, "nexthops");
	out_obj_begin(o, NULL);
	out_str(o, "ip", v6 ? "::" : "0.0.0.0");
	out_str(o, "afi", v6 ? "ipv6" : "ipv4");
	out_bool(o, "used", true);
	out_obj_end(o);
	out_arr_end(o);
	out_obj_end(o);
}

static unsigned
json_entry(const struct show_ctx *c, const struct entry *n)
{
	out_arr_begin(c->out, n->text);
	for (size_t i = 0; i < n->nways; i++)
		json_way(c, n, &n->ways[i]);
	if (n->p.exported)
		json_own(c->out, n);
	out_arr_end(c->out);
	return (unsigned)n->nways + n->p.exported;
}

static void
json_head(const struct show_ctx *c, const struct table *t)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	char id[IP_STRLEN];

	out_json_compact(c->out);
	out_obj_begin(c->out, NULL);
	out_uint(c->out, "vrfId", t->id);
	out_str(c->out, "vrfName", t->dump.vrf);
	out_uint(c->out, "tableVersion", 0);
	out_str(c->out, "routerId", ip_format(ip_v4(t->router_id), id));
	out_uint(c->out, "defaultLocPrf", conf->default_local_pref);
	out_uint(c->out, "localAS", conf->as);
	out_obj_begin(c->out, "routes");
}

/* --- commands --- */

static bool
is_bgp(void *arg, const struct evpn_show_prefix *p)
{
	const struct table *t = arg;

	return p->prefix.ip.len == t->len && (p->ways || p->exported);
}

static bool
table_begin(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "name");
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	struct evpn_show_vrf v;
	struct table *t;

	if (show_evpn_absent(c))
		return false;
	if (!conf || !conf->enabled || !evpn_show_vrf(c->eng->evpn, name, &v)) {
		show_evpn_nothing(c, "View/Vrf %s is unknown", name);
		return false;
	}
	c->state = t = xcalloc(1, sizeof *t);
	t->len = cli_arg(c->args, "ipv6") ? 16 : 4;
	t->id = v.ifindex;
	t->router_id =
	    v.conf && v.conf->router_id ? v.conf->router_id : bgp_router_id(c->eng->bgp);
	prefix_dump_begin(&t->dump, c->eng->evpn, v.name);
	return true;
}

static void
table_end(const struct show_ctx *c, const struct table *t)
{
	if (c->json) {
		out_obj_end(c->out);
		out_obj_end(c->out);
	} else if (t->routes == 0)
		out_puts(c->out, "No BGP prefixes displayed, 0 exist\n");
	else
		out_printf(c->out, "\nDisplayed  %u routes and %u total paths\n",
		    t->routes, t->paths);
}

static bool
show_table(struct show_ctx *c)
{
	struct evpn_show_prefix p;
	struct table *t;

	if (!c->state && !table_begin(c))
		return false;
	t = c->state;
	if (!prefix_dump_collect(c, &t->dump, is_bgp, t))
		return true;
	if (!t->headed && c->json)
		json_head(c, t);
	else if (!t->headed && prefix_dump_count(&t->dump))
		text_head(c, t);
	t->headed = true;
	while (prefix_dump_next(&t->dump, &p)) {
		struct entry n;

		entry_read(&n, t, &p);
		t->paths += (c->json ? json_entry : text_entry)(c, &n);
		t->routes++;
		free(n.ways);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	table_end(c, t);
	return false;
}

/* One prefix: the EVPN routes that it comes from, in their long form. */
static void
one_text(const struct show_ctx *c, const struct table *t, const struct entry *n)
{
	struct out *o = c->out;

	out_printf(o, "BGP routing table entry for %s\n", n->text);
	out_printf(
	    o, "Paths: (%zu available, vrf %s)\n", n->nways + n->p.exported, t->dump.vrf);
	if (n->p.exported)
		out_puts(o, "  Told as type 5 by this router\n");
	for (size_t i = 0; i < n->nways; i++) {
		const struct evpn_show_way *w = &n->ways[i];
		struct show_route s;
		char ip[IP_STRLEN];

		show_route_init(&s, bgp_rib(c->eng->bgp), w->route);
		out_printf(o, "  Imported from %s:%s, VNI %u%s", s.rd, s.text, w->label,
		    w->best   ? ", best"
		    : w->used ? ", multipath"
			      : "");
		if (w->why[0])
			out_printf(o, ", not used: %s", w->why);
		if (w->hop.len)
			out_printf(
			    o, ", over %s (VNI %u)", ip_format(w->hop, ip), w->hop_l3vni);
		out_puts(o, "\n");
		show_route_detail(c, &s);
	}
}

static void
one_json(const struct show_ctx *c, const struct entry *n)
{
	struct out *o = c->out;

	out_obj_begin(o, NULL);
	out_str(o, "prefix", n->text);
	out_uint(o, "version", 0);
	out_arr_begin(o, "paths");
	for (size_t i = 0; i < n->nways; i++)
		json_way(c, n, &n->ways[i]);
	if (n->p.exported)
		json_own(o, n);
	out_arr_end(o);
	out_obj_end(o);
}

static bool
show_one(struct show_ctx *c)
{
	const char *prefix = cli_arg(c->args, "prefix"), *ip = cli_arg(c->args, "ip");
	struct evpn_show_prefix p;
	struct table *t;
	struct entry n;
	struct prefix key;
	struct ip a;
	bool found;

	if (!table_begin(c))
		return false;
	t = c->state;
	/* The pattern has checked the values. */
	if (prefix)
		found = prefix_parse(prefix, &key) &&
			evpn_show_prefix(c->eng->evpn, t->dump.vrf, key, &p);
	else
		found = ip_parse(ip, &a) &&
			evpn_show_lookup(c->eng->evpn, t->dump.vrf, a, &p);
	if (!found || !is_bgp(t, &p))
		return show_evpn_nothing(c, "Network not in table");
	entry_read(&n, t, &p);
	if (c->json)
		one_json(c, &n);
	else
		one_text(c, t, &n);
	free(n.ways);
	return false;
}

static void
table_done(struct show_ctx *c)
{
	struct table *t = c->state;

	if (t)
		prefix_dump_end(&t->dump);
	free(t);
}

#define V4 "<A.B.C.D$ip|A.B.C.D/M$prefix>"
#define V6 "<X:X::X:X$ip|X:X::X:X/M$prefix>"

static const struct show_cmd rows[] = {
	{ "show bgp vrf IFNAME$name ipv4 [unicast] [json]", "BGP's IPv4 routes of a VRF",
	    show_table, table_done },
	{ "show bgp vrf IFNAME$name ipv6$ipv6 [unicast] [json]",
	    "BGP's IPv6 routes of a VRF", show_table, table_done },
	{ "show ip bgp vrf IFNAME$name [json]", "BGP's IPv4 routes of a VRF", show_table,
	    table_done },
	{ "show bgp vrf IFNAME$name ipv4 [unicast] " V4 " [json]",
	    "One IPv4 prefix of a VRF in BGP", show_one, table_done },
	{ "show bgp vrf IFNAME$name ipv6$ipv6 [unicast] " V6 " [json]",
	    "One IPv6 prefix of a VRF in BGP", show_one, table_done },
	{ "show ip bgp vrf IFNAME$name " V4 " [json]", "One IPv4 prefix of a VRF in BGP",
	    show_one, table_done },
};

const struct show_table show_bgp_vrf_table = SHOW_TABLE(rows);
