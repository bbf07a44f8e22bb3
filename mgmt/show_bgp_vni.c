/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn vni [N]`: what BGP says and hears of each VNI. */
#include "config.h"

#include "mgmt/show_bgp_vni.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_l3vni.h"

static const char *
enabled(bool v)
{
	return v ? "Enabled" : "Disabled";
}

static const struct evpn_conf *
evpn_conf_of(const struct show_ctx *c)
{
	static const struct evpn_conf none = { 0 };

	return c->eng->conf ? &c->eng->conf->evpn : &none;
}

/* --- route targets --- */

static void
json_rts(struct out *o, const struct evpn_show_evi *v)
{
	char text[RT_STRLEN];

	out_arr_begin(o, "importRts");
	for (size_t i = 0; i < v->nimports; i++)
		out_str(o, NULL, show_rt_match(&v->imports[i], text));
	out_arr_end(o);
	out_arr_begin(o, "exportRts");
	for (size_t i = 0; i < v->nexports; i++)
		out_str(o, NULL, rt_format(v->exports[i], text));
	out_arr_end(o);
}

/* --- one VNI --- */

static void
json_vni(struct out *o, const char *key, const struct evpn_show_evi *v, bool alone)
{
	char ip[IP_STRLEN], rd[RD_STRLEN];

	out_obj_begin(o, key);
	out_strf(o, "vni", "%u", v->vni);
	out_str(o, "type", "L2");
	out_str(o, "inKernel", v->observed ? "True" : "False");
	out_str(o, "rd", rd_format(v->rd, rd));
	if (v->obs->local.len)
		out_str(o, "originatorIp", ip_format(v->obs->local, ip));
	out_str(o, "mcastGroup",
	    v->obs->group.len ? ip_format(v->obs->group, ip) : "0.0.0.0");
	out_str(o, "advertiseGatewayMacip", enabled(v->advertise_default_gw));
	out_str(o, "advertiseSviMacIp", enabled(v->advertise_svi_ip));
	if (alone && v->obs->svi_ifindex)
		out_str(o, "sviInterface", v->obs->svi);
	json_rts(o, v);
	out_str(o, "state", v->up ? "up" : "down");
	if (!v->up)
		out_str(o, "stateReason", v->why_down);
	out_obj_end(o);
}

static void
text_vni(struct out *o, const struct evpn_show_evi *v)
{
	char text[RT_STRLEN], ip[IP_STRLEN];

	out_printf(o, "VNI: %u%s\n  Type: L2\n", v->vni,
	    v->observed ? " (known to the kernel)" : "");
	out_puts(o, "  State: ");
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%s\n", v->up ? "up" : v->why_down);
	out_printf(o, "  Tenant-Vrf: %s\n", v->obs->vrf[0] ? v->obs->vrf : "default");
	out_printf(o, "  RD: %s%s\n", rd_format(v->rd, text),
	    v->rd_configured ? " (configured)" : "");
	out_printf(o, "  Originator IP: %s\n", ip_format(v->obs->local, ip));
	out_printf(o, "  Mcast group: %s\n",
	    v->obs->group.len ? ip_format(v->obs->group, ip) : "0.0.0.0");
	out_printf(o, "  Advertise-gw-macip : %s\n  Advertise-svi-macip : %s\n",
	    enabled(v->advertise_default_gw), enabled(v->advertise_svi_ip));
	if (v->obs->svi_ifindex)
		out_printf(o, "  SVI interface : %s\n", v->obs->svi);
	out_puts(o, "  Import Route Target:\n");
	for (size_t i = 0; i < v->nimports; i++)
		out_printf(o, "    %s\n", show_rt_match(&v->imports[i], text));
	out_puts(o, "  Export Route Target:\n");
	for (size_t i = 0; i < v->nexports; i++)
		out_printf(o, "    %s\n", rt_format(v->exports[i], text));
}

static bool
show_one(struct show_ctx *c)
{
	const uint32_t vni = (uint32_t)cli_arg_num(c->args, "vni", 0);
	struct evpn_show_vrf l3;
	struct evpn_show_evi v;

	if (show_evpn_absent(c))
		return false;
	if (show_l3vni_find(c, vni, &l3)) {
		show_l3vni_bgp_one(c, &l3);
		return false;
	}
	if (!evpn_show_evi(c->eng->evpn, vni, &v))
		return show_evpn_nothing(c, "VNI not found");
	if (c->json)
		json_vni(c->out, NULL, &v, true);
	else
		text_vni(c->out, &v);
	return false;
}

/* --- the list --- */

struct counts {
	uint32_t l2, l3; /* VNIs of each layer */
};

static void
json_head(const struct show_ctx *c, const struct counts *n)
{
	const struct evpn_conf *conf = evpn_conf_of(c);
	const bool flood = conf->flooding == FLOOD_HER;
	struct out *o = c->out;

	out_str(o, "advertiseGatewayMacip", enabled(conf->advertise_default_gw));
	out_str(o, "advertiseSviMacIp", enabled(conf->advertise_svi_ip));
	out_str(o, "advertiseAllVnis", enabled(conf->advertise_all_vni));
	out_str(o, "flooding", flood ? "Head-end replication" : "Disabled");
	out_str(o, "vxlanFlooding", enabled(flood));
	out_uint(o, "numVnis", n->l2 + n->l3);
	out_uint(o, "numL2Vnis", n->l2);
	out_uint(o, "numL3Vnis", n->l3);
}

static void
text_head(const struct show_ctx *c, const struct counts *n)
{
	const struct evpn_conf *conf = evpn_conf_of(c);
	const bool flood = conf->flooding == FLOOD_HER;
	struct out *o = c->out;

	out_printf(
	    o, "Advertise Gateway Macip: %s\n", enabled(conf->advertise_default_gw));
	out_printf(o, "Advertise SVI Macip: %s\n", enabled(conf->advertise_svi_ip));
	out_printf(o, "Advertise All VNI flag: %s\n", enabled(conf->advertise_all_vni));
	out_printf(o, "BUM flooding: %s\n", flood ? "Head-end replication" : "Disabled");
	out_printf(o, "VXLAN flooding: %s\n", enabled(flood));
	out_printf(o, "Number of L2 VNIs: %u\nNumber of L3 VNIs: %u\n", n->l2, n->l3);
	out_puts(o, "Flags: * - Kernel\n");
	out_printf(o, "  %-10s %-4s %-21s %-25s %-25s %-37s\n", "VNI", "Type", "RD",
	    "Import RT", "Export RT", "Tenant VRF");
}

static void
text_line(struct out *o, const struct evpn_show_evi *v)
{
	char rd[RD_STRLEN], rt[RT_STRLEN], import[RT_FIRST_STRLEN],
	    export[RT_FIRST_STRLEN];

	show_rt_first(
	    import, v->nimports ? show_rt_match(&v->imports[0], rt) : "", v->nimports);
	show_rt_first(
	    export, v->nexports ? rt_format(v->exports[0], rt) : "", v->nexports);
	out_printf(o, "%c %-10u %-4s %-21s %-25s %-25s %-37s\n", v->observed ? '*' : ' ',
	    v->vni, "L2", rd_format(v->rd, rd), import, export,
	    v->obs->vrf[0] ? v->obs->vrf : "default");
}

/* A VNI of layer 2 that BGP has: selected by the configuration. */
static bool
is_l2(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	struct evpn_show_vrf l3;

	return v->active && !show_l3vni_find(c, v->vni, &l3);
}

static struct counts
count_vnis(const struct show_ctx *c)
{
	struct counts n = { 0, 0 };
	struct evpn_show_evi v;
	struct evpn_show_vrf l3;
	char vrf[ZL_IFNAME] = "";

	for (uint32_t at = 0; evpn_show_evi_next(c->eng->evpn, at, &v); at = v.vni)
		n.l2 += is_l2(c, &v);
	while (evpn_show_vrf_next(c->eng->evpn, vrf, &l3)) {
		memcpy(vrf, l3.name, sizeof vrf);
		n.l3 += l3.l3vni != 0;
	}
	return n;
}

/* Where the list is between slices: those of layer 2 come first. */
struct list {
	uint32_t vni;	     /* of layer 2, shown last */
	char vrf[ZL_IFNAME]; /* VRF shown last */
};

/* The next line; false at the end. */
static bool
list_line(const struct show_ctx *c, struct list *l)
{
	struct evpn_show_evi v;
	struct evpn_show_vrf l3;
	char key[12];

	if (evpn_show_evi_next(c->eng->evpn, l->vni, &v)) {
		l->vni = v.vni;
		snprintf(key, sizeof key, "%u", v.vni);
		if (is_l2(c, &v) && c->json)
			json_vni(c->out, key, &v, false);
		else if (is_l2(c, &v))
			text_line(c->out, &v);
		return true;
	}
	if (!evpn_show_vrf_next(c->eng->evpn, l->vrf, &l3))
		return false;
	memcpy(l->vrf, l3.name, sizeof l->vrf);
	snprintf(key, sizeof key, "%u", l3.l3vni);
	if (l3.l3vni)
		show_l3vni_bgp_line(c, key, &l3);
	return true;
}

static bool
show_list(struct show_ctx *c)
{
	struct counts n;

	if (!c->state) {
		if (show_evpn_absent(c))
			return false;
		c->state = xcalloc(1, sizeof(struct list));
		if (c->json)
			out_obj_begin(c->out, NULL);
		n = count_vnis(c);
		(c->json ? json_head : text_head)(c, &n);
	}
	while (list_line(c, c->state))
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show bgp l2vpn evpn vni [json]", "What BGP says of all VNIs", show_list,
	    NULL },
	{ "show bgp l2vpn evpn vni (1-16777215)$vni [json]", "What BGP says of one VNI",
	    show_one, NULL },
};

const struct show_table show_bgp_vni_table = SHOW_TABLE(rows);
