/* SPDX-License-Identifier: ISC */
/* `show evpn trace vrf V ADDRESS`: how a VRF reaches an address: prefix, ways, next hops, kernel. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_route.h"
#include "mgmt/show_trace.h"

#define TRACE_WAYS 64 /* that are shown */

struct trace {
	struct evpn_show_vrf vrf;
	struct ip ip;		   /* asked for */
	bool found;		   /* a prefix contains it */
	struct evpn_show_prefix p; /* the longest */
	struct evpn_show_way way[TRACE_WAYS];
	size_t nways;
};

static void
look(const struct show_ctx *c, struct trace *t)
{
	struct evpn *e = c->eng->evpn;

	t->found = evpn_show_lookup(e, t->vrf.name, t->ip, &t->p);
	if (t->found)
		t->nways =
		    evpn_show_ways(e, t->vrf.name, t->p.prefix, t->way, TRACE_WAYS);
}

/* The next hop of a way, as the data plane has it; false if there is none. */
static bool
find_hop(const struct show_ctx *c, const struct trace *t, const struct evpn_show_way *w,
    struct evpn_show_hop *out)
{
	struct evpn_vrf_walk walk;
	bool found = false;

	if (w->hop.len == 0 ||
	    !evpn_vrf_walk_begin(c->eng->evpn, &walk, t->vrf.name, EVPN_VRF_HOPS))
		return false;
	while (!found && evpn_vrf_walk_hop(&walk, out))
		found = ip_equal(out->ip, w->hop) && out->l3vni == w->hop_l3vni;
	evpn_vrf_walk_end(&walk);
	return found;
}

/* --- text --- */

static void
text_vrf(struct out *o, const struct evpn_show_vrf *v)
{
	char ip[IP_STRLEN], mac[MAC_STRLEN];

	out_printf(o, "VRF %s: %s%s, table %u, L3VNI %u\n", v->name,
	    v->up ? "up" : "down: ", v->up ? "" : v->why_down, v->table, v->l3vni);
	if (v->obs)
		out_printf(o, " Device %s, SVI %s, VTEP %s, router MAC %s\n",
		    v->obs->vxlan, v->obs->svi[0] ? v->obs->svi : "none",
		    v->vtep.len ? ip_format(v->vtep, ip) : "none",
		    mac_is_zero(v->rmac) ? "none" : mac_format(v->rmac, mac));
	out_puts(o, "\n");
}

static void
text_kernel(struct out *o, const struct evpn_show_prefix *p)
{
	char ip[IP_STRLEN];

	out_printf(o, " In the kernel by somebody else: protocol %u%s%s, metric %u",
	    p->proto, p->connected ? ", connected" : "",
	    p->blackhole ? ", blackhole" : "", p->metric);
	if (p->gateway.len)
		out_printf(o, ", via %s", ip_format(p->gateway, ip));
	if (p->ifname[0])
		out_printf(o, ", device %s", p->ifname);
	out_puts(o, "\n");
}

static void
text_prefix(struct out *o, const struct evpn_show_prefix *p)
{
	char text[PREFIX_STRLEN];

	out_printf(o, "Prefix %s: %s%s\n", prefix_format(p->prefix, text),
	    evpn_prefix_source_name(p->source), p->exported ? ", told as type 5" : "");
	if (p->source == EVPN_PREFIX_KERNEL)
		text_kernel(o, p);
	if (p->source == EVPN_PREFIX_LEAKED)
		out_printf(o, " From VRF %s\n", p->from);
	if (p->source == EVPN_PREFIX_REMOTE || p->source == EVPN_PREFIX_UNREACHABLE)
		show_evpn_text_install(o, p->install, p->error, p->error_text);
	out_printf(o, " Ways: %u, of which %u carry traffic\n\n", p->ways, p->used);
}

static void
text_way(const struct show_ctx *c, const struct trace *t, const struct evpn_show_way *w)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN];
	struct evpn_show_hop h;
	struct show_route s;

	show_route_init(&s, bgp_rib(c->eng->bgp), w->route);
	out_printf(
	    o, "%s%s %s RD %s\n", w->used ? "*" : " ", w->best ? ">" : " ", s.text, s.rd);
	out_printf(o, "   Next hop %s, VNI %u, router MAC %s\n", ip_format(w->vtep, ip),
	    w->label, mac_is_zero(w->rmac) ? "none" : mac_format(w->rmac, mac));
	if (w->gw.len)
		out_printf(o, "   Gateway address %s\n", ip_format(w->gw, ip));
	if (!w->usable)
		out_printf(o, "   Not usable: %s\n", w->why);
	if (find_hop(c, t, w, &h)) {
		out_printf(o, "   Over %s %u, %s %s%s%s\n", h.host ? "VNI" : "L3VNI",
		    h.l3vni, h.host ? "host" : "gateway", ip_format(h.ip, ip),
		    h.why[0] ? ": " : "", h.why);
		show_evpn_text_install(o, h.install, h.error, h.error_text);
	}
	show_route_detail(c, &s);
}

static void
trace_text(const struct show_ctx *c, const struct trace *t)
{
	char ip[IP_STRLEN];

	text_vrf(c->out, &t->vrf);
	if (!t->found) {
		out_printf(
		    c->out, "No prefix of the VRF contains %s\n", ip_format(t->ip, ip));
		return;
	}
	text_prefix(c->out, &t->p);
	for (size_t i = 0; i < t->nways; i++)
		text_way(c, t, &t->way[i]);
}

/* --- JSON --- */

static void
json_vrf(struct out *o, const struct evpn_show_vrf *v)
{
	char text[IP_STRLEN];

	out_obj_begin(o, "vrf");
	out_str(o, "vrf", v->name);
	out_str(o, "state", v->up ? "Up" : "Down");
	if (!v->up)
		out_str(o, "reason", v->why_down);
	out_uint(o, "table", v->table);
	out_uint(o, "vni", v->l3vni);
	if (v->vtep.len)
		out_str(o, "vtepIp", ip_format(v->vtep, text));
	if (!mac_is_zero(v->rmac))
		out_str(o, "routerMac", mac_format(v->rmac, text));
	out_obj_end(o);
}

static void
json_prefix(struct out *o, const struct evpn_show_prefix *p)
{
	char text[PREFIX_STRLEN];

	out_obj_begin(o, "prefix");
	out_str(o, "prefix", prefix_format(p->prefix, text));
	out_str(o, "source", evpn_prefix_source_name(p->source));
	out_bool(o, "exported", p->exported);
	out_uint(o, "ways", p->ways);
	out_uint(o, "used", p->used);
	if (p->source == EVPN_PREFIX_KERNEL) {
		out_uint(o, "protocol", p->proto);
		out_bool(o, "connected", p->connected);
		out_uint(o, "metric", p->metric);
		out_str(o, "interfaceName", p->ifname);
	}
	if (p->source == EVPN_PREFIX_LEAKED)
		out_str(o, "fromVrf", p->from);
	show_evpn_json_install(o, p->install, p->error, p->error_text);
	out_obj_end(o);
}

static void
json_hop(struct out *o, const struct evpn_show_hop *h)
{
	char text[IP_STRLEN];

	out_obj_begin(o, "hop");
	out_str(o, "gateway", ip_format(h->ip, text));
	out_bool(o, "gatewayHost", h->host);
	out_uint(o, h->host ? "vni" : "l3vni", h->l3vni);
	if (h->label)
		out_uint(o, "downstreamVni", h->label);
	if (h->why[0])
		out_str(o, "reason", h->why);
	show_evpn_json_install(o, h->install, h->error, h->error_text);
	out_obj_end(o);
}

static void
json_way(const struct show_ctx *c, const struct trace *t, const struct evpn_show_way *w)
{
	struct out *o = c->out;
	char text[IP_STRLEN];
	struct evpn_show_hop h;
	struct show_route s;

	show_route_init(&s, bgp_rib(c->eng->bgp), w->route);
	out_obj_begin(o, NULL);
	out_str(o, "prefix", s.text);
	out_str(o, "rd", s.rd);
	out_bool(o, "used", w->used);
	out_bool(o, "bestpath", w->best);
	out_bool(o, "usable", w->usable);
	if (!w->usable)
		out_str(o, "reason", w->why);
	out_str(o, "vtepIp", ip_format(w->vtep, text));
	out_uint(o, "vni", w->label);
	if (!mac_is_zero(w->rmac))
		out_str(o, "routerMac", mac_format(w->rmac, text));
	if (w->gw.len)
		out_str(o, "gatewayIP", ip_format(w->gw, text));
	if (find_hop(c, t, w, &h))
		json_hop(o, &h);
	show_route_json_detail(c, &s, "paths");
	out_obj_end(o);
}

static void
trace_json(const struct show_ctx *c, const struct trace *t)
{
	out_obj_begin(c->out, NULL);
	json_vrf(c->out, &t->vrf);
	if (t->found) {
		json_prefix(c->out, &t->p);
		out_arr_begin(c->out, "ways");
		for (size_t i = 0; i < t->nways; i++)
			json_way(c, t, &t->way[i]);
		out_arr_end(c->out);
	}
	out_obj_end(c->out);
}

static bool
show_trace_vrf(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "vrf");
	struct trace t = { .nways = 0 };

	if (show_evpn_absent(c))
		return false;
	ip_parse(cli_arg(c->args, "ip"), &t.ip); /* the pattern has checked it */
	if (!evpn_show_vrf(c->eng->evpn, name, &t.vrf))
		return show_evpn_nothing(c, "There is no VRF %s", name);
	look(c, &t);
	(c->json ? trace_json : trace_text)(c, &t);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn trace vrf WORD$vrf <A.B.C.D|X:X::X:X>$ip [json]",
	    "How a VRF reaches an address, and what the kernel has", show_trace_vrf,
	    NULL },
};

const struct show_table show_trace_l3_table = SHOW_TABLE(rows);
