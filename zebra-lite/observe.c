/* SPDX-License-Identifier: ISC */
/* zebra-lite/observe.c: index and queue of the kernel's entries that are not ours. */
#include "config.h"

#include "zebra-lite/observe.h"

#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

#define PRESENT (OBS_F_KERNEL | OBS_F_SVI)
#define SVI_FLAGS (OBS_F_SVI | OBS_F_GATEWAY)
#define KERNEL_FLAGS ((uint16_t)~SVI_FLAGS)

void
observe_init(struct observe *o, void (*wake)(void *arg), void *arg)
{
	memset(o, 0, sizeof *o);
	slab_init(&o->doms, "observed domain", sizeof(struct obs_dom));
	slab_init(&o->macs.slab, "observed MAC", sizeof(struct obs_mac));
	slab_init(&o->neighs.slab, "observed neighbour", sizeof(struct obs_neigh));
	hidx_init(&o->dom_index);
	hidx_init(&o->macs.index);
	hidx_init(&o->neighs.index);
	o->wake = wake;
	o->arg = arg;
	o->muted = true;
}

void
observe_fini(struct observe *o)
{
	hidx_fini(&o->dom_index);
	hidx_fini(&o->macs.index);
	hidx_fini(&o->neighs.index);
	slab_fini(&o->doms);
	slab_fini(&o->macs.slab);
	slab_fini(&o->neighs.slab);
}

/* Domains. */

static struct obs_dom *
dom_ptr(const struct observe *o, uint32_t h)
{
	return slab_ptr(&o->doms, h);
}

static struct obs_table *
dom_table(struct observe *o, const struct obs_dom *d)
{
	return d->kind == OBS_BRIDGE || d->kind == OBS_VXLAN || d->kind == OBS_STICKY
		   ? &o->macs
		   : &o->neighs;
}

static uint32_t
dom_hash(enum obs_kind kind, uint32_t ifindex, uint32_t tag)
{
	uint32_t k[3] = { kind, ifindex, tag };

	return hash32(k, sizeof k);
}

uint32_t
observe_dom_find(
    const struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag)
{
	struct hidx_it it = hidx_first(&o->dom_index, dom_hash(kind, ifindex, tag));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct obs_dom *d = dom_ptr(o, h);

		if (d->kind == kind && d->ifindex == ifindex && d->tag == tag)
			return h;
	}
	return 0;
}

static void
dom_release(struct observe *o, uint32_t h)
{
	struct obs_dom *d = dom_ptr(o, h);

	if (d->count > 0 || d->vni != OBS_NO_VNI)
		return;
	hidx_remove(&o->dom_index, dom_hash(d->kind, d->ifindex, d->tag), h);
	slab_free(&o->doms, h);
}

uint32_t
observe_dom(struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag)
{
	uint32_t h = observe_dom_find(o, kind, ifindex, tag);
	struct obs_dom *d;

	if (h)
		return h;
	h = slab_alloc(&o->doms);
	d = dom_ptr(o, h);
	*d = (struct obs_dom){
		.kind = kind, .ifindex = ifindex, .tag = tag, .vni = OBS_NO_VNI
	};
	hidx_insert(&o->dom_index, dom_hash(kind, ifindex, tag), h);
	return h;
}

uint32_t
observe_dom_vni(
    const struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag)
{
	uint32_t h = observe_dom_find(o, kind, ifindex, tag);

	return h ? dom_ptr(o, h)->vni : OBS_NO_VNI;
}

/* Objects, of either class. */

static struct obs_obj *
obj_ptr(const struct obs_table *t, uint32_t h)
{
	return slab_ptr(&t->slab, h);
}

static void
obj_link(struct observe *o, struct obs_table *t, uint32_t h, uint32_t dom)
{
	struct obs_dom *d = dom_ptr(o, dom);
	struct obs_obj *x = obj_ptr(t, h);

	x->dom = dom;
	x->next = d->first;
	if (d->first)
		obj_ptr(t, d->first)->prev = h;
	d->first = h;
	d->count++;
}

static void
obj_unlink(struct observe *o, struct obs_table *t, struct obs_obj *x)
{
	struct obs_dom *d = dom_ptr(o, x->dom);

	if (x->prev)
		obj_ptr(t, x->prev)->next = x->next;
	else
		d->first = x->next;
	if (x->next)
		obj_ptr(t, x->next)->prev = x->prev;
	d->count--;
}

static uint32_t
mac_hash(uint32_t dom, struct mac mac)
{
	uint8_t k[10];

	memcpy(k, &dom, 4);
	memcpy(k + 4, mac.b, 6);
	return hash32(k, sizeof k);
}

/* Domains are numbers of ours: only the address needs the key. */
static uint32_t
neigh_hash(uint32_t dom, struct ip ip)
{
	return ip_hash(ip) + dom * 0x9e3779b1u;
}

static void
obj_free(struct observe *o, struct obs_table *t, uint32_t h)
{
	struct obs_obj *x = obj_ptr(t, h);
	uint32_t hash, dom;

	if (t == &o->macs)
		hash = mac_hash(x->dom, ((struct obs_mac *)x)->mac);
	else
		hash = neigh_hash(x->dom, ((struct obs_neigh *)x)->ip);
	obj_unlink(o, t, x);
	hidx_remove(&t->index, hash, h);
	dom = x->dom;
	slab_free(&t->slab, h);
	dom_release(o, dom);
}

/* Whether the engine should know it, were its VNI up. */
static bool
obj_sayable(const struct obs_obj *x)
{
	return (x->flags & OBS_F_SVI) ||
	       ((x->flags & OBS_F_KERNEL) && !(x->flags & (OBS_F_OWN | OBS_F_REMOTE)));
}

static void
obj_queue(struct obs_table *t, uint32_t h)
{
	struct obs_obj *x = obj_ptr(t, h);

	if (x->queued)
		return;
	x->queued = true;
	x->qprev = t->q_last;
	x->qnext = 0;
	if (t->q_last)
		obj_ptr(t, t->q_last)->qnext = h;
	else
		t->q_first = h;
	t->q_last = h;
}

static void
obj_dequeue(struct obs_table *t, struct obs_obj *x)
{
	if (!x->queued)
		return;
	x->queued = false;
	if (x->qprev)
		obj_ptr(t, x->qprev)->qnext = x->qnext;
	else
		t->q_first = x->qnext;
	if (x->qnext)
		obj_ptr(t, x->qnext)->qprev = x->qprev;
	else
		t->q_last = x->qprev;
}

/* Objects of the other kinds only stand in the way of our writes. */
static bool
dom_is_said(const struct obs_dom *d)
{
	return d->vni != OBS_NO_VNI && (d->kind == OBS_BRIDGE || d->kind == OBS_SVI);
}

/* After a change: says what is to be said, frees what nobody needs.  An object that is gone and
 * was never said leaves the queue, so churn cannot make it grow. */
static void
obj_changed(struct observe *o, struct obs_table *t, uint32_t h)
{
	struct obs_obj *x = obj_ptr(t, h);

	if (!o->muted && dom_is_said(dom_ptr(o, x->dom)) && (x->said || obj_sayable(x))) {
		obj_queue(t, h);
		o->wake(o->arg);
		return;
	}
	obj_dequeue(t, x);
	if (!(x->flags & PRESENT))
		obj_free(o, t, h);
}

void
observe_bind(struct observe *o, uint32_t dom, uint32_t vni)
{
	struct obs_dom *d;
	struct obs_table *t;
	uint32_t next;

	if (dom == 0)
		return;
	d = dom_ptr(o, dom);
	t = dom_table(o, d);
	d->vni = vni;
	if (d->first == 0) {
		dom_release(o, dom);
		return;
	}
	for (uint32_t h = d->first; h != 0; h = next) {
		next = obj_ptr(t, h)->next;
		obj_ptr(t, h)->said = false;
		obj_changed(o, t, h);
	}
}

/* MACs. */

static struct obs_mac *
mac_ptr(const struct observe *o, uint32_t h)
{
	return slab_ptr(&o->macs.slab, h);
}

static uint32_t
mac_find(const struct observe *o, uint32_t dom, struct mac mac)
{
	struct hidx_it it = hidx_first(&o->macs.index, mac_hash(dom, mac));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (mac_ptr(o, h)->o.dom == dom && mac_equal(mac_ptr(o, h)->mac, mac))
			return h;
	return 0;
}

static uint32_t
mac_get(struct observe *o, uint32_t dom, struct mac mac)
{
	uint32_t h = mac_find(o, dom, mac);

	if (h)
		return h;
	h = slab_alloc(&o->macs.slab);
	mac_ptr(o, h)->mac = mac;
	obj_link(o, &o->macs, h, dom);
	hidx_insert(&o->macs.index, mac_hash(dom, mac), h);
	return h;
}

const struct obs_mac *
observe_mac_find(const struct observe *o, uint32_t dom, struct mac mac)
{
	uint32_t h;

	if (dom == 0 || dom_ptr(o, dom)->count == 0)
		return NULL;
	h = mac_find(o, dom, mac);
	return h && (mac_ptr(o, h)->o.flags & OBS_F_KERNEL) ? mac_ptr(o, h) : NULL;
}

void
observe_mac_set(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t port, uint16_t flags)
{
	uint32_t h = mac_get(o, dom, mac);
	struct obs_mac *m = mac_ptr(o, h);
	uint16_t now =
	    (uint16_t)((m->o.flags & SVI_FLAGS) | (flags & KERNEL_FLAGS) | OBS_F_KERNEL);

	m->o.seen = true;
	if (m->o.flags == now && (m->port == port || (now & OBS_F_SVI)))
		return;
	m->o.flags = now;
	if (!(now & OBS_F_SVI))
		m->port = port;
	obj_changed(o, &o->macs, h);
}

void
observe_mac_gone(struct observe *o, uint32_t dom, struct mac mac)
{
	uint32_t h = dom ? mac_find(o, dom, mac) : 0;

	if (h == 0)
		return;
	mac_ptr(o, h)->o.flags &= SVI_FLAGS;
	obj_changed(o, &o->macs, h);
}

static void
svi_mac(struct observe *o, uint32_t dom, struct mac mac, uint32_t ifindex, uint16_t flags,
    bool is)
{
	uint32_t h = is ? mac_get(o, dom, mac) : mac_find(o, dom, mac);
	struct obs_mac *m;

	if (h == 0)
		return;
	m = mac_ptr(o, h);
	m->o.flags &= KERNEL_FLAGS;
	if (is) {
		m->o.flags |= flags;
		m->port = ifindex;
	}
	obj_changed(o, &o->macs, h);
}

void
observe_svi_mac(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t ifindex, bool is)
{
	svi_mac(o, dom, mac, ifindex, OBS_F_SVI, is);
}

void
observe_gateway_mac(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t ifindex, bool is)
{
	svi_mac(o, dom, mac, ifindex, SVI_FLAGS, is);
}

/* Neighbours. */

static struct obs_neigh *
neigh_ptr(const struct observe *o, uint32_t h)
{
	return slab_ptr(&o->neighs.slab, h);
}

static uint32_t
neigh_find(const struct observe *o, uint32_t dom, struct ip ip)
{
	struct hidx_it it = hidx_first(&o->neighs.index, neigh_hash(dom, ip));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (neigh_ptr(o, h)->o.dom == dom && ip_equal(neigh_ptr(o, h)->ip, ip))
			return h;
	return 0;
}

static uint32_t
neigh_get(struct observe *o, uint32_t dom, struct ip ip)
{
	uint32_t h = neigh_find(o, dom, ip);

	if (h)
		return h;
	h = slab_alloc(&o->neighs.slab);
	neigh_ptr(o, h)->ip = ip;
	obj_link(o, &o->neighs, h, dom);
	hidx_insert(&o->neighs.index, neigh_hash(dom, ip), h);
	return h;
}

const struct obs_neigh *
observe_neigh_find(const struct observe *o, uint32_t dom, struct ip ip)
{
	uint32_t h;

	if (dom == 0 || dom_ptr(o, dom)->count == 0)
		return NULL;
	h = neigh_find(o, dom, ip);
	return h && (neigh_ptr(o, h)->o.flags & OBS_F_KERNEL) ? neigh_ptr(o, h) : NULL;
}

void
observe_neigh_set(
    struct observe *o, uint32_t dom, struct ip ip, struct mac mac, uint16_t flags)
{
	uint32_t h = neigh_get(o, dom, ip);
	struct obs_neigh *n = neigh_ptr(o, h);
	uint16_t now =
	    (uint16_t)((n->o.flags & SVI_FLAGS) | (flags & KERNEL_FLAGS) | OBS_F_KERNEL);

	n->o.seen = true;
	if (n->o.flags == now && mac_equal(n->mac, mac))
		return;
	n->o.flags = now;
	n->mac = mac;
	obj_changed(o, &o->neighs, h);
}

void
observe_neigh_gone(struct observe *o, uint32_t dom, struct ip ip)
{
	uint32_t h = dom ? neigh_find(o, dom, ip) : 0;

	if (h == 0)
		return;
	neigh_ptr(o, h)->o.flags &= SVI_FLAGS;
	obj_changed(o, &o->neighs, h);
}

void
observe_svi_ip(
    struct observe *o, uint32_t dom, struct ip ip, struct mac mac, bool gateway, bool is)
{
	uint32_t h = is ? neigh_get(o, dom, ip) : neigh_find(o, dom, ip);
	struct obs_neigh *n;

	if (h == 0)
		return;
	n = neigh_ptr(o, h);
	n->o.flags &= KERNEL_FLAGS;
	if (is) {
		n->o.flags |= gateway ? SVI_FLAGS : OBS_F_SVI;
		n->mac = mac;
	}
	obj_changed(o, &o->neighs, h);
}

/* Dumps. */

static void
table_unsee(struct obs_table *t)
{
	for (uint32_t h = 0; (h = slab_next(&t->slab, h)) != 0;)
		obj_ptr(t, h)->seen = false;
}

static void
table_sweep(struct observe *o, struct obs_table *t)
{
	for (uint32_t h = 0; (h = slab_next(&t->slab, h)) != 0;) {
		struct obs_obj *x = obj_ptr(t, h);

		if (x->seen || !(x->flags & OBS_F_KERNEL))
			continue;
		x->flags &= SVI_FLAGS;
		obj_changed(o, t, h);
	}
}

void
observe_dump_begin(struct observe *o)
{
	table_unsee(&o->macs);
	table_unsee(&o->neighs);
}

void
observe_dump_end(struct observe *o)
{
	table_sweep(o, &o->macs);
	table_sweep(o, &o->neighs);
}

/* Nothing is known to the engine; what is gone is freed. */
static void
table_renew(struct observe *o, struct obs_table *t)
{
	for (uint32_t h = 0; (h = slab_next(&t->slab, h)) != 0;) {
		obj_ptr(t, h)->said = false;
		obj_changed(o, t, h);
	}
}

void
observe_say_all(struct observe *o)
{
	o->muted = false;
	table_renew(o, &o->macs);
	table_renew(o, &o->neighs);
}

void
observe_mute(struct observe *o)
{
	o->muted = true;
	o->frames = 0;
	table_renew(o, &o->macs);
	table_renew(o, &o->neighs);
}

void
observe_frame_said(struct observe *o)
{
	o->frames++;
}

/* By distances: a number from long ago, before the count has wrapped, is none to wait for. */
bool
observe_unheard(const struct observe *o, const struct obs_obj *x, uint32_t heard)
{
	uint32_t behind = o->frames - heard;

	return x->queued ||
	       (x->said && behind <= INT32_MAX && o->frames - x->frame < behind);
}

/* Takes the next object off the queue: its handle, or 0.  *del: it is no more for the engine;
 * then it may have to be freed. */
static uint32_t
queue_take(struct observe *o, struct obs_table *t, uint32_t *vni, bool *del)
{
	uint32_t h = t->q_first;
	struct obs_obj *x;

	if (h == 0)
		return 0;
	x = obj_ptr(t, h);
	obj_dequeue(t, x);
	*vni = dom_ptr(o, x->dom)->vni;
	*del = !obj_sayable(x);
	x->said = !*del;
	x->frame = o->frames + 1;
	return h;
}

bool
observe_next_mac(struct observe *o, struct obs_mac *out, uint32_t *vni, bool *del)
{
	uint32_t h = queue_take(o, &o->macs, vni, del);

	if (h == 0)
		return false;
	*out = *mac_ptr(o, h);
	if (!(out->o.flags & PRESENT))
		obj_free(o, &o->macs, h);
	return true;
}

bool
observe_next_neigh(struct observe *o, struct obs_neigh *out, uint32_t *vni, bool *del)
{
	uint32_t h = queue_take(o, &o->neighs, vni, del);

	if (h == 0)
		return false;
	*out = *neigh_ptr(o, h);
	if (!(out->o.flags & PRESENT))
		obj_free(o, &o->neighs, h);
	return true;
}
