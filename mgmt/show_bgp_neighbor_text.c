/* SPDX-License-Identifier: ISC */
/* A neighbour as text. */
#include "config.h"

#include "mgmt/show_bgp_neighbor.h"

#include <inttypes.h>
#include <string.h>

#include "mgmt/conf.h"
#include "mgmt/show_util.h"

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
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (peer_speaks(p, f) && !p->af[f].out.want_eor)
			out_printf(o, "    End-of-RIB send: %s\n", afi_table[f].name);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->af[f].eor_in)
			out_printf(o, "    End-of-RIB received: %s\n", afi_table[f].name);
	out_printf(o, "    Local GR Mode: %s\n    Remote GR Mode: %s\n",
	    neighbor_local_gr(conf), neighbor_remote_gr(&p->nego));
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
	for (size_t i = 0; i < NEIGHBOR_CAPS; i++)
		if (neighbor_agreed(p, &neighbor_caps[i]))
			out_printf(o, "    %s: advertised and received\n",
			    neighbor_caps[i].text);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (peer_speaks(p, f))
			out_printf(o, "    Address Family %s: advertised and received\n",
			    afi_table[f].name);
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
	for (size_t i = 0; i < NEIGHBOR_MSGS; i++) {
		const uint64_t nout = neighbor_count(p, neighbor_msgs[i].out),
			       nin = neighbor_count(p, neighbor_msgs[i].in);

		text_count(o, neighbor_msgs[i].text, nout, nin);
		out += nout;
		in += nin;
	}
	text_count(o, "Total", out, in);
}

static void
text_family(const struct show_ctx *c, const struct peer *p, unsigned f)
{
	struct out *o = c->out;
	const struct peer_af_conf *af = &p->conf->af[f];
	const unsigned group = adjout_group_number(&p->af[f].out);

	out_printf(o, "\n For address family: %s\n", afi_table[f].name);
	if (group)
		out_printf(o, "  Update group %u, subgroup %u\n", group, group);
	out_printf(o, "  Packet Queue length %zu\n", peer_queue_out(p));
	if (af->rr_client)
		out_puts(o, "  Route-Reflector Client\n");
	if (f == AFI_SAFI_EVPN && !af->next_hop_self)
		out_puts(o, "  NEXT_HOP is propagated unchanged to this neighbor\n");
	out_puts(o, "  Community attribute sent to this neighbor(all)\n");
	if (f == AFI_SAFI_EVPN && c->eng->conf && c->eng->conf->evpn.advertise_all_vni)
		out_puts(o, "  advertise-all-vni\n");
	if (af->max_prefix)
		out_printf(o, "  Maximum prefixes allowed %u%s\n", af->max_prefix,
		    af->max_prefix_warn_only ? " (warning-only)" : "");
	out_printf(o, "  %u accepted prefixes, %u sent\n", peer_prefixes_in(p, f),
	    p->up ? peer_prefixes_out(p, f) : 0);
}

static void
text_families(const struct show_ctx *c, const struct peer *p)
{
	struct out *o = c->out;

	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->conf->af[f].activate)
			text_family(c, p, f);
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
	if (neighbor_rtt_ms(p) >= 0)
		out_printf(o, "Estimated round trip time: %d ms\n", neighbor_rtt_ms(p));
}

void
neighbor_text(const struct show_ctx *c, const struct peer *p)
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
	out_puts(o, "  BGP state = ");
	out_toned(o,
	    p->up		? OUT_GOOD
	    : p->conf->shutdown ? OUT_WARN
				: OUT_BAD,
	    "%s", fsm_state_name(peer_state(p)));
	out_printf(o, "%s%s\n", p->up ? ", up for " : "",
	    p->up ? show_peer_uptime(c, p, up) : "");
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
	text_families(c, p);
	text_connection(c, p);
	out_puts(o, "\n");
}
