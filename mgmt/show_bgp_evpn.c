/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn ...`: the EVPN table, whole or filtered, in any of its forms.
 *
 * Every command here is one sorted walk (mgmt/rib_walk.h) with a filter and a form.  The forms
 * differ in small ways that tools rely on, so each is a row of a table. */
#include "config.h"

#include "mgmt/show_bgp_evpn.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/adjout.h"
#include "bgpd/comlist.h"
#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/rib_walk.h"
#include "mgmt/show_route.h"
#include "mgmt/show_route_view.h"
#include "mgmt/show_util.h"

/* How a route is written, and what stands around the routes. */
struct form {
	bool detail;	   /* the long form of each path */
	bool brief;	   /* JSON: counts only */
	bool nested;	   /* JSON: each path in an array of its own */
	bool table_head;   /* JSON: local router id and so on come first */
	const char *wrap;  /* JSON: the RDs are in an object of this name, or NULL */
	const char *total; /* JSON: name of the count of prefixes */
	const struct show_view *view; /* narrow columns, or NULL for all of them */
};

static const struct form form_table = { .table_head = true, .total = "numPrefix" };
static const struct form form_tags = {
	.table_head = true, .total = "numPrefix", .view = &show_view_tags
};
static const struct form form_overlay = {
	.table_head = true, .total = "numPrefix", .view = &show_view_overlay
};
static const struct form form_route = { .nested = true, .total = "numPrefix" };
static const struct form form_detail = {
	.nested = true, .detail = true, .total = "numPrefix"
};
static const struct form form_brief = { .brief = true };
static const struct form form_advertised = {
	.table_head = true, .wrap = "advertisedRoutes", .total = "totalPrefixCounter"
};

/* Which routes: members that are not set let everything through. */
struct criteria {
	bool by_rd, by_type, by_mac, by_ip, by_esi, by_rt, by_comms, exact, by_prefix,
	    self, from, to;
	struct rd rd;
	uint8_t type;
	struct mac mac;
	struct ip ip;
	struct esi esi;
	struct ecom rt;	      /* exact: and no other one */
	enum comkind kind;    /* of comms */
	struct comset comms;  /* owned; likewise */
	struct prefix prefix; /* of a type 5 */
	uint16_t peer;	      /* from: index in the RIB */
	struct ip to_addr;    /* to: the neighbour, found again in each slice */
};

struct dump {
	const struct form *form; /* one of those above */
	struct criteria want;
	struct rib_walk *walk;		       /* owned */
	bool headed;			       /* the head is written */
	bool in_rd;			       /* JSON: an RD's object is open */
	unsigned prefixes, paths, rd_prefixes; /* written */
};

static bool
matches_key(const struct criteria *q, const struct rib *r, const struct rib_route *rt)
{
	struct evpn_nlri n;

	if (q->by_type && (rt->len == 0 || rt->tail[0] != q->type))
		return false;
	evpn_nlri_from_key(rib_head(r, rt->head), rt->tail, rt->len, &n);
	/* Of types 1 and 4 it is in the key, of types 2 and 5 it belongs to the path. */
	if (q->by_esi && !esi_equal(n.esi, q->esi) &&
	    !esi_equal(rib_aux(r, rt->path.aux)->esi, q->esi))
		return false;
	if (q->by_rd && !rd_equal(n.rd, q->rd))
		return false;
	if (q->by_mac && !mac_equal(n.mac, q->mac))
		return false;
	if (q->by_prefix && (n.type != EVPN_PREFIX || n.plen != q->prefix.plen ||
				!ip_equal(n.ip, q->prefix.ip)))
		return false;
	return !q->by_ip || ip_equal(n.ip, q->ip);
}

static bool
matches_attrs(const struct criteria *q, const struct attrset *as)
{
	if (q->by_rt && !(attrset_has_rt(as, q->rt) && (!q->exact || as->nrts == 1)))
		return false;
	return !q->by_comms || comset_fits(&q->comms, q->kind, &as->a, q->exact);
}

/* Some path of it has what is asked for. */
static bool
matches_path(const struct criteria *q, const struct rib *r, const struct rib_route *rt)
{
	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p))
		if (matches_attrs(q, attrset_get(rib_attrtab(r), p->attrs)))
			return true;
	return false;
}

static bool
matches(const struct rib *r, const struct rib_route *rt, void *arg)
{
	const struct criteria *q = arg;

	if (q->self && !rib_path_of(r, rt, 0))
		return false;
	if (q->from && !rib_path_of(r, rt, q->peer))
		return false;
	if ((q->by_rt || q->by_comms) && !matches_path(q, r, rt))
		return false;
	return matches_key(q, r, rt);
}

static void
json_codes(struct out *o)
{
	static const char *const status[][2] = { { "suppressed", "s" }, { "damped", "d" },
		{ "history", "h" }, { "valid", "*" }, { "best", ">" },
		{ "internal", "i" } };
	static const char *const origin[][2] = { { "igp", "i" }, { "egp", "e" },
		{ "incomplete", "?" } };

	out_obj_begin(o, "bgpStatusCodes");
	for (size_t i = 0; i < ARRAY_LEN(status); i++)
		out_str(o, status[i][0], status[i][1]);
	out_obj_end(o);
	out_obj_begin(o, "bgpOriginCodes");
	for (size_t i = 0; i < ARRAY_LEN(origin); i++)
		out_str(o, origin[i][0], origin[i][1]);
	out_obj_end(o);
}

static void
head_json(const struct show_ctx *c, const struct dump *d)
{
	char id[IP_STRLEN];

	out_json_compact(c->out);
	out_obj_begin(c->out, NULL);
	if (d->form->table_head) {
		out_uint(c->out, "bgpTableVersion", 0);
		out_str(c->out, "bgpLocalRouterId",
		    ip_format(ip_v4(bgp_router_id(c->eng->bgp)), id));
		out_uint(c->out, "defaultLocPrf", 100);
		out_uint(c->out, "localAS", bgp_conf(c->eng->bgp)->as);
	}
	if (d->form->wrap) {
		json_codes(c->out);
		out_obj_begin(c->out, d->form->wrap);
	}
}

static void
close_rd(const struct show_ctx *c, struct dump *d)
{
	if (!d->in_rd)
		return;
	if (!d->form->wrap)
		out_uint(c->out, d->form->nested ? "numRoutes" : "numPrefixes",
		    d->rd_prefixes);
	out_obj_end(c->out);
	d->in_rd = false;
}

static void
write_head(struct show_ctx *c, struct dump *d)
{
	d->headed = true;
	if (c->json)
		head_json(c, d);
	else if (d->form->view)
		out_printf(c->out, "   %-17s%-14s%s\n", "Network", "Next Hop",
		    d->form->view->title);
	else if (!d->form->detail && rib_walk_count(d->walk))
		show_route_table_head(c, d->form->nested);
}

static void
write_tail(struct show_ctx *c, struct dump *d)
{
	if (c->json) {
		close_rd(c, d);
		if (d->form->wrap)
			out_obj_end(c->out);
		if (d->form->total)
			out_uint(c->out, d->form->total, d->prefixes);
		if (d->form->nested)
			out_uint(c->out, "numPaths", d->paths);
		else if (d->form->table_head && !d->form->wrap)
			out_uint(c->out, "totalPrefix", rib_count(bgp_rib(c->eng->bgp)));
		out_obj_end(c->out);
	} else if (d->prefixes == 0)
		out_puts(c->out, "No EVPN prefixes exist\n");
	else if (d->form->nested)
		out_printf(c->out, "\nDisplayed %u prefixes (%u paths)%s\n", d->prefixes,
		    d->paths,
		    d->want.by_rd     ? " with this RD"
		    : d->want.by_type ? " (of requested type)"
				      : "");
	else if (d->form->wrap)
		out_printf(c->out, "\nTotal number of prefixes %u\n", d->prefixes);
	else
		out_printf(c->out, "\nDisplayed %u out of %u total prefixes\n",
		    d->prefixes, rib_count(bgp_rib(c->eng->bgp)));
}

static void
json_route(const struct show_ctx *c, struct dump *d, const struct show_route *s)
{
	struct out *o = c->out;

	if (d->form->wrap) {
		show_route_json_sent(c, s, s->text);
		return;
	}
	out_obj_begin(o, s->text);
	out_str(o, "prefix", s->text);
	out_uint(o, "prefixLen", SHOW_ROUTE_PREFIX_LEN);
	if (d->form->brief)
		d->paths += show_route_paths(s);
	else if (d->form->detail) {
		out_str(o, "rd", s->rd);
		show_route_json_key(o, &s->nlri);
		show_route_json_advertised(c, s);
		d->paths += show_route_json_detail(c, s, "paths");
	} else if (d->form->view)
		d->paths += show_view_json_paths(c, s, d->form->view);
	else
		d->paths += show_route_json_paths(c, s, d->form->nested);
	out_uint(o, "pathCount", show_route_paths(s));
	out_uint(o, "multiPathCount", rib_best(s->rt) ? 1 : 0);
	out_obj_begin(o, "flags");
	if (rib_best(s->rt))
		out_bool(o, "bestPathExists", true);
	out_obj_end(o);
	out_obj_end(o);
}

static void
write_route(struct show_ctx *c, struct dump *d, uint32_t route, bool new_rd)
{
	struct show_route s;

	show_route_init(&s, bgp_rib(c->eng->bgp), route);
	if (new_rd && c->json) {
		close_rd(c, d);
		out_obj_begin(c->out, s.rd);
		out_str(c->out, "rd", s.rd);
		d->in_rd = true;
		d->rd_prefixes = 0;
	} else if (new_rd)
		out_printf(c->out, "Route Distinguisher: %s\n", s.rd);
	if (c->json)
		json_route(c, d, &s);
	else if (d->form->view)
		d->paths += show_view_lines(c, &s, d->form->view);
	else if (d->form->detail)
		d->paths += show_route_detail(c, &s);
	else
		d->paths += show_route_lines(c, &s);
	d->prefixes++;
	d->rd_prefixes++;
}

static void
dump_done(struct show_ctx *c)
{
	struct dump *d = c->state;

	if (d) {
		rib_walk_free(d->walk);
		comset_fini(&d->want.comms);
	}
	free(d);
}

/* True if the neighbour of `advertised-routes` gets this route. */
static bool
is_sent(const struct show_ctx *c, const struct dump *d, uint32_t route)
{
	struct peer *p;

	if (!d->want.to)
		return true;
	p = bgp_peer_find(c->eng->bgp, d->want.to_addr);
	return p && p->up && adjout_sends(&p->af[AFI_SAFI_EVPN].out, route);
}

static bool
dump_slice(struct show_ctx *c, struct dump *d)
{
	uint32_t route;
	bool new_rd, pending_rd = false;

	if (!rib_walk_collect(d->walk))
		return true;
	if (!d->headed)
		write_head(c, d);
	while ((route = rib_walk_next(d->walk, &new_rd)) != 0) {
		pending_rd |= new_rd;
		if (!is_sent(c, d, route))
			continue;
		write_route(c, d, route, pending_rd);
		pending_rd = false;
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	write_tail(c, d);
	return false;
}

static bool
no_bgp(struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);

	if (conf && conf->enabled)
		return false;
	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_obj_end(c->out);
	} else
		show_fail(c, "BGP is not configured");
	return true;
}

static struct dump *
dump_new(struct show_ctx *c, const struct form *form)
{
	struct dump *d = xcalloc(1, sizeof *d);

	d->form = form;
	c->state = d;
	return d;
}

static void
dump_start(struct show_ctx *c, struct dump *d)
{
	d->walk = rib_walk_new(bgp_rib(c->eng->bgp), matches, &d->want);
}

/* Criteria that every command takes from its arguments; patterns have checked the values. */
static void
read_criteria(const struct show_ctx *c, struct criteria *q)
{
	const char *rd = cli_arg(c->args, "rd"), *type = cli_arg(c->args, "type");
	const char *mac = cli_arg(c->args, "mac"), *ip = cli_arg(c->args, "ip");
	const char *esi = cli_arg(c->args, "esi"), *rt = cli_arg(c->args, "rt");
	const char *prefix = cli_arg(c->args, "prefix");

	q->by_rd = rd && rd_parse(rd, &q->rd); /* "all" is no RD: no filter */
	q->by_type = type != NULL;
	if (type)
		q->type = show_route_type(type);
	q->by_mac = mac && mac_parse(mac, &q->mac);
	q->by_ip = ip && ip_parse(ip, &q->ip);
	q->by_esi = esi && esi_parse(esi, &q->esi);
	q->by_rt = rt && rt_parse(rt, &q->rt);
	q->exact = cli_arg(c->args, "exact-match") != NULL;
	q->by_prefix = prefix && prefix_parse(prefix, &q->prefix);
	q->self = cli_arg(c->args, "self-originate") != NULL;
}

/* False if it is no community: the patterns let any word through there. */
static bool
read_communities(const struct show_ctx *c, struct criteria *q)
{
	const char *comm = cli_arg(c->args, "comm"), *lcomm = cli_arg(c->args, "lcomm");

	q->by_comms = comm || lcomm;
	q->kind = comm ? COM_STANDARD : COM_LARGE;
	return !q->by_comms || comset_parse(q->kind, comm ? comm : lcomm, &q->comms);
}

static bool
show_table(struct show_ctx *c)
{
	if (!c->state) {
		const struct form *form = &form_table;
		struct dump *d;

		if (no_bgp(c))
			return false;
		if (cli_arg(c->args, "tags"))
			form = &form_tags;
		else if (cli_arg(c->args, "overlay"))
			form = &form_overlay;
		d = dump_new(c, form);
		read_criteria(c, &d->want);
		if (!read_communities(c, &d->want))
			return show_fail(c, "No such community");
		dump_start(c, d);
	}
	return dump_slice(c, c->state);
}

static bool
show_routes(struct show_ctx *c)
{
	if (!c->state) {
		const struct form *form = &form_route;

		if (no_bgp(c))
			return false;
		if (cli_arg(c->args, "brief"))
			form = &form_brief;
		else if (cli_arg(c->args, "detail") || cli_arg(c->args, "rd"))
			form = &form_detail;
		read_criteria(c, &dump_new(c, form)->want);
		dump_start(c, c->state);
	}
	return dump_slice(c, c->state);
}

static bool
no_neighbor(struct show_ctx *c)
{
	if (!c->json)
		return show_fail(c, "No such neighbor");
	out_obj_begin(c->out, NULL);
	out_str(c->out, "warning", "No such neighbor in this view/vrf");
	out_obj_end(c->out);
	return false;
}

static bool
show_neighbor(struct show_ctx *c)
{
	if (!c->state) {
		const bool to = cli_arg(c->args, "advertised-routes") != NULL;
		struct ip addr;
		struct peer *p = NULL;
		struct dump *d;

		if (no_bgp(c))
			return false;
		if (ip_parse(cli_arg(c->args, "neighbor"), &addr))
			p = bgp_peer_find(c->eng->bgp, addr);
		if (!p)
			return no_neighbor(c);
		d = dump_new(c, to ? &form_advertised : &form_table);
		read_criteria(c, &d->want);
		d->want.to = to;
		d->want.to_addr = addr;
		d->want.from = !to;
		d->want.peer = p->af[AFI_SAFI_EVPN].rib_idx;
		dump_start(c, d);
	}
	return dump_slice(c, c->state);
}

/* One route by RD and MAC: few paths, so one slice. */
static bool
show_macip(struct show_ctx *c)
{
	struct rib *r = bgp_rib(c->eng->bgp);
	struct evpn_nlri n = { .type = EVPN_MACIP };
	struct show_route s;
	struct rib_key k;
	uint32_t h;
	unsigned paths;

	if (no_bgp(c))
		return false;
	rd_parse(cli_arg(c->args, "rd"), &n.rd);
	mac_parse(cli_arg(c->args, "mac"), &n.mac);
	if (cli_arg(c->args, "ip"))
		ip_parse(cli_arg(c->args, "ip"), &n.ip);
	evpn_nlri_key(&n, &k);
	if ((h = rib_find(r, &k)) == 0) {
		if (!c->json)
			return show_fail(c, "Network not in table");
		out_obj_begin(c->out, NULL);
		out_obj_end(c->out);
		return false;
	}
	show_route_init(&s, r, h);
	if (!c->json) {
		out_printf(c->out, "\nDisplayed %u paths for requested prefix\n",
		    show_route_detail(c, &s));
		return false;
	}
	out_obj_begin(c->out, NULL);
	out_str(c->out, "rd", s.rd);
	show_route_json_key(c->out, &s.nlri);
	show_route_json_advertised(c, &s);
	paths = show_route_json_detail(c, &s, s.text);
	out_uint(c->out, "numPaths", paths);
	out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show bgp l2vpn evpn [json]", "The EVPN table", show_table, dump_done },
	{ "show bgp l2vpn evpn all [<tags|overlay>] [json]", "The EVPN table, whole",
	    show_table, dump_done },
	{ "show bgp l2vpn evpn rd <RD|all>$rd <tags|overlay> [json]",
	    "Labels or overlay indexes of one RD", show_table, dump_done },
	{ "show bgp l2vpn evpn rd <RD|all>$rd [json]", "The EVPN table of one RD",
	    show_table, dump_done },
	{ "show bgp l2vpn evpn rt RT$rt [exact-match] [json]",
	    "EVPN routes with a route target", show_table, dump_done },
	{ "show bgp l2vpn evpn community WORD$comm [exact-match] [json]",
	    "EVPN routes with a community, AA:NN or its name", show_table, dump_done },
	{ "show bgp l2vpn evpn large-community WORD$lcomm [exact-match] [json]",
	    "EVPN routes with a large community, AA:BB:CC", show_table, dump_done },
	{ "show bgp l2vpn evpn route [detail] [type " SHOW_ROUTE_TYPES
	  "] [self-originate] [json [brief]]",
	    "EVPN routes", show_routes, dump_done },
	{ "show bgp l2vpn evpn route rd <RD|all>$rd [type " SHOW_ROUTE_TYPES
	  "] [json [brief]]",
	    "EVPN routes of one RD", show_routes, dump_done },
	{ "show bgp l2vpn evpn route rd <RD|all>$rd prefix "
	  "<A.B.C.D/M|X:X::X:X/M>$prefix [json]",
	    "One IP prefix route", show_routes, dump_done },
	{ "show bgp l2vpn evpn route esi ESI$esi [json]",
	    "EVPN routes with an Ethernet segment", show_routes, dump_done },
	{ "show bgp l2vpn evpn route rd RD$rd mac X:X:X:X:X:X$mac [ip "
	  "<A.B.C.D|X:X::X:X>$ip] [json]",
	    "One MAC or MAC and IP route", show_macip, NULL },
	{ "show bgp l2vpn evpn [rd <RD|all>$rd] neighbors "
	  "<A.B.C.D|X:X::X:X>$neighbor <routes|advertised-routes> [json]",
	    "EVPN routes from or to a neighbour, perhaps of one RD", show_neighbor,
	    dump_done },
};

const struct show_table show_bgp_evpn_table = SHOW_TABLE(rows);
