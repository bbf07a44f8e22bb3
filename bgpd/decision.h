/* SPDX-License-Identifier: ISC */
/* bgpd/decision.h: which of two paths of one route is better, and why.
 *
 * What    decision_cmp() numbers each step of RFC 4271 9.1.2.2 and RFC 4456 9,
 *         with the EVPN steps of RFC 7432 15 in front for type 2.  Between
 *         external paths that are equal up to the router identifier the best one
 *         stays the best (RFC 5004), unless compare_router_id asks for the lowest.
 * Pure    No state: facts of the two paths in, order and deciding step out.
 * Rules   Total order over distinct peers: a tie is an invariant broken.
 */
#ifndef EVPND_BGPD_DECISION_H
#define EVPND_BGPD_DECISION_H

#include "bgpd/rib.h"

enum decision_step {
	DECISION_ONLY, /* there was no other */
	DECISION_ELIGIBLE,
	DECISION_STICKY,
	DECISION_SEQUENCE,
	DECISION_LOWEST_VTEP,
	DECISION_WEIGHT,
	DECISION_LOCAL_PREF,
	DECISION_LOCAL,
	DECISION_AS_PATH,
	DECISION_ORIGIN,
	DECISION_MED,
	DECISION_EBGP,
	DECISION_IGP_METRIC,
	DECISION_OLDER,
	DECISION_ROUTER_ID,
	DECISION_CLUSTER_LEN,
	DECISION_PEER_ADDR,
	DECISION_MAX,
};

struct decision_path {
	const struct rib_path *path; /* borrowed, as all of these */
	const struct attrset *attrs; /* its attributes */
	const struct rib_peer *peer; /* its source */
	uint32_t igp_metric;	     /* cost to the next hop (RFC 4271 9.1.2.2 e) */
	bool unreachable; /* the next hop cannot be resolved (RFC 4271 9.1.2) */
	bool best;	  /* it is the best path until now */
};

/* What a route-map gave the path, else what its source has. */
uint32_t decision_weight(const struct rib_peer *peer, const struct attrs *a);

/* The facts of one of the RIB's paths; `best` is the caller's to set. */
struct decision_path decision_path(const struct rib *r, const struct rib_path *p);

/* <0: a is better, >0: b is better.  macip: apply the EVPN steps of type 2. */
int decision_cmp(const struct rib_decision_conf *c, bool macip,
    const struct decision_path *a, const struct decision_path *b,
    enum decision_step *why);
/* The same for paths of different routes: 0 if no step tells them apart (why: DECISION_MAX). */
int decision_rank(const struct rib_decision_conf *c, bool macip,
    const struct decision_path *a, const struct decision_path *b,
    enum decision_step *why);
/* Text as the FRR dialect's selectionReason where there is one: "Local Pref", "AS Path". */
const char *decision_step_name(enum decision_step s);
/* Why the best path of the route is best: the step against the second best. */
enum decision_step decision_why(const struct rib *r, const struct rib_route *rt);

#endif
