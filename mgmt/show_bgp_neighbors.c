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
#include "bgpd/session.h"
#include "lib/util.h"
#include "mgmt/conf.h"
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
json_hostnames(struct out *o, const struct bgp_conf *conf, const struct peer *p)
{
	if (!conf->hostname && !p->nego.hostname[0])
		return;
	out_obj_begin(o, "hostName");
	if (conf->hostname) {
		out_str(o, "advHostName", conf->hostname);
		out_str(o, "advDomainName", "n/a"); /* none is sent */
	}
	if (p->nego.hostname[0])
		out_str(o, "rcvHostName", p->nego.hostname);
	out_obj_end(o);
}

/* What the other side offers: to restart with its routes kept, to keep ours, or nothing. */
static const char *
remote_gr_mode(const struct peer_nego *n)
{
	return !n->gr ? "Disable" : n->gr_evpn ? "Restart" : "Helper";
}

static const char *
local_gr_mode(const struct bgp_conf *c)
{
	/* The star says that it is the instance's, not the neighbour's own. */
	return c->graceful_restart ? "Restart*" : "Disable*";
}

static void
json_end_of_rib(struct out *o, const char *key, bool done)
{
	out_obj_begin(o, key);
	if (done)
		out_bool(o, "l2VpnEvpn", true);
	out_obj_end(o);
}

static void
json_restart(struct out *o, const struct peer *p)
{
	const struct bgp_conf *conf = bgp_conf(p->bgp);

	out_obj_begin(o, "gracefulRestartInfo");
	json_end_of_rib(o, "endOfRibSend", p->up && !p->out.want_eor);
	json_end_of_rib(o, "endOfRibRecv", p->up && p->eor_in);
	out_str(o, "localGrMode", local_gr_mode(conf));
	out_str(o, "remoteGrMode", p->up ? remote_gr_mode(&p->nego) : "NotApplicable");
	if (p->up) {
		out_bool(o, "rBit", p->nego.gr_restarting);
		out_bool(o, "nBit", p->nego.gr_notification);
	}
	out_obj_begin(o, "timers");
	out_uint(o, "configuredRestartTimer", conf->gr_restart_time);
	if (p->up)
		out_uint(o, "receivedRestartTimer", p->nego.gr_time);
	out_obj_end(o);
	out_obj_end(o);
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
	json_hostnames(o, bgp_conf(p->bgp), p);
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
	out_uint(o, "inboundFiltered", 0); /* there are no inbound filters */
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
	if (adjout_group_number(&p->out)) {
		out_uint(o, "updateGroupId", adjout_group_number(&p->out));
		out_uint(o, "subGroupId", adjout_group_number(&p->out));
	}
	if (af->rr_client)
		out_bool(o, "routeReflectorClient", true);
	if (!af->next_hop_self)
		out_bool(o, "unchangedNextHopPropogatedToNbr", true);
	out_str(o, "commAttriSentToNbr", "extendedAndStandard");
	if (c->eng->conf && c->eng->conf->evpn.advertise_all_vni)
		out_bool(o, "advertiseAllVnis", true);
	if (af->max_prefix)
		out_uint(o, "prefixAllowedMax", af->max_prefix);
	out_uint(o, "packetQueueLength", peer_queue_out(p));
	out_uint(o, "acceptedPrefixCounter", peer_prefixes_in(p));
	out_uint(o, "sentPrefixCounter", p->up ? peer_prefixes_out(p) : 0);
	out_obj_end(o);
	out_obj_end(o);
}

/* Since the last message: it started the hold timer. */
static int64_t
last_read_ms(const struct show_ctx *c, const struct peer *p)
{
	const struct fsm *f = &p->up->fsm;
	const int64_t left = mono_diff(f->due[FSM_TIMER_HOLD], loop_now(c->eng->loop));

	return (MONO_SEC(f->hold) - left) / 1000;
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
		if (p->nego.hold)
			out_int(o, "bgpTimerLastRead", last_read_ms(c, p));
		out_uint(o, "bgpTimerHoldTimeMsecs", p->nego.hold * 1000u);
		out_uint(o, "bgpTimerKeepAliveIntervalMsecs", p->nego.keepalive * 1000u);
	}
	out_uint(o, "bgpTimerConfiguredHoldTimeMsecs", p->conf->hold * 1000u);
	out_uint(
	    o, "bgpTimerConfiguredKeepAliveIntervalMsecs", p->conf->keepalive * 1000u);
}

static void
json_connection(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	char ip[IP_STRLEN];

	out_uint(o, "connectionsEstablished", p->n.established);
	out_uint(o, "connectionsDropped", p->n.dropped);
	if (p->last_reset[0]) {
		out_int(o, "lastResetTimerMsecs",
		    mono_diff(loop_now(c->eng->loop), p->reset_at) / 1000);
		out_str(o, "lastResetDueTo", p->last_reset);
	}
	if (p->up) {
		out_str(o, "hostLocal", ip_format(p->local, ip));
		out_uint(o, "portLocal", p->local_port);
		out_str(o, "hostForeign", ip_format(p->addr, ip));
		out_uint(o, "portForeign", p->remote_port);
		out_str(o, "nexthop", ip_format(p->local, ip));
	}
	out_uint(o, "connectRetryTimer", p->conf->connect_retry);
	/* There are no threads; the keys say that the connection is read and written. */
	out_str(o, "readThread", p->up ? "on" : "off");
	out_str(o, "writeThread", p->up ? "on" : "off");
}

static void
json_source(struct out *o, const struct peer_conf *conf)
{
	char ip[IP_STRLEN];

	if (conf->update_source_if)
		out_str(o, "updateSource", conf->update_source_if);
	else if (conf->update_source.len)
		out_str(o, "updateSource", ip_format(conf->update_source, ip));
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
	json_restart(o, p);
	json_messages(o, p);
	json_prefix_stats(o, p);
	out_uint(o, "minBtwnAdvertisementRunsTimerMsecs", 0); /* no change ever waits */
	json_source(o, p->conf);
	json_family(c, p);
	json_connection(c, p);
	out_obj_end(o);
}

static void
text_hostnames(struct out *o, const char *ours, const char *theirs)
{
	if (!ours && !theirs[0])
		return;
	out_puts(o, "    Hostname Capability:");
	if (ours)
		out_printf(o, " advertised (name: %s,domain name: n/a)", ours);
	if (theirs[0])
		out_printf(o, " received (name: %s)", theirs);
	out_puts(o, "\n");
}

static void
text_restart(struct out *o, const struct peer *p)
{
	const struct bgp_conf *conf = bgp_conf(p->bgp);

	out_puts(o, "  Graceful restart information:\n");
	if (!p->out.want_eor)
		out_puts(o, "    End-of-RIB send: L2VPN EVPN\n");
	if (p->eor_in)
		out_puts(o, "    End-of-RIB received: L2VPN EVPN\n");
	out_printf(o, "    Local GR Mode: %s\n    Remote GR Mode: %s\n",
	    local_gr_mode(conf), remote_gr_mode(&p->nego));
	out_printf(o, "    R bit: %s\n    N bit: %s\n",
	    p->nego.gr_restarting ? "True" : "False",
	    p->nego.gr_notification ? "True" : "False");
	out_printf(o,
	    "    Timers:\n      Configured Restart Time(sec): %u\n"
	    "      Received Restart Time(sec): %u\n",
	    conf->gr_restart_time, p->nego.gr_time);
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
	text_hostnames(o, bgp_conf(p->bgp)->hostname, p->nego.hostname);
	if (p->nego.gr)
		out_printf(o,
		    "    Graceful Restart Capability: advertised and received\n"
		    "      Remote Restart timer is %u seconds\n",
		    p->nego.gr_time);
}

static void
text_count(struct out *o, const char *what, uint64_t out, uint64_t in)
{
	out_printf(o, "    %s:%*" PRIu64 " %10" PRIu64 "\n", what, 24 - (int)strlen(what),
	    out, in);
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

		text_count(o, msg_rows[i].text, nout, nin);
		out += nout;
		in += nin;
	}
	text_count(o, "Total", out, in);
}

static void
text_family(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	const struct peer_af_conf *af = &p->conf->evpn;

	out_puts(o, "\n For address family: L2VPN EVPN\n");
	if (adjout_group_number(&p->out))
		out_printf(o, "  Update group %u, subgroup %u\n",
		    adjout_group_number(&p->out), adjout_group_number(&p->out));
	out_printf(o, "  Packet Queue length %zu\n", peer_queue_out(p));
	if (af->rr_client)
		out_puts(o, "  Route-Reflector Client\n");
	if (!af->next_hop_self)
		out_puts(o, "  NEXT_HOP is propagated unchanged to this neighbor\n");
	out_puts(o, "  Community attribute sent to this neighbor(all)\n");
	if (c->eng->conf && c->eng->conf->evpn.advertise_all_vni)
		out_puts(o, "  advertise-all-vni\n");
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
text_connection(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], up[UPTIME_STRLEN];

	out_printf(o, "\n  Connections established %u; dropped %u\n", p->n.established,
	    p->n.dropped);
	if (p->last_reset[0])
		out_printf(o, "  Last reset %s,  %s\n",
		    show_uptime(show_since(c, p->reset_at), up), p->last_reset);
	else
		out_puts(o, "  Last reset never\n");
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
	if (p->up) {
		text_capabilities(o, p);
		text_restart(o, p);
	}
	text_messages(o, p);
	text_family(c, p);
	text_connection(c, p);
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
