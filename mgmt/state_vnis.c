/* SPDX-License-Identifier: ISC */
/* State of VNIs of layer 2 and their remote VTEPs; MACs and neighbours are in mgmt/state_hosts.c. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "mgmt/show_l3vni.h"

/* ---- what others need, too ---- */

void
state_install(
    struct state_walk *w, enum evpn_install st, int error, const char *error_text)
{
	static const char *const names[] = {
		[EVPN_NOT_WANTED] = "not-wanted",
		[EVPN_PENDING] = "pending",
		[EVPN_INSTALLED] = "installed",
		[EVPN_FAILED] = "failed",
		[EVPN_REMOVING] = "removing",
	};

	state_str(w, "install-state", names[st]);
	if (error)
		state_strf(w, "install-error", "%s%s%s", strerror(error),
		    *error_text ? ": " : "", error_text);
}

void
state_targets(struct state_walk *w, const struct rt_match *imports, size_t nimports,
    const struct ecom *exports, size_t nexports)
{
	char text[RT_STRLEN];

	if (state_array(w, "route-target-import")) {
		for (size_t i = 0; i < nimports; i++)
			out_str(state_out(w), NULL, show_rt_match(&imports[i], text));
		out_arr_end(state_out(w));
	}
	if (state_array(w, "route-target-export")) {
		for (size_t i = 0; i < nexports; i++)
			out_str(state_out(w), NULL, rt_format(exports[i], text));
		out_arr_end(state_out(w));
	}
}

void
state_ago(struct state_walk *w, const char *leaf, uint32_t seconds)
{
	const struct mono now = loop_now(state_engine(w)->loop);

	state_time(w, leaf, mono_add(now, -MONO_SEC(seconds)));
}

/* ---- instances ---- */

/* Where the list is. */
struct at {
	uint32_t vni;		/* of the open entry, 0 at first; state_vni() reads it */
	struct evpn_show_evi v; /* of it; good for its leaves */
};

uint32_t
state_vni(const struct state_walk *w, unsigned outwards)
{
	const struct at *at = state_mem(w, outwards);

	return at->vni;
}

static enum state_got
vni_next(struct state_walk *w)
{
	struct evpn *e = state_engine(w)->evpn;
	struct at *at = state_mem(w, 0);
	struct evpn_show_vrf l3;

	if (!e || !evpn_show_evi_next(e, at->vni, &at->v))
		return STATE_END;
	at->vni = at->v.vni;
	return evpn_show_vrf_of_l3vni(e, at->vni, &l3) ? STATE_SKIP : STATE_ENTRY;
}

static bool
vni_find(struct state_walk *w)
{
	struct evpn *e = state_engine(w)->evpn;
	struct at *at = state_mem(w, 0);

	at->vni = (uint32_t)strtoul(state_asked(w, "id"), NULL, 10);
	return e && at->vni && evpn_show_evi(e, at->vni, &at->v);
}

static void
name_leaf(struct state_walk *w, const char *leaf, const char *name)
{
	if (name[0])
		state_str(w, leaf, name);
}

static void
leaves_devices(struct state_walk *w, const struct zl_vni *d)
{
	name_leaf(w, "device", d->vxlan);
	name_leaf(w, "bridge", d->bridge);
	if (d->vid)
		state_u32(w, "vlan", d->vid);
	name_leaf(w, "svi", d->svi);
	name_leaf(w, "vrf", d->vrf);
	state_ip(w, "vtep", d->local);
}

static void
vni_leaves(struct state_walk *w)
{
	const struct at *at = state_mem(w, 0);
	const struct evpn_show_evi *v = &at->v;
	char rd[RD_STRLEN];

	state_u32(w, "id", v->vni);
	state_bool(w, "active", v->active);
	state_bool(w, "up", v->up);
	if (!v->up)
		state_str(w, "reason", v->why_down);
	state_ago(w, "since", v->since);
	if (v->observed)
		leaves_devices(w, v->obs);
	state_str(w, "rd", rd_format(v->rd, rd));
	state_targets(w, v->imports, v->nimports, v->exports, v->nexports);
	state_u32(w, "mac-count", v->macs);
	state_u32(w, "local-mac-count", v->local_macs);
	state_u32(w, "neighbor-count", v->neighs);
	state_u32(w, "vtep-count", v->vteps);
}

/* ---- remote VTEPs ---- */

struct vtep_at {
	struct evpn_walk walk;	 /* ended by itself or by vtep_end() */
	bool begun;		 /* it was */
	struct evpn_show_vtep v; /* of the entry */
};

static enum state_got
vtep_next(struct state_walk *w)
{
	struct vtep_at *at = state_mem(w, 0);
	const char *asked = state_asked(w, "address");
	struct ip ip;

	if (!at->begun)
		evpn_walk_begin(
		    state_engine(w)->evpn, &at->walk, state_vni(w, 1), ZL_KIND_FLOOD);
	at->begun = true;
	if (!evpn_walk_vtep(&at->walk, &at->v))
		return STATE_END;
	if (!at->v.flood && !at->v.routes)
		return STATE_SKIP; /* only its removal is on the way */
	if (asked && (!ip_parse(asked, &ip) || !ip_equal(ip, at->v.vtep)))
		return STATE_SKIP;
	return STATE_ENTRY;
}

static void
vtep_leaves(struct state_walk *w)
{
	const struct vtep_at *at = state_mem(w, 0);

	state_ip(w, "address", at->v.vtep);
	state_bool(w, "flood", at->v.flood);
	state_u32(w, "routes", at->v.routes);
	state_install(w, at->v.install, at->v.error, at->v.error_text);
}

static void
vtep_end(struct state_walk *w)
{
	struct vtep_at *at = state_mem(w, 0);

	evpn_walk_end(&at->walk);
}

static const struct state_node vtep = { .name = "vtep",
	.keys = { "address" },
	.size = sizeof(struct vtep_at),
	.next = vtep_next,
	.leaves = vtep_leaves,
	.end = vtep_end };

static const struct state_node *const vteps_kids[] = { &vtep, NULL };
static const struct state_node vteps = { .name = "vteps", .kids = vteps_kids };

static const struct state_node *const vni_kids[] = { &vteps, &state_macs,
	&state_neighbors, NULL };

static const struct state_node vni = { .name = "vni",
	.keys = { "id" },
	.size = sizeof(struct at),
	.next = vni_next,
	.find = vni_find,
	.leaves = vni_leaves,
	.kids = vni_kids };

static const struct state_node *const vnis_kids[] = { &vni, NULL };

const struct state_node state_vnis = { .name = "vnis", .kids = vnis_kids };
