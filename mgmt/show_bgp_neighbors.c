/* SPDX-License-Identifier: ISC */
/* `show bgp [l2vpn evpn] neighbors [X] [json]`: all that is known of a neighbour.
 *
 * A slice is one neighbour; between slices the next one is found again by address. */
#include "config.h"

#include "mgmt/show_bgp_neighbors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/show_util.h"

/* Where the command is between slices. */
struct walk {
	struct ip last; /* address of the last neighbour shown */
	unsigned shown; /* neighbours written */
};

/* A capability: how it is called and whether it was agreed on. */
struct cap_row {
	const char *text, *json;
	bool (*agreed)(const struct peer_nego *n);
};

static bool
cap_as4(const struct peer_nego *n)
{
	return n->as4;
}
static bool
cap_ext_msg(const struct peer_nego *n)
{
	return n->ext_msg;
}
static bool
cap_refresh(const struct peer_nego *n)
{
	return n->refresh;
}
static bool
cap_enhanced(const struct peer_nego *n)
{
	return n->enhanced_refresh;
}

static const struct cap_row cap_rows[] = {
	{ "4 Byte AS", "4byteAs", cap_as4 },
	{ "Extended Message", "extendedMessage", cap_ext_msg },
	{ "Route refresh", "routeRefresh", cap_refresh },
	{ "Enhanced Route Refresh", "enhancedRouteRefresh", cap_enhanced },
};

/* A counter of messages, both ways. */
struct msg_row {
	const char *text, *json;
	size_t out, in; /* offsets in struct peer_counters */
};

#define MSG(field)                                                                       \
	offsetof(struct peer_counters, field##_out),                                     \
	    offsetof(struct peer_counters, field##_in)
static const struct msg_row msg_rows[] = {
	{ "Opens", "opens", MSG(opens) },
	{ "Notifications", "notifications", MSG(notifications) },
	{ "Updates", "updates", MSG(updates) },
	{ "Keepalives", "keepalives", MSG(keepalives) },
	{ "Route Refresh", "routeRefresh", MSG(refreshes) },
};

static uint64_t
counter(const struct peer *p, size_t off)
{
	uint64_t v;

	memcpy(&v, (const char *)&p->n + off, sizeof v);
	return v;
}

static void
json_capabilities(struct out *o, const struct peer *p)
{
	out_obj_begin(o, "neighborCapabilities");
	for (size_t i = 0; i < ARRAY_LEN(cap_rows); i++)
		out_str(o, cap_rows[i].json,
		    p->up && cap_rows[i].agreed(&p->nego) ? "advertisedAndReceived"
							  : "advertised");
	out_obj_begin(o, "multiprotocolExtensions");
	out_obj_begin(o, "l2VpnEvpn");
	out_bool(o, p->up && p->nego.evpn ? "advertisedAndReceived" : "advertised", true);
	out_obj_end(o);
	out_obj_end(o);
	if (p->nego.hostname[0]) {
		out_obj_begin(o, "hostName");
		out_str(o, "rcvHostName", p->nego.hostname);
		out_obj_end(o);
	}
	if (p->nego.gr) {
		out_str(o, "gracefulRestart", "advertisedAndReceived");
		out_uint(o, "gracefulRestartRemoteTimerMsecs", p->nego.gr_time * 1000u);
	}
	out_obj_end(o);
}

static void
json_messages(struct out *o, const struct peer *p)
{
	uint64_t in = 0, out = 0;
	char key[40];

	out_obj_begin(o, "messageStats");
	out_uint(o, "depthInq", 0);
	out_uint(o, "depthOutq", peer_queue_out(p));
	for (size_t i = 0; i < ARRAY_LEN(msg_rows); i++) {
		const uint64_t nout = counter(p, msg_rows[i].out),
			       nin = counter(p, msg_rows[i].in);

		snprintf(key, sizeof key, "%sSent", msg_rows[i].json);
		out_uint(o, key, nout);
		snprintf(key, sizeof key, "%sRecv", msg_rows[i].json);
		out_uint(o, key, nin);
		out += nout;
		in += nin;
	}
	out_uint(o, "totalSent", out);
	out_uint(o, "totalRecv", in);
	out_obj_end(o);
}

static void
json_prefix_stats(struct out *o, const struct peer *p)
{
	out_obj_begin(o, "prefixStats");
	out_uint(o, "aspathLoop", p->n.loops_as);
	out_uint(o, "originatorLoop", p->n.loops_originator);
	out_uint(o, "clusterLoop", p->n.loops_cluster);
	out_uint(o, "withdrawn", p->n.withdrawn_in);
	out_uint(o, "attributesDiscarded", p->n.attrs_discarded);
	out_uint(o, "nlriMalformed", p->n.nlri_malformed);
	out_obj_end(o);
}

static void
json_family(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	const struct peer_af_conf *af = &p->conf->evpn;

	out_obj_begin(o, "addressFamilyInfo");
	out_obj_begin(o, "l2VpnEvpn");
	if (af->rr_client)
		out_bool(o, "routeReflectorClient", true);
	if (!af->next_hop_self)
		out_bool(o, "unchangedNextHopPropogatedToNbr", true);
	out_str(o, "commAttriSentToNbr", "extendedAndStandard");
	if (af->max_prefix)
		out_uint(o, "prefixAllowedMax", af->max_prefix);
	out_uint(o, "packetQueueLength", peer_queue_out(p));
	out_uint(o, "acceptedPrefixCounter", peer_prefixes_in(p));
	out_uint(o, "sentPrefixCounter", p->up ? peer_prefixes_out(p) : 0);
	out_obj_end(o);
	out_obj_end(o);
}

static void
json_timers(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	char up[UPTIME_STRLEN];

	if (p->up) {
		out_int(o, "bgpTimerUpMsec",
		    mono_diff(loop_now(c->eng->loop), p->since) / 1000);
		out_str(o, "bgpTimerUpString", show_peer_uptime(c, p, up));
		out_int(o, "bgpTimerUpEstablishedEpoch", p->established_epoch);
		out_uint(o, "bgpTimerHoldTimeMsecs", p->nego.hold * 1000u);
		out_uint(o, "bgpTimerKeepAliveIntervalMsecs", p->nego.keepalive * 1000u);
	}
	out_uint(o, "bgpTimerConfiguredHoldTimeMsecs", p->conf->hold * 1000u);
	out_uint(
	    o, "bgpTimerConfiguredKeepAliveIntervalMsecs", p->conf->keepalive * 1000u);
}

static void
json_connection(struct out *o, const struct peer *p)
{
	char ip[IP_STRLEN];

	out_uint(o, "connectionsEstablished", p->n.established);
	out_uint(o, "connectionsDropped", p->n.dropped);
	if (p->last_reset[0])
		out_str(o, "lastResetDueTo", p->last_reset);
	if (p->up) {
		out_str(o, "hostLocal", ip_format(p->local, ip));
		out_uint(o, "portLocal", p->local_port);
		out_str(o, "hostForeign", ip_format(p->addr, ip));
		out_uint(o, "portForeign", p->remote_port);
	}
	out_uint(o, "connectRetryTimer", p->conf->connect_retry);
}

static void
json_peer(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	char ip[IP_STRLEN];

	out_obj_begin(o, ip_format(p->addr, ip));
	out_uint(o, "remoteAs", peer_remote_as(p));
	out_uint(o, "localAs", bgp_conf(c->eng->bgp)->as);
	out_bool(o, p->ibgp ? "nbrInternalLink" : "nbrExternalLink", true);
	if (p->conf->description)
		out_str(o, "nbrDesc", p->conf->description);
	if (p->nego.hostname[0])
		out_str(o, "hostname", p->nego.hostname);
	if (p->conf->group)
		out_str(o, "peerGroup", p->conf->group);
	if (p->conf->shutdown)
		out_bool(o, "adminShutDown", true);
	out_uint(o, "bgpVersion", 4);
	out_str(o, "remoteRouterId", ip_format(ip_v4(p->up ? p->nego.remote_id : 0), ip));
	out_str(o, "localRouterId", ip_format(ip_v4(bgp_router_id(c->eng->bgp)), ip));
	out_str(o, "bgpState", fsm_state_name(peer_state(p)));
	json_timers(c, p);
	json_capabilities(o, p);
	json_messages(o, p);
	json_prefix_stats(o, p);
	json_family(c, p);
	json_connection(o, p);
	out_obj_end(o);
}

static void
text_capabilities(struct out *o, const struct peer *p)
{
	out_puts(o, "  Neighbor capabilities:\n");
	for (size_t i = 0; i < ARRAY_LEN(cap_rows); i++)
		if (cap_rows[i].agreed(&p->nego))
			out_printf(
			    o, "    %s: advertised and received\n", cap_rows[i].text);
	if (p->nego.evpn)
		out_puts(o, "    Address Family L2VPN EVPN: advertised and received\n");
	if (p->nego.hostname[0])
		out_printf(o, "    Hostname Capability: received (name: %s)\n",
		    p->nego.hostname);
	if (p->nego.gr)
		out_printf(o,
		    "    Graceful Restart Capability: advertised and received\n"
		    "      Remote Restart timer is %u seconds\n",
		    p->nego.gr_time);
}

static void
text_messages(struct out *o, const struct peer *p)
{
	uint64_t in = 0, out = 0;

	out_printf(o,
	    "  Message statistics:\n    Inq depth is 0\n    Outq depth is %zu\n",
	    peer_queue_out(p));
	out_printf(o, "    %-14s %10s %10s\n", "", "Sent", "Rcvd");
	for (size_t i = 0; i < ARRAY_LEN(msg_rows); i++) {
		const uint64_t nout = counter(p, msg_rows[i].out),
			       nin = counter(p, msg_rows[i].in);

		out_printf(o, "    %-13s: %10" PRIu64 " %10" PRIu64 "\n",
		    msg_rows[i].text, nout, nin);
		out += nout;
		in += nin;
	}
	out_printf(o, "    %-13s: %10" PRIu64 " %10" PRIu64 "\n", "Total", out, in);
}

static void
text_family(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	const struct peer_af_conf *af = &p->conf->evpn;

	out_puts(o, "\n For address family: L2VPN EVPN\n");
	if (af->rr_client)
		out_puts(o, "  Route-Reflector Client\n");
	if (!af->next_hop_self)
		out_puts(o, "  NEXT_HOP is propagated unchanged to this neighbor\n");
	out_puts(o, "  Community attribute sent to this neighbor(all)\n");
	if (af->max_prefix)
		out_printf(o, "  Maximum prefixes allowed %u%s\n", af->max_prefix,
		    af->max_prefix_warn_only ? " (warning-only)" : "");
	out_printf(o, "  %u accepted prefixes, %u sent\n", peer_prefixes_in(p),
	    p->up ? peer_prefixes_out(p) : 0);
	if (p->n.withdrawn_in || p->n.attrs_discarded || p->n.nlri_malformed)
		out_printf(o,
		    "  Malformed: %" PRIu64 " updates treated as withdraw, %" PRIu64
		    " attributes discarded, %" PRIu64 " routes skipped\n",
		    p->n.withdrawn_in, p->n.attrs_discarded, p->n.nlri_malformed);
}

static void
text_connection(struct out *o, const struct peer *p)
{
	char ip[IP_STRLEN];

	out_printf(o, "\n  Connections established %u; dropped %u\n", p->n.established,
	    p->n.dropped);
	out_printf(o, "  Last reset %s\n", p->last_reset[0] ? p->last_reset : "never");
	if (!p->up)
		return;
	out_printf(o, "Local host: %s, Local port: %u\n", ip_format(p->local, ip),
	    p->local_port);
	out_printf(o, "Foreign host: %s, Foreign port: %u\n", ip_format(p->addr, ip),
	    p->remote_port);
}

static void
text_peer(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], id[IP_STRLEN], up[UPTIME_STRLEN];

	out_printf(o, "BGP neighbor is %s, remote AS %u, local AS %u, %s link\n",
	    ip_format(p->addr, ip), peer_remote_as(p), bgp_conf(c->eng->bgp)->as,
	    p->ibgp ? "internal" : "external");
	if (p->conf->description)
		out_printf(o, " Description: %s\n", p->conf->description);
	if (p->nego.hostname[0])
		out_printf(o, "Hostname: %s\n", p->nego.hostname);
	if (p->conf->group)
		out_printf(o, " Member of peer-group %s for session parameters\n",
		    p->conf->group);
	if (p->conf->shutdown)
		out_puts(o, " Administratively shut down\n");
	out_printf(o, "  BGP version 4, remote router ID %s, ",
	    ip_format(ip_v4(p->up ? p->nego.remote_id : 0), ip));
	out_printf(
	    o, "local router ID %s\n", ip_format(ip_v4(bgp_router_id(c->eng->bgp)), id));
	out_printf(o, "  BGP state = %s%s%s\n", fsm_state_name(peer_state(p)),
	    p->up ? ", up for " : "", p->up ? show_peer_uptime(c, p, up) : "");
	if (p->up)
		out_printf(o,
		    "  Hold time is %u seconds, keepalive interval is %u seconds\n",
		    p->nego.hold, p->nego.keepalive);
	out_printf(o,
	    "  Configured hold time is %u seconds, keepalive interval is %u seconds\n",
	    p->conf->hold, p->conf->keepalive);
	if (p->up)
		text_capabilities(o, p);
	text_messages(o, p);
	text_family(c, p);
	text_connection(o, p);
	out_puts(o, "\n");
}

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
		json_peer(c, p);
	else
		text_peer(c, p);
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
	{ "show bgp [l2vpn evpn] neighbors [<A.B.C.D|X:X::X:X>$neighbor] [json]",
	    "All that is known of a BGP neighbour", show_neighbors, NULL },
	{ "show bgp vrf <default|all> [l2vpn evpn] neighbors "
	  "[<A.B.C.D|X:X::X:X>$neighbor] [json]",
	    "All that is known of a BGP neighbour", show_neighbors, NULL },
};

const struct show_table show_bgp_neighbors_table = SHOW_TABLE(rows);
