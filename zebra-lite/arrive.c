/* SPDX-License-Identifier: ISC */
/* zebra-lite/arrive.c: hosts that came to a port here while nobody listened.
 *
 * What    A dump may find a neighbour entry of ours whose MAC the bridge has at a port: the host came while
 *         no engine was there, or one that had not decided yet.  What it said of its address was lost
 *         on our entry, and when that is swept nobody knows the address of a host that says nothing more.
 *         So the entry is given to the kernel, which asks for it at once.
 * Not     Next hops, and addresses of sticky MACs.  Where the engine decides that it is remote
 *         nevertheless, it writes the entry again.
 */
#include "config.h"

#include "lib/log.h"
#include "lib/stats.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.arrive");
COUNTER(arrivals);

struct arrival {
	uint32_t svi;	/* of the entry */
	struct ip ip;	/* its address */
	struct mac mac; /* where it is */
};

const struct iface_vni *
zl_vni_of_svi(struct zl *z, uint32_t ifindex)
{
	uint32_t vni = observe_dom_vni(&z->obs, OBS_SVI, ifindex, 0);
	const struct iface_vni *v =
	    vni == OBS_NO_VNI ? NULL : iface_find_vni(&z->iface, vni);

	return v && (v->z.flags & ZL_VNI_UP) && v->z.svi_ifindex == ifindex ? v : NULL;
}

bool
zl_mac_is_local(struct zl *z, const struct iface_vni *v, struct mac mac)
{
	const struct obs_mac *m = observe_mac_find(&z->obs, v->doms[OBS_BRIDGE], mac);

	return m && !(m->o.flags & (OBS_F_SVI | OBS_F_OWN | OBS_F_REMOTE)) &&
	       !iface_is_vxlan(&z->iface, m->port);
}

bool
zl_neigh_may_move(struct zl *z, const struct iface_vni *v, const struct nl_neigh *e)
{
	return !observe_mac_find(&z->obs, v->doms[OBS_STICKY], e->mac) &&
	       !hops_by_gateway(&z->hops, v->z.svi_ifindex, e->ip, NULL);
}

void
arrive_init(struct zl *z)
{
	slab_init(&z->arrivals, "arrived hosts", sizeof(struct arrival));
}

void
arrive_fini(struct zl *z)
{
	slab_fini(&z->arrivals);
}

void
arrive_dumped(struct zl *z, const struct nl_neigh *e)
{
	const struct iface_vni *v = zl_vni_of_svi(z, e->ifindex);

	if (!v || !zl_mac_is_local(z, v, e->mac) || !zl_neigh_may_move(z, v, e))
		return;
	*(struct arrival *)slab_ptr(&z->arrivals, slab_alloc(&z->arrivals)) =
	    (struct arrival){ e->ifindex, e->ip, e->mac };
}

void
arrive_take(struct zl *z)
{
	for (uint32_t h = 0; (h = slab_next(&z->arrivals, h)) != 0;) {
		const struct arrival *a = slab_ptr(&z->arrivals, h);
		struct stale s = { .table = APPLY_NEIGH, .ifindex = a->svi, .ip = a->ip };
		char ip[IP_STRLEN], mac[MAC_STRLEN];

		if (z->removing)
			break;
		nl_neigh_put_take(&z->probe, a->svi, a->ip, a->mac);
		nl_batch_send(&z->nl, &z->probe);
		if (z->probe.err[0] == 0) {
			COUNT(arrivals);
			log_debug("%s: %s came to a port here, with %s",
			    iface_name(&z->iface, a->svi), ip_format(a->ip, ip),
			    mac_format(a->mac, mac));
			reconcile_stale_drop(&z->rec, &s);
		}
		nl_batch_reset(&z->probe);
	}
	arrive_fini(z);
	arrive_init(z);
}
