/* SPDX-License-Identifier: ISC */
/* State of the MACs and neighbours of a VNI. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <string.h>

#include "evpn/evpn_show.h"

/* ---- MACs ---- */

struct mac_at {
	struct evpn_walk walk;	/* ended by itself or by mac_end() */
	bool begun;		/* it was */
	struct evpn_show_mac m; /* of the entry */
};

/* Predicates that are no key. */
static bool
place_fits(const struct state_walk *w, enum evpn_where where, struct ip vtep)
{
	const char *place = state_asked(w, "place"), *behind = state_asked(w, "vtep");
	struct ip ip;

	if (place && strcmp(place, state_place_name(where)) != 0)
		return false;
	return !behind ||
	       (where == EVPN_REMOTE && ip_parse(behind, &ip) && ip_equal(ip, vtep));
}

static bool
duplicate_fits(const struct state_walk *w, bool duplicate)
{
	const char *asked = state_asked(w, "duplicate");

	return !asked || (strcmp(asked, "true") == 0) == duplicate;
}

static enum state_got
mac_next(struct state_walk *w)
{
	struct mac_at *at = state_mem(w, 0);

	if (!at->begun)
		evpn_walk_begin(
		    state_engine(w)->evpn, &at->walk, state_vni(w, 1), ZL_KIND_MAC);
	at->begun = true;
	if (!evpn_walk_mac(&at->walk, &at->m))
		return STATE_END;
	/* Nobody has it any more, only its removal is on the way. */
	if (at->m.where == EVPN_AUTO && at->m.install == EVPN_REMOVING)
		return STATE_SKIP;
	return place_fits(w, at->m.where, at->m.vtep) &&
		       duplicate_fits(w, at->m.duplicate)
		   ? STATE_ENTRY
		   : STATE_SKIP;
}

static bool
mac_find(struct state_walk *w)
{
	struct mac_at *at = state_mem(w, 0);
	struct mac mac;

	return mac_parse(state_asked(w, "address"), &mac) &&
	       evpn_show_mac(state_engine(w)->evpn, state_vni(w, 1), mac, &at->m);
}

static void
mac_leaves(struct state_walk *w)
{
	const struct mac_at *at = state_mem(w, 0);
	const struct evpn_show_mac *m = &at->m;

	state_mac(w, "address", m->mac);
	state_str(w, "place", state_place_name(m->where));
	if (m->where == EVPN_LOCAL && m->ifname[0])
		state_str(w, "interface", m->ifname);
	if (m->where == EVPN_LOCAL && m->vid)
		state_u32(w, "vlan", m->vid);
	state_ip(w, "vtep", m->vtep);
	state_u32(w, "local-sequence", m->local_seq);
	state_u32(w, "remote-sequence", m->remote_seq);
	state_str(w, "mobility", m->state);
	state_bool(w, "static", m->is_static);
	state_bool(w, "sticky", m->sticky);
	state_bool(w, "gateway", m->own_gateway || m->remote_gateway);
	state_bool(w, "duplicate", m->duplicate);
	state_bool(w, "frozen", m->frozen);
	state_u32(w, "moves", m->moves);
	state_ago(w, "since", m->uptime);
	state_install(w, m->install, m->error, m->error_text);
}

static void
mac_end(struct state_walk *w)
{
	struct mac_at *at = state_mem(w, 0);

	evpn_walk_end(&at->walk);
}

static const char *const filters[] = { "place", "vtep", "duplicate", NULL };

static const struct state_node mac_node = { .name = "mac",
	.keys = { "address" },
	.filters = filters,
	.is_long = true,
	.size = sizeof(struct mac_at),
	.next = mac_next,
	.find = mac_find,
	.leaves = mac_leaves,
	.end = mac_end };

static const struct state_node *const macs_kids[] = { &mac_node, NULL };

const struct state_node state_macs = { .name = "macs", .kids = macs_kids };

/* ---- neighbours ---- */

struct neigh_at {
	struct evpn_walk walk;	  /* ended by itself or by neigh_end() */
	bool begun;		  /* it was */
	struct evpn_show_neigh n; /* of the entry */
};

static bool
mac_fits(const struct state_walk *w, struct mac have)
{
	const char *asked = state_asked(w, "mac");
	struct mac mac;

	return !asked || (mac_parse(asked, &mac) && mac_equal(mac, have));
}

static enum state_got
neigh_next(struct state_walk *w)
{
	struct neigh_at *at = state_mem(w, 0);

	if (!at->begun)
		evpn_walk_begin(
		    state_engine(w)->evpn, &at->walk, state_vni(w, 1), ZL_KIND_NEIGH);
	at->begun = true;
	if (!evpn_walk_neigh(&at->walk, &at->n))
		return STATE_END;
	/* Nobody says so any more, only its removal is on the way. */
	if (at->n.where == EVPN_AUTO)
		return STATE_SKIP;
	return place_fits(w, at->n.where, at->n.vtep) &&
		       duplicate_fits(w, at->n.duplicate) && mac_fits(w, at->n.mac)
		   ? STATE_ENTRY
		   : STATE_SKIP;
}

static bool
neigh_find(struct state_walk *w)
{
	struct neigh_at *at = state_mem(w, 0);
	struct ip ip;

	return ip_parse(state_asked(w, "address"), &ip) &&
	       evpn_show_neigh(state_engine(w)->evpn, state_vni(w, 1), ip, &at->n) &&
	       at->n.where != EVPN_AUTO;
}

static void
neigh_leaves(struct state_walk *w)
{
	const struct neigh_at *at = state_mem(w, 0);
	const struct evpn_show_neigh *n = &at->n;

	state_ip(w, "address", n->ip);
	state_mac(w, "mac", n->mac);
	state_str(w, "place", state_place_name(n->where));
	state_bool(w, "active", n->active);
	state_ip(w, "vtep", n->vtep);
	state_bool(w, "router", n->router);
	state_bool(w, "gateway", n->gateway || n->own_gateway);
	state_bool(w, "duplicate", n->duplicate);
	state_bool(w, "held", n->held);
	state_ago(w, "since", n->uptime);
	state_install(w, n->install, n->error, n->error_text);
}

static void
neigh_end(struct state_walk *w)
{
	struct neigh_at *at = state_mem(w, 0);

	evpn_walk_end(&at->walk);
}

static const char *const neigh_filters[] = { "place", "vtep", "duplicate", "mac", NULL };

static const struct state_node neighbor = { .name = "neighbor",
	.keys = { "address" },
	.filters = neigh_filters,
	.is_long = true,
	.size = sizeof(struct neigh_at),
	.next = neigh_next,
	.find = neigh_find,
	.leaves = neigh_leaves,
	.end = neigh_end };

static const struct state_node *const neighbors_kids[] = { &neighbor, NULL };

const struct state_node state_neighbors = { .name = "neighbors", .kids = neighbors_kids };
