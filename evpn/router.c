/* SPDX-License-Identifier: ISC */
/* Remote routers: who claims which router MAC, and which of them the kernel is told. */
#include "config.h"

#include "evpn/router.h"

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.router");
COUNTER(router_mac_taken);

/* --- tables --- */

static uint32_t
key_hash(uint16_t vrf, uint32_t vtep, uint32_t label)
{
	uint32_t k[3] = { vrf, vtep, label };

	return hash32(k, sizeof k);
}

static uint32_t
find(const struct evpn *e, uint16_t vrf, uint32_t vtep, uint32_t label)
{
	struct hidx_it it = hidx_first(&e->routers.index, key_hash(vrf, vtep, label));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct router *r = router_at(&e->routers, h);

		if (r->vrf == vrf && r->vtep == vtep && r->label == label)
			return h;
	}
	return 0;
}

static uint32_t
get(struct evpn *e, const struct vrf *v, uint32_t vtep, uint32_t label)
{
	uint32_t h = find(e, v->id, vtep, label);

	if (h)
		return h;
	h = slab_alloc(&e->routers.routers);
	*router_at(&e->routers, h) =
	    (struct router){ .vrf = v->id, .vtep = vtep, .label = label };
	intern_ref(&e->ips, vtep);
	hidx_insert(&e->routers.index, key_hash(v->id, vtep, label), h);
	return h;
}

void
router_release(struct evpn *e, uint32_t h)
{
	struct router *r = router_at(&e->routers, h);

	if (r->claims || r->hops[0] || r->hops[1])
		return;
	hidx_remove(&e->routers.index, key_hash(r->vrf, r->vtep, r->label), h);
	intern_unref(&e->ips, r->vtep);
	slab_free(&e->routers.routers, h);
}

static uint32_t
rmac_hash(uint16_t vrf, struct mac mac)
{
	uint8_t k[8] = { (uint8_t)(vrf >> 8), (uint8_t)vrf };

	memcpy(k + 2, mac.b, 6);
	return hash32(k, sizeof k);
}

uint32_t
rmac_find(const struct evpn *e, const struct vrf *v, struct mac mac)
{
	struct hidx_it it = hidx_first(&e->routers.rindex, rmac_hash(v->id, mac));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct rmac *m = rmac_at(&e->routers, h);

		if (m->obj.evi == v->id && mac_equal(m->addr, mac))
			return h;
	}
	return 0;
}

static uint32_t
rmac_get(struct evpn *e, struct vrf *v, struct mac mac)
{
	uint32_t h = rmac_find(e, v, mac);

	if (h)
		return h;
	h = slab_alloc(&e->routers.rmacs);
	rmac_at(&e->routers, h)->addr = mac;
	obj_link_vrf(e, v, obj_ref(OBJ_RMAC, h));
	hidx_insert(&e->routers.rindex, rmac_hash(v->id, mac), h);
	return h;
}

void
rmac_release(struct evpn *e, uint32_t h)
{
	struct rmac *m = rmac_at(&e->routers, h);

	if (m->claims || !fib_idle(&m->obj))
		return;
	hidx_remove(&e->routers.rindex, rmac_hash(m->obj.evi, m->addr), h);
	obj_unlink(e, obj_ref(OBJ_RMAC, h));
	intern_unref(&e->ips, m->vtep);
	slab_free(&e->routers.rmacs, h);
}

/* --- who has a MAC --- */

uint32_t
router_rmac(const struct evpn *e, const struct router *r)
{
	return r->claims ? router_claim_at(&e->routers, r->claims)->rmac : 0;
}

/* The claim counts: it is the latest of a router that needs the entry. */
static bool
counts(const struct evpn *e, uint32_t claim)
{
	const struct router_claim *c = router_claim_at(&e->routers, claim);
	const struct router *r = router_at(&e->routers, c->router);

	return r->claims == claim && r->label == 0;
}

static uint32_t
lowest(const struct evpn *e, const struct rmac *m)
{
	uint32_t c, best = 0;
	struct ip ip, low = { 0 };

	for (c = m->claims; c; c = router_claim_at(&e->routers, c)->rnext) {
		uint32_t r = router_claim_at(&e->routers, c)->router;

		if (!counts(e, c))
			continue;
		ip = evpn_ip(e, router_at(&e->routers, r)->vtep);
		if (!best || ip_cmp(ip, low) < 0) {
			best = r;
			low = ip;
		}
	}
	return best;
}

static void
block(struct evpn *e, uint32_t h, bool blocked, const struct rmac *m)
{
	struct router *r = router_at(&e->routers, h);
	char mac[MAC_STRLEN], ip[IP_STRLEN], has[IP_STRLEN];

	if (r->blocked == blocked)
		return;
	r->blocked = blocked;
	if (blocked) {
		COUNT(router_mac_taken);
		log_warn("VRF %s: router MAC %s of VTEP %s is that of VTEP %s too",
		    e->vrfs.slots[r->vrf]->name, mac_format(m->addr, mac),
		    ip_format(evpn_ip(e, r->vtep), ip),
		    ip_format(evpn_ip(e, m->vtep), has));
	}
	hop_router_changed(e, h);
	vrf_job_users(e, e->vrfs.slots[r->vrf], VRF_JOB_DECIDE);
}

/* Brings the entry, and who is blocked by it, in line with the claims. */
static void
rmac_refresh(struct evpn *e, uint32_t h)
{
	struct rmac *m = rmac_at(&e->routers, h);
	uint32_t ref = obj_ref(OBJ_RMAC, h), c, owner = lowest(e, m), vtep;
	bool same = m->router == owner;

	m->router = owner;
	if (!owner) {
		fib_unwant(e, ref);
	} else {
		vtep = router_at(&e->routers, owner)->vtep;
		same = same && m->vtep == vtep;
		intern_ref(&e->ips, vtep);
		intern_unref(&e->ips, m->vtep);
		m->vtep = vtep;
		if (!same || !(m->obj.bits & FIB_WANTED))
			fib_want(e, ref);
	}
	for (c = m->claims; c; c = router_claim_at(&e->routers, c)->rnext)
		if (counts(e, c)) {
			uint32_t r = router_claim_at(&e->routers, c)->router;

			block(e, r, r != owner, m);
		}
}

/* --- claims --- */

/* Another claim counts. */
static void
changed(struct evpn *e, uint32_t h, bool was_blocked)
{
	struct router *r = router_at(&e->routers, h);
	uint32_t m = router_rmac(e, r);

	if (m)
		r->mac = rmac_at(&e->routers, m)->addr;
	hop_router_changed(e, h);
	if (was_blocked && !r->blocked)
		vrf_job_users(e, e->vrfs.slots[r->vrf], VRF_JOB_DECIDE);
}

uint32_t
router_claim(struct evpn *e, struct vrf *v, uint32_t vtep, uint32_t label, struct mac mac)
{
	uint32_t rh = get(e, v, vtep, label), c, old;
	struct router *r = router_at(&e->routers, rh);
	bool was_blocked = r->blocked;
	struct router_claim *k;
	struct rmac *m;

	for (c = r->claims; c; c = k->next) {
		k = router_claim_at(&e->routers, c);
		if (mac_equal(rmac_at(&e->routers, k->rmac)->addr, mac)) {
			k->refs++;
			return c;
		}
	}
	old = router_rmac(e, r);
	c = slab_alloc(&e->routers.claims);
	k = router_claim_at(&e->routers, c);
	*k = (struct router_claim){
		.router = rh, .rmac = rmac_get(e, v, mac), .refs = 1, .next = r->claims
	};
	r->claims = c;
	m = rmac_at(&e->routers, k->rmac);
	k->rnext = m->claims;
	m->claims = c;
	r->blocked = false; /* by its former MAC */
	rmac_refresh(e, k->rmac);
	if (old)
		rmac_refresh(e, old);
	changed(e, rh, was_blocked);
	return c;
}

void
router_unclaim(struct evpn *e, uint32_t claim)
{
	struct router_claim *k = router_claim_at(&e->routers, claim);
	struct router *r = router_at(&e->routers, k->router);
	struct rmac *m = rmac_at(&e->routers, k->rmac);
	uint32_t rh = k->router, mh = k->rmac, *link;
	bool counted = r->claims == claim, was_blocked = r->blocked;

	if (--k->refs)
		return;
	for (link = &r->claims; *link != claim;)
		link = &router_claim_at(&e->routers, *link)->next;
	*link = k->next;
	for (link = &m->claims; *link != claim;)
		link = &router_claim_at(&e->routers, *link)->rnext;
	*link = k->rnext;
	slab_free(&e->routers.claims, claim);
	if (counted) {
		r->blocked = false;
		if (r->claims)
			rmac_refresh(e, router_rmac(e, r));
		changed(e, rh, was_blocked);
	}
	rmac_refresh(e, mh);
	rmac_release(e, mh);
	router_release(e, rh);
}

/* The RIB will decide again on every route; until then only defaults must not stay without way. */
static void
came_or_went(struct evpn *e, struct vrf *v, bool came)
{
	size_t i;

	if (came)
		vrf_job_users(e, v, VRF_JOB_DECIDE);
	l3_last_resort(e, v);
	for (i = 0; i < e->vrfs.n; i++)
		if (e->vrfs.order[i]->foreign)
			l3_last_resort(e, e->vrfs.order[i]);
}

void
router_reach(struct evpn *e, struct ip vtep, bool reachable)
{
	uint32_t ip = intern_find(&e->ips, &vtep, sizeof vtep), h = 0;

	while (ip && (h = slab_next(&e->routers.routers, h)) != 0) {
		struct router *r = router_at(&e->routers, h);

		if (r->vtep != ip || r->cut == !reachable)
			continue;
		r->cut = !reachable;
		hop_router_changed(e, h);
		came_or_went(e, e->vrfs.slots[r->vrf], reachable);
	}
}

/* --- for the data plane --- */

void
rmac_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct rmac *m = rmac_at(&e->routers, h);

	w->kind = ZL_KIND_MAC;
	w->vni = obj_vrf(e, &m->obj)->l3vni;
	w->mac = m->addr;
	w->vtep = evpn_ip(e, m->vtep);
}

void
router_table_init(struct evpn *e)
{
	struct router_table *t = &e->routers;

	slab_init(&t->routers, "evpn routers", sizeof(struct router));
	slab_init(&t->claims, "evpn router MAC claims", sizeof(struct router_claim));
	slab_init(&t->rmacs, "evpn router MACs", sizeof(struct rmac));
	hidx_init(&t->index);
	hidx_init(&t->rindex);
}

void
router_table_fini(struct evpn *e)
{
	struct router_table *t = &e->routers;

	hidx_fini(&t->index);
	hidx_fini(&t->rindex);
	slab_fini(&t->routers);
	slab_fini(&t->claims);
	slab_fini(&t->rmacs);
}
