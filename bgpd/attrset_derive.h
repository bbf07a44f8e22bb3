/* SPDX-License-Identifier: ISC */
/* bgpd/attrset_derive.h: what is worked out once for a set; used by attrset.c alone.
 */
#ifndef EVPND_BGPD_ATTRSET_DERIVE_H
#define EVPND_BGPD_ATTRSET_DERIVE_H

#include "bgpd/attrset.h"

/* Fills derived, aspath_hops, neighbor_as, mm_seq, router_mac and nrts from s->a. */
void attrset_derive(struct attrset *s);

#endif
