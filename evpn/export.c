/* SPDX-License-Identifier: ISC */
/* Local objects as routes of this router: keys, attribute sets, and when they stand. */
#include "config.h"

#include "evpn/export.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/extcomm.h"
#include "bgpd/nlri.h"
#include "evpn/core.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(export_announced);
COUNTER(export_withdrawn);

/* What makes one route's attributes differ from another's of the same instance. */
enum { X_STICKY = 1, X_GATEWAY = 2, X_ROUTER = 4, X_ROUTED = 8 };

#define EXTRA_ECOMS 5 /* encapsulation, mobility, gateway, ND flags, router MAC */

/* The interned set for a route of this instance; one reference for the caller. */
static uint32_t
make_attrs(struct evpn *e, const struct evi *evi, uint32_t seq, unsigned flags, bool imet)
{
	/* RFC 9135 5.1: the VRF's route targets and router MAC go with its label. */
	const struct vrf *v = flags & X_ROUTED ? evi->vrf : NULL;
	size_t n = evi->nexports, nv = v ? v->nexports : 0;
	struct ecom *ec = xmalloc((n + nv + EXTRA_ECOMS) * sizeof *ec);
	struct attrs a = { .has =
			       HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF | HAS_NEXT_HOP,
		.origin = ORIGIN_IGP,
		.local_pref = 100,
		.nexthop = evi->ident.vtep };
	uint32_t h;

	memcpy(ec, evi->exports, n * sizeof *ec);
	if (nv)
		memcpy(ec + n, v->exports, nv * sizeof *ec);
	n += nv;
	if (v)
		ec[n++] = ecom_router_mac(v->rmac);
	ec[n++] = ecom_encap(ENCAP_VXLAN);
	if (seq || flags & X_STICKY)
		ec[n++] = ecom_mobility(
		    &(struct ecom_mobility){ .sticky = flags & X_STICKY, .seq = seq });
	if (flags & X_GATEWAY)
		ec[n++] = ecom_default_gw();
	if (flags & X_ROUTER)
		ec[n++] = ecom_nd(ECOM_ND_ROUTER);
	a.ecoms = ec;
	a.necoms = (uint16_t)n;
	if (imet) { /* RFC 6514 5, RFC 8365 9: ingress replication to our VTEP */
		a.has |= HAS_PMSI;
		a.pmsi_type = PMSI_INGRESS_REPLICATION;
		a.pmsi_label = evi->vni;
		a.pmsi_id_len = evi->ident.vtep.len;
		memcpy(a.pmsi_id, evi->ident.vtep.b, a.pmsi_id_len);
	}
	h = attrset_intern(e->attrs, &a);
	free(ec);
	return h;
}

static uint32_t
type2_attrs(struct evpn *e, struct evi *evi, uint32_t seq, unsigned flags)
{
	uint32_t *plain = flags & X_ROUTED ? &evi->ident.routed : &evi->ident.plain;

	if (seq || flags & ~(unsigned)X_ROUTED)
		return make_attrs(e, evi, seq, flags, false);
	if (!*plain)
		*plain = make_attrs(e, evi, 0, flags, false);
	attrset_ref(e->attrs, *plain);
	return *plain;
}

/* l3vni: the second label of a type 2, 0 none. */
static void
announce(struct evpn *e, const struct evi *evi, const struct evpn_nlri *n, uint32_t attrs,
    uint32_t l3vni)
{
	struct rib_path_in in = { .attrs = attrs };
	struct rib_key k;

	if (n->type == EVPN_MACIP) {
		in.label[0] = evi->vni;
		in.label[1] = l3vni;
		in.nlabels = l3vni ? 2 : 1;
	}
	evpn_nlri_key(n, &k);
	rib_update(e->rib, &k, 0, &in);
	COUNT(export_announced);
}

static void
withdraw(struct evpn *e, const struct evpn_nlri *n)
{
	struct rib_key k;

	evpn_nlri_key(n, &k);
	rib_withdraw(e->rib, &k, 0);
	COUNT(export_withdrawn);
}

/* --- MACs --- */

static struct evpn_nlri
mac_nlri(const struct evi *evi, const struct macent *m)
{
	return (
	    struct evpn_nlri){ .type = EVPN_MACIP, .rd = evi->ident.rd, .mac = m->addr };
}

void
export_withdraw_mac(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);
	struct evpn_nlri n;

	if (!(m->flags & MAC_EXPORTED))
		return;
	n = mac_nlri(obj_evi(e, &m->obj), m);
	withdraw(e, &n);
	m->flags &= (uint8_t)~MAC_EXPORTED;
}

void
export_mac(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);
	struct evi *evi = obj_evi(e, &m->obj);
	struct evpn_nlri n;

	/* The SVI's own MAC is said with its addresses, if at all. */
	if (!evi->ident.on || !mac_wins_local(m) || m->flags & MAC_LSVI) {
		export_withdraw_mac(e, h);
		return;
	}
	n = mac_nlri(evi, m);
	announce(e, evi, &n,
	    type2_attrs(e, evi, mac_seq(e, m), m->flags & MAC_LSTICKY ? X_STICKY : 0), 0);
	m->flags |= MAC_EXPORTED;
}

/* --- neighbours --- */

static struct evpn_nlri
neigh_nlri(const struct evpn *e, const struct evi *evi, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);

	return (struct evpn_nlri){ .type = EVPN_MACIP,
		.rd = evi->ident.rd,
		.mac = mac_at(&e->macs, l->mac)->addr,
		.ip = neigh_ip(n) };
}

void
export_withdraw_neigh(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct evpn_nlri nl;

	if (!(n->flags & NEIGH_EXPORTED))
		return;
	nl = neigh_nlri(e, obj_evi(e, &n->obj), n);
	withdraw(e, &nl);
	n->flags &= (uint16_t)~NEIGH_EXPORTED;
}

/* An SVI's address is said only when asked for, an anycast gateway's only as a gateway; a
 * link-local one helps nobody elsewhere. */
static bool
svi_exported(const struct evi *evi, const struct neigh *n)
{
	bool asked = n->flags & NEIGH_LGATEWAY
			 ? evi->advertise_default_gw
			 : evi->advertise_svi_ip || evi->advertise_default_gw;

	return asked && !ip_is_linklocal(neigh_ip(n));
}

void
export_neigh(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct evi *evi = obj_evi(e, &n->obj);
	const struct vrf *v = vrf_of_hosts(evi);
	const struct macent *m;
	struct evpn_nlri nl;
	unsigned flags = 0;

	if (!evi->ident.on || !neigh_wins_local(e, n) ||
	    (n->flags & NEIGH_LSVI && !svi_exported(evi, n))) {
		export_withdraw_neigh(e, h);
		return;
	}
	m = mac_at(&e->macs, neigh_local_of(e, n)->mac);
	if (m->flags & MAC_LSTICKY)
		flags |= X_STICKY;
	if (n->flags & NEIGH_LSVI && evi->advertise_default_gw)
		flags |= X_GATEWAY;
	if (n->flags & NEIGH_LROUTER)
		flags |= X_ROUTER;
	nl = neigh_nlri(e, evi, n);
	if (v && !ip_is_linklocal(neigh_ip(n)))
		flags |= X_ROUTED;
	announce(e, evi, &nl, type2_attrs(e, evi, mac_seq(e, m), flags),
	    flags & X_ROUTED ? v->l3vni : 0);
	n->flags |= NEIGH_EXPORTED;
}

/* --- the instance --- */

void
export_imet(struct evpn *e, struct evi *evi)
{
	struct evpn_nlri n = {
		.type = EVPN_IMET, .rd = evi->ident.rd, .ip = evi->ident.vtep
	};

	if (evi->ident.on && evi->flood) {
		announce(e, evi, &n, make_attrs(e, evi, 0, 0, true), 0);
		evi->ident.imet = true;
	} else if (evi->ident.imet) {
		withdraw(e, &n);
		evi->ident.imet = false;
	}
}

void
export_adopt(struct evpn *e, struct evi *evi)
{
	export_forget(e, evi);
	evi->ident.rd = evi->rd;
	evi->ident.vtep = evi->obs.local;
	evi->ident.on = evi->up;
}

void
export_forget(struct evpn *e, struct evi *evi)
{
	if (evi->ident.plain)
		attrset_unref(e->attrs, evi->ident.plain);
	if (evi->ident.routed)
		attrset_unref(e->attrs, evi->ident.routed);
	evi->ident.plain = evi->ident.routed = 0;
}
