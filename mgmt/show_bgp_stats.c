/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn statistics`, `update-groups`: the table in numbers, and who is sent the same. */
#include "config.h"

#include "mgmt/show_bgp_stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bgpd/afi.h"
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
	uint64_t hops_sum, bytes_sum;	 /* of the paths' AS_PATHs */
	unsigned hops_max, bytes_max;	 /* the largest of them */
	uint32_t as_max;		 /* the highest public AS in them */
};

static void
nothing_to_wake(struct rib_cursor *cur)
{
	(void)cur;
}

static bool
as_is_private(uint32_t as)
{
	/* RFC 6996, and what is reserved at the end of both ranges (RFC 7300). */
	return (as >= 64512 && as <= 65535) || as >= 4200000000u;
}

static void
count_aspath(struct stats *s, const struct attrset *as)
{
	struct rbuf r = rb_init(as->a.aspath, as->a.aspath_len);

	s->hops_sum += as->aspath_hops;
	s->hops_max = MAX(s->hops_max, as->aspath_hops);
	s->bytes_sum += as->a.aspath_len;
	s->bytes_max = MAX(s->bytes_max, as->a.aspath_len);
	while (rb_left(&r)) {
		rb_u8(&r); /* type of the segment */
		for (unsigned n = rb_u8(&r); n && !r.failed; n--) {
			const uint32_t asn = rb_u32(&r);

			if (!as_is_private(asn))
				s->as_max = MAX(s->as_max, asn);
		}
	}
}

static void
count_route(const struct rib *r, struct stats *s, const struct rib_route *rt)
{
	const unsigned type = rt->len && rt->tail[0] < TYPES ? rt->tail[0] : 0;

	s->routes++;
	s->by_type[type]++;
	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p)) {
		s->paths++;
		s->local += rib_peer(r, p->peer)->local;
		s->stale += (p->flags & PATH_STALE) != 0;
		s->unusable += !rib_path_usable(r, p);
		count_aspath(s, attrset_get(rib_attrtab(r), p->attrs));
	}
}

static const char *const type_text[TYPES] = { "  other types", "  type 1, Ethernet A-D",
	"  type 2, MAC/IP", "  type 3, multicast", "  type 4, Ethernet segment",
	"  type 5, IP prefix" };
static const char *const type_json[TYPES] = { "other", "ead", "macip", "multicast", "es",
	"prefix" };

static double
average(uint64_t sum, uint64_t n)
{
	return n ? (double)sum / (double)n : 0.0;
}

static void
text_count(struct out *o, const char *what, uint64_t n)
{
	out_printf(o, "%-30s: %12" PRIu64 "\n", what, n);
}

static void
stats_text(struct out *o, const struct stats *s)
{
	out_printf(o, "BGP %s RIB statistics (VRF default)\n", afi_evpn()->name);
	text_count(o, "Total Advertisements", s->paths);
	text_count(o, "Total Prefixes", s->routes);
	for (unsigned i = 1; i <= TYPES; i++)
		if (s->by_type[i % TYPES])
			text_count(o, type_text[i % TYPES], s->by_type[i % TYPES]);
	text_count(o, "Local paths", s->local);
	text_count(o, "Stale paths", s->stale);
	text_count(o, "Paths that may not be used", s->unusable);
	out_puts(o, "\n");
	text_count(o, "Advertisements with paths", s->paths);
	text_count(o, "Longest AS-Path (hops)", s->hops_max);
	out_printf(o, "%-30s: %12.2f\n", "Average AS-Path length (hops)",
	    average(s->hops_sum, s->paths));
	text_count(o, "Largest AS-Path (bytes)", s->bytes_max);
	out_printf(o, "%-30s: %12.2f\n", "Average AS-Path size (bytes)",
	    average(s->bytes_sum, s->paths));
	text_count(o, "Highest public ASN", s->as_max);
}

static void
stats_json(struct out *o, const struct stats *s)
{
	out_obj_begin(o, NULL);
	out_arr_begin(o, afi_evpn()->json);
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
	out_uint(o, "advertisementsWithPaths", s->paths);
	out_uint(o, "longestAsPath", s->hops_max);
	out_real(o, "averageAsPathLengthHops", average(s->hops_sum, s->paths));
	out_uint(o, "largestAsPath", s->bytes_max);
	out_real(o, "averageAsPathSizeBytes", average(s->bytes_sum, s->paths));
	out_uint(o, "highestPublicAsn", s->as_max);
	out_obj_end(o);
	out_arr_end(o);
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
	const struct adjout_policy *pol = adjout_policy_of(&p->af[AFI_SAFI_EVPN].out);
	const struct peer *q = bgp_peer_first(b);

	while (q != p && adjout_policy_of(&q->af[AFI_SAFI_EVPN].out) != pol)
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
	const struct adjout_policy *pol = adjout_policy_of(&head->af[AFI_SAFI_EVPN].out);
	struct bgp *b = c->eng->bgp;
	char ip[IP_STRLEN];

	out_printf(c->out, "Update-group %u:\n",
	    adjout_group_number(&head->af[AFI_SAFI_EVPN].out));
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
		if (adjout_policy_of(&p->af[AFI_SAFI_EVPN].out) == pol)
			out_printf(c->out, "    %s: %u routes, %zu bytes queued%s\n",
			    ip_format(p->addr, ip),
			    adjout_sent(&p->af[AFI_SAFI_EVPN].out),
			    p->af[AFI_SAFI_EVPN].out.queued,
			    adjout_idle(&p->af[AFI_SAFI_EVPN].out) ? "" : ", sending");
}

static void
group_json(const struct show_ctx *c, const struct peer *head)
{
	const struct adjout_policy *pol = adjout_policy_of(&head->af[AFI_SAFI_EVPN].out);
	struct bgp *b = c->eng->bgp;
	const unsigned id = adjout_group_number(&head->af[AFI_SAFI_EVPN].out);
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
		if (adjout_policy_of(&p->af[AFI_SAFI_EVPN].out) != pol)
			continue;
		out_obj_begin(o, NULL);
		out_str(o, "peer", ip_format(p->addr, text));
		out_uint(o, "sentPrefixCounter", adjout_sent(&p->af[AFI_SAFI_EVPN].out));
		out_uint(o, "queuedBytes", p->af[AFI_SAFI_EVPN].out.queued);
		out_bool(o, "sending", !adjout_idle(&p->af[AFI_SAFI_EVPN].out));
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
