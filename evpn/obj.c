/* SPDX-License-Identifier: ISC */
/* Lists of an EVI's objects, and walks over them that survive changes. */
#include "config.h"

#include "evpn/obj.h"

#include "evpn/core.h"
#include "lib/util.h"

struct obj *
obj_ptr(const struct evpn *e, uint32_t ref)
{
	switch (obj_kind(ref)) {
	case ZL_KIND_FLOOD:
		return slab_ptr(&e->floods.cells, obj_handle(ref));
	case ZL_KIND_MAC:
		return slab_ptr(&e->macs.cells, obj_handle(ref));
	default:
		return slab_ptr(&e->neighs.cells, obj_handle(ref));
	}
}

struct evi *
obj_evi(const struct evpn *e, const struct obj *o)
{
	return e->evis.slots[o->evi];
}

static struct obj *
obj_at(const struct evpn *e, enum zl_kind k, uint32_t h)
{
	return obj_ptr(e, obj_ref(k, h));
}

void
obj_link(struct evpn *e, struct evi *evi, uint32_t ref)
{
	enum zl_kind k = obj_kind(ref);
	struct obj_list *l = &evi->objs[k];
	struct obj *o = obj_ptr(e, ref);

	ensure(obj_handle(ref) != 0);
	o->evi = evi->id;
	o->prev = 0;
	o->next = l->head;
	if (l->head)
		obj_at(e, k, l->head)->prev = obj_handle(ref);
	l->head = obj_handle(ref);
	l->n++;
}

void
obj_unlink(struct evpn *e, uint32_t ref)
{
	enum zl_kind k = obj_kind(ref);
	struct obj *o = obj_ptr(e, ref);
	struct evi *evi = obj_evi(e, o);
	struct obj_list *l = &evi->objs[k];
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
	if (--l->n == 0 && !evi->observed && !evi->conf)
		evi_job(e, evi, 0); /* the instance may be over */
}

void
obj_walk_begin(
    struct evpn *e, struct obj_walk *w, const struct evi *evi, enum zl_kind kind)
{
	*w = (struct obj_walk){
		.wnext = e->walks, .kind = kind, .at = evi->objs[kind].head
	};
	if (e->walks)
		e->walks->wprev = w;
	e->walks = w;
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
