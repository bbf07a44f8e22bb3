/* SPDX-License-Identifier: ISC */
/* `show bgp [l2vpn evpn] neighbors [X] [json]`: all that is known of a neighbour.
 *
 * A slice is one neighbour; between slices the next one is found again by address. */
#include "config.h"

#include "mgmt/show_bgp_neighbors.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/session.h"
#include "lib/util.h"
#include "mgmt/show_bgp_neighbor.h"

const struct neighbor_cap neighbor_caps[NEIGHBOR_CAPS] = {
	{ "4 Byte AS", "4byteAs", offsetof(struct peer_nego, as4) },
	{ "Extended Message", "extendedMessage", offsetof(struct peer_nego, ext_msg) },
	{ "Route refresh", "routeRefresh", offsetof(struct peer_nego, refresh) },
	{ "Enhanced Route Refresh", "enhancedRouteRefresh",
	    offsetof(struct peer_nego, enhanced_refresh) },
};

#define MSG(field)                                                                       \
	offsetof(struct peer_counters, field##_out),                                     \
	    offsetof(struct peer_counters, field##_in)
const struct neighbor_msg neighbor_msgs[NEIGHBOR_MSGS] = {
	{ "Opens", "opens", MSG(opens) },
	{ "Notifications", "notifications", MSG(notifications) },
	{ "Updates", "updates", MSG(updates) },
	{ "Keepalives", "keepalives", MSG(keepalives) },
	{ "Route Refresh", "routeRefresh", MSG(refreshes) },
};

bool
neighbor_agreed(const struct peer *p, const struct neighbor_cap *cap)
{
	return *((const bool *)((const char *)&p->nego + cap->agreed));
}

uint64_t
neighbor_count(const struct peer *p, size_t offset)
{
	uint64_t v;

	memcpy(&v, (const char *)&p->n + offset, sizeof v);
	return v;
}

const char *
neighbor_remote_gr(const struct peer_nego *n)
{
	return !n->gr ? "Disable" : n->gr_families != 0 ? "Restart" : "Helper";
}

const char *
neighbor_local_gr(const struct bgp_conf *c)
{
	/* The star says that it is the instance's, not the neighbour's own. */
	return c->graceful_restart ? "Restart*" : "Disable*";
}

int64_t
neighbor_last_read_ms(const struct show_ctx *c, const struct peer *p)
{
	const struct fsm *f = &p->up->fsm;
	const int64_t left = mono_diff(f->due[FSM_TIMER_HOLD], loop_now(c->eng->loop));

	/* The message started the hold timer. */
	return (MONO_SEC(f->hold) - left) / 1000;
}

int
neighbor_rtt_ms(const struct peer *p)
{
	struct tcp_info ti;
	socklen_t len = sizeof ti;

	if (!p->up || getsockopt(p->up->fd, IPPROTO_TCP, TCP_INFO, &ti, &len) != 0)
		return -1;
	return (int)(ti.tcpi_rtt / 1000);
}

/* Where the command is between slices. */
struct walk {
	struct ip last; /* address of the last neighbour shown */
	unsigned shown; /* neighbours written */
};

/* The first neighbour after the last one shown. */
static struct peer *
next_peer(struct bgp *b, const struct walk *w)
{
	struct peer *p = bgp_peer_first(b);

	while (p && w->shown && ip_cmp(p->addr, w->last) <= 0)
		p = bgp_peer_next(b, p);
	return p;
}

static bool
finish(struct show_ctx *c)
{
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static void
show_one(struct show_ctx *c, const struct peer *p)
{
	if (c->json)
		neighbor_json(c, p);
	else
		neighbor_text(c, p);
}

static bool
show_named(struct show_ctx *c, const char *name)
{
	struct ip addr;
	struct peer *p = ip_parse(name, &addr) ? bgp_peer_find(c->eng->bgp, addr) : NULL;

	if (!p && !c->json)
		return show_fail(c, "No such neighbor");
	if (c->json)
		out_obj_begin(c->out, NULL);
	if (p)
		show_one(c, p);
	else
		out_bool(c->out, "bgpNoSuchNeighbor", true);
	return finish(c);
}

static bool
show_neighbors(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "neighbor");
	struct walk *w = c->state;
	struct peer *p;

	if (!bgp_conf(c->eng->bgp))
		return show_fail(c, "BGP is not configured");
	if (name)
		return show_named(c, name);
	if (!w) {
		c->state = w = xcalloc(1, sizeof *w);
		if (c->json)
			out_obj_begin(c->out, NULL);
	}
	while ((p = next_peer(c->eng->bgp, w)) != NULL) {
		show_one(c, p);
		w->last = p->addr;
		w->shown++;
		if (out_full(c->out))
			return true;
	}
	return finish(c);
}

static const struct show_cmd rows[] = {
	{ "show [ip] bgp [l2vpn evpn] neighbors [<A.B.C.D|X:X::X:X>$neighbor] [json]",
	    "All that is known of a BGP neighbour", show_neighbors, NULL },
	{ "show bgp vrf <default|all> [l2vpn evpn] neighbors "
	  "[<A.B.C.D|X:X::X:X>$neighbor] [json]",
	    "All that is known of a BGP neighbour", show_neighbors, NULL },
};

const struct show_table show_bgp_neighbors_table = SHOW_TABLE(rows);
