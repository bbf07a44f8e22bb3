/* SPDX-License-Identifier: ISC */
/* zebra-lite/vrf.c: the table of VRF devices. */
#include "config.h"

#include "zebra-lite/vrf.h"

#include <linux/if.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("zl.vrf");

void
vrfs_init(struct vrfs *v, void (*on_table)(void *arg, uint32_t table), void *arg)
{
	memset(v, 0, sizeof *v);
	slab_init(&v->slab, "VRF", sizeof(struct vrf));
	hidx_init(&v->by_table);
	v->on_table = on_table;
	v->arg = arg;
	v->muted = true;
}

void
vrfs_fini(struct vrfs *v)
{
	hidx_fini(&v->by_table);
	slab_fini(&v->slab);
}

static struct vrf *
vrf_ptr(const struct vrfs *v, uint32_t h)
{
	return slab_ptr(&v->slab, h);
}

static uint32_t
table_hash(uint32_t table)
{
	return hash32(&table, sizeof table);
}

bool
vrfs_has_table(const struct vrfs *v, uint32_t table)
{
	struct hidx_it it = hidx_first(&v->by_table, table_hash(table));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (vrf_ptr(v, h)->z.table == table)
			return true;
	return false;
}

static uint32_t
find(const struct vrfs *v, uint32_t ifindex)
{
	uint32_t h = 0;

	while ((h = slab_next(&v->slab, h)) != 0)
		if (vrf_ptr(v, h)->z.op == ZL_SET && vrf_ptr(v, h)->z.ifindex == ifindex)
			break;
	return h;
}

bool
vrfs_has_ifindex(const struct vrfs *v, uint32_t ifindex)
{
	return ifindex && find(v, ifindex);
}

static void
set_due(struct vrfs *v, struct vrf *p, bool due)
{
	if (p->due == due)
		return;
	p->due = due;
	v->ndue = due ? v->ndue + 1 : v->ndue - 1;
}

/* Said, if there is an engine; what is gone and need not be said is freed. */
static void
changed(struct vrfs *v, uint32_t h)
{
	struct vrf *p = vrf_ptr(v, h);
	bool due = !v->muted && (p->z.op == ZL_SET || p->said);

	set_due(v, p, due);
	if (!due && p->z.op == ZL_DEL)
		slab_free(&v->slab, h);
}

static void
put_table(struct vrfs *v, uint32_t h, uint32_t table)
{
	struct vrf *p = vrf_ptr(v, h);
	uint32_t old = p->z.table;

	if (old == table)
		return;
	if (old)
		hidx_remove(&v->by_table, table_hash(old), h);
	p->z.table = table;
	if (table)
		hidx_insert(&v->by_table, table_hash(table), h);
	if (old && v->on_table)
		v->on_table(v->arg, old);
	if (table && v->on_table)
		v->on_table(v->arg, table);
}

static void
gone(struct vrfs *v, uint32_t ifindex)
{
	uint32_t h = find(v, ifindex);
	struct vrf *p;

	if (!h)
		return;
	p = vrf_ptr(v, h);
	log_info("VRF %s: gone", p->z.name);
	put_table(v, h, 0);
	p->z.op = ZL_DEL;
	p->z.ifindex = 0;
	p->z.up = false;
	changed(v, h);
}

/* One with this name that is gone but not yet said to be: the new one says it all. */
static bool
forget_gone(struct vrfs *v, const char *name)
{
	for (uint32_t h = 0; (h = slab_next(&v->slab, h)) != 0;) {
		struct vrf *p = vrf_ptr(v, h);

		if (p->z.op == ZL_SET || strcmp(p->z.name, name) != 0)
			continue;
		set_due(v, p, false);
		slab_free(&v->slab, h);
		return true;
	}
	return false;
}

static void
there(struct vrfs *v, const struct nl_link *l)
{
	uint32_t h = find(v, l->ifindex);
	struct vrf *p;

	if (!h) {
		bool said = forget_gone(v, l->name);

		h = slab_alloc(&v->slab);
		p = vrf_ptr(v, h);
		p->said = said;
		p->z.op = ZL_SET;
		p->z.ifindex = l->ifindex;
		memcpy(p->z.name, l->name, sizeof p->z.name);
		log_info("VRF %s: table %u", l->name, l->vrf_table);
	}
	p = vrf_ptr(v, h);
	put_table(v, h, l->vrf_table);
	p->z.up = l->flags & IFF_UP;
	changed(v, h);
}

void
vrfs_link(struct vrfs *v, const struct nl_link *old, const struct nl_link *now)
{
	bool was = old && old->kind == NL_KIND_VRF;
	bool is = now && now->kind == NL_KIND_VRF;

	if (was && (!is || strcmp(old->name, now->name) != 0)) {
		gone(v, old->ifindex);
		was = false;
	}
	if (is && (!was || old->vrf_table != now->vrf_table ||
		      ((old->flags ^ now->flags) & IFF_UP)))
		there(v, now);
}

void
vrfs_say_all(struct vrfs *v)
{
	v->muted = false;
	for (uint32_t h = 0; (h = slab_next(&v->slab, h)) != 0;) {
		vrf_ptr(v, h)->said = false;
		changed(v, h);
	}
}

void
vrfs_mute(struct vrfs *v)
{
	v->muted = true;
	for (uint32_t h = 0; (h = slab_next(&v->slab, h)) != 0;)
		changed(v, h);
}

bool
vrfs_next(struct vrfs *v, struct zl_vrf *out)
{
	struct vrf *p;

	if (v->ndue == 0)
		return false;
	do
		v->at = slab_next(&v->slab, v->at);
	while (v->at == 0 || !vrf_ptr(v, v->at)->due);
	p = vrf_ptr(v, v->at);
	*out = p->z;
	set_due(v, p, false);
	p->said = true;
	if (p->z.op == ZL_DEL)
		slab_free(&v->slab, v->at);
	return true;
}
