/* SPDX-License-Identifier: ISC */
/* A layer-3 VNI as `show evpn vni` and `show bgp l2vpn evpn vni` show it; `show bgp vrf V vni`. */
#include "config.h"

#include "mgmt/show_l3vni.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"

const char *
show_l3vni_vxlan(const struct evpn_show_vrf *v)
{
	return v->obs ? v->obs->vxlan : "";
}

const char *
show_l3vni_svi(const struct evpn_show_vrf *v)
{
	return v->obs ? v->obs->svi : "";
}

const char *
show_l3vni_state(const struct evpn_show_vrf *v)
{
	return v->up ? "Up" : "Down";
}

bool
show_l3vni_find(const struct show_ctx *c, uint32_t vni, struct evpn_show_vrf *out)
{
	return evpn_show_vrf_of_l3vni(c->eng->evpn, vni, out);
}

static const char *
filter_name(const struct evpn_show_vrf *v)
{
	return v->conf && v->conf->prefix_routes_only ? "prefix-routes-only" : "none";
}

/* VNIs of layer 2 in the VRF; the caller frees. */
static uint32_t *
l2vnis_of(const struct show_ctx *c, const struct evpn_show_vrf *v, size_t *n)
{
	uint32_t *vnis = NULL;

	for (size_t max = 64;; max *= 2) {
		vnis = xrealloc(vnis, max * sizeof *vnis);
		*n = evpn_show_vrf_l2vnis(c->eng->evpn, v->name, vnis, max);
		if (*n < max)
			return vnis;
	}
}

static void
json_l2vnis(const struct show_ctx *c, const struct evpn_show_vrf *v, const char *key)
{
	size_t n;
	uint32_t *vnis = l2vnis_of(c, v, &n);

	out_arr_begin(c->out, key);
	for (size_t i = 0; i < n; i++)
		out_uint(c->out, NULL, vnis[i]);
	out_arr_end(c->out);
	free(vnis);
}

static void
text_l2vnis(const struct show_ctx *c, const struct evpn_show_vrf *v, const char *gap)
{
	size_t n;
	uint32_t *vnis = l2vnis_of(c, v, &n);

	for (size_t i = 0; i < n; i++)
		out_printf(c->out, "%u%s", vnis[i], gap);
	out_puts(c->out, "\n");
	free(vnis);
}

/* --- show evpn vni --- */

void
show_l3vni_line(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char key[12];

	if (!c->json) {
		out_printf(o, "%-10u %-4s %-21s %-8u %-8u %-15s %-37s %-10u %s\n",
		    v->l3vni, "L3", show_l3vni_vxlan(v), v->rmacs, v->hops, "n/a",
		    v->name, v->obs ? v->obs->vid : 0, v->obs ? v->obs->bridge : "");
		return;
	}
	snprintf(key, sizeof key, "%u", v->l3vni);
	out_obj_begin(o, key);
	out_uint(o, "vni", v->l3vni);
	out_str(o, "type", "L3");
	out_str(o, "vxlanIf", show_l3vni_vxlan(v));
	out_uint(o, "numMacs", v->rmacs);
	out_uint(o, "numArpNd", v->hops);
	out_str(o, "numRemoteVteps", "n/a");
	out_str(o, "tenantVrf", v->name);
	out_uint(o, "vlan", v->obs ? v->obs->vid : 0);
	out_str(o, "bridge", v->obs ? v->obs->bridge : "");
	out_str(o, "state", v->up ? "up" : "down");
	out_obj_end(o);
}

static void
json_one(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN];

	mac_format(v->rmac, mac);
	out_obj_begin(o, NULL);
	out_uint(o, "vni", v->l3vni);
	out_str(o, "type", "L3");
	out_str(o, "tenantVrf", v->name);
	out_uint(o, "vlan", v->obs ? v->obs->vid : 0);
	out_str(o, "bridge", v->obs ? v->obs->bridge : "");
	out_str(o, "localVtepIp", ip_format(v->vtep, ip));
	out_str(o, "vxlanIntf", show_l3vni_vxlan(v));
	out_str(o, "sviIntf", show_l3vni_svi(v));
	out_str(o, "state", show_l3vni_state(v));
	if (!v->up)
		out_str(o, "stateReason", v->why_down);
	out_str(o, "sysMac", mac);
	out_str(o, "routerMac", mac);
	out_str(o, "vniFilter", filter_name(v));
	json_l2vnis(c, v, "l2Vnis");
	out_uint(o, "numMacs", v->rmacs);
	out_uint(o, "numArpNd", v->hops);
	out_uint(o, "numPrefixes", v->prefixes);
	out_obj_end(o);
}

static void
text_one(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN];

	mac_format(v->rmac, mac);
	out_printf(o, "VNI: %u\n  Type: L3\n  Tenant VRF: %s\n", v->l3vni, v->name);
	out_printf(o, "  Local Vtep Ip: %s\n", ip_format(v->vtep, ip));
	out_printf(o, "  Vxlan-Intf: %s\n", show_l3vni_vxlan(v));
	out_printf(o, "  SVI-If: %s\n", show_l3vni_svi(v));
	out_puts(o, "  State: ");
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%s", show_l3vni_state(v));
	if (!v->up)
		out_printf(o, " (%s)", v->why_down);
	out_puts(o, "\n");
	out_printf(o, "  VNI Filter: %s\n", filter_name(v));
	out_printf(o, "  System MAC: %s\n  Router MAC: %s\n  L2 VNIs: ", mac, mac);
	text_l2vnis(c, v, " ");
	out_printf(o,
	    "  Number of router MACs: %u, next hops: %u, groups: %u, prefixes: %u\n",
	    v->rmacs, v->hops, v->groups, v->prefixes);
}

void
show_l3vni_one(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	(c->json ? json_one : text_one)(c, v);
}

/* --- show bgp l2vpn evpn vni --- */

char *
show_rt_match(const struct rt_match *m, char buf[RT_STRLEN])
{
	if (m->wildcard)
		snprintf(buf, RT_STRLEN, "*:%u", m->local);
	else
		rt_format(m->rt, buf);
	return buf;
}

void
show_rt_first(char buf[RT_FIRST_STRLEN], const char *rt, size_t n)
{
	snprintf(buf, RT_FIRST_STRLEN, "%s%s", n ? rt : "-", n > 1 ? ", ..." : "");
}

static void
json_rts(struct out *o, const struct evpn_show_vrf *v, const char *import,
    const char *export, const char *before)
{
	char rt[RT_STRLEN];

	out_arr_begin(o, import);
	for (size_t i = 0; i < v->nimports; i++)
		out_strf(o, NULL, "%s%s", before, show_rt_match(&v->imports[i], rt));
	out_arr_end(o);
	out_arr_begin(o, export);
	for (size_t i = 0; i < v->nexports; i++)
		out_strf(o, NULL, "%s%s", before, rt_format(v->exports[i], rt));
	out_arr_end(o);
}

static void
json_bgp(
    const struct show_ctx *c, const char *key, const struct evpn_show_vrf *v, bool alone)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN], rd[RD_STRLEN];

	mac_format(v->rmac, mac);
	ip_format(v->vtep, ip);
	out_obj_begin(o, key);
	out_strf(o, "vni", "%u", v->l3vni);
	out_str(o, "type", "L3");
	out_str(o, "inKernel", v->obs ? "True" : "False");
	out_str(o, "rd", rd_format(v->rd, rd));
	out_str(o, "originatorIp", ip);
	out_str(o, "advertiseGatewayMacip", "n/a");
	out_str(o, "advertiseSviMacIp", "n/a");
	/* Routes are always with the VTEP's own address and the SVI's own MAC. */
	out_str(o, "advertisePip", "Enabled");
	out_str(o, "sysIP", ip);
	out_str(o, "sysMac", mac);
	out_str(o, "rmac", mac);
	if (alone) {
		out_str(o, "vniFilter", filter_name(v));
		json_l2vnis(c, v, "l2Vnis");
	}
	json_rts(o, v, "importRts", "exportRts", "");
	out_str(o, "state", v->up ? "up" : "down");
	if (!v->up)
		out_str(o, "stateReason", v->why_down);
	out_obj_end(o);
}

void
show_l3vni_bgp_line(
    const struct show_ctx *c, const char *key, const struct evpn_show_vrf *v)
{
	char rd[RD_STRLEN], rt[RT_STRLEN], import[RT_FIRST_STRLEN],
	    export[RT_FIRST_STRLEN];

	if (c->json) {
		json_bgp(c, key, v, false);
		return;
	}
	show_rt_first(
	    import, v->nimports ? show_rt_match(&v->imports[0], rt) : "", v->nimports);
	show_rt_first(
	    export, v->nexports ? rt_format(v->exports[0], rt) : "", v->nexports);
	out_printf(c->out, "%c %-10u %-4s %-21s %-25s %-25s %-37s\n", v->obs ? '*' : ' ',
	    v->l3vni, "L3", rd_format(v->rd, rd), import, export, v->name);
}

static void
text_bgp(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN], text[RT_STRLEN];

	mac_format(v->rmac, mac);
	ip_format(v->vtep, ip);
	out_printf(o, "VNI: %u%s\n  Type: L3\n", v->l3vni,
	    v->obs ? " (known to the kernel)" : "");
	out_puts(o, "  State: ");
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%s\n", v->up ? "up" : v->why_down);
	out_printf(o, "  Tenant VRF: %s\n", v->name);
	out_printf(o, "  RD: %s%s\n", rd_format(v->rd, text),
	    v->rd_configured ? " (configured)" : "");
	out_printf(o, "  Originator IP: %s\n", ip);
	out_puts(o, "  Advertise-gw-macip : n/a\n  Advertise-svi-macip : n/a\n"
		    "  Advertise-pip: Yes\n");
	out_printf(
	    o, "  System-IP: %s\n  System-MAC: %s\n  Router-MAC: %s\n", ip, mac, mac);
	out_puts(o, "  Import Route Target:\n");
	for (size_t i = 0; i < v->nimports; i++)
		out_printf(o, "    %s\n", show_rt_match(&v->imports[i], text));
	out_puts(o, "  Export Route Target:\n");
	for (size_t i = 0; i < v->nexports; i++)
		out_printf(o, "    %s\n", rt_format(v->exports[i], text));
}

void
show_l3vni_bgp_one(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	if (c->json)
		json_bgp(c, NULL, v, true);
	else
		text_bgp(c, v);
}

/* --- show bgp vrf V vni --- */

static void
json_vrf(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char text[RT_STRLEN], ip[IP_STRLEN];

	out_obj_begin(o, NULL);
	out_str(o, "vrf", v->name);
	out_str(o, "local-ip", ip_format(v->vtep, ip));
	out_uint(o, "l3vni", v->l3vni);
	out_str(o, "rmac", mac_format(v->rmac, text));
	out_str(o, "vniFilter", filter_name(v));
	json_l2vnis(c, v, "l2vnis");
	json_rts(o, v, "import-rts", "export-rts", "RT:");
	out_str(o, "rd", rd_format(v->rd, text));
	out_obj_end(o);
}

static void
text_vrf(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char text[RT_STRLEN], ip[IP_STRLEN];

	out_printf(o, "BGP VRF: %s\n  Local-Ip: %s\n", v->name, ip_format(v->vtep, ip));
	out_printf(o, "  L3-VNI: %u\n  Rmac: %s\n", v->l3vni, mac_format(v->rmac, text));
	out_printf(o, "  VNI Filter: %s\n  L2-VNI List:\n    ", filter_name(v));
	text_l2vnis(c, v, "  ");
	out_puts(o, "  Export-RTs:\n    ");
	for (size_t i = 0; i < v->nexports; i++)
		out_printf(o, "RT:%s  ", rt_format(v->exports[i], text));
	out_puts(o, "\n  Import-RTs:\n    ");
	for (size_t i = 0; i < v->nimports; i++)
		out_printf(o, "RT:%s  ", show_rt_match(&v->imports[i], text));
	out_printf(o, "\n  RD: %s\n", rd_format(v->rd, text));
}

static bool
show_vrf_vni(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "name");
	struct evpn_show_vrf v;

	if (show_evpn_absent(c))
		return false;
	if (!evpn_show_vrf(c->eng->evpn, name, &v))
		return show_evpn_nothing(c, "VRF %s not found", name);
	if (!v.l3vni)
		return show_evpn_nothing(c, "VRF %s has no layer-3 VNI", name);
	(c->json ? json_vrf : text_vrf)(c, &v);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show bgp vrf IFNAME$name vni [json]", "What BGP says of a VRF", show_vrf_vni,
	    NULL },
};

const struct show_table show_l3vni_table = SHOW_TABLE(rows);
