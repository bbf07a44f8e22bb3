/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn statistics`, `update-groups`: the table in numbers, and who is sent the same. */
#include "config.h"

#include "mgmt/show_bgp_stats.h"

#include <stdio.h>
#include <stdlib.h>

#include "bgpd/peer.h"
#include "lib/util.h"
#include "mgmt/show_util.h"

#define TYPES 6 /* 1 to 5 by number, 0 all others */

/* --- statistics --- */

struct stats {
	struct rib_cursor cursor;	 /* where the walk is */
	uint64_t routes, paths;		 /* counted */
	uint64_t by_type[TYPES];	 /* routes */
	uint64_t local, stale, unusable; /* paths */
	uint64_t hops_sum;		 /* of the paths' AS_PATH lengths */
	unsigned hops_max;
};

static void
nothing_to_wake(struct rib_cursor *cur)
{
	(void)cur;
}

static void
count_route(const struct rib *r, struct stats *s, const struct rib_route *rt)
{
	const unsigned type = rt->len && rt->tail[0] < TYPES ? rt->tail[0] : 0;

	s->routes++;
	s->by_type[type]++;
	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p)) {
		const unsigned hops = attrset_get(rib_attrtab(r), p->attrs)->aspath_hops;

		s->paths++;
		s->local += rib_peer(r, p->peer)->local;
		s->stale += (p->flags & PATH_STALE) != 0;
		s->unusable += !rib_path_usable(r, p);
		s->hops_sum += hops;
		s->hops_max = MAX(s->hops_max, hops);
	}
}

static const char *const type_text[TYPES] = { "other types", "type 1, Ethernet A-D",
	"type 2, MAC/IP", "type 3, multicast", "type 4, Ethernet segment",
	"type 5, IP prefix" };
static const char *const type_json[TYPES] = { "other", "ead", "macip", "multicast", "es",
	"prefix" };

static double
average_hops(const struct stats *s)
{
	return s->paths ? (double)s->hops_sum / (double)s->paths : 0.0;
}

static void
stats_text(struct out *o, const struct stats *s)
{
	out_puts(o, "BGP L2VPN EVPN RIB statistics (VRF default)\n");
	out_printf(
	    o, "%-30s: %12llu\n", "Total Advertisements", (unsigned long long)s->paths);
	out_printf(o, "%-30s: %12llu\n", "Total Prefixes", (unsigned long long)s->routes);
	for (unsigned i = 1; i <= TYPES; i++)
		if (s->by_type[i % TYPES])
			out_printf(o, "  %-28s: %12llu\n", type_text[i % TYPES],
			    (unsigned long long)s->by_type[i % TYPES]);
	out_printf(o, "%-30s: %12llu\n", "Local paths", (unsigned long long)s->local);
	out_printf(o, "%-30s: %12llu\n", "Stale paths", (unsigned long long)s->stale);
	out_printf(o, "%-30s: %12llu\n", "Paths that may not be used",
	    (unsigned long long)s->unusable);
	out_printf(
	    o, "%-30s: %12.2f\n", "Average AS-Path length (hops)", average_hops(s));
	out_printf(o, "%-30s: %12u\n", "Longest AS-Path (hops)", s->hops_max);
}

static void
stats_json(struct out *o, const struct stats *s)
{
	out_obj_begin(o, NULL);
	out_str(o, "instance", "VRF default");
	out_uint(o, "totalAdvertisements", s->paths);
	out_uint(o, "totalPrefixes", s->routes);
	out_obj_begin(o, "prefixesByType");
	for (unsigned i = 1; i <= TYPES; i++)
		out_uint(o, type_json[i % TYPES], s->by_type[i % TYPES]);
	out_obj_end(o);
	out_uint(o, "localPaths", s->local);
	out_uint(o, "stalePaths", s->stale);
	out_uint(o, "unusablePaths", s->unusable);
	out_real(o, "averageAsPathLengthHops", average_hops(s));
	out_uint(o, "longestAsPath", s->hops_max);
	out_obj_end(o);
}

static bool
show_statistics(struct show_ctx *c)
{
	struct rib *r = bgp_rib(c->eng->bgp);
	struct stats *s = c->state;
	uint32_t h;

	if (!s) {
		c->state = s = xcalloc(1, sizeof *s);
		s->cursor.wake = nothing_to_wake;
		rib_cursor_open(r, &s->cursor, RIB_GROUP_NONE, true);
	}
	for (unsigned i = 1; (h = rib_cursor_next(&s->cursor)) != 0; i++) {
		if (rib_route(r, h)->path.attrs)
			count_route(r, s, rib_route(r, h));
		if (i % 256 == 0 && loop_slice_over(c->eng->loop))
			return true;
	}
	(c->json ? stats_json : stats_text)(c->out, s);
	return false;
}

static void
statistics_done(struct show_ctx *c)
{
	struct stats *s = c->state;

	if (s && s->cursor.rib)
		rib_cursor_close(&s->cursor);
	free(s);
}

/* --- update groups --- */

/* Whether no neighbour before p is in its group. */
static bool
leads_group(struct bgp *b, const struct peer *p)
{
	const struct adjout_policy *pol = adjout_policy_of(&p->out);
	const struct peer *q = bgp_peer_first(b);

	while (q != p && adjout_policy_of(&q->out) != pol)
		q = bgp_peer_next(b, (struct peer *)(uintptr_t)q);
	return pol && q == p;
}

static const char *
yes_no(bool v)
{
	return v ? "yes" : "no";
}

static void
group_text(const struct show_ctx *c, const struct peer *head)
{
	const struct adjout_policy *pol = adjout_policy_of(&head->out);
	struct bgp *b = c->eng->bgp;
	char ip[IP_STRLEN];

	out_printf(c->out, "Update-group ID: %u\n", adjout_group_number(&head->out));
	out_printf(c->out, "  Link: %s\n", pol->ibgp ? "internal" : "external");
	out_printf(c->out, "  Route reflector client: %s\n", yes_no(pol->rr_client));
	out_printf(c->out, "  Next hop self: %s\n", yes_no(pol->next_hop_self));
	out_printf(c->out, "  Longest message: %u\n", pol->max_msg);
	if (pol->route_types != ~0u) {
		out_puts(c->out, "  Route types:");
		for (unsigned t = 1; t < 32; t++)
			if (pol->route_types >> t & 1)
				out_printf(c->out, " %u", t);
		out_puts(c->out, "\n");
	}
	out_puts(c->out, "  Peers:\n");
	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p))
		if (adjout_policy_of(&p->out) == pol)
			out_printf(c->out, "    %s: %u routes, %zu bytes queued%s\n",
			    ip_format(p->addr, ip), adjout_sent(&p->out), p->out.queued,
			    adjout_idle(&p->out) ? "" : ", sending");
}

static void
group_json(const struct show_ctx *c, const struct peer *head)
{
	const struct adjout_policy *pol = adjout_policy_of(&head->out);
	struct bgp *b = c->eng->bgp;
	const unsigned id = adjout_group_number(&head->out);
	struct out *o = c->out;
	char text[IP_STRLEN];

	snprintf(text, sizeof text, "%u", id);
	out_obj_begin(o, text);
	out_uint(o, "groupId", id);
	out_str(o, "link", pol->ibgp ? "internal" : "external");
	out_bool(o, "routeReflectorClient", pol->rr_client);
	out_bool(o, "nextHopSelf", pol->next_hop_self);
	out_uint(o, "maxMessageSize", pol->max_msg);
	out_arr_begin(o, "peers");
	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p)) {
		if (adjout_policy_of(&p->out) != pol)
			continue;
		out_obj_begin(o, NULL);
		out_str(o, "peer", ip_format(p->addr, text));
		out_uint(o, "sentPrefixCounter", adjout_sent(&p->out));
		out_uint(o, "queuedBytes", p->out.queued);
		out_bool(o, "sending", !adjout_idle(&p->out));
		out_obj_end(o);
	}
	out_arr_end(o);
	out_obj_end(o);
}

static bool
show_groups(struct show_ctx *c)
{
	struct bgp *b = c->eng->bgp;
	bool any = false;

	if (c->json)
		out_obj_begin(c->out, NULL);
	for (struct peer *p = bgp_peer_first(b); p; p = bgp_peer_next(b, p))
		if (leads_group(b, p)) {
			(c->json ? group_json : group_text)(c, p);
			any = true;
		}
	if (c->json)
		out_obj_end(c->out);
	else if (!any)
		out_puts(c->out, "No neighbor is sent updates\n");
	return false;
}

static const struct show_cmd rows[] = {
	{ "show bgp l2vpn evpn statistics [json]", "The EVPN table in numbers",
	    show_statistics, statistics_done },
	{ "show bgp [l2vpn evpn] update-groups [json]",
	    "Neighbours that are sent the same", show_groups, NULL },
};

const struct show_table show_bgp_stats_table = SHOW_TABLE(rows);
