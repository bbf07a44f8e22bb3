/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_arp.h: `show evpn arp-cache ...`: which MAC has each address of a VNI. */
#ifndef EVPND_MGMT_SHOW_EVPN_ARP_H
#define EVPND_MGMT_SHOW_EVPN_ARP_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_arp_table;

#endif
