/* SPDX-License-Identifier: ISC */
/* A neighbour as JSON. */
#include "config.h"

#include "mgmt/show_bgp_neighbor.h"

#include <stdio.h>

#include "bgpd/session.h"
#include "mgmt/conf.h"
#include "mgmt/show_util.h"

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

static void
json_end_of_rib(struct out *o, const char *key, const struct peer *p, bool sent)
{
	out_obj_begin(o, key);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		const struct peer_af *af = &p->af[f];

		if (peer_speaks(p, f) && (sent ? !af->out.want_eor : af->eor_in))
			out_bool(o, afi_table[f].json, true);
	}
	out_obj_end(o);
}

static void
json_restart(struct out *o, const struct peer *p)
{
	const struct bgp_conf *conf = bgp_conf(p->bgp);

	out_obj_begin(o, "gracefulRestartInfo");
	json_end_of_rib(o, "endOfRibSend", p, true);
	json_end_of_rib(o, "endOfRibRecv", p, false);
	out_str(o, "localGrMode", neighbor_local_gr(conf));
	out_str(
	    o, "remoteGrMode", p->up ? neighbor_remote_gr(&p->nego) : "NotApplicable");
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
	for (size_t i = 0; i < NEIGHBOR_CAPS; i++)
		out_str(o, neighbor_caps[i].json,
		    p->up && neighbor_agreed(p, &neighbor_caps[i])
			? "advertisedAndReceived"
			: "advertised");
	out_obj_begin(o, "multiprotocolExtensions");
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		if (!p->conf->af[f].activate)
			continue;
		out_obj_begin(o, afi_table[f].json);
		out_bool(
		    o, peer_speaks(p, f) ? "advertisedAndReceived" : "advertised", true);
		out_obj_end(o);
	}
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
	for (size_t i = 0; i < NEIGHBOR_MSGS; i++) {
		const uint64_t nout = neighbor_count(p, neighbor_msgs[i].out),
			       nin = neighbor_count(p, neighbor_msgs[i].in);

		snprintf(key, sizeof key, "%sSent", neighbor_msgs[i].json);
		out_uint(o, key, nout);
		snprintf(key, sizeof key, "%sRecv", neighbor_msgs[i].json);
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
	out_uint(o, "inboundFiltered", p->n.filtered);
	out_uint(o, "aspathLoop", p->n.loops_as);
	out_uint(o, "originatorLoop", p->n.loops_originator);
	out_uint(o, "clusterLoop", p->n.loops_cluster);
	out_uint(o, "withdrawn", p->n.withdrawn_in);
	out_uint(o, "attributesDiscarded", p->n.attrs_discarded);
	out_uint(o, "nlriMalformed", p->n.nlri_malformed);
	out_obj_end(o);
}

static void
json_family(const struct show_ctx *c, const struct peer *p, unsigned f)
{
	struct out *o = c->out;
	const struct peer_af_conf *af = &p->conf->af[f];
	const unsigned group = adjout_group_number(&p->af[f].out);

	out_obj_begin(o, afi_table[f].json);
	if (group) {
		out_uint(o, "updateGroupId", group);
		out_uint(o, "subGroupId", group);
	}
	if (af->rr_client)
		out_bool(o, "routeReflectorClient", true);
	if (f == AFI_SAFI_EVPN && !af->next_hop_self)
		out_bool(o, "unchangedNextHopPropogatedToNbr", true);
	out_str(o, "commAttriSentToNbr", "extendedAndStandard");
	if (f == AFI_SAFI_EVPN && c->eng->conf && c->eng->conf->evpn.advertise_all_vni)
		out_bool(o, "advertiseAllVnis", true);
	if (af->max_prefix)
		out_uint(o, "prefixAllowedMax", af->max_prefix);
	out_uint(o, "packetQueueLength", peer_queue_out(p));
	out_uint(o, "acceptedPrefixCounter", peer_prefixes_in(p, f));
	out_uint(o, "sentPrefixCounter", p->up ? peer_prefixes_out(p, f) : 0);
	out_obj_end(o);
}

static void
json_families(const struct show_ctx *c, const struct peer *p)
{
	out_obj_begin(c->out, "addressFamilyInfo");
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->conf->af[f].activate)
			json_family(c, p, f);
	out_obj_end(c->out);
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
			out_int(o, "bgpTimerLastRead", neighbor_last_read_ms(c, p));
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
	int rtt;

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
	if ((rtt = neighbor_rtt_ms(p)) >= 0)
		out_int(o, "estimatedRttInMsecs", rtt);
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

void
neighbor_json(const struct show_ctx *c, const struct peer *p)
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
	json_families(c, p);
	json_connection(c, p);
	out_obj_end(o);
}
