/* SPDX-License-Identifier: ISC */
/* Outbound rules: who hears of a route, and with which attributes. */
#include "config.h"

#include "bgpd/policy.h"

#include <string.h>

#include "bgpd/aspath.h"

#define COMM_NO_EXPORT_SUBCONFED 0xffffff03u

bool
policy_equal(const struct adjout_policy *a, const struct adjout_policy *b)
{
	return a->ibgp == b->ibgp && a->rr_client == b->rr_client &&
	       a->client_to_client == b->client_to_client && a->unicast == b->unicast &&
	       a->next_hop_self == b->next_hop_self && a->as4 == b->as4 &&
	       a->max_msg == b->max_msg && a->local_as == b->local_as &&
	       a->peer_as == b->peer_as && a->as_override == b->as_override &&
	       a->remove_private == b->remove_private &&
	       a->remove_private_all == b->remove_private_all &&
	       a->replace_private == b->replace_private &&
	       a->cluster_id == b->cluster_id &&
	       a->default_local_pref == b->default_local_pref &&
	       a->route_types == b->route_types && rmap_equal(a->map, b->map) &&
	       ip_equal(a->nexthop, b->nexthop);
}

bool
policy_reflects(const struct adjout_policy *p, const struct rib_peer *src)
{
	if (!p->ibgp || src->local || !src->ibgp)
		return true;
	/* RFC 4456 6: from a client to everyone, from a non-client to clients alone. */
	if (src->rr_client)
		return !p->rr_client || p->client_to_client;
	return p->rr_client;
}

/* Whether routes of this source go out with our address. */
static bool
becomes_next_hop(const struct adjout_policy *p, const struct rib_peer *src)
{
	if (src->local)
		return p->unicast;
	if (p->ibgp)
		return !src->ibgp && p->next_hop_self;
	return p->unicast || p->next_hop_self;
}

static bool
has_community(const struct attrset *as, uint32_t comm)
{
	for (unsigned i = 0; i < as->a.ncomms; i++)
		if (as->a.comms[i] == comm)
			return true;
	return false;
}

bool
policy_permits_set(
    const struct adjout_policy *p, const struct rib_peer *src, const struct attrset *as)
{
	/* RFC 1997: NO_ADVERTISE to nobody, NO_EXPORT not beyond the AS.  Without
	 * confederations NO_EXPORT_SUBCONFED says the same. */
	if (as->derived & ATTRSET_NO_ADVERTISE)
		return false;
	if (!p->ibgp && (as->derived & ATTRSET_NO_EXPORT ||
			    has_community(as, COMM_NO_EXPORT_SUBCONFED)))
		return false;
	/* Who has no address of the family cannot be the next hop. */
	if (becomes_next_hop(p, src) && p->nexthop.len == 0)
		return false;
	return policy_reflects(p, src);
}

bool
policy_permits(const struct adjout_policy *p, const struct rib_peer *src,
    const struct attrset *as, uint8_t type)
{
	return policy_permits_type(p, type) && policy_permits_set(p, src, as);
}

/* RFC 4456 8: who brought it into the AS stays known, and we show that it passed us. */
static void
reflect(const struct adjout_policy *p, const struct rib_peer *src, struct arena *arena,
    struct attrs *out)
{
	uint32_t *list = arena_alloc(arena, 4 * (out->nclusters + 1u));

	if (!(out->has & HAS_ORIGINATOR)) {
		out->has |= HAS_ORIGINATOR;
		out->originator = src->router_id;
	}
	list[0] = p->cluster_id;
	if (out->nclusters)
		memcpy(list + 1, out->clusters, 4u * out->nclusters);
	out->clusters = list;
	out->nclusters++;
}

static void
rewrite_internal(const struct adjout_policy *p, const struct rib_peer *src,
    struct arena *arena, struct attrs *out)
{
	/* RFC 4271 5.1.5: always there towards internal peers. */
	if (!(out->has & HAS_LOCAL_PREF)) {
		out->has |= HAS_LOCAL_PREF;
		out->local_pref = p->default_local_pref;
	}
	if (src->ibgp && !src->local)
		reflect(p, src, arena, out);
}

/* RFC 4360 6: non-transitive communities stay within the AS. */
static void
drop_nontransitive(struct arena *arena, struct attrs *out)
{
	struct ecom *list;
	uint16_t n = 0;

	while (n < out->necoms && !(out->ecoms[n].b[0] & 0x40))
		n++;
	if (n == out->necoms)
		return;
	list = arena_alloc(arena, sizeof(*list) * out->necoms);
	n = 0;
	for (unsigned i = 0; i < out->necoms; i++)
		if (!(out->ecoms[i].b[0] & 0x40))
			list[n++] = out->ecoms[i];
	out->ecoms = list;
	out->necoms = n;
}

static bool
rewrite_external(const struct adjout_policy *p, const struct rib_peer *src,
    struct arena *arena, struct attrs *out)
{
	/* One AS more: its octets and perhaps a new segment's head. */
	size_t room = out->aspath_len + 16u;
	struct wbuf w = wb_init(arena_alloc(arena, room), room);

	/* RFC 4271 5.1.5; RFC 4456 8: these have no meaning in another AS. */
	out->has &= ~(uint32_t)(HAS_LOCAL_PREF | HAS_ORIGINATOR);
	out->nclusters = 0;
	/* RFC 4271 5.1.4: one AS's MED goes no further; our own may. */
	if (!src->local)
		out->has &= ~(uint32_t)HAS_MED;
	aspath_prepend(&w, out->aspath, out->aspath_len, p->local_as, 1);
	if (wb_len(&w) > UINT16_MAX)
		return false;
	out->aspath = w.start;
	out->aspath_len = (uint16_t)wb_len(&w);
	drop_nontransitive(arena, out);
	return true;
}

/* What the peer may not see of the path, or would take for a loop. */
static void
rewrite_path(const struct adjout_policy *p, struct arena *arena, struct attrs *out)
{
	uint8_t *to;

	if (out->aspath_len == 0 || !(p->as_override || p->remove_private))
		return;
	if (p->remove_private &&
	    (p->remove_private_all || aspath_all_private(out->aspath, out->aspath_len))) {
		to = arena_alloc(arena, out->aspath_len);
		out->aspath_len = (uint16_t)aspath_unprivate(out->aspath, out->aspath_len,
		    p->peer_as, p->replace_private ? p->local_as : 0, to);
		out->aspath = to;
	}
	if (p->as_override) {
		to = arena_alloc(arena, out->aspath_len + 1u);
		out->aspath_len = (uint16_t)aspath_replace(
		    out->aspath, out->aspath_len, p->peer_as, p->local_as, to);
		out->aspath = to;
	}
}

bool
policy_rewrite(const struct adjout_policy *p, const struct rib_peer *src,
    const struct attrset *as, unsigned entry, struct arena *arena, struct attrs *out)
{
	*out = as->a;
	out->has |= HAS_AS_PATH;
	rewrite_path(p, arena, out);
	/* Our own AS stands in front of what the map prepends: the neighbour may look for it. */
	if (entry)
		rmap_set(p->map, entry, arena, out);
	if (becomes_next_hop(p, src))
		out->nexthop = p->nexthop;
	if (p->ibgp)
		rewrite_internal(p, src, arena, out);
	else if (!rewrite_external(p, src, arena, out))
		return false;
	if (entry)
		rmap_set_local(p->map, entry, out);
	return true;
}
