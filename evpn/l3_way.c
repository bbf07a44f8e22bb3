/* SPDX-License-Identifier: ISC */
/* Routes of BGP as ways to a prefix: where each leads, which of them are best. */
#include "config.h"

#include "bgpd/decision.h"
#include "bgpd/nlri.h"
#include "evpn/core.h"
#include "lib/util.h"

/* What a route says of its way. */
struct said {
	bool type5;	  /* else type 2 */
	uint32_t vtep;	  /* interned; borrowed from the cache of import.c */
	struct mac rmac;  /* router's MAC community */
	uint32_t label;	  /* VNI */
	struct ip gw;	  /* overlay index, none */
	struct vrf *over; /* whose L3VNI it goes through */
	uint32_t encap;	  /* VNI to send with, when it is not that one; else 0 */
};

const char *
l3_why_text(enum l3_why why)
{
	static const char *const texts[L3_WHYS] = {
		[L3_OK] = "",
		[L3_GONE] = "no usable path",
		[L3_ESI] = "overlay index is an Ethernet segment (not supported)",
		[L3_GW_IGNORED] =
		    "it has a gateway, and enable-resolve-overlay-index is off",
		[L3_GW_UNKNOWN] = "no type-2 route for its gateway, nor a neighbour",
		[L3_GW_OWN] = "its gateway is an address of this machine",
		[L3_GW_DOWN] = "the network of its gateway is down here",
		[L3_NO_RMAC] = "no router MAC",
		[L3_BAD_RMAC] = "its router MAC is no unicast address",
		[L3_OWN_RMAC] = "its router MAC is our own",
		[L3_LABEL] = "its VNI is not our L3VNI, and needs a single VXLAN device",
		[L3_NO_VTEP] = "our L3VNI has no device",
		[L3_DOWN] = "our L3VNI is down",
		[L3_CUT] = "its VTEP is unreachable",
		[L3_TAKEN] = "its router MAC is another VTEP's too",
	};

	return texts[why];
}

/* --- reading --- */

/* Through which L3VNI packets with this VNI leave. */
static enum l3_why
find_over(struct evpn *e, struct vrf *v, struct said *s)
{
	struct evi *evi;

	if (!v->evi || !v->evi->observed)
		return L3_NO_VTEP;
	s->over = v;
	/* 0: the sender leaves it to the route target. */
	if (s->label == 0 || s->label == v->l3vni)
		return L3_OK;
	v->foreign = true;
	evi = evi_find(e, s->label);
	if (evi && evi->l3vrf && evi->l3vrf->importing) {
		s->over = evi->l3vrf;
		return L3_OK;
	}
	/* RFC 8365 5.1.3: the VNI is the receiver's to choose (downstream). */
	if (!(v->evi->obs.flags & ZL_VNI_SVD))
		return L3_LABEL;
	s->encap = s->label;
	return L3_OK;
}

static enum l3_why
check_rmac(const struct said *s)
{
	if (mac_is_zero(s->rmac))
		return L3_NO_RMAC;
	if (mac_is_multicast(s->rmac))
		return L3_BAD_RMAC;
	return mac_equal(s->rmac, s->over->rmac) ? L3_OWN_RMAC : L3_OK;
}

static enum l3_why
read_said(struct evpn *e, const struct imp *i, struct vrf *v, struct said *s)
{
	const struct rib_route *rt = rib_route(e->rib, i->route);
	const struct rib_path *p = rib_best(rt);
	const struct path_aux *aux;
	const struct attrset *a;
	struct cand c;
	enum l3_why why;

	*s = (struct said){ .type5 = i->type5 };
	if (!p || !import_cand(e, i, &c))
		return L3_GONE;
	a = attrset_get(e->attrs, p->attrs);
	aux = rib_aux(e->rib, p->aux);
	s->vtep = c.vtep;
	s->label = rib_label(s->type5 ? p->label1 : p->label2);
	if (a->derived & ATTRSET_ROUTER_MAC)
		s->rmac = a->router_mac;
	if (s->type5 && !esi_is_zero(aux->esi))
		return L3_ESI;
	if (s->type5 && aux->gw.len && !ip_is_zero(aux->gw)) {
		/* RFC 9136 4.1; a sender that says its router MAC as well can be used without it. */
		if (e->conf->resolve_overlay_index) {
			s->gw = aux->gw;
			return L3_OK;
		}
		if (mac_is_zero(s->rmac))
			return L3_GW_IGNORED;
	}
	why = find_over(e, v, s);
	return why ? why : check_rmac(s);
}

/* --- gateways --- */

/* Where a gateway is: behind a router, or in a network of this leaf. */
struct place {
	enum l3_why why; /* else nowhere */
	uint32_t router; /* with the former, else 0 */
	uint32_t vni;	 /* with the latter, else 0 */
};

/* In the networks of the VRF: as a neighbour of ours, or else of the fabric.  The lowest VNI counts. */
static struct place
find_neighbour(struct evpn *e, const struct vrf *v, struct ip ip, bool *here)
{
	struct place at = { .why = L3_GW_UNKNOWN };
	const struct evi *evi;

	*here = false;
	for (evi = v->evis; evi; evi = evi->vrf_next) {
		uint32_t h = evi == v->evi ? 0 : neigh_find(e, evi->id, ip);
		const struct neigh *n = h ? neigh_at(&e->neighs, h) : NULL;
		bool ours = n && neigh_wins_local(e, n);

		if (!n || (!ours && (*here || !neigh_remote_mac(e, n))) ||
		    (ours == *here && at.vni && at.vni < evi->vni))
			continue;
		*here = ours;
		at.vni = evi->vni;
		at.why = ours && n->flags & NEIGH_LSVI ? L3_GW_OWN : L3_OK;
	}
	return at;
}

/* RFC 9136 4.1: recursion through the type 2 of the gateway.  Its host route in the VRF spares the way
 * through its network here, which need not be on this leaf at all. */
static struct place
resolve(struct evpn *e, uint32_t gw)
{
	const struct l3_prefix *p = l3_at(&e->l3, gw);
	const struct imp *best = p->best ? import_imp(&e->import, p->best) : NULL;
	bool here;
	struct place at =
	    find_neighbour(e, obj_vrf(e, &p->obj), l3_prefix_of(p).ip, &here);

	if (!here && best && !best->type5)
		at = (struct place){ .router = hop_at(&e->hops, best->hop)->router };
	return at;
}

#define LEAD_VNI (1u << 31) /* in l3_prefix.lead: it is a VNI, else a router */

bool
l3_way_moved(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	const struct place at = resolve(e, h);
	uint32_t lead =
	    (at.router ? at.router << 4 : LEAD_VNI | at.vni << 4) | (uint32_t)at.why;

	if (p->lead == lead)
		return false;
	p->lead = lead;
	return true;
}

/* --- leading somewhere --- */

/* What an imp holds. */
struct held {
	uint32_t hop, via;
	bool gw;
};

static void
drop(struct evpn *e, const struct held *o)
{
	if (o->hop)
		hop_put(e, o->hop);
	if (!o->via)
		return;
	if (o->gw) {
		l3_at(&e->l3, o->via)->ndeps--;
		l3_release(e, o->via);
	} else {
		router_unclaim(e, o->via);
	}
}

static void
set_why(struct evpn *e, struct imp *i, enum l3_why why)
{
	struct vrf *v = obj_vrf(e, obj_ptr(e, i->obj));

	if (i->why != L3_OK)
		v->refused[i->why]--;
	i->why = (uint8_t)why;
	if (why != L3_OK)
		v->refused[why]++;
}

void
l3_way_uncount(struct evpn *e, struct imp *i)
{
	set_why(e, i, L3_OK);
}

void
l3_way_drop(struct evpn *e, struct imp *i)
{
	struct held o = { i->hop, i->via, i->gw };

	i->hop = i->via = 0;
	drop(e, &o);
}

static void
lead_by_gateway(struct evpn *e, struct imp *i, struct vrf *v, const struct said *s)
{
	struct prefix q = { s->gw, (uint8_t)(s->gw.len * 8) };
	struct place at;

	i->gw = true;
	i->via = l3_get(e, v, q);
	l3_at(&e->l3, i->via)->ndeps++;
	at = resolve(e, i->via);
	l3_way_moved(e, i->via);
	set_why(e, i, at.why);
	if (at.why == L3_OK && at.router)
		i->hop = hop_get(e, at.router, s->gw.len == 4);
	else if (at.why == L3_OK)
		i->hop = hop_host_get(e, v, at.vni, s->gw);
}

static void
lead(struct evpn *e, struct imp *i, const struct said *s)
{
	bool v4 = l3_at(&e->l3, obj_handle(i->obj))->iplen == 4;

	i->gw = false;
	i->via = router_claim(e, s->over, s->vtep, s->encap, s->rmac);
	i->hop = hop_get(e, router_claim_at(&e->routers, i->via)->router, v4);
}

void
l3_way_read(struct evpn *e, uint32_t imp)
{
	struct imp *i = import_imp(&e->import, imp);
	struct vrf *v = obj_vrf(e, obj_ptr(e, i->obj));
	struct held old = { i->hop, i->via, i->gw };
	struct said s;

	set_why(e, i, read_said(e, i, v, &s));
	i->hop = i->via = 0;
	i->gw = false;
	if (i->why == L3_OK && s.gw.len)
		lead_by_gateway(e, i, v, &s);
	else if (i->why == L3_OK)
		lead(e, i, &s);
	drop(e, &old); /* afterwards, so that what stays never goes in between */
}

enum l3_why
l3_imp_why(struct evpn *e, const struct imp *i)
{
	const struct hop *p = i->hop ? hop_at(&e->hops, i->hop) : NULL;
	const struct router *r;

	if (!p || hop_usable(e, i->hop))
		return (enum l3_why)i->why;
	if (!obj_vrf(e, &p->obj)->dp_up)
		return L3_DOWN;
	if (p->host)
		return L3_GW_DOWN;
	r = router_at(&e->routers, p->router);
	return r->cut ? L3_CUT : L3_TAKEN;
}

/* --- choosing --- */

static bool
usable(struct evpn *e, const struct imp *i)
{
	return i->hop && hop_usable(e, i->hop) &&
	       rib_best(rib_route(e->rib, i->route)) != NULL;
}

/* RFC 7432 15, RFC 9135 7: of the leaves that tell of a host the one with the highest sequence number has it. What
 * the others say is old, until they have heard of the move, and leads nowhere even if that one's way cannot be used. */
static bool
superseded(struct evpn *e, const struct l3_prefix *p, const struct imp *i)
{
	struct cand c, other;
	uint32_t h;

	if (i->type5 || !import_cand(e, i, &c))
		return false;
	for (h = p->imps; h; h = import_imp(&e->import, h)->onext) {
		const struct imp *o = import_imp(&e->import, h);

		if (o == i || o->type5 || !import_cand(e, o, &other) ||
		    (c.flags & ~other.flags) & CAND_STICKY)
			continue;
		if ((other.flags & ~c.flags) & CAND_STICKY || other.seq > c.seq)
			return true;
	}
	return false;
}

/* Less than 0: a is better.  *equal: they differ in nothing that forbids sharing the traffic. */
static int
rank(const struct evpn *e, const struct imp *a, const struct imp *b, bool *equal)
{
	const struct rib_decision_conf *c = rib_decision(e->rib);
	struct decision_path pa, pb;
	enum decision_step why;
	int n;

	*equal = false;
	if (a->type5 != b->type5) /* the host itself is known better than its prefix */
		return a->type5 - b->type5;
	pa = decision_path(e->rib, rib_best(rib_route(e->rib, a->route)));
	pb = decision_path(e->rib, rib_best(rib_route(e->rib, b->route)));
	n = decision_rank(c, !a->type5, &pa, &pb, &why);
	*equal =
	    why >= DECISION_ROUTER_ID &&
	    (c->multipath_relax || (pa.attrs->a.aspath_len == pb.attrs->a.aspath_len &&
				       (pa.attrs->a.aspath_len == 0 ||
					   memcmp(pa.attrs->a.aspath, pb.attrs->a.aspath,
					       pa.attrs->a.aspath_len) == 0)));
	if (n == 0)
		n = ip_cmp(pa.attrs->a.nexthop, pb.attrs->a.nexthop);
	return n;
}

/* Puts the hop where it belongs by gateway; at most `max` stay. */
static unsigned
insert(const struct evpn *e, uint32_t *hops, unsigned n, unsigned max, uint32_t hop)
{
	struct ip gw = hop_gateway(e, hop_at(&e->hops, hop));
	unsigned at, i;

	for (i = 0; i < n; i++)
		if (hops[i] == hop)
			return n;
	for (at = 0; at < n; at++)
		if (ip_cmp(gw, hop_gateway(e, hop_at(&e->hops, hops[at]))) < 0)
			break;
	if (at == max)
		return n;
	if (n < max)
		n++;
	for (i = n - 1; i > at; i--)
		hops[i] = hops[i - 1];
	hops[at] = hop;
	return n;
}

static unsigned
max_paths(const struct evpn *e, const struct l3_prefix *p)
{
	const struct vrf *v = obj_vrf(e, &p->obj);
	unsigned max = v->conf ? v->conf->af[p->iplen == 16].maximum_paths : 0;

	return max > 0 && max < ZL_GROUP_MAX ? max : ZL_GROUP_MAX;
}

static uint32_t
best_of(struct evpn *e, const struct l3_prefix *p)
{
	uint32_t h, best = 0;
	bool equal;

	for (h = p->imps; h; h = import_imp(&e->import, h)->onext) {
		const struct imp *i = import_imp(&e->import, h);

		if (usable(e, i) && !superseded(e, p, i) &&
		    (!best || rank(e, i, import_imp(&e->import, best), &equal) < 0))
			best = h;
	}
	return best;
}

bool
l3_way_used(struct evpn *e, const struct l3_prefix *p, uint32_t imp)
{
	const struct imp *i = import_imp(&e->import, imp);
	bool equal = false;

	if (!p->best || !usable(e, i))
		return false;
	if (imp != p->best)
		rank(e, i, import_imp(&e->import, p->best), &equal);
	return imp == p->best || equal;
}

unsigned
l3_way_choose(struct evpn *e, struct l3_prefix *p, uint32_t hops[ZL_GROUP_MAX])
{
	unsigned n = 0, max = max_paths(e, p);
	uint32_t h;

	p->best = best_of(e, p);
	if (!p->best)
		return 0;
	hops[n++] = import_imp(&e->import, p->best)->hop;
	for (h = p->imps; h && max > 1; h = import_imp(&e->import, h)->onext)
		if (h != p->best && l3_way_used(e, p, h))
			n = insert(e, hops, n, max, import_imp(&e->import, h)->hop);
	return n;
}
