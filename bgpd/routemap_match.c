/* SPDX-License-Identifier: ISC */
/* Route-maps: whether a route fits an entry. */
#include "config.h"

#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/nlri.h"
#include "bgpd/routemap.h"

bool
plist_permits(const struct plist *l, struct prefix p)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct plist_entry *e = &l->e[i];

		if (e->prefix.ip.len == p.ip.len && p.plen >= e->ge && p.plen <= e->le &&
		    prefix_contains(e->prefix, p.ip))
			return e->permit;
	}
	return false;
}

bool
maclist_permits(const struct maclist *l, struct mac mac)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->e[i].any || mac_equal(l->e[i].mac, mac))
			return l->e[i].permit;
	return false;
}

/* What a route's prefix has to be; family: 0 for IPv4, 1 for IPv6. */
static bool
fits_prefix(const struct rmap_entry *e, const struct rmap_route *r, unsigned family)
{
	const bool it = r->prefix.ip.len == (family ? 16 : 4);

	if (e->match & (family ? RMAP_PREFIX6 : RMAP_PREFIX4) &&
	    !(it && plist_permits(&e->prefix[family], r->prefix)))
		return false;
	return !(e->match & (family ? RMAP_LEN6 : RMAP_LEN4)) ||
	       (it && r->prefix.plen == e->plen[family]);
}

static bool
fits_evpn(const struct rmap_entry *e, const struct rmap_route *r)
{
	bool evpn = r->family == AFI_SAFI_EVPN;

	if (!(e->match & (RMAP_TYPE | RMAP_VNI | RMAP_RD | RMAP_DEFAULT)))
		return true;
	return evpn && (!(e->match & RMAP_TYPE) || r->type == e->type) &&
	       (!(e->match & RMAP_VNI) || r->vni == e->vni) &&
	       (!(e->match & RMAP_RD) || rd_equal(r->rd, e->rd)) &&
	       (!(e->match & RMAP_DEFAULT) ||
		   (r->type == EVPN_PREFIX && r->prefix.plen == 0));
}

static bool
fits_limits(const struct rmap_entry *e, const struct attrs *a)
{
	const uint16_t n[COM_PATH] = { [COM_STANDARD] = a->ncomms,
		[COM_LARGE] = a->nlcomms,
		[COM_EXTENDED] = a->necoms };

	for (int k = 0; k < COM_PATH; k++)
		if (e->match & (unsigned)RMAP_LIMIT << k && n[k] > e->limit[k])
			return false;
	return true;
}

static bool
fits_attrs(const struct rmap_entry *e, const struct attrs *a)
{
	if (e->match & RMAP_METRIC && !(a->has & HAS_MED && a->med == e->match_metric))
		return false;
	if (e->match & RMAP_LOCAL_PREF &&
	    !(a->has & HAS_LOCAL_PREF && a->local_pref == e->match_local_pref))
		return false;
	if (e->match & RMAP_ORIGIN && a->origin != e->origin)
		return false;
	for (int k = 0; k < COM_KINDS; k++)
		if (e->match & (unsigned)RMAP_LIST << k &&
		    !comlist_permits(&e->lists[k], (enum comkind)k, a, e->exact[k]))
			return false;
	return true;
}

static bool
fits_source(const struct rmap_entry *e, const struct rmap_route *r)
{
	if (e->match & RMAP_NEVER)
		return false;
	if (e->match & RMAP_SRC_PEER && !ip_equal(r->src_peer, e->src_peer))
		return false;
	return !(e->match & RMAP_MAC) ||
	       (r->family == AFI_SAFI_EVPN && r->type == EVPN_MACIP &&
		   maclist_permits(&e->mac, r->mac));
}

bool
rmap_entry_fits(const struct rmap_entry *e, const struct rmap_route *r)
{
	if (e->match & RMAP_IF && (!r->ifname || strcmp(r->ifname, e->ifname) != 0))
		return false;
	if (e->match & RMAP_VRF && (!r->vrf || strcmp(r->vrf, e->vrf) != 0))
		return false;
	return fits_prefix(e, r, 0) && fits_prefix(e, r, 1) && fits_evpn(e, r) &&
	       fits_source(e, r) &&
	       (!(e->match & RMAP_OF_ATTRS) || fits_attrs(e, r->attrs)) &&
	       (!(e->match & RMAP_LIMITS) || fits_limits(e, r->attrs));
}

void
rmap_route_init(struct rmap_route *r, unsigned family, const struct rib_key_head *head,
    const uint8_t *tail, size_t len, uint32_t label, const struct attrs *attrs)
{
	struct evpn_nlri n;

	*r = (struct rmap_route){ .family = family, .attrs = attrs };
	if (family != AFI_SAFI_EVPN) {
		r->prefix.ip.len = family == AFI_SAFI_IPV4 ? 4 : 16;
		r->prefix.plen = tail[0];
		memcpy(r->prefix.ip.b, tail + 1, len - 1);
		return;
	}
	r->type = tail[0];
	r->vni = label;
	memcpy(r->rd.b, head->b, sizeof r->rd.b);
	if (r->type != EVPN_PREFIX && r->type != EVPN_MACIP)
		return;
	evpn_nlri_from_key(head, tail, len, &n);
	if (r->type == EVPN_MACIP)
		r->mac = n.mac;
	else
		r->prefix = (struct prefix){ n.ip, n.plen };
}
