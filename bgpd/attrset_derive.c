/* SPDX-License-Identifier: ISC */
/* What the decision and EVPN ask of an attribute set, worked out when it is interned. */
#include "config.h"

#include "bgpd/attrset_derive.h"

#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "lib/util.h"

static void
derive_evpn(struct attrset *s, const struct ecom *e)
{
	struct ecom_mobility mm;
	uint16_t tunnel;
	uint8_t nd;

	if (ecom_mobility_get(e, &mm)) {
		/* RFC 7432 7.7 has one; of several the highest sequence, so that order is nothing. */
		s->derived |= ATTRSET_MM;
		s->mm_seq = MAX(s->mm_seq, mm.seq);
		if (mm.sticky)
			s->derived |= ATTRSET_STICKY;
	} else if (ecom_encap_get(e, &tunnel)) {
		s->derived |= ATTRSET_ENCAP;
		if (tunnel == ENCAP_VXLAN)
			s->derived |= ATTRSET_VXLAN;
	} else if (ecom_is_default_gw(e)) {
		s->derived |= ATTRSET_DEFAULT_GW;
	} else if (ecom_nd_get(e, &nd)) {
		s->derived |= nd & ECOM_ND_ROUTER ? ATTRSET_ND_ROUTER : 0;
		s->derived |= nd & ECOM_ND_OVERRIDE ? ATTRSET_ND_OVERRIDE : 0;
		s->derived |= nd & ECOM_ND_IMMUTABLE ? ATTRSET_ND_IMMUTABLE : 0;
	} else if (!(s->derived & ATTRSET_ROUTER_MAC) &&
		   ecom_router_mac_get(e, &s->router_mac)) {
		s->derived |= ATTRSET_ROUTER_MAC;
	}
}

static void
derive_comm(struct attrset *s, uint32_t comm)
{
	static const struct {
		uint32_t comm;
		uint16_t bit;
	} known[] = {
		{ COMM_NO_EXPORT, ATTRSET_NO_EXPORT },
		{ COMM_NO_ADVERTISE, ATTRSET_NO_ADVERTISE },
		{ COMM_NO_EXPORT_SUBCONFED, ATTRSET_NO_EXPORT_SUBCONFED },
		{ COMM_NO_LLGR, ATTRSET_NO_LLGR },
		{ COMM_LLGR_STALE, ATTRSET_LLGR_STALE },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].comm == comm)
			s->derived |= known[i].bit;
}

void
attrset_derive(struct attrset *s)
{
	unsigned hops = aspath_hops(s->a.aspath, s->a.aspath_len);

	s->aspath_hops = (uint16_t)MIN(hops, UINT16_MAX);
	s->neighbor_as = aspath_neighbor(s->a.aspath, s->a.aspath_len);
	for (size_t i = 0; i < s->a.ncomms; i++)
		derive_comm(s, s->a.comms[i]);
	for (size_t i = 0; i < s->a.necoms; i++) {
		if (ecom_is_rt(s->a.ecoms[i]))
			s->nrts++;
		else
			derive_evpn(s, &s->a.ecoms[i]);
	}
}
