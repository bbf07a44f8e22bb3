/* SPDX-License-Identifier: ISC */
/* zebra-lite/iface_resolve.c: from links to VNIs. */
#include "config.h"

#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/iface.h"

LOG_MODULE("zl.iface");

/* Segments: (bridge, VLAN) pairs, for the time of one resolve. */

static uint32_t
seg_hash(uint32_t bridge, uint16_t vid)
{
	uint32_t k[2] = { bridge, vid };

	return hash32(k, sizeof k);
}

static struct iface_seg *
seg_find(const struct iface *f, uint32_t bridge, uint16_t vid)
{
	struct hidx_it it = hidx_first(&f->by_seg, seg_hash(bridge, vid));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		struct iface_seg *s = slab_ptr(&f->segs, h);

		if (s->bridge == bridge && s->vid == vid)
			return s;
	}
	return NULL;
}

static struct iface_seg *
seg_get(struct iface *f, uint32_t bridge, uint16_t vid)
{
	struct iface_seg *s = seg_find(f, bridge, vid);
	uint32_t h;

	if (s)
		return s;
	h = slab_alloc(&f->segs);
	s = slab_ptr(&f->segs, h);
	s->bridge = bridge;
	s->vid = vid;
	hidx_insert(&f->by_seg, seg_hash(bridge, vid), h);
	return s;
}

static void
segs_clear(struct iface *f)
{
	for (uint32_t h = 0; (h = slab_next(&f->segs, h)) != 0;) {
		struct iface_seg *s = slab_ptr(&f->segs, h);

		hidx_remove(&f->by_seg, seg_hash(s->bridge, s->vid), h);
		slab_free(&f->segs, h);
	}
}

/* VLAN devices on bridges are the SVIs of their VLAN. */
static void
segs_vlan_devices(struct iface *f)
{
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(f, h), *lower;
		struct iface_seg *s;

		if (k->l.kind != NL_KIND_VLAN)
			continue;
		lower = iface_find(f, k->l.lower);
		if (!lower || lower->l.kind != NL_KIND_BRIDGE || !lower->l.vlan_filtering)
			continue;
		s = seg_get(f, lower->l.ifindex, k->l.vlan_id);
		if (s->vlan_dev == 0 || k->l.ifindex < s->vlan_dev)
			s->vlan_dev = k->l.ifindex;
	}
}

/* VNIs. */

static uint32_t
vni_handle(const struct iface *f, uint32_t vni)
{
	struct hidx_it it = hidx_first(&f->by_vni, hash32(&vni, sizeof vni));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (iface_vni_ptr(f, h)->z.vni == vni)
			return h;
	return 0;
}

struct iface_vni *
iface_find_vni(const struct iface *f, uint32_t vni)
{
	uint32_t h = vni_handle(f, vni);

	return h ? iface_vni_ptr(f, h) : NULL;
}

static struct iface_vni *
vni_get(struct iface *f, uint32_t vni)
{
	uint32_t h = vni_handle(f, vni);
	struct iface_vni *v;

	if (h)
		return iface_vni_ptr(f, h);
	h = slab_alloc(&f->vnis);
	v = iface_vni_ptr(f, h);
	v->self = h;
	v->z.vni = vni;
	v->z.flags = ZL_VNI_GONE;
	hidx_insert(&f->by_vni, hash32(&vni, sizeof vni), h);
	return v;
}

static void
dirty(struct iface *f, struct iface_vni *v)
{
	if (v->dirty)
		return;
	v->dirty = true;
	v->dirty_next = 0;
	if (f->dirty_last)
		iface_vni_ptr(f, f->dirty_last)->dirty_next = v->self;
	else
		f->dirty_first = v->self;
	f->dirty_last = v->self;
}

void
iface_say_all(struct iface *f)
{
	f->muted = false;
	for (uint32_t h = 0; (h = slab_next(&f->vnis, h)) != 0;)
		dirty(f, iface_vni_ptr(f, h));
}

void
iface_mute(struct iface *f)
{
	struct iface_vni *v;

	f->muted = true;
	while ((v = iface_dirty_take(f)) != NULL)
		if (v->z.flags & ZL_VNI_GONE)
			iface_vni_release(f, v);
}

struct iface_vni *
iface_dirty_take(struct iface *f)
{
	struct iface_vni *v;

	if (f->dirty_first == 0)
		return NULL;
	v = iface_vni_ptr(f, f->dirty_first);
	f->dirty_first = v->dirty_next;
	if (f->dirty_first == 0)
		f->dirty_last = 0;
	v->dirty = false;
	return v;
}

void
iface_vni_release(struct iface *f, struct iface_vni *v)
{
	uint32_t vni = v->z.vni, h = v->self;

	ensure(!v->dirty && (v->z.flags & ZL_VNI_GONE));
	hidx_remove(&f->by_vni, hash32(&vni, sizeof vni), h);
	slab_free(&f->vnis, h);
}

/* Derivation. */

bool
iface_in_filter(const struct iface_link *k, uint32_t vni)
{
	uint32_t lo = 0, hi = k->nvnis;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (k->vnis[mid].last < vni)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < k->nvnis && k->vnis[lo].vni <= vni;
}

static uint16_t
pvid_of(const struct iface_link *k)
{
	for (uint32_t i = 0; i < k->nvlans; i++)
		if (k->vlans[i].pvid)
			return k->vlans[i].vid;
	return 0;
}

static void
put_svi(const struct iface *f, struct zl_vni *z, const struct iface_link *svi)
{
	const struct iface_link *vrf = iface_find(f, svi->l.master);

	z->svi_ifindex = svi->l.ifindex;
	memcpy(z->svi, svi->l.name, sizeof z->svi);
	z->svi_mac = svi->l.mac;
	if (vrf && vrf->l.kind == NL_KIND_VRF)
		memcpy(z->vrf, vrf->l.name, sizeof z->vrf);
}

static void
find_svi(const struct iface *f, struct zl_vni *z, const struct iface_link *bridge)
{
	const struct iface_seg *s;
	const struct iface_link *dev;

	if (!bridge->l.vlan_filtering) {
		put_svi(f, z, bridge);
		return;
	}
	s = seg_find(f, bridge->l.ifindex, z->vid);
	dev = s ? iface_find(f, s->vlan_dev) : NULL;
	if (dev)
		put_svi(f, z, dev);
	else if (pvid_of(bridge) == z->vid)
		put_svi(f, z, bridge);
}

static void
why(struct zl_vni *z, const char *fmt, const char *a, const char *b)
{
	/* The first reason is the one to mend first. */
	if (z->why_down[0])
		return;
		/* Both names are at most 15 bytes and all formats are in this file. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(z->why_down, sizeof z->why_down, fmt, a, b);
#pragma GCC diagnostic pop
}

/* Reasons that lie in the VXLAN device and its bridge, not in the VLAN. */
static const struct iface_link *
check_device(const struct iface *f, struct zl_vni *z, const struct iface_link *k)
{
	const struct iface_link *br = iface_find(f, k->l.master);

	if (!(k->l.flags & IFF_UP))
		why(z, "%s is administratively down", k->l.name, "");
	else if (!(k->l.flags & IFF_LOWER_UP))
		why(z, "%s has no carrier (protodown?)", k->l.name, "");
	if (!br || br->l.kind != NL_KIND_BRIDGE) {
		why(z, "%s is not in a bridge", k->l.name, "");
		return NULL;
	}
	z->bridge_ifindex = br->l.ifindex;
	memcpy(z->bridge, br->l.name, sizeof z->bridge);
	if (!(br->l.flags & IFF_UP))
		why(z, "its bridge %s is administratively down", br->l.name, "");
	return br;
}

static void
put_device(struct zl_vni *z, const struct iface_link *k)
{
	z->vxlan_ifindex = k->l.ifindex;
	memcpy(z->vxlan, k->l.name, sizeof z->vxlan);
	z->dstport = k->l.vxlan.dstport;
	z->local = k->l.vxlan.local;
	if (ip_is_multicast(k->l.vxlan.group))
		z->group = k->l.vxlan.group;
	if (k->l.vxlan.learning || (k->l.port_known && k->l.port_learning))
		z->flags |= ZL_VNI_LEARNING;
	if (k->l.port_known && !k->l.port_suppress)
		z->flags |= ZL_VNI_NO_SUPPRESS;
	if (k->l.vxlan.external)
		z->flags |= ZL_VNI_SVD;
}

/* The value of one VNI on device k; vlan: its mapping on an external device, else NULL. */
static void
derive(const struct iface *f, struct zl_vni *z, const struct iface_link *k,
    const struct iface_vlan *vlan)
{
	const struct iface_link *br;

	put_device(z, k);
	br = check_device(f, z, k);
	if (br && br->l.vlan_filtering) {
		z->flags |= ZL_VNI_VLAN_AWARE;
		z->vid = vlan ? vlan->vid : pvid_of(k);
		if (z->vid == 0)
			why(z, "%s has no access VLAN (PVID) on %s", k->l.name,
			    br->l.name);
		for (uint32_t i = 0; !vlan && i < k->nvlans; i++)
			if (k->vlans[i].vid == z->vid)
				vlan = &k->vlans[i];
		if (vlan && vlan->blocked)
			why(z, "spanning tree blocks its VLAN on %s", k->l.name, "");
	}
	if (k->l.vxlan.vnifilter && !iface_in_filter(k, z->vni))
		why(z, "it is not in the VNI filter of %s", k->l.name, "");
	if (br)
		find_svi(f, z, br);
	if (!z->why_down[0])
		z->flags |= ZL_VNI_UP;
}

/* One segment carries one VNI: the lower ifindex has it, as for two devices of a VNI. */
static void
claim_segment(struct iface *f, struct iface_vni *v)
{
	struct zl_vni *z = &v->next;
	struct iface_seg *s;
	struct iface_vni *o;

	if (z->bridge_ifindex == 0 || ((z->flags & ZL_VNI_VLAN_AWARE) && z->vid == 0))
		return;
	s = seg_get(f, z->bridge_ifindex, z->vid);
	o = s->vni_h ? iface_vni_ptr(f, s->vni_h) : NULL;
	if (o && o->next.vxlan_ifindex <= z->vxlan_ifindex) {
		o = v;
	} else {
		s->vni_h = v->self;
		if (!o)
			return;
	}
	o->next.flags &= ~(uint32_t)ZL_VNI_UP;
	why(&o->next, "another VNI has %s and its VLAN", o->next.bridge, "");
}

static void
candidate(struct iface *f, const struct iface_link *k, uint32_t vni,
    const struct iface_vlan *vlan)
{
	struct iface_vni *v;

	if (vni == 0)
		return;
	v = vni_get(f, vni);
	if (v->fresh && v->next.vxlan_ifindex <= k->l.ifindex)
		return;
	memset(&v->next, 0, sizeof v->next);
	v->next.vni = vni;
	derive(f, &v->next, k, vlan);
	v->src_vni = k->l.vxlan.external ? vni : 0;
	v->fresh = true;
}

static void
candidates(struct iface *f, const struct iface_link *k)
{
	if (!k->l.vxlan.external) {
		candidate(f, k, k->l.vxlan.vni, NULL);
		return;
	}
	for (uint32_t i = 0; i < k->nvlans; i++)
		candidate(f, k, k->vlans[i].vni, &k->vlans[i]);
}

bool
iface_vni_moved(const struct zl_vni *a, const struct zl_vni *b)
{
	return a->vxlan_ifindex != b->vxlan_ifindex ||
	       a->bridge_ifindex != b->bridge_ifindex || a->vid != b->vid ||
	       (a->svi_ifindex != 0 && a->svi_ifindex != b->svi_ifindex);
}

static void
log_state(const struct zl_vni *z)
{
	if (z->flags & ZL_VNI_GONE)
		log_info("VNI %u: gone", z->vni);
	else if (z->flags & ZL_VNI_UP)
		log_info("VNI %u: up (%s in %s)", z->vni, z->vxlan, z->bridge);
	else
		log_info("VNI %u: down (%s)", z->vni, z->why_down);
}

/* A VNI that no device has is gone; one that was up and will not be, or will be elsewhere,
 * leaves its place before another may take it. */
static void
leave(struct iface *f, struct iface_vni *v)
{
	if (!v->fresh) {
		memset(&v->next, 0, sizeof v->next);
		v->next.vni = v->z.vni;
		v->next.flags = ZL_VNI_GONE;
	}
	v->fresh = false;
	if (!(v->z.flags & ZL_VNI_UP) ||
	    ((v->next.flags & ZL_VNI_UP) && !iface_vni_moved(&v->z, &v->next)))
		return;
	v->fell = true;
	f->ops->on_leave(f->arg, v);
}

/* Takes the new value over and tells whom it concerns. */
static void
settle(struct iface *f, struct iface_vni *v)
{
	struct zl_vni old = v->z;

	if (memcmp(&v->next, &v->z, sizeof v->z) == 0 ||
	    (v->next.flags & old.flags & ZL_VNI_GONE))
		return;
	memcpy(&v->z, &v->next, sizeof v->z);
	if (old.flags != v->z.flags || strcmp(old.why_down, v->z.why_down) != 0)
		log_state(&v->z);
	if (!f->muted)
		dirty(f, v);
	f->ops->on_vni(f->arg, v, &old);
	if (f->muted && (v->z.flags & ZL_VNI_GONE))
		iface_vni_release(f, v);
}

void
iface_resolve(struct iface *f)
{
	if (!f->changed)
		return;
	f->changed = false;
	segs_vlan_devices(f);
	for (uint32_t h = 0; (h = slab_next(&f->links, h)) != 0;)
		if (iface_link_ptr(f, h)->l.kind == NL_KIND_VXLAN)
			candidates(f, iface_link_ptr(f, h));
	for (uint32_t h = 0; (h = slab_next(&f->vnis, h)) != 0;)
		if (iface_vni_ptr(f, h)->fresh)
			claim_segment(f, iface_vni_ptr(f, h));
	for (uint32_t h = 0; (h = slab_next(&f->vnis, h)) != 0;)
		leave(f, iface_vni_ptr(f, h));
	for (uint32_t h = 0; (h = slab_next(&f->vnis, h)) != 0;)
		settle(f, iface_vni_ptr(f, h));
	segs_clear(f);
}
