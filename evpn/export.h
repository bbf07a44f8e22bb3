/* SPDX-License-Identifier: ISC */
/* evpn/export.h: local MACs, neighbours and VTEPs become routes of this router.
 *
 * What    Each call brings one route of the RIB (pseudo-peer 0) in line with the
 *         object's present state: there with the right attributes, or not there.
 * Routes  Type 2 for a MAC that is local, and one for each of its addresses, with
 *         label 1 = VNI; with an address, in an IP-VRF, label 2 = its L3VNI, its route
 *         targets and its router MAC as well (RFC 9135 5.1).  Type 3 with ingress replication (RFC 7432 7.2, 7.3, 11.2).
 *         Next hop: the VTEP of the VNI.  Communities: route targets, encapsulation
 *         VXLAN (RFC 9012 4.1), MAC mobility when the number is not 0 or the MAC is
 *         sticky (RFC 7432 7.7), default gateway (10.1), ARP/ND flags (RFC 9047).
 * Ident   All routes of an EVI are under evi->ident; a new RD or VTEP address is
 *         taken only when nothing is left under the old one (EVI_JOB_WITHDRAW).
 */
#ifndef EVPND_EVPN_EXPORT_H
#define EVPND_EVPN_EXPORT_H

#include <stdint.h>

struct evpn;
struct evi;

void export_mac(struct evpn *e, uint32_t h);
void export_neigh(struct evpn *e, uint32_t h);
void export_imet(struct evpn *e, struct evi *evi);
/* The object's route goes, whatever its state. */
void export_withdraw_mac(struct evpn *e, uint32_t h);
void export_withdraw_neigh(struct evpn *e, uint32_t h);
/* Nothing is exported any more: the wanted identity comes into force. */
void export_adopt(struct evpn *e, struct evi *evi);
/* Forgets cached attribute sets: route targets have changed, or the instance ends. */
void export_forget(struct evpn *e, struct evi *evi);

#endif
