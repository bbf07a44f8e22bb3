/* SPDX-License-Identifier: ISC */
/* bgpd/policy.h: what may leave to whom, and what its attributes look like there.
 *
 * What    struct adjout_policy is all of a peer that its outbound UPDATEs depend on;
 *         peers with equal ones share a group (bgpd/adjout.h).  policy_permits()
 *         says whether a route goes out, policy_rewrite() makes its attributes.
 * Pure    Facts in, answer out; memory only from the caller's arena.
 * Paths   AS numbers that are replaced or removed are so before the map looks at them, and before our
 *         own stands in front (as the FRR dialect has it).
 * Rules   Reflection RFC 4456 6, 8; well-known communities RFC 1997; LOCAL_PREF and
 *         MED RFC 4271 5.1.4, 5.1.5; AS_PATH RFC 4271 5.1.2; the next hop of EVPN
 *         is kept (RFC 8365 5.1.3 makes it the VTEP) unless next-hop-self says no;
 *         that of unicast is we ourselves towards external peers, and for what we
 *         originate (RFC 4271 5.1.3).
 */
#ifndef EVPND_BGPD_POLICY_H
#define EVPND_BGPD_POLICY_H

#include "bgpd/attrset.h"
#include "bgpd/routemap.h"
#include "bgpd/rib.h"
#include "lib/arena.h"

struct adjout_policy {
	bool ibgp;		     /* internal peer */
	bool rr_client;		     /* it is our route reflector client */
	bool client_to_client;	     /* routes go from client to client (default true) */
	bool unicast;		     /* not EVPN: next hops as RFC 4271 5.1.3 has them */
	bool next_hop_self;	     /* routes of external peers get `nexthop` */
	bool as4;		     /* 4-octet AS numbers were agreed (RFC 6793) */
	uint16_t max_msg;	     /* MSG_MAX, or MSG_MAX_EXTENDED where agreed */
	uint32_t local_as;	     /* our AS as the peer sees it */
	uint32_t peer_as;	     /* external peers with one of the next two: its AS */
	bool as_override;	     /* its AS in paths becomes ours */
	bool remove_private;	     /* private ASes go, */
	bool remove_private_all;     /* where there are others, too, */
	bool replace_private;	     /* or become ours */
	uint32_t cluster_id;	     /* for CLUSTER_LIST, host order */
	uint32_t default_local_pref; /* for routes that have none, to internal peers */
	uint32_t route_types; /* bit n: EVPN type n may be sent; types past 31: bit 0 */
	struct rmap *map;     /* route-map, or NULL; a group holds a reference */
	struct ip nexthop;    /* our address, with next_hop_self or unicast; or none */
};

bool policy_equal(const struct adjout_policy *a, const struct adjout_policy *b);
/* By the kind of source alone: do routes of src go to such a peer at all? */
bool policy_reflects(const struct adjout_policy *p, const struct rib_peer *src);
/* type: first octet of the key's tail.  The route's own source peer is the caller's affair. */
bool policy_permits(const struct adjout_policy *p, const struct rib_peer *src,
    const struct attrset *as, uint8_t type);
/* The two halves of it: by route type, and by what all routes of a source and set have in common. */
static inline bool
policy_permits_type(const struct adjout_policy *p, uint8_t type)
{
	return p->route_types >> (type < 32 ? type : 0) & 1;
}
bool policy_permits_set(
    const struct adjout_policy *p, const struct rib_peer *src, const struct attrset *as);
/* The attributes as they go out, after the entry of the map that permits the route (0: there is no
 * map).  Borrows as and the map; new lists come from the arena.  False if the path has no room for our
 * AS. */
bool policy_rewrite(const struct adjout_policy *p, const struct rib_peer *src,
    const struct attrset *as, unsigned entry, struct arena *arena, struct attrs *out);

#endif
