/* SPDX-License-Identifier: ISC */
/* Unicast routes: the tables of BGP, and what of them is in the kernel. */
#include "config.h"

#include "mgmt/show_unicast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/decision.h"
#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/show_route_path.h"
#include "mgmt/show_util.h"
#include "underlay/underlay.h"

static unsigned
family_of(const struct show_ctx *c)
{
	return cli_arg(c->args, "ipv6") ? AFI_SAFI_IPV6 : AFI_SAFI_IPV4;
}

/* ---- the table of BGP ---- */

struct entry {
	struct prefix prefix;
	uint32_t route;
};

/* Handles in order of prefix, made at the first slice. */
struct table {
	struct entry *e; /* owned */
	size_t n, cap;	 /* of them */
	size_t at;	 /* the next one to show */
	unsigned family;
	unsigned paths; /* shown so far */
};

static struct prefix
prefix_of(unsigned family, const struct rib_route *rt)
{
	struct prefix p = { .ip.len = family == AFI_SAFI_IPV6 ? 16 : 4,
		.plen = rt->tail[0] };

	memcpy(p.ip.b, rt->tail + 1, rt->len - 1u);
	return p;
}

static bool
collect(struct rib *rib, uint32_t route, void *arg)
{
	struct table *t = arg;

	if (t->n == t->cap) {
		t->cap = MAX((size_t)64, 2 * t->cap);
		t->e = xrealloc(t->e, t->cap * sizeof *t->e);
	}
	t->e[t->n++] =
	    (struct entry){ prefix_of(t->family, rib_route(rib, route)), route };
	return true;
}

static int
entry_cmp(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = ip_cmp(a->prefix.ip, b->prefix.ip);

	return c ? c : a->prefix.plen - b->prefix.plen;
}

/* The route is still what it was when it was collected. */
static bool
is_there(const struct rib *rib, const struct entry *e, unsigned family)
{
	const struct rib_route *rt = rib_route_live(rib, e->route);
	struct prefix p;

	if (!rt || rt->path.attrs == 0 || rt->len == 0)
		return false;
	p = prefix_of(family, rt);
	return p.plen == e->prefix.plen && ip_equal(p.ip, e->prefix.ip);
}

static void
head_text(const struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	char id[IP_STRLEN];

	out_printf(c->out,
	    "BGP table version is 0, local router ID is %s, vrf id 0\n"
	    "Default local pref %u, local AS %u\n"
	    "Status codes:  s suppressed, d damped, h history, * valid, > best, = "
	    "multipath,\n"
	    "               i internal, r RIB-failure, S Stale, R Removed\n"
	    "Origin codes:  i - IGP, e - EGP, ? - incomplete\n\n"
	    "    Network          Next Hop            Metric LocPrf Weight Path\n",
	    ip_format(ip_v4(bgp_router_id(c->eng->bgp)), id), conf->default_local_pref,
	    conf->as);
}

static void
head_json(const struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	char id[IP_STRLEN];

	out_json_compact(c->out);
	out_obj_begin(c->out, NULL);
	out_uint(c->out, "vrfId", 0);
	out_str(c->out, "vrfName", "default");
	out_uint(c->out, "tableVersion", 0);
	out_str(c->out, "routerId", ip_format(ip_v4(bgp_router_id(c->eng->bgp)), id));
	out_uint(c->out, "defaultLocPrf", conf->default_local_pref);
	out_uint(c->out, "localAS", conf->as);
	out_obj_begin(c->out, "routes");
}

/* Our own routes have no next hop before they are sent. */
static const char *
nexthop_text(const struct show_path *sp, unsigned family, char buf[IP_STRLEN])
{
	if (sp->a->nexthop.len == 0)
		return family == AFI_SAFI_IPV6 ? "::" : "0.0.0.0";
	return ip_format(sp->a->nexthop, buf);
}

static void
path_text(const struct show_ctx *c, const struct show_path *sp, const struct table *t,
    const char *prefix)
{
	char nh[IP_STRLEN], med[12] = "", pref[12] = "";
	const struct attrs *a = sp->a;
	struct strbuf s;

	if (a->has & HAS_MED)
		snprintf(med, sizeof med, "%u", a->med);
	if (a->has & HAS_LOCAL_PREF && !sp->src->local)
		snprintf(pref, sizeof pref, "%u", a->local_pref);
	strbuf_init(&s);
	aspath_format(&s, a->aspath, a->aspath_len);
	out_printf(c->out, " %c%c%c%-18s%s",
	    sp->p->flags & PATH_STALE ? 'S'
	    : sp->usable	      ? '*'
				      : ' ',
	    sp->best ? '>' : ' ', !sp->src->local && sp->src->ibgp ? 'i' : ' ', prefix,
	    strlen(prefix) > 17 ? "\n                      " : "");
	out_printf(c->out, "%-16s%10s%7s%7u %s%s%c\n", nexthop_text(sp, t->family, nh),
	    med, pref, decision_weight(sp->src, sp->a), s.s ? s.s : "", s.len ? " " : "",
	    "ie?"[MIN(a->origin, (uint8_t)ORIGIN_INCOMPLETE)]);
	strbuf_fini(&s);
}

static void
path_json(const struct show_ctx *c, const struct show_path *sp, const struct entry *e)
{
	const unsigned family = e->prefix.ip.len == 4 ? AFI_SAFI_IPV4 : AFI_SAFI_IPV6;
	char text[PREFIX_STRLEN];
	struct out *o = c->out;
	struct strbuf s;

	out_obj_begin(o, NULL);
	if (sp->usable)
		out_bool(o, "valid", true);
	if (sp->best)
		out_bool(o, "bestpath", true);
	if (sp->p->flags & PATH_STALE)
		out_bool(o, "stale", true);
	out_str(o, "pathFrom", show_path_from(sp));
	out_str(o, "prefix", ip_format(e->prefix.ip, text));
	out_uint(o, "prefixLen", e->prefix.plen);
	out_str(o, "network", prefix_format(e->prefix, text));
	if (sp->a->has & HAS_MED)
		out_uint(o, "metric", sp->a->med);
	if (sp->a->has & HAS_LOCAL_PREF && !sp->src->local)
		out_uint(o, "locPrf", sp->a->local_pref);
	out_uint(o, "weight", decision_weight(sp->src, sp->a));
	out_str(
	    o, "peerId", sp->src->local ? "(unspec)" : ip_format(sp->src->addr, text));
	strbuf_init(&s);
	aspath_format(&s, sp->a->aspath, sp->a->aspath_len);
	out_str(o, "path", s.s ? s.s : "");
	strbuf_fini(&s);
	out_str(o, "origin", show_origin_name(sp->a->origin));
	out_arr_begin(o, "nexthops");
	out_obj_begin(o, NULL);
	out_str(o, "ip", nexthop_text(sp, family, text));
	out_str(o, "afi", family == AFI_SAFI_IPV6 ? "ipv6" : "ipv4");
	out_bool(o, "used", true);
	out_obj_end(o);
	out_arr_end(o);
	out_obj_end(o);
}

static void
show_entry(const struct show_ctx *c, struct table *t, const struct entry *e)
{
	struct show_route s = { .rib = bgp_rib_of(c->eng->bgp, t->family),
		.handle = e->route };
	char text[PREFIX_STRLEN];
	const char *prefix = prefix_format(e->prefix, text);

	s.rt = rib_route(s.rib, e->route);
	if (c->json)
		out_arr_begin(c->out, prefix);
	for (const struct rib_path *p = &s.rt->path; p; p = rib_path_next(s.rib, p)) {
		struct show_path sp;

		show_path_init(&sp, c, &s, p);
		if (c->json)
			path_json(c, &sp, e);
		else
			path_text(c, &sp, t, p == &s.rt->path ? prefix : "");
		t->paths++;
	}
	if (c->json)
		out_arr_end(c->out);
}

static void
table_done(struct show_ctx *c)
{
	struct table *t = c->state;

	if (t)
		free(t->e);
	free(t);
}

static bool
show_table(struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	struct table *t = c->state;
	struct rib *rib;

	if (!conf || !conf->enabled)
		return show_fail(c, "BGP is not configured");
	rib = bgp_rib_of(c->eng->bgp, family_of(c));
	if (!t) {
		c->state = t = xcalloc(1, sizeof *t);
		t->family = family_of(c);
		rib_foreach(rib, collect, t);
		if (t->n)
			qsort(t->e, t->n, sizeof *t->e, entry_cmp);
		if (c->json || t->n)
			(c->json ? head_json : head_text)(c);
	}
	for (; t->at < t->n; t->at++) {
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
		if (is_there(rib, &t->e[t->at], t->family))
			show_entry(c, t, &t->e[t->at]);
	}
	if (c->json) {
		out_obj_end(c->out);
		out_obj_end(c->out);
	} else if (t->n == 0) {
		out_puts(c->out, "No BGP prefixes displayed, 0 exist\n");
	} else {
		out_printf(c->out, "\nDisplayed  %zu routes and %u total paths\n", t->n,
		    t->paths);
	}
	return false;
}

/* ---- the kernel's table, as far as BGP has to do with it ---- */

static const char *const kind_names[] = { "connected", "static", "kernel" };

static void
source_json(const struct show_ctx *c, const struct underlay_source *s)
{
	char text[PREFIX_STRLEN];
	struct out *o = c->out;

	out_arr_begin(o, prefix_format(s->prefix, text));
	out_obj_begin(o, NULL);
	out_str(o, "prefix", text);
	out_uint(o, "prefixLen", s->prefix.plen);
	out_str(o, "protocol", kind_names[s->kind]);
	out_uint(o, "table", UL_TABLE);
	out_uint(o, "metric", s->metric);
	out_bool(o, "selected", true);
	out_bool(o, "installed", true);
	out_bool(o, "told", s->told);
	out_arr_begin(o, "nexthops");
	out_obj_begin(o, NULL);
	if (s->gateway.len)
		out_str(o, "ip", ip_format(s->gateway, text));
	else
		out_bool(o, "directlyConnected", true);
	out_str(o, "interfaceName", s->ifname);
	out_bool(o, "active", true);
	out_obj_end(o);
	out_arr_end(o);
	out_obj_end(o);
	out_arr_end(o);
}

static void
source_text(const struct show_ctx *c, const struct underlay_source *s)
{
	char text[PREFIX_STRLEN], via[IP_STRLEN];

	out_printf(c->out, "%c>* %s", "CSK"[s->kind], prefix_format(s->prefix, text));
	if (s->gateway.len)
		out_printf(c->out, " via %s", ip_format(s->gateway, via));
	else
		out_puts(c->out, " is directly connected");
	out_printf(c->out, ", %s%s\n", s->ifname, s->told ? ", told" : "");
}

static void
route_json(const struct show_ctx *c, const struct underlay_route *r)
{
	char text[PREFIX_STRLEN], up[UPTIME_STRLEN];
	struct out *o = c->out;

	out_arr_begin(o, prefix_format(r->prefix, text));
	out_obj_begin(o, NULL);
	out_str(o, "prefix", text);
	out_uint(o, "prefixLen", r->prefix.plen);
	out_str(o, "protocol", "bgp");
	out_uint(o, "table", UL_TABLE);
	out_bool(o, "selected", true);
	if (r->state == UL_INSTALLED)
		out_bool(o, "installed", true);
	else if (r->state == UL_FAILED)
		out_bool(o, "failed", true);
	else
		out_bool(o, "queued", true);
	if (r->error)
		out_str(o, "error", r->error);
	out_str(o, "uptime", show_uptime(show_since(c, r->since), up));
	out_arr_begin(o, "nexthops");
	for (unsigned i = 0; i < r->nhops; i++) {
		out_obj_begin(o, NULL);
		out_str(o, "ip", ip_format(r->hops[i], text));
		out_str(o, "afi", r->hops[i].len == 4 ? "ipv4" : "ipv6");
		out_bool(o, "active", true);
		out_obj_end(o);
	}
	out_arr_end(o);
	out_obj_end(o);
	out_arr_end(o);
}

static void
route_text(const struct show_ctx *c, const struct underlay_route *r)
{
	const char *state = r->state == UL_INSTALLED ? "B>*"
			    : r->state == UL_FAILED  ? "B>r"
						     : "B>q";
	char text[PREFIX_STRLEN], via[IP_STRLEN], up[UPTIME_STRLEN];

	out_printf(c->out, "%s %s", state, prefix_format(r->prefix, text));
	for (unsigned i = 0; i < r->nhops; i++)
		out_printf(c->out, "%s via %s, %s\n", i ? "  *   " : "",
		    ip_format(r->hops[i], via), show_uptime(show_since(c, r->since), up));
	if (r->error)
		out_printf(c->out, "      (%s)\n", r->error);
}

/* Which of both lists is next, by prefix; routes of ours and of others never have the same. */
struct kernel {
	struct prefix route_at, source_at;
	bool headed;
	bool route, source; /* the ones below are waiting */
	struct underlay_route r;
	struct underlay_source s;
};

static void
kernel_next(const struct show_ctx *c, struct kernel *k, unsigned af)
{
	if (!k->route)
		k->route = underlay_route_next(c->eng->underlay, af, &k->route_at, &k->r);
	if (!k->source)
		k->source =
		    underlay_source_next(c->eng->underlay, af, &k->source_at, &k->s);
}

static bool
show_kernel(struct show_ctx *c)
{
	const unsigned af = cli_arg(c->args, "ipv6") ? 1 : 0;
	const bool bgp_only = cli_arg(c->args, "bgp");
	struct kernel *k = c->state;

	if (!c->eng->underlay)
		return show_fail(c, "There is no underlay");
	if (!k) {
		c->state = k = xcalloc(1, sizeof *k);
		if (c->json)
			out_obj_begin(c->out, NULL);
		else
			out_puts(c->out, "Codes: K - kernel route, C - connected, S - "
					 "static, B - BGP,\n"
					 "       > - selected route, * - FIB route, q - "
					 "queued, r - rejected\n\n");
	}
	for (;;) {
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
		kernel_next(c, k, af);
		if (!k->route && !k->source)
			break;
		if (k->route &&
		    (!k->source || ip_cmp(k->r.prefix.ip, k->s.prefix.ip) < 0)) {
			(c->json ? route_json : route_text)(c, &k->r);
			k->route = false;
		} else {
			if (!bgp_only)
				(c->json ? source_json : source_text)(c, &k->s);
			k->source = false;
		}
	}
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show bgp <ipv4|ipv6> [unicast] [json]", "Unicast routes of BGP", show_table,
	    table_done },
	{ "show ip bgp [json]", "IPv4 routes of BGP", show_table, table_done },
	{ "show ip route [bgp] [json]",
	    "IPv4 routes of the main table, ours and those we know of", show_kernel,
	    NULL },
	{ "show ipv6 route [bgp] [json]",
	    "IPv6 routes of the main table, ours and those we know of", show_kernel,
	    NULL },
};

const struct show_table show_unicast_table = SHOW_TABLE(rows);
