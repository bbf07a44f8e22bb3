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
#include "mgmt/rib_walk.h"
#include "mgmt/show_evpn_arp.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_evpn_mac.h"
#include "mgmt/show_l3vni.h"
#include "mgmt/show_route.h"

#define TRACE_ROUTES 64 /* that are shown; more leaves with one MAC are a fault anyway */

/* What becomes of a route in the instance. */
enum fate {
	FATE_OWN,	   /* this leaf has made it */
	FATE_IMPORTED,	   /* by a route target */
	FATE_UNUSABLE,	   /* no path of it may be used: its details say why */
	FATE_NOT_IMPORTED, /* by none of the instance's route targets */
};

struct traced_route {
	uint32_t handle;    /* in the RIB */
	enum fate fate;	    /* here */
	char rt[RT_STRLEN]; /* FATE_IMPORTED: by which */
};

/* What is traced, and what was found of it. */
struct trace {
	struct evpn_show_evi evi;
	struct mac mac;
	struct ip ip;		  /* none: the MAC alone */
	struct evpn_show_mac m;	  /* if known */
	struct evpn_show_neigh n; /* if has_n */
	bool has_m, has_n;	  /* it is known */
	struct rib_walk *walk;	  /* over the routes of the MAC; owned */
	struct traced_route route[TRACE_ROUTES];
	size_t nroutes;
	size_t elsewhere; /* routes with the MAC that are about other VNIs */
};

/* --- what there is --- */

/* Type 2 of the MAC: alone, or with this address if there is one. */
static bool
is_about(const struct rib *r, const struct rib_route *rt, void *arg)
{
	const struct trace *t = arg;
	struct evpn_nlri n;

	if (rt->len == 0 || rt->tail[0] != EVPN_MACIP)
		return false;
	evpn_nlri_from_key(rib_head(r, rt->head), rt->tail, rt->len, &n);
	return mac_equal(n.mac, t->mac) &&
	       (t->ip.len == 0 || n.ip.len == 0 || ip_equal(n.ip, t->ip));
}

/* The route target by which the instance would import this path. */
static bool
import_rt(const struct rib *r, const struct trace *t, const struct rib_path *p,
    char buf[RT_STRLEN])
{
	const struct attrs *a = &attrset_get(rib_attrtab(r), p->attrs)->a;

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

/* The field of a VXLAN route's label is the VNI whole (RFC 8365 5.1.3). */
static bool
names_vni(const struct trace *t, const struct rib_path *p)
{
	return (p->flags & PATH_LABEL1) && rib_label(p->label1) == t->evi.vni;
}

static void
add_route(const struct rib *r, struct trace *t, uint32_t h)
{
	const struct rib_route *route = rib_route(r, h);
	const struct rib_path *best = rib_best(route), *p = best ? best : &route->path;
	struct traced_route *x = &t->route[t->nroutes];
	const bool own = rib_path_of(r, route, 0) != NULL;
	struct evpn_nlri n;

	evpn_nlri_from_key(rib_head(r, route->head), route->tail, route->len, &n);
	*x = (struct traced_route){ .handle = h };
	if (own ? !rd_equal(n.rd, t->evi.rd)
		: !import_rt(r, t, p, x->rt) && !names_vni(t, p)) {
		t->elsewhere++;
		return;
	}
	x->fate = own	     ? FATE_OWN
		  : !best    ? FATE_UNUSABLE
		  : x->rt[0] ? FATE_IMPORTED
			     : FATE_NOT_IMPORTED;
	t->nroutes++;
}

/* A slice of the search; true when all is found. */
static bool
look(const struct show_ctx *c, struct trace *t)
{
	struct evpn *e = c->eng->evpn;
	struct rib *r = bgp_rib(c->eng->bgp);
	bool new_rd;
	uint32_t h;

	if (!t->walk)
		t->walk = rib_walk_new(r, is_about, t);
	if (!rib_walk_collect(t->walk))
		return false;
	t->has_m = evpn_show_mac(e, t->evi.vni, t->mac, &t->m);
	t->has_n = t->ip.len && evpn_show_neigh(e, t->evi.vni, t->ip, &t->n);
	while (t->nroutes < TRACE_ROUTES && (h = rib_walk_next(t->walk, &new_rd)))
		add_route(r, t, h);
	return true;
}

/* --- text --- */

static void
text_instance(struct out *o, const struct evpn_show_evi *v)
{
	char ip[IP_STRLEN], rd[RD_STRLEN];

	out_printf(o, "VNI %u: ", v->vni);
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%s%s",
	    v->up ? "up" : "down: ", v->up ? "" : v->why_down);
	out_printf(o, "%s\n", v->active ? "" : " (not chosen by the configuration)");
	if (v->observed)
		out_printf(o, " Device %s, bridge %s, SVI %s, VTEP %s\n", v->obs->vxlan,
		    v->obs->bridge[0] ? v->obs->bridge : "none",
		    v->obs->svi[0] ? v->obs->svi : "none",
		    v->obs->local.len ? ip_format(v->obs->local, ip) : "none");
	out_printf(o, " RD %s\n\n", rd_format(v->rd, rd));
}

static void
text_fate(struct out *o, const struct trace *t, const struct traced_route *x)
{
	char rt[RT_STRLEN];

	switch (x->fate) {
	case FATE_OWN:
		out_puts(o, "originated here\n");
		return;
	case FATE_IMPORTED:
		out_printf(o, "imported by route target %s\n", x->rt);
		return;
	case FATE_UNUSABLE:
		out_puts(o, "not used: no path of it is valid\n");
		return;
	case FATE_NOT_IMPORTED:
		break;
	}
	out_printf(o, "not imported: VNI %u imports", t->evi.vni);
	for (size_t i = 0; i < t->evi.nimports; i++)
		out_printf(o, " %s", show_rt_match(&t->evi.imports[i], rt));
	out_puts(o, "\n");
}

static void
text_routes(const struct show_ctx *c, const struct trace *t)
{
	struct out *o = c->out;

	out_printf(o, "Routes: %zu\n", t->nroutes);
	for (size_t i = 0; i < t->nroutes; i++) {
		struct show_route s;

		show_route_init(&s, bgp_rib(c->eng->bgp), t->route[i].handle);
		out_printf(o, " %s RD %s: ", s.text, s.rd);
		text_fate(o, t, &t->route[i]);
		show_route_detail(c, &s);
	}
	if (t->elsewhere)
		out_printf(o, "Routes of this MAC in other VNIs: %zu\n", t->elsewhere);
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
		    "that is used says so\n\n",
		    mac_format(t->mac, text));
	if (t->has_n) {
		show_evpn_neigh_text(o, &t->n);
		if (!mac_equal(t->n.mac, t->mac))
			out_puts(o, " The address belongs to another MAC now\n");
		out_puts(o, "\n");
	} else if (t->ip.len) {
		out_printf(o,
		    "Address %s: nobody has it: the SVI has not learnt it and no route "
		    "that is used says so\n\n",
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
	static const char *const fate[] = { "originated", "imported", "noValidPath",
		"notImported" };
	struct out *o = c->out;

	out_arr_begin(o, "routes");
	for (size_t i = 0; i < t->nroutes; i++) {
		const struct traced_route *x = &t->route[i];
		struct show_route s;

		show_route_init(&s, bgp_rib(c->eng->bgp), x->handle);
		out_obj_begin(o, NULL);
		out_str(o, "prefix", s.text);
		out_str(o, "rd", s.rd);
		out_bool(o, "selfOriginated", x->fate == FATE_OWN);
		out_str(o, "fate", fate[x->fate]);
		if (x->rt[0])
			out_str(o, "importRt", x->rt);
		show_route_json_advertised(c, &s);
		show_route_json_detail(c, &s, "paths");
		out_obj_end(o);
	}
	out_arr_end(o);
	out_uint(o, "routesOfOtherVnis", t->elsewhere);
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
	struct trace *t = c->state;

	if (!t) {
		const char *ip = cli_arg(c->args, "ip");
		struct evpn_show_evi evi;

		if (show_evpn_absent(c) || !show_evpn_vni_arg(c, &evi))
			return false;
		c->state = t = xcalloc(1, sizeof *t);
		mac_parse(
		    cli_arg(c->args, "mac"), &t->mac); /* the pattern has checked both */
		if (ip)
			ip_parse(ip, &t->ip);
	}
	/* The instance may change between two slices. */
	if (!show_evpn_vni_arg(c, &t->evi))
		return false;
	if (!look(c, t))
		return true;
	(c->json ? trace_json : trace_text)(c, t);
	return false;
}

static void
trace_done(struct show_ctx *c)
{
	struct trace *t = c->state;

	if (t)
		rib_walk_free(t->walk);
	free(t);
}

static const struct show_cmd rows[] = {
	{ "show evpn trace vni (1-16777215)$vni mac X:X:X:X:X:X$mac "
	  "[ip <A.B.C.D|X:X::X:X>$ip] [json]",
	    "Where a host is, who says so, and what the kernel has", show_trace,
	    trace_done },
};

const struct show_table show_trace_table = SHOW_TABLE(rows);
