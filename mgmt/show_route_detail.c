/* SPDX-License-Identifier: ISC */
/* One BGP route in the long form, as text and JSON. */
#include "config.h"

#include "mgmt/show_route.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bgpd/adjout.h"
#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/decision.h"
#include "bgpd/extcomm.h"
#include "bgpd/nht.h"
#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/show_route_path.h"
#include "mgmt/show_util.h"

static bool
advertised(const struct show_route *s, const struct peer *p)
{
	return p->up && adjout_sends(&p->af[AFI_SAFI_EVPN].out, s->handle);
}

void
show_route_json_advertised(const struct show_ctx *c, const struct show_route *s)
{
	struct bgp *b = c->eng->bgp;
	bool any = false;
	char ip[IP_STRLEN];

	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p)) {
		if (!advertised(s, p))
			continue;
		if (!any)
			out_obj_begin(c->out, "advertisedTo");
		any = true;
		out_obj_begin(c->out, ip_format(p->addr, ip));
		if (p->nego.hostname[0])
			out_str(c->out, "hostname", p->nego.hostname);
		out_obj_end(c->out);
	}
	if (any)
		out_obj_end(c->out);
}

static void
text_advertised(const struct show_ctx *c, const struct show_route *s)
{
	struct bgp *b = c->eng->bgp;
	bool any = false;
	char ip[IP_STRLEN];

	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p)) {
		if (!advertised(s, p))
			continue;
		out_printf(c->out, "%s%s",
		    any ? " " : "  Advertised to non peer-group peers:\n  ",
		    ip_format(p->addr, ip));
		any = true;
	}
	out_puts(c->out, any ? "\n" : "  Not advertised to any peer\n");
}

static void
text_labels(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	const struct path_aux *aux = rib_aux(s->rib, sp->p->aux);
	char esi[ESI_STRLEN], vni[LABELS_STRLEN];

	out_printf(o, "  Route %s", s->text);
	if (show_path_labels(sp, vni))
		out_printf(o, " VNI %s", vni);
	if (!esi_is_zero(aux->esi))
		out_printf(o, " ESI %s", esi_format(aux->esi, esi));
	out_puts(o, "\n");
}

static void
text_path_facts(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	const struct attrs *a = sp->a;

	out_printf(o, "      Origin %s", show_origin_name(a->origin));
	if (a->has & HAS_MED)
		out_printf(o, ", metric %u", a->med);
	if (a->has & HAS_LOCAL_PREF && !sp->src->local)
		out_printf(o, ", localpref %u", a->local_pref);
	if (decision_weight(sp->src, a))
		out_printf(o, ", weight %u", decision_weight(sp->src, a));
	if (sp->src->local)
		out_puts(o, ", valid, sourced, local");
	else
		out_printf(o, "%s, %s", sp->usable ? ", valid" : ", invalid",
		    show_path_from(sp));
	if (sp->p->flags & PATH_STALE)
		out_puts(o, ", stale");
	if (sp->best)
		out_printf(
		    o, ", best (%s)", decision_step_name(decision_why(s->rib, s->rt)));
	out_puts(o, "\n");
}

static void
text_reflection(struct out *o, const struct attrs *a)
{
	char ip[IP_STRLEN];

	if (a->has & HAS_ORIGINATOR)
		out_printf(
		    o, "      Originator: %s", ip_format(ip_v4(a->originator), ip));
	if (a->nclusters)
		out_printf(
		    o, "%sCluster list:", a->has & HAS_ORIGINATOR ? ", " : "      ");
	for (unsigned i = 0; i < a->nclusters; i++)
		out_printf(o, " %s", ip_format(ip_v4(a->clusters[i]), ip));
	if (a->has & HAS_ORIGINATOR || a->nclusters)
		out_puts(o, "\n");
}

/* "65000:1 no-export"; false: the route has none of the kind. */
static bool
communities(const struct attrs *a, bool large, struct strbuf *b)
{
	strbuf_reset(b);
	if (large)
		lcomms_format(b, a->lcomms, a->nlcomms);
	else
		comms_format(b, a->comms, a->ncomms);
	return b->len > 0;
}

static void
text_path(
    const struct show_ctx *c, const struct show_route *s, const struct show_path *sp)
{
	const int64_t epoch = show_epoch(c, sp->p->when);
	const time_t when = (time_t)epoch;
	struct out *o = c->out;
	char ip[IP_STRLEN], from[IP_STRLEN], id[IP_STRLEN], date[32];
	struct strbuf b;

	strbuf_init(&b);
	text_labels(o, s, sp);
	aspath_format(&b, sp->a->aspath, sp->a->aspath_len);
	out_printf(o, "  %s\n", b.len ? b.s : "Local");
	out_printf(o, "    %s", ip_format(sp->a->nexthop, ip));
	if (sp->hop && sp->hop->unreachable)
		out_puts(o, " (inaccessible)");
	else if (sp->hop && sp->hop->metric)
		out_printf(o, " (metric %u)", sp->hop->metric);
	out_printf(o, " from %s (%s)\n",
	    sp->src->local ? "0.0.0.0" : ip_format(sp->src->addr, from),
	    ip_format(
		ip_v4(sp->src->local ? bgp_router_id(c->eng->bgp) : sp->src->router_id),
		id));
	text_path_facts(o, s, sp);
	text_reflection(o, sp->a);
	if (communities(sp->a, false, &b))
		out_printf(o, "      Community: %s\n", b.s);
	if (communities(sp->a, true, &b))
		out_printf(o, "      Large Community: %s\n", b.s);
	strbuf_reset(&b);
	ecoms_format(&b, sp->a->ecoms, sp->a->necoms);
	if (b.len)
		out_printf(o, "      Extended Community: %s\n", b.s);
	out_printf(o, "      Last update: %s", ctime_r(&when, date));
	if (sp->a->has & HAS_PMSI)
		out_printf(o, "      PMSI Tunnel Type: %s, label: %u\n",
		    sp->a->pmsi_type == PMSI_INGRESS_REPLICATION ? "Ingress Replication"
								 : "other",
		    sp->a->pmsi_label);
	strbuf_fini(&b);
}

unsigned
show_route_detail(const struct show_ctx *c, const struct show_route *s)
{
	const unsigned n = show_route_paths(s);

	out_printf(c->out, "BGP routing table entry for %s:%s\n", s->rd, s->text);
	if (rib_best(s->rt))
		out_printf(c->out, "Paths: (%u available, best #1)\n", n);
	else
		out_printf(c->out, "Paths: (%u available, no best path)\n", n);
	text_advertised(c, s);
	for (const struct rib_path *p = &s->rt->path; p; p = rib_path_next(s->rib, p)) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		text_path(c, s, &sp);
	}
	return n;
}

static void
json_labels(struct out *o, const struct show_path *sp)
{
	char vni[LABELS_STRLEN];

	if (!show_path_labels(sp, vni))
		return;
	/* Both spellings are in use by tools. */
	out_str(o, "VNI", vni);
	out_str(o, "vni", vni);
}

/* Segments of a path that was checked when it came: type, count, four octets each. */
static void
json_segments(struct out *o, const uint8_t *b, size_t len)
{
	static const char *const types[] = { [AS_SET] = "as-set",
		[AS_SEQUENCE] = "as-sequence",
		[AS_CONFED_SEQUENCE] = "as-confed-sequence",
		[AS_CONFED_SET] = "as-confed-set" };
	struct rbuf r = rb_init(b, len);

	out_arr_begin(o, "segments");
	while (rb_left(&r)) {
		const uint8_t type = rb_u8(&r);
		unsigned n = rb_u8(&r);

		out_obj_begin(o, NULL);
		out_str(o, "type",
		    type < ARRAY_LEN(types) && types[type] ? types[type] : "unknown");
		out_arr_begin(o, "list");
		while (n-- && !r.failed)
			out_uint(o, NULL, rb_u32(&r));
		out_arr_end(o);
		out_obj_end(o);
	}
	out_arr_end(o);
}

static void
json_aspath(struct out *o, const struct show_path *sp)
{
	struct strbuf b;

	strbuf_init(&b);
	aspath_format(&b, sp->a->aspath, sp->a->aspath_len);
	out_obj_begin(o, "aspath");
	out_str(o, "string", b.len ? b.s : "Local");
	json_segments(o, sp->a->aspath, sp->a->aspath_len);
	out_uint(o, "length", sp->set->aspath_hops);
	out_obj_end(o);
	strbuf_fini(&b);
}

static void
json_source(const struct show_ctx *c, const struct show_path *sp)
{
	struct out *o = c->out;
	char ip[IP_STRLEN];

	out_obj_begin(o, "peer");
	out_str(o, "peerId", sp->src->local ? "0.0.0.0" : ip_format(sp->src->addr, ip));
	out_str(o, "routerId",
	    ip_format(
		ip_v4(sp->src->local ? bgp_router_id(c->eng->bgp) : sp->src->router_id),
		ip));
	if (!sp->src->local && sp->hostname[0])
		out_str(o, "hostname", sp->hostname);
	if (!sp->src->local)
		out_str(o, "type", show_path_from(sp));
	out_obj_end(o);
}

static void
json_reflection(struct out *o, const struct attrs *a)
{
	char ip[IP_STRLEN];

	if (a->has & HAS_ORIGINATOR)
		out_str(o, "originatorId", ip_format(ip_v4(a->originator), ip));
	if (!a->nclusters)
		return;
	out_obj_begin(o, "clusterList");
	out_arr_begin(o, "list");
	for (unsigned i = 0; i < a->nclusters; i++)
		out_str(o, NULL, ip_format(ip_v4(a->clusters[i]), ip));
	out_arr_end(o);
	out_obj_end(o);
}

static void
json_communities(struct out *o, const struct attrs *a, bool large)
{
	char *word, *rest = NULL;
	struct strbuf b;

	strbuf_init(&b);
	if (communities(a, large, &b)) {
		out_obj_begin(o, large ? "largeCommunity" : "community");
		out_str(o, "string", b.s);
		out_arr_begin(o, "list");
		for (word = strtok_r(b.s, " ", &rest); word;
		     word = strtok_r(NULL, " ", &rest))
			out_str(o, NULL, word);
		out_arr_end(o);
		out_obj_end(o);
	}
	strbuf_fini(&b);
}

static void
json_pmsi(struct out *o, const struct attrs *a)
{
	if (!(a->has & HAS_PMSI))
		return;
	out_obj_begin(o, "pmsi");
	out_str(o, "tunnelType",
	    a->pmsi_type == PMSI_INGRESS_REPLICATION ? "Ingress Replication" : "other");
	out_uint(o, "label", a->pmsi_label);
	out_obj_end(o);
}

static void
json_best(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	if (!sp->best)
		return;
	out_obj_begin(o, "bestpath");
	out_bool(o, "overall", true);
	out_str(o, "selectionReason", decision_step_name(decision_why(s->rib, s->rt)));
	out_obj_end(o);
}

static void
json_updated(const struct show_ctx *c, const struct show_path *sp)
{
	const int64_t epoch = show_epoch(c, sp->p->when);
	const time_t when = (time_t)epoch;
	char date[32];

	out_obj_begin(c->out, "lastUpdate");
	out_int(c->out, "epoch", epoch);
	out_str(c->out, "string", ctime_r(&when, date));
	out_obj_end(c->out);
}

static void
json_path(
    const struct show_ctx *c, const struct show_route *s, const struct show_path *sp)
{
	const struct path_aux *aux = rib_aux(s->rib, sp->p->aux);
	struct out *o = c->out;
	char text[IP_STRLEN];

	out_obj_begin(o, NULL);
	json_labels(o, sp);
	if (aux->gw.len)
		out_str(o, "gatewayIP", ip_format(aux->gw, text));
	json_aspath(o, sp);
	out_str(o, "origin", show_origin_name(sp->a->origin));
	show_path_json_attrs(o, sp);
	out_bool(o, "valid", sp->usable);
	out_uint(
	    o, "version", 0); /* as bgpTableVersion: changes have places, no numbers */
	if (sp->src->local) {
		out_bool(o, "sourced", true);
		out_bool(o, "local", true);
	}
	json_best(o, s, sp);
	json_communities(o, sp->a, false);
	json_communities(o, sp->a, true);
	json_reflection(o, sp->a);
	json_pmsi(o, sp->a);
	json_updated(c, sp);
	show_path_json_nexthops(o, sp, true);
	json_source(c, sp);
	out_obj_end(o);
}

unsigned
show_route_json_detail_members(const struct show_ctx *c, const struct show_route *s)
{
	unsigned n = 0;

	for (const struct rib_path *p = &s->rt->path; p;
	     p = rib_path_next(s->rib, p), n++) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		out_arr_begin(c->out, NULL);
		json_path(c, s, &sp);
		out_arr_end(c->out);
	}
	return n;
}

unsigned
show_route_json_detail(
    const struct show_ctx *c, const struct show_route *s, const char *key)
{
	unsigned n;

	out_arr_begin(c->out, key);
	n = show_route_json_detail_members(c, s);
	out_arr_end(c->out);
	return n;
}
