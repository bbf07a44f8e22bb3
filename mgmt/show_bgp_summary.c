/* SPDX-License-Identifier: ISC */
/* `show bgp [l2vpn evpn] summary`: one line a neighbour, or JSON of the same.
 *
 * Neighbours are few (thousands at most), so one slice answers it whole. */
#include "config.h"

#include "mgmt/show_bgp_summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/show_util.h"

#define NAME_WIDTH 15 /* of the first column at least */
#define DESC_SHOWN 20 /* bytes of the description in the table; all of it with `wide` */

/* What is counted over all neighbours. */
struct totals {
	unsigned family; /* AFI_SAFI_*: whose summary it is */
	unsigned all, shown, failed, dynamic;
	int width; /* of the first column */
};

static uint64_t
messages_in(const struct peer *p)
{
	return p->n.opens_in + p->n.updates_in + p->n.keepalives_in +
	       p->n.notifications_in + p->n.refreshes_in;
}

static uint64_t
messages_out(const struct peer *p)
{
	return p->n.opens_out + p->n.updates_out + p->n.keepalives_out +
	       p->n.notifications_out + p->n.refreshes_out;
}

/* The state in the dialect's words, with the reason of an Idle that stays. */
static const char *
state_name(const struct peer *p)
{
	if (p->conf->shutdown)
		return "Idle (Admin)";
	if (p->max_prefix_hit)
		return "Idle (PfxCt)";
	return fsm_state_name(peer_state(p));
}

static bool
filtered(const struct show_ctx *c)
{
	static const char *const words[] = { "established", "failed", "neighbor", "as" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (cli_arg(c->args, words[i]))
			return true;
	return false;
}

static bool
wanted(const struct show_ctx *c, const struct peer *p)
{
	const bool up = p->up != NULL;
	const char *nb = cli_arg(c->args, "neighbor"), *as = cli_arg(c->args, "as");
	char text[IP_STRLEN];

	if (cli_arg(c->args, "established") && !up)
		return false;
	if (cli_arg(c->args, "failed") && up)
		return false;
	if (nb && strcmp(nb, ip_format(p->addr, text)) != 0)
		return false;
	return !as || cli_arg_num(c->args, "as", 0) == peer_remote_as(p);
}

static void
json_peer(const struct show_ctx *c, const struct peer *p, const struct totals *t)
{
	const int64_t up_ms =
	    p->n.established ? mono_diff(loop_now(c->eng->loop), p->since) / 1000 : 0;
	char ip[IP_STRLEN], up[UPTIME_STRLEN];
	struct out *o = c->out;

	out_obj_begin(o, ip_format(p->addr, ip));
	if (p->nego.hostname[0])
		out_str(o, "hostname", p->nego.hostname);
	if (p->nego.software[0])
		out_str(o, "softwareVersion", p->nego.software);
	out_uint(o, "remoteAs", peer_remote_as(p));
	out_uint(o, "localAs", bgp_conf(c->eng->bgp)->as);
	out_uint(o, "version", 4);
	out_uint(o, "msgRcvd", messages_in(p));
	out_uint(o, "msgSent", messages_out(p));
	out_uint(o, "tableVersion", 0);
	out_uint(o, "outq", peer_queue_out(p));
	out_uint(o, "inq", 0);
	out_str(o, "peerUptime", show_peer_uptime(c, p, up));
	out_int(o, "peerUptimeMsec", up_ms);
	if (p->established_epoch)
		out_int(o, "peerUptimeEstablishedEpoch", p->established_epoch);
	out_uint(o, "pfxRcd", peer_prefixes_in(p, t->family));
	out_uint(o, "pfxSnt", p->up ? peer_prefixes_out(p, t->family) : 0);
	out_str(o, "state", state_name(p));
	out_str(o, "peerState", p->conf->shutdown ? "Admin" : "OK");
	out_uint(o, "connectionsEstablished", p->n.established);
	out_uint(o, "connectionsDropped", p->n.dropped);
	if (p->conf->description)
		out_str(o, "desc", p->conf->description);
	out_str(o, "idType", p->addr.len == 4 ? "ipv4" : "ipv6");
	if (p->dynamic)
		out_bool(o, "dynamicPeer", true);
	out_obj_end(o);
}

/* A neighbour that is not up, in the form of `summary failed`. */
static void
json_failed(const struct show_ctx *c, const struct peer *p, const struct totals *t)
{
	char ip[IP_STRLEN], up[UPTIME_STRLEN];
	struct out *o = c->out;

	(void)t;
	out_obj_begin(o, ip_format(p->addr, ip));
	if (p->nego.hostname[0])
		out_str(o, "hostname", p->nego.hostname);
	out_uint(o, "connectionsEstablished", p->n.established);
	out_uint(o, "connectionsDropped", p->n.dropped);
	out_str(o, "peerUptime", show_peer_uptime(c, p, up));
	out_str(o, "state", state_name(p));
	if (p->last_reset[0])
		out_str(o, "lastResetDueTo", p->last_reset);
	out_obj_end(o);
}

/* The address, with the sign of a dynamic neighbour. */
static char *
name_of(const struct peer *p, char buf[IP_STRLEN + 1])
{
	char ip[IP_STRLEN];

	snprintf(
	    buf, IP_STRLEN + 1, "%s%s", p->dynamic ? "*" : "", ip_format(p->addr, ip));
	return buf;
}

static void
text_failed(const struct show_ctx *c, const struct peer *p, const struct totals *t)
{
	char name[IP_STRLEN + 1], up[UPTIME_STRLEN];

	out_printf(c->out, "%-*s %7u %7u %9s  %s\n", t->width, name_of(p, name),
	    p->n.established, p->n.dropped, show_peer_uptime(c, p, up),
	    p->last_reset[0] ? p->last_reset : state_name(p));
}

/* One that is shut down is down because somebody wants it so. */
static enum out_tone
state_tone(const struct peer *p)
{
	return p->up ? OUT_GOOD : p->conf->shutdown ? OUT_WARN : OUT_BAD;
}

static void
text_peer(const struct show_ctx *c, const struct peer *p, const struct totals *t)
{
	const char *desc = p->conf->description ? p->conf->description : "N/A";
	const int width = cli_arg(c->args, "wide") ? 64 : DESC_SHOWN;
	char name[IP_STRLEN + 1], up[UPTIME_STRLEN], state[24], sent[16];

	snprintf(sent, sizeof sent, "%u", p->up ? peer_prefixes_out(p, t->family) : 0);
	if (p->up)
		snprintf(state, sizeof state, "%u", peer_prefixes_in(p, t->family));
	else
		snprintf(state, sizeof state, "%s", state_name(p));
	out_printf(c->out, "%-*s 4 %10u %9" PRIu64 " %9" PRIu64 " %8d %4d %4zu %8s ",
	    t->width, name_of(p, name), peer_remote_as(p), messages_in(p),
	    messages_out(p), 0, 0, peer_queue_out(p), show_peer_uptime(c, p, up));
	out_toned(c->out, state_tone(p), "%12s", state);
	out_printf(c->out, " %8s %.*s\n", sent, width, desc);
}

static void
text_columns(const struct show_ctx *c, const struct totals *t)
{
	if (t->shown && cli_arg(c->args, "failed"))
		out_printf(c->out, "%-*s EstdCnt DropCnt ResetTime Reason\n", t->width,
		    "Neighbor");
	else if (t->shown)
		out_printf(c->out,
		    "%-*s V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ "
		    " Up/Down State/PfxRcd   PfxSnt Desc\n",
		    t->width, "Neighbor");
}

static void
text_head(const struct show_ctx *c, const struct totals *t)
{
	struct bgp *b = c->eng->bgp;
	struct rib_memory m;
	char id[IP_STRLEN], bytes[BYTES_STRLEN];

	rib_memory(bgp_rib_of(b, t->family), &m);
	if (cli_arg(c->args, "terse")) {
		text_columns(c, t);
		return;
	}
	out_printf(c->out,
	    "BGP router identifier %s, local AS number %u vrf-id 0\n"
	    "BGP table version 0\n"
	    "RIB entries %u, using %s of memory\n",
	    ip_format(ip_v4(bgp_router_id(b)), id), bgp_conf(b)->as,
	    rib_count(bgp_rib_of(b, t->family)),
	    show_bytes(m.routes + m.paths + m.index + m.heads + m.aux + m.attrs, bytes));
	out_printf(c->out, "Peers %u, using %s of memory\n\n", t->all,
	    show_bytes(t->all * sizeof(struct peer), bytes));
	text_columns(c, t);
}

static void
json_head(const struct show_ctx *c, const struct totals *t)
{
	struct bgp *b = c->eng->bgp;
	struct rib_memory m;
	char id[IP_STRLEN];

	rib_memory(bgp_rib_of(b, t->family), &m);
	out_str(c->out, "routerId", ip_format(ip_v4(bgp_router_id(b)), id));
	out_uint(c->out, "as", bgp_conf(b)->as);
	out_uint(c->out, "vrfId", 0);
	out_str(c->out, "vrfName", "default");
	out_uint(c->out, "tableVersion", 0);
	out_uint(c->out, "ribCount", rib_count(bgp_rib_of(b, t->family)));
	out_uint(c->out, "ribMemory",
	    m.routes + m.paths + m.index + m.heads + m.aux + m.attrs);
	out_uint(c->out, "peerCount", t->all);
	out_uint(c->out, "peerMemory", t->all * sizeof(struct peer));
}

/* A neighbour without any family is shown with those of EVPN. */
static bool
speaks(const struct peer *p, unsigned family)
{
	const struct peer_conf *pc = p->conf;

	return pc->af[family].activate ||
	       (family == AFI_SAFI_EVPN && !pc->ipv4.activate && !pc->ipv6.activate);
}

static struct totals
count_peers(const struct show_ctx *c, unsigned family)
{
	struct totals t = { .family = family, .width = NAME_WIDTH };
	char name[IP_STRLEN + 1];

	for (struct peer *p = bgp_peer_first(c->eng->bgp); p;
	     p = bgp_peer_next(c->eng->bgp, p)) {
		if (!speaks(p, family))
			continue;
		t.all++;
		t.failed += !p->up;
		t.dynamic += p->dynamic;
		t.shown += wanted(c, p);
		t.width = MAX(t.width, (int)strlen(name_of(p, name)));
	}
	return t;
}

static void
each_peer(const struct show_ctx *c, const struct totals *t,
    void (*fn)(const struct show_ctx *, const struct peer *, const struct totals *))
{
	for (struct peer *p = bgp_peer_first(c->eng->bgp); p;
	     p = bgp_peer_next(c->eng->bgp, p))
		if (speaks(p, t->family) && wanted(c, p))
			fn(c, p, t);
}

/* `summary failed` has a shape of its own. */
static void
json_members_failed(const struct show_ctx *c, const struct totals *t)
{
	if (t->shown) {
		out_obj_begin(c->out, "peers");
		each_peer(c, t, json_failed);
		out_obj_end(c->out);
	}
	out_uint(c->out, "failedPeersCount", t->failed);
	out_uint(c->out, "dynamicPeers", t->dynamic);
	out_uint(c->out, "totalPeers", t->all);
}

static void
json_members(const struct show_ctx *c, const struct totals *t)
{
	json_head(c, t);
	out_obj_begin(c->out, "peers");
	each_peer(c, t, json_peer);
	out_obj_end(c->out);
	out_uint(c->out, "failedPeers", t->failed);
	out_uint(c->out, "displayedPeers", t->shown);
	out_uint(c->out, "totalPeers", t->all);
	out_uint(c->out, "dynamicPeers", t->dynamic);
	out_obj_begin(c->out, "bestPath");
	out_str(c->out, "multiPathRelax",
	    bgp_conf(c->eng->bgp)->multipath_relax ? "true" : "false");
	out_obj_end(c->out);
}

/* The family that was named, AFI_SAFI_COUNT: all of them. */
static unsigned
named_family(const struct show_ctx *c)
{
	if (cli_arg(c->args, "l2vpn"))
		return AFI_SAFI_EVPN;
	if (cli_arg(c->args, "ipv6"))
		return AFI_SAFI_IPV6;
	return cli_arg(c->args, "ipv4") || cli_arg(c->args, "ip") ? AFI_SAFI_IPV4
								  : AFI_SAFI_COUNT;
}

/* EVPN always; the others if anybody speaks them. */
static bool
is_shown(const struct show_ctx *c, unsigned family)
{
	const unsigned named = named_family(c);

	if (named != AFI_SAFI_COUNT)
		return family == named;
	return family == AFI_SAFI_EVPN || count_peers(c, family).all > 0;
}

/* Of all VRFs by the VRF's name; of all families by the family's. */
static void
show_json(const struct show_ctx *c)
{
	const bool vrfs = cli_arg(c->args, "all"),
		   families = named_family(c) == AFI_SAFI_COUNT;

	out_obj_begin(c->out, NULL);
	if (vrfs)
		out_obj_begin(c->out, "default");
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		struct totals t = count_peers(c, f);

		if (!is_shown(c, f))
			continue;
		if (families)
			out_obj_begin(c->out, afi_table[f].json);
		if (cli_arg(c->args, "failed"))
			json_members_failed(c, &t);
		else
			json_members(c, &t);
		if (families)
			out_obj_end(c->out);
	}
	if (vrfs)
		out_obj_end(c->out);
	out_obj_end(c->out);
}

static void
show_text(const struct show_ctx *c, unsigned family)
{
	struct totals t = count_peers(c, family);

	if (named_family(c) == AFI_SAFI_COUNT)
		out_printf(
		    c->out, "\n%s Summary (VRF default):\n", afi_table[family].name);
	text_head(c, &t);
	each_peer(c, &t, cli_arg(c->args, "failed") ? text_failed : text_peer);
	out_puts(c->out, "\n");
	if (filtered(c))
		out_printf(c->out, "Displayed neighbors %u\n", t.shown);
	out_printf(c->out, "Total number of neighbors %u\n", t.all);
	if (t.dynamic)
		out_printf(c->out,
		    "* - dynamic neighbor\n%u dynamic neighbor(s), limit %u\n", t.dynamic,
		    bgp_conf(c->eng->bgp)->listen_limit);
}

static bool
show_summary(struct show_ctx *c)
{
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);

	if (!conf || !conf->enabled) {
		if (!c->json)
			return show_fail(c, "BGP is not configured");
		out_obj_begin(c->out, NULL);
		out_obj_end(c->out);
		return false;
	}
	if (c->json)
		show_json(c);
	else
		for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
			if (is_shown(c, f))
				show_text(c, f);
	return false;
}

#define FILTERS                                                                          \
	" summary [<established|failed>] [neighbor <A.B.C.D|X:X::X:X>$neighbor] "        \
	"[remote-as ASNUM$as] [terse] [wide] [json]"

static const struct show_cmd rows[] = {
	{ "show bgp [l2vpn evpn]" FILTERS, "BGP neighbours, one line each", show_summary,
	    NULL },
	{ "show bgp vrf <default|all> [l2vpn evpn]" FILTERS,
	    "BGP neighbours, one line each", show_summary, NULL },
	{ "show bgp <ipv4|ipv6> [unicast]" FILTERS, "BGP neighbours, one line each",
	    show_summary, NULL },
	{ "show ip bgp" FILTERS, "BGP neighbours of IPv4 unicast, one line each",
	    show_summary, NULL },
};

const struct show_table show_bgp_summary_table = SHOW_TABLE(rows);
