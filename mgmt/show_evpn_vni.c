/* SPDX-License-Identifier: ISC */
/* `show evpn vni [N|detail]`: VNIs, the devices they are made of, their remote VTEPs. */
#include "config.h"

#include "mgmt/show_evpn_vni.h"

#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_l3vni.h"
#include "mgmt/show_sort.h"

/* Where a list is between slices. */
struct list {
	uint32_t vni;	     /* of layer 2, shown last */
	char vrf[ZL_IFNAME]; /* whose layer-3 VNI was shown last */
};

static const char *
tenant_vrf(const struct evpn_show_evi *v)
{
	return v->obs->vrf[0] ? v->obs->vrf : "default";
}

static const char *
yes_no(bool v)
{
	return v ? "Yes" : "No";
}

/* --- remote VTEPs --- */

static void
each_vtep(const struct show_ctx *c, uint32_t vni,
    void (*fn)(struct out *o, const struct evpn_show_vtep *v))
{
	struct show_sort *sorted = show_sort_new(sizeof(struct evpn_show_vtep));
	const void *key;
	struct evpn_show_vtep v;
	struct evpn_walk w;

	/* The address stands first, so it decides the order. */
	_Static_assert(offsetof(struct evpn_show_vtep, vtep) == 0, "sorted by address");
	evpn_walk_begin(c->eng->evpn, &w, vni, ZL_KIND_FLOOD);
	while (evpn_walk_vtep(&w, &v))
		if (v.flood || v.routes)
			show_sort_add(sorted, &v);
	evpn_walk_end(&w);
	show_sort_end(sorted);
	while ((key = show_sort_next(sorted)) != NULL) {
		memcpy(&v, key, sizeof v);
		fn(c->out, &v);
	}
	show_sort_free(sorted);
}

static void
json_vtep_brief(struct out *o, const struct evpn_show_vtep *v)
{
	char ip[IP_STRLEN];

	out_str(o, NULL, ip_format(v->vtep, ip));
}

static const char *
flood_name(const struct evpn_show_vtep *v)
{
	return v->flood ? "HER" : "-";
}

static void
json_vtep(struct out *o, const struct evpn_show_vtep *v)
{
	char ip[IP_STRLEN];

	out_obj_begin(o, NULL);
	out_str(o, "ip", ip_format(v->vtep, ip));
	out_str(o, "flood", flood_name(v));
	show_evpn_json_install(o, v->install, v->error, v->error_text);
	out_obj_end(o);
}

static void
text_vtep(struct out *o, const struct evpn_show_vtep *v)
{
	char ip[IP_STRLEN];

	out_printf(o, "  %s flood: %s", ip_format(v->vtep, ip), flood_name(v));
	if (show_evpn_install_flag(v->install))
		out_toned(o, show_evpn_install_tone(v->install), ", install: %s",
		    evpn_install_name(v->install));
	if (v->error)
		out_printf(o, " (%s)", strerror(v->error));
	out_puts(o, "\n");
}

/* --- a line of the list --- */

static void
json_line(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	struct out *o = c->out;
	char key[12];

	snprintf(key, sizeof key, "%u", v->vni);
	out_obj_begin(o, key);
	out_uint(o, "vni", v->vni);
	out_str(o, "type", "L2");
	out_str(o, "vxlanIf", v->obs->vxlan);
	out_uint(o, "numMacs", v->macs);
	out_uint(o, "numArpNd", v->neighs);
	out_uint(o, "numRemoteVteps", v->vteps);
	out_str(o, "tenantVrf", tenant_vrf(v));
	out_uint(o, "vlan", v->obs->vid);
	out_str(o, "bridge", v->obs->bridge);
	out_arr_begin(o, "remoteVteps");
	each_vtep(c, v->vni, json_vtep_brief);
	out_arr_end(o);
	out_str(o, "state", v->up ? "up" : "down");
	out_obj_end(o);
}

static void
text_line(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	out_toned(c->out, v->up ? OUT_PLAIN : OUT_BAD, "%-10u", v->vni);
	out_printf(c->out, " %-4s %-21s %-8u %-8u %-15u %-37s %-10u %s\n", "L2",
	    v->obs->vxlan, v->macs, v->neighs, v->vteps, tenant_vrf(v), v->obs->vid,
	    v->obs->bridge);
}

static void
text_head(const struct show_ctx *c)
{
	out_printf(c->out, "%-10s %-4s %-21s %-8s %-8s %-15s %-37s %-10s %s\n", "VNI",
	    "Type", "VxLAN IF", "# MACs", "# ARPs", "# Remote VTEPs", "Tenant VRF",
	    "VLAN", "BRIDGE");
}

/* --- one VNI --- */

static void
json_devices(struct out *o, const struct zl_vni *d)
{
	char ip[IP_STRLEN];

	out_str(o, "vxlanInterface", d->vxlan);
	out_uint(o, "vxlanIfindex", d->vxlan_ifindex);
	if (d->svi_ifindex) {
		out_str(o, "sviInterface", d->svi);
		out_uint(o, "sviIfindex", d->svi_ifindex);
	}
	if (d->local.len)
		out_str(o, "vtepIp", ip_format(d->local, ip));
	out_str(o, "mcastGroup", d->group.len ? ip_format(d->group, ip) : "0.0.0.0");
}

static void
json_one(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	struct out *o = c->out;

	out_obj_begin(o, NULL);
	out_uint(o, "vni", v->vni);
	out_str(o, "type", "L2");
	out_uint(o, "vlan", v->obs->vid);
	out_str(o, "bridge", v->obs->bridge);
	out_str(o, "tenantVrf", tenant_vrf(v));
	json_devices(o, v->obs);
	out_str(o, "advertiseGatewayMacip", yes_no(v->advertise_default_gw));
	out_str(o, "advertiseSviMacip", yes_no(v->advertise_svi_ip));
	out_uint(o, "numMacs", v->macs);
	out_uint(o, "numArpNd", v->neighs);
	out_uint(o, "numRemoteVteps", v->vteps);
	out_arr_begin(o, "remoteVteps");
	each_vtep(c, v->vni, json_vtep);
	out_arr_end(o);
	out_str(o, "state", v->up ? "up" : "down");
	if (!v->up)
		out_str(o, "stateReason", v->why_down);
	out_uint(o, "numLocalMacs", v->local_macs);
	out_obj_end(o);
}

static void
text_devices(struct out *o, const struct zl_vni *d)
{
	char ip[IP_STRLEN];

	out_printf(o, " Bridge: %s\n", d->bridge[0] ? d->bridge : "none");
	if (d->vid)
		out_printf(o, " Vlan: %u\n", d->vid);
	out_printf(
	    o, " VxLAN interface: %s\n VxLAN ifIndex: %u\n", d->vxlan, d->vxlan_ifindex);
	if (d->svi_ifindex)
		out_printf(
		    o, " SVI interface: %s\n SVI ifIndex: %u\n", d->svi, d->svi_ifindex);
	out_printf(o, " Local VTEP IP: %s\n", ip_format(d->local, ip));
	out_printf(
	    o, " Mcast group: %s\n", d->group.len ? ip_format(d->group, ip) : "0.0.0.0");
}

/* What an operator would want to know of the devices. */
static void
text_remarks(struct out *o, const struct zl_vni *d)
{
	if (d->flags & ZL_VNI_LEARNING)
		out_printf(o, " Remark: %s learns from traffic (nolearning is missing)\n",
		    d->vxlan);
	if (d->flags & ZL_VNI_NO_SUPPRESS)
		out_printf(
		    o, " Remark: %s has no neigh_suppress, ARP is flooded\n", d->vxlan);
}

static void
text_one(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	struct out *o = c->out;

	out_printf(o, "VNI: %u\n Type: L2\n", v->vni);
	out_puts(o, " State: ");
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%s", v->up ? "up" : "down");
	if (!v->up)
		out_printf(o, " (%s)", v->why_down);
	out_puts(o, "\n");
	out_printf(o, " Tenant VRF: %s\n", tenant_vrf(v));
	text_devices(o, v->obs);
	if (v->vteps == 0)
		out_puts(o, " No remote VTEPs known for this VNI\n");
	else {
		out_puts(o, " Remote VTEPs for this VNI:\n");
		each_vtep(c, v->vni, text_vtep);
	}
	out_printf(o,
	    " Number of MACs (local and remote) known for this VNI: %u\n"
	    " Number of ARPs (IPv4 and IPv6, local and remote) known for this VNI: %u\n",
	    v->macs, v->neighs);
	out_printf(o, " Advertise-gw-macip: %s\n Advertise-svi-macip: %s\n",
	    yes_no(v->advertise_default_gw), yes_no(v->advertise_svi_ip));
	text_remarks(o, v->obs);
}

/* --- commands --- */

static void
write_item(const struct show_ctx *c, const struct evpn_show_evi *v)
{
	const bool detail = cli_arg(c->args, "detail") != NULL;

	if (c->json)
		(detail ? json_one : json_line)(c, v);
	else
		(detail ? text_one : text_line)(c, v);
	if (detail && !c->json)
		out_puts(c->out, "\n");
}

static void
begin(const struct show_ctx *c)
{
	const bool detail = cli_arg(c->args, "detail") != NULL;

	if (!c->json && !detail)
		text_head(c);
	else if (c->json && detail)
		out_arr_begin(c->out, NULL);
	else if (c->json)
		out_obj_begin(c->out, NULL);
}

static void
end(const struct show_ctx *c)
{
	if (!c->json)
		return;
	if (cli_arg(c->args, "detail"))
		out_arr_end(c->out);
	else
		out_obj_end(c->out);
}

static void
write_l3(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	const bool detail = cli_arg(c->args, "detail") != NULL;

	(detail ? show_l3vni_one : show_l3vni_line)(c, v);
	if (detail && !c->json)
		out_puts(c->out, "\n");
}

/* The next line, layer 2 first; false at the end. */
static bool
list_line(const struct show_ctx *c, struct list *l)
{
	struct evpn_show_evi v;
	struct evpn_show_vrf l3;

	if (evpn_show_evi_next(c->eng->evpn, l->vni, &v)) {
		l->vni = v.vni;
		if (v.observed && !show_l3vni_find(c, v.vni, &l3))
			write_item(c, &v);
		return true;
	}
	if (!evpn_show_vrf_next(c->eng->evpn, l->vrf, &l3))
		return false;
	memcpy(l->vrf, l3.name, sizeof l->vrf);
	if (l3.l3vni)
		write_l3(c, &l3);
	return true;
}

static bool
show_list(struct show_ctx *c)
{
	if (!c->state) {
		if (show_evpn_absent(c))
			return false;
		c->state = xcalloc(1, sizeof(struct list));
		begin(c);
	}
	while (list_line(c, c->state))
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	end(c);
	return false;
}

static bool
show_one(struct show_ctx *c)
{
	struct evpn_show_evi v;
	struct evpn_show_vrf l3;

	if (show_evpn_absent(c))
		return false;
	if (show_l3vni_find(c, (uint32_t)cli_arg_num(c->args, "vni", 0), &l3))
		show_l3vni_one(c, &l3);
	else if (show_evpn_vni_arg(c, &v))
		(c->json ? json_one : text_one)(c, &v);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn vni [detail] [json]", "VNIs and the devices they are made of",
	    show_list, NULL },
	{ "show evpn vni (1-16777215)$vni [json]", "One VNI", show_one, NULL },
};

const struct show_table show_evpn_vni_table = SHOW_TABLE(rows);
