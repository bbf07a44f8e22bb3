/* SPDX-License-Identifier: ISC */
/* One BGP route as a line of the table and as an object of its JSON. */
#include "config.h"

#include "mgmt/show_route.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/decision.h"
#include "bgpd/extcomm.h"
#include "bgpd/nht.h"
#include "bgpd/peer.h"
#include "mgmt/show_route_path.h"

void
show_route_init(struct show_route *s, struct rib *r, uint32_t route)
{
	struct rd rd = { { 0 } };

	s->rib = r;
	s->beaten = false;
	s->handle = route;
	s->rt = rib_route(r, route);
	rib_route_key(r, s->rt, &s->key);
	evpn_nlri_from_key(&s->key.head, s->key.tail, s->key.len, &s->nlri);
	evpn_nlri_format(&s->nlri, s->text);
	if (s->key.head.len)
		memcpy(rd.b, s->key.head.b, sizeof rd.b);
	rd_format(rd, s->rd);
}

void
show_route_table_head(const struct show_ctx *c, bool communities)
{
	char id[IP_STRLEN];

	out_printf(c->out,
	    "BGP table version is 0, local router ID is %s\n"
	    "Status codes: s suppressed, d damped, h history, * valid, > best, i - "
	    "internal, "
	    "S Stale\n"
	    "Origin codes: i - IGP, e - EGP, ? - incomplete\n"
	    "EVPN type-1 prefix: [1]:[EthTag]:[ESI]:[IPlen]:[VTEP-IP]:[Frag-id]\n"
	    "EVPN type-2 prefix: [2]:[EthTag]:[MAClen]:[MAC]:[IPlen]:[IP]\n"
	    "EVPN type-3 prefix: [3]:[EthTag]:[IPlen]:[OrigIP]\n"
	    "EVPN type-4 prefix: [4]:[ESI]:[IPlen]:[OrigIP]\n"
	    "EVPN type-5 prefix: [5]:[EthTag]:[IPlen]:[IP]\n\n",
	    ip_format(ip_v4(bgp_router_id(c->eng->bgp)), id));
	out_puts(c->out,
	    "   Network          Next Hop            Metric LocPrf Weight Path\n");
	if (communities)
		out_printf(c->out, "%20sExtended Community\n", "");
}

unsigned
show_route_paths(const struct show_route *s)
{
	unsigned n = 0;

	for (const struct rib_path *p = &s->rt->path; p; p = rib_path_next(s->rib, p))
		n++;
	return n;
}

void
show_path_init(struct show_path *sp, const struct show_ctx *c, const struct show_route *s,
    const struct rib_path *p)
{
	const struct peer *peer;
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	const char *own = conf ? conf->hostname : NULL;

	sp->p = p;
	sp->set = attrset_get(rib_attrtab(s->rib), p->attrs);
	sp->a = &sp->set->a;
	sp->src = rib_peer(s->rib, p->peer);
	sp->hop = rib_path_hop(s->rib, p);
	sp->usable = rib_path_usable(s->rib, p);
	sp->best = p == rib_best(s->rt) && !s->beaten;
	peer = sp->src->owner;
	sp->hostname = peer ? peer->nego.hostname : sp->src->local && own ? own : "";
}

const char *
show_path_from(const struct show_path *sp)
{
	/* The dialect calls a local path external. */
	return !sp->src->local && sp->src->ibgp ? "internal" : "external";
}

bool
show_path_labels(const struct show_path *sp, char buf[LABELS_STRLEN])
{
	const struct rib_path *p = sp->p;

	if (p->flags & PATH_LABEL2)
		snprintf(buf, LABELS_STRLEN, "%u/%u", rib_label(p->label1),
		    rib_label(p->label2));
	else if (p->flags & PATH_LABEL1)
		snprintf(buf, LABELS_STRLEN, "%u", rib_label(p->label1));
	else if (sp->a->has & HAS_PMSI && sp->a->pmsi_type == PMSI_INGRESS_REPLICATION)
		snprintf(buf, LABELS_STRLEN, "%u", sp->a->pmsi_label);
	else
		return false;
	return true;
}

const char *
show_origin_name(uint8_t origin)
{
	static const char *const names[] = { "IGP", "EGP", "incomplete" };

	return origin <= ORIGIN_INCOMPLETE ? names[origin] : "incomplete";
}

static char
origin_code(uint8_t origin)
{
	return "ie?"[origin <= ORIGIN_INCOMPLETE ? origin : ORIGIN_INCOMPLETE];
}

static void
line_path(struct out *o, const struct show_path *sp)
{
	const struct attrs *a = sp->a;
	char nh[IP_STRLEN], med[12] = "", pref[12] = "";
	struct strbuf s;

	if (a->has & HAS_MED)
		snprintf(med, sizeof med, "%u", a->med);
	if (a->has & HAS_LOCAL_PREF && !sp->src->local)
		snprintf(pref, sizeof pref, "%u", a->local_pref);
	strbuf_init(&s);
	aspath_format(&s, a->aspath, a->aspath_len);
	out_printf(o, "%20s%-16s%10s%7s%7u %s%s%c\n", "", ip_format(a->nexthop, nh), med,
	    pref, decision_weight(sp->src, sp->a), s.s, s.len ? " " : "",
	    origin_code(a->origin));
	strbuf_reset(&s);
	ecoms_format(&s, a->ecoms, a->necoms);
	if (s.len)
		out_printf(o, "%20s%s\n", "", s.s);
	strbuf_fini(&s);
}

void
show_path_prefix_line(
    struct out *o, const struct show_route *s, const struct show_path *sp)
{
	out_printf(o, "%c%c%c%s\n",
	    sp->p->flags & PATH_STALE ? 'S'
	    : sp->usable	      ? '*'
				      : ' ',
	    sp->best ? '>' : ' ', !sp->src->local && sp->src->ibgp ? 'i' : ' ', s->text);
}

unsigned
show_route_lines(const struct show_ctx *c, const struct show_route *s)
{
	unsigned n = 0;

	for (const struct rib_path *p = &s->rt->path; p;
	     p = rib_path_next(s->rib, p), n++) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		show_path_prefix_line(c->out, s, &sp);
		line_path(c->out, &sp);
	}
	return n;
}

void
show_route_json_key(struct out *o, const struct evpn_nlri *n)
{
	char text[IP_STRLEN], mac[MAC_STRLEN];

	out_uint(o, "routeType", n->type);
	if (n->type != EVPN_MACIP && n->type != EVPN_IMET && n->type != EVPN_PREFIX)
		return;
	out_uint(o, "ethTag", n->tag);
	if (n->type == EVPN_MACIP) {
		out_uint(o, "macLen", 48);
		out_str(o, "mac", mac_format(n->mac, mac));
	}
	if (n->ip.len) {
		out_uint(o, "ipLen", n->type == EVPN_PREFIX ? n->plen : n->ip.len * 8u);
		out_str(o, "ip", ip_format(n->ip, text));
	}
}

void
show_path_json_attrs(struct out *o, const struct show_path *sp)
{
	const struct attrs *a = sp->a;
	struct strbuf s;

	if (a->has & HAS_MED)
		out_uint(o, "metric", a->med);
	if (a->has & HAS_LOCAL_PREF && !sp->src->local)
		out_uint(o, "locPrf", a->local_pref);
	out_uint(o, "weight", decision_weight(sp->src, sp->a));
	strbuf_init(&s);
	ecoms_format(&s, a->ecoms, a->necoms);
	if (s.len) {
		out_obj_begin(o, "extendedCommunity");
		out_str(o, "string", s.s);
		out_obj_end(o);
	}
	strbuf_fini(&s);
}

void
show_path_json_nexthops(struct out *o, const struct show_path *sp, bool detail)
{
	char ip[IP_STRLEN];

	out_arr_begin(o, "nexthops");
	out_obj_begin(o, NULL);
	out_str(o, "ip", ip_format(sp->a->nexthop, ip));
	if (sp->hostname[0])
		out_str(o, "hostname", sp->hostname);
	out_str(o, "afi", sp->a->nexthop.len == 16 ? "ipv6" : "ipv4");
	if (detail)
		out_uint(o, "metric", sp->hop ? sp->hop->metric : 0);
	if (detail || (sp->hop && sp->hop->unreachable))
		out_bool(o, "accessible", !sp->hop || !sp->hop->unreachable);
	out_bool(o, "used", true);
	out_obj_end(o);
	out_arr_end(o);
}

void
show_path_json_status(
    struct out *o, const struct show_route *s, const struct show_path *sp)
{
	if (sp->usable)
		out_bool(o, "valid", true);
	if (sp->best) {
		out_bool(o, "bestpath", true);
		out_str(o, "selectionReason",
		    decision_step_name(decision_why(s->rib, s->rt)));
	}
	if (sp->p->flags & PATH_STALE)
		out_bool(o, "stale", true);
	out_str(o, "pathFrom", show_path_from(sp));
}

static void
json_path(const struct show_route *s, const struct show_path *sp, struct out *o)
{
	char ip[IP_STRLEN], esi[ESI_STRLEN];
	const struct path_aux *aux = rib_aux(s->rib, sp->p->aux);
	struct strbuf path;

	out_obj_begin(o, NULL);
	show_path_json_status(o, s, sp);
	show_route_json_key(o, &s->nlri);
	show_path_json_attrs(o, sp);
	out_str(o, "peerId", sp->src->local ? "(unspec)" : ip_format(sp->src->addr, ip));
	strbuf_init(&path);
	aspath_format(&path, sp->a->aspath, sp->a->aspath_len);
	out_str(o, "path", path.s);
	strbuf_fini(&path);
	out_str(o, "origin", show_origin_name(sp->a->origin));
	if (!esi_is_zero(aux->esi))
		out_str(o, "esi", esi_format(aux->esi, esi));
	show_path_json_nexthops(o, sp, false);
	out_obj_end(o);
}

unsigned
show_route_json_members(const struct show_ctx *c, const struct show_route *s, bool nested)
{
	unsigned n = 0;

	for (const struct rib_path *p = &s->rt->path; p;
	     p = rib_path_next(s->rib, p), n++) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		if (nested)
			out_arr_begin(c->out, NULL);
		json_path(s, &sp, c->out);
		if (nested)
			out_arr_end(c->out);
	}
	return n;
}

unsigned
show_route_json_paths(const struct show_ctx *c, const struct show_route *s, bool nested)
{
	unsigned n;

	out_arr_begin(c->out, "paths");
	n = show_route_json_members(c, s, nested);
	out_arr_end(c->out);
	return n;
}

void
show_route_json_sent(
    const struct show_ctx *c, const struct show_route *s, const char *key)
{
	const uint32_t dflt = rib_decision(s->rib)->default_local_pref;
	struct out *o = c->out;
	struct show_path sp;
	struct strbuf path;
	char ip[IP_STRLEN], code[2] = { 0 };

	show_path_init(&sp, c, s, &s->rt->path);
	out_obj_begin(o, key);
	show_route_json_key(o, &s->nlri);
	out_str(o, "nextHop", ip_format(sp.a->nexthop, ip));
	if (sp.a->has & HAS_MED)
		out_uint(o, "metric", sp.a->med);
	out_uint(o, "locPrf", sp.a->has & HAS_LOCAL_PREF ? sp.a->local_pref : dflt);
	out_uint(o, "weight", decision_weight(sp.src, sp.a));
	strbuf_init(&path);
	aspath_format(&path, sp.a->aspath, sp.a->aspath_len);
	out_str(o, "path", path.s);
	strbuf_fini(&path);
	code[0] = origin_code(sp.a->origin);
	out_str(o, "bgpOriginCode", code);
	out_obj_begin(o, "appliedStatusSymbols");
	out_bool(o, "*", true);
	out_bool(o, ">", true);
	if (!sp.src->local && sp.src->ibgp)
		out_bool(o, "i", true);
	out_obj_end(o);
	out_obj_end(o);
}
