/* SPDX-License-Identifier: ISC */
/* The import cursor: each changed route is compared with what it was imported into. */
#include "config.h"

#include "evpn/import.h"

#include <stdlib.h>

#include "bgpd/nlri.h"
#include "evpn/core.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(import_routes);
COUNTER(import_encap);
COUNTER(import_nexthop);
COUNTER(import_own_vtep);
COUNTER(import_family);
COUNTER(import_label);
COUNTER(import_tag);
COUNTER(import_bad_mac);
COUNTER(import_bad_ip);
COUNTER(import_no_replication);

#define STEPS 64

/* --- map: RIB handle -> first imp; a tree of three levels, 12 + 10 + 10 bits --- */

#define MAP_TOP 4096
#define MAP_FAN 1024

/* The slot of a route; NULL when there is none and it need not be made. */
static uint32_t *
map_slot(struct import *m, uint32_t route, bool make)
{
	uint32_t ***mid = &m->map[route >> 20], **leaf;

	if (!*mid) {
		if (!make)
			return NULL;
		*mid = xcalloc(MAP_FAN, sizeof **mid);
	}
	leaf = &(*mid)[route >> 10 & (MAP_FAN - 1)];
	if (!*leaf) {
		if (!make)
			return NULL;
		*leaf = xcalloc(MAP_FAN, sizeof **leaf);
	}
	return &(*leaf)[route & (MAP_FAN - 1)];
}

static void
map_free(struct import *m)
{
	unsigned i, k;

	for (i = 0; i < MAP_TOP; i++) {
		if (!m->map[i])
			continue;
		for (k = 0; k < MAP_FAN; k++)
			free(m->map[i][k]);
		free(m->map[i]);
	}
	free(m->map);
}

/* --- what an attribute set says, cached --- */

static bool
usable_nexthop(struct ip ip)
{
	return ip.len != 0 && !ip_is_zero(ip) && !ip_is_multicast(ip) &&
	       !ip_is_loopback(ip) && !ip_is_linklocal(ip);
}

static uint32_t
get_ip(struct evpn *e, struct ip ip)
{
	return intern_get(&e->ips, &ip, sizeof ip);
}

/* Where to send broadcast for a type 3: the tunnel's end point, else the next hop (RFC 6514 5). */
static uint32_t
flood_target(struct evpn *e, const struct attrs *a)
{
	struct ip ip = { .len = a->pmsi_id_len };

	if (!(a->has & HAS_PMSI) || a->pmsi_type != PMSI_INGRESS_REPLICATION)
		return 0;
	if (ip.len == 4 || ip.len == 16)
		memcpy(ip.b, a->pmsi_id, ip.len);
	else
		ip.len = 0;
	return get_ip(e, usable_nexthop(ip) ? ip : a->nexthop);
}

static void
read_attrs(struct evpn *e, const struct attrset *s, struct cand *c)
{
	*c = (struct cand){ .seq = s->mm_seq };
	if (s->derived & ATTRSET_STICKY)
		c->flags |= CAND_STICKY;
	if (s->derived & ATTRSET_DEFAULT_GW)
		c->flags |= CAND_GATEWAY;
	if (s->derived & ATTRSET_ND_ROUTER)
		c->flags |= CAND_ROUTER;
	c->vtep = get_ip(e, s->a.nexthop);
	c->flood = flood_target(e, &s->a);
}

/* Attributes that make a route unfit for every instance. */
static bool
importable(const struct attrset *s)
{
	/* Without the community the peer means the encapsulation of the fabric; with it, ours
	 * must be among those that it says (RFC 8365 5.1.3). */
	if (s->derived & ATTRSET_ENCAP && !(s->derived & ATTRSET_VXLAN)) {
		COUNT(import_encap);
		return false;
	}
	if (!usable_nexthop(s->a.nexthop)) {
		COUNT(import_nexthop);
		return false;
	}
	return true;
}

/* A VTEP may be used by who has this address itself. */
static bool
reaches(struct ip local, struct ip vtep)
{
	if (ip_equal(local, vtep)) {
		COUNT(import_own_vtep);
		return false;
	}
	if (local.len && local.len != vtep.len) {
		COUNT(import_family);
		return false;
	}
	return true;
}

static void
fill_evis(struct evpn *e, struct import_cached *c, const struct attrset *s)
{
	const struct rtindex_set *set = &e->import.scratch;
	size_t i;

	rtindex_lookup(&e->rts, s, &e->import.scratch);
	if (set->n)
		c->evis = xmalloc(set->n * sizeof *c->evis);
	for (i = 0; i < set->n; i++) {
		const struct evi *evi = e->evis.slots[set->ids[i]];

		if (evi && evi->importing && reaches(evi->obs.local, s->a.nexthop))
			c->evis[c->nevis++] = set->ids[i];
	}
}

static void
fill_vrfs(struct evpn *e, struct import_cached *c, const struct attrset *s)
{
	const struct rtindex_set *set = &e->import.scratch;
	size_t i;

	rtindex_lookup(&e->vrf_rts, s, &e->import.scratch);
	if (set->n)
		c->vrfs = xmalloc(set->n * sizeof *c->vrfs);
	for (i = 0; i < set->n; i++) {
		const struct vrf *v = e->vrfs.slots[set->ids[i]];

		if (v->importing && reaches(v->evi->obs.local, s->a.nexthop))
			c->vrfs[c->nvrfs++] = set->ids[i];
	}
}

static void
cache_drop(struct evpn *e, struct import_cached *c)
{
	if (!c->attrs)
		return;
	attrset_unref(e->attrs, c->attrs);
	intern_unref(&e->ips, c->cand.vtep);
	intern_unref(&e->ips, c->cand.flood);
	free(c->evis);
	free(c->vrfs);
	*c = (struct import_cached){ 0 };
}

static void
cache_fill(struct evpn *e, struct import_cached *c, uint32_t attrs)
{
	const struct attrset *s = attrset_get(e->attrs, attrs);

	cache_drop(e, c);
	attrset_ref(e->attrs, attrs);
	c->attrs = attrs;
	c->gen = e->import.gen;
	read_attrs(e, s, &c->cand);
	if (!importable(s))
		return;
	fill_evis(e, c, s);
	fill_vrfs(e, c, s);
}

static const struct import_cached *
cached(struct evpn *e, uint32_t attrs)
{
	struct import_cached *c = &e->import.cache[attrs % IMPORT_CACHE];

	if (c->attrs != attrs || c->gen != e->import.gen)
		cache_fill(e, c, attrs);
	return c;
}

bool
import_cand(struct evpn *e, const struct imp *i, struct cand *c)
{
	const struct rib_path *p = rib_best(rib_route(e->rib, i->route));

	if (!p || p->peer == 0)
		return false;
	*c = cached(e, p->attrs)->cand;
	return true;
}

bool
import_better(const struct evpn *e, const struct cand *a, const struct cand *b)
{
	if ((a->flags ^ b->flags) & CAND_STICKY)
		return a->flags & CAND_STICKY;
	if (a->seq != b->seq)
		return a->seq > b->seq;
	return a->vtep != b->vtep && ip_cmp(evpn_ip(e, a->vtep), evpn_ip(e, b->vtep)) < 0;
}

void
import_cand_link(struct evpn *e, uint32_t *head, uint32_t imp)
{
	struct imp *i = import_imp(&e->import, imp);

	i->oprev = 0;
	i->onext = *head;
	if (*head)
		import_imp(&e->import, *head)->oprev = imp;
	*head = imp;
}

void
import_cand_unlink(struct evpn *e, uint32_t *head, uint32_t imp)
{
	const struct imp *i = import_imp(&e->import, imp);

	if (i->onext)
		import_imp(&e->import, i->onext)->oprev = i->oprev;
	if (i->oprev)
		import_imp(&e->import, i->oprev)->onext = i->onext;
	else
		*head = i->onext;
}

/* --- one route --- */

static void
imp_add(struct evpn *e, uint32_t route, struct evi *evi, const struct evpn_nlri *n,
    uint32_t flood)
{
	struct import *m = &e->import;
	uint32_t h = slab_alloc(&m->imps), *slot = map_slot(m, route, true), obj;
	struct imp *i = import_imp(m, h);

	i->route = route;
	i->rnext = *slot;
	*slot = h;
	if (n->type == EVPN_IMET) {
		obj = flood_get(e, evi, flood);
		i->obj = obj_ref(ZL_KIND_FLOOD, obj);
		flood_cand_add(e, obj, h);
		return;
	}
	obj = mac_get(e, evi, n->mac);
	i->obj = obj_ref(ZL_KIND_MAC, obj);
	if (n->ip.len) {
		i->neigh = neigh_get(e, evi, n->ip);
		mac_cand_add(e, obj, h);
		neigh_cand_add(e, i->neigh, h);
	} else {
		mac_cand_add(e, obj, h);
	}
}

static void
imp_add_vrf(struct evpn *e, uint32_t route, struct vrf *v, const struct evpn_nlri *n)
{
	struct import *m = &e->import;
	uint32_t h = slab_alloc(&m->imps), *slot = map_slot(m, route, true), obj;
	struct imp *i = import_imp(m, h);
	struct prefix p = { n->ip,
		n->type == EVPN_PREFIX ? n->plen : (uint8_t)(n->ip.len * 8) };

	i->route = route;
	i->rnext = *slot;
	*slot = h;
	i->type5 = n->type == EVPN_PREFIX;
	obj = l3_get(e, v, prefix_mask(p));
	i->obj = obj_ref(ZL_KIND_ROUTE, obj);
	l3_cand_add(e, obj, h);
}

/* Ends the imp at *link of its route's list. */
static void
imp_del(struct evpn *e, uint32_t *link)
{
	uint32_t h = *link;
	struct imp *i = import_imp(&e->import, h);
	uint32_t obj = obj_handle(i->obj), neigh = i->neigh;

	*link = i->rnext;
	if (obj_kind(i->obj) == ZL_KIND_ROUTE) {
		l3_cand_del(e, obj, h);
	} else if (obj_kind(i->obj) == ZL_KIND_FLOOD) {
		flood_cand_del(e, obj, h);
	} else {
		if (neigh)
			neigh_cand_del(e, neigh, h);
		mac_cand_del(e, obj, h);
	}
	slab_free(&e->import.imps, h);
}

static void
imp_changed(struct evpn *e, uint32_t h)
{
	const struct imp *i = import_imp(&e->import, h);

	if (obj_kind(i->obj) == ZL_KIND_ROUTE)
		l3_cand_changed(e, h);
	if (obj_kind(i->obj) != ZL_KIND_MAC)
		return;
	mac_cand_changed(e, obj_handle(i->obj), h);
	if (i->neigh)
		neigh_cand_changed(e, i->neigh, h);
}

/* Does this imp still say what the route says? */
static bool
imp_same(const struct evpn *e, const struct imp *i, uint32_t flood)
{
	return obj_kind(i->obj) != ZL_KIND_FLOOD ||
	       flood_at(&e->floods, obj_handle(i->obj))->vtep == flood;
}

/* What only this path, not its attribute set, says. */
static bool
label_ok(const struct evi *evi, const struct evpn_nlri *n, const struct rib_path *p)
{
	uint32_t label;

	if (n->type != EVPN_MACIP || !(p->flags & PATH_LABEL1))
		return true;
	label = rib_label(p->label1);
	/* 0: the sender leaves it to the route target.  Another VNI than ours would need a
	 * different VNI for sending (RFC 8365 5.1.2.1, locally assigned). */
	if (label == 0 || label == evi->vni)
		return true;
	COUNT(import_label);
	return false;
}

/* RFC 9135 5: a host's route is for VRFs with a second label, which is the L3VNI. */
static bool
for_vrfs(const struct evpn_nlri *n, const struct rib_path *p)
{
	if (n->type == EVPN_PREFIX)
		return true;
	return n->type == EVPN_MACIP && n->ip.len && p->flags & PATH_LABEL2 &&
	       !ip_is_linklocal(n->ip);
}

/* Marks the instances and VRFs that shall have the route. */
static void
mark(struct evpn *e, const struct import_cached *c, const struct evpn_nlri *n,
    const struct rib_path *p, uint32_t stamp)
{
	size_t i;

	for (i = 0; i < c->nevis && n->type != EVPN_PREFIX; i++) {
		struct evi *evi = e->evis.slots[c->evis[i]];

		evi->mark = label_ok(evi, n, p) ? stamp : 0;
	}
	for (i = 0; i < c->nvrfs && for_vrfs(n, p); i++)
		e->vrfs.slots[c->vrfs[i]]->mark = stamp;
}

/* The mark of whoever has the imp. */
static uint32_t *
mark_of(const struct evpn *e, const struct imp *i)
{
	const struct obj *o = obj_ptr(e, i->obj);

	return obj_of_vrf(i->obj) ? &obj_vrf(e, o)->mark : &obj_evi(e, o)->mark;
}

/* Is it a route that some instance can use, whatever its route targets? */
static bool
usable(const struct import_cached *c, const struct evpn_nlri *n)
{
	if (n->tag != 0) { /* VLAN-aware bundles are not ours to sort out */
		COUNT(import_tag);
		return false;
	}
	/* An all-zero MAC would be the kernel's flood entry. */
	if (n->type == EVPN_MACIP && (mac_is_zero(n->mac) || mac_is_multicast(n->mac))) {
		COUNT(import_bad_mac);
		return false;
	}
	if (n->ip.len && !(n->type == EVPN_PREFIX && n->plen == 0) &&
	    (ip_is_zero(n->ip) || ip_is_multicast(n->ip) || ip_is_loopback(n->ip))) {
		COUNT(import_bad_ip);
		return false;
	}
	if (n->type == EVPN_IMET && !c->cand.flood) {
		COUNT(import_no_replication);
		return false;
	}
	return true;
}

/* Keeps the imps that are marked, ends the others. */
static void
update_imps(struct evpn *e, uint32_t *link, uint32_t flood, uint32_t stamp)
{
	while (*link) {
		struct imp *im = import_imp(&e->import, *link);
		uint32_t *mark = mark_of(e, im);

		if (stamp && *mark == stamp && imp_same(e, im, flood)) {
			*mark = stamp + 1; /* has it */
			imp_changed(e, *link);
			link = &import_imp(&e->import, *link)->rnext;
		} else {
			imp_del(e, link);
		}
	}
}

static void
add_imps(struct evpn *e, uint32_t route, const struct evpn_nlri *n, uint32_t attrs,
    uint32_t stamp)
{
	size_t i;

	/* The slot of the cache may serve others between two rounds: look again each time. */
	for (i = 0; i < cached(e, attrs)->nevis; i++) {
		const struct import_cached *c = cached(e, attrs);
		struct evi *evi = e->evis.slots[c->evis[i]];

		if (evi->mark == stamp)
			imp_add(e, route, evi, n, c->cand.flood);
	}
	for (i = 0; i < cached(e, attrs)->nvrfs; i++) {
		struct vrf *v = e->vrfs.slots[cached(e, attrs)->vrfs[i]];

		if (v->mark == stamp)
			imp_add_vrf(e, route, v, n);
	}
}

/* Brings the route's imps in line with the instances that shall have it now.  Exports may change
 * the RIB meanwhile, so nothing of the route is looked at after the first imp. */
static void
reconcile(
    struct evpn *e, uint32_t route, const struct rib_route *rt, const struct rib_path *p)
{
	const struct import_cached *c = p ? cached(e, p->attrs) : NULL;
	uint32_t *slot = map_slot(&e->import, route, false), stamp, attrs, flood;
	struct evpn_nlri n;

	if ((!slot || !*slot) && (!c || c->nevis + c->nvrfs == 0))
		return;
	evpn_nlri_from_key(rib_head(e->rib, rt->head), rt->tail, rt->len, &n);
	if (!c || !usable(c, &n)) {
		if (slot)
			update_imps(e, slot, 0, 0);
		return;
	}
	attrs = p->attrs;
	flood = c->cand.flood;
	attrset_ref(e->attrs, attrs);
	if (flood)
		intern_ref(&e->ips, flood);
	stamp = e->import.stamp += 2;
	mark(e, c, &n, p, stamp);
	if (slot)
		update_imps(e, slot, flood, stamp);
	add_imps(e, route, &n, attrs, stamp);
	intern_unref(&e->ips, flood);
	attrset_unref(e->attrs, attrs);
}

static void
import_route(struct evpn *e, uint32_t h)
{
	const struct rib_route *rt = rib_route(e->rib, h);
	const struct rib_path *p = rib_best(rt);
	uint32_t *slot;

	/* A mere reflector has nothing to import into. */
	if (e->rts.cells.live + e->vrf_rts.cells.live + e->import.imps.live == 0)
		return;
	COUNT(import_routes);
	if (rt->len == 0 || (rt->tail[0] != EVPN_MACIP && rt->tail[0] != EVPN_IMET &&
				rt->tail[0] != EVPN_PREFIX))
		return;
	if (p && p->peer == 0) /* our own */
		p = NULL;
	reconcile(e, h, rt, p);
	slot = map_slot(&e->import, h, false);
	rib_told(&e->import.cursor, h, slot && *slot);
}

static bool
work(struct loop_work *w)
{
	struct evpn *e = container_of(w, struct evpn, import.work);
	unsigned steps = 0;
	uint32_t h;

	while ((h = rib_cursor_next(&e->import.cursor)) != 0) {
		import_route(e, h);
		if (++steps % STEPS == 0 && loop_slice_over(e->loop))
			return true;
	}
	e->import.busy = false;
	fib_kick(e);
	return false;
}

static void
wake(struct rib_cursor *c)
{
	struct evpn *e = container_of(c, struct evpn, import.cursor);

	e->import.busy = true;
	loop_work_queue(e->loop, &e->import.work);
}

uint32_t
import_first(struct evpn *e, uint32_t route)
{
	const uint32_t *slot = map_slot(&e->import, route, false);

	return slot ? *slot : 0;
}

bool
import_at_end(const struct evpn *e)
{
	return !e->import.busy;
}

void
import_rescan(struct evpn *e)
{
	if (e->closing)
		return;
	e->import.gen++;
	rib_cursor_rewind(&e->import.cursor);
	e->import.busy = true;
	loop_work_queue(e->loop, &e->import.work);
}

void
import_init(struct evpn *e)
{
	struct import *m = &e->import;

	*m = (struct import){ .gen = 1 };
	slab_init(&m->imps, "evpn imports", sizeof(struct imp));
	m->map = xcalloc(MAP_TOP, sizeof *m->map);
	m->cache = xcalloc(IMPORT_CACHE, sizeof *m->cache);
	loop_work_init(&m->work, LOOP_PRIO_DECIDE, work);
	m->cursor.wake = wake;
	rib_cursor_open(e->rib, &m->cursor, rib_group_alloc(e->rib), true);
}

void
import_fini(struct evpn *e)
{
	struct import *m = &e->import;
	uint8_t group = m->cursor.group;
	unsigned i;

	loop_work_cancel(&m->work);
	rib_cursor_close(&m->cursor);
	rib_group_free(e->rib, group);
	for (i = 0; i < IMPORT_CACHE; i++)
		cache_drop(e, &m->cache[i]);
	free(m->cache);
	rtindex_set_fini(&m->scratch);
	map_free(m);
	slab_fini(&m->imps);
}
