/* SPDX-License-Identifier: ISC */
/* Best paths of BGP as wanted state: routes, the next hops they have, and groups of those. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/decision.h"
#include "lib/util.h"
#include "underlay/core.h"

/* Objects. */

static void *
obj_new(struct underlay *u, enum ul_kind kind, uint32_t hash)
{
	uint32_t h = slab_alloc(&u->objs[kind]);
	struct ul_obj *o = slab_ptr(&u->objs[kind], h);

	o->kind = (uint8_t)kind;
	o->self = h;
	o->since = loop_now(u->loop);
	hidx_insert(&u->index[kind], hash, h);
	return o;
}

static uint32_t
members_hash(const uint32_t *m, uint32_t n)
{
	return hash32(m, n * sizeof *m);
}

static uint32_t
obj_hash(const struct ul_obj *o)
{
	const struct ul_group *g;

	switch ((enum ul_kind)o->kind) {
	case UL_HOP:
		return ip_hash(((const struct ul_hop *)o)->ip);
	case UL_GROUP:
		g = (const struct ul_group *)o;
		return members_hash(g->members, g->n);
	default:
		return ul_prefix_hash(((const struct ul_route *)o)->prefix);
	}
}

void
way_settled(struct underlay *u, struct ul_obj *o)
{
	if (o->wanted || o->there || o->flying || o->queued || o->refs > 0 ||
	    (o->kind == UL_ROUTE && ((struct ul_route *)o)->dirty))
		return;
	hidx_remove(&u->index[o->kind], obj_hash(o), o->self);
	slab_free(&u->objs[o->kind], o->self);
}

/* It is wanted no more. */
static void
obj_drop(struct underlay *u, struct ul_obj *o)
{
	o->wanted = false;
	if (o->there) {
		send_queue(u, o);
		return;
	}
	send_unqueue(u, o);
	send_state(u, o, UL_NONE);
	way_settled(u, o);
}

static void
want(struct underlay *u, struct ul_obj *o)
{
	o->wanted = true;
	send_queue(u, o);
}

static struct ul_obj *
hop_get(struct underlay *u, struct ip ip)
{
	struct hidx_it it = hidx_first(&u->index[UL_HOP], ip_hash(ip));
	struct ul_hop *p;
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		p = slab_ptr(&u->objs[UL_HOP], h);
		if (ip_equal(p->ip, ip))
			return &p->o;
	}
	p = obj_new(u, UL_HOP, ip_hash(ip));
	p->ip = ip;
	return &p->o;
}

static struct ul_obj *
group_get(struct underlay *u, const uint32_t *members, uint32_t n)
{
	struct hidx_it it = hidx_first(&u->index[UL_GROUP], members_hash(members, n));
	struct ul_group *g;
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		g = slab_ptr(&u->objs[UL_GROUP], h);
		if (g->n == n && memcmp(g->members, members, n * sizeof *members) == 0)
			return &g->o;
	}
	g = obj_new(u, UL_GROUP, members_hash(members, n));
	g->n = n;
	memcpy(g->members, members, n * sizeof *members);
	return &g->o;
}

static struct ul_obj *
member(const struct underlay *u, const struct ul_group *g, uint32_t i)
{
	return slab_ptr(&u->objs[UL_HOP], g->members[i]);
}

/* One user more of a hop or a group. */
static void
target_ref(struct underlay *u, struct ul_obj *o)
{
	const struct ul_group *g = (const struct ul_group *)o;

	if (o->refs++ > 0)
		return;
	if (o->kind == UL_GROUP)
		for (uint32_t i = 0; i < g->n; i++)
			target_ref(u, member(u, g, i));
	want(u, o);
}

static void
target_unref(struct underlay *u, struct ul_obj *o)
{
	struct ul_group g;

	if (--o->refs > 0)
		return;
	if (o->kind == UL_HOP) {
		obj_drop(u, o);
		return;
	}
	g = *(const struct ul_group *)o;
	obj_drop(u, o);
	for (uint32_t i = 0; i < g.n; i++)
		target_unref(u, member(u, &g, i));
}

/* Routes. */

static struct ul_route *
route_find(const struct underlay *u, struct prefix p)
{
	struct hidx_it it = hidx_first(&u->index[UL_ROUTE], ul_prefix_hash(p));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		struct ul_route *r = slab_ptr(&u->objs[UL_ROUTE], h);

		if (r->prefix.plen == p.plen && ip_equal(r->prefix.ip, p.ip))
			return r;
	}
	return NULL;
}

static void
route_lead(struct underlay *u, struct ul_route *r, struct ul_obj *target)
{
	uint32_t was = r->target;

	if (target && was == ul_ref(target) && r->o.wanted)
		return;
	if (target)
		target_ref(u, target);
	r->target = target ? ul_ref(target) : 0;
	if (target)
		want(u, &r->o);
	else if (r->o.wanted || r->o.there)
		obj_drop(u, &r->o);
	else
		way_settled(u, &r->o);
	if (was)
		target_unref(u, ul_obj(u, was));
}

/* What is dirty. */

static void
mark(struct underlay *u, struct ul_route *r)
{
	if (r->dirty)
		return;
	r->dirty = true;
	r->dnext = u->dirty;
	u->dirty = r->o.self;
	send_wake(u);
	send_tell(u);
}

void
way_dirty(struct underlay *u, unsigned af, uint32_t rib_handle)
{
	const struct rib_route *rt = rib_route(u->rib[af], rib_handle);
	struct prefix p = { .ip.len = af ? 16 : 4, .plen = rt->tail[0] };
	struct ul_route *r;

	memcpy(p.ip.b, rt->tail + 1, rt->len - 1u);
	r = route_find(u, p);
	if (!r) {
		r = obj_new(u, UL_ROUTE, ul_prefix_hash(p));
		r->prefix = p;
	}
	mark(u, r);
}

void
way_prefix_dirty(struct underlay *u, struct prefix p)
{
	struct rib_key k;
	uint32_t h;

	ul_key(p, &k);
	h = rib_find(u->rib[ul_af(p)], &k);
	if (h)
		way_dirty(u, ul_af(p), h);
}

struct all {
	struct underlay *u;
	unsigned af;
};

static bool
one_dirty(struct rib *rib, uint32_t h, void *arg)
{
	const struct all *a = arg;

	(void)rib;
	way_dirty(a->u, a->af, h);
	return true;
}

void
way_all_dirty(struct underlay *u, unsigned af)
{
	struct all a = { u, af };

	rib_foreach(u->rib[af], one_dirty, &a);
}

/* Paths. */

/* Without `multipath-relax` the AS paths must be the same, not only as long. */
static bool
same_as_path(
    const struct rib_decision_conf *c, const struct attrs *a, const struct attrs *b)
{
	return c->multipath_relax ||
	       (a->aspath_len == b->aspath_len &&
		   memcmp(a->aspath, b->aspath, a->aspath_len) == 0);
}

/* As good as the best in all that matters to where packets go. */
static bool
shares(const struct rib *rib, const struct rib_path *best, const struct rib_path *p)
{
	struct decision_path a = decision_path(rib, best), b = decision_path(rib, p);
	enum decision_step why;

	if (!rib_path_usable(rib, p) || p->peer == 0)
		return false;
	decision_rank(rib_decision(rib), false, &a, &b, &why);
	return why > DECISION_IGP_METRIC &&
	       same_as_path(rib_decision(rib), &a.attrs->a, &b.attrs->a);
}

/* Adds the path's next hop, if it is another one. */
static uint32_t
add_hop(struct underlay *u, const struct rib *rib, const struct rib_path *p,
    uint32_t *hops, uint32_t n)
{
	const struct attrset *as = attrset_get(rib_attrtab(rib), p->attrs);
	uint32_t h = hop_get(u, as->a.nexthop)->self;

	for (uint32_t i = 0; i < n; i++)
		if (hops[i] == h)
			return n;
	hops[n] = h;
	return n + 1;
}

/* What the route leads to by its paths; NULL: nothing of ours. */
static struct ul_obj *
target_of(struct underlay *u, const struct ul_route *r)
{
	const unsigned af = ul_af(r->prefix);
	const struct rib *rib = u->rib[af];
	const struct underlay_af_conf *c = &u->conf->af[af];
	const struct rib_path *best, *p;
	uint32_t hops[ZL_GROUP_MAX], n, max;
	struct rib_key k;
	uint32_t h;

	ul_key(r->prefix, &k);
	h = rib_find(rib, &k);
	best = h ? rib_best(rib_route(rib, h)) : NULL;
	if (!best || best->peer == 0 || source_has(u, r->prefix))
		return NULL;
	max = rib_peer(rib, best->peer)->ibgp ? c->paths_ibgp : c->paths_ebgp;
	max = MIN(max, (uint32_t)ZL_GROUP_MAX);
	n = add_hop(u, rib, best, hops, 0);
	for (p = rib_path_next(rib, best); p && n < max; p = rib_path_next(rib, p))
		if (shares(rib, best, p))
			n = add_hop(u, rib, p, hops, n);
	if (n == 1)
		return slab_ptr(&u->objs[UL_HOP], hops[0]);
	qsort(hops, n, sizeof hops[0], u32_cmp);
	return group_get(u, hops, n);
}

bool
way_work(struct underlay *u)
{
	for (unsigned n = 0; u->dirty; n++) {
		struct ul_route *r = slab_ptr(&u->objs[UL_ROUTE], u->dirty);

		if (n >= 256 || (n % 32 == 31 && loop_slice_over(u->loop)))
			return true;
		u->dirty = r->dnext;
		r->dirty = false;
		route_lead(u, r, target_of(u, r));
	}
	return false;
}

/* Records. */

void
way_fill(const struct underlay *u, const struct ul_obj *o, struct zl_want *w)
{
	static const uint8_t kinds[UL_KINDS] = { ZL_KIND_HOP, ZL_KIND_GROUP,
		ZL_KIND_ROUTE };
	const struct ul_route *r = (const struct ul_route *)o;
	const struct ul_group *g = (const struct ul_group *)o;

	*w =
	    (struct zl_want){ .op = o->wanted ? ZL_SET : ZL_DEL, .kind = kinds[o->kind] };
	switch ((enum ul_kind)o->kind) {
	case UL_HOP:
		w->id = ul_id(o);
		w->flags = ZL_F_DIRECT;
		w->ip = ((const struct ul_hop *)o)->ip;
		break;
	case UL_GROUP:
		w->id = ul_id(o);
		w->nmembers = (uint8_t)g->n;
		for (uint32_t i = 0; i < g->n; i++)
			w->members[i] = ul_id(member(u, g, i));
		break;
	default:
		w->table = UL_TABLE;
		w->ip = r->prefix.ip;
		w->plen = r->prefix.plen;
		w->id = r->target ? ul_id(ul_obj(u, r->target)) : 0;
		break;
	}
}
