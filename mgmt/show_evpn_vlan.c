/* SPDX-License-Identifier: ISC */
/* `show evpn access-vlan`: which VNI each VLAN of a VLAN-aware bridge has. */
#include "config.h"

#include "mgmt/show_evpn_vlan.h"

#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"

/* Where the list is between slices. */
struct list {
	uint32_t vni; /* shown last */
};

static void
json_line(struct out *o, const struct zl_vni *d)
{
	out_obj_begin(o, NULL);
	out_str(o, "ifName", d->bridge);
	out_uint(o, "vlan", d->vid);
	out_str(o, "vxlanIf", d->vxlan);
	out_uint(o, "vni", d->vni);
	out_uint(o, "vniCount", 1);
	if (d->svi_ifindex)
		out_str(o, "sviInterface", d->svi);
	out_obj_end(o);
}

static void
text_line(struct out *o, const struct zl_vni *d)
{
	out_printf(o, "%-15s %-5u %-15s %-8u %s\n", d->bridge, d->vid,
	    d->svi_ifindex ? d->svi : "", d->vni, d->vxlan);
}

static bool
show_vlans(struct show_ctx *c)
{
	struct list *l = c->state;
	struct evpn_show_evi v;

	if (!l) {
		if (show_evpn_absent(c))
			return false;
		c->state = l = xcalloc(1, sizeof *l);
		if (c->json)
			out_arr_begin(c->out, NULL);
		else
			out_printf(c->out, "%-15s %-5s %-15s %-8s %s\n", "Bridge", "VLAN",
			    "SVI", "VNI", "VXLAN-IF");
	}
	while (evpn_show_evi_next(c->eng->evpn, l->vni, &v)) {
		l->vni = v.vni;
		if (v.observed && v.obs->vid)
			(c->json ? json_line : text_line)(c->out, v.obs);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json)
		out_arr_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn access-vlan [json]", "VNIs of the VLANs of a bridge", show_vlans,
	    NULL },
};

const struct show_table show_evpn_vlan_table = SHOW_TABLE(rows);
