/* SPDX-License-Identifier: ISC */
/* Flood lists: remote VTEPs by instance, as long as a type 3 route names them. */
#include "config.h"

#include "evpn/vtep.h"

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/util.h"

static uint32_t
key_hash(uint16_t evi, uint32_t vtep)
{
	uint32_t k[2] = { evi, vtep };

	return hash32(k, sizeof k);
}

uint32_t
flood_find(const struct evpn *e, uint16_t evi, uint32_t vtep)
{
	struct hidx_it it = hidx_first(&e->floods.index, key_hash(evi, vtep));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct flood *f = flood_at(&e->floods, h);

		if (f->obj.evi == evi && f->vtep == vtep)
			return h;
	}
	return 0;
}

uint32_t
flood_get(struct evpn *e, struct evi *evi, uint32_t vtep)
{
	uint32_t h = flood_find(e, evi->id, vtep);

	if (h)
		return h;
	h = slab_alloc(&e->floods.cells);
	flood_at(&e->floods, h)->vtep = vtep;
	intern_ref(&e->ips, vtep);
	obj_link(e, evi, obj_ref(ZL_KIND_FLOOD, h));
	hidx_insert(&e->floods.index, key_hash(evi->id, vtep), h);
	return h;
}

void
flood_release(struct evpn *e, uint32_t h)
{
	struct flood *f = flood_at(&e->floods, h);

	if (f->imps || !fib_idle(&f->obj))
		return;
	obj_unlink(e, obj_ref(ZL_KIND_FLOOD, h));
	hidx_remove(&e->floods.index, key_hash(f->obj.evi, f->vtep), h);
	intern_unref(&e->ips, f->vtep);
	slab_free(&e->floods.cells, h);
}

static void
decide(struct evpn *e, uint32_t h)
{
	struct flood *f = flood_at(&e->floods, h);
	uint32_t ref = obj_ref(ZL_KIND_FLOOD, h);

	if (!f->imps || !obj_evi(e, &f->obj)->flood)
		fib_unwant(e, ref);
	else if (!(f->obj.bits & FIB_WANTED))
		fib_want(e, ref);
}

void
flood_cand_add(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct flood *f = flood_at(&e->floods, h);

	import_cand_link(e, &f->imps, imp);
	decide(e, h);
}

void
flood_cand_del(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct flood *f = flood_at(&e->floods, h);

	import_cand_unlink(e, &f->imps, imp);
	decide(e, h);
	flood_release(e, h);
}

void
flood_refresh(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_begin(e, &w, evi, ZL_KIND_FLOOD);
	while ((h = obj_walk_next(e, &w)) != 0)
		decide(e, h);
	obj_walk_end(e, &w);
}

void
flood_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	w->vtep = evpn_ip(e, flood_at(&e->floods, h)->vtep);
}

uint32_t
flood_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w)
{
	uint32_t vtep = intern_find(&e->ips, &w->vtep, sizeof w->vtep);

	return vtep ? flood_find(e, evi, vtep) : 0;
}

void
flood_table_init(struct evpn *e)
{
	slab_init(&e->floods.cells, "evpn flood lists", sizeof(struct flood));
	hidx_init(&e->floods.index);
}

void
flood_table_fini(struct evpn *e)
{
	hidx_fini(&e->floods.index);
	slab_fini(&e->floods.cells);
}
