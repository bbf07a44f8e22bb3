/* SPDX-License-Identifier: ISC */
/* The decision process: a table of steps, each of which compares one fact of two paths. */
#include "config.h"

#include "bgpd/decision.h"

#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/util.h"

struct cmp {
	const struct rib_decision_conf *conf;
	bool macip; /* EVPN type 2 */
};

/* Less is better. */
static int
less(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int
more(uint32_t a, uint32_t b)
{
	return less(b, a);
}

/* RFC 4271 9.1.2: what is looped or cannot be resolved is not considered. */
static bool
ineligible(const struct decision_path *p)
{
	return p->unreachable || p->path->flags & PATH_INELIGIBLE;
}

static int
cmp_eligible(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(ineligible(a), ineligible(b));
}

/* RFC 7432 15.2: a MAC that is sticky somewhere does not move. */
static int
cmp_sticky(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	if (!c->macip)
		return 0;
	return more(
	    a->attrs->derived & ATTRSET_STICKY, b->attrs->derived & ATTRSET_STICKY);
}

/* RFC 7432 15: the higher sequence number is the newer place; absent counts as 0. */
static int
cmp_sequence(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	return c->macip ? more(a->attrs->mm_seq, b->attrs->mm_seq) : 0;
}

/* RFC 7432 15: same sequence, lower VTEP address wins. */
static int
cmp_vtep(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	return c->macip ? ip_cmp(a->attrs->a.nexthop, b->attrs->a.nexthop) : 0;
}

uint32_t
decision_weight(const struct rib_peer *peer, const struct attrs *a)
{
	return a->has & HAS_WEIGHT ? a->weight : peer->weight;
}

static int
cmp_weight(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return more(decision_weight(a->peer, &a->attrs->a),
	    decision_weight(b->peer, &b->attrs->a));
}

static uint32_t
local_pref(const struct cmp *c, const struct decision_path *p)
{
	if (p->attrs->a.has & HAS_LOCAL_PREF)
		return p->attrs->a.local_pref;
	return c->conf->default_local_pref;
}

/* RFC 4271 9.1.1 */
static int
cmp_local_pref(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	return more(local_pref(c, a), local_pref(c, b));
}

static int
cmp_local(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return more(a->peer->local, b->peer->local);
}

/* RFC 4271 9.1.2.2 a */
static int
cmp_aspath(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(a->attrs->aspath_hops, b->attrs->aspath_hops);
}

/* RFC 4271 9.1.2.2 b */
static int
cmp_origin(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(a->attrs->a.origin, b->attrs->a.origin);
}

static uint32_t
med(const struct decision_path *p)
{
	return p->attrs->a.has & HAS_MED ? p->attrs->a.med : 0;
}

/* RFC 4271 9.1.2.2 c: comparable only from the same neighbouring AS; absent is the lowest. */
static int
cmp_med(const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	if (!c->conf->always_compare_med &&
	    a->attrs->neighbor_as != b->attrs->neighbor_as)
		return 0;
	return less(med(a), med(b));
}

/* RFC 4271 9.1.2.2 d */
static int
cmp_ebgp(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(a->peer->ibgp, b->peer->ibgp);
}

/* RFC 4271 9.1.2.2 e */
static int
cmp_igp(const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(a->igp_metric, b->igp_metric);
}

/* RFC 5004: a new external path that is no better does not replace the old one. */
static int
cmp_older(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	if (c->conf->compare_router_id || a->peer->ibgp || b->peer->ibgp)
		return 0;
	return more(a->best, b->best);
}

/* RFC 4271 9.1.2.2 f; RFC 4456 9: a reflected route has its originator's. */
static uint32_t
router_id(const struct decision_path *p)
{
	return p->attrs->a.has & HAS_ORIGINATOR ? p->attrs->a.originator
						: p->peer->router_id;
}

static int
cmp_router_id(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(router_id(a), router_id(b));
}

/* RFC 4456 9: fewer reflections. */
static int
cmp_clusters(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	(void)c;
	return less(a->attrs->a.nclusters, b->attrs->a.nclusters);
}

/* RFC 4271 9.1.2.2 g.  The index tells two sessions of one address apart: the old one's paths
 * may still be swept when the new one brings its own. */
static int
cmp_address(
    const struct cmp *c, const struct decision_path *a, const struct decision_path *b)
{
	int n = ip_cmp(a->peer->addr, b->peer->addr);

	(void)c;
	return n ? n : less(a->path->peer, b->path->peer);
}

/* In order.  Names are the FRR dialect's selectionReason. */
static const struct {
	int (*cmp)(const struct cmp *c, const struct decision_path *a,
	    const struct decision_path *b);
	const char *name;
} steps[DECISION_MAX] = {
	[DECISION_ONLY] = { NULL, "First path received" },
	[DECISION_ELIGIBLE] = { cmp_eligible, "Eligible" },
	[DECISION_STICKY] = { cmp_sticky, "EVPN Sticky Mac" },
	[DECISION_SEQUENCE] = { cmp_sequence, "EVPN sequence number" },
	[DECISION_LOWEST_VTEP] = { cmp_vtep, "EVPN lower IP" },
	[DECISION_WEIGHT] = { cmp_weight, "Weight" },
	[DECISION_LOCAL_PREF] = { cmp_local_pref, "Local Pref" },
	[DECISION_LOCAL] = { cmp_local, "Local Route" },
	[DECISION_AS_PATH] = { cmp_aspath, "AS Path" },
	[DECISION_ORIGIN] = { cmp_origin, "Origin" },
	[DECISION_MED] = { cmp_med, "MED" },
	[DECISION_EBGP] = { cmp_ebgp, "Peer Type" },
	[DECISION_IGP_METRIC] = { cmp_igp, "IGP Metric" },
	[DECISION_OLDER] = { cmp_older, "Older Path" },
	[DECISION_ROUTER_ID] = { cmp_router_id, "Router ID" },
	[DECISION_CLUSTER_LEN] = { cmp_clusters, "Cluster length" },
	[DECISION_PEER_ADDR] = { cmp_address, "Neighbor IP" },
};

int
decision_rank(const struct rib_decision_conf *conf, bool macip,
    const struct decision_path *a, const struct decision_path *b, enum decision_step *why)
{
	const struct cmp c = { conf, macip };

	for (int s = DECISION_ELIGIBLE; s < DECISION_MAX; s++) {
		int n = steps[s].cmp(&c, a, b);

		if (n) {
			*why = (enum decision_step)s;
			return n;
		}
	}
	*why = DECISION_MAX;
	return 0;
}

int
decision_cmp(const struct rib_decision_conf *conf, bool macip,
    const struct decision_path *a, const struct decision_path *b, enum decision_step *why)
{
	int n = decision_rank(conf, macip, a, b, why);

	if (n == 0) {
		ensure(a->path == b->path);
		*why = DECISION_ONLY;
	}
	return n;
}

const char *
decision_step_name(enum decision_step s)
{
	return steps[s].name;
}

enum decision_step
decision_why(const struct rib *r, const struct rib_route *rt)
{
	const struct rib_path *p = rib_best(rt);
	bool macip = rib_route_is_macip(rt);
	struct decision_path best, second = { 0 };
	enum decision_step why = DECISION_ONLY;

	if (!p)
		return DECISION_ONLY;
	best = decision_path(r, p);
	best.best = true;
	while ((p = rib_path_next(r, p)) != NULL) {
		struct decision_path d = decision_path(r, p);

		if (!second.path ||
		    decision_cmp(rib_decision(r), macip, &d, &second, &why) < 0)
			second = d;
	}
	if (!second.path)
		return DECISION_ONLY;
	/* Negative unless MED took the second out of the race before (RFC 4271 9.1.2.2 c). */
	if (decision_cmp(rib_decision(r), macip, &best, &second, &why) > 0)
		return DECISION_MED;
	return why;
}
