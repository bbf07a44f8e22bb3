/* SPDX-License-Identifier: ISC */
/* bgpd/rib.h: the routing information base of one address family.
 *
 * What    Routes (keys) and their paths, one best path each, and one list of
 *         changes that everyone downstream reads at their own pace.
 * Why     Adj-RIB-In is the set of paths by peer; Adj-RIB-Out is a position in
 *         the list of changes and a bit: no copies (design.md 3).
 * Paths   One per (route, peer); peer 0 is this router (local routes).  The best
 *         path, if any is eligible, stands first, inside the route's cell; the
 *         rest hang in a list.  Do not keep a path's pointer across rib_update().
 * Changes A route whose best path changed (another path, other attributes,
 *         labels or aux, or none left) moves to the end of the list once.
 *         A consumer (struct rib_cursor) walks from where it was to the end and
 *         sees each route's present state: storms collapse, memory is bounded by
 *         routes.  A route without paths stays until every consumer that was told
 *         of it has passed.
 * Told    Each consumer group has a bit in every route, set by the consumer when
 *         it has passed the route on (advertised, imported), so that a
 *         withdrawal goes only where the route went.  Group RIB_GROUP_SHARED is
 *         shared by whoever comes after the first 31: for it "told" means maybe.
 * Hops    A peer's path whose next hop is known to be unreachable (bgpd/nht.h) stays and is
 *         shown, but is never best; our own paths do not depend on their next hop.
 * Memory  60 bytes for a type-2 route with IPv4 and one path, 72 with IPv6, and
 *         about 12 for the index; 28 for each further path.
 * Cost    O(1) update; a peer's end is one walk over all routes, in slices.
 */
#ifndef EVPND_BGPD_RIB_H
#define EVPND_BGPD_RIB_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/attrset.h"
#include "bgpd/rib_key.h"
#include "bgpd/rib_path.h"
#include "lib/hidx.h"
#include "lib/intern.h"
#include "lib/loop.h"
#include "lib/slab.h"

struct rib_route {
	uint32_t prev, next;  /* list of changes: handles */
	uint32_t told;	      /* bit per consumer group */
	uint32_t head;	      /* interned key head; ref; 0 = empty */
	struct rib_path path; /* first path; path.attrs == 0: no path at all */
	uint16_t len;	      /* bytes of tail */
	uint8_t flags;	      /* RIB_ROUTE_* */
	uint8_t tail[];	      /* key's tail */
};

enum {
	RIB_ROUTE_CURSOR = 1, /* no route, but a place in the list */
	RIB_ROUTE_BEST = 2,   /* the first path is eligible, so best */
	/* Clear: whatever any group was told of this route came from path.peer (which stays
	 * valid when the last path is gone), so that peer was not told itself. */
	RIB_ROUTE_MIXED = 4,
};

#define RIB_LOCAL_WEIGHT 32768 /* of our own routes, as in the dialect */

/* What the decision needs to know of a path's source. */
struct rib_peer {
	bool used;		 /* this index is taken */
	bool ibgp;		 /* internal */
	bool local;		 /* index 0 */
	bool rr_client;		 /* its routes are reflected to everyone */
	uint32_t router_id;	 /* BGP identifier, host order */
	uint32_t as;		 /* its AS */
	struct ip addr;		 /* its address */
	uint16_t weight;	 /* locally assigned */
	uint32_t npaths;	 /* paths held from it; kept by the RIB */
	uint32_t nbest;		 /* routes whose best path is from it; kept by the RIB */
	uint32_t nbest_type[32]; /* of them, by the first octet of the tail; past 31: 0 */
	void *owner;		 /* struct peer, borrowed; NULL for local */
};

/* A path as the caller of rib_update() gives it; values are copied, attrs is consumed (one ref). */
struct rib_path_in {
	uint32_t attrs; /* interned set; the reference is taken over */
	struct path_aux aux;
	uint32_t label[2]; /* 24 bits */
	uint8_t nlabels;
	uint16_t flags; /* PATH_INELIGIBLE and the reason */
};

struct rib_decision_conf {
	bool always_compare_med, deterministic_med, compare_router_id, multipath_relax;
	uint32_t default_local_pref; /* 100 */
};

#define RIB_GROUP_SHARED 31
#define RIB_GROUP_NONE 255 /* for a reader that tells nobody: rib_told() does nothing */

struct nht;	/* bgpd/nht.h */
struct nht_hop; /* the same */
struct rib;

/* A consumer of changes.  Embed; one callback on wake, then the owner walks. */
struct rib_cursor {
	struct rib *rib; /* borrowed; NULL when closed */
	uint32_t node;	 /* its sentinel in the list */
	uint8_t group;	 /* told bit */
	bool rearmost;	 /* kept by the RIB: no other cursor of its group is behind it */
	/* The list has grown; called once until walked dry.  May only queue work. */
	void (*wake)(struct rib_cursor *c);
	bool awake; /* wake was called and the end not reached since */
	struct rib_cursor *lnext,
	    *lprev; /* all cursors of the RIB, in order of their places */
};

struct rib *rib_new(struct loop *l, struct attrtab *attrs);
void rib_free(struct rib *r);
void rib_set_decision(
    struct rib *r, const struct rib_decision_conf *c); /* recomputes all, in slices */

/* Before the first path: next hops of peers' paths are tracked there (borrowed); without it all of
 * them can be reached. */
void rib_track(struct rib *r, struct nht *n);
/* Of a family whose routes we install ourselves: a next hop must be reached without them, or routes
 * would hold up each other, and not by a default route, which says nothing of where it is. */
void rib_track_strictly(struct rib *r, struct nht *n);
/* Told of each route with a path more, less or other than before, best or not, and of each that was
 * decided on again.  May only take notes. */
void rib_on_paths(struct rib *r, void (*fn)(void *arg, uint32_t route), void *arg);
/* What a next hop's answer changed: decides again, in slices, on the routes whose paths use it.
 * metric_only: it is as reachable as before. */
void rib_hops_changed(struct rib *r, bool metric_only);

/* Peers: an index from 1, reused only after rib_peer_del() and the end of its sweep. */
uint16_t rib_peer_add(
    struct rib *r, const struct rib_peer *p); /* 0 when 65535 are in use */
struct rib_peer *rib_peer(
    const struct rib *r, uint16_t peer); /* valid until the index is free again */

/* Adds or replaces the peer's path.  Returns the route's handle. */
uint32_t rib_update(
    struct rib *r, const struct rib_key *k, uint16_t peer, const struct rib_path_in *in);
/* False when the peer had none. */
bool rib_withdraw(struct rib *r, const struct rib_key *k, uint16_t peer);
/* The same for many at once, in order; half the time, as they wait for memory together.  Some dozens
 * are a good number.  The second returns how many paths there were. */
struct rib_item {
	const struct rib_key *key; /* borrowed for the call */
	struct rib_path_in
	    in; /* its attrs reference is taken over; not for withdrawals */
	uint32_t head, hash, route; /* the RIB's own, no need to set */
};
void rib_update_batch(struct rib *r, uint16_t peer, struct rib_item *items, unsigned n);
unsigned rib_withdraw_batch(
    struct rib *r, uint16_t peer, struct rib_item *items, unsigned n);
/* In slices: withdraws all paths that the peer has now (stale_only: those marked stale), then calls
 * done (may be NULL) from the loop.  Paths that come while it runs are not touched, so that a session
 * may start again at once. */
void rib_peer_flush(
    struct rib *r, uint16_t peer, bool stale_only, void (*done)(void *arg), void *arg);
/* All paths that the peer has now are stale; in slices, so that PATH_STALE may be seen a little
 * later, but a flush of what is stale knows at once. */
void rib_peer_mark_stale(struct rib *r, uint16_t peer);
/* Flushes, then frees the index: no updates from it after this; owner is cleared at once. */
void rib_peer_del(struct rib *r, uint16_t peer);

uint32_t rib_find(
    const struct rib *r, const struct rib_key *k); /* handle; 0 if it has no path */
struct rib_route *rib_route(const struct rib *r, uint32_t h);
/* For a handle that was kept while the RIB changed: NULL if there is no route any more.  It may
 * be another one. */
struct rib_route *rib_route_live(const struct rib *r, uint32_t h);
void rib_route_key(const struct rib *r, const struct rib_route *rt, struct rib_key *k);
const struct rib_key_head *rib_head(const struct rib *r, uint32_t head); /* of rt->head */
const struct path_aux *rib_aux(const struct rib *r, uint32_t aux);	 /* never NULL */
static inline const struct rib_path *
rib_best(const struct rib_route *rt)
{
	return rt->flags & RIB_ROUTE_BEST ? &rt->path : 0;
}
/* May be best: neither ineligible nor behind an unreachable next hop. */
bool rib_path_usable(const struct rib *r, const struct rib_path *p);
const struct nht_hop *rib_path_hop(
    const struct rib *r, const struct rib_path *p); /* or NULL */
const struct rib_path *rib_path_next(
    const struct rib *r, const struct rib_path *p); /* NULL at end */
const struct rib_path *rib_path_of(
    const struct rib *r, const struct rib_route *rt, uint16_t peer);

/* Consumers.  A new group gets a bit of its own while one is left. */
uint8_t rib_group_alloc(struct rib *r);
void rib_group_free(
    struct rib *r, uint8_t group); /* clears its bit everywhere, in slices */
/* Opens at the start of the list (sees every route) or at its end (only what comes). */
void rib_cursor_open(struct rib *r, struct rib_cursor *c, uint8_t group, bool at_start);
/* The same position as another cursor of the group. */
void rib_cursor_open_at(struct rib_cursor *c, const struct rib_cursor *at);
void rib_cursor_rewind(struct rib_cursor *c); /* to the start again */
/* What another cursor of the group has passed and this one has not is cleaned up in slices.  A
 * group without cursors is to be freed, or its next cursor opened at the start. */
void rib_cursor_close(struct rib_cursor *c);
/* The next route to look at, 0 at the end.  The cursor has then passed it: the caller sets or
 * clears its told bit with rib_told() before the next call.  A route that nobody needs then is freed
 * by a later call to rib_cursor_next() or rib_told(), not by this rib_told(). */
uint32_t rib_cursor_next(struct rib_cursor *c);
/* Notes that the group has (or no longer has) this route; a clear counts only from the
 * group's rearmost cursor. */
void rib_told(struct rib_cursor *c, uint32_t route, bool told);
bool rib_was_told(const struct rib_cursor *c, const struct rib_route *rt);
/* True if both stand at the same place: they may be made one. */
bool rib_cursor_met(const struct rib_cursor *a, const struct rib_cursor *b);
/* The nearest consumer's cursor of the same group (bit) ahead of this one, or NULL. */
struct rib_cursor *rib_cursor_ahead(const struct rib_cursor *c);
/* Routes that the group was told of. */
uint32_t rib_told_count(const struct rib *r, uint8_t group);
/* The same by the peer of their best path, added to n[peer]: a walk over all routes. */
void rib_told_by_peer(const struct rib *r, uint8_t group, uint32_t *n, uint32_t npeers);

/* All routes that have a path, in order of the list, until fn says false; for dumps.  Not stable
 * across updates: use a cursor there. */
uint32_t rib_count(const struct rib *r); /* routes that have a path */
uint32_t rib_path_count(const struct rib *r);
void rib_foreach(
    struct rib *r, bool (*fn)(struct rib *, uint32_t route, void *arg), void *arg);

struct rib_memory {
	size_t routes, paths, index, heads, aux, attrs; /* bytes */
};
void rib_memory(const struct rib *r, struct rib_memory *m);
struct attrtab *rib_attrtab(const struct rib *r);
const struct rib_decision_conf *rib_decision(const struct rib *r);

#endif
