/* SPDX-License-Identifier: ISC */
/* The table of VRFs: by name, by slot, by the kernel's table. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "evpn/core.h"
#include "evpn/vrf_priv.h"
#include "lib/util.h"

#define VRF_MAX 65535u

/* Where the name is in `order`, or would be. */
static size_t
position(const struct vrf_table *t, const char *name)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(t->order[mid]->name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct vrf *
vrf_find(const struct evpn *e, const char *name)
{
	size_t at = position(&e->vrfs, name);

	if (at == e->vrfs.n || strcmp(e->vrfs.order[at]->name, name) != 0)
		return NULL;
	return e->vrfs.order[at];
}

struct vrf *
vrf_after(const struct evpn *e, const char *name)
{
	size_t at = position(&e->vrfs, name);

	if (at < e->vrfs.n && strcmp(e->vrfs.order[at]->name, name) == 0)
		at++;
	return at < e->vrfs.n ? e->vrfs.order[at] : NULL;
}

struct vrf *
vrf_by_table(struct evpn *e, uint32_t table)
{
	struct vrf_table *t = &e->vrfs;
	size_t i;

	if (t->last && t->last->observed && t->last->obs.table == table)
		return t->last;
	for (i = 0; i < t->n; i++)
		if (t->order[i]->observed && t->order[i]->obs.table == table)
			return t->last = t->order[i];
	return NULL;
}

static uint16_t
free_slot(struct vrf_table *t)
{
	size_t i, old = t->nslots;

	for (i = 1; i < old; i++)
		if (!t->slots[i])
			return (uint16_t)i;
	if (old > VRF_MAX)
		return 0;
	t->nslots = old ? old * 2 : 16;
	t->slots = xrealloc(t->slots, t->nslots * sizeof *t->slots);
	memset(t->slots + old, 0, (t->nslots - old) * sizeof *t->slots);
	return (uint16_t)(old ? old : 1);
}

/* Into and out of the list of its instances. */
void
vrf_put_evi(struct evi *evi, struct vrf *v)
{
	struct evi **link;

	if (evi->vrf) {
		for (link = &evi->vrf->evis; *link != evi;)
			link = &(*link)->vrf_next;
		*link = evi->vrf_next;
	}
	evi->vrf = v;
	if (v) {
		evi->vrf_next = v->evis;
		v->evis = evi;
	}
}

/* Instances whose SVI has been in a VRF of that name are its own now. */
static void
adopt_evis(struct evpn *e, struct vrf *v)
{
	size_t i;

	for (i = 0; i < e->evis.n; i++)
		if (strcmp(e->evis.order[i]->obs.vrf, v->name) == 0)
			vrf_put_evi(e->evis.order[i], v);
}

struct vrf *
vrf_get(struct evpn *e, const char *name)
{
	struct vrf_table *t = &e->vrfs;
	struct vrf *v = vrf_find(e, name);
	uint16_t id;
	size_t at;

	if (v || name[0] == '\0')
		return v;
	id = free_slot(t);
	if (id == 0)
		return NULL;
	v = xcalloc(1, sizeof *v);
	v->id = id;
	snprintf(v->name, sizeof v->name, "%s", name);
	v->since = loop_now(e->loop);
	t->slots[id] = v;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 16;
		t->order = xrealloc(t->order, t->cap * sizeof *t->order);
	}
	at = position(t, name);
	memmove(t->order + at + 1, t->order + at, (t->n - at) * sizeof *t->order);
	t->order[at] = v;
	t->n++;
	adopt_evis(e, v);
	return v;
}

void
vrf_free(struct evpn *e, struct vrf *v)
{
	struct vrf_table *t = &e->vrfs;
	size_t at = position(t, v->name);

	memmove(t->order + at, t->order + at + 1, (t->n - at - 1) * sizeof *t->order);
	t->n--;
	t->slots[v->id] = NULL;
	if (t->last == v)
		t->last = NULL;
	while (v->evis)
		vrf_put_evi(v->evis, NULL);
	vrf_unlink_evi(e, v);
	vrf_stop_importing(e, v);
	l3_forget_attrs(e, v);
	free(v->imports);
	free(v->exports);
	free(v->aggs);
	free(v);
}

void
vrf_table_fini(struct evpn *e)
{
	struct vrf_table *t = &e->vrfs;

	loop_work_cancel(&t->work);
	while (t->n)
		vrf_free(e, t->order[t->n - 1]);
	free(t->order);
	free(t->slots);
}
