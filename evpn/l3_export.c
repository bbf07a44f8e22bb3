/* SPDX-License-Identifier: ISC */
/* What this machine has, as type-5 routes: attributes, identity, what the configuration names. */
#include "config.h"

#include <stdlib.h>

#include "bgpd/extcomm.h"
#include "bgpd/nlri.h"
#include "evpn/core.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(l3_announced);
COUNTER(l3_withdrawn);

#define EXTRA_ECOMS 2 /* encapsulation, router MAC */

/* --- saying it --- */

/* Whose L3VNI and router MAC the route names: a leaked prefix is reached in its own VRF. */
static const struct vrf_ident *
ident_of(const struct evpn *e, const struct vrf *v, const struct l3_prefix *p)
{
	const struct vrf *from = NULL;

	if (p->local && p->flags & PFX_LEAK)
		from = e->vrfs.slots[l3_local_at(&e->l3, p->local)->from];
	return from && from->ident.on ? &from->ident : &v->ident;
}

static bool
has_router_mac(const struct attrs *a)
{
	struct mac mac;

	for (unsigned i = 0; i < a->necoms; i++)
		if (ecom_router_mac_get(&a->ecoms[i], &mac))
			return true;
	return false;
}

/* RFC 9136 3.2: a router MAC is an overlay index itself, so none goes with a gateway's address. */
static uint32_t
make_attrs(struct evpn *e, const struct vrf *v, const struct vrf_ident *id,
    const struct l3_said *said, bool gateway)
{
	struct attrs a = said->a;
	size_t n = 0, room = v->nexports + a.necoms + EXTRA_ECOMS;
	struct ecom *ec = xmalloc(room * sizeof *ec);
	uint32_t h;

	if (v->nexports)
		memcpy(ec, v->exports, v->nexports * sizeof *ec);
	n = v->nexports;
	/* What a map sets stands beside what makes it a route of the fabric. */
	if (a.necoms)
		memcpy(ec + n, a.ecoms, a.necoms * sizeof *ec);
	n += a.necoms;
	ec[n++] = ecom_encap(ENCAP_VXLAN);
	if (!gateway && !has_router_mac(&a))
		ec[n++] = ecom_router_mac(id->rmac); /* RFC 9136 4.4.1 */
	a.has |= HAS_NEXT_HOP;
	a.nexthop = id->vtep;
	a.ecoms = ec;
	a.necoms = (uint16_t)n;
	h = attrset_intern(e->attrs, &a);
	free(ec);
	return h;
}

static uint32_t
attrs_for(struct evpn *e, struct vrf *v, const struct vrf_ident *id,
    const struct l3_said *said, bool gateway)
{
	uint32_t *cached = &v->ident.attrs[said->a.origin];

	if (id != &v->ident || !said->plain || gateway)
		return make_attrs(e, v, id, said, gateway);
	if (!*cached)
		*cached = make_attrs(e, v, id, said, false);
	attrset_ref(e->attrs, *cached);
	return *cached;
}

void
l3_forget_attrs(struct evpn *e, struct vrf *v)
{
	for (unsigned i = 0; i < ARRAY_LEN(v->ident.attrs); i++) {
		if (v->ident.attrs[i])
			attrset_unref(e->attrs, v->ident.attrs[i]);
		v->ident.attrs[i] = 0;
	}
}

static void
make_key(const struct vrf *v, const struct l3_prefix *p, struct rib_key *k)
{
	const struct prefix q = l3_prefix_of(p);
	struct evpn_nlri n = {
		.type = EVPN_PREFIX, .rd = v->ident.rd, .ip = q.ip, .plen = q.plen
	};

	evpn_nlri_key(&n, k);
}

static void
announce(
    struct evpn *e, struct vrf *v, const struct l3_prefix *p, const struct l3_said *said)
{
	const struct vrf_ident *id = ident_of(e, v, p);
	const struct l3_local *l = said->route;
	struct rib_path_in in = { .label = { id->l3vni }, .nlabels = 1 };
	struct rib_key k;

	/* RFC 9136 4.1: the overlay index is the host that has the prefix behind it.  No type 2 tells of
	 * a link-local one. */
	if (l && l3_family(v, p)->advertise_gateway && l->gateway.len == p->iplen &&
	    !ip_is_linklocal(l->gateway))
		in.aux.gw = l->gateway;
	if (said->gateway.len)
		in.aux.gw = said->gateway;
	in.attrs = attrs_for(e, v, id, said, in.aux.gw.len != 0);
	make_key(v, p, &k);
	rib_update(e->rib, &k, 0, &in);
	COUNT(l3_announced);
}

void
l3_withdraw(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	struct rib_key k;

	if (!(p->flags & PFX_EXPORTED))
		return;
	make_key(obj_vrf(e, &p->obj), p, &k);
	rib_withdraw(e->rib, &k, 0);
	p->flags &= (uint8_t)~PFX_EXPORTED;
	COUNT(l3_withdrawn);
}

/* The aggregates that contain it count it, or no longer. */
static void
count_inside(struct evpn *e, struct vrf *v, struct l3_prefix *p)
{
	const struct prefix q = l3_prefix_of(p);
	struct l3_said said;
	bool inside = l3_chosen(e, v, p, &said);
	size_t i;

	if (inside == ((p->flags & PFX_INSIDE) != 0))
		return;
	p->flags ^= PFX_INSIDE;
	for (i = 0; i < v->naggs; i++) {
		uint32_t agg;

		if (!l3_agg_contains(&v->aggs[i], &q))
			continue;
		v->aggs[i].inside += inside ? 1 : -1u;
		agg = l3_find(e, v, v->aggs[i].conf.prefix);
		if (agg && v->aggs[i].inside <= 1)
			l3_export(e, agg);
	}
}

void
l3_export(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	struct vrf *v = obj_vrf(e, &p->obj);
	struct l3_said said;

	if (v->naggs)
		count_inside(e, v, p);
	if (!l3_say(e, v, p, &said)) {
		l3_withdraw(e, h);
		return;
	}
	announce(e, v, p, &said);
	p->flags |= PFX_EXPORTED;
}

void
l3_adopt(struct evpn *e, struct vrf *v)
{
	l3_forget_attrs(e, v);
	v->ident.rd = v->rd;
	v->ident.vtep = v->vtep;
	v->ident.rmac = v->rmac;
	v->ident.l3vni = v->l3vni;
	v->ident.on = v->up;
	l3_leak_ident(e, v);
}

/* --- what the configuration names --- */

static void
pin(struct evpn *e, struct vrf *v, struct prefix p)
{
	uint32_t h = l3_get(e, v, prefix_mask(p));

	l3_at(&e->l3, h)->flags |= PFX_CONF;
	v->pinned = true;
}

static void
pin_family(struct evpn *e, struct vrf *v, const struct vrf_af_conf *af, uint8_t len)
{
	size_t i;

	for (i = 0; i < af->nnetworks; i++)
		pin(e, v, af->networks[i].prefix);
	for (i = 0; i < af->naggregates; i++) {
		v->aggs = xrealloc(v->aggs, (v->naggs + 1) * sizeof *v->aggs);
		v->aggs[v->naggs++] = (struct vrf_agg){ .conf = af->aggregates[i] };
		pin(e, v, af->aggregates[i].prefix);
	}
	if (af->default_originate)
		pin(e, v, (struct prefix){ .ip.len = len });
}

static void
unpin(struct evpn *e, struct vrf *v)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_vrf(e, &w, v, ZL_KIND_ROUTE);
	while ((h = obj_walk_next(e, &w)) != 0)
		l3_at(&e->l3, h)->flags &= (uint8_t) ~(PFX_CONF | PFX_INSIDE | PFX_TABLE);
	obj_walk_end(e, &w);
	v->pinned = false;
}

void
l3_configure(struct evpn *e, struct vrf *v)
{
	if (v->pinned)
		unpin(e, v);
	free(v->aggs);
	v->aggs = NULL;
	v->naggs = 0;
	if (v->conf) {
		pin_family(e, v, &v->conf->af[0], 4);
		pin_family(e, v, &v->conf->af[1], 16);
		ktables_mark(e, v);
	}
	vrf_job(e, v, VRF_JOB_EXPORT | VRF_JOB_EVAL | VRF_JOB_LEAK);
}

static void
last_resort(struct evpn *e, struct vrf *v, uint8_t len, bool on)
{
	struct prefix q = { .ip.len = len };
	uint32_t h = on ? l3_get(e, v, q) : l3_find(e, v, q);
	struct l3_prefix *p;

	if (!h)
		return;
	p = l3_at(&e->l3, h);
	p->flags = (uint8_t)((p->flags & ~PFX_UNREACH) | (on ? PFX_UNREACH : 0));
	l3_decide(e, h);
}

void
l3_refresh(struct evpn *e, struct vrf *v)
{
	bool on = v->conf && v->conf->unreachable_default && v->l3vni && v->observed;

	if (v->last_resort == on)
		return;
	v->last_resort = on;
	last_resort(e, v, 4, on);
	last_resort(e, v, 16, on);
}

void
l3_last_resort(struct evpn *e, struct vrf *v)
{
	static const uint8_t lens[] = { 4, 16 };

	for (unsigned i = 0; v->last_resort && i < ARRAY_LEN(lens); i++) {
		uint32_t h = l3_find(e, v, (struct prefix){ .ip.len = lens[i] });

		if (h)
			l3_decide(e, h);
	}
}
