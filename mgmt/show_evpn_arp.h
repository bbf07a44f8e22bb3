/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_arp.h: `show evpn arp-cache ...`: which MAC has each address of a VNI. */
#ifndef EVPND_MGMT_SHOW_EVPN_ARP_H
#define EVPND_MGMT_SHOW_EVPN_ARP_H

#include "evpn/evpn_show.h"
#include "mgmt/show.h"

/* One neighbour in the long form; JSON: members of an object that the caller opened. */
void show_evpn_neigh_text(struct out *o, const struct evpn_show_neigh *n);
void show_evpn_neigh_json(struct out *o, const struct evpn_show_neigh *n, uint16_t vid);

extern const struct show_table show_evpn_arp_table;

#endif
