/* SPDX-License-Identifier: ISC */
/* The prefix table: who has each prefix, and what the kernel is to be told of it. */
#include "config.h"

#include "evpn/l3.h"

#include <stdio.h>

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(l3_local_wins);

_Static_assert(sizeof(struct l3_prefix) <= 72, "a hot struct has grown");

/* --- table --- */

static uint32_t
key_hash(uint16_t vrf, const struct prefix *p)
{
	uint8_t k[20] = { (uint8_t)(vrf >> 8), (uint8_t)vrf, p->plen };

	memcpy(k + 3, p->ip.b, p->ip.len);
	return hash32(k, 3u + p->ip.len);
}

struct prefix
l3_prefix_of(const struct l3_prefix *p)
{
	struct prefix q = { .ip.len = p->iplen, .plen = p->plen };

	memcpy(q.ip.b, p->ip, sizeof p->ip);
	return q;
}

static uint32_t
find(const struct evpn *e, uint16_t vrf, const struct prefix *p, uint32_t hash)
{
	struct hidx_it it = hidx_first(&e->l3.index, hash);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct l3_prefix *x = l3_at(&e->l3, h);

		if (x->obj.evi == vrf && x->plen == p->plen && x->iplen == p->ip.len &&
		    memcmp(x->ip, p->ip.b, 16) == 0)
			return h;
	}
	return 0;
}

uint32_t
l3_find(const struct evpn *e, const struct vrf *v, struct prefix p)
{
	return find(e, v->id, &p, key_hash(v->id, &p));
}

uint32_t
l3_get(struct evpn *e, struct vrf *v, struct prefix p)
{
	uint32_t hash = key_hash(v->id, &p), h = find(e, v->id, &p, hash);
	struct l3_prefix *x;

	if (h)
		return h;
	h = slab_alloc(&e->l3.cells);
	x = l3_at(&e->l3, h);
	memcpy(x->ip, p.ip.b, 16);
	x->iplen = p.ip.len;
	x->plen = p.plen;
	l3_touch(e, x);
	obj_link_vrf(e, v, obj_ref(ZL_KIND_ROUTE, h));
	hidx_insert(&e->l3.index, hash, h);
	return h;
}

void
l3_touch(const struct evpn *e, struct l3_prefix *p)
{
	p->since = (uint32_t)(loop_now(e->loop).us / 1000000);
}

void
l3_release(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	struct prefix key = l3_prefix_of(p);

	if (p->imps || p->local || p->ndeps ||
	    p->flags & (PFX_EXPORTED | PFX_CONF | PFX_UNREACH | PFX_TABLE) ||
	    !fib_idle(&p->obj))
		return;
	way_unref(e, p->have); /* of a table that has gone */
	p->have = 0;
	ensure(!p->target && !p->flying);
	hidx_remove(&e->l3.index, key_hash(p->obj.evi, &key), h);
	obj_unlink(e, obj_ref(ZL_KIND_ROUTE, h));
	slab_free(&e->l3.cells, h);
}

/* --- who has it --- */

bool
l3_host_here(struct evpn *e, uint32_t h)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);
	const struct vrf *v = obj_vrf(e, &p->obj);
	struct ip ip = l3_prefix_of(p).ip;
	const struct evi *evi;

	if (p->plen != p->iplen * 8)
		return false;
	for (evi = v->evis; evi; evi = evi->vrf_next) {
		uint32_t n = evi == v->evi ? 0 : neigh_find(e, evi->id, ip);

		if (n && neigh_is_here(e, neigh_at(&e->neighs, n)))
			return true;
	}
	return false;
}

/* What it had from another VRF goes; where a default of last resort stands in its stead that is to be written. */
static void
unleak(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);

	if (p->flags & PFX_LEAK && p->obj.bits & FIB_WANTED)
		fib_want(e, obj_ref(ZL_KIND_ROUTE, h));
	p->flags &= (uint8_t)~PFX_LEAK;
}

static void
set_target(struct evpn *e, uint32_t h, uint32_t way)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	uint32_t ref = obj_ref(ZL_KIND_ROUTE, h), old = p->target;
	bool wanted = p->obj.bits & FIB_WANTED;
	bool want = way || p->flags & PFX_UNREACH || (p->local && p->flags & PFX_LEAK);

	p->target = way;
	if (!p->local && (old != way || wanted != want))
		l3_touch(e, p);
	if (!want)
		fib_unwant(e, ref);
	else if (!wanted || old != way)
		fib_want(e, ref);
	way_unref(e, old);
}

void
l3_decide(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	struct vrf *v = obj_vrf(e, &p->obj);
	uint32_t hops[ZL_GROUP_MAX];
	unsigned n = l3_way_choose(e, p, hops);
	struct l3_said said;

	if (n && (p->local || l3_by_table(e, v, p, &said) || l3_host_here(e, h))) {
		COUNT(l3_local_wins);
		n = 0;
	}
	set_target(e, h, way_get(e, v, hops, n));
	if (p->flags & PFX_CONF) /* a network that is here or not */
		l3_export(e, h);
	if (p->ndeps && l3_way_moved(e, h))
		vrf_job(e, v, VRF_JOB_EVAL);
	l3_release(e, h);
}

void
l3_eval(struct evpn *e, uint32_t h)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);
	uint32_t i;

	for (i = p->imps; i; i = import_imp(&e->import, i)->onext)
		l3_way_read(e, i);
	l3_decide(e, h);
}

bool
l3_awaits(const struct evpn *e, uint32_t h)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);

	return way_came_back(e, obj_vrf(e, &p->obj), p->target);
}

/* --- the data plane's say --- */

static void
set_seen(const struct evpn *e, struct l3_prefix *p)
{
	p->flags &= (uint8_t)~PFX_SEEN;
	if (e->epoch)
		p->flags |= PFX_SEEN;
}

void
l3_local_set(struct evpn *e, struct vrf *v, const struct zl_route *r)
{
	uint32_t h = l3_get(e, v, prefix_mask(r->prefix));
	struct l3_prefix *p = l3_at(&e->l3, h);
	const bool had = p->local && !(p->flags & PFX_LEAK);
	struct l3_local *l;

	set_seen(e, p);
	if (!p->local)
		p->local = slab_alloc(&e->l3.locals);
	unleak(e, h); /* its own is better than another VRF's */
	l = l3_local_at(&e->l3, p->local);
	if (!had || l->proto != r->proto || !ip_equal(l->gateway, r->gateway) ||
	    strcmp(l->ifname, r->ifname) != 0)
		l3_touch(e, p);
	*l = (struct l3_local){ .proto = r->proto,
		.flags = r->flags,
		.metric = r->metric,
		.gateway = r->gateway };
	memcpy(l->ifname, r->ifname, sizeof l->ifname);
	l3_export(e, h);
	l3_decide(e, h);
	l3_leak(e, v, prefix_mask(r->prefix));
}

void
l3_local_forget(struct evpn *e, uint32_t h)
{
	struct l3_prefix *p = l3_at(&e->l3, h);

	slab_free(&e->l3.locals, p->local);
	p->local = 0;
	unleak(e, h);
	l3_touch(e, p);
	l3_export(e, h);
	l3_decide(e, h);
}

/* The VRF has it no more, so neither have those that took it from there. */
static void
forget(struct evpn *e, uint32_t h)
{
	struct vrf *v = obj_vrf(e, &l3_at(&e->l3, h)->obj);
	struct prefix q = l3_prefix_of(l3_at(&e->l3, h));

	l3_local_forget(e, h);
	l3_leak(e, v, q);
}

void
l3_local_del(struct evpn *e, struct vrf *v, struct prefix p)
{
	uint32_t h = l3_find(e, v, prefix_mask(p));

	if (h && l3_at(&e->l3, h)->local && !(l3_at(&e->l3, h)->flags & PFX_LEAK))
		forget(e, h);
}

void
l3_forget_local(struct evpn *e, struct vrf *v, bool unseen_only)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_vrf(e, &w, v, ZL_KIND_ROUTE);
	while ((h = obj_walk_next(e, &w)) != 0) {
		const struct l3_prefix *p = l3_at(&e->l3, h);

		if (p->local && !(p->flags & PFX_LEAK) &&
		    (!unseen_only || !(p->flags & PFX_SEEN) == e->epoch))
			forget(e, h);
	}
	obj_walk_end(e, &w);
}

void
l3_unsee(struct evpn *e, struct vrf *v)
{
	struct obj_walk w;
	uint32_t h;

	v->seen = !e->epoch;
	obj_walk_vrf(e, &w, v, ZL_KIND_ROUTE);
	while ((h = obj_walk_next(e, &w)) != 0)
		l3_at(&e->l3, h)->flags &= (uint8_t)~PFX_SEEN;
	obj_walk_end(e, &w);
}

void
l3_host_changed(struct evpn *e, const struct evi *evi, struct ip ip)
{
	uint32_t h = 0;

	if (evi->vrf)
		h = l3_find(e, evi->vrf,
		    (struct prefix){ .ip = ip, .plen = (uint8_t)(ip.len * 8) });
	if (h)
		l3_decide(e, h);
}

/* --- the RIB's say --- */

void
l3_cand_add(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct l3_prefix *p = l3_at(&e->l3, h);

	import_cand_link(e, &p->imps, imp);
	l3_way_read(e, imp);
	l3_decide(e, h);
}

void
l3_cand_changed(struct evpn *e, uint32_t imp)
{
	l3_way_read(e, imp);
	l3_decide(e, obj_handle(import_imp(&e->import, imp)->obj));
}

void
l3_cand_del(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	struct imp *i = import_imp(&e->import, imp);

	import_cand_unlink(e, &p->imps, imp);
	l3_way_uncount(e, i);
	l3_decide(e, h);
	l3_way_drop(e, i);
}

/* --- for the data plane --- */

void
l3_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);
	const struct prefix q = l3_prefix_of(p);
	const struct vrf *from;

	w->table = obj_vrf(e, &p->obj)->obs.table;
	w->ip = q.ip;
	w->plen = q.plen;
	w->id = p->target;
	if (w->id)
		return;
	if (p->local && p->flags & PFX_LEAK) {
		from = e->vrfs.slots[l3_local_at(&e->l3, p->local)->from];
		w->flags |= ZL_F_VRF;
		w->id = from ? from->obs.ifindex : 0;
	} else if (p->flags & PFX_UNREACH) {
		w->flags |= ZL_F_UNREACHABLE;
	}
}

bool
l3_ready(struct evpn *e, uint32_t h)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);

	return !p->target || way_there(e, p->target);
}

void
l3_sent(struct evpn *e, uint32_t h, bool set)
{
	struct l3_prefix *p = l3_at(&e->l3, h);

	if (!set || !p->target)
		return;
	p->flying = p->target;
	way_ref(e, p->flying);
}

/* What the kernel's route leads over now stays until the next result. */
void
l3_done(struct evpn *e, uint32_t h, bool set, bool ok)
{
	struct l3_prefix *p = l3_at(&e->l3, h);
	uint32_t flying = p->flying, have = p->have;

	p->flying = 0;
	if (ok)
		p->have = set ? flying : 0;
	way_unref(e, ok ? have : flying);
}

void
l3_table_init(struct evpn *e)
{
	struct l3_table *t = &e->l3;

	slab_init(&t->cells, "evpn prefixes", sizeof(struct l3_prefix));
	slab_init(&t->locals, "evpn others' routes", sizeof(struct l3_local));
	hidx_init(&t->index);
	arena_init(&t->arena);
}

void
l3_table_fini(struct evpn *e)
{
	hidx_fini(&e->l3.index);
	slab_fini(&e->l3.cells);
	slab_fini(&e->l3.locals);
	arena_fini(&e->l3.arena);
}
