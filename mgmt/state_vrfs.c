/* SPDX-License-Identifier: ISC */
/* State of VRFs: their place in the fabric, the routers beyond it, their prefixes. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <stdio.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"

/* Where the list is. */
struct at {
	char name[ZL_IFNAME];	/* of the open entry, "" at first */
	struct evpn_show_vrf v; /* of it; good for its leaves */
};

static const char *
vrf_name(const struct state_walk *w, unsigned outwards)
{
	const struct at *at = state_mem(w, outwards);

	return at->name;
}

static enum state_got
vrf_next(struct state_walk *w)
{
	struct evpn *e = state_engine(w)->evpn;
	struct at *at = state_mem(w, 0);

	if (!e || !evpn_show_vrf_next(e, at->name, &at->v))
		return STATE_END;
	memcpy(at->name, at->v.name, sizeof at->name);
	return at->v.observed || at->v.conf ? STATE_ENTRY : STATE_SKIP;
}

static bool
vrf_find(struct state_walk *w)
{
	struct evpn *e = state_engine(w)->evpn;
	struct at *at = state_mem(w, 0);

	snprintf(at->name, sizeof at->name, "%s", state_asked(w, "name"));
	return e && evpn_show_vrf(e, at->name, &at->v) && (at->v.observed || at->v.conf);
}

static void
vrf_leaves(struct state_walk *w)
{
	const struct at *at = state_mem(w, 0);
	const struct evpn_show_vrf *v = &at->v;
	static const struct mac none;
	char rd[RD_STRLEN];

	state_str(w, "name", v->name);
	state_bool(w, "configured", v->conf != NULL);
	state_bool(w, "present", v->observed);
	if (v->observed)
		state_u32(w, "table", v->table);
	if (v->l3vni)
		state_u32(w, "l3vni", v->l3vni);
	state_bool(w, "up", v->up);
	if (!v->up)
		state_str(w, "reason", v->why_down);
	state_ago(w, "since", v->since);
	if (!mac_equal(v->rmac, none))
		state_mac(w, "router-mac", v->rmac);
	state_ip(w, "vtep", v->vtep);
	state_str(w, "rd", rd_format(v->rd, rd));
	state_targets(w, v->imports, v->nimports, v->exports, v->nexports);
	state_u32(w, "prefix-count", v->prefixes);
	state_u32(w, "next-hop-count", v->hops);
}

/* ---- the lists of a VRF ---- */

/* Each is one walk and one record. */
struct list_at {
	struct evpn_vrf_walk walk; /* ended by itself or by list_end() */
	bool begun;		   /* it was */
	union {
		struct evpn_show_rmac r;
		struct evpn_show_hop h;
		struct evpn_show_prefix p;
	} u; /* of the entry */
};

static struct list_at *
list_begin(struct state_walk *w, enum evpn_vrf_list list)
{
	struct list_at *at = state_mem(w, 0);

	if (!at->begun)
		evpn_vrf_walk_begin(
		    state_engine(w)->evpn, &at->walk, vrf_name(w, 1), list);
	at->begun = true;
	return at;
}

static void
list_end(struct state_walk *w)
{
	struct list_at *at = state_mem(w, 0);

	evpn_vrf_walk_end(&at->walk);
}

static enum state_got
rmac_next(struct state_walk *w)
{
	struct list_at *at = list_begin(w, EVPN_VRF_RMACS);
	const char *asked = state_asked(w, "address");
	struct mac mac;

	if (!evpn_vrf_walk_rmac(&at->walk, &at->u.r))
		return STATE_END;
	if (asked && (!mac_parse(asked, &mac) || !mac_equal(mac, at->u.r.mac)))
		return STATE_SKIP;
	return STATE_ENTRY;
}

static void
rmac_leaves(struct state_walk *w)
{
	const struct list_at *at = state_mem(w, 0);
	const struct evpn_show_rmac *r = &at->u.r;

	state_mac(w, "address", r->mac);
	state_ip(w, "vtep", r->vtep);
	state_u32(w, "claims", r->vteps);
	state_install(w, r->install, r->error, r->error_text);
}

static enum state_got
hop_next(struct state_walk *w)
{
	struct list_at *at = list_begin(w, EVPN_VRF_HOPS);
	const char *asked = state_asked(w, "id");
	char id[12];

	if (!evpn_vrf_walk_hop(&at->walk, &at->u.h))
		return STATE_END;
	snprintf(id, sizeof id, "%u", at->u.h.id);
	return !asked || strcmp(asked, id) == 0 ? STATE_ENTRY : STATE_SKIP;
}

static void
hop_leaves(struct state_walk *w)
{
	const struct list_at *at = state_mem(w, 0);
	const struct evpn_show_hop *h = &at->u.h;

	state_u32(w, "id", h->id);
	state_ip(w, "gateway", h->ip);
	state_ip(w, "vtep", h->vtep);
	state_mac(w, "router-mac", h->mac);
	state_u32(w, "l3vni", h->l3vni);
	if (h->label)
		state_u32(w, "label", h->label);
	state_u32(w, "routes", h->refs);
	if (h->why[0])
		state_str(w, "reason", h->why);
	state_install(w, h->install, h->error, h->error_text);
}

static const char *
source_name(enum evpn_prefix_source s)
{
	static const char *const names[] = {
		[EVPN_PREFIX_NONE] = "none",
		[EVPN_PREFIX_REMOTE] = "fabric",
		[EVPN_PREFIX_KERNEL] = "kernel",
		[EVPN_PREFIX_HOST] = "host",
		[EVPN_PREFIX_LEAKED] = "leaked",
		[EVPN_PREFIX_UNREACHABLE] = "unreachable",
		[EVPN_PREFIX_TABLE] = "table",
	};

	return names[s];
}

static enum state_got
prefix_next(struct state_walk *w)
{
	struct list_at *at = list_begin(w, EVPN_VRF_PREFIXES);
	const char *source = state_asked(w, "source");

	if (!evpn_vrf_walk_prefix(&at->walk, &at->u.p))
		return STATE_END;
	return !source || strcmp(source, source_name(at->u.p.source)) == 0 ? STATE_ENTRY
									   : STATE_SKIP;
}

static bool
prefix_find(struct state_walk *w)
{
	struct list_at *at = state_mem(w, 0);
	struct prefix p;

	return prefix_parse(state_asked(w, "prefix"), &p) &&
	       evpn_show_prefix(state_engine(w)->evpn, vrf_name(w, 1), p, &at->u.p);
}

static void
prefix_leaves(struct state_walk *w)
{
	const struct list_at *at = state_mem(w, 0);
	const struct evpn_show_prefix *p = &at->u.p;
	char text[PREFIX_STRLEN];

	state_str(w, "prefix", prefix_format(p->prefix, text));
	state_str(w, "source", source_name(p->source));
	state_u32(w, "ways", p->ways);
	state_u32(w, "used", p->used);
	if (p->source == EVPN_PREFIX_KERNEL) {
		state_ip(w, "gateway", p->gateway);
		if (p->ifname[0])
			state_str(w, "interface", p->ifname);
	}
	if (p->source == EVPN_PREFIX_LEAKED)
		state_str(w, "from-vrf", p->from);
	state_bool(w, "told", p->exported);
	state_install(w, p->install, p->error, p->error_text);
}

static const struct state_node rmac = { .name = "router-mac",
	.keys = { "address" },
	.is_long = true,
	.size = sizeof(struct list_at),
	.next = rmac_next,
	.leaves = rmac_leaves,
	.end = list_end };
static const struct state_node *const rmacs_kids[] = { &rmac, NULL };
static const struct state_node rmacs = { .name = "router-macs", .kids = rmacs_kids };

static const struct state_node hop = { .name = "next-hop",
	.keys = { "id" },
	.is_long = true,
	.size = sizeof(struct list_at),
	.next = hop_next,
	.leaves = hop_leaves,
	.end = list_end };
static const struct state_node *const hops_kids[] = { &hop, NULL };
static const struct state_node hops = { .name = "next-hops", .kids = hops_kids };

static const char *const prefix_filters[] = { "source", NULL };
static const struct state_node prefix = { .name = "route",
	.keys = { "prefix" },
	.filters = prefix_filters,
	.is_long = true,
	.size = sizeof(struct list_at),
	.next = prefix_next,
	.find = prefix_find,
	.leaves = prefix_leaves,
	.end = list_end };
static const struct state_node *const prefixes_kids[] = { &prefix, NULL };
static const struct state_node prefixes = { .name = "routes", .kids = prefixes_kids };

static const struct state_node *const vrf_kids[] = { &rmacs, &hops, &prefixes, NULL };

static const struct state_node vrf = { .name = "vrf",
	.keys = { "name" },
	.size = sizeof(struct at),
	.next = vrf_next,
	.find = vrf_find,
	.leaves = vrf_leaves,
	.kids = vrf_kids };

static const struct state_node *const vrfs_kids[] = { &vrf, NULL };

const struct state_node state_vrfs = { .name = "vrfs", .kids = vrfs_kids };
