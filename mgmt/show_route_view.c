/* SPDX-License-Identifier: ISC */
/* The narrow views of a route: its labels, its overlay index. */
#include "config.h"

#include "mgmt/show_route_view.h"

#include "mgmt/show_route_path.h"

static void
tags_text(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	char vni[LABELS_STRLEN];

	(void)s;
	if (show_path_labels(sp, vni))
		out_printf(o, "notag/%s", vni);
}

static void
tags_json(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	const struct rib_path *p = sp->p;

	(void)s;
	if (p->flags & PATH_LABEL1)
		out_uint(o, "remoteLabel", rib_label(p->label1));
	if (p->flags & PATH_LABEL2)
		out_uint(o, "remoteLabel2", rib_label(p->label2));
}

const struct show_view show_view_tags = { "In tag/Out tag", tags_text, tags_json };

/* Overlay index of a path: the gateway or the segment (RFC 9136 3.2), and the router's MAC. */
static void
overlay_text(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	const struct path_aux *aux = rib_aux(s->rib, sp->p->aux);
	const struct attrset *set = sp->set;
	char esi[ESI_STRLEN] = "", gw[IP_STRLEN] = "", mac[MAC_STRLEN] = "";

	if (!esi_is_zero(aux->esi))
		esi_format(aux->esi, esi);
	if (aux->gw.len)
		ip_format(aux->gw, gw);
	if (set->derived & ATTRSET_ROUTER_MAC)
		mac_format(set->router_mac, mac);
	out_printf(o, "%-9u %s/%s %s", s->nlri.tag, esi, gw, mac);
}

static void
overlay_json(struct out *o, const struct show_route *s, const struct show_path *sp)
{
	const struct path_aux *aux = rib_aux(s->rib, sp->p->aux);
	const struct attrset *set = sp->set;
	char text[IP_STRLEN], esi[ESI_STRLEN];

	out_obj_begin(o, "overlay");
	if (!esi_is_zero(aux->esi))
		out_str(o, "esi", esi_format(aux->esi, esi));
	out_str(o, "gw", aux->gw.len ? ip_format(aux->gw, text) : "");
	if (set->derived & ATTRSET_ROUTER_MAC)
		out_str(o, "rmac", mac_format(set->router_mac, text));
	out_obj_end(o);
}

const struct show_view show_view_overlay = { "EthTag    Overlay Index   RouterMac",
	overlay_text, overlay_json };

unsigned
show_view_lines(
    const struct show_ctx *c, const struct show_route *s, const struct show_view *v)
{
	unsigned n = 0;
	char nh[IP_STRLEN];

	for (const struct rib_path *p = &s->rt->path; p;
	     p = rib_path_next(s->rib, p), n++) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		show_path_prefix_line(c->out, s, &sp);
		out_printf(c->out, "%20s%-16s", "", ip_format(sp.a->nexthop, nh));
		v->text(c->out, s, &sp);
		out_puts(c->out, "\n");
	}
	return n;
}

static void
json_path(struct out *o, const struct show_route *s, const struct show_path *sp,
    const struct show_view *v)
{
	char nh[IP_STRLEN];

	out_obj_begin(o, NULL);
	show_path_json_status(o, s, sp);
	show_route_json_key(o, &s->nlri);
	out_obj_begin(o, "nexthop");
	out_str(o, "ip", ip_format(sp->a->nexthop, nh));
	out_str(o, "afi", sp->a->nexthop.len == 16 ? "ipv6" : "ipv4");
	out_obj_end(o);
	v->json(o, s, sp);
	out_obj_end(o);
}

unsigned
show_view_json_paths(
    const struct show_ctx *c, const struct show_route *s, const struct show_view *v)
{
	unsigned n = 0;

	out_arr_begin(c->out, "paths");
	for (const struct rib_path *p = &s->rt->path; p;
	     p = rib_path_next(s->rib, p), n++) {
		struct show_path sp;

		show_path_init(&sp, c, s, p);
		json_path(c->out, s, &sp, v);
	}
	out_arr_end(c->out);
	return n;
}
