/* SPDX-License-Identifier: ISC */
/* `show evpn trace vni N mac M [ip I]`: one host, from the port to BGP to the kernel. */
#include "config.h"

#include "mgmt/show_trace.h"

#include <stdlib.h>

#include "bgpd/bgp.h"
#include "bgpd/extcomm.h"
#include "evpn/evpn_show.h"
#include "evpn/rtindex.h"
#include "lib/util.h"
#include "mgmt/show_evpn_arp.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_evpn_mac.h"
#include "mgmt/show_route.h"

#define TRACE_ROUTES 64 /* that are shown; more leaves with one MAC are a fault anyway */

/* What is traced, and what was found of it. */
struct trace {
	struct evpn_show_evi evi;
	struct mac mac;
	struct ip ip;		      /* none: the MAC alone */
	struct evpn_show_mac m;	      /* if known */
	struct evpn_show_neigh n;     /* if has_n */
	bool has_m, has_n;	      /* it is known */
	uint32_t route[TRACE_ROUTES]; /* RIB handles */
	size_t nroutes;
};

/* --- what there is --- */

/* Our own route of the MAC, and of the address. */
static void
add_own(const struct show_ctx *c, struct trace *t, struct ip ip)
{
	struct evpn_nlri n = {
		.type = EVPN_MACIP, .rd = t->evi.rd, .mac = t->mac, .ip = ip
	};
	struct rib_key k;
	uint32_t h;

	evpn_nlri_key(&n, &k);
	h = rib_find(bgp_rib(c->eng->bgp), &k);
	if (h && t->nroutes < TRACE_ROUTES)
		t->route[t->nroutes++] = h;
}

/* Is the route about what is traced: the MAC alone, or the MAC with this address? */
static bool
is_about(const struct show_ctx *c, const struct trace *t, uint32_t route)
{
	struct show_route s;

	if (t->ip.len == 0)
		return true;
	show_route_init(&s, bgp_rib(c->eng->bgp), route);
	return s.nlri.ip.len == 0 || ip_equal(s.nlri.ip, t->ip);
}

static void
look(const struct show_ctx *c, struct trace *t)
{
	struct evpn *e = c->eng->evpn;
	uint32_t all[TRACE_ROUTES];
	size_t n;

	t->has_m = evpn_show_mac(e, t->evi.vni, t->mac, &t->m);
	t->has_n = t->ip.len && evpn_show_neigh(e, t->evi.vni, t->ip, &t->n);
	add_own(c, t, (struct ip){ .len = 0 });
	if (t->ip.len)
		add_own(c, t, t->ip);
	n = evpn_show_mac_routes(e, t->evi.vni, t->mac, all, TRACE_ROUTES);
	for (size_t i = 0; i < n && t->nroutes < TRACE_ROUTES; i++)
		if (is_about(c, t, all[i]))
			t->route[t->nroutes++] = all[i];
}

/* The route target by which the instance imports this route; false if by none. */
static bool
import_rt(
    const struct show_ctx *c, const struct trace *t, uint32_t route, char buf[RT_STRLEN])
{
	struct rib *r = bgp_rib(c->eng->bgp);
	const struct rib_path *p = rib_best(rib_route(r, route));
	const struct attrs *a;

	if (!p || p->peer == 0)
		return false;
	a = &attrset_get(rib_attrtab(r), p->attrs)->a;
	for (unsigned i = 0; i < a->necoms; i++) {
		for (size_t k = 0; k < t->evi.nimports; k++) {
			if (!rt_match_takes(&t->evi.imports[k], a->ecoms[i]))
				continue;
			rt_format(a->ecoms[i], buf);
			return true;
		}
	}
	return false;
}

static bool
is_ours(const struct show_ctx *c, uint32_t route)
{
	const struct rib_path *p = rib_best(rib_route(bgp_rib(c->eng->bgp), route));

	return p && p->peer == 0;
}

/* --- text --- */

static void
text_instance(struct out *o, const struct evpn_show_evi *v)
{
	char ip[IP_STRLEN], rd[RD_STRLEN];

	out_printf(o, "VNI %u: %s%s%s\n", v->vni,
	    v->up ? "up" : "down: ", v->up ? "" : v->why_down,
	    v->active ? "" : " (not chosen by the configuration)");
	if (v->observed)
		out_printf(o, " Device %s, bridge %s, SVI %s, VTEP %s\n", v->obs->vxlan,
		    v->obs->bridge[0] ? v->obs->bridge : "none",
		    v->obs->svi[0] ? v->obs->svi : "none",
		    v->obs->local.len ? ip_format(v->obs->local, ip) : "none");
	out_printf(o, " RD %s\n\n", rd_format(v->rd, rd));
}

static void
text_routes(const struct show_ctx *c, const struct trace *t)
{
	struct out *o = c->out;
	char rt[RT_STRLEN];

	out_printf(o, "Routes: %zu\n", t->nroutes);
	for (size_t i = 0; i < t->nroutes; i++) {
		struct show_route s;

		show_route_init(&s, bgp_rib(c->eng->bgp), t->route[i]);
		out_printf(o, " %s RD %s: ", s.text, s.rd);
		if (is_ours(c, t->route[i]))
			out_puts(o, "originated here\n");
		else if (import_rt(c, t, t->route[i], rt))
			out_printf(o, "imported by route target %s\n", rt);
		else
			out_puts(o, "not imported: no path is usable\n");
		show_route_detail(c, &s);
	}
}

static void
trace_text(const struct show_ctx *c, const struct trace *t)
{
	struct out *o = c->out;
	char text[IP_STRLEN];

	text_instance(o, &t->evi);
	if (t->has_m)
		show_evpn_mac_text(c, t->evi.vni, &t->m);
	else
		out_printf(o,
		    "MAC %s: nobody has it: neither a port of this machine nor a route "
		    "says so\n\n",
		    mac_format(t->mac, text));
	if (t->has_n) {
		show_evpn_neigh_text(o, &t->n);
		if (!mac_equal(t->n.mac, t->mac))
			out_puts(o, " The address belongs to another MAC now\n");
		out_puts(o, "\n");
	} else if (t->ip.len) {
		out_printf(o,
		    "Address %s: nobody has it: the SVI has not learnt it and no route "
		    "says so\n\n",
		    ip_format(t->ip, text));
	}
	text_routes(c, t);
}

/* --- JSON --- */

static void
json_instance(struct out *o, const struct evpn_show_evi *v)
{
	char ip[IP_STRLEN], rd[RD_STRLEN];

	out_obj_begin(o, "instance");
	out_uint(o, "vni", v->vni);
	out_str(o, "state", v->up ? "Up" : "Down");
	if (!v->up)
		out_str(o, "reason", v->why_down);
	out_bool(o, "configured", v->active);
	if (v->observed) {
		out_str(o, "vxlanInterface", v->obs->vxlan);
		out_str(o, "bridge", v->obs->bridge);
		out_str(o, "sviInterface", v->obs->svi);
		if (v->obs->local.len)
			out_str(o, "vtepIp", ip_format(v->obs->local, ip));
	}
	out_str(o, "rd", rd_format(v->rd, rd));
	out_obj_end(o);
}

static void
json_routes(const struct show_ctx *c, const struct trace *t)
{
	struct out *o = c->out;
	char rt[RT_STRLEN];

	out_arr_begin(o, "routes");
	for (size_t i = 0; i < t->nroutes; i++) {
		struct show_route s;

		show_route_init(&s, bgp_rib(c->eng->bgp), t->route[i]);
		out_obj_begin(o, NULL);
		out_str(o, "prefix", s.text);
		out_str(o, "rd", s.rd);
		out_bool(o, "selfOriginated", is_ours(c, t->route[i]));
		if (import_rt(c, t, t->route[i], rt))
			out_str(o, "importRt", rt);
		show_route_json_advertised(c, &s);
		show_route_json_detail(c, &s, "paths");
		out_obj_end(o);
	}
	out_arr_end(o);
}

static void
trace_json(const struct show_ctx *c, const struct trace *t)
{
	struct out *o = c->out;

	out_obj_begin(o, NULL);
	json_instance(o, &t->evi);
	if (t->has_m) {
		out_obj_begin(o, "mac");
		show_evpn_mac_json(c, t->evi.vni, &t->m);
		out_obj_end(o);
	}
	if (t->has_n) {
		out_obj_begin(o, "neighbor");
		show_evpn_neigh_json(o, &t->n, t->evi.obs->vid);
		out_obj_end(o);
	}
	json_routes(c, t);
	out_obj_end(o);
}

static bool
show_trace(struct show_ctx *c)
{
	const char *ip = cli_arg(c->args, "ip");
	struct trace t = { .nroutes = 0 };

	if (show_evpn_absent(c) || !show_evpn_vni_arg(c, &t.evi))
		return false;
	mac_parse(cli_arg(c->args, "mac"), &t.mac); /* the pattern has checked both */
	if (ip)
		ip_parse(ip, &t.ip);
	look(c, &t);
	(c->json ? trace_json : trace_text)(c, &t);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn trace vni (1-16777215)$vni mac X:X:X:X:X:X$mac "
	  "[ip <A.B.C.D|X:X::X:X>$ip] [json]",
	    "Where a host is, who says so, and what the kernel has", show_trace, NULL },
};

const struct show_table show_trace_table = SHOW_TABLE(rows);
