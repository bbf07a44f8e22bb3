/* SPDX-License-Identifier: ISC */
/* Next hops and groups of them: who refers to them, and when they are there. */
#include "config.h"

#include "evpn/hop.h"

#include <stdlib.h>

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/util.h"

/* --- hops --- */

static bool
is_group(uint32_t way)
{
	return way & 1;
}

static struct hop *
way_hop(const struct evpn *e, uint32_t way)
{
	return hop_at(&e->hops, way >> 1);
}

static struct hop_group *
way_group(const struct evpn *e, uint32_t way)
{
	return hop_group_at(&e->hops, way >> 1);
}

/* The host's network is there, and a part of the VRF. */
static bool
net_up(struct evpn *e, const struct hop *p)
{
	const struct evi *evi = evi_find(e, p->vni);

	return evi && evi->dp_up && evi->obs.svi_ifindex != 0 &&
	       evi->vrf == obj_vrf(e, &p->obj);
}

/* Its router, or host, can be led to.  A router of which no route speaks any more still is, as long as
 * the kernel may have routes there. */
static bool
leads(struct evpn *e, const struct hop *p)
{
	const struct router *r;

	if (p->host)
		return net_up(e, p);
	r = router_at(&e->routers, p->router);
	return !r->blocked && !r->cut;
}

bool
hop_usable(struct evpn *e, uint32_t h)
{
	const struct hop *p = hop_at(&e->hops, h);

	return leads(e, p) && obj_vrf(e, &p->obj)->dp_up;
}

struct ip
hop_gateway(const struct evpn *e, const struct hop *h)
{
	static const uint8_t v4[12] = { [10] = 0xff, [11] = 0xff };
	struct ip ip, m;

	if (h->host)
		return evpn_ip(e, h->host);
	ip = evpn_ip(e, router_at(&e->routers, h->router)->vtep);
	if (!h->mapped)
		return ip;
	m = (struct ip){ .len = 16 };
	memcpy(m.b, v4, sizeof v4);
	memcpy(m.b + 12, ip.b, 4);
	return m;
}

/* Its users lose what they had over it. */
static void
went_away(struct evpn *e, uint32_t h)
{
	uint32_t g = 0;

	hop_at(&e->hops, h)->awaited = true;
	while ((g = slab_next(&e->hops.groups, g)) != 0) {
		struct hop_group *grp = hop_group_at(&e->hops, g);
		unsigned i, there = 0, in = 0;

		for (i = 0; i < grp->n; i++) {
			in |= grp->members[i] == way_of_hop(h);
			there += !way_hop(e, grp->members[i])->awaited;
		}
		if (in && !there)
			grp->awaited = true;
	}
}

/* again: its content has changed. */
static void
decide(struct evpn *e, uint32_t h, bool again)
{
	struct hop *p = hop_at(&e->hops, h);
	bool want = p->refs && leads(e, p);
	uint32_t ref = obj_ref(ZL_KIND_HOP, h);

	if (!want) {
		if (p->refs && p->obj.bits & FIB_WANTED)
			went_away(e, h);
		fib_unwant(e, ref);
	} else if (again || !(p->obj.bits & FIB_WANTED)) {
		fib_want(e, ref);
	}
}

uint32_t
hop_get(struct evpn *e, uint32_t router, bool v4)
{
	struct router *r = router_at(&e->routers, router);
	/* RFC 9136 leaves the family of the tunnel free: an IPv4 prefix goes over an IPv6 gateway as it
	 * is, an IPv6 prefix needs a gateway of its own family. */
	bool mapped = !v4 && evpn_ip(e, r->vtep).len == 4;
	uint32_t h = r->hops[mapped];
	struct hop *p;

	if (!h) {
		h = r->hops[mapped] = slab_alloc(&e->hops.hops);
		p = hop_at(&e->hops, h);
		p->router = router;
		p->mapped = mapped;
		obj_link_vrf(e, e->vrfs.slots[r->vrf], obj_ref(ZL_KIND_HOP, h));
	}
	hop_at(&e->hops, h)->nimps++;
	way_ref(e, way_of_hop(h));
	return h;
}

static uint32_t
host_hash(uint16_t vrf, uint32_t vni, uint32_t host)
{
	uint32_t k[3] = { vrf, vni, host };

	return hash32(k, sizeof k);
}

static uint32_t
host_find(const struct evpn *e, uint16_t vrf, uint32_t vni, uint32_t host)
{
	struct hidx_it it = hidx_first(&e->hops.hosts, host_hash(vrf, vni, host));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct hop *p = hop_at(&e->hops, h);

		if (p->obj.evi == vrf && p->vni == vni && p->host == host)
			return h;
	}
	return 0;
}

uint32_t
hop_host_get(struct evpn *e, struct vrf *v, uint32_t vni, struct ip ip)
{
	uint32_t host = intern_get(&e->ips, &ip, sizeof ip);
	uint32_t h = host_find(e, v->id, vni, host);
	struct hop *p;

	if (h) {
		intern_unref(&e->ips, host);
	} else {
		h = slab_alloc(&e->hops.hops);
		p = hop_at(&e->hops, h);
		p->host = host;
		p->vni = vni;
		obj_link_vrf(e, v, obj_ref(ZL_KIND_HOP, h));
		hidx_insert(&e->hops.hosts, host_hash(v->id, vni, host), h);
		e->hops.nhosts++;
	}
	hop_at(&e->hops, h)->nimps++;
	way_ref(e, way_of_hop(h));
	return h;
}

void
hop_put(struct evpn *e, uint32_t h)
{
	hop_at(&e->hops, h)->nimps--;
	way_unref(e, way_of_hop(h));
}

void
hop_release(struct evpn *e, uint32_t h)
{
	struct hop *p = hop_at(&e->hops, h);
	uint32_t router = p->router;

	if (p->refs || !fib_idle(&p->obj))
		return;
	if (router) {
		router_at(&e->routers, router)->hops[p->mapped] = 0;
	} else {
		hidx_remove(&e->hops.hosts, host_hash(p->obj.evi, p->vni, p->host), h);
		intern_unref(&e->ips, p->host);
		e->hops.nhosts--;
	}
	obj_unlink(e, obj_ref(ZL_KIND_HOP, h));
	slab_free(&e->hops.hops, h);
	if (router)
		router_release(e, router);
}

void
hop_router_changed(struct evpn *e, uint32_t router)
{
	const struct router *r = router_at(&e->routers, router);

	for (unsigned i = 0; i < ARRAY_LEN(r->hops); i++)
		if (r->hops[i])
			decide(e, r->hops[i], true);
}

void
hop_evi_changed(struct evpn *e, const struct evi *evi)
{
	uint32_t h = 0;

	while (e->hops.nhosts && (h = slab_next(&e->hops.hops, h)) != 0) {
		struct hop *p = hop_at(&e->hops, h);

		if (!p->host || p->vni != evi->vni)
			continue;
		decide(e, h, true);
		vrf_job(e, obj_vrf(e, &p->obj), VRF_JOB_DECIDE);
	}
}

/* --- groups --- */

static uint32_t
group_hash(uint16_t vrf, const uint32_t *members, unsigned n)
{
	uint32_t k[ZL_GROUP_MAX + 1] = { vrf };

	memcpy(k + 1, members, n * sizeof *members);
	return hash32(k, (n + 1) * sizeof *k);
}

static uint32_t
group_find(const struct evpn *e, uint16_t vrf, const uint32_t *members, unsigned n)
{
	struct hidx_it it = hidx_first(&e->hops.index, group_hash(vrf, members, n));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct hop_group *g = hop_group_at(&e->hops, h);

		if (g->obj.evi == vrf && g->n == n &&
		    memcmp(g->members, members, n * sizeof *members) == 0)
			return h;
	}
	return 0;
}

static uint32_t
group_get(struct evpn *e, struct vrf *v, const uint32_t *members, unsigned n)
{
	uint32_t h = group_find(e, v->id, members, n);
	struct hop_group *g;
	unsigned i;

	if (h)
		return h;
	h = slab_alloc(&e->hops.groups);
	g = hop_group_at(&e->hops, h);
	g->n = (uint8_t)n;
	memcpy(g->members, members, n * sizeof *members);
	for (i = 0; i < n; i++)
		way_ref(e, members[i]);
	obj_link_vrf(e, v, obj_ref(ZL_KIND_GROUP, h));
	hidx_insert(&e->hops.index, group_hash(v->id, members, n), h);
	return h;
}

void
hop_group_release(struct evpn *e, uint32_t h)
{
	struct hop_group *g = hop_group_at(&e->hops, h);
	unsigned i;

	if (g->refs || !fib_idle(&g->obj))
		return;
	hidx_remove(&e->hops.index, group_hash(g->obj.evi, g->members, g->n), h);
	obj_unlink(e, obj_ref(ZL_KIND_GROUP, h));
	for (i = 0; i < g->n; i++)
		way_unref(e, g->members[i]);
	slab_free(&e->hops.groups, h);
}

bool
hop_group_ready(struct evpn *e, uint32_t h)
{
	const struct hop_group *g = hop_group_at(&e->hops, h);
	bool ready = false;
	unsigned i;

	for (i = 0; i < g->n; i++)
		ready |= way_there(e, g->members[i]);
	return ready;
}

bool
hop_group_awaits(const struct evpn *e, uint32_t group)
{
	const struct hop_group *g = hop_group_at(&e->hops, group);

	return (int32_t)(g->stamp - obj_vrf(e, &g->obj)->rehop_done) > 0;
}

/* --- ways --- */

static int
cmp_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

uint32_t
way_get(struct evpn *e, struct vrf *v, uint32_t *hops, unsigned n)
{
	uint32_t way = 0;
	unsigned i;

	for (i = 0; i < n; i++)
		hops[i] = way_of_hop(hops[i]);
	if (n > 1) {
		qsort(hops, n, sizeof *hops, cmp_u32);
		way = way_of_group(group_get(e, v, hops, n));
	} else if (n == 1) {
		way = hops[0];
	}
	if (way)
		way_ref(e, way);
	return way;
}

void
way_ref(struct evpn *e, uint32_t way)
{
	struct hop_group *g;

	if (!is_group(way)) {
		if (way_hop(e, way)->refs++ == 0)
			decide(e, way >> 1, false);
		return;
	}
	g = way_group(e, way);
	if (g->refs++ == 0 && !(g->obj.bits & FIB_WANTED))
		fib_want(e, obj_ref(ZL_KIND_GROUP, way >> 1));
}

void
way_unref(struct evpn *e, uint32_t way)
{
	if (way == 0)
		return;
	if (!is_group(way)) {
		if (--way_hop(e, way)->refs)
			return;
		decide(e, way >> 1, false);
		hop_release(e, way >> 1);
	} else {
		if (--way_group(e, way)->refs)
			return;
		fib_unwant(e, obj_ref(ZL_KIND_GROUP, way >> 1));
		hop_group_release(e, way >> 1);
	}
}

/* In the data plane, or on its way there ahead of what is sent now. */
static bool
there(const struct obj *o)
{
	const uint8_t sent = FIB_INFLIGHT | FIB_SET;

	return o->bits & FIB_WANTED &&
	       (o->fib == FIB_INSTALLED || (o->bits & sent) == sent);
}

bool
way_there(struct evpn *e, uint32_t way)
{
	bool *awaited =
	    is_group(way) ? &way_group(e, way)->awaited : &way_hop(e, way)->awaited;

	if (there(is_group(way) ? &way_group(e, way)->obj : &way_hop(e, way)->obj))
		return true;
	*awaited = true;
	return false;
}

bool
way_came_back(const struct evpn *e, const struct vrf *v, uint32_t way)
{
	uint32_t stamp =
	    is_group(way) ? way_group(e, way)->rstamp : way_hop(e, way)->stamp;

	return way && (int32_t)(stamp - v->rehop_done) > 0;
}

/* --- for the data plane --- */

void
hop_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct hop *p = hop_at(&e->hops, h);
	const struct router *r;

	w->id = way_of_hop(h);
	w->ip = hop_gateway(e, p);
	if (p->host) {
		w->vni = p->vni;
		return;
	}
	r = router_at(&e->routers, p->router);
	w->vni = obj_vrf(e, &p->obj)->l3vni;
	w->mac = r->mac;
	if (r->label) {
		w->flags |= ZL_F_ENCAP;
		w->vtep = evpn_ip(e, r->vtep);
		w->label = r->label;
	}
}

void
hop_group_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct hop_group *g = hop_group_at(&e->hops, h);
	unsigned i;

	w->id = way_of_group(h);
	for (i = 0; i < g->n; i++)
		if (there(&way_hop(e, g->members[i])->obj))
			w->members[w->nmembers++] = g->members[i];
}

void
hop_done(struct evpn *e, uint32_t h, bool set, bool ok)
{
	struct hop *p = hop_at(&e->hops, h);
	uint32_t g = 0;
	unsigned i;

	if (!set || !ok || !p->awaited)
		return;
	p->awaited = false;
	p->stamp = ++e->hops.clock;
	while ((g = slab_next(&e->hops.groups, g)) != 0) {
		struct hop_group *grp = hop_group_at(&e->hops, g);

		for (i = 0; i < grp->n; i++)
			if (grp->members[i] == way_of_hop(h))
				grp->stamp = p->stamp;
	}
	vrf_job_users(e, obj_vrf(e, &p->obj), VRF_JOB_REHOP);
}

void
hop_lost(struct evpn *e, uint32_t h)
{
	went_away(e, h);
}

void
hop_group_done(struct evpn *e, uint32_t h, bool set, bool ok)
{
	struct hop_group *g = hop_group_at(&e->hops, h);

	if (!set || !ok || !g->awaited)
		return;
	g->awaited = false;
	g->rstamp = ++e->hops.clock;
	vrf_job(e, obj_vrf(e, &g->obj), VRF_JOB_REHOP);
}

void
hop_group_lost(struct evpn *e, uint32_t h)
{
	hop_group_at(&e->hops, h)->awaited = true;
}

void
hop_table_init(struct evpn *e)
{
	struct hop_table *t = &e->hops;

	*t = (struct hop_table){ .clock = 1 };
	slab_init(&t->hops, "evpn next hops", sizeof(struct hop));
	slab_init(&t->groups, "evpn next hop groups", sizeof(struct hop_group));
	hidx_init(&t->index);
	hidx_init(&t->hosts);
}

void
hop_table_fini(struct evpn *e)
{
	hidx_fini(&e->hops.index);
	hidx_fini(&e->hops.hosts);
	slab_fini(&e->hops.hops);
	slab_fini(&e->hops.groups);
}
