/* SPDX-License-Identifier: ISC */
/* bgpd/update_in.c: what a received UPDATE changes. */
#include "config.h"

#include "bgpd/update_in.h"

#include <stdio.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/bgp_priv.h"
#include "bgpd/msg.h"
#include "bgpd/peer_priv.h"
#include "bgpd/routemap.h"
#include "bgpd/session.h"
#include "bgpd/update.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("bgp.update");
COUNTER(bgp_update_treat_as_withdraw);
COUNTER(bgp_update_attr_discard);
COUNTER(bgp_update_as_set);
COUNTER(bgp_update_reset);
COUNTER(bgp_nlri_malformed);
COUNTER(bgp_nlri_loop);
COUNTER(bgp_nlri_next_hop);
COUNTER(bgp_nlri_no_policy);
COUNTER(bgp_nlri_denied);

enum { BATCH = 32 };

/* The peer's part in the family of a field; NULL if the session does not carry it. */
static struct peer_af *
af_of(struct peer *p, const struct afi_safi *f)
{
	struct peer_af *af = f ? &p->af[afi_number(f)] : NULL;

	return af && peer_speaks(p, af->family) ? af : NULL;
}

static void
count_malformed(struct peer *p)
{
	COUNT(bgp_nlri_malformed);
	p->n.nlri_malformed++;
	log_warn_rl(&p->priv->rl, "neighbor %s: malformed NLRI skipped", p->name);
}

/* Routes go to the RIB in batches, so that they wait for memory together. */
struct batch {
	struct afi_nlri nlri[BATCH];
	struct rib_item items[BATCH];
	unsigned n; /* of them in use */
};

/* The next routes of the field; none at its end. */
static bool
batch_read(struct peer *p, struct update_field *f, struct batch *b)
{
	b->n = 0;
	while (b->n < BATCH && rb_left(&f->nlri) > 0) {
		struct afi_nlri *n = &b->nlri[b->n];
		enum nlri_result res = f->family->decode(&f->nlri, n);

		if (res == NLRI_TRUNCATED) {
			f->nlri.pos = f->nlri.end;
			break;
		}
		if (res == NLRI_OK)
			b->items[b->n++].key = &n->key;
		else
			count_malformed(p);
	}
	return b->n > 0;
}

static void
withdraw_field(struct peer *p, struct update_field *f)
{
	const struct peer_af *af = af_of(p, f->family);
	struct batch b;

	if (!af)
		return;
	while (batch_read(p, f, &b))
		rib_withdraw_batch(peer_af_rib(af), af->rib_idx, b.items, b.n);
}

static void
store_field(struct peer_af *af, struct update_field *f, struct attrs *a)
{
	struct peer *p = af->peer;
	struct attrtab *t = &p->bgp->attrs;
	struct batch b;
	uint32_t set;

	a->nexthop = f->nexthop;
	set = attrset_intern(t, a);
	while (batch_read(p, f, &b)) {
		for (unsigned i = 0; i < b.n; i++) {
			const struct afi_nlri *n = &b.nlri[i];

			attrset_ref(t, set);
			b.items[i].in = (struct rib_path_in){
				.attrs = set,
				.aux = n->aux,
				.label = { n->label[0], n->label[1] },
				.nlabels = n->nlabels,
			};
		}
		rib_update_batch(peer_af_rib(af), af->rib_idx, b.items, b.n);
	}
	attrset_unref(t, set);
}

/* The same through a route-map: route by route, as each may become another. */
static void
store_mapped(struct peer_af *af, struct update_field *f, struct attrs *a)
{
	const struct rmap *map = peer_af_conf(af)->map_in;
	struct rib *rib = peer_af_rib(af);
	struct batch b;

	a->nexthop = f->nexthop;
	while (batch_read(af->peer, f, &b))
		for (unsigned i = 0; i < b.n; i++) {
			const struct afi_nlri *n = &b.nlri[i];
			struct rib_path_in in = { .aux = n->aux,
				.label = { n->label[0], n->label[1] },
				.nlabels = n->nlabels };
			struct attrs changed = *a;
			struct rmap_route r;
			unsigned entry;

			rmap_route_init(&r, af->family, &n->key.head, n->key.tail,
			    n->key.len, n->label[0], a);
			r.src_peer = af->peer->addr;
			entry = rmap_permits(map, &r);
			if (entry == 0) {
				COUNT(bgp_nlri_denied);
				af->peer->n.filtered++;
				rib_withdraw(rib, &n->key, af->rib_idx);
				continue;
			}
			rmap_set(map, entry, &af->peer->bgp->arena, &changed);
			rmap_gateway(map, entry, r.prefix.ip.len == 16, &in.aux.gw);
			in.attrs = attrset_intern(&af->peer->bgp->attrs, &changed);
			rib_update(rib, &n->key, af->rib_idx, &in);
		}
}

static bool
has_cluster(const struct attrs *a, uint32_t id)
{
	for (unsigned i = 0; i < a->nclusters; i++)
		if (a->clusters[i] == id)
			return true;
	return false;
}

/* RFC 4271 9.1.2: the own AS in AS_PATH, more often than the neighbour may send it. */
static bool
as_loop(const struct peer_af *af, const struct attrs *a)
{
	const struct peer_af_conf *c = peer_af_conf(af);
	uint32_t own = af->peer->bgp->conf->as;

	if (c->allowas_in_origin && aspath_origin(a->aspath, a->aspath_len) == own)
		return false;
	return aspath_count(a->aspath, a->aspath_len, own) > c->allowas_in;
}

/* The counter of the check that keeps the routes of these attributes out, NULL if none does. */
static uint64_t *
looped(const struct peer_af *af, const struct attrs *a)
{
	struct peer *p = af->peer;
	const struct bgp *b = p->bgp;

	if (as_loop(af, a))
		return &p->n.loops_as;
	/* RFC 4456 8. */
	if (a->has & HAS_ORIGINATOR && a->originator == bgp_router_id(b))
		return &p->n.loops_originator;
	if (has_cluster(a, bgp_cluster_id(b)))
		return &p->n.loops_cluster;
	return NULL;
}

/* RFC 4271 6.3: a next hop that is our own address leads nowhere, and what is of another family
 * than the route was not agreed on (RFC 8950 4).  The next hop of EVPN is an endpoint of tunnels. */
static bool
bad_next_hop(const struct peer_af *af, struct ip nh)
{
	if (af->family == AFI_SAFI_EVPN)
		return false;
	return nh.len != (af->family == AFI_SAFI_IPV4 ? 4 : 16) ||
	       ip_equal(nh, af->peer->local);
}

static void
announce_field(struct peer *p, struct update_field *f, struct attrs *a)
{
	struct peer_af *af = af_of(p, f->family);
	uint64_t *loop;

	if (!af)
		return;
	loop = looped(af, a);
	if (peer_af_conf(af)->weight) {
		a->has |= HAS_WEIGHT;
		a->weight = peer_af_conf(af)->weight;
	}
	if (loop) {
		++*loop;
		COUNT(bgp_nlri_loop);
	} else if (bad_next_hop(af, f->nexthop)) {
		COUNT(bgp_nlri_next_hop);
		p->n.bad_next_hops++;
	} else if (!peer_may_import(af)) {
		COUNT(bgp_nlri_no_policy);
	} else {
		(peer_af_conf(af)->map_in ? store_mapped : store_field)(af, f, a);
		return;
	}
	withdraw_field(p, f);
}

static void
take_routes(struct peer *p, struct update *u)
{
	for (int i = 0; i < u->nwithdraw; i++)
		withdraw_field(p, &u->withdraw[i]);
	for (int i = 0; i < u->nreach; i++)
		announce_field(p, &u->reach[i], &u->attrs);
}

static void
treat_as_withdraw(struct peer *p, struct update *u)
{
	COUNT(bgp_update_treat_as_withdraw);
	p->n.withdrawn_in++;
	log_warn_rl(&p->priv->rl, "neighbor %s: UPDATE treated as withdraw (%s: %s)",
	    p->name, u->fault.attr ? attr_name(u->fault.attr) : "UPDATE", u->fault.why);
	for (int i = 0; i < u->nwithdraw; i++)
		withdraw_field(p, &u->withdraw[i]);
	for (int i = 0; i < u->nreach; i++)
		withdraw_field(p, &u->reach[i]);
}

static void
reset(struct session *s, const struct upd_fault *f)
{
	struct notification n = {
		.code = f->code,
		.subcode = f->subcode,
		.data = f->data,
		.datalen = f->datalen,
	};

	COUNT(bgp_update_reset);
	session_stop(s, FSM_EV_UPDATE_ERR, &n, f->why);
}

void
update_in(struct session *s, const struct bgp_msg *m)
{
	struct peer *p = s->peer;
	struct bgp *b = p->bgp;
	struct update *u = &b->upd;
	struct peer_af *af;
	struct attr_ctx ctx = {
		.as4 = p->nego.as4,
		.ibgp = p->ibgp,
		.local_as = b->conf->as,
		.first_as = p->conf->enforce_first_as ? p->nego.remote_as : 0,
		.deaf = ~(unsigned)p->nego.families,
	};

	update_decode(m->body, &ctx, &b->arena, u);
	if (u->fault.discarded) {
		COUNT_ADD(bgp_update_attr_discard, u->fault.discarded);
		p->n.attrs_discarded += u->fault.discarded;
	}
	/* RFC 9774 deprecates sets; they are taken as they come, and counted. */
	if (u->attrs.has & HAS_AS_SET)
		COUNT(bgp_update_as_set);
	switch (u->fault.verdict) {
	case UPD_ATTR_DISCARD:
		log_warn_rl(&p->priv->rl, "neighbor %s: attribute %s discarded (%s)",
		    p->name, u->fault.attr ? attr_name(u->fault.attr) : "?",
		    u->fault.why);
		take_routes(p, u);
		break;
	case UPD_OK:
		af = u->eor ? af_of(p, afi_find(u->eor_afi, u->eor_safi)) : NULL;
		if (af)
			peer_eor_in(af);
		else
			take_routes(p, u);
		break;
	case UPD_WITHDRAW:
		treat_as_withdraw(p, u);
		break;
	case UPD_AFI_DISABLE:
		/* A session that goes on without one of its families helps nobody, and often
		 * there is no other: it is a reset (RFC 7606 2, 7.3).  Of one that we did not
		 * agree on nothing is read (ctx.deaf), so that it hides nothing. */
	case UPD_RESET:
		reset(s, &u->fault);
		break;
	}
	arena_reset(&b->arena);
	if (s->fd >= 0)
		peer_check_max_prefix(p);
}
