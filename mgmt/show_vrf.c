/* SPDX-License-Identifier: ISC */
/* `show vrf`, `show vrf [V|all] vni`, `show bgp vrfs`: VRFs and their place in the fabric. */
#include "config.h"

#include "mgmt/show_vrf.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_l3vni.h"

typedef void line_fn(const struct show_ctx *c, const struct evpn_show_vrf *v);

/* Where a list is between slices. */
struct list {
	char name[ZL_IFNAME]; /* shown last, "" at first */
	unsigned shown;	      /* so far */
};

/* One slice of a line for each VRF; true if there is more. */
static bool
each_vrf(struct show_ctx *c, bool (*wanted)(const struct evpn_show_vrf *v), line_fn *line)
{
	struct list *l = c->state;
	struct evpn_show_vrf v;

	while (evpn_show_vrf_next(c->eng->evpn, l->name, &v)) {
		strcpy(l->name, v.name);
		if (wanted(&v)) {
			line(c, &v);
			l->shown++;
		}
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	return false;
}

static bool
any(const struct evpn_show_vrf *v)
{
	return v->observed || v->conf;
}

static bool
has_l3vni(const struct evpn_show_vrf *v)
{
	return v->l3vni != 0;
}

/* The first slice; false if there is nothing to show. */
static bool
begin(struct show_ctx *c)
{
	if (show_evpn_absent(c))
		return false;
	c->state = xcalloc(1, sizeof(struct list));
	return true;
}

/* --- show vrf --- */

static void
line_vrf(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;

	if (c->json) {
		out_obj_begin(o, v->name);
		out_str(o, "vrf", v->name);
		out_bool(o, "active", v->observed);
		out_bool(o, "configured", v->conf != NULL);
		if (v->observed) {
			out_uint(o, "vrfId", v->ifindex);
			out_uint(o, "table", v->table);
		}
		out_obj_end(o);
		return;
	}
	out_printf(o, "vrf %s ", v->name);
	if (v->observed)
		out_printf(o, "id %u table %u", v->ifindex, v->table);
	else
		out_puts(o, "inactive");
	out_puts(o, v->conf ? " (configured)\n" : "\n");
}

static bool
show_vrfs(struct show_ctx *c)
{
	if (!c->state) {
		if (!begin(c))
			return false;
		if (c->json)
			out_obj_begin(c->out, NULL);
	}
	if (each_vrf(c, any, line_vrf))
		return true;
	if (c->json)
		out_obj_end(c->out);
	return false;
}

/* --- show vrf vni --- */

static const char *
device(const char *name)
{
	return name[0] ? name : "None";
}

static void
line_vni(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct out *o = c->out;
	char mac[MAC_STRLEN];

	mac_format(v->rmac, mac);
	if (c->json) {
		out_obj_begin(o, NULL);
		out_str(o, "vrf", v->name);
		out_uint(o, "vni", v->l3vni);
		out_str(o, "vxlanIntf", device(show_l3vni_vxlan(v)));
		out_str(o, "sviIntf", device(show_l3vni_svi(v)));
		out_str(o, "state", show_l3vni_state(v));
		out_str(o, "routerMac", mac);
		if (!v->up)
			out_str(o, "stateReason", v->why_down);
		out_obj_end(o);
		return;
	}
	out_printf(o, "%-37s %-10u %-20s %-20s ", v->name, v->l3vni,
	    device(show_l3vni_vxlan(v)), device(show_l3vni_svi(v)));
	out_toned(o, v->up ? OUT_GOOD : OUT_BAD, "%-5s", show_l3vni_state(v));
	out_printf(
	    o, " %-18s%s%s%s\n", mac, v->up ? "" : " (", v->why_down, v->up ? "" : ")");
}

static bool
show_vnis(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "name");
	struct evpn_show_vrf v;

	if (!c->state) {
		if (!begin(c))
			return false;
		if (name && (!evpn_show_vrf(c->eng->evpn, name, &v) || !any(&v)))
			return show_evpn_nothing(c, "VRF %s not found", name);
		if (c->json) {
			out_obj_begin(c->out, NULL);
			out_arr_begin(c->out, "vrfs");
		} else
			out_printf(c->out, "%-37s %-10s %-20s %-20s %-5s %-18s\n", "VRF",
			    "VNI", "VxLAN IF", "L3-SVI", "State", "Rmac");
		if (name && has_l3vni(&v))
			line_vni(c, &v);
	}
	if (!name && each_vrf(c, has_l3vni, line_vni))
		return true;
	if (c->json) {
		out_arr_end(c->out);
		out_obj_end(c->out);
	}
	return false;
}

/* --- show bgp vrfs --- */

static bool
has_bgp(const struct evpn_show_vrf *v)
{
	return v->l3vni != 0 || (v->conf && v->conf->bgp);
}

struct bgp_line {
	const char *name, *type, *svi;
	uint32_t id, router_id, peers, up, l3vni;
	struct mac rmac;
};

static void
put_bgp_line(const struct show_ctx *c, const struct bgp_line *l)
{
	struct out *o = c->out;
	char id[IP_STRLEN], mac[MAC_STRLEN];

	ip_format(ip_v4(l->router_id), id);
	mac_format(l->rmac, mac);
	if (!c->json) {
		out_printf(o, "%4s  %-5u  %-16s  %-9u  %-10u  %-37s\n", l->type, l->id,
		    id, l->peers, l->up, l->name);
		out_printf(o, "%11s  %-16u  %-21s  %-20s\n", " ", l->l3vni, mac, l->svi);
		return;
	}
	out_obj_begin(o, l->name);
	out_str(o, "type", l->type);
	out_uint(o, "vrfId", l->id);
	out_str(o, "routerId", id);
	out_uint(o, "numConfiguredPeers", l->peers);
	out_uint(o, "numEstablishedPeers", l->up);
	out_uint(o, "l3vni", l->l3vni);
	out_str(o, "rmac", mac);
	out_str(o, "interface", l->svi);
	out_obj_end(o);
}

static void
line_bgp(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	const uint32_t own = v->conf ? v->conf->router_id : 0;
	const char *svi = show_l3vni_svi(v);

	put_bgp_line(c, &(struct bgp_line){ .name = v->name,
			    .type = "VRF",
			    .id = v->ifindex,
			    .router_id = own ? own : bgp_router_id(c->eng->bgp),
			    .l3vni = v->l3vni,
			    .rmac = v->rmac,
			    .svi = svi[0] ? svi : "unknown" });
}

static void
line_bgp_default(const struct show_ctx *c)
{
	struct bgp_line l = { .name = "default",
		.type = "DFLT",
		.svi = "unknown",
		.router_id = bgp_router_id(c->eng->bgp) };
	struct bgp *b = c->eng->bgp;

	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p)) {
		l.peers++;
		l.up += p->up != NULL;
	}
	put_bgp_line(c, &l);
}

static bool
show_bgp_vrfs(struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);

	if (!c->state) {
		if (!begin(c))
			return false;
		if (!conf || !conf->enabled)
			return show_evpn_nothing(c, "BGP is not configured");
		if (c->json) {
			out_obj_begin(c->out, NULL);
			out_obj_begin(c->out, "vrfs");
		} else
			out_printf(c->out,
			    "%4s  %-5s  %-16s  %9s  %10s  %-37s\n%11s  %-16s  %-21s  "
			    "%-20s\n",
			    "Type", "Id", "routerId", "#PeersCfg", "#PeersEstb", "Name",
			    " ", "L3-VNI", "RouterMAC", "Interface");
		line_bgp_default(c);
	}
	if (each_vrf(c, has_bgp, line_bgp))
		return true;
	if (c->json) {
		out_obj_end(c->out);
		out_uint(c->out, "totalVrfs", ((struct list *)c->state)->shown + 1);
		out_obj_end(c->out);
	} else
		out_printf(c->out, "\nTotal number of VRFs (including default): %u\n",
		    ((struct list *)c->state)->shown + 1);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show vrf [json]", "VRFs", show_vrfs, NULL },
	{ "show vrf [<all|IFNAME$name>] vni [json]", "Layer-3 VNIs of VRFs", show_vnis,
	    NULL },
	{ "show bgp vrfs [json]", "VRFs of BGP", show_bgp_vrfs, NULL },
};

const struct show_table show_vrf_table = SHOW_TABLE(rows);
