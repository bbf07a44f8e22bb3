/* SPDX-License-Identifier: ISC */
/* zebra-lite/bind.c: ties a VNI that is up to the domains of observed entries. */
#include "config.h"

#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "zebra-lite/zl.h"

static void
on_leave(void *arg, struct iface_vni *v)
{
	struct zl *z = arg;

	if (v->z.svi_ifindex)
		observe_svi_mac(
		    &z->obs, v->doms[OBS_BRIDGE], v->z.svi_mac, v->z.svi_ifindex, false);
	for (unsigned k = 0; k < OBS_KINDS; k++) {
		observe_bind(&z->obs, v->doms[k], OBS_NO_VNI);
		v->doms[k] = 0;
	}
}

static void
bind_dom(
    struct zl *z, struct iface_vni *v, enum obs_kind kind, uint32_t ifindex, uint32_t tag)
{
	v->doms[kind] = observe_dom(&z->obs, kind, ifindex, tag);
	observe_bind(&z->obs, v->doms[kind], v->z.vni);
}

static void
bind_svi(struct zl *z, struct iface_vni *v)
{
	const struct zl_vni *n = &v->z;

	if (n->svi_ifindex == 0)
		return;
	bind_dom(z, v, OBS_SVI, n->svi_ifindex, 0);
	observe_svi_mac(&z->obs, v->doms[OBS_BRIDGE], n->svi_mac, n->svi_ifindex, true);
}

static void
bind_vni(struct zl *z, struct iface_vni *v)
{
	const struct zl_vni *n = &v->z;

	bind_dom(z, v, OBS_BRIDGE, n->bridge_ifindex, n->vid);
	bind_dom(z, v, OBS_STICKY, n->bridge_ifindex, n->vid);
	bind_dom(z, v, OBS_VXLAN, n->vxlan_ifindex, v->src_vni);
	bind_dom(z, v, OBS_FLOOD, n->vxlan_ifindex, v->src_vni);
	bind_svi(z, v);
}

/* The VNI stays where it is; its SVI may be new, or have another MAC. */
static void
rebind_svi(struct zl *z, struct iface_vni *v, const struct zl_vni *old)
{
	const struct zl_vni *n = &v->z;

	if (old->svi_ifindex == n->svi_ifindex && mac_equal(old->svi_mac, n->svi_mac))
		return;
	if (old->svi_ifindex)
		observe_svi_mac(
		    &z->obs, v->doms[OBS_BRIDGE], old->svi_mac, old->svi_ifindex, false);
	bind_svi(z, v);
}

static void
on_vni(void *arg, struct iface_vni *v, const struct zl_vni *old)
{
	struct zl *z = arg;

	if (v->z.flags & ZL_VNI_UP) {
		/* What is left in an old place is found by a dump. */
		if ((old->flags & ZL_VNI_UP) && !v->doms[OBS_BRIDGE] && z->attached)
			reconcile_soon(&z->rec);
		if (v->doms[OBS_BRIDGE])
			rebind_svi(z, v, old);
		else
			bind_vni(z, v);
	}
	zl_say_wake(z);
}

static void
on_link(void *arg, const struct nl_link *old, const struct nl_link *now)
{
	struct zl *z = arg;

	watch_l3_link(z, old, now);
	zl_say_wake(z);
}

static void
svi_ip(struct zl *z, uint32_t svi, const struct iface_link *l, struct ip ip, bool gateway,
    bool is)
{
	uint32_t dom = is ? observe_dom(&z->obs, OBS_SVI, svi, 0)
			  : observe_dom_find(&z->obs, OBS_SVI, svi, 0);

	if (dom)
		observe_svi_ip(&z->obs, dom, ip, l->l.mac, gateway, is);
}

static void
on_addr(void *arg, const struct iface_link *l, struct prefix addr, bool del)
{
	struct zl *z = arg;
	struct zl_addr a = { .op = del ? ZL_DEL : ZL_SET,
		.ifindex = l->l.ifindex,
		.addr = addr,
		.loopback = l->l.flags & IFF_LOOPBACK };

	snprintf(a.ifname, sizeof a.ifname, "%s", l->l.name);
	zl_say_addr(z, &a);
	/* Whether a VLAN device is on a bridge may not be known yet. */
	if (l->l.kind == NL_KIND_BRIDGE || l->l.kind == NL_KIND_VLAN)
		svi_ip(z, l->l.ifindex, l, addr.ip, false, !del);
	else if (l->l.kind == NL_KIND_MACVLAN && l->l.lower)
		svi_ip(z, l->l.lower, l, addr.ip, true, !del);
}

const struct iface_ops bind_iface_ops = { on_leave, on_vni, on_link, on_addr };
