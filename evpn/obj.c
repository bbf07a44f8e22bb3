/* SPDX-License-Identifier: ISC */
/* Lists of an owner's objects, and walks over them that survive changes. */
#include "config.h"

#include "evpn/obj.h"

#include "evpn/core.h"
#include "lib/util.h"

struct obj *
obj_ptr(const struct evpn *e, uint32_t ref)
{
	const struct slab *const slabs[OBJ_KINDS] = {
		[ZL_KIND_FLOOD] = &e->floods.cells,
		[ZL_KIND_MAC] = &e->macs.cells,
		[ZL_KIND_NEIGH] = &e->neighs.cells,
		[ZL_KIND_HOP] = &e->hops.hops,
		[ZL_KIND_GROUP] = &e->hops.groups,
		[ZL_KIND_ROUTE] = &e->l3.cells,
		[OBJ_RMAC] = &e->routers.rmacs,
	};

	return slab_ptr(slabs[obj_kind(ref)], obj_handle(ref));
}

static uint32_t
find_of_vni(struct evpn *e, const struct zl_want *w)
{
	const struct evi *evi = evi_find(e, w->vni);
	uint32_t h;

	if (!evi)
		return 0;
	if (evi->l3vrf && w->kind == ZL_KIND_MAC) {
		h = rmac_find(e, evi->l3vrf, w->mac);
		return h ? obj_ref(OBJ_RMAC, h) : 0;
	}
	if (w->kind == ZL_KIND_MAC)
		h = mac_find_want(e, evi->id, w);
	else if (w->kind == ZL_KIND_NEIGH)
		h = neigh_find_want(e, evi->id, w);
	else
		h = flood_find_want(e, evi->id, w);
	return h ? obj_ref(w->kind, h) : 0;
}

static uint32_t
find_route(struct evpn *e, const struct zl_want *w)
{
	const struct vrf *v = vrf_by_table(e, w->table);
	uint32_t h = v ? l3_find(e, v, (struct prefix){ w->ip, w->plen }) : 0;

	return h ? obj_ref(ZL_KIND_ROUTE, h) : 0;
}

uint32_t
obj_find(struct evpn *e, const struct zl_want *w)
{
	const struct slab *s = w->id & 1 ? &e->hops.groups : &e->hops.hops;

	if (w->kind < ZL_KIND_HOP)
		return find_of_vni(e, w);
	if (w->kind == ZL_KIND_ROUTE)
		return find_route(e, w);
	if (!slab_used(s, w->id >> 1))
		return 0;
	return obj_ref(w->id & 1 ? ZL_KIND_GROUP : ZL_KIND_HOP, w->id >> 1);
}

struct evi *
obj_evi(const struct evpn *e, const struct obj *o)
{
	return e->evis.slots[o->evi];
}

struct vrf *
obj_vrf(const struct evpn *e, const struct obj *o)
{
	return e->vrfs.slots[o->evi];
}

static struct obj *
obj_at(const struct evpn *e, unsigned k, uint32_t h)
{
	return obj_ptr(e, obj_ref(k, h));
}

static struct obj_list *
list_of(const struct evpn *e, const struct obj *o, uint32_t ref)
{
	unsigned k = obj_kind(ref);

	return obj_of_vrf(ref) ? &obj_vrf(e, o)->objs[k - ZL_KIND_HOP]
			       : &obj_evi(e, o)->objs[k];
}

static void
link_to(struct evpn *e, uint16_t owner, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);
	struct obj_list *l;

	ensure(obj_handle(ref) != 0);
	o->evi = owner;
	l = list_of(e, o, ref);
	o->prev = 0;
	o->next = l->head;
	if (l->head)
		obj_at(e, obj_kind(ref), l->head)->prev = obj_handle(ref);
	l->head = obj_handle(ref);
	l->n++;
}

void
obj_link(struct evpn *e, struct evi *evi, uint32_t ref)
{
	link_to(e, evi->id, ref);
}

void
obj_link_vrf(struct evpn *e, struct vrf *vrf, uint32_t ref)
{
	link_to(e, vrf->id, ref);
}

/* The last object of a kind has gone: so may the owner, or what waited for that. */
static void
emptied(struct evpn *e, const struct obj *o, uint32_t ref)
{
	struct evi *evi;

	if (obj_of_vrf(ref)) {
		vrf_job(e, obj_vrf(e, o), 0);
		return;
	}
	evi = obj_evi(e, o);
	if (!evi->observed && !evi->conf)
		evi_job(e, evi, 0);
}

void
obj_unlink(struct evpn *e, uint32_t ref)
{
	unsigned k = obj_kind(ref);
	struct obj *o = obj_ptr(e, ref);
	struct obj_list *l = list_of(e, o, ref);
	struct obj_walk *w;

	for (w = e->walks; w; w = w->wnext)
		if (w->kind == k && w->at == obj_handle(ref))
			w->at = o->next;
	if (o->next)
		obj_at(e, k, o->next)->prev = o->prev;
	if (o->prev)
		obj_at(e, k, o->prev)->next = o->next;
	else
		l->head = o->next;
	if (--l->n == 0)
		emptied(e, o, ref);
}

static void
walk_begin(struct evpn *e, struct obj_walk *w, unsigned kind, uint32_t at)
{
	*w = (struct obj_walk){ .wnext = e->walks, .kind = kind, .at = at };
	if (e->walks)
		e->walks->wprev = w;
	e->walks = w;
}

void
obj_walk_begin(struct evpn *e, struct obj_walk *w, const struct evi *evi, unsigned kind)
{
	walk_begin(e, w, kind, evi->objs[kind].head);
}

void
obj_walk_vrf(struct evpn *e, struct obj_walk *w, const struct vrf *vrf, unsigned kind)
{
	walk_begin(e, w, kind, vrf->objs[kind - ZL_KIND_HOP].head);
}

uint32_t
obj_walk_next(struct evpn *e, struct obj_walk *w)
{
	uint32_t h = w->at;

	if (h)
		w->at = obj_at(e, w->kind, h)->next;
	return h;
}

void
obj_walk_end(struct evpn *e, struct obj_walk *w)
{
	if (!w->wnext && !w->wprev && e->walks != w)
		return;
	if (w->wnext)
		w->wnext->wprev = w->wprev;
	if (w->wprev)
		w->wprev->wnext = w->wnext;
	else
		e->walks = w->wnext;
	*w = (struct obj_walk){ 0 };
}
