/* SPDX-License-Identifier: ISC */
/* State of BGP sessions. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "lib/util.h"

/* Where the list is. */
struct at {
	struct ip addr; /* of the session that is open */
	bool begun;	/* there is one */
};

static const char *const state_names[FSM_STATE_MAX] = {
	[FSM_IDLE] = "idle",
	[FSM_CONNECT] = "connect",
	[FSM_ACTIVE] = "active",
	[FSM_OPENSENT] = "open-sent",
	[FSM_OPENCONFIRM] = "open-confirm",
	[FSM_ESTABLISHED] = "established",
};

const char *const state_family_names[AFI_SAFI_COUNT] = {
	[AFI_SAFI_EVPN] = "l2vpn-evpn",
	[AFI_SAFI_IPV4] = "ipv4-unicast",
	[AFI_SAFI_IPV6] = "ipv6-unicast",
};

/* The neighbour of the open entry; NULL when it has gone meanwhile. */
static const struct peer *
peer_of(const struct state_walk *w, unsigned outwards)
{
	const struct at *at = state_mem(w, outwards);

	return bgp_peer_find(state_engine(w)->bgp, at->addr);
}

static enum state_got
session_next(struct state_walk *w)
{
	struct bgp *b = state_engine(w)->bgp;
	struct at *at = state_mem(w, 0);
	struct peer *p = b ? bgp_peer_first(b) : NULL;

	while (p && at->begun && ip_cmp(p->addr, at->addr) <= 0)
		p = bgp_peer_next(b, p);
	if (!p)
		return STATE_END;
	*at = (struct at){ p->addr, true };
	return STATE_ENTRY;
}

static bool
session_find(struct state_walk *w)
{
	struct bgp *b = state_engine(w)->bgp;
	struct at *at = state_mem(w, 0);

	return b && ip_parse(state_asked(w, "address"), &at->addr) &&
	       bgp_peer_find(b, at->addr);
}

static void
leaves_established(struct state_walk *w, const struct peer *p)
{
	if (!p->up)
		return;
	state_ip(w, "remote-router-id", ip_v4(p->nego.remote_id));
	if (p->nego.hostname[0])
		state_str(w, "remote-name", p->nego.hostname);
	state_ip(w, "local-address", p->local);
	state_u32(w, "local-port", p->local_port);
	state_u32(w, "remote-port", p->remote_port);
	state_u32(w, "hold-time", p->nego.hold);
	state_u32(w, "keepalive", p->nego.keepalive);
}

static void
session_leaves(struct state_walk *w)
{
	const struct peer *p = peer_of(w, 0);

	state_ip(w, "address", p->addr);
	if (p->conf->description)
		state_str(w, "description", p->conf->description);
	if (p->conf->group)
		state_str(w, "peer-group", p->conf->group);
	state_u32(w, "remote-as", peer_remote_as(p));
	state_str(w, "type", p->ibgp ? "internal" : "external");
	state_bool(w, "dynamic", p->dynamic);
	state_str(w, "state", state_names[peer_state(p)]);
	state_time(w, "since", p->since);
	state_bool(w, "shutdown", p->conf->shutdown);
	leaves_established(w, p);
	state_u32(w, "established", p->n.established);
	state_u32(w, "dropped", p->n.dropped);
	if (p->last_reset[0]) {
		state_str(w, "last-reset", p->last_reset);
		state_time(w, "last-reset-time", p->reset_at);
	}
	state_u32(w, "queued", (uint32_t)peer_queue_out(p));
}

/* ---- what hangs below ---- */

static void
capabilities_leaves(struct state_walk *w)
{
	const struct peer *p = peer_of(w, 0);

	if (!p || !p->up)
		return;
	state_bool(w, "as4", p->nego.as4);
	state_bool(w, "route-refresh", p->nego.refresh);
	state_bool(w, "enhanced-route-refresh", p->nego.enhanced_refresh);
	state_bool(w, "extended-message", p->nego.ext_msg);
	state_bool(w, "graceful-restart", p->nego.gr);
	if (p->nego.gr)
		state_u32(w, "restart-time", p->nego.gr_time);
}

static void
messages_leaves(struct state_walk *w)
{
	const struct peer *p = peer_of(w, 0);

	if (!p)
		return;
	state_u64(w, "opens-in", p->n.opens_in);
	state_u64(w, "opens-out", p->n.opens_out);
	state_u64(w, "updates-in", p->n.updates_in);
	state_u64(w, "updates-out", p->n.updates_out);
	state_u64(w, "keepalives-in", p->n.keepalives_in);
	state_u64(w, "keepalives-out", p->n.keepalives_out);
	state_u64(w, "notifications-in", p->n.notifications_in);
	state_u64(w, "notifications-out", p->n.notifications_out);
	state_u64(w, "refreshes-in", p->n.refreshes_in);
	state_u64(w, "refreshes-out", p->n.refreshes_out);
	state_u64(w, "octets-in", p->n.bytes_in);
	state_u64(w, "octets-out", p->n.bytes_out);
}

static void
errors_leaves(struct state_walk *w)
{
	const struct peer *p = peer_of(w, 0);

	if (!p)
		return;
	state_u64(w, "treated-as-withdraw", p->n.withdrawn_in);
	state_u64(w, "attributes-discarded", p->n.attrs_discarded);
	state_u64(w, "nlri-malformed", p->n.nlri_malformed);
	state_u64(w, "as-loops", p->n.loops_as);
	state_u64(w, "originator-loops", p->n.loops_originator);
	state_u64(w, "cluster-loops", p->n.loops_cluster);
	state_u64(w, "bad-next-hops", p->n.bad_next_hops);
}

/* The families are few and have numbers. */
struct family_at {
	unsigned next; /* to look at */
};

static enum state_got
family_next(struct state_walk *w)
{
	struct family_at *at = state_mem(w, 0);
	const struct peer *p = peer_of(w, 1);
	const char *name = state_asked(w, "name");

	while (p && at->next < AFI_SAFI_COUNT) {
		const unsigned f = at->next++;

		if (p->conf->af[f].activate &&
		    (!name || strcmp(name, state_family_names[f]) == 0))
			return STATE_ENTRY;
	}
	return STATE_END;
}

static void
family_leaves(struct state_walk *w)
{
	const struct family_at *at = state_mem(w, 0);
	const struct peer *p = peer_of(w, 1);
	const unsigned f = at->next - 1;

	state_str(w, "name", state_family_names[f]);
	state_bool(w, "agreed", peer_speaks(p, f));
	state_u32(w, "prefixes-in", peer_prefixes_in(p, f));
	state_u32(w, "prefixes-out", p->up ? peer_prefixes_out(p, f) : 0);
	if (p->conf->af[f].max_prefix)
		state_u32(w, "max-prefixes", p->conf->af[f].max_prefix);
	state_bool(w, "end-of-rib-received", p->af[f].eor_in);
}

static const struct state_node capabilities = { .name = "capabilities",
	.leaves = capabilities_leaves };
static const struct state_node messages = { .name = "messages",
	.leaves = messages_leaves };
static const struct state_node errors = { .name = "errors", .leaves = errors_leaves };
static const struct state_node family = { .name = "family",
	.keys = { "name" },
	.size = sizeof(struct family_at),
	.next = family_next,
	.leaves = family_leaves };

static const struct state_node *const session_kids[] = { &capabilities, &messages,
	&errors, &family, NULL };

static const struct state_node session = { .name = "session",
	.keys = { "address" },
	.size = sizeof(struct at),
	.next = session_next,
	.find = session_find,
	.leaves = session_leaves,
	.kids = session_kids };

static const struct state_node *const sessions_kids[] = { &session, NULL };

const struct state_node state_sessions = { .name = "sessions", .kids = sessions_kids };
